#include "harness.h"

static size_t join(const line *in) {
  nodecore_buf out = NODECORE_BUF_INIT;
  MUST(nodecore_path_posix_join(in->fields, in->count, &out, NULL));
  size_t len = out.len;
  nodecore_buf_free(&out);
  return len;
}

int main(void) { return measure_each(inputs("path-join"), join); }
