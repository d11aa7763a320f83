//! Node's errors of archives.

use std::fmt::Display;

use nodecore_error::{Code, Error};

pub(crate) fn invalid(text: impl Display) -> Error {
    Error::from_template(Code::ZipInvalidArchive, &[&text])
}

pub(crate) fn unsupported(text: impl Display) -> Error {
    Error::from_template(Code::ZipUnsupportedFeature, &[&text])
}

pub(crate) fn corrupt(text: impl Display) -> Error {
    Error::from_template(Code::ZipEntryCorrupt, &[&text])
}

pub(crate) fn entry_too_large(text: impl Display) -> Error {
    Error::from_template(Code::ZipEntryTooLarge, &[&text])
}

pub(crate) fn archive_too_large(text: impl Display) -> Error {
    Error::from_template(Code::ZipArchiveTooLarge, &[&text])
}

pub(crate) fn invalid_state(text: &'static str) -> Error {
    Error::from_template(Code::InvalidState, &[&text])
}

pub(crate) fn not_found(name: &str) -> Error {
    Error::from_template(Code::ZipEntryNotFound, &[&super::text::quoted(name)])
}

pub(crate) fn multi_disk() -> Error {
    unsupported("multi-disk archives are not supported")
}

/// What is said of a streaming entry before its source has been read.
pub(crate) fn unfinished() -> Error {
    invalid_state("this streaming entry has not finished serializing yet")
}

/// What is said of the content of a streaming entry after that.
pub(crate) fn unreadable() -> Error {
    invalid_state("the content of a streaming entry is not available for reading")
}

pub(crate) fn not_synchronous() -> Error {
    invalid_state("a streaming entry cannot be serialized synchronously")
}
