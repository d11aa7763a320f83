//! `nodecore/stream.h`: streams made of the caller's functions.

use std::ffi::c_void;
use std::mem::ManuallyDrop;
use std::ptr::null_mut;

use ::nodecore_error::{Code, Error, Result};
use ::nodecore_stream::{
    Both, DestroyDone, Done, Duplex, DuplexOptions, Readable, ReadableOptions, Sink, Source, Transform,
    TransformDone, Transformer, Writable, WritableOptions,
};
use nodecore_buffer::Encoding;

use super::{
    NODECORE_STREAM_DUPLEX, NODECORE_STREAM_READABLE, NODECORE_STREAM_TRANSFORM, NODECORE_STREAM_WRITABLE,
    Spare, Work, end, lend_error, nodecore_done, nodecore_stream,
};
use crate::abort::nodecore_abort_signal;
use crate::boundary::{Castable, Foreign, SizedOptions, arg, entry, total};
use crate::chunk::{Item, nodecore_chunk};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_release};
use crate::str::nodecore_str;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_stream_options {
    pub struct_size: usize,
    pub readable_high_water_mark: usize,
    pub writable_high_water_mark: usize,
    pub has_readable_high_water_mark: bool,
    pub has_writable_high_water_mark: bool,
    pub readable_object_mode: bool,
    pub writable_object_mode: bool,
    pub not_readable: bool,
    pub not_writable: bool,
    pub no_half_open: bool,
    pub no_auto_destroy: bool,
    pub no_emit_close: bool,
    pub encoding: nodecore_str,
    pub default_encoding: nodecore_str,
    pub signal: *const nodecore_abort_signal,
}

impl SizedOptions for nodecore_stream_options {
    const ZERO: Self = nodecore_stream_options {
        struct_size: 0,
        readable_high_water_mark: 0,
        writable_high_water_mark: 0,
        has_readable_high_water_mark: false,
        has_writable_high_water_mark: false,
        readable_object_mode: false,
        writable_object_mode: false,
        not_readable: false,
        not_writable: false,
        no_half_open: false,
        no_auto_destroy: false,
        no_emit_close: false,
        encoding: nodecore_str::NONE,
        default_encoding: nodecore_str::NONE,
        signal: std::ptr::null(),
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// The options of a duplex, of which those of the other kinds are a part.
///
/// # Safety
/// - `opts` is null or a struct of the size it says, whose texts and signal are as they say.
pub(crate) unsafe fn options_of(opts: *const nodecore_stream_options) -> Result<DuplexOptions> {
    // SAFETY: as the caller vouches.
    let (opts, encoding, default_encoding, signal) = unsafe {
        let opts = nodecore_stream_options::read(opts, "opts")?;
        (
            opts,
            encoding_of(opts.encoding.data, opts.encoding.len)?,
            encoding_of(opts.default_encoding.data, opts.default_encoding.len)?,
            nodecore_abort_signal::nullable(opts.signal),
        )
    };
    let mut options = DuplexOptions::default()
        .readable_object_mode(opts.readable_object_mode)
        .writable_object_mode(opts.writable_object_mode)
        .readable(!opts.not_readable)
        .writable(!opts.not_writable)
        .allow_half_open(!opts.no_half_open)
        .auto_destroy(!opts.no_auto_destroy)
        .emit_close(!opts.no_emit_close);
    options.readable_high_water_mark =
        opts.has_readable_high_water_mark.then_some(opts.readable_high_water_mark);
    options.writable_high_water_mark =
        opts.has_writable_high_water_mark.then_some(opts.writable_high_water_mark);
    options.encoding = encoding;
    options.default_encoding = default_encoding.unwrap_or(options.default_encoding);
    options.signal = signal;
    Ok(options)
}

/// An encoding by Node's name; none for null.
///
/// # Safety
/// - as for [`arg::bytes`].
pub(crate) unsafe fn encoding_of(name: *const std::ffi::c_char, len: usize) -> Result<Option<Encoding>> {
    if name.is_null() {
        return Ok(None);
    }
    // SAFETY: as the caller vouches.
    Ok(Some(unsafe { arg::text(name, len, "encoding") }?.parse()?))
}

/// The part of `options` that a readable has.
pub(crate) fn readable_options(options: &DuplexOptions) -> ReadableOptions {
    let mut part = ReadableOptions::default()
        .object_mode(options.readable_object_mode)
        .auto_destroy(options.auto_destroy)
        .emit_close(options.emit_close);
    part.high_water_mark = options.readable_high_water_mark;
    part.encoding = options.encoding;
    part.signal.clone_from(&options.signal);
    part
}

/// The part of `options` that a writable has.
pub(crate) fn writable_options(options: &DuplexOptions) -> WritableOptions {
    let mut part = WritableOptions::default()
        .object_mode(options.writable_object_mode)
        .auto_destroy(options.auto_destroy)
        .emit_close(options.emit_close)
        .default_encoding(options.default_encoding);
    part.high_water_mark = options.writable_high_water_mark;
    part.signal.clone_from(&options.signal);
    part
}

type DoneHook =
    Option<unsafe extern "C" fn(stream: *mut nodecore_stream, done: *mut nodecore_done, user: *mut c_void)>;
type ChunkHook = Option<
    unsafe extern "C" fn(
        stream: *mut nodecore_stream,
        chunk: *mut nodecore_chunk,
        done: *mut nodecore_done,
        user: *mut c_void,
    ),
>;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_stream_hooks {
    pub struct_size: usize,
    pub construct: DoneHook,
    pub read: Option<unsafe extern "C" fn(stream: *mut nodecore_stream, size: usize, user: *mut c_void)>,
    pub write: ChunkHook,
    pub writev: Option<
        unsafe extern "C" fn(
            stream: *mut nodecore_stream,
            chunks: *mut nodecore_chunk,
            count: usize,
            done: *mut nodecore_done,
            user: *mut c_void,
        ),
    >,
    pub final_: DoneHook,
    pub transform: ChunkHook,
    pub flush: DoneHook,
    pub destroy: Option<
        unsafe extern "C" fn(
            stream: *mut nodecore_stream,
            err: *const nodecore_error,
            done: *mut nodecore_done,
            user: *mut c_void,
        ),
    >,
}

impl SizedOptions for nodecore_stream_hooks {
    const ZERO: Self = nodecore_stream_hooks {
        struct_size: 0,
        construct: None,
        read: None,
        write: None,
        writev: None,
        final_: None,
        transform: None,
        flush: None,
        destroy: None,
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

impl nodecore_stream_hooks {
    /// Refuses functions that a stream of this kind never calls, and one that writes to nothing.
    fn check(&self, kind: u32, options: &DuplexOptions) -> Result<()> {
        let reads = kind & NODECORE_STREAM_READABLE != 0 && kind != NODECORE_STREAM_TRANSFORM;
        let writes = kind & NODECORE_STREAM_WRITABLE != 0 && kind != NODECORE_STREAM_TRANSFORM;
        let transforms = kind == NODECORE_STREAM_TRANSFORM;
        for (given, fits, name) in [
            (self.read.is_some(), reads, "hooks.read"),
            (self.write.is_some(), writes, "hooks.write"),
            (self.writev.is_some(), writes, "hooks.writev"),
            (self.final_.is_some(), writes, "hooks.final"),
            (self.transform.is_some(), transforms, "hooks.transform"),
            (self.flush.is_some(), transforms, "hooks.flush"),
        ] {
            if given && !fits {
                return Err(Error::from_template(
                    Code::InvalidArgValue,
                    &[&name, &"is not for a stream of this kind", &"a function"],
                ));
            }
        }
        if writes && options.writable && self.writev.is_none() {
            arg::callback(self.write, "hooks.write")?;
        }
        Ok(())
    }
}

/// A handle that lives for a call, without a reference of its own.
type Lent = ManuallyDrop<nodecore_stream>;

/// The handle of a stream that is borrowed for as long.
fn lent<T: Into<nodecore_stream>>(stream: &T) -> Lent {
    // SAFETY: the copy is not dropped, and the hooks, which it is made for, end before the borrow of `stream`.
    ManuallyDrop::new(unsafe { std::ptr::read(stream) }.into())
}

/// The caller's functions, with their `user`.
struct Hooks {
    table: nodecore_stream_hooks,
    foreign: Foreign,
    spare: Spare,
}

impl Hooks {
    fn lend_done(&self, hook: DoneHook, stream: Lent, done: Work) {
        let Some(hook) = hook else { return done.call(Ok(None)) };
        let mut handle = stream;
        // SAFETY: the caller gave the hook for this user; the handle lives for the call; `done` is ended once.
        self.spare.lend(done, |done| unsafe { hook(&raw mut *handle, done, self.foreign.user()) });
    }

    fn lend_read(&self, stream: Lent, size: usize) {
        let Some(read) = self.table.read else { return };
        let mut handle = stream;
        // SAFETY: as in `lend_done`.
        unsafe { read(&raw mut *handle, size, self.foreign.user()) };
    }

    /// Hands a chunk to `write` or `transform`.
    #[inline(always)]
    fn lend_chunk(&self, hook: ChunkHook, mut stream: Lent, chunk: Item, done: Work) {
        let done = self.spare.fill(done);
        // SAFETY: as in `lend_done`; `done` has just been filled, for this call.
        unsafe {
            match hook {
                Some(hook) => {
                    chunk.lend(|chunk| hook(&raw mut *stream, chunk, done, self.foreign.user()));
                }
                None => self.pass_chunk(&mut stream, chunk, done),
            }
            self.spare.empty(done);
        }
    }

    /// As [`lend_chunk`](Hooks::lend_chunk), where there is no such function.
    ///
    /// # Safety
    /// - `done` is filled.
    #[inline(never)]
    unsafe fn pass_chunk(&self, stream: &mut Lent, chunk: Item, done: *mut nodecore_done) {
        // SAFETY: as in `lend_done`.
        unsafe {
            match self.table.writev {
                Some(writev) => Item::lend_all(vec![chunk], |chunks, count| {
                    writev(&raw mut **stream, chunks, count, done, self.foreign.user());
                }),
                // A transform without a function passes its input on.
                None => end(done, Ok(Some(chunk))),
            }
        }
    }

    fn lend_chunks(&self, stream: Lent, chunks: Vec<Item>, done: Work) {
        let Some(writev) = self.table.writev else { return done.call(Ok(None)) };
        let mut handle = stream;
        self.spare.lend(done, |done| {
            // SAFETY: as in `lend_done`.
            Item::lend_all(chunks, |chunks, count| unsafe {
                writev(&raw mut *handle, chunks, count, done, self.foreign.user());
            });
        });
    }

    fn lend_destroy(&self, stream: Lent, error: Option<Error>, done: DestroyDone) {
        let Some(destroy) = self.table.destroy else { return done.with(error) };
        let mut handle = stream;
        self.spare.lend(Work::Plain(done), |done| {
            // SAFETY: as in `lend_done`.
            lend_error(error.as_ref(), |err| unsafe {
                destroy(&raw mut *handle, err, done, self.foreign.user())
            });
        });
    }
}

impl Source<Item> for Hooks {
    fn has_construct(&self) -> bool {
        self.table.construct.is_some()
    }
    fn construct(&self, stream: &Readable<Item>, done: Done) {
        self.lend_done(self.table.construct, lent(stream), Work::Plain(done));
    }
    fn read(&self, stream: &Readable<Item>, size: usize) {
        self.lend_read(lent(stream), size);
    }
    fn destroy(&self, stream: &Readable<Item>, error: Option<Error>, done: DestroyDone) {
        self.lend_destroy(lent(stream), error, done);
    }
}

impl Sink<Item> for Hooks {
    fn has_construct(&self) -> bool {
        self.table.construct.is_some()
    }
    fn construct(&self, stream: &Writable<Item>, done: Done) {
        self.lend_done(self.table.construct, lent(stream), Work::Plain(done));
    }
    fn write(&self, stream: &Writable<Item>, chunk: Item, done: Done) {
        self.lend_chunk(self.table.write, lent(stream), chunk, Work::Plain(done));
    }
    fn has_writev(&self) -> bool {
        self.table.writev.is_some()
    }
    fn writev(&self, stream: &Writable<Item>, chunks: Vec<Item>, done: Done) {
        self.lend_chunks(lent(stream), chunks, Work::Plain(done));
    }
    fn has_final(&self) -> bool {
        self.table.final_.is_some()
    }
    fn final_(&self, stream: &Writable<Item>, done: Done) {
        self.lend_done(self.table.final_, lent(stream), Work::Plain(done));
    }
    fn destroy(&self, stream: &Writable<Item>, error: Option<Error>, done: DestroyDone) {
        self.lend_destroy(lent(stream), error, done);
    }
}

impl Both<Item, Item> for Hooks {
    fn has_construct(&self) -> bool {
        self.table.construct.is_some()
    }
    fn construct(&self, stream: &Duplex<Item, Item>, done: Done) {
        self.lend_done(self.table.construct, lent(stream), Work::Plain(done));
    }
    fn read(&self, stream: &Duplex<Item, Item>, size: usize) {
        self.lend_read(lent(stream), size);
    }
    fn write(&self, stream: &Duplex<Item, Item>, chunk: Item, done: Done) {
        self.lend_chunk(self.table.write, lent(stream), chunk, Work::Plain(done));
    }
    fn has_writev(&self) -> bool {
        self.table.writev.is_some()
    }
    fn writev(&self, stream: &Duplex<Item, Item>, chunks: Vec<Item>, done: Done) {
        self.lend_chunks(lent(stream), chunks, Work::Plain(done));
    }
    fn has_final(&self) -> bool {
        self.table.final_.is_some()
    }
    fn final_(&self, stream: &Duplex<Item, Item>, done: Done) {
        self.lend_done(self.table.final_, lent(stream), Work::Plain(done));
    }
    fn destroy(&self, stream: &Duplex<Item, Item>, error: Option<Error>, done: DestroyDone) {
        self.lend_destroy(lent(stream), error, done);
    }
}

impl Transformer<Item, Item> for Hooks {
    fn has_construct(&self) -> bool {
        self.table.construct.is_some()
    }
    fn construct(&self, stream: &Transform<Item, Item>, done: Done) {
        self.lend_done(self.table.construct, lent::<Duplex<_, _>>(stream), Work::Plain(done));
    }
    fn transform(&self, stream: &Transform<Item, Item>, chunk: Item, done: TransformDone<Item>) {
        let done = Work::Transform(done);
        self.lend_chunk(self.table.transform, lent::<Duplex<_, _>>(stream), chunk, done);
    }
    fn flush(&self, stream: &Transform<Item, Item>, done: TransformDone<Item>) {
        self.lend_done(self.table.flush, lent::<Duplex<_, _>>(stream), Work::Transform(done));
    }
    fn destroy(&self, stream: &Transform<Item, Item>, error: Option<Error>, done: DestroyDone) {
        self.lend_destroy(lent::<Duplex<_, _>>(stream), error, done);
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `opts` and `hooks` are null or structs of the size they
///   say, which point to what they say; hooks and `release` may be called with `user`; `out` and `err` are null
///   or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_new(
    lp: *mut nodecore_loop,
    kind: u32,
    opts: *const nodecore_stream_options,
    hooks: *const nodecore_stream_hooks,
    user: *mut c_void,
    release: nodecore_release,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let out = arg::out(out, "out")?;
            let options = options_of(opts)?;
            let table: nodecore_stream_hooks = SizedOptions::read(hooks, "hooks")?;
            table.check(kind, &options)?;
            let hooks = Hooks { table, foreign, spare: Spare::default() };
            let lp = event_loop(lp)?;
            let stream = match kind {
                NODECORE_STREAM_READABLE => Readable::new(lp, readable_options(&options), hooks).into(),
                NODECORE_STREAM_WRITABLE => Writable::new(lp, writable_options(&options), hooks).into(),
                NODECORE_STREAM_DUPLEX => Duplex::new(lp, options, hooks).into(),
                NODECORE_STREAM_TRANSFORM => Duplex::clone(&Transform::new(lp, options, hooks)).into(),
                _ => {
                    let kinds = "a NODECORE_STREAM_* kind";
                    return Err(Error::from_template(Code::OutOfRange, &[&"kind", &kinds, &kind]));
                }
            };
            out.set(nodecore_stream::into_raw(stream));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a handle that was not freed, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_free(stream: *mut nodecore_stream) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(stream) };
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_copy(stream: *const nodecore_stream) -> *mut nodecore_stream {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(stream) }.map_or(null_mut(), |stream| stream.clone().into_raw())
}

/// Declared in the header.
#[unsafe(no_mangle)]
pub extern "C" fn nodecore_stream_default_high_water_mark(object_mode: bool) -> usize {
    total(0, || ::nodecore_stream::get_default_high_water_mark(object_mode))
}

/// Declared in the header.
#[unsafe(no_mangle)]
pub extern "C" fn nodecore_stream_set_default_high_water_mark(object_mode: bool, value: usize) {
    total((), || ::nodecore_stream::set_default_high_water_mark(object_mode, value));
}
