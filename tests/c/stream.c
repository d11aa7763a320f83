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
static void counter_read(nodecore_readable *s, size_t size, void *user) {
  counter *c = user;
  CHECK(size > 0);
  char digit = (char)('0' + c->next % 10);
  if (c->next++ < c->last)
    c->wanted = nodecore_readable_push(s, &digit, 1);
  else
    nodecore_readable_push_end(s);
}
static void counter_destroy(nodecore_readable *s, const nodecore_error *err, nodecore_done *done, void *user) {
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
static void gatherer_write(nodecore_writable *s, nodecore_buf *chunk, nodecore_done *done, void *user) {
  gatherer *g = user;
  CHECK(s != NULL && g->pending == NULL);
  if (g->fails) {
    nodecore_error *err = NULL;
    CHECK_OK(nodecore_error_new(NODECORE_ENOSPC, NULL, 0, &err));
    nodecore_done_call(done, err);
    nodecore_error_free(err);
    return;
  }
  CHECK(g->len + chunk->len < sizeof g->data);
  nodecore_buf kept = nodecore_buf_take(chunk);
  memcpy(g->data + g->len, kept.data, kept.len);
  g->len += kept.len;
  nodecore_buf_free(&kept);
  g->pending = done;
  CHECK_OK(nodecore_loop_next_tick(lp, answer, g, NULL));
}
static void gatherer_final(nodecore_writable *s, nodecore_done *done, void *user) {
  CHECK(s != NULL);
  ((gatherer *)user)->finals++;
  nodecore_done_call(done, NULL);
}
static void gatherer_destroy(nodecore_writable *s, const nodecore_error *err, nodecore_done *done, void *user) {
  (void)user;
  CHECK(s != NULL);
  nodecore_done_call(done, err);
}

/* A transform that doubles every chunk and ends with a full stop. */
static void twice(nodecore_transform *s, nodecore_buf *chunk, nodecore_done *done, void *user) {
  (void)user;
  nodecore_transform_push(s, chunk->data, chunk->len);
  nodecore_done_push(done, chunk->data, chunk->len);
}
static void full_stop(nodecore_transform *s, nodecore_done *done, void *user) {
  (void)user;
  nodecore_transform_push(s, ".", 1);
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
static void note_data(nodecore_buf *chunk, void *user) {
  (void)user;
  strncat(trace, chunk->data, chunk->len);
}
static void free_it(const nodecore_error *err, void *user) {
  (void)err;
  nodecore_readable_free(user);
}

static nodecore_readable *counting(counter *c, size_t high_water_mark) {
  nodecore_stream_options options = NODECORE_STREAM_OPTIONS_INIT;
  options.high_water_mark = high_water_mark;
  nodecore_readable_hooks hooks = NODECORE_READABLE_HOOKS_INIT;
  hooks.read = counter_read;
  hooks.destroy = counter_destroy;
  nodecore_readable *s = NULL;
  CHECK_OK(nodecore_readable_new(lp, &options, &hooks, c, release, &s, NULL));
  return s;
}

static nodecore_writable *gathering(gatherer *g, size_t high_water_mark) {
  nodecore_stream_options options = NODECORE_STREAM_OPTIONS_INIT;
  options.high_water_mark = high_water_mark;
  nodecore_writable_hooks hooks = NODECORE_WRITABLE_HOOKS_INIT;
  hooks.write = gatherer_write;
  hooks.final = gatherer_final;
  hooks.destroy = gatherer_destroy;
  nodecore_writable *s = NULL;
  CHECK_OK(nodecore_writable_new(lp, &options, &hooks, g, release, &s, NULL));
  return s;
}

static nodecore_transform *doubling(void) {
  nodecore_transform_hooks hooks = NODECORE_TRANSFORM_HOOKS_INIT;
  hooks.transform = twice;
  hooks.flush = full_stop;
  nodecore_transform *s = NULL;
  CHECK_OK(nodecore_transform_new(lp, NULL, &hooks, NULL, release, &s, NULL));
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
  nodecore_readable *r = counting(&c, 2);
  nodecore_readable *again = nodecore_readable_copy(r);
  CHECK_OK(nodecore_readable_on_data(r, note_data, NULL, release));
  CHECK_OK(nodecore_readable_on(r, NODECORE_EVENT_END, note, "end ", release));
  CHECK_OK(nodecore_readable_on(r, NODECORE_EVENT_CLOSE, note, "close ", release));
  CHECK_OK(nodecore_readable_on(r, NODECORE_EVENT_PAUSE, note, "pause ", release));
  CHECK_OK(nodecore_readable_on(r, NODECORE_EVENT_RESUME, note, "resume ", release));
  CHECK_OK(nodecore_readable_on(r, NODECORE_EVENT_CLOSE, free_it, again, NULL));
  run();
  CHECK(strcmp(trace, "resume 012end close ") == 0);
  CHECK(c.destroyed == 1);
  nodecore_readable_free(r);
  CHECK(released == 6);

  /* Paused: read(n) takes what is asked for. */
  trace[0] = 0;
  released = 0;
  c = (counter){0, 5, 0, false};
  r = counting(&c, 100);
  CHECK_OK(nodecore_readable_on(r, NODECORE_EVENT_READABLE, note, "", NULL));
  run();
  nodecore_buf out = NODECORE_BUF_INIT;
  CHECK(nodecore_readable_read(r, 2, &out));
  CHECK(gave(&out, "01"));
  CHECK(!nodecore_readable_read(r, 0, NULL));
  CHECK(nodecore_readable_read(r, 0, &out));
  CHECK(gave(&out, "2"));
  CHECK(nodecore_readable_read(r, 2, &out));
  CHECK(gave(&out, "34"));
  CHECK(!nodecore_readable_read(r, 0, &out));
  nodecore_readable_pause(r);
  nodecore_readable_resume(r);
  run();
  nodecore_readable_free(r);
  CHECK(released == 1 && c.destroyed == 1);

  /* Writing: backpressure, cork, drain, finish. */
  released = 0;
  gatherer g = {0};
  nodecore_writable *w = gathering(&g, 4);
  nodecore_writable *w2 = nodecore_writable_copy(w);
  CHECK_OK(nodecore_writable_on(w, NODECORE_EVENT_DRAIN, note, "drain ", NULL));
  CHECK_OK(nodecore_writable_on(w, NODECORE_EVENT_FINISH, note, "finish ", NULL));
  CHECK_OK(nodecore_writable_on(w, NODECORE_EVENT_CLOSE, note, "close ", NULL));
  nodecore_writable_cork(w);
  CHECK(nodecore_writable_write(w, "ab", 2));
  CHECK(!nodecore_writable_write(w, "cd", 2));
  nodecore_writable_uncork(w);
  run();
  out = nodecore_buf_copy("ef", 2);
  CHECK(nodecore_writable_write_buf(w2, &out));
  CHECK(out.len == 2);
  CHECK(nodecore_writable_write_buf(w2, &out) == false);
  nodecore_buf_free(&out);
  nodecore_writable_end(w);
  run();
  CHECK(g.len == 8 && memcmp(g.data, "abcdefef", 8) == 0 && g.finals == 1);
  CHECK(strcmp(trace, "drain finish close ") == 0);
  nodecore_writable_free(w);
  nodecore_writable_free(w2);
  CHECK(released == 1);

  /* Write after end. */
  trace[0] = 0;
  memset(&g, 0, sizeof g);
  w = gathering(&g, 0);
  CHECK_OK(nodecore_writable_on(w, NODECORE_EVENT_ERROR, note, "error ", NULL));
  nodecore_writable_end(w);
  nodecore_writable_write(w, "x", 1);
  run();
  CHECK(strcmp(trace, "error ERR_STREAM_WRITE_AFTER_END") == 0);
  nodecore_writable_free(w);

  /* pipe, and keep_open. */
  memset(&g, 0, sizeof g);
  c = (counter){0, 4, 0, false};
  r = counting(&c, 0);
  w = gathering(&g, 1);
  CHECK_OK(nodecore_readable_pipe(r, w, true));
  nodecore_readable_free(r);
  run();
  CHECK(g.len == 4 && g.finals == 0);
  c = (counter){4, 6, 0, false};
  r = counting(&c, 0);
  CHECK_OK(nodecore_readable_pipe(r, w, false));
  nodecore_readable_free(r);
  run();
  CHECK(g.len == 6 && g.finals == 1 && memcmp(g.data, "012345", 6) == 0);
  nodecore_writable_free(w);

  /* A pipeline through two transforms. */
  trace[0] = 0;
  released = 0;
  memset(&g, 0, sizeof g);
  c = (counter){0, 2, 0, false};
  r = counting(&c, 0);
  w = gathering(&g, 0);
  nodecore_transform *both[2] = {doubling(), doubling()};
  CHECK_OK(nodecore_pipeline(r, both, 2, w, note, "done ", release, &err));
  nodecore_transform_free(both[0]);
  nodecore_transform_free(both[1]);
  nodecore_readable_free(r);
  nodecore_writable_free(w);
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
  CHECK_OK(nodecore_pipeline(r, NULL, 0, w, note, "done ", release, NULL));
  nodecore_readable_free(r);
  nodecore_writable_free(w);
  run();
  CHECK(strcmp(trace, "done ENOSPC") == 0);
  CHECK(c.destroyed == 1 && released == 3);

  /* The sides of a transform; push_buf; destroy with an error. */
  trace[0] = 0;
  nodecore_transform *t = doubling();
  r = nodecore_transform_readable(t);
  w = nodecore_transform_writable(t);
  CHECK_OK(nodecore_readable_on_data(r, note_data, NULL, NULL));
  CHECK_OK(nodecore_readable_on(r, NODECORE_EVENT_ERROR, note, " error ", NULL));
  nodecore_writable_write(w, "x", 1);
  run();
  CHECK_OK(nodecore_error_new(NODECORE_EIO, NULL, 0, &err));
  nodecore_writable_destroy(w, err);
  nodecore_readable_destroy(r, err);
  nodecore_error_free(err);
  run();
  CHECK(strcmp(trace, "xx error EIO") == 0);
  nodecore_readable_free(r);
  nodecore_writable_free(w);
  nodecore_transform_free(t);

  /* An error that nobody listens to comes out of the run; the loop goes on when run again. */
  c = (counter){0, 9, 0, false};
  r = counting(&c, 0);
  CHECK_OK(nodecore_error_new(NODECORE_EIO, NULL, 0, &err));
  CHECK_OK(nodecore_loop_next_tick(lp, run_another, NULL, NULL)); /* does not change who gets it */
  nodecore_readable_destroy(r, err);
  nodecore_error_free(err);
  err = NULL;
  CHECK_STATUS(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, &err), NODECORE_EIO);
  CHECK(failed_with(&err, "EIO", "EIO: i/o error"));
  run();
  nodecore_readable_free(r);

  trace[0] = 0;
  c = (counter){9, 0, 0, false};
  r = counting(&c, 0);
  out = nodecore_buf_copy("shared", 6);
  CHECK(nodecore_readable_push_buf(r, &out));
  nodecore_buf_free(&out);
  nodecore_buf foreign = {"mine", 4, 0, NULL};
  CHECK(nodecore_readable_push_buf(r, &foreign));
  CHECK_OK(nodecore_readable_on_data(r, note_data, NULL, NULL));
  run();
  CHECK(strcmp(trace, "sharedmine") == 0);
  nodecore_readable_free(r);

  /* Bad arguments: nothing runs, and what was given is released. */
  released = 0;
  nodecore_readable_hooks no_hooks = NODECORE_READABLE_HOOKS_INIT;
  CHECK_STATUS(nodecore_readable_new(lp, NULL, &no_hooks, NULL, release, &r, &err), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_error_free(err);
  CHECK_STATUS(nodecore_readable_new(NULL, NULL, NULL, NULL, release, &r, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  no_hooks.struct_size = 4;
  CHECK_STATUS(nodecore_readable_new(lp, NULL, &no_hooks, NULL, release, &r, NULL), NODECORE_ERR_OUT_OF_RANGE);
  struct {
    nodecore_stream_options known;
    size_t later;
  } newer = {NODECORE_STREAM_OPTIONS_INIT, 1};
  newer.known.struct_size = sizeof newer;
  no_hooks.struct_size = sizeof no_hooks;
  no_hooks.read = counter_read;
  CHECK_STATUS(nodecore_readable_new(lp, &newer.known, &no_hooks, NULL, release, &r, NULL),
               NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_STATUS(nodecore_writable_new(lp, NULL, NULL, NULL, release, &w, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_transform_new(lp, NULL, NULL, NULL, release, &t, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(released == 6);
  newer.later = 0;
  c = (counter){0, 0, 0, false};
  CHECK_OK(nodecore_readable_new(lp, &newer.known, &no_hooks, &c, NULL, &r, NULL));
  CHECK_STATUS(nodecore_readable_on(r, NODECORE_EVENT_DRAIN, note, "", release), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_readable_on(r, NODECORE_EVENT_END, NULL, NULL, release), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_readable_on_data(NULL, note_data, NULL, release), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_writable_on(NULL, NODECORE_EVENT_DRAIN, note, "", release), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_readable_pipe(r, NULL, false), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_pipeline(r, NULL, 0, NULL, note, "", release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(released == 11);
  nodecore_readable_free(r);
  nodecore_readable_free(NULL);
  nodecore_writable_free(NULL);
  nodecore_transform_free(NULL);
  nodecore_done_call(NULL, NULL);
  nodecore_done_push(NULL, NULL, 0);
  CHECK(nodecore_readable_copy(NULL) == NULL && nodecore_writable_copy(NULL) == NULL);
  CHECK(nodecore_transform_readable(NULL) == NULL && nodecore_transform_writable(NULL) == NULL);
  CHECK(!nodecore_readable_push(NULL, "x", 1) && !nodecore_writable_write(NULL, "x", 1));
  CHECK(!nodecore_transform_push(NULL, "x", 1));
  CHECK(!nodecore_readable_push_buf(NULL, NULL) && !nodecore_writable_write_buf(NULL, NULL));
  nodecore_readable_push_end(NULL);
  nodecore_readable_pause(NULL);
  nodecore_readable_resume(NULL);
  nodecore_readable_destroy(NULL, NULL);
  nodecore_writable_end(NULL);
  nodecore_writable_cork(NULL);
  nodecore_writable_uncork(NULL);
  nodecore_writable_destroy(NULL, NULL);
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
  return 0;
}
