/* zlib_zip_file.h: an archive on disk, looked into and changed, blocking and in turn. */
#include "zlib_zip_check.h"

static const char PATH[] = "archive.zip";
static nodecore_zip_file *file;
static bool gone;

static void on_file(const nodecore_error *err, nodecore_zip_file *opened, void *user) {
  note(err, user);
  CHECK((opened == NULL) == (err != NULL));
  file = opened;
}
static void on_delete(const nodecore_error *err, bool deleted, void *user) {
  note(err, user);
  gone = deleted;
}

/* A fresh archive of "a" and "b", with a comment, opened. */
static void fresh(bool writable) {
  nodecore_zip_entry *two[] = {entry_of("a", "first"), entry_of("b", "second")};
  nodecore_zip_archive_options o = NODECORE_ZIP_ARCHIVE_OPTIONS_INIT;
  nodecore_zip_file_options how = NODECORE_ZIP_FILE_OPTIONS_INIT;
  nodecore_zip_pieces *pieces = NULL;
  o.comment = (nodecore_str){"comment", 7};
  CHECK_OK(nodecore_zlib_create_zip_archive_sync(two, 2, &o, &pieces, NULL));
  CHECK(pieced(pieces, NULL) == NODECORE_OK);
  nodecore_zip_entry_free(two[0]);
  nodecore_zip_entry_free(two[1]);
  CHECK_OK(nodecore_fs_write_file_sync(PATH, NODECORE_AUTO_LEN, bytes.data, bytes.len, NULL, NULL));
  how.writable = writable;
  CHECK_OK(nodecore_zip_file_open_sync(PATH, NODECORE_AUTO_LEN, &how, &file, NULL));
}
static nodecore_zip_entry *got(const char *name) {
  nodecore_zip_entry *entry = NULL;
  CHECK_OK(nodecore_zip_file_get(file, name, NODECORE_AUTO_LEN, &entry, NULL));
  return entry;
}
static bool file_has(const char *name, const char *content) {
  nodecore_zip_entry *entry = got(name);
  bool same = contains(entry, content);
  nodecore_zip_entry_free(entry);
  return same;
}
/* What the file holds, read from the disk again. */
static size_t on_disk(void) {
  nodecore_zip_file *other = NULL;
  CHECK_OK(nodecore_zip_file_open_sync(PATH, NODECORE_AUTO_LEN, NULL, &other, NULL));
  size_t size = nodecore_zip_file_size(other);
  nodecore_zip_file_free(other);
  return size;
}

static void looking(void) {
  nodecore_zip_entry *entry = NULL;
  nodecore_zip_entries *list = NULL;
  nodecore_stream *stream = NULL;
  nodecore_error *err = NULL;
  bool there = true;
  restart();
  fresh(false);
  CHECK(nodecore_zip_file_size(file) == 2 && is(nodecore_zip_file_comment(file), "comment"));
  CHECK(!nodecore_zip_file_writable(file));
  CHECK_OK(nodecore_zip_file_has(file, "x", 1, &there, NULL));
  CHECK(!there);
  CHECK_OK(nodecore_zip_file_has(file, "b", 1, &there, NULL));
  CHECK(there && file_has("a", "first") && file_has("b", "second"));
  CHECK_STATUS(nodecore_zip_file_get(file, "x", 1, &entry, &err), NODECORE_ERR_ZIP_ENTRY_NOT_FOUND);
  CHECK(failed_with(&err, "ERR_ZIP_ENTRY_NOT_FOUND", "no such entry \"x\" in the archive"));
  CHECK_OK(nodecore_zip_file_get_sync(file, "a", 1, &entry, NULL));
  CHECK(info_of(entry).raw_content.data == NULL && info_of(entry).size == 5 && info_of(entry).finished);
  CHECK(nodecore_zip_entry_modified(entry) > 0);
  CHECK_OK(nodecore_zip_entry_content(entry, lp, NULL, on_bytes, NULL, release, NULL, NULL));
  CHECK(outcome() == NODECORE_OK && hold("first"));
  nodecore_zip_entry_free(entry);
  CHECK_OK(nodecore_zip_file_entries(file, &list, NULL));
  CHECK(nodecore_zip_entries_count(list) == 2 && is(nodecore_zip_entries_name(list, 1), "b") &&
        contains(nodecore_zip_entries_get(list, 1), "second"));
  nodecore_zip_entries_free(list);
  CHECK_OK(nodecore_zip_file_entries_sync(file, &list, NULL));
  CHECK(is(nodecore_zip_entries_name(list, 0), "a"));
  nodecore_zip_entries_free(list);
  CHECK_OK(nodecore_zip_file_stream(file, lp, "b", 1, NULL, &stream, NULL));
  CHECK(drained(stream) == NODECORE_OK && hold("second"));
  CHECK_STATUS(nodecore_zip_file_stream(file, lp, "x", 1, NULL, &stream, NULL), NODECORE_ERR_ZIP_ENTRY_NOT_FOUND);

  /* Not for writing. */
  CHECK_STATUS(nodecore_zip_file_add_sync(file, "c", 1, "x", 1, NULL, NULL, &err), NODECORE_ERR_ZIP_NOT_WRITABLE);
  CHECK(failed_with(&err, "ERR_ZIP_NOT_WRITABLE", "this archive was not opened for writing"));
  CHECK_STATUS(nodecore_zip_file_delete_sync(file, "a", 1, NULL, NULL), NODECORE_ERR_ZIP_NOT_WRITABLE);
  CHECK_OK(nodecore_zip_file_add(file, lp, "c", 1, "x", 1, NULL, on_entry, NULL, release, NULL));
  CHECK(outcome() == NODECORE_ERR_ZIP_NOT_WRITABLE && made == NULL);

  /* Closed: an entry can be read no more. */
  entry = got("a");
  CHECK_OK(nodecore_zip_file_close_sync(file, NULL));
  CHECK_OK(nodecore_zip_file_close_sync(file, NULL));
  nodecore_buf out = NODECORE_BUF_INIT;
  CHECK_STATUS(nodecore_zip_entry_content_sync(entry, NULL, &out, &err), NODECORE_ERR_INVALID_STATE);
  CHECK(failed_with(&err, "ERR_INVALID_STATE",
                    "Invalid state: cannot read a ZipEntry after its backing ZipFile has been closed"));
  nodecore_zip_entry_free(entry);
  CHECK_STATUS(nodecore_zip_file_has(file, "a", 1, &there, &err), NODECORE_ERR_INVALID_STATE);
  CHECK(failed_with(&err, "ERR_INVALID_STATE", "Invalid state: the ZipFile has been closed"));
  CHECK_STATUS(nodecore_zip_file_get(file, "a", 1, &entry, NULL), NODECORE_ERR_INVALID_STATE);
  CHECK_STATUS(nodecore_zip_file_entries(file, &list, NULL), NODECORE_ERR_INVALID_STATE);
  CHECK_STATUS(nodecore_zip_file_entries_sync(file, &list, NULL), NODECORE_ERR_INVALID_STATE);
  CHECK(nodecore_zip_file_size(file) == 2 && is(nodecore_zip_file_comment(file), "comment"));
  nodecore_zip_file_free(file);

  /* An entry keeps the file open. */
  fresh(false);
  entry = got("a");
  nodecore_zip_file_free(file);
  CHECK(contains(entry, "first"));
  nodecore_zip_entry_free(entry);
}

static void opening(void) {
  nodecore_request *req = NULL;
  nodecore_error *err = NULL;
  fresh(false);
  nodecore_zip_file_free(file);
  restart();
  nodecore_zip_file_options o = NODECORE_ZIP_FILE_OPTIONS_INIT;
  o.writable = true;
  CHECK_OK(nodecore_zip_file_open(lp, PATH, NODECORE_AUTO_LEN, &o, on_file, NULL, release, &req, NULL));
  nodecore_request_free(req);
  CHECK(outcome() == NODECORE_OK && nodecore_zip_file_writable(file) && file_has("b", "second"));
  nodecore_zip_file_free(file);
  CHECK_OK(nodecore_zip_file_open(lp, "missing", 7, NULL, on_file, NULL, release, NULL, NULL));
  CHECK(outcome() == NODECORE_ENOENT && file == NULL);
  CHECK_STATUS(nodecore_zip_file_open_sync("missing", 7, NULL, &file, &err), NODECORE_ENOENT);
  CHECK(failed_with(&err, "ENOENT", "ENOENT: no such file or directory, open 'missing'"));
  CHECK_STATUS(nodecore_zip_file_open_sync("a\0b", 3, NULL, &file, NULL), NODECORE_ERR_INVALID_ARG_VALUE);
  CHECK_OK(nodecore_fs_write_file_sync("no.zip", 6, "no archive", 10, NULL, NULL));
  CHECK_STATUS(nodecore_zip_file_open_sync("no.zip", 6, NULL, &file, NULL), NODECORE_ERR_ZIP_INVALID_ARCHIVE);
}

static void changing(void) {
  nodecore_zip_entry *entry = NULL;
  nodecore_stream *stream = NULL;
  nodecore_buf out = NODECORE_BUF_INIT;
  nodecore_error *err = NULL;
  bool deleted = false;
  fresh(true);

  /* Blocking. */
  CHECK_OK(nodecore_zip_file_add_sync(file, "c", 1, "third", 5, NULL, &entry, NULL));
  CHECK(contains(entry, "third") && file_has("c", "third") && on_disk() == 3);
  nodecore_zip_entry_free(entry);
  entry = entry_of("d", "fourth");
  CHECK_OK(nodecore_zip_file_add_entry_sync(file, entry, NULL));
  nodecore_zip_entry_free(entry);
  CHECK(file_has("d", "fourth") && on_disk() == 4);
  CHECK_OK(nodecore_zip_file_delete_sync(file, "a", 1, &deleted, NULL));
  CHECK(deleted && on_disk() == 3);
  CHECK_OK(nodecore_zip_file_delete_sync(file, "a", 1, &deleted, NULL));
  CHECK(!deleted);
  CHECK_OK(nodecore_zip_file_delete_sync(file, "b", 1, NULL, NULL));
  source s[2] = {{0, false, false}, {0, true, false}};
  entry = streaming("s", &s[0]);
  CHECK_STATUS(nodecore_zip_file_add_entry_sync(file, entry, &err), NODECORE_ERR_INVALID_STATE);
  CHECK(failed_with(&err, "ERR_INVALID_STATE",
                    "Invalid state: a streaming entry cannot be serialized synchronously"));
  nodecore_zip_entry_free(entry);

  /* With a callback; a streaming entry becomes one of the file. */
  restart();
  CHECK_OK(nodecore_zip_file_add(file, lp, "e", 1, "fifth", 5, NULL, on_entry, NULL, release, NULL));
  CHECK(outcome() == NODECORE_OK && contains(made, "fifth") && on_disk() == 3);
  nodecore_zip_entry_free(made);
  s[0] = (source){0, false, false};
  entry = streaming("s", &s[0]);
  CHECK_OK(nodecore_zip_file_add_entry(file, lp, entry, note, NULL, release, NULL));
  CHECK(outcome() == NODECORE_OK && contains(entry, "one two three") && info_of(entry).size == 13);
  nodecore_zip_entry_free(entry);
  entry = streaming("t", &s[1]);
  CHECK_OK(nodecore_zip_file_add_entry(file, lp, entry, note, NULL, release, NULL));
  CHECK(outcome() == NODECORE_EIO && s[1].destroyed && on_disk() == 4);
  nodecore_zip_entry_free(entry);
  CHECK_OK(nodecore_zip_file_delete(file, lp, "e", 1, on_delete, NULL, release, NULL));
  CHECK(outcome() == NODECORE_OK && gone && on_disk() == 3);
  CHECK_OK(nodecore_zip_file_delete(file, lp, "e", 1, on_delete, NULL, release, NULL));
  CHECK(outcome() == NODECORE_OK && !gone);

  /* A fresh archive without the dead space: both forms, both comments. */
  for (int own = 0; own < 2; own++) {
    const char *comment = own ? NULL : "other";
    CHECK_OK(nodecore_zip_file_compact_sync(file, comment, own ? 0 : 5, &out, NULL));
    CHECK_OK(nodecore_zip_file_compact(file, lp, comment, own ? 0 : 5, &stream, NULL));
    CHECK(drained(stream) == NODECORE_OK && holds(&bytes, out.data, out.len));
    nodecore_buf_free(&out);
    nodecore_zip_buffer *zip = NULL;
    CHECK_OK(nodecore_zip_buffer_new(bytes.data, bytes.len, &zip, NULL));
    CHECK(nodecore_zip_buffer_size(zip) == 3 && is(nodecore_zip_buffer_comment(zip), own ? "comment" : "other"));
    nodecore_zip_buffer_free(zip);
  }
  CHECK_STATUS(nodecore_zip_file_compact_sync(file, NULL, 1, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_OK(nodecore_zip_file_close(file, lp, note, NULL, release, NULL));
  CHECK(outcome() == NODECORE_OK);
  CHECK_STATUS(nodecore_zip_file_compact_sync(file, NULL, 0, &out, NULL), NODECORE_ERR_INVALID_STATE);
  CHECK_STATUS(nodecore_zip_file_compact(file, lp, NULL, 0, &stream, NULL), NODECORE_ERR_INVALID_STATE);
  CHECK_STATUS(nodecore_zip_file_stream(file, lp, "c", 1, NULL, &stream, NULL), NODECORE_ERR_INVALID_STATE);
  CHECK_OK(nodecore_zip_file_delete(file, lp, "c", 1, on_delete, NULL, release, NULL));
  CHECK(outcome() == NODECORE_ERR_INVALID_STATE && strcmp(message, "Invalid state: the ZipFile has been closed") == 0);
  nodecore_zip_file_free(file);
}

/* Changes are made in turn, and what blocks waits for none of them. */
static int order[4], turns;
static void in_turn(const nodecore_error *err, void *user) {
  CHECK(err == NULL);
  order[turns++] = *(int *)user;
}
static void first_turn(const nodecore_error *err, nodecore_zip_entry *entry, void *user) {
  nodecore_zip_entry_free(entry);
  in_turn(err, user);
}
static void second_turn(const nodecore_error *err, bool deleted, void *user) {
  CHECK(deleted);
  in_turn(err, user);
}
static void turning(void) {
  int numbers[] = {1, 2, 3, 4};
  nodecore_zip_entry *entry = entry_of("y", "yes");
  nodecore_zip_entry *busy = NULL;
  nodecore_zip_entries *list = NULL;
  nodecore_buf out = NODECORE_BUF_INIT;
  nodecore_error *err = NULL;
  fresh(true);
  restart();
  char *text = words(100000);
  CHECK_OK(nodecore_zip_file_add(file, lp, "x", 1, text, 100000, NULL, first_turn, &numbers[0], release, NULL));
  free(text);
  CHECK_OK(nodecore_zip_file_delete(file, lp, "x", 1, second_turn, &numbers[1], release, NULL));
  CHECK_OK(nodecore_zip_file_add_entry(file, lp, entry, in_turn, &numbers[2], release, NULL));
  nodecore_zip_entry_free(entry);
  const char *why = "Invalid state: cannot call a synchronous ZipFile method while an asynchronous add(), addEntry(), "
                    "delete(), or close() call has not settled yet";
  CHECK_STATUS(nodecore_zip_file_delete_sync(file, "a", 1, NULL, &err), NODECORE_ERR_INVALID_STATE);
  CHECK(failed_with(&err, "ERR_INVALID_STATE", why));
  CHECK_STATUS(nodecore_zip_file_get_sync(file, "a", 1, &busy, NULL), NODECORE_ERR_INVALID_STATE);
  CHECK_STATUS(nodecore_zip_file_entries_sync(file, &list, NULL), NODECORE_ERR_INVALID_STATE);
  CHECK_STATUS(nodecore_zip_file_compact_sync(file, NULL, 0, &out, NULL), NODECORE_ERR_INVALID_STATE);
  CHECK_STATUS(nodecore_zip_file_close_sync(file, NULL), NODECORE_ERR_INVALID_STATE);
  entry = got("a");
  CHECK_STATUS(nodecore_zip_entry_content_sync(entry, NULL, &out, NULL), NODECORE_ERR_INVALID_STATE);
  nodecore_zip_entry_free(entry);
  CHECK_OK(nodecore_zip_file_entries(file, &list, NULL));
  CHECK(nodecore_zip_entries_count(list) == 2);
  nodecore_zip_entries_free(list);
  CHECK_OK(nodecore_zip_file_close(file, lp, in_turn, &numbers[3], release, NULL));
  /* The handle is not needed for what is under way. */
  nodecore_zip_file_free(file);
  run();
  CHECK(turns == 4 && released == 4);
  for (int i = 0; i < 4; i++) CHECK(order[i] == i + 1);
  CHECK(on_disk() == 3);
}

static void nulls(void) {
  nodecore_zip_entry *entry = NULL;
  nodecore_zip_entries *list = NULL;
  nodecore_stream *stream = NULL;
  bool there;
  fresh(true);
  restart();
  CHECK_STATUS(nodecore_zip_file_open_sync(NULL, 1, NULL, &file, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_file_open_sync(PATH, 1, NULL, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_file_open(NULL, PATH, 1, NULL, on_file, NULL, release, NULL, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_file_open(lp, PATH, 1, NULL, NULL, NULL, release, NULL, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_file_close_sync(NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_file_close(NULL, lp, note, NULL, release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_file_close(file, lp, NULL, NULL, release, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_file_has(NULL, "a", 1, &there, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_file_get(NULL, "a", 1, &entry, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_file_get_sync(file, NULL, 1, &entry, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_file_entries(NULL, &list, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_file_entries_sync(file, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_file_stream(file, NULL, "a", 1, NULL, &stream, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_file_add_sync(NULL, "a", 1, "x", 1, NULL, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_file_add(NULL, lp, "a", 1, "x", 1, NULL, on_entry, NULL, release, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_file_add_entry_sync(file, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_file_add_entry(file, lp, NULL, note, NULL, release, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_file_delete_sync(NULL, "a", 1, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_file_delete(file, NULL, "a", 1, on_delete, NULL, release, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_file_compact(NULL, lp, NULL, 0, &stream, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_file_compact_sync(file, NULL, 0, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(released == 7 && called == 0);
  CHECK(nodecore_zip_file_size(NULL) == 0 && nodecore_zip_file_comment(NULL).data == NULL &&
        !nodecore_zip_file_writable(NULL));
  nodecore_zip_file_free(NULL);
  nodecore_zip_file_free(file);
}

int main(void) {
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  looking();
  opening();
  changing();
  turning();
  nulls();
  empty(&bytes);
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
  return 0;
}
