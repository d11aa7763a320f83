//! Base64 in both alphabets, over `base64-simd`.
//!
//! Decoding is as lenient as Node's: it ends at the first `=`, skips every other character that is in
//! neither alphabet, and drops a last character that is alone.

use base64_simd::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use memchr::{memchr, memchr2};

use crate::JsStr;

/// Standard alphabet, padded.
pub(crate) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode_to_string(bytes)
}

/// URL-safe alphabet, not padded.
pub(crate) fn encode_url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode_to_string(bytes)
}

/// The bytes of either alphabet.
pub(crate) fn decode(text: &[u8]) -> Vec<u8> {
    let padding = text.iter().rev().take_while(|&&byte| byte == b'=').count();
    let text = &text[..text.len() - padding];
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let (groups, tail) = text.split_at(text.len() / 4 * 4);
    if decode_groups(groups, &mut out) {
        let tail = tail.split(|&byte| byte == b'=').next().unwrap_or_default();
        let mut block = [0; 4];
        block[..tail.len()].copy_from_slice(tail);
        let kept = keep_digits(&mut block[..tail.len()]);
        decode_tail(&block[..kept], &mut out);
    } else {
        decode_irregular(text, &mut out);
    }
    out
}

/// `Buffer.byteLength`: 3 bytes for 4 characters less the padding, whatever the characters are.
pub(crate) fn byte_length(text: JsStr<'_>) -> usize {
    let mut digits = text.len();
    if text.has_ascii_at_end(0, b'=') {
        digits -= 1;
        if digits > 1 && text.has_ascii_at_end(1, b'=') {
            digits -= 1;
        }
    }
    digits / 4 * 3 + digits % 4 * 3 / 4
}

/// Text with line breaks or anything else that does not belong: goes through a block from which that is taken out.
fn decode_irregular(text: &[u8], out: &mut Vec<u8>) {
    let mut rest = &text[..memchr(b'=', text).unwrap_or(text.len())];
    let mut block = [0; 4096];
    let mut filled = 0;
    let mut line = 0;
    while !rest.is_empty() {
        let room = rest.len().min(block.len() - filled);
        // Lines are mostly of one length. Should this one end earlier, the break in it is taken out with all else that
        // does not belong.
        let taken = match rest.get(line) {
            Some(b'\r' | b'\n') if 0 < line && line <= room => line,
            _ => memchr2(b'\r', b'\n', &rest[..room]).unwrap_or(room),
        };
        line = taken;
        block[filled..filled + taken].copy_from_slice(&rest[..taken]);
        filled += taken;
        rest = &rest[taken..];
        while let [b'\r' | b'\n', after @ ..] = rest {
            rest = after;
        }
        if filled == block.len() || rest.is_empty() {
            filled = drain_block(&mut block[..filled], out);
        }
    }
    // The last drain looked only at whole groups, unless it had to look at every character.
    let kept = keep_digits(&mut block[..filled]);
    decode_tail(&block[..kept], out);
}

/// Decodes the block's whole groups, and moves what is over (at most 3 characters) to its start.
fn drain_block(block: &mut [u8], out: &mut Vec<u8>) -> usize {
    let mut filled = block.len();
    if !decode_groups(&block[..filled / 4 * 4], out) {
        filled = keep_digits(block);
        let decoded = decode_groups(&block[..filled / 4 * 4], out);
        debug_assert!(decoded, "only digits were kept");
    }
    block.copy_within(filled / 4 * 4..filled, 0);
    filled % 4
}

/// Appends the bytes of whole groups if every character belongs to one alphabet; otherwise appends nothing.
fn decode_groups(groups: &[u8], out: &mut Vec<u8>) -> bool {
    STANDARD_NO_PAD.decode_append(groups, out).is_ok() || URL_SAFE_NO_PAD.decode_append(groups, out).is_ok()
}

/// Appends the bytes of the last 0 to 3 digits, whose spare bits need not be zero.
fn decode_tail(digits: &[u8], out: &mut Vec<u8>) {
    let mut group = [b'A'; 4];
    for (place, digit) in group.iter_mut().zip(digits) {
        *place = *digit;
    }
    let end = out.len() + digits.len() * 3 / 4;
    if STANDARD_NO_PAD.decode_append(group, out).is_ok() {
        out.truncate(end);
    }
}

/// Moves the characters of either alphabet to the front, in the standard one, and says how many there are.
fn keep_digits(block: &mut [u8]) -> usize {
    let mut kept = 0;
    for index in 0..block.len() {
        let digit = DIGITS[usize::from(block[index])];
        block[kept] = digit;
        kept += usize::from(digit != 0);
    }
    kept
}

/// The standard alphabet's character for each of either alphabet's, 0 for all others.
static DIGITS: [u8; 256] = {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut digits = [0; 256];
    let mut index = 0;
    while index < alphabet.len() {
        digits[alphabet[index] as usize] = alphabet[index];
        index += 1;
    }
    digits[b'-' as usize] = b'+';
    digits[b'_' as usize] = b'/';
    digits
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_as_lenient_as_node() {
        for (text, bytes) in [
            ("", ""),
            ("Y", ""),
            ("YQ", "a"),
            ("YQ=", "a"),
            ("YQ==", "a"),
            ("YR", "a"),
            ("YQ==YQ==", "a"),
            ("YWI=YWI=", "ab"),
            ("YW=Jj", "a"),
            ("=YWJj", ""),
            ("====", ""),
            ("YWJj\n ZGVm", "abcdef"),
            ("YW!Jj", "abc"),
            ("YWJjZ", "abc"),
            ("YWJjZ\n", "abc"),
            ("YWJjZ\nA", "abcd"),
            ("Y Q = = Z", "a"),
            ("YWJjZ=GVm", "abc"),
            ("YWJjZGVmZ2hp=ZZZZ", "abcdefghi"),
        ] {
            assert_eq!(decode(text.as_bytes()), bytes.as_bytes(), "{text:?}");
        }
        assert_eq!(decode(b"-_+/"), [0xfb, 0xff, 0xbf]);
    }

    #[test]
    fn irregular_text_of_any_length() {
        let bytes: Vec<u8> = (0..20_000u32).map(|n| (n * 7919).to_le_bytes()[0]).collect();
        for length in (0..64).chain(3050..3090).chain([4095, 4096, 4097, 12_288, 20_000]) {
            let text = encode_url(&bytes[..length]).into_bytes();
            for width in [1, 3, 4, 64, 76, 77, 4096] {
                for gap in ["\r\n", "\n", " ", "\t!"] {
                    let wrapped: Vec<u8> = text.chunks(width).collect::<Vec<_>>().join(gap.as_bytes());
                    assert_eq!(decode(&wrapped), &bytes[..length], "{length} {width} {gap:?}");
                }
            }
        }
    }

    #[test]
    fn lines_need_not_be_of_one_length() {
        let bytes: Vec<u8> = (0..9_000u32).map(|n| (n * 7919).to_le_bytes()[0]).collect();
        let text = encode(&bytes).into_bytes();
        // The second line ends early, and where the first did there is a break as well.
        for widths in [&[8, 3, 4, 8][..], &[76, 75, 76, 152], &[4096, 1, 4094, 5000], &[5, 5, 2, 2]] {
            let (mut wrapped, mut rest) = (Vec::new(), &text[..]);
            for &width in widths.iter().cycle() {
                let (line, after) = rest.split_at(width.min(rest.len()));
                wrapped.extend_from_slice(line);
                wrapped.push(b'\n');
                rest = after;
                if rest.is_empty() {
                    break;
                }
            }
            assert_eq!(decode(&wrapped), bytes, "{widths:?}");
        }
    }

    #[test]
    fn lengths_are_reckoned_from_the_end() {
        for (text, length) in
            [("", 0), ("Y", 0), ("=", 0), ("==", 0), ("YQ==", 1), ("YQ=a", 3), ("YWJj", 3), ("====", 1)]
        {
            assert_eq!(byte_length(JsStr::Utf8(text)), length, "{text}");
        }
    }
}
