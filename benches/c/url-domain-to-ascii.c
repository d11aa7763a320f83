#include "harness.h"

static size_t to_ascii(const line *in) {
  nodecore_buf out = NODECORE_BUF_INIT;
  MUST(nodecore_url_domain_to_ascii(in->fields[0].data, in->fields[0].len, &out, NULL));
  size_t len = out.len;
  nodecore_buf_free(&out);
  return len;
}

int main(void) { return measure_each(inputs("url-domains"), to_ascii); }
