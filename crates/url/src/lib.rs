//! Node's url module (<https://nodejs.org/api/url.html>): `URL` and `URLSearchParams` after the WHATWG URL Standard,
//! `file:` URLs and paths, and the helpers around them.
//!
//! | Node | here |
//! |---|---|
//! | `URL`, `URL.parse`, `URL.canParse` | [`Url`], [`Url::parse`], [`Url::can_parse`] |
//! | `URLSearchParams`, `url.searchParams` | [`UrlSearchParams`], [`Url::search_params`], [`Url::search_params_mut`] |
//! | `URLPattern`, its `exec` and `test` | [`UrlPattern`], [`UrlPattern::exec`], [`UrlPattern::test`] |
//! | `fileURLToPath`, `fileURLToPathBuffer`, `pathToFileURL` | [`file_url_to_path`], [`file_url_to_path_buffer`], [`path_to_file_url`] |
//! | `domainToASCII`, `domainToUnicode` | [`domain_to_ascii`], [`domain_to_unicode`] |
//! | `url.parse`, `url.format(object)`, `url.resolve` | [`legacy`] |
//! | `url.format(URL, options)`, `urlToHttpOptions` | [`format`](fn@format), [`url_to_http_options`] |
//!
//! With the feature `url`, off by default, a [`Url`] converts to and from the `url` crate's by `TryFrom`.
//!
//! ```
//! use nodecore_url::Url;
//!
//! let url = Url::parse("https://example.org:8080/a/../b?x=1#y")?;
//! assert_eq!(url.pathname(), "/b");
//! assert_eq!(url.search_params().get("x"), Some("1"));
//! # Ok::<(), nodecore_error::Error>(())
//! ```

#![forbid(unsafe_code)]

mod convert;
mod domain;
mod fast;
mod file_url;
mod form;
mod host;
mod input;
pub mod legacy;
mod parser;
mod pattern;
mod percent;
mod search_params;
mod setters;
mod short;
mod url;
#[cfg(feature = "url")]
mod url_crate;

pub use convert::{
    FormatOptions, HttpOptions, domain_to_ascii, domain_to_unicode, format, url_to_http_options,
};
pub use file_url::{FileUrlOptions, UrlOrText, file_url_to_path, file_url_to_path_buffer, path_to_file_url};
pub use input::Input;
pub use nodecore_path::Latin1;
pub use pattern::{
    UrlPattern, UrlPatternComponent, UrlPatternComponentResult, UrlPatternInit, UrlPatternOptions,
    UrlPatternResult,
};
pub use search_params::{Iter, SearchParamsMut, UrlSearchParams};
pub use url::Url;
