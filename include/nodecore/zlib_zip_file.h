/** @file zlib_zip_file.h ZIP archives on disk. Included by zlib_zip.h, whose head says what the functions have
 *  in common: errors, ownership, what may be NULL, threads.
 *
 *  Only the directory of an archive is read when it is opened; content is read when it is asked for. Opened for
 *  writing, entries can be added (behind the last, over the directory, which is written anew behind them) and
 *  removed (the directory is written anew; the data stays as dead space, which nodecore_zip_file_compact*()
 *  leave out). A change that fails half-way, because the disk is full or the process ends, can leave the file
 *  without a directory: work on a copy where that matters.
 *
 *  Changes with a callback are made one after the other, in the order in which they were asked for. Until they
 *  are done, functions that end in `_sync` fail with NODECORE_ERR_INVALID_STATE. Once the file is closed all
 *  do but those for its size, its comment, whether it is writable, and closing.
 *
 *  Node       https://nodejs.org/api/zlib.html#class-zlibzipfile */
#ifndef NODECORE_ZLIB_ZIP_FILE_H
#define NODECORE_ZLIB_ZIP_FILE_H

#include "zlib_zip.h"

#ifdef __cplusplus
extern "C" {
#endif

/** An open archive on disk. */
typedef struct nodecore_zip_file nodecore_zip_file;

/** `file` is the caller's to free; NULL on an error. */
typedef void (*nodecore_zip_file_cb)(const nodecore_error *err, nodecore_zip_file *file, void *user);

/** `deleted` tells whether there was an entry. */
typedef void (*nodecore_zip_delete_cb)(const nodecore_error *err, bool deleted, void *user);

/* ---- Opening and closing ----------------------------------------------------------------------- */

/** Options of nodecore_zip_file_open*(). NULL = all defaults; a zero field = that field's default. */
typedef struct nodecore_zip_file_options {
  size_t struct_size; /**< set by NODECORE_ZIP_FILE_OPTIONS_INIT */
  bool writable;      /**< true: open it for changes too */
} nodecore_zip_file_options;
#define NODECORE_ZIP_FILE_OPTIONS_INIT \
  { sizeof(nodecore_zip_file_options), false }

/** Open an archive and read its directory; blocking, or on the loop's pool.
 *  Ownership  caller frees `*out` (nodecore_zip_file_free), and what the callback is given.
 *  Node       ZipFile.openSync, ZipFile.open                             Since    0.1 */
NODECORE_API nodecore_status nodecore_zip_file_open_sync(const char *path, size_t path_len,
                                                         const nodecore_zip_file_options *opts,
                                                         nodecore_zip_file **out,
                                                         nodecore_error **err);
NODECORE_API nodecore_status nodecore_zip_file_open(nodecore_loop *loop, const char *path,
                                                    size_t path_len,
                                                    const nodecore_zip_file_options *opts,
                                                    nodecore_zip_file_cb cb, void *user,
                                                    nodecore_release release, nodecore_request **req,
                                                    nodecore_error **err);

/** Close the file, the second behind the changes that are under way; nothing if it is closed. The handle is
 *  still to be freed, and entries can be read no more.
 *  Node       zipFile.closeSync, zipFile.close, zipFile[Symbol.dispose], zipFile[Symbol.asyncDispose]
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_zip_file_close_sync(nodecore_zip_file *file,
                                                          nodecore_error **err);
NODECORE_API nodecore_status nodecore_zip_file_close(nodecore_zip_file *file, nodecore_loop *loop,
                                                     nodecore_done_cb cb, void *user,
                                                     nodecore_release release, nodecore_error **err);

/** Frees the handle. The file is closed, if it is not, when its entries are freed as well and what is under way
 *  is done.                                                                        Since    0.1 */
NODECORE_API void nodecore_zip_file_free(nodecore_zip_file *file);

/* ---- Looking into it --------------------------------------------------------------------------- */

/** Returns the number of entries; 0 for NULL.
 *  Node       zipFile.size                                               Since    0.1 */
NODECORE_API size_t nodecore_zip_file_size(const nodecore_zip_file *file);

/** Returns the archive's comment, UTF-8, borrowed until the handle is freed; `{NULL, 0}` for NULL.
 *  Node       zipFile.comment                                            Since    0.1 */
NODECORE_API nodecore_str nodecore_zip_file_comment(const nodecore_zip_file *file);

/** Returns whether it was opened for changes; false for NULL.
 *  Node       zipFile.writable                                           Since    0.1 */
NODECORE_API bool nodecore_zip_file_writable(const nodecore_zip_file *file);

/** Tells whether there is an entry of this name.
 *  Node       zipFile.has                                                Since    0.1 */
NODECORE_API nodecore_status nodecore_zip_file_has(const nodecore_zip_file *file, const char *name,
                                                   size_t name_len, bool *out, nodecore_error **err);

/** Give the entry of a name. Neither reads anything; they differ while changes are under way.
 *  Returns    also NODECORE_ERR_ZIP_ENTRY_NOT_FOUND.
 *  Ownership  caller frees `*out` (nodecore_zip_entry_free).
 *  Node       zipFile.get, zipFile.getSync                               Since    0.1 */
NODECORE_API nodecore_status nodecore_zip_file_get(const nodecore_zip_file *file, const char *name,
                                                   size_t name_len, nodecore_zip_entry **out,
                                                   nodecore_error **err);
NODECORE_API nodecore_status nodecore_zip_file_get_sync(const nodecore_zip_file *file,
                                                        const char *name, size_t name_len,
                                                        nodecore_zip_entry **out,
                                                        nodecore_error **err);

/** Give the entries as they are now, with their names, in the order of the directory. Neither reads anything; they
 *  differ while changes are under way.
 *  Ownership  caller frees `*out` (nodecore_zip_entries_free).
 *  Node       zipFile.entries, keys, values, forEach, [Symbol.asyncIterator]; zipFile.entriesSync, valuesSync,
 *             forEachSync, [Symbol.iterator]                             Since    0.1 */
NODECORE_API nodecore_status nodecore_zip_file_entries(const nodecore_zip_file *file,
                                                       nodecore_zip_entries **out,
                                                       nodecore_error **err);
NODECORE_API nodecore_status nodecore_zip_file_entries_sync(const nodecore_zip_file *file,
                                                            nodecore_zip_entries **out,
                                                            nodecore_error **err);

/** Gives the content of an entry as a stream: nodecore_zip_entry_content_stream() by name.
 *  Returns    also NODECORE_ERR_ZIP_ENTRY_NOT_FOUND.
 *  Ownership  caller frees `*out` (nodecore_stream_free).
 *  Node       zipFile.stream                                             Since    0.1 */
NODECORE_API nodecore_status nodecore_zip_file_stream(nodecore_zip_file *file, nodecore_loop *loop,
                                                      const char *name, size_t name_len,
                                                      const nodecore_zip_content_options *opts,
                                                      nodecore_stream **out, nodecore_error **err);

/* ---- Changing it ------------------------------------------------------------------------------- */

/** Make an entry, as nodecore_zip_entry_create*() do, and write it into the file, in the place of the one with its
 *  name if there is one; blocking, or on the loop's pool.
 *  Errors     also NODECORE_ERR_ZIP_NOT_WRITABLE.
 *  Ownership  caller frees `*out` (nodecore_zip_entry_free), and what the callback is given: the entry in
 *             memory, that of the file is got by its name.
 *  Nullable   also out.
 *  Node       zipFile.addSync, zipFile.add                               Since    0.1 */
NODECORE_API nodecore_status nodecore_zip_file_add_sync(nodecore_zip_file *file, const char *name,
                                                        size_t name_len, const void *data, size_t len,
                                                        const nodecore_zip_entry_options *opts,
                                                        nodecore_zip_entry **out,
                                                        nodecore_error **err);
NODECORE_API nodecore_status nodecore_zip_file_add(nodecore_zip_file *file, nodecore_loop *loop,
                                                   const char *name, size_t name_len,
                                                   const void *data, size_t len,
                                                   const nodecore_zip_entry_options *opts,
                                                   nodecore_zip_entry_cb cb, void *user,
                                                   nodecore_release release, nodecore_error **err);

/** Write an entry into the file, in the place of the one with its name if there is one. Only the second takes a
 *  streaming entry, which becomes one of this file.
 *  Errors     also NODECORE_ERR_ZIP_NOT_WRITABLE, and those of a source.
 *  Node       zipFile.addEntrySync, zipFile.addEntry                     Since    0.1 */
NODECORE_API nodecore_status nodecore_zip_file_add_entry_sync(nodecore_zip_file *file,
                                                              nodecore_zip_entry *entry,
                                                              nodecore_error **err);
NODECORE_API nodecore_status nodecore_zip_file_add_entry(nodecore_zip_file *file, nodecore_loop *loop,
                                                         nodecore_zip_entry *entry,
                                                         nodecore_done_cb cb, void *user,
                                                         nodecore_release release,
                                                         nodecore_error **err);

/** Remove an entry; `*deleted`, or what the callback is told, is whether there was one.
 *  Errors     also NODECORE_ERR_ZIP_NOT_WRITABLE.
 *  Nullable   also deleted.
 *  Node       zipFile.deleteSync, zipFile.delete                         Since    0.1 */
NODECORE_API nodecore_status nodecore_zip_file_delete_sync(nodecore_zip_file *file, const char *name,
                                                           size_t name_len, bool *deleted,
                                                           nodecore_error **err);
NODECORE_API nodecore_status nodecore_zip_file_delete(nodecore_zip_file *file, nodecore_loop *loop,
                                                      const char *name, size_t name_len,
                                                      nodecore_zip_delete_cb cb, void *user,
                                                      nodecore_release release, nodecore_error **err);

/* ---- Writing it out ---------------------------------------------------------------------------- */

/** Make a fresh archive of the entries as they are now, without dead space; as a stream of bytes, or blocking. The
 *  file is not changed. `comment`, UTF-8, is in the place of its own; NULL with length 0 leaves that.
 *  Ownership  caller frees `*out` (nodecore_stream_free, nodecore_buf_free).
 *  Node       zipFile.compact, zipFile.compactSync                       Since    0.1 */
NODECORE_API nodecore_status nodecore_zip_file_compact(nodecore_zip_file *file, nodecore_loop *loop,
                                                       const char *comment, size_t comment_len,
                                                       nodecore_stream **out, nodecore_error **err);
NODECORE_API nodecore_status nodecore_zip_file_compact_sync(nodecore_zip_file *file,
                                                            const char *comment, size_t comment_len,
                                                            nodecore_buf *out, nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
