//! `nodecore/querystring.h`.

use std::ffi::c_char;

use ::nodecore_error::Result;
use nodecore_querystring::{StringifyOptions, Value, stringify};

use crate::boundary::{arg, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::str::{nodecore_buf, nodecore_str};

/// A key and a value.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_querystring_pair {
    pub key: nodecore_str,
    pub value: nodecore_str,
}

/// Declared in the header.
///
/// # Safety
/// - `pairs` is null or points to `count` pairs of strings as [`arg::bytes`] asks, as `sep` and `eq` are; `out` and
///   `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_querystring_stringify(
    pairs: *const nodecore_querystring_pair,
    count: usize,
    sep: *const c_char,
    sep_len: usize,
    eq: *const c_char,
    eq_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let mut options = StringifyOptions::default();
            if !sep.is_null() {
                options = options.sep(arg::text(sep, sep_len, "sep")?);
            }
            if !eq.is_null() {
                options = options.eq(arg::text(eq, eq_len, "eq")?);
            }
            let text = |part: &nodecore_str, name| arg::text(part.data, part.len, name);
            let pairs = arg::slice(pairs, count, "pairs")?
                .iter()
                .map(|pair| Ok((text(&pair.key, "key")?, Value::Text(text(&pair.value, "value")?))))
                .collect::<Result<Vec<_>>>()?;
            out.set(stringify(pairs, &options)?.into());
            Ok(())
        })
    }
}
