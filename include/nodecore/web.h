/** @file web.h Web Streams: queuing strategies, and what readable, writable and transform streams share.
 *
 *  What is a promise in JavaScript is a callback here: it runs once, as a microtask of the loop, when the
 *  promise would settle, with `err` NULL if it is fulfilled. Functions that take one return NODECORE_OK or
 *  NODECORE_ERR_INVALID_ARG_TYPE (a NULL handle); a call that the stream's state forbids is told to the
 *  callback, as JavaScript rejects the promise. Where the callback is nullable NULL means: not interested.
 *  A promise that never settles never calls back; its `release` runs when the stream is gone.
 *
 *  Hooks are told apart from their work's end in the same way: each gets a `done`, which it gives to
 *  nodecore_done_call(), inside the hook or later, once (of copies the first counts). A hook that fails errors
 *  the stream.
 *
 *  Chunks are bytes or objects (chunk.h); text that is given becomes bytes.
 *
 *  Ownership  handles count references: freeing one ends its use; what still has to happen keeps the stream.
 *             A handle may be freed in any hook and callback, but for one that is lent to it.
 *  Threads    everything here belongs to its loop's thread.
 *  Node       https://nodejs.org/api/webstreams.html */
#ifndef NODECORE_WEB_H
#define NODECORE_WEB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abort.h"
#include "chunk.h"
#include "error.h"
#include "export.h"
#include "loop.h"
#include "stream.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A source of chunks; see web_readable.h. */
typedef struct nodecore_web_readable nodecore_web_readable;
/** A destination of chunks; see web_writable.h. */
typedef struct nodecore_web_writable nodecore_web_writable;
/** A writable side whose chunks come out of a readable side, changed; see web_transform.h. */
typedef struct nodecore_web_transform nodecore_web_transform;

/** The end of a read: a chunk, lent for the call; or `err`, borrowed for it; or neither at the end of the
 *  stream. */
typedef void (*nodecore_web_read_cb)(const nodecore_error *err, nodecore_chunk *chunk, void *user);

/** Options of a pipe. NULL = all defaults; a zero field = that field's default. */
typedef struct nodecore_web_pipe_options {
  size_t struct_size;                  /**< set by NODECORE_WEB_PIPE_OPTIONS_INIT */
  bool prevent_close;                  /**< the end of the source does not close the destination */
  bool prevent_abort;                  /**< an error of the source does not abort the destination */
  bool prevent_cancel;                 /**< an error of the destination does not cancel the source */
  const nodecore_abort_signal *signal; /**< stops the pipe; a reference is taken; may be NULL */
} nodecore_web_pipe_options;
#define NODECORE_WEB_PIPE_OPTIONS_INIT \
  { sizeof(nodecore_web_pipe_options), false, false, false, NULL }

/* ---- Queuing strategies ------------------------------------------------------------------------ */

/** How much a stream queues before it pushes back: a high-water mark, and what counts as how much. A mark may
 *  be infinite; one that is negative or NaN is refused where a stream is made with it.
 *  Threads    the thread of the loops whose streams are made with it. */
typedef struct nodecore_web_strategy nodecore_web_strategy;

/** Says how much a chunk counts. `chunk` is borrowed for the call. A result that is no finite number >= 0 errors
 *  the stream with NODECORE_ERR_INVALID_ARG_VALUE (RangeError). */
typedef double (*nodecore_web_size_cb)(const nodecore_chunk *chunk, void *user);

/** Creates a strategy that counts by `size`.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (no `size`).
 *  Ownership  caller frees `*out` (nodecore_web_strategy_free). `release(user)` runs once, when neither the strategy
 *             nor a stream needs `size` any more, or at once on failure.
 *  Nullable   user, release, err.
 *  Node       { highWaterMark, size }                            Since    0.1 */
NODECORE_API nodecore_status nodecore_web_strategy_new(double high_water_mark,
                                                       nodecore_web_size_cb size, void *user,
                                                       nodecore_release release,
                                                       nodecore_web_strategy **out,
                                                       nodecore_error **err);

/** Create a strategy by which each chunk counts 1, and one by which it counts its bytes (an object has none, and
 *  errors the stream).
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (a NULL `out`).
 *  Ownership  caller frees `*out` (nodecore_web_strategy_free).
 *  Nullable   err.
 *  Node       new CountQueuingStrategy({ highWaterMark }), new ByteLengthQueuingStrategy({ highWaterMark })
 *  Since      0.1 */
NODECORE_API nodecore_status nodecore_web_strategy_count(double high_water_mark,
                                                         nodecore_web_strategy **out,
                                                         nodecore_error **err);
NODECORE_API nodecore_status nodecore_web_strategy_byte_length(double high_water_mark,
                                                               nodecore_web_strategy **out,
                                                               nodecore_error **err);

/** Frees the strategy; streams that were made with it keep what they need.
 *  Nullable   strategy.        Since    0.1 */
NODECORE_API void nodecore_web_strategy_free(nodecore_web_strategy *strategy);

/** Returns the mark; NaN for NULL.
 *  Node       strategy.highWaterMark                             Since    0.1 */
NODECORE_API double nodecore_web_strategy_high_water_mark(const nodecore_web_strategy *strategy);

/** Returns how much `chunk` counts; NaN for NULL.
 *  Node       strategy.size(chunk)                               Since    0.1 */
NODECORE_API double nodecore_web_strategy_size(const nodecore_web_strategy *strategy,
                                               nodecore_chunk *chunk);

#ifdef __cplusplus
}
#endif

#endif
