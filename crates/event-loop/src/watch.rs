//! Watching files, on libuv's handles: what `fs.watch` and `fs.watchFile` are made of.

use std::ffi::{CStr, c_int};
use std::rc::Rc;

use libuv_sys2 as sys;
use nodecore_error::Result;

use crate::event_loop::EventLoop;
use crate::uv::fs::RawStat;
use crate::uv::watch::Watch;

/// What happened to a name: libuv's `UV_RENAME` and `UV_CHANGE`, of which the first counts where both came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FsEventKind {
    /// It appeared, went, or is another's.
    Rename,
    /// Its content or metadata changed.
    Change,
}

impl FsEventKind {
    /// Node's `eventType`.
    pub fn name(self) -> &'static str {
        match self {
            FsEventKind::Rename => "rename",
            FsEventKind::Change => "change",
        }
    }
}

/// A `uv_fs_event_t`: the system tells what happens to a file or in a directory. It keeps the loop alive.
/// Dropping it ends that; so does the loop when it closes.
///
/// ```
/// use nodecore_event_loop::{EventLoop, FsEvent, RunMode};
///
/// let lp = EventLoop::new()?;
/// let watch = FsEvent::start(&lp, c".", |_, event, name| println!("{event:?} {name:?}"))?;
/// watch.set_ref(false);
/// lp.run(RunMode::Default);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Debug)]
pub struct FsEvent(Watch);

impl FsEvent {
    /// Watches `path`, a symbolic link's target if it is one. `f` is called from the loop with what happened
    /// and to which name: an entry of the directory `path`, or the last part of `path` itself.
    ///
    /// # Errors
    /// The system's, syscall `watch`; [`Code::ECANCELED`](nodecore_error::Code::ECANCELED) if the loop has
    /// closed.
    pub fn start(
        lp: &EventLoop,
        path: &CStr,
        f: impl Fn(&EventLoop, Result<FsEventKind>, Option<&[u8]>) + 'static,
    ) -> Result<FsEvent> {
        let weak = lp.inner().weak();
        let call = move |events: Result<c_int>, name: Option<&[u8]>| {
            let Some(inner) = weak.upgrade() else { return };
            #[allow(clippy::cast_possible_wrap, reason = "a C enumeration")]
            let renamed = |events: c_int| events & sys::uv_fs_event_UV_RENAME as c_int != 0;
            let kind = |events| if renamed(events) { FsEventKind::Rename } else { FsEventKind::Change };
            let lp = EventLoop::of(&inner);
            inner.scope(|| f(&lp, events.map(kind), name));
        };
        lp.inner().uv.start_fs_event(path, call).map(FsEvent)
    }

    /// Whether it keeps the loop alive, as it does at first.
    pub fn set_ref(&self, on: bool) {
        self.0.set_ref(on);
    }
}

/// A `uv_fs_poll_t`: looks at a path now and then. It keeps the loop alive. Dropping it ends that; so does
/// the loop when it closes.
#[derive(Debug)]
pub struct FsPoll(Watch);

impl FsPoll {
    /// Looks at `path` every `interval` milliseconds (0 is 1). `f` is called from the loop when something has
    /// changed, with what was there and what is. It gets an error, and zeroes for what is there, the first
    /// time that nothing can be found out.
    ///
    /// # Errors
    /// The system's; [`Code::ECANCELED`](nodecore_error::Code::ECANCELED) if the loop has closed.
    pub fn start(
        lp: &EventLoop,
        path: &CStr,
        interval: u32,
        f: impl Fn(&EventLoop, Result<()>, &RawStat, &RawStat) + 'static,
    ) -> Result<FsPoll> {
        let weak = Rc::downgrade(lp.inner());
        let call = move |outcome: Result<()>, before: &RawStat, after: &RawStat| {
            let Some(inner) = weak.upgrade() else { return };
            let lp = EventLoop::of(&inner);
            inner.scope(|| f(&lp, outcome, before, after));
        };
        lp.inner().uv.start_fs_poll(path, interval, call).map(FsPoll)
    }

    /// Whether it keeps the loop alive, as it does at first.
    pub fn set_ref(&self, on: bool) {
        self.0.set_ref(on);
    }
}
