/** @file fs.h Files.
 *
 *  Each operation has a blocking form (`_sync`, any thread) and a form with a callback whose work is done
 *  on libuv's pool. `flags` are the system's (O_RDONLY | O_CREAT … of <fcntl.h>; on Windows libuv's
 *  UV_FS_O_*; Node's strings: nodecore_fs_flags()), `mode` the permission bits of what is created;
 *  0 = the default.
 *
 *  Paths are bytes, and so are the names that come back, as with Node's encoding 'buffer'. A `file:` URL
 *  goes through nodecore_url_file_url_to_path_buffer() (url_convert.h) first, whose bytes are the path:
 *
 *      nodecore_buf path = NODECORE_BUF_INIT;
 *      status = nodecore_url_file_url_to_path_buffer(url, NODECORE_AUTO_LEN, NULL, &path, &err);
 *      if (status == NODECORE_OK)
 *        status = nodecore_fs_open_sync(path.data, path.len, O_RDONLY, 0, &fd, &err);
 *      nodecore_buf_free(&path);
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

#include "abort.h"
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

/** What a name stands for.
 *  Node       fs.constants.UV_DIRENT_FILE …, with the same values */
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

/** Flags of nodecore_fs_open*() that <fcntl.h> does not have: hints for Windows, 0 elsewhere.
 *  Node       fs.constants.UV_FS_O_FILEMAP … */
enum {
  NODECORE_FS_O_FILEMAP = 0,     /**< memory mapped access */
  NODECORE_FS_O_RANDOM = 0,      /**< access here and there */
  NODECORE_FS_O_SEQUENTIAL = 0,  /**< access from start to end */
  NODECORE_FS_O_SHORT_LIVED = 0, /**< need not reach the device */
  NODECORE_FS_O_TEMPORARY = 0    /**< goes when it is closed */
};

/** Modes of nodecore_fs_copy_file*(), to be combined.
 *  Node       fs.constants.COPYFILE_EXCL … */
enum {
  NODECORE_FS_COPYFILE_EXCL = 1,         /**< fail if the target is there */
  NODECORE_FS_COPYFILE_FICLONE = 2,      /**< share the blocks where the file system can */
  NODECORE_FS_COPYFILE_FICLONE_FORCE = 4 /**< share the blocks, and fail where it cannot */
};

/** What a symbolic link is made for; only Windows asks.
 *  Node       the type of fs.symlink */
enum {
  NODECORE_FS_SYMLINK_FILE = 0,
  NODECORE_FS_SYMLINK_DIR = 1,
  NODECORE_FS_SYMLINK_JUNCTION = 2 /**< a directory; needs no privilege */
};

/** A time since 1970; nsec counts forward from sec, also before 1970. */
typedef struct nodecore_time {
  int64_t sec;
  int32_t nsec; /**< 0 … 999999999; of a time to set also NODECORE_FS_TIME_* */
} nodecore_time;

/** In the place of `nsec` of a time to set; `sec` then does not count. */
enum {
  NODECORE_FS_TIME_NOW = -1, /**< when the system sets it */
  NODECORE_FS_TIME_KEEP = -2 /**< as it is */
};

/** Memory of the caller's to read into. */
typedef struct nodecore_fs_buffer {
  void *data; /**< may be NULL when len is 0 */
  size_t len;
} nodecore_fs_buffer;

/** What is known of a file. The caller sets `struct_size` (NODECORE_STATS_INIT) and the library fills in
 *  what fits. Whole numbers and times are exact, as with Node's `bigint: true`.
 *  Node       fs.Stats, fs.BigIntStats; isFile() and its kin are `type` */
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

/** One name of a directory.    Node: fs.Dirent, whose isFile() … are `type`. */
typedef struct nodecore_dirent {
  nodecore_str name;        /**< its bytes, or text in the encoding asked for; data NULL: there is none */
  nodecore_str parent_path; /**< the path of the directory that holds it, beginning as it was given; bytes */
  int32_t type;             /**< NODECORE_FS_FILE …; NODECORE_FS_UNKNOWN if nothing tells */
} nodecore_dirent;

/** The names of a directory, or of a tree, or what a search found.
 *  Threads    immutable: a const pointer may be shared between threads. */
typedef struct nodecore_dirents nodecore_dirents;

/** What is known of a file system; as nodecore_stats, set by NODECORE_STATFS_INIT.
 *  Node       fs.StatFs */
typedef struct nodecore_statfs {
  size_t struct_size; /**< set by NODECORE_STATFS_INIT */
  uint64_t type;      /**< the system's number of its kind */
  uint64_t bsize;     /**< the preferred size of a transfer, in bytes */
  uint64_t frsize;    /**< the size of a fragment, in bytes */
  uint64_t blocks;    /**< in all */
  uint64_t bfree;     /**< free blocks */
  uint64_t bavail;    /**< free blocks for users without privileges */
  uint64_t files;     /**< inodes in all */
  uint64_t ffree;     /**< free inodes */
} nodecore_statfs;
#define NODECORE_STATFS_INIT \
  { sizeof(nodecore_statfs), 0, 0, 0, 0, 0, 0, 0, 0 }

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
/** `dirent`, borrowed for the call, is NULL at the end and on failure. */
typedef void (*nodecore_dir_cb)(const nodecore_error *err, const nodecore_dirent *dirent, void *user);
/** `dirents` is the caller's: nodecore_dirents_free(). NULL on failure. */
typedef void (*nodecore_fs_readdir_cb)(const nodecore_error *err, nodecore_dirents *dirents,
                                       void *user);
/** `found` is borrowed for the call. */
typedef void (*nodecore_fs_statfs_cb)(const nodecore_error *err, const nodecore_statfs *found,
                                      void *user);
/** Whether something is there; there is no error. */
typedef void (*nodecore_fs_exists_cb)(bool found, void *user);

#ifdef __cplusplus
}
#endif

#include "fs_blob.h"
#include "fs_dir.h"
#include "fs_file.h"
#include "fs_handle.h"
#include "fs_path.h"
#include "fs_stream.h"
#include "fs_tree.h"
#include "fs_utf8_stream.h"
#include "fs_watch.h"

#endif
