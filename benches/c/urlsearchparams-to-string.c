#include "params.h"

static size_t to_string(const line *in) {
  nodecore_url_search_params *params = list_of(in);
  MUST(nodecore_url_search_params_set(params, in->fields[1].data, in->fields[1].len, "changed", 7));
  return string_length(params);
}

int main(void) { return measure_lists(to_string); }
