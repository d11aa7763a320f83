// Handles that several tables know.
#pragma once

#include "bind.h"

namespace addon {

NODECORE_ADDON_HANDLE(nodecore_abort_controller, nodecore_abort_controller_free)
NODECORE_ADDON_HANDLE(nodecore_abort_signal, nodecore_abort_signal_free)

NODECORE_ADDON_HANDLE(nodecore_stream, nodecore_stream_free)
template <>
inline constexpr size_t kWeight<nodecore_stream> = 64 * 1024;

}  // namespace addon
