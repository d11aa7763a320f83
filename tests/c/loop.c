/* loop.h: order, release functions, wakers, errors. */
#include <pthread.h>

#include "check.h"

static char trace[64];
static int released;

static void note(void *user) { strcat(trace, (const char *)user); }
static void release(void *user) {
  (void)user;
  released++;
}

static nodecore_loop *lp;
static nodecore_timer *interval;
static int rounds;
static void on_interval(void *user) {
  (void)user;
  if (++rounds == 3) nodecore_timer_clear(interval);
}

static void *wake_it(void *waker) {
  nodecore_loop_wake(waker);
  nodecore_waker_free(waker);
  return NULL;
}

static void free_loop(void *user) { nodecore_loop_free(user); }

static char order[8];
static void note_order(void *user) { strcat(order, (const char *)user); }
static nodecore_timer *first;
static void refresh_first(void *user) {
  note_order(user);
  nodecore_timer_refresh(first);
}

/* A timeout that is refreshed runs after one that was due in between; one that ran, and an immediate, do not. */
static void refreshing(void) {
  nodecore_timer *immediate = NULL;
  CHECK_OK(nodecore_loop_set_timeout(lp, 20, note_order, "1", release, &first));
  CHECK_OK(nodecore_loop_set_timeout(lp, 10, refresh_first, "2", release, NULL));
  CHECK_OK(nodecore_loop_set_timeout(lp, 25, note_order, "3", release, NULL));
  CHECK_OK(nodecore_loop_set_immediate(lp, note_order, "i", release, &immediate));
  CHECK(nodecore_timer_has_ref(immediate));
  nodecore_timer_refresh(immediate);
  CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL));
  CHECK(strcmp(order, "i231") == 0);
  CHECK(!nodecore_timer_has_ref(immediate));
  nodecore_timer_refresh(first);
  nodecore_timer_refresh(immediate);
  CHECK(!nodecore_loop_alive(lp));
  nodecore_timer_free(first);
  nodecore_timer_free(immediate);
  nodecore_timer_refresh(NULL);
  CHECK(!nodecore_timer_has_ref(NULL));
}

static nodecore_request *request;
static void ignore_stats(const nodecore_error *err, const nodecore_stats *stats, void *user) {
  (void)user;
  CHECK(err == NULL && stats->type == NODECORE_FS_DIRECTORY);
}

static nodecore_task *queue[8];
static int queued, released_hooks, checkpoints;
static void enqueue(nodecore_task *task, void *user) {
  CHECK(user == &released_hooks && queued < 8);
  queue[queued++] = task;
}
static void run_queue(void *user) {
  CHECK(user == &released_hooks);
  checkpoints++;
  for (int i = 0; i < queued; i++) CHECK_OK(nodecore_task_run(queue[i], NULL));
  queued = 0;
}
static void release_hooks(void *user) { (*(int *)user)++; }
static void fail_unheard(void *user) {
  nodecore_stream *stream = NULL;
  nodecore_error *err = NULL;
  (void)user;
  CHECK_OK(nodecore_stream_new(lp, NODECORE_STREAM_READABLE, NULL, NULL, NULL, NULL, &stream, NULL));
  CHECK_OK(nodecore_error_new(NODECORE_EIO, NULL, 0, &err));
  nodecore_stream_destroy(stream, err);
  nodecore_error_free(err);
  nodecore_stream_free(stream);
}

/* A host's queues take the place of the loop's, until they are taken away. */
static void hosted(void) {
  nodecore_host_hooks hooks = NODECORE_HOST_HOOKS_INIT;
  nodecore_error *err = NULL;
  trace[0] = 0;
  released = 0;
  hooks.struct_size = 3;
  CHECK_STATUS(nodecore_loop_set_host_hooks(lp, &hooks, &released_hooks, release_hooks, NULL),
               NODECORE_ERR_OUT_OF_RANGE);
  CHECK(released_hooks == 1);
  hooks.struct_size = sizeof hooks;
  hooks.next_tick = hooks.queue_microtask = enqueue;
  CHECK_OK(nodecore_loop_set_host_hooks(lp, &hooks, &released_hooks, release_hooks, NULL));
  CHECK_OK(nodecore_loop_next_tick(lp, note, "t", release));
  CHECK_OK(nodecore_loop_queue_microtask(lp, note, "m", release));
  CHECK(queued == 2);
  CHECK_OK(nodecore_task_run(queue[1], NULL));
  CHECK(strcmp(trace, "m") == 0 && released == 1);
  nodecore_task_free(queue[0]);
  CHECK(strcmp(trace, "m") == 0 && released == 2);
  nodecore_task_free(NULL);
  CHECK_STATUS(nodecore_task_run(NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);

  queued = 0;
  CHECK_OK(nodecore_loop_next_tick(lp, fail_unheard, NULL, NULL));
  CHECK_OK(nodecore_task_run(queue[0], NULL));
  CHECK(queued == 2);
  CHECK_STATUS(nodecore_task_run(queue[1], &err), NODECORE_EIO);
  nodecore_error_free(err);

  queued = 0;
  hooks.checkpoint = run_queue;
  CHECK_OK(nodecore_loop_set_host_hooks(lp, &hooks, &released_hooks, release_hooks, NULL));
  CHECK(released_hooks == 2);
  CHECK_OK(nodecore_loop_next_tick(lp, note, "t", release));
  CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL));
  CHECK(strcmp(trace, "mt") == 0 && released == 3 && checkpoints > 0);
  CHECK_OK(nodecore_loop_set_host_hooks(lp, NULL, NULL, NULL, NULL));
  CHECK(released_hooks == 3);
  CHECK_OK(nodecore_loop_next_tick(lp, note, "o", release));
  CHECK(queued == 0);
  CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL));
  CHECK(strcmp(trace, "mto") == 0);
  CHECK_STATUS(nodecore_loop_set_host_hooks(NULL, NULL, &released_hooks, release_hooks, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(released_hooks == 4);
}

int main(void) {
  nodecore_error *err = NULL;
  bool alive = true;
  CHECK_OK(nodecore_loop_new(&lp, &err));
  CHECK(!nodecore_loop_alive(lp));
  CHECK(nodecore_loop_backend_fd(lp) >= 0);

  CHECK_OK(nodecore_loop_set_immediate(lp, note, "i", release, NULL));
  CHECK_OK(nodecore_loop_queue_microtask(lp, note, "m", release));
  CHECK_OK(nodecore_loop_next_tick(lp, note, "t", release));
  CHECK(nodecore_loop_alive(lp));
  CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, &alive, &err));
  CHECK(strcmp(trace, "tmi") == 0);
  CHECK(!alive && released == 3);

  nodecore_timer *timer = NULL;
  CHECK_OK(nodecore_loop_set_timeout(lp, 1, note, "x", release, &timer));
  CHECK(nodecore_timer_has_ref(timer));
  nodecore_timer_unref(timer);
  CHECK(!nodecore_loop_alive(lp) && !nodecore_timer_has_ref(timer));
  nodecore_timer_ref(timer);
  CHECK(nodecore_loop_alive(lp) && nodecore_timer_has_ref(timer));
  nodecore_timer_clear(timer);
  nodecore_timer_free(timer);
  CHECK(released == 4 && strcmp(trace, "tmi") == 0);

  CHECK_OK(nodecore_loop_set_interval(lp, 1, on_interval, NULL, release, &interval));
  CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, &err));
  CHECK(rounds == 3 && released == 5);
  nodecore_timer_free(interval);

  hosted();
  released = 5;
  strcpy(trace, "tmi");

  refreshing();
  CHECK(released == 9);
  released = 5;

  /* Errors still release, and never call. */
  CHECK_STATUS(nodecore_loop_next_tick(lp, NULL, NULL, release), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_loop_set_timeout(NULL, 1, note, "y", release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(released == 7);
  CHECK_STATUS(nodecore_loop_run(lp, 9, NULL, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_loop_new(NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);

  /* A wake from another thread ends a run that waits. */
  CHECK_OK(nodecore_loop_set_timeout(lp, 60000, note, "z", release, &timer));
  pthread_t thread;
  CHECK(pthread_create(&thread, NULL, wake_it, nodecore_loop_waker(lp)) == 0);
  CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_ONCE, &alive, NULL));
  CHECK(alive);
  pthread_join(thread, NULL);
  CHECK(nodecore_loop_backend_timeout(lp) > 0);
  CHECK(nodecore_loop_now(lp) > 0);
  nodecore_timer_free(timer);
  nodecore_waker *late = nodecore_loop_waker(lp);
  nodecore_loop_free(lp); /* the pending timer never runs, and is released */
  CHECK(released == 8);
  nodecore_loop_wake(late);
  nodecore_waker_free(late);

  CHECK_OK(nodecore_loop_new(&lp, NULL));
  CHECK_OK(nodecore_loop_set_immediate(lp, free_loop, lp, NULL, &timer));
  nodecore_timer_free(timer);
  CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL));
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  CHECK_OK(nodecore_fs_stat(lp, ".", 1, ignore_stats, NULL, release, &request, NULL));
  CHECK_STATUS(nodecore_loop_close(lp, &err), NODECORE_EBUSY);
  nodecore_error_free(err);
  CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL));
  CHECK(released == 9);
  CHECK(!nodecore_request_cancel(request));
  nodecore_request_free(request);
  nodecore_loop_stop(lp);
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
  nodecore_loop_free(NULL);
  nodecore_timer_clear(NULL);
  nodecore_timer_free(NULL);
  nodecore_timer_ref(NULL);
  nodecore_timer_unref(NULL);
  nodecore_waker_free(NULL);
  nodecore_loop_wake(NULL);
  CHECK(nodecore_loop_waker(NULL) == NULL);
  CHECK(!nodecore_request_cancel(NULL));
  nodecore_request_free(NULL);
  CHECK(strcmp(trace, "tmi") == 0);
  return 0;
}
