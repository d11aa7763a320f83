//! One byte a character: `latin1`, and `ascii` with its high bit dropped.

/// Latin-1 as UTF-8.
pub(crate) fn to_utf8(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(length_in_utf8(bytes));
    for block in bytes.chunks(64) {
        if block.is_ascii() {
            push_utf8(&mut text, block);
            continue;
        }
        // Both bytes are written each time and one is kept where that is enough: no branch to mispredict.
        let mut pairs = [0u8; 128];
        let mut filled = 0;
        for &byte in block {
            let wide = byte >> 7;
            pairs[filled] = if wide == 0 { byte } else { 0xc0 | byte >> 6 };
            filled += usize::from(wide);
            pairs[filled] = if wide == 0 { byte } else { 0x80 | byte & 0x3f };
            filled += 1;
        }
        push_utf8(&mut text, &pairs[..filled]);
    }
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

/// Appends what is known to be UTF-8, checked again rather than trusted.
fn push_utf8(text: &mut String, bytes: &[u8]) {
    if let Ok(valid) = simdutf8::basic::from_utf8(bytes) {
        text.push_str(valid);
    } else {
        debug_assert!(false, "not UTF-8: {bytes:x?}");
    }
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
