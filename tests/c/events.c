/* events.h: order, errors, watchers, rejections, and everything done inside a listener. */
#include "check.h"

static char trace[512];
static int released;

static void note(const char *text) { strncat(trace, text, sizeof(trace) - strlen(trace) - 1); }
static bool traced(const char *text) {
  bool same = strcmp(trace, text) == 0;
  if (!same) fprintf(stderr, "traced '%s'\n", trace);
  trace[0] = '\0';
  return same;
}
static void release(void *user) {
  (void)user;
  released++;
}

/* Notes its name and the text that the event carries. */
static nodecore_status say(void *payload, void *user) {
  note(user);
  if (payload != NULL) note(payload);
  return NODECORE_OK;
}
static nodecore_status fail(void *payload, void *user) {
  (void)payload;
  (void)user;
  note("!");
  return NODECORE_EACCES;
}
static nodecore_status fail_oddly(void *payload, void *user) {
  (void)payload;
  (void)user;
  return 12345;
}
static void on_error(const nodecore_error *err, void *user) {
  nodecore_str code = nodecore_error_code(err);
  char text[64];
  snprintf(text, sizeof(text), "%s%.*s ", (const char *)user, (int)code.len, code.data);
  note(text);
}
static void on_watch(nodecore_str event, nodecore_listener_id id, void *user) {
  CHECK(id.number_ != 0);
  char text[64];
  snprintf(text, sizeof(text), "%s%.*s ", (const char *)user, (int)event.len, event.data);
  note(text);
}
static void on_text(nodecore_str text, void *user) {
  note(user);
  char copy[256];
  snprintf(copy, sizeof(copy), "%.*s", (int)text.len, text.data);
  note(copy);
}
static void on_rejection(const nodecore_error *err, nodecore_str event, void *payload, void *user) {
  on_error(err, user);
  on_text(event, "of ");
  note(payload);
}

static nodecore_emitter *self;
static nodecore_listener_id other;

/* Frees the only handle of the emitter that calls it. */
static nodecore_status free_self(void *payload, void *user) {
  (void)payload;
  (void)user;
  note("f");
  nodecore_emitter_free(self);
  self = NULL;
  return NODECORE_OK;
}
static nodecore_status remove_other(void *payload, void *user) {
  (void)payload;
  (void)user;
  CHECK(nodecore_emitter_off(self, other));
  CHECK(!nodecore_emitter_off(self, other));
  note("-");
  return NODECORE_OK;
}
static nodecore_status emit_again(void *payload, void *user) {
  int *left = payload;
  (void)user;
  note("<");
  if (--*left > 0) CHECK_OK(nodecore_emitter_emit(self, "again", 5, left, NULL, NULL));
  note(">");
  return NODECORE_OK;
}

static int kept;
static void retain(void *payload) {
  CHECK(payload != NULL);
  kept++;
}
static void let_go(void *payload) {
  CHECK(payload != NULL);
  kept--;
}

static void listeners_run_in_order(void) {
  nodecore_emitter *e = NULL;
  nodecore_error *err = NULL;
  nodecore_listener_id id, ids[4];
  bool heard = true;
  CHECK_OK(nodecore_emitter_new(NULL, &e, &err));
  CHECK_OK(nodecore_emitter_emit(e, "x", 1, NULL, &heard, NULL));
  CHECK(!heard);
  char *name = exact("event", 5);
  CHECK_OK(nodecore_emitter_on(e, name, 5, 0, say, "b", release, &id));
  CHECK_OK(nodecore_emitter_on(e, name, 5, NODECORE_LISTEN_ONCE, say, "c", release, NULL));
  CHECK_OK(nodecore_emitter_on(e, name, 5, NODECORE_LISTEN_PREPEND, say, "a", release, NULL));
  CHECK_OK(nodecore_emitter_on(e, name, 5, NODECORE_LISTEN_PREPEND | NODECORE_LISTEN_ONCE, say, "0", release, NULL));
  free(name);
  CHECK(nodecore_emitter_listener_count(e, "event", NODECORE_AUTO_LEN) == 4);
  CHECK(nodecore_emitter_listeners(e, "event", 5, ids, 4) == 4 && ids[2].number_ == id.number_);
  CHECK(nodecore_emitter_listeners(e, "event", 5, NULL, 0) == 4);
  CHECK_OK(nodecore_emitter_emit(e, "event", 5, "1 ", &heard, NULL));
  CHECK(heard && released == 2);
  CHECK_OK(nodecore_emitter_emit(e, "event", 5, "2 ", &heard, NULL));
  CHECK(traced("01 a1 b1 c1 a2 b2 "));
  CHECK(nodecore_emitter_off(e, id) && !nodecore_emitter_off(e, id) && released == 3);
  CHECK_OK(nodecore_emitter_on(e, "2", 1, 0, say, "", NULL, NULL));
  CHECK_OK(nodecore_emitter_event_names(e, on_text, ","));
  CHECK(traced(",2,event"));
  CHECK_OK(nodecore_emitter_remove_all(e, "event", 5));
  CHECK(released == 4 && nodecore_emitter_listener_count(e, "event", 5) == 0);
  CHECK_OK(nodecore_emitter_on(e, "event", 5, 0, say, "", release, NULL));
  CHECK_OK(nodecore_emitter_remove_all(e, NULL, 0));
  CHECK(released == 5);
  CHECK_OK(nodecore_emitter_on(e, "event", 5, 0, say, "", release, NULL));
  nodecore_emitter *copy = nodecore_emitter_copy(e);
  nodecore_emitter_free(e);
  CHECK(released == 5 && nodecore_emitter_listener_count(copy, "event", 5) == 1);
  nodecore_emitter_free(copy);
  CHECK(released == 6);
}

static void errors_go_to_their_listeners(void) {
  nodecore_emitter *e = NULL;
  nodecore_error *err = NULL, *error = NULL;
  CHECK_OK(nodecore_emitter_new(NULL, &e, NULL));
  CHECK_OK(nodecore_error_new(NODECORE_EIO, NULL, 0, &error));
  CHECK_STATUS(nodecore_emitter_emit_error(e, error, &err), NODECORE_EIO);
  CHECK(failed_with(&err, "EIO", "EIO: i/o error"));
  released = 0;
  CHECK_OK(nodecore_emitter_on_error_monitor(e, 0, on_error, "m:", release, NULL));
  CHECK_STATUS(nodecore_emitter_emit_error(e, error, NULL), NODECORE_EIO);
  CHECK_OK(nodecore_emitter_on_error(e, NODECORE_LISTEN_ONCE, on_error, "e:", release, NULL));
  CHECK_OK(nodecore_emitter_event_names(e, on_text, ","));
  CHECK(traced("m:EIO ,error," NODECORE_ERROR_MONITOR));
  CHECK_OK(nodecore_emitter_emit_error(e, error, &err));
  CHECK(err == NULL && traced("m:EIO e:EIO ") && released == 1);
  CHECK_STATUS(nodecore_emitter_emit_error(e, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);

  /* An error that is no nodecore_error, and a listener that fails. */
  CHECK_STATUS(nodecore_emitter_emit(e, "error", 5, NULL, NULL, &err), NODECORE_ERR_UNHANDLED_ERROR);
  CHECK(failed_with(&err, "ERR_UNHANDLED_ERROR", "Unhandled error. ([External: 0])"));
  CHECK_OK(nodecore_emitter_on(e, "x", 1, 0, say, "1", NULL, NULL));
  CHECK_OK(nodecore_emitter_on(e, "x", 1, 0, fail, NULL, NULL, NULL));
  CHECK_OK(nodecore_emitter_on(e, "x", 1, 0, say, "3", NULL, NULL));
  CHECK_STATUS(nodecore_emitter_emit(e, "x", 1, NULL, NULL, &err), NODECORE_EACCES);
  CHECK(failed_with(&err, "EACCES", "EACCES: permission denied") && traced("1!"));
  CHECK_OK(nodecore_emitter_on(e, "odd", 3, 0, fail_oddly, NULL, NULL, NULL));
  CHECK_STATUS(nodecore_emitter_emit(e, "odd", 3, NULL, NULL, NULL), NODECORE_ERR_OUT_OF_RANGE);
  nodecore_error_free(error);
  nodecore_emitter_free(e);
}

static void watchers_and_limits(void) {
  nodecore_emitter *e = NULL;
  nodecore_listener_id id;
  released = 0;
  CHECK_OK(nodecore_emitter_new(NULL, &e, NULL));
  CHECK_OK(nodecore_emitter_on_new_listener(e, on_watch, "+", release, NULL));
  CHECK_OK(nodecore_emitter_on_remove_listener(e, on_watch, "-", release, NULL));
  CHECK_OK(nodecore_emitter_on(e, "x", 1, 0, say, "", NULL, &id));
  CHECK(nodecore_emitter_off(e, id));
  CHECK_OK(nodecore_emitter_on(e, "y", 1, 0, say, "", NULL, NULL));
  CHECK_OK(nodecore_emitter_remove_all(e, NULL, 0));
  CHECK(traced("+removeListener +x -x +y -newListener -y "));
  CHECK(released == 2);

  CHECK(nodecore_emitter_max_listeners(e) == 10 && nodecore_events_default_max_listeners() == 10);
  nodecore_events_set_default_max_listeners(2);
  CHECK(nodecore_emitter_max_listeners(e) == 2);
  nodecore_events_set_default_max_listeners(10);
  nodecore_emitter_set_max_listeners(e, 1);
  nodecore_events_on_warning(on_text, "W:", release);
  CHECK_OK(nodecore_emitter_on(e, "x", 1, 0, say, "", NULL, NULL));
  CHECK_OK(nodecore_emitter_on(e, "x", 1, 0, say, "", NULL, NULL));
  CHECK_OK(nodecore_emitter_on(e, "x", 1, 0, say, "", NULL, NULL));
  CHECK(traced("W:Possible EventEmitter memory leak detected. 2 x listeners added to [EventEmitter]. "
               "MaxListeners is 1. Use emitter.setMaxListeners() to increase limit"));
  nodecore_events_on_warning(NULL, NULL, NULL);
  CHECK(released == 3);
  nodecore_emitter_free(e);
}

static void rejections_come_with_the_next_tick(void) {
  nodecore_loop *lp = NULL;
  nodecore_emitter *e = NULL;
  nodecore_error *err = NULL, *error = NULL;
  nodecore_emitter_options opts = NODECORE_EMITTER_OPTIONS_INIT;
  opts.capture_rejections = 1;
  opts.retain = retain;
  opts.release = let_go;
  CHECK(!nodecore_events_capture_rejections());
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  CHECK_OK(nodecore_emitter_new(&opts, &e, NULL));
  CHECK(nodecore_emitter_captures_rejections(e));
  CHECK_OK(nodecore_error_new(NODECORE_EPERM, NULL, 0, &error));
  CHECK_OK(nodecore_emitter_on_error(e, 0, on_error, "e:", NULL, NULL));
  CHECK_OK(nodecore_emitter_reject(e, lp, "x", 1, "payload", error));
  CHECK(traced("") && kept == 1);
  CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL));
  CHECK(traced("e:EPERM ") && kept == 0);
  released = 0;
  CHECK_OK(nodecore_emitter_on_rejection(e, on_rejection, "r:", release));
  CHECK_OK(nodecore_emitter_reject(e, lp, "x", 1, "/payload", error));
  CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL));
  CHECK(traced("r:EPERM of x/payload") && kept == 0);
  CHECK_OK(nodecore_emitter_on_rejection(e, NULL, NULL, NULL));
  CHECK(released == 1);

  /* Nobody listens: the run gives the error. */
  CHECK_OK(nodecore_emitter_remove_all(e, NULL, 0));
  CHECK_OK(nodecore_emitter_reject(e, lp, "x", 1, "payload", error));
  CHECK_STATUS(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, &err), NODECORE_EPERM);
  nodecore_error_free(err);
  CHECK_STATUS(nodecore_emitter_reject(e, NULL, "x", 1, "payload", error), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_emitter_reject(e, lp, "x", 1, "payload", NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(kept == 0);
  nodecore_error_free(error);
  nodecore_emitter_free(e);

  nodecore_events_set_capture_rejections(true);
  CHECK_OK(nodecore_emitter_new(NULL, &e, NULL));
  CHECK(nodecore_emitter_captures_rejections(e));
  nodecore_events_set_capture_rejections(false);
  nodecore_emitter_free(e);
  opts.capture_rejections = 7;
  CHECK_STATUS(nodecore_emitter_new(&opts, &e, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
}

static void inside_listeners(void) {
  released = 0;
  CHECK_OK(nodecore_emitter_new(NULL, &self, NULL));
  CHECK_OK(nodecore_emitter_on(self, "x", 1, 0, remove_other, NULL, release, NULL));
  CHECK_OK(nodecore_emitter_on(self, "x", 1, NODECORE_LISTEN_ONCE, free_self, NULL, release, NULL));
  CHECK_OK(nodecore_emitter_on(self, "x", 1, 0, say, "o", release, &other));
  CHECK_OK(nodecore_emitter_emit(self, "x", 1, NULL, NULL, NULL));
  CHECK(self == NULL && traced("-fo") && released == 3);

  int left = 3;
  CHECK_OK(nodecore_emitter_new(NULL, &self, NULL));
  CHECK_OK(nodecore_emitter_on(self, "again", 5, 0, emit_again, NULL, release, NULL));
  CHECK_OK(nodecore_emitter_emit(self, "again", 5, &left, NULL, NULL));
  CHECK(left == 0 && traced("<<<>>>"));
  nodecore_emitter_free(self);
  CHECK(released == 4);
}

static void bad_arguments(void) {
  nodecore_emitter *e = NULL;
  nodecore_error *err = NULL;
  nodecore_listener_id none = {0, 0}, id = {0, 0};
  released = 0;
  CHECK_STATUS(nodecore_emitter_new(NULL, NULL, &err), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_error_free(err);
  CHECK_OK(nodecore_emitter_new(NULL, &e, NULL));
  CHECK_STATUS(nodecore_emitter_on(e, "x", 1, 0, NULL, NULL, release, &id), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_emitter_on(NULL, "x", 1, 0, say, "", release, &id), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_emitter_on(e, "\xff", 1, 0, say, "", release, &id), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_STATUS(nodecore_emitter_on(e, "x", 1, 4, say, "", release, &id), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_emitter_on(e, NULL, 1, 0, say, "", release, &id), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_emitter_on_error(e, 9, on_error, "", release, &id), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_emitter_on_error(e, 0, NULL, "", release, &id), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_emitter_on_error_monitor(NULL, 0, on_error, "", release, &id), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_emitter_on_new_listener(e, NULL, "", release, &id), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_emitter_on_remove_listener(NULL, on_watch, "", release, &id), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_emitter_on_rejection(NULL, on_rejection, "", release), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(released == 11);
  CHECK(id.number_ == 0);
  CHECK_STATUS(nodecore_emitter_emit(NULL, "x", 1, NULL, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_emitter_emit(e, "\xff", 1, NULL, NULL, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_STATUS(nodecore_emitter_remove_all(NULL, NULL, 0), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_emitter_event_names(e, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(!nodecore_emitter_off(e, none) && !nodecore_emitter_off(NULL, none));
  CHECK(nodecore_emitter_listener_count(NULL, "x", 1) == 0);
  CHECK(nodecore_emitter_listeners(NULL, "x", 1, NULL, 0) == 0);
  CHECK(nodecore_emitter_max_listeners(NULL) == 0 && !nodecore_emitter_captures_rejections(NULL));
  nodecore_emitter_set_max_listeners(NULL, 1);
  CHECK(nodecore_emitter_copy(NULL) == NULL);
  nodecore_emitter_free(NULL);
  nodecore_emitter_free(e);
}

int main(void) {
  listeners_run_in_order();
  errors_go_to_their_listeners();
  watchers_and_limits();
  rejections_come_with_the_next_tick();
  inside_listeners();
  bad_arguments();
  return 0;
}
