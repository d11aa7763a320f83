//! How a `Utf8Stream` writes.

use std::fmt;
use std::rc::Rc;

use nodecore_error::Error;

/// How a [`Utf8Stream`](crate::Utf8Stream) writes.
///
/// ```
/// use nodecore_fs::Utf8StreamOptions;
///
/// let options = Utf8StreamOptions::default().min_length(4096).mkdir(true);
/// # let _ = options;
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Utf8StreamOptions {
    /// Whether what is there stays. Default true.
    pub append: bool,
    /// Whether to wait after each write until it is on the device.
    pub fsync: bool,
    /// How many bytes may wait; what would be more is dropped. Default 0: no limit.
    pub max_length: usize,
    /// How many bytes are put together into one write. Default 16,384.
    pub max_write: usize,
    /// How many bytes must wait before they are written. Default 0.
    pub min_length: usize,
    /// Whether to make the directories of the path.
    pub mkdir: bool,
    /// The permissions of a file that is made. Default `0o666`, less the umask.
    pub mode: u32,
    /// Milliseconds after which what waits is written, however little, again and again. Default 0: never.
    pub periodic_flush: u32,
    /// Whether to block until everything is written.
    pub sync: bool,
    pub(super) retry_eagain: Option<Retry>,
}

/// Whether to try again after an error: gets the bytes of the write that failed and of those behind it.
pub(super) type Retry = Rc<dyn Fn(&Error, usize, usize) -> bool>;

impl Default for Utf8StreamOptions {
    fn default() -> Utf8StreamOptions {
        Utf8StreamOptions {
            append: true,
            fsync: false,
            max_length: 0,
            max_write: 16 * 1024,
            min_length: 0,
            mkdir: false,
            mode: 0o666,
            periodic_flush: 0,
            sync: false,
            retry_eagain: None,
        }
    }
}

impl Utf8StreamOptions {
    crate::streams::setters! {
        /// Sets whether what is there stays.
        append: bool;
        /// Sets whether to wait until each write is on the device.
        fsync: bool;
        /// Sets how many bytes may wait.
        max_length: usize;
        /// Sets how many bytes are put together into one write.
        max_write: usize;
        /// Sets how many bytes must wait before they are written.
        min_length: usize;
        /// Sets whether to make the directories of the path.
        mkdir: bool;
        /// Sets the permissions of a file that is made.
        mode: u32;
        /// Sets after how many milliseconds what waits is written.
        periodic_flush: u32;
        /// Sets whether to block until everything is written.
        sync: bool;
    }

    /// Sets who says whether a write that failed with `EAGAIN` or `EBUSY` is tried again, 100 ms later: it
    /// gets the error, the bytes of that write, and the bytes behind it. Without, it always is.
    #[must_use]
    pub fn retry_eagain(
        mut self,
        retry: impl Fn(&Error, usize, usize) -> bool + 'static,
    ) -> Utf8StreamOptions {
        self.retry_eagain = Some(Rc::new(retry));
        self
    }
}

impl fmt::Debug for Utf8StreamOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Utf8StreamOptions")
            .field("append", &self.append)
            .field("fsync", &self.fsync)
            .field("max_length", &self.max_length)
            .field("max_write", &self.max_write)
            .field("min_length", &self.min_length)
            .field("mkdir", &self.mkdir)
            .field("mode", &self.mode)
            .field("periodic_flush", &self.periodic_flush)
            .field("sync", &self.sync)
            .finish_non_exhaustive()
    }
}
