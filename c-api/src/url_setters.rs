//! The setters of `nodecore/url.h`.

use std::ffi::c_char;
use std::ptr::{null, null_mut};

use ::nodecore_error::{Code, Error};
use ::nodecore_url::Url;

use crate::boundary::{arg, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::url::{apart, nodecore_url, nodecore_url_reparse};

/// A setter: `set` says whether it took the value.
///
/// # Safety
/// - `url` is null or a live URL that nobody else uses; `value` is as [`arg::bytes`] asks.
unsafe fn assign(
    url: *mut nodecore_url,
    value: *const c_char,
    value_len: usize,
    set: impl FnOnce(&mut Url, &str) -> bool,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(null_mut(), || {
            let value = apart(arg::object(url, "url")?, arg::text(value, value_len, "value")?);
            let url = arg::object_mut(url, "url")?;
            if !set(url.inner_mut(), &value) {
                return Err(Error::from_template(Code::InvalidUrl, &[]));
            }
            url.changed();
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `url` is null or a live URL that nobody else uses; `value` is as [`arg::bytes`] asks; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_set_href(
    url: *mut nodecore_url,
    value: *const c_char,
    value_len: usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { nodecore_url_reparse(url, value, value_len, null(), err) }
}

/// Declared in the header.
///
/// # Safety
/// - `url` is null or a live URL that nobody else uses; `value` is as [`arg::bytes`] asks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_set_protocol(
    url: *mut nodecore_url,
    value: *const c_char,
    value_len: usize,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { assign(url, value, value_len, Url::set_protocol) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_url_set_protocol`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_set_username(
    url: *mut nodecore_url,
    value: *const c_char,
    value_len: usize,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { assign(url, value, value_len, Url::set_username) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_url_set_protocol`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_set_password(
    url: *mut nodecore_url,
    value: *const c_char,
    value_len: usize,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { assign(url, value, value_len, Url::set_password) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_url_set_protocol`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_set_host(
    url: *mut nodecore_url,
    value: *const c_char,
    value_len: usize,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { assign(url, value, value_len, Url::set_host) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_url_set_protocol`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_set_hostname(
    url: *mut nodecore_url,
    value: *const c_char,
    value_len: usize,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { assign(url, value, value_len, Url::set_hostname) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_url_set_protocol`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_set_port(
    url: *mut nodecore_url,
    value: *const c_char,
    value_len: usize,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { assign(url, value, value_len, Url::set_port) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_url_set_protocol`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_set_pathname(
    url: *mut nodecore_url,
    value: *const c_char,
    value_len: usize,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { assign(url, value, value_len, Url::set_pathname) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_url_set_protocol`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_set_search(
    url: *mut nodecore_url,
    value: *const c_char,
    value_len: usize,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { assign(url, value, value_len, Url::set_search) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_url_set_protocol`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_set_hash(
    url: *mut nodecore_url,
    value: *const c_char,
    value_len: usize,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { assign(url, value, value_len, Url::set_hash) }
}
