/* fs_tree.h: a search one entry after another, in the empty folder the test runs in. */
#define _DEFAULT_SOURCE
#include <sys/stat.h>

#include "check.h"

#define A NODECORE_AUTO_LEN
/* More than the library finds ahead. */
#define FILES 500

static nodecore_loop *lp;
static nodecore_glob_search *search;
static int released, entries, ends;
static nodecore_status status;
static char first[100];
static bool again, free_it;

static void release(void *user) {
  (void)user;
  released++;
}
static void run(void) { CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL)); }

static void on_next(const nodecore_error *err, const nodecore_dirent *dirent, void *user) {
  status = nodecore_error_status(err);
  nodecore_str path = nodecore_glob_search_path(search);
  if (dirent == NULL) {
    ends++;
    CHECK(path.data == NULL);
    return;
  }
  CHECK(err == NULL && dirent->parent_path.len > 0 && dirent->parent_path.data[0] == '/');
  CHECK(dirent->type == NODECORE_FS_FILE && path.len >= dirent->name.len);
  CHECK(memcmp(path.data + path.len - dirent->name.len, dirent->name.data, dirent->name.len) == 0);
  if (entries++ == 0) snprintf(first, sizeof first, "%.*s", (int)path.len, path.data);
  if (free_it) {
    nodecore_glob_search_free(search);
    search = NULL;
    /* What was shown stays until the callback returns. */
    CHECK(dirent->name.len > 0 && dirent->name.data[0] == 'f');
    return;
  }
  if (again) CHECK_OK(nodecore_glob_search_next(search, lp, on_next, user, release, NULL));
}

static void begin(const nodecore_str *patterns, size_t count, const nodecore_fs_glob_options *opts) {
  entries = ends = released = 0;
  status = NODECORE_OK;
  nodecore_error *err = NULL;
  CHECK_OK(nodecore_fs_glob_search(patterns, count, opts, &search, &err));
  CHECK(search != NULL && err == NULL && nodecore_glob_search_path(search).data == NULL);
}
static void next(void) { CHECK_OK(nodecore_glob_search_next(search, lp, on_next, NULL, release, NULL)); }
static void end(void) {
  nodecore_glob_search_free(search);
  search = NULL;
}

static nodecore_status refuses(const nodecore_dirent *dirent, bool *exclude, void *user) {
  (void)dirent;
  (void)exclude;
  return *(const nodecore_status *)user;
}

int main(void) {
  char name[40];
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  CHECK(mkdir("d", 0700) == 0 && mkdir("d/e", 0700) == 0);
  for (int i = 0; i < FILES; i++) {
    snprintf(name, sizeof name, "d/e/f%03d.txt", i);
    FILE *file = fopen(name, "w");
    CHECK(file != NULL && fclose(file) == 0);
  }
  nodecore_str patterns[] = {{"d/**/*.txt", A}, {"none", A}};

  /* One after another to the end, and past it. */
  again = true;
  begin(patterns, 2, NULL);
  next();
  run();
  CHECK(entries == FILES && ends == 1 && released == FILES + 1 && strcmp(first, "d/e/f000.txt") == 0);
  next();
  run();
  CHECK(ends == 2 && status == NODECORE_OK);
  end();

  /* Several that wait come in order; what waits outlives the search. */
  again = false;
  begin(patterns, 1, NULL);
  for (int i = 0; i < 3; i++) next();
  run();
  CHECK(entries == 3 && released == 3);
  CHECK(is(nodecore_glob_search_path(search), "d/e/f002.txt"));
  end();
  begin(patterns, 1, NULL);
  free_it = true;
  next();
  run();
  CHECK(entries == 1 && released == 1 && search == NULL);
  free_it = false;

  /* Options, and errors that come with the first entry. */
  nodecore_fs_glob_options opts = NODECORE_FS_GLOB_OPTIONS_INIT;
  nodecore_str local = {"*.txt", A};
  opts.cwd = (nodecore_str){"d/e", 3};
  begin(&local, 1, &opts);
  next();
  run();
  CHECK(entries == 1 && strcmp(first, "f000.txt") == 0);
  end();
  nodecore_status answer = NODECORE_EPERM;
  opts.exclude_fn = refuses;
  opts.user = &answer;
  begin(&local, 1, &opts);
  next();
  next();
  run();
  CHECK(entries == 0 && ends == 2 && status == NODECORE_OK && released == 2);
  end();
  nodecore_abort_signal *aborted = NULL;
  CHECK_OK(nodecore_abort_signal_abort(NULL, &aborted, NULL));
  opts.exclude_fn = NULL;
  opts.signal = aborted;
  begin(&local, 1, &opts);
  next();
  run();
  CHECK(ends == 1 && status == NODECORE_ABORT_ERR);
  end();
  nodecore_abort_signal_free(aborted);

  /* No patterns find nothing. Arguments. */
  begin(NULL, 0, NULL);
  next();
  run();
  CHECK(entries == 0 && ends == 1);
  CHECK_STATUS(nodecore_glob_search_next(search, lp, NULL, NULL, release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_glob_search_next(search, NULL, on_next, NULL, release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_glob_search_next(NULL, lp, on_next, NULL, release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(released == 4);
  end();
  nodecore_str bad = {"\xff", 1};
  CHECK_STATUS(nodecore_fs_glob_search(&bad, 1, NULL, &search, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_STATUS(nodecore_fs_glob_search(NULL, 1, NULL, &search, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_glob_search(patterns, 1, NULL, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(nodecore_glob_search_path(NULL).data == NULL);
  nodecore_glob_search_free(NULL);

  /* A search that is on its way when its loop goes. */
  begin(patterns, 1, NULL);
  next();
  nodecore_loop_free(lp);
  end();
  CHECK(entries == 0 && ends == 0 && released == 1);
  return 0;
}
