//! Where the characters are that matter to a query, eight bytes at a time.

use std::ops::ControlFlow;

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Calls `found` with each place in `bytes` of one of four characters, in order, until it breaks.
#[inline(always)]
pub(crate) fn for_each(bytes: &[u8], needles: [u8; 4], mut found: impl FnMut(usize) -> ControlFlow<()>) {
    let needles = needles.map(|byte| ONES * u64::from(byte));
    let (words, rest) = bytes.as_chunks::<8>();
    // One word more, of what is left, in which what is behind the end does not count.
    let last = match bytes.last_chunk() {
        Some(word) if !rest.is_empty() => mask(u64::from_le_bytes(*word), needles) >> (64 - 8 * rest.len()),
        _ if rest.is_empty() => 0,
        _ => {
            let mut word = [0; 8];
            for (to, from) in word.iter_mut().zip(rest) {
                *to = *from;
            }
            mask(u64::from_le_bytes(word), needles) & (u64::MAX >> (64 - 8 * rest.len()))
        }
    };
    for index in 0..=words.len() {
        let mut mask = words.get(index).map_or(last, |word| mask(u64::from_le_bytes(*word), needles));
        while mask != 0 {
            if found(8 * index + mask.trailing_zeros() as usize / 8).is_break() {
                return;
            }
            mask &= mask - 1;
        }
    }
}

/// The highest bit of each byte that is one of the four.
#[inline(always)]
fn mask(word: u64, needles: [u64; 4]) -> u64 {
    // A byte of a difference is 0, and so its highest bit here too, only where the byte is the needle.
    let differs = |needle: u64| {
        let difference = word ^ needle;
        ((difference & !HIGH) + !HIGH) | difference
    };
    let [a, b, c, d] = needles.map(differs);
    !(a & b & c & d) & HIGH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_all_of_any_length() {
        let alphabet = b"ab&=%+\0\x80\xA6\x25\x3D\xFF";
        let mut seed = 1_u32;
        for length in 0..70 {
            for _ in 0..40 {
                let text: Vec<u8> = (0..length)
                    .map(|_| {
                        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                        alphabet[(seed >> 8) as usize % alphabet.len()]
                    })
                    .collect();
                for needles in [*b"&=%+", *b"\0a%+"] {
                    let expected: Vec<usize> =
                        (0..length).filter(|&at| needles.contains(&text[at])).collect();
                    let mut places = Vec::new();
                    for_each(&text, needles, |at| {
                        places.push(at);
                        ControlFlow::Continue(())
                    });
                    assert_eq!(places, expected);
                }
            }
        }
    }
}
