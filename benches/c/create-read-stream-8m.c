#include "streams.h"

static void count(nodecore_chunk *chunk, void *user) {
  (void)user;
  sum += chunk->bytes.len;
}

static char *path;

static size_t once(void) {
  nodecore_stream *source;
  MUST(nodecore_fs_create_read_stream(loop, path, NODECORE_AUTO_LEN, NULL, &source, NULL));
  sum = 0;
  MUST(nodecore_stream_on_data(source, 0, count, NULL, NULL, NULL));
  run_loop();
  nodecore_stream_free(source);
  return sum;
}

int main(void) {
  path = data_file("source");
  measure_streams(once);
  free(path);
  return 0;
}
