#include "params.h"

static size_t parse(const line *in) {
  nodecore_url_search_params *params = parse_params(in);
  size_t size = nodecore_url_search_params_size(params);
  nodecore_url_search_params_free(params);
  return size;
}

int main(void) { return measure_each(inputs("urlsearchparams"), parse); }
