//! Elliptic curves: `ECDH`.

use std::fmt;

use nodecore_buffer::{Encoding, decode};
use nodecore_error::{Code, Error, Result};

use crate::check;
use crate::engine::{EcKey, Form, convert_point};

/// A pair of keys on an elliptic curve, and the secrets that it makes. Node: `crypto.ECDH`
/// (<https://nodejs.org/api/crypto.html#class-ecdh>).
///
/// A public key is a point, a private key a number in big-endian bytes, without leading zeroes. It may be moved to
/// another thread; the private number is cleared when it is dropped.
///
/// ```
/// use nodecore_crypto::{PointFormat, create_ecdh};
///
/// let (mut alice, mut bob) = (create_ecdh("secp521r1")?, create_ecdh("secp521r1")?);
/// let a = alice.generate_keys(PointFormat::Compressed)?;
/// let b = bob.generate_keys(PointFormat::Uncompressed)?;
/// assert_eq!(alice.compute_secret(b)?, bob.compute_secret(a)?);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub struct Ecdh {
    key: EcKey,
    /// Whether the halves are known to fit each other: a public one that was set may not.
    sound: bool,
}

/// How a point is written. Node: the `format` of `ecdh.getPublicKey`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PointFormat {
    /// The first coordinate, and which of two the second one is.
    Compressed,
    /// Both coordinates.
    #[default]
    Uncompressed,
    /// Both coordinates, and which of two the second one is.
    Hybrid,
}

impl PointFormat {
    /// The format of that name: `compressed`, `uncompressed` (as is none) or `hybrid`.
    ///
    /// # Errors
    /// [`Code::CryptoEcdhInvalidFormat`].
    pub fn parse(name: &str) -> Result<PointFormat> {
        match name {
            "compressed" => Ok(PointFormat::Compressed),
            "uncompressed" | "" => Ok(PointFormat::Uncompressed),
            "hybrid" => Ok(PointFormat::Hybrid),
            _ => Err(Error::from_template(Code::CryptoEcdhInvalidFormat, &[&name])),
        }
    }

    fn form(self) -> Form {
        match self {
            PointFormat::Compressed => Form::Compressed,
            PointFormat::Uncompressed => Form::Uncompressed,
            PointFormat::Hybrid => Form::Hybrid,
        }
    }
}

/// A pair on the curve of that name, which is one of [`get_curves`](crate::get_curves()). Node:
/// `crypto.createECDH(curveName)` (<https://nodejs.org/api/crypto.html#cryptocreateecdhcurvename>).
///
/// # Errors
/// [`Code::CryptoInvalidCurve`]; [`Code::CryptoOperationFailed`] for OpenSSL's name of something else.
pub fn create_ecdh(curve_name: &str) -> Result<Ecdh> {
    Ok(Ecdh { key: EcKey::new(curve_name)?, sound: true })
}

impl Ecdh {
    /// Makes a new pair and gives the public key. Node: `ecdh.generateKeys()`.
    ///
    /// # Errors
    /// [`Code::CryptoOperationFailed`] if OpenSSL cannot.
    pub fn generate_keys(&mut self, format: PointFormat) -> Result<Vec<u8>> {
        if !self.key.generate() {
            return Err(failed("Failed to generate key"));
        }
        self.sound = true;
        self.get_public_key(format)
    }

    /// As [`generate_keys`](Ecdh::generate_keys), as text. Node: `ecdh.generateKeys(encoding, format)`.
    ///
    /// # Errors
    /// As there.
    pub fn generate_keys_encoded(&mut self, encoding: Encoding, format: PointFormat) -> Result<String> {
        Ok(decode(&self.generate_keys(format)?, encoding))
    }

    /// The secret with another's public key, in any format. Node: `ecdh.computeSecret(otherPublicKey)`.
    ///
    /// # Errors
    /// [`Code::CryptoEcdhInvalidPublicKey`] for a point that is not on the curve; [`Code::CryptoInvalidKeypair`] if a
    /// public key was set that does not fit; [`Code::CryptoOperationFailed`] without a private key, for a point that
    /// gives none (the one at infinity, one that is no multiple of the generator), and on the curve `SM2`.
    pub fn compute_secret(&self, other_public_key: impl AsRef<[u8]>) -> Result<Vec<u8>> {
        check::input("buffer is too big", other_public_key.as_ref())?;
        if !self.sound {
            return Err(Error::new(Code::CryptoInvalidKeypair, "Invalid key pair"));
        }
        Ok(self.key.compute(other_public_key.as_ref())?.into_vec())
    }

    /// As [`compute_secret`](Ecdh::compute_secret), as text. Node: its `outputEncoding`.
    ///
    /// # Errors
    /// As there.
    pub fn compute_secret_encoded(
        &self,
        other_public_key: impl AsRef<[u8]>,
        encoding: Encoding,
    ) -> Result<String> {
        Ok(decode(&self.compute_secret(other_public_key)?, encoding))
    }

    /// The public key. Node: `ecdh.getPublicKey(encoding, format)`.
    ///
    /// # Errors
    /// [`Code::CryptoOperationFailed`] if there is none.
    pub fn get_public_key(&self, format: PointFormat) -> Result<Vec<u8>> {
        self.key.public(format.form()).ok_or_else(|| failed("Failed to get ECDH public key"))
    }

    /// The private key. Node: `ecdh.getPrivateKey()`.
    ///
    /// # Errors
    /// [`Code::CryptoOperationFailed`] if there is none.
    pub fn get_private_key(&self) -> Result<Vec<u8>> {
        self.key.private().ok_or_else(|| failed("Failed to get ECDH private key"))
    }

    /// Sets the private key, and with it the public one. Node: `ecdh.setPrivateKey(privateKey)`.
    ///
    /// # Errors
    /// [`Code::CryptoInvalidKeytype`] unless it is between 0 and the order of the curve; the keys are then as before.
    pub fn set_private_key(&mut self, key: impl AsRef<[u8]>) -> Result<()> {
        check::input("key is too big", key.as_ref())?;
        self.key.set_private(key.as_ref())?;
        self.sound = true;
        Ok(())
    }

    /// Sets the public key alone. Node: `ecdh.setPublicKey(publicKey)`, which is deprecated.
    ///
    /// # Errors
    /// [`Code::CryptoOperationFailed`] if it is no point of the curve.
    pub fn set_public_key(&mut self, key: impl AsRef<[u8]>) -> Result<()> {
        self.key.set_public(key.as_ref())?;
        self.sound = self.key.is_sound();
        Ok(())
    }

    /// A public key in another format. Node: `ECDH.convertKey(key, curve[, inputEncoding[, outputEncoding[, format]]])`
    /// (<https://nodejs.org/api/crypto.html#static-method-ecdhconvertkeykey-curve-inputencoding-outputencoding-format>).
    ///
    /// # Errors
    /// [`Code::CryptoInvalidCurve`]; [`Code::CryptoOperationFailed`] if it is no point of the curve. No bytes at all give
    /// none, whatever the curve.
    ///
    /// # Examples
    /// ```
    /// use nodecore_crypto::{Ecdh, PointFormat, create_ecdh};
    ///
    /// let key = create_ecdh("secp256k1")?.generate_keys(PointFormat::Uncompressed)?;
    /// let short = Ecdh::convert_key(&key, "secp256k1", PointFormat::Compressed)?;
    /// assert_eq!(short.len(), 33);
    /// assert_eq!(Ecdh::convert_key(&short, "secp256k1", PointFormat::Uncompressed)?, key);
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn convert_key(key: impl AsRef<[u8]>, curve: &str, format: PointFormat) -> Result<Vec<u8>> {
        let key = key.as_ref();
        check::input("key is too big", key)?;
        if key.is_empty() { Ok(Vec::new()) } else { convert_point(curve, key, format.form()) }
    }
}

impl fmt::Debug for Ecdh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ecdh").finish_non_exhaustive()
    }
}

fn failed(text: &str) -> Error {
    Error::from_template(Code::CryptoOperationFailed, &[&text])
}
