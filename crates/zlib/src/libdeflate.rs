//! libdeflate: whole buffers at about twice the speed of a streaming codec. What it cannot do, or does not tell
//! (why data is bad), is left to the caller's other codec.

use std::cell::RefCell;
use std::ptr::NonNull;

use libdeflate_sys::{
    libdeflate_alloc_decompressor, libdeflate_decompressor, libdeflate_free_decompressor,
    libdeflate_gzip_decompress_ex,
};
use libdeflater::{CompressionLvl, Compressor};

thread_local! {
    static COMPRESSOR: RefCell<Option<(i32, Compressor)>> = const { RefCell::new(None) };
    static DECOMPRESSOR: RefCell<Option<Decompressor>> = const { RefCell::new(None) };
}

/// Compresses `input` into raw deflate at the front of a buffer that begins with `before` and has `after` bytes of
/// room behind: gives the buffer, cut there, or `None` if the whole would be longer than `limit`.
pub(crate) fn deflate(level: i32, before: &[u8], input: &[u8], after: usize, limit: u64) -> Option<Vec<u8>> {
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

/// Decompresses the gzip member at the front of `input`, which gives `size` bytes: these and the member's own
/// length, or `None` if it is not sound or gives another number of bytes.
pub(crate) fn gunzip(input: &[u8], size: usize) -> Option<(Vec<u8>, usize)> {
    DECOMPRESSOR.with_borrow_mut(|cached| {
        if cached.is_none() {
            *cached = Decompressor::new();
        }
        cached.as_mut()?.gunzip(input, size)
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
    fn gunzip(&mut self, input: &[u8], size: usize) -> Option<(Vec<u8>, usize)> {
        let mut out: Vec<u8> = Vec::new();
        out.try_reserve_exact(size).ok()?;
        let mut read = 0;
        // SAFETY: the decompressor is alive and borrowed exclusively; `input` is passed with its length, and `out`
        // has room for `size` bytes, which libdeflate only writes.
        let status = unsafe {
            libdeflate_gzip_decompress_ex(
                self.0.as_ptr(),
                input.as_ptr().cast(),
                input.len(),
                out.as_mut_ptr().cast(),
                size,
                &raw mut read,
                std::ptr::null_mut(),
            )
        };
        if status != 0 || read > input.len() {
            return None;
        }
        // SAFETY: with a null last argument success means that all `size` bytes were written.
        unsafe { out.set_len(size) };
        Some((out, read))
    }
}

impl Drop for Decompressor {
    #[allow(unsafe_code)]
    fn drop(&mut self) {
        // SAFETY: came from libdeflate_alloc_decompressor, and is freed here only.
        unsafe { libdeflate_free_decompressor(self.0.as_ptr()) }
    }
}
