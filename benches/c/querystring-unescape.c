#include "harness.h"

static size_t unescape(const line *in) {
  nodecore_buf out = NODECORE_BUF_INIT;
  MUST(nodecore_querystring_unescape(in->fields[0].data, in->fields[0].len, &out, NULL));
  size_t sum = (unsigned char)out.data[out.len - 1];
  nodecore_buf_free(&out);
  return sum;
}

int main(void) { return measure_each(inputs("querystring-unescape"), unescape); }
