#include "harness.h"

static size_t dirname(const line *in) {
  return nodecore_path_win32_dirname(in->fields[0].data, in->fields[0].len).len;
}

int main(void) { return measure_each(inputs("path-win32-parse"), dirname); }
