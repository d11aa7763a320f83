/* url_pattern.h */
#include "check.h"

#define AUTO NODECORE_AUTO_LEN

/* An exact-size heap copy of ASCII as UTF-16. */
static uint16_t *wide(const char *text) {
  size_t len = strlen(text);
  uint16_t *copy = malloc(len == 0 ? 1 : len * sizeof *copy);
  if (copy == NULL) exit(1);
  for (size_t i = 0; i < len; i++) copy[i] = (unsigned char)text[i];
  return copy;
}

static nodecore_str view(const char *text) {
  nodecore_str s = {text, strlen(text)};
  return s;
}

static void patterns(void) {
  nodecore_url_pattern *pattern = NULL;
  nodecore_error *err = NULL;
  char *text = exact("https://u\\:p@*.example.org:8080/:lang(de|en)/:rest\\?q=:q#top", 60);
  CHECK_OK(nodecore_url_pattern_parse(text, 60, NULL, 0, NULL, &pattern, &err));
  free(text);
  CHECK(is(nodecore_url_pattern_protocol(pattern), "https"));
  CHECK(is(nodecore_url_pattern_username(pattern), "u"));
  CHECK(is(nodecore_url_pattern_password(pattern), "p"));
  CHECK(is(nodecore_url_pattern_hostname(pattern), "*.example.org"));
  CHECK(is(nodecore_url_pattern_port(pattern), "8080"));
  CHECK(is(nodecore_url_pattern_pathname(pattern), "/:lang(de|en)/:rest"));
  CHECK(is(nodecore_url_pattern_search(pattern), "q=:q"));
  CHECK(is(nodecore_url_pattern_hash(pattern), "top"));
  CHECK(nodecore_url_pattern_has_regexp_groups(pattern));
  nodecore_url_pattern_free(pattern);

  /* A relative one needs a base; ignore_case reaches the path. */
  nodecore_url_pattern_options options = NODECORE_URL_PATTERN_OPTIONS_INIT;
  options.ignore_case = true;
  bool matches = false;
  CHECK_OK(nodecore_url_pattern_parse("/Books/:id", AUTO, "https://example.org", AUTO, &options, &pattern, &err));
  CHECK(!nodecore_url_pattern_has_regexp_groups(pattern));
  CHECK_OK(nodecore_url_pattern_test(pattern, "https://example.org/bOOKS/7", AUTO, NULL, 0, &matches, &err));
  CHECK(matches);
  nodecore_url_pattern_free(pattern);

  uint16_t *units = wide("/books/:id");
  CHECK_OK(nodecore_url_pattern_parse_utf16(units, 10, "https://example.org", AUTO, NULL, &pattern, &err));
  free(units);
  CHECK(is(nodecore_url_pattern_pathname(pattern), "/books/:id"));
  nodecore_url_pattern_free(pattern);
  nodecore_url_pattern_free(NULL);
  CHECK(nodecore_url_pattern_hash(NULL).data == NULL);
  CHECK(!nodecore_url_pattern_has_regexp_groups(NULL));
}

static void errors(void) {
  nodecore_url_pattern *pattern = NULL;
  nodecore_error *err = NULL;
  const char *wrong[] = {"{", "(", "https://h/:a/:a", "https://h/(\\m)", "https://h h/", "/relative"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    CHECK_STATUS(nodecore_url_pattern_parse(wrong[i], AUTO, NULL, 0, NULL, &pattern, &err),
                 NODECORE_ERR_INVALID_URL_PATTERN);
    CHECK(failed_with(&err, "ERR_INVALID_URL_PATTERN", "Failed to construct URLPattern"));
  }
  CHECK_STATUS(nodecore_url_pattern_parse("/a", 2, "no base", AUTO, NULL, &pattern, NULL),
               NODECORE_ERR_INVALID_URL_PATTERN);
  CHECK_STATUS(nodecore_url_pattern_parse("\xff", 1, NULL, 0, NULL, &pattern, NULL),
               NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_STATUS(nodecore_url_pattern_parse(NULL, 1, NULL, 0, NULL, &pattern, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_url_pattern_parse("*", 1, NULL, 1, NULL, &pattern, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_url_pattern_parse("*:*", 3, NULL, 0, NULL, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_url_pattern_init init = NODECORE_URL_PATTERN_INIT_INIT;
  init.struct_size = 1;
  CHECK_STATUS(nodecore_url_pattern_from_init(&init, NULL, &pattern, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK(pattern == NULL);
}

static void init_forms(void) {
  nodecore_url_pattern *pattern = NULL;
  nodecore_error *err = NULL;
  nodecore_url_pattern_init init = NODECORE_URL_PATTERN_INIT_INIT;
  init.protocol = view("http{s}?:");
  init.username = view("u");
  init.password = view(":p");
  init.hostname = view("*.example.org");
  init.port = view("*");
  init.pathname = view("/a/*");
  init.search = view("?q");
  init.hash = view("#h");
  CHECK_OK(nodecore_url_pattern_from_init(&init, NULL, &pattern, &err));
  CHECK(is(nodecore_url_pattern_protocol(pattern), "http{s}?"));
  CHECK(is(nodecore_url_pattern_search(pattern), "q"));

  nodecore_url_pattern_init input = NODECORE_URL_PATTERN_INIT_INIT;
  input.base_url = view("https://u:secret@www.example.org:1/a/b?q#h");
  bool matches = false;
  CHECK_OK(nodecore_url_pattern_test_init(pattern, &input, &matches, &err));
  CHECK(matches);
  nodecore_url_pattern_result *result = NULL;
  CHECK_OK(nodecore_url_pattern_exec_init(pattern, &input, &result, &err));
  CHECK(is(nodecore_url_pattern_result_group(result, NODECORE_URL_PATTERN_PASSWORD, "p", 1), "secret"));
  CHECK(is(nodecore_url_pattern_result_group(result, NODECORE_URL_PATTERN_PORT, "0", 1), "1"));
  nodecore_url_pattern_result_free(result);

  /* Nothing given is empty, and an input that cannot be a URL matches nothing. */
  CHECK_OK(nodecore_url_pattern_test_init(pattern, NULL, &matches, &err));
  CHECK(!matches);
  input.base_url = view("no base");
  CHECK_OK(nodecore_url_pattern_exec_init(pattern, &input, &result, &err));
  CHECK(result == NULL);
  input.base_url = view("\xff");
  CHECK_STATUS(nodecore_url_pattern_exec_init(pattern, &input, &result, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  nodecore_url_pattern_free(pattern);

  CHECK_OK(nodecore_url_pattern_from_init(NULL, NULL, &pattern, &err));
  CHECK(is(nodecore_url_pattern_hostname(pattern), "*"));
  nodecore_url_pattern_free(pattern);
}

static void matching(void) {
  nodecore_url_pattern *pattern = NULL;
  nodecore_url_pattern_result *result = NULL;
  nodecore_error *err = NULL;
  bool matches = false;
  CHECK_OK(nodecore_url_pattern_parse("https://*.example.org/books/:id/(\\d*)/:rest?", AUTO, NULL, 0, NULL,
                                      &pattern, &err));
  char *input = exact("https://www.example.org/books/caf\xc3\xa9/", 37);
  CHECK_OK(nodecore_url_pattern_test(pattern, input, 37, NULL, 0, &matches, &err));
  CHECK(matches);
  CHECK_OK(nodecore_url_pattern_exec(pattern, input, 37, NULL, 0, &result, &err));
  free(input);
  /* The result outlives what it came from. */
  nodecore_url_pattern *same = pattern;
  const int32_t path = NODECORE_URL_PATTERN_PATHNAME;
  CHECK(is(nodecore_url_pattern_result_input(result, NODECORE_URL_PATTERN_PROTOCOL), "https"));
  CHECK(is(nodecore_url_pattern_result_input(result, NODECORE_URL_PATTERN_HOSTNAME), "www.example.org"));
  CHECK(is(nodecore_url_pattern_result_input(result, NODECORE_URL_PATTERN_PORT), ""));
  CHECK(is(nodecore_url_pattern_result_input(result, path), "/books/caf%C3%A9/"));
  CHECK(nodecore_url_pattern_result_group_count(result, NODECORE_URL_PATTERN_PROTOCOL) == 0);
  CHECK(nodecore_url_pattern_result_group_count(result, NODECORE_URL_PATTERN_HASH) == 1);
  CHECK(nodecore_url_pattern_result_group_count(result, path) == 3);
  CHECK(is(nodecore_url_pattern_result_group_name(result, path, 0), "id"));
  CHECK(is(nodecore_url_pattern_result_group_value(result, path, 0), "caf%C3%A9"));
  CHECK(is(nodecore_url_pattern_result_group_name(result, path, 1), "0"));
  CHECK(is(nodecore_url_pattern_result_group_value(result, path, 1), ""));
  CHECK(is(nodecore_url_pattern_result_group_name(result, path, 2), "rest"));
  CHECK(nodecore_url_pattern_result_group_value(result, path, 2).data == NULL);
  CHECK(nodecore_url_pattern_result_group_name(result, path, 3).data == NULL);
  CHECK(nodecore_url_pattern_result_group_value(result, path, 3).data == NULL);
  CHECK(is(nodecore_url_pattern_result_group(result, path, "id", AUTO), "caf%C3%A9"));
  CHECK(nodecore_url_pattern_result_group(result, path, "rest", AUTO).data == NULL);
  CHECK(nodecore_url_pattern_result_group(result, path, "none", AUTO).data == NULL);
  CHECK(is(nodecore_url_pattern_result_group(result, NODECORE_URL_PATTERN_HOSTNAME, "0", 1), "www"));
  CHECK(nodecore_url_pattern_result_input(result, -1).data == NULL);
  CHECK(nodecore_url_pattern_result_input(result, 8).data == NULL);
  CHECK(nodecore_url_pattern_result_group_count(result, 8) == 0);
  CHECK(nodecore_url_pattern_result_group_count(NULL, path) == 0);
  nodecore_url_pattern_result *first = result;

  uint16_t *units = wide("/books/7/8/9");
  CHECK_OK(nodecore_url_pattern_test_utf16(pattern, units, 12, "https://a.example.org", AUTO, &matches, &err));
  CHECK(matches);
  CHECK_OK(nodecore_url_pattern_exec_utf16(pattern, units, 12, "https://a.example.org", AUTO, &result, &err));
  CHECK(is(nodecore_url_pattern_result_group(result, path, "rest", 4), "9"));
  nodecore_url_pattern_result_free(result);
  CHECK_OK(nodecore_url_pattern_exec_utf16(pattern, units, 12, NULL, 0, &result, &err));
  CHECK(result == NULL);
  free(units);

  CHECK_OK(nodecore_url_pattern_exec(pattern, "https://example.org/books/7/8", AUTO, NULL, 0, &result, &err));
  CHECK(result == NULL);
  CHECK_OK(nodecore_url_pattern_test(pattern, "/books/7/8", AUTO, NULL, 0, &matches, &err));
  CHECK(!matches);
  CHECK_STATUS(nodecore_url_pattern_test(NULL, "x:", 2, NULL, 0, &matches, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_url_pattern_test(pattern, "\xff", 1, NULL, 0, &matches, NULL),
               NODECORE_ERR_INVALID_ARG_VALUE);

  nodecore_url_pattern_free(same);
  CHECK(is(nodecore_url_pattern_result_group(first, path, "id", 2), "caf%C3%A9"));
  nodecore_url_pattern_result_free(first);
  nodecore_url_pattern_result_free(NULL);
}

int main(void) {
  patterns();
  errors();
  init_forms();
  matching();
  return 0;
}
