//! Prime numbers.

use std::ffi::c_int;
use std::ptr::{self, NonNull};

use nodecore_error::Result;
use openssl_sys as ffi;

use super::bn::Bn;
use super::{failure_as, failure_thrown, forget, init, sys};

/// What came of a search.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Prime {
    /// Big-endian, without leading zeroes.
    Found(Vec<u8>),
    /// As good as certainly there is none.
    None,
    /// `go_on` said no.
    Stopped,
}

/// A random prime of `bits` bits, with (p - 1) / 2 prime too if it is to be `safe`, and `p % add == rem` if there is an
/// `add`. Numbers are big-endian. `go_on` is asked again and again.
///
/// # Errors
/// OpenSSL's: no prime has one bit, `add` is zero.
pub(crate) fn generate_prime(
    bits: c_int,
    safe: bool,
    add: Option<(&[u8], Option<&[u8]>)>,
    go_on: &mut dyn FnMut() -> bool,
) -> Result<Prime> {
    init();
    let mut asked = Asked { go_on, stopped: false };
    let found = match add {
        Some((add, rem)) if bits > 1 => {
            Progression::new(add, rem, safe).and_then(|among| among.search(bits, safe, &mut asked))
        }
        _ => generate(bits, safe, &mut asked).map(Some),
    };
    match found {
        Some(_) if asked.stopped => {
            forget();
            Ok(Prime::Stopped)
        }
        Some(Some(prime)) => Ok(Prime::Found(prime.to_bytes())),
        Some(None) => Ok(Prime::None),
        None if asked.stopped => {
            forget();
            Ok(Prime::Stopped)
        }
        None => Err(failure_thrown("could not generate prime")),
    }
}

/// Whether the big-endian number is a prime, but for a chance of 2^-128 or, with more `checks`, 4^-checks. `None`:
/// `go_on` said no.
///
/// # Errors
/// OpenSSL's, if there is no memory.
pub(crate) fn check_prime(
    candidate: &[u8],
    checks: c_int,
    go_on: &mut dyn FnMut() -> bool,
) -> Result<Option<bool>> {
    init();
    let mut asked = Asked { go_on, stopped: false };
    let found = Bn::from_bytes(candidate).and_then(|candidate| {
        let (ctx, callback) = (Ctx::new()?, Callback::new(&mut asked)?);
        // SAFETY: all three are live, and the callback's state too.
        Some(unsafe { ffi::BN_is_prime_ex(candidate.as_ptr(), checks, ctx.0.as_ptr(), callback.0.as_ptr()) })
    });
    match found {
        Some(0) => Ok(Some(false)),
        Some(1) => Ok(Some(true)),
        _ if asked.stopped => {
            forget();
            Ok(None)
        }
        _ => Err(failure_as("BignumPointer")),
    }
}

fn generate(bits: c_int, safe: bool, asked: &mut Asked) -> Option<Bn> {
    let (prime, callback) = (Bn::new()?, Callback::new(asked)?);
    let (p, cb, safe) = (prime.as_ptr(), callback.0.as_ptr(), c_int::from(safe));
    // SAFETY: both are live, and the callback's state too.
    let done = unsafe { ffi::BN_generate_prime_ex(p, bits, safe, ptr::null(), ptr::null(), cb) };
    (done == 1).then_some(prime)
}

/// The numbers `rem`, `rem + add`, `rem + 2 add` and so on.
struct Progression {
    add: Bn,
    rem: Bn,
    ctx: Ctx,
}

impl Progression {
    fn new(add: &[u8], rem: Option<&[u8]>, safe: bool) -> Option<Progression> {
        // As OpenSSL has it where there is no remainder.
        let rem = rem.unwrap_or(if safe { &[3] } else { &[1] });
        Some(Progression { add: Bn::from_bytes(add)?, rem: Bn::from_bytes(rem)?, ctx: Ctx::new()? })
    }

    /// As `BN_generate_prime_ex` does it, which goes on for ever where there is no prime to be found. `Some(None)`: none
    /// was; `None`: there are errors on the queue, or it was stopped.
    fn search(&self, bits: c_int, safe: bool, asked: &mut Asked) -> Option<Option<Bn>> {
        let (add, rem, ctx) = (self.add.as_ptr(), self.rem.as_ptr(), self.ctx.0.as_ptr());
        let (number, scratch) = (Bn::new()?, Bn::new()?);
        let (p, t) = (number.as_ptr(), scratch.as_ptr());
        // SAFETY: all are live.
        unsafe {
            // A common factor is one of every number here.
            if sys::BN_is_zero(add) == 0 {
                succeeded(ffi::BN_gcd(t, add, rem, ctx))?;
                if sys::BN_is_one(t) == 0 {
                    return Some(None);
                }
            }
        }
        for _ in 0..attempts(bits, safe) {
            if !asked.go_on() {
                return None;
            }
            // SAFETY: all are live.
            unsafe {
                succeeded(ffi::BN_rand(p, bits, 0, 1))?;
                succeeded(ffi::BN_nnmod(t, p, add, ctx))?;
                succeeded(ffi::BN_sub(p, p, t))?;
                succeeded(ffi::BN_add(p, p, rem))?;
                if ffi::BN_num_bits(p) < bits || sys::BN_get_word(p) < if safe { 5 } else { 3 } {
                    succeeded(ffi::BN_add(p, p, add))?;
                }
            }
            if !self.is_prime(&number, asked)? {
                continue;
            }
            if safe {
                // SAFETY: both are live.
                unsafe { succeeded(ffi::BN_rshift1(t, p)) }?;
                if !self.is_prime(&scratch, asked)? {
                    continue;
                }
            }
            return Some(Some(number));
        }
        Some(None)
    }

    fn is_prime(&self, number: &Bn, asked: &mut Asked) -> Option<bool> {
        let callback = Callback::new(asked)?;
        // SAFETY: all three are live, and the callback's state too.
        match unsafe { sys::BN_check_prime(number.as_ptr(), self.ctx.0.as_ptr(), callback.0.as_ptr()) } {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

/// Some forty times the number of random candidates that it takes on the average: where primes are to be found, the chance
/// to miss them all is beyond 2^-40.
fn attempts(bits: c_int, safe: bool) -> u64 {
    let bits = u64::from(bits.unsigned_abs());
    4096 + if safe { 8 * bits * bits } else { 64 * bits }
}

fn succeeded(result: c_int) -> Option<()> {
    (result == 1).then_some(())
}

/// Who is asked whether to go on, and whether the answer was no.
struct Asked<'a> {
    go_on: &'a mut dyn FnMut() -> bool,
    stopped: bool,
}

impl Asked<'_> {
    fn go_on(&mut self) -> bool {
        self.stopped = self.stopped || !(self.go_on)();
        !self.stopped
    }
}

/// A `BN_GENCB` that asks.
struct Callback<'a>(NonNull<ffi::BN_GENCB>, std::marker::PhantomData<&'a mut ()>);

impl<'a> Callback<'a> {
    fn new(asked: &'a mut Asked<'_>) -> Option<Callback<'a>> {
        extern "C" fn call(_: c_int, _: c_int, cb: *mut ffi::BN_GENCB) -> c_int {
            // SAFETY: the state that `new` lent to it, which nobody else uses during the call.
            let asked = unsafe { &mut *sys::BN_GENCB_get_arg(cb).cast::<Asked<'_>>() };
            c_int::from(asked.go_on())
        }
        // SAFETY: takes no arguments.
        let cb = NonNull::new(unsafe { sys::BN_GENCB_new() })?;
        // SAFETY: a live BN_GENCB; `asked` outlives it.
        unsafe { sys::BN_GENCB_set(cb.as_ptr(), call, ptr::from_mut(asked).cast()) };
        Some(Callback(cb, std::marker::PhantomData))
    }
}

impl Drop for Callback<'_> {
    fn drop(&mut self) {
        // SAFETY: owned, and not used again.
        unsafe { sys::BN_GENCB_free(self.0.as_ptr()) };
    }
}

/// Scratch numbers.
struct Ctx(NonNull<ffi::BN_CTX>);

impl Ctx {
    fn new() -> Option<Ctx> {
        // SAFETY: takes no arguments.
        NonNull::new(unsafe { ffi::BN_CTX_new() }).map(Ctx)
    }
}

impl Drop for Ctx {
    fn drop(&mut self) {
        // SAFETY: owned, and not used again.
        unsafe { ffi::BN_CTX_free(self.0.as_ptr()) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(bits: c_int, safe: bool, add: Option<(&[u8], Option<&[u8]>)>) -> u64 {
        match generate_prime(bits, safe, add, &mut || true).expect("a prime") {
            Prime::Found(bytes) => bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn searches_end() {
        let mut go_on = || true;
        // Every number is a multiple of 3; then, 1 and 256 are the only ones; then (p - 1) / 2 is even.
        for (bits, safe, add, rem) in
            [(16, false, 12, 6), (8, false, 255, 1), (16, true, 12, 5), (2, false, 3, 1), (16, true, 12, 3)]
        {
            let among = Some((&[add][..], Some(&[rem][..])));
            assert_eq!(generate_prime(bits, safe, among, &mut go_on).expect("no error"), Prime::None);
        }
        assert_eq!(found(3, true, Some((&[4], Some(&[1])))), 5);
        assert_eq!(found(16, true, Some((&[12], Some(&[11])))) % 12, 11);
        assert_eq!(found(8, false, Some((&[128], Some(&[3])))), 131);
    }

    #[test]
    fn a_search_is_stopped() {
        let mut asked = 0;
        let mut go_on = || {
            asked += 1;
            asked < 3
        };
        assert_eq!(generate_prime(4096, true, None, &mut go_on).expect("no error"), Prime::Stopped);
        assert_eq!(asked, 3);
        let add = Some((&[12][..], None));
        assert_eq!(generate_prime(4096, false, add, &mut || false).expect("no error"), Prime::Stopped);
        let mersenne = [&[0x7f][..], &[0xff; 15][..]].concat();
        assert_eq!(check_prime(&mersenne, 0, &mut || true).expect("no error"), Some(true));
        assert_eq!(check_prime(&mersenne, i32::MAX, &mut || false).expect("no error"), None);
        assert!(super::super::failure_text().is_none(), "the queue is empty");
    }
}
