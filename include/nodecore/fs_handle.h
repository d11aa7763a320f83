/** @file fs_handle.h Open files as objects. Included by fs.h, whose head names the errors and what may be
 *  NULL.
 *
 *  Handles count references. The last one to be freed closes the file, when what is under way has come back;
 *  nobody is told how that went. A handle belongs to the loop that it was opened on. Its operations may be
 *  under way at the same time; the close waits for them. After it was closed they fail with NODECORE_EBADF,
 *  `file closed`, which is returned: the callback then never runs.
 *
 *  Threads    the loop's, of everything here.
 *  Node       https://nodejs.org/api/fs.html#class-filehandle */
#ifndef NODECORE_FS_HANDLE_H
#define NODECORE_FS_HANDLE_H

#include "fs.h"
#include "web.h"

#ifdef __cplusplus
extern "C" {
#endif

/** `handle` is the caller's to free; NULL on an error. */
typedef void (*nodecore_file_handle_cb)(const nodecore_error *err, nodecore_file_handle *handle,
                                        void *user);

/** `n` bytes were read; `count` buffers, each cut to what was read into it, are lent for the call. */
typedef void (*nodecore_file_handle_readv_cb)(const nodecore_error *err, size_t n, nodecore_buf *bufs,
                                              size_t count, void *user);

/** Opens a file. `mode` 0 = 0666, less the umask.
 *  Ownership  caller frees the handle (nodecore_file_handle_free). One that is opened when the loop has been
 *             closed is closed again.
 *  Node       fsPromises.open                                            Since    0.1 */
NODECORE_API nodecore_status nodecore_file_handle_open(nodecore_loop *loop, const char *path,
                                                       size_t path_len, int32_t flags, int32_t mode,
                                                       nodecore_file_handle_cb cb, void *user,
                                                       nodecore_release release,
                                                       nodecore_request **req, nodecore_error **err);

/** Frees the handle.          Nullable   handle.                         Since    0.1 */
NODECORE_API void nodecore_file_handle_free(nodecore_file_handle *handle);

/** Returns another handle of the same file, to be freed as well; NULL for NULL.   Since    0.1 */
NODECORE_API nodecore_file_handle *nodecore_file_handle_copy(const nodecore_file_handle *handle);

/** Returns the descriptor; -1 once it is closed or being closed, and for NULL.
 *  Node       filehandle.fd                                              Since    0.1 */
NODECORE_API nodecore_fd nodecore_file_handle_fd(const nodecore_file_handle *handle);

/** Closes the file when all that is under way has come back. A second call is told the same.
 *  Node       filehandle.close, Symbol.asyncDispose                      Since    0.1 */
NODECORE_API nodecore_status nodecore_file_handle_close(nodecore_file_handle *handle,
                                                        nodecore_fs_cb cb, void *user,
                                                        nodecore_release release,
                                                        nodecore_error **err);

/** Runs `cb` when the file has been closed by nodecore_file_handle_close() or by a stream.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE. On an error `cb` never runs, `release` does.
 *  Ownership  `release(user)` runs once, when the listener is gone.
 *  Nullable   user, release, id.
 *  Node       the event close                                            Since    0.1 */
NODECORE_API nodecore_status nodecore_file_handle_on_close(nodecore_file_handle *handle,
                                                           nodecore_loop_cb cb, void *user,
                                                           nodecore_release release,
                                                           nodecore_listener_id *id);

/** Removes a listener.
 *  Returns    true if it was there.
 *  Nullable   handle.                                                    Since    0.1 */
NODECORE_API bool nodecore_file_handle_off(nodecore_file_handle *handle, nodecore_listener_id id);

/* ---- Reading and writing ----------------------------------------------------------------------- */

/** Reads up to `len` bytes from `position`, or from the current one if it is negative. 0 bytes mean the end
 *  of the file.
 *  Ownership  the bytes are lent to the callback.
 *  Node       filehandle.read                                            Since    0.1 */
NODECORE_API nodecore_status nodecore_file_handle_read(nodecore_file_handle *handle, size_t len,
                                                       int64_t position, nodecore_fs_data_cb cb,
                                                       void *user, nodecore_release release,
                                                       nodecore_request **req, nodecore_error **err);

/** Reads into `count` buffers of these sizes in turn.
 *  Ownership  `lens` are copied; the buffers are lent to the callback.
 *  Node       filehandle.readv                                           Since    0.1 */
NODECORE_API nodecore_status nodecore_file_handle_readv(nodecore_file_handle *handle,
                                                        const size_t *lens, size_t count,
                                                        int64_t position,
                                                        nodecore_file_handle_readv_cb cb, void *user,
                                                        nodecore_release release,
                                                        nodecore_request **req,
                                                        nodecore_error **err);

/** Writes up to `len` bytes at `position`, or at the current one if it is negative. Fewer may be written.
 *  Ownership  `data` is copied.
 *  Node       filehandle.write                                           Since    0.1 */
NODECORE_API nodecore_status nodecore_file_handle_write(nodecore_file_handle *handle,
                                                        const void *data, size_t len,
                                                        int64_t position, nodecore_fs_io_cb cb,
                                                        void *user, nodecore_release release,
                                                        nodecore_request **req,
                                                        nodecore_error **err);

/** Writes several parts in turn. Fewer bytes may be written.
 *  Ownership  `parts` are copied, with their bytes.
 *  Node       filehandle.writev                                          Since    0.1 */
NODECORE_API nodecore_status nodecore_file_handle_writev(nodecore_file_handle *handle,
                                                         const nodecore_str *parts, size_t count,
                                                         int64_t position, nodecore_fs_io_cb cb,
                                                         void *user, nodecore_release release,
                                                         nodecore_request **req,
                                                         nodecore_error **err);

/** Options of the following and of nodecore_file_handle_stat(). NULL = all defaults; a zero field = that
 *  field's default. */
typedef struct nodecore_file_handle_options {
  size_t struct_size; /**< set by NODECORE_FILE_HANDLE_OPTIONS_INIT */
  const nodecore_abort_signal *signal; /**< ends it with NODECORE_ABORT_ERR; kept; may be NULL */
  bool flush;         /**< writing: fsync before the end */
} nodecore_file_handle_options;
#define NODECORE_FILE_HANDLE_OPTIONS_INIT \
  { sizeof(nodecore_file_handle_options), NULL, false }

/** Reads from where the file stands to its end.
 *  Returns    also NODECORE_ABORT_ERR if the signal has been aborted.
 *  Errors     NODECORE_ERR_FS_FILE_TOO_LARGE above 2 GiB.
 *  Ownership  the bytes are lent to the callback.
 *  Node       filehandle.readFile                                        Since    0.1 */
NODECORE_API nodecore_status nodecore_file_handle_read_file(nodecore_file_handle *handle,
                                                            const nodecore_file_handle_options *opts,
                                                            nodecore_fs_data_cb cb, void *user,
                                                            nodecore_release release,
                                                            nodecore_request **req,
                                                            nodecore_error **err);

/** Write all of `data` from where the file stands; as in Node both are the same.
 *  Returns    also NODECORE_ABORT_ERR if the signal has been aborted.
 *  Ownership  `data` is copied.
 *  Node       filehandle.writeFile, filehandle.appendFile                Since    0.1 */
NODECORE_API nodecore_status nodecore_file_handle_write_file(
    nodecore_file_handle *handle, const void *data, size_t len,
    const nodecore_file_handle_options *opts, nodecore_fs_cb cb, void *user,
    nodecore_release release, nodecore_request **req, nodecore_error **err);
NODECORE_API nodecore_status nodecore_file_handle_append_file(
    nodecore_file_handle *handle, const void *data, size_t len,
    const nodecore_file_handle_options *opts, nodecore_fs_cb cb, void *user,
    nodecore_release release, nodecore_request **req, nodecore_error **err);

/* ---- What is known of the file ----------------------------------------------------------------- */

/** Tells about the file.
 *  Returns    also NODECORE_ABORT_ERR if the signal has been aborted.
 *  Node       filehandle.stat                                            Since    0.1 */
NODECORE_API nodecore_status nodecore_file_handle_stat(nodecore_file_handle *handle,
                                                       const nodecore_file_handle_options *opts,
                                                       nodecore_fs_stat_cb cb, void *user,
                                                       nodecore_release release,
                                                       nodecore_request **req, nodecore_error **err);

/** Makes the file `len` bytes long.
 *  Node       filehandle.truncate                                        Since    0.1 */
NODECORE_API nodecore_status nodecore_file_handle_truncate(nodecore_file_handle *handle,
                                                           uint64_t len, nodecore_fs_cb cb,
                                                           void *user, nodecore_release release,
                                                           nodecore_request **req,
                                                           nodecore_error **err);

/** Sets the permissions.       Node       filehandle.chmod               Since    0.1 */
NODECORE_API nodecore_status nodecore_file_handle_chmod(nodecore_file_handle *handle, uint32_t mode,
                                                        nodecore_fs_cb cb, void *user,
                                                        nodecore_release release,
                                                        nodecore_request **req,
                                                        nodecore_error **err);

/** Sets owner and group.       Node       filehandle.chown               Since    0.1 */
NODECORE_API nodecore_status nodecore_file_handle_chown(nodecore_file_handle *handle, uint32_t uid,
                                                        uint32_t gid, nodecore_fs_cb cb, void *user,
                                                        nodecore_release release,
                                                        nodecore_request **req,
                                                        nodecore_error **err);

/** Sets the times of access and of change, in seconds since 1970; one that is negative or infinite is now.
 *  Returns    also NODECORE_ERR_INVALID_ARG_TYPE for NaN.
 *  Node       filehandle.utimes                                          Since    0.1 */
NODECORE_API nodecore_status nodecore_file_handle_utimes(nodecore_file_handle *handle, double atime,
                                                         double mtime, nodecore_fs_cb cb, void *user,
                                                         nodecore_release release,
                                                         nodecore_request **req,
                                                         nodecore_error **err);

/** Wait until everything, or the data alone, is on the device.
 *  Node       filehandle.sync, filehandle.datasync                       Since    0.1 */
NODECORE_API nodecore_status nodecore_file_handle_sync(nodecore_file_handle *handle,
                                                       nodecore_fs_cb cb, void *user,
                                                       nodecore_release release,
                                                       nodecore_request **req, nodecore_error **err);
NODECORE_API nodecore_status nodecore_file_handle_datasync(nodecore_file_handle *handle,
                                                           nodecore_fs_cb cb, void *user,
                                                           nodecore_release release,
                                                           nodecore_request **req,
                                                           nodecore_error **err);

/* ---- Streams; more in fs_stream.h -------------------------------------------------------------- */

/** Creates a byte stream of the Web's kind, from where the file stands. With `auto_close` it closes the
 *  handle at its end and when it is cancelled. One that is asked for once cannot be asked for again.
 *  Returns    also NODECORE_ERR_INVALID_STATE (closed, or asked before).
 *  Ownership  caller frees `*out` (nodecore_web_readable_free).
 *  Node       filehandle.readableWebStream                               Since    0.1 */
NODECORE_API nodecore_status nodecore_file_handle_readable_web_stream(nodecore_file_handle *handle,
                                                                      bool auto_close,
                                                                      nodecore_web_readable **out,
                                                                      nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
