//! `nodecore/url.h`.

use std::ffi::c_char;

use nodecore_url::{FileUrlOptions, file_url_to_path_buffer, path_to_file_url};

use crate::boundary::{arg, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::str::nodecore_buf;

/// Declared in the header.
///
/// # Safety
/// - `path` is null or points to `path_len` readable bytes; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_path_to_file_url(
    path: *const c_char,
    path_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let url = path_to_file_url(arg::bytes(path, path_len, "path")?, FileUrlOptions::new())?;
            out.set(url.href().to_owned().into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `url` is null or points to `url_len` readable bytes; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_file_url_to_path(
    url: *const c_char,
    url_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let url = arg::text(url, url_len, "url")?;
            out.set(file_url_to_path_buffer(url, FileUrlOptions::new())?.into());
            Ok(())
        })
    }
}
