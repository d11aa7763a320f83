//! `stringify`, and the values that it takes.

use std::cell::Cell;
use std::ffi::c_void;

use ::nodecore_error::{Code, Error, Result};
use ::nodecore_querystring::{Encodable, Latin1, QueryStr, StringifyOptions, Value, stringify};

use super::{invalid, latin1, nodecore_querystring_encode, nodecore_querystring_encode16, utf8, utf16};
use crate::boundary::{SizedOptions, arg, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::str::{nodecore_buf, nodecore_str, nodecore_str16};

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_querystring_stringify_options {
    pub struct_size: usize,
    pub sep: nodecore_str,
    pub eq: nodecore_str,
    pub encode: nodecore_querystring_encode,
    pub encode16: nodecore_querystring_encode16,
    pub user: *mut c_void,
}
impl SizedOptions for nodecore_querystring_stringify_options {
    const ZERO: Self = nodecore_querystring_stringify_options {
        struct_size: 0,
        sep: nodecore_str::NONE,
        eq: nodecore_str::NONE,
        encode: None,
        encode16: None,
        user: std::ptr::null_mut(),
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

pub const NODECORE_QUERYSTRING_TEXT: i32 = 0;
pub const NODECORE_QUERYSTRING_NUMBER: i32 = 1;
pub const NODECORE_QUERYSTRING_BIGINT: i32 = 2;
pub const NODECORE_QUERYSTRING_BOOLEAN: i32 = 3;
pub const NODECORE_QUERYSTRING_LIST: i32 = 4;
pub const NODECORE_QUERYSTRING_OTHER: i32 = 5;

/// A value by its JavaScript type.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_querystring_value {
    pub text: nodecore_str,
    pub kind: i32,
    pub boolean: bool,
    pub number: f64,
    pub list: *const nodecore_querystring_value,
    pub count: usize,
}

/// A key and its value.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_querystring_pair {
    pub key: nodecore_str,
    pub value: nodecore_querystring_value,
}

/// As [`nodecore_querystring_value`], of UTF-16.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_querystring_value16 {
    pub text: nodecore_str16,
    pub kind: i32,
    pub boolean: bool,
    pub number: f64,
    pub list: *const nodecore_querystring_value16,
    pub count: usize,
}

/// As [`nodecore_querystring_pair`], of UTF-16.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_querystring_pair16 {
    pub key: nodecore_str16,
    pub value: nodecore_querystring_value16,
}

/// What the two kinds of value have in common; `V` is the view of their text.
struct Raw<V, T> {
    text: V,
    kind: i32,
    boolean: bool,
    number: f64,
    list: *const T,
    count: usize,
}

trait RawValue: Copy {
    type View: Copy;
    fn raw(&self) -> Raw<Self::View, Self>;
}
impl RawValue for nodecore_querystring_value {
    type View = nodecore_str;
    fn raw(&self) -> Raw<nodecore_str, Self> {
        let Self { text, kind, boolean, number, list, count } = *self;
        Raw { text, kind, boolean, number, list, count }
    }
}
impl RawValue for nodecore_querystring_value16 {
    type View = nodecore_str16;
    fn raw(&self) -> Raw<nodecore_str16, Self> {
        let Self { text, kind, boolean, number, list, count } = *self;
        Raw { text, kind, boolean, number, list, count }
    }
}

/// The digits of a bigint: they are written as they are, so they must be nothing else.
fn digits<'a, S: QueryStr<'a>>(text: S) -> Result<String> {
    let digits: Option<String> = text.units().iter().map(|&unit| char::from_u32(unit.into())).collect();
    digits
        .filter(|text| {
            let digits = text.strip_prefix('-').unwrap_or(text);
            !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
        })
        .ok_or_else(|| invalid("value.text", "must be decimal digits", "a bigint"))
}

/// A value that lies in the caller's memory, or a part of the items of all lists.
enum Slot<'v, S> {
    One(Value<'v, S>),
    Many(std::ops::Range<usize>),
}

/// Writes pairs; `read` makes text of a view.
///
/// # Safety
/// - the views of `pairs` are as `read` asks, the lists as [`arg::slice`] asks.
unsafe fn stringify_raw<'a, 'p, S: QueryStr<'a>, T: RawValue + 'p>(
    pairs: impl Iterator<Item = (T::View, &'p T)> + Clone,
    read: impl Fn(T::View, &str) -> Result<S>,
    options: &StringifyOptions<'_, S>,
) -> Result<nodecore_buf> {
    let value = |raw: &Raw<T::View, T>| {
        Ok(match raw.kind {
            NODECORE_QUERYSTRING_TEXT => Value::Text(read(raw.text, "value")?),
            NODECORE_QUERYSTRING_NUMBER => Value::Number(raw.number),
            NODECORE_QUERYSTRING_BOOLEAN => Value::Bool(raw.boolean),
            // As in Node, a list in a list is nothing.
            NODECORE_QUERYSTRING_LIST | NODECORE_QUERYSTRING_OTHER => Value::Other,
            _ => return Err(invalid("kind", "must be one of NODECORE_QUERYSTRING_*", "a number")),
        })
    };
    if pairs.clone().all(|(_, value)| {
        !matches!(value.raw().kind, NODECORE_QUERYSTRING_BIGINT | NODECORE_QUERYSTRING_LIST)
    }) {
        let failed = Cell::new(None);
        let pairs = pairs.map_while(|(key, own)| {
            let pair = read(key, "key").and_then(|key| Ok((key, value(&own.raw())?)));
            pair.map_err(|error| failed.set(Some(error))).ok()
        });
        let text = stringify(pairs, options);
        return failed.take().map_or_else(|| Ok(text?.into()), Err);
    }
    let list = |raw: &Raw<T::View, T>| match raw.kind {
        // SAFETY: as the caller vouches.
        NODECORE_QUERYSTRING_LIST => unsafe { arg::slice(raw.list, raw.count, "list") }.map(Some),
        _ => Ok(None),
    };
    let mut all_digits = Vec::new();
    for (_, own) in pairs.clone() {
        for one in list(&own.raw())?.unwrap_or(std::slice::from_ref(own)) {
            let raw = one.raw();
            if raw.kind == NODECORE_QUERYSTRING_BIGINT {
                all_digits.push(digits(read(raw.text, "value")?)?);
            }
        }
    }
    // In the same order as they were found.
    let mut next = all_digits.iter();
    let mut any = |raw: &Raw<T::View, T>| match raw.kind {
        NODECORE_QUERYSTRING_BIGINT => Ok(next.next().map_or(Value::Other, |digits| Value::BigInt(digits))),
        _ => value(raw),
    };
    let (mut items, mut slots) = (Vec::new(), Vec::new());
    for (key, own) in pairs {
        let (key, raw) = (read(key, "key")?, own.raw());
        let slot = match list(&raw)? {
            Some(list) => {
                let start = items.len();
                for item in list {
                    items.push(any(&item.raw())?);
                }
                Slot::Many(start..items.len())
            }
            None => Slot::One(any(&raw)?),
        };
        slots.push((key, slot));
    }
    let pairs = slots.iter().map(|(key, slot)| match slot {
        Slot::One(value) => (*key, *value),
        Slot::Many(range) => (*key, Value::List(&items[range.clone()])),
    });
    Ok(stringify(pairs, options)?.into())
}

/// The separators of `options`, which are UTF-8 in every form.
///
/// # Safety
/// - they are as [`arg::text`] asks.
unsafe fn stringify_options<'o, S>(
    options: &nodecore_querystring_stringify_options,
) -> Result<StringifyOptions<'o, S>> {
    // SAFETY: as the caller vouches.
    unsafe { Ok(StringifyOptions::default().sep(utf8(options.sep, "sep")?).eq(utf8(options.eq, "eq")?)) }
}

/// What a callback for encoding said.
///
/// # Safety
/// - on success `out` is as [`arg::text`] asks.
unsafe fn encoded(status: nodecore_status, out: nodecore_str) -> Result<String> {
    if status == 0 {
        // SAFETY: as the caller vouches.
        return Ok(unsafe { utf8(out, "encode's result") }?.to_owned());
    }
    let code = status.checked_neg().and_then(Code::from_number);
    Err(Error::new(code.unwrap_or(Code::OperationFailed), "Operation failed: encode said so"))
}

/// Calls the caller's encoder with UTF-8.
///
/// # Safety
/// - `user` is what `encode` expects.
unsafe fn call_encode(
    encode: unsafe extern "C" fn(nodecore_str, *mut nodecore_str, *mut c_void) -> nodecore_status,
    text: &[u8],
    user: *mut c_void,
) -> Result<String> {
    let mut out = nodecore_str::NONE;
    // SAFETY: as the caller vouches; what comes back is read before anything else is called.
    unsafe { encoded(encode(nodecore_str::new(text), &raw mut out, user), out) }
}

/// Declared in the header.
///
/// # Safety
/// - `pairs` is null or points to `count` pairs, whose texts are as [`arg::bytes`] asks and whose lists are as
///   [`arg::slice`] asks; `opts` is null or as [`SizedOptions::read`] asks, and its callbacks may be called; `out` and
///   `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring_stringify(
    pairs: *const nodecore_querystring_pair,
    count: usize,
    opts: *const nodecore_querystring_stringify_options,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let opts = nodecore_querystring_stringify_options::read(opts, "opts")?;
            let pairs = arg::slice(pairs, count, "pairs")?.iter().map(|pair| (pair.key, &pair.value));
            let encode = |text: Encodable<'_, &str>| {
                let callback = arg::callback(opts.encode, "encode")?;
                match text {
                    Encodable::Text(text) => call_encode(callback, text.as_bytes(), opts.user),
                    Encodable::Primitive(text) => call_encode(callback, text.as_bytes(), opts.user),
                }
            };
            let mut options = stringify_options(&opts)?;
            if opts.encode.is_some() {
                options = options.encode(&encode);
            }
            out.set(stringify_raw(pairs, |text, name| utf8(text, name), &options)?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_querystring_stringify`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring_stringify_latin1(
    pairs: *const nodecore_querystring_pair,
    count: usize,
    opts: *const nodecore_querystring_stringify_options,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let opts = nodecore_querystring_stringify_options::read(opts, "opts")?;
            let pairs = arg::slice(pairs, count, "pairs")?.iter().map(|pair| (pair.key, &pair.value));
            let encode = |text: Encodable<'_, Latin1<'_>>| {
                let callback = arg::callback(opts.encode, "encode")?;
                match text {
                    Encodable::Text(text) => call_encode(callback, text.0, opts.user),
                    Encodable::Primitive(text) => call_encode(callback, text.as_bytes(), opts.user),
                }
            };
            let mut options = stringify_options(&opts)?;
            if opts.encode.is_some() {
                options = options.encode(&encode);
            }
            out.set(stringify_raw(pairs, |text, name| latin1(text, name), &options)?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_querystring_stringify`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring_stringify_utf16(
    pairs: *const nodecore_querystring_pair16,
    count: usize,
    opts: *const nodecore_querystring_stringify_options,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let opts = nodecore_querystring_stringify_options::read(opts, "opts")?;
            let pairs = arg::slice(pairs, count, "pairs")?.iter().map(|pair| (pair.key, &pair.value));
            let encode = |text: Encodable<'_, &[u16]>| {
                let callback = arg::callback(opts.encode16, "encode16")?;
                let wide: Vec<u16>;
                let units = match text {
                    Encodable::Text(units) => units,
                    Encodable::Primitive(text) => {
                        wide = text.encode_utf16().collect();
                        &wide
                    }
                };
                let mut out = nodecore_str::NONE;
                encoded(callback(nodecore_str16::new(units), &raw mut out, opts.user), out)
            };
            let mut options = stringify_options(&opts)?;
            if opts.encode16.is_some() {
                options = options.encode(&encode);
            }
            out.set(stringify_raw(pairs, |text, name| utf16(text, name), &options)?);
            Ok(())
        })
    }
}
