/** @file fs_dir.h Directories. Included by fs.h, whose head
 *  names the errors and what may be NULL.
 *
 *  Node       https://nodejs.org/api/fs.html#callback-api */
#ifndef NODECORE_FS_DIR_H
#define NODECORE_FS_DIR_H

#include "fs.h"

#ifdef __cplusplus
extern "C" {
#endif

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

/** `dirents` is the caller's: nodecore_dirents_free(). NULL on failure. */
typedef void (*nodecore_fs_readdir_cb)(const nodecore_error *err, nodecore_dirents *dirents,
                                       void *user);

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

#ifdef __cplusplus
}
#endif

#endif
