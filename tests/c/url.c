/* url.h. Expected values: Node 26.10, but for the statuses of setters, which JavaScript does not have.
 * ctest: timeout=60 */
#include "check.h"
#include <pthread.h>

/* The parts in the order of url.h's list of getters. */
typedef struct parts {
  const char *input, *part[11];
} parts;

static const parts GOOD[] = {
    {"https://us%20er:p%40ss@EXAMPLE.org:8080/a/../p%20ath?q=1#h",
     {"https://us%20er:p%40ss@example.org:8080/p%20ath?q=1#h", "https://example.org:8080", "https:", "us%20er",
      "p%40ss", "example.org:8080", "example.org", "8080", "/p%20ath", "?q=1", "#h"}},
    {"https://u@h/", {"https://u@h/", "https://h", "https:", "u", "", "h", "h", "", "/", "", ""}},
    {"blob:https://h:1/x", {"blob:https://h:1/x", "https://h:1", "blob:", "", "", "", "", "", "https://h:1/x", "", ""}},
    {"data:a b", {"data:a b", "null", "data:", "", "", "", "", "", "a b", "", ""}},
    {"file:///C:/a", {"file:///C:/a", "null", "file:", "", "", "", "", "", "/C:/a", "", ""}},
    {"http://[::1]:81/", {"http://[::1]:81/", "http://[::1]:81", "http:", "", "", "[::1]:81", "[::1]", "81", "/", "", ""}},
    {"http://a/?#", {"http://a/?#", "http://a", "http:", "", "", "a", "a", "", "/", "", ""}},
    {"ws://b\xc3\xbc" "cher.de/\xc3\xa9?\xc3\xa9#\xc3\xa9",
     {"ws://xn--bcher-kva.de/%C3%A9?%C3%A9#%C3%A9", "ws://xn--bcher-kva.de", "ws:", "", "", "xn--bcher-kva.de",
      "xn--bcher-kva.de", "", "/%C3%A9", "?%C3%A9", "#%C3%A9"}},
    {"non-special://H:80/..//x", {"non-special://H:80//x", "null", "non-special:", "", "", "H:80", "H", "80", "//x", "", ""}},
    {" \thttp://h/a\tb\n ", {"http://h/ab", "http://h", "http:", "", "", "h", "h", "", "/ab", "", ""}},
};

static const char *BAD[] = {"nope", "", "http://a b/", "http://a:65536/", "http://1.2.3.256/", "http://[1::2::3]/",
                            "http://%zz/", "http://", "//h"};

static nodecore_url *parse(const char *text, const nodecore_url *base) {
  nodecore_url *url = NULL;
  nodecore_error *err = NULL;
  size_t len = strlen(text);
  char *copy = exact(text, len);
  CHECK_OK(nodecore_url_parse(copy, len, base, &url, &err));
  CHECK(err == NULL && url != NULL);
  free(copy);
  return url;
}

static bool has_parts(const nodecore_url *url, const parts *expected) {
  static nodecore_str (*const getters[])(const nodecore_url *) = {
      nodecore_url_href, nodecore_url_origin,   nodecore_url_protocol, nodecore_url_username,
      nodecore_url_password, nodecore_url_host, nodecore_url_hostname, nodecore_url_port,
      nodecore_url_pathname, nodecore_url_search, nodecore_url_hash};
  for (size_t i = 0; i < 11; i++) {
    if (is(getters[i](url), expected->part[i])) continue;
    nodecore_str got = getters[i](url);
    fprintf(stderr, "%s: part %zu is '%.*s'\n", expected->input, i, (int)got.len, got.data);
    return false;
  }
  return true;
}

/* Latin-1 as UTF-16. */
static uint16_t *widen(const char *text, size_t len) {
  uint16_t *units = malloc(len == 0 ? 1 : len * sizeof *units);
  if (units == NULL) exit(1);
  for (size_t i = 0; i < len; i++) units[i] = (unsigned char)text[i];
  return units;
}

static void parsing(void) {
  nodecore_url *again = parse("x:", NULL);
  for (size_t i = 0; i < sizeof GOOD / sizeof *GOOD; i++) {
    nodecore_url *url = parse(GOOD[i].input, NULL);
    CHECK(has_parts(url, &GOOD[i]));
    CHECK(has_parts(url, &GOOD[i]));
    nodecore_url *copy = nodecore_url_copy(url);
    nodecore_url_free(url);
    CHECK(has_parts(copy, &GOOD[i]));
    nodecore_url_free(copy);
    CHECK(nodecore_url_can_parse(GOOD[i].input, NODECORE_AUTO_LEN, NULL));
    CHECK_OK(nodecore_url_reparse(again, GOOD[i].input, NODECORE_AUTO_LEN, NULL, NULL));
    CHECK(has_parts(again, &GOOD[i]));
  }
  nodecore_error *err = NULL;
  for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
    nodecore_url *none = NULL;
    CHECK(!nodecore_url_can_parse(BAD[i], strlen(BAD[i]), NULL));
    CHECK_STATUS(nodecore_url_parse(BAD[i], strlen(BAD[i]), NULL, &none, &err), NODECORE_ERR_INVALID_URL);
    CHECK(none == NULL && is(nodecore_error_input(err), BAD[i]) && nodecore_error_base(err).data == NULL);
    CHECK(is(nodecore_error_name(err), "TypeError"));
    CHECK(failed_with(&err, "ERR_INVALID_URL", "Invalid URL"));
    CHECK_STATUS(nodecore_url_reparse(again, BAD[i], strlen(BAD[i]), NULL, &err), NODECORE_ERR_INVALID_URL);
    CHECK(is(nodecore_error_input(err), BAD[i]));
    nodecore_error_free(err);
    err = NULL;
    CHECK(is(nodecore_url_href(again), "http://h/ab"));
  }
  nodecore_url_free(again);
}

static void bases(void) {
  nodecore_error *err = NULL;
  nodecore_url *base = parse("https://example.org/a/b?c", NULL), *url = parse("../d#e", base);
  CHECK(is(nodecore_url_href(url), "https://example.org/d#e"));
  CHECK(nodecore_url_can_parse("/x", 2, base) && !nodecore_url_can_parse("/x", 2, NULL));
  CHECK(nodecore_url_can_parse_latin1("/x", 2, base) && !nodecore_url_can_parse("http://", 7, base));
  nodecore_url *none = NULL;
  CHECK_STATUS(nodecore_url_parse("http://:1", 9, base, &none, &err), NODECORE_ERR_INVALID_URL);
  CHECK(is(nodecore_error_input(err), "http://:1"));
  CHECK(is(nodecore_error_base(err), "https://example.org/a/b?c"));
  CHECK(failed_with(&err, "ERR_INVALID_URL", "Invalid URL"));
  /* Following links: the base is the URL itself, the link a part of it. */
  CHECK_OK(nodecore_url_reparse(url, "f/g?h=i", 7, url, &err));
  CHECK(is(nodecore_url_href(url), "https://example.org/f/g?h=i"));
  nodecore_str part = nodecore_url_pathname(url);
  CHECK_OK(nodecore_url_reparse(url, part.data + 1, part.len - 1, url, NULL));
  CHECK(is(nodecore_url_href(url), "https://example.org/f/f/g"));
  part = nodecore_url_pathname(url);
  CHECK_OK(nodecore_url_reparse_latin1(url, part.data + 1, 3, url, NULL));
  CHECK(is(nodecore_url_href(url), "https://example.org/f/f/f/f"));
  part = nodecore_url_href(url);
  CHECK_OK(nodecore_url_set_href(url, part.data, part.len - 2, &err));
  CHECK(is(nodecore_url_href(url), "https://example.org/f/f/f"));
  CHECK_STATUS(nodecore_url_reparse(url, "http://", 7, base, &err), NODECORE_ERR_INVALID_URL);
  CHECK(is(nodecore_error_base(err), "https://example.org/a/b?c"));
  nodecore_error_free(err);
  err = NULL;
  nodecore_url_free(url);

  CHECK_OK(nodecore_url_resolve("x", 1, "http://h/a/b", NODECORE_AUTO_LEN, &url, &err));
  CHECK(is(nodecore_url_href(url), "http://h/a/x"));
  nodecore_url_free(url);
  CHECK_OK(nodecore_url_resolve_latin1("\xe9", 1, "http://h\xe9/", 9, &url, &err));
  CHECK(is(nodecore_url_href(url), "http://xn--h-bga/%C3%A9"));
  nodecore_url_free(url);
  uint16_t *units = widen("http://h/a/b", 12), *link = widen("\xe9", 1);
  CHECK_OK(nodecore_url_resolve_utf16(link, 1, units, 12, &url, &err));
  CHECK(is(nodecore_url_href(url), "http://h/a/%C3%A9"));
  nodecore_url_free(url);
  CHECK_STATUS(nodecore_url_resolve("x", 1, "nope", 4, &none, &err), NODECORE_ERR_INVALID_URL);
  CHECK(is(nodecore_error_input(err), "x") && is(nodecore_error_base(err), "nope"));
  CHECK(failed_with(&err, "ERR_INVALID_URL", "Invalid URL"));
  CHECK_STATUS(nodecore_url_resolve_latin1("x", 1, "nop\xe9", 4, &none, &err), NODECORE_ERR_INVALID_URL);
  CHECK(is(nodecore_error_base(err), "nop\xc3\xa9"));
  nodecore_error_free(err);
  CHECK_STATUS(nodecore_url_resolve_utf16(link, 1, link, 1, &none, NULL), NODECORE_ERR_INVALID_URL);
  free(units);
  free(link);
  nodecore_url_free(base);
}

/* A JavaScript engine's strings. */
static void forms(void) {
  nodecore_url *url = NULL;
  nodecore_error *err = NULL;
  char *latin1 = exact("http://h/caf\xe9", 13);
  CHECK(nodecore_url_can_parse_latin1(latin1, 13, NULL));
  CHECK_OK(nodecore_url_parse_latin1(latin1, 13, NULL, &url, &err));
  CHECK(is(nodecore_url_href(url), "http://h/caf%C3%A9"));
  CHECK_OK(nodecore_url_reparse_latin1(url, "?\xe9", 2, url, &err));
  CHECK(is(nodecore_url_href(url), "http://h/caf%C3%A9?%C3%A9"));
  free(latin1);
  uint16_t *utf16 = widen("http://h/?x", 11);
  CHECK(nodecore_url_can_parse_utf16(utf16, 11, NULL) && !nodecore_url_can_parse_utf16(utf16, 7, NULL));
  CHECK_OK(nodecore_url_reparse_utf16(url, utf16, 11, NULL, &err));
  CHECK(is(nodecore_url_href(url), "http://h/?x"));
  nodecore_url_free(url);
  /* Unpaired surrogates become U+FFFD, a pair a character. */
  utf16[9] = 0xd800;
  CHECK_OK(nodecore_url_parse_utf16(utf16, 11, NULL, &url, &err));
  CHECK(is(nodecore_url_href(url), "http://h/%EF%BF%BDx"));
  nodecore_url_free(url);
  utf16[9] = 0xd83d, utf16[10] = 0xde00;
  CHECK_OK(nodecore_url_parse_utf16(utf16, 11, NULL, &url, &err));
  CHECK(is(nodecore_url_href(url), "http://h/%F0%9F%98%80"));
  utf16[7] = 0xdc00;
  CHECK_STATUS(nodecore_url_reparse_utf16(url, utf16, 11, NULL, &err), NODECORE_ERR_INVALID_URL);
  CHECK(is(nodecore_error_input(err), "http://\xef\xbf\xbd/\xf0\x9f\x98\x80"));
  CHECK(failed_with(&err, "ERR_INVALID_URL", "Invalid URL"));
  free(utf16);
  nodecore_url *none = NULL;
  CHECK_STATUS(nodecore_url_parse_utf16(NULL, 1, NULL, &none, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_url_parse_utf16((const uint16_t[]){0x61}, NODECORE_AUTO_LEN, NULL, &none, NULL),
               NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_url_parse_latin1(NULL, 1, NULL, &none, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_url_free(url);
}

typedef nodecore_status (*setter)(nodecore_url *, const char *, size_t);

static void set(const char *before, setter call, const char *value, nodecore_status status, const char *after) {
  nodecore_url *url = parse(before, NULL);
  size_t len = strlen(value);
  char *copy = exact(value, len);
  nodecore_status got = call(url, copy, len);
  free(copy);
  nodecore_str href = nodecore_url_href(url);
  if (got != status || !is(href, after)) {
    fprintf(stderr, "%s with '%s': %s, %.*s\n", before, value, nodecore_status_name(got), (int)href.len, href.data);
    exit(1);
  }
  nodecore_url_free(url);
}

static void setters(void) {
  const nodecore_status ok = NODECORE_OK, no = NODECORE_ERR_INVALID_URL;
  set("http://u:p@h:81/p?q#f", nodecore_url_set_protocol, "https:", ok, "https://u:p@h:81/p?q#f");
  set("http://h/", nodecore_url_set_protocol, "foo", no, "http://h/");
  set("http://h/", nodecore_url_set_protocol, "ws:x", ok, "ws://h/");
  set("http://h:443/", nodecore_url_set_protocol, "https", ok, "https://h/");
  set("http://h/", nodecore_url_set_username, "a b:\xc3\xa9", ok, "http://a%20b%3A%C3%A9@h/");
  set("file:///x", nodecore_url_set_username, "a", no, "file:///x");
  set("http://h/", nodecore_url_set_password, "@", ok, "http://:%40@h/");
  set("mailto:x", nodecore_url_set_password, "@", no, "mailto:x");
  set("http://h/", nodecore_url_set_host, "x.y:82/z", ok, "http://x.y:82/");
  set("http://h/", nodecore_url_set_host, "", no, "http://h/");
  set("http://h:1/", nodecore_url_set_host, "a:99999", ok, "http://a:1/");
  set("http://h/", nodecore_url_set_hostname, "a:1", no, "http://h/");
  set("http://h/", nodecore_url_set_hostname, "B\xc3\x9c" "cher.de", ok, "http://xn--bcher-kva.de/");
  set("http://h/", nodecore_url_set_port, "81abc", ok, "http://h:81/");
  set("http://h/", nodecore_url_set_port, "65536", no, "http://h/");
  set("http://h:9/", nodecore_url_set_port, "", ok, "http://h/");
  set("http://h/", nodecore_url_set_pathname, "a b/../\xf0\x9f\x98\x80", ok, "http://h/%F0%9F%98%80");
  set("mailto:x", nodecore_url_set_pathname, "y", no, "mailto:x");
  set("http://h/", nodecore_url_set_search, "a b'\"", ok, "http://h/?a%20b%27%22");
  set("http://h/?x", nodecore_url_set_search, "", ok, "http://h/");
  set("http://h/", nodecore_url_set_hash, "#a `b", ok, "http://h/#a%20%60b");
  set("http://h/#x", nodecore_url_set_hash, "", ok, "http://h/");

  /* A value may be a part of the URL: it is copied before anything changes. */
  nodecore_url *url = parse("https://user:pass@example.org:8080/a/b?c=d#e", NULL);
  const setter all[] = {nodecore_url_set_username, nodecore_url_set_password, nodecore_url_set_pathname,
                        nodecore_url_set_search, nodecore_url_set_hash};
  for (int i = 0; i < 5; i++) {
    nodecore_str host = nodecore_url_hostname(url);
    CHECK_OK(all[i](url, host.data, host.len));
  }
  CHECK(is(nodecore_url_href(url), "https://example.org:example.org@example.org:8080/example.org?example.org#example.org"));
  nodecore_str name = nodecore_url_origin(url);
  CHECK(is(name, "https://example.org:8080"));
  CHECK_OK(nodecore_url_set_hash(url, name.data, name.len));
  CHECK(is(nodecore_url_hash(url), "#https://example.org:8080"));
  CHECK_OK(nodecore_url_set_hostname(url, "h", 1));
  CHECK(is(nodecore_url_origin(url), "https://h:8080"));
  CHECK_OK(nodecore_url_set_pathname(url, "\0a", 2));
  CHECK(is(nodecore_url_pathname(url), "/%00a"));

  nodecore_error *err = NULL;
  CHECK_STATUS(nodecore_url_set_href(url, "nope", 4, &err), NODECORE_ERR_INVALID_URL);
  CHECK(is(nodecore_error_input(err), "nope"));
  CHECK(failed_with(&err, "ERR_INVALID_URL", "Invalid URL"));
  CHECK_OK(nodecore_url_set_href(url, "http://new/", NODECORE_AUTO_LEN, &err));
  CHECK(is(nodecore_url_href(url), "http://new/"));
  CHECK_STATUS(nodecore_url_set_href(NULL, "x:", 2, &err), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_error_free(err);

  const setter every[] = {nodecore_url_set_protocol, nodecore_url_set_username, nodecore_url_set_password,
                          nodecore_url_set_host, nodecore_url_set_hostname, nodecore_url_set_port,
                          nodecore_url_set_pathname, nodecore_url_set_search, nodecore_url_set_hash};
  for (int i = 0; i < 9; i++) {
    CHECK_STATUS(every[i](NULL, "x", 1), NODECORE_ERR_INVALID_ARG_TYPE);
    CHECK_STATUS(every[i](url, NULL, 1), NODECORE_ERR_INVALID_ARG_TYPE);
    CHECK_STATUS(every[i](url, "\xff", 1), NODECORE_ERR_INVALID_ARG_VALUE);
    CHECK(is(nodecore_url_href(url), "http://new/"));
  }
  CHECK_OK(nodecore_url_set_search(url, NULL, 0));
  nodecore_url_free(url);
}

static void bad_input(void) {
  nodecore_url *url = NULL;
  nodecore_error *err = NULL;
  char *bytes = exact("http://h/\xff", 10);
  CHECK_STATUS(nodecore_url_parse(bytes, 10, NULL, &url, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE", "The argument 'input' must be valid UTF-8. Received bytes"));
  CHECK(!nodecore_url_can_parse(bytes, 10, NULL));
  CHECK_STATUS(nodecore_url_resolve("x", 1, bytes, 10, &url, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  free(bytes);
  CHECK_STATUS(nodecore_url_parse("http://h\0/", 10, NULL, &url, &err), NODECORE_ERR_INVALID_URL);
  CHECK(nodecore_error_input(err).len == 10);
  nodecore_error_free(err);
  CHECK_STATUS(nodecore_url_parse("x:", 2, NULL, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_url_parse(NULL, 2, NULL, &url, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_url_parse(NULL, 0, NULL, &url, NULL), NODECORE_ERR_INVALID_URL);
  CHECK_STATUS(nodecore_url_parse("x:", NODECORE_AUTO_LEN - 1, NULL, &url, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_url_reparse(NULL, "x:", 2, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_url_reparse_latin1(NULL, "x:", 2, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_url_reparse_utf16(NULL, NULL, 0, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(!nodecore_url_can_parse(NULL, 1, NULL) && !nodecore_url_can_parse_latin1(NULL, 1, NULL));
  CHECK(!nodecore_url_can_parse_utf16(NULL, 1, NULL));
  CHECK(url == NULL && nodecore_url_copy(NULL) == NULL);
  CHECK(nodecore_url_href(NULL).data == NULL && nodecore_url_origin(NULL).data == NULL);
  CHECK(nodecore_url_port(NULL).data == NULL);
  nodecore_url_free(NULL);

  /* 16 MiB, in each part. */
  const size_t many = (size_t)16 << 20;
  const char *starts[] = {"http://h/?", "x:", "http://h:"};
  char *text = malloc(many + 16);
  if (text == NULL) exit(1);
  for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
    size_t start = strlen(starts[i]);
    memcpy(text, starts[i], start);
    memset(text + start, '0', many);
    CHECK_OK(nodecore_url_parse(text, start + many, NULL, &url, NULL));
    /* The last is a port with leading zeroes. */
    CHECK(nodecore_url_href(url).len == (i == 2 ? strlen("http://h:0/") : start + many));
    nodecore_url_free(url);
    url = NULL;
  }
  memset(text, '%', many);
  nodecore_url *base = parse("http://h/", NULL);
  CHECK_OK(nodecore_url_parse(text, many, base, &url, NULL));
  CHECK(nodecore_url_href(url).len == many + 9);
  nodecore_url_free(url);
  CHECK_OK(nodecore_url_set_username(base, text, many));
  CHECK(nodecore_url_username(base).len == many);
  CHECK_STATUS(nodecore_url_set_host(base, text, many), NODECORE_ERR_INVALID_URL);
  nodecore_url_free(base);
  free(text);
}

/* A const URL is read by several threads at once. */
static void *read_origin(void *url) {
  for (int i = 0; i < 1000; i++) {
    CHECK(is(nodecore_url_origin(url), "https://h"));
    CHECK(is(nodecore_url_username(url), "u"));
  }
  return NULL;
}

static void threads(void) {
  nodecore_url *url = parse("https://u@h/", NULL);
  pthread_t thread[4];
  for (int i = 0; i < 4; i++) CHECK(pthread_create(&thread[i], NULL, read_origin, url) == 0);
  for (int i = 0; i < 4; i++) CHECK(pthread_join(thread[i], NULL) == 0);
  nodecore_url_free(url);
}

int main(void) {
  parsing();
  bases();
  forms();
  setters();
  bad_input();
  threads();
  return 0;
}
