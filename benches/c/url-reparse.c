#include "urls.h"

static nodecore_url *url;

static size_t reparse(const line *in) {
  MUST(nodecore_url_set_href(url, in->fields[0].data, in->fields[0].len, NULL));
  return nodecore_url_href(url).len;
}

int main(void) {
  MUST(nodecore_url_parse("https://example.org/", NODECORE_AUTO_LEN, NULL, &url, NULL));
  measure_each(real_urls(), reparse);
  nodecore_url_free(url);
  return 0;
}
