//! `nodecore/crypto_web.h`: keys of WebCrypto, and what its algorithms are used with.

use std::ffi::{c_char, c_void};

use ::nodecore_error::{Code, Error, Result};
use nodecore_crypto::Jwk;
use nodecore_crypto::webcrypto::{
    Algorithm, Besides, CryptoKey, CryptoKeyPair, GeneratedKey, KeyData, KeyFormat, KeyUsage, supports,
};

use super::key::{given, given_text, nodecore_key};
use crate::boundary::{Castable, Foreign, SizedOptions, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::str::{nodecore_buf, nodecore_str};
use crate::stream::lend_error;

pub const NODECORE_CRYPTO_FORMAT_RAW: i32 = 1;
pub const NODECORE_CRYPTO_FORMAT_RAW_SECRET: i32 = 2;
pub const NODECORE_CRYPTO_FORMAT_RAW_PUBLIC: i32 = 3;
pub const NODECORE_CRYPTO_FORMAT_RAW_PRIVATE: i32 = 4;
pub const NODECORE_CRYPTO_FORMAT_RAW_SEED: i32 = 5;
pub const NODECORE_CRYPTO_FORMAT_SPKI: i32 = 6;
pub const NODECORE_CRYPTO_FORMAT_PKCS8: i32 = 7;
pub const NODECORE_CRYPTO_FORMAT_JWK: i32 = 8;

pub const NODECORE_CRYPTO_USAGE_ENCRYPT: u32 = 1;
pub const NODECORE_CRYPTO_USAGE_DECRYPT: u32 = 2;
pub const NODECORE_CRYPTO_USAGE_SIGN: u32 = 4;
pub const NODECORE_CRYPTO_USAGE_VERIFY: u32 = 8;
pub const NODECORE_CRYPTO_USAGE_DERIVE_KEY: u32 = 16;
pub const NODECORE_CRYPTO_USAGE_DERIVE_BITS: u32 = 32;
pub const NODECORE_CRYPTO_USAGE_WRAP_KEY: u32 = 64;
pub const NODECORE_CRYPTO_USAGE_UNWRAP_KEY: u32 = 128;
pub const NODECORE_CRYPTO_USAGE_ENCAPSULATE_KEY: u32 = 256;
pub const NODECORE_CRYPTO_USAGE_ENCAPSULATE_BITS: u32 = 512;
pub const NODECORE_CRYPTO_USAGE_DECAPSULATE_KEY: u32 = 1024;
pub const NODECORE_CRYPTO_USAGE_DECAPSULATE_BITS: u32 = 2048;

pub const NODECORE_CRYPTO_HAS_LENGTH: u32 = 1;
pub const NODECORE_CRYPTO_HAS_TAG_LENGTH: u32 = 2;
pub const NODECORE_CRYPTO_HAS_MODULUS_LENGTH: u32 = 4;
pub const NODECORE_CRYPTO_HAS_SALT_LENGTH: u32 = 8;
pub const NODECORE_CRYPTO_HAS_OUTPUT_LENGTH: u32 = 16;
pub const NODECORE_CRYPTO_HAS_ITERATIONS: u32 = 32;
pub const NODECORE_CRYPTO_HAS_PARALLELISM: u32 = 64;
pub const NODECORE_CRYPTO_HAS_MEMORY: u32 = 128;
pub const NODECORE_CRYPTO_HAS_PASSES: u32 = 256;
pub const NODECORE_CRYPTO_HAS_DOMAIN_SEPARATION: u32 = 512;
pub const NODECORE_CRYPTO_HAS_VERSION: u32 = 1024;

/// A key of WebCrypto.
#[derive(Clone, Debug)]
pub struct nodecore_crypto_key(pub(super) CryptoKey);
impl Castable for nodecore_crypto_key {}

const _: () = {
    const fn assert_sync<T: Send + Sync>() {}
    assert_sync::<nodecore_crypto_key>();
};

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_crypto_algorithm {
    pub struct_size: usize,
    pub name: nodecore_str,
    pub hash: nodecore_str,
    pub named_curve: nodecore_str,
    pub public_exponent: nodecore_str,
    pub iv: nodecore_str,
    pub counter: nodecore_str,
    pub additional_data: nodecore_str,
    pub label: nodecore_str,
    pub context: nodecore_str,
    pub customization: nodecore_str,
    pub function_name: nodecore_str,
    pub salt: nodecore_str,
    pub info: nodecore_str,
    pub nonce: nodecore_str,
    pub secret_value: nodecore_str,
    pub associated_data: nodecore_str,
    pub public_key: *const nodecore_crypto_key,
    pub has: u32,
    pub length: u32,
    pub tag_length: u32,
    pub modulus_length: u32,
    pub salt_length: u32,
    pub output_length: u32,
    pub iterations: u32,
    pub parallelism: u32,
    pub memory: u32,
    pub passes: u32,
    pub domain_separation: u32,
    pub version: u32,
}

impl SizedOptions for nodecore_crypto_algorithm {
    const ZERO: Self = nodecore_crypto_algorithm {
        struct_size: 0,
        name: nodecore_str::NONE,
        hash: nodecore_str::NONE,
        named_curve: nodecore_str::NONE,
        public_exponent: nodecore_str::NONE,
        iv: nodecore_str::NONE,
        counter: nodecore_str::NONE,
        additional_data: nodecore_str::NONE,
        label: nodecore_str::NONE,
        context: nodecore_str::NONE,
        customization: nodecore_str::NONE,
        function_name: nodecore_str::NONE,
        salt: nodecore_str::NONE,
        info: nodecore_str::NONE,
        nonce: nodecore_str::NONE,
        secret_value: nodecore_str::NONE,
        associated_data: nodecore_str::NONE,
        public_key: std::ptr::null(),
        has: 0,
        length: 0,
        tag_length: 0,
        modulus_length: 0,
        salt_length: 0,
        output_length: 0,
        iterations: 0,
        parallelism: 0,
        memory: 0,
        passes: 0,
        domain_separation: 0,
        version: 0,
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_crypto_key_algorithm {
    pub name: nodecore_str,
    pub hash: nodecore_str,
    pub named_curve: nodecore_str,
    pub public_exponent: nodecore_str,
    pub length: i64,
    pub modulus_length: u32,
}

pub type nodecore_crypto_key_cb = Option<
    unsafe extern "C" fn(err: *const nodecore_error, key: *mut nodecore_crypto_key, user: *mut c_void),
>;
pub type nodecore_crypto_key_pair_cb = Option<
    unsafe extern "C" fn(
        err: *const nodecore_error,
        public_key: *mut nodecore_crypto_key,
        key: *mut nodecore_crypto_key,
        user: *mut c_void,
    ),
>;
pub type nodecore_subtle_verify_cb =
    Option<unsafe extern "C" fn(err: *const nodecore_error, valid: bool, user: *mut c_void)>;
pub type nodecore_subtle_encapsulated_bits_cb = Option<
    unsafe extern "C" fn(
        err: *const nodecore_error,
        ciphertext: *mut nodecore_buf,
        shared: *mut nodecore_buf,
        user: *mut c_void,
    ),
>;
pub type nodecore_subtle_encapsulated_key_cb = Option<
    unsafe extern "C" fn(
        err: *const nodecore_error,
        ciphertext: *mut nodecore_buf,
        shared: *mut nodecore_crypto_key,
        user: *mut c_void,
    ),
>;

/// The caller's algorithm.
///
/// # Safety
/// - `alg` is null or a struct of the size it says, whose views are of readable bytes during `'a`, and whose key is null or
///   live.
pub(super) unsafe fn algorithm<'a>(
    alg: *const nodecore_crypto_algorithm,
    name: &str,
) -> Result<Algorithm<'a>> {
    // SAFETY: as the caller vouches.
    let it = unsafe {
        arg::object(alg, name)?;
        nodecore_crypto_algorithm::read(alg, name)
    }?;
    // SAFETY: as the caller vouches.
    let mut out = Algorithm::new(unsafe { given_text(it.name, "alg.name") }?.unwrap_or_default());
    // SAFETY: as the caller vouches.
    unsafe {
        if let Some(hash) = given_text(it.hash, "alg.hash")? {
            out = out.hash(hash);
        }
        if let Some(curve) = given_text(it.named_curve, "alg.named_curve")? {
            out = out.named_curve(curve);
        }
        if let Some(key) = arg::nullable(it.public_key) {
            out = out.public(&key.0);
        }
    }
    type SetBytes<'a> = fn(Algorithm<'a>, &'a [u8]) -> Algorithm<'a>;
    let views: [(nodecore_str, &str, SetBytes<'a>); 13] = [
        (it.public_exponent, "alg.public_exponent", Algorithm::public_exponent),
        (it.iv, "alg.iv", Algorithm::iv),
        (it.counter, "alg.counter", Algorithm::counter),
        (it.additional_data, "alg.additional_data", Algorithm::additional_data),
        (it.label, "alg.label", Algorithm::label),
        (it.context, "alg.context", Algorithm::context),
        (it.customization, "alg.customization", Algorithm::customization),
        (it.function_name, "alg.function_name", Algorithm::function_name),
        (it.salt, "alg.salt", Algorithm::salt),
        (it.info, "alg.info", Algorithm::info),
        (it.nonce, "alg.nonce", Algorithm::nonce),
        (it.secret_value, "alg.secret_value", Algorithm::secret_value),
        (it.associated_data, "alg.associated_data", Algorithm::associated_data),
    ];
    for (view, name, set) in views {
        // SAFETY: as the caller vouches.
        if let Some(bytes) = unsafe { given(view, name) }? {
            out = set(out, bytes);
        }
    }
    type SetNumber<'a> = fn(Algorithm<'a>, u32) -> Algorithm<'a>;
    let numbers: [(u32, u32, SetNumber<'a>); 9] = [
        (it.length, NODECORE_CRYPTO_HAS_LENGTH, Algorithm::length),
        (it.tag_length, NODECORE_CRYPTO_HAS_TAG_LENGTH, Algorithm::tag_length),
        (it.modulus_length, NODECORE_CRYPTO_HAS_MODULUS_LENGTH, Algorithm::modulus_length),
        (it.salt_length, NODECORE_CRYPTO_HAS_SALT_LENGTH, Algorithm::salt_length),
        (it.output_length, NODECORE_CRYPTO_HAS_OUTPUT_LENGTH, Algorithm::output_length),
        (it.iterations, NODECORE_CRYPTO_HAS_ITERATIONS, Algorithm::iterations),
        (it.parallelism, NODECORE_CRYPTO_HAS_PARALLELISM, Algorithm::parallelism),
        (it.memory, NODECORE_CRYPTO_HAS_MEMORY, Algorithm::memory),
        (it.passes, NODECORE_CRYPTO_HAS_PASSES, Algorithm::passes),
    ];
    for (value, bit, set) in numbers {
        if value != 0 || it.has & bit != 0 {
            out = set(out, value);
        }
    }
    type SetByte<'a> = fn(Algorithm<'a>, u8) -> Algorithm<'a>;
    let octets: [(u32, u32, &str, SetByte<'a>); 2] = [
        (
            it.domain_separation,
            NODECORE_CRYPTO_HAS_DOMAIN_SEPARATION,
            "alg.domain_separation",
            Algorithm::domain_separation,
        ),
        (it.version, NODECORE_CRYPTO_HAS_VERSION, "alg.version", Algorithm::version),
    ];
    for (value, bit, name, set) in octets {
        if value != 0 || it.has & bit != 0 {
            out = set(out, u8::try_from(value).map_err(|_| invalid(name, i64::from(value)))?);
        }
    }
    Ok(out)
}

fn invalid(name: &str, value: i64) -> Error {
    Error::new(Code::InvalidArgValue, format!("The property '{name}' is invalid. Received {value}"))
}

pub(super) fn format(format: i32) -> Result<KeyFormat> {
    Ok(match format {
        NODECORE_CRYPTO_FORMAT_RAW => KeyFormat::Raw,
        NODECORE_CRYPTO_FORMAT_RAW_SECRET => KeyFormat::RawSecret,
        NODECORE_CRYPTO_FORMAT_RAW_PUBLIC => KeyFormat::RawPublic,
        NODECORE_CRYPTO_FORMAT_RAW_PRIVATE => KeyFormat::RawPrivate,
        NODECORE_CRYPTO_FORMAT_RAW_SEED => KeyFormat::RawSeed,
        NODECORE_CRYPTO_FORMAT_SPKI => KeyFormat::Spki,
        NODECORE_CRYPTO_FORMAT_PKCS8 => KeyFormat::Pkcs8,
        NODECORE_CRYPTO_FORMAT_JWK => KeyFormat::Jwk,
        other => return Err(invalid("format", other.into())),
    })
}

/// The usages by their bits.
const USAGES: [(u32, KeyUsage); 12] = [
    (NODECORE_CRYPTO_USAGE_ENCRYPT, KeyUsage::Encrypt),
    (NODECORE_CRYPTO_USAGE_DECRYPT, KeyUsage::Decrypt),
    (NODECORE_CRYPTO_USAGE_SIGN, KeyUsage::Sign),
    (NODECORE_CRYPTO_USAGE_VERIFY, KeyUsage::Verify),
    (NODECORE_CRYPTO_USAGE_DERIVE_KEY, KeyUsage::DeriveKey),
    (NODECORE_CRYPTO_USAGE_DERIVE_BITS, KeyUsage::DeriveBits),
    (NODECORE_CRYPTO_USAGE_WRAP_KEY, KeyUsage::WrapKey),
    (NODECORE_CRYPTO_USAGE_UNWRAP_KEY, KeyUsage::UnwrapKey),
    (NODECORE_CRYPTO_USAGE_ENCAPSULATE_KEY, KeyUsage::EncapsulateKey),
    (NODECORE_CRYPTO_USAGE_ENCAPSULATE_BITS, KeyUsage::EncapsulateBits),
    (NODECORE_CRYPTO_USAGE_DECAPSULATE_KEY, KeyUsage::DecapsulateKey),
    (NODECORE_CRYPTO_USAGE_DECAPSULATE_BITS, KeyUsage::DecapsulateBits),
];

pub(super) fn usages(mask: u32) -> Result<Vec<KeyUsage>> {
    let known = USAGES.iter().fold(0, |known, (bit, _)| known | bit);
    if mask & !known != 0 {
        return Err(invalid("usages", mask.into()));
    }
    Ok(USAGES.iter().filter(|(bit, _)| mask & bit != 0).map(|(_, usage)| *usage).collect())
}

/// The length of bits to be derived; `None` for -1.
pub(super) fn given_length(length: i64) -> Result<Option<u32>> {
    match length {
        -1 => Ok(None),
        _ => u32::try_from(length).map(Some).map_err(|_| invalid("length", length)),
    }
}

/// The JSON Web Key in `data`, if that is the format.
pub(super) fn parsed(format: KeyFormat, data: &[u8]) -> Result<Option<Jwk>> {
    if format != KeyFormat::Jwk {
        return Ok(None);
    }
    let wrong = || Error::from_template(Code::DomData, &[&"Invalid keyData"]);
    let text = arg::as_text(data).ok_or_else(wrong)?;
    Jwk::parse(text).map(Some).map_err(|cause| wrong().with_cause(cause))
}

pub(super) fn key_data<'a>(jwk: Option<&'a Jwk>, data: &'a [u8]) -> KeyData<'a> {
    jwk.map_or(KeyData::Bytes(data), KeyData::Jwk)
}

/// The public half, which a secret key has not, and the other.
pub(super) fn split(made: GeneratedKey) -> Result<(*mut nodecore_crypto_key, *mut nodecore_crypto_key)> {
    let raw = |key| nodecore_crypto_key(key).into_raw();
    match made {
        GeneratedKey::Pair(CryptoKeyPair { public_key, private_key, .. }) => {
            Ok((raw(public_key), raw(private_key)))
        }
        secret => Ok((std::ptr::null_mut(), raw(secret.into_secret()?))),
    }
}

/// Gives a callback its key.
pub(super) fn give_key(
    cb: unsafe extern "C" fn(*const nodecore_error, *mut nodecore_crypto_key, *mut c_void),
    foreign: &Foreign,
    result: Result<CryptoKey>,
) {
    // SAFETY: the caller gave `cb` for this user, which is not released yet.
    let call = |err, key| unsafe { cb(err, key, foreign.user()) };
    match result {
        Ok(key) => call(std::ptr::null(), nodecore_crypto_key(key).into_raw()),
        Err(error) => lend_error(Some(&error), |err| call(err, std::ptr::null_mut())),
    }
}

/// Gives a callback what was generated.
pub(super) fn give_pair(
    cb: unsafe extern "C" fn(
        *const nodecore_error,
        *mut nodecore_crypto_key,
        *mut nodecore_crypto_key,
        *mut c_void,
    ),
    foreign: &Foreign,
    result: Result<GeneratedKey>,
) {
    // SAFETY: the caller gave `cb` for this user, which is not released yet.
    let call = |err, public, key| unsafe { cb(err, public, key, foreign.user()) };
    match result.and_then(split) {
        Ok((public, key)) => call(std::ptr::null(), public, key),
        Err(error) => {
            lend_error(Some(&error), |err| call(err, std::ptr::null_mut(), std::ptr::null_mut()));
        }
    }
}

/// Declared in the header.
///
/// # Safety
/// - `key` is null or a key that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_key_free(key: *mut nodecore_crypto_key) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(key) };
}

/// Declared in the header.
///
/// # Safety
/// - `key` is null or a live key.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_key_copy(
    key: *const nodecore_crypto_key,
) -> *mut nodecore_crypto_key {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(key) }.map_or(std::ptr::null_mut(), |key| key.clone().into_raw())
}

/// Declared in the header.
///
/// # Safety
/// - `key` is null or a live key.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_key_type(key: *const nodecore_crypto_key) -> i32 {
    use nodecore_crypto::KeyType;
    // SAFETY: as the caller vouches.
    match unsafe { arg::nullable(key) }.map(|key| key.0.key_type()) {
        Some(KeyType::Public) => super::key::NODECORE_KEY_PUBLIC,
        Some(KeyType::Private) => super::key::NODECORE_KEY_PRIVATE,
        Some(KeyType::Secret) => super::key::NODECORE_KEY_SECRET,
        None => -1,
    }
}

/// Declared in the header.
///
/// # Safety
/// - `key` is null or a live key.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_key_extractable(key: *const nodecore_crypto_key) -> bool {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(key) }.is_some_and(|key| key.0.extractable())
}

/// Declared in the header.
///
/// # Safety
/// - `key` is null or a live key.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_key_usages(key: *const nodecore_crypto_key) -> u32 {
    // SAFETY: as the caller vouches.
    let key = unsafe { arg::nullable(key) };
    let usages = key.map(|key| key.0.usages()).unwrap_or_default();
    USAGES.iter().filter(|(_, usage)| usages.contains(usage)).fold(0, |mask, (bit, _)| mask | bit)
}

/// Declared in the header.
///
/// # Safety
/// - `key` is null or a live key.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_key_get_algorithm(
    key: *const nodecore_crypto_key,
) -> nodecore_crypto_key_algorithm {
    // SAFETY: as the caller vouches.
    let of = unsafe { arg::nullable(key) }.map(|key| key.0.algorithm());
    let text = |text: Option<&'static str>| nodecore_str::nullable(text.map(str::as_bytes));
    nodecore_crypto_key_algorithm {
        name: text(of.map(|of| of.name.name())),
        hash: text(of.and_then(|of| of.hash).map(|hash| hash.name())),
        named_curve: text(of.and_then(|of| of.named_curve).map(|curve| curve.name())),
        public_exponent: nodecore_str::nullable(of.and_then(|of| of.public_exponent.as_deref())),
        length: of.and_then(|of| of.length).map_or(-1, i64::from),
        modulus_length: of.and_then(|of| of.modulus_length).unwrap_or(0),
    }
}

/// Declared in the header.
///
/// # Safety
/// - `key` is null or a live key; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_crypto_key_to_key(
    key: *const nodecore_crypto_key,
    out: *mut *mut nodecore_key,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let key = arg::object(key, "key")?;
            out.set(nodecore_key::from(key.0.key_object().clone()).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `key` is null or a live key; `alg` is null or a struct of the size it says, whose views are of readable bytes and
///   whose key is null or live; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_key_to_crypto_key(
    key: *const nodecore_key,
    alg: *const nodecore_crypto_algorithm,
    extractable: bool,
    usages: u32,
    out: *mut *mut nodecore_crypto_key,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let key = arg::object(key, "key")?;
            let alg = algorithm(alg, "alg")?;
            let made = key.key.to_crypto_key(&alg, extractable, &self::usages(usages)?)?;
            out.set(nodecore_crypto_key(made).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `operation` is null or text as [`arg::text`] asks; `alg` and `other` are null or structs of the sizes they say, whose
///   views are of readable bytes and whose keys are null or live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_subtle_supports(
    operation: *const c_char,
    operation_len: usize,
    alg: *const nodecore_crypto_algorithm,
    other: *const nodecore_crypto_algorithm,
    length: i64,
) -> bool {
    total(false, || {
        // SAFETY: as the caller vouches.
        let told = unsafe {
            let operation = arg::text(operation, operation_len, "operation");
            let other = (!other.is_null()).then(|| algorithm(other, "other")).transpose();
            (operation, algorithm(alg, "alg"), other)
        };
        let (Ok(operation), Ok(alg), Ok(other)) = told else { return false };
        let besides = match (&other, given_length(length)) {
            (Some(other), _) => Besides::Algorithm(other),
            (None, Ok(Some(length))) => Besides::Length(length),
            (None, Ok(None)) => Besides::None,
            (None, Err(_)) => return false,
        };
        supports(operation, &alg, besides)
    })
}
