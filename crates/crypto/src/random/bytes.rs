//! `randomBytes`, `randomFill` and `getRandomValues`.

use nodecore_error::{Class, Code, Error, Result};
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, blocking};

use super::reserve::fill;
use crate::check::{self, MAX, wide};
use crate::secret::Secret;

/// Checks, and gives what makes them.
fn maker(size: usize) -> Result<impl FnOnce() -> Result<Secret> + Send + 'static> {
    check::length("size", size)?;
    Ok(move || {
        let mut bytes = Secret::zeroed(size)?;
        fill(&mut bytes)?;
        Ok(bytes)
    })
}

pub(crate) fn random_bytes_operation(size: usize) -> Result<impl Operation<Output = Secret>> {
    Ok(blocking(maker(size)?))
}

/// `size` random bytes, blocking. Node: `crypto.randomBytes(size)`
/// (<https://nodejs.org/api/crypto.html#cryptorandombytessize-callback>), also as `rng`, `prng` and `pseudoRandomBytes`.
///
/// They are fit for keys: from OpenSSL's generator, which the system seeds. Up to 256 bytes come from 4 KiB of them that
/// the thread keeps in stock, each of which is cleared when it is handed out; the child of a fork does not use its
/// parent's.
///
/// # Errors
/// [`Code::OutOfRange`] for 2^31 bytes and more; [`Code::MemoryAllocationFailed`]; OpenSSL's, if the system gives no
/// entropy.
///
/// # Examples
/// ```
/// let key = nodecore_crypto::random_bytes_sync(32)?;
/// assert_ne!(key, nodecore_crypto::random_bytes_sync(32)?);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn random_bytes_sync(size: usize) -> Result<Vec<u8>> {
    Ok(maker(size)?()?.into_vec())
}

/// As [`random_bytes_sync`], on the pool; `done` is called once, later. Node: `crypto.randomBytes(size, callback)`.
///
/// # Errors
/// As there: a size is refused here, the others are given to `done`.
pub fn random_bytes(
    lp: &EventLoop,
    size: usize,
    done: impl FnOnce(Result<Vec<u8>>) + 'static,
) -> Result<Request> {
    Ok(random_bytes_operation(size)?.spawn(lp, |bytes| done(bytes.map(Secret::into_vec))))
}

/// The end of what is to be filled.
fn checked_range(len: usize, offset: usize, size: Option<usize>) -> Result<usize> {
    check::within("offset", wide(offset), 0, wide(len).min(MAX))?;
    let Some(size) = size else { return Ok(len) };
    check::length("size", size)?;
    let end = offset + size;
    if end > len {
        let must = format!("<= {len}");
        return Err(check::out_of_range("size + offset", &must, i128::from(wide(end))));
    }
    Ok(end)
}

pub(crate) fn random_fill_operation(
    mut buffer: Vec<u8>,
    offset: usize,
    size: Option<usize>,
) -> Result<impl Operation<Output = Vec<u8>>> {
    let end = checked_range(buffer.len(), offset, size)?;
    Ok(blocking(move || {
        fill(&mut buffer[offset..end])?;
        Ok(buffer)
    }))
}

/// Fills `size` bytes of `buffer` from `offset` on, to its end for `None`, with random bytes. Node:
/// `crypto.randomFillSync` (<https://nodejs.org/api/crypto.html#cryptorandomfillsyncbuffer-offset-size>).
///
/// # Errors
/// [`Code::OutOfRange`] if there is not as much; OpenSSL's, if the system gives no entropy.
///
/// # Examples
/// ```
/// let mut buffer = [0; 20];
/// nodecore_crypto::random_fill_sync(&mut buffer, 16, None)?;
/// assert_eq!(buffer[..16], [0; 16]);
/// let error = nodecore_crypto::random_fill_sync(&mut buffer, 16, Some(5)).unwrap_err();
/// assert_eq!(error.to_string(), "The value of \"size + offset\" is out of range. It must be <= 20. Received 21");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn random_fill_sync(buffer: &mut [u8], offset: usize, size: Option<usize>) -> Result<()> {
    let end = checked_range(buffer.len(), offset, size)?;
    fill(&mut buffer[offset..end])
}

/// As [`random_fill_sync`], on the pool; `done` is called once, later, with the buffer. Node: `crypto.randomFill`
/// (<https://nodejs.org/api/crypto.html#cryptorandomfillbuffer-offset-size-callback>).
///
/// # Errors
/// As there: a range is refused here, OpenSSL's are given to `done`.
pub fn random_fill(
    lp: &EventLoop,
    buffer: Vec<u8>,
    offset: usize,
    size: Option<usize>,
    done: impl FnOnce(Result<Vec<u8>>) + 'static,
) -> Result<Request> {
    Ok(random_fill_operation(buffer, offset, size)?.spawn(lp, done))
}

/// Fills `buffer` with random bytes. Node: `crypto.getRandomValues`
/// (<https://nodejs.org/api/crypto.html#cryptogetrandomvaluestypedarray>).
///
/// # Errors
/// A `QuotaExceededError` for more than 65536 bytes; OpenSSL's, if the system gives no entropy.
///
/// # Examples
/// ```
/// let mut buffer = [0; 65537];
/// nodecore_crypto::get_random_values(&mut buffer[1..])?;
/// let error = nodecore_crypto::get_random_values(&mut buffer).unwrap_err();
/// assert_eq!(error.class().name(), "QuotaExceededError");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn get_random_values(buffer: &mut [u8]) -> Result<()> {
    const QUOTA: usize = 65536;
    if buffer.len() > QUOTA {
        let text = "The requested length exceeds 65,536 bytes";
        return Err(Error::new(Code::Uncoded, text).with_class(Class::QuotaExceededError));
    }
    fill(buffer)
}
