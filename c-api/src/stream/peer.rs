//! `nodecore/stream_peer.h`: the end of streams of any make, and pipelines of them.

use std::cell::Cell;
use std::ffi::c_void;
use std::ptr::null_mut;
use std::rc::Rc;

use ::nodecore_error::{Error, Result};
use ::nodecore_stream::{
    FinishedOptions, ListenerId, Peer, PeerEvent, PeerListener, PeerPipeline, PeerSide, PeerSides,
    PipelineOptions, Place, Pump, Task, TaskQueues,
};

use super::events::{NODECORE_EVENT_CLOSE, NODECORE_EVENT_END, NODECORE_EVENT_ERROR, NODECORE_EVENT_FINISH};
use super::pipeline::{
    finished_options, nodecore_finished, nodecore_finished_options, nodecore_pipeline_options,
    pipeline_options,
};
use super::{DoneCall, lend_error, nodecore_done_cb};
use crate::boundary::{Castable, Foreign, SizedOptions, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::nodecore_release;

pub const NODECORE_PEER_PRESENT: u32 = 0x1;
pub const NODECORE_PEER_STATE: u32 = 0x2;
pub const NODECORE_PEER_SAYS: u32 = 0x4;
pub const NODECORE_PEER_OPEN: u32 = 0x8;
pub const NODECORE_PEER_DESTROYED: u32 = 0x10;
pub const NODECORE_PEER_CLOSED: u32 = 0x20;
pub const NODECORE_PEER_ERRORED: u32 = 0x40;
pub const NODECORE_PEER_ERROR_EMITTED: u32 = 0x80;
pub const NODECORE_PEER_CLOSES: u32 = 0x100;
pub const NODECORE_PEER_ENDED: u32 = 0x200;
pub const NODECORE_PEER_DONE: u32 = 0x400;
pub const NODECORE_PEER_EMPTY: u32 = 0x800;
pub const NODECORE_PEER_PENDING: u32 = 0x1000;

pub const NODECORE_PLACE_FIRST: u32 = 1;
pub const NODECORE_PLACE_LAST: u32 = 2;

/// What a host calls back.
pub struct nodecore_stream_call(PeerListener);
impl Castable for nodecore_stream_call {}

impl std::fmt::Debug for nodecore_stream_call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("nodecore_stream_call").finish_non_exhaustive()
    }
}

impl nodecore_stream_call {
    /// What is called once.
    fn once(task: impl FnOnce(Option<Error>) + 'static) -> nodecore_stream_call {
        let task = Cell::new(Some(task));
        nodecore_stream_call(Rc::new(move |error| {
            if let Some(task) = task.take() {
                task(error);
            }
        }))
    }
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_stream_peer_host {
    pub struct_size: usize,
    pub sides: Option<unsafe extern "C" fn(readable: *mut u32, writable: *mut u32, user: *mut c_void)>,
    pub error: Option<unsafe extern "C" fn(user: *mut c_void) -> *mut nodecore_error>,
    pub listen: Option<
        unsafe extern "C" fn(
            event: i32,
            id: u64,
            once: bool,
            call: *mut nodecore_stream_call,
            user: *mut c_void,
        ),
    >,
    pub forget: Option<unsafe extern "C" fn(id: u64, user: *mut c_void)>,
    pub destroy: Option<unsafe extern "C" fn(err: *const nodecore_error, user: *mut c_void)>,
    pub end: Option<unsafe extern "C" fn(user: *mut c_void)>,
    pub pipe: Option<unsafe extern "C" fn(dest: *mut c_void, user: *mut c_void)>,
    pub next_tick: Option<unsafe extern "C" fn(call: *mut nodecore_stream_call, user: *mut c_void)>,
}

impl SizedOptions for nodecore_stream_peer_host {
    const ZERO: Self = nodecore_stream_peer_host {
        struct_size: 0,
        sides: None,
        error: None,
        listen: None,
        forget: None,
        destroy: None,
        end: None,
        pipe: None,
        next_tick: None,
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// The caller's functions, all of which are there.
#[derive(Debug)]
struct Table {
    host: nodecore_stream_peer_host,
    foreign: Foreign,
}

#[derive(Debug)]
pub struct nodecore_stream_peer(Rc<Table>);
impl Castable for nodecore_stream_peer {}

impl nodecore_stream_peer {
    /// The stream behind a handle.
    ///
    /// # Safety
    /// - `peer` is null or a live handle, on its thread.
    unsafe fn table(peer: *const nodecore_stream_peer, name: &str) -> Result<Rc<Table>> {
        // SAFETY: as the caller vouches.
        Ok(Rc::clone(unsafe { &arg::object(peer, name)?.0 }))
    }
}

impl Table {
    fn user(&self) -> *mut c_void {
        self.foreign.user()
    }
}

fn side_of(bits: u32) -> PeerSide {
    let any = |bit: u32| bits & bit != 0;
    PeerSide {
        present: any(NODECORE_PEER_PRESENT),
        state: any(NODECORE_PEER_STATE),
        open: any(NODECORE_PEER_SAYS).then(|| any(NODECORE_PEER_OPEN)),
        destroyed: any(NODECORE_PEER_DESTROYED),
        closed: any(NODECORE_PEER_CLOSED),
        errored: any(NODECORE_PEER_ERRORED),
        error_emitted: any(NODECORE_PEER_ERROR_EMITTED),
        closes: any(NODECORE_PEER_CLOSES),
        ended: any(NODECORE_PEER_ENDED),
        done: any(NODECORE_PEER_DONE),
        empty: any(NODECORE_PEER_EMPTY),
        pending: any(NODECORE_PEER_PENDING),
    }
}

impl Peer for Table {
    fn sides(&self) -> PeerSides {
        let (mut readable, mut writable) = (0, 0);
        if let Some(sides) = self.host.sides {
            // SAFETY: the caller gave the function for this user, which is not released yet; so below.
            unsafe { sides(&raw mut readable, &raw mut writable, self.user()) };
        }
        PeerSides { read: side_of(readable), write: side_of(writable) }
    }

    fn error(&self) -> Option<Error> {
        // SAFETY: as in `sides`.
        let error = self.host.error.map_or(null_mut(), |error| unsafe { error(self.user()) });
        // SAFETY: what the function returns is null or an error that is given.
        (!error.is_null()).then(|| unsafe { Box::from_raw(error) }.error().clone())
    }

    fn listen(&self, event: PeerEvent, once: bool, listener: PeerListener) -> ListenerId {
        let event = match event {
            PeerEvent::End => NODECORE_EVENT_END,
            PeerEvent::Finish => NODECORE_EVENT_FINISH,
            PeerEvent::Close => NODECORE_EVENT_CLOSE,
            _ => NODECORE_EVENT_ERROR,
        };
        let id = ListenerId::new(event.unsigned_abs());
        if let Some(listen) = self.host.listen {
            let call = nodecore_stream_call(listener).into_raw();
            // SAFETY: as in `sides`.
            unsafe { listen(event, id.number(), once, call, self.user()) };
        }
        id
    }

    fn forget(&self, id: ListenerId) {
        if let Some(forget) = self.host.forget {
            // SAFETY: as in `sides`.
            unsafe { forget(id.number(), self.user()) };
        }
    }

    fn destroy(&self, error: Option<Error>) {
        if let Some(destroy) = self.host.destroy {
            // SAFETY: as in `sides`.
            lend_error(error.as_ref(), |err| unsafe { destroy(err, self.user()) });
        }
    }

    fn end(&self) {
        if let Some(end) = self.host.end {
            // SAFETY: as in `sides`.
            unsafe { end(self.user()) };
        }
    }

    fn next_tick(&self, task: Task) {
        if let Some(next_tick) = self.host.next_tick {
            let call = nodecore_stream_call::once(move |_| task()).into_raw();
            // SAFETY: as in `sides`.
            unsafe { next_tick(call, self.user()) };
        }
    }
}

/// Declared in the header.
///
/// # Safety
/// - `host` is null or a struct of the size it says; its functions and `release` may be called with `user`; `out` and
///   `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_peer_new(
    host: *const nodecore_stream_peer_host,
    user: *mut c_void,
    release: nodecore_release,
    out: *mut *mut nodecore_stream_peer,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let host = nodecore_stream_peer_host::read(arg::object(host, "host")?, "host")?;
            arg::callback(host.sides, "host.sides")?;
            arg::callback(host.listen, "host.listen")?;
            arg::callback(host.forget, "host.forget")?;
            arg::callback(host.next_tick, "host.next_tick")?;
            out.set(nodecore_stream_peer(Rc::new(Table { host, foreign })).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `peer` is null or a handle that was not freed, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_peer_free(peer: *mut nodecore_stream_peer) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(peer) };
}

/// Declared in the header.
///
/// # Safety
/// - `call` is null or live, on its thread; `err` is null or a live error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_call_run(
    call: *mut nodecore_stream_call,
    err: *const nodecore_error,
) {
    // SAFETY: as the caller vouches.
    unsafe {
        // It may be freed while it runs.
        if let Some(call) = arg::nullable(call).map(|call| Rc::clone(&call.0)) {
            let error = arg::nullable(err).map(|err| err.error().clone());
            total((), || call(error));
        }
    }
}

/// Declared in the header.
///
/// # Safety
/// - `call` is null or was given to the caller and not freed, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_call_free(call: *mut nodecore_stream_call) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(call) };
}

/// Declared in the header.
///
/// # Safety
/// - `peer` is null or a live handle, on its thread; `opts` is null or a struct of the size it says; `cb` and `release`
///   may be called with `user`; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_stream_peer_finished(
    peer: *mut nodecore_stream_peer,
    opts: *const nodecore_finished_options,
    cb: nodecore_done_cb,
    user: *mut c_void,
    release: nodecore_release,
    out: *mut *mut nodecore_finished,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let call = DoneCall::new(cb, Foreign::new(user, release));
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let call = call.checked()?;
            let options: FinishedOptions = finished_options(opts)?;
            let peer: Rc<dyn Peer> = nodecore_stream_peer::table(peer, "peer")?;
            let waiting = ::nodecore_stream::finished_peer(&peer, options, move |result| {
                call.run(result.err().as_ref());
            });
            if !out.is_null() {
                out.write(nodecore_finished(waiting).into_raw());
            }
            Ok(())
        })
    }
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_peer_pipeline_host {
    pub struct_size: usize,
    pub next_tick: Option<unsafe extern "C" fn(call: *mut nodecore_stream_call, user: *mut c_void)>,
    pub queue_microtask: Option<unsafe extern "C" fn(call: *mut nodecore_stream_call, user: *mut c_void)>,
    pub stopped: Option<unsafe extern "C" fn(user: *mut c_void)>,
    pub done: Option<unsafe extern "C" fn(err: *const nodecore_error, user: *mut c_void)>,
    pub made: Option<unsafe extern "C" fn(err: *mut nodecore_error, user: *mut c_void)>,
}

impl SizedOptions for nodecore_peer_pipeline_host {
    const ZERO: Self = nodecore_peer_pipeline_host {
        struct_size: 0,
        next_tick: None,
        queue_microtask: None,
        stopped: None,
        done: None,
        made: None,
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// The caller's functions for a pipeline.
#[derive(Debug)]
struct Queues {
    host: nodecore_peer_pipeline_host,
    foreign: Foreign,
}

type Queue = unsafe extern "C" fn(call: *mut nodecore_stream_call, user: *mut c_void);

impl Queues {
    fn add(&self, queue: Option<Queue>, task: Task) {
        if let Some(queue) = queue {
            let call = nodecore_stream_call::once(move |_| task()).into_raw();
            // SAFETY: the caller gave the function for this user, which is not released yet; so below.
            unsafe { queue(call, self.foreign.user()) };
        }
    }

    fn stopped(&self) {
        if let Some(stopped) = self.host.stopped {
            // SAFETY: as in `add`.
            unsafe { stopped(self.foreign.user()) };
        }
    }

    fn done(&self, error: Option<&Error>) {
        if let Some(done) = self.host.done {
            // SAFETY: as in `add`.
            lend_error(error, |err| unsafe { done(err, self.foreign.user()) });
        }
    }
}

impl TaskQueues for Queues {
    fn next_tick(&self, task: Task) {
        self.add(self.host.next_tick, task);
    }

    fn queue_microtask(&self, task: Task) {
        self.add(self.host.queue_microtask.or(self.host.next_tick), task);
    }

    fn made(&self, error: Error) -> Error {
        let Some(made) = self.host.made else { return error };
        let mut error = nodecore_error::new(error);
        // SAFETY: as in `add`; the error is the function's alone for the call.
        unsafe { made(&raw mut error, self.foreign.user()) };
        error.error().clone()
    }
}

#[derive(Debug)]
pub struct nodecore_peer_pipeline(PeerPipeline);
impl Castable for nodecore_peer_pipeline {}

/// Declared in the header.
///
/// # Safety
/// - `host` and `opts` are null or structs of the sizes they say; the functions of `host` and `release` may be called
///   with `user`; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_peer_pipeline_new(
    host: *const nodecore_peer_pipeline_host,
    opts: *const nodecore_pipeline_options,
    user: *mut c_void,
    release: nodecore_release,
    out: *mut *mut nodecore_peer_pipeline,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let host = nodecore_peer_pipeline_host::read(arg::object(host, "host")?, "host")?;
            arg::callback(host.next_tick, "host.next_tick")?;
            arg::callback(host.done, "host.done")?;
            let options: PipelineOptions = pipeline_options(opts)?;
            let queues = Rc::new(Queues { host, foreign });
            let (stopped, done) = (Rc::clone(&queues), Rc::clone(&queues));
            let line = PeerPipeline::new(
                queues,
                options,
                move || stopped.stopped(),
                move |result| done.done(result.err().as_ref()),
            );
            out.set(nodecore_peer_pipeline(line).into_raw());
            Ok(())
        })
    }
}

/// Where a stream is.
fn place_of(place: u32) -> Place {
    Place { first: place & NODECORE_PLACE_FIRST != 0, last: place & NODECORE_PLACE_LAST != 0 }
}

/// The pipeline behind a handle, which a function of the host may free.
///
/// # Safety
/// - `line` is null or a live handle, on its thread.
unsafe fn line_of(line: *const nodecore_peer_pipeline) -> Result<PeerPipeline> {
    // SAFETY: as the caller vouches.
    Ok(unsafe { arg::object(line, "line") }?.0.clone())
}

/// Declared in the header.
///
/// # Safety
/// - `line`, `peer` and `next` are null or live handles, on their thread; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_peer_pipeline_add(
    line: *mut nodecore_peer_pipeline,
    peer: *mut nodecore_stream_peer,
    next: *mut nodecore_stream_peer,
    place: u32,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let peer: Rc<dyn Peer> = nodecore_stream_peer::table(peer, "peer")?;
            let next = arg::nullable(next).map(|next| Rc::clone(&next.0) as Rc<dyn Peer>);
            line_of(line)?.add(&peer, next.as_ref(), place_of(place))
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `line`, `source` and `dest` are null or live handles, on their thread; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_peer_pipeline_pipe(
    line: *mut nodecore_peer_pipeline,
    source: *mut nodecore_stream_peer,
    dest: *mut nodecore_stream_peer,
    place: u32,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let line = line_of(line)?;
            let source = nodecore_stream_peer::table(source, "source")?;
            let dest = nodecore_stream_peer::table(dest, "dest")?;
            arg::callback(source.host.pipe, "source's host.pipe")?;
            let (from, to) = (Rc::clone(&source), Rc::clone(&dest));
            let (source, dest): (Rc<dyn Peer>, Rc<dyn Peer>) = (source, dest);
            line.pipe(&source, &dest, place_of(place), move || {
                if let Some(pipe) = from.host.pipe {
                    // The caller gave the function for this user, and neither user is released yet.
                    pipe(to.user(), from.user());
                }
            });
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `line` is null or a live handle, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_peer_pipeline_pump(
    line: *mut nodecore_peer_pipeline,
) -> *mut nodecore_stream_call {
    // SAFETY: as the caller vouches.
    let Some(line) = (unsafe { arg::nullable(line) }) else { return null_mut() };
    total(null_mut(), || {
        let pump: Pump = line.0.pump();
        nodecore_stream_call::once(move |error| pump.done(error.map_or(Ok(()), Err))).into_raw()
    })
}

/// Declared in the header.
///
/// # Safety
/// - `line` is null or a live handle, on its thread; `err` is null or a live error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_peer_pipeline_fail(
    line: *mut nodecore_peer_pipeline,
    err: *const nodecore_error,
) {
    // SAFETY: as the caller vouches.
    unsafe {
        if let (Ok(line), Some(err)) = (line_of(line), arg::nullable(err)) {
            total((), || line.fail(err.error().clone()));
        }
    }
}

/// Declared in the header.
///
/// # Safety
/// - `line` is null or a live handle, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_peer_pipeline_complete(line: *mut nodecore_peer_pipeline) {
    // SAFETY: as the caller vouches.
    if let Ok(line) = unsafe { line_of(line) } {
        total((), || line.complete());
    }
}

/// Declared in the header.
///
/// # Safety
/// - `line` is null or a handle that was not freed, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_peer_pipeline_free(line: *mut nodecore_peer_pipeline) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(line) };
}
