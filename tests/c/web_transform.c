/* web_transform.h and pipeThrough; web_convert.h: streams of Node's as web streams and back. */
#include "web_check.h"

typedef struct changer {
  nodecore_web_transform_controller *controller;
  nodecore_done *pending;
  bool later, terminates, errors, fails_start, fails_flush, fails_cancel;
  nodecore_web_transform *stream; /* freed in a hook, if given */
} changer;
static void answer(nodecore_done *done, bool fails) {
  nodecore_error *err = fails ? eio() : NULL;
  nodecore_done_call(done, err);
  nodecore_error_free(err);
}
static void free_stream(changer *c) {
  nodecore_web_transform_free(c->stream);
  c->stream = NULL;
}
static void start(nodecore_web_transform_controller *controller, nodecore_done *done, void *user) {
  changer *c = user;
  c->controller = nodecore_web_transform_controller_copy(controller);
  nodecore_chunk chunk = NODECORE_CHUNK_BYTES("<", 1);
  CHECK_OK(nodecore_web_transform_controller_enqueue(controller, &chunk, NULL));
  answer(done, c->fails_start);
}
/* Every chunk twice. */
static void transform(nodecore_web_transform_controller *controller, nodecore_chunk *chunk, nodecore_done *done,
                      void *user) {
  changer *c = user;
  free_stream(c);
  if (c->terminates) {
    nodecore_web_transform_controller_terminate(controller);
  } else if (c->errors) {
    nodecore_error *err = eio();
    nodecore_web_transform_controller_error(controller, err);
    nodecore_error_free(err);
  } else {
    CHECK_OK(nodecore_web_transform_controller_enqueue(controller, chunk, NULL));
    CHECK_OK(nodecore_web_transform_controller_enqueue(controller, chunk, NULL));
  }
  if (c->later) {
    c->pending = done;
  } else {
    answer(done, false);
  }
}
static void flush(nodecore_web_transform_controller *controller, nodecore_done *done, void *user) {
  changer *c = user;
  note(NULL, "flush");
  free_stream(c);
  nodecore_chunk chunk = NODECORE_CHUNK_BYTES(">", 1);
  CHECK_OK(nodecore_web_transform_controller_enqueue(controller, &chunk, NULL));
  answer(done, c->fails_flush);
}
static void cancel(const nodecore_error *reason, nodecore_done *done, void *user) {
  changer *c = user;
  note(reason, "cancel");
  free_stream(c);
  answer(done, c->fails_cancel);
}
static nodecore_web_transform *changing(changer *c) {
  nodecore_web_transform_hooks hooks = NODECORE_WEB_TRANSFORM_HOOKS_INIT;
  hooks.start = start;
  hooks.transform = transform;
  hooks.flush = flush;
  hooks.cancel = cancel;
  nodecore_web_transform *t = NULL;
  CHECK_OK(nodecore_web_transform_new(lp, NULL, NULL, &hooks, c, release, &t, NULL));
  return t;
}

/* Both sides, locked; the stream itself is freed. */
typedef struct ends {
  nodecore_web_writer *writer;
  nodecore_web_reader *reader;
} ends;
static ends ends_of(nodecore_web_transform *t) {
  nodecore_web_readable *r = nodecore_web_transform_readable(t);
  nodecore_web_writable *w = nodecore_web_transform_writable(t);
  ends e = {NULL, NULL};
  CHECK_OK(nodecore_web_writable_get_writer(w, &e.writer, NULL));
  CHECK_OK(nodecore_web_readable_get_reader(r, &e.reader, NULL));
  nodecore_web_readable_free(r);
  nodecore_web_writable_free(w);
  nodecore_web_transform_free(t);
  return e;
}
static void free_ends(ends e) {
  nodecore_web_writer_free(e.writer);
  nodecore_web_reader_free(e.reader);
}
static void put(ends e, const char *text) {
  nodecore_chunk chunk = NODECORE_CHUNK_BYTES(text, strlen(text));
  CHECK_OK(nodecore_web_writer_write(e.writer, &chunk, note, "written", NULL));
}
static void get(ends e, int count) {
  while (count-- > 0) CHECK_OK(nodecore_web_reader_read(e.reader, note_read, "", NULL));
}

static void transforms(void) {
  released = 0;
  changer c = {0};
  ends e = ends_of(changing(&c));
  CHECK(nodecore_web_transform_controller_desired_size(c.controller) == -1);
  get(e, 5);
  put(e, "a");
  thing *t = thing_new(3);
  nodecore_chunk object = NODECORE_CHUNK_OBJECT(t, &thing_type);
  CHECK_OK(nodecore_web_writer_write(e.writer, &object, NULL, NULL, NULL));
  thing_release(t);
  run();
  CHECK(traced(" =< =a =a written =#3 =#3"));
  CHECK_OK(nodecore_web_writer_close(e.writer, note, "closed", NULL));
  get(e, 2);
  run();
  CHECK(traced(" flush => =end closed"));
  nodecore_error *err = NULL;
  nodecore_chunk chunk = NODECORE_CHUNK_BYTES("late", 4);
  CHECK_STATUS(nodecore_web_transform_controller_enqueue(c.controller, &chunk, &err), NODECORE_ERR_INVALID_STATE);
  CHECK(is(nodecore_error_name(err), "TypeError") && failed_with(&err, "ERR_INVALID_STATE", "Invalid state: Unable to enqueue"));
  free_ends(e);
  nodecore_web_transform_controller_free(c.controller);
  CHECK(released == 1 && things == 0);

  /* Without hooks everything goes through. */
  nodecore_web_transform *identity = NULL;
  nodecore_web_strategy *two = NULL;
  CHECK_OK(nodecore_web_strategy_count(2, &two, NULL));
  CHECK_OK(nodecore_web_transform_new(lp, two, two, NULL, NULL, release, &identity, NULL));
  nodecore_web_strategy_free(two);
  e = ends_of(identity);
  double room = 0;
  CHECK_OK(nodecore_web_writer_desired_size(e.writer, &room, NULL));
  CHECK(room == 2);
  put(e, "a");
  CHECK_OK(nodecore_web_writer_close(e.writer, NULL, NULL, NULL));
  get(e, 2);
  run();
  CHECK(traced(" =a written =end"));
  free_ends(e);

  /* Terminated, errored, refused. */
  for (int which = 0; which < 5; which++) {
    released = 0;
    c = (changer){.terminates = which == 0, .errors = which == 1, .fails_start = which == 2, .fails_flush = which == 3};
    e = ends_of(changing(&c));
    CHECK_OK(nodecore_web_writer_closed(e.writer, note, "closed", NULL));
    if (which == 4) {
      nodecore_web_transform_controller_error(c.controller, NULL);
      double size = nodecore_web_transform_controller_desired_size(c.controller);
      CHECK(size != size);
    }
    put(e, "a");
    if (which == 3) CHECK_OK(nodecore_web_writer_close(e.writer, note, "close", NULL));
    get(e, which == 3 ? 5 : 2);
    run();
    if (which == 0) CHECK(traced(" =< =end written closed:ERR_INVALID_STATE"));
    if (which == 1) CHECK(traced(" =< :EIO written closed:EIO"));
    if (which == 2) CHECK(traced(" =< written:EIO closed:EIO :EIO"));
    if (which == 3) CHECK(traced(" =< =a =a flush written => :EIO close:EIO closed:EIO"));
    if (which == 4) CHECK(traced(" written:ABORT_ERR :ABORT_ERR :ABORT_ERR closed:ABORT_ERR"));
    free_ends(e);
    nodecore_web_transform_controller_free(c.controller);
    CHECK(released == 1);
  }

  /* Cancelled from one side, aborted from the other; what a hook fails with. */
  for (int which = 0; which < 3; which++) {
    released = 0;
    c = (changer){.fails_cancel = which == 2};
    e = ends_of(changing(&c));
    nodecore_error *reason = eio();
    if (which == 0) CHECK_OK(nodecore_web_writer_abort(e.writer, reason, note, "aborted", NULL));
    if (which > 0) CHECK_OK(nodecore_web_reader_cancel(e.reader, which == 1 ? NULL : reason, note, "cancelled", NULL));
    nodecore_error_free(reason);
    CHECK_OK(nodecore_web_writer_closed(e.writer, note, "closed", NULL));
    run();
    if (which == 0) CHECK(traced(" cancel:EIO aborted closed:EIO"));
    if (which == 1) CHECK(traced(" cancel cancelled closed:ABORT_ERR"));
    if (which == 2) CHECK(traced(" cancel:EIO cancelled:EIO closed:EIO"));
    free_ends(e);
    nodecore_web_transform_controller_free(c.controller);
    CHECK(released == 1);
  }

  /* An answer that never comes, and one that comes when all is gone. */
  released = 0;
  c = (changer){.later = true};
  e = ends_of(changing(&c));
  put(e, "a");
  get(e, 3);
  run();
  CHECK(traced(" =< =a =a") && c.pending != NULL);
  free_ends(e);
  nodecore_web_transform_controller_free(c.controller);
  answer(c.pending, true);
  run();
  CHECK(traced(" written:EIO") && released == 1);
}

/* The handle is freed in each hook. */
static void freed_inside(void) {
  for (int which = 0; which < 3; which++) {
    released = 0;
    changer c = {0};
    c.stream = changing(&c);
    nodecore_web_writable *w = nodecore_web_transform_writable(c.stream);
    nodecore_web_readable *r = nodecore_web_transform_readable(c.stream);
    ends e = {NULL, NULL};
    CHECK_OK(nodecore_web_writable_get_writer(w, &e.writer, NULL));
    CHECK_OK(nodecore_web_readable_get_reader(r, &e.reader, NULL));
    nodecore_web_readable_free(r);
    nodecore_web_writable_free(w);
    nodecore_web_transform_controller_free(c.controller);
    if (which == 0) put(e, "a");
    if (which == 1) CHECK_OK(nodecore_web_writer_close(e.writer, note, "closed", NULL));
    if (which == 2) CHECK_OK(nodecore_web_reader_cancel(e.reader, NULL, note, "cancelled", NULL));
    get(e, which == 2 ? 0 : 2);
    run();
    CHECK(c.stream == NULL);
    if (which == 0) CHECK(traced(" =< =a written"));
    if (which == 1) CHECK(traced(" =< flush => closed"));
    if (which == 2) CHECK(traced(" cancel cancelled"));
    free_ends(e);
    CHECK(released == 1);
  }
}

static bool next(nodecore_chunk *chunk, nodecore_error **err, void *user) {
  int *left = user;
  (void)err;
  if (*left == 0) return false;
  chunk->object = thing_new((*left)--);
  chunk->type = &thing_type;
  return true;
}
static void pull_once(nodecore_web_readable_controller *controller, nodecore_done *done, void *user) {
  (void)user;
  nodecore_chunk chunk = NODECORE_CHUNK_BYTES("bytes", 5);
  CHECK_OK(nodecore_web_readable_controller_enqueue(controller, &chunk, NULL));
  CHECK_OK(nodecore_web_readable_controller_close(controller, NULL));
  nodecore_done_call(done, NULL);
}
static void piped_through(void) {
  nodecore_error *err = NULL;
  for (int bytes = 0; bytes < 2; bytes++) {
    int left = 1;
    released = 0;
    changer c = {0};
    nodecore_web_readable *r = NULL, *out = NULL, *again = NULL;
    if (bytes) {
      nodecore_web_readable_hooks hooks = NODECORE_WEB_READABLE_HOOKS_INIT;
      hooks.pull = pull_once;
      CHECK_OK(nodecore_web_readable_new_bytes(lp, 0, 0, &hooks, NULL, release, &r, NULL));
    } else {
      CHECK_OK(nodecore_web_readable_from(lp, next, &left, release, &r, NULL));
    }
    nodecore_web_transform *t = changing(&c);
    CHECK_OK(nodecore_web_readable_pipe_through(r, t, NULL, &out, NULL));
    CHECK_STATUS(nodecore_web_readable_pipe_through(r, t, NULL, &again, &err), NODECORE_ERR_INVALID_STATE);
    CHECK(is(nodecore_error_name(err), "TypeError"));
    CHECK(failed_with(&err, "ERR_INVALID_STATE", "Invalid state: The ReadableStream is locked"));
    int none = 0;
    CHECK_OK(nodecore_web_readable_from(lp, next, &none, NULL, &again, NULL));
    nodecore_web_readable *refused = NULL;
    CHECK_STATUS(nodecore_web_readable_pipe_through(again, t, NULL, &refused, &err), NODECORE_ERR_INVALID_STATE);
    CHECK(failed_with(&err, "ERR_INVALID_STATE", "Invalid state: The WritableStream is locked"));
    CHECK(refused == NULL && !nodecore_web_readable_locked(again));
    nodecore_web_readable_free(again);
    nodecore_web_readable_free(r);
    nodecore_web_transform_free(t);
    nodecore_web_transform_controller_free(c.controller);
    ends e = {NULL, NULL};
    CHECK_OK(nodecore_web_readable_get_reader(out, &e.reader, NULL));
    nodecore_web_readable_free(out);
    get(e, 5);
    run();
    CHECK(traced(bytes ? " =< =bytes =bytes flush => =end" : " =< =#1 =#1 flush => =end"));
    free_ends(e);
    CHECK(released == 2 && things == 0);
  }
}

/* ---- web_convert.h ---- */
static void node_data(nodecore_chunk *chunk, void *user) { note_read(NULL, chunk, user); }
static void node_write(nodecore_stream *stream, nodecore_chunk *chunk, nodecore_done *done, void *user) {
  (void)user;
  CHECK(stream != NULL);
  note_read(NULL, chunk, "write");
  nodecore_done_call(done, NULL);
}
static void converted(void) {
  nodecore_error *err = NULL;
  nodecore_stream_options object_mode = NODECORE_STREAM_OPTIONS_INIT;
  object_mode.readable_object_mode = object_mode.writable_object_mode = true;
  thing *t = thing_new(4);
  nodecore_chunk object = NODECORE_CHUNK_OBJECT(t, &thing_type);

  /* A readable to a web stream, by a strategy of one's own or the stream's. */
  for (int own = 0; own < 2; own++) {
    nodecore_stream *s = NULL;
    CHECK_OK(nodecore_stream_new(lp, NODECORE_STREAM_READABLE, &object_mode, NULL, NULL, NULL, &s, NULL));
    CHECK_OK(nodecore_stream_push_chunk(s, &object, NULL, NULL));
    CHECK_OK(nodecore_stream_push_chunk(s, NULL, NULL, NULL));
    nodecore_web_readable *r = NULL;
    nodecore_web_writable *w = NULL;
    nodecore_web_strategy *strategy = NULL;
    if (own) CHECK_OK(nodecore_web_strategy_count(1, &strategy, NULL));
    CHECK_STATUS(nodecore_stream_to_web(s, strategy, &r, &w, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
    CHECK_STATUS(nodecore_stream_to_web(s, strategy, NULL, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
    CHECK(r == NULL && w == NULL);
    CHECK_OK(nodecore_stream_to_web(s, strategy, &r, NULL, NULL));
    nodecore_web_strategy_free(strategy);
    nodecore_stream_free(s);
    ends e = {NULL, NULL};
    CHECK_OK(nodecore_web_readable_get_reader(r, &e.reader, NULL));
    nodecore_web_readable_free(r);
    get(e, 2);
    run();
    CHECK(traced(" =#4 =end"));
    free_ends(e);
  }
  /* A writable, and a bad mark. */
  nodecore_stream_hooks hooks = NODECORE_STREAM_HOOKS_INIT;
  hooks.write = node_write;
  nodecore_stream *s = NULL;
  nodecore_web_readable *r = NULL;
  nodecore_web_writable *w = NULL;
  CHECK_OK(nodecore_stream_new(lp, NODECORE_STREAM_WRITABLE, &object_mode, &hooks, NULL, release, &s, NULL));
  CHECK_STATUS(nodecore_stream_to_web(s, NULL, &r, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_OK(nodecore_stream_to_web(s, NULL, NULL, &w, NULL));
  nodecore_stream_free(s);
  ends e = {NULL, NULL};
  CHECK_OK(nodecore_web_writable_get_writer(w, &e.writer, NULL));
  nodecore_web_writable_free(w);
  CHECK_OK(nodecore_web_writer_write(e.writer, &object, NULL, NULL, NULL));
  put(e, "text");
  CHECK_OK(nodecore_web_writer_close(e.writer, note, "closed", NULL));
  run();
  CHECK(strstr(trace, " write=#4") == trace && strstr(trace, " write=text") != NULL && strstr(trace, " closed") != NULL);
  trace[0] = 0;
  free_ends(e);

  /* A duplex: both sides. */
  CHECK_OK(nodecore_stream_new(lp, NODECORE_STREAM_TRANSFORM, &object_mode, NULL, NULL, NULL, &s, NULL));
  nodecore_web_strategy *bad = NULL;
  CHECK_OK(nodecore_web_strategy_count(-1, &bad, NULL));
  CHECK_STATUS(nodecore_stream_to_web(s, bad, &r, &w, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(is(nodecore_error_name(err), "RangeError"));
  nodecore_error_free(err);
  err = NULL;
  nodecore_web_strategy_free(bad);
  w = NULL;
  CHECK_OK(nodecore_stream_to_web(s, NULL, &r, &w, NULL));
  nodecore_stream_free(s);
  CHECK_OK(nodecore_web_writable_get_writer(w, &e.writer, NULL));
  CHECK_OK(nodecore_web_readable_get_reader(r, &e.reader, NULL));
  get(e, 2);
  CHECK_OK(nodecore_web_writer_write(e.writer, &object, NULL, NULL, NULL));
  CHECK_OK(nodecore_web_writer_close(e.writer, NULL, NULL, NULL));
  run();
  CHECK(traced(" =#4 =end"));
  free_ends(e);
  nodecore_web_writable_free(w);
  nodecore_web_readable_free(r);
  CHECK(t->references == 1);

  /* And back: a readable, of bytes too; a writable; a duplex. */
  for (int bytes = 0; bytes < 2; bytes++) {
    for (int both = 0; both < 2; both++) {
      int left = 2;
      changer c = {0};
      nodecore_web_transform *change = changing(&c);
      nodecore_web_writable *in = nodecore_web_transform_writable(change);
      nodecore_web_transform_free(change);
      if (bytes) {
        nodecore_web_readable_hooks once = NODECORE_WEB_READABLE_HOOKS_INIT;
        once.pull = pull_once;
        CHECK_OK(nodecore_web_readable_new_bytes(lp, 0, 0, &once, NULL, release, &r, NULL));
      } else {
        CHECK_OK(nodecore_web_readable_from(lp, next, &left, release, &r, NULL));
      }
      CHECK_OK(nodecore_stream_from_web(r, both ? in : NULL, &object_mode, &s, NULL));
      CHECK(nodecore_web_readable_locked(r) && nodecore_web_writable_locked(in) == both);
      nodecore_stream *refused = NULL;
      CHECK_STATUS(nodecore_stream_from_web(r, NULL, NULL, &refused, &err), NODECORE_ERR_INVALID_STATE);
      CHECK(failed_with(&err, "ERR_INVALID_STATE", "Invalid state: ReadableStream is locked") && refused == NULL);
      CHECK_OK(nodecore_stream_on_data(s, 0, node_data, "data", NULL, NULL));
      CHECK_OK(nodecore_stream_on(s, NODECORE_EVENT_END, 0, note, "end", NULL, NULL));
      run();
      CHECK(traced(bytes ? " data=bytes end" : " data=#2 data=#1 end"));
      nodecore_stream_destroy(s, NULL);
      run();
      trace[0] = 0;
      nodecore_stream_free(s);
      nodecore_web_readable_free(r);
      nodecore_web_writable_free(in);
      nodecore_web_transform_controller_free(c.controller);
    }
  }
  nodecore_web_writable_hooks sink = NODECORE_WEB_WRITABLE_HOOKS_INIT;
  CHECK_OK(nodecore_web_writable_new(lp, NULL, &sink, NULL, release, &w, NULL));
  CHECK_OK(nodecore_stream_from_web(NULL, w, &object_mode, &s, NULL));
  CHECK(nodecore_web_writable_locked(w));
  CHECK_OK(nodecore_stream_on(s, NODECORE_EVENT_FINISH, 0, note, "finish", NULL, NULL));
  CHECK_OK(nodecore_stream_write_chunk(s, &object, NULL, NULL, NULL, NULL, NULL));
  nodecore_stream_end(s);
  run();
  CHECK(traced(" finish"));
  nodecore_stream_free(s);
  nodecore_web_writable_free(w);

  /* Without object mode an object that is read fails the stream. */
  int left = 1;
  CHECK_OK(nodecore_web_readable_from(lp, next, &left, release, &r, NULL));
  CHECK_OK(nodecore_stream_from_web(r, NULL, NULL, &s, NULL));
  CHECK_OK(nodecore_stream_on_data(s, 0, node_data, "data", NULL, NULL));
  CHECK_OK(nodecore_stream_on(s, NODECORE_EVENT_ERROR, 0, note, "error", NULL, NULL));
  run();
  CHECK(traced(" error:ERR_INVALID_ARG_TYPE"));
  nodecore_stream_free(s);
  nodecore_web_readable_free(r);

  CHECK_STATUS(nodecore_stream_from_web(NULL, NULL, NULL, &s, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stream_to_web(NULL, NULL, &r, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(t->references == 1);
  thing_release(t);
}

static void drop_done(nodecore_stream *stream, nodecore_chunk *chunk, nodecore_done *done, void *user) {
  (void)stream, (void)chunk, (void)user;
  nodecore_done_free(done);
}
static void do_at_once(nodecore_stream *stream, nodecore_chunk *chunk, nodecore_done *done, void *user) {
  (void)stream, (void)chunk, (void)user;
  nodecore_done_call(done, NULL);
}
static void ignore_read(const nodecore_error *err, nodecore_chunk *chunk, void *user) {
  (void)err, (void)chunk, (void)user;
}
/* Of the web streams of a stream only the handles are freed, in any state: then the stream goes as well. */
static void converted_and_freed(void) {
  nodecore_stream_options small = NODECORE_STREAM_OPTIONS_INIT;
  small.has_readable_high_water_mark = small.has_writable_high_water_mark = true;
  small.readable_high_water_mark = small.writable_high_water_mark = 4;
  for (int i = 0; i < 4 * 4 * 3 * 3; i++) {
    int kind = i % 4, writes = i / 4 % 4, reads = i / 16 % 3, turns = i / 48;
    nodecore_stream_hooks hooks = NODECORE_STREAM_HOOKS_INIT;
    if (kind < 2) hooks.write = kind == 0 ? drop_done : do_at_once;
    uint32_t sides = kind < 2   ? NODECORE_STREAM_WRITABLE
                     : kind < 3 ? NODECORE_STREAM_READABLE
                                : NODECORE_STREAM_TRANSFORM;
    released = 0;
    nodecore_stream *s = NULL;
    nodecore_web_readable *r = NULL;
    nodecore_web_writable *w = NULL;
    ends e = {NULL, NULL};
    CHECK_OK(nodecore_stream_new(lp, sides, &small, &hooks, NULL, release, &s, NULL));
    CHECK_OK(nodecore_stream_to_web(s, NULL, kind >= 2 ? &r : NULL, kind != 2 ? &w : NULL, NULL));
    nodecore_stream_free(s);
    if (w != NULL) CHECK_OK(nodecore_web_writable_get_writer(w, &e.writer, NULL));
    if (r != NULL) CHECK_OK(nodecore_web_readable_get_reader(r, &e.reader, NULL));
    nodecore_web_writable_free(w);
    nodecore_web_readable_free(r);
    for (int n = 0; e.writer != NULL && n < writes; n++) {
      nodecore_chunk chunk = NODECORE_CHUNK_BYTES("longer than the mark", 20);
      CHECK_OK(nodecore_web_writer_write(e.writer, &chunk, NULL, NULL, NULL));
    }
    for (int n = 0; e.reader != NULL && n < reads; n++) {
      CHECK_OK(nodecore_web_reader_read(e.reader, ignore_read, NULL, NULL));
    }
    if (turns == 1) CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_NOWAIT, NULL, NULL));
    if (turns == 2) run();
    free_ends(e);
    run();
    CHECK(released == 1);
  }
}

static void bad_arguments(void) {
  released = 0;
  nodecore_web_transform *t = NULL;
  nodecore_web_readable *r = NULL;
  nodecore_web_strategy *bad = NULL;
  nodecore_error *err = NULL;
  CHECK_STATUS(nodecore_web_transform_new(NULL, NULL, NULL, NULL, NULL, release, &t, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_transform_new(lp, NULL, NULL, NULL, NULL, release, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_OK(nodecore_web_strategy_count(-1, &bad, NULL));
  CHECK_STATUS(nodecore_web_transform_new(lp, bad, NULL, NULL, NULL, release, &t, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(is(nodecore_error_name(err), "RangeError"));
  nodecore_error_free(err);
  CHECK_STATUS(nodecore_web_transform_new(lp, NULL, bad, NULL, NULL, release, &t, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  nodecore_web_strategy_free(bad);
  CHECK(t == NULL && released == 4);
  CHECK(nodecore_web_transform_readable(NULL) == NULL && nodecore_web_transform_writable(NULL) == NULL);
  CHECK_STATUS(nodecore_web_readable_pipe_through(NULL, NULL, NULL, &r, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_chunk chunk = NODECORE_CHUNK_BYTES("x", 1);
  CHECK_STATUS(nodecore_web_transform_controller_enqueue(NULL, &chunk, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_web_transform_controller_error(NULL, NULL);
  nodecore_web_transform_controller_terminate(NULL);
  double size = nodecore_web_transform_controller_desired_size(NULL);
  CHECK(size != size && nodecore_web_transform_controller_copy(NULL) == NULL);
  nodecore_web_transform_free(NULL);
  nodecore_web_transform_controller_free(NULL);
}

int main(void) {
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  transforms();
  freed_inside();
  piped_through();
  converted();
  converted_and_freed();
  bad_arguments();
  return finish();
}
