#include "harness.h"

static nodecore_emitter *emitter;

static nodecore_status add(void *payload, void *user) {
  (void)payload;
  (void)user;
  return NODECORE_OK;
}

static void run(size_t times) {
  for (size_t n = 0; n < times; n++) {
    nodecore_listener_id id;
    MUST(nodecore_emitter_on(emitter, "data", 4, 0, add, NULL, NULL, &id));
    nodecore_emitter_off(emitter, id);
  }
}

int main(void) {
  MUST(nodecore_emitter_new(NULL, &emitter, NULL));
  run(1);
  measure_number(nodecore_emitter_listener_count(emitter, "data", 4), run);
  nodecore_emitter_free(emitter);
  return 0;
}
