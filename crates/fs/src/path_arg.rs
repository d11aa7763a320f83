//! What can be given as a path, and what the system is told.

use std::borrow::Cow;
use std::ffi::{CString, OsStr, OsString};
use std::path::{Path, PathBuf};

use nodecore_error::{Code, Error, Result, inspect, inspect_bytes};

use crate::Fd;

/// A path: text, bytes, or Rust's own types.
///
/// Paths are bytes. A name that is not UTF-8 is given as `&[u8]` or [`Path`].
pub trait PathArg {
    /// The path's bytes.
    ///
    /// # Errors
    /// For what stands for a path and turns out to be none, such as a URL of another scheme.
    fn path_bytes(&self) -> Result<Cow<'_, [u8]>>;

    /// Whether an error shows it as text, and not as Node shows a Buffer.
    fn is_text(&self) -> bool {
        true
    }
}

/// A file to read or write whole: a [`PathArg`], or an open descriptor.
pub trait FileArg {
    /// Which of the two it is.
    ///
    /// # Errors
    /// As [`PathArg::path_bytes`].
    fn file(&self) -> Result<FileTarget<'_>>;
}

/// What a [`FileArg`] stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileTarget<'a> {
    /// A path; `text` as [`PathArg::is_text`].
    Path {
        /// Its bytes.
        bytes: Cow<'a, [u8]>,
        /// Whether an error shows it as text.
        text: bool,
    },
    /// An open descriptor, which stays open.
    Descriptor(Fd),
}

macro_rules! paths {
    ($( $(#[$attr:meta])* $type:ty, $text:literal, |$path:ident| $bytes:expr $(, const $n:ident)? ; )*) => { $(
        impl $(<const $n: usize>)? PathArg for $type {
            #[inline]
            fn path_bytes(&self) -> Result<Cow<'_, [u8]>> {
                let $path = self;
                Ok(Cow::Borrowed($bytes))
            }
            fn is_text(&self) -> bool {
                $text
            }
        }
        impl $(<const $n: usize>)? FileArg for $type {
            #[inline]
            fn file(&self) -> Result<FileTarget<'_>> {
                Ok(FileTarget::Path { bytes: self.path_bytes()?, text: $text })
            }
        }
    )* };
}

paths! {
    str, true, |path| path.as_bytes();
    String, true, |path| path.as_bytes();
    OsStr, true, |path| path.as_encoded_bytes();
    OsString, true, |path| path.as_encoded_bytes();
    Path, true, |path| path.as_os_str().as_encoded_bytes();
    PathBuf, true, |path| path.as_os_str().as_encoded_bytes();
    [u8], false, |path| path;
    Vec<u8>, false, |path| path;
    [u8; N], false, |path| path, const N;
    bytes::Bytes, false, |path| path;
}

impl<T: PathArg + ?Sized> PathArg for &T {
    #[inline]
    fn path_bytes(&self) -> Result<Cow<'_, [u8]>> {
        (**self).path_bytes()
    }
    fn is_text(&self) -> bool {
        (**self).is_text()
    }
}

impl<T: FileArg + ?Sized> FileArg for &T {
    #[inline]
    fn file(&self) -> Result<FileTarget<'_>> {
        (**self).file()
    }
}

impl FileArg for Fd {
    #[inline]
    fn file(&self) -> Result<FileTarget<'_>> {
        Ok(FileTarget::Descriptor(*self))
    }
}

/// The path for the system. `name` is Node's name of the argument, for the error.
#[inline]
pub(crate) fn c_path(path: &(impl PathArg + ?Sized), name: &'static str) -> Result<CString> {
    c_bytes(&path.path_bytes()?, path.is_text(), name)
}

#[inline]
pub(crate) fn c_bytes(bytes: &[u8], text: bool, name: &'static str) -> Result<CString> {
    CString::new(bytes).map_err(|_| {
        let received = if text { inspect(bytes) } else { inspect_bytes(bytes) };
        let why = "must be a string, Uint8Array, or URL without null bytes";
        Error::from_template(Code::InvalidArgValue, &[&name, &why, &received])
    })
}

/// A path the system gave, in Rust's type.
pub(crate) fn path_buf(bytes: Vec<u8>) -> PathBuf {
    #[cfg(unix)]
    return PathBuf::from(<OsString as std::os::unix::ffi::OsStringExt>::from_vec(bytes));
    #[cfg(not(unix))]
    return PathBuf::from(String::from_utf8_lossy(&bytes).into_owned());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(path: impl PathArg) -> String {
        let error = c_path(&path, "path").unwrap_err();
        assert_eq!(error.code(), Code::InvalidArgValue);
        let text = error.to_string();
        let start = "The argument 'path' must be a string, Uint8Array, or URL without null bytes. Received ";
        text.strip_prefix(start).unwrap_or_else(|| panic!("{text}")).to_owned()
    }

    // Expected values: Node 26.10.
    #[test]
    fn nul_is_refused_in_nodes_words() {
        assert_eq!(refusal("a\0b"), r"'a\x00b'");
        assert_eq!(refusal("a'\0"), r#""a'\x00""#);
        assert_eq!(refusal("a'\0\""), r#"`a'\x00"`"#);
        assert_eq!(refusal("a'\0\"`é\u{1f600}\n\x7f\x01\\"), r#"'a\'\x00"`é😀\n\x7F\x01\\'"#);
        assert_eq!(refusal("a".repeat(300) + "\0"), format!("'{}...", "a".repeat(127)));
        assert_eq!(refusal(b"a\0b"), "<Buffer 61 00 62>");
        assert_eq!(refusal(Path::new("a\0b")), r"'a\x00b'");
        assert_eq!(refusal(vec![0; 60]), format!("<Buffer{}...", " 00".repeat(40) + " "));
    }

    #[test]
    fn every_kind_of_path_is_its_bytes() {
        for path in [
            c_path("a/é", "path"),
            c_path(&String::from("a/é"), "path"),
            c_path(Path::new("a/é"), "path"),
            c_path(&PathBuf::from("a/é"), "path"),
            c_path(&&OsString::from("a/é"), "path"),
            c_path("a/é".as_bytes(), "path"),
            c_path(&bytes::Bytes::from_static("a/é".as_bytes()), "path"),
        ] {
            assert_eq!(path.unwrap().to_bytes(), "a/é".as_bytes());
        }
    }
}
