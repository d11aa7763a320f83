/** @file web_readable.h Web Streams: readable streams, their controllers and readers, and pipes. See web.h first.
 *
 *  Node       https://nodejs.org/api/webstreams.html#class-readablestream */
#ifndef NODECORE_WEB_READABLE_H
#define NODECORE_WEB_READABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "web.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Fills a readable stream. A handle keeps the stream; a hook's is lent for the call. */
typedef struct nodecore_web_readable_controller nodecore_web_readable_controller;
/** The lock on a stream, and reads of its chunks. */
typedef struct nodecore_web_reader nodecore_web_reader;
/** The lock on a byte stream, and reads into the reader's memory; see web_byob.h. */
typedef struct nodecore_web_byob_reader nodecore_web_byob_reader;
/** Memory of a reader's that waits to be filled; see web_byob.h. */
typedef struct nodecore_web_byob_request nodecore_web_byob_request;
/** The lock on a stream, and an iteration over its chunks. */
typedef struct nodecore_web_values nodecore_web_values;

/** What a readable stream reads from. Each hook is nullable; it is called once at a time, but `cancel` may come
 *  while `pull` has not called its `done`. */
typedef struct nodecore_web_readable_hooks {
  size_t struct_size; /**< set by NODECORE_WEB_READABLE_HOOKS_INIT */
  /** Called once, before the constructor returns; nothing is pulled before its `done`.
   *  Node: underlyingSource.start */
  void (*start)(nodecore_web_readable_controller *controller, nodecore_done *done, void *user);
  /** There is room: enqueue a chunk or close, then call `done`; called again while there is room.
   *  Node: underlyingSource.pull */
  void (*pull)(nodecore_web_readable_controller *controller, nodecore_done *done, void *user);
  /** Nobody wants the rest. `reason` (NULL: none) is borrowed for the call.
   *  Node: underlyingSource.cancel */
  void (*cancel)(const nodecore_error *reason, nodecore_done *done, void *user);
} nodecore_web_readable_hooks;
#define NODECORE_WEB_READABLE_HOOKS_INIT \
  { sizeof(nodecore_web_readable_hooks), NULL, NULL, NULL }

/** Creates a stream out of hooks. The high-water mark is 1 by default. A `start` that fails errors the stream.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (no loop); NODECORE_ERR_INVALID_ARG_VALUE (RangeError)
 *             for a bad high-water mark.
 *  Ownership  caller frees `*out` (nodecore_web_readable_free). `hooks` is copied, of `strategy` what is needed;
 *             `release(user)` runs once, as soon as the stream has closed, errored or been cancelled, or at once
 *             on failure.
 *  Nullable   strategy, hooks, user, release, err.
 *  Node       new ReadableStream(underlyingSource, strategy)     Since    0.1 */
NODECORE_API nodecore_status nodecore_web_readable_new(nodecore_loop *loop,
                                                       const nodecore_web_strategy *strategy,
                                                       const nodecore_web_readable_hooks *hooks,
                                                       void *user, nodecore_release release,
                                                       nodecore_web_readable **out,
                                                       nodecore_error **err);

/** As nodecore_web_readable_new(), of a byte stream, whose reader may bring the memory that is read into. The mark
 *  is in bytes, 0 by default. `auto_allocate`, unless 0, gives the source memory of that size to fill where the
 *  reader brought none.
 *  Node       new ReadableStream({ type: 'bytes', autoAllocateChunkSize, … }, { highWaterMark })   Since    0.1 */
NODECORE_API nodecore_status nodecore_web_readable_new_bytes(
    nodecore_loop *loop, double high_water_mark, size_t auto_allocate,
    const nodecore_web_readable_hooks *hooks, void *user, nodecore_release release,
    nodecore_web_readable **out, nodecore_error **err);

/** Makes the next chunk and returns true; returns false at the end, or on failure with `*err` set.
 *  Ownership  what it writes is the library's from then on: `*chunk`, with a reference if it is an object, and `*err`;
 *             bytes that are not the library's are copied before it is called again. */
typedef bool (*nodecore_web_next_cb)(nodecore_chunk *chunk, nodecore_error **err, void *user);

/** Creates a stream of what an iterator yields, asked when somebody reads. One that answers later is a `pull` hook.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (no loop, no `next`).
 *  Ownership  caller frees `*out` (nodecore_web_readable_free). `release(user)` runs once: at the end, or when the stream
 *             errors or is cancelled, or at once on failure.
 *  Nullable   user, release, err.
 *  Node       ReadableStream.from(iterable)                      Since    0.1 */
NODECORE_API nodecore_status nodecore_web_readable_from(nodecore_loop *loop,
                                                        nodecore_web_next_cb next, void *user,
                                                        nodecore_release release,
                                                        nodecore_web_readable **out,
                                                        nodecore_error **err);

/** Frees the handle.          Nullable   stream.               Since    0.1 */
NODECORE_API void nodecore_web_readable_free(nodecore_web_readable *stream);

/** Returns another handle of the same stream, to be freed as well; NULL for NULL.   Since    0.1 */
NODECORE_API nodecore_web_readable *nodecore_web_readable_copy(const nodecore_web_readable *stream);

/** Whether it has a reader, is piped, teed or iterated; false for NULL.
 *  Node       readableStream.locked                              Since    0.1 */
NODECORE_API bool nodecore_web_readable_locked(const nodecore_web_readable *stream);

/** Says that nobody wants the rest: what is queued goes, and the source is told. `reason` is copied.
 *  Errors     told to `cb`: NODECORE_ERR_INVALID_STATE (TypeError) if locked, the stream's error, the source's.
 *  Nullable   reason, cb, user, release.
 *  Node       readableStream.cancel([reason])                    Since    0.1 */
NODECORE_API nodecore_status nodecore_web_readable_cancel(nodecore_web_readable *stream,
                                                          const nodecore_error *reason,
                                                          nodecore_done_cb cb, void *user,
                                                          nodecore_release release);

/** Locks the stream and reads chunks, those of a byte stream too.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_STATE (TypeError) if locked; NODECORE_ERR_INVALID_ARG_TYPE.
 *  Ownership  caller frees `*out` (nodecore_web_reader_free).
 *  Nullable   err.
 *  Node       readableStream.getReader()                         Since    0.1 */
NODECORE_API nodecore_status nodecore_web_readable_get_reader(nodecore_web_readable *stream,
                                                              nodecore_web_reader **out,
                                                              nodecore_error **err);

/** Locks a byte stream and reads into memory of the caller's; see web_byob.h.
 *  Returns    as nodecore_web_readable_get_reader(); NODECORE_ERR_INVALID_ARG_VALUE (TypeError) if it is no byte stream.
 *  Ownership  caller frees `*out` (nodecore_web_byob_reader_free).
 *  Nullable   err.
 *  Node       readableStream.getReader({ mode: 'byob' })         Since    0.1 */
NODECORE_API nodecore_status nodecore_web_readable_get_byob_reader(nodecore_web_readable *stream,
                                                                   nodecore_web_byob_reader **out,
                                                                   nodecore_error **err);

/** Locks the stream and iterates over its chunks. An iteration that ends early cancels the stream unless
 *  `prevent_cancel`.
 *  Returns    as nodecore_web_readable_get_reader().
 *  Ownership  caller frees `*out` (nodecore_web_values_free).
 *  Nullable   err.
 *  Node       readableStream.values({ preventCancel })           Since    0.1 */
NODECORE_API nodecore_status nodecore_web_readable_values(nodecore_web_readable *stream,
                                                          bool prevent_cancel,
                                                          nodecore_web_values **out,
                                                          nodecore_error **err);

/** Locks the stream, and gives two streams that each get every chunk. Cancelling both cancels it.
 *  Returns    as nodecore_web_readable_get_reader().
 *  Ownership  caller frees `*first` and `*second` (nodecore_web_readable_free).
 *  Nullable   err.
 *  Node       readableStream.tee()                               Since    0.1 */
NODECORE_API nodecore_status nodecore_web_readable_tee(nodecore_web_readable *stream,
                                                       nodecore_web_readable **first,
                                                       nodecore_web_readable **second,
                                                       nodecore_error **err);

/** Pipes the stream into `dest`; `cb` runs once all is written and `dest` closed.
 *  Errors     told to `cb`: NODECORE_ERR_INVALID_STATE (TypeError) if either is locked, the error of either, the
 *             signal's reason.
 *  Nullable   opts, cb, user, release.
 *  Node       readableStream.pipeTo(destination[, options])      Since    0.1 */
NODECORE_API nodecore_status nodecore_web_readable_pipe_to(nodecore_web_readable *stream,
                                                           nodecore_web_writable *dest,
                                                           const nodecore_web_pipe_options *opts,
                                                           nodecore_done_cb cb, void *user,
                                                           nodecore_release release);

/** Pipes the stream into the writable side of `transform` and gives its readable side. How the pipe ends is told by
 *  the two sides. Of two streams that merely belong together the same is nodecore_web_readable_pipe_to() without `cb`.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_STATE (TypeError) if either is locked; NODECORE_ERR_INVALID_ARG_TYPE.
 *  Ownership  caller frees `*out` (nodecore_web_readable_free).
 *  Nullable   opts, err.
 *  Node       readableStream.pipeThrough(transform[, options])   Since    0.1 */
NODECORE_API nodecore_status nodecore_web_readable_pipe_through(
    nodecore_web_readable *stream, nodecore_web_transform *transform,
    const nodecore_web_pipe_options *opts, nodecore_web_readable **out, nodecore_error **err);

/* ---- Controller -------------------------------------------------------------------------------- */

/** Returns another handle of the same controller, to be freed: to enqueue outside of hooks. NULL for NULL. A source
 *  that keeps one keeps its own stream until that has closed, errored or been cancelled.
 *  Since      0.1 */
NODECORE_API nodecore_web_readable_controller *nodecore_web_readable_controller_copy(
    const nodecore_web_readable_controller *controller);

/** Frees the handle.          Nullable   controller.           Since    0.1 */
NODECORE_API void nodecore_web_readable_controller_free(nodecore_web_readable_controller *controller);

/** Queues a chunk, or gives it to a read that waits.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_STATE (TypeError) once closed or errored, and for an empty chunk of a byte
 *             stream; NODECORE_ERR_INVALID_ARG_TYPE for an object in a byte stream; NODECORE_ERR_INVALID_ARG_VALUE for
 *             a bad size, which errors the stream.
 *  Nullable   err.
 *  Node       controller.enqueue(chunk)                          Since    0.1 */
NODECORE_API nodecore_status nodecore_web_readable_controller_enqueue(
    nodecore_web_readable_controller *controller, nodecore_chunk *chunk, nodecore_error **err);

/** Ends the stream once what is queued has been read.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_STATE (TypeError) once closed or errored.
 *  Nullable   err.
 *  Node       controller.close()                                 Since    0.1 */
NODECORE_API nodecore_status nodecore_web_readable_controller_close(
    nodecore_web_readable_controller *controller, nodecore_error **err);

/** Errors the stream; does nothing once closed or errored. `error` is copied.
 *  Nullable   error (then NODECORE_ABORT_ERR).
 *  Node       controller.error([error])                          Since    0.1 */
NODECORE_API void nodecore_web_readable_controller_error(nodecore_web_readable_controller *controller,
                                                         const nodecore_error *error);

/** Returns how much room there is: negative if the queue is over-full, 0 once closed, NaN (Node: null) once errored.
 *  Node       controller.desiredSize                             Since    0.1 */
NODECORE_API double nodecore_web_readable_controller_desired_size(
    const nodecore_web_readable_controller *controller);

/** Returns the request of the read that waits longest, to be freed (nodecore_web_byob_request_free); NULL if none waits
 *  with memory to fill, and for streams that are no byte streams.
 *  Node       controller.byobRequest                             Since    0.1 */
NODECORE_API nodecore_web_byob_request *nodecore_web_readable_controller_byob_request(
    nodecore_web_readable_controller *controller);

/* ---- Reader ------------------------------------------------------------------------------------ */

/** Releases the lock and frees the reader. Nullable  reader.   Since    0.1 */
NODECORE_API void nodecore_web_reader_free(nodecore_web_reader *reader);

/** Reads the next chunk. Any number of reads may wait.
 *  Errors     told to `cb`: the stream's error; NODECORE_ERR_INVALID_STATE (TypeError) once released.
 *  Nullable   user, release.
 *  Node       reader.read()                                      Since    0.1 */
NODECORE_API nodecore_status nodecore_web_reader_read(nodecore_web_reader *reader,
                                                      nodecore_web_read_cb cb, void *user,
                                                      nodecore_release release);

/** As nodecore_web_readable_cancel(), by who holds the lock.
 *  Errors     told to `cb`: as there; NODECORE_ERR_INVALID_STATE (TypeError) once released.
 *  Nullable   reason, cb, user, release.
 *  Node       reader.cancel([reason])                            Since    0.1 */
NODECORE_API nodecore_status nodecore_web_reader_cancel(nodecore_web_reader *reader,
                                                        const nodecore_error *reason,
                                                        nodecore_done_cb cb, void *user,
                                                        nodecore_release release);

/** Calls back when the stream has closed; with an error when it errors or the lock is released first.
 *  Nullable   cb, user, release.
 *  Node       reader.closed                                      Since    0.1 */
NODECORE_API nodecore_status nodecore_web_reader_closed(nodecore_web_reader *reader,
                                                        nodecore_done_cb cb, void *user,
                                                        nodecore_release release);

/** Releases the lock; reads that wait fail with NODECORE_ERR_INVALID_STATE (TypeError).
 *  Nullable   reader.
 *  Node       reader.releaseLock()                               Since    0.1 */
NODECORE_API void nodecore_web_reader_release_lock(nodecore_web_reader *reader);

/* ---- Iteration --------------------------------------------------------------------------------- */

/** Ends the iteration, as nodecore_web_values_return() does without a reason, unless it has ended; frees it.
 *  Nullable   values.          Since    0.1 */
NODECORE_API void nodecore_web_values_free(nodecore_web_values *values);

/** Asks for the next chunk, after what was asked before. The end, and an error, releases the lock.
 *  Errors     told to `cb`: the stream's error, once; after it the iteration has ended.
 *  Nullable   user, release.
 *  Node       readableStream[Symbol.asyncIterator]().next()      Since    0.1 */
NODECORE_API nodecore_status nodecore_web_values_next(nodecore_web_values *values,
                                                      nodecore_web_read_cb cb, void *user,
                                                      nodecore_release release);

/** Ends the iteration, after what was asked before: cancels the stream, unless that is prevented, and releases the
 *  lock. `reason` is copied.
 *  Errors     told to `cb`: what the source fails with.
 *  Nullable   reason, cb, user, release.
 *  Node       readableStream[Symbol.asyncIterator]().return([reason])             Since    0.1 */
NODECORE_API nodecore_status nodecore_web_values_return(nodecore_web_values *values,
                                                        const nodecore_error *reason,
                                                        nodecore_done_cb cb, void *user,
                                                        nodecore_release release);

#ifdef __cplusplus
}
#endif

#endif
