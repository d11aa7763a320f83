//! `nodecore/zlib_oneshot.h`.

use std::ffi::c_void;

use ::nodecore_error::Result;
use bytes::Bytes;
use nodecore_zlib::{Mode, Output};

use super::options::{
    CodecOptions, nodecore_brotli_options, nodecore_zlib_options, nodecore_zstd_options, options_of,
};
use crate::boundary::{Foreign, SizedOut, arg, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_release, nodecore_request};
use crate::str::nodecore_buf;
use crate::stream::{lend, lend_error};

/// What a call tells beside its bytes.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_zlib_info {
    pub struct_size: usize,
    pub bytes_written: u64,
}

impl nodecore_zlib_info {
    fn of(output: &Output) -> nodecore_zlib_info {
        nodecore_zlib_info {
            struct_size: size_of::<nodecore_zlib_info>(),
            bytes_written: output.bytes_written,
        }
    }
}

pub type nodecore_zlib_cb = Option<
    unsafe extern "C" fn(
        err: *const nodecore_error,
        result: *mut nodecore_buf,
        info: *const nodecore_zlib_info,
        user: *mut c_void,
    ),
>;

/// Declared in the header.
///
/// # Safety
/// - `data` is null or points to `len` readable bytes; `opts` is null or a struct of the size it says, whose pointers
///   are null or as their lengths say; `info` is null or a struct of the size it says; `out` and `err` are null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_deflate_sync(
    data: *const c_void,
    len: usize,
    opts: *const nodecore_zlib_options,
    out: *mut nodecore_buf,
    info: *mut nodecore_zlib_info,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { run_sync(Mode::Deflate, data, len, opts, out, info, err) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_deflate_sync`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_inflate_sync(
    data: *const c_void,
    len: usize,
    opts: *const nodecore_zlib_options,
    out: *mut nodecore_buf,
    info: *mut nodecore_zlib_info,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { run_sync(Mode::Inflate, data, len, opts, out, info, err) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_deflate_sync`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_gzip_sync(
    data: *const c_void,
    len: usize,
    opts: *const nodecore_zlib_options,
    out: *mut nodecore_buf,
    info: *mut nodecore_zlib_info,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { run_sync(Mode::Gzip, data, len, opts, out, info, err) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_deflate_sync`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_gunzip_sync(
    data: *const c_void,
    len: usize,
    opts: *const nodecore_zlib_options,
    out: *mut nodecore_buf,
    info: *mut nodecore_zlib_info,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { run_sync(Mode::Gunzip, data, len, opts, out, info, err) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_deflate_sync`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_deflate_raw_sync(
    data: *const c_void,
    len: usize,
    opts: *const nodecore_zlib_options,
    out: *mut nodecore_buf,
    info: *mut nodecore_zlib_info,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { run_sync(Mode::DeflateRaw, data, len, opts, out, info, err) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_deflate_sync`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_inflate_raw_sync(
    data: *const c_void,
    len: usize,
    opts: *const nodecore_zlib_options,
    out: *mut nodecore_buf,
    info: *mut nodecore_zlib_info,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { run_sync(Mode::InflateRaw, data, len, opts, out, info, err) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_deflate_sync`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_unzip_sync(
    data: *const c_void,
    len: usize,
    opts: *const nodecore_zlib_options,
    out: *mut nodecore_buf,
    info: *mut nodecore_zlib_info,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { run_sync(Mode::Unzip, data, len, opts, out, info, err) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_deflate_sync`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_brotli_compress_sync(
    data: *const c_void,
    len: usize,
    opts: *const nodecore_brotli_options,
    out: *mut nodecore_buf,
    info: *mut nodecore_zlib_info,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { run_sync(Mode::BrotliCompress, data, len, opts, out, info, err) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_deflate_sync`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_brotli_decompress_sync(
    data: *const c_void,
    len: usize,
    opts: *const nodecore_brotli_options,
    out: *mut nodecore_buf,
    info: *mut nodecore_zlib_info,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { run_sync(Mode::BrotliDecompress, data, len, opts, out, info, err) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_deflate_sync`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_zstd_compress_sync(
    data: *const c_void,
    len: usize,
    opts: *const nodecore_zstd_options,
    out: *mut nodecore_buf,
    info: *mut nodecore_zlib_info,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { run_sync(Mode::ZstdCompress, data, len, opts, out, info, err) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_deflate_sync`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_zstd_decompress_sync(
    data: *const c_void,
    len: usize,
    opts: *const nodecore_zstd_options,
    out: *mut nodecore_buf,
    info: *mut nodecore_zlib_info,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { run_sync(Mode::ZstdDecompress, data, len, opts, out, info, err) }
}

/// # Safety
/// - as for [`nodecore_zlib_deflate_sync`].
unsafe fn run_sync<O: CodecOptions>(
    mode: Mode,
    data: *const c_void,
    len: usize,
    opts: *const O,
    out: *mut nodecore_buf,
    info: *mut nodecore_zlib_info,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let min = size_of::<nodecore_zlib_info>();
            let info = if info.is_null() { None } else { Some(SizedOut::new(info, min, "info")?) };
            let options = options_of(opts)?;
            let output = nodecore_zlib::run_sync(mode, arg::data(data, len, "data")?, &options)?;
            if let Some(info) = info {
                info.set(&nodecore_zlib_info::of(&output));
            }
            out.set(output.buffer.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `data` is null or points to `len` readable bytes; `opts` is
///   null or a struct of the size it says, whose pointers are null or as their lengths say; `cb` and `release` may
///   be called with `user`; `req` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_deflate(
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
    let call = Call { cb, foreign: Foreign::new(user, release) };
    // SAFETY: as the caller vouches.
    unsafe { run(Mode::Deflate, lp, data, len, opts, call, req, err) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_deflate`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_inflate(
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
    let call = Call { cb, foreign: Foreign::new(user, release) };
    // SAFETY: as the caller vouches.
    unsafe { run(Mode::Inflate, lp, data, len, opts, call, req, err) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_deflate`].
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
    let call = Call { cb, foreign: Foreign::new(user, release) };
    // SAFETY: as the caller vouches.
    unsafe { run(Mode::Gzip, lp, data, len, opts, call, req, err) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_deflate`].
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
    let call = Call { cb, foreign: Foreign::new(user, release) };
    // SAFETY: as the caller vouches.
    unsafe { run(Mode::Gunzip, lp, data, len, opts, call, req, err) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_deflate`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_deflate_raw(
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
    let call = Call { cb, foreign: Foreign::new(user, release) };
    // SAFETY: as the caller vouches.
    unsafe { run(Mode::DeflateRaw, lp, data, len, opts, call, req, err) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_deflate`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_inflate_raw(
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
    let call = Call { cb, foreign: Foreign::new(user, release) };
    // SAFETY: as the caller vouches.
    unsafe { run(Mode::InflateRaw, lp, data, len, opts, call, req, err) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_deflate`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_unzip(
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
    let call = Call { cb, foreign: Foreign::new(user, release) };
    // SAFETY: as the caller vouches.
    unsafe { run(Mode::Unzip, lp, data, len, opts, call, req, err) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_deflate`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_brotli_compress(
    lp: *mut nodecore_loop,
    data: *const c_void,
    len: usize,
    opts: *const nodecore_brotli_options,
    cb: nodecore_zlib_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let call = Call { cb, foreign: Foreign::new(user, release) };
    // SAFETY: as the caller vouches.
    unsafe { run(Mode::BrotliCompress, lp, data, len, opts, call, req, err) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_deflate`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_brotli_decompress(
    lp: *mut nodecore_loop,
    data: *const c_void,
    len: usize,
    opts: *const nodecore_brotli_options,
    cb: nodecore_zlib_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let call = Call { cb, foreign: Foreign::new(user, release) };
    // SAFETY: as the caller vouches.
    unsafe { run(Mode::BrotliDecompress, lp, data, len, opts, call, req, err) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_deflate`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_zstd_compress(
    lp: *mut nodecore_loop,
    data: *const c_void,
    len: usize,
    opts: *const nodecore_zstd_options,
    cb: nodecore_zlib_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let call = Call { cb, foreign: Foreign::new(user, release) };
    // SAFETY: as the caller vouches.
    unsafe { run(Mode::ZstdCompress, lp, data, len, opts, call, req, err) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_deflate`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_zstd_decompress(
    lp: *mut nodecore_loop,
    data: *const c_void,
    len: usize,
    opts: *const nodecore_zstd_options,
    cb: nodecore_zlib_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let call = Call { cb, foreign: Foreign::new(user, release) };
    // SAFETY: as the caller vouches.
    unsafe { run(Mode::ZstdDecompress, lp, data, len, opts, call, req, err) }
}

/// A callback of the caller's.
struct Call {
    cb: nodecore_zlib_cb,
    foreign: Foreign,
}

impl Call {
    fn run(&self, result: Result<Output>) {
        let Some(cb) = self.cb else { return };
        // SAFETY: the caller gave `cb` for this user, which is not released yet.
        let call = |err, buf, info| unsafe { cb(err, buf, info, self.foreign.user()) };
        match result {
            Ok(output) => {
                let info = nodecore_zlib_info::of(&output);
                lend(output.buffer, |buf| call(std::ptr::null(), buf, &raw const info));
            }
            Err(error) => {
                lend_error(Some(&error), |err| call(err, std::ptr::null_mut(), std::ptr::null()));
            }
        }
    }
}

/// # Safety
/// - as for [`nodecore_zlib_deflate`].
#[expect(clippy::too_many_arguments, reason = "the C function's own, handed on")]
unsafe fn run<O: CodecOptions>(
    mode: Mode,
    lp: *mut nodecore_loop,
    data: *const c_void,
    len: usize,
    opts: *const O,
    call: Call,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            arg::callback(call.cb, "cb")?;
            let options = options_of(opts)?;
            let input = Bytes::copy_from_slice(arg::data(data, len, "data")?);
            let done = move |result| call.run(result);
            let request = nodecore_zlib::run(event_loop(lp)?, mode, input, &options, done)?;
            nodecore_request::give(request, req);
            Ok(())
        })
    }
}
