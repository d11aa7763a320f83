//! `nodecore/stream_machine.h`: the state machine over a host's own object.

use std::ffi::{c_char, c_void};
use std::ptr::{null, null_mut};

use ::nodecore_error::{Code, Error, Result};
use ::nodecore_stream::{
    Event, Hook, Host, Lent, Machine, MachineOptions, SideOptions, SideView, Tick,
    get_default_high_water_mark,
};
use nodecore_buffer::StringDecoder;

use super::create::{encoding_of, nodecore_stream_options};
use super::value::{Value, decode_rest, nodecore_stream_value, nodecore_stream_value_type};
use super::{
    DoneCall, NODECORE_STREAM_READABLE, NODECORE_STREAM_TRANSFORM, NODECORE_STREAM_WRITABLE, lend_error,
    nodecore_done_cb,
};
use crate::boundary::{Castable, Foreign, SizedOptions, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::nodecore_release;
use crate::str::nodecore_str;

pub const NODECORE_STREAM_HOOK_CONSTRUCT: i32 = 1;
pub const NODECORE_STREAM_HOOK_WRITE: i32 = 2;
pub const NODECORE_STREAM_HOOK_WRITEV: i32 = 3;
pub const NODECORE_STREAM_HOOK_FINAL: i32 = 4;
pub const NODECORE_STREAM_HOOK_DESTROY: i32 = 5;

pub const NODECORE_STREAM_SIDE_PRESENT: u32 = 0x1;
pub const NODECORE_STREAM_SIDE_OBJECT_MODE: u32 = 0x2;
pub const NODECORE_STREAM_SIDE_EMIT_CLOSE: u32 = 0x4;
pub const NODECORE_STREAM_SIDE_AUTO_DESTROY: u32 = 0x8;
pub const NODECORE_STREAM_SIDE_CONSTRUCTED: u32 = 0x10;
pub const NODECORE_STREAM_SIDE_DESTROYED: u32 = 0x20;
pub const NODECORE_STREAM_SIDE_CLOSED: u32 = 0x40;
pub const NODECORE_STREAM_SIDE_CLOSE_EMITTED: u32 = 0x80;
pub const NODECORE_STREAM_SIDE_ERRORED: u32 = 0x100;
pub const NODECORE_STREAM_SIDE_ERROR_EMITTED: u32 = 0x200;
pub const NODECORE_STREAM_SIDE_SYNC: u32 = 0x400;
pub const NODECORE_STREAM_READ_READABLE: u32 = 0x10000;
pub const NODECORE_STREAM_READ_ENDED: u32 = 0x20000;
pub const NODECORE_STREAM_READ_END_EMITTED: u32 = 0x40000;
pub const NODECORE_STREAM_READ_READING: u32 = 0x80000;
pub const NODECORE_STREAM_READ_READING_MORE: u32 = 0x100000;
pub const NODECORE_STREAM_READ_NEED_READABLE: u32 = 0x200000;
pub const NODECORE_STREAM_READ_EMITTED_READABLE: u32 = 0x400000;
pub const NODECORE_STREAM_READ_READABLE_LISTENING: u32 = 0x800000;
pub const NODECORE_STREAM_READ_RESUME_SCHEDULED: u32 = 0x1000000;
pub const NODECORE_STREAM_READ_DATA_EMITTED: u32 = 0x2000000;
pub const NODECORE_STREAM_READ_FLOW_DECIDED: u32 = 0x4000000;
pub const NODECORE_STREAM_READ_FLOWING: u32 = 0x8000000;
pub const NODECORE_STREAM_READ_PAUSED: u32 = 0x10000000;
pub const NODECORE_STREAM_READ_MANY_PIPES: u32 = 0x20000000;
pub const NODECORE_STREAM_WRITE_WRITABLE: u32 = 0x10000;
pub const NODECORE_STREAM_WRITE_WRITING: u32 = 0x20000;
pub const NODECORE_STREAM_WRITE_PROCESSING: u32 = 0x40000;
pub const NODECORE_STREAM_WRITE_NEED_DRAIN: u32 = 0x80000;
pub const NODECORE_STREAM_WRITE_ENDING: u32 = 0x100000;
pub const NODECORE_STREAM_WRITE_ENDED: u32 = 0x200000;
pub const NODECORE_STREAM_WRITE_FINAL_CALLED: u32 = 0x400000;
pub const NODECORE_STREAM_WRITE_PREFINISHED: u32 = 0x800000;
pub const NODECORE_STREAM_WRITE_FINISHED: u32 = 0x1000000;

type Thrown = *mut nodecore_error;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_stream_host {
    pub struct_size: usize,
    pub values: *const nodecore_stream_value_type,
    pub has: Option<unsafe extern "C" fn(hook: i32, user: *mut c_void) -> bool>,
    pub construct: Option<unsafe extern "C" fn(user: *mut c_void) -> Thrown>,
    pub read: Option<unsafe extern "C" fn(size: usize, user: *mut c_void) -> Thrown>,
    pub write: Option<unsafe extern "C" fn(value: nodecore_stream_value, user: *mut c_void)>,
    pub writev:
        Option<unsafe extern "C" fn(values: *const nodecore_stream_value, count: usize, user: *mut c_void)>,
    pub final_: Option<unsafe extern "C" fn(user: *mut c_void) -> Thrown>,
    pub destroy: Option<unsafe extern "C" fn(err: *const nodecore_error, user: *mut c_void) -> Thrown>,
    pub end: Option<unsafe extern "C" fn(user: *mut c_void)>,
    pub emit: Option<unsafe extern "C" fn(event: i32, user: *mut c_void)>,
    pub emit_data: Option<unsafe extern "C" fn(value: nodecore_stream_value, user: *mut c_void)>,
    pub emit_error: Option<unsafe extern "C" fn(err: *const nodecore_error, user: *mut c_void)>,
    pub listens: Option<unsafe extern "C" fn(event: i32, user: *mut c_void) -> bool>,
    pub next_tick: Option<unsafe extern "C" fn(tick: *mut nodecore_stream_tick, user: *mut c_void)>,
    pub made: Option<unsafe extern "C" fn(err: *mut nodecore_error, user: *mut c_void)>,
}

impl SizedOptions for nodecore_stream_host {
    const ZERO: Self = nodecore_stream_host {
        struct_size: 0,
        values: null(),
        has: None,
        construct: None,
        read: None,
        write: None,
        writev: None,
        final_: None,
        destroy: None,
        end: None,
        emit: None,
        emit_data: None,
        emit_error: None,
        listens: None,
        next_tick: None,
        made: None,
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// The caller's functions, as the machine's host.
#[derive(Debug)]
struct Table {
    host: nodecore_stream_host,
    foreign: Foreign,
}

/// A stream whose functions, listeners and ticks are the caller's.
#[derive(Clone, Debug)]
pub struct nodecore_stream_machine(Machine<Table>);
impl Castable for nodecore_stream_machine {}

/// What a machine does in a tick of its own.
#[derive(Debug)]
pub struct nodecore_stream_tick {
    machine: Machine<Table>,
    tick: Tick,
}
impl Castable for nodecore_stream_tick {}

impl Table {
    fn user(&self) -> *mut c_void {
        self.foreign.user()
    }

    fn has(&self, hook: i32) -> bool {
        // SAFETY: the caller gave the function for this user, which is not released yet; so below.
        self.host.has.is_some_and(|has| unsafe { has(hook, self.user()) })
    }

    fn listens(&self, event: Event) -> bool {
        // SAFETY: as in `has`.
        self.host.listens.is_some_and(|listens| unsafe { listens(number(event), self.user()) })
    }
}

/// What a function of the caller's has thrown.
///
/// # Safety
/// - `thrown` is null or an error that the caller has given away.
unsafe fn outcome(thrown: Thrown) -> Result<()> {
    if thrown.is_null() {
        return Ok(());
    }
    // SAFETY: as the caller vouches.
    let error = unsafe { Box::from_raw(thrown) };
    Err(error.error().clone())
}

fn number(event: Event) -> i32 {
    event as i32 + 1
}

impl Host for Table {
    type Write = Value;
    type Read = Value;

    fn has_construct(&self) -> bool {
        self.has(NODECORE_STREAM_HOOK_CONSTRUCT)
    }

    fn construct(&self, machine: Machine<Self>) -> Result<()> {
        match self.host.construct {
            // SAFETY: as in `has`; what it returns is given.
            Some(construct) => unsafe { outcome(construct(self.user())) },
            None => {
                machine.complete(Hook::Construct, None);
                Ok(())
            }
        }
    }

    fn read(&self, _: Machine<Self>, size: usize) -> Result<()> {
        // SAFETY: as in `construct`.
        self.host.read.map_or(Ok(()), |read| unsafe { outcome(read(size, self.user())) })
    }

    fn write(&self, machine: Lent<'_, Self>, chunk: Value) {
        match self.host.write {
            // SAFETY: as in `has`.
            Some(write) => unsafe { write(chunk.view(), self.user()) },
            None => machine.complete(Hook::Write, None),
        }
    }

    fn has_writev(&self) -> bool {
        self.has(NODECORE_STREAM_HOOK_WRITEV)
    }

    fn writev(&self, machine: Machine<Self>, chunks: Vec<Value>) {
        let views: Vec<nodecore_stream_value> = chunks.iter().map(Value::view).collect();
        match self.host.writev {
            // SAFETY: as in `has`.
            Some(writev) => unsafe { writev(views.as_ptr(), views.len(), self.user()) },
            None => machine.complete(Hook::Write, None),
        }
    }

    fn has_final(&self) -> bool {
        self.has(NODECORE_STREAM_HOOK_FINAL)
    }

    fn final_(&self, machine: Machine<Self>) -> Result<()> {
        match self.host.final_ {
            // SAFETY: as in `construct`.
            Some(final_) => unsafe { outcome(final_(self.user())) },
            None => {
                machine.complete(Hook::Final, None);
                Ok(())
            }
        }
    }

    fn destroy(&self, machine: Machine<Self>, error: Option<Error>) -> Result<()> {
        let Some(destroy) = self.host.destroy else {
            machine.complete(Hook::Destroy, error);
            return Ok(());
        };
        let mut thrown = null_mut();
        // SAFETY: as in `construct`.
        unsafe {
            lend_error(error.as_ref(), |err| thrown = destroy(err, self.user()));
            outcome(thrown)
        }
    }

    fn end(&self, machine: Machine<Self>) {
        match self.host.end {
            // SAFETY: as in `has`.
            Some(end) => unsafe { end(self.user()) },
            None => machine.end(),
        }
    }

    fn decode_rest(&self, decoder: &mut StringDecoder) -> Option<Value> {
        decode_rest(decoder, self.host.values)
    }

    fn emit(&self, event: Event) {
        if let Some(emit) = self.host.emit {
            // SAFETY: as in `has`.
            unsafe { emit(number(event), self.user()) };
        }
    }

    fn emit_data(&self, chunk: Value) {
        if let Some(emit_data) = self.host.emit_data {
            // SAFETY: as in `has`.
            unsafe { emit_data(chunk.view(), self.user()) };
        }
    }

    fn emit_error(&self, error: Error) {
        if let Some(emit_error) = self.host.emit_error {
            // SAFETY: as in `has`.
            lend_error(Some(&error), |err| unsafe { emit_error(err, self.user()) });
        }
    }

    fn listens_readable(&self) -> bool {
        self.listens(Event::Readable)
    }

    fn listens_data(&self) -> bool {
        // SAFETY: as in `has`.
        self.host
            .listens
            .is_some_and(|listens| unsafe { listens(super::events::NODECORE_EVENT_DATA, self.user()) })
    }

    fn next_tick(&self, machine: Machine<Self>, tick: Tick) {
        if let Some(next_tick) = self.host.next_tick {
            // SAFETY: as in `has`.
            unsafe { next_tick(nodecore_stream_tick { machine, tick }.into_raw(), self.user()) };
        }
    }

    fn made(&self, error: Error) -> Error {
        let Some(made) = self.host.made else { return error };
        let mut error = nodecore_error::new(error);
        // SAFETY: as in `has`; the error is the function's alone for the call.
        unsafe { made(&raw mut error, self.user()) };
        error.error().clone()
    }
}

/// Declared in the header.
///
/// # Safety
/// - `host` and `opts` are null or structs of the sizes they say; the functions of `host` and `release` may be called
///   with `user`, and its `values` outlive every value; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_machine_new(
    kind: u32,
    host: *const nodecore_stream_host,
    opts: *const nodecore_stream_options,
    user: *mut c_void,
    release: nodecore_release,
    out: *mut *mut nodecore_stream_machine,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let host = nodecore_stream_host::read(arg::object(host, "host")?, "host")?;
            nodecore_stream_value_type::check(host.values)?;
            arg::callback(host.next_tick, "host.next_tick")?;
            let (options, encoding) =
                (options_of(kind, opts)?, nodecore_stream_options::read(opts, "opts")?.encoding);
            let encoding = encoding_of(encoding.data, encoding.len)?;
            let machine = Machine::new(Table { host, foreign }, &options);
            if let Some(encoding) = encoding {
                machine.set_encoding(encoding);
            }
            out.set(nodecore_stream_machine(machine).into_raw());
            Ok(())
        })
    }
}

/// # Safety
/// - `opts` is null or a struct of the size it says.
unsafe fn options_of(kind: u32, opts: *const nodecore_stream_options) -> Result<MachineOptions> {
    if !matches!(kind, 1..=3 | NODECORE_STREAM_TRANSFORM) {
        return Err(Error::from_template(Code::OutOfRange, &[&"kind", &"one of NODECORE_STREAM_*", &kind]));
    }
    // SAFETY: as the caller vouches.
    let opts = unsafe { nodecore_stream_options::read(opts, "opts") }?;
    let side = |bit: u32, mark: Option<usize>, object_mode: bool, open: bool| {
        (kind & bit != 0).then(|| SideOptions {
            high_water_mark: mark.unwrap_or_else(|| get_default_high_water_mark(object_mode)),
            object_mode,
            open,
            sync: bit == NODECORE_STREAM_WRITABLE || kind != NODECORE_STREAM_TRANSFORM,
        })
    };
    let mut options = MachineOptions::default();
    options.readable = side(
        NODECORE_STREAM_READABLE,
        opts.has_readable_high_water_mark.then_some(opts.readable_high_water_mark),
        opts.readable_object_mode,
        !opts.not_readable,
    );
    options.writable = side(
        NODECORE_STREAM_WRITABLE,
        opts.has_writable_high_water_mark.then_some(opts.writable_high_water_mark),
        opts.writable_object_mode,
        !opts.not_writable,
    );
    options.allow_half_open = !opts.no_half_open;
    options.auto_destroy = !opts.no_auto_destroy;
    options.emit_close = !opts.no_emit_close;
    Ok(options)
}

/// Runs `body` with the machine behind a handle, which a callback may free.
///
/// # Safety
/// - `machine` is null or a live handle, on its thread.
unsafe fn of<T>(
    machine: *const nodecore_stream_machine,
    fallback: T,
    body: impl FnOnce(&Machine<Table>) -> T,
) -> T {
    // SAFETY: as the caller vouches.
    let Some(machine) = (unsafe { arg::nullable(machine) }).map(|machine| machine.0.clone()) else {
        return fallback;
    };
    total(fallback, || body(&machine))
}

impl nodecore_stream_machine {
    /// # Safety
    /// - `value` is null or says what is there.
    unsafe fn value(machine: &Machine<Table>, value: *const nodecore_stream_value) -> Option<Value> {
        // SAFETY: as the caller vouches; the host's type was checked when the machine was made.
        unsafe { Value::retain(*arg::nullable(value)?, machine.host().host.values) }
    }
}

/// Declared in the header.
///
/// # Safety
/// - `machine` is null or a handle that was not freed, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_machine_free(machine: *mut nodecore_stream_machine) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(machine) };
}

/// Declared in the header.
///
/// # Safety
/// - `tick` is null or one that the host was given and that was neither run nor freed, on its machine's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_tick_run(tick: *mut nodecore_stream_tick) {
    if tick.is_null() {
        return;
    }
    // SAFETY: it is not null, came from `into_raw`, and is taken once, says the caller.
    let tick = unsafe { Box::from_raw(tick) };
    total((), || tick.machine.run_tick(tick.tick));
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_stream_tick_run`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_tick_free(tick: *mut nodecore_stream_tick) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(tick) };
}

/// Declared in the header.
///
/// # Safety
/// - `machine` is null or live, on its thread; `err` is null or a live error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_machine_complete(
    machine: *mut nodecore_stream_machine,
    hook: i32,
    err: *const nodecore_error,
) {
    let hook = match hook {
        NODECORE_STREAM_HOOK_CONSTRUCT => Hook::Construct,
        NODECORE_STREAM_HOOK_WRITE | NODECORE_STREAM_HOOK_WRITEV => Hook::Write,
        NODECORE_STREAM_HOOK_FINAL => Hook::Final,
        NODECORE_STREAM_HOOK_DESTROY => Hook::Destroy,
        _ => return,
    };
    // SAFETY: as the caller vouches.
    unsafe {
        let error = arg::nullable(err).map(|err| err.error().clone());
        of(machine, (), |machine| machine.complete(hook, error));
    }
}

/// Declared in the header.
///
/// # Safety
/// - `machine` is null or live, on its thread; `value` is null or says what is there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_machine_push(
    machine: *mut nodecore_stream_machine,
    value: *const nodecore_stream_value,
    decoded: bool,
) -> bool {
    // SAFETY: as the caller vouches.
    unsafe {
        of(machine, false, |machine| match nodecore_stream_machine::value(machine, value) {
            Some(value) if decoded => machine.push_text(value),
            value => machine.push(value),
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_stream_machine_push`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_machine_unshift(
    machine: *mut nodecore_stream_machine,
    value: *const nodecore_stream_value,
) -> bool {
    // SAFETY: as the caller vouches.
    unsafe { of(machine, false, |machine| machine.unshift(nodecore_stream_machine::value(machine, value))) }
}

/// Declared in the header.
///
/// # Safety
/// - `machine` is null or live, on its thread; `out` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_machine_read(
    machine: *mut nodecore_stream_machine,
    size: usize,
    out: *mut nodecore_stream_value,
) -> bool {
    // SAFETY: as the caller vouches.
    unsafe {
        of(machine, false, |machine| {
            let value = machine.read((size != usize::MAX).then_some(size));
            give(value, out)
        })
    }
}

/// Gives a value to a caller who asked for it.
///
/// # Safety
/// - `out` is null or writable.
unsafe fn give(value: Option<Value>, out: *mut nodecore_stream_value) -> bool {
    let there = value.is_some();
    if let Some(value) = value
        && !out.is_null()
    {
        // SAFETY: not null, and writable, says the caller.
        unsafe { out.write(value.into_view()) };
    }
    there
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_stream_machine_push`]; `cb` and `release` may be called with `user`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_machine_write(
    machine: *mut nodecore_stream_machine,
    value: *const nodecore_stream_value,
    cb: nodecore_done_cb,
    user: *mut c_void,
    release: nodecore_release,
) -> bool {
    let call = DoneCall::new(cb, Foreign::new(user, release));
    // SAFETY: as the caller vouches.
    unsafe {
        of(machine, false, |machine| {
            let Some(value) = nodecore_stream_machine::value(machine, value) else { return false };
            if call.is_some() {
                machine.write_with(value, move |result| call.run(result.err().as_ref()))
            } else {
                machine.write(value)
            }
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_stream_machine_write`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_machine_end(
    machine: *mut nodecore_stream_machine,
    value: *const nodecore_stream_value,
    cb: nodecore_done_cb,
    user: *mut c_void,
    release: nodecore_release,
) {
    let call = DoneCall::new(cb, Foreign::new(user, release));
    // SAFETY: as the caller vouches.
    unsafe {
        of(machine, (), |machine| {
            let value = nodecore_stream_machine::value(machine, value);
            if call.is_some() {
                machine.end_with(value, move |result| call.run(result.err().as_ref()));
            } else if let Some(value) = value {
                machine.end_chunk(value);
            } else {
                machine.end();
            }
        });
    }
}

/// Declared in the header.
///
/// # Safety
/// - `machine` is null or live, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_machine_cork(machine: *mut nodecore_stream_machine) {
    // SAFETY: as the caller vouches.
    unsafe { of(machine, (), Machine::cork) };
}

/// Declared in the header.
///
/// # Safety
/// - `machine` is null or live, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_machine_uncork(machine: *mut nodecore_stream_machine) {
    // SAFETY: as the caller vouches.
    unsafe { of(machine, (), Machine::uncork) };
}

/// Declared in the header.
///
/// # Safety
/// - `machine` is null or live, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_machine_resume(machine: *mut nodecore_stream_machine) {
    // SAFETY: as the caller vouches.
    unsafe { of(machine, (), Machine::resume) };
}

/// Declared in the header.
///
/// # Safety
/// - `machine` is null or live, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_machine_pause(machine: *mut nodecore_stream_machine) {
    // SAFETY: as the caller vouches.
    unsafe { of(machine, (), Machine::pause) };
}

/// Declared in the header.
///
/// # Safety
/// - `machine` is null or live, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_machine_piped(machine: *mut nodecore_stream_machine, before: usize) {
    // SAFETY: as the caller vouches.
    unsafe { of(machine, (), |machine| machine.piped(before)) };
}

/// Declared in the header.
///
/// # Safety
/// - `machine` is null or live, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_machine_await_drain(
    machine: *mut nodecore_stream_machine,
    dest: usize,
    pipes: usize,
) {
    // SAFETY: as the caller vouches.
    unsafe { of(machine, (), |machine| machine.await_drain(dest, pipes)) };
}

/// Declared in the header.
///
/// # Safety
/// - `machine` is null or live, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_machine_drained(machine: *mut nodecore_stream_machine, dest: usize) {
    // SAFETY: as the caller vouches.
    unsafe { of(machine, (), |machine| machine.drained(dest)) };
}

/// Declared in the header.
///
/// # Safety
/// - `machine` is null or live, on its thread; `out` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_machine_awaiting(
    machine: *const nodecore_stream_machine,
    index: usize,
    out: *mut usize,
) -> bool {
    // SAFETY: as the caller vouches.
    unsafe {
        of(machine, false, |machine| match machine.awaiting().get(index) {
            Some(&dest) if !out.is_null() => {
                out.write(dest);
                true
            }
            dest => dest.is_some(),
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `machine` is null or live, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_machine_listener(
    machine: *mut nodecore_stream_machine,
    event: i32,
    added: bool,
) {
    use super::events::{NODECORE_EVENT_DATA, NODECORE_EVENT_READABLE};
    // SAFETY: as the caller vouches.
    unsafe {
        of(machine, (), |machine| match (event, added) {
            (NODECORE_EVENT_DATA, true) => machine.data_listener_added(),
            (NODECORE_EVENT_DATA, false) => machine.data_listener_removed(),
            (NODECORE_EVENT_READABLE, true) => machine.readable_listener_added(),
            (NODECORE_EVENT_READABLE, false) => machine.readable_listener_removed(),
            _ => {}
        });
    }
}

/// Declared in the header.
///
/// # Safety
/// - `machine` is null or live, on its thread; `name` is null or points to `name_len` readable bytes; `err` is null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_machine_set_encoding(
    machine: *mut nodecore_stream_machine,
    name: *const c_char,
    name_len: usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let machine = arg::object(machine, "machine")?.0.clone();
            machine.set_encoding(arg::text(name, name_len, "name")?.parse()?);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `machine` is null or live, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_machine_encoding(
    machine: *const nodecore_stream_machine,
) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe {
        of(machine, nodecore_str::NONE, |machine| {
            nodecore_str::nullable(machine.encoding().map(|encoding| encoding.name().as_bytes()))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `machine` is null or live, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_machine_set_open(
    machine: *mut nodecore_stream_machine,
    side: u32,
    open: bool,
) {
    // SAFETY: as the caller vouches.
    unsafe {
        of(machine, (), |machine| {
            if side & NODECORE_STREAM_READABLE != 0 {
                machine.set_readable(open);
            }
            if side & NODECORE_STREAM_WRITABLE != 0 {
                machine.set_writable(open);
            }
        });
    }
}

/// Declared in the header.
///
/// # Safety
/// - `machine` is null or live, on its thread; `err` is null or a live error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_machine_destroy(
    machine: *mut nodecore_stream_machine,
    err: *const nodecore_error,
) {
    // SAFETY: as the caller vouches.
    unsafe {
        let error = arg::nullable(err).map(|err| err.error().clone());
        of(machine, (), |machine| machine.destroy(error));
    }
}

/// Declared in the header.
///
/// # Safety
/// - `machine` is null or live, on its thread; `err` is null or a live error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_machine_fail(
    machine: *mut nodecore_stream_machine,
    err: *const nodecore_error,
    sync: bool,
) {
    // SAFETY: as the caller vouches.
    unsafe {
        if let Some(error) = arg::nullable(err).map(|err| err.error().clone()) {
            of(machine, (), |machine| machine.error_or_destroy(error, sync));
        }
    }
}

/// Declared in the header.
///
/// # Safety
/// - `machine` is null or live, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_machine_transformed(
    machine: *mut nodecore_stream_machine,
    before: usize,
) {
    // SAFETY: as the caller vouches.
    unsafe { of(machine, (), |machine| machine.transformed((before != usize::MAX).then_some(before))) };
}

/// Declared in the header.
///
/// # Safety
/// - `machine` is null or live, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_machine_transform_more(machine: *mut nodecore_stream_machine) {
    // SAFETY: as the caller vouches.
    unsafe { of(machine, (), Machine::transform_more) };
}

/// The bits of the header that both sides have.
fn side_bits(side: &SideView) -> u32 {
    bits(&[
        (true, NODECORE_STREAM_SIDE_PRESENT),
        (side.object_mode, NODECORE_STREAM_SIDE_OBJECT_MODE),
        (side.emit_close, NODECORE_STREAM_SIDE_EMIT_CLOSE),
        (side.auto_destroy, NODECORE_STREAM_SIDE_AUTO_DESTROY),
        (side.constructed, NODECORE_STREAM_SIDE_CONSTRUCTED),
        (side.destroyed, NODECORE_STREAM_SIDE_DESTROYED),
        (side.closed, NODECORE_STREAM_SIDE_CLOSED),
        (side.close_emitted, NODECORE_STREAM_SIDE_CLOSE_EMITTED),
        (side.errored, NODECORE_STREAM_SIDE_ERRORED),
        (side.error_emitted, NODECORE_STREAM_SIDE_ERROR_EMITTED),
        (side.sync, NODECORE_STREAM_SIDE_SYNC),
    ])
}

fn bits(flags: &[(bool, u32)]) -> u32 {
    flags.iter().filter(|(on, _)| *on).fold(0, |bits, (_, bit)| bits | bit)
}

/// Declared in the header.
///
/// # Safety
/// - `machine` is null or live, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_machine_flags(
    machine: *const nodecore_stream_machine,
    side: u32,
) -> u32 {
    // SAFETY: as the caller vouches.
    unsafe {
        of(machine, 0, |machine| match side {
            NODECORE_STREAM_READABLE => machine.readable_state().map_or(0, |r| {
                let own = bits(&[
                    (r.readable, NODECORE_STREAM_READ_READABLE),
                    (r.ended, NODECORE_STREAM_READ_ENDED),
                    (r.end_emitted, NODECORE_STREAM_READ_END_EMITTED),
                    (r.reading, NODECORE_STREAM_READ_READING),
                    (r.reading_more, NODECORE_STREAM_READ_READING_MORE),
                    (r.need_readable, NODECORE_STREAM_READ_NEED_READABLE),
                    (r.emitted_readable, NODECORE_STREAM_READ_EMITTED_READABLE),
                    (r.readable_listening, NODECORE_STREAM_READ_READABLE_LISTENING),
                    (r.resume_scheduled, NODECORE_STREAM_READ_RESUME_SCHEDULED),
                    (r.data_emitted, NODECORE_STREAM_READ_DATA_EMITTED),
                    (r.flowing.is_some(), NODECORE_STREAM_READ_FLOW_DECIDED),
                    (r.flowing == Some(true), NODECORE_STREAM_READ_FLOWING),
                    (r.paused, NODECORE_STREAM_READ_PAUSED),
                    (r.many_pipes, NODECORE_STREAM_READ_MANY_PIPES),
                ]);
                side_bits(&r.side) | own
            }),
            NODECORE_STREAM_WRITABLE => machine.writable_state().map_or(0, |w| {
                let own = bits(&[
                    (w.writable, NODECORE_STREAM_WRITE_WRITABLE),
                    (w.writing, NODECORE_STREAM_WRITE_WRITING),
                    (w.processing, NODECORE_STREAM_WRITE_PROCESSING),
                    (w.need_drain, NODECORE_STREAM_WRITE_NEED_DRAIN),
                    (w.ending, NODECORE_STREAM_WRITE_ENDING),
                    (w.ended, NODECORE_STREAM_WRITE_ENDED),
                    (w.final_called, NODECORE_STREAM_WRITE_FINAL_CALLED),
                    (w.prefinished, NODECORE_STREAM_WRITE_PREFINISHED),
                    (w.finished, NODECORE_STREAM_WRITE_FINISHED),
                ]);
                side_bits(&w.side) | own
            }),
            _ => 0,
        })
    }
}

/// A number of one of the sides.
///
/// # Safety
/// - `machine` is null or live, on its thread.
unsafe fn number_of(
    machine: *const nodecore_stream_machine,
    side: u32,
    of_side: impl FnOnce(&SideView) -> usize,
) -> usize {
    // SAFETY: as the caller vouches.
    unsafe {
        of(machine, 0, |machine| {
            let side = match side {
                NODECORE_STREAM_READABLE => machine.readable_state().map(|state| state.side),
                NODECORE_STREAM_WRITABLE => machine.writable_state().map(|state| state.side),
                _ => None,
            };
            side.as_ref().map_or(0, of_side)
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `machine` is null or live, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_machine_length(
    machine: *const nodecore_stream_machine,
    side: u32,
) -> usize {
    // SAFETY: as the caller vouches.
    unsafe { number_of(machine, side, |side| side.length) }
}

/// Declared in the header.
///
/// # Safety
/// - `machine` is null or live, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_machine_high_water_mark(
    machine: *const nodecore_stream_machine,
    side: u32,
) -> usize {
    // SAFETY: as the caller vouches.
    unsafe { number_of(machine, side, |side| side.high_water_mark) }
}

/// Declared in the header.
///
/// # Safety
/// - `machine` is null or live, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_machine_corked(machine: *const nodecore_stream_machine) -> usize {
    // SAFETY: as the caller vouches.
    unsafe { of(machine, 0, |machine| machine.writable_state().map_or(0, |state| state.corked)) }
}

/// Declared in the header.
///
/// # Safety
/// - `machine` is null or live, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_machine_pending(machine: *const nodecore_stream_machine) -> usize {
    // SAFETY: as the caller vouches.
    unsafe { of(machine, 0, |machine| machine.writable_state().map_or(0, |state| state.pending)) }
}

/// Declared in the header.
///
/// # Safety
/// - `machine` is null or live, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_machine_errored(
    machine: *const nodecore_stream_machine,
    side: u32,
) -> *mut nodecore_error {
    // SAFETY: as the caller vouches.
    unsafe {
        of(machine, null_mut(), |machine| {
            let error = match side {
                NODECORE_STREAM_READABLE => machine.readable_error(),
                NODECORE_STREAM_WRITABLE => machine.writable_error(),
                _ => None,
            };
            error.map_or(null_mut(), |error| nodecore_error::new(error).into_raw())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `machine` is null or live, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_machine_count(
    machine: *const nodecore_stream_machine,
    side: u32,
) -> usize {
    // SAFETY: as the caller vouches.
    unsafe {
        of(machine, 0, |machine| match side {
            NODECORE_STREAM_READABLE => machine.readable_chunks(),
            NODECORE_STREAM_WRITABLE => machine.writable_chunks(),
            _ => 0,
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `machine` is null or live, on its thread; `out` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_machine_peek(
    machine: *const nodecore_stream_machine,
    side: u32,
    index: usize,
    out: *mut nodecore_stream_value,
) -> bool {
    // SAFETY: as the caller vouches.
    unsafe {
        of(machine, false, |machine| match side {
            NODECORE_STREAM_READABLE => give(machine.readable_chunk(index), out),
            NODECORE_STREAM_WRITABLE => give(machine.writable_chunk(index), out),
            _ => false,
        })
    }
}
