/** @file events.h Event emitters: listeners by the name of an event, called in order.
 *
 *  What an event carries is one pointer of the caller's, which the library only passes on: a struct, a
 *  nodecore_str, the arguments of a JavaScript function. Names are UTF-8.
 *
 *  An emission runs over the listeners that are there when it begins. Inside a listener the emitter may be
 *  used in every way and be freed. The events `error`, `newListener` and `removeListener` are the library's
 *  own, with functions of their own below; their listeners are counted and removed with the others.
 *
 *  Threads    everything here belongs to one thread, the one that made the emitter.
 *  Node       https://nodejs.org/api/events.html */
#ifndef NODECORE_EVENTS_H
#define NODECORE_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "export.h"
#include "loop.h"
#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

/** An emitter. Handles count references: it is gone with the last one. */
typedef struct nodecore_emitter nodecore_emitter;

/** Names a listener, of an emitter or of an abort signal, so that it can be removed. Plain data; one that
 *  is all zeroes names none. */
typedef struct nodecore_listener_id {
  uint64_t number_; /**< private */
  uint32_t tag_;    /**< private */
} nodecore_listener_id;

/** A listener. NODECORE_OK goes on to the next one; another status ends the emission, as an exception does in
 *  Node, and nodecore_emitter_emit() returns it. `payload` is borrowed for the call. */
typedef nodecore_status (*nodecore_listener_cb)(void *payload, void *user);

/** A listener of errors. `err` is borrowed for the call, never NULL. */
typedef void (*nodecore_error_cb)(const nodecore_error *err, void *user);

/** A listener of `newListener` and `removeListener`. `event` is borrowed for the call. */
typedef void (*nodecore_watch_cb)(nodecore_str event, nodecore_listener_id id, void *user);

/** Gets a text that is borrowed for the call. */
typedef void (*nodecore_text_cb)(nodecore_str text, void *user);

/** Gets the failure of a listener that went on asynchronously. All are borrowed for the call. */
typedef void (*nodecore_rejection_cb)(const nodecore_error *err, nodecore_str event, void *payload,
                                      void *user);

/** How a listener is added: 0 or a sum. */
enum {
  NODECORE_LISTEN_ONCE = 1,   /**< it is removed just before its first call */
  NODECORE_LISTEN_PREPEND = 2 /**< before the listeners that are there */
};

/** The event of nodecore_emitter_on_error_monitor(), the text of Node's symbol. */
#define NODECORE_ERROR_MONITOR "Symbol(events.errorMonitor)"

/** Options of nodecore_emitter_new(). NULL = all defaults; a zero field = that field's default. */
typedef struct nodecore_emitter_options {
  size_t struct_size;        /**< set by NODECORE_EMITTER_OPTIONS_INIT */
  int32_t capture_rejections; /**< 1: yes, -1: no, 0: nodecore_events_capture_rejections() */
  void (*retain)(void *payload);  /**< keeps a payload for nodecore_emitter_reject(); NULL: nothing to do */
  void (*release)(void *payload); /**< undoes `retain`, once for each */
} nodecore_emitter_options;
#define NODECORE_EMITTER_OPTIONS_INIT \
  { sizeof(nodecore_emitter_options), 0, NULL, NULL }

/** Creates an emitter without listeners.
 *  Returns    NODECORE_OK; NODECORE_ERR_OUT_OF_RANGE for another capture_rejections.
 *  Ownership  caller frees `*out` (nodecore_emitter_free).
 *  Nullable   opts, err.       Node     new EventEmitter([options])      Since    0.1 */
NODECORE_API nodecore_status nodecore_emitter_new(const nodecore_emitter_options *opts,
                                                  nodecore_emitter **out, nodecore_error **err);

/** Frees the handle. With the last one the listeners go, and their `release` runs.
 *  Nullable   emitter.         Since    0.1 */
NODECORE_API void nodecore_emitter_free(nodecore_emitter *emitter);

/** Returns another handle of the same emitter, to be freed as well; NULL for NULL.   Since    0.1 */
NODECORE_API nodecore_emitter *nodecore_emitter_copy(const nodecore_emitter *emitter);

/** Adds a listener of `event`; `flags` are NODECORE_LISTEN_*. `release(user)` runs once, when it is gone.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (a NULL emitter or callback);
 *             NODECORE_ERR_INVALID_ARG_VALUE (a name that is not UTF-8); NODECORE_ERR_OUT_OF_RANGE (flags).
 *             On an error `cb` never runs, `release` does.
 *  Nullable   user, release, id.
 *  Node       emitter.on, once, prependListener, prependOnceListener     Since    0.1 */
NODECORE_API nodecore_status nodecore_emitter_on(nodecore_emitter *emitter, const char *event,
                                                 size_t event_len, uint32_t flags,
                                                 nodecore_listener_cb cb, void *user,
                                                 nodecore_release release, nodecore_listener_id *id);

/** Removes a listener of any kind. An emission that has begun still calls it; `release` waits for that.
 *  Returns    true if it was there.
 *  Nullable   emitter.         Node     emitter.off                      Since    0.1 */
NODECORE_API bool nodecore_emitter_off(nodecore_emitter *emitter, nodecore_listener_id id);

/** Removes the listeners of `event`, newest first; of all events if `event` is NULL.
 *  Returns    as nodecore_emitter_on().
 *  Nullable   event.           Node     emitter.removeAllListeners       Since    0.1 */
NODECORE_API nodecore_status nodecore_emitter_remove_all(nodecore_emitter *emitter, const char *event,
                                                         size_t event_len);

/** Calls the listeners of `event` with `payload`. `*heard` tells whether there are any.
 *  Returns    NODECORE_OK; the status of the first listener that returns another one (those behind it are not
 *             called); NODECORE_ERR_UNHANDLED_ERROR for an `error` without listeners; arguments as of
 *             nodecore_emitter_on().
 *  Nullable   payload, heard, err.   Node   emitter.emit                 Since    0.1 */
NODECORE_API nodecore_status nodecore_emitter_emit(nodecore_emitter *emitter, const char *event,
                                                   size_t event_len, void *payload, bool *heard,
                                                   nodecore_error **err);

/** Calls the monitors of errors, then the listeners of nodecore_emitter_on_error(). `error` is copied.
 *  Returns    NODECORE_OK; without a listener the status of `error`, and `*err` is a copy of it, as Node throws
 *             it; NODECORE_ERR_INVALID_ARG_TYPE (a NULL emitter or error).
 *  Nullable   err.             Node     emitter.emit('error', error)     Since    0.1 */
NODECORE_API nodecore_status nodecore_emitter_emit_error(nodecore_emitter *emitter,
                                                         const nodecore_error *error,
                                                         nodecore_error **err);

/** Adds a listener of nodecore_emitter_emit_error(). All as nodecore_emitter_on().
 *  Nullable   user, release, id.     Node   emitter.on('error')          Since    0.1 */
NODECORE_API nodecore_status nodecore_emitter_on_error(nodecore_emitter *emitter, uint32_t flags,
                                                       nodecore_error_cb cb, void *user,
                                                       nodecore_release release,
                                                       nodecore_listener_id *id);

/** Adds a listener that sees each error first and does not count as a listener of it.
 *  All as nodecore_emitter_on().
 *  Nullable   user, release, id.     Node   events.errorMonitor          Since    0.1 */
NODECORE_API nodecore_status nodecore_emitter_on_error_monitor(nodecore_emitter *emitter,
                                                               uint32_t flags, nodecore_error_cb cb,
                                                               void *user, nodecore_release release,
                                                               nodecore_listener_id *id);

/** Adds a listener that is told before a listener is added.
 *  Returns    as nodecore_emitter_on().
 *  Nullable   user, release, id.     Node   emitter.on('newListener')    Since    0.1 */
NODECORE_API nodecore_status nodecore_emitter_on_new_listener(nodecore_emitter *emitter,
                                                              nodecore_watch_cb cb, void *user,
                                                              nodecore_release release,
                                                              nodecore_listener_id *id);

/** Adds a listener that is told after a listener was removed.
 *  Returns    as nodecore_emitter_on().
 *  Nullable   user, release, id.     Node   emitter.on('removeListener') Since    0.1 */
NODECORE_API nodecore_status nodecore_emitter_on_remove_listener(nodecore_emitter *emitter,
                                                                 nodecore_watch_cb cb, void *user,
                                                                 nodecore_release release,
                                                                 nodecore_listener_id *id);

/** Returns how many listen to `event`; 0 for a NULL emitter or a name that is not UTF-8.
 *  Node       emitter.listenerCount                                      Since    0.1 */
NODECORE_API size_t nodecore_emitter_listener_count(const nodecore_emitter *emitter, const char *event,
                                                    size_t event_len);

/** Writes the ids of the first `capacity` listeners of `event`, in order.
 *  Returns    how many there are, as nodecore_emitter_listener_count().
 *  Nullable   ids with capacity 0.   Node   emitter.listeners, events.getEventListeners   Since   0.1 */
NODECORE_API size_t nodecore_emitter_listeners(const nodecore_emitter *emitter, const char *event,
                                               size_t event_len, nodecore_listener_id *ids,
                                               size_t capacity);

/** Calls `cb` with the name of each event that has listeners: array indices by value, then the others in the
 *  order in which they got their first listener, NODECORE_ERROR_MONITOR last.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (a NULL emitter or callback).
 *  Nullable   user.            Node     emitter.eventNames               Since    0.1 */
NODECORE_API nodecore_status nodecore_emitter_event_names(const nodecore_emitter *emitter,
                                                          nodecore_text_cb cb, void *user);

/** Return and set how many listeners an event may have before a warning; 0 is no limit.
 *  Nullable   emitter.
 *  Node       emitter.getMaxListeners, setMaxListeners                   Since    0.1 */
NODECORE_API size_t nodecore_emitter_max_listeners(const nodecore_emitter *emitter);
NODECORE_API void nodecore_emitter_set_max_listeners(nodecore_emitter *emitter, size_t count);

/** Returns whether failures of asynchronous listeners are to go to nodecore_emitter_reject().
 *  Node       captureRejections                                          Since    0.1 */
NODECORE_API bool nodecore_emitter_captures_rejections(const nodecore_emitter *emitter);

/** Reports that a listener of `event` that went on asynchronously has failed: from the loop's next tick the
 *  handler of nodecore_emitter_on_rejection() gets it, or the listeners of errors; without either
 *  nodecore_loop_run() returns it. `error` and `event` are copied; `payload` is kept with the emitter's `retain`.
 *  Returns    NODECORE_OK; arguments as of nodecore_emitter_on().
 *  Nullable   payload.         Node     what captureRejections does with a rejected promise   Since   0.1 */
NODECORE_API nodecore_status nodecore_emitter_reject(nodecore_emitter *emitter, nodecore_loop *loop,
                                                     const char *event, size_t event_len,
                                                     void *payload, const nodecore_error *error);

/** Sets who gets rejections in place of the listeners of errors; a NULL `cb`: nobody. `release` runs when it is
 *  replaced or the emitter goes.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (a NULL emitter).
 *  Nullable   cb, user, release.
 *  Node       emitter[Symbol.for('nodejs.rejection')]                    Since    0.1 */
NODECORE_API nodecore_status nodecore_emitter_on_rejection(nodecore_emitter *emitter,
                                                           nodecore_rejection_cb cb, void *user,
                                                           nodecore_release release);

/** Return and set the limit of this thread's emitters that have none of their own: 10 at first, 0 is no limit.
 *  Node       events.defaultMaxListeners                                 Since    0.1 */
NODECORE_API size_t nodecore_events_default_max_listeners(void);
NODECORE_API void nodecore_events_set_default_max_listeners(size_t count);

/** Return and set whether emitters that this thread creates capture rejections: false at first.
 *  Node       events.captureRejections                                   Since    0.1 */
NODECORE_API bool nodecore_events_capture_rejections(void);
NODECORE_API void nodecore_events_set_capture_rejections(bool capture);

/** Sets who gets this thread's warnings of too many listeners; with a NULL `cb` they go to standard error.
 *  `release` runs when it is replaced.
 *  Nullable   cb, user, release.
 *  Node       process.on('warning')                                      Since    0.1 */
NODECORE_API void nodecore_events_on_warning(nodecore_text_cb cb, void *user, nodecore_release release);

#ifdef __cplusplus
}
#endif

#endif
