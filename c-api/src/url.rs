//! `nodecore/url.h`.

use std::borrow::Cow;
use std::ffi::c_char;
use std::ptr::null_mut;
use std::sync::OnceLock;

use ::nodecore_error::Result;
use ::nodecore_url::{Input, Latin1, Url};

use crate::boundary::{Castable, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::str::nodecore_str;
use crate::url_search_params::nodecore_url_search_params;

/// A URL, with what is made of it once for callers that borrow it.
#[derive(Debug)]
pub struct nodecore_url {
    url: Url,
    /// The origin, where it is no part of the href.
    origin: OnceLock<Box<str>>,
    /// The live list, once it was asked for; it belongs to this.
    params: *mut nodecore_url_search_params,
}

impl Castable for nodecore_url {}

const _: () = {
    const fn assert_sync<T: Send + Sync>() {}
    // A const pointer is shared between threads; `params` is followed by functions only that take a non-const one.
    assert_sync::<(Url, OnceLock<Box<str>>)>();
};

impl nodecore_url {
    fn new(url: Url) -> nodecore_url {
        nodecore_url { url, origin: OnceLock::new(), params: null_mut() }
    }

    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    /// For the live list, which knows what it did: all but itself is brought up to date.
    pub(crate) fn url_mut(&mut self) -> &mut Url {
        self.origin.take();
        &mut self.url
    }

    /// As [`url_mut`](nodecore_url::url_mut), for others: [`changed`](nodecore_url::changed) is to be called after.
    pub(crate) fn inner_mut(&mut self) -> &mut Url {
        &mut self.url
    }

    /// To be called after every change.
    pub(crate) fn changed(&mut self) {
        self.origin.take();
        // SAFETY: the list is freed with this object only, and the caller has this object to himself.
        if let Some(params) = unsafe { self.params.as_mut() } {
            params.reload(&self.url);
        }
    }
}

impl Drop for nodecore_url {
    fn drop(&mut self) {
        // SAFETY: the list came from `into_raw`, and nobody else frees it.
        unsafe { Castable::free(self.params) };
    }
}

/// A part of a nullable URL.
///
/// # Safety
/// - `url` is null or a live URL.
#[inline(always)]
unsafe fn part(url: *const nodecore_url, pick: impl FnOnce(&Url) -> &str) -> nodecore_str {
    // SAFETY: as the caller vouches.
    let url = unsafe { arg::nullable(url) };
    total(nodecore_str::NONE, || {
        url.map_or(nodecore_str::NONE, |url| nodecore_str::new(pick(&url.url).as_bytes()))
    })
}

/// `value` as it is, or a copy if it lies in the URL's own text.
pub(crate) fn apart<'v>(url: &nodecore_url, value: &'v str) -> Cow<'v, str> {
    let (href, text) = (url.url.href().as_bytes().as_ptr_range(), value.as_bytes().as_ptr_range());
    if text.start < href.end && href.start < text.end {
        Cow::Owned(value.to_owned())
    } else {
        Cow::Borrowed(value)
    }
}

#[inline(always)]
fn parse(input: impl Input, base: Option<&nodecore_url>) -> Result<*mut nodecore_url> {
    let url = match base {
        None => Url::parse(input),
        Some(base) => Url::parse_with_base(input, &base.url),
    }?;
    Ok(nodecore_url::new(url).into_raw())
}

/// Declared in the header.
///
/// # Safety
/// - `input` is as [`arg::bytes`] asks; `base` is null or a live URL; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_parse(
    input: *const c_char,
    input_len: usize,
    base: *const nodecore_url,
    out: *mut *mut nodecore_url,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(parse(arg::text(input, input_len, "input")?, arg::nullable(base))?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_url_parse`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_parse_latin1(
    input: *const c_char,
    input_len: usize,
    base: *const nodecore_url,
    out: *mut *mut nodecore_url,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(parse(Latin1(arg::bytes(input, input_len, "input")?), arg::nullable(base))?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `input` is null or points to `input_len` readable units; the rest as for [`nodecore_url_parse`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_parse_utf16(
    input: *const u16,
    input_len: usize,
    base: *const nodecore_url,
    out: *mut *mut nodecore_url,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(parse(arg::units(input, input_len, "input")?, arg::nullable(base))?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `input` and `base` are as [`arg::bytes`] asks; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_resolve(
    input: *const c_char,
    input_len: usize,
    base: *const c_char,
    base_len: usize,
    out: *mut *mut nodecore_url,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let input = arg::text(input, input_len, "input")?;
            let url = Url::resolve(input, arg::text(base, base_len, "base")?)?;
            out.set(nodecore_url::new(url).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_url_resolve`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_resolve_latin1(
    input: *const c_char,
    input_len: usize,
    base: *const c_char,
    base_len: usize,
    out: *mut *mut nodecore_url,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let input = Latin1(arg::bytes(input, input_len, "input")?);
            let url = Url::resolve(input, Latin1(arg::bytes(base, base_len, "base")?))?;
            out.set(nodecore_url::new(url).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `input` and `base` are null or point to as many readable units as their lengths say; `out` and `err` are null
///   or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_resolve_utf16(
    input: *const u16,
    input_len: usize,
    base: *const u16,
    base_len: usize,
    out: *mut *mut nodecore_url,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let input = arg::units(input, input_len, "input")?;
            let url = Url::resolve(input, arg::units(base, base_len, "base")?)?;
            out.set(nodecore_url::new(url).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `input` is as [`arg::bytes`] asks; `base` is null or a live URL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_can_parse(
    input: *const c_char,
    input_len: usize,
    base: *const nodecore_url,
) -> bool {
    // SAFETY: as the caller vouches.
    let (input, base) = unsafe { (arg::text(input, input_len, "input"), arg::nullable(base)) };
    total(false, || input.is_ok_and(|input| Url::can_parse(input, base.map(nodecore_url::url))))
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_url_can_parse`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_can_parse_latin1(
    input: *const c_char,
    input_len: usize,
    base: *const nodecore_url,
) -> bool {
    // SAFETY: as the caller vouches.
    let (input, base) = unsafe { (arg::bytes(input, input_len, "input"), arg::nullable(base)) };
    total(false, || input.is_ok_and(|input| Url::can_parse(Latin1(input), base.map(nodecore_url::url))))
}

/// Declared in the header.
///
/// # Safety
/// - `input` is null or points to `input_len` readable units; `base` is null or a live URL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_can_parse_utf16(
    input: *const u16,
    input_len: usize,
    base: *const nodecore_url,
) -> bool {
    // SAFETY: as the caller vouches.
    let (input, base) = unsafe { (arg::units(input, input_len, "input"), arg::nullable(base)) };
    total(false, || input.is_ok_and(|input| Url::can_parse(input, base.map(nodecore_url::url))))
}

/// Parses again into `url`; the base may be `url` itself.
///
/// # Safety
/// - `url` is null or a live URL that nobody else uses, and no other thread uses `base`; `input` is not in `url`.
unsafe fn reparse(url: *mut nodecore_url, input: impl Input, base: *const nodecore_url) -> Result<()> {
    // SAFETY: as the caller vouches.
    unsafe {
        let itself = if base == url { arg::nullable(base).map(|base| base.url.clone()) } else { None };
        let base = match &itself {
            Some(copy) => Some(copy),
            None => arg::nullable(base).map(nodecore_url::url),
        };
        let url = arg::object_mut(url, "url")?;
        url.url.reparse(input, base)?;
        url.changed();
        Ok(())
    }
}

/// Declared in the header.
///
/// # Safety
/// - `url` is null or a live URL that nobody else uses; `input` is as [`arg::bytes`] asks; `base` is null or a live
///   URL; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_reparse(
    url: *mut nodecore_url,
    input: *const c_char,
    input_len: usize,
    base: *const nodecore_url,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches; `apart` copies what is in `url`.
    unsafe {
        entry(err, || {
            let input = apart(arg::object(url, "url")?, arg::text(input, input_len, "input")?);
            reparse(url, &*input, base)
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_url_reparse`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_reparse_latin1(
    url: *mut nodecore_url,
    input: *const c_char,
    input_len: usize,
    base: *const nodecore_url,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches; what is in `url` is ASCII, so that `apart` copies it.
    unsafe {
        entry(err, || {
            let bytes = arg::bytes(input, input_len, "input")?;
            match std::str::from_utf8(bytes) {
                Ok(text) if text.is_ascii() => reparse(url, &*apart(arg::object(url, "url")?, text), base),
                _ => reparse(url, Latin1(bytes), base),
            }
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `input` is null or points to `input_len` readable units; the rest as for [`nodecore_url_reparse`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_reparse_utf16(
    url: *mut nodecore_url,
    input: *const u16,
    input_len: usize,
    base: *const nodecore_url,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches; no units are in `url`.
    unsafe { entry(err, || reparse(url, arg::units(input, input_len, "input")?, base)) }
}

/// Declared in the header.
///
/// # Safety
/// - `url` is null or a URL that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_free(url: *mut nodecore_url) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(url) };
}

/// Declared in the header.
///
/// # Safety
/// - `url` is null or a live URL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_copy(url: *const nodecore_url) -> *mut nodecore_url {
    // SAFETY: as the caller vouches.
    let url = unsafe { arg::nullable(url) };
    total(null_mut(), || url.map_or(null_mut(), |url| nodecore_url::new(url.url.clone()).into_raw()))
}

/// Declared in the header.
///
/// # Safety
/// - `url` is null or a live URL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_href(url: *const nodecore_url) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(url, Url::href) }
}

/// Declared in the header.
///
/// # Safety
/// - `url` is null or a live URL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_origin(url: *const nodecore_url) -> nodecore_str {
    // SAFETY: as the caller vouches.
    let Some(url) = (unsafe { arg::nullable(url) }) else { return nodecore_str::NONE };
    total(nodecore_str::NONE, || {
        let origin = match url.origin.get() {
            Some(origin) => origin,
            None => match url.url.origin() {
                Cow::Borrowed(origin) => origin,
                Cow::Owned(origin) => url.origin.get_or_init(|| origin.into()),
            },
        };
        nodecore_str::new(origin.as_bytes())
    })
}

/// Declared in the header.
///
/// # Safety
/// - `url` is null or a live URL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_protocol(url: *const nodecore_url) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(url, Url::protocol) }
}

/// Declared in the header.
///
/// # Safety
/// - `url` is null or a live URL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_username(url: *const nodecore_url) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(url, Url::username) }
}

/// Declared in the header.
///
/// # Safety
/// - `url` is null or a live URL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_password(url: *const nodecore_url) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(url, Url::password) }
}

/// Declared in the header.
///
/// # Safety
/// - `url` is null or a live URL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_host(url: *const nodecore_url) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(url, Url::host) }
}

/// Declared in the header.
///
/// # Safety
/// - `url` is null or a live URL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_hostname(url: *const nodecore_url) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(url, Url::hostname) }
}

/// Declared in the header.
///
/// # Safety
/// - `url` is null or a live URL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_port(url: *const nodecore_url) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(url, Url::port) }
}

/// Declared in the header.
///
/// # Safety
/// - `url` is null or a live URL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_pathname(url: *const nodecore_url) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(url, Url::pathname) }
}

/// Declared in the header.
///
/// # Safety
/// - `url` is null or a live URL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_search(url: *const nodecore_url) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(url, Url::search) }
}

/// Declared in the header.
///
/// # Safety
/// - `url` is null or a live URL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_hash(url: *const nodecore_url) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(url, Url::hash) }
}

/// Declared in the header.
///
/// # Safety
/// - `url` is null or a live URL that nobody else uses.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_search_params_of(
    url: *mut nodecore_url,
) -> *mut nodecore_url_search_params {
    // SAFETY: as the caller vouches; the list keeps the caller's pointer, not a reference.
    total(null_mut(), || unsafe {
        let Ok(object) = arg::object_mut(url, "url") else { return null_mut() };
        if object.params.is_null() {
            object.params = nodecore_url_search_params::live(&object.url, url).into_raw();
        }
        object.params
    })
}
