#include "streams.h"

static void new_chunk_read(nodecore_stream *stream, size_t size, void *user) {
  static char sevens[CHUNK];
  (void)size, (void)user;
  if (left == 0) {
    nodecore_stream_push_end(stream);
    return;
  }
  left--;
  nodecore_stream_push(stream, memset(sevens, 7, CHUNK), CHUNK);
}

static void done_later(void *user) { nodecore_done_call(user, NULL); }

/* A sink that is slower than its source: each chunk takes a turn of the loop. */
static void slow_write(nodecore_stream *stream, nodecore_chunk *chunk, nodecore_done *done, void *user) {
  (void)stream, (void)user;
  sum += chunk->bytes.len;
  MUST(nodecore_loop_set_immediate(loop, done_later, done, NULL, NULL));
}

int main(void) {
  nodecore_stream_hooks from = NODECORE_STREAM_HOOKS_INIT, to = NODECORE_STREAM_HOOKS_INIT;
  from.read = new_chunk_read;
  to.write = slow_write;
  left = (256 << 20) / CHUNK;
  MUST(nodecore_loop_new(&loop, NULL));
  print_peak(send_through(stream(NODECORE_STREAM_READABLE, false, from),
                          stream(NODECORE_STREAM_WRITABLE, false, to)));
  nodecore_loop_free(loop);
  return 0;
}
