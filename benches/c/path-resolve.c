#include "harness.h"

/* Fetched once, as Node keeps its own. */
static nodecore_buf cwd = NODECORE_BUF_INIT;

static size_t resolve(const line *in) {
  nodecore_buf out = NODECORE_BUF_INIT;
  MUST(nodecore_path_posix_resolve(in->fields, in->count, cwd.data, cwd.len, &out, NULL));
  size_t len = out.len;
  nodecore_buf_free(&out);
  return len;
}

int main(void) {
  MUST(nodecore_path_posix_resolve(NULL, 0, NULL, 0, &cwd, NULL));
  return measure_each(inputs("path-resolve"), resolve);
}
