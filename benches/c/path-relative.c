#include "harness.h"

static size_t relative(const line *in) {
  nodecore_buf out = NODECORE_BUF_INIT;
  const nodecore_str *f = in->fields;
  MUST(nodecore_path_posix_relative(f[0].data, f[0].len, f[1].data, f[1].len, NULL, 0, &out, NULL));
  size_t len = out.len;
  nodecore_buf_free(&out);
  return len;
}

int main(void) { return measure_each(inputs("path-relative"), relative); }
