/* stream_peer.h: the end of streams that the host alone knows, and pipelines of them. */
#include "check.h"

typedef struct {
  uint64_t id;
  int32_t event;
  bool once;
  nodecore_stream_call *call;
} Listener;

typedef struct {
  const char *name;
  uint32_t readable, writable;
  Listener listeners[32];
  int count;
  bool failed;
  nodecore_stream_peer *peer;
} Stream;

static nodecore_stream_call *queue[64];
static int first_call, last_call, released, outcomes;
static char trace[1024], outcome[128];
static const nodecore_object_type marks = {NULL, NULL};
static int mark;

static void note(const char *who, const char *what) {
  CHECK(strlen(trace) + strlen(who) + strlen(what) + 3 < sizeof trace);
  strcat(trace, who);
  strcat(trace, ".");
  strcat(trace, what);
  strcat(trace, " ");
}
static bool traced(const char *expected) {
  const bool same = strcmp(trace, expected) == 0;
  if (!same) fprintf(stderr, "%s\n", trace);
  trace[0] = 0;
  return same;
}

static void later(nodecore_stream_call *call, void *user) {
  (void)user;
  CHECK(last_call < 64);
  queue[last_call++] = call;
}
static void run_queue(void) {
  while (first_call < last_call) {
    nodecore_stream_call *call = queue[first_call++];
    nodecore_stream_call_run(call, NULL);
    /* It runs once. */
    nodecore_stream_call_run(call, NULL);
    nodecore_stream_call_free(call);
  }
  first_call = last_call = 0;
}

static void sides(uint32_t *readable, uint32_t *writable, void *user) {
  const Stream *stream = user;
  *readable = stream->readable;
  *writable = stream->writable;
}
static nodecore_error *failure(void) {
  nodecore_error *err = NULL;
  CHECK_OK(nodecore_error_new(NODECORE_ERR_OPERATION_FAILED, "broken", NODECORE_AUTO_LEN, &err));
  return err;
}
static nodecore_error *error_of(void *user) { return ((Stream *)user)->failed ? failure() : NULL; }
static void listen(int32_t event, uint64_t id, bool once, nodecore_stream_call *call, void *user) {
  Stream *stream = user;
  CHECK(stream->count < 32);
  Listener listener = {id, event, once, call};
  stream->listeners[stream->count++] = listener;
}
static void forget(uint64_t id, void *user) {
  Stream *stream = user;
  for (int i = 0; i < stream->count; i++) {
    if (stream->listeners[i].id != id) continue;
    nodecore_stream_call_free(stream->listeners[i].call);
    stream->listeners[i] = stream->listeners[--stream->count];
    return;
  }
}
static void destroy(const nodecore_error *err, void *user) {
  Stream *stream = user;
  stream->readable |= NODECORE_PEER_DESTROYED;
  stream->writable |= NODECORE_PEER_DESTROYED;
  nodecore_str text = nodecore_error_message(err);
  char what[64];
  CHECK(text.len < sizeof what - 16);
  snprintf(what, sizeof what, "destroy(%.*s%s)", (int)text.len, text.data,
           nodecore_error_object(err, &marks) == &mark ? "!" : "");
  note(stream->name, what);
}
static void end(void *user) { note(((Stream *)user)->name, "end"); }
static void pipe_to(void *dest, void *user) {
  note(((Stream *)user)->name, "pipe");
  note(((Stream *)dest)->name, "piped");
}
static void release(void *user) {
  (void)user;
  released++;
}

static const nodecore_stream_peer_host host = {sizeof(nodecore_stream_peer_host), sides, error_of, listen, forget,
                                               destroy, end, pipe_to, later};

#define READS (NODECORE_PEER_PRESENT | NODECORE_PEER_STATE | NODECORE_PEER_SAYS | NODECORE_PEER_OPEN)
#define CLOSES NODECORE_PEER_CLOSES

static void make(Stream *stream, const char *name, uint32_t readable, uint32_t writable) {
  memset(stream, 0, sizeof *stream);
  stream->name = name;
  stream->readable = readable;
  stream->writable = writable;
  CHECK_OK(nodecore_stream_peer_new(&host, stream, release, &stream->peer, NULL));
}
static void emit(Stream *stream, int32_t event, const nodecore_error *err) {
  Listener now[32];
  const int count = stream->count;
  memcpy(now, stream->listeners, sizeof now);
  for (int i = 0; i < count; i++) {
    if (now[i].event != event) continue;
    nodecore_stream_call_run(now[i].call, err);
    if (now[i].once) forget(now[i].id, stream);
  }
}
static void drop(Stream *stream) {
  while (stream->count > 0) forget(stream->listeners[0].id, stream);
  nodecore_stream_peer_free(stream->peer);
}

static void told(const nodecore_error *err, void *user) {
  (void)user;
  nodecore_str text = err ? nodecore_error_message(err) : (nodecore_str){"ok", 2};
  CHECK(text.len < sizeof outcome);
  memcpy(outcome, text.data, text.len);
  outcome[text.len] = 0;
  outcomes++;
}
static bool came(int count, const char *expected) {
  const bool same = outcomes == count && strcmp(outcome, expected) == 0;
  if (!same) fprintf(stderr, "%d %s\n", outcomes, outcome);
  outcomes = 0;
  outcome[0] = 0;
  return same;
}

static void test_finished(void) {
  Stream stream;
  nodecore_finished *waiting = NULL;

  /* The end of a stream that closes of its own accord is its close. */
  make(&stream, "r", READS | CLOSES, 0);
  CHECK_OK(nodecore_stream_peer_finished(stream.peer, NULL, told, NULL, release, &waiting, NULL));
  stream.readable |= NODECORE_PEER_ENDED | NODECORE_PEER_DONE | NODECORE_PEER_EMPTY;
  emit(&stream, NODECORE_EVENT_END, NULL);
  CHECK(outcomes == 0);
  stream.readable |= NODECORE_PEER_CLOSED;
  emit(&stream, NODECORE_EVENT_CLOSE, NULL);
  CHECK(came(1, "ok"));
  /* The listeners stay, but `cb` has run. */
  CHECK(stream.count > 0);
  emit(&stream, NODECORE_EVENT_CLOSE, NULL);
  CHECK(outcomes == 0);
  nodecore_finished_cancel(waiting);
  CHECK(stream.count == 0);
  nodecore_finished_free(waiting);
  drop(&stream);
  CHECK(released == 2);

  /* Closed half-way; and closed already. */
  make(&stream, "r", READS | CLOSES, 0);
  CHECK_OK(nodecore_stream_peer_finished(stream.peer, NULL, told, NULL, NULL, NULL, NULL));
  stream.readable |= NODECORE_PEER_CLOSED | NODECORE_PEER_DESTROYED;
  emit(&stream, NODECORE_EVENT_CLOSE, NULL);
  CHECK(came(1, "Premature close"));
  CHECK_OK(nodecore_stream_peer_finished(stream.peer, NULL, told, NULL, NULL, NULL, NULL));
  CHECK(outcomes == 0);
  run_queue();
  CHECK(came(1, "Premature close"));
  drop(&stream);

  /* An error that is emitted, and one that the stream has. */
  make(&stream, "w", 0, READS | CLOSES);
  CHECK_OK(nodecore_stream_peer_finished(stream.peer, NULL, told, NULL, NULL, NULL, NULL));
  nodecore_error *err = failure();
  emit(&stream, NODECORE_EVENT_ERROR, err);
  nodecore_error_free(err);
  CHECK(came(1, "broken"));
  stream.failed = true;
  stream.writable |= NODECORE_PEER_ERRORED | NODECORE_PEER_ERROR_EMITTED | NODECORE_PEER_CLOSED;
  CHECK_OK(nodecore_stream_peer_finished(stream.peer, NULL, told, NULL, NULL, NULL, NULL));
  run_queue();
  CHECK(came(1, "broken"));
  drop(&stream);

  /* A stream without states: its end is the end of what it is asked for. */
  make(&stream, "old", NODECORE_PEER_PRESENT, NODECORE_PEER_PRESENT);
  nodecore_finished_options options = NODECORE_FINISHED_OPTIONS_INIT;
  options.readable = -1;
  CHECK_OK(nodecore_stream_peer_finished(stream.peer, &options, told, NULL, NULL, NULL, NULL));
  emit(&stream, NODECORE_EVENT_END, NULL);
  CHECK(came(1, "ok"));
  drop(&stream);
  /* Not while it says that it can be written to. */
  make(&stream, "old", NODECORE_PEER_PRESENT, NODECORE_PEER_PRESENT | NODECORE_PEER_SAYS | NODECORE_PEER_OPEN);
  CHECK_OK(nodecore_stream_peer_finished(stream.peer, &options, told, NULL, NULL, NULL, NULL));
  emit(&stream, NODECORE_EVENT_END, NULL);
  CHECK(outcomes == 0);
  stream.writable &= ~(uint32_t)NODECORE_PEER_OPEN;
  emit(&stream, NODECORE_EVENT_END, NULL);
  CHECK(came(1, "ok"));
  drop(&stream);

  /* Callbacks of writes are waited for. */
  make(&stream, "w", 0, READS | NODECORE_PEER_DONE | NODECORE_PEER_PENDING);
  CHECK_OK(nodecore_stream_peer_finished(stream.peer, NULL, told, NULL, NULL, NULL, NULL));
  run_queue();
  CHECK(outcomes == 0);
  stream.writable &= ~(uint32_t)NODECORE_PEER_PENDING;
  emit(&stream, NODECORE_EVENT_FINISH, NULL);
  CHECK(came(1, "ok"));
  drop(&stream);

  /* A signal; errors that do not count. */
  nodecore_abort_controller *controller = NULL;
  CHECK_OK(nodecore_abort_controller_new(&controller, NULL));
  nodecore_abort_signal *signal = nodecore_abort_controller_signal(controller);
  make(&stream, "r", READS, 0);
  options.readable = 0;
  options.ignore_error = true;
  options.signal = signal;
  CHECK_OK(nodecore_stream_peer_finished(stream.peer, &options, told, NULL, NULL, NULL, NULL));
  emit(&stream, NODECORE_EVENT_ERROR, NULL);
  CHECK(outcomes == 0);
  nodecore_abort_controller_abort(controller, NULL);
  CHECK(came(1, "The operation was aborted"));
  CHECK(stream.count == 0);
  drop(&stream);
  nodecore_abort_signal_free(signal);
  nodecore_abort_controller_free(controller);

  /* Arguments. */
  released = 0;
  make(&stream, "r", READS, 0);
  options.signal = NULL;
  options.readable = 2;
  CHECK_STATUS(nodecore_stream_peer_finished(stream.peer, &options, told, NULL, release, NULL, NULL),
               NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_stream_peer_finished(NULL, NULL, told, NULL, release, NULL, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stream_peer_finished(stream.peer, NULL, NULL, NULL, release, NULL, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(released == 3);
  drop(&stream);
  nodecore_stream_peer *peer = NULL;
  nodecore_stream_peer_host without = host;
  without.sides = NULL;
  CHECK_STATUS(nodecore_stream_peer_new(NULL, NULL, release, &peer, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stream_peer_new(&without, NULL, release, &peer, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stream_peer_new(&host, NULL, release, NULL, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(released == 7);
  nodecore_stream_peer_free(NULL);
  nodecore_stream_call_run(NULL, NULL);
  nodecore_stream_call_free(NULL);
}

static void stopped(void *user) {
  (void)user;
  note("line", "stopped");
}
static void made(nodecore_error *err, void *user) {
  (void)user;
  CHECK_OK(nodecore_error_set_object(err, &mark, &marks));
}
static const nodecore_peer_pipeline_host line_host = {
    sizeof(nodecore_peer_pipeline_host), later, NULL, stopped, told, made};

static nodecore_peer_pipeline *line_of(Stream *source, Stream *dest, const nodecore_pipeline_options *options) {
  nodecore_peer_pipeline *line = NULL;
  CHECK_OK(nodecore_peer_pipeline_new(&line_host, options, NULL, release, &line, NULL));
  CHECK_OK(nodecore_peer_pipeline_add(line, source->peer, dest->peer, NODECORE_PLACE_FIRST, NULL));
  CHECK_OK(nodecore_peer_pipeline_add(line, dest->peer, NULL, NODECORE_PLACE_LAST, NULL));
  CHECK_OK(nodecore_peer_pipeline_pipe(line, source->peer, dest->peer, NODECORE_PLACE_LAST, NULL));
  nodecore_peer_pipeline_complete(line);
  return line;
}

static void test_pipeline(void) {
  Stream source, dest;
  released = 0;

  /* What is read is written, then ended, and waited for. */
  make(&source, "r", READS | CLOSES, 0);
  make(&dest, "w", 0, READS | CLOSES);
  nodecore_peer_pipeline_free(line_of(&source, &dest, NULL));
  CHECK(traced("r.pipe w.piped "));
  source.readable |= NODECORE_PEER_ENDED | NODECORE_PEER_DONE | NODECORE_PEER_EMPTY;
  emit(&source, NODECORE_EVENT_END, NULL);
  CHECK(traced("w.end "));
  source.readable |= NODECORE_PEER_CLOSED;
  emit(&source, NODECORE_EVENT_CLOSE, NULL);
  dest.writable |= NODECORE_PEER_ENDED | NODECORE_PEER_DONE | NODECORE_PEER_EMPTY;
  emit(&dest, NODECORE_EVENT_FINISH, NULL);
  dest.writable |= NODECORE_PEER_CLOSED;
  CHECK(outcomes == 0);
  emit(&dest, NODECORE_EVENT_CLOSE, NULL);
  CHECK(outcomes == 0);
  run_queue();
  CHECK(came(1, "ok"));
  CHECK(traced("line.stopped "));
  drop(&source);
  drop(&dest);
  CHECK(released == 3);

  /* A failure destroys the others, all with the same error. */
  make(&source, "r", READS | CLOSES, 0);
  make(&dest, "w", 0, READS | CLOSES);
  nodecore_peer_pipeline_free(line_of(&source, &dest, NULL));
  nodecore_error *err = failure();
  emit(&source, NODECORE_EVENT_ERROR, err);
  nodecore_error_free(err);
  CHECK(traced("r.pipe w.piped r.destroy(broken!) w.destroy(broken!) line.stopped "));
  source.readable |= NODECORE_PEER_CLOSED;
  emit(&source, NODECORE_EVENT_CLOSE, NULL);
  dest.writable |= NODECORE_PEER_CLOSED;
  emit(&dest, NODECORE_EVENT_CLOSE, NULL);
  run_queue();
  CHECK(came(1, "broken"));
  drop(&source);
  drop(&dest);

  /* The last stream is not ended. */
  nodecore_pipeline_options options = NODECORE_PIPELINE_OPTIONS_INIT;
  options.keep_open = true;
  make(&source, "r", READS, 0);
  make(&dest, "w", 0, READS);
  nodecore_peer_pipeline_free(line_of(&source, &dest, &options));
  source.readable |= NODECORE_PEER_ENDED | NODECORE_PEER_DONE | NODECORE_PEER_EMPTY;
  emit(&source, NODECORE_EVENT_END, NULL);
  run_queue();
  CHECK(came(1, "ok"));
  CHECK(traced("r.pipe w.piped line.stopped "));
  drop(&source);
  drop(&dest);

  /* A signal that is aborted, and a failure of the host's. */
  nodecore_abort_signal *signal = NULL;
  CHECK_OK(nodecore_abort_signal_abort(NULL, &signal, NULL));
  options.keep_open = false;
  options.signal = signal;
  make(&source, "r", READS, 0);
  make(&dest, "w", 0, READS);
  nodecore_peer_pipeline_free(line_of(&source, &dest, &options));
  CHECK(traced("r.pipe w.piped "));
  run_queue();
  CHECK(traced("r.destroy(The operation was aborted!) w.destroy(The operation was aborted!) line.stopped "));
  drop(&source);
  drop(&dest);
  nodecore_abort_signal_free(signal);
  make(&source, "r", READS, 0);
  make(&dest, "w", 0, READS);
  nodecore_peer_pipeline *line = line_of(&source, &dest, NULL);
  err = failure();
  nodecore_peer_pipeline_fail(line, err);
  nodecore_peer_pipeline_fail(line, NULL);
  nodecore_error_free(err);
  nodecore_peer_pipeline_free(line);
  CHECK(traced("r.pipe w.piped r.destroy(broken!) w.destroy(broken!) line.stopped "));
  drop(&source);
  drop(&dest);

  /* Values that the host carries are waited for as well. */
  make(&dest, "w", 0, READS | CLOSES);
  CHECK_OK(nodecore_peer_pipeline_new(&line_host, NULL, NULL, NULL, &line, NULL));
  nodecore_stream_call *pump = nodecore_peer_pipeline_pump(line);
  CHECK_OK(nodecore_peer_pipeline_add(line, dest.peer, NULL, NODECORE_PLACE_LAST, NULL));
  nodecore_peer_pipeline_complete(line);
  err = failure();
  nodecore_stream_call_run(pump, err);
  nodecore_error_free(err);
  nodecore_stream_call_free(pump);
  nodecore_peer_pipeline_free(line);
  run_queue();
  CHECK(came(1, "broken"));
  CHECK(traced("w.destroy(broken!) line.stopped "));
  drop(&dest);

  /* Arguments. */
  make(&source, "r", READS, 0);
  make(&dest, "w", 0, READS | NODECORE_PEER_DESTROYED);
  CHECK_OK(nodecore_peer_pipeline_new(&line_host, NULL, NULL, NULL, &line, NULL));
  CHECK_STATUS(nodecore_peer_pipeline_add(line, source.peer, dest.peer, NODECORE_PLACE_FIRST, NULL),
               NODECORE_ERR_STREAM_UNABLE_TO_PIPE);
  CHECK(source.count == 0);
  CHECK_STATUS(nodecore_peer_pipeline_add(line, NULL, NULL, 0, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_peer_pipeline_add(NULL, source.peer, NULL, 0, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_peer_pipeline_pipe(line, source.peer, NULL, 0, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_peer_pipeline_free(line);
  drop(&source);
  drop(&dest);
  released = 0;
  nodecore_peer_pipeline_host without = line_host;
  without.done = NULL;
  CHECK_STATUS(nodecore_peer_pipeline_new(&without, NULL, NULL, release, &line, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_peer_pipeline_new(NULL, NULL, NULL, release, &line, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(released == 2);
  CHECK(nodecore_peer_pipeline_pump(NULL) == NULL);
  nodecore_peer_pipeline_fail(NULL, NULL);
  nodecore_peer_pipeline_complete(NULL);
  nodecore_peer_pipeline_free(NULL);
}

int main(void) {
  test_finished();
  test_pipeline();
  return 0;
}
