//! Compression Streams, which Node has in `stream/web`: <https://compression.spec.whatwg.org/>.

use std::fmt;

use bytes::Bytes;
use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::EventLoop;
use nodecore_stream::web::{ReadableStream, ReadableWritablePair, WritableStream};

use crate::deflate::Format;
use crate::stream::{compressor, decompressor};

/// Compresses what passes. Node:
/// [`CompressionStream`](https://nodejs.org/api/webstreams.html#class-compressionstream).
///
/// # Differences from Node
/// The compressed bytes are others, of the same format. `brotli` is not there.
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
pub struct CompressionStream(ReadableWritablePair<Bytes, Bytes>);

/// Decompresses what passes. Node:
/// [`DecompressionStream`](https://nodejs.org/api/webstreams.html#class-decompressionstream).
///
/// Both sides are errored by what is not sound or not complete: a `TypeError` with zlib's code, whose cause is zlib's
/// error; and by what follows the end, zero bytes or a second gzip member too:
/// [`Code::TrailingJunkAfterStreamEnd`].
///
/// # Differences from Node
/// `brotli` is not there.
pub struct DecompressionStream(ReadableWritablePair<Bytes, Bytes>);

impl CompressionStream {
    /// A stream for `deflate`, `deflate-raw` or `gzip`.
    ///
    /// # Errors
    /// [`Code::InvalidArgValue`] for any other format.
    pub fn new(lp: &EventLoop, format: &str) -> Result<CompressionStream> {
        compressor(lp, known(format, "CompressionStream")?)?.to_web().map(CompressionStream)
    }

    /// The side that is read.
    pub fn readable(&self) -> &ReadableStream<Bytes> {
        &self.0.readable
    }

    /// The side that is written to.
    pub fn writable(&self) -> &WritableStream<Bytes> {
        &self.0.writable
    }
}

impl DecompressionStream {
    /// A stream for `deflate`, `deflate-raw` or `gzip`.
    ///
    /// # Errors
    /// [`Code::InvalidArgValue`] for any other format.
    pub fn new(lp: &EventLoop, format: &str) -> Result<DecompressionStream> {
        decompressor(lp, known(format, "DecompressionStream")?)?.to_web().map(DecompressionStream)
    }

    /// The side that is read.
    pub fn readable(&self) -> &ReadableStream<Bytes> {
        &self.0.readable
    }

    /// The side that is written to.
    pub fn writable(&self) -> &WritableStream<Bytes> {
        &self.0.writable
    }
}

fn known(format: &str, class: &str) -> Result<Format> {
    match format {
        "deflate" => Ok(Format::Zlib),
        "deflate-raw" => Ok(Format::Raw),
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

impl From<&CompressionStream> for ReadableWritablePair<Bytes, Bytes> {
    fn from(stream: &CompressionStream) -> ReadableWritablePair<Bytes, Bytes> {
        stream.0.clone()
    }
}

impl From<&DecompressionStream> for ReadableWritablePair<Bytes, Bytes> {
    fn from(stream: &DecompressionStream) -> ReadableWritablePair<Bytes, Bytes> {
        stream.0.clone()
    }
}

impl fmt::Debug for CompressionStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CompressionStream").field(&self.0).finish()
    }
}

impl fmt::Debug for DecompressionStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DecompressionStream").field(&self.0).finish()
    }
}
