/* fs_tree.h: every function in both forms, in the empty folder the test runs in. */
#define _DEFAULT_SOURCE
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
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
static nodecore_dirents *found;

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
static void on_found(const nodecore_error *err, nodecore_dirents *got, void *user) {
  (void)user;
  saw(err);
  CHECK((err == NULL) == (got != NULL));
  found = got;
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
#define REFUSED(call, expected)   \
  do {                            \
    called = released = 0;        \
    CHECK_STATUS(call, expected); \
    run();                        \
    CHECK(called == 0);           \
    CHECK(released == 1);         \
  } while (0)

static void write_text(const char *path, const char *text) {
  FILE *file = fopen(path, "w");
  CHECK(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
}
static bool holds(const char *path, const char *text) {
  char buffer[64] = "";
  FILE *file = fopen(path, "r");
  if (file == NULL) return false;
  size_t n = fread(buffer, 1, sizeof buffer - 1, file);
  fclose(file);
  return n == strlen(text) && memcmp(buffer, text, n) == 0;
}
static bool there(const char *path) {
  struct stat s;
  return lstat(path, &s) == 0;
}
/* A tree of six entries at `root`. */
static void make(const char *root) {
  char path[100];
  CHECK(mkdir(root, 0755) == 0);
  snprintf(path, sizeof path, "%s/a", root);
  write_text(path, "aa");
  snprintf(path, sizeof path, "%s/d", root);
  CHECK(mkdir(path, 0755) == 0);
  snprintf(path, sizeof path, "%s/d/b", root);
  write_text(path, "bb");
  snprintf(path, sizeof path, "%s/d/e", root);
  CHECK(mkdir(path, 0755) == 0);
  snprintf(path, sizeof path, "%s/d/e/c.js", root);
  write_text(path, "cc");
  snprintf(path, sizeof path, "%s/l", root);
  CHECK(symlink("a", path) == 0);
}

static void on_done_entry(const nodecore_error *err, const nodecore_dirent *dirent, void *user) {
  (void)user;
  saw(err);
  CHECK(dirent != NULL && dirent->name.len > 0);
}

/* What `progress`, `filter` and `exclude_fn` see. */
typedef struct {
  int told;
  uint64_t entries;
  int asked;
  bool after_the_end;
  nodecore_status answer;
  nodecore_abort_controller *controller;
  nodecore_done *done;
} hooks;
static void on_progress(uint64_t entries, nodecore_str path, void *user) {
  hooks *h = user;
  h->told++;
  h->entries = entries;
  CHECK(path.data != NULL);
  h->after_the_end |= called > 0;
}

static void removing(void) {
  nodecore_error *err = NULL;
  hooks h = {0};
  nodecore_fs_rm_options opts = NODECORE_FS_RM_OPTIONS_INIT;
  make("r");
  CHECK_STATUS(nodecore_fs_rm_sync("r", A, NULL, &err), NODECORE_ERR_FS_EISDIR);
  CHECK(nodecore_error_errno(err) == 21 && is(nodecore_error_syscall(err), "rm"));
  CHECK(is(nodecore_error_path(err), "r"));
  CHECK(failed_with(&err, "ERR_FS_EISDIR", "Path is a directory: rm returned EISDIR (is a directory) r"));
  opts.recursive = true;
  opts.progress = on_progress;
  opts.user = &h;
  CHECK_OK(nodecore_fs_rm_sync("r", A, &opts, &err));
  CHECK(!there("r") && h.told >= 1 && h.entries == 7);
  make("r");
  h.told = 0;
  AWAIT(nodecore_fs_rm(lp, "r", A, &opts, on_done, &h, release, NULL, &err), NODECORE_OK);
  CHECK(!there("r") && h.told >= 1 && h.entries == 7 && !h.after_the_end);
  CHECK_STATUS(nodecore_fs_rm_sync("r", A, &opts, &err), NODECORE_ENOENT);
  CHECK(failed_with(&err, "ENOENT", "ENOENT: no such file or directory, lstat 'r'"));
  AWAIT(nodecore_fs_rm(lp, "r", A, NULL, on_done, NULL, release, NULL, &err), NODECORE_ENOENT);
  CHECK(strcmp(message, "ENOENT: no such file or directory, lstat 'r'") == 0);
  opts.force = true;
  CHECK_OK(nodecore_fs_rm_sync("r", A, &opts, &err));

  /* Nothing below /proc can be removed: it is tried again twice, after 20 ms and 40 ms. */
  nodecore_fs_rm_options again = NODECORE_FS_RM_OPTIONS_INIT;
  again.recursive = true;
  again.max_retries = 2;
  again.retry_delay = 20;
  if (there("/proc/self/ns")) {
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    CHECK_STATUS(nodecore_fs_rm_sync("/proc/self/ns", A, &again, NULL), NODECORE_EPERM);
    AWAIT(nodecore_fs_rm(lp, "/proc/self/ns", A, &again, on_done, NULL, release, NULL, &err), NODECORE_EPERM);
    clock_gettime(CLOCK_MONOTONIC, &to);
    CHECK((to.tv_sec - from.tv_sec) * 1000 + (to.tv_nsec - from.tv_nsec) / 1000000 >= 118);
  }
  opts.max_retries = 2;
  opts.has_retry_delay = true;
  write_text("f", "");
  CHECK_OK(nodecore_fs_rm_sync("f", A, &opts, &err));
  opts.retry_delay = 2147483648u;
  CHECK_STATUS(nodecore_fs_rm_sync("f", A, &opts, NULL), NODECORE_ERR_OUT_OF_RANGE);
  REFUSED(nodecore_fs_rm(lp, "f", A, &opts, on_done, NULL, release, NULL, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_fs_rm_sync(NULL, 1, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_rm_sync("a\0b", 3, NULL, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  REFUSED(nodecore_fs_rm(lp, "f", A, NULL, NULL, NULL, release, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_fs_rm(NULL, "f", A, NULL, on_done, NULL, release, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);

  /* A signal that is aborted before it begins, and a request that is cancelled. */
  make("r");
  nodecore_abort_signal *aborted = NULL;
  CHECK_OK(nodecore_abort_signal_abort(NULL, &aborted, NULL));
  nodecore_fs_rm_options signalled = NODECORE_FS_RM_OPTIONS_INIT;
  signalled.recursive = true;
  signalled.signal = aborted;
  AWAIT(nodecore_fs_rm(lp, "r", A, &signalled, on_done, NULL, release, NULL, &err), NODECORE_ABORT_ERR);
  CHECK(strcmp(message, "The operation was aborted") == 0 && there("r/d/e/c.js"));
  nodecore_abort_signal_free(aborted);
  signalled.signal = NULL;
  nodecore_request *request = NULL;
  called = released = 0;
  CHECK_OK(nodecore_fs_rm(lp, "r", A, &signalled, on_done, NULL, release, &request, NULL));
  CHECK(nodecore_request_cancel(request));
  run();
  CHECK(called == 1 && released == 1 && (status == NODECORE_ECANCELED || status == NODECORE_OK));
  CHECK(!nodecore_request_cancel(request));
  nodecore_request_free(request);
  opts.retry_delay = 0;
  CHECK_OK(nodecore_fs_rm_sync("r", A, &opts, &err));
}

static nodecore_status only_some(nodecore_str src, nodecore_str dest, bool *copy, void *user) {
  hooks *h = user;
  h->asked++;
  CHECK(src.len > 0 && dest.len > 0 && !*copy);
  *copy = src.len < 3 || memcmp(src.data + src.len - 2, "/d", 2) != 0;
  return h->answer;
}
static void end_now(nodecore_str src, nodecore_str dest, nodecore_done *done, void *user) {
  hooks *h = user;
  h->asked++;
  CHECK(dest.len > 0);
  if (src.len > 2 && memcmp(src.data + src.len - 2, "/d", 2) == 0) {
    nodecore_done_call(done, NULL);
  } else {
    nodecore_done_push(done, "y", 1);
  }
}
static void end_later(nodecore_str src, nodecore_str dest, nodecore_done *done, void *user) {
  hooks *h = user;
  CHECK(src.len > 0 && dest.len > 0);
  h->asked++;
  h->done = done;
}
static void end_it(void *user) {
  hooks *h = user;
  nodecore_done *done = h->done;
  h->done = NULL;
  if (done == NULL) return;
  if (h->controller != NULL) {
    nodecore_done_free(done);
    nodecore_abort_controller_abort(h->controller, NULL);
  } else if (h->answer != NODECORE_OK) {
    nodecore_error *refusal = NULL;
    CHECK_OK(nodecore_error_new(h->answer, "no more", A, &refusal));
    nodecore_done_call(done, refusal);
    nodecore_error_free(refusal);
  } else {
    nodecore_done_push(done, "y", 1);
  }
}

static void copying(void) {
  nodecore_error *err = NULL;
  hooks h = {0};
  nodecore_fs_cp_options opts = NODECORE_FS_CP_OPTIONS_INIT;
  make("s");
  CHECK_STATUS(nodecore_fs_cp_sync("s", A, "t", A, NULL, &err), NODECORE_ERR_FS_EISDIR);
  CHECK(is(nodecore_error_syscall(err), "cp") && is(nodecore_error_path(err), "s"));
  nodecore_error_free(err);
  err = NULL;
  opts.recursive = true;
  opts.progress = on_progress;
  opts.user = &h;
  CHECK_OK(nodecore_fs_cp_sync("s", A, "t", A, &opts, &err));
  CHECK(holds("t/d/e/c.js", "cc") && h.told >= 1 && h.entries == 7);
  char target[300];
  ssize_t len = readlink("t/l", target, sizeof target);
  CHECK(len > 4 && target[0] == '/' && memcmp(target + len - 4, "/s/a", 4) == 0);

  /* What is there already. */
  write_text("t/a", "old");
  opts.no_force = true;
  CHECK_OK(nodecore_fs_cp_sync("s", A, "t", A, &opts, &err));
  CHECK(holds("t/a", "old"));
  opts.error_on_exist = true;
  AWAIT(nodecore_fs_cp(lp, "s/a", A, "t/a", A, &opts, on_done, NULL, release, NULL, &err), NODECORE_ERR_FS_CP_EEXIST);
  CHECK(strstr(message, "cp returned EEXIST (t/a already exists) t/a") != NULL);
  opts.no_force = opts.error_on_exist = false;
  h.told = 0;
  h.after_the_end = false;
  AWAIT(nodecore_fs_cp(lp, "s", A, "t", A, &opts, on_done, NULL, release, NULL, &err), NODECORE_OK);
  CHECK(holds("t/a", "aa") && h.told >= 1 && !h.after_the_end);
  opts.mode = 1;
  CHECK_OK(nodecore_fs_cp_sync("s/a", A, "u", A, &opts, &err));
  opts.mode = 8;
  CHECK_STATUS(nodecore_fs_cp_sync("s/a", A, "u", A, &opts, NULL), NODECORE_ERR_OUT_OF_RANGE);
  opts.mode = 0;

  /* Links and times. */
  opts.verbatim_symlinks = true;
  opts.preserve_timestamps = true;
  struct stat was, is_;
  struct timeval old[] = {{1000000000, 0}, {1100000000, 0}};
  CHECK(utimes("s/a", old) == 0 && stat("s/a", &was) == 0);
  CHECK_OK(nodecore_fs_cp_sync("s", A, "v", A, &opts, &err));
  CHECK(readlink("v/l", target, sizeof target) == 1 && target[0] == 'a');
  CHECK(stat("v/a", &is_) == 0 && is_.st_mtime == was.st_mtime);
  opts.dereference = true;
  CHECK_STATUS(nodecore_fs_cp_sync("s", A, "w", A, &opts, &err), NODECORE_ERR_INCOMPATIBLE_OPTION_PAIR);
  nodecore_error_free(err);
  err = NULL;
  opts.verbatim_symlinks = opts.preserve_timestamps = false;
  CHECK_OK(nodecore_fs_cp_sync("s", A, "w", A, &opts, &err));
  CHECK(lstat("w/l", &is_) == 0 && S_ISREG(is_.st_mode));

  /* Filters: at once, later, and never. */
  nodecore_fs_cp_options part = NODECORE_FS_CP_OPTIONS_INIT;
  part.recursive = true;
  part.filter = only_some;
  part.user = &h;
  h.asked = 0;
  CHECK_OK(nodecore_fs_cp_sync("s", A, "x1", A, &part, &err));
  CHECK(h.asked == 4 && there("x1/a") && !there("x1/d"));
  AWAIT(nodecore_fs_cp(lp, "s", A, "x2", A, &part, on_done, NULL, release, NULL, &err), NODECORE_OK);
  CHECK(h.asked == 8 && there("x2/a") && there("x2/l") && !there("x2/d"));
  h.answer = NODECORE_EPERM;
  CHECK_STATUS(nodecore_fs_cp_sync("s", A, "x3", A, &part, NULL), NODECORE_EPERM);
  AWAIT(nodecore_fs_cp(lp, "s", A, "x3", A, &part, on_done, NULL, release, NULL, &err), NODECORE_EPERM);
  CHECK(!there("x3"));
  h.answer = 5;
  CHECK_STATUS(nodecore_fs_cp_sync("s", A, "x3", A, &part, NULL), NODECORE_ERR_OUT_OF_RANGE);
  h.answer = NODECORE_OK;
  part.filter_async = end_now;
  CHECK_STATUS(nodecore_fs_cp_sync("s", A, "x3", A, &part, &err), NODECORE_ERR_INCOMPATIBLE_OPTION_PAIR);
  CHECK(failed_with(&err, "ERR_INCOMPATIBLE_OPTION_PAIR",
                    "Option \"filter\" cannot be used in combination with option \"filter_async\""));
  part.filter = NULL;
  h.asked = 0;
  AWAIT(nodecore_fs_cp(lp, "s", A, "x4", A, &part, on_done, NULL, release, NULL, &err), NODECORE_OK);
  CHECK(h.asked == 4 && there("x4/a") && !there("x4/d"));
  int before = h.asked;
  CHECK_STATUS(nodecore_fs_cp_sync("s", A, "x5", A, &part, NULL), NODECORE_ERR_INVALID_RETURN_VALUE);
  CHECK(h.asked == before);
  part.filter_async = end_later;
  nodecore_timer *timer = NULL;
  CHECK_OK(nodecore_loop_set_interval(lp, 1, end_it, &h, NULL, &timer));
  called = released = h.asked = 0;
  CHECK_OK(nodecore_fs_cp(lp, "s", A, "x6", A, &part, on_done, NULL, release, NULL, &err));
  while (called == 0) CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_ONCE, NULL, NULL));
  CHECK(status == NODECORE_OK && released == 1 && h.asked == 7 && there("x6/d/e/c.js"));
  h.answer = NODECORE_EPERM;
  called = released = 0;
  CHECK_OK(nodecore_fs_cp(lp, "s", A, "x7", A, &part, on_done, NULL, release, NULL, &err));
  while (called == 0) CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_ONCE, NULL, NULL));
  CHECK(status == NODECORE_EPERM && released == 1 && strcmp(message, "no more") == 0 && !there("x7"));
  /* The answer never comes, and the signal ends the waiting. */
  CHECK_OK(nodecore_abort_controller_new(&h.controller, NULL));
  nodecore_abort_signal *signal = nodecore_abort_controller_signal(h.controller);
  part.signal = signal;
  called = released = 0;
  CHECK_OK(nodecore_fs_cp(lp, "s", A, "x8", A, &part, on_done, NULL, release, NULL, &err));
  nodecore_abort_signal_free(signal);
  while (called == 0) CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_ONCE, NULL, NULL));
  CHECK(status == NODECORE_ABORT_ERR && released == 1 && !there("x8"));
  nodecore_abort_controller_free(h.controller);
  nodecore_timer_clear(timer);
  nodecore_timer_free(timer);

  /* Errors, and arguments. */
  CHECK_STATUS(nodecore_fs_cp_sync("none", A, "y", A, NULL, &err), NODECORE_ENOENT);
  CHECK(is(nodecore_error_path(err), "none") && is(nodecore_error_syscall(err), "lstat"));
  nodecore_error_free(err);
  err = NULL;
  AWAIT(nodecore_fs_cp(lp, "s", A, "s/d/in", A, &opts, on_done, NULL, release, NULL, &err), NODECORE_ERR_FS_CP_EINVAL);
  AWAIT(nodecore_fs_cp(lp, "s", A, "s/a", A, &opts, on_done, NULL, release, NULL, &err),
        NODECORE_ERR_FS_CP_DIR_TO_NON_DIR);
  AWAIT(nodecore_fs_cp(lp, "s/a", A, "s/d", A, &opts, on_done, NULL, release, NULL, &err),
        NODECORE_ERR_FS_CP_NON_DIR_TO_DIR);
  CHECK(mkfifo("fifo", 0600) == 0);
  CHECK_STATUS(nodecore_fs_cp_sync("fifo", A, "y", A, NULL, NULL), NODECORE_ERR_FS_CP_FIFO_PIPE);
  CHECK_STATUS(nodecore_fs_cp_sync(NULL, 1, "y", A, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_cp_sync("s", A, NULL, 1, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_cp_sync("s", A, "a\0b", 3, NULL, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE",
                    "The argument 'dest' must be a string, Uint8Array, or URL without null bytes. Received "
                    "'a\\x00b'"));
  REFUSED(nodecore_fs_cp(lp, "s", A, "y", A, NULL, NULL, NULL, release, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  opts.struct_size = 1 << 20;
  REFUSED(nodecore_fs_cp(lp, "s", A, "y", A, &opts, on_done, NULL, release, NULL, NULL), NODECORE_ERR_OUT_OF_RANGE);
}

static nodecore_status not_e(const nodecore_dirent *dirent, bool *exclude, void *user) {
  hooks *h = user;
  h->asked++;
  CHECK(dirent->parent_path.len > 0 && !*exclude);
  *exclude = is(dirent->name, "e") && dirent->type == NODECORE_FS_DIRECTORY;
  return h->answer;
}

static void searching(void) {
  nodecore_error *err = NULL;
  hooks h = {0};
  make("g");
  nodecore_str patterns[] = {{"**/*.js", A}, {"a", 1}};
  nodecore_fs_glob_options opts = NODECORE_FS_GLOB_OPTIONS_INIT;
  opts.cwd = (nodecore_str){"g", A};
  opts.progress = on_progress;
  opts.user = &h;
  CHECK_OK(nodecore_fs_glob_sync(patterns, 2, &opts, &found, &err));
  CHECK(nodecore_dirents_count(found) == 2 && h.told >= 1);
  CHECK(is(nodecore_dirents_path(found, 0), "a") && is(nodecore_dirents_path(found, 1), "d/e/c.js"));
  nodecore_dirent entry = nodecore_dirents_get(found, 1);
  char cwd[300];
  CHECK(getcwd(cwd, sizeof cwd - 10) != NULL);
  strcat(cwd, "/g/d/e");
  CHECK(is(entry.name, "c.js") && is(entry.parent_path, cwd) && entry.type == NODECORE_FS_FILE);
  CHECK(nodecore_dirents_get(found, 2).name.data == NULL && nodecore_dirents_path(found, 2).data == NULL);
  nodecore_dirents_free(found);
  h.told = 0;
  h.after_the_end = false;
  AWAIT(nodecore_fs_glob(lp, patterns, 2, &opts, on_found, NULL, release, NULL, &err), NODECORE_OK);
  CHECK(nodecore_dirents_count(found) == 2 && h.told >= 1 && !h.after_the_end);
  nodecore_dirents_free(found);
  CHECK_OK(nodecore_fs_glob_sync(NULL, 0, &opts, &found, &err));
  CHECK(nodecore_dirents_count(found) == 0);
  nodecore_dirents_free(found);
  nodecore_str here = {"g/*", 3};
  CHECK_OK(nodecore_fs_glob_sync(&here, 1, NULL, &found, &err));
  CHECK(nodecore_dirents_count(found) == 3 && is(nodecore_dirents_path(found, 2), "g/l"));
  CHECK(nodecore_dirents_get(found, 2).type == NODECORE_FS_SYMLINK);
  nodecore_dirents_free(found);
  CHECK(symlink("e", "g/d/again") == 0);
  opts.follow_symlinks = true;
  CHECK_OK(nodecore_fs_glob_sync(patterns, 1, &opts, &found, &err));
  CHECK(nodecore_dirents_count(found) == 2);
  nodecore_dirents_free(found);
  opts.follow_symlinks = false;

  nodecore_str without[] = {{"d/e", 3}};
  opts.exclude = without;
  opts.exclude_count = 1;
  CHECK_OK(nodecore_fs_glob_sync(patterns, 2, &opts, &found, &err));
  CHECK(nodecore_dirents_count(found) == 1 && is(nodecore_dirents_path(found, 0), "a"));
  nodecore_dirents_free(found);
  opts.exclude_fn = not_e;
  CHECK_STATUS(nodecore_fs_glob_sync(patterns, 2, &opts, &found, &err), NODECORE_ERR_INCOMPATIBLE_OPTION_PAIR);
  CHECK(failed_with(&err, "ERR_INCOMPATIBLE_OPTION_PAIR",
                    "Option \"exclude\" cannot be used in combination with option \"exclude_fn\""));
  opts.exclude_count = 0;
  CHECK_OK(nodecore_fs_glob_sync(patterns, 2, &opts, &found, &err));
  CHECK(nodecore_dirents_count(found) == 1 && h.asked >= 2);
  nodecore_dirents_free(found);
  h.asked = 0;
  AWAIT(nodecore_fs_glob(lp, patterns, 2, &opts, on_found, NULL, release, NULL, &err), NODECORE_OK);
  CHECK(nodecore_dirents_count(found) == 1 && h.asked >= 2);
  nodecore_dirents_free(found);
  h.answer = NODECORE_EPERM;
  AWAIT(nodecore_fs_glob(lp, patterns, 2, &opts, on_found, NULL, release, NULL, &err), NODECORE_EPERM);
  CHECK_STATUS(nodecore_fs_glob_sync(patterns, 2, &opts, &found, NULL), NODECORE_EPERM);

  nodecore_abort_signal *aborted = NULL;
  CHECK_OK(nodecore_abort_signal_abort(NULL, &aborted, NULL));
  opts.signal = aborted;
  AWAIT(nodecore_fs_glob(lp, patterns, 2, &opts, on_found, NULL, release, NULL, &err), NODECORE_ABORT_ERR);
  nodecore_abort_signal_free(aborted);
  nodecore_request *request = NULL;
  called = released = 0;
  CHECK_OK(nodecore_fs_glob(lp, patterns, 2, NULL, on_found, NULL, release, &request, NULL));
  nodecore_request_cancel(request);
  nodecore_request_free(request);
  run();
  CHECK(called == 1 && released == 1);
  nodecore_dirents_free(found);

  CHECK_STATUS(nodecore_fs_glob_sync(patterns, 2, NULL, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_glob_sync(NULL, 1, NULL, &found, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_str bad = {"\xff", 1};
  CHECK_STATUS(nodecore_fs_glob_sync(&bad, 1, NULL, &found, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  nodecore_fs_glob_options nowhere = NODECORE_FS_GLOB_OPTIONS_INIT;
  nowhere.cwd = (nodecore_str){"a\0b", 3};
  CHECK_STATUS(nodecore_fs_glob_sync(patterns, 1, &nowhere, &found, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  REFUSED(nodecore_fs_glob(lp, &bad, 1, NULL, on_found, NULL, release, NULL, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  REFUSED(nodecore_fs_glob(lp, patterns, 1, NULL, NULL, NULL, release, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
}

static nodecore_walk *walk;
/* The paths that came, "|" at the end. */
static char walked[400];
static void on_walked(const nodecore_error *err, const nodecore_dirent *dirent, void *user) {
  saw(err);
  CHECK(err == NULL || dirent == NULL);
  size_t used = strlen(walked);
  if (dirent == NULL) {
    snprintf(walked + used, sizeof walked - used, "|");
    return;
  }
  nodecore_str path = nodecore_walk_path(walk);
  snprintf(walked + used, sizeof walked - used, "%.*s,", (int)path.len, path.data);
  CHECK(nodecore_walk_depth(walk) > 0 && dirent->parent_path.len > 0);
  if (user != NULL && is(dirent->name, user)) nodecore_walk_skip_directory(walk);
}
static void on_walked_free(const nodecore_error *err, const nodecore_dirent *dirent, void *user) {
  on_walked(err, dirent, user);
  nodecore_walk_free(walk);
  walk = NULL;
  CHECK(is(dirent->name, "a") && is(dirent->parent_path, "k"));
}

static void walking_from_the_loop(void) {
  nodecore_error *err = NULL;
  nodecore_dirent entry;
  nodecore_fs_walk_options opts = NODECORE_FS_WALK_OPTIONS_INIT;
  opts.sorted = true;
  CHECK_OK(nodecore_fs_walk("k", A, &opts, &walk, &err));
  called = released = 0;
  walked[0] = 0;
  for (int i = 0; i < 8; i++) CHECK_OK(nodecore_walk_next(walk, lp, on_walked, "e", release, &err));
  CHECK_STATUS(nodecore_walk_next_sync(walk, &entry, &err), NODECORE_ERR_DIR_CONCURRENT_OPERATION);
  CHECK(is(nodecore_error_code(err), "ERR_DIR_CONCURRENT_OPERATION"));
  nodecore_error_free(err);
  err = NULL;
  CHECK(called == 0);
  run();
  CHECK(called == 8 && released == 8 && status == NODECORE_OK);
  CHECK(strcmp(walked, "k/a,k/d,k/d/again,k/d/b,k/d/e,k/l,||") == 0);
  CHECK(nodecore_walk_path(walk).data == NULL);
  nodecore_walk_free(walk);

  /* Both forms in turn; one that is freed while something waits, and in its own callback. */
  CHECK_OK(nodecore_fs_walk("k", A, &opts, &walk, &err));
  AWAIT(nodecore_walk_next(walk, lp, on_walked, NULL, release, &err), NODECORE_OK);
  CHECK_OK(nodecore_walk_next_sync(walk, &entry, &err));
  CHECK(is(entry.name, "d") && is(nodecore_walk_path(walk), "k/d") && nodecore_walk_depth(walk) == 1);
  nodecore_walk_free(walk);
  CHECK_OK(nodecore_fs_walk("k", A, &opts, &walk, &err));
  called = released = 0;
  CHECK_OK(nodecore_walk_next(walk, lp, on_done_entry, NULL, release, &err));
  CHECK_OK(nodecore_walk_next(walk, lp, on_done_entry, NULL, release, &err));
  nodecore_walk_free(walk);
  run();
  CHECK(called == 2 && released == 2 && status == NODECORE_OK);
  CHECK_OK(nodecore_fs_walk("k", A, &opts, &walk, &err));
  AWAIT(nodecore_walk_next(walk, lp, on_walked_free, NULL, release, &err), NODECORE_OK);
  CHECK(walk == NULL);

  CHECK_OK(nodecore_fs_walk("none", A, NULL, &walk, &err));
  AWAIT(nodecore_walk_next(walk, lp, on_walked, NULL, release, &err), NODECORE_ENOENT);
  CHECK(strcmp(message, "ENOENT: no such file or directory, scandir 'none'") == 0);
  CHECK(nodecore_walk_path(walk).data == NULL);
  AWAIT(nodecore_walk_next(walk, lp, on_walked, NULL, release, &err), NODECORE_OK);
  REFUSED(nodecore_walk_next(walk, lp, NULL, NULL, release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_walk_next(walk, NULL, on_walked, NULL, release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  REFUSED(nodecore_walk_next(NULL, lp, on_walked, NULL, release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_walk_free(walk);
}

static void walking(void) {
  nodecore_error *err = NULL;
  nodecore_dirent entry;
  nodecore_fs_walk_options opts = NODECORE_FS_WALK_OPTIONS_INIT;
  make("k");
  opts.sorted = true;
  const char *order[] = {"k/a", "k/d", "k/d/b", "k/d/e", "k/d/e/c.js", "k/l"};
  const size_t depths[] = {1, 1, 2, 2, 3, 1};
  CHECK_OK(nodecore_fs_walk("k", A, &opts, &walk, &err));
  CHECK(nodecore_walk_path(walk).data == NULL);
  for (int i = 0; i < 6; i++) {
    CHECK_OK(nodecore_walk_next_sync(walk, &entry, &err));
    CHECK(is(nodecore_walk_path(walk), order[i]) && nodecore_walk_depth(walk) == depths[i]);
    CHECK(is(nodecore_walk_path(walk), order[i]) && is(entry.name, strrchr(order[i], '/') + 1));
  }
  CHECK(is(entry.parent_path, "k") && entry.type == NODECORE_FS_SYMLINK);
  CHECK_OK(nodecore_walk_next_sync(walk, &entry, &err));
  CHECK(entry.name.data == NULL && nodecore_walk_path(walk).data == NULL);
  CHECK_OK(nodecore_walk_next_sync(walk, &entry, &err));
  CHECK(entry.name.data == NULL);
  nodecore_walk_free(walk);

  /* A directory that is not looked into, and a walk that is left. */
  CHECK_OK(nodecore_fs_walk("k", A, &opts, &walk, &err));
  CHECK_OK(nodecore_walk_next_sync(walk, &entry, &err));
  CHECK_OK(nodecore_walk_next_sync(walk, &entry, &err));
  nodecore_walk_skip_directory(walk);
  CHECK_OK(nodecore_walk_next_sync(walk, &entry, &err));
  CHECK(is(entry.name, "l"));
  nodecore_walk_free(walk);
  opts.max_depth = 1;
  int count = 0;
  CHECK_OK(nodecore_fs_walk("k", A, &opts, &walk, &err));
  do {
    CHECK_OK(nodecore_walk_next_sync(walk, &entry, &err));
  } while (entry.name.data != NULL && ++count < 99);
  CHECK(count == 3);
  nodecore_walk_free(walk);
  CHECK(symlink("e", "k/d/again") == 0);
  opts.max_depth = 0;
  opts.follow_symlinks = true;
  count = 0;
  CHECK_OK(nodecore_fs_walk("k", A, &opts, &walk, &err));
  do {
    CHECK_OK(nodecore_walk_next_sync(walk, &entry, &err));
  } while (entry.name.data != NULL && ++count < 99);
  CHECK(count == 8);
  nodecore_walk_free(walk);

  CHECK_OK(nodecore_fs_walk("none", A, NULL, &walk, &err));
  CHECK_STATUS(nodecore_walk_next_sync(walk, &entry, &err), NODECORE_ENOENT);
  CHECK(is(nodecore_error_path(err), "none"));
  CHECK(failed_with(&err, "ENOENT", "ENOENT: no such file or directory, scandir 'none'"));
  CHECK_OK(nodecore_walk_next_sync(walk, &entry, NULL));
  CHECK(entry.name.data == NULL);
  CHECK_STATUS(nodecore_walk_next_sync(walk, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_walk_free(walk);
  CHECK_STATUS(nodecore_fs_walk("a\0b", 3, NULL, &walk, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_STATUS(nodecore_fs_walk("k", A, NULL, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_walk_next_sync(NULL, &entry, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(nodecore_walk_path(NULL).data == NULL && nodecore_walk_depth(NULL) == 0);
  nodecore_walk_skip_directory(NULL);
  nodecore_walk_free(NULL);
}

/* A loop goes with requests pending: nothing is called back, all is released. */
static void in_the_middle(void) {
  nodecore_loop *other = NULL;
  hooks h = {0};
  nodecore_str pattern = {"**", A};
  nodecore_fs_cp_options opts = NODECORE_FS_CP_OPTIONS_INIT;
  opts.recursive = true;
  opts.filter_async = end_later;
  opts.progress = on_progress;
  opts.user = &h;
  nodecore_request *request = NULL;
  CHECK_OK(nodecore_loop_new(&other, NULL));
  called = released = 0;
  CHECK_OK(nodecore_fs_rm(other, "x1", A, NULL, on_done, NULL, release, NULL, NULL));
  CHECK_OK(nodecore_fs_glob(other, &pattern, 1, NULL, on_found, NULL, release, &request, NULL));
  CHECK_OK(nodecore_fs_cp(other, "s", A, "z", A, &opts, on_done, NULL, release, NULL, NULL));
  while (h.asked == 0) CHECK_OK(nodecore_loop_run(other, NODECORE_RUN_ONCE, NULL, NULL));
  int before = released;
  CHECK(before == called && before <= 2);
  nodecore_request_free(request);
  CHECK_OK(nodecore_fs_walk("k", A, NULL, &walk, NULL));
  for (int i = 0; i < 2; i++) CHECK_OK(nodecore_walk_next(walk, other, on_walked, NULL, release, NULL));
  nodecore_loop_free(other);
  nodecore_walk_free(walk);
  CHECK(called == before && released == 5);
  nodecore_done_push(h.done, "y", 1);
  if (before > 1 && status == NODECORE_OK) nodecore_dirents_free(found);
}

int main(void) {
  umask(022);
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  removing();
  copying();
  searching();
  walking();
  walking_from_the_loop();
  in_the_middle();
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
  return 0;
}
