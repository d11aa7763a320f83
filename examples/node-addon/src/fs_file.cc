// Descriptors, and files as a whole: fs_file.h, fs_blob.h.
#include "fs.h"

namespace addon {

NODECORE_ADDON_SHAPE(nodecore_fs_read_file_options, NODECORE_FS_READ_FILE_OPTIONS_INIT,
                     FIELD(flags) FIELD(has_fd) FIELD(fd) FIELD(encoding) FIELD(signal))
NODECORE_ADDON_SHAPE(nodecore_fs_write_file_options, NODECORE_FS_WRITE_FILE_OPTIONS_INIT,
                     FIELD(flags) FIELD(mode) FIELD(flush) FIELD(has_fd) FIELD(fd) FIELD(encoding)
                     FIELD(signal))
NODECORE_ADDON_HANDLE(nodecore_blob, nodecore_blob_free)

namespace {

const Binding bindings[] = {
    BYTES(nodecore_fs_flags),
    BYTES(nodecore_fs_open),
    BYTES(nodecore_fs_open_sync),
    BYTES(nodecore_fs_close),
    BYTES(nodecore_fs_close_sync),
    BYTES(nodecore_fs_read_sync),
    BYTES(nodecore_fs_readv),
    BYTES(nodecore_fs_readv_sync),
    BYTES(nodecore_fs_write),
    BYTES(nodecore_fs_write_sync),
    BYTES(nodecore_fs_writev),
    BYTES(nodecore_fs_writev_sync),
    BYTES(nodecore_fs_ftruncate),
    BYTES(nodecore_fs_ftruncate_sync),
    BYTES(nodecore_fs_fsync),
    BYTES(nodecore_fs_fsync_sync),
    BYTES(nodecore_fs_fdatasync),
    BYTES(nodecore_fs_fdatasync_sync),
    BOTH(nodecore_fs_read_file),
    BOTH(nodecore_fs_read_file_sync),
    BYTES(nodecore_fs_write_file),
    BYTES(nodecore_fs_write_file_sync),
    BYTES(nodecore_fs_append_file),
    BYTES(nodecore_fs_append_file_sync),
    BYTES(nodecore_fs_truncate),
    BYTES(nodecore_fs_truncate_sync),
    BYTES(nodecore_fs_copy_file),
    BYTES(nodecore_fs_copy_file_sync),

    BYTES(nodecore_fs_open_as_blob),
    BYTES(nodecore_fs_open_as_blob_sync),
    BYTES(nodecore_blob_size),
    BYTES(nodecore_blob_type),
    BYTES(nodecore_blob_slice),
    BYTES(nodecore_blob_bytes),
};

}  // namespace

extern const Table fs_file_table = {bindings, sizeof bindings / sizeof *bindings};

}  // namespace addon
