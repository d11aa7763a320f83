#include "streams.h"

static nodecore_stream_iterator *iterator;

static void next(const nodecore_error *err, nodecore_chunk *chunk, void *user) {
  (void)user;
  if (err != NULL) exit(1);
  if (chunk == NULL) return;
  sum += value_of(chunk);
  MUST(nodecore_stream_iterator_next(iterator, next, NULL, NULL));
}

static size_t once(void) {
  nodecore_stream *source = numbers();
  sum = 0;
  MUST(nodecore_stream_iterator_new(source, false, &iterator, NULL));
  MUST(nodecore_stream_iterator_next(iterator, next, NULL, NULL));
  run_loop();
  nodecore_stream_iterator_free(iterator);
  nodecore_stream_free(source);
  return sum;
}

int main(void) { return measure_streams(once); }
