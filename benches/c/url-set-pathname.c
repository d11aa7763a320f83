#include "harness.h"

static nodecore_url *url;

static size_t set_pathname(const line *in) {
  MUST(nodecore_url_set_pathname(url, in->fields[0].data, in->fields[0].len));
  return nodecore_url_href(url).len;
}

int main(void) {
  MUST(nodecore_url_parse("https://example.org/a/b?c#d", NODECORE_AUTO_LEN, NULL, &url, NULL));
  measure_each(inputs("url-set-pathname"), set_pathname);
  nodecore_url_free(url);
  return 0;
}
