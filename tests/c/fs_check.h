/* What the tests of fs.h share: a loop, callbacks that note what they saw, and AWAIT. */
#ifndef FS_CHECK_H
#define FS_CHECK_H

#include "check.h"

#define A NODECORE_AUTO_LEN

static nodecore_loop *lp;
static int released, called;

/* What the last callback saw. */
static nodecore_status status;
static char message[300];
static nodecore_fd fd;
static size_t moved;
static nodecore_buf bytes;

static inline void release(void *user) {
  (void)user;
  released++;
}

static inline void saw(const nodecore_error *err) {
  called++;
  status = nodecore_error_status(err);
  message[0] = 0;
  if (err != NULL) {
    nodecore_str m = nodecore_error_message(err);
    snprintf(message, sizeof message, "%.*s", (int)m.len, m.data);
  }
}

static inline void on_done(const nodecore_error *err, void *user) {
  (void)user;
  saw(err);
}

static inline void on_io(const nodecore_error *err, size_t n, void *user) {
  (void)user;
  saw(err);
  moved = n;
}

static inline void on_bytes(const nodecore_error *err, nodecore_buf *data, void *user) {
  (void)user;
  saw(err);
  CHECK((err == NULL) == (data != NULL));
  if (err == NULL) bytes = nodecore_buf_take(data);
}

/* The end of the arguments of a callback form. */
#define BACK(cb) cb, NULL, release, NULL, NULL

/* Starts an operation and runs the loop until its one callback has come; not before. */
#define AWAIT(call, expected)                                          \
  do {                                                                 \
    called = released = 0;                                             \
    CHECK_OK(call);                                                    \
    CHECK(called == 0);                                                \
    CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL)); \
    CHECK(called == 1);                                                \
    CHECK(released == 1);                                              \
    CHECK(status == (expected));                                       \
  } while (0)

/* An operation that fails, with this text. */
#define AWAIT_FAILURE(call, expected, text)                                 \
  do {                                                                      \
    AWAIT(call, expected);                                                  \
    if (strcmp(message, text) != 0) fprintf(stderr, "got '%s'\n", message); \
    CHECK(strcmp(message, text) == 0);                                      \
  } while (0)

/* A call that is refused: the callback never runs, `user` is released at once. */
#define REFUSED(call, expected)   \
  do {                            \
    called = released = 0;        \
    CHECK_STATUS(call, expected); \
    CHECK(called == 0);           \
    CHECK(released == 1);         \
  } while (0)

#endif
