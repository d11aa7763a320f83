//! `querystring.stringify`.

use std::fmt;

use nodecore_error::Result;

use crate::escape::{escape_to, into_string};
use crate::text::QueryStr;

/// A value, by its JavaScript type.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value<'v, S> {
    /// A string.
    Text(S),
    /// A number; what is not finite is written as nothing.
    Number(f64),
    /// A bigint, in decimal.
    BigInt(&'v str),
    /// A boolean.
    Bool(bool),
    /// An array: the key is repeated. An empty one leaves the key out.
    List(&'v [Value<'v, S>]),
    /// Anything else, such as `null` or an object: written as nothing.
    Other,
}

/// A function in place of [`escape`](crate::escape).
pub type Encode<'o, S> = &'o dyn Fn(Encodable<'_, S>) -> Result<String>;

/// How a query is put together.
#[non_exhaustive]
pub struct StringifyOptions<'o, S> {
    /// Between pairs; `&` if empty.
    pub sep: &'o str,
    /// Between key and value; `=` if empty.
    pub eq: &'o str,
    /// In place of [`escape`](crate::escape); sees every key and value, of numbers and such the text.
    pub encode: Option<Encode<'o, S>>,
}

/// What a custom encoder gets.
#[derive(Clone, Copy, Debug)]
pub enum Encodable<'t, S> {
    /// A string of the caller's.
    Text(S),
    /// The text of a number, bigint or boolean, or nothing.
    Primitive(&'t str),
}

impl<S> Default for StringifyOptions<'_, S> {
    fn default() -> Self {
        StringifyOptions { sep: "&", eq: "=", encode: None }
    }
}

impl<S> fmt::Debug for StringifyOptions<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StringifyOptions")
            .field("sep", &self.sep)
            .field("eq", &self.eq)
            .field("encode", &self.encode.map(|_| ".."))
            .finish()
    }
}

impl<'o, S> StringifyOptions<'o, S> {
    /// Sets what stands between pairs.
    #[must_use]
    pub fn sep(mut self, sep: &'o str) -> Self {
        self.sep = sep;
        self
    }
    /// Sets what stands between key and value.
    #[must_use]
    pub fn eq(mut self, eq: &'o str) -> Self {
        self.eq = eq;
        self
    }
    /// Sets the function in place of [`escape`](crate::escape).
    #[must_use]
    pub fn encode(mut self, encode: Encode<'o, S>) -> Self {
        self.encode = Some(encode);
        self
    }
}

/// Puts a query together from keys and values, in their order.
/// Node: [`querystring.stringify`](https://nodejs.org/api/querystring.html#querystringstringifyobj-sep-eq-options).
///
/// # Errors
/// As [`escape`](crate::escape), or the custom encoder's own.
///
/// # Examples
/// ```
/// use nodecore_querystring::{StringifyOptions, Value, stringify};
/// let list = [Value::Text("qux"), Value::Text("quux")];
/// let pairs = [("foo", Value::Text("bar")), ("baz", Value::List(&list)), ("corge", Value::Other)];
/// assert_eq!(stringify(pairs, &StringifyOptions::default())?, "foo=bar&baz=qux&baz=quux&corge=");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn stringify<'a, 'v, S: QueryStr<'a> + 'v>(
    pairs: impl IntoIterator<Item = (S, Value<'v, S>)>,
    options: &StringifyOptions<'_, S>,
) -> Result<String> {
    let sep = if options.sep.is_empty() { "&" } else { options.sep };
    let eq = if options.eq.is_empty() { "=" } else { options.eq };
    let mut out = Vec::with_capacity(64);
    for (key, value) in pairs {
        let single = [value];
        let values = match value {
            Value::List(list) => list,
            _ => &single,
        };
        let before = out.len();
        if before > 0 {
            out.extend_from_slice(sep.as_bytes());
        }
        let start = out.len();
        // Node encodes the key first, and so finds what is wrong with it, even where nothing is written in the end.
        write_value(&mut out, Value::Text(key), options)?;
        let Some((first, more)) = values.split_first() else {
            out.truncate(before);
            continue;
        };
        out.extend_from_slice(eq.as_bytes());
        let end = out.len();
        write_value(&mut out, *first, options)?;
        for value in more {
            out.extend_from_slice(sep.as_bytes());
            out.extend_from_within(start..end);
            write_value(&mut out, *value, options)?;
        }
    }
    Ok(into_string(out))
}

fn write_value<'a, S: QueryStr<'a>>(
    out: &mut Vec<u8>,
    value: Value<'_, S>,
    options: &StringifyOptions<'_, S>,
) -> Result<()> {
    if let Some(encode) = options.encode {
        let mut text = Vec::new();
        let encoded = match value {
            Value::Text(text) => encode(Encodable::Text(text)),
            _ => {
                write_primitive(&mut text, value, false);
                encode(Encodable::Primitive(&into_string(text)))
            }
        };
        out.extend_from_slice(encoded?.as_bytes());
        return Ok(());
    }
    match value {
        Value::Text(text) => escape_to::<S>(text.units(), out)?,
        _ => write_primitive(out, value, true),
    }
    Ok(())
}

fn write_primitive<S>(out: &mut Vec<u8>, value: Value<'_, S>, escaped: bool) {
    match value {
        Value::Number(number) => write_number(out, number, escaped),
        Value::BigInt(digits) => out.extend_from_slice(digits.as_bytes()),
        Value::Bool(value) => out.extend_from_slice(if value { &b"true"[..] } else { b"false" }),
        Value::Text(_) | Value::List(_) | Value::Other => {}
    }
}

/// As JavaScript writes numbers. Only from 1e21 on is there a plus, which has to be escaped.
fn write_number(out: &mut Vec<u8>, number: f64, escaped: bool) {
    if !number.is_finite() {
        return;
    }
    // Whole numbers, which most are, need no search for the shortest digits.
    if number.abs() < 1e15 && number.trunc() == number {
        #[allow(clippy::cast_possible_truncation)]
        out.extend_from_slice(itoa::Buffer::new().format(number as i64).as_bytes());
        return;
    }
    let mut buffer = ryu_js::Buffer::new();
    let text = buffer.format_finite(number);
    match text.split_once('+') {
        Some((digits, exponent)) if escaped => {
            for part in [digits, "%2B", exponent] {
                out.extend_from_slice(part.as_bytes());
            }
        }
        _ => out.extend_from_slice(text.as_bytes()),
    }
}
