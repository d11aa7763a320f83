#include "harness.h"

static lines all;
static nodecore_url_legacy *parsed;

static size_t format(const line *in) {
  nodecore_buf out = NODECORE_BUF_INIT;
  MUST(nodecore_url_legacy_format(&parsed[in - all.at], &out, NULL));
  size_t len = out.len;
  nodecore_buf_free(&out);
  return len;
}

int main(void) {
  all = inputs("urls");
  parsed = calloc(all.count, sizeof *parsed);
  if (parsed == NULL) return 1;
  for (size_t i = 0; i < all.count; i++) {
    nodecore_str text = all.at[i].fields[0];
    parsed[i] = (nodecore_url_legacy)NODECORE_URL_LEGACY_INIT;
    MUST(nodecore_url_legacy_parse(text.data, text.len, false, false, &parsed[i], NULL));
  }
  return measure_each(all, format);
}
