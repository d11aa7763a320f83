//! `nodecore/zlib_stream.h`.

use std::ffi::c_void;
use std::ptr::null_mut;

use ::nodecore_error::{Code, Error, Result};
use ::nodecore_stream::Duplex;
use nodecore_zlib::{Mode, ZlibStream};

use super::options::{
    CodecOptions, nodecore_brotli_options, nodecore_zlib_options, nodecore_zstd_options, options_of,
};
use crate::boundary::{Castable, Foreign, SizedOut, arg, entry};
use crate::chunk::Item;
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_release};
use crate::stream::{DoneCall, nodecore_done_cb, nodecore_stream};

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `opts` is null or a struct of the size it says, whose pointers
///   are null or as their lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_create_deflate(
    lp: *mut nodecore_loop,
    opts: *const nodecore_zlib_options,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { create(Mode::Deflate, lp, opts, out, err) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_create_deflate`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_create_inflate(
    lp: *mut nodecore_loop,
    opts: *const nodecore_zlib_options,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { create(Mode::Inflate, lp, opts, out, err) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_create_deflate`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_create_gzip(
    lp: *mut nodecore_loop,
    opts: *const nodecore_zlib_options,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { create(Mode::Gzip, lp, opts, out, err) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_create_deflate`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_create_gunzip(
    lp: *mut nodecore_loop,
    opts: *const nodecore_zlib_options,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { create(Mode::Gunzip, lp, opts, out, err) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_create_deflate`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_create_deflate_raw(
    lp: *mut nodecore_loop,
    opts: *const nodecore_zlib_options,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { create(Mode::DeflateRaw, lp, opts, out, err) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_create_deflate`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_create_inflate_raw(
    lp: *mut nodecore_loop,
    opts: *const nodecore_zlib_options,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { create(Mode::InflateRaw, lp, opts, out, err) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_create_deflate`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_create_unzip(
    lp: *mut nodecore_loop,
    opts: *const nodecore_zlib_options,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { create(Mode::Unzip, lp, opts, out, err) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_create_deflate`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_create_brotli_compress(
    lp: *mut nodecore_loop,
    opts: *const nodecore_brotli_options,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { create(Mode::BrotliCompress, lp, opts, out, err) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_create_deflate`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_create_brotli_decompress(
    lp: *mut nodecore_loop,
    opts: *const nodecore_brotli_options,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { create(Mode::BrotliDecompress, lp, opts, out, err) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_create_deflate`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_create_zstd_compress(
    lp: *mut nodecore_loop,
    opts: *const nodecore_zstd_options,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { create(Mode::ZstdCompress, lp, opts, out, err) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_create_deflate`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_create_zstd_decompress(
    lp: *mut nodecore_loop,
    opts: *const nodecore_zstd_options,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { create(Mode::ZstdDecompress, lp, opts, out, err) }
}

/// # Safety
/// - as for [`nodecore_zlib_create_deflate`].
unsafe fn create<O: CodecOptions>(
    mode: Mode,
    lp: *mut nodecore_loop,
    opts: *const O,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let options = options_of(opts)?;
            let stream = ZlibStream::<Item>::new(event_loop(lp)?, mode, &options)?;
            out.set(nodecore_stream::from(Duplex::clone(&stream)).into_raw());
            Ok(())
        })
    }
}

// ---- What these streams have beside a stream's own ----

/// The kind that [`nodecore_zlib_stream_flush`] takes for the codec's own.
pub const NODECORE_ZLIB_FLUSH_DEFAULT: i32 = -1;

/// The stream behind a handle, which a callback may free.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
unsafe fn object(stream: *const nodecore_stream) -> Result<ZlibStream<Item>> {
    // SAFETY: as the caller vouches.
    let found = match unsafe { nodecore_stream::object(stream) }? {
        nodecore_stream::Duplex(stream) => ZlibStream::of(&stream),
        nodecore_stream::Readable(_) | nodecore_stream::Writable(_) => None,
    };
    found.ok_or_else(|| {
        let expected = "an instance of ZlibBase";
        Error::from_template(Code::InvalidArgType, &[&"stream", &expected, &"another stream"])
    })
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_zlib_stream_state {
    pub struct_size: usize,
    pub bytes_written: u64,
    pub mode: i32,
    pub closed: bool,
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `out` is null or a struct of the size it says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_stream_get_state(
    stream: *const nodecore_stream,
    out: *mut nodecore_zlib_stream_state,
) -> nodecore_status {
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), || {
            let out = SizedOut::new(out, size_of::<nodecore_zlib_stream_state>(), "out")?;
            let stream = object(stream)?;
            out.set(&nodecore_zlib_stream_state {
                struct_size: 0,
                bytes_written: stream.bytes_written(),
                mode: stream.mode() as i32,
                closed: stream.destroyed(),
            });
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `cb` and `release` may be called with `user`; `err` is
///   null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_stream_flush(
    stream: *mut nodecore_stream,
    kind: i32,
    cb: nodecore_done_cb,
    user: *mut c_void,
    release: nodecore_release,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let call = DoneCall::new(cb, Foreign::new(user, release));
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let kind = (kind != NODECORE_ZLIB_FLUSH_DEFAULT).then_some(kind);
            object(stream)?.flush(kind, move |result| call.run(result.err().as_ref()))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_stream_flush`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_stream_params(
    stream: *mut nodecore_stream,
    level: i32,
    strategy: i32,
    cb: nodecore_done_cb,
    user: *mut c_void,
    release: nodecore_release,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let call = DoneCall::new(cb, Foreign::new(user, release));
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            object(stream)?.params(level, strategy, move |result| call.run(result.err().as_ref()))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_stream_reset(
    stream: *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { entry(err, || object(stream)?.reset()) }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `cb` and `release` may be called with `user`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_stream_close(
    stream: *mut nodecore_stream,
    cb: nodecore_done_cb,
    user: *mut c_void,
    release: nodecore_release,
) -> nodecore_status {
    let call = DoneCall::new(cb, Foreign::new(user, release));
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), move || {
            object(stream)?.close(move |result| call.run(result.err().as_ref()));
            Ok(())
        })
    }
}
