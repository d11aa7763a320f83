//! `nodecore/stream.h`: events, the state of a stream, and its end.

use std::ffi::c_void;
use std::ptr::null_mut;

use ::nodecore_error::{Code, Error};
use ::nodecore_stream::{Event, Readable, is_disturbed, is_errored, is_readable, is_writable};
use nodecore_buffer::Encoding;

use super::{
    DoneCall, NODECORE_STREAM_READABLE, NODECORE_STREAM_WRITABLE, nodecore_data_cb, nodecore_event_cb,
    nodecore_stream, of_any, readable, writable,
};
use crate::boundary::{Castable, Foreign, SizedOut, arg, entry, total};
use crate::chunk::Item;
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::nodecore_release;
use crate::events::{listen_options, nodecore_listener_id};
use crate::str::nodecore_str;

pub const NODECORE_EVENT_READABLE: i32 = 1;
pub const NODECORE_EVENT_END: i32 = 2;
pub const NODECORE_EVENT_PAUSE: i32 = 3;
pub const NODECORE_EVENT_RESUME: i32 = 4;
pub const NODECORE_EVENT_DRAIN: i32 = 5;
pub const NODECORE_EVENT_PREFINISH: i32 = 6;
pub const NODECORE_EVENT_FINISH: i32 = 7;
pub const NODECORE_EVENT_CLOSE: i32 = 8;
pub const NODECORE_EVENT_ERROR: i32 = 9;
pub const NODECORE_EVENT_DATA: i32 = 10;
pub const NODECORE_EVENT_PIPE: i32 = 11;
pub const NODECORE_EVENT_UNPIPE: i32 = 12;

/// An event of the header, if it is one that carries nothing.
fn plain(event: i32) -> Option<Event> {
    Some(match event {
        NODECORE_EVENT_READABLE => Event::Readable,
        NODECORE_EVENT_END => Event::End,
        NODECORE_EVENT_PAUSE => Event::Pause,
        NODECORE_EVENT_RESUME => Event::Resume,
        NODECORE_EVENT_DRAIN => Event::Drain,
        NODECORE_EVENT_PREFINISH => Event::Prefinish,
        NODECORE_EVENT_FINISH => Event::Finish,
        NODECORE_EVENT_CLOSE => Event::Close,
        _ => return None,
    })
}

/// Node's name of an event of the header.
fn name_of(event: i32) -> Option<&'static str> {
    match event {
        NODECORE_EVENT_ERROR => Some("error"),
        NODECORE_EVENT_DATA => Some("data"),
        NODECORE_EVENT_PIPE => Some("pipe"),
        NODECORE_EVENT_UNPIPE => Some("unpipe"),
        _ => plain(event).map(Event::name),
    }
}

fn unknown(event: i32, of: &str) -> Error {
    Error::from_template(Code::OutOfRange, &[&"event", &of, &event])
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `cb` and `release` may be called with `user`; `id`
///   is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_on(
    stream: *mut nodecore_stream,
    event: i32,
    flags: u32,
    cb: nodecore_event_cb,
    user: *mut c_void,
    release: nodecore_release,
    id: *mut nodecore_listener_id,
) -> nodecore_status {
    let call = DoneCall::new(cb, Foreign::new(user, release));
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), move || {
            let call = call.checked()?;
            let (stream, options) = (nodecore_stream::object(stream)?, listen_options(flags)?);
            let added = match plain(event) {
                Some(event) => of_any!(stream, on => on.on_with(event, options, move || call.run(None))),
                None if event == NODECORE_EVENT_ERROR => {
                    of_any!(stream, on => on.on_error_with(options, move |error| call.run(Some(error))))
                }
                None => return Err(unknown(event, "an event that carries nothing, or error")),
            };
            nodecore_listener_id::from(added).give(id);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_stream_on`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_on_data(
    stream: *mut nodecore_stream,
    flags: u32,
    cb: nodecore_data_cb,
    user: *mut c_void,
    release: nodecore_release,
    id: *mut nodecore_listener_id,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), move || {
            let cb = arg::callback(cb, "cb")?;
            let (stream, options) = (readable(stream)?, listen_options(flags)?);
            let added = stream.on_data_with(options, move |item| {
                // SAFETY: the caller gave `cb` for this user, which is released with the listener.
                item.lend(|chunk| cb(chunk, foreign.user()));
            });
            nodecore_listener_id::from(added).give(id);
            Ok(())
        })
    }
}

pub type nodecore_pipe_cb = Option<unsafe extern "C" fn(source: *mut nodecore_stream, user: *mut c_void)>;

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_stream_on`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_on_pipe(
    stream: *mut nodecore_stream,
    event: i32,
    flags: u32,
    cb: nodecore_pipe_cb,
    user: *mut c_void,
    release: nodecore_release,
    id: *mut nodecore_listener_id,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), move || {
            let cb = arg::callback(cb, "cb")?;
            let (stream, options) = (writable(stream)?, listen_options(flags)?);
            let call = move |source: &Readable<Item>| {
                let mut source = nodecore_stream::from(source.clone());
                // SAFETY: as in `nodecore_stream_on_data`; the handle lives for the call.
                cb(&raw mut source, foreign.user());
            };
            let added = match event {
                NODECORE_EVENT_PIPE => stream.on_pipe_with(options, call),
                NODECORE_EVENT_UNPIPE => stream.on_unpipe_with(options, call),
                _ => return Err(unknown(event, "pipe or unpipe")),
            };
            nodecore_listener_id::from(added).give(id);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_off(stream: *mut nodecore_stream, id: nodecore_listener_id) -> bool {
    // SAFETY: as the caller vouches.
    unsafe { nodecore_stream::object(stream) }
        .is_ok_and(|stream| total(false, || of_any!(&stream, of => of.off(id.into()))))
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_remove_all(
    stream: *mut nodecore_stream,
    event: i32,
) -> nodecore_status {
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), || {
            let stream = nodecore_stream::object(stream)?;
            match (event, name_of(event)) {
                (0, _) => of_any!(&stream, of => of.remove_all_listeners(None)),
                (_, Some(name)) => of_any!(&stream, of => of.remove_all_listeners_of(name)),
                _ => return Err(unknown(event, "0 or an event")),
            }
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_listener_count(stream: *const nodecore_stream, event: i32) -> usize {
    // SAFETY: as the caller vouches.
    match (unsafe { nodecore_stream::object(stream) }, name_of(event)) {
        (Ok(stream), Some(name)) => total(0, || of_any!(&stream, of => of.listener_count_of(name))),
        _ => 0,
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `err` is null or a live error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_destroy(stream: *mut nodecore_stream, err: *const nodecore_error) {
    // SAFETY: as the caller vouches.
    if let (Ok(stream), err) = unsafe { (nodecore_stream::object(stream), arg::nullable(err)) } {
        total((), || of_any!(&stream, of => of.destroy(err.map(|err| err.error().clone()))));
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_errored(stream: *const nodecore_stream) -> *mut nodecore_error {
    // SAFETY: as the caller vouches.
    match unsafe { nodecore_stream::object(stream) } {
        Ok(stream) => total(null_mut(), || {
            of_any!(&stream, of => of.errored())
                .map_or(null_mut(), |error| nodecore_error::new(error).into_raw())
        }),
        Err(_) => null_mut(),
    }
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_stream_state {
    pub struct_size: usize,
    pub sides: u32,
    pub destroyed: bool,
    pub closed: bool,
    pub errored: bool,
    pub disturbed: bool,
    pub allow_half_open: bool,
    pub readable: bool,
    pub readable_paused: bool,
    pub readable_ended: bool,
    pub readable_aborted: bool,
    pub readable_did_read: bool,
    pub readable_object_mode: bool,
    pub writable: bool,
    pub writable_ended: bool,
    pub writable_finished: bool,
    pub writable_aborted: bool,
    pub writable_need_drain: bool,
    pub writable_object_mode: bool,
    pub readable_flowing: i32,
    pub readable_length: usize,
    pub readable_high_water_mark: usize,
    pub readable_pipes: usize,
    pub readable_encoding: nodecore_str,
    pub writable_length: usize,
    pub writable_high_water_mark: usize,
    pub writable_corked: usize,
    pub writable_default_encoding: nodecore_str,
}

fn encoding_name(encoding: Encoding) -> nodecore_str {
    nodecore_str::new(encoding.name().as_bytes())
}

impl nodecore_stream_state {
    fn of(stream: &nodecore_stream) -> nodecore_stream_state {
        let mut state = nodecore_stream_state {
            struct_size: 0,
            sides: 0,
            destroyed: of_any!(stream, of => of.destroyed()),
            closed: of_any!(stream, of => of.closed()),
            errored: is_errored(stream),
            disturbed: is_disturbed(stream),
            allow_half_open: false,
            readable: is_readable(stream) == Some(true),
            readable_paused: false,
            readable_ended: false,
            readable_aborted: false,
            readable_did_read: false,
            readable_object_mode: false,
            writable: is_writable(stream) == Some(true),
            writable_ended: false,
            writable_finished: false,
            writable_aborted: false,
            writable_need_drain: false,
            writable_object_mode: false,
            readable_flowing: -1,
            readable_length: 0,
            readable_high_water_mark: 0,
            readable_pipes: 0,
            readable_encoding: nodecore_str::NONE,
            writable_length: 0,
            writable_high_water_mark: 0,
            writable_corked: 0,
            writable_default_encoding: nodecore_str::NONE,
        };
        if let nodecore_stream::Duplex(stream) = stream {
            state.allow_half_open = stream.allow_half_open();
        }
        if let Ok(stream) = stream.to_readable("stream") {
            state.sides |= NODECORE_STREAM_READABLE;
            state.readable_paused = stream.is_paused();
            state.readable_ended = stream.readable_ended();
            state.readable_aborted = stream.readable_aborted();
            state.readable_did_read = stream.readable_did_read();
            state.readable_object_mode = stream.readable_object_mode();
            state.readable_flowing = stream.readable_flowing().map_or(-1, i32::from);
            state.readable_length = stream.readable_length();
            state.readable_high_water_mark = stream.readable_high_water_mark();
            state.readable_pipes = stream.pipe_count();
            state.readable_encoding = stream.readable_encoding().map_or(nodecore_str::NONE, encoding_name);
        }
        if let Ok(stream) = stream.to_writable("stream") {
            state.sides |= NODECORE_STREAM_WRITABLE;
            state.writable_ended = stream.writable_ended();
            state.writable_finished = stream.writable_finished();
            state.writable_aborted = stream.writable_aborted();
            state.writable_need_drain = stream.writable_need_drain();
            state.writable_object_mode = stream.writable_object_mode();
            state.writable_length = stream.writable_length();
            state.writable_high_water_mark = stream.writable_high_water_mark();
            state.writable_corked = stream.writable_corked();
            state.writable_default_encoding = encoding_name(stream.writable_default_encoding());
        }
        state
    }
}

/// Declared in the header.
///
/// # Safety
/// - `stream` is null or a live handle, on its loop's thread; `out` is null or a struct of the size it says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_get_state(
    stream: *const nodecore_stream,
    out: *mut nodecore_stream_state,
) -> nodecore_status {
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), || {
            let out = SizedOut::new(out, size_of::<nodecore_stream_state>(), "out")?;
            out.set(&nodecore_stream_state::of(&nodecore_stream::object(stream)?));
            Ok(())
        })
    }
}
