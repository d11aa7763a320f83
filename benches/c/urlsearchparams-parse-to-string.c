#include "params.h"

static size_t both(const line *in) {
  nodecore_url_search_params *params = parse_params(in);
  size_t len = string_length(params);
  nodecore_url_search_params_free(params);
  return len;
}

int main(void) { return measure_each(inputs("urlsearchparams"), both); }
