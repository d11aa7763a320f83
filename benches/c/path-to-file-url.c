#include "harness.h"

static size_t to_url(const line *in) {
  nodecore_url_file_options posix = NODECORE_URL_FILE_OPTIONS_INIT;
  posix.flavour = NODECORE_URL_FLAVOUR_POSIX;
  nodecore_buf out = NODECORE_BUF_INIT;
  MUST(nodecore_url_path_to_file_url(in->fields[0].data, in->fields[0].len, &posix, &out, NULL));
  size_t len = out.len;
  nodecore_buf_free(&out);
  return len;
}

int main(void) { return measure_each(inputs("url-paths"), to_url); }
