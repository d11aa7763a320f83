//! New entries.

use bytes::Bytes;
use nodecore_error::{Code, Error, Result, inspect, inspect_bytes};
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, blocking};
use nodecore_stream::{ByteChunk, Readable};

use super::build::ZipMethod;
use super::entry::{S_IFLNK, UNIX, ZipEntry};
use super::fault::entry_too_large;
use super::records::{DESCRIPTOR_FLAG, Member, STORE};
use super::source::Source;
use super::text::UTF8_FLAG;
use super::time;
use crate::oneshot::run_sync;
use crate::options::{Mode, ZlibOptions, ZstdOptions};

const S_IFREG: u32 = 0o100_000;
const S_IFDIR: u32 = 0o040_000;
/// MS-DOS's attribute of directories.
const DOS_DIRECTORY: u32 = 0x10;

/// Options of new entries. Node: those of `zlib.ZipEntry.create()`
/// (<https://nodejs.org/api/zlib.html#static-method-zlibzipentrycreatefilename-data-options>).
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ZipEntryOptions {
    comment: String,
    mode: Option<u32>,
    modified: Option<i64>,
    method: Option<ZipMethod>,
}

impl ZipEntryOptions {
    /// Every option as Node has it where it is not given.
    pub fn new() -> ZipEntryOptions {
        ZipEntryOptions::default()
    }

    /// A comment, at most 65535 bytes of UTF-8.
    #[must_use]
    pub fn comment(mut self, comment: impl Into<String>) -> ZipEntryOptions {
        self.comment = comment.into();
        self
    }

    /// Permission bits; only the lower 12 count. Default: 0o644, of directories 0o755, of symbolic links
    /// 0o777.
    #[must_use]
    pub fn mode(mut self, mode: u32) -> ZipEntryOptions {
        self.mode = Some(mode);
        self
    }

    /// When it was last modified, in milliseconds since 1970. Default: now. Archives hold whole seconds, from
    /// 1980 to 2107 only even ones or those before 2038-01-19.
    #[must_use]
    pub fn modified(mut self, ms: i64) -> ZipEntryOptions {
        self.modified = Some(ms);
        self
    }

    /// How it is compressed; it is stored if that does not make it smaller. Default: deflate. Directories and
    /// symbolic links are stored.
    #[must_use]
    pub fn method(mut self, method: ZipMethod) -> ZipEntryOptions {
        self.method = Some(method);
        self
    }

    /// A member of this name, without content.
    fn member(&self, name: &str, kind: u32, default_mode: u32) -> Result<Member> {
        if name.is_empty() {
            return Err(invalid("filename", "must not be empty", &inspect(b"")));
        }
        let limit = usize::from(u16::MAX);
        if name.len() > limit {
            return Err(entry_too_large("the entry name must not exceed 65535 bytes when encoded as UTF-8"));
        }
        if self.comment.len() > limit {
            return Err(entry_too_large(
                "the entry comment must not exceed 65535 bytes when encoded as UTF-8",
            ));
        }
        let modified = self.modified.unwrap_or_else(now);
        if !time::is_date(modified) {
            return Err(invalid("modified", "must be a valid Date", "Invalid Date"));
        }
        let mode = kind | self.mode.unwrap_or(default_mode) & 0o7777;
        let attributes = if kind == S_IFDIR { DOS_DIRECTORY } else { 0 };
        Ok(Member {
            name: Bytes::copy_from_slice(name.as_bytes()),
            text: name.into(),
            comment: Bytes::copy_from_slice(self.comment.as_bytes()),
            host: UNIX,
            version: 0,
            flags: UTF8_FLAG,
            shown: UTF8_FLAG,
            method: STORE,
            dos: time::to_dos(modified),
            crc: 0,
            packed: 0,
            size: 0,
            internal: 0,
            external: mode << 16 | attributes,
            extra: Bytes::new(),
            modified: Some(modified),
        })
    }
}

fn invalid(name: &str, text: &str, received: &str) -> Error {
    Error::from_template(Code::InvalidArgValue, &[&name, &text, &received])
}

fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(0))
}

/// The member and its bytes: what is compressed, on any thread.
fn made(name: &str, data: Bytes, options: &ZipEntryOptions) -> Result<(Member, Bytes)> {
    let directory = name.ends_with('/');
    let (kind, mode) = if directory { (S_IFDIR, 0o755) } else { (S_IFREG, 0o644) };
    let mut member = options.member(name, kind, mode)?;
    if directory && !data.is_empty() {
        return Err(invalid("data", "must be empty for a directory entry", &inspect_bytes(&data)));
    }
    member.crc = crc32fast::hash(&data);
    member.size = data.len() as u64;
    let packed = match options.method.unwrap_or(ZipMethod::Deflate) {
        _ if data.is_empty() => None,
        ZipMethod::Store => None,
        method @ ZipMethod::Deflate => {
            Some((method, run_sync(Mode::DeflateRaw, &data, &ZlibOptions::new())?))
        }
        method @ ZipMethod::Zstd => Some((method, run_sync(Mode::ZstdCompress, &data, &ZstdOptions::new())?)),
    };
    let bytes = match packed {
        Some((method, output)) if output.buffer.len() < data.len() => {
            member.method = method as u16;
            output.buffer.into()
        }
        _ => data,
    };
    member.packed = bytes.len() as u64;
    Ok((member, bytes))
}

pub(crate) fn operation(
    name: &str,
    data: Bytes,
    options: &ZipEntryOptions,
) -> impl Operation<Output = (Member, Bytes)> + use<> {
    let (name, options) = (name.to_owned(), options.clone());
    blocking(move || made(&name, data, &options))
}

impl ZipEntry {
    /// Makes an entry of what `data` holds, blocking. A name that ends with `/` is a directory's.
    /// Node: `ZipEntry.createSync(filename, data[, options])`
    /// (<https://nodejs.org/api/zlib.html#static-method-zlibzipentrycreatesyncfilename-data-options>).
    ///
    /// # Errors
    /// [`Code::InvalidArgValue`] for an empty name, a directory with content, or a time that is no `Date`;
    /// [`Code::ZipEntryTooLarge`] for a name or comment that is too long.
    ///
    /// # Examples
    /// ```
    /// use nodecore_zlib::zip::{ZipEntry, ZipEntryOptions, ZipMethod};
    ///
    /// let options = ZipEntryOptions::new().method(ZipMethod::Zstd).comment("a comment");
    /// let entry = ZipEntry::create_sync("x", vec![b'x'; 1000], &options)?;
    /// assert_eq!((entry.method(), entry.comment()), (93, "a comment".into()));
    /// assert!(ZipEntry::create_sync("folder/", "", &options)?.is_directory());
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn create_sync(name: &str, data: impl Into<Bytes>, options: &ZipEntryOptions) -> Result<ZipEntry> {
        let (member, bytes) = operation(name, data.into(), options).run_sync()?;
        Ok(ZipEntry::in_memory(member, bytes))
    }

    /// As [`ZipEntry::create_sync`], on the pool; `done` is called once from `lp`, never before this returns.
    pub fn create(
        lp: &EventLoop,
        name: &str,
        data: impl Into<Bytes>,
        options: &ZipEntryOptions,
        done: impl FnOnce(Result<ZipEntry>) + 'static,
    ) -> Request {
        let wrap = |(member, bytes)| ZipEntry::in_memory(member, bytes);
        operation(name, data.into(), options).spawn(lp, move |result| done(result.map(wrap)))
    }

    /// As [`ZipEntry::create_sync`], on the pool; dropping the future cancels.
    ///
    /// # Errors
    /// As there.
    pub async fn create_future(
        lp: &EventLoop,
        name: &str,
        data: impl Into<Bytes>,
        options: &ZipEntryOptions,
    ) -> Result<ZipEntry> {
        let (member, bytes) = operation(name, data.into(), options).future(lp).await?;
        Ok(ZipEntry::in_memory(member, bytes))
    }

    /// Makes an entry whose content is read from `source` while it is serialized, however much that is. Its
    /// sizes and checksum are known after that, and it can be serialized once; added to a
    /// [`ZipFile`](super::ZipFile) it becomes an entry of that file. Node: `ZipEntry.createStream(filename,
    /// source[, options])`
    /// (<https://nodejs.org/api/zlib.html#static-method-zlibzipentrycreatestreamfilename-source-options>).
    ///
    /// # Errors
    /// As [`ZipEntry::create_sync`]; a directory cannot be streamed.
    pub fn create_stream<T: ByteChunk>(
        name: &str,
        source: &Readable<T>,
        options: &ZipEntryOptions,
    ) -> Result<ZipEntry> {
        Ok(ZipEntry::streaming(streamed(name, options)?, Source::Stream(Box::new(source.clone()))))
    }

    /// Makes a symbolic link. The method of `options` does not count.
    /// Node: `ZipEntry.createSymlink(filename, target[, options])`
    /// (<https://nodejs.org/api/zlib.html#static-method-zlibzipentrycreatesymlinkfilename-target-options>).
    ///
    /// # Errors
    /// As [`ZipEntry::create_sync`].
    ///
    /// # Examples
    /// ```
    /// use nodecore_zlib::zip::{ZipEntry, ZipEntryOptions};
    ///
    /// let link = ZipEntry::create_symlink("link", "target", &ZipEntryOptions::new())?;
    /// assert!(link.is_symlink());
    /// assert_eq!((link.mode(), link.raw_content()), (0o777, Some("target".into())));
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn create_symlink(name: &str, target: &str, options: &ZipEntryOptions) -> Result<ZipEntry> {
        let mut member = options.member(name, S_IFLNK, 0o777)?;
        member.crc = crc32fast::hash(target.as_bytes());
        (member.size, member.packed) = (target.len() as u64, target.len() as u64);
        Ok(ZipEntry::in_memory(member, Bytes::copy_from_slice(target.as_bytes())))
    }
}

/// The member of a streaming entry.
pub(crate) fn streamed(name: &str, options: &ZipEntryOptions) -> Result<Member> {
    let mut member = options.member(name, S_IFREG, 0o644)?;
    if name.ends_with('/') {
        return Err(invalid("filename", "a directory entry cannot be streamed", &inspect(name.as_bytes())));
    }
    member.method = options.method.unwrap_or(ZipMethod::Deflate) as u16;
    member.flags |= DESCRIPTOR_FLAG;
    member.shown = member.flags;
    Ok(member)
}
