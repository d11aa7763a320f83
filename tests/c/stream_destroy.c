/* stream.h: streams destroyed and freed inside every hook and callback; what is done too often, too late or never. */
#include "check.h"

static nodecore_loop *lp;
static int released;
static void release(void *user) {
  (void)user;
  released++;
}
static void run(void) { CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL)); }

/* Where the stream under test is destroyed and its only handle freed, and how often that place was come by. */
enum place { NOWHERE, CONSTRUCT, READ, WRITE, WRITEV, FINAL, TRANSFORM, FLUSH, DESTROY, LISTENER, WRITTEN, PLACES };
static const char *const names[PLACES] = {"nowhere", "construct", "read",  "write",    "writev", "final",
                                          "transform", "flush",   "destroy", "listener", "written"};
static enum place where;
static int32_t which; /* of LISTENER: the event */
static int came;
static nodecore_stream *mine;
static void at(enum place place) {
  if (place != where) return;
  came++;
  nodecore_stream *stream = mine;
  if (stream == NULL) return;
  mine = NULL;
  nodecore_error *err = NULL;
  CHECK_OK(nodecore_error_new(NODECORE_EIO, NULL, 0, &err));
  nodecore_stream_destroy(stream, err);
  nodecore_error_free(err);
  nodecore_stream_free(stream);
}

static void construct(nodecore_stream *s, nodecore_done *done, void *user) {
  (void)s;
  (void)user;
  at(CONSTRUCT);
  nodecore_done_call(done, NULL);
}
static void read_some(nodecore_stream *s, size_t size, void *user) {
  int *left = user;
  CHECK(size > 0);
  at(READ);
  if ((*left)-- > 0)
    nodecore_stream_push(s, "data", 4);
  else
    nodecore_stream_push_end(s);
}
static void write_one(nodecore_stream *s, nodecore_chunk *chunk, nodecore_done *done, void *user) {
  (void)s;
  (void)user;
  CHECK(chunk->bytes.len == 4);
  at(WRITE);
  nodecore_done_call(done, NULL);
}
static void write_all(nodecore_stream *s, nodecore_chunk *chunks, size_t count, nodecore_done *done, void *user) {
  (void)s;
  (void)user;
  CHECK(count >= 1 && chunks[count - 1].bytes.len == 4);
  at(WRITEV);
  nodecore_done_call(done, NULL);
}
static void finish(nodecore_stream *s, nodecore_done *done, void *user) {
  (void)s;
  (void)user;
  at(FINAL);
  nodecore_done_call(done, NULL);
}
static void transform(nodecore_stream *s, nodecore_chunk *chunk, nodecore_done *done, void *user) {
  (void)user;
  at(TRANSFORM);
  CHECK_OK(nodecore_stream_push_chunk(s, chunk, NULL, NULL));
  nodecore_done_push_chunk(done, chunk);
}
static void flush(nodecore_stream *s, nodecore_done *done, void *user) {
  (void)s;
  (void)user;
  at(FLUSH);
  nodecore_done_push(done, "end", 3);
}
static void destroy(nodecore_stream *s, const nodecore_error *err, nodecore_done *done, void *user) {
  (void)s;
  (void)user;
  at(DESTROY);
  nodecore_done_call(done, err);
}
static void heard(const nodecore_error *err, void *user) {
  (void)err;
  if ((int32_t)(intptr_t)user == which) at(LISTENER);
}
static void heard_data(nodecore_chunk *chunk, void *user) {
  nodecore_chunk kept = nodecore_chunk_take(chunk);
  heard(NULL, user);
  CHECK(kept.bytes.len > 0);
  nodecore_chunk_free(&kept);
}
static void written(const nodecore_error *err, void *user) {
  (void)err;
  (void)user;
  at(WRITTEN);
}

/* Runs a stream of a kind through its whole life. */
static void live(uint32_t kind) {
  int left = 3;
  bool transforms = kind == NODECORE_STREAM_TRANSFORM;
  nodecore_stream_hooks hooks = NODECORE_STREAM_HOOKS_INIT;
  hooks.construct = construct;
  hooks.destroy = destroy;
  if (transforms) {
    hooks.transform = transform;
    hooks.flush = flush;
  } else {
    if (kind & NODECORE_STREAM_READABLE) hooks.read = read_some;
    if (kind & NODECORE_STREAM_WRITABLE) {
      hooks.write = write_one;
      if (kind == NODECORE_STREAM_WRITABLE) hooks.writev = write_all;
      hooks.final = finish;
    }
  }
  nodecore_stream_options options = NODECORE_STREAM_OPTIONS_INIT;
  options.has_readable_high_water_mark = options.has_writable_high_water_mark = true;
  options.readable_high_water_mark = options.writable_high_water_mark = 4;
  CHECK_OK(nodecore_stream_new(lp, kind, &options, &hooks, &left, release, &mine, NULL));
  nodecore_stream *s = nodecore_stream_copy(mine);
  for (int32_t event = NODECORE_EVENT_READABLE + 1; event <= NODECORE_EVENT_ERROR; event++)
    CHECK_OK(nodecore_stream_on(s, event, 0, heard, (void *)(intptr_t)event, release, NULL));
  if (kind & NODECORE_STREAM_READABLE)
    CHECK_OK(nodecore_stream_on_data(s, 0, heard_data, (void *)(intptr_t)NODECORE_EVENT_DATA, release, NULL));
  if (kind & NODECORE_STREAM_WRITABLE) {
    nodecore_chunk chunk = NODECORE_CHUNK_BYTES("data", 4);
    for (int i = 0; i < 3; i++)
      CHECK_OK(nodecore_stream_write_chunk(s, &chunk, written, NULL, release, NULL, NULL));
  }
  nodecore_stream_free(s);
  CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_NOWAIT, NULL, NULL));
  if (mine != NULL && kind & NODECORE_STREAM_WRITABLE) nodecore_stream_end(mine);
  run();
  nodecore_stream_free(mine);
  mine = NULL;
  run();
}

static char trace[512];
static void note(const nodecore_error *err, void *user) {
  strcat(trace, user);
  if (err != NULL) {
    nodecore_str code = nodecore_error_code(err);
    strncat(trace, code.data, code.len);
  }
  strcat(trace, " ");
}

/* Calls its end twice. */
static void twice(nodecore_stream *s, nodecore_chunk *chunk, nodecore_done *done, void *user) {
  (void)s;
  (void)chunk;
  (void)user;
  nodecore_done *again = nodecore_done_copy(done);
  nodecore_done_call(done, NULL);
  nodecore_done_call(again, NULL);
}
/* Never calls it. */
static nodecore_done *never_called;
static void never(nodecore_stream *s, nodecore_chunk *chunk, nodecore_done *done, void *user) {
  (void)s;
  (void)chunk;
  (void)user;
  never_called = done;
}
static void nothing(nodecore_stream *s, nodecore_chunk *chunk, nodecore_done *done, void *user) {
  (void)s;
  (void)chunk;
  (void)user;
  nodecore_done_call(done, NULL);
}

int main(void) {
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  const uint32_t kinds[] = {NODECORE_STREAM_READABLE, NODECORE_STREAM_WRITABLE, NODECORE_STREAM_DUPLEX,
                            NODECORE_STREAM_TRANSFORM};
  int reached[PLACES] = {0}, events[16] = {0};
  for (int k = 0; k < 4; k++) {
    int listeners = 8 + ((kinds[k] & NODECORE_STREAM_READABLE) != 0);
    int writes = (kinds[k] & NODECORE_STREAM_WRITABLE) != 0 ? 3 : 0;
    for (where = NOWHERE; where < PLACES; where++)
      for (which = 2; which <= (where == LISTENER ? NODECORE_EVENT_DATA : 2); which++) {
        came = released = 0;
        live(kinds[k]);
        reached[where] += came > 0;
        events[which] += where == LISTENER && came > 0;
        /* The stream's, each listener's, each write's. */
        if (released != 1 + listeners + writes)
          fprintf(stderr, "kind %d, %s, event %d: released %d\n", (int)kinds[k], names[where], (int)which, released);
        CHECK(released == 1 + listeners + writes);
      }
  }
  for (int place = CONSTRUCT; place < PLACES; place++) {
    if (reached[place] == 0) fprintf(stderr, "never at %s\n", names[place]);
    CHECK(reached[place] > 0);
  }
  for (int event = NODECORE_EVENT_END; event <= NODECORE_EVENT_DATA; event++) {
    bool comes = event != NODECORE_EVENT_PAUSE && event != NODECORE_EVENT_ERROR;
    if ((events[event] > 0) != comes) fprintf(stderr, "event %d: %d\n", event, events[event]);
    CHECK((events[event] > 0) == comes);
  }

  /* Too late: a write after the end, a push after it; with the callback. */
  nodecore_stream_hooks hooks = NODECORE_STREAM_HOOKS_INIT;
  hooks.write = nothing;
  nodecore_stream *s = NULL;
  nodecore_chunk chunk = NODECORE_CHUNK_BYTES("x", 1);
  CHECK_OK(nodecore_stream_new(lp, NODECORE_STREAM_WRITABLE, NULL, &hooks, NULL, NULL, &s, NULL));
  CHECK_OK(nodecore_stream_on(s, NODECORE_EVENT_ERROR, 0, note, "error:", NULL, NULL));
  nodecore_stream_end(s);
  released = 0;
  CHECK_OK(nodecore_stream_write_chunk(s, &chunk, note, "write:", release, NULL, NULL));
  CHECK(trace[0] == 0);
  run();
  CHECK(strcmp(trace, "write:ERR_STREAM_WRITE_AFTER_END error:ERR_STREAM_WRITE_AFTER_END ") == 0);
  CHECK(released == 1);
  trace[0] = 0;
  CHECK_OK(nodecore_stream_write_chunk(s, &chunk, note, "write:", release, NULL, NULL));
  CHECK_OK(nodecore_stream_end_chunk(s, NULL, note, "end:", release, NULL));
  run();
  CHECK(strcmp(trace, "write:ERR_STREAM_WRITE_AFTER_END end:ERR_STREAM_DESTROYED ") == 0);
  CHECK(released == 3);
  CHECK_STATUS(nodecore_stream_write_chunk(s, NULL, note, "", release, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stream_write_chunk(NULL, &chunk, note, "", release, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stream_end_chunk(NULL, &chunk, note, "", release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(released == 6);
  nodecore_stream_free(s);

  trace[0] = 0;
  CHECK_OK(nodecore_stream_new(lp, NODECORE_STREAM_READABLE, NULL, NULL, NULL, NULL, &s, NULL));
  CHECK_OK(nodecore_stream_on(s, NODECORE_EVENT_ERROR, 0, note, "error:", NULL, NULL));
  nodecore_stream_push_end(s);
  CHECK(!nodecore_stream_push(s, "x", 1));
  run();
  CHECK(strcmp(trace, "error:ERR_STREAM_PUSH_AFTER_EOF ") == 0);
  nodecore_stream_free(s);
  trace[0] = 0;
  CHECK_OK(nodecore_stream_new(lp, NODECORE_STREAM_READABLE, NULL, NULL, NULL, NULL, &s, NULL));
  CHECK_OK(nodecore_stream_on(s, NODECORE_EVENT_ERROR, 0, note, "error:", NULL, NULL));
  nodecore_stream_options keeps = NODECORE_STREAM_OPTIONS_INIT;
  keeps.no_auto_destroy = true;
  nodecore_stream_free(s);
  CHECK_OK(nodecore_stream_new(lp, NODECORE_STREAM_READABLE, &keeps, NULL, NULL, NULL, &s, NULL));
  CHECK_OK(nodecore_stream_on(s, NODECORE_EVENT_ERROR, 0, note, "error:", NULL, NULL));
  nodecore_stream_push_end(s);
  nodecore_stream_resume(s);
  run();
  CHECK_OK(nodecore_stream_unshift(s, &chunk, NULL, NULL));
  run();
  CHECK(strcmp(trace, "error:ERR_STREAM_UNSHIFT_AFTER_END_EVENT ") == 0);
  nodecore_stream_destroy(s, NULL);
  run();
  nodecore_stream_free(s);

  /* Too often. */
  trace[0] = 0;
  hooks.write = twice;
  CHECK_OK(nodecore_stream_new(lp, NODECORE_STREAM_WRITABLE, NULL, &hooks, NULL, NULL, &s, NULL));
  CHECK_OK(nodecore_stream_on(s, NODECORE_EVENT_ERROR, 0, note, "error:", NULL, NULL));
  nodecore_stream_write(s, "x", 1);
  run();
  CHECK(strcmp(trace, "error:ERR_MULTIPLE_CALLBACK ") == 0);
  nodecore_stream_free(s);
  trace[0] = 0;
  hooks.write = NULL;
  hooks.transform = twice;
  CHECK_OK(nodecore_stream_new(lp, NODECORE_STREAM_TRANSFORM, NULL, &hooks, NULL, NULL, &s, NULL));
  CHECK_OK(nodecore_stream_on(s, NODECORE_EVENT_ERROR, 0, note, "error:", NULL, NULL));
  nodecore_stream_write(s, "x", 1);
  run();
  CHECK(strcmp(trace, "error:ERR_MULTIPLE_CALLBACK ") == 0);
  nodecore_stream_free(s);

  /* Never; and after the stream is gone. */
  trace[0] = 0;
  hooks.transform = NULL;
  hooks.write = never;
  released = 0;
  CHECK_OK(nodecore_stream_new(lp, NODECORE_STREAM_WRITABLE, NULL, &hooks, NULL, release, &s, NULL));
  CHECK_OK(nodecore_stream_write_chunk(s, &chunk, note, "write:", NULL, NULL, NULL));
  CHECK_OK(nodecore_stream_write_chunk(s, &chunk, note, "write:", NULL, NULL, NULL));
  nodecore_stream_destroy(s, NULL);
  nodecore_stream_free(s);
  run();
  CHECK(never_called != NULL && released == 0);
  nodecore_done_call(never_called, NULL);
  run();
  CHECK(released == 1 && strcmp(trace, "write: write:ERR_STREAM_DESTROYED ") == 0);
  CHECK_OK(nodecore_stream_new(lp, NODECORE_STREAM_WRITABLE, NULL, &hooks, NULL, release, &s, NULL));
  nodecore_stream_write(s, "x", 1);
  nodecore_done_free(never_called);
  nodecore_stream_destroy(s, NULL);
  nodecore_stream_free(s);
  run();
  CHECK(released == 2);

  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
  return 0;
}
