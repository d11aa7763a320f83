/* zlib_zip.h: entries, their content, archives made of them. */
#include "zlib_zip_check.h"

#include <sys/stat.h>
#include <unistd.h>

static const int64_t TIME = 1704164645000;

/* ---- Making entries ---- */

static void entries(void) {
  nodecore_zip_entry_options o = NODECORE_ZIP_ENTRY_OPTIONS_INIT;
  nodecore_zip_entry *entry = NULL;
  nodecore_error *err = NULL;
  char *text = words(10000);

  /* Defaults, and every option. */
  CHECK_OK(nodecore_zip_entry_create_sync("a.txt", 5, text, 10000, NULL, &entry, NULL));
  nodecore_zip_entry_info info = info_of(entry);
  CHECK(is(info.name, "a.txt") && is(info.name_bytes, "a.txt") && info.comment.len == 0);
  CHECK(info.size == 10000 && info.compressed_size < 5000 && info.raw_content.len == info.compressed_size);
  CHECK(info.crc32 == nodecore_zlib_crc32(text, 10000, 0) && info.flags == 0x800 && info.mode == 0644);
  CHECK(info.method == NODECORE_ZIP_DEFLATE && info.compressed && info.finished);
  CHECK(info.is_file && !info.is_directory && !info.is_symlink);
  CHECK(nodecore_zip_entry_modified(entry) > TIME);
  nodecore_zip_entry_free(entry);
  int32_t methods[] = {NODECORE_ZIP_STORE, NODECORE_ZIP_DEFLATE, NODECORE_ZIP_ZSTD};
  for (int m = 0; m < 3; m++) {
    char *comment = exact("caf\xc3\xa9", 5);
    o.comment = (nodecore_str){comment, 5};
    o.modified = TIME;
    o.mode = 07601;
    o.method = methods[m];
    o.has_modified = o.has_mode = o.has_method = true;
    CHECK_OK(nodecore_zip_entry_create_sync("\xc3\xa9", NODECORE_AUTO_LEN, text, 10000, &o, &entry, NULL));
    free(comment);
    info = info_of(entry);
    CHECK(is(info.name, "\xc3\xa9") && is(info.comment, "caf\xc3\xa9") && info.mode == 07601);
    CHECK(info.method == methods[m] && info.compressed == (m != 0));
    CHECK(m != 0 || (info.raw_content.len == 10000 && memcmp(info.raw_content.data, text, 10000) == 0));
    CHECK(nodecore_zip_entry_modified(entry) == TIME);
    nodecore_buf out = NODECORE_BUF_INIT;
    CHECK_OK(nodecore_zip_entry_content_sync(entry, NULL, &out, NULL));
    CHECK(out.len == 10000 && memcmp(out.data, text, 10000) == 0);
    nodecore_buf_free(&out);
    nodecore_zip_entry_free(entry);
  }
  free(text);
  o.comment = (nodecore_str){NULL, 0};

  /* Other kinds. */
  entry = entry_of("folder/", "");
  info = info_of(entry);
  CHECK(info.is_directory && !info.is_file && info.mode == 0755 && info.method == NODECORE_ZIP_STORE);
  nodecore_zip_entry *copy = nodecore_zip_entry_copy(entry);
  nodecore_zip_entry_free(entry);
  CHECK(is(info_of(copy).name, "folder/"));
  nodecore_zip_entry_free(copy);
  CHECK_OK(nodecore_zip_entry_create_symlink("l", 1, "../up", 5, NULL, &entry, NULL));
  info = info_of(entry);
  CHECK(info.is_symlink && !info.is_file && info.mode == 0777 && is(info.raw_content, "../up"));
  CHECK(contains(entry, "../up"));
  nodecore_zip_entry_free(entry);

  /* What is refused. */
  CHECK_STATUS(nodecore_zip_entry_create_sync("", 0, NULL, 0, NULL, &entry, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE", "The argument 'filename' must not be empty. Received ''"));
  CHECK_STATUS(nodecore_zip_entry_create_sync("d/", 2, "x", 1, NULL, &entry, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_STATUS(nodecore_zip_entry_create_sync("\xff", 1, "x", 1, NULL, &entry, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_STATUS(nodecore_zip_entry_create_sync(NULL, 1, "x", 1, NULL, &entry, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_entry_create_sync("a", 1, NULL, 1, NULL, &entry, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_entry_create_sync("a", 1, "x", 1, NULL, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_entry_create_symlink("a", 1, NULL, 1, NULL, &entry, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  o.method = 12;
  CHECK_STATUS(nodecore_zip_entry_create_sync("a", 1, "x", 1, &o, &entry, &err), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK(failed_with(&err, "ERR_INVALID_ARG_VALUE",
                    "The property 'options.method' must be 0 (store), 8 (deflate), or 93 (zstd). Received 12"));
  o.method = NODECORE_ZIP_STORE;
  o.modified = INT64_MAX;
  CHECK_STATUS(nodecore_zip_entry_create_sync("a", 1, "x", 1, &o, &entry, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  o.struct_size = 3;
  CHECK_STATUS(nodecore_zip_entry_create_sync("a", 1, "x", 1, &o, &entry, NULL), NODECORE_ERR_OUT_OF_RANGE);
  char *large = words(65536);
  CHECK_STATUS(nodecore_zip_entry_create_sync(large, 65536, "x", 1, NULL, &entry, NULL),
               NODECORE_ERR_ZIP_ENTRY_TOO_LARGE);
  free(large);

  /* On the pool. */
  nodecore_request *req = NULL;
  restart();
  CHECK_OK(nodecore_zip_entry_create(lp, "p", 1, "pool", 4, NULL, on_entry, NULL, release, &req, NULL));
  nodecore_request_free(req);
  CHECK(outcome() == NODECORE_OK && contains(made, "pool"));
  nodecore_zip_entry_free(made);
  CHECK_OK(nodecore_zip_entry_create(lp, "", 0, "pool", 4, NULL, on_entry, NULL, release, NULL, NULL));
  CHECK(outcome() == NODECORE_ERR_INVALID_ARG_VALUE && made == NULL);
  CHECK_STATUS(nodecore_zip_entry_create(lp, "p", 1, "pool", 4, NULL, NULL, NULL, release, NULL, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_entry_create(NULL, "p", 1, "pool", 4, NULL, on_entry, NULL, release, NULL, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(released == 2 && called == 0);

  /* NULL handles. */
  nodecore_zip_entry_free(NULL);
  nodecore_zip_entry_dispose(NULL);
  CHECK(nodecore_zip_entry_copy(NULL) == NULL && nodecore_zip_entry_modified(NULL) == 0);
  CHECK_STATUS(nodecore_zip_entry_get_info(NULL, &info), NODECORE_ERR_INVALID_ARG_TYPE);
}

/* ---- The content ---- */

static void *freed_in_callback;
static void free_entry(const nodecore_error *err, nodecore_buf *data, void *user) {
  on_bytes(err, data, user);
  nodecore_zip_entry_free(freed_in_callback);
}

static void content(void) {
  nodecore_zip_content_options o = NODECORE_ZIP_CONTENT_OPTIONS_INIT;
  nodecore_zip_entry *entry = entry_of("a", "content");
  nodecore_zip_pieces *pieces = NULL;
  nodecore_stream *stream = NULL;
  nodecore_buf out = NODECORE_BUF_INIT;
  nodecore_error *err = NULL;
  restart();

  /* Every form. */
  CHECK(contains(entry, "content"));
  CHECK_OK(nodecore_zip_entry_content(entry, lp, NULL, on_bytes, NULL, release, NULL, NULL));
  CHECK(outcome() == NODECORE_OK && hold("content"));
  CHECK_OK(nodecore_zip_entry_content_pieces(entry, NULL, &pieces, NULL));
  CHECK(pieced(pieces, NULL) == NODECORE_OK && hold("content"));
  CHECK_OK(nodecore_zip_entry_content_stream(entry, lp, NULL, &stream, NULL));
  nodecore_stream_state state = NODECORE_STREAM_STATE_INIT;
  CHECK_OK(nodecore_stream_get_state(stream, &state));
  CHECK(state.sides == NODECORE_STREAM_READABLE && !state.readable_object_mode &&
        state.readable_high_water_mark == 1);
  CHECK(drained(stream) == NODECORE_OK && hold("content"));

  /* Limits. */
  o.has_max_size = true;
  o.max_size = 6;
  const char *text = "entry \"a\" declares 7 bytes, exceeding the 6 byte limit";
  char expected[200];
  snprintf(expected, sizeof expected, "ZIP entry exceeds the allowed size: %s", text);
  CHECK_STATUS(nodecore_zip_entry_content_sync(entry, &o, &out, &err), NODECORE_ERR_ZIP_ENTRY_TOO_LARGE);
  CHECK(failed_with(&err, "ERR_ZIP_ENTRY_TOO_LARGE", expected));
  CHECK_OK(nodecore_zip_entry_content(entry, lp, &o, on_bytes, NULL, release, NULL, NULL));
  CHECK(outcome() == NODECORE_ERR_ZIP_ENTRY_TOO_LARGE && strcmp(message, expected) == 0);
  CHECK_STATUS(nodecore_zip_entry_content_pieces(entry, &o, &pieces, NULL), NODECORE_ERR_ZIP_ENTRY_TOO_LARGE);
  CHECK_STATUS(nodecore_zip_entry_content_stream(entry, lp, &o, &stream, NULL), NODECORE_ERR_ZIP_ENTRY_TOO_LARGE);
  o.max_size = 7;
  CHECK_OK(nodecore_zip_entry_content_sync(entry, &o, &out, NULL));
  CHECK(gave(&out, "content"));
  CHECK(nodecore_zlib_get_max_zip_content_size() == 256 << 20);
  CHECK_OK(nodecore_zlib_set_max_zip_content_size(6));
  CHECK(nodecore_zlib_get_max_zip_content_size() == 6);
  CHECK_STATUS(nodecore_zip_entry_content_sync(entry, NULL, &out, NULL), NODECORE_ERR_ZIP_ENTRY_TOO_LARGE);
  CHECK_OK(nodecore_zip_entry_content_pieces(entry, NULL, &pieces, NULL));
  CHECK(pieced(pieces, NULL) == NODECORE_OK && hold("content"));
  CHECK_STATUS(nodecore_zlib_set_max_zip_content_size(UINT64_C(1) << 53), NODECORE_ERR_OUT_OF_RANGE);
  CHECK_OK(nodecore_zlib_set_max_zip_content_size(256 << 20));

  /* A handle that is freed while it is read, in the callback. */
  freed_in_callback = entry;
  CHECK_OK(nodecore_zip_entry_content(entry, lp, NULL, free_entry, NULL, release, NULL, NULL));
  CHECK(outcome() == NODECORE_OK && hold("content"));

  /* What is corrupt: the last byte of stored content. */
  nodecore_zip_entries *list = NULL;
  nodecore_zip_entry_options stored = NODECORE_ZIP_ENTRY_OPTIONS_INIT;
  stored.has_method = true;
  CHECK_OK(nodecore_zip_entry_create_sync("a", 1, "content", 7, &stored, &entry, NULL));
  CHECK_OK(nodecore_zlib_create_zip_archive_sync(&entry, 1, NULL, &pieces, NULL));
  nodecore_zip_entry_free(entry);
  CHECK(pieced(pieces, NULL) == NODECORE_OK);
  char *place = bytes.data;
  while (memcmp(place, "content", 7) != 0) place++;
  place[6] = 'T';
  char *archive = exact(bytes.data, bytes.len);
  CHECK_OK(nodecore_zip_entry_read(archive, bytes.len, &list, NULL));
  free(archive);
  nodecore_zip_entry *bad = nodecore_zip_entries_get(list, 0);
  const char *why = "ZIP entry is corrupt: entry \"a\" failed CRC-32 verification";
  CHECK_STATUS(nodecore_zip_entry_content_sync(bad, NULL, &out, &err), NODECORE_ERR_ZIP_ENTRY_CORRUPT);
  CHECK(failed_with(&err, "ERR_ZIP_ENTRY_CORRUPT", why));
  CHECK_OK(nodecore_zip_entry_content(bad, lp, NULL, on_bytes, NULL, release, NULL, NULL));
  CHECK(outcome() == NODECORE_ERR_ZIP_ENTRY_CORRUPT && strcmp(message, why) == 0);
  CHECK_OK(nodecore_zip_entry_content_pieces(bad, NULL, &pieces, NULL));
  CHECK(pieced(pieces, &err) == NODECORE_ERR_ZIP_ENTRY_CORRUPT && hold("contenT"));
  CHECK(failed_with(&err, "ERR_ZIP_ENTRY_CORRUPT", why));
  CHECK_OK(nodecore_zip_entry_content_stream(bad, lp, NULL, &stream, NULL));
  CHECK(drained(stream) == NODECORE_ERR_ZIP_ENTRY_CORRUPT && hold("contenT"));
  o.no_verify = true;
  CHECK_OK(nodecore_zip_entry_content_sync(bad, &o, &out, NULL));
  CHECK(gave(&out, "contenT"));
  nodecore_zip_entries_free(list);

  /* NULL. */
  CHECK_STATUS(nodecore_zip_entry_content_sync(NULL, NULL, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_entry_content(NULL, lp, NULL, on_bytes, NULL, release, NULL, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_entry_content_pieces(NULL, NULL, &pieces, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_entry_content_stream(NULL, lp, NULL, &stream, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_pieces_next(NULL, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  nodecore_zip_pieces_free(NULL);
  CHECK(released == 1 && called == 0);
}

/* ---- Archives ---- */

static nodecore_zip_entries *read_all(void) {
  nodecore_zip_entries *list = NULL;
  char *archive = exact(bytes.data, bytes.len);
  CHECK_OK(nodecore_zip_entry_read(archive, bytes.len, &list, NULL));
  free(archive);
  return list;
}

static void archives(void) {
  nodecore_zip_entry *three[] = {entry_of("a", "first"), entry_of("b", "second"), entry_of("a", "third")};
  nodecore_zip_archive_options o = NODECORE_ZIP_ARCHIVE_OPTIONS_INIT;
  nodecore_zip_pieces *pieces = NULL;
  nodecore_stream *stream = NULL;
  nodecore_error *err = NULL;
  restart();

  /* Both forms give the same. */
  char *comment = exact("a comment", 9);
  o.comment = (nodecore_str){comment, 9};
  CHECK_OK(nodecore_zlib_create_zip_archive_sync(three, 3, &o, &pieces, NULL));
  CHECK_OK(nodecore_zlib_create_zip_archive(lp, three, 3, &o, &stream, NULL));
  free(comment);
  CHECK(pieced(pieces, NULL) == NODECORE_OK && memcmp(bytes.data, "PK\3\4", 4) == 0);
  CHECK(memcmp(bytes.data + bytes.len - 9, "a comment", 9) == 0);
  sink other = bytes;
  bytes = (sink){NULL, 0, 0, 0};
  CHECK(drained(stream) == NODECORE_OK && holds(&bytes, other.data, other.len));
  empty(&other);

  /* A list shows every entry. */
  nodecore_zip_entries *list = read_all();
  CHECK(nodecore_zip_entries_count(list) == 3 && is(nodecore_zip_entries_name(list, 0), "a") &&
        is(nodecore_zip_entries_name(list, 1), "b") && contains(nodecore_zip_entries_get(list, 2), "third"));
  CHECK(nodecore_zip_entries_get(list, 3) == NULL && nodecore_zip_entries_name(list, 3).data == NULL);
  nodecore_zip_entry *kept = nodecore_zip_entry_copy(nodecore_zip_entries_get(list, 1));
  nodecore_zip_entries_free(list);
  CHECK(contains(kept, "second"));
  nodecore_zip_entry_free(kept);
  nodecore_zip_entries_free(NULL);
  CHECK(nodecore_zip_entries_count(NULL) == 0 && nodecore_zip_entries_get(NULL, 0) == NULL &&
        nodecore_zip_entries_name(NULL, 0).data == NULL);

  /* One entry's own bytes. */
  CHECK_OK(nodecore_zip_entry_serialize_sync(three[1], &pieces, NULL));
  CHECK(pieced(pieces, NULL) == NODECORE_OK && memcmp(bytes.data, "PK\3\4", 4) == 0);
  other = bytes;
  bytes = (sink){NULL, 0, 0, 0};
  CHECK_OK(nodecore_zip_entry_serialize(three[1], lp, &stream, NULL));
  CHECK(drained(stream) == NODECORE_OK && holds(&bytes, other.data, other.len));
  empty(&other);

  /* Behind something else, and none at all. */
  o = (nodecore_zip_archive_options)NODECORE_ZIP_ARCHIVE_OPTIONS_INIT;
  o.base_offset = 5;
  CHECK_OK(nodecore_zlib_create_zip_archive_sync(three, 1, &o, &pieces, NULL));
  CHECK(pieced(pieces, NULL) == NODECORE_OK);
  uint32_t directory;
  memcpy(&directory, bytes.data + bytes.len - 6, 4);
  CHECK(bytes.data[directory - 5] == 'P' && memcmp(bytes.data + directory - 5, "PK\1\2", 4) == 0);
  CHECK_OK(nodecore_zlib_create_zip_archive_sync(NULL, 0, NULL, &pieces, NULL));
  CHECK(pieced(pieces, NULL) == NODECORE_OK && bytes.len == 22);
  /* Pieces that nobody asks for. */
  CHECK_OK(nodecore_zlib_create_zip_archive_sync(three, 3, NULL, &pieces, NULL));
  nodecore_zip_pieces_free(pieces);

  /* What is refused. */
  o.base_offset = UINT64_C(1) << 53;
  CHECK_STATUS(nodecore_zlib_create_zip_archive_sync(three, 3, &o, &pieces, &err), NODECORE_ERR_OUT_OF_RANGE);
  CHECK(failed_with(&err, "ERR_OUT_OF_RANGE",
                    "The value of \"options.baseOffset\" is out of range. It must be >= 0 && <= 9007199254740991. "
                    "Received 9_007_199_254_740_992"));
  CHECK_STATUS(nodecore_zlib_create_zip_archive(lp, three, 3, &o, &stream, NULL), NODECORE_ERR_OUT_OF_RANGE);
  nodecore_zip_entry *hole[] = {three[0], NULL};
  CHECK_STATUS(nodecore_zlib_create_zip_archive_sync(hole, 2, NULL, &pieces, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zlib_create_zip_archive(lp, NULL, 2, NULL, &stream, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zlib_create_zip_archive(NULL, three, 2, NULL, &stream, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zlib_create_zip_archive_sync(three, SIZE_MAX, NULL, &pieces, NULL),
               NODECORE_ERR_OUT_OF_RANGE);
  CHECK_STATUS(nodecore_zip_entry_serialize_sync(NULL, &pieces, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_entry_serialize(three[0], NULL, &stream, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  list = NULL;
  CHECK_STATUS(nodecore_zip_entry_read("no archive", 10, &list, &err), NODECORE_ERR_ZIP_INVALID_ARCHIVE);
  CHECK(failed_with(&err, "ERR_ZIP_INVALID_ARCHIVE",
                    "invalid ZIP archive: no end of central directory record found") && list == NULL);
  for (int i = 0; i < 3; i++) nodecore_zip_entry_free(three[i]);
}

/* ---- Streaming entries ---- */

static void streams(void) {
  source s = {0, false, false};
  nodecore_zip_entry *entry = streaming("s", &s);
  nodecore_zip_pieces *pieces = NULL;
  nodecore_stream *stream = NULL;
  nodecore_buf out = NODECORE_BUF_INIT;
  nodecore_error *err = NULL;
  restart();

  /* Nothing is known before it has been read, once. */
  nodecore_zip_entry_info info = info_of(entry);
  CHECK(!info.finished && info.size == 0 && info.raw_content.data == NULL && is(info.name, "s"));
  CHECK_STATUS(nodecore_zip_entry_content_sync(entry, NULL, &out, &err), NODECORE_ERR_INVALID_STATE);
  CHECK(failed_with(&err, "ERR_INVALID_STATE",
                    "Invalid state: this streaming entry has not finished serializing yet"));
  CHECK_OK(nodecore_zlib_create_zip_archive(lp, &entry, 1, NULL, &stream, NULL));
  CHECK(drained(stream) == NODECORE_OK && s.destroyed);
  info = info_of(entry);
  CHECK(info.finished && info.size == 13 && info.crc32 == nodecore_zlib_crc32("one two three", 13, 0));
  nodecore_zip_entries *list = read_all();
  CHECK(contains(nodecore_zip_entries_get(list, 0), "one two three"));
  nodecore_zip_entries_free(list);
  CHECK_OK(nodecore_zip_entry_serialize(entry, lp, &stream, NULL));
  CHECK(drained(stream) == NODECORE_ERR_INVALID_STATE);
  nodecore_zip_entry_free(entry);

  /* A source that fails, fails the archive. */
  source failing = {0, true, false};
  entry = streaming("s", &failing);
  CHECK_OK(nodecore_zip_entry_serialize(entry, lp, &stream, NULL));
  CHECK(drained(stream) == NODECORE_EIO && strcmp(message, "the source failed") == 0 && failing.destroyed);
  nodecore_zip_entry_free(entry);

  /* What blocks takes none, and disposes of the source. So do disposing, freeing, and leaving the archive. */
  source left[4] = {{0, false, false}, {0, false, false}, {0, false, false}, {0, false, false}};
  entry = streaming("s", &left[0]);
  CHECK_STATUS(nodecore_zip_entry_serialize_sync(entry, &pieces, NULL), NODECORE_ERR_INVALID_STATE);
  CHECK(left[0].destroyed);
  nodecore_zip_entry_free(entry);
  entry = streaming("s", &left[1]);
  nodecore_zip_entry_dispose(entry);
  CHECK(left[1].destroyed);
  nodecore_zip_entry_dispose(entry);
  nodecore_zip_entry_free(entry);
  nodecore_zip_entry_free(streaming("s", &left[2]));
  CHECK(left[2].destroyed);
  entry = streaming("s", &left[3]);
  CHECK_OK(nodecore_zlib_create_zip_archive(lp, &entry, 1, NULL, &stream, NULL));
  nodecore_zip_entry_free(entry);
  nodecore_stream_destroy(stream, NULL);
  nodecore_stream_free(stream);
  run();
  CHECK(left[3].destroyed);
  run();
  CHECK_STATUS(nodecore_zip_entry_create_stream("s", 1, NULL, NULL, &entry, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
}

/* A chunk that is an object is no content. */
static void objects(void) {
  nodecore_stream_options o = NODECORE_STREAM_OPTIONS_INIT;
  nodecore_stream *source = NULL, *stream = NULL;
  nodecore_zip_entry *entry = NULL;
  o.readable_object_mode = true;
  CHECK_OK(nodecore_stream_new(lp, NODECORE_STREAM_READABLE, &o, NULL, NULL, NULL, &source, NULL));
  nodecore_chunk chunk = NODECORE_CHUNK_OBJECT(&o, NULL);
  CHECK_OK(nodecore_stream_push_chunk(source, &chunk, NULL, NULL));
  CHECK_OK(nodecore_zip_entry_create_stream("o", 1, source, NULL, &entry, NULL));
  nodecore_stream_free(source);
  CHECK_OK(nodecore_zip_entry_serialize(entry, lp, &stream, NULL));
  nodecore_zip_entry_free(entry);
  CHECK(drained(stream) == NODECORE_ERR_INVALID_ARG_TYPE);
}

/* ---- Entries that are asked for ---- */

typedef struct asker {
  int asked;
  enum { AT_ONCE, LATER, FAIL, NEVER } how;
  nodecore_zip_next *next;
} asker;

static void give(void *user) {
  asker *a = user;
  char name[] = {(char)('a' + a->asked), 0};
  nodecore_zip_entry *entry = a->asked == 3 ? NULL : entry_of(name, name);
  nodecore_zip_next *next = a->next;
  a->asked++;
  nodecore_zip_next_give(next, entry, NULL);
  nodecore_zip_entry_free(entry);
}
static void ask(nodecore_zip_next *next, void *user) {
  asker *a = user;
  nodecore_error *err = NULL;
  a->next = next;
  switch (a->how) {
    case AT_ONCE: give(a); break;
    case LATER: CHECK_OK(nodecore_loop_set_timeout(lp, 1, give, a, NULL, NULL)); break;
    case FAIL:
      CHECK_OK(nodecore_error_new(NODECORE_EIO, "no more", NODECORE_AUTO_LEN, &err));
      nodecore_zip_next_give(next, NULL, err);
      nodecore_error_free(err);
      break;
    case NEVER: a->asked++; break;
  }
}

static void asked_for(void) {
  nodecore_stream *stream = NULL;
  restart();
  for (int how = AT_ONCE; how <= LATER; how++) {
    asker a = {0, how, NULL};
    CHECK_OK(nodecore_zlib_create_zip_archive_from(lp, ask, &a, release, NULL, &stream, NULL));
    CHECK(a.asked == 0);
    called = 0;
    empty(&bytes);
    CHECK_OK(nodecore_stream_on_data(stream, 0, add, &bytes, NULL, NULL));
    nodecore_stream_free(stream);
    run();
    CHECK(a.asked == 4 && released == 1);
    nodecore_zip_entries *list = read_all();
    CHECK(nodecore_zip_entries_count(list) == 3 && contains(nodecore_zip_entries_get(list, 2), "c"));
    nodecore_zip_entries_free(list);
    restart();
  }
  asker fails = {0, FAIL, NULL};
  CHECK_OK(nodecore_zlib_create_zip_archive_from(lp, ask, &fails, NULL, NULL, &stream, NULL));
  CHECK(drained(stream) == NODECORE_EIO && strcmp(message, "no more") == 0);
  /* Destroyed while it waits: an answer is of no use, and does no harm. */
  asker never = {0, NEVER, NULL};
  CHECK_OK(nodecore_zlib_create_zip_archive_from(lp, ask, &never, release, NULL, &stream, NULL));
  nodecore_stream_resume(stream);
  run();
  CHECK(never.asked == 1 && released == 0);
  nodecore_stream_destroy(stream, NULL);
  nodecore_stream_free(stream);
  run();
  CHECK(released == 1);
  nodecore_zip_next_give(never.next, NULL, NULL);
  run();
  nodecore_zip_next_give(NULL, NULL, NULL);
  CHECK_STATUS(nodecore_zlib_create_zip_archive_from(lp, NULL, NULL, release, NULL, &stream, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zlib_create_zip_archive_from(NULL, ask, NULL, release, NULL, &stream, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(released == 3);
}

/* ---- Archives of files ---- */

static void files(void) {
  nodecore_zip_files_options o = NODECORE_ZIP_FILES_OPTIONS_INIT;
  nodecore_stream *stream = NULL;
  restart();
  CHECK_OK(nodecore_fs_write_file_sync("file", 4, "of a file", 9, NULL, NULL));
  CHECK(chmod("file", 0640) == 0 && mkdir("folder", 0700) == 0 && symlink("file", "link") == 0);
  nodecore_zip_source sources[] = {
      {{"file", 4}, {"x/file", 6}}, {{"folder", 6}, {"folder", 6}}, {{"link", NODECORE_AUTO_LEN}, {"link", 4}}};
  for (int keep = 0; keep < 2; keep++) {
    o.keep_symlinks = keep != 0;
    o.comment = (nodecore_str){"of files", 8};
    CHECK_OK(nodecore_zlib_zip_files(lp, sources, 3, &o, &stream, NULL));
    CHECK(drained(stream) == NODECORE_OK);
    CHECK(memcmp(bytes.data + bytes.len - 8, "of files", 8) == 0);
    nodecore_zip_entries *list = read_all();
    nodecore_zip_entry *first = nodecore_zip_entries_get(list, 0), *last_one = nodecore_zip_entries_get(list, 2);
    CHECK(nodecore_zip_entries_count(list) == 3 && contains(first, "of a file"));
    CHECK(is(info_of(first).name, "x/file") && info_of(first).mode == 0640);
    CHECK(info_of(nodecore_zip_entries_get(list, 1)).is_directory);
    CHECK(info_of(last_one).is_symlink == (keep != 0) && contains(last_one, keep != 0 ? "file" : "of a file"));
    nodecore_zip_entries_free(list);
  }
  sources[1].path = (nodecore_str){"missing", 7};
  CHECK_OK(nodecore_zlib_zip_files(lp, sources, 3, NULL, &stream, NULL));
  CHECK(drained(stream) == NODECORE_ENOENT);
  CHECK_OK(nodecore_zlib_zip_files(lp, NULL, 0, NULL, &stream, NULL));
  CHECK(drained(stream) == NODECORE_OK && bytes.len == 22);
  CHECK_STATUS(nodecore_zlib_zip_files(lp, NULL, 1, NULL, &stream, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zlib_zip_files(NULL, sources, 1, NULL, &stream, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  sources[0].name = (nodecore_str){NULL, 3};
  CHECK_STATUS(nodecore_zlib_zip_files(lp, sources, 1, NULL, &stream, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
}

int main(void) {
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  entries();
  content();
  archives();
  streams();
  objects();
  asked_for();
  files();
  empty(&bytes);
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
  return 0;
}
