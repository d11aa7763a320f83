/** @file stream_machine.h Streams whose object is the host's: a language binding's way to Node's streams.
 *
 *  A nodecore_stream (stream.h) has listeners, hooks and ticks of the library's. A host that has stream objects of its
 *  own, with its own listeners, subclasses and values (a JavaScript engine), takes the state machine alone: its inputs
 *  are the functions here, its effects are the functions of a nodecore_stream_host. The order of events, the
 *  backpressure and the errors are the same.
 *
 *  Every function of a host may call everything, and may free every handle; those of nodecore_stream_value_type call
 *  nothing of the library.
 *
 *  Threads    everything here belongs to the thread that made the machine.
 *  Node       https://nodejs.org/api/stream.html#api-for-stream-implementers */
#ifndef NODECORE_STREAM_MACHINE_H
#define NODECORE_STREAM_MACHINE_H

#include "stream.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A machine. */
typedef struct nodecore_stream_machine nodecore_stream_machine;

/** What a machine does in a tick of its own: run or freed once. It keeps the machine. */
typedef struct nodecore_stream_tick nodecore_stream_tick;

/** What flows: a value of the host's, with its size in bytes or, of text, in UTF-16 units; of any size in object mode.
 *  `object` is never NULL where there is a value. */
typedef struct nodecore_stream_value {
  void *object;
  size_t size;
} nodecore_stream_value;

/** How values are kept, counted, split and joined; all functions are there, and the struct outlives every value. */
typedef struct nodecore_stream_value_type {
  void (*retain)(void *object);  /**< takes a reference */
  void (*release)(void *object); /**< gives one back */
  /** The units from `start` to `end`, as a reference that is given. */
  nodecore_stream_value (*slice)(void *object, size_t start, size_t end);
  /** All of them as one, as a reference that is given. */
  nodecore_stream_value (*join)(void *const *objects, size_t count);
  /** The bytes, readable until the value is released, for a stream that has an encoding. */
  nodecore_str (*bytes)(void *object);
  /** A text of `len` bytes of UTF-8, as a reference that is given. */
  nodecore_stream_value (*text)(const char *data, size_t len);
} nodecore_stream_value_type;

/** The functions that call back, by nodecore_stream_machine_complete(). */
enum {
  NODECORE_STREAM_HOOK_CONSTRUCT = 1,
  NODECORE_STREAM_HOOK_WRITE = 2,
  NODECORE_STREAM_HOOK_WRITEV = 3, /**< calls back as NODECORE_STREAM_HOOK_WRITE */
  NODECORE_STREAM_HOOK_FINAL = 4,
  NODECORE_STREAM_HOOK_DESTROY = 5
};

/** The host of a machine. NULL stands for a function that does nothing and is done at once. Values and errors are
 *  borrowed for the call; an error that is returned (NULL: none) is what the function has thrown, and is given. */
typedef struct nodecore_stream_host {
  size_t struct_size;                       /**< set by NODECORE_STREAM_HOST_INIT */
  const nodecore_stream_value_type *values; /**< never NULL */
  /** Whether there is a hook: NODECORE_STREAM_HOOK_CONSTRUCT (asked once), _WRITEV or _FINAL. */
  bool (*has)(int32_t hook, void *user);
  nodecore_error *(*construct)(void *user);         /**< `_construct` */
  nodecore_error *(*read)(size_t size, void *user); /**< `_read` */
  void (*write)(nodecore_stream_value value, void *user); /**< `_write` */
  void (*writev)(const nodecore_stream_value *values, size_t count, void *user); /**< `_writev` */
  nodecore_error *(*final)(void *user);                                          /**< `_final` */
  nodecore_error *(*destroy)(const nodecore_error *err, void *user);             /**< `_destroy`; `err` may be NULL */
  /** Ends the writable side after the readable one, by nodecore_stream_machine_end(); NULL: the machine does. */
  void (*end)(void *user);
  void (*emit)(int32_t event, void *user); /**< NODECORE_EVENT_READABLE to NODECORE_EVENT_CLOSE */
  void (*emit_data)(nodecore_stream_value value, void *user);
  void (*emit_error)(const nodecore_error *err, void *user);
  /** Whether anyone listens to NODECORE_EVENT_READABLE or NODECORE_EVENT_DATA. */
  bool (*listens)(int32_t event, void *user);
  /** Runs `tick`, which the host owns, in its tick queue; never NULL. */
  void (*next_tick)(nodecore_stream_tick *tick, void *user);
  /** What the machine is about to report of its own accord, such as a write after the end: the host may attach an object
   *  to it (nodecore_error_set_object()), which then is the same wherever the error is seen. */
  void (*made)(nodecore_error *err, void *user);
} nodecore_stream_host;
#define NODECORE_STREAM_HOST_INIT                                                                            \
  {                                                                                                          \
    sizeof(nodecore_stream_host), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,     \
        NULL, NULL, NULL                                                                                     \
  }

/** Makes a machine; `construct`, if the host has it, is called in the next tick. Of `opts` `signal` and
 *  `default_encoding` are the host's to heed. `host` is copied.
 *  Returns    NODECORE_OK; NODECORE_ERR_INVALID_ARG_TYPE (NULL host, values or next_tick);
 *             NODECORE_ERR_OUT_OF_RANGE for another kind; NODECORE_ERR_UNKNOWN_ENCODING.
 *  Ownership  caller frees `*out` (nodecore_stream_machine_free); `release(user)` runs once, when the machine goes.
 *  Nullable   opts, user, release, err.                                  Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_machine_new(uint32_t kind, const nodecore_stream_host *host,
                                                         const nodecore_stream_options *opts, void *user,
                                                         nodecore_release release, nodecore_stream_machine **out,
                                                         nodecore_error **err);

/** Ends the caller's use of the machine; ticks that wait keep it.
 *  Nullable   machine.         Since    0.1 */
NODECORE_API void nodecore_stream_machine_free(nodecore_stream_machine *machine);

/** Does what waited for the tick, and frees it.
 *  Nullable   tick.            Since    0.1 */
NODECORE_API void nodecore_stream_tick_run(nodecore_stream_tick *tick);

/** Frees a tick that will not run.
 *  Nullable   tick.            Since    0.1 */
NODECORE_API void nodecore_stream_tick_free(nodecore_stream_tick *tick);

/** One of NODECORE_STREAM_HOOK_* has called back, with an error or not, inside its call or later.
 *  Nullable   machine, err.    Since    0.1 */
NODECORE_API void nodecore_stream_machine_complete(nodecore_stream_machine *machine, int32_t hook,
                                                   const nodecore_error *err);

/** Adds a value at the end, or ends the readable side (NULL). `decoded` says that the value is text in the stream's
 *  encoding already.
 *  Returns    whether more is welcome.
 *  Nullable   machine, value.  Node     readable.push                    Since    0.1 */
NODECORE_API bool nodecore_stream_machine_push(nodecore_stream_machine *machine, const nodecore_stream_value *value,
                                               bool decoded);

/** Puts a value back at the front.
 *  Returns    whether more is welcome.
 *  Nullable   machine, value.  Node     readable.unshift                 Since    0.1 */
NODECORE_API bool nodecore_stream_machine_unshift(nodecore_stream_machine *machine,
                                                  const nodecore_stream_value *value);

/** Reads `size` units, or what there is (SIZE_MAX).
 *  Returns    whether there was any; only then `*out` is written, with a reference that is given.
 *  Nullable   machine, out.    Node     readable.read                    Since    0.1 */
NODECORE_API bool nodecore_stream_machine_read(nodecore_stream_machine *machine, size_t size,
                                               nodecore_stream_value *out);

/** Writes a value. `cb` runs once when it has been written, or has not, in a tick of its own; Node runs those of one
 *  function that follow each other in one.
 *  Returns    false: wait for NODECORE_EVENT_DRAIN.
 *  Ownership  `release(user)` runs once in every case.
 *  Nullable   machine, value (nothing happens), cb, user, release.
 *  Node       writable.write                                             Since    0.1 */
NODECORE_API bool nodecore_stream_machine_write(nodecore_stream_machine *machine, const nodecore_stream_value *value,
                                                nodecore_done_cb cb, void *user, nodecore_release release);

/** Ends the writable side, after a last value if there is one. `cb` runs once when all has been written, or has not.
 *  Ownership  `release(user)` runs once in every case.
 *  Nullable   machine, value, cb, user, release.
 *  Node       writable.end                                               Since    0.1 */
NODECORE_API void nodecore_stream_machine_end(nodecore_stream_machine *machine, const nodecore_stream_value *value,
                                              nodecore_done_cb cb, void *user, nodecore_release release);

/** Holds writes back, until each call is undone.
 *  Nullable   machine.         Node     writable.cork(), uncork()        Since    0.1 */
NODECORE_API void nodecore_stream_machine_cork(nodecore_stream_machine *machine);
NODECORE_API void nodecore_stream_machine_uncork(nodecore_stream_machine *machine);

/** Lets values flow to the listeners of NODECORE_EVENT_DATA, or not.
 *  Nullable   machine.         Node     readable.resume(), pause()       Since    0.1 */
NODECORE_API void nodecore_stream_machine_resume(nodecore_stream_machine *machine);
NODECORE_API void nodecore_stream_machine_pause(nodecore_stream_machine *machine);

/** For a host that pipes: the machine is piped to another destination, besides the `before` that it was piped to; it is
 *  to stop flowing until `dest`, a number of the host's, has drained, where `pipes` is how many destinations there are,
 *  or 0 if `dest` is none of them any more; and `dest` has drained, so that it flows again unless others are waited for.
 *  Nullable   machine.         Node     readable.pipe                    Since    0.1 */
NODECORE_API void nodecore_stream_machine_piped(nodecore_stream_machine *machine, size_t before);
NODECORE_API void nodecore_stream_machine_await_drain(nodecore_stream_machine *machine, size_t dest, size_t pipes);
NODECORE_API void nodecore_stream_machine_drained(nodecore_stream_machine *machine, size_t dest);

/** Gives the `index`th destination that is waited for; only then `*out` is written.
 *  Nullable   machine, out.    Node     _readableState.awaitDrainWriters Since    0.1 */
NODECORE_API bool nodecore_stream_machine_awaiting(const nodecore_stream_machine *machine, size_t index, size_t *out);

/** The host has one listener to NODECORE_EVENT_DATA or NODECORE_EVENT_READABLE more, or less; told when `listens` knows
 *  of it.
 *  Nullable   machine.         Node     readable.on(), removeListener()  Since    0.1 */
NODECORE_API void nodecore_stream_machine_listener(nodecore_stream_machine *machine, int32_t event, bool added);

/** From now on what is pushed is decoded; so is what waits.
 *  Returns    NODECORE_OK; NODECORE_ERR_UNKNOWN_ENCODING; NODECORE_ERR_INVALID_ARG_TYPE for a NULL machine.
 *  Nullable   err.             Node     readable.setEncoding             Since    0.1 */
NODECORE_API nodecore_status nodecore_stream_machine_set_encoding(nodecore_stream_machine *machine, const char *name,
                                                                  size_t name_len, nodecore_error **err);

/** Returns the name of the encoding that was set; static; `{NULL, 0}` if none was.
 *  Nullable   machine.         Node     readable.readableEncoding        Since    0.1 */
NODECORE_API nodecore_str nodecore_stream_machine_encoding(const nodecore_stream_machine *machine);

/** Switches sides (NODECORE_STREAM_READABLE, _WRITABLE or both) off, or on again: one that is off is not waited for.
 *  Nullable   machine.         Node     stream.readable = …, writable = …         Since    0.1 */
NODECORE_API void nodecore_stream_machine_set_open(nodecore_stream_machine *machine, uint32_t side, bool open);

/** Destroys the stream. `err` is copied.
 *  Nullable   machine, err.    Node     stream.destroy([error])          Since    0.1 */
NODECORE_API void nodecore_stream_machine_destroy(nodecore_stream_machine *machine, const nodecore_error *err);

/** Reports a failure as Node does for one in a function of the user's: the stream is destroyed, or where it does not
 *  destroy itself, the error is emitted, in a tick of its own if `sync`. `err` is copied.
 *  Nullable   machine, err (nothing happens).                            Since    0.1 */
NODECORE_API void nodecore_stream_machine_fail(nodecore_stream_machine *machine, const nodecore_error *err,
                                               bool sync);

/** Of a transform: its `_transform` has called back, and what it has made is pushed. Calls back for
 *  NODECORE_STREAM_HOOK_WRITE now, or when the reader wants more. `before` is what nodecore_stream_machine_length() gave
 *  for the readable side when the chunk came; SIZE_MAX: it was `_flush`, and both sides end.
 *  Nullable   machine.         Node     transform._transform, _flush     Since    0.1 */
NODECORE_API void nodecore_stream_machine_transformed(nodecore_stream_machine *machine, size_t before);

/** Of a transform: its `_read` is called.
 *  Nullable   machine.         Node     transform._read                  Since    0.1 */
NODECORE_API void nodecore_stream_machine_transform_more(nodecore_stream_machine *machine);

/** What nodecore_stream_machine_flags() says of either side; the names are those of Node's `_readableState` and
 *  `_writableState`. */
enum {
  NODECORE_STREAM_SIDE_PRESENT = 1 << 0,
  NODECORE_STREAM_SIDE_OBJECT_MODE = 1 << 1,
  NODECORE_STREAM_SIDE_EMIT_CLOSE = 1 << 2,
  NODECORE_STREAM_SIDE_AUTO_DESTROY = 1 << 3,
  NODECORE_STREAM_SIDE_CONSTRUCTED = 1 << 4,
  NODECORE_STREAM_SIDE_DESTROYED = 1 << 5,
  NODECORE_STREAM_SIDE_CLOSED = 1 << 6,
  NODECORE_STREAM_SIDE_CLOSE_EMITTED = 1 << 7,
  NODECORE_STREAM_SIDE_ERRORED = 1 << 8,
  NODECORE_STREAM_SIDE_ERROR_EMITTED = 1 << 9,
  NODECORE_STREAM_SIDE_SYNC = 1 << 10,
  /* The readable side. */
  NODECORE_STREAM_READ_READABLE = 1 << 16,
  NODECORE_STREAM_READ_ENDED = 1 << 17,
  NODECORE_STREAM_READ_END_EMITTED = 1 << 18,
  NODECORE_STREAM_READ_READING = 1 << 19,
  NODECORE_STREAM_READ_READING_MORE = 1 << 20,
  NODECORE_STREAM_READ_NEED_READABLE = 1 << 21,
  NODECORE_STREAM_READ_EMITTED_READABLE = 1 << 22,
  NODECORE_STREAM_READ_READABLE_LISTENING = 1 << 23,
  NODECORE_STREAM_READ_RESUME_SCHEDULED = 1 << 24,
  NODECORE_STREAM_READ_DATA_EMITTED = 1 << 25,
  NODECORE_STREAM_READ_FLOW_DECIDED = 1 << 26, /**< `flowing` is not null */
  NODECORE_STREAM_READ_FLOWING = 1 << 27,
  NODECORE_STREAM_READ_PAUSED = 1 << 28,
  NODECORE_STREAM_READ_MANY_PIPES = 1 << 29, /**< `multiAwaitDrain` */
  /* The writable side. */
  NODECORE_STREAM_WRITE_WRITABLE = 1 << 16,
  NODECORE_STREAM_WRITE_WRITING = 1 << 17,
  NODECORE_STREAM_WRITE_PROCESSING = 1 << 18,
  NODECORE_STREAM_WRITE_NEED_DRAIN = 1 << 19,
  NODECORE_STREAM_WRITE_ENDING = 1 << 20,
  NODECORE_STREAM_WRITE_ENDED = 1 << 21,
  NODECORE_STREAM_WRITE_FINAL_CALLED = 1 << 22,
  NODECORE_STREAM_WRITE_PREFINISHED = 1 << 23,
  NODECORE_STREAM_WRITE_FINISHED = 1 << 24
};

/** Returns what is so of a side (NODECORE_STREAM_READABLE or _WRITABLE); 0 for one that is not there.
 *  Nullable   machine.         Since    0.1 */
NODECORE_API uint32_t nodecore_stream_machine_flags(const nodecore_stream_machine *machine, uint32_t side);

/** Returns how much waits on a side, and how much is to wait at most.
 *  Nullable   machine (0).     Node     readableLength, readableHighWaterMark …   Since    0.1 */
NODECORE_API size_t nodecore_stream_machine_length(const nodecore_stream_machine *machine, uint32_t side);
NODECORE_API size_t nodecore_stream_machine_high_water_mark(const nodecore_stream_machine *machine, uint32_t side);

/** Returns how often nodecore_stream_machine_uncork() has to be called, and how many callbacks have to run before
 *  NODECORE_EVENT_FINISH.
 *  Nullable   machine (0).     Node     writableCorked; _writableState.pendingcb  Since    0.1 */
NODECORE_API size_t nodecore_stream_machine_corked(const nodecore_stream_machine *machine);
NODECORE_API size_t nodecore_stream_machine_pending(const nodecore_stream_machine *machine);

/** Returns the first error of a side; NULL if there is none.
 *  Ownership  caller frees it (nodecore_error_free).
 *  Nullable   machine.         Node     readable.errored, writable.errored        Since    0.1 */
NODECORE_API nodecore_error *nodecore_stream_machine_errored(const nodecore_stream_machine *machine, uint32_t side);

/** Returns how many values wait on a side, without that in `write`; and gives the `index`th of them.
 *  Ownership  `*out` is a reference that is given.
 *  Nullable   machine, out.    Node     _readableState.buffer, writableBuffer     Since    0.1 */
NODECORE_API size_t nodecore_stream_machine_count(const nodecore_stream_machine *machine, uint32_t side);
NODECORE_API bool nodecore_stream_machine_peek(const nodecore_stream_machine *machine, uint32_t side, size_t index,
                                               nodecore_stream_value *out);

#ifdef __cplusplus
}
#endif

#endif
