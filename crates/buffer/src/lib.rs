//! Node's Buffer encodings, `buffer.transcode` and `StringDecoder`
//! (<https://nodejs.org/api/buffer.html#buffers-and-character-encodings>,
//! <https://nodejs.org/api/string_decoder.html>).
//!
//! Bytes here are plain slices and vectors. Strings are [`JsStr`] and [`JsString`], which hold what a
//! JavaScript engine holds (Latin-1 or UTF-16) besides Rust's UTF-8, so an engine passes its own storage.
//!
//! | Node | here |
//! |---|---|
//! | `Buffer.from(string, encoding)` | [`encode`] |
//! | `buf.write(string, encoding)` | [`write()`] |
//! | `Buffer.byteLength(string, encoding)` | [`byte_length`] |
//! | `buf.toString(encoding)` | [`decode`], [`decode_utf16`], [`decode_js`] |
//! | `Buffer.isEncoding(name)` | [`Encoding::parse`] |
//! | `buffer.isUtf8`, `buffer.isAscii` | [`is_utf8`], [`is_ascii`] |
//! | `buffer.transcode` | [`transcode()`] |
//! | `new StringDecoder(encoding)` | [`StringDecoder`] |
//! | `new TextDecoder(label, options)` | [`TextDecoder`] |
//!
//! ```
//! use nodecore_buffer::{Encoding, decode, encode};
//!
//! let bytes = encode("aGVsbG8\n= and the rest is ignored", Encoding::Base64);
//! assert_eq!(bytes, b"hello");
//! assert_eq!(decode(&bytes, Encoding::Hex), "68656c6c6f");
//! assert_eq!(decode(b"caf\xc3\xa9 \xff", Encoding::Utf8), "café \u{fffd}");
//! ```

#![forbid(unsafe_code)]

mod base64;
mod decode;
mod encode;
mod encoding;
mod hex;
mod js_string;
mod latin1;
mod string_decoder;
mod text_decoder;
mod transcode;
mod utf16;
mod utf8;

pub use decode::{decode, decode_js, decode_utf16, is_ascii, is_utf8};
pub use encode::{byte_length, encode, write};
pub use encoding::Encoding;
pub use js_string::{JsStr, JsString};
pub use string_decoder::StringDecoder;
pub use text_decoder::{TextDecoder, TextDecoderOptions};
pub use transcode::transcode;
