//! The digests that OpenSSL offers below EVP as well: a state without memory of its own, the same assembly underneath, and
//! nothing to look up or allocate. For 64 bytes that is half the time of `EVP_Digest`.

use std::fmt;
use std::mem::{MaybeUninit, offset_of};
use std::ptr;

use openssl_sys as ffi;

use super::sys;

/// The most bytes that [`Direct`] gives.
pub(crate) const MAX_LENGTH: usize = 64;

/// What is left of a state by whole blocks: the chaining value, and how many bytes there were. It is cleared on drop:
/// with a key in it, it is as good as the key.
pub(crate) struct Chain([u8; CHAIN]);

/// Bytes of the longest, SHA-512's: eight words, and two that count.
const CHAIN: usize = 80;

impl Drop for Chain {
    fn drop(&mut self) {
        super::cleanse(&mut self.0);
    }
}

/// Declares the digests once: name, type of the state, functions, bytes of output and of a block.
macro_rules! direct {
    ($($name:ident $ctx:path, $init:path, $update:path, $finish:path, $length:literal, $block:literal;)*) => {
        /// What can be computed so.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Kind { $($name),* }

        /// A digest under way. It is cleared on drop: with a key in it, it is as good as the key.
        #[derive(Clone)]
        pub(crate) enum Direct { $($name($ctx)),* }

        impl Kind {
            /// Bytes of output.
            #[cfg(test)]
            pub(crate) fn length(self) -> usize {
                match self { $(Kind::$name => $length),* }
            }

            /// Bytes of a block.
            pub(crate) fn block_size(self) -> usize {
                match self { $(Kind::$name => $block),* }
            }

            /// The digest of `data`, in one go: the first bytes of `out`. The state is where it was made throughout, and
            /// not cleared: what is left is the digest, and the caller has the data.
            #[inline]
            pub(crate) fn digest(self, data: &[u8], out: &mut [u8; MAX_LENGTH]) {
                match self {
                    $(Kind::$name => {
                        let mut ctx = MaybeUninit::<$ctx>::uninit();
                        // SAFETY: the first function makes the state that the others use; `data.len()` readable bytes;
                        // no digest is longer than `out`.
                        unsafe {
                            $init(ctx.as_mut_ptr());
                            $update(ctx.as_mut_ptr(), data.as_ptr().cast(), data.len());
                            $finish(out.as_mut_ptr(), ctx.as_mut_ptr());
                        }
                    })*
                }
            }

            /// A state that has seen nothing.
            #[inline]
            pub(crate) fn start(self) -> Direct {
                match self {
                    $(Kind::$name => {
                        let mut ctx = MaybeUninit::<$ctx>::zeroed();
                        // SAFETY: all of the state is integers, so that zeroes are valid; the function writes it.
                        Direct::$name(unsafe {
                            $init(ctx.as_mut_ptr());
                            ctx.assume_init()
                        })
                    })*
                }
            }
        }

        impl Direct {
            /// Adds `data`.
            #[inline]
            pub(crate) fn update(&mut self, data: &[u8]) {
                match self {
                    $(Direct::$name(ctx) => {
                        // SAFETY: a state made by `start`, and `data.len()` readable bytes.
                        unsafe { $update(ctx, data.as_ptr().cast(), data.len()) };
                    })*
                }
            }

            /// Begins anew.
            #[inline]
            pub(crate) fn restart(&mut self) {
                match self {
                    $(Direct::$name(ctx) => {
                        // SAFETY: room for a state, which the function writes.
                        unsafe { $init(ctx) };
                    })*
                }
            }

            /// What whole blocks have left, after nothing but them.
            #[inline]
            pub(crate) fn chain(&self) -> Chain {
                let mut chain = Chain([0; CHAIN]);
                match self {
                    $(Direct::$name(ctx) => {
                        const LEN: usize = chain_length(offset_of!($ctx, Nl), offset_of!($ctx, Nh));
                        // SAFETY: a state of integers begins with as many bytes, and `CHAIN` is no less.
                        unsafe {
                            ptr::copy_nonoverlapping(
                                ptr::from_ref(ctx).cast::<u8>(),
                                chain.0.as_mut_ptr(),
                                LEN,
                            );
                        }
                    })*
                }
                chain
            }

            /// Goes on where a state of the same digest stood, whatever this one has seen.
            #[inline]
            pub(crate) fn resume(&mut self, chain: &Chain) {
                match self {
                    $(Direct::$name(ctx) => {
                        const LEN: usize = chain_length(offset_of!($ctx, Nl), offset_of!($ctx, Nh));
                        // SAFETY: a state of integers begins with as many bytes, of which any are valid.
                        unsafe {
                            ptr::copy_nonoverlapping(chain.0.as_ptr(), ptr::from_mut(ctx).cast::<u8>(), LEN);
                        }
                        // No part of a block waits.
                        ctx.num = 0;
                    })*
                }
            }

            /// Ends the digest, which is the first bytes of `out`.
            #[inline]
            pub(crate) fn finish(&mut self, out: &mut [u8; MAX_LENGTH]) {
                match self {
                    $(Direct::$name(ctx) => {
                        // SAFETY: a state made by `start`; no digest is longer than `out`.
                        unsafe { $finish(out.as_mut_ptr(), ctx) };
                    })*
                }
            }
        }

        impl Drop for Direct {
            fn drop(&mut self) {
                match self { $(Direct::$name(ctx) => clear(ctx)),* }
            }
        }
    };
}

direct! {
    Md5 sys::MD5_CTX, sys::MD5_Init, sys::MD5_Update, sys::MD5_Final, 16, 64;
    Sha1 ffi::SHA_CTX, ffi::SHA1_Init, ffi::SHA1_Update, ffi::SHA1_Final, 20, 64;
    Sha224 ffi::SHA256_CTX, ffi::SHA224_Init, ffi::SHA224_Update, ffi::SHA224_Final, 28, 64;
    Sha256 ffi::SHA256_CTX, ffi::SHA256_Init, ffi::SHA256_Update, ffi::SHA256_Final, 32, 64;
    Sha384 ffi::SHA512_CTX, ffi::SHA384_Init, ffi::SHA384_Update, ffi::SHA384_Final, 48, 128;
    Sha512 ffi::SHA512_CTX, ffi::SHA512_Init, ffi::SHA512_Update, ffi::SHA512_Final, 64, 128;
}

/// The bytes of a state up to the end of its two counters, from where these are.
const fn chain_length(low: usize, high: usize) -> usize {
    let length = high + (high - low);
    assert!(low < high && length <= CHAIN, "the counters are behind the chaining value");
    length
}

/// Clears a state in a way that is not optimised out.
fn clear<T>(state: &mut T) {
    // SAFETY: the states are structs of integers, which may be zero.
    unsafe { sys::OPENSSL_cleanse(ptr::from_mut(state).cast(), size_of::<T>()) };
}

impl fmt::Debug for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Chain")
    }
}

impl fmt::Debug for Direct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Direct")
    }
}

#[cfg(test)]
mod tests {
    use super::super::Md;
    use super::*;

    #[test]
    fn all_are_as_through_evp() {
        use Kind::{Md5, Sha1, Sha224, Sha256, Sha384, Sha512};
        for (kind, name) in [
            (Md5, "md5"),
            (Sha1, "sha1"),
            (Sha224, "sha224"),
            (Sha256, "sha256"),
            (Sha384, "sha384"),
            (Sha512, "sha512"),
        ] {
            let md = Md::fetch(name).expect(name);
            assert_eq!((md.size(), md.block_size()), (kind.length(), kind.block_size()), "{name}");
            for len in [0, 1, 55, 56, 64, 111, 112, 127, 128, 129, 1000] {
                let data: Vec<u8> = (0..len).map(|at| u8::try_from(at % 251).expect("a byte")).collect();
                let mut expected = vec![0; kind.length()];
                let mut ctx = super::super::MdCtx::new(&md).expect("a context");
                ctx.update(&data).expect("update");
                ctx.finish(&mut expected).expect("finish");
                let mut out = [0; MAX_LENGTH];
                kind.digest(&data, &mut out);
                assert_eq!(out[..kind.length()], expected, "{name} of {len}");
                let mut state = kind.start();
                data.chunks(7).for_each(|part| state.update(part));
                let mut copy = state.clone();
                for state in [&mut state, &mut copy] {
                    let mut out = [0; MAX_LENGTH];
                    state.finish(&mut out);
                    assert_eq!(out[..kind.length()], expected, "{name} of {len} in parts");
                }
                let blocks = len - len % kind.block_size();
                state.restart();
                state.update(&data[..blocks]);
                let chain = state.chain();
                for before in ["", "abc"] {
                    state.update(before.as_bytes());
                    state.resume(&chain);
                    state.update(&data[blocks..]);
                    let mut out = [0; MAX_LENGTH];
                    state.finish(&mut out);
                    assert_eq!(out[..kind.length()], expected, "{name} of {len} after {blocks}");
                }
            }
        }
    }
}
