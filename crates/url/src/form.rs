//! `application/x-www-form-urlencoded`: where the marks of a query are, and the encoder.

use crate::percent;

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Calls `found` with each place in `bytes` of `&`, `=`, `%` or `+`, in order; eight bytes are looked at together.
#[inline(always)]
pub(crate) fn for_each_mark(bytes: &[u8], mut found: impl FnMut(usize)) {
    let (words, rest) = bytes.as_chunks::<8>();
    for index in 0..=words.len() {
        let word = match words.get(index) {
            Some(word) => *word,
            None => {
                let mut word = [0; 8];
                for (to, from) in word.iter_mut().zip(rest) {
                    *to = *from;
                }
                word
            }
        };
        let mut marks = marks(u64::from_le_bytes(word));
        while marks != 0 {
            found(8 * index + marks.trailing_zeros() as usize / 8);
            marks &= marks - 1;
        }
    }
}

/// The highest bit of each byte that is a mark.
#[inline(always)]
fn marks(word: u64) -> u64 {
    // A byte of a difference is 0, and so its highest bit here too, only where the byte is the mark.
    let [a, b, c, d] = b"&=%+".map(|mark| {
        let difference = word ^ (ONES * u64::from(mark));
        ((difference & !HIGH) + !HIGH) | difference
    });
    !(a & b & c & d) & HIGH
}

/// What each byte is written as, and behind it, overwritten by what follows, how long that is.
static WRITTEN: [[u8; 4]; 256] = {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut written = [[0; 4]; 256];
    let mut index = 0;
    while index < 256 {
        #[allow(clippy::cast_possible_truncation, reason = "index < 256")]
        let byte = index as u8;
        written[index] = if byte == b' ' {
            [b'+', 0, 0, 1]
        } else if percent::is_in(byte, percent::FORM) {
            [b'%', DIGITS[index >> 4], DIGITS[index & 15], 3]
        } else {
            [byte, 0, 0, 1]
        };
        index += 1;
    }
    written
};

/// What is written is collected here first, and goes on in pieces of about this size.
const SCRATCH: usize = 256;
/// As many bytes are encoded at a time.
const BLOCK: usize = 16;
/// What they may take, with a byte that is overwritten.
const MOST: usize = 3 * BLOCK + 1;

/// Whether all stay as they are, in a form that compilers make vectors of.
#[inline(always)]
fn is_plain(block: &[u8; BLOCK]) -> bool {
    let mut plain = true;
    for &byte in block {
        plain &= ((byte | 0x20).wrapping_sub(b'a') < 26)
            | (byte.wrapping_sub(b'0') < 10)
            | (byte.wrapping_sub(b'-') < 2)
            | (byte == b'_')
            | (byte == b'*');
    }
    plain
}

/// Writes encoded names and values to `sink`, which ends it all by an error.
pub(crate) struct Encoder<F> {
    scratch: [u8; SCRATCH],
    length: usize,
    sink: F,
}

impl<E, F: FnMut(&[u8]) -> Result<(), E>> Encoder<F> {
    pub(crate) fn new(sink: F) -> Encoder<F> {
        Encoder { scratch: [0; SCRATCH], length: 0, sink }
    }

    /// Writes what is left.
    pub(crate) fn flush(&mut self) -> Result<(), E> {
        let length = std::mem::take(&mut self.length);
        (self.sink)(&self.scratch[..length])
    }

    /// Room for at least `count` bytes.
    #[inline(always)]
    fn room(&mut self, count: usize) -> Result<&mut [u8], E> {
        if SCRATCH - self.length < count {
            self.flush()?;
        }
        Ok(&mut self.scratch[self.length..])
    }

    /// Appends a mark as it is.
    #[inline(always)]
    pub(crate) fn mark(&mut self, mark: u8) -> Result<(), E> {
        self.room(1)?[0] = mark;
        self.length += 1;
        Ok(())
    }

    /// Appends a name or value, encoded.
    #[inline]
    pub(crate) fn text(&mut self, text: &[u8]) -> Result<(), E> {
        let (blocks, rest) = text.as_chunks::<BLOCK>();
        for block in blocks {
            let room = self.room(MOST)?;
            if is_plain(block) {
                room[..BLOCK].copy_from_slice(block);
                self.length += BLOCK;
            } else {
                self.length += write(block, room);
            }
        }
        let room = self.room(MOST)?;
        // Most need nothing, which takes no sums to find out.
        let mut lengths = 0;
        for (to, &byte) in room.iter_mut().zip(rest) {
            let written = &WRITTEN[usize::from(byte)];
            *to = written[0];
            lengths |= written[3];
        }
        self.length += if lengths & 2 == 0 { rest.len() } else { write(rest, room) };
        Ok(())
    }
}

/// Encodes at most a block, and says how long that is.
#[inline(always)]
fn write(bytes: &[u8], room: &mut [u8]) -> usize {
    let mut length = 0;
    for &byte in bytes {
        let written = WRITTEN[usize::from(byte)];
        if let Some(slot) = room.get_mut(length..).and_then(<[u8]>::first_chunk_mut) {
            *slot = written;
        }
        length += usize::from(written[3]);
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_all_marks_of_any_length() {
        let alphabet = b"ab&=%+\0\x80\xa6\xa5\xab\xbd\xff";
        let mut seed = 1_u32;
        for length in 0..40 {
            for _ in 0..40 {
                let text: Vec<u8> = (0..length)
                    .map(|_| {
                        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                        alphabet[(seed >> 8) as usize % alphabet.len()]
                    })
                    .collect();
                let expected: Vec<usize> = (0..length).filter(|&at| b"&=%+".contains(&text[at])).collect();
                let mut places = Vec::new();
                for_each_mark(&text, |at| places.push(at));
                assert_eq!(places, expected);
            }
        }
    }

    #[test]
    fn encodes_across_blocks() {
        for length in [0, 1, 15, 16, 17, 255, 256, 257, 5000] {
            for (text, encoded) in [("a", "a"), (" ", "+"), ("~", "%7E"), ("\u{e9}a", "%C3%A9a")] {
                let mut out = Vec::new();
                let mut encoder = Encoder::new(|bytes: &[u8]| {
                    out.extend_from_slice(bytes);
                    Ok::<(), ()>(())
                });
                encoder.text(text.repeat(length).as_bytes()).unwrap();
                encoder.mark(b'&').unwrap();
                encoder.flush().unwrap();
                assert_eq!(String::from_utf8(out).unwrap(), encoded.repeat(length) + "&");
            }
        }
    }
}
