#include "urls.h"

static size_t parse(const line *in) {
  nodecore_url_legacy url = NODECORE_URL_LEGACY_INIT;
  MUST(nodecore_url_legacy_parse(in->fields[0].data, in->fields[0].len, false, false, &url, NULL));
  size_t len = url.href.len;
  nodecore_url_legacy_free(&url);
  return len;
}

int main(void) { return measure_each(real_urls(), parse); }
