//! One byte a character: `latin1`, and `ascii` with its high bit dropped.

/// Latin-1 as UTF-8.
pub(crate) fn to_utf8(bytes: &[u8]) -> String {
    if bytes.is_ascii()
        && let Ok(text) = str::from_utf8(bytes)
    {
        return text.to_owned();
    }
    let mut text = "\0".repeat(length_in_utf8(bytes));
    let (_, written) = encoding_rs::mem::convert_latin1_to_str_partial(bytes, &mut text);
    text.truncate(written);
    text
}

/// How many bytes [`to_utf8`] gives.
pub(crate) fn length_in_utf8(bytes: &[u8]) -> usize {
    bytes.len() + bytes.iter().filter(|byte| !byte.is_ascii()).count()
}

/// Latin-1 as UTF-16.
pub(crate) fn to_utf16(bytes: &[u8]) -> Vec<u16> {
    bytes.iter().copied().map(u16::from).collect()
}

/// Bytes with their high bit dropped, which is how `ascii` decodes.
pub(crate) fn to_seven_bits(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().map(|byte| byte & 0x7f).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_at_every_place_of_a_block() {
        for padding in [0, 1, 62, 63, 64, 65, 127, 128] {
            let bytes: Vec<u8> = vec![b'a'; padding].into_iter().chain(0..=255).collect();
            let text: String = bytes.iter().map(|&byte| char::from(byte)).collect();
            assert_eq!(to_utf8(&bytes), text);
            assert_eq!(length_in_utf8(&bytes), text.len());
            assert_eq!(to_utf16(&bytes), text.encode_utf16().collect::<Vec<_>>());
        }
    }
}
