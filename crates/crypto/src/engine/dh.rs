//! `DH`: a pair in a group of numbers that need not be sound. `EVP_PKEY` would refuse many that Node takes.

use std::ffi::c_int;
use std::ptr::{self, NonNull};

use openssl_sys as ffi;

use super::bn::{self, Bn};
use super::{forget, init, modp_prime, sys_agree as sys};
use crate::secret::Secret;

/// A group and, if they are there, both halves of a pair.
#[derive(Debug)]
pub(crate) struct Dh(NonNull<ffi::DH>);

// SAFETY: nothing in a DH belongs to a thread.
unsafe impl Send for Dh {}

/// Why there is no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    TooSmall,
    TooLarge,
    Failed,
}

impl Dh {
    /// The group of these numbers; `None` only if there is no memory.
    pub(crate) fn new(prime: &[u8], generator: &[u8]) -> Option<Dh> {
        let dh = Dh::empty()?;
        let (p, g) = (Bn::from_bytes(prime)?, Bn::from_bytes(generator)?);
        // SAFETY: all are live; the DH takes the numbers if it takes them, which it does when both are there.
        match unsafe { ffi::DH_set0_pqg(dh.0.as_ptr(), p.as_ptr(), ptr::null_mut(), g.as_ptr()) } {
            1 => {
                p.into_ptr();
                g.into_ptr();
                Some(dh)
            }
            _ => None,
        }
    }

    /// A new group with a prime of `bits` bits; `None` if OpenSSL makes none.
    pub(crate) fn generate(bits: c_int, generator: c_int) -> Option<Dh> {
        let dh = Dh::empty()?;
        // SAFETY: live; there is no callback.
        let made =
            unsafe { ffi::DH_generate_parameters_ex(dh.0.as_ptr(), bits, generator, ptr::null_mut()) == 1 };
        forget();
        made.then_some(dh)
    }

    /// A group of RFC 2409 or 3526, by Node's name of it.
    pub(crate) fn group(name: &str) -> Option<Dh> {
        Dh::new(&modp_prime(name)?, &[2])
    }

    fn empty() -> Option<Dh> {
        init();
        // SAFETY: takes no arguments.
        NonNull::new(unsafe { ffi::DH_new() }).map(Dh)
    }

    /// What is wrong with the group, as `DH_check` says it; `None` if it cannot say.
    pub(crate) fn check(&self) -> Option<u32> {
        let mut codes = 0;
        // SAFETY: live, and room for the codes.
        let checked = unsafe { ffi::DH_check(self.0.as_ptr(), &raw mut codes) } == 1;
        forget();
        if checked { u32::try_from(codes).ok() } else { None }
    }

    /// Makes a pair, or the public half of the private one that is there.
    pub(crate) fn generate_key(&mut self) -> bool {
        let mut private = ptr::null();
        // SAFETY: live, and room for a pointer to a number that lives as long.
        unsafe { ffi::DH_get0_key(self.0.as_ptr(), ptr::null_mut(), &raw mut private) };
        let made = if private.is_null() {
            // SAFETY: live, and ours alone.
            unsafe { ffi::DH_generate_key(self.0.as_ptr()) == 1 }
        } else {
            // SAFETY: a number of the DH, which is not changed before it is used.
            unsafe { self.power(private) }.is_some_and(|public| self.take_public(public))
        };
        forget();
        made
    }

    /// The public half of `private`, also in the small groups that OpenSSL refuses; `None` for an even prime, and
    /// if it is zero.
    ///
    /// # Safety
    /// - `private` is live.
    unsafe fn power(&self, private: *const ffi::BIGNUM) -> Option<Bn> {
        let (mut p, mut g) = (ptr::null(), ptr::null());
        let public = Bn::new()?;
        // SAFETY: live, and room for pointers to numbers that live as long; the scratch numbers are freed once.
        unsafe {
            ffi::DH_get0_pqg(self.0.as_ptr(), &raw mut p, ptr::null_mut(), &raw mut g);
            if p.is_null() || g.is_null() {
                return None;
            }
            let ctx = ffi::BN_CTX_new();
            let done = sys::BN_mod_exp_mont_consttime(public.as_ptr(), g, private, p, ctx, ptr::null_mut());
            ffi::BN_CTX_free(ctx);
            (done == 1 && super::sys::BN_is_zero(public.as_ptr()) == 0).then_some(public)
        }
    }

    fn take_public(&mut self, public: Bn) -> bool {
        // SAFETY: both are live; the number is handed over.
        unsafe { ffi::DH_set0_key(self.0.as_ptr(), public.into_ptr(), ptr::null_mut()) == 1 }
    }

    /// The secret, as long as the prime.
    pub(crate) fn compute(&self, public: &[u8]) -> Result<Secret, Refused> {
        let result = self.try_compute(public);
        forget();
        result
    }

    fn try_compute(&self, public: &[u8]) -> Result<Secret, Refused> {
        let public = Bn::from_bytes(public).ok_or(Refused::Failed)?;
        self.check_range(&public)?;
        // SAFETY: live.
        let size = unsafe { ffi::DH_size(self.0.as_ptr()) };
        let size = usize::try_from(size).map_err(|_| Refused::Failed)?;
        let mut secret = Secret::zeroed(size).map_err(|_| Refused::Failed)?;
        // SAFETY: both are live, and there is room for the size of the prime.
        let len =
            unsafe { sys::DH_compute_key_padded(secret.as_mut_ptr(), public.as_ptr(), self.0.as_ptr()) };
        if usize::try_from(len) == Ok(size) { Ok(secret) } else { Err(Refused::Failed) }
    }

    /// Refuses what is not between 1 and the prime less one. `DH_check_pub_key` also takes the power of it by the order of
    /// the known groups, to say what Node does not ask for: in these no other number has a small order.
    fn check_range(&self, public: &Bn) -> Result<(), Refused> {
        let (mut p, last) = (ptr::null(), Bn::new().ok_or(Refused::Failed)?);
        // SAFETY: all are live, and there is room for a pointer to a number that lives as long.
        unsafe {
            ffi::DH_get0_pqg(self.0.as_ptr(), &raw mut p, ptr::null_mut(), ptr::null_mut());
            if p.is_null() || ffi::BN_sub(last.as_ptr(), p, sys::BN_value_one()) != 1 {
                return Err(Refused::Failed);
            }
            if ffi::BN_cmp(public.as_ptr(), sys::BN_value_one()) <= 0 {
                return Err(Refused::TooSmall);
            }
            if ffi::BN_cmp(public.as_ptr(), last.as_ptr()) >= 0 { Err(Refused::TooLarge) } else { Ok(()) }
        }
    }

    /// What belongs to the group: the prime and the generator.
    pub(crate) fn parameters(&self) -> [Vec<u8>; 2] {
        let (mut p, mut g) = (ptr::null(), ptr::null());
        // SAFETY: live, and room for pointers to numbers that live as long.
        unsafe {
            ffi::DH_get0_pqg(self.0.as_ptr(), &raw mut p, ptr::null_mut(), &raw mut g);
            [number(p), number(g)]
        }
    }

    /// The public half; nothing if there is none.
    pub(crate) fn public(&self) -> Vec<u8> {
        let mut key = ptr::null();
        // SAFETY: as in `parameters`.
        unsafe {
            ffi::DH_get0_key(self.0.as_ptr(), &raw mut key, ptr::null_mut());
            number(key)
        }
    }

    /// The private half; nothing if there is none.
    pub(crate) fn private(&self) -> Vec<u8> {
        let mut key = ptr::null();
        // SAFETY: as in `parameters`.
        unsafe {
            ffi::DH_get0_key(self.0.as_ptr(), ptr::null_mut(), &raw mut key);
            number(key)
        }
    }

    pub(crate) fn set_public(&mut self, key: &[u8]) -> bool {
        Bn::from_bytes(key).is_some_and(|number| self.take_public(number))
    }

    pub(crate) fn set_private(&mut self, key: &[u8]) -> bool {
        let Some(number) = Bn::from_bytes(key) else { return false };
        // SAFETY: both are live; the number is handed over.
        unsafe { ffi::DH_set0_key(self.0.as_ptr(), ptr::null_mut(), number.into_ptr()) == 1 }
    }
}

impl Drop for Dh {
    fn drop(&mut self) {
        // SAFETY: owned, and not used again. OpenSSL clears the private number.
        unsafe { ffi::DH_free(self.0.as_ptr()) };
    }
}

/// # Safety
/// - `number` is null or live.
unsafe fn number(number: *const ffi::BIGNUM) -> Vec<u8> {
    // SAFETY: live if it is not null.
    if number.is_null() { Vec::new() } else { unsafe { bn::bytes(number) } }
}
