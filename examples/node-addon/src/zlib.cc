#include "bind.h"

namespace addon {

extern const Table zlib_table = {nullptr, 0};

}  // namespace addon
