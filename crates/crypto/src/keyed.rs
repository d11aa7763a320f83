//! HMAC (RFC 2104), as `Hmac` and what is derived with it compute it.

use nodecore_error::Result;

use crate::algorithm::Algorithm;
use crate::engine::{self, Chain, Direct, MAX_LENGTH, MdCtx};

/// The longest block of a digest that is no XOF: SHA3-224's.
const LONGEST_BLOCK: usize = 144;

const _: () = assert!(MAX_LENGTH <= LONGEST_BLOCK, "a digest of a key fits");

/// A digest under way that has seen a key.
pub(crate) struct Keyed {
    /// Bytes of output.
    length: usize,
    state: State,
}

/// The digest of the message, and what the other one begins with.
#[expect(clippy::large_enum_variant, reason = "the common digests do without an allocation")]
enum State {
    Direct { inner: Direct, outer: Chain },
    Evp { inner: MdCtx, outer: MdCtx },
}

/// Bytes that are as good as the key: cleared on drop.
struct Block<const N: usize>([u8; N]);

impl<const N: usize> Drop for Block<N> {
    fn drop(&mut self) {
        engine::cleanse(&mut self.0);
    }
}

impl Keyed {
    /// `algorithm` is no XOF.
    ///
    /// # Errors
    /// OpenSSL's, if there is no memory.
    #[inline]
    pub(crate) fn new(algorithm: Algorithm, key: &[u8]) -> Result<Keyed> {
        let mut block = Block([0; LONGEST_BLOCK]);
        let size = algorithm.block_size()?.min(LONGEST_BLOCK);
        if key.len() > size {
            algorithm.digest(key, &mut block.0[..algorithm.length()])?;
        } else {
            block.0[..key.len()].copy_from_slice(key);
        }
        let pad = &mut block.0[..size];
        let mask = |pad: &mut [u8], mask: u8| pad.iter_mut().for_each(|byte| *byte ^= mask);
        mask(pad, 0x5c);
        let state = match algorithm.direct() {
            Some(kind) => {
                let mut inner = kind.start();
                inner.update(pad);
                let outer = inner.chain();
                // The one mask off, the other on.
                mask(pad, 0x5c ^ 0x36);
                inner.restart();
                inner.update(pad);
                State::Direct { inner, outer }
            }
            None => {
                let md = algorithm.md()?;
                let (mut inner, mut outer) = (MdCtx::new(md)?, MdCtx::new(md)?);
                outer.update(pad)?;
                mask(pad, 0x5c ^ 0x36);
                inner.update(pad)?;
                State::Evp { inner, outer }
            }
        };
        Ok(Keyed { length: algorithm.length(), state })
    }

    /// Adds `data`.
    ///
    /// # Errors
    /// OpenSSL's.
    #[inline]
    pub(crate) fn update(&mut self, data: &[u8]) -> Result<()> {
        match &mut self.state {
            State::Direct { inner, .. } => {
                inner.update(data);
                Ok(())
            }
            State::Evp { inner, .. } => inner.update(data),
        }
    }

    /// Ends it: `out` is the start of the digest, of which it has room for all or less. There is no going on.
    ///
    /// # Errors
    /// OpenSSL's.
    #[inline]
    pub(crate) fn finish(&mut self, out: &mut [u8]) -> Result<()> {
        let mut digest = Block([0; MAX_LENGTH]);
        match &mut self.state {
            State::Direct { inner, outer } => {
                inner.finish(&mut digest.0);
                inner.resume(outer);
                inner.update(&digest.0[..self.length]);
                inner.finish(&mut digest.0);
            }
            State::Evp { inner, outer } => {
                let digest = &mut digest.0[..self.length];
                inner.finish(digest)?;
                outer.update(digest)?;
                outer.finish(digest)?;
            }
        }
        let length = out.len().min(self.length);
        out[..length].copy_from_slice(&digest.0[..length]);
        Ok(())
    }
}
