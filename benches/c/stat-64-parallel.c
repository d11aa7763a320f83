#include "harness.h"

enum { COUNT = 64 };
static nodecore_loop *loop;
static char *paths[COUNT];
static size_t bytes;

static void done(const nodecore_error *err, const nodecore_stats *stats, void *user) {
  (void)user;
  if (err != NULL) exit(1);
  bytes += (size_t)stats->size;
}

static size_t once(void) {
  bytes = 0;
  for (int i = 0; i < COUNT; i++)
    MUST(nodecore_fs_stat(loop, paths[i], NODECORE_AUTO_LEN, done, NULL, NULL, NULL, NULL));
  MUST(nodecore_loop_run(loop, NODECORE_RUN_DEFAULT, NULL, NULL));
  return bytes;
}

static void run(size_t times) {
  for (size_t i = 0; i < times; i++) once();
}

int main(void) {
  MUST(nodecore_loop_new(&loop, NULL));
  for (int i = 0; i < COUNT; i++) {
    char name[16];
    snprintf(name, sizeof name, "many/%d", i);
    paths[i] = data_file(name);
  }
  measure_number(once(), run);
  for (int i = 0; i < COUNT; i++) free(paths[i]);
  nodecore_loop_free(loop);
  return 0;
}
