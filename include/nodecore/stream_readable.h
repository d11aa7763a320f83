/** @file stream_readable.h The readable side of streams: pushing, reading, piping. Included by stream.h.
 *
 *  Node       https://nodejs.org/api/stream.html#readable-streams */
#ifndef NODECORE_STREAM_READABLE_H
#define NODECORE_STREAM_READABLE_H

#include "stream.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Adds a copy of `len` bytes to what can be read.
 *  Returns    true if more is wanted; false above the high-water mark: wait for the next `read` hook. False also
 *             for bad arguments.
 *  Errors     pushing after the end fails the stream with NODECORE_ERR_STREAM_PUSH_AFTER_EOF.
 *  Nullable   data with len 0.
 *  Node       readable.push(chunk)                                       Since    0.1 */
NODECORE_API bool nodecore_stream_push(nodecore_stream *stream, const void *data, size_t len);

/** As nodecore_stream_push(), with any chunk, or the end (`chunk` NULL). `*more` tells whether more is wanted. Text
 *  without an encoding is UTF-8; in a stream with an encoding of its own, text stays text.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (a stream that cannot be read from; an object, outside
 *             object mode: Node fails the stream with it); NODECORE_ERR_UNKNOWN_ENCODING.
 *  Ownership  `chunk` stays the caller's.
 *  Nullable   chunk, more, err.
 *  Node       readable.push(chunk[, encoding])                           Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_push_chunk(nodecore_stream *stream, nodecore_chunk *chunk,
                                                        bool *more, nodecore_error **err);

/** Ends the data.             Nullable   stream.
 *  Node       readable.push(null)                                        Since    0.1 */
NODECORE_API void nodecore_stream_push_end(nodecore_stream *stream);

/** Puts a chunk back before all others. All as nodecore_stream_push_chunk().
 *  Errors     after the end of data NODECORE_ERR_STREAM_UNSHIFT_AFTER_END_EVENT fails the stream.
 *  Nullable   chunk, more, err.
 *  Node       readable.unshift(chunk[, encoding])                        Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_unshift(nodecore_stream *stream, nodecore_chunk *chunk,
                                                     bool *more, nodecore_error **err);

/** As the size of nodecore_stream_read(): whatever there is. */
#define NODECORE_READ_ANY ((size_t)-1)

/** Takes what can be read: `n` bytes (fewer only at the end), or UTF-16 units of a stream with an encoding;
 *  with NODECORE_READ_ANY the next chunk. In object mode the next chunk with any `n` but 0. With 0 nothing is
 *  taken, but more is fetched if there is room.
 *  Returns    NODECORE_OK, and whether there was that much in `*found`; NODECORE_ERR_OUT_OF_RANGE for an `n` over
 *             1 GiB; NODECORE_ERR_INVALID_ARG_TYPE. `*out` is written only where `*found` is true.
 *  Ownership  caller frees `*out` (nodecore_chunk_free).
 *  Nullable   err.             Node     readable.read([size])            Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_read(nodecore_stream *stream, size_t n, nodecore_chunk *out,
                                                  bool *found, nodecore_error **err);

/** Stops, and starts, the flow of data events.          Nullable   stream.
 *  Node       readable.pause(), readable.resume()                        Since    0.1 */
NODECORE_API void nodecore_stream_pause(nodecore_stream *stream);
NODECORE_API void nodecore_stream_resume(nodecore_stream *stream);

/** From now on what is read is text: each chunk is the UTF-8 of a string in `encoding`, and a character that is
 *  spread over several chunks arrives in one.
 *  Returns    NODECORE_OK; NODECORE_ERR_UNKNOWN_ENCODING; NODECORE_ERR_INVALID_ARG_TYPE.
 *  Nullable   encoding (UTF-8), err.
 *  Node       readable.setEncoding(encoding)                             Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_set_encoding(nodecore_stream *stream, const char *encoding,
                                                          size_t encoding_len, nodecore_error **err);

/** Sends everything to `dest`, at the pace of the slowest destination, and ends it at the end unless
 *  `keep_open`. Errors are not forwarded: see nodecore_stream_pipeline(). An object that comes to a stream
 *  that is not in object mode fails that stream with NODECORE_ERR_INVALID_ARG_TYPE.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE.
 *  Node       readable.pipe(dest, { end: !keep_open })                   Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_pipe(nodecore_stream *stream, nodecore_stream *dest,
                                                  bool keep_open);

/** Undoes one nodecore_stream_pipe(), or all of them (`dest` NULL).
 *  Returns    NODECORE_OK, also where there was none; NODECORE_ERR_INVALID_ARG_TYPE.
 *  Nullable   dest.            Node     readable.unpipe([dest])          Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_unpipe(nodecore_stream *stream, nodecore_stream *dest);

/** Calls `cb` with each chunk that can be read, in order, without taking it. All are retained until it returns.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE.
 *  Nullable   user.            Node     readable.readableBuffer          Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_readable_buffer(const nodecore_stream *stream,
                                                             nodecore_data_cb cb, void *user);

#ifdef __cplusplus
}
#endif

#endif
