#include "urls.h"

static size_t parse(const line *in) {
  nodecore_url *url = NULL;
  MUST(nodecore_url_parse(in->fields[0].data, in->fields[0].len, NULL, &url, NULL));
  return href_and_free(url);
}

int main(void) { return measure_each(real_urls(), parse); }
