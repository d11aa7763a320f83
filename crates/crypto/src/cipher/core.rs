//! What `Cipheriv` and `Decipheriv` are made of: Node's states around one context of OpenSSL's.

use std::fmt;

use nodecore_buffer::{Encoding, StringDecoder};
use nodecore_error::{Code, Error, Result};

use super::CipherOptions;
use super::suite::{CipherMode, Suite};
use crate::engine::CipherCtx;

/// Bytes of the longest tag.
pub(super) const TAG: usize = 16;
/// The longest input of one call.
const LONGEST: usize = i32::MAX.unsigned_abs() as usize;

const UNAUTHENTICATED: &str = "Unsupported state or unable to authenticate data";

pub(super) struct Core {
    suite: &'static Suite,
    encrypts: bool,
    /// Gone with the end.
    ctx: Option<CipherCtx>,
    tag: Tag,
    tag_length: usize,
    /// The longest text of CCM with this vector.
    longest: usize,
    /// Whether data has been taken, which may have been empty.
    updated: bool,
    /// Whether it was not.
    begun: bool,
    /// Whether OpenSSL has refused the tag before the end, which is where it is told.
    rejected: bool,
    decoder: Option<StringDecoder>,
}

enum Tag {
    /// Of a cipher, before its end; of a decipher, before it was set.
    Open,
    /// Of a decipher.
    Set,
    /// Of a cipher, from its end on.
    Made([u8; TAG]),
}

impl Core {
    pub(super) fn new(
        algorithm: &str,
        key: &[u8],
        iv: &[u8],
        options: &CipherOptions,
        encrypts: bool,
    ) -> Result<Core> {
        for (bytes, text) in [(key, "key is too big"), (iv, "iv is too big")] {
            short_enough(bytes, text)?;
        }
        let unknown = || Error::from_template(Code::CryptoUnknownCipher, &[]);
        let suite = Suite::find(algorithm).ok_or_else(unknown)?;
        if (iv.is_empty() && suite.iv_length != 0) || !suite.takes_iv(iv.len()) {
            return Err(invalid_iv());
        }
        let mut ctx = CipherCtx::new(&suite.cipher, encrypts)?;
        // OpenSSL's CCM says 12, and begins with 7.
        let other = iv.len() != suite.iv_length || suite.mode == CipherMode::Ccm;
        if other && !ctx.set_iv_length(iv.len()) {
            return Err(invalid_iv());
        }
        let tag_length = match tag_length(suite, algorithm, options)? {
            Some(length) if suite.mode == CipherMode::Gcm => length,
            Some(length) if ctx.set_tag_length(length) => length,
            Some(length) => return Err(invalid_tag(length)),
            None => TAG,
        };
        ctx.set_key(key, iv)?;
        // The length of the text is written in what the vector leaves of 15 bytes.
        let longest = match iv.len() {
            13 => 0xffff,
            12 => 0xff_ffff,
            _ => LONGEST,
        };
        let tag = Tag::Open;
        Ok(Core {
            suite,
            encrypts,
            ctx: Some(ctx),
            tag,
            tag_length,
            longest,
            updated: false,
            begun: false,
            rejected: false,
            decoder: None,
        })
    }

    /// Bytes that an update with `length` bytes wants room for, or the end with 0.
    pub(super) fn room(&self, length: usize) -> usize {
        self.ctx.as_ref().map_or(0, |ctx| ctx.room(length))
    }

    pub(super) fn update(&mut self, data: &[u8]) -> Result<Vec<u8>> {
        self.take(data, |ctx| ctx.update_vec(data), Vec::new)
    }

    pub(super) fn update_into(&mut self, data: &[u8], out: &mut [u8]) -> Result<usize> {
        enough(out, self.room(data.len()))?;
        self.take(data, |ctx| ctx.update(data, out), || 0)
    }

    /// Has `update` take the data, where the state allows it; `nothing` is an empty result.
    fn take<T>(
        &mut self,
        data: &[u8],
        update: impl FnOnce(&mut CipherCtx) -> Option<T>,
        nothing: impl FnOnce() -> T,
    ) -> Result<T> {
        short_enough(data, "data is too long")?;
        let refused = || Error::from_template(Code::Uncoded, &[&"Trying to add data in unsupported state"]);
        let ctx = self.ctx.as_mut().ok_or_else(refused)?;
        // What comes of the data is counted in an `int`, too.
        if data.len() + self.suite.block_size > LONGEST {
            return Err(refused());
        }
        let (mode, updated) = (self.suite.mode, self.updated);
        if mode == CipherMode::Ccm && data.len() > self.longest {
            return Err(invalid_message());
        }
        // These tell with the data whether the tag is right, and Node tells at the end.
        let defers = !self.encrypts && matches!(mode, CipherMode::Ccm | CipherMode::Siv);
        if updated && (self.suite.once || defers) {
            return Err(refused());
        }
        if mode == CipherMode::Wrap && data.is_empty() {
            self.updated = true;
            return Ok(nothing());
        }
        match update(ctx) {
            Some(out) => {
                self.updated = true;
                self.begun |= !data.is_empty();
                Ok(out)
            }
            None if defers => {
                (self.updated, self.rejected) = (true, true);
                Ok(nothing())
            }
            None => Err(refused()),
        }
    }

    pub(super) fn finish(&mut self) -> Result<Vec<u8>> {
        let mut out = vec![0; self.room(0)];
        let length = self.finish_into(&mut out)?;
        out.truncate(length);
        Ok(out)
    }

    pub(super) fn finish_into(&mut self, out: &mut [u8]) -> Result<usize> {
        enough(out, self.room(0))?;
        let Some(mut ctx) = self.ctx.take() else {
            return Err(Error::new(Code::CryptoInvalidState, "Invalid state"));
        };
        let authenticated = self.suite.authenticated;
        let text = if authenticated { UNAUTHENTICATED } else { "Unsupported state" };
        let refused = || Error::from_template(Code::Uncoded, &[&text]);
        // Of CCM OpenSSL checks the tag with the data, and has no end.
        let ccm = self.suite.mode == CipherMode::Ccm;
        let checked = ccm && !self.encrypts;
        let untagged = authenticated && !self.encrypts && !matches!(self.tag, Tag::Set);
        if self.rejected || untagged || ((self.suite.once || checked) && !self.updated) {
            return Err(refused());
        }
        // Without it there is no tag.
        if ccm && !self.updated && ctx.update(&[], out).is_none() {
            return Err(refused());
        }
        let length = if checked { 0 } else { ctx.finish(out, text)? };
        if authenticated && self.encrypts {
            let mut tag = [0; TAG];
            if !ctx.get_tag(&mut tag[..self.tag_length]) {
                return Err(refused());
            }
            self.tag = Tag::Made(tag);
        }
        Ok(length)
    }

    pub(super) fn set_auto_padding(&mut self, padding: bool) -> Result<()> {
        if self.ctx.as_mut().is_some_and(|ctx| ctx.set_padding(padding)) {
            return Ok(());
        }
        Err(invalid_state("setAutoPadding"))
    }

    pub(super) fn set_aad(&mut self, data: &[u8], text_length: Option<u32>) -> Result<()> {
        short_enough(data, "buffer is too big")?;
        let refused = || invalid_state("setAAD");
        let mode = self.suite.mode;
        // OpenSSL's ChaCha20-Poly1305 would take it, and give a wrong tag.
        let too_late = self.begun && mode == CipherMode::Stream && !data.is_empty();
        let late = too_late || (self.suite.once && self.updated);
        let ctx = self.ctx.as_mut().filter(|_| self.suite.authenticated && !late).ok_or_else(refused)?;
        if mode == CipherMode::Ccm {
            let missing = "options.plaintextLength required for CCM mode with AAD";
            let length = text_length.ok_or_else(|| Error::new(Code::MissingArgs, missing))?;
            let length = usize::try_from(length).ok().filter(|&length| length <= self.longest);
            if !ctx.announce(length.ok_or_else(invalid_message)?) {
                return Err(refused());
            }
            if data.is_empty() {
                return Ok(());
            }
        }
        if ctx.aad(data) { Ok(()) } else { Err(refused()) }
    }

    pub(super) fn get_auth_tag(&self) -> Result<Vec<u8>> {
        match &self.tag {
            Tag::Made(tag) => Ok(tag[..self.tag_length].to_vec()),
            _ => Err(invalid_state("getAuthTag")),
        }
    }

    pub(super) fn set_auth_tag(&mut self, tag: &[u8]) -> Result<()> {
        short_enough(tag, "buffer is too big")?;
        let refused = || invalid_state("setAuthTag");
        let open = matches!(self.tag, Tag::Open) && !(self.suite.once && self.updated);
        let ctx = self.ctx.as_mut().filter(|_| self.suite.authenticated && open).ok_or_else(refused)?;
        if tag.len() != self.tag_length {
            return Err(invalid_tag(tag.len()));
        }
        if !ctx.set_tag(tag) {
            return Err(refused());
        }
        self.tag = Tag::Set;
        Ok(())
    }

    pub(super) fn update_encoded(&mut self, data: &[u8], encoding: Encoding) -> Result<String> {
        let out = self.update(data)?;
        Ok(self.decoder(encoding)?.write(&out))
    }

    pub(super) fn finish_encoded(&mut self, encoding: Encoding) -> Result<String> {
        let out = self.finish()?;
        let decoder = self.decoder(encoding)?;
        let mut text = decoder.write(&out);
        text.push_str(&decoder.end());
        Ok(text)
    }

    /// What keeps the bytes of a character that an update breaks off.
    fn decoder(&mut self, encoding: Encoding) -> Result<&mut StringDecoder> {
        let decoder = self.decoder.get_or_insert_with(|| StringDecoder::new(encoding));
        if decoder.encoding() == encoding {
            return Ok(decoder);
        }
        let (old, new) = (decoder.encoding().name(), encoding.name());
        let text = format!("The argument 'outputEncoding' cannot be changed from '{old}'. Received '{new}'");
        Err(Error::new(Code::InvalidArgValue, text))
    }
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.ctx.is_some() { "open" } else { "final" };
        f.debug_tuple(&self.suite.name).field(&state).finish()
    }
}

/// The length of tag that is asked for, or has to be.
fn tag_length(suite: &Suite, algorithm: &str, options: &CipherOptions) -> Result<Option<usize>> {
    if !suite.authenticated {
        return Ok(None);
    }
    let asked = options.auth_tag_length.map(|length| usize::try_from(length).unwrap_or(usize::MAX));
    match (suite.mode, asked) {
        (CipherMode::Gcm, Some(length)) if !matches!(length, 4 | 8 | 12..=TAG) => Err(invalid_tag(length)),
        (CipherMode::Siv | CipherMode::GcmSiv, Some(length)) if length != TAG => Err(invalid_tag(length)),
        (CipherMode::Siv | CipherMode::GcmSiv, _) => Ok(None),
        (CipherMode::Ccm | CipherMode::Ocb, None) => {
            let text = format!("authTagLength required for {algorithm}");
            Err(Error::from_template(Code::CryptoInvalidAuthTag, &[&text]))
        }
        (CipherMode::Stream, None) => Ok(Some(TAG)),
        (_, asked) => Ok(asked),
    }
}

pub(super) fn short_enough(bytes: &[u8], text: &str) -> Result<()> {
    if bytes.len() <= LONGEST { Ok(()) } else { Err(Error::new(Code::OutOfRange, text)) }
}

fn enough(out: &[u8], room: usize) -> Result<()> {
    if out.len() >= room {
        return Ok(());
    }
    Err(Error::from_template(Code::OutOfRange, &[&"out.length", &format_args!(">= {room}"), &out.len()]))
}

pub(super) fn unauthenticated() -> Error {
    Error::from_template(Code::Uncoded, &[&UNAUTHENTICATED])
}

pub(super) fn invalid_iv() -> Error {
    Error::from_template(Code::CryptoInvalidIv, &[&"Invalid initialization vector"])
}

pub(super) fn invalid_tag(length: usize) -> Error {
    let text = format!("Invalid authentication tag length: {length}");
    Error::from_template(Code::CryptoInvalidAuthTag, &[&text])
}

fn invalid_message() -> Error {
    Error::from_template(Code::CryptoInvalidMessagelen, &[&"Invalid message length"])
}

fn invalid_state(operation: &str) -> Error {
    Error::from_template(Code::CryptoInvalidState, &[&operation])
}
