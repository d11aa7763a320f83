#include "bind.h"

namespace addon {

extern const Table crypto_table = {nullptr, 0};

}  // namespace addon
