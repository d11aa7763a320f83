//! `nodecore/querystring.h`, a file for each family of verbs; here is what they share.

pub(crate) mod escape;
pub(crate) mod parse;
pub(crate) mod stringify;

use std::borrow::Cow;
use std::ffi::c_void;

use ::nodecore_error::{Code, Error, Result};
use ::nodecore_querystring::{Latin1, Query};

use crate::boundary::{Castable, arg};
use crate::error::nodecore_status;
use crate::str::{nodecore_str, nodecore_str16};

/// A parsed query. It borrows from its own copy of the text, and goes before it.
#[derive(Debug)]
pub struct nodecore_querystring {
    query: Query<Cow<'static, str>>,
    _text: String,
}
impl Castable for nodecore_querystring {}

/// The same, of UTF-16.
#[derive(Debug)]
pub struct nodecore_querystring16 {
    query: Query<Cow<'static, [u16]>>,
    _text: Vec<u16>,
}
impl Castable for nodecore_querystring16 {}

pub type nodecore_querystring_decode = Option<
    unsafe extern "C" fn(text: nodecore_str, out: *mut nodecore_str, user: *mut c_void) -> nodecore_status,
>;
pub type nodecore_querystring_decode16 = Option<
    unsafe extern "C" fn(
        text: nodecore_str16,
        out: *mut nodecore_str16,
        user: *mut c_void,
    ) -> nodecore_status,
>;
pub type nodecore_querystring_encode = Option<
    unsafe extern "C" fn(text: nodecore_str, out: *mut nodecore_str, user: *mut c_void) -> nodecore_status,
>;
pub type nodecore_querystring_encode16 = Option<
    unsafe extern "C" fn(text: nodecore_str16, out: *mut nodecore_str, user: *mut c_void) -> nodecore_status,
>;

/// `text` as UTF-8, Latin-1 and UTF-16.
///
/// # Safety
/// - as for [`arg::text`], [`arg::bytes`] and [`arg::units`]; `'a` is of the caller's choice.
unsafe fn utf8<'a>(text: nodecore_str, name: &str) -> Result<&'a str> {
    // SAFETY: as the caller vouches.
    unsafe { arg::text(text.data, text.len, name) }
}

unsafe fn latin1<'a>(text: nodecore_str, name: &str) -> Result<Latin1<'a>> {
    // SAFETY: as the caller vouches.
    unsafe { arg::bytes(text.data, text.len, name) }.map(Latin1)
}

unsafe fn utf16<'a>(text: nodecore_str16, name: &str) -> Result<&'a [u16]> {
    // SAFETY: as the caller vouches.
    unsafe { arg::units(text.data, text.len, name) }
}

fn invalid(name: &str, why: &str, what: &str) -> Error {
    Error::from_template(Code::InvalidArgValue, &[&name, &why, &what])
}
