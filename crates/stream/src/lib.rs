//! Node's streams as a native state machine.

#![forbid(unsafe_code)]
