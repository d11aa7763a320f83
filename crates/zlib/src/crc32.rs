//! CRC-32.

/// The CRC-32 of `data`, which follows what has the checksum `value`: 0 at the start.
/// Node: `zlib.crc32(data[, value])` (<https://nodejs.org/api/zlib.html#zlibcrc32data-value>).
///
/// ```
/// use nodecore_zlib::crc32;
///
/// assert_eq!(crc32(b"hello", 0), 907_060_870);
/// assert_eq!(crc32(b"lo", crc32(b"hel", 0)), 907_060_870);
/// ```
pub fn crc32(data: impl AsRef<[u8]>, value: u32) -> u32 {
    let mut hasher = crc32fast::Hasher::new_with_initial(value);
    hasher.update(data.as_ref());
    hasher.finalize()
}
