/* fs_dir.h: every function in both forms, in the empty folder the test runs in. */
#define _DEFAULT_SOURCE
#include <dirent.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
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
static char message[300];
static nodecore_buf bytes;
static nodecore_dirents *names;
static nodecore_dir *dir;
static nodecore_temp_dir *temp;
/* The names that came one by one, "|" at the end. */
static char seen[400];

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
static void on_bytes(const nodecore_error *err, nodecore_buf *data, void *user) {
  (void)user;
  saw(err);
  CHECK((err == NULL) == (data != NULL));
  if (err == NULL) bytes = nodecore_buf_take(data);
}
static void on_names(const nodecore_error *err, nodecore_dirents *got, void *user) {
  (void)user;
  saw(err);
  CHECK((err == NULL) == (got != NULL));
  names = got;
}
static void on_dir(const nodecore_error *err, nodecore_dir *got, void *user) {
  (void)user;
  saw(err);
  CHECK((err == NULL) == (got != NULL));
  dir = got;
}
static void on_temp(const nodecore_error *err, nodecore_temp_dir *got, void *user) {
  (void)user;
  saw(err);
  CHECK((err == NULL) == (got != NULL));
  temp = got;
}
static void note(const nodecore_dirent *entry) {
  size_t used = strlen(seen);
  if (entry == NULL || entry->name.data == NULL) {
    snprintf(seen + used, sizeof seen - used, "|");
  } else {
    snprintf(seen + used, sizeof seen - used, "%.*s,", (int)entry->name.len, entry->name.data);
  }
}
static void on_entry(const nodecore_error *err, const nodecore_dirent *entry, void *user) {
  (void)user;
  saw(err);
  CHECK(err == NULL || entry == NULL);
  if (err == NULL) note(entry);
}

/* Runs the loop until the one callback that was asked for has come. */
#define AWAIT(call, expected)    \
  do {                           \
    called = released = 0;       \
    CHECK_OK(call);              \
    CHECK(called == 0);          \
    run();                       \
    CHECK(called == 1);          \
    CHECK(released == 1);        \
    CHECK(status == (expected)); \
  } while (0)

/* What a call gives that refuses its arguments: the callback never runs, `user` is released. */
#define REFUSED(call, expected)       \
  do {                                \
    called = released = 0;            \
    CHECK_STATUS(call, expected);     \
    run();                            \
    CHECK(called == 0);               \
    CHECK(released == 1);             \
  } while (0)

static void touch(const char *path) {
  FILE *file = fopen(path, "w");
  CHECK(file != NULL);
  fclose(file);
}

static bool there(const char *path) {
  struct stat found;
  return lstat(path, &found) == 0;
}

static int descriptors(void) {
  DIR *self = opendir("/proc/self/fd");
  if (self == NULL) return 0;
  int count = 0;
  while (readdir(self) != NULL) count++;
  closedir(self);
  return count;
}

static int32_t type_of(const char *path) {
  struct stat found;
  CHECK(lstat(path, &found) == 0);
  return S_ISREG(found.st_mode)    ? NODECORE_FS_FILE
         : S_ISDIR(found.st_mode)  ? NODECORE_FS_DIRECTORY
         : S_ISLNK(found.st_mode)  ? NODECORE_FS_SYMLINK
         : S_ISFIFO(found.st_mode) ? NODECORE_FS_FIFO
         : S_ISSOCK(found.st_mode) ? NODECORE_FS_SOCKET
         : S_ISCHR(found.st_mode)  ? NODECORE_FS_CHARACTER_DEVICE
         : S_ISBLK(found.st_mode)  ? NODECORE_FS_BLOCK_DEVICE
                                   : NODECORE_FS_UNKNOWN;
}

/* Whatever is in a directory has the type that lstat tells. Returns the types seen, a bit each. */
static unsigned compare_types(const char *path) {
  nodecore_fs_readdir_options opts = NODECORE_FS_READDIR_OPTIONS_INIT;
  opts.with_file_types = true;
  unsigned types = 0;
  CHECK_OK(nodecore_fs_readdir_sync(path, A, &opts, &names, NULL));
  for (size_t i = 0; i < nodecore_dirents_count(names); i++) {
    nodecore_dirent entry = nodecore_dirents_get(names, i);
    char full[600];
    snprintf(full, sizeof full, "%s/%.*s", path, (int)entry.name.len, entry.name.data);
    CHECK(entry.type == type_of(full));
    types |= 1u << entry.type;
  }
  nodecore_dirents_free(names);
  return types;
}

static void kinds(void) {
  CHECK(mkdir("k", 0755) == 0 && mkdir("k/d", 0755) == 0 && mkfifo("k/p", 0600) == 0);
  touch("k/f");
  CHECK(symlink("f", "k/l") == 0);
  struct sockaddr_un at = {.sun_family = AF_UNIX, .sun_path = "k/s"};
  int bound = socket(AF_UNIX, SOCK_STREAM, 0);
  CHECK(bound >= 0 && bind(bound, (struct sockaddr *)&at, sizeof at) == 0);
  close(bound);
  unsigned expected = 1u << NODECORE_FS_FILE | 1u << NODECORE_FS_DIRECTORY | 1u << NODECORE_FS_SYMLINK |
                      1u << NODECORE_FS_FIFO | 1u << NODECORE_FS_SOCKET;
  /* Only root may make one, and not everywhere. */
  if (mknod("k/b", S_IFBLK | 0600, makedev(7, 99)) == 0) expected |= 1u << NODECORE_FS_BLOCK_DEVICE;
  CHECK(compare_types("k") == expected);
  CHECK((compare_types("/dev") & 1u << NODECORE_FS_CHARACTER_DEVICE) != 0);
}

static void lists(void) {
  nodecore_error *err = NULL;
  CHECK(mkdir("l", 0755) == 0 && mkdir("l/b", 0755) == 0);
  touch("l/a");
  touch("l/b/\xff");
  CHECK(symlink("a", "l/c") == 0);

  CHECK_OK(nodecore_fs_readdir_sync("l", A, NULL, &names, &err));
  CHECK(nodecore_dirents_count(names) == 3);
  nodecore_dirent a = nodecore_dirents_get(names, 0);
  CHECK(is(a.name, "a") && is(a.parent_path, "l") && a.type == NODECORE_FS_FILE);
  CHECK(is(nodecore_dirents_path(names, 0), "a"));
  CHECK(nodecore_dirents_get(names, 1).type == NODECORE_FS_DIRECTORY);
  CHECK(nodecore_dirents_get(names, 2).type == NODECORE_FS_SYMLINK);
  nodecore_dirent none = nodecore_dirents_get(names, 3);
  CHECK(none.name.data == NULL && none.parent_path.data == NULL && none.type == NODECORE_FS_UNKNOWN);
  CHECK(nodecore_dirents_path(names, 3).data == NULL);
  nodecore_dirents_free(names);

  nodecore_fs_readdir_options opts = NODECORE_FS_READDIR_OPTIONS_INIT;
  opts.recursive = opts.with_file_types = true;
  AWAIT(nodecore_fs_readdir(lp, "l", A, &opts, on_names, NULL, release, NULL, &err), NODECORE_OK);
  CHECK(nodecore_dirents_count(names) == 4);
  nodecore_dirent deep = nodecore_dirents_get(names, 3);
  CHECK(is(deep.name, "\xff") && is(deep.parent_path, "l/b") && deep.type == NODECORE_FS_FILE);
  CHECK(is(nodecore_dirents_path(names, 3), "b/\xff") && is(nodecore_dirents_path(names, 1), "b"));
  nodecore_dirents_free(names);

  opts.encoding = (nodecore_str){"hex", A};
  CHECK_OK(nodecore_fs_readdir_sync("l", A, &opts, &names, &err));
  CHECK(is(nodecore_dirents_get(names, 3).name, "ff") && is(nodecore_dirents_get(names, 0).name, "61"));
  CHECK(is(nodecore_dirents_get(names, 3).parent_path, "l/b"));
  CHECK(is(nodecore_dirents_path(names, 3), "622fff") && is(nodecore_dirents_path(names, 2), "63"));
  CHECK(nodecore_dirents_path(names, 4).data == NULL && nodecore_dirents_get(names, 4).name.data == NULL);
  nodecore_dirents_free(names);
  opts.encoding = (nodecore_str){"utf8", 4};
  CHECK_OK(nodecore_fs_readdir_sync("l/b", A, &opts, &names, &err));
  CHECK(is(nodecore_dirents_get(names, 0).name, "\xef\xbf\xbd"));
  nodecore_dirents_free(names);
  opts.encoding = (nodecore_str){"buffer", A};
  CHECK_OK(nodecore_fs_readdir_sync("l/b", A, &opts, &names, &err));
  CHECK(is(nodecore_dirents_get(names, 0).name, "\xff"));
  nodecore_dirents_free(names);

  opts.encoding = (nodecore_str){"x", A};
  CHECK_STATUS(nodecore_fs_readdir_sync("l", A, &opts, &names, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE", "The argument 'encoding' is invalid encoding. Received 'x'"));
  REFUSED(nodecore_fs_readdir(lp, "l", A, &opts, on_names, NULL, release, NULL, NULL),
          NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_STATUS(nodecore_fs_readdir_sync("none", A, NULL, &names, &err), NODECORE_ENOENT);
  CHECK(nodecore_error_errno(err) == -2 && is(nodecore_error_syscall(err), "scandir"));
  CHECK(is(nodecore_error_path(err), "none"));
  CHECK(failed_with(&err, "ENOENT", "ENOENT: no such file or directory, scandir 'none'"));
  AWAIT(nodecore_fs_readdir(lp, "l/a", A, NULL, on_names, NULL, release, NULL, &err), NODECORE_ENOTDIR);
  CHECK(strcmp(message, "ENOTDIR: not a directory, scandir 'l/a'") == 0);

  CHECK_STATUS(nodecore_fs_readdir_sync("l", A, NULL, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_readdir_sync(NULL, 1, NULL, &names, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_readdir_sync("a\0b", 3, NULL, &names, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  opts.struct_size = 4;
  CHECK_STATUS(nodecore_fs_readdir_sync("l", A, &opts, &names, NULL), NODECORE_ERR_OUT_OF_RANGE);
  REFUSED(nodecore_fs_readdir(lp, "l", A, NULL, NULL, NULL, release, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_readdir(NULL, "l", A, NULL, on_names, NULL, release, NULL, NULL),
          NODECORE_ERR_INVALID_ARG_TYPE);
  kinds();
  nodecore_dirents_free(NULL);
  CHECK(nodecore_dirents_count(NULL) == 0 && nodecore_dirents_get(NULL, 0).name.data == NULL);
  CHECK(nodecore_dirents_path(NULL, 0).data == NULL);
}

static void making(void) {
  nodecore_error *err = NULL;
  nodecore_fs_mkdir_options opts = NODECORE_FS_MKDIR_OPTIONS_INIT;
  opts.recursive = true;
  opts.mode = 0700;
  CHECK_OK(nodecore_fs_mkdir_sync("m/n/o", A, &opts, &bytes, &err));
  CHECK(gave(&bytes, "m"));
  struct stat found;
  CHECK(stat("m/n/o", &found) == 0 && (found.st_mode & 0777) == 0700);
  CHECK_OK(nodecore_fs_mkdir_sync("m/n", A, &opts, &bytes, &err));
  CHECK(bytes.len == 0);
  CHECK_OK(nodecore_fs_mkdir_sync("m/p", A, &opts, NULL, &err));
  AWAIT(nodecore_fs_mkdir(lp, "m/q/r", A, &opts, on_bytes, NULL, release, NULL, &err), NODECORE_OK);
  CHECK(gave(&bytes, "m/q"));
  AWAIT(nodecore_fs_mkdir(lp, "m/s", A, NULL, on_bytes, NULL, release, NULL, &err), NODECORE_OK);
  CHECK(bytes.len == 0 && there("m/s"));
  AWAIT(nodecore_fs_mkdir(lp, "m/s", A, NULL, on_bytes, NULL, release, NULL, &err), NODECORE_EEXIST);
  CHECK(strcmp(message, "EEXIST: file already exists, mkdir 'm/s'") == 0);
  CHECK_STATUS(nodecore_fs_mkdir_sync("l/a/x", A, &opts, &bytes, &err), NODECORE_ENOTDIR);
  CHECK(is(nodecore_error_path(err), "l/a/x") && is(nodecore_error_syscall(err), "mkdir"));
  nodecore_error_free(err);
  err = NULL;
  opts.mode = -1;
  CHECK_STATUS(nodecore_fs_mkdir_sync("m/t", A, &opts, NULL, NULL), NODECORE_ERR_OUT_OF_RANGE);
  REFUSED(nodecore_fs_mkdir(lp, NULL, 1, NULL, on_bytes, NULL, release, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);

  CHECK_OK(nodecore_fs_rmdir_sync("m/s", A, &err));
  CHECK(!there("m/s"));
  AWAIT(nodecore_fs_rmdir(lp, "m/p", A, on_done, NULL, release, NULL, &err), NODECORE_OK);
  CHECK(!there("m/p"));
  AWAIT(nodecore_fs_rmdir(lp, "m/q", A, on_done, NULL, release, NULL, &err), NODECORE_ENOTEMPTY);
  CHECK(strcmp(message, "ENOTEMPTY: directory not empty, rmdir 'm/q'") == 0);
  CHECK_STATUS(nodecore_fs_rmdir_sync("none", A, &err), NODECORE_ENOENT);
  CHECK(is(nodecore_error_path(err), "none"));
  CHECK(failed_with(&err, "ENOENT", "ENOENT: no such file or directory, rmdir 'none'"));
  CHECK_STATUS(nodecore_fs_rmdir_sync(NULL, 1, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_rmdir(lp, "m/q", A, NULL, NULL, release, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
}

static void temporary(void) {
  nodecore_error *err = NULL;
  char path[100], inside[120];
  CHECK_OK(nodecore_fs_mkdtemp_disposable_sync("t-", A, &temp, &err));
  nodecore_str at = nodecore_temp_dir_path(temp);
  CHECK(at.len == 8 && memcmp(at.data, "t-", 2) == 0);
  snprintf(path, sizeof path, "%.*s", (int)at.len, at.data);
  snprintf(inside, sizeof inside, "%s/f", path);
  touch(inside);
  CHECK_OK(nodecore_temp_dir_remove_sync(temp, &err));
  CHECK(!there(path));
  CHECK_OK(nodecore_temp_dir_remove_sync(temp, &err));
  AWAIT(nodecore_temp_dir_remove(temp, lp, on_done, NULL, release, &err), NODECORE_OK);
  nodecore_temp_dir_free(temp);

  /* It goes with its handle. */
  AWAIT(nodecore_fs_mkdtemp_disposable(lp, "t-", A, on_temp, NULL, release, NULL, &err), NODECORE_OK);
  at = nodecore_temp_dir_path(temp);
  snprintf(path, sizeof path, "%.*s", (int)at.len, at.data);
  snprintf(inside, sizeof inside, "%s/f", path);
  touch(inside);
  CHECK(there(path));
  nodecore_temp_dir_free(temp);
  CHECK(!there(path));

  /* The handle is freed while it is being removed. */
  CHECK_OK(nodecore_fs_mkdtemp_disposable_sync("t-", A, &temp, &err));
  at = nodecore_temp_dir_path(temp);
  snprintf(path, sizeof path, "%.*s", (int)at.len, at.data);
  called = released = 0;
  CHECK_OK(nodecore_temp_dir_remove(temp, lp, on_done, NULL, release, &err));
  nodecore_temp_dir_free(temp);
  run();
  CHECK(called == 1 && released == 1 && status == NODECORE_OK && !there(path));

  /* It is kept. */
  CHECK_OK(nodecore_fs_mkdtemp_disposable_sync("t-", A, &temp, &err));
  nodecore_temp_dir_keep(temp);
  nodecore_temp_dir_keep(temp);
  at = nodecore_temp_dir_path(temp);
  snprintf(path, sizeof path, "%.*s", (int)at.len, at.data);
  CHECK_OK(nodecore_temp_dir_remove_sync(temp, &err));
  AWAIT(nodecore_temp_dir_remove(temp, lp, on_done, NULL, release, &err), NODECORE_OK);
  nodecore_temp_dir_free(temp);
  CHECK(there(path) && rmdir(path) == 0);

  CHECK_STATUS(nodecore_fs_mkdtemp_disposable_sync("none/t-", A, &temp, &err), NODECORE_ENOENT);
  CHECK(is(nodecore_error_syscall(err), "mkdtemp") && is(nodecore_error_path(err), "none/t-XXXXXX"));
  CHECK(failed_with(&err, "ENOENT", "ENOENT: no such file or directory, mkdtemp 'none/t-XXXXXX'"));
  AWAIT(nodecore_fs_mkdtemp_disposable(lp, "none/t-", A, on_temp, NULL, release, NULL, &err), NODECORE_ENOENT);
  CHECK_STATUS(nodecore_fs_mkdtemp_disposable_sync("t-", A, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_mkdtemp_disposable_sync("t\0-", 3, &temp, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  REFUSED(nodecore_fs_mkdtemp_disposable(lp, "t\0-", 3, on_temp, NULL, release, NULL, NULL),
          NODECORE_ERR_INVALID_ARG_VALUE);
  REFUSED(nodecore_temp_dir_remove(NULL, lp, on_done, NULL, release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_temp_dir_remove_sync(NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(nodecore_temp_dir_path(NULL).data == NULL);
  nodecore_temp_dir_keep(NULL);
  nodecore_temp_dir_free(NULL);
}

static void one_by_one(void) {
  nodecore_error *err = NULL;
  nodecore_dirent entry;
  CHECK_OK(nodecore_fs_opendir_sync("l/b", A, NULL, &dir, &err));
  CHECK(is(nodecore_dir_path(dir), "l/b"));
  CHECK_OK(nodecore_dir_read_sync(dir, &entry, &err));
  CHECK(is(entry.name, "\xff") && is(entry.parent_path, "l/b") && entry.type == NODECORE_FS_FILE);
  CHECK_OK(nodecore_dir_read_sync(dir, &entry, &err));
  CHECK(entry.name.data == NULL);
  CHECK_OK(nodecore_dir_close_sync(dir, &err));
  CHECK_STATUS(nodecore_dir_close_sync(dir, &err), NODECORE_ERR_DIR_CLOSED);
  CHECK(failed_with(&err, "ERR_DIR_CLOSED", "Directory handle was closed"));
  CHECK_STATUS(nodecore_dir_read_sync(dir, &entry, NULL), NODECORE_ERR_DIR_CLOSED);
  AWAIT(nodecore_dir_read(dir, lp, on_entry, NULL, release, &err), NODECORE_ERR_DIR_CLOSED);
  AWAIT(nodecore_dir_next(dir, lp, on_entry, NULL, release, &err), NODECORE_ERR_DIR_CLOSED);
  AWAIT(nodecore_dir_close(dir, lp, on_done, NULL, release, &err), NODECORE_ERR_DIR_CLOSED);
  nodecore_dir_free(dir);

  nodecore_fs_opendir_options opts = NODECORE_FS_OPENDIR_OPTIONS_INIT;
  opts.recursive = true;
  opts.buffer_size = 1;
  opts.encoding = (nodecore_str){"hex", A};
  AWAIT(nodecore_fs_opendir(lp, "l", A, &opts, on_dir, NULL, release, NULL, &err), NODECORE_OK);
  CHECK(is(nodecore_dir_path(dir), "l"));
  /* Several wait; they are served in order, the close behind them. */
  called = released = 0;
  seen[0] = 0;
  for (int i = 0; i < 5; i++) CHECK_OK(nodecore_dir_read(dir, lp, on_entry, NULL, release, &err));
  CHECK_STATUS(nodecore_dir_read_sync(dir, &entry, &err), NODECORE_ERR_DIR_CONCURRENT_OPERATION);
  nodecore_error_free(err);
  CHECK_STATUS(nodecore_dir_close_sync(dir, &err), NODECORE_ERR_DIR_CONCURRENT_OPERATION);
  nodecore_error_free(err);
  err = NULL;
  CHECK_OK(nodecore_dir_close(dir, lp, on_done, NULL, release, &err));
  CHECK(called == 0);
  run();
  CHECK(called == 6 && released == 6 && status == NODECORE_OK);
  CHECK(strlen(seen) == 13 && strcmp(seen + 9, "ff,|") == 0);
  CHECK(strstr(seen, "61,") != NULL && strstr(seen, "62,") != NULL && strstr(seen, "63,") != NULL);
  nodecore_dir_free(dir);

  /* An iteration closes at its end. */
  CHECK_OK(nodecore_fs_opendir_sync("l/b", A, NULL, &dir, &err));
  seen[0] = 0;
  AWAIT(nodecore_dir_next(dir, lp, on_entry, NULL, release, &err), NODECORE_OK);
  AWAIT(nodecore_dir_next(dir, lp, on_entry, NULL, release, &err), NODECORE_OK);
  CHECK(strcmp(seen, "\xff,|") == 0);
  CHECK_STATUS(nodecore_dir_close_sync(dir, NULL), NODECORE_ERR_DIR_CLOSED);
  nodecore_dir_free(dir);

  /* A name in an encoding, one at a time. */
  opts.recursive = false;
  CHECK_OK(nodecore_fs_opendir_sync("l/b", A, &opts, &dir, &err));
  CHECK_OK(nodecore_dir_read_sync(dir, &entry, &err));
  CHECK(is(entry.name, "ff") && is(entry.parent_path, "l/b"));
  nodecore_dir_free(dir);

  opts.encoding = (nodecore_str){"x", A};
  CHECK_STATUS(nodecore_fs_opendir_sync("l", A, &opts, &dir, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE", "The argument 'encoding' is invalid encoding. Received 'x'"));
  CHECK_STATUS(nodecore_fs_opendir_sync("none", A, NULL, &dir, &err), NODECORE_ENOENT);
  CHECK(is(nodecore_error_path(err), "none"));
  CHECK(failed_with(&err, "ENOENT", "ENOENT: no such file or directory, opendir 'none'"));
  AWAIT(nodecore_fs_opendir(lp, "l/a", A, NULL, on_dir, NULL, release, NULL, &err), NODECORE_ENOTDIR);
  CHECK(strcmp(message, "ENOTDIR: not a directory, opendir 'l/a'") == 0);
  CHECK_STATUS(nodecore_fs_opendir_sync("l", A, NULL, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_opendir(lp, "l", A, NULL, NULL, NULL, release, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_dir_read_sync(NULL, &entry, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_dir_close_sync(NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_OK(nodecore_fs_opendir_sync("l", A, NULL, &dir, &err));
  CHECK_STATUS(nodecore_dir_read_sync(dir, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_dir_read(dir, NULL, on_entry, NULL, release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_dir_read(dir, lp, NULL, NULL, release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_dir_next(NULL, lp, on_entry, NULL, release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_dir_close(NULL, lp, on_done, NULL, release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_dir_free(dir);
  CHECK(nodecore_dir_path(NULL).data == NULL);
  nodecore_dir_free(NULL);
}

static void on_entry_free(const nodecore_error *err, const nodecore_dirent *entry, void *user) {
  on_entry(err, entry, user);
  nodecore_dir_free(dir);
  CHECK(entry->name.len > 0 && entry->parent_path.len > 0);
}

/* Handles that go while something waits. */
static void in_the_middle(void) {
  nodecore_error *err = NULL;
  int before = descriptors();
  CHECK_OK(nodecore_fs_opendir_sync("l", A, NULL, &dir, &err));
  called = released = 0;
  CHECK_OK(nodecore_dir_read(dir, lp, on_entry, NULL, release, &err));
  CHECK_OK(nodecore_dir_read(dir, lp, on_entry, NULL, release, &err));
  nodecore_dir_free(dir);
  run();
  CHECK(called == 2 && released == 2 && status == NODECORE_OK);

  CHECK_OK(nodecore_fs_opendir_sync("l", A, NULL, &dir, &err));
  AWAIT(nodecore_dir_read(dir, lp, on_entry_free, NULL, release, &err), NODECORE_OK);
  CHECK(descriptors() == before);

  /* What is opened for nobody is closed: the request is cancelled, in time or not. */
  nodecore_request *request = NULL;
  called = released = 0;
  dir = NULL;
  CHECK_OK(nodecore_fs_opendir(lp, "l", A, NULL, on_dir, NULL, release, &request, NULL));
  nodecore_request_cancel(request);
  nodecore_request_free(request);
  run();
  CHECK(called == 1 && released == 1 && (dir != NULL) == (status == NODECORE_OK));
  nodecore_dir_free(dir);
  CHECK(descriptors() == before);

  /* A loop goes with requests pending: nothing is called back, all is released. */
  nodecore_loop *other = NULL;
  CHECK_OK(nodecore_loop_new(&other, NULL));
  CHECK_OK(nodecore_fs_opendir_sync("l", A, NULL, &dir, &err));
  called = released = 0;
  CHECK_OK(nodecore_dir_read(dir, other, on_entry, NULL, release, &err));
  CHECK_OK(nodecore_dir_next(dir, other, on_entry, NULL, release, &err));
  CHECK_OK(nodecore_dir_close(dir, other, on_done, NULL, release, &err));
  CHECK_OK(nodecore_fs_readdir(other, "l", A, NULL, on_names, NULL, release, NULL, &err));
  CHECK_OK(nodecore_fs_mkdir(other, "l", A, NULL, on_bytes, NULL, release, NULL, &err));
  CHECK_OK(nodecore_fs_rmdir(other, "l", A, on_done, NULL, release, NULL, &err));
  CHECK_OK(nodecore_fs_opendir(other, "l", A, NULL, on_dir, NULL, release, NULL, &err));
  CHECK_OK(nodecore_fs_mkdtemp_disposable(other, "u-", A, on_temp, NULL, release, NULL, &err));
  CHECK_OK(nodecore_fs_mkdtemp_disposable_sync("t-", A, &temp, &err));
  CHECK_OK(nodecore_temp_dir_remove(temp, other, on_done, NULL, release, &err));
  nodecore_temp_dir_free(temp);
  CHECK_STATUS(nodecore_loop_close(other, NULL), NODECORE_EBUSY);
  nodecore_loop_free(other);
  nodecore_dir_free(dir);
  CHECK(called == 0 && released == 9);
  /* A thread of the pool may be about to close what it opened. */
  for (int i = 0; i < 5000 && descriptors() > before; i++) usleep(1000);
  CHECK(descriptors() <= before);
}

int main(void) {
  umask(022);
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  lists();
  making();
  temporary();
  one_by_one();
  in_the_middle();
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
  return 0;
}
