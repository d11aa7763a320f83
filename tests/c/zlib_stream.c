/* zlib_stream.h: every stream; flush, params, reset, close; what ends one early. */
#include "zlib_check.h"

static char *text;
enum { LEN = 100000 };

static nodecore_status create_in(nodecore_loop *loop, int32_t mode, const options *o, nodecore_stream **out,
                                 nodecore_error **err) {
  const nodecore_zlib_options *z = OPTION(o, zlib);
  const nodecore_brotli_options *b = OPTION(o, brotli);
  const nodecore_zstd_options *s = OPTION(o, zstd);
  switch (mode) {
    case NODECORE_ZLIB_DEFLATE: return nodecore_zlib_create_deflate(loop, z, out, err);
    case NODECORE_ZLIB_INFLATE: return nodecore_zlib_create_inflate(loop, z, out, err);
    case NODECORE_ZLIB_GZIP: return nodecore_zlib_create_gzip(loop, z, out, err);
    case NODECORE_ZLIB_GUNZIP: return nodecore_zlib_create_gunzip(loop, z, out, err);
    case NODECORE_ZLIB_DEFLATERAW: return nodecore_zlib_create_deflate_raw(loop, z, out, err);
    case NODECORE_ZLIB_INFLATERAW: return nodecore_zlib_create_inflate_raw(loop, z, out, err);
    case NODECORE_ZLIB_UNZIP: return nodecore_zlib_create_unzip(loop, z, out, err);
    case NODECORE_ZLIB_BROTLI_DECODE: return nodecore_zlib_create_brotli_decompress(loop, b, out, err);
    case NODECORE_ZLIB_BROTLI_ENCODE: return nodecore_zlib_create_brotli_compress(loop, b, out, err);
    case NODECORE_ZLIB_ZSTD_COMPRESS: return nodecore_zlib_create_zstd_compress(loop, s, out, err);
    default: return nodecore_zlib_create_zstd_decompress(loop, s, out, err);
  }
}
static nodecore_stream *make(int32_t mode, const options *o) {
  nodecore_stream *stream = NULL;
  nodecore_error *err = NULL;
  CHECK_OK(create_in(lp, mode, o, &stream, &err));
  return stream;
}
static nodecore_stream *make_into(int32_t mode, const options *o, sink *out) {
  nodecore_stream *stream = make(mode, o);
  CHECK_OK(nodecore_stream_on_data(stream, 0, add, out, NULL, NULL));
  return stream;
}
static nodecore_zlib_stream_state state(const nodecore_stream *stream) {
  nodecore_zlib_stream_state s = NODECORE_ZLIB_STREAM_STATE_INIT;
  CHECK_OK(nodecore_zlib_stream_get_state(stream, &s));
  CHECK(s.struct_size == sizeof s);
  return s;
}

/* What came back: how often, and with which status the last time. */
static int called;
static nodecore_status last;
static void note(const nodecore_error *err, void *user) {
  (void)user;
  called++;
  last = err == NULL ? NODECORE_OK : nodecore_error_status(err);
}
static void restart(void) {
  called = released = 0;
  last = 1;
}

/* `len` bytes through a compressor and what undoes it. */
static void through(int32_t packer, int32_t unpacker, const options *o, size_t piece) {
  sink out = {NULL, 0, 0, 0};
  nodecore_stream *pack = make(packer, o), *unpack = make_into(unpacker, o, &out);
  CHECK_OK(nodecore_stream_pipe(pack, unpack, false));
  for (size_t at = 0; at < LEN; at += piece) nodecore_stream_write(pack, text + at, LEN - at < piece ? LEN - at : piece);
  nodecore_stream_write(pack, NULL, 0);
  nodecore_stream_end(pack);
  run();
  CHECK(holds(&out, text, LEN));
  CHECK(state(pack).bytes_written == LEN && state(pack).mode == packer && state(unpack).mode == unpacker);
  CHECK(state(pack).closed && state(unpack).closed);
  nodecore_stream_free(pack);
  nodecore_stream_free(unpack);
  empty(&out);
}

static void round_trips(void) {
  for (int p = 0; p < PAIRS; p++) {
    options o = defaults;
    through(pairs[p][0], pairs[p][1], NULL, 7777);
    SET(o, chunk_size, (size_t)NODECORE_ZLIB_Z_MIN_CHUNK);
    o.zlib.flush = NODECORE_ZLIB_Z_SYNC_FLUSH;
    o.brotli.flush = NODECORE_ZLIB_BROTLI_OPERATION_FLUSH;
    o.zstd.flush = NODECORE_ZLIB_ZSTD_e_flush;
    through(pairs[p][0], pairs[p][1], &o, 30000);
  }
  options threads = defaults;
  threads.zlib.threads = 3;
  threads.zstd.threads = 2;
  through(NODECORE_ZLIB_GZIP, NODECORE_ZLIB_GUNZIP, &threads, 7777);
  through(NODECORE_ZLIB_ZSTD_COMPRESS, NODECORE_ZLIB_ZSTD_DECOMPRESS, &threads, LEN);
}

/* ---- flush ---- */

static void flushing(void) {
  for (int p = 0; p < PAIRS; p++) {
    int32_t mode = pairs[p][0];
    bool deflate = mode != NODECORE_ZLIB_BROTLI_ENCODE && mode != NODECORE_ZLIB_ZSTD_COMPRESS;
    int32_t kinds[] = {NODECORE_ZLIB_FLUSH_DEFAULT, deflate ? NODECORE_ZLIB_Z_SYNC_FLUSH : 1};
    int32_t beyond = deflate ? 6 : mode == NODECORE_ZLIB_BROTLI_ENCODE ? 4 : 3;
    sink out = {NULL, 0, 0, 0};
    nodecore_stream *pack = make(mode, NULL), *unpack = make_into(pairs[p][1], NULL, &out);
    CHECK_OK(nodecore_stream_pipe(pack, unpack, false));
    restart();
    for (int round = 0; round < 6; round++) {
      nodecore_stream_write(pack, text + round * 10, 10);
      /* Without the flush so little would stay inside. */
      run();
      CHECK(out.len == (size_t)round * 10);
      CHECK_OK(nodecore_zlib_stream_flush(pack, kinds[round % 2], note, NULL, release, NULL));
      CHECK(called == round && released == round);
      run();
      CHECK(called == round + 1 && released == round + 1 && last == NODECORE_OK);
      CHECK(holds(&out, text, (size_t)(round + 1) * 10));
      CHECK(state(pack).bytes_written == out.len && !state(pack).closed);
    }
    /* Nobody need be called. */
    CHECK_OK(nodecore_zlib_stream_flush(pack, NODECORE_ZLIB_FLUSH_DEFAULT, NULL, NULL, NULL, NULL));
    CHECK_OK(nodecore_zlib_stream_flush(pack, 0, NULL, NULL, release, NULL));
    run();
    CHECK(released == 7);

    nodecore_error *err = NULL;
    CHECK_STATUS(nodecore_zlib_stream_flush(pack, beyond, note, NULL, release, &err), NODECORE_ERR_OUT_OF_RANGE);
    char expected[100];
    snprintf(expected, sizeof expected, "The value of \"kind\" is out of range. It must be >= 0 and <= %d. Received %d",
             beyond - 1, beyond);
    CHECK(failed_with(&err, "ERR_OUT_OF_RANGE", expected));
    CHECK_STATUS(nodecore_zlib_stream_flush(pack, -2, note, NULL, release, NULL), NODECORE_ERR_OUT_OF_RANGE);
    CHECK_STATUS(nodecore_zlib_stream_flush(pack, INT32_MIN, note, NULL, release, NULL), NODECORE_ERR_OUT_OF_RANGE);
    CHECK(called == 6 && released == 10);

    /* Behind the end: with the reader's end, and at once. */
    restart();
    nodecore_stream_end(pack);
    CHECK_OK(nodecore_zlib_stream_flush(pack, NODECORE_ZLIB_FLUSH_DEFAULT, note, NULL, release, NULL));
    CHECK(called == 0);
    run();
    CHECK(called == 1 && last == NODECORE_OK && released == 1);
    CHECK_OK(nodecore_zlib_stream_flush(pack, NODECORE_ZLIB_FLUSH_DEFAULT, note, NULL, release, NULL));
    CHECK(called == 1);
    run();
    CHECK(called == 2 && last == NODECORE_OK && released == 2);
    nodecore_stream_free(pack);
    nodecore_stream_free(unpack);
    empty(&out);
  }
  /* A flush of a stream that fails before it. */
  nodecore_stream *inflate = make(NODECORE_ZLIB_INFLATE, NULL);
  restart();
  CHECK_OK(nodecore_stream_on(inflate, NODECORE_EVENT_ERROR, 0, note, NULL, NULL, NULL));
  nodecore_stream_write(inflate, "junk", 4);
  CHECK_OK(nodecore_zlib_stream_flush(inflate, NODECORE_ZLIB_FLUSH_DEFAULT, note, NULL, release, NULL));
  run();
  CHECK(called == 2 && last == NODECORE_Z_DATA_ERROR && released == 1);
  nodecore_stream_free(inflate);
  /* One whose end does not come. */
  nodecore_stream *gzip = make(NODECORE_ZLIB_GZIP, NULL);
  restart();
  nodecore_stream_end(gzip);
  CHECK_OK(nodecore_zlib_stream_flush(gzip, NODECORE_ZLIB_FLUSH_DEFAULT, note, NULL, release, NULL));
  nodecore_stream_destroy(gzip, NULL);
  run();
  nodecore_stream_free(gzip);
  CHECK(called == 0 && released == 1);
}

/* ---- params ---- */

static void params(void) {
  static const int32_t family[] = {NODECORE_ZLIB_DEFLATE, NODECORE_ZLIB_GZIP, NODECORE_ZLIB_DEFLATERAW};
  static const int32_t back[] = {NODECORE_ZLIB_INFLATE, NODECORE_ZLIB_GUNZIP, NODECORE_ZLIB_INFLATERAW};
  for (int i = 0; i < 3; i++) {
    options store = defaults;
    sink packed = {NULL, 0, 0, 0}, out = {NULL, 0, 0, 0};
    store.zlib.has_level = true;
    store.zlib.level = NODECORE_ZLIB_Z_NO_COMPRESSION;
    nodecore_stream *pack = make_into(family[i], &store, &packed), *unpack = make_into(back[i], NULL, &out);
    CHECK_OK(nodecore_stream_pipe(pack, unpack, false));
    restart();
    nodecore_stream_write(pack, text, 50000);
    CHECK_OK(nodecore_zlib_stream_params(pack, 9, NODECORE_ZLIB_Z_DEFAULT_STRATEGY, note, NULL, release, NULL));
    CHECK(called == 0);
    run();
    CHECK(called == 1 && last == NODECORE_OK && released == 1);
    size_t stored = packed.len;
    CHECK(stored > 50000);
    nodecore_stream_write(pack, text + 50000, 50000);
    CHECK_OK(nodecore_zlib_stream_params(pack, 9, 0, NULL, NULL, NULL, NULL));
    nodecore_stream_end(pack);
    run();
    CHECK(packed.len - stored < 25000 && holds(&out, text, LEN));
    nodecore_stream_free(pack);
    nodecore_stream_free(unpack);
    empty(&packed);
    empty(&out);
  }
  nodecore_error *err = NULL;
  for (int32_t mode = FIRST_MODE; mode <= LAST_MODE; mode++) {
    nodecore_stream *stream = make(mode, NULL);
    restart();
    CHECK_STATUS(nodecore_zlib_stream_params(stream, 10, 0, note, NULL, release, &err), NODECORE_ERR_OUT_OF_RANGE);
    CHECK(failed_with(&err, "ERR_OUT_OF_RANGE",
                      "The value of \"level\" is out of range. It must be >= -1 and <= 9. Received 10"));
    CHECK_STATUS(nodecore_zlib_stream_params(stream, 1, 7, note, NULL, release, &err), NODECORE_ERR_OUT_OF_RANGE);
    CHECK(failed_with(&err, "ERR_OUT_OF_RANGE",
                      "The value of \"strategy\" is out of range. It must be >= 0 and <= 4. Received 7"));
    /* The deflate family takes them, also one that decompresses; the others have none. */
    nodecore_status expected = mode <= NODECORE_ZLIB_UNZIP ? NODECORE_OK : NODECORE_ERR_METHOD_NOT_IMPLEMENTED;
    CHECK_STATUS(nodecore_zlib_stream_params(stream, 1, 0, note, NULL, release, NULL), expected);
    run();
    CHECK(called == (expected == NODECORE_OK) && released == 3);
    nodecore_stream_destroy(stream, NULL);
    run();
    nodecore_stream_free(stream);
  }
}

/* ---- reset ---- */

/* What `mode` makes of its input at once: the compressed text for one that decompresses it. */
static void once(int32_t mode, const char *data, size_t len, sink *out) {
  nodecore_stream *stream = make_into(mode, NULL, out);
  nodecore_stream_write(stream, data, len);
  nodecore_stream_end(stream);
  run();
  nodecore_stream_free(stream);
}

static void resetting(void) {
  for (int p = 0; p < PAIRS; p++) {
    sink packed = {NULL, 0, 0, 0}, out = {NULL, 0, 0, 0}, back = {NULL, 0, 0, 0};
    once(pairs[p][0], text, LEN, &packed);

    /* In the midst of the input a compressor begins a second one, */
    nodecore_stream *pack = make_into(pairs[p][0], NULL, &out);
    nodecore_stream_write(pack, text, 70000);
    CHECK_STATUS(nodecore_zlib_stream_reset(pack, NULL), NODECORE_UNCODED);
    run();
    size_t before = out.len;
    CHECK_OK(nodecore_zlib_stream_reset(pack, NULL));
    nodecore_stream_write(pack, text, LEN);
    nodecore_stream_end(pack);
    run();
    CHECK(state(pack).bytes_written == 70000 + LEN);
    nodecore_stream_free(pack);
    once(pairs[p][1], out.data + before, out.len - before, &back);
    CHECK(holds(&back, text, LEN));
    empty(&out);
    empty(&back);

    /* and a decompressor takes one. */
    nodecore_stream *unpack = make_into(pairs[p][1], NULL, &out);
    nodecore_stream_write(unpack, packed.data, packed.len / 2);
    run();
    before = out.len;
    CHECK_OK(nodecore_zlib_stream_reset(unpack, NULL));
    nodecore_stream_write(unpack, packed.data, packed.len);
    nodecore_stream_end(unpack);
    run();
    CHECK(out.len == before + LEN && memcmp(out.data + before, text, LEN) == 0);
    nodecore_error *err = NULL;
    CHECK_STATUS(nodecore_zlib_stream_reset(unpack, &err), NODECORE_ERR_STREAM_DESTROYED);
    CHECK(failed_with(&err, "ERR_STREAM_DESTROYED", "Cannot call reset after a stream was destroyed"));
    nodecore_stream_free(unpack);
    empty(&packed);
    empty(&out);
  }
  options threads = defaults;
  threads.zlib.threads = 2;
  nodecore_stream *several = make(NODECORE_ZLIB_GZIP, &threads);
  nodecore_error *err = NULL;
  CHECK_STATUS(nodecore_zlib_stream_reset(several, &err), NODECORE_ERR_METHOD_NOT_IMPLEMENTED);
  CHECK(failed_with(&err, "ERR_METHOD_NOT_IMPLEMENTED", "The reset() method is not implemented"));
  CHECK_STATUS(nodecore_zlib_stream_params(several, 1, 0, NULL, NULL, NULL, NULL), NODECORE_ERR_METHOD_NOT_IMPLEMENTED);
  nodecore_stream_destroy(several, NULL);
  run();
  nodecore_stream_free(several);
}

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
      for (int turn = 0; turn < turns; turn++) CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_NOWAIT, NULL, NULL));
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

/* ---- Bad arguments ---- */

static void refused(nodecore_stream *other) {
  nodecore_zlib_stream_state s = NODECORE_ZLIB_STREAM_STATE_INIT;
  nodecore_error *err = NULL;
  restart();
  CHECK_STATUS(nodecore_zlib_stream_get_state(other, &s), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zlib_stream_flush(other, -1, note, NULL, release, &err), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(err != NULL && is(nodecore_error_code(err), "ERR_INVALID_ARG_TYPE"));
  nodecore_error_free(err);
  CHECK_STATUS(nodecore_zlib_stream_params(other, 1, 0, note, NULL, release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
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
  round_trips();
  flushing();
  params();
  resetting();
  closing();
  early();
  bomb();
  arguments();
  free(text);
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
  return 0;
}
