#include "harness.h"

static nodecore_path_parsed parsed[64];
static lines all;

static size_t format(const line *in) {
  nodecore_buf out = NODECORE_BUF_INIT;
  MUST(nodecore_path_posix_format(&parsed[in - all.at], &out, NULL));
  size_t len = out.len;
  nodecore_buf_free(&out);
  return len;
}

int main(void) {
  all = inputs("path-parse");
  if (all.count > 64) return 1;
  for (size_t i = 0; i < all.count; i++)
    parsed[i] = nodecore_path_posix_parse(all.at[i].fields[0].data, all.at[i].fields[0].len);
  return measure_each(all, format);
}
