//! Node's zlib module.

#![forbid(unsafe_code)]
