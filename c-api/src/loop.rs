//! `nodecore/loop.h`.

use std::cell::RefCell;
use std::ffi::c_void;
use std::ptr::null_mut;
use std::rc::Rc;

use ::nodecore_error::{Code, Error, Result};
use nodecore_event_loop::{EventLoop, HostHooks, Immediate, LoopWaker, Request, RunMode, Task, Timeout};
use nodecore_fs::TreeRequest;

use crate::boundary::{Castable, Foreign, SizedOptions, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};

pub type nodecore_loop_cb = Option<unsafe extern "C" fn(user: *mut c_void)>;
pub type nodecore_release = Option<unsafe extern "C" fn(user: *mut c_void)>;

pub const NODECORE_RUN_DEFAULT: i32 = 0;
pub const NODECORE_RUN_ONCE: i32 = 1;
pub const NODECORE_RUN_NOWAIT: i32 = 2;

#[derive(Debug)]
pub struct nodecore_loop(pub(crate) EventLoop);
impl Castable for nodecore_loop {}

#[derive(Debug)]
pub enum nodecore_timer {
    Timeout(Timeout),
    Immediate(Immediate),
}
impl Castable for nodecore_timer {}

#[derive(Debug)]
pub enum nodecore_request {
    Operation(Request),
    Tree(TreeRequest),
}
impl Castable for nodecore_request {}

impl From<Request> for nodecore_request {
    fn from(request: Request) -> nodecore_request {
        nodecore_request::Operation(request)
    }
}

impl From<TreeRequest> for nodecore_request {
    fn from(request: TreeRequest) -> nodecore_request {
        nodecore_request::Tree(request)
    }
}

impl nodecore_request {
    /// Gives the request to a caller who asked for it.
    ///
    /// # Safety
    /// - `req` is null or writable.
    pub(crate) unsafe fn give(request: impl Into<nodecore_request>, req: *mut *mut nodecore_request) {
        if !req.is_null() {
            // SAFETY: not null, and writable, says the caller.
            unsafe { req.write(request.into().into_raw()) };
        }
    }
}

#[derive(Debug)]
pub struct nodecore_waker(LoopWaker);
impl Castable for nodecore_waker {}

const _: () = {
    const fn assert_sync<T: Send + Sync>() {}
    assert_sync::<nodecore_waker>();
};

/// Declared in the header.
///
/// # Safety
/// - `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_loop_new(
    out: *mut *mut nodecore_loop,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(nodecore_loop(EventLoop::new()?).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a loop that was not freed, on its own thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_loop_free(lp: *mut nodecore_loop) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(lp) };
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_loop_close(
    lp: *mut nodecore_loop,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { entry(err, || event_loop(lp)?.close()) }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `alive` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_loop_run(
    lp: *mut nodecore_loop,
    mode: i32,
    alive: *mut bool,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let mode = match mode {
                NODECORE_RUN_DEFAULT => RunMode::Default,
                NODECORE_RUN_ONCE => RunMode::Once,
                NODECORE_RUN_NOWAIT => RunMode::NoWait,
                _ => return Err(Error::from_template(Code::OutOfRange, &[&"mode", &">= 0 && <= 2", &mode])),
            };
            // A callback may free the loop: this handle keeps it until the end.
            let lp = event_loop(lp)?.clone();
            let stopped = lp.clone();
            let more = catching(move || stopped.stop(), || lp.run(mode))?;
            if !alive.is_null() {
                alive.write(more);
            }
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_loop_stop(lp: *mut nodecore_loop) {
    // SAFETY: as the caller vouches.
    if let Ok(lp) = unsafe { event_loop(lp) } {
        total((), || lp.stop());
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_loop_alive(lp: *const nodecore_loop) -> bool {
    // SAFETY: as the caller vouches.
    unsafe { event_loop(lp) }.is_ok_and(|lp| total(false, || lp.alive()))
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_loop_now(lp: *const nodecore_loop) -> u64 {
    // SAFETY: as the caller vouches.
    unsafe { event_loop(lp) }.map_or(0, |lp| total(0, || lp.now()))
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_loop_backend_fd(lp: *const nodecore_loop) -> i32 {
    // SAFETY: as the caller vouches.
    unsafe { event_loop(lp) }.map_or(-1, |lp| total(-1, || lp.backend_fd()))
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_loop_backend_timeout(lp: *const nodecore_loop) -> i32 {
    // SAFETY: as the caller vouches.
    unsafe { event_loop(lp) }.map_or(0, |lp| total(0, || lp.backend_timeout()))
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_loop_next_tick(
    lp: *mut nodecore_loop,
    cb: nodecore_loop_cb,
    user: *mut c_void,
    release: nodecore_release,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        scheduled(lp, cb, user, release, |lp, call| {
            lp.next_tick(call.once());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_loop_next_tick`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_loop_queue_microtask(
    lp: *mut nodecore_loop,
    cb: nodecore_loop_cb,
    user: *mut c_void,
    release: nodecore_release,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        scheduled(lp, cb, user, release, |lp, call| {
            lp.queue_microtask(call.once());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_loop_next_tick`]; `out` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_loop_set_immediate(
    lp: *mut nodecore_loop,
    cb: nodecore_loop_cb,
    user: *mut c_void,
    release: nodecore_release,
    out: *mut *mut nodecore_timer,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        scheduled(lp, cb, user, release, |lp, call| {
            give_timer(nodecore_timer::Immediate(lp.set_immediate(call.once())), out);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_loop_set_immediate`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_loop_set_timeout(
    lp: *mut nodecore_loop,
    ms: f64,
    cb: nodecore_loop_cb,
    user: *mut c_void,
    release: nodecore_release,
    out: *mut *mut nodecore_timer,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        scheduled(lp, cb, user, release, |lp, call| {
            give_timer(nodecore_timer::Timeout(lp.set_timeout(ms, call.once())), out);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_loop_set_immediate`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_loop_set_interval(
    lp: *mut nodecore_loop,
    ms: f64,
    cb: nodecore_loop_cb,
    user: *mut c_void,
    release: nodecore_release,
    out: *mut *mut nodecore_timer,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        scheduled(lp, cb, user, release, |lp, call| {
            give_timer(nodecore_timer::Timeout(lp.set_interval(ms, move || call.run())), out);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `timer` is null or a live timer, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_timer_clear(timer: *mut nodecore_timer) {
    // SAFETY: as the caller vouches.
    match unsafe { arg::nullable(timer) } {
        Some(nodecore_timer::Timeout(timeout)) => total((), || timeout.clear()),
        Some(nodecore_timer::Immediate(immediate)) => total((), || immediate.clear()),
        None => {}
    }
}

/// Declared in the header.
///
/// # Safety
/// - `timer` is null or a live timer, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_timer_ref(timer: *mut nodecore_timer) {
    // SAFETY: as the caller vouches.
    match unsafe { arg::nullable(timer) } {
        Some(nodecore_timer::Timeout(timeout)) => total((), || _ = timeout.ref_()),
        Some(nodecore_timer::Immediate(immediate)) => total((), || _ = immediate.ref_()),
        None => {}
    }
}

/// Declared in the header.
///
/// # Safety
/// - `timer` is null or a live timer, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_timer_unref(timer: *mut nodecore_timer) {
    // SAFETY: as the caller vouches.
    match unsafe { arg::nullable(timer) } {
        Some(nodecore_timer::Timeout(timeout)) => total((), || _ = timeout.unref()),
        Some(nodecore_timer::Immediate(immediate)) => total((), || _ = immediate.unref()),
        None => {}
    }
}

/// Declared in the header.
///
/// # Safety
/// - `timer` is null or a live timer, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_timer_has_ref(timer: *const nodecore_timer) -> bool {
    // SAFETY: as the caller vouches.
    match unsafe { arg::nullable(timer) } {
        Some(nodecore_timer::Timeout(timeout)) => total(false, || timeout.has_ref()),
        Some(nodecore_timer::Immediate(immediate)) => total(false, || immediate.has_ref()),
        None => false,
    }
}

/// Declared in the header.
///
/// # Safety
/// - `timer` is null or a live timer, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_timer_refresh(timer: *mut nodecore_timer) {
    // SAFETY: as the caller vouches.
    if let Some(nodecore_timer::Timeout(timeout)) = unsafe { arg::nullable(timer) } {
        total((), || _ = timeout.refresh());
    }
}

/// Declared in the header.
///
/// # Safety
/// - `timer` is null or a timer that was not freed, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_timer_free(timer: *mut nodecore_timer) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(timer) };
}

/// Declared in the header.
///
/// # Safety
/// - `req` is null or a live request, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_request_cancel(req: *mut nodecore_request) -> bool {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(req) }.is_some_and(|req| {
        total(false, || match req {
            nodecore_request::Operation(request) => request.cancel(),
            nodecore_request::Tree(request) => request.cancel(),
        })
    })
}

/// Declared in the header.
///
/// # Safety
/// - `req` is null or a request that was not freed, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_request_free(req: *mut nodecore_request) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(req) };
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_loop_waker(lp: *const nodecore_loop) -> *mut nodecore_waker {
    // SAFETY: as the caller vouches.
    match unsafe { event_loop(lp) } {
        Ok(lp) => total(null_mut(), || nodecore_waker(lp.waker()).into_raw()),
        Err(_) => null_mut(),
    }
}

/// Declared in the header.
///
/// # Safety
/// - `waker` is null or a live waker; any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_loop_wake(waker: *const nodecore_waker) {
    // SAFETY: as the caller vouches.
    if let Some(waker) = unsafe { arg::nullable(waker) } {
        total((), || waker.0.wake());
    }
}

/// Declared in the header.
///
/// # Safety
/// - `waker` is null or a waker that was not freed; any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_waker_free(waker: *mut nodecore_waker) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(waker) };
}

/// What a host with queues of its own supplies.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_host_hooks {
    pub struct_size: usize,
    pub next_tick: TaskHook,
    pub queue_microtask: TaskHook,
    pub checkpoint: nodecore_loop_cb,
}

type TaskHook = Option<unsafe extern "C" fn(task: *mut nodecore_task, user: *mut c_void)>;

impl SizedOptions for nodecore_host_hooks {
    const ZERO: Self =
        nodecore_host_hooks { struct_size: 0, next_tick: None, queue_microtask: None, checkpoint: None };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// A callback that waits in a queue of the host's.
#[derive(Debug)]
pub struct nodecore_task(Task);
impl Castable for nodecore_task {}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `hooks` is null or a struct of the size it says, whose functions
///   and `release` may be called with `user`; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_loop_set_host_hooks(
    lp: *mut nodecore_loop,
    hooks: *const nodecore_host_hooks,
    user: *mut c_void,
    release: nodecore_release,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let foreign = Rc::new(Foreign::new(user, release));
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let lp = event_loop(lp)?;
            let hooks = nodecore_host_hooks::read(hooks, "hooks")?;
            let queue = |hook: TaskHook| {
                let foreign = Rc::clone(&foreign);
                hook.map(|hook| {
                    move |task| {
                        // The caller gave the hook for this user, which is not released yet.
                        hook(nodecore_task(task).into_raw(), foreign.user());
                    }
                })
            };
            let mut own = HostHooks::new();
            if let Some(next_tick) = queue(hooks.next_tick) {
                own = own.next_tick(next_tick);
            }
            if let Some(queue_microtask) = queue(hooks.queue_microtask) {
                own = own.queue_microtask(queue_microtask);
            }
            if let Some(checkpoint) = hooks.checkpoint {
                let foreign = Rc::clone(&foreign);
                own = own.checkpoint(move || checkpoint(foreign.user()));
            }
            lp.set_host_hooks(own);
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `task` is null or one that a hook was given and that was neither run nor freed, on its loop's thread; `err` is null
///   or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_task_run(
    task: *mut nodecore_task,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            arg::object(task, "task")?;
            // Not null, made by `into_raw`, and taken once.
            let task = Box::from_raw(task);
            catching(|| (), || task.0.run())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `task` is null or one that a hook was given and that was neither run nor freed, on its loop's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_task_free(task: *mut nodecore_task) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(task) };
}

/// Runs callbacks of the loop; the first error that none of them listens to is the outcome, and `stop` is called.
fn catching<T>(stop: impl Fn() + 'static, run: impl FnOnce() -> T) -> Result<T> {
    let uncaught = Rc::<RefCell<Option<Error>>>::default();
    let first = Rc::clone(&uncaught);
    let _restore = Restore(nodecore_events::set_uncaught_handler(Some(Rc::new(move |error| {
        first.borrow_mut().get_or_insert(error);
        stop();
    }))));
    let result = run();
    uncaught.take().map_or(Ok(result), Err)
}

/// Takes back what [`catching`] sets for its time, however that ends.
struct Restore(Option<Rc<dyn Fn(Error)>>);

impl Drop for Restore {
    fn drop(&mut self) {
        nodecore_events::set_uncaught_handler(self.0.take());
    }
}

/// The loop behind a handle.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread.
pub(crate) unsafe fn event_loop<'a>(lp: *const nodecore_loop) -> Result<&'a EventLoop> {
    // SAFETY: as the caller vouches.
    Ok(&unsafe { arg::object(lp, "loop") }?.0)
}

/// A callback of the caller's with its `user`.
struct Call {
    cb: unsafe extern "C" fn(*mut c_void),
    foreign: Foreign,
}

impl Call {
    fn run(&self) {
        // SAFETY: the caller gave `cb` for this `user`, which is not released yet.
        unsafe { (self.cb)(self.foreign.user()) };
    }

    fn once(self) -> impl FnOnce() + 'static {
        move || self.run()
    }
}

/// What the scheduling functions share: the guard first, then the checks, then `schedule`.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`.
unsafe fn scheduled(
    lp: *mut nodecore_loop,
    cb: nodecore_loop_cb,
    user: *mut c_void,
    release: nodecore_release,
    schedule: impl FnOnce(&EventLoop, Call) -> Result<()>,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches; `err` is null.
    unsafe {
        entry(null_mut(), move || {
            let cb = arg::callback(cb, "cb")?;
            schedule(event_loop(lp)?, Call { cb, foreign })
        })
    }
}

/// # Safety
/// - `out` is null or writable.
unsafe fn give_timer(timer: nodecore_timer, out: *mut *mut nodecore_timer) {
    if !out.is_null() {
        // SAFETY: not null, and writable, says the caller.
        unsafe { out.write(timer.into_raw()) };
    }
}
