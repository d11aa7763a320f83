#include "bind.h"

namespace addon {

extern const Table stream_table = {nullptr, 0};

}  // namespace addon
