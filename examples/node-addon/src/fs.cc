// What is known of files, and their names: fs_path.h.
#include "fs.h"

namespace addon {

NODECORE_ADDON_SHAPE(nodecore_statfs, NODECORE_STATFS_INIT,
                     FIELD(type) FIELD(bsize) FIELD(frsize) FIELD(blocks) FIELD(bfree) FIELD(bavail)
                     FIELD(files) FIELD(ffree))

namespace {

const Binding bindings[] = {
    BYTES(nodecore_fs_stat),
    BYTES(nodecore_fs_stat_sync),
    BYTES(nodecore_fs_stat_until),
    BYTES(nodecore_fs_lstat),
    BYTES(nodecore_fs_lstat_sync),
    BYTES(nodecore_fs_lstat_until),
    BYTES(nodecore_fs_fstat),
    BYTES(nodecore_fs_fstat_sync),
    BYTES(nodecore_fs_fstat_until),
    BYTES(nodecore_fs_statfs),
    BYTES(nodecore_fs_statfs_sync),
    BYTES(nodecore_fs_access),
    BYTES(nodecore_fs_access_sync),
    BYTES(nodecore_fs_exists),
    BYTES(nodecore_fs_exists_sync),
    BYTES(nodecore_fs_chmod),
    BYTES(nodecore_fs_chmod_sync),
    BYTES(nodecore_fs_fchmod),
    BYTES(nodecore_fs_fchmod_sync),
    BYTES(nodecore_fs_chown),
    BYTES(nodecore_fs_chown_sync),
    BYTES(nodecore_fs_lchown),
    BYTES(nodecore_fs_lchown_sync),
    BYTES(nodecore_fs_fchown),
    BYTES(nodecore_fs_fchown_sync),
    BYTES(nodecore_fs_utimes),
    BYTES(nodecore_fs_utimes_sync),
    BYTES(nodecore_fs_lutimes),
    BYTES(nodecore_fs_lutimes_sync),
    BYTES(nodecore_fs_futimes),
    BYTES(nodecore_fs_futimes_sync),
    BYTES(nodecore_fs_rename),
    BYTES(nodecore_fs_rename_sync),
    BYTES(nodecore_fs_unlink),
    BYTES(nodecore_fs_unlink_sync),
    BYTES(nodecore_fs_link),
    BYTES(nodecore_fs_link_sync),
    BYTES(nodecore_fs_symlink),
    BYTES(nodecore_fs_symlink_sync),
    BOTH(nodecore_fs_readlink),
    BOTH(nodecore_fs_readlink_sync),
    BOTH(nodecore_fs_realpath),
    BOTH(nodecore_fs_realpath_sync),
    BOTH(nodecore_fs_realpath_native),
    BOTH(nodecore_fs_realpath_native_sync),
    BOTH(nodecore_fs_mkdtemp),
    BOTH(nodecore_fs_mkdtemp_sync),
};

}  // namespace

extern const Table fs_table = {bindings, sizeof bindings / sizeof *bindings};

}  // namespace addon
