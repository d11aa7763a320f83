//! The options of the three families, as structs.

use std::ffi::c_void;

use ::nodecore_error::Result;
use bytes::Bytes;
use nodecore_zlib::{BrotliOptions, Options, ZlibOptions, ZstdOptions};

use crate::boundary::{SizedOptions, arg};

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_zlib_options {
    pub struct_size: usize,
    pub chunk_size: usize,
    pub max_output_length: u64,
    pub dictionary: *const c_void,
    pub dictionary_len: usize,
    pub flush: i32,
    pub finish_flush: i32,
    pub has_finish_flush: bool,
    pub reject_garbage_after_end: bool,
    pub has_level: bool,
    pub level: i32,
    pub window_bits: i32,
    pub mem_level: i32,
    pub strategy: i32,
    pub threads: u32,
}

impl SizedOptions for nodecore_zlib_options {
    const ZERO: Self = nodecore_zlib_options {
        struct_size: 0,
        chunk_size: 0,
        max_output_length: 0,
        dictionary: std::ptr::null(),
        dictionary_len: 0,
        flush: 0,
        finish_flush: 0,
        has_finish_flush: false,
        reject_garbage_after_end: false,
        has_level: false,
        level: 0,
        window_bits: 0,
        mem_level: 0,
        strategy: 0,
        threads: 0,
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_zlib_param {
    pub key: i32,
    pub value: i64,
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_brotli_options {
    pub struct_size: usize,
    pub chunk_size: usize,
    pub max_output_length: u64,
    pub dictionary: *const c_void,
    pub dictionary_len: usize,
    pub params: *const nodecore_zlib_param,
    pub param_count: usize,
    pub flush: i32,
    pub finish_flush: i32,
    pub has_finish_flush: bool,
    pub reject_garbage_after_end: bool,
}

impl SizedOptions for nodecore_brotli_options {
    const ZERO: Self = nodecore_brotli_options {
        struct_size: 0,
        chunk_size: 0,
        max_output_length: 0,
        dictionary: std::ptr::null(),
        dictionary_len: 0,
        params: std::ptr::null(),
        param_count: 0,
        flush: 0,
        finish_flush: 0,
        has_finish_flush: false,
        reject_garbage_after_end: false,
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_zstd_options {
    pub struct_size: usize,
    pub chunk_size: usize,
    pub max_output_length: u64,
    pub dictionary: *const c_void,
    pub dictionary_len: usize,
    pub params: *const nodecore_zlib_param,
    pub param_count: usize,
    pub flush: i32,
    pub finish_flush: i32,
    pub has_finish_flush: bool,
    pub reject_garbage_after_end: bool,
    pub has_pledged_src_size: bool,
    pub pledged_src_size: u64,
    pub threads: u32,
}

impl SizedOptions for nodecore_zstd_options {
    const ZERO: Self = nodecore_zstd_options {
        struct_size: 0,
        chunk_size: 0,
        max_output_length: 0,
        dictionary: std::ptr::null(),
        dictionary_len: 0,
        params: std::ptr::null(),
        param_count: 0,
        flush: 0,
        finish_flush: 0,
        has_finish_flush: false,
        reject_garbage_after_end: false,
        has_pledged_src_size: false,
        pledged_src_size: 0,
        threads: 0,
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// One of the structs above.
pub(super) trait CodecOptions: SizedOptions {
    type Options: Options;

    /// # Safety
    /// - pointers of this are null or point to as much as their lengths say.
    unsafe fn convert(&self) -> Result<Self::Options>;
}

/// The options that a caller gives; null means all defaults.
///
/// # Safety
/// - `opts` is null or a struct of the size it says, whose pointers are null or point to as much as their lengths say.
pub(super) unsafe fn options_of<O: CodecOptions>(opts: *const O) -> Result<O::Options> {
    // SAFETY: as the caller vouches.
    unsafe { O::read(opts, "opts")?.convert() }
}

/// Those options that all three have.
macro_rules! common {
    ($opts:expr, $options:expr) => {{
        let opts = $opts;
        let mut options = $options.flush(opts.flush).reject_garbage_after_end(opts.reject_garbage_after_end);
        if opts.chunk_size != 0 {
            options = options.chunk_size(opts.chunk_size);
        }
        if opts.max_output_length != 0 {
            options = options.max_output_length(opts.max_output_length);
        }
        if opts.has_finish_flush {
            options = options.finish_flush(opts.finish_flush);
        }
        let dictionary = arg::data(opts.dictionary, opts.dictionary_len, "opts.dictionary")?;
        options.dictionary(Bytes::copy_from_slice(dictionary))
    }};
}

impl CodecOptions for nodecore_zlib_options {
    type Options = ZlibOptions;

    unsafe fn convert(&self) -> Result<ZlibOptions> {
        // SAFETY: as the caller vouches.
        let mut options = unsafe { common!(self, ZlibOptions::new()) };
        options = options.strategy(self.strategy).threads(self.threads);
        if self.has_level {
            options = options.level(self.level);
        }
        if self.window_bits != 0 {
            options = options.window_bits(self.window_bits);
        }
        if self.mem_level != 0 {
            options = options.mem_level(self.mem_level);
        }
        Ok(options)
    }
}

impl CodecOptions for nodecore_brotli_options {
    type Options = BrotliOptions;

    unsafe fn convert(&self) -> Result<BrotliOptions> {
        // SAFETY: as the caller vouches.
        let (options, params) = unsafe {
            (common!(self, BrotliOptions::new()), arg::slice(self.params, self.param_count, "opts.params")?)
        };
        Ok(params.iter().fold(options, |options, param| options.param(param.key, param.value)))
    }
}

impl CodecOptions for nodecore_zstd_options {
    type Options = ZstdOptions;

    unsafe fn convert(&self) -> Result<ZstdOptions> {
        // SAFETY: as the caller vouches.
        let (mut options, params) = unsafe {
            (common!(self, ZstdOptions::new()), arg::slice(self.params, self.param_count, "opts.params")?)
        };
        options = options.threads(self.threads);
        if self.has_pledged_src_size {
            // What does not fit is too large as well.
            options = options.pledged_src_size(i64::try_from(self.pledged_src_size).unwrap_or(i64::MAX));
        }
        Ok(params.iter().fold(options, |options, param| options.param(param.key, param.value)))
    }
}
