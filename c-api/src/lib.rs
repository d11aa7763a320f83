//! The C ABI of nodecore; the reference is `include/nodecore.h`. Conversion only, no logic.

#![allow(unsafe_code)]
#![allow(non_camel_case_types, reason = "C's names, so that one concept has one name in header and source")]
#![allow(missing_docs, reason = "the header documents every field and constant")]
#![allow(unreachable_pub, reason = "what is exported is exported by no_mangle")]

mod abort;
mod boundary;
mod buffer;
mod chunk;
mod crypto;
mod error;
#[path = "loop.rs"]
mod event_loop;
mod events;
mod fs;
mod path;
mod path_latin1;
mod path_posix;
mod path_utf16;
mod path_win32;
mod path_win32_utf16;
mod querystring;
mod str;
mod stream;
mod string_decoder;
mod url;
mod url_convert;
mod url_legacy;
mod url_pattern;
mod url_search_params;
mod url_setters;
mod version;
mod web;
mod zlib;
