/** @file zlib_zip_buffer.h ZIP archives in memory. Included by zlib_zip.h, whose head says what the functions
 *  have in common: errors, ownership, what may be NULL, threads.
 *
 *  Node       https://nodejs.org/api/zlib.html#class-zlibzipbuffer */
#ifndef NODECORE_ZLIB_ZIP_BUFFER_H
#define NODECORE_ZLIB_ZIP_BUFFER_H

#include "zlib_zip.h"

#ifdef __cplusplus
extern "C" {
#endif

/** An archive in memory: entries by their names, in the order in which they were added. What is changed is
 *  written out by nodecore_zip_buffer_to_buffer*(), as a fresh archive. */
typedef struct nodecore_zip_buffer nodecore_zip_buffer;

/** Reads an archive. Of entries with the same name the last counts.
 *  Ownership  caller frees `*out` (nodecore_zip_buffer_free).
 *  Node       new ZipBuffer(buffer)                                      Since    0.1 */
NODECORE_API nodecore_status nodecore_zip_buffer_new(const void *data, size_t len,
                                                     nodecore_zip_buffer **out,
                                                     nodecore_error **err);

/** Returns an archive without entries, for the caller to free. Not in Node.        Since    0.1 */
NODECORE_API nodecore_zip_buffer *nodecore_zip_buffer_empty(void);

/** Frees the archive; entries that were got from it stay.
 *  Node       zipBuffer[Symbol.dispose]                                  Since    0.1 */
NODECORE_API void nodecore_zip_buffer_free(nodecore_zip_buffer *zip);

/* ---- Looking into it --------------------------------------------------------------------------- */

/** Returns the number of entries; 0 for NULL.
 *  Node       zipBuffer.size                                             Since    0.1 */
NODECORE_API size_t nodecore_zip_buffer_size(const nodecore_zip_buffer *zip);

/** Returns the archive's comment, UTF-8, borrowed until the handle is freed; `{NULL, 0}` for NULL.
 *  Node       zipBuffer.comment                                          Since    0.1 */
NODECORE_API nodecore_str nodecore_zip_buffer_comment(const nodecore_zip_buffer *zip);

/** Returns whether it can be changed: true, but for NULL.
 *  Node       zipBuffer.writable                                         Since    0.1 */
NODECORE_API bool nodecore_zip_buffer_writable(const nodecore_zip_buffer *zip);

/** Returns whether there is an entry of this name; false for NULL.
 *  Node       zipBuffer.has                                              Since    0.1 */
NODECORE_API bool nodecore_zip_buffer_has(const nodecore_zip_buffer *zip, const char *name,
                                          size_t name_len);

/** Gives the entry of a name.
 *  Returns    also NODECORE_ERR_ZIP_ENTRY_NOT_FOUND.
 *  Ownership  caller frees `*out` (nodecore_zip_entry_free).
 *  Node       zipBuffer.get                                              Since    0.1 */
NODECORE_API nodecore_status nodecore_zip_buffer_get(const nodecore_zip_buffer *zip, const char *name,
                                                     size_t name_len, nodecore_zip_entry **out,
                                                     nodecore_error **err);

/** Returns the entries as they are now, with their names, for the caller to free (nodecore_zip_entries_free);
 *  NULL for NULL.
 *  Node       zipBuffer.entries, keys, values, forEach, [Symbol.iterator]          Since    0.1 */
NODECORE_API nodecore_zip_entries *nodecore_zip_buffer_entries(const nodecore_zip_buffer *zip);

/* ---- Changing it ------------------------------------------------------------------------------- */

/** Make an entry, as nodecore_zip_entry_create*() do, and add it, in the place of the one with its name if there
 *  is one. The second adds it just before the callback runs.
 *  Ownership  caller frees `*out` (nodecore_zip_entry_free), and what the callback is given.
 *  Nullable   also out.
 *  Node       zipBuffer.addSync, zipBuffer.add                           Since    0.1 */
NODECORE_API nodecore_status nodecore_zip_buffer_add_sync(nodecore_zip_buffer *zip, const char *name,
                                                          size_t name_len, const void *data, size_t len,
                                                          const nodecore_zip_entry_options *opts,
                                                          nodecore_zip_entry **out,
                                                          nodecore_error **err);
NODECORE_API nodecore_status nodecore_zip_buffer_add(nodecore_zip_buffer *zip, nodecore_loop *loop,
                                                     const char *name, size_t name_len,
                                                     const void *data, size_t len,
                                                     const nodecore_zip_entry_options *opts,
                                                     nodecore_zip_entry_cb cb, void *user,
                                                     nodecore_release release, nodecore_request **req,
                                                     nodecore_error **err);

/** Adds an entry, in the place of the one with its name if there is one.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE.
 *  Ownership  the handle stays the caller's.
 *  Node       zipBuffer.addEntry                                         Since    0.1 */
NODECORE_API nodecore_status nodecore_zip_buffer_add_entry(nodecore_zip_buffer *zip,
                                                           nodecore_zip_entry *entry);

/** Removes an entry.
 *  Returns    whether there was one; false for NULL.
 *  Node       zipBuffer.delete                                           Since    0.1 */
NODECORE_API bool nodecore_zip_buffer_delete(nodecore_zip_buffer *zip, const char *name,
                                             size_t name_len);

/** Removes all entries; the comment stays.
 *  Nullable   zip.
 *  Node       zipBuffer.clear                                            Since    0.1 */
NODECORE_API void nodecore_zip_buffer_clear(nodecore_zip_buffer *zip);

/* ---- Writing it out ---------------------------------------------------------------------------- */

/** Make a fresh archive of the entries as they are now; the comment stays where `opts` have no other. Only the
 *  second takes streaming entries.
 *  Returns    also NODECORE_ERR_OUT_OF_RANGE for an offset of 2^53 and above.
 *  Ownership  caller frees `*out` (nodecore_buf_free); the second form lends it to the callback.
 *  Node       zipBuffer.toBufferSync, zipBuffer.toBuffer                 Since    0.1 */
NODECORE_API nodecore_status nodecore_zip_buffer_to_buffer_sync(
    nodecore_zip_buffer *zip, const nodecore_zip_archive_options *opts, nodecore_buf *out,
    nodecore_error **err);
NODECORE_API nodecore_status nodecore_zip_buffer_to_buffer(nodecore_zip_buffer *zip,
                                                           nodecore_loop *loop,
                                                           const nodecore_zip_archive_options *opts,
                                                           nodecore_zip_data_cb cb, void *user,
                                                           nodecore_release release,
                                                           nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
