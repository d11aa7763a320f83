/** @file abort.h Abort signals: how a caller tells an operation to give up.
 *
 *  Threads    everything here belongs to one thread, the one that made it; a signal with a timeout to its
 *             loop's.
 *  Node       https://nodejs.org/api/globals.html#class-abortcontroller */
#ifndef NODECORE_ABORT_H
#define NODECORE_ABORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "events.h"
#include "export.h"
#include "loop.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Aborts its signal. */
typedef struct nodecore_abort_controller nodecore_abort_controller;

/** Tells when to give up. Handles count references. A signal that has listeners stays alive as long as it can
 *  be aborted, even without handles. */
typedef struct nodecore_abort_signal nodecore_abort_signal;

/** Creates a controller with a new signal.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (a NULL `out`).
 *  Ownership  caller frees `*out` (nodecore_abort_controller_free).
 *  Nullable   err.             Node     new AbortController()            Since    0.1 */
NODECORE_API nodecore_status nodecore_abort_controller_new(nodecore_abort_controller **out,
                                                           nodecore_error **err);

/** Frees the controller; nothing is aborted.
 *  Nullable   controller.      Since    0.1 */
NODECORE_API void nodecore_abort_controller_free(nodecore_abort_controller *controller);

/** Returns a handle of its signal, to be freed (nodecore_abort_signal_free); NULL for NULL.
 *  Node       controller.signal                                          Since    0.1 */
NODECORE_API nodecore_abort_signal *nodecore_abort_controller_signal(
    const nodecore_abort_controller *controller);

/** Aborts the signal: its listeners run, then those of signals made of it. Does nothing the second time.
 *  `reason` is copied. Inside a listener the controller may be freed.
 *  Nullable   controller; reason (then NODECORE_ABORT_ERR, "This operation was aborted").
 *  Node       controller.abort([reason])                                 Since    0.1 */
NODECORE_API void nodecore_abort_controller_abort(nodecore_abort_controller *controller,
                                                  const nodecore_error *reason);

/** Creates a signal that is aborted already. `reason` is copied.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (a NULL `out`).
 *  Ownership  caller frees `*out` (nodecore_abort_signal_free).
 *  Nullable   reason, err.     Node     AbortSignal.abort([reason])      Since    0.1 */
NODECORE_API nodecore_status nodecore_abort_signal_abort(const nodecore_error *reason,
                                                         nodecore_abort_signal **out,
                                                         nodecore_error **err);

/** Creates a signal that is aborted after `ms` milliseconds; it does not keep the loop alive. More than
 *  2147483647 counts as 1. The reason has the name TimeoutError and the status NODECORE_ABORT_ERR.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (a NULL loop or `out`).
 *  Ownership  caller frees `*out` (nodecore_abort_signal_free).
 *  Nullable   err.             Node     AbortSignal.timeout(delay)       Since    0.1 */
NODECORE_API nodecore_status nodecore_abort_signal_timeout(nodecore_loop *loop, uint32_t ms,
                                                           nodecore_abort_signal **out,
                                                           nodecore_error **err);

/** Creates a signal that is aborted when the first of `count` signals is, with its reason.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (a NULL signal or `out`).
 *  Ownership  caller frees `*out` (nodecore_abort_signal_free); the signals stay the caller's.
 *  Nullable   signals with count 0, err.   Node   AbortSignal.any(signals)   Since   0.1 */
NODECORE_API nodecore_status nodecore_abort_signal_any(const nodecore_abort_signal *const *signals,
                                                       size_t count, nodecore_abort_signal **out,
                                                       nodecore_error **err);

/** Frees the handle.          Nullable   signal.                        Since    0.1 */
NODECORE_API void nodecore_abort_signal_free(nodecore_abort_signal *signal);

/** Returns another handle of the same signal, to be freed as well; NULL for NULL.     Since    0.1 */
NODECORE_API nodecore_abort_signal *nodecore_abort_signal_copy(const nodecore_abort_signal *signal);

/** Returns whether it has been aborted; false for NULL.
 *  Node       signal.aborted                                             Since    0.1 */
NODECORE_API bool nodecore_abort_signal_aborted(const nodecore_abort_signal *signal);

/** Returns why it was aborted; NULL before that, and for NULL.
 *  Ownership  caller frees it (nodecore_error_free).
 *  Node       signal.reason                                              Since    0.1 */
NODECORE_API nodecore_error *nodecore_abort_signal_reason(const nodecore_abort_signal *signal);

/** Returns NODECORE_OK, or the status of the reason once it was aborted, with a copy of it in `*err`.
 *  Returns    also NODECORE_ERR_INVALID_ARG_TYPE (a NULL signal).
 *  Nullable   err.             Node     signal.throwIfAborted()          Since    0.1 */
NODECORE_API nodecore_status nodecore_abort_signal_throw_if_aborted(const nodecore_abort_signal *signal,
                                                                    nodecore_error **err);

/** Runs `cb` once, when the signal is aborted; never if it is already. `release(user)` runs once, after it or
 *  when it can never run any more.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (a NULL signal or callback).
 *  Nullable   user, release, id.
 *  Node       signal.addEventListener('abort', cb, { once: true })       Since    0.1 */
NODECORE_API nodecore_status nodecore_abort_signal_on_abort(nodecore_abort_signal *signal,
                                                            nodecore_loop_cb cb, void *user,
                                                            nodecore_release release,
                                                            nodecore_listener_id *id);

/** As nodecore_abort_signal_on_abort(), but for a signal that is aborted already `cb` runs as a microtask of
 *  `loop`, and the id names nothing.
 *  Returns    also NODECORE_ERR_INVALID_ARG_TYPE for a NULL loop.
 *  Nullable   user, release, id.     Node   events.addAbortListener      Since    0.1 */
NODECORE_API nodecore_status nodecore_abort_signal_add_listener(nodecore_abort_signal *signal,
                                                                nodecore_loop *loop,
                                                                nodecore_loop_cb cb, void *user,
                                                                nodecore_release release,
                                                                nodecore_listener_id *id);

/** Removes a listener.
 *  Returns    true if it was there.
 *  Nullable   signal.          Node     signal.removeEventListener       Since    0.1 */
NODECORE_API bool nodecore_abort_signal_off(nodecore_abort_signal *signal, nodecore_listener_id id);

#ifdef __cplusplus
}
#endif

#endif
