/** @file fs_stream.h Streams over files. Included by fs.h, whose head
 *  names the errors and what may be NULL.
 *
 *  Node       https://nodejs.org/api/fs.html#fscreatereadstreampath-options */
#ifndef NODECORE_FS_STREAM_H
#define NODECORE_FS_STREAM_H

#include "fs.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Options of nodecore_fs_create_*_stream(). NULL = all defaults; a zero field = that field's default. */
typedef struct nodecore_fs_stream_options {
  size_t struct_size;     /**< set by NODECORE_FS_STREAM_OPTIONS_INIT */
  size_t high_water_mark; /**< bytes; 0 = 65536 */
  int32_t flags;          /**< 0 = O_RDONLY, or O_WRONLY | O_CREAT | O_TRUNC for writing */
  int32_t mode;           /**< 0 = 0666, less the umask */
  uint64_t start;         /**< the first byte; 0: see has_start */
  bool has_end;           /**< true: `end` counts; reading only */
  uint64_t end;           /**< the last byte, inclusive */
  bool has_start;         /**< true: a `start` of 0 counts; else it is where the file stands */
  bool has_fd;            /**< true: the file at `fd`, which is open; the path is ignored */
  int32_t fd;             /**< a descriptor; closed with the stream unless no_auto_close */
  bool no_auto_close;     /**< Node's autoClose: false */
  bool no_emit_close;     /**< Node's emitClose: false */
  bool flush;             /**< writing only: wait until everything is on the device before closing */
  nodecore_str encoding;  /**< of the text that is read, or written without one; data NULL: bytes, UTF-8 */
  const nodecore_abort_signal *signal; /**< destroys the stream; kept; may be NULL */
} nodecore_fs_stream_options;
#define NODECORE_FS_STREAM_OPTIONS_INIT                                                           \
  { sizeof(nodecore_fs_stream_options), 0, 0, 0, 0, false, 0, false, false, 0, false, false,      \
    false, { NULL, 0 }, NULL }

/** Creates a stream over a file, which is opened at once, on the pool; what goes wrong there comes as
 *  NODECORE_EVENT_ERROR.
 *  Returns    also NODECORE_ERR_OUT_OF_RANGE (`end` before `start`); NODECORE_ERR_INVALID_ARG_VALUE for an
 *             encoding that is none, NODECORE_ERR_UNKNOWN_ENCODING for "buffer".
 *  Ownership  caller frees `*out` (nodecore_stream_free).
 *  Threads    the loop's.
 *  Node       fs.createReadStream, fs.createWriteStream, new fs.ReadStream, new fs.WriteStream
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_fs_create_read_stream(nodecore_loop *loop, const char *path,
                                                            size_t path_len,
                                                            const nodecore_fs_stream_options *opts,
                                                            nodecore_stream **out,
                                                            nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_create_write_stream(nodecore_loop *loop, const char *path,
                                                             size_t path_len,
                                                             const nodecore_fs_stream_options *opts,
                                                             nodecore_stream **out,
                                                             nodecore_error **err);

/* ---- Over a handle (fs_handle.h) --------------------------------------------------------------- */

/** Create a stream over the file of a handle, which closes the handle at the end, after an error and when it
 *  is destroyed; with no_auto_close when it is destroyed only. Of the options the path, fd, flags and mode
 *  are of no use here. A stream whose handle is closed by somebody else is destroyed when it would read or
 *  write next.
 *  Returns    also NODECORE_ERR_OUT_OF_RANGE (closed; `end` before `start`), and for the encoding as
 *             nodecore_fs_create_read_stream().
 *  Ownership  caller frees `*out` (nodecore_stream_free).
 *  Threads    the loop's.
 *  Node       filehandle.createReadStream, filehandle.createWriteStream  Since    0.1 */
NODECORE_API nodecore_status nodecore_file_handle_create_read_stream(
    nodecore_file_handle *handle, const nodecore_fs_stream_options *opts, nodecore_stream **out,
    nodecore_error **err);
NODECORE_API nodecore_status nodecore_file_handle_create_write_stream(
    nodecore_file_handle *handle, const nodecore_fs_stream_options *opts, nodecore_stream **out,
    nodecore_error **err);

/** Creates a stream of the file's lines, without what ends them (`\n`, `\r\n`, `\r`, U+2028, U+2029): each
 *  chunk is one, as UTF-8, also an empty one. Options and end as nodecore_file_handle_create_read_stream().
 *  Returns    as nodecore_file_handle_create_read_stream().
 *  Ownership  caller frees `*out` (nodecore_stream_free).
 *  Threads    the loop's.
 *  Node       filehandle.readLines, as a stream and not an interface of readline    Since    0.1 */
NODECORE_API nodecore_status nodecore_file_handle_read_lines(nodecore_file_handle *handle,
                                                             const nodecore_fs_stream_options *opts,
                                                             nodecore_stream **out,
                                                             nodecore_error **err);

/* ---- Functions in place of the system's -------------------------------------------------------- */

/** What a function of the caller's replies with, inside the call or later. */
typedef struct nodecore_fs_done nodecore_fs_done;

/** What opens, reads, writes and closes the file of a stream in place of the system. Pointers to bytes are
 *  good until the reply, a path for the call; a negative position is where the file stands. One call is out
 *  at a time. A reply has a value (nodecore_fs_done_call): the descriptor of `open`, which is the caller's to
 *  choose, the bytes that were read or written, nothing else.    Node: the option fs */
typedef struct nodecore_fs_stream_hooks {
  size_t struct_size; /**< set by NODECORE_FS_STREAM_HOOKS_INIT */
  /** Open a path; nullable if the options have a descriptor. */
  void (*open)(nodecore_str path, int32_t flags, uint32_t mode, nodecore_fs_done *done, void *user);
  /** Reading: fill `buffer` with up to `len` bytes; 0 are the end of the file. */
  void (*read)(nodecore_fd fd, void *buffer, size_t len, int64_t position, nodecore_fs_done *done,
               void *user);
  /** Writing: write up to `len` bytes; the rest comes again. Nullable if there is `writev`. */
  void (*write)(nodecore_fd fd, const void *data, size_t len, int64_t position,
                nodecore_fs_done *done, void *user);
  /** Writing: write several parts, up to all of them. NULL: `write` gets each. */
  void (*writev)(nodecore_fd fd, const nodecore_str *parts, size_t count, int64_t position,
                 nodecore_fs_done *done, void *user);
  /** Writing with the option flush: wait until everything is on the device. */
  void (*fsync)(nodecore_fd fd, nodecore_fs_done *done, void *user);
  /** Close what `open` gave; nullable with no_auto_close. */
  void (*close)(nodecore_fd fd, nodecore_fs_done *done, void *user);
} nodecore_fs_stream_hooks;
#define NODECORE_FS_STREAM_HOOKS_INIT \
  { sizeof(nodecore_fs_stream_hooks), NULL, NULL, NULL, NULL, NULL, NULL }

/** Replies with an error, or with `value` if that is NULL.
 *  Ownership  frees `done` in every case; `err` is copied.
 *  Nullable   done, err.       Threads  the loop's.                     Since    0.1 */
NODECORE_API void nodecore_fs_done_call(nodecore_fs_done *done, const nodecore_error *err,
                                        size_t value);

/** Frees the handle without a reply: the stream then waits until its loop is closed.
 *  Nullable   done.            Threads  the loop's.                     Since    0.1 */
NODECORE_API void nodecore_fs_done_free(nodecore_fs_done *done);

/** As nodecore_fs_create_*_stream(), over what functions open. By itself a call that is out does not keep the
 *  loop alive.
 *  Returns    also NODECORE_ERR_INVALID_ARG_TYPE for a function that is missing.
 *  Ownership  caller frees `*out` (nodecore_stream_free). `hooks` are copied; `release(user)` runs once, when
 *             the stream is gone, or at once on failure.
 *  Nullable   as there; not hooks.
 *  Threads    the loop's.
 *  Node       fs.createReadStream, fs.createWriteStream with fs         Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_create_read_stream_with(
    nodecore_loop *loop, const char *path, size_t path_len, const nodecore_fs_stream_options *opts,
    const nodecore_fs_stream_hooks *hooks, void *user, nodecore_release release,
    nodecore_stream **out, nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_create_write_stream_with(
    nodecore_loop *loop, const char *path, size_t path_len, const nodecore_fs_stream_options *opts,
    const nodecore_fs_stream_hooks *hooks, void *user, nodecore_release release,
    nodecore_stream **out, nodecore_error **err);

/* ---- What a stream tells of its file ----------------------------------------------------------- */

/* These take every handle of a stream over a file, also those that events lend; for another stream they fail
 * with NODECORE_ERR_INVALID_ARG_TYPE. */

/** Node's properties of a stream over a file. */
typedef struct nodecore_fs_stream_state {
  size_t struct_size;     /**< set by NODECORE_FS_STREAM_STATE_INIT; stays */
  uint64_t bytes_read;    /**< bytes delivered; 0 of one that writes */
  uint64_t bytes_written; /**< bytes written, without those that wait; 0 of one that reads */
  nodecore_str path;      /**< borrowed while the stream lives; data NULL: a descriptor or a handle */
  nodecore_fd fd;         /**< -1 while there is none */
  int32_t flags;          /**< how the file is opened */
  uint32_t mode;          /**< the permissions of a file that is made */
  bool pending;           /**< the file is not open: not yet, or no more */
  bool auto_close;        /**< it is closed at the end and after an error */
  bool has_start;         /**< false: from where the file stands */
  bool has_end;           /**< false: to the end of the file */
  uint64_t start;         /**< the first byte */
  uint64_t end;           /**< the last byte, inclusive; of one that reads */
} nodecore_fs_stream_state;
#define NODECORE_FS_STREAM_STATE_INIT                                                             \
  { sizeof(nodecore_fs_stream_state), 0, 0, { NULL, 0 }, 0, 0, 0, false, false, false, false, 0, 0 }

/** Writes what the stream is at.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE; NODECORE_ERR_OUT_OF_RANGE (size).
 *  Threads    the loop's.
 *  Node       bytesRead, bytesWritten, path, fd, pending, autoClose …   Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_stream_get_state(const nodecore_stream *stream,
                                                          nodecore_fs_stream_state *out);

/** The file is open. `fd` stays the stream's. */
typedef void (*nodecore_fs_fd_cb)(nodecore_fd fd, void *user);

/** Run `cb` when the path has been opened, `ready` right after `open`. A stream over a descriptor or a handle
 *  never tells.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE. On an error `cb` never runs, `release` does.
 *  Ownership  `release(user)` runs once, when the listener is gone.
 *  Nullable   user, release, id.
 *  Threads    the loop's.
 *  Node       the events open and ready                                 Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_stream_on_open(nodecore_stream *stream,
                                                        nodecore_fs_fd_cb cb, void *user,
                                                        nodecore_release release,
                                                        nodecore_listener_id *id);
NODECORE_API nodecore_status nodecore_fs_stream_on_ready(nodecore_stream *stream,
                                                         nodecore_loop_cb cb, void *user,
                                                         nodecore_release release,
                                                         nodecore_listener_id *id);

/** Removes a listener of any event, also those of stream.h.
 *  Returns    true if it was there.
 *  Nullable   stream.          Threads  the loop's.                     Since    0.1 */
NODECORE_API bool nodecore_fs_stream_off(nodecore_stream *stream, nodecore_listener_id id);

/** Closes the file: one that writes when all is written, also with no_auto_close; one that reads at once,
 *  which gives `cb` NODECORE_ERR_STREAM_PREMATURE_CLOSE before the end. `cb` runs when that is done.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE. On an error `cb` never runs, `release` does.
 *  Ownership  `release(user)` runs once, after `cb`.
 *  Nullable   cb, user, release.
 *  Threads    the loop's.
 *  Node       readStream.close, writeStream.close                       Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_stream_close(nodecore_stream *stream, nodecore_done_cb cb,
                                                      void *user, nodecore_release release);

#ifdef __cplusplus
}
#endif

#endif
