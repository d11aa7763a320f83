//! Blocking `uv_fs_*` calls as safe functions.
