/** @file stream.h Streams: what is read from, written to, or both, with Node's order of events.
 *
 *  A nodecore_stream is of any kind: a source (readable), a sink (writable), both (duplex), or a duplex whose
 *  output is made from its input (transform). A function for a side that a stream does not have fails with
 *  NODECORE_ERR_INVALID_ARG_TYPE, or does nothing and returns false.
 *
 *  | for | see |
 *  |---|---|
 *  | making a stream, its events, state and end | this header |
 *  | pushing, reading, piping | stream_readable.h |
 *  | writing, ending | stream_writable.h |
 *  | several streams; learning the end | stream_pipeline.h |
 *  | files, codecs, hashes as streams | fs.h, zlib.h, crypto.h |
 *
 *  What flows is bytes; on a side in object mode also objects (chunk.h).
 *
 *  Inside every hook and callback everything may be called: the stream may be destroyed, and every handle of
 *  it freed.
 *
 *  Threads    everything here belongs to the thread of the loop that the stream was made with.
 *  Node       https://nodejs.org/api/stream.html */
#ifndef NODECORE_STREAM_H
#define NODECORE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abort.h"
#include "chunk.h"
#include "error.h"
#include "events.h"
#include "export.h"
#include "loop.h"
#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A stream. Handles count references; what is queued on the loop keeps the stream alive without them. */
typedef struct nodecore_stream nodecore_stream;

/** What a function of the caller's ends its work with, inside the call or later. */
typedef struct nodecore_done nodecore_done;

/** The kinds of nodecore_stream_new(); the first two are also the sides of nodecore_stream_get_state(). */
enum {
  NODECORE_STREAM_READABLE = 1,
  NODECORE_STREAM_WRITABLE = 2,
  NODECORE_STREAM_DUPLEX = 3,
  NODECORE_STREAM_TRANSFORM = 7
};

/** Events. nodecore_stream_on() is for the first nine, which carry nothing or an error. */
enum {
  NODECORE_EVENT_READABLE = 1,  /**< there is something to read, or the end */
  NODECORE_EVENT_END = 2,       /**< all has been read */
  NODECORE_EVENT_PAUSE = 3,     /**< reading was paused */
  NODECORE_EVENT_RESUME = 4,    /**< reading was resumed */
  NODECORE_EVENT_DRAIN = 5,     /**< writing may go on */
  NODECORE_EVENT_PREFINISH = 6, /**< all has been written, and the final hook is done */
  NODECORE_EVENT_FINISH = 7,    /**< the same, a tick later */
  NODECORE_EVENT_CLOSE = 8,     /**< nothing more will happen */
  NODECORE_EVENT_ERROR = 9,     /**< the stream has failed */
  NODECORE_EVENT_DATA = 10,     /**< see nodecore_stream_on_data() */
  NODECORE_EVENT_PIPE = 11,     /**< see nodecore_stream_on_pipe() */
  NODECORE_EVENT_UNPIPE = 12    /**< see nodecore_stream_on_pipe() */
};

/** An event. `err` is borrowed for the call; NULL but for NODECORE_EVENT_ERROR. */
typedef void (*nodecore_event_cb)(const nodecore_error *err, void *user);

/** The end of an operation that yields nothing. `err` is NULL on success, else borrowed for the call. */
typedef void (*nodecore_done_cb)(const nodecore_error *err, void *user);

/** A chunk, lent for the call; see chunk.h. */
typedef void (*nodecore_data_cb)(nodecore_chunk *chunk, void *user);

/** A stream is piped into the one that is listened to, or no longer. `source` is borrowed for the call. */
typedef void (*nodecore_pipe_cb)(nodecore_stream *source, void *user);

/* ---- The end of a function's work -------------------------------------------------------------- */

/** Ends a function's work, with success (`err` NULL) or failure.
 *  Ownership  frees `done` in every case; `err` is copied.
 *  Nullable   done, err.       Since    0.1 */
NODECORE_API void nodecore_done_call(nodecore_done *done, const nodecore_error *err);

/** As nodecore_done_call() with success, and gives a last result: `len` bytes, none if 0. A transform or flush
 *  hook pushes them; where no result is asked for they are dropped.
 *  Ownership  frees `done` in every case; `data` is copied.
 *  Nullable   done; data with len 0.                                     Since    0.1 */
NODECORE_API void nodecore_done_push(nodecore_done *done, const void *data, size_t len);

/** As nodecore_done_push(), with any chunk. One that a stream does not take (an object, for one that is not in
 *  object mode; text in an unknown encoding) is a failure.
 *  Ownership  frees `done` in every case; `chunk` stays the caller's.
 *  Nullable   done; chunk (no result).                                   Since    0.1 */
NODECORE_API void nodecore_done_push_chunk(nodecore_done *done, nodecore_chunk *chunk);

/** Returns another handle, to be ended as well; NULL for NULL. The second one to be ended fails the stream with
 *  NODECORE_ERR_MULTIPLE_CALLBACK, so that several places may try.
 *  Since      0.1 */
NODECORE_API nodecore_done *nodecore_done_copy(const nodecore_done *done);

/** Frees the handle without ending the work, which then waits until the stream is destroyed.
 *  Nullable   done.            Since    0.1 */
NODECORE_API void nodecore_done_free(nodecore_done *done);

/* ---- Making a stream --------------------------------------------------------------------------- */

/** Options. NULL = all defaults; a zero field = that field's default. Those of a side that the stream does not
 *  have are ignored.
 *
 *  Node's `highWaterMark` and `objectMode` are those of both sides here. A high-water mark is never negative nor
 *  NaN, because its type has no such values. There is no `decodeStrings: false`: text that is written becomes
 *  bytes; what shall stay as it is goes in as an object. */
typedef struct nodecore_stream_options {
  size_t struct_size;                /**< set by NODECORE_STREAM_OPTIONS_INIT */
  size_t readable_high_water_mark;   /**< bytes or objects that are read ahead, if has_… */
  size_t writable_high_water_mark;   /**< bytes or objects from which on writing is refused, if has_… */
  bool has_readable_high_water_mark; /**< false: nodecore_stream_default_high_water_mark() */
  bool has_writable_high_water_mark; /**< the same */
  bool readable_object_mode;         /**< Node's readableObjectMode */
  bool writable_object_mode;         /**< Node's writableObjectMode */
  bool not_readable;                 /**< of a duplex: Node's readable: false */
  bool not_writable;                 /**< of a duplex: Node's writable: false */
  bool no_half_open;                 /**< Node's allowHalfOpen: false: the end of reading ends writing */
  bool no_auto_destroy;              /**< Node's autoDestroy: false */
  bool no_emit_close;                /**< Node's emitClose: false */
  nodecore_str encoding;             /**< as nodecore_stream_set_encoding(); data NULL: none */
  nodecore_str default_encoding;     /**< of text that is written without one; data NULL: UTF-8 */
  const nodecore_abort_signal *signal; /**< destroys the stream; kept; may be NULL */
} nodecore_stream_options;
#define NODECORE_STREAM_OPTIONS_INIT                                                              \
  { sizeof(nodecore_stream_options), 0, 0, false, false, false, false, false, false, false,       \
    false, false, { NULL, 0 }, { NULL, 0 }, NULL }

/** What a stream of the caller's does. `stream` is borrowed for the call; `done` is ended inside it or later,
 *  once. All are nullable, but for `write` (or `writev`) of a stream that can be written to. */
typedef struct nodecore_stream_hooks {
  size_t struct_size; /**< set by NODECORE_STREAM_HOOKS_INIT */
  /** Open what the stream is about: called once, in the next tick, before any other hook.  Node: _construct */
  void (*construct)(nodecore_stream *stream, nodecore_done *done, void *user);
  /** Readable, duplex: about `size` bytes or objects are wanted: push some, now or later. Called again after a
   *  push. NULL: what is pushed from outside is all there is.  Node: _read */
  void (*read)(nodecore_stream *stream, size_t size, void *user);
  /** Writable, duplex: consume a chunk, which is lent.  Node: _write */
  void (*write)(nodecore_stream *stream, nodecore_chunk *chunk, nodecore_done *done, void *user);
  /** Writable, duplex: consume all chunks that wait, which are lent.  Node: _writev */
  void (*writev)(nodecore_stream *stream, nodecore_chunk *chunks, size_t count, nodecore_done *done,
                 void *user);
  /** Writable, duplex: everything was written.  Node: _final */
  void (*final)(nodecore_stream *stream, nodecore_done *done, void *user);
  /** Transform: consume a chunk, which is lent; push the results, or end with the last of them. NULL: the input is
   *  passed on, as by Node's PassThrough.  Node: _transform */
  void (*transform)(nodecore_stream *stream, nodecore_chunk *chunk, nodecore_done *done, void *user);
  /** Transform: the input has ended; give what is left in the same way.  Node: _flush */
  void (*flush)(nodecore_stream *stream, nodecore_done *done, void *user);
  /** The stream is destroyed, by `err` (NULL: without one): release resources, end with `err`.  Node: _destroy */
  void (*destroy)(nodecore_stream *stream, const nodecore_error *err, nodecore_done *done, void *user);
} nodecore_stream_hooks;
#define NODECORE_STREAM_HOOKS_INIT \
  { sizeof(nodecore_stream_hooks), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL }

/** Creates a stream of a kind (NODECORE_STREAM_*) out of hooks.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (no loop, no write hook);
 *             NODECORE_ERR_INVALID_ARG_VALUE (a hook that is not for this kind);
 *             NODECORE_ERR_OUT_OF_RANGE (another kind); NODECORE_ERR_UNKNOWN_ENCODING.
 *  Ownership  caller frees `*out` (nodecore_stream_free). `hooks` and `opts` are copied; `release(user)` runs
 *             once, when the stream is gone, or at once on failure.
 *  Nullable   opts, hooks, user, release, err.
 *  Node       new stream.Readable, Writable, Duplex, Transform, PassThrough      Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_new(nodecore_loop *loop, uint32_t kind,
                                                 const nodecore_stream_options *opts,
                                                 const nodecore_stream_hooks *hooks, void *user,
                                                 nodecore_release release, nodecore_stream **out,
                                                 nodecore_error **err);

/** Frees the handle.          Nullable   stream.                        Since    0.1 */
NODECORE_API void nodecore_stream_free(nodecore_stream *stream);

/** Returns another handle of the same stream, to be freed as well; NULL for NULL.   Since    0.1 */
NODECORE_API nodecore_stream *nodecore_stream_copy(const nodecore_stream *stream);

/* ---- Events ------------------------------------------------------------------------------------ */

/** Runs `cb` at every event of one kind, NODECORE_EVENT_READABLE to _ERROR; `flags` are NODECORE_LISTEN_*. An
 *  event that a stream of this kind never has is never told. Listeners go when the stream has closed.
 *  An error that nobody listens to is returned by nodecore_loop_run().
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (a NULL stream or callback);
 *             NODECORE_ERR_OUT_OF_RANGE (another event, flags). On an error `cb` never runs, `release` does.
 *  Ownership  `release(user)` runs once, when the listener is gone.
 *  Nullable   user, release, id.
 *  Node       stream.on, once, prependListener, prependOnceListener      Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_on(nodecore_stream *stream, int32_t event, uint32_t flags,
                                                nodecore_event_cb cb, void *user,
                                                nodecore_release release, nodecore_listener_id *id);

/** Runs `cb` for every chunk, and starts the flow unless it was paused. All as nodecore_stream_on().
 *  Nullable   user, release, id.     Node   readable.on('data')          Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_on_data(nodecore_stream *stream, uint32_t flags,
                                                     nodecore_data_cb cb, void *user,
                                                     nodecore_release release,
                                                     nodecore_listener_id *id);

/** Runs `cb` when a stream is piped into this one, NODECORE_EVENT_PIPE, or no longer, NODECORE_EVENT_UNPIPE.
 *  All as nodecore_stream_on().
 *  Nullable   user, release, id.     Node   writable.on('pipe'), on('unpipe')      Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_on_pipe(nodecore_stream *stream, int32_t event,
                                                     uint32_t flags, nodecore_pipe_cb cb, void *user,
                                                     nodecore_release release,
                                                     nodecore_listener_id *id);

/** Removes a listener of any event.
 *  Returns    true if it was there.
 *  Nullable   stream.          Node     stream.off, removeListener       Since    0.1 */
NODECORE_API bool nodecore_stream_off(nodecore_stream *stream, nodecore_listener_id id);

/** Removes all listeners of an event, or of every event (0): also those that pipes and nodecore_stream_finished()
 *  consist of.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (a NULL stream); NODECORE_ERR_OUT_OF_RANGE.
 *  Node       stream.removeAllListeners                                  Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_remove_all(nodecore_stream *stream, int32_t event);

/** Returns how many listen to an event, pipes among them; 0 for NULL and for no event.
 *  Node       stream.listenerCount; stream.eventNames are those that have some    Since    0.1 */
NODECORE_API size_t nodecore_stream_listener_count(const nodecore_stream *stream, int32_t event);

/* ---- State and end ----------------------------------------------------------------------------- */

/** Node's properties of a stream; those of a side that it lacks are zero. New fields are only added at the
 *  end. */
typedef struct nodecore_stream_state {
  size_t struct_size;              /**< set by NODECORE_STREAM_STATE_INIT; stays */
  uint32_t sides;                  /**< NODECORE_STREAM_READABLE, _WRITABLE or both */
  bool destroyed;                  /**< isDestroyed */
  bool closed;                     /**< resources have been released */
  bool errored;                    /**< isErrored: `error` has been emitted; see nodecore_stream_errored() */
  bool disturbed;                  /**< isDisturbed: read from, or destroyed before the end */
  bool allow_half_open;            /**< of a duplex */
  bool readable;                   /**< isReadable: reading makes sense */
  bool readable_paused;            /**< isPaused() */
  bool readable_ended;             /**< `end` has been emitted */
  bool readable_aborted;           /**< destroyed or failed before `end` */
  bool readable_did_read;          /**< `data` has been emitted */
  bool readable_object_mode;
  bool writable;                   /**< isWritable: writing makes sense */
  bool writable_ended;             /**< nodecore_stream_end() has been called */
  bool writable_finished;          /**< all has been written, just before `finish` */
  bool writable_aborted;           /**< destroyed or failed before `finish` */
  bool writable_need_drain;        /**< wait for NODECORE_EVENT_DRAIN */
  bool writable_object_mode;
  int32_t readable_flowing;        /**< 1, 0, or -1 before that has been decided */
  size_t readable_length;          /**< bytes or objects that can be read */
  size_t readable_high_water_mark;
  size_t readable_pipes;           /**< how many streams it is piped to */
  nodecore_str readable_encoding;  /**< static; data NULL: bytes or objects are read */
  size_t writable_length;          /**< bytes or objects that wait, the chunk in `write` among them */
  size_t writable_high_water_mark;
  size_t writable_corked;          /**< how often it has to be uncorked */
  nodecore_str writable_default_encoding; /**< static */
} nodecore_stream_state;
#define NODECORE_STREAM_STATE_INIT                                                                \
  { sizeof(nodecore_stream_state), 0, false, false, false, false, false, false, false, false,     \
    false, false, false, false, false, false, false, false, false, 0, 0, 0, 0, { NULL, 0 }, 0, 0, \
    0, { NULL, 0 } }

/** Writes what the stream is and what it is at.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (a NULL argument); NODECORE_ERR_OUT_OF_RANGE (size).
 *  Node       the properties of streams; isReadable and its like         Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_get_state(const nodecore_stream *stream,
                                                       nodecore_stream_state *out);

/** Returns the error that the stream failed with; NULL if it has not, and for NULL.
 *  Ownership  caller frees it (nodecore_error_free).
 *  Node       readable.errored, writable.errored                         Since    0.1 */
NODECORE_API nodecore_error *nodecore_stream_errored(const nodecore_stream *stream);

/** Destroys the stream: what is buffered is dropped, then the error (if any) and `close` are emitted. `err` is
 *  copied.
 *  Nullable   stream, err.     Node     stream.destroy([error])          Since    0.1 */
NODECORE_API void nodecore_stream_destroy(nodecore_stream *stream, const nodecore_error *err);

#ifdef __cplusplus
}
#endif

#include "stream_pipeline.h"
#include "stream_readable.h"
#include "stream_writable.h"

#endif
