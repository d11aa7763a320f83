/** @file fs_tree.h Whole trees: removing, copying, searching, walking. Included by fs.h, whose head
 *  names the errors and what may be NULL.
 *
 *  The options of rm, cp and glob hold functions of the caller's: `progress`, `filter`, `exclude_fn`. They
 *  get the options' own `user`, which has to be valid until the blocking form returns, or until `release` of
 *  the form with a callback runs; none of them is called after `cb`. A `signal` ends the form with a
 *  callback: it fails with NODECORE_ABORT_ERR, whose cause is the reason (nodecore_request_cancel():
 *  NODECORE_ECANCELED). What is done by then stays done. The blocking forms do not look at it.
 *
 *  Threads    the functions of the caller's run on the thread of the loop, or of the blocking call; never on
 *             a thread of the pool: the work leaves the pool to ask.
 *  Node       https://nodejs.org/api/fs.html#callback-api */
#ifndef NODECORE_FS_TREE_H
#define NODECORE_FS_TREE_H

#include "abort.h"
#include "fs.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Told now and then (every 50 ms at most), and once more at a good end, how many entries have been removed,
 *  copied or looked at, and the path of the last one, borrowed for the call. */
typedef void (*nodecore_fs_progress_cb)(uint64_t entries, nodecore_str path, void *user);

/* ---- Removing ---------------------------------------------------------------------------------- */

/** Options of nodecore_fs_rm*(). NULL = all defaults; a zero field = that field's default. */
typedef struct nodecore_fs_rm_options {
  size_t struct_size;   /**< set by NODECORE_FS_RM_OPTIONS_INIT */
  bool force;           /**< true: it is no error if there is nothing */
  bool recursive;       /**< true: a directory goes with all that is in it; otherwise it is refused */
  bool has_retry_delay; /**< true: retry_delay counts though it is 0 */
  uint32_t max_retries; /**< how often to try again, if recursive, after EBUSY, EMFILE, ENFILE, ENOTEMPTY or
                             EPERM */
  uint32_t retry_delay; /**< milliseconds to wait before that, longer by as much each time; 0 = 100 */
  const nodecore_abort_signal *signal; /**< ends it; kept; may be NULL */
  nodecore_fs_progress_cb progress;    /**< may be NULL */
  void *user;                          /**< for `progress` */
} nodecore_fs_rm_options;
#define NODECORE_FS_RM_OPTIONS_INIT \
  { sizeof(nodecore_fs_rm_options), false, false, false, 0, 0, NULL, NULL, NULL }

/** Removes a file, a link (never what it points to), or with `recursive` a directory. What somebody else
 *  removes meanwhile is no error.
 *  Errors     NODECORE_ERR_FS_EISDIR for a directory without `recursive`; NODECORE_ERR_OUT_OF_RANGE for a
 *             retry_delay above 2147483647; the system's, naming what could not be removed.
 *  Threads    any; the loop's for the second form.
 *  Node       fs.rmSync, fs.rm                                   Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_rm_sync(const char *path, size_t path_len,
                                                 const nodecore_fs_rm_options *opts,
                                                 nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_rm(nodecore_loop *loop, const char *path, size_t path_len,
                                            const nodecore_fs_rm_options *opts, nodecore_fs_cb cb,
                                            void *user, nodecore_release release,
                                            nodecore_request **req, nodecore_error **err);

/* ---- Copying ----------------------------------------------------------------------------------- */

/** Says whether `src` is copied to `dest`, by way of `*copy`, which is false before. A directory that is not
 *  is not looked into. Another status than NODECORE_OK ends the copying with it. All is borrowed for the
 *  call. */
typedef nodecore_status (*nodecore_fs_cp_filter)(nodecore_str src, nodecore_str dest, bool *copy,
                                                 void *user);

/** As nodecore_fs_cp_filter, and ends `done`, now or later: with any result (nodecore_done_push(done, "y",
 *  1)) if it is copied, without one (nodecore_done_call(done, NULL)) if not, or with an error, which ends the
 *  copying. If `done` is freed instead, the copying waits until it is cancelled. */
typedef void (*nodecore_fs_cp_filter_async)(nodecore_str src, nodecore_str dest, nodecore_done *done,
                                            void *user);

/** Options of nodecore_fs_cp*(). NULL = all defaults; a zero field = that field's default. */
typedef struct nodecore_fs_cp_options {
  size_t struct_size;       /**< set by NODECORE_FS_CP_OPTIONS_INIT */
  bool dereference;         /**< true: links are copied as what they point to */
  bool error_on_exist;      /**< true: something there already is an error, with no_force */
  bool no_force;            /**< true: files that are there already are left as they are */
  bool preserve_timestamps; /**< true: the copies, directories too, have the times of access and of change */
  bool recursive;           /**< true: directories too, with all that is in them; else they are refused */
  bool verbatim_symlinks;   /**< true: links are copied as they are written; otherwise as absolute paths */
  int32_t mode;             /**< how files are copied, as by fs.copyFile: 0, or a sum of COPYFILE_* */
  const nodecore_abort_signal *signal; /**< ends it; kept; may be NULL */
  nodecore_fs_cp_filter filter;        /**< may be NULL: all is copied */
  nodecore_fs_cp_filter_async filter_async; /**< instead of `filter`, not in the blocking form */
  nodecore_fs_progress_cb progress;         /**< may be NULL */
  void *user;                               /**< for `filter`, `filter_async` and `progress` */
} nodecore_fs_cp_options;
#define NODECORE_FS_CP_OPTIONS_INIT                                                                     \
  {                                                                                                     \
    sizeof(nodecore_fs_cp_options), false, false, false, false, false, false, 0, NULL, NULL, NULL, NULL, \
        NULL                                                                                            \
  }

/** Copies a file, a link, or with `recursive` a directory. Missing directories above `dest` are made.
 *  Errors     NODECORE_ERR_FS_CP_EINVAL if the two are the same, or one is inside the other;
 *             NODECORE_ERR_FS_CP_DIR_TO_NON_DIR, NODECORE_ERR_FS_CP_NON_DIR_TO_DIR;
 *             NODECORE_ERR_FS_CP_EEXIST; NODECORE_ERR_FS_EISDIR for a directory without `recursive`;
 *             NODECORE_ERR_FS_CP_SYMLINK_TO_SUBDIRECTORY; NODECORE_ERR_FS_CP_FIFO_PIPE,
 *             NODECORE_ERR_FS_CP_SOCKET, NODECORE_ERR_FS_CP_UNKNOWN for what cannot be copied;
 *             NODECORE_ERR_INCOMPATIBLE_OPTION_PAIR (dereference and verbatim_symlinks, filter and
 *             filter_async); NODECORE_ERR_OUT_OF_RANGE (mode); NODECORE_ERR_INVALID_RETURN_VALUE
 *             (filter_async in the blocking form); the system's.
 *  Threads    any; the loop's for the second form.
 *  Node       fs.cpSync, fs.cp                                   Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_cp_sync(const char *src, size_t src_len, const char *dest,
                                                 size_t dest_len,
                                                 const nodecore_fs_cp_options *opts,
                                                 nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_cp(nodecore_loop *loop, const char *src, size_t src_len,
                                            const char *dest, size_t dest_len,
                                            const nodecore_fs_cp_options *opts, nodecore_fs_cb cb,
                                            void *user, nodecore_release release,
                                            nodecore_request **req, nodecore_error **err);

/* ---- Searching --------------------------------------------------------------------------------- */

/** Says whether an entry that a pattern has matched so far is left out, with what is below it, by way of
 *  `*exclude`, which is false before. Another status than NODECORE_OK ends the search with it. `dirent` is
 *  borrowed for the call. */
typedef nodecore_status (*nodecore_fs_glob_exclude)(const nodecore_dirent *dirent, bool *exclude,
                                                    void *user);

/** Options of nodecore_fs_glob*(). NULL = all defaults; a zero field = that field's default. */
typedef struct nodecore_fs_glob_options {
  size_t struct_size;          /**< set by NODECORE_FS_GLOB_OPTIONS_INIT */
  bool follow_symlinks;        /**< true: `**` goes through links to directories, but to none above */
  nodecore_str cwd;            /**< where relative patterns begin; none: the current directory */
  const nodecore_str *exclude; /**< what one of these patterns matches is left out, and what is below it */
  size_t exclude_count;        /**< how many there are */
  nodecore_fs_glob_exclude exclude_fn; /**< instead of `exclude`; may be NULL */
  const nodecore_abort_signal *signal; /**< ends it; kept; may be NULL */
  nodecore_fs_progress_cb progress;    /**< may be NULL */
  void *user;                          /**< for `exclude_fn` and `progress` */
} nodecore_fs_glob_options;
#define NODECORE_FS_GLOB_OPTIONS_INIT \
  { sizeof(nodecore_fs_glob_options), false, { NULL, 0 }, NULL, 0, NULL, NULL, NULL, NULL }

/** Finds what one of `count` patterns, UTF-8, matches, each once and in Node's order. What cannot be read
 *  counts as empty. In the list, the path of an entry is spelled as the pattern is, its parent_path is
 *  absolute.
 *  Errors     NODECORE_ERR_INVALID_ARG_VALUE for a pattern that is not UTF-8 or longer than 65536 UTF-16
 *             units, and for a `cwd` with a NUL inside; NODECORE_ERR_INCOMPATIBLE_OPTION_PAIR (exclude and
 *             exclude_fn).
 *  Ownership  caller frees `*out` (nodecore_dirents_free).
 *  Nullable   also patterns with count 0.
 *  Threads    any; the loop's for the second form.
 *  Node       fs.globSync, fs.glob, fsPromises.glob (withFileTypes)      Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_glob_sync(const nodecore_str *patterns, size_t count,
                                                   const nodecore_fs_glob_options *opts,
                                                   nodecore_dirents **out, nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_glob(nodecore_loop *loop, const nodecore_str *patterns,
                                              size_t count, const nodecore_fs_glob_options *opts,
                                              nodecore_fs_readdir_cb cb, void *user,
                                              nodecore_release release, nodecore_request **req,
                                              nodecore_error **err);

/** A search whose entries come one after another, when they are asked for. Threads: the one that made it. */
typedef struct nodecore_glob_search nodecore_glob_search;

/** Begins a search for what nodecore_fs_glob() finds, in the same order; nothing is looked at before the first
 *  entry is asked for, and no more than a few entries are kept.
 *  Errors     as nodecore_fs_glob().
 *  Ownership  caller frees `*out` (nodecore_glob_search_free). What `opts->user` points to lives until that, and
 *             until the last callback has run.
 *  Nullable   also patterns with count 0.
 *  Node       fsPromises.glob                                    Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_glob_search(const nodecore_str *patterns, size_t count,
                                                     const nodecore_fs_glob_options *opts,
                                                     nodecore_glob_search **out, nodecore_error **err);

/** Gives the next entry to `cb`; none at the end, and after an error. Any number of callbacks may wait; they run
 *  in order.
 *  Errors     `cb` gets what `exclude_fn` returned, and NODECORE_ABORT_ERR once the signal is aborted.
 *  Threads    the loop's.
 *  Node       the iterator of fsPromises.glob                    Since    0.1 */
NODECORE_API nodecore_status nodecore_glob_search_next(nodecore_glob_search *search, nodecore_loop *loop,
                                                       nodecore_dir_cb cb, void *user,
                                                       nodecore_release release, nodecore_error **err);

/** Returns the path of the entry that came last, spelled as its pattern is, borrowed until the next one comes or
 *  the search is freed; `{NULL, 0}` if there is none.
 *  Nullable   search.          Since    0.1 */
NODECORE_API nodecore_str nodecore_glob_search_path(const nodecore_glob_search *search);

/** Frees the search, which then stops. Callbacks that wait still run.
 *  Nullable   search.          Since    0.1 */
NODECORE_API void nodecore_glob_search_free(nodecore_glob_search *search);

/* ---- Walking ----------------------------------------------------------------------------------- */

/** A walk through a tree: every directory before what is in it. The directory that it begins in is not among
 *  the entries. Beyond Node.
 *  Threads    the one that made it; the loop's if one is used. */
typedef struct nodecore_walk nodecore_walk;

/** Options of nodecore_fs_walk(). NULL = all defaults; a zero field = that field's default. */
typedef struct nodecore_fs_walk_options {
  size_t struct_size;   /**< set by NODECORE_FS_WALK_OPTIONS_INIT */
  bool follow_symlinks; /**< true: links to directories are gone into, but for those to one above */
  bool sorted;          /**< true: the entries of a directory come sorted by the bytes of their names */
  size_t max_depth;     /**< how many levels to go down, 1 is the directory itself; 0 = all */
} nodecore_fs_walk_options;
#define NODECORE_FS_WALK_OPTIONS_INIT \
  { sizeof(nodecore_fs_walk_options), false, false, 0 }

/** Begins a walk at `path`; nothing is read yet.
 *  Ownership  caller frees `*out` (nodecore_walk_free).
 *  Threads    any.             Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_walk(const char *path, size_t path_len,
                                              const nodecore_fs_walk_options *opts,
                                              nodecore_walk **out, nodecore_error **err);

/** Give the next entry. At the end `out->name.data` is NULL, or the callback gets none. Any number of
 *  callbacks may wait; they run in order, and the walk goes on when one has returned, so that it can say
 *  nodecore_walk_skip_directory().
 *  Errors     the system's for a directory that cannot be read, syscall `scandir`: the next call goes on
 *             behind it. NODECORE_ERR_DIR_CONCURRENT_OPERATION from the first form while a callback waits.
 *  Ownership  `*out` is borrowed until the next entry comes, or until the walk is freed.
 *  Threads    the walk's; the loop's for the second form, which reads directories on the pool.
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_walk_next_sync(nodecore_walk *walk, nodecore_dirent *out,
                                                     nodecore_error **err);
NODECORE_API nodecore_status nodecore_walk_next(nodecore_walk *walk, nodecore_loop *loop,
                                                nodecore_dir_cb cb, void *user,
                                                nodecore_release release, nodecore_error **err);

/** Returns the path of the entry that came last, beginning as the walk's does, borrowed as it is; `{NULL, 0}`
 *  if there is none.
 *  Nullable   walk.            Since    0.1 */
NODECORE_API nodecore_str nodecore_walk_path(const nodecore_walk *walk);

/** Returns how many levels down the entry that came last is; 1 is in the directory that the walk began in.
 *  Nullable   walk.            Since    0.1 */
NODECORE_API size_t nodecore_walk_depth(const nodecore_walk *walk);

/** Does not go into the directory that came last; nothing happens while another entry is on its way.
 *  Nullable   walk.            Since    0.1 */
NODECORE_API void nodecore_walk_skip_directory(nodecore_walk *walk);

/** Frees the walk. Callbacks that wait still run.
 *  Nullable   walk.            Since    0.1 */
NODECORE_API void nodecore_walk_free(nodecore_walk *walk);

#ifdef __cplusplus
}
#endif

#endif
