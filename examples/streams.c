/* streams COUNT FILE
 *
 * Writes to FILE, for every number from 1 to COUNT (at most 1000000), how many steps lead from it to 1 when an even
 * number is halved and an odd one tripled and increased, and the highest number on the way; then a line with the
 * number that takes most steps.
 *
 * The numbers are objects of this program's that count their references: a readable stream gives them, a transform
 * makes lines of them, and a pipeline writes these to the file, all at the pace of the slowest.
 *
 * Exit: 0 good; 1 the file could not be written, which is told on standard error; 2 bad arguments.
 * streams.cc and streams.rs are the same program. */
#include <nodecore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 1000000 };

/* ---- The objects ---- */

typedef struct number {
  unsigned refs;
  unsigned long long value;
} number;

static void number_retain(void *object) { ((number *)object)->refs++; }
static void number_release(void *object) {
  number *n = object;
  if (--n->refs == 0) free(n);
}
static const nodecore_object_type number_type = {number_retain, number_release};

/* ---- The source ---- */

typedef struct range {
  unsigned long long next, last;
} range;

static void range_read(nodecore_stream *stream, size_t size, void *user) {
  range *r = user;
  (void)size;
  bool more = true;
  while (more && r->next <= r->last) {
    number *n = malloc(sizeof *n);
    if (n == NULL) abort();
    *n = (number){1, r->next++};
    nodecore_chunk chunk = NODECORE_CHUNK_OBJECT(n, &number_type);
    /* The stream has a reference of its own from here on. */
    if (nodecore_stream_push_chunk(stream, &chunk, &more, NULL) != NODECORE_OK) more = false;
    number_release(n);
  }
  if (more) nodecore_stream_push_end(stream);
}

/* ---- The transform ---- */

typedef struct longest {
  unsigned long long value, steps;
} longest;

static void walk(nodecore_stream *stream, nodecore_chunk *chunk, nodecore_done *done, void *user) {
  longest *best = user;
  (void)stream;
  const unsigned long long start = ((const number *)chunk->object)->value;
  unsigned long long steps = 0, highest = start;
  for (unsigned long long at = start; at != 1; steps++) {
    at = at % 2 == 0 ? at / 2 : 3 * at + 1;
    if (at > highest) highest = at;
  }
  if (best->value == 0 || steps > best->steps) *best = (longest){start, steps};
  char line[80];
  int len = snprintf(line, sizeof line, "%llu %llu %llu\n", start, steps, highest);
  nodecore_done_push(done, line, (size_t)len);
}

static void sum_up(nodecore_stream *stream, nodecore_done *done, void *user) {
  const longest *best = user;
  (void)stream;
  char line[80];
  int len = snprintf(line, sizeof line, "longest: %llu\n", best->value);
  nodecore_done_push(done, line, (size_t)len);
}

/* ---- The program ---- */

/* "streams: CODE: message", and the error is gone. */
static int complain(nodecore_error *err) {
  nodecore_str code = nodecore_error_code(err), message = nodecore_error_message(err);
  fputs("streams: ", stderr);
  /* A system's error says its code itself. */
  if (message.len < code.len || memcmp(message.data, code.data, code.len) != 0)
    fprintf(stderr, "%.*s: ", (int)code.len, code.data);
  fprintf(stderr, "%.*s\n", (int)message.len, message.data);
  nodecore_error_free(err);
  return 1;
}

static void on_piped(const nodecore_error *err, void *user) {
  if (err != NULL) *(int *)user = complain(nodecore_error_copy(err));
}

int main(int argc, char **argv) {
  range numbers = {1, 0};
  char *end = NULL;
  if (argc == 3 && argv[1][0] >= '0' && argv[1][0] <= '9') numbers.last = strtoull(argv[1], &end, 10);
  if (end == NULL || *end != 0 || numbers.last > MOST) {
    fputs("usage: streams COUNT FILE\n", stderr);
    return 2;
  }
  longest best = {0, 0};
  int status = 0;
  nodecore_loop *loop = NULL;
  nodecore_error *err = NULL;
  nodecore_stream *source = NULL, *lines = NULL, *file = NULL;
  nodecore_stream_hooks reading = NODECORE_STREAM_HOOKS_INIT, walking = NODECORE_STREAM_HOOKS_INIT;
  nodecore_stream_options objects_out = NODECORE_STREAM_OPTIONS_INIT, objects_in = NODECORE_STREAM_OPTIONS_INIT;
  reading.read = range_read;
  objects_out.readable_object_mode = true;
  walking.transform = walk;
  walking.flush = sum_up;
  objects_in.writable_object_mode = true;

  bool good = nodecore_loop_new(&loop, &err) == NODECORE_OK &&
              nodecore_stream_new(loop, NODECORE_STREAM_READABLE, &objects_out, &reading, &numbers, NULL, &source,
                                  &err) == NODECORE_OK &&
              nodecore_stream_new(loop, NODECORE_STREAM_TRANSFORM, &objects_in, &walking, &best, NULL, &lines,
                                  &err) == NODECORE_OK &&
              nodecore_fs_create_write_stream(loop, argv[2], NODECORE_AUTO_LEN, NULL, &file, &err) == NODECORE_OK;
  if (good) {
    nodecore_stream *const line[] = {source, lines, file};
    good = nodecore_stream_pipeline(line, 3, NULL, on_piped, &status, NULL, &err) == NODECORE_OK &&
           nodecore_loop_run(loop, NODECORE_RUN_DEFAULT, NULL, &err) == NODECORE_OK;
  }
  if (!good) status = complain(err);
  nodecore_stream_free(source);
  nodecore_stream_free(lines);
  nodecore_stream_free(file);
  nodecore_loop_close(loop, NULL);
  nodecore_loop_free(loop);
  return status;
}
