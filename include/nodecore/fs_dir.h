/** @file fs_dir.h Directories: listing, making, removing, reading one by one. Included by fs.h, whose head
 *  names the errors and what may be NULL.
 *
 *  Names and paths are bytes. Options with an `encoding` (Node's name of one, such as "hex"; data NULL or
 *  "buffer": none) give names as the UTF-8 text that Node shows them as in it: with "utf8", what is not UTF-8
 *  is U+FFFD. Paths stay bytes. An unknown encoding is NODECORE_ERR_INVALID_ARG_VALUE.
 *
 *  Node       https://nodejs.org/api/fs.html#callback-api */
#ifndef NODECORE_FS_DIR_H
#define NODECORE_FS_DIR_H

#include "fs.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Lists ------------------------------------------------------------------------------------- */

/** Frees the list; NULL is allowed.                             Since    0.1 */
NODECORE_API void nodecore_dirents_free(nodecore_dirents *dirents);
/** Returns how many names there are.                            Since    0.1 */
NODECORE_API size_t nodecore_dirents_count(const nodecore_dirents *dirents);
/** Returns the name at `index`, borrowed from the list; name and parent_path `{NULL, 0}`, NODECORE_FS_UNKNOWN
 *  beyond its end.
 *  Since      0.1 */
NODECORE_API nodecore_dirent nodecore_dirents_get(const nodecore_dirents *dirents, size_t index);
/** Returns the path at `index`, borrowed from the list, as Node gives it where it gives no types: of readdir,
 *  below the directory that was read (the name itself, unless that was recursive) and in its encoding; of
 *  glob, as the pattern spells it. `{NULL, 0}` beyond the end.
 *  Since      0.1 */
NODECORE_API nodecore_str nodecore_dirents_path(const nodecore_dirents *dirents, size_t index);

/** Options of nodecore_fs_readdir*(). NULL = all defaults; a zero field = that field's default. */
typedef struct nodecore_fs_readdir_options {
  size_t struct_size;   /**< set by NODECORE_FS_READDIR_OPTIONS_INIT */
  bool recursive;       /**< true: the directories within too, level by level; links to some are followed */
  bool with_file_types; /**< true: `type` is looked up where the file system's directories do not tell it */
  nodecore_str encoding; /**< of names; none: bytes */
} nodecore_fs_readdir_options;
#define NODECORE_FS_READDIR_OPTIONS_INIT \
  { sizeof(nodecore_fs_readdir_options), false, false, { NULL, 0 } }

/** Lists a directory, without `.` and `..`, sorted by the bytes of the names.
 *  Returns    also NODECORE_ERR_INVALID_ARG_VALUE for an unknown encoding.
 *  Ownership  caller frees `*out` (nodecore_dirents_free).
 *  Threads    any; the loop's for the second form.
 *  Node       fs.readdirSync, fs.readdir (withFileTypes)         Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_readdir_sync(const char *path, size_t path_len,
                                                      const nodecore_fs_readdir_options *opts,
                                                      nodecore_dirents **out, nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_readdir(nodecore_loop *loop, const char *path,
                                                 size_t path_len,
                                                 const nodecore_fs_readdir_options *opts,
                                                 nodecore_fs_readdir_cb cb, void *user,
                                                 nodecore_release release, nodecore_request **req,
                                                 nodecore_error **err);

/* ---- Making and removing ----------------------------------------------------------------------- */

/** Options of nodecore_fs_mkdir*(). NULL = all defaults; a zero field = that field's default. */
typedef struct nodecore_fs_mkdir_options {
  size_t struct_size; /**< set by NODECORE_FS_MKDIR_OPTIONS_INIT */
  int32_t mode;       /**< 0 = 0777, less the umask */
  bool recursive;     /**< true: make parents too, and do not mind what exists */
} nodecore_fs_mkdir_options;
#define NODECORE_FS_MKDIR_OPTIONS_INIT \
  { sizeof(nodecore_fs_mkdir_options), 0, false }

/** Makes a directory. `*first`, or what the callback is lent, is the path of the first directory that a
 *  recursive one had to make; empty (len 0) if there is none.
 *  Ownership  caller frees `*first` (nodecore_buf_free); the second form lends it to the callback.
 *  Nullable   also first.
 *  Threads    any; the loop's for the second form.
 *  Node       fs.mkdirSync, fs.mkdir                             Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_mkdir_sync(const char *path, size_t path_len,
                                                    const nodecore_fs_mkdir_options *opts,
                                                    nodecore_buf *first, nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_mkdir(nodecore_loop *loop, const char *path,
                                               size_t path_len,
                                               const nodecore_fs_mkdir_options *opts,
                                               nodecore_fs_data_cb cb, void *user,
                                               nodecore_release release, nodecore_request **req,
                                               nodecore_error **err);

/** Removes an empty directory; nodecore_fs_rm() removes others.
 *  Threads    any; the loop's for the second form.
 *  Node       fs.rmdirSync, fs.rmdir                             Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_rmdir_sync(const char *path, size_t path_len,
                                                    nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_rmdir(nodecore_loop *loop, const char *path,
                                               size_t path_len, nodecore_fs_cb cb, void *user,
                                               nodecore_release release, nodecore_request **req,
                                               nodecore_error **err);

/* ---- Temporary directories --------------------------------------------------------------------- */

/** A directory that is removed, with all that is in it, when its handle is freed.
 *  Threads    the one that made it; the loop's if a callback gave it. */
typedef struct nodecore_temp_dir nodecore_temp_dir;

/** `dir` is the caller's: nodecore_temp_dir_free(). NULL on failure. */
typedef void (*nodecore_fs_temp_dir_cb)(const nodecore_error *err, nodecore_temp_dir *dir, void *user);

/** Makes a directory whose name is `prefix` and six random characters.
 *  Ownership  caller frees `*out` (nodecore_temp_dir_free), which removes the directory.
 *  Threads    any; the loop's for the second form.
 *  Node       fs.mkdtempDisposableSync, fsPromises.mkdtempDisposable     Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_mkdtemp_disposable_sync(const char *prefix,
                                                                 size_t prefix_len,
                                                                 nodecore_temp_dir **out,
                                                                 nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_mkdtemp_disposable(nodecore_loop *loop, const char *prefix,
                                                            size_t prefix_len,
                                                            nodecore_fs_temp_dir_cb cb, void *user,
                                                            nodecore_release release,
                                                            nodecore_request **req,
                                                            nodecore_error **err);

/** Returns its path, beginning as `prefix` did; bytes, borrowed until the handle is freed; `{NULL, 0}` for
 *  NULL.
 *  Node       dir.path                                           Since    0.1 */
NODECORE_API nodecore_str nodecore_temp_dir_path(const nodecore_temp_dir *dir);

/** Remove it with all that is in it, whatever the current directory is by then. It is no error if it is gone.
 *  After this nodecore_temp_dir_free() removes nothing, also where this failed.
 *  Threads    the handle's; the loop's for the second form.
 *  Node       dir.remove()                                       Since    0.1 */
NODECORE_API nodecore_status nodecore_temp_dir_remove_sync(nodecore_temp_dir *dir,
                                                           nodecore_error **err);
NODECORE_API nodecore_status nodecore_temp_dir_remove(nodecore_temp_dir *dir, nodecore_loop *loop,
                                                      nodecore_fs_cb cb, void *user,
                                                      nodecore_release release,
                                                      nodecore_error **err);

/** Leaves the directory where it is: the handle removes it no more.
 *  Nullable   dir.             Since    0.1 */
NODECORE_API void nodecore_temp_dir_keep(nodecore_temp_dir *dir);

/** Frees the handle, and removes the directory, blocking and without a word if that fails, unless it has been
 *  removed or is to be kept.
 *  Nullable   dir.             Node     dir[Symbol.dispose]()    Since    0.1 */
NODECORE_API void nodecore_temp_dir_free(nodecore_temp_dir *dir);

/* ---- One by one -------------------------------------------------------------------------------- */

/** An open directory. Any number of reads with a callback may wait; they are served in order, a close after
 *  the reads before it. While one waits the blocking functions fail with
 *  NODECORE_ERR_DIR_CONCURRENT_OPERATION; on a closed directory all fail with NODECORE_ERR_DIR_CLOSED.
 *  Threads    the one that opened it; the loop's if a callback gave it.
 *  Node       fs.Dir */
typedef struct nodecore_dir nodecore_dir;

/** Options of nodecore_fs_opendir*(). NULL = all defaults; a zero field = that field's default. */
typedef struct nodecore_fs_opendir_options {
  size_t struct_size;    /**< set by NODECORE_FS_OPENDIR_OPTIONS_INIT */
  uint32_t buffer_size;  /**< how many names are read ahead at least, in one trip to the pool; 0 = 32 */
  bool recursive;        /**< true: the directories within as well, level by level; links are not followed */
  nodecore_str encoding; /**< of names; none: bytes */
} nodecore_fs_opendir_options;
#define NODECORE_FS_OPENDIR_OPTIONS_INIT \
  { sizeof(nodecore_fs_opendir_options), 0, false, { NULL, 0 } }

/** `dir` is the caller's: nodecore_dir_free(). NULL on failure. */
typedef void (*nodecore_fs_opendir_cb)(const nodecore_error *err, nodecore_dir *dir, void *user);

/** Opens a directory.
 *  Returns    also NODECORE_ERR_INVALID_ARG_VALUE for an unknown encoding.
 *  Ownership  caller frees `*out` (nodecore_dir_free).
 *  Threads    any; the loop's for the second form.
 *  Node       fs.opendirSync, fs.opendir                         Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_opendir_sync(const char *path, size_t path_len,
                                                      const nodecore_fs_opendir_options *opts,
                                                      nodecore_dir **out, nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_opendir(nodecore_loop *loop, const char *path,
                                                 size_t path_len,
                                                 const nodecore_fs_opendir_options *opts,
                                                 nodecore_fs_opendir_cb cb, void *user,
                                                 nodecore_release release, nodecore_request **req,
                                                 nodecore_error **err);

/** Returns the path it was opened with, borrowed until the handle is freed; `{NULL, 0}` for NULL.
 *  Node       dir.path                                           Since    0.1 */
NODECORE_API nodecore_str nodecore_dir_path(const nodecore_dir *dir);

/** Give the next name, in the system's order and without `.` and `..`. At the end `out->name.data` is NULL,
 *  or the callback gets none.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE; the first form also NODECORE_ERR_DIR_CLOSED,
 *             NODECORE_ERR_DIR_CONCURRENT_OPERATION and the system's, which the second gives to the callback.
 *  Ownership  `*out` is borrowed until the next nodecore_dir_read_sync(), or until the handle is freed.
 *  Threads    the directory's; the loop's for the second form.
 *  Node       dir.readSync(), dir.read(callback)                 Since    0.1 */
NODECORE_API nodecore_status nodecore_dir_read_sync(nodecore_dir *dir, nodecore_dirent *out,
                                                    nodecore_error **err);
NODECORE_API nodecore_status nodecore_dir_read(nodecore_dir *dir, nodecore_loop *loop,
                                               nodecore_dir_cb cb, void *user,
                                               nodecore_release release, nodecore_error **err);

/** As nodecore_dir_read(), a step of an iteration: at the end, and after an error, the directory is closed
 *  before `cb` runs.
 *  Node       dir.entries(), for await (const entry of dir)      Since    0.1 */
NODECORE_API nodecore_status nodecore_dir_next(nodecore_dir *dir, nodecore_loop *loop,
                                               nodecore_dir_cb cb, void *user,
                                               nodecore_release release, nodecore_error **err);

/** Close it; the handle is still to be freed.
 *  Returns    as nodecore_dir_read_sync() and nodecore_dir_read().
 *  Threads    the directory's; the loop's for the second form.
 *  Node       dir.closeSync(), dir.close(callback)               Since    0.1 */
NODECORE_API nodecore_status nodecore_dir_close_sync(nodecore_dir *dir, nodecore_error **err);
NODECORE_API nodecore_status nodecore_dir_close(nodecore_dir *dir, nodecore_loop *loop,
                                                nodecore_fs_cb cb, void *user,
                                                nodecore_release release, nodecore_error **err);

/** Frees the handle. What waits is served all the same; then the directory is closed, if it is not.
 *  Nullable   dir.             Node     dir[Symbol.dispose]()    Since    0.1 */
NODECORE_API void nodecore_dir_free(nodecore_dir *dir);

#ifdef __cplusplus
}
#endif

#endif
