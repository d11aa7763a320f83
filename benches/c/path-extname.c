#include "harness.h"

static size_t extname(const line *in) {
  return nodecore_path_posix_extname(in->fields[0].data, in->fields[0].len).len;
}

int main(void) { return measure_each(inputs("path-parse"), extname); }
