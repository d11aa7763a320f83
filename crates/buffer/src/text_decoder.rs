//! Strings out of bytes by the WHATWG Encoding Standard (<https://encoding.spec.whatwg.org/>), over `encoding_rs`.

use std::fmt;

use encoding_rs::{CoderResult, Decoder, DecoderResult};
use nodecore_error::{Code, Error, Result};

use crate::JsString;

/// Options of a [`TextDecoder`].
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct TextDecoderOptions {
    /// Fails for what is invalid, instead of replacing it by U+FFFD.
    pub fatal: bool,
    /// Keeps a byte order mark instead of leaving it out.
    pub ignore_bom: bool,
}

impl TextDecoderOptions {
    /// Sets [`fatal`](TextDecoderOptions::fatal).
    #[must_use]
    pub fn fatal(mut self, fatal: bool) -> TextDecoderOptions {
        self.fatal = fatal;
        self
    }

    /// Sets [`ignore_bom`](TextDecoderOptions::ignore_bom).
    #[must_use]
    pub fn ignore_bom(mut self, ignore: bool) -> TextDecoderOptions {
        self.ignore_bom = ignore;
        self
    }
}

/// Decodes a sequence of chunks in any encoding of the web. Node:
/// [`TextDecoder`](https://nodejs.org/api/util.html#class-utiltextdecoder).
///
/// Each call gives its text in one of three forms: a `String`, UTF-16, or what an engine adopts. None has a lone
/// surrogate in it.
///
/// # Differences from Node
/// `big5`, `euc-jp`, `euc-kr`, `iso-2022-jp` and `shift_jis` are those of the standard, as in browsers. Node asks ICU,
/// whose tables have other ideas of what is no character: some bytes become C1 controls or characters for private use
/// there, or U+FFFD where the standard has a character. With some invalid `gb18030` Node fails without being fatal.
/// Where the first chunk of `utf-8` is but the beginning of a character, Node leaves out a mark behind it too.
///
/// # Examples
/// ```
/// use nodecore_buffer::TextDecoder;
///
/// let mut decoder = TextDecoder::new("sjis", Default::default())?;
/// assert_eq!(decoder.encoding(), "shift_jis");
/// assert_eq!(decoder.decode(b"\x82", true)?, "");
/// assert_eq!(decoder.decode(b"\xa0", false)?, "あ");
///
/// let error = TextDecoder::new("utf-7", Default::default()).unwrap_err();
/// assert_eq!(error.to_string(), "The \"utf-7\" encoding is not supported");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub struct TextDecoder {
    decoder: Decoder,
    name: Box<str>,
    options: TextDecoderOptions,
}

impl TextDecoder {
    /// A decoder for a label of the standard, in any case, with white space around it or not.
    ///
    /// # Errors
    /// [`Code::EncodingNotSupported`] for a label that is none, or stands for the encoding `replacement`.
    pub fn new(label: &str, options: TextDecoderOptions) -> Result<TextDecoder> {
        let Some(encoding) = encoding_rs::Encoding::for_label(label.as_bytes()) else {
            return Err(Error::from_template(Code::EncodingNotSupported, &[&label]));
        };
        let name = encoding.name().to_ascii_lowercase();
        if encoding == encoding_rs::REPLACEMENT {
            return Err(Error::from_template(Code::EncodingNotSupported, &[&name]));
        }
        Ok(TextDecoder { decoder: fresh(encoding, options), name: name.into(), options })
    }

    /// The encoding's name. Node: `decoder.encoding`.
    pub fn encoding(&self) -> &str {
        &self.name
    }

    /// Node: `decoder.fatal`.
    pub fn fatal(&self) -> bool {
        self.options.fatal
    }

    /// Node: `decoder.ignoreBOM`.
    pub fn ignore_bom(&self) -> bool {
        self.options.ignore_bom
    }

    /// The text of `bytes` and of what was kept. With `stream` the bytes of a character that is not complete are kept
    /// for the next call; without it, it is invalid, and the decoder is as new afterwards. Node:
    /// `decoder.decode(input, { stream })`.
    ///
    /// # Errors
    /// [`Code::EncodingInvalidEncodedData`] for what is invalid, if the decoder is [`fatal`](TextDecoder::fatal); it
    /// is as new after that.
    pub fn decode(&mut self, bytes: &[u8], stream: bool) -> Result<String> {
        let mut text = String::with_capacity(bytes.len().saturating_add(4));
        let mut rest = bytes;
        loop {
            let (outcome, read) = if self.options.fatal {
                self.decoder.decode_to_string_without_replacement(rest, &mut text, !stream)
            } else {
                let (result, read, _) = self.decoder.decode_to_string(rest, &mut text, !stream);
                (outcome(result), read)
            };
            rest = &rest[read..];
            match outcome {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {
                    let most = self.decoder.max_utf8_buffer_length(rest.len());
                    text.reserve(most.unwrap_or(rest.len()).max(16));
                }
                DecoderResult::Malformed(..) => return Err(self.invalid()),
            }
        }
        self.ended(stream);
        Ok(text)
    }

    /// As [`decode`](TextDecoder::decode), to UTF-16.
    ///
    /// # Errors
    /// As there.
    pub fn decode_utf16(&mut self, bytes: &[u8], stream: bool) -> Result<Vec<u16>> {
        let mut units = Vec::new();
        let (mut rest, mut length) = (bytes, 0);
        loop {
            let most = self.decoder.max_utf16_buffer_length(rest.len());
            units.resize(length + most.unwrap_or(rest.len()).max(16), 0);
            let room = &mut units[length..];
            let (outcome, read, written) = if self.options.fatal {
                self.decoder.decode_to_utf16_without_replacement(rest, room, !stream)
            } else {
                let (result, read, written, _) = self.decoder.decode_to_utf16(rest, room, !stream);
                (outcome(result), read, written)
            };
            rest = &rest[read..];
            length += written;
            match outcome {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => return Err(self.invalid()),
            }
        }
        self.ended(stream);
        units.truncate(length);
        Ok(units)
    }

    /// As [`decode`](TextDecoder::decode), in the form that costs an engine least: one byte a character wherever the
    /// text allows.
    ///
    /// # Errors
    /// As there.
    pub fn decode_js(&mut self, bytes: &[u8], stream: bool) -> Result<JsString> {
        if self.decoder.latin1_byte_compatible_up_to(bytes) == Some(bytes.len()) {
            // With nothing kept and nothing to keep, the decoder would give the bytes themselves.
            self.ended(stream);
            return Ok(JsString::Latin1(bytes.to_vec()));
        }
        let units = self.decode_utf16(bytes, stream)?;
        if !encoding_rs::mem::is_utf16_latin1(&units) {
            return Ok(JsString::Utf16(units));
        }
        let mut latin1 = vec![0; units.len()];
        encoding_rs::mem::convert_utf16_to_latin1_lossy(&units, &mut latin1);
        Ok(JsString::Latin1(latin1))
    }

    fn ended(&mut self, stream: bool) {
        if !stream {
            self.decoder = fresh(self.decoder.encoding(), self.options);
        }
    }

    fn invalid(&mut self) -> Error {
        self.ended(false);
        Error::from_template(Code::EncodingInvalidEncodedData, &[&self.name])
    }
}

fn fresh(encoding: &'static encoding_rs::Encoding, options: TextDecoderOptions) -> Decoder {
    if options.ignore_bom {
        encoding.new_decoder_without_bom_handling()
    } else {
        encoding.new_decoder_with_bom_removal()
    }
}

fn outcome(result: CoderResult) -> DecoderResult {
    match result {
        CoderResult::InputEmpty => DecoderResult::InputEmpty,
        CoderResult::OutputFull => DecoderResult::OutputFull,
    }
}

impl fmt::Debug for TextDecoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TextDecoder")
            .field("encoding", &self.name)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoder(label: &str, fatal: bool) -> TextDecoder {
        TextDecoder::new(label, TextDecoderOptions::default().fatal(fatal)).unwrap()
    }

    #[test]
    fn labels_are_those_of_the_standard() {
        for (label, name) in [
            (" UTF8\n", "utf-8"),
            ("latin1", "windows-1252"),
            ("utf-16", "utf-16le"),
            ("x-user-defined", "x-user-defined"),
        ] {
            assert_eq!(decoder(label, false).encoding(), name);
        }
        for (label, shown) in
            [("", ""), ("utf-7", "utf-7"), ("\u{a0}utf-8", "\u{a0}utf-8"), ("csiso2022kr", "replacement")]
        {
            let error = TextDecoder::new(label, TextDecoderOptions::default()).unwrap_err();
            assert_eq!(error.code().name(), "ERR_ENCODING_NOT_SUPPORTED");
            assert_eq!(error.class(), nodecore_error::Class::RangeError);
            assert_eq!(error.to_string(), format!("The \"{shown}\" encoding is not supported"));
        }
    }

    #[test]
    fn all_forms_agree_however_it_is_cut() {
        let utf16: Vec<u8> = "\u{feff}aé😀".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (label, bytes) in [
            ("utf-8", "\u{feff}aé€😀\u{feff}".as_bytes()),
            ("utf-8", b"\xf0\x9f\x98a\xff\xe2\x82"),
            ("utf-8", b"plain"),
            ("windows-1252", b"caf\xe9 \x80 plain"),
            ("utf-16le", &utf16),
            ("gb18030", b"\x81\x30\x81\x30\xb0\xa1\x84"),
            ("iso-2022-jp", b"\x1b$B$\"\x1b(B a"),
        ] {
            let whole = decoder(label, false).decode(bytes, false).unwrap();
            for cut in 0..=bytes.len() {
                let (mut a, mut b, mut c) =
                    (decoder(label, false), decoder(label, false), decoder(label, false));
                let (mut text, mut units, mut js) = (String::new(), vec![], vec![]);
                for (part, stream) in [(&bytes[..cut], true), (&bytes[cut..], false)] {
                    text += &a.decode(part, stream).unwrap();
                    units.extend(b.decode_utf16(part, stream).unwrap());
                    js.extend(c.decode_js(part, stream).unwrap().into_utf16());
                }
                assert_eq!(text, whole, "{label} {cut}");
                assert_eq!(String::from_utf16(&units).unwrap(), whole, "{label} {cut}");
                assert_eq!(js, units, "{label} {cut}");
            }
        }
    }

    #[test]
    fn fatal_decoders_fail_and_begin_anew() {
        let mut decoder = decoder("utf-8", true);
        let error = decoder.decode(b"a\xff", true).unwrap_err();
        assert_eq!(error.code().name(), "ERR_ENCODING_INVALID_ENCODED_DATA");
        assert_eq!(error.class(), nodecore_error::Class::TypeError);
        assert_eq!(error.to_string(), "The encoded data was not valid for encoding utf-8");
        assert_eq!(decoder.decode(b"\xe2", true).unwrap(), "");
        assert_eq!(decoder.decode_utf16(b"", false).unwrap_err(), error);
        assert_eq!(decoder.decode("\u{feff}é".as_bytes(), false).unwrap(), "é");
        assert!(
            matches!(decoder.decode_js("é".as_bytes(), false), Ok(JsString::Latin1(text)) if text == [0xe9])
        );
    }

    #[test]
    fn byte_order_marks_are_kept_on_demand() {
        let keep = TextDecoderOptions::default().ignore_bom(true);
        assert_eq!(
            TextDecoder::new("utf-8", keep).unwrap().decode("\u{feff}a".as_bytes(), false).unwrap(),
            "\u{feff}a"
        );
        // That of another encoding is text.
        assert_eq!(decoder("windows-1252", false).decode(b"\xef\xbb\xbf", false).unwrap(), "ï»¿");
    }
}
