/** @file fs.h Files.
 *
 *  Each operation has a blocking form (`_sync`, any thread) and a form with a callback whose work is done
 *  on libuv's pool. Paths are bytes. `flags` are the system's (O_RDONLY | O_CREAT … of <fcntl.h>; on
 *  Windows libuv's UV_FS_O_*), `mode` the permission bits of what is created; 0 = the default.
 *
 *  Errors     besides the ones named: the system's (NODECORE_ENOENT, NODECORE_EACCES …), with errno,
 *             syscall and path; NODECORE_ERR_INVALID_ARG_VALUE for a path with a NUL inside;
 *             NODECORE_ERR_INVALID_ARG_TYPE for a NULL that is not nullable.
 *  Nullable   err, req, user, release, opts of every function.
 *  Node       https://nodejs.org/api/fs.html */
#ifndef NODECORE_FS_H
#define NODECORE_FS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "export.h"
#include "loop.h"
#include "str.h"
#include "stream.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A file descriptor, the system's own. */
typedef int32_t nodecore_fd;

/** What a name stands for. */
enum {
  NODECORE_FS_UNKNOWN = 0,
  NODECORE_FS_FILE = 1,
  NODECORE_FS_DIRECTORY = 2,
  NODECORE_FS_SYMLINK = 3,
  NODECORE_FS_FIFO = 4,
  NODECORE_FS_SOCKET = 5,
  NODECORE_FS_CHARACTER_DEVICE = 6,
  NODECORE_FS_BLOCK_DEVICE = 7
};

/** A time since 1970; nsec counts forward from sec, also before 1970. */
typedef struct nodecore_time {
  int64_t sec;
  int32_t nsec; /**< 0 … 999999999 */
} nodecore_time;

/** What is known of a file. The caller sets `struct_size` (NODECORE_STATS_INIT) and the library fills in
 *  what fits.    Node: fs.Stats */
typedef struct nodecore_stats {
  size_t struct_size; /**< set by NODECORE_STATS_INIT */
  int32_t type;       /**< NODECORE_FS_FILE … */
  uint32_t mode;      /**< type and permission bits, the system's */
  uint64_t dev;
  uint64_t ino;
  uint64_t nlink;
  uint64_t uid;
  uint64_t gid;
  uint64_t rdev;
  uint64_t size; /**< bytes */
  uint64_t blksize;
  uint64_t blocks; /**< of 512 bytes */
  nodecore_time atime;
  nodecore_time mtime;
  nodecore_time ctime;
  nodecore_time birthtime;
} nodecore_stats;
#define NODECORE_STATS_INIT                                                                       \
  {                                                                                               \
    sizeof(nodecore_stats), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, {0, 0}, {0, 0}, {0, 0}, { 0, 0 }     \
  }

/** One name of a directory. */
typedef struct nodecore_dirent {
  nodecore_str name; /**< bytes */
  int32_t type;      /**< NODECORE_FS_FILE …; NODECORE_FS_UNKNOWN where the file system does not tell */
} nodecore_dirent;

/** The names of a directory.
 *  Threads    immutable: a const pointer may be shared between threads. */
typedef struct nodecore_dirents nodecore_dirents;

/** Frees the list; NULL is allowed.                             Since    0.1 */
NODECORE_API void nodecore_dirents_free(nodecore_dirents *dirents);
/** Returns how many names there are.                            Since    0.1 */
NODECORE_API size_t nodecore_dirents_count(const nodecore_dirents *dirents);
/** Returns the name at `index`, borrowed from the list; `{NULL, 0}`, NODECORE_FS_UNKNOWN beyond its end.
 *  Since      0.1 */
NODECORE_API nodecore_dirent nodecore_dirents_get(const nodecore_dirents *dirents, size_t index);

/* Callbacks: `err` is NULL on success, else borrowed for the call; the rest counts on success only. */

/** Of operations that yield nothing. */
typedef void (*nodecore_fs_cb)(const nodecore_error *err, void *user);
/** `fd` is the caller's to close. */
typedef void (*nodecore_fs_open_cb)(const nodecore_error *err, nodecore_fd fd, void *user);
/** `n` bytes were moved. */
typedef void (*nodecore_fs_io_cb)(const nodecore_error *err, size_t n, void *user);
/** `data` is lent for the call: nodecore_buf_take() keeps the bytes. */
typedef void (*nodecore_fs_data_cb)(const nodecore_error *err, nodecore_buf *data, void *user);
/** `stats` is borrowed for the call. */
typedef void (*nodecore_fs_stat_cb)(const nodecore_error *err, const nodecore_stats *stats,
                                    void *user);
/** `dirents` is the caller's: nodecore_dirents_free(). NULL on failure. */
typedef void (*nodecore_fs_readdir_cb)(const nodecore_error *err, nodecore_dirents *dirents,
                                       void *user);

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

/* ---- Directories and names --------------------------------------------------------------------- */

/** Lists a directory, without `.` and `..`.
 *  Ownership  caller frees `*out` (nodecore_dirents_free).
 *  Threads    any; the loop's for the second form.
 *  Node       fs.readdirSync, fs.readdir (withFileTypes)         Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_readdir_sync(const char *path, size_t path_len,
                                                      nodecore_dirents **out, nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_readdir(nodecore_loop *loop, const char *path,
                                                 size_t path_len, nodecore_fs_readdir_cb cb,
                                                 void *user, nodecore_release release,
                                                 nodecore_request **req, nodecore_error **err);

/** Options of nodecore_fs_mkdir*(). NULL = all defaults; a zero field = that field's default. */
typedef struct nodecore_fs_mkdir_options {
  size_t struct_size; /**< set by NODECORE_FS_MKDIR_OPTIONS_INIT */
  int32_t mode;       /**< 0 = 0777, less the umask */
  bool recursive;     /**< true: make parents too, and do not mind what exists */
} nodecore_fs_mkdir_options;
#define NODECORE_FS_MKDIR_OPTIONS_INIT \
  { sizeof(nodecore_fs_mkdir_options), 0, false }

/** Makes a directory.
 *  Threads    any; the loop's for the second form.
 *  Node       fs.mkdirSync, fs.mkdir                             Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_mkdir_sync(const char *path, size_t path_len,
                                                    const nodecore_fs_mkdir_options *opts,
                                                    nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_mkdir(nodecore_loop *loop, const char *path,
                                               size_t path_len,
                                               const nodecore_fs_mkdir_options *opts,
                                               nodecore_fs_cb cb, void *user,
                                               nodecore_release release, nodecore_request **req,
                                               nodecore_error **err);

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

/* ---- Streams ----------------------------------------------------------------------------------- */

/** Options of nodecore_fs_create_*_stream(). NULL = all defaults; a zero field = that field's default. */
typedef struct nodecore_fs_stream_options {
  size_t struct_size;     /**< set by NODECORE_FS_STREAM_OPTIONS_INIT */
  size_t high_water_mark; /**< bytes; 0 = 65536 */
  int32_t flags;          /**< 0 = O_RDONLY, or O_WRONLY | O_CREAT | O_TRUNC for writing */
  int32_t mode;           /**< 0 = 0666, less the umask */
  uint64_t start;         /**< the first byte */
  bool has_end;           /**< true: `end` counts; reading only */
  uint64_t end;           /**< the last byte, inclusive */
} nodecore_fs_stream_options;
#define NODECORE_FS_STREAM_OPTIONS_INIT \
  { sizeof(nodecore_fs_stream_options), 0, 0, 0, 0, false, 0 }

/** Creates a stream over a file, which is opened at once, on the pool; what goes wrong there comes as
 *  NODECORE_EVENT_ERROR.
 *  Returns    also NODECORE_ERR_OUT_OF_RANGE (`end` before `start`).
 *  Ownership  caller frees `*out` (nodecore_stream_free).
 *  Threads    the loop's.
 *  Node       fs.createReadStream, fs.createWriteStream          Since    0.1 */
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

#ifdef __cplusplus
}
#endif

#endif
