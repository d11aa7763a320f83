#include "params.h"

/* What is added is taken away, so that the list stays as long as it is. */
static size_t append_delete(const line *in) {
  nodecore_url_search_params *params = list_of(in);
  MUST(nodecore_url_search_params_append(params, "added", 5, "one", 3));
  MUST(nodecore_url_search_params_append(params, "added", 5, "two", 3));
  MUST(nodecore_url_search_params_set(params, "added", 5, "three", 5));
  size_t size = nodecore_url_search_params_size(params);
  MUST(nodecore_url_search_params_delete(params, "added", 5, NULL, 0));
  return size;
}

int main(void) { return measure_lists(append_delete); }
