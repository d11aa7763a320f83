/* url_search_params.h. Expected values: Node 26.10. */
#include "check.h"

typedef nodecore_url_search_params list;

static list *parse(const char *text) {
  list *params = NULL;
  size_t len = strlen(text);
  char *copy = exact(text, len);
  CHECK_OK(nodecore_url_search_params_parse(copy, len, &params, NULL));
  free(copy);
  return params;
}

/* By at(), as name, value, name … and NULL. */
static bool holds(const list *params, const char *const *expected) {
  nodecore_str name, value;
  size_t i = 0;
  for (; nodecore_url_search_params_at(params, i, &name, &value); i++) {
    if (expected[2 * i] == NULL || !is(name, expected[2 * i]) || !is(value, expected[2 * i + 1])) {
      fprintf(stderr, "pair %zu is '%.*s', '%.*s'\n", i, (int)name.len, name.data, (int)value.len, value.data);
      return false;
    }
  }
  return expected[2 * i] == NULL && nodecore_url_search_params_size(params) == i;
}
#define HOLDS(params, ...) holds(params, (const char *const[]){__VA_ARGS__, NULL})

static bool writes(const list *params, const char *expected) {
  nodecore_buf out = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_url_search_params_to_string(params, &out, NULL));
  return gave(&out, expected);
}

static void append(list *params, const char *name, const char *value) {
  char *n = exact(name, strlen(name)), *v = exact(value, strlen(value));
  CHECK_OK(nodecore_url_search_params_append(params, n, strlen(name), v, strlen(value)));
  free(n);
  free(v);
}

static void standing_alone(void) {
  list *params = parse("?q=a+b&page=2&q=%E2%82%AC&e=%zz&b=%ff&=x&k");
  CHECK(HOLDS(params, "q", "a b", "page", "2", "q", "\xe2\x82\xac", "e", "%zz", "b", "\xef\xbf\xbd", "", "x", "k", ""));
  CHECK(is(nodecore_url_search_params_get(params, "q", 1), "a b"));
  CHECK(is(nodecore_url_search_params_get(params, "k", 1), ""));
  CHECK(nodecore_url_search_params_get(params, "none", 4).data == NULL);
  nodecore_str all[2] = {{NULL, 0}, {NULL, 0}};
  CHECK(nodecore_url_search_params_get_all(params, "q", 1, NULL, 0) == 2);
  CHECK(nodecore_url_search_params_get_all(params, "q", 1, all, 1) == 2 && all[1].data == NULL);
  CHECK(nodecore_url_search_params_get_all(params, "q", 1, all, 2) == 2);
  CHECK(is(all[0], "a b") && is(all[1], "\xe2\x82\xac"));
  CHECK(nodecore_url_search_params_get_all(params, "none", 4, all, 2) == 0);
  CHECK(nodecore_url_search_params_has(params, "q", 1, NULL, 0));
  CHECK(nodecore_url_search_params_has(params, "q", 1, "a b", 3));
  CHECK(!nodecore_url_search_params_has(params, "q", 1, "zz", 2));
  CHECK(!nodecore_url_search_params_has(params, "q", 1, "", 0) && nodecore_url_search_params_has(params, "", 0, NULL, 0));
  CHECK(writes(params, "q=a+b&page=2&q=%E2%82%AC&e=%25zz&b=%EF%BF%BD&=x&k="));

  append(params, "n w", "\xc3\xa9&=");
  CHECK_OK(nodecore_url_search_params_set(params, "q", 1, "x", 1));
  CHECK_OK(nodecore_url_search_params_delete(params, "page", NODECORE_AUTO_LEN, NULL, 0));
  CHECK_OK(nodecore_url_search_params_delete(params, "e", 1, "no", 2));
  CHECK(nodecore_url_search_params_has(params, "e", 1, NULL, 0));
  CHECK_OK(nodecore_url_search_params_delete(params, "e", 1, "%zz", NODECORE_AUTO_LEN));
  CHECK(writes(params, "q=x&b=%EF%BF%BD&=x&k=&n+w=%C3%A9%26%3D"));
  list *copy = nodecore_url_search_params_copy(params);
  CHECK_OK(nodecore_url_search_params_sort(params));
  CHECK(HOLDS(params, "", "x", "b", "\xef\xbf\xbd", "k", "", "n w", "\xc3\xa9&=", "q", "x"));
  CHECK(writes(copy, "q=x&b=%EF%BF%BD&=x&k=&n+w=%C3%A9%26%3D"));
  nodecore_url_search_params_free(copy);

  /* Names and values may be views of the list itself. */
  for (int i = 0; i < 100; i++) {
    nodecore_str name, value;
    CHECK(nodecore_url_search_params_at(params, 3, &name, &value));
    CHECK_OK(nodecore_url_search_params_append(params, name.data, name.len, value.data, value.len));
  }
  nodecore_str value = nodecore_url_search_params_get(params, "n w", 3);
  CHECK_OK(nodecore_url_search_params_set(params, "n w", 3, value.data, value.len));
  CHECK(writes(params, "=x&b=%EF%BF%BD&k=&n+w=%C3%A9%26%3D&q=x"));
  CHECK(nodecore_url_search_params_at(params, 4, NULL, &value) && is(value, "x"));
  CHECK(nodecore_url_search_params_at(params, 4, &value, NULL) && is(value, "q"));
  CHECK(!nodecore_url_search_params_at(params, 5, &value, &value) && is(value, "q"));
  nodecore_url_search_params_free(params);

  params = parse("z=1&\xef\xbd\x9e=2&\xf0\x9f\x98\x80=3&a=4&z=0");
  CHECK_OK(nodecore_url_search_params_sort(params));
  CHECK(HOLDS(params, "a", "4", "z", "1", "z", "0", "\xf0\x9f\x98\x80", "3", "\xef\xbd\x9e", "2"));
  nodecore_url_search_params_free(params);
}

static void forms(void) {
  list *params = NULL;
  char *latin1 = exact("a=\xe9", 3);
  CHECK_OK(nodecore_url_search_params_parse_latin1(latin1, 3, &params, NULL));
  CHECK(HOLDS(params, "a", "\xc3\xa9"));
  free(latin1);
  nodecore_url_search_params_free(params);
  uint16_t *utf16 = malloc(4 * sizeof *utf16);
  if (utf16 == NULL) exit(1);
  utf16[0] = '?', utf16[1] = 0xe9, utf16[2] = '=', utf16[3] = 0xdc00;
  CHECK_OK(nodecore_url_search_params_parse_utf16(utf16, 4, &params, NULL));
  CHECK(HOLDS(params, "\xc3\xa9", "\xef\xbf\xbd"));
  free(utf16);
  nodecore_url_search_params_free(params);
  nodecore_url_search_params_pair *pairs = malloc(2 * sizeof *pairs);
  if (pairs == NULL) exit(1);
  char *name = exact("n", 1);
  pairs[0] = (nodecore_url_search_params_pair){{name, 1}, {NULL, 0}};
  pairs[1] = (nodecore_url_search_params_pair){{"a b", NODECORE_AUTO_LEN}, {"?", 1}};
  CHECK_OK(nodecore_url_search_params_from_pairs(pairs, 2, &params, NULL));
  CHECK(HOLDS(params, "n", "", "a b", "?") && writes(params, "n=&a+b=%3F"));
  nodecore_url_search_params_free(params);
  CHECK_OK(nodecore_url_search_params_from_pairs(NULL, 0, &params, NULL));
  CHECK(nodecore_url_search_params_size(params) == 0 && writes(params, ""));
  nodecore_url_search_params_free(params);
  params = NULL;
  pairs[1].value = (nodecore_str){"\xff", 1};
  nodecore_error *err = NULL;
  CHECK_STATUS(nodecore_url_search_params_from_pairs(pairs, 2, &params, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE", "The argument 'value' must be valid UTF-8. Received bytes"));
  CHECK(params == NULL);
  free(name);
  free(pairs);
}

static void living_in_a_url(void) {
  nodecore_url *url = NULL;
  CHECK_OK(nodecore_url_parse("https://h/p?b=2&a=1#f", NODECORE_AUTO_LEN, NULL, &url, NULL));
  list *params = nodecore_url_search_params_of(url);
  CHECK(params != NULL && nodecore_url_search_params_of(url) == params);
  CHECK(HOLDS(params, "b", "2", "a", "1"));
  append(params, "c", "3 4");
  CHECK(is(nodecore_url_href(url), "https://h/p?b=2&a=1&c=3+4#f"));
  CHECK_OK(nodecore_url_search_params_set(params, "b", 1, "\xc3\xa9", 2));
  CHECK(is(nodecore_url_href(url), "https://h/p?b=%C3%A9&a=1&c=3+4#f"));
  CHECK_OK(nodecore_url_search_params_delete(params, "a", 1, NULL, 0));
  CHECK(is(nodecore_url_search(url), "?b=%C3%A9&c=3+4"));
  append(params, "a", "0");
  CHECK_OK(nodecore_url_search_params_sort(params));
  CHECK(is(nodecore_url_search(url), "?a=0&b=%C3%A9&c=3+4"));
  /* And the other way. */
  CHECK_OK(nodecore_url_set_search(url, "?x=1&y=%20", NODECORE_AUTO_LEN));
  CHECK(HOLDS(params, "x", "1", "y", " ") && is(nodecore_url_search(url), "?x=1&y=%20"));
  CHECK_OK(nodecore_url_set_href(url, "http://z/?k", NODECORE_AUTO_LEN, NULL));
  CHECK(HOLDS(params, "k", ""));
  CHECK_OK(nodecore_url_search_params_delete(params, "k", 1, NULL, 0));
  CHECK(is(nodecore_url_href(url), "http://z/"));
  append(params, "a", "1");
  CHECK_OK(nodecore_url_set_hash(url, "q", 1));
  CHECK(is(nodecore_url_href(url), "http://z/?a=1#q") && HOLDS(params, "a", "1"));
  CHECK_OK(nodecore_url_reparse(url, "?r=s", 4, url, NULL));
  CHECK(HOLDS(params, "r", "s"));
  /* Views of the one as values of the other. */
  nodecore_str value = nodecore_url_search_params_get(params, "r", 1);
  CHECK_OK(nodecore_url_set_search(url, value.data, value.len));
  CHECK(is(nodecore_url_href(url), "http://z/?s"));
  value = nodecore_url_href(url);
  CHECK_OK(nodecore_url_search_params_append(params, "t", 1, value.data, value.len));
  CHECK(is(nodecore_url_href(url), "http://z/?s=&t=http%3A%2F%2Fz%2F%3Fs"));
  CHECK_OK(nodecore_url_set_search_params(url, params));
  CHECK(is(nodecore_url_href(url), "http://z/?s=&t=http%3A%2F%2Fz%2F%3Fs"));

  nodecore_url_search_params_free(params); /* the URL's: left alone */
  CHECK(nodecore_url_search_params_size(params) == 2);
  nodecore_url *copy = nodecore_url_copy(url);
  list *copied = nodecore_url_search_params_copy(params);
  CHECK_OK(nodecore_url_search_params_delete(copied, "t", 1, NULL, 0));
  CHECK_OK(nodecore_url_set_search_params(copy, copied));
  nodecore_url_search_params_free(copied);
  CHECK(is(nodecore_url_href(copy), "http://z/?s="));
  CHECK(nodecore_url_search_params_of(copy) != params && nodecore_url_search_params_size(params) == 2);
  nodecore_url_free(url);
  CHECK_OK(nodecore_url_search_params_from_pairs(NULL, 0, &copied, NULL));
  CHECK_OK(nodecore_url_set_search_params(copy, copied));
  CHECK(is(nodecore_url_href(copy), "http://z/") && nodecore_url_search_params_size(nodecore_url_search_params_of(copy)) == 0);
  nodecore_url_search_params_free(copied);
  nodecore_url_free(copy);
}

static void bad_input(void) {
  list *params = NULL;
  nodecore_buf out = NODECORE_BUF_INIT;
  nodecore_error *err = NULL;
  CHECK_STATUS(nodecore_url_search_params_parse("\xff", 1, &params, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE", "The argument 'input' must be valid UTF-8. Received bytes"));
  CHECK_STATUS(nodecore_url_search_params_parse(NULL, 1, &params, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_url_search_params_parse("", 0, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_url_search_params_parse_latin1("", 0, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_url_search_params_parse_utf16(NULL, 2, &params, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_url_search_params_from_pairs(NULL, 1, &params, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_url_search_params_append(NULL, "a", 1, "b", 1), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_url_search_params_set(NULL, "a", 1, "b", 1), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_url_search_params_delete(NULL, "a", 1, NULL, 0), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_url_search_params_sort(NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_url_search_params_to_string(NULL, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_url_set_search_params(NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(params == NULL && out.data == NULL);
  CHECK(nodecore_url_search_params_of(NULL) == NULL && nodecore_url_search_params_copy(NULL) == NULL);
  CHECK(nodecore_url_search_params_get(NULL, "a", 1).data == NULL);
  CHECK(nodecore_url_search_params_get_all(NULL, "a", 1, NULL, 3) == 0);
  CHECK(!nodecore_url_search_params_has(NULL, "a", 1, NULL, 0) && nodecore_url_search_params_size(NULL) == 0);
  CHECK(!nodecore_url_search_params_at(NULL, 0, NULL, NULL));
  nodecore_url_search_params_free(NULL);

  params = parse("a=1");
  CHECK_STATUS(nodecore_url_search_params_append(params, "\xff", 1, "b", 1), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_STATUS(nodecore_url_search_params_set(params, "a", 1, "\xff", 1), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_STATUS(nodecore_url_search_params_delete(params, NULL, 1, NULL, 0), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(!nodecore_url_search_params_has(params, "\xff", 1, NULL, 0));
  CHECK(!nodecore_url_search_params_has(params, "a", 1, "\xff", 1));
  CHECK(nodecore_url_search_params_get(params, "\xff", 1).data == NULL);
  CHECK(HOLDS(params, "a", "1"));
  /* NUL is a character like others. */
  CHECK_OK(nodecore_url_search_params_append(params, "\0", 1, "x\0y", 3));
  CHECK(writes(params, "a=1&%00=x%00y"));
  nodecore_url_search_params_free(params);

  /* 16 MiB: one long value, and very many pairs, walked by index. */
  const size_t many = (size_t)16 << 20;
  char *text = malloc(many);
  if (text == NULL) exit(1);
  memset(text, '+', many);
  CHECK_OK(nodecore_url_search_params_parse(text, many, &params, NULL));
  CHECK(nodecore_url_search_params_size(params) == 1 && nodecore_url_search_params_get(params, text, 0).data == NULL);
  nodecore_url_search_params_free(params);
  for (size_t i = 0; i < many; i++) text[i] = "a=&"[i % 3];
  size_t length = many / 16, seen = 0;
  CHECK_OK(nodecore_url_search_params_parse(text, length, &params, NULL));
  nodecore_str name;
  while (nodecore_url_search_params_at(params, seen, &name, NULL)) seen++;
  CHECK(seen == (length + 2) / 3);
  nodecore_url_search_params_free(params);
  free(text);
}

int main(void) {
  standing_alone();
  forms();
  living_in_a_url();
  bad_input();
  return 0;
}
