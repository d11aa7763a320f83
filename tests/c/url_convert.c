/* url_convert.h. Expected values: Node 26.10. */
#include "check.h"

enum { SYSTEM = NODECORE_URL_FLAVOUR_SYSTEM, POSIX = NODECORE_URL_FLAVOUR_POSIX, WIN32 = NODECORE_URL_FLAVOUR_WIN32 };

static nodecore_url *parse(const char *text) {
  nodecore_url *url = NULL;
  CHECK_OK(nodecore_url_parse(text, NODECORE_AUTO_LEN, NULL, &url, NULL));
  return url;
}

static nodecore_url_file_options flavour(int32_t which) {
  nodecore_url_file_options options = NODECORE_URL_FILE_OPTIONS_INIT;
  options.flavour = which;
  return options;
}

static void to_url(const char *path, size_t len, int32_t which, const char *expected) {
  nodecore_url_file_options options = flavour(which);
  nodecore_buf out = NODECORE_BUF_INIT;
  char *copy = exact(path, len);
  CHECK_OK(nodecore_url_path_to_file_url(copy, len, &options, &out, NULL));
  free(copy);
  CHECK(gave(&out, expected));
}

/* As text and as bytes. */
static void to_path(const char *url, int32_t which, const char *text, const char *bytes, size_t bytes_len) {
  nodecore_url_file_options options = flavour(which);
  nodecore_buf out = NODECORE_BUF_INIT;
  char *copy = exact(url, strlen(url));
  if (text != NULL) {
    CHECK_OK(nodecore_url_file_url_to_path(copy, strlen(url), &options, &out, NULL));
    CHECK(gave(&out, text));
  }
  CHECK_OK(nodecore_url_file_url_to_path_buffer(copy, strlen(url), &options, &out, NULL));
  CHECK(out.len == bytes_len && memcmp(out.data, bytes, bytes_len) == 0);
  nodecore_buf_free(&out);
  free(copy);
}

typedef nodecore_status (*converter)(const char *, size_t, const nodecore_url_file_options *, nodecore_buf *,
                                     nodecore_error **);

static void no_path(converter call, const char *url, int32_t which, const char *name, const char *code,
                    const char *message, const char *input) {
  nodecore_url_file_options options = flavour(which);
  nodecore_buf out = NODECORE_BUF_INIT;
  nodecore_error *err = NULL;
  CHECK(call(url, strlen(url), &options, &out, &err) == nodecore_error_status(err));
  CHECK(out.data == NULL && is(nodecore_error_name(err), name));
  CHECK(input == NULL ? nodecore_error_input(err).data == NULL : is(nodecore_error_input(err), input));
  CHECK(failed_with(&err, code, message));
}

static void file_urls(void) {
  to_url("/tmp/a b%#?\n", 12, POSIX, "file:///tmp/a%20b%25%23%3F%0A");
  to_url("/a\0b", 4, POSIX, "file:///a%00b");
  to_url("/tmp/\xff\xc3\xbc", 8, POSIX, "file:///tmp/%FF%C3%BC");
  to_url("C:\\a b\\\xc3\xbc.txt", 13, WIN32, "file:///C:/a%20b/%C3%BC.txt");
  to_url("\\\\srv\\share\\x y", 15, WIN32, "file://srv/share/x%20y");
  to_path("file:///a%20b", POSIX, "/a b", "/a b", 4);
  to_path("file:///C:/a%20b", WIN32, "C:\\a b", "C:\\a b", 6);
  to_path("file://srv/s/x", WIN32, "\\\\srv\\s\\x", "\\\\srv\\s\\x", 9);
  /* As bytes an escaped slash is a slash, in Node too. */
  to_path("file:///a%2Fb", POSIX, NULL, "/a/b", 4);
  to_path("file:///%ff", POSIX, NULL, "/\xff", 2);
  to_path("file:///%", POSIX, NULL, "/%", 2);
  to_path("file:///a%00b", POSIX, NULL, "/a\0b", 4);
  nodecore_buf out = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_url_file_url_to_path("file:///a%00b", NODECORE_AUTO_LEN, NULL, &out, NULL));
  CHECK(out.len == 4 && memcmp(out.data, "/a\0b", 4) == 0);
  nodecore_buf_free(&out);

  const converter text = nodecore_url_file_url_to_path, bytes = nodecore_url_file_url_to_path_buffer;
  const char *path = "ERR_INVALID_FILE_URL_PATH";
  no_path(text, "file:///a%2Fb", POSIX, "TypeError", path, "File URL path must not include encoded / characters", "file:///a%2Fb");
  no_path(text, "file:///a%5Cb", WIN32, "TypeError", path, "File URL path must not include encoded \\ or / characters", "file:///a%5Cb");
  no_path(bytes, "file:///a%5Cb", WIN32, "TypeError", path, "File URL path must be absolute", "file:///a%5Cb");
  no_path(text, "file:///a", WIN32, "TypeError", path, "File URL path must be absolute", "file:///a");
  no_path(text, "http://a/", POSIX, "TypeError", "ERR_INVALID_URL_SCHEME", "The URL must be of scheme file", NULL);
  no_path(bytes, "http://a/", POSIX, "TypeError", "ERR_INVALID_URL_SCHEME", "The URL must be of scheme file", NULL);
  no_path(text, "nope", POSIX, "TypeError", "ERR_INVALID_URL", "Invalid URL", "nope");
  no_path(bytes, "nope", WIN32, "TypeError", "ERR_INVALID_URL", "Invalid URL", "nope");
  no_path(text, "file:///%ff", POSIX, "URIError", "", "URI malformed", NULL);
  no_path(text, "file:///%", POSIX, "URIError", "", "URI malformed", NULL);
  no_path(nodecore_url_path_to_file_url, "\\\\srv", WIN32, "TypeError", "ERR_INVALID_ARG_VALUE",
          "The argument 'path' Missing UNC resource path. Received '\\\\\\\\srv'", NULL);
#ifdef __linux__
  no_path(text, "file://host/a", SYSTEM, "TypeError", "ERR_INVALID_FILE_URL_HOST",
          "File URL host must be \"localhost\" or empty on linux", NULL);
#endif
  no_path(text, "file:///", 3, "TypeError", "ERR_INVALID_ARG_VALUE",
          "The argument 'options.flavour' must be one of NODECORE_URL_FLAVOUR_*. Received 3", NULL);

  CHECK_STATUS(text("file:///\xff", 9, NULL, &out, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_STATUS(bytes("file:///\xff", 9, NULL, &out, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_STATUS(nodecore_url_path_to_file_url(NULL, 1, NULL, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_url_path_to_file_url("/a", 2, NULL, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(text(NULL, 1, NULL, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(bytes("file:///", 8, NULL, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_url_file_options options = NODECORE_URL_FILE_OPTIONS_INIT;
  options.struct_size = 4;
  CHECK_STATUS(text("file:///", 8, &options, &out, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK(out.data == NULL);
  struct {
    nodecore_url_file_options known;
    uint64_t later;
  } newer = {NODECORE_URL_FILE_OPTIONS_INIT, 0};
  newer.known.struct_size = sizeof newer;
  CHECK_OK(text("file:///x", 9, &newer.known, &out, NULL));
  CHECK(gave(&out, "/x"));
  newer.later = 1;
  CHECK_STATUS(text("file:///x", 9, &newer.known, &out, NULL), NODECORE_ERR_INVALID_ARG_VALUE);

  const size_t many = (size_t)16 << 20;
  char *big = malloc(many);
  if (big == NULL) exit(1);
  memset(big, 'a', many);
  memset(big, '%', 1000);
  big[0] = '/';
  CHECK_OK(nodecore_url_path_to_file_url(big, many, NULL, &out, NULL));
  CHECK(out.len == many + 2 * 999 + strlen("file://"));
  nodecore_buf back = NODECORE_BUF_INIT;
  CHECK_OK(text(out.data, out.len, NULL, &back, NULL));
  CHECK(back.len == many && memcmp(back.data, big, many) == 0);
  nodecore_buf_free(&back);
  nodecore_buf_free(&out);
  free(big);
}

static void domains(void) {
  nodecore_buf out = NODECORE_BUF_INIT;
  char *domain = exact("Espa\xc3\xb1ol.com", 12);
  CHECK_OK(nodecore_url_domain_to_ascii(domain, 12, &out, NULL));
  CHECK(gave(&out, "xn--espaol-zwa.com"));
  CHECK_OK(nodecore_url_domain_to_unicode(domain, 12, &out, NULL));
  CHECK(gave(&out, "espa\xc3\xb1ol.com"));
  free(domain);
  CHECK_OK(nodecore_url_domain_to_unicode("xn--espaol-zwa.com", NODECORE_AUTO_LEN, &out, NULL));
  CHECK(gave(&out, "espa\xc3\xb1ol.com"));
  CHECK_OK(nodecore_url_domain_to_ascii("xn--i\xc3\xb1valid.com", NODECORE_AUTO_LEN, &out, NULL));
  CHECK(gave(&out, ""));
  CHECK_OK(nodecore_url_domain_to_unicode("", 0, &out, NULL));
  CHECK(gave(&out, ""));
  nodecore_error *err = NULL;
  CHECK_STATUS(nodecore_url_domain_to_ascii("\xff", 1, &out, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE", "The argument 'domain' must be valid UTF-8. Received bytes"));
  CHECK_STATUS(nodecore_url_domain_to_unicode(NULL, 1, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_url_domain_to_unicode("a", 1, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
}

static void formats(void) {
  nodecore_url *url = parse("https://a:b@\xe6\xb8\xac\xe8\xa9\xa6?abc#foo");
  nodecore_buf out = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_url_format(url, NULL, &out, NULL));
  CHECK(gave(&out, "https://a:b@xn--g6w251d/?abc#foo"));
  nodecore_url_format_options options = NODECORE_URL_FORMAT_OPTIONS_INIT;
  CHECK_OK(nodecore_url_format(url, &options, &out, NULL));
  CHECK(gave(&out, "https://a:b@xn--g6w251d/?abc#foo"));
  options.no_auth = options.no_fragment = options.unicode = true;
  CHECK_OK(nodecore_url_format(url, &options, &out, NULL));
  CHECK(gave(&out, "https://\xe6\xb8\xac\xe8\xa9\xa6/?abc"));
  options = (nodecore_url_format_options)NODECORE_URL_FORMAT_OPTIONS_INIT;
  options.no_search = true;
  CHECK_OK(nodecore_url_format(url, &options, &out, NULL));
  CHECK(gave(&out, "https://a:b@xn--g6w251d/#foo"));
  CHECK_STATUS(nodecore_url_format(NULL, NULL, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_url_format(url, NULL, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  options.struct_size = 0;
  CHECK_STATUS(nodecore_url_format(url, &options, &out, NULL), NODECORE_ERR_OUT_OF_RANGE);
  nodecore_url_free(url);
}

static void http_options(void) {
  nodecore_url *url = parse("https://a:b%20c@[::1]:8080/p?q#h");
  nodecore_url_http_options options = NODECORE_URL_HTTP_OPTIONS_INIT;
  nodecore_error *err = NULL;
  CHECK_OK(nodecore_url_to_http_options(url, &options, &err));
  CHECK(is(options.protocol, "https:") && is(options.hostname, "::1") && is(options.hash, "#h"));
  CHECK(is(options.search, "?q") && is(options.pathname, "/p") && is(options.path, "/p?q"));
  CHECK(is(options.href, "https://a:b%20c@[::1]:8080/p?q#h") && is(options.auth, "a:b c"));
  CHECK(options.port == 8080 && options.struct_size == sizeof options);
  /* They are not the URL's. */
  nodecore_url_free(url);
  CHECK(is(options.hostname, "::1"));
  nodecore_url_http_options_free(&options);
  CHECK(options.hostname.data == NULL && options.owner_ == NULL && options.port == -1);
  CHECK(options.struct_size == sizeof options);
  nodecore_url_http_options_free(&options);
  nodecore_url_http_options_free(NULL);

  url = parse("http://h/");
  struct {
    nodecore_url_http_options known;
    uint64_t later;
  } newer = {NODECORE_URL_HTTP_OPTIONS_INIT, 7};
  newer.known.struct_size = sizeof newer;
  CHECK_OK(nodecore_url_to_http_options(url, &newer.known, NULL));
  CHECK(newer.known.struct_size == sizeof newer && newer.later == 7);
  CHECK(newer.known.auth.data == NULL && newer.known.port == -1 && is(newer.known.search, ""));
  nodecore_url_http_options_free(&newer.known);
  CHECK_STATUS(nodecore_url_to_http_options(NULL, &options, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_url_to_http_options(url, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  options.struct_size = 8;
  CHECK_STATUS(nodecore_url_to_http_options(url, &options, NULL), NODECORE_ERR_OUT_OF_RANGE);
  options.struct_size = sizeof options;
  nodecore_url_free(url);
  url = parse("http://%ff@h/");
  CHECK_STATUS(nodecore_url_to_http_options(url, &options, &err), NODECORE_UNCODED);
  CHECK(is(nodecore_error_name(err), "URIError") && options.owner_ == NULL);
  CHECK(failed_with(&err, "", "URI malformed"));
  nodecore_url_free(url);
}

int main(void) {
  file_urls();
  domains();
  formats();
  http_options();
  return 0;
}
