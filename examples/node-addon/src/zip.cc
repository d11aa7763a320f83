#include "handles.h"

namespace addon {

NODECORE_ADDON_HANDLE(nodecore_zip_buffer, nodecore_zip_buffer_free)
NODECORE_ADDON_HANDLE(nodecore_zip_entry, nodecore_zip_entry_free)
NODECORE_ADDON_HANDLE(nodecore_zip_file, nodecore_zip_file_free)
NODECORE_ADDON_HANDLE(nodecore_zip_pieces, nodecore_zip_pieces_free)

NODECORE_ADDON_SHAPE(nodecore_zip_archive_options, NODECORE_ZIP_ARCHIVE_OPTIONS_INIT,
                     FIELD(comment) FIELD(base_offset))
NODECORE_ADDON_SHAPE(nodecore_zip_content_options, NODECORE_ZIP_CONTENT_OPTIONS_INIT,
                     FIELD(max_size) FIELD(has_max_size) FIELD(no_verify))
NODECORE_ADDON_SHAPE(nodecore_zip_entry_info, NODECORE_ZIP_ENTRY_INFO_INIT,
                     FIELD(name) FIELD(comment) FIELD(size) FIELD(compressed_size) FIELD(crc32) FIELD(mode)
                     FIELD(flags) FIELD(method) FIELD(is_file) FIELD(is_directory) FIELD(is_symlink)
                     FIELD(compressed) FIELD(finished))
NODECORE_ADDON_SHAPE(nodecore_zip_entry_options, NODECORE_ZIP_ENTRY_OPTIONS_INIT,
                     FIELD(comment) FIELD(modified) FIELD(mode) FIELD(method) FIELD(has_modified)
                     FIELD(has_mode) FIELD(has_method))
NODECORE_ADDON_SHAPE(nodecore_zip_file_options, NODECORE_ZIP_FILE_OPTIONS_INIT, FIELD(writable))
NODECORE_ADDON_SHAPE(nodecore_zip_files_options, NODECORE_ZIP_FILES_OPTIONS_INIT,
                     FIELD(comment) FIELD(base_offset) FIELD(keep_symlinks))

// A list goes to JavaScript as a whole: names and entries by turns.
template <>
struct Js<nodecore_zip_entries *> {
  static napi_value of(Env &own, bool, nodecore_zip_entries *list) {
    const size_t count = nodecore_zip_entries_count(list);
    napi_value flat;
    napi_create_array_with_length(own.env, 2 * count, &flat);
    for (size_t i = 0; i < count; i++) {
      const auto at = static_cast<uint32_t>(2 * i);
      napi_set_element(own.env, flat, at, js_of(own, true, nodecore_zip_entries_name(list, i)));
      nodecore_zip_entry *entry = nodecore_zip_entry_copy(nodecore_zip_entries_get(list, i));
      napi_set_element(own.env, flat, at + 1, js_of(own, true, entry));
    }
    nodecore_zip_entries_free(list);
    return flat;
  }
};
template <>
struct Param<nodecore_zip_entries **> : Out {
  nodecore_zip_entries *value = nullptr;
  explicit Param(Call &) {}
  nodecore_zip_entries **get() { return &value; }
  napi_value give(Call &call) { return js_of(call.own, true, value); }
};

template <>
struct Param<nodecore_zip_entry *const *> : In {
  nodecore_zip_entry *const *entries;
  explicit Param(Call &call)
      : entries(list_of<nodecore_zip_entry *>(call, call.next(), [&](napi_value value) {
          const void *type = Handle<nodecore_zip_entry>::type();
          return static_cast<nodecore_zip_entry *>(unwrap(call.env, value, type));
        })) {}
  nodecore_zip_entry *const *get() { return entries; }
};

// Paths and names come from JavaScript by turns.
template <>
struct Param<const nodecore_zip_source *> : In {
  nodecore_zip_source *sources;
  explicit Param(Call &call) {
    Param<const nodecore_str *> texts(call);
    const size_t count = call.length / 2;
    sources = static_cast<nodecore_zip_source *>(call.arena.take((count + 1) * sizeof *sources));
    for (size_t i = 0; i < count; i++) sources[i] = {texts.data[2 * i], texts.data[2 * i + 1]};
    call.set_length(count);
  }
  const nodecore_zip_source *get() { return sources; }
};

// A question for the next entry, which JavaScript answers once, or by letting it go.
struct ZipNext {
  nodecore_zip_next *next;
  void give(nodecore_zip_entry *entry) {
    if (next) nodecore_zip_next_give(next, entry, nullptr);
    next = nullptr;
  }
  static void free(ZipNext *asked) {
    asked->give(nullptr);
    delete asked;
  }
};
NODECORE_ADDON_HANDLE(ZipNext, ZipNext::free)

namespace {

using NextCallback = void (*)(ZipNext *next, void *user);

nodecore_status zip_archive(nodecore_loop *loop, NextCallback, void *user, nodecore_release release,
                            const nodecore_zip_archive_options *opts, nodecore_stream **out,
                            nodecore_error **err) {
  return nodecore_zlib_create_zip_archive_from(
      loop,
      [](nodecore_zip_next *next, void *user) { Trampoline<NextCallback>::run(new ZipNext{next}, user); },
      user, release, opts, out, err);
}

void zip_next_give(ZipNext *asked, nodecore_zip_entry *entry) {
  if (asked) asked->give(entry);
}

nodecore_status zip_entry_bytes(const nodecore_zip_entry *entry, bool name, nodecore_buf *out) {
  nodecore_zip_entry_info info = NODECORE_ZIP_ENTRY_INFO_INIT;
  const nodecore_status status = nodecore_zip_entry_get_info(entry, &info);
  const nodecore_str bytes = name ? info.name_bytes : info.raw_content;
  if (status == NODECORE_OK) *out = nodecore_buf_copy(bytes.data, bytes.len);
  return status;
}

bool zip_entry_has_raw_content(const nodecore_zip_entry *entry) {
  nodecore_zip_entry_info info = NODECORE_ZIP_ENTRY_INFO_INIT;
  return nodecore_zip_entry_get_info(entry, &info) == NODECORE_OK && info.raw_content.data;
}

using WantedCallback = void (*)(void *user);

// A stream of the library that JavaScript fills: `wanted` is called when there is room.
nodecore_status zip_source_new(nodecore_loop *loop, WantedCallback, void *user, nodecore_release release,
                               nodecore_stream **out, nodecore_error **err) {
  nodecore_stream_hooks hooks = NODECORE_STREAM_HOOKS_INIT;
  hooks.read = [](nodecore_stream *, size_t, void *user) { Trampoline<WantedCallback>::run(user); };
  return nodecore_stream_new(loop, NODECORE_STREAM_READABLE, nullptr, &hooks, user, release, out, err);
}

// Destroys a stream, with an error if there is a message.
void zip_stream_destroy(nodecore_stream *stream, const char *message, size_t length) {
  nodecore_error *error = nullptr;
  if (message) nodecore_error_new(NODECORE_UNCODED, message, length, &error);
  nodecore_stream_destroy(stream, error);
  nodecore_error_free(error);
}

const Binding bindings[] = {
    BYTES(nodecore_stream_push),
    BYTES(nodecore_stream_push_end),
    BYTES(nodecore_zip_buffer_add),
    BYTES(nodecore_zip_buffer_add_entry),
    BYTES(nodecore_zip_buffer_add_sync),
    BYTES(nodecore_zip_buffer_clear),
    BYTES(nodecore_zip_buffer_comment),
    BYTES(nodecore_zip_buffer_delete),
    BYTES(nodecore_zip_buffer_entries),
    BYTES(nodecore_zip_buffer_get),
    BYTES(nodecore_zip_buffer_has),
    BYTES(nodecore_zip_buffer_new),
    BYTES(nodecore_zip_buffer_size),
    BYTES(nodecore_zip_buffer_to_buffer),
    BYTES(nodecore_zip_buffer_to_buffer_sync),
    BYTES(nodecore_zip_buffer_writable),
    BYTES(nodecore_zip_entry_content),
    BYTES(nodecore_zip_entry_content_stream),
    BYTES(nodecore_zip_entry_content_sync),
    BYTES(nodecore_zip_entry_create),
    BYTES(nodecore_zip_entry_create_stream),
    BYTES(nodecore_zip_entry_create_symlink),
    BYTES(nodecore_zip_entry_create_sync),
    BYTES(nodecore_zip_entry_dispose),
    BYTES(nodecore_zip_entry_get_info),
    BYTES(nodecore_zip_entry_modified),
    BYTES(nodecore_zip_entry_read),
    BYTES(nodecore_zip_entry_serialize),
    BYTES(nodecore_zip_entry_serialize_sync),
    BYTES(nodecore_zip_file_add),
    BYTES(nodecore_zip_file_add_entry),
    BYTES(nodecore_zip_file_add_entry_sync),
    BYTES(nodecore_zip_file_add_sync),
    BYTES(nodecore_zip_file_close),
    BYTES(nodecore_zip_file_close_sync),
    BYTES(nodecore_zip_file_comment),
    BYTES(nodecore_zip_file_compact),
    BYTES(nodecore_zip_file_compact_sync),
    BYTES(nodecore_zip_file_delete),
    BYTES(nodecore_zip_file_delete_sync),
    BYTES(nodecore_zip_file_entries),
    BYTES(nodecore_zip_file_entries_sync),
    BYTES(nodecore_zip_file_get),
    BYTES(nodecore_zip_file_get_sync),
    BYTES(nodecore_zip_file_has),
    BYTES(nodecore_zip_file_open),
    BYTES(nodecore_zip_file_open_sync),
    BYTES(nodecore_zip_file_size),
    BYTES(nodecore_zip_file_stream),
    BYTES(nodecore_zip_file_writable),
    BYTES(nodecore_zip_pieces_next),
    BYTES(nodecore_zlib_create_zip_archive_sync),
    BYTES(nodecore_zlib_get_max_zip_content_size),
    BYTES(nodecore_zlib_set_max_zip_content_size),
    BYTES(nodecore_zlib_zip_files),
    BYTES(zip_archive),
    BYTES(zip_entry_bytes),
    BYTES(zip_entry_has_raw_content),
    BYTES(zip_next_give),
    BYTES(zip_source_new),
    BYTES(zip_stream_destroy),
};

}  // namespace

extern const Table zip_table = {bindings, sizeof bindings / sizeof *bindings};

}  // namespace addon
