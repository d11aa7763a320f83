/* zlib.h: options, crc32, codes */
#include "zlib_check.h"
#include <pthread.h>

/* What no memory can hold is asked for, and refused. */
const char *__asan_default_options(void);
const char *__asan_default_options(void) { return "allocator_may_return_null=1"; }

static char *text;
enum { LEN = 100000 };

static nodecore_status gzip(const nodecore_zlib_options *o, nodecore_error **err) {
  nodecore_buf out = NODECORE_BUF_INIT;
  nodecore_status status = nodecore_zlib_gzip_sync(text, LEN, o, &out, NULL, err);
  CHECK((status == NODECORE_OK) == (out.len != 0));
  nodecore_buf_free(&out);
  return status;
}

/* A value out of an option's range, by Node's name for it, and what Node says. */
#define REFUSED(field, value, name, rest)                                                                 \
  do {                                                                                                    \
    nodecore_zlib_options bad_ = NODECORE_ZLIB_OPTIONS_INIT;                                              \
    nodecore_error *err_ = NULL;                                                                          \
    bad_.has_level = bad_.has_finish_flush = true;                                                        \
    bad_.finish_flush = NODECORE_ZLIB_Z_FINISH;                                                           \
    bad_.field = (value);                                                                                 \
    CHECK_STATUS(gzip(&bad_, &err_), NODECORE_ERR_OUT_OF_RANGE);                                          \
    CHECK(failed_with(&err_, "ERR_OUT_OF_RANGE",                                                          \
                      "The value of \"options." name "\" is out of range. It must be " rest));            \
  } while (0)

static void ranges(void) {
  REFUSED(flush, 6, "flush", ">= 0 and <= 5. Received 6");
  REFUSED(flush, -1, "flush", ">= 0 and <= 5. Received -1");
  REFUSED(finish_flush, 6, "finishFlush", ">= 0 and <= 5. Received 6");
  REFUSED(finish_flush, INT32_MIN, "finishFlush", ">= 0 and <= 5. Received -2147483648");
  REFUSED(chunk_size, 63, "chunkSize", ">= 64. Received 63");
  REFUSED(window_bits, 16, "windowBits", ">= 9 and <= 15. Received 16");
  REFUSED(window_bits, 8, "windowBits", ">= 9 and <= 15. Received 8");
  REFUSED(window_bits, -15, "windowBits", ">= 9 and <= 15. Received -15");
  REFUSED(level, 10, "level", ">= -1 and <= 9. Received 10");
  REFUSED(level, -2, "level", ">= -1 and <= 9. Received -2");
  REFUSED(mem_level, 10, "memLevel", ">= 1 and <= 9. Received 10");
  REFUSED(mem_level, -1, "memLevel", ">= 1 and <= 9. Received -1");
  REFUSED(strategy, 5, "strategy", ">= 0 and <= 4. Received 5");
  REFUSED(strategy, -1, "strategy", ">= 0 and <= 4. Received -1");
  REFUSED(max_output_length, UINT64_C(1) << 53, "maxOutputLength",
          ">= 1 and <= 9007199254740991. Received 9_007_199_254_740_992");
  REFUSED(threads, 257, "threads", ">= 0 and <= 256. Received 257");
  nodecore_zlib_options o = NODECORE_ZLIB_OPTIONS_INIT;
  nodecore_error *err = NULL;
  o.chunk_size = SIZE_MAX / 2;
  CHECK_STATUS(gzip(&o, &err), NODECORE_ERR_MEMORY_ALLOCATION_FAILED);
  nodecore_error_free(err);

  CHECK_OK(gzip(NULL, NULL));
  CHECK_OK(gzip(&defaults.zlib, NULL));
  /* An option that does not count is not looked at. */
  o = (nodecore_zlib_options)NODECORE_ZLIB_OPTIONS_INIT;
  o.level = o.finish_flush = 99;
  CHECK_OK(gzip(&o, NULL));

  /* The bounds themselves. */
  static const int32_t window[] = {9, 15}, memory[] = {1, 9};
  for (int32_t level = -1; level <= 9; level++)
    for (int32_t strategy = 0; strategy <= NODECORE_ZLIB_Z_FIXED; strategy++)
      for (int i = 0; i < 2; i++) {
        nodecore_zlib_options good = NODECORE_ZLIB_OPTIONS_INIT;
        nodecore_buf packed, back;
        good.has_level = good.has_finish_flush = true;
        good.level = level;
        good.strategy = strategy;
        good.window_bits = window[i];
        good.mem_level = memory[i];
        good.chunk_size = NODECORE_ZLIB_Z_MIN_CHUNK;
        good.finish_flush = NODECORE_ZLIB_Z_FINISH;
        good.max_output_length = (UINT64_C(1) << 53) - 1;
        CHECK_OK(nodecore_zlib_gzip_sync(text, 5000, &good, &packed, NULL, NULL));
        CHECK_OK(nodecore_zlib_gunzip_sync(packed.data, packed.len, &good, &back, NULL, NULL));
        CHECK(back.len == 5000 && memcmp(back.data, text, 5000) == 0);
        CHECK((packed.len > 5000) == (level == 0));
        nodecore_buf_free(&packed);
        nodecore_buf_free(&back);
      }
  o = (nodecore_zlib_options)NODECORE_ZLIB_OPTIONS_INIT;
  o.window_bits = 8;
  nodecore_buf out;
  CHECK_OK(nodecore_zlib_deflate_sync("x", 1, &o, &out, NULL, NULL));
  nodecore_buf_free(&out);
}

/* Any thread may call; this one ends, and takes with it what Rust keeps of a thread that has waited for
 * others. */
static void *threads(void *unused) {
  enum { LARGE = 1000000 };
  char *large = words(LARGE);
  nodecore_buf packed[3], back;
  for (uint32_t i = 0; i < 3; i++) {
    nodecore_zlib_options o = NODECORE_ZLIB_OPTIONS_INIT;
    o.threads = i + 1;
    CHECK_OK(nodecore_zlib_gzip_sync(large, LARGE, &o, &packed[i], NULL, NULL));
    CHECK_OK(nodecore_zlib_gunzip_sync(packed[i].data, packed[i].len, &o, &back, NULL, NULL));
    CHECK(back.len == LARGE && memcmp(back.data, large, LARGE) == 0);
    nodecore_buf_free(&back);
  }
  CHECK(packed[1].len == packed[2].len && memcmp(packed[1].data, packed[2].data, packed[1].len) == 0);
  for (int i = 0; i < 3; i++) nodecore_buf_free(&packed[i]);
  nodecore_zstd_options zstd = NODECORE_ZSTD_OPTIONS_INIT;
  zstd.threads = 2;
  CHECK_OK(nodecore_zlib_zstd_compress_sync(large, LARGE, &zstd, &packed[0], NULL, NULL));
  CHECK_OK(nodecore_zlib_zstd_decompress_sync(packed[0].data, packed[0].len, NULL, &back, NULL, NULL));
  CHECK(back.len == LARGE && memcmp(back.data, large, LARGE) == 0);
  nodecore_buf_free(&packed[0]);
  nodecore_buf_free(&back);
  zstd.threads = 257;
  CHECK_STATUS(nodecore_zlib_zstd_compress_sync(large, LARGE, &zstd, &back, NULL, NULL),
               NODECORE_ERR_OUT_OF_RANGE);
  free(large);
  return unused;
}

static void dictionaries(void) {
  nodecore_zlib_options with = NODECORE_ZLIB_OPTIONS_INIT, other = with;
  nodecore_buf packed, back;
  nodecore_error *err = NULL;
  char *dictionary = exact("hello world", 11);
  with.dictionary = dictionary;
  with.dictionary_len = 11;
  CHECK_OK(nodecore_zlib_deflate_sync("hello hello world", 17, &with, &packed, NULL, NULL));
  CHECK_OK(nodecore_zlib_inflate_sync(packed.data, packed.len, &with, &back, NULL, NULL));
  CHECK(gave(&back, "hello hello world"));
  CHECK_STATUS(nodecore_zlib_inflate_sync(packed.data, packed.len, NULL, &back, NULL, &err),
               NODECORE_Z_NEED_DICT);
  CHECK(err != NULL && nodecore_error_errno(err) == NODECORE_ZLIB_Z_NEED_DICT);
  CHECK(failed_with(&err, "Z_NEED_DICT", "Missing dictionary"));
  other.dictionary = "help";
  other.dictionary_len = 4;
  CHECK_STATUS(nodecore_zlib_inflate_sync(packed.data, packed.len, &other, &back, NULL, &err),
               NODECORE_Z_NEED_DICT);
  CHECK(failed_with(&err, "Z_NEED_DICT", "Bad dictionary"));
  nodecore_buf_free(&packed);
  with.dictionary = NULL;
  CHECK_STATUS(nodecore_zlib_deflate_sync("x", 1, &with, &packed, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  with.dictionary = dictionary;
  with.dictionary_len = SIZE_MAX;
  CHECK_STATUS(nodecore_zlib_deflate_sync("x", 1, &with, &packed, NULL, NULL), NODECORE_ERR_OUT_OF_RANGE);

  /* The other families have one too: with it the text is a reference to it. */
  nodecore_brotli_options brotli = NODECORE_BROTLI_OPTIONS_INIT;
  nodecore_zstd_options zstd = NODECORE_ZSTD_OPTIONS_INIT;
  brotli.dictionary = zstd.dictionary = text;
  brotli.dictionary_len = zstd.dictionary_len = 2000;
  CHECK_OK(nodecore_zlib_brotli_compress_sync(text, 2000, &brotli, &packed, NULL, NULL));
  CHECK(packed.len < 50);
  CHECK_OK(nodecore_zlib_brotli_decompress_sync(packed.data, packed.len, &brotli, &back, NULL, NULL));
  CHECK(back.len == 2000 && memcmp(back.data, text, 2000) == 0);
  nodecore_buf_free(&packed);
  nodecore_buf_free(&back);
  CHECK_OK(nodecore_zlib_zstd_compress_sync(text, 2000, &zstd, &packed, NULL, NULL));
  CHECK(packed.len < 50);
  CHECK_OK(nodecore_zlib_zstd_decompress_sync(packed.data, packed.len, &zstd, &back, NULL, NULL));
  CHECK(back.len == 2000 && memcmp(back.data, text, 2000) == 0);
  nodecore_buf_free(&back);
  CHECK(nodecore_zlib_zstd_decompress_sync(packed.data, packed.len, NULL, &back, NULL, NULL) != NODECORE_OK);
  nodecore_buf_free(&packed);
  free(dictionary);
}

/* Compresses with one parameter. */
static nodecore_status brotli(int32_t key, int64_t value, size_t *len, nodecore_error **err) {
  nodecore_brotli_options o = NODECORE_BROTLI_OPTIONS_INIT;
  nodecore_zlib_param param = {key, value};
  nodecore_buf out = NODECORE_BUF_INIT;
  o.params = &param;
  o.param_count = 1;
  nodecore_status status = nodecore_zlib_brotli_compress_sync(text, LEN, &o, &out, NULL, err);
  *len = out.len;
  nodecore_buf_free(&out);
  return status;
}
static nodecore_status zstd(int32_t key, int64_t value, size_t *len, nodecore_error **err) {
  nodecore_zstd_options o = NODECORE_ZSTD_OPTIONS_INIT;
  nodecore_zlib_param param = {key, value};
  nodecore_buf out = NODECORE_BUF_INIT;
  o.params = &param;
  o.param_count = 1;
  nodecore_status status = nodecore_zlib_zstd_compress_sync(text, LEN, &o, &out, NULL, err);
  *len = out.len;
  nodecore_buf_free(&out);
  return status;
}

static void params(void) {
  size_t fast, good, len;
  nodecore_error *err = NULL;
  nodecore_buf out;
  CHECK_OK(brotli(NODECORE_ZLIB_BROTLI_PARAM_QUALITY, NODECORE_ZLIB_BROTLI_MIN_QUALITY, &fast, NULL));
  CHECK_OK(brotli(NODECORE_ZLIB_BROTLI_PARAM_QUALITY, 9, &good, NULL));
  CHECK(good < fast);
  /* As many as 99 are as good as 11; -1 is as good as none. */
  CHECK_OK(brotli(NODECORE_ZLIB_BROTLI_PARAM_QUALITY, NODECORE_ZLIB_BROTLI_MAX_QUALITY, &good, NULL));
  CHECK_OK(brotli(NODECORE_ZLIB_BROTLI_PARAM_QUALITY, 99, &len, NULL));
  CHECK(len == good);
  CHECK_OK(brotli(NODECORE_ZLIB_BROTLI_PARAM_QUALITY, -1, &len, NULL));
  CHECK(len == good);
  static const int32_t unknown[] = {9, -1, INT32_MAX, INT32_MIN};
  static const char *const said[] = {"9 is not a valid Brotli parameter",
                                     "-1 is not a valid Brotli parameter",
                                     "2147483647 is not a valid Brotli parameter",
                                     "-2147483648 is not a valid Brotli parameter"};
  for (int i = 0; i < 4; i++) {
    CHECK_STATUS(brotli(unknown[i], 1, &len, &err), NODECORE_ERR_BROTLI_INVALID_PARAM);
    CHECK(failed_with(&err, "ERR_BROTLI_INVALID_PARAM", said[i]));
  }

  CHECK_OK(zstd(NODECORE_ZLIB_ZSTD_c_compressionLevel, 1, &fast, NULL));
  CHECK_OK(zstd(NODECORE_ZLIB_ZSTD_c_compressionLevel, 19, &good, NULL));
  CHECK(good < fast);
  CHECK_OK(zstd(NODECORE_ZLIB_ZSTD_c_checksumFlag, 0, &len, NULL));
  CHECK_OK(zstd(NODECORE_ZLIB_ZSTD_c_checksumFlag, 1, &good, NULL));
  CHECK(good == len + 4);
  CHECK_STATUS(zstd(403, 1, &len, &err), NODECORE_ERR_ZSTD_INVALID_PARAM);
  CHECK(failed_with(&err, "ERR_ZSTD_INVALID_PARAM", "403 is not a valid zstd parameter"));
  CHECK_STATUS(zstd(NODECORE_ZLIB_ZSTD_c_windowLog, 99, &len, &err), NODECORE_ERR_ZLIB_INITIALIZATION_FAILED);
  CHECK(failed_with(&err, "ERR_ZLIB_INITIALIZATION_FAILED", "Setting parameter failed"));

  /* Several, the last of one key counting; an array that is not there. */
  nodecore_zlib_param several[] = {{NODECORE_ZLIB_ZSTD_c_checksumFlag, 0},
                                   {NODECORE_ZLIB_ZSTD_c_compressionLevel, 1},
                                   {NODECORE_ZLIB_ZSTD_c_checksumFlag, 1}};
  nodecore_zstd_options o = NODECORE_ZSTD_OPTIONS_INIT;
  o.params = several;
  o.param_count = 3;
  CHECK_OK(nodecore_zlib_zstd_compress_sync(text, LEN, &o, &out, NULL, NULL));
  CHECK(out.len == fast + 4);
  nodecore_buf_free(&out);
  o.params = NULL;
  CHECK_STATUS(nodecore_zlib_zstd_compress_sync(text, LEN, &o, &out, NULL, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  o.params = several;
  o.param_count = SIZE_MAX / 8;
  CHECK_STATUS(nodecore_zlib_zstd_compress_sync(text, LEN, &o, &out, NULL, NULL), NODECORE_ERR_OUT_OF_RANGE);

  /* Those of decompressors. */
  several[0] = (nodecore_zlib_param){101, 1};
  o.param_count = 1;
  CHECK_STATUS(nodecore_zlib_zstd_decompress_sync(text, 9, &o, &out, NULL, &err),
               NODECORE_ERR_ZSTD_INVALID_PARAM);
  CHECK(failed_with(&err, "ERR_ZSTD_INVALID_PARAM", "101 is not a valid zstd parameter"));
  nodecore_buf packed;
  nodecore_zlib_param window = {NODECORE_ZLIB_ZSTD_c_contentSizeFlag, 0};
  o.params = &window;
  CHECK_OK(nodecore_zlib_zstd_compress_sync(text, LEN, &o, &packed, NULL, NULL));
  window = (nodecore_zlib_param){NODECORE_ZLIB_ZSTD_d_windowLogMax, 10};
  CHECK_STATUS(nodecore_zlib_zstd_decompress_sync(packed.data, packed.len, &o, &out, NULL, NULL),
               NODECORE_ZSTD_error_frameParameter_windowTooLarge);
  window.value = 21;
  CHECK_OK(nodecore_zlib_zstd_decompress_sync(packed.data, packed.len, &o, &out, NULL, NULL));
  CHECK(out.len == LEN);
  nodecore_buf_free(&out);
  nodecore_buf_free(&packed);
  nodecore_brotli_options b = NODECORE_BROTLI_OPTIONS_INIT;
  window = (nodecore_zlib_param){NODECORE_ZLIB_BROTLI_DECODER_PARAM_LARGE_WINDOW, 1};
  b.params = &window;
  b.param_count = 1;
  CHECK_OK(nodecore_zlib_brotli_compress_sync(text, 9, NULL, &packed, NULL, NULL));
  CHECK_OK(nodecore_zlib_brotli_decompress_sync(packed.data, packed.len, &b, &out, NULL, NULL));
  CHECK(out.len == 9);
  nodecore_buf_free(&out);
  nodecore_buf_free(&packed);
}

static void pledges(void) {
  nodecore_zstd_options o = NODECORE_ZSTD_OPTIONS_INIT;
  nodecore_buf out;
  nodecore_error *err = NULL;
  o.has_pledged_src_size = true;
  for (uint64_t size = 0; size < 20; size += 17) {
    o.pledged_src_size = size;
    CHECK_OK(nodecore_zlib_zstd_compress_sync(text, (size_t)size, &o, &out, NULL, NULL));
    nodecore_buf_free(&out);
    CHECK_STATUS(nodecore_zlib_zstd_compress_sync(text, (size_t)size + 1, &o, &out, NULL, &err),
                 NODECORE_ZSTD_error_srcSize_wrong);
    CHECK(nodecore_error_errno(err) == NODECORE_ZLIB_ZSTD_error_srcSize_wrong);
    CHECK(failed_with(&err, "ZSTD_error_srcSize_wrong", "Src size is incorrect"));
  }
  static const uint64_t too_large[] = {UINT64_C(1) << 53, UINT64_MAX};
  for (int i = 0; i < 2; i++) {
    o.pledged_src_size = too_large[i];
    CHECK_STATUS(nodecore_zlib_zstd_compress_sync(text, 9, &o, &out, NULL, &err), NODECORE_ERR_OUT_OF_RANGE);
    CHECK(failed_with(&err, "ERR_OUT_OF_RANGE", "pledgedSrcSize must be a safe integer"));
  }
  o.has_pledged_src_size = false;
  CHECK_OK(nodecore_zlib_zstd_compress_sync(text, 9, &o, &out, NULL, NULL));
  nodecore_buf_free(&out);
}

/* Input that stops in the middle gives what is there, if no end is asked for. */
static void ends(void) {
  nodecore_buf packed, back;
  nodecore_error *err = NULL;
  nodecore_zlib_options z = NODECORE_ZLIB_OPTIONS_INIT;
  nodecore_brotli_options b = NODECORE_BROTLI_OPTIONS_INIT;
  nodecore_zstd_options s = NODECORE_ZSTD_OPTIONS_INIT;
  z.has_finish_flush = b.has_finish_flush = s.has_finish_flush = true;
  z.finish_flush = NODECORE_ZLIB_Z_SYNC_FLUSH;
  b.finish_flush = NODECORE_ZLIB_BROTLI_OPERATION_FLUSH;
  s.finish_flush = NODECORE_ZLIB_ZSTD_e_flush;
  CHECK_OK(nodecore_zlib_deflate_sync("hello", 5, &z, &packed, NULL, NULL));
  CHECK_STATUS(nodecore_zlib_inflate_sync(packed.data, packed.len, NULL, &back, NULL, NULL),
               NODECORE_Z_BUF_ERROR);
  CHECK_OK(nodecore_zlib_inflate_sync(packed.data, packed.len, &z, &back, NULL, NULL));
  CHECK(gave(&back, "hello"));
  nodecore_buf_free(&packed);
  CHECK_OK(nodecore_zlib_brotli_compress_sync("hello", 5, &b, &packed, NULL, NULL));
  CHECK_STATUS(nodecore_zlib_brotli_decompress_sync(packed.data, packed.len, NULL, &back, NULL, NULL),
               NODECORE_Z_BUF_ERROR);
  CHECK_OK(nodecore_zlib_brotli_decompress_sync(packed.data, packed.len, &b, &back, NULL, NULL));
  CHECK(gave(&back, "hello"));
  nodecore_buf_free(&packed);
  CHECK_OK(nodecore_zlib_zstd_compress_sync("hello", 5, &s, &packed, NULL, NULL));
  CHECK_STATUS(nodecore_zlib_zstd_decompress_sync(packed.data, packed.len, NULL, &back, NULL, NULL),
               NODECORE_Z_BUF_ERROR);
  CHECK_OK(nodecore_zlib_zstd_decompress_sync(packed.data, packed.len, &s, &back, NULL, NULL));
  CHECK(gave(&back, "hello"));
  nodecore_buf_free(&packed);
  b.flush = 4;
  CHECK_STATUS(nodecore_zlib_brotli_compress_sync("x", 1, &b, &back, NULL, &err), NODECORE_ERR_OUT_OF_RANGE);
  CHECK(failed_with(&err, "ERR_OUT_OF_RANGE",
                    "The value of \"options.flush\" is out of range. It must be >= 0 and <= 3. Received 4"));
  s.flush = 3;
  CHECK_STATUS(nodecore_zlib_zstd_compress_sync("x", 1, &s, &back, NULL, &err), NODECORE_ERR_OUT_OF_RANGE);
  CHECK(failed_with(&err, "ERR_OUT_OF_RANGE",
                    "The value of \"options.flush\" is out of range. It must be >= 0 and <= 2. Received 3"));
}

static void codes(void) {
  static const struct {
    int32_t number;
    const char *name;
  } known[] = {
      {NODECORE_ZLIB_Z_OK, "Z_OK"},
      {NODECORE_ZLIB_Z_STREAM_END, "Z_STREAM_END"},
      {NODECORE_ZLIB_Z_NEED_DICT, "Z_NEED_DICT"},
      {NODECORE_ZLIB_Z_ERRNO, "Z_ERRNO"},
      {NODECORE_ZLIB_Z_STREAM_ERROR, "Z_STREAM_ERROR"},
      {NODECORE_ZLIB_Z_DATA_ERROR, "Z_DATA_ERROR"},
      {NODECORE_ZLIB_Z_MEM_ERROR, "Z_MEM_ERROR"},
      {NODECORE_ZLIB_Z_BUF_ERROR, "Z_BUF_ERROR"},
      {NODECORE_ZLIB_Z_VERSION_ERROR, "Z_VERSION_ERROR"},
  };
  int named = 0;
  for (int32_t number = -100; number <= 100; number++) named += nodecore_zlib_code_name(number).data != NULL;
  CHECK(named == sizeof known / sizeof *known);
  CHECK(nodecore_zlib_code_name(INT32_MIN).data == NULL && nodecore_zlib_code_name(INT32_MAX).data == NULL);
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    CHECK(is(nodecore_zlib_code_name(known[i].number), known[i].name));
    int32_t number = 77;
    CHECK(nodecore_zlib_code_number(known[i].name, NODECORE_AUTO_LEN, &number) && number == known[i].number);
    char *name = exact(known[i].name, strlen(known[i].name));
    number = 77;
    CHECK(nodecore_zlib_code_number(name, strlen(known[i].name), &number) && number == known[i].number);
    CHECK(nodecore_zlib_code_number(name, strlen(known[i].name), NULL));
    number = 77;
    CHECK(!nodecore_zlib_code_number(name, strlen(known[i].name) - 1, &number) && number == 77);
    free(name);
  }
  int32_t number = 77;
  CHECK(!nodecore_zlib_code_number("Z_DATA_ERRORS", NODECORE_AUTO_LEN, &number));
  CHECK(!nodecore_zlib_code_number("z_ok", 4, &number) && !nodecore_zlib_code_number("\xff\xfe", 2, &number));
  CHECK(!nodecore_zlib_code_number(NULL, 0, &number) && !nodecore_zlib_code_number("", 0, &number));
  CHECK(!nodecore_zlib_code_number(NULL, 4, &number) &&
        !nodecore_zlib_code_number(NULL, NODECORE_AUTO_LEN, &number));
  CHECK(number == 77);
}

static void crc32(void) {
  char *hello = exact("hello", 5);
  CHECK(nodecore_zlib_crc32(hello, 5, 0) == 907060870);
  CHECK(nodecore_zlib_crc32(hello + 3, 2, nodecore_zlib_crc32(hello, 3, 0)) == 907060870);
  CHECK(nodecore_zlib_crc32(hello, 0, 7) == 7 && nodecore_zlib_crc32(NULL, 0, 7) == 7);
  /* Nothing that could be read. */
  CHECK(nodecore_zlib_crc32(NULL, 5, 7) == 7 && nodecore_zlib_crc32(hello, SIZE_MAX, 7) == 7);
  CHECK(nodecore_zlib_crc32(hello, SIZE_MAX / 2 + 1, UINT32_MAX) == UINT32_MAX);
  free(hello);
  /* The one that a gzip member ends with. */
  char *text = words(100000);
  nodecore_buf packed;
  CHECK_OK(nodecore_zlib_gzip_sync(text, 100000, NULL, &packed, NULL, NULL));
  const unsigned char *end = (const unsigned char *)packed.data + packed.len - 8;
  CHECK(nodecore_zlib_crc32(text, 100000, 0) ==
        ((uint32_t)end[0] | (uint32_t)end[1] << 8 | (uint32_t)end[2] << 16 | (uint32_t)end[3] << 24));
  nodecore_buf_free(&packed);
  free(text);
}

int main(void) {
  text = words(LEN);
  ranges();
  pthread_t thread;
  CHECK(pthread_create(&thread, NULL, threads, NULL) == 0 && pthread_join(thread, NULL) == 0);
  dictionaries();
  params();
  pledges();
  ends();
  codes();
  crc32();
  free(text);
  return 0;
}
