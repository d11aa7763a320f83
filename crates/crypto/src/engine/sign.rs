//! Signatures with `EVP_PKEY`.

use std::ptr::{self, NonNull};

use nodecore_error::{Code, Error, Result};
use openssl_sys as ffi;

use super::pkey::Ctx;
use super::sys_sign::{self as sys, NO_ENGINE};
use super::{Family, Md, Params, Pkey, failure_thrown, forget};

/// What OpenSSL leaves as an error where it leaves none, as Node shows it.
pub(super) const NO_REASON: &str = "error:00000000:lib(0)::reason(0)";

/// How a message is signed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Signing<'a> {
    /// The digest of the message; without one that of the key, if it has one.
    pub(crate) digest: Option<&'a Md>,
    /// How RSA pads; without it PSS for keys of the type `rsa-pss`, PKCS#1 for others.
    pub(crate) padding: Option<i32>,
    /// Bytes of salt (PSS), or one of `RSA_PSS_SALTLEN_*`.
    pub(crate) salt: Option<i32>,
    /// What the signature is bound to besides: up to 255 bytes, for those of EdDSA, ML-DSA and SLH-DSA.
    pub(crate) context: &'a [u8],
    /// Whether a signature of two numbers (DSA, ECDSA) is the two of them, and not DER.
    pub(crate) p1363: bool,
}

/// Signs `data` in one go.
///
/// # Errors
/// OpenSSL's; [`Code::CryptoOperationFailed`] for a context that the key cannot take.
pub(crate) fn sign(key: &Pkey, data: &[u8], how: &Signing<'_>) -> Result<Vec<u8>> {
    let ctx = SignCtx::new(key, how, Direction::Sign)?;
    let mut signature = vec![0; key.signature_len()];
    let mut len = signature.len();
    // SAFETY: a context that was begun, room for `len` bytes, and `data.len()` readable ones.
    let signed = unsafe {
        ffi::EVP_DigestSign(ctx.0.as_ptr(), signature.as_mut_ptr(), &raw mut len, data.as_ptr(), data.len())
    };
    if signed != 1 {
        return Err(failure_thrown(NO_REASON));
    }
    signature.truncate(len);
    written(key, signature, how.p1363)
}

/// Whether `signature` is one of `data`.
///
/// # Errors
/// As [`sign`]; a signature that cannot be read is only wrong.
pub(crate) fn verify(key: &Pkey, data: &[u8], signature: &[u8], how: &Signing<'_>) -> Result<bool> {
    let ctx = SignCtx::new(key, how, Direction::Verify)?;
    let der = match half(key).filter(|_| how.p1363) {
        Some(half) => match to_der(signature, half) {
            None => return Ok(false),
            der => der,
        },
        None => None,
    };
    let signature = der.as_deref().unwrap_or(signature);
    // SAFETY: a context that was begun, and readable bytes of the lengths told.
    let good = unsafe {
        ffi::EVP_DigestVerify(ctx.0.as_ptr(), signature.as_ptr(), signature.len(), data.as_ptr(), data.len())
    };
    if good != 1 {
        forget();
    }
    Ok(good == 1)
}

/// Signs a digest that `how.digest` has made. `how.context` is not looked at.
///
/// # Errors
/// OpenSSL's.
pub(crate) fn sign_digest(key: &Pkey, digest: &[u8], how: &Signing<'_>) -> Result<Vec<u8>> {
    let ctx = Ctx::of(key).ok_or_else(|| failure_thrown(NO_REASON))?;
    // SAFETY: a live context.
    begun(unsafe { ffi::EVP_PKEY_sign_init(ctx.as_ptr()) })?;
    // SAFETY: a context that was begun for a signature.
    unsafe { set_padding(ctx.as_ptr(), key, how)? };
    set_digest(&ctx, how)?;
    let mut signature = vec![0; key.signature_len()];
    let mut len = signature.len();
    // SAFETY: a context that was begun, room for `len` bytes, and `digest.len()` readable ones.
    let signed = unsafe {
        ffi::EVP_PKEY_sign(ctx.as_ptr(), signature.as_mut_ptr(), &raw mut len, digest.as_ptr(), digest.len())
    };
    if signed != 1 {
        return Err(failure_thrown(NO_REASON));
    }
    signature.truncate(len);
    written(key, signature, how.p1363)
}

/// Whether `signature` is one of the message with that digest, which `how.digest` has made.
///
/// # Errors
/// OpenSSL's; [`Code::CryptoOperationFailed`] for a signature that is not two numbers, if they are to be such.
pub(crate) fn verify_digest(key: &Pkey, digest: &[u8], signature: &[u8], how: &Signing<'_>) -> Result<bool> {
    let der =
        match half(key).filter(|_| how.p1363) {
            Some(half) => Some(to_der(signature, half).ok_or_else(|| {
                Error::from_template(Code::CryptoOperationFailed, &[&"Malformed signature"])
            })?),
            None => None,
        };
    let signature = der.as_deref().unwrap_or(signature);
    let ctx = Ctx::of(key).ok_or_else(|| failure_thrown(NO_REASON))?;
    // SAFETY: a live context.
    begun(unsafe { ffi::EVP_PKEY_verify_init(ctx.as_ptr()) })?;
    // SAFETY: a context that was begun for a verification.
    unsafe { set_padding(ctx.as_ptr(), key, how)? };
    set_digest(&ctx, how)?;
    // SAFETY: a context that was begun, and readable bytes of the lengths told.
    let good = unsafe {
        ffi::EVP_PKEY_verify(ctx.as_ptr(), signature.as_ptr(), signature.len(), digest.as_ptr(), digest.len())
    };
    if good != 1 {
        forget();
    }
    Ok(good == 1)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Sign,
    Verify,
}

/// A signature or a verification under way.
struct SignCtx(NonNull<ffi::EVP_MD_CTX>);

impl SignCtx {
    fn new(key: &Pkey, how: &Signing<'_>, direction: Direction) -> Result<SignCtx> {
        // SAFETY: takes no arguments.
        let ctx = NonNull::new(unsafe { ffi::EVP_MD_CTX_new() });
        let ctx = ctx.map(SignCtx).ok_or_else(|| failure_thrown(NO_REASON))?;
        let pctx = if how.context.is_empty() {
            ctx.init(key, how.digest, direction)?
        } else {
            ctx.init_context(key, how.context, direction)?
        };
        // SAFETY: the context of the key that belongs to `ctx`, which was begun.
        unsafe { set_padding(pctx, key, how)? };
        Ok(ctx)
    }

    fn init(&self, key: &Pkey, md: Option<&Md>, direction: Direction) -> Result<*mut ffi::EVP_PKEY_CTX> {
        let mut pctx = ptr::null_mut();
        let md = md.map_or(ptr::null(), Md::as_ptr);
        let init = match direction {
            Direction::Sign => ffi::EVP_DigestSignInit,
            Direction::Verify => ffi::EVP_DigestVerifyInit,
        };
        // SAFETY: a context that has seen nothing, room for a pointer, a live digest or none, and a live key.
        begun(unsafe { init(self.0.as_ptr(), &raw mut pctx, md, NO_ENGINE, key.as_ptr()) })?;
        Ok(pctx)
    }

    /// As [`SignCtx::init`], with a context, beside which there is no digest.
    fn init_context(
        &self,
        key: &Pkey,
        context: &[u8],
        direction: Direction,
    ) -> Result<*mut ffi::EVP_PKEY_CTX> {
        let params = Params::new().octets(c"context-string", context);
        let params = match key.family() {
            Family::Ed25519 => params.text(c"instance", "Ed25519ctx"),
            Family::Ed448 => params.text(c"instance", "Ed448"),
            Family::MlDsa | Family::SlhDsa => params,
            _ => {
                let text = "Context parameter is unsupported";
                return Err(Error::from_template(Code::CryptoOperationFailed, &[&text]));
            }
        };
        let mut pctx = ptr::null_mut();
        let init: sys::InitEx = match direction {
            Direction::Sign => sys::EVP_DigestSignInit_ex,
            Direction::Verify => sys::EVP_DigestVerifyInit_ex,
        };
        // SAFETY: a context that has seen nothing, room for a pointer, no digest, a live key, and a list that ends.
        begun(unsafe {
            init(
                self.0.as_ptr(),
                &raw mut pctx,
                ptr::null(),
                ptr::null_mut(),
                ptr::null(),
                key.as_ptr(),
                params.list().as_ptr(),
            )
        })?;
        Ok(pctx)
    }
}

impl Drop for SignCtx {
    fn drop(&mut self) {
        // SAFETY: owned, and not used again; what belongs to it goes too.
        unsafe { ffi::EVP_MD_CTX_free(self.0.as_ptr()) };
    }
}

pub(super) fn begun(result: i32) -> Result<()> {
    if result > 0 { Ok(()) } else { Err(failure_thrown(NO_REASON)) }
}

/// Sets how RSA pads. Nothing of it is looked at for other keys.
///
/// # Safety
/// - `ctx` was begun for a signature or a verification with `key`.
unsafe fn set_padding(ctx: *mut ffi::EVP_PKEY_CTX, key: &Pkey, how: &Signing<'_>) -> Result<()> {
    let default = match key.family() {
        Family::Rsa => ffi::RSA_PKCS1_PADDING,
        Family::RsaPss => ffi::RSA_PKCS1_PSS_PADDING,
        _ => return Ok(()),
    };
    let padding = how.padding.unwrap_or(default);
    // SAFETY: as the caller says.
    begun(unsafe { ffi::EVP_PKEY_CTX_set_rsa_padding(ctx, padding) })?;
    // As much as there is room for, or as much as is found, if PSS was asked for.
    let salt = how.salt.or_else(|| how.padding.map(|_| MAX_SALT));
    match salt.filter(|_| padding == ffi::RSA_PKCS1_PSS_PADDING) {
        // SAFETY: as the caller says.
        Some(salt) => begun(unsafe { ffi::EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, salt) }),
        None => Ok(()),
    }
}

/// `RSA_PSS_SALTLEN_MAX_SIGN`
const MAX_SALT: i32 = -2;

fn set_digest(ctx: &Ctx, how: &Signing<'_>) -> Result<()> {
    match how.digest {
        // SAFETY: a context that was begun, and a live digest.
        Some(md) => begun(unsafe { ffi::EVP_PKEY_CTX_set_signature_md(ctx.as_ptr(), md.as_ptr()) }),
        None => Ok(()),
    }
}

/// Bytes of each number of a signature of two; `None` for a key whose signatures are not such.
fn half(key: &Pkey) -> Option<usize> {
    let bits = match key.family() {
        Family::Ec => usize::try_from(key.bits()).ok()?,
        Family::Dsa => key.number(c"q")?.len() * 8,
        _ => return None,
    };
    Some(bits.div_ceil(8))
}

/// The signature in the form asked for.
fn written(key: &Pkey, der: Vec<u8>, p1363: bool) -> Result<Vec<u8>> {
    match half(key).filter(|_| p1363) {
        Some(half) => from_der(&der, half)
            .ok_or_else(|| Error::from_template(Code::CryptoOperationFailed, &[&"Malformed signature"])),
        None => Ok(der),
    }
}

/// The two numbers of a signature in DER, each of `half` bytes; `None` if it is not one, or they are longer.
fn from_der(der: &[u8], half: usize) -> Option<Vec<u8>> {
    let (numbers, []) = value(der, 0x30)? else { return None };
    let (r, rest) = value(numbers, 0x02)?;
    let (s, []) = value(rest, 0x02)? else { return None };
    let mut out = vec![0; 2 * half];
    let (left, right) = out.split_at_mut(half);
    for (number, place) in [(r, left), (s, right)] {
        let number = &number[number.iter().take_while(|&&byte| byte == 0).count()..];
        place[half.checked_sub(number.len())?..].copy_from_slice(number);
    }
    Some(out)
}

/// What is in the element of that tag at the start of `der`, and what comes after it.
fn value(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&first, rest) = der.split_first()?;
    let (&len, rest) = rest.split_first()?;
    let (len, rest) = match len {
        0..=0x7f => (usize::from(len), rest),
        0x81 => rest.split_first().map(|(&len, rest)| (usize::from(len), rest))?,
        _ => return None,
    };
    (first == tag).then(|| rest.split_at_checked(len)).flatten()
}

/// DER of two numbers of `half` bytes each; `None` if they are not.
fn to_der(signature: &[u8], half: usize) -> Option<Vec<u8>> {
    if signature.len() != 2 * half || half == 0 {
        return None;
    }
    let mut numbers = Vec::with_capacity(2 * half + 8);
    for number in signature.chunks(half) {
        let number = &number[number.iter().take_while(|&&byte| byte == 0).count()..];
        // A number without sign whose first bit is set has a zero before it, and so has zero itself.
        let pad = number.first().is_none_or(|&byte| byte & 0x80 != 0);
        begin(&mut numbers, 0x02, number.len() + usize::from(pad))?;
        if pad {
            numbers.push(0);
        }
        numbers.extend_from_slice(number);
    }
    let mut der = Vec::with_capacity(numbers.len() + 4);
    begin(&mut der, 0x30, numbers.len())?;
    der.extend_from_slice(&numbers);
    Some(der)
}

/// Writes a tag and a length.
fn begin(der: &mut Vec<u8>, tag: u8, len: usize) -> Option<()> {
    der.push(tag);
    let bytes = u16::try_from(len).ok()?.to_be_bytes();
    match len {
        0..0x80 => der.push(bytes[1]),
        0x80..0x100 => der.extend([0x81, bytes[1]]),
        _ => der.extend([0x82, bytes[0], bytes[1]]),
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_numbers_are_der_and_back() {
        for (raw, der) in [
            (&[0, 1, 0, 2][..], &[0x30, 6, 2, 1, 1, 2, 1, 2][..]),
            (&[0x80, 0, 0, 0], &[0x30, 8, 2, 3, 0, 0x80, 0, 2, 1, 0]),
            (&[0, 0x80, 0x7f, 0xff], &[0x30, 8, 2, 2, 0, 0x80, 2, 2, 0x7f, 0xff]),
        ] {
            assert_eq!(to_der(raw, 2).as_deref(), Some(der));
            assert_eq!(from_der(der, 2).as_deref(), Some(raw));
        }
        let long = [0xff; 132];
        let der = to_der(&long, 66).expect("der");
        assert_eq!(der[..3], [0x30, 0x81, 138]);
        assert_eq!(from_der(&der, 66).as_deref(), Some(&long[..]));
    }

    #[test]
    fn what_is_not_two_numbers_is_refused() {
        assert!([&[][..], &[0; 3], &[0; 5]].iter().all(|raw| to_der(raw, 2).is_none()));
        assert!(to_der(&[], 0).is_none());
        for der in [
            &[][..],
            &[0x30],
            &[0x31, 6, 2, 1, 1, 2, 1, 2],
            &[0x30, 7, 2, 1, 1, 2, 1, 2],
            &[0x30, 6, 2, 1, 1, 2, 1, 2, 0],
            &[0x30, 6, 2, 1, 1, 3, 1, 2],
            &[0x30, 8, 2, 3, 1, 2, 3, 2, 1, 2],
            &[0x30, 0x82, 0, 6, 2, 1, 1, 2, 1, 2],
        ] {
            assert!(from_der(der, 2).is_none(), "{der:?}");
        }
    }
}
