//! Random bytes in stock, for those who want a few.
//!
//! Most of what 16 random bytes cost in OpenSSL is not their making. So each thread takes 4 KiB at once from OpenSSL's
//! generator, hands them out once, and clears them as it does. What is not handed out is cleared when the thread
//! ends, and is given up in the child of a fork, which would otherwise see what its parent will. A process that is
//! copied in another way than by fork(), such as a virtual machine that is resumed twice, has the same 4 KiB twice;
//! whoever has to reckon with that asks for more than 256 bytes, which come from OpenSSL itself.

use std::cell::RefCell;

use nodecore_error::Result;

use crate::engine;

/// Bytes taken at once.
const STOCK: usize = 4096;
/// Who wants more goes to OpenSSL.
const FEW: usize = 256;

struct Reserve {
    bytes: [u8; STOCK],
    /// How many at the start are not handed out yet.
    left: usize,
    /// In which process they were made.
    generation: usize,
}

thread_local! {
    static RESERVE: RefCell<Reserve> =
        const { RefCell::new(Reserve { bytes: [0; STOCK], left: 0, generation: 0 }) };
}

/// Fills `out` with random bytes.
///
/// # Errors
/// OpenSSL's, if the system gives no entropy.
#[inline]
pub(super) fn fill(out: &mut [u8]) -> Result<()> {
    if out.len() <= FEW
        && let Some(generation) = engine::fork_generation()
    {
        // The thread's end has taken it away, or a signal handler that forks came in between.
        let taken = RESERVE.try_with(|reserve| Some(reserve.try_borrow_mut().ok()?.take(generation, out)));
        if let Ok(Some(result)) = taken {
            return result;
        }
    }
    engine::random_bytes(out)
}

/// As [`fill`], past the stock.
pub(super) fn fill_afresh(out: &mut [u8]) -> Result<()> {
    engine::random_bytes(out)
}

impl Reserve {
    #[inline]
    fn take(&mut self, generation: usize, out: &mut [u8]) -> Result<()> {
        if self.left < out.len() || self.generation != generation {
            self.refill(generation)?;
        }
        let rest = self.left - out.len();
        let source = &mut self.bytes[rest..self.left];
        out.copy_from_slice(source);
        source.fill(0);
        self.left = rest;
        Ok(())
    }

    #[cold]
    fn refill(&mut self, generation: usize) -> Result<()> {
        self.left = 0;
        engine::random_bytes(&mut self.bytes)?;
        (self.left, self.generation) = (STOCK, generation);
        Ok(())
    }
}

impl Drop for Reserve {
    fn drop(&mut self) {
        engine::cleanse(&mut self.bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_handed_out_once_and_cleared() {
        let mut reserve = Reserve { bytes: [0; STOCK], left: 0, generation: 0 };
        let mut seen = Vec::new();
        for round in 0..STOCK / 16 {
            let mut out = [0; 16];
            reserve.take(1, &mut out).expect("random bytes");
            assert_eq!(reserve.left, STOCK - 16 * (round + 1));
            assert!(reserve.bytes[reserve.left..].iter().all(|byte| *byte == 0));
            seen.push(out);
        }
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), STOCK / 16);
    }

    #[test]
    fn a_fork_gives_up_what_is_left() {
        let mut reserve = Reserve { bytes: [0; STOCK], left: 0, generation: 0 };
        let mut out = [0; 16];
        reserve.take(1, &mut out).expect("random bytes");
        let next = reserve.bytes[reserve.left - 16..reserve.left].to_vec();
        reserve.take(2, &mut out).expect("random bytes");
        assert_eq!((reserve.left, reserve.generation), (STOCK - 16, 2));
        assert_ne!(out[..], next);
    }
}
