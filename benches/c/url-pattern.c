#include "harness.h"

static lines all;
static nodecore_url_pattern **patterns;

static size_t match(const line *in) {
  const nodecore_url_pattern *pattern = patterns[in - all.at];
  const nodecore_str *url = &in->fields[1];
  bool matches = false;
  MUST(nodecore_url_pattern_test(pattern, url->data, url->len, NULL, 0, &matches, NULL));
  nodecore_url_pattern_result *found = NULL;
  MUST(nodecore_url_pattern_exec(pattern, url->data, url->len, NULL, 0, &found, NULL));
  size_t sum = matches;
  if (found != NULL) {
    sum += nodecore_url_pattern_result_input(found, NODECORE_URL_PATTERN_PATHNAME).len;
    sum += nodecore_url_pattern_result_group(found, NODECORE_URL_PATTERN_PATHNAME, "id", 2).len;
  }
  nodecore_url_pattern_result_free(found);
  return sum;
}

int main(void) {
  all = inputs("url-pattern");
  patterns = calloc(all.count, sizeof *patterns);
  if (patterns == NULL) return 1;
  for (size_t i = 0; i < all.count; i++) {
    nodecore_str text = all.at[i].fields[0];
    MUST(nodecore_url_pattern_parse(text.data, text.len, NULL, 0, NULL, &patterns[i], NULL));
  }
  return measure_each(all, match);
}
