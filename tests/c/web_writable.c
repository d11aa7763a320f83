/* web_writable.h, web.h and the pipes of web_readable.h: sinks, writers, strategies; wrong use; freed in every hook. */
#include "web_check.h"

typedef struct sink {
  nodecore_web_writable_controller *controller;
  nodecore_done *pending;
  bool later, fails_start, fails_write, fails_close, fails_abort;
  nodecore_web_writable *stream; /* freed in a hook, if given */
  nodecore_web_writer *writer;   /* the same */
  nodecore_chunk kept;
  bool keeps;
} sink;
static void answer(nodecore_done *done, bool fails) {
  nodecore_error *err = fails ? eio() : NULL;
  nodecore_done_call(done, err);
  nodecore_error_free(err);
}
static void free_handles(sink *s) {
  nodecore_web_writable_free(s->stream);
  nodecore_web_writer_free(s->writer);
  s->stream = NULL;
  s->writer = NULL;
}
static void start(nodecore_web_writable_controller *controller, nodecore_done *done, void *user) {
  sink *s = user;
  s->controller = nodecore_web_writable_controller_copy(controller);
  answer(done, s->fails_start);
}
static void sink_write(nodecore_web_writable_controller *controller, nodecore_chunk *chunk, nodecore_done *done,
                       void *user) {
  sink *s = user;
  CHECK(controller != NULL);
  note_read(NULL, chunk, "write");
  free_handles(s);
  if (s->keeps) {
    nodecore_chunk_free(&s->kept);
    s->kept = nodecore_chunk_take(chunk);
  }
  if (s->later) {
    CHECK(s->pending == NULL);
    s->pending = done;
  } else {
    answer(done, s->fails_write);
  }
}
static void sink_close(nodecore_done *done, void *user) {
  sink *s = user;
  note(NULL, "close");
  free_handles(s);
  answer(done, s->fails_close);
}
static void sink_abort(const nodecore_error *reason, nodecore_done *done, void *user) {
  sink *s = user;
  note(reason, "abort");
  free_handles(s);
  answer(done, s->fails_abort);
}
static nodecore_web_writable *writing(sink *s, nodecore_web_strategy *strategy) {
  nodecore_web_writable_hooks hooks = NODECORE_WEB_WRITABLE_HOOKS_INIT;
  hooks.start = start;
  hooks.write = sink_write;
  hooks.close = sink_close;
  hooks.abort = sink_abort;
  nodecore_web_writable *w = NULL;
  CHECK_OK(nodecore_web_writable_new(lp, strategy, &hooks, s, release, &w, NULL));
  nodecore_web_strategy_free(strategy);
  return w;
}
static nodecore_web_writer *writer_of(nodecore_web_writable *w) {
  nodecore_web_writer *writer = NULL;
  CHECK_OK(nodecore_web_writable_get_writer(w, &writer, NULL));
  return writer;
}
static nodecore_status put(nodecore_web_writer *writer, const char *text, const char *name) {
  nodecore_chunk chunk = NODECORE_CHUNK_BYTES(text, strlen(text));
  return nodecore_web_writer_write(writer, &chunk, name == NULL ? NULL : note, (void *)name, release);
}
static double room(nodecore_web_writer *writer) {
  double size = 0;
  CHECK_OK(nodecore_web_writer_desired_size(writer, &size, NULL));
  return size;
}

static void writes(void) {
  released = 0;
  sink s = {.keeps = true};
  nodecore_web_writable *w = writing(&s, NULL), *again = nodecore_web_writable_copy(w);
  CHECK(!nodecore_web_writable_locked(w));
  nodecore_web_writer *writer = writer_of(w);
  CHECK(nodecore_web_writable_locked(again));
  nodecore_web_writable_free(w);
  nodecore_web_writable_free(again);
  CHECK_OK(nodecore_web_writer_ready(writer, note, "ready", release));
  CHECK_OK(nodecore_web_writer_closed(writer, note, "closed", release));
  CHECK(room(writer) == 1);
  CHECK_OK(put(writer, "one", "1"));
  CHECK(room(writer) == 0);
  thing *t = thing_new(2);
  nodecore_chunk object = NODECORE_CHUNK_OBJECT(t, &thing_type);
  CHECK_OK(nodecore_web_writer_write(writer, &object, note, "2", release));
  CHECK(t->references == 2);
  thing_release(t);
  CHECK_OK(nodecore_web_writer_ready(writer, note, "room", release));
  nodecore_chunk text = NODECORE_CHUNK_TEXT("dHdv", 4, "base64");
  CHECK_OK(nodecore_web_writer_write(writer, &text, NULL, NULL, release));
  CHECK_OK(nodecore_web_writer_close(writer, note, "done", release));
  CHECK(traced(""));
  run();
  CHECK(traced(" write=one ready room write=#2 1 write=two 2 close done closed"));
  CHECK(room(writer) == 0);
  CHECK_OK(nodecore_web_writer_close(writer, note_message, "close", release));
  CHECK_OK(put(writer, "late", "late"));
  run();
  CHECK(traced(" close:ERR_INVALID_STATE:TypeError:Invalid state: WritableStream is closed late:ERR_INVALID_STATE"));
  nodecore_web_writer_free(writer);
  CHECK(released == 10); /* the sink, and nine callbacks */
  CHECK(s.kept.object == NULL && gave(&s.kept.bytes, "two") && things == 0);
  nodecore_web_writable_controller_free(s.controller);
}

static void refusals(void) {
  nodecore_error *err = NULL, *reason = eio();
  released = 0;
  sink s = {.later = true};
  nodecore_web_writable *w = writing(&s, NULL);
  nodecore_web_writer *writer = writer_of(w), *other = NULL;
  CHECK_STATUS(nodecore_web_writable_get_writer(w, &other, &err), NODECORE_ERR_INVALID_STATE);
  CHECK(is(nodecore_error_name(err), "TypeError"));
  CHECK(failed_with(&err, "ERR_INVALID_STATE", "Invalid state: WritableStream is locked"));
  CHECK_OK(nodecore_web_writable_close(w, note_message, "close", NULL));
  CHECK_OK(nodecore_web_writable_abort(w, reason, note, "abort", NULL));
  run();
  CHECK(traced(" close:ERR_INVALID_STATE:TypeError:Invalid state: WritableStream is locked abort:ERR_INVALID_STATE"));
  CHECK_OK(nodecore_web_writer_closed(writer, note, "closed", NULL));
  nodecore_web_writer_release_lock(writer);
  nodecore_web_writer_release_lock(writer);
  CHECK(!nodecore_web_writable_locked(w));
  double size = 0;
  CHECK_STATUS(nodecore_web_writer_desired_size(writer, &size, &err), NODECORE_ERR_INVALID_STATE);
  CHECK(failed_with(&err, "ERR_INVALID_STATE", "Invalid state: Writer is not bound to a WritableStream"));
  CHECK_OK(put(writer, "x", "write"));
  CHECK_OK(nodecore_web_writer_close(writer, note, "close", NULL));
  CHECK_OK(nodecore_web_writer_abort(writer, NULL, note, "abort", NULL));
  CHECK_OK(nodecore_web_writer_ready(writer, note, "ready", NULL));
  run();
  CHECK(traced(" closed:ERR_INVALID_STATE write:ERR_INVALID_STATE close:ERR_INVALID_STATE abort:ERR_INVALID_STATE"
               " ready:ERR_INVALID_STATE"));
  nodecore_web_writer_free(writer);

  /* Aborted while it writes: the signal tells, what is queued is lost, with its object. */
  writer = writer_of(w);
  nodecore_abort_signal *signal = nodecore_web_writable_controller_signal(s.controller);
  thing *t = thing_new(5);
  nodecore_chunk object = NODECORE_CHUNK_OBJECT(t, &thing_type);
  CHECK_OK(put(writer, "x", "1"));
  CHECK_OK(nodecore_web_writer_write(writer, &object, note, "2", NULL));
  run();
  CHECK(traced(" write=x") && !nodecore_abort_signal_aborted(signal) && t->references == 2);
  CHECK_OK(nodecore_web_writer_abort(writer, reason, note, "aborted", NULL));
  CHECK(nodecore_abort_signal_aborted(signal));
  nodecore_abort_signal_free(signal);
  CHECK(room(writer) != room(writer));
  answer(s.pending, false);
  run();
  CHECK(traced(" abort:EIO 1 2:EIO aborted") && t->references == 1);
  CHECK_OK(nodecore_web_writer_closed(writer, note, "closed", NULL));
  CHECK_OK(nodecore_web_writer_ready(writer, note, "ready", NULL));
  CHECK_OK(nodecore_web_writer_write(writer, &object, note, "late", NULL));
  run();
  CHECK(traced(" closed:EIO ready:EIO late:EIO") && t->references == 1);
  nodecore_web_writer_free(writer);
  nodecore_web_writable_free(w);
  nodecore_web_writable_controller_free(s.controller);
  thing_release(t);
  nodecore_error_free(reason);

  /* Closed and aborted without a writer; twice; without a reason. */
  s = (sink){0};
  w = writing(&s, NULL);
  CHECK_OK(nodecore_web_writable_close(w, note, "closed", NULL));
  CHECK_OK(nodecore_web_writable_close(w, note_message, "again", NULL));
  run();
  CHECK(traced(" close again:ERR_INVALID_STATE:TypeError:Invalid state: Failure closing WritableStream closed"));
  nodecore_web_writable_free(w);
  nodecore_web_writable_controller_free(s.controller);
  s = (sink){.fails_abort = true};
  w = writing(&s, NULL);
  CHECK_OK(nodecore_web_writable_abort(w, NULL, note, "aborted", NULL));
  run();
  CHECK(traced(" abort:ABORT_ERR aborted:EIO"));
  nodecore_web_writable_free(w);
  nodecore_web_writable_controller_free(s.controller);
}

static void failures(void) {
  for (int which = 0; which < 4; which++) {
    released = 0;
    sink s = {.fails_start = which == 0, .fails_write = which == 1, .fails_close = which == 2};
    nodecore_web_writable *w = writing(&s, NULL);
    nodecore_web_writer *writer = writer_of(w);
    if (which == 3) {
      run();
      nodecore_error *err = eio();
      nodecore_web_writable_controller_error(s.controller, err);
      nodecore_web_writable_controller_error(s.controller, NULL);
      nodecore_error_free(err);
    }
    CHECK_OK(put(writer, "x", "1"));
    CHECK_OK(nodecore_web_writer_close(writer, note, "2", NULL));
    CHECK_OK(nodecore_web_writer_closed(writer, note, "closed", NULL));
    run();
    if (which == 0) CHECK(traced(" 1:EIO 2:EIO closed:EIO"));
    if (which == 1) CHECK(traced(" write=x 1:EIO 2:EIO closed:EIO"));
    if (which == 2) CHECK(traced(" write=x close 1 2:EIO closed:EIO"));
    if (which == 3) CHECK(traced(" 1:EIO 2:ERR_INVALID_STATE closed:EIO"));
    nodecore_web_writer_free(writer);
    nodecore_web_writable_free(w);
    nodecore_web_writable_controller_free(s.controller);
    CHECK(released == 2);
  }
  sink s = {0};
  nodecore_web_writable *w = writing(&s, NULL);
  nodecore_web_writable_controller_error(s.controller, NULL);
  nodecore_web_writer *writer = writer_of(w);
  CHECK_OK(nodecore_web_writer_closed(writer, note, "closed", NULL));
  run();
  CHECK(traced(" closed:ABORT_ERR"));
  nodecore_web_writer_free(writer);
  nodecore_web_writable_free(w);
  nodecore_web_writable_controller_free(s.controller);
}

static void free_writer(const nodecore_error *err, void *user) {
  note(err, "freed");
  nodecore_web_writer_free(user);
}
static void freed_inside(void) {
  released = 0;
  for (int which = 0; which < 4; which++) {
    sink s = {0};
    nodecore_web_writable *w = writing(&s, NULL);
    nodecore_web_writer *writer = writer_of(w);
    run(); /* past start: the hooks are called in place */
    s.stream = w;
    s.writer = writer;
    switch (which) {
      case 0: CHECK_OK(put(writer, "x", "1")); break;
      case 1: CHECK_OK(nodecore_web_writer_close(writer, note, "1", release)); break;
      case 2: CHECK_OK(nodecore_web_writer_abort(writer, NULL, note, "1", release)); break;
      case 3:
        s.stream = NULL;
        s.writer = NULL;
        nodecore_web_writable_free(w);
        nodecore_chunk chunk = NODECORE_CHUNK_BYTES("x", 1);
        CHECK_OK(nodecore_web_writer_write(writer, &chunk, free_writer, writer, release));
        break;
    }
    run();
    CHECK(s.stream == NULL && s.writer == NULL);
    if (which == 0) CHECK(traced(" write=x 1"));
    if (which == 1) CHECK(traced(" close 1"));
    if (which == 2) CHECK(traced(" abort:ABORT_ERR 1"));
    if (which == 3) CHECK(traced(" write=x freed"));
    nodecore_web_writable_controller_free(s.controller);
  }
  CHECK(released == 8);
}

/* Strategies */
static double by_value(const nodecore_chunk *chunk, void *user) {
  (*(int *)user)++;
  return chunk->object != NULL ? ((thing *)chunk->object)->value : (double)chunk->bytes.len / 2;
}
static nodecore_web_strategy *freed_by_size;
static double frees(const nodecore_chunk *chunk, void *user) {
  CHECK(chunk != NULL && user == NULL);
  nodecore_web_strategy_free(freed_by_size);
  return 1;
}
static void strategies(void) {
  nodecore_web_strategy *strategy = NULL;
  nodecore_chunk bytes = NODECORE_CHUNK_BYTES("four", 4);
  thing *t = thing_new(7);
  nodecore_chunk object = NODECORE_CHUNK_OBJECT(t, &thing_type);
  CHECK_OK(nodecore_web_strategy_count(3, &strategy, NULL));
  CHECK(nodecore_web_strategy_high_water_mark(strategy) == 3);
  CHECK(nodecore_web_strategy_size(strategy, &bytes) == 1 && nodecore_web_strategy_size(strategy, &object) == 1);
  nodecore_web_strategy_free(strategy);
  CHECK_OK(nodecore_web_strategy_byte_length(-4, &strategy, NULL)); /* refused where it is used */
  CHECK(nodecore_web_strategy_high_water_mark(strategy) == -4 && nodecore_web_strategy_size(strategy, &bytes) == 4);
  double size = nodecore_web_strategy_size(strategy, &object);
  CHECK(size != size);
  nodecore_web_strategy_free(strategy);
  int calls = 0;
  released = 0;
  CHECK_OK(nodecore_web_strategy_new(10, by_value, &calls, release, &strategy, NULL));
  CHECK(nodecore_web_strategy_size(strategy, &object) == 7 && nodecore_web_strategy_size(strategy, &bytes) == 2);

  sink s = {.later = true};
  nodecore_web_writable *w = writing(&s, strategy);
  nodecore_web_writer *writer = writer_of(w);
  CHECK_OK(nodecore_web_writer_write(writer, &object, NULL, NULL, NULL));
  CHECK(room(writer) == 3);
  CHECK_OK(put(writer, "four", NULL));
  CHECK(room(writer) == 1 && calls == 4 && t->references == 2);
  nodecore_web_writer_free(writer);
  CHECK_OK(nodecore_web_writable_abort(w, NULL, NULL, NULL, NULL));
  nodecore_web_writable_free(w);
  run();
  CHECK(traced(" abort:ABORT_ERR"));
  nodecore_web_writable_controller_free(s.controller);
  CHECK(released == 3 && t->references == 1); /* the write's, the strategy's, the sink's */

  /* An object counts no bytes: the stream fails. */
  CHECK_OK(nodecore_web_strategy_byte_length(4, &strategy, NULL));
  s = (sink){0};
  w = writing(&s, strategy);
  writer = writer_of(w);
  CHECK_OK(nodecore_web_writer_write(writer, &object, note_message, "1", NULL));
  run();
  CHECK(traced(" 1:ERR_INVALID_ARG_VALUE:RangeError:The argument 'size' is invalid. Received NaN"));
  nodecore_web_writer_free(writer);
  nodecore_web_writable_free(w);
  nodecore_web_writable_controller_free(s.controller);

  CHECK_OK(nodecore_web_strategy_new(1, frees, NULL, release, &freed_by_size, NULL));
  released = 0;
  CHECK(nodecore_web_strategy_size(freed_by_size, &object) == 1 && released == 1);
  CHECK_STATUS(nodecore_web_strategy_new(1, NULL, NULL, release, &strategy, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_strategy_new(1, frees, NULL, release, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_strategy_count(1, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_strategy_byte_length(1, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  size = nodecore_web_strategy_size(NULL, &object);
  double mark = nodecore_web_strategy_high_water_mark(NULL);
  CHECK(size != size && mark != mark && released == 3);
  nodecore_web_strategy_free(NULL);
  thing_release(t);
}

/* Pipes */
typedef struct list {
  int next, last;
  bool objects, fails;
} list;
static bool next(nodecore_chunk *chunk, nodecore_error **err, void *user) {
  list *l = user;
  if (l->next == l->last) {
    if (l->fails) *err = eio();
    return false;
  }
  char digit = (char)('1' + l->next++);
  if (l->objects) {
    chunk->object = thing_new(l->next);
    chunk->type = &thing_type;
  } else {
    chunk->bytes = nodecore_buf_copy(&digit, 1);
  }
  return true;
}
static nodecore_web_readable *from(list *l) {
  nodecore_web_readable *r = NULL;
  CHECK_OK(nodecore_web_readable_from(lp, next, l, release, &r, NULL));
  return r;
}
static void digit_pull(nodecore_web_readable_controller *controller, nodecore_done *done, void *user) {
  int *left = user;
  if (*left == 0) {
    CHECK_OK(nodecore_web_readable_controller_close(controller, NULL));
  } else {
    char digit = (char)('0' + (*left)--);
    nodecore_chunk chunk = NODECORE_CHUNK_BYTES(&digit, 1);
    CHECK_OK(nodecore_web_readable_controller_enqueue(controller, &chunk, NULL));
  }
  nodecore_done_call(done, NULL);
}
static void pipes(void) {
  nodecore_web_pipe_options options = NODECORE_WEB_PIPE_OPTIONS_INIT;
  for (int objects = 0; objects < 2; objects++) {
    released = 0;
    list l = {0, 2, objects, false};
    sink s = {0};
    nodecore_web_readable *r = from(&l);
    nodecore_web_writable *w = writing(&s, NULL);
    CHECK_OK(nodecore_web_readable_pipe_to(r, w, NULL, note, "piped", release));
    CHECK(nodecore_web_readable_locked(r) && nodecore_web_writable_locked(w));
    CHECK_OK(nodecore_web_readable_pipe_to(r, w, NULL, note_message, "again", release));
    nodecore_web_readable_free(r);
    nodecore_web_writable_free(w);
    run();
    const char *refused = " again:ERR_INVALID_STATE:TypeError:Invalid state: The ReadableStream is locked";
    size_t len = strlen(refused);
    CHECK(strncmp(trace, refused, len) == 0);
    memmove(trace, trace + len, strlen(trace) - len + 1);
    CHECK(traced(objects ? " write=#1 write=#2 close piped" : " write=1 write=2 close piped"));
    CHECK(released == 4);
    nodecore_web_writable_controller_free(s.controller);
  }
  /* A byte stream into a stream of chunks. */
  nodecore_web_readable_hooks hooks = NODECORE_WEB_READABLE_HOOKS_INIT;
  hooks.pull = digit_pull;
  int left = 2;
  sink s = {0};
  nodecore_web_readable *r = NULL;
  CHECK_OK(nodecore_web_readable_new_bytes(lp, 0, 0, &hooks, &left, NULL, &r, NULL));
  nodecore_web_writable *w = writing(&s, NULL);
  options.prevent_close = true;
  CHECK_OK(nodecore_web_readable_pipe_to(r, w, &options, note, "piped", NULL));
  run();
  CHECK(traced(" write=2 write=1 piped") && !nodecore_web_writable_locked(w));
  nodecore_web_readable_free(r);

  /* prevent_abort: an error of the source leaves the destination open. */
  list l = {0, 0, false, true};
  r = from(&l);
  options.prevent_abort = true;
  CHECK_OK(nodecore_web_readable_pipe_to(r, w, &options, note, "piped", NULL));
  run();
  CHECK(traced(" piped:EIO") && !nodecore_web_writable_locked(w));
  nodecore_web_readable_free(r);
  l = (list){0, 0, false, true};
  r = from(&l);
  CHECK_OK(nodecore_web_readable_pipe_to(r, w, NULL, note, "piped", NULL));
  run();
  CHECK(traced(" abort:EIO piped:EIO"));
  nodecore_web_readable_free(r);

  /* prevent_cancel: an errored destination leaves the source. */
  l = (list){0, 2, true, false};
  r = from(&l);
  options.prevent_cancel = true;
  CHECK_OK(nodecore_web_readable_pipe_to(r, w, &options, note, "piped", NULL));
  run();
  CHECK(traced(" piped:EIO") && !nodecore_web_readable_locked(r));
  CHECK_OK(nodecore_web_readable_pipe_to(r, w, NULL, NULL, NULL, NULL));
  run();
  nodecore_web_reader *reader = NULL;
  CHECK_OK(nodecore_web_readable_get_reader(r, &reader, NULL));
  CHECK_OK(nodecore_web_reader_read(reader, note_read, "a", NULL));
  run();
  CHECK(traced(" a=end"));
  nodecore_web_reader_free(reader);
  nodecore_web_readable_free(r);
  nodecore_web_writable_free(w);
  nodecore_web_writable_controller_free(s.controller);

  /* The signal stops it, and may be gone from the caller. */
  nodecore_abort_controller *abort = NULL;
  CHECK_OK(nodecore_abort_controller_new(&abort, NULL));
  nodecore_abort_signal *signal = nodecore_abort_controller_signal(abort);
  options = (nodecore_web_pipe_options)NODECORE_WEB_PIPE_OPTIONS_INIT;
  options.signal = signal;
  s = (sink){.later = true};
  l = (list){0, 9, true, false};
  r = from(&l);
  w = writing(&s, NULL);
  CHECK_OK(nodecore_web_readable_pipe_to(r, w, &options, note, "piped", NULL));
  nodecore_abort_signal_free(signal);
  run();
  CHECK(traced(" write=#1"));
  nodecore_error *reason = eio();
  nodecore_abort_controller_abort(abort, reason);
  nodecore_error_free(reason);
  nodecore_abort_controller_free(abort);
  answer(s.pending, false);
  s.pending = NULL;
  run();
  if (s.pending != NULL) answer(s.pending, false);
  run();
  CHECK(strstr(trace, " abort:EIO") != NULL && strstr(trace, " piped:EIO") != NULL);
  trace[0] = 0;
  nodecore_web_readable_free(r);
  nodecore_web_writable_free(w);
  nodecore_web_writable_controller_free(s.controller);
  CHECK(things == 0);

  /* Freed with a pipe that never ends: all goes with the loop or the source. */
  CHECK_OK(nodecore_web_readable_new(lp, NULL, NULL, NULL, NULL, &r, NULL));
  s = (sink){0};
  w = writing(&s, NULL);
  released = 0;
  CHECK_OK(nodecore_web_readable_pipe_to(r, w, NULL, note, "never", release));
  nodecore_web_writable_controller_error(s.controller, NULL);
  nodecore_web_writable_controller_free(s.controller);
  nodecore_web_readable_free(r);
  nodecore_web_writable_free(w);
  run();
  CHECK(traced(" never:ABORT_ERR") && released == 2);
}

static void bad_arguments(void) {
  released = 0;
  nodecore_web_writable *w = NULL;
  nodecore_web_writer *writer = NULL;
  nodecore_error *err = NULL;
  nodecore_web_strategy *strategy = NULL;
  CHECK_STATUS(nodecore_web_writable_new(NULL, NULL, NULL, NULL, release, &w, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_writable_new(lp, NULL, NULL, NULL, release, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_OK(nodecore_web_strategy_count(-1, &strategy, NULL));
  CHECK_STATUS(nodecore_web_writable_new(lp, strategy, NULL, NULL, release, &w, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(is(nodecore_error_name(err), "RangeError"));
  nodecore_error_free(err);
  nodecore_web_strategy_free(strategy);
  CHECK(w == NULL && released == 3);
  CHECK_STATUS(nodecore_web_writable_abort(NULL, NULL, note, "never", release), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_writable_close(NULL, note, "never", release), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_writable_get_writer(NULL, &writer, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_chunk chunk = NODECORE_CHUNK_BYTES("x", 1);
  CHECK_STATUS(nodecore_web_writer_write(NULL, &chunk, note, "never", release), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_writer_close(NULL, note, "never", release), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_writer_abort(NULL, NULL, note, "never", release), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_writer_ready(NULL, note, "never", release), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_writer_closed(NULL, note, "never", release), NODECORE_ERR_INVALID_ARG_TYPE);
  double size = 0;
  CHECK_STATUS(nodecore_web_writer_desired_size(NULL, &size, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_web_writer_release_lock(NULL);
  nodecore_web_writable_controller_error(NULL, NULL);
  CHECK(nodecore_web_writable_controller_signal(NULL) == NULL && nodecore_web_writable_controller_copy(NULL) == NULL);
  CHECK(nodecore_web_writable_copy(NULL) == NULL && !nodecore_web_writable_locked(NULL));
  CHECK_OK(nodecore_web_writable_new(lp, NULL, NULL, NULL, NULL, &w, NULL)); /* takes everything */
  writer = writer_of(w);
  CHECK_STATUS(nodecore_web_writer_write(writer, NULL, note, "never", release), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_chunk unknown = NODECORE_CHUNK_TEXT("x", 1, "no such");
  CHECK_STATUS(nodecore_web_writer_write(writer, &unknown, note, "never", release), NODECORE_ERR_UNKNOWN_ENCODING);
  CHECK(released == 12);
  CHECK_OK(put(writer, "x", "written"));
  nodecore_web_writer_free(writer);
  CHECK_STATUS(nodecore_web_readable_pipe_to(NULL, w, NULL, note, "never", release), NODECORE_ERR_INVALID_ARG_TYPE);
  list l = {0, 0, false, false};
  nodecore_web_readable *r = from(&l);
  CHECK_STATUS(nodecore_web_readable_pipe_to(r, NULL, NULL, note, "never", release), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_web_pipe_options options = NODECORE_WEB_PIPE_OPTIONS_INIT;
  options.struct_size = 1;
  CHECK_STATUS(nodecore_web_readable_pipe_to(r, w, &options, note, "never", release), NODECORE_ERR_OUT_OF_RANGE);
  CHECK(!nodecore_web_readable_locked(r) && !nodecore_web_writable_locked(w));
  nodecore_web_readable_free(r);
  nodecore_web_writable_free(w);
  nodecore_web_writable_free(NULL);
  nodecore_web_writer_free(NULL);
  nodecore_web_writable_controller_free(NULL);
  run();
  CHECK(traced(" written"));
}

int main(void) {
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  writes();
  refusals();
  failures();
  freed_inside();
  strategies();
  pipes();
  bad_arguments();
  return finish();
}
