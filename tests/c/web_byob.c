/* web_byob.h: reads into the caller's memory, requests answered at once and later, in every wrong way, and never. */
#include "web_check.h"

typedef struct source {
  nodecore_web_readable_controller *controller;
  nodecore_done *pending;
  int pulls;
  enum { FILL, ENQUEUE, LATER, NEW_VIEW, FREE_ALL } does;
  nodecore_web_byob_reader *reader; /* freed in a hook, if given */
} source;
static void start(nodecore_web_readable_controller *controller, nodecore_done *done, void *user) {
  ((source *)user)->controller = nodecore_web_readable_controller_copy(controller);
  nodecore_done_call(done, NULL);
}
static void pull(nodecore_web_readable_controller *controller, nodecore_done *done, void *user) {
  source *s = user;
  s->pulls++;
  nodecore_web_byob_request *request = nodecore_web_readable_controller_byob_request(controller);
  size_t len = 99;
  switch (s->does) {
    case FILL: {
      CHECK(request != NULL);
      char *view = nodecore_web_byob_request_view(request, &len);
      CHECK(view != NULL && len > 0 && nodecore_web_byob_request_view(request, &len) == view);
      view[0] = (char)('0' + s->pulls);
      CHECK_OK(nodecore_web_byob_request_respond(request, 1, NULL));
      CHECK(nodecore_web_byob_request_view(request, &len) == NULL && len == 0);
      break;
    }
    case ENQUEUE: {
      nodecore_chunk chunk = NODECORE_CHUNK_BYTES("enqueued", 8);
      CHECK_OK(nodecore_web_readable_controller_enqueue(controller, &chunk, NULL));
      break;
    }
    case NEW_VIEW:
      CHECK_OK(nodecore_web_byob_request_respond_with_new_view(request, "new", 3, NULL));
      break;
    case FREE_ALL:
      nodecore_web_byob_reader_free(s->reader);
      s->reader = NULL;
      break;
    case LATER:
      s->pending = done;
      nodecore_web_byob_request_free(request);
      return;
  }
  nodecore_web_byob_request_free(request);
  nodecore_done_call(done, NULL);
}
static void cancel(const nodecore_error *reason, nodecore_done *done, void *user) {
  source *s = user;
  note(reason, "cancel");
  nodecore_web_byob_reader_free(s->reader);
  s->reader = NULL;
  nodecore_done_call(done, NULL);
}

static nodecore_web_readable *reading(source *s, size_t auto_allocate) {
  nodecore_web_readable_hooks hooks = NODECORE_WEB_READABLE_HOOKS_INIT;
  hooks.start = start;
  hooks.pull = pull;
  hooks.cancel = cancel;
  nodecore_web_readable *r = NULL;
  CHECK_OK(nodecore_web_readable_new_bytes(lp, 0, auto_allocate, &hooks, s, release, &r, NULL));
  return r;
}
static nodecore_web_byob_reader *reader_of(nodecore_web_readable *r) {
  nodecore_web_byob_reader *reader = NULL;
  CHECK_OK(nodecore_web_readable_get_byob_reader(r, &reader, NULL));
  return reader;
}

/* The caller's memory, exactly as large as it says. */
typedef struct view {
  char *data;
  size_t filled, calls, releases;
  bool ended, failed;
} view;
static void got(const nodecore_error *err, size_t filled, bool ended, void *user) {
  view *v = user;
  v->calls++;
  v->filled = filled;
  v->ended = ended;
  v->failed = err != NULL;
  if (err != NULL) note(err, "read");
}
static void let_go(void *user) { ((view *)user)->releases++; }
static view view_of(size_t len) {
  view v = {.data = malloc(len == 0 ? 1 : len)};
  CHECK(v.data != NULL);
  return v;
}
/* Whether the read is over, with this text; frees the memory. */
static bool holds(view *v, const char *text, bool ended) {
  bool same = v->calls == 1 && v->releases == 1 && !v->failed && v->ended == ended && v->filled == strlen(text) &&
              memcmp(v->data, text, v->filled) == 0;
  if (!same) fprintf(stderr, "%zu calls, %zu bytes '%.*s'\n", v->calls, v->filled, (int)v->filled, v->data);
  free(v->data);
  return same;
}
#define READ(reader, v, len, min) \
  CHECK_OK(nodecore_web_byob_reader_read(reader, (v).data, len, min, got, &(v), let_go))

static void fills(void) {
  released = 0;
  source s = {.does = FILL};
  nodecore_web_readable *r = reading(&s, 0);
  nodecore_web_byob_reader *reader = reader_of(r);
  CHECK(nodecore_web_readable_locked(r));
  view a = view_of(4), b = view_of(2);
  READ(reader, a, 4, 1);
  READ(reader, b, 2, 2);
  CHECK(a.calls == 0);
  run();
  CHECK(holds(&a, "1", false) && holds(&b, "23", false));

  s.does = NEW_VIEW;
  a = view_of(3);
  READ(reader, a, 3, 3);
  run();
  CHECK(holds(&a, "new", false));

  s.does = ENQUEUE;
  a = view_of(5);
  b = view_of(5);
  READ(reader, a, 5, 5);
  READ(reader, b, 5, 1);
  run();
  CHECK(holds(&a, "enque", false) && holds(&b, "ued", false));

  CHECK_OK(nodecore_web_byob_reader_closed(reader, note, "closed", release));
  nodecore_web_byob_reader_release_lock(reader);
  CHECK(!nodecore_web_readable_locked(r));
  run();
  CHECK(traced(" closed:ERR_INVALID_STATE") && released == 1);
  a = view_of(1);
  READ(reader, a, 1, 1);
  run();
  CHECK(traced(" read:ERR_INVALID_STATE") && a.failed && a.releases == 1);
  free(a.data);
  nodecore_web_byob_reader_free(reader);
  nodecore_web_readable_controller_free(s.controller);
  nodecore_web_readable_free(r);
  CHECK(released == 2);

  /* Memory of the library's, where the reader brings none. */
  s = (source){.does = FILL};
  r = reading(&s, 16);
  nodecore_web_reader *plain = NULL;
  CHECK_OK(nodecore_web_readable_get_reader(r, &plain, NULL));
  CHECK_OK(nodecore_web_reader_read(plain, note_read, "a", NULL));
  run();
  CHECK(traced(" a=1"));
  nodecore_web_reader_free(plain);
  nodecore_web_readable_controller_free(s.controller);
  nodecore_web_readable_free(r);
}

/* Requests that are answered from outside, wrongly, or passed over. */
static void requests(void) {
  nodecore_error *err = NULL;
  released = 0;
  source s = {.does = LATER};
  nodecore_web_readable *r = reading(&s, 0);
  nodecore_web_byob_reader *reader = reader_of(r);
  CHECK(nodecore_web_readable_controller_byob_request(s.controller) == NULL);
  view a = view_of(4);
  READ(reader, a, 4, 3);
  run();
  CHECK(s.pending != NULL);
  nodecore_web_byob_request *request = nodecore_web_readable_controller_byob_request(s.controller);
  CHECK_STATUS(nodecore_web_byob_request_respond(request, 0, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(is(nodecore_error_name(err), "TypeError"));
  CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE", "The argument 'bytesWritten' is invalid. Received 0"));
  CHECK_STATUS(nodecore_web_byob_request_respond(request, 5, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(is(nodecore_error_name(err), "RangeError"));
  CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE", "The argument 'bytesWritten' is invalid. Received 5"));
  CHECK_STATUS(nodecore_web_byob_request_respond_with_new_view(request, "12345", 5, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(is(nodecore_error_name(err), "RangeError"));
  nodecore_error_free(err);
  err = NULL;
  CHECK_STATUS(nodecore_web_byob_request_respond_with_new_view(request, NULL, 0, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  size_t len = 0;
  char *memory = nodecore_web_byob_request_view(request, &len);
  CHECK(memory != NULL && len == 4);
  nodecore_web_byob_request *same = nodecore_web_readable_controller_byob_request(s.controller);
  CHECK(nodecore_web_byob_request_view(same, &len) == NULL && len == 0);
  memory[0] = 'x';
  CHECK_STATUS(nodecore_web_byob_request_respond(request, 5, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  memory = nodecore_web_byob_request_view(request, &len);
  CHECK(memory != NULL && len == 4 && memory[0] == 'x'); /* a wrong answer loses nothing */
  nodecore_web_byob_request_free(request);               /* nor does none */
  CHECK_OK(nodecore_web_byob_request_respond(same, 1, NULL));
  CHECK_STATUS(nodecore_web_byob_request_respond(same, 1, &err), NODECORE_ERR_INVALID_STATE);
  CHECK(failed_with(&err, "ERR_INVALID_STATE", "Invalid state: This BYOB request has been invalidated"));
  nodecore_web_byob_request_free(same);
  CHECK(a.calls == 0); /* it asked for three */
  request = nodecore_web_readable_controller_byob_request(s.controller);
  memory = nodecore_web_byob_request_view(request, &len);
  CHECK(len == 3);
  memory[0] = 'y';
  /* The source enqueues instead; what it was filling stays its own until it lets go. */
  nodecore_chunk chunk = NODECORE_CHUNK_BYTES("zzzz", 4);
  CHECK_OK(nodecore_web_readable_controller_enqueue(s.controller, &chunk, NULL));
  memory[2] = 'y';
  CHECK_STATUS(nodecore_web_byob_request_respond(request, 3, NULL), NODECORE_ERR_INVALID_STATE);
  nodecore_web_byob_request_free(request);
  run();
  CHECK(holds(&a, "xzzz", false));
  a = view_of(8);
  READ(reader, a, 8, 1);
  run();
  CHECK(holds(&a, "z", false));

  /* Closed: the memory that waits comes back by an answer of 0. */
  a = view_of(2);
  READ(reader, a, 2, 1);
  CHECK_OK(nodecore_web_readable_controller_close(s.controller, NULL));
  run();
  CHECK(a.calls == 0);
  request = nodecore_web_readable_controller_byob_request(s.controller);
  CHECK_STATUS(nodecore_web_byob_request_respond(request, 1, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(is(nodecore_error_name(err), "TypeError"));
  nodecore_error_free(err);
  CHECK_OK(nodecore_web_byob_request_respond(request, 0, NULL));
  nodecore_web_byob_request_free(request);
  run();
  CHECK(holds(&a, "", true));
  a = view_of(2);
  READ(reader, a, 2, 1);
  run();
  CHECK(holds(&a, "", true));
  nodecore_web_byob_reader_free(reader);
  nodecore_web_readable_controller_free(s.controller);
  nodecore_web_readable_free(r);
  if (s.pending != NULL) nodecore_done_call(s.pending, NULL);
  CHECK(released == 1);
}

/* Cancelled, errored, released, freed, while a view is being filled. */
static void ends(void) {
  for (int how = 0; how < 4; how++) {
    released = 0;
    source s = {.does = LATER};
    nodecore_web_readable *r = reading(&s, 0);
    nodecore_web_byob_reader *reader = reader_of(r);
    view a = view_of(4), b = view_of(4);
    READ(reader, a, 4, 1);
    run();
    nodecore_web_byob_request *request = nodecore_web_readable_controller_byob_request(s.controller);
    size_t len = 0;
    char *memory = nodecore_web_byob_request_view(request, &len);
    nodecore_error *err = eio();
    nodecore_web_reader *next = NULL;
    if (how == 0) CHECK_OK(nodecore_web_byob_reader_cancel(reader, err, note, "cancelled", NULL));
    if (how == 1) nodecore_web_readable_controller_error(s.controller, err);
    if (how == 2) nodecore_web_byob_reader_release_lock(reader);
    if (how == 3) {
      nodecore_web_byob_reader_free(reader);
      reader = NULL;
      nodecore_web_readable_free(r);
      r = NULL;
    }
    nodecore_error_free(err);
    run();
    CHECK(a.calls == 1 && a.releases == 1);
    if (how == 0) CHECK(traced(" cancel:EIO cancelled") && a.ended && a.filled == 0 && !a.failed);
    if (how == 1) CHECK(traced(" read:EIO"));
    if (how >= 2) CHECK(traced(" read:ERR_INVALID_STATE"));
    memset(memory, '!', len); /* still the source's */
    if (how < 2) {
      CHECK_STATUS(nodecore_web_byob_request_respond(request, 1, NULL), NODECORE_ERR_INVALID_STATE);
    } else {
      CHECK_OK(nodecore_web_byob_request_respond(request, 2, NULL)); /* goes to the next reader */
    }
    nodecore_web_byob_request_free(request);
    if (how == 2) {
      CHECK_OK(nodecore_web_readable_get_reader(r, &next, NULL));
      CHECK_OK(nodecore_web_reader_read(next, note_read, "next", NULL));
      run();
      CHECK(traced(" next=!!"));
      nodecore_web_reader_free(next);
    }
    nodecore_web_byob_reader_free(reader);
    nodecore_web_readable_controller_free(s.controller);
    nodecore_web_readable_free(r);
    if (s.pending != NULL) nodecore_done_call(s.pending, NULL);
    run();
    CHECK(released == 1);
    free(a.data);
    free(b.data);
  }

  /* The reader is freed in pull and in cancel. */
  source s = {.does = FREE_ALL};
  nodecore_web_readable *r = reading(&s, 0);
  s.reader = reader_of(r);
  view a = view_of(4);
  run();
  READ(s.reader, a, 4, 1);
  run();
  CHECK(s.reader == NULL && traced(" read:ERR_INVALID_STATE") && a.releases == 1);
  free(a.data);
  s.reader = reader_of(r);
  CHECK_OK(nodecore_web_byob_reader_cancel(s.reader, NULL, note, "cancelled", NULL));
  run();
  CHECK(s.reader == NULL && traced(" cancel cancelled"));
  nodecore_web_readable_controller_free(s.controller);
  nodecore_web_readable_free(r);
}

static void bad_arguments(void) {
  source s = {.does = LATER};
  nodecore_web_readable *r = reading(&s, 0);
  nodecore_web_byob_reader *reader = reader_of(r), *other = NULL;
  nodecore_error *err = NULL;
  CHECK_STATUS(nodecore_web_readable_get_byob_reader(r, &other, &err), NODECORE_ERR_INVALID_STATE);
  CHECK(failed_with(&err, "ERR_INVALID_STATE", "Invalid state: ReadableStream is locked"));
  const struct {
    size_t len, min;
    const char *trace;
  } wrong[] = {{0, 1, " read:ERR_INVALID_STATE"}, {4, 0, " read:ERR_INVALID_ARG_VALUE"}, {4, 5, " read:ERR_OUT_OF_RANGE"}};
  for (int i = 0; i < 3; i++) {
    view a = view_of(wrong[i].len);
    READ(reader, a, wrong[i].len, wrong[i].min);
    run();
    CHECK(traced(wrong[i].trace) && a.failed && a.releases == 1);
    free(a.data);
  }
  view a = view_of(1);
  CHECK_STATUS(nodecore_web_byob_reader_read(reader, a.data, (size_t)-1, 1, got, &a, let_go), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_web_byob_reader_read(reader, NULL, 1, 1, got, &a, let_go), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_byob_reader_read(reader, a.data, 1, 1, NULL, &a, let_go), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_byob_reader_read(NULL, a.data, 1, 1, got, &a, let_go), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_byob_reader_cancel(NULL, NULL, note, "never", NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_byob_reader_closed(NULL, note, "never", NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_byob_request_respond(NULL, 1, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_byob_request_respond_with_new_view(NULL, "x", 1, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  size_t len = 0;
  CHECK(nodecore_web_byob_request_view(NULL, &len) == NULL);
  nodecore_web_byob_reader_release_lock(NULL);
  nodecore_web_byob_reader_free(NULL);
  nodecore_web_byob_request_free(NULL);
  run();
  CHECK(traced("") && a.calls == 0 && a.releases == 4);
  free(a.data);
  nodecore_web_byob_reader_free(reader);
  nodecore_web_readable_controller_free(s.controller);
  nodecore_web_readable_free(r);
}

int main(void) {
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  fills();
  requests();
  ends();
  bad_arguments();
  return finish();
}
