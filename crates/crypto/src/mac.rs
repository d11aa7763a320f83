//! `Mac`: OpenSSL's message authentication codes.

use std::ffi::CStr;
use std::fmt;

use nodecore_buffer::{Encoding, decode};
use nodecore_error::{Code, Error, Result, inspect};

use crate::algorithm::room;
use crate::engine::{MacCtx, MacMethod, MacParams};

/// A message authentication code that is computed piece by piece. Node: the class `Mac`
/// (<https://nodejs.org/api/crypto.html#class-mac>). It may be moved to another thread;
/// [`into_stream`](Mac::into_stream) makes a stream of it.
///
/// ```
/// use nodecore_buffer::Encoding;
/// use nodecore_crypto::{MacOptions, create_mac};
///
/// let mut mac = create_mac("kmac-128", [7; 16], &MacOptions::default().output_length(4))?;
/// mac.update(b"ab")?.update(b"c")?;
/// assert_eq!(mac.finish_encoded(Encoding::Hex)?.len(), 8);
/// assert_eq!(mac.update(b"d").unwrap_err().code().name(), "ERR_CRYPTO_MAC_FINALIZED");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub struct Mac {
    /// `None` once it is finalized.
    ctx: Option<MacCtx>,
}

/// Options of [`create_mac`]. Which of them an algorithm takes is in Node's table
/// (<https://nodejs.org/api/crypto.html#cryptocreatemacalgorithm-key-options>); any other is an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MacOptions {
    /// The digest of HMAC.
    pub digest: Option<String>,
    /// The cipher of CMAC, in CBC mode, and of GMAC, in GCM mode.
    pub cipher: Option<String>,
    /// The nonce of GMAC, which may never be used again with that key.
    pub iv: Option<Vec<u8>>,
    /// What the MAC is for: KMAC, BLAKE2.
    pub customization: Option<Vec<u8>>,
    /// Of BLAKE2.
    pub salt: Option<Vec<u8>>,
    /// How many bytes the MAC has: KMAC, BLAKE2, SipHash.
    pub output_length: Option<u32>,
}

impl MacOptions {
    /// Sets the digest.
    #[must_use]
    pub fn digest(mut self, name: &str) -> MacOptions {
        self.digest = Some(name.to_owned());
        self
    }

    /// Sets the cipher.
    #[must_use]
    pub fn cipher(mut self, name: &str) -> MacOptions {
        self.cipher = Some(name.to_owned());
        self
    }

    /// Sets the nonce.
    #[must_use]
    pub fn iv(mut self, bytes: impl Into<Vec<u8>>) -> MacOptions {
        self.iv = Some(bytes.into());
        self
    }

    /// Sets the customization.
    #[must_use]
    pub fn customization(mut self, bytes: impl Into<Vec<u8>>) -> MacOptions {
        self.customization = Some(bytes.into());
        self
    }

    /// Sets the salt.
    #[must_use]
    pub fn salt(mut self, bytes: impl Into<Vec<u8>>) -> MacOptions {
        self.salt = Some(bytes.into());
        self
    }

    /// Sets how many bytes the MAC has.
    #[must_use]
    pub fn output_length(mut self, bytes: u32) -> MacOptions {
        self.output_length = Some(bytes);
        self
    }
}

/// The names of all MACs, sorted. Node: `crypto.getMacs()` (<https://nodejs.org/api/crypto.html#cryptogetmacs>).
///
/// # Examples
/// ```
/// assert!(nodecore_crypto::get_macs().contains(&"poly1305"));
/// ```
pub fn get_macs() -> &'static [&'static str] {
    &[
        "blake2bmac",
        "blake2smac",
        "cmac",
        "gmac",
        "hmac",
        "kmac-128",
        "kmac-256",
        "kmac128",
        "kmac256",
        "poly1305",
        "siphash",
    ]
}

/// Begins a MAC. Node: `crypto.createMac(algorithm, key[, options])`
/// (<https://nodejs.org/api/crypto.html#cryptocreatemacalgorithm-key-options>).
///
/// `algorithm` is one of [`get_macs`] in any case, or another of OpenSSL's names.
///
/// # Errors
/// [`Code::CryptoInvalidMac`] for an unknown name; [`Code::InvalidArgValue`] for an option that lacks, that the
/// algorithm does not take, or that is empty or has a NUL in it; [`Code::Openssl`] for what OpenSSL refuses, such as a key of a
/// wrong length; [`Code::CryptoOperationFailed`] where OpenSSL says no more than that.
pub fn create_mac(algorithm: &str, key: impl AsRef<[u8]>, options: &MacOptions) -> Result<Mac> {
    name("argument", "algorithm", algorithm)?;
    for (option, value) in [("options.digest", &options.digest), ("options.cipher", &options.cipher)] {
        if let Some(value) = value {
            name("property", option, value)?;
        }
    }
    let Some(method) = MacMethod::fetch(algorithm) else {
        return Err(Error::from_template(Code::CryptoInvalidMac, &[&algorithm]));
    };
    required(&method, options)?;
    let params = MacParams {
        digest: options.digest.as_deref(),
        cipher: options.cipher.as_deref(),
        iv: options.iv.as_deref(),
        customization: options.customization.as_deref(),
        salt: options.salt.as_deref(),
        output_length: options.output_length,
    };
    if let Some(option) = method.refused(&params) {
        return Err(property(option, &format!("is not supported by MAC {algorithm}")));
    }
    let ctx = MacCtx::new(&method, key.as_ref(), &params)?;
    if params.output_length.is_some_and(|length| ctx.size() != length as usize) {
        return Err(property("outputLength", &format!("was not honored by MAC {algorithm}")));
    }
    Ok(Mac { ctx: Some(ctx) })
}

/// A name that goes to OpenSSL as a C string.
fn name(kind: &str, field: &str, value: &str) -> Result<()> {
    if !value.is_empty() && !value.contains('\0') {
        return Ok(());
    }
    let shown = inspect(value.as_bytes());
    let text = format!("The {kind} '{field}' must be non-empty and contain no NUL bytes. Received {shown}");
    Err(Error::new(Code::InvalidArgValue, text))
}

/// What an algorithm cannot do without.
fn required(method: &MacMethod, options: &MacOptions) -> Result<()> {
    let is = |name: &CStr| method.is_a(name);
    let needs = |option, name| Err(property(option, &format!("is required for {name}")));
    if is(c"hmac") && options.digest.is_none() {
        return needs("digest", "HMAC");
    }
    if is(c"cmac") && options.cipher.is_none() {
        return needs("cipher", "CMAC");
    }
    if is(c"gmac") {
        if options.cipher.is_none() {
            return needs("cipher", "GMAC");
        }
        if options.iv.as_ref().is_none_or(Vec::is_empty) {
            return Err(property("iv", "must be non-empty for GMAC"));
        }
    }
    Ok(())
}

fn property(option: &str, text: &str) -> Error {
    Error::new(Code::InvalidArgValue, format!("The property 'options.{option}' {text}"))
}

/// What Node throws once the MAC has been taken.
pub(crate) fn finalized() -> Error {
    Error::from_template(Code::CryptoMacFinalized, &[])
}

impl Mac {
    /// Adds `data`. Node: `mac.update(data)`.
    ///
    /// # Errors
    /// [`Code::CryptoMacFinalized`] after [`finish`](Mac::finish).
    pub fn update(&mut self, data: &[u8]) -> Result<&mut Mac> {
        self.ctx.as_mut().ok_or_else(finalized)?.update(data)?;
        Ok(self)
    }

    /// The MAC of all that was added; ends it. To compare it with one received takes
    /// a comparison in constant time. Node: `mac.final()`.
    ///
    /// # Errors
    /// [`Code::CryptoMacFinalized`] the second time.
    pub fn finish(&mut self) -> Result<Vec<u8>> {
        let mut ctx = self.ctx.take().ok_or_else(finalized)?;
        let mut out = room(ctx.size())?;
        ctx.finish(&mut out)?;
        Ok(out)
    }

    /// As [`finish`](Mac::finish), as text. Node: `mac.final(encoding)`.
    ///
    /// # Errors
    /// As [`finish`](Mac::finish).
    pub fn finish_encoded(&mut self, encoding: Encoding) -> Result<String> {
        Ok(decode(&self.finish()?, encoding))
    }
}

impl fmt::Debug for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mac").field("finalized", &self.ctx.is_none()).finish()
    }
}
