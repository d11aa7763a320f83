//! Node's url module: a WHATWG URL parser and the legacy API.

#![forbid(unsafe_code)]
