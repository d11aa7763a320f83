/* What the benchmarks of streams share. */
#ifndef STREAMS_H
#define STREAMS_H

#include "harness.h"

enum { OBJECTS = 65536, CHUNK = 64 << 10, STAGES = 5 };

static nodecore_loop *loop;
/* What is left to give, and the sum of what came. */
static size_t left, sum;
static bool ended;

/* An object, in an arena: it needs no references. */
typedef struct number {
  size_t value;
} number;

static number arena[2 * OBJECTS];
static size_t used;

static inline nodecore_chunk number_new(size_t value) {
  number *n = &arena[used++];
  n->value = value;
  return (nodecore_chunk)NODECORE_CHUNK_OBJECT(n, NULL);
}

static inline size_t value_of(const nodecore_chunk *chunk) { return ((const number *)chunk->object)->value; }

static inline void run_loop(void) { MUST(nodecore_loop_run(loop, NODECORE_RUN_DEFAULT, NULL, NULL)); }

static inline void end(const nodecore_error *err, void *user) {
  (void)user;
  if (err != NULL) exit(1);
  ended = true;
}

static inline nodecore_stream *stream(uint32_t kind, bool objects, nodecore_stream_hooks hooks) {
  nodecore_stream_options options = NODECORE_STREAM_OPTIONS_INIT;
  options.readable_object_mode = options.writable_object_mode = objects;
  nodecore_stream *out;
  MUST(nodecore_stream_new(loop, kind, &options, &hooks, NULL, NULL, &out, NULL));
  return out;
}

/* The numbers from 0, as many as there are objects. */
static inline void number_read(nodecore_stream *stream, size_t size, void *user) {
  (void)size, (void)user;
  if (left == 0) {
    nodecore_stream_push_end(stream);
    return;
  }
  nodecore_chunk chunk = number_new(OBJECTS - left--);
  MUST(nodecore_stream_push_chunk(stream, &chunk, NULL, NULL));
}

static inline nodecore_stream *numbers(void) {
  nodecore_stream_hooks hooks = NODECORE_STREAM_HOOKS_INIT;
  hooks.read = number_read;
  left = OBJECTS;
  used = 0;
  return stream(NODECORE_STREAM_READABLE, true, hooks);
}

/* The same chunk of 64 KiB, `left` times. */
static inline void chunk_read(nodecore_stream *stream, size_t size, void *user) {
  static nodecore_chunk chunk;
  (void)size, (void)user;
  if (left == 0) {
    nodecore_stream_push_end(stream);
    return;
  }
  left--;
  /* Bytes of the library's are shared, not copied. */
  if (chunk.bytes.len == 0) {
    static char sevens[CHUNK];
    chunk.bytes = nodecore_buf_copy(memset(sevens, 7, CHUNK), CHUNK);
  }
  MUST(nodecore_stream_push_chunk(stream, &chunk, NULL, NULL));
}

static inline nodecore_stream *chunks(size_t bytes) {
  nodecore_stream_hooks hooks = NODECORE_STREAM_HOOKS_INIT;
  hooks.read = chunk_read;
  left = bytes / CHUNK;
  return stream(NODECORE_STREAM_READABLE, false, hooks);
}

static inline void count_write(nodecore_stream *stream, nodecore_chunk *chunk, nodecore_done *done, void *user) {
  (void)stream, (void)user;
  sum += chunk->bytes.len;
  nodecore_done_call(done, NULL);
}

/* A sink that counts bytes. */
static inline nodecore_stream *counter(void) {
  nodecore_stream_hooks hooks = NODECORE_STREAM_HOOKS_INIT;
  hooks.write = count_write;
  return stream(NODECORE_STREAM_WRITABLE, false, hooks);
}

/* Sends `source` through five stages into `sink`; frees both. */
static inline size_t send_through(nodecore_stream *source, nodecore_stream *sink) {
  nodecore_stream *all[STAGES + 2] = {source};
  for (int i = 1; i <= STAGES; i++)
    all[i] = stream(NODECORE_STREAM_TRANSFORM, false, (nodecore_stream_hooks)NODECORE_STREAM_HOOKS_INIT);
  all[STAGES + 1] = sink;
  sum = 0;
  ended = false;
  MUST(nodecore_stream_pipeline(all, STAGES + 2, NULL, end, NULL, NULL, NULL));
  run_loop();
  for (int i = 0; i < STAGES + 2; i++) nodecore_stream_free(all[i]);
  return ended ? sum : 0;
}

/* Times work that a loop does. */
static inline int measure_streams(size_t (*work)(void)) {
  MUST(nodecore_loop_new(&loop, NULL));
  measure_once(work);
  nodecore_loop_free(loop);
  return 0;
}

#endif
