/* Streams of files, codecs and hashes carry what all streams of the C interface do; the options of file streams. */
#include <fcntl.h>

#include "check.h"

static nodecore_loop *lp;
static void run(void) { CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL)); }

static char trace[256];
static void note(const nodecore_error *err, void *user) {
  strcat(trace, user);
  if (err != NULL) {
    nodecore_str code = nodecore_error_code(err);
    strncat(trace, code.data, code.len);
  }
  strcat(trace, " ");
}
static void data(nodecore_chunk *chunk, void *user) {
  CHECK(chunk->object == NULL);
  strcat(trace, user);
  strncat(trace, chunk->bytes.data, chunk->bytes.len);
  strcat(trace, " ");
}
static void abort_it(nodecore_chunk *chunk, void *user) {
  CHECK(chunk->bytes.len == 2);
  nodecore_abort_controller_abort(user, NULL);
}

static int alive;
static void retain(void *object) {
  (void)object;
  alive++;
}
static void release(void *object) {
  (void)object;
  alive--;
}
static const nodecore_object_type counted = {retain, release};

static char path[] = "stream-XXXXXX";
static nodecore_stream *writing(const nodecore_fs_stream_options *options) {
  nodecore_stream *s = NULL;
  CHECK_OK(nodecore_fs_create_write_stream(lp, path, NODECORE_AUTO_LEN, options, &s, NULL));
  return s;
}
static nodecore_stream *reading(const nodecore_fs_stream_options *options) {
  nodecore_stream *s = NULL;
  CHECK_OK(nodecore_fs_create_read_stream(lp, path, NODECORE_AUTO_LEN, options, &s, NULL));
  return s;
}
static bool holds(const char *expected) {
  nodecore_buf content = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_fs_read_file_sync(path, NODECORE_AUTO_LEN, NULL, &content, NULL));
  return gave(&content, expected);
}

/* ---- What streams tell of their file, and their close ---- */

static void opened(nodecore_fd fd, void *user) {
  CHECK(fd >= 0);
  strcat(trace, user);
}
static void ready(void *user) { strcat(trace, user); }
static int released;
static void let_go(void *user) {
  (void)user;
  released++;
}
static void free_stream(const nodecore_error *err, void *user) {
  (void)err;
  nodecore_stream_free(user);
}
static void ask_source(nodecore_stream *source, void *user) {
  nodecore_fs_stream_state state = NODECORE_FS_STREAM_STATE_INIT;
  CHECK_OK(nodecore_fs_stream_get_state(source, &state));
  CHECK(is(state.path, path));
  strcat(trace, user);
}

static void telling(void) {
  nodecore_fs_stream_options options = NODECORE_FS_STREAM_OPTIONS_INIT;
  options.start = 1;
  options.end = 2;
  options.has_end = true;
  nodecore_stream *s = reading(&options);
  nodecore_fs_stream_state state = NODECORE_FS_STREAM_STATE_INIT;
  CHECK_OK(nodecore_fs_stream_get_state(s, &state));
  CHECK(state.struct_size == sizeof state && is(state.path, path) && state.fd == -1 && state.pending);
  CHECK(state.flags == O_RDONLY && state.mode == 0666 && state.auto_close);
  CHECK(state.has_start && state.start == 1 && state.has_end && state.end == 2 && state.bytes_read == 0);
  nodecore_listener_id open_id, data_id;
  trace[0] = 0;
  CHECK_OK(nodecore_fs_stream_on_open(s, opened, "open ", let_go, NULL));
  CHECK_OK(nodecore_fs_stream_on_open(s, opened, "never ", let_go, &open_id));
  CHECK_OK(nodecore_fs_stream_on_ready(s, ready, "ready ", let_go, NULL));
  CHECK_OK(nodecore_stream_on_data(s, 0, data, "never", let_go, &data_id));
  CHECK_OK(nodecore_stream_on_data(s, 0, data, "data:", let_go, NULL));
  CHECK(nodecore_fs_stream_off(s, open_id) && !nodecore_fs_stream_off(s, open_id));
  CHECK(nodecore_fs_stream_off(s, data_id) && released == 2);
  run();
  CHECK(strcmp(trace, "open ready data:Xc ") == 0 && released == 5);
  CHECK_OK(nodecore_fs_stream_get_state(s, &state));
  CHECK(state.bytes_read == 2 && state.bytes_written == 0 && state.pending && state.fd == -1);
  nodecore_stream_free(s);

  /* Told of a stream that an event lends, too. */
  nodecore_stream *to = NULL;
  CHECK_OK(nodecore_stream_new(lp, NODECORE_STREAM_TRANSFORM, NULL, NULL, NULL, NULL, &to, NULL));
  CHECK_STATUS(nodecore_fs_stream_get_state(to, &state), NODECORE_ERR_INVALID_ARG_TYPE);
  s = reading(NULL);
  trace[0] = 0;
  CHECK_OK(nodecore_stream_on_pipe(to, NODECORE_EVENT_PIPE, 0, ask_source, "source ", NULL, NULL));
  CHECK_OK(nodecore_stream_pipe(s, to, false));
  CHECK(strcmp(trace, "source ") == 0);
  nodecore_stream_destroy(s, NULL);
  nodecore_stream_free(to);
  run();

  /* Closing: one that reads is told that this was early, one that writes writes first. */
  nodecore_stream *again = nodecore_stream_copy(s);
  trace[0] = 0;
  released = 0;
  CHECK_OK(nodecore_fs_stream_close(s, note, "closed:", let_go));
  nodecore_stream_free(s);
  run();
  CHECK(strcmp(trace, "closed:ERR_STREAM_PREMATURE_CLOSE ") == 0 && released == 1);
  nodecore_stream_free(again);
  options = (nodecore_fs_stream_options)NODECORE_FS_STREAM_OPTIONS_INIT;
  options.no_auto_close = true;
  s = writing(&options);
  trace[0] = 0;
  nodecore_stream_write(s, "closed", 6);
  CHECK_OK(nodecore_fs_stream_close(s, note, "closed", let_go));
  CHECK_OK(nodecore_fs_stream_close(s, NULL, NULL, NULL));
  run();
  CHECK(strcmp(trace, "closed ") == 0 && released == 2 && holds("closed"));
  CHECK_OK(nodecore_fs_stream_get_state(s, &state));
  CHECK(state.bytes_written == 6 && !state.auto_close && state.pending);
  /* Freed in its own event. */
  s = (nodecore_stream_free(s), reading(NULL));
  CHECK_OK(nodecore_stream_on(s, NODECORE_EVENT_CLOSE, 0, free_stream, s, NULL, NULL));
  nodecore_stream_resume(s);
  run();

  released = 0;
  CHECK_STATUS(nodecore_fs_stream_get_state(NULL, &state), NODECORE_ERR_INVALID_ARG_TYPE);
  state.struct_size = 1;
  s = reading(NULL);
  CHECK_STATUS(nodecore_fs_stream_get_state(s, &state), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_fs_stream_get_state(s, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_stream_on_open(s, NULL, NULL, let_go, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_stream_on_ready(NULL, ready, NULL, let_go, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_stream_close(NULL, note, NULL, let_go), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(released == 3 && !nodecore_fs_stream_off(NULL, open_id));
  nodecore_stream_free(s);
  run();
}

/* ---- Functions in place of the system's: a file in memory, that replies at once or in the next tick ---- */

typedef struct {
  char bytes[64];
  size_t len, most;
  bool later;
  const char *bad;
  char calls[256];
} memory;

typedef struct {
  nodecore_fs_done *done;
  nodecore_error *err;
  size_t value;
} reply;
static void reply_now(void *user) {
  reply *r = user;
  nodecore_fs_done_call(r->done, r->err, r->value);
  nodecore_error_free(r->err);
  free(r);
}
static void answer(memory *m, const char *name, nodecore_fs_done *done, size_t value) {
  reply *r = malloc(sizeof *r);
  CHECK(r != NULL);
  *r = (reply){done, NULL, value};
  if (m->bad != NULL && strcmp(m->bad, name) == 0)
    CHECK_OK(nodecore_error_new(NODECORE_EIO, name, strlen(name), &r->err));
  strcat(strcat(m->calls, name), " ");
  if (m->later) CHECK_OK(nodecore_loop_next_tick(lp, reply_now, r, NULL));
  else reply_now(r);
}
static void mem_open(nodecore_str p, int32_t flags, uint32_t mode, nodecore_fs_done *done, void *user) {
  CHECK(is(p, "any") && mode == 0666);
  if (flags & O_TRUNC) ((memory *)user)->len = 0;
  answer(user, "open", done, 77);
}
static void mem_read(nodecore_fd fd, void *buffer, size_t len, int64_t position, nodecore_fs_done *done,
                     void *user) {
  memory *m = user;
  CHECK(fd == 77 && position >= 0);
  size_t left = m->len - (size_t)position, n = left < len ? left : len;
  if (n > m->most) n = m->most;
  memset(buffer, 0, len);
  memcpy(buffer, m->bytes + position, n);
  answer(m, "read", done, n);
}
static void mem_write(nodecore_fd fd, const void *data, size_t len, int64_t position,
                      nodecore_fs_done *done, void *user) {
  memory *m = user;
  CHECK(fd == 77 && position == -1);
  if (len > m->most) len = m->most;
  memcpy(m->bytes + m->len, data, len);
  m->len += len;
  answer(m, "write", done, len);
}
static void mem_writev(nodecore_fd fd, const nodecore_str *parts, size_t count, int64_t position,
                       nodecore_fs_done *done, void *user) {
  memory *m = user;
  size_t n = 0;
  CHECK(fd == 77 && position == -1);
  for (size_t i = 0; i < count; i++) {
    memcpy(m->bytes + m->len + n, parts[i].data, parts[i].len);
    n += parts[i].len;
  }
  m->len += n;
  answer(m, "writev", done, n);
}
static void mem_fsync(nodecore_fd fd, nodecore_fs_done *done, void *user) {
  CHECK(fd == 77);
  answer(user, "fsync", done, 0);
}
static void mem_close(nodecore_fd fd, nodecore_fs_done *done, void *user) {
  CHECK(fd == 77);
  answer(user, "close", done, 0);
}
static nodecore_fs_done *held[4];
static int helds;
static void keep(nodecore_fd fd, void *buffer, size_t len, int64_t position, nodecore_fs_done *done,
                 void *user) {
  (void)fd;
  (void)position;
  (void)user;
  memset(buffer, 'k', len);
  held[helds++] = done;
}

static void hooked(void) {
  nodecore_fs_stream_hooks hooks = NODECORE_FS_STREAM_HOOKS_INIT;
  hooks.open = mem_open;
  hooks.read = mem_read;
  hooks.write = mem_write;
  hooks.writev = mem_writev;
  hooks.fsync = mem_fsync;
  hooks.close = mem_close;
  nodecore_fs_stream_options flushed = NODECORE_FS_STREAM_OPTIONS_INIT, first = flushed;
  flushed.flush = true;
  first.has_start = true;
  nodecore_stream *s = NULL;
  released = 0;
  for (int later = 0; later < 2; later++) {
    memory m = {.most = 4, .later = later != 0};
    CHECK_OK(nodecore_fs_create_write_stream_with(lp, "any", 3, &flushed, &hooks, &m, let_go, &s, NULL));
    nodecore_stream_write(s, "one ", 4);
    nodecore_stream_write(s, "two", 3);
    run();
    nodecore_stream_write(s, " three", 6);
    nodecore_stream_end(s);
    run();
    nodecore_fs_stream_state state = NODECORE_FS_STREAM_STATE_INIT;
    CHECK_OK(nodecore_fs_stream_get_state(s, &state));
    CHECK(state.bytes_written == 13 && is(state.path, "any"));
    nodecore_stream_free(s);
    CHECK(strcmp(m.calls, "open writev write write fsync close ") == 0);
    CHECK(m.len == 13 && memcmp(m.bytes, "one two three", 13) == 0 && released == later * 2 + 1);
    m.calls[0] = trace[0] = 0;
    CHECK_OK(nodecore_fs_create_read_stream_with(lp, "any", 3, &first, &hooks, &m, let_go, &s, NULL));
    CHECK_OK(nodecore_stream_on_data(s, 0, data, "", NULL, NULL));
    run();
    nodecore_stream_free(s);
    CHECK(strcmp(trace, "one  two  thre e ") == 0 && released == later * 2 + 2);
    CHECK(strcmp(m.calls, "open read read read read read close ") == 0);
  }
  static const char *const bad[] = {"open", "write", "fsync", "close"};
  for (int i = 0; i < 4; i++) {
    memory m = {.most = 64, .bad = bad[i]};
    CHECK_OK(nodecore_fs_create_write_stream_with(lp, "any", 3, &flushed, &hooks, &m, NULL, &s, NULL));
    trace[0] = 0;
    CHECK_OK(nodecore_stream_on(s, NODECORE_EVENT_ERROR, 0, note, "error:", NULL, NULL));
    nodecore_stream_write(s, "x", 1);
    nodecore_stream_end(s);
    run();
    CHECK(strcmp(trace, "error:EIO ") == 0);
    nodecore_stream_free(s);
  }

  /* What replies late, or never, and after the stream is gone. */
  memory m = {.most = 64};
  hooks.read = keep;
  for (int i = 0; i < 4; i++) {
    CHECK_OK(nodecore_fs_create_read_stream_with(lp, "any", 3, NULL, &hooks, &m, let_go, &s, NULL));
    nodecore_stream_resume(s);
    run();
    if (i == 3) nodecore_stream_destroy(s, NULL);
    nodecore_stream_free(s);
  }
  CHECK(helds == 4);
  released = 0;
  nodecore_fs_done_call(held[0], NULL, 0);
  nodecore_error *gone = NULL;
  CHECK_OK(nodecore_error_new(NODECORE_EIO, "gone", 4, &gone));
  nodecore_fs_done_call(held[3], gone, 0);
  nodecore_fs_done_free(held[1]);
  nodecore_error_free(gone);
  CHECK_STATUS(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, &gone), NODECORE_EIO);
  nodecore_error_free(gone);
  run();
  CHECK(released == 2);
  nodecore_fs_done_call(NULL, NULL, 0);
  nodecore_fs_done_free(NULL);

  /* What Node wants to be there. */
  nodecore_error *err = NULL;
  released = 0;
  hooks.read = NULL;
  CHECK_STATUS(nodecore_fs_create_read_stream_with(lp, "any", 3, NULL, &hooks, &m, let_go, &s, &err),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_TYPE",
                    "The \"hooks.read\" property must be of type function. Received null"));
  hooks.read = keep;
  hooks.open = NULL;
  CHECK_STATUS(nodecore_fs_create_read_stream_with(lp, "any", 3, NULL, &hooks, &m, let_go, &s, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  hooks.open = mem_open;
  hooks.close = NULL;
  CHECK_STATUS(nodecore_fs_create_write_stream_with(lp, "any", 3, NULL, &hooks, &m, let_go, &s, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  hooks.close = mem_close;
  hooks.fsync = NULL;
  CHECK_STATUS(nodecore_fs_create_write_stream_with(lp, "any", 3, &flushed, &hooks, &m, let_go, &s, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  hooks.write = NULL;
  hooks.writev = NULL;
  CHECK_STATUS(nodecore_fs_create_write_stream_with(lp, "any", 3, NULL, &hooks, &m, let_go, &s, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_create_read_stream_with(lp, "any", 3, NULL, NULL, &m, let_go, &s, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(released == 6);
  released = 0;
}

int main(void) {
  nodecore_error *err = NULL;
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  int fd = mkstemp(path);
  CHECK(fd >= 0);

  /* An object fails each of them, at once or where it is piped into. */
  nodecore_stream *into[3] = {NULL};
  nodecore_hash *hash = NULL;
  CHECK_OK(nodecore_hash_new("sha1", NODECORE_AUTO_LEN, NULL, &hash, NULL));
  into[0] = writing(NULL);
  CHECK_OK(nodecore_zlib_create_gzip(lp, NULL, &into[1], NULL));
  CHECK_OK(nodecore_hash_stream(lp, hash, &into[2], NULL));
  nodecore_stream_options objects = NODECORE_STREAM_OPTIONS_INIT;
  objects.readable_object_mode = true;
  for (int i = 0; i < 3; i++) {
    nodecore_chunk chunk = NODECORE_CHUNK_OBJECT(&alive, &counted);
    CHECK_STATUS(nodecore_stream_write_chunk(into[i], &chunk, NULL, NULL, NULL, NULL, NULL),
                 NODECORE_ERR_INVALID_ARG_TYPE);
    nodecore_stream *source = NULL;
    CHECK_OK(nodecore_stream_new(lp, NODECORE_STREAM_READABLE, &objects, NULL, NULL, NULL, &source, NULL));
    nodecore_stream_push(source, "x", 1);
    CHECK_OK(nodecore_stream_push_chunk(source, &chunk, NULL, NULL));
    CHECK(alive == 1);
    trace[0] = 0;
    CHECK_OK(nodecore_stream_on(into[i], NODECORE_EVENT_ERROR, 0, note, "error:", NULL, NULL));
    CHECK_OK(nodecore_stream_pipe(source, into[i], false));
    run();
    CHECK(strcmp(trace, "error:ERR_INVALID_ARG_TYPE ") == 0 && alive == 0);
    nodecore_stream_free(source);
    nodecore_stream_free(into[i]);
  }
  nodecore_hash_free(hash);

  /* Text in an encoding; the same file by its descriptor, which stays open. */
  nodecore_fs_stream_options options = NODECORE_FS_STREAM_OPTIONS_INIT;
  options.encoding = (nodecore_str){"hex", 3};
  options.flush = true;
  nodecore_stream *s = writing(&options);
  nodecore_chunk text = NODECORE_CHUNK_TEXT("616263", NODECORE_AUTO_LEN, "");
  CHECK_OK(nodecore_stream_end_chunk(s, &text, NULL, NULL, NULL, NULL));
  run();
  nodecore_stream_free(s);
  CHECK(holds("abc"));
  trace[0] = 0;
  options = (nodecore_fs_stream_options)NODECORE_FS_STREAM_OPTIONS_INIT;
  options.has_fd = true;
  options.fd = fd;
  options.no_auto_close = true;
  options.has_start = true;
  options.encoding = (nodecore_str){"hex", 3};
  for (int i = 0; i < 2; i++) {
    s = NULL;
    CHECK_OK(nodecore_fs_create_read_stream(lp, NULL, 0, &options, &s, NULL));
    CHECK_OK(nodecore_stream_on_data(s, 0, data, "", NULL, NULL));
    CHECK_OK(nodecore_stream_on(s, NODECORE_EVENT_CLOSE, 0, note, "never", NULL, NULL));
    run();
    nodecore_stream_free(s);
  }
  CHECK(strcmp(trace, "616263 616263 ") == 0);
  options.start = 1;
  options.no_auto_close = false;
  options.no_emit_close = true;
  options.encoding = (nodecore_str){NULL, 0};
  CHECK_OK(nodecore_fs_create_write_stream(lp, NULL, 0, &options, &s, NULL));
  CHECK_OK(nodecore_stream_on(s, NODECORE_EVENT_CLOSE, 0, note, "never", NULL, NULL));
  nodecore_stream_write(s, "X", 1);
  nodecore_stream_end(s);
  run();
  nodecore_stream_free(s);
  CHECK(holds("aXc") && strstr(trace, "never") == NULL);

  /* Aborted. */
  trace[0] = 0;
  nodecore_abort_controller *controller = NULL;
  CHECK_OK(nodecore_abort_controller_new(&controller, NULL));
  nodecore_abort_signal *signal = nodecore_abort_controller_signal(controller);
  options = (nodecore_fs_stream_options)NODECORE_FS_STREAM_OPTIONS_INIT;
  options.signal = signal;
  options.high_water_mark = 2;
  s = reading(&options);
  CHECK_OK(nodecore_stream_on(s, NODECORE_EVENT_ERROR, 0, note, "error:", NULL, NULL));
  CHECK_OK(nodecore_stream_on_data(s, NODECORE_LISTEN_ONCE, abort_it, controller, NULL, NULL));
  run();
  nodecore_stream_free(s);
  s = writing(&options);
  CHECK_OK(nodecore_stream_on(s, NODECORE_EVENT_ERROR, 0, note, "error:", NULL, NULL));
  run();
  nodecore_stream_free(s);
  CHECK(strcmp(trace, "error:ABORT_ERR error:ABORT_ERR ") == 0);
  nodecore_abort_signal_free(signal);
  nodecore_abort_controller_free(controller);

  CHECK_OK(nodecore_fs_write_file_sync(path, NODECORE_AUTO_LEN, "aXc", 3, NULL, NULL));
  telling();
  hooked();
  options = (nodecore_fs_stream_options)NODECORE_FS_STREAM_OPTIONS_INIT;
  options.encoding = (nodecore_str){"no", 2};
  CHECK_STATUS(nodecore_fs_create_read_stream(lp, path, NODECORE_AUTO_LEN, &options, &s, &err),
               NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE",
                    "The argument 'encoding' is invalid encoding. Received 'no'"));
  options.encoding = (nodecore_str){"buffer", 6};
  CHECK_STATUS(nodecore_fs_create_write_stream(lp, path, NODECORE_AUTO_LEN, &options, &s, &err),
               NODECORE_ERR_UNKNOWN_ENCODING);
  CHECK(failed_with(&err, "ERR_UNKNOWN_ENCODING", "Unknown encoding: buffer"));
  options.encoding = (nodecore_str){NULL, 0};
  options.has_fd = true;
  options.fd = -1;
  CHECK_STATUS(nodecore_fs_create_write_stream(lp, NULL, 0, &options, &s, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK(remove(path) == 0);
  /* What never replied goes with the loop; its reply may still come. */
  CHECK_OK(nodecore_loop_close(lp, NULL));
  CHECK(released == 2);
  nodecore_fs_done_call(held[2], NULL, 1);
  nodecore_loop_free(lp);
  return 0;
}
