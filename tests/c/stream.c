/* stream.h: hooks, events, backpressure, pipes, errors; release functions run once. */
#include "check.h"

static nodecore_loop *lp;
static int released;
static void release(void *user) {
  (void)user;
  released++;
}
static void run(void) { CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL)); }

/* A source that counts up to `last`, one decimal a chunk. */
typedef struct counter {
  int next, last, destroyed;
  bool wanted;
} counter;
static void counter_read(nodecore_stream *s, size_t size, void *user) {
  counter *c = user;
  CHECK(size > 0);
  char digit = (char)('0' + c->next % 10);
  if (c->next++ < c->last)
    c->wanted = nodecore_stream_push(s, &digit, 1);
  else
    nodecore_stream_push_end(s);
}
static void counter_destroy(nodecore_stream *s, const nodecore_error *err, nodecore_done *done, void *user) {
  counter *c = user;
  CHECK(s != NULL);
  c->destroyed++;
  nodecore_done_call(done, err);
}

/* A sink that gathers, and answers later, from a tick. */
typedef struct gatherer {
  char data[256];
  size_t len;
  int finals;
  nodecore_done *pending;
  bool fails;
} gatherer;
static void answer(void *user) {
  gatherer *g = user;
  nodecore_done *done = g->pending;
  g->pending = NULL;
  nodecore_done_call(done, NULL);
}
static void gatherer_write(nodecore_stream *s, nodecore_chunk *chunk, nodecore_done *done, void *user) {
  gatherer *g = user;
  CHECK(s != NULL && g->pending == NULL);
  if (g->fails) {
    nodecore_error *err = NULL;
    CHECK_OK(nodecore_error_new(NODECORE_ENOSPC, NULL, 0, &err));
    nodecore_done_call(done, err);
    nodecore_error_free(err);
    return;
  }
  CHECK(g->len + chunk->bytes.len < sizeof g->data);
  nodecore_buf kept = nodecore_buf_take(&chunk->bytes);
  memcpy(g->data + g->len, kept.data, kept.len);
  g->len += kept.len;
  nodecore_buf_free(&kept);
  g->pending = done;
  CHECK_OK(nodecore_loop_next_tick(lp, answer, g, NULL));
}
static void gatherer_final(nodecore_stream *s, nodecore_done *done, void *user) {
  CHECK(s != NULL);
  ((gatherer *)user)->finals++;
  nodecore_done_call(done, NULL);
}
static void gatherer_destroy(nodecore_stream *s, const nodecore_error *err, nodecore_done *done, void *user) {
  (void)user;
  CHECK(s != NULL);
  nodecore_done_call(done, err);
}

/* A transform that doubles every chunk and ends with a full stop. */
static void twice(nodecore_stream *s, nodecore_chunk *chunk, nodecore_done *done, void *user) {
  (void)user;
  CHECK_OK(nodecore_stream_push_chunk(s, chunk, NULL, NULL));
  nodecore_done_push(done, chunk->bytes.data, chunk->bytes.len);
}
static void full_stop(nodecore_stream *s, nodecore_done *done, void *user) {
  (void)user;
  nodecore_stream_push(s, ".", 1);
  nodecore_done_call(done, NULL);
}

static char trace[256];
static void note(const nodecore_error *err, void *user) {
  strcat(trace, (const char *)user);
  if (err != NULL) {
    nodecore_str code = nodecore_error_code(err);
    strncat(trace, code.data, code.len);
  }
}
static void note_data(nodecore_chunk *chunk, void *user) {
  (void)user;
  strncat(trace, chunk->bytes.data, chunk->bytes.len);
}
static void note_pipe(nodecore_stream *source, void *user) {
  CHECK(source != NULL);
  strcat(trace, (const char *)user);
}
static void free_it(const nodecore_error *err, void *user) {
  (void)err;
  nodecore_stream_free(user);
}

/* read(n), of which the caller says what it gives; NULL: nothing. */
static bool reads(nodecore_stream *s, size_t n, const char *expected) {
  nodecore_chunk out = NODECORE_CHUNK_INIT;
  bool found = false;
  CHECK_OK(nodecore_stream_read(s, n, &out, &found, NULL));
  if (!found) return expected == NULL;
  CHECK(out.object == NULL && out.type == NULL && out.encoding.data == NULL);
  return expected != NULL && gave(&out.bytes, expected);
}

static nodecore_stream_state state_of(const nodecore_stream *s) {
  nodecore_stream_state state = NODECORE_STREAM_STATE_INIT;
  CHECK_OK(nodecore_stream_get_state(s, &state));
  return state;
}

/* A high-water mark of 0 is the default here. */
static nodecore_stream *counting(counter *c, size_t high_water_mark) {
  nodecore_stream_options options = NODECORE_STREAM_OPTIONS_INIT;
  options.readable_high_water_mark = high_water_mark;
  options.has_readable_high_water_mark = high_water_mark != 0;
  nodecore_stream_hooks hooks = NODECORE_STREAM_HOOKS_INIT;
  hooks.read = counter_read;
  hooks.destroy = counter_destroy;
  nodecore_stream *s = NULL;
  CHECK_OK(nodecore_stream_new(lp, NODECORE_STREAM_READABLE, &options, &hooks, c, release, &s, NULL));
  return s;
}

static nodecore_stream *gathering(gatherer *g, size_t high_water_mark) {
  nodecore_stream_options options = NODECORE_STREAM_OPTIONS_INIT;
  options.writable_high_water_mark = high_water_mark;
  options.has_writable_high_water_mark = high_water_mark != 0;
  nodecore_stream_hooks hooks = NODECORE_STREAM_HOOKS_INIT;
  hooks.write = gatherer_write;
  hooks.final = gatherer_final;
  hooks.destroy = gatherer_destroy;
  nodecore_stream *s = NULL;
  CHECK_OK(nodecore_stream_new(lp, NODECORE_STREAM_WRITABLE, &options, &hooks, g, release, &s, NULL));
  return s;
}

static nodecore_stream *doubling(void) {
  nodecore_stream_hooks hooks = NODECORE_STREAM_HOOKS_INIT;
  hooks.transform = twice;
  hooks.flush = full_stop;
  nodecore_stream *s = NULL;
  CHECK_OK(nodecore_stream_new(lp, NODECORE_STREAM_TRANSFORM, NULL, &hooks, NULL, release, &s, NULL));
  return s;
}

static void run_another(void *user) {
  (void)user;
  nodecore_loop *other = NULL;
  CHECK_OK(nodecore_loop_new(&other, NULL));
  CHECK_OK(nodecore_loop_run(other, NODECORE_RUN_DEFAULT, NULL, NULL));
  nodecore_loop_free(other);
}

int main(void) {
  nodecore_error *err = NULL;
  CHECK_OK(nodecore_loop_new(&lp, NULL));

  /* Flowing, with every event; the handle is freed in a callback. */
  counter c = {0, 3, 0, false};
  nodecore_stream *r = counting(&c, 2);
  nodecore_stream *again = nodecore_stream_copy(r);
  CHECK_OK(nodecore_stream_on_data(r, 0, note_data, NULL, release, NULL));
  CHECK_OK(nodecore_stream_on(r, NODECORE_EVENT_END, 0, note, "end ", release, NULL));
  CHECK_OK(nodecore_stream_on(r, NODECORE_EVENT_CLOSE, 0, note, "close ", release, NULL));
  CHECK_OK(nodecore_stream_on(r, NODECORE_EVENT_PAUSE, 0, note, "pause ", release, NULL));
  CHECK_OK(nodecore_stream_on(r, NODECORE_EVENT_RESUME, 0, note, "resume ", release, NULL));
  CHECK_OK(nodecore_stream_on(r, NODECORE_EVENT_CLOSE, 0, free_it, again, NULL, NULL));
  run();
  CHECK(strcmp(trace, "resume 012end close ") == 0);
  CHECK(c.destroyed == 1);
  nodecore_stream_free(r);
  CHECK(released == 6);

  /* Paused: read(n) takes what is asked for. */
  trace[0] = 0;
  released = 0;
  c = (counter){0, 5, 0, false};
  r = counting(&c, 100);
  CHECK_OK(nodecore_stream_on(r, NODECORE_EVENT_READABLE, 0, note, "", NULL, NULL));
  run();
  CHECK(reads(r, 2, "01"));
  CHECK(reads(r, 0, NULL));
  CHECK(reads(r, NODECORE_READ_ANY, "2"));
  CHECK(reads(r, 2, "34"));
  CHECK(reads(r, NODECORE_READ_ANY, NULL));
  nodecore_stream_pause(r);
  nodecore_stream_resume(r);
  run();
  nodecore_stream_free(r);
  CHECK(released == 1 && c.destroyed == 1);

  /* Writing: backpressure, cork, drain, finish. */
  released = 0;
  gatherer g = {0};
  nodecore_stream *w = gathering(&g, 4);
  nodecore_stream *w2 = nodecore_stream_copy(w);
  CHECK_OK(nodecore_stream_on(w, NODECORE_EVENT_DRAIN, 0, note, "drain ", NULL, NULL));
  CHECK_OK(nodecore_stream_on(w, NODECORE_EVENT_FINISH, 0, note, "finish ", NULL, NULL));
  CHECK_OK(nodecore_stream_on(w, NODECORE_EVENT_CLOSE, 0, note, "close ", NULL, NULL));
  nodecore_stream_cork(w);
  CHECK(nodecore_stream_write(w, "ab", 2));
  CHECK(!nodecore_stream_write(w, "cd", 2));
  nodecore_stream_uncork(w);
  run();
  bool more = false;
  nodecore_chunk shared = NODECORE_CHUNK_INIT;
  shared.bytes = nodecore_buf_copy("ef", 2);
  CHECK_OK(nodecore_stream_write_chunk(w2, &shared, NULL, NULL, NULL, &more, NULL));
  CHECK(more && shared.bytes.len == 2);
  CHECK_OK(nodecore_stream_write_chunk(w2, &shared, NULL, NULL, NULL, &more, NULL));
  CHECK(!more);
  nodecore_chunk_free(&shared);
  nodecore_stream_end(w);
  run();
  CHECK(g.len == 8 && memcmp(g.data, "abcdefef", 8) == 0 && g.finals == 1);
  CHECK(strcmp(trace, "drain finish close ") == 0);
  nodecore_stream_free(w);
  nodecore_stream_free(w2);
  CHECK(released == 1);

  /* Write after end. */
  trace[0] = 0;
  memset(&g, 0, sizeof g);
  w = gathering(&g, 0);
  CHECK_OK(nodecore_stream_on(w, NODECORE_EVENT_ERROR, 0, note, "error ", NULL, NULL));
  nodecore_stream_end(w);
  nodecore_stream_write(w, "x", 1);
  run();
  CHECK(strcmp(trace, "error ERR_STREAM_WRITE_AFTER_END") == 0);
  nodecore_stream_free(w);

  /* pipe, and keep_open. */
  memset(&g, 0, sizeof g);
  c = (counter){0, 4, 0, false};
  r = counting(&c, 0);
  w = gathering(&g, 1);
  CHECK_OK(nodecore_stream_pipe(r, w, true));
  nodecore_stream_free(r);
  run();
  CHECK(g.len == 4 && g.finals == 0);
  c = (counter){4, 6, 0, false};
  r = counting(&c, 0);
  CHECK_OK(nodecore_stream_pipe(r, w, false));
  nodecore_stream_free(r);
  run();
  CHECK(g.len == 6 && g.finals == 1 && memcmp(g.data, "012345", 6) == 0);
  nodecore_stream_free(w);

  /* A pipeline through two transforms. */
  trace[0] = 0;
  released = 0;
  memset(&g, 0, sizeof g);
  c = (counter){0, 2, 0, false};
  r = counting(&c, 0);
  w = gathering(&g, 0);
  nodecore_stream *line[4] = {r, doubling(), doubling(), w};
  CHECK_OK(nodecore_stream_pipeline(line, 4, NULL, note, "done ", release, &err));
  for (int i = 0; i < 4; i++) nodecore_stream_free(line[i]);
  run();
  g.data[g.len] = 0;
  CHECK(strcmp(g.data, "00001111...") == 0);
  CHECK(strcmp(trace, "done ") == 0);
  CHECK(released == 5);

  /* A pipeline that fails tells, once, and destroys all. */
  trace[0] = 0;
  released = 0;
  memset(&g, 0, sizeof g);
  g.fails = true;
  c = (counter){0, 9, 0, false};
  r = counting(&c, 0);
  w = gathering(&g, 0);
  line[0] = r;
  line[1] = w;
  CHECK_OK(nodecore_stream_pipeline(line, 2, NULL, note, "done ", release, NULL));
  nodecore_stream_free(r);
  nodecore_stream_free(w);
  run();
  CHECK(strcmp(trace, "done ENOSPC") == 0);
  CHECK(c.destroyed == 1 && released == 3);

  /* Both sides of a transform; destroy with an error. */
  trace[0] = 0;
  nodecore_stream *t = doubling();
  r = nodecore_stream_copy(t);
  w = nodecore_stream_copy(t);
  CHECK_OK(nodecore_stream_on_data(r, 0, note_data, NULL, NULL, NULL));
  CHECK_OK(nodecore_stream_on(r, NODECORE_EVENT_ERROR, 0, note, " error ", NULL, NULL));
  nodecore_stream_write(w, "x", 1);
  run();
  CHECK_OK(nodecore_error_new(NODECORE_EIO, NULL, 0, &err));
  nodecore_stream_destroy(w, err);
  nodecore_stream_destroy(r, err);
  nodecore_error_free(err);
  run();
  CHECK(strcmp(trace, "xx error EIO") == 0);
  nodecore_stream_free(r);
  nodecore_stream_free(w);
  nodecore_stream_free(t);

  /* An error that nobody listens to comes out of the run; the loop goes on when run again. */
  c = (counter){0, 9, 0, false};
  r = counting(&c, 0);
  CHECK_OK(nodecore_error_new(NODECORE_EIO, NULL, 0, &err));
  CHECK_OK(nodecore_loop_next_tick(lp, run_another, NULL, NULL)); /* does not change who gets it */
  nodecore_stream_destroy(r, err);
  nodecore_error_free(err);
  err = NULL;
  CHECK_STATUS(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, &err), NODECORE_EIO);
  CHECK(failed_with(&err, "EIO", "EIO: i/o error"));
  run();
  nodecore_stream_free(r);

  trace[0] = 0;
  c = (counter){9, 0, 0, false};
  r = counting(&c, 0);
  shared.bytes = nodecore_buf_copy("shared", 6);
  CHECK_OK(nodecore_stream_push_chunk(r, &shared, &more, NULL));
  CHECK(more);
  nodecore_chunk_free(&shared);
  nodecore_chunk foreign = NODECORE_CHUNK_BYTES("mine", 4);
  CHECK_OK(nodecore_stream_push_chunk(r, &foreign, NULL, NULL));
  CHECK_OK(nodecore_stream_on_data(r, 0, note_data, NULL, NULL, NULL));
  run();
  CHECK(strcmp(trace, "sharedmine") == 0);
  nodecore_stream_free(r);

  /* Listeners: once, before others, removed; those of pipes. */
  trace[0] = 0;
  released = 0;
  c = (counter){0, 2, 0, false};
  r = counting(&c, 0);
  memset(&g, 0, sizeof g);
  w = gathering(&g, 0);
  nodecore_listener_id id, gone;
  CHECK_OK(nodecore_stream_on_pipe(w, NODECORE_EVENT_PIPE, 0, note_pipe, "pipe ", release, NULL));
  CHECK_OK(nodecore_stream_on_pipe(w, NODECORE_EVENT_UNPIPE, NODECORE_LISTEN_ONCE, note_pipe, "unpipe ", release, NULL));
  CHECK_STATUS(nodecore_stream_on_pipe(w, NODECORE_EVENT_END, 0, note_pipe, "", NULL, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_OK(nodecore_stream_pipe(r, w, false));
  CHECK(state_of(r).readable_pipes == 1);
  CHECK_OK(nodecore_stream_unpipe(r, w));
  CHECK(state_of(r).readable_pipes == 0 && state_of(r).readable_flowing == 0);
  CHECK(strcmp(trace, "pipe unpipe ") == 0 && released == 1);
  trace[0] = 0;
  CHECK_OK(nodecore_stream_on_data(r, NODECORE_LISTEN_ONCE, note_data, NULL, release, &id));
  CHECK_OK(nodecore_stream_on_data(r, 0, note_data, NULL, release, &gone));
  CHECK_OK(nodecore_stream_on(r, NODECORE_EVENT_END, 0, note, " end", release, NULL));
  CHECK_OK(nodecore_stream_on(r, NODECORE_EVENT_END, NODECORE_LISTEN_PREPEND | NODECORE_LISTEN_ONCE, note, " before", release, NULL));
  CHECK(nodecore_stream_listener_count(r, NODECORE_EVENT_DATA) == 2);
  CHECK(nodecore_stream_listener_count(r, NODECORE_EVENT_END) == 2);
  CHECK(nodecore_stream_listener_count(r, NODECORE_EVENT_ERROR) == 0);
  CHECK(nodecore_stream_listener_count(r, 99) == 0);
  CHECK(nodecore_stream_off(r, gone) && !nodecore_stream_off(r, gone) && !nodecore_stream_off(w, gone));
  CHECK(nodecore_stream_off(r, id) && nodecore_stream_listener_count(r, NODECORE_EVENT_DATA) == 0);
  CHECK_OK(nodecore_stream_on_data(r, NODECORE_LISTEN_ONCE, note_data, NULL, release, NULL));
  nodecore_stream_resume(r);
  run();
  CHECK(strcmp(trace, "0 before end") == 0);
  nodecore_stream_state at = state_of(r);
  CHECK(at.sides == NODECORE_STREAM_READABLE && at.readable_ended && at.closed && at.destroyed && !at.readable);
  CHECK(at.readable_did_read && at.disturbed && !at.readable_aborted && !at.errored && at.readable_flowing == 1);
  CHECK(at.writable_high_water_mark == 0 && at.writable_default_encoding.data == NULL);
  nodecore_stream_free(r);
  CHECK_OK(nodecore_stream_on(w, NODECORE_EVENT_ERROR, 0, note, " E", release, NULL));
  CHECK_OK(nodecore_stream_on(w, NODECORE_EVENT_FINISH, 0, note, " F", release, NULL));
  CHECK_OK(nodecore_stream_on(w, NODECORE_EVENT_PREFINISH, 0, note, " P", release, NULL));
  CHECK_OK(nodecore_stream_remove_all(w, NODECORE_EVENT_ERROR));
  CHECK_OK(nodecore_stream_remove_all(w, NODECORE_EVENT_PIPE));
  CHECK(nodecore_stream_listener_count(w, NODECORE_EVENT_ERROR) == 0);
  CHECK(nodecore_stream_listener_count(w, NODECORE_EVENT_PIPE) == 0);
  trace[0] = 0;
  nodecore_stream_end(w);
  run();
  CHECK(strcmp(trace, " P F") == 0);
  at = state_of(w);
  CHECK(at.sides == NODECORE_STREAM_WRITABLE && at.writable_ended && at.writable_finished && !at.writable);
  CHECK(is(at.writable_default_encoding, "utf8") && at.readable_flowing == -1 && at.writable_high_water_mark == 65536);
  CHECK(nodecore_stream_errored(w) == NULL);
  nodecore_stream_free(w);
  c = (counter){0, 2, 0, false};
  r = counting(&c, 0);
  CHECK_OK(nodecore_stream_on_data(r, 0, note_data, NULL, release, NULL));
  CHECK_OK(nodecore_stream_remove_all(r, NODECORE_EVENT_DATA));
  CHECK_OK(nodecore_stream_on(r, NODECORE_EVENT_CLOSE, 0, note, "", release, NULL));
  CHECK_OK(nodecore_stream_remove_all(r, 0));
  CHECK(nodecore_stream_listener_count(r, NODECORE_EVENT_CLOSE) == 0);
  CHECK_OK(nodecore_stream_on(r, NODECORE_EVENT_ERROR, 0, note, "", release, NULL));
  CHECK_OK(nodecore_error_new(NODECORE_EIO, NULL, 0, &err));
  nodecore_stream_destroy(r, err);
  nodecore_error_free(err);
  run();
  err = nodecore_stream_errored(r);
  CHECK(failed_with(&err, "EIO", "EIO: i/o error"));
  at = state_of(r);
  CHECK(at.errored && at.readable_aborted && at.disturbed && at.closed);
  nodecore_stream_free(r);
  CHECK(released == 16);

  /* Bad arguments: nothing runs, and what was given is released. */
  released = 0;
  nodecore_stream_hooks bad = NODECORE_STREAM_HOOKS_INIT;
  CHECK_STATUS(nodecore_stream_new(NULL, NODECORE_STREAM_READABLE, NULL, NULL, NULL, release, &r, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stream_new(lp, NODECORE_STREAM_WRITABLE, NULL, NULL, NULL, release, &w, &err),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_TYPE",
                    "The \"hooks.write\" argument must be of type function. Received null"));
  CHECK_STATUS(nodecore_stream_new(lp, NODECORE_STREAM_DUPLEX, NULL, NULL, NULL, release, &w, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stream_new(lp, 0, NULL, NULL, NULL, release, &w, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_stream_new(lp, 5, NULL, NULL, NULL, release, &w, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_stream_new(lp, NODECORE_STREAM_READABLE, NULL, NULL, NULL, release, NULL, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  bad.struct_size = 4;
  CHECK_STATUS(nodecore_stream_new(lp, NODECORE_STREAM_READABLE, NULL, &bad, NULL, release, &r, NULL),
               NODECORE_ERR_OUT_OF_RANGE);
  CHECK(released == 7);
  bad = (nodecore_stream_hooks)NODECORE_STREAM_HOOKS_INIT;
  bad.read = counter_read;
  bad.write = gatherer_write;
  CHECK_STATUS(nodecore_stream_new(lp, NODECORE_STREAM_WRITABLE, NULL, &bad, NULL, NULL, &w, &err),
               NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE",
                    "The argument 'hooks.read' is not for a stream of this kind. Received a function"));
  bad = (nodecore_stream_hooks)NODECORE_STREAM_HOOKS_INIT;
  bad.flush = full_stop;
  CHECK_STATUS(nodecore_stream_new(lp, NODECORE_STREAM_READABLE, NULL, &bad, NULL, NULL, &w, NULL),
               NODECORE_ERR_INVALID_ARG_VALUE);
  nodecore_stream_options options = NODECORE_STREAM_OPTIONS_INIT;
  options.encoding = (nodecore_str){"utf-9", NODECORE_AUTO_LEN};
  CHECK_STATUS(nodecore_stream_new(lp, NODECORE_STREAM_READABLE, &options, NULL, NULL, NULL, &r, &err),
               NODECORE_ERR_UNKNOWN_ENCODING);
  CHECK(failed_with(&err, "ERR_UNKNOWN_ENCODING", "Unknown encoding: utf-9"));
  struct {
    nodecore_stream_options known;
    size_t later;
  } newer = {NODECORE_STREAM_OPTIONS_INIT, 1};
  newer.known.struct_size = sizeof newer;
  CHECK_STATUS(nodecore_stream_new(lp, NODECORE_STREAM_READABLE, &newer.known, NULL, NULL, NULL, &r, NULL),
               NODECORE_ERR_INVALID_ARG_VALUE);
  newer.later = 0;
  CHECK_OK(nodecore_stream_new(lp, NODECORE_STREAM_READABLE, &newer.known, NULL, NULL, NULL, &r, NULL));

  released = 0;
  CHECK_STATUS(nodecore_stream_on(r, NODECORE_EVENT_DATA, 0, note, "", release, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_stream_on(r, 0, 0, note, "", release, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_stream_on(r, NODECORE_EVENT_END, 4, note, "", release, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_stream_on(r, NODECORE_EVENT_END, 0, NULL, NULL, release, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stream_on(NULL, NODECORE_EVENT_DRAIN, 0, note, "", release, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stream_on_data(NULL, 0, note_data, NULL, release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stream_on_data(r, 0, NULL, NULL, release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stream_on_pipe(r, NODECORE_EVENT_PIPE, 0, note_pipe, NULL, release, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(released == 8);
  CHECK_STATUS(nodecore_stream_pipe(r, NULL, false), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stream_pipe(r, r, false), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stream_unpipe(NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_OK(nodecore_stream_unpipe(r, NULL));
  CHECK(!nodecore_stream_write(r, "x", 1) && !nodecore_stream_push(r, NULL, 1));
  CHECK_STATUS(nodecore_stream_remove_all(r, 13), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_stream_remove_all(NULL, 0), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_stream_state state = NODECORE_STREAM_STATE_INIT;
  CHECK_STATUS(nodecore_stream_get_state(NULL, &state), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stream_get_state(r, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  state.struct_size = 8;
  CHECK_STATUS(nodecore_stream_get_state(r, &state), NODECORE_ERR_OUT_OF_RANGE);
  line[0] = r;
  line[1] = NULL;
  released = 0;
  CHECK_STATUS(nodecore_stream_pipeline(line, 2, NULL, note, "", release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stream_pipeline(line, 1, NULL, note, "", release, NULL), NODECORE_ERR_MISSING_ARGS);
  CHECK_STATUS(nodecore_stream_pipeline(line, 2, NULL, NULL, "", release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  line[1] = r;
  CHECK_STATUS(nodecore_stream_pipeline(line, 2, NULL, note, "", release, &err), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_TYPE",
                    "The \"streams[1]\" argument must be a writable stream. Received a Readable"));
  CHECK(released == 4);
  nodecore_stream_free(r);

  nodecore_stream_free(NULL);
  nodecore_done_call(NULL, NULL);
  nodecore_done_push(NULL, NULL, 0);
  nodecore_done_push_chunk(NULL, NULL);
  nodecore_done_free(NULL);
  nodecore_chunk_free(NULL);
  CHECK(nodecore_done_copy(NULL) == NULL && nodecore_stream_copy(NULL) == NULL);
  CHECK(nodecore_stream_errored(NULL) == NULL && nodecore_stream_listener_count(NULL, 1) == 0);
  CHECK(!nodecore_stream_push(NULL, "x", 1) && !nodecore_stream_write(NULL, "x", 1));
  nodecore_listener_id none = {0, 0};
  CHECK(!nodecore_stream_off(NULL, none));
  nodecore_stream_push_end(NULL);
  nodecore_stream_pause(NULL);
  nodecore_stream_resume(NULL);
  nodecore_stream_destroy(NULL, NULL);
  nodecore_stream_end(NULL);
  nodecore_stream_cork(NULL);
  nodecore_stream_uncork(NULL);
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
  return 0;
}
