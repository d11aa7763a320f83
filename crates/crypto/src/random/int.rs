//! `randomInt`.

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, blocking};

use super::reserve::fill;
use crate::check::out_of_range;

/// The largest range: the numbers of 48 bits.
const RANGE: u64 = (1 << 48) - 1;

/// Checks, and gives what draws a number.
fn drawer(min: Option<i64>, max: i64) -> Result<impl FnOnce() -> Result<i64> + Send + 'static> {
    const SAFE: u64 = (1 << 53) - 1;
    let low = min.unwrap_or(0);
    for (name, value) in [("min", low), ("max", max)] {
        if value.unsigned_abs() > SAFE {
            let received = format!("type number ({value})");
            return Err(Error::from_template(Code::InvalidArgType, &[&name, &"a safe integer", &received]));
        }
    }
    if max <= low {
        let must = format!("greater than the value of \"min\" ({low})");
        return Err(out_of_range("max", &must, max.into()));
    }
    // Both are safe integers.
    let range = low.abs_diff(max);
    if range > RANGE {
        let name = if min.is_none() { "max" } else { "max - min" };
        // JavaScript's numbers are not exact here.
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            reason = "as JavaScript's are"
        )]
        let range = (max as f64 - low as f64) as i128;
        return Err(out_of_range(name, &format_args!("<= {RANGE}"), range));
    }
    Ok(move || Ok(low + draw(range)?.cast_signed()))
}

/// A number below `range`, all of them equally likely: what is left of the 2^48 when they are shared out is drawn anew.
fn draw(range: u64) -> Result<u64> {
    let shared = (1 << 48) - (1 << 48) % range;
    loop {
        let mut bytes = [0; 8];
        fill(&mut bytes[..6])?;
        let number = u64::from_le_bytes(bytes);
        if number < shared {
            return Ok(number % range);
        }
    }
}

pub(crate) fn random_int_operation(min: Option<i64>, max: i64) -> Result<impl Operation<Output = i64>> {
    Ok(blocking(drawer(min, max)?))
}

/// A random integer from `min`, which is 0 for `None`, up to but not including `max`; all are equally likely. Node:
/// `crypto.randomInt([min, ]max)` (<https://nodejs.org/api/crypto.html#cryptorandomintmin-max-callback>).
///
/// # Errors
/// [`Code::InvalidArgType`] for what is no safe integer of JavaScript; [`Code::OutOfRange`] unless `max` is greater than
/// `min`, by less than 2^48; OpenSSL's, if the system gives no entropy.
///
/// # Examples
/// ```
/// let die = nodecore_crypto::random_int_sync(Some(1), 7)?;
/// assert!((1..=6).contains(&die));
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn random_int_sync(min: Option<i64>, max: i64) -> Result<i64> {
    drawer(min, max)?()
}

/// As [`random_int_sync`], on the pool; `done` is called once, later. Node: `crypto.randomInt([min, ]max, callback)`.
///
/// # Errors
/// As there: a range is refused here, OpenSSL's are given to `done`.
pub fn random_int(
    lp: &EventLoop,
    min: Option<i64>,
    max: i64,
    done: impl FnOnce(Result<i64>) + 'static,
) -> Result<Request> {
    Ok(random_int_operation(min, max)?.spawn(lp, done))
}
