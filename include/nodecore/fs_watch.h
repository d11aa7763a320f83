/** @file fs_watch.h Being told of changes: by the system (watch), or by looking now and then (watch_file).
 *  Included by fs.h, whose head names the errors and what may be NULL.
 *
 *  Listeners are called on the loop's thread; inside one, the watcher may be used in every way, closed and
 *  freed. `release(user)` of a listener runs once in every outcome, when it is gone: removed, or the watcher
 *  closed. A watcher keeps the loop alive, unless it is not persistent or nodecore_…_unref() was called.
 *
 *  Threads    everything here belongs to the loop's thread.
 *  Node       https://nodejs.org/api/fs.html#fswatchfilename-options-listener */
#ifndef NODECORE_FS_WATCH_H
#define NODECORE_FS_WATCH_H

#include "abort.h"
#include "events.h"
#include "fs.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- watch ------------------------------------------------------------------------------------- */

/** Watches until it is closed, or the loop is; freeing the handle does not end that.
 *  Node       fs.FSWatcher */
typedef struct nodecore_fs_watcher nodecore_fs_watcher;

/** What happened. */
enum {
  NODECORE_FS_EVENT_RENAME = 1, /**< a name came or went; Node: 'rename' */
  NODECORE_FS_EVENT_CHANGE = 2  /**< content or metadata changed; Node: 'change' */
};

/** Told of NODECORE_FS_EVENT_*, and the name it happened to: an entry of the directory that is watched, a
 *  path below it with `recursive`, or the last part of the path of what is watched itself. Borrowed for the
 *  call. */
typedef void (*nodecore_fs_watch_cb)(int32_t event, nodecore_str name, void *user);

/** Says whether a name is not told of; true: it is ignored. The name, bytes, is borrowed for the call. */
typedef bool (*nodecore_fs_watch_ignore)(nodecore_str name, void *user);

/** Options of nodecore_fs_watch(). NULL = all defaults; a zero field = that field's default. */
typedef struct nodecore_fs_watch_options {
  size_t struct_size;        /**< set by NODECORE_FS_WATCH_OPTIONS_INIT */
  bool no_persistent;        /**< true: it does not keep the loop alive */
  bool recursive;            /**< true: the directories within as well */
  bool no_throw_if_no_entry; /**< true: it is no error that nothing is there; nothing is watched then */
  nodecore_str encoding;     /**< of names: as in fs_dir.h */
  const nodecore_str *ignore; /**< globs of names not told of; one without `/` is for the last part */
  size_t ignore_count;        /**< how many there are */
  nodecore_fs_watch_ignore ignore_fn;  /**< beside `ignore`; may be NULL */
  const nodecore_abort_signal *signal; /**< closes it; kept; may be NULL */
  void *user;                          /**< for `ignore_fn`; valid until the watcher closes, or the loop */
} nodecore_fs_watch_options;
#define NODECORE_FS_WATCH_OPTIONS_INIT \
  { sizeof(nodecore_fs_watch_options), false, false, false, { NULL, 0 }, NULL, 0, NULL, NULL, NULL }

/** Watches a file or a directory, or with `recursive` a tree. `cb` is told what happens, as by
 *  nodecore_fs_watcher_on_change().
 *  Errors     the system's, syscall `watch`, or `stat` with `recursive`; NODECORE_ERR_INVALID_ARG_VALUE for a
 *             path with a NUL inside, an unknown encoding, and an empty, too long or not UTF-8 pattern to
 *             ignore.
 *  Ownership  caller frees `*out` (nodecore_fs_watcher_free).
 *  Nullable   also cb.
 *  Node       fs.watch, fsPromises.watch                         Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_watch(nodecore_loop *loop, const char *path,
                                               size_t path_len,
                                               const nodecore_fs_watch_options *opts,
                                               nodecore_fs_watch_cb cb, void *user,
                                               nodecore_release release, nodecore_fs_watcher **out,
                                               nodecore_error **err);

/** Adds a listener of what happens.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (a NULL watcher or callback).
 *  Nullable   user, release, id.   Node   watcher.on('change')   Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_watcher_on_change(nodecore_fs_watcher *watcher,
                                                           nodecore_fs_watch_cb cb, void *user,
                                                           nodecore_release release,
                                                           nodecore_listener_id *id);

/** Adds a listener that is told when something cannot be watched any more. Without one, such an error ends
 *  nodecore_loop_run(), which returns it. All as nodecore_fs_watcher_on_change().
 *  Nullable   user, release, id.   Node   watcher.on('error')    Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_watcher_on_error(nodecore_fs_watcher *watcher,
                                                          nodecore_error_cb cb, void *user,
                                                          nodecore_release release,
                                                          nodecore_listener_id *id);

/** Adds a listener that is told when it is closed. All as nodecore_fs_watcher_on_change().
 *  Nullable   user, release, id.   Node   watcher.on('close')    Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_watcher_on_close(nodecore_fs_watcher *watcher,
                                                          nodecore_loop_cb cb, void *user,
                                                          nodecore_release release,
                                                          nodecore_listener_id *id);

/** Removes a listener of any kind.
 *  Returns    true if it was there.
 *  Nullable   watcher.         Node     watcher.off              Since    0.1 */
NODECORE_API bool nodecore_fs_watcher_off(nodecore_fs_watcher *watcher, nodecore_listener_id id);

/** Watches no more. Who listens is told from a tick, or at once with `recursive`; the second time nothing
 *  happens.
 *  Nullable   watcher.         Node     watcher.close()          Since    0.1 */
NODECORE_API void nodecore_fs_watcher_close(nodecore_fs_watcher *watcher);

/** Lets the watcher keep the loop alive (the default), or not.
 *  Nullable   watcher.         Node     watcher.ref(), unref()   Since    0.1 */
NODECORE_API void nodecore_fs_watcher_ref(nodecore_fs_watcher *watcher);
NODECORE_API void nodecore_fs_watcher_unref(nodecore_fs_watcher *watcher);

/** Ends the caller's use of the handle; the watcher itself goes on.
 *  Nullable   watcher.         Since    0.1 */
NODECORE_API void nodecore_fs_watcher_free(nodecore_fs_watcher *watcher);

/* ---- watch_file -------------------------------------------------------------------------------- */

/** Looks at a path now and then until it is stopped, or the loop closes; freeing the handle does not end
 *  that.
 *  Node       fs.StatWatcher */
typedef struct nodecore_stat_watcher nodecore_stat_watcher;

/** Told what is at the path and what was before; all numbers are 0 where nothing is. Borrowed for the
 *  call. */
typedef void (*nodecore_fs_watch_file_cb)(const nodecore_stats *now, const nodecore_stats *before,
                                          void *user);

/** Options of nodecore_fs_watch_file(). NULL = all defaults; a zero field = that field's default. */
typedef struct nodecore_fs_watch_file_options {
  size_t struct_size; /**< set by NODECORE_FS_WATCH_FILE_OPTIONS_INIT */
  bool no_persistent; /**< true: it does not keep the loop alive */
  uint32_t interval;  /**< milliseconds from one look to the next; 0 = 5007 */
} nodecore_fs_watch_file_options;
#define NODECORE_FS_WATCH_FILE_OPTIONS_INIT \
  { sizeof(nodecore_fs_watch_file_options), false, 0 }

/** Calls `cb` whenever a look at `path` finds a difference; where nothing is from the start, once. Whoever
 *  watches the same path on the same loop shares one watcher, with the interval of the first. The times have
 *  nanoseconds, so that there is no `bigint`.
 *  Errors     NODECORE_ERR_INVALID_ARG_VALUE for a path with a NUL inside; NODECORE_ECANCELED if the loop has
 *             closed.
 *  Ownership  caller frees `*out` (nodecore_stat_watcher_free).
 *  Nullable   also out, id (of the listener).
 *  Node       fs.watchFile                                       Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_watch_file(nodecore_loop *loop, const char *path,
                                                    size_t path_len,
                                                    const nodecore_fs_watch_file_options *opts,
                                                    nodecore_fs_watch_file_cb cb, void *user,
                                                    nodecore_release release,
                                                    nodecore_stat_watcher **out,
                                                    nodecore_listener_id *id, nodecore_error **err);

/** Takes the listener `*id` of nodecore_fs_watch_file() away, or all if `id` is NULL; with the last one the
 *  watching ends. Nothing happens where nothing is watched.
 *  Nullable   also id.         Node     fs.unwatchFile           Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_unwatch_file(nodecore_loop *loop, const char *path,
                                                      size_t path_len,
                                                      const nodecore_listener_id *id,
                                                      nodecore_error **err);

/** Adds a listener as nodecore_fs_watch_file() does.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (a NULL watcher or callback).
 *  Nullable   user, release, id.   Node   watcher.on('change')   Since    0.1 */
NODECORE_API nodecore_status nodecore_stat_watcher_on_change(nodecore_stat_watcher *watcher,
                                                             nodecore_fs_watch_file_cb cb,
                                                             void *user, nodecore_release release,
                                                             nodecore_listener_id *id);

/** Adds a listener that is told when it has stopped. All as nodecore_stat_watcher_on_change().
 *  Nullable   user, release, id.   Node   watcher.on('stop')     Since    0.1 */
NODECORE_API nodecore_status nodecore_stat_watcher_on_stop(nodecore_stat_watcher *watcher,
                                                           nodecore_loop_cb cb, void *user,
                                                           nodecore_release release,
                                                           nodecore_listener_id *id);

/** Removes a listener of either kind. The watching does not end for want of them.
 *  Returns    true if it was there.
 *  Nullable   watcher.         Node     watcher.off              Since    0.1 */
NODECORE_API bool nodecore_stat_watcher_off(nodecore_stat_watcher *watcher, nodecore_listener_id id);

/** Looks no more. Who listens is told from a tick; the second time nothing happens.
 *  Nullable   watcher.         Node     watcher.stop()           Since    0.1 */
NODECORE_API void nodecore_stat_watcher_stop(nodecore_stat_watcher *watcher);

/** Lets the watcher keep the loop alive (the default), or not.
 *  Nullable   watcher.         Node     watcher.ref(), unref()   Since    0.1 */
NODECORE_API void nodecore_stat_watcher_ref(nodecore_stat_watcher *watcher);
NODECORE_API void nodecore_stat_watcher_unref(nodecore_stat_watcher *watcher);

/** Ends the caller's use of the handle; the watcher itself goes on.
 *  Nullable   watcher.         Since    0.1 */
NODECORE_API void nodecore_stat_watcher_free(nodecore_stat_watcher *watcher);

#ifdef __cplusplus
}
#endif

#endif
