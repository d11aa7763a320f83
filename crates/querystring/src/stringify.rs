//! `querystring.stringify`.

use std::fmt;

use nodecore_error::Result;

use crate::escape::Writer;
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
    let mut out = Writer::new();
    for (key, value) in pairs {
        let single = [value];
        let values = match value {
            Value::List(list) => list,
            _ => &single,
        };
        let encoded = match options.encode {
            Some(encode) => Some(encode(Encodable::Text(key))?),
            None => None,
        };
        if values.is_empty() && encoded.is_none() {
            // Node encodes the key, and so finds what is wrong with it, though nothing is written.
            Writer::new().escape::<S>(key.units())?;
        }
        for value in values {
            if !out.is_empty() {
                out.mark(sep);
            }
            match &encoded {
                Some(key) => out.push(key),
                None => out.escape::<S>(key.units())?,
            }
            out.mark(eq);
            write_value(&mut out, *value, options)?;
        }
    }
    Ok(out.finish())
}

#[inline]
fn write_value<'a, S: QueryStr<'a>>(
    out: &mut Writer,
    value: Value<'_, S>,
    options: &StringifyOptions<'_, S>,
) -> Result<()> {
    if let Some(encode) = options.encode {
        let encoded = match value {
            Value::Text(text) => encode(Encodable::Text(text)),
            _ => {
                let mut text = Writer::new();
                write_primitive(&mut text, value, false);
                encode(Encodable::Primitive(&text.finish()))
            }
        };
        out.push(&encoded?);
        return Ok(());
    }
    match value {
        Value::Text(text) => out.escape::<S>(text.units())?,
        _ => write_primitive(out, value, true),
    }
    Ok(())
}

fn write_primitive<S>(out: &mut Writer, value: Value<'_, S>, escaped: bool) {
    match value {
        Value::Number(number) => write_number(out, number, escaped),
        Value::BigInt(digits) => out.push(digits),
        Value::Bool(value) => out.push(if value { "true" } else { "false" }),
        Value::Text(_) | Value::List(_) | Value::Other => {}
    }
}

/// As JavaScript writes numbers. Only from 1e21 on is there a plus, which has to be escaped.
fn write_number(out: &mut Writer, number: f64, escaped: bool) {
    if !number.is_finite() {
        return;
    }
    // Whole numbers, which most are, need no search for the shortest digits.
    if number.abs() < 1e15 && number.trunc() == number {
        #[allow(clippy::cast_possible_truncation)]
        out.push(itoa::Buffer::new().format(number as i64));
        return;
    }
    let mut buffer = ryu_js::Buffer::new();
    let text = buffer.format_finite(number);
    match text.split_once('+') {
        Some((digits, exponent)) if escaped => {
            for part in [digits, "%2B", exponent] {
                out.push(part);
            }
        }
        _ => out.push(text),
    }
}
