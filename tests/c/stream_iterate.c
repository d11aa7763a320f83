/* stream_iterate.h: streams of iterators, iterators over streams, helpers and consumers. */
#include "check.h"

static nodecore_loop *lp;
static int released;
static void release(void *user) {
  (void)user;
  released++;
}
static void run(void) { CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL)); }

static char trace[512];
static void note(const nodecore_error *err, void *user) {
  strcat(trace, user);
  if (err != NULL) {
    nodecore_str code = nodecore_error_code(err);
    strncat(trace, code.data, code.len);
  }
}

/* Counts from 0 up to `last`, the object being a pointer into this table; then ends or fails. */
static char digits[10];
typedef struct counter {
  int next, last;
  bool fails, later;
  nodecore_done *waiting;
} counter;
static void give(counter *c, nodecore_done *done) {
  nodecore_error *err = NULL;
  if (c->next < c->last) {
    nodecore_chunk chunk = NODECORE_CHUNK_OBJECT(&digits[c->next++], NULL);
    nodecore_done_push_chunk(done, &chunk);
  } else if (c->fails) {
    CHECK_OK(nodecore_error_new(NODECORE_EIO, NULL, 0, &err));
    nodecore_done_call(done, err);
    nodecore_error_free(err);
  } else {
    nodecore_done_call(done, NULL);
  }
}
static void give_later(void *user) {
  counter *c = user;
  nodecore_done *done = c->waiting;
  c->waiting = NULL;
  give(c, done);
}
static void next(nodecore_done *done, void *user) {
  counter *c = user;
  CHECK(c->waiting == NULL);
  if (!c->later) {
    give(c, done);
    return;
  }
  c->waiting = done;
  CHECK_OK(nodecore_loop_set_immediate(lp, give_later, c, NULL, NULL));
}
static nodecore_stream *from(counter *c) {
  nodecore_stream *s = NULL;
  CHECK_OK(nodecore_stream_from(lp, NULL, next, c, release, &s, NULL));
  return s;
}
static int number(const nodecore_chunk *chunk) { return (int)((char *)chunk->object - digits); }

static nodecore_stream_iterator *iterator;
static void got(const nodecore_error *err, nodecore_chunk *chunk, void *user) {
  note(err, user);
  if (chunk != NULL) {
    char text[4];
    snprintf(text, sizeof text, "%d", number(chunk));
    strcat(trace, text);
  } else if (err == NULL) {
    strcat(trace, "end");
  }
  strcat(trace, " ");
}
static void free_iterator(const nodecore_error *err, nodecore_chunk *chunk, void *user) {
  got(err, chunk, user);
  nodecore_stream_iterator_free(iterator);
}

/* Functions over chunks. */
static int under_way, most;
static nodecore_done *waiting[8];
static nodecore_chunk kept[8];
static void even(nodecore_chunk *chunk, const nodecore_abort_signal *signal, nodecore_done *done, void *user) {
  (void)user;
  CHECK(!nodecore_abort_signal_aborted(signal));
  if (number(chunk) % 2 == 0)
    nodecore_done_push_chunk(done, chunk);
  else
    nodecore_done_call(done, NULL);
}
static void answer_all(void *user) {
  (void)user;
  for (int i = 7; i >= 0; i--) {
    if (waiting[i] == NULL) continue;
    nodecore_done *done = waiting[i];
    waiting[i] = NULL;
    under_way--;
    nodecore_done_push_chunk(done, &kept[i]);
    nodecore_chunk_free(&kept[i]);
  }
}
static void slow(nodecore_chunk *chunk, const nodecore_abort_signal *signal, nodecore_done *done, void *user) {
  (void)signal;
  (void)user;
  int n = number(chunk);
  kept[n] = nodecore_chunk_take(chunk);
  waiting[n] = done;
  if (++under_way > most) most = under_way;
  CHECK_OK(nodecore_loop_set_immediate(lp, answer_all, NULL, NULL, NULL));
}
static void third_fails(nodecore_chunk *chunk, const nodecore_abort_signal *signal, nodecore_done *done, void *user) {
  (void)signal;
  nodecore_error *err = NULL;
  *(int *)user += number(chunk);
  if (number(chunk) == 2) CHECK_OK(nodecore_error_new(NODECORE_ENOSPC, NULL, 0, &err));
  nodecore_done *again = nodecore_done_copy(done);
  nodecore_done_call(done, err);
  nodecore_done_call(again, NULL); /* a result that comes second is ignored */
  nodecore_error_free(err);
}
static void add(nodecore_chunk *chunk, const nodecore_abort_signal *signal, nodecore_done *done, void *user) {
  (void)signal;
  *(int *)user += number(chunk);
  nodecore_done_call(done, NULL);
}
static void forget(nodecore_chunk *chunk, const nodecore_abort_signal *signal, nodecore_done *done, void *user) {
  (void)chunk;
  (void)signal;
  (void)user;
  nodecore_done_free(done);
}
static void repeat(nodecore_chunk *chunk, const nodecore_abort_signal *signal, nodecore_stream *to, void *user) {
  (void)signal;
  (void)user;
  for (int i = 0; i < number(chunk); i++) CHECK_OK(nodecore_stream_push_chunk(to, chunk, NULL, NULL));
  nodecore_stream_push_end(to);
}
static void array(const nodecore_error *err, nodecore_chunk *chunks, size_t count, void *user) {
  note(err, user);
  CHECK(err == NULL || (chunks == NULL && count == 0));
  for (size_t i = 0; i < count; i++) {
    char text[4];
    snprintf(text, sizeof text, "%d", number(&chunks[i]));
    strcat(trace, text);
  }
}
static void bytes(const nodecore_error *err, nodecore_buf *data, void *user) {
  note(err, user);
  CHECK((err == NULL) == (data != NULL));
  if (data != NULL) strncat(trace, data->data, data->len);
}
static void abort_it(void *user) { nodecore_abort_controller_abort(user, NULL); }

static void all(nodecore_stream *s, const char *expected) {
  trace[0] = 0;
  CHECK_OK(nodecore_stream_to_array(s, NULL, array, "", NULL, NULL));
  nodecore_stream_free(s);
  run();
  if (strcmp(trace, expected) != 0) fprintf(stderr, "got '%s' instead of '%s'\n", trace, expected);
  CHECK(strcmp(trace, expected) == 0);
}

int main(void) {
  nodecore_error *err = NULL;
  nodecore_stream *s = NULL, *made = NULL;
  CHECK_OK(nodecore_loop_new(&lp, NULL));

  /* from: at once, later, failing; destroyed half-way; bytes. */
  counter c = {0, 5, false, false, NULL};
  all(from(&c), "01234");
  CHECK(released == 1);
  c = (counter){0, 3, false, true, NULL};
  all(from(&c), "012");
  c = (counter){0, 3, true, true, NULL};
  all(from(&c), "EIO");
  c = (counter){0, 9, false, true, NULL};
  s = from(&c);
  CHECK_OK(nodecore_stream_on_data(s, 0, NULL, NULL, NULL, NULL) == NODECORE_ERR_INVALID_ARG_TYPE ? NODECORE_OK : -1);
  nodecore_stream_resume(s);
  CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_ONCE, NULL, NULL));
  nodecore_stream_destroy(s, NULL);
  nodecore_stream_free(s);
  run();
  CHECK(released == 4 && c.waiting == NULL);
  nodecore_stream_options options = NODECORE_STREAM_OPTIONS_INIT;
  c = (counter){0, 1, false, false, NULL};
  CHECK_OK(nodecore_stream_from(lp, &options, next, &c, NULL, &s, NULL));
  nodecore_stream_state at = NODECORE_STREAM_STATE_INIT;
  CHECK_OK(nodecore_stream_get_state(s, &at));
  CHECK(!at.readable_object_mode && at.readable_high_water_mark == 1);
  all(s, "ERR_INVALID_ARG_TYPE");
  CHECK_STATUS(nodecore_stream_from(lp, NULL, NULL, NULL, release, &s, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stream_from(NULL, NULL, next, NULL, release, &s, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(released == 6);

  /* The iterator: in order, up to the end, which comes again. */
  trace[0] = 0;
  released = 0;
  c = (counter){0, 2, false, true, NULL};
  s = from(&c);
  CHECK_OK(nodecore_stream_iterator_new(s, false, &iterator, NULL));
  for (int i = 0; i < 4; i++) CHECK_OK(nodecore_stream_iterator_next(iterator, got, "", release));
  CHECK(trace[0] == 0);
  run();
  CHECK(strcmp(trace, "0 1 end end ") == 0);
  CHECK(released == 5);
  CHECK_STATUS(nodecore_stream_iterator_next(iterator, NULL, "", release), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stream_iterator_next(NULL, got, "", release), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_stream_iterator_free(iterator);
  nodecore_stream_free(s);
  /* Freed inside its callback, while others wait. */
  for (int keep = 0; keep < 2; keep++) {
    trace[0] = 0;
    c = (counter){0, 5, false, true, NULL};
    s = from(&c);
    CHECK_OK(nodecore_stream_iterator_new(s, keep, &iterator, NULL));
    CHECK_OK(nodecore_stream_iterator_next(iterator, free_iterator, "", NULL));
    CHECK_OK(nodecore_stream_iterator_next(iterator, got, "", NULL));
    run();
    CHECK(strcmp(trace, "0 end ") == 0);
    CHECK_OK(nodecore_stream_get_state(s, &at));
    CHECK(at.destroyed == !keep);
    nodecore_stream_destroy(s, NULL);
    run();
    nodecore_stream_free(s);
  }
  /* An error; freed unused; freed while it waits. */
  trace[0] = 0;
  c = (counter){0, 0, true, false, NULL};
  s = from(&c);
  CHECK_OK(nodecore_stream_iterator_new(s, false, &iterator, NULL));
  CHECK_OK(nodecore_stream_iterator_next(iterator, got, "", NULL));
  CHECK_OK(nodecore_stream_iterator_next(iterator, got, "", NULL));
  run();
  CHECK(strcmp(trace, "EIO end ") == 0);
  nodecore_stream_iterator_free(iterator);
  nodecore_stream_free(s);
  CHECK_OK(nodecore_stream_new(lp, NODECORE_STREAM_READABLE, NULL, NULL, NULL, NULL, &s, NULL));
  CHECK_OK(nodecore_stream_iterator_new(s, true, &iterator, NULL));
  nodecore_stream_iterator_free(iterator);
  for (int keep = 0; keep < 2; keep++) {
    trace[0] = 0;
    CHECK_OK(nodecore_stream_iterator_new(s, keep == 0, &iterator, NULL));
    CHECK_OK(nodecore_stream_iterator_next(iterator, got, "", NULL));
    CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_NOWAIT, NULL, NULL));
    nodecore_stream_iterator_free(iterator);
    run();
    CHECK(strcmp(trace, "end ") == 0);
  }
  CHECK_OK(nodecore_stream_get_state(s, &at));
  CHECK(at.destroyed);
  nodecore_stream_free(s);
  CHECK_STATUS(nodecore_stream_iterator_new(NULL, false, &iterator, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_stream_iterator_free(NULL);

  /* map as filter; map with concurrency, in order; flatMap; drop and take. */
  released = 0;
  c = (counter){0, 7, false, false, NULL};
  s = from(&c);
  CHECK_OK(nodecore_stream_map(s, NULL, even, NULL, release, &made, NULL));
  nodecore_stream_free(s);
  all(made, "0246");
  CHECK(released == 2);
  nodecore_helper_options helping = NODECORE_HELPER_OPTIONS_INIT;
  helping.concurrency = 3;
  helping.has_high_water_mark = true;
  helping.high_water_mark = 3;
  c = (counter){0, 8, false, false, NULL};
  s = from(&c);
  CHECK_OK(nodecore_stream_map(s, &helping, slow, NULL, release, &made, NULL));
  nodecore_stream_free(s);
  all(made, "01234567");
  CHECK(most == 3 && under_way == 0);
  c = (counter){0, 4, false, false, NULL};
  s = from(&c);
  CHECK_OK(nodecore_stream_flat_map(s, NULL, repeat, NULL, release, &made, NULL));
  nodecore_stream_free(s);
  all(made, "122333");
  c = (counter){0, 9, false, false, NULL};
  s = from(&c);
  CHECK_OK(nodecore_stream_drop(s, 3, &made, NULL));
  nodecore_stream_free(s);
  CHECK_OK(nodecore_stream_take(made, 2, &s, NULL));
  nodecore_stream_free(made);
  all(s, "34");

  /* forEach, with a sum as of reduce; one that fails; one that is aborted. */
  trace[0] = 0;
  int sum = 0;
  released = 0;
  c = (counter){0, 5, false, true, NULL};
  s = from(&c);
  CHECK_OK(nodecore_stream_for_each(s, NULL, add, &sum, release, note, "done", release, NULL));
  nodecore_stream_free(s);
  run();
  CHECK(strcmp(trace, "done") == 0 && sum == 10 && released == 3);
  trace[0] = 0;
  sum = 0;
  c = (counter){0, 5, false, true, NULL};
  s = from(&c);
  CHECK_OK(nodecore_stream_for_each(s, NULL, third_fails, &sum, release, note, "done:", release, NULL));
  run();
  CHECK(strcmp(trace, "done:ENOSPC") == 0 && sum == 3);
  CHECK_OK(nodecore_stream_get_state(s, &at));
  CHECK(at.destroyed);
  nodecore_stream_free(s);
  trace[0] = 0;
  nodecore_abort_controller *controller = NULL;
  CHECK_OK(nodecore_abort_controller_new(&controller, NULL));
  nodecore_abort_signal *signal = nodecore_abort_controller_signal(controller);
  helping = (nodecore_helper_options)NODECORE_HELPER_OPTIONS_INIT;
  helping.signal = signal;
  c = (counter){0, 5, false, true, NULL};
  s = from(&c);
  CHECK_OK(nodecore_stream_for_each(s, &helping, forget, NULL, release, note, "done:", release, NULL));
  CHECK_OK(nodecore_loop_set_immediate(lp, abort_it, controller, NULL, NULL));
  nodecore_stream_free(s);
  run();
  CHECK(strcmp(trace, "done:ABORT_ERR") == 0);
  CHECK(released == 9);
  nodecore_abort_signal_free(signal);
  nodecore_abort_controller_free(controller);

  /* find: found, and not. */
  trace[0] = 0;
  c = (counter){1, 9, false, false, NULL};
  s = from(&c);
  CHECK_OK(nodecore_stream_find(s, NULL, even, NULL, release, got, "found ", release, NULL));
  nodecore_stream_free(s);
  run();
  c = (counter){1, 2, false, false, NULL};
  s = from(&c);
  CHECK_OK(nodecore_stream_find(s, NULL, even, NULL, release, got, "found ", release, NULL));
  nodecore_stream_free(s);
  run();
  CHECK(strcmp(trace, "found 2 found end ") == 0);

  /* Consumers. */
  trace[0] = 0;
  released = 0;
  CHECK_OK(nodecore_stream_new(lp, NODECORE_STREAM_READABLE, NULL, NULL, NULL, NULL, &s, NULL));
  nodecore_stream_push(s, "ab", 2);
  CHECK_OK(nodecore_stream_bytes(s, bytes, "bytes ", release, NULL));
  nodecore_stream_push(s, "cd", 2);
  nodecore_stream_push_end(s);
  nodecore_stream_free(s);
  run();
  CHECK_OK(nodecore_stream_new(lp, NODECORE_STREAM_READABLE, NULL, NULL, NULL, NULL, &s, NULL));
  nodecore_stream_push(s, "\xef\xbb\xbf" "e\xff", 5);
  nodecore_stream_push_end(s);
  CHECK_OK(nodecore_stream_text(s, bytes, " text ", release, NULL));
  nodecore_stream_free(s);
  run();
  c = (counter){0, 5, false, false, NULL};
  s = from(&c);
  CHECK_OK(nodecore_stream_bytes(s, bytes, " ", release, NULL));
  nodecore_stream_free(s);
  run();
  CHECK(strcmp(trace, "bytes abcd text e\xef\xbf\xbd ERR_INVALID_ARG_TYPE") == 0);
  CHECK(released == 4);

  /* Bad arguments. */
  released = 0;
  CHECK_OK(nodecore_stream_new(lp, NODECORE_STREAM_READABLE, NULL, NULL, NULL, NULL, &s, NULL));
  CHECK_STATUS(nodecore_stream_map(NULL, NULL, even, NULL, release, &made, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stream_map(s, NULL, NULL, NULL, release, &made, &err), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_TYPE", "The \"fn\" argument must be of type function. Received null"));
  CHECK_STATUS(nodecore_stream_flat_map(s, NULL, NULL, NULL, release, &made, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stream_for_each(s, NULL, add, NULL, release, NULL, NULL, release, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stream_find(s, NULL, NULL, NULL, release, got, NULL, release, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stream_to_array(NULL, NULL, array, NULL, release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stream_bytes(s, NULL, NULL, release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stream_text(NULL, bytes, NULL, release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(released == 10);
  CHECK_STATUS(nodecore_stream_drop(NULL, 1, &made, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stream_take(s, 1, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_stream_free(s);
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
  return 0;
}
