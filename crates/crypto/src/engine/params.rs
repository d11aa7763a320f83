//! Lists of `OSSL_PARAM`.

use std::ffi::{CStr, c_char, c_uint, c_void};
use std::ptr;

use openssl_sys as ffi;

/// `OSSL_PARAM_INTEGER` and so on, of openssl/core.h.
const INTEGER: c_uint = 1;
const UNSIGNED_INTEGER: c_uint = 2;
const UTF8_STRING: c_uint = 4;
const OCTET_STRING: c_uint = 5;

/// Named values for OpenSSL. It owns copies of them, and clears these when it is dropped.
#[derive(Default)]
pub(crate) struct Params {
    values: Vec<Value>,
}

struct Value {
    key: &'static CStr,
    kind: c_uint,
    data: Vec<u8>,
    /// Without the NUL behind a text.
    len: usize,
}

impl Params {
    pub(crate) fn new() -> Params {
        Params::default()
    }

    /// Adds a text, which ends before its first NUL.
    pub(crate) fn text(mut self, key: &'static CStr, text: &str) -> Params {
        let text = text.split('\0').next().unwrap_or_default();
        let mut data = Vec::with_capacity(text.len() + 1);
        data.extend_from_slice(text.as_bytes());
        data.push(0);
        self.values.push(Value { key, kind: UTF8_STRING, data, len: text.len() });
        self
    }

    /// Adds bytes.
    pub(crate) fn octets(mut self, key: &'static CStr, data: &[u8]) -> Params {
        self.values.push(Value { key, kind: OCTET_STRING, data: data.to_vec(), len: data.len() });
        self
    }

    /// Adds a number without sign.
    pub(crate) fn unsigned(self, key: &'static CStr, value: u64) -> Params {
        self.number(key, UNSIGNED_INTEGER, value.to_ne_bytes().to_vec())
    }

    /// Adds a number.
    pub(crate) fn integer(self, key: &'static CStr, value: i64) -> Params {
        self.number(key, INTEGER, value.to_ne_bytes().to_vec())
    }

    /// Adds a number of any size, from its bytes, the most significant first.
    pub(crate) fn big(self, key: &'static CStr, bytes: &[u8]) -> Params {
        let mut data = bytes.to_vec();
        if data.is_empty() {
            data.push(0);
        }
        if cfg!(target_endian = "little") {
            data.reverse();
        }
        self.number(key, UNSIGNED_INTEGER, data)
    }

    fn number(mut self, key: &'static CStr, kind: c_uint, data: Vec<u8>) -> Params {
        let len = data.len();
        self.values.push(Value { key, kind, data, len });
        self
    }

    /// The list for OpenSSL, which points into `self`.
    pub(super) fn list(&mut self) -> Vec<ffi::OSSL_PARAM> {
        let end = ffi::OSSL_PARAM {
            key: ptr::null::<c_char>(),
            data_type: 0,
            data: ptr::null_mut(),
            data_size: 0,
            return_size: 0,
        };
        let item = |value: &mut Value| ffi::OSSL_PARAM {
            key: value.key.as_ptr(),
            data_type: value.kind,
            data: value.data.as_mut_ptr().cast::<c_void>(),
            data_size: value.len,
            // OSSL_PARAM_UNMODIFIED
            return_size: usize::MAX,
        };
        self.values.iter_mut().map(item).chain([end]).collect()
    }
}

impl Drop for Params {
    fn drop(&mut self) {
        for value in &mut self.values {
            super::cleanse(&mut value.data);
        }
    }
}
