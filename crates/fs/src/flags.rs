//! How a file is opened: Node's flag strings and the system's numbers.

use std::str::FromStr;

use nodecore_error::{Code, Error, Result, inspect};

use crate::constants::{O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_RDWR, O_SYNC, O_TRUNC, O_WRONLY};

/// How a file is opened (<https://nodejs.org/api/fs.html#file-system-flags>).
///
/// ```
/// use nodecore_fs::{Flags, constants};
///
/// assert_eq!(Flags::parse("wx")?, Flags::WX);
/// assert_eq!(Flags::R_PLUS.bits(), constants::O_RDWR);
/// assert_eq!(Flags::parse("z").unwrap_err().to_string(), "The argument 'flags' is invalid. Received 'z'");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Flags(i32);

impl Default for Flags {
    /// `'r'`.
    fn default() -> Flags {
        Flags::R
    }
}

impl Flags {
    /// `'r'`: reading; it must be there.
    pub const R: Flags = Flags(O_RDONLY);
    /// `'rs'`: reading, around the local cache.
    pub const RS: Flags = Flags(O_RDONLY | O_SYNC);
    /// `'r+'`: reading and writing; it must be there.
    pub const R_PLUS: Flags = Flags(O_RDWR);
    /// `'rs+'`: as `'r+'`, every write waits for the device.
    pub const RS_PLUS: Flags = Flags(O_RDWR | O_SYNC);
    /// `'w'`: writing; made or made empty.
    pub const W: Flags = Flags(O_TRUNC | O_CREAT | O_WRONLY);
    /// `'wx'`: as `'w'`, but it must not be there.
    pub const WX: Flags = Flags(Flags::W.0 | O_EXCL);
    /// `'w+'`: reading and writing; made or made empty.
    pub const W_PLUS: Flags = Flags(O_TRUNC | O_CREAT | O_RDWR);
    /// `'wx+'`: as `'w+'`, but it must not be there.
    pub const WX_PLUS: Flags = Flags(Flags::W_PLUS.0 | O_EXCL);
    /// `'a'`: writing at the end; made if it is not there.
    pub const A: Flags = Flags(O_APPEND | O_CREAT | O_WRONLY);
    /// `'ax'`: as `'a'`, but it must not be there.
    pub const AX: Flags = Flags(Flags::A.0 | O_EXCL);
    /// `'as'`: as `'a'`, every write waits for the device.
    pub const AS: Flags = Flags(Flags::A.0 | O_SYNC);
    /// `'a+'`: reading, and writing at the end; made if it is not there.
    pub const A_PLUS: Flags = Flags(O_APPEND | O_CREAT | O_RDWR);
    /// `'ax+'`: as `'a+'`, but it must not be there.
    pub const AX_PLUS: Flags = Flags(Flags::A_PLUS.0 | O_EXCL);
    /// `'as+'`: as `'a+'`, every write waits for the device.
    pub const AS_PLUS: Flags = Flags(Flags::A_PLUS.0 | O_SYNC);

    /// The flags of one of Node's strings.
    ///
    /// # Errors
    /// [`Code::InvalidArgValue`] for any other.
    pub fn parse(text: &str) -> Result<Flags> {
        Ok(match text {
            "r" => Flags::R,
            "rs" | "sr" => Flags::RS,
            "r+" => Flags::R_PLUS,
            "rs+" | "sr+" => Flags::RS_PLUS,
            "w" => Flags::W,
            "wx" | "xw" => Flags::WX,
            "w+" => Flags::W_PLUS,
            "wx+" | "xw+" => Flags::WX_PLUS,
            "a" => Flags::A,
            "ax" | "xa" => Flags::AX,
            "as" | "sa" => Flags::AS,
            "a+" => Flags::A_PLUS,
            "ax+" | "xa+" => Flags::AX_PLUS,
            "as+" | "sa+" => Flags::AS_PLUS,
            _ => {
                let received = inspect(text.as_bytes());
                return Err(Error::from_template(
                    Code::InvalidArgValue,
                    &[&"flags", &"is invalid", &received],
                ));
            }
        })
    }

    /// The flags of the system's number, `O_*` of [`constants`](crate::constants) combined.
    pub const fn from_bits(bits: i32) -> Flags {
        Flags(bits)
    }

    /// The system's number.
    pub const fn bits(self) -> i32 {
        self.0
    }
}

impl FromStr for Flags {
    type Err = Error;
    fn from_str(text: &str) -> Result<Flags> {
        Flags::parse(text)
    }
}

impl From<i32> for Flags {
    fn from(bits: i32) -> Flags {
        Flags(bits)
    }
}

/// What can be given as flags: [`Flags`], Node's strings, or the system's number.
pub trait FlagsArg {
    /// The flags meant.
    ///
    /// # Errors
    /// As [`Flags::parse`].
    fn flags(&self) -> Result<Flags>;
}

impl FlagsArg for Flags {
    fn flags(&self) -> Result<Flags> {
        Ok(*self)
    }
}

impl FlagsArg for i32 {
    fn flags(&self) -> Result<Flags> {
        Ok(Flags(*self))
    }
}

impl FlagsArg for &str {
    fn flags(&self) -> Result<Flags> {
        Flags::parse(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expected values: Node 26.10 on Linux.
    #[test]
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    fn strings_have_nodes_numbers() {
        let expected = "r:0 rs:1052672 sr:1052672 r+:2 rs+:1052674 sr+:1052674 w:577 wx:705 xw:705 w+:578 wx+:706 \
                        xw+:706 a:1089 ax:1217 xa:1217 as:1053761 sa:1053761 a+:1090 ax+:1218 xa+:1218 \
                        as+:1053762 sa+:1053762";
        for pair in expected.split(' ') {
            let (text, bits) = pair.split_once(':').unwrap();
            assert_eq!(Flags::parse(text).unwrap().bits().to_string(), bits, "{text}");
        }
        for text in ["", "R", " r", "rw", "r+x", "+r", "r\0"] {
            assert!(Flags::parse(text).is_err(), "{text:?}");
        }
    }
}
