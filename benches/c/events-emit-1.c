#include "harness.h"

static nodecore_emitter *emitter;
static size_t sum;

static nodecore_status add(void *payload, void *user) {
  (void)user;
  sum += *(size_t *)payload;
  return NODECORE_OK;
}

static void run(size_t times) {
  for (size_t n = 0; n < times; n++) {
    MUST(nodecore_emitter_emit(emitter, "data", 4, &n, NULL, NULL));
  }
}

int main(void) {
  size_t seven = 7;
  MUST(nodecore_emitter_new(NULL, &emitter, NULL));
  MUST(nodecore_emitter_on(emitter, "data", 4, 0, add, NULL, NULL, NULL));
  MUST(nodecore_emitter_emit(emitter, "data", 4, &seven, NULL, NULL));
  measure_number(sum, run);
  nodecore_emitter_free(emitter);
  return 0;
}
