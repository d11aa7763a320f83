#include "harness.h"

static size_t escape(const line *in) {
  nodecore_buf out = NODECORE_BUF_INIT;
  MUST(nodecore_querystring_escape(in->fields[0].data, in->fields[0].len, &out, NULL));
  size_t sum = out.len + (unsigned char)out.data[out.len - 1];
  nodecore_buf_free(&out);
  return sum;
}

int main(void) { return measure_each(inputs("querystring-escape"), escape); }
