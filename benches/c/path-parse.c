#include "harness.h"

static size_t parse(const line *in) {
  nodecore_path_parsed p = nodecore_path_posix_parse(in->fields[0].data, in->fields[0].len);
  return p.root.len + p.dir.len + p.base.len + p.ext.len + p.name.len;
}

int main(void) { return measure_each(inputs("path-parse"), parse); }
