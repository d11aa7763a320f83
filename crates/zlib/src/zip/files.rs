//! Archives of files on disk.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use nodecore_error::Result;
use nodecore_event_loop::{EventLoop, OperationExt, blocking};
use nodecore_fs::{Stats, fstat_sync, lstat_sync, open_sync, readlink_sync, stat_sync};
use nodecore_stream::Readable;

use super::archive::{Chunks, Entries, ZipArchiveOptions};
use super::create::{ZipEntryOptions, streamed};
use super::entry::ZipEntry;
use super::fault::unsupported;
use super::pump::Unfold;
use super::source::{Owned, Source};
use super::text::quoted;

/// What a path was found to be; all that the pool can say.
enum Found {
    Directory,
    Link(String),
    File(Owned),
}

/// Looks at a path, and opens it if it is a file. Blocks.
fn look(path: &Path, follow: bool) -> Result<(Found, ZipEntryOptions)> {
    let bytes = path.as_os_str().as_encoded_bytes();
    let stats = if follow { stat_sync(bytes)? } else { lstat_sync(bytes)? };
    if stats.is_symbolic_link() {
        let target = readlink_sync(bytes)?;
        return Ok((Found::Link(target.to_string_lossy().into_owned()), told(&stats)));
    }
    if stats.is_directory() {
        return Ok((Found::Directory, told(&stats)));
    }
    let irregular = || {
        let text = path.to_string_lossy();
        unsupported(format_args!("cannot archive {}: not a regular file", quoted(&text)))
    };
    if !stats.is_file() {
        return Err(irregular());
    }
    // Something else may stand there by the time it is open: a pipe would block, a link lead elsewhere.
    let flags = if cfg!(unix) {
        let link = if follow { 0 } else { nodecore_fs::constants::O_NOFOLLOW };
        nodecore_fs::constants::O_RDONLY | nodecore_fs::constants::O_NONBLOCK | link
    } else {
        nodecore_fs::constants::O_RDONLY
    };
    let file = Owned(open_sync(bytes, flags, 0o666)?);
    let stats = fstat_sync(file.0)?;
    if !stats.is_file() {
        return Err(irregular());
    }
    Ok((Found::File(file), told(&stats)))
}

/// Mode and time of a file, as options.
#[allow(
    clippy::cast_possible_truncation,
    reason = "a mode has 16 bits, and times are far from the ends of i64"
)]
fn told(stats: &Stats) -> ZipEntryOptions {
    ZipEntryOptions::new().mode(stats.mode() as u32).modified(stats.mtime_ms().floor() as i64)
}

fn entry(name: &str, found: Found, options: &ZipEntryOptions) -> Result<ZipEntry> {
    match found {
        Found::Directory if name.ends_with('/') => ZipEntry::create_sync(name, Bytes::new(), options),
        Found::Directory => ZipEntry::create_sync(&format!("{name}/"), Bytes::new(), options),
        Found::Link(target) => ZipEntry::create_symlink(name, &target, options),
        Found::File(file) => Ok(ZipEntry::streaming(streamed(name, options)?, Source::File(file))),
    }
}

/// Options of [`zip_files`]. Node: those of `zlib.zipFiles()`.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ZipFilesOptions {
    archive: ZipArchiveOptions,
    keep_links: bool,
}

impl ZipFilesOptions {
    /// Every option as Node has it where it is not given.
    pub fn new() -> ZipFilesOptions {
        ZipFilesOptions::default()
    }

    /// Comment and offset of the archive.
    #[must_use]
    pub fn archive(mut self, options: ZipArchiveOptions) -> ZipFilesOptions {
        self.archive = options;
        self
    }

    /// Whether symbolic links are replaced by what they lead to; true by default.
    #[must_use]
    pub fn follow_symlinks(mut self, follow: bool) -> ZipFilesOptions {
        self.keep_links = !follow;
        self
    }
}

/// Writes an archive of files, by `(path, name in the archive)`, with their modes and times, as a stream.
/// Files are read as it is read. A directory is an entry of its own, without what is in it. Node:
/// `zlib.zipFiles(files[, options])` (<https://nodejs.org/api/zlib.html#zlibzipfilesfiles-options>).
///
/// # Errors
/// As [`create_zip_archive`](super::create_zip_archive). The system's, and
/// [`Code::ZipUnsupportedFeature`](nodecore_error::Code::ZipUnsupportedFeature) for what is neither file,
/// directory nor link, fail the stream.
///
/// # Examples
/// ```
/// use nodecore_event_loop::EventLoop;
/// use nodecore_stream::consumers;
/// use nodecore_zlib::zip::{ZipBuffer, ZipFilesOptions, zip_files};
///
/// # let path = std::env::temp_dir().join(format!("nodecore-zip-files-{}", std::process::id()));
/// # std::fs::write(&path, "content").unwrap();
/// let lp = EventLoop::new()?;
/// let archive = zip_files(&lp, [(path.clone(), "a.txt")], &ZipFilesOptions::new())?;
/// let zip = ZipBuffer::new(lp.block_on(consumers::buffer(&archive))?)?;
/// assert_eq!(zip.get("a.txt")?.size()?, 7);
/// # std::fs::remove_file(&path).unwrap();
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn zip_files<P, N, I>(lp: &EventLoop, files: I, options: &ZipFilesOptions) -> Result<Readable>
where
    P: Into<PathBuf> + 'static,
    N: Into<String> + 'static,
    I: IntoIterator<Item = (P, N)>,
    I::IntoIter: Unpin + 'static,
{
    let serializer = options.archive.serializer(&Bytes::new())?;
    let (on, follow) = (lp.clone(), !options.keep_links);
    let entries = Unfold::new(files.into_iter(), move |mut files| {
        let (on, file) = (on.clone(), files.next());
        async move {
            let Some((path, name)) = file else { return Ok(None) };
            let (path, name) = (path.into(), name.into());
            let (found, options) = blocking(move || look(&path, follow)).future(&on).await?;
            Ok(Some((entry(&name, found, &options)?, files)))
        }
    });
    Ok(Chunks { serializer, entries: Entries::Stream(Box::pin(entries)), current: None }.readable(lp))
}
