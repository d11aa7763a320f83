//! The C library of brotli, behind safe types: the unsafe part of [`crate::brotli`].

use std::ptr::{NonNull, null, null_mut};

use bytes::Bytes;
use compu_brotli_sys as sys;

/// What one call did.
pub(super) struct Call {
    pub(super) read: usize,
    pub(super) written: usize,
}

/// A compressor.
pub(super) struct Encoder {
    state: NonNull<sys::BrotliEncoderState>,
    /// What `state` looks into, and what that looks into.
    dictionary: Option<(NonNull<sys::BrotliEncoderPreparedDictionary>, Bytes)>,
}

// SAFETY: brotli keeps no state of threads, and all is reached through `&mut`.
#[allow(unsafe_code)]
unsafe impl Send for Encoder {}

#[allow(unsafe_code)]
impl Encoder {
    /// One with brotli's own allocator; `None` without memory.
    pub(super) fn new() -> Option<Encoder> {
        // SAFETY: null functions mean malloc and free.
        let state = unsafe { sys::BrotliEncoderCreateInstance(None, None, null_mut()) };
        NonNull::new(state).map(|state| Encoder { state, dictionary: None })
    }

    /// Sets a parameter, before the first `compress`; false if brotli does not take it.
    pub(super) fn set(&mut self, parameter: i32, value: u32) -> bool {
        // SAFETY: the state is alive; any numbers may be given.
        unsafe { sys::BrotliEncoderSetParameter(self.state.as_ptr(), parameter, value) != 0 }
    }

    /// Makes it refer to `dictionary`, before the first `compress`; false if brotli does not take it.
    pub(super) fn attach(&mut self, dictionary: Bytes, quality: i32) -> bool {
        if self.dictionary.is_some() {
            return false;
        }
        // SAFETY: the bytes are passed with their length, and live as long as what is made of them.
        let prepared = unsafe {
            sys::BrotliEncoderPrepareDictionary(
                sys::BrotliSharedDictionaryType_BROTLI_SHARED_DICTIONARY_RAW,
                dictionary.len(),
                dictionary.as_ptr(),
                quality,
                None,
                None,
                null_mut(),
            )
        };
        let Some(prepared) = NonNull::new(prepared) else { return false };
        self.dictionary = Some((prepared, dictionary));
        // SAFETY: both are alive, and `prepared` is freed after the state.
        unsafe { sys::BrotliEncoderAttachPreparedDictionary(self.state.as_ptr(), prepared.as_ptr()) != 0 }
    }

    /// One call of the stream function; `None` if brotli has failed.
    pub(super) fn compress(&mut self, input: &[u8], output: &mut [u8], operation: i32) -> Option<Call> {
        let (mut left, mut next) = (input.len(), input.as_ptr());
        let (mut room, mut to) = (output.len(), output.as_mut_ptr());
        // SAFETY: both slices are passed with their lengths, and brotli keeps neither.
        let done = unsafe {
            sys::BrotliEncoderCompressStream(
                self.state.as_ptr(),
                operation,
                &raw mut left,
                &raw mut next,
                &raw mut room,
                &raw mut to,
                null_mut(),
            )
        };
        (done != 0).then(|| Call { read: input.len() - left, written: output.len() - room })
    }

    /// Whether the stream has ended, and all of it is out.
    pub(super) fn is_finished(&mut self) -> bool {
        // SAFETY: the state is alive.
        unsafe { sys::BrotliEncoderIsFinished(self.state.as_ptr()) != 0 }
    }
}

#[allow(unsafe_code)]
impl Drop for Encoder {
    fn drop(&mut self) {
        // SAFETY: each was made here and is freed once, the state before what it looks into.
        unsafe {
            sys::BrotliEncoderDestroyInstance(self.state.as_ptr());
            if let Some((prepared, _)) = self.dictionary.take() {
                sys::BrotliEncoderDestroyPreparedDictionary(prepared.as_ptr());
            }
        }
    }
}

/// A decompressor.
pub(super) struct Decoder {
    state: NonNull<sys::BrotliDecoderState>,
    /// What `state` looks into.
    dictionary: Option<Bytes>,
}

// SAFETY: as for `Encoder`.
#[allow(unsafe_code)]
unsafe impl Send for Decoder {}

#[allow(unsafe_code)]
impl Decoder {
    /// One with brotli's own allocator; `None` without memory.
    pub(super) fn new() -> Option<Decoder> {
        // SAFETY: null functions mean malloc and free.
        let state = unsafe { sys::BrotliDecoderCreateInstance(None, None, null_mut()) };
        NonNull::new(state).map(|state| Decoder { state, dictionary: None })
    }

    /// Sets a parameter, before the first `decompress`; false if brotli does not take it.
    pub(super) fn set(&mut self, parameter: i32, value: u32) -> bool {
        // SAFETY: the state is alive; any numbers may be given.
        unsafe { sys::BrotliDecoderSetParameter(self.state.as_ptr(), parameter, value) != 0 }
    }

    /// Makes it refer to `dictionary`, before the first `decompress`; false if brotli does not take it.
    pub(super) fn attach(&mut self, dictionary: Bytes) -> bool {
        if self.dictionary.is_some() {
            return false;
        }
        // SAFETY: the bytes are passed with their length, and live as long as the state.
        let attached = unsafe {
            sys::BrotliDecoderAttachDictionary(
                self.state.as_ptr(),
                sys::BrotliSharedDictionaryType_BROTLI_SHARED_DICTIONARY_RAW,
                dictionary.len(),
                dictionary.as_ptr(),
            )
        };
        self.dictionary = Some(dictionary);
        attached != 0
    }

    /// One call of the stream function, and whether the stream has ended; or brotli's number for what is wrong.
    pub(super) fn decompress(&mut self, input: &[u8], output: &mut [u8]) -> Result<(Call, bool), i32> {
        let (mut left, mut next) = (input.len(), if input.is_empty() { null() } else { input.as_ptr() });
        let (mut room, mut to) = (output.len(), output.as_mut_ptr());
        // SAFETY: both slices are passed with their lengths, and brotli keeps neither.
        let result = unsafe {
            sys::BrotliDecoderDecompressStream(
                self.state.as_ptr(),
                &raw mut left,
                &raw mut next,
                &raw mut room,
                &raw mut to,
                null_mut(),
            )
        };
        if result == sys::BrotliDecoderResult_BROTLI_DECODER_RESULT_ERROR {
            // SAFETY: the state is alive.
            return Err(unsafe { sys::BrotliDecoderGetErrorCode(self.state.as_ptr()) });
        }
        let ended = result == sys::BrotliDecoderResult_BROTLI_DECODER_RESULT_SUCCESS;
        Ok((Call { read: input.len() - left, written: output.len() - room }, ended))
    }
}

#[allow(unsafe_code)]
impl Drop for Decoder {
    fn drop(&mut self) {
        // SAFETY: made here, and freed once, before the dictionary is dropped.
        unsafe { sys::BrotliDecoderDestroyInstance(self.state.as_ptr()) }
    }
}
