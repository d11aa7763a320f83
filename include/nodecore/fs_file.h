/** @file fs_file.h Descriptors, and files as a whole. Included by fs.h, whose head
 *  names the errors and what may be NULL.
 *
 *  Node       https://nodejs.org/api/fs.html#callback-api */
#ifndef NODECORE_FS_FILE_H
#define NODECORE_FS_FILE_H

#include "fs.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Descriptors ------------------------------------------------------------------------------- */

/** Opens a file. `mode` 0 = 0666, less the umask.
 *  Ownership  caller closes `*out` (nodecore_fs_close*()).
 *  Threads    any; the loop's for the second form.
 *  Node       fs.openSync, fs.open                               Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_open_sync(const char *path, size_t path_len, int32_t flags,
                                                   int32_t mode, nodecore_fd *out,
                                                   nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_open(nodecore_loop *loop, const char *path,
                                              size_t path_len, int32_t flags, int32_t mode,
                                              nodecore_fs_open_cb cb, void *user,
                                              nodecore_release release, nodecore_request **req,
                                              nodecore_error **err);

/** Closes a descriptor.
 *  Threads    any; the loop's for the second form.
 *  Node       fs.closeSync, fs.close                             Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_close_sync(nodecore_fd fd, nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_close(nodecore_loop *loop, nodecore_fd fd,
                                               nodecore_fs_cb cb, void *user,
                                               nodecore_release release, nodecore_request **req,
                                               nodecore_error **err);

/** Reads up to `len` bytes from `position`, or from the current one if it is negative. 0 bytes mean the
 *  end of the file.
 *  Ownership  the blocking form fills the caller's `buffer`; the other lends its own to the callback.
 *  Threads    any; the loop's for the second form.
 *  Node       fs.readSync, fs.read                               Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_read_sync(nodecore_fd fd, void *buffer, size_t len,
                                                   int64_t position, size_t *out,
                                                   nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_read(nodecore_loop *loop, nodecore_fd fd, size_t len,
                                              int64_t position, nodecore_fs_data_cb cb, void *user,
                                              nodecore_release release, nodecore_request **req,
                                              nodecore_error **err);

/** Writes up to `len` bytes at `position`, or at the current one if it is negative. Fewer may be
 *  written, as by the system call.
 *  Ownership  `data` is copied by the second form.
 *  Threads    any; the loop's for the second form.
 *  Node       fs.writeSync, fs.write                             Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_write_sync(nodecore_fd fd, const void *data, size_t len,
                                                    int64_t position, size_t *out,
                                                    nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_write(nodecore_loop *loop, nodecore_fd fd,
                                               const void *data, size_t len, int64_t position,
                                               nodecore_fs_io_cb cb, void *user,
                                               nodecore_release release, nodecore_request **req,
                                               nodecore_error **err);

/* ---- Whole files ------------------------------------------------------------------------------- */

/** Options of nodecore_fs_read_file*(). NULL = all defaults; a zero field = that field's default. */
typedef struct nodecore_fs_read_file_options {
  size_t struct_size; /**< set by NODECORE_FS_READ_FILE_OPTIONS_INIT */
  int32_t flags;      /**< 0 = O_RDONLY */
} nodecore_fs_read_file_options;
#define NODECORE_FS_READ_FILE_OPTIONS_INIT \
  { sizeof(nodecore_fs_read_file_options), 0 }

/** Reads a whole file.
 *  Errors     NODECORE_ERR_FS_FILE_TOO_LARGE above 2 GiB.
 *  Ownership  caller frees `*out` (nodecore_buf_free); the second form lends it to the callback.
 *  Threads    any; the loop's for the second form.
 *  Node       fs.readFileSync, fs.readFile                       Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_read_file_sync(const char *path, size_t path_len,
                                                        const nodecore_fs_read_file_options *opts,
                                                        nodecore_buf *out, nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_read_file(nodecore_loop *loop, const char *path,
                                                   size_t path_len,
                                                   const nodecore_fs_read_file_options *opts,
                                                   nodecore_fs_data_cb cb, void *user,
                                                   nodecore_release release, nodecore_request **req,
                                                   nodecore_error **err);

/** Options of nodecore_fs_write_file*(). NULL = all defaults; a zero field = that field's default. */
typedef struct nodecore_fs_write_file_options {
  size_t struct_size; /**< set by NODECORE_FS_WRITE_FILE_OPTIONS_INIT */
  int32_t flags;      /**< 0 = O_WRONLY | O_CREAT | O_TRUNC */
  int32_t mode;       /**< 0 = 0666, less the umask */
  bool flush;         /**< true: fsync before the end */
} nodecore_fs_write_file_options;
#define NODECORE_FS_WRITE_FILE_OPTIONS_INIT \
  { sizeof(nodecore_fs_write_file_options), 0, 0, false }

/** Writes a whole file.
 *  Ownership  `data` is copied by the second form.
 *  Threads    any; the loop's for the second form.
 *  Node       fs.writeFileSync, fs.writeFile                     Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_write_file_sync(const char *path, size_t path_len,
                                                         const void *data, size_t len,
                                                         const nodecore_fs_write_file_options *opts,
                                                         nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_write_file(nodecore_loop *loop, const char *path,
                                                    size_t path_len, const void *data, size_t len,
                                                    const nodecore_fs_write_file_options *opts,
                                                    nodecore_fs_cb cb, void *user,
                                                    nodecore_release release,
                                                    nodecore_request **req, nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
