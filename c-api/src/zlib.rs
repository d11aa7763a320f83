//! `nodecore/zlib.h`.

use std::ffi::c_void;

use ::nodecore_error::Result;
use ::nodecore_stream::Duplex;
use bytes::Bytes;
use nodecore_event_loop::{EventLoop, Request};
use nodecore_zlib::{Mode, ZlibOptions, ZlibStream};

use crate::boundary::{Castable, Foreign, SizedOptions, arg, entry};
use crate::chunk::Item;
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_release, nodecore_request};
use crate::str::nodecore_buf;
use crate::stream::{lend, lend_error, nodecore_stream};

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_zlib_options {
    pub struct_size: usize,
    pub has_level: bool,
    pub level: i32,
    pub chunk_size: usize,
    pub max_output_length: u64,
    pub threads: u32,
}
impl SizedOptions for nodecore_zlib_options {
    const ZERO: Self = nodecore_zlib_options {
        struct_size: 0,
        has_level: false,
        level: 0,
        chunk_size: 0,
        max_output_length: 0,
        threads: 0,
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

impl nodecore_zlib_options {
    /// # Safety
    /// - `opts` is null or a struct of the size it says.
    unsafe fn convert(opts: *const nodecore_zlib_options) -> Result<ZlibOptions> {
        // SAFETY: as the caller vouches.
        let opts = unsafe { nodecore_zlib_options::read(opts, "opts") }?;
        let mut options = ZlibOptions::new().threads(opts.threads);
        if opts.has_level {
            options = options.level(opts.level);
        }
        if opts.chunk_size != 0 {
            options = options.chunk_size(opts.chunk_size);
        }
        if opts.max_output_length != 0 {
            options = options.max_output_length(opts.max_output_length);
        }
        Ok(options)
    }
}

pub type nodecore_zlib_cb =
    Option<unsafe extern "C" fn(err: *const nodecore_error, result: *mut nodecore_buf, user: *mut c_void)>;

/// Declared in the header.
///
/// # Safety
/// - `data` is null or points to `len` readable bytes; `opts` is null or a struct of the size it says; `out` and
///   `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_gzip_sync(
    data: *const c_void,
    len: usize,
    opts: *const nodecore_zlib_options,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { one_shot(data, len, opts, out, err, nodecore_zlib::gzip_sync) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_gzip_sync`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_gunzip_sync(
    data: *const c_void,
    len: usize,
    opts: *const nodecore_zlib_options,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { one_shot(data, len, opts, out, err, nodecore_zlib::gunzip_sync) }
}

/// # Safety
/// - as for [`nodecore_zlib_gzip_sync`].
unsafe fn one_shot(
    data: *const c_void,
    len: usize,
    opts: *const nodecore_zlib_options,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
    body: impl FnOnce(&[u8], &ZlibOptions) -> Result<Vec<u8>>,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let options = nodecore_zlib_options::convert(opts)?;
            out.set(body(arg::data(data, len, "data")?, &options)?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `data` is null or points to `len` readable bytes; `opts` is
///   null or a struct of the size it says; `cb` and `release` may be called with `user`; `req` and `err` are null
///   or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_gzip(
    lp: *mut nodecore_loop,
    data: *const c_void,
    len: usize,
    opts: *const nodecore_zlib_options,
    cb: nodecore_zlib_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let call = DataCall { cb, foreign: Foreign::new(user, release) };
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, data, len, opts, call, req, err, |lp, input, options, call| {
            nodecore_zlib::gzip(lp, input, options, move |result| call.run(result))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_gzip`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_gunzip(
    lp: *mut nodecore_loop,
    data: *const c_void,
    len: usize,
    opts: *const nodecore_zlib_options,
    cb: nodecore_zlib_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let call = DataCall { cb, foreign: Foreign::new(user, release) };
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, data, len, opts, call, req, err, |lp, input, options, call| {
            nodecore_zlib::gunzip(lp, input, options, move |result| call.run(result))
        })
    }
}

struct DataCall {
    cb: nodecore_zlib_cb,
    foreign: Foreign,
}

impl DataCall {
    fn run(&self, result: Result<Vec<u8>>) {
        let Some(cb) = self.cb else { return };
        // SAFETY: the caller gave `cb` for this user, which is not released yet.
        let call = |err, buf| unsafe { cb(err, buf, self.foreign.user()) };
        match result {
            Ok(data) => lend(data, |buf| call(std::ptr::null(), buf)),
            Err(error) => lend_error(Some(&error), |err| call(err, std::ptr::null_mut())),
        }
    }
}

/// # Safety
/// - as for [`nodecore_zlib_gzip`].
#[expect(clippy::too_many_arguments, reason = "the C function's own, handed on")]
unsafe fn submit(
    lp: *mut nodecore_loop,
    data: *const c_void,
    len: usize,
    opts: *const nodecore_zlib_options,
    call: DataCall,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
    start: impl FnOnce(&EventLoop, Bytes, &ZlibOptions, DataCall) -> Result<Request>,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            arg::callback(call.cb, "cb")?;
            let options = nodecore_zlib_options::convert(opts)?;
            let input = Bytes::copy_from_slice(arg::data(data, len, "data")?);
            nodecore_request::give(start(event_loop(lp)?, input, &options, call)?, req);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `opts` is null or a struct of the size it says; `out` and
///   `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_create_gzip(
    lp: *mut nodecore_loop,
    opts: *const nodecore_zlib_options,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { create(lp, opts, out, err, Mode::Gzip) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_create_gzip`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_create_gunzip(
    lp: *mut nodecore_loop,
    opts: *const nodecore_zlib_options,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { create(lp, opts, out, err, Mode::Gunzip) }
}

/// # Safety
/// - as for [`nodecore_zlib_create_gzip`].
unsafe fn create(
    lp: *mut nodecore_loop,
    opts: *const nodecore_zlib_options,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
    mode: Mode,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let options = nodecore_zlib_options::convert(opts)?;
            let stream = ZlibStream::<Item>::new(event_loop(lp)?, mode, &options)?;
            out.set(nodecore_stream::from(Duplex::clone(&stream)).into_raw());
            Ok(())
        })
    }
}
