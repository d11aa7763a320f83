//! `parse`, and what it gives.

use std::borrow::Cow;
use std::ffi::{c_char, c_void};

use ::nodecore_error::Result;
use ::nodecore_querystring::{ParseOptions, parse};

use super::{
    nodecore_querystring, nodecore_querystring_decode, nodecore_querystring_decode16, nodecore_querystring16,
    utf8, utf16,
};
use crate::boundary::{Castable, SizedOptions, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::str::{nodecore_str, nodecore_str16};

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

pub const NODECORE_QUERYSTRING_NONE: usize = usize::MAX;

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
