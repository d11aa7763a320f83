/* zlib.h */
#include "check.h"

static int released, called;
static void release(void *user) {
  (void)user;
  released++;
}
static nodecore_buf kept;
static void keep(const nodecore_error *err, nodecore_buf *result, void *user) {
  (void)user;
  called++;
  CHECK(err == NULL);
  kept = nodecore_buf_take(result);
}
static void fails(const nodecore_error *err, nodecore_buf *result, void *user) {
  (void)user;
  called++;
  CHECK(err != NULL && result == NULL);
  CHECK(is(nodecore_error_code(err), "Z_DATA_ERROR"));
  CHECK(is(nodecore_error_message(err), "incorrect header check"));
  CHECK(nodecore_error_errno(err) == -3);
}

static char sink[400000];
static size_t sunk;
static void add(nodecore_chunk *chunk, void *user) {
  (void)user;
  CHECK(sunk + chunk->bytes.len <= sizeof sink);
  memcpy(sink + sunk, chunk->bytes.data, chunk->bytes.len);
  sunk += chunk->bytes.len;
}

int main(void) {
  nodecore_loop *lp = NULL;
  nodecore_error *err = NULL;
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  char *text = malloc(300000);
  for (size_t i = 0; i < 300000; i++) text[i] = (char)('a' + (i * i >> 7) % 13);

  nodecore_buf packed = NODECORE_BUF_INIT, back = NODECORE_BUF_INIT;
  nodecore_zlib_options options = NODECORE_ZLIB_OPTIONS_INIT;
  for (int level = -1; level <= 9; level++) {
    options.has_level = true;
    options.level = level;
    CHECK_OK(nodecore_zlib_gzip_sync(text, 300000, &options, &packed, &err));
    CHECK_OK(nodecore_zlib_gunzip_sync(packed.data, packed.len, NULL, &back, &err));
    CHECK(back.len == 300000 && memcmp(back.data, text, 300000) == 0);
    nodecore_buf_free(&back);
    if (level != 9) nodecore_buf_free(&packed);
  }
  options.level = 10;
  CHECK_STATUS(nodecore_zlib_gzip_sync(text, 1, &options, &back, &err), NODECORE_ERR_OUT_OF_RANGE);
  CHECK(failed_with(&err, "ERR_OUT_OF_RANGE",
                    "The value of \"options.level\" is out of range. It must be >= -1 and <= 9. Received 10"));

  nodecore_zlib_options limited = NODECORE_ZLIB_OPTIONS_INIT;
  limited.max_output_length = 1000;
  CHECK_STATUS(nodecore_zlib_gunzip_sync(packed.data, packed.len, &limited, &back, &err),
               NODECORE_ERR_BUFFER_TOO_LARGE);
  CHECK(failed_with(&err, "ERR_BUFFER_TOO_LARGE", "Cannot create a Buffer larger than 1000 bytes"));
  CHECK_STATUS(nodecore_zlib_gunzip_sync(packed.data, packed.len - 9, NULL, &back, &err), NODECORE_Z_BUF_ERROR);
  CHECK(failed_with(&err, "Z_BUF_ERROR", "unexpected end of file"));
  CHECK_STATUS(nodecore_zlib_gunzip_sync("abc", 3, NULL, &back, NULL), NODECORE_Z_DATA_ERROR);
  CHECK_OK(nodecore_zlib_gzip_sync(NULL, 0, NULL, &back, NULL));
  nodecore_buf_free(&back);

  CHECK_OK(nodecore_zlib_gunzip(lp, packed.data, packed.len, NULL, keep, NULL, release, NULL, NULL));
  CHECK(called == 0);
  CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL));
  CHECK(called == 1 && released == 1 && kept.len == 300000);
  nodecore_buf_free(&kept);
  CHECK_OK(nodecore_zlib_gzip(lp, text, 300000, NULL, keep, NULL, release, NULL, NULL));
  CHECK_OK(nodecore_zlib_gunzip(lp, "no gzip at all", 14, NULL, fails, NULL, release, NULL, NULL));
  CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL));
  CHECK(called == 3 && released == 3 && kept.len != 0);
  nodecore_buf_free(&kept);
  options.level = 99;
  CHECK_STATUS(nodecore_zlib_gzip(lp, text, 9, &options, keep, NULL, release, NULL, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_zlib_gzip(lp, text, 9, NULL, NULL, NULL, release, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(called == 3 && released == 5);

  /* Through both streams at once, with one thread and with three. */
  for (uint32_t threads = 1; threads <= 3; threads += 2) {
    nodecore_stream *gzip = NULL, *gunzip = NULL;
    nodecore_zlib_options streamed = NODECORE_ZLIB_OPTIONS_INIT;
    streamed.threads = threads;
    streamed.chunk_size = 1000;
    CHECK_OK(nodecore_zlib_create_gzip(lp, &streamed, &gzip, &err));
    CHECK_OK(nodecore_zlib_create_gunzip(lp, NULL, &gunzip, &err));
    sunk = 0;
    CHECK_OK(nodecore_stream_on_data(gunzip, 0, add, NULL, NULL, NULL));
    CHECK_OK(nodecore_stream_pipe(gzip, gunzip, false));
    for (size_t i = 0; i < 300000; i += 7777)
      nodecore_stream_write(gzip, text + i, 300000 - i < 7777 ? 300000 - i : 7777);
    nodecore_stream_end(gzip);
    CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL));
    CHECK(sunk == 300000 && memcmp(sink, text, sunk) == 0);
    nodecore_stream_free(gzip);
    nodecore_stream_free(gunzip);
  }
  nodecore_stream *never = NULL;
  CHECK_STATUS(nodecore_zlib_create_gzip(lp, &options, &never, NULL), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_zlib_create_gunzip(NULL, NULL, &never, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_buf_free(&packed);
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
  free(text);
  return 0;
}
