/** @file web_transform.h Web Streams: transform streams and their controllers. See web.h first.
 *
 *  Node       https://nodejs.org/api/webstreams.html#class-transformstream */
#ifndef NODECORE_WEB_TRANSFORM_H
#define NODECORE_WEB_TRANSFORM_H

#include <stddef.h>

#include "web.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Gives out what a transformer makes. A hook's handle is lent for the call. */
typedef struct nodecore_web_transform_controller nodecore_web_transform_controller;

/** What a transform stream does to chunks. Each hook is nullable. */
typedef struct nodecore_web_transform_hooks {
  size_t struct_size; /**< set by NODECORE_WEB_TRANSFORM_HOOKS_INIT */
  /** Called once, before the constructor returns; nothing is transformed before its `done`.
   *  Node: transformer.start */
  void (*start)(nodecore_web_transform_controller *controller, nodecore_done *done, void *user);
  /** Take a chunk (lent: see nodecore_chunk), enqueue what becomes of it, then call `done`. NULL: chunks pass
   *  unchanged.  Node: transformer.transform */
  void (*transform)(nodecore_web_transform_controller *controller, nodecore_chunk *chunk,
                    nodecore_done *done, void *user);
  /** All has been transformed: the last chance to enqueue.  Node: transformer.flush */
  void (*flush)(nodecore_web_transform_controller *controller, nodecore_done *done, void *user);
  /** The readable side was cancelled or the writable side aborted: `flush` will not be called. `reason` (NULL: none)
   *  is borrowed for the call.  Node: transformer.cancel */
  void (*cancel)(const nodecore_error *reason, nodecore_done *done, void *user);
} nodecore_web_transform_hooks;
#define NODECORE_WEB_TRANSFORM_HOOKS_INIT \
  { sizeof(nodecore_web_transform_hooks), NULL, NULL, NULL, NULL }

/** Creates a stream out of hooks; without any it lets everything through. The high-water mark of the writable side is 1
 *  by default, that of the readable side 0.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (no loop); NODECORE_ERR_INVALID_ARG_VALUE (RangeError)
 *             for a bad high-water mark.
 *  Ownership  caller frees `*out` (nodecore_web_transform_free). `hooks` is copied, of the strategies what is needed;
 *             `release(user)` runs once, as soon as the stream has ended in any way, or at once on failure.
 *  Nullable   writable_strategy, readable_strategy, hooks, user, release, err.
 *  Node       new TransformStream(transformer, writableStrategy, readableStrategy)  Since   0.1 */
NODECORE_API nodecore_status nodecore_web_transform_new(nodecore_loop *loop,
                                                        const nodecore_web_strategy *writable_strategy,
                                                        const nodecore_web_strategy *readable_strategy,
                                                        const nodecore_web_transform_hooks *hooks,
                                                        void *user, nodecore_release release,
                                                        nodecore_web_transform **out,
                                                        nodecore_error **err);

/** Frees the handle.          Nullable   stream.               Since    0.1 */
NODECORE_API void nodecore_web_transform_free(nodecore_web_transform *stream);

/** Return a handle of one side, to be freed as well; NULL for NULL.
 *  Node       transformStream.readable, transformStream.writable                   Since    0.1 */
NODECORE_API nodecore_web_readable *nodecore_web_transform_readable(const nodecore_web_transform *stream);
NODECORE_API nodecore_web_writable *nodecore_web_transform_writable(const nodecore_web_transform *stream);

/* ---- Controller -------------------------------------------------------------------------------- */

/** Returns another handle of the same controller, to be freed; NULL for NULL.       Since    0.1 */
NODECORE_API nodecore_web_transform_controller *nodecore_web_transform_controller_copy(
    const nodecore_web_transform_controller *controller);

/** Frees the handle.          Nullable   controller.           Since    0.1 */
NODECORE_API void nodecore_web_transform_controller_free(nodecore_web_transform_controller *controller);

/** Returns the room on the readable side, as nodecore_web_readable_controller_desired_size().
 *  Node       controller.desiredSize                             Since    0.1 */
NODECORE_API double nodecore_web_transform_controller_desired_size(
    const nodecore_web_transform_controller *controller);

/** Gives a chunk to the readable side.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_STATE (TypeError) once that is closed or errored;
 *             NODECORE_ERR_INVALID_ARG_VALUE for a bad size, which errors both sides.
 *  Nullable   err.
 *  Node       controller.enqueue(chunk)                          Since    0.1 */
NODECORE_API nodecore_status nodecore_web_transform_controller_enqueue(
    nodecore_web_transform_controller *controller, nodecore_chunk *chunk, nodecore_error **err);

/** Errors both sides. `error` is copied.
 *  Nullable   error (then NODECORE_ABORT_ERR).
 *  Node       controller.error([error])                          Since    0.1 */
NODECORE_API void nodecore_web_transform_controller_error(nodecore_web_transform_controller *controller,
                                                          const nodecore_error *error);

/** Closes the readable side and errors the writable one: the transformer has seen enough.
 *  Nullable   controller.
 *  Node       controller.terminate()                             Since    0.1 */
NODECORE_API void nodecore_web_transform_controller_terminate(
    nodecore_web_transform_controller *controller);

#ifdef __cplusplus
}
#endif

#endif
