//! Node's Buffer encodings and StringDecoder.

#![forbid(unsafe_code)]
