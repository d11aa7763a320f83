/* url_legacy.h. Expected values: Node 26.10. */
#include "check.h"

#define N NULL /* null */

/* In the order of the struct. */
typedef struct fields {
  const char *protocol, *auth, *host, *port, *hostname, *hash, *search, *query, *pathname, *path, *href;
  int32_t slashes;
} fields;

static bool same(nodecore_str got, const char *expected) {
  return expected == NULL ? got.data == NULL : is(got, expected);
}

static void holds(const nodecore_url_legacy *url, fields expected) {
  CHECK(same(url->protocol, expected.protocol));
  CHECK(same(url->auth, expected.auth));
  CHECK(same(url->host, expected.host));
  CHECK(same(url->port, expected.port));
  CHECK(same(url->hostname, expected.hostname));
  CHECK(same(url->hash, expected.hash));
  CHECK(same(url->search, expected.search));
  CHECK(same(url->query, expected.query));
  CHECK(same(url->pathname, expected.pathname));
  CHECK(same(url->path, expected.path));
  CHECK(same(url->href, expected.href));
  CHECK(url->slashes == expected.slashes && url->struct_size == sizeof *url);
}

static nodecore_url_legacy parsed(const char *text, bool query, bool slashes_denote_host) {
  nodecore_url_legacy url = NODECORE_URL_LEGACY_INIT;
  char *copy = exact(text, strlen(text));
  CHECK_OK(nodecore_url_legacy_parse(copy, strlen(text), query, slashes_denote_host, &url, NULL));
  free(copy);
  return url;
}

static void parse(const char *text, bool slashes_denote_host, fields expected) {
  nodecore_url_legacy url = parsed(text, false, slashes_denote_host);
  holds(&url, expected);
  CHECK(url.query_pairs == NULL && url.query_pairs_count == 0);
  nodecore_url_legacy_free(&url);
  holds(&url, (fields){N, N, N, N, N, N, N, N, N, N, N, NODECORE_URL_SLASHES_NULL});
  nodecore_url_legacy_free(&url);
}

static nodecore_str str(const char *text) {
  nodecore_str view = {text, strlen(text)};
  return view;
}

static bool formats(const nodecore_url_legacy *url, const char *expected) {
  nodecore_buf out = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_url_legacy_format(url, &out, NULL));
  return gave(&out, expected);
}

static void parsing(void) {
  const int32_t none = NODECORE_URL_SLASHES_NULL, yes = NODECORE_URL_SLASHES_TRUE;
  parse("/a?b", false, (fields){N, N, N, N, N, N, "?b", "b", "/a", "/a?b", "/a?b", none});
  parse("//h/x", true, (fields){N, N, "h", N, "h", N, N, N, "/x", "/x", "//h/x", yes});
  parse("mailto:a@b.c", false, (fields){"mailto:", "a", "b.c", N, "b.c", N, N, N, N, N, "mailto:a@b.c", none});
  parse("", false, (fields){N, N, N, N, N, N, N, N, N, N, "", none});
  parse("http://[::1]:80/x", false,
        (fields){"http:", N, "[::1]:80", "80", "::1", N, N, N, "/x", "/x", "http://[::1]:80/x", yes});
  parse("javascript:alert(1)", false,
        (fields){"javascript:", N, N, N, N, N, N, N, "alert(1)", "alert(1)", "javascript:alert(1)", none});

  nodecore_url_legacy url = parsed("HTTP://user:pa%20ss@Host.com:8080/p/a?q=1&r=\xc3\xa9&q=2#h", true, false);
  holds(&url, (fields){"http:", "user:pa ss", "host.com:8080", "8080", "host.com", "#h", "?q=1&r=\xc3\xa9&q=2",
                       "q=1&r=\xc3\xa9&q=2", "/p/a", "/p/a?q=1&r=\xc3\xa9&q=2",
                       "http://user:pa%20ss@host.com:8080/p/a?q=1&r=\xc3\xa9&q=2#h", yes});
  CHECK(url.query_pairs_count == 3);
  CHECK(is(url.query_pairs[0].name, "q") && is(url.query_pairs[0].value, "1"));
  CHECK(is(url.query_pairs[1].name, "q") && is(url.query_pairs[1].value, "2"));
  CHECK(is(url.query_pairs[2].name, "r") && is(url.query_pairs[2].value, "\xc3\xa9"));
  /* Fields are the caller's to change. */
  url.search = url.query = (nodecore_str){NULL, 0};
  url.hash = str("top");
  CHECK(formats(&url, "http://user:pa%20ss@host.com:8080/p/a?q=1&q=2&r=%C3%A9#top"));
  nodecore_url_legacy_free(&url);
  url = parsed("/x", true, false);
  CHECK(url.query.data == NULL && url.query_pairs_count == 0);
  nodecore_url_legacy_free(&url);
  nodecore_url_legacy_free(NULL);
}

static void formatting(void) {
  nodecore_url_legacy url = NODECORE_URL_LEGACY_INIT;
  CHECK(formats(&url, ""));
  nodecore_url_search_params_pair pairs[] = {{str("x"), str("1")}, {str("x"), str("\xc3\xa9")}, {str("y"), str("")}};
  url.protocol = str("https");
  url.slashes = NODECORE_URL_SLASHES_FALSE;
  url.hostname = str("example.com");
  url.port = str("8080");
  url.pathname = str("a b?");
  url.query_pairs = pairs;
  url.query_pairs_count = 3;
  CHECK(formats(&url, "https://example.com:8080/a b%3F?x=1&x=%C3%A9&y="));
  url = (nodecore_url_legacy)NODECORE_URL_LEGACY_INIT;
  url.protocol = str("http");
  url.host = str("h");
  url.search = str("?s#");
  url.hash = str("t");
  url.query = str("x=1");
  CHECK(formats(&url, "http://h?s%23#t"));
  url = (nodecore_url_legacy)NODECORE_URL_LEGACY_INIT;
  url.pathname = str("//a");
  url.auth = str("u@:p");
  url.hostname = str("::1");
  url.protocol = str("x:");
  url.slashes = NODECORE_URL_SLASHES_TRUE;
  CHECK(formats(&url, "x://u%40:p@[::1]//a"));

  nodecore_buf out = NODECORE_BUF_INIT;
  nodecore_error *err = NULL;
  url.slashes = 3;
  CHECK_STATUS(nodecore_url_legacy_format(&url, &out, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE",
                    "The argument 'slashes' must be one of NODECORE_URL_SLASHES_*. Received 3"));
  url.slashes = 0;
  url.hash = (nodecore_str){"\xff", 1};
  CHECK_STATUS(nodecore_url_legacy_format(&url, &out, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE", "The argument 'hash' must be valid UTF-8. Received bytes"));
  url.hash = (nodecore_str){NULL, 0};
  url.query_pairs_count = 1;
  CHECK_STATUS(nodecore_url_legacy_format(&url, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  url.struct_size = 16;
  CHECK_STATUS(nodecore_url_legacy_format(&url, &out, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_url_legacy_format(NULL, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_url_legacy_format(&url, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(out.data == NULL);
}

static void resolves(const char *from, const char *to, const char *expected) {
  nodecore_buf out = NODECORE_BUF_INIT;
  char *a = exact(from, strlen(from)), *b = exact(to, strlen(to));
  CHECK_OK(nodecore_url_legacy_resolve(a, strlen(from), b, strlen(to), &out, NULL));
  free(a);
  free(b);
  CHECK(gave(&out, expected));
}

static void resolving(void) {
  resolves("/one/two/three", "four", "/one/two/four");
  resolves("http://example.com/one", "/two", "http://example.com/two");
  resolves("http://a/b/c/d;p?q", "../../g", "http://a/g");
  resolves("http://a/", "https:b", "https://b/");
  nodecore_url_legacy from = parsed("http://u@h:1/a/b?c", false, true), to = parsed("../x?y#z", false, true);
  nodecore_url_legacy out = NODECORE_URL_LEGACY_INIT;
  CHECK_OK(nodecore_url_legacy_resolve_object(&from, &to, &out, NULL));
  nodecore_url_legacy_free(&from);
  nodecore_url_legacy_free(&to);
  holds(&out, (fields){"http:", "u", "h:1", "1", "h", "#z", "?y", "y", "/x", "/x?y", "http://u@h:1/x?y#z",
                       NODECORE_URL_SLASHES_TRUE});
  nodecore_url_legacy_free(&out);
  from = parsed("http://a/b", false, true), to = parsed("//c/d", false, true);
  CHECK_OK(nodecore_url_legacy_resolve_object(&from, &to, &out, NULL));
  holds(&out, (fields){"http:", N, "c", N, "c", N, N, N, "/d", "/d", "http://c/d", NODECORE_URL_SLASHES_TRUE});
  nodecore_url_legacy_free(&out);
  CHECK_STATUS(nodecore_url_legacy_resolve_object(NULL, &to, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_url_legacy_resolve_object(&from, NULL, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_url_legacy_resolve_object(&from, &to, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_url_legacy_free(&from);
  nodecore_url_legacy_free(&to);

  nodecore_buf text = NODECORE_BUF_INIT;
  nodecore_error *err = NULL;
  CHECK_STATUS(nodecore_url_legacy_resolve("http://a:b:c/", NODECORE_AUTO_LEN, "x", 1, &text, &err),
               NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE",
                    "The argument 'url' http://a:b:c/. Received 'Invalid port in url'"));
  CHECK_STATUS(nodecore_url_legacy_resolve(NULL, 1, "x", 1, &text, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_url_legacy_resolve("x", 1, "\xff", 1, &text, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_STATUS(nodecore_url_legacy_resolve("x", 1, "x", 1, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(text.data == NULL);
}

static void bad_input(void) {
  nodecore_url_legacy url = NODECORE_URL_LEGACY_INIT;
  nodecore_error *err = NULL;
  CHECK_STATUS(nodecore_url_legacy_parse("http://a\xc2\xa0" "b/", 12, false, false, &url, &err), NODECORE_ERR_INVALID_URL);
  CHECK(is(nodecore_error_input(err), "http://a\xc2\xa0" "b/"));
  CHECK(failed_with(&err, "ERR_INVALID_URL", "Invalid URL"));
  CHECK_STATUS(nodecore_url_legacy_parse("http://%zz@h/", 13, false, false, &url, &err), NODECORE_UNCODED);
  CHECK(is(nodecore_error_name(err), "URIError"));
  CHECK(failed_with(&err, "", "URI malformed"));
  CHECK_STATUS(nodecore_url_legacy_parse("\xff", 1, false, false, &url, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_STATUS(nodecore_url_legacy_parse(NULL, 1, false, false, &url, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_url_legacy_parse("x", 1, false, false, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(url.owner_ == NULL && url.href.data == NULL);
  url.struct_size = 0;
  CHECK_STATUS(nodecore_url_legacy_parse("x", 1, false, false, &url, NULL), NODECORE_ERR_OUT_OF_RANGE);
  url.struct_size = sizeof url;

  const size_t many = (size_t)16 << 20;
  char *text = malloc(many);
  if (text == NULL) exit(1);
  memset(text, 'a', many);
  memcpy(text, "http://h/?", 10);
  CHECK_OK(nodecore_url_legacy_parse(text, many, true, false, &url, NULL));
  CHECK(url.href.len == many && url.query_pairs_count == 1 && url.query_pairs[0].name.len == many - 10);
  nodecore_url_legacy_free(&url);
  free(text);
}

int main(void) {
  parsing();
  formatting();
  resolving();
  bad_input();
  return 0;
}
