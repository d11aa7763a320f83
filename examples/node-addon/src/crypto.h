// What the tables of crypto share.
#pragma once

#include "bind.h"

namespace addon {

NODECORE_ADDON_HANDLE(nodecore_key, nodecore_key_free)
NODECORE_ADDON_STILL(nodecore_key)

#define CRYPTO_TABLE(NAME) extern const Table NAME##_table = {bindings, sizeof bindings / sizeof *bindings}

}  // namespace addon
