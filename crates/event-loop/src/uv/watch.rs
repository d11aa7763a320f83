//! `uv_fs_event_t` and `uv_fs_poll_t`: handles that come and go, each in an allocation of its own, which
//! libuv's close callback frees.

use std::cell::{Cell, RefCell};
use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::fmt;
use std::mem::MaybeUninit;
use std::ptr::{NonNull, addr_of_mut};
use std::rc::Rc;

use libuv_sys2 as sys;
use nodecore_error::{Error, Result};

use super::fs::{RawStat, raw_stat};
use super::{Handles, Loop, dispatch};

/// Gets what happened, a combination of `UV_RENAME` and `UV_CHANGE`, and the name it happened to.
type OnEvent = Rc<dyn Fn(Result<c_int>, Option<&[u8]>)>;
/// Gets what was there and what is.
type OnPoll = Rc<dyn Fn(Result<()>, &RawStat, &RawStat)>;

#[derive(Clone)]
enum Call {
    Event(OnEvent),
    Poll(OnPoll),
}

/// What the handle and its owner share.
struct Shared {
    /// Until one of the two closes the handle.
    open: Cell<bool>,
    call: RefCell<Option<Call>>,
}

/// The allocation that libuv has: the handle's `data` points to it.
struct Watched<H> {
    uv: H,
    shared: Rc<Shared>,
    handles: NonNull<Handles>,
}

/// A handle that watches. Dropping it closes it, and its function is called no more.
pub(crate) struct Watch {
    handle: NonNull<sys::uv_handle_t>,
    close: sys::uv_close_cb,
    shared: Rc<Shared>,
}

impl Loop {
    /// Starts a `uv_fs_event_t` on `path`.
    pub(crate) fn start_fs_event(
        &self,
        path: &CStr,
        call: impl Fn(Result<c_int>, Option<&[u8]>) + 'static,
    ) -> Result<Watch> {
        let start = |handle: *mut sys::uv_fs_event_t| {
            // SAFETY: `start_watch` passes a handle of this loop, initialised here before it is started.
            unsafe { sys::uv_fs_event_start(handle, Some(on_event), path.as_ptr(), 0) }
        };
        self.start_watch(
            Call::Event(Rc::new(call)),
            sys::uv_fs_event_init,
            start,
            Some(on_closed::<sys::uv_fs_event_t>),
        )
    }

    /// Starts a `uv_fs_poll_t` that looks at `path` every `interval` milliseconds.
    pub(crate) fn start_fs_poll(
        &self,
        path: &CStr,
        interval: c_uint,
        call: impl Fn(Result<()>, &RawStat, &RawStat) + 'static,
    ) -> Result<Watch> {
        let start = |handle: *mut sys::uv_fs_poll_t| {
            // SAFETY: as in `start_fs_event`.
            unsafe { sys::uv_fs_poll_start(handle, Some(on_poll), path.as_ptr(), interval) }
        };
        self.start_watch(
            Call::Poll(Rc::new(call)),
            sys::uv_fs_poll_init,
            start,
            Some(on_closed::<sys::uv_fs_poll_t>),
        )
    }

    fn start_watch<H>(
        &self,
        call: Call,
        init: unsafe extern "C" fn(*mut sys::uv_loop_t, *mut H) -> c_int,
        start: impl FnOnce(*mut H) -> c_int,
        close: sys::uv_close_cb,
    ) -> Result<Watch> {
        let shared = Rc::new(Shared { open: Cell::new(true), call: RefCell::new(Some(call)) });
        if !self.open.get() {
            return Err(Error::system(sys::uv_errno_t_UV_ECANCELED, "watch"));
        }
        let watched = Box::into_raw(Box::new(Watched {
            // SAFETY: libuv's structures are plain C data, for which all zeroes is a valid value.
            uv: unsafe { MaybeUninit::<H>::zeroed().assume_init() },
            shared: Rc::clone(&shared),
            handles: self.handles,
        }));
        // SAFETY: the loop is open; the allocation is neither moved nor freed before the close callback, or
        // here if there is nothing to close.
        unsafe {
            let uv = addr_of_mut!((*watched).uv);
            let status = init(self.uv(), uv);
            if status != 0 {
                drop(Box::from_raw(watched));
                return Err(Error::system(status, "watch"));
            }
            let handle = uv.cast::<sys::uv_handle_t>();
            (*handle).data = watched.cast::<c_void>();
            let watch = Watch { handle: NonNull::new_unchecked(handle), close, shared };
            let status = start(uv);
            if status == 0 { Ok(watch) } else { Err(Error::system(status, "watch")) }
        }
    }

    /// Closes every handle that watches. Their functions are given back, to be dropped when this is done.
    pub(super) fn close_watches(&self) -> Vec<impl Sized> {
        extern "C" fn close(handle: *mut sys::uv_handle_t, calls: *mut c_void) {
            // SAFETY: `calls` is the vector below. Handles of these two types are all of `start_watch`, which
            // set their data; they are closed once, as the flag says.
            unsafe {
                let calls = &mut *calls.cast::<Vec<Option<Call>>>();
                match sys::uv_handle_get_type(handle) {
                    sys::uv_handle_type_UV_FS_EVENT => close_watch::<sys::uv_fs_event_t>(handle, calls),
                    sys::uv_handle_type_UV_FS_POLL => close_watch::<sys::uv_fs_poll_t>(handle, calls),
                    _ => {}
                }
            }
        }
        let mut calls: Vec<Option<Call>> = Vec::new();
        // SAFETY: the loop is open and this is its thread; the vector outlives the walk.
        unsafe { sys::uv_walk(self.uv(), Some(close), (&raw mut calls).cast()) }
        calls
    }
}

/// # Safety
/// `handle` is the one of a live [`Watched`] of `H`.
unsafe fn close_watch<H>(handle: *mut sys::uv_handle_t, calls: &mut Vec<Option<Call>>) {
    // SAFETY: by the caller's promise.
    unsafe {
        let shared = Rc::clone(&(*(*handle).data.cast::<Watched<H>>()).shared);
        if shared.open.replace(false) {
            calls.push(shared.call.take());
            sys::uv_close(handle, Some(on_closed::<H>));
        }
    }
}

impl Watch {
    /// Whether it keeps the loop alive.
    pub(crate) fn set_ref(&self, on: bool) {
        if self.shared.open.get() {
            let handle = self.handle.as_ptr();
            // SAFETY: the handle is open, and with it the loop; this is its thread, as `Watch` is not `Send`.
            unsafe { if on { sys::uv_ref(handle) } else { sys::uv_unref(handle) } }
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if self.shared.open.replace(false) {
            // SAFETY: the handle is open, and closed here only; its memory lasts until the close callback.
            unsafe { sys::uv_close(self.handle.as_ptr(), self.close) }
            let call = self.shared.call.take();
            drop(call);
        }
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("open", &self.shared.open.get()).finish()
    }
}

extern "C" fn on_closed<H>(handle: *mut sys::uv_handle_t) {
    // SAFETY: made by `Box::into_raw` in `start_watch`, with this type; libuv has done with it.
    drop(unsafe { Box::from_raw((*handle).data.cast::<Watched<H>>()) });
}

extern "C" fn on_event(handle: *mut sys::uv_fs_event_t, name: *const c_char, events: c_int, status: c_int) {
    // SAFETY: `data` is the `Watched` of `start_watch`. The name is null or NUL-terminated, and lasts for
    // this call: libuv frees none of its lists while it runs through their handles.
    unsafe {
        let watched = &*(*handle).data.cast::<Watched<sys::uv_fs_event_t>>();
        let (handles, call) = (watched.handles, watched.shared.call.borrow().clone());
        let Some(Call::Event(call)) = call else { return };
        let name = if name.is_null() { None } else { Some(CStr::from_ptr(name).to_bytes()) };
        let event = if status < 0 { Err(Error::system(status, "watch")) } else { Ok(events) };
        dispatch(handles.as_ptr().cast(), |_| call(event, name));
    }
}

extern "C" fn on_poll(
    handle: *mut sys::uv_fs_poll_t,
    status: c_int,
    before: *const sys::uv_stat_t,
    after: *const sys::uv_stat_t,
) {
    // SAFETY: `data` is the `Watched` of `start_watch`; both structures are valid for this call.
    unsafe {
        let watched = &*(*handle).data.cast::<Watched<sys::uv_fs_poll_t>>();
        let (handles, call) = (watched.handles, watched.shared.call.borrow().clone());
        let Some(Call::Poll(call)) = call else { return };
        let (before, after) = (raw_stat(&*before), raw_stat(&*after));
        let outcome = if status < 0 { Err(Error::system(status, "stat")) } else { Ok(()) };
        dispatch(handles.as_ptr().cast(), |_| call(outcome, &before, &after));
    }
}
