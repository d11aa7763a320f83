/* abort.h: reasons, timeouts, signals of signals, and handles freed inside listeners. */
#include "check.h"

static char trace[128];
static int released;

static void note(void *user) { strcat(trace, user); }
static void release(void *user) {
  (void)user;
  released++;
}
static bool traced(const char *text) {
  bool same = strcmp(trace, text) == 0;
  if (!same) fprintf(stderr, "traced '%s'\n", trace);
  trace[0] = '\0';
  return same;
}

static nodecore_abort_controller *controller;
static nodecore_abort_signal *held;
static void free_all(void *user) {
  note(user);
  nodecore_abort_controller_abort(controller, NULL);
  nodecore_abort_controller_free(controller);
  nodecore_abort_signal_free(held);
  controller = NULL;
  held = NULL;
}

static void aborts_once(void) {
  nodecore_error *err = NULL, *reason = NULL;
  nodecore_listener_id id;
  CHECK_OK(nodecore_abort_controller_new(&controller, &err));
  nodecore_abort_signal *signal = nodecore_abort_controller_signal(controller);
  CHECK(!nodecore_abort_signal_aborted(signal) && nodecore_abort_signal_reason(signal) == NULL);
  CHECK_OK(nodecore_abort_signal_throw_if_aborted(signal, &err));
  CHECK_OK(nodecore_abort_signal_on_abort(signal, note, "a", release, NULL));
  CHECK_OK(nodecore_abort_signal_on_abort(signal, note, "b", release, &id));
  CHECK_OK(nodecore_abort_signal_on_abort(signal, note, "c", release, NULL));
  CHECK(nodecore_abort_signal_off(signal, id) && !nodecore_abort_signal_off(signal, id) && released == 1);
  nodecore_abort_controller_abort(controller, NULL);
  nodecore_abort_controller_abort(controller, NULL);
  CHECK(traced("ac") && released == 3 && nodecore_abort_signal_aborted(signal));
  CHECK_STATUS(nodecore_abort_signal_throw_if_aborted(signal, &err), NODECORE_ABORT_ERR);
  CHECK(is(nodecore_error_name(err), "AbortError"));
  CHECK(failed_with(&err, "ABORT_ERR", "This operation was aborted"));
  CHECK_OK(nodecore_abort_signal_on_abort(signal, note, "late", release, &id));
  CHECK(released == 4 && traced(""));
  nodecore_abort_signal_free(signal);
  nodecore_abort_controller_free(controller);

  CHECK_OK(nodecore_error_new(NODECORE_EIO, "why", 3, &reason));
  CHECK_OK(nodecore_abort_signal_abort(reason, &signal, NULL));
  nodecore_error_free(reason);
  reason = nodecore_abort_signal_reason(signal);
  CHECK(nodecore_abort_signal_aborted(signal) && failed_with(&reason, "EIO", "why"));
  nodecore_abort_signal *copy = nodecore_abort_signal_copy(signal);
  nodecore_abort_signal_free(signal);
  CHECK(nodecore_abort_signal_aborted(copy));
  nodecore_abort_signal_free(copy);
  CHECK_OK(nodecore_abort_signal_abort(NULL, &signal, NULL));
  CHECK_STATUS(nodecore_abort_signal_throw_if_aborted(signal, NULL), NODECORE_ABORT_ERR);
  nodecore_abort_signal_free(signal);
}

static void signals_of_signals(void) {
  nodecore_abort_controller *other = NULL;
  nodecore_error *reason = NULL;
  released = 0;
  CHECK_OK(nodecore_abort_controller_new(&controller, NULL));
  CHECK_OK(nodecore_abort_controller_new(&other, NULL));
  nodecore_abort_signal *one = nodecore_abort_controller_signal(controller);
  nodecore_abort_signal *two = nodecore_abort_controller_signal(other);
  const nodecore_abort_signal *both[] = {one, two};
  nodecore_abort_signal *any = NULL;
  CHECK_OK(nodecore_abort_signal_any(both, 2, &any, NULL));
  CHECK_OK(nodecore_abort_signal_on_abort(any, note, "any", release, NULL));
  CHECK_OK(nodecore_abort_signal_on_abort(two, note, "two ", release, NULL));
  /* It has a listener: it lives without handles. */
  nodecore_abort_signal_free(any);
  CHECK(released == 0);
  CHECK_OK(nodecore_error_new(NODECORE_EPERM, NULL, 0, &reason));
  nodecore_abort_controller_abort(other, reason);
  nodecore_error_free(reason);
  CHECK(traced("two any") && released == 2);
  CHECK(!nodecore_abort_signal_aborted(one));
  CHECK_OK(nodecore_abort_signal_any(both, 2, &any, NULL));
  reason = nodecore_abort_signal_reason(any);
  CHECK(failed_with(&reason, "EPERM", "EPERM: operation not permitted"));
  nodecore_abort_signal_free(any);

  /* One that nobody can abort any more goes with its sources. */
  CHECK_OK(nodecore_abort_signal_any(both, 1, &any, NULL));
  CHECK_OK(nodecore_abort_signal_on_abort(any, note, "never", release, NULL));
  nodecore_abort_signal_free(any);
  nodecore_abort_signal_free(one);
  CHECK(released == 2);
  nodecore_abort_controller_free(controller);
  CHECK(released == 3);
  nodecore_abort_signal_free(two);
  nodecore_abort_controller_free(other);
  CHECK_OK(nodecore_abort_signal_any(NULL, 0, &any, NULL));
  CHECK(!nodecore_abort_signal_aborted(any));
  nodecore_abort_signal_free(any);
}

static void timeouts(void) {
  nodecore_loop *lp = NULL;
  nodecore_timer *timer = NULL;
  nodecore_error *reason = NULL;
  nodecore_abort_signal *signal = NULL, *any = NULL;
  released = 0;
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  CHECK_OK(nodecore_abort_signal_timeout(lp, 1, &signal, NULL));
  CHECK(!nodecore_loop_alive(lp));
  const nodecore_abort_signal *sources[] = {signal};
  CHECK_OK(nodecore_abort_signal_any(sources, 1, &any, NULL));
  CHECK_OK(nodecore_abort_signal_on_abort(any, note, "any", release, NULL));
  nodecore_abort_signal_free(any);
  CHECK_OK(nodecore_abort_signal_on_abort(signal, note, "timeout ", release, NULL));
  CHECK_OK(nodecore_loop_set_timeout(lp, 10, note, " end", release, &timer));
  nodecore_timer_free(timer);
  CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL));
  CHECK(traced("timeout any end") && released == 3);
  reason = nodecore_abort_signal_reason(signal);
  CHECK(is(nodecore_error_name(reason), "TimeoutError"));
  CHECK(failed_with(&reason, "ABORT_ERR", "The operation was aborted due to timeout"));

  /* Aborted already: a microtask. */
  CHECK_OK(nodecore_abort_signal_add_listener(signal, lp, note, "micro", release, NULL));
  CHECK(traced(""));
  CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL));
  CHECK(traced("micro") && released == 4);
  nodecore_abort_signal_free(signal);

  /* Handles freed early, with and without listeners; a loop that ends before the timeout. */
  CHECK_OK(nodecore_abort_signal_timeout(lp, 100000, &signal, NULL));
  nodecore_abort_signal_free(signal);
  CHECK_OK(nodecore_abort_signal_timeout(lp, 1, &signal, NULL));
  CHECK_OK(nodecore_abort_signal_add_listener(signal, lp, note, "kept", release, NULL));
  nodecore_abort_signal_free(signal);
  CHECK_OK(nodecore_loop_set_timeout(lp, 10, note, " end", release, NULL));
  CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL));
  CHECK(traced("kept end") && released == 6);
  CHECK_OK(nodecore_abort_signal_timeout(lp, 100000, &signal, NULL));
  sources[0] = signal;
  CHECK_OK(nodecore_abort_signal_any(sources, 1, &any, NULL));
  CHECK_OK(nodecore_abort_signal_on_abort(any, note, "never", release, NULL));
  CHECK_OK(nodecore_abort_signal_on_abort(signal, note, "never", release, NULL));
  nodecore_abort_signal_free(any);
  nodecore_abort_signal_free(signal);
  CHECK(released == 6);
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
  CHECK(released == 8 && traced(""));
}

static void freed_inside(void) {
  released = 0;
  CHECK_OK(nodecore_abort_controller_new(&controller, NULL));
  held = nodecore_abort_controller_signal(controller);
  CHECK_OK(nodecore_abort_signal_on_abort(held, free_all, "f", release, NULL));
  CHECK_OK(nodecore_abort_signal_on_abort(held, note, "2", release, NULL));
  nodecore_abort_controller_abort(controller, NULL);
  CHECK(traced("f2") && released == 2 && controller == NULL);
}

static void bad_arguments(void) {
  nodecore_loop *lp = NULL;
  nodecore_error *err = NULL;
  nodecore_abort_signal *signal = NULL, *out = NULL;
  nodecore_listener_id none = {0, 0};
  const nodecore_abort_signal *nothing[] = {NULL};
  released = 0;
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  CHECK_OK(nodecore_abort_signal_abort(NULL, &signal, NULL));
  CHECK_STATUS(nodecore_abort_controller_new(NULL, &err), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_error_free(err);
  CHECK_STATUS(nodecore_abort_signal_abort(NULL, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_abort_signal_timeout(NULL, 1, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_abort_signal_any(NULL, 1, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_abort_signal_any(nothing, 1, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_abort_signal_throw_if_aborted(NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_abort_signal_on_abort(NULL, note, "", release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_abort_signal_on_abort(signal, NULL, "", release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_abort_signal_add_listener(signal, NULL, note, "", release, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(released == 3 && out == NULL);
  CHECK(!nodecore_abort_signal_off(NULL, none) && !nodecore_abort_signal_off(signal, none));
  CHECK(!nodecore_abort_signal_aborted(NULL) && nodecore_abort_signal_reason(NULL) == NULL);
  CHECK(nodecore_abort_signal_copy(NULL) == NULL && nodecore_abort_controller_signal(NULL) == NULL);
  nodecore_abort_controller_abort(NULL, NULL);
  nodecore_abort_controller_free(NULL);
  nodecore_abort_signal_free(NULL);
  nodecore_abort_signal_free(signal);
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
}

int main(void) {
  aborts_once();
  signals_of_signals();
  timeouts();
  freed_inside();
  bad_arguments();
  return 0;
}
