//! Node's crypto module.

#![forbid(unsafe_code)]
