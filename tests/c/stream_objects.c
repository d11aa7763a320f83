/* stream.h: object mode. Objects are retained and released, and pass bytes by; hooks of duplexes and transforms. */
#include "check.h"

static nodecore_loop *lp;
static void run(void) { CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL)); }

/* An object that counts its references; `alive` counts the objects. */
typedef struct object {
  int refs, value;
} object;
static int alive;
static object *object_new(int value) {
  object *o = malloc(sizeof *o);
  if (o == NULL) exit(1);
  *o = (object){1, value};
  alive++;
  return o;
}
static void object_retain(void *p) { ((object *)p)->refs++; }
static void object_release(void *p) {
  object *o = p;
  CHECK(o->refs > 0);
  if (--o->refs == 0) {
    alive--;
    free(o);
  }
}
static const nodecore_object_type counted = {object_retain, object_release};

static nodecore_stream *make(uint32_t kind, nodecore_stream_hooks hooks, bool objects, void *user) {
  nodecore_stream_options options = NODECORE_STREAM_OPTIONS_INIT;
  options.readable_object_mode = options.writable_object_mode = objects;
  nodecore_stream *s = NULL;
  CHECK_OK(nodecore_stream_new(lp, kind, &options, &hooks, user, NULL, &s, NULL));
  return s;
}

/* Pushes an object and lets go of it. */
static bool push_object(nodecore_stream *s, int value) {
  object *o = object_new(value);
  nodecore_chunk chunk = NODECORE_CHUNK_OBJECT(o, &counted);
  bool more = false;
  CHECK_OK(nodecore_stream_push_chunk(s, &chunk, &more, NULL));
  object_release(o);
  return more;
}

static int sum, chunks, batches;
static void add_up(nodecore_chunk *chunk, void *user) {
  (void)user;
  chunks++;
  if (chunk->object != NULL) {
    CHECK(chunk->type == &counted && chunk->bytes.len == 0);
    sum += ((object *)chunk->object)->value;
  } else {
    sum += chunk->bytes.data[0] - '0';
  }
}
static void sink_write(nodecore_stream *s, nodecore_chunk *chunk, nodecore_done *done, void *user) {
  CHECK(s != NULL);
  add_up(chunk, user);
  nodecore_done_call(done, NULL);
}
static nodecore_chunk held;
static void keep_write(nodecore_stream *s, nodecore_chunk *chunk, nodecore_done *done, void *user) {
  (void)s;
  (void)user;
  nodecore_chunk_free(&held);
  held = nodecore_chunk_take(chunk);
  CHECK(chunk->object == NULL && chunk->bytes.data == NULL);
  nodecore_done_call(done, NULL);
}
static void batch_writev(nodecore_stream *s, nodecore_chunk *all, size_t count, nodecore_done *done, void *user) {
  CHECK(s != NULL && count > 0);
  batches++;
  for (size_t i = 0; i < count; i++) add_up(&all[i], user);
  nodecore_done_call(done, NULL);
}
/* Doubles objects; bytes pass. */
static void twice(nodecore_stream *s, nodecore_chunk *chunk, nodecore_done *done, void *user) {
  (void)user;
  if (chunk->object == NULL) {
    nodecore_done_push_chunk(done, chunk);
    return;
  }
  CHECK_OK(nodecore_stream_push_chunk(s, chunk, NULL, NULL));
  nodecore_done_push_chunk(done, chunk);
}
static void last(nodecore_stream *s, nodecore_done *done, void *user) {
  (void)user;
  push_object(s, 100);
  nodecore_done_call(done, NULL);
}

static char trace[256];
static void note(const nodecore_error *err, void *user) {
  strcat(trace, user);
  if (err != NULL) {
    nodecore_str code = nodecore_error_code(err);
    strncat(trace, code.data, code.len);
  }
}

/* A duplex with every hook; what is written comes back. */
static void hook_construct(nodecore_stream *s, nodecore_done *done, void *user) {
  (void)user;
  CHECK(s != NULL);
  strcat(trace, "construct ");
  nodecore_done_call(done, NULL);
}
static void hook_read(nodecore_stream *s, size_t size, void *user) {
  (void)user;
  CHECK(s != NULL && size > 0);
  strcat(trace, "read ");
}
static void hook_echo(nodecore_stream *s, nodecore_chunk *chunk, nodecore_done *done, void *user) {
  (void)user;
  strcat(trace, "write ");
  CHECK_OK(nodecore_stream_push_chunk(s, chunk, NULL, NULL));
  nodecore_done_call(done, NULL);
}
static void hook_final(nodecore_stream *s, nodecore_done *done, void *user) {
  (void)user;
  strcat(trace, "final ");
  nodecore_stream_push_end(s);
  nodecore_done_call(done, NULL);
}
static void hook_destroy(nodecore_stream *s, const nodecore_error *err, nodecore_done *done, void *user) {
  (void)user;
  CHECK(s != NULL);
  strcat(trace, "destroy ");
  nodecore_done_call(done, err);
}

static bool reads(nodecore_stream *s, size_t n, const char *expected) {
  nodecore_chunk out = NODECORE_CHUNK_INIT;
  bool found = false;
  CHECK_OK(nodecore_stream_read(s, n, &out, &found, NULL));
  if (!found) return expected == NULL;
  return expected != NULL && gave(&out.bytes, expected);
}

int main(void) {
  nodecore_error *err = NULL;
  bool found = false;
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  nodecore_stream_hooks none = NODECORE_STREAM_HOOKS_INIT;

  /* read(): objects one by one, owned; two listeners each get a reference. */
  nodecore_stream *r = make(NODECORE_STREAM_READABLE, none, true, NULL);
  for (int i = 1; i <= 15; i++) CHECK(push_object(r, i) == (i < 16));
  CHECK(!push_object(r, 16));
  CHECK(alive == 16);
  nodecore_stream_state at = NODECORE_STREAM_STATE_INIT;
  CHECK_OK(nodecore_stream_get_state(r, &at));
  CHECK(at.readable_length == 16 && at.readable_high_water_mark == 16 && at.readable_object_mode);
  nodecore_chunk out = NODECORE_CHUNK_INIT;
  CHECK_OK(nodecore_stream_read(r, 7, &out, &found, NULL));
  CHECK(found && out.type == &counted && ((object *)out.object)->value == 1 && ((object *)out.object)->refs == 1);
  CHECK_OK(nodecore_stream_unshift(r, &out, NULL, NULL));
  CHECK(((object *)out.object)->refs == 2);
  nodecore_chunk_free(&out);
  CHECK(out.object == NULL && alive == 16);
  chunks = sum = 0;
  CHECK_OK(nodecore_stream_readable_buffer(r, add_up, NULL));
  CHECK(chunks == 16 && sum == 136);
  CHECK_OK(nodecore_stream_on_data(r, 0, add_up, NULL, NULL, NULL));
  CHECK_OK(nodecore_stream_on_data(r, 0, add_up, NULL, NULL, NULL));
  nodecore_stream_push_end(r);
  run();
  CHECK(chunks == 48 && sum == 3 * 136 && alive == 0);
  nodecore_stream_free(r);

  /* Bytes and objects through a transform into a sink; bytes in object mode are chunks, empty ones too. */
  r = make(NODECORE_STREAM_READABLE, none, true, NULL);
  nodecore_stream_hooks hooks = NODECORE_STREAM_HOOKS_INIT;
  hooks.transform = twice;
  hooks.flush = last;
  nodecore_stream *t = make(NODECORE_STREAM_TRANSFORM, hooks, true, NULL);
  hooks = none;
  hooks.write = sink_write;
  nodecore_stream *w = make(NODECORE_STREAM_WRITABLE, hooks, true, NULL);
  push_object(r, 5);
  CHECK(nodecore_stream_push(r, "7", 1));
  nodecore_stream_push_end(r);
  nodecore_stream *line[] = {r, t, w};
  trace[0] = 0;
  CHECK_OK(nodecore_stream_pipeline(line, 3, NULL, note, "done", NULL, NULL));
  chunks = sum = 0;
  run();
  CHECK(strcmp(trace, "done") == 0 && chunks == 4 && sum == 5 + 5 + 7 + 100 && alive == 0);
  for (int i = 0; i < 3; i++) nodecore_stream_free(line[i]);

  /* A sink that keeps what it is lent. */
  hooks = none;
  hooks.write = keep_write;
  w = make(NODECORE_STREAM_WRITABLE, hooks, true, NULL);
  object *o = object_new(3);
  nodecore_chunk chunk = NODECORE_CHUNK_OBJECT(o, &counted);
  CHECK_OK(nodecore_stream_write_chunk(w, &chunk, NULL, NULL, NULL, NULL, NULL));
  object_release(o);
  nodecore_stream_end(w);
  run();
  nodecore_stream_free(w);
  CHECK(alive == 1 && held.object == o && o->refs == 1);
  nodecore_chunk_free(&held);
  CHECK(alive == 0 && held.object == NULL);

  /* An object without a type is not counted; dropped in a buffer it is let go of. */
  int plain = 4;
  chunk = (nodecore_chunk)NODECORE_CHUNK_OBJECT(&plain, NULL);
  r = make(NODECORE_STREAM_READABLE, none, true, NULL);
  CHECK_OK(nodecore_stream_push_chunk(r, &chunk, NULL, NULL));
  push_object(r, 1);
  CHECK_OK(nodecore_stream_read(r, NODECORE_READ_ANY, &out, &found, NULL));
  CHECK(found && out.object == &plain && out.type == NULL);
  nodecore_chunk_free(&out);
  CHECK(alive == 1);
  nodecore_stream_destroy(r, NULL);
  nodecore_stream_free(r);
  run();
  CHECK(alive == 0);

  /* Objects are refused outside object mode: at once, or by the stream that they are piped into. */
  r = make(NODECORE_STREAM_READABLE, none, false, NULL);
  o = object_new(1);
  chunk = (nodecore_chunk)NODECORE_CHUNK_OBJECT(o, &counted);
  CHECK_STATUS(nodecore_stream_push_chunk(r, &chunk, NULL, &err), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_TYPE",
                    "The \"chunk\" argument must be of type string or an instance of Buffer, TypedArray, or DataView. "
                    "Received an instance of Object"));
  CHECK_STATUS(nodecore_stream_unshift(r, &chunk, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_stream_free(r);
  hooks = none;
  hooks.write = sink_write;
  w = make(NODECORE_STREAM_WRITABLE, hooks, false, NULL);
  CHECK_STATUS(nodecore_stream_write_chunk(w, &chunk, note, "never", NULL, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stream_end_chunk(w, &chunk, note, "never", NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(o->refs == 1);
  object_release(o);
  r = make(NODECORE_STREAM_READABLE, none, true, NULL);
  push_object(r, 1);
  trace[0] = 0;
  CHECK_OK(nodecore_stream_on(w, NODECORE_EVENT_ERROR, 0, note, "error ", NULL, NULL));
  CHECK_OK(nodecore_stream_pipe(r, w, false));
  run();
  CHECK(strcmp(trace, "error ERR_INVALID_ARG_TYPE") == 0);
  nodecore_stream_free(r);
  nodecore_stream_free(w);
  hooks = none;
  hooks.transform = twice;
  for (int pass_through = 0; pass_through < 2; pass_through++) {
    t = make(NODECORE_STREAM_TRANSFORM, pass_through ? none : hooks, false, NULL);
    r = make(NODECORE_STREAM_READABLE, none, true, NULL);
    push_object(r, 1);
    trace[0] = 0;
    CHECK_OK(nodecore_stream_on(t, NODECORE_EVENT_ERROR, 0, note, "error ", NULL, NULL));
    CHECK_OK(nodecore_stream_pipe(r, t, false));
    run();
    CHECK(strcmp(trace, "error ERR_INVALID_ARG_TYPE") == 0);
    nodecore_stream_free(r);
    nodecore_stream_free(t);
  }
  /* So do those that have no hook of the caller's, and a transform whose result is one. */
  nodecore_stream *one = NULL, *other = NULL;
  CHECK_OK(nodecore_stream_duplex_pair(lp, NULL, &one, &other, NULL));
  r = make(NODECORE_STREAM_READABLE, none, true, NULL);
  push_object(r, 1);
  trace[0] = 0;
  CHECK_OK(nodecore_stream_on(one, NODECORE_EVENT_ERROR, 0, note, "error ", NULL, NULL));
  CHECK_OK(nodecore_stream_pipe(r, one, false));
  run();
  CHECK(strcmp(trace, "error ERR_INVALID_ARG_TYPE") == 0);
  nodecore_stream_free(r);
  nodecore_stream_free(one);
  nodecore_stream_free(other);
  nodecore_stream_options mixed = NODECORE_STREAM_OPTIONS_INIT;
  mixed.writable_object_mode = true;
  CHECK_OK(nodecore_stream_new(lp, NODECORE_STREAM_TRANSFORM, &mixed, NULL, NULL, NULL, &t, NULL));
  trace[0] = 0;
  CHECK_OK(nodecore_stream_on(t, NODECORE_EVENT_ERROR, 0, note, "error ", NULL, NULL));
  o = object_new(1);
  chunk = (nodecore_chunk)NODECORE_CHUNK_OBJECT(o, &counted);
  CHECK_OK(nodecore_stream_write_chunk(t, &chunk, NULL, NULL, NULL, NULL, NULL));
  object_release(o);
  run();
  CHECK(strcmp(trace, "error ERR_INVALID_ARG_TYPE") == 0);
  nodecore_stream_free(t);
  CHECK(alive == 0);

  /* writev: several at once, one at a time where there is no write hook. */
  hooks = none;
  hooks.writev = batch_writev;
  w = make(NODECORE_STREAM_WRITABLE, hooks, true, NULL);
  chunks = sum = batches = 0;
  nodecore_stream_cork(w);
  for (int i = 0; i < 3; i++) nodecore_stream_write(w, "1", 1);
  CHECK_OK(nodecore_stream_writable_buffer(w, add_up, NULL));
  CHECK(chunks == 3 && sum == 3);
  CHECK_OK(nodecore_stream_get_state(w, &at));
  CHECK(at.writable_corked == 1 && at.writable_length == 3 && at.writable_object_mode);
  nodecore_stream_uncork(w);
  run();
  CHECK(batches == 1 && chunks == 6);
  nodecore_stream_write(w, "1", 1);
  nodecore_stream_end(w);
  run();
  CHECK(batches == 2 && chunks == 7 && sum == 7);
  nodecore_stream_free(w);

  /* A duplex with every hook. */
  hooks = (nodecore_stream_hooks){sizeof hooks, hook_construct, hook_read, hook_echo, NULL, hook_final, NULL, NULL,
                                  hook_destroy};
  trace[0] = 0;
  nodecore_stream *d = make(NODECORE_STREAM_DUPLEX, hooks, true, NULL);
  CHECK_OK(nodecore_stream_get_state(d, &at));
  CHECK(at.sides == NODECORE_STREAM_DUPLEX && at.allow_half_open && at.readable && at.writable);
  CHECK_OK(nodecore_stream_on_data(d, 0, add_up, NULL, NULL, NULL));
  o = object_new(9);
  chunk = (nodecore_chunk)NODECORE_CHUNK_OBJECT(o, &counted);
  CHECK_OK(nodecore_stream_end_chunk(d, &chunk, note, "ended ", NULL, NULL));
  object_release(o);
  chunks = sum = 0;
  run();
  CHECK(strcmp(trace, "construct write final ended destroy ") == 0);
  CHECK(chunks == 1 && sum == 9 && alive == 0);
  nodecore_stream_free(d);
  trace[0] = 0;
  d = make(NODECORE_STREAM_DUPLEX, hooks, true, NULL);
  nodecore_stream_resume(d);
  run();
  nodecore_stream_destroy(d, NULL);
  run();
  CHECK(strcmp(trace, "construct read destroy ") == 0);
  nodecore_stream_free(d);

  /* Of a duplex, a side that is switched off; half open. */
  nodecore_stream_options options = NODECORE_STREAM_OPTIONS_INIT;
  options.not_writable = true;
  options.no_half_open = true;
  options.has_readable_high_water_mark = options.has_writable_high_water_mark = true;
  options.readable_high_water_mark = 3;
  CHECK_OK(nodecore_stream_new(lp, NODECORE_STREAM_DUPLEX, &options, NULL, NULL, NULL, &d, NULL));
  CHECK_OK(nodecore_stream_get_state(d, &at));
  CHECK(!at.writable && at.readable && !at.allow_half_open);
  CHECK(at.readable_high_water_mark == 3 && at.writable_high_water_mark == 0);
  nodecore_stream_destroy(d, NULL);
  run();
  nodecore_stream_free(d);

  /* A transform without a function passes on: Node's PassThrough. */
  t = make(NODECORE_STREAM_TRANSFORM, none, true, NULL);
  chunks = sum = 0;
  CHECK_OK(nodecore_stream_on_data(t, 0, add_up, NULL, NULL, NULL));
  o = object_new(2);
  chunk = (nodecore_chunk)NODECORE_CHUNK_OBJECT(o, &counted);
  CHECK_OK(nodecore_stream_write_chunk(t, &chunk, NULL, NULL, NULL, NULL, NULL));
  object_release(o);
  nodecore_stream_end(t);
  run();
  CHECK(chunks == 1 && sum == 2 && alive == 0);
  nodecore_stream_free(t);

  /* Text: pushed, put back, written in an encoding; read as text. */
  r = make(NODECORE_STREAM_READABLE, none, false, NULL);
  nodecore_chunk text = NODECORE_CHUNK_TEXT("6869", NODECORE_AUTO_LEN, "hex");
  CHECK_OK(nodecore_stream_push_chunk(r, &text, NULL, NULL));
  text = (nodecore_chunk)NODECORE_CHUNK_TEXT("Pi4=", 4, "base64");
  CHECK_OK(nodecore_stream_unshift(r, &text, NULL, NULL));
  text = (nodecore_chunk)NODECORE_CHUNK_TEXT("\xe2\x82\xac", 3, "");
  CHECK_OK(nodecore_stream_push_chunk(r, &text, NULL, NULL));
  text = (nodecore_chunk)NODECORE_CHUNK_TEXT("x", 1, "utf-9");
  CHECK_STATUS(nodecore_stream_push_chunk(r, &text, NULL, &err), NODECORE_ERR_UNKNOWN_ENCODING);
  CHECK(failed_with(&err, "ERR_UNKNOWN_ENCODING", "Unknown encoding: utf-9"));
  text = (nodecore_chunk)NODECORE_CHUNK_TEXT("\xff", 1, "utf8");
  CHECK_STATUS(nodecore_stream_push_chunk(r, &text, NULL, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(reads(r, 3, ">.h"));
  CHECK_OK(nodecore_stream_set_encoding(r, NULL, 0, NULL));
  CHECK_OK(nodecore_stream_get_state(r, &at));
  CHECK(is(at.readable_encoding, "utf8") && at.readable_length == 2);
  CHECK_STATUS(nodecore_stream_set_encoding(r, "no", 2, NULL), NODECORE_ERR_UNKNOWN_ENCODING);
  CHECK(reads(r, 2, "i\xe2\x82\xac"));
  /* Half a character waits for the other half. */
  nodecore_stream_push(r, "\xe2\x82", 2);
  CHECK(reads(r, NODECORE_READ_ANY, NULL));
  nodecore_stream_push(r, "\xac!", 2);
  CHECK(reads(r, 1, "\xe2\x82\xac") && reads(r, NODECORE_READ_ANY, "!"));
  CHECK_STATUS(nodecore_stream_read(r, ((size_t)1 << 30) + 1, &out, &found, &err), NODECORE_ERR_OUT_OF_RANGE);
  CHECK(failed_with(&err, "ERR_OUT_OF_RANGE",
                    "The value of \"size\" is out of range. It must be <= 1GiB. Received 1073741825"));
  CHECK_STATUS(nodecore_stream_read(r, 1, NULL, &found, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stream_read(r, 1, &out, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stream_read(NULL, 1, &out, &found, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_stream_free(r);
  options = (nodecore_stream_options)NODECORE_STREAM_OPTIONS_INIT;
  options.encoding = (nodecore_str){"hex", 3};
  options.default_encoding = (nodecore_str){"latin1", 6};
  CHECK_OK(nodecore_stream_new(lp, NODECORE_STREAM_TRANSFORM, &options, NULL, NULL, NULL, &t, NULL));
  text = (nodecore_chunk)NODECORE_CHUNK_TEXT("\xc3\xa9", 2, "");
  CHECK_OK(nodecore_stream_write_chunk(t, &text, NULL, NULL, NULL, NULL, NULL));
  CHECK_OK(nodecore_stream_set_default_encoding(t, "utf8", 4, NULL));
  CHECK_STATUS(nodecore_stream_set_default_encoding(t, "no", 2, NULL), NODECORE_ERR_UNKNOWN_ENCODING);
  CHECK_OK(nodecore_stream_end_chunk(t, &text, NULL, NULL, NULL, NULL));
  run();
  CHECK(reads(t, NODECORE_READ_ANY, "e9c3a9") || reads(t, NODECORE_READ_ANY, NULL));
  nodecore_stream_destroy(t, NULL);
  run();
  nodecore_stream_free(t);

  CHECK(nodecore_chunk_take(NULL).object == NULL);
  CHECK(alive == 0);
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
  return 0;
}
