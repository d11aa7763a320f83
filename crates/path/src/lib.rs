//! Node's `path`: both flavours on every platform, without I/O and without a dependency on libuv.
//! See <https://nodejs.org/api/path.html>.
//!
//! [`posix`] and [`win32`] have the same functions; the crate's root has those of the platform it is built for, as Node's
//! `path` does. All take any string [`PathStr`] is implemented for: `&str` (valid UTF-8 in, valid UTF-8 out), `&[u8]`
//! (bytes), [`Latin1`] and `&[u16]` (UTF-16), so that a host passes its own storage. Functions that only cut
//! (`basename`, `dirname`, `extname`, `parse`) borrow from their argument; the others allocate their result and no more.
//!
//! ```
//! use nodecore_path::{Latin1, posix, win32};
//!
//! assert_eq!(posix::join(&["/a", "../b", "./c"]), "/b/c");
//! assert_eq!(win32::normalize("C:/a//b/../c"), r"C:\a\c");
//! assert_eq!(posix::basename(b"/tmp/caf\xE9.txt", None), b"caf\xE9.txt");
//! assert_eq!(posix::extname(Latin1(b"caf\xE9.txt")), Latin1(b".txt"));
//! ```
//!
//! # Differences from Node
//! Arguments are typed, so there is no `ERR_INVALID_ARG_TYPE`. Bytes have ASCII letter case only, where `win32` compares
//! without case.

#![forbid(unsafe_code)]

mod environment;
mod glob;
mod parsed;
pub mod posix;
mod scan;
mod segments;
mod text;
pub mod win32;

pub use environment::{Environment, ProcessEnvironment};
pub use glob::{Glob, GlobSegment};
pub use parsed::ParsedPath;
pub use text::{Bytes, CodeUnit, Encoding, Latin1, Latin1Encoding, OwnedStr, PathStr, Unit, Utf8, Utf16};

#[cfg(not(windows))]
pub use posix::{
    DELIMITER, SEP, basename, dirname, extname, format, is_absolute, join, matches_glob, normalize, parse,
    relative, relative_in, relative_with, resolve, resolve_in, resolve_with, to_namespaced_path,
};
#[cfg(windows)]
pub use win32::{
    DELIMITER, SEP, basename, dirname, extname, format, is_absolute, join, matches_glob, normalize, parse,
    relative, relative_in, relative_with, resolve, resolve_in, resolve_with, to_namespaced_path,
};
