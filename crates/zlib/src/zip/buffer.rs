//! Archives in memory.

use bytes::Bytes;
#[allow(unused_imports, reason = "the docs name it")]
use nodecore_error::Code;
use nodecore_error::Result;
use nodecore_event_loop::EventLoop;
use nodecore_stream::consumers;

use super::archive::{Chunks, Entries, ZipArchiveChunks, ZipArchiveOptions};
use super::create::ZipEntryOptions;
use super::entry::{ZipEntry, read_entries};
use super::fault::not_found;
use super::names::Names;
use super::text;

/// An archive in memory. Entries are added to it and removed from it;
/// [`to_buffer_sync`](ZipBuffer::to_buffer_sync) makes a fresh archive of them. What it was made of is
/// shared, not copied. Node: `zlib.ZipBuffer` (<https://nodejs.org/api/zlib.html#class-zlibzipbuffer>).
///
/// ```
/// use nodecore_zlib::zip::{ZipArchiveOptions, ZipBuffer, ZipContentOptions, ZipEntryOptions};
///
/// let mut zip = ZipBuffer::default();
/// zip.add_sync("a.txt", "hello", &ZipEntryOptions::new())?;
/// zip.add_sync("b.txt", "world", &ZipEntryOptions::new())?;
/// let bytes = zip.to_buffer_sync(&ZipArchiveOptions::new())?;
///
/// let zip = ZipBuffer::new(bytes)?;
/// assert_eq!(zip.keys().collect::<Vec<_>>(), ["a.txt", "b.txt"]);
/// assert_eq!(zip.get("b.txt")?.content_sync(&ZipContentOptions::new())?, b"world");
/// assert_eq!(zip.get("c.txt").unwrap_err().to_string(), "no such entry \"c.txt\" in the archive");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
///
/// # Differences from Node
/// It can be made without an archive, empty, and cloned: the clone has the same entries, and changes of its own.
#[derive(Clone, Debug, Default)]
pub struct ZipBuffer {
    names: Names<ZipEntry>,
    comment: Bytes,
}

impl ZipBuffer {
    /// Reads an archive. Of entries with the same name the last counts.
    ///
    /// # Errors
    /// [`Code::ZipInvalidArchive`] for what is no sound archive, [`Code::ZipUnsupportedFeature`] for one of
    /// several disks.
    pub fn new(archive: impl Into<Bytes>) -> Result<ZipBuffer> {
        let (entries, comment) = read_entries(&archive.into())?;
        let mut buffer = ZipBuffer { names: Names::default(), comment };
        for entry in entries {
            buffer.add_entry(&entry);
        }
        Ok(buffer)
    }

    /// Makes an entry and adds it, blocking. Node: `zipBuffer.addSync(filename, data[, options])`.
    ///
    /// # Errors
    /// As [`ZipEntry::create_sync`].
    pub fn add_sync(
        &mut self,
        name: &str,
        data: impl Into<Bytes>,
        options: &ZipEntryOptions,
    ) -> Result<ZipEntry> {
        let entry = ZipEntry::create_sync(name, data, options)?;
        self.add_entry(&entry);
        Ok(entry)
    }

    /// As [`ZipBuffer::add_sync`]; what compresses runs on the pool. For a callback: [`ZipEntry::create`] and
    /// [`ZipBuffer::add_entry`]. Node: `zipBuffer.add(filename, data[, options])`.
    ///
    /// # Errors
    /// As there.
    pub async fn add(
        &mut self,
        lp: &EventLoop,
        name: &str,
        data: impl Into<Bytes>,
        options: &ZipEntryOptions,
    ) -> Result<ZipEntry> {
        let entry = ZipEntry::create_future(lp, name, data, options).await?;
        self.add_entry(&entry);
        Ok(entry)
    }

    /// Adds an entry, in the place of the one with its name if there is one. Node:
    /// `zipBuffer.addEntry(entry)`.
    pub fn add_entry(&mut self, entry: &ZipEntry) {
        self.names.insert(entry.text(), entry.clone());
    }

    /// Removes all entries. The comment stays.
    pub fn clear(&mut self) {
        self.names = Names::default();
    }

    /// The comment.
    pub fn comment(&self) -> String {
        text::decode(&self.comment, 0)
    }

    /// Removes an entry; whether there was one.
    pub fn delete(&mut self, name: &str) -> bool {
        self.names.remove(name).is_some()
    }

    /// Names and entries, in the order in which they were added. Node: `zipBuffer.entries()`, and iterating
    /// over it.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &ZipEntry)> {
        self.names.iter().map(|(name, entry)| (&**name, entry))
    }

    /// Calls a function with every entry and name, in their order. Node: `zipBuffer.forEach(callback)`.
    pub fn for_each(&self, mut f: impl FnMut(&ZipEntry, &str)) {
        self.entries().for_each(|(name, entry)| f(entry, name));
    }

    /// An entry by its name.
    ///
    /// # Errors
    /// [`Code::ZipEntryNotFound`].
    pub fn get(&self, name: &str) -> Result<ZipEntry> {
        self.names.get(name).cloned().ok_or_else(|| not_found(name))
    }

    /// Whether there is an entry of this name.
    pub fn has(&self, name: &str) -> bool {
        self.names.get(name).is_some()
    }

    /// The names, in the order in which they were added.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries().map(|(name, _)| name)
    }

    /// The number of entries.
    pub fn size(&self) -> usize {
        self.names.len()
    }

    /// The entries, in the order in which they were added.
    pub fn values(&self) -> impl Iterator<Item = &ZipEntry> {
        self.entries().map(|(_, entry)| entry)
    }

    /// Whether it can be changed: always. Node: `zipBuffer.writable`.
    pub fn writable(&self) -> bool {
        true
    }

    /// Serializes the entries into a fresh archive, blocking. The comment is kept where no other is given.
    /// Node: `zipBuffer.toBufferSync([options])`.
    ///
    /// # Errors
    /// As [`create_zip_archive_sync`](super::create_zip_archive_sync).
    pub fn to_buffer_sync(&self, options: &ZipArchiveOptions) -> Result<Vec<u8>> {
        let entries: Vec<ZipEntry> = self.values().cloned().collect();
        ZipArchiveChunks::new(Box::new(entries.into_iter()), options.serializer(&self.comment)?).collect_all()
    }

    /// As [`ZipBuffer::to_buffer_sync`], of streaming entries too; what is asked for is serialized, whatever
    /// becomes of this. Node: `zipBuffer.toBuffer([options])`.
    ///
    /// # Errors
    /// As [`create_zip_archive`](super::create_zip_archive).
    pub fn to_buffer(
        &self,
        lp: &EventLoop,
        options: &ZipArchiveOptions,
    ) -> Result<impl Future<Output = Result<Bytes>> + use<>> {
        let entries: Vec<ZipEntry> = self.values().cloned().collect();
        let entries = Entries::Iter(Box::new(entries.into_iter().map(Ok)));
        let chunks = Chunks { serializer: options.serializer(&self.comment)?, entries, current: None };
        let archive = chunks.readable(lp);
        Ok(async move { consumers::buffer(&archive).await })
    }

    /// As [`ZipBuffer::to_buffer`], with a callback: `done` is called once from `lp`, never before this
    /// returns.
    ///
    /// # Errors
    /// As there.
    pub fn to_buffer_with(
        &self,
        lp: &EventLoop,
        options: &ZipArchiveOptions,
        done: impl FnOnce(Result<Bytes>) + 'static,
    ) -> Result<()> {
        let bytes = self.to_buffer(lp, options)?;
        drop(lp.spawn_local(async move { done(bytes.await) }));
        Ok(())
    }
}
