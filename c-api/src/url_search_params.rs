//! `nodecore/url_search_params.h`.

use std::ffi::c_char;
use std::ptr::null_mut;
use std::sync::OnceLock;

use ::nodecore_error::{Code, Error, Result};
use ::nodecore_url::{Input, Latin1, Url, UrlSearchParams};

use crate::boundary::{Castable, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::str::{nodecore_buf, nodecore_str};
use crate::url::nodecore_url;

/// A list of names and values, by itself or a URL's.
#[derive(Debug)]
pub struct nodecore_url_search_params {
    params: UrlSearchParams,
    /// The URL that the list belongs to, or null.
    owner: *mut nodecore_url,
    /// The pairs by index, made when first asked for; they point into `params`.
    by_index: OnceLock<Box<[nodecore_url_search_params_pair]>>,
}

/// A name and a value.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_url_search_params_pair {
    pub name: nodecore_str,
    pub value: nodecore_str,
}

impl Castable for nodecore_url_search_params {}

const _: () = {
    const fn assert_sync<T: Send + Sync>() {}
    // A const pointer is shared between threads. `owner` is followed by functions only that take a non-const one;
    // `by_index` points to text that no function that takes a const one changes.
    assert_sync::<(UrlSearchParams, OnceLock<usize>)>();
};

impl nodecore_url_search_params {
    fn new(params: UrlSearchParams) -> nodecore_url_search_params {
        nodecore_url_search_params { params, owner: null_mut(), by_index: OnceLock::new() }
    }

    /// The list of `url`, which is `owner`'s.
    pub(crate) fn live(url: &Url, owner: *mut nodecore_url) -> nodecore_url_search_params {
        nodecore_url_search_params { params: url.search_params(), owner, by_index: OnceLock::new() }
    }

    /// Follows a change of the URL.
    pub(crate) fn reload(&mut self, url: &Url) {
        self.by_index.take();
        self.params = url.search_params();
    }

    /// Changes the list and the URL that it belongs to. If the URL cannot take it, both are as they were.
    fn change(&mut self, body: impl FnOnce(&mut UrlSearchParams)) -> Result<()> {
        self.by_index.take();
        body(&mut self.params);
        // SAFETY: an owner frees this list when it is freed itself, so it is alive; the caller, who has this list to
        // himself, has the URL to himself too.
        let Some(owner) = (unsafe { self.owner.as_mut() }) else { return Ok(()) };
        let url = owner.url_mut();
        if url.set_search_params(&self.params) {
            return Ok(());
        }
        self.params = url.search_params();
        Err(Error::from_template(Code::InvalidUrl, &[]))
    }

    fn by_index(&self) -> &[nodecore_url_search_params_pair] {
        self.by_index.get_or_init(|| {
            let pair = |(name, value): (&str, &str)| nodecore_url_search_params_pair {
                name: nodecore_str::new(name.as_bytes()),
                value: nodecore_str::new(value.as_bytes()),
            };
            self.params.iter().map(pair).collect()
        })
    }
}

/// The texts of a change, copied: they may lie in the list that is to change.
struct Texts {
    all: String,
    name_len: usize,
}

impl Texts {
    /// # Safety
    /// - both are as [`arg::bytes`] asks.
    unsafe fn new(
        name: *const c_char,
        name_len: usize,
        value: *const c_char,
        value_len: usize,
    ) -> Result<Texts> {
        // SAFETY: as the caller vouches.
        let (name, value) =
            unsafe { (arg::text(name, name_len, "name")?, arg::text(value, value_len, "value")?) };
        Ok(Texts { all: [name, value].concat(), name_len: name.len() })
    }

    fn both(&self) -> (&str, &str) {
        self.all.split_at(self.name_len)
    }
}

/// A text where null means that none was given.
///
/// # Safety
/// - as for [`arg::bytes`].
unsafe fn optional<'a>(text: *const c_char, len: usize, name: &str) -> Result<Option<&'a str>> {
    // SAFETY: as the caller vouches.
    if text.is_null() { Ok(None) } else { unsafe { arg::text(text, len, name) }.map(Some) }
}

fn parse(input: impl Input) -> *mut nodecore_url_search_params {
    nodecore_url_search_params::new(UrlSearchParams::parse(input)).into_raw()
}

/// Declared in the header.
///
/// # Safety
/// - `input` is as [`arg::bytes`] asks; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_search_params_parse(
    input: *const c_char,
    input_len: usize,
    out: *mut *mut nodecore_url_search_params,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(parse(arg::text(input, input_len, "input")?));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_url_search_params_parse`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_search_params_parse_latin1(
    input: *const c_char,
    input_len: usize,
    out: *mut *mut nodecore_url_search_params,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(parse(Latin1(arg::bytes(input, input_len, "input")?)));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `input` is null or points to `input_len` readable units; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_search_params_parse_utf16(
    input: *const u16,
    input_len: usize,
    out: *mut *mut nodecore_url_search_params,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(parse(arg::units(input, input_len, "input")?));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `pairs` is null or points to `count` pairs of strings as [`arg::bytes`] asks; `out` and `err` are null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_search_params_from_pairs(
    pairs: *const nodecore_url_search_params_pair,
    count: usize,
    out: *mut *mut nodecore_url_search_params,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let mut params = UrlSearchParams::new();
            for pair in arg::slice(pairs, count, "pairs")? {
                let name = arg::text(pair.name.data, pair.name.len, "name")?;
                params.append(name, arg::text(pair.value.data, pair.value.len, "value")?);
            }
            out.set(nodecore_url_search_params::new(params).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `params` is null or a live list.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_search_params_copy(
    params: *const nodecore_url_search_params,
) -> *mut nodecore_url_search_params {
    // SAFETY: as the caller vouches.
    let params = unsafe { arg::nullable(params) };
    total(null_mut(), || {
        params.map_or(null_mut(), |params| nodecore_url_search_params::new(params.params.clone()).into_raw())
    })
}

/// Declared in the header.
///
/// # Safety
/// - `params` is null or a list that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_search_params_free(params: *mut nodecore_url_search_params) {
    // SAFETY: as the caller vouches; a URL's own list is left to the URL.
    unsafe {
        if arg::nullable(params).is_some_and(|params| params.owner.is_null()) {
            Castable::free(params);
        }
    }
}

/// Declared in the header.
///
/// # Safety
/// - `params` is null or a live list that nobody else uses; `name` and `value` are as [`arg::bytes`] asks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_search_params_append(
    params: *mut nodecore_url_search_params,
    name: *const c_char,
    name_len: usize,
    value: *const c_char,
    value_len: usize,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(null_mut(), || {
            let texts = Texts::new(name, name_len, value, value_len)?;
            let (name, value) = texts.both();
            arg::object_mut(params, "params")?.change(|params| params.append(name, value))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_url_search_params_append`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_search_params_set(
    params: *mut nodecore_url_search_params,
    name: *const c_char,
    name_len: usize,
    value: *const c_char,
    value_len: usize,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(null_mut(), || {
            let texts = Texts::new(name, name_len, value, value_len)?;
            let (name, value) = texts.both();
            arg::object_mut(params, "params")?.change(|params| params.set(name, value))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_url_search_params_append`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_search_params_delete(
    params: *mut nodecore_url_search_params,
    name: *const c_char,
    name_len: usize,
    value: *const c_char,
    value_len: usize,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(null_mut(), || {
            let any = value.is_null();
            let texts = Texts::new(name, name_len, value, if any { 0 } else { value_len })?;
            let (name, value) = texts.both();
            let value = (!any).then_some(value);
            arg::object_mut(params, "params")?.change(|params| params.delete(name, value))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `params` is null or a live list that nobody else uses.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_search_params_sort(
    params: *mut nodecore_url_search_params,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { entry(null_mut(), || arg::object_mut(params, "params")?.change(UrlSearchParams::sort)) }
}

/// Declared in the header.
///
/// # Safety
/// - `params` is null or a live list; `name` is as [`arg::bytes`] asks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_search_params_get(
    params: *const nodecore_url_search_params,
    name: *const c_char,
    name_len: usize,
) -> nodecore_str {
    // SAFETY: as the caller vouches.
    let (params, name) = unsafe { (arg::nullable(params), arg::text(name, name_len, "name")) };
    total(nodecore_str::NONE, || match (params, name) {
        (Some(params), Ok(name)) => nodecore_str::nullable(params.params.get(name).map(str::as_bytes)),
        _ => nodecore_str::NONE,
    })
}

/// Declared in the header.
///
/// # Safety
/// - `params` is null or a live list; `name` is as [`arg::bytes`] asks; `values` is null or points to `capacity`
///   writable strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_search_params_get_all(
    params: *const nodecore_url_search_params,
    name: *const c_char,
    name_len: usize,
    values: *mut nodecore_str,
    capacity: usize,
) -> usize {
    // SAFETY: as the caller vouches.
    let (params, name) = unsafe { (arg::nullable(params), arg::text(name, name_len, "name")) };
    total(0, || {
        let (Some(params), Ok(name)) = (params, name) else { return 0 };
        let mut count = 0;
        for value in params.params.get_all(name) {
            if count < capacity && !values.is_null() {
                // SAFETY: the caller vouches for `capacity` strings.
                unsafe { values.add(count).write(nodecore_str::new(value.as_bytes())) };
            }
            count += 1;
        }
        count
    })
}

/// Declared in the header.
///
/// # Safety
/// - `params` is null or a live list; `name` and `value` are as [`arg::bytes`] asks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_search_params_has(
    params: *const nodecore_url_search_params,
    name: *const c_char,
    name_len: usize,
    value: *const c_char,
    value_len: usize,
) -> bool {
    // SAFETY: as the caller vouches.
    let (params, name, value) = unsafe {
        (arg::nullable(params), arg::text(name, name_len, "name"), optional(value, value_len, "value"))
    };
    total(false, || match (params, name, value) {
        (Some(params), Ok(name), Ok(value)) => params.params.has(name, value),
        _ => false,
    })
}

/// Declared in the header.
///
/// # Safety
/// - `params` is null or a live list.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_search_params_size(params: *const nodecore_url_search_params) -> usize {
    // SAFETY: as the caller vouches.
    let params = unsafe { arg::nullable(params) };
    total(0, || params.map_or(0, |params| params.params.size()))
}

/// Declared in the header.
///
/// # Safety
/// - `params` is null or a live list; `name` and `value` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_search_params_at(
    params: *const nodecore_url_search_params,
    index: usize,
    name: *mut nodecore_str,
    value: *mut nodecore_str,
) -> bool {
    // SAFETY: as the caller vouches.
    let params = unsafe { arg::nullable(params) };
    total(false, || {
        let Some(pair) = params.and_then(|params| params.by_index().get(index)) else { return false };
        for (out, part) in [(name, pair.name), (value, pair.value)] {
            if !out.is_null() {
                // SAFETY: the caller vouches for what is not null.
                unsafe { out.write(part) };
            }
        }
        true
    })
}

/// Declared in the header.
///
/// # Safety
/// - `params` is null or a live list; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_search_params_to_string(
    params: *const nodecore_url_search_params,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(arg::object(params, "params")?.params.to_string().into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `url` is null or a live URL that nobody else uses; `params` is null or a live list.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_set_search_params(
    url: *mut nodecore_url,
    params: *const nodecore_url_search_params,
) -> nodecore_status {
    // SAFETY: as the caller vouches; nothing of the list is held on to when the URL brings its own up to date.
    unsafe {
        entry(null_mut(), || {
            let object = arg::object_mut(url, "url")?;
            if !object.inner_mut().set_search_params(&arg::object(params, "params")?.params) {
                return Err(Error::from_template(Code::InvalidUrl, &[]));
            }
            object.changed();
            Ok(())
        })
    }
}
