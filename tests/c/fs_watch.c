/* fs_watch.h: every function, in the empty folder the test runs in. */
#define _DEFAULT_SOURCE
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

#define A NODECORE_AUTO_LEN

static nodecore_loop *lp;
static int released;
static void release(void *user) {
  (void)user;
  released++;
}

static void touch(const char *path, const char *text) {
  FILE *file = fopen(path, "w");
  CHECK(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
}

/* Runs the loop until `done` holds. */
#define UNTIL(done)                                                            \
  do {                                                                         \
    int rounds = 0;                                                            \
    while (!(done)) {                                                          \
      CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_NOWAIT, NULL, NULL));        \
      struct timespec ms = {0, 1000000};                                       \
      nanosleep(&ms, NULL);                                                    \
      CHECK(++rounds < 20000);                                                 \
    }                                                                          \
  } while (0)

/* What is left to do is done; nothing keeps the loop alive. */
static void run_out(void) {
  bool alive = true;
  CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, &alive, NULL));
  CHECK(!alive);
}

/* What the listeners saw: "rename NAME;change NAME;close;error CODE;". */
static char told[2000];
static void tell(const char *what, nodecore_str name) {
  size_t used = strlen(told);
  snprintf(told + used, sizeof told - used, "%s%.*s;", what, (int)name.len, name.data);
}
static bool has(const char *what) { return strstr(told, what) != NULL; }
static void on_event(int32_t event, nodecore_str name, void *user) {
  (void)user;
  CHECK(event == NODECORE_FS_EVENT_RENAME || event == NODECORE_FS_EVENT_CHANGE);
  tell(event == NODECORE_FS_EVENT_RENAME ? "rename " : "change ", name);
}
static void on_close(void *user) {
  (void)user;
  tell("close", (nodecore_str){"", 0});
}
static void on_error(const nodecore_error *err, void *user) {
  (void)user;
  tell("error ", nodecore_error_code(err));
}

static nodecore_fs_watcher *watcher;
static void on_event_free(int32_t event, nodecore_str name, void *user) {
  on_event(event, name, user);
  nodecore_fs_watcher_close(watcher);
  nodecore_fs_watcher_free(watcher);
  watcher = NULL;
  CHECK(name.len > 0);
}
static void on_close_free(void *user) {
  on_close(user);
  nodecore_fs_watcher_free(watcher);
  watcher = NULL;
}
static bool ends_in_tmp(nodecore_str name, void *user) {
  ++*(int *)user;
  return name.len > 4 && memcmp(name.data + name.len - 4, ".tmp", 4) == 0;
}

static void watching(void) {
  nodecore_error *err = NULL;
  nodecore_listener_id id;
  CHECK(mkdir("w", 0755) == 0);
  CHECK_OK(nodecore_fs_watch(lp, "w", A, NULL, on_event, NULL, release, &watcher, &err));
  CHECK_OK(nodecore_fs_watcher_on_close(watcher, on_close, NULL, release, NULL));
  touch("w/a", "");
  UNTIL(has("rename a;"));
  told[0] = 0;
  touch("w/a", "aa");
  UNTIL(has("change a;"));
  CHECK(!has("rename"));
  /* A listener comes and goes. */
  CHECK_OK(nodecore_fs_watcher_on_change(watcher, on_event, NULL, release, &id));
  told[0] = 0;
  CHECK(unlink("w/a") == 0);
  UNTIL(has("rename a;rename a;"));
  CHECK(nodecore_fs_watcher_off(watcher, id) && !nodecore_fs_watcher_off(watcher, id) && released == 1);
  CHECK(nodecore_loop_alive(lp));
  nodecore_fs_watcher_close(watcher);
  nodecore_fs_watcher_close(watcher);
  told[0] = 0;
  run_out();
  CHECK(strcmp(told, "close;") == 0 && released == 3);
  nodecore_fs_watcher_free(watcher);

  /* One that does not keep the loop alive, until it is asked to; names in an encoding. */
  nodecore_fs_watch_options opts = NODECORE_FS_WATCH_OPTIONS_INIT;
  opts.no_persistent = true;
  opts.encoding = (nodecore_str){"hex", 3};
  CHECK_OK(nodecore_fs_watch(lp, "w", A, &opts, on_event, NULL, NULL, &watcher, &err));
  run_out();
  nodecore_fs_watcher_ref(watcher);
  CHECK(nodecore_loop_alive(lp));
  nodecore_fs_watcher_unref(watcher);
  run_out();
  nodecore_fs_watcher_ref(watcher);
  touch("w/b\xff", "");
  UNTIL(has("rename 62ff;"));
  nodecore_fs_watcher_close(watcher);
  nodecore_fs_watcher_free(watcher);
  run_out();

  /* A tree, without what is ignored. */
  int asked = 0;
  nodecore_str globs[] = {{"*.log", A}, {"x/y", 3}};
  nodecore_fs_watch_options tree = NODECORE_FS_WATCH_OPTIONS_INIT;
  tree.recursive = true;
  tree.ignore = globs;
  tree.ignore_count = 2;
  tree.ignore_fn = ends_in_tmp;
  tree.user = &asked;
  CHECK(mkdir("w/x", 0755) == 0);
  told[0] = 0;
  released = 0;
  CHECK_OK(nodecore_fs_watch(lp, "w", A, &tree, on_event, NULL, release, &watcher, &err));
  CHECK_OK(nodecore_fs_watcher_on_close(watcher, on_close_free, NULL, release, NULL));
  touch("w/x/q.log", "");
  touch("w/x/q.tmp", "");
  touch("w/x/y", "");
  touch("w/x/z", "");
  UNTIL(has("rename x/z;"));
  CHECK(!has("q.log") && !has("q.tmp") && !has("x/y") && asked > 0);
  /* It closes at once, and is freed by its own listener. */
  nodecore_fs_watcher_close(watcher);
  CHECK(has("close;") && watcher == NULL && released == 2);
  run_out();

  /* It is closed and freed in its own callback; so is a tree. */
  for (int i = 0; i < 2; i++) {
    told[0] = 0;
    released = 0;
    tree.ignore_count = 0;
    CHECK_OK(nodecore_fs_watch(lp, "w", A, i == 0 ? NULL : &tree, on_event_free, NULL, release, &watcher, &err));
    CHECK_OK(nodecore_fs_watcher_on_close(watcher, on_close, NULL, release, NULL));
    touch(i == 0 ? "w/c" : "w/x/c", "");
    UNTIL(has("close;"));
    CHECK(released == 2 && watcher == NULL);
    run_out();
  }

  /* A signal closes it. */
  nodecore_abort_controller *controller = NULL;
  CHECK_OK(nodecore_abort_controller_new(&controller, NULL));
  nodecore_abort_signal *signal = nodecore_abort_controller_signal(controller);
  nodecore_fs_watch_options signalled = NODECORE_FS_WATCH_OPTIONS_INIT;
  signalled.signal = signal;
  told[0] = 0;
  released = 0;
  CHECK_OK(nodecore_fs_watch(lp, "w", A, &signalled, NULL, NULL, release, &watcher, &err));
  CHECK(released == 1);
  CHECK_OK(nodecore_fs_watcher_on_close(watcher, on_close, NULL, release, NULL));
  nodecore_fs_watcher_free(watcher);
  nodecore_abort_signal_free(signal);
  nodecore_abort_controller_abort(controller, NULL);
  nodecore_abort_controller_free(controller);
  run_out();
  CHECK(strcmp(told, "close;") == 0 && released == 2);
}

/* What cannot be watched, from the start or later. */
static void refusals(void) {
  nodecore_error *err = NULL;
  nodecore_fs_watch_options opts = NODECORE_FS_WATCH_OPTIONS_INIT;
  released = 0;
  CHECK_STATUS(nodecore_fs_watch(lp, "none", A, NULL, on_event, NULL, release, &watcher, &err), NODECORE_ENOENT);
  CHECK(released == 1 && nodecore_error_errno(err) == -2 && is(nodecore_error_syscall(err), "watch"));
  CHECK(is(nodecore_error_path(err), "none"));
  CHECK(failed_with(&err, "ENOENT", "ENOENT: no such file or directory, watch 'none'"));
  opts.no_throw_if_no_entry = true;
  CHECK_OK(nodecore_fs_watch(lp, "none", A, &opts, on_event, NULL, release, &watcher, &err));
  nodecore_fs_watcher_close(watcher);
  run_out();
  nodecore_fs_watcher_free(watcher);
  CHECK(released == 2);
  opts.encoding = (nodecore_str){"x", A};
  CHECK_STATUS(nodecore_fs_watch(lp, "w", A, &opts, NULL, NULL, NULL, &watcher, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE", "The argument 'encoding' is invalid encoding. Received 'x'"));
  opts.encoding.data = NULL;
  nodecore_str empty = {"", 0};
  opts.ignore = &empty;
  opts.ignore_count = 1;
  CHECK_STATUS(nodecore_fs_watch(lp, "w", A, &opts, NULL, NULL, NULL, &watcher, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  opts.ignore = NULL;
  CHECK_STATUS(nodecore_fs_watch(lp, "w", A, &opts, NULL, NULL, NULL, &watcher, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_watch(lp, "a\0b", 3, NULL, NULL, NULL, NULL, &watcher, NULL),
               NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_STATUS(nodecore_fs_watch(lp, "w", A, NULL, NULL, NULL, release, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_watch(NULL, "w", A, NULL, NULL, NULL, release, &watcher, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_watcher_on_change(NULL, on_event, NULL, release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_watcher_on_error(NULL, on_error, NULL, release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_watcher_on_close(NULL, on_close, NULL, release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(released == 7);
  CHECK_OK(nodecore_fs_watch(lp, "w", A, NULL, NULL, NULL, NULL, &watcher, &err));
  CHECK_STATUS(nodecore_fs_watcher_on_change(watcher, NULL, NULL, release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_watcher_on_error(watcher, NULL, NULL, release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_watcher_on_close(watcher, NULL, NULL, release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(released == 10);
  nodecore_fs_watcher_close(watcher);
  nodecore_fs_watcher_free(watcher);
  run_out();
  nodecore_fs_watcher_close(NULL);
  nodecore_fs_watcher_ref(NULL);
  nodecore_fs_watcher_unref(NULL);
  nodecore_fs_watcher_free(NULL);
  nodecore_listener_id none = {0, 0};
  CHECK(!nodecore_fs_watcher_off(NULL, none));

  /* A directory that nobody may read appears in a tree. Root may read all, so it becomes nobody. */
  CHECK(mkdir("v", 0777) == 0 && chmod("v", 0777) == 0);
  uid_t me = geteuid();
  if (me == 0 && seteuid(65534) != 0) return;
  nodecore_fs_watch_options tree = NODECORE_FS_WATCH_OPTIONS_INIT;
  tree.recursive = true;
  told[0] = 0;
  released = 0;
  CHECK_OK(nodecore_fs_watch(lp, "v", A, &tree, NULL, NULL, NULL, &watcher, &err));
  CHECK(mkdir("v/locked", 0) == 0);
  /* Nobody listens: the run ends with the error. */
  nodecore_status status = NODECORE_OK;
  while (status == NODECORE_OK) status = nodecore_loop_run(lp, NODECORE_RUN_ONCE, NULL, &err);
  CHECK(status == NODECORE_EACCES && is(nodecore_error_code(err), "EACCES"));
  nodecore_error_free(err);
  CHECK_OK(nodecore_fs_watcher_on_error(watcher, on_error, NULL, release, NULL));
  CHECK(mkdir("v/barred", 0) == 0);
  UNTIL(has("error EACCES;"));
  nodecore_fs_watcher_close(watcher);
  nodecore_fs_watcher_free(watcher);
  CHECK(released == 1);
  run_out();
  if (me == 0) CHECK(seteuid(0) == 0);
}

/* What watch_file tells: sizes now and before. */
static nodecore_stat_watcher *polled;
static void on_stats(const nodecore_stats *now, const nodecore_stats *before, void *user) {
  int *count = user;
  char sizes[60];
  snprintf(sizes, sizeof sizes, "%d>%d", (int)before->size, (int)now->size);
  tell(sizes, (nodecore_str){"", 0});
  CHECK(now->struct_size == sizeof(nodecore_stats));
  CHECK(now->type == (now->mode == 0 ? NODECORE_FS_UNKNOWN : NODECORE_FS_FILE));
  ++*count;
}
static void on_stats_free(const nodecore_stats *now, const nodecore_stats *before, void *user) {
  on_stats(now, before, user);
  nodecore_stat_watcher_stop(polled);
  nodecore_stat_watcher_free(polled);
  polled = NULL;
}
static void on_stop(void *user) {
  (void)user;
  tell("stop", (nodecore_str){"", 0});
}

static void polling(void) {
  nodecore_error *err = NULL;
  nodecore_listener_id first, second;
  int one = 0, two = 0;
  nodecore_fs_watch_file_options opts = NODECORE_FS_WATCH_FILE_OPTIONS_INIT;
  opts.interval = 1;
  told[0] = 0;
  released = 0;
  CHECK_OK(nodecore_fs_watch_file(lp, "p", A, &opts, on_stats, &one, release, &polled, &first, &err));
  UNTIL(one == 1);
  CHECK(strcmp(told, "0>0;") == 0);
  touch("p", "four");
  UNTIL(has(">4;"));
  /* Another listener shares the watcher, by path; it may be taken away again. */
  CHECK_OK(nodecore_fs_watch_file(lp, "./p", A, &opts, on_stats, &two, release, NULL, &second, &err));
  touch("p", "and more");
  UNTIL(has(">8;") && two > 0);
  CHECK_OK(nodecore_fs_unwatch_file(lp, "p", A, &second, &err));
  CHECK(released == 1 && nodecore_loop_alive(lp));
  nodecore_stat_watcher_unref(polled);
  run_out();
  nodecore_stat_watcher_ref(polled);
  CHECK(nodecore_loop_alive(lp));
  CHECK_OK(nodecore_stat_watcher_on_stop(polled, on_stop, NULL, release, NULL));
  CHECK_OK(nodecore_stat_watcher_on_change(polled, on_stats, &two, release, &second));
  CHECK(nodecore_stat_watcher_off(polled, second) && !nodecore_stat_watcher_off(polled, second) && released == 2);
  CHECK_OK(nodecore_fs_unwatch_file(lp, "p", A, NULL, &err));
  run_out();
  CHECK(has("stop;") && released == 4);
  nodecore_stat_watcher_stop(polled);
  nodecore_stat_watcher_free(polled);
  CHECK_OK(nodecore_fs_unwatch_file(lp, "p", A, NULL, &err));

  /* One that does not keep the loop alive; one that is stopped and freed in its own callback. */
  opts.no_persistent = true;
  CHECK_OK(nodecore_fs_watch_file(lp, "p", A, &opts, on_stats, &one, NULL, NULL, NULL, &err));
  run_out();
  CHECK_OK(nodecore_fs_unwatch_file(lp, "p", A, NULL, &err));
  opts.no_persistent = false;
  told[0] = 0;
  one = 0;
  CHECK_OK(nodecore_fs_watch_file(lp, "none", A, &opts, on_stats_free, &one, release, &polled, NULL, &err));
  CHECK_OK(nodecore_stat_watcher_on_stop(polled, on_stop, NULL, release, NULL));
  run_out();
  CHECK(one == 1 && polled == NULL && has("stop;") && released == 6);

  CHECK_STATUS(nodecore_fs_watch_file(lp, "a\0b", 3, NULL, on_stats, &one, release, NULL, NULL, &err),
               NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(is(nodecore_error_code(err), "ERR_INVALID_ARG_VALUE"));
  nodecore_error_free(err);
  CHECK_STATUS(nodecore_fs_watch_file(lp, "p", A, NULL, NULL, NULL, release, NULL, NULL, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_watch_file(NULL, "p", A, NULL, on_stats, &one, release, NULL, NULL, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_unwatch_file(NULL, "p", A, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_unwatch_file(lp, NULL, 1, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stat_watcher_on_change(NULL, on_stats, &one, release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stat_watcher_on_stop(NULL, on_stop, NULL, release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(released == 11);
  CHECK(!nodecore_stat_watcher_off(NULL, first));
  nodecore_stat_watcher_stop(NULL);
  nodecore_stat_watcher_ref(NULL);
  nodecore_stat_watcher_unref(NULL);
  nodecore_stat_watcher_free(NULL);
}

/* A loop goes with watchers that watch: all listeners are released; handles may be freed later. */
static void in_the_middle(void) {
  nodecore_loop *other = NULL;
  nodecore_fs_watch_options tree = NODECORE_FS_WATCH_OPTIONS_INIT;
  tree.recursive = true;
  nodecore_fs_watcher *trees = NULL;
  int one = 0;
  CHECK_OK(nodecore_loop_new(&other, NULL));
  told[0] = 0;
  released = 0;
  CHECK_OK(nodecore_fs_watch(other, "w", A, NULL, on_event, NULL, release, &watcher, NULL));
  CHECK_OK(nodecore_fs_watch(other, "w", A, &tree, on_event, NULL, release, &trees, NULL));
  CHECK_OK(nodecore_fs_watch_file(other, "p", A, NULL, on_stats, &one, release, &polled, NULL, NULL));
  nodecore_fs_watcher_free(trees);
  touch("w/late", "");
  nodecore_loop_free(other);
  nodecore_fs_watcher_close(watcher);
  nodecore_fs_watcher_free(watcher);
  nodecore_stat_watcher_stop(polled);
  nodecore_stat_watcher_free(polled);
  CHECK(told[0] == 0 && one == 0 && released == 3);
}

int main(void) {
  umask(022);
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  watching();
  refusals();
  polling();
  in_the_middle();
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
  return 0;
}
