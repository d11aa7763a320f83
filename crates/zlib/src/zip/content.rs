//! What a member holds, decompressed.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use nodecore_error::{Error, Result};
use nodecore_event_loop::EventLoop;
use nodecore_stream::Readable;

use super::disk::FileCore;
use super::fault::{corrupt, entry_too_large, unsupported};
use super::limits::get_max_zip_content_size;
use super::pump::Steps;
use super::records::{DEFLATE, ENCRYPTED_FLAG, Member, Place, STORE, ZSTD, verify_local};
use super::text::quoted;
use crate::codec::{Codec, Flush, no_memory};
use crate::libdeflate::{self, Failure, Wrapper};
use crate::options::{Mode, ZlibOptions, ZstdOptions, checked};

/// How much is read of a file, and given out of a codec, at a time.
const READ: usize = 64 * 1024;
const CHUNK: usize = 16 * 1024;
/// Deflate cannot expand by more than this.
const MAX_RATIO: u64 = 1032;

/// Options for reading an entry. Node: those of `zipEntry.content()`
/// (<https://nodejs.org/api/zlib.html#zipentrycontentoptions>).
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ZipContentOptions {
    no_verify: bool,
    max_size: Option<u64>,
}

impl ZipContentOptions {
    /// Every option as Node has it where it is not given.
    pub fn new() -> ZipContentOptions {
        ZipContentOptions::default()
    }

    /// Whether the checksum is checked; true by default.
    #[must_use]
    pub fn verify(mut self, verify: bool) -> ZipContentOptions {
        self.no_verify = !verify;
        self
    }

    /// The most bytes that an entry may declare. Default: [`get_max_zip_content_size`]; for streams, no
    /// limit.
    #[must_use]
    pub fn max_size(mut self, bytes: u64) -> ZipContentOptions {
        self.max_size = Some(bytes);
        self
    }
}

/// The bytes of a member as the archive has them.
#[derive(Clone, Debug)]
pub(crate) enum Raw {
    Memory(Bytes),
    /// In a file, whose local header nobody has looked at yet.
    Unread(Arc<FileCore>, Arc<Member>, Place),
    /// What is left to read: from where, and how much.
    File(Arc<FileCore>, u64, u64),
}

impl Raw {
    /// Looks at the local header, if that has not been done. Blocks.
    pub(crate) fn verify(&mut self) -> Result<()> {
        if let Raw::Unread(file, member, place) = self {
            verify_local(&**file, member, *place)?;
            *self = Raw::File(Arc::clone(file), place.data, member.packed);
        }
        Ok(())
    }

    /// The next bytes, at most about [`READ`] of a file and all there are of memory; none at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Bytes>> {
        self.verify()?;
        match self {
            Raw::Unread(..) => Ok(None),
            Raw::Memory(bytes) if bytes.is_empty() => Ok(None),
            Raw::Memory(bytes) => Ok(Some(std::mem::take(bytes))),
            Raw::File(_, _, 0) => Ok(None),
            Raw::File(file, at, left) => {
                let len = usize::try_from(*left).unwrap_or(READ).min(READ);
                let bytes = file.read_exact(*at, len)?;
                *at += len as u64;
                *left -= len as u64;
                Ok(Some(bytes))
            }
        }
    }

    /// All that is left, at once.
    fn all(mut self) -> Result<Bytes> {
        self.verify()?;
        match self {
            Raw::Unread(..) => Ok(Bytes::new()),
            Raw::Memory(bytes) => Ok(bytes),
            Raw::File(file, at, left) => {
                let len = usize::try_from(left).map_err(|_| no_memory())?;
                file.read_exact(at, len)
            }
        }
    }
}

fn name(member: &Member) -> String {
    quoted(&member.text)
}

/// Checks the declared size, before any memory is taken.
fn check_size(member: &Member, limit: Option<u64>) -> Result<()> {
    match limit.filter(|&limit| member.size > limit) {
        None => Ok(()),
        Some(limit) => {
            let (name, size) = (name(member), member.size);
            let text = format_args!("entry {name} declares {size} bytes, exceeding the {limit} byte limit");
            Err(entry_too_large(text))
        }
    }
}

/// Checks that it is something that can be decompressed.
fn check_kind(member: &Member) -> Result<()> {
    if member.flags & ENCRYPTED_FLAG != 0 {
        return Err(unsupported(format_args!("entry {} is encrypted", name(member))));
    }
    if !matches!(member.method, STORE | DEFLATE | ZSTD) {
        let method = member.method;
        return Err(unsupported(format_args!("entry {} uses compression method {method}", name(member))));
    }
    Ok(())
}

fn beyond(member: &Member) -> Error {
    let verb = if member.method == DEFLATE { "inflates" } else { "decompresses" };
    let (name, size) = (name(member), member.size);
    corrupt(format_args!("entry {name} {verb} beyond its declared size of {size} bytes"))
}

fn failed(member: &Member, error: &Error) -> Error {
    let verb = if member.method == DEFLATE { "inflate" } else { "decompress" };
    corrupt(format_args!("entry {} failed to {verb}: {error}", name(member))).with_cause(error.clone())
}

fn wrong_checksum(member: &Member) -> Error {
    corrupt(format_args!("entry {} failed CRC-32 verification", name(member)))
}

fn wrong_size(member: &Member, got: u64) -> Error {
    let (name, size) = (name(member), member.size);
    corrupt(format_args!("entry {name} produced {got} bytes, expected {size}"))
}

/// The whole content of a member.
pub(crate) fn whole(member: &Member, mut raw: Raw, options: &ZipContentOptions) -> Result<Vec<u8>> {
    check_size(member, Some(options.max_size.unwrap_or_else(get_max_zip_content_size)))?;
    raw.verify()?;
    check_kind(member)?;
    let raw = raw.all()?;
    let data = match member.method {
        STORE => raw.to_vec(),
        DEFLATE => match at_once(member, &raw) {
            Some(data) => data?,
            None => stepped(member, &raw)?,
        },
        _ => stepped(member, &raw)?,
    };
    if data.len() as u64 != member.size {
        return Err(wrong_size(member, data.len() as u64));
    }
    if !options.no_verify && crc32fast::hash(&data) != member.crc {
        return Err(wrong_checksum(member));
    }
    Ok(data)
}

/// Inflates with libdeflate, where `raw` can hold what it declares. It does not say what is wrong with bad
/// data.
fn at_once(member: &Member, raw: &[u8]) -> Option<Result<Vec<u8>>> {
    let size = usize::try_from(member.size).ok()?;
    if member.size / MAX_RATIO > raw.len() as u64 {
        return None;
    }
    // With room for one more, which Node tells from many more.
    match libdeflate::inflate(Wrapper::None, raw, size.checked_add(1)?, false) {
        Ok((data, _)) => Some(Ok(data)),
        Err(Failure::Full) => Some(Err(beyond(member))),
        Err(Failure::Other) => None,
    }
}

/// Decompresses by steps, so that no more memory is taken than there is data for.
fn stepped(member: &Member, raw: &[u8]) -> Result<Vec<u8>> {
    let mut codec = decompressor(member.method, CHUNK)?;
    let mut out = Vec::new();
    let mut read = 0;
    let mut room = CHUNK;
    loop {
        let start = out.len();
        out.try_reserve(room).map_err(|_| no_memory())?;
        out.resize(start + room, 0);
        let step = codec.step(&raw[read..], &mut out[start..], Flush::Finish);
        let step = match step {
            Ok(step) => step,
            Err(_) if codec.guessed() => return Err(named(member, raw)),
            Err(error) => return Err(failed(member, &error)),
        };
        read += step.read;
        out.truncate(start + step.written);
        if out.len() as u64 > member.size + 1 {
            return Err(beyond(member));
        }
        if step.ended || step.written < room {
            out.shrink_to_fit();
            return Ok(out);
        }
        // Doubling, for data that expands by much.
        room = out.len().max(CHUNK);
    }
}

/// What zlib says is wrong with the data: so little room at a time keeps zlib-rs from its fast loop, and
/// makes it say what is wrong.
fn named(member: &Member, raw: &[u8]) -> Error {
    let mut codec = match decompressor(member.method, CHUNK) {
        Ok(codec) => codec,
        Err(error) => return error,
    };
    let (mut read, mut written) = (0, 0);
    loop {
        match codec.step(&raw[read..], &mut [0; 128], Flush::Finish) {
            Err(error) => return failed(member, &error),
            Ok(step) => {
                read += step.read;
                written += step.written as u64;
                if written > member.size || step.ended || step.written < 128 {
                    return beyond(member);
                }
            }
        }
    }
}

fn decompressor(method: u16, chunk: usize) -> Result<Box<dyn Codec>> {
    let settings = if method == DEFLATE {
        checked(Mode::InflateRaw, &ZlibOptions::new().chunk_size(chunk))?
    } else {
        checked(Mode::ZstdDecompress, &ZstdOptions::new().chunk_size(chunk))?
    };
    settings.codec()
}

/// The content of an entry, a piece at a time and decompressed as it is asked for. As an iterator it blocks;
/// as [`stream`](ZipContent::stream) it works on the pool.
///
/// The checksum and the size can only be checked at the end: an entry that is corrupt gives its error after
/// the last piece. After an error there is nothing more.
///
/// Node: what `zipEntry.contentIterator()` gives
/// (<https://nodejs.org/api/zlib.html#zipentrycontentiteratoroptions>), and with
/// [`stream`](ZipContent::stream) `zipFile.stream()`.
pub struct ZipContent {
    member: Arc<Member>,
    raw: Raw,
    /// None for what is stored.
    codec: Option<Box<dyn Codec>>,
    /// What the codec has not taken.
    input: Bytes,
    /// Whether there is nothing behind `input`.
    last: bool,
    produced: u64,
    crc: Option<crc32fast::Hasher>,
    done: bool,
}

impl ZipContent {
    pub(crate) fn new(member: Arc<Member>, raw: Raw, options: &ZipContentOptions) -> Result<ZipContent> {
        check_kind(&member)?;
        check_size(&member, options.max_size)?;
        let stored = member.method == STORE;
        let codec = if stored { None } else { Some(decompressor(member.method, CHUNK)?) };
        let crc = (!options.no_verify).then(crc32fast::Hasher::new);
        Ok(ZipContent { member, raw, codec, input: Bytes::new(), last: false, produced: 0, crc, done: false })
    }

    /// The rest of it as a stream on `lp`, which reads and decompresses on the pool.
    pub fn stream(self, lp: &EventLoop) -> Readable {
        super::pump::readable(lp, self)
    }

    /// One more piece.
    fn piece(&mut self) -> Result<Option<Bytes>> {
        if self.codec.is_none() {
            let Some(piece) = self.raw.next()? else { return self.end() };
            self.count(&piece)?;
            return Ok(Some(piece));
        }
        loop {
            if self.input.is_empty() && !self.last {
                match self.raw.next()? {
                    Some(bytes) => self.input = bytes,
                    None => self.last = true,
                }
            }
            let flush = if self.last { Flush::Finish } else { Flush::No };
            let mut out = vec![0; CHUNK];
            let Some(codec) = &mut self.codec else { return Ok(None) };
            let step = codec.step(&self.input, &mut out, flush)?;
            self.input = self.input.slice(step.read..);
            out.truncate(step.written);
            if step.ended || self.last && step.written < CHUNK {
                // The rest is not the member's.
                (self.raw, self.input, self.last) = (Raw::Memory(Bytes::new()), Bytes::new(), true);
                self.done = true;
            } else if !self.input.is_empty() && step.written < CHUNK && step.read == 0 {
                // It has ended, and there is more behind.
                self.input = Bytes::new();
            }
            if !out.is_empty() {
                let piece = Bytes::from(out);
                self.count(&piece)?;
                return Ok(Some(piece));
            }
            if self.done {
                return self.end();
            }
        }
    }

    fn count(&mut self, piece: &[u8]) -> Result<()> {
        self.produced += piece.len() as u64;
        if self.produced > self.member.size {
            return Err(beyond(&self.member));
        }
        if let Some(crc) = &mut self.crc {
            crc.update(piece);
        }
        Ok(())
    }

    fn end(&mut self) -> Result<Option<Bytes>> {
        if self.produced != self.member.size {
            let (name, size, produced) = (name(&self.member), self.member.size, self.produced);
            return Err(corrupt(format_args!("entry {name} is truncated: got {produced} of {size} bytes")));
        }
        let crc = self.crc.take().map(crc32fast::Hasher::finalize);
        if crc.is_some_and(|crc| crc != self.member.crc) {
            return Err(wrong_checksum(&self.member));
        }
        Ok(None)
    }
}

impl Steps for ZipContent {
    fn step(&mut self) -> Result<Option<Bytes>> {
        if self.done && self.codec.is_none() {
            return Ok(None);
        }
        if self.done {
            self.codec = None;
            return self.end();
        }
        let piece = self.piece();
        if matches!(piece, Err(_) | Ok(None)) {
            (self.done, self.codec) = (true, None);
        }
        piece
    }
}

impl Iterator for ZipContent {
    type Item = Result<Bytes>;

    fn next(&mut self) -> Option<Result<Bytes>> {
        self.step().transpose()
    }
}

impl fmt::Debug for ZipContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ZipContent").field("produced", &self.produced).finish_non_exhaustive()
    }
}
