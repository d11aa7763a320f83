#include "streams.h"

static void count(nodecore_chunk *chunk, void *user) {
  (void)user;
  sum += chunk->bytes.len;
}

static size_t once(void) {
  nodecore_fs_stream_options options = NODECORE_FS_STREAM_OPTIONS_INIT;
  options.has_end = true;
  options.end = (1 << 30) - 1;
  nodecore_stream *source;
  MUST(nodecore_fs_create_read_stream(loop, "/dev/zero", NODECORE_AUTO_LEN, &options, &source, NULL));
  sum = 0;
  MUST(nodecore_stream_on_data(source, 0, count, NULL, NULL, NULL));
  run_loop();
  nodecore_stream_free(source);
  return sum;
}

int main(void) { return measure_streams(once); }
