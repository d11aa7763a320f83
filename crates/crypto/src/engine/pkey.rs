//! `EVP_PKEY`: keys of two halves, what they are made of, and how they are made.

use std::ffi::{CStr, CString, c_int};
use std::ptr::{self, NonNull};

use nodecore_error::Result;
use openssl_sys as ffi;

use super::params::Params;
use super::{c_name, cleanse, failure_thrown, forget, init, sys_key as sys};

/// A public key, or a private key with its public half. It does not change once it is there.
#[derive(Debug)]
pub(crate) struct Pkey(NonNull<ffi::EVP_PKEY>);

// SAFETY: nothing here changes an EVP_PKEY after it was made; its caches and its count of references are locked.
unsafe impl Send for Pkey {}
// SAFETY: as above.
unsafe impl Sync for Pkey {}

/// The kinds of keys that are treated each in its own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Rsa,
    RsaPss,
    Dsa,
    Ec,
    X25519,
    X448,
    Ed25519,
    Ed448,
    MlDsa,
    SlhDsa,
    Other,
}

/// Which halves a key is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Half {
    /// Neither, only what both share.
    Parameters,
    Public,
    Both,
}

impl Pkey {
    /// Takes a key that OpenSSL has made, if it has.
    ///
    /// # Safety
    /// - `key` is null or a key of which the caller owns a reference.
    pub(super) unsafe fn owned(key: *mut ffi::EVP_PKEY) -> Option<Pkey> {
        NonNull::new(key).map(Pkey)
    }

    pub(super) fn as_ptr(&self) -> *mut ffi::EVP_PKEY {
        self.0.as_ptr()
    }

    /// A key of the algorithm `name` out of its numbers; `None` if they make none.
    pub(crate) fn from_params(name: &str, half: Half, params: &Params<'_>) -> Option<Pkey> {
        let ctx = Ctx::named(name)?;
        let mut key = ptr::null_mut();
        let selection = match half {
            Half::Parameters => ffi::EVP_PKEY_KEY_PARAMETERS,
            Half::Public => ffi::EVP_PKEY_PUBLIC_KEY,
            Half::Both => ffi::EVP_PKEY_KEYPAIR,
        };
        // SAFETY: a live context, a list that ends, and room for a pointer.
        let made = unsafe {
            ffi::EVP_PKEY_fromdata_init(ctx.0.as_ptr()) == 1
                && ffi::EVP_PKEY_fromdata(ctx.0.as_ptr(), &raw mut key, selection, params.list().as_mut_ptr())
                    == 1
        };
        if !made {
            forget();
        }
        // SAFETY: null, or made for us.
        unsafe { Pkey::owned(key) }
    }

    /// A key of the algorithm `name` out of its public bytes, without a frame; `None` if they make none.
    pub(crate) fn from_raw_public(name: &str, data: &[u8]) -> Option<Pkey> {
        init();
        let name = c_name(name)?;
        // SAFETY: a NUL-terminated name and `data.len()` readable bytes.
        let key = unsafe {
            ffi::EVP_PKEY_new_raw_public_key_ex(
                ptr::null_mut(),
                name.as_ptr(),
                ptr::null(),
                data.as_ptr(),
                data.len(),
            )
        };
        if key.is_null() {
            forget();
        }
        // SAFETY: null, or made for us.
        unsafe { Pkey::owned(key) }
    }

    /// As [`Pkey::from_raw_public`], out of its private bytes.
    pub(crate) fn from_raw_private(name: &str, data: &[u8]) -> Option<Pkey> {
        init();
        let name = c_name(name)?;
        // SAFETY: a NUL-terminated name and `data.len()` readable bytes.
        let key = unsafe {
            ffi::EVP_PKEY_new_raw_private_key_ex(
                ptr::null_mut(),
                name.as_ptr(),
                ptr::null(),
                data.as_ptr(),
                data.len(),
            )
        };
        if key.is_null() {
            forget();
        }
        // SAFETY: null, or made for us.
        unsafe { Pkey::owned(key) }
    }

    /// Makes a new key of the algorithm `name`.
    ///
    /// # Errors
    /// OpenSSL's.
    pub(crate) fn generate(name: &str, params: &Params<'_>) -> Result<Pkey> {
        let ctx = Ctx::named(name).ok_or_else(|| failure_thrown("Key generation failed"))?;
        // SAFETY: a live context.
        match unsafe { ffi::EVP_PKEY_keygen_init(ctx.0.as_ptr()) } {
            1 => ctx.generate(params),
            _ => Err(failure_thrown("Key generation failed")),
        }
    }

    /// Makes the parameters (a group) of a key of the algorithm `name`.
    ///
    /// # Errors
    /// OpenSSL's.
    pub(crate) fn generate_parameters(name: &str, params: &Params<'_>) -> Result<Pkey> {
        let ctx = Ctx::named(name).ok_or_else(|| failure_thrown("Parameter generation failed"))?;
        // SAFETY: a live context.
        match unsafe { ffi::EVP_PKEY_paramgen_init(ctx.0.as_ptr()) } {
            1 => ctx.generate(params),
            _ => Err(failure_thrown("Parameter generation failed")),
        }
    }

    /// Makes a new key in the group of `self`, which may be parameters only.
    ///
    /// # Errors
    /// OpenSSL's.
    pub(crate) fn generate_like(&self, params: &Params<'_>) -> Result<Pkey> {
        let ctx = Ctx::of(self).ok_or_else(|| failure_thrown("Key generation failed"))?;
        // SAFETY: a live context.
        match unsafe { ffi::EVP_PKEY_keygen_init(ctx.0.as_ptr()) } {
            1 => ctx.generate(params),
            _ => Err(failure_thrown("Key generation failed")),
        }
    }

    /// The algorithm, by OpenSSL's name: `RSA`, `EC`, `ED25519`, `ML-DSA-44`.
    pub(crate) fn type_name(&self) -> String {
        // SAFETY: a live key; null or a NUL-terminated name that lives as long.
        let name = unsafe { sys::EVP_PKEY_get0_type_name(self.0.as_ptr()) };
        if name.is_null() {
            return String::new();
        }
        // SAFETY: as above.
        unsafe { CStr::from_ptr(name) }.to_string_lossy().into_owned()
    }

    /// Which kind of key it is.
    pub(crate) fn family(&self) -> Family {
        // SAFETY: a live key.
        match unsafe { ffi::EVP_PKEY_get_id(self.0.as_ptr()) } {
            ffi::EVP_PKEY_RSA => Family::Rsa,
            ffi::EVP_PKEY_RSA_PSS => Family::RsaPss,
            ffi::EVP_PKEY_DSA => Family::Dsa,
            ffi::EVP_PKEY_EC => Family::Ec,
            ffi::EVP_PKEY_X25519 => Family::X25519,
            ffi::EVP_PKEY_X448 => Family::X448,
            ffi::EVP_PKEY_ED25519 => Family::Ed25519,
            ffi::EVP_PKEY_ED448 => Family::Ed448,
            _ => match self.type_name() {
                name if name.starts_with("ML-DSA") => Family::MlDsa,
                name if name.starts_with("SLH-DSA") => Family::SlhDsa,
                _ => Family::Other,
            },
        }
    }

    /// Bytes of a signature at most.
    pub(super) fn signature_len(&self) -> usize {
        // SAFETY: a live key.
        usize::try_from(unsafe { ffi::EVP_PKEY_get_size(self.0.as_ptr()) }).unwrap_or(0)
    }

    /// Its size in bits, of an elliptic curve that of the order.
    pub(crate) fn bits(&self) -> u32 {
        // SAFETY: a live key.
        u32::try_from(unsafe { ffi::EVP_PKEY_get_bits(self.0.as_ptr()) }).unwrap_or(0)
    }

    /// Whether the public halves are the same.
    pub(crate) fn equals(&self, other: &Pkey) -> bool {
        // SAFETY: both are live.
        let equal = unsafe { ffi::EVP_PKEY_eq(self.0.as_ptr(), other.0.as_ptr()) } == 1;
        forget();
        equal
    }

    /// Whether the halves that there are belong together, and are of the group; it costs about as much as a signature.
    pub(crate) fn is_sound(&self) -> bool {
        // SAFETY: a live context.
        let sound = Ctx::of(self).is_some_and(|ctx| unsafe { ffi::EVP_PKEY_check(ctx.as_ptr()) } == 1);
        forget();
        sound
    }

    /// Another handle of the same key.
    pub(crate) fn share(&self) -> Pkey {
        // SAFETY: a live key, of which there is one reference more from here on.
        unsafe { ffi::EVP_PKEY_up_ref(self.0.as_ptr()) };
        Pkey(self.0)
    }

    /// A number of the key, the most significant byte first; `None` if it has none of that name.
    pub(crate) fn number(&self, name: &'static CStr) -> Option<Vec<u8>> {
        let mut number = ptr::null_mut();
        // SAFETY: a live key, a NUL-terminated name, and room for a pointer.
        let got = unsafe { ffi::EVP_PKEY_get_bn_param(self.0.as_ptr(), name.as_ptr(), &raw mut number) };
        if got != 1 || number.is_null() {
            forget();
            return None;
        }
        // SAFETY: a live number.
        let bits = unsafe { ffi::BN_num_bits(number) };
        let mut bytes = vec![0; usize::try_from(bits).unwrap_or(0).div_ceil(8)];
        // SAFETY: room for the bytes of the number, which is then cleared and freed once.
        unsafe {
            ffi::BN_bn2bin(number, bytes.as_mut_ptr());
            ffi::BN_clear_free(number);
        }
        Some(bytes)
    }

    /// Bytes of the key; `None` if it has none of that name.
    pub(crate) fn octets(&self, name: &'static CStr) -> Option<Vec<u8>> {
        let mut len = 0;
        let key = self.0.as_ptr();
        // SAFETY: a live key and a NUL-terminated name; no buffer asks for the length only.
        let told = unsafe {
            ffi::EVP_PKEY_get_octet_string_param(key, name.as_ptr(), ptr::null_mut(), 0, &raw mut len)
        };
        if told != 1 {
            forget();
            return None;
        }
        let mut bytes = vec![0; len];
        // SAFETY: as above, with room for `len` bytes.
        let got = unsafe {
            ffi::EVP_PKEY_get_octet_string_param(key, name.as_ptr(), bytes.as_mut_ptr(), len, &raw mut len)
        };
        if got != 1 {
            forget();
            cleanse(&mut bytes);
            return None;
        }
        bytes.truncate(len);
        Some(bytes)
    }

    /// A text of the key; `None` if it has none of that name.
    pub(crate) fn text(&self, name: &'static CStr) -> Option<String> {
        let mut text = [0; 128];
        let mut len = 0;
        // SAFETY: a live key, a NUL-terminated name, and room for `text.len()` bytes.
        let got = unsafe {
            ffi::EVP_PKEY_get_utf8_string_param(
                self.0.as_ptr(),
                name.as_ptr(),
                text.as_mut_ptr(),
                text.len(),
                &raw mut len,
            )
        };
        if got != 1 {
            forget();
            return None;
        }
        // SAFETY: NUL-terminated within the array.
        Some(unsafe { CStr::from_ptr(text.as_ptr()) }.to_string_lossy().into_owned())
            .filter(|text| !text.is_empty())
    }

    /// A small number of the key; `None` if it has none of that name.
    pub(crate) fn integer(&self, name: &'static CStr) -> Option<i32> {
        let mut value: c_int = 0;
        // SAFETY: a live key, a NUL-terminated name, and room for the number.
        let got = unsafe { ffi::EVP_PKEY_get_int_param(self.0.as_ptr(), name.as_ptr(), &raw mut value) };
        if got != 1 {
            forget();
        }
        (got == 1).then_some(value)
    }

    /// The public bytes of a key that is only bytes.
    pub(crate) fn raw_public(&self) -> Option<Vec<u8>> {
        self.raw(ffi::EVP_PKEY_get_raw_public_key)
    }

    /// The private bytes of such a key.
    pub(crate) fn raw_private(&self) -> Option<Vec<u8>> {
        self.raw(ffi::EVP_PKEY_get_raw_private_key)
    }

    fn raw(
        &self,
        get: unsafe extern "C" fn(*const ffi::EVP_PKEY, *mut u8, *mut usize) -> c_int,
    ) -> Option<Vec<u8>> {
        let mut len = 0;
        // SAFETY: a live key; no buffer asks for the length only.
        if unsafe { get(self.0.as_ptr(), ptr::null_mut(), &raw mut len) } != 1 {
            forget();
            return None;
        }
        let mut bytes = vec![0; len];
        // SAFETY: as above, with room for `len` bytes.
        if unsafe { get(self.0.as_ptr(), bytes.as_mut_ptr(), &raw mut len) } != 1 {
            forget();
            cleanse(&mut bytes);
            return None;
        }
        bytes.truncate(len);
        Some(bytes)
    }
}

impl Drop for Pkey {
    fn drop(&mut self) {
        // SAFETY: owns one reference, and is not used again.
        unsafe { ffi::EVP_PKEY_free(self.0.as_ptr()) };
    }
}

/// An operation on keys.
pub(crate) struct Ctx(NonNull<ffi::EVP_PKEY_CTX>);

impl Ctx {
    /// One with `key`; `None` if there is no memory.
    pub(super) fn of(key: &Pkey) -> Option<Ctx> {
        // SAFETY: a live key; no engine.
        NonNull::new(unsafe { ffi::EVP_PKEY_CTX_new(key.0.as_ptr(), ptr::null_mut()) }).map(Ctx)
    }

    pub(super) fn as_ptr(&self) -> *mut ffi::EVP_PKEY_CTX {
        self.0.as_ptr()
    }

    fn named(name: &str) -> Option<Ctx> {
        init();
        let name: CString = c_name(name)?;
        // SAFETY: a NUL-terminated name; the default library context and no properties.
        let ctx = unsafe { ffi::EVP_PKEY_CTX_new_from_name(ptr::null_mut(), name.as_ptr(), ptr::null()) };
        NonNull::new(ctx).map(Ctx)
    }

    fn generate(self, params: &Params<'_>) -> Result<Pkey> {
        let mut key = ptr::null_mut();
        // SAFETY: a live context, a list that ends, and room for a pointer.
        let made = unsafe {
            ffi::EVP_PKEY_CTX_set_params(self.0.as_ptr(), params.list().as_mut_ptr()) == 1
                && ffi::EVP_PKEY_generate(self.0.as_ptr(), &raw mut key) == 1
        };
        // SAFETY: null, or made for us.
        let key = unsafe { Pkey::owned(key) };
        match key {
            Some(key) if made => Ok(key),
            _ => Err(failure_thrown("Key generation failed")),
        }
    }
}

impl Drop for Ctx {
    fn drop(&mut self) {
        // SAFETY: owned, and not used again.
        unsafe { ffi::EVP_PKEY_CTX_free(self.0.as_ptr()) };
    }
}

/// The public point of the private number `private` on the curve `nid`, uncompressed; `None` if there is none.
pub(crate) fn public_point(nid: i32, private: &[u8]) -> Option<Vec<u8>> {
    let len = c_int::try_from(private.len()).ok()?;
    // SAFETY: each object is made here, checked, used while it lives and freed once; the buffer has the length told.
    unsafe {
        let group = ffi::EC_GROUP_new_by_curve_name(nid);
        let number = ffi::BN_bin2bn(private.as_ptr(), len, ptr::null_mut());
        let point = if group.is_null() { ptr::null_mut() } else { ffi::EC_POINT_new(group) };
        let mut bytes = None;
        if !number.is_null()
            && !point.is_null()
            && ffi::EC_POINT_mul(group, point, number, ptr::null(), ptr::null(), ptr::null_mut()) == 1
        {
            let form = ffi::point_conversion_form_t::POINT_CONVERSION_UNCOMPRESSED;
            let size = ffi::EC_POINT_point2oct(group, point, form, ptr::null_mut(), 0, ptr::null_mut());
            let mut out = vec![0; size];
            if ffi::EC_POINT_point2oct(group, point, form, out.as_mut_ptr(), size, ptr::null_mut()) == size {
                bytes = Some(out);
            }
        }
        ffi::EC_POINT_free(point);
        ffi::BN_clear_free(number);
        ffi::EC_GROUP_free(group);
        forget();
        bytes
    }
}

/// Whether `product` is `a` times `b`; all of them have the most significant byte first.
pub(crate) fn is_product(a: &[u8], b: &[u8], product: &[u8]) -> bool {
    let lengths = [a, b, product].map(|bytes| c_int::try_from(bytes.len()));
    let [Ok(a_len), Ok(b_len), Ok(product_len)] = lengths else { return false };
    // SAFETY: each object is made here, checked, used while it lives and freed once; the lengths are those of the slices.
    unsafe {
        let ctx = ffi::BN_CTX_new();
        let a = ffi::BN_bin2bn(a.as_ptr(), a_len, ptr::null_mut());
        let b = ffi::BN_bin2bn(b.as_ptr(), b_len, ptr::null_mut());
        let product = ffi::BN_bin2bn(product.as_ptr(), product_len, ptr::null_mut());
        let got = ffi::BN_new();
        let equal = ![a, b, product, got].iter().any(|number| number.is_null())
            && !ctx.is_null()
            && ffi::BN_mul(got, a, b, ctx) == 1
            && ffi::BN_cmp(got, product) == 0;
        for number in [a, b, product, got] {
            ffi::BN_clear_free(number);
        }
        ffi::BN_CTX_free(ctx);
        forget();
        equal
    }
}

/// OpenSSL's number of an elliptic curve, by a name of OpenSSL's or NIST's; `None` if it knows none.
pub(crate) fn curve(name: &str) -> Option<i32> {
    init();
    let c_name = c_name(name)?;
    // SAFETY: a NUL-terminated name.
    let mut nid = unsafe { sys::EC_curve_nist2nid(c_name.as_ptr()) };
    if nid == 0 {
        // SAFETY: as above.
        nid = unsafe { ffi::OBJ_sn2nid(c_name.as_ptr()) };
    }
    if nid == 0 {
        return None;
    }
    // SAFETY: any number may be asked for; null, or a group that is freed once.
    let group = unsafe { ffi::EC_GROUP_new_by_curve_name(nid) };
    if group.is_null() {
        forget();
        return None;
    }
    // SAFETY: owned, and not used again.
    unsafe { ffi::EC_GROUP_free(group) };
    Some(nid)
}

/// OpenSSL's short name of what has that number.
pub(crate) fn short_name(nid: i32) -> Option<&'static str> {
    // SAFETY: null or a static NUL-terminated string.
    let name = unsafe { ffi::OBJ_nid2sn(nid) };
    // SAFETY: as above.
    (!name.is_null()).then(|| unsafe { CStr::from_ptr(name) }.to_str().ok()).flatten()
}

/// The prime of a group of RFC 2409 or 3526, by Node's name of it, its most significant byte first.
pub(crate) fn modp_prime(group: &str) -> Option<Vec<u8>> {
    init();
    let get = match group {
        "modp1" => sys::BN_get_rfc2409_prime_768,
        "modp2" => sys::BN_get_rfc2409_prime_1024,
        "modp5" => sys::BN_get_rfc3526_prime_1536,
        "modp14" => sys::BN_get_rfc3526_prime_2048,
        "modp15" => sys::BN_get_rfc3526_prime_3072,
        "modp16" => sys::BN_get_rfc3526_prime_4096,
        "modp17" => sys::BN_get_rfc3526_prime_6144,
        "modp18" => sys::BN_get_rfc3526_prime_8192,
        _ => return None,
    };
    // SAFETY: null asks for a new number, which is used while it lives and freed once; the buffer has room for it.
    unsafe {
        let number = get(ptr::null_mut());
        if number.is_null() {
            return None;
        }
        let mut bytes = vec![0; usize::try_from(ffi::BN_num_bits(number)).unwrap_or(0).div_ceil(8)];
        ffi::BN_bn2bin(number, bytes.as_mut_ptr());
        ffi::BN_free(number);
        Some(bytes)
    }
}
