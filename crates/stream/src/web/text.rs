//! `TextEncoderStream` and `TextDecoderStream`.

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;

use bytes::Bytes;
use nodecore_buffer::{Encoding, JsStr, JsString, TextDecoder, TextDecoderOptions, encode};
use nodecore_error::Result;
use nodecore_event_loop::EventLoop;

use super::promise::Promise;
use super::readable::ReadableStream;
use super::strategy::QueuingStrategy;
use super::transform::{
    ReadableWritablePair, TransformStream, TransformStreamDefaultController, Transformer,
};
use super::writable::WritableStream;
use crate::chunk::Chunk;

/// Chunks that are text: what a [`TextEncoderStream`] takes. [`JsString`] and UTF-16 are what an engine has; their
/// surrogate pairs may be split over two chunks.
pub trait AsText: Chunk {
    /// The text of it.
    fn as_text(&self) -> JsStr<'_>;
}

/// Chunks that a [`TextDecoderStream`] makes of bytes.
pub trait DecodedText: AsText {
    /// Decodes the next bytes; without `stream` they are the last.
    ///
    /// # Errors
    /// Those of the decoder.
    fn decoded(decoder: &mut TextDecoder, bytes: &[u8], stream: bool) -> Result<Self>;
}

impl Chunk for JsString {}

impl AsText for String {
    fn as_text(&self) -> JsStr<'_> {
        JsStr::Utf8(self)
    }
}

impl AsText for &'static str {
    fn as_text(&self) -> JsStr<'_> {
        JsStr::Utf8(self)
    }
}

impl AsText for Rc<str> {
    fn as_text(&self) -> JsStr<'_> {
        JsStr::Utf8(self)
    }
}

impl AsText for JsString {
    fn as_text(&self) -> JsStr<'_> {
        self.as_js_str()
    }
}

impl AsText for Vec<u16> {
    fn as_text(&self) -> JsStr<'_> {
        JsStr::Utf16(self)
    }
}

impl DecodedText for String {
    fn decoded(decoder: &mut TextDecoder, bytes: &[u8], stream: bool) -> Result<String> {
        decoder.decode(bytes, stream)
    }
}

impl DecodedText for Rc<str> {
    fn decoded(decoder: &mut TextDecoder, bytes: &[u8], stream: bool) -> Result<Rc<str>> {
        decoder.decode(bytes, stream).map(Rc::from)
    }
}

impl DecodedText for JsString {
    fn decoded(decoder: &mut TextDecoder, bytes: &[u8], stream: bool) -> Result<JsString> {
        decoder.decode_js(bytes, stream)
    }
}

impl DecodedText for Vec<u16> {
    fn decoded(decoder: &mut TextDecoder, bytes: &[u8], stream: bool) -> Result<Vec<u16>> {
        decoder.decode_utf16(bytes, stream)
    }
}

/// Makes UTF-8 of text. Node:
/// [`TextEncoderStream`](https://nodejs.org/api/webstreams.html#class-textencoderstream),
/// <https://encoding.spec.whatwg.org/#interface-textencoderstream>.
///
/// A surrogate pair that is split over two chunks is one character; lone surrogates become U+FFFD.
///
/// ```
/// use nodecore_event_loop::EventLoop;
/// use nodecore_stream::web::{ReadableStream, TextEncoderStream};
///
/// let lp = EventLoop::new()?;
/// let halves = [vec![0x61, 0xd83d], vec![0xde00]];
/// let encoder = TextEncoderStream::new(&lp)?;
/// let bytes = ReadableStream::from_iter(&lp, halves).pipe_through(&encoder, Default::default())?;
/// let reader = bytes.get_reader()?;
/// assert_eq!(lp.block_on(reader.read())?.unwrap(), "a");
/// assert_eq!(lp.block_on(reader.read())?.unwrap(), "😀");
/// assert!(lp.block_on(reader.read())?.is_none());
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub struct TextEncoderStream<T: AsText = String>(TransformStream<T, Bytes>);

impl<T: AsText> TextEncoderStream<T> {
    /// A stream that encodes.
    ///
    /// # Errors
    /// None that are known; those of [`TransformStream::new`].
    pub fn new(lp: &EventLoop) -> Result<TextEncoderStream<T>> {
        let encoder = Encoder { lead: Cell::new(None) };
        TransformStream::new(lp, encoder, QueuingStrategy::new(), QueuingStrategy::new())
            .map(TextEncoderStream)
    }

    /// `"utf-8"`.
    pub fn encoding(&self) -> &'static str {
        "utf-8"
    }

    /// The side that is read.
    pub fn readable(&self) -> &ReadableStream<Bytes> {
        self.0.readable()
    }

    /// The side that is written to.
    pub fn writable(&self) -> &WritableStream<T> {
        self.0.writable()
    }
}

impl<T: AsText> From<&TextEncoderStream<T>> for ReadableWritablePair<Bytes, T> {
    fn from(stream: &TextEncoderStream<T>) -> ReadableWritablePair<Bytes, T> {
        ReadableWritablePair::from(&stream.0)
    }
}

impl<T: AsText> fmt::Debug for TextEncoderStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TextEncoderStream")
            .field("readable", self.readable())
            .field("writable", self.writable())
            .finish()
    }
}

struct Encoder {
    /// The first half of a pair, which ended a chunk.
    lead: Cell<Option<u16>>,
}

impl Encoder {
    fn encode(&self, text: JsStr<'_>) -> Vec<u8> {
        let kept = self.lead.get();
        let (start, end) = match text {
            _ if text.is_empty() => return Vec::new(),
            JsStr::Utf16(units) => (units.first().copied(), units.last().copied()),
            // Neither has surrogates at its ends, and any that is kept stays alone.
            JsStr::Utf8(_) | JsStr::Latin1(_) => (None, None),
        };
        let next = end.filter(|unit| unit & 0xfc00 == 0xd800);
        self.lead.set(next);
        let pair = kept.zip(start.filter(|unit| unit & 0xfc00 == 0xdc00));
        let mut bytes = match (kept, pair) {
            (_, Some((lead, trail))) => encode(&[lead, trail][..], Encoding::Utf8),
            (Some(lead), None) => encode(&[lead][..], Encoding::Utf8),
            (None, None) => Vec::new(),
        };
        let rest = match text {
            JsStr::Utf16(units) => {
                let end = units.len() - usize::from(next.is_some());
                JsStr::Utf16(&units[usize::from(pair.is_some())..end])
            }
            text => text,
        };
        let rest = encode(rest, Encoding::Utf8);
        if bytes.is_empty() {
            return rest;
        }
        bytes.extend(rest);
        bytes
    }
}

impl<T: AsText> Transformer<T, Bytes> for Encoder {
    fn transform(&self, chunk: T, controller: &TransformStreamDefaultController<T, Bytes>) -> Promise<()> {
        let bytes = self.encode(chunk.as_text());
        enqueued(controller, (!bytes.is_empty()).then(|| bytes.into()))
    }

    fn flush(&self, controller: &TransformStreamDefaultController<T, Bytes>) -> Promise<()> {
        enqueued(controller, self.lead.take().map(|_| Bytes::from_static("\u{fffd}".as_bytes())))
    }
}

fn enqueued<I: Chunk, O: Chunk>(
    controller: &TransformStreamDefaultController<I, O>,
    chunk: Option<O>,
) -> Promise<()> {
    chunk.map_or(Ok(()), |chunk| controller.enqueue(chunk)).map_or_else(Promise::rejected, Promise::resolved)
}

/// Makes text of bytes. Node:
/// [`TextDecoderStream`](https://nodejs.org/api/webstreams.html#class-textdecoderstream),
/// <https://encoding.spec.whatwg.org/#interface-textdecoderstream>. Its encodings, and what differs from Node, are
/// those of [`TextDecoder`].
///
/// ```
/// use bytes::Bytes;
/// use nodecore_event_loop::EventLoop;
/// use nodecore_stream::web::{ReadableStream, TextDecoderStream};
///
/// let lp = EventLoop::new()?;
/// let parts = [Bytes::from("5 \u{20ac}").split_to(3), Bytes::from_static(b"\x82\xac")];
/// let decoder = TextDecoderStream::<String>::new(&lp, "utf8", Default::default())?;
/// let text = ReadableStream::from_iter(&lp, parts).pipe_through(&decoder, Default::default())?;
/// let reader = text.get_reader()?;
/// assert_eq!(lp.block_on(reader.read())?.unwrap(), "5 ");
/// assert_eq!(lp.block_on(reader.read())?.unwrap(), "€");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub struct TextDecoderStream<T: DecodedText = String> {
    stream: TransformStream<Bytes, T>,
    encoding: Box<str>,
    fatal: bool,
    ignore_bom: bool,
}

impl<T: DecodedText> TextDecoderStream<T> {
    /// A stream that decodes; Node's `new TextDecoderStream(label, options)`, where the label is `utf-8` by default.
    ///
    /// A fatal one errors both sides, with
    /// [`Code::EncodingInvalidEncodedData`](nodecore_error::Code::EncodingInvalidEncodedData).
    ///
    /// # Errors
    /// [`Code::EncodingNotSupported`](nodecore_error::Code::EncodingNotSupported) for a label that is unknown.
    pub fn new(lp: &EventLoop, label: &str, options: TextDecoderOptions) -> Result<TextDecoderStream<T>> {
        let decoder = TextDecoder::new(label, options)?;
        let encoding = decoder.encoding().into();
        let transformer = Cell::new(Some(decoder));
        let stream = TransformStream::new(lp, transformer, QueuingStrategy::new(), QueuingStrategy::new())?;
        Ok(TextDecoderStream { stream, encoding, fatal: options.fatal, ignore_bom: options.ignore_bom })
    }

    /// The encoding's name, in lower case.
    pub fn encoding(&self) -> &str {
        &self.encoding
    }

    /// Whether what is invalid is an error.
    pub fn fatal(&self) -> bool {
        self.fatal
    }

    /// Whether a byte order mark is kept. Node: `decoder.ignoreBOM`.
    pub fn ignore_bom(&self) -> bool {
        self.ignore_bom
    }

    /// The side that is read.
    pub fn readable(&self) -> &ReadableStream<T> {
        self.stream.readable()
    }

    /// The side that is written to.
    pub fn writable(&self) -> &WritableStream<Bytes> {
        self.stream.writable()
    }
}

impl<T: DecodedText> From<&TextDecoderStream<T>> for ReadableWritablePair<T, Bytes> {
    fn from(stream: &TextDecoderStream<T>) -> ReadableWritablePair<T, Bytes> {
        ReadableWritablePair::from(&stream.stream)
    }
}

impl<T: DecodedText> fmt::Debug for TextDecoderStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TextDecoderStream")
            .field("encoding", &self.encoding)
            .field("fatal", &self.fatal)
            .field("ignore_bom", &self.ignore_bom)
            .field("readable", self.readable())
            .field("writable", self.writable())
            .finish()
    }
}

/// Where the decoder is while no chunk is decoded.
type Place = Cell<Option<TextDecoder>>;

fn decoded<T: DecodedText>(
    place: &Place,
    bytes: &[u8],
    stream: bool,
    controller: &TransformStreamDefaultController<Bytes, T>,
) -> Promise<()> {
    let Some(mut decoder) = place.take() else { return Promise::resolved(()) };
    let text = T::decoded(&mut decoder, bytes, stream);
    place.set(Some(decoder));
    match text {
        Ok(text) => enqueued(controller, (!text.as_text().is_empty()).then_some(text)),
        Err(error) => Promise::rejected(error),
    }
}

impl<T: DecodedText> Transformer<Bytes, T> for Place {
    fn transform(
        &self,
        chunk: Bytes,
        controller: &TransformStreamDefaultController<Bytes, T>,
    ) -> Promise<()> {
        decoded(self, &chunk, true, controller)
    }

    fn flush(&self, controller: &TransformStreamDefaultController<Bytes, T>) -> Promise<()> {
        decoded(self, &[], false, controller)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_joined_over_chunks() {
        let encoder = Encoder { lead: Cell::new(None) };
        let encoded = |units: &[u16]| String::from_utf8(encoder.encode(JsStr::Utf16(units))).unwrap();
        assert_eq!(encoded(&[0x61, 0xd83d]), "a");
        assert_eq!(encoded(&[]), "");
        assert_eq!(encoded(&[0xde00, 0x62]), "😀b");
        assert_eq!(encoded(&[0xde00]), "\u{fffd}");
        assert_eq!(encoded(&[0xd83d]), "");
        assert_eq!(encoded(&[0xd83d]), "\u{fffd}");
        assert_eq!(encoded(&[0xde00, 0xd83d]), "😀");
        assert_eq!(encoder.encode(JsStr::Utf8("é")), "\u{fffd}é".as_bytes());
        assert_eq!(encoded(&[0xd83d]), "");
        assert_eq!(encoder.encode(JsStr::Latin1(b"\xe9")), "\u{fffd}é".as_bytes());
        assert_eq!(encoder.lead.get(), None);
    }
}
