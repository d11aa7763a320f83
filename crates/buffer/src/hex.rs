//! Hexadecimal, over `hex-simd`.

use hex_simd::AsciiCase;

/// Two lower-case digits a byte.
pub(crate) fn encode(bytes: &[u8]) -> String {
    hex_simd::encode_to_string(bytes, AsciiCase::Lower)
}

/// The bytes of the digits up to the first pair that is not two digits; an odd last digit is left out.
pub(crate) fn decode(digits: &[u8]) -> Vec<u8> {
    let (pairs, _) = digits.as_chunks::<2>();
    if let Ok(bytes) = hex_simd::decode_to_vec(pairs.as_flattened()) {
        return bytes;
    }
    let good = pairs.iter().take_while(|pair| pair.iter().all(u8::is_ascii_hexdigit)).count();
    hex_simd::decode_to_vec(pairs[..good].as_flattened()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stops_at_the_first_bad_pair() {
        for (digits, bytes) in [
            ("", &[][..]),
            ("a", &[]),
            ("abC", &[0xab]),
            ("abxd12", &[0xab]),
            ("abdx12", &[0xab]),
            ("0x11", &[]),
            ("AB cd", &[0xab]),
        ] {
            assert_eq!(decode(digits.as_bytes()), bytes, "{digits}");
        }
        let long = "0123456789abcdef".repeat(20);
        for bad in 0..long.len() {
            let mut digits = long.clone().into_bytes();
            digits[bad] = b'g';
            assert_eq!(encode(&decode(&digits)), long[..bad / 2 * 2], "{bad}");
        }
    }
}
