/** @file zlib_stream.h Streams that compress or decompress what is written to them. Included by zlib.h,
 *  which has the options and a table of the algorithms.
 *
 *  They are duplex streams of bytes (stream.h): write to them and read from them, pipe into and out of
 *  them, put them into a pipeline. Each step runs on the loop's pool. Output comes in chunks of at most
 *  chunk_size bytes, and no more of it is made than is read: a stream holds its codec, what was written to
 *  it and about 64 KiB of output, however far the input expands. max_output_length is of no use here: count
 *  what is read.
 *
 *  A stream fails (NODECORE_EVENT_ERROR) with the errors of the one-shot calls; for a chunk that is an
 *  object with NODECORE_ERR_INVALID_ARG_TYPE. As in Node, NODECORE_EVENT_FINISH means that the input was
 *  taken: the last output may follow it, up to NODECORE_EVENT_END.
 *
 *  Threads    everything here belongs to the thread of the loop that the stream was made with.
 *  Node       https://nodejs.org/api/zlib.html#class-zlibzlibbase */
#ifndef NODECORE_ZLIB_STREAM_H
#define NODECORE_ZLIB_STREAM_H

#include "zlib.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Create a stream that compresses what is written to it. Ending it ends the compressed data.
 *  Returns    NODECORE_OK or a negative status.
 *  Errors     NODECORE_ERR_OUT_OF_RANGE (an option); NODECORE_ERR_BROTLI_INVALID_PARAM,
 *             NODECORE_ERR_ZSTD_INVALID_PARAM, NODECORE_ERR_ZLIB_INITIALIZATION_FAILED (a parameter or the
 *             dictionary); NODECORE_ERR_INVALID_ARG_TYPE (no loop).
 *  Ownership  caller frees `*out` (nodecore_stream_free); `opts` and what they point to are copied.
 *  Nullable   opts, err.
 *  Node       zlib.createDeflate, createGzip, createDeflateRaw, createBrotliCompress, createZstdCompress,
 *             and the classes that they make
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_zlib_create_deflate(nodecore_loop *loop,
                                                          const nodecore_zlib_options *opts,
                                                          nodecore_stream **out,
                                                          nodecore_error **err);
NODECORE_API nodecore_status nodecore_zlib_create_gzip(nodecore_loop *loop,
                                                       const nodecore_zlib_options *opts,
                                                       nodecore_stream **out, nodecore_error **err);
NODECORE_API nodecore_status nodecore_zlib_create_deflate_raw(nodecore_loop *loop,
                                                              const nodecore_zlib_options *opts,
                                                              nodecore_stream **out,
                                                              nodecore_error **err);
NODECORE_API nodecore_status nodecore_zlib_create_brotli_compress(
    nodecore_loop *loop, const nodecore_brotli_options *opts, nodecore_stream **out,
    nodecore_error **err);
NODECORE_API nodecore_status nodecore_zlib_create_zstd_compress(nodecore_loop *loop,
                                                                const nodecore_zstd_options *opts,
                                                                nodecore_stream **out,
                                                                nodecore_error **err);

/** Create a stream that decompresses what is written to it. All else as above.
 *  Node       zlib.createInflate, createGunzip, createInflateRaw, createUnzip, createBrotliDecompress,
 *             createZstdDecompress, and the classes that they make
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_zlib_create_inflate(nodecore_loop *loop,
                                                          const nodecore_zlib_options *opts,
                                                          nodecore_stream **out,
                                                          nodecore_error **err);
NODECORE_API nodecore_status nodecore_zlib_create_gunzip(nodecore_loop *loop,
                                                         const nodecore_zlib_options *opts,
                                                         nodecore_stream **out,
                                                         nodecore_error **err);
NODECORE_API nodecore_status nodecore_zlib_create_inflate_raw(nodecore_loop *loop,
                                                              const nodecore_zlib_options *opts,
                                                              nodecore_stream **out,
                                                              nodecore_error **err);
NODECORE_API nodecore_status nodecore_zlib_create_unzip(nodecore_loop *loop,
                                                        const nodecore_zlib_options *opts,
                                                        nodecore_stream **out,
                                                        nodecore_error **err);
NODECORE_API nodecore_status nodecore_zlib_create_brotli_decompress(
    nodecore_loop *loop, const nodecore_brotli_options *opts, nodecore_stream **out,
    nodecore_error **err);
NODECORE_API nodecore_status nodecore_zlib_create_zstd_decompress(
    nodecore_loop *loop, const nodecore_zstd_options *opts, nodecore_stream **out,
    nodecore_error **err);

/* ---- What they have beside a stream's own ------------------------------------------------------ */

/* These take the handles of streams that were made here, and copies of them. Another stream, and the readable
 * side alone that nodecore_stream_on_pipe() lends, are NODECORE_ERR_INVALID_ARG_TYPE. */

/** Node's properties of a stream. */
typedef struct nodecore_zlib_stream_state {
  size_t struct_size;     /**< set by NODECORE_ZLIB_STREAM_STATE_INIT; stays */
  uint64_t bytes_written; /**< bytes that the codec has taken so far, of those that were written: without
                               what waits, and what follows the end of compressed data */
  int32_t mode;           /**< NODECORE_ZLIB_DEFLATE …: what it does */
  bool closed;            /**< the codec is gone: the stream was closed or destroyed */
} nodecore_zlib_stream_state;
#define NODECORE_ZLIB_STREAM_STATE_INIT \
  { sizeof(nodecore_zlib_stream_state), 0, 0, false }

/** Writes what the stream is at.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE; NODECORE_ERR_OUT_OF_RANGE (size).
 *  Node       zlib.bytesWritten, zlib._closed                    Since    0.1 */
NODECORE_API nodecore_status nodecore_zlib_stream_get_state(const nodecore_stream *stream,
                                                            nodecore_zlib_stream_state *out);

/** A kind for nodecore_zlib_stream_flush(): Z_FULL_FLUSH, BROTLI_OPERATION_FLUSH or ZSTD_e_flush, as the
 *  stream's codec has it. */
#define NODECORE_ZLIB_FLUSH_DEFAULT (-1)

/** Brings out what was written so far, as far as `kind` asks for it: a flush of the stream's codec
 *  (NODECORE_ZLIB_Z_*, _BROTLI_OPERATION_*, _ZSTD_e_*). `cb` runs once the codec has done so, never before
 *  this returns. Flushing often makes the output larger.
 *
 *  Behind the end of writing there is nothing to flush: `cb` then runs at NODECORE_EVENT_END, or soon if
 *  that was or the stream is destroyed; if it is destroyed in between `cb` does not run, `release` does.
 *  Returns    NODECORE_OK; NODECORE_ERR_OUT_OF_RANGE (the codec has no such kind);
 *             NODECORE_ERR_INVALID_ARG_TYPE. On an error `cb` never runs, `release` does.
 *  Errors     `cb` gets the error of a stream that fails.
 *  Ownership  `release(user)` runs once, after `cb`.
 *  Nullable   cb, user, release, err.
 *  Node       zlib.flush([kind, ][callback])                     Since    0.1 */
NODECORE_API nodecore_status nodecore_zlib_stream_flush(nodecore_stream *stream, int32_t kind,
                                                        nodecore_done_cb cb, void *user,
                                                        nodecore_release release,
                                                        nodecore_error **err);

/** Changes level (-1 … 9) and strategy (NODECORE_ZLIB_Z_FILTERED …) for what is written from here on,
 *  behind a flush of what was written before. `cb` runs once that is done, never before this returns. A
 *  decompressor takes no notice.
 *  Returns    NODECORE_OK; NODECORE_ERR_OUT_OF_RANGE; NODECORE_ERR_METHOD_NOT_IMPLEMENTED (not of the
 *             deflate family, or of several threads); NODECORE_ERR_INVALID_ARG_TYPE. On an error `cb` never
 *             runs, `release` does.
 *  Errors     `cb` gets the error of a stream that fails.
 *  Ownership  `release(user)` runs once, after `cb`.
 *  Nullable   cb, user, release, err.
 *  Node       zlib.params(level, strategy, callback)             Since    0.1 */
NODECORE_API nodecore_status nodecore_zlib_stream_params(nodecore_stream *stream, int32_t level,
                                                         int32_t strategy, nodecore_done_cb cb,
                                                         void *user, nodecore_release release,
                                                         nodecore_error **err);

/** Starts over: what is written next begins new compressed data, with the options that the stream was made
 *  with. What the codec held back of the old is lost: flush first.
 *  Returns    NODECORE_OK; NODECORE_UNCODED while a write is being worked on;
 *             NODECORE_ERR_STREAM_DESTROYED; NODECORE_ERR_METHOD_NOT_IMPLEMENTED (of several threads);
 *             NODECORE_ERR_INVALID_ARG_TYPE.
 *  Nullable   err.
 *  Node       zlib.reset()                                       Since    0.1 */
NODECORE_API nodecore_status nodecore_zlib_stream_reset(nodecore_stream *stream, nodecore_error **err);

/** Destroys the stream. `cb` runs when it is closed, with NODECORE_ERR_STREAM_PREMATURE_CLOSE if it had not
 *  come to its end, or with what it had failed with; never before this returns.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE. On an error `cb` never runs, `release` does.
 *  Ownership  `release(user)` runs once, after `cb`. The handle stays the caller's (nodecore_stream_free).
 *  Nullable   cb, user, release.
 *  Node       zlib.close([callback])                             Since    0.1 */
NODECORE_API nodecore_status nodecore_zlib_stream_close(nodecore_stream *stream, nodecore_done_cb cb,
                                                        void *user, nodecore_release release);

#ifdef __cplusplus
}
#endif

#endif
