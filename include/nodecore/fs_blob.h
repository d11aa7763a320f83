/** @file fs_blob.h Files as Blobs. Included by fs.h, whose head names the errors and what may be NULL.
 *
 *  Node       https://nodejs.org/api/fs.html#fsopenasblobpath-options */
#ifndef NODECORE_FS_BLOB_H
#define NODECORE_FS_BLOB_H

#include "fs.h"
#include "web.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A file, or a part of one, as it was when the blob was made: once it has been changed, reading fails with a
 *  NotReadableError (nodecore_error_name), whose cause is the system's error, if there is one. Nothing is
 *  read before it is asked for.
 *  Threads    const: any, at the same time.    Node: Blob */
typedef struct nodecore_blob nodecore_blob;

/** `blob` is the caller's to free; NULL on an error. */
typedef void (*nodecore_blob_cb)(const nodecore_error *err, nodecore_blob *blob, void *user);

/** Makes a blob of a file. `type` is one such as `text/plain`, as UTF-8.
 *  Errors     the system's, syscall `stat`.
 *  Ownership  caller frees the blob (nodecore_blob_free).
 *  Nullable   type with type_len 0.
 *  Threads    any; the loop's for the second form.
 *  Node       fs.openAsBlob, which has no form that blocks               Since    0.1 */
NODECORE_API nodecore_status nodecore_fs_open_as_blob_sync(const char *path, size_t path_len,
                                                           const char *type, size_t type_len,
                                                           nodecore_blob **out, nodecore_error **err);
NODECORE_API nodecore_status nodecore_fs_open_as_blob(nodecore_loop *loop, const char *path,
                                                      size_t path_len, const char *type,
                                                      size_t type_len, nodecore_blob_cb cb,
                                                      void *user, nodecore_release release,
                                                      nodecore_request **req, nodecore_error **err);

/** Frees a blob; what reads it goes on.    Nullable  blob.    Threads  any.     Since    0.1 */
NODECORE_API void nodecore_blob_free(nodecore_blob *blob);

/** Returns its size in bytes; 0 for NULL.
 *  Threads    any.             Node     blob.size                        Since    0.1 */
NODECORE_API uint64_t nodecore_blob_size(const nodecore_blob *blob);

/** Returns its type, borrowed while the blob lives; data NULL for NULL.
 *  Threads    any.             Node     blob.type                        Since    0.1 */
NODECORE_API nodecore_str nodecore_blob_type(const nodecore_blob *blob);

/** The end of a blob, for nodecore_blob_slice(). */
#define NODECORE_BLOB_END INT64_MAX

/** Makes a blob of a part, from `start` to `end`, both counted from the end if negative. A `type` that is not
 *  of printable ASCII is none; letters become small ones.
 *  Ownership  caller frees `*out` (nodecore_blob_free).
 *  Nullable   type with type_len 0.
 *  Threads    any.             Node     blob.slice                       Since    0.1 */
NODECORE_API nodecore_status nodecore_blob_slice(const nodecore_blob *blob, int64_t start,
                                                 int64_t end, const char *type, size_t type_len,
                                                 nodecore_blob **out, nodecore_error **err);

/** Reads all its bytes.
 *  Errors     a NotReadableError.
 *  Ownership  caller frees `*out` (nodecore_buf_free); the second form lends it to the callback.
 *  Threads    any; the loop's for the second form.
 *  Node       blob.bytes, blob.arrayBuffer                               Since    0.1 */
NODECORE_API nodecore_status nodecore_blob_bytes_sync(const nodecore_blob *blob, nodecore_buf *out,
                                                      nodecore_error **err);
NODECORE_API nodecore_status nodecore_blob_bytes(const nodecore_blob *blob, nodecore_loop *loop,
                                                 nodecore_fs_data_cb cb, void *user,
                                                 nodecore_release release, nodecore_request **req,
                                                 nodecore_error **err);

/** As nodecore_blob_bytes(), as valid UTF-8, without a mark at the beginning.
 *  Errors     a NotReadableError.
 *  Ownership  the text is lent to the callback.
 *  Threads    the loop's.      Node     blob.text                        Since    0.1 */
NODECORE_API nodecore_status nodecore_blob_text(const nodecore_blob *blob, nodecore_loop *loop,
                                                nodecore_fs_data_cb cb, void *user,
                                                nodecore_release release, nodecore_request **req,
                                                nodecore_error **err);

/** Creates a byte stream of its bytes, in chunks of 64 KiB; it fails with a NotReadableError.
 *  Ownership  caller frees `*out` (nodecore_web_readable_free).
 *  Threads    the loop's.      Node     blob.stream                      Since    0.1 */
NODECORE_API nodecore_status nodecore_blob_stream(const nodecore_blob *blob, nodecore_loop *loop,
                                                  nodecore_web_readable **out, nodecore_error **err);

/** As nodecore_blob_stream(), of chunks of valid UTF-8 that do not cut characters, without a mark at the beginning.
 *  Ownership  caller frees `*out` (nodecore_web_readable_free).
 *  Threads    the loop's.      Node     blob.textStream                  Since    0.1 */
NODECORE_API nodecore_status nodecore_blob_text_stream(const nodecore_blob *blob, nodecore_loop *loop,
                                                       nodecore_web_readable **out, nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
