//! `ReadStream` and `WriteStream`.

mod file;
mod hooks;
mod read;
mod write;

pub use hooks::{HookFuture, ReadFs, StreamFs, WriteFs};
pub use read::{ReadStream, ReadStreamOptions, create_read_stream};
pub use write::{WriteStream, WriteStreamOptions, create_write_stream};

use nodecore_error::{Code, Error, Result};

/// The builder methods of options.
macro_rules! setters {
    ($($(#[$doc:meta])* $name:ident: $type:ty $(=> $wrap:path)?;)*) => {
        $($(#[$doc])*
        #[must_use]
        pub fn $name(mut self, $name: $type) -> Self {
            self.$name = $($wrap)?($name);
            self
        })*
    };
}
pub(crate) use setters;

/// The positions that a stream can begin and end at are the integers that JavaScript has.
pub(crate) fn checked_position(name: &str, position: Option<u64>) -> Result<()> {
    const MAX: u64 = (1 << 53) - 1;
    match position {
        Some(position) if position > MAX => {
            let must = format!(">= 0 && <= {MAX}");
            Err(Error::from_template(Code::OutOfRange, &[&name, &must, &grouped(position)]))
        }
        _ => Ok(()),
    }
}

/// The range that a stream reads.
pub(crate) fn checked_range(options: &ReadStreamOptions) -> Result<()> {
    for (name, value) in [("start", options.start), ("end", options.end)] {
        checked_position(name, value)?;
    }
    match (options.start, options.end) {
        (Some(start), Some(end)) if start > end => {
            let must = format!("<= \"end\" (here: {end})");
            Err(Error::from_template(Code::OutOfRange, &[&"start", &must, &start]))
        }
        _ => Ok(()),
    }
}

/// A large integer as Node shows it in this message: `9_007_199_254_740_992`.
fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push('_');
        }
        out.push(digit);
    }
    out
}
