// What a signal of JavaScript's is to the library.
#include "handles.h"

namespace addon {

namespace {

const Binding bindings[] = {
    BYTES(nodecore_abort_controller_new),
    BYTES(nodecore_abort_controller_signal),
    BYTES(nodecore_abort_controller_abort),
};

}  // namespace

extern const Table abort_table = {bindings, sizeof bindings / sizeof *bindings};

}  // namespace addon
