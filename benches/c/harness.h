/* Times one piece of work and prints a line of JSON, in the same way as benches/js/harness.mjs. */
#ifndef HARNESS_H
#define HARNESS_H

#include <nodecore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MUST(call)                                                                      \
  do {                                                                                  \
    nodecore_status status_ = (call);                                                   \
    if (status_ != NODECORE_OK) {                                                       \
      fprintf(stderr, "%s gave %s\n", #call, nodecore_status_name(status_));            \
      exit(1);                                                                          \
    }                                                                                   \
  } while (0)

#define FIELDS 8

/* One line of inputs, split at tabs; `all` is what JavaScript would have: the line itself. */
typedef struct line {
  size_t count;
  nodecore_str fields[FIELDS];
} line;

typedef struct lines {
  size_t count;
  line *at;
} lines;

static inline double now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static inline char *read_all(const char *path, size_t *len) {
  FILE *f = fopen(path, "rb");
  if (f == NULL) {
    perror(path);
    exit(1);
  }
  fseek(f, 0, SEEK_END);
  *len = (size_t)ftell(f);
  rewind(f);
  char *data = malloc(*len + 1);
  if (data == NULL || fread(data, 1, *len, f) != *len) exit(1);
  data[*len] = 0;
  fclose(f);
  return data;
}

/* A file that xtask made; the caller frees the name. */
static inline char *data_file(const char *name) {
  const char *folder = getenv("NODECORE_BENCH_DATA");
  size_t size = strlen(folder ? folder : ".") + strlen(name) + 2;
  char *path = malloc(size);
  if (path == NULL) exit(1);
  snprintf(path, size, "%s/%s", folder ? folder : ".", name);
  return path;
}

/* The lines of a file, split at tabs; they live as long as the program. */
static inline lines lines_of(const char *path) {
  size_t len;
  char *text = read_all(path, &len);
  lines out = {0, calloc(len + 1, sizeof(line))};
  if (out.at == NULL) exit(1);
  for (char *p = text; *p;) {
    line *to = &out.at[out.count++];
    for (;;) {
      size_t n = strcspn(p, "\t\n");
      if (to->count < FIELDS) to->fields[to->count++] = (nodecore_str){p, n};
      p += n;
      if (*p == '\t') {
        p++;
        continue;
      }
      if (*p == '\n') p++;
      break;
    }
  }
  return out;
}

/* The lines of benches/inputs/NAME.txt. */
static inline lines inputs(const char *name) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s.txt", getenv("NODECORE_BENCH_INPUTS"), name);
  return lines_of(path);
}

static inline int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The compiler puts the work into the loop around it, as JavaScript's compilers and Rust's do. */
#ifdef __GNUC__
#define IN_PLACE static inline __attribute__((always_inline))
#else
#define IN_PLACE static inline
#endif

typedef size_t (*each_work)(const line *);

/* `run(times, work)` does the work that often. */
IN_PLACE void measure_as(const char *check, void (*run)(size_t times, each_work work), each_work work) {
  enum { MOST = 4096 };
  static double samples[MOST];
  size_t times = 1, count = 0;
  double warm = now_ns();
  for (;;) {
    double start = now_ns();
    run(times, work);
    double took = now_ns() - start;
    if (took < 5e6) times *= 2;
    else if (now_ns() - warm > 2e8) break;
  }
  double start = now_ns();
  while (count < MOST && (count < 5 || now_ns() - start < 5e8)) {
    double before = now_ns();
    run(times, work);
    samples[count++] = (now_ns() - before) / (double)times;
  }
  qsort(samples, count, sizeof samples[0], by_value);
  printf("{\"ns\": %.3f, \"check\": \"%s\"}\n", samples[count / 2], check);
}

static void (*plain_work)(size_t times);

static inline void plain_run(size_t times, each_work unused) {
  (void)unused;
  plain_work(times);
}

/* `run(times)` does the work that often. */
static inline void measure(const char *check, void (*run)(size_t times)) {
  plain_work = run;
  measure_as(check, plain_run, NULL);
}

static inline void measure_number(size_t check, void (*run)(size_t times)) {
  char text[32];
  snprintf(text, sizeof text, "%zu", check);
  measure(text, run);
}

/* As `measure`, for a function that does the work once and returns what is to check. */
static size_t (*once_work)(void);
static size_t once_check;

static inline void once_run(size_t times) {
  for (size_t i = 0; i < times; i++)
    if (once_work() != once_check) exit(1);
}

static inline void measure_once(size_t (*work)(void)) {
  once_work = work;
  once_check = work();
  measure_number(once_check, once_run);
}

/* Prints the most memory that the process has taken so far, in bytes; null where the system does not tell. */
static inline void print_peak(size_t check) {
  unsigned long long kilobytes = 0;
  char text[256];
  FILE *f = fopen("/proc/self/status", "r");
  while (f != NULL && fgets(text, sizeof text, f) != NULL)
    if (sscanf(text, "VmHWM: %llu kB", &kilobytes) == 1) break;
  if (f != NULL) fclose(f);
  if (kilobytes > 0) printf("{\"bytes\": %llu, \"check\": \"%zu\"}\n", kilobytes * 1024, check);
  else printf("{\"bytes\": null, \"check\": \"%zu\"}\n", check);
}

/* As `measure`, for a function of one line of inputs that returns a length. */
static lines each_lines;
static volatile size_t each_sink;

IN_PLACE void each_run(size_t times, each_work work) {
  static size_t reached;
  const line *const at = each_lines.at;
  const size_t count = each_lines.count;
  size_t sum = 0, next = reached;
  for (size_t i = 0; i < times; i++) {
    sum += work(&at[next]);
    if (++next == count) next = 0;
  }
  reached = next;
  each_sink += sum;
}

/* `shows` gives what JavaScript's body does, where that takes more than the work. */
IN_PLACE int measure_each_as(lines in, each_work work, each_work shows) {
  size_t check = 0;
  for (size_t i = 0; i < in.count; i++) check += shows(&in.at[i]);
  char text[32];
  snprintf(text, sizeof text, "%zu", check);
  each_lines = in;
  measure_as(text, each_run, work);
  return 0;
}

IN_PLACE int measure_each(lines in, each_work work) {
  return measure_each_as(in, work, work);
}

#endif
