//! `generateKeyPair` and `generateKey`.

use nodecore_error::{Code, Error, Result, inspect};
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, blocking};

use super::details::TYPES;
use super::{KeyObject, missing_property};
use crate::engine::{Half, Md, Params, Pkey, curve, failure, modp_prime, random_bytes, short_name};

/// What a pair of keys is to be like. Node: the options of `crypto.generateKeyPair`; each is looked at for the types that have
/// it.
#[derive(Clone, Debug, Default)]
pub struct KeyPairOptions {
    modulus_length: Option<u32>,
    public_exponent: Option<u32>,
    hash_algorithm: Option<String>,
    mgf1_hash_algorithm: Option<String>,
    salt_length: Option<u32>,
    divisor_length: Option<u32>,
    named_curve: Option<String>,
    explicit: bool,
    prime: Option<Vec<u8>>,
    prime_length: Option<u32>,
    generator: Option<u32>,
    group: Option<String>,
}

impl KeyPairOptions {
    /// No options.
    pub fn new() -> KeyPairOptions {
        KeyPairOptions::default()
    }

    /// Bits of the modulus (`rsa`, `rsa-pss`, `dsa`). Must be given.
    #[must_use]
    pub fn modulus_length(mut self, bits: u32) -> Self {
        self.modulus_length = Some(bits);
        self
    }

    /// The public exponent (`rsa`, `rsa-pss`). Default: 65537.
    #[must_use]
    pub fn public_exponent(mut self, exponent: u32) -> Self {
        self.public_exponent = Some(exponent);
        self
    }

    /// The digest that messages are bound to (`rsa-pss`).
    #[must_use]
    pub fn hash_algorithm(mut self, name: &str) -> Self {
        self.hash_algorithm = Some(name.to_owned());
        self
    }

    /// The digest that the mask is bound to (`rsa-pss`). Default: that of messages.
    #[must_use]
    pub fn mgf1_hash_algorithm(mut self, name: &str) -> Self {
        self.mgf1_hash_algorithm = Some(name.to_owned());
        self
    }

    /// Bytes of salt at least (`rsa-pss`). Default: the length of the digest.
    #[must_use]
    pub fn salt_length(mut self, bytes: u32) -> Self {
        self.salt_length = Some(bytes);
        self
    }

    /// Bits of q (`dsa`).
    #[must_use]
    pub fn divisor_length(mut self, bits: u32) -> Self {
        self.divisor_length = Some(bits);
        self
    }

    /// The curve (`ec`). Must be given.
    #[must_use]
    pub fn named_curve(mut self, name: &str) -> Self {
        self.named_curve = Some(name.to_owned());
        self
    }

    /// Whether the curve is written out instead of named (`ec`). Node: `paramEncoding: 'explicit'`.
    #[must_use]
    pub fn explicit_curve(mut self, explicit: bool) -> Self {
        self.explicit = explicit;
        self
    }

    /// The prime, its most significant byte first (`dh`).
    #[must_use]
    pub fn prime(mut self, prime: &[u8]) -> Self {
        self.prime = Some(prime.to_vec());
        self
    }

    /// Bits of a prime to be found (`dh`).
    #[must_use]
    pub fn prime_length(mut self, bits: u32) -> Self {
        self.prime_length = Some(bits);
        self
    }

    /// The generator (`dh`). Default: 2.
    #[must_use]
    pub fn generator(mut self, generator: u32) -> Self {
        self.generator = Some(generator);
        self
    }

    /// A group of RFC 2409 or 3526, such as `modp14` (`dh`).
    #[must_use]
    pub fn group(mut self, name: &str) -> Self {
        self.group = Some(name.to_owned());
        self
    }
}

/// A private key and the public half of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyPair {
    /// The half that may be told.
    pub public_key: KeyObject,
    /// Both halves.
    pub private_key: KeyObject,
}

/// How a pair is made: all that can be refused at once has been.
enum Recipe {
    Named(&'static str, Params<'static>),
    /// Parameters are made first, then a key of them.
    Parameters(&'static str, Params<'static>),
    /// A key of these parameters.
    Like(Pkey),
}

/// Makes a pair of keys: `rsa`, `rsa-pss`, `dsa`, `ec`, `ed25519`, `ed448`, `x25519`, `x448`, `dh`, `ml-dsa-*`, `ml-kem-*` or
/// `slh-dsa-*`. Node: `crypto.generateKeyPairSync(type, options)`
/// (<https://nodejs.org/api/crypto.html#cryptogeneratekeypairsynctype-options>).
///
/// # Errors
/// [`Code::InvalidArgValue`] for an unknown type; [`Code::InvalidArgType`] or [`Code::MissingOption`] for an option that is
/// missing; [`Code::CryptoInvalidCurve`], [`Code::CryptoInvalidDigest`], [`Code::CryptoUnknownDhGroup`],
/// [`Code::IncompatibleOptionPair`]; what OpenSSL refuses.
///
/// # Examples
/// ```
/// use nodecore_crypto::{KeyPairOptions, generate_key_pair_sync};
///
/// let pair = generate_key_pair_sync("ec", &KeyPairOptions::new().named_curve("P-256"))?;
/// let details = pair.public_key.asymmetric_key_details().unwrap();
/// assert_eq!(details.named_curve.as_deref(), Some("prime256v1"));
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn generate_key_pair_sync(key_type: &str, options: &KeyPairOptions) -> Result<KeyPair> {
    generate_key_pair_operation(key_type, options)?.run_sync()
}

/// As [`generate_key_pair_sync`], on the pool. Node: `crypto.generateKeyPair(type, options, callback)`.
///
/// # Errors
/// What is refused at once; the rest goes to `done`.
pub fn generate_key_pair(
    lp: &EventLoop,
    key_type: &str,
    options: &KeyPairOptions,
    done: impl FnOnce(Result<KeyPair>) + 'static,
) -> Result<Request> {
    Ok(generate_key_pair_operation(key_type, options)?.spawn(lp, done))
}

pub(crate) fn generate_key_pair_operation(
    key_type: &str,
    options: &KeyPairOptions,
) -> Result<impl Operation<Output = KeyPair>> {
    let recipe = recipe(key_type, options)?;
    Ok(blocking(move || {
        let key = match recipe {
            Recipe::Named(name, params) => Pkey::generate(name, &params)?,
            Recipe::Parameters(name, params) => {
                Pkey::generate_parameters(name, &params)?.generate_like(&Params::new())?
            }
            Recipe::Like(parameters) => parameters.generate_like(&Params::new())?,
        };
        Ok(KeyPair { public_key: KeyObject::public(key.share()), private_key: KeyObject::private(key) })
    }))
}

fn recipe(key_type: &str, options: &KeyPairOptions) -> Result<Recipe> {
    let modulus =
        || options.modulus_length.ok_or_else(|| missing_property("options.modulusLength", "number"));
    let recipe = match key_type {
        "rsa" => Recipe::Named("RSA", rsa(options, modulus()?)),
        "rsa-pss" => Recipe::Named("RSA-PSS", pss(options, rsa(options, modulus()?))?),
        "dsa" => {
            let mut params = Params::new().unsigned(c"pbits", modulus()?.into());
            if let Some(bits) = options.divisor_length {
                params = params.unsigned(c"qbits", bits.into());
            }
            Recipe::Parameters("DSA", params)
        }
        "ec" => {
            let name = options.named_curve.as_deref();
            let name = name.ok_or_else(|| missing_property("options.namedCurve", "string"))?;
            let Some(group) = curve(name).and_then(short_name) else {
                return Err(Error::from_template(Code::CryptoInvalidCurve, &[&"Invalid EC curve name"]));
            };
            let encoding = if options.explicit { "explicit" } else { "named_curve" };
            Recipe::Named("EC", Params::new().text(c"group", group).text(c"encoding", encoding))
        }
        "dh" => dh(options)?,
        _ => match TYPES.iter().find(|name| **name == key_type) {
            Some(name) => Recipe::Named(name, Params::new()),
            None => {
                let text = format!(
                    "The argument 'type' must be a supported key type. Received {}",
                    inspect(key_type.as_bytes())
                );
                return Err(Error::new(Code::InvalidArgValue, text));
            }
        },
    };
    Ok(recipe)
}

fn rsa(options: &KeyPairOptions, bits: u32) -> Params<'static> {
    let exponent = options.public_exponent.unwrap_or(0x10001);
    Params::new().unsigned(c"bits", bits.into()).unsigned(c"e", exponent.into())
}

fn pss(options: &KeyPairOptions, mut params: Params<'static>) -> Result<Params<'static>> {
    let find = |name: &str, what: &str| {
        Md::fetch(name)
            .ok_or_else(|| Error::new(Code::CryptoInvalidDigest, format!("Invalid {what}digest: {name}")))
    };
    let hash = options.hash_algorithm.as_deref();
    let md = hash.map(|name| find(name, "")).transpose()?;
    let mgf1 = options.mgf1_hash_algorithm.as_deref();
    mgf1.map(|name| find(name, "MGF1 ")).transpose()?;
    if let Some(name) = hash {
        params = params.text(c"digest", name);
    }
    if let Some(name) = mgf1.or(hash) {
        params = params.text(c"mgf1-digest", name);
    }
    let salt = options.salt_length.map(i64::from);
    let salt = match salt {
        Some(salt) if salt > i64::from(i32::MAX) => {
            return Err(Error::from_template(
                Code::OutOfRange,
                &[&"options.saltLength", &">= 0 && <= 2147483647", &salt],
            ));
        }
        None => md.and_then(|md| i64::try_from(md.size()).ok()),
        salt => salt,
    };
    Ok(match salt {
        Some(salt) => params.integer(c"saltlen", salt),
        None => params,
    })
}

fn dh(options: &KeyPairOptions) -> Result<Recipe> {
    let pair = |a: &str, b: &str| Err(Error::from_template(Code::IncompatibleOptionPair, &[&a, &b]));
    let generator = options.generator.unwrap_or(2);
    if let Some(group) = &options.group {
        if options.prime.is_some() {
            return pair("group", "prime");
        }
        if options.prime_length.is_some() {
            return pair("group", "primeLength");
        }
        if options.generator.is_some() {
            return pair("group", "generator");
        }
        let prime = modp_prime(group).ok_or_else(|| Error::from_template(Code::CryptoUnknownDhGroup, &[]))?;
        return like(&prime, 2);
    }
    if let Some(prime) = &options.prime {
        if options.prime_length.is_some() {
            return pair("prime", "primeLength");
        }
        return like(prime, generator);
    }
    let Some(bits) = options.prime_length else {
        let text = "At least one of the group, prime, or primeLength options";
        return Err(Error::from_template(Code::MissingOption, &[&text]));
    };
    let params = Params::new().text(c"type", "generator").unsigned(c"pbits", bits.into());
    Ok(Recipe::Parameters("DH", params.integer(c"safeprime-generator", generator.into())))
}

fn like(prime: &[u8], generator: u32) -> Result<Recipe> {
    let params = Params::new().big(c"p", prime).unsigned(c"g", generator.into());
    Pkey::from_params("DH", Half::Parameters, &params)
        .map(Recipe::Like)
        .ok_or_else(|| failure("Invalid DH parameters"))
}

/// Makes a secret key: `hmac` of `length` bits (8 and more; what is over a whole number of bytes is left out), or `aes` of
/// 128, 192 or 256. Node: `crypto.generateKeySync(type, { length })`
/// (<https://nodejs.org/api/crypto.html#cryptogeneratekeysynctype-options>).
///
/// # Errors
/// [`Code::InvalidArgValue`] for another type or a length that AES has not; [`Code::OutOfRange`] for one that HMAC has not.
pub fn generate_key_sync(key_type: &str, length: u32) -> Result<KeyObject> {
    generate_key_operation(key_type, length)?.run_sync()
}

/// As [`generate_key_sync`], on the pool. Node: `crypto.generateKey(type, { length }, callback)`.
///
/// # Errors
/// What is refused at once; the rest goes to `done`.
pub fn generate_key(
    lp: &EventLoop,
    key_type: &str,
    length: u32,
    done: impl FnOnce(Result<KeyObject>) + 'static,
) -> Result<Request> {
    Ok(generate_key_operation(key_type, length)?.spawn(lp, done))
}

pub(crate) fn generate_key_operation(
    key_type: &str,
    length: u32,
) -> Result<impl Operation<Output = KeyObject>> {
    match key_type {
        "hmac" if !(8..=i32::MAX.unsigned_abs()).contains(&length) => {
            return Err(Error::from_template(
                Code::OutOfRange,
                &[&"options.length", &">= 8 && <= 2147483647", &length],
            ));
        }
        "aes" if !matches!(length, 128 | 192 | 256) => {
            let text =
                format!("The property 'options.length' must be one of: 128, 192, 256. Received {length}");
            return Err(Error::new(Code::InvalidArgValue, text));
        }
        "hmac" | "aes" => {}
        _ => {
            let received = inspect(key_type.as_bytes());
            let text = format!("The argument 'type' must be a supported key type. Received {received}");
            return Err(Error::new(Code::InvalidArgValue, text));
        }
    }
    Ok(blocking(move || {
        let mut bytes = vec![0; usize::try_from(length / 8).unwrap_or(0)];
        random_bytes(&mut bytes)?;
        Ok(KeyObject::secret(bytes))
    }))
}
