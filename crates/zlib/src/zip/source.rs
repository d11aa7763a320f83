//! Where the content of a streaming entry comes from, and how it is packed.

use std::future::poll_fn;
use std::pin::Pin;

use bytes::Bytes;
use futures_core::Stream;
use nodecore_error::Result;
use nodecore_event_loop::{EventLoop, OperationExt, blocking};
use nodecore_fs::{Fd, RangeOptions, close_sync, read_sync};
use nodecore_stream::{Chunks, Readable};

use super::records::{DEFLATE, Member, STORE};
use crate::codec::{Codec, Flush};
use crate::options::{Mode, ZlibOptions, ZstdOptions, checked};

const CHUNK: usize = 64 * 1024;

/// What is read while an entry is serialized.
pub(crate) enum Source {
    Stream(Readable),
    File(Owned),
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
            Source::Stream(stream) => stream.destroy(None),
            Source::File(file) => drop(file),
        }
    }

    pub(crate) fn open(self) -> Input {
        match self {
            Source::Stream(stream) => Input::Stream(Reading { chunks: Chunks::new(&stream), stream }),
            Source::File(file) => Input::File(Some(file)),
        }
    }
}

/// A source that is being read. Dropping it destroys the source.
pub(crate) enum Input {
    Stream(Reading),
    File(Option<Owned>),
}

pub(crate) struct Reading {
    chunks: Chunks<Bytes>,
    stream: Readable,
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.stream.destroy(None);
    }
}

impl Input {
    pub(crate) async fn next(&mut self, lp: &EventLoop) -> Result<Option<Bytes>> {
        match self {
            Input::Stream(reading) => {
                poll_fn(|cx| Pin::new(&mut reading.chunks).poll_next(cx)).await.transpose()
            }
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
