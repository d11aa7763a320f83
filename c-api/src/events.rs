//! `nodecore/events.h`.

use std::ffi::{c_char, c_void};
use std::fmt;
use std::ptr::null_mut;
use std::rc::Rc;

use ::nodecore_error::{Code, Error, Result};
use nodecore_events::{ERROR_MONITOR, EventEmitter, EventEmitterOptions, Handler, ListenOptions, ListenerId};

use crate::boundary::{Castable, Foreign, SizedOptions, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_release};
use crate::str::nodecore_str;

pub type nodecore_listener_cb =
    Option<unsafe extern "C" fn(payload: *mut c_void, user: *mut c_void) -> nodecore_status>;
pub type nodecore_error_cb = Option<unsafe extern "C" fn(err: *const nodecore_error, user: *mut c_void)>;
pub type nodecore_watch_cb =
    Option<unsafe extern "C" fn(event: nodecore_str, id: nodecore_listener_id, user: *mut c_void)>;
pub type nodecore_text_cb = Option<unsafe extern "C" fn(text: nodecore_str, user: *mut c_void)>;
pub type nodecore_rejection_cb = Option<
    unsafe extern "C" fn(
        err: *const nodecore_error,
        event: nodecore_str,
        payload: *mut c_void,
        user: *mut c_void,
    ),
>;

pub const NODECORE_LISTEN_ONCE: u32 = 1;
pub const NODECORE_LISTEN_PREPEND: u32 = 2;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_listener_id {
    pub number_: u64,
    pub tag_: u32,
}

impl From<ListenerId> for nodecore_listener_id {
    fn from(id: ListenerId) -> nodecore_listener_id {
        nodecore_listener_id { number_: id.number(), tag_: id.tag() }
    }
}

impl From<nodecore_listener_id> for ListenerId {
    fn from(id: nodecore_listener_id) -> ListenerId {
        ListenerId::from_parts(id.tag_, id.number_)
    }
}

impl nodecore_listener_id {
    /// Names no listener: numbers start at 1.
    pub(crate) const NONE: nodecore_listener_id = nodecore_listener_id { number_: 0, tag_: 0 };

    /// Gives the id to a caller who asked for it.
    ///
    /// # Safety
    /// - `out` is null or writable.
    pub(crate) unsafe fn give(self, out: *mut nodecore_listener_id) {
        if !out.is_null() {
            // SAFETY: not null, and writable, says the caller.
            unsafe { out.write(self) };
        }
    }
}

type Hold = Option<unsafe extern "C" fn(payload: *mut c_void)>;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_emitter_options {
    pub struct_size: usize,
    pub capture_rejections: i32,
    pub retain: Hold,
    pub release: Hold,
}
impl SizedOptions for nodecore_emitter_options {
    const ZERO: Self =
        nodecore_emitter_options { struct_size: 0, capture_rejections: 0, retain: None, release: None };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// What an event carries: a pointer of the caller's, and what keeps it alive where it outlives the call.
#[derive(Clone)]
pub(crate) struct Payload {
    pointer: *mut c_void,
    _kept: Option<Rc<Kept>>,
}

struct Kept {
    pointer: *mut c_void,
    release: Hold,
}

impl Drop for Kept {
    fn drop(&mut self) {
        if let Some(release) = self.release {
            // SAFETY: the caller gave `release` for what `retain` was called with; it runs once, here.
            unsafe { release(self.pointer) };
        }
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // As Node shows a pointer.
        write!(f, "[External: {:x}]", self.pointer.addr())
    }
}

#[derive(Clone, Debug)]
pub struct nodecore_emitter {
    emitter: EventEmitter<Payload>,
    retain: Hold,
    release: Hold,
}
impl Castable for nodecore_emitter {}

/// Declared in the header.
///
/// # Safety
/// - `opts` is null or a struct of its own size; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_emitter_new(
    opts: *const nodecore_emitter_options,
    out: *mut *mut nodecore_emitter,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let opts: nodecore_emitter_options = SizedOptions::read(opts, "opts")?;
            let mut options = EventEmitterOptions::default();
            match opts.capture_rejections {
                0 => {}
                1 => options = options.capture_rejections(true),
                -1 => options = options.capture_rejections(false),
                other => {
                    let args: [&dyn fmt::Display; 3] = [&"opts.capture_rejections", &">= -1 && <= 1", &other];
                    return Err(Error::from_template(Code::OutOfRange, &args));
                }
            }
            let emitter = EventEmitter::with_options(options);
            out.set(nodecore_emitter { emitter, retain: opts.retain, release: opts.release }.into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `emitter` is null or a handle that was not freed, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_emitter_free(emitter: *mut nodecore_emitter) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(emitter) };
}

/// Declared in the header.
///
/// # Safety
/// - `emitter` is null or a live handle, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_emitter_copy(emitter: *const nodecore_emitter) -> *mut nodecore_emitter {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(emitter) }.map_or(null_mut(), |emitter| emitter.clone().into_raw())
}

/// Declared in the header.
///
/// # Safety
/// - `emitter` is null or a live handle, on its thread; `event` is null or points to `event_len` readable bytes;
///   `cb` and `release` may be called with `user`; `id` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_emitter_on(
    emitter: *mut nodecore_emitter,
    event: *const c_char,
    event_len: usize,
    flags: u32,
    cb: nodecore_listener_cb,
    user: *mut c_void,
    release: nodecore_release,
    id: *mut nodecore_listener_id,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), move || {
            let cb = arg::callback(cb, "cb")?;
            let emitter = emitter_of(emitter)?;
            let event = arg::text(event, event_len, "event")?;
            let options = listen_options(flags)?;
            // SAFETY: the caller gave `cb` for this user, which is not released yet.
            let handler = Handler::fallible(move |payload: Payload| {
                listener_result(cb(payload.pointer, foreign.user()))
            });
            nodecore_listener_id::from(emitter.add_listener(event, &handler, options)).give(id);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `emitter` is null or a live handle, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_emitter_off(
    emitter: *mut nodecore_emitter,
    id: nodecore_listener_id,
) -> bool {
    // SAFETY: as the caller vouches.
    unsafe { emitter_of(emitter) }.is_ok_and(|emitter| total(false, || emitter.off(id.into())))
}

/// Declared in the header.
///
/// # Safety
/// - `emitter` is null or a live handle, on its thread; `event` is null or points to `event_len` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_emitter_remove_all(
    emitter: *mut nodecore_emitter,
    event: *const c_char,
    event_len: usize,
) -> nodecore_status {
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), || {
            let emitter = emitter_of(emitter)?;
            let event = if event.is_null() { None } else { Some(arg::text(event, event_len, "event")?) };
            emitter.remove_all_listeners(event);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `emitter` is null or a live handle, on its thread; `event` is null or points to `event_len` readable bytes;
///   `heard` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_emitter_emit(
    emitter: *mut nodecore_emitter,
    event: *const c_char,
    event_len: usize,
    payload: *mut c_void,
    heard: *mut bool,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let emitter = emitter_of(emitter)?;
            let event = arg::text(event, event_len, "event")?;
            let any = emitter.try_emit(event, Payload { pointer: payload, _kept: None })?;
            if !heard.is_null() {
                heard.write(any);
            }
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `emitter` is null or a live handle, on its thread; `error` is null or a live error; `err` is null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_emitter_emit_error(
    emitter: *mut nodecore_emitter,
    error: *const nodecore_error,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let emitter = emitter_of(emitter)?;
            emitter.try_emit_error(arg::object(error, "error")?.error().clone())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `emitter` is null or a live handle, on its thread; `cb` and `release` may be called with `user`; `id` is
///   null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_emitter_on_error(
    emitter: *mut nodecore_emitter,
    flags: u32,
    cb: nodecore_error_cb,
    user: *mut c_void,
    release: nodecore_release,
    id: *mut nodecore_listener_id,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { add_error_listener(emitter, "error", flags, cb, Foreign::new(user, release), id) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_emitter_on_error`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_emitter_on_error_monitor(
    emitter: *mut nodecore_emitter,
    flags: u32,
    cb: nodecore_error_cb,
    user: *mut c_void,
    release: nodecore_release,
    id: *mut nodecore_listener_id,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { add_error_listener(emitter, ERROR_MONITOR, flags, cb, Foreign::new(user, release), id) }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_emitter_on_error`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_emitter_on_new_listener(
    emitter: *mut nodecore_emitter,
    cb: nodecore_watch_cb,
    user: *mut c_void,
    release: nodecore_release,
    id: *mut nodecore_listener_id,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), move || {
            let watcher = watcher(arg::callback(cb, "cb")?, foreign);
            nodecore_listener_id::from(emitter_of(emitter)?.on_new_listener(watcher)).give(id);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_emitter_on_error`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_emitter_on_remove_listener(
    emitter: *mut nodecore_emitter,
    cb: nodecore_watch_cb,
    user: *mut c_void,
    release: nodecore_release,
    id: *mut nodecore_listener_id,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), move || {
            let watcher = watcher(arg::callback(cb, "cb")?, foreign);
            nodecore_listener_id::from(emitter_of(emitter)?.on_remove_listener(watcher)).give(id);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `emitter` is null or a live handle, on its thread; `event` is null or points to `event_len` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_emitter_listener_count(
    emitter: *const nodecore_emitter,
    event: *const c_char,
    event_len: usize,
) -> usize {
    // SAFETY: as the caller vouches.
    match unsafe { (emitter_of(emitter), arg::text(event, event_len, "event")) } {
        (Ok(emitter), Ok(event)) => total(0, || emitter.listener_count(event)),
        _ => 0,
    }
}

/// Declared in the header.
///
/// # Safety
/// - `emitter` is null or a live handle, on its thread; `event` is null or points to `event_len` readable bytes;
///   `ids` is null or points to `capacity` writable ids.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_emitter_listeners(
    emitter: *const nodecore_emitter,
    event: *const c_char,
    event_len: usize,
    ids: *mut nodecore_listener_id,
    capacity: usize,
) -> usize {
    // SAFETY: as the caller vouches.
    match unsafe { (emitter_of(emitter), arg::text(event, event_len, "event")) } {
        (Ok(emitter), Ok(event)) => total(0, || {
            let known = emitter.listener_ids(event);
            if !ids.is_null() {
                for (index, &id) in known.iter().take(capacity).enumerate() {
                    // SAFETY: the caller vouches for `capacity` ids.
                    unsafe { ids.add(index).write(id.into()) };
                }
            }
            known.len()
        }),
        _ => 0,
    }
}

/// Declared in the header.
///
/// # Safety
/// - `emitter` is null or a live handle, on its thread; `cb` may be called with `user`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_emitter_event_names(
    emitter: *const nodecore_emitter,
    cb: nodecore_text_cb,
    user: *mut c_void,
) -> nodecore_status {
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), || {
            let cb = arg::callback(cb, "cb")?;
            for name in emitter_of(emitter)?.event_names() {
                cb(nodecore_str::new(name.as_bytes()), user);
            }
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `emitter` is null or a live handle, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_emitter_max_listeners(emitter: *const nodecore_emitter) -> usize {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(emitter) }.map_or(0, |emitter| emitter.emitter.max_listeners())
}

/// Declared in the header.
///
/// # Safety
/// - `emitter` is null or a live handle, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_emitter_set_max_listeners(emitter: *mut nodecore_emitter, count: usize) {
    // SAFETY: as the caller vouches.
    if let Some(emitter) = unsafe { arg::nullable(emitter) } {
        emitter.emitter.set_max_listeners(count);
    }
}

/// Declared in the header.
///
/// # Safety
/// - `emitter` is null or a live handle, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_emitter_captures_rejections(emitter: *const nodecore_emitter) -> bool {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(emitter) }.is_some_and(|emitter| emitter.emitter.captures_rejections())
}

/// Declared in the header.
///
/// # Safety
/// - `emitter` and `lp` are null or live handles, on the loop's thread; `event` is null or points to `event_len`
///   readable bytes; `error` is null or a live error; the emitter's `retain` may be called with `payload`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_emitter_reject(
    emitter: *mut nodecore_emitter,
    lp: *mut nodecore_loop,
    event: *const c_char,
    event_len: usize,
    payload: *mut c_void,
    error: *const nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), || {
            let emitter = arg::object(emitter, "emitter")?;
            let lp = event_loop(lp)?;
            let event = arg::text(event, event_len, "event")?;
            let error = arg::object(error, "error")?.error().clone();
            if let Some(retain) = emitter.retain {
                retain(payload);
            }
            let kept = Some(Rc::new(Kept { pointer: payload, release: emitter.release }));
            emitter.emitter.reject(lp, event, Payload { pointer: payload, _kept: kept }, error);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `emitter` is null or a live handle, on its thread; `cb` and `release` may be called with `user`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_emitter_on_rejection(
    emitter: *mut nodecore_emitter,
    cb: nodecore_rejection_cb,
    user: *mut c_void,
    release: nodecore_release,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), move || {
            let emitter = emitter_of(emitter)?;
            let Some(cb) = cb else {
                emitter.on_rejection(None);
                return Ok(());
            };
            emitter.on_rejection(Some(Rc::new(move |error: &Error, event: &str, payload: Payload| {
                let error = nodecore_error::new(error.clone());
                // SAFETY: the caller gave `cb` for this user, which is not released yet; what is lent lives.
                cb(&raw const error, nodecore_str::new(event.as_bytes()), payload.pointer, foreign.user());
            })));
            Ok(())
        })
    }
}

/// Declared in the header.
#[unsafe(no_mangle)]
pub extern "C" fn nodecore_events_default_max_listeners() -> usize {
    nodecore_events::default_max_listeners()
}

/// Declared in the header.
#[unsafe(no_mangle)]
pub extern "C" fn nodecore_events_set_default_max_listeners(count: usize) {
    nodecore_events::set_default_max_listeners(count);
}

/// Declared in the header.
#[unsafe(no_mangle)]
pub extern "C" fn nodecore_events_capture_rejections() -> bool {
    nodecore_events::capture_rejections()
}

/// Declared in the header.
#[unsafe(no_mangle)]
pub extern "C" fn nodecore_events_set_capture_rejections(capture: bool) {
    nodecore_events::set_capture_rejections(capture);
}

/// Declared in the header.
///
/// # Safety
/// - `cb` and `release` may be called with `user`, on this thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_events_on_warning(
    cb: nodecore_text_cb,
    user: *mut c_void,
    release: nodecore_release,
) {
    let foreign = Foreign::new(user, release);
    total((), move || {
        let Some(cb) = cb else { return nodecore_events::set_warning_handler(None) };
        nodecore_events::set_warning_handler(Some(Rc::new(move |text: &str| {
            // SAFETY: the caller gave `cb` for this user, which is not released yet.
            unsafe { cb(nodecore_str::new(text.as_bytes()), foreign.user()) };
        })));
    });
}

/// The emitter behind a handle, which a listener may free.
///
/// # Safety
/// - `emitter` is null or a live handle, on its thread.
unsafe fn emitter_of(emitter: *const nodecore_emitter) -> Result<EventEmitter<Payload>> {
    // SAFETY: as the caller vouches.
    Ok(unsafe { arg::object(emitter, "emitter") }?.emitter.clone())
}

pub(crate) fn listen_options(flags: u32) -> Result<ListenOptions> {
    if flags > NODECORE_LISTEN_ONCE | NODECORE_LISTEN_PREPEND {
        return Err(Error::from_template(Code::OutOfRange, &[&"flags", &">= 0 && <= 3", &flags]));
    }
    let (once, prepend) = (flags & NODECORE_LISTEN_ONCE != 0, flags & NODECORE_LISTEN_PREPEND != 0);
    Ok(ListenOptions::default().once(once).prepend(prepend))
}

pub(crate) fn listener_result(status: nodecore_status) -> Result<()> {
    if status == 0 {
        return Ok(());
    }
    Err(match status.checked_neg().and_then(Code::from_number) {
        Some(code) => Error::from_template(code, &[]),
        None => {
            Error::from_template(Code::OutOfRange, &[&"status of a listener", &"a known status", &status])
        }
    })
}

fn watcher(
    cb: unsafe extern "C" fn(nodecore_str, nodecore_listener_id, *mut c_void),
    foreign: Foreign,
) -> impl Fn(&str, ListenerId) + 'static {
    move |event, id| {
        // SAFETY: the caller gave `cb` for this user, which is not released yet.
        unsafe { cb(nodecore_str::new(event.as_bytes()), id.into(), foreign.user()) };
    }
}

/// # Safety
/// - `emitter` is null or a live handle, on its thread; `cb` may be called with the user of `foreign`; `id` is
///   null or writable.
unsafe fn add_error_listener(
    emitter: *mut nodecore_emitter,
    event: &str,
    flags: u32,
    cb: nodecore_error_cb,
    foreign: Foreign,
    id: *mut nodecore_listener_id,
) -> nodecore_status {
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), move || {
            let cb = arg::callback(cb, "cb")?;
            let (emitter, options) = (emitter_of(emitter)?, listen_options(flags)?);
            let handler = Handler::error(move |error| {
                let error = nodecore_error::new(error.clone());
                // SAFETY: the caller gave `cb` for this user, which is not released yet; the error lives.
                cb(&raw const error, foreign.user());
            });
            nodecore_listener_id::from(emitter.add_listener(event, &handler, options)).give(id);
            Ok(())
        })
    }
}
