#include "harness.h"

static size_t is_absolute(const line *in) {
  return nodecore_path_posix_is_absolute(in->fields[0].data, in->fields[0].len);
}

int main(void) { return measure_each(inputs("path-parse"), is_absolute); }
