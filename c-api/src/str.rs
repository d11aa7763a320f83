//! `nodecore/str.h`.

use std::ffi::{c_char, c_void};
use std::ptr::null_mut;

use bytes::Bytes;

use crate::boundary::total;

/// A borrowed view.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_str {
    pub data: *const c_char,
    pub len: usize,
}

impl nodecore_str {
    pub(crate) const NONE: nodecore_str = nodecore_str { data: std::ptr::null(), len: 0 };

    pub(crate) fn new(bytes: &[u8]) -> nodecore_str {
        nodecore_str { data: bytes.as_ptr().cast(), len: bytes.len() }
    }

    pub(crate) fn nullable(bytes: Option<&[u8]>) -> nodecore_str {
        bytes.map_or(nodecore_str::NONE, nodecore_str::new)
    }
}

/// Owned bytes: a `Vec<u8>` in parts (`owner_` null), or a view of a boxed `Bytes` (`owner_`).
#[derive(Debug)]
#[repr(C)]
pub struct nodecore_buf {
    pub data: *const c_char,
    pub len: usize,
    pub capacity_: usize,
    pub owner_: *mut c_void,
}

impl nodecore_buf {
    pub(crate) const EMPTY: nodecore_buf =
        nodecore_buf { data: std::ptr::null(), len: 0, capacity_: 0, owner_: null_mut() };

    /// The bytes, shared with the caller, who keeps the buffer.
    pub(crate) fn share(&mut self) -> Bytes {
        if self.owner_.is_null() && self.capacity_ == 0 && self.len != 0 {
            // SAFETY: a buffer that is not the library's is as readable as its caller says.
            return Bytes::copy_from_slice(unsafe { std::slice::from_raw_parts(self.data.cast(), self.len) });
        }
        // SAFETY: as in `into_bytes`; the box stays the buffer's.
        if let Some(bytes) = unsafe { self.owner_.cast::<Bytes>().as_ref() } {
            return bytes.clone();
        }
        let bytes = std::mem::replace(self, nodecore_buf::EMPTY).into_bytes();
        *self = bytes.clone().into();
        bytes
    }

    /// Gives the memory back, and is empty.
    #[inline]
    pub(crate) fn free(&mut self) {
        if !self.owner_.is_null() || self.capacity_ != 0 {
            self.free_memory();
        }
        *self = nodecore_buf::EMPTY;
    }

    #[inline(never)]
    fn free_memory(&mut self) {
        let taken = std::mem::replace(self, nodecore_buf::EMPTY);
        if !taken.owner_.is_null() {
            total((), || drop(taken.into_bytes()));
        } else {
            // Not by way of `Bytes`, which would take memory to share what is about to go.
            // SAFETY: data, len and capacity are the parts of the `Vec` that `From<Vec>` took apart.
            drop(unsafe {
                Vec::from_raw_parts(taken.data.cast_mut().cast::<u8>(), taken.len, taken.capacity_)
            });
        }
    }

    /// Moves the bytes back to Rust, without a copy.
    pub(crate) fn into_bytes(self) -> Bytes {
        if !self.owner_.is_null() {
            // SAFETY: a non-null owner is the `Box<Bytes>` that `From<Bytes>` made; `self` is consumed.
            return *unsafe { Box::from_raw(self.owner_.cast::<Bytes>()) };
        }
        if self.capacity_ == 0 {
            return Bytes::new();
        }
        // SAFETY: data, len and capacity are the parts of the `Vec` that `From<Vec>` took apart.
        Bytes::from(unsafe {
            Vec::from_raw_parts(self.data.cast_mut().cast::<u8>(), self.len, self.capacity_)
        })
    }
}

impl From<Vec<u8>> for nodecore_buf {
    fn from(vec: Vec<u8>) -> nodecore_buf {
        let mut vec = std::mem::ManuallyDrop::new(vec);
        nodecore_buf {
            data: vec.as_mut_ptr().cast(),
            len: vec.len(),
            capacity_: vec.capacity(),
            owner_: null_mut(),
        }
    }
}

impl From<String> for nodecore_buf {
    fn from(text: String) -> nodecore_buf {
        text.into_bytes().into()
    }
}

impl From<Bytes> for nodecore_buf {
    fn from(bytes: Bytes) -> nodecore_buf {
        if bytes.is_empty() { nodecore_buf::EMPTY } else { Box::new(bytes).into() }
    }
}

impl From<Box<Bytes>> for nodecore_buf {
    #[inline(never)]
    fn from(bytes: Box<Bytes>) -> nodecore_buf {
        if bytes.is_empty() {
            return nodecore_buf::EMPTY;
        }
        let (data, len) = (bytes.as_ptr().cast(), bytes.len());
        nodecore_buf { data, len, capacity_: 0, owner_: Box::into_raw(bytes).cast() }
    }
}

/// Declared in the header.
///
/// # Safety
/// - `buf` is null or points to a buffer of nodecore's that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_buf_free(buf: *mut nodecore_buf) {
    // SAFETY: the caller vouches for a non-null `buf`.
    if let Some(buf) = unsafe { buf.as_mut() } {
        buf.free();
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_buf_free`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_buf_take(buf: *mut nodecore_buf) -> nodecore_buf {
    // SAFETY: the caller vouches for a non-null `buf`.
    match unsafe { buf.as_mut() } {
        Some(buf) => std::mem::replace(buf, nodecore_buf::EMPTY),
        None => nodecore_buf::EMPTY,
    }
}

/// Declared in the header.
///
/// # Safety
/// - `data` is null or points to `len` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_buf_copy(data: *const c_void, len: usize) -> nodecore_buf {
    total(nodecore_buf::EMPTY, || {
        // SAFETY: as the caller vouches.
        match unsafe { crate::boundary::arg::data(data, len, "data") } {
            Ok(bytes) => bytes.to_vec().into(),
            Err(_) => nodecore_buf::EMPTY,
        }
    })
}

/// A borrowed view of UTF-16 units.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_str16 {
    pub data: *const u16,
    pub len: usize,
}

impl nodecore_str16 {
    pub(crate) const NONE: nodecore_str16 = nodecore_str16 { data: std::ptr::null(), len: 0 };

    pub(crate) fn new(units: &[u16]) -> nodecore_str16 {
        nodecore_str16 { data: units.as_ptr(), len: units.len() }
    }
}

/// Owned UTF-16 units: a `Vec<u16>` in parts.
#[derive(Debug)]
#[repr(C)]
pub struct nodecore_buf16 {
    pub data: *const u16,
    pub len: usize,
    pub capacity_: usize,
}

impl nodecore_buf16 {
    pub(crate) const EMPTY: nodecore_buf16 = nodecore_buf16 { data: std::ptr::null(), len: 0, capacity_: 0 };
}

impl From<Vec<u16>> for nodecore_buf16 {
    fn from(vec: Vec<u16>) -> nodecore_buf16 {
        let vec = std::mem::ManuallyDrop::new(vec);
        nodecore_buf16 { data: vec.as_ptr(), len: vec.len(), capacity_: vec.capacity() }
    }
}

/// Declared in the header.
///
/// # Safety
/// - `buf` is null or points to a buffer of nodecore's that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_buf16_free(buf: *mut nodecore_buf16) {
    // SAFETY: the caller vouches for a non-null `buf`.
    let Some(buf) = (unsafe { buf.as_mut() }) else { return };
    let taken = std::mem::replace(buf, nodecore_buf16::EMPTY);
    if taken.capacity_ != 0 {
        // SAFETY: data, len and capacity are the parts of the `Vec` that `From<Vec>` took apart.
        drop(unsafe { Vec::from_raw_parts(taken.data.cast_mut(), taken.len, taken.capacity_) });
    }
}
