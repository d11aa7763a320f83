/* FileHandle: every operation, its streams, what a closed one says, and freeing at every moment. */
#include <fcntl.h>
#include <math.h>
#include <unistd.h>

#include "check.h"

static nodecore_loop *lp;
static void run(void) { CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL)); }

static int released;
static void release(void *user) {
  (void)user;
  released++;
}

/* What the last callback was told. */
static char code[32], text[256];
static size_t moved;
static int calls;
static void told(const nodecore_error *err) {
  calls++;
  code[0] = 0;
  if (err != NULL) {
    nodecore_str c = nodecore_error_code(err), s = nodecore_error_syscall(err);
    snprintf(code, sizeof code, "%.*s %.*s", (int)c.len, c.data, (int)s.len, s.data == NULL ? "" : s.data);
  }
}
static void on_done(const nodecore_error *err, void *user) {
  told(err);
  if (user != NULL) nodecore_file_handle_free(user);
}
static void on_io(const nodecore_error *err, size_t n, void *user) {
  (void)user;
  told(err);
  moved = n;
}
static void on_data(const nodecore_error *err, nodecore_buf *data, void *user) {
  (void)user;
  told(err);
  text[0] = 0;
  if (err == NULL && data->len != 0) strncat(text, data->data, data->len);
}
static void on_bufs(const nodecore_error *err, size_t n, nodecore_buf *bufs, size_t count, void *user) {
  (void)user;
  told(err);
  moved = n;
  text[0] = 0;
  for (size_t i = 0; i < count; i++) {
    if (bufs[i].len != 0) strncat(text, bufs[i].data, bufs[i].len);
    strcat(text, "|");
  }
}
static nodecore_stats stats;
static void on_stat(const nodecore_error *err, const nodecore_stats *s, void *user) {
  (void)user;
  told(err);
  if (err == NULL) stats = *s;
}
static void on_event(void *user) { strcat(text, user); }
static void on_handle(const nodecore_error *err, nodecore_file_handle *handle, void *user) {
  told(err);
  *(nodecore_file_handle **)user = handle;
}
static void free_at_once(const nodecore_error *err, nodecore_file_handle *handle, void *user) {
  (void)user;
  told(err);
  nodecore_file_handle_free(handle);
}

static char path[] = "handle-XXXXXX";
static nodecore_file_handle *opened(int flags) {
  nodecore_file_handle *handle = NULL;
  CHECK_OK(nodecore_file_handle_open(lp, path, NODECORE_AUTO_LEN, flags, 0, on_handle, &handle, NULL, NULL, NULL));
  run();
  CHECK(handle != NULL && nodecore_file_handle_fd(handle) >= 0);
  return handle;
}
static void put(const char *content) {
  CHECK_OK(nodecore_fs_write_file_sync(path, NODECORE_AUTO_LEN, content, strlen(content), NULL, NULL));
}
static bool holds(const char *expected) {
  nodecore_buf content = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_fs_read_file_sync(path, NODECORE_AUTO_LEN, NULL, &content, NULL));
  return gave(&content, expected);
}
#define ENDED(call)                       \
  do {                                    \
    int before_ = released;               \
    calls = 0;                            \
    CHECK_OK(call);                       \
    CHECK(calls == 0);                    \
    run();                                \
    CHECK(calls == 1 && code[0] == 0);    \
    CHECK(released == before_ + 1);       \
  } while (0)
#define LAST NULL, release, NULL, NULL

static void operations(void) {
  put("hello\nworld");
  nodecore_file_handle *h = opened(O_RDWR);
  nodecore_request *req = NULL;
  ENDED(nodecore_file_handle_read(h, 5, -1, on_data, NULL, release, &req, NULL));
  CHECK(strcmp(text, "hello") == 0 && req != NULL);
  CHECK(!nodecore_request_cancel(req));
  nodecore_request_free(req);
  ENDED(nodecore_file_handle_read(h, 100, 6, on_data, LAST));
  CHECK(strcmp(text, "world") == 0);
  ENDED(nodecore_file_handle_read(h, 0, -1, on_data, LAST));
  CHECK(text[0] == 0);
  size_t *lens = (size_t *)exact((const char *)(size_t[]){2, 0, 100}, sizeof(size_t[3]));
  ENDED(nodecore_file_handle_readv(h, lens, 3, 0, on_bufs, LAST));
  CHECK(strcmp(text, "he||llo\nworld|") == 0 && moved == 11);
  ENDED(nodecore_file_handle_readv(h, lens, 1, -1, on_bufs, LAST));
  CHECK(strcmp(text, "\nw|") == 0 && moved == 2);
  free(lens);
  ENDED(nodecore_file_handle_read_file(h, NULL, on_data, LAST));
  CHECK(strcmp(text, "orld") == 0);
  char *data = exact("HE", 2);
  ENDED(nodecore_file_handle_write(h, data, 2, 0, on_io, LAST));
  free(data);
  CHECK(moved == 2 && holds("HEllo\nworld"));
  nodecore_str parts[] = {{"ab", 2}, {NULL, 0}, {"c", 1}};
  ENDED(nodecore_file_handle_writev(h, parts, 3, 2, on_io, LAST));
  CHECK(moved == 3 && holds("HEabc\nworld"));
  nodecore_file_handle_options options = NODECORE_FILE_HANDLE_OPTIONS_INIT;
  options.flush = true;
  ENDED(nodecore_file_handle_write_file(h, "!", 1, &options, on_done, LAST));
  ENDED(nodecore_file_handle_append_file(h, "?", 1, NULL, on_done, LAST));
  CHECK(holds("HEabc\nworld!?"));
  ENDED(nodecore_file_handle_truncate(h, 3, on_done, LAST));
  CHECK(holds("HEa"));
  ENDED(nodecore_file_handle_chmod(h, 0640, on_done, LAST));
  ENDED(nodecore_file_handle_utimes(h, 1.5, 2.25, on_done, LAST));
  ENDED(nodecore_file_handle_chown(h, (uint32_t)getuid(), (uint32_t)getgid(), on_done, LAST));
  ENDED(nodecore_file_handle_sync(h, on_done, LAST));
  ENDED(nodecore_file_handle_datasync(h, on_done, LAST));
  ENDED(nodecore_file_handle_stat(h, NULL, on_stat, LAST));
  CHECK(stats.type == NODECORE_FS_FILE && stats.size == 3 && (stats.mode & 0777) == 0640);
  CHECK(stats.atime.sec == 1 && stats.atime.nsec == 500000000 && stats.mtime.sec == 2);

  /* Errors of the system come to the callback, those of arguments are returned. */
  nodecore_error *err = NULL;
  nodecore_file_handle *r = opened(O_RDONLY);
  calls = 0;
  CHECK_OK(nodecore_file_handle_write(r, "x", 1, -1, on_io, LAST));
  run();
  CHECK(calls == 1 && strcmp(code, "EBADF write") == 0 && moved == 0);
  CHECK_OK(nodecore_file_handle_readv(r, NULL, 0, -1, on_bufs, LAST));
  run();
  CHECK(calls == 2 && strcmp(code, "EINVAL read") == 0);
  CHECK_OK(nodecore_file_handle_truncate(r, 0, on_done, LAST));
  run();
  CHECK(calls == 3 && strcmp(code, "EINVAL ftruncate") == 0);
  int before = released;
  CHECK_STATUS(nodecore_file_handle_utimes(r, (double)NAN, 0, on_done, NULL, release, NULL, &err),
               NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_error_free(err);
  CHECK_STATUS(nodecore_file_handle_read(r, SIZE_MAX, 0, on_data, LAST), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_file_handle_write(r, NULL, 1, 0, on_io, LAST), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_file_handle_readv(r, NULL, 1, 0, on_bufs, LAST), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_file_handle_writev(r, NULL, 1, 0, on_io, LAST), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_file_handle_sync(r, NULL, LAST), NODECORE_ERR_INVALID_ARG_TYPE);
  options.struct_size = 3;
  CHECK_STATUS(nodecore_file_handle_read_file(r, &options, on_data, LAST), NODECORE_ERR_OUT_OF_RANGE);
  CHECK(released == before + 7 && calls == 3);

  /* Aborted: before, and meanwhile. */
  nodecore_abort_controller *controller = NULL;
  CHECK_OK(nodecore_abort_controller_new(&controller, NULL));
  nodecore_abort_signal *signal = nodecore_abort_controller_signal(controller);
  options = (nodecore_file_handle_options)NODECORE_FILE_HANDLE_OPTIONS_INIT;
  options.signal = signal;
  CHECK_OK(nodecore_file_handle_read_file(r, &options, on_data, LAST));
  CHECK_OK(nodecore_file_handle_write_file(h, "x", 1, &options, on_done, LAST));
  CHECK_OK(nodecore_file_handle_stat(r, &options, on_stat, LAST));
  nodecore_abort_controller_abort(controller, NULL);
  run();
  CHECK(calls == 6 && strcmp(code, "ABORT_ERR ") == 0);
  CHECK_STATUS(nodecore_file_handle_append_file(h, "x", 1, &options, on_done, NULL, release, NULL, &err),
               NODECORE_ABORT_ERR);
  CHECK(failed_with(&err, "ABORT_ERR", "The operation was aborted"));
  nodecore_abort_signal_free(signal);
  nodecore_abort_controller_free(controller);
  nodecore_file_handle_free(r);
  nodecore_file_handle_free(h);
}

static void closing(void) {
  put("0123456789");
  nodecore_file_handle *h = opened(O_RDONLY), *same = nodecore_file_handle_copy(h);
  nodecore_listener_id id, gone;
  nodecore_error *err = NULL;
  CHECK(nodecore_file_handle_fd(same) == nodecore_file_handle_fd(h));
  text[0] = 0;
  int before = released;
  CHECK_OK(nodecore_file_handle_on_close(h, on_event, "close ", release, &id));
  CHECK_OK(nodecore_file_handle_on_close(same, on_event, "never ", release, &gone));
  CHECK(nodecore_file_handle_off(h, gone) && !nodecore_file_handle_off(h, gone) && released == before + 1);
  /* While something is under way: the close comes behind it. */
  calls = 0;
  for (int i = 0; i < 8; i++) CHECK_OK(nodecore_file_handle_stat(h, NULL, on_stat, LAST));
  CHECK_OK(nodecore_file_handle_close(h, on_done, NULL, release, NULL));
  CHECK(nodecore_file_handle_fd(same) == -1);
  CHECK_OK(nodecore_file_handle_close(same, on_done, NULL, release, NULL));
  run();
  CHECK(calls == 10 && code[0] == 0 && strcmp(text, "close ") == 0 && released == before + 12);
  CHECK_OK(nodecore_file_handle_close(h, on_done, NULL, release, NULL));
  run();
  CHECK(calls == 11 && code[0] == 0);

  /* A closed handle refuses. */
  before = released;
  CHECK_STATUS(nodecore_file_handle_stat(h, NULL, on_stat, NULL, release, NULL, &err), NODECORE_EBADF);
  CHECK(is(nodecore_error_syscall(err), "fstat"));
  CHECK(failed_with(&err, "EBADF", "file closed"));
  CHECK_STATUS(nodecore_file_handle_read(h, 1, 0, on_data, LAST), NODECORE_EBADF);
  CHECK_STATUS(nodecore_file_handle_write(h, "x", 1, 0, on_io, LAST), NODECORE_EBADF);
  CHECK(released == before + 3 && calls == 11);
  nodecore_stream *s = NULL;
  CHECK_STATUS(nodecore_file_handle_create_read_stream(h, NULL, &s, &err), NODECORE_ERR_OUT_OF_RANGE);
  CHECK(failed_with(&err, "ERR_OUT_OF_RANGE",
                    "The value of \"fd\" is out of range. It must be >= 0 && <= 2147483647. Received -1"));
  CHECK_STATUS(nodecore_file_handle_create_write_stream(h, NULL, &s, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_file_handle_read_lines(h, NULL, &s, NULL), NODECORE_ERR_OUT_OF_RANGE);
  nodecore_web_readable *web = NULL;
  CHECK_STATUS(nodecore_file_handle_readable_web_stream(h, false, &web, &err), NODECORE_ERR_INVALID_STATE);
  CHECK(failed_with(&err, "ERR_INVALID_STATE", "Invalid state: The FileHandle is closed"));
  nodecore_file_handle_free(h);
  nodecore_file_handle_free(same);

  /* Freed with reads pending, by a callback, in the callback that opened it, and without having been used. */
  h = opened(O_RDONLY);
  calls = 0;
  CHECK_OK(nodecore_file_handle_read(h, 4, 0, on_data, LAST));
  CHECK_OK(nodecore_file_handle_on_close(h, on_event, "never ", release, NULL));
  nodecore_file_handle_free(h);
  run();
  CHECK(calls == 1 && strcmp(text, "0123") == 0);
  h = opened(O_RDONLY);
  CHECK_OK(nodecore_file_handle_sync(h, on_done, h, NULL, NULL, NULL));
  run();
  CHECK_OK(nodecore_file_handle_open(lp, path, NODECORE_AUTO_LEN, O_RDONLY, 0, free_at_once, NULL, release, NULL, NULL));
  run();
  nodecore_file_handle_free(opened(O_RDONLY));

  /* Cancelled: told, if it had not begun; closed, if it was opened for nobody. */
  nodecore_request *req = NULL;
  calls = 0;
  CHECK_OK(nodecore_file_handle_open(lp, path, NODECORE_AUTO_LEN, O_RDONLY, 0, free_at_once, NULL, NULL, &req, NULL));
  nodecore_request_cancel(req);
  nodecore_request_free(req);
  run();
  CHECK(calls == 1);
}

static char trace[256];
static void note(const nodecore_error *err, void *user) {
  strcat(trace, user);
  if (err != NULL) {
    nodecore_str c = nodecore_error_code(err);
    strncat(trace, c.data, c.len);
  }
  strcat(trace, " ");
}
static void chunk(nodecore_chunk *chunk, void *user) {
  if (chunk->bytes.len != 0) strncat(trace, chunk->bytes.data, chunk->bytes.len);
  strcat(trace, "|");
  if (user != NULL) nodecore_stream_destroy(user, NULL);
}
static void web_chunk(const nodecore_error *err, nodecore_chunk *c, void *user) {
  told(err);
  if (c != NULL) chunk(c, user);
  else if (err == NULL) strcat(trace, "end");
}

static void streams(void) {
  put("one\r\ntwo\n\nfour");
  nodecore_stream *s = NULL;
  nodecore_fs_stream_options options = NODECORE_FS_STREAM_OPTIONS_INIT;
  options.end = 7;
  options.has_end = true;
  options.high_water_mark = 5;
  nodecore_file_handle *h = opened(O_RDONLY);
  CHECK_OK(nodecore_file_handle_create_read_stream(h, &options, &s, NULL));
  nodecore_fs_stream_state state = NODECORE_FS_STREAM_STATE_INIT;
  CHECK_OK(nodecore_fs_stream_get_state(s, &state));
  CHECK(state.fd == nodecore_file_handle_fd(h) && state.path.data == NULL && !state.pending && state.auto_close);
  CHECK(state.has_end && state.end == 7 && !state.has_start && state.bytes_read == 0);
  trace[0] = 0;
  CHECK_OK(nodecore_stream_on_data(s, 0, chunk, NULL, NULL, NULL));
  CHECK_OK(nodecore_stream_on(s, NODECORE_EVENT_CLOSE, 0, note, "close", NULL, NULL));
  run();
  CHECK(strcmp(trace, "one\r\n|two|close ") == 0 && nodecore_file_handle_fd(h) == -1);
  CHECK_OK(nodecore_fs_stream_get_state(s, &state));
  CHECK(state.bytes_read == 8 && state.fd == -1 && state.pending);
  nodecore_stream_free(s);
  nodecore_file_handle_free(h);

  /* Lines; the stream keeps the handle. */
  h = opened(O_RDONLY);
  CHECK_OK(nodecore_file_handle_read_lines(h, NULL, &s, NULL));
  trace[0] = 0;
  CHECK_OK(nodecore_stream_on_data(s, 0, chunk, NULL, NULL, NULL));
  CHECK_OK(nodecore_stream_on(s, NODECORE_EVENT_CLOSE, 0, note, "close", NULL, NULL));
  nodecore_file_handle_free(h);
  nodecore_stream_free(s);
  run();
  CHECK(strcmp(trace, "one|two||four|close ") == 0);
  h = opened(O_RDONLY);
  CHECK_OK(nodecore_file_handle_read_lines(h, NULL, &s, NULL));
  trace[0] = 0;
  CHECK_OK(nodecore_stream_on_data(s, 0, chunk, s, NULL, NULL));
  run();
  CHECK(strcmp(trace, "one|") == 0 && nodecore_file_handle_fd(h) == -1);
  nodecore_stream_free(s);
  nodecore_file_handle_free(h);

  /* Writing, aborted and not. */
  nodecore_abort_controller *controller = NULL;
  CHECK_OK(nodecore_abort_controller_new(&controller, NULL));
  nodecore_abort_signal *signal = nodecore_abort_controller_signal(controller);
  options = (nodecore_fs_stream_options)NODECORE_FS_STREAM_OPTIONS_INIT;
  options.signal = signal;
  options.start = 3;
  options.no_auto_close = true;
  h = opened(O_RDWR | O_TRUNC);
  CHECK_OK(nodecore_file_handle_create_write_stream(h, &options, &s, NULL));
  CHECK_OK(nodecore_stream_on(s, NODECORE_EVENT_ERROR, 0, note, "error:", NULL, NULL));
  trace[0] = 0;
  nodecore_stream_write(s, "abc", 3);
  run();
  CHECK(nodecore_file_handle_fd(h) >= 0);
  CHECK_OK(nodecore_fs_stream_get_state(s, &state));
  CHECK(state.bytes_written == 3 && !state.auto_close && state.has_start && state.start == 3);
  nodecore_abort_controller_abort(controller, NULL);
  run();
  CHECK(strcmp(trace, "error:ABORT_ERR ") == 0 && nodecore_file_handle_fd(h) == -1);
  nodecore_abort_signal_free(signal);
  nodecore_abort_controller_free(controller);
  nodecore_stream_free(s);
  nodecore_file_handle_free(h);
  nodecore_buf content = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_fs_read_file_sync(path, NODECORE_AUTO_LEN, NULL, &content, NULL));
  CHECK(content.len == 6 && memcmp(content.data, "\0\0\0abc", 6) == 0);
  nodecore_buf_free(&content);

  /* As a stream of the Web's kind. */
  put("web");
  h = opened(O_RDONLY);
  nodecore_web_readable *web = NULL, *again = NULL;
  CHECK_OK(nodecore_file_handle_readable_web_stream(h, true, &web, NULL));
  CHECK_STATUS(nodecore_file_handle_readable_web_stream(h, true, &again, NULL), NODECORE_ERR_INVALID_STATE);
  nodecore_web_reader *reader = NULL;
  CHECK_OK(nodecore_web_readable_get_reader(web, &reader, NULL));
  trace[0] = 0;
  CHECK_OK(nodecore_web_reader_read(reader, web_chunk, NULL, NULL));
  CHECK_OK(nodecore_web_reader_read(reader, web_chunk, NULL, NULL));
  run();
  CHECK(strcmp(trace, "web|end") == 0 && nodecore_file_handle_fd(h) == -1);
  nodecore_web_reader_free(reader);
  nodecore_web_readable_free(web);
  nodecore_file_handle_free(h);
}

static void nulls(void) {
  nodecore_file_handle *none = NULL;
  nodecore_stream *s = NULL;
  nodecore_web_readable *web = NULL;
  nodecore_error *err = NULL;
  int before = released;
  CHECK_STATUS(nodecore_file_handle_open(NULL, path, 1, 0, 0, on_handle, LAST), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_file_handle_open(lp, NULL, 1, 0, 0, on_handle, LAST), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_file_handle_open(lp, path, 1, 0, 0, NULL, LAST), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_file_handle_open(lp, "a\0b", 3, 0, 0, on_handle, NULL, release, NULL, &err),
               NODECORE_ERR_INVALID_ARG_VALUE);
  nodecore_error_free(err);
  CHECK_STATUS(nodecore_file_handle_open(lp, path, 1, 0, -1, on_handle, LAST), NODECORE_ERR_OUT_OF_RANGE);
  CHECK(released == before + 5);
  calls = 0;
  CHECK_OK(nodecore_file_handle_open(lp, "none/none", NODECORE_AUTO_LEN, O_RDONLY, 0, on_handle, &none, NULL, NULL, NULL));
  run();
  CHECK(calls == 1 && none == NULL && strcmp(code, "ENOENT open") == 0);
  before = released;
  CHECK_STATUS(nodecore_file_handle_close(NULL, on_done, NULL, release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_file_handle_on_close(NULL, on_event, NULL, release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_file_handle_read(NULL, 1, 0, on_data, LAST), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_file_handle_readv(NULL, NULL, 0, 0, on_bufs, LAST), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_file_handle_write(NULL, "x", 1, 0, on_io, LAST), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_file_handle_writev(NULL, NULL, 0, 0, on_io, LAST), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_file_handle_read_file(NULL, NULL, on_data, LAST), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_file_handle_write_file(NULL, "x", 1, NULL, on_done, LAST), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_file_handle_append_file(NULL, "x", 1, NULL, on_done, LAST), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_file_handle_stat(NULL, NULL, on_stat, LAST), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_file_handle_truncate(NULL, 0, on_done, LAST), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_file_handle_chmod(NULL, 0, on_done, LAST), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_file_handle_chown(NULL, 0, 0, on_done, LAST), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_file_handle_utimes(NULL, 0, 0, on_done, LAST), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_file_handle_sync(NULL, on_done, LAST), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_file_handle_datasync(NULL, on_done, LAST), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(released == before + 16);
  CHECK_STATUS(nodecore_file_handle_create_read_stream(NULL, NULL, &s, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_file_handle_create_write_stream(NULL, NULL, &s, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_file_handle_read_lines(NULL, NULL, &s, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_file_handle_readable_web_stream(NULL, true, &web, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(nodecore_file_handle_fd(NULL) == -1 && nodecore_file_handle_copy(NULL) == NULL);
  CHECK(!nodecore_file_handle_off(NULL, (nodecore_listener_id){1, 1}));
  nodecore_file_handle_free(NULL);
}

int main(void) {
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  int fd = mkstemp(path);
  CHECK(fd >= 0 && close(fd) == 0);
  operations();
  closing();
  streams();
  nulls();

  /* A loop that is freed with requests pending, and handles that outlive it. */
  put("late");
  nodecore_file_handle *h = opened(O_RDONLY);
  calls = 0;
  int before = released;
  CHECK_OK(nodecore_file_handle_read(h, 4, 0, on_data, LAST));
  CHECK_STATUS(nodecore_loop_close(lp, NULL), NODECORE_EBUSY);
  run();
  CHECK(calls == 1 && strcmp(text, "late") == 0 && released == before + 1);
  nodecore_stream *s = NULL;
  CHECK_OK(nodecore_file_handle_create_read_stream(h, NULL, &s, NULL));
  CHECK_OK(nodecore_stream_on(s, NODECORE_EVENT_CLOSE, 0, note, "never", release, NULL));
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
  nodecore_stream_free(s);
  nodecore_file_handle_free(h);
  CHECK(remove(path) == 0);
  return 0;
}
