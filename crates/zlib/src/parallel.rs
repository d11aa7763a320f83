//! One gzip member from many threads.
//!
//! The input is cut into blocks at fixed places. Each is compressed as raw deflate on its own, with the end of the
//! block before as its dictionary, and ended by a sync flush, so that the results can be put one behind the other;
//! their CRC-32s are combined.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crc32fast::Hasher;
use nodecore_error::Result;

use crate::deflate::{header, raw_block};
use crate::options::Settings;

/// The input of a block, in bytes.
pub(crate) const BLOCK: usize = 256 * 1024;
/// How far deflate looks back, in bytes.
const DICTIONARY: usize = 32 * 1024;

/// One compressed block.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) data: Vec<u8>,
    checksum: Hasher,
    /// Bytes of input.
    pub(crate) len: usize,
}

/// The part of a block that serves as the dictionary of the next.
pub(crate) fn dictionary_range(len: usize) -> std::ops::Range<usize> {
    len.saturating_sub(DICTIONARY)..len
}

/// Compresses one block, which follows `dictionary`.
pub(crate) fn block(settings: &Settings, dictionary: &[u8], input: &[u8], last: bool) -> Result<Block> {
    let mut checksum = Hasher::new();
    checksum.update(input);
    Ok(Block { data: raw_block(settings, dictionary, input, last)?, checksum, len: input.len() })
}

/// What stands at the end of a member.
#[derive(Debug, Default)]
pub(crate) struct Trailer {
    checksum: Hasher,
    len: u32,
}

impl Trailer {
    /// Counts a block in, in order.
    pub(crate) fn add(&mut self, block: &Block) {
        self.checksum.combine(&block.checksum);
        self.add_len(block.len);
    }

    /// Counts plain bytes in.
    pub(crate) fn update(&mut self, input: &[u8]) {
        self.checksum.update(input);
        self.add_len(input.len());
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

/// Compresses `input` on up to `settings.threads` threads, this one among them.
pub(crate) fn gzip(input: &[u8], settings: &Settings) -> Result<Vec<u8>> {
    // The last block is the one that is not full, perhaps empty: a stream cannot know sooner.
    let count = input.len() / BLOCK + 1;
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(count));
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                return;
            }
            let start = index * BLOCK;
            let last = index + 1 == count;
            let part = &input[start..if last { input.len() } else { start + BLOCK }];
            let result = block(settings, &input[dictionary_range(start)], part, last);
            if result.is_err() {
                next.store(count, Ordering::Relaxed);
            }
            done.lock().unwrap_or_else(PoisonError::into_inner).push((index, result));
        }
    };
    thread::scope(|scope| {
        for _ in 1..settings.threads.min(count) {
            // Where the system has no more threads, those that are there do the work.
            if thread::Builder::new().spawn_scoped(scope, work).is_err() {
                break;
            }
        }
        work();
    });
    let mut blocks = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    blocks.sort_unstable_by_key(|(index, _)| *index);

    let mut out = header(settings).to_vec();
    let mut trailer = Trailer::default();
    for (_, block) in blocks {
        let block = block?;
        trailer.add(&block);
        out.extend_from_slice(&block.data);
    }
    out.extend_from_slice(&trailer.bytes());
    if out.len() as u64 > settings.limit {
        return Err(settings.too_large());
    }
    Ok(out)
}
