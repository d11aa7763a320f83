//! Node's errors: codes, classes and texts, from one table.
//!
//! Every fallible function of nodecore returns [`Error`], one word wide, which carries what Node puts on
//! its error objects (<https://nodejs.org/api/errors.html>).
//!
//! ```
//! use nodecore_error::{Class, Code, Error};
//!
//! let error = Error::system_code(Code::ENOENT, "open").with_path("a.txt");
//! assert_eq!(error.to_string(), "ENOENT: no such file or directory, open 'a.txt'");
//! assert_eq!(error.code().name(), "ENOENT");
//! assert_eq!(error.class(), Class::Error);
//!
//! let error = Error::from_template(Code::InvalidUrlScheme, &[&"file"]);
//! assert_eq!(error.to_string(), "The URL must be of scheme file");
//! assert_eq!(error.class(), Class::TypeError);
//! ```

#![forbid(unsafe_code)]

mod codes;
mod inspect;
mod openssl;
mod system;

use std::any::Any;
use std::fmt;
use std::sync::Arc;

pub use codes::Code;
pub use inspect::{inspect, inspect_bytes};
pub use openssl::OpensslError;

/// The result of nodecore's fallible functions.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The JavaScript class of an error, Node's `err.name`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Class {
    /// `Error`.
    Error,
    /// `TypeError`.
    TypeError,
    /// `RangeError`.
    RangeError,
    /// `URIError`.
    URIError,
    /// `SystemError`, an `Error` that tells of a failed system call in words of Node's own.
    SystemError,
    /// `AbortError`, which in Node is an `Error` with this name.
    AbortError,
    /// `TimeoutError`, the `DOMException` of `AbortSignal.timeout`.
    TimeoutError,
    /// `NotReadableError`, the `DOMException` of a blob whose file has changed.
    NotReadableError,
    /// `QuotaExceededError`, the `DOMException` of too much asked for at once.
    QuotaExceededError,
    /// `NotSupportedError`, the `DOMException` of an algorithm that is not there.
    NotSupportedError,
    /// `SyntaxError`, the `DOMException` of a use that a key cannot have.
    SyntaxError,
    /// `InvalidAccessError`, the `DOMException` of a key that may not be used so.
    InvalidAccessError,
    /// `DataError`, the `DOMException` of a key that does not fit.
    DataError,
    /// `OperationError`, the `DOMException` of an operation that failed for a reason of its own.
    OperationError,
}

impl Class {
    /// The name as JavaScript spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Class::Error => "Error",
            Class::TypeError => "TypeError",
            Class::RangeError => "RangeError",
            Class::URIError => "URIError",
            Class::SystemError => "SystemError",
            Class::AbortError => "AbortError",
            Class::TimeoutError => "TimeoutError",
            Class::NotReadableError => "NotReadableError",
            Class::QuotaExceededError => "QuotaExceededError",
            Class::NotSupportedError => "NotSupportedError",
            Class::SyntaxError => "SyntaxError",
            Class::InvalidAccessError => "InvalidAccessError",
            Class::DataError => "DataError",
            Class::OperationError => "OperationError",
        }
    }
}

/// Any failure, with the fields Node puts on its `Error` objects. One word wide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Repr>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Repr {
    code: Code,
    errno: Option<i32>,
    syscall: Option<&'static str>,
    class: Option<Class>,
    message: Option<Box<str>>,
    path: Option<Box<[u8]>>,
    dest: Option<Box<[u8]>>,
    input: Option<Box<[u8]>>,
    base: Option<Box<[u8]>>,
    cause: Option<Error>,
    openssl: Option<Box<OpensslError>>,
    object: Option<Object>,
}

/// What a host has attached; the same only as itself.
#[derive(Clone)]
struct Object(Arc<dyn Any + Send + Sync>);

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Object").field(&Arc::as_ptr(&self.0).cast::<()>()).finish()
    }
}

impl PartialEq for Object {
    fn eq(&self, other: &Object) -> bool {
        std::ptr::addr_eq(Arc::as_ptr(&self.0), Arc::as_ptr(&other.0))
    }
}

impl Eq for Object {}

impl Error {
    /// An error with `code` and a text of its own.
    pub fn new(code: Code, message: impl Into<String>) -> Error {
        let mut error = Error::plain(code);
        error.0.message = Some(message.into().into_boxed_str());
        error
    }

    /// An error with the table's text, whose `{}` are replaced by `args` in turn.
    pub fn from_template(code: Code, args: &[&dyn fmt::Display]) -> Error {
        if args.is_empty() {
            return Error::plain(code);
        }
        let mut parts = code.text().split("{}");
        let mut message = String::from(parts.next().unwrap_or_default());
        for (index, part) in parts.enumerate() {
            if let Some(arg) = args.get(index) {
                message.push_str(&arg.to_string());
            }
            message.push_str(part);
        }
        Error::new(code, message)
    }

    /// The error of a failed libuv call; `errno` is negative, as libuv returns it.
    pub fn system(errno: i32, syscall: &'static str) -> Error {
        let mut error = Error::plain(Code::from_uv(errno));
        error.0.errno = Some(errno);
        error.0.syscall = Some(syscall);
        error
    }

    /// As [`Error::system`], from the code; `errno` is what this platform calls it.
    pub fn system_code(code: Code, syscall: &'static str) -> Error {
        let mut error = Error::plain(code);
        error.0.errno = code.to_uv();
        error.0.syscall = Some(syscall);
        error
    }

    /// Node's `SystemError`: `code` and its text, for `syscall` that "returned" `reason`, told in `detail`.
    /// `errno` is positive, as Node has it here.
    ///
    /// ```
    /// use nodecore_error::{Code, Error};
    /// let error = Error::system_error(Code::FsEisdir, Code::EISDIR, "rm", "is a directory", "a");
    /// assert_eq!(error.to_string(), "Path is a directory: rm returned EISDIR (is a directory) a");
    /// ```
    pub fn system_error(
        code: Code,
        reason: Code,
        syscall: &'static str,
        detail: &str,
        path: impl AsRef<[u8]>,
    ) -> Error {
        let shown = String::from_utf8_lossy(path.as_ref());
        let message = format!("{}: {syscall} returned {} ({detail}) {shown}", code.text(), reason.name());
        let mut error = Error::new(code, message);
        error.0.errno = reason.to_uv().map(i32::abs);
        error.0.syscall = Some(syscall);
        error.with_path(path)
    }

    /// Node's `AbortError`, code `ABORT_ERR`.
    pub fn abort() -> Error {
        Error::plain(Code::Abort)
    }

    fn plain(code: Code) -> Error {
        Error(Box::new(Repr {
            code,
            errno: None,
            syscall: None,
            class: None,
            message: None,
            path: None,
            dest: None,
            input: None,
            base: None,
            cause: None,
            openssl: None,
            object: None,
        }))
    }

    /// Sets `err.path`.
    #[must_use]
    pub fn with_path(mut self, path: impl AsRef<[u8]>) -> Error {
        self.0.path = Some(path.as_ref().into());
        self
    }

    /// Sets `err.dest`.
    #[must_use]
    pub fn with_dest(mut self, dest: impl AsRef<[u8]>) -> Error {
        self.0.dest = Some(dest.as_ref().into());
        self
    }

    /// Sets `err.input`, which Node puts on URL errors.
    #[must_use]
    pub fn with_input(mut self, input: impl AsRef<[u8]>) -> Error {
        self.0.input = Some(input.as_ref().into());
        self
    }

    /// Sets `err.base`, which Node puts on URL errors.
    #[must_use]
    pub fn with_base(mut self, base: impl AsRef<[u8]>) -> Error {
        self.0.base = Some(base.as_ref().into());
        self
    }

    /// Sets `err.errno` of an error that is not the system's, such as zlib's.
    #[must_use]
    pub fn with_errno(mut self, errno: i32) -> Error {
        self.0.errno = Some(errno);
        self
    }

    /// Sets `err.syscall` of an error whose text is not the system's.
    #[must_use]
    pub fn with_syscall(mut self, syscall: &'static str) -> Error {
        self.0.syscall = Some(syscall);
        self
    }

    /// Sets a class other than the table's.
    #[must_use]
    pub fn with_class(mut self, class: Class) -> Error {
        self.0.class = Some(class);
        self
    }

    /// Sets `err.cause`.
    #[must_use]
    pub fn with_cause(mut self, cause: Error) -> Error {
        self.0.cause = Some(cause);
        self
    }

    /// Sets what OpenSSL said.
    #[must_use]
    pub fn with_openssl(mut self, details: OpensslError) -> Error {
        self.0.openssl = Some(Box::new(details));
        self
    }

    /// Attaches an object of the host's, such as the exception of a language that this error stands for. Clones of the
    /// error share it.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use nodecore_error::{Code, Error};
    ///
    /// let error = Error::new(Code::OperationFailed, "thrown").with_object(Arc::new(7_u32));
    /// let object = error.clone().object().and_then(|object| object.downcast_ref::<u32>().copied());
    /// assert_eq!(object, Some(7));
    /// ```
    #[must_use]
    pub fn with_object(mut self, object: Arc<dyn Any + Send + Sync>) -> Error {
        self.0.object = Some(Object(object));
        self
    }

    /// The stable code.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// Node's `err.code`: `code().name()`, or for one of OpenSSL's errors the name Node makes of its reason, such as
    /// `"ERR_OSSL_BAD_DECRYPT"`.
    pub fn code_name(&self) -> &str {
        self.openssl().and_then(OpensslError::code).unwrap_or(self.0.code.name())
    }

    /// What OpenSSL said, of an error of its.
    pub fn openssl(&self) -> Option<&OpensslError> {
        self.0.openssl.as_deref()
    }

    /// libuv's number, negative, or the codec's own (zlib).
    pub fn errno(&self) -> Option<i32> {
        self.0.errno
    }

    /// The system call that failed, by libuv's name for it.
    pub fn syscall(&self) -> Option<&'static str> {
        self.0.syscall
    }

    /// The path it was about, in its own bytes.
    pub fn path(&self) -> Option<&[u8]> {
        self.0.path.as_deref()
    }

    /// The second path, of calls that take two.
    pub fn dest(&self) -> Option<&[u8]> {
        self.0.dest.as_deref()
    }

    /// The text that did not parse, of URL errors.
    pub fn input(&self) -> Option<&[u8]> {
        self.0.input.as_deref()
    }

    /// The base it was to be parsed against, of URL errors.
    pub fn base(&self) -> Option<&[u8]> {
        self.0.base.as_deref()
    }

    /// The error behind this one.
    pub fn cause(&self) -> Option<&Error> {
        self.0.cause.as_ref()
    }

    /// What [`Error::with_object`] has attached.
    pub fn object(&self) -> Option<&(dyn Any + Send + Sync)> {
        self.0.object.as_ref().map(|object| &*object.0)
    }

    /// The JavaScript class.
    pub fn class(&self) -> Class {
        self.0.class.unwrap_or(self.0.code.class())
    }
}

/// Node's `err.message`.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let repr = &*self.0;
        if let Some(message) = &repr.message {
            return f.write_str(message);
        }
        if !repr.code.is_system() {
            return f.write_str(repr.code.text());
        }
        write!(f, "{}: {}", repr.code.name(), repr.code.text())?;
        if let Some(syscall) = repr.syscall {
            write!(f, ", {syscall}")?;
        }
        if let Some(path) = &repr.path {
            write!(f, " '{}'", String::from_utf8_lossy(path))?;
        }
        if let Some(dest) = &repr.dest {
            write!(f, " -> '{}'", String::from_utf8_lossy(dest))?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.cause.as_ref().map(|cause| cause as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_one_word() {
        assert_eq!(size_of::<Result<(), Error>>(), size_of::<usize>());
    }

    #[test]
    fn system_texts_are_nodes() {
        let rename = Error::system(-libc::ENOENT, "rename").with_path("/a").with_dest("/b");
        assert_eq!(rename.to_string(), "ENOENT: no such file or directory, rename '/a' -> '/b'");
        assert_eq!(rename.errno(), Some(-libc::ENOENT));
        let read = Error::system_code(Code::EISDIR, "read");
        assert_eq!(read.to_string(), "EISDIR: illegal operation on a directory, read");
        assert_eq!(Error::system(-9999, "open").code(), Code::UNKNOWN);
    }

    #[test]
    fn templates_take_their_arguments() {
        let error = Error::from_template(Code::OutOfRange, &[&"length", &"<= 4", &9]);
        assert_eq!(error.to_string(), "The value of \"length\" is out of range. It must be <= 4. Received 9");
        assert_eq!(error.class(), Class::RangeError);
    }

    #[test]
    fn an_object_is_shared_by_clones_and_compared_by_identity() {
        let plain = Error::abort();
        assert!(plain.object().is_none());
        let error = plain.clone().with_object(Arc::new("host"));
        assert_eq!(error, error.clone());
        assert_ne!(error, plain);
        assert_ne!(error, plain.with_object(Arc::new("host")));
    }

    #[test]
    fn numbers_are_unique_and_reversible() {
        for (index, &code) in Code::ALL.iter().enumerate() {
            assert_eq!(Code::from_number(code.number()), Some(code));
            assert!(Code::ALL[..index].iter().all(|earlier| earlier.number() != code.number()));
            assert!(Code::ALL[..index].iter().all(|earlier| earlier.name() != code.name()));
            assert_eq!(code.to_uv().map(Code::from_uv).unwrap_or(code), code);
        }
    }
}
