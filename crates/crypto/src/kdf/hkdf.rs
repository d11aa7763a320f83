//! `hkdf`.

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::{EventLoop, Operation, Request, blocking};

use super::{Digest, failed, spawn};
use crate::algorithm::Algorithm;
use crate::check::{self, wide};
use crate::keyed::Keyed;
use crate::secret::Secret;

/// What is to be derived, checked.
struct Hkdf {
    digest: Digest,
    length: usize,
}

impl Hkdf {
    fn new(name: &str, key: &[u8], salt: &[u8], info: &[u8], length: usize) -> Result<Hkdf> {
        const MAX_INFO: usize = 1024;
        const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;
        check::within("length", wide(length), 0, MAX_SAFE_INTEGER)?;
        if info.len() > MAX_INFO {
            let must = format!("must not contain more than {MAX_INFO} bytes");
            return Err(check::out_of_range("info", &must, info.len() as i128));
        }
        let digest = Digest::find(name)?;
        check::input("key is too big", key)?;
        check::input("salt is too big", salt)?;
        // RFC 5869, 2.3. The lengths of an XOF are not looked at, as there is no key to be had from it.
        let block = match digest {
            Digest::Known(algorithm) if algorithm.is_xof() => None,
            Digest::Known(algorithm) => Some(algorithm.length()),
            Digest::Legacy(md) => Some(md.size()),
        };
        if block.is_some_and(|block| length > 255 * block) {
            return Err(Error::new(Code::CryptoInvalidKeylen, "Invalid key length"));
        }
        Ok(Hkdf { digest, length })
    }

    fn derive(&self, key: &[u8], salt: &[u8], info: &[u8]) -> Result<Secret> {
        const FAILED: &str = "HKDF derivation failed";
        let algorithm = self.digest.known(FAILED)?;
        if algorithm.is_xof() || self.length == 0 {
            return Err(failed(FAILED));
        }
        let mut out = Secret::zeroed(self.length)?;
        extract_and_expand(algorithm, key, salt, info, &mut out)?;
        Ok(out)
    }
}

/// Fills `out`, which is at most 255 blocks of the digest, with what comes of `key`.
///
/// # Errors
/// OpenSSL's.
pub(crate) fn extract_and_expand(
    algorithm: Algorithm,
    key: &[u8],
    salt: &[u8],
    info: &[u8],
    out: &mut [u8],
) -> Result<()> {
    // RFC 5869, 2.2; a missing salt is as good as one of zeroes.
    let mut extracted = Keyed::new(algorithm, salt)?;
    extracted.update(key)?;
    let mut secret = Secret::zeroed(algorithm.length())?;
    extracted.finish(&mut secret)?;
    // RFC 5869, 2.3.
    let (mut made, mut count) = (0, 0_u8);
    while made < out.len() {
        let (before, rest) = out.split_at_mut(made);
        let block = rest.len().min(algorithm.length());
        // The block before, of which there is none at first.
        let last = &before[made.saturating_sub(algorithm.length())..];
        count = count.wrapping_add(1);
        let mut next = Keyed::new(algorithm, &secret)?;
        next.update(last)?;
        next.update(info)?;
        next.update(&[count])?;
        next.finish(&mut rest[..block])?;
        made += block;
    }
    Ok(())
}

pub(crate) fn hkdf_operation(
    digest: &str,
    key: &[u8],
    salt: &[u8],
    info: &[u8],
    length: usize,
) -> Result<impl Operation<Output = Secret> + use<>> {
    let work = Hkdf::new(digest, key, salt, info, length)?;
    let (key, salt, info) = (Secret::copy(key), salt.to_vec(), info.to_vec());
    Ok(blocking(move || work.derive(&key, &salt, &info)))
}

/// Derives a key of `length` bytes with HKDF, blocking. Node: `crypto.hkdfSync`
/// (<https://nodejs.org/api/crypto.html#cryptohkdfsyncdigest-ikm-salt-info-keylen>).
///
/// # Errors
/// [`Code::OutOfRange`] for more than 1024 bytes of `info`; [`Code::CryptoInvalidDigest`];
/// [`Code::CryptoInvalidKeylen`] for more than 255 blocks of the digest; OpenSSL's, `HKDF derivation failed`, for a
/// digest that does not do, such as SHAKE, and for a length of 0.
///
/// # Examples
/// ```
/// let key = nodecore_crypto::hkdf_sync("sha512", b"key", b"salt", b"info", 64)?;
/// assert_eq!(key[..4], [0x24, 0x15, 0x6e, 0x2c]);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
///
/// # Differences from Node
/// For SHAKE every length gives `HKDF derivation failed`.
pub fn hkdf_sync(
    digest: &str,
    key: impl AsRef<[u8]>,
    salt: impl AsRef<[u8]>,
    info: impl AsRef<[u8]>,
    length: usize,
) -> Result<Vec<u8>> {
    let (key, salt, info) = (key.as_ref(), salt.as_ref(), info.as_ref());
    Ok(Hkdf::new(digest, key, salt, info, length)?.derive(key, salt, info)?.into_vec())
}

/// As [`hkdf_sync`], on the pool; `done` is called once, later. Node: `crypto.hkdf`
/// (<https://nodejs.org/api/crypto.html#cryptohkdfdigest-ikm-salt-info-keylen-callback>).
///
/// # Errors
/// As there: what is wrong with an argument is returned, OpenSSL's errors are given to `done`.
pub fn hkdf(
    lp: &EventLoop,
    digest: &str,
    key: impl AsRef<[u8]>,
    salt: impl AsRef<[u8]>,
    info: impl AsRef<[u8]>,
    length: usize,
    done: impl FnOnce(Result<Vec<u8>>) + 'static,
) -> Result<Request> {
    Ok(spawn(lp, hkdf_operation(digest, key.as_ref(), salt.as_ref(), info.as_ref(), length)?, done))
}
