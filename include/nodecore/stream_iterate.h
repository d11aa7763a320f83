/** @file stream_iterate.h Streams chunk by chunk and as a whole: iterators, helpers, consumers. Included by stream.h.
 *
 *  A helper that gives a stream begins to read when that is read from; one that calls back, at once. One that stops
 *  before the end, because of an error or because it knows enough, destroys the stream that it reads from with
 *  NODECORE_ABORT_ERR, as Node does.
 *
 *  What is not here is made of what is: `filter` is nodecore_stream_map(), `some` and `every` are
 *  nodecore_stream_find(), `reduce` is nodecore_stream_for_each() with the sum in `user`.
 *
 *  Node       https://nodejs.org/api/stream.html#readablemapfn-options */
#ifndef NODECORE_STREAM_ITERATE_H
#define NODECORE_STREAM_ITERATE_H

#include "stream.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Gives the next chunk: ends `done` with it (nodecore_done_push_chunk), with nothing at the end
 *  (nodecore_done_call), or with an error; now or later. Not called again before that. */
typedef void (*nodecore_from_fn)(nodecore_done *done, void *user);

/** Creates a readable stream of what `next` gives, one chunk ahead of its reader.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE; the errors of the options of nodecore_stream_new().
 *  Ownership  caller frees `*out` (nodecore_stream_free). `release(user)` runs once: at the end, or when the stream
 *             is destroyed.
 *  Nullable   opts (object mode; given ones say so themselves), user, release, err.
 *  Node       stream.Readable.from(iterable, options)                    Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_from(nodecore_loop *loop,
                                                  const nodecore_stream_options *opts,
                                                  nodecore_from_fn next, void *user,
                                                  nodecore_release release, nodecore_stream **out,
                                                  nodecore_error **err);

/* ---- The iterator ------------------------------------------------------------------------------ */

/** Takes the chunks of a stream one by one. */
typedef struct nodecore_stream_iterator nodecore_stream_iterator;

/** A result: `err`, a `chunk` (lent for the call), or neither: the end, or nothing found. */
typedef void (*nodecore_next_cb)(const nodecore_error *err, nodecore_chunk *chunk, void *user);

/** Creates an iterator over what can be read. With `keep` the stream is not destroyed when the iterator is freed
 *  before the end.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE.
 *  Ownership  caller frees `*out` (nodecore_stream_iterator_free).
 *  Nullable   err.
 *  Node       readable.iterator({ destroyOnReturn: !keep }), readable[Symbol.asyncIterator]()   Since   0.1 */
NODECORE_API nodecore_status nodecore_stream_iterator_new(nodecore_stream *stream, bool keep,
                                                          nodecore_stream_iterator **out,
                                                          nodecore_error **err);

/** Runs `cb` once with the next chunk, the stream's error, or the end; later, and in the order of the calls.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE. On an error `cb` never runs.
 *  Ownership  `release(user)` runs once in every outcome.
 *  Nullable   user, release.   Node     iterator.next()                  Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_iterator_next(nodecore_stream_iterator *iterator,
                                                           nodecore_next_cb cb, void *user,
                                                           nodecore_release release);

/** Frees the iterator; if it has been used and the end not been reached, the stream is destroyed with
 *  NODECORE_ABORT_ERR, unless it is to be kept. Those who wait are told the end.
 *  Nullable   iterator.        Node     iterator.return()                Since    0.1 */
NODECORE_API void nodecore_stream_iterator_free(nodecore_stream_iterator *iterator);

/* ---- Helpers ----------------------------------------------------------------------------------- */

/** Options of the helpers. NULL = all defaults; a zero field = that field's default. */
typedef struct nodecore_helper_options {
  size_t struct_size;       /**< set by NODECORE_HELPER_OPTIONS_INIT */
  size_t concurrency;       /**< how many calls of the function may be under way; 0 = 1 */
  bool has_high_water_mark; /**< false: twice the concurrency less one */
  size_t high_water_mark;   /**< how many results may wait to be read */
  const nodecore_abort_signal *signal; /**< gives up; kept; may be NULL */
} nodecore_helper_options;
#define NODECORE_HELPER_OPTIONS_INIT \
  { sizeof(nodecore_helper_options), 0, false, 0, NULL }

/** Does something with a chunk, which is lent, and ends `done`, now or later: with a result
 *  (nodecore_done_push_chunk), without one, or with an error, which ends the whole. `signal`, borrowed, is aborted
 *  when the result is no longer wanted. */
typedef void (*nodecore_chunk_fn)(nodecore_chunk *chunk, const nodecore_abort_signal *signal,
                                  nodecore_done *done, void *user);

/** Makes several chunks, or none, of one: pushes them to `to`, a readable stream in object mode, and ends it
 *  (nodecore_stream_push_end); now or later (nodecore_stream_copy keeps it). */
typedef void (*nodecore_flat_map_fn)(nodecore_chunk *chunk, const nodecore_abort_signal *signal,
                                     nodecore_stream *to, void *user);

/** Gives a stream, in object mode, of the results of `fn`, in the order of the chunks. A chunk for which it has none
 *  is left out; one that it gives as it is was filtered.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE.
 *  Ownership  caller frees `*out` (nodecore_stream_free). `release(user)` runs once.
 *  Nullable   opts, user, release, err.
 *  Node       readable.map(fn, options), readable.filter(fn, options)    Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_map(nodecore_stream *stream,
                                                 const nodecore_helper_options *opts,
                                                 nodecore_chunk_fn fn, void *user,
                                                 nodecore_release release, nodecore_stream **out,
                                                 nodecore_error **err);

/** As nodecore_stream_map(), for any number of results.
 *  Node       readable.flatMap(fn, options)                              Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_flat_map(nodecore_stream *stream,
                                                      const nodecore_helper_options *opts,
                                                      nodecore_flat_map_fn fn, void *user,
                                                      nodecore_release release, nodecore_stream **out,
                                                      nodecore_error **err);

/** Give a stream without the first `count` chunks, or of the first `count` only.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE.
 *  Ownership  caller frees `*out` (nodecore_stream_free).
 *  Nullable   err.             Node     readable.drop(limit), readable.take(limit)    Since   0.1 */
NODECORE_API nodecore_status nodecore_stream_drop(nodecore_stream *stream, size_t count,
                                                  nodecore_stream **out, nodecore_error **err);
NODECORE_API nodecore_status nodecore_stream_take(nodecore_stream *stream, size_t count,
                                                  nodecore_stream **out, nodecore_error **err);

/** Calls `fn` with each chunk, and `cb` once, when all are done or one has failed. Results are dropped.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE. On an error neither runs.
 *  Ownership  `fn_release(fn_user)` and `release(user)` run once in every outcome.
 *  Nullable   opts, fn_user, fn_release, user, release, err.
 *  Node       readable.forEach(fn, options), readable.reduce(fn, initial, options)    Since   0.1 */
NODECORE_API nodecore_status nodecore_stream_for_each(nodecore_stream *stream,
                                                      const nodecore_helper_options *opts,
                                                      nodecore_chunk_fn fn, void *fn_user,
                                                      nodecore_release fn_release, nodecore_done_cb cb,
                                                      void *user, nodecore_release release,
                                                      nodecore_error **err);

/** Calls `cb` once with the first chunk for which `fn` gives a result, or without one at the end. All as
 *  nodecore_stream_for_each(). `some`: there is one; `every`: there is none for which the opposite holds.
 *  Node       readable.find(fn, options), readable.some, readable.every  Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_find(nodecore_stream *stream,
                                                  const nodecore_helper_options *opts,
                                                  nodecore_chunk_fn fn, void *fn_user,
                                                  nodecore_release fn_release, nodecore_next_cb cb,
                                                  void *user, nodecore_release release,
                                                  nodecore_error **err);

/** All chunks, lent for the call, or the error (then NULL and 0). */
typedef void (*nodecore_array_cb)(const nodecore_error *err, nodecore_chunk *chunks, size_t count,
                                  void *user);

/** Calls `cb` once with all chunks.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE. On an error `cb` never runs.
 *  Ownership  `release(user)` runs once in every outcome.
 *  Nullable   opts, user, release, err.
 *  Node       readable.toArray(options)                                  Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_to_array(nodecore_stream *stream,
                                                      const nodecore_helper_options *opts,
                                                      nodecore_array_cb cb, void *user,
                                                      nodecore_release release, nodecore_error **err);

/* ---- Consumers --------------------------------------------------------------------------------- */

/** All bytes, lent for the call (nodecore_buf_take() keeps them), or the error (then NULL). */
typedef void (*nodecore_bytes_cb)(const nodecore_error *err, nodecore_buf *data, void *user);

/** Call `cb` once with all bytes, or with all of them as UTF-8 text: without a byte order mark, and with U+FFFD for
 *  what is invalid. An object fails with NODECORE_ERR_INVALID_ARG_TYPE.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE. On an error `cb` never runs.
 *  Ownership  `release(user)` runs once in every outcome.
 *  Nullable   user, release, err.
 *  Node       buffer, bytes, arrayBuffer and text of stream/consumers    Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_bytes(nodecore_stream *stream, nodecore_bytes_cb cb, void *user,
                                                   nodecore_release release, nodecore_error **err);
NODECORE_API nodecore_status nodecore_stream_text(nodecore_stream *stream, nodecore_bytes_cb cb, void *user,
                                                  nodecore_release release, nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
