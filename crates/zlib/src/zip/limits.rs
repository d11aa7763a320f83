//! The most that reading one entry may take where the caller does not say.

use std::sync::atomic::{AtomicU64, Ordering};

use nodecore_error::{Code, Error, Result};

/// Node's largest safe integer.
pub(crate) const MAX_SAFE: u64 = (1 << 53) - 1;

static MAX_CONTENT: AtomicU64 = AtomicU64::new(256 << 20);

/// The most bytes that [`ZipEntry::content_sync`](super::ZipEntry::content_sync) gives where its options do
/// not say: 256 MiB, if it has not been set. Node: `zlib.getMaxZipContentSize()`
/// (<https://nodejs.org/api/zlib.html#zlibgetmaxzipcontentsize>).
pub fn get_max_zip_content_size() -> u64 {
    MAX_CONTENT.load(Ordering::Relaxed)
}

/// Sets what [`get_max_zip_content_size`] gives, for all threads. It is looked at before memory is taken;
/// streams are not bounded by it. Node: `zlib.setMaxZipContentSize(size)`
/// (<https://nodejs.org/api/zlib.html#zlibsetmaxzipcontentsizesize>).
///
/// # Errors
/// [`Code::OutOfRange`] for 2 to the 53rd and above.
///
/// # Examples
/// ```
/// use nodecore_zlib::zip::{get_max_zip_content_size, set_max_zip_content_size};
///
/// assert_eq!(get_max_zip_content_size(), 268_435_456);
/// set_max_zip_content_size(1 << 20)?;
/// assert_eq!(get_max_zip_content_size(), 1 << 20);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn set_max_zip_content_size(size: u64) -> Result<()> {
    within_safe("size", size)?;
    MAX_CONTENT.store(size, Ordering::Relaxed);
    Ok(())
}

/// Checks a number that Node holds as a safe integer.
pub(crate) fn within_safe(name: &str, value: u64) -> Result<()> {
    if value <= MAX_SAFE {
        return Ok(());
    }
    let range = format!(">= 0 && <= {MAX_SAFE}");
    Err(Error::from_template(Code::OutOfRange, &[&name, &range, &crate::options::separated(value)]))
}
