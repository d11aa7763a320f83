/** @file path.h File paths.
 *
 *  Paths are bytes; these functions follow the flavour of the system: posix on Unix, win32 on Windows.
 *
 *  Node       https://nodejs.org/api/path.html */
#ifndef NODECORE_PATH_H
#define NODECORE_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"
#include "export.h"
#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Returns the last part of `path`, without `suffix` if it ends so; borrowed from `path`.
 *  Nullable   suffix.          Threads  any.
 *  Node       path.basename    Since    0.1 */
NODECORE_API nodecore_str nodecore_path_basename(const char *path, size_t path_len,
                                                 const char *suffix, size_t suffix_len);

/** Returns the directory part of `path`; borrowed from `path`, or static (".").
 *  Threads    any.             Node     path.dirname             Since    0.1 */
NODECORE_API nodecore_str nodecore_path_dirname(const char *path, size_t path_len);

/** Returns the extension of `path` with its dot, or an empty string; borrowed from `path`.
 *  Threads    any.             Node     path.extname             Since    0.1 */
NODECORE_API nodecore_str nodecore_path_extname(const char *path, size_t path_len);

/** Returns whether `path` is absolute.
 *  Threads    any.             Node     path.isAbsolute          Since    0.1 */
NODECORE_API bool nodecore_path_is_absolute(const char *path, size_t path_len);

/** Joins `count` parts and normalises the result.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE for a NULL part or array.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   err.             Threads  any.
 *  Node       path.join        Since    0.1 */
NODECORE_API nodecore_status nodecore_path_join(const nodecore_str *parts, size_t count,
                                                nodecore_buf *out, nodecore_error **err);

/** Resolves `.`, `..` and repeated separators.
 *  Returns, Ownership, Nullable, Threads  as nodecore_path_join().
 *  Node       path.normalize   Since    0.1 */
NODECORE_API nodecore_status nodecore_path_normalize(const char *path, size_t path_len,
                                                     nodecore_buf *out, nodecore_error **err);

/** Gives the relative path from `from` to `to`, both resolved against the current directory.
 *  Returns, Ownership, Nullable, Threads  as nodecore_path_join().
 *  Node       path.relative    Since    0.1 */
NODECORE_API nodecore_status nodecore_path_relative(const char *from, size_t from_len,
                                                    const char *to, size_t to_len,
                                                    nodecore_buf *out, nodecore_error **err);

/** Resolves `count` parts, right to left, to an absolute path; the current directory is the last resort.
 *  Returns    as nodecore_path_join(); the system's error if the current directory is gone.
 *  Ownership, Nullable, Threads  as nodecore_path_join().
 *  Node       path.resolve     Since    0.1 */
NODECORE_API nodecore_status nodecore_path_resolve(const nodecore_str *parts, size_t count,
                                                   nodecore_buf *out, nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
