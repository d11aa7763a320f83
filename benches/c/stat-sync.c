#include "harness.h"

static char *path;
static volatile size_t bytes;

static size_t once(void) {
  nodecore_stats stats = NODECORE_STATS_INIT;
  MUST(nodecore_fs_stat_sync(path, NODECORE_AUTO_LEN, &stats, NULL));
  return (size_t)stats.size;
}

static void run(size_t times) {
  for (size_t i = 0; i < times; i++) bytes += once();
}

int main(void) {
  path = data_file("4k");
  measure_number(once(), run);
  free(path);
  return 0;
}
