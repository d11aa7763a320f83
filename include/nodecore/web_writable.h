/** @file web_writable.h Web Streams: writable streams, their controllers and writers. See web.h first.
 *
 *  Node       https://nodejs.org/api/webstreams.html#class-writablestream */
#ifndef NODECORE_WEB_WRITABLE_H
#define NODECORE_WEB_WRITABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "web.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a sink knows of its stream. A handle keeps the stream; a hook's is lent for the call. */
typedef struct nodecore_web_writable_controller nodecore_web_writable_controller;
/** The lock on a stream, and writes to it. */
typedef struct nodecore_web_writer nodecore_web_writer;

/** What a writable stream writes to. Each hook is nullable, and is called when the one before has called its
 *  `done`. */
typedef struct nodecore_web_writable_hooks {
  size_t struct_size; /**< set by NODECORE_WEB_WRITABLE_HOOKS_INIT */
  /** Called once, before the constructor returns; nothing is written before its `done`.
   *  Node: underlyingSink.start */
  void (*start)(nodecore_web_writable_controller *controller, nodecore_done *done, void *user);
  /** Consume one chunk (lent: see nodecore_chunk), then call `done`.  Node: underlyingSink.write */
  void (*write)(nodecore_web_writable_controller *controller, nodecore_chunk *chunk,
                nodecore_done *done, void *user);
  /** Everything was written.  Node: underlyingSink.close */
  void (*close)(nodecore_done *done, void *user);
  /** Writing was given up. `reason`, never NULL, is borrowed for the call.  Node: underlyingSink.abort */
  void (*abort)(const nodecore_error *reason, nodecore_done *done, void *user);
} nodecore_web_writable_hooks;
#define NODECORE_WEB_WRITABLE_HOOKS_INIT \
  { sizeof(nodecore_web_writable_hooks), NULL, NULL, NULL, NULL }

/** Creates a stream out of hooks. The high-water mark is 1 by default. A `start` that fails errors the stream.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (no loop); NODECORE_ERR_INVALID_ARG_VALUE (RangeError)
 *             for a bad high-water mark.
 *  Ownership  caller frees `*out` (nodecore_web_writable_free). `hooks` is copied, of `strategy` what is needed;
 *             `release(user)` runs once, as soon as the stream has closed or errored, or at once on failure.
 *  Nullable   strategy, hooks, user, release, err.
 *  Node       new WritableStream(underlyingSink, strategy)       Since    0.1 */
NODECORE_API nodecore_status nodecore_web_writable_new(nodecore_loop *loop,
                                                       const nodecore_web_strategy *strategy,
                                                       const nodecore_web_writable_hooks *hooks,
                                                       void *user, nodecore_release release,
                                                       nodecore_web_writable **out,
                                                       nodecore_error **err);

/** Frees the handle.          Nullable   stream.               Since    0.1 */
NODECORE_API void nodecore_web_writable_free(nodecore_web_writable *stream);

/** Returns another handle of the same stream, to be freed as well; NULL for NULL.   Since    0.1 */
NODECORE_API nodecore_web_writable *nodecore_web_writable_copy(const nodecore_web_writable *stream);

/** Whether it has a writer, or is piped to; false for NULL.
 *  Node       writableStream.locked                              Since    0.1 */
NODECORE_API bool nodecore_web_writable_locked(const nodecore_web_writable *stream);

/** Gives up writing: what is queued is lost, and the sink is told. `reason` is copied.
 *  Errors     told to `cb`: NODECORE_ERR_INVALID_STATE (TypeError) if locked; what the sink fails with.
 *  Nullable   reason (then NODECORE_ABORT_ERR), cb, user, release.
 *  Node       writableStream.abort([reason])                     Since    0.1 */
NODECORE_API nodecore_status nodecore_web_writable_abort(nodecore_web_writable *stream,
                                                         const nodecore_error *reason,
                                                         nodecore_done_cb cb, void *user,
                                                         nodecore_release release);

/** Closes the stream once what is queued has been written.
 *  Errors     told to `cb`: NODECORE_ERR_INVALID_STATE (TypeError) if locked or closed already; the stream's error.
 *  Nullable   cb, user, release.
 *  Node       writableStream.close()                             Since    0.1 */
NODECORE_API nodecore_status nodecore_web_writable_close(nodecore_web_writable *stream,
                                                         nodecore_done_cb cb, void *user,
                                                         nodecore_release release);

/** Locks the stream for writing.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_STATE (TypeError) if locked; NODECORE_ERR_INVALID_ARG_TYPE.
 *  Ownership  caller frees `*out` (nodecore_web_writer_free).
 *  Nullable   err.
 *  Node       writableStream.getWriter()                         Since    0.1 */
NODECORE_API nodecore_status nodecore_web_writable_get_writer(nodecore_web_writable *stream,
                                                              nodecore_web_writer **out,
                                                              nodecore_error **err);

/* ---- Controller -------------------------------------------------------------------------------- */

/** Returns another handle of the same controller, to be freed; NULL for NULL.       Since    0.1 */
NODECORE_API nodecore_web_writable_controller *nodecore_web_writable_controller_copy(
    const nodecore_web_writable_controller *controller);

/** Frees the handle.          Nullable   controller.           Since    0.1 */
NODECORE_API void nodecore_web_writable_controller_free(nodecore_web_writable_controller *controller);

/** Errors the stream; does nothing once it is not writable. `error` is copied.
 *  Nullable   error (then NODECORE_ABORT_ERR).
 *  Node       controller.error([error])                          Since    0.1 */
NODECORE_API void nodecore_web_writable_controller_error(nodecore_web_writable_controller *controller,
                                                         const nodecore_error *error);

/** Returns a handle of the signal that is aborted when the stream is, to be freed (nodecore_abort_signal_free): it tells a
 *  write that takes long to give up. NULL for NULL.
 *  Node       controller.signal                                  Since    0.1 */
NODECORE_API nodecore_abort_signal *nodecore_web_writable_controller_signal(
    const nodecore_web_writable_controller *controller);

/* ---- Writer ------------------------------------------------------------------------------------ */

/** Releases the lock and frees the writer; what was written stays queued.
 *  Nullable   writer.          Since    0.1 */
NODECORE_API void nodecore_web_writer_free(nodecore_web_writer *writer);

/** Queues a chunk; `cb` runs once the sink has written it. Wait for nodecore_web_writer_ready() to keep the queue short.
 *  Errors     told to `cb`: the stream's error; NODECORE_ERR_INVALID_STATE (TypeError) once closed or released.
 *  Nullable   cb, user, release.
 *  Node       writer.write(chunk)                                Since    0.1 */
NODECORE_API nodecore_status nodecore_web_writer_write(nodecore_web_writer *writer,
                                                       nodecore_chunk *chunk, nodecore_done_cb cb,
                                                       void *user, nodecore_release release);

/** As nodecore_web_writable_close(), by who holds the lock.
 *  Errors     told to `cb`: as there; NODECORE_ERR_INVALID_STATE (TypeError) once released.
 *  Nullable   cb, user, release.
 *  Node       writer.close()                                     Since    0.1 */
NODECORE_API nodecore_status nodecore_web_writer_close(nodecore_web_writer *writer, nodecore_done_cb cb,
                                                       void *user, nodecore_release release);

/** As nodecore_web_writable_abort(), by who holds the lock.
 *  Errors     told to `cb`: as there; NODECORE_ERR_INVALID_STATE (TypeError) once released.
 *  Nullable   reason (then NODECORE_ABORT_ERR), cb, user, release.
 *  Node       writer.abort([reason])                             Since    0.1 */
NODECORE_API nodecore_status nodecore_web_writer_abort(nodecore_web_writer *writer,
                                                       const nodecore_error *reason,
                                                       nodecore_done_cb cb, void *user,
                                                       nodecore_release release);

/** Calls back when there is room; with an error when the stream errors or the lock is released first.
 *  Nullable   cb, user, release.
 *  Node       writer.ready                                       Since    0.1 */
NODECORE_API nodecore_status nodecore_web_writer_ready(nodecore_web_writer *writer, nodecore_done_cb cb,
                                                       void *user, nodecore_release release);

/** Calls back when the stream has closed; with an error when it errors or the lock is released first.
 *  Nullable   cb, user, release.
 *  Node       writer.closed                                      Since    0.1 */
NODECORE_API nodecore_status nodecore_web_writer_closed(nodecore_web_writer *writer, nodecore_done_cb cb,
                                                        void *user, nodecore_release release);

/** Gives how much room there is: negative if the queue is over-full, 0 once closed, NaN (Node: null) once errored.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_STATE (TypeError) once released; NODECORE_ERR_INVALID_ARG_TYPE.
 *  Nullable   err.
 *  Node       writer.desiredSize                                 Since    0.1 */
NODECORE_API nodecore_status nodecore_web_writer_desired_size(const nodecore_web_writer *writer,
                                                              double *out, nodecore_error **err);

/** Releases the lock; what was written stays queued.
 *  Nullable   writer.
 *  Node       writer.releaseLock()                               Since    0.1 */
NODECORE_API void nodecore_web_writer_release_lock(nodecore_web_writer *writer);

#ifdef __cplusplus
}
#endif

#endif
