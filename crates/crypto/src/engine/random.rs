//! OpenSSL's generator of random bytes, and news of a fork.

use std::ffi::c_int;
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};

use nodecore_error::Result;
use openssl_sys as ffi;

use super::{failure_thrown, init};

/// Fills `out` from this thread's CTR-DRBG, which reseeds itself, also after a fork.
///
/// # Errors
/// OpenSSL's, if the system gives no entropy.
pub(crate) fn random_bytes(out: &mut [u8]) -> Result<()> {
    init();
    for part in out.chunks_mut(1 << 30) {
        let len = c_int::try_from(part.len()).unwrap_or(c_int::MAX);
        // SAFETY: a slice with its length, which is at most 2^30.
        if unsafe { ffi::RAND_bytes(part.as_mut_ptr(), len) } != 1 {
            return Err(failure_thrown("Random number generation failed"));
        }
    }
    Ok(())
}

/// A number that is another one in the child after each fork; `None` if that cannot be told.
#[inline]
pub(crate) fn fork_generation() -> Option<usize> {
    match GENERATION.load(Ordering::Relaxed) {
        0 => watch_forks(),
        generation => Some(generation),
    }
}

/// 0 until forks are watched.
static GENERATION: AtomicUsize = AtomicUsize::new(0);

#[cold]
fn watch_forks() -> Option<usize> {
    static WATCH: Once = Once::new();
    WATCH.call_once(|| {
        if register() {
            GENERATION.store(1, Ordering::Relaxed);
        }
    });
    match GENERATION.load(Ordering::Relaxed) {
        0 => None,
        generation => Some(generation),
    }
}

#[cfg(unix)]
fn register() -> bool {
    extern "C" fn in_child() {
        GENERATION.fetch_add(1, Ordering::Relaxed);
    }
    // SAFETY: the handler does nothing but add to an atomic number.
    unsafe { libc::pthread_atfork(None, None, Some(in_child)) == 0 }
}

#[cfg(not(unix))]
fn register() -> bool {
    true
}
