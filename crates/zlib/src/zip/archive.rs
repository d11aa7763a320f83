//! Archives out of entries.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use futures_core::Stream;
#[allow(unused_imports, reason = "the docs name it")]
use nodecore_error::Code;
use nodecore_error::Result;
use nodecore_event_loop::{EventLoop, OperationExt, blocking};
use nodecore_stream::Readable;

use super::build;
use super::content::Raw;
use super::entry::{Item, Part, ZipEntry};
use super::limits::within_safe;
use super::pump::{Unfold, bytes};
use super::records::Member;
use super::source::{Input, Packer};

/// How much of the directory is given at a time.
const PIECE: usize = 64 * 1024;

/// Options of archives. Node: those of `zlib.createZipArchive()`
/// (<https://nodejs.org/api/zlib.html#zlibcreateziparchiveentries-options>).
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ZipArchiveOptions {
    comment: Option<String>,
    base_offset: u64,
}

impl ZipArchiveOptions {
    /// Every option as Node has it where it is not given.
    pub fn new() -> ZipArchiveOptions {
        ZipArchiveOptions::default()
    }

    /// The archive's comment, at most 65535 bytes of UTF-8.
    #[must_use]
    pub fn comment(mut self, comment: impl Into<String>) -> ZipArchiveOptions {
        self.comment = Some(comment.into());
        self
    }

    /// How many bytes will stand before the archive, for one that is put behind something else.
    #[must_use]
    pub fn base_offset(mut self, bytes: u64) -> ZipArchiveOptions {
        self.base_offset = bytes;
        self
    }

    /// A serializer for these; `comment` is there where no other is given.
    pub(crate) fn serializer(&self, comment: &Bytes) -> Result<Serializer> {
        let comment = match &self.comment {
            Some(comment) => build::checked_comment(comment)?,
            None => comment.clone(),
        };
        within_safe("options.baseOffset", self.base_offset)?;
        Ok(Serializer::new(self.base_offset, comment))
    }
}

/// Writes an archive: what goes where, without waiting for anything but files.
pub(crate) struct Serializer {
    base: u64,
    comment: Bytes,
    /// Whether there is a directory behind the entries.
    bare: bool,
    written: u64,
    directory: Vec<u8>,
    count: u64,
    /// Where the entry that is being written begins, and what is known of it.
    begun: Option<(u64, Member)>,
    raw: Option<Raw>,
    packer: Option<Packer>,
    /// What is left of the directory, once it is being written.
    end: Option<VecDeque<Bytes>>,
}

impl Serializer {
    pub(crate) fn new(base: u64, comment: Bytes) -> Serializer {
        Serializer {
            base,
            comment,
            bare: false,
            written: 0,
            directory: Vec::new(),
            count: 0,
            begun: None,
            raw: None,
            packer: None,
            end: None,
        }
    }

    pub(crate) fn bare() -> Serializer {
        Serializer { bare: true, ..Serializer::new(0, Bytes::new()) }
    }

    fn header(&mut self, member: Member) -> Result<Bytes> {
        let header = build::local(&member)?;
        let start = self.written;
        self.written += header.len() as u64;
        self.begun = Some((start, member));
        Ok(header.into())
    }

    /// Begins an entry whose bytes are there: its header.
    pub(crate) fn start(&mut self, mut item: Item) -> Result<Bytes> {
        item.raw.verify()?;
        let member = build::fresh(&item.member, item.modified(), false)?;
        self.raw = Some(item.raw);
        self.header(member)
    }

    /// More of the bytes of such an entry.
    pub(crate) fn raw(&mut self) -> Result<Option<Bytes>> {
        let Some(raw) = &mut self.raw else { return Ok(None) };
        match raw.next()? {
            Some(piece) => {
                self.written += piece.len() as u64;
                Ok(Some(piece))
            }
            None => {
                self.raw = None;
                if let Some((start, member)) = self.begun.take() {
                    self.list(&member, start)?;
                }
                Ok(None)
            }
        }
    }

    /// Begins an entry whose bytes will come: its header.
    fn start_stream(&mut self, member: &Arc<Member>) -> Result<Bytes> {
        let modified = Item::memory(Arc::clone(member), Bytes::new()).modified();
        let member = build::fresh(member, modified, true)?;
        self.packer = Some(Packer::new(member.method)?);
        self.header(member)
    }

    /// Packs what came; what it gives may be empty.
    fn pack(&mut self, input: Option<Bytes>) -> Result<Bytes> {
        let Some(packer) = &mut self.packer else { return Ok(Bytes::new()) };
        let piece = packer.pack(input)?;
        self.written += piece.len() as u64;
        Ok(piece)
    }

    /// Ends such an entry: what stands behind its data, and what is known of it.
    fn end_stream(&mut self) -> Result<Option<(Bytes, Member)>> {
        let (Some(packer), Some((start, member))) = (self.packer.take(), self.begun.take()) else {
            return Ok(None);
        };
        let member = packer.finish(&member);
        let descriptor = build::descriptor(&member);
        self.written += descriptor.len() as u64;
        self.list(&member, start)?;
        Ok(Some((descriptor.into(), member)))
    }

    fn list(&mut self, member: &Member, start: u64) -> Result<()> {
        if !self.bare {
            self.count += 1;
            build::central(&mut self.directory, member, self.base + start)?;
        }
        Ok(())
    }

    /// The next piece of what stands behind the entries.
    fn end(&mut self) -> Option<Bytes> {
        if self.bare {
            return None;
        }
        let end = self.end.get_or_insert_with(|| {
            let mut directory = Bytes::from(std::mem::take(&mut self.directory));
            let size = directory.len() as u64;
            let last = build::end(self.count, size, self.written, self.base, &self.comment);
            let mut pieces = VecDeque::new();
            while !directory.is_empty() {
                pieces.push_back(directory.split_to(directory.len().min(PIECE)));
            }
            pieces.push_back(last.into());
            pieces
        });
        end.pop_front()
    }
}

/// What entries come from.
pub(crate) enum Entries {
    Iter(Box<dyn Iterator<Item = Result<ZipEntry>>>),
    Stream(Pin<Box<dyn Stream<Item = Result<ZipEntry>>>>),
    /// There are no more.
    Ended,
}

impl Entries {
    async fn next(&mut self) -> Result<Option<ZipEntry>> {
        let entry = match self {
            Entries::Iter(entries) => entries.next(),
            Entries::Stream(entries) => poll_fn(|cx| entries.as_mut().poll_next(cx)).await,
            Entries::Ended => None,
        };
        if entry.is_none() {
            *self = Entries::Ended;
        }
        entry.transpose()
    }
}

/// An archive being written on a loop.
pub(crate) struct Chunks {
    pub(crate) serializer: Serializer,
    pub(crate) entries: Entries,
    /// The streaming entry that is being written. The source is gone at its end.
    pub(crate) current: Option<(ZipEntry, Option<Input>)>,
}

impl Chunks {
    pub(crate) fn readable(self, lp: &EventLoop) -> Readable {
        let on = lp.clone();
        bytes(lp, Unfold::new(self, move |chunks| chunks.next(on.clone())))
    }

    async fn next(mut self, lp: EventLoop) -> Result<Option<(Bytes, Chunks)>> {
        loop {
            if let Some((entry, input)) = &mut self.current {
                if let Some(source) = input {
                    let bytes = source.next(&lp).await?;
                    if bytes.is_none() {
                        *input = None;
                    }
                    let piece;
                    (piece, self) = self.on_pool(&lp, move |serializer| serializer.pack(bytes)).await?;
                    if !piece.is_empty() {
                        return Ok(Some((piece, self)));
                    }
                    continue;
                }
                let ended = self.serializer.end_stream()?;
                let entry = entry.clone();
                self.current = None;
                if let Some((piece, member)) = ended {
                    entry.finalize(Arc::new(member));
                    return Ok(Some((piece, self)));
                }
                continue;
            }
            if self.serializer.raw.is_some() {
                let piece;
                (piece, self) = match &self.serializer.raw {
                    // Nothing to wait for.
                    Some(Raw::Memory(_)) => (self.serializer.raw()?, self),
                    _ => self.on_pool(&lp, Serializer::raw).await?,
                };
                if let Some(piece) = piece {
                    return Ok(Some((piece, self)));
                }
                continue;
            }
            let Some(entry) = self.entries.next().await? else {
                return Ok(self.serializer.end().map(|piece| (piece, self)));
            };
            let piece;
            match entry.part()? {
                Part::Item(item) => {
                    (piece, self) = self.on_pool(&lp, move |serializer| serializer.start(item)).await?;
                }
                Part::Source(member, source) => {
                    self.current = Some((entry, Some(source.open())));
                    piece = self.serializer.start_stream(&member)?;
                }
            }
            return Ok(Some((piece, self)));
        }
    }

    /// Does something to the serializer on the pool.
    async fn on_pool<T: Send + 'static>(
        mut self,
        lp: &EventLoop,
        f: impl FnOnce(&mut Serializer) -> Result<T> + Send + 'static,
    ) -> Result<(T, Chunks)> {
        let mut serializer = std::mem::replace(&mut self.serializer, Serializer::bare());
        let work = move || f(&mut serializer).map(|value| (value, serializer));
        let (value, serializer) = blocking(work).future(lp).await?;
        self.serializer = serializer;
        Ok((value, self))
    }
}

/// Writes an archive as a stream: entries in their order, then the directory, in Zip64 where that is needed.
/// Names are not looked at; of two with the same name most tools take the latter. Node:
/// `zlib.createZipArchive(entries[, options])`
/// (<https://nodejs.org/api/zlib.html#zlibcreateziparchiveentries-options>).
///
/// Streaming entries are read when it is their turn. Destroying the stream destroys the source that is being
/// read; those that wait are destroyed with the last handle of their entry.
///
/// # Errors
/// [`Code::ZipArchiveTooLarge`] for a comment that is too long, [`Code::OutOfRange`] for an offset of 2 to
/// the 53rd and above. Those of entries and their sources fail the stream.
///
/// # Examples
/// ```
/// use nodecore_event_loop::EventLoop;
/// use nodecore_stream::{Readable, consumers};
/// use nodecore_zlib::zip::{
///     ZipArchiveOptions, ZipBuffer, ZipContentOptions, ZipEntry, ZipEntryOptions, create_zip_archive,
/// };
///
/// let lp = EventLoop::new()?;
/// let source = Readable::from_iter(&lp, ["streamed, ", "in pieces"].map(bytes::Bytes::from));
/// let options = ZipEntryOptions::new();
/// let entries = [
///     ZipEntry::create_stream("stream.txt", &source, &options)?,
///     ZipEntry::create_sync("a.txt", "in memory", &options)?,
/// ];
/// let archive = create_zip_archive(&lp, entries, &ZipArchiveOptions::new())?;
/// let bytes = lp.block_on(consumers::buffer(&archive))?;
/// let entry = ZipBuffer::new(bytes)?.get("stream.txt")?;
/// assert_eq!(entry.content_sync(&ZipContentOptions::new())?, b"streamed, in pieces");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn create_zip_archive<I>(lp: &EventLoop, entries: I, options: &ZipArchiveOptions) -> Result<Readable>
where
    I: IntoIterator<Item = ZipEntry>,
    I::IntoIter: 'static,
{
    let entries = Entries::Iter(Box::new(entries.into_iter().map(Ok)));
    Ok(Chunks { serializer: options.serializer(&Bytes::new())?, entries, current: None }.readable(lp))
}

/// As [`create_zip_archive`], of entries that come later.
///
/// # Errors
/// As there.
pub fn create_zip_archive_from(
    lp: &EventLoop,
    entries: impl Stream<Item = Result<ZipEntry>> + 'static,
    options: &ZipArchiveOptions,
) -> Result<Readable> {
    let entries = Entries::Stream(Box::pin(entries));
    Ok(Chunks { serializer: options.serializer(&Bytes::new())?, entries, current: None }.readable(lp))
}

/// Writes an archive a piece at a time, blocking. Node: `zlib.createZipArchiveSync(entries[, options])`
/// (<https://nodejs.org/api/zlib.html#zlibcreateziparchivesyncentries-options>).
///
/// # Errors
/// As [`create_zip_archive`]. A streaming entry is [`Code::InvalidState`] when it is its turn; after an error
/// there is nothing more.
///
/// # Examples
/// ```
/// use nodecore_zlib::zip::{ZipArchiveOptions, ZipEntry, ZipEntryOptions, create_zip_archive_sync};
///
/// let entry = ZipEntry::create_sync("a.txt", "hello", &ZipEntryOptions::new())?;
/// let mut archive = Vec::new();
/// for piece in create_zip_archive_sync([entry], &ZipArchiveOptions::new().comment("of one file"))? {
///     archive.extend_from_slice(&piece?);
/// }
/// assert!(archive.starts_with(b"PK\x03\x04") && archive.ends_with(b"of one file"));
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn create_zip_archive_sync<I>(entries: I, options: &ZipArchiveOptions) -> Result<ZipArchiveChunks>
where
    I: IntoIterator<Item = ZipEntry>,
    I::IntoIter: 'static,
{
    Ok(ZipArchiveChunks::new(Box::new(entries.into_iter()), options.serializer(&Bytes::new())?))
}

/// The pieces of an archive, from [`create_zip_archive_sync`].
pub struct ZipArchiveChunks {
    serializer: Serializer,
    entries: Option<Box<dyn Iterator<Item = ZipEntry>>>,
}

impl ZipArchiveChunks {
    pub(crate) fn new(
        entries: Box<dyn Iterator<Item = ZipEntry>>,
        serializer: Serializer,
    ) -> ZipArchiveChunks {
        ZipArchiveChunks { serializer, entries: Some(entries) }
    }

    fn step(&mut self) -> Result<Option<Bytes>> {
        if self.serializer.raw.is_some()
            && let Some(piece) = self.serializer.raw()?
        {
            return Ok(Some(piece));
        }
        match self.entries.as_mut().and_then(Iterator::next) {
            Some(entry) => self.serializer.start(entry.part_sync()?).map(Some),
            None => {
                self.entries = None;
                Ok(self.serializer.end())
            }
        }
    }

    /// All pieces in one.
    pub(crate) fn collect_all(self) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        for piece in self {
            let piece = piece?;
            out.try_reserve(piece.len()).map_err(|_| crate::codec::no_memory())?;
            out.extend_from_slice(&piece);
        }
        Ok(out)
    }
}

impl Iterator for ZipArchiveChunks {
    type Item = Result<Bytes>;

    fn next(&mut self) -> Option<Result<Bytes>> {
        let piece = self.step();
        if piece.is_err() {
            // Nothing more, and what waited is released.
            self.entries = None;
            self.serializer = Serializer::bare();
        }
        piece.transpose()
    }
}

impl fmt::Debug for ZipArchiveChunks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ZipArchiveChunks").field("written", &self.serializer.written).finish_non_exhaustive()
    }
}
