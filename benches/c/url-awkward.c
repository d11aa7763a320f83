#include "urls.h"

static size_t parse(const line *in) {
  nodecore_url *url = NULL;
  const nodecore_str *input = &in->fields[0], *base = &in->fields[1];
  if (in->count > 1) {
    MUST(nodecore_url_resolve(input->data, input->len, base->data, base->len, &url, NULL));
  } else {
    MUST(nodecore_url_parse(input->data, input->len, NULL, &url, NULL));
  }
  return href_and_free(url);
}

int main(void) { return measure_each(awkward_urls(), parse); }
