#include "harness.h"

static size_t parse(const line *in) {
  nodecore_querystring *query;
  MUST(nodecore_querystring_parse(in->fields[0].data, in->fields[0].len, NULL, &query, NULL));
  size_t count = nodecore_querystring_count(query);
  nodecore_querystring_free(query);
  return count;
}

int main(void) { return measure_each(inputs("querystring"), parse); }
