//! `randomUUID` and `randomUUIDv7`.

use std::time::{SystemTime, UNIX_EPOCH};

use nodecore_error::Result;

use super::reserve::{fill, fill_afresh};
use crate::engine::ascii;

/// The options of [`random_uuid`] and [`random_uuid_v7`].
///
/// ```
/// use nodecore_crypto::{RandomUuidOptions, random_uuid};
/// let uuid = random_uuid(&RandomUuidOptions::new().disable_entropy_cache(true))?;
/// assert_eq!((uuid.len(), &uuid[14..15]), (36, "4"));
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct RandomUuidOptions {
    disable_entropy_cache: bool,
}

impl RandomUuidOptions {
    /// Node's defaults.
    pub fn new() -> RandomUuidOptions {
        RandomUuidOptions::default()
    }

    /// Takes the random bytes from OpenSSL's generator itself, not from those that the thread has in stock. Node:
    /// `disableEntropyCache`.
    #[must_use]
    pub fn disable_entropy_cache(mut self, disable_entropy_cache: bool) -> RandomUuidOptions {
        self.disable_entropy_cache = disable_entropy_cache;
        self
    }

    #[inline]
    fn fill(self, bytes: &mut [u8]) -> Result<()> {
        if self.disable_entropy_cache { fill_afresh(bytes) } else { fill(bytes) }
    }
}

/// A random UUID, of version 4. Node: `crypto.randomUUID`
/// (<https://nodejs.org/api/crypto.html#cryptorandomuuidoptions>).
///
/// # Errors
/// OpenSSL's, if the system gives no entropy.
///
/// # Examples
/// See [`RandomUuidOptions`].
pub fn random_uuid(options: &RandomUuidOptions) -> Result<String> {
    let mut bytes = [0; 16];
    options.fill(&mut bytes)?;
    Ok(shown(bytes, 4))
}

/// A UUID of version 7: milliseconds since 1970, and random bits. Those of one millisecond are in no order, as in
/// Node. Node: `crypto.randomUUIDv7` (<https://nodejs.org/api/crypto.html#cryptorandomuuidv7options>).
///
/// # Errors
/// OpenSSL's, if the system gives no entropy.
///
/// # Examples
/// ```
/// use nodecore_crypto::{RandomUuidOptions, random_uuid_v7};
/// let uuid = random_uuid_v7(&RandomUuidOptions::new())?;
/// assert_eq!((uuid.len(), &uuid[14..15]), (36, "7"));
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn random_uuid_v7(options: &RandomUuidOptions) -> Result<String> {
    let mut bytes = [0; 16];
    options.fill(&mut bytes[6..])?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    bytes[..6].copy_from_slice(&now.to_be_bytes()[10..]);
    Ok(shown(bytes, 7))
}

/// Sets version and variant (RFC 9562, 4), and writes it out.
#[inline]
fn shown(mut bytes: [u8; 16], version: u8) -> String {
    bytes[6] = bytes[6] & 0x0f | version << 4;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let quarter = |at: usize| hex(u32::from_be_bytes(std::array::from_fn(|byte| bytes[4 * at + byte])));
    let (second, third) = (quarter(1), quarter(2));
    let mut text = [b'-'; 36];
    text[..8].copy_from_slice(&quarter(0));
    text[9..13].copy_from_slice(&second[..4]);
    text[14..18].copy_from_slice(&second[4..]);
    text[19..23].copy_from_slice(&third[..4]);
    text[24..28].copy_from_slice(&third[4..]);
    text[28..].copy_from_slice(&quarter(3));
    ascii(text)
}

/// A number's digits, all at once.
#[inline]
fn hex(number: u32) -> [u8; 8] {
    const EACH: u64 = 0x0101_0101_0101_0101;
    // One digit to a byte.
    let mut digits = u64::from(number);
    digits = (digits & 0xffff_0000) << 16 | digits & 0xffff;
    digits = (digits & 0x0000_ff00_0000_ff00) << 8 | digits & 0x0000_00ff_0000_00ff;
    digits = (digits & 0x00f0_00f0_00f0_00f0) << 4 | digits & 0x000f_000f_000f_000f;
    // 1 where a digit is a letter: from 10 on, 6 more make 16.
    let letters = (digits + 6 * EACH) >> 4 & EACH;
    (digits + u64::from(b'0') * EACH + letters * u64::from(b'a' - b'0' - 10)).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_those_of_format() {
        for number in [0, 9, 10, 15, 0x1234_5678, 0x9abc_def0, u32::MAX] {
            assert_eq!(hex(number), *format!("{number:08x}").as_bytes());
        }
        let bytes = 0x0012_3456_789a_bcde_f0f1_f2f3_f4f5_f6f7_u128.to_be_bytes();
        assert_eq!(shown(bytes, 4), "00123456-789a-4cde-b0f1-f2f3f4f5f6f7");
        assert_eq!(shown([0xff; 16], 7), "ffffffff-ffff-7fff-bfff-ffffffffffff");
    }
}
