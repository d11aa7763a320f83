//! Prints what the hot paths cost: the best of several rounds, and bytes of the binary side a second.
//!
//! `cargo run --release -p nodecore-buffer --example throughput`

use std::hint::black_box;
use std::time::Instant;

use nodecore_buffer::{Encoding, JsStr, StringDecoder, byte_length, decode, decode_js, decode_utf16, encode};

fn main() {
    println!("{:<44} {:>9} {:>12} {:>8}", "", "bytes", "ns/op", "GB/s");
    for size in [64, 1 << 20] {
        texts(size);
        binaries(size);
    }
}

fn texts(size: usize) {
    for (kind, sample) in [
        ("ascii", "Plain words, and some more of them. "),
        ("accents", "Où est passé l'été, là-bas? "),
        ("cjk", "日本語の文章。"),
    ] {
        let mut text = sample.repeat(size / sample.len() + 1);
        while text.len() > size || !text.is_char_boundary(text.len()) {
            text.pop();
        }
        let bytes = text.as_bytes();
        let units: Vec<u16> = text.encode_utf16().collect();
        let name = |what: &str| format!("{what}, {kind}");
        time(&name("utf8 decode to String"), bytes.len(), || decode(black_box(bytes), Encoding::Utf8));
        time(&name("utf8 decode to UTF-16"), bytes.len(), || decode_utf16(black_box(bytes), Encoding::Utf8));
        time(&name("utf8 decode for an engine"), bytes.len(), || decode_js(black_box(bytes), Encoding::Utf8));
        time(&name("utf8 encode from UTF-16"), bytes.len(), || encode(black_box(&units), Encoding::Utf8));
        time(&name("utf8 length of UTF-16"), bytes.len(), || byte_length(black_box(&units), Encoding::Utf8));
        time(&name("StringDecoder utf8, 1021-byte chunks"), bytes.len(), || {
            let mut decoder = StringDecoder::new(Encoding::Utf8);
            let length: usize = black_box(bytes).chunks(1021).map(|chunk| decoder.write(chunk).len()).sum();
            length + decoder.end().len()
        });
        if let Ok(latin1) = units.iter().map(|&unit| u8::try_from(unit)).collect::<Result<Vec<_>, _>>() {
            time(&name("latin1 decode to String"), latin1.len(), || {
                decode(black_box(&latin1), Encoding::Latin1)
            });
            time(&name("latin1 decode to UTF-16"), latin1.len(), || {
                decode_utf16(black_box(&latin1), Encoding::Latin1)
            });
            time(&name("utf8 encode from Latin-1"), latin1.len(), || {
                encode(JsStr::Latin1(black_box(&latin1)), Encoding::Utf8)
            });
        }
    }
}

fn binaries(size: usize) {
    let bytes: Vec<u8> = (0..size).map(|n| n.wrapping_mul(0x9e37_79b1).to_le_bytes()[2]).collect();
    for encoding in [Encoding::Base64, Encoding::Base64Url, Encoding::Hex] {
        let text = decode(&bytes, encoding);
        let units: Vec<u16> = text.encode_utf16().collect();
        time(&format!("{encoding} decode (bytes to text)"), size, || decode(black_box(&bytes), encoding));
        time(&format!("{encoding} encode (text to bytes)"), size, || encode(black_box(&text), encoding));
        time(&format!("{encoding} encode (UTF-16 to bytes)"), size, || encode(black_box(&units), encoding));
    }
    let lines =
        decode(&bytes, Encoding::Base64).into_bytes().chunks(76).collect::<Vec<_>>().join(&b"\r\n"[..]);
    time("base64 encode (76-column text to bytes)", size, || {
        encode(JsStr::Latin1(black_box(&lines)), Encoding::Base64)
    });
    let noise = decode(&bytes, Encoding::Base64).into_bytes().chunks(5).collect::<Vec<_>>().join(&b" "[..]);
    time("base64 encode (5-column text to bytes)", size, || {
        encode(JsStr::Latin1(black_box(&noise)), Encoding::Base64)
    });
    time("utf16le decode to UTF-16", size, || decode_utf16(black_box(&bytes), Encoding::Utf16le));
    time("utf8 decode of random bytes", size, || decode(black_box(&bytes), Encoding::Utf8));
}

fn time<R>(name: &str, bytes: usize, mut work: impl FnMut() -> R) {
    let rounds = (4_000_000 / bytes.max(16)).clamp(3, 40_000);
    let best = (0..7)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..rounds {
                black_box(work());
            }
            start.elapsed().as_secs_f64() / rounds as f64
        })
        .fold(f64::MAX, f64::min);
    println!("{name:<44} {bytes:>9} {:>12.1} {:>8.2}", best * 1e9, bytes as f64 / best / 1e9);
}
