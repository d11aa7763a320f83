/** @file web_compression.h Web Streams: bytes compressed and decompressed. See web.h and web_transform.h first.
 *
 *  Both are transform streams, with all that these have: their sides are nodecore_web_transform_readable() and
 *  _writable(), nodecore_web_readable_pipe_through() pipes through them, and nodecore_web_transform_free() frees them.
 *  The work is done on the loop's pool. A chunk that is an object errors both sides with
 *  NODECORE_ERR_INVALID_ARG_TYPE.
 *
 *  The formats are "brotli", "deflate" (with zlib's header), "deflate-raw" and "gzip".
 *
 *  Node       https://nodejs.org/api/webstreams.html#class-compressionstream */
#ifndef NODECORE_WEB_COMPRESSION_H
#define NODECORE_WEB_COMPRESSION_H

#include <stddef.h>

#include "web.h"
#include "web_transform.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Creates a stream that compresses bytes. How they come out depends on the chunks that go in; the last of them come
 *  once the writable side is closed.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_VALUE (TypeError) for a format that is unknown or not UTF-8;
 *             NODECORE_ERR_INVALID_ARG_TYPE (no loop; NULL with a length).
 *  Ownership  caller frees `*out` (nodecore_web_transform_free); `format` is borrowed for the call.
 *  Nullable   err.
 *  Node       new CompressionStream(format)                      Since    0.1 */
NODECORE_API nodecore_status nodecore_web_compression_new(nodecore_loop *loop, const char *format,
                                                          size_t format_len,
                                                          nodecore_web_transform **out,
                                                          nodecore_error **err);

/** Creates a stream that decompresses bytes. No more of them are made than are read, however far the input expands.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_VALUE (TypeError) for a format that is unknown or not UTF-8;
 *             NODECORE_ERR_INVALID_ARG_TYPE (no loop; NULL with a length).
 *  Errors     what is not sound or not complete errors both sides with a TypeError that has the code of zlib or
 *             brotli and no message (NODECORE_Z_DATA_ERROR, NODECORE_Z_BUF_ERROR); its nodecore_error_cause() has the
 *             message. What follows the end, zero bytes or a second member of gzip too, errors them with
 *             NODECORE_ERR_TRAILING_JUNK_AFTER_STREAM_END.
 *  Ownership  caller frees `*out` (nodecore_web_transform_free); `format` is borrowed for the call.
 *  Nullable   err.
 *  Node       new DecompressionStream(format)                    Since    0.1 */
NODECORE_API nodecore_status nodecore_web_decompression_new(nodecore_loop *loop, const char *format,
                                                            size_t format_len,
                                                            nodecore_web_transform **out,
                                                            nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
