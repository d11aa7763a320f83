/** @file chunk.h What flows through streams: bytes, or objects of the caller's.
 *
 *  Node       https://nodejs.org/api/stream.html#object-mode */
#ifndef NODECORE_CHUNK_H
#define NODECORE_CHUNK_H

#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How objects are kept: a stream retains one when it gets it and releases it when it is done with it.
 *  A struct of this type outlives every object it is given with; make it static. */
typedef struct nodecore_object_type {
  void (*retain)(void *object);  /**< takes a reference; NULL: nothing to do */
  void (*release)(void *object); /**< gives one back, once for each; NULL: nothing to do */
} nodecore_object_type;

/** A chunk, lent for a call.
 *  Ownership  nodecore_buf_take() on `bytes` keeps the bytes without a copy; an object is kept by retaining
 *             it. */
typedef struct nodecore_chunk {
  nodecore_buf bytes;               /**< empty if the chunk is an object */
  void *object;                     /**< never NULL for an object; NULL if the chunk is bytes */
  const nodecore_object_type *type; /**< NULL if the chunk is bytes, or as it was given */
} nodecore_chunk;

/** Initialisers of a chunk that is given: bytes of the caller's, which are copied, and an object. Bytes of the
 *  library's (a nodecore_buf put into `bytes`) are shared instead of copied. */
#define NODECORE_CHUNK_BYTES(data, len) \
  { {(data), (len), 0, NULL}, NULL, NULL }
#define NODECORE_CHUNK_OBJECT(object, type) \
  { NODECORE_BUF_INIT, (object), (type) }

#ifdef __cplusplus
}
#endif

#endif
