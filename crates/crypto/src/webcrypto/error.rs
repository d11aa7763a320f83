//! The `DOMException`s of WebCrypto.

use nodecore_error::{Code, Error};

use super::algorithm::AlgorithmName;

pub(super) fn not_supported(text: &str) -> Error {
    Error::from_template(Code::DomNotSupported, &[&text])
}

pub(super) fn syntax(text: &str) -> Error {
    Error::from_template(Code::DomSyntax, &[&text])
}

pub(super) fn invalid_access(text: &str) -> Error {
    Error::from_template(Code::DomInvalidAccess, &[&text])
}

pub(super) fn data(text: &str) -> Error {
    Error::from_template(Code::DomData, &[&text])
}

pub(super) fn operation(text: &str) -> Error {
    Error::new(Code::DomOperation, text)
}

/// An operation that failed for the reason `cause`.
pub(super) fn failed(cause: Error) -> Error {
    Error::from_template(Code::DomOperation, &[]).with_cause(cause)
}

/// Bytes that are no key, for the reason `cause`.
pub(super) fn invalid_key_data(cause: Error) -> Error {
    data("Invalid keyData").with_cause(cause)
}

pub(super) fn unrecognized() -> Error {
    not_supported("Unrecognized algorithm name")
}

pub(super) fn unsupported_usage(name: AlgorithmName) -> Error {
    syntax(&format!("Unsupported key usage for {name} key"))
}

/// A parameter of `dictionary` that has to be there.
pub(super) fn missing(member: &str, dictionary: &str) -> Error {
    let text = format!(
        "Failed to normalize algorithm: passed algorithm cannot be converted to '{dictionary}' because '{member}' is \
         required in '{dictionary}'."
    );
    Error::new(Code::MissingOption, text)
}
