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

/** An open file as an object; see fs_handle.h.    Node: FileHandle */
typedef struct nodecore_file_handle nodecore_file_handle;

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

#ifdef __cplusplus
}
#endif

#include "fs_blob.h"
#include "fs_dir.h"
#include "fs_file.h"
#include "fs_handle.h"
#include "fs_path.h"
#include "fs_stream.h"
#include "fs_utf8_stream.h"

#endif
