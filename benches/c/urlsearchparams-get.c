#include "params.h"

static size_t get(const line *in) {
  nodecore_url_search_params *params = list_of(in);
  const nodecore_str *name = &in->fields[1];
  return nodecore_url_search_params_get(params, name->data, name->len).len +
         nodecore_url_search_params_has(params, name->data, name->len, "none", 4);
}

int main(void) { return measure_lists(get); }
