/** @file zlib.h Compression.
 *
 *  Node       https://nodejs.org/api/zlib.html */
#ifndef NODECORE_ZLIB_H
#define NODECORE_ZLIB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "export.h"
#include "loop.h"
#include "str.h"
#include "stream.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Options. NULL = all defaults; a zero field = that field's default. */
typedef struct nodecore_zlib_options {
  size_t struct_size;       /**< set by NODECORE_ZLIB_OPTIONS_INIT */
  bool has_level;           /**< true: `level` counts */
  int32_t level;            /**< -1 (default, 6) … 9; compression only */
  size_t chunk_size;        /**< bytes of an output chunk of a stream; 0 = 16384, at least 64 */
  uint64_t max_output_length; /**< bytes a one-shot may give; 0 = no limit but memory */
  uint32_t threads;         /**< gzip streams: pool threads to compress with; 0 = 1 */
} nodecore_zlib_options;
#define NODECORE_ZLIB_OPTIONS_INIT \
  { sizeof(nodecore_zlib_options), false, 0, 0, 0, 0 }

/** Compresses `data` in the gzip format, blocking.
 *  Returns    NODECORE_OK; NODECORE_ERR_OUT_OF_RANGE (an option).
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   data with len 0, opts, err.                        Threads  any.
 *  Node       zlib.gzipSync    Since    0.1 */
NODECORE_API nodecore_status nodecore_zlib_gzip_sync(const void *data, size_t len,
                                                     const nodecore_zlib_options *opts,
                                                     nodecore_buf *out, nodecore_error **err);

/** Decompresses gzip members, blocking.
 *  Returns    NODECORE_OK; NODECORE_Z_DATA_ERROR; NODECORE_Z_BUF_ERROR (cut short);
 *             NODECORE_ERR_BUFFER_TOO_LARGE (more than max_output_length).
 *  Ownership, Nullable, Threads  as nodecore_zlib_gzip_sync().
 *  Node       zlib.gunzipSync  Since    0.1 */
NODECORE_API nodecore_status nodecore_zlib_gunzip_sync(const void *data, size_t len,
                                                       const nodecore_zlib_options *opts,
                                                       nodecore_buf *out, nodecore_error **err);

/** The result of an asynchronous one-shot; on success `err` is NULL and `result` is lent for the call
 *  (nodecore_buf_take() keeps it). */
typedef void (*nodecore_zlib_cb)(const nodecore_error *err, nodecore_buf *result, void *user);

/** As nodecore_zlib_gzip_sync() and nodecore_zlib_gunzip_sync(), on the pool; `data` is copied.
 *  Threads    the loop's.      Nullable   user, release, req, and as above.
 *  Node       zlib.gzip, zlib.gunzip                             Since    0.1 */
NODECORE_API nodecore_status nodecore_zlib_gzip(nodecore_loop *loop, const void *data, size_t len,
                                                const nodecore_zlib_options *opts,
                                                nodecore_zlib_cb cb, void *user,
                                                nodecore_release release, nodecore_request **req,
                                                nodecore_error **err);
NODECORE_API nodecore_status nodecore_zlib_gunzip(nodecore_loop *loop, const void *data, size_t len,
                                                  const nodecore_zlib_options *opts,
                                                  nodecore_zlib_cb cb, void *user,
                                                  nodecore_release release, nodecore_request **req,
                                                  nodecore_error **err);

/** Creates a stream that compresses, or decompresses, each step on the pool.
 *  Returns    NODECORE_OK; NODECORE_ERR_OUT_OF_RANGE (an option).
 *  Ownership  caller frees `*out` (nodecore_stream_free).
 *  Nullable   opts, err.       Threads  the loop's.
 *  Node       zlib.createGzip, zlib.createGunzip                 Since    0.1 */
NODECORE_API nodecore_status nodecore_zlib_create_gzip(nodecore_loop *loop,
                                                       const nodecore_zlib_options *opts,
                                                       nodecore_stream **out,
                                                       nodecore_error **err);
NODECORE_API nodecore_status nodecore_zlib_create_gunzip(nodecore_loop *loop,
                                                         const nodecore_zlib_options *opts,
                                                         nodecore_stream **out,
                                                         nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
