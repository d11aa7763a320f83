//! `subtle.encrypt` and `subtle.decrypt`: AES, ChaCha20-Poly1305, RSA-OAEP, and AES-KW for wrapping.

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::{EventLoop, Request};

use super::algorithm::{Algorithm, AlgorithmName, Op, need};
use super::error::{failed, invalid_access, operation};
use super::job::{Job, spawn};
use super::key::{CryptoKey, KeyUsage};
use crate::algorithm::Algorithm as Digest;
use crate::cipher::fetched;
use crate::constants::RSA_PKCS1_OAEP_PADDING;
use crate::engine::{CipherCtx, RsaOperation, RsaPadding, cleanse, rsa};

/// Node's text where OpenSSL gives no reason.
const FAILED: &str = "Cipher job failed";
/// What every wrapping begins with (RFC 3394, 2.2.3.1).
const KW_IV: [u8; 8] = [0xa6; 8];
/// The shortest vector of AES-GCM that Node takes here.
const GCM_IV: usize = 12;

#[derive(Clone)]
pub(super) enum Params {
    Cbc { iv: [u8; 16] },
    Ctr { counter: [u8; 16], length: u32 },
    Aead { iv: Vec<u8>, aad: Vec<u8>, tag: usize },
    Kw,
    Oaep { label: Vec<u8> },
}

/// The algorithm with its parameters, checked in Node's order. `op` is what comes first: wrapping falls back to
/// encrypting.
pub(super) fn params(algorithm: &Algorithm<'_>, op: Op) -> Result<(AlgorithmName, Params)> {
    use AlgorithmName as A;
    let name = match algorithm.named(op) {
        Err(_) if op == Op::Wrap => algorithm.named(Op::Encrypt)?,
        name => name?,
    };
    let exactly = |bytes: &[u8], member| {
        <[u8; 16]>::try_from(bytes)
            .map_err(|_| operation(&format!("algorithm.{member} must contain exactly 16 bytes")))
    };
    let params = match name {
        A::AesCbc => Params::Cbc { iv: exactly(need(algorithm.get_iv(), "iv", "AesCbcParams")?, "iv")? },
        A::AesCtr => {
            let counter = exactly(need(algorithm.get_counter(), "counter", "AesCtrParams")?, "counter")?;
            let length = need(algorithm.get_length(), "length", "AesCtrParams")?;
            if !(1..=128).contains(&length) {
                return Err(operation("AES-CTR algorithm.length must be between 1 and 128"));
            }
            Params::Ctr { counter, length }
        }
        A::AesGcm | A::AesOcb | A::ChaCha20Poly1305 => {
            let iv = need(algorithm.get_iv(), "iv", "AeadParams")?;
            match name {
                A::AesOcb if iv.len() > 15 => {
                    return Err(operation("AES-OCB algorithm.iv must be no more than 15 bytes"));
                }
                A::ChaCha20Poly1305 if iv.len() != 12 => {
                    return Err(operation("algorithm.iv must contain exactly 12 bytes"));
                }
                _ => {}
            }
            let tag = algorithm.get_tag_length().unwrap_or(128);
            let lengths: &[u32] = match name {
                A::AesGcm => &[32, 64, 96, 104, 112, 120, 128],
                A::AesOcb => &[64, 96, 128],
                _ => &[128],
            };
            if !lengths.contains(&tag) {
                return Err(operation(&format!("{tag} is not a valid {name} tag length")));
            }
            let aad = algorithm.get_additional_data().unwrap_or_default().to_vec();
            Params::Aead { iv: iv.to_vec(), aad, tag: usize::try_from(tag / 8).unwrap_or(16) }
        }
        A::AesKw => Params::Kw,
        _ => Params::Oaep { label: algorithm.get_label().unwrap_or_default().to_vec() },
    };
    Ok((name, params))
}

/// What is done with `key`, if it is one of that algorithm that may be used so.
pub(super) fn checked(
    (name, params): (AlgorithmName, Params),
    key: &CryptoKey,
    usage: KeyUsage,
) -> Result<Job<Vec<u8>>> {
    if key.name() != name {
        return Err(invalid_access("Key algorithm mismatch"));
    }
    if !key.usage_set().has(usage) {
        return Err(invalid_access(&format!("Unable to use this key to {}", usage.name())));
    }
    let encrypts = matches!(usage, KeyUsage::Encrypt | KeyUsage::WrapKey);
    let key = key.clone();
    Ok(Job::new(move |data| run(&params, &key, encrypts, data).map_err(failed)))
}

fn run(params: &Params, key: &CryptoKey, encrypts: bool, data: &[u8]) -> Result<Vec<u8>> {
    if let Params::Oaep { label } = params {
        return oaep(key, label, encrypts, data);
    }
    let bytes = key.key_object().secret_bytes().unwrap_or_default();
    let mode = match key.name() {
        AlgorithmName::AesCbc => "cbc",
        AlgorithmName::AesCtr => "ctr",
        AlgorithmName::AesGcm => "gcm",
        AlgorithmName::AesOcb => "ocb",
        _ => "wrap",
    };
    let chacha = key.name() == AlgorithmName::ChaCha20Poly1305;
    let name =
        if chacha { "chacha20-poly1305".to_owned() } else { format!("aes-{}-{mode}", bytes.len() * 8) };
    let cipher = fetched(&name).ok_or_else(|| Error::from_template(Code::CryptoUnknownCipher, &[]))?;
    let mut ctx = CipherCtx::new(cipher, encrypts)?;
    match params {
        Params::Cbc { iv } => {
            ctx.set_key(bytes, iv)?;
            ctx.whole(data, 0, FAILED)
        }
        Params::Ctr { counter, length } => counted(ctx, bytes, *counter, *length, data),
        Params::Aead { iv, aad, tag } => {
            let too_short = if key.name() == AlgorithmName::AesGcm { GCM_IV } else { 1 };
            if iv.len() < too_short {
                return Err(Error::from_template(Code::CryptoInvalidIv, &[&"Invalid initialization vector"]));
            }
            if iv.len() != cipher.iv_length() {
                ctx.use_iv_length(iv.len(), FAILED)?;
            }
            sealed(ctx, (bytes, iv), aad, *tag, mode == "ocb" && !chacha, encrypts, data)
        }
        Params::Kw | Params::Oaep { .. } => {
            if data.is_empty() {
                return Ok(Vec::new());
            }
            ctx.set_key(bytes, &KW_IV)?;
            ctx.whole(data, 0, FAILED)
        }
    }
}

fn refused() -> Error {
    Error::from_template(Code::Uncoded, &[&FAILED])
}

/// An authenticated cipher: the tag is behind the text.
fn sealed(
    mut ctx: CipherCtx,
    (key, iv): (&[u8], &[u8]),
    aad: &[u8],
    tag: usize,
    fixed_tag: bool,
    encrypts: bool,
    data: &[u8],
) -> Result<Vec<u8>> {
    let (text, given) = match data.len().checked_sub(tag) {
        _ if encrypts => (data, &[][..]),
        Some(at) => data.split_at(at),
        None => return Err(refused()),
    };
    if fixed_tag && !ctx.set_tag_length(tag) {
        return Err(refused());
    }
    ctx.set_key(key, iv)?;
    if (!encrypts && !ctx.set_tag(given)) || (!aad.is_empty() && !ctx.aad(aad)) {
        return Err(refused());
    }
    let mut out = ctx.whole(text, if encrypts { tag } else { 0 }, FAILED)?;
    if encrypts {
        let mut made = [0; 16];
        if !ctx.get_tag(&mut made[..tag]) {
            return Err(refused());
        }
        out.extend_from_slice(&made[..tag]);
    }
    Ok(out)
}

/// AES-CTR, whose counter is the last `length` bits: when they run over they start at 0, and the others stay.
fn counted(mut ctx: CipherCtx, key: &[u8], counter: [u8; 16], length: u32, data: &[u8]) -> Result<Vec<u8>> {
    let first = u128::from_be_bytes(counter);
    let mask = u128::MAX >> (128 - length);
    // Blocks until it runs over, less one, which has no overflow.
    let last = mask - (first & mask);
    let blocks = (data.len() as u128).div_ceil(16);
    if blocks > 0 && blocks - 1 > mask {
        return Err(refused());
    }
    ctx.set_key(key, &counter)?;
    if blocks == 0 || blocks - 1 <= last {
        return ctx.whole(data, 0, FAILED);
    }
    let split = usize::try_from((last + 1) * 16).map_err(|_| refused())?;
    let (head, tail) = data.split_at(split.min(data.len()));
    let mut out = ctx.whole(head, tail.len(), FAILED)?;
    ctx.restart(&(first & !mask).to_be_bytes(), true)?;
    let mut rest = ctx.whole(tail, 0, FAILED)?;
    out.extend_from_slice(&rest);
    cleanse(&mut rest);
    Ok(out)
}

fn oaep(key: &CryptoKey, label: &[u8], encrypts: bool, data: &[u8]) -> Result<Vec<u8>> {
    let hash = key.algorithm().hash.and_then(|hash| Digest::parse(hash.digest_name()));
    let md = hash.ok_or_else(refused)?.md()?;
    let how = RsaPadding { padding: RSA_PKCS1_OAEP_PADDING, oaep_hash: Some(md), oaep_label: label };
    let what = if encrypts { RsaOperation::PublicEncrypt } else { RsaOperation::PrivateDecrypt };
    rsa(key.key_object().pkey().ok_or_else(refused)?, what, &how, data)
}

pub(super) fn encrypt_job(algorithm: &Algorithm<'_>, key: &CryptoKey) -> Result<Job<Vec<u8>>> {
    checked(params(algorithm, Op::Encrypt)?, key, KeyUsage::Encrypt)
}

pub(super) fn decrypt_job(algorithm: &Algorithm<'_>, key: &CryptoKey) -> Result<Job<Vec<u8>>> {
    checked(params(algorithm, Op::Encrypt)?, key, KeyUsage::Decrypt)
}

/// Encrypts `data`: `AES-CBC`, `AES-CTR`, `AES-GCM`, `AES-OCB`, `ChaCha20-Poly1305` or `RSA-OAEP`. The tag of a cipher
/// that has one is behind the text. Node: `subtle.encrypt`
/// (<https://nodejs.org/api/webcrypto.html#subtleencryptalgorithm-key-data>).
///
/// # Errors
/// `NotSupportedError` for another algorithm; `OperationError` for a parameter, and if it fails, with OpenSSL's error as
/// the cause; `InvalidAccessError` for a key of another algorithm or use; [`Code::MissingOption`].
///
/// # Examples
/// See [`Algorithm`].
pub fn encrypt_sync(algorithm: &Algorithm<'_>, key: &CryptoKey, data: &[u8]) -> Result<Vec<u8>> {
    encrypt_job(algorithm, key)?.run(data)
}

/// As [`encrypt_sync`], on the pool; `done` is called once, later.
///
/// # Errors
/// As there: what is wrong with an argument is returned, the rest is given to `done`.
pub fn encrypt(
    lp: &EventLoop,
    algorithm: &Algorithm<'_>,
    key: &CryptoKey,
    data: &[u8],
    done: impl FnOnce(Result<Vec<u8>>) + 'static,
) -> Result<Request> {
    Ok(spawn(lp, encrypt_job(algorithm, key)?, data, done))
}

/// Decrypts `data`, likewise. Node: `subtle.decrypt`
/// (<https://nodejs.org/api/webcrypto.html#subtledecryptalgorithm-key-data>).
///
/// # Errors
/// As [`encrypt_sync`]; `OperationError` for what is not authentic.
pub fn decrypt_sync(algorithm: &Algorithm<'_>, key: &CryptoKey, data: &[u8]) -> Result<Vec<u8>> {
    decrypt_job(algorithm, key)?.run(data)
}

/// As [`decrypt_sync`], on the pool; `done` is called once, later.
///
/// # Errors
/// As there: what is wrong with an argument is returned, the rest is given to `done`.
pub fn decrypt(
    lp: &EventLoop,
    algorithm: &Algorithm<'_>,
    key: &CryptoKey,
    data: &[u8],
    done: impl FnOnce(Result<Vec<u8>>) + 'static,
) -> Result<Request> {
    Ok(spawn(lp, decrypt_job(algorithm, key)?, data, done))
}
