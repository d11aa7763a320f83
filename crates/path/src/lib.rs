//! Node's path module: posix and win32 on every platform.

#![forbid(unsafe_code)]
