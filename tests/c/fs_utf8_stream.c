/* Utf8Stream: what it writes, its events and properties, and its end at every moment. */
#include <fcntl.h>
#include <unistd.h>

#include "check.h"

static nodecore_loop *lp;
static void run(void) { CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL)); }

static int released;
static void release(void *user) {
  (void)user;
  released++;
}
static char trace[512];
static void note(const nodecore_error *err, void *user) {
  strcat(trace, user);
  if (err != NULL) {
    nodecore_str code = nodecore_error_code(err);
    strcat(trace, ":");
    strncat(trace, code.data, code.len);
  }
  strcat(trace, " ");
}
static void wrote(size_t n, void *user) {
  (void)user;
  sprintf(trace + strlen(trace), "write:%zu ", n);
}
static void dropped(nodecore_str data, void *user) {
  (void)user;
  sprintf(trace + strlen(trace), "drop:%.*s ", (int)data.len, data.data);
}
static void free_stream(const nodecore_error *err, void *user) {
  (void)err;
  nodecore_utf8_stream_free(user);
}
static void nothing(void *user) { (void)user; }
static int retries;
static bool no_retry(const nodecore_error *err, size_t len, size_t behind, void *user) {
  (void)user;
  retries++;
  CHECK(is(nodecore_error_code(err), "EAGAIN") && len > 0 && behind == 0);
  return false;
}

static char dir[] = "utf8-XXXXXX";
static char path[64], other[64];
static nodecore_utf8_stream *made(const nodecore_utf8_stream_options *options) {
  nodecore_utf8_stream *s = NULL;
  CHECK_OK(nodecore_utf8_stream_new(lp, path, NODECORE_AUTO_LEN, options, NULL, NULL, NULL, &s, NULL));
  static const char *const names[] = {"ready", "drain", "finish", "close", "error"};
  for (int i = 0; i < 5; i++)
    CHECK_OK(nodecore_utf8_stream_on(s, NODECORE_UTF8_STREAM_READY + i, note, (void *)names[i], release, NULL));
  trace[0] = 0;
  return s;
}
static void put(nodecore_utf8_stream *s, const char *text) {
  char *data = exact(text, strlen(text));
  CHECK_OK(nodecore_utf8_stream_write(s, data, strlen(text), NULL, NULL));
  free(data);
}
static bool holds(const char *name, const char *expected) {
  nodecore_buf content = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_fs_read_file_sync(name, NODECORE_AUTO_LEN, NULL, &content, NULL));
  return gave(&content, expected);
}

int main(void) {
  nodecore_error *err = NULL;
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  CHECK(mkdtemp(dir) != NULL);
  snprintf(path, sizeof path, "%s/a/log", dir);
  snprintf(other, sizeof other, "%s/other", dir);

  /* Written, flushed, ended; the properties. */
  nodecore_utf8_stream_options options = NODECORE_UTF8_STREAM_OPTIONS_INIT;
  options.mkdir = true;
  options.mode = 0600;
  options.fsync = true;
  nodecore_utf8_stream *s = made(&options);
  nodecore_utf8_stream_state state = NODECORE_UTF8_STREAM_STATE_INIT;
  nodecore_buf file = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_utf8_stream_get_state(s, &state));
  CHECK(state.fd == -1 && state.writing && state.append && state.mkdir && state.fsync && !state.sync &&
        state.mode == 0600 && state.max_write == 16384 && state.min_length == 0 && state.max_length == 0 &&
        state.periodic_flush == 0 && state.struct_size == sizeof state);
  CHECK_OK(nodecore_utf8_stream_file(s, &file, NULL));
  CHECK(gave(&file, ""));
  CHECK_STATUS(nodecore_utf8_stream_flush_sync(s, &err), NODECORE_ERR_INVALID_STATE);
  nodecore_error_free(err);
  CHECK_OK(nodecore_utf8_stream_on_write(s, wrote, NULL, release, NULL));
  put(s, "one\n");
  run();
  CHECK(strcmp(trace, "ready write:4 drain ") == 0);
  CHECK_OK(nodecore_utf8_stream_get_state(s, &state));
  CHECK(state.fd >= 0 && !state.writing);
  CHECK_OK(nodecore_utf8_stream_file(s, &file, NULL));
  CHECK(gave(&file, path));
  trace[0] = 0;
  put(s, "two\n");
  CHECK_OK(nodecore_utf8_stream_flush(s, note, "flushed", release, NULL));
  CHECK_OK(nodecore_utf8_stream_flush(s, NULL, NULL, release, NULL));
  run();
  CHECK(strcmp(trace, "write:4 drain flushed ") == 0 && released == 2 && holds(path, "one\ntwo\n"));
  trace[0] = 0;
  put(s, "three\n");
  CHECK_OK(nodecore_utf8_stream_end(s, NULL));
  run();
  CHECK(strcmp(trace, "write:6 finish close ") == 0 && released == 8 && holds(path, "one\ntwo\nthree\n"));
  /* Once it is destroyed it refuses. */
  CHECK_STATUS(nodecore_utf8_stream_write(s, "x", 1, NULL, &err), NODECORE_ERR_INVALID_STATE);
  CHECK(failed_with(&err, "ERR_INVALID_STATE", "Invalid state: Utf8Stream is destroyed"));
  CHECK_STATUS(nodecore_utf8_stream_flush(s, note, NULL, release, NULL), NODECORE_ERR_INVALID_STATE);
  CHECK_STATUS(nodecore_utf8_stream_end(s, NULL), NODECORE_ERR_INVALID_STATE);
  CHECK_STATUS(nodecore_utf8_stream_reopen(s, NULL, 0, NULL), NODECORE_ERR_INVALID_STATE);
  CHECK_STATUS(nodecore_utf8_stream_flush_sync(s, NULL), NODECORE_ERR_INVALID_STATE);
  CHECK(released == 9);
  nodecore_utf8_stream_destroy(s);
  nodecore_utf8_stream_free(s);

  /* What waits: room, drops, a flush here and now. */
  options = (nodecore_utf8_stream_options)NODECORE_UTF8_STREAM_OPTIONS_INIT;
  options.min_length = 100;
  options.max_length = 10;
  options.no_append = true;
  options.sync = true;
  s = made(&options);
  CHECK_OK(nodecore_utf8_stream_on_drop(s, dropped, NULL, release, NULL));
  nodecore_listener_id id;
  CHECK_OK(nodecore_utf8_stream_on(s, NODECORE_UTF8_STREAM_READY, note, "never", release, &id));
  CHECK(nodecore_utf8_stream_off(s, id) && !nodecore_utf8_stream_off(s, id));
  run();
  bool more = false;
  CHECK_OK(nodecore_utf8_stream_write(s, "waiting", 7, &more, NULL));
  CHECK(more && holds(path, ""));
  CHECK_OK(nodecore_utf8_stream_write(s, "dropped", 7, NULL, NULL));
  CHECK_OK(nodecore_utf8_stream_flush_sync(s, NULL));
  CHECK(holds(path, "waiting") && strcmp(trace, "ready drop:dropped ") == 0);
  CHECK_OK(nodecore_utf8_stream_get_state(s, &state));
  CHECK(state.sync && !state.append && state.min_length == 100 && state.max_length == 10);
  put(s, "lost");
  nodecore_utf8_stream_destroy(s);
  run();
  CHECK(strcmp(trace, "ready drop:dropped close ") == 0 && holds(path, "waiting"));
  nodecore_utf8_stream_free(s);

  /* Much waits: false, and then drain. A timer writes what is little. */
  s = made(NULL);
  char *much = malloc(20000);
  CHECK(much != NULL);
  memset(much, 'x', 20000);
  CHECK_OK(nodecore_utf8_stream_write(s, much, 20000, &more, NULL));
  free(much);
  CHECK(!more);
  run();
  CHECK(strcmp(trace, "ready drain ") == 0);
  CHECK_OK(nodecore_utf8_stream_reopen(s, other, NODECORE_AUTO_LEN, NULL));
  put(s, "other");
  CHECK_OK(nodecore_utf8_stream_reopen(s, NULL, 0, NULL));
  run();
  CHECK_OK(nodecore_utf8_stream_file(s, &file, NULL));
  CHECK(gave(&file, other) && holds(other, "other"));
  trace[0] = 0;
  CHECK_OK(nodecore_utf8_stream_reopen(s, "none/none", NODECORE_AUTO_LEN, NULL));
  run();
  CHECK(strcmp(trace, "error:ENOENT ") == 0);
  put(s, "!");
  CHECK_OK(nodecore_utf8_stream_end(s, NULL));
  run();
  CHECK(holds(other, "other!"));
  nodecore_utf8_stream_free(s);
  options = (nodecore_utf8_stream_options)NODECORE_UTF8_STREAM_OPTIONS_INIT;
  options.min_length = 100;
  options.periodic_flush = 1;
  options.has_fd = true;
  options.fd = open(other, O_WRONLY | O_TRUNC);
  s = made(&options);
  put(s, "timer");
  /* Its timer does not keep the loop alive. */
  nodecore_timer *alive = NULL;
  CHECK_OK(nodecore_loop_set_timeout(lp, 60000, nothing, NULL, NULL, &alive));
  for (int i = 0; i < 10000 && strstr(trace, "drain") == NULL; i++) {
    CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_NOWAIT, NULL, NULL));
    usleep(1000);
  }
  CHECK(holds(other, "timer"));
  nodecore_timer_clear(alive);
  nodecore_timer_free(alive);
  CHECK_STATUS(nodecore_utf8_stream_reopen(s, NULL, 0, NULL), NODECORE_ERR_INVALID_STATE);
  nodecore_utf8_stream_destroy(s);
  run();
  nodecore_utf8_stream_free(s);

  /* A pipe that is full: whether to try again is asked. */
  int ends[2];
  CHECK(pipe(ends) == 0 && fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0);
  char block[4096] = {0};
  while (write(ends[1], block, sizeof block) > 0) continue;
  options = (nodecore_utf8_stream_options)NODECORE_UTF8_STREAM_OPTIONS_INIT;
  options.has_fd = true;
  options.fd = ends[1];
  CHECK_OK(nodecore_utf8_stream_new(lp, NULL, 0, &options, no_retry, NULL, release, &s, NULL));
  CHECK_OK(nodecore_utf8_stream_on(s, NODECORE_UTF8_STREAM_ERROR, note, "error", NULL, NULL));
  trace[0] = 0;
  put(s, "x");
  run();
  CHECK(retries == 1 && strcmp(trace, "error:EAGAIN ") == 0);
  int before = released;
  nodecore_utf8_stream_destroy(s);
  run();
  nodecore_utf8_stream_free(s);
  CHECK(released == before + 1 && close(ends[0]) == 0);

  /* One that cannot be opened; without a listener the loop tells. */
  snprintf(path, sizeof path, "%s/none/log", dir);
  s = made(NULL);
  run();
  CHECK(strcmp(trace, "error:ENOENT ") == 0);
  CHECK_STATUS(nodecore_utf8_stream_write(s, "x", 1, NULL, NULL), NODECORE_ERR_OUT_OF_RANGE);
  nodecore_utf8_stream_free(s);
  CHECK_OK(nodecore_utf8_stream_new(lp, path, NODECORE_AUTO_LEN, NULL, NULL, NULL, NULL, &s, NULL));
  CHECK_STATUS(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, &err), NODECORE_ENOENT);
  CHECK(is(nodecore_error_syscall(err), "open") && is(nodecore_error_path(err), path));
  nodecore_error_free(err);
  run();
  nodecore_utf8_stream_free(s);

  /* Freed in its own event, and with writes and a flush pending. */
  snprintf(path, sizeof path, "%s/a/log", dir);
  s = made(NULL);
  CHECK_OK(nodecore_utf8_stream_on(s, NODECORE_UTF8_STREAM_READY, free_stream, s, NULL, NULL));
  run();
  s = made(NULL);
  put(s, "pending");
  before = released;
  CHECK_OK(nodecore_utf8_stream_flush(s, note, "flushed", release, NULL));
  nodecore_utf8_stream_free(s);
  run();
  CHECK(strstr(trace, "flushed ") != NULL && released >= before + 1);

  /* What is refused, with NULL and without. */
  before = released;
  options = (nodecore_utf8_stream_options)NODECORE_UTF8_STREAM_OPTIONS_INIT;
  options.min_length = 9;
  options.max_write = 9;
  CHECK_STATUS(nodecore_utf8_stream_new(lp, path, 1, &options, no_retry, NULL, release, &s, &err),
               NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE",
                    "The argument 'minLength' should be smaller than maxWrite (9). Received 9"));
  options = (nodecore_utf8_stream_options)NODECORE_UTF8_STREAM_OPTIONS_INIT;
  options.has_fd = true;
  options.fd = -1;
  CHECK_STATUS(nodecore_utf8_stream_new(lp, path, 1, &options, NULL, NULL, release, &s, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_utf8_stream_new(NULL, path, 1, NULL, NULL, NULL, release, &s, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_utf8_stream_new(lp, NULL, 1, NULL, NULL, NULL, release, &s, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_utf8_stream_new(lp, path, 1, NULL, NULL, NULL, release, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_utf8_stream_flush(NULL, note, NULL, release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_utf8_stream_on(NULL, 1, note, NULL, release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_utf8_stream_on_write(NULL, wrote, NULL, release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_utf8_stream_on_drop(NULL, dropped, NULL, release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(released == before + 9);
  CHECK_STATUS(nodecore_utf8_stream_write(NULL, "x", 1, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_utf8_stream_flush_sync(NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_utf8_stream_reopen(NULL, NULL, 0, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_utf8_stream_end(NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_utf8_stream_file(NULL, &file, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_utf8_stream_get_state(NULL, &state), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(!nodecore_utf8_stream_off(NULL, id));
  nodecore_utf8_stream_destroy(NULL);
  nodecore_utf8_stream_free(NULL);
  s = made(NULL);
  CHECK_STATUS(nodecore_utf8_stream_write(s, NULL, 1, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_utf8_stream_on(s, 6, note, NULL, NULL, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_utf8_stream_on(s, 1, NULL, NULL, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_utf8_stream_file(s, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  state.struct_size = 2;
  CHECK_STATUS(nodecore_utf8_stream_get_state(s, &state), NODECORE_ERR_OUT_OF_RANGE);

  /* The loop goes before the stream. */
  run();
  put(s, "late");
  CHECK_STATUS(nodecore_loop_close(lp, NULL), NODECORE_EBUSY);
  run();
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
  nodecore_utf8_stream_free(s);
  CHECK(remove(path) == 0 && remove(other) == 0);
  strcpy(strrchr(path, '/'), "");
  CHECK(remove(path) == 0 && remove(dir) == 0);
  return 0;
}
