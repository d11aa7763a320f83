/* What the tests of ZIP archives share: entries and archives made in one line, and what came back. */
#ifndef ZLIB_ZIP_CHECK_H
#define ZLIB_ZIP_CHECK_H

#include "zlib_check.h"

/* What came back: how often, and with what the last time. */
static int called;
static nodecore_status last;
static char message[200];
static nodecore_zip_entry *made;
static sink bytes;

static inline void note(const nodecore_error *err, void *user) {
  (void)user;
  called++;
  last = err == NULL ? NODECORE_OK : nodecore_error_status(err);
  message[0] = 0;
  if (err != NULL) {
    nodecore_str text = nodecore_error_message(err);
    snprintf(message, sizeof message, "%.*s", (int)text.len, text.data);
  }
}
static inline void on_entry(const nodecore_error *err, nodecore_zip_entry *entry, void *user) {
  note(err, user);
  CHECK((entry == NULL) == (err != NULL));
  made = entry;
}
static inline void on_bytes(const nodecore_error *err, nodecore_buf *data, void *user) {
  note(err, user);
  CHECK((data == NULL) == (err != NULL));
  empty(&bytes);
  if (data != NULL && data->len != 0) {
    bytes.data = exact(data->data, data->len);
    bytes.len = bytes.room = data->len;
  }
}
static inline void restart(void) {
  called = released = 0;
  last = 1;
}
/* Runs the loop to what came back: once, released once. */
static inline nodecore_status outcome(void) {
  CHECK(called == 0);
  run();
  CHECK(called == 1 && released == 1);
  nodecore_status status = last;
  restart();
  return status;
}

static inline nodecore_zip_entry *entry_of(const char *name, const char *content) {
  nodecore_zip_entry *entry = NULL;
  char *data = exact(content, strlen(content));
  CHECK_OK(nodecore_zip_entry_create_sync(name, NODECORE_AUTO_LEN, data, strlen(content), NULL, &entry, NULL));
  free(data);
  return entry;
}
static inline nodecore_zip_entry_info info_of(const nodecore_zip_entry *entry) {
  nodecore_zip_entry_info info = NODECORE_ZIP_ENTRY_INFO_INIT;
  CHECK_OK(nodecore_zip_entry_get_info(entry, &info));
  CHECK(info.struct_size == sizeof info);
  return info;
}
static inline bool contains(nodecore_zip_entry *entry, const char *content) {
  nodecore_buf out = NODECORE_BUF_INIT;
  CHECK_OK(nodecore_zip_entry_content_sync(entry, NULL, &out, NULL));
  return gave(&out, content);
}

/* All pieces, in `bytes`; frees them. */
static inline nodecore_status pieced(nodecore_zip_pieces *pieces, nodecore_error **err) {
  nodecore_status status;
  nodecore_buf piece = NODECORE_BUF_INIT;
  empty(&bytes);
  while ((status = nodecore_zip_pieces_next(pieces, &piece, err)) == NODECORE_OK && piece.len != 0) {
    nodecore_chunk chunk = NODECORE_CHUNK_INIT;
    chunk.bytes = piece;
    add(&chunk, &bytes);
    nodecore_buf_free(&piece);
  }
  /* Nothing follows the end, or an error. */
  CHECK_OK(nodecore_zip_pieces_next(pieces, &piece, NULL));
  CHECK(piece.len == 0);
  nodecore_zip_pieces_free(pieces);
  return status;
}
/* All that flows out of a stream, in `bytes`, and how it ended; frees it. */
static inline nodecore_status drained(nodecore_stream *stream) {
  empty(&bytes);
  last = NODECORE_OK;
  CHECK_OK(nodecore_stream_on(stream, NODECORE_EVENT_ERROR, 0, note, NULL, NULL, NULL));
  CHECK_OK(nodecore_stream_on_data(stream, 0, add, &bytes, NULL, NULL));
  nodecore_stream_free(stream);
  run();
  nodecore_status status = last;
  restart();
  return status;
}
static inline bool hold(const char *text) { return holds(&bytes, text, strlen(text)); }

/* A stream of three chunks, "one two three"; with `fails`, an error in the place of the third. */
typedef struct source {
  int at;
  bool fails, destroyed;
} source;
static inline void source_read(nodecore_stream *stream, size_t size, void *user) {
  static const char *const parts[] = {"one ", "two ", "three"};
  source *s = user;
  (void)size;
  if (s->at == 2 && s->fails) {
    nodecore_error *err = NULL;
    CHECK_OK(nodecore_error_new(NODECORE_EIO, "the source failed", NODECORE_AUTO_LEN, &err));
    nodecore_stream_destroy(stream, err);
    nodecore_error_free(err);
  } else if (s->at == 3) {
    nodecore_stream_push_end(stream);
  } else {
    const char *part = parts[s->at++];
    nodecore_stream_push(stream, part, strlen(part));
  }
}
static inline void source_destroy(nodecore_stream *stream, const nodecore_error *err, nodecore_done *done,
                                  void *user) {
  (void)stream;
  ((source *)user)->destroyed = true;
  nodecore_done_call(done, err);
}
static inline nodecore_zip_entry *streaming(const char *name, source *s) {
  nodecore_stream_hooks hooks = NODECORE_STREAM_HOOKS_INIT;
  nodecore_stream *stream = NULL;
  nodecore_zip_entry *entry = NULL;
  hooks.read = source_read;
  hooks.destroy = source_destroy;
  CHECK_OK(nodecore_stream_new(lp, NODECORE_STREAM_READABLE, NULL, &hooks, s, NULL, &stream, NULL));
  CHECK_OK(nodecore_zip_entry_create_stream(name, strlen(name), stream, NULL, &entry, NULL));
  nodecore_stream_free(stream);
  return entry;
}

#endif
