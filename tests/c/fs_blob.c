/* Files as blobs: parts, every way of reading them, and what was changed since. */
#include "check.h"

static nodecore_loop *lp;
static void run(void) { CHECK_OK(nodecore_loop_run(lp, NODECORE_RUN_DEFAULT, NULL, NULL)); }

static int released, calls;
static void release(void *user) {
  (void)user;
  released++;
}
static char text[128], name[32], cause[32];
static void told(const nodecore_error *err) {
  calls++;
  name[0] = cause[0] = text[0] = 0;
  if (err == NULL) return;
  nodecore_str n = nodecore_error_name(err);
  strncat(name, n.data, n.len);
  const nodecore_error *why = nodecore_error_cause(err);
  if (why != NULL) strncat(cause, nodecore_error_code(why).data, nodecore_error_code(why).len);
}
static void on_data(const nodecore_error *err, nodecore_buf *data, void *user) {
  (void)user;
  told(err);
  if (err == NULL && data->len != 0) strncat(text, data->data, data->len < 100 ? data->len : 100);
}
static nodecore_blob *blob;
static void on_blob(const nodecore_error *err, nodecore_blob *made, void *user) {
  (void)user;
  told(err);
  blob = made;
}
static void on_chunk(const nodecore_error *err, nodecore_chunk *chunk, void *user) {
  (void)user;
  told(err);
  if (chunk != NULL) strncat(text, chunk->bytes.data, chunk->bytes.len);
}
static char path[] = "blob-XXXXXX";
static void put(const char *content) {
  CHECK_OK(nodecore_fs_write_file_sync(path, NODECORE_AUTO_LEN, content, strlen(content), NULL, NULL));
}
static bool part_is(int64_t start, int64_t end, const char *expected) {
  nodecore_blob *part = NULL;
  nodecore_buf bytes = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_blob_slice(blob, start, end, NULL, 0, &part, NULL));
  CHECK(nodecore_blob_size(part) == strlen(expected));
  CHECK_OK(nodecore_blob_bytes_sync(part, &bytes, NULL));
  nodecore_blob_free(part);
  return gave(&bytes, expected);
}
static const char *streamed(bool as_text) {
  nodecore_web_readable *stream = NULL;
  nodecore_web_reader *reader = NULL;
  CHECK_OK(as_text ? nodecore_blob_text_stream(blob, lp, &stream, NULL) : nodecore_blob_stream(blob, lp, &stream, NULL));
  CHECK_OK(nodecore_web_readable_get_reader(stream, &reader, NULL));
  CHECK_OK(nodecore_web_reader_read(reader, on_chunk, NULL, NULL));
  run();
  nodecore_web_reader_free(reader);
  nodecore_web_readable_free(stream);
  return text;
}

int main(void) {
  nodecore_error *err = NULL;
  nodecore_buf bytes = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  CHECK(mkstemp(path) >= 0);
  put("\xef\xbb\xbfhello");

  /* Both forms. */
  CHECK_OK(nodecore_fs_open_as_blob_sync(path, NODECORE_AUTO_LEN, "text/X", 6, &blob, NULL));
  CHECK(nodecore_blob_size(blob) == 8 && is(nodecore_blob_type(blob), "text/X"));
  nodecore_blob *part = NULL;
  char *type = exact("A/B", 3);
  CHECK_OK(nodecore_blob_slice(blob, 3, NODECORE_BLOB_END, type, 3, &part, NULL));
  free(type);
  CHECK(is(nodecore_blob_type(part), "a/b") && nodecore_blob_size(part) == 5);
  nodecore_blob_free(part);
  CHECK(part_is(3, NODECORE_BLOB_END, "hello") && part_is(-4, -2, "el") && part_is(5, 4, "") &&
        part_is(INT64_MIN, INT64_MAX, "\xef\xbb\xbfhello"));
  nodecore_blob_free(blob);
  nodecore_request *req = NULL;
  CHECK_OK(nodecore_fs_open_as_blob(lp, path, NODECORE_AUTO_LEN, NULL, 0, on_blob, NULL, release, &req, NULL));
  CHECK(calls == 0);
  run();
  CHECK(calls == 1 && blob != NULL && released == 1 && nodecore_blob_type(blob).len == 0);
  nodecore_request_free(req);

  /* Every way of reading. */
  CHECK_OK(nodecore_blob_bytes(blob, lp, on_data, NULL, release, NULL, NULL));
  run();
  CHECK(calls == 2 && strcmp(text, "\xef\xbb\xbfhello") == 0);
  CHECK_OK(nodecore_blob_text(blob, lp, on_data, NULL, release, NULL, NULL));
  run();
  CHECK(calls == 3 && strcmp(text, "hello") == 0 && released == 3);
  CHECK(strcmp(streamed(false), "\xef\xbb\xbfhello") == 0 && strcmp(streamed(true), "hello") == 0);
  /* A stream's reader may bring its memory. */
  nodecore_web_readable *stream = NULL;
  nodecore_web_byob_reader *byob = NULL;
  CHECK_OK(nodecore_blob_stream(blob, lp, &stream, NULL));
  CHECK_OK(nodecore_web_readable_get_byob_reader(stream, &byob, NULL));
  nodecore_web_byob_reader_free(byob);
  nodecore_web_readable_free(stream);

  /* Freed with a read pending. */
  CHECK_OK(nodecore_blob_slice(blob, 3, 5, NULL, 0, &part, NULL));
  CHECK_OK(nodecore_blob_text(part, lp, on_data, NULL, NULL, NULL, NULL));
  nodecore_blob_free(part);
  run();
  CHECK(strcmp(text, "he") == 0);

  /* Changed, and gone. */
  put("other");
  CHECK_STATUS(nodecore_blob_bytes_sync(blob, &bytes, &err), NODECORE_UNCODED);
  CHECK(is(nodecore_error_name(err), "NotReadableError") && nodecore_error_cause(err) == NULL);
  CHECK(failed_with(&err, "", "The blob could not be read"));
  CHECK_OK(nodecore_blob_bytes(blob, lp, on_data, NULL, NULL, NULL, NULL));
  run();
  CHECK(strcmp(name, "NotReadableError") == 0 && cause[0] == 0);
  streamed(false);
  CHECK(strcmp(name, "NotReadableError") == 0);
  CHECK(remove(path) == 0);
  CHECK_OK(nodecore_blob_text(blob, lp, on_data, NULL, NULL, NULL, NULL));
  run();
  CHECK(strcmp(name, "NotReadableError") == 0 && strcmp(cause, "ENOENT") == 0);
  nodecore_blob *other = NULL;
  CHECK_STATUS(nodecore_fs_open_as_blob_sync(path, NODECORE_AUTO_LEN, "", 0, &other, &err), NODECORE_ENOENT);
  CHECK(is(nodecore_error_syscall(err), "stat") && is(nodecore_error_path(err), path));
  nodecore_error_free(err);
  nodecore_blob_free(blob);
  blob = (nodecore_blob *)path;
  CHECK_OK(nodecore_fs_open_as_blob(lp, path, NODECORE_AUTO_LEN, "", 0, on_blob, NULL, NULL, NULL, NULL));
  run();
  CHECK(blob == NULL);

  /* NULL, and what is no text. */
  int before = released;
  CHECK_STATUS(nodecore_fs_open_as_blob_sync(NULL, 1, "", 0, &other, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_open_as_blob_sync(path, 1, NULL, 1, &other, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_open_as_blob_sync(path, 1, "\xff", 1, &other, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_STATUS(nodecore_fs_open_as_blob_sync(path, 1, "", 0, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_open_as_blob_sync("a\0b", 3, "", 0, &other, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_STATUS(nodecore_fs_open_as_blob(NULL, path, 1, "", 0, on_blob, NULL, release, NULL, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_fs_open_as_blob(lp, path, 1, "", 0, NULL, NULL, release, NULL, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_blob_slice(NULL, 0, 0, "", 0, &other, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_blob_bytes_sync(NULL, &bytes, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_blob_bytes(NULL, lp, on_data, NULL, release, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_blob_text(NULL, lp, on_data, NULL, release, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_blob_stream(NULL, lp, &stream, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_blob_text_stream(NULL, lp, &stream, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(released == before + 4 && nodecore_blob_size(NULL) == 0 && nodecore_blob_type(NULL).data == NULL);
  nodecore_blob_free(NULL);
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
  return 0;
}
