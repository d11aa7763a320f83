//! Where the content of a streaming entry comes from, and how it is packed.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use nodecore_error::Result;
use nodecore_event_loop::{EventLoop, OperationExt, blocking};
use nodecore_fs::{Fd, RangeOptions, close_sync, read_sync};
use nodecore_stream::{ByteChunk, Chunks, Readable};

use super::records::{DEFLATE, Member, STORE};
use crate::codec::{Codec, Flush};
use crate::options::{Mode, ZlibOptions, ZstdOptions, checked};

const CHUNK: usize = 64 * 1024;

/// What is read while an entry is serialized.
pub(crate) enum Source {
    Stream(Box<dyn Bytewise>),
    File(Owned),
}

/// A stream of bytes, whatever its chunks are.
pub(crate) trait Bytewise {
    fn destroy(&self);
    fn open(self: Box<Self>) -> Box<dyn Stream<Item = Result<Bytes>> + Unpin>;
}

impl<T: ByteChunk> Bytewise for Readable<T> {
    fn destroy(&self) {
        Readable::destroy(self, None);
    }

    fn open(self: Box<Self>) -> Box<dyn Stream<Item = Result<Bytes>> + Unpin> {
        Box::new(Reading { chunks: Chunks::new(&self), stream: *self })
    }
}

/// A descriptor that is closed when dropped.
#[derive(Debug)]
pub(crate) struct Owned(pub(crate) Fd);

impl Drop for Owned {
    fn drop(&mut self) {
        _ = close_sync(self.0);
    }
}

impl Source {
    /// Releases what it holds.
    pub(crate) fn dispose(self) {
        match self {
            Source::Stream(stream) => stream.destroy(),
            Source::File(file) => drop(file),
        }
    }

    pub(crate) fn open(self) -> Input {
        match self {
            Source::Stream(stream) => Input::Stream(stream.open()),
            Source::File(file) => Input::File(Some(file)),
        }
    }
}

/// A source that is being read. Dropping it destroys the source.
pub(crate) enum Input {
    Stream(Box<dyn Stream<Item = Result<Bytes>> + Unpin>),
    File(Option<Owned>),
}

struct Reading<T: ByteChunk> {
    chunks: Chunks<T>,
    stream: Readable<T>,
}

impl<T: ByteChunk> Stream for Reading<T> {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        let chunk = Pin::new(&mut self.chunks).poll_next(context);
        chunk.map(|chunk| chunk.map(|chunk| chunk?.into_bytes()))
    }
}

impl<T: ByteChunk> Drop for Reading<T> {
    fn drop(&mut self) {
        self.stream.destroy(None);
    }
}

impl Input {
    pub(crate) async fn next(&mut self, lp: &EventLoop) -> Result<Option<Bytes>> {
        match self {
            Input::Stream(chunks) => poll_fn(|cx| Pin::new(&mut *chunks).poll_next(cx)).await.transpose(),
            Input::File(file) => {
                let Some(owned) = file.take() else { return Ok(None) };
                let read = move || {
                    let mut out = vec![0; CHUNK];
                    let count = read_sync(owned.0, &mut out, &RangeOptions::default())?;
                    out.truncate(count);
                    Ok((owned, Bytes::from(out)))
                };
                let (owned, bytes) = blocking(read).future(lp).await?;
                if bytes.is_empty() {
                    return Ok(None);
                }
                *file = Some(owned);
                Ok(Some(bytes))
            }
        }
    }
}

/// Compresses one member and counts it.
pub(crate) struct Packer {
    codec: Option<Box<dyn Codec>>,
    crc: crc32fast::Hasher,
    size: u64,
    packed: u64,
}

impl Packer {
    pub(crate) fn new(method: u16) -> Result<Packer> {
        let codec = match method {
            STORE => None,
            DEFLATE => Some(checked(Mode::DeflateRaw, &ZlibOptions::new())?.codec()?),
            _ => Some(checked(Mode::ZstdCompress, &ZstdOptions::new())?.codec()?),
        };
        Ok(Packer { codec, crc: crc32fast::Hasher::new(), size: 0, packed: 0 })
    }

    /// Takes the next bytes, or the end. What it gives may be empty.
    pub(crate) fn pack(&mut self, input: Option<Bytes>) -> Result<Bytes> {
        let flush = if input.is_some() { Flush::No } else { Flush::Finish };
        let input = input.unwrap_or_default();
        self.crc.update(&input);
        self.size += input.len() as u64;
        let Some(codec) = &mut self.codec else {
            self.packed += input.len() as u64;
            return Ok(input);
        };
        let (mut out, mut read) = (Vec::new(), 0);
        loop {
            let start = out.len();
            out.resize(start + CHUNK, 0);
            let step = codec.step(&input[read..], &mut out[start..], flush)?;
            read += step.read;
            out.truncate(start + step.written);
            if step.ended || step.written < CHUNK {
                break;
            }
        }
        self.packed += out.len() as u64;
        Ok(out.into())
    }

    /// The member with what is known at the end.
    pub(crate) fn finish(self, member: &Member) -> Member {
        Member { crc: self.crc.finalize(), size: self.size, packed: self.packed, ..member.clone() }
    }
}
