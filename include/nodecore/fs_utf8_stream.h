/** @file fs_utf8_stream.h A fast way to write logs. Included by fs.h, whose head names the errors and what
 *  may be NULL.
 *
 *  Bytes are taken as well as text, and lengths counted in bytes, so that there is no contentMode.
 *
 *  Threads    the loop's, of everything here.
 *  Node       https://nodejs.org/api/fs.html#class-fsutf8stream */
#ifndef NODECORE_FS_UTF8_STREAM_H
#define NODECORE_FS_UTF8_STREAM_H

#include "fs.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Writes text to a file, with what waits put together into few writes. Freed before its end it closes the
 *  file when nothing is under way; what waits is not written.    Node: fs.Utf8Stream */
typedef struct nodecore_utf8_stream nodecore_utf8_stream;

/** Options of nodecore_utf8_stream_new(). NULL = all defaults; a zero field = that field's default. */
typedef struct nodecore_utf8_stream_options {
  size_t struct_size;      /**< set by NODECORE_UTF8_STREAM_OPTIONS_INIT */
  size_t max_length;       /**< bytes that may wait; what would be more is dropped. 0: no limit */
  size_t max_write;        /**< bytes that are put together into one write; 0 = 16384 */
  size_t min_length;       /**< bytes that must wait before they are written */
  uint32_t periodic_flush; /**< milliseconds after which what waits is written, again and again; 0: never */
  int32_t mode;            /**< 0 = 0666, less the umask */
  nodecore_fd fd;          /**< a descriptor, if has_fd; closed unless it is 1 or 2 */
  bool has_fd;             /**< true: the file at `fd`, which is open; the path is ignored */
  bool no_append;          /**< Node's append: false: what is there is lost */
  bool fsync;              /**< wait after each write until it is on the device */
  bool mkdir;              /**< make the directories of the path */
  bool sync;               /**< block until everything is written */
} nodecore_utf8_stream_options;
#define NODECORE_UTF8_STREAM_OPTIONS_INIT                                                         \
  { sizeof(nodecore_utf8_stream_options), 0, 0, 0, 0, 0, 0, false, false, false, false, false }

/** Returns whether a write of `len` bytes that failed with NODECORE_EAGAIN or NODECORE_EBUSY is tried again,
 *  100 ms later; `behind` bytes wait behind it. `err` is borrowed for the call. */
typedef bool (*nodecore_utf8_stream_retry)(const nodecore_error *err, size_t len, size_t behind,
                                           void *user);

/** Creates a stream to a path, which is opened at once.
 *  Returns    also NODECORE_ERR_INVALID_ARG_VALUE (min_length not below max_write), NODECORE_ERR_OUT_OF_RANGE
 *             (a negative descriptor); with `sync` the system's. Else that the file cannot be opened comes as
 *             NODECORE_UTF8_STREAM_ERROR.
 *  Ownership  caller frees `*out` (nodecore_utf8_stream_free). `release(user)`, of `retry_eagain`, runs once,
 *             when the stream is gone, or at once without that function and on failure.
 *  Nullable   opts, retry_eagain (always again), user, release, err.
 *  Node       new fs.Utf8Stream                                          Since    0.1 */
NODECORE_API nodecore_status nodecore_utf8_stream_new(
    nodecore_loop *loop, const char *path, size_t path_len,
    const nodecore_utf8_stream_options *opts, nodecore_utf8_stream_retry retry_eagain, void *user,
    nodecore_release release, nodecore_utf8_stream **out, nodecore_error **err);

/** Frees the handle.          Nullable   stream.                         Since    0.1 */
NODECORE_API void nodecore_utf8_stream_free(nodecore_utf8_stream *stream);

/** Has `data` written. `*more` false: much waits, and NODECORE_UTF8_STREAM_DRAIN will say when it is gone.
 *  Returns    also NODECORE_ERR_INVALID_STATE (destroyed), NODECORE_ERR_OUT_OF_RANGE (could not be opened).
 *  Ownership  `data` is copied.
 *  Nullable   more, err; data with len 0.
 *  Node       utf8Stream.write                                           Since    0.1 */
NODECORE_API nodecore_status nodecore_utf8_stream_write(nodecore_utf8_stream *stream,
                                                        const char *data, size_t len, bool *more,
                                                        nodecore_error **err);

/** Writes what waits, however little; `cb` runs when it is on the device, or has failed.
 *  Returns    as nodecore_utf8_stream_write(). On an error `cb` never runs, `release` does.
 *  Nullable   cb, user, release, err.
 *  Node       utf8Stream.flush                                           Since    0.1 */
NODECORE_API nodecore_status nodecore_utf8_stream_flush(nodecore_utf8_stream *stream,
                                                        nodecore_fs_cb cb, void *user,
                                                        nodecore_release release,
                                                        nodecore_error **err);

/** Writes what waits here and now, and waits until it is on the device.
 *  Returns    also NODECORE_ERR_INVALID_STATE (destroyed, or not open yet).
 *  Node       utf8Stream.flushSync                                       Since    0.1 */
NODECORE_API nodecore_status nodecore_utf8_stream_flush_sync(nodecore_utf8_stream *stream,
                                                             nodecore_error **err);

/** Goes on with the file again, after it was moved away, or with another. What waits is written to the new
 *  one, what is being written to the old.
 *  Returns    also NODECORE_ERR_INVALID_STATE (destroyed; no path where it has none); with `sync` the
 *             system's. Else that it cannot be opened comes as NODECORE_UTF8_STREAM_ERROR, and it goes on
 *             with the old one.
 *  Nullable   path with path_len 0 (the same), err.
 *  Node       utf8Stream.reopen                                          Since    0.1 */
NODECORE_API nodecore_status nodecore_utf8_stream_reopen(nodecore_utf8_stream *stream,
                                                         const char *path, size_t path_len,
                                                         nodecore_error **err);

/** Writes what waits, tells NODECORE_UTF8_STREAM_FINISH, and closes the file.
 *  Returns    also NODECORE_ERR_INVALID_STATE (destroyed).
 *  Node       utf8Stream.end                                             Since    0.1 */
NODECORE_API nodecore_status nodecore_utf8_stream_end(nodecore_utf8_stream *stream,
                                                      nodecore_error **err);

/** Closes the file; what waits is lost.
 *  Nullable   stream.
 *  Node       utf8Stream.destroy, Symbol.dispose                         Since    0.1 */
NODECORE_API void nodecore_utf8_stream_destroy(nodecore_utf8_stream *stream);

/* ---- Events ------------------------------------------------------------------------------------ */

/** Events of nodecore_utf8_stream_on(). */
enum {
  NODECORE_UTF8_STREAM_READY = 1,  /**< the file is open */
  NODECORE_UTF8_STREAM_DRAIN = 2,  /**< nothing is left to write */
  NODECORE_UTF8_STREAM_FINISH = 3, /**< all is written after nodecore_utf8_stream_end() */
  NODECORE_UTF8_STREAM_CLOSE = 4,  /**< the file is closed; listeners go behind it */
  NODECORE_UTF8_STREAM_ERROR = 5   /**< it cannot be opened, written to or closed */
};

/** `n` bytes were written. */
typedef void (*nodecore_utf8_stream_write_cb)(size_t n, void *user);
/** `data` are dropped for want of room; borrowed for the call. */
typedef void (*nodecore_utf8_stream_drop_cb)(nodecore_str data, void *user);

/** Run `cb` at every event of a kind. An error that nobody listens to is returned by nodecore_loop_run().
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE; NODECORE_ERR_OUT_OF_RANGE (another event). On an
 *             error `cb` never runs, `release` does.
 *  Ownership  `release(user)` runs once, when the listener is gone.
 *  Nullable   user, release, id.
 *  Node       the events ready, drain, finish, close, error; write; drop Since    0.1 */
NODECORE_API nodecore_status nodecore_utf8_stream_on(nodecore_utf8_stream *stream, int32_t event,
                                                     nodecore_event_cb cb, void *user,
                                                     nodecore_release release,
                                                     nodecore_listener_id *id);
NODECORE_API nodecore_status nodecore_utf8_stream_on_write(nodecore_utf8_stream *stream,
                                                           nodecore_utf8_stream_write_cb cb,
                                                           void *user, nodecore_release release,
                                                           nodecore_listener_id *id);
NODECORE_API nodecore_status nodecore_utf8_stream_on_drop(nodecore_utf8_stream *stream,
                                                          nodecore_utf8_stream_drop_cb cb,
                                                          void *user, nodecore_release release,
                                                          nodecore_listener_id *id);

/** Removes a listener of any event.
 *  Returns    true if it was there.
 *  Nullable   stream.                                                    Since    0.1 */
NODECORE_API bool nodecore_utf8_stream_off(nodecore_utf8_stream *stream, nodecore_listener_id id);

/* ---- State ------------------------------------------------------------------------------------- */

/** How the stream was made, and what it is at. */
typedef struct nodecore_utf8_stream_state {
  size_t struct_size; /**< set by NODECORE_UTF8_STREAM_STATE_INIT; stays */
  size_t max_length;
  size_t max_write;
  size_t min_length;
  uint32_t periodic_flush;
  uint32_t mode;
  nodecore_fd fd; /**< -1 before it is open, and after it is closed */
  bool writing;   /**< something is being written, or the file opened */
  bool append;
  bool fsync;
  bool mkdir;
  bool sync;
} nodecore_utf8_stream_state;
#define NODECORE_UTF8_STREAM_STATE_INIT                                                           \
  { sizeof(nodecore_utf8_stream_state), 0, 0, 0, 0, 0, 0, false, false, false, false, false }

/** Writes what the stream is at.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (a NULL argument); NODECORE_ERR_OUT_OF_RANGE (size).
 *  Node       append, fd, fsync, maxLength, minLength, mkdir, mode, periodicFlush, sync, writing
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_utf8_stream_get_state(const nodecore_utf8_stream *stream,
                                                            nodecore_utf8_stream_state *out);

/** Gives the path; nothing before the file is open, and if it is a descriptor.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Node       utf8Stream.file                                            Since    0.1 */
NODECORE_API nodecore_status nodecore_utf8_stream_file(const nodecore_utf8_stream *stream,
                                                       nodecore_buf *out, nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
