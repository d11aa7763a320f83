/* web_readable.h: sources, readers, iteration, tee, pipes; wrong use; objects; handles freed in hooks and callbacks. */
#include "web_check.h"

typedef struct source {
  nodecore_web_readable_controller *controller; /* kept by start, if `keep` */
  nodecore_done *pending;                       /* kept by pull, if `later` */
  int pulls, last;
  bool keep, later, objects, fails_start, fails_pull, fails_cancel;
  nodecore_web_readable *stream; /* freed in a hook, if given */
  nodecore_web_reader *reader;   /* the same */
} source;

static void free_handles(source *s) {
  nodecore_web_readable_free(s->stream);
  nodecore_web_reader_free(s->reader);
  s->stream = NULL;
  s->reader = NULL;
}
static void answer(nodecore_done *done, bool fails) {
  nodecore_error *err = fails ? eio() : NULL;
  nodecore_done_call(done, err);
  nodecore_error_free(err);
}
static void start(nodecore_web_readable_controller *controller, nodecore_done *done, void *user) {
  source *s = user;
  if (s->keep) s->controller = nodecore_web_readable_controller_copy(controller);
  answer(done, s->fails_start);
}
static void pull(nodecore_web_readable_controller *controller, nodecore_done *done, void *user) {
  source *s = user;
  free_handles(s);
  if (s->later) {
    CHECK(s->pending == NULL);
    s->pending = done;
    return;
  }
  if (s->fails_pull) return answer(done, true);
  if (s->pulls++ == s->last) {
    CHECK_OK(nodecore_web_readable_controller_close(controller, NULL));
  } else if (s->objects) {
    thing *t = thing_new(s->pulls);
    nodecore_chunk chunk = NODECORE_CHUNK_OBJECT(t, &thing_type);
    CHECK_OK(nodecore_web_readable_controller_enqueue(controller, &chunk, NULL));
    thing_release(t);
  } else {
    char digit = (char)('0' + s->pulls);
    nodecore_chunk chunk = NODECORE_CHUNK_BYTES(&digit, 1);
    CHECK_OK(nodecore_web_readable_controller_enqueue(controller, &chunk, NULL));
  }
  answer(done, false);
}
static void cancel(const nodecore_error *reason, nodecore_done *done, void *user) {
  source *s = user;
  note(reason, "cancel");
  free_handles(s);
  answer(done, s->fails_cancel);
}

static nodecore_web_readable *reading(source *s, bool bytes, double mark) {
  nodecore_web_readable_hooks hooks = NODECORE_WEB_READABLE_HOOKS_INIT;
  hooks.start = start;
  hooks.pull = pull;
  hooks.cancel = cancel;
  nodecore_web_readable *r = NULL;
  if (bytes) {
    CHECK_OK(nodecore_web_readable_new_bytes(lp, mark, 0, &hooks, s, release, &r, NULL));
  } else {
    nodecore_web_strategy *strategy = NULL;
    CHECK_OK(nodecore_web_strategy_count(mark, &strategy, NULL));
    CHECK_OK(nodecore_web_readable_new(lp, strategy, &hooks, s, release, &r, NULL));
    nodecore_web_strategy_free(strategy);
  }
  return r;
}
static nodecore_web_reader *reader_of(nodecore_web_readable *r) {
  nodecore_web_reader *reader = NULL;
  CHECK_OK(nodecore_web_readable_get_reader(r, &reader, NULL));
  return reader;
}

static void reads(bool bytes, bool objects) {
  released = 0;
  source s = {.last = 2, .objects = objects};
  nodecore_web_readable *r = reading(&s, bytes, 1);
  nodecore_web_readable *again = nodecore_web_readable_copy(r);
  CHECK(!nodecore_web_readable_locked(r));
  nodecore_web_reader *reader = reader_of(r);
  CHECK(nodecore_web_readable_locked(again));
  nodecore_web_readable_free(r);
  nodecore_web_readable_free(again);
  CHECK_OK(nodecore_web_reader_closed(reader, note, "closed", release));
  CHECK_OK(nodecore_web_reader_read(reader, note_read, "a", release));
  CHECK_OK(nodecore_web_reader_read(reader, note_read, "b", release));
  CHECK_OK(nodecore_web_reader_read(reader, note_read, "c", release));
  CHECK(traced(""));
  run();
  CHECK(traced(objects ? " a=#1 b=#2 closed c=end" : " a=1 b=2 closed c=end"));
  CHECK_OK(nodecore_web_reader_cancel(reader, NULL, note, "cancelled", release));
  run();
  CHECK(traced(" cancelled"));
  nodecore_web_reader_free(reader);
  CHECK(released == 6 && things == 0);
}

/* Chunks that nobody reads go when the stream does; a bad size errors it. */
static double negative(const nodecore_chunk *chunk, void *user) {
  CHECK(chunk->object != NULL);
  (void)user;
  return -1;
}
static void controllers(void) {
  released = 0;
  source s = {.keep = true, .later = true};
  nodecore_error *err = NULL;
  nodecore_web_readable *r = reading(&s, false, 2);
  nodecore_web_readable_controller *c = s.controller;
  CHECK(nodecore_web_readable_controller_desired_size(c) == 2);
  CHECK(nodecore_web_readable_controller_byob_request(c) == NULL);
  nodecore_chunk lent = NODECORE_CHUNK_INIT;
  lent.bytes = nodecore_buf_copy("shared", 6);
  CHECK_OK(nodecore_web_readable_controller_enqueue(c, &lent, NULL));
  CHECK(gave(&lent.bytes, "shared"));
  thing *t = thing_new(7);
  nodecore_chunk object = NODECORE_CHUNK_OBJECT(t, &thing_type);
  CHECK_OK(nodecore_web_readable_controller_enqueue(c, &object, NULL));
  CHECK_OK(nodecore_web_readable_controller_enqueue(c, &object, NULL));
  CHECK(nodecore_web_readable_controller_desired_size(c) == -1 && t->references == 3);
  CHECK_OK(nodecore_web_readable_controller_close(c, NULL));
  CHECK_STATUS(nodecore_web_readable_controller_close(c, &err), NODECORE_ERR_INVALID_STATE);
  CHECK(failed_with(&err, "ERR_INVALID_STATE", "Invalid state: Controller is already closed"));
  CHECK_STATUS(nodecore_web_readable_controller_enqueue(c, &object, &err), NODECORE_ERR_INVALID_STATE);
  CHECK(is(nodecore_error_name(err), "TypeError"));
  CHECK(failed_with(&err, "ERR_INVALID_STATE", "Invalid state: Controller is already closed"));
  nodecore_web_reader *reader = reader_of(r);
  CHECK_OK(nodecore_web_reader_read(reader, note_read, "a", NULL));
  CHECK_OK(nodecore_web_reader_read(reader, note_read, "b", NULL));
  run();
  CHECK(traced(" a=shared b=#7"));
  nodecore_web_reader_free(reader);
  nodecore_web_readable_free(r);
  CHECK(released == 0 && t->references == 2);
  nodecore_web_readable_controller_free(c);
  CHECK(released == 1 && t->references == 1);

  /* error: what is queued goes, and who waits is told. */
  s = (source){.keep = true, .later = true};
  r = reading(&s, false, 1);
  c = s.controller;
  CHECK_OK(nodecore_web_readable_controller_enqueue(c, &object, NULL));
  err = eio();
  nodecore_web_readable_controller_error(c, err);
  nodecore_error_free(err);
  err = NULL;
  CHECK(t->references == 1 && nodecore_web_readable_controller_desired_size(c) != 0);
  CHECK(nodecore_web_readable_controller_desired_size(c) != nodecore_web_readable_controller_desired_size(c));
  nodecore_web_readable_controller_error(c, NULL);
  reader = reader_of(r);
  CHECK_OK(nodecore_web_reader_read(reader, note_read, "a", NULL));
  CHECK_OK(nodecore_web_reader_closed(reader, note, "closed", NULL));
  CHECK_OK(nodecore_web_reader_closed(reader, NULL, NULL, release));
  CHECK_OK(nodecore_web_reader_cancel(reader, NULL, note, "cancelled", NULL));
  run();
  CHECK(traced(" a:EIO closed:EIO cancelled:EIO"));
  nodecore_web_reader_free(reader);
  nodecore_web_readable_free(r);
  nodecore_web_readable_controller_free(c);

  /* Without an error it is an AbortError. */
  s = (source){.keep = true, .later = true};
  r = reading(&s, true, 0);
  nodecore_web_readable_controller_error(s.controller, NULL);
  reader = reader_of(r);
  CHECK_OK(nodecore_web_reader_closed(reader, note, "closed", NULL));
  run();
  CHECK(traced(" closed:ABORT_ERR"));
  nodecore_web_reader_free(reader);
  nodecore_web_readable_free(r);
  nodecore_web_readable_controller_free(s.controller);

  /* A bad size, told to who enqueues and to who reads. */
  nodecore_web_strategy *strategy = NULL;
  CHECK_OK(nodecore_web_strategy_new(1, negative, NULL, release, &strategy, NULL));
  nodecore_web_readable_hooks hooks = NODECORE_WEB_READABLE_HOOKS_INIT;
  hooks.start = start;
  s = (source){.keep = true};
  released = 0;
  CHECK_OK(nodecore_web_readable_new(lp, strategy, &hooks, &s, NULL, &r, NULL));
  nodecore_web_strategy_free(strategy);
  CHECK(released == 0);
  CHECK_STATUS(nodecore_web_readable_controller_enqueue(s.controller, &object, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(is(nodecore_error_name(err), "RangeError"));
  CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE", "The argument 'size' is invalid. Received -1"));
  CHECK(released == 1 && t->references == 1);
  reader = reader_of(r);
  CHECK_OK(nodecore_web_reader_read(reader, note_read, "a", NULL));
  run();
  CHECK(traced(" a:ERR_INVALID_ARG_VALUE"));
  nodecore_web_reader_free(reader);
  nodecore_web_readable_free(r);
  nodecore_web_readable_controller_free(s.controller);

  /* Byte streams take bytes. */
  s = (source){.keep = true, .later = true};
  r = reading(&s, true, 10);
  c = s.controller;
  CHECK_STATUS(nodecore_web_readable_controller_enqueue(c, &object, &err), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_error_free(err);
  err = NULL;
  nodecore_chunk empty = NODECORE_CHUNK_BYTES(NULL, 0);
  CHECK_STATUS(nodecore_web_readable_controller_enqueue(c, &empty, &err), NODECORE_ERR_INVALID_STATE);
  CHECK(failed_with(&err, "ERR_INVALID_STATE", "Invalid state: chunk ArrayBuffer is zero-length or detached"));
  nodecore_chunk bytes = NODECORE_CHUNK_BYTES("abc", 3);
  CHECK_OK(nodecore_web_readable_controller_enqueue(c, &bytes, NULL));
  CHECK(nodecore_web_readable_controller_desired_size(c) == 7);
  CHECK_OK(nodecore_web_readable_controller_close(c, NULL));
  nodecore_web_readable_controller_free(c);
  reader = reader_of(r);
  CHECK_OK(nodecore_web_reader_read(reader, note_read, "a", NULL));
  CHECK_OK(nodecore_web_reader_read(reader, note_read, "b", NULL));
  run();
  CHECK(traced(" a=abc b=end"));
  nodecore_web_reader_free(reader);
  nodecore_web_readable_free(r);
  thing_release(t);
}

/* Locked, released, closed, errored. */
static void refusals(void) {
  nodecore_error *err = NULL, *reason = eio();
  for (int bytes = 0; bytes < 2; bytes++) {
    released = 0;
    source s = {.later = true};
    nodecore_web_readable *r = reading(&s, bytes, 0), *one = NULL, *two = NULL;
    nodecore_web_reader *reader = reader_of(r), *other = NULL;
    nodecore_web_values *values = NULL;
    nodecore_web_byob_reader *byob = NULL;
    const char *text = "Invalid state: ReadableStream is locked";
    CHECK_STATUS(nodecore_web_readable_get_reader(r, &other, &err), NODECORE_ERR_INVALID_STATE);
    CHECK(is(nodecore_error_name(err), "TypeError") && failed_with(&err, "ERR_INVALID_STATE", text));
    CHECK_STATUS(nodecore_web_readable_get_byob_reader(r, &byob, &err), NODECORE_ERR_INVALID_STATE);
    CHECK(failed_with(&err, "ERR_INVALID_STATE", text));
    CHECK_STATUS(nodecore_web_readable_values(r, false, &values, &err), NODECORE_ERR_INVALID_STATE);
    CHECK(failed_with(&err, "ERR_INVALID_STATE", text));
    CHECK_STATUS(nodecore_web_readable_tee(r, &one, &two, &err), NODECORE_ERR_INVALID_STATE);
    CHECK(failed_with(&err, "ERR_INVALID_STATE", text));
    CHECK_OK(nodecore_web_readable_cancel(r, reason, note_message, "cancel", release));
    run();
    CHECK(traced(" cancel:ERR_INVALID_STATE:TypeError:Invalid state: ReadableStream is locked"));
    CHECK(other == NULL && byob == NULL && values == NULL && one == NULL && two == NULL && released == 1);

    CHECK_OK(nodecore_web_reader_read(reader, note_read_message, "read", release));
    CHECK_OK(nodecore_web_reader_closed(reader, note_message, "closed", release));
    nodecore_web_reader_release_lock(reader);
    CHECK(!nodecore_web_readable_locked(r));
    nodecore_web_reader_release_lock(reader);
    CHECK_OK(nodecore_web_reader_read(reader, note_read, "late", release));
    CHECK_OK(nodecore_web_reader_cancel(reader, NULL, note, "cancel", release));
    CHECK_OK(nodecore_web_reader_closed(reader, note, "closed", release));
    run();
    nodecore_web_reader_free(reader);
    CHECK(traced(" closed:ERR_INVALID_STATE:TypeError:Invalid state: Reader released"
                 " read:ERR_INVALID_STATE:TypeError:Invalid state: Releasing reader"
                 " late:ERR_INVALID_STATE cancel:ERR_INVALID_STATE closed:ERR_INVALID_STATE"));
    CHECK(released == 6);

    /* cancel reaches the source, with the reason, which fails. */
    s.fails_cancel = true;
    CHECK_OK(nodecore_web_readable_cancel(r, reason, note, "cancelled", release));
    CHECK(traced(" cancel:EIO"));
    run();
    CHECK(traced(" cancelled:EIO"));
    CHECK_OK(nodecore_web_readable_cancel(r, reason, note, "again", NULL));
    CHECK_OK(nodecore_web_readable_cancel(r, reason, NULL, NULL, release));
    run();
    CHECK(traced(" again") && released == 9);
    if (s.pending != NULL) nodecore_done_call(s.pending, NULL);
    nodecore_web_readable_free(r);
  }
  nodecore_error_free(reason);

  nodecore_web_readable *r = NULL;
  nodecore_web_byob_reader *byob = NULL;
  CHECK_OK(nodecore_web_readable_new(lp, NULL, NULL, NULL, NULL, &r, NULL));
  CHECK_STATUS(nodecore_web_readable_get_byob_reader(r, &byob, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(is(nodecore_error_name(err), "TypeError"));
  nodecore_error_free(err);
  CHECK(!nodecore_web_readable_locked(r));
  nodecore_web_readable_free(r);
}

/* Hooks that fail, and hooks that answer later. */
static void hooks_fail(void) {
  for (int which = 0; which < 2; which++) {
    released = 0;
    source s = {.fails_start = which == 0, .fails_pull = which == 1};
    nodecore_web_readable *r = reading(&s, false, 1);
    nodecore_web_reader *reader = reader_of(r);
    CHECK_OK(nodecore_web_reader_read(reader, note_read, "a", NULL));
    run();
    CHECK(traced(" a:EIO") && released == 1);
    nodecore_web_reader_free(reader);
    nodecore_web_readable_free(r);
  }
  source s = {.keep = true, .later = true};
  nodecore_web_readable *r = reading(&s, false, 1);
  run();
  CHECK(s.pending != NULL);
  nodecore_web_reader *reader = reader_of(r);
  CHECK_OK(nodecore_web_reader_read(reader, note_read, "a", NULL));
  run();
  nodecore_chunk chunk = NODECORE_CHUNK_BYTES("x", 1);
  CHECK_OK(nodecore_web_readable_controller_enqueue(s.controller, &chunk, NULL));
  nodecore_done *done = s.pending;
  s.pending = NULL;
  nodecore_done_push(done, "ignored", 7);
  run();
  CHECK(traced(" a=x") && s.pending != NULL);
  nodecore_web_reader_free(reader);
  nodecore_web_readable_free(r);
  nodecore_web_readable_controller_free(s.controller);
  answer(s.pending, true); /* nobody is left to be told */
  run();
}

/* The last handle goes in a hook or a callback. */
static void free_reader(const nodecore_error *err, nodecore_chunk *chunk, void *user) {
  note_read(err, chunk, "freed");
  nodecore_web_reader_free(user);
}
static void free_stream(const nodecore_error *err, void *user) {
  note(err, "freed");
  nodecore_web_readable_free(user);
}
static void freed_inside(void) {
  for (int bytes = 0; bytes < 2; bytes++) {
    released = 0;
    source s = {.last = 3};
    nodecore_web_readable *r = reading(&s, bytes, 0);
    s.stream = r;
    s.reader = reader_of(r);
    nodecore_web_reader *reader = s.reader;
    run(); /* past start */
    CHECK_OK(nodecore_web_reader_read(reader, note_read, "a", NULL)); /* pull frees both at once */
    CHECK(s.stream == NULL && s.reader == NULL);
    run();
    CHECK(traced(" a:ERR_INVALID_STATE"));

    s = (source){.last = 3};
    r = reading(&s, bytes, 0);
    reader = reader_of(r);
    nodecore_web_readable_free(r);
    CHECK_OK(nodecore_web_reader_read(reader, free_reader, reader, NULL));
    run();
    CHECK(traced(" freed=1"));

    s = (source){.later = true};
    r = reading(&s, bytes, 0);
    s.stream = r;
    CHECK_OK(nodecore_web_readable_cancel(r, NULL, note, "cancelled", NULL)); /* cancel frees it */
    run();
    CHECK(traced(" cancel cancelled"));

    s = (source){.later = true};
    r = reading(&s, bytes, 0);
    CHECK_OK(nodecore_web_readable_cancel(r, NULL, free_stream, r, NULL));
    run();
    CHECK(traced(" cancel freed"));
    CHECK(released == 4);
  }
}

/* from */
typedef struct list {
  int next, last;
  bool objects, fails;
} list;
static bool next(nodecore_chunk *chunk, nodecore_error **err, void *user) {
  list *l = user;
  static char digit;
  if (l->next == l->last) {
    if (l->fails) *err = eio();
    return false;
  }
  l->next++;
  if (l->objects) {
    chunk->object = thing_new(l->next);
    chunk->type = &thing_type;
  } else if (l->next % 2 == 0) {
    digit = (char)('0' + l->next);
    chunk->bytes.data = &digit;
    chunk->bytes.len = 1;
  } else {
    digit = (char)('0' + l->next);
    chunk->bytes = nodecore_buf_copy(&digit, 1);
  }
  return true;
}
static nodecore_web_readable *from(list *l) {
  nodecore_web_readable *r = NULL;
  CHECK_OK(nodecore_web_readable_from(lp, next, l, release, &r, NULL));
  return r;
}
static void iterators(void) {
  for (int objects = 0; objects < 2; objects++) {
    released = 0;
    list l = {0, 2, objects, false};
    nodecore_web_readable *r = from(&l);
    run();
    CHECK(l.next == 0); /* not before somebody reads */
    nodecore_web_reader *reader = reader_of(r);
    for (int i = 0; i < 3; i++) CHECK_OK(nodecore_web_reader_read(reader, note_read, "a", NULL));
    run();
    CHECK(traced(objects ? " a=#1 a=#2 a=end" : " a=1 a=2 a=end") && released == 1);
    nodecore_web_reader_free(reader);
    nodecore_web_readable_free(r);

    l = (list){0, 1, objects, true};
    r = from(&l);
    reader = reader_of(r);
    for (int i = 0; i < 2; i++) CHECK_OK(nodecore_web_reader_read(reader, note_read, "a", NULL));
    run();
    CHECK(traced(objects ? " a=#1 a:EIO" : " a=1 a:EIO") && released == 2);
    nodecore_web_reader_free(reader);
    nodecore_web_readable_free(r);

    l = (list){0, 9, objects, false};
    r = from(&l);
    CHECK_OK(nodecore_web_readable_cancel(r, NULL, note, "cancelled", NULL));
    CHECK(released == 3);
    run();
    CHECK(traced(" cancelled") && l.next == 0);
    nodecore_web_readable_free(r);
  }

  /* values: next and return, in turn; freeing it cancels. */
  for (int bytes = 0; bytes < 2; bytes++) {
    for (int prevent = 0; prevent < 2; prevent++) {
      source s = {.last = 5};
      nodecore_web_readable *r = reading(&s, bytes, 0);
      nodecore_web_values *v = NULL;
      nodecore_error *reason = eio();
      CHECK_OK(nodecore_web_readable_values(r, prevent, &v, NULL));
      CHECK_OK(nodecore_web_values_next(v, note_read, "a", NULL));
      CHECK_OK(nodecore_web_values_next(v, note_read, "b", NULL));
      CHECK_OK(nodecore_web_values_return(v, reason, note, "return", NULL));
      CHECK_OK(nodecore_web_values_next(v, note_read, "c", NULL));
      CHECK_OK(nodecore_web_values_return(v, reason, note, "again", NULL));
      run();
      nodecore_error_free(reason);
      CHECK(!nodecore_web_readable_locked(r));
      CHECK(prevent ? traced(" a=1 b=2 return c=end again") : traced(" a=1 b=2 cancel:EIO return c=end again"));
      nodecore_web_values_free(v);
      if (prevent) {
        CHECK_OK(nodecore_web_readable_values(r, false, &v, NULL));
        CHECK_OK(nodecore_web_values_next(v, note_read, "a", NULL));
        run();
        CHECK(nodecore_web_readable_locked(r));
        nodecore_web_values_free(v);
        CHECK(traced(" a=3 cancel") && !nodecore_web_readable_locked(r));
      }
      nodecore_web_readable_free(r);
    }
  }
  list l = {0, 1, true, true};
  nodecore_web_readable *r = from(&l);
  nodecore_web_values *v = NULL;
  CHECK_OK(nodecore_web_readable_values(r, false, &v, NULL));
  for (int i = 0; i < 3; i++) CHECK_OK(nodecore_web_values_next(v, note_read, "a", NULL));
  run();
  CHECK(traced(" a=#1 a:EIO a=end") && !nodecore_web_readable_locked(r));
  nodecore_web_values_free(v);
  nodecore_web_readable_free(r);
}

/* tee */
static void tees(void) {
  for (int kind = 0; kind < 3; kind++) { /* bytes, bytes of a byte stream, objects */
    released = 0;
    source s = {.last = 2, .objects = kind == 2};
    nodecore_web_readable *r = reading(&s, kind == 1, 0), *one = NULL, *two = NULL;
    CHECK_OK(nodecore_web_readable_tee(r, &one, &two, NULL));
    CHECK(nodecore_web_readable_locked(r) && !nodecore_web_readable_locked(one));
    nodecore_web_readable_free(r);
    nodecore_web_reader *first = reader_of(one), *second = reader_of(two);
    for (int i = 0; i < 3; i++) CHECK_OK(nodecore_web_reader_read(first, note_read, "1", NULL));
    run();
    CHECK(traced(kind == 2 ? " 1=#1 1=#2 1=end" : " 1=1 1=2 1=end"));
    for (int i = 0; i < 3; i++) CHECK_OK(nodecore_web_reader_read(second, note_read, "2", NULL));
    run();
    CHECK(traced(kind == 2 ? " 2=#1 2=#2 2=end" : " 2=1 2=2 2=end"));
    nodecore_web_reader_free(first);
    nodecore_web_reader_free(second);
    nodecore_web_readable_free(one);
    nodecore_web_readable_free(two);
    CHECK(released == 1 && things == 0);

    s = (source){.last = 9, .objects = kind == 2};
    r = reading(&s, kind == 1, 0);
    CHECK_OK(nodecore_web_readable_tee(r, &one, &two, NULL));
    nodecore_error *reason = eio();
    CHECK_OK(nodecore_web_readable_cancel(one, reason, note, "one", NULL));
    run();
    CHECK(traced(""));
    CHECK_OK(nodecore_web_readable_cancel(two, NULL, note, "two", NULL));
    run();
    CHECK(traced(" cancel:EIO one two"));
    nodecore_error_free(reason);
    nodecore_web_readable_free(one);
    nodecore_web_readable_free(two);
    nodecore_web_readable_free(r);
    CHECK(released == 2 && things == 0);
  }
}

static void bad_arguments(void) {
  nodecore_error *err = NULL;
  nodecore_web_readable *r = NULL;
  nodecore_web_reader *reader = NULL;
  nodecore_web_values *values = NULL;
  released = 0;
  CHECK_STATUS(nodecore_web_readable_new(NULL, NULL, NULL, NULL, release, &r, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_readable_new(lp, NULL, NULL, NULL, release, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_web_readable_hooks hooks = NODECORE_WEB_READABLE_HOOKS_INIT;
  hooks.struct_size = 4;
  CHECK_STATUS(nodecore_web_readable_new(lp, NULL, &hooks, NULL, release, &r, NULL), NODECORE_ERR_OUT_OF_RANGE);
  double marks[] = {-1, 0};
  marks[1] = -marks[1] / marks[1]; /* NaN */
  for (int i = 0; i < 2; i++) {
    nodecore_web_strategy *strategy = NULL;
    CHECK_OK(nodecore_web_strategy_count(marks[i], &strategy, NULL));
    CHECK_STATUS(nodecore_web_readable_new(lp, strategy, NULL, NULL, release, &r, &err), NODECORE_ERR_INVALID_ARG_VALUE);
    CHECK(is(nodecore_error_name(err), "RangeError"));
    CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE",
                      i == 0 ? "The property 'strategy.highWaterMark' is invalid. Received -1"
                             : "The property 'strategy.highWaterMark' is invalid. Received NaN"));
    nodecore_web_strategy_free(strategy);
    CHECK_STATUS(nodecore_web_readable_new_bytes(lp, marks[i], 0, NULL, NULL, release, &r, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  }
  CHECK_STATUS(nodecore_web_readable_new_bytes(NULL, 0, 0, NULL, NULL, release, &r, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_readable_from(lp, NULL, NULL, release, &r, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_readable_from(NULL, next, NULL, release, &r, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(r == NULL && released == 10);

  CHECK_STATUS(nodecore_web_readable_cancel(NULL, NULL, note, "never", release), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_readable_get_reader(NULL, &reader, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_readable_values(NULL, false, &values, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_readable_tee(NULL, &r, &r, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_readable_controller_enqueue(NULL, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_readable_controller_close(NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_web_readable_controller_error(NULL, NULL);
  double none = nodecore_web_readable_controller_desired_size(NULL);
  CHECK(none != none && nodecore_web_readable_controller_byob_request(NULL) == NULL);
  CHECK(nodecore_web_readable_controller_copy(NULL) == NULL && nodecore_web_readable_copy(NULL) == NULL);
  CHECK(!nodecore_web_readable_locked(NULL));
  CHECK_STATUS(nodecore_web_reader_read(NULL, note_read, "never", release), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_reader_cancel(NULL, NULL, note, "never", release), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_reader_closed(NULL, note, "never", release), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_web_reader_release_lock(NULL);
  CHECK_STATUS(nodecore_web_values_next(NULL, note_read, "never", release), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_values_return(NULL, NULL, note, "never", release), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(released == 16);
  source s = {.later = true, .keep = true};
  r = reading(&s, false, 0);
  CHECK_STATUS(nodecore_web_readable_controller_enqueue(s.controller, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_readable_tee(r, NULL, &r, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  reader = reader_of(r);
  CHECK_STATUS(nodecore_web_reader_read(reader, NULL, NULL, release), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_web_reader_free(reader);
  CHECK_OK(nodecore_web_readable_values(r, true, &values, NULL));
  CHECK_STATUS(nodecore_web_values_next(values, NULL, NULL, release), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_web_values_free(values);
  CHECK(released == 18);
  nodecore_web_readable_controller_free(s.controller);
  nodecore_web_readable_free(r);
  nodecore_web_readable_free(NULL);
  nodecore_web_readable_controller_free(NULL);
  nodecore_web_reader_free(NULL);
  nodecore_web_values_free(NULL);
  run();
  CHECK(traced(""));
}

int main(void) {
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  reads(false, false);
  reads(true, false);
  reads(false, true);
  controllers();
  refusals();
  hooks_fail();
  freed_inside();
  iterators();
  tees();
  bad_arguments();
  return finish();
}
