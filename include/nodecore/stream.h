/** @file stream.h Streams: Node's state machine, event order and backpressure.
 *
 *  Handles are references: freeing one ends the caller's use of the stream, not the stream. A stream that
 *  nobody reads or destroys, and that no pipe holds, is dropped with its last handle.
 *
 *  Inside a hook or an event callback the stream, and any other, may be used in every way, be destroyed
 *  and be freed.
 *
 *  Threads    everything here belongs to the loop's thread.
 *  Node       https://nodejs.org/api/stream.html */
#ifndef NODECORE_STREAM_H
#define NODECORE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "export.h"
#include "loop.h"
#include "str.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A source of bytes. */
typedef struct nodecore_readable nodecore_readable;
/** A sink of bytes. */
typedef struct nodecore_writable nodecore_writable;
/** Both at once, the readable side computed from the writable one. */
typedef struct nodecore_transform nodecore_transform;

/** What a hook calls when it has done its work; see nodecore_done_call(). */
typedef struct nodecore_done nodecore_done;

/** Ends a hook's work, with success (`err` NULL) or failure. May be called inside the hook or later, once.
 *  Ownership  frees `done` in every case; `err` is copied. A `done` that is never ended is leaked.
 *  Nullable   err.             Since    0.1 */
NODECORE_API void nodecore_done_call(nodecore_done *done, const nodecore_error *err);

/** As nodecore_done_call() with success, for a transform or flush hook: pushes `len` bytes first.
 *  Ownership  frees `done` in every case; `data` is copied.
 *  Nullable   data with len 0 (nothing is pushed).               Since    0.1 */
NODECORE_API void nodecore_done_push(nodecore_done *done, const void *data, size_t len);

/** Options common to all streams. NULL = all defaults; a zero field = that field's default. */
typedef struct nodecore_stream_options {
  size_t struct_size;       /**< set by NODECORE_STREAM_OPTIONS_INIT */
  size_t high_water_mark;   /**< bytes; 0 = 65536 */
  bool no_auto_destroy;     /**< true: Node's autoDestroy: false */
  bool no_emit_close;       /**< true: Node's emitClose: false */
} nodecore_stream_options;
#define NODECORE_STREAM_OPTIONS_INIT \
  { sizeof(nodecore_stream_options), 0, false, false }

/** Events without arguments, for the `_on` functions; NODECORE_EVENT_ERROR brings an error. */
enum {
  NODECORE_EVENT_READABLE = 1,
  NODECORE_EVENT_END = 2,
  NODECORE_EVENT_PAUSE = 3,
  NODECORE_EVENT_RESUME = 4,
  NODECORE_EVENT_DRAIN = 5,
  NODECORE_EVENT_FINISH = 6,
  NODECORE_EVENT_ERROR = 7,
  NODECORE_EVENT_CLOSE = 8
};

/** An event. `err` is borrowed for the call; NULL but for NODECORE_EVENT_ERROR. */
typedef void (*nodecore_event_cb)(const nodecore_error *err, void *user);

/** A chunk of data, lent for the call: nodecore_buf_take() keeps the bytes without a copy. */
typedef void (*nodecore_data_cb)(nodecore_buf *chunk, void *user);

/** The end of an operation that yields nothing. `err` is NULL on success, else borrowed for the call. */
typedef void (*nodecore_done_cb)(const nodecore_error *err, void *user);

/* ---- Readable ---------------------------------------------------------------------------------- */

/** What a readable stream of the caller's does. `stream` is borrowed for the call. */
typedef struct nodecore_readable_hooks {
  size_t struct_size; /**< set by NODECORE_READABLE_HOOKS_INIT */
  /** More data is wanted: push some, now or later. Not called again before a push.  Node: _read */
  void (*read)(nodecore_readable *stream, size_t size, void *user);
  /** The stream is destroyed, by `err` (NULL: without one); release resources, then call `done`.
   *  Nullable.  Node: _destroy */
  void (*destroy)(nodecore_readable *stream, const nodecore_error *err, nodecore_done *done,
                  void *user);
} nodecore_readable_hooks;
#define NODECORE_READABLE_HOOKS_INIT \
  { sizeof(nodecore_readable_hooks), NULL, NULL }

/** Creates a readable stream out of hooks.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (no loop, no read hook).
 *  Ownership  caller frees `*out` (nodecore_readable_free). `hooks` and `opts` are copied; `release(user)`
 *             runs once, when the stream is gone, or at once on failure.
 *  Nullable   opts, user, release, err.
 *  Node       new stream.Readable(options)                       Since    0.1 */
NODECORE_API nodecore_status nodecore_readable_new(nodecore_loop *loop,
                                                   const nodecore_stream_options *opts,
                                                   const nodecore_readable_hooks *hooks, void *user,
                                                   nodecore_release release,
                                                   nodecore_readable **out, nodecore_error **err);

/** Frees the handle.          Nullable   stream.               Since    0.1 */
NODECORE_API void nodecore_readable_free(nodecore_readable *stream);

/** Returns another handle of the same stream, to be freed as well; NULL for NULL.   Since    0.1 */
NODECORE_API nodecore_readable *nodecore_readable_copy(const nodecore_readable *stream);

/** Adds a copy of `len` bytes to what can be read.
 *  Returns    true if more is wanted; false above the high-water mark: wait for the next `read` hook.
 *  Errors     pushing after the end destroys the stream with NODECORE_ERR_STREAM_PUSH_AFTER_EOF.
 *  Node       readable.push(chunk)                               Since    0.1 */
NODECORE_API bool nodecore_readable_push(nodecore_readable *stream, const void *data, size_t len);

/** As nodecore_readable_push(), sharing the bytes of `chunk` instead of copying them if they came from
 *  the library. `chunk` stays the caller's.                      Since    0.1 */
NODECORE_API bool nodecore_readable_push_buf(nodecore_readable *stream, nodecore_buf *chunk);

/** Ends the data.
 *  Node       readable.push(null)                                Since    0.1 */
NODECORE_API void nodecore_readable_push_end(nodecore_readable *stream);

/** Takes `n` bytes (0 = the next chunk, whatever its size) out of the buffer.
 *  Returns    true if there was something; then the caller frees `*out` (nodecore_buf_free).
 *  Node       readable.read([size])                              Since    0.1 */
NODECORE_API bool nodecore_readable_read(nodecore_readable *stream, size_t n, nodecore_buf *out);

/** Stops, and starts, the flow of data events.
 *  Node       readable.pause(), readable.resume()                Since    0.1 */
NODECORE_API void nodecore_readable_pause(nodecore_readable *stream);
NODECORE_API void nodecore_readable_resume(nodecore_readable *stream);

/** Runs `cb` for every chunk, and starts the flow.
 *  Returns    NODECORE_OK or NODECORE_ERR_INVALID_ARG_TYPE. `release(user)` runs when the stream is gone.
 *  Nullable   user, release.   Node     readable.on('data')      Since    0.1 */
NODECORE_API nodecore_status nodecore_readable_on_data(nodecore_readable *stream,
                                                       nodecore_data_cb cb, void *user,
                                                       nodecore_release release);

/** Runs `cb` at every event of one kind: READABLE, END, PAUSE, RESUME, ERROR, CLOSE.
 *  Returns    as nodecore_readable_on_data(); NODECORE_ERR_OUT_OF_RANGE for another event.
 *  Nullable   user, release.   Node     readable.on(event)       Since    0.1 */
NODECORE_API nodecore_status nodecore_readable_on(nodecore_readable *stream, int32_t event,
                                                  nodecore_event_cb cb, void *user,
                                                  nodecore_release release);

/** Sends everything to `dest`, at the pace of the slowest destination, and ends it at the end unless
 *  `keep_open`. Errors are not forwarded: see nodecore_pipeline().
 *  Returns    NODECORE_OK or NODECORE_ERR_INVALID_ARG_TYPE.
 *  Node       readable.pipe(dest, { end: !keep_open })           Since    0.1 */
NODECORE_API nodecore_status nodecore_readable_pipe(nodecore_readable *stream,
                                                    nodecore_writable *dest, bool keep_open);

/** Destroys the stream. `err` is copied.
 *  Nullable   err.             Node     readable.destroy([error]) Since   0.1 */
NODECORE_API void nodecore_readable_destroy(nodecore_readable *stream, const nodecore_error *err);

/* ---- Writable ---------------------------------------------------------------------------------- */

/** What a writable stream of the caller's does. `stream` is borrowed for the call. */
typedef struct nodecore_writable_hooks {
  size_t struct_size; /**< set by NODECORE_WRITABLE_HOOKS_INIT */
  /** Consume one chunk (lent: nodecore_buf_take() keeps it), then call `done`.  Node: _write */
  void (*write)(nodecore_writable *stream, nodecore_buf *chunk, nodecore_done *done, void *user);
  /** Everything was written: finish, then call `done`.  Nullable.  Node: _final */
  void (*final)(nodecore_writable *stream, nodecore_done *done, void *user);
  /** As of nodecore_readable_hooks.  Nullable.  Node: _destroy */
  void (*destroy)(nodecore_writable *stream, const nodecore_error *err, nodecore_done *done,
                  void *user);
} nodecore_writable_hooks;
#define NODECORE_WRITABLE_HOOKS_INIT \
  { sizeof(nodecore_writable_hooks), NULL, NULL, NULL }

/** Creates a writable stream out of hooks. All as nodecore_readable_new().
 *  Node       new stream.Writable(options)                       Since    0.1 */
NODECORE_API nodecore_status nodecore_writable_new(nodecore_loop *loop,
                                                   const nodecore_stream_options *opts,
                                                   const nodecore_writable_hooks *hooks, void *user,
                                                   nodecore_release release,
                                                   nodecore_writable **out, nodecore_error **err);

/** Frees the handle.          Nullable   stream.               Since    0.1 */
NODECORE_API void nodecore_writable_free(nodecore_writable *stream);

/** Returns another handle of the same stream, to be freed as well; NULL for NULL.   Since    0.1 */
NODECORE_API nodecore_writable *nodecore_writable_copy(const nodecore_writable *stream);

/** Writes a copy of `len` bytes.
 *  Returns    true if more may be written at once; false: wait for NODECORE_EVENT_DRAIN.
 *  Errors     come as NODECORE_EVENT_ERROR, such as NODECORE_ERR_STREAM_WRITE_AFTER_END.
 *  Node       writable.write(chunk)                              Since    0.1 */
NODECORE_API bool nodecore_writable_write(nodecore_writable *stream, const void *data, size_t len);

/** As nodecore_writable_write(), sharing the bytes of `chunk` instead of copying them if they came from
 *  the library. `chunk` stays the caller's.                      Since    0.1 */
NODECORE_API bool nodecore_writable_write_buf(nodecore_writable *stream, nodecore_buf *chunk);

/** Ends the stream after what was written.
 *  Node       writable.end()                                     Since    0.1 */
NODECORE_API void nodecore_writable_end(nodecore_writable *stream);

/** Holds writes back, and lets them go together.
 *  Node       writable.cork(), writable.uncork()                 Since    0.1 */
NODECORE_API void nodecore_writable_cork(nodecore_writable *stream);
NODECORE_API void nodecore_writable_uncork(nodecore_writable *stream);

/** Runs `cb` at every event of one kind: DRAIN, FINISH, ERROR, CLOSE. As nodecore_readable_on().
 *  Node       writable.on(event)                                 Since    0.1 */
NODECORE_API nodecore_status nodecore_writable_on(nodecore_writable *stream, int32_t event,
                                                  nodecore_event_cb cb, void *user,
                                                  nodecore_release release);

/** Destroys the stream. `err` is copied.
 *  Nullable   err.             Node     writable.destroy([error]) Since   0.1 */
NODECORE_API void nodecore_writable_destroy(nodecore_writable *stream, const nodecore_error *err);

/* ---- Transform --------------------------------------------------------------------------------- */

/** What a transform stream of the caller's does. `stream` is borrowed for the call. */
typedef struct nodecore_transform_hooks {
  size_t struct_size; /**< set by NODECORE_TRANSFORM_HOOKS_INIT */
  /** Consume one chunk (lent: nodecore_buf_take() keeps it); give the result by nodecore_done_push(), or
   *  by nodecore_transform_push() and then nodecore_done_call().  Node: _transform */
  void (*transform)(nodecore_transform *stream, nodecore_buf *chunk, nodecore_done *done, void *user);
  /** The input has ended: give what is left in the same way.  Nullable.  Node: _flush */
  void (*flush)(nodecore_transform *stream, nodecore_done *done, void *user);
} nodecore_transform_hooks;
#define NODECORE_TRANSFORM_HOOKS_INIT \
  { sizeof(nodecore_transform_hooks), NULL, NULL }

/** Creates a transform stream out of hooks. All as nodecore_readable_new().
 *  Node       new stream.Transform(options)                      Since    0.1 */
NODECORE_API nodecore_status nodecore_transform_new(nodecore_loop *loop,
                                                    const nodecore_stream_options *opts,
                                                    const nodecore_transform_hooks *hooks,
                                                    void *user, nodecore_release release,
                                                    nodecore_transform **out, nodecore_error **err);

/** Frees the handle.          Nullable   stream.               Since    0.1 */
NODECORE_API void nodecore_transform_free(nodecore_transform *stream);

/** Adds a copy of `len` bytes to the readable side; as nodecore_readable_push().
 *  Node       transform.push(chunk)                              Since    0.1 */
NODECORE_API bool nodecore_transform_push(nodecore_transform *stream, const void *data, size_t len);

/** Return a handle of one side, to be freed as well; NULL for NULL.                 Since    0.1 */
NODECORE_API nodecore_readable *nodecore_transform_readable(const nodecore_transform *stream);
NODECORE_API nodecore_writable *nodecore_transform_writable(const nodecore_transform *stream);

/* ---- Several streams --------------------------------------------------------------------------- */

/** Pipes `source` through `count` transforms into `dest`, forwarding errors and destroying all of them
 *  when one fails; `cb` runs when everything is done.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE; NODECORE_ERR_STREAM_UNABLE_TO_PIPE for a stream
 *             that is destroyed already (then `cb` never runs).
 *  Nullable   transforms with count 0, user, release, err.
 *  Node       stream.pipeline(source, ...transforms, dest, callback)              Since    0.1 */
NODECORE_API nodecore_status nodecore_pipeline(nodecore_readable *source,
                                               nodecore_transform *const *transforms, size_t count,
                                               nodecore_writable *dest, nodecore_done_cb cb,
                                               void *user, nodecore_release release,
                                               nodecore_error **err);

#ifdef __cplusplus
}
#endif

#endif
