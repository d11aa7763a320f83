#include "bind.h"

namespace addon {

NODECORE_ADDON_SHAPE(nodecore_path_parsed16, {}, FIELD(root) FIELD(dir) FIELD(base) FIELD(ext) FIELD(name))

namespace {

#define FLAVOUR(NAME)                             \
  TEXT(nodecore_path_##NAME##_basename_utf16),    \
  TEXT(nodecore_path_##NAME##_dirname_utf16),     \
  TEXT(nodecore_path_##NAME##_extname_utf16),     \
  TEXT(nodecore_path_##NAME##_format_utf16),      \
  TEXT(nodecore_path_##NAME##_is_absolute_utf16), \
  TEXT(nodecore_path_##NAME##_join_utf16),        \
  TEXT(nodecore_path_##NAME##_matches_glob_utf16), \
  TEXT(nodecore_path_##NAME##_normalize_utf16),   \
  TEXT(nodecore_path_##NAME##_parse_utf16),       \
  TEXT(nodecore_path_##NAME##_relative_utf16),    \
  TEXT(nodecore_path_##NAME##_resolve_utf16),     \
  TEXT(nodecore_path_##NAME##_to_namespaced_path_utf16)

const Binding bindings[] = {FLAVOUR(posix), FLAVOUR(win32)};

}  // namespace

extern const Table path_table = {bindings, sizeof bindings / sizeof *bindings};

}  // namespace addon
