/* The lists that the bodies for `URLSearchParams` work on. */
#ifndef PARAMS_H
#define PARAMS_H

#include "harness.h"

static inline nodecore_url_search_params *parse_params(const line *in) {
  nodecore_url_search_params *params = NULL;
  MUST(nodecore_url_search_params_parse(in->fields[0].data, in->fields[0].len, &params, NULL));
  return params;
}

static inline size_t string_length(const nodecore_url_search_params *params) {
  nodecore_buf out = NODECORE_BUF_INIT;
  MUST(nodecore_url_search_params_to_string(params, &out, NULL));
  size_t len = out.len;
  nodecore_buf_free(&out);
  return len;
}

/* A list for each line, parsed once. */
static lines params_lines;
static nodecore_url_search_params **params_lists;

static inline nodecore_url_search_params *list_of(const line *in) { return params_lists[in - params_lines.at]; }

static inline int measure_lists(size_t (*work)(const line *)) {
  params_lines = inputs("urlsearchparams");
  params_lists = calloc(params_lines.count, sizeof *params_lists);
  if (params_lists == NULL) return 1;
  for (size_t i = 0; i < params_lines.count; i++) params_lists[i] = parse_params(&params_lines.at[i]);
  return measure_each(params_lines, work);
}

#endif
