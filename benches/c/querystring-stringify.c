#include "harness.h"

enum { MOST = 8 };

/* The pairs of one line, as parsed; of a list of values each is a value of its own in `items`. */
typedef struct query {
  nodecore_querystring_pair pairs[MOST];
  nodecore_querystring_value items[MOST][MOST];
  size_t count;
} query;

static query *queries;

static nodecore_querystring_value text(nodecore_str s) {
  nodecore_querystring_value v = NODECORE_QUERYSTRING_TEXT_INIT(s.data, s.len);
  return v;
}

static void prepare(nodecore_str line, query *to) {
  nodecore_querystring *parsed; /* lives as long as the program */
  MUST(nodecore_querystring_parse(line.data, line.len, NULL, &parsed, NULL));
  to->count = nodecore_querystring_count(parsed);
  for (size_t i = 0; i < to->count && i < MOST; i++) {
    size_t values = nodecore_querystring_value_count(parsed, i);
    nodecore_querystring_pair *pair = &to->pairs[i];
    pair->key = nodecore_querystring_key_at(parsed, i);
    pair->value = text(nodecore_querystring_value_at(parsed, i, 0));
    if (values == 1) continue;
    for (size_t n = 0; n < values && n < MOST; n++)
      to->items[i][n] = text(nodecore_querystring_value_at(parsed, i, n));
    pair->value.kind = NODECORE_QUERYSTRING_LIST;
    pair->value.list = to->items[i];
    pair->value.count = values;
  }
}

static size_t stringify(const line *in) {
  const query *of = &queries[in - each_lines.at];
  nodecore_buf out = NODECORE_BUF_INIT;
  MUST(nodecore_querystring_stringify(of->pairs, of->count, NULL, &out, NULL));
  size_t sum = out.len + (unsigned char)out.data[out.len - 1];
  nodecore_buf_free(&out);
  return sum;
}

int main(void) {
  lines in = inputs("querystring");
  each_lines = in;
  queries = calloc(in.count, sizeof *queries);
  if (queries == NULL) return 1;
  for (size_t i = 0; i < in.count; i++) prepare(in.at[i].fields[0], &queries[i]);
  return measure_each(in, stringify);
}
