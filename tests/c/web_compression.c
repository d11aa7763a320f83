/* web_compression.h: bytes compressed and decompressed. */
#include "web_check.h"

/* A locked stream, and what was read of it: `reads` go on to the end. */
typedef struct flow {
  nodecore_web_writer *writer;
  nodecore_web_reader *reader;
  char *data;
  size_t len, room;
  char end[400];
} flow;

static nodecore_web_transform *made(bool compress, const char *format) {
  nodecore_web_transform *t = NULL;
  CHECK_OK((compress ? nodecore_web_compression_new
                     : nodecore_web_decompression_new)(lp, format, NODECORE_AUTO_LEN, &t, NULL));
  return t;
}
static flow *lock(nodecore_web_readable *r, nodecore_web_writable *w) {
  flow *f = calloc(1, sizeof *f);
  if (f == NULL) exit(1);
  if (w != NULL) CHECK_OK(nodecore_web_writable_get_writer(w, &f->writer, NULL));
  CHECK_OK(nodecore_web_readable_get_reader(r, &f->reader, NULL));
  nodecore_web_readable_free(r);
  nodecore_web_writable_free(w);
  return f;
}
/* The stream itself is freed. */
static flow *flow_of(nodecore_web_transform *t) {
  flow *f = lock(nodecore_web_transform_readable(t), nodecore_web_transform_writable(t));
  nodecore_web_transform_free(t);
  return f;
}
static void free_flow(flow *f) {
  nodecore_web_writer_free(f->writer);
  nodecore_web_reader_free(f->reader);
  free(f->data);
  free(f);
}

/* "Name CODE message", and of a cause the same after "<". */
static void describe(char *text, size_t size, const nodecore_error *err) {
  text[0] = 0;
  for (; err != NULL; err = nodecore_error_cause(err)) {
    nodecore_str name = nodecore_error_name(err), code = nodecore_error_code(err), message = nodecore_error_message(err);
    size_t used = strlen(text);
    snprintf(text + used, size - used, "%s%.*s %.*s %.*s", used == 0 ? "" : "<", (int)name.len, name.data,
             (int)code.len, code.data, (int)message.len, message.data);
  }
}
static void got(const nodecore_error *err, nodecore_chunk *chunk, void *user) {
  flow *f = user;
  if (err != NULL) {
    describe(f->end, sizeof f->end, err);
  } else if (chunk == NULL) {
    strcpy(f->end, "end");
  } else {
    size_t len = chunk->bytes.len;
    CHECK(chunk->object == NULL && len > 0);
    if (f->room - f->len < len) {
      f->room = 2 * f->room + len;
      f->data = realloc(f->data, f->room);
      if (f->data == NULL) exit(1);
    }
    memcpy(f->data + f->len, chunk->bytes.data, len);
    f->len += len;
    CHECK_OK(nodecore_web_reader_read(f->reader, got, f, NULL));
  }
}
static void write_bytes(flow *f, const char *data, size_t len) {
  char *copy = exact(data, len);
  nodecore_chunk chunk = NODECORE_CHUNK_BYTES(copy, len);
  CHECK_OK(nodecore_web_writer_write(f->writer, &chunk, NULL, NULL, NULL));
  free(copy);
}
static void told(const nodecore_error *err, void *user) { describe(user, 400, err); }

/* Closes and reads to the end; both sides end alike. */
static void drain(flow *f) {
  char closed[400] = "-";
  CHECK_OK(nodecore_web_writer_close(f->writer, told, closed, NULL));
  CHECK_OK(nodecore_web_reader_read(f->reader, got, f, NULL));
  run();
  CHECK(strcmp(closed, strcmp(f->end, "end") == 0 ? "" : f->end) == 0);
}

static const char *const formats[] = {"gzip", "deflate", "deflate-raw", "brotli"};
enum { FORMATS = 4, SIZE = 150000 };

static unsigned random_below(unsigned limit) {
  static unsigned seed = 7;
  seed = seed * 1664525u + 1013904223u;
  return (seed >> 8) % limit;
}

/* Runs, repetitions and noise. */
static char *some_data(void) {
  char *data = malloc(SIZE);
  if (data == NULL) exit(1);
  for (size_t i = 0; i < SIZE; i++) {
    if (i < SIZE / 3) {
      data[i] = (char)(i / 700);
    } else {
      data[i] = i < SIZE / 2 ? (char)random_below(256) : data[i - SIZE / 3];
    }
  }
  return data;
}

/* What comes out for data that goes in cut into pieces of less than `largest` bytes, empty ones among them. */
static flow *converted(bool compress, const char *format, const char *data, size_t len, unsigned largest) {
  flow *f = flow_of(made(compress, format));
  for (size_t at = 0; at < len;) {
    size_t piece = random_below(largest);
    if (piece > len - at) piece = len - at;
    write_bytes(f, data + at, piece);
    at += piece;
  }
  drain(f);
  CHECK(strcmp(f->end, "end") == 0);
  return f;
}

static void round_trips(void) {
  char *data = some_data();
  static const unsigned largest[] = {600, 50000, 2 * SIZE};
  for (int i = 0; i < FORMATS; i++) {
    for (int cut = 0; cut < 3; cut++) {
      size_t len = cut == 0 ? SIZE / 30 : SIZE;
      flow *packed = converted(true, formats[i], data, len, largest[cut]);
      CHECK(packed->len < len);
      if (i == 0) {
        nodecore_buf back = NODECORE_BUF_INIT;
        CHECK(memcmp(packed->data, "\x1f\x8b\x08", 3) == 0);
        CHECK_OK(nodecore_zlib_gunzip_sync(packed->data, packed->len, NULL, &back, NULL, NULL));
        CHECK(back.len == len && memcmp(back.data, data, len) == 0);
        nodecore_buf_free(&back);
      }
      if (i == 1) CHECK(memcmp(packed->data, "\x78\x9c", 2) == 0);
      flow *back = converted(false, formats[i], packed->data, packed->len, largest[cut] / 4);
      CHECK(back->len == len && memcmp(back->data, data, len) == 0);
      free_flow(back);
      free_flow(packed);
    }
    /* Nothing at all is something once compressed. */
    flow *nothing = converted(true, formats[i], NULL, 0, 1);
    CHECK(nothing->len > 0);
    flow *back = converted(false, formats[i], nothing->data, nothing->len, 2);
    CHECK(back->len == 0);
    free_flow(back);
    free_flow(nothing);
  }
  free(data);
}

/* What Node 26 made of "hello hello hello", and what it says of damaged data. */
#define PACKED(name, text) static const char name[] = text
PACKED(gzip, "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\x57\xc8\x40\x90\x00\x80\x88\xf9\xe5\x11\x00\x00\x00");
PACKED(deflate, "\x78\x9c\xcb\x48\xcd\xc9\xc9\x57\xc8\x40\x90\x00\x3a\x2e\x06\x7d");
PACKED(deflate_raw, "\xcb\x48\xcd\xc9\xc9\x57\xc8\x40\x90\x00");
PACKED(brotli, "\x1b\x10\x00\xf8\x8d\x94\x6e\xde\x44\x55\x86\x96\x6c\x20\x6f\x01\x4f\x1c\x60\x1c");
static const struct {
  const char *data;
  size_t len;
} packed[FORMATS] = {{gzip, sizeof gzip - 1},
                     {deflate, sizeof deflate - 1},
                     {deflate_raw, sizeof deflate_raw - 1},
                     {brotli, sizeof brotli - 1}};
#define CUT_SHORT "TypeError Z_BUF_ERROR <Error Z_BUF_ERROR unexpected end of file"
#define DATA(message) "TypeError Z_DATA_ERROR <Error Z_DATA_ERROR " message
#define JUNK                                        \
  "TypeError ERR_TRAILING_JUNK_AFTER_STREAM_END " \
  "Trailing junk found after the end of the compressed stream"
static const char *const no_data[FORMATS] = {
    DATA("incorrect header check"), DATA("incorrect header check"), DATA("invalid block type"),
    "TypeError ERR__ERROR_FORMAT_PADDING_2 <Error ERR__ERROR_FORMAT_PADDING_2 Decompression failed"};

/* How the stream ends after these two pieces; what comes out before is the text or the start of it. */
static bool ends(const char *format, const char *one, size_t one_len, const char *two, size_t two_len,
                 const char *expected) {
  static const char text[] = "hello hello hello";
  flow *f = flow_of(made(false, format));
  write_bytes(f, one, one_len);
  if (two != NULL) write_bytes(f, two, two_len);
  drain(f);
  bool same = strcmp(f->end, expected) == 0 && f->len <= sizeof text - 1 && memcmp(f->data == NULL ? "" : f->data, text, f->len) == 0;
  if (strcmp(expected, "end") == 0 && f->len != sizeof text - 1) same = false;
  if (!same) fprintf(stderr, "%s: %.*s, %s\n", format, (int)f->len, f->data, f->end);
  free_flow(f);
  return same;
}
static void decompresses(void) {
  for (int i = 0; i < FORMATS; i++) {
    const char *format = formats[i], *data = packed[i].data;
    size_t len = packed[i].len;
    for (size_t at = 0; at <= len; at++) CHECK(ends(format, data, at, data + at, len - at, "end"));
    for (size_t at = 0; at < len; at++) CHECK(ends(format, data, at, NULL, 0, CUT_SHORT));
    CHECK(ends(format, data, len, "", 1, JUNK));
    CHECK(ends(format, data, len, "x", 1, JUNK));
    CHECK(ends(format, data, len, data, len, JUNK));
    char twice[2 * sizeof gzip];
    memcpy(twice, data, len);
    memcpy(twice + len, data, len);
    CHECK(ends(format, twice, 2 * len, NULL, 0, JUNK));
    CHECK(ends(format, "not packed", 10, NULL, 0, no_data[i]));
    CHECK(ends(format, "\xff\xff\xff", 3, "\xff", 1, no_data[i]));
  }
  char damaged[sizeof gzip];
  memcpy(damaged, gzip, sizeof gzip);
  damaged[sizeof gzip - 6] ^= 1;
  CHECK(ends("gzip", damaged, sizeof gzip - 1, NULL, 0, DATA("incorrect data check")));

  /* Text stands for bytes. */
  flow *f = flow_of(made(false, "deflate-raw"));
  nodecore_chunk hex = NODECORE_CHUNK_TEXT("cb48cdc9c957c8409000", NODECORE_AUTO_LEN, "hex");
  CHECK_OK(nodecore_web_writer_write(f->writer, &hex, NULL, NULL, NULL));
  drain(f);
  CHECK(f->len == 17 && memcmp(f->data, "hello hello hello", 17) == 0);
  free_flow(f);
}

static bool next_piece(nodecore_chunk *chunk, nodecore_error **err, void *user) {
  static const char text[] = "hello hello hello";
  size_t *at = user;
  (void)err;
  if (*at == sizeof text - 1) return false;
  *chunk = (nodecore_chunk)NODECORE_CHUNK_BYTES(text + (*at)++, 1);
  return true;
}
static void pipes(void) {
  size_t at = 0;
  nodecore_web_readable *last = NULL;
  CHECK_OK(nodecore_web_readable_from(lp, next_piece, &at, NULL, &last, NULL));
  /* Through all at once: compressed by one after the other, and back in the other order. */
  for (int i = 0; i < 2 * FORMATS; i++) {
    bool there = i < FORMATS;
    nodecore_web_transform *t = made(there, formats[there ? i : 2 * FORMATS - 1 - i]);
    nodecore_web_readable *out = NULL;
    CHECK_OK(nodecore_web_readable_pipe_through(last, t, NULL, &out, NULL));
    nodecore_web_transform_free(t);
    nodecore_web_readable_free(last);
    last = out;
  }
  flow *f = lock(last, NULL);
  CHECK_OK(nodecore_web_reader_read(f->reader, got, f, NULL));
  run();
  CHECK(strcmp(f->end, "end") == 0 && f->len == 17 && memcmp(f->data, "hello hello hello", 17) == 0);
  free_flow(f);
}

static void refuses_objects(void) {
  static const char message[] =
      "TypeError ERR_INVALID_ARG_TYPE The \"chunk\" argument must be of type string or an instance of Buffer, "
      "TypedArray, or DataView. Received an instance of Object";
  for (int i = 0; i < 2 * FORMATS; i++) {
    flow *f = flow_of(made(i < FORMATS, formats[i % FORMATS]));
    thing *object = thing_new(1);
    nodecore_chunk chunk = NODECORE_CHUNK_OBJECT(object, &thing_type);
    char written[400] = "-";
    CHECK_OK(nodecore_web_writer_write(f->writer, &chunk, told, written, NULL));
    thing_release(object);
    drain(f);
    CHECK(strcmp(f->end, message) == 0 && strcmp(written, message) == 0);
    CHECK(f->len == 0);
    free_flow(f);
    CHECK(things == 0);
  }
}

static void ignore_read(const nodecore_error *err, nodecore_chunk *chunk, void *user) {
  (void)err, (void)chunk, (void)user;
}

/* Streams that are cancelled or aborted while they work, or wait for a reader; the handles go before or after. */
static void ended_early(void) {
  static char zeros[1 << 18];
  nodecore_buf small = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_zlib_gzip_sync(zeros, sizeof zeros, NULL, &small, NULL, NULL));
  for (int i = 0; i < 2 * 2 * 2 * 4; i++) {
    bool compress = i & 1, cancel = i & 2, first = i & 4;
    flow *f = flow_of(made(compress, "gzip"));
    write_bytes(f, compress ? zeros : small.data, compress ? sizeof zeros : small.len);
    CHECK_OK(nodecore_web_reader_read(f->reader, ignore_read, NULL, NULL));
    for (int turn = 0; turn < i >> 3; turn++) CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_NOWAIT, NULL, NULL));
    nodecore_error *reason = eio();
    if (cancel) {
      CHECK_OK(nodecore_web_reader_cancel(f->reader, reason, note, "cancelled", NULL));
    } else {
      CHECK_OK(nodecore_web_writer_abort(f->writer, reason, note, "aborted", NULL));
    }
    nodecore_error_free(reason);
    if (first) free_flow(f);
    run();
    if (!first) free_flow(f);
    CHECK(traced(cancel ? " cancelled" : " aborted"));
  }
  /* What expands is not taken to its end before somebody reads. */
  flow *f = flow_of(made(false, "gzip"));
  write_bytes(f, small.data, small.len);
  CHECK_OK(nodecore_web_writer_close(f->writer, note, "closed", NULL));
  run();
  CHECK(traced(""));
  CHECK_OK(nodecore_web_reader_read(f->reader, got, f, NULL));
  run();
  CHECK(strcmp(f->end, "end") == 0 && f->len == sizeof zeros && memcmp(f->data, zeros, sizeof zeros) == 0);
  CHECK(traced(" closed"));
  free_flow(f);
  nodecore_buf_free(&small);
}

static bool endless(nodecore_chunk *chunk, nodecore_error **err, void *user) {
  static const char piece[4096];
  (void)err;
  ++*(size_t *)user;
  *chunk = (nodecore_chunk)NODECORE_CHUNK_BYTES(piece, sizeof piece);
  return true;
}
/* Streams of which only the handles are freed, in any state: the leak checker looks for what is left. */
static void only_freed(void) {
  static char zeros[1 << 16];
  nodecore_buf small = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_zlib_gzip_sync(zeros, sizeof zeros, NULL, &small, NULL, NULL));
  for (int i = 0; i < 2 * 3 * 2 * 3 * 2; i++) {
    bool compress = i & 1, end = i / 36;
    int writes = i / 2 % 3, reads = i / 6 % 2, turns = i / 12 % 3;
    flow *f = flow_of(made(compress, "gzip"));
    for (int w = 0; w < writes; w++) {
      write_bytes(f, compress ? zeros : small.data, compress ? sizeof zeros : small.len);
    }
    if (end) CHECK_OK(nodecore_web_writer_close(f->writer, NULL, NULL, NULL));
    for (int r = 0; r < reads; r++) CHECK_OK(nodecore_web_reader_read(f->reader, ignore_read, NULL, NULL));
    if (turns == 1) CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_NOWAIT, NULL, NULL));
    if (turns == 2) run();
    /* One side before the other. */
    if (i % 5 == 0) {
      nodecore_web_reader_free(f->reader);
      f->reader = NULL;
      run();
    }
    free_flow(f);
    run();
  }
  /* Piped into, with what comes out dropped: the source is asked no more. */
  for (int stages = 1; stages < 4; stages++) {
    size_t asked = 0;
    nodecore_web_readable *last = NULL;
    CHECK_OK(nodecore_web_readable_from(lp, endless, &asked, release, &last, NULL));
    for (int i = 0; i < stages; i++) {
      nodecore_web_transform *t = made(i % 2 == 0, "deflate");
      nodecore_web_readable *out = NULL;
      CHECK_OK(nodecore_web_readable_pipe_through(last, t, NULL, &out, NULL));
      nodecore_web_transform_free(t);
      nodecore_web_readable_free(last);
      last = out;
    }
    run();
    CHECK(asked > 0 && asked < 100000 && released == 0);
    nodecore_web_readable_free(last);
    run();
    CHECK(released == 1);
    released = 0;
  }
  nodecore_buf_free(&small);
}

static void refuses(void) {
  nodecore_web_transform *t = NULL;
  nodecore_error *err = NULL;
  static const char *const unknown[] = {"zstd", "", "GZIP", "gzi", "gzip ", "deflate_raw"};
  for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
    for (int compress = 0; compress < 2; compress++) {
      char message[200];
      snprintf(message, sizeof message,
               "Failed to construct '%s': 1st argument '%s' is not a valid enum value of type CompressionFormat.",
               compress ? "CompressionStream" : "DecompressionStream", unknown[i]);
      char *format = exact(unknown[i], strlen(unknown[i]));
      CHECK_STATUS((compress ? nodecore_web_compression_new
                             : nodecore_web_decompression_new)(lp, format, strlen(unknown[i]), &t, &err),
                   NODECORE_ERR_INVALID_ARG_VALUE);
      free(format);
      CHECK(is(nodecore_error_name(err), "TypeError") && failed_with(&err, "ERR_INVALID_ARG_VALUE", message));
    }
  }
  CHECK_STATUS(nodecore_web_compression_new(lp, "\xff", 1, &t, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_STATUS(nodecore_web_compression_new(lp, NULL, 0, &t, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_STATUS(nodecore_web_compression_new(lp, NULL, 4, &t, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_compression_new(NULL, "gzip", 4, &t, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_compression_new(lp, "gzip", 4, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_decompression_new(lp, "\xff", 1, &t, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_STATUS(nodecore_web_decompression_new(lp, NULL, NODECORE_AUTO_LEN, &t, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_decompression_new(NULL, "gzip", 4, &t, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_web_decompression_new(lp, "gzip", 4, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(t == NULL);
}

int main(void) {
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  round_trips();
  decompresses();
  pipes();
  refuses_objects();
  ended_early();
  only_freed();
  refuses();
  return finish();
}
