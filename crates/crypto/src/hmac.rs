//! `Hmac`.

use std::fmt;

use nodecore_buffer::{Encoding, decode};
use nodecore_error::{Code, Error, Result};

use crate::algorithm::{Algorithm, c_text};
use crate::engine::LegacyMd;
use crate::hash::finalized;
use crate::keyed::Keyed;

/// A keyed digest that is computed piece by piece. Node: `crypto.Hmac`
/// (<https://nodejs.org/api/crypto.html#class-hmac>). It may be moved to another thread;
/// [`into_stream`](Hmac::into_stream) makes a stream of it.
///
/// ```
/// use nodecore_buffer::Encoding;
/// use nodecore_crypto::create_hmac;
///
/// let mut hmac = create_hmac("sha256", b"Jefe")?;
/// hmac.update(b"what do ya want ")?.update(b"for nothing?")?;
/// let digest = hmac.digest_encoded(Encoding::Hex)?;
/// assert_eq!(digest, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
/// assert_eq!(hmac.digest()?, b"");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub struct Hmac {
    algorithm: Algorithm,
    /// `None` once the digest has been taken.
    state: Option<Keyed>,
}

/// Begins an HMAC. Node: `crypto.createHmac(algorithm, key)`
/// (<https://nodejs.org/api/crypto.html#cryptocreatehmacalgorithm-key-options>).
///
/// `algorithm` is as for [`create_hash`](crate::create_hash()), and no XOF. The key may be of any length.
///
/// # Errors
/// [`Code::CryptoInvalidDigest`]; [`Code::Openssl`] for a digest of OpenSSL's legacy provider; for an XOF
/// [`Code::Uncoded`], with the text that Node has there: `error:00000000:lib(0)::reason(0)`.
pub fn create_hmac(algorithm: &str, key: impl AsRef<[u8]>) -> Result<Hmac> {
    let Some(method) = Algorithm::parse(algorithm) else {
        let name = c_text(algorithm);
        return Err(LegacyMd::find(name)
            .map_or_else(|| Error::from_template(Code::CryptoInvalidDigest, &[&name]), LegacyMd::fetch));
    };
    if method.is_xof() {
        return Err(Error::new(Code::Uncoded, "error:00000000:lib(0)::reason(0)"));
    }
    Ok(Hmac { algorithm: method, state: Some(Keyed::new(method, key.as_ref())?) })
}

impl Hmac {
    /// Adds `data`. Node: `hmac.update(data)`.
    ///
    /// # Errors
    /// [`Code::CryptoHashFinalized`] after [`digest`](Hmac::digest).
    pub fn update(&mut self, data: &[u8]) -> Result<&mut Hmac> {
        self.state.as_mut().ok_or_else(finalized)?.update(data)?;
        Ok(self)
    }

    /// The digest of all that was added; ends the HMAC. From the second time on it is empty. Node: `hmac.digest()`.
    ///
    /// # Errors
    /// OpenSSL's.
    pub fn digest(&mut self) -> Result<Vec<u8>> {
        let Some(state) = &mut self.state else { return Ok(Vec::new()) };
        let mut out = vec![0; self.algorithm.length()];
        let outcome = state.finish(&mut out);
        self.state = None;
        outcome.map(|()| out)
    }

    /// As [`digest`](Hmac::digest), as text. Node: `hmac.digest(encoding)`.
    ///
    /// # Errors
    /// As [`digest`](Hmac::digest).
    pub fn digest_encoded(&mut self, encoding: Encoding) -> Result<String> {
        Ok(decode(&self.digest()?, encoding))
    }

    /// Whether the digest has been taken.
    pub(crate) fn is_finalized(&self) -> bool {
        self.state.is_none()
    }
}

impl fmt::Debug for Hmac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state: &dyn fmt::Debug = if self.is_finalized() { &"finalized" } else { &self.algorithm };
        f.debug_tuple("Hmac").field(state).finish()
    }
}
