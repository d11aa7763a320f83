//! One member of an archive.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use bytes::Bytes;
#[allow(unused_imports, reason = "the docs name it")]
use nodecore_error::Code;
use nodecore_error::Result;
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, blocking};
use nodecore_stream::Readable;

use super::archive::{Chunks, Entries, Serializer};
use super::content::{Raw, ZipContent, ZipContentOptions, whole};
use super::disk::FileCore;
use super::fault::{invalid_state, not_synchronous, unfinished, unreadable};
use super::records::{Member, Place, STORE, read_memory};
use super::source::Source;
use super::{text, time};

/// The system whose modes are Unix's.
pub(crate) const UNIX: u8 = 3;
pub(crate) const S_IFMT: u32 = 0o170_000;
pub(crate) const S_IFLNK: u32 = 0o120_000;

/// A file, directory or symbolic link of an archive. Node: `zlib.ZipEntry`
/// (<https://nodejs.org/api/zlib.html#class-zlibzipentry>).
///
/// It comes out of a [`ZipBuffer`](super::ZipBuffer) or [`ZipFile`](super::ZipFile), or is made to be
/// written. Clones are the same entry. One of a `ZipFile` reads from the file when it is asked, and only
/// while that is open.
///
/// The name is what the archive says: nothing is done about `..`, a leading `/`, drive letters or
/// backslashes. Who extracts must not take it, or the target of a symbolic link, for a path that is safe.
///
/// ```
/// use nodecore_zlib::zip::{ZipContentOptions, ZipEntry, ZipEntryOptions};
///
/// let entry = ZipEntry::create_sync("a.txt", "hello hello hello", &ZipEntryOptions::new().mode(0o600))?;
/// assert_eq!((entry.name(), entry.size()?, entry.mode()), ("a.txt".into(), 17, 0o600));
/// assert!(entry.is_file());
/// assert_eq!(entry.content_sync(&ZipContentOptions::new())?, b"hello hello hello");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Clone)]
pub struct ZipEntry(Rc<RefCell<State>>);

struct State {
    member: Arc<Member>,
    body: Body,
}

/// Where the bytes are.
enum Body {
    Memory(Bytes),
    File(Arc<FileCore>, Place),
    /// They will come from a source; it is gone once it was begun to be read, or disposed of.
    Pending(Option<Source>),
    /// They came from one, and went into an archive.
    Spent,
}

/// An entry without its handle: what the pool gets.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) member: Arc<Member>,
    pub(crate) raw: Raw,
    local: Option<(Arc<FileCore>, Place)>,
}

impl Item {
    pub(crate) fn memory(member: Arc<Member>, bytes: Bytes) -> Item {
        Item { member, raw: Raw::Memory(bytes), local: None }
    }

    pub(crate) fn file(member: Arc<Member>, file: &Arc<FileCore>, place: Place) -> Item {
        let raw = Raw::Unread(Arc::clone(file), Arc::clone(&member), place);
        Item { member, raw, local: Some((Arc::clone(file), place)) }
    }

    /// The time that the archive tells; where it takes a look at the local header, this blocks.
    pub(crate) fn modified(&self) -> i64 {
        let member = &self.member;
        let Some((file, place)) = self.local.as_ref().filter(|_| member.modified.is_none()) else {
            return member.told();
        };
        let local = place.fields(&**file).unwrap_or_default();
        time::from_extra(&[&member.extra, &local]).unwrap_or_else(|| time::from_dos(member.dos))
    }
}

/// What an entry gives to who writes it.
pub(crate) enum Part {
    Item(Item),
    /// One whose bytes come from this source.
    Source(Arc<Member>, Source),
}

impl ZipEntry {
    fn with(member: Arc<Member>, body: Body) -> ZipEntry {
        ZipEntry(Rc::new(RefCell::new(State { member, body })))
    }

    pub(crate) fn in_memory(member: Member, bytes: Bytes) -> ZipEntry {
        ZipEntry::with(Arc::new(member), Body::Memory(bytes))
    }

    pub(crate) fn in_file(member: Arc<Member>, file: Arc<FileCore>, place: Place) -> ZipEntry {
        ZipEntry::with(member, Body::File(file, place))
    }

    pub(crate) fn streaming(member: Member, source: Source) -> ZipEntry {
        ZipEntry::with(Arc::new(member), Body::Pending(Some(source)))
    }

    /// The bytes and what is said of them, if they are there.
    fn item(&self, pending: fn() -> nodecore_error::Error) -> Result<Item> {
        let state = self.0.borrow();
        let member = Arc::clone(&state.member);
        match &state.body {
            Body::Memory(bytes) => Ok(Item::memory(member, bytes.clone())),
            Body::File(file, place) => {
                file.check_entry_open()?;
                Ok(Item::file(member, file, *place))
            }
            Body::Pending(_) => Err(pending()),
            Body::Spent => Err(unreadable()),
        }
    }

    /// What is to be written, for who can wait for a source.
    pub(crate) fn part(&self) -> Result<Part> {
        let mut state = self.0.borrow_mut();
        let member = Arc::clone(&state.member);
        match &mut state.body {
            Body::Pending(source) => {
                let source = source.take().ok_or_else(unfinished)?;
                return Ok(Part::Source(member, source));
            }
            Body::Spent => return Err(invalid_state("a streaming entry can only be serialized once")),
            Body::Memory(_) | Body::File(..) => {}
        }
        drop(state);
        self.item(unfinished).map(Part::Item)
    }

    /// What is to be written, for who cannot wait. A source is disposed of.
    pub(crate) fn part_sync(&self) -> Result<Item> {
        let (source, file) = match &mut self.0.borrow_mut().body {
            Body::Pending(source) => (Some(source.take()), None),
            Body::File(file, _) => (None, Some(Arc::clone(file))),
            Body::Memory(_) => (None, None),
            Body::Spent => return Err(not_synchronous()),
        };
        if let Some(source) = source {
            source.into_iter().for_each(Source::dispose);
            return Err(not_synchronous());
        }
        file.map_or(Ok(()), |file| file.check_idle())?;
        self.item(unfinished)
    }

    /// Sets what became known when its source had been read. Node: `Symbol(kFinalize)`.
    pub(crate) fn finalize(&self, member: Arc<Member>) {
        let mut state = self.0.borrow_mut();
        (state.member, state.body) = (member, Body::Spent);
    }

    /// Makes it an entry of a file that it was written into. Node: `Symbol(kPromote)`.
    pub(crate) fn promote(&self, member: Arc<Member>, file: Arc<FileCore>, place: Place) {
        let mut state = self.0.borrow_mut();
        (state.member, state.body) = (member, Body::File(file, place));
    }

    /// Reads every entry of an archive in memory. Node: `ZipEntry.read(buffer)`
    /// (<https://nodejs.org/api/zlib.html#static-method-zlibzipentryreadbuffer>).
    ///
    /// # Errors
    /// [`Code::ZipInvalidArchive`] for what is no sound archive, [`Code::ZipUnsupportedFeature`] for one of
    /// several disks.
    pub fn read(archive: impl Into<Bytes>) -> Result<Vec<ZipEntry>> {
        Ok(read_entries(&archive.into())?.0)
    }

    /// The decoded name.
    pub fn name(&self) -> String {
        self.0.borrow().member.text.to_string()
    }

    pub(crate) fn text(&self) -> Arc<str> {
        Arc::clone(&self.0.borrow().member.text)
    }

    /// The name's bytes. Node: `zipEntry.nameBuffer`.
    pub fn name_buffer(&self) -> Bytes {
        self.0.borrow().member.name.clone()
    }

    /// The comment.
    pub fn comment(&self) -> String {
        let state = self.0.borrow();
        text::decode(&state.member.comment, state.member.flags)
    }

    /// A number that a streaming entry does not know before it is serialized.
    fn known<T>(&self, get: impl FnOnce(&Member) -> T) -> Result<T> {
        let state = self.0.borrow();
        match state.body {
            Body::Pending(_) => Err(unfinished()),
            _ => Ok(get(&state.member)),
        }
    }

    /// The size of the content in bytes.
    ///
    /// # Errors
    /// [`Code::InvalidState`] for a streaming entry that has not been serialized.
    pub fn size(&self) -> Result<u64> {
        self.known(|member| member.size)
    }

    /// The size that it takes in the archive. Node: `zipEntry.compressedSize`.
    ///
    /// # Errors
    /// As [`ZipEntry::size`].
    pub fn compressed_size(&self) -> Result<u64> {
        self.known(|member| member.packed)
    }

    /// The checksum of the content.
    ///
    /// # Errors
    /// As [`ZipEntry::size`].
    pub fn crc32(&self) -> Result<u32> {
        self.known(|member| member.crc)
    }

    /// The general-purpose flags.
    #[allow(
        clippy::misnamed_getters,
        reason = "as Node, which shows the local header's where it has it at hand"
    )]
    pub fn flags(&self) -> u16 {
        self.0.borrow().member.shown
    }

    /// The permission bits, 12 of them; 0 if the archive was not made on Unix.
    pub fn mode(&self) -> u32 {
        self.unix_mode() & 0o7777
    }

    fn unix_mode(&self) -> u32 {
        let state = self.0.borrow();
        if state.member.host == UNIX { state.member.external >> 16 } else { 0 }
    }

    /// When it was last modified, in milliseconds since 1970: from an extra field where there is one (NTFS's,
    /// the extended timestamp, the older Unix one), else from MS-DOS's local time of two seconds.
    ///
    /// An entry of a file may read its local header for it.
    pub fn modified(&self) -> i64 {
        let state = self.0.borrow();
        let member = Arc::clone(&state.member);
        let item = match &state.body {
            Body::File(file, place) => Item::file(member, file, *place),
            _ => Item::memory(member, Bytes::new()),
        };
        drop(state);
        item.modified()
    }

    /// The compression method: 0 for none, 8 for deflate, 93 for Zstandard.
    pub fn method(&self) -> u16 {
        self.0.borrow().member.method
    }

    /// Whether there is a compression method.
    pub fn compressed(&self) -> bool {
        self.method() != STORE
    }

    /// The bytes as the archive has them, if they are in memory. Node: `zipEntry.rawContent`.
    pub fn raw_content(&self) -> Option<Bytes> {
        match &self.0.borrow().body {
            Body::Memory(bytes) => Some(bytes.clone()),
            _ => None,
        }
    }

    /// Whether it is neither a directory nor a symbolic link.
    pub fn is_file(&self) -> bool {
        !self.is_directory() && !self.is_symlink()
    }

    /// Whether its name ends with `/`.
    pub fn is_directory(&self) -> bool {
        self.0.borrow().member.text.ends_with('/')
    }

    /// Whether its mode says that it is a symbolic link; the content is the target.
    pub fn is_symlink(&self) -> bool {
        self.unix_mode() & S_IFMT == S_IFLNK
    }

    /// The content, blocking. Node: `zipEntry.contentSync([options])`
    /// (<https://nodejs.org/api/zlib.html#zipentrycontentsyncoptions>).
    ///
    /// # Errors
    /// [`Code::ZipEntryTooLarge`] beyond [`ZipContentOptions::max_size`], before memory is taken;
    /// [`Code::ZipEntryCorrupt`] for data that is not sound, or not of the declared size and checksum;
    /// [`Code::ZipUnsupportedFeature`] if it is encrypted or of another method; [`Code::InvalidState`] for a
    /// streaming entry, for one of a file that is closed, and while changes of that file are under way; the
    /// system's.
    pub fn content_sync(&self, options: &ZipContentOptions) -> Result<Vec<u8>> {
        if let Body::File(file, _) = &self.0.borrow().body {
            file.check_idle()?;
        }
        self.content_operation(options)?.run_sync()
    }

    /// As [`ZipEntry::content_sync`], on the pool; `done` is called once from `lp`, never before this
    /// returns.
    ///
    /// # Errors
    /// [`Code::InvalidState`] as there; the others go to `done`.
    pub fn content(
        &self,
        lp: &EventLoop,
        options: &ZipContentOptions,
        done: impl FnOnce(Result<Vec<u8>>) + 'static,
    ) -> Result<Request> {
        Ok(self.content_operation(options)?.spawn(lp, done))
    }

    /// As [`ZipEntry::content_sync`], on the pool; dropping the future cancels.
    ///
    /// # Errors
    /// As there.
    pub async fn content_future(&self, lp: &EventLoop, options: &ZipContentOptions) -> Result<Vec<u8>> {
        self.content_operation(options)?.future(lp).await
    }

    fn content_operation(
        &self,
        options: &ZipContentOptions,
    ) -> Result<impl Operation<Output = Vec<u8>> + use<>> {
        let (item, options) = (self.item(unfinished)?, options.clone());
        Ok(blocking(move || whole(&item.member, item.raw, &options)))
    }

    /// The content a piece at a time, however large it is. Node: `zipEntry.contentIterator([options])`
    /// (<https://nodejs.org/api/zlib.html#zipentrycontentiteratoroptions>).
    ///
    /// # Errors
    /// As [`ZipEntry::content_sync`], but for what is wrong with the data, which comes at the end.
    ///
    /// # Examples
    /// ```
    /// use nodecore_zlib::zip::{ZipContentOptions, ZipEntry, ZipEntryOptions};
    ///
    /// let entry = ZipEntry::create_sync("zeros", vec![0; 100_000], &ZipEntryOptions::new())?;
    /// let mut size = 0;
    /// for piece in entry.content_iterator(&ZipContentOptions::new())? {
    ///     size += piece?.len();
    /// }
    /// assert_eq!(size, 100_000);
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn content_iterator(&self, options: &ZipContentOptions) -> Result<ZipContent> {
        let item = self.item(unreadable)?;
        ZipContent::new(item.member, item.raw, options)
    }

    /// The bytes that an archive has for it: a local header and the data. Node:
    /// `zipEntry[Symbol.iterator]()`.
    ///
    /// # Errors
    /// [`Code::InvalidState`] for a streaming entry.
    pub fn serialized(&self) -> Result<impl Iterator<Item = Result<Bytes>> + use<>> {
        let mut serializer = Serializer::new(0, Bytes::new());
        let header = serializer.start(self.part_sync()?)?;
        let rest = std::iter::from_fn(move || serializer.raw().transpose());
        Ok(std::iter::once(Ok(header)).chain(rest))
    }

    /// As [`ZipEntry::serialized`], as a stream, for streaming entries too. Node:
    /// `zipEntry[Symbol.asyncIterator]()`.
    pub fn serialized_stream(&self, lp: &EventLoop) -> Readable {
        let entries = Entries::Iter(Box::new(std::iter::once(Ok(self.clone()))));
        Chunks { serializer: Serializer::bare(), entries, current: None }.readable(lp)
    }

    /// Destroys the source of a streaming entry that has not been read; does nothing to others. So does
    /// dropping the last handle. Node: `zipEntry[Symbol.dispose]()`.
    pub fn dispose(&self) {
        let source = match &mut self.0.borrow_mut().body {
            Body::Pending(source) => source.take(),
            _ => None,
        };
        source.into_iter().for_each(Source::dispose);
    }
}

impl Drop for State {
    fn drop(&mut self) {
        if let Body::Pending(source) = &mut self.body {
            source.take().into_iter().for_each(Source::dispose);
        }
    }
}

impl fmt::Debug for ZipEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ZipEntry").field("name", &self.name()).finish_non_exhaustive()
    }
}

/// The entries of an archive in memory, and its comment.
pub(crate) fn read_entries(archive: &Bytes) -> Result<(Vec<ZipEntry>, Bytes)> {
    let (directory, members) = read_memory(archive)?;
    let mut entries = Vec::new();
    for (mut member, place) in members {
        // Both were found to be within it.
        let start = usize::try_from(place.data).unwrap_or(usize::MAX);
        let end = start.saturating_add(usize::try_from(member.packed).unwrap_or(usize::MAX));
        let data = if end <= archive.len() { archive.slice(start..end) } else { Bytes::new() };
        member.modified = time::from_extra(&[&member.extra, &place.fields(archive)?]);
        member.shown = place.flags;
        entries.push(ZipEntry::in_memory(member, data));
    }
    Ok((entries, directory.comment))
}
