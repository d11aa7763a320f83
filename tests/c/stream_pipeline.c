/* stream_pipeline.h: pipelines, composition, pairs; finished, abort, dispose. */
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
  strcat(trace, " ");
}
static void gather(nodecore_stream *s, nodecore_chunk *chunk, nodecore_done *done, void *user) {
  (void)s;
  (void)user;
  strncat(trace, chunk->bytes.data, chunk->bytes.len);
  nodecore_done_call(done, NULL);
}
static void upper(nodecore_stream *s, nodecore_chunk *chunk, nodecore_done *done, void *user) {
  (void)s;
  (void)user;
  char text[16];
  CHECK(chunk->bytes.len <= sizeof text);
  for (size_t i = 0; i < chunk->bytes.len; i++) text[i] = (char)(chunk->bytes.data[i] - 32);
  nodecore_done_push(done, text, chunk->bytes.len);
}
static void data(nodecore_chunk *chunk, void *user) {
  strcat(trace, user);
  strncat(trace, chunk->bytes.data, chunk->bytes.len);
}

static nodecore_stream *source(const char *text) {
  nodecore_stream *s = NULL;
  CHECK_OK(nodecore_stream_new(lp, NODECORE_STREAM_READABLE, NULL, NULL, NULL, release, &s, NULL));
  if (text != NULL) {
    nodecore_stream_push(s, text, strlen(text));
    nodecore_stream_push_end(s);
  }
  return s;
}
static nodecore_stream *sink(void) {
  nodecore_stream_hooks hooks = NODECORE_STREAM_HOOKS_INIT;
  hooks.write = gather;
  nodecore_stream *s = NULL;
  CHECK_OK(nodecore_stream_new(lp, NODECORE_STREAM_WRITABLE, NULL, &hooks, NULL, release, &s, NULL));
  return s;
}
static nodecore_stream *loud(void) {
  nodecore_stream_hooks hooks = NODECORE_STREAM_HOOKS_INIT;
  hooks.transform = upper;
  nodecore_stream *s = NULL;
  CHECK_OK(nodecore_stream_new(lp, NODECORE_STREAM_TRANSFORM, NULL, &hooks, NULL, release, &s, NULL));
  return s;
}
static nodecore_abort_controller *controller(nodecore_abort_signal **signal) {
  nodecore_abort_controller *c = NULL;
  CHECK_OK(nodecore_abort_controller_new(&c, NULL));
  *signal = nodecore_abort_controller_signal(c);
  return c;
}
static void abort_it(void *user) { nodecore_abort_controller_abort(user, NULL); }

int main(void) {
  nodecore_error *err = NULL;
  nodecore_abort_signal *signal = NULL;
  CHECK_OK(nodecore_loop_new(&lp, NULL));

  /* A pipeline that begins and ends with a duplex, and does not end the last. */
  nodecore_stream *first = loud(), *last = loud(), *w = sink(), *r;
  nodecore_pipeline_options piping = NODECORE_PIPELINE_OPTIONS_INIT;
  piping.keep_open = true;
  nodecore_stream *line[4] = {first, last};
  CHECK_OK(nodecore_stream_on_data(last, 0, data, "", NULL, NULL));
  CHECK_OK(nodecore_stream_pipeline(line, 2, &piping, note, "piped", release, NULL));
  nodecore_stream_write(first, "ab", 2);
  nodecore_stream_end(first);
  run();
  nodecore_stream_state at = NODECORE_STREAM_STATE_INIT;
  CHECK_OK(nodecore_stream_get_state(last, &at));
  CHECK(!at.writable_ended && strstr(trace, "piped ") != NULL);
  nodecore_stream_destroy(last, NULL);
  run();
  nodecore_stream_free(first);
  nodecore_stream_free(last);
  CHECK(released == 3);

  /* Aborted. */
  trace[0] = 0;
  nodecore_abort_controller *c = controller(&signal);
  r = source(NULL);
  line[0] = r;
  line[1] = w;
  piping = (nodecore_pipeline_options)NODECORE_PIPELINE_OPTIONS_INIT;
  piping.signal = signal;
  CHECK_OK(nodecore_stream_pipeline(line, 2, &piping, note, "piped:", release, NULL));
  CHECK_OK(nodecore_loop_next_tick(lp, abort_it, c, NULL));
  run();
  CHECK(strcmp(trace, "piped:ABORT_ERR ") == 0);
  /* What is destroyed cannot be piped. */
  CHECK_STATUS(nodecore_stream_pipeline(line, 2, NULL, note, "never", release, &err),
               NODECORE_ERR_STREAM_UNABLE_TO_PIPE);
  nodecore_error_free(err);
  err = NULL;
  nodecore_stream_free(r);
  nodecore_stream_free(w);

  /* compose: transforms; a source and a transform; a transform and a sink. */
  nodecore_stream *composed = NULL;
  trace[0] = 0;
  line[0] = loud();
  CHECK_OK(nodecore_stream_new(lp, NODECORE_STREAM_TRANSFORM, NULL, NULL, NULL, release, &line[1], NULL));
  CHECK_OK(nodecore_stream_compose(line, 2, &composed, NULL));
  CHECK_OK(nodecore_stream_get_state(composed, &at));
  CHECK(at.sides == NODECORE_STREAM_DUPLEX);
  CHECK_OK(nodecore_stream_on_data(composed, 0, data, "", NULL, NULL));
  CHECK_OK(nodecore_stream_on(composed, NODECORE_EVENT_CLOSE, 0, note, " close", NULL, NULL));
  nodecore_stream_write(composed, "ab", 2);
  nodecore_stream_end(composed);
  run();
  CHECK(strcmp(trace, "AB close ") == 0);
  for (int i = 0; i < 2; i++) nodecore_stream_free(line[i]);
  nodecore_stream_free(composed);

  trace[0] = 0;
  line[0] = source("cd");
  line[1] = loud();
  CHECK_OK(nodecore_stream_compose(line, 2, &composed, NULL));
  CHECK_OK(nodecore_stream_get_state(composed, &at));
  CHECK(at.sides == NODECORE_STREAM_READABLE);
  CHECK_OK(nodecore_stream_on_data(composed, 0, data, "", NULL, NULL));
  run();
  CHECK(strcmp(trace, "CD") == 0);
  for (int i = 0; i < 2; i++) nodecore_stream_free(line[i]);
  nodecore_stream_free(composed);

  trace[0] = 0;
  line[0] = loud();
  line[1] = sink();
  CHECK_OK(nodecore_stream_compose(line, 2, &composed, NULL));
  CHECK_OK(nodecore_stream_get_state(composed, &at));
  CHECK(at.sides == NODECORE_STREAM_WRITABLE);
  nodecore_stream_write(composed, "ef", 2);
  nodecore_stream_end(composed);
  run();
  CHECK(strcmp(trace, "EF") == 0);
  for (int i = 0; i < 2; i++) nodecore_stream_free(line[i]);
  nodecore_stream_free(composed);

  CHECK_STATUS(nodecore_stream_compose(NULL, 0, &composed, NULL), NODECORE_ERR_MISSING_ARGS);
  CHECK_STATUS(nodecore_stream_compose(line, 0, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  line[0] = source("x");
  line[1] = sink();
  CHECK_STATUS(nodecore_stream_compose(line, 2, &composed, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  nodecore_error_free(err);
  err = NULL;
  CHECK_OK(nodecore_stream_compose(line, 1, &composed, NULL));
  nodecore_stream_free(composed);
  nodecore_stream *turned[2] = {line[1], line[0]};
  CHECK_STATUS(nodecore_stream_compose(turned, 2, &composed, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  line[1] = NULL;
  CHECK_STATUS(nodecore_stream_compose(line, 2, &composed, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_stream_destroy(turned[0], NULL);
  nodecore_stream_destroy(turned[1], NULL);
  run();
  nodecore_stream_free(turned[0]);
  nodecore_stream_free(turned[1]);

  /* A duplex of two sides; a pair. */
  trace[0] = 0;
  r = source("gh");
  w = sink();
  CHECK_OK(nodecore_stream_from_sides(r, w, &composed, NULL));
  CHECK_STATUS(nodecore_stream_from_sides(w, r, &last, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_OK(nodecore_stream_on_data(composed, 0, data, "<", NULL, NULL));
  nodecore_stream_write(composed, "ij", 2);
  nodecore_stream_end(composed);
  run();
  CHECK(strcmp(trace, "ij<gh") == 0 || strcmp(trace, "<ghij") == 0);
  nodecore_stream_free(r);
  nodecore_stream_free(w);
  nodecore_stream_free(composed);

  trace[0] = 0;
  nodecore_stream *client = NULL, *server = NULL;
  CHECK_OK(nodecore_stream_duplex_pair(lp, NULL, &client, &server, NULL));
  CHECK_STATUS(nodecore_stream_duplex_pair(lp, NULL, &client, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stream_duplex_pair(NULL, NULL, &first, &last, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_OK(nodecore_stream_on_data(client, 0, data, "client<", NULL, NULL));
  CHECK_OK(nodecore_stream_on_data(server, 0, data, "server<", NULL, NULL));
  nodecore_stream_write(client, "ping ", 5);
  nodecore_stream_write(server, "pong ", 5);
  nodecore_stream_end(client);
  nodecore_stream_end(server);
  run();
  CHECK(strcmp(trace, "client<pong server<ping ") == 0);
  nodecore_stream_free(client);
  nodecore_stream_free(server);

  /* finished: the end, an error, a signal; cancelled; one side. */
  released = 0;
  trace[0] = 0;
  r = source("kl");
  nodecore_finished *waiting = NULL, *other = NULL;
  nodecore_finished_options finishing = NODECORE_FINISHED_OPTIONS_INIT;
  CHECK_OK(nodecore_stream_finished(r, NULL, note, "finished", release, &waiting, NULL));
  CHECK_OK(nodecore_stream_finished(r, NULL, note, "never", release, &other, NULL));
  nodecore_finished_cancel(other);
  nodecore_finished_cancel(other);
  CHECK(released == 1);
  nodecore_finished_free(other);
  nodecore_stream_resume(r);
  run();
  CHECK(strcmp(trace, "finished ") == 0);
  nodecore_finished_cancel(waiting);
  nodecore_finished_free(waiting);
  nodecore_stream_free(r);
  CHECK(released == 3);

  trace[0] = 0;
  r = source(NULL);
  CHECK_OK(nodecore_stream_finished(r, NULL, note, "finished:", release, NULL, NULL));
  finishing.signal = signal;
  CHECK_OK(nodecore_stream_finished(r, &finishing, note, "aborted:", release, NULL, NULL));
  run();
  CHECK(strcmp(trace, "aborted:ABORT_ERR ") == 0);
  nodecore_stream_destroy(r, NULL);
  run();
  CHECK(strcmp(trace, "aborted:ABORT_ERR finished:ERR_STREAM_PREMATURE_CLOSE ") == 0);
  finishing.signal = NULL;
  finishing.readable = 2;
  CHECK_STATUS(nodecore_stream_finished(r, &finishing, note, "", release, NULL, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_stream_finished(NULL, NULL, note, "", release, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stream_finished(r, NULL, NULL, "", release, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_stream_free(r);

  trace[0] = 0;
  first = loud();
  finishing = (nodecore_finished_options)NODECORE_FINISHED_OPTIONS_INIT;
  finishing.readable = -1;
  finishing.writable = 1;
  finishing.ignore_error = true;
  CHECK_OK(nodecore_stream_finished(first, &finishing, note, "written", release, NULL, NULL));
  nodecore_stream_end(first);
  run();
  CHECK(strcmp(trace, "written ") == 0);

  /* abort, addAbortSignal, dispose. */
  trace[0] = 0;
  CHECK_OK(nodecore_stream_on(first, NODECORE_EVENT_ERROR, 0, note, "error:", NULL, NULL));
  nodecore_stream_abort(first);
  nodecore_stream_abort(first);
  nodecore_stream_abort(NULL);
  run();
  CHECK(strcmp(trace, "error:ABORT_ERR ") == 0);
  nodecore_stream_free(first);
  trace[0] = 0;
  nodecore_abort_controller *fresh = NULL;
  nodecore_abort_signal_free(signal);
  nodecore_abort_controller_free(c);
  fresh = controller(&signal);
  nodecore_stream_options options = NODECORE_STREAM_OPTIONS_INIT;
  options.signal = signal;
  CHECK_OK(nodecore_stream_new(lp, NODECORE_STREAM_READABLE, &options, NULL, NULL, NULL, &r, NULL));
  CHECK_OK(nodecore_stream_on(r, NODECORE_EVENT_ERROR, 0, note, "option:", NULL, NULL));
  w = sink();
  CHECK_OK(nodecore_stream_on(w, NODECORE_EVENT_ERROR, 0, note, "added:", NULL, NULL));
  CHECK_OK(nodecore_stream_add_abort_signal(signal, w));
  CHECK_STATUS(nodecore_stream_add_abort_signal(NULL, w), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_stream_add_abort_signal(signal, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_abort_controller_abort(fresh, NULL);
  run();
  CHECK(strcmp(trace, "option:ABORT_ERR added:ABORT_ERR ") == 0);
  nodecore_stream_free(r);
  nodecore_stream_free(w);
  nodecore_abort_signal_free(signal);
  nodecore_abort_controller_free(fresh);

  trace[0] = 0;
  released = 0;
  r = source(NULL);
  CHECK_OK(nodecore_stream_dispose(r, note, "disposed", release, NULL));
  CHECK_OK(nodecore_stream_dispose(r, NULL, NULL, release, NULL));
  CHECK_STATUS(nodecore_stream_dispose(NULL, note, "", release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  run();
  CHECK(strcmp(trace, "disposed ") == 0);
  nodecore_stream_free(r);
  CHECK(released == 4);

  nodecore_finished_cancel(NULL);
  nodecore_finished_free(NULL);
  CHECK(nodecore_stream_default_high_water_mark(true) == 16);
  nodecore_stream_set_default_high_water_mark(false, 1000);
  CHECK(nodecore_stream_default_high_water_mark(false) == 1000);
  r = source(NULL);
  CHECK_OK(nodecore_stream_get_state(r, &at));
  CHECK(at.readable_high_water_mark == 1000);
  nodecore_stream_free(r);
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
  return 0;
}
