//! Compression Streams, which Node has in `stream/web`: <https://compression.spec.whatwg.org/>.

use std::fmt;

use bytes::Bytes;
use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::EventLoop;
use nodecore_stream::ByteChunk;
use nodecore_stream::web::{ReadableStream, ReadableWritablePair, WritableStream};

use crate::options::{BrotliOptions, Mode, ZlibOptions};
use crate::stream::ZlibStream;

/// Compresses what passes. Node:
/// [`CompressionStream`](https://nodejs.org/api/webstreams.html#class-compressionstream).
///
/// What flows is [`Bytes`], or another [`ByteChunk`]; a chunk that is not bytes errors both sides with
/// [`Code::InvalidArgType`].
///
/// # Differences from Node
/// The compressed bytes of all formats but `brotli` are others.
///
/// ```
/// use nodecore_event_loop::EventLoop;
/// use nodecore_stream::web::ReadableStream;
/// use nodecore_zlib::web::{CompressionStream, DecompressionStream};
///
/// let lp = EventLoop::new()?;
/// let packed = ReadableStream::from_iter(&lp, ["hello ".into(), "world".into()])
///     .pipe_through(&CompressionStream::new(&lp, "deflate-raw")?, Default::default())?;
/// let text = packed.pipe_through(&DecompressionStream::new(&lp, "deflate-raw")?, Default::default())?;
/// let reader = text.get_reader()?;
/// assert_eq!(lp.block_on(reader.read())?.unwrap(), "hello world");
/// assert_eq!(lp.block_on(reader.read())?, None);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub struct CompressionStream<T: ByteChunk = Bytes>(ReadableWritablePair<T, T>);

/// Decompresses what passes. Node:
/// [`DecompressionStream`](https://nodejs.org/api/webstreams.html#class-decompressionstream).
///
/// Both sides are errored by what is not sound or not complete: a `TypeError` with zlib's code, whose cause is zlib's
/// error; and by what follows the end, zero bytes or a second gzip member too:
/// [`Code::TrailingJunkAfterStreamEnd`]. What flows is as in a [`CompressionStream`].
pub struct DecompressionStream<T: ByteChunk = Bytes>(ReadableWritablePair<T, T>);

impl CompressionStream {
    /// A stream for `brotli`, `deflate`, `deflate-raw` or `gzip`.
    ///
    /// # Errors
    /// [`Code::InvalidArgValue`] for any other format.
    pub fn new(lp: &EventLoop, format: &str) -> Result<CompressionStream> {
        CompressionStream::new_of(lp, format)
    }
}

impl<T: ByteChunk> CompressionStream<T> {
    /// As [`new`](CompressionStream::new), of another kind of chunk. Node's streams have one kind.
    ///
    /// # Errors
    /// [`Code::InvalidArgValue`] for any other format.
    pub fn new_of(lp: &EventLoop, format: &str) -> Result<CompressionStream<T>> {
        let mode = match known(format, "CompressionStream")? {
            Format::Brotli => Mode::BrotliCompress,
            Format::Deflate => Mode::Deflate,
            Format::DeflateRaw => Mode::DeflateRaw,
            Format::Gzip => Mode::Gzip,
        };
        pair(lp, mode).map(CompressionStream)
    }

    /// The side that is read.
    pub fn readable(&self) -> &ReadableStream<T> {
        &self.0.readable
    }

    /// The side that is written to.
    pub fn writable(&self) -> &WritableStream<T> {
        &self.0.writable
    }
}

impl DecompressionStream {
    /// A stream for `brotli`, `deflate`, `deflate-raw` or `gzip`.
    ///
    /// # Errors
    /// [`Code::InvalidArgValue`] for any other format.
    pub fn new(lp: &EventLoop, format: &str) -> Result<DecompressionStream> {
        DecompressionStream::new_of(lp, format)
    }
}

impl<T: ByteChunk> DecompressionStream<T> {
    /// As [`new`](DecompressionStream::new), of another kind of chunk. Node's streams have one kind.
    ///
    /// # Errors
    /// [`Code::InvalidArgValue`] for any other format.
    pub fn new_of(lp: &EventLoop, format: &str) -> Result<DecompressionStream<T>> {
        let mode = match known(format, "DecompressionStream")? {
            Format::Brotli => Mode::BrotliDecompress,
            Format::Deflate => Mode::Inflate,
            Format::DeflateRaw => Mode::InflateRaw,
            Format::Gzip => Mode::Gunzip,
        };
        pair(lp, mode).map(DecompressionStream)
    }

    /// The side that is read.
    pub fn readable(&self) -> &ReadableStream<T> {
        &self.0.readable
    }

    /// The side that is written to.
    pub fn writable(&self) -> &WritableStream<T> {
        &self.0.writable
    }
}

/// What Compression Streams call the formats.
enum Format {
    Brotli,
    Deflate,
    DeflateRaw,
    Gzip,
}

/// A stream with the default options, behind whose data nothing may follow.
fn pair<T: ByteChunk>(lp: &EventLoop, mode: Mode) -> Result<ReadableWritablePair<T, T>> {
    let stream = match mode {
        Mode::BrotliCompress | Mode::BrotliDecompress => {
            ZlibStream::<T>::new(lp, mode, &BrotliOptions::new().reject_garbage_after_end(true))
        }
        _ => ZlibStream::new(lp, mode, &ZlibOptions::new().reject_garbage_after_end(true)),
    };
    stream?.to_web()
}

fn known(format: &str, class: &str) -> Result<Format> {
    match format {
        "brotli" => Ok(Format::Brotli),
        "deflate" => Ok(Format::Deflate),
        "deflate-raw" => Ok(Format::DeflateRaw),
        "gzip" => Ok(Format::Gzip),
        _ => {
            let text = format!(
                "Failed to construct '{class}': 1st argument '{format}' is not a valid enum value of type \
                 CompressionFormat."
            );
            Err(Error::new(Code::InvalidArgValue, text))
        }
    }
}

impl<T: ByteChunk> From<&CompressionStream<T>> for ReadableWritablePair<T, T> {
    fn from(stream: &CompressionStream<T>) -> ReadableWritablePair<T, T> {
        stream.0.clone()
    }
}

impl<T: ByteChunk> From<&DecompressionStream<T>> for ReadableWritablePair<T, T> {
    fn from(stream: &DecompressionStream<T>) -> ReadableWritablePair<T, T> {
        stream.0.clone()
    }
}

impl<T: ByteChunk> fmt::Debug for CompressionStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CompressionStream")
            .field("readable", self.readable())
            .field("writable", self.writable())
            .finish()
    }
}

impl<T: ByteChunk> fmt::Debug for DecompressionStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecompressionStream")
            .field("readable", self.readable())
            .field("writable", self.writable())
            .finish()
    }
}
