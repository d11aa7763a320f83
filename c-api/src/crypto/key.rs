//! `nodecore/crypto_key.h`: keys read, written and compared.

use std::ffi::c_void;

use ::nodecore_error::{Code, Error, Result};
use nodecore_crypto::{AsymmetricKeyDetails, Jwk, KeyEncoding, KeyExport, KeyInput, KeyObject, KeyType};

use crate::boundary::{Castable, SizedOptions, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::str::{nodecore_buf, nodecore_str};

pub const NODECORE_KEY_SECRET: i32 = 0;
pub const NODECORE_KEY_PUBLIC: i32 = 1;
pub const NODECORE_KEY_PRIVATE: i32 = 2;

pub const NODECORE_KEY_PKCS1: i32 = 1;
pub const NODECORE_KEY_PKCS8: i32 = 2;
pub const NODECORE_KEY_SEC1: i32 = 3;
pub const NODECORE_KEY_SPKI: i32 = 4;

pub const NODECORE_KEY_BYTES: i32 = 0;
pub const NODECORE_KEY_PEM: i32 = 1;
pub const NODECORE_KEY_DER: i32 = 2;
pub const NODECORE_KEY_JWK: i32 = 3;
pub const NODECORE_KEY_RAW_PUBLIC: i32 = 4;
pub const NODECORE_KEY_RAW_PUBLIC_COMPRESSED: i32 = 5;
pub const NODECORE_KEY_RAW_PRIVATE: i32 = 6;
pub const NODECORE_KEY_RAW_SEED: i32 = 7;

/// A key, with its details made at once, so that a const pointer may be shared between threads.
#[derive(Clone, Debug)]
pub struct nodecore_key {
    pub(super) key: KeyObject,
    details: AsymmetricKeyDetails,
}
impl Castable for nodecore_key {}

const _: () = {
    const fn assert_sync<T: Send + Sync>() {}
    assert_sync::<nodecore_key>();
};

impl nodecore_key {
    /// The key of a caller's handle.
    ///
    /// # Safety
    /// - `key` is null or a live key.
    pub(super) unsafe fn object<'a>(key: *const nodecore_key) -> Result<&'a KeyObject> {
        // SAFETY: as the caller vouches.
        Ok(unsafe { &arg::object(key, "key")?.key })
    }
}

impl From<KeyObject> for nodecore_key {
    fn from(key: KeyObject) -> nodecore_key {
        let details = key.asymmetric_key_details().unwrap_or_default();
        nodecore_key { key, details }
    }
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_key_input {
    pub struct_size: usize,
    pub format: i32,
    pub encoding: i32,
    pub data: nodecore_str,
    pub passphrase: nodecore_str,
    pub asymmetric_key_type: nodecore_str,
    pub named_curve: nodecore_str,
}

impl SizedOptions for nodecore_key_input {
    const ZERO: Self = nodecore_key_input {
        struct_size: 0,
        format: 0,
        encoding: 0,
        data: nodecore_str::NONE,
        passphrase: nodecore_str::NONE,
        asymmetric_key_type: nodecore_str::NONE,
        named_curve: nodecore_str::NONE,
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_key_export_options {
    pub struct_size: usize,
    pub format: i32,
    pub encoding: i32,
    pub cipher: nodecore_str,
    pub passphrase: nodecore_str,
}

impl SizedOptions for nodecore_key_export_options {
    const ZERO: Self = nodecore_key_export_options {
        struct_size: 0,
        format: 0,
        encoding: 0,
        cipher: nodecore_str::NONE,
        passphrase: nodecore_str::NONE,
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_key_details {
    pub modulus_length: u32,
    pub divisor_length: u32,
    pub salt_length: i32,
    pub public_exponent: nodecore_str,
    pub hash_algorithm: nodecore_str,
    pub mgf1_hash_algorithm: nodecore_str,
    pub named_curve: nodecore_str,
}

/// The bytes of a view in a struct; `None` for `{NULL, 0}`.
///
/// # Safety
/// - `view` is of readable bytes during `'a`.
pub(super) unsafe fn given<'a>(view: nodecore_str, name: &str) -> Result<Option<&'a [u8]>> {
    if view.data.is_null() && view.len == 0 {
        return Ok(None);
    }
    // SAFETY: as the caller vouches.
    unsafe { arg::data(view.data.cast(), view.len, name) }.map(Some)
}

/// As [`given`], as text.
///
/// # Safety
/// - as there.
pub(super) unsafe fn given_text<'a>(view: nodecore_str, name: &str) -> Result<Option<&'a str>> {
    // SAFETY: as the caller vouches.
    let Some(bytes) = unsafe { given(view, name) }? else { return Ok(None) };
    let invalid = || Error::from_template(Code::InvalidArgValue, &[&name, &"is not UTF-8", &"bytes"]);
    arg::as_text(bytes).map(Some).ok_or_else(invalid)
}

pub(super) fn unknown(name: &str, value: i32) -> Error {
    let text = format!("The property '{name}' is invalid. Received {value}");
    Error::new(Code::InvalidArgValue, text)
}

fn encoding(name: &str, value: i32) -> Result<KeyEncoding> {
    match value {
        NODECORE_KEY_PKCS1 => Ok(KeyEncoding::Pkcs1),
        NODECORE_KEY_PKCS8 => Ok(KeyEncoding::Pkcs8),
        NODECORE_KEY_SEC1 => Ok(KeyEncoding::Sec1),
        NODECORE_KEY_SPKI => Ok(KeyEncoding::Spki),
        _ => Err(unknown(name, value)),
    }
}

/// Hands the caller's input on.
///
/// # Safety
/// - `input` is null or a struct of the size it says, whose views are of readable bytes.
unsafe fn read<T>(
    input: *const nodecore_key_input,
    make: impl FnOnce(&KeyInput<'_>) -> Result<T>,
) -> Result<T> {
    // SAFETY: as the caller vouches.
    let input = unsafe {
        arg::object(input, "input")?;
        nodecore_key_input::read(input, "input")
    }?;
    // SAFETY: as the caller vouches.
    let (data, passphrase, kind, curve) = unsafe {
        (
            arg::data(input.data.data.cast(), input.data.len, "input.data")?,
            given(input.passphrase, "input.passphrase")?,
            given_text(input.asymmetric_key_type, "input.asymmetric_key_type")?,
            given_text(input.named_curve, "input.named_curve")?,
        )
    };
    let jwk;
    let raw = || {
        kind.ok_or_else(|| {
            let text = "The \"key.asymmetricKeyType\" property must be of type string. Received undefined";
            Error::new(Code::InvalidArgType, text)
        })
    };
    let mut key = match input.format {
        NODECORE_KEY_PEM => KeyInput::pem(data),
        NODECORE_KEY_DER => KeyInput::der(data, encoding("key.type", input.encoding)?),
        NODECORE_KEY_JWK => {
            let invalid = || Error::from_template(Code::CryptoInvalidJwk, &[&"Invalid JWK format"]);
            jwk = Jwk::parse(arg::as_text(data).ok_or_else(invalid)?)?;
            KeyInput::jwk(&jwk)
        }
        NODECORE_KEY_RAW_PUBLIC => KeyInput::raw_public(data, raw()?),
        NODECORE_KEY_RAW_PRIVATE => KeyInput::raw_private(data, raw()?),
        NODECORE_KEY_RAW_SEED => KeyInput::raw_seed(data, raw()?),
        other => return Err(unknown("key.format", other)),
    };
    if let Some(curve) = curve {
        key = key.named_curve(curve);
    }
    if let Some(passphrase) = passphrase {
        key = key.passphrase(passphrase);
    }
    make(&key)
}

/// Declared in the header.
///
/// # Safety
/// - `data` is null or points to `len` readable bytes; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_create_secret_key(
    data: *const c_void,
    len: usize,
    out: *mut *mut nodecore_key,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let key = nodecore_crypto::create_secret_key(arg::data(data, len, "data")?);
            out.set(nodecore_key::from(key).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `input` is null or a struct of the size it says, whose views are of readable bytes; `out` and `err` are null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_create_private_key(
    input: *const nodecore_key_input,
    out: *mut *mut nodecore_key,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(nodecore_key::from(read(input, nodecore_crypto::create_private_key)?).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_crypto_create_private_key`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_create_public_key(
    input: *const nodecore_key_input,
    out: *mut *mut nodecore_key,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(nodecore_key::from(read(input, nodecore_crypto::create_public_key)?).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `key` is null or a live key; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_key_to_public(
    key: *const nodecore_key,
    out: *mut *mut nodecore_key,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let key = nodecore_crypto::create_public_key(&KeyInput::from(&arg::object(key, "key")?.key))?;
            out.set(nodecore_key::from(key).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `key` is null or a key that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_key_free(key: *mut nodecore_key) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(key) };
}

/// Declared in the header.
///
/// # Safety
/// - `key` is null or a live key.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_key_copy(key: *const nodecore_key) -> *mut nodecore_key {
    // SAFETY: as the caller vouches.
    let key = unsafe { arg::nullable(key) };
    total(std::ptr::null_mut(), || key.map_or(std::ptr::null_mut(), |key| key.clone().into_raw()))
}

/// Declared in the header.
///
/// # Safety
/// - `key` is null or a live key.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_key_type(key: *const nodecore_key) -> i32 {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(key) }.map_or(-1, |key| match key.key.key_type() {
        KeyType::Secret => NODECORE_KEY_SECRET,
        KeyType::Public => NODECORE_KEY_PUBLIC,
        KeyType::Private => NODECORE_KEY_PRIVATE,
    })
}

/// Declared in the header.
///
/// # Safety
/// - `key` is null or a live key.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_key_secret(key: *const nodecore_key) -> nodecore_str {
    // SAFETY: as the caller vouches.
    nodecore_str::nullable(unsafe { arg::nullable(key) }.and_then(|key| key.key.secret_bytes()))
}

/// Declared in the header.
///
/// # Safety
/// - `key` is null or a live key.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_key_asymmetric_type(key: *const nodecore_key) -> nodecore_str {
    // SAFETY: as the caller vouches.
    let name = unsafe { arg::nullable(key) }.and_then(|key| key.key.asymmetric_key_type());
    nodecore_str::nullable(name.map(str::as_bytes))
}

/// Declared in the header.
///
/// # Safety
/// - `key` is null or a live key.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_key_asymmetric_details(key: *const nodecore_key) -> nodecore_key_details {
    let none = AsymmetricKeyDetails::default();
    // SAFETY: as the caller vouches.
    let details = unsafe { arg::nullable(key) }.map_or(&none, |key| &key.details);
    let text = |text: &Option<String>| nodecore_str::nullable(text.as_deref().map(str::as_bytes));
    nodecore_key_details {
        modulus_length: details.modulus_length.unwrap_or(0),
        divisor_length: details.divisor_length.unwrap_or(0),
        salt_length: details.salt_length.unwrap_or(-1),
        public_exponent: nodecore_str::nullable(details.public_exponent.as_deref()),
        hash_algorithm: text(&details.hash_algorithm),
        mgf1_hash_algorithm: text(&details.mgf1_hash_algorithm),
        named_curve: text(&details.named_curve),
    }
}

/// Declared in the header.
///
/// # Safety
/// - `key` and `other` are null or live keys.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_key_equals(key: *const nodecore_key, other: *const nodecore_key) -> bool {
    // SAFETY: as the caller vouches.
    let keys = unsafe { (arg::nullable(key), arg::nullable(other)) };
    total(false, || matches!(keys, (Some(key), Some(other)) if key.key.equals(&other.key)))
}

/// Declared in the header.
///
/// # Safety
/// - `key` is null or a live key; `opts` is null or a struct of the size it says, whose views are of readable bytes; `out`
///   and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_key_export(
    key: *const nodecore_key,
    opts: *const nodecore_key_export_options,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let key = arg::object(key, "key")?;
            let opts = nodecore_key_export_options::read(opts, "opts")?;
            let mut export = match opts.format {
                NODECORE_KEY_BYTES => KeyExport::bytes(),
                NODECORE_KEY_PEM => KeyExport::pem(encoding("options.type", opts.encoding)?),
                NODECORE_KEY_DER => KeyExport::der(encoding("options.type", opts.encoding)?),
                NODECORE_KEY_JWK => KeyExport::jwk(),
                NODECORE_KEY_RAW_PUBLIC => KeyExport::raw_public(),
                NODECORE_KEY_RAW_PUBLIC_COMPRESSED => KeyExport::raw_public_compressed(),
                NODECORE_KEY_RAW_PRIVATE => KeyExport::raw_private(),
                NODECORE_KEY_RAW_SEED => KeyExport::raw_seed(),
                other => return Err(unknown("options.format", other)),
            };
            let passphrase = given(opts.passphrase, "opts.passphrase")?;
            if let Some(cipher) = given_text(opts.cipher, "opts.cipher")? {
                let Some(passphrase) = passphrase else {
                    let text = "The property 'options.passphrase' is invalid. Received undefined";
                    return Err(Error::new(Code::InvalidArgValue, text));
                };
                export = export.encrypted(cipher, passphrase);
            }
            out.set(key.key.export(&export)?.into_bytes().into());
            Ok(())
        })
    }
}
