//! The C ABI of nodecore; the reference is `include/nodecore.h`. Conversion only, no logic.

#![allow(unsafe_code)]
#![allow(non_camel_case_types, reason = "C's names, so that one concept has one name in header and source")]
#![allow(missing_docs, reason = "the header documents every field and constant")]
#![allow(unreachable_pub, reason = "what is exported is exported by no_mangle")]

mod abort;
mod boundary;
mod crypto;
mod error;
#[path = "loop.rs"]
mod event_loop;
mod events;
mod fs;
mod path;
mod querystring;
mod str;
mod stream;
mod url;
mod version;
mod zlib;
