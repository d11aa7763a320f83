//! Asks a real Node's TextDecoder the same as ours: see `nodecore_testdata::node`.
//!
//! The encodings of East Asia are compared for text that is valid, cut anywhere, and for every pair of bytes, where
//! ICU's tables may have other ideas of what is no character: [`same`] says which.

#![allow(clippy::unwrap_used, reason = "a test's helpers are tests")]

use std::fmt::Write as _;

use nodecore_buffer::{TextDecoder, TextDecoderOptions};
use nodecore_testdata::node::{self, Case, Exam, Node, Random};

/// How many random inputs go in one round.
const ROUND: usize = 3000;

/// Every label of the standard.
const LABELS: &str = "\
    866 ansi_x3.4-1968 arabic ascii asmo-708 big5 big5-hkscs chinese cn-big5 cp1250 cp1251 cp1252 cp1253 \
    cp1254 cp1255 cp1256 cp1257 cp1258 cp819 cp866 csbig5 cseuckr cseucpkdfmtjapanese csgb2312 csibm866 \
    csiso2022jp csiso2022kr csiso58gb231280 csiso88596e csiso88596i csiso88598e csiso88598i csisolatin1 \
    csisolatin2 csisolatin3 csisolatin4 csisolatin5 csisolatin6 csisolatin9 csisolatinarabic \
    csisolatincyrillic csisolatingreek csisolatinhebrew cskoi8r csksc56011987 csmacintosh csshiftjis \
    csunicode cyrillic dos-874 ecma-114 ecma-118 elot_928 euc-jp euc-kr gb18030 gb2312 gb_2312 gb_2312-80 \
    gbk greek greek8 hebrew hz-gb-2312 ibm819 ibm866 iso-10646-ucs-2 iso-2022-cn iso-2022-cn-ext iso-2022-jp \
    iso-2022-kr iso-8859-1 iso-8859-10 iso-8859-11 iso-8859-13 iso-8859-14 iso-8859-15 iso-8859-16 \
    iso-8859-2 iso-8859-3 iso-8859-4 iso-8859-5 iso-8859-6 iso-8859-6-e iso-8859-6-i iso-8859-7 iso-8859-8 \
    iso-8859-8-e iso-8859-8-i iso-8859-9 iso-ir-100 iso-ir-101 iso-ir-109 iso-ir-110 iso-ir-126 iso-ir-127 \
    iso-ir-138 iso-ir-144 iso-ir-148 iso-ir-149 iso-ir-157 iso-ir-58 iso8859-1 iso8859-10 iso8859-11 \
    iso8859-13 iso8859-14 iso8859-15 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 \
    iso8859-9 iso88591 iso885910 iso885911 iso885913 iso885914 iso885915 iso88592 iso88593 iso88594 iso88595 \
    iso88596 iso88597 iso88598 iso88599 iso_8859-1 iso_8859-15 iso_8859-1:1987 iso_8859-2 iso_8859-2:1987 \
    iso_8859-3 iso_8859-3:1988 iso_8859-4 iso_8859-4:1988 iso_8859-5 iso_8859-5:1988 iso_8859-6 \
    iso_8859-6:1987 iso_8859-7 iso_8859-7:1987 iso_8859-8 iso_8859-8:1988 iso_8859-9 iso_8859-9:1989 koi \
    koi8 koi8-r koi8-ru koi8-u koi8_r korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 l1 l2 l3 l4 l5 \
    l6 l9 latin1 latin2 latin3 latin4 latin5 latin6 logical mac macintosh ms932 ms_kanji replacement \
    shift-jis shift_jis sjis sun_eu_greek tis-620 ucs-2 unicode unicode-1-1-utf-8 unicode11utf8 \
    unicode20utf8 unicodefeff unicodefffe us-ascii utf-16 utf-16be utf-16le utf-8 utf8 visual windows-1250 \
    windows-1251 windows-1252 windows-1253 windows-1254 windows-1255 windows-1256 windows-1257 windows-1258 \
    windows-31j windows-874 windows-949 x-cp1250 x-cp1251 x-cp1252 x-cp1253 x-cp1254 x-cp1255 x-cp1256 \
    x-cp1257 x-cp1258 x-euc-jp x-gbk x-mac-cyrillic x-mac-roman x-mac-ukrainian x-sjis x-unicode20utf8 \
    x-user-defined x-x-big5";

/// One label for each encoding.
const ENCODINGS: [&str; 39] = [
    "utf-8",
    "utf-16le",
    "utf-16be",
    "gbk",
    "gb18030",
    "big5",
    "euc-jp",
    "iso-2022-jp",
    "shift_jis",
    "euc-kr",
    "ibm866",
    "iso-8859-2",
    "iso-8859-3",
    "iso-8859-4",
    "iso-8859-5",
    "iso-8859-6",
    "iso-8859-7",
    "iso-8859-8",
    "iso-8859-8-i",
    "iso-8859-10",
    "iso-8859-13",
    "iso-8859-14",
    "iso-8859-15",
    "iso-8859-16",
    "koi8-r",
    "koi8-u",
    "macintosh",
    "windows-874",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "windows-1258",
    "x-mac-cyrillic",
    "x-user-defined",
];

#[test]
fn agrees_with_node() {
    let Some(node) = Node::find() else { return };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/node/text_decoder.js");
    let mut exam = Exam::new(node, "text_decoder", script);
    let mut random = Random::new("text_decoder");
    let mut cases = vec![];
    labels(&mut cases);
    for label in ENCODINGS {
        every_pair(label, &mut cases);
    }
    exam.ask(&cases, same);
    let mut left = node::cases(ROUND);
    while left > 0 {
        let count = left.min(ROUND);
        left -= count;
        cases.clear();
        for _ in 0..count {
            let label = random.pick(&ENCODINGS);
            let options =
                TextDecoderOptions::default().fatal(random.below(3) == 0).ignore_bom(random.below(3) == 0);
            let bytes = bytes(&mut random, label);
            let pieces = pieces(&mut random, &bytes);
            decode_case(label, options, &pieces, &mut cases);
        }
        exam.ask(&cases, same);
    }
    exam.close();
}

/// The encodings for which Node asks ICU, whose tables are not those of the standard.
const ICU: [&str; 5] = ["big5", "euc-jp", "euc-kr", "iso-2022-jp", "shift_jis"];

/// Whether what differs is one of the known differences.
fn same(case: &Case, answer: &str) -> bool {
    let label = case.question.split(',').nth(1).unwrap_or_default();
    if label.starts_with("iso-8859-8") {
        // The two share a table, and errors name the one that was used first.
        let plain = |text: &str| text.replace("iso-8859-8-i", "iso-8859-8");
        return plain(&case.answer) == plain(answer);
    }
    if label == "utf-8" {
        // Node drops a mark in the middle too, where the chunks before it were only the beginning of a character.
        return answer.replace("efbbbf", "") == case.answer.replace("efbbbf", "");
    }
    let pairs = |text: &str| -> Vec<String> {
        let bytes: Option<Vec<u8>> = (0..text.trim_end().len() / 2)
            .map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok())
            .collect();
        let text = String::from_utf8(bytes.unwrap_or_default()).unwrap();
        text.split(" \n").map(str::to_owned).collect()
    };
    let (ours, theirs) = (pairs(&case.answer), pairs(answer));
    // What is no character in the standard, or in ICU: an error, a C1 control, one for private use. ICU has three
    // controls of Shift_JIS in each other's places, and one character of Big5 as a shade.
    let none = |text: &str| {
        text.chars().any(|c| matches!(c, '\u{fffd}' | '\u{80}'..='\u{9f}' | '\u{e000}'..='\u{f8ff}'))
    };
    let control = |text: &str| text.contains(['\u{1a}', '\u{1c}', '\u{7f}']);
    ICU.contains(&label)
        && ours.len() == theirs.len()
        && ours.iter().zip(&theirs).all(|(ours, theirs)| {
            ours == theirs
                || none(ours)
                || none(theirs)
                || (label == "shift_jis" && control(ours) && control(theirs))
                || (ours == "\u{ffed}" && theirs == "\u{2593}")
        })
}

fn labels(cases: &mut Vec<Case>) {
    let odd = [
        "",
        "utf",
        "utf-7",
        "utf-32",
        "UTF-8",
        " \t\n\u{c}\rutf8 ",
        "\u{a0}utf8",
        "utf8\0",
        "l7",
        "\u{b}l1",
        "Ｌ1",
    ];
    for label in LABELS.split(' ').chain(odd) {
        let answer = match TextDecoder::new(label, TextDecoderOptions::default()) {
            Ok(decoder) => decoder.encoding().to_owned(),
            Err(error) => format!("{} {} {error}", error.class().name(), error.code().name()),
        };
        cases.push(Case {
            question: format!("label,{}", hex(label.as_bytes())),
            answer: hex(answer.as_bytes()),
        });
    }
}

/// Every two bytes, each pair by itself, so that each character and each error is seen.
fn every_pair(label: &str, cases: &mut Vec<Case>) {
    for first in 0..=255u8 {
        let mut bytes = Vec::new();
        for second in 0..=255u8 {
            bytes.extend([first, second, b' ', b'\n']);
        }
        decode_case(label, TextDecoderOptions::default(), &[&bytes], cases);
    }
}

/// Decodes the pieces one after the other; an error ends it.
fn decode_case(label: &str, options: TextDecoderOptions, pieces: &[&[u8]], cases: &mut Vec<Case>) {
    let mut question = format!("decode,{label},{},{}", options.fatal, options.ignore_bom);
    let mut answer = String::new();
    let new = || TextDecoder::new(label, options).unwrap();
    let (mut text, mut units, mut js) = (new(), new(), new());
    for (index, &piece) in pieces.iter().enumerate() {
        write!(question, ",{}", hex(piece)).unwrap();
        let stream = index + 1 < pieces.len();
        let decoded = text.decode(piece, stream);
        let same = units.decode_utf16(piece, stream);
        assert_eq!(
            js.decode_js(piece, stream).map(nodecore_buffer::JsString::into_utf16),
            same,
            "{question}"
        );
        assert_eq!(same, decoded.clone().map(|text| text.encode_utf16().collect()), "{question}");
        match decoded {
            Ok(text) => write!(answer, "{} ", hex(text.as_bytes())).unwrap(),
            Err(error) => {
                write!(answer, "{} {} {error}", error.class().name(), error.code().name()).unwrap();
                for piece in &pieces[index + 1..] {
                    write!(question, ",{}", hex(piece)).unwrap();
                }
                break;
            }
        }
    }
    cases.push(Case { question, answer });
}

/// Bytes that might be text in the encoding; those of East Asia are.
fn bytes(random: &mut Random, label: &str) -> Vec<u8> {
    let length = if random.below(50) == 0 { 3000 } else { random.below(24) };
    let mut bytes = Vec::new();
    if random.below(4) == 0 && !EAST.contains(&label) {
        let marks: [&[u8]; 4] = [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb"];
        bytes.extend(random.pick(&marks));
    }
    let texts = ["a", "é", "€", "😀", "\u{feff}", "\u{fffd}", "\u{7ff}", "\u{ffff}"];
    while bytes.len() < length {
        let [a, b, c, d, ..] = random.next().to_le_bytes();
        match random.below(8) {
            0 => bytes.push(0x20 + a % 0x5f),
            _ if EAST.contains(&label) => bytes.extend(character(label, a, b, c, d)),
            1 | 2 if label == "utf-8" => bytes.extend(random.pick(&texts).as_bytes()),
            1 | 2 if label == "utf-16le" => {
                bytes.extend(random.pick(&texts).encode_utf16().flat_map(u16::to_le_bytes));
            }
            1 | 2 if label == "utf-16be" => {
                bytes.extend(random.pick(&texts).encode_utf16().flat_map(u16::to_be_bytes));
            }
            3 => bytes.push(a & 0x7f),
            _ => bytes.push(a | (b & 0x80)),
        }
    }
    bytes
}

const EAST: [&str; 7] = ["big5", "euc-jp", "euc-kr", "gb18030", "gbk", "iso-2022-jp", "shift_jis"];

/// A character that all tables have, chosen by four bytes.
fn character(label: &str, a: u8, b: u8, c: u8, d: u8) -> Vec<u8> {
    match label {
        "big5" => vec![0xa4 + a % 0x22, if c & 1 == 0 { 0x40 + b % 0x3f } else { 0xa1 + b % 0x5e }],
        "euc-jp" if d & 3 == 0 => vec![0x8e, 0xa1 + a % 0x3f],
        "euc-jp" if d & 3 == 1 => vec![0x8f, 0xb0 + a % 0x3d, 0xa1 + b % 0x5e],
        "euc-jp" => vec![0xb0 + a % 0x1f, 0xa1 + b % 0x5e],
        "euc-kr" => vec![0xb0 + a % 0x19, 0xa1 + b % 0x5e],
        "gb18030" | "gbk" if d & 3 == 0 => vec![0x81 + a % 3, 0x30 + b % 10, 0x81 + c % 126, 0x30 + d % 10],
        "gb18030" | "gbk" => vec![0xb0 + a % 0x27, 0xa1 + b % 0x5e],
        "iso-2022-jp" => match d % 6 {
            0 => vec![0x1b, b'(', b'J', 0x21 + a % 0x3b, 0x1b, b'(', b'B'],
            1 => vec![0x1b, b'(', b'I', 0x21 + a % 0x3f, 0x1b, b'(', b'B'],
            _ => vec![0x1b, b'$', b'B', 0x30 + a % 0x1f, 0x21 + b % 0x5e, 0x24, 0x22, 0x1b, b'(', b'B'],
        },
        _ if d & 3 == 0 => vec![0xa1 + a % 0x3f],
        _ => vec![0x89 + a % 0xe, if c & 1 == 0 { 0x40 + b % 0x3f } else { 0x80 + b % 0x7d }],
    }
}

fn pieces<'a>(random: &mut Random, mut bytes: &'a [u8]) -> Vec<&'a [u8]> {
    let longest = [2, 3, 5, 9, 5000][random.below(5)];
    let mut pieces = vec![];
    while !bytes.is_empty() {
        let (piece, rest) = bytes.split_at(random.below(longest).min(bytes.len()));
        pieces.push(piece);
        bytes = rest;
    }
    pieces.push(&[]);
    pieces
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}
