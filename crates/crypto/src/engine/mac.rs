//! `EVP_MAC` and `EVP_MAC_CTX`.

use std::ffi::CStr;
use std::ptr::{self, NonNull};

use nodecore_error::{Code, Result};
use openssl_sys as ffi;

use super::{Params, c_name, failure_thrown_or, forget, init};

/// A MAC algorithm, fetched.
#[derive(Debug)]
pub(crate) struct MacMethod(NonNull<ffi::EVP_MAC>);

/// What a MAC is told beside its key.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct MacParams<'a> {
    pub(crate) digest: Option<&'a str>,
    pub(crate) cipher: Option<&'a str>,
    pub(crate) iv: Option<&'a [u8]>,
    pub(crate) customization: Option<&'a [u8]>,
    pub(crate) salt: Option<&'a [u8]>,
    pub(crate) output_length: Option<u32>,
}

/// The names in openssl/core_names.h.
const DIGEST: &CStr = c"digest";
const CIPHER: &CStr = c"cipher";
const IV: &CStr = c"iv";
const CUSTOM: &CStr = c"custom";
const SALT: &CStr = c"salt";
const SIZE: &CStr = c"size";

impl MacMethod {
    /// The algorithm of that name in the default provider, in any case; `None` if there is none.
    pub(crate) fn fetch(name: &str) -> Option<MacMethod> {
        init();
        let name = c_name(name)?;
        // SAFETY: a NUL-terminated name; the default library context and no properties.
        let mac = unsafe { ffi::EVP_MAC_fetch(ptr::null_mut(), name.as_ptr(), ptr::null()) };
        if mac.is_null() {
            forget();
        }
        NonNull::new(mac).map(MacMethod)
    }

    /// Whether `name` is one of its names.
    pub(crate) fn is_a(&self, name: &CStr) -> bool {
        // SAFETY: a live EVP_MAC and a NUL-terminated name.
        unsafe { ffi::EVP_MAC_is_a(self.0.as_ptr(), name.as_ptr()) == 1 }
    }

    /// The first of the parameters, by Node's name, that the algorithm does not take.
    pub(crate) fn refused(&self, params: &MacParams<'_>) -> Option<&'static str> {
        // SAFETY: a live EVP_MAC; null, or an array that ends with a key of null and lives as long as it.
        let known = |name: &CStr| unsafe {
            let mut param = ffi::EVP_MAC_settable_ctx_params(self.0.as_ptr());
            while !param.is_null() && !(*param).key.is_null() {
                if CStr::from_ptr((*param).key) == name {
                    return true;
                }
                param = param.add(1);
            }
            false
        };
        [
            ("digest", DIGEST, params.digest.is_some()),
            ("cipher", CIPHER, params.cipher.is_some()),
            ("iv", IV, params.iv.is_some()),
            ("customization", CUSTOM, params.customization.is_some()),
            ("salt", SALT, params.salt.is_some()),
            ("outputLength", SIZE, params.output_length.is_some()),
        ]
        .into_iter()
        .find(|&(_, name, given)| given && !known(name))
        .map(|(name, ..)| name)
    }
}

impl Drop for MacMethod {
    fn drop(&mut self) {
        // SAFETY: owned, and not used again; contexts count their own references.
        unsafe { ffi::EVP_MAC_free(self.0.as_ptr()) };
    }
}

/// A MAC under way.
#[derive(Debug)]
pub(crate) struct MacCtx(NonNull<ffi::EVP_MAC_CTX>);

// SAFETY: an EVP_MAC_CTX belongs to no thread; it is used by one at a time.
unsafe impl Send for MacCtx {}

impl MacCtx {
    /// A context that has the key, and has seen nothing.
    ///
    /// # Errors
    /// OpenSSL's; [`Code::CryptoOperationFailed`] where it gives no reason.
    pub(crate) fn new(method: &MacMethod, key: &[u8], params: &MacParams<'_>) -> Result<MacCtx> {
        let refused = || failure_thrown_or(Code::CryptoOperationFailed, "Failed to initialize MAC");
        // SAFETY: a live EVP_MAC.
        let ctx = NonNull::new(unsafe { ffi::EVP_MAC_CTX_new(method.0.as_ptr()) })
            .map(MacCtx)
            .ok_or_else(refused)?;
        let mut list = Params::new();
        for (key, name) in [(DIGEST, params.digest), (CIPHER, params.cipher)] {
            if let Some(name) = name.filter(|name| !name.contains('\0')) {
                list = list.text(key, name);
            }
        }
        for (key, bytes) in [(IV, params.iv), (CUSTOM, params.customization), (SALT, params.salt)] {
            if let Some(bytes) = bytes {
                list = list.octets(key, bytes);
            }
        }
        if let Some(length) = params.output_length {
            list = list.unsigned(SIZE, length.into());
        }
        let params = list.list();
        // SAFETY: a live context, `key.len()` readable bytes at a pointer that is not null, and parameters whose data
        // outlives the call, which only reads it.
        match unsafe { ffi::EVP_MAC_init(ctx.0.as_ptr(), key.as_ptr(), key.len(), params.as_ptr()) } {
            1 => Ok(ctx),
            _ => Err(refused()),
        }
    }

    /// Bytes of output.
    pub(crate) fn size(&self) -> usize {
        // SAFETY: a live context.
        unsafe { ffi::EVP_MAC_CTX_get_mac_size(self.0.as_ptr()) }
    }

    /// Adds `data`.
    ///
    /// # Errors
    /// OpenSSL's.
    pub(crate) fn update(&mut self, data: &[u8]) -> Result<()> {
        // SAFETY: a live context, and `data.len()` readable bytes.
        match unsafe { ffi::EVP_MAC_update(self.0.as_ptr(), data.as_ptr(), data.len()) } {
            1 => Ok(()),
            _ => Err(failure_thrown_or(Code::CryptoMacUpdateFailed, "MAC update failed")),
        }
    }

    /// Ends the MAC; fills `out`, which is as long as [`size`](MacCtx::size).
    ///
    /// # Errors
    /// OpenSSL's; [`Code::CryptoOperationFailed`] where it gives no reason.
    pub(crate) fn finish(&mut self, out: &mut [u8]) -> Result<()> {
        let mut written = 0;
        // SAFETY: a live context, and `out.len()` writable bytes.
        let done = unsafe {
            ffi::EVP_MAC_final(self.0.as_ptr(), out.as_mut_ptr(), &raw mut written, out.len()) == 1
        };
        if done && written == out.len() {
            return Ok(());
        }
        Err(failure_thrown_or(Code::CryptoOperationFailed, "Failed to finalize MAC"))
    }
}

impl Drop for MacCtx {
    fn drop(&mut self) {
        // SAFETY: owned, and not used again; OpenSSL clears what it held.
        unsafe { ffi::EVP_MAC_CTX_free(self.0.as_ptr()) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mac_is_that_of_its_paper() {
        // RFC 4493, example 2.
        let method = MacMethod::fetch("CMAC").expect("CMAC");
        assert!(method.is_a(c"cmac") && !method.is_a(c"gmac"));
        let key = 0x2b7e_1516_28ae_d2a6_abf7_1588_09cf_4f3c_u128.to_be_bytes();
        let params = MacParams { cipher: Some("aes-128-cbc"), ..MacParams::default() };
        let mut ctx = MacCtx::new(&method, &key, &params).expect("a context");
        ctx.update(&0x6bc1_bee2_2e40_9f96_e93d_7e11_7393_172a_u128.to_be_bytes()).expect("update");
        let mut out = [0; 16];
        assert_eq!(ctx.size(), out.len());
        ctx.finish(&mut out).expect("finish");
        assert_eq!(u128::from_be_bytes(out), 0x070a_16b4_6b4d_4144_f79b_dd9d_d04a_287c);
    }

    #[test]
    fn what_it_does_not_take_is_named() {
        let method = MacMethod::fetch("poly1305").expect("Poly1305");
        assert_eq!(method.refused(&MacParams::default()), None);
        let params = MacParams { iv: Some(b"iv"), salt: Some(b"salt"), ..MacParams::default() };
        assert_eq!(method.refused(&params), Some("iv"));
        assert!(MacMethod::fetch("nope").is_none() && MacMethod::fetch("cmac\0").is_none());
        let error = MacCtx::new(&method, &[0; 31], &MacParams::default()).expect_err("a short key");
        assert_eq!(error.code_name(), "ERR_OSSL_INVALID_KEY_LENGTH");
    }
}
