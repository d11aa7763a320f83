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

use crate::deflate::{self, raw_block};
use crate::frame::{Trailer, gzip_header};
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

impl Block {
    /// Counts it into the trailer, in order.
    pub(crate) fn count(&self, trailer: &mut Trailer) {
        trailer.combine(&self.checksum, self.len);
    }
}

/// The part of a block that serves as the dictionary of the next.
pub(crate) fn dictionary_range(len: usize) -> std::ops::Range<usize> {
    len.saturating_sub(DICTIONARY)..len
}

/// Compresses one block, which follows `dictionary`.
pub(crate) fn block(
    settings: &deflate::Settings,
    dictionary: &[u8],
    input: &[u8],
    last: bool,
) -> Result<Block> {
    let mut checksum = Hasher::new();
    checksum.update(input);
    Ok(Block { data: raw_block(settings, dictionary, input, last)?, checksum, len: input.len() })
}

/// Compresses `input` on up to `settings.threads` threads, this one among them.
pub(crate) fn gzip(input: &[u8], own: &deflate::Settings, settings: &Settings) -> Result<Vec<u8>> {
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
            let result = block(own, &input[dictionary_range(start)], part, last);
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

    let mut out = gzip_header(own).to_vec();
    let mut trailer = Trailer::default();
    for (_, block) in blocks {
        let block = block?;
        block.count(&mut trailer);
        out.extend_from_slice(&block.data);
    }
    out.extend_from_slice(&trailer.bytes());
    if out.len() as u64 > settings.limit {
        return Err(settings.too_large());
    }
    Ok(out)
}
