/* zlib_zip_buffer.h: an archive in memory, as a map that is written out again. */
#include "zlib_zip_check.h"

static nodecore_zip_buffer *zip;

static void add_text(const char *name, const char *content) {
  CHECK_OK(nodecore_zip_buffer_add_sync(zip, name, strlen(name), content, strlen(content), NULL, NULL, NULL));
}
/* The names, in their order. */
static bool named(const char *expected) {
  char all[100] = "";
  nodecore_zip_entries *list = nodecore_zip_buffer_entries(zip);
  for (size_t i = 0; i < nodecore_zip_entries_count(list); i++) {
    nodecore_str name = nodecore_zip_entries_name(list, i);
    strncat(all, name.data, name.len);
  }
  bool same = strcmp(all, expected) == 0 && nodecore_zip_buffer_size(zip) == nodecore_zip_entries_count(list);
  nodecore_zip_entries_free(list);
  return same;
}
static nodecore_zip_entry *got(const char *name) {
  nodecore_zip_entry *entry = NULL;
  CHECK_OK(nodecore_zip_buffer_get(zip, name, NODECORE_AUTO_LEN, &entry, NULL));
  return entry;
}

static void as_a_map(void) {
  nodecore_zip_entry *entry = NULL;
  nodecore_error *err = NULL;
  zip = nodecore_zip_buffer_empty();
  CHECK(nodecore_zip_buffer_size(zip) == 0 && nodecore_zip_buffer_writable(zip) && named(""));
  CHECK(nodecore_zip_buffer_comment(zip).data != NULL && nodecore_zip_buffer_comment(zip).len == 0);
  add_text("a", "first");
  add_text("b", "second");
  add_text("c", "third");
  CHECK(named("abc") && nodecore_zip_buffer_has(zip, "b", 1) && !nodecore_zip_buffer_has(zip, "x", 1));

  /* What is replaced keeps its place; what is removed and added again does not. */
  CHECK_OK(nodecore_zip_buffer_add_sync(zip, "a", 1, "other", 5, NULL, &entry, NULL));
  CHECK(named("abc") && contains(entry, "other"));
  nodecore_zip_entry_free(entry);
  CHECK(nodecore_zip_buffer_delete(zip, "a", 1) && !nodecore_zip_buffer_delete(zip, "a", 1) && named("bc"));
  entry = entry_of("a", "again");
  CHECK_OK(nodecore_zip_buffer_add_entry(zip, entry));
  nodecore_zip_entry_free(entry);
  entry = got("a");
  CHECK(named("bca") && contains(entry, "again"));

  CHECK_STATUS(nodecore_zip_buffer_get(zip, "x\n", 2, &entry, &err), NODECORE_ERR_ZIP_ENTRY_NOT_FOUND);
  CHECK(failed_with(&err, "ERR_ZIP_ENTRY_NOT_FOUND", "no such entry \"x\\n\" in the archive"));
  nodecore_zip_buffer_clear(zip);
  CHECK(named(""));
  /* An entry that was got stays. */
  nodecore_zip_buffer_free(zip);
  CHECK(contains(entry, "again"));
  nodecore_zip_entry_free(entry);
}

static void written_out(void) {
  nodecore_zip_archive_options o = NODECORE_ZIP_ARCHIVE_OPTIONS_INIT;
  nodecore_buf out = NODECORE_BUF_INIT;
  nodecore_error *err = NULL;
  zip = nodecore_zip_buffer_empty();
  add_text("a", "first");
  add_text("dir/", "");
  o.comment = (nodecore_str){"caf\xc3\xa9", 5};
  CHECK_OK(nodecore_zip_buffer_to_buffer_sync(zip, &o, &out, NULL));
  nodecore_zip_buffer_free(zip);

  /* Read again; the comment is kept, unless there is another. */
  size_t len;
  char *archive = exact_of(&out, &len);
  CHECK_OK(nodecore_zip_buffer_new(archive, len, &zip, NULL));
  CHECK(named("adir/") && is(nodecore_zip_buffer_comment(zip), "caf\xc3\xa9"));
  CHECK_OK(nodecore_zip_buffer_to_buffer_sync(zip, NULL, &out, NULL));
  CHECK(out.len == len && memcmp(out.data, archive, len) == 0);
  nodecore_buf_free(&out);
  restart();
  CHECK_OK(nodecore_zip_buffer_to_buffer(zip, lp, NULL, on_bytes, NULL, release, NULL));
  nodecore_zip_buffer_clear(zip);
  CHECK(outcome() == NODECORE_OK && holds(&bytes, archive, len));
  o.comment = (nodecore_str){"", 0};
  CHECK_OK(nodecore_zip_buffer_to_buffer_sync(zip, &o, &out, NULL));
  CHECK(out.len == 22);
  nodecore_buf_free(&out);
  nodecore_zip_buffer_free(zip);

  /* Cut off anywhere it is no archive. */
  for (size_t cut = 0; cut < len; cut++) {
    char *part = exact(archive, cut);
    CHECK_STATUS(nodecore_zip_buffer_new(part, cut, &zip, NULL), NODECORE_ERR_ZIP_INVALID_ARCHIVE);
    free(part);
  }
  free(archive);
  CHECK_STATUS(nodecore_zip_buffer_new(NULL, 0, &zip, &err), NODECORE_ERR_ZIP_INVALID_ARCHIVE);
  CHECK(failed_with(&err, "ERR_ZIP_INVALID_ARCHIVE",
                    "invalid ZIP archive: no end of central directory record found"));

  /* Streaming entries take a loop. */
  source s[2] = {{0, false, false}, {0, false, false}};
  zip = nodecore_zip_buffer_empty();
  nodecore_zip_entry *entry = streaming("s", &s[0]);
  CHECK_OK(nodecore_zip_buffer_add_entry(zip, entry));
  nodecore_zip_entry_free(entry);
  CHECK_OK(nodecore_zip_buffer_to_buffer(zip, lp, NULL, on_bytes, NULL, release, NULL));
  CHECK(outcome() == NODECORE_OK && s[0].destroyed);
  nodecore_zip_buffer *other = zip;
  CHECK_OK(nodecore_zip_buffer_new(bytes.data, bytes.len, &zip, NULL));
  entry = got("s");
  CHECK(contains(entry, "one two three"));
  nodecore_zip_entry_free(entry);
  nodecore_zip_buffer_free(zip);
  zip = other;
  entry = streaming("s", &s[1]);
  CHECK_OK(nodecore_zip_buffer_add_entry(zip, entry));
  nodecore_zip_entry_free(entry);
  CHECK_STATUS(nodecore_zip_buffer_to_buffer_sync(zip, NULL, &out, &err), NODECORE_ERR_INVALID_STATE);
  CHECK(failed_with(&err, "ERR_INVALID_STATE",
                    "Invalid state: a streaming entry cannot be serialized synchronously"));
  CHECK(s[1].destroyed);
  nodecore_zip_buffer_free(zip);
}

/* The destroy hook of a source finds the archive at rest, and may change it. */
static void change(nodecore_stream *stream, const nodecore_error *err, nodecore_done *done, void *user) {
  (void)stream;
  (*(int *)user)++;
  CHECK(nodecore_zip_buffer_size(zip) <= 1);
  add_text("hook", "added");
  nodecore_done_call(done, err);
}
static void hooks(void) {
  int destroyed = 0;
  nodecore_stream_hooks change_hooks = NODECORE_STREAM_HOOKS_INIT;
  change_hooks.destroy = change;
  zip = nodecore_zip_buffer_empty();
  for (int way = 0; way < 4; way++) {
    nodecore_stream *stream = NULL;
    nodecore_zip_entry *entry = NULL;
    nodecore_buf out = NODECORE_BUF_INIT;
    CHECK_OK(nodecore_stream_new(lp, NODECORE_STREAM_READABLE, NULL, &change_hooks, &destroyed, NULL, &stream,
                                 NULL));
    CHECK_OK(nodecore_zip_entry_create_stream("s", 1, stream, NULL, &entry, NULL));
    CHECK_OK(nodecore_zip_buffer_add_entry(zip, entry));
    nodecore_stream_free(stream);
    nodecore_zip_entry_free(entry);
    switch (way) {
      case 0: nodecore_zip_buffer_clear(zip); break;
      case 1: CHECK(nodecore_zip_buffer_delete(zip, "s", 1)); break;
      case 2: add_text("s", "replaced"); break;
      default:
        CHECK_STATUS(nodecore_zip_buffer_to_buffer_sync(zip, NULL, &out, NULL), NODECORE_ERR_INVALID_STATE);
    }
    CHECK(destroyed == way + 1 && nodecore_zip_buffer_has(zip, "hook", 4));
    nodecore_zip_buffer_clear(zip);
    run();
  }
  nodecore_zip_buffer_free(zip);
}

static void free_both(const nodecore_error *err, nodecore_zip_entry *entry, void *user) {
  on_entry(err, entry, user);
  nodecore_zip_buffer_free(zip);
}
static void on_the_pool(void) {
  nodecore_request *req = NULL;
  restart();
  zip = nodecore_zip_buffer_empty();
  CHECK_OK(nodecore_zip_buffer_add(zip, lp, "a", 1, "pool", 4, NULL, on_entry, NULL, release, &req, NULL));
  CHECK(nodecore_zip_buffer_size(zip) == 0);
  nodecore_request_free(req);
  CHECK(outcome() == NODECORE_OK && named("a") && contains(made, "pool"));
  nodecore_zip_entry_free(made);
  CHECK_OK(nodecore_zip_buffer_add(zip, lp, "d/", 2, "pool", 4, NULL, on_entry, NULL, release, NULL, NULL));
  CHECK(outcome() == NODECORE_ERR_INVALID_ARG_VALUE && named("a"));
  CHECK_OK(nodecore_zip_buffer_add(zip, lp, "b", 1, "more", 4, NULL, free_both, NULL, release, NULL, NULL));
  CHECK(outcome() == NODECORE_OK && contains(made, "more"));
  nodecore_zip_entry_free(made);
}

static void nulls(void) {
  nodecore_zip_entry *entry = entry_of("a", "x");
  nodecore_buf out = NODECORE_BUF_INIT;
  restart();
  zip = nodecore_zip_buffer_empty();
  CHECK_STATUS(nodecore_zip_buffer_new("x", 1, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_buffer_get(NULL, "a", 1, &entry, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_buffer_get(zip, NULL, 1, &entry, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_buffer_add_sync(NULL, "a", 1, "x", 1, NULL, NULL, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_buffer_add_entry(NULL, entry), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_buffer_add_entry(zip, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_buffer_add(NULL, lp, "a", 1, "x", 1, NULL, on_entry, NULL, release, NULL, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_buffer_add(zip, NULL, "a", 1, "x", 1, NULL, on_entry, NULL, release, NULL, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_buffer_to_buffer_sync(NULL, NULL, &out, NULL), NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_buffer_to_buffer(NULL, lp, NULL, on_bytes, NULL, release, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK_STATUS(nodecore_zip_buffer_to_buffer(zip, lp, NULL, NULL, NULL, release, NULL),
               NODECORE_ERR_INVALID_ARG_TYPE);
  CHECK(released == 4 && called == 0 && nodecore_zip_buffer_size(zip) == 0);
  CHECK(nodecore_zip_buffer_size(NULL) == 0 && nodecore_zip_buffer_comment(NULL).data == NULL &&
        !nodecore_zip_buffer_writable(NULL) && !nodecore_zip_buffer_has(NULL, "a", 1) &&
        !nodecore_zip_buffer_delete(NULL, "a", 1) && nodecore_zip_buffer_entries(NULL) == NULL);
  CHECK(!nodecore_zip_buffer_has(zip, NULL, 1) && !nodecore_zip_buffer_delete(zip, "\xff", 1));
  nodecore_zip_buffer_clear(NULL);
  nodecore_zip_buffer_free(NULL);
  nodecore_zip_buffer_free(zip);
  nodecore_zip_entry_free(entry);
}

int main(void) {
  CHECK_OK(nodecore_loop_new(&lp, NULL));
  as_a_map();
  written_out();
  hooks();
  on_the_pool();
  nulls();
  empty(&bytes);
  CHECK_OK(nodecore_loop_close(lp, NULL));
  nodecore_loop_free(lp);
  return 0;
}
