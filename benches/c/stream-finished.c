#include "streams.h"

static size_t once(void) {
  static const char bytes[16] = {7};
  nodecore_stream *sink = counter();
  sum = 0;
  ended = false;
  MUST(nodecore_stream_finished(sink, NULL, end, NULL, NULL, NULL, NULL));
  nodecore_chunk chunk = NODECORE_CHUNK_BYTES(bytes, sizeof bytes);
  MUST(nodecore_stream_end_chunk(sink, &chunk, NULL, NULL, NULL, NULL));
  run_loop();
  nodecore_stream_free(sink);
  return ended ? sum : 0;
}

int main(void) { return measure_streams(once); }
