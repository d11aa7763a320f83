/** @file str.h Bytes and text that are borrowed, and bytes that are owned. */
#ifndef NODECORE_STR_H
#define NODECORE_STR_H

#include <stddef.h>
#include <stdint.h>

#include "export.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Passed as a length: the text ends at its first NUL. */
#define NODECORE_AUTO_LEN ((size_t)-1)

/** A borrowed view, not NUL-terminated; each function that returns one says until when it is valid. */
typedef struct nodecore_str {
  const char *data; /**< NULL means: there is none. */
  size_t len;       /**< in bytes */
} nodecore_str;

/** Bytes owned by whoever holds the struct, released by nodecore_buf_free(), never by free().
 *  Not NUL-terminated. An empty one is NODECORE_BUF_INIT and needs no release.
 *  Ownership  moving the struct by assignment moves the bytes; free them once.
 *  Threads    may be handed to another thread and freed there. */
typedef struct nodecore_buf {
  const char *data; /**< may be NULL when len is 0 */
  size_t len;       /**< in bytes */
  size_t capacity_; /**< private */
  void *owner_;     /**< private */
} nodecore_buf;

#define NODECORE_BUF_INIT \
  { NULL, 0, 0, NULL }

/** Releases the bytes and makes `*buf` empty; NULL and an empty one are allowed.
 *  Since      0.1 */
NODECORE_API void nodecore_buf_free(nodecore_buf *buf);

/** Moves the bytes out of `*buf`, which becomes empty: how a callback keeps what it was lent.
 *  Since      0.1 */
NODECORE_API nodecore_buf nodecore_buf_take(nodecore_buf *buf);

/** Returns an owned copy of `len` bytes.
 *  Since      0.1 */
NODECORE_API nodecore_buf nodecore_buf_copy(const void *data, size_t len);

/** As nodecore_str, of UTF-16 units in the machine's byte order; lone surrogates are allowed. Functions
 *  that end in `_utf16` take and give a JavaScript engine's own two-byte strings, without transcoding;
 *  those that end in `_latin1` its one-byte strings, in a nodecore_str, a byte a character. */
typedef struct nodecore_str16 {
  const uint16_t *data; /**< NULL means: there is none. */
  size_t len;           /**< in units, not bytes */
} nodecore_str16;

/** As nodecore_buf, of UTF-16 units; released by nodecore_buf16_free(). An empty one is NODECORE_BUF16_INIT. */
typedef struct nodecore_buf16 {
  const uint16_t *data; /**< may be NULL when len is 0 */
  size_t len;           /**< in units, not bytes */
  size_t capacity_;     /**< private */
} nodecore_buf16;

#define NODECORE_BUF16_INIT \
  { NULL, 0, 0 }

/** Releases the units and makes `*buf` empty; NULL and an empty one are allowed.
 *  Since      0.1 */
NODECORE_API void nodecore_buf16_free(nodecore_buf16 *buf);

#ifdef __cplusplus
}
#endif

#endif
