//! `nodecore/crypto_cipher.h`.

use std::ffi::{c_char, c_void};

use ::nodecore_error::{Code, Error, Result};
use ::nodecore_stream::Duplex;
use nodecore_crypto::{
    CipherInfo, CipherInfoOptions, CipherOptions, CipherStream, Cipheriv, DecipherStream, Decipheriv,
    create_cipheriv, create_decipheriv, get_cipher_info, get_cipher_info_by_nid, get_ciphers,
};

use crate::boundary::{Castable, SizedOptions, SizedOut, arg, entry, total};
use crate::chunk::Item;
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop};
use crate::str::{nodecore_buf, nodecore_str};
use crate::stream::nodecore_stream;

#[derive(Debug)]
pub struct nodecore_cipher(State);
impl Castable for nodecore_cipher {}

/// A cipher belongs to one thread until it is made a stream, then to that stream.
#[derive(Debug)]
enum State {
    Cipher(Cipheriv),
    Decipher(Decipheriv),
    CipherStream(CipherStream<Item>),
    DecipherStream(DecipherStream<Item>),
    /// While it is made a stream.
    Moving,
}

fn streamed<T>() -> Result<T> {
    Err(Error::from_template(Code::InvalidState, &[&"The cipher is a stream"]))
}

impl nodecore_cipher {
    fn update(&mut self, data: &[u8]) -> Result<Vec<u8>> {
        match &mut self.0 {
            State::Cipher(cipher) => cipher.update(data),
            State::Decipher(decipher) => decipher.update(data),
            _ => streamed(),
        }
    }

    fn update_into(&mut self, data: &[u8], out: &mut [u8]) -> Result<usize> {
        match &mut self.0 {
            State::Cipher(cipher) => cipher.update_into(data, out),
            State::Decipher(decipher) => decipher.update_into(data, out),
            _ => streamed(),
        }
    }

    fn finish(&mut self) -> Result<Vec<u8>> {
        match &mut self.0 {
            State::Cipher(cipher) => cipher.finish(),
            State::Decipher(decipher) => decipher.finish(),
            _ => streamed(),
        }
    }

    fn finish_into(&mut self, out: &mut [u8]) -> Result<usize> {
        match &mut self.0 {
            State::Cipher(cipher) => cipher.finish_into(out),
            State::Decipher(decipher) => decipher.finish_into(out),
            _ => streamed(),
        }
    }

    fn room(&self, length: usize) -> usize {
        match &self.0 {
            State::Cipher(cipher) => cipher.room(length),
            State::Decipher(decipher) => decipher.room(length),
            _ => usize::MAX,
        }
    }

    fn set_auto_padding(&mut self, padding: bool) -> Result<()> {
        match &mut self.0 {
            State::Cipher(cipher) => cipher.set_auto_padding(padding).map(drop),
            State::Decipher(decipher) => decipher.set_auto_padding(padding).map(drop),
            State::CipherStream(stream) => stream.set_auto_padding(padding),
            State::DecipherStream(stream) => stream.set_auto_padding(padding),
            State::Moving => streamed(),
        }
    }

    fn set_aad(&mut self, data: &[u8], text_length: Option<u32>) -> Result<()> {
        match &mut self.0 {
            State::Cipher(cipher) => cipher.set_aad(data, text_length).map(drop),
            State::Decipher(decipher) => decipher.set_aad(data, text_length).map(drop),
            State::CipherStream(stream) => stream.set_aad(data, text_length),
            State::DecipherStream(stream) => stream.set_aad(data, text_length),
            State::Moving => streamed(),
        }
    }

    fn get_auth_tag(&self) -> Result<Vec<u8>> {
        match &self.0 {
            State::Cipher(cipher) => cipher.get_auth_tag(),
            State::CipherStream(stream) => stream.get_auth_tag(),
            _ => Err(Error::from_template(Code::CryptoInvalidState, &[&"getAuthTag"])),
        }
    }

    fn set_auth_tag(&mut self, tag: &[u8]) -> Result<()> {
        match &mut self.0 {
            State::Decipher(decipher) => decipher.set_auth_tag(tag).map(drop),
            State::DecipherStream(stream) => stream.set_auth_tag(tag),
            _ => Err(Error::from_template(Code::CryptoInvalidState, &[&"setAuthTag"])),
        }
    }

    fn stream(&mut self, lp: &nodecore_event_loop::EventLoop) -> Result<nodecore_stream> {
        let (state, stream) = match std::mem::replace(&mut self.0, State::Moving) {
            State::Cipher(cipher) => {
                let stream = cipher.into_stream_of(lp);
                let duplex = Duplex::clone(&stream);
                (State::CipherStream(stream), Ok(duplex.into()))
            }
            State::Decipher(decipher) => {
                let stream = decipher.into_stream_of(lp);
                let duplex = Duplex::clone(&stream);
                (State::DecipherStream(stream), Ok(duplex.into()))
            }
            other => (other, streamed()),
        };
        self.0 = state;
        stream
    }
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_cipher_options {
    pub struct_size: usize,
    pub has_auth_tag_length: bool,
    pub auth_tag_length: u32,
}

impl SizedOptions for nodecore_cipher_options {
    const ZERO: Self =
        nodecore_cipher_options { struct_size: 0, has_auth_tag_length: false, auth_tag_length: 0 };
    const MIN_SIZE: usize = size_of::<nodecore_cipher_options>();
}

impl nodecore_cipher_options {
    fn options(&self) -> CipherOptions {
        let options = CipherOptions::default();
        if self.has_auth_tag_length { options.auth_tag_length(self.auth_tag_length) } else { options }
    }
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_cipher_info {
    pub struct_size: usize,
    pub name: nodecore_str,
    pub mode: nodecore_str,
    pub nid: u32,
    pub block_size: usize,
    pub iv_length: usize,
    pub key_length: usize,
}

impl nodecore_cipher_info {
    const MIN_SIZE: usize = size_of::<nodecore_cipher_info>();

    fn new(info: &CipherInfo) -> nodecore_cipher_info {
        nodecore_cipher_info {
            struct_size: 0,
            name: nodecore_str::new(info.name.as_bytes()),
            mode: nodecore_str::new(info.mode.name().as_bytes()),
            nid: info.nid.unwrap_or(0),
            block_size: info.block_size.unwrap_or(0),
            iv_length: info.iv_length.unwrap_or(0),
            key_length: info.key_length,
        }
    }
}

/// A length that may be left out, as a negative one.
fn length(name: &str, value: i64) -> Result<Option<u32>> {
    if value < 0 {
        return Ok(None);
    }
    let error = |_| Error::from_template(Code::OutOfRange, &[&name, &"<= 4294967295", &value]);
    u32::try_from(value).map(Some).map_err(error)
}

fn info_options(key_length: i64, iv_length: i64) -> Result<CipherInfoOptions> {
    let mut options = CipherInfoOptions::default();
    if let Some(bytes) = length("key_length", key_length)? {
        options = options.key_length(bytes);
    }
    if let Some(bytes) = length("iv_length", iv_length)? {
        options = options.iv_length(bytes);
    }
    Ok(options)
}

fn known(info: Option<CipherInfo>) -> Result<nodecore_cipher_info> {
    let unknown = || Error::from_template(Code::CryptoUnknownCipher, &[]);
    info.as_ref().map(nodecore_cipher_info::new).ok_or_else(unknown)
}

/// Declared in the header.
///
/// # Safety
/// - `algorithm` is null or text as [`arg::bytes`] asks; `key` and `iv` are null or have as many readable
///   bytes as their lengths say; `opts` is null or as its size says; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_cipher_new(
    algorithm: *const c_char,
    algorithm_len: usize,
    key: *const c_void,
    key_len: usize,
    iv: *const c_void,
    iv_len: usize,
    opts: *const nodecore_cipher_options,
    out: *mut *mut nodecore_cipher,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let algorithm = arg::text(algorithm, algorithm_len, "algorithm")?;
            let (key, iv) = (arg::data(key, key_len, "key")?, arg::data(iv, iv_len, "iv")?);
            let options = nodecore_cipher_options::read(opts, "opts")?.options();
            let cipher = create_cipheriv(algorithm, key, iv, &options)?;
            out.set(nodecore_cipher(State::Cipher(cipher)).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_cipher_new`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_decipher_new(
    algorithm: *const c_char,
    algorithm_len: usize,
    key: *const c_void,
    key_len: usize,
    iv: *const c_void,
    iv_len: usize,
    opts: *const nodecore_cipher_options,
    out: *mut *mut nodecore_cipher,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let algorithm = arg::text(algorithm, algorithm_len, "algorithm")?;
            let (key, iv) = (arg::data(key, key_len, "key")?, arg::data(iv, iv_len, "iv")?);
            let options = nodecore_cipher_options::read(opts, "opts")?.options();
            let decipher = create_decipheriv(algorithm, key, iv, &options)?;
            out.set(nodecore_cipher(State::Decipher(decipher)).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `cipher` is null or a cipher that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_cipher_free(cipher: *mut nodecore_cipher) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(cipher) };
}

/// Declared in the header.
///
/// # Safety
/// - `cipher` is null or a live cipher; `data` is null or points to `len` readable bytes; `out` and `err` are
///   null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_cipher_update(
    cipher: *mut nodecore_cipher,
    data: *const c_void,
    len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let cipher = arg::object_mut(cipher, "cipher")?;
            out.set(cipher.update(arg::data(data, len, "data")?)?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `cipher` is null or a live cipher; `data` is null or points to `len` readable bytes; `out` is null or
///   points to `out_len` other, writable and initialised bytes; `written` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_cipher_update_into(
    cipher: *mut nodecore_cipher,
    data: *const c_void,
    len: usize,
    out: *mut c_void,
    out_len: usize,
    written: *mut usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let written = arg::out(written, "written")?;
            let cipher = arg::object_mut(cipher, "cipher")?;
            let data = arg::data(data, len, "data")?;
            written.set(cipher.update_into(data, arg::data_mut(out, out_len, "out")?)?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `cipher` is null or a live cipher; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_cipher_final(
    cipher: *mut nodecore_cipher,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(arg::object_mut(cipher, "cipher")?.finish()?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `cipher` is null or a live cipher; `out` is null or points to `out_len` writable and initialised bytes;
///   `written` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_cipher_final_into(
    cipher: *mut nodecore_cipher,
    out: *mut c_void,
    out_len: usize,
    written: *mut usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let written = arg::out(written, "written")?;
            let cipher = arg::object_mut(cipher, "cipher")?;
            written.set(cipher.finish_into(arg::data_mut(out, out_len, "out")?)?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `cipher` is null or a live cipher.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_cipher_room(cipher: *const nodecore_cipher, len: usize) -> usize {
    // SAFETY: as the caller vouches.
    total(usize::MAX, || unsafe { arg::nullable(cipher) }.map_or(usize::MAX, |cipher| cipher.room(len)))
}

/// Declared in the header.
///
/// # Safety
/// - `cipher` is null or a live cipher; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_cipher_set_auto_padding(
    cipher: *mut nodecore_cipher,
    padding: bool,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { entry(err, || arg::object_mut(cipher, "cipher")?.set_auto_padding(padding)) }
}

/// Declared in the header.
///
/// # Safety
/// - `cipher` is null or a live cipher; `data` is null or points to `len` readable bytes; `err` is null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_cipher_set_aad(
    cipher: *mut nodecore_cipher,
    data: *const c_void,
    len: usize,
    text_len: i64,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let cipher = arg::object_mut(cipher, "cipher")?;
            cipher.set_aad(arg::data(data, len, "data")?, length("text_len", text_len)?)
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `cipher` is null or a live cipher; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_cipher_get_auth_tag(
    cipher: *const nodecore_cipher,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(arg::object(cipher, "cipher")?.get_auth_tag()?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `cipher` is null or a live cipher; `tag` is null or points to `len` readable bytes; `err` is null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_cipher_set_auth_tag(
    cipher: *mut nodecore_cipher,
    tag: *const c_void,
    len: usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { entry(err, || arg::object_mut(cipher, "cipher")?.set_auth_tag(arg::data(tag, len, "tag")?)) }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cipher` is null or a live cipher; `out` and `err` are
///   null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_cipher_stream(
    lp: *mut nodecore_loop,
    cipher: *mut nodecore_cipher,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let cipher = arg::object_mut(cipher, "cipher")?;
            out.set(cipher.stream(event_loop(lp)?)?.into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
#[unsafe(no_mangle)]
pub extern "C" fn nodecore_cipher_count() -> usize {
    total(0, || get_ciphers().len())
}

/// Declared in the header.
#[unsafe(no_mangle)]
pub extern "C" fn nodecore_cipher_name(index: usize) -> nodecore_str {
    total(nodecore_str::NONE, || nodecore_str::nullable(get_ciphers().get(index).map(|name| name.as_bytes())))
}

/// Declared in the header.
///
/// # Safety
/// - `name` is null or text as [`arg::bytes`] asks; `out` is null or as its size says; `err` is null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_cipher_get_info(
    name: *const c_char,
    name_len: usize,
    key_length: i64,
    iv_length: i64,
    out: *mut nodecore_cipher_info,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = SizedOut::new(out, nodecore_cipher_info::MIN_SIZE, "out")?;
            let name = arg::text(name, name_len, "name")?;
            out.set(&known(get_cipher_info(name, &info_options(key_length, iv_length)?))?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `out` is null or as its size says; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_cipher_get_info_by_nid(
    nid: u32,
    key_length: i64,
    iv_length: i64,
    out: *mut nodecore_cipher_info,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = SizedOut::new(out, nodecore_cipher_info::MIN_SIZE, "out")?;
            out.set(&known(get_cipher_info_by_nid(nid, &info_options(key_length, iv_length)?))?);
            Ok(())
        })
    }
}
