/** @file stream_pipeline.h Several streams, and learning the end of one. Included by stream.h.
 *
 *  Node       https://nodejs.org/api/stream.html#streampipelinesource-transforms-destination-callback */
#ifndef NODECORE_STREAM_PIPELINE_H
#define NODECORE_STREAM_PIPELINE_H

#include "stream.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Options of nodecore_stream_pipeline(). NULL = all defaults; a zero field = that field's default. */
typedef struct nodecore_pipeline_options {
  size_t struct_size; /**< set by NODECORE_PIPELINE_OPTIONS_INIT */
  bool keep_open;     /**< Node's end: false: the last stream is not ended with the first */
  const nodecore_abort_signal *signal; /**< destroys all streams; kept; may be NULL */
} nodecore_pipeline_options;
#define NODECORE_PIPELINE_OPTIONS_INIT \
  { sizeof(nodecore_pipeline_options), false, NULL }

/** Pipes the first of `count` streams through the others into the last, forwarding errors and destroying all of
 *  them when one fails; `cb` runs when everything is done.
 *  Returns    NODECORE_OK; NODECORE_ERR_MISSING_ARGS (fewer than two); NODECORE_ERR_INVALID_ARG_TYPE (a stream that
 *             lacks the side that is needed of it); NODECORE_ERR_STREAM_UNABLE_TO_PIPE for a stream that is
 *             destroyed already. On an error `cb` never runs.
 *  Ownership  the streams stay the caller's; `release(user)` runs once in every outcome.
 *  Nullable   opts, user, release, err.
 *  Node       stream.pipeline(...streams, options, callback)             Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_pipeline(nodecore_stream *const *streams, size_t count,
                                                      const nodecore_pipeline_options *opts,
                                                      nodecore_done_cb cb, void *user,
                                                      nodecore_release release, nodecore_error **err);

/** Makes one stream of `count`: what is written to it is written to the first, what is read from it is read from
 *  the last. Of a source and a transform it can be read from only, of a transform and a sink written to only. All
 *  are destroyed together.
 *  Returns    NODECORE_OK; NODECORE_ERR_MISSING_ARGS (none); NODECORE_ERR_INVALID_ARG_TYPE (a stream that lacks the
 *             side that is needed of it); NODECORE_ERR_INVALID_ARG_VALUE (one that cannot be read from or written
 *             to any more; a source and a sink, which are a pipeline).
 *  Ownership  caller frees `*out` (nodecore_stream_free); the streams stay the caller's.
 *  Nullable   err.             Node     stream.compose, readable.compose Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_compose(nodecore_stream *const *streams, size_t count,
                                                     nodecore_stream **out, nodecore_error **err);

/** Makes a duplex that reads from `source` and writes to `dest`. When one of them fails, all are destroyed.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE.
 *  Ownership  caller frees `*out` (nodecore_stream_free); the streams stay the caller's.
 *  Nullable   err.             Node     Duplex.from({ readable, writable })       Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_from_sides(nodecore_stream *source, nodecore_stream *dest,
                                                        nodecore_stream **out, nodecore_error **err);

/** Makes two duplexes, each of which reads what is written to the other. Each owns the other until it closes.
 *  Returns    NODECORE_OK; the errors of the options of nodecore_stream_new().
 *  Ownership  caller frees `*first` and `*second` (nodecore_stream_free).
 *  Nullable   opts, err.       Node     stream.duplexPair([options])     Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_duplex_pair(nodecore_loop *loop,
                                                         const nodecore_stream_options *opts,
                                                         nodecore_stream **first,
                                                         nodecore_stream **second,
                                                         nodecore_error **err);

/* ---- The end of a stream ----------------------------------------------------------------------- */

/** A nodecore_stream_finished() that waits. */
typedef struct nodecore_finished nodecore_finished;

/** Options of nodecore_stream_finished(). NULL = all defaults; a zero field = that field's default. */
typedef struct nodecore_finished_options {
  size_t struct_size; /**< set by NODECORE_FINISHED_OPTIONS_INIT */
  int32_t readable;   /**< whether to wait for the end of reading: 1 yes, -1 no, 0 if it has that side */
  int32_t writable;   /**< the same of writing */
  bool ignore_error;  /**< Node's error: false */
  const nodecore_abort_signal *signal; /**< stops waiting; kept; may be NULL */
} nodecore_finished_options;
#define NODECORE_FINISHED_OPTIONS_INIT \
  { sizeof(nodecore_finished_options), 0, 0, false, NULL }

/** Runs `cb` once, when the stream can no longer be read from or written to, or has failed: with its error, with
 *  NODECORE_ERR_STREAM_PREMATURE_CLOSE, or with NODECORE_ABORT_ERR. As in Node, the listeners stay until the
 *  stream closes, so that later errors are heard.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE; NODECORE_ERR_OUT_OF_RANGE (options).
 *  Ownership  caller frees `*out` (nodecore_finished_free); `release(user)` runs once, when `cb` has run or cannot
 *             run any more.
 *  Nullable   opts, user, release, out, err.
 *  Node       stream.finished(stream, options, callback)                 Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_finished(nodecore_stream *stream,
                                                      const nodecore_finished_options *opts,
                                                      nodecore_done_cb cb, void *user,
                                                      nodecore_release release, nodecore_finished **out,
                                                      nodecore_error **err);

/** Stops waiting: `cb` will not run, and the listeners are removed.
 *  Nullable   waiting.         Node     the cleanup function of stream.finished   Since   0.1 */
NODECORE_API void nodecore_finished_cancel(nodecore_finished *waiting);

/** Frees the handle; it is waited on.                   Nullable   waiting.       Since    0.1 */
NODECORE_API void nodecore_finished_free(nodecore_finished *waiting);

/** Destroys the stream with NODECORE_ABORT_ERR when `signal` is aborted, or at once if it is already.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE.
 *  Ownership  both stay the caller's; the signal is kept until the stream is done.
 *  Node       stream.addAbortSignal(signal, stream)                      Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_add_abort_signal(const nodecore_abort_signal *signal,
                                                              nodecore_stream *stream);

/** Destroys the stream with NODECORE_ABORT_ERR, unless it is destroyed already.    Nullable   stream.
 *  Node       stream.destroy(stream)                                     Since    0.1 */
NODECORE_API void nodecore_stream_abort(nodecore_stream *stream);

/** Destroys the stream, with NODECORE_ABORT_ERR if it was not done, and runs `cb` when it has closed: with an error
 *  of the stream's other than that.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (a NULL stream). On an error `cb` never runs.
 *  Ownership  `release(user)` runs once in every outcome.
 *  Nullable   cb, user, release, err.
 *  Node       stream[Symbol.asyncDispose]()                              Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_dispose(nodecore_stream *stream, nodecore_done_cb cb,
                                                     void *user, nodecore_release release,
                                                     nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
