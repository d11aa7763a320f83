/** @file zlib_oneshot.h A whole buffer compressed or decompressed in one call. Included by zlib.h, which
 *  has the options and a table of the algorithms.
 *
 *  Each algorithm has two forms: nodecore_zlib_NAME_sync() works in place, on any thread, and gives the
 *  result as its out parameter; nodecore_zlib_NAME() works on the loop's pool and gives it to a callback.
 *
 *      nodecore_buf packed;
 *      if (nodecore_zlib_gzip_sync(data, len, NULL, &packed, NULL, NULL) == NODECORE_OK) {
 *        fwrite(packed.data, 1, packed.len, file);
 *        nodecore_buf_free(&packed);
 *      }
 *
 *  Where the input is not trusted set max_output_length: a small input may stand for a very large result.
 *
 *  Node       https://nodejs.org/api/zlib.html#convenience-methods */
#ifndef NODECORE_ZLIB_ONESHOT_H
#define NODECORE_ZLIB_ONESHOT_H

#include "zlib.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a call tells beside its bytes.
 *  Node       the engine of the object that the option info asks for */
typedef struct nodecore_zlib_info {
  size_t struct_size;     /**< set by NODECORE_ZLIB_INFO_INIT; stays */
  uint64_t bytes_written; /**< bytes of the input that were taken: less than all where it goes on behind the
                               end of the compressed data.  Node: engine.bytesWritten */
} nodecore_zlib_info;
#define NODECORE_ZLIB_INFO_INIT \
  { sizeof(nodecore_zlib_info), 0 }

/* ---- Blocking ---------------------------------------------------------------------------------- */

/** Compress `len` bytes, blocking.
 *  Returns    NODECORE_OK or a negative status; `*out` and `*info` are written only on NODECORE_OK.
 *  Errors     NODECORE_ERR_OUT_OF_RANGE (an option); NODECORE_ERR_BUFFER_TOO_LARGE (more than
 *             max_output_length). brotli also NODECORE_ERR_BROTLI_INVALID_PARAM and
 *             NODECORE_ERR_ZLIB_INITIALIZATION_FAILED (a parameter or the dictionary); Zstandard also
 *             NODECORE_ERR_ZSTD_INVALID_PARAM, NODECORE_ERR_ZLIB_INITIALIZATION_FAILED,
 *             NODECORE_ZSTD_error_srcSize_wrong (not as much as was pledged).
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   data with len 0, opts, info, err.                  Threads  any.
 *  Node       zlib.deflateSync, gzipSync, deflateRawSync, brotliCompressSync, zstdCompressSync
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_zlib_deflate_sync(const void *data, size_t len,
                                                        const nodecore_zlib_options *opts,
                                                        nodecore_buf *out, nodecore_zlib_info *info,
                                                        nodecore_error **err);
NODECORE_API nodecore_status nodecore_zlib_gzip_sync(const void *data, size_t len,
                                                     const nodecore_zlib_options *opts,
                                                     nodecore_buf *out, nodecore_zlib_info *info,
                                                     nodecore_error **err);
NODECORE_API nodecore_status nodecore_zlib_deflate_raw_sync(const void *data, size_t len,
                                                            const nodecore_zlib_options *opts,
                                                            nodecore_buf *out,
                                                            nodecore_zlib_info *info,
                                                            nodecore_error **err);
NODECORE_API nodecore_status nodecore_zlib_brotli_compress_sync(const void *data, size_t len,
                                                                const nodecore_brotli_options *opts,
                                                                nodecore_buf *out,
                                                                nodecore_zlib_info *info,
                                                                nodecore_error **err);
NODECORE_API nodecore_status nodecore_zlib_zstd_compress_sync(const void *data, size_t len,
                                                              const nodecore_zstd_options *opts,
                                                              nodecore_buf *out,
                                                              nodecore_zlib_info *info,
                                                              nodecore_error **err);

/** Decompress `len` bytes, blocking. gunzip and unzip take several gzip members, one behind the other,
 *  Zstandard several frames. What else follows the end is left, unless reject_garbage_after_end; `info`
 *  tells where it begins. (Behind a gzip member only a zero byte is left so; other bytes are an error.)
 *  Returns    NODECORE_OK or a negative status; `*out` and `*info` are written only on NODECORE_OK.
 *  Errors     NODECORE_Z_BUF_ERROR for data that stops in the middle, of any format. For data that is not
 *             sound NODECORE_Z_DATA_ERROR, NODECORE_ERR__ERROR_FORMAT_* (brotli) or NODECORE_ZSTD_error_*,
 *             with the library's own number as nodecore_error_errno(). NODECORE_Z_NEED_DICT for a
 *             dictionary that is missing or another. NODECORE_ERR_BUFFER_TOO_LARGE for more than
 *             max_output_length: no more than that, and a piece, is made of any input.
 *             NODECORE_ERR_TRAILING_JUNK_AFTER_STREAM_END. Those of an option as when compressing.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   data with len 0, opts, info, err.                  Threads  any.
 *  Node       zlib.inflateSync, gunzipSync, inflateRawSync, unzipSync, brotliDecompressSync,
 *             zstdDecompressSync
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_zlib_inflate_sync(const void *data, size_t len,
                                                        const nodecore_zlib_options *opts,
                                                        nodecore_buf *out, nodecore_zlib_info *info,
                                                        nodecore_error **err);
NODECORE_API nodecore_status nodecore_zlib_gunzip_sync(const void *data, size_t len,
                                                       const nodecore_zlib_options *opts,
                                                       nodecore_buf *out, nodecore_zlib_info *info,
                                                       nodecore_error **err);
NODECORE_API nodecore_status nodecore_zlib_inflate_raw_sync(const void *data, size_t len,
                                                            const nodecore_zlib_options *opts,
                                                            nodecore_buf *out,
                                                            nodecore_zlib_info *info,
                                                            nodecore_error **err);
NODECORE_API nodecore_status nodecore_zlib_unzip_sync(const void *data, size_t len,
                                                      const nodecore_zlib_options *opts,
                                                      nodecore_buf *out, nodecore_zlib_info *info,
                                                      nodecore_error **err);
NODECORE_API nodecore_status nodecore_zlib_brotli_decompress_sync(
    const void *data, size_t len, const nodecore_brotli_options *opts, nodecore_buf *out,
    nodecore_zlib_info *info, nodecore_error **err);
NODECORE_API nodecore_status nodecore_zlib_zstd_decompress_sync(const void *data, size_t len,
                                                                const nodecore_zstd_options *opts,
                                                                nodecore_buf *out,
                                                                nodecore_zlib_info *info,
                                                                nodecore_error **err);

/* ---- On the pool ------------------------------------------------------------------------------- */

/** The end of a call. On success `err` is NULL, and `result` and `info` are lent for the call:
 *  nodecore_buf_take() keeps the bytes. On failure both are NULL. */
typedef void (*nodecore_zlib_cb)(const nodecore_error *err, nodecore_buf *result,
                                 const nodecore_zlib_info *info, void *user);

/** Compress as the blocking forms do, on the loop's pool. `cb` runs once, on the loop's thread, never
 *  before this returns.
 *  Returns    NODECORE_OK, or an error of the arguments or options; on an error `cb` never runs, `release`
 *             does.
 *  Errors     the others of the blocking forms go to `cb`; NODECORE_ECANCELED once
 *             nodecore_request_cancel() was in time.
 *  Ownership  `data` and all that `opts` point to are copied. `release(user)` runs once, after `cb`. Caller
 *             frees `*req` (nodecore_request_free).
 *  Nullable   data with len 0, opts, user, release, req, err.    Threads  the loop's.
 *  Node       zlib.deflate, gzip, deflateRaw, brotliCompress, zstdCompress      Since    0.1 */
NODECORE_API nodecore_status nodecore_zlib_deflate(nodecore_loop *loop, const void *data,
                                                   size_t len, const nodecore_zlib_options *opts,
                                                   nodecore_zlib_cb cb, void *user,
                                                   nodecore_release release, nodecore_request **req,
                                                   nodecore_error **err);
NODECORE_API nodecore_status nodecore_zlib_gzip(nodecore_loop *loop, const void *data, size_t len,
                                                const nodecore_zlib_options *opts,
                                                nodecore_zlib_cb cb, void *user,
                                                nodecore_release release, nodecore_request **req,
                                                nodecore_error **err);
NODECORE_API nodecore_status nodecore_zlib_deflate_raw(nodecore_loop *loop, const void *data,
                                                       size_t len,
                                                       const nodecore_zlib_options *opts,
                                                       nodecore_zlib_cb cb, void *user,
                                                       nodecore_release release,
                                                       nodecore_request **req,
                                                       nodecore_error **err);
NODECORE_API nodecore_status nodecore_zlib_brotli_compress(nodecore_loop *loop, const void *data,
                                                           size_t len,
                                                           const nodecore_brotli_options *opts,
                                                           nodecore_zlib_cb cb, void *user,
                                                           nodecore_release release,
                                                           nodecore_request **req,
                                                           nodecore_error **err);
NODECORE_API nodecore_status nodecore_zlib_zstd_compress(nodecore_loop *loop, const void *data,
                                                         size_t len,
                                                         const nodecore_zstd_options *opts,
                                                         nodecore_zlib_cb cb, void *user,
                                                         nodecore_release release,
                                                         nodecore_request **req,
                                                         nodecore_error **err);

/** Decompress as the blocking forms do, on the loop's pool. All else as the calls above.
 *  Node       zlib.inflate, gunzip, inflateRaw, unzip, brotliDecompress, zstdDecompress
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_zlib_inflate(nodecore_loop *loop, const void *data,
                                                   size_t len, const nodecore_zlib_options *opts,
                                                   nodecore_zlib_cb cb, void *user,
                                                   nodecore_release release, nodecore_request **req,
                                                   nodecore_error **err);
NODECORE_API nodecore_status nodecore_zlib_gunzip(nodecore_loop *loop, const void *data, size_t len,
                                                  const nodecore_zlib_options *opts,
                                                  nodecore_zlib_cb cb, void *user,
                                                  nodecore_release release, nodecore_request **req,
                                                  nodecore_error **err);
NODECORE_API nodecore_status nodecore_zlib_inflate_raw(nodecore_loop *loop, const void *data,
                                                       size_t len,
                                                       const nodecore_zlib_options *opts,
                                                       nodecore_zlib_cb cb, void *user,
                                                       nodecore_release release,
                                                       nodecore_request **req,
                                                       nodecore_error **err);
NODECORE_API nodecore_status nodecore_zlib_unzip(nodecore_loop *loop, const void *data, size_t len,
                                                 const nodecore_zlib_options *opts,
                                                 nodecore_zlib_cb cb, void *user,
                                                 nodecore_release release, nodecore_request **req,
                                                 nodecore_error **err);
NODECORE_API nodecore_status nodecore_zlib_brotli_decompress(nodecore_loop *loop, const void *data,
                                                             size_t len,
                                                             const nodecore_brotli_options *opts,
                                                             nodecore_zlib_cb cb, void *user,
                                                             nodecore_release release,
                                                             nodecore_request **req,
                                                             nodecore_error **err);
NODECORE_API nodecore_status nodecore_zlib_zstd_decompress(nodecore_loop *loop, const void *data,
                                                           size_t len,
                                                           const nodecore_zstd_options *opts,
                                                           nodecore_zlib_cb cb, void *user,
                                                           nodecore_release release,
                                                           nodecore_request **req,
                                                           nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
