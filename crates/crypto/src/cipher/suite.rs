//! The ciphers there are, by all their names.

use std::fmt;
use std::sync::OnceLock;

use crate::engine::{Cipher, nid_name};

/// The names, as Node lists them.
pub(super) static NAMES: [&str; 165] = [
    "aes-128-cbc",
    "aes-128-cbc-cts",
    "aes-128-ccm",
    "aes-128-cfb",
    "aes-128-cfb1",
    "aes-128-cfb8",
    "aes-128-ctr",
    "aes-128-ecb",
    "aes-128-gcm",
    "aes-128-gcm-siv",
    "aes-128-ocb",
    "aes-128-ofb",
    "aes-128-siv",
    "aes-128-wrap",
    "aes-128-wrap-inv",
    "aes-128-wrap-pad",
    "aes-128-wrap-pad-inv",
    "aes-128-xts",
    "aes-192-cbc",
    "aes-192-cbc-cts",
    "aes-192-ccm",
    "aes-192-cfb",
    "aes-192-cfb1",
    "aes-192-cfb8",
    "aes-192-ctr",
    "aes-192-ecb",
    "aes-192-gcm",
    "aes-192-gcm-siv",
    "aes-192-ocb",
    "aes-192-ofb",
    "aes-192-siv",
    "aes-192-wrap",
    "aes-192-wrap-inv",
    "aes-192-wrap-pad",
    "aes-192-wrap-pad-inv",
    "aes-256-cbc",
    "aes-256-cbc-cts",
    "aes-256-ccm",
    "aes-256-cfb",
    "aes-256-cfb1",
    "aes-256-cfb8",
    "aes-256-ctr",
    "aes-256-ecb",
    "aes-256-gcm",
    "aes-256-gcm-siv",
    "aes-256-ocb",
    "aes-256-ofb",
    "aes-256-siv",
    "aes-256-wrap",
    "aes-256-wrap-inv",
    "aes-256-wrap-pad",
    "aes-256-wrap-pad-inv",
    "aes-256-xts",
    "aes128",
    "aes128-wrap",
    "aes128-wrap-inv",
    "aes128-wrap-pad",
    "aes128-wrap-pad-inv",
    "aes192",
    "aes192-wrap",
    "aes192-wrap-inv",
    "aes192-wrap-pad",
    "aes192-wrap-pad-inv",
    "aes256",
    "aes256-wrap",
    "aes256-wrap-inv",
    "aes256-wrap-pad",
    "aes256-wrap-pad-inv",
    "aria-128-cbc",
    "aria-128-ccm",
    "aria-128-cfb",
    "aria-128-cfb1",
    "aria-128-cfb8",
    "aria-128-ctr",
    "aria-128-ecb",
    "aria-128-gcm",
    "aria-128-ofb",
    "aria-192-cbc",
    "aria-192-ccm",
    "aria-192-cfb",
    "aria-192-cfb1",
    "aria-192-cfb8",
    "aria-192-ctr",
    "aria-192-ecb",
    "aria-192-gcm",
    "aria-192-ofb",
    "aria-256-cbc",
    "aria-256-ccm",
    "aria-256-cfb",
    "aria-256-cfb1",
    "aria-256-cfb8",
    "aria-256-ctr",
    "aria-256-ecb",
    "aria-256-gcm",
    "aria-256-ofb",
    "aria128",
    "aria192",
    "aria256",
    "camellia-128-cbc",
    "camellia-128-cbc-cts",
    "camellia-128-cfb",
    "camellia-128-cfb1",
    "camellia-128-cfb8",
    "camellia-128-ctr",
    "camellia-128-ecb",
    "camellia-128-ofb",
    "camellia-192-cbc",
    "camellia-192-cbc-cts",
    "camellia-192-cfb",
    "camellia-192-cfb1",
    "camellia-192-cfb8",
    "camellia-192-ctr",
    "camellia-192-ecb",
    "camellia-192-ofb",
    "camellia-256-cbc",
    "camellia-256-cbc-cts",
    "camellia-256-cfb",
    "camellia-256-cfb1",
    "camellia-256-cfb8",
    "camellia-256-ctr",
    "camellia-256-ecb",
    "camellia-256-ofb",
    "camellia128",
    "camellia192",
    "camellia256",
    "chacha20",
    "chacha20-poly1305",
    "des-ede",
    "des-ede-cbc",
    "des-ede-cfb",
    "des-ede-ecb",
    "des-ede-ofb",
    "des-ede3",
    "des-ede3-cbc",
    "des-ede3-cfb",
    "des-ede3-cfb1",
    "des-ede3-cfb8",
    "des-ede3-ecb",
    "des-ede3-ofb",
    "des3",
    "des3-wrap",
    "id-aes128-ccm",
    "id-aes128-gcm",
    "id-aes128-wrap",
    "id-aes128-wrap-pad",
    "id-aes192-ccm",
    "id-aes192-gcm",
    "id-aes192-wrap",
    "id-aes192-wrap-pad",
    "id-aes256-ccm",
    "id-aes256-gcm",
    "id-aes256-wrap",
    "id-aes256-wrap-pad",
    "id-smime-alg-cms3deswrap",
    "sm4",
    "sm4-cbc",
    "sm4-ccm",
    "sm4-cfb",
    "sm4-cfb128",
    "sm4-ctr",
    "sm4-ecb",
    "sm4-gcm",
    "sm4-ofb",
    "sm4-ofb128",
    "sm4-xts",
];

/// What each of [`NAMES`] means, fetched when it is first asked for.
static SUITES: [OnceLock<Option<Suite>>; NAMES.len()] = [const { OnceLock::new() }; NAMES.len()];

/// A mode of operation. Node: `mode` of `crypto.getCipherInfo()`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CipherMode {
    /// Cipher block chaining, with or without ciphertext stealing.
    Cbc,
    /// Counter with CBC-MAC, authenticated.
    Ccm,
    /// Cipher feedback.
    Cfb,
    /// Counter.
    Ctr,
    /// Electronic codebook.
    Ecb,
    /// Galois counter mode, authenticated.
    Gcm,
    /// Galois counter mode with a synthetic vector, authenticated.
    GcmSiv,
    /// Offset codebook, authenticated.
    Ocb,
    /// Output feedback.
    Ofb,
    /// Synthetic vector, authenticated.
    Siv,
    /// A stream cipher.
    Stream,
    /// Key wrap.
    Wrap,
    /// XEX with ciphertext stealing.
    Xts,
}

impl CipherMode {
    /// Node's name: `"gcm-siv"`.
    pub const fn name(self) -> &'static str {
        match self {
            CipherMode::Cbc => "cbc",
            CipherMode::Ccm => "ccm",
            CipherMode::Cfb => "cfb",
            CipherMode::Ctr => "ctr",
            CipherMode::Ecb => "ecb",
            CipherMode::Gcm => "gcm",
            CipherMode::GcmSiv => "gcm-siv",
            CipherMode::Ocb => "ocb",
            CipherMode::Ofb => "ofb",
            CipherMode::Siv => "siv",
            CipherMode::Stream => "stream",
            CipherMode::Wrap => "wrap",
            CipherMode::Xts => "xts",
        }
    }

    /// The mode of that number in openssl/evp.h.
    const fn of(number: u32) -> Option<CipherMode> {
        Some(match number {
            0 => CipherMode::Stream,
            1 => CipherMode::Ecb,
            2 => CipherMode::Cbc,
            3 => CipherMode::Cfb,
            4 => CipherMode::Ofb,
            5 => CipherMode::Ctr,
            6 => CipherMode::Gcm,
            7 => CipherMode::Ccm,
            0x10001 => CipherMode::Xts,
            0x10002 => CipherMode::Wrap,
            0x10003 => CipherMode::Ocb,
            0x10004 => CipherMode::Siv,
            0x10005 => CipherMode::GcmSiv,
            _ => return None,
        })
    }
}

impl fmt::Display for CipherMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A cipher with what there is to know of it.
#[derive(Debug)]
pub(super) struct Suite {
    pub(super) cipher: Cipher,
    /// Node's name of it.
    pub(super) name: String,
    pub(super) nid: Option<i32>,
    pub(super) mode: CipherMode,
    pub(super) key_length: usize,
    pub(super) iv_length: usize,
    pub(super) block_size: usize,
    /// Whether it has a tag.
    pub(super) authenticated: bool,
    /// Whether all of the data has to come in one call.
    pub(super) once: bool,
}

impl Suite {
    fn fetch(name: &str) -> Option<Suite> {
        let cipher = Cipher::fetch(name)?;
        let mode = CipherMode::of(cipher.mode())?;
        // Of the stream ciphers, the one whose vector holds no counter has a tag.
        let chacha = mode == CipherMode::Stream && cipher.iv_length() == 12;
        use CipherMode::{Ccm, Gcm, GcmSiv, Ocb, Siv, Wrap, Xts};
        let nid = cipher.nid();
        Some(Suite {
            name: nid.and_then(nid_name).unwrap_or_else(|| cipher.name()).to_ascii_lowercase(),
            nid,
            mode,
            key_length: cipher.key_length(),
            iv_length: cipher.iv_length(),
            block_size: cipher.block_size(),
            authenticated: chacha || matches!(mode, Gcm | Ccm | Ocb | Siv | GcmSiv),
            once: cipher.is_cts() || matches!(mode, Siv | GcmSiv | Wrap | Xts),
            cipher,
        })
    }

    /// The cipher of that name, in any case: one of [`NAMES`], or another that OpenSSL has for one of them,
    /// such as an object identifier.
    pub(super) fn find(name: &str) -> Option<&'static Suite> {
        Suite::listed(name).or_else(|| Suite::listed(&Cipher::fetch(name)?.name()))
    }

    /// The cipher of that numeric identifier.
    pub(super) fn find_nid(nid: u32) -> Option<&'static Suite> {
        // OpenSSL has to be ready for the question, which a fetch sees to.
        Suite::listed(NAMES[0])?;
        Suite::find(&nid_name(i32::try_from(nid).ok()?)?)
    }

    fn listed(name: &str) -> Option<&'static Suite> {
        let lower = |byte: u8| byte.to_ascii_lowercase();
        let index = NAMES.binary_search_by(|known| known.bytes().cmp(name.bytes().map(lower))).ok()?;
        SUITES[index].get_or_init(|| Suite::fetch(NAMES[index])).as_ref()
    }

    /// Whether a vector may be that long.
    pub(super) fn takes_iv(&self, length: usize) -> bool {
        match self.mode {
            CipherMode::Gcm => true,
            CipherMode::Ccm => (7..=13).contains(&length),
            CipherMode::Ocb => (1..=15).contains(&length),
            _ => length == self.iv_length,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_cipher() {
        assert!(NAMES.is_sorted());
        for name in NAMES {
            let suite = Suite::find(name).expect(name);
            assert!(std::ptr::eq(Suite::find(&name.to_uppercase()).expect(name), suite));
            assert!(suite.key_length > 0 && suite.block_size > 0, "{name}");
        }
        assert!(Suite::find("2.16.840.1.101.3.4.1.2").is_some());
        for name in ["", "nope", "null", "aes-128-cbc-hmac-sha1", "aes-128-cbc\0", "ä"] {
            assert!(Suite::find(name).is_none(), "{name}");
        }
    }
}
