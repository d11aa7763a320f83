//! Strings out of bytes that arrive in pieces (<https://nodejs.org/api/string_decoder.html>).

use crate::utf16::is_lead;
use crate::{Encoding, JsString, decode, decode_js, decode_utf16, utf8};

/// Decodes a sequence of chunks, and keeps the bytes of a character that a chunk breaks off until the rest has come.
/// Node: `StringDecoder` (<https://nodejs.org/api/string_decoder.html#class-stringdecoder>).
///
/// Each call gives its text in one of three forms: a `String` ([`write`](StringDecoder::write)), UTF-16
/// ([`write_utf16`](StringDecoder::write_utf16)), or what an engine adopts ([`write_js`](StringDecoder::write_js)).
///
/// # Differences from Node
/// A `String` cannot hold a lone surrogate, so `write` and `end` keep one that ends their text for the next call,
/// where Node gives it out at once in some cases. The whole text is the same. `write_utf16` and `write_js` do as Node
/// does in every call, and so do [`last_char`](StringDecoder::last_char), [`last_need`](StringDecoder::last_need)
/// and [`last_total`](StringDecoder::last_total) whichever form is used.
///
/// # Examples
/// ```
/// use nodecore_buffer::{Encoding, StringDecoder};
///
/// let mut decoder = StringDecoder::new(Encoding::Utf8);
/// assert_eq!(decoder.write(b"cost: \xe2\x82"), "cost: ");
/// assert_eq!(decoder.last_need(), 1);
/// assert_eq!(decoder.write(b"\xac 5"), "€ 5");
/// assert_eq!(decoder.write(b"\xe2"), "");
/// assert_eq!(decoder.end(), "\u{fffd}");
/// ```
#[derive(Clone, Debug)]
pub struct StringDecoder {
    encoding: Encoding,
    /// The bytes of the character that is not complete; what follows them is left of earlier ones, as in Node.
    last_char: [u8; 4],
    buffered: usize,
    missing: usize,
    /// A lead surrogate that a `String` could not take.
    lead: Option<u16>,
}

/// What one call decodes: the character that was completed, and the rest.
struct Parts<'a> {
    head: [u8; 4],
    head_len: usize,
    body: &'a [u8],
}

impl Parts<'_> {
    fn head(&self) -> &[u8] {
        &self.head[..self.head_len]
    }
}

impl StringDecoder {
    /// A decoder with nothing kept.
    pub const fn new(encoding: Encoding) -> StringDecoder {
        StringDecoder { encoding, last_char: [0; 4], buffered: 0, missing: 0, lead: None }
    }

    /// Node's `decoder.encoding`.
    pub const fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Node's `decoder.lastChar`: the bytes kept ([`last_total`](StringDecoder::last_total) less
    /// [`last_need`](StringDecoder::last_need) of them), then what earlier characters left.
    pub const fn last_char(&self) -> &[u8; 4] {
        &self.last_char
    }

    /// Node's `decoder.lastNeed`: how many bytes complete the character that is kept.
    pub const fn last_need(&self) -> usize {
        self.missing
    }

    /// Node's `decoder.lastTotal`: how many bytes that character has in all.
    pub const fn last_total(&self) -> usize {
        self.buffered + self.missing
    }

    /// The text of `chunk` and of what was kept. Node: `decoder.write(chunk)`.
    pub fn write(&mut self, chunk: &[u8]) -> String {
        if self.encoding == Encoding::Utf16le {
            let mut units = self.write_utf16(chunk);
            self.lead = units.pop_if(|unit| is_lead(*unit));
            return utf8::from_utf16(&units);
        }
        let parts = self.take(chunk);
        if parts.head_len == 0 {
            return decode(parts.body, self.encoding);
        }
        let mut text = decode(parts.head(), self.encoding);
        text.push_str(&decode(parts.body, self.encoding));
        text
    }

    /// The text of what was kept, complete or not; the decoder is as new after it. Node: `decoder.end()`, and
    /// `decoder.end(chunk)` is [`write`](StringDecoder::write) and then this.
    pub fn end(&mut self) -> String {
        if self.encoding == Encoding::Utf16le {
            return utf8::from_utf16(&self.end_utf16());
        }
        let parts = self.flush();
        decode(parts.head(), self.encoding)
    }

    /// As [`write`](StringDecoder::write), to UTF-16 code units.
    pub fn write_utf16(&mut self, chunk: &[u8]) -> Vec<u16> {
        let lead = self.lead.take();
        let parts = self.take(chunk);
        if parts.head_len == 0 && lead.is_none() {
            return decode_utf16(parts.body, self.encoding);
        }
        let mut units: Vec<u16> = lead.into_iter().collect();
        units.extend(decode_utf16(parts.head(), self.encoding));
        units.extend(decode_utf16(parts.body, self.encoding));
        units
    }

    /// As [`end`](StringDecoder::end), to UTF-16 code units.
    pub fn end_utf16(&mut self) -> Vec<u16> {
        let mut units: Vec<u16> = self.lead.take().into_iter().collect();
        units.extend(decode_utf16(self.flush().head(), self.encoding));
        units
    }

    /// As [`write_utf16`](StringDecoder::write_utf16), in the form that costs an engine least; see
    /// [`decode_js`](crate::decode_js()).
    pub fn write_js(&mut self, chunk: &[u8]) -> JsString {
        if self.lead.is_some() {
            return JsString::Utf16(self.write_utf16(chunk));
        }
        let parts = self.take(chunk);
        let body = decode_js(parts.body, self.encoding);
        if parts.head_len == 0 {
            return body;
        }
        match (decode_js(parts.head(), self.encoding), body) {
            (head, body) if body.is_empty() => head,
            (JsString::Latin1(mut head), JsString::Latin1(body)) => {
                head.extend(body);
                JsString::Latin1(head)
            }
            (head, body) => {
                let mut units = head.into_utf16();
                units.extend(body.into_utf16());
                JsString::Utf16(units)
            }
        }
    }

    /// As [`end`](StringDecoder::end), in the form that costs an engine least.
    pub fn end_js(&mut self) -> JsString {
        if self.lead.is_some() {
            return JsString::Utf16(self.end_utf16());
        }
        decode_js(self.flush().head(), self.encoding)
    }

    /// Says what of `chunk` can be decoded now, and keeps the rest.
    fn take<'a>(&mut self, mut chunk: &'a [u8]) -> Parts<'a> {
        let mut parts = Parts { head: [0; 4], head_len: 0, body: chunk };
        if matches!(self.encoding, Encoding::Latin1 | Encoding::Ascii | Encoding::Hex) {
            return parts;
        }
        if self.missing > 0 {
            let mut taken = self.missing.min(chunk.len());
            self.missing -= taken;
            if self.encoding == Encoding::Utf8
                && let Some(broken) = chunk[..taken].iter().position(|&byte| !is_continuation(byte))
            {
                // The character will never be complete: what there is of it counts as invalid.
                taken = broken;
                self.missing = 0;
            }
            self.last_char[self.buffered..self.buffered + taken].copy_from_slice(&chunk[..taken]);
            self.buffered += taken;
            chunk = &chunk[taken..];
            if self.missing == 0 {
                parts.head = self.last_char;
                parts.head_len = std::mem::take(&mut self.buffered);
            }
        }
        if !chunk.is_empty() {
            (self.buffered, self.missing) = unfinished(chunk, self.encoding);
        }
        let (body, kept) = chunk.split_at(chunk.len() - if chunk.is_empty() { 0 } else { self.buffered });
        self.last_char[..kept.len()].copy_from_slice(kept);
        parts.body = body;
        parts
    }

    /// Gives up what is kept; decoding leaves out the half of a UTF-16 code unit.
    fn flush(&mut self) -> Parts<'static> {
        self.missing = 0;
        Parts { head: self.last_char, head_len: std::mem::take(&mut self.buffered), body: &[] }
    }
}

/// How many bytes at the end of `chunk` belong to a character that is not complete, and how many it lacks.
fn unfinished(chunk: &[u8], encoding: Encoding) -> (usize, usize) {
    match encoding {
        Encoding::Utf8 => unfinished_utf8(chunk),
        Encoding::Utf16le => match chunk {
            _ if chunk.len() % 2 == 1 => (1, 1),
            [.., low, high] if is_lead(u16::from_le_bytes([*low, *high])) => (2, 2),
            _ => (0, 0),
        },
        Encoding::Base64 | Encoding::Base64Url => match chunk.len() % 3 {
            0 => (0, 0),
            over => (over, 3 - over),
        },
        Encoding::Latin1 | Encoding::Ascii | Encoding::Hex => (0, 0),
    }
}

/// Node looks at the form of the bytes only, so that what can never become valid is kept as well.
fn unfinished_utf8(chunk: &[u8]) -> (usize, usize) {
    let back = chunk.iter().rev().take(3).position(|&byte| !is_continuation(byte));
    let Some(back) = back else {
        return (0, 0);
    };
    let length = match chunk[chunk.len() - 1 - back] {
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf7 => 4,
        _ => return (0, 0),
    };
    let buffered = back + 1;
    if buffered < length { (buffered, length - buffered) } else { (0, 0) }
}

const fn is_continuation(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every way to cut `bytes` in up to three pieces.
    fn cuts(bytes: &[u8]) -> impl Iterator<Item = [&[u8]; 3]> {
        (0..=bytes.len()).flat_map(move |b| (0..=b).map(move |a| [&bytes[..a], &bytes[a..b], &bytes[b..]]))
    }

    #[test]
    fn pieces_give_the_whole() {
        let utf16: Vec<u8> = "aé€😀😀z".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in ["aé€😀😀z".as_bytes(), &utf16] {
            for encoding in Encoding::ALL {
                let whole = decode(bytes, encoding);
                if whole.contains(char::REPLACEMENT_CHARACTER) {
                    continue;
                }
                for pieces in cuts(bytes) {
                    let mut decoder = StringDecoder::new(encoding);
                    let mut text: String = pieces.iter().map(|piece| decoder.write(piece)).collect();
                    text += &decoder.end();
                    assert_eq!(text, whole, "{encoding} {pieces:x?}");

                    let mut decoder = StringDecoder::new(encoding);
                    let mut units: Vec<u16> =
                        pieces.iter().flat_map(|piece| decoder.write_js(piece).into_utf16()).collect();
                    units.extend(decoder.end_js().into_utf16());
                    assert_eq!(String::from_utf16(&units).unwrap(), whole, "{encoding} {pieces:x?}");
                }
            }
        }
    }

    #[test]
    fn state_is_nodes() {
        let mut decoder = StringDecoder::new(Encoding::Utf8);
        decoder.write(b"\xf0\x9f");
        assert_eq!((decoder.last_need(), decoder.last_total()), (2, 4));
        assert_eq!(decoder.last_char(), b"\xf0\x9f\0\0");
        assert_eq!(decoder.write(b"\xc3"), "\u{fffd}");
        assert_eq!((decoder.last_need(), decoder.last_total()), (1, 2));
        assert_eq!(decoder.last_char(), b"\xc3\x9f\0\0");
        assert_eq!(decoder.end(), "\u{fffd}");
        assert_eq!((decoder.last_need(), decoder.last_total()), (0, 0));
    }

    #[test]
    fn strings_keep_a_lead_surrogate_that_node_gives_out() {
        let mut decoder = StringDecoder::new(Encoding::Utf16le);
        let mut node = decoder.clone();
        for (chunk, text, units) in
            [(&b"\x3d"[..], "", &[][..]), (b"\xd8", "", &[0xd83d]), (b"\x00\xde", "😀", &[0xde00])]
        {
            assert_eq!(decoder.write(chunk), text);
            assert_eq!(node.write_utf16(chunk), units);
            assert_eq!(decoder.last_need(), node.last_need());
        }
        decoder.write(b"\x3d");
        decoder.write(b"\xd8");
        assert_eq!(decoder.end(), "\u{fffd}");
        assert_eq!(decoder.end(), "");
    }
}
