/** @file fs_path.h What is known of a file, and its names. Included by fs.h, whose head
 *  names the errors and what may be NULL.
 *
 *  Node       https://nodejs.org/api/fs.html#callback-api */
#ifndef NODECORE_FS_PATH_H
#define NODECORE_FS_PATH_H

#include "fs.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Metadata ---------------------------------------------------------------------------------- */

/** Tell about a file; lstat of a symbolic link itself, fstat of a descriptor.
 *  Returns    also NODECORE_ERR_OUT_OF_RANGE if `out->struct_size` was not set. NODECORE_ENOENT and
 *             NODECORE_ENOTDIR mean that nothing is there, which Node's `throwIfNoEntry: false` is about: who
 *             asks for that passes no `err` and looks at the status.
 *  Threads    any; the loop's for the callback forms.
 *  Node       fs.statSync, fs.stat, fs.lstatSync …               Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_stat_sync(const char *path, size_t path_len,
                                                   nodecore_stats *out, nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_lstat_sync(const char *path, size_t path_len,
                                                    nodecore_stats *out, nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_fstat_sync(nodecore_fd fd, nodecore_stats *out,
                                                    nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_stat(nodecore_loop *loop, const char *path,
                                              size_t path_len, nodecore_fs_stat_cb cb, void *user,
                                              nodecore_release release, nodecore_request **req,
                                              nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_lstat(nodecore_loop *loop, const char *path,
                                               size_t path_len, nodecore_fs_stat_cb cb, void *user,
                                               nodecore_release release, nodecore_request **req,
                                               nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_fstat(nodecore_loop *loop, nodecore_fd fd,
                                               nodecore_fs_stat_cb cb, void *user,
                                               nodecore_release release, nodecore_request **req,
                                               nodecore_error **err);

/** As nodecore_fs_stat, nodecore_fs_lstat and nodecore_fs_fstat, until `signal` is aborted.
 *  Errors     NODECORE_ABORT_ERR once it is.
 *  Ownership  the signal is kept until the callback.
 *  Threads    the loop's.
 *  Node       fs.stat, fs.lstat, fs.fstat: the option signal     Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_stat_until(nodecore_loop *loop, const char *path,
                                                    size_t path_len,
                                                    const nodecore_abort_signal *signal,
                                                    nodecore_fs_stat_cb cb, void *user,
                                                    nodecore_release release,
                                                    nodecore_request **req, nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_lstat_until(nodecore_loop *loop, const char *path,
                                                     size_t path_len,
                                                     const nodecore_abort_signal *signal,
                                                     nodecore_fs_stat_cb cb, void *user,
                                                     nodecore_release release,
                                                     nodecore_request **req, nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_fstat_until(nodecore_loop *loop, nodecore_fd fd,
                                                     const nodecore_abort_signal *signal,
                                                     nodecore_fs_stat_cb cb, void *user,
                                                     nodecore_release release,
                                                     nodecore_request **req, nodecore_error **err);

/** Tells about the file system that holds `path`.
 *  Returns    also NODECORE_ERR_OUT_OF_RANGE if `out->struct_size` was not set.
 *  Threads    any; the loop's for the second form.
 *  Node       fs.statfsSync, fs.statfs                           Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_statfs_sync(const char *path, size_t path_len,
                                                     nodecore_statfs *out, nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_statfs(nodecore_loop *loop, const char *path,
                                                size_t path_len, nodecore_fs_statfs_cb cb,
                                                void *user, nodecore_release release,
                                                nodecore_request **req, nodecore_error **err);

/** Asks whether this process may use `path` as `mode` says: F_OK (is it there), or R_OK, W_OK and X_OK of
 *  <unistd.h> combined.
 *  Errors     NODECORE_ERR_OUT_OF_RANGE for another mode.
 *  Threads    any; the loop's for the second form.
 *  Node       fs.accessSync, fs.access                           Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_access_sync(const char *path, size_t path_len,
                                                     int32_t mode, nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_access(nodecore_loop *loop, const char *path,
                                                size_t path_len, int32_t mode, nodecore_fs_cb cb,
                                                void *user, nodecore_release release,
                                                nodecore_request **req, nodecore_error **err);

/** Asks whether there is anything at `path`, symbolic links followed. Any failure means no, a NULL too; in
 *  the second form that is an error, and the callback does not run.
 *  Threads    any; the loop's for the second form.
 *  Node       fs.existsSync, fs.exists                           Since    0.1 */
NODECORE_API bool nodecore_fs_exists_sync(const char *path, size_t path_len);
NODECORE_API nodecore_status nodecore_fs_exists(nodecore_loop *loop, const char *path,
                                                size_t path_len, nodecore_fs_exists_cb cb,
                                                void *user, nodecore_release release,
                                                nodecore_request **req, nodecore_error **err);

/* ---- Permissions, owners, times ---------------------------------------------------------------- */

/** Set the permissions of a file: S_IRUSR … of <sys/stat.h> combined, or 0600.
 *  Threads    any; the loop's for the callback forms.
 *  Node       fs.chmodSync, fs.chmod, fs.fchmodSync, fs.fchmod   Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_chmod_sync(const char *path, size_t path_len,
                                                    uint32_t mode, nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_chmod(nodecore_loop *loop, const char *path,
                                               size_t path_len, uint32_t mode, nodecore_fs_cb cb,
                                               void *user, nodecore_release release,
                                               nodecore_request **req, nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_fchmod_sync(nodecore_fd fd, uint32_t mode,
                                                     nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_fchmod(nodecore_loop *loop, nodecore_fd fd, uint32_t mode,
                                                nodecore_fs_cb cb, void *user,
                                                nodecore_release release, nodecore_request **req,
                                                nodecore_error **err);

/** Set owner and group of a file, of a symbolic link itself (lchown), of an open file (fchown).
 *  (uint32_t)-1 leaves one as it is.
 *  Threads    any; the loop's for the callback forms.
 *  Node       fs.chownSync, fs.chown, fs.lchownSync, fs.lchown, fs.fchownSync …   Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_chown_sync(const char *path, size_t path_len, uint32_t uid,
                                                    uint32_t gid, nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_chown(nodecore_loop *loop, const char *path,
                                               size_t path_len, uint32_t uid, uint32_t gid,
                                               nodecore_fs_cb cb, void *user,
                                               nodecore_release release, nodecore_request **req,
                                               nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_lchown_sync(const char *path, size_t path_len,
                                                     uint32_t uid, uint32_t gid,
                                                     nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_lchown(nodecore_loop *loop, const char *path,
                                                size_t path_len, uint32_t uid, uint32_t gid,
                                                nodecore_fs_cb cb, void *user,
                                                nodecore_release release, nodecore_request **req,
                                                nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_fchown_sync(nodecore_fd fd, uint32_t uid, uint32_t gid,
                                                     nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_fchown(nodecore_loop *loop, nodecore_fd fd, uint32_t uid,
                                                uint32_t gid, nodecore_fs_cb cb, void *user,
                                                nodecore_release release, nodecore_request **req,
                                                nodecore_error **err);

/** Set when a file was last read and last written to, to the nanosecond: of what `path` leads to, of a
 *  symbolic link itself (lutimes), of an open file (futimes). An `nsec` of NODECORE_FS_TIME_NOW means the
 *  present, of NODECORE_FS_TIME_KEEP that the time stays.
 *  Errors     NODECORE_ERR_OUT_OF_RANGE for any other `nsec` outside of 0 … 999999999.
 *  Threads    any; the loop's for the callback forms.
 *  Node       fs.utimesSync, fs.utimes, fs.lutimesSync, fs.lutimes, fs.futimesSync …   Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_utimes_sync(const char *path, size_t path_len,
                                                     nodecore_time atime, nodecore_time mtime,
                                                     nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_utimes(nodecore_loop *loop, const char *path,
                                                size_t path_len, nodecore_time atime,
                                                nodecore_time mtime, nodecore_fs_cb cb, void *user,
                                                nodecore_release release, nodecore_request **req,
                                                nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_lutimes_sync(const char *path, size_t path_len,
                                                      nodecore_time atime, nodecore_time mtime,
                                                      nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_lutimes(nodecore_loop *loop, const char *path,
                                                 size_t path_len, nodecore_time atime,
                                                 nodecore_time mtime, nodecore_fs_cb cb, void *user,
                                                 nodecore_release release, nodecore_request **req,
                                                 nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_futimes_sync(nodecore_fd fd, nodecore_time atime,
                                                      nodecore_time mtime, nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_futimes(nodecore_loop *loop, nodecore_fd fd,
                                                 nodecore_time atime, nodecore_time mtime,
                                                 nodecore_fs_cb cb, void *user,
                                                 nodecore_release release, nodecore_request **req,
                                                 nodecore_error **err);

/* ---- Names ------------------------------------------------------------------------------------- */

/** Renames a file, replacing what has the new name.
 *  Threads    any; the loop's for the second form.
 *  Node       fs.renameSync, fs.rename                           Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_rename_sync(const char *from, size_t from_len,
                                                     const char *to, size_t to_len,
                                                     nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_rename(nodecore_loop *loop, const char *from,
                                                size_t from_len, const char *to, size_t to_len,
                                                nodecore_fs_cb cb, void *user,
                                                nodecore_release release, nodecore_request **req,
                                                nodecore_error **err);

/** Removes a name that is not a directory.
 *  Threads    any; the loop's for the second form.
 *  Node       fs.unlinkSync, fs.unlink                           Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_unlink_sync(const char *path, size_t path_len,
                                                     nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_unlink(nodecore_loop *loop, const char *path,
                                                size_t path_len, nodecore_fs_cb cb, void *user,
                                                nodecore_release release, nodecore_request **req,
                                                nodecore_error **err);

/** Makes `to` another name of the file `from`.
 *  Errors     the system's have `to` as well (nodecore_error_dest).
 *  Threads    any; the loop's for the second form.
 *  Node       fs.linkSync, fs.link                               Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_link_sync(const char *from, size_t from_len,
                                                   const char *to, size_t to_len,
                                                   nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_link(nodecore_loop *loop, const char *from,
                                              size_t from_len, const char *to, size_t to_len,
                                              nodecore_fs_cb cb, void *user,
                                              nodecore_release release, nodecore_request **req,
                                              nodecore_error **err);

/** Makes a symbolic link `path` that points to `target`, which need not be there; `type` is
 *  one of NODECORE_FS_SYMLINK_FILE, _DIR and _JUNCTION.
 *  Errors     NODECORE_ERR_OUT_OF_RANGE for another type. The system's have `target` as path, `path` as dest.
 *  Threads    any; the loop's for the second form.
 *  Node       fs.symlinkSync, fs.symlink                         Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_symlink_sync(const char *target, size_t target_len,
                                                      const char *path, size_t path_len,
                                                      int32_t type, nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_symlink(nodecore_loop *loop, const char *target,
                                                 size_t target_len, const char *path,
                                                 size_t path_len, int32_t type, nodecore_fs_cb cb,
                                                 void *user, nodecore_release release,
                                                 nodecore_request **req, nodecore_error **err);

/** Gives what a symbolic link points to.
 *  Ownership  caller frees `*out` (nodecore_buf_free); the second form lends it to the callback.
 *  Threads    any; the loop's for the second form.
 *  Node       fs.readlinkSync, fs.readlink                       Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_readlink_sync(const char *path, size_t path_len,
                                                       nodecore_buf *out, nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_readlink(nodecore_loop *loop, const char *path,
                                                  size_t path_len, nodecore_fs_data_cb cb,
                                                  void *user, nodecore_release release,
                                                  nodecore_request **req, nodecore_error **err);

/** Give the absolute path of a file, with `.`, `..` and every symbolic link resolved. An error names the call
 *  and the part of the path that failed; `_native`, Node's fs.promises.realpath too, has the C library's.
 *  Ownership  caller frees `*out` (nodecore_buf_free); the callback forms lend it.
 *  Threads    any; the loop's for the callback forms.
 *  Node       fs.realpathSync, fs.realpath, fs.realpathSync.native, fs.realpath.native   Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_realpath_sync(const char *path, size_t path_len,
                                                       nodecore_buf *out, nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_realpath(nodecore_loop *loop, const char *path,
                                                  size_t path_len, nodecore_fs_data_cb cb,
                                                  void *user, nodecore_release release,
                                                  nodecore_request **req, nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_realpath_native_sync(const char *path, size_t path_len,
                                                              nodecore_buf *out,
                                                              nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_realpath_native(nodecore_loop *loop, const char *path,
                                                         size_t path_len, nodecore_fs_data_cb cb,
                                                         void *user, nodecore_release release,
                                                         nodecore_request **req,
                                                         nodecore_error **err);

/** Makes a directory whose name is `prefix` and six random characters, and gives that.
 *  Ownership  caller frees `*out` (nodecore_buf_free); the second form lends it to the callback.
 *  Threads    any; the loop's for the second form.
 *  Node       fs.mkdtempSync, fs.mkdtemp                         Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_mkdtemp_sync(const char *prefix, size_t prefix_len,
                                                      nodecore_buf *out, nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_mkdtemp(nodecore_loop *loop, const char *prefix,
                                                 size_t prefix_len, nodecore_fs_data_cb cb,
                                                 void *user, nodecore_release release,
                                                 nodecore_request **req, nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
