//! `randomUUID` and `randomUUIDv7`.

use std::time::{SystemTime, UNIX_EPOCH};

use nodecore_error::Result;

use super::reserve::{fill, fill_afresh};

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
fn shown(mut bytes: [u8; 16], version: u8) -> String {
    bytes[6] = bytes[6] & 0x0f | version << 4;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut text = [b'-'; 36];
    for (place, byte) in PLACES.into_iter().zip(bytes) {
        text[place] = DIGITS[usize::from(byte >> 4)];
        text[place + 1] = DIGITS[usize::from(byte & 15)];
    }
    str::from_utf8(&text).unwrap_or_default().to_owned()
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";
/// Where each byte goes.
const PLACES: [usize; 16] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
