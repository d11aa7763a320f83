#include "harness.h"

static size_t to_namespaced_path(const line *in) {
  return nodecore_path_posix_to_namespaced_path(in->fields[0].data, in->fields[0].len).len;
}

int main(void) { return measure_each(inputs("path-parse"), to_namespaced_path); }
