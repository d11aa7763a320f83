//! `nodecore/web_text.h`.

use std::cell::Cell;
use std::ffi::c_char;
use std::rc::Rc;

use ::nodecore_error::{Code, Error, Result};
use bytes::Bytes;
use nodecore_buffer::{TextDecoder, TextDecoderOptions};
use nodecore_event_loop::EventLoop;
use nodecore_stream::web::{PipeToOptions, Promise, QueuingStrategy, TransformStream, Transformer};

use super::readable::{nodecore_web_readable, pipe};
use super::transform::{Controller, nodecore_web_transform};
use crate::boundary::{Castable, SizedOptions, arg, entry};
use crate::chunk::Item;
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop};
use crate::str::nodecore_str;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_web_text_decoder_options {
    pub struct_size: usize,
    pub fatal: bool,
    pub ignore_bom: bool,
}
impl SizedOptions for nodecore_web_text_decoder_options {
    const ZERO: Self = nodecore_web_text_decoder_options { struct_size: 0, fatal: false, ignore_bom: false };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// What a text stream was made with.
#[derive(Clone, Debug)]
pub(super) struct Text {
    encoding: Rc<str>,
    fatal: bool,
    ignore_bom: bool,
}

/// Where the decoder is while it does not decode. Text that is UTF-8 is encoded by it as well: what is no text is
/// replaced, and a character that two chunks share is kept until the second comes.
struct Decoding(Cell<Option<TextDecoder>>);

impl Decoding {
    fn next(&self, bytes: &[u8], stream: bool, controller: &Controller) -> Result<()> {
        let Some(mut decoder) = self.0.take() else { return Ok(()) };
        let text = decoder.decode(bytes, stream);
        self.0.set(Some(decoder));
        let text = text?;
        if text.is_empty() { Ok(()) } else { controller.enqueue(Bytes::from(text).into()) }
    }
}

impl Transformer<Item, Item> for Decoding {
    fn transform(&self, chunk: Item, controller: &Controller) -> Promise<()> {
        let done = match chunk.bytes() {
            Some(bytes) => self.next(bytes, true, controller),
            None => Err(Error::from_template(
                Code::InvalidArgType,
                &[&"input", &"an instance of ArrayBuffer or ArrayBufferView", &"an instance of Object"],
            )),
        };
        done.map_or_else(Promise::rejected, Promise::resolved)
    }

    fn flush(&self, controller: &Controller) -> Promise<()> {
        self.next(&[], false, controller).map_or_else(Promise::rejected, Promise::resolved)
    }
}

fn stream_of(lp: &EventLoop, label: &str, options: TextDecoderOptions) -> Result<nodecore_web_transform> {
    let decoder = TextDecoder::new(label, options)?;
    let text = Text {
        encoding: decoder.encoding().into(),
        fatal: decoder.fatal(),
        ignore_bom: decoder.ignore_bom(),
    };
    let (writable, readable) = (QueuingStrategy::new(), QueuingStrategy::new());
    let stream = TransformStream::new(lp, Decoding(Cell::new(Some(decoder))), writable, readable)?;
    Ok(nodecore_web_transform { text: Some(text), ..nodecore_web_transform::from(stream) })
}

/// The text of a stream of bytes that are UTF-8.
pub(crate) fn text_of(lp: &EventLoop, bytes: &nodecore_web_readable) -> Result<nodecore_web_readable> {
    let decoder = stream_of(lp, "utf-8", TextDecoderOptions::default())?;
    let _outcome = pipe(bytes, &decoder.writable, PipeToOptions::default())?;
    Ok(decoder.readable)
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_text_encoder_new(
    lp: *mut nodecore_loop,
    out: *mut *mut nodecore_web_transform,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let options = TextDecoderOptions::default().ignore_bom(true);
            let mut stream = stream_of(event_loop(lp)?, "utf-8", options)?;
            stream.text.iter_mut().for_each(|text| text.ignore_bom = false);
            out.set(stream.into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `label` is null or points to `label_len` readable bytes, or to a
///   string; `opts` is null or a struct of the size it says; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_text_decoder_new(
    lp: *mut nodecore_loop,
    label: *const c_char,
    label_len: usize,
    opts: *const nodecore_web_text_decoder_options,
    out: *mut *mut nodecore_web_transform,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let label = if label.is_null() { "utf-8" } else { arg::text(label, label_len, "label")? };
            let opts: nodecore_web_text_decoder_options = SizedOptions::read(opts, "opts")?;
            let options = TextDecoderOptions::default().fatal(opts.fatal).ignore_bom(opts.ignore_bom);
            out.set(stream_of(event_loop(lp)?, label, options)?.into_raw());
            Ok(())
        })
    }
}

/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
unsafe fn text<'a>(stream: *const nodecore_web_transform) -> Option<&'a Text> {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(stream) }?.text.as_ref()
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_text_encoding(stream: *const nodecore_web_transform) -> nodecore_str {
    // SAFETY: as the caller vouches.
    nodecore_str::nullable(unsafe { text(stream) }.map(|text| text.encoding.as_bytes()))
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_text_fatal(stream: *const nodecore_web_transform) -> bool {
    // SAFETY: as the caller vouches.
    unsafe { text(stream) }.is_some_and(|text| text.fatal)
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_text_ignore_bom(stream: *const nodecore_web_transform) -> bool {
    // SAFETY: as the caller vouches.
    unsafe { text(stream) }.is_some_and(|text| text.ignore_bom)
}
