//! What stands around deflate's blocks: headers, checksums and trailers.

use crc32fast::Hasher;
use zlib_rs::adler32::adler32;

use crate::constants::Z_HUFFMAN_ONLY;
use crate::deflate::Settings;

/// A format that deflate's blocks are kept in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Gzip,
    Zlib,
    Raw,
    /// Gzip or zlib, as the data says. Decompression only.
    Auto,
}

/// A few bytes that are on their way out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Few {
    bytes: [u8; 10],
    at: usize,
    end: usize,
}

impl Few {
    pub(crate) fn new(from: &[u8]) -> Few {
        let mut few = Few { end: from.len().min(10), ..Few::default() };
        few.bytes[..few.end].copy_from_slice(&from[..few.end]);
        few
    }

    /// Those that are left.
    pub(crate) fn rest(&self) -> &[u8] {
        &self.bytes[self.at..self.end]
    }

    /// Moves as many as fit to the front of `output`, and says how many these are.
    pub(crate) fn give(&mut self, output: &mut [u8]) -> usize {
        let size = self.rest().len().min(output.len());
        output[..size].copy_from_slice(&self.rest()[..size]);
        self.at += size;
        size
    }
}

/// What stands before the blocks.
pub(crate) fn header(format: Format, settings: &Settings) -> Few {
    match format {
        Format::Gzip => Few::new(&gzip_header(settings)),
        Format::Zlib => zlib_header(settings),
        Format::Raw | Format::Auto => Few::default(),
    }
}

/// The header that Node writes: no time, no name, Unix.
pub(crate) fn gzip_header(settings: &Settings) -> [u8; 10] {
    let extra = match (settings.level, settings.strategy) {
        (9, _) => 2,
        (0 | 1, _) | (_, Z_HUFFMAN_ONLY..) => 4,
        _ => 0,
    };
    [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, extra, 3]
}

fn zlib_header(settings: &Settings) -> Few {
    let hardness = match (settings.level, settings.strategy) {
        (_, Z_HUFFMAN_ONLY..) | (..2, _) => 0,
        (..6, _) => 1,
        (6, _) => 2,
        _ => 3,
    };
    let dictionary = &settings.dictionary;
    let window = u16::try_from(settings.window_bits - 8).unwrap_or(7);
    let plain = (0x0800 + (window << 12)) | (hardness << 6) | (u16::from(!dictionary.is_empty()) << 5);
    let word = plain + (31 - plain % 31);
    let mut bytes = [0; 6];
    bytes[..2].copy_from_slice(&word.to_be_bytes());
    bytes[2..].copy_from_slice(&adler32(1, dictionary).to_be_bytes());
    Few::new(if dictionary.is_empty() { &bytes[..2] } else { &bytes })
}

/// The checksum of a format, over all input so far.
#[derive(Clone, Debug)]
pub(crate) enum Checksum {
    Gzip(Trailer),
    Zlib(u32),
    None,
}

impl Checksum {
    pub(crate) fn new(format: Format) -> Checksum {
        match format {
            Format::Gzip => Checksum::Gzip(Trailer::default()),
            Format::Zlib => Checksum::Zlib(1),
            Format::Raw | Format::Auto => Checksum::None,
        }
    }

    pub(crate) fn update(&mut self, input: &[u8]) {
        match self {
            Checksum::Gzip(trailer) => trailer.update(input),
            Checksum::Zlib(sum) => *sum = adler32(*sum, input),
            Checksum::None => {}
        }
    }

    /// What stands behind the blocks.
    pub(crate) fn trailer(self) -> Few {
        match self {
            Checksum::Gzip(trailer) => Few::new(&trailer.bytes()),
            Checksum::Zlib(sum) => Few::new(&sum.to_be_bytes()),
            Checksum::None => Few::default(),
        }
    }
}

/// What stands at the end of a gzip member.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trailer {
    checksum: Hasher,
    len: u32,
}

impl Trailer {
    /// Counts plain bytes in.
    pub(crate) fn update(&mut self, input: &[u8]) {
        self.checksum.update(input);
        self.add_len(input.len());
    }

    /// Counts `len` bytes in whose checksum is known.
    pub(crate) fn combine(&mut self, checksum: &Hasher, len: usize) {
        self.checksum.combine(checksum);
        self.add_len(len);
    }

    // The format keeps the length modulo 2 to the 32nd.
    #[allow(clippy::cast_possible_truncation)]
    fn add_len(&mut self, len: usize) {
        self.len = self.len.wrapping_add(len as u32);
    }

    /// The eight bytes.
    pub(crate) fn bytes(self) -> [u8; 8] {
        let word = u64::from(self.checksum.finalize()) | u64::from(self.len) << 32;
        word.to_le_bytes()
    }
}
