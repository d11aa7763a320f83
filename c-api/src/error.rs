//! `nodecore/error.h`.

use std::ffi::{c_char, c_void};
use std::ptr::{NonNull, null_mut};
use std::sync::Arc;

use ::nodecore_error::{Code, Error};

use crate::boundary::{Castable, arg, entry, total};
use crate::chunk::nodecore_object_type;
use crate::str::nodecore_str;

/// 0 or a negative number of the error map.
pub type nodecore_status = i32;

/// An error with its texts made at once, so that a const pointer may be shared between threads.
#[derive(Debug)]
pub struct nodecore_error {
    error: Error,
    message: String,
    cause: Option<Box<nodecore_error>>,
}

impl Castable for nodecore_error {}

const _: () = {
    const fn assert_sync<T: Send + Sync>() {}
    assert_sync::<nodecore_error>();
};

impl nodecore_error {
    pub(crate) fn new(error: Error) -> nodecore_error {
        let message = error.to_string();
        let cause = error.cause().map(|cause| Box::new(nodecore_error::new(cause.clone())));
        nodecore_error { error, message, cause }
    }

    pub(crate) fn error(&self) -> &Error {
        &self.error
    }
}

/// A reference to an object of the caller's, which an error and its copies share.
#[derive(Debug)]
struct Object {
    object: NonNull<c_void>,
    type_: *const nodecore_object_type,
}

// SAFETY: the object is only released, and the caller vouches that `release` may be called on any thread where an
// error that has the object is freed.
unsafe impl Send for Object {}
// SAFETY: as above; a shared reference gives the address alone.
unsafe impl Sync for Object {}

impl Drop for Object {
    fn drop(&mut self) {
        // SAFETY: the caller vouched for a type that is null or outlives the object.
        if let Some(release) = unsafe { self.type_.as_ref() }.and_then(|type_| type_.release) {
            // SAFETY: the one reference that `nodecore_error_set_object` took is given back once.
            unsafe { release(self.object.as_ptr()) };
        }
    }
}

/// Declared in the header.
///
/// # Safety
/// - `err` is null or an error that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_error_free(err: *mut nodecore_error) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(err) };
}

/// Declared in the header.
///
/// # Safety
/// - `err` is null or a live error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_error_copy(err: *const nodecore_error) -> *mut nodecore_error {
    // SAFETY: as the caller vouches.
    let err = unsafe { arg::nullable(err) };
    total(null_mut(), || err.map_or(null_mut(), |err| nodecore_error::new(err.error.clone()).into_raw()))
}

/// Declared in the header.
///
/// # Safety
/// - `message` is null or points to `message_len` readable bytes; `out` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_error_new(
    status: nodecore_status,
    message: *const c_char,
    message_len: usize,
    out: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: `err` is null; the other pointers are as the caller vouches.
    unsafe {
        entry(null_mut(), || {
            let out = arg::out(out, "out")?;
            let code = status.checked_neg().and_then(Code::from_number).ok_or_else(|| {
                Error::from_template(Code::OutOfRange, &[&"status", &"a known status", &status])
            })?;
            let error = if message.is_null() {
                Error::from_template(code, &[])
            } else {
                Error::new(code, arg::text(message, message_len, "message")?)
            };
            out.set(nodecore_error::new(error).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `err` is null or a live error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_error_status(err: *const nodecore_error) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(err) }.map_or(0, |err| -err.error.code().number())
}

/// Declared in the header.
///
/// # Safety
/// - `err` is null or a live error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_error_errno(err: *const nodecore_error) -> i32 {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(err) }.and_then(|err| err.error.errno()).unwrap_or(0)
}

/// A part of a nullable error.
///
/// # Safety
/// - `err` is null or a live error.
unsafe fn part(
    err: *const nodecore_error,
    get: impl FnOnce(&nodecore_error) -> Option<&[u8]>,
) -> nodecore_str {
    // SAFETY: as the caller vouches.
    nodecore_str::nullable(unsafe { arg::nullable(err) }.and_then(get))
}

/// Declared in the header.
///
/// # Safety
/// - `err` is null or a live error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_error_name(err: *const nodecore_error) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(err, |err| Some(err.error.class().name().as_bytes())) }
}

/// Declared in the header.
///
/// # Safety
/// - `err` is null or a live error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_error_code(err: *const nodecore_error) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(err, |err| Some(err.error.code_name().as_bytes())) }
}

/// Declared in the header.
///
/// # Safety
/// - `err` is null or a live error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_error_message(err: *const nodecore_error) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(err, |err| Some(err.message.as_bytes())) }
}

/// Declared in the header.
///
/// # Safety
/// - `err` is null or a live error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_error_syscall(err: *const nodecore_error) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(err, |err| err.error.syscall().map(str::as_bytes)) }
}

/// Declared in the header.
///
/// # Safety
/// - `err` is null or a live error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_error_path(err: *const nodecore_error) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(err, |err| err.error.path()) }
}

/// Declared in the header.
///
/// # Safety
/// - `err` is null or a live error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_error_dest(err: *const nodecore_error) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(err, |err| err.error.dest()) }
}

/// Declared in the header.
///
/// # Safety
/// - `err` is null or a live error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_error_input(err: *const nodecore_error) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(err, |err| err.error.input()) }
}

/// Declared in the header.
///
/// # Safety
/// - `err` is null or a live error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_error_base(err: *const nodecore_error) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(err, |err| err.error.base()) }
}

/// Declared in the header.
///
/// # Safety
/// - `err` is null or a live error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_error_library(err: *const nodecore_error) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(err, |err| err.error.openssl()?.library().map(str::as_bytes)) }
}

/// Declared in the header.
///
/// # Safety
/// - `err` is null or a live error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_error_reason(err: *const nodecore_error) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(err, |err| err.error.openssl()?.reason().map(str::as_bytes)) }
}

/// Declared in the header.
///
/// # Safety
/// - `err` is null or a live error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_error_openssl_stack(
    err: *const nodecore_error,
    index: usize,
) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(err, |err| Some(err.error.openssl()?.stack().get(index)?.as_bytes())) }
}

/// Declared in the header.
///
/// # Safety
/// - `err` is null or a live error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_error_cause(err: *const nodecore_error) -> *const nodecore_error {
    // SAFETY: as the caller vouches.
    let cause = unsafe { arg::nullable(err) }.and_then(|err| err.cause.as_deref());
    cause.map_or(std::ptr::null(), std::ptr::from_ref)
}

/// Declared in the header.
///
/// # Safety
/// - `err` is null or a live error that nobody else uses; `type_` is null or outlives every reference to `object`, for
///   which its functions may be called.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_error_set_object(
    err: *mut nodecore_error,
    object: *mut c_void,
    type_: *const nodecore_object_type,
) -> nodecore_status {
    // SAFETY: the `err` of `entry` is null; the rest as the caller vouches.
    unsafe {
        entry(null_mut(), || {
            let err = arg::object_mut(err, "err")?;
            let object = NonNull::new(object).ok_or_else(|| {
                Error::from_template(Code::InvalidArgType, &[&"object", &"a valid pointer", &"null"])
            })?;
            if let Some(retain) = type_.as_ref().and_then(|type_| type_.retain) {
                retain(object.as_ptr());
            }
            err.error = err.error.clone().with_object(Arc::new(Object { object, type_ }));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `err` is null or a live error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_error_object(
    err: *const nodecore_error,
    type_: *const nodecore_object_type,
) -> *mut c_void {
    // SAFETY: as the caller vouches.
    let object = unsafe { arg::nullable(err) }.and_then(|err| err.error.object()?.downcast_ref::<Object>());
    object
        .filter(|object| std::ptr::eq(object.type_, type_))
        .map_or(null_mut(), |object| object.object.as_ptr())
}

/// Declared in the header.
#[unsafe(no_mangle)]
pub extern "C" fn nodecore_status_name(status: nodecore_status) -> *const c_char {
    if status == 0 {
        return c"".as_ptr();
    }
    status.checked_neg().and_then(Code::from_number).map_or(std::ptr::null(), |code| code.c_name().as_ptr())
}
