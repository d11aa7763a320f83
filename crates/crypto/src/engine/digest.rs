//! `EVP_MD` and `EVP_MD_CTX`.

use std::ffi::c_uint;
use std::ptr::{self, NonNull};

use nodecore_error::{Error, Result};
use openssl_sys as ffi;

use super::{c_name, failure, failure_as, failure_thrown, forget, init, sys};

/// A digest algorithm, fetched.
#[derive(Debug)]
pub(crate) struct Md(NonNull<ffi::EVP_MD>);

// SAFETY: a fetched EVP_MD does not change, and counts its references atomically.
unsafe impl Send for Md {}
// SAFETY: as above.
unsafe impl Sync for Md {}

impl Md {
    /// The algorithm of that name in the default provider, in any case; `None` if there is none.
    pub(crate) fn fetch(name: &str) -> Option<Md> {
        init();
        let name = c_name(name)?;
        // SAFETY: a NUL-terminated name; the default library context and no properties.
        let md = unsafe { ffi::EVP_MD_fetch(ptr::null_mut(), name.as_ptr(), ptr::null()) };
        if md.is_null() {
            forget();
        }
        NonNull::new(md).map(Md)
    }

    /// A digest that OpenSSL knows by name and has no provider of, such as MD4: what is done with it fails.
    pub(crate) fn legacy(name: &str) -> Option<Md> {
        init();
        let name = c_name(name)?;
        // SAFETY: a NUL-terminated name. What it gives is static, and freeing such a one does nothing.
        NonNull::new(unsafe { ffi::EVP_get_digestbyname(name.as_ptr()) }.cast_mut()).map(Md)
    }

    /// Bytes of output; for an XOF OpenSSL's default, 0 if it has none.
    pub(crate) fn size(&self) -> usize {
        // SAFETY: a live EVP_MD.
        usize::try_from(unsafe { ffi::EVP_MD_get_size(self.0.as_ptr()) }).unwrap_or(0)
    }

    /// Bytes of a block.
    pub(crate) fn block_size(&self) -> usize {
        // SAFETY: a live EVP_MD.
        usize::try_from(unsafe { ffi::EVP_MD_get_block_size(self.0.as_ptr()) }).unwrap_or(0)
    }

    /// Whether the length of the output is the caller's choice.
    #[cfg(test)]
    pub(crate) fn is_xof(&self) -> bool {
        // SAFETY: a live EVP_MD.
        unsafe { sys::EVP_MD_get_flags(self.0.as_ptr()) & sys::MD_FLAG_XOF != 0 }
    }

    /// Its names in the provider.
    #[cfg(test)]
    pub(crate) fn names(&self) -> Vec<String> {
        use std::ffi::{CStr, c_char, c_void};
        extern "C" fn each(name: *const c_char, names: *mut c_void) {
            // SAFETY: a NUL-terminated name, and the vector that `names` lends for the call.
            let (name, names) = unsafe { (CStr::from_ptr(name), &mut *names.cast::<Vec<String>>()) };
            names.push(name.to_string_lossy().into_owned());
        }
        let mut names = Vec::<String>::new();
        // SAFETY: a live EVP_MD; `names` outlives the call.
        unsafe { sys::EVP_MD_names_do_all(self.0.as_ptr(), each, (&raw mut names).cast()) };
        names
    }

    /// Whether `name` is one of its names.
    pub(crate) fn is_a(&self, name: &str) -> bool {
        // SAFETY: a live EVP_MD and a NUL-terminated name.
        c_name(name).is_some_and(|name| unsafe { sys::EVP_MD_is_a(self.0.as_ptr(), name.as_ptr()) == 1 })
    }

    pub(super) fn as_ptr(&self) -> *const ffi::EVP_MD {
        self.0.as_ptr()
    }
}

impl Drop for Md {
    fn drop(&mut self) {
        // SAFETY: owned, and not used again.
        unsafe { ffi::EVP_MD_free(self.0.as_ptr()) };
    }
}

/// A digest that OpenSSL knows and cannot compute: the provider of MD4 and its like is not there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LegacyMd(NonNull<ffi::EVP_MD>);

// SAFETY: a static EVP_MD, which does not change.
unsafe impl Send for LegacyMd {}

impl LegacyMd {
    /// The digest of that name; of one that can be fetched it says so as well.
    pub(crate) fn find(name: &str) -> Option<LegacyMd> {
        init();
        let name = c_name(name)?;
        // SAFETY: a NUL-terminated name.
        let md = unsafe { ffi::EVP_get_digestbyname(name.as_ptr()) };
        forget();
        NonNull::new(md.cast_mut()).map(LegacyMd)
    }

    /// Bytes of output.
    pub(crate) fn size(self) -> usize {
        // SAFETY: a static EVP_MD.
        usize::try_from(unsafe { ffi::EVP_MD_get_size(self.0.as_ptr()) }).unwrap_or(0)
    }

    /// The error of beginning with it.
    pub(crate) fn begin(self) -> Error {
        if let Ok(ctx) = MdCtx::empty() {
            // SAFETY: a live context, and a static EVP_MD.
            unsafe { ffi::EVP_DigestInit_ex(ctx.0.as_ptr(), self.0.as_ptr(), ptr::null_mut()) };
        }
        failure_thrown("Digest method not supported")
    }

    /// The error of asking a provider for it.
    pub(crate) fn fetch(self) -> Error {
        self.ask();
        failure_thrown("Digest method not supported")
    }

    /// As [`fetch`](LegacyMd::fetch), with a text of Node's own.
    pub(crate) fn fetch_as(self, message: &str) -> Error {
        self.ask();
        failure_as(message)
    }

    /// Leaves an error on the queue.
    fn ask(self) {
        // SAFETY: a static EVP_MD, and its NUL-terminated name; the default library context and no properties.
        unsafe {
            let name = sys::EVP_MD_get0_name(self.0.as_ptr());
            ffi::EVP_MD_free(ffi::EVP_MD_fetch(ptr::null_mut(), name, ptr::null()));
        }
    }
}

/// A digest under way.
#[derive(Debug)]
pub(crate) struct MdCtx(NonNull<ffi::EVP_MD_CTX>);

// SAFETY: an EVP_MD_CTX belongs to no thread; it is used by one at a time.
unsafe impl Send for MdCtx {}

impl MdCtx {
    /// A context that has seen nothing.
    ///
    /// # Errors
    /// OpenSSL's, if there is no memory.
    pub(crate) fn new(md: &Md) -> Result<MdCtx> {
        let ctx = MdCtx::empty()?;
        // SAFETY: both are live.
        match unsafe { ffi::EVP_DigestInit_ex(ctx.0.as_ptr(), md.as_ptr(), ptr::null_mut()) } {
            1 => Ok(ctx),
            _ => Err(failure("Digest method not supported")),
        }
    }

    fn empty() -> Result<MdCtx> {
        // SAFETY: takes no arguments.
        NonNull::new(unsafe { ffi::EVP_MD_CTX_new() }).map(MdCtx).ok_or_else(|| failure("Out of memory"))
    }

    /// Adds `data`.
    ///
    /// # Errors
    /// OpenSSL's.
    pub(crate) fn update(&mut self, data: &[u8]) -> Result<()> {
        // SAFETY: a live context, and `data.len()` readable bytes.
        match unsafe { ffi::EVP_DigestUpdate(self.0.as_ptr(), data.as_ptr().cast(), data.len()) } {
            1 => Ok(()),
            _ => Err(failure("Hash update failed")),
        }
    }

    /// Ends the digest; fills `out`, which is as long as the algorithm's output.
    ///
    /// # Errors
    /// OpenSSL's.
    pub(crate) fn finish(&mut self, out: &mut [u8]) -> Result<()> {
        // SAFETY: a live context.
        let size = unsafe { ffi::EVP_MD_get_size(ffi::EVP_MD_CTX_get0_md(self.0.as_ptr())) };
        if usize::try_from(size).is_ok_and(|size| size <= out.len()) {
            let mut written: c_uint = 0;
            // SAFETY: a live context, and room for the digest.
            if unsafe { ffi::EVP_DigestFinal_ex(self.0.as_ptr(), out.as_mut_ptr(), &raw mut written) } == 1 {
                return Ok(());
            }
        }
        Err(failure("Digest failed"))
    }

    /// Ends the digest of an XOF; fills `out`.
    ///
    /// # Errors
    /// OpenSSL's, such as for an algorithm that is no XOF.
    pub(crate) fn finish_xof(&mut self, out: &mut [u8]) -> Result<()> {
        // SAFETY: a live context.
        let flags = unsafe { sys::EVP_MD_get_flags(ffi::EVP_MD_CTX_get0_md(self.0.as_ptr())) };
        // OpenSSL would leave the end of `out` as it is.
        if flags & sys::MD_FLAG_XOF != 0 {
            // SAFETY: a live context, and `out.len()` writable bytes.
            if unsafe { ffi::EVP_DigestFinalXOF(self.0.as_ptr(), out.as_mut_ptr(), out.len()) } == 1 {
                return Ok(());
            }
        }
        Err(failure("Digest failed"))
    }

    /// Another context in the same state.
    ///
    /// # Errors
    /// OpenSSL's, if there is no memory.
    pub(crate) fn try_clone(&self) -> Result<MdCtx> {
        let copy = MdCtx::empty()?;
        // SAFETY: both are live.
        match unsafe { ffi::EVP_MD_CTX_copy_ex(copy.0.as_ptr(), self.0.as_ptr()) } {
            1 => Ok(copy),
            _ => Err(failure("Digest copy failed")),
        }
    }
}

impl Drop for MdCtx {
    fn drop(&mut self) {
        // SAFETY: owned, and not used again; OpenSSL clears what it held.
        unsafe { ffi::EVP_MD_CTX_free(self.0.as_ptr()) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_the_standards() {
        // RFC 1321, A.5.
        let md5 = Md::fetch("MD5").expect("MD5");
        assert_eq!((md5.size(), md5.block_size(), md5.is_xof()), (16, 64, false));
        assert!(md5.names().iter().any(|name| name == "SSL3-MD5"));
        let mut ctx = MdCtx::new(&md5).expect("a context");
        ctx.update(b"a").expect("update");
        let mut copy = ctx.try_clone().expect("a copy");
        let mut out = [0; 16];
        ctx.finish(&mut out).expect("finish");
        assert_eq!(out[..4], [0x0c, 0xc1, 0x75, 0xb9]);
        copy.update(b"bc").expect("update");
        copy.finish(&mut out).expect("finish");
        assert_eq!(out[..4], [0x90, 0x01, 0x50, 0x98]);
    }

    #[test]
    fn what_openssl_refuses_is_an_error() {
        assert!(Md::fetch("nope").is_none());
        assert!(Md::fetch("md5\0").is_none());
        let md5 = Md::fetch("md5").expect("MD5");
        let mut ctx = MdCtx::new(&md5).expect("a context");
        assert!(ctx.finish(&mut [0; 15]).is_err());
        assert!(ctx.finish_xof(&mut [0; 20]).is_err());
        ctx.finish(&mut [0; 16]).expect("finish");
        let error = ctx.update(b"a").expect_err("it is finished");
        assert!(error.code_name().starts_with("ERR_OSSL_"), "{error:?}");
        let details = error.openssl().expect("details");
        assert_eq!(details.stack().last().map(|text| &**text), Some(&*error.to_string()));
        assert!(super::super::failure_text().is_none(), "the queue is empty");
    }

    #[test]
    fn an_xof_is_as_long_as_asked() {
        // FIPS 202: SHAKE128 of nothing.
        let shake = Md::fetch("shake128").expect("SHAKE128");
        assert!(shake.is_xof());
        let mut out = [0; 5];
        MdCtx::new(&shake).expect("a context").finish_xof(&mut out).expect("finish");
        assert_eq!(out, [0x7f, 0x9c, 0x2b, 0xa4, 0xe8]);
    }
}
