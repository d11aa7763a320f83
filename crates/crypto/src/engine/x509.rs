//! `X509`: a certificate, and what OpenSSL checks of it.

use std::ffi::{CStr, CString, c_char, c_int, c_long, c_uint, c_void};
use std::ptr::{self, NonNull};

use nodecore_error::{Code, Result};
use openssl_sys as ffi;

use super::bio::{Sink, Source, int};
use super::pkey::Pkey;
use super::{failure_oldest, forget, init, sys_x509 as sys};

/// A certificate. It does not change once it is there.
#[derive(Debug)]
pub(crate) struct X509(NonNull<ffi::X509>);

// SAFETY: nothing here changes an X509 after it was made; what OpenSSL works out of its extensions is behind its lock.
unsafe impl Send for X509 {}
// SAFETY: as above.
unsafe impl Sync for X509 {}

/// How [`X509::check_host`] and [`X509::check_email`] compare.
pub(crate) mod check_flag {
    pub(crate) use openssl_sys::{
        X509_CHECK_FLAG_ALWAYS_CHECK_SUBJECT as ALWAYS_SUBJECT,
        X509_CHECK_FLAG_MULTI_LABEL_WILDCARDS as MULTI_LABEL_WILDCARDS,
        X509_CHECK_FLAG_NEVER_CHECK_SUBJECT as NEVER_SUBJECT,
        X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS as NO_PARTIAL_WILDCARDS,
        X509_CHECK_FLAG_NO_WILDCARDS as NO_WILDCARDS,
        X509_CHECK_FLAG_SINGLE_LABEL_SUBDOMAINS as SINGLE_LABEL_SUBDOMAINS,
    };
}

/// One of the two names.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Party {
    Subject,
    Issuer,
}

/// One of the two dates.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bound {
    From,
    To,
}

/// What a check has found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Match<T> {
    Yes(T),
    No,
    /// The name asked for cannot be one.
    InvalidName,
    Failed,
}

/// As Node does: what is encrypted is tried with the empty passphrase.
unsafe extern "C" fn no_passphrase(_: *mut c_char, _: c_int, _: c_int, _: *mut c_void) -> c_int {
    0
}

impl X509 {
    /// Reads the first certificate in PEM, or one in DER.
    ///
    /// # Errors
    /// OpenSSL's first: that of the attempt to read PEM, if there is one.
    pub(crate) fn parse(data: &[u8]) -> Result<X509> {
        let source = Source::new(data)?;
        let (mut at, len) = (data.as_ptr(), c_long::from(int(data.len())?));
        // SAFETY: a live BIO; the callback takes nothing; `len` readable bytes at `at`. Null, or made for us.
        let certificate = unsafe {
            let (bio, none) = (source.as_ptr(), ptr::null_mut());
            let certificate = sys::PEM_read_bio_X509_AUX(bio, none, Some(no_passphrase), ptr::null_mut());
            if certificate.is_null() { ffi::d2i_X509(ptr::null_mut(), &raw mut at, len) } else { certificate }
        };
        match NonNull::new(certificate) {
            Some(certificate) => {
                forget();
                Ok(X509(certificate))
            }
            None => Err(failure_oldest(Code::Uncoded, "Failed to parse X509 certificate")),
        }
    }

    pub(super) fn as_ptr(&self) -> *mut ffi::X509 {
        self.0.as_ptr()
    }

    /// The certificate in DER; empty if there is no memory for it.
    pub(crate) fn der(&self) -> Vec<u8> {
        // SAFETY: a live certificate; no buffer asks for the length only.
        encoded(|out| unsafe { ffi::i2d_X509(self.as_ptr(), out) }).unwrap_or_default()
    }

    /// The certificate in PEM; empty if there is no memory for it.
    pub(crate) fn pem(&self) -> Vec<u8> {
        // SAFETY: a live BIO and a live certificate.
        printed(|bio| unsafe { ffi::PEM_write_bio_X509(bio, self.as_ptr()) == 1 }).unwrap_or_default()
    }

    fn name(&self, party: Party) -> *mut ffi::X509_NAME {
        // SAFETY: a live certificate, to which the name belongs.
        unsafe {
            match party {
                Party::Subject => ffi::X509_get_subject_name(self.as_ptr()),
                Party::Issuer => ffi::X509_get_issuer_name(self.as_ptr()),
            }
        }
    }

    /// The name, one attribute a line.
    pub(crate) fn name_text(&self, party: Party) -> Option<Vec<u8>> {
        let flags = sys::ASN1_STRFLGS_ESC_2253
            | sys::ASN1_STRFLGS_ESC_CTRL
            | sys::ASN1_STRFLGS_UTF8_CONVERT
            | sys::XN_FLAG_SEP_MULTILINE;
        let name = self.name(party);
        // SAFETY: a live BIO and a name that lives as long as the certificate.
        printed(|bio| unsafe { sys::X509_NAME_print_ex(bio, name, 0, flags) > 0 })
    }

    /// The attributes of the name, each by its short name or number, in UTF-8; both empty where OpenSSL has none.
    pub(crate) fn name_attributes(&self, party: Party) -> Vec<(String, Vec<u8>)> {
        let name = self.name(party);
        // SAFETY: a live name.
        let count = unsafe { ffi::X509_NAME_entry_count(name) };
        let attribute = |index| {
            // SAFETY: an index below the count; what is given lives as long as the name.
            let (object, value) = unsafe {
                let entry = ffi::X509_NAME_get_entry(name, index);
                (ffi::X509_NAME_ENTRY_get_object(entry), ffi::X509_NAME_ENTRY_get_data(entry))
            };
            let mut text = ptr::null_mut();
            // SAFETY: a live string, and room for a pointer.
            let len = unsafe { ffi::ASN1_STRING_to_UTF8(&raw mut text, value) };
            let Ok(len) = usize::try_from(len) else {
                forget();
                return (String::new(), Vec::new());
            };
            // SAFETY: `len` bytes, which are ours to free, once; a live object.
            unsafe {
                let value = std::slice::from_raw_parts(text, len).to_vec();
                ffi::OPENSSL_free(text.cast());
                (object_name(object), value)
            }
        };
        (0..count).map(attribute).collect()
    }

    fn time(&self, bound: Bound) -> *const ffi::ASN1_TIME {
        // SAFETY: a live certificate, to which the time belongs.
        unsafe {
            match bound {
                Bound::From => ffi::X509_getm_notBefore(self.as_ptr()),
                Bound::To => ffi::X509_getm_notAfter(self.as_ptr()),
            }
        }
    }

    /// The date as OpenSSL prints it, `Bad time value` if it is none.
    pub(crate) fn time_text(&self, bound: Bound) -> Vec<u8> {
        let time = self.time(bound);
        let print = |bio| {
            // SAFETY: a live BIO and a live time.
            unsafe { ffi::ASN1_TIME_print(bio, time) };
            true
        };
        printed(print).unwrap_or_default()
    }

    /// The date in seconds since 1970; `None` if it is none.
    pub(crate) fn time_seconds(&self, bound: Bound) -> Option<i64> {
        // SAFETY: zeros are a valid `tm`, all of whose fields are numbers or a pointer.
        let mut tm: libc::tm = unsafe { std::mem::zeroed() };
        // SAFETY: a live time, and room for the parts.
        if unsafe { sys::ASN1_TIME_to_tm(self.time(bound), &raw mut tm) } != 1 {
            forget();
            return None;
        }
        let days = days_since_1970(i64::from(tm.tm_year) + 1900, i64::from(tm.tm_mon) + 1, tm.tm_mday.into());
        Some(((days * 24 + i64::from(tm.tm_hour)) * 60 + i64::from(tm.tm_min)) * 60 + i64::from(tm.tm_sec))
    }

    /// The serial number in hexadecimal.
    pub(crate) fn serial_number(&self) -> Option<Vec<u8>> {
        // SAFETY: each object is made here, checked, used while it lives and freed once.
        unsafe {
            let number = ffi::ASN1_INTEGER_to_BN(ffi::X509_get_serialNumber(self.as_ptr()), ptr::null_mut());
            let text = if number.is_null() { ptr::null_mut() } else { ffi::BN_bn2hex(number) };
            let serial = (!text.is_null()).then(|| CStr::from_ptr(text).to_bytes().to_vec());
            ffi::OPENSSL_free(text.cast());
            ffi::BN_free(number);
            forget();
            serial
        }
    }

    /// What it is signed with: OpenSSL's long name of it, if it has one, and its number.
    pub(crate) fn signature_algorithm(&self) -> (Option<&'static str>, Option<String>) {
        let (mut algorithm, mut object) = (ptr::null(), ptr::null());
        // SAFETY: a live certificate, to which the algorithm belongs; null or the static name of a known number.
        unsafe {
            ffi::X509_get0_signature(ptr::null_mut(), &raw mut algorithm, self.as_ptr());
            ffi::X509_ALGOR_get0(&raw mut object, ptr::null_mut(), ptr::null_mut(), algorithm);
            let nid = ffi::OBJ_obj2nid(object);
            let name = if nid == ffi::NID_undef { ptr::null() } else { ffi::OBJ_nid2ln(nid) };
            let name = (!name.is_null()).then(|| CStr::from_ptr(name).to_str().ok()).flatten();
            let number = object_text::<128>(object, true).filter(|(_, whole)| *whole);
            (name, number.map(|(text, _)| text))
        }
    }

    /// The key that it certifies.
    ///
    /// # Errors
    /// OpenSSL's.
    pub(crate) fn public_key(&self) -> Result<Pkey> {
        // SAFETY: a live certificate; null, or a reference of our own.
        let key = unsafe { Pkey::owned(ffi::X509_get_pubkey(self.as_ptr())) };
        key.ok_or_else(|| failure_oldest(Code::Uncoded, "Failed to get public key"))
    }

    /// Whether it may sign certificates, by its basic constraints.
    pub(crate) fn is_ca(&self) -> bool {
        // SAFETY: a live certificate.
        let ca = unsafe { sys::X509_check_ca(self.as_ptr()) } == 1;
        forget();
        ca
    }

    /// The name in the certificate that stands for the host.
    pub(crate) fn check_host(&self, host: &[u8], flags: c_uint) -> Match<Vec<u8>> {
        let mut peer = ptr::null_mut::<c_char>();
        let (data, len) = lent(host);
        // SAFETY: a live certificate, what `lent` gave, and room for a pointer.
        let found = unsafe { ffi::X509_check_host(self.as_ptr(), data, len, flags, &raw mut peer) };
        forget();
        let mut name = Vec::new();
        if !peer.is_null() {
            // SAFETY: NUL-terminated, and ours to free, once.
            unsafe {
                name.extend_from_slice(CStr::from_ptr(peer).to_bytes());
                ffi::OPENSSL_free(peer.cast());
            }
        }
        matched(found, name)
    }

    /// Whether the address is one of the certificate's.
    pub(crate) fn check_email(&self, email: &[u8], flags: c_uint) -> Match<()> {
        let (data, len) = lent(email);
        // SAFETY: a live certificate and what `lent` gave.
        let found = unsafe { ffi::X509_check_email(self.as_ptr(), data, len, flags) };
        forget();
        matched(found, ())
    }

    /// Whether the address, in text, is one of the certificate's.
    pub(crate) fn check_ip(&self, ip: &CStr) -> Match<()> {
        // SAFETY: a live certificate and a NUL-terminated text.
        let found = unsafe { ffi::X509_check_ip_asc(self.as_ptr(), ip.as_ptr(), 0) };
        forget();
        matched(found, ())
    }

    /// Whether `issuer` may have issued it, by names and extensions.
    pub(crate) fn check_issued(&self, issuer: &X509) -> bool {
        // SAFETY: both are live.
        let issued = unsafe { ffi::X509_check_issued(issuer.as_ptr(), self.as_ptr()) } == 0;
        forget();
        issued
    }

    /// Whether it certifies the other half of `key`.
    pub(crate) fn check_private_key(&self, key: &Pkey) -> bool {
        // SAFETY: both are live.
        let fits = unsafe { sys::X509_check_private_key(self.as_ptr(), key.as_ptr()) } == 1;
        forget();
        fits
    }

    /// Whether it is signed by `key`.
    pub(crate) fn verify(&self, key: &Pkey) -> bool {
        // SAFETY: both are live.
        let good = unsafe { ffi::X509_verify(self.as_ptr(), key.as_ptr()) } == 1;
        forget();
        good
    }
}

impl Drop for X509 {
    fn drop(&mut self) {
        // SAFETY: owned, and not used again.
        unsafe { ffi::X509_free(self.as_ptr()) };
    }
}

impl Pkey {
    /// The public half of an RSA key as one of plain RSA, in DER; `None` if it is no RSA key.
    pub(crate) fn rsa_public_spki(&self) -> Option<Vec<u8>> {
        // SAFETY: a live key; null, or what lives as long as the key.
        let rsa = unsafe { sys::EVP_PKEY_get0_RSA(self.as_ptr()) };
        if rsa.is_null() {
            forget();
            return None;
        }
        // SAFETY: a live key; no buffer asks for the length only.
        encoded(|out| unsafe { ffi::i2d_RSA_PUBKEY(rsa, out) })
    }
}

/// A name for OpenSSL, which looks for the NUL of one of length 0.
fn lent(name: &[u8]) -> (*const c_char, usize) {
    if name.is_empty() { (c"".as_ptr(), 0) } else { (name.as_ptr().cast(), name.len()) }
}

fn matched<T>(found: c_int, value: T) -> Match<T> {
    match found {
        1 => Match::Yes(value),
        0 => Match::No,
        -2 => Match::InvalidName,
        _ => Match::Failed,
    }
}

/// What an `i2d_` function writes, which without a buffer tells the length only.
fn encoded(write: impl Fn(*mut *mut u8) -> c_int) -> Option<Vec<u8>> {
    let len = usize::try_from(write(ptr::null_mut())).unwrap_or(0);
    let mut bytes = vec![0; len];
    let mut at = bytes.as_mut_ptr();
    let written = write(&raw mut at);
    forget();
    (len > 0 && usize::try_from(written) == Ok(len)).then_some(bytes)
}

/// What is printed into a BIO; `None` if that fails.
pub(super) fn printed(print: impl FnOnce(*mut ffi::BIO) -> bool) -> Option<Vec<u8>> {
    init();
    let sink = Sink::new().ok();
    let text = sink.and_then(|sink| print(sink.as_ptr()).then(|| sink.bytes()));
    forget();
    text
}

/// The short name of an object, or its number.
///
/// # Safety
/// - `object` is live.
unsafe fn object_name(object: *const ffi::ASN1_OBJECT) -> String {
    // SAFETY: as the caller vouches.
    let nid = unsafe { ffi::OBJ_obj2nid(object) };
    match super::short_name(nid).filter(|_| nid != ffi::NID_undef) {
        Some(name) => name.to_owned(),
        // SAFETY: as the caller vouches.
        None => unsafe { object_text::<80>(object, true) }.map(|(text, _)| text).unwrap_or_default(),
    }
}

/// The number of an object, with dots, or its long name, if it has one and `number` is not wanted; and whether it is
/// whole: it is cut to what `ROOM` bytes hold with a NUL, which are as many as Node has. `None` if it is none.
///
/// # Safety
/// - `object` is live.
pub(super) unsafe fn object_text<const ROOM: usize>(
    object: *const ffi::ASN1_OBJECT,
    number: bool,
) -> Option<(String, bool)> {
    let mut text = [0_u8; ROOM];
    let room = c_int::try_from(ROOM).unwrap_or(c_int::MAX);
    // SAFETY: as the caller vouches, with room for as many bytes.
    let len = unsafe { ffi::OBJ_obj2txt(text.as_mut_ptr().cast(), room, object, c_int::from(number)) };
    forget();
    let len = usize::try_from(len).ok()?;
    let end = text.iter().position(|&byte| byte == 0).unwrap_or(ROOM);
    Some((String::from_utf8_lossy(&text[..end]).into_owned(), len < ROOM))
}

/// NIST's name of an elliptic curve; `None` if it has none.
pub(crate) fn nist_name(nid: i32) -> Option<&'static str> {
    // SAFETY: null or a static NUL-terminated string.
    let name = unsafe { sys::EC_curve_nid2nist(nid) };
    // SAFETY: as above.
    (!name.is_null()).then(|| unsafe { CStr::from_ptr(name) }.to_str().ok()).flatten()
}

/// A text for OpenSSL, up to its first NUL.
pub(crate) fn until_nul(text: &[u8]) -> CString {
    let end = text.iter().position(|&byte| byte == 0).unwrap_or(text.len());
    CString::new(&text[..end]).unwrap_or_default()
}

/// Days from 1970-01-01 to a date of the Gregorian calendar, counted in years that begin in March.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::days_since_1970;

    #[test]
    fn days() {
        assert_eq!(days_since_1970(1970, 1, 1), 0);
        assert_eq!(days_since_1970(1969, 12, 31), -1);
        assert_eq!(days_since_1970(2000, 3, 1), 11_017);
        assert_eq!(days_since_1970(2024, 2, 29), 19_782);
        assert_eq!(days_since_1970(0, 1, 1), -719_528);
    }
}
