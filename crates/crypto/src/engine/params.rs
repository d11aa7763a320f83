//! Lists of `OSSL_PARAM`.

use std::ffi::{CStr, c_char, c_uint, c_void};
use std::ptr;

use openssl_sys as ffi;

/// `OSSL_PARAM_INTEGER` and so on, of openssl/core.h.
const INTEGER: c_uint = 1;
const UNSIGNED_INTEGER: c_uint = 2;
const UTF8_STRING: c_uint = 4;
const OCTET_STRING: c_uint = 5;

/// Named values for OpenSSL. Bytes are borrowed; the copies that it makes of others are cleared when it is dropped.
#[derive(Default)]
pub(crate) struct Params<'a> {
    values: Vec<Value<'a>>,
}

struct Value<'a> {
    key: &'static CStr,
    kind: c_uint,
    data: Data<'a>,
}

enum Data<'a> {
    Lent(&'a [u8]),
    /// With a NUL behind it, which is not counted.
    Text(Vec<u8>),
    Own(Vec<u8>),
    Word([u8; 8]),
}

impl<'a> Params<'a> {
    pub(crate) fn new() -> Params<'a> {
        Params::default()
    }

    /// Adds a text, which ends before its first NUL.
    pub(crate) fn text(self, key: &'static CStr, text: &str) -> Params<'a> {
        let text = text.split('\0').next().unwrap_or_default();
        let mut data = Vec::with_capacity(text.len() + 1);
        data.extend_from_slice(text.as_bytes());
        // OpenSSL reads up to a NUL, whatever the size.
        data.push(0);
        self.with(key, UTF8_STRING, Data::Text(data))
    }

    /// Adds bytes.
    pub(crate) fn octets(self, key: &'static CStr, data: &'a [u8]) -> Params<'a> {
        self.with(key, OCTET_STRING, Data::Lent(data))
    }

    /// Adds a number without sign.
    pub(crate) fn unsigned(self, key: &'static CStr, value: u64) -> Params<'a> {
        self.with(key, UNSIGNED_INTEGER, Data::Word(value.to_ne_bytes()))
    }

    /// Adds a number.
    pub(crate) fn integer(self, key: &'static CStr, value: i64) -> Params<'a> {
        self.with(key, INTEGER, Data::Word(value.to_ne_bytes()))
    }

    /// Adds a number of any size, from its bytes, the most significant first.
    pub(crate) fn big(self, key: &'static CStr, bytes: &[u8]) -> Params<'a> {
        let mut data = bytes.to_vec();
        if data.is_empty() {
            data.push(0);
        }
        if cfg!(target_endian = "little") {
            data.reverse();
        }
        self.with(key, UNSIGNED_INTEGER, Data::Own(data))
    }

    fn with(mut self, key: &'static CStr, kind: c_uint, data: Data<'a>) -> Params<'a> {
        self.values.push(Value { key, kind, data });
        self
    }

    /// The list for OpenSSL, which points into `self`, and may only be read.
    pub(super) fn list(&self) -> Vec<ffi::OSSL_PARAM> {
        let end = ffi::OSSL_PARAM {
            key: ptr::null::<c_char>(),
            data_type: 0,
            data: ptr::null_mut(),
            data_size: 0,
            return_size: 0,
        };
        let item = |value: &Value<'_>| {
            let (data, len) = match &value.data {
                Data::Lent(data) => (data.as_ptr(), data.len()),
                Data::Text(data) => (data.as_ptr(), data.len() - 1),
                Data::Own(data) => (data.as_ptr(), data.len()),
                Data::Word(data) => (data.as_ptr(), data.len()),
            };
            ffi::OSSL_PARAM {
                key: value.key.as_ptr(),
                data_type: value.kind,
                data: data.cast_mut().cast::<c_void>(),
                data_size: len,
                // OSSL_PARAM_UNMODIFIED
                return_size: usize::MAX,
            }
        };
        self.values.iter().map(item).chain([end]).collect()
    }
}

impl Drop for Params<'_> {
    fn drop(&mut self) {
        for value in &mut self.values {
            if let Data::Own(data) = &mut value.data {
                super::cleanse(data);
            }
        }
    }
}
