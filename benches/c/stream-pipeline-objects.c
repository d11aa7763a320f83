#include "streams.h"

static void doubled(nodecore_stream *stream, nodecore_chunk *chunk, nodecore_done *done, void *user) {
  (void)stream, (void)user;
  nodecore_chunk result = number_new(value_of(chunk) * 2);
  nodecore_done_push_chunk(done, &result);
}

static void add(nodecore_stream *stream, nodecore_chunk *chunk, nodecore_done *done, void *user) {
  (void)stream, (void)user;
  sum += value_of(chunk);
  nodecore_done_call(done, NULL);
}

static size_t once(void) {
  nodecore_stream_hooks transform = NODECORE_STREAM_HOOKS_INIT, sink = NODECORE_STREAM_HOOKS_INIT;
  transform.transform = doubled;
  sink.write = add;
  nodecore_stream *all[] = {numbers(), stream(NODECORE_STREAM_TRANSFORM, true, transform),
                            stream(NODECORE_STREAM_WRITABLE, true, sink)};
  sum = 0;
  ended = false;
  MUST(nodecore_stream_pipeline(all, 3, NULL, end, NULL, NULL, NULL));
  run_loop();
  for (int i = 0; i < 3; i++) nodecore_stream_free(all[i]);
  return ended ? sum : 0;
}

int main(void) { return measure_streams(once); }
