/* fs.h: every function in both forms, in the empty folder the test runs in. */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <unistd.h>

#include "check.h"

#define A NODECORE_AUTO_LEN

static nodecore_loop *lp;
static int released, called;
static void release(void *user) {
  (void)user;
  released++;
}
static void run(void) { CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL)); }

/* What the callbacks saw. */
static nodecore_status status;
static nodecore_fd fd;
static size_t moved;
static nodecore_buf bytes;
static nodecore_stats stats;
static nodecore_dirents *names;
static char message[200];

static void saw(const nodecore_error *err) {
  called++;
  status = nodecore_error_status(err);
  message[0] = 0;
  if (err != NULL) {
    nodecore_str m = nodecore_error_message(err);
    snprintf(message, sizeof message, "%.*s", (int)m.len, m.data);
  }
}
static void on_done(const nodecore_error *err, void *user) {
  (void)user;
  saw(err);
}
static void on_open(const nodecore_error *err, nodecore_fd opened, void *user) {
  (void)user;
  saw(err);
  fd = opened;
}
static void on_io(const nodecore_error *err, size_t n, void *user) {
  (void)user;
  saw(err);
  moved = n;
}
static void on_bytes(const nodecore_error *err, nodecore_buf *data, void *user) {
  (void)user;
  saw(err);
  CHECK((err == NULL) == (data != NULL));
  if (err == NULL) bytes = nodecore_buf_take(data);
}
static void on_stats(const nodecore_error *err, const nodecore_stats *got, void *user) {
  (void)user;
  saw(err);
  CHECK((err == NULL) == (got != NULL));
  if (err == NULL) stats = *got;
}
static void on_names(const nodecore_error *err, nodecore_dirents *got, void *user) {
  (void)user;
  saw(err);
  CHECK((err == NULL) == (got != NULL));
  names = got;
}

/* Runs the loop until the one callback that was asked for has come. */
#define AWAIT(call, expected)      \
  do {                             \
    called = released = 0;         \
    CHECK_OK(call);                \
    CHECK(called == 0);            \
    run();                         \
    CHECK(called == 1);            \
    CHECK(released == 1);          \
    CHECK(status == (expected));   \
  } while (0)

static void count_event(const nodecore_error *err, void *user) {
  CHECK(err == NULL);
  ++*(int *)user;
}
static void on_stream_error(const nodecore_error *err, void *user) {
  (void)user;
  saw(err);
}
static char streamed[64];
static size_t streamed_len;
static void on_chunk(nodecore_chunk *chunk, void *user) {
  (void)user;
  CHECK(streamed_len + chunk->bytes.len < sizeof streamed);
  memcpy(streamed + streamed_len, chunk->bytes.data, chunk->bytes.len);
  streamed_len += chunk->bytes.len;
}

int main(void) {
  nodecore_error *err = NULL;
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  nodecore_stats initial = NODECORE_STATS_INIT;
  stats = initial;

  /* Directories. */
  nodecore_fs_mkdir_options recursive = NODECORE_FS_MKDIR_OPTIONS_INIT;
  recursive.recursive = true;
  CHECK_OK(nodecore_fs_mkdir_sync("d/e/f", A, &recursive, NULL, &err));
  CHECK_STATUS(nodecore_fs_mkdir_sync("d", A, NULL, NULL, &err), NODECORE_EEXIST);
  CHECK(nodecore_error_errno(err) == -17);
  CHECK(is(nodecore_error_syscall(err), "mkdir"));
  CHECK(is(nodecore_error_path(err), "d"));
  CHECK(failed_with(&err, "EEXIST", "EEXIST: file already exists, mkdir 'd'"));
  AWAIT(nodecore_fs_mkdir(lp, "g", A, NULL, on_bytes, NULL, release, NULL, &err), NODECORE_OK);
  AWAIT(nodecore_fs_mkdir(lp, "g", A, NULL, on_bytes, NULL, release, NULL, &err), NODECORE_EEXIST);
  CHECK(strcmp(message, "EEXIST: file already exists, mkdir 'g'") == 0);

  /* Descriptors. */
  CHECK_OK(nodecore_fs_open_sync("a", A, O_RDWR | O_CREAT | O_EXCL, 0600, &fd, &err));
  size_t n = 0;
  CHECK_OK(nodecore_fs_write_sync(fd, "hello", 5, -1, &n, &err));
  CHECK(n == 5);
  AWAIT(nodecore_fs_write(lp, fd, " world", 6, 5, on_io, NULL, release, NULL, &err), NODECORE_OK);
  CHECK(moved == 6);
  char buffer[32];
  memset(buffer, 0, sizeof buffer);
  CHECK_OK(nodecore_fs_read_sync(fd, buffer, sizeof buffer, 0, &n, &err));
  CHECK(n == 11 && memcmp(buffer, "hello world", 11) == 0);
  AWAIT(nodecore_fs_read(lp, fd, 5, 6, on_bytes, NULL, release, NULL, &err), NODECORE_OK);
  CHECK(gave(&bytes, "world"));
  AWAIT(nodecore_fs_fstat(lp, fd, on_stats, NULL, release, NULL, &err), NODECORE_OK);
  CHECK(stats.type == NODECORE_FS_FILE && stats.size == 11 && (stats.mode & 0777) == 0600);
  CHECK_OK(nodecore_fs_fstat_sync(fd, &stats, &err));
  CHECK(stats.size == 11 && stats.nlink == 1 && stats.mtime.sec > 1500000000 && stats.mtime.nsec >= 0);
  AWAIT(nodecore_fs_close(lp, fd, on_done, NULL, release, NULL, &err), NODECORE_OK);
  CHECK_STATUS(nodecore_fs_close_sync(fd, &err), NODECORE_EBADF);
  CHECK(failed_with(&err, "EBADF", "EBADF: bad file descriptor, close"));
  AWAIT(nodecore_fs_open(lp, "none", A, O_RDONLY, 0, on_open, NULL, release, NULL, &err), NODECORE_ENOENT);
  CHECK(strcmp(message, "ENOENT: no such file or directory, open 'none'") == 0);
  AWAIT(nodecore_fs_open(lp, "a", A, O_RDONLY, 0, on_open, NULL, release, NULL, &err), NODECORE_OK);
  CHECK_OK(nodecore_fs_close_sync(fd, &err));
  AWAIT(nodecore_fs_fstat(lp, fd, on_stats, NULL, release, NULL, &err), NODECORE_EBADF);

  /* Whole files. */
  CHECK_OK(nodecore_fs_read_file_sync("a", A, NULL, &bytes, &err));
  CHECK(gave(&bytes, "hello world"));
  AWAIT(nodecore_fs_read_file(lp, "a", A, NULL, on_bytes, NULL, release, NULL, &err), NODECORE_OK);
  CHECK(gave(&bytes, "hello world"));
  nodecore_fs_write_file_options append = NODECORE_FS_WRITE_FILE_OPTIONS_INIT;
  append.flags = O_WRONLY | O_APPEND;
  append.flush = true;
  CHECK_OK(nodecore_fs_write_file_sync("a", A, "!", 1, &append, &err));
  AWAIT(nodecore_fs_write_file(lp, "b", A, "bb", 2, NULL, on_done, NULL, release, NULL, &err), NODECORE_OK);
  nodecore_fs_read_file_options plain = NODECORE_FS_READ_FILE_OPTIONS_INIT;
  CHECK_OK(nodecore_fs_read_file_sync("a", A, &plain, &bytes, &err));
  CHECK(gave(&bytes, "hello world!"));
  CHECK_STATUS(nodecore_fs_read_file_sync("d", A, NULL, &bytes, &err), NODECORE_EISDIR);
  CHECK(failed_with(&err, "EISDIR", "EISDIR: illegal operation on a directory, read"));
  AWAIT(nodecore_fs_read_file(lp, "none", A, NULL, on_bytes, NULL, release, NULL, &err), NODECORE_ENOENT);

  /* Metadata and links. */
  CHECK(symlink("a", "link") == 0);
  CHECK_OK(nodecore_fs_stat_sync("link", A, &stats, &err));
  CHECK(stats.type == NODECORE_FS_FILE);
  CHECK_OK(nodecore_fs_lstat_sync("link", A, &stats, &err));
  CHECK(stats.type == NODECORE_FS_SYMLINK);
  AWAIT(nodecore_fs_stat(lp, "link", A, on_stats, NULL, release, NULL, &err), NODECORE_OK);
  CHECK(stats.type == NODECORE_FS_FILE && stats.size == 12);
  AWAIT(nodecore_fs_lstat(lp, "link", A, on_stats, NULL, release, NULL, &err), NODECORE_OK);
  CHECK(stats.type == NODECORE_FS_SYMLINK);
  AWAIT(nodecore_fs_lstat(lp, "none", A, on_stats, NULL, release, NULL, &err), NODECORE_ENOENT);
  CHECK_OK(nodecore_fs_readlink_sync("link", A, &bytes, &err));
  CHECK(gave(&bytes, "a"));
  AWAIT(nodecore_fs_readlink(lp, "link", A, on_bytes, NULL, release, NULL, &err), NODECORE_OK);
  CHECK(gave(&bytes, "a"));
  nodecore_stats unset;
  memset(&unset, 0, sizeof unset);
  CHECK_STATUS(nodecore_fs_stat_sync("a", A, &unset, NULL), NODECORE_ERR_OUT_OF_RANGE);

  /* Names. */
  CHECK_OK(nodecore_fs_readdir_sync(".", A, NULL, &names, &err));
  CHECK(nodecore_dirents_count(names) == 5);
  int files = 0, directories = 0, links = 0;
  for (size_t i = 0; i < 5; i++) {
    nodecore_dirent entry = nodecore_dirents_get(names, i);
    CHECK(entry.name.len > 0);
    files += entry.type == NODECORE_FS_FILE;
    directories += entry.type == NODECORE_FS_DIRECTORY;
    links += entry.type == NODECORE_FS_SYMLINK;
  }
  CHECK(files == 2 && directories == 2 && links == 1);
  CHECK(nodecore_dirents_get(names, 5).name.data == NULL);
  nodecore_dirents_free(names);
  AWAIT(nodecore_fs_readdir(lp, "d", A, NULL, on_names, NULL, release, NULL, &err), NODECORE_OK);
  CHECK(nodecore_dirents_count(names) == 1 && is(nodecore_dirents_get(names, 0).name, "e"));
  nodecore_dirents_free(names);
  AWAIT(nodecore_fs_readdir(lp, "none", A, NULL, on_names, NULL, release, NULL, &err), NODECORE_ENOENT);
  CHECK(strcmp(message, "ENOENT: no such file or directory, scandir 'none'") == 0);
  CHECK_OK(nodecore_fs_rename_sync("b", A, "c", A, &err));
  AWAIT(nodecore_fs_rename(lp, "b", A, "c", A, on_done, NULL, release, NULL, &err), NODECORE_ENOENT);
  CHECK(strcmp(message, "ENOENT: no such file or directory, rename 'b' -> 'c'") == 0);
  AWAIT(nodecore_fs_unlink(lp, "c", A, on_done, NULL, release, NULL, &err), NODECORE_OK);
  CHECK_STATUS(nodecore_fs_unlink_sync("c", A, &err), NODECORE_ENOENT);
  nodecore_error_free(err);

  /* Streams. */
  nodecore_stream *w = NULL;
  nodecore_stream *r = NULL;
  int finished = 0, closed = 0;
  CHECK_OK(nodecore_fs_create_write_stream(lp, "s", A, NULL, &w, &err));
  CHECK_OK(nodecore_stream_on(w, NODECORE_EVENT_FINISH, 0, count_event, &finished, NULL, NULL));
  CHECK_OK(nodecore_stream_on(w, NODECORE_EVENT_CLOSE, 0, count_event, &closed, NULL, NULL));
  nodecore_stream_write(w, "0123456789", 10);
  nodecore_stream_end(w);
  run();
  nodecore_stream_free(w);
  CHECK(finished == 1 && closed == 1);
  nodecore_fs_stream_options part = NODECORE_FS_STREAM_OPTIONS_INIT;
  part.start = 2;
  part.has_end = true;
  part.end = 6;
  part.high_water_mark = 3;
  CHECK_OK(nodecore_fs_create_read_stream(lp, "s", A, &part, &r, &err));
  CHECK_OK(nodecore_stream_on_data(r, 0, on_chunk, NULL, NULL, NULL));
  CHECK_OK(nodecore_stream_on(r, NODECORE_EVENT_CLOSE, 0, count_event, &closed, NULL, NULL));
  run();
  nodecore_stream_free(r);
  CHECK(streamed_len == 5 && memcmp(streamed, "23456", 5) == 0 && closed == 2);
  CHECK_OK(nodecore_fs_create_read_stream(lp, "none", A, NULL, &r, &err));
  CHECK_OK(nodecore_stream_on(r, NODECORE_EVENT_ERROR, 0, on_stream_error, NULL, NULL, NULL));
  run();
  nodecore_stream_free(r);
  CHECK(status == NODECORE_ENOENT && strcmp(message, "ENOENT: no such file or directory, open 'none'") == 0);
  part.end = 1;
  CHECK_STATUS(nodecore_fs_create_read_stream(lp, "s", A, &part, &r, &err), NODECORE_ERR_OUT_OF_RANGE);
  nodecore_error_free(err);

  /* Bad arguments: the callback never runs, `user` is released. */
  called = released = 0;
  CHECK_STATUS(nodecore_fs_stat_sync("a\0b", 3, &stats, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE",
                    "The argument 'path' must be a string, Uint8Array, or URL without null bytes. Received "
                    "'a\\x00b'"));
  CHECK_STATUS(nodecore_fs_stat(lp, "a\0b", 3, on_stats, NULL, release, NULL, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_STATUS(nodecore_fs_stat(lp, "a", A, NULL, NULL, release, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_stat(NULL, "a", A, on_stats, NULL, release, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_read(lp, 0, (size_t)-1, 0, on_bytes, NULL, release, NULL, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_fs_open(lp, "a", A, 0, -5, on_open, NULL, release, NULL, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_fs_close(lp, -1, on_done, NULL, release, NULL, NULL), NODECORE_ERR_OUT_OF_RANGE);
  run();
  CHECK(called == 0 && released == 6);
  CHECK_STATUS(nodecore_fs_read_sync(0, NULL, 5, 0, &n, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_stat_sync(NULL, 5, &stats, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_stat_sync("a", A, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);

  /* A request can be cancelled; its callback still runs. */
  nodecore_request *request = NULL;
  called = released = 0;
  CHECK_OK(nodecore_fs_stat(lp, "a", A, on_stats, NULL, release, &request, NULL));
  nodecore_request_cancel(request);
  nodecore_request_free(request);
  run();
  CHECK(called == 1 && released == 1 && (status == NODECORE_OK || status == NODECORE_ECANCELED));

  /* A signal ends it under way, or before it begins; the callback comes later in any case. */
  nodecore_abort_controller *controller = NULL;
  CHECK_OK(nodecore_abort_controller_new(&controller, NULL));
  nodecore_abort_signal *signal = nodecore_abort_controller_signal(controller);
  AWAIT(nodecore_fs_stat_until(lp, "a", A, signal, on_stats, NULL, release, NULL, &err), NODECORE_OK);
  CHECK(stats.type == NODECORE_FS_FILE && stats.size == 12);
  AWAIT(nodecore_fs_lstat_until(lp, "link", A, signal, on_stats, NULL, release, NULL, &err), NODECORE_OK);
  CHECK(stats.type == NODECORE_FS_SYMLINK);
  AWAIT(nodecore_fs_fstat_until(lp, 0, signal, on_stats, NULL, release, NULL, &err), NODECORE_OK);
  CHECK_STATUS(nodecore_fs_stat_until(lp, "a", A, NULL, on_stats, NULL, release, NULL, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  called = released = 0;
  CHECK_OK(nodecore_fs_stat_until(lp, "a", A, signal, on_stats, NULL, release, NULL, NULL));
  nodecore_abort_controller_abort(controller, NULL);
  CHECK_OK(nodecore_fs_lstat_until(lp, "a", A, signal, on_stats, NULL, release, NULL, NULL));
  CHECK_OK(nodecore_fs_fstat_until(lp, 0, signal, on_stats, NULL, release, NULL, NULL));
  CHECK(called == 0);
  run();
  CHECK(called == 3 && released == 3 && status == NODECORE_ABORT_ERR);
  nodecore_abort_signal_free(signal);
  nodecore_abort_controller_free(controller);

  nodecore_dirents_free(NULL);
  CHECK(nodecore_dirents_count(NULL) == 0 && nodecore_dirents_get(NULL, 0).name.data == NULL);
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
  return 0;
}
