//! `argon2`.

use std::ffi::CStr;
use std::fmt;

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::{EventLoop, Operation, Request, blocking};

use super::spawn;
use crate::check;
use crate::engine;
use crate::secret::Secret;

/// What [`argon2`] derives from, and what it may cost. Node: its `parameters`, of which all but `secret` and
/// `associatedData` have to be given.
///
/// ```
/// use nodecore_crypto::{Argon2Parameters, argon2_sync};
///
/// let parameters =
///     Argon2Parameters::new(b"password", b"a random nonce").parallelism(1).tag_length(32).memory(64).passes(3);
/// let tag = argon2_sync("argon2id", &parameters)?;
/// assert_eq!(tag.len(), 32);
///
/// let error = argon2_sync("argon2id", &parameters.memory(7)).unwrap_err();
/// assert_eq!(error.code().name(), "ERR_OUT_OF_RANGE");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Clone, Copy, Default)]
#[non_exhaustive]
pub struct Argon2Parameters<'a> {
    message: &'a [u8],
    nonce: &'a [u8],
    parallelism: u32,
    tag_length: u32,
    memory: u32,
    passes: u32,
    secret: &'a [u8],
    associated_data: &'a [u8],
}

impl<'a> Argon2Parameters<'a> {
    /// The password, and at least 8 bytes of salt.
    pub fn new(message: &'a [u8], nonce: &'a [u8]) -> Argon2Parameters<'a> {
        Argon2Parameters { message, nonce, ..Argon2Parameters::default() }
    }

    /// How many lanes: 1 to 2^24 - 1. They are computed one after the other, as in Node.
    #[must_use]
    pub fn parallelism(mut self, parallelism: u32) -> Self {
        self.parallelism = parallelism;
        self
    }

    /// Bytes to derive: at least 4.
    #[must_use]
    pub fn tag_length(mut self, tag_length: u32) -> Self {
        self.tag_length = tag_length;
        self
    }

    /// How many blocks of 1024 bytes: at least 8 for each lane.
    #[must_use]
    pub fn memory(mut self, memory: u32) -> Self {
        self.memory = memory;
        self
    }

    /// How often it goes over them: at least once.
    #[must_use]
    pub fn passes(mut self, passes: u32) -> Self {
        self.passes = passes;
        self
    }

    /// A key that is kept apart from what is derived, also known as pepper.
    #[must_use]
    pub fn secret(mut self, secret: &'a [u8]) -> Self {
        self.secret = secret;
        self
    }

    /// More that the result depends on.
    #[must_use]
    pub fn associated_data(mut self, associated_data: &'a [u8]) -> Self {
        self.associated_data = associated_data;
        self
    }
}

impl fmt::Debug for Argon2Parameters<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Argon2Parameters")
            .field("parallelism", &self.parallelism)
            .field("tag_length", &self.tag_length)
            .field("memory", &self.memory)
            .field("passes", &self.passes)
            .finish_non_exhaustive()
    }
}

/// Checks all of it, in Node's order.
fn checked(algorithm: &str, parameters: &Argon2Parameters) -> Result<&'static CStr> {
    let variant = match algorithm {
        "argon2d" => c"ARGON2D",
        "argon2i" => c"ARGON2I",
        "argon2id" => c"ARGON2ID",
        _ => {
            let shown = nodecore_error::inspect(algorithm.as_bytes());
            let must = "must be one of: 'argon2d', 'argon2i', 'argon2id'";
            return Err(Error::from_template(Code::InvalidArgValue, &[&"algorithm", &must, &shown]));
        }
    };
    let max = u64::from(u32::MAX);
    let lanes = u64::from(parameters.parallelism);
    check::within("parameters.nonce.byteLength", check::wide(parameters.nonce.len()), 8, max)?;
    check::within("parameters.parallelism", lanes, 1, (1 << 24) - 1)?;
    check::within("parameters.tagLength", parameters.tag_length.into(), 4, max)?;
    check::within("parameters.memory", parameters.memory.into(), 8 * lanes, max)?;
    check::within("parameters.passes", parameters.passes.into(), 1, max)?;
    check::input("pass is too large", parameters.message)?;
    check::input("salt is too large", parameters.nonce)?;
    check::input("secret is too large", parameters.secret)?;
    check::input("ad is too large", parameters.associated_data)?;
    Ok(variant)
}

fn derive(variant: &'static CStr, parameters: &Argon2Parameters) -> Result<Secret> {
    let mut tag = Secret::zeroed(usize::try_from(parameters.tag_length).unwrap_or(usize::MAX))?;
    let &Argon2Parameters { message, nonce, parallelism, memory, passes, secret, associated_data, .. } =
        parameters;
    let argon2 =
        engine::Argon2 { variant, message, nonce, secret, associated_data, parallelism, memory, passes };
    engine::argon2(argon2, &mut tag)?;
    Ok(tag)
}

pub(crate) fn argon2_operation(
    algorithm: &str,
    parameters: &Argon2Parameters,
) -> Result<impl Operation<Output = Secret> + use<>> {
    let variant = checked(algorithm, parameters)?;
    let &Argon2Parameters { parallelism, tag_length, memory, passes, .. } = parameters;
    let [message, nonce, secret, associated_data] =
        [parameters.message, parameters.nonce, parameters.secret, parameters.associated_data]
            .map(Secret::copy);
    Ok(blocking(move || {
        let parameters = Argon2Parameters {
            message: &message,
            nonce: &nonce,
            parallelism,
            tag_length,
            memory,
            passes,
            secret: &secret,
            associated_data: &associated_data,
        };
        derive(variant, &parameters)
    }))
}

/// Derives a tag with Argon2, blocking; `algorithm` is `argon2d`, `argon2i` or `argon2id`. Node: `crypto.argon2Sync`
/// (<https://nodejs.org/api/crypto.html#cryptoargon2syncalgorithm-parameters>).
///
/// # Errors
/// [`Code::InvalidArgValue`] for another algorithm; [`Code::OutOfRange`] for a parameter; OpenSSL's, `Argon2 derivation
/// failed`, if there is no memory.
///
/// # Examples
/// See [`Argon2Parameters`].
pub fn argon2_sync(algorithm: &str, parameters: &Argon2Parameters) -> Result<Vec<u8>> {
    Ok(derive(checked(algorithm, parameters)?, parameters)?.into_vec())
}

/// As [`argon2_sync`], on the pool; `done` is called once, later. Node: `crypto.argon2`
/// (<https://nodejs.org/api/crypto.html#cryptoargon2algorithm-parameters-callback>).
///
/// # Errors
/// As there: what is wrong with an argument is returned, OpenSSL's errors are given to `done`.
pub fn argon2(
    lp: &EventLoop,
    algorithm: &str,
    parameters: &Argon2Parameters,
    done: impl FnOnce(Result<Vec<u8>>) + 'static,
) -> Result<Request> {
    Ok(spawn(lp, argon2_operation(algorithm, parameters)?, done))
}
