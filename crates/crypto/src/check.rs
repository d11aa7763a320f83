//! What Node says of arguments that are out of range.

use std::fmt;

use nodecore_error::{Code, Error, Result};

/// The largest length and count of Node's crypto functions.
pub(crate) const MAX: u64 = i32::MAX as u64;

/// `ERR_OUT_OF_RANGE` unless `min <= value <= max`.
pub(crate) fn within(name: &str, value: u64, min: u64, max: u64) -> Result<()> {
    if (min..=max).contains(&value) {
        return Ok(());
    }
    Err(out_of_range(name, &format_args!(">= {min} && <= {max}"), i128::from(value)))
}

/// A length that Node takes: up to 2^31 - 1.
pub(crate) fn length(name: &str, value: usize) -> Result<()> {
    within(name, wide(value), 0, MAX)
}

/// An input that OpenSSL can take: shorter than 2^31. `what` is Node's text if it is not.
pub(crate) fn input(what: &str, bytes: &[u8]) -> Result<()> {
    if wide(bytes.len()) > MAX { Err(Error::new(Code::OutOfRange, what)) } else { Ok(()) }
}

/// `ERR_OUT_OF_RANGE`.
pub(crate) fn out_of_range(name: &str, must: &dyn fmt::Display, received: i128) -> Error {
    Error::from_template(Code::OutOfRange, &[&name, must, &Grouped(received)])
}

pub(crate) fn wide(value: usize) -> u64 {
    u64::try_from(value).unwrap_or(u64::MAX)
}

/// An integer as Node shows it in this message: `281_474_976_710_656`, if it is beyond 2^32.
struct Grouped(i128);

impl fmt::Display for Grouped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.unsigned_abs().to_string();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        if self.0.unsigned_abs() <= 1 << 32 {
            return f.write_str(&digits);
        }
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                f.write_str("_")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}
