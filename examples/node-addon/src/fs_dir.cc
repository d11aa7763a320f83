// Directories and whole trees: fs_dir.h, fs_tree.h.
#include "fs.h"

namespace addon {

NODECORE_ADDON_HANDLE(nodecore_dirents, nodecore_dirents_free)
NODECORE_ADDON_HANDLE(nodecore_temp_dir, nodecore_temp_dir_free)
NODECORE_ADDON_HANDLE(nodecore_dir, nodecore_dir_free)
NODECORE_ADDON_HANDLE(nodecore_done, nodecore_done_free)

NODECORE_ADDON_SHAPE(nodecore_fs_readdir_options, NODECORE_FS_READDIR_OPTIONS_INIT,
                     FIELD(recursive) FIELD(with_file_types) FIELD(encoding))
NODECORE_ADDON_SHAPE(nodecore_fs_mkdir_options, NODECORE_FS_MKDIR_OPTIONS_INIT, FIELD(mode) FIELD(recursive))
NODECORE_ADDON_SHAPE(nodecore_fs_opendir_options, NODECORE_FS_OPENDIR_OPTIONS_INIT,
                     FIELD(buffer_size) FIELD(recursive) FIELD(encoding))
NODECORE_ADDON_SHAPE(nodecore_fs_rm_options, NODECORE_FS_RM_OPTIONS_INIT,
                     FIELD(force) FIELD(recursive) FIELD(has_retry_delay) FIELD(max_retries)
                     FIELD(retry_delay))
NODECORE_ADDON_SHAPE(nodecore_fs_cp_options, NODECORE_FS_CP_OPTIONS_INIT,
                     FIELD(dereference) FIELD(error_on_exist) FIELD(no_force) FIELD(preserve_timestamps)
                         FIELD(recursive) FIELD(verbatim_symlinks) FIELD(mode) FIELD(signal) FIELD(filter)
                             FIELD(filter_async))
NODECORE_ADDON_SHAPE(nodecore_fs_glob_options, NODECORE_FS_GLOB_OPTIONS_INIT,
                     FIELD(follow_symlinks) FIELD(cwd) FIELD(exclude) FIELD(exclude_count) FIELD(exclude_fn)
                         FIELD(signal))

namespace {

// The list behind the first argument, and whether names are strings or buffers by the second.
struct List {
  napi_env env;
  nodecore_dirents *dirents;
  bool text;
  napi_value array;

  List(napi_env env, napi_callback_info info) : env(env) {
    size_t argc = 2;
    napi_value argv[2];
    napi_get_cb_info(env, info, &argc, argv, nullptr, nullptr);
    dirents = static_cast<nodecore_dirents *>(unwrap(env, argv[0], Handle<nodecore_dirents>::type()));
    text = truth_of(env, argv[1]);
    napi_create_array(env, &array);
  }
  napi_value name(nodecore_str name) const {
    if (text) return js_text(env, name.data, name.len);
    napi_value buffer = nullptr;
    napi_create_buffer_copy(env, name.len, name.data, nullptr, &buffer);
    return buffer;
  }
};

// dirents_paths(list, text): the paths, one after the other.
napi_value paths(napi_env env, napi_callback_info info) {
  List list(env, info);
  const size_t count = nodecore_dirents_count(list.dirents);
  for (size_t i = 0; i < count; i++)
    put(env, list.array, i, list.name(nodecore_dirents_path(list.dirents, i)));
  return list.array;
}

// dirents_entries(list, text): name, parent path and type of each, one after the other.
napi_value entries(napi_env env, napi_callback_info info) {
  List list(env, info);
  const size_t count = nodecore_dirents_count(list.dirents);
  size_t at = 0;
  for (size_t i = 0; i < count; i++) {
    const nodecore_dirent entry = nodecore_dirents_get(list.dirents, i);
    put(env, list.array, at++, list.name(entry.name));
    put(env, list.array, at++, list.name(entry.parent_path));
    put(env, list.array, at++, js_number(env, entry.type));
  }
  return list.array;
}

// fs_cp_filtered(done, verdict): ends an asynchronous filter's work; without a verdict with an error.
napi_value filtered(napi_env env, napi_callback_info info) {
  size_t argc = 2;
  napi_value argv[2];
  void *own = nullptr;
  napi_get_cb_info(env, info, &argc, argv, nullptr, &own);
  auto *done = static_cast<nodecore_done *>(unwrap(env, argv[0], Handle<nodecore_done>::type()));
  if (!done) return nullptr;
  if (is_nothing(env, argv[1])) {
    nodecore_error *err = nullptr;
    nodecore_error_new(NODECORE_ECANCELED, nullptr, 0, &err);
    nodecore_done_call(nodecore_done_copy(done), err);
    nodecore_error_free(err);
  } else if (truth_of(env, argv[1])) {
    nodecore_done_push(nodecore_done_copy(done), "y", 1);
  } else {
    nodecore_done_call(nodecore_done_copy(done), nullptr);
  }
  if (Driver *driver = static_cast<Env *>(own)->driver) driver->changed();
  return nullptr;
}

const Binding bindings[] = {
    {"dirents_paths", paths},
    {"dirents_entries", entries},
    BYTES(nodecore_fs_readdir),
    BYTES(nodecore_fs_readdir_sync),
    TEXT(nodecore_fs_mkdir),
    TEXT(nodecore_fs_mkdir_sync),
    BYTES(nodecore_fs_rmdir),
    BYTES(nodecore_fs_rmdir_sync),
    BYTES(nodecore_fs_mkdtemp_disposable),
    BYTES(nodecore_fs_mkdtemp_disposable_sync),
    BYTES(nodecore_temp_dir_path),
    BYTES(nodecore_temp_dir_remove),
    BYTES(nodecore_temp_dir_remove_sync),
    BYTES(nodecore_temp_dir_keep),
    BYTES(nodecore_fs_opendir),
    BYTES(nodecore_fs_opendir_sync),
    BYTES(nodecore_dir_read),
    BYTES(nodecore_dir_read_sync),
    BYTES(nodecore_dir_next),
    BYTES(nodecore_dir_close),
    BYTES(nodecore_dir_close_sync),
    BYTES(nodecore_fs_rm),
    BYTES(nodecore_fs_rm_sync),
    BYTES(nodecore_fs_cp),
    BYTES(nodecore_fs_cp_sync),
    {"fs_cp_filtered", filtered},
    BYTES(nodecore_fs_glob),
    BYTES(nodecore_fs_glob_sync),
};

}  // namespace

extern const Table fs_dir_table = {bindings, sizeof bindings / sizeof *bindings};

}  // namespace addon
