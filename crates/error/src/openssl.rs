//! What Node puts on an error that OpenSSL reports.

/// The `library`, `reason` and `opensslErrorStack` of an error, and the code that Node makes of them
/// (<https://nodejs.org/api/errors.html#openssl-errors>).
///
/// ```
/// use nodecore_error::{Code, Error, OpensslError};
///
/// let details = OpensslError::new("Provider routines", "bad decrypt")
///     .with_code("ERR_OSSL_BAD_DECRYPT")
///     .with_stack(["error:1C800064:Provider routines::bad decrypt"]);
/// let error = Error::new(Code::Openssl, "error:1C800064:Provider routines::bad decrypt").with_openssl(details);
/// assert_eq!(error.code_name(), "ERR_OSSL_BAD_DECRYPT");
/// assert_eq!(error.openssl().and_then(OpensslError::reason), Some("bad decrypt"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpensslError {
    library: Option<Box<str>>,
    reason: Option<Box<str>>,
    code: Option<Box<str>>,
    stack: Vec<Box<str>>,
}

impl OpensslError {
    /// The details of an error of `library` with `reason`; an empty text stands for none.
    pub fn new(library: &str, reason: &str) -> OpensslError {
        let text = |text: &str| (!text.is_empty()).then(|| text.into());
        OpensslError { library: text(library), reason: text(reason), ..OpensslError::default() }
    }

    /// Sets `err.code`.
    #[must_use]
    pub fn with_code(mut self, code: &str) -> OpensslError {
        self.code = Some(code.into());
        self
    }

    /// Sets `err.opensslErrorStack`.
    #[must_use]
    pub fn with_stack<T: Into<Box<str>>>(mut self, stack: impl IntoIterator<Item = T>) -> OpensslError {
        self.stack = stack.into_iter().map(Into::into).collect();
        self
    }

    /// Node's `err.library`, such as `Provider routines`.
    pub fn library(&self) -> Option<&str> {
        self.library.as_deref()
    }

    /// Node's `err.reason`, such as `bad decrypt`.
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// Node's `err.code`, where Node makes one of the reason.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// Node's `err.opensslErrorStack`: the errors that OpenSSL left, newest first.
    pub fn stack(&self) -> &[Box<str>] {
        &self.stack
    }
}
