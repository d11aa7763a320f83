//! Options, and the default high-water marks.

use std::cell::Cell;
use std::rc::Rc;

use nodecore_buffer::Encoding;
use nodecore_error::{Code, Error, Result};
use nodecore_events::AbortSignal;

use crate::chunk::Chunk;
use crate::finished::AnyStream;
use crate::machine::{Machine, MachineOptions, SideOptions};
use crate::native::{Native, StreamObject};
use crate::utilities::add_abort_signal;

thread_local! {
    static BYTES_MARK: Cell<usize> = const { Cell::new(if cfg!(windows) { 16 << 10 } else { 64 << 10 }) };
    static OBJECTS_MARK: Cell<usize> = const { Cell::new(16) };
}

/// The high-water mark of streams that are given none: 64 KiB (16 KiB on Windows), or 16 objects.
///
/// Node: [`stream.getDefaultHighWaterMark`](https://nodejs.org/api/stream.html#streamgetdefaulthighwatermarkobjectmode).
pub fn get_default_high_water_mark(object_mode: bool) -> usize {
    if object_mode { OBJECTS_MARK.get() } else { BYTES_MARK.get() }
}

/// Sets it, for streams that this thread makes from now on.
///
/// A number that may be none is checked by [`high_water_mark_of`].
pub fn set_default_high_water_mark(object_mode: bool, value: usize) {
    if object_mode { OBJECTS_MARK.set(value) } else { BYTES_MARK.set(value) }
}

/// The high-water mark that a number of another language means, where `name` is the option's.
///
/// ```
/// use nodecore_stream::high_water_mark_of;
///
/// assert_eq!(high_water_mark_of(16.0, "highWaterMark")?, 16);
/// let error = high_water_mark_of(-1.0, "highWaterMark").unwrap_err();
/// assert_eq!(error.to_string(), "The property 'options.highWaterMark' is invalid. Received -1");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
///
/// # Errors
/// `ERR_INVALID_ARG_VALUE` for a negative number, a fraction, NaN or an infinity.
pub fn high_water_mark_of(value: f64, name: &str) -> Result<usize> {
    if value < 0.0 || value.fract() != 0.0 || !value.is_finite() {
        let shown = if value.is_infinite() {
            if value > 0.0 { "Infinity".to_owned() } else { "-Infinity".to_owned() }
        } else {
            value.to_string()
        };
        let text = format!("The property 'options.{name}' is invalid. Received {shown}");
        return Err(Error::new(Code::InvalidArgValue, text));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked; `as` saturates")]
    Ok(value as usize)
}

macro_rules! setters {
    ($($(#[$doc:meta])* $name:ident: $type:ty $(=> $wrap:path)?;)*) => {
        $($(#[$doc])*
        #[must_use]
        pub fn $name(mut self, $name: $type) -> Self {
            self.$name = $($wrap)?($name);
            self
        })*
    };
}

/// Options of a [`Readable`](crate::Readable).
///
/// ```
/// let options = nodecore_stream::ReadableOptions::default().high_water_mark(1 << 20);
/// assert_eq!(options.high_water_mark, Some(1 << 20));
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReadableOptions {
    /// `highWaterMark`: bytes, or objects in object mode; how much is read ahead.
    pub high_water_mark: Option<usize>,
    /// `objectMode`: chunks of bytes are not joined, split or counted by size. Other types always are objects.
    pub object_mode: bool,
    /// `emitClose`.
    pub emit_close: bool,
    /// `autoDestroy`: destroy the stream when it has ended.
    pub auto_destroy: bool,
    /// `encoding`: what is read is text; see [`set_encoding`](crate::Readable::set_encoding).
    pub encoding: Option<Encoding>,
    /// `signal`: destroys the stream, with an `AbortError`.
    pub signal: Option<AbortSignal>,
}

impl Default for ReadableOptions {
    fn default() -> ReadableOptions {
        ReadableOptions {
            high_water_mark: None,
            object_mode: false,
            emit_close: true,
            auto_destroy: true,
            encoding: None,
            signal: None,
        }
    }
}

impl ReadableOptions {
    setters! {
        /// Sets `highWaterMark`.
        high_water_mark: usize => Some;
        /// Sets `objectMode`.
        object_mode: bool;
        /// Sets `emitClose`.
        emit_close: bool;
        /// Sets `autoDestroy`.
        auto_destroy: bool;
        /// Sets `encoding`.
        encoding: Encoding => Some;
        /// Sets `signal`.
        signal: AbortSignal => Some;
    }

    pub(crate) fn machine<T: Chunk>(&self) -> MachineOptions {
        MachineOptions {
            readable: Some(side::<T>(self.high_water_mark, self.object_mode, true)),
            emit_close: self.emit_close,
            auto_destroy: self.auto_destroy,
            ..MachineOptions::default()
        }
    }
}

/// Options of a [`Writable`](crate::Writable).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct WritableOptions {
    /// `highWaterMark`: bytes, or objects in object mode, from which on `write` returns false.
    pub high_water_mark: Option<usize>,
    /// `objectMode`: chunks of bytes are not counted by size. Other types always are objects.
    pub object_mode: bool,
    /// `emitClose`.
    pub emit_close: bool,
    /// `autoDestroy`: destroy the stream when it has finished.
    pub auto_destroy: bool,
    /// `defaultEncoding` of text that is written.
    pub default_encoding: Encoding,
    /// `signal`: destroys the stream, with an `AbortError`.
    pub signal: Option<AbortSignal>,
}

impl Default for WritableOptions {
    fn default() -> WritableOptions {
        WritableOptions {
            high_water_mark: None,
            object_mode: false,
            emit_close: true,
            auto_destroy: true,
            default_encoding: Encoding::Utf8,
            signal: None,
        }
    }
}

impl WritableOptions {
    setters! {
        /// Sets `highWaterMark`.
        high_water_mark: usize => Some;
        /// Sets `objectMode`.
        object_mode: bool;
        /// Sets `emitClose`.
        emit_close: bool;
        /// Sets `autoDestroy`.
        auto_destroy: bool;
        /// Sets `defaultEncoding`.
        default_encoding: Encoding;
        /// Sets `signal`.
        signal: AbortSignal => Some;
    }

    pub(crate) fn machine<T: Chunk>(&self) -> MachineOptions {
        MachineOptions {
            writable: Some(side::<T>(self.high_water_mark, self.object_mode, true)),
            emit_close: self.emit_close,
            auto_destroy: self.auto_destroy,
            ..MachineOptions::default()
        }
    }
}

/// Options of a [`Duplex`](crate::Duplex) or [`Transform`](crate::Transform).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DuplexOptions {
    /// `highWaterMark` of both sides.
    pub high_water_mark: Option<usize>,
    /// `readableHighWaterMark`; `high_water_mark` goes before it.
    pub readable_high_water_mark: Option<usize>,
    /// `writableHighWaterMark`; `high_water_mark` goes before it.
    pub writable_high_water_mark: Option<usize>,
    /// `objectMode` of both sides.
    pub object_mode: bool,
    /// `readableObjectMode`.
    pub readable_object_mode: bool,
    /// `writableObjectMode`.
    pub writable_object_mode: bool,
    /// `allowHalfOpen`: if false, the writable side is ended when the readable side ends.
    pub allow_half_open: bool,
    /// `readable`: if false, the stream cannot be read from.
    pub readable: bool,
    /// `writable`: if false, the stream cannot be written to.
    pub writable: bool,
    /// `emitClose`.
    pub emit_close: bool,
    /// `autoDestroy`: destroy the stream when both sides are done.
    pub auto_destroy: bool,
    /// `encoding`: what is read is text; see [`set_encoding`](crate::Duplex::set_encoding).
    pub encoding: Option<Encoding>,
    /// `defaultEncoding` of text that is written.
    pub default_encoding: Encoding,
    /// `signal`: destroys the stream, with an `AbortError`.
    pub signal: Option<AbortSignal>,
}

/// Options of a [`Transform`](crate::Transform).
pub type TransformOptions = DuplexOptions;

impl Default for DuplexOptions {
    fn default() -> DuplexOptions {
        DuplexOptions {
            high_water_mark: None,
            readable_high_water_mark: None,
            writable_high_water_mark: None,
            object_mode: false,
            readable_object_mode: false,
            writable_object_mode: false,
            allow_half_open: true,
            readable: true,
            writable: true,
            emit_close: true,
            auto_destroy: true,
            encoding: None,
            default_encoding: Encoding::Utf8,
            signal: None,
        }
    }
}

impl DuplexOptions {
    setters! {
        /// Sets `highWaterMark` of both sides.
        high_water_mark: usize => Some;
        /// Sets `readableHighWaterMark`.
        readable_high_water_mark: usize => Some;
        /// Sets `writableHighWaterMark`.
        writable_high_water_mark: usize => Some;
        /// Sets `objectMode` of both sides.
        object_mode: bool;
        /// Sets `readableObjectMode`.
        readable_object_mode: bool;
        /// Sets `writableObjectMode`.
        writable_object_mode: bool;
        /// Sets `allowHalfOpen`.
        allow_half_open: bool;
        /// Sets `readable`.
        readable: bool;
        /// Sets `writable`.
        writable: bool;
        /// Sets `emitClose`.
        emit_close: bool;
        /// Sets `autoDestroy`.
        auto_destroy: bool;
        /// Sets `encoding`.
        encoding: Encoding => Some;
        /// Sets `defaultEncoding`.
        default_encoding: Encoding;
        /// Sets `signal`.
        signal: AbortSignal => Some;
    }

    pub(crate) fn machine<W: Chunk, R: Chunk>(&self) -> MachineOptions {
        let read_mark = self.high_water_mark.or(self.readable_high_water_mark);
        let write_mark = self.high_water_mark.or(self.writable_high_water_mark);
        let mut readable = side::<R>(read_mark, self.object_mode || self.readable_object_mode, self.readable);
        let mut writable =
            side::<W>(write_mark, self.object_mode || self.writable_object_mode, self.writable);
        readable.sync = true;
        writable.sync = true;
        MachineOptions {
            readable: Some(readable),
            writable: Some(writable),
            allow_half_open: self.allow_half_open,
            emit_close: self.emit_close,
            auto_destroy: self.auto_destroy,
        }
    }

    /// A transform that is to buffer nothing for its reader does not buffer for its writer either.
    pub(crate) fn transform<W: Chunk, R: Chunk>(&self) -> MachineOptions {
        let mut options = self.clone();
        if options.high_water_mark.or(options.readable_high_water_mark) == Some(0) {
            options.high_water_mark = None;
            options.readable_high_water_mark = Some(0);
            options.writable_high_water_mark = Some(options.writable_high_water_mark.unwrap_or(0));
        }
        let mut options = options.machine::<W, R>();
        if let Some(readable) = &mut options.readable {
            readable.sync = false;
        }
        options
    }
}

fn side<T: Chunk>(mark: Option<usize>, object_mode: bool, open: bool) -> SideOptions {
    let object_mode = object_mode || !T::SPLITS;
    SideOptions {
        high_water_mark: mark.unwrap_or_else(|| get_default_high_water_mark(object_mode)),
        object_mode,
        open,
        sync: true,
    }
}

/// What the options ask for beyond the machine's own.
pub(crate) fn set_up<W: Chunk, R: Chunk>(
    machine: &Machine<Native<W, R>>,
    encoding: Option<Encoding>,
    default_encoding: Encoding,
    signal: Option<&AbortSignal>,
) {
    if let Some(encoding) = encoding {
        machine.set_encoding(encoding);
    }
    machine.set_default_encoding(default_encoding);
    if let Some(signal) = signal {
        add_abort_signal(signal, AnyStream(Rc::clone(&machine.0) as Rc<dyn StreamObject>));
    }
}
