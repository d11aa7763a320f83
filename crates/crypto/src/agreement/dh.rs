//! Groups of numbers: `DiffieHellman` and `DiffieHellmanGroup`.

use std::fmt;

use nodecore_buffer::{Encoding, decode};
use nodecore_error::{Code, Error, Result};

use crate::check::{self, out_of_range};
use crate::engine::{Dh, Raised, Refused, failure};

/// A pair of keys in a group of one's own, and the secrets that it makes. Node: `crypto.DiffieHellman`
/// (<https://nodejs.org/api/crypto.html#class-diffiehellman>).
///
/// Numbers are big-endian bytes, without leading zeroes. It may be moved to another thread; the private number is cleared
/// when it is dropped.
///
/// ```
/// use nodecore_crypto::{create_diffie_hellman, get_diffie_hellman};
///
/// let mut alice = get_diffie_hellman("modp14")?;
/// let mut bob = create_diffie_hellman(alice.get_prime()?, None)?;
/// let (a, b) = (alice.generate_keys()?, bob.generate_keys()?);
/// assert_eq!(alice.compute_secret(b)?, bob.compute_secret(a)?);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub struct DiffieHellman {
    dh: Dh,
    verify_error: u32,
}

/// The least bits of a prime and the least generator that Node hands on to OpenSSL.
const LEAST: u32 = 2;

/// A pair in the group of this `prime` and `generator`, which is 2 if there is none. Node:
/// `crypto.createDiffieHellman(prime[, primeEncoding][, generator][, generatorEncoding])`
/// (<https://nodejs.org/api/crypto.html#cryptocreatediffiehellmanprime-primeencoding-generator-generatorencoding>).
///
/// Whether it is a sound group says [`verify_error`](DiffieHellman::verify_error). Node's generator as a number is its
/// bytes here; its 0 is `None`.
///
/// # Errors
/// OpenSSL's `bad generator` for 0 and 1 and, with a prime of 512 bits and more, for one that is not below it; [`Code::CryptoOperationFailed`] for more than 32768 bits;
/// [`Code::OutOfRange`] from 2^31 bytes on.
pub fn create_diffie_hellman(prime: impl AsRef<[u8]>, generator: Option<&[u8]>) -> Result<DiffieHellman> {
    let (prime, generator) = (prime.as_ref(), generator.unwrap_or(&[2]));
    check::input("prime is too big", prime)?;
    check::input("generator is too big", generator)?;
    let (last, leading) = generator.split_last().unwrap_or((&0, &[]));
    if *last < 2 && leading.iter().all(|byte| *byte == 0) {
        return Err(Raised::BadGenerator.error());
    }
    let zeroes = |bytes: &[u8]| bytes.iter().take_while(|byte| **byte == 0).count();
    let (p, g) = (&prime[zeroes(prime)..], &generator[zeroes(generator)..]);
    let is_small = p.len() < 64 || p.len() == 64 && p[0] < 0x80;
    if !is_small && (g.len(), g) >= (p.len(), p) {
        return Err(Raised::BadGenerator.error());
    }
    DiffieHellman::new(Dh::new(prime, generator).ok_or_else(|| failure("Out of memory"))?)
}

/// A pair in a new group, with a safe prime of `prime_length` bits; blocks for as long as it takes to find one. Node:
/// `crypto.createDiffieHellman(primeLength[, generator])`
/// (<https://nodejs.org/api/crypto.html#cryptocreatediffiehellmanprimelength-generator>).
///
/// # Errors
/// OpenSSL's `modulus too small` for less than two bits and `bad generator` for 1; [`Code::InvalidArgValue`] for other
/// lengths that it does not make: below 512 and over 10000 bits; [`Code::OutOfRange`] from 2^31 on.
pub fn create_diffie_hellman_of_length(prime_length: u32, generator: Option<u32>) -> Result<DiffieHellman> {
    let int = |name, value: u32| {
        let must = ">= -2147483648 && <= 2147483647";
        i32::try_from(value).map_err(|_| out_of_range(name, &must, value.into()))
    };
    let generator = generator.filter(|generator| *generator != 0).unwrap_or(2);
    let (bits, number) = (int("sizeOrKey", prime_length)?, int("generator", generator)?);
    if prime_length < LEAST {
        return Err(Raised::ModulusTooSmall.error());
    }
    if generator < LEAST {
        return Err(Raised::BadGenerator.error());
    }
    let dh = Dh::generate(bits, number);
    DiffieHellman::new(dh.ok_or_else(|| Error::new(Code::InvalidArgValue, "Invalid DH parameters"))?)
}

impl DiffieHellman {
    fn new(dh: Dh) -> Result<DiffieHellman> {
        let verify_error = dh.check().ok_or_else(|| failed("Checking DH parameters failed"))?;
        Ok(DiffieHellman { dh, verify_error })
    }

    /// Makes the private key, unless one is set, and the public one of it, which it gives. Node:
    /// `diffieHellman.generateKeys()`.
    ///
    /// # Errors
    /// [`Code::CryptoOperationFailed`] for a prime of less than 512 bits or over 10000, or one that is even.
    pub fn generate_keys(&mut self) -> Result<Vec<u8>> {
        if self.dh.generate_key() { Ok(self.dh.public()) } else { Err(failed("Key generation failed")) }
    }

    /// As [`generate_keys`](DiffieHellman::generate_keys), as text. Node: `diffieHellman.generateKeys(encoding)`.
    ///
    /// # Errors
    /// As there.
    pub fn generate_keys_encoded(&mut self, encoding: Encoding) -> Result<String> {
        Ok(decode(&self.generate_keys()?, encoding))
    }

    /// The secret with another's public key, as long as the prime. Node: `diffieHellman.computeSecret(otherPublicKey)`.
    ///
    /// # Errors
    /// [`Code::CryptoInvalidKeylen`] unless the key is between 1 and the prime less one;
    /// [`Code::CryptoOperationFailed`] without a private key, and in groups in which there are no keys.
    pub fn compute_secret(&self, other_public_key: impl AsRef<[u8]>) -> Result<Vec<u8>> {
        let other = other_public_key.as_ref();
        check::input("secret is too big", other)?;
        match self.dh.compute(other) {
            Ok(secret) => Ok(secret.into_vec()),
            Err(Refused::TooSmall) => Err(invalid_length("Supplied key is too small")),
            Err(Refused::TooLarge) => Err(invalid_length("Supplied key is too large")),
            Err(Refused::Failed) => Err(failed("Failed to compute shared secret")),
        }
    }

    /// As [`compute_secret`](DiffieHellman::compute_secret), as text. Node: its `outputEncoding`.
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

    /// The prime. Node: `diffieHellman.getPrime()`.
    ///
    /// # Errors
    /// [`Code::CryptoInvalidState`] if it is zero.
    pub fn get_prime(&self) -> Result<Vec<u8>> {
        let [prime, _] = self.dh.parameters();
        there(prime, "p is null")
    }

    /// The generator. Node: `diffieHellman.getGenerator()`.
    ///
    /// # Errors
    /// None: it is at least 2.
    pub fn get_generator(&self) -> Result<Vec<u8>> {
        let [_, generator] = self.dh.parameters();
        there(generator, "g is null")
    }

    /// The public key. Node: `diffieHellman.getPublicKey()`.
    ///
    /// # Errors
    /// [`Code::CryptoInvalidState`] if there is none.
    pub fn get_public_key(&self) -> Result<Vec<u8>> {
        there(self.dh.public(), "No public key - did you forget to generate one?")
    }

    /// The private key. Node: `diffieHellman.getPrivateKey()`.
    ///
    /// # Errors
    /// [`Code::CryptoInvalidState`] if there is none.
    pub fn get_private_key(&self) -> Result<Vec<u8>> {
        there(self.dh.private(), "No private key - did you forget to generate one?")
    }

    /// Sets the public key. Node: `diffieHellman.setPublicKey(publicKey)`.
    ///
    /// # Errors
    /// [`Code::OutOfRange`] from 2^31 bytes on.
    pub fn set_public_key(&mut self, key: impl AsRef<[u8]>) -> Result<()> {
        check::input("buf is too big", key.as_ref())?;
        if self.dh.set_public(key.as_ref()) { Ok(()) } else { Err(failure("Out of memory")) }
    }

    /// Sets the private key; [`generate_keys`](DiffieHellman::generate_keys) then makes the public one of it. Node:
    /// `diffieHellman.setPrivateKey(privateKey)`.
    ///
    /// # Errors
    /// [`Code::OutOfRange`] from 2^31 bytes on.
    pub fn set_private_key(&mut self, key: impl AsRef<[u8]>) -> Result<()> {
        check::input("buf is too big", key.as_ref())?;
        if self.dh.set_private(key.as_ref()) { Ok(()) } else { Err(failure("Out of memory")) }
    }

    /// What is wrong with the group: [`DH_CHECK_P_NOT_PRIME`](crate::constants::DH_CHECK_P_NOT_PRIME) and the other
    /// constants of that kind, or OpenSSL's 0x80 for a prime of less than 512 bits. Node: `diffieHellman.verifyError`.
    pub fn verify_error(&self) -> u32 {
        self.verify_error
    }
}

impl fmt::Debug for DiffieHellman {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DiffieHellman").field("verify_error", &self.verify_error).finish_non_exhaustive()
    }
}

/// A pair of keys in a group that is known to be sound. Node: `crypto.DiffieHellmanGroup`
/// (<https://nodejs.org/api/crypto.html#class-diffiehellmangroup>). It is as [`DiffieHellman`], but keys cannot be set.
#[derive(Debug)]
pub struct DiffieHellmanGroup(DiffieHellman);

/// A pair in a group of RFC 2409 or 3526: `modp1`, `modp2`, `modp5`, `modp14`, `modp15`, `modp16`, `modp17` or `modp18`,
/// in any case. Node: `crypto.createDiffieHellmanGroup(name)`
/// (<https://nodejs.org/api/crypto.html#cryptocreatediffiehellmangroupname>).
///
/// # Errors
/// [`Code::CryptoUnknownDhGroup`].
///
/// # Examples
/// ```
/// let mut pair = nodecore_crypto::create_diffie_hellman_group("modp15")?;
/// assert_eq!((pair.generate_keys()?.len(), pair.verify_error()), (384, 0));
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn create_diffie_hellman_group(name: &str) -> Result<DiffieHellmanGroup> {
    let dh = Dh::group(&name.to_ascii_lowercase());
    let dh = dh.ok_or_else(|| Error::from_template(Code::CryptoUnknownDhGroup, &[]))?;
    DiffieHellman::new(dh).map(DiffieHellmanGroup)
}

/// As [`create_diffie_hellman_group`]. Node: `crypto.getDiffieHellman(groupName)`
/// (<https://nodejs.org/api/crypto.html#cryptogetdiffiehellmangroupname>).
///
/// # Errors
/// [`Code::CryptoUnknownDhGroup`].
pub fn get_diffie_hellman(group_name: &str) -> Result<DiffieHellmanGroup> {
    create_diffie_hellman_group(group_name)
}

impl DiffieHellmanGroup {
    /// As [`DiffieHellman::generate_keys`].
    ///
    /// # Errors
    /// As there.
    pub fn generate_keys(&mut self) -> Result<Vec<u8>> {
        self.0.generate_keys()
    }

    /// As [`DiffieHellman::generate_keys_encoded`].
    ///
    /// # Errors
    /// As there.
    pub fn generate_keys_encoded(&mut self, encoding: Encoding) -> Result<String> {
        self.0.generate_keys_encoded(encoding)
    }

    /// As [`DiffieHellman::compute_secret`].
    ///
    /// # Errors
    /// As there.
    pub fn compute_secret(&self, other_public_key: impl AsRef<[u8]>) -> Result<Vec<u8>> {
        self.0.compute_secret(other_public_key)
    }

    /// As [`DiffieHellman::compute_secret_encoded`].
    ///
    /// # Errors
    /// As there.
    pub fn compute_secret_encoded(
        &self,
        other_public_key: impl AsRef<[u8]>,
        encoding: Encoding,
    ) -> Result<String> {
        self.0.compute_secret_encoded(other_public_key, encoding)
    }

    /// As [`DiffieHellman::get_prime`].
    ///
    /// # Errors
    /// As there.
    pub fn get_prime(&self) -> Result<Vec<u8>> {
        self.0.get_prime()
    }

    /// As [`DiffieHellman::get_generator`].
    ///
    /// # Errors
    /// As there.
    pub fn get_generator(&self) -> Result<Vec<u8>> {
        self.0.get_generator()
    }

    /// As [`DiffieHellman::get_public_key`].
    ///
    /// # Errors
    /// As there.
    pub fn get_public_key(&self) -> Result<Vec<u8>> {
        self.0.get_public_key()
    }

    /// As [`DiffieHellman::get_private_key`].
    ///
    /// # Errors
    /// As there.
    pub fn get_private_key(&self) -> Result<Vec<u8>> {
        self.0.get_private_key()
    }

    /// As [`DiffieHellman::verify_error`]: 0.
    pub fn verify_error(&self) -> u32 {
        self.0.verify_error()
    }
}

fn there(number: Vec<u8>, otherwise: &str) -> Result<Vec<u8>> {
    if number.is_empty() { Err(Error::new(Code::CryptoInvalidState, otherwise)) } else { Ok(number) }
}

fn invalid_length(text: &str) -> Error {
    Error::from_template(Code::CryptoInvalidKeylen, &[&text])
}

fn failed(text: &str) -> Error {
    Error::from_template(Code::CryptoOperationFailed, &[&text])
}
