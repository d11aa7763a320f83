//! `EC_KEY`: a pair on an elliptic curve that may lack a half, and points by themselves.

use std::ffi::CString;
use std::ptr::{self, NonNull};

use nodecore_error::{Code, Error, Result};
use openssl_sys as ffi;

use super::bn::{self, Bn};
use super::{forget, init, sys_agree as sys};
use crate::secret::Secret;

/// How a point is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Compressed,
    Uncompressed,
    Hybrid,
}

impl Form {
    fn number(self) -> ffi::point_conversion_form_t {
        match self {
            Form::Compressed => ffi::point_conversion_form_t::POINT_CONVERSION_COMPRESSED,
            Form::Uncompressed => ffi::point_conversion_form_t::POINT_CONVERSION_UNCOMPRESSED,
            Form::Hybrid => ffi::point_conversion_form_t::POINT_CONVERSION_HYBRID,
        }
    }
}

/// A curve and, if they are there, both halves of a pair.
#[derive(Debug)]
pub(crate) struct EcKey(NonNull<ffi::EC_KEY>);

// SAFETY: nothing in an EC_KEY belongs to a thread.
unsafe impl Send for EcKey {}

impl EcKey {
    /// A key without halves on the curve of that short name.
    ///
    /// # Errors
    /// [`Code::CryptoInvalidCurve`]; [`Code::CryptoOperationFailed`] for the name of something else.
    pub(crate) fn new(curve: &str) -> Result<EcKey> {
        let nid = number(curve)?;
        // SAFETY: any number may be asked for.
        let key = unsafe { ffi::EC_KEY_new_by_curve_name(nid) };
        forget();
        NonNull::new(key).map(EcKey).ok_or_else(|| failed("Failed to create key using named curve"))
    }

    /// Makes a new pair.
    pub(crate) fn generate(&mut self) -> bool {
        // SAFETY: live, and ours alone.
        let made = unsafe { ffi::EC_KEY_generate_key(self.0.as_ptr()) } == 1;
        forget();
        made
    }

    /// Whether the public half is a point of the group, and the private one, if there is one, makes it.
    pub(crate) fn is_sound(&self) -> bool {
        // SAFETY: live.
        let sound = unsafe { ffi::EC_KEY_check_key(self.0.as_ptr()) } == 1;
        forget();
        sound
    }

    /// The first coordinate of the secret point, as long as the field.
    ///
    /// # Errors
    /// [`Code::CryptoEcdhInvalidPublicKey`] for a point that is not on the curve; [`Code::CryptoOperationFailed`].
    pub(crate) fn compute(&self, public: &[u8]) -> Result<Secret> {
        let Some(point) = Point::read(self.group(), public) else {
            return Err(Error::from_template(Code::CryptoEcdhInvalidPublicKey, &[]));
        };
        if self.is_sm2() || !self.is_in_group(&point) {
            return Err(failed("Failed to compute ECDH key"));
        }
        // SAFETY: a live group.
        let degree = unsafe { ffi::EC_GROUP_get_degree(self.group()) };
        let mut secret = Secret::zeroed(usize::try_from(degree).unwrap_or(0).div_ceil(8))?;
        let (room, size) = (secret.as_mut_ptr().cast(), secret.len());
        // SAFETY: both are live, and there is room for `size` bytes.
        let len = unsafe { sys::ECDH_compute_key(room, size, point.0.as_ptr(), self.0.as_ptr(), None) };
        forget();
        if usize::try_from(len) == Ok(size) { Ok(secret) } else { Err(failed("Failed to compute ECDH key")) }
    }

    /// Whether the point is a multiple of the generator, which on curves with a cofactor not every point is: one of small
    /// order would tell some of the private number.
    fn is_in_group(&self, point: &Point) -> bool {
        let (group, number) = (self.group(), Bn::new());
        let (Some(number), Some(product)) = (number, Point::new(group)) else { return false };
        let (number, product) = (number.as_ptr(), product.0.as_ptr());
        // SAFETY: all are live, and the points are of the group.
        let inside = unsafe {
            ffi::EC_GROUP_get_cofactor(group, number, ptr::null_mut()) == 1
                && (super::sys::BN_is_one(number) == 1
                    || ffi::EC_GROUP_get_order(group, number, ptr::null_mut()) == 1
                        && ffi::EC_POINT_mul(
                            group,
                            product,
                            ptr::null(),
                            point.0.as_ptr(),
                            number,
                            ptr::null_mut(),
                        ) == 1
                        && ffi::EC_POINT_is_at_infinity(group, product) == 1)
        };
        forget();
        inside
    }

    /// Whether it is the curve of SM2, whose agreement is another one, and which has none in Node either.
    fn is_sm2(&self) -> bool {
        // SAFETY: a live group.
        unsafe { ffi::EC_GROUP_get_curve_name(self.group()) == ffi::NID_sm2 }
    }

    /// The public half; `None` if there is none.
    pub(crate) fn public(&self, form: Form) -> Option<Vec<u8>> {
        // SAFETY: live.
        let point = unsafe { ffi::EC_KEY_get0_public_key(self.0.as_ptr()) };
        // SAFETY: null, or a live point of the group.
        unsafe { write(self.group(), point, form) }
    }

    /// The private half; `None` if there is none.
    pub(crate) fn private(&self) -> Option<Vec<u8>> {
        // SAFETY: live.
        let number = unsafe { ffi::EC_KEY_get0_private_key(self.0.as_ptr()) };
        // SAFETY: a live number if it is not null.
        (!number.is_null()).then(|| unsafe { bn::bytes(number) })
    }

    /// Sets both halves, from the private one; neither if it does not fit.
    ///
    /// # Errors
    /// [`Code::CryptoInvalidKeytype`] unless it is below the order of the group, and not zero.
    pub(crate) fn set_private(&mut self, private: &[u8]) -> Result<()> {
        let (group, refused) = (self.group(), "Failed to convert Buffer to BN");
        let number = Bn::from_bytes(private).ok_or_else(|| failed(refused))?;
        let order = Bn::new().ok_or_else(|| failed(refused))?;
        // SAFETY: all are live.
        let fits = unsafe {
            ffi::EC_GROUP_get_order(group, order.as_ptr(), ptr::null_mut()) == 1
                && super::sys::BN_is_zero(number.as_ptr()) == 0
                && ffi::BN_cmp(number.as_ptr(), order.as_ptr()) < 0
        };
        if !fits {
            forget();
            let text = "Private key is not valid for specified curve.";
            return Err(Error::new(Code::CryptoInvalidKeytype, text));
        }
        let point = Point::new(group).ok_or_else(|| failed("Failed to generate ECDH public key"))?;
        // SAFETY: all are live and of one group; the key takes copies.
        let set = unsafe {
            ffi::EC_POINT_mul(
                group,
                point.0.as_ptr(),
                number.as_ptr(),
                ptr::null(),
                ptr::null(),
                ptr::null_mut(),
            ) == 1
                && ffi::EC_KEY_set_private_key(self.0.as_ptr(), number.as_ptr()) == 1
                && ffi::EC_KEY_set_public_key(self.0.as_ptr(), point.0.as_ptr()) == 1
        };
        forget();
        if set { Ok(()) } else { Err(failed("Failed to set generated public key")) }
    }

    /// Sets the public half alone.
    ///
    /// # Errors
    /// [`Code::CryptoOperationFailed`] if it is no point of the curve.
    pub(crate) fn set_public(&mut self, public: &[u8]) -> Result<()> {
        let point = Point::read(self.group(), public).ok_or_else(no_point)?;
        // SAFETY: both are live and of one group; the key takes a copy.
        let set = unsafe { ffi::EC_KEY_set_public_key(self.0.as_ptr(), point.0.as_ptr()) } == 1;
        forget();
        if set { Ok(()) } else { Err(failed("Failed to set EC_POINT as the public key")) }
    }

    fn group(&self) -> *const ffi::EC_GROUP {
        // SAFETY: live; its group lives as long.
        unsafe { ffi::EC_KEY_get0_group(self.0.as_ptr()) }
    }
}

impl Drop for EcKey {
    fn drop(&mut self) {
        // SAFETY: owned, and not used again. OpenSSL clears the private number.
        unsafe { ffi::EC_KEY_free(self.0.as_ptr()) };
    }
}

/// A point of the curve, written in another form.
///
/// # Errors
/// [`Code::CryptoInvalidCurve`]; [`Code::CryptoOperationFailed`] for bytes that are no point of the curve.
pub(crate) fn convert_point(curve: &str, point: &[u8], form: Form) -> Result<Vec<u8>> {
    let nid = number(curve)?;
    // SAFETY: any number may be asked for.
    let group = unsafe { ffi::EC_GROUP_new_by_curve_name(nid) };
    let Some(group) = NonNull::new(group).map(Group) else {
        forget();
        return Err(failed("Failed to get EC_GROUP"));
    };
    let group = group.0.as_ptr();
    let point = Point::read(group, point).ok_or_else(no_point)?;
    // SAFETY: a live point of the group.
    unsafe { write(group, point.0.as_ptr(), form) }.ok_or_else(|| failed("Failed to get public key length"))
}

/// OpenSSL's number of a short name.
fn number(name: &str) -> Result<i32> {
    init();
    let invalid = || Error::from_template(Code::CryptoInvalidCurve, &[&"Invalid EC curve name"]);
    let name = CString::new(crate::algorithm::c_text(name)).map_err(|_| invalid())?;
    // SAFETY: a NUL-terminated name.
    match unsafe { ffi::OBJ_sn2nid(name.as_ptr()) } {
        0 => Err(invalid()),
        nid => Ok(nid),
    }
}

fn failed(text: &str) -> Error {
    Error::from_template(Code::CryptoOperationFailed, &[&text])
}

fn no_point() -> Error {
    failed("Failed to convert Buffer to EC_POINT")
}

/// A point; its group has to outlive it.
struct Point(NonNull<ffi::EC_POINT>);

impl Point {
    fn new(group: *const ffi::EC_GROUP) -> Option<Point> {
        // SAFETY: a live group.
        NonNull::new(unsafe { ffi::EC_POINT_new(group) }).map(Point)
    }

    /// `None` if the bytes are no point of the curve.
    fn read(group: *const ffi::EC_GROUP, bytes: &[u8]) -> Option<Point> {
        let point = Point::new(group)?;
        let at = point.0.as_ptr();
        // SAFETY: both are live; a slice with its length.
        let read =
            unsafe { ffi::EC_POINT_oct2point(group, at, bytes.as_ptr(), bytes.len(), ptr::null_mut()) };
        forget();
        (read == 1).then_some(point)
    }
}

impl Drop for Point {
    fn drop(&mut self) {
        // SAFETY: owned, and not used again.
        unsafe { ffi::EC_POINT_free(self.0.as_ptr()) };
    }
}

struct Group(NonNull<ffi::EC_GROUP>);

impl Drop for Group {
    fn drop(&mut self) {
        // SAFETY: owned, and not used again.
        unsafe { ffi::EC_GROUP_free(self.0.as_ptr()) };
    }
}

/// The bytes of a point; `None` for null.
///
/// # Safety
/// - `group` is live, and `point` is null or a live point of it.
unsafe fn write(group: *const ffi::EC_GROUP, point: *const ffi::EC_POINT, form: Form) -> Option<Vec<u8>> {
    if point.is_null() {
        return None;
    }
    // SAFETY: both are live; without room it says how much it takes, then there is as much.
    unsafe {
        let size = ffi::EC_POINT_point2oct(group, point, form.number(), ptr::null_mut(), 0, ptr::null_mut());
        let mut bytes = vec![0; size];
        let at = bytes.as_mut_ptr();
        let written = ffi::EC_POINT_point2oct(group, point, form.number(), at, size, ptr::null_mut());
        forget();
        (size > 0 && written == size).then_some(bytes)
    }
}
