//! What every exported function goes through: one `catch_unwind`, checked arguments, callers' callbacks.

use std::ffi::{c_char, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};

use ::nodecore_error::{Code, Error, Result};

use crate::error::{nodecore_error, nodecore_status};

/// Runs the body of an exported function: the only `catch_unwind`. The error goes to `*err` if the
/// caller wants it; the status is returned either way.
///
/// # Safety
/// - `err` is null or points to writable memory for one pointer.
#[inline]
pub(crate) unsafe fn entry(
    err: *mut *mut nodecore_error,
    body: impl FnOnce() -> Result<()>,
) -> nodecore_status {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => 0,
        // SAFETY: as the caller vouches.
        Ok(Err(error)) => unsafe { failed(err, error) },
        // SAFETY: as the caller vouches.
        Err(panic) => unsafe { failed(err, panicked(&*panic)) },
    }
}

/// # Safety
/// - as for [`entry`].
#[cold]
unsafe fn failed(err: *mut *mut nodecore_error, error: Error) -> nodecore_status {
    let status = -error.code().number();
    if !err.is_null() {
        // SAFETY: the caller vouches for `err`, which is not null here.
        unsafe { err.write(nodecore_error::new(error).into_raw()) };
    }
    status
}

/// As [`entry`] for functions that cannot fail: `fallback` is returned should the body panic.
#[inline(always)]
pub(crate) fn total<T>(fallback: T, body: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(fallback)
}

#[cold]
fn panicked(panic: &(dyn std::any::Any + Send)) -> Error {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    Error::from_template(Code::Panic, &[&text])
}

/// A Rust value handed to C as `T*`: boxed, freed by its `_free` function only.
pub(crate) trait Castable: Sized {
    /// Gives the value to the caller.
    fn into_raw(self) -> *mut Self {
        Box::into_raw(Box::new(self))
    }

    /// Takes the value back and drops it; null is allowed. A panic of a drop stays inside.
    ///
    /// # Safety
    /// - `ptr` is null or came from [`Castable::into_raw`] and was not freed.
    unsafe fn free(ptr: *mut Self) {
        if ptr.is_null() {
            return;
        }
        // SAFETY: `ptr` came from `Box::into_raw` and is freed once, says the caller.
        let value = unsafe { Box::from_raw(ptr) };
        total((), || drop(value));
    }
}

/// A callback's `user` pointer with its release function, which runs once, when this is dropped.
#[derive(Debug)]
pub(crate) struct Foreign {
    user: *mut c_void,
    release: Option<unsafe extern "C" fn(*mut c_void)>,
}

impl Foreign {
    /// Built before anything can fail, so that `release` runs in every outcome.
    pub(crate) fn new(user: *mut c_void, release: Option<unsafe extern "C" fn(*mut c_void)>) -> Foreign {
        Foreign { user, release }
    }

    /// What the callback gets.
    pub(crate) fn user(&self) -> *mut c_void {
        self.user
    }
}

impl Drop for Foreign {
    fn drop(&mut self) {
        if let Some(release) = self.release {
            // SAFETY: the caller gave `release` for this `user`; it runs once, here.
            unsafe { release(self.user) };
        }
    }
}

/// Checked conversion of arguments.
pub(crate) mod arg {
    use super::{Code, Error, Result, c_char, c_void};

    #[cold]
    fn null(name: &str) -> Error {
        Error::from_template(Code::InvalidArgType, &[&name, &"a valid pointer", &"null"])
    }

    /// A shared reference to an object of the caller's.
    ///
    /// # Safety
    /// - `ptr` is null or points to a live `T`, not written to during `'a`.
    pub(crate) unsafe fn object<'a, T>(ptr: *const T, name: &str) -> Result<&'a T> {
        // SAFETY: the caller vouches for a non-null `ptr`.
        unsafe { ptr.as_ref() }.ok_or_else(|| null(name))
    }

    /// An exclusive reference to an object of the caller's.
    ///
    /// # Safety
    /// - `ptr` is null or points to a live `T` that nobody else uses during `'a`.
    pub(crate) unsafe fn object_mut<'a, T>(ptr: *mut T, name: &str) -> Result<&'a mut T> {
        // SAFETY: the caller vouches for a non-null `ptr`.
        unsafe { ptr.as_mut() }.ok_or_else(|| null(name))
    }

    /// As [`object`], null meaning none.
    ///
    /// # Safety
    /// - as for [`object`].
    pub(crate) unsafe fn nullable<'a, T>(ptr: *const T) -> Option<&'a T> {
        // SAFETY: the caller vouches for a non-null `ptr`.
        unsafe { ptr.as_ref() }
    }

    /// Checks that a callback was given.
    pub(crate) fn callback<T>(callback: Option<T>, name: &str) -> Result<T> {
        callback
            .ok_or_else(|| Error::from_template(Code::InvalidArgType, &[&name, &"of type function", &"null"]))
    }

    /// Bytes of the caller's: pointer and length, length 0 allowing null, `NODECORE_AUTO_LEN` meaning
    /// `strlen`.
    ///
    /// # Safety
    /// - `ptr` is null or points to `len` readable bytes, or to a NUL-terminated string.
    #[inline(always)]
    pub(crate) unsafe fn bytes<'a>(ptr: *const c_char, len: usize, name: &str) -> Result<&'a [u8]> {
        // SAFETY: as the caller vouches.
        unsafe { readable(ptr, len) }.ok_or_else(|| unreadable(ptr, len, name))
    }

    /// As [`bytes`], without an error: for functions that have nowhere to put one.
    ///
    /// # Safety
    /// - as for [`bytes`].
    #[inline(always)]
    pub(crate) unsafe fn readable<'a>(ptr: *const c_char, len: usize) -> Option<&'a [u8]> {
        if !ptr.is_null() && isize::try_from(len).is_ok() {
            // SAFETY: the caller vouches for `len` readable bytes; `len` fits isize.
            return Some(unsafe { std::slice::from_raw_parts(ptr.cast(), len) });
        }
        // SAFETY: as the caller vouches.
        unsafe { measured(ptr, len) }
    }

    /// Of [`readable`], what is not a pointer with a length.
    ///
    /// # Safety
    /// - as for [`bytes`].
    #[inline(never)]
    unsafe fn measured<'a>(ptr: *const c_char, len: usize) -> Option<&'a [u8]> {
        if ptr.is_null() {
            return if len == 0 { Some(&[]) } else { None };
        }
        // SAFETY: with NODECORE_AUTO_LEN the caller vouches for a NUL.
        if len == usize::MAX { Some(unsafe { std::ffi::CStr::from_ptr(ptr) }.to_bytes()) } else { None }
    }

    /// Why [`readable`] gave nothing.
    #[cold]
    fn unreadable(ptr: *const c_char, len: usize, name: &str) -> Error {
        if ptr.is_null() { null(name) } else { too_long(name, len) }
    }

    /// Data of the caller's, without `NODECORE_AUTO_LEN`.
    ///
    /// # Safety
    /// - `ptr` is null or points to `len` readable bytes.
    pub(crate) unsafe fn data<'a>(ptr: *const c_void, len: usize, name: &str) -> Result<&'a [u8]> {
        if len == usize::MAX {
            return Err(too_long(name, len));
        }
        // SAFETY: as the caller vouches; the length is not NODECORE_AUTO_LEN.
        unsafe { bytes(ptr.cast(), len, name) }
    }

    /// A buffer of the caller's to fill.
    ///
    /// # Safety
    /// - `ptr` is null or points to `len` writable, initialised bytes that nobody else uses during `'a`.
    pub(crate) unsafe fn data_mut<'a>(ptr: *mut c_void, len: usize, name: &str) -> Result<&'a mut [u8]> {
        if ptr.is_null() {
            return if len == 0 { Ok(&mut []) } else { Err(null(name)) };
        }
        if isize::try_from(len).is_err() {
            return Err(too_long(name, len));
        }
        // SAFETY: the caller vouches for `len` writable bytes; `len` fits isize.
        Ok(unsafe { std::slice::from_raw_parts_mut(ptr.cast(), len) })
    }

    /// A zeroed buffer of a size that the caller chose.
    pub(crate) fn reserve(name: &str, len: usize) -> Result<Vec<u8>> {
        let mut buffer = Vec::new();
        buffer.try_reserve_exact(len).map_err(|_| too_long(name, len))?;
        buffer.resize(len, 0);
        Ok(buffer)
    }

    /// A number that is not negative.
    pub(crate) fn number(name: &str, value: i32) -> Result<u32> {
        u32::try_from(value).map_err(|_| Error::from_template(Code::OutOfRange, &[&name, &">= 0", &value]))
    }

    /// The size that a struct of the caller's says it has.
    pub(crate) fn struct_size(name: &str, size: usize, min: usize) -> Result<()> {
        if (min..=1 << 16).contains(&size) {
            return Ok(());
        }
        Err(Error::from_template(Code::OutOfRange, &[&name, &format_args!(">= {min} and <= 65536"), &size]))
    }

    /// An array of the caller's, count 0 allowing null.
    ///
    /// # Safety
    /// - `ptr` is null or points to `count` readable values.
    #[inline]
    pub(crate) unsafe fn slice<'a, T>(ptr: *const T, count: usize, name: &str) -> Result<&'a [T]> {
        if ptr.is_null() {
            return if count == 0 { Ok(&[]) } else { Err(null(name)) };
        }
        if count > isize::MAX.unsigned_abs() / size_of::<T>().max(1) {
            return Err(too_long(name, count));
        }
        // SAFETY: the caller vouches for `count` readable values; their size fits isize.
        Ok(unsafe { std::slice::from_raw_parts(ptr, count) })
    }

    /// UTF-8 text of the caller's.
    ///
    /// # Safety
    /// - as for [`bytes`].
    pub(crate) unsafe fn text<'a>(ptr: *const c_char, len: usize, name: &str) -> Result<&'a str> {
        // SAFETY: as the caller vouches.
        let bytes = unsafe { bytes(ptr, len, name) }?;
        as_text(bytes).ok_or_else(|| {
            Error::from_template(Code::InvalidArgValue, &[&name, &"must be valid UTF-8", &"bytes"])
        })
    }

    /// The bytes as text, if they are UTF-8.
    #[inline]
    pub(crate) fn as_text(bytes: &[u8]) -> Option<&str> {
        // Texts are mostly ASCII, and this is several times faster to see.
        if bytes.is_ascii() {
            // SAFETY: ASCII is UTF-8.
            return Some(unsafe { std::str::from_utf8_unchecked(bytes) });
        }
        std::str::from_utf8(bytes).ok()
    }

    /// UTF-16 units of the caller's; there is no `NODECORE_AUTO_LEN`.
    ///
    /// # Safety
    /// - `ptr` is null or points to `len` readable units.
    #[inline]
    pub(crate) unsafe fn units<'a>(ptr: *const u16, len: usize, name: &str) -> Result<&'a [u16]> {
        // SAFETY: as the caller vouches; a length of NODECORE_AUTO_LEN is refused as too long.
        unsafe { slice(ptr, len, name) }
    }

    /// Where a result goes: checked before any work, so that a null never loses one.
    ///
    /// # Safety
    /// - `ptr` is null or points to writable memory for one `T` during `'a`.
    #[inline]
    pub(crate) unsafe fn out<'a, T>(ptr: *mut T, name: &str) -> Result<Out<'a, T>> {
        if ptr.is_null() { Err(null(name)) } else { Ok(Out(ptr, std::marker::PhantomData)) }
    }

    #[cold]
    fn too_long(name: &str, len: usize) -> Error {
        Error::from_template(Code::OutOfRange, &[&name, &format_args!("<= {}", isize::MAX), &len])
    }

    /// A checked out parameter; its old value is never read or dropped.
    #[derive(Debug)]
    pub(crate) struct Out<'a, T>(*mut T, std::marker::PhantomData<&'a mut T>);

    impl<T> Out<'_, T> {
        pub(crate) fn set(self, value: T) {
            // SAFETY: `out` checked the pointer and its caller vouched for the memory.
            unsafe { self.0.write(value) };
        }
    }
}

/// A struct of options that starts with `size_t struct_size`: `size` is checked against the smallest
/// accepted one, a shorter struct is filled up with zeroes, and an unknown tail must be zero.
pub(crate) trait SizedOptions: Copy {
    /// All fields zero, which means defaults.
    const ZERO: Self;
    /// The size at the first release; never grows.
    const MIN_SIZE: usize;

    /// Reads the caller's struct; null means all defaults.
    ///
    /// # Safety
    /// - `ptr` is null or points to as many readable bytes as its first field says.
    unsafe fn read(ptr: *const Self, name: &str) -> Result<Self> {
        if ptr.is_null() {
            return Ok(Self::ZERO);
        }
        // SAFETY: the struct starts with its size, which the caller vouches for.
        let size = unsafe { ptr.cast::<usize>().read() };
        arg::struct_size(&format!("{name}.struct_size"), size, Self::MIN_SIZE)?;
        let known = size.min(size_of::<Self>());
        let mut value = Self::ZERO;
        // SAFETY: `known` bytes are readable at `ptr` and writable in `value`, and they are a valid start
        // of the struct, since the caller's compiler laid it out; zeroes are valid for the rest.
        unsafe {
            std::ptr::copy_nonoverlapping(ptr.cast::<u8>(), std::ptr::from_mut(&mut value).cast(), known)
        };
        // SAFETY: the caller vouches for `size` readable bytes.
        let tail = unsafe { std::slice::from_raw_parts(ptr.cast::<u8>().add(known), size - known) };
        if tail.iter().any(|&byte| byte != 0) {
            return Err(Error::from_template(
                Code::InvalidArgValue,
                &[&name, &"has fields this version does not know", &"a newer struct"],
            ));
        }
        Ok(value)
    }
}

/// Where a result goes that is a struct which starts with `size_t struct_size`, set by the caller: it may be older
/// and shorter than ours, or newer and longer.
#[derive(Debug)]
pub(crate) struct SizedOut<T>(*mut T, usize);

impl<T: Copy> SizedOut<T> {
    /// # Safety
    /// - `ptr` is null or points to as many writable bytes as its first field says, and `T` is `#[repr(C)]` with a
    ///   `usize` first.
    pub(crate) unsafe fn new(ptr: *mut T, min: usize, name: &str) -> Result<SizedOut<T>> {
        // SAFETY: the struct starts with its size, which the caller vouches for.
        let size = *unsafe { arg::object(ptr.cast_const().cast::<usize>(), name) }?;
        if !(min..=1 << 16).contains(&size) {
            arg::struct_size(&format!("{name}.struct_size"), size, min)?;
        }
        Ok(SizedOut(ptr, size))
    }

    /// Writes as much of `value` as the caller's struct has room for; `struct_size` stays the caller's.
    pub(crate) fn set(self, value: &T) {
        let len = self.1.min(size_of::<T>());
        // SAFETY: `new`'s caller vouched for that many writable bytes, of which the first are the size.
        unsafe {
            std::ptr::copy_nonoverlapping(std::ptr::from_ref(value).cast::<u8>(), self.0.cast(), len);
            self.0.cast::<usize>().write(self.1);
        }
    }
}
