#include "harness.h"

static size_t last_component(const line *in) {
  const nodecore_str *f = in->fields;
  return nodecore_path_win32_basename(f[0].data, f[0].len, f[1].data, f[1].len).len;
}

int main(void) { return measure_each(inputs("path-win32-basename"), last_component); }
