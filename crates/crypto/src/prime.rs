//! Prime numbers: `generatePrime` and `checkPrime`.

use std::cmp::Ordering;
use std::task::Poll;

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, Slice};

use crate::check::{self, MAX};
use crate::engine::{self, Prime};

/// Which primes [`generate_prime`] chooses from. Numbers are big-endian bytes.
///
/// ```
/// use nodecore_crypto::{GeneratePrimeOptions, generate_prime_sync};
///
/// let prime = generate_prime_sync(64, &GeneratePrimeOptions::new().add([12]).rem([5]))?;
/// let prime = u64::from_be_bytes(prime.try_into().unwrap());
/// assert_eq!(prime % 12, 5);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct GeneratePrimeOptions {
    safe: bool,
    add: Option<Vec<u8>>,
    rem: Option<Vec<u8>>,
}

impl GeneratePrimeOptions {
    /// All primes of that many bits.
    pub fn new() -> GeneratePrimeOptions {
        GeneratePrimeOptions::default()
    }

    /// Those for which (prime - 1) / 2 is prime too. Node: `safe`.
    #[must_use]
    pub fn safe(mut self, safe: bool) -> GeneratePrimeOptions {
        self.safe = safe;
        self
    }

    /// Those that leave the remainder [`rem`](Self::rem) when divided by this. Node: `add`.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "Node's name")]
    pub fn add(mut self, add: impl Into<Vec<u8>>) -> GeneratePrimeOptions {
        self.add = Some(add.into());
        self
    }

    /// The remainder: 1 without it, or 3 with [`safe`](Self::safe). Says nothing without [`add`](Self::add). Node: `rem`.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "Node's name")]
    pub fn rem(mut self, rem: impl Into<Vec<u8>>) -> GeneratePrimeOptions {
        self.rem = Some(rem.into());
        self
    }
}

struct Generate {
    bits: i32,
    options: GeneratePrimeOptions,
}

pub(crate) fn generate_prime_operation(
    size: u32,
    options: &GeneratePrimeOptions,
) -> Result<impl Operation<Output = Vec<u8>> + use<>> {
    check::within("size", size.into(), 1, MAX)?;
    for bytes in [&options.add, &options.rem].into_iter().flatten() {
        if check::input("", bytes).is_err() {
            return Err(not_generated());
        }
    }
    if let Some(add) = &options.add {
        let add = digits(add);
        let top = add.first().map_or(0, |byte| byte.leading_zeros());
        if check::wide(add.len()) * 8 - u64::from(top) > u64::from(size) {
            return Err(Error::new(Code::OutOfRange, "invalid options.add"));
        }
        if options.rem.as_ref().is_some_and(|rem| compare(digits(rem), add) != Ordering::Less) {
            return Err(Error::new(Code::OutOfRange, "invalid options.rem"));
        }
    }
    Ok(Generate { bits: i32::try_from(size).unwrap_or(i32::MAX), options: options.clone() })
}

impl Operation for Generate {
    type Output = Vec<u8>;

    fn advance(&mut self, slice: &mut Slice) -> Poll<Result<Vec<u8>>> {
        let GeneratePrimeOptions { safe, add, rem } = &self.options;
        let add = add.as_deref().map(|add| (add, rem.as_deref()));
        Poll::Ready(match engine::generate_prime(self.bits, *safe, add, &mut || !slice.aborted()) {
            Ok(Prime::Found(prime)) => Ok(prime),
            Ok(Prime::None) => Err(not_generated()),
            Ok(Prime::Stopped) => Err(canceled()),
            Err(error) => Err(error),
        })
    }
}

/// What a request that was cancelled gives.
fn canceled() -> Error {
    Error::system_code(Code::ECANCELED, "uv_cancel")
}

fn not_generated() -> Error {
    Error::new(Code::CryptoOperationFailed, "could not generate prime")
}

/// The number without leading zeroes.
fn digits(number: &[u8]) -> &[u8] {
    let zeroes = number.iter().take_while(|byte| **byte == 0).count();
    &number[zeroes..]
}

fn compare(a: &[u8], b: &[u8]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// A random prime of `size` bits, as big-endian bytes, blocking. Node: `crypto.generatePrimeSync`
/// (<https://nodejs.org/api/crypto.html#cryptogenerateprimesyncsize-options>); its option `bigint` is how JavaScript wants the number.
///
/// # Errors
/// [`Code::OutOfRange`] for a size of 0 or 2^31, for an `add` of more bits, and unless `rem` is less than `add`; OpenSSL's
/// `bits too small`, where no prime has so few bits, and `div by zero`; [`Code::CryptoOperationFailed`] if no prime is of
/// the kind asked for.
///
/// # Examples
/// See [`GeneratePrimeOptions`].
///
/// # Differences from Node
/// Node hangs where `add` and `rem` leave no prime, such as 12 and 6; here that is an error.
pub fn generate_prime_sync(size: u32, options: &GeneratePrimeOptions) -> Result<Vec<u8>> {
    generate_prime_operation(size, options)?.run_sync()
}

/// As [`generate_prime_sync`], on the pool; `done` is called once, later. A search that is cancelled ends soon. Node:
/// `crypto.generatePrime` (<https://nodejs.org/api/crypto.html#cryptogenerateprimesize-options-callback>).
///
/// # Errors
/// As there: what is wrong with an argument is returned, the others are given to `done`.
pub fn generate_prime(
    lp: &EventLoop,
    size: u32,
    options: &GeneratePrimeOptions,
    done: impl FnOnce(Result<Vec<u8>>) + 'static,
) -> Result<Request> {
    Ok(generate_prime_operation(size, options)?.spawn(lp, done))
}

/// The options of [`check_prime`].
///
/// ```
/// use nodecore_crypto::{CheckPrimeOptions, check_prime_sync};
/// assert!(check_prime_sync([0x01, 0x00, 0x01], &CheckPrimeOptions::new().checks(100))?);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct CheckPrimeOptions {
    checks: u32,
}

impl CheckPrimeOptions {
    /// As many checks as OpenSSL thinks right: 64, or 128 for more than 2048 bits.
    pub fn new() -> CheckPrimeOptions {
        CheckPrimeOptions::default()
    }

    /// How many rounds of Miller-Rabin; fewer than OpenSSL thinks right are not done. Node: `checks`.
    #[must_use]
    pub fn checks(mut self, checks: u32) -> CheckPrimeOptions {
        self.checks = checks;
        self
    }
}

struct Check {
    candidate: Vec<u8>,
    checks: i32,
}

pub(crate) fn check_prime_operation(
    candidate: &[u8],
    options: &CheckPrimeOptions,
) -> Result<impl Operation<Output = bool> + use<>> {
    check::within("options.checks", options.checks.into(), 0, MAX)?;
    if check::input("", candidate).is_err() {
        return Err(Error::new(Code::Uncoded, "BignumPointer"));
    }
    let checks = i32::try_from(options.checks).unwrap_or(i32::MAX);
    Ok(Check { candidate: candidate.to_vec(), checks })
}

impl Operation for Check {
    type Output = bool;

    fn advance(&mut self, slice: &mut Slice) -> Poll<Result<bool>> {
        let found = engine::check_prime(&self.candidate, self.checks, &mut || !slice.aborted());
        Poll::Ready(found.and_then(|found| found.ok_or_else(canceled)))
    }
}

/// Whether the big-endian `candidate` is a prime, blocking; one that is not is taken for one with a chance of less than
/// 2^-128. Node: `crypto.checkPrimeSync`
/// (<https://nodejs.org/api/crypto.html#cryptocheckprimesynccandidate-options>).
///
/// # Errors
/// [`Code::OutOfRange`] for 2^31 checks and more.
///
/// # Examples
/// See [`CheckPrimeOptions`].
pub fn check_prime_sync(candidate: impl AsRef<[u8]>, options: &CheckPrimeOptions) -> Result<bool> {
    check_prime_operation(candidate.as_ref(), options)?.run_sync()
}

/// As [`check_prime_sync`], on the pool; `done` is called once, later. Node: `crypto.checkPrime`
/// (<https://nodejs.org/api/crypto.html#cryptocheckprimecandidate-options-callback>).
///
/// # Errors
/// As there.
pub fn check_prime(
    lp: &EventLoop,
    candidate: impl AsRef<[u8]>,
    options: &CheckPrimeOptions,
    done: impl FnOnce(Result<bool>) + 'static,
) -> Result<Request> {
    Ok(check_prime_operation(candidate.as_ref(), options)?.spawn(lp, done))
}
