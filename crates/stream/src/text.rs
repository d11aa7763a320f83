//! Text in streams of chunks that text can be, such as bytes: `setEncoding` on the reading side,
//! `write(string, encoding)` on the writing side.

use std::rc::Rc;

use bytes::Bytes;
use nodecore_buffer::{Encoding, decode, encode};
use nodecore_error::Result;

use crate::chunk::{ByteChunk, Chunk};
use crate::duplex::Duplex;
use crate::native::{ReadableObject, WritableObject};
use crate::readable::Readable;
use crate::writable::Writable;

/// Chunks that text can be made into, so that a stream of them has
/// [`write_text`](Writable::write_text), [`push_text`](Readable::push_text) and
/// [`set_encoding`](Readable::set_encoding).
pub trait FromText: Chunk {
    /// The chunk of `text`, of which `encoding` says what bytes it stands for.
    fn from_text(text: &str, encoding: Encoding) -> Self;
}

/// What the text stands for: `decodeStrings: true`, as streams are by default.
impl FromText for Bytes {
    fn from_text(text: &str, encoding: Encoding) -> Bytes {
        match encoding {
            Encoding::Utf8 => Bytes::copy_from_slice(text.as_bytes()),
            _ => Bytes::from(encode(text, encoding)),
        }
    }
}

/// Text as it was written, or bytes: the chunk of a stream with Node's `decodeStrings: false`.
///
/// Its size is that of the text in UTF-16 units, as in Node. Where such chunks are read, [`Readable::read`] takes
/// whole ones whatever size is asked for.
///
/// ```
/// use nodecore_buffer::Encoding;
/// use nodecore_event_loop::{EventLoop, RunMode};
/// use nodecore_stream::{TextOrBytes, Writable, WritableOptions};
///
/// let lp = EventLoop::new()?;
/// let sink = Writable::from_fn(&lp, WritableOptions::default(), |_, chunk: TextOrBytes, done| {
///     assert_eq!(chunk, TextOrBytes::Text("c0ffee".into(), Encoding::Hex));
///     done.ok();
/// });
/// sink.write_text("c0ffee", Some(Encoding::Hex));
/// lp.run(RunMode::Default);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextOrBytes {
    /// Text, and the encoding it was written with.
    Text(Rc<str>, Encoding),
    /// Bytes.
    Bytes(Bytes),
}

impl Chunk for TextOrBytes {
    const SPLITS: bool = true;

    fn size(&self) -> usize {
        match self {
            TextOrBytes::Text(text, _) => text.encode_utf16().count(),
            TextOrBytes::Bytes(bytes) => bytes.len(),
        }
    }
}

impl FromText for TextOrBytes {
    fn from_text(text: &str, encoding: Encoding) -> TextOrBytes {
        TextOrBytes::Text(text.into(), encoding)
    }
}

impl ByteChunk for TextOrBytes {
    fn into_bytes(self) -> Result<Bytes> {
        Ok(match self {
            TextOrBytes::Text(text, encoding) => Bytes::from_text(&text, encoding),
            TextOrBytes::Bytes(bytes) => bytes,
        })
    }
}

impl From<Bytes> for TextOrBytes {
    fn from(bytes: Bytes) -> TextOrBytes {
        TextOrBytes::Bytes(bytes)
    }
}

fn push_text<T: FromText>(
    stream: &dyn ReadableObject<T>,
    text: &str,
    encoding: Encoding,
    front: bool,
) -> bool {
    let own = stream.state().decoder.borrow().as_ref().map(|decoder| decoder.encoding());
    let chunk = match own {
        None => T::from_text(text, encoding),
        // Chunks of text are UTF-8, whatever the encoding of the stream.
        Some(own) if own == encoding => T::from_text(text, Encoding::Utf8),
        Some(own) => T::from_text(&decode(&encode(text, encoding), own), Encoding::Utf8),
    };
    match own {
        _ if front => stream.unshift(Some(chunk)),
        Some(_) => stream.push_text(chunk),
        None => stream.push(Some(chunk)),
    }
}

macro_rules! reading_text {
    ($chunk:ident, <$($other:ident)?> $stream:ty) => {
        impl<$chunk: FromText $(, $other: Chunk)?> $stream {
            /// From now on what is read is text: each chunk is the UTF-8 of a string in `encoding`, and a character
            /// that is spread over several chunks arrives in one.
            ///
            /// With [`Encoding::Hex`], say, the two bytes `[0xca, 0xfe]` are read as the chunk `"cafe"`. What is
            /// buffered is decoded at once. [`readable_length`](Self::readable_length), the high-water mark and the
            /// size given to [`read`](Self::read) count UTF-16 units, as in Node. What
            /// [`unshift`](Self::unshift) puts back has to be text then.
            ///
            /// An encoding that is known by name is parsed, with Node's `ERR_UNKNOWN_ENCODING` for others:
            /// `stream.set_encoding("utf8".parse()?)`.
            ///
            /// Node: [`readable.setEncoding`](https://nodejs.org/api/stream.html#readablesetencodingencoding).
            ///
            /// # Differences from Node
            /// A read of an odd number of units never takes half of a surrogate pair: it takes the pair if that comes
            /// first, and stops before it otherwise. In object mode the chunks that are buffered are decoded one by
            /// one; Node makes a single string of them, and counts its length instead of one object.
            ///
            /// ```
            /// use bytes::Bytes;
            /// use nodecore_buffer::Encoding;
            /// use nodecore_event_loop::EventLoop;
            /// use nodecore_stream::{Readable, ReadableOptions};
            ///
            /// let lp = EventLoop::new()?;
            /// let stream = Readable::pushed(&lp, ReadableOptions::default());
            /// stream.set_encoding(Encoding::Utf8);
            /// stream.push(Some(Bytes::from_static(b"5 \xe2\x82")));
            /// stream.push(Some(Bytes::from_static(b"\xac")));
            /// assert_eq!(stream.read(Some(3)).unwrap(), "5 €");
            /// # Ok::<(), nodecore_error::Error>(())
            /// ```
            pub fn set_encoding(&self, encoding: Encoding) {
                self.read_side().set_encoding(encoding);
            }

            /// Adds text. In a stream without an encoding it becomes the bytes that it stands for in `encoding`;
            /// in one with an encoding it stays text. Node: `readable.push(string, encoding)`.
            pub fn push_text(&self, text: &str, encoding: Encoding) -> bool {
                push_text(self.read_side(), text, encoding, false)
            }

            /// Puts text back before all others. Node: `readable.unshift(string, encoding)`.
            pub fn unshift_text(&self, text: &str, encoding: Encoding) -> bool {
                push_text(self.read_side(), text, encoding, true)
            }
        }
    };
}
reading_text!(T, <> Readable<T>);
reading_text!(R, <W> Duplex<W, R>);

fn write_text<T: FromText>(
    stream: &dyn WritableObject<T>,
    text: &str,
    encoding: Option<Encoding>,
    done: Option<crate::host::Callback>,
) -> bool {
    let encoding = encoding.unwrap_or_else(|| stream.state().default_encoding.get());
    stream.write(T::from_text(text, encoding), done)
}

macro_rules! writing_text {
    ($chunk:ident, <$($other:ident)?> $stream:ty) => {
        impl<$chunk: FromText $(, $other: Chunk)?> $stream {
            /// Writes text, in `encoding` or the default one. Node: `writable.write(string, encoding)`.
            ///
            /// ```
            /// use bytes::Bytes;
            /// use nodecore_buffer::Encoding;
            /// use nodecore_event_loop::{EventLoop, RunMode};
            /// use nodecore_stream::{Writable, WritableOptions};
            ///
            /// let lp = EventLoop::new()?;
            /// let sink = Writable::from_fn(&lp, WritableOptions::default(), |_, chunk: Bytes, done| {
            ///     assert_eq!(chunk, [0xca, 0xfe][..]);
            ///     done.ok();
            /// });
            /// sink.write_text("cafe", Some(Encoding::Hex));
            /// sink.set_default_encoding("base64".parse()?);
            /// sink.write_text("yv4=", None);
            /// lp.run(RunMode::Default);
            /// # Ok::<(), nodecore_error::Error>(())
            /// ```
            pub fn write_text(&self, text: &str, encoding: Option<Encoding>) -> bool {
                write_text(self.write_side(), text, encoding, None)
            }

            /// As [`write_text`](Self::write_text); `done` is called when the text has been written, or has not.
            pub fn write_text_with(
                &self,
                text: &str,
                encoding: Option<Encoding>,
                done: impl FnOnce(Result<()>) + 'static,
            ) -> bool {
                write_text(self.write_side(), text, encoding, Some(Box::new(done)))
            }

            /// Writes a last text and ends. Node: `writable.end(string, encoding)`.
            pub fn end_text(&self, text: &str, encoding: Option<Encoding>) {
                let encoding = encoding.unwrap_or_else(|| self.writable_default_encoding());
                self.write_side().end_with(Some($chunk::from_text(text, encoding)), None);
            }

            /// The encoding of text that is written without one: UTF-8, or what was set.
            pub fn writable_default_encoding(&self) -> Encoding {
                self.write_side().state().default_encoding.get()
            }

            /// Sets it. Node:
            /// [`writable.setDefaultEncoding`](https://nodejs.org/api/stream.html#writablesetdefaultencodingencoding).
            pub fn set_default_encoding(&self, encoding: Encoding) {
                self.write_side().state().default_encoding.set(encoding);
            }
        }
    };
}
writing_text!(T, <> Writable<T>);
writing_text!(W, <R> Duplex<W, R>);
