/* error.h, str.h and version.h. */
#include "check.h"

int main(void) {
  CHECK(nodecore_version() == NODECORE_VERSION_HEX);
  char version[32];
  snprintf(version, sizeof version, "%d.%d.%d", NODECORE_VERSION_MAJOR, NODECORE_VERSION_MINOR,
           NODECORE_VERSION_PATCH);
  CHECK(strcmp(nodecore_version_string(), version) == 0);
  CHECK(NODECORE_VERSION_HEX ==
        (NODECORE_VERSION_MAJOR << 16 | NODECORE_VERSION_MINOR << 8 | NODECORE_VERSION_PATCH));

  CHECK(strcmp(nodecore_status_name(NODECORE_ENOENT), "ENOENT") == 0);
  CHECK(strcmp(nodecore_status_name(NODECORE_OK), "") == 0);
  CHECK(nodecore_status_name(1) == NULL);
  CHECK(nodecore_status_name(INT32_MIN) == NULL);
#define SAME_NAME(name, number, code, text) CHECK(strcmp(nodecore_status_name(number), code) == 0);
  NODECORE_ERROR_MAP(SAME_NAME)

  nodecore_error *err = NULL;
  char *message = exact("my own text", 11);
  CHECK_OK(nodecore_error_new(NODECORE_ERR_OUT_OF_RANGE, message, 11, &err));
  free(message);
  CHECK(nodecore_error_status(err) == NODECORE_ERR_OUT_OF_RANGE);
  CHECK(nodecore_error_errno(err) == 0);
  CHECK(is(nodecore_error_name(err), "RangeError"));
  CHECK(is(nodecore_error_code(err), "ERR_OUT_OF_RANGE"));
  CHECK(is(nodecore_error_message(err), "my own text"));
  CHECK(nodecore_error_syscall(err).data == NULL);
  CHECK(nodecore_error_path(err).data == NULL);
  CHECK(nodecore_error_dest(err).data == NULL);
  CHECK(nodecore_error_input(err).data == NULL);
  CHECK(nodecore_error_base(err).data == NULL);
  CHECK(nodecore_error_cause(err) == NULL);
  CHECK(nodecore_error_library(err).data == NULL);
  CHECK(nodecore_error_reason(err).data == NULL);
  CHECK(nodecore_error_openssl_stack(err, 0).data == NULL);
  nodecore_error *copy = nodecore_error_copy(err);
  nodecore_error_free(err);
  CHECK(is(nodecore_error_message(copy), "my own text"));
  nodecore_error_free(copy);
  CHECK(nodecore_error_copy(NULL) == NULL);
  nodecore_error_free(NULL);
  CHECK(nodecore_error_status(NULL) == NODECORE_OK);

  CHECK_STATUS(nodecore_error_new(12345, NULL, 0, &err), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_error_new(INT32_MIN, NULL, 0, &err), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_error_new(NODECORE_ENOENT, "\xff", 1, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_STATUS(nodecore_error_new(NODECORE_ENOENT, NULL, 0, NULL), NODECORE_ERR_INVALID_ARG_TYPE);

  nodecore_buf buf = nodecore_buf_copy("abc", 3);
  nodecore_buf taken = nodecore_buf_take(&buf);
  CHECK(buf.data == NULL && buf.len == 0);
  nodecore_buf_free(&buf);
  nodecore_buf_free(&buf);
  CHECK(gave(&taken, "abc"));
  CHECK(taken.data == NULL);
  nodecore_buf_free(NULL);
  taken = nodecore_buf_take(NULL);
  CHECK(taken.len == 0);
  taken = nodecore_buf_copy(NULL, 0);
  CHECK(taken.len == 0);
  nodecore_buf_free(&taken);
  taken = nodecore_buf_copy(NULL, 5);
  CHECK(taken.len == 0);
  nodecore_buf_free(&taken);
  return 0;
}
