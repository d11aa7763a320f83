//! `nodecore/url_convert.h`.

use std::ffi::{c_char, c_void};
use std::ptr::null_mut;

use ::nodecore_error::{Code, Error, Result};
use ::nodecore_url::{
    FileUrlOptions, FormatOptions, HttpOptions, domain_to_ascii, domain_to_unicode, file_url_to_path,
    file_url_to_path_buffer, format, path_to_file_url, url_to_http_options,
};

use crate::boundary::{SizedOptions, SizedOut, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::str::{nodecore_buf, nodecore_str};
use crate::url::nodecore_url;

pub const NODECORE_URL_FLAVOUR_SYSTEM: i32 = 0;
pub const NODECORE_URL_FLAVOUR_POSIX: i32 = 1;
pub const NODECORE_URL_FLAVOUR_WIN32: i32 = 2;

/// Options of the functions of paths.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_url_file_options {
    pub struct_size: usize,
    pub flavour: i32,
}

impl SizedOptions for nodecore_url_file_options {
    const ZERO: Self = nodecore_url_file_options { struct_size: 0, flavour: NODECORE_URL_FLAVOUR_SYSTEM };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// # Safety
/// - as for [`SizedOptions::read`].
unsafe fn file_options(options: *const nodecore_url_file_options) -> Result<FileUrlOptions> {
    // SAFETY: as the caller vouches.
    match unsafe { SizedOptions::read(options, "options") }?.flavour {
        NODECORE_URL_FLAVOUR_SYSTEM => Ok(FileUrlOptions::new()),
        NODECORE_URL_FLAVOUR_POSIX => Ok(FileUrlOptions::new().windows(false)),
        NODECORE_URL_FLAVOUR_WIN32 => Ok(FileUrlOptions::new().windows(true)),
        other => Err(Error::from_template(
            Code::InvalidArgValue,
            &[&"options.flavour", &"must be one of NODECORE_URL_FLAVOUR_*", &other],
        )),
    }
}

/// Declared in the header.
///
/// # Safety
/// - `path` is as [`arg::bytes`] asks; `options` is null or as [`SizedOptions::read`] asks; `out` and `err` are null
///   or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_path_to_file_url(
    path: *const c_char,
    path_len: usize,
    options: *const nodecore_url_file_options,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let url = path_to_file_url(arg::bytes(path, path_len, "path")?, file_options(options)?)?;
            out.set(url.into_href().into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `url` is as [`arg::bytes`] asks; the rest as for [`nodecore_url_path_to_file_url`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_file_url_to_path(
    url: *const c_char,
    url_len: usize,
    options: *const nodecore_url_file_options,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let url = arg::text(url, url_len, "url")?;
            out.set(file_url_to_path(url, file_options(options)?)?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_url_file_url_to_path`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_file_url_to_path_buffer(
    url: *const c_char,
    url_len: usize,
    options: *const nodecore_url_file_options,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let url = arg::text(url, url_len, "url")?;
            out.set(file_url_to_path_buffer(url, file_options(options)?)?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `domain` is as [`arg::bytes`] asks; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_domain_to_ascii(
    domain: *const c_char,
    domain_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(domain_to_ascii(arg::text(domain, domain_len, "domain")?).into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_url_domain_to_ascii`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_domain_to_unicode(
    domain: *const c_char,
    domain_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(domain_to_unicode(arg::text(domain, domain_len, "domain")?).into());
            Ok(())
        })
    }
}

/// Options of [`nodecore_url_format`].
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_url_format_options {
    pub struct_size: usize,
    pub no_auth: bool,
    pub no_fragment: bool,
    pub no_search: bool,
    pub unicode: bool,
}

impl SizedOptions for nodecore_url_format_options {
    const ZERO: Self = nodecore_url_format_options {
        struct_size: 0,
        no_auth: false,
        no_fragment: false,
        no_search: false,
        unicode: false,
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// Declared in the header.
///
/// # Safety
/// - `url` is null or a live URL; `options` is null or as [`SizedOptions::read`] asks; `out` and `err` are null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_format(
    url: *const nodecore_url,
    options: *const nodecore_url_format_options,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let url = arg::object(url, "url")?;
            let wanted = SizedOptions::read(options, "options")?;
            let options = FormatOptions::new()
                .auth(!wanted.no_auth)
                .fragment(!wanted.no_fragment)
                .search(!wanted.no_search)
                .unicode(wanted.unicode);
            out.set(format(url.url(), options).into());
            Ok(())
        })
    }
}

/// What [`nodecore_url_to_http_options`] gives; the strings are `owner_`'s, a boxed [`HttpOptions`].
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_url_http_options {
    pub struct_size: usize,
    pub owner_: *mut c_void,
    pub protocol: nodecore_str,
    pub hostname: nodecore_str,
    pub hash: nodecore_str,
    pub search: nodecore_str,
    pub pathname: nodecore_str,
    pub path: nodecore_str,
    pub href: nodecore_str,
    pub auth: nodecore_str,
    pub port: i32,
}

impl nodecore_url_http_options {
    /// The size at the first release; never grows.
    const MIN_SIZE: usize = size_of::<Self>();

    const EMPTY: nodecore_url_http_options = nodecore_url_http_options {
        struct_size: 0,
        owner_: null_mut(),
        protocol: nodecore_str::NONE,
        hostname: nodecore_str::NONE,
        hash: nodecore_str::NONE,
        search: nodecore_str::NONE,
        pathname: nodecore_str::NONE,
        path: nodecore_str::NONE,
        href: nodecore_str::NONE,
        auth: nodecore_str::NONE,
        port: -1,
    };

    fn new(options: HttpOptions) -> nodecore_url_http_options {
        let options = Box::new(options);
        let text = |part: &String| nodecore_str::new(part.as_bytes());
        nodecore_url_http_options {
            struct_size: size_of::<nodecore_url_http_options>(),
            protocol: text(&options.protocol),
            hostname: text(&options.hostname),
            hash: text(&options.hash),
            search: text(&options.search),
            pathname: text(&options.pathname),
            path: text(&options.path),
            href: text(&options.href),
            auth: options.auth.as_ref().map_or(nodecore_str::NONE, text),
            port: options.port.map_or(-1, i32::from),
            owner_: Box::into_raw(options).cast(),
        }
    }
}

/// Declared in the header.
///
/// # Safety
/// - `url` is null or a live URL; `out` is null or points to as many writable bytes as its first field says; `err` is
///   null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_to_http_options(
    url: *const nodecore_url,
    out: *mut nodecore_url_http_options,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = SizedOut::new(out, nodecore_url_http_options::MIN_SIZE, "out")?;
            let options = url_to_http_options(arg::object(url, "url")?.url())?;
            out.set(&nodecore_url_http_options::new(options));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `options` is null or a struct that its `_INIT` or the library filled in.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_http_options_free(options: *mut nodecore_url_http_options) {
    // SAFETY: as the caller vouches; a non-null owner is the box that `new` made, and it is freed once.
    total((), || unsafe {
        let Ok(out) = SizedOut::new(options, nodecore_url_http_options::MIN_SIZE, "options") else { return };
        let owner = (*options).owner_.cast::<HttpOptions>();
        out.set(&nodecore_url_http_options::EMPTY);
        if !owner.is_null() {
            drop(Box::from_raw(owner));
        }
    });
}
