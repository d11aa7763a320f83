#include "streams.h"

static size_t once(void) {
  nodecore_stream *source = chunks(1 << 30), *sink = counter();
  sum = 0;
  MUST(nodecore_stream_pipe(source, sink, false));
  run_loop();
  nodecore_stream_free(source);
  nodecore_stream_free(sink);
  return sum;
}

int main(void) { return measure_streams(once); }
