/** @file stream_writable.h The writable side of streams. Included by stream.h.
 *
 *  Node       https://nodejs.org/api/stream.html#writable-streams */
#ifndef NODECORE_STREAM_WRITABLE_H
#define NODECORE_STREAM_WRITABLE_H

#include "stream.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Writes a copy of `len` bytes.
 *  Returns    true if more may be written at once; false: wait for NODECORE_EVENT_DRAIN. False also for bad
 *             arguments.
 *  Errors     come as NODECORE_EVENT_ERROR, such as NODECORE_ERR_STREAM_WRITE_AFTER_END.
 *  Nullable   data with len 0.
 *  Node       writable.write(chunk)                                      Since    0.1 */
NODECORE_API bool nodecore_stream_write(nodecore_stream *stream, const void *data, size_t len);

/** As nodecore_stream_write(), with any chunk. `*more` tells whether more may be written at once. `cb` runs once,
 *  when the chunk has been written, or has not; never before this returns.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (a stream that cannot be written to; a NULL chunk; an
 *             object, outside object mode); NODECORE_ERR_UNKNOWN_ENCODING. On an error `cb` never runs.
 *  Ownership  `chunk` stays the caller's; `release(user)` runs once in every outcome.
 *  Nullable   cb, user, release, more, err.
 *  Node       writable.write(chunk[, encoding][, callback])              Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_write_chunk(nodecore_stream *stream, nodecore_chunk *chunk,
                                                         nodecore_done_cb cb, void *user,
                                                         nodecore_release release, bool *more,
                                                         nodecore_error **err);

/** Ends the stream after what was written.              Nullable   stream.
 *  Node       writable.end()                                             Since    0.1 */
NODECORE_API void nodecore_stream_end(nodecore_stream *stream);

/** As nodecore_stream_end(), after a last chunk; `cb` runs once, at NODECORE_EVENT_FINISH, or with what prevented
 *  it. All as nodecore_stream_write_chunk().
 *  Nullable   chunk (none), cb, user, release, err.
 *  Node       writable.end([chunk[, encoding]][, callback])              Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_end_chunk(nodecore_stream *stream, nodecore_chunk *chunk,
                                                       nodecore_done_cb cb, void *user,
                                                       nodecore_release release, nodecore_error **err);

/** Hold writes back, and let them go, together if there is a `writev` hook, when uncorked as often as corked.
 *  Nullable   stream.
 *  Node       writable.cork(), writable.uncork()                         Since    0.1 */
NODECORE_API void nodecore_stream_cork(nodecore_stream *stream);
NODECORE_API void nodecore_stream_uncork(nodecore_stream *stream);

/** Sets the encoding of text that is written without one.
 *  Returns    NODECORE_OK; NODECORE_ERR_UNKNOWN_ENCODING; NODECORE_ERR_INVALID_ARG_TYPE.
 *  Nullable   encoding (UTF-8), err.
 *  Node       writable.setDefaultEncoding(encoding)                      Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_set_default_encoding(nodecore_stream *stream,
                                                                  const char *encoding,
                                                                  size_t encoding_len,
                                                                  nodecore_error **err);

/** Calls `cb` with each chunk that waits for the one that is being written, in order, without taking it. All are
 *  retained until it returns.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE.
 *  Nullable   user.            Node     writable.writableBuffer          Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_writable_buffer(const nodecore_stream *stream,
                                                             nodecore_data_cb cb, void *user);

#ifdef __cplusplus
}
#endif

#endif
