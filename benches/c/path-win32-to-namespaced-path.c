#include "harness.h"

static size_t to_namespaced_path(const line *in) {
  nodecore_buf out = NODECORE_BUF_INIT;
  MUST(nodecore_path_win32_to_namespaced_path(in->fields[0].data, in->fields[0].len, NULL, 0, &out, NULL));
  size_t len = out.len;
  nodecore_buf_free(&out);
  return len;
}

int main(void) { return measure_each(inputs("path-win32-parse"), to_namespaced_path); }
