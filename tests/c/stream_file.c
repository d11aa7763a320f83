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

int main(void) {
  nodecore_error *err = NULL;
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  int fd = mkstemp(path);
  CHECK(fd >= 0);

  /* An object fails each of them, at once or where it is piped into. */
  nodecore_stream *into[3] = {NULL};
  nodecore_hash *hash = NULL;
  CHECK_OK(nodecore_hash_new("sha1", NODECORE_AUTO_LEN, &hash, NULL));
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

  options = (nodecore_fs_stream_options)NODECORE_FS_STREAM_OPTIONS_INIT;
  options.encoding = (nodecore_str){"no", 2};
  CHECK_STATUS(nodecore_fs_create_read_stream(lp, path, NODECORE_AUTO_LEN, &options, &s, &err),
               NODECORE_ERR_UNKNOWN_ENCODING);
  CHECK(failed_with(&err, "ERR_UNKNOWN_ENCODING", "Unknown encoding: no"));
  options.encoding = (nodecore_str){NULL, 0};
  options.has_fd = true;
  options.fd = -1;
  CHECK_STATUS(nodecore_fs_create_write_stream(lp, NULL, 0, &options, &s, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK(remove(path) == 0);
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
  return 0;
}
