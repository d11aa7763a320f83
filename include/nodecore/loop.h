/** @file loop.h The event loop: Node's phases on a real libuv loop.
 *
 *  Node       https://nodejs.org/en/learn/asynchronous-work/event-loop-timers-and-nexttick */
#ifndef NODECORE_LOOP_H
#define NODECORE_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "export.h"

#ifdef __cplusplus
extern "C" {
#endif

/** An event loop.
 *  Threads    the thread that made it, and everything made from it, too; but see nodecore_loop_wake(). */
typedef struct nodecore_loop nodecore_loop;

/** A pending timeout, interval or immediate. Threads: the loop's. */
typedef struct nodecore_timer nodecore_timer;

/** A pending asynchronous operation. Threads: the loop's. */
typedef struct nodecore_request nodecore_request;

/** Wakes a loop from elsewhere. Threads: a const pointer may be shared between threads. */
typedef struct nodecore_waker nodecore_waker;

/** A callback without arguments but its `user`. */
typedef void (*nodecore_loop_cb)(void *user);

/** Releases `user`. */
typedef void (*nodecore_release)(void *user);

/** How long nodecore_loop_run() runs. */
enum {
  NODECORE_RUN_DEFAULT = 0, /**< until nothing is left to do */
  NODECORE_RUN_ONCE = 1,    /**< one iteration, waiting for events if there are none */
  NODECORE_RUN_NOWAIT = 2   /**< one iteration, never waiting */
};

/** Creates a loop.
 *  Returns    NODECORE_OK, or the system's error (NODECORE_EMFILE, NODECORE_ENOMEM).
 *  Ownership  caller frees `*out` (nodecore_loop_free).
 *  Nullable   err.             Since    0.1 */
NODECORE_API nodecore_status nodecore_loop_new(nodecore_loop **out, nodecore_error **err);

/** Ends the caller's use of the loop. Callbacks that are still pending never run; their `release` does.
 *  What is live on the loop (a stream that is still referenced) keeps the loop's memory until it goes.
 *  Nullable   loop.            Since    0.1 */
NODECORE_API void nodecore_loop_free(nodecore_loop *loop);

/** Closes the loop, ready for nodecore_loop_free(). Callbacks of timers, immediates and ticks that are
 *  pending never run; their `release` does. Closing again does nothing.
 *  Returns    NODECORE_OK; NODECORE_EBUSY while it runs or operations are pending (nothing changes).
 *  Nullable   err.             Since    0.1 */
NODECORE_API nodecore_status nodecore_loop_close(nodecore_loop *loop, nodecore_error **err);

/** Runs the loop, draining ticks and microtasks that are already queued first.
 *  `mode` is one of NODECORE_RUN_*. `*alive` tells whether something is left to do.
 *  Returns    NODECORE_OK; NODECORE_ERR_OUT_OF_RANGE for another mode; the error of a stream's
 *             NODECORE_EVENT_ERROR that nobody listens to, which ends the run after the current iteration
 *             (Node would throw it); NODECORE_ERR_PANIC. The loop may be run again.
 *  Nullable   alive, err.      Node     the event loop           Since    0.1 */
NODECORE_API nodecore_status nodecore_loop_run(nodecore_loop *loop, int32_t mode, bool *alive,
                                               nodecore_error **err);

/** Makes nodecore_loop_run() return after the current iteration.
 *  Since      0.1 */
NODECORE_API void nodecore_loop_stop(nodecore_loop *loop);

/** Returns true while a referenced timer or a pending operation is there.
 *  Since      0.1 */
NODECORE_API bool nodecore_loop_alive(const nodecore_loop *loop);

/** Returns the loop's clock in milliseconds, read at the start of the iteration.
 *  Since      0.1 */
NODECORE_API uint64_t nodecore_loop_now(const nodecore_loop *loop);

/** Returns a descriptor that is readable when the loop has something to do, for a host's own poll; then
 *  call nodecore_loop_run(loop, NODECORE_RUN_NOWAIT, …).
 *  Since      0.1 */
NODECORE_API int32_t nodecore_loop_backend_fd(const nodecore_loop *loop);

/** Returns for how many milliseconds the host may poll at most; -1 for ever, 0 not at all.
 *  Since      0.1 */
NODECORE_API int32_t nodecore_loop_backend_timeout(const nodecore_loop *loop);

/** Runs `cb` after the current callback, before microtasks and before the loop goes on.
 *  Returns    NODECORE_OK, or NODECORE_ERR_INVALID_ARG_TYPE (a NULL loop or callback).
 *  Nullable   user, release.   Node     process.nextTick         Since    0.1 */
NODECORE_API nodecore_status nodecore_loop_next_tick(nodecore_loop *loop, nodecore_loop_cb cb,
                                                     void *user, nodecore_release release);

/** Runs `cb` when the next-tick queue is empty.
 *  Returns    as nodecore_loop_next_tick().
 *  Nullable   user, release.   Node     queueMicrotask           Since    0.1 */
NODECORE_API nodecore_status nodecore_loop_queue_microtask(nodecore_loop *loop, nodecore_loop_cb cb,
                                                           void *user, nodecore_release release);

/** Runs `cb` once in the check phase.
 *  Returns    as nodecore_loop_next_tick().
 *  Ownership  caller frees `*out` (nodecore_timer_free), which does not cancel.
 *  Nullable   user, release, out.   Node   setImmediate          Since    0.1 */
NODECORE_API nodecore_status nodecore_loop_set_immediate(nodecore_loop *loop, nodecore_loop_cb cb,
                                                         void *user, nodecore_release release,
                                                         nodecore_timer **out);

/** Runs `cb` once after `ms` milliseconds, which are cut to a whole number; less than 1, more than
 *  2147483647 or NaN counts as 1.
 *  Returns    as nodecore_loop_next_tick().
 *  Ownership  caller frees `*out` (nodecore_timer_free), which does not cancel.
 *  Nullable   user, release, out.   Node   setTimeout            Since    0.1 */
NODECORE_API nodecore_status nodecore_loop_set_timeout(nodecore_loop *loop, double ms,
                                                       nodecore_loop_cb cb, void *user,
                                                       nodecore_release release,
                                                       nodecore_timer **out);

/** Runs `cb` every `ms` milliseconds until nodecore_timer_clear(); `release` runs after that.
 *  Returns    as nodecore_loop_next_tick().
 *  Ownership  caller frees `*out` (nodecore_timer_free), which does not cancel.
 *  Nullable   user, release, out.   Node   setInterval           Since    0.1 */
NODECORE_API nodecore_status nodecore_loop_set_interval(nodecore_loop *loop, double ms,
                                                        nodecore_loop_cb cb, void *user,
                                                        nodecore_release release,
                                                        nodecore_timer **out);

/** Cancels; nothing happens if it has run or was cleared. Allowed inside the callback itself.
 *  Nullable   timer.           Node     clearTimeout …           Since    0.1 */
NODECORE_API void nodecore_timer_clear(nodecore_timer *timer);

/** Lets the timer keep the loop alive (the default), or not.
 *  Nullable   timer.           Node     timeout.ref(), unref()   Since    0.1 */
NODECORE_API void nodecore_timer_ref(nodecore_timer *timer);
NODECORE_API void nodecore_timer_unref(nodecore_timer *timer);

/** Returns whether the timer keeps, or before it ended kept, the loop alive; an immediate, only while it waits;
 *  false for NULL.
 *  Node       timeout.hasRef(), immediate.hasRef()               Since    0.1 */
NODECORE_API bool nodecore_timer_has_ref(const nodecore_timer *timer);

/** Starts the duration of a timeout or an interval anew, from now. Nothing happens if it was cleared, for an
 *  immediate, or if a timeout has begun to run (Node starts it again; `user` may be released by then).
 *  Nullable   timer.           Node     timeout.refresh()        Since    0.1 */
NODECORE_API void nodecore_timer_refresh(nodecore_timer *timer);

/** Ends the caller's use of the handle; the timer itself goes on.
 *  Nullable   timer.           Since    0.1 */
NODECORE_API void nodecore_timer_free(nodecore_timer *timer);

/* ---- Hosts with queues of their own ------------------------------------------------------------- */

/** A callback of the loop's that waits in a queue of the host's: run or freed once, on the loop's thread. */
typedef struct nodecore_task nodecore_task;

/** Functions of a host that has a tick queue or microtasks already, such as Node or a JavaScript engine. What is NULL is
 *  done by the loop's own queues. Each may call anything. */
typedef struct nodecore_host_hooks {
  size_t struct_size; /**< set by NODECORE_HOST_HOOKS_INIT */
  /** Puts `task`, which the host owns from here on, into the host's tick queue. */
  void (*next_tick)(nodecore_task *task, void *user);
  /** Puts `task`, which the host owns from here on, into the host's microtask queue. */
  void (*queue_microtask)(nodecore_task *task, void *user);
  /** Drains the host's queues: called after every callback of the loop's, when its own queues are empty. */
  void (*checkpoint)(void *user);
} nodecore_host_hooks;
#define NODECORE_HOST_HOOKS_INIT \
  { sizeof(nodecore_host_hooks), NULL, NULL, NULL }

/** Replaces the loop's tick and microtask queues by the host's from here on; what waits in its own still runs there.
 *  `hooks` is copied; NULL takes the host's away again. What was set before is released.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE for a NULL loop; NODECORE_ERR_OUT_OF_RANGE or
 *             NODECORE_ERR_INVALID_ARG_VALUE for a `hooks` of another version.
 *  Ownership  `release(user)` runs once: when other hooks are set, when the loop goes, or at once on failure.
 *  Nullable   hooks, user, release, err.                         Since    0.1 */
NODECORE_API nodecore_status nodecore_loop_set_host_hooks(nodecore_loop *loop,
                                                          const nodecore_host_hooks *hooks, void *user,
                                                          nodecore_release release,
                                                          nodecore_error **err);

/** Runs a task and frees it.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE for NULL; the error of a stream's NODECORE_EVENT_ERROR that
 *             nobody listens to, as nodecore_loop_run(); NODECORE_ERR_PANIC.
 *  Threads    the loop's.
 *  Nullable   err.             Since    0.1 */
NODECORE_API nodecore_status nodecore_task_run(nodecore_task *task, nodecore_error **err);

/** Frees a task without running it.
 *  Threads    the loop's.
 *  Nullable   task.            Since    0.1 */
NODECORE_API void nodecore_task_free(nodecore_task *task);

/** Asks a pending operation to end early; its callback still runs, with NODECORE_ECANCELED if it was
 *  in time.
 *  Returns    true if the operation had not ended yet.
 *  Nullable   req.             Since    0.1 */
NODECORE_API bool nodecore_request_cancel(nodecore_request *req);

/** Ends the caller's use of the handle; the operation itself goes on.
 *  Nullable   req.             Since    0.1 */
NODECORE_API void nodecore_request_free(nodecore_request *req);

/** Returns a waker for the loop, to be given to other threads; NULL for a NULL loop.
 *  Ownership  caller frees it (nodecore_waker_free), on any thread, before or after the loop.
 *  Since      0.1 */
NODECORE_API nodecore_waker *nodecore_loop_waker(const nodecore_loop *loop);

/** Makes the loop go through an iteration; harmless once the loop is closed.
 *  Threads    any thread, any time.                              Since    0.1 */
NODECORE_API void nodecore_loop_wake(const nodecore_waker *waker);

/** Frees a waker; NULL is allowed.
 *  Threads    any thread.                                        Since    0.1 */
NODECORE_API void nodecore_waker_free(nodecore_waker *waker);

#ifdef __cplusplus
}
#endif

#endif
