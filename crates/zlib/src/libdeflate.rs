//! libdeflate: whole buffers at about twice the speed of a streaming codec. What it cannot do, or does not tell
//! (why data is bad), is left to the caller's other codec.

use std::cell::RefCell;
use std::ptr::NonNull;

use libdeflate_sys::{
    libdeflate_alloc_decompressor, libdeflate_decompressor, libdeflate_free_decompressor,
    libdeflate_gzip_decompress_ex, libdeflate_result_LIBDEFLATE_INSUFFICIENT_SPACE,
    libdeflate_result_LIBDEFLATE_SUCCESS, libdeflate_zlib_decompress_ex,
};
use libdeflater::{CompressionLvl, Compressor};

thread_local! {
    static COMPRESSOR: RefCell<Option<(i32, Compressor)>> = const { RefCell::new(None) };
    static DECOMPRESSOR: RefCell<Option<Decompressor>> = const { RefCell::new(None) };
}

/// Compresses `input` into raw deflate at the front of a buffer that begins with `before` and has `after` bytes of
/// room behind: gives the buffer, cut there, or `None` if the whole would be longer than `limit`.
pub(crate) fn deflate(level: i32, before: &[u8], input: &[u8], after: usize, limit: u64) -> Option<Vec<u8>> {
    let level = libdeflate_level(level);
    COMPRESSOR.with_borrow_mut(|cached| {
        if cached.as_ref().is_none_or(|(cached, _)| *cached != level) {
            *cached = Some((level, Compressor::new(CompressionLvl::new(level).ok()?)));
        }
        let (_, compressor) = cached.as_mut()?;
        let room = usize::try_from(limit).unwrap_or(usize::MAX).checked_sub(before.len() + after)?;
        let bound = compressor.deflate_compress_bound(input.len()).min(room);
        let mut out = vec![0; before.len() + bound + after];
        out[..before.len()].copy_from_slice(before);
        let written = compressor.deflate_compress(input, &mut out[before.len()..][..bound]).ok()?;
        out.truncate(before.len() + written);
        Some(out)
    })
}

/// The fastest of libdeflate's levels whose output is not much larger than Node's, two in a hundred at most: its 5 is
/// like zlib's 6, and its 8 smaller than zlib's 9.
fn libdeflate_level(level: i32) -> i32 {
    match level {
        6 => 5,
        9 => 8,
        level => level,
    }
}

/// What stands around the blocks.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wrapper {
    Gzip,
    Zlib,
    /// Nothing: blocks alone.
    #[cfg(feature = "zip")]
    None,
}

/// Why there is no output.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Failure {
    /// There is more than there was room for.
    Full,
    /// Anything else.
    Other,
}

/// Decompresses the stream at the front of `input`, which gives `size` bytes, `exact`ly or at most: these and the
/// stream's own length.
pub(crate) fn inflate(
    wrapper: Wrapper,
    input: &[u8],
    size: usize,
    exact: bool,
) -> Result<(Vec<u8>, usize), Failure> {
    DECOMPRESSOR.with_borrow_mut(|cached| {
        if cached.is_none() {
            *cached = Decompressor::new();
        }
        cached.as_mut().ok_or(Failure::Other)?.inflate(wrapper, input, size, exact)
    })
}

struct Decompressor(NonNull<libdeflate_decompressor>);

impl Decompressor {
    #[allow(unsafe_code)]
    fn new() -> Option<Decompressor> {
        // SAFETY: takes no argument, and gives null or a decompressor that is ours.
        NonNull::new(unsafe { libdeflate_alloc_decompressor() }).map(Decompressor)
    }

    #[allow(unsafe_code)]
    fn inflate(
        &mut self,
        wrapper: Wrapper,
        input: &[u8],
        size: usize,
        exact: bool,
    ) -> Result<(Vec<u8>, usize), Failure> {
        let mut out: Vec<u8> = Vec::new();
        out.try_reserve_exact(size).map_err(|_| Failure::Other)?;
        let (mut read, mut written) = (0, 0);
        let function = match wrapper {
            Wrapper::Gzip => libdeflate_gzip_decompress_ex,
            Wrapper::Zlib => libdeflate_zlib_decompress_ex,
            #[cfg(feature = "zip")]
            Wrapper::None => libdeflate_sys::libdeflate_deflate_decompress_ex,
        };
        // SAFETY: the decompressor is alive and borrowed exclusively; `input` is passed with its length, and `out`
        // has room for `size` bytes, which libdeflate only writes.
        let status = unsafe {
            function(
                self.0.as_ptr(),
                input.as_ptr().cast(),
                input.len(),
                out.as_mut_ptr().cast(),
                size,
                &raw mut read,
                if exact { std::ptr::null_mut() } else { &raw mut written },
            )
        };
        if status == libdeflate_result_LIBDEFLATE_INSUFFICIENT_SPACE {
            return Err(Failure::Full);
        }
        let written = if exact { size } else { written };
        if status != libdeflate_result_LIBDEFLATE_SUCCESS || read > input.len() || written > size {
            return Err(Failure::Other);
        }
        // SAFETY: success means that as many bytes were written, all `size` where no number is asked for.
        unsafe { out.set_len(written) };
        out.shrink_to_fit();
        Ok((out, read))
    }
}

impl Drop for Decompressor {
    #[allow(unsafe_code)]
    fn drop(&mut self) {
        // SAFETY: came from libdeflate_alloc_decompressor, and is freed here only.
        unsafe { libdeflate_free_decompressor(self.0.as_ptr()) }
    }
}
