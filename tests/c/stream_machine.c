/* stream_machine.h: streams whose values, listeners and ticks are the host's. Values are strings on the heap. */
#include "check.h"

typedef struct {
  int references;
  size_t len;
  char data[64];
} Text;

static int alive;
static nodecore_stream_value make(const char *data, size_t len) {
  Text *text = calloc(1, sizeof *text);
  CHECK(text != NULL && len < sizeof text->data);
  text->references = 1;
  text->len = len;
  memcpy(text->data, data, len);
  alive++;
  nodecore_stream_value value = {text, len};
  return value;
}
static void retain(void *object) { ((Text *)object)->references++; }
static void release(void *object) {
  if (--((Text *)object)->references == 0) {
    alive--;
    free(object);
  }
}
static nodecore_stream_value slice(void *object, size_t start, size_t end) {
  return make(((Text *)object)->data + start, end - start);
}
static nodecore_stream_value join(void *const *objects, size_t count) {
  char all[64];
  size_t len = 0;
  for (size_t i = 0; i < count; i++) {
    const Text *text = objects[i];
    CHECK(len + text->len <= sizeof all);
    memcpy(all + len, text->data, text->len);
    len += text->len;
  }
  return make(all, len);
}
static nodecore_str bytes(void *object) {
  const Text *text = object;
  nodecore_str view = {text->data, text->len};
  return view;
}
static const nodecore_stream_value_type values = {retain, release, slice, join, bytes, make};

static nodecore_stream_machine *machine;
static nodecore_stream_tick *ticks[32];
static int first_tick, last_tick, listening, released, hooks_there;
static char trace[512];
static const nodecore_object_type marks = {NULL, NULL};
static int mark;

static void note(const char *what) {
  CHECK(strlen(trace) + strlen(what) + 1 < sizeof trace);
  strcat(trace, what);
  strcat(trace, " ");
}
static bool traced(const char *expected) {
  const bool same = strcmp(trace, expected) == 0;
  if (!same) fprintf(stderr, "%s\n", trace);
  trace[0] = 0;
  return same;
}
static void run_ticks(void) {
  while (first_tick < last_tick) nodecore_stream_tick_run(ticks[first_tick++]);
  first_tick = last_tick = 0;
}

static bool has(int32_t hook, void *user) {
  (void)user;
  return (hooks_there >> hook & 1) != 0;
}
static nodecore_error *failure(void) {
  nodecore_error *err = NULL;
  CHECK_OK(nodecore_error_new(NODECORE_ERR_OPERATION_FAILED, "thrown", NODECORE_AUTO_LEN, &err));
  CHECK_OK(nodecore_error_set_object(err, &mark, &marks));
  return err;
}
static nodecore_error *on_construct(void *user) {
  (void)user;
  note("construct");
  nodecore_stream_machine_complete(machine, NODECORE_STREAM_HOOK_CONSTRUCT, NULL);
  return NULL;
}
static const char *source;
static nodecore_error *on_read(size_t size, void *user) {
  (void)user;
  CHECK(size > 0);
  note("read");
  if (source == NULL) return failure();
  if (*source == 0) {
    nodecore_stream_machine_push(machine, NULL, false);
  } else {
    nodecore_stream_value value = make(source, 2);
    source += 2;
    nodecore_stream_machine_push(machine, &value, false);
    release(value.object);
  }
  return NULL;
}
static void on_write(nodecore_stream_value value, void *user) {
  (void)user;
  char text[80];
  snprintf(text, sizeof text, "write:%.*s", (int)value.size, ((Text *)value.object)->data);
  note(text);
}
static void on_writev(const nodecore_stream_value *list, size_t count, void *user) {
  (void)user;
  (void)list;
  note(count == 2 ? "writev:2" : "writev");
}
static nodecore_error *on_final(void *user) {
  (void)user;
  note("final");
  nodecore_stream_machine_complete(machine, NODECORE_STREAM_HOOK_FINAL, NULL);
  return NULL;
}
static nodecore_error *on_destroy(const nodecore_error *err, void *user) {
  (void)user;
  note(err != NULL ? "destroy:error" : "destroy");
  nodecore_stream_machine_complete(machine, NODECORE_STREAM_HOOK_DESTROY, err);
  return NULL;
}
static void on_end(void *user) {
  (void)user;
  note("end()");
  nodecore_stream_machine_end(machine, NULL, NULL, NULL, NULL);
}
static void emit(int32_t event, void *user) {
  static const char *names[] = {"", "readable", "end", "pause", "resume", "drain", "prefinish", "finish", "close"};
  (void)user;
  CHECK(event >= NODECORE_EVENT_READABLE && event <= NODECORE_EVENT_CLOSE);
  note(names[event]);
}
static void emit_data(nodecore_stream_value value, void *user) {
  (void)user;
  char text[80];
  snprintf(text, sizeof text, "data:%.*s", (int)value.size, ((Text *)value.object)->data);
  note(text);
}
static void emit_error(const nodecore_error *err, void *user) {
  (void)user;
  note(nodecore_error_object(err, &marks) == &mark ? "error:mark" : "error");
}
static bool listens(int32_t event, void *user) {
  (void)user;
  CHECK(event == NODECORE_EVENT_READABLE || event == NODECORE_EVENT_DATA);
  return listening == event;
}
static void next_tick(nodecore_stream_tick *tick, void *user) {
  (void)user;
  CHECK(last_tick < 32);
  ticks[last_tick++] = tick;
}
static void made(nodecore_error *err, void *user) {
  (void)user;
  CHECK_OK(nodecore_error_set_object(err, &mark, &marks));
}
static void release_user(void *user) { (*(int *)user)++; }
static void wrote(const nodecore_error *err, void *user) {
  note(user != NULL ? "ended" : err != NULL ? "failed" : "wrote");
}
static void release_call(void *user) { (void)user; }

static nodecore_stream_host host(void) {
  nodecore_stream_host made_host = NODECORE_STREAM_HOST_INIT;
  made_host.values = &values;
  made_host.has = has;
  made_host.construct = on_construct;
  made_host.read = on_read;
  made_host.write = on_write;
  made_host.writev = on_writev;
  made_host.final = on_final;
  made_host.destroy = on_destroy;
  made_host.end = on_end;
  made_host.emit = emit;
  made_host.emit_data = emit_data;
  made_host.emit_error = emit_error;
  made_host.listens = listens;
  made_host.next_tick = next_tick;
  made_host.made = made;
  return made_host;
}
static void begin(uint32_t kind, const nodecore_stream_options *opts, int hooks) {
  const nodecore_stream_host table = host();
  hooks_there = hooks;
  listening = 0;
  CHECK_OK(nodecore_stream_machine_new(kind, &table, opts, &released, release_user, &machine, NULL));
}
static void finish(void) {
  const int before = released;
  nodecore_stream_machine_free(machine);
  CHECK(released == before + 1 && alive == 0 && first_tick == last_tick);
}
static uint32_t flags(uint32_t side) { return nodecore_stream_machine_flags(machine, side); }

/* What is read is what was pushed, split and joined by the host. */
static void reading(void) {
  nodecore_stream_value value;
  begin(NODECORE_STREAM_READABLE, NULL, 0);
  CHECK(nodecore_stream_machine_high_water_mark(machine, NODECORE_STREAM_READABLE) == 65536);
  source = "abcdef";
  CHECK(!nodecore_stream_machine_read(machine, 3, &value));
  run_ticks();
  CHECK(nodecore_stream_machine_length(machine, NODECORE_STREAM_READABLE) == 6);
  CHECK(nodecore_stream_machine_count(machine, NODECORE_STREAM_READABLE) == 3);
  CHECK(nodecore_stream_machine_peek(machine, NODECORE_STREAM_READABLE, 1, &value));
  CHECK(memcmp(((Text *)value.object)->data, "cd", 2) == 0);
  release(value.object);
  CHECK(!nodecore_stream_machine_peek(machine, NODECORE_STREAM_READABLE, 3, &value));
  CHECK(nodecore_stream_machine_read(machine, 3, &value) && value.size == 3);
  CHECK(memcmp(((Text *)value.object)->data, "abc", 3) == 0);
  CHECK(!nodecore_stream_machine_unshift(machine, &value));
  release(value.object);
  CHECK(nodecore_stream_machine_length(machine, NODECORE_STREAM_READABLE) == 6);
  CHECK(traced("read readable read read read readable "));
  listening = NODECORE_EVENT_DATA;
  nodecore_stream_machine_listener(machine, NODECORE_EVENT_DATA, true);
  CHECK((flags(NODECORE_STREAM_READABLE) & NODECORE_STREAM_READ_FLOWING) != 0);
  run_ticks();
  CHECK(traced("readable data:abc data:d data:ef resume end destroy close "));
  CHECK((flags(NODECORE_STREAM_READABLE) & NODECORE_STREAM_READ_END_EMITTED) != 0);
  CHECK(flags(NODECORE_STREAM_WRITABLE) == 0 && flags(9) == 0);
  CHECK(nodecore_stream_machine_errored(machine, NODECORE_STREAM_READABLE) == NULL);
  /* Too late: the error is the machine's own, with the host's object. */
  value = make("x", 1);
  CHECK(!nodecore_stream_machine_push(machine, &value, false));
  release(value.object);
  finish();
}

/* Text, a pause, and an error that a hook has thrown. */
static void failing(void) {
  nodecore_stream_value value;
  nodecore_error *err;
  begin(NODECORE_STREAM_READABLE, NULL, 0);
  CHECK(nodecore_stream_machine_encoding(machine).data == NULL);
  CHECK_STATUS(nodecore_stream_machine_set_encoding(machine, "none", 4, NULL), NODECORE_ERR_UNKNOWN_ENCODING);
  CHECK_OK(nodecore_stream_machine_set_encoding(machine, "hex", 3, NULL));
  CHECK(is(nodecore_stream_machine_encoding(machine), "hex"));
  value = make("ab", 2);
  CHECK(nodecore_stream_machine_push(machine, &value, false));
  CHECK(nodecore_stream_machine_push(machine, &value, true));
  release(value.object);
  nodecore_stream_machine_resume(machine);
  nodecore_stream_machine_pause(machine);
  CHECK((flags(NODECORE_STREAM_READABLE) & NODECORE_STREAM_READ_PAUSED) != 0);
  source = NULL;
  CHECK(nodecore_stream_machine_read(machine, SIZE_MAX, &value));
  CHECK(value.size == 6 && memcmp(((Text *)value.object)->data, "6162ab", 6) == 0);
  release(value.object);
  err = nodecore_stream_machine_errored(machine, NODECORE_STREAM_READABLE);
  CHECK(nodecore_error_object(err, &marks) == &mark);
  nodecore_error_free(err);
  run_ticks();
  CHECK(traced("pause read destroy:error resume error:mark close "));
  finish();
}

/* Writes one by one and together; the end. */
static void writing(void) {
  nodecore_stream_options opts = NODECORE_STREAM_OPTIONS_INIT;
  nodecore_stream_value value = make("abc", 3);
  opts.has_writable_high_water_mark = true;
  opts.writable_high_water_mark = 3;
  begin(NODECORE_STREAM_WRITABLE, &opts,
        1 << NODECORE_STREAM_HOOK_CONSTRUCT | 1 << NODECORE_STREAM_HOOK_WRITEV | 1 << NODECORE_STREAM_HOOK_FINAL);
  run_ticks();
  CHECK(traced("construct "));
  CHECK(!nodecore_stream_machine_write(machine, &value, wrote, NULL, release_call));
  CHECK(!nodecore_stream_machine_write(machine, &value, NULL, NULL, NULL));
  CHECK(!nodecore_stream_machine_write(machine, &value, NULL, NULL, NULL));
  CHECK(!nodecore_stream_machine_write(machine, NULL, NULL, NULL, NULL));
  CHECK((flags(NODECORE_STREAM_WRITABLE) & NODECORE_STREAM_WRITE_NEED_DRAIN) != 0);
  CHECK(nodecore_stream_machine_count(machine, NODECORE_STREAM_WRITABLE) == 2);
  CHECK(nodecore_stream_machine_pending(machine) == 3);
  nodecore_stream_machine_complete(machine, NODECORE_STREAM_HOOK_WRITE, NULL);
  CHECK(traced("write:abc writev:2 wrote "));
  nodecore_stream_machine_complete(machine, NODECORE_STREAM_HOOK_WRITEV, NULL);
  CHECK(traced("drain "));
  nodecore_stream_machine_cork(machine);
  CHECK(nodecore_stream_machine_corked(machine) == 1);
  nodecore_stream_machine_uncork(machine);
  CHECK(nodecore_stream_machine_corked(machine) == 0);
  nodecore_stream_machine_end(machine, &value, wrote, &released, NULL);
  CHECK(traced("write:abc "));
  nodecore_stream_machine_complete(machine, NODECORE_STREAM_HOOK_WRITE, NULL);
  run_ticks();
  CHECK(traced("final prefinish ended finish destroy close "));
  CHECK((flags(NODECORE_STREAM_WRITABLE) & NODECORE_STREAM_WRITE_FINISHED) != 0);
  CHECK(!nodecore_stream_machine_write(machine, &value, wrote, NULL, NULL));
  run_ticks();
  CHECK(traced("failed "));
  release(value.object);
  finish();
}

/* A transform's input is done with when its output is wanted. */
static void transforming(void) {
  nodecore_stream_options opts = NODECORE_STREAM_OPTIONS_INIT;
  nodecore_stream_value value = make("ab", 2), out;
  size_t before;
  opts.has_readable_high_water_mark = true;
  opts.readable_high_water_mark = 1;
  begin(NODECORE_STREAM_TRANSFORM, &opts, 0);
  source = "";
  nodecore_stream_machine_write(machine, &value, wrote, NULL, NULL);
  before = nodecore_stream_machine_length(machine, NODECORE_STREAM_READABLE);
  nodecore_stream_machine_push(machine, &value, false);
  nodecore_stream_machine_transformed(machine, before);
  CHECK((flags(NODECORE_STREAM_WRITABLE) & NODECORE_STREAM_WRITE_WRITING) != 0);
  CHECK(traced("write:ab "));
  nodecore_stream_machine_transform_more(machine);
  CHECK((flags(NODECORE_STREAM_WRITABLE) & NODECORE_STREAM_WRITE_WRITING) == 0);
  CHECK(traced("wrote "));
  CHECK(nodecore_stream_machine_read(machine, 2, &out) && out.object == value.object);
  release(out.object);
  release(value.object);
  nodecore_stream_machine_transformed(machine, SIZE_MAX);
  nodecore_stream_machine_fail(machine, NULL, false);
  nodecore_stream_machine_destroy(machine, NULL);
  run_ticks();
  trace[0] = 0;
  finish();
}

/* Pipes of the host's, and a duplex that is ended on one side. */
static void piping(void) {
  nodecore_stream_options opts = NODECORE_STREAM_OPTIONS_INIT;
  size_t dest = 0;
  opts.no_half_open = true;
  begin(NODECORE_STREAM_DUPLEX, &opts, 0);
  source = "";
  listening = NODECORE_EVENT_DATA;
  nodecore_stream_machine_piped(machine, 0);
  nodecore_stream_machine_listener(machine, NODECORE_EVENT_DATA, true);
  nodecore_stream_machine_await_drain(machine, 7, 1);
  CHECK((flags(NODECORE_STREAM_READABLE) & NODECORE_STREAM_READ_MANY_PIPES) == 0);
  CHECK(nodecore_stream_machine_awaiting(machine, 0, &dest) && dest == 7);
  CHECK(nodecore_stream_machine_awaiting(machine, 0, NULL) && !nodecore_stream_machine_awaiting(machine, 1, &dest));
  nodecore_stream_machine_piped(machine, 1);
  CHECK((flags(NODECORE_STREAM_READABLE) & NODECORE_STREAM_READ_MANY_PIPES) != 0);
  nodecore_stream_machine_await_drain(machine, 8, 2);
  nodecore_stream_machine_await_drain(machine, 9, 0);
  CHECK(nodecore_stream_machine_awaiting(machine, 1, &dest) && dest == 8);
  nodecore_stream_machine_drained(machine, 7);
  CHECK((flags(NODECORE_STREAM_READABLE) & NODECORE_STREAM_READ_FLOWING) == 0);
  nodecore_stream_machine_drained(machine, 8);
  CHECK((flags(NODECORE_STREAM_READABLE) & NODECORE_STREAM_READ_FLOWING) != 0);
  CHECK(traced("pause "));
  run_ticks();
  CHECK(traced("read resume readable end end() prefinish finish destroy close "));
  finish();
}

/* An error by hand, and ticks that never run. */
static void dropped(void) {
  nodecore_error *err = failure();
  nodecore_stream_options opts = NODECORE_STREAM_OPTIONS_INIT;
  opts.no_auto_destroy = true;
  begin(NODECORE_STREAM_WRITABLE, &opts, 0);
  nodecore_stream_machine_set_open(machine, NODECORE_STREAM_WRITABLE, false);
  CHECK((flags(NODECORE_STREAM_WRITABLE) & NODECORE_STREAM_WRITE_WRITABLE) == 0);
  nodecore_stream_machine_set_open(machine, NODECORE_STREAM_WRITABLE | NODECORE_STREAM_READABLE, true);
  CHECK((flags(NODECORE_STREAM_WRITABLE) & NODECORE_STREAM_WRITE_WRITABLE) != 0);
  nodecore_stream_machine_set_open(NULL, NODECORE_STREAM_READABLE, false);
  nodecore_stream_machine_fail(machine, err, true);
  CHECK(traced(""));
  run_ticks();
  CHECK(traced("error:mark "));
  nodecore_stream_machine_destroy(machine, err);
  CHECK(traced("destroy:error "));
  nodecore_error_free(err);
  CHECK(last_tick == 1);
  nodecore_stream_tick_free(ticks[0]);
  first_tick = last_tick = 0;
  finish();
}

static void refused(void) {
  nodecore_stream_host table = host();
  nodecore_stream_machine *none = NULL;
  const int before = released;
  CHECK_STATUS(nodecore_stream_machine_new(5, &table, NULL, &released, release_user, &none, NULL),
               NODECORE_ERR_OUT_OF_RANGE);
  table.next_tick = NULL;
  CHECK_STATUS(nodecore_stream_machine_new(1, &table, NULL, &released, release_user, &none, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  table = host();
  table.values = NULL;
  CHECK_STATUS(nodecore_stream_machine_new(1, &table, NULL, &released, release_user, &none, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stream_machine_new(1, NULL, NULL, &released, release_user, &none, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(released == before + 4 && none == NULL);
  nodecore_stream_machine_free(NULL);
  nodecore_stream_tick_run(NULL);
  nodecore_stream_tick_free(NULL);
  CHECK(nodecore_stream_machine_length(NULL, 1) == 0 && !nodecore_stream_machine_push(NULL, NULL, false));
}

int main(void) {
  reading();
  failing();
  writing();
  transforming();
  piping();
  dropped();
  refused();
  return 0;
}
