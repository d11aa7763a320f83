/* What the tests of web streams share: a trace of what was called back, objects that count their references. */
#ifndef WEB_CHECK_H
#define WEB_CHECK_H

#include "check.h"

static nodecore_loop *lp;
static int released;
static char trace[2048];

static inline void release(void *user) {
  (void)user;
  released++;
}
static inline void run(void) { CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL)); }

static inline void add(const char *text, size_t len) {
  size_t used = strlen(trace);
  CHECK(used + len < sizeof trace);
  memcpy(trace + used, text, len);
  trace[used + len] = 0;
}
static inline void add_code(const nodecore_error *err) {
  nodecore_str code = nodecore_error_code(err);
  add(":", 1);
  add(code.data, code.len);
}

/* Adds " user", and the code if it failed. */
static inline void note(const nodecore_error *err, void *user) {
  add(" ", 1);
  add((const char *)user, strlen((const char *)user));
  if (err != NULL) add_code(err);
}

/* As `note`; adds the message as well, for what is refused. */
static inline void note_message(const nodecore_error *err, void *user) {
  note(err, user);
  CHECK(err != NULL);
  nodecore_str name = nodecore_error_name(err), message = nodecore_error_message(err);
  add(":", 1);
  add(name.data, name.len);
  add(":", 1);
  add(message.data, message.len);
}

static inline void note_read_message(const nodecore_error *err, nodecore_chunk *chunk, void *user) {
  CHECK(chunk == NULL);
  note_message(err, user);
}

/* Whether the trace is this; empties it. */
static inline bool traced(const char *expected) {
  bool same = strcmp(trace, expected) == 0;
  if (!same) fprintf(stderr, "traced '%s' instead of '%s'\n", trace, expected);
  trace[0] = 0;
  return same;
}

/* Objects on the heap, so that a use after the last release is seen. */
typedef struct thing {
  int references;
  int value;
} thing;
static int things;
static inline void thing_retain(void *object) { ((thing *)object)->references++; }
static inline void thing_release(void *object) {
  thing *t = object;
  CHECK(t->references > 0);
  if (--t->references == 0) {
    things--;
    free(t);
  }
}
static const nodecore_object_type thing_type = {thing_retain, thing_release};
static inline thing *thing_new(int value) {
  thing *t = malloc(sizeof *t);
  if (t == NULL) exit(1);
  *t = (thing){1, value};
  things++;
  return t;
}

/* " user=text", " user=#value", " user=end" or " user:CODE". */
static inline void note_read(const nodecore_error *err, nodecore_chunk *chunk, void *user) {
  note(err, user);
  if (err != NULL) {
    CHECK(chunk == NULL);
    return;
  }
  add("=", 1);
  if (chunk == NULL) {
    add("end", 3);
  } else if (chunk->object != NULL) {
    CHECK(chunk->type == &thing_type);
    char text[16];
    add(text, (size_t)snprintf(text, sizeof text, "#%d", ((thing *)chunk->object)->value));
  } else {
    add(chunk->bytes.data, chunk->bytes.len);
  }
}

static inline nodecore_error *eio(void) {
  nodecore_error *err = NULL;
  CHECK_OK(nodecore_error_new(NODECORE_EIO, NULL, 0, &err));
  return err;
}

/* Closes the loop; nothing that was made may be left. */
static inline int finish(void) {
  run();
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
  CHECK(things == 0);
  return 0;
}

#endif
