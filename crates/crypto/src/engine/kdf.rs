//! Key derivation: PBKDF2, scrypt, and `EVP_KDF` for Argon2.

use std::ffi::{CStr, c_int};
use std::ptr::{self, NonNull};
use std::sync::OnceLock;

use nodecore_error::Result;
use openssl_sys as ffi;

use super::{Md, Params, failure_as, failure_text, init};

/// Fills `out`.
///
/// # Errors
/// OpenSSL's, with Node's text: a digest that does not do.
pub(crate) fn pbkdf2(md: &Md, password: &[u8], salt: &[u8], iterations: c_int, out: &mut [u8]) -> Result<()> {
    const FAILED: &str = "PBKDF2 derivation failed";
    init();
    let lengths = [password.len(), salt.len(), out.len()].map(c_int::try_from);
    let [Ok(password_len), Ok(salt_len), Ok(out_len)] = lengths else {
        return Err(failure_as(FAILED));
    };
    // SAFETY: a live EVP_MD, and slices with their lengths.
    let done = unsafe {
        ffi::PKCS5_PBKDF2_HMAC(
            password.as_ptr().cast(),
            password_len,
            salt.as_ptr(),
            salt_len,
            iterations,
            md.as_ptr(),
            out_len,
            out.as_mut_ptr(),
        )
    };
    if done == 1 { Ok(()) } else { Err(failure_as(FAILED)) }
}

/// The costs of scrypt.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scrypt {
    pub(crate) n: u64,
    pub(crate) r: u64,
    pub(crate) p: u64,
    pub(crate) maxmem: u64,
}

impl Scrypt {
    /// # Errors
    /// OpenSSL's text about them, if it gives one.
    pub(crate) fn check(self) -> std::result::Result<(), Option<String>> {
        init();
        // SAFETY: without a key nothing but the costs is looked at.
        let good = unsafe {
            ffi::EVP_PBE_scrypt(
                ptr::null(),
                0,
                ptr::null(),
                0,
                self.n,
                self.r,
                self.p,
                self.maxmem,
                ptr::null_mut(),
                0,
            )
        };
        if good == 1 { Ok(()) } else { Err(failure_text()) }
    }
}

/// Fills `out`.
///
/// # Errors
/// OpenSSL's, with Node's text, such as if there is no memory.
pub(crate) fn scrypt(costs: Scrypt, password: &[u8], salt: &[u8], out: &mut [u8]) -> Result<()> {
    init();
    if out.is_empty() {
        return Ok(());
    }
    // SAFETY: slices with their lengths.
    let done = unsafe {
        ffi::EVP_PBE_scrypt(
            password.as_ptr().cast(),
            password.len(),
            salt.as_ptr(),
            salt.len(),
            costs.n,
            costs.r,
            costs.p,
            costs.maxmem,
            out.as_mut_ptr(),
            out.len(),
        )
    };
    if done == 1 { Ok(()) } else { Err(failure_as("scrypt derivation failed")) }
}

/// The parameters of Argon2.
#[derive(Clone, Copy)]
pub(crate) struct Argon2<'a> {
    pub(crate) variant: &'static CStr,
    pub(crate) message: &'a [u8],
    pub(crate) nonce: &'a [u8],
    pub(crate) secret: &'a [u8],
    pub(crate) associated_data: &'a [u8],
    pub(crate) parallelism: u32,
    pub(crate) memory: u32,
    pub(crate) passes: u32,
}

/// Fills `out`.
///
/// # Errors
/// OpenSSL's, with Node's text, such as if there is no memory.
pub(crate) fn argon2(argon2: Argon2, out: &mut [u8]) -> Result<()> {
    static KDFS: [OnceLock<Option<Kdf>>; 3] = [const { OnceLock::new() }; 3];
    let mut params = Params::new().octets(c"pass", argon2.message).octets(c"salt", argon2.nonce);
    for (key, bytes) in [(c"secret", argon2.secret), (c"ad", argon2.associated_data)] {
        if !bytes.is_empty() {
            params = params.octets(key, bytes);
        }
    }
    let params = params
        .unsigned(c"iter", argon2.passes.into())
        .unsigned(c"lanes", argon2.parallelism.into())
        .unsigned(c"memcost", argon2.memory.into());
    let kept = match argon2.variant.to_bytes() {
        b"ARGON2D" => &KDFS[0],
        b"ARGON2I" => &KDFS[1],
        _ => &KDFS[2],
    };
    Kdf::kept(kept, argon2.variant)
        .and_then(|kdf| kdf.derive(&params, out))
        .ok_or_else(|| failure_as("Argon2 derivation failed"))
}

/// A key derivation function, fetched.
#[derive(Debug)]
struct Kdf(NonNull<ffi::EVP_KDF>);

// SAFETY: a fetched EVP_KDF does not change, and counts its references atomically.
unsafe impl Send for Kdf {}
// SAFETY: as above.
unsafe impl Sync for Kdf {}

impl Kdf {
    /// Fetched once, and kept for good.
    fn kept(place: &'static OnceLock<Option<Kdf>>, name: &'static CStr) -> Option<&'static Kdf> {
        let fetch = || {
            init();
            // SAFETY: a NUL-terminated name; the default library context and no properties.
            let kdf = unsafe { ffi::EVP_KDF_fetch(ptr::null_mut(), name.as_ptr(), ptr::null()) };
            NonNull::new(kdf).map(Kdf)
        };
        place.get_or_init(fetch).as_ref()
    }

    /// Fills `out`; `None` leaves errors on the queue.
    fn derive(&self, params: &Params<'_>, out: &mut [u8]) -> Option<()> {
        let list = params.list();
        // SAFETY: a live EVP_KDF.
        let ctx = NonNull::new(unsafe { ffi::EVP_KDF_CTX_new(self.0.as_ptr()) })?;
        // SAFETY: a live context, `out.len()` writable bytes, and a list that is ended.
        let done = unsafe { ffi::EVP_KDF_derive(ctx.as_ptr(), out.as_mut_ptr(), out.len(), list.as_ptr()) };
        // SAFETY: owned, and not used again; OpenSSL clears what it held.
        unsafe { ffi::EVP_KDF_CTX_free(ctx.as_ptr()) };
        (done == 1).then_some(())
    }
}
