//! The algorithms by name, and the parameters they are used with.

use std::fmt;

use nodecore_error::{Error, Result};

use super::error::{missing, not_supported, unrecognized};
use super::key::CryptoKey;

/// What can be done with an algorithm: one of Node's table
/// (<https://nodejs.org/api/webcrypto.html#algorithm-matrix>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub(super) enum Op {
    Digest = 1,
    Encrypt = 1 << 1,
    Sign = 1 << 2,
    Derive = 1 << 3,
    Generate = 1 << 4,
    Import = 1 << 5,
    Export = 1 << 6,
    /// What only AES-KW has of its own; others wrap by encrypting.
    Wrap = 1 << 7,
    /// To be derived as a key.
    KeyLength = 1 << 8,
    Encapsulate = 1 << 9,
    GetPublicKey = 1 << 10,
}

const DIGEST: u16 = Op::Digest as u16;
const SECRET: u16 = Op::Generate as u16 | Op::Import as u16 | Op::Export as u16 | Op::KeyLength as u16;
const CIPHER: u16 = SECRET | Op::Encrypt as u16;
const MAC: u16 = SECRET | Op::Sign as u16;
const PAIR: u16 = Op::Generate as u16 | Op::Import as u16 | Op::Export as u16 | Op::GetPublicKey as u16;
const SIGNATURE: u16 = PAIR | Op::Sign as u16;
const AGREEMENT: u16 = PAIR | Op::Derive as u16;
const KEM: u16 = PAIR | Op::Encapsulate as u16;
const KDF: u16 = Op::Import as u16 | Op::Derive as u16 | Op::KeyLength as u16;

macro_rules! names {
    ($($variant:ident $name:literal $ops:expr;)*) => {
        /// An algorithm of WebCrypto. Node: the `name` of an algorithm.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum AlgorithmName { $(#[doc = concat!("`", $name, "`")] $variant),* }

        impl AlgorithmName {
            /// Every algorithm there is.
            pub const ALL: &[AlgorithmName] = &[$(AlgorithmName::$variant),*];

            /// The name as Node spells it.
            pub const fn name(self) -> &'static str {
                match self { $(AlgorithmName::$variant => $name),* }
            }

            const fn ops(self) -> u16 {
                match self { $(AlgorithmName::$variant => $ops),* }
            }
        }
    };
}

names! {
    Sha1 "SHA-1" DIGEST;
    Sha256 "SHA-256" DIGEST;
    Sha384 "SHA-384" DIGEST;
    Sha512 "SHA-512" DIGEST;
    Sha3_256 "SHA3-256" DIGEST;
    Sha3_384 "SHA3-384" DIGEST;
    Sha3_512 "SHA3-512" DIGEST;
    CShake128 "cSHAKE128" DIGEST;
    CShake256 "cSHAKE256" DIGEST;
    TurboShake128 "TurboSHAKE128" DIGEST;
    TurboShake256 "TurboSHAKE256" DIGEST;
    Kt128 "KT128" DIGEST;
    Kt256 "KT256" DIGEST;
    AesCbc "AES-CBC" CIPHER;
    AesCtr "AES-CTR" CIPHER;
    AesGcm "AES-GCM" CIPHER;
    AesOcb "AES-OCB" CIPHER;
    AesKw "AES-KW" SECRET | Op::Wrap as u16;
    ChaCha20Poly1305 "ChaCha20-Poly1305" CIPHER;
    Hmac "HMAC" MAC;
    Kmac128 "KMAC128" MAC;
    Kmac256 "KMAC256" MAC;
    RsaSsaPkcs1 "RSASSA-PKCS1-v1_5" SIGNATURE;
    RsaPss "RSA-PSS" SIGNATURE;
    RsaOaep "RSA-OAEP" PAIR | Op::Encrypt as u16;
    Ecdsa "ECDSA" SIGNATURE;
    Ecdh "ECDH" AGREEMENT;
    Ed25519 "Ed25519" SIGNATURE;
    Ed448 "Ed448" SIGNATURE;
    X25519 "X25519" AGREEMENT;
    X448 "X448" AGREEMENT;
    MlDsa44 "ML-DSA-44" SIGNATURE;
    MlDsa65 "ML-DSA-65" SIGNATURE;
    MlDsa87 "ML-DSA-87" SIGNATURE;
    MlKem512 "ML-KEM-512" KEM;
    MlKem768 "ML-KEM-768" KEM;
    MlKem1024 "ML-KEM-1024" KEM;
    Hkdf "HKDF" KDF;
    Pbkdf2 "PBKDF2" KDF;
    Argon2d "Argon2d" KDF;
    Argon2i "Argon2i" KDF;
    Argon2id "Argon2id" KDF;
}

impl AlgorithmName {
    /// The algorithm of that name, in any case.
    pub fn parse(name: &str) -> Option<AlgorithmName> {
        AlgorithmName::ALL.iter().copied().find(|known| known.name().eq_ignore_ascii_case(name))
    }

    pub(super) fn can(self, op: Op) -> bool {
        self.ops() & op as u16 != 0
    }

    /// The key's type as a [`KeyObject`](crate::KeyObject) tells it; `None` for a secret one.
    pub(super) fn key_type(self) -> Option<&'static str> {
        use AlgorithmName as A;
        Some(match self {
            A::RsaSsaPkcs1 | A::RsaPss | A::RsaOaep => "rsa",
            A::Ecdsa | A::Ecdh => "ec",
            A::Ed25519 => "ed25519",
            A::Ed448 => "ed448",
            A::X25519 => "x25519",
            A::X448 => "x448",
            A::MlDsa44 => "ml-dsa-44",
            A::MlDsa65 => "ml-dsa-65",
            A::MlDsa87 => "ml-dsa-87",
            A::MlKem512 => "ml-kem-512",
            A::MlKem768 => "ml-kem-768",
            A::MlKem1024 => "ml-kem-1024",
            _ => return None,
        })
    }

    pub(super) fn is_aes(self) -> bool {
        self.name().starts_with("AES-")
    }

    pub(super) fn is_rsa(self) -> bool {
        self.key_type() == Some("rsa")
    }

    pub(super) fn is_kmac(self) -> bool {
        matches!(self, AlgorithmName::Kmac128 | AlgorithmName::Kmac256)
    }

    /// Whether it has bytes without a frame that are a lattice's.
    pub(super) fn is_lattice(self) -> bool {
        self.name().starts_with("ML-")
    }

    pub(super) fn is_kdf(self) -> bool {
        self.ops() == KDF
    }
}

impl fmt::Display for AlgorithmName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The digest that a key or an operation works with. Node: `hash`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HashAlgorithm {
    /// `SHA-1`
    Sha1,
    /// `SHA-256`
    Sha256,
    /// `SHA-384`
    Sha384,
    /// `SHA-512`
    Sha512,
    /// `SHA3-256`
    Sha3_256,
    /// `SHA3-384`
    Sha3_384,
    /// `SHA3-512`
    Sha3_512,
}

impl HashAlgorithm {
    const ALL: [(HashAlgorithm, &'static str, &'static str); 7] = [
        (HashAlgorithm::Sha1, "SHA-1", "sha1"),
        (HashAlgorithm::Sha256, "SHA-256", "sha256"),
        (HashAlgorithm::Sha384, "SHA-384", "sha384"),
        (HashAlgorithm::Sha512, "SHA-512", "sha512"),
        (HashAlgorithm::Sha3_256, "SHA3-256", "sha3-256"),
        (HashAlgorithm::Sha3_384, "SHA3-384", "sha3-384"),
        (HashAlgorithm::Sha3_512, "SHA3-512", "sha3-512"),
    ];

    fn row(self) -> (HashAlgorithm, &'static str, &'static str) {
        HashAlgorithm::ALL.into_iter().find(|row| row.0 == self).unwrap_or(HashAlgorithm::ALL[0])
    }

    /// The name as Node spells it.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// As `createHash` has it.
    pub(super) fn digest_name(self) -> &'static str {
        self.row().2
    }

    /// The digest of that name, in any case.
    pub fn parse(name: &str) -> Option<HashAlgorithm> {
        HashAlgorithm::ALL.into_iter().find(|row| row.1.eq_ignore_ascii_case(name)).map(|row| row.0)
    }

    /// As JSON Web Keys write it behind the letters of the algorithm; `None` where there is no such name.
    pub(super) fn jwk_bits(self) -> Option<&'static str> {
        match self {
            HashAlgorithm::Sha1 => Some("1"),
            HashAlgorithm::Sha256 => Some("256"),
            HashAlgorithm::Sha384 => Some("384"),
            HashAlgorithm::Sha512 => Some("512"),
            _ => None,
        }
    }

    /// Bits of a block, which is how long a key of HMAC is unasked; SHA-3 has no such length in Node.
    pub(super) fn block_bits(self) -> Result<u32> {
        match self {
            HashAlgorithm::Sha1 | HashAlgorithm::Sha256 => Ok(512),
            HashAlgorithm::Sha384 | HashAlgorithm::Sha512 => Ok(1024),
            _ => Err(not_supported("Explicit algorithm length member is required")),
        }
    }
}

/// An elliptic curve. Node: `namedCurve`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NamedCurve {
    /// `P-256`
    P256,
    /// `P-384`
    P384,
    /// `P-521`
    P521,
}

impl NamedCurve {
    /// The name as Node spells it.
    pub const fn name(self) -> &'static str {
        match self {
            NamedCurve::P256 => "P-256",
            NamedCurve::P384 => "P-384",
            NamedCurve::P521 => "P-521",
        }
    }

    /// OpenSSL's name of it.
    pub(super) const fn openssl(self) -> &'static str {
        match self {
            NamedCurve::P256 => "prime256v1",
            NamedCurve::P384 => "secp384r1",
            NamedCurve::P521 => "secp521r1",
        }
    }

    /// The curve of that name.
    pub fn parse(name: &str) -> Option<NamedCurve> {
        [NamedCurve::P256, NamedCurve::P384, NamedCurve::P521].into_iter().find(|curve| curve.name() == name)
    }
}

/// An algorithm and what it is used with. Node: the argument `algorithm` of the methods of `SubtleCrypto`, a name or an
/// object.
///
/// Which of the parameters are looked at depends on the algorithm and on the method, as in Node
/// (<https://nodejs.org/api/webcrypto.html#algorithm-parameters>); one that has to be there and is not is an error.
///
/// ```
/// use nodecore_crypto::webcrypto::{Algorithm, KeyUsage, encrypt_sync, generate_key_sync};
///
/// let key = generate_key_sync(&Algorithm::new("AES-GCM").length(256), true, &[KeyUsage::Encrypt])?.into_secret()?;
/// let sealed = encrypt_sync(&Algorithm::new("AES-GCM").iv(&[1; 12]), &key, b"text")?;
/// assert_eq!(sealed.len(), 4 + 16);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Algorithm<'a> {
    name: &'a str,
    hash: Option<&'a str>,
    length: Option<u32>,
    named_curve: Option<&'a str>,
    modulus_length: Option<u32>,
    public_exponent: Option<&'a [u8]>,
    iv: Option<&'a [u8]>,
    counter: Option<&'a [u8]>,
    additional_data: Option<&'a [u8]>,
    tag_length: Option<u32>,
    label: Option<&'a [u8]>,
    salt_length: Option<u32>,
    context: Option<&'a [u8]>,
    output_length: Option<u32>,
    customization: Option<&'a [u8]>,
    function_name: Option<&'a [u8]>,
    domain_separation: Option<u8>,
    public: Option<CryptoKey>,
    salt: Option<&'a [u8]>,
    info: Option<&'a [u8]>,
    iterations: Option<u32>,
    nonce: Option<&'a [u8]>,
    parallelism: Option<u32>,
    memory: Option<u32>,
    passes: Option<u32>,
    version: Option<u8>,
    secret_value: Option<&'a [u8]>,
    associated_data: Option<&'a [u8]>,
}

/// Declares the parameters once: how each is set, and how it is read.
macro_rules! members {
    ($($doc:literal $set:ident $get:ident $ty:ty;)*) => {
        impl<'a> Algorithm<'a> {
            $(
                #[doc = $doc]
                #[must_use]
                pub fn $set(mut self, $set: $ty) -> Algorithm<'a> {
                    self.$set = Some($set);
                    self
                }

                pub(super) fn $get(&self) -> Option<$ty> {
                    self.$set
                }
            )*
        }
    };
}

members! {
    "Bits: of the key (AES, HMAC, KMAC), of the counter (AES-CTR)." length get_length u32;
    "Bits of the modulus (RSA)." modulus_length get_modulus_length u32;
    "The public exponent, its most significant byte first (RSA)." public_exponent get_public_exponent &'a [u8];
    "The initialization vector (AES-CBC, AES-GCM, AES-OCB, ChaCha20-Poly1305)." iv get_iv &'a [u8];
    "The first block of the counter, 16 bytes (AES-CTR)." counter get_counter &'a [u8];
    "What is authenticated besides (AES-GCM, AES-OCB, ChaCha20-Poly1305)." additional_data get_additional_data &'a [u8];
    "Bits of the tag (AES-GCM, AES-OCB, ChaCha20-Poly1305). Default: 128." tag_length get_tag_length u32;
    "The label (RSA-OAEP)." label get_label &'a [u8];
    "Bytes of salt (RSA-PSS)." salt_length get_salt_length u32;
    "What the signature is for (Ed448, ML-DSA)." context get_context &'a [u8];
    "Bits of the output (cSHAKE, TurboSHAKE, KT, KMAC)." output_length get_output_length u32;
    "What the output is for (cSHAKE, KT, KMAC)." customization get_customization &'a [u8];
    "The function that is built on it (cSHAKE): empty, `KMAC`, `TupleHash` or `ParallelHash`." function_name get_function_name &'a [u8];
    "What ends the input, 1 to 0x7f (TurboSHAKE). Default: 0x1f." domain_separation get_domain_separation u8;
    "The salt (HKDF, PBKDF2)." salt get_salt &'a [u8];
    "What the key is for (HKDF)." info get_info &'a [u8];
    "How often the digest is applied (PBKDF2)." iterations get_iterations u32;
    "The salt (Argon2)." nonce get_nonce &'a [u8];
    "How many lanes (Argon2)." parallelism get_parallelism u32;
    "How many blocks of 1024 bytes (Argon2)." memory get_memory u32;
    "How often it goes over them (Argon2)." passes get_passes u32;
    "0x13, which is the default (Argon2)." version get_version u8;
    "A key that is kept apart (Argon2)." secret_value get_secret_value &'a [u8];
    "More that the result depends on (Argon2)." associated_data get_associated_data &'a [u8];
}

impl<'a> Algorithm<'a> {
    /// The algorithm of that name, in any case, with no parameters.
    pub fn new(name: &'a str) -> Algorithm<'a> {
        Algorithm { name, ..Algorithm::default() }
    }

    /// The digest (HMAC, RSA, ECDSA, HKDF, PBKDF2).
    #[must_use]
    pub fn hash(mut self, name: &'a str) -> Algorithm<'a> {
        self.hash = Some(name);
        self
    }

    /// The curve (ECDSA, ECDH): `P-256`, `P-384` or `P-521`.
    #[must_use]
    pub fn named_curve(mut self, name: &'a str) -> Algorithm<'a> {
        self.named_curve = Some(name);
        self
    }

    /// The other side's public key (ECDH, X25519, X448). Node: `public`.
    #[must_use]
    pub fn public(mut self, key: &CryptoKey) -> Algorithm<'a> {
        self.public = Some(key.clone());
        self
    }

    /// Which algorithm it is.
    ///
    /// # Errors
    /// `NotSupportedError`, unless it is one that can do `op`.
    pub(super) fn named(&self, op: Op) -> Result<AlgorithmName> {
        AlgorithmName::parse(self.name).filter(|name| name.can(op)).ok_or_else(unrecognized)
    }

    pub(super) fn get_public(&self) -> Option<&CryptoKey> {
        self.public.as_ref()
    }

    /// `hash`, which `dictionary` has to have.
    pub(super) fn need_hash(&self, dictionary: &str) -> Result<HashAlgorithm> {
        let name = self.hash.ok_or_else(|| missing("hash", dictionary))?;
        if !name.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("SHA")) {
            return Err(not_supported(&format!("Only SHA hashes are supported in {dictionary}")));
        }
        HashAlgorithm::parse(name).ok_or_else(unrecognized)
    }

    /// `namedCurve`, likewise.
    pub(super) fn need_curve(&self, dictionary: &str) -> Result<NamedCurve> {
        let name = self.named_curve.ok_or_else(|| missing("namedCurve", dictionary))?;
        NamedCurve::parse(name).ok_or_else(|| not_supported("Unrecognized namedCurve"))
    }
}

/// `value`, which `dictionary` has to have as `member`.
pub(super) fn need<T>(value: Option<T>, member: &str, dictionary: &str) -> Result<T, Error> {
    value.ok_or_else(|| missing(member, dictionary))
}

/// What it shows is the name; parameters may be secrets.
impl fmt::Debug for Algorithm<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Algorithm").field("name", &self.name).finish_non_exhaustive()
    }
}
