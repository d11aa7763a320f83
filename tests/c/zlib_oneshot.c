/* zlib_oneshot.h: every algorithm blocking and on the pool; bad data; bad arguments. */
#include "zlib_check.h"

static char *text;
enum { LEN = 100000 };

/* ---- Every function by its mode ---- */

static nodecore_status do_sync(int32_t mode, const void *data, size_t len, const options *o,
                                      nodecore_buf *out, nodecore_zlib_info *info, nodecore_error **err) {
  const nodecore_zlib_options *z = OPTION(o, zlib);
  const nodecore_brotli_options *b = OPTION(o, brotli);
  const nodecore_zstd_options *s = OPTION(o, zstd);
  switch (mode) {
    case NODECORE_ZLIB_DEFLATE: return nodecore_zlib_deflate_sync(data, len, z, out, info, err);
    case NODECORE_ZLIB_INFLATE: return nodecore_zlib_inflate_sync(data, len, z, out, info, err);
    case NODECORE_ZLIB_GZIP: return nodecore_zlib_gzip_sync(data, len, z, out, info, err);
    case NODECORE_ZLIB_GUNZIP: return nodecore_zlib_gunzip_sync(data, len, z, out, info, err);
    case NODECORE_ZLIB_DEFLATERAW: return nodecore_zlib_deflate_raw_sync(data, len, z, out, info, err);
    case NODECORE_ZLIB_INFLATERAW: return nodecore_zlib_inflate_raw_sync(data, len, z, out, info, err);
    case NODECORE_ZLIB_UNZIP: return nodecore_zlib_unzip_sync(data, len, z, out, info, err);
    case NODECORE_ZLIB_BROTLI_DECODE:
      return nodecore_zlib_brotli_decompress_sync(data, len, b, out, info, err);
    case NODECORE_ZLIB_BROTLI_ENCODE: return nodecore_zlib_brotli_compress_sync(data, len, b, out, info, err);
    case NODECORE_ZLIB_ZSTD_COMPRESS: return nodecore_zlib_zstd_compress_sync(data, len, s, out, info, err);
    default: return nodecore_zlib_zstd_decompress_sync(data, len, s, out, info, err);
  }
}

static nodecore_status do_async(int32_t mode, const void *data, size_t len, const options *o,
                                       nodecore_zlib_cb cb, void *user, nodecore_release let_go,
                                       nodecore_request **req, nodecore_error **err) {
  const nodecore_zlib_options *z = OPTION(o, zlib);
  const nodecore_brotli_options *b = OPTION(o, brotli);
  const nodecore_zstd_options *s = OPTION(o, zstd);
  switch (mode) {
    case NODECORE_ZLIB_DEFLATE: return nodecore_zlib_deflate(lp, data, len, z, cb, user, let_go, req, err);
    case NODECORE_ZLIB_INFLATE: return nodecore_zlib_inflate(lp, data, len, z, cb, user, let_go, req, err);
    case NODECORE_ZLIB_GZIP: return nodecore_zlib_gzip(lp, data, len, z, cb, user, let_go, req, err);
    case NODECORE_ZLIB_GUNZIP: return nodecore_zlib_gunzip(lp, data, len, z, cb, user, let_go, req, err);
    case NODECORE_ZLIB_DEFLATERAW:
      return nodecore_zlib_deflate_raw(lp, data, len, z, cb, user, let_go, req, err);
    case NODECORE_ZLIB_INFLATERAW:
      return nodecore_zlib_inflate_raw(lp, data, len, z, cb, user, let_go, req, err);
    case NODECORE_ZLIB_UNZIP: return nodecore_zlib_unzip(lp, data, len, z, cb, user, let_go, req, err);
    case NODECORE_ZLIB_BROTLI_DECODE:
      return nodecore_zlib_brotli_decompress(lp, data, len, b, cb, user, let_go, req, err);
    case NODECORE_ZLIB_BROTLI_ENCODE:
      return nodecore_zlib_brotli_compress(lp, data, len, b, cb, user, let_go, req, err);
    case NODECORE_ZLIB_ZSTD_COMPRESS:
      return nodecore_zlib_zstd_compress(lp, data, len, s, cb, user, let_go, req, err);
    default: return nodecore_zlib_zstd_decompress(lp, data, len, s, cb, user, let_go, req, err);
  }
}

/* ---- Blocking ---- */

/* Whether the format is that of the mode, as far as its first bytes tell. */
static bool begins(const nodecore_buf *packed, int32_t mode) {
  const char *magic = mode == NODECORE_ZLIB_DEFLATE         ? "\x78\x9c"
                      : mode == NODECORE_ZLIB_GZIP          ? "\x1f\x8b\x08"
                      : mode == NODECORE_ZLIB_ZSTD_COMPRESS ? "\x28\xb5\x2f\xfd"
                                                            : "";
  return packed->len >= strlen(magic) && memcmp(packed->data, magic, strlen(magic)) == 0;
}

static void round_trips(void) {
  static const size_t sizes[] = {0, 1, 1000, LEN};
  for (int p = 0; p < PAIRS; p++) {
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
      nodecore_buf packed, back;
      nodecore_zlib_info info = NODECORE_ZLIB_INFO_INIT;
      nodecore_error *err = NULL;
      char *input = exact(text, sizes[i]);
      CHECK_OK(do_sync(pairs[p][0], input, sizes[i], NULL, &packed, &info, &err));
      CHECK(info.bytes_written == sizes[i] && info.struct_size == sizeof info);
      CHECK(sizes[i] < 1000 || packed.len < sizes[i]);
      CHECK(begins(&packed, pairs[p][0]));
      free(input);
      size_t len;
      char *copy = exact_of(&packed, &len);
      CHECK_OK(do_sync(pairs[p][1], copy, len, NULL, &back, &info, &err));
      CHECK(info.bytes_written == len);
      CHECK(back.len == sizes[i] && (back.len == 0 || memcmp(back.data, text, back.len) == 0));
      nodecore_buf_free(&back);
      free(copy);
    }
    nodecore_buf out;
    CHECK_OK(do_sync(pairs[p][0], NULL, 0, &defaults, &out, NULL, NULL));
    nodecore_buf_free(&out);
  }
}

/* Where the data goes on behind its end. */
static void what_follows(void) {
  for (int p = 0; p < PAIRS; p++) {
    nodecore_buf packed, back;
    nodecore_error *err = NULL;
    CHECK_OK(do_sync(pairs[p][0], text, LEN, NULL, &packed, NULL, NULL));
    char *more = malloc(packed.len + 4);
    CHECK(more != NULL);
    memcpy(more, packed.data, packed.len);
    memcpy(more + packed.len, "\0pad", 4);
    nodecore_zlib_info info = NODECORE_ZLIB_INFO_INIT;
    CHECK_OK(do_sync(pairs[p][1], more, packed.len + 4, NULL, &back, &info, NULL));
    CHECK(back.len == LEN && info.bytes_written == packed.len);
    nodecore_buf_free(&back);
    options strict = defaults;
    SET(strict, reject_garbage_after_end, true);
    CHECK_STATUS(do_sync(pairs[p][1], more, packed.len + 4, &strict, &back, &info, &err),
                 NODECORE_ERR_TRAILING_JUNK_AFTER_STREAM_END);
    CHECK(failed_with(&err, "ERR_TRAILING_JUNK_AFTER_STREAM_END",
                      "Trailing junk found after the end of the compressed stream"));
    CHECK(info.bytes_written == packed.len);
    CHECK_OK(do_sync(pairs[p][1], more, packed.len, &strict, &back, NULL, NULL));
    nodecore_buf_free(&back);
    nodecore_buf_free(&packed);
    free(more);
  }
  /* Two members, and two frames, are one text. */
  static const int32_t several[][2] = {{NODECORE_ZLIB_GZIP, NODECORE_ZLIB_GUNZIP},
                                       {NODECORE_ZLIB_ZSTD_COMPRESS, NODECORE_ZLIB_ZSTD_DECOMPRESS}};
  for (int i = 0; i < 2; i++) {
    nodecore_buf one, two, back;
    CHECK_OK(do_sync(several[i][0], "hello ", 6, NULL, &one, NULL, NULL));
    CHECK_OK(do_sync(several[i][0], "world", 5, NULL, &two, NULL, NULL));
    char *both = malloc(one.len + two.len);
    CHECK(both != NULL);
    memcpy(both, one.data, one.len);
    memcpy(both + one.len, two.data, two.len);
    CHECK_OK(do_sync(several[i][1], both, one.len + two.len, NULL, &back, NULL, NULL));
    CHECK(gave(&back, "hello world"));
    nodecore_buf_free(&one);
    nodecore_buf_free(&two);
    free(both);
  }
}

static void bad_data(void) {
  static const struct {
    int32_t mode, errno_;
    nodecore_status status;
    const char *code, *message;
  } unsound[] = {
      {NODECORE_ZLIB_GUNZIP, -3, NODECORE_Z_DATA_ERROR, "Z_DATA_ERROR", "incorrect header check"},
      {NODECORE_ZLIB_INFLATE, -3, NODECORE_Z_DATA_ERROR, "Z_DATA_ERROR", "incorrect header check"},
      {NODECORE_ZLIB_INFLATERAW, -3, NODECORE_Z_DATA_ERROR, "Z_DATA_ERROR", "invalid block type"},
      {NODECORE_ZLIB_UNZIP, -3, NODECORE_Z_DATA_ERROR, "Z_DATA_ERROR", "incorrect header check"},
      {NODECORE_ZLIB_BROTLI_DECODE, NODECORE_ZLIB_BROTLI_DECODER_ERROR_FORMAT_PADDING_2,
       NODECORE_ERR__ERROR_FORMAT_PADDING_2, "ERR__ERROR_FORMAT_PADDING_2", "Decompression failed"},
      {NODECORE_ZLIB_ZSTD_DECOMPRESS, NODECORE_ZLIB_ZSTD_error_prefix_unknown,
       NODECORE_ZSTD_error_prefix_unknown,
       "ZSTD_error_prefix_unknown", "Unknown frame descriptor"},
  };
  char *junk = exact("\xff\xff\xffjunk", 7);
  for (size_t i = 0; i < sizeof unsound / sizeof *unsound; i++) {
    nodecore_buf out = NODECORE_BUF_INIT;
    nodecore_error *err = NULL;
    CHECK_STATUS(do_sync(unsound[i].mode, junk, 7, NULL, &out, NULL, &err), unsound[i].status);
    CHECK(err != NULL && nodecore_error_errno(err) == unsound[i].errno_);
    CHECK(failed_with(&err, unsound[i].code, unsound[i].message));
    CHECK_STATUS(do_sync(unsound[i].mode, NULL, 0, NULL, &out, NULL, &err), NODECORE_Z_BUF_ERROR);
    CHECK(failed_with(&err, "Z_BUF_ERROR", "unexpected end of file"));
    CHECK(out.data == NULL && out.len == 0);
  }
  free(junk);

  /* Cut anywhere it is not complete; with any byte changed it is an error, or gives no more than a limit. */
  options limited = defaults;
  SET(limited, max_output_length, 5000);
  for (int p = 0; p < PAIRS; p++) {
    nodecore_buf packed, back;
    CHECK_OK(do_sync(pairs[p][0], text, 300, NULL, &packed, NULL, NULL));
    size_t len;
    char *data = exact_of(&packed, &len);
    for (size_t cut = 0; cut < len; cut++) {
      char *part = exact(data, cut);
      CHECK_STATUS(do_sync(pairs[p][1], part, cut, NULL, &back, NULL, NULL), NODECORE_Z_BUF_ERROR);
      free(part);
    }
    for (size_t at = 0; at < len; at++) {
      for (int bit = 0; bit < 8; bit++) {
        data[at] = (char)(data[at] ^ 1 << bit);
        if (do_sync(pairs[p][1], data, len, &limited, &back, NULL, NULL) == NODECORE_OK) {
          CHECK(back.len <= 5000);
          nodecore_buf_free(&back);
        }
        data[at] = (char)(data[at] ^ 1 << bit);
      }
    }
    free(data);
  }
}

static void bombs(void) {
  enum { ZEROS = 1000000 };
  char *zeros = calloc(ZEROS, 1);
  CHECK(zeros != NULL);
  for (int p = 0; p < PAIRS; p++) {
    options o = defaults;
    nodecore_buf packed, back = NODECORE_BUF_INIT;
    nodecore_error *err = NULL;
    CHECK_OK(do_sync(pairs[p][0], zeros, ZEROS, NULL, &packed, NULL, NULL));
    CHECK(packed.len < 8000);
    SET(o, max_output_length, ZEROS - 1);
    CHECK_STATUS(do_sync(pairs[p][1], packed.data, packed.len, &o, &back, NULL, &err),
                 NODECORE_ERR_BUFFER_TOO_LARGE);
    CHECK(failed_with(&err, "ERR_BUFFER_TOO_LARGE", "Cannot create a Buffer larger than 999999 bytes"));
    CHECK(back.data == NULL);
    SET(o, max_output_length, 1);
    CHECK_STATUS(do_sync(pairs[p][1], packed.data, packed.len, &o, &back, NULL, NULL),
                 NODECORE_ERR_BUFFER_TOO_LARGE);
    CHECK_STATUS(do_sync(pairs[p][0], zeros, ZEROS, &o, &back, NULL, NULL), NODECORE_ERR_BUFFER_TOO_LARGE);
    SET(o, max_output_length, ZEROS);
    CHECK_OK(do_sync(pairs[p][1], packed.data, packed.len, &o, &back, NULL, NULL));
    CHECK(back.len == ZEROS);
    nodecore_buf_free(&back);
    nodecore_buf_free(&packed);
  }
  free(zeros);
}

/* ---- On the pool ---- */

static int called;
static nodecore_buf kept;
static nodecore_zlib_info told;
static void keep(const nodecore_error *err, nodecore_buf *result, const nodecore_zlib_info *info,
                 void *user) {
  CHECK(user == &called && released == called);
  called++;
  CHECK(err == NULL);
  kept = nodecore_buf_take(result);
  told = *info;
}
/* Leaves the result to the library. */
static void leave(const nodecore_error *err, nodecore_buf *result, const nodecore_zlib_info *info,
                  void *user) {
  (void)user;
  called++;
  CHECK(err == NULL && result != NULL && info->struct_size == sizeof *info);
}
static nodecore_status failure;
static void fail(const nodecore_error *err, nodecore_buf *result, const nodecore_zlib_info *info,
                 void *user) {
  (void)user;
  called++;
  CHECK(err != NULL && result == NULL && info == NULL);
  failure = nodecore_error_status(err);
}

static void on_the_pool(void) {
  for (int p = 0; p < PAIRS; p++) {
    called = released = 0;
    char *input = exact(text, LEN);
    CHECK_OK(do_async(pairs[p][0], input, LEN, NULL, keep, &called, release, NULL, NULL));
    /* It was copied. */
    memset(input, 'x', LEN);
    free(input);
    CHECK(called == 0);
    run();
    CHECK(called == 1 && released == 1 && told.bytes_written == LEN);
    size_t len;
    char *packed = exact_of(&kept, &len);
    nodecore_request *req = NULL;
    CHECK_OK(do_async(pairs[p][1], packed, len, &defaults, keep, &called, release, &req, NULL));
    run();
    CHECK(called == 2 && released == 2 && told.bytes_written == len);
    CHECK(kept.len == LEN && memcmp(kept.data, text, LEN) == 0);
    nodecore_buf_free(&kept);
    CHECK(!nodecore_request_cancel(req));
    nodecore_request_free(req);

    CHECK_OK(do_async(pairs[p][1], packed, len, NULL, leave, NULL, NULL, NULL, NULL));
    CHECK_OK(do_async(pairs[p][1], packed, len - 1, NULL, fail, NULL, release, NULL, NULL));
    run();
    CHECK(called == 4 && released == 3 && failure == NODECORE_Z_BUF_ERROR);
    options limited = defaults;
    SET(limited, max_output_length, 10);
    CHECK_OK(do_async(pairs[p][1], packed, len, &limited, fail, NULL, release, NULL, NULL));
    run();
    CHECK(called == 5 && released == 4 && failure == NODECORE_ERR_BUFFER_TOO_LARGE);
    free(packed);
  }
}

/* What the options point to is the caller's again once the call has returned. */
static void options_on_the_pool(void) {
  for (int p = 0; p < PAIRS; p++) {
    if (pairs[p][0] == NODECORE_ZLIB_GZIP) continue; /* has no dictionary */
    nodecore_buf packed = NODECORE_BUF_INIT;
    for (int i = 0; i < 2; i++) {
      options o = defaults;
      char *dictionary = exact(text, 3000);
      nodecore_zlib_param *param = malloc(sizeof *param);
      CHECK(param != NULL);
      SET(o, dictionary, dictionary);
      SET(o, dictionary_len, (size_t)3000);
      *param = (nodecore_zlib_param){NODECORE_ZLIB_BROTLI_PARAM_QUALITY, 5};
      if (pairs[p][0] == NODECORE_ZLIB_ZSTD_COMPRESS) param->key = NODECORE_ZLIB_ZSTD_c_compressionLevel;
      o.brotli.params = o.zstd.params = param;
      o.brotli.param_count = o.zstd.param_count = i == 0;
      called = released = 0;
      const char *input = i == 0 ? text : packed.data;
      size_t len = i == 0 ? 3000 : packed.len;
      CHECK_OK(do_async(pairs[p][i], input, len, &o, keep, &called, release, NULL, NULL));
      memset(dictionary, 0, 3000);
      free(dictionary);
      free(param);
      run();
      nodecore_buf_free(&packed);
      packed = nodecore_buf_take(&kept);
      CHECK(called == 1 && released == 1 && (i == 1 || packed.len < 100));
    }
    CHECK(packed.len == 3000 && memcmp(packed.data, text, 3000) == 0);
    nodecore_buf_free(&packed);
  }
}

/* The last of many requests are cancelled before a thread has them. */
static int stopped;
static void either(const nodecore_error *err, nodecore_buf *result, const nodecore_zlib_info *info,
                   void *user) {
  (void)user;
  called++;
  CHECK((err == NULL) == (result != NULL) && (err == NULL) == (info != NULL));
  if (err == NULL) return;
  CHECK(nodecore_error_status(err) == NODECORE_ECANCELED);
  stopped++;
}
static void cancelled(void) {
  enum { MANY = 16 };
  nodecore_request *reqs[MANY];
  int in_time = 0;
  called = released = stopped = 0;
  for (int i = 0; i < MANY; i++)
    CHECK_OK(do_async(NODECORE_ZLIB_BROTLI_ENCODE, text, 20000, NULL, either, NULL, release, &reqs[i], NULL));
  for (int i = MANY / 2; i < MANY; i++) in_time += nodecore_request_cancel(reqs[i]);
  /* A loop with requests does not close. */
  CHECK_STATUS(nodecore_loop_close(lp, NULL), NODECORE_EBUSY);
  CHECK(called == 0 && in_time > 0);
  run();
  CHECK(called == MANY && released == MANY && stopped == in_time);
  for (int i = 0; i < MANY; i++) nodecore_request_free(reqs[i]);
}

/* A loop that is freed first: the callback never runs, its release does. */
static void without_a_loop(void) {
  nodecore_loop *other = lp;
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  called = released = 0;
  for (int i = 0; i < 6; i++)
    CHECK_OK(do_async(NODECORE_ZLIB_GZIP, text, LEN, NULL, either, NULL, release, NULL, NULL));
  nodecore_loop_free(lp);
  CHECK(called == 0 && released == 6);
  lp = other;
}

/* A callback that starts the next call, and frees its own request. */
static nodecore_request *own;
static int32_t next_mode;
static void again(const nodecore_error *err, nodecore_buf *result, const nodecore_zlib_info *info,
                  void *user) {
  (void)info;
  CHECK(err == NULL);
  nodecore_request_free(own);
  own = NULL;
  if (++called == 4) return;
  next_mode = next_mode == NODECORE_ZLIB_GZIP ? NODECORE_ZLIB_GUNZIP : NODECORE_ZLIB_GZIP;
  /* The result is lent, also as the input of another call. */
  CHECK_OK(do_async(next_mode, result->data, result->len, NULL, again, user, release, &own, NULL));
}
static void in_a_row(void) {
  called = released = 0;
  next_mode = NODECORE_ZLIB_GZIP;
  CHECK_OK(do_async(next_mode, text, LEN, NULL, again, NULL, release, &own, NULL));
  run();
  CHECK(called == 4 && released == 4 && own == NULL);
}

/* ---- Bad arguments ---- */

static void arguments(void) {
  called = released = 0;
  int refused = 0;
  for (int32_t mode = FIRST_MODE; mode <= LAST_MODE; mode++) {
    nodecore_buf out = NODECORE_BUF_INIT;
    nodecore_error *err = NULL;
    nodecore_zlib_info info = NODECORE_ZLIB_INFO_INIT;
    CHECK_STATUS(do_sync(mode, NULL, 1, NULL, &out, &info, &err), NODECORE_ERR_INVALID_ARG_TYPE);
    CHECK(err != NULL && is(nodecore_error_code(err), "ERR_INVALID_ARG_TYPE"));
    nodecore_error_free(err);
    CHECK_STATUS(do_sync(mode, text, SIZE_MAX, NULL, &out, NULL, NULL), NODECORE_ERR_OUT_OF_RANGE);
    CHECK_STATUS(do_sync(mode, text, SIZE_MAX / 2 + 1, NULL, &out, NULL, NULL), NODECORE_ERR_OUT_OF_RANGE);
    CHECK_STATUS(do_sync(mode, text, 1, NULL, NULL, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
    info.struct_size = sizeof info - 1;
    CHECK_STATUS(do_sync(mode, text, 1, NULL, &out, &info, NULL), NODECORE_ERR_OUT_OF_RANGE);
    info.struct_size = 0;
    CHECK_STATUS(do_sync(mode, text, 1, NULL, &out, &info, NULL), NODECORE_ERR_OUT_OF_RANGE);
    CHECK(out.data == NULL && out.len == 0 && info.bytes_written == 0);

    static const size_t sizes[] = {0, 7, 16, 65537, SIZE_MAX};
    options sized = defaults;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
      SET(sized, struct_size, sizes[i]);
      CHECK_STATUS(do_sync(mode, text, 1, &sized, &out, NULL, NULL), NODECORE_ERR_OUT_OF_RANGE);
    }

    CHECK_STATUS(do_async(mode, NULL, 1, NULL, leave, NULL, release, NULL, NULL),
                 NODECORE_ERR_INVALID_ARG_TYPE);
    CHECK_STATUS(do_async(mode, text, SIZE_MAX, NULL, leave, NULL, release, NULL, NULL),
                 NODECORE_ERR_OUT_OF_RANGE);
    CHECK_STATUS(do_async(mode, text, 1, NULL, NULL, NULL, release, NULL, &err),
                 NODECORE_ERR_INVALID_ARG_TYPE);
    CHECK(failed_with(&err, "ERR_INVALID_ARG_TYPE",
                      "The \"cb\" argument must be of type function. Received null"));
    CHECK_STATUS(do_async(mode, text, 1, &sized, leave, NULL, release, NULL, NULL),
                 NODECORE_ERR_OUT_OF_RANGE);
    nodecore_loop *live = lp;
    lp = NULL;
    CHECK_STATUS(do_async(mode, text, 1, NULL, leave, NULL, release, NULL, NULL),
                 NODECORE_ERR_INVALID_ARG_TYPE);
    lp = live;
    refused += 5;
    CHECK(called == 0 && released == refused);
  }
  /* What no field stands for must be zero; the rest is as of an old program. */
  struct {
    nodecore_zlib_options o;
    uint64_t unknown;
  } newer = {NODECORE_ZLIB_OPTIONS_INIT, 0};
  nodecore_buf out;
  newer.o.struct_size = sizeof newer;
  CHECK_OK(nodecore_zlib_gzip_sync(text, 9, &newer.o, &out, NULL, NULL));
  nodecore_buf_free(&out);
  newer.unknown = 1;
  CHECK_STATUS(nodecore_zlib_gzip_sync(text, 9, &newer.o, &out, NULL, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  struct {
    nodecore_zlib_info info;
    uint64_t unknown;
  } longer = {{sizeof longer, 0}, 99};
  CHECK_OK(nodecore_zlib_gzip_sync(text, 9, NULL, &out, &longer.info, NULL));
  CHECK(longer.info.struct_size == sizeof longer && longer.info.bytes_written == 9 && longer.unknown == 99);
  nodecore_buf_free(&out);
}

int main(void) {
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  text = words(LEN);
  round_trips();
  what_follows();
  bad_data();
  bombs();
  on_the_pool();
  options_on_the_pool();
  cancelled();
  without_a_loop();
  in_a_row();
  arguments();
  free(text);
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
  return 0;
}
