/* error.h, str.h and version.h. */
#include "check.h"

static int references;
static void retain(void *object) { references += *(int *)object; }
static void release(void *object) { references -= *(int *)object; }

/* An object of the host's is kept by an error and its copies, and known by its type. */
static void objects(void) {
  static const nodecore_object_type type = {retain, release}, other = {NULL, NULL};
  int one = 1, ten = 10;
  nodecore_error *err = NULL, *copy;
  CHECK_OK(nodecore_error_new(NODECORE_ERR_OPERATION_FAILED, "thrown", NODECORE_AUTO_LEN, &err));
  CHECK(nodecore_error_object(err, &type) == NULL && nodecore_error_object(NULL, &type) == NULL);
  CHECK_STATUS(nodecore_error_set_object(err, NULL, &type), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_error_set_object(NULL, &one, &type), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_OK(nodecore_error_set_object(err, &one, &type));
  copy = nodecore_error_copy(err);
  CHECK(references == 1 && nodecore_error_object(copy, &type) == &one);
  CHECK(nodecore_error_object(copy, &other) == NULL && nodecore_error_object(copy, NULL) == NULL);
  CHECK_OK(nodecore_error_set_object(err, &ten, &type));
  CHECK(references == 11 && nodecore_error_object(err, &type) == &ten && nodecore_error_object(copy, &type) == &one);
  nodecore_error_free(copy);
  CHECK(references == 10);
  CHECK_OK(nodecore_error_set_object(err, &one, NULL));
  CHECK(references == 0 && nodecore_error_object(err, NULL) == &one);
  nodecore_error_free(err);
  CHECK(references == 0);
}

int main(void) {
  objects();
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
