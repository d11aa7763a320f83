/** @file chunk.h What flows through streams: bytes, text, or objects of the caller's.
 *
 *  A chunk that the library gives is bytes or an object. One that the library gets may be text as well, with
 *  an encoding that says what bytes it stands for.
 *
 *  Threads    as the stream that it goes through or comes from.
 *  Node       https://nodejs.org/api/stream.html#object-mode */
#ifndef NODECORE_CHUNK_H
#define NODECORE_CHUNK_H

#include "export.h"
#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How objects are kept: a stream retains one when it gets it and releases it when it is done with it. An
 *  object with several receivers (two listeners, two pipes) is retained for each.
 *  A struct of this type outlives every object that is given with it; make it static. `retain` may not call
 *  the library; `release` may, but for the streams that the object was in. */
typedef struct nodecore_object_type {
  void (*retain)(void *object);  /**< takes a reference; NULL: nothing to do */
  void (*release)(void *object); /**< gives one back, once for each; NULL: nothing to do */
} nodecore_object_type;

/** A chunk.
 *  Ownership  One that is given to the library stays the caller's: bytes are shared if they came from the
 *             library, else copied; objects are retained. One that the library lends is taken with
 *             nodecore_chunk_take(), or may be given on as it is, without a copy. One that the caller owns
 *             is freed with nodecore_chunk_free(). */
typedef struct nodecore_chunk {
  nodecore_buf bytes;               /**< empty if the chunk is an object; text is UTF-8 */
  void *object;                     /**< never NULL for an object; NULL otherwise */
  const nodecore_object_type *type; /**< of an object, as it was given; may be NULL */
  nodecore_str encoding;            /**< of text: Node's name of its encoding, such as "hex", or "" for the
                                         stream's default one; data NULL for bytes and objects */
} nodecore_chunk;

/** Nothing. */
#define NODECORE_CHUNK_INIT \
  { NODECORE_BUF_INIT, NULL, NULL, { NULL, 0 } }
/** `len` bytes at `data`, to give to the library. */
#define NODECORE_CHUNK_BYTES(data, len) \
  { { (const char *)(data), (len), 0, NULL }, NULL, NULL, { NULL, 0 } }
/** An object of the type at `type`, to give to the library. */
#define NODECORE_CHUNK_OBJECT(object, type) \
  { NODECORE_BUF_INIT, (object), (type), { NULL, 0 } }
/** `len` bytes (NODECORE_AUTO_LEN: up to the NUL) of UTF-8 at `text`, which stand for what `encoding`, a
 *  string, says; to give to the library. */
#define NODECORE_CHUNK_TEXT(text, len, encoding) \
  { { (text), (len), 0, NULL }, NULL, NULL, { (encoding), NODECORE_AUTO_LEN } }

/** Moves a chunk that was lent, bytes or reference, to the caller; `*chunk` becomes empty.
 *  Ownership  caller frees the result (nodecore_chunk_free).
 *  Nullable   chunk (then the result is empty).                          Since    0.1 */
NODECORE_API nodecore_chunk nodecore_chunk_take(nodecore_chunk *chunk);

/** Frees the bytes, or releases the object, of a chunk that the library gave, and makes it empty.
 *  Nullable   chunk.           Since    0.1 */
NODECORE_API void nodecore_chunk_free(nodecore_chunk *chunk);

#ifdef __cplusplus
}
#endif

#endif
