#include "params.h"

static size_t iterate(const line *in) {
  nodecore_url_search_params *params = list_of(in);
  size_t sum = 0;
  nodecore_str name, value;
  for (size_t i = 0; nodecore_url_search_params_at(params, i, &name, &value); i++) {
    sum += name.len + (value.len > 0);
  }
  return sum;
}

int main(void) { return measure_lists(iterate); }
