#include "harness.h"

static size_t parse(const line *in) {
  nodecore_url *url = NULL;
  MUST(nodecore_url_parse(in->fields[0].data, in->fields[0].len, NULL, &url, NULL));
  size_t len = nodecore_url_href(url).len;
  nodecore_url_free(url);
  return len;
}

/* The real URLs where the conformance data is at hand, our own otherwise; a tab in one is a part of it. */
static lines urls(void) {
  const char *real = getenv("NODECORE_BENCH_URLS");
  if (real == NULL) return inputs("urls");
  size_t len, count = 0;
  char *text = read_all(real, &len);
  for (size_t i = 0; i < len; i++) count += text[i] == '\n';
  lines out = {0, calloc(count + 1, sizeof(line))};
  if (out.at == NULL) exit(1);
  for (char *p = text; *p;) {
    size_t n = strcspn(p, "\n");
    if (nodecore_url_can_parse(p, n, NULL)) out.at[out.count++] = (line){1, {{p, n}}};
    p += n + (p[n] == '\n');
  }
  return out;
}

int main(void) { return measure_each(urls(), parse); }
