//! Node's fs module on libuv.

#![forbid(unsafe_code)]
