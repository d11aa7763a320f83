//! Percent-encoding: the sets of the URL Standard as one table of bits, the encoder and the decoder.

/// Characters that are not graphic ASCII: the C0 control set.
pub(crate) const C0: u8 = 1;
pub(crate) const FRAGMENT: u8 = 1 << 1;
pub(crate) const QUERY: u8 = 1 << 2;
pub(crate) const SPECIAL_QUERY: u8 = 1 << 3;
pub(crate) const PATH: u8 = 1 << 4;
pub(crate) const USERINFO: u8 = 1 << 5;
/// What `application/x-www-form-urlencoded` escapes; the space is in it and is then written as `+`.
pub(crate) const FORM: u8 = 1 << 6;
/// What Node's `pathToFileURL` escapes of a path.
pub(crate) const FILE_PATH: u8 = 1 << 7;

static SETS: [u8; 256] = sets();

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// As many bytes are looked at together.
const BLOCK: usize = 16;

/// Appends `input`, escaping the bytes that are in `set`.
pub(crate) fn encode(input: &[u8], set: u8, out: &mut Vec<u8>) {
    // Up to `start` all is written, up to `at` all is looked at.
    let (mut start, mut at) = (0, 0);
    while at < input.len() {
        while let Some(block) = input[at..].first_chunk::<BLOCK>()
            && block.iter().fold(0, |bits, &byte| bits | SETS[byte as usize]) & set == 0
        {
            at += BLOCK;
        }
        let end = input.len().min(at + BLOCK);
        while at < end {
            if SETS[input[at] as usize] & set != 0 {
                out.extend_from_slice(&input[start..at]);
                escape(input[at], out);
                start = at + 1;
            }
            at += 1;
        }
    }
    out.extend_from_slice(&input[start..]);
}

/// True if `encode` would change `byte`.
#[inline(always)]
pub(crate) const fn is_in(byte: u8, set: u8) -> bool {
    SETS[byte as usize] & set != 0
}

/// Appends `%XX`.
pub(crate) fn escape(byte: u8, out: &mut Vec<u8>) {
    out.extend_from_slice(&[b'%', HEX[(byte >> 4) as usize], HEX[(byte & 15) as usize]]);
}

/// Appends `input` with every well-formed `%XX` replaced by its byte.
pub(crate) fn decode(input: &[u8], out: &mut Vec<u8>) {
    let mut rest = input;
    while let Some(at) = memchr::memchr(b'%', rest) {
        out.extend_from_slice(&rest[..at]);
        if let Some(byte) = escaped(&rest[at..]) {
            out.push(byte);
            rest = &rest[at + 3..];
        } else {
            out.push(b'%');
            rest = &rest[at + 1..];
        }
    }
    out.extend_from_slice(rest);
}

/// The byte of a `%XX` at the start of `input`.
pub(crate) fn escaped(input: &[u8]) -> Option<u8> {
    match input {
        [b'%', high, low, ..] => Some(hex_digit(*high)? << 4 | hex_digit(*low)?),
        _ => None,
    }
}

pub(crate) const fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

const fn contains(list: &[u8], byte: u8) -> bool {
    let mut index = 0;
    while index < list.len() {
        if list[index] == byte {
            return true;
        }
        index += 1;
    }
    false
}

const fn sets() -> [u8; 256] {
    let mut table = [0; 256];
    let mut index = 0;
    while index < 256 {
        #[allow(clippy::cast_possible_truncation, reason = "index < 256")]
        let byte = index as u8;
        let mut bits = 0;
        if byte < 0x20 || byte > 0x7e {
            bits = 0xff;
        }
        if contains(b" \"<>`", byte) {
            bits |= FRAGMENT;
        }
        if contains(b" \"#<>", byte) {
            bits |= QUERY;
        }
        if contains(b" \"#<>'", byte) {
            bits |= SPECIAL_QUERY;
        }
        if contains(b" \"#<>?^`{}", byte) {
            bits |= PATH;
        }
        if contains(b" \"#<>?^`{}/:;=@[\\]|", byte) {
            bits |= USERINFO;
        }
        if !byte.is_ascii_alphanumeric() && !contains(b"*-._", byte) {
            bits |= FORM;
        }
        if contains(b" \"#%<>?[\\]^`{|}~", byte) {
            bits |= FILE_PATH;
        }
        table[index] = bits;
        index += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(input: &str, set: u8) -> String {
        let mut out = Vec::new();
        encode(input.as_bytes(), set, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn each_set_escapes_its_own() {
        let all: String = (' '..='\u{7f}').filter(|c| !c.is_ascii_alphanumeric()).collect();
        assert_eq!(encoded(&all, C0), " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~%7F");
        assert_eq!(encoded(&all, FRAGMENT), "%20!%22#$%&'()*+,-./:;%3C=%3E?@[\\]^_%60{|}~%7F");
        assert_eq!(encoded(&all, QUERY), "%20!%22%23$%&'()*+,-./:;%3C=%3E?@[\\]^_`{|}~%7F");
        assert_eq!(encoded(&all, PATH), "%20!%22%23$%&'()*+,-./:;%3C=%3E%3F@[\\]%5E_%60%7B|%7D~%7F");
        assert_eq!(
            encoded(&all, USERINFO),
            "%20!%22%23$%&'()*+,-.%2F%3A%3B%3C%3D%3E%3F%40%5B%5C%5D%5E_%60%7B%7C%7D~%7F"
        );
        assert_eq!(encoded("é'", SPECIAL_QUERY), "%C3%A9%27");
    }

    #[test]
    fn decoding_leaves_what_is_cut_short() {
        let mut out = Vec::new();
        decode(b"%41%4%zz%e9%", &mut out);
        assert_eq!(out, b"A%4%zz\xe9%");
    }
}
