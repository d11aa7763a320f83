#include "streams.h"

static size_t once(void) {
  static const char chunk[16] = {7};
  nodecore_stream *sink = counter();
  sum = 0;
  for (int i = 0; i < 65536; i++) nodecore_stream_write(sink, chunk, sizeof chunk);
  nodecore_stream_end(sink);
  run_loop();
  nodecore_stream_free(sink);
  return sum;
}

int main(void) { return measure_streams(once); }
