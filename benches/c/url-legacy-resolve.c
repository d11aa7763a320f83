#include "harness.h"

static size_t resolve(const line *in) {
  const nodecore_str *from = &in->fields[0], *to = &in->fields[1];
  nodecore_buf out = NODECORE_BUF_INIT;
  MUST(nodecore_url_legacy_resolve(from->data, from->len, to->data, to->len, &out, NULL));
  size_t len = out.len;
  nodecore_buf_free(&out);
  return len;
}

int main(void) { return measure_each(inputs("url-resolve"), resolve); }
