//! `subtle.exportKey` and `subtle.getPublicKey`.

use nodecore_error::Result;
use nodecore_event_loop::{EventLoop, OperationExt, Request};

use super::KeyFormat;
use super::algorithm::{AlgorithmName, Op};
use super::error::{failed, invalid_access, not_supported};
use super::jwk;
use super::key::{CryptoKey, KeyUsage, Usages, check_usages};
use crate::{ExportedKey, KeyEncoding, KeyExport, KeyInput, KeyType, create_public_key};

pub(super) fn run(format: KeyFormat, key: &CryptoKey) -> Result<ExportedKey> {
    use AlgorithmName as A;
    let (name, half) = (key.name(), key.key_type());
    if !name.can(Op::Export) {
        return Err(not_supported(&format!("{name} key export is not supported")));
    }
    if !key.extractable() {
        return Err(invalid_access("key is not extractable"));
    }
    let form = match (format, half) {
        (KeyFormat::Jwk, _) => return jwk::write(key).map(ExportedKey::Jwk).map_err(failed),
        (KeyFormat::RawSecret, KeyType::Secret) => KeyExport::bytes(),
        (KeyFormat::Raw, KeyType::Secret)
            if !matches!(name, A::AesOcb | A::ChaCha20Poly1305) && !name.is_kmac() =>
        {
            KeyExport::bytes()
        }
        (KeyFormat::Spki, KeyType::Public) => KeyExport::der(KeyEncoding::Spki),
        (KeyFormat::Pkcs8, KeyType::Private) => KeyExport::der(KeyEncoding::Pkcs8),
        (KeyFormat::Spki, KeyType::Private) => return Err(invalid_access("Key must be a public key")),
        (KeyFormat::Pkcs8, KeyType::Public) => return Err(invalid_access("Key must be a private key")),
        (KeyFormat::RawPublic, KeyType::Public) if !name.is_rsa() => KeyExport::raw_public(),
        (KeyFormat::Raw, KeyType::Public) if !name.is_rsa() && !name.is_lattice() => KeyExport::raw_public(),
        (KeyFormat::RawSeed, KeyType::Private) if name.is_lattice() => KeyExport::raw_seed(),
        _ => {
            let kind = half.name();
            return Err(not_supported(&format!(
                "Unable to export {name} {kind} key using {} format",
                format.name()
            )));
        }
    };
    match key.algorithm().named_curve {
        Some(curve) if format == KeyFormat::Spki => {
            // However the point was written that the key is of, here it is written out.
            let point = key.key_object().export(&KeyExport::raw_public()).map_err(failed)?.into_bytes();
            let input = KeyInput::raw_public(&point, "ec").named_curve(curve.name());
            create_public_key(&input).and_then(|key| key.export(&form)).map_err(failed)
        }
        _ => key.key_object().export(&form).map_err(failed),
    }
}

pub(super) fn public_half(key: &CryptoKey, usages: &[KeyUsage]) -> Result<CryptoKey> {
    let text = "key must be a private key";
    if !key.name().can(Op::GetPublicKey) {
        return Err(not_supported(text));
    }
    if key.key_type() != KeyType::Private {
        return Err(invalid_access(text));
    }
    let usages = Usages::of(usages);
    check_usages(key.name(), KeyType::Public, usages)?;
    let public = create_public_key(&KeyInput::from(key.key_object())).map_err(failed)?;
    CryptoKey::new(public, key.algorithm().clone(), true, usages)
}

pub(super) fn export_operation(
    format: KeyFormat,
    key: &CryptoKey,
) -> impl OperationExt<Output = ExportedKey> + use<> {
    let key = key.clone();
    nodecore_event_loop::blocking(move || run(format, &key))
}

pub(super) fn public_key_operation(
    key: &CryptoKey,
    usages: &[KeyUsage],
) -> impl OperationExt<Output = CryptoKey> + use<> {
    let (key, usages) = (key.clone(), usages.to_vec());
    nodecore_event_loop::blocking(move || public_half(&key, &usages))
}

/// Writes a key. Node: `subtle.exportKey`
/// (<https://nodejs.org/api/webcrypto.html#subtleexportkeyformat-key>).
///
/// # Errors
/// `NotSupportedError` for a format that the key has not; `InvalidAccessError` for a key that is not extractable, and for
/// the other half.
///
/// # Examples
/// ```
/// use nodecore_crypto::webcrypto::{Algorithm, KeyData, KeyFormat, KeyUsage, export_key_sync, import_key_sync};
///
/// let key =
///     import_key_sync(KeyFormat::Raw, KeyData::Bytes(&[7; 16]), &Algorithm::new("AES-KW"), true, &[KeyUsage::WrapKey])?;
/// let jwk = export_key_sync(KeyFormat::Jwk, &key)?.into_bytes();
/// let text = r#"{"key_ops":["wrapKey"],"ext":true,"alg":"A128KW","kty":"oct","k":"BwcHBwcHBwcHBwcHBwcHBw"}"#;
/// assert_eq!(jwk, text.as_bytes());
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn export_key_sync(format: KeyFormat, key: &CryptoKey) -> Result<ExportedKey> {
    run(format, key)
}

/// As [`export_key_sync`], on the pool; `done` is called once, later.
pub fn export_key(
    lp: &EventLoop,
    format: KeyFormat,
    key: &CryptoKey,
    done: impl FnOnce(Result<ExportedKey>) + 'static,
) -> Request {
    export_operation(format, key).spawn(lp, done)
}

/// The public half of a private key. Node: `subtle.getPublicKey`
/// (<https://nodejs.org/api/webcrypto.html#subtlegetpublickeykey-keyusages>).
///
/// # Errors
/// `NotSupportedError` for a secret key; `InvalidAccessError` for a public one; `SyntaxError` for usages that it cannot
/// have.
pub fn get_public_key_sync(key: &CryptoKey, usages: &[KeyUsage]) -> Result<CryptoKey> {
    public_half(key, usages)
}

/// As [`get_public_key_sync`], on the pool; `done` is called once, later.
pub fn get_public_key(
    lp: &EventLoop,
    key: &CryptoKey,
    usages: &[KeyUsage],
    done: impl FnOnce(Result<CryptoKey>) + 'static,
) -> Request {
    public_key_operation(key, usages).spawn(lp, done)
}
