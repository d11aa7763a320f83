//! Which ciphers there are, and what is known of them.

use super::suite::{CipherMode, NAMES, Suite};

/// The names of the ciphers there are. Node: `crypto.getCiphers()`
/// (<https://nodejs.org/api/crypto.html#cryptogetciphers>).
///
/// ```
/// let names = nodecore_crypto::get_ciphers();
/// assert!(names.contains(&"aes-256-gcm") && names.contains(&"chacha20-poly1305"));
/// ```
pub fn get_ciphers() -> &'static [&'static str] {
    &NAMES
}

/// What is known of a cipher: see [`get_cipher_info`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CipherInfo {
    /// Its name, which need not be the one that was asked for.
    pub name: &'static str,
    /// OpenSSL's number for it, if it has one there.
    pub nid: Option<u32>,
    /// Bytes of a block, 1 where the cipher works as a stream; `None` for a cipher that is nothing but a
    /// stream.
    pub block_size: Option<usize>,
    /// Bytes of an initialization vector; `None` if there is none.
    pub iv_length: Option<usize>,
    /// Bytes of a key.
    pub key_length: usize,
    /// The mode of operation.
    pub mode: CipherMode,
}

/// What [`get_cipher_info`] is to check, too.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct CipherInfoOptions {
    key_length: Option<u32>,
    iv_length: Option<u32>,
}

impl CipherInfoOptions {
    /// A length of the key that is to be tested. Node: `keyLength`.
    #[must_use]
    pub fn key_length(mut self, bytes: u32) -> CipherInfoOptions {
        self.key_length = Some(bytes);
        self
    }

    /// A length of the initialization vector that is to be tested. Node: `ivLength`.
    #[must_use]
    pub fn iv_length(mut self, bytes: u32) -> CipherInfoOptions {
        self.iv_length = Some(bytes);
        self
    }
}

/// What is known of the cipher of that name; `None` if there is none, or if it does not take the lengths of
/// `options`. Node: `crypto.getCipherInfo(name[, options])`
/// (<https://nodejs.org/api/crypto.html#cryptogetcipherinfonameornid-options>).
///
/// ```
/// use nodecore_crypto::{CipherInfoOptions, CipherMode, get_cipher_info};
///
/// let info = get_cipher_info("aes-192-ccm", &CipherInfoOptions::default().iv_length(13)).unwrap();
/// assert_eq!((info.key_length, info.iv_length, info.mode), (24, Some(13), CipherMode::Ccm));
/// assert_eq!(info.name, "id-aes192-ccm");
/// assert!(get_cipher_info("aes-192-ccm", &CipherInfoOptions::default().iv_length(16)).is_none());
/// ```
pub fn get_cipher_info(name: &str, options: &CipherInfoOptions) -> Option<CipherInfo> {
    info(Suite::find(name)?, options)
}

/// As [`get_cipher_info`], of OpenSSL's number. Node: `crypto.getCipherInfo(nid[, options])`.
///
/// ```
/// use nodecore_crypto::{CipherInfoOptions, get_cipher_info_by_nid};
///
/// let info = get_cipher_info_by_nid(427, &CipherInfoOptions::default()).unwrap();
/// assert_eq!(info.name, "aes-256-cbc");
/// ```
pub fn get_cipher_info_by_nid(nid: u32, options: &CipherInfoOptions) -> Option<CipherInfo> {
    info(Suite::find_nid(nid)?, options)
}

fn info(suite: &'static Suite, options: &CipherInfoOptions) -> Option<CipherInfo> {
    let fits = |length: u32| usize::try_from(length).ok();
    if options.key_length.is_some_and(|length| fits(length) != Some(suite.key_length)) {
        return None;
    }
    let mut iv_length = suite.iv_length;
    if let Some(length) = options.iv_length {
        iv_length = fits(length).filter(|&length| suite.takes_iv(length))?;
    }
    Some(CipherInfo {
        name: &suite.name,
        nid: suite.nid.and_then(|nid| u32::try_from(nid).ok()),
        block_size: (suite.mode != CipherMode::Stream).then_some(suite.block_size),
        iv_length: (iv_length != 0).then_some(iv_length),
        key_length: suite.key_length,
        mode: suite.mode,
    })
}
