#include "params.h"

/* Parsed anew each time: what is sorted already would take no work. */
static size_t sort(const line *in) {
  nodecore_url_search_params *params = parse_params(in);
  MUST(nodecore_url_search_params_sort(params));
  size_t size = nodecore_url_search_params_size(params);
  nodecore_url_search_params_free(params);
  return size;
}

int main(void) { return measure_each(inputs("urlsearchparams"), sort); }
