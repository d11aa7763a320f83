#include "streams.h"

static void pull(nodecore_web_readable_controller *controller, nodecore_done *done, void *user) {
  (void)user;
  if (left == 0) {
    MUST(nodecore_web_readable_controller_close(controller, NULL));
  } else {
    nodecore_chunk chunk = number_new(OBJECTS - left--);
    MUST(nodecore_web_readable_controller_enqueue(controller, &chunk, NULL));
  }
  nodecore_done_call(done, NULL);
}

static void doubled(nodecore_web_transform_controller *controller, nodecore_chunk *chunk, nodecore_done *done,
                    void *user) {
  (void)user;
  nodecore_chunk result = number_new(value_of(chunk) * 2);
  MUST(nodecore_web_transform_controller_enqueue(controller, &result, NULL));
  nodecore_done_call(done, NULL);
}

static void add(nodecore_web_writable_controller *controller, nodecore_chunk *chunk, nodecore_done *done,
                void *user) {
  (void)controller, (void)user;
  sum += value_of(chunk);
  nodecore_done_call(done, NULL);
}

static size_t once(void) {
  nodecore_web_readable_hooks from = NODECORE_WEB_READABLE_HOOKS_INIT;
  nodecore_web_transform_hooks through = NODECORE_WEB_TRANSFORM_HOOKS_INIT;
  nodecore_web_writable_hooks to = NODECORE_WEB_WRITABLE_HOOKS_INIT;
  from.pull = pull;
  through.transform = doubled;
  to.write = add;
  nodecore_web_readable *source, *results;
  nodecore_web_transform *transform;
  nodecore_web_writable *sink;
  left = OBJECTS;
  used = 0;
  sum = 0;
  ended = false;
  MUST(nodecore_web_readable_new(loop, NULL, &from, NULL, NULL, &source, NULL));
  MUST(nodecore_web_transform_new(loop, NULL, NULL, &through, NULL, NULL, &transform, NULL));
  MUST(nodecore_web_writable_new(loop, NULL, &to, NULL, NULL, &sink, NULL));
  MUST(nodecore_web_readable_pipe_through(source, transform, NULL, &results, NULL));
  MUST(nodecore_web_readable_pipe_to(results, sink, NULL, end, NULL, NULL));
  run_loop();
  nodecore_web_readable_free(results);
  nodecore_web_writable_free(sink);
  nodecore_web_transform_free(transform);
  nodecore_web_readable_free(source);
  return ended ? sum : 0;
}

int main(void) { return measure_streams(once); }
