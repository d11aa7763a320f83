/** @file stream_peer.h The end of streams of any make, and pipelines of them: a language binding's way to Node's
 *  `finished` and `pipeline`.
 *
 *  A peer stands for a stream object of the host's, whoever made it: it may have a nodecore_stream_machine behind it, or
 *  be a stream of another library that the host has loaded. What it is at the moment the host says by its functions;
 *  when it is done, and what is to happen with the others, is known here.
 *
 *  Every function of a host may call everything, and may free every handle.
 *
 *  Threads    everything here belongs to the thread that made the peer.
 *  Node       https://nodejs.org/api/stream.html#streamfinishedstream-options-callback */
#ifndef NODECORE_STREAM_PEER_H
#define NODECORE_STREAM_PEER_H

#include "stream.h"
#include "stream_pipeline.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A stream of the host's. */
typedef struct nodecore_stream_peer nodecore_stream_peer;

/** What the host calls back: a listener, at every event; or what waits in a queue, once. */
typedef struct nodecore_stream_call nodecore_stream_call;

/** What is so of a side of a stream; the names are those of Node's `_readableState` and `_writableState`. */
enum {
  NODECORE_PEER_PRESENT = 1 << 0,       /**< the stream has this side */
  NODECORE_PEER_STATE = 1 << 1,         /**< it has `_readableState` or `_writableState` */
  NODECORE_PEER_SAYS = 1 << 2,          /**< it has a property `readable` or `writable` … */
  NODECORE_PEER_OPEN = 1 << 3,          /**< … which is true */
  NODECORE_PEER_DESTROYED = 1 << 4,     /**< `destroyed` */
  NODECORE_PEER_CLOSED = 1 << 5,        /**< `closed` */
  NODECORE_PEER_ERRORED = 1 << 6,       /**< `errored` is set */
  NODECORE_PEER_ERROR_EMITTED = 1 << 7, /**< `errorEmitted` */
  NODECORE_PEER_CLOSES = 1 << 8,        /**< it emits `close` of its own accord: `autoDestroy` and `emitClose` */
  NODECORE_PEER_ENDED = 1 << 9,         /**< `ended` */
  NODECORE_PEER_DONE = 1 << 10,         /**< `endEmitted` or `finished` */
  NODECORE_PEER_EMPTY = 1 << 11,        /**< nothing waits to be read or written */
  NODECORE_PEER_PENDING = 1 << 12       /**< callbacks of writes have to run yet */
};

/** The host of a peer. Errors are borrowed for the call; one that is returned is given. */
typedef struct nodecore_stream_peer_host {
  size_t struct_size; /**< set by NODECORE_STREAM_PEER_HOST_INIT */
  /** Writes NODECORE_PEER_* of both sides; never NULL. */
  void (*sides)(uint32_t *readable, uint32_t *writable, void *user);
  /** The first error, that of the writable side before that of the readable one; NULL: none. */
  nodecore_error *(*error)(void *user);
  /** Lets `call`, which the host owns, be run at every `event` (NODECORE_EVENT_END, _FINISH, _CLOSE or _ERROR) or, if
   *  `once`, at the first, until `forget` is called with the same `id`; never NULL. */
  void (*listen)(int32_t event, uint64_t id, bool once, nodecore_stream_call *call, void *user);
  void (*forget)(uint64_t id, void *user);                   /**< removes a listener; never NULL */
  void (*destroy)(const nodecore_error *err, void *user);    /**< `err` may be NULL */
  void (*end)(void *user);                                   /**< ends the writable side */
  void (*pipe)(void *dest, void *user);                      /**< pipes into the stream of `dest`, without ending it */
  void (*next_tick)(nodecore_stream_call *call, void *user); /**< runs `call`, which the host owns; never NULL */
} nodecore_stream_peer_host;
#define NODECORE_STREAM_PEER_HOST_INIT \
  { sizeof(nodecore_stream_peer_host), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL }

/** Makes a peer. `host` is copied.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (NULL host, or a function that is not to be NULL).
 *  Ownership  caller frees `*out` (nodecore_stream_peer_free); what waits for the stream does not keep it, pipelines do.
 *             `release(user)` runs once, when nothing keeps it, and in every outcome.
 *  Nullable   user, release, err.                                        Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_peer_new(const nodecore_stream_peer_host *host, void *user,
                                                      nodecore_release release, nodecore_stream_peer **out,
                                                      nodecore_error **err);

/** Ends the caller's use of the peer.
 *  Nullable   peer.            Since    0.1 */
NODECORE_API void nodecore_stream_peer_free(nodecore_stream_peer *peer);

/** Runs what is called back; `err` is that of NODECORE_EVENT_ERROR or of a pump, and copied.
 *  Nullable   call, err.       Since    0.1 */
NODECORE_API void nodecore_stream_call_run(nodecore_stream_call *call, const nodecore_error *err);

/** Frees what is not called back any more.
 *  Nullable   call.            Since    0.1 */
NODECORE_API void nodecore_stream_call_free(nodecore_stream_call *call);

/** As nodecore_stream_finished(), of a stream of any make.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE; NODECORE_ERR_OUT_OF_RANGE (options).
 *  Ownership  caller frees `*out` (nodecore_finished_free); `release(user)` runs once, when `cb` has run or cannot
 *             run any more.
 *  Nullable   opts, user, release, out, err.
 *  Node       stream.finished(stream, options, callback)                 Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_peer_finished(nodecore_stream_peer *peer,
                                                           const nodecore_finished_options *opts,
                                                           nodecore_done_cb cb, void *user,
                                                           nodecore_release release, nodecore_finished **out,
                                                           nodecore_error **err);

/* ---- Pipelines --------------------------------------------------------------------------------- */

/** A pipeline that is put together part by part. */
typedef struct nodecore_peer_pipeline nodecore_peer_pipeline;

/** The host of a pipeline. */
typedef struct nodecore_peer_pipeline_host {
  size_t struct_size;                                              /**< set by NODECORE_PEER_PIPELINE_HOST_INIT */
  void (*next_tick)(nodecore_stream_call *call, void *user);       /**< as of a peer; never NULL */
  void (*queue_microtask)(nodecore_stream_call *call, void *user); /**< the same as a microtask; NULL: `next_tick` */
  /** The streams have been destroyed because something failed, or all is done. Runs once. */
  void (*stopped)(void *user);
  /** All is done; `err` is NULL, or the first error. Runs once; never NULL. */
  void (*done)(const nodecore_error *err, void *user);
  /** What the pipeline is about to destroy streams with and to report: the host may attach an object to it
   *  (nodecore_error_set_object()), which then is the same wherever the error is seen. */
  void (*made)(nodecore_error *err, void *user);
} nodecore_peer_pipeline_host;
#define NODECORE_PEER_PIPELINE_HOST_INIT \
  { sizeof(nodecore_peer_pipeline_host), NULL, NULL, NULL, NULL, NULL }

/** Where a stream is in a pipeline; 0: both are written to and read from. */
enum {
  NODECORE_PLACE_FIRST = 1, /**< nothing is written to it */
  NODECORE_PLACE_LAST = 2   /**< nothing is read from it */
};

/** Makes a pipeline without streams. `host` is copied. Then, in their order, nodecore_peer_pipeline_add() adds each
 *  stream, and nodecore_peer_pipeline_pipe() connects it to the one before, or where one of the two is no stream (an
 *  iterator, a function), the host carries the values, and says by a nodecore_peer_pipeline_pump() when it has.
 *  nodecore_peer_pipeline_complete() ends this.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (NULL host, next_tick or done).
 *  Ownership  caller frees `*out` (nodecore_peer_pipeline_free); `release(user)` runs once, when nothing can be called
 *             any more, and in every outcome.
 *  Nullable   opts, user, release, err.
 *  Node       stream.pipeline(...streams, options, callback)             Since    0.1 */
NODECORE_API nodecore_status nodecore_peer_pipeline_new(const nodecore_peer_pipeline_host *host,
                                                        const nodecore_pipeline_options *opts, void *user,
                                                        nodecore_release release, nodecore_peer_pipeline **out,
                                                        nodecore_error **err);

/** Adds a stream: when something fails it is destroyed, and when it fails so are the others. `next` is the one that
 *  will be added after it; `place` is of NODECORE_PLACE_*.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE; NODECORE_ERR_STREAM_UNABLE_TO_PIPE for a `next` that is
 *             destroyed already, whereupon the pipeline is to be freed.
 *  Nullable   next, err.       Since    0.1 */
NODECORE_API nodecore_status nodecore_peer_pipeline_add(nodecore_peer_pipeline *line, nodecore_stream_peer *peer,
                                                        nodecore_stream_peer *next, uint32_t place,
                                                        nodecore_error **err);

/** Pipes `source` into `dest`, which was added last, at `place`. The hosts of both have the same `pipe`.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (a NULL handle, a NULL `pipe`).
 *  Nullable   err.             Since    0.1 */
NODECORE_API nodecore_status nodecore_peer_pipeline_pipe(nodecore_peer_pipeline *line, nodecore_stream_peer *source,
                                                         nodecore_stream_peer *dest, uint32_t place,
                                                         nodecore_error **err);

/** Returns what is to be run once, with an error or NULL, when the host has carried what it carries: until then the
 *  pipeline is not done.
 *  Ownership  caller frees it (nodecore_stream_call_free); freed before it is run, the pipeline is never done.
 *  Nullable   line (NULL).     Since    0.1 */
NODECORE_API nodecore_stream_call *nodecore_peer_pipeline_pump(nodecore_peer_pipeline *line);

/** Destroys the streams because something of the host's failed. `err` is copied.
 *  Nullable   line, err (nothing happens).                               Since    0.1 */
NODECORE_API void nodecore_peer_pipeline_fail(nodecore_peer_pipeline *line, const nodecore_error *err);

/** All parts have been added.
 *  Nullable   line.            Since    0.1 */
NODECORE_API void nodecore_peer_pipeline_complete(nodecore_peer_pipeline *line);

/** Frees the handle; the pipeline goes on.
 *  Nullable   line.            Since    0.1 */
NODECORE_API void nodecore_peer_pipeline_free(nodecore_peer_pipeline *line);

#ifdef __cplusplus
}
#endif

#endif
