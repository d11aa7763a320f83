//! Bytes to strings, at once and in pieces: `sizes FF bytes`, where each byte of `sizes` is the length of a piece.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nodecore_buffer::{
    Encoding, StringDecoder, decode, decode_js, decode_utf16, encode, is_ascii, is_utf8, transcode,
};
use nodecore_fuzz::fields;

fuzz_target!(|data: &[u8]| {
    let [sizes, bytes] = fields(data);
    assert_eq!((is_utf8(bytes), is_ascii(bytes)), (str::from_utf8(bytes).is_ok(), bytes.is_ascii()));
    for encoding in Encoding::ALL {
        let units = decode_utf16(bytes, encoding);
        let text = decode(bytes, encoding);
        assert_eq!(text, String::from_utf16_lossy(&units), "{encoding}");
        assert_eq!(decode_js(bytes, encoding).into_utf16(), units, "{encoding}");
        match encoding {
            Encoding::Utf8 => assert_eq!(text, String::from_utf8_lossy(bytes)),
            Encoding::Ascii => {}
            Encoding::Utf16le => assert_eq!(encode(&units, encoding), &bytes[..bytes.len() & !1]),
            _ => assert_eq!(encode(&units, encoding), bytes, "{encoding} there and back"),
        }
        for to in Encoding::ALL {
            drop(transcode(bytes, encoding, to));
        }

        let mut decoders = [(); 3].map(|()| StringDecoder::new(encoding));
        let (mut wide, mut either, mut narrow) = (Vec::new(), Vec::new(), String::new());
        let mut rest = bytes;
        for &size in sizes {
            let (piece, after) = rest.split_at(usize::from(size).min(rest.len()));
            rest = after;
            wide.extend(decoders[0].write_utf16(piece));
            either.extend(decoders[1].write_js(piece).into_utf16());
            narrow += &decoders[2].write(piece);
        }
        wide.extend(decoders[0].write_utf16(rest));
        either.extend(decoders[1].write_js(rest).into_utf16());
        narrow += &decoders[2].write(rest);
        wide.extend(decoders[0].end_utf16());
        either.extend(decoders[1].end_js().into_utf16());
        narrow += &decoders[2].end();
        assert_eq!(either, wide, "{encoding}");
        assert_eq!(narrow, String::from_utf16_lossy(&wide), "{encoding}");
        // Node's decoder does not take what is malformed for as many characters as Node's `toString` does.
        if encoding != Encoding::Utf8 || is_utf8(bytes) {
            assert_eq!(wide, units, "{encoding} in pieces of {sizes:?}");
        }
    }
});
