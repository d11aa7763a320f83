#include "harness.h"

static char *path;
static volatile size_t bytes;

static size_t once(void) {
  nodecore_buf out = NODECORE_BUF_INIT;
  MUST(nodecore_fs_read_file_sync(path, NODECORE_AUTO_LEN, NULL, &out, NULL));
  size_t len = out.len;
  nodecore_buf_free(&out);
  return len;
}

static void run(size_t times) {
  for (size_t i = 0; i < times; i++) bytes += once();
}

int main(void) {
  path = data_file("4k");
  measure_number(once(), run);
  free(path);
  return 0;
}
