//! Node's EventEmitter and AbortSignal.

#![forbid(unsafe_code)]
