#include "bind.h"

namespace addon {

extern const Table querystring_table = {nullptr, 0};

}  // namespace addon
