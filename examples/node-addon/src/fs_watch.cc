// Being told of changes, and writing logs: fs_watch.h, fs_utf8_stream.h.
#include "fs.h"

namespace addon {

NODECORE_ADDON_HANDLE(nodecore_fs_watcher, nodecore_fs_watcher_free)
NODECORE_ADDON_HANDLE(nodecore_stat_watcher, nodecore_stat_watcher_free)
NODECORE_ADDON_HANDLE(nodecore_utf8_stream, nodecore_utf8_stream_free)

NODECORE_ADDON_SHAPE(nodecore_fs_watch_options, NODECORE_FS_WATCH_OPTIONS_INIT,
                     FIELD(no_persistent) FIELD(recursive) FIELD(no_throw_if_no_entry) FIELD(encoding)
                     FIELD(ignore) FIELD(ignore_count) FIELD(ignore_fn))
NODECORE_ADDON_SHAPE(nodecore_fs_watch_file_options, NODECORE_FS_WATCH_FILE_OPTIONS_INIT,
                     FIELD(no_persistent) FIELD(interval))
NODECORE_ADDON_SHAPE(nodecore_utf8_stream_options, NODECORE_UTF8_STREAM_OPTIONS_INIT,
                     FIELD(max_length) FIELD(max_write) FIELD(min_length) FIELD(periodic_flush) FIELD(mode)
                     FIELD(fd) FIELD(has_fd) FIELD(no_append) FIELD(fsync) FIELD(mkdir) FIELD(sync))
NODECORE_ADDON_SHAPE(nodecore_utf8_stream_state, NODECORE_UTF8_STREAM_STATE_INIT,
                     FIELD(max_length) FIELD(max_write) FIELD(min_length) FIELD(periodic_flush) FIELD(mode)
                     FIELD(fd) FIELD(writing) FIELD(append) FIELD(fsync) FIELD(mkdir) FIELD(sync))

namespace {

const Binding bindings[] = {
    BYTES(nodecore_fs_watch),
    BYTES(nodecore_fs_watcher_on_change),
    BYTES(nodecore_fs_watcher_on_error),
    BYTES(nodecore_fs_watcher_on_close),
    BYTES(nodecore_fs_watcher_close),
    BYTES(nodecore_fs_watcher_ref),
    BYTES(nodecore_fs_watcher_unref),
    BYTES(nodecore_fs_watch_file),
    BYTES(nodecore_stat_watcher_stop),
    BYTES(nodecore_stat_watcher_ref),
    BYTES(nodecore_stat_watcher_unref),

    BYTES(nodecore_utf8_stream_new),
    BYTES(nodecore_utf8_stream_write),
    BYTES(nodecore_utf8_stream_flush),
    BYTES(nodecore_utf8_stream_flush_sync),
    BYTES(nodecore_utf8_stream_reopen),
    BYTES(nodecore_utf8_stream_end),
    BYTES(nodecore_utf8_stream_destroy),
    BYTES(nodecore_utf8_stream_on),
    BYTES(nodecore_utf8_stream_on_write),
    BYTES(nodecore_utf8_stream_on_drop),
    BYTES(nodecore_utf8_stream_get_state),
    TEXT(nodecore_utf8_stream_file),
};

}  // namespace

extern const Table fs_watch_table = {bindings, sizeof bindings / sizeof *bindings};

}  // namespace addon
