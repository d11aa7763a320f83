//! `scrypt`.

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::{EventLoop, Operation, Request, blocking};

use super::spawn;
use crate::check;
use crate::engine::{self, Scrypt as Costs};
use crate::secret::Secret;

/// The costs of [`scrypt`]. Node: its `options`; 0 stands for the default.
///
/// ```
/// use nodecore_crypto::{ScryptOptions, scrypt_sync};
///
/// let options = ScryptOptions::new().cost(1024).block_size(8).parallelization(16);
/// let key = scrypt_sync("password", "NaCl", 64, &options)?;
/// assert_eq!(key[..4], [0xfd, 0xba, 0xbe, 0x1c]);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ScryptOptions {
    cost: u32,
    block_size: u32,
    parallelization: u32,
    maxmem: u64,
}

impl ScryptOptions {
    /// Node's defaults: cost 16384, block size 8, parallelization 1, 32 MiB.
    pub fn new() -> ScryptOptions {
        ScryptOptions::default()
    }

    /// A power of two greater than one. Node: `cost`, or `N`.
    #[must_use]
    pub fn cost(mut self, cost: u32) -> ScryptOptions {
        self.cost = cost;
        self
    }

    /// Node: `blockSize`, or `r`.
    #[must_use]
    pub fn block_size(mut self, block_size: u32) -> ScryptOptions {
        self.block_size = block_size;
        self
    }

    /// Node: `parallelization`, or `p`.
    #[must_use]
    pub fn parallelization(mut self, parallelization: u32) -> ScryptOptions {
        self.parallelization = parallelization;
        self
    }

    /// How many bytes it may take: about 128 · cost · block size. Node: `maxmem`.
    #[must_use]
    pub fn maxmem(mut self, maxmem: u64) -> ScryptOptions {
        self.maxmem = maxmem;
        self
    }
}

/// What is to be derived, checked.
struct Scrypt {
    costs: Costs,
    keylen: usize,
}

impl Scrypt {
    fn new(password: &[u8], salt: &[u8], keylen: usize, options: &ScryptOptions) -> Result<Scrypt> {
        const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;
        check::length("keylen", keylen)?;
        check::within("maxmem", options.maxmem, 0, MAX_SAFE_INTEGER)?;
        check::input("pass is too large", password)?;
        check::input("salt is too large", salt)?;
        let or = |value: u64, default: u64| if value == 0 { default } else { value };
        let costs = Costs {
            n: or(options.cost.into(), 16384),
            r: or(options.block_size.into(), 8),
            p: or(options.parallelization.into(), 1),
            maxmem: or(options.maxmem, 32 << 20),
        };
        match costs.check() {
            Ok(()) => Ok(Scrypt { costs, keylen }),
            Err(why) => {
                let why = why.map(|why| format!(": {why}")).unwrap_or_default();
                Err(Error::new(Code::CryptoInvalidScryptParams, format!("Invalid scrypt params{why}")))
            }
        }
    }

    fn derive(&self, password: &[u8], salt: &[u8]) -> Result<Secret> {
        let mut key = Secret::zeroed(self.keylen)?;
        engine::scrypt(self.costs, password, salt, &mut key)?;
        Ok(key)
    }
}

pub(crate) fn scrypt_operation(
    password: &[u8],
    salt: &[u8],
    keylen: usize,
    options: &ScryptOptions,
) -> Result<impl Operation<Output = Secret> + use<>> {
    let work = Scrypt::new(password, salt, keylen, options)?;
    let (password, salt) = (Secret::copy(password), salt.to_vec());
    Ok(blocking(move || work.derive(&password, &salt)))
}

/// Derives a key of `keylen` bytes with scrypt, blocking. Node: `crypto.scryptSync`
/// (<https://nodejs.org/api/crypto.html#cryptoscryptsyncpassword-salt-keylen-options>).
///
/// # Errors
/// [`Code::OutOfRange`] for a length of 2^31 or more; [`Code::CryptoInvalidScryptParams`] for costs that cannot be, or
/// that take more than `maxmem`; OpenSSL's, `scrypt derivation failed`, if there is no memory.
///
/// # Examples
/// See [`ScryptOptions`].
///
/// # Differences from Node
/// Each option has one name, so that `ERR_INCOMPATIBLE_OPTION_PAIR` cannot be.
pub fn scrypt_sync(
    password: impl AsRef<[u8]>,
    salt: impl AsRef<[u8]>,
    keylen: usize,
    options: &ScryptOptions,
) -> Result<Vec<u8>> {
    let (password, salt) = (password.as_ref(), salt.as_ref());
    Ok(Scrypt::new(password, salt, keylen, options)?.derive(password, salt)?.into_vec())
}

/// As [`scrypt_sync`], on the pool; `done` is called once, later. Node: `crypto.scrypt`
/// (<https://nodejs.org/api/crypto.html#cryptoscryptpassword-salt-keylen-options-callback>).
///
/// # Errors
/// As there: what is wrong with an argument is returned, OpenSSL's errors are given to `done`.
pub fn scrypt(
    lp: &EventLoop,
    password: impl AsRef<[u8]>,
    salt: impl AsRef<[u8]>,
    keylen: usize,
    options: &ScryptOptions,
    done: impl FnOnce(Result<Vec<u8>>) + 'static,
) -> Result<Request> {
    Ok(spawn(lp, scrypt_operation(password.as_ref(), salt.as_ref(), keylen, options)?, done))
}
