#include "harness.h"

static nodecore_buf path_of(const line *in) {
  nodecore_url_file_options posix = NODECORE_URL_FILE_OPTIONS_INIT;
  posix.flavour = NODECORE_URL_FLAVOUR_POSIX;
  nodecore_buf out = NODECORE_BUF_INIT;
  MUST(nodecore_url_file_url_to_path(in->fields[0].data, in->fields[0].len, &posix, &out, NULL));
  return out;
}

static size_t to_path(const line *in) {
  nodecore_buf out = path_of(in);
  size_t len = out.len;
  nodecore_buf_free(&out);
  return len;
}

/* The length in JavaScript: all are in the BMP. */
static size_t length(const line *in) {
  nodecore_buf out = path_of(in);
  size_t count = 0;
  for (size_t i = 0; i < out.len; i++) count += (out.data[i] & 0xC0) != 0x80;
  nodecore_buf_free(&out);
  return count;
}

int main(void) { return measure_each_as(inputs("url-files"), to_path, length); }
