//! `nodecore/querystring.h`.

use std::borrow::Cow;
use std::cell::Cell;
use std::ffi::{c_char, c_void};

use ::nodecore_error::{Code, Error, Result};
use ::nodecore_querystring::{
    Encodable, Latin1, Latin1Text, ParseOptions, Query, QueryStr, StringifyOptions, Value, escape, parse,
    stringify, unescape, unescape_buffer,
};

use crate::boundary::{Castable, SizedOptions, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::str::{nodecore_buf, nodecore_buf16, nodecore_str, nodecore_str16};

/// A parsed query. It borrows from its own copy of the text, and goes before it.
#[derive(Debug)]
pub struct nodecore_querystring {
    query: Query<Cow<'static, str>>,
    _text: String,
}
impl Castable for nodecore_querystring {}

/// The same, of UTF-16.
#[derive(Debug)]
pub struct nodecore_querystring16 {
    query: Query<Cow<'static, [u16]>>,
    _text: Vec<u16>,
}
impl Castable for nodecore_querystring16 {}

pub type nodecore_querystring_decode = Option<
    unsafe extern "C" fn(text: nodecore_str, out: *mut nodecore_str, user: *mut c_void) -> nodecore_status,
>;
pub type nodecore_querystring_decode16 = Option<
    unsafe extern "C" fn(
        text: nodecore_str16,
        out: *mut nodecore_str16,
        user: *mut c_void,
    ) -> nodecore_status,
>;
pub type nodecore_querystring_encode = Option<
    unsafe extern "C" fn(text: nodecore_str, out: *mut nodecore_str, user: *mut c_void) -> nodecore_status,
>;
pub type nodecore_querystring_encode16 = Option<
    unsafe extern "C" fn(text: nodecore_str16, out: *mut nodecore_str, user: *mut c_void) -> nodecore_status,
>;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_querystring_parse_options {
    pub struct_size: usize,
    pub sep: nodecore_str,
    pub eq: nodecore_str,
    pub has_max_keys: bool,
    pub max_keys: usize,
    pub decode: nodecore_querystring_decode,
    pub user: *mut c_void,
}
impl SizedOptions for nodecore_querystring_parse_options {
    const ZERO: Self = nodecore_querystring_parse_options {
        struct_size: 0,
        sep: nodecore_str::NONE,
        eq: nodecore_str::NONE,
        has_max_keys: false,
        max_keys: 0,
        decode: None,
        user: std::ptr::null_mut(),
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_querystring_parse_options16 {
    pub struct_size: usize,
    pub sep: nodecore_str16,
    pub eq: nodecore_str16,
    pub has_max_keys: bool,
    pub max_keys: usize,
    pub decode: nodecore_querystring_decode16,
    pub user: *mut c_void,
}
impl SizedOptions for nodecore_querystring_parse_options16 {
    const ZERO: Self = nodecore_querystring_parse_options16 {
        struct_size: 0,
        sep: nodecore_str16::NONE,
        eq: nodecore_str16::NONE,
        has_max_keys: false,
        max_keys: 0,
        decode: None,
        user: std::ptr::null_mut(),
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

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

pub const NODECORE_QUERYSTRING_NONE: usize = usize::MAX;

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

/// `text` as UTF-8, Latin-1 and UTF-16.
///
/// # Safety
/// - as for [`arg::text`], [`arg::bytes`] and [`arg::units`]; `'a` is of the caller's choice.
unsafe fn utf8<'a>(text: nodecore_str, name: &str) -> Result<&'a str> {
    // SAFETY: as the caller vouches.
    unsafe { arg::text(text.data, text.len, name) }
}
unsafe fn latin1<'a>(text: nodecore_str, name: &str) -> Result<Latin1<'a>> {
    // SAFETY: as the caller vouches.
    unsafe { arg::bytes(text.data, text.len, name) }.map(Latin1)
}
unsafe fn utf16<'a>(text: nodecore_str16, name: &str) -> Result<&'a [u16]> {
    // SAFETY: as the caller vouches.
    unsafe { arg::units(text.data, text.len, name) }
}

fn invalid(name: &str, why: &str, what: &str) -> Error {
    Error::from_template(Code::InvalidArgValue, &[&name, &why, &what])
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
/// - `query` is null or points to `query_len` bytes, as [`arg::text`] asks; `opts` is null or as
///   [`SizedOptions::read`] asks, and its callback may be called; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring_parse(
    query: *const c_char,
    query_len: usize,
    opts: *const nodecore_querystring_parse_options,
    out: *mut *mut nodecore_querystring,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let text = arg::text(query, query_len, "query")?.to_owned();
            let opts = nodecore_querystring_parse_options::read(opts, "opts")?;
            // SAFETY: the heap memory of `text` neither moves nor changes while the query is there.
            let own: &'static str = &*std::ptr::from_ref(text.as_str());
            let decode = |text: &Cow<'static, str>| {
                let mut out = nodecore_str::NONE;
                let status = opts.decode?(nodecore_str::new(text.as_bytes()), &raw mut out, opts.user);
                let bytes = arg::bytes(out.data, out.len, "decode's result").ok().filter(|_| status == 0)?;
                Some(Cow::Owned(String::from_utf8_lossy(bytes).into_owned()))
            };
            let mut options = ParseOptions::default();
            options = options.sep(utf8(opts.sep, "sep")?).eq(utf8(opts.eq, "eq")?);
            if opts.has_max_keys {
                options = options.max_keys(opts.max_keys);
            }
            if opts.decode.is_some() {
                options = options.decode(&decode);
            }
            let query = parse(own, &options);
            out.set(nodecore_querystring { query, _text: text }.into_raw());
            Ok(())
        })
    }
}

/// Parses UTF-16 that is ours.
///
/// # Safety
/// - `opts` is null or as [`SizedOptions::read`] asks, and its callback may be called.
unsafe fn parse16(
    text: Vec<u16>,
    opts: *const nodecore_querystring_parse_options16,
) -> Result<*mut nodecore_querystring16> {
    // SAFETY: as the caller vouches; the heap memory of `text` neither moves nor changes while the query is there.
    unsafe {
        let opts = nodecore_querystring_parse_options16::read(opts, "opts")?;
        let own: &'static [u16] = &*std::ptr::from_ref(text.as_slice());
        let decode = |text: &Cow<'static, [u16]>| {
            let mut out = nodecore_str16::NONE;
            let status = opts.decode?(nodecore_str16::new(text), &raw mut out, opts.user);
            let units = utf16(out, "decode's result").ok().filter(|_| status == 0)?;
            Some(Cow::Owned(units.to_vec()))
        };
        let mut options = ParseOptions::default();
        options = options.sep(utf16(opts.sep, "sep")?).eq(utf16(opts.eq, "eq")?);
        if opts.has_max_keys {
            options = options.max_keys(opts.max_keys);
        }
        if opts.decode.is_some() {
            options = options.decode(&decode);
        }
        let query = parse(own, &options);
        Ok(nodecore_querystring16 { query, _text: text }.into_raw())
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_querystring_parse`], with `query_len` units.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring_parse_utf16(
    query: *const u16,
    query_len: usize,
    opts: *const nodecore_querystring_parse_options16,
    out: *mut *mut nodecore_querystring16,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(parse16(arg::units(query, query_len, "query")?.to_vec(), opts)?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_querystring_parse`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring_parse_latin1(
    query: *const c_char,
    query_len: usize,
    opts: *const nodecore_querystring_parse_options16,
    out: *mut *mut nodecore_querystring16,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let wide = arg::bytes(query, query_len, "query")?.iter().map(|&byte| byte.into()).collect();
            out.set(parse16(wide, opts)?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `query` is null or came from [`nodecore_querystring_parse`] and was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring_free(query: *mut nodecore_querystring) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(query) };
}

/// Declared in the header.
///
/// # Safety
/// - `query` is null or came from [`nodecore_querystring_parse_utf16`] or `_latin1` and was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring16_free(query: *mut nodecore_querystring16) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(query) };
}

/// Declared in the header.
///
/// # Safety
/// - `query` is null or a live query that nobody frees meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring_count(query: *const nodecore_querystring) -> usize {
    // SAFETY: as the caller vouches.
    total(0, || unsafe { arg::nullable(query) }.map_or(0, |query| query.query.len()))
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_querystring_count`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring_key_at(
    query: *const nodecore_querystring,
    index: usize,
) -> nodecore_str {
    total(nodecore_str::NONE, || {
        // SAFETY: as the caller vouches.
        let entry = unsafe { arg::nullable(query) }.and_then(|query| query.query.entry(index));
        entry.map_or(nodecore_str::NONE, |(key, _)| nodecore_str::new(key.as_bytes()))
    })
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_querystring_count`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring_value_count(
    query: *const nodecore_querystring,
    index: usize,
) -> usize {
    total(0, || {
        // SAFETY: as the caller vouches.
        let entry = unsafe { arg::nullable(query) }.and_then(|query| query.query.entry(index));
        entry.map_or(0, |(_, values)| values.len())
    })
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_querystring_count`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring_value_at(
    query: *const nodecore_querystring,
    index: usize,
    nth: usize,
) -> nodecore_str {
    total(nodecore_str::NONE, || {
        // SAFETY: as the caller vouches.
        let entry = unsafe { arg::nullable(query) }.and_then(|query| query.query.entry(index));
        let value = entry.and_then(|(_, values)| values.get(nth));
        value.map_or(nodecore_str::NONE, |value| nodecore_str::new(value.as_bytes()))
    })
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_querystring_count`]; `key` is null or points to `key_len` readable units.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring_find(
    query: *const nodecore_querystring,
    key: *const c_char,
    key_len: usize,
) -> usize {
    // SAFETY: as the caller vouches.
    let found = || unsafe { arg::nullable(query)?.query.position(arg::text(key, key_len, "key").ok()?) };
    total(NODECORE_QUERYSTRING_NONE, || found().unwrap_or(NODECORE_QUERYSTRING_NONE))
}

/// Declared in the header.
///
/// # Safety
/// - `query` is null or a live query that nobody frees meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring16_count(query: *const nodecore_querystring16) -> usize {
    // SAFETY: as the caller vouches.
    total(0, || unsafe { arg::nullable(query) }.map_or(0, |query| query.query.len()))
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_querystring16_count`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring16_key_at(
    query: *const nodecore_querystring16,
    index: usize,
) -> nodecore_str16 {
    total(nodecore_str16::NONE, || {
        // SAFETY: as the caller vouches.
        let entry = unsafe { arg::nullable(query) }.and_then(|query| query.query.entry(index));
        entry.map_or(nodecore_str16::NONE, |(key, _)| nodecore_str16::new(key))
    })
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_querystring16_count`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring16_value_count(
    query: *const nodecore_querystring16,
    index: usize,
) -> usize {
    total(0, || {
        // SAFETY: as the caller vouches.
        let entry = unsafe { arg::nullable(query) }.and_then(|query| query.query.entry(index));
        entry.map_or(0, |(_, values)| values.len())
    })
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_querystring16_count`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring16_value_at(
    query: *const nodecore_querystring16,
    index: usize,
    nth: usize,
) -> nodecore_str16 {
    total(nodecore_str16::NONE, || {
        // SAFETY: as the caller vouches.
        let entry = unsafe { arg::nullable(query) }.and_then(|query| query.query.entry(index));
        let value = entry.and_then(|(_, values)| values.get(nth));
        value.map_or(nodecore_str16::NONE, |value| nodecore_str16::new(value))
    })
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_querystring16_count`]; `key` is null or points to `key_len` readable units.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring16_find(
    query: *const nodecore_querystring16,
    key: *const u16,
    key_len: usize,
) -> usize {
    // SAFETY: as the caller vouches.
    let found = || unsafe { arg::nullable(query)?.query.position(arg::units(key, key_len, "key").ok()?) };
    total(NODECORE_QUERYSTRING_NONE, || found().unwrap_or(NODECORE_QUERYSTRING_NONE))
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

/// Declared in the header.
///
/// # Safety
/// - `text` is null or points to text as [`arg::text`] asks; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring_escape(
    text: *const c_char,
    text_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(escape(arg::text(text, text_len, "text")?)?.into_owned().into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `text` is null or points to `text_len` readable units; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring_escape_utf16(
    text: *const u16,
    text_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(escape(arg::units(text, text_len, "text")?)?.into_owned().into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `text` is null or points to `text_len` readable units; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring_escape_latin1(
    text: *const c_char,
    text_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(escape(Latin1(arg::bytes(text, text_len, "text")?))?.into_owned().into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `text` is null or points to `text_len` readable units; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring_unescape(
    text: *const c_char,
    text_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(unescape(arg::text(text, text_len, "text")?).into_owned().into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `text` is null or points to `text_len` readable units; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring_unescape_utf16(
    text: *const u16,
    text_len: usize,
    out: *mut nodecore_buf16,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(unescape(arg::units(text, text_len, "text")?).into_owned().into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `text` is null or points to `text_len` readable units; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring_unescape_latin1(
    text: *const c_char,
    text_len: usize,
    out: *mut nodecore_buf16,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let units = match unescape(Latin1(arg::bytes(text, text_len, "text")?)) {
                Latin1Text::Latin1(bytes) => bytes.iter().map(|&byte| byte.into()).collect(),
                Latin1Text::Utf16(units) => units,
            };
            out.set(units.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `text` is null or points to `text_len` readable units; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring_unescape_buffer(
    text: *const c_char,
    text_len: usize,
    decode_spaces: bool,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(unescape_buffer(arg::text(text, text_len, "text")?, decode_spaces).into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `text` is null or points to `text_len` readable units; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring_unescape_buffer_utf16(
    text: *const u16,
    text_len: usize,
    decode_spaces: bool,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(unescape_buffer(arg::units(text, text_len, "text")?, decode_spaces).into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `text` is null or points to `text_len` readable units; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring_unescape_buffer_latin1(
    text: *const c_char,
    text_len: usize,
    decode_spaces: bool,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(unescape_buffer(Latin1(arg::bytes(text, text_len, "text")?), decode_spaces).into());
            Ok(())
        })
    }
}
