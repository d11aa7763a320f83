/* What the tests of zlib share: options of every family, pairs of modes, text that compresses, a loop. */
#ifndef ZLIB_CHECK_H
#define ZLIB_CHECK_H

#include "check.h"

static nodecore_loop *lp;
static int released;

static inline void release(void *user) {
  (void)user;
  released++;
}
static inline void run(void) { CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL)); }

/* The options of all families. */
typedef struct options {
  nodecore_zlib_options zlib;
  nodecore_brotli_options brotli;
  nodecore_zstd_options zstd;
} options;
static const options defaults = {NODECORE_ZLIB_OPTIONS_INIT, NODECORE_BROTLI_OPTIONS_INIT,
                                 NODECORE_ZSTD_OPTIONS_INIT};

/* Sets a field that all families have. */
#define SET(o, field, value) ((o).zlib.field = (o).brotli.field = (o).zstd.field = (value))

#define OPTION(o, family) ((o) == NULL ? NULL : &(o)->family)

/* NODECORE_ZLIB_DEFLATE to NODECORE_ZLIB_ZSTD_DECOMPRESS */
enum { FIRST_MODE = 1, LAST_MODE = 11 };

/* Those that compress, each with what undoes it. */
static const int32_t pairs[][2] = {
    {NODECORE_ZLIB_DEFLATE, NODECORE_ZLIB_INFLATE},
    {NODECORE_ZLIB_DEFLATE, NODECORE_ZLIB_UNZIP},
    {NODECORE_ZLIB_GZIP, NODECORE_ZLIB_GUNZIP},
    {NODECORE_ZLIB_GZIP, NODECORE_ZLIB_UNZIP},
    {NODECORE_ZLIB_DEFLATERAW, NODECORE_ZLIB_INFLATERAW},
    {NODECORE_ZLIB_BROTLI_ENCODE, NODECORE_ZLIB_BROTLI_DECODE},
    {NODECORE_ZLIB_ZSTD_COMPRESS, NODECORE_ZLIB_ZSTD_DECOMPRESS},
};
enum { PAIRS = sizeof pairs / sizeof *pairs };
static inline bool compresses(int32_t mode) {
  for (int p = 0; p < PAIRS; p++)
    if (pairs[p][0] == mode) return true;
  return false;
}

/* `len` bytes that compress, some of them zero. Caller frees. */
static inline char *words(size_t len) {
  char *text = malloc(len == 0 ? 1 : len);
  if (text == NULL) exit(1);
  for (size_t i = 0; i < len; i++) text[i] = (char)((i * i >> 7) % 13 == 0 ? 0 : 'a' + (i * i >> 7) % 13);
  return text;
}

/* An exact-size copy of a buffer, which is freed. */
static inline char *exact_of(nodecore_buf *buf, size_t *len) {
  *len = buf->len;
  char *copy = exact(buf->data, buf->len);
  nodecore_buf_free(buf);
  return copy;
}

/* What flows out of a stream. */
typedef struct sink {
  char *data;
  size_t len, room;
  int chunks;
} sink;
static inline void add(nodecore_chunk *chunk, void *user) {
  sink *s = user;
  if (s->len + chunk->bytes.len > s->room) {
    s->room = 2 * (s->len + chunk->bytes.len);
    s->data = realloc(s->data, s->room);
    CHECK(s->data != NULL);
  }
  memcpy(s->data + s->len, chunk->bytes.data, chunk->bytes.len);
  s->len += chunk->bytes.len;
  s->chunks++;
}
static inline bool holds(const sink *s, const char *data, size_t len) {
  return s->len == len && (len == 0 || memcmp(s->data, data, len) == 0);
}
static inline void empty(sink *s) {
  free(s->data);
  *s = (sink){NULL, 0, 0, 0};
}

#endif
