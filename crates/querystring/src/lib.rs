//! Node's querystring module.

#![forbid(unsafe_code)]
