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
 *  Returns    also NODECORE_ERR_OUT_OF_RANGE if `out->struct_size` was not set.
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

#ifdef __cplusplus
}
#endif

#endif
