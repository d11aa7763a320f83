/* querystring.h */
#include "check.h"

static nodecore_querystring_pair pair(const char *key, const char *value) {
  nodecore_querystring_pair p = {{key, strlen(key)}, {value, strlen(value)}};
  return p;
}

int main(void) {
  nodecore_buf out = NODECORE_BUF_INIT;
  nodecore_error *err = NULL;
  nodecore_querystring_pair pairs[] = {pair("foo", "bar"), pair("baz", "qux"), pair("baz", "a b&c=d/\xc3\xbc"), pair("", "")};
  CHECK_OK(nodecore_querystring_stringify(pairs, 4, NULL, 0, NULL, 0, &out, &err));
  CHECK(gave(&out, "foo=bar&baz=qux&baz=a%20b%26c%3Dd%2F%C3%BC&="));
  CHECK_OK(nodecore_querystring_stringify(pairs, 2, ";", 1, ":", NODECORE_AUTO_LEN, &out, &err));
  CHECK(gave(&out, "foo:bar;baz:qux"));
  CHECK_OK(nodecore_querystring_stringify(NULL, 0, NULL, 0, NULL, 0, &out, &err));
  CHECK(gave(&out, ""));
  pairs[0].value.data = "\xff";
  pairs[0].value.len = 1;
  CHECK_STATUS(nodecore_querystring_stringify(pairs, 1, NULL, 0, NULL, 0, &out, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  nodecore_error_free(err);
  CHECK_STATUS(nodecore_querystring_stringify(NULL, 1, NULL, 0, NULL, 0, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_querystring_stringify(pairs, 1, NULL, 0, NULL, 0, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  return 0;
}
