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

#ifdef __cplusplus
}
#endif

#endif
