//! Node's url module: a WHATWG URL parser and the legacy API.

#![forbid(unsafe_code)]

mod host;
mod input;
mod parser;
mod percent;
mod setters;
mod url;

pub use input::{Input, Latin1, Utf16};
pub use url::Url;
