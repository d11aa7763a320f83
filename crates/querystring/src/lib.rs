//! Node's `querystring`. See <https://nodejs.org/api/querystring.html>.
//!
//! ```
//! use nodecore_querystring::{ParseOptions, StringifyOptions, Value, parse, stringify};
//!
//! let query = parse("foo=bar&abc=xyz%20123&abc=1", &ParseOptions::default());
//! assert_eq!(query.get("foo").map(|values| &values[0]), Some(&"bar".into()));
//! assert_eq!(query.get("abc").map(|values| values.len()), Some(2));
//!
//! let pairs = [("foo", Value::Text("bar baz")), ("n", Value::Number(1.5))];
//! assert_eq!(stringify(pairs, &StringifyOptions::default())?, "foo=bar%20baz&n=1.5");
//! # Ok::<(), nodecore_error::Error>(())
//! ```
//!
//! Everything takes `&str`, [`Latin1`] or `&[u16]` (UTF-16, lone surrogates allowed), so that a host passes its own storage;
//! [`parse_bytes`] takes bytes, which are read as UTF-8 with U+FFFD for what is not. Results borrow from the input wherever
//! nothing had to be decoded.
//!
//! # Differences from Node
//! A [`Query`] gives its keys in the order they first came. In JavaScript keys that look like integers come first, in
//! ascending order, because objects have it so.

#![forbid(unsafe_code)]

mod escape;
mod parse;
mod scan;
mod stringify;
mod text;

pub use escape::{escape, unescape, unescape_buffer};
pub use parse::{Decode, ParseOptions, Query, parse, parse as decode, parse_bytes};
pub use stringify::{Encodable, Encode, StringifyOptions, Value, stringify, stringify as encode};
pub use text::{Latin1, Latin1Text, QueryStr};
