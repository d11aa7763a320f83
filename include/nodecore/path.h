/** @file path.h File paths.
 *
 *  Three families of the same functions: `nodecore_path_posix_*` and `nodecore_path_win32_*` on
 *  every system, and `nodecore_path_*`, which are those of the system: win32 on Windows, posix
 *  elsewhere. None does I/O; where a path is relative, resolving asks for the current directory.
 *
 *  Paths are bytes and may hold NUL. UTF-8 is taken as what it is where characters count: letter
 *  case and device names of win32, and globs. Functions that end in `_utf16` take an engine's two-
 *  byte strings. Its one-byte strings, Latin-1, are passed as bytes where only separators, dots and
 *  colons count; where that is not enough there are functions that end in `_latin1`.
 *
 *  What is returned as a nodecore_str or nodecore_str16 is borrowed from the argument, or static. A
 *  NULL argument with a length gives one whose `data` is NULL.
 *
 *  `cwd` is the current directory that relative paths are resolved against, an absolute path, for
 *  every drive; NULL with length 0 means the process's, which is asked of the system at each call
 *  that needs it. A program that keeps its own, as Node does, passes it and spares the system call.
 *
 *  Node       https://nodejs.org/api/path.html */
#ifndef NODECORE_PATH_H
#define NODECORE_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "export.h"
#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What stands between the segments of a path, and between the paths of a list such as PATH.
 *  Node       path.sep, path.delimiter    Since    0.1 */
#define NODECORE_PATH_POSIX_SEP "/"
#define NODECORE_PATH_POSIX_DELIMITER ":"
#define NODECORE_PATH_WIN32_SEP "\\"
#define NODECORE_PATH_WIN32_DELIMITER ";"
#ifdef _WIN32
#define NODECORE_PATH_SEP NODECORE_PATH_WIN32_SEP
#define NODECORE_PATH_DELIMITER NODECORE_PATH_WIN32_DELIMITER
#else
#define NODECORE_PATH_SEP NODECORE_PATH_POSIX_SEP
#define NODECORE_PATH_DELIMITER NODECORE_PATH_POSIX_DELIMITER
#endif

/** The pieces of a path: what the parse functions give, borrowed from their argument, and what the format
 *  functions take. A piece that is absent is empty.
 *  Node       path.parse, path.format     Since    0.1 */
typedef struct nodecore_path_parsed {
  nodecore_str root; /**< `/`, `C:\`, `\\server\share\`, or empty */
  nodecore_str dir;  /**< all before the last component, without the separator between */
  nodecore_str base; /**< the last component */
  nodecore_str ext;  /**< its extension, with the dot */
  nodecore_str name; /**< the last component without its extension */
} nodecore_path_parsed;

/** As nodecore_path_parsed, of UTF-16.
 *  Since      0.1 */
typedef struct nodecore_path_parsed16 {
  nodecore_str16 root; /**< as in nodecore_path_parsed, and so all others */
  nodecore_str16 dir;
  nodecore_str16 base;
  nodecore_str16 ext;
  nodecore_str16 name;
} nodecore_path_parsed16;

/** Returns the last component of `path`, without `suffix` if it ends so.
 *  Nullable   suffix.          Threads  any.
 *  Node       path.basename    Since    0.1 */
NODECORE_API nodecore_str nodecore_path_basename(const char *path, size_t path_len,
    const char *suffix, size_t suffix_len);

/** Returns all of `path` before its last component, or a static ".".
 *  Threads    any.             Node     path.dirname             Since    0.1 */
NODECORE_API nodecore_str nodecore_path_dirname(const char *path, size_t path_len);

/** Returns the extension of `path` with its dot, or an empty string.
 *  Threads    any.             Node     path.extname             Since    0.1 */
NODECORE_API nodecore_str nodecore_path_extname(const char *path, size_t path_len);

/** Gives the path that `parsed` describes: `dir` goes before `root`, `base` before `name` and `ext`.
 *  Returns, Ownership, Nullable, Threads  as nodecore_path_join().
 *  Node       path.format      Since    0.1 */
NODECORE_API nodecore_status nodecore_path_format(const nodecore_path_parsed *parsed,
    nodecore_buf *out, nodecore_error **err);

/** Returns whether `path` is absolute; false for a NULL.
 *  Threads    any.             Node     path.isAbsolute          Since    0.1 */
NODECORE_API bool nodecore_path_is_absolute(const char *path, size_t path_len);

/** Joins `count` parts with separators and normalizes the result; the parts that are empty do not count.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE for a NULL part or array.
 *  Ownership  caller frees `*out` (nodecore_buf_free).
 *  Nullable   err.             Threads  any.
 *  Node       path.join        Since    0.1 */
NODECORE_API nodecore_status nodecore_path_join(const nodecore_str *parts, size_t count,
    nodecore_buf *out, nodecore_error **err);

/** Gives in `*out` whether `path` matches the glob `pattern`: `*`, `?`, `**`, classes, braces, and groups
 *  such as `!(a)`. Common patterns are matched as they stand; all others are compiled at each call.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_VALUE for a pattern of more than 65,536 UTF-16 units;
 *             NODECORE_ERR_INVALID_ARG_TYPE for a NULL.
 *  Nullable   err.             Threads  any.
 *  Node       path.matchesGlob  Since   0.1 */
NODECORE_API nodecore_status nodecore_path_matches_glob(const char *path, size_t path_len,
    const char *pattern, size_t pattern_len, bool *out, nodecore_error **err);

/** Takes `.`, `..` and repeated separators out of `path`.
 *  Returns, Ownership, Nullable, Threads  as nodecore_path_join().
 *  Node       path.normalize   Since    0.1 */
NODECORE_API nodecore_status nodecore_path_normalize(const char *path, size_t path_len,
    nodecore_buf *out, nodecore_error **err);

/** Returns the pieces of `path`.
 *  Threads    any.             Node     path.parse               Since    0.1 */
NODECORE_API nodecore_path_parsed nodecore_path_parse(const char *path, size_t path_len);

/** Gives the way from `from` to `to`, both resolved. Letter case does not count for win32.
 *  Returns    as nodecore_path_join(); the system's error if the current directory is needed and gone.
 *  Ownership  as nodecore_path_join().
 *  Nullable   cwd, err.        Threads  any.
 *  Node       path.relative    Since    0.1 */
NODECORE_API nodecore_status nodecore_path_relative(const char *from, size_t from_len,
    const char *to, size_t to_len, const char *cwd, size_t cwd_len, nodecore_buf *out,
    nodecore_error **err);

/** Resolves `count` parts, right to left, until the path is absolute; `cwd` is the last resort. The result
 *  has no separator at the end.
 *  Returns, Ownership, Nullable, Threads  as nodecore_path_relative().
 *  Node       path.resolve     Since    0.1 */
NODECORE_API nodecore_status nodecore_path_resolve(const nodecore_str *parts, size_t count,
    const char *cwd, size_t cwd_len, nodecore_buf *out, nodecore_error **err);

/** Gives `path`, resolved, in the form that Windows takes at any length: `\\?\C:\dir`. On a posix system a
 *  copy.
 *  Returns, Ownership, Nullable, Threads  as nodecore_path_relative().
 *  Node       path.toNamespacedPath       Since    0.1 */
NODECORE_API nodecore_status nodecore_path_to_namespaced_path(const char *path, size_t path_len,
    const char *cwd, size_t cwd_len, nodecore_buf *out, nodecore_error **err);

/* Posix paths, on every system. */

/** As nodecore_path_basename().   Node  path.posix.basename   Since  0.1 */
NODECORE_API nodecore_str nodecore_path_posix_basename(const char *path, size_t path_len,
    const char *suffix, size_t suffix_len);
/** As nodecore_path_dirname().   Node  path.posix.dirname   Since  0.1 */
NODECORE_API nodecore_str nodecore_path_posix_dirname(const char *path, size_t path_len);
/** As nodecore_path_extname().   Node  path.posix.extname   Since  0.1 */
NODECORE_API nodecore_str nodecore_path_posix_extname(const char *path, size_t path_len);
/** As nodecore_path_format().   Node  path.posix.format   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_posix_format(const nodecore_path_parsed *parsed,
    nodecore_buf *out, nodecore_error **err);
/** As nodecore_path_is_absolute().   Node  path.posix.isAbsolute   Since  0.1 */
NODECORE_API bool nodecore_path_posix_is_absolute(const char *path, size_t path_len);
/** As nodecore_path_join().   Node  path.posix.join   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_posix_join(const nodecore_str *parts, size_t count,
    nodecore_buf *out, nodecore_error **err);
/** As nodecore_path_matches_glob().   Node  path.posix.matchesGlob   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_posix_matches_glob(const char *path, size_t path_len,
    const char *pattern, size_t pattern_len, bool *out, nodecore_error **err);
/** As nodecore_path_normalize().   Node  path.posix.normalize   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_posix_normalize(const char *path, size_t path_len,
    nodecore_buf *out, nodecore_error **err);
/** As nodecore_path_parse().   Node  path.posix.parse   Since  0.1 */
NODECORE_API nodecore_path_parsed nodecore_path_posix_parse(const char *path, size_t path_len);
/** As nodecore_path_relative().   Node  path.posix.relative   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_posix_relative(const char *from, size_t from_len,
    const char *to, size_t to_len, const char *cwd, size_t cwd_len, nodecore_buf *out,
    nodecore_error **err);
/** As nodecore_path_resolve().   Node  path.posix.resolve   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_posix_resolve(const nodecore_str *parts, size_t count,
    const char *cwd, size_t cwd_len, nodecore_buf *out, nodecore_error **err);
/** Returns `path` itself: namespaced paths are Windows' own.
 *  Threads    any.             Node     path.posix.toNamespacedPath     Since    0.1 */
NODECORE_API nodecore_str nodecore_path_posix_to_namespaced_path(const char *path, size_t path_len);

/* Windows paths, on every system. */

/** As nodecore_path_basename().   Node  path.win32.basename   Since  0.1 */
NODECORE_API nodecore_str nodecore_path_win32_basename(const char *path, size_t path_len,
    const char *suffix, size_t suffix_len);
/** As nodecore_path_dirname().   Node  path.win32.dirname   Since  0.1 */
NODECORE_API nodecore_str nodecore_path_win32_dirname(const char *path, size_t path_len);
/** As nodecore_path_extname().   Node  path.win32.extname   Since  0.1 */
NODECORE_API nodecore_str nodecore_path_win32_extname(const char *path, size_t path_len);
/** As nodecore_path_format().   Node  path.win32.format   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_win32_format(const nodecore_path_parsed *parsed,
    nodecore_buf *out, nodecore_error **err);
/** As nodecore_path_is_absolute().   Node  path.win32.isAbsolute   Since  0.1 */
NODECORE_API bool nodecore_path_win32_is_absolute(const char *path, size_t path_len);
/** As nodecore_path_join().   Node  path.win32.join   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_win32_join(const nodecore_str *parts, size_t count,
    nodecore_buf *out, nodecore_error **err);
/** As nodecore_path_matches_glob().   Node  path.win32.matchesGlob   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_win32_matches_glob(const char *path, size_t path_len,
    const char *pattern, size_t pattern_len, bool *out, nodecore_error **err);
/** As nodecore_path_normalize().   Node  path.win32.normalize   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_win32_normalize(const char *path, size_t path_len,
    nodecore_buf *out, nodecore_error **err);
/** As nodecore_path_parse().   Node  path.win32.parse   Since  0.1 */
NODECORE_API nodecore_path_parsed nodecore_path_win32_parse(const char *path, size_t path_len);
/** As nodecore_path_relative().   Node  path.win32.relative   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_win32_relative(const char *from, size_t from_len,
    const char *to, size_t to_len, const char *cwd, size_t cwd_len, nodecore_buf *out,
    nodecore_error **err);
/** As nodecore_path_resolve().   Node  path.win32.resolve   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_win32_resolve(const nodecore_str *parts, size_t count,
    const char *cwd, size_t cwd_len, nodecore_buf *out, nodecore_error **err);
/** As nodecore_path_to_namespaced_path().   Node  path.win32.toNamespacedPath   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_win32_to_namespaced_path(const char *path,
    size_t path_len, const char *cwd, size_t cwd_len, nodecore_buf *out, nodecore_error **err);

/* Posix paths of UTF-16. */

/** As nodecore_path_basename().   Node  path.posix.basename   Since  0.1 */
NODECORE_API nodecore_str16 nodecore_path_posix_basename_utf16(const uint16_t *path,
    size_t path_len, const uint16_t *suffix, size_t suffix_len);
/** As nodecore_path_dirname().   Node  path.posix.dirname   Since  0.1 */
NODECORE_API nodecore_str16 nodecore_path_posix_dirname_utf16(const uint16_t *path,
    size_t path_len);
/** As nodecore_path_extname().   Node  path.posix.extname   Since  0.1 */
NODECORE_API nodecore_str16 nodecore_path_posix_extname_utf16(const uint16_t *path,
    size_t path_len);
/** As nodecore_path_format(). Free `*out` with nodecore_buf16_free().
 *  Node  path.posix.format   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_posix_format_utf16(const nodecore_path_parsed16 *parsed,
    nodecore_buf16 *out, nodecore_error **err);
/** As nodecore_path_is_absolute().   Node  path.posix.isAbsolute   Since  0.1 */
NODECORE_API bool nodecore_path_posix_is_absolute_utf16(const uint16_t *path, size_t path_len);
/** As nodecore_path_join(). Free `*out` with nodecore_buf16_free().
 *  Node  path.posix.join   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_posix_join_utf16(const nodecore_str16 *parts,
    size_t count, nodecore_buf16 *out, nodecore_error **err);
/** As nodecore_path_matches_glob().   Node  path.posix.matchesGlob   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_posix_matches_glob_utf16(const uint16_t *path,
    size_t path_len, const uint16_t *pattern, size_t pattern_len, bool *out, nodecore_error **err);
/** As nodecore_path_normalize(). Free `*out` with nodecore_buf16_free().
 *  Node  path.posix.normalize   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_posix_normalize_utf16(const uint16_t *path,
    size_t path_len, nodecore_buf16 *out, nodecore_error **err);
/** As nodecore_path_parse().   Node  path.posix.parse   Since  0.1 */
NODECORE_API nodecore_path_parsed16 nodecore_path_posix_parse_utf16(const uint16_t *path,
    size_t path_len);
/** As nodecore_path_relative(). Free `*out` with nodecore_buf16_free().
 *  Node  path.posix.relative   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_posix_relative_utf16(const uint16_t *from,
    size_t from_len, const uint16_t *to, size_t to_len, const uint16_t *cwd, size_t cwd_len,
    nodecore_buf16 *out, nodecore_error **err);
/** As nodecore_path_resolve(). Free `*out` with nodecore_buf16_free().
 *  Node  path.posix.resolve   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_posix_resolve_utf16(const nodecore_str16 *parts,
    size_t count, const uint16_t *cwd, size_t cwd_len, nodecore_buf16 *out, nodecore_error **err);
/** Returns `path` itself: namespaced paths are Windows' own.
 *  Threads    any.             Node     path.posix.toNamespacedPath     Since    0.1 */
NODECORE_API nodecore_str16 nodecore_path_posix_to_namespaced_path_utf16(const uint16_t *path,
    size_t path_len);

/* Windows paths of UTF-16. */

/** As nodecore_path_basename().   Node  path.win32.basename   Since  0.1 */
NODECORE_API nodecore_str16 nodecore_path_win32_basename_utf16(const uint16_t *path,
    size_t path_len, const uint16_t *suffix, size_t suffix_len);
/** As nodecore_path_dirname().   Node  path.win32.dirname   Since  0.1 */
NODECORE_API nodecore_str16 nodecore_path_win32_dirname_utf16(const uint16_t *path,
    size_t path_len);
/** As nodecore_path_extname().   Node  path.win32.extname   Since  0.1 */
NODECORE_API nodecore_str16 nodecore_path_win32_extname_utf16(const uint16_t *path,
    size_t path_len);
/** As nodecore_path_format(). Free `*out` with nodecore_buf16_free().
 *  Node  path.win32.format   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_win32_format_utf16(const nodecore_path_parsed16 *parsed,
    nodecore_buf16 *out, nodecore_error **err);
/** As nodecore_path_is_absolute().   Node  path.win32.isAbsolute   Since  0.1 */
NODECORE_API bool nodecore_path_win32_is_absolute_utf16(const uint16_t *path, size_t path_len);
/** As nodecore_path_join(). Free `*out` with nodecore_buf16_free().
 *  Node  path.win32.join   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_win32_join_utf16(const nodecore_str16 *parts,
    size_t count, nodecore_buf16 *out, nodecore_error **err);
/** As nodecore_path_matches_glob().   Node  path.win32.matchesGlob   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_win32_matches_glob_utf16(const uint16_t *path,
    size_t path_len, const uint16_t *pattern, size_t pattern_len, bool *out, nodecore_error **err);
/** As nodecore_path_normalize(). Free `*out` with nodecore_buf16_free().
 *  Node  path.win32.normalize   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_win32_normalize_utf16(const uint16_t *path,
    size_t path_len, nodecore_buf16 *out, nodecore_error **err);
/** As nodecore_path_parse().   Node  path.win32.parse   Since  0.1 */
NODECORE_API nodecore_path_parsed16 nodecore_path_win32_parse_utf16(const uint16_t *path,
    size_t path_len);
/** As nodecore_path_relative(). Free `*out` with nodecore_buf16_free().
 *  Node  path.win32.relative   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_win32_relative_utf16(const uint16_t *from,
    size_t from_len, const uint16_t *to, size_t to_len, const uint16_t *cwd, size_t cwd_len,
    nodecore_buf16 *out, nodecore_error **err);
/** As nodecore_path_resolve(). Free `*out` with nodecore_buf16_free().
 *  Node  path.win32.resolve   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_win32_resolve_utf16(const nodecore_str16 *parts,
    size_t count, const uint16_t *cwd, size_t cwd_len, nodecore_buf16 *out, nodecore_error **err);
/** As nodecore_path_to_namespaced_path(). Free `*out` with nodecore_buf16_free().
 *  Node  path.win32.toNamespacedPath   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_win32_to_namespaced_path_utf16(const uint16_t *path,
    size_t path_len, const uint16_t *cwd, size_t cwd_len, nodecore_buf16 *out,
    nodecore_error **err);

/* Paths of Latin-1, a byte a character, also in what is given back. The process's current directory must
 * have a Latin-1 form, else they fail with NODECORE_ERR_INVALID_ARG_VALUE. For all other functions Latin-1
 * is passed as bytes. */

/** As nodecore_path_matches_glob().   Node  path.posix.matchesGlob   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_posix_matches_glob_latin1(const char *path,
    size_t path_len, const char *pattern, size_t pattern_len, bool *out, nodecore_error **err);
/** As nodecore_path_relative().   Node  path.posix.relative   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_posix_relative_latin1(const char *from, size_t from_len,
    const char *to, size_t to_len, const char *cwd, size_t cwd_len, nodecore_buf *out,
    nodecore_error **err);
/** As nodecore_path_resolve().   Node  path.posix.resolve   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_posix_resolve_latin1(const nodecore_str *parts,
    size_t count, const char *cwd, size_t cwd_len, nodecore_buf *out, nodecore_error **err);

/** As nodecore_path_join().   Node  path.win32.join   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_win32_join_latin1(const nodecore_str *parts,
    size_t count, nodecore_buf *out, nodecore_error **err);
/** As nodecore_path_matches_glob().   Node  path.win32.matchesGlob   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_win32_matches_glob_latin1(const char *path,
    size_t path_len, const char *pattern, size_t pattern_len, bool *out, nodecore_error **err);
/** As nodecore_path_normalize().   Node  path.win32.normalize   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_win32_normalize_latin1(const char *path, size_t path_len,
    nodecore_buf *out, nodecore_error **err);
/** As nodecore_path_relative().   Node  path.win32.relative   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_win32_relative_latin1(const char *from, size_t from_len,
    const char *to, size_t to_len, const char *cwd, size_t cwd_len, nodecore_buf *out,
    nodecore_error **err);
/** As nodecore_path_resolve().   Node  path.win32.resolve   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_win32_resolve_latin1(const nodecore_str *parts,
    size_t count, const char *cwd, size_t cwd_len, nodecore_buf *out, nodecore_error **err);
/** As nodecore_path_to_namespaced_path().   Node  path.win32.toNamespacedPath   Since  0.1 */
NODECORE_API nodecore_status nodecore_path_win32_to_namespaced_path_latin1(const char *path,
    size_t path_len, const char *cwd, size_t cwd_len, nodecore_buf *out, nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
