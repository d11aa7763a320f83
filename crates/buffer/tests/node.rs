//! Asks a real Node thousands of random questions and compares every answer: see `nodecore_testdata::node`.

#![allow(clippy::unwrap_used, reason = "a test's helpers are tests")]

use std::fmt::Write as _;

use nodecore_buffer::{
    Encoding, JsStr, StringDecoder, byte_length, decode, decode_js, decode_utf16, encode, is_ascii, is_utf8,
    transcode, write,
};
use nodecore_testdata::node::{self, Case, Exam, Node};

/// How many random inputs go in one round.
const ROUND: usize = 3000;

#[test]
fn agrees_with_node() {
    let Some(node) = Node::find() else { return };
    let mut exam = Exam::new(node, "buffer", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/node/buffer.js"));
    let mut random = Random(node::seed());
    let mut cases = vec![];
    names(&mut cases);
    every_character(&mut cases);
    for text in fixed_texts() {
        text_cases(&text, &mut random, &mut cases);
    }
    for bytes in fixed_bytes() {
        byte_cases(&bytes, &mut random, &mut cases);
        every_split(&bytes, &mut cases);
    }
    for _ in 0..400 {
        let bytes = random.bytes();
        every_split(&bytes[..bytes.len().min(9)], &mut cases);
    }
    exam.ask(&cases, |_, _| false);
    let mut left = node::cases(ROUND);
    while left > 0 {
        let count = left.min(ROUND);
        left -= count;
        cases.clear();
        for _ in 0..count {
            let text = random.text();
            text_cases(&text, &mut random, &mut cases);
            let bytes = random.bytes();
            byte_cases(&bytes, &mut random, &mut cases);
        }
        exam.ask(&cases, |_, _| false);
    }
    exam.close();
}

fn names(cases: &mut Vec<Case>) {
    for name in [
        "utf8",
        "utf-8",
        "ucs2",
        "ucs-2",
        "utf16le",
        "utf-16le",
        "latin1",
        "binary",
        "ascii",
        "base64",
        "base64url",
        "hex",
        "UTF8",
        "Utf-16LE",
        "BASE64URL",
        "",
        " utf8",
        "utf16-le",
        "utf-16-le",
        "utf-16",
        "utf16",
        "buffer",
        "latin-1",
        "base64-url",
        "iso-8859-1",
        "he\u{212a}x",
        "hex\0",
    ] {
        let units: Vec<u16> = name.encode_utf16().collect();
        cases.push(Case {
            question: format!("name,{}", shown(&units)),
            answer: Encoding::parse(name).is_some().to_string(),
        });
    }
}

/// Transcodes every character there is, so that each substitution is compared.
fn every_character(cases: &mut Vec<Case>) {
    let chars: Vec<char> = ('\0'..=char::MAX).collect();
    for block in chars.chunks(4096) {
        let text: String = block.iter().flat_map(|&char| ['<', char, '>']).collect();
        for to in [Encoding::Latin1, Encoding::Ascii] {
            transcode_case(text.as_bytes(), Encoding::Utf8, to, cases);
            transcode_case(&encode(&text, Encoding::Utf16le), Encoding::Utf16le, to, cases);
        }
    }
    for byte in 0..=255 {
        for from in Encoding::ALL {
            for to in Encoding::ALL {
                transcode_case(&[byte], from, to, cases);
            }
        }
    }
}

fn text_cases(units: &[u16], random: &mut Random, cases: &mut Vec<Case>) {
    let utf8 = String::from_utf16(units).ok();
    let latin1: Option<Vec<u8>> = units.iter().map(|&unit| u8::try_from(unit).ok()).collect();
    let mut forms = vec![JsStr::Utf16(units)];
    forms.extend(utf8.as_deref().map(JsStr::Utf8));
    forms.extend(latin1.as_deref().map(JsStr::Latin1));
    for encoding in Encoding::ALL {
        cases.push(Case {
            question: format!("encode,{encoding},{}", shown(units)),
            answer: same(forms.iter().map(|&text| hex(&encode(text, encoding)))),
        });
        cases.push(Case {
            question: format!("length,{encoding},{}", shown(units)),
            answer: same(forms.iter().map(|&text| byte_length(text, encoding).to_string())),
        });
        let room = random.below(units.len() * 3 + 2);
        cases.push(Case {
            question: format!("write,{encoding},{},{room}", shown(units)),
            answer: same(forms.iter().map(|&text| {
                let mut out = vec![0; room];
                let written = write(text, &mut out, encoding);
                format!("{written}/{}", hex(&out[..written]))
            })),
        });
    }
}

fn byte_cases(bytes: &[u8], random: &mut Random, cases: &mut Vec<Case>) {
    cases.push(Case {
        question: format!("valid,{}", hex(bytes)),
        answer: format!("{}/{}", is_utf8(bytes), is_ascii(bytes)),
    });
    for encoding in Encoding::ALL {
        let units = decode_utf16(bytes, encoding);
        assert_eq!(decode_js(bytes, encoding).into_utf16(), units);
        assert_eq!(decode(bytes, encoding), String::from_utf16_lossy(&units));
        cases.push(Case { question: format!("decode,{encoding},{}", hex(bytes)), answer: shown(&units) });
        let pieces = random.pieces(bytes);
        decoder_case(encoding, &pieces, cases);
    }
    for from in Encoding::ALL {
        for to in [Encoding::Utf8, Encoding::Utf16le, Encoding::Latin1, Encoding::Ascii] {
            transcode_case(bytes, from, to, cases);
        }
    }
}

/// Every way to cut the bytes: in all of them up to 7, in up to three pieces beyond.
fn every_split(bytes: &[u8], cases: &mut Vec<Case>) {
    let places = bytes.len().saturating_sub(1);
    let cuts: Vec<u64> = if bytes.len() <= 7 {
        (0..1 << places).collect()
    } else if bytes.len() <= 40 {
        (0..places).flat_map(|a| (a..places).map(move |b| 1 << a | 1 << b)).collect()
    } else {
        return;
    };
    for encoding in [Encoding::Utf8, Encoding::Utf16le, Encoding::Base64, Encoding::Base64Url] {
        for cut in &cuts {
            let mut pieces = vec![];
            let mut start = 0;
            for place in 0..places {
                if cut >> place & 1 == 1 {
                    pieces.push(&bytes[start..=place]);
                    start = place + 1;
                }
            }
            pieces.push(&bytes[start..]);
            decoder_case(encoding, &pieces, cases);
        }
    }
}

fn decoder_case(encoding: Encoding, pieces: &[&[u8]], cases: &mut Vec<Case>) {
    let mut question = format!("pieces,{encoding}");
    let mut answer = String::new();
    let mut decoder = StringDecoder::new(encoding);
    let (mut for_js, mut for_text) = (decoder.clone(), decoder.clone());
    let (mut all, mut text) = (vec![], String::new());
    for &piece in pieces {
        write!(question, ",{}", hex(piece)).unwrap();
        let units = decoder.write_utf16(piece);
        assert_eq!(for_js.write_js(piece).into_utf16(), units, "{question}");
        text += &for_text.write(piece);
        write!(answer, "{}/{} ", shown(&units), state(&decoder)).unwrap();
        assert_eq!(state(&for_text), state(&decoder), "{question}");
        all.extend(units);
    }
    let units = decoder.end_utf16();
    assert_eq!(for_js.end_js().into_utf16(), units, "{question}");
    text += &for_text.end();
    write!(answer, "{}/{}", shown(&units), state(&decoder)).unwrap();
    all.extend(units);
    assert_eq!(text, String::from_utf16_lossy(&all), "{question}");
    cases.push(Case { question, answer });
}

fn transcode_case(mut bytes: &[u8], from: Encoding, to: Encoding, cases: &mut Vec<Case>) {
    if from == Encoding::Utf16le && bytes.len() > 2000 {
        // Node 20 writes past its own buffer, and dies, for a long odd source.
        bytes = &bytes[..bytes.len() / 2 * 2];
    }
    let answer = match transcode(bytes, from, to) {
        Ok(bytes) => hex(&bytes),
        Err(error) => format!(
            "{}/{}/{}/{error}",
            error.class().name(),
            error.code().name(),
            error.errno().unwrap_or_default()
        ),
    };
    cases.push(Case { question: format!("transcode,{from},{to},{}", hex(bytes)), answer });
}

/// Strings that have gone wrong somewhere, or might.
fn fixed_texts() -> Vec<Vec<u16>> {
    let mut texts: Vec<Vec<u16>> = [
        "",
        "a",
        "Y",
        "YQ",
        "YQ=",
        "YQ==",
        "YR",
        "YWJ",
        "YQ==YQ==",
        "YWI=YWI=",
        "YW=Jj",
        "=YWJj",
        "====",
        "=",
        "==",
        "YWJj\n ZGVm",
        "YWJj\r\nZGVm\r\n",
        "YWJjZ",
        "YWJjZA=",
        "YQ==\n",
        "Y Q = = Z",
        "-_+/",
        "-_",
        "YWJ\u{100}j",
        "YWJ\u{ff21}j",
        "a\u{12b}",
        "abc",
        "abxd",
        "xb",
        "0\u{130}",
        "ab\u{161}\u{161}cd",
        "\u{131}\u{131}",
        "0x11",
        "AB cd",
        "caf\u{e9}",
        "\u{20ac}",
        "\u{1f600}",
        "a\u{1f600}=",
    ]
    .iter()
    .map(|text| text.encode_utf16().collect())
    .collect();
    texts.extend([
        vec![0xd800],
        vec![0xdc00],
        vec![0xdc00, 0xd800],
        vec![0xd83d, 0xd83d, 0xde00],
        vec![0xd83d, 0x3d],
    ]);
    texts
}

/// Bytes that have gone wrong somewhere, or might.
fn fixed_bytes() -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = [
        &b""[..],
        b"\xef\xbb\xbfa",
        b"\xff\xfea\0",
        b"\x80\x80\x80\x80\x80",
        b"\xc0\x80",
        b"\xe0\x80\x80",
        b"\xed\xa0\x80",
        b"\xf0\x80\x80\x80",
        b"\xf4\x90\x80\x80",
        b"\xf8\x88\x80\x80\x80",
        b"\xe2\x82\xe2\x82\xac",
        b"\xf0\x9f\x98\xc3\xa9",
        b"\xf0\x9f\xf0\x9f\x98\x80",
        b"a\x3d\xd8\x00",
        b"\x3d\xd8\x3d\xd8\x00\xde",
        b"\x00\xde\x3d\xd8\x41\x00",
        b"\x3d\xd8\x41",
    ]
    .iter()
    .map(|bytes| bytes.to_vec())
    .collect();
    let text = "a\u{e9}\u{20ac}\u{1f600}\u{200b}z";
    all.push(text.as_bytes().to_vec());
    all.push(encode(text, Encoding::Utf16le));
    all
}

fn same(mut answers: impl Iterator<Item = String>) -> String {
    let first = answers.next().unwrap();
    for other in answers {
        assert_eq!(other, first, "forms of one string differ");
    }
    first
}

fn state(decoder: &StringDecoder) -> String {
    format!("{}/{}/{}", decoder.last_need(), decoder.last_total(), hex(decoder.last_char()))
}

fn shown(units: &[u16]) -> String {
    hex(&units.iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<_>>())
}

/// Not the crate's own, which is under test.
fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// SplitMix64, and the inputs that are worth trying.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap()
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }

    /// Mostly short; now and then past the sizes where Node, and this crate, change their ways.
    fn length(&mut self) -> usize {
        match self.below(300) {
            0 => 3000 + self.below(9000),
            1..=30 => self.below(300),
            _ => self.below(24),
        }
    }

    fn unit(&mut self, kind: usize) -> u16 {
        let ascii = u16::from(self.byte() & 0x7f);
        match kind {
            0 => ascii,
            1 => u16::from(self.byte()),
            2 => u16::from(self.pick(b"0123456789abcdefABCDEF")),
            3 => u16::from(self.pick(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")),
            4 => 0xd800 | u16::from(self.byte()) | u16::from(self.byte() & 7) << 8,
            5 => self
                .pick(&[0xad, 0x200b, 0xfeff, 0xfffd, 0x34f, 0xffff, 0x7ff, 0x800, 0x7f, 0x80, 0xff, 0x100]),
            _ => u16::from_le_bytes([self.byte(), self.byte()]),
        }
    }

    /// A string of one kind, with or without noise.
    fn text(&mut self) -> Vec<u16> {
        let kind = self.below(7);
        let noise = self.pick(&[0, 0, 1, 10, 50]);
        let length = self.length();
        let mut units: Vec<u16> = (0..length)
            .map(|_| {
                if self.below(100) < noise {
                    let kind = self.below(7);
                    self.unit(kind)
                } else {
                    self.unit(kind)
                }
            })
            .collect();
        if kind == 3 {
            // What base64 has around its digits.
            let gap = self.pick(&[0, 0, 4, 76]);
            if gap > 0 {
                let filler = self.pick(&[&[0x0d, 0x0a][..], &[0x0a], &[0x20], &[0x3d], &[0x2d], &[0x5f]]);
                units = units.chunks(gap).collect::<Vec<_>>().join(filler);
            }
            units.extend(vec![0x3d; self.below(4)]);
        }
        if self.below(3) == 0 {
            // Whole characters only, so that the UTF-8 form is tried as well.
            units = String::from_utf16_lossy(&units).encode_utf16().collect();
        }
        units
    }

    fn bytes(&mut self) -> Vec<u8> {
        let text = self.text();
        let mut bytes = match self.below(4) {
            0 => (0..self.length()).map(|_| self.byte()).collect(),
            1 => text.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
            2 => {
                let edges = [
                    0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xdf, 0xe0, 0xe2, 0xed,
                ];
                let more = [0xef, 0xf0, 0xf4, 0xf5, 0xf7, 0xf8, 0xff, 0xd8, 0xdb, 0xdc, 0xde];
                (0..self.length())
                    .map(|_| if self.below(2) == 0 { self.pick(&edges) } else { self.pick(&more) })
                    .collect()
            }
            _ => String::from_utf16_lossy(&text).into_bytes(),
        };
        if self.below(4) == 0 && !bytes.is_empty() {
            let place = self.below(bytes.len());
            bytes[place] = self.byte();
            bytes.truncate(bytes.len() - self.below(2));
        }
        bytes
    }

    fn pieces<'a>(&mut self, mut bytes: &'a [u8]) -> Vec<&'a [u8]> {
        let longest = self.pick(&[2, 3, 5, 9, 5000]);
        let mut pieces = vec![];
        while !bytes.is_empty() {
            let (piece, rest) = bytes.split_at(self.below(longest).min(bytes.len()));
            pieces.push(piece);
            bytes = rest;
        }
        pieces
    }
}
