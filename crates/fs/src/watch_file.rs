//! `watchFile`: looks at a path now and then.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ffi::CString;
use std::fmt;
use std::rc::{Rc, Weak};

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::{EventLoop, FsPoll, WeakEventLoop};
use nodecore_events::{ListenerId, Listeners, listener_mut};
use nodecore_path as path;

use crate::path_arg::{PathArg, c_path};
use crate::stats::Stats;

/// How [`watch_file`] watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WatchFileOptions {
    /// Whether it keeps the loop alive. Default true.
    pub persistent: bool,
    /// Milliseconds from one look to the next. Default 5007; 0 is 1.
    pub interval: u32,
}

impl Default for WatchFileOptions {
    fn default() -> WatchFileOptions {
        WatchFileOptions { persistent: true, interval: 5007 }
    }
}

impl WatchFileOptions {
    /// Sets whether it keeps the loop alive.
    #[must_use]
    pub fn persistent(mut self, persistent: bool) -> WatchFileOptions {
        self.persistent = persistent;
        self
    }

    /// Sets the milliseconds from one look to the next.
    #[must_use]
    pub fn interval(mut self, interval: u32) -> WatchFileOptions {
        self.interval = interval;
        self
    }
}

/// Calls `listener` with what is at `path` and what was before, whenever a look at it finds a difference.
/// Where nothing is there all numbers are 0; if that is so from the start, the listener is told once.
///
/// Whoever watches the same path on the same loop shares one watcher, with the interval of the first.
///
/// Node: [`fs.watchFile`](https://nodejs.org/api/fs.html#fswatchfilefilename-options-listener).
///
/// # Errors
/// [`Code::InvalidArgValue`](nodecore_error::Code::InvalidArgValue) for a path with NUL; the system's if the
/// current directory is gone; [`Code::ECANCELED`](nodecore_error::Code::ECANCELED) if the loop has closed.
///
/// # Examples
/// ```
/// use nodecore_event_loop::{EventLoop, RunMode};
/// use nodecore_fs::{WatchFileOptions, unwatch_file, watch_file};
///
/// let lp = EventLoop::new()?;
/// let own = lp.clone();
/// watch_file(&lp, "none", &WatchFileOptions::default().interval(10), move |now, before| {
///     assert_eq!((now.mode(), before.mode()), (0, 0));
///     unwatch_file(&own, "none", None).unwrap();
/// })?;
/// lp.run(RunMode::Default);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn watch_file(
    lp: &EventLoop,
    path: impl PathArg,
    options: &WatchFileOptions,
    mut listener: impl FnMut(Stats, Stats) + 'static,
) -> Result<(StatWatcher, ListenerId)> {
    let path = resolved(&path)?;
    let watcher = match find(lp, path.as_bytes()) {
        Some(watcher) => watcher,
        None => start(lp, path, options)?,
    };
    if options.persistent {
        watcher.set_ref(true);
    }
    let id = ListenerId::new(0);
    watcher.change.append(id, listener_mut(move |(now, before)| listener(now, before)));
    Ok((StatWatcher(watcher), id))
}

/// Takes a listener of [`watch_file`] away, or all; with the last the watching ends. Nothing happens where
/// nothing is watched.
///
/// Node: [`fs.unwatchFile`](https://nodejs.org/api/fs.html#fsunwatchfilefilename-listener).
///
/// # Errors
/// Those of the path, as in [`watch_file`].
pub fn unwatch_file(lp: &EventLoop, path: impl PathArg, listener: Option<ListenerId>) -> Result<()> {
    if let Some(watcher) = find(lp, resolved(&path)?.as_bytes()) {
        match listener {
            Some(id) => drop(watcher.change.remove(id)),
            None => watcher.change.clear(),
        }
        if watcher.change.is_empty() {
            watcher.stop();
        }
    }
    Ok(())
}

fn resolved(path: &impl PathArg) -> Result<CString> {
    let path = path::resolve(&[c_path(path, "path")?.as_bytes()])?;
    CString::new(path).map_err(|_| Error::system_code(Code::EINVAL, "watch"))
}

/// What looks at a path for [`watch_file`]. Clones are the same watcher; it goes on when all are dropped,
/// until it is stopped or the loop closes.
///
/// Node: [`fs.StatWatcher`](https://nodejs.org/api/fs.html#class-fsstatwatcher).
#[derive(Clone)]
pub struct StatWatcher(Rc<Inner>);

struct Inner {
    lp: WeakEventLoop,
    path: CString,
    poll: RefCell<Option<FsPoll>>,
    referenced: Cell<bool>,
    change: Listeners<(Stats, Stats)>,
    stop: Listeners<()>,
}

thread_local! {
    /// This thread's watchers by path, until they stop.
    static WATCHERS: RefCell<BTreeMap<Vec<u8>, Vec<Weak<Inner>>>> = const { RefCell::new(BTreeMap::new()) };
}

fn find(lp: &EventLoop, path: &[u8]) -> Option<Rc<Inner>> {
    let watchers = WATCHERS.with_borrow(|watchers| watchers.get(path).cloned())?;
    watchers.iter().filter_map(Weak::upgrade).find(|watcher| watcher.lp.is_of(lp))
}

fn start(lp: &EventLoop, path: CString, options: &WatchFileOptions) -> Result<Rc<Inner>> {
    let watcher = Rc::new(Inner {
        lp: lp.downgrade(),
        path,
        poll: RefCell::new(None),
        referenced: Cell::new(options.persistent),
        change: Listeners::new(),
        stop: Listeners::new(),
    });
    let own = Rc::clone(&watcher);
    let poll = FsPoll::start(lp, &watcher.path, options.interval, move |_, _, before, now| {
        own.change.emit((Stats::from(*now), Stats::from(*before)));
    })
    .map_err(|error| error.with_path(watcher.path.as_bytes()))?;
    poll.set_ref(options.persistent);
    *watcher.poll.borrow_mut() = Some(poll);
    WATCHERS.with_borrow_mut(|watchers| {
        watchers.entry(watcher.path.as_bytes().to_vec()).or_default().push(Rc::downgrade(&watcher));
    });
    Ok(watcher)
}

impl StatWatcher {
    /// Calls `listener` with what is there and what was, as that of [`watch_file`].
    pub fn on_change(&self, mut listener: impl FnMut(Stats, Stats) + 'static) -> ListenerId {
        let id = ListenerId::new(0);
        self.0.change.append(id, listener_mut(move |(now, before)| listener(now, before)));
        id
    }

    /// Calls `listener` when it has stopped.
    pub fn on_stop(&self, mut listener: impl FnMut() + 'static) -> ListenerId {
        let id = ListenerId::new(0);
        self.0.stop.append(id, listener_mut(move |()| listener()));
        id
    }

    /// Removes a listener of any event; false if it is not there. It does not stop for want of listeners.
    pub fn off(&self, id: ListenerId) -> bool {
        self.0.change.remove(id) || self.0.stop.remove(id)
    }

    /// Looks no more, and emits `stop` from a tick. Idempotent.
    pub fn stop(&self) {
        self.0.stop();
    }

    /// Keeps the loop alive, as it does from the start unless it is not `persistent`.
    pub fn ref_(&self) -> &StatWatcher {
        self.0.set_ref(true);
        self
    }

    /// Lets the loop end without it.
    pub fn unref(&self) -> &StatWatcher {
        self.0.set_ref(false);
        self
    }
}

impl Inner {
    fn set_ref(&self, on: bool) {
        self.referenced.set(on);
        if let Some(poll) = &*self.poll.borrow() {
            poll.set_ref(on);
        }
    }

    fn stop(self: &Rc<Self>) {
        let Some(poll) = self.poll.take() else { return };
        self.forget();
        if let Some(lp) = self.lp.upgrade() {
            let own = Rc::clone(self);
            lp.next_tick(move || {
                own.stop.emit(());
                own.stop.clear();
                own.change.clear();
            });
        }
        // The handle's function refers to this.
        drop(poll);
    }

    /// Takes it off the list.
    fn forget(&self) {
        let remove = |watchers: &RefCell<BTreeMap<Vec<u8>, Vec<Weak<Inner>>>>| {
            let mut watchers = watchers.borrow_mut();
            if let Some(same) = watchers.get_mut(self.path.as_bytes()) {
                same.retain(|watcher| !std::ptr::eq(watcher.as_ptr(), self));
                if same.is_empty() {
                    watchers.remove(self.path.as_bytes());
                }
            }
        };
        let _ = WATCHERS.try_with(remove);
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // The loop has closed, and let go of what it called.
        self.forget();
    }
}

impl fmt::Debug for StatWatcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StatWatcher")
            .field("path", &self.0.path)
            .field("watching", &self.0.poll.borrow().is_some())
            .field("referenced", &self.0.referenced.get())
            .finish()
    }
}
