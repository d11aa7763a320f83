#include "harness.h"

static char *data;
static size_t len;
static volatile size_t sink;

static void run(size_t times) {
  for (size_t i = 0; i < times; i++) {
    nodecore_buf out = NODECORE_BUF_INIT;
    MUST(nodecore_zlib_gzip_sync(data, len, NULL, &out, NULL, NULL));
    sink = out.len;
    nodecore_buf_free(&out);
  }
}

int main(void) {
  char *path = data_file("source");
  data = read_all(path, &len);
  run(1);
  measure_number(len, run);
  free(data);
  free(path);
  return 0;
}
