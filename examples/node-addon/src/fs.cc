#include "bind.h"

namespace addon {

namespace {

const Binding bindings[] = {
    BYTES(nodecore_fs_fsync),
    BYTES(nodecore_fs_fsync_sync),
};

}  // namespace

extern const Table fs_table = {bindings, sizeof bindings / sizeof *bindings};

}  // namespace addon
