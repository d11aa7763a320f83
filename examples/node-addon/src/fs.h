// What the tables of fs share.
#pragma once

#include "handles.h"

namespace addon {

// What is known of a file, once as doubles and once as 64-bit integers: an ArrayBuffer of two lists, in the
// order of lib/fs/stats.js.
NODECORE_ADDON_SHAPE(nodecore_stats, NODECORE_STATS_INIT, FIELD(type))
template <>
inline napi_value js_object<nodecore_stats>(Env &own, bool, const nodecore_stats &stats) {
  const uint64_t whole[] = {static_cast<uint64_t>(stats.type), stats.mode,    stats.dev,   stats.ino,
                            stats.nlink,                       stats.uid,     stats.gid,   stats.rdev,
                            stats.size,                        stats.blksize, stats.blocks};
  constexpr size_t kWhole = sizeof whole / sizeof *whole, kAll = kWhole + 8;
  struct Both {
    double numbers[kAll];
    int64_t integers[kAll];
  };
  void *data = nullptr;
  napi_value buffer;
  if (napi_create_arraybuffer(own.env, sizeof(Both), &data, &buffer) != napi_ok) return js_undefined(own.env);
  auto *both = static_cast<Both *>(data);
  for (size_t i = 0; i < kWhole; i++) {
    both->numbers[i] = static_cast<double>(whole[i]);
    both->integers[i] = static_cast<int64_t>(whole[i]);
  }
  size_t at = kWhole;
  for (const nodecore_time &time : {stats.atime, stats.mtime, stats.ctime, stats.birthtime}) {
    for (int64_t piece : {time.sec, int64_t{time.nsec}}) {
      both->numbers[at] = static_cast<double>(piece);
      both->integers[at++] = piece;
    }
  }
  return buffer;
}

NODECORE_ADDON_SHAPE(nodecore_time, (nodecore_time{0, 0}), FIELD(sec) FIELD(nsec))
NODECORE_ADDON_SHAPE(nodecore_dirent, (nodecore_dirent{{nullptr, 0}, {nullptr, 0}, 0}),
                     FIELD(name) FIELD(parent_path) FIELD(type))
NODECORE_ADDON_SHAPE(nodecore_listener_id, (nodecore_listener_id{0, 0}), FIELD(number_) FIELD(tag_))

}  // namespace addon
