/* url.h */
#include "check.h"

int main(void) {
  nodecore_buf out = NODECORE_BUF_INIT;
  nodecore_error *err = NULL;
  CHECK_OK(nodecore_url_path_to_file_url("/tmp/a b%#?\n", NODECORE_AUTO_LEN, &out, &err));
  CHECK(gave(&out, "file:///tmp/a%20b%25%23%3F%0A"));
  char *bytes = exact("/tmp/\xff\xc3\xbc", 8);
  CHECK_OK(nodecore_url_path_to_file_url(bytes, 8, &out, &err));
  CHECK(out.len == strlen("file:///tmp/%FF%C3%BC"));
  nodecore_buf back = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_url_file_url_to_path(out.data, out.len, &back, &err));
  CHECK(back.len == 8 && memcmp(back.data, bytes, 8) == 0);
  nodecore_buf_free(&back);
  nodecore_buf_free(&out);
  free(bytes);

  CHECK_STATUS(nodecore_url_file_url_to_path("http://a/", NODECORE_AUTO_LEN, &out, &err),
               NODECORE_ERR_INVALID_URL_SCHEME);
  CHECK(failed_with(&err, "ERR_INVALID_URL_SCHEME", "The URL must be of scheme file"));
  /* As bytes an escaped slash is a slash, in Node too. */
  CHECK_OK(nodecore_url_file_url_to_path("file:///a%2Fb", NODECORE_AUTO_LEN, &out, &err));
  CHECK(gave(&out, "/a/b"));
  CHECK_STATUS(nodecore_url_file_url_to_path("file://host/a", NODECORE_AUTO_LEN, &out, &err),
               NODECORE_ERR_INVALID_FILE_URL_HOST);
  nodecore_error_free(err);
  CHECK_STATUS(nodecore_url_file_url_to_path("no url", NODECORE_AUTO_LEN, &out, &err),
               NODECORE_ERR_INVALID_URL);
  CHECK(is(nodecore_error_input(err), "no url"));
  nodecore_error_free(err);
  CHECK_STATUS(nodecore_url_file_url_to_path("file:///\xff", 9, &out, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_STATUS(nodecore_url_path_to_file_url(NULL, 1, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_url_path_to_file_url("/a", 2, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(out.data == NULL);
  return 0;
}
