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

/** Gives the system's flags of one of Node's strings: "r", "rs", "r+", "rs+", "w", "wx", "w+", "wx+", "a",
 *  "ax", "as", "a+", "ax+", "as+".
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_VALUE for any other.
 *  Threads    any.
 *  Node       https://nodejs.org/api/fs.html#file-system-flags   Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_flags(const char *text, size_t text_len, int32_t *out,
                                               nodecore_error **err);

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
 *  Ownership  the blocking form fills the caller's `buffer`; the other lends its own to the callback
 *             (nodecore_fs_readv() fills the caller's in both).
 *  Threads    any; the loop's for the second form.
 *  Node       fs.readSync, fs.read                               Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_read_sync(nodecore_fd fd, void *buffer, size_t len,
                                                   int64_t position, size_t *out,
                                                   nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_read(nodecore_loop *loop, nodecore_fd fd, size_t len,
                                              int64_t position, nodecore_fs_data_cb cb, void *user,
                                              nodecore_release release, nodecore_request **req,
                                              nodecore_error **err);

/** Reads into `count` buffers in turn, from `position`, or from the current one if it is negative. 0 bytes
 *  mean the end of the file.
 *  Errors     NODECORE_EINVAL where there is no buffer.
 *  Ownership  the array is borrowed for the call. The memory, no two of which may overlap, is the caller's;
 *             in the second form it is lent to the library until `cb`, or `release` without it, runs.
 *  Nullable   also buffers with count 0.
 *  Threads    any; the loop's for the second form.
 *  Node       fs.readvSync, fs.readv                             Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_readv_sync(nodecore_fd fd,
                                                    const nodecore_fs_buffer *buffers, size_t count,
                                                    int64_t position, size_t *out,
                                                    nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_readv(nodecore_loop *loop, nodecore_fd fd,
                                               const nodecore_fs_buffer *buffers, size_t count,
                                               int64_t position, nodecore_fs_io_cb cb, void *user,
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

/** Writes `count` pieces in turn, at `position`, or at the current one if it is negative. Fewer bytes may be
 *  written, as by the system call.
 *  Ownership  array and data are copied by the second form.
 *  Nullable   also buffers with count 0, when nothing is done.
 *  Threads    any; the loop's for the second form.
 *  Node       fs.writevSync, fs.writev                           Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_writev_sync(nodecore_fd fd, const nodecore_str *buffers,
                                                     size_t count, int64_t position, size_t *out,
                                                     nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_writev(nodecore_loop *loop, nodecore_fd fd,
                                                const nodecore_str *buffers, size_t count,
                                                int64_t position, nodecore_fs_io_cb cb, void *user,
                                                nodecore_release release, nodecore_request **req,
                                                nodecore_error **err);

/** Makes an open file `len` bytes long: cut, or filled up with zeros.
 *  Threads    any; the loop's for the second form.
 *  Node       fs.ftruncateSync, fs.ftruncate                     Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_ftruncate_sync(nodecore_fd fd, uint64_t len,
                                                        nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_ftruncate(nodecore_loop *loop, nodecore_fd fd,
                                                   uint64_t len, nodecore_fs_cb cb, void *user,
                                                   nodecore_release release, nodecore_request **req,
                                                   nodecore_error **err);

/** Waits until what was written to an open file is on the device: data and metadata (fsync), or the data and
 *  what it takes to read them (fdatasync).
 *  Threads    any; the loop's for the second form.
 *  Node       fs.fsyncSync, fs.fsync, fs.fdatasyncSync, fs.fdatasync   Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_fsync_sync(nodecore_fd fd, nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_fsync(nodecore_loop *loop, nodecore_fd fd,
                                               nodecore_fs_cb cb, void *user,
                                               nodecore_release release, nodecore_request **req,
                                               nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_fdatasync_sync(nodecore_fd fd, nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_fdatasync(nodecore_loop *loop, nodecore_fd fd,
                                                   nodecore_fs_cb cb, void *user,
                                                   nodecore_release release, nodecore_request **req,
                                                   nodecore_error **err);

/* ---- Whole files ------------------------------------------------------------------------------- */

/** Options of nodecore_fs_read_file*(). NULL = all defaults; a zero field = that field's default. */
typedef struct nodecore_fs_read_file_options {
  size_t struct_size; /**< set by NODECORE_FS_READ_FILE_OPTIONS_INIT */
  int32_t flags;      /**< 0 = O_RDONLY */
  bool has_fd;        /**< true: the file at `fd`, from where it stands; the path is ignored */
  nodecore_fd fd;     /**< stays open */
  nodecore_str encoding; /**< what the bytes are decoded from, to UTF-8; data NULL: bytes */
  const nodecore_abort_signal *signal; /**< ends the callback forms, the others ignore it; kept; may be NULL */
} nodecore_fs_read_file_options;
#define NODECORE_FS_READ_FILE_OPTIONS_INIT \
  { sizeof(nodecore_fs_read_file_options), 0, false, 0, {NULL, 0}, NULL }

/** Reads a whole file. With an encoding the bytes are decoded, and the text comes as UTF-8. (For UTF-16 see
 *  nodecore_buffer_to_string_utf16().)
 *  Errors     NODECORE_ERR_FS_FILE_TOO_LARGE above 2 GiB; NODECORE_ERR_INVALID_ARG_VALUE for an encoding that
 *             is none, NODECORE_ERR_UNKNOWN_ENCODING for "buffer"; NODECORE_ABORT_ERR once the signal is
 *             aborted (second form).
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

/** Reads a whole file into memory of the caller's. Nothing is allocated for its content, and it may be larger
 *  than 2 GiB. `*out`, or `n` of the callback, are the bytes read.
 *  Errors     NODECORE_ENOBUFS for a file longer than `len`: the buffer then holds its beginning, and of what
 *             has no size to tell (a FIFO) one byte more was taken. NODECORE_ERR_INVALID_ARG_VALUE if `opts`
 *             name an encoding; NODECORE_ABORT_ERR once the signal is aborted (second form).
 *  Ownership  in the second form the memory is lent to the library until `cb`, or `release` without it, runs.
 *  Nullable   also buffer with len 0.
 *  Threads    any; the loop's for the second form.
 *  Node       none                                               Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_read_file_into_sync(const char *path, size_t path_len,
                                                             const nodecore_fs_read_file_options *opts,
                                                             void *buffer, size_t len, size_t *out,
                                                             nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_read_file_into(nodecore_loop *loop, const char *path,
                                                        size_t path_len,
                                                        const nodecore_fs_read_file_options *opts,
                                                        void *buffer, size_t len,
                                                        nodecore_fs_io_cb cb, void *user,
                                                        nodecore_release release,
                                                        nodecore_request **req,
                                                        nodecore_error **err);

/** Options of nodecore_fs_write_file*() and nodecore_fs_append_file*(). NULL = all defaults; a zero field =
 *  that field's default. */
typedef struct nodecore_fs_write_file_options {
  size_t struct_size; /**< set by NODECORE_FS_WRITE_FILE_OPTIONS_INIT */
  int32_t flags;      /**< 0 = O_WRONLY | O_CREAT | O_TRUNC; to append O_WRONLY | O_CREAT | O_APPEND */
  int32_t mode;       /**< 0 = 0666, less the umask */
  bool flush;         /**< true: fsync before the end */
  bool has_fd;        /**< true: the file at `fd`, from where it stands; the path is ignored */
  nodecore_fd fd;     /**< stays open */
  nodecore_str encoding; /**< what the data, then UTF-8, is written in; data NULL: as it is */
  const nodecore_abort_signal *signal; /**< ends the callback forms, the others ignore it; kept; may be NULL */
} nodecore_fs_write_file_options;
#define NODECORE_FS_WRITE_FILE_OPTIONS_INIT \
  { sizeof(nodecore_fs_write_file_options), 0, 0, false, false, 0, {NULL, 0}, NULL }

/** Writes a whole file, which is made or replaced, or adds to its end. Success means that every byte was
 *  taken and that closing the file reported nothing; after an error what was written until then stays.
 *  Errors     NODECORE_ERR_INVALID_ARG_VALUE for an encoding that is none, and with one for data that is not
 *             UTF-8; NODECORE_ERR_UNKNOWN_ENCODING for "buffer"; NODECORE_ABORT_ERR once the signal is
 *             aborted (callback forms).
 *  Ownership  `data` is copied by the callback forms.
 *  Nullable   also data with len 0.
 *  Threads    any; the loop's for the callback forms.
 *  Node       fs.writeFileSync, fs.writeFile, fs.appendFileSync, fs.appendFile   Since    0.1 */
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
NODECORE_API nodecore_status nodecore_fs_append_file_sync(const char *path, size_t path_len,
                                                          const void *data, size_t len,
                                                          const nodecore_fs_write_file_options *opts,
                                                          nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_append_file(nodecore_loop *loop, const char *path,
                                                     size_t path_len, const void *data, size_t len,
                                                     const nodecore_fs_write_file_options *opts,
                                                     nodecore_fs_cb cb, void *user,
                                                     nodecore_release release,
                                                     nodecore_request **req, nodecore_error **err);

/** Makes a file `len` bytes long: cut, or filled up with zeros.
 *  Threads    any; the loop's for the second form.
 *  Node       fs.truncateSync, fs.truncate                       Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_truncate_sync(const char *path, size_t path_len,
                                                       uint64_t len, nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_truncate(nodecore_loop *loop, const char *path,
                                                  size_t path_len, uint64_t len, nodecore_fs_cb cb,
                                                  void *user, nodecore_release release,
                                                  nodecore_request **req, nodecore_error **err);

/** Copies a file, content and permissions. `mode` is 0, or NODECORE_FS_COPYFILE_* combined.
 *  Errors     NODECORE_ERR_OUT_OF_RANGE for another mode; the system's have `to` as well (nodecore_error_dest).
 *  Threads    any; the loop's for the second form.
 *  Node       fs.copyFileSync, fs.copyFile                       Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_copy_file_sync(const char *from, size_t from_len,
                                                        const char *to, size_t to_len, int32_t mode,
                                                        nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_copy_file(nodecore_loop *loop, const char *from,
                                                   size_t from_len, const char *to, size_t to_len,
                                                   int32_t mode, nodecore_fs_cb cb, void *user,
                                                   nodecore_release release, nodecore_request **req,
                                                   nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
