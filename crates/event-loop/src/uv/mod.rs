//! The only foreign calls and the only `unsafe` of this crate, behind safe types.
//!
//! `Loop` owns a `uv_loop_t` and one handle of each kind the crate needs. Its callbacks go to a `Phases` held
//! weakly, so nothing here keeps the event loop alive or outlives it. A panic in a callback is caught before
//! it would cross C. Public is only [`fs`].

#![allow(unsafe_code)]

pub(crate) mod confined;
pub mod fs;
pub(crate) mod scoped;
pub(crate) mod watch;

use std::any::Any;
use std::cell::{Cell, OnceCell};
use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::{self, NonNull, addr_of_mut};
use std::rc::Weak;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use libuv_sys2 as sys;
use nodecore_error::{Error, Result};

use crate::RunMode;

/// What a [`Loop`] calls, always on its own thread and never while another of these runs.
pub(crate) trait Phases {
    /// The one timer fired.
    fn timers(&self);
    /// Just before the loop polls.
    fn prepare(&self);
    /// Just after the loop polled.
    fn check(&self);
    /// Somebody used the [`Sender`].
    fn wakeup(&self);
    /// One of the above, or the `after` of [`Loop::queue_work`], panicked.
    fn panicked(&self, payload: Box<dyn Any + Send>);
}

/// A `uv_loop_t` with a timer, a prepare, a check, an idle and an async handle.
///
/// Every method is a no-op, or gives zero, once [`Loop::close`] has run.
#[derive(Debug)]
pub(crate) struct Loop {
    handles: NonNull<Handles>,
    open: Cell<bool>,
    sender: Sender,
}

struct Handles {
    uv: sys::uv_loop_t,
    timer: sys::uv_timer_t,
    prepare: sys::uv_prepare_t,
    check: sys::uv_check_t,
    idle: sys::uv_idle_t,
    wakeup: sys::uv_async_t,
    phases: OnceCell<Weak<dyn Phases>>,
}

/// Wakes a [`Loop`] from any thread; does nothing after the loop has closed.
#[derive(Clone, Debug)]
pub(crate) struct Sender(Arc<Mutex<Target>>);

#[derive(Debug)]
struct Target(Option<NonNull<sys::uv_async_t>>);

// SAFETY: `uv_async_send` is libuv's one call that any thread may make, and the pointer is used only
// under the mutex, which `Loop::close` takes to clear it before the handle is closed.
unsafe impl Send for Target {}

impl Sender {
    /// Makes the loop's poll return and its [`Phases::wakeup`] run, once for any number of calls.
    pub(crate) fn send(&self) {
        if let Some(handle) = lock(&self.0).0 {
            // SAFETY: the handle is initialised and not closing while the target is set.
            unsafe { sys::uv_async_send(handle.as_ptr()) };
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Loop {
    /// Opens a loop. Only the check handle and the prepare handle run, and nothing keeps it alive.
    pub(crate) fn new() -> Result<Loop> {
        let handles: *mut Handles = Box::into_raw(Box::new(Handles {
            // SAFETY: libuv's structures are plain C data, for which all zeroes is a valid value.
            uv: unsafe { std::mem::zeroed() },
            // SAFETY: as above.
            timer: unsafe { std::mem::zeroed() },
            // SAFETY: as above.
            prepare: unsafe { std::mem::zeroed() },
            // SAFETY: as above.
            check: unsafe { std::mem::zeroed() },
            // SAFETY: as above.
            idle: unsafe { std::mem::zeroed() },
            // SAFETY: as above.
            wakeup: unsafe { std::mem::zeroed() },
            phases: OnceCell::new(),
        }));
        // SAFETY: `handles` is a live allocation that is neither moved nor freed before the loop has
        // closed; each handle is initialised once, on a loop that has been initialised.
        unsafe {
            let uv = addr_of_mut!((*handles).uv);
            let status = sys::uv_loop_init(uv);
            if status != 0 {
                drop(Box::from_raw(handles));
                return Err(Error::system(status, "uv_loop_init"));
            }
            let status = sys::uv_async_init(uv, addr_of_mut!((*handles).wakeup), Some(on_wakeup));
            if status != 0 {
                sys::uv_loop_close(uv);
                drop(Box::from_raw(handles));
                return Err(Error::system(status, "uv_async_init"));
            }
            sys::uv_timer_init(uv, addr_of_mut!((*handles).timer));
            sys::uv_prepare_init(uv, addr_of_mut!((*handles).prepare));
            sys::uv_check_init(uv, addr_of_mut!((*handles).check));
            sys::uv_idle_init(uv, addr_of_mut!((*handles).idle));
            for handle in Handles::all(handles) {
                (*handle).data = handles.cast::<c_void>();
            }
            sys::uv_prepare_start(addr_of_mut!((*handles).prepare), Some(on_prepare));
            sys::uv_check_start(addr_of_mut!((*handles).check), Some(on_check));
            // One turn with nothing to do registers the async's descriptor with the poller, so that
            // a host may wait on `backend_fd` before it has ever run the loop.
            sys::uv_run(uv, sys::uv_run_mode_UV_RUN_NOWAIT);
            for handle in Handles::all(handles) {
                sys::uv_unref(handle);
            }
            let target = Target(NonNull::new(addr_of_mut!((*handles).wakeup)));
            let handles = NonNull::new_unchecked(handles);
            Ok(Loop { handles, open: Cell::new(true), sender: Sender(Arc::new(Mutex::new(target))) })
        }
    }

    /// Says whom to call. Before this, and after it is gone, callbacks do nothing.
    pub(crate) fn bind(&self, phases: Weak<dyn Phases>) {
        // SAFETY: `handles` lives until `Drop`; only shared access is ever made to this field.
        let _already_bound = unsafe { &(*self.handles.as_ptr()).phases }.set(phases);
    }

    pub(crate) fn sender(&self) -> Sender {
        self.sender.clone()
    }

    fn uv(&self) -> *mut sys::uv_loop_t {
        // SAFETY: in bounds of the live allocation; no reference is made.
        unsafe { addr_of_mut!((*self.handles.as_ptr()).uv) }
    }

    /// Runs `uv_run`. The caller sees to it that calls do not nest. True: still alive.
    pub(crate) fn run(&self, mode: RunMode) -> bool {
        let mode = match mode {
            RunMode::Default => sys::uv_run_mode_UV_RUN_DEFAULT,
            RunMode::Once => sys::uv_run_mode_UV_RUN_ONCE,
            RunMode::NoWait => sys::uv_run_mode_UV_RUN_NOWAIT,
        };
        // SAFETY: the loop is open and this is its thread (`Loop` is neither `Send` nor `Sync`).
        self.open.get() && unsafe { sys::uv_run(self.uv(), mode) } != 0
    }

    pub(crate) fn stop(&self) {
        if self.open.get() {
            // SAFETY: the loop is open.
            unsafe { sys::uv_stop(self.uv()) }
        }
    }

    pub(crate) fn alive(&self) -> bool {
        // SAFETY: the loop is open.
        self.open.get() && unsafe { sys::uv_loop_alive(self.uv()) } != 0
    }

    /// Milliseconds, as of the last update.
    pub(crate) fn now(&self) -> u64 {
        // SAFETY: the allocation is live; a closed loop keeps its last time.
        unsafe { sys::uv_now(self.uv()) }
    }

    pub(crate) fn update_time(&self) {
        if self.open.get() {
            // SAFETY: the loop is open.
            unsafe { sys::uv_update_time(self.uv()) }
        }
    }

    /// The descriptor of the poller, or -1.
    pub(crate) fn backend_fd(&self) -> i32 {
        if !self.open.get() {
            return -1;
        }
        // SAFETY: the loop is open.
        unsafe { sys::uv_backend_fd(self.uv()) }
    }

    /// Milliseconds the next poll would block; -1: without limit.
    pub(crate) fn backend_timeout(&self) -> i32 {
        if !self.open.get() {
            return 0;
        }
        // SAFETY: the loop is open.
        unsafe { sys::uv_backend_timeout(self.uv()) }
    }

    /// (Re)starts the one timer.
    pub(crate) fn start_timer(&self, ms: u64) {
        if self.open.get() {
            // SAFETY: the handle is initialised and not closing.
            unsafe {
                let timer = addr_of_mut!((*self.handles.as_ptr()).timer);
                sys::uv_timer_start(timer, Some(on_timer), ms, 0);
            }
        }
    }

    pub(crate) fn ref_timer(&self, on: bool) {
        // SAFETY: in bounds; `set_ref` checks that the loop is open.
        self.set_ref(unsafe { addr_of_mut!((*self.handles.as_ptr()).timer) }.cast(), on);
    }

    /// Whether the async handle keeps the loop alive.
    pub(crate) fn ref_wakeup(&self, on: bool) {
        // SAFETY: in bounds; `set_ref` checks that the loop is open.
        self.set_ref(unsafe { addr_of_mut!((*self.handles.as_ptr()).wakeup) }.cast(), on);
    }

    fn set_ref(&self, handle: *mut sys::uv_handle_t, on: bool) {
        if self.open.get() {
            // SAFETY: one of this loop's handles, initialised and not closing.
            unsafe { if on { sys::uv_ref(handle) } else { sys::uv_unref(handle) } }
        }
    }

    /// While idle is on, the loop does not block in poll and stays alive.
    pub(crate) fn set_idle(&self, on: bool) {
        if !self.open.get() {
            return;
        }
        // SAFETY: the handle is initialised and not closing. It was unreferenced when inactive, so
        // the reference is set with the state: an idle loop with work to do is alive.
        unsafe {
            let idle = addr_of_mut!((*self.handles.as_ptr()).idle);
            if on {
                sys::uv_idle_start(idle, Some(on_idle));
                sys::uv_ref(idle.cast());
            } else {
                sys::uv_unref(idle.cast());
                sys::uv_idle_stop(idle);
            }
        }
    }

    /// One `uv_queue_work`: `work` on the pool, then `after` on this loop, which lives until then.
    /// False: the loop has closed and neither will run.
    pub(crate) fn queue_work(
        &self,
        work: impl FnOnce() + Send + 'static,
        after: impl FnOnce() + 'static,
    ) -> bool {
        if !self.open.get() {
            return false;
        }
        let request = Box::into_raw(Box::new(Work {
            // SAFETY: plain C data.
            request: unsafe { std::mem::zeroed() },
            work: Some(Box::new(work)),
            after: Some(Box::new(after)),
            handles: self.handles,
        }));
        // SAFETY: the request lives until `on_after_work` frees it; libuv calls `on_work` on one pool
        // thread and only then `on_after_work` on the loop's.
        unsafe {
            (*request).request.data = request.cast::<c_void>();
            let request = addr_of_mut!((*request).request);
            // Fails only for a null callback.
            sys::uv_queue_work(self.uv(), request, Some(on_work), Some(on_after_work));
        }
        true
    }

    /// Closes every handle and the loop, waiting for work that runs. Idempotent.
    pub(crate) fn close(&self) {
        if !self.open.replace(false) {
            return;
        }
        lock(&self.sender.0).0 = None;
        let handles = self.handles.as_ptr();
        let calls = self.close_watches();
        drop(calls);
        // SAFETY: the loop is open and not running (the caller's duty); each handle is closed once, and
        // a run without user callbacks takes the close callbacks and the work that is out.
        unsafe {
            for handle in Handles::all(handles) {
                sys::uv_close(handle, None);
            }
            while sys::uv_run(self.uv(), sys::uv_run_mode_UV_RUN_DEFAULT) != 0 {}
            let status = sys::uv_loop_close(self.uv());
            debug_assert_eq!(status, 0, "every handle and request of the loop has ended");
        }
    }
}

impl Drop for Loop {
    fn drop(&mut self) {
        self.close();
        // SAFETY: made by `Box::into_raw` in `new`; libuv has no pointer into it since `close`.
        drop(unsafe { Box::from_raw(self.handles.as_ptr()) });
    }
}

impl Handles {
    /// # Safety
    /// `handles` is a live allocation.
    unsafe fn all(handles: *mut Handles) -> [*mut sys::uv_handle_t; 5] {
        // SAFETY: in bounds, by the caller's promise. Every handle begins with `uv_handle_t`'s fields.
        unsafe {
            [
                addr_of_mut!((*handles).timer).cast(),
                addr_of_mut!((*handles).prepare).cast(),
                addr_of_mut!((*handles).check).cast(),
                addr_of_mut!((*handles).idle).cast(),
                addr_of_mut!((*handles).wakeup).cast(),
            ]
        }
    }
}

/// Calls `phase` on whom the handles belong to, if it still lives.
///
/// # Safety
/// `data` points to live [`Handles`].
unsafe fn dispatch(data: *mut c_void, phase: impl FnOnce(&dyn Phases)) {
    // SAFETY: by the caller's promise; shared access to a field nobody writes after `bind`.
    let phases = unsafe { &(*data.cast::<Handles>()).phases }.get().and_then(Weak::upgrade);
    if let Some(phases) = phases
        && let Err(payload) = catch_unwind(AssertUnwindSafe(|| phase(&*phases)))
    {
        phases.panicked(payload);
    }
}

extern "C" fn on_timer(handle: *mut sys::uv_timer_t) {
    // SAFETY: libuv passes the handle `Loop::new` initialised, whose data it set.
    unsafe { dispatch((*handle).data, |phases| phases.timers()) }
}

extern "C" fn on_prepare(handle: *mut sys::uv_prepare_t) {
    // SAFETY: as in `on_timer`.
    unsafe { dispatch((*handle).data, |phases| phases.prepare()) }
}

extern "C" fn on_check(handle: *mut sys::uv_check_t) {
    // SAFETY: as in `on_timer`.
    unsafe { dispatch((*handle).data, |phases| phases.check()) }
}

extern "C" fn on_idle(_handle: *mut sys::uv_idle_t) {}

extern "C" fn on_wakeup(handle: *mut sys::uv_async_t) {
    // SAFETY: as in `on_timer`.
    unsafe { dispatch((*handle).data, |phases| phases.wakeup()) }
}

struct Work {
    request: sys::uv_work_t,
    work: Option<Box<dyn FnOnce() + Send>>,
    after: Option<Box<dyn FnOnce()>>,
    handles: NonNull<Handles>,
}

extern "C" fn on_work(request: *mut sys::uv_work_t) {
    // SAFETY: `data` is the `Work` of `queue_work`; only this thread touches `work` now.
    let work = unsafe { (*addr_of_mut!((*(*request).data.cast::<Work>()).work)).take() };
    // What is submitted catches its operations' panics itself; one that still arrives ends here.
    let _ = catch_unwind(AssertUnwindSafe(|| work.map(|work| work())));
}

extern "C" fn on_after_work(request: *mut sys::uv_work_t, _status: i32) {
    // SAFETY: `data` is the `Work` of `queue_work`, which libuv has done with; this is the loop's thread.
    let mut work = unsafe { Box::from_raw((*request).data.cast::<Work>()) };
    let after = work.after.take();
    let handles = work.handles.as_ptr().cast();
    drop(work);
    // SAFETY: the handles outlive every request, since `close` waits for them.
    unsafe { dispatch(handles, |_| after.map_or((), |after| after())) }
}

/// Waits until `fd` can be read, up to `timeout` milliseconds, as a host with its own poll loop does.
/// Serves examples and tests; true: readable.
#[doc(hidden)]
pub fn poll_readable(fd: i32, timeout: i32) -> bool {
    #[cfg(unix)]
    {
        // One handle on a loop of its own: libuv's poll stands in for the host's epoll.
        let Ok(host) = Loop::new() else { return false };
        // SAFETY: plain C data; initialised below, and closed before it is freed.
        let poll = Box::into_raw(Box::new(unsafe { std::mem::zeroed::<sys::uv_poll_t>() }));
        extern "C" fn on_poll(handle: *mut sys::uv_poll_t, status: i32, _events: i32) {
            // SAFETY: `data` is the flag below, which outlives the handle's activity.
            unsafe {
                *(*handle).data.cast::<bool>() = status == 0;
                sys::uv_poll_stop(handle);
            }
        }
        let mut readable = false;
        // SAFETY: handle and flag live until the run that closes the handle has returned.
        unsafe {
            if sys::uv_poll_init(host.uv(), poll, fd) == 0 {
                (*poll).data = ptr::addr_of_mut!(readable).cast();
                #[allow(clippy::cast_possible_wrap)]
                sys::uv_poll_start(poll, sys::uv_poll_event_UV_READABLE as i32, Some(on_poll));
                let timer = addr_of_mut!((*host.handles.as_ptr()).timer);
                host.start_timer(u64::try_from(timeout).unwrap_or(0));
                sys::uv_ref(timer.cast());
                sys::uv_run(host.uv(), sys::uv_run_mode_UV_RUN_ONCE);
                sys::uv_close(poll.cast(), None);
            }
            host.close();
            drop(Box::from_raw(poll));
        }
        readable
    }
    #[cfg(not(unix))]
    {
        let _ = (fd, timeout);
        true
    }
}
