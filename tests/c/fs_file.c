/* fs_file.h: descriptors and whole files, in both forms. The texts are Node 26.10's. */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fs_check.h"

static void on_open(const nodecore_error *err, nodecore_fd opened, void *user) {
  (void)user;
  saw(err);
  fd = opened;
}

static bool holds(const char *path, const char *text) {
  nodecore_buf content = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_fs_read_file_sync(path, A, NULL, &content, NULL));
  return gave(&content, text);
}

static void put(const char *path, const char *text) {
  CHECK_OK(nodecore_fs_write_file_sync(path, A, text, strlen(text), NULL, NULL));
}

static void flags(void) {
  static const struct {
    const char *text;
    int32_t flags;
  } known[] = {
      {"r", O_RDONLY},
      {"rs", O_RDONLY | O_SYNC},
      {"sr", O_RDONLY | O_SYNC},
      {"r+", O_RDWR},
      {"rs+", O_RDWR | O_SYNC},
      {"w", O_TRUNC | O_CREAT | O_WRONLY},
      {"wx", O_TRUNC | O_CREAT | O_WRONLY | O_EXCL},
      {"w+", O_TRUNC | O_CREAT | O_RDWR},
      {"xw+", O_TRUNC | O_CREAT | O_RDWR | O_EXCL},
      {"a", O_APPEND | O_CREAT | O_WRONLY},
      {"ax", O_APPEND | O_CREAT | O_WRONLY | O_EXCL},
      {"as+", O_APPEND | O_CREAT | O_RDWR | O_SYNC},
  };
  nodecore_error *err = NULL;
  int32_t out = -1;
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    CHECK_OK(nodecore_fs_flags(known[i].text, A, &out, NULL));
    CHECK(out == known[i].flags);
  }
  CHECK_OK(nodecore_fs_flags("r+x", 2, &out, NULL));
  CHECK(out == O_RDWR);
  CHECK_STATUS(nodecore_fs_flags("zz", A, &out, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE", "The argument 'flags' is invalid. Received 'zz'"));
  CHECK_STATUS(nodecore_fs_flags("\xff", 1, &out, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_STATUS(nodecore_fs_flags(NULL, 2, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_flags("r", A, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(out == O_RDWR);
  /* Flags that no string has go to open(2) as <fcntl.h> has them. */
  put("plain", "");
  CHECK(symlink("plain", "to-plain") == 0);
  CHECK_STATUS(nodecore_fs_open_sync("plain", A, O_DIRECTORY, 0, &fd, NULL), NODECORE_ENOTDIR);
  CHECK_STATUS(nodecore_fs_open_sync("to-plain", A, O_NOFOLLOW, 0, &fd, NULL), NODECORE_ELOOP);
  int32_t hints = NODECORE_FS_O_FILEMAP | NODECORE_FS_O_RANDOM | NODECORE_FS_O_SEQUENTIAL |
                  NODECORE_FS_O_SHORT_LIVED | NODECORE_FS_O_TEMPORARY;
  CHECK_OK(nodecore_fs_open_sync("plain", A, O_NOCTTY | O_NONBLOCK | O_DSYNC | hints, 0, &fd, NULL));
  CHECK_OK(nodecore_fs_close_sync(fd, NULL));
#if defined(O_NOATIME) && defined(O_DIRECT)
  CHECK_OK(nodecore_fs_open_sync("plain", A, O_RDONLY | O_NOATIME, 0, &fd, NULL));
  CHECK((fcntl(fd, F_GETFL) & O_NOATIME) != 0);
  CHECK_OK(nodecore_fs_close_sync(fd, NULL));
  /* Not every file system has it. */
  if (nodecore_fs_open_sync("plain", A, O_RDONLY | O_DIRECT, 0, &fd, NULL) == NODECORE_OK) {
    CHECK((fcntl(fd, F_GETFL) & O_DIRECT) != 0);
    CHECK_OK(nodecore_fs_close_sync(fd, NULL));
  }
#endif
}

static void urls(void) {
  nodecore_buf path = NODECORE_BUF_INIT, url = NODECORE_BUF_INIT;
  put("a b", "by url");
  CHECK_OK(nodecore_url_path_to_file_url("a b", A, NULL, &url, NULL));
  CHECK_OK(nodecore_url_file_url_to_path_buffer(url.data, url.len, NULL, &path, NULL));
  AWAIT(nodecore_fs_open(lp, path.data, path.len, O_RDONLY, 0, BACK(on_open)), NODECORE_OK);
  CHECK_OK(nodecore_fs_close_sync(fd, NULL));
  CHECK_OK(nodecore_fs_read_file_sync(path.data, path.len, NULL, &bytes, NULL));
  CHECK(gave(&bytes, "by url"));
  nodecore_buf_free(&path);
  nodecore_buf_free(&url);
}

static void vectors(void) {
  nodecore_error *err = NULL;
  size_t n = 0;
  CHECK_OK(nodecore_fs_open_sync("v", A, O_RDWR | O_CREAT, 0, &fd, NULL));
  /* Exact heap copies, so that reading past one is seen. */
  char *one = exact("hello", 5), *two = exact(" world", 6);
  nodecore_str pieces[] = {{one, 5}, {NULL, 0}, {two, 6}};
  CHECK_OK(nodecore_fs_writev_sync(fd, pieces, 3, -1, &n, NULL));
  CHECK(n == 11);
  AWAIT(nodecore_fs_writev(lp, fd, pieces, 3, 11, BACK(on_io)), NODECORE_OK);
  CHECK(moved == 11 && holds("v", "hello worldhello world"));
  /* Copied: what was given may go at once. */
  called = released = 0;
  CHECK_OK(nodecore_fs_writev(lp, fd, pieces, 3, 0, BACK(on_io)));
  memset(one, '!', 5);
  free(one);
  free(two);
  CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL));
  CHECK(called == 1 && moved == 11 && holds("v", "hello worldhello world"));

  char a[4] = "...", *b = malloc(20);
  CHECK(b != NULL);
  memset(b, '.', 20);
  nodecore_fs_buffer room[] = {{a, 3}, {NULL, 0}, {b, 20}};
  CHECK_OK(nodecore_fs_readv_sync(fd, room, 3, 2, &n, NULL));
  CHECK(n == 20 && strcmp(a, "llo") == 0 && memcmp(b, " worldhello world...", 20) == 0);
  AWAIT(nodecore_fs_readv(lp, fd, room, 3, 6, BACK(on_io)), NODECORE_OK);
  CHECK(moved == 16 && strcmp(a, "wor") == 0 && memcmp(b, "ldhello world", 13) == 0);
  /* Where the file stands: behind what was written without a position. */
  AWAIT(nodecore_fs_readv(lp, fd, room, 1, -1, BACK(on_io)), NODECORE_OK);
  CHECK(moved == 3 && strcmp(a, "hel") == 0);
  CHECK_OK(nodecore_fs_readv_sync(fd, room, 3, 22, &n, NULL));
  CHECK(n == 0);
  free(b);

  /* None: reading is an error, writing is nothing to do. */
  CHECK_STATUS(nodecore_fs_readv_sync(fd, NULL, 0, -1, &n, &err), NODECORE_EINVAL);
  CHECK(failed_with(&err, "EINVAL", "EINVAL: invalid argument, read"));
  AWAIT(nodecore_fs_writev(lp, fd, NULL, 0, -1, BACK(on_io)), NODECORE_OK);
  CHECK(moved == 0);
  CHECK_OK(nodecore_fs_close_sync(fd, NULL));

  nodecore_fs_buffer into = {a, 3};
  nodecore_str from = {"abc", 3};
  CHECK_STATUS(nodecore_fs_readv_sync(999, &into, 1, -1, &n, &err), NODECORE_EBADF);
  CHECK(nodecore_error_errno(err) == -9 && is(nodecore_error_syscall(err), "read"));
  CHECK(failed_with(&err, "EBADF", "EBADF: bad file descriptor, read"));
  AWAIT_FAILURE(nodecore_fs_readv(lp, 999, &into, 1, -1, BACK(on_io)), NODECORE_EBADF,
                "EBADF: bad file descriptor, read");
  CHECK_STATUS(nodecore_fs_writev_sync(999, &from, 1, -1, &n, &err), NODECORE_EBADF);
  CHECK(failed_with(&err, "EBADF", "EBADF: bad file descriptor, write"));
  AWAIT_FAILURE(nodecore_fs_writev(lp, 999, &from, 1, -1, BACK(on_io)), NODECORE_EBADF,
                "EBADF: bad file descriptor, write");

  nodecore_fs_buffer no_memory = {NULL, 3};
  nodecore_str no_data = {NULL, 3}, too_long = {"abc", NODECORE_AUTO_LEN};
  CHECK_STATUS(nodecore_fs_readv_sync(0, &no_memory, 1, -1, &n, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_readv_sync(0, NULL, 1, -1, &n, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_readv_sync(0, &into, 1, -1, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_writev_sync(1, &no_data, 1, -1, &n, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_writev_sync(1, &too_long, 1, -1, &n, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_fs_writev_sync(1, &from, (size_t)-1, -1, &n, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_fs_writev_sync(1, &from, 1, -1, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_readv(lp, 0, &no_memory, 1, -1, BACK(on_io)), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_readv(lp, -1, &into, 1, -1, BACK(on_io)), NODECORE_ERR_OUT_OF_RANGE);
  REFUSED(nodecore_fs_readv(lp, 0, &into, 1, -1, BACK(NULL)), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_readv(NULL, 0, &into, 1, -1, BACK(on_io)), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_writev(lp, 1, &no_data, 1, -1, BACK(on_io)), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_writev(lp, 1, &from, 1, -1, BACK(NULL)), NODECORE_ERR_INVALID_ARG_TYPE);
}

static void lengths(void) {
  nodecore_error *err = NULL;
  put("t", "0123456789");
  CHECK_OK(nodecore_fs_truncate_sync("t", A, 7, NULL));
  CHECK(holds("t", "0123456"));
  AWAIT(nodecore_fs_truncate(lp, "t", A, 5, BACK(on_done)), NODECORE_OK);
  CHECK_OK(nodecore_fs_open_sync("t", A, O_RDWR, 0, &fd, NULL));
  CHECK_OK(nodecore_fs_ftruncate_sync(fd, 4, NULL));
  CHECK(holds("t", "0123"));
  AWAIT(nodecore_fs_ftruncate(lp, fd, 6, BACK(on_done)), NODECORE_OK);
  char filled[6];
  size_t n = 0;
  CHECK_OK(nodecore_fs_read_file_into_sync("t", A, NULL, filled, sizeof filled, &n, NULL));
  CHECK(n == 6 && memcmp(filled, "0123\0\0", 6) == 0);
  CHECK_OK(nodecore_fs_fsync_sync(fd, NULL));
  CHECK_OK(nodecore_fs_fdatasync_sync(fd, NULL));
  AWAIT(nodecore_fs_fsync(lp, fd, BACK(on_done)), NODECORE_OK);
  AWAIT(nodecore_fs_fdatasync(lp, fd, BACK(on_done)), NODECORE_OK);
  CHECK_OK(nodecore_fs_close_sync(fd, NULL));

  CHECK_STATUS(nodecore_fs_truncate_sync("none", A, 1, &err), NODECORE_ENOENT);
  CHECK(is(nodecore_error_path(err), "none") && is(nodecore_error_syscall(err), "open"));
  CHECK(failed_with(&err, "ENOENT", "ENOENT: no such file or directory, open 'none'"));
  AWAIT_FAILURE(nodecore_fs_truncate(lp, ".", A, 1, BACK(on_done)), NODECORE_EISDIR,
                "EISDIR: illegal operation on a directory, open '.'");
  CHECK_OK(nodecore_fs_open_sync("t", A, O_RDONLY, 0, &fd, NULL));
  CHECK_STATUS(nodecore_fs_ftruncate_sync(fd, 1, &err), NODECORE_EINVAL);
  CHECK(failed_with(&err, "EINVAL", "EINVAL: invalid argument, ftruncate"));
  CHECK_OK(nodecore_fs_close_sync(fd, NULL));
  AWAIT_FAILURE(nodecore_fs_ftruncate(lp, 999, 1, BACK(on_done)), NODECORE_EBADF,
                "EBADF: bad file descriptor, ftruncate");
  CHECK_STATUS(nodecore_fs_fsync_sync(999, &err), NODECORE_EBADF);
  CHECK(failed_with(&err, "EBADF", "EBADF: bad file descriptor, fsync"));
  CHECK_STATUS(nodecore_fs_fdatasync_sync(999, &err), NODECORE_EBADF);
  CHECK(failed_with(&err, "EBADF", "EBADF: bad file descriptor, fdatasync"));
  AWAIT_FAILURE(nodecore_fs_fsync(lp, 999, BACK(on_done)), NODECORE_EBADF,
                "EBADF: bad file descriptor, fsync");
  AWAIT_FAILURE(nodecore_fs_fdatasync(lp, 999, BACK(on_done)), NODECORE_EBADF,
                "EBADF: bad file descriptor, fdatasync");
  CHECK_STATUS(nodecore_fs_ftruncate_sync(-1, 1, &err), NODECORE_ERR_OUT_OF_RANGE);
  CHECK(failed_with(&err, "ERR_OUT_OF_RANGE",
                    "The value of \"fd\" is out of range. It must be >= 0 && <= 2147483647. Received -1"));
  CHECK_STATUS(nodecore_fs_fsync_sync(-1, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_fs_fdatasync_sync(-1, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_fs_truncate_sync(NULL, 1, 1, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_truncate(lp, NULL, A, 1, BACK(on_done)), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_truncate(lp, "t", A, 1, BACK(NULL)), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_ftruncate(lp, -1, 1, BACK(on_done)), NODECORE_ERR_OUT_OF_RANGE);
  REFUSED(nodecore_fs_fsync(NULL, 1, BACK(on_done)), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_fdatasync(lp, 1, BACK(NULL)), NODECORE_ERR_INVALID_ARG_TYPE);
}

static nodecore_str named(const char *name) {
  nodecore_str str = {name, strlen(name)};
  return str;
}

static void reading(void) {
  nodecore_error *err = NULL;
  size_t n = 0;
  put("r", "h\xc3\xa9llo");
  nodecore_fs_read_file_options opts = NODECORE_FS_READ_FILE_OPTIONS_INIT;
  opts.encoding = named("hex");
  CHECK_OK(nodecore_fs_read_file_sync("r", A, &opts, &bytes, NULL));
  CHECK(gave(&bytes, "68c3a96c6c6f"));
  opts.encoding = named("latin1");
  AWAIT(nodecore_fs_read_file(lp, "r", A, &opts, BACK(on_bytes)), NODECORE_OK);
  CHECK(gave(&bytes, "h\xc3\x83\xc2\xa9llo"));
  opts.encoding = named("UTF-8");
  CHECK_OK(nodecore_fs_read_file_sync("r", A, &opts, &bytes, NULL));
  CHECK(gave(&bytes, "h\xc3\xa9llo"));
  put("bad", "a\xff" "b");
  AWAIT(nodecore_fs_read_file(lp, "bad", A, &opts, BACK(on_bytes)), NODECORE_OK);
  CHECK(gave(&bytes, "a\xef\xbf\xbd" "b"));
  opts.encoding = named("nope");
  CHECK_STATUS(nodecore_fs_read_file_sync("r", A, &opts, &bytes, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE",
                    "The argument 'encoding' is invalid encoding. Received 'nope'"));
  REFUSED(nodecore_fs_read_file(lp, "r", A, &opts, BACK(on_bytes)), NODECORE_ERR_INVALID_ARG_VALUE);
  opts.encoding = named("buffer");
  CHECK_STATUS(nodecore_fs_read_file_sync("r", A, &opts, &bytes, &err), NODECORE_ERR_UNKNOWN_ENCODING);
  CHECK(failed_with(&err, "ERR_UNKNOWN_ENCODING", "Unknown encoding: buffer"));

  /* By descriptor: from where it stands, and it stays open. */
  nodecore_fs_read_file_options by_fd = NODECORE_FS_READ_FILE_OPTIONS_INIT;
  char buffer[8];
  by_fd.has_fd = true;
  CHECK_OK(nodecore_fs_open_sync("r", A, O_RDONLY, 0, &by_fd.fd, NULL));
  CHECK_OK(nodecore_fs_read_sync(by_fd.fd, buffer, 3, -1, &n, NULL));
  CHECK_OK(nodecore_fs_read_file_sync(NULL, 99, &by_fd, &bytes, NULL));
  CHECK(gave(&bytes, "llo"));
  CHECK(lseek(by_fd.fd, 4, SEEK_SET) == 4);
  AWAIT(nodecore_fs_read_file(lp, NULL, 0, &by_fd, BACK(on_bytes)), NODECORE_OK);
  CHECK(gave(&bytes, "lo"));
  CHECK(lseek(by_fd.fd, 4, SEEK_SET) == 4);
  AWAIT(nodecore_fs_read_file_into(lp, NULL, 0, &by_fd, buffer, 2, BACK(on_io)), NODECORE_OK);
  CHECK(moved == 2 && memcmp(buffer, "lo", 2) == 0);
  CHECK_OK(nodecore_fs_close_sync(by_fd.fd, NULL));
  CHECK_STATUS(nodecore_fs_read_file_sync(NULL, 0, &by_fd, &bytes, &err), NODECORE_EBADF);
  CHECK(failed_with(&err, "EBADF", "EBADF: bad file descriptor, fstat"));
  by_fd.fd = -1;
  CHECK_STATUS(nodecore_fs_read_file_sync("r", A, &by_fd, &bytes, NULL), NODECORE_ERR_OUT_OF_RANGE);

  /* Into the caller's memory, exact, so that writing past it is seen. */
  char *room = exact("......", 6);
  CHECK_OK(nodecore_fs_read_file_into_sync("r", A, NULL, room, 6, &n, NULL));
  CHECK(n == 6 && memcmp(room, "h\xc3\xa9llo", 6) == 0);
  memset(room, '.', 6);
  CHECK_STATUS(nodecore_fs_read_file_into_sync("r", A, NULL, room, 5, &n, &err), NODECORE_ENOBUFS);
  CHECK(failed_with(&err, "ENOBUFS", "ENOBUFS: no buffer space available, read"));
  CHECK(memcmp(room, "h\xc3\xa9ll.", 6) == 0);
  AWAIT_FAILURE(nodecore_fs_read_file_into(lp, "r", A, NULL, room, 2, BACK(on_io)), NODECORE_ENOBUFS,
                "ENOBUFS: no buffer space available, read 'r'");
  put("empty", "");
  AWAIT(nodecore_fs_read_file_into(lp, "empty", A, NULL, NULL, 0, BACK(on_io)), NODECORE_OK);
  CHECK(moved == 0);
  AWAIT_FAILURE(nodecore_fs_read_file_into(lp, "none", A, NULL, room, 6, BACK(on_io)), NODECORE_ENOENT,
                "ENOENT: no such file or directory, open 'none'");
  /* The bound of 2 GiB is for memory of the library's. */
  CHECK_OK(nodecore_fs_truncate_sync("empty", A, (uint64_t)3 << 30, NULL));
  CHECK_STATUS(nodecore_fs_read_file_sync("empty", A, NULL, &bytes, &err), NODECORE_ERR_FS_FILE_TOO_LARGE);
  CHECK(failed_with(&err, "ERR_FS_FILE_TOO_LARGE", "File size (3221225472) is greater than 2 GiB"));
  CHECK_STATUS(nodecore_fs_read_file_into_sync("empty", A, NULL, room, 6, &n, NULL), NODECORE_ENOBUFS);
  CHECK(memcmp(room, "\0\0\0\0\0\0", 6) == 0);
  opts.encoding = named("utf8");
  CHECK_STATUS(nodecore_fs_read_file_into_sync("r", A, &opts, room, 6, &n, NULL),
               NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_STATUS(nodecore_fs_read_file_into_sync("r", A, NULL, NULL, 6, &n, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_read_file_into_sync("r", A, NULL, room, 6, NULL, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_read_file_into_sync("r", A, NULL, room, (size_t)-1, &n, NULL),
               NODECORE_ERR_OUT_OF_RANGE);
  REFUSED(nodecore_fs_read_file_into(lp, "r", A, &opts, room, 6, BACK(on_io)),
          NODECORE_ERR_INVALID_ARG_VALUE);
  REFUSED(nodecore_fs_read_file_into(lp, "r", A, NULL, NULL, 6, BACK(on_io)), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_read_file_into(lp, "r", A, NULL, room, 6, BACK(NULL)), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_read_file(lp, NULL, 4, NULL, BACK(on_bytes)), NODECORE_ERR_INVALID_ARG_TYPE);
  free(room);
}

static void writing(void) {
  nodecore_error *err = NULL;
  nodecore_stats stats = NODECORE_STATS_INIT;
  nodecore_fs_write_file_options opts = NODECORE_FS_WRITE_FILE_OPTIONS_INIT;
  opts.mode = 0600;
  opts.flush = true;
  CHECK_OK(nodecore_fs_append_file_sync("w", A, "one", 3, &opts, NULL));
  AWAIT(nodecore_fs_append_file(lp, "w", A, " two", 4, NULL, BACK(on_done)), NODECORE_OK);
  CHECK(holds("w", "one two"));
  CHECK_OK(nodecore_fs_stat_sync("w", A, &stats, NULL));
  CHECK((stats.mode & 0777) == 0600);
  opts.flags = O_WRONLY | O_CREAT | O_EXCL;
  CHECK_STATUS(nodecore_fs_append_file_sync("w", A, "x", 1, &opts, &err), NODECORE_EEXIST);
  CHECK(failed_with(&err, "EEXIST", "EEXIST: file already exists, open 'w'"));
  opts.flags = 0;

  /* Text in another encoding. */
  opts.encoding = named("latin1");
  CHECK_OK(nodecore_fs_write_file_sync("w", A, "h\xc3\xa9", 3, &opts, NULL));
  CHECK(holds("w", "h\xe9"));
  opts.encoding = named("hex");
  AWAIT(nodecore_fs_append_file(lp, "w", A, "6869zz", 6, &opts, BACK(on_done)), NODECORE_OK);
  CHECK(holds("w", "h\xe9hi"));
  opts.encoding = named("utf8");
  AWAIT(nodecore_fs_write_file(lp, "w", A, "h\xc3\xa9", 3, &opts, BACK(on_done)), NODECORE_OK);
  CHECK(holds("w", "h\xc3\xa9"));
  CHECK_STATUS(nodecore_fs_write_file_sync("w", A, "\xff", 1, &opts, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  opts.encoding = named("nope");
  CHECK_STATUS(nodecore_fs_append_file_sync("w", A, "x", 1, &opts, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE",
                    "The argument 'encoding' is invalid encoding. Received 'nope'"));

  /* By descriptor: where it stands, and it stays open. */
  nodecore_fs_write_file_options by_fd = NODECORE_FS_WRITE_FILE_OPTIONS_INIT;
  by_fd.has_fd = true;
  CHECK_OK(nodecore_fs_open_sync("w", A, O_WRONLY | O_TRUNC, 0, &by_fd.fd, NULL));
  CHECK_OK(nodecore_fs_write_file_sync(NULL, 0, "one", 3, &by_fd, NULL));
  AWAIT(nodecore_fs_write_file(lp, NULL, 0, "two", 3, &by_fd, BACK(on_done)), NODECORE_OK);
  CHECK_OK(nodecore_fs_append_file_sync(NULL, 0, "three", 5, &by_fd, NULL));
  AWAIT(nodecore_fs_append_file(lp, NULL, 0, "four", 4, &by_fd, BACK(on_done)), NODECORE_OK);
  CHECK_OK(nodecore_fs_close_sync(by_fd.fd, NULL));
  CHECK(holds("w", "onetwothreefour"));
  by_fd.fd = 999;
  CHECK_STATUS(nodecore_fs_append_file_sync(NULL, 0, "x", 1, &by_fd, &err), NODECORE_EBADF);
  CHECK(failed_with(&err, "EBADF", "EBADF: bad file descriptor, write"));

  CHECK_STATUS(nodecore_fs_append_file_sync("none/x", A, "x", 1, NULL, &err), NODECORE_ENOENT);
  CHECK(failed_with(&err, "ENOENT", "ENOENT: no such file or directory, open 'none/x'"));
  AWAIT_FAILURE(nodecore_fs_append_file(lp, "none/x", A, "x", 1, NULL, BACK(on_done)), NODECORE_ENOENT,
                "ENOENT: no such file or directory, open 'none/x'");
  CHECK_STATUS(nodecore_fs_append_file_sync(NULL, 1, "x", 1, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_append_file_sync("w", A, NULL, 1, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_append_file(lp, "w", A, NULL, 1, NULL, BACK(on_done)), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_append_file(lp, "w", A, "x", 1, NULL, BACK(NULL)), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_fs_write_file_options unset;
  memset(&unset, 0, sizeof unset);
  REFUSED(nodecore_fs_append_file(lp, "w", A, "x", 1, &unset, BACK(on_done)), NODECORE_ERR_OUT_OF_RANGE);
  CHECK(holds("w", "onetwothreefour"));
}

static void signals(void) {
  nodecore_abort_controller *controller = NULL;
  char room[8];
  size_t n = 0;
  put("s", "some");
  nodecore_fs_read_file_options read = NODECORE_FS_READ_FILE_OPTIONS_INIT;
  nodecore_fs_write_file_options write = NODECORE_FS_WRITE_FILE_OPTIONS_INIT;
  CHECK_OK(nodecore_abort_controller_new(&controller, NULL));
  nodecore_abort_signal *signal = nodecore_abort_controller_signal(controller);
  read.signal = write.signal = signal;
  AWAIT(nodecore_fs_read_file(lp, "s", A, &read, BACK(on_bytes)), NODECORE_OK);
  CHECK(gave(&bytes, "some"));
  /* Aborted under way; the handle may go, the signal is kept. */
  called = released = 0;
  CHECK_OK(nodecore_fs_read_file(lp, "s", A, &read, BACK(on_bytes)));
  CHECK_OK(nodecore_fs_read_file_into(lp, "s", A, &read, room, 8, BACK(on_io)));
  CHECK_OK(nodecore_fs_write_file(lp, "s", A, "x", 1, &write, BACK(on_done)));
  CHECK_OK(nodecore_fs_append_file(lp, "s2", A, "x", 1, &write, BACK(on_done)));
  nodecore_abort_controller_abort(controller, NULL);
  nodecore_abort_controller_free(controller);
  CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL));
  CHECK(called == 4 && released == 4 && status == NODECORE_ABORT_ERR);
  /* Aborted before: nothing happens, and the callback still comes later. */
  put("s", "some");
  AWAIT_FAILURE(nodecore_fs_read_file(lp, "s", A, &read, BACK(on_bytes)), NODECORE_ABORT_ERR,
                "The operation was aborted");
  AWAIT(nodecore_fs_read_file_into(lp, "s", A, &read, room, 8, BACK(on_io)), NODECORE_ABORT_ERR);
  AWAIT(nodecore_fs_write_file(lp, "s", A, "x", 1, &write, BACK(on_done)), NODECORE_ABORT_ERR);
  AWAIT(nodecore_fs_append_file(lp, "s", A, "x", 1, &write, BACK(on_done)), NODECORE_ABORT_ERR);
  /* The blocking forms do not look at it. */
  CHECK_OK(nodecore_fs_read_file_sync("s", A, &read, &bytes, NULL));
  CHECK(gave(&bytes, "some"));
  CHECK_OK(nodecore_fs_read_file_into_sync("s", A, &read, room, 8, &n, NULL));
  CHECK(n == 4);
  CHECK_OK(nodecore_fs_append_file_sync("s", A, " more", 5, &write, NULL));
  CHECK(holds("s", "some more"));
  nodecore_abort_signal_free(signal);
}

/* Memory that is lent comes back with `release` even if the loop goes first; ASAN and valgrind would see a late
 * write. */
static void lent(void) {
  put("big", "");
  CHECK_OK(nodecore_fs_truncate_sync("big", A, 4 << 20, NULL));
  CHECK_OK(nodecore_fs_open_sync("big", A, O_RDONLY, 0, &fd, NULL));
  for (int round = 0; round < 20; round++) {
    nodecore_loop *other = NULL;
    CHECK_OK(nodecore_loop_new(&other, NULL));
    char *whole = malloc(4 << 20), *part = malloc(1 << 20);
    CHECK(whole != NULL && part != NULL);
    memset(whole, 1, 4 << 20);
    memset(part, 1, 1 << 20);
    nodecore_fs_buffer into = {part, 1 << 20};
    called = released = 0;
    CHECK_OK(nodecore_fs_read_file_into(other, "big", A, NULL, whole, 4 << 20, BACK(on_io)));
    CHECK_OK(nodecore_fs_readv(other, fd, &into, 1, 0, BACK(on_io)));
    if (round % 2 == 1) usleep(300);
    nodecore_loop_free(other);
    CHECK(called == 0 && released == 2);
    free(whole);
    free(part);
  }
  CHECK_OK(nodecore_fs_close_sync(fd, NULL));
}

static void copies(void) {
  nodecore_error *err = NULL;
  CHECK(NODECORE_FS_COPYFILE_EXCL == 1 && NODECORE_FS_COPYFILE_FICLONE == 2);
  CHECK(NODECORE_FS_COPYFILE_FICLONE_FORCE == 4);
  put("c", "copied");
  CHECK(chmod("c", 0640) == 0);
  CHECK_OK(nodecore_fs_copy_file_sync("c", A, "c2", A, NODECORE_FS_COPYFILE_FICLONE, NULL));
  CHECK(holds("c2", "copied"));
  struct stat st;
  CHECK(stat("c2", &st) == 0 && (st.st_mode & 0777) == 0640);
  AWAIT(nodecore_fs_copy_file(lp, "c", A, "c3", A, NODECORE_FS_COPYFILE_EXCL, BACK(on_done)), NODECORE_OK);
  CHECK(holds("c3", "copied"));
  CHECK_STATUS(nodecore_fs_copy_file_sync("c", A, "c3", A, NODECORE_FS_COPYFILE_EXCL, &err), NODECORE_EEXIST);
  CHECK(is(nodecore_error_path(err), "c") && is(nodecore_error_dest(err), "c3"));
  CHECK(is(nodecore_error_syscall(err), "copyfile"));
  CHECK(failed_with(&err, "EEXIST", "EEXIST: file already exists, copyfile 'c' -> 'c3'"));
  AWAIT_FAILURE(nodecore_fs_copy_file(lp, "none", A, "c3", A, 0, BACK(on_done)), NODECORE_ENOENT,
                "ENOENT: no such file or directory, copyfile 'none' -> 'c3'");
  CHECK_STATUS(nodecore_fs_copy_file_sync("c", A, "c4", A, 9, &err), NODECORE_ERR_OUT_OF_RANGE);
  CHECK(failed_with(&err, "ERR_OUT_OF_RANGE", "mode is out of range: >= 0 && <= 7"));
  CHECK_STATUS(nodecore_fs_copy_file_sync(NULL, 1, "c4", A, 0, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_copy_file_sync("c", A, NULL, 1, 0, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_copy_file(lp, "c\0", 2, "c4", A, 0, BACK(on_done)), NODECORE_ERR_INVALID_ARG_VALUE);
  REFUSED(nodecore_fs_copy_file(lp, "c", A, "c4", A, 0, BACK(NULL)), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_copy_file(lp, "c", A, NULL, A, 0, BACK(on_done)), NODECORE_ERR_INVALID_ARG_TYPE);
}

int main(void) {
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  flags();
  urls();
  vectors();
  lengths();
  reading();
  writing();
  signals();
  lent();
  copies();
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
  return 0;
}
