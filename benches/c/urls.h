/* The URLs that the bodies for `url` read. */
#ifndef URLS_H
#define URLS_H

#include "harness.h"

/* The real URLs where the conformance data is at hand, our own otherwise; a tab in one is a part of it. */
static inline lines real_urls(void) {
  const char *real = getenv("NODECORE_BENCH_URLS");
  lines out = {0, NULL};
  if (real == NULL) {
    out = inputs("urls");
    return out;
  }
  size_t len, count = 0;
  char *text = read_all(real, &len);
  for (size_t i = 0; i < len; i++) count += text[i] == '\n';
  out.at = calloc(count + 1, sizeof(line));
  if (out.at == NULL) exit(1);
  for (char *p = text; *p;) {
    size_t n = strcspn(p, "\n");
    if (nodecore_url_can_parse(p, n, NULL)) out.at[out.count++] = (line){1, {{p, n}}};
    p += n + (p[n] == '\n');
  }
  return out;
}

/* A URL a line, behind a tab its base where it has one. */
static inline lines awkward_urls(void) {
  char *path = data_file("awkward-urls.txt");
  lines out = lines_of(path);
  free(path);
  return out;
}

/* The next character of valid UTF-8. */
static inline uint32_t next_character(const unsigned char **p) {
  const unsigned char *at = *p;
  size_t more = at[0] < 0x80 ? 0 : at[0] < 0xE0 ? 1 : at[0] < 0xF0 ? 2 : 3;
  uint32_t code = more == 0 ? at[0] : at[0] & (0x3Fu >> more);
  for (size_t i = 1; i <= more; i++) code = code << 6 | (at[i] & 0x3F);
  *p = at + more + 1;
  return code;
}

static inline bool is_latin1(nodecore_str text) {
  const unsigned char *p = (const unsigned char *)text.data, *end = p + text.len;
  while (p < end) {
    if (next_character(&p) > 0xFF) return false;
  }
  return true;
}

static inline nodecore_str latin1_of(nodecore_str text) {
  const unsigned char *p = (const unsigned char *)text.data, *end = p + text.len;
  nodecore_str out = {malloc(text.len + 1), 0};
  if (out.data == NULL) exit(1);
  while (p < end) ((char *)out.data)[out.len++] = (char)next_character(&p);
  return out;
}

/* UTF-16, its length in units. */
static inline nodecore_str utf16_of(nodecore_str text) {
  const unsigned char *p = (const unsigned char *)text.data, *end = p + text.len;
  uint16_t *units = malloc(2 * text.len + 2);
  nodecore_str out = {(const char *)units, 0};
  if (units == NULL) exit(1);
  while (p < end) {
    uint32_t code = next_character(&p);
    if (code >= 0x10000) units[out.len++] = (uint16_t)(0xD7C0 + (code >> 10));
    units[out.len++] = (uint16_t)(code < 0x10000 ? code : 0xDC00 + (code & 0x3FF));
  }
  return out;
}

/* Those without a base that are Latin-1 if `latin1`, in the other encoding. */
static inline lines transcoded(lines in, bool latin1) {
  lines out = {0, calloc(in.count + 1, sizeof(line))};
  if (out.at == NULL) exit(1);
  for (size_t i = 0; i < in.count; i++) {
    nodecore_str text = in.at[i].fields[0];
    if (in.at[i].count > 1 || (latin1 && !is_latin1(text))) continue;
    out.at[out.count++] = (line){1, {latin1 ? latin1_of(text) : utf16_of(text)}};
  }
  return out;
}

static inline size_t href_and_free(nodecore_url *url) {
  size_t len = nodecore_url_href(url).len;
  nodecore_url_free(url);
  return len;
}

static inline size_t parse_latin1(const line *in) {
  nodecore_url *url = NULL;
  MUST(nodecore_url_parse_latin1(in->fields[0].data, in->fields[0].len, NULL, &url, NULL));
  return href_and_free(url);
}

static inline size_t parse_utf16(const line *in) {
  nodecore_url *url = NULL;
  MUST(nodecore_url_parse_utf16((const uint16_t *)(const void *)in->fields[0].data, in->fields[0].len, NULL,
                                &url, NULL));
  return href_and_free(url);
}

#endif
