#include "bind.h"

namespace addon {

extern const Table url_table = {nullptr, 0};

}  // namespace addon
