//! What OpenSSL lacks of Keccak: TurboSHAKE and KangarooTwelve (RFC 9861), and the framing of cSHAKE and KMAC (NIST SP
//! 800-185), which OpenSSL computes.

use nodecore_error::Result;

use crate::algorithm::{Algorithm, Engine, unsupported};
use crate::engine::cleanse;

/// How many rounds the permutation has here, half of SHA-3's.
const ROUNDS: usize = 12;
/// Bytes of a piece that KangarooTwelve digests by itself.
const CHUNK: usize = 8192;

/// The constants of the last twelve rounds (FIPS 202, 3.2.5).
const IOTA: [u64; ROUNDS] = [
    0x0000_0000_8000_808b,
    0x8000_0000_0000_008b,
    0x8000_0000_0000_8089,
    0x8000_0000_0000_8003,
    0x8000_0000_0000_8002,
    0x8000_0000_0000_0080,
    0x0000_0000_0000_800a,
    0x8000_0000_8000_000a,
    0x8000_0000_8000_8081,
    0x8000_0000_0000_8080,
    0x0000_0000_8000_0001,
    0x8000_0000_8000_8008,
];

/// The permutation (FIPS 202, 3.2), with lane (x, y) at x + 5 y.
fn permute(lanes: &mut [u64; 25]) {
    for iota in IOTA {
        let mut column = [0; 5];
        for x in 0..5 {
            column[x] = lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20];
        }
        for x in 0..5 {
            let theta = column[(x + 4) % 5] ^ column[(x + 1) % 5].rotate_left(1);
            for y in 0..5 {
                lanes[x + 5 * y] ^= theta;
            }
        }
        // Rho and pi go from lane to lane along one path, on which step t turns by (t + 1)(t + 2) / 2.
        let (mut x, mut y, mut lane) = (1, 0, lanes[1]);
        for step in 0..24_u32 {
            (x, y) = (y, (2 * x + 3 * y) % 5);
            let turned = lane.rotate_left((step + 1) * (step + 2) / 2 % 64);
            lane = std::mem::replace(&mut lanes[x + 5 * y], turned);
        }
        for row in lanes.as_chunks_mut::<5>().0 {
            let old = *row;
            for x in 0..5 {
                row[x] = old[x] ^ (!old[(x + 1) % 5] & old[(x + 2) % 5]);
            }
        }
        lanes[0] ^= iota;
    }
}

/// The sponge: takes bytes, is ended once, and gives bytes.
#[derive(Clone)]
pub(super) struct Sponge {
    lanes: [u64; 25],
    rate: usize,
    at: usize,
}

impl Sponge {
    /// One with a strength of 128 or 256 bits.
    pub(super) fn new(strength: usize) -> Sponge {
        Sponge { lanes: [0; 25], rate: 200 - strength / 4, at: 0 }
    }

    fn mix(&mut self, byte: u8) {
        self.lanes[self.at / 8] ^= u64::from(byte) << (self.at % 8 * 8);
        self.at += 1;
    }

    pub(super) fn absorb(&mut self, mut data: &[u8]) {
        while !data.is_empty() {
            if self.at == self.rate {
                permute(&mut self.lanes);
                self.at = 0;
            }
            // Whole lanes, where they are met.
            if self.at.is_multiple_of(8) {
                let room = (self.rate - self.at) / 8;
                let (lanes, _) = data.as_chunks::<8>();
                let taken = lanes.len().min(room);
                for (lane, bytes) in self.lanes[self.at / 8..].iter_mut().zip(&lanes[..taken]) {
                    *lane ^= u64::from_le_bytes(*bytes);
                }
                self.at += taken * 8;
                data = &data[taken * 8..];
                if taken > 0 {
                    continue;
                }
            }
            self.mix(data[0]);
            data = &data[1..];
        }
    }

    /// Ends the input with `domain`, and fills `out`.
    pub(super) fn finish(mut self, domain: u8, out: &mut [u8]) {
        if self.at == self.rate {
            permute(&mut self.lanes);
            self.at = 0;
        }
        self.mix(domain);
        self.at = self.rate - 1;
        self.mix(0x80);
        for block in out.chunks_mut(self.rate) {
            permute(&mut self.lanes);
            let bytes = self.lanes.iter().flat_map(|lane| lane.to_le_bytes());
            block.iter_mut().zip(bytes).for_each(|(out, byte)| *out = byte);
        }
    }
}

/// KangarooTwelve of `data`, for what `customization` says.
pub(super) fn kangaroo(strength: usize, data: &[u8], customization: &[u8], out: &mut [u8]) {
    let mut end = customization.to_vec();
    end.extend(length(customization.len()));
    let mut last = Sponge::new(strength);
    if data.len() + end.len() <= CHUNK {
        last.absorb(data);
        last.absorb(&end);
        return last.finish(7, out);
    }
    // The input is `data` and then `end`, of which neither is copied.
    let piece = |from: usize| {
        let to = (from + CHUNK).min(data.len() + end.len());
        let split = data.len();
        let tail = from.max(split) - split..to.max(split) - split;
        (&data[from.min(split)..to.min(split)], &end[tail])
    };
    let (head, tail) = piece(0);
    last.absorb(head);
    last.absorb(tail);
    last.absorb(&[3, 0, 0, 0, 0, 0, 0, 0]);
    let mut count = 0;
    for from in (CHUNK..data.len() + end.len()).step_by(CHUNK) {
        let (head, tail) = piece(from);
        let mut leaf = Sponge::new(strength);
        leaf.absorb(head);
        leaf.absorb(tail);
        let mut digest = [0; 64];
        let digest = &mut digest[..strength / 4];
        leaf.finish(11, digest);
        last.absorb(digest);
        count += 1;
    }
    last.absorb(&length(count));
    last.absorb(&[0xff, 0xff]);
    last.finish(6, out);
}

/// A number as RFC 9861 has it: its bytes, and how many they are.
fn length(value: usize) -> Vec<u8> {
    let bytes = value.to_be_bytes();
    let mut bytes = bytes[(value.leading_zeros() / 8) as usize..].to_vec();
    bytes.push(bytes.len().to_le_bytes()[0]);
    bytes
}

/// A number with the count of its bytes in front (SP 800-185, 2.3.1).
fn left_encode(value: usize) -> Vec<u8> {
    let mut bytes = number(value);
    bytes.insert(0, bytes.len().to_le_bytes()[0]);
    bytes
}

/// A number with the count of its bytes behind.
fn right_encode(value: usize) -> Vec<u8> {
    let mut bytes = number(value);
    bytes.push(bytes.len().to_le_bytes()[0]);
    bytes
}

fn number(value: usize) -> Vec<u8> {
    let bytes = value.to_be_bytes();
    bytes[(value.leading_zeros() / 8).min(usize::BITS / 8 - 1) as usize..].to_vec()
}

/// Text with its length in bits, filled up to whole blocks (2.3.2, 2.3.3).
fn padded(rate: usize, texts: &[(&[u8], usize)]) -> Vec<u8> {
    let mut out = left_encode(rate);
    for (text, bits) in texts {
        out.extend(left_encode(*bits));
        out.extend_from_slice(text);
    }
    out.resize(out.len().next_multiple_of(rate), 0);
    out
}

/// Fills `out` with cSHAKE of `data`.
///
/// # Errors
/// OpenSSL's.
pub(super) fn cshake(
    strength: usize,
    function: &[u8],
    customization: &[u8],
    data: &[&[u8]],
    out: &mut [u8],
) -> Result<()> {
    let plain = function.is_empty() && customization.is_empty();
    let name = match (plain, strength) {
        (true, 128) => "shake128",
        (true, _) => "shake256",
        (false, 128) => "keccak-kmac-128",
        (false, _) => "keccak-kmac-256",
    };
    let algorithm = Algorithm::parse(name).ok_or_else(|| unsupported("Digest method not supported"))?;
    let mut engine = Engine::new(algorithm)?;
    if !plain {
        let texts = [(function, function.len() * 8), (customization, customization.len() * 8)];
        engine.update(&padded(200 - strength / 4, &texts))?;
    }
    for data in data {
        engine.update(data)?;
    }
    engine.finish(out)
}

/// Fills `out`, whose length in bits is `bits`, with KMAC of `data`; the key has `key_bits`.
///
/// # Errors
/// OpenSSL's.
pub(super) fn kmac(
    strength: usize,
    (key, key_bits): (&[u8], usize),
    customization: &[u8],
    data: &[u8],
    (out, bits): (&mut [u8], usize),
) -> Result<()> {
    let mut key = padded(200 - strength / 4, &[(key, key_bits)]);
    let done = cshake(strength, b"KMAC", customization, &[&key, data, &right_encode(bits)], out);
    cleanse(&mut key);
    mask(out, bits);
    done
}

/// Clears what is in the last byte beyond `bits`.
pub(super) fn mask(out: &mut [u8], bits: usize) {
    if let Some(last) = out.last_mut().filter(|_| !bits.is_multiple_of(8)) {
        *last &= 0xff << (8 - bits % 8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turbo(strength: usize, data: &[u8], domain: u8) -> Vec<u8> {
        let mut sponge = Sponge::new(strength);
        sponge.absorb(data);
        let mut out = vec![0; 32];
        sponge.finish(domain, &mut out);
        out
    }

    #[test]
    fn vectors_of_rfc_9861() {
        // 5, TurboSHAKE128 and KT128 of nothing, and KT128 of 17^4 bytes, which are several pieces.
        assert_eq!(turbo(128, b"", 0x1f)[..4], [0x1e, 0x41, 0x5f, 0x1c]);
        let mut out = [0; 32];
        kangaroo(128, b"", b"", &mut out);
        assert_eq!(out[..4], [0x1a, 0xc2, 0xd4, 0x50]);
        let data: Vec<u8> = (0..17_usize.pow(4)).map(|at| (at % 251).to_le_bytes()[0]).collect();
        kangaroo(128, &data, b"", &mut out);
        assert_eq!(out[..4], [0x87, 0x01, 0x04, 0x5e]);
    }

    #[test]
    fn pieces_of_any_length_are_one_input() {
        let data: Vec<u8> = (0..1000_u32).map(|at| at.to_le_bytes()[0]).collect();
        for size in [1, 7, 8, 9, 135, 136, 168, 500] {
            let mut sponge = Sponge::new(256);
            data.chunks(size).for_each(|part| sponge.absorb(part));
            let mut out = vec![0; 32];
            sponge.finish(7, &mut out);
            assert_eq!(out, turbo(256, &data, 7), "{size}");
        }
    }

    #[test]
    fn numbers_are_as_short_as_can_be() {
        assert_eq!([left_encode(0), left_encode(256)], [vec![1, 0], vec![2, 1, 0]]);
        assert_eq!([right_encode(0), right_encode(255)], [vec![0, 1], vec![255, 1]]);
        assert_eq!([length(0), length(12)], [vec![0], vec![12, 1]]);
    }
}
