#include "harness.h"

static size_t matches_glob(const line *in) {
  const nodecore_str *f = in->fields;
  bool matched = false;
  MUST(nodecore_path_win32_matches_glob(f[0].data, f[0].len, f[1].data, f[1].len, &matched, NULL));
  return matched;
}

int main(void) { return measure_each(inputs("path-win32-glob"), matches_glob); }
