/* Checks for the C tests: each prints its place and expression and ends the program. */
#ifndef CHECK_H
#define CHECK_H

#include <nodecore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                          \
  do {                                                                            \
    if (!(condition)) {                                                           \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);     \
      exit(1);                                                                    \
    }                                                                             \
  } while (0)

#define CHECK_OK(call)                                                            \
  do {                                                                            \
    nodecore_status status_ = (call);                                             \
    if (status_ != NODECORE_OK) {                                                 \
      fprintf(stderr, "%s:%d: %s gave %s\n", __FILE__, __LINE__, #call,           \
              nodecore_status_name(status_));                                     \
      exit(1);                                                                    \
    }                                                                             \
  } while (0)

#define CHECK_STATUS(call, expected)                                              \
  do {                                                                            \
    nodecore_status status_ = (call);                                             \
    if (status_ != (expected)) {                                                  \
      fprintf(stderr, "%s:%d: %s gave %d (%s), not %s\n", __FILE__, __LINE__,     \
              #call, (int)status_, nodecore_status_name(status_), #expected);     \
      exit(1);                                                                    \
    }                                                                             \
  } while (0)

/* Whether a view holds exactly this text. */
static inline bool is(nodecore_str s, const char *text) {
  return s.data != NULL && s.len == strlen(text) && memcmp(s.data, text, s.len) == 0;
}

/* Whether a buffer holds exactly this text; frees it. */
static inline bool gave(nodecore_buf *buf, const char *text) {
  bool same = buf->len == strlen(text) && (buf->len == 0 || memcmp(buf->data, text, buf->len) == 0);
  if (!same) fprintf(stderr, "got '%.*s' instead of '%s'\n", (int)buf->len, buf->data, text);
  nodecore_buf_free(buf);
  return same;
}

/* Whether an error has this code and message; frees it. */
static inline bool failed_with(nodecore_error **err, const char *code, const char *message) {
  bool same = *err != NULL && is(nodecore_error_code(*err), code) && is(nodecore_error_message(*err), message);
  if (!same && *err != NULL) {
    nodecore_str m = nodecore_error_message(*err);
    fprintf(stderr, "got '%.*s'\n", (int)m.len, m.data);
  }
  nodecore_error_free(*err);
  *err = NULL;
  return same;
}

/* An exact-size heap copy, so that reading past it is seen. */
static inline char *exact(const char *text, size_t len) {
  char *copy = malloc(len == 0 ? 1 : len);
  if (copy == NULL) exit(1);
  if (len != 0) memcpy(copy, text, len);
  return copy;
}

#endif
