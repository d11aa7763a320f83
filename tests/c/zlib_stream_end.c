/* zlib_stream.h: close, what ends a stream early, what is not taken. */
#include "zlib_stream_check.h"

/* ---- close ---- */

static nodecore_stream *own;
static void free_own(const nodecore_error *err, void *user) {
  note(err, user);
  nodecore_stream_free(own);
  own = NULL;
}

static void closing(void) {
  for (int32_t mode = FIRST_MODE; mode <= LAST_MODE; mode++) {
    /* Before its work, while a thread has it, and when it has come back. */
    for (int turns = 0; turns < 3; turns++) {
      sink out = {NULL, 0, 0, 0};
      restart();
      own = make_into(mode, NULL, &out);
      CHECK_OK(nodecore_stream_on(own, NODECORE_EVENT_END, 0, note, NULL, NULL, NULL));
      if (compresses(mode)) nodecore_stream_write(own, text, LEN);
      for (int turn = 0; turn < turns; turn++) CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_NOWAIT, NULL,
                                                                          NULL));
      CHECK(!state(own).closed);
      CHECK_OK(nodecore_zlib_stream_close(own, free_own, NULL, release));
      CHECK(called == 0 && state(own).closed);
      run();
      CHECK(called == 1 && released == 1 && last == NODECORE_ERR_STREAM_PREMATURE_CLOSE && own == NULL);
      empty(&out);
    }
  }
  /* At its end, twice, and with nobody to call. */
  nodecore_stream *gzip = make(NODECORE_ZLIB_GZIP, NULL);
  restart();
  nodecore_stream_resume(gzip);
  nodecore_stream_end(gzip);
  run();
  for (int i = 1; i <= 2; i++) {
    CHECK_OK(nodecore_zlib_stream_close(gzip, note, NULL, release));
    run();
    CHECK(called == i && released == i && last == NODECORE_OK);
  }
  CHECK_OK(nodecore_zlib_stream_close(gzip, NULL, NULL, release));
  CHECK_OK(nodecore_zlib_stream_close(gzip, NULL, NULL, NULL));
  run();
  CHECK(called == 2 && released == 3);
  nodecore_stream_free(gzip);
  /* After a failure. */
  nodecore_stream *gunzip = make(NODECORE_ZLIB_GUNZIP, NULL);
  restart();
  CHECK_OK(nodecore_stream_on(gunzip, NODECORE_EVENT_ERROR, 0, note, NULL, NULL, NULL));
  nodecore_stream_write(gunzip, "junk", 4);
  run();
  CHECK(called == 1 && last == NODECORE_Z_DATA_ERROR);
  last = NODECORE_OK;
  CHECK_OK(nodecore_zlib_stream_close(gunzip, note, NULL, release));
  run();
  CHECK(called == 2 && last == NODECORE_Z_DATA_ERROR && released == 1);
  nodecore_stream_free(gunzip);
}

/* Of several threads, each of which may have a part of it. */
static void several_threads(void) {
  options threads = defaults;
  threads.zlib.threads = threads.zstd.threads = 3;
  char *large = words(1000000);
  static const int32_t modes[] = {NODECORE_ZLIB_GZIP, NODECORE_ZLIB_ZSTD_COMPRESS};
  for (int i = 0; i < 2; i++) {
    for (int turns = 0; turns < 3; turns++) {
      sink out = {NULL, 0, 0, 0};
      restart();
      own = make_into(modes[i], &threads, &out);
      nodecore_stream_write(own, large, 1000000);
      for (int turn = 0; turn < turns; turn++) CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_ONCE, NULL, NULL));
      CHECK_OK(nodecore_zlib_stream_close(own, free_own, NULL, release));
      run();
      CHECK(called == 1 && released == 1 && last == NODECORE_ERR_STREAM_PREMATURE_CLOSE && own == NULL);
      empty(&out);
    }
  }
  free(large);
}

/* ---- What ends one early ---- */

static void destroy_own(nodecore_chunk *chunk, void *user) {
  (void)user;
  CHECK(chunk->bytes.len > 0);
  called++;
  nodecore_stream_destroy(own, NULL);
}
static void close_own(nodecore_chunk *chunk, void *user) {
  (void)chunk;
  CHECK_OK(nodecore_zlib_stream_close(own, note, user, release));
  CHECK_STATUS(nodecore_zlib_stream_reset(own, NULL), NODECORE_ERR_STREAM_DESTROYED);
  nodecore_stream_free(own);
  own = NULL;
}
static void forget_own(nodecore_chunk *chunk, void *user) {
  add(chunk, user);
  nodecore_stream_free(own);
  own = NULL;
}
static void never(nodecore_chunk *chunk, void *user) {
  (void)chunk;
  (void)user;
  CHECK(!"called");
}

static void early(void) {
  for (int p = 0; p < PAIRS; p++) {
    sink packed = {NULL, 0, 0, 0}, out = {NULL, 0, 0, 0};
    options small = defaults;
    SET(small, chunk_size, (size_t)100);
    once(pairs[p][0], text, LEN, &packed);

    /* Destroyed, and closed and freed, inside the first chunk. */
    restart();
    own = make(pairs[p][1], &small);
    CHECK_OK(nodecore_stream_on_data(own, 0, destroy_own, NULL, release, NULL));
    nodecore_stream_write(own, packed.data, packed.len);
    run();
    CHECK(called == 1);
    nodecore_stream_free(own);
    CHECK(released == 1);
    restart();
    own = make(pairs[p][1], &small);
    CHECK_OK(nodecore_stream_on_data(own, 0, close_own, NULL, NULL, NULL));
    nodecore_stream_write(own, packed.data, packed.len);
    run();
    CHECK(called == 1 && released == 1 && last == NODECORE_ERR_STREAM_PREMATURE_CLOSE && own == NULL);
    /* Freed alone it goes on. */
    own = make(pairs[p][1], NULL);
    CHECK_OK(nodecore_stream_on_data(own, NODECORE_LISTEN_ONCE, forget_own, &out, NULL, NULL));
    CHECK_OK(nodecore_stream_on_data(own, 0, add, &out, NULL, NULL));
    nodecore_stream_write(own, packed.data, packed.len);
    nodecore_stream_end(own);
    run();
    CHECK(own == NULL && out.len > LEN && memcmp(out.data + out.len - 1000, text + LEN - 1000, 1000) == 0);
    /* Destroyed while a thread has it, and freed before that is known. */
    own = make(pairs[p][0], NULL);
    CHECK_OK(nodecore_stream_on_data(own, 0, never, NULL, NULL, NULL));
    nodecore_stream_write(own, text, LEN);
    nodecore_stream_destroy(own, NULL);
    nodecore_stream_free(own);
    run();

    /* Bad data, data that stops, a write behind the end. */
    struct {
      const char *data;
      size_t len;
    } bad[] = {{"\xff\xff\xffjunk", 7}, {packed.data, packed.len - 1}, {packed.data, 1}};
    for (int i = 0; i < 3; i++) {
      restart();
      nodecore_stream *stream = make_into(pairs[p][1], NULL, &out);
      CHECK_OK(nodecore_stream_on(stream, NODECORE_EVENT_ERROR, 0, note, NULL, NULL, NULL));
      char *data = exact(bad[i].data, bad[i].len);
      nodecore_stream_write(stream, data, bad[i].len);
      free(data);
      nodecore_stream_end(stream);
      run();
      CHECK(called == 1 && (i == 0) == (last != NODECORE_Z_BUF_ERROR));
      CHECK(state(stream).closed);
      nodecore_error *why = nodecore_stream_errored(stream);
      CHECK(why != NULL && nodecore_error_status(why) == last);
      nodecore_error_free(why);
      nodecore_stream_free(stream);
    }
    restart();
    nodecore_stream *stream = make(pairs[p][0], NULL);
    CHECK_OK(nodecore_stream_on(stream, NODECORE_EVENT_ERROR, 0, note, NULL, NULL, NULL));
    nodecore_stream_end(stream);
    CHECK(!nodecore_stream_write(stream, "x", 1));
    run();
    CHECK(called == 1 && last == NODECORE_ERR_STREAM_WRITE_AFTER_END);
    nodecore_stream_free(stream);
    empty(&packed);
    empty(&out);
  }
  options strict = defaults;
  strict.zlib.reject_garbage_after_end = true;
  sink packed = {NULL, 0, 0, 0}, out = {NULL, 0, 0, 0};
  once(NODECORE_ZLIB_GZIP, "hello", 5, &packed);
  nodecore_stream *gunzip = make_into(NODECORE_ZLIB_GUNZIP, &strict, &out);
  restart();
  CHECK_OK(nodecore_stream_on(gunzip, NODECORE_EVENT_ERROR, 0, note, NULL, NULL, NULL));
  nodecore_stream_write(gunzip, packed.data, packed.len);
  nodecore_stream_write(gunzip, "\0", 1);
  nodecore_stream_end(gunzip);
  run();
  CHECK(called == 1 && last == NODECORE_ERR_TRAILING_JUNK_AFTER_STREAM_END);
  nodecore_stream_free(gunzip);
  empty(&out);
  /* Without it what follows is left. */
  gunzip = make_into(NODECORE_ZLIB_GUNZIP, NULL, &out);
  add(&(nodecore_chunk)NODECORE_CHUNK_BYTES("\0pad", 4), &packed);
  nodecore_stream_write(gunzip, packed.data, packed.len);
  nodecore_stream_end(gunzip);
  run();
  CHECK(holds(&out, "hello", 5) && state(gunzip).bytes_written == packed.len - 4);
  nodecore_stream_free(gunzip);
  empty(&packed);
  empty(&out);
}

/* No more is made than is read: a bomb waits. */
static void bomb(void) {
  enum { ZEROS = 5000000 };
  char *zeros = calloc(ZEROS, 1);
  CHECK(zeros != NULL);
  sink packed = {NULL, 0, 0, 0};
  once(NODECORE_ZLIB_GZIP, zeros, ZEROS, &packed);
  free(zeros);
  nodecore_stream *gunzip = make(NODECORE_ZLIB_GUNZIP, NULL);
  nodecore_stream_write(gunzip, packed.data, packed.len);
  nodecore_stream_end(gunzip);
  nodecore_chunk chunk;
  bool found;
  CHECK_OK(nodecore_stream_read(gunzip, 0, &chunk, &found, NULL));
  CHECK(!found);
  run();
  nodecore_stream_state s = NODECORE_STREAM_STATE_INIT;
  CHECK_OK(nodecore_stream_get_state(gunzip, &s));
  CHECK(s.readable_length > 0 && s.readable_length < 300000 && !s.readable_ended);
  nodecore_stream_destroy(gunzip, NULL);
  run();
  nodecore_stream_free(gunzip);
  empty(&packed);
}

/* ---- Inside callbacks ---- */

static int flushes;
static void flush_again(const nodecore_error *err, void *user) {
  CHECK(err == NULL);
  if (++flushes == 5) {
    CHECK_OK(nodecore_zlib_stream_close(own, note, NULL, release));
    nodecore_stream_free(own);
    own = NULL;
    return;
  }
  nodecore_stream_write(own, text + flushes * 10, 10);
  CHECK_OK(nodecore_zlib_stream_flush(own, NODECORE_ZLIB_FLUSH_DEFAULT, flush_again, user, release, NULL));
}
static void params_inside(nodecore_chunk *chunk, void *user) {
  (void)chunk;
  (void)user;
  CHECK_STATUS(nodecore_zlib_stream_reset(own, NULL), NODECORE_UNCODED);
  CHECK_OK(nodecore_zlib_stream_params(own, called % 10, 0, note, NULL, release, NULL));
  CHECK_OK(nodecore_zlib_stream_flush(own, NODECORE_ZLIB_Z_SYNC_FLUSH, note, NULL, release, NULL));
}

static void inside(void) {
  for (int p = 0; p < PAIRS; p++) {
    sink out = {NULL, 0, 0, 0};
    nodecore_stream *unpack = make_into(pairs[p][1], NULL, &out);
    own = make(pairs[p][0], NULL);
    CHECK_OK(nodecore_stream_pipe(own, unpack, false));
    restart();
    flushes = 0;
    nodecore_stream_write(own, text, 10);
    CHECK_OK(nodecore_zlib_stream_flush(own, NODECORE_ZLIB_FLUSH_DEFAULT, flush_again, &out, release, NULL));
    run();
    CHECK(flushes == 5 && own == NULL && called == 1 && released == 6 && holds(&out, text, 50));
    CHECK(last == NODECORE_ERR_STREAM_PREMATURE_CLOSE);
    nodecore_stream_destroy(unpack, NULL);
    run();
    nodecore_stream_free(unpack);
    empty(&out);
  }
  sink out = {NULL, 0, 0, 0};
  nodecore_stream *gunzip = make_into(NODECORE_ZLIB_GUNZIP, NULL, &out);
  own = make(NODECORE_ZLIB_GZIP, NULL);
  restart();
  CHECK_OK(nodecore_stream_on_data(own, NODECORE_LISTEN_ONCE, params_inside, NULL, NULL, NULL));
  CHECK_OK(nodecore_stream_pipe(own, gunzip, false));
  nodecore_stream_write(own, text, LEN);
  nodecore_stream_write(own, text, LEN);
  nodecore_stream_end(own);
  run();
  CHECK(called == 2 && released == 2 && last == NODECORE_OK && out.len == 2 * LEN);
  nodecore_stream_free(own);
  nodecore_stream_free(gunzip);
  empty(&out);
}

/* ---- Loops that end ---- */

/* A loop with a stream at work does not close; with the stream destroyed it does, once it has run. */
static void loops_that_end(void) {
  for (int32_t mode = FIRST_MODE; mode <= LAST_MODE; mode++) {
    CHECK_OK(nodecore_loop_new(&lp, NULL));
    sink out = {NULL, 0, 0, 0};
    restart();
    nodecore_stream *stream = make_into(mode, NULL, &out);
    nodecore_stream_write(stream, text, LEN);
    CHECK_OK(nodecore_zlib_stream_flush(stream, NODECORE_ZLIB_FLUSH_DEFAULT, note, NULL, release, NULL));
    CHECK_STATUS(nodecore_loop_close(lp, NULL), NODECORE_EBUSY);
    nodecore_stream_destroy(stream, NULL);
    nodecore_stream_free(stream);
    run();
    CHECK(called == 1 && last == NODECORE_ERR_STREAM_DESTROYED && released == 1 && out.len == 0);
    CHECK_OK(nodecore_loop_close(lp, NULL));
    nodecore_loop_free(lp);
    empty(&out);
  }
}

/* ---- Bad arguments ---- */

static void refused(nodecore_stream *other) {
  nodecore_zlib_stream_state s = NODECORE_ZLIB_STREAM_STATE_INIT;
  nodecore_error *err = NULL;
  restart();
  CHECK_STATUS(nodecore_zlib_stream_get_state(other, &s), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zlib_stream_flush(other, -1, note, NULL, release, &err),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(err != NULL && is(nodecore_error_code(err), "ERR_INVALID_ARG_TYPE"));
  nodecore_error_free(err);
  CHECK_STATUS(nodecore_zlib_stream_params(other, 1, 0, note, NULL, release, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zlib_stream_reset(other, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zlib_stream_close(other, note, NULL, release), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(called == 0 && released == 3 && s.mode == 0);
}
static void refuse(nodecore_stream *source, void *user) {
  (void)user;
  refused(source);
}

static void arguments(void) {
  for (int32_t mode = FIRST_MODE; mode <= LAST_MODE; mode++) {
    nodecore_stream *stream = NULL;
    nodecore_error *err = NULL;
    options bad = defaults;
    CHECK_STATUS(create_in(NULL, mode, NULL, &stream, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
    CHECK_STATUS(create_in(lp, mode, NULL, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
    SET(bad, chunk_size, (size_t)63);
    CHECK_STATUS(create_in(lp, mode, &bad, &stream, &err), NODECORE_ERR_OUT_OF_RANGE);
    CHECK(failed_with(&err, "ERR_OUT_OF_RANGE",
                      "The value of \"options.chunkSize\" is out of range. It must be >= 64. Received 63"));
    bad = defaults;
    SET(bad, flush, 9);
    CHECK_STATUS(create_in(lp, mode, &bad, &stream, NULL), NODECORE_ERR_OUT_OF_RANGE);
    bad = defaults;
    SET(bad, struct_size, (size_t)8);
    CHECK_STATUS(create_in(lp, mode, &bad, &stream, NULL), NODECORE_ERR_OUT_OF_RANGE);
    CHECK(stream == NULL);

    stream = make(mode, &defaults);
    nodecore_stream *copy = nodecore_stream_copy(stream);
    CHECK(state(copy).mode == mode && state(copy).bytes_written == 0);
    nodecore_zlib_stream_state s = NODECORE_ZLIB_STREAM_STATE_INIT;
    CHECK_STATUS(nodecore_zlib_stream_get_state(stream, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
    s.struct_size--;
    CHECK_STATUS(nodecore_zlib_stream_get_state(stream, &s), NODECORE_ERR_OUT_OF_RANGE);
    nodecore_stream_free(copy);
    nodecore_stream_destroy(stream, NULL);
    run();
    nodecore_stream_free(stream);
  }
  refused(NULL);
  static const uint32_t kinds[] = {NODECORE_STREAM_READABLE, NODECORE_STREAM_TRANSFORM};
  for (int i = 0; i < 2; i++) {
    nodecore_stream *other = NULL;
    CHECK_OK(nodecore_stream_new(lp, kinds[i], NULL, NULL, NULL, NULL, &other, NULL));
    refused(other);
    nodecore_stream_destroy(other, NULL);
    nodecore_stream_free(other);
  }
  nodecore_stream *gzip = make(NODECORE_ZLIB_GZIP, NULL), *gunzip = make(NODECORE_ZLIB_GUNZIP, NULL);
  CHECK_OK(nodecore_stream_on_pipe(gunzip, NODECORE_EVENT_PIPE, 0, refuse, NULL, NULL, NULL));
  released = 0;
  CHECK_OK(nodecore_stream_pipe(gzip, gunzip, false));
  CHECK(released == 3);
  nodecore_stream_destroy(gzip, NULL);
  nodecore_stream_destroy(gunzip, NULL);
  run();
  nodecore_stream_free(gzip);
  nodecore_stream_free(gunzip);
}

int main(void) {
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  text = words(LEN);
  closing();
  several_threads();
  early();
  bomb();
  inside();
  arguments();
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
  loops_that_end();
  free(text);
  return 0;
}
