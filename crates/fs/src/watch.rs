//! `watch`: what the system tells of files and directories.

mod ignore;
mod options;
mod stream;
mod tree;

use std::cell::{Cell, RefCell};
use std::ffi::CString;
use std::fmt;
use std::rc::Rc;

use bytes::Bytes;
use nodecore_buffer::{Encoding, decode};
use nodecore_error::{Error, Result};
use nodecore_event_loop::{EventLoop, FsEvent, FsEventKind, WeakEventLoop};
use nodecore_events::{AbortSignal, ListenerId, Listeners, listener_mut, uncaught};

use crate::path_arg::{PathArg, c_path};
use crate::stat::is_absence;
use ignore::Ignored;
use tree::Tree;

pub use options::{Overflow, WatchOptions};
pub use stream::WatchStream;

pub(crate) mod promises {
    pub use super::stream::watch;
}

/// What a [`FsWatcher`] tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatchEvent {
    kind: FsEventKind,
    name: Bytes,
}

impl WatchEvent {
    /// What happened: Node's `eventType`.
    pub fn kind(&self) -> FsEventKind {
        self.kind
    }

    /// The name it happened to, in its own bytes: an entry of the directory that is watched, a path below it
    /// with `recursive`, or the last part of the path of what is watched itself. Node: `filename`, with
    /// `encoding: 'buffer'`.
    pub fn filename(&self) -> &[u8] {
        &self.name
    }

    /// The name as Node shows it in `encoding`.
    pub fn filename_as(&self, encoding: Encoding) -> String {
        decode(&self.name, encoding)
    }
}

/// Watches a file or a directory, or with [`recursive`](WatchOptions::recursive) a tree, until it is closed.
///
/// `Rename` says that a name came or went, `Change` that content or metadata changed. A tree is watched by
/// watching each directory in it, as Node does: it tells what is done to files and directories, and of a
/// symbolic link, whose target is not entered, `Rename` whenever something happens to the target.
///
/// Node: [`fs.watch`](https://nodejs.org/api/fs.html#fswatchfilename-options-listener).
///
/// # Errors
/// The system's, syscall `watch`, or `stat` with `recursive`;
/// [`Code::InvalidArgValue`](nodecore_error::Code::InvalidArgValue) for a path with NUL and for empty or too
/// long patterns to ignore.
///
/// # Differences from Node
/// The encoding is chosen where the name is asked for: [`WatchEvent::filename_as`]. With `recursive`: names
/// that are not UTF-8 are told of, which Node leaves out; a directory or symbolic link that is replaced by
/// another of the same name is watched from then on, where Node 26 goes on with the old one; nothing that
/// happens in the tree is an exception that nobody catches, as a directory that became a file is in Node 26.
///
/// # Examples
/// ```
/// use nodecore_event_loop::{EventLoop, RunMode};
/// use nodecore_fs::{WatchOptions, mkdtemp_sync, rmdir_sync, watch};
///
/// let lp = EventLoop::new()?;
/// let dir = mkdtemp_sync(std::env::temp_dir().join("example-"))?;
/// let watcher = watch(&lp, &dir, &WatchOptions::default())?;
/// let own = watcher.clone();
/// watcher.on_change(move |event| {
///     println!("{} {}", event.kind().name(), String::from_utf8_lossy(event.filename()));
///     own.close();
/// });
/// rmdir_sync(&dir)?;
/// lp.run(RunMode::Default);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn watch(lp: &EventLoop, path: impl PathArg, options: &WatchOptions) -> Result<FsWatcher> {
    let path = c_path(&path, "path")?;
    let inner = Rc::new(Inner {
        lp: lp.downgrade(),
        watched: RefCell::new(Watched::Nothing),
        recursive: options.recursive,
        referenced: Cell::new(options.persistent),
        closed: Cell::new(false),
        ignored: Ignored::new(options)?,
        signal: RefCell::new(None),
        change: Listeners::new(),
        error: Listeners::new(),
        close: Listeners::new(),
    });
    let started = if options.recursive { tree::start(lp, &inner, &path) } else { one(lp, &inner, &path) };
    match started {
        Err(error) if !options.throw_if_no_entry && is_absence(&error) => {}
        Err(error) => {
            // What the tree has begun to watch refers to it.
            inner.release();
            return Err(match path.is_empty() {
                true => error,
                false => error.with_path(path.as_bytes()),
            });
        }
        Ok(()) => {}
    }
    if let Some(signal) = &options.signal {
        inner.heed(lp, signal);
    }
    Ok(FsWatcher(inner))
}

/// Watches `path` itself.
fn one(lp: &EventLoop, inner: &Rc<Inner>, path: &CString) -> Result<()> {
    let own = Rc::clone(inner);
    let event = FsEvent::start(lp, path, move |_, kind, name| match kind {
        Ok(kind) => own.tell(kind, name.unwrap_or_default()),
        Err(error) => {
            own.release();
            own.fail(error);
        }
    })?;
    event.set_ref(inner.referenced.get());
    *inner.watched.borrow_mut() = Watched::One(event);
    Ok(())
}

/// Watches until it is closed. Clones are the same watcher; it goes on when all are dropped, until the loop
/// closes.
///
/// Node: [`fs.FSWatcher`](https://nodejs.org/api/fs.html#class-fsfswatcher).
#[derive(Clone)]
pub struct FsWatcher(Rc<Inner>);

struct Inner {
    lp: WeakEventLoop,
    watched: RefCell<Watched>,
    recursive: bool,
    referenced: Cell<bool>,
    closed: Cell<bool>,
    ignored: Ignored,
    signal: RefCell<Option<(AbortSignal, ListenerId)>>,
    change: Listeners<WatchEvent>,
    error: Listeners<Error>,
    close: Listeners<()>,
}

enum Watched {
    Nothing,
    One(FsEvent),
    Tree(Rc<Tree>),
}

impl FsWatcher {
    /// Calls `listener` with what happens.
    pub fn on_change(&self, listener: impl FnMut(WatchEvent) + 'static) -> ListenerId {
        listen(&self.0.change, listener)
    }

    /// Calls `listener` when something cannot be watched any more, or not from the start. Without a listener
    /// that is an [`uncaught`] error.
    pub fn on_error(&self, listener: impl FnMut(Error) + 'static) -> ListenerId {
        listen(&self.0.error, listener)
    }

    /// Calls `listener` when it is closed.
    pub fn on_close(&self, mut listener: impl FnMut() + 'static) -> ListenerId {
        listen(&self.0.close, move |()| listener())
    }

    /// Removes a listener of any event; false if it is not there.
    pub fn off(&self, id: ListenerId) -> bool {
        self.0.change.remove(id) || self.0.error.remove(id) || self.0.close.remove(id)
    }

    /// Watches no more, and emits `close`: from a tick, or at once with `recursive`, as in Node. Idempotent.
    pub fn close(&self) {
        self.0.close();
    }

    /// Keeps the loop alive, as it does from the start unless it is not `persistent`.
    pub fn ref_(&self) -> &FsWatcher {
        self.0.set_ref(true);
        self
    }

    /// Lets the loop end without it.
    pub fn unref(&self) -> &FsWatcher {
        self.0.set_ref(false);
        self
    }
}

fn listen<A: 'static>(listeners: &Listeners<A>, listener: impl FnMut(A) + 'static) -> ListenerId {
    let id = ListenerId::new(0);
    listeners.append(id, listener_mut(listener));
    id
}

impl Inner {
    fn tell(&self, kind: FsEventKind, name: &[u8]) {
        if !self.closed.get() && !self.ignored.matches(name) {
            self.change.emit(WatchEvent { kind, name: Bytes::copy_from_slice(name) });
        }
    }

    fn fail(&self, error: Error) {
        if !self.closed.get() && !self.error.emit(error.clone()) {
            uncaught(error);
        }
    }

    /// Ends all watching.
    fn release(&self) {
        let watched = self.watched.replace(Watched::Nothing);
        if let Watched::Tree(tree) = &watched {
            tree.release();
        }
    }

    fn close(self: &Rc<Self>) {
        if self.closed.replace(true) {
            return;
        }
        self.release();
        let signal = self.signal.take();
        if let Some((signal, id)) = signal {
            signal.off(id);
        }
        if self.recursive {
            self.closed();
        } else if let Some(lp) = self.lp.upgrade() {
            let own = Rc::clone(self);
            lp.next_tick(move || own.closed());
        }
    }

    /// Nothing follows: what listens may hold the watcher, and is let go.
    fn closed(&self) {
        self.close.emit(());
        self.change.clear();
        self.error.clear();
        self.close.clear();
    }

    fn set_ref(&self, on: bool) {
        self.referenced.set(on);
        match &*self.watched.borrow() {
            Watched::Nothing => {}
            Watched::One(event) => event.set_ref(on),
            Watched::Tree(tree) => tree.set_ref(on),
        }
    }

    /// Closes when `signal` is aborted.
    fn heed(self: &Rc<Self>, lp: &EventLoop, signal: &AbortSignal) {
        if signal.aborted() {
            let own = Rc::clone(self);
            return lp.next_tick(move || own.close());
        }
        let weak = Rc::downgrade(self);
        let id = signal.on_abort(move || {
            if let Some(own) = weak.upgrade() {
                own.close();
            }
        });
        *self.signal.borrow_mut() = Some((signal.clone(), id));
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let signal = self.signal.take();
        if let Some((signal, id)) = signal {
            signal.off(id);
        }
    }
}

impl fmt::Debug for FsWatcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FsWatcher")
            .field("recursive", &self.0.recursive)
            .field("closed", &self.0.closed.get())
            .finish_non_exhaustive()
    }
}
