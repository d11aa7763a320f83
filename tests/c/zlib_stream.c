/* zlib_stream.h: every stream; flush, params, reset. */
#include "zlib_stream_check.h"

/* Each function makes a stream of its own mode. */
static void modes(void) {
  nodecore_stream *s[LAST_MODE + 1] = {NULL};
  CHECK_OK(nodecore_zlib_create_deflate(lp, NULL, &s[NODECORE_ZLIB_DEFLATE], NULL));
  CHECK_OK(nodecore_zlib_create_inflate(lp, NULL, &s[NODECORE_ZLIB_INFLATE], NULL));
  CHECK_OK(nodecore_zlib_create_gzip(lp, NULL, &s[NODECORE_ZLIB_GZIP], NULL));
  CHECK_OK(nodecore_zlib_create_gunzip(lp, NULL, &s[NODECORE_ZLIB_GUNZIP], NULL));
  CHECK_OK(nodecore_zlib_create_deflate_raw(lp, NULL, &s[NODECORE_ZLIB_DEFLATERAW], NULL));
  CHECK_OK(nodecore_zlib_create_inflate_raw(lp, NULL, &s[NODECORE_ZLIB_INFLATERAW], NULL));
  CHECK_OK(nodecore_zlib_create_unzip(lp, NULL, &s[NODECORE_ZLIB_UNZIP], NULL));
  CHECK_OK(nodecore_zlib_create_brotli_decompress(lp, NULL, &s[NODECORE_ZLIB_BROTLI_DECODE], NULL));
  CHECK_OK(nodecore_zlib_create_brotli_compress(lp, NULL, &s[NODECORE_ZLIB_BROTLI_ENCODE], NULL));
  CHECK_OK(nodecore_zlib_create_zstd_compress(lp, NULL, &s[NODECORE_ZLIB_ZSTD_COMPRESS], NULL));
  CHECK_OK(nodecore_zlib_create_zstd_decompress(lp, NULL, &s[NODECORE_ZLIB_ZSTD_DECOMPRESS], NULL));
  for (int32_t mode = FIRST_MODE; mode <= LAST_MODE; mode++) {
    CHECK(state(s[mode]).mode == mode && state(s[mode]).bytes_written == 0 && !state(s[mode]).closed);
    nodecore_stream_destroy(s[mode], NULL);
    CHECK(state(s[mode]).closed);
    nodecore_stream_free(s[mode]);
  }
  run();
}

/* `len` bytes through a compressor and what undoes it. */
static void through(int32_t packer, int32_t unpacker, const options *o, size_t piece) {
  sink out = {NULL, 0, 0, 0};
  nodecore_stream *pack = make(packer, o), *unpack = make_into(unpacker, o, &out);
  CHECK_OK(nodecore_stream_pipe(pack, unpack, false));
  for (size_t at = 0; at < LEN; at += piece) nodecore_stream_write(pack, text + at,
                                                                   LEN - at < piece ? LEN - at : piece);
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
    CHECK_STATUS(nodecore_zlib_stream_flush(pack, beyond, note, NULL, release, &err),
                 NODECORE_ERR_OUT_OF_RANGE);
    char expected[100];
    snprintf(expected, sizeof expected,
             "The value of \"kind\" is out of range. It must be >= 0 and <= %d. Received %d",
             beyond - 1, beyond);
    CHECK(failed_with(&err, "ERR_OUT_OF_RANGE", expected));
    CHECK_STATUS(nodecore_zlib_stream_flush(pack, -2, note, NULL, release, NULL), NODECORE_ERR_OUT_OF_RANGE);
    CHECK_STATUS(nodecore_zlib_stream_flush(pack, INT32_MIN, note, NULL, release, NULL),
                 NODECORE_ERR_OUT_OF_RANGE);
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
    CHECK_OK(nodecore_zlib_stream_params(pack, 9, NODECORE_ZLIB_Z_DEFAULT_STRATEGY, note, NULL, release,
                                         NULL));
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
    CHECK_STATUS(nodecore_zlib_stream_params(stream, 10, 0, note, NULL, release, &err),
                 NODECORE_ERR_OUT_OF_RANGE);
    CHECK(failed_with(&err, "ERR_OUT_OF_RANGE",
                      "The value of \"level\" is out of range. It must be >= -1 and <= 9. Received 10"));
    CHECK_STATUS(nodecore_zlib_stream_params(stream, 1, 7, note, NULL, release, &err),
                 NODECORE_ERR_OUT_OF_RANGE);
    CHECK(failed_with(&err, "ERR_OUT_OF_RANGE",
                      "The value of \"strategy\" is out of range. It must be >= 0 and <= 4. Received 7"));
    /* The deflate family takes them, also one that decompresses; the others have none. */
    bool taken = mode <= NODECORE_ZLIB_UNZIP;
    nodecore_status expected = taken ? NODECORE_OK : NODECORE_ERR_METHOD_NOT_IMPLEMENTED;
    CHECK_STATUS(nodecore_zlib_stream_params(stream, 1, 0, note, NULL, release, NULL), expected);
    run();
    CHECK(called == taken && released == 3);
    nodecore_stream_destroy(stream, NULL);
    run();
    nodecore_stream_free(stream);
  }
}

/* ---- reset ---- */

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
  CHECK_STATUS(nodecore_zlib_stream_params(several, 1, 0, NULL, NULL, NULL, NULL),
               NODECORE_ERR_METHOD_NOT_IMPLEMENTED);
  nodecore_stream_destroy(several, NULL);
  run();
  nodecore_stream_free(several);
}

int main(void) {
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  text = words(LEN);
  modes();
  round_trips();
  flushing();
  params();
  resetting();
  free(text);
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
  return 0;
}
