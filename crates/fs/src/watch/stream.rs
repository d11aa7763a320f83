//! What a watcher tells, as an asynchronous stream.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use futures_core::Stream;
use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::EventLoop;

use super::{FsWatcher, Overflow, WatchEvent, WatchOptions};
use crate::path_arg::PathArg;

/// As [`watch`](crate::watch()), as a stream, which ends with an `AbortError` when the signal is aborted,
/// behind the events before. Dropping the stream ends the watching.
///
/// Node: [`fsPromises.watch`](https://nodejs.org/api/fs.html#fspromiseswatchfilename-options).
///
/// # Errors
/// As [`watch`](crate::watch()); an `AbortError`, whose cause is the reason, if the signal is aborted
/// already.
///
/// # Differences from Node
/// It watches from this call on, where Node begins when the first event is asked for. With `recursive` every
/// event is kept until it is read, where Node 26 loses those that come while nobody waits. Events that do not
/// fit into the queue are counted, where Node prints a warning.
///
/// # Examples
/// ```
/// use nodecore_event_loop::EventLoop;
/// use nodecore_fs::{WatchOptions, mkdtemp_sync, promises, rmdir_sync, write_file_sync, unlink_sync};
///
/// let lp = EventLoop::new()?;
/// let dir = mkdtemp_sync(std::env::temp_dir().join("example-"))?;
/// let mut events = promises::watch(&lp, &dir, &WatchOptions::default())?;
/// write_file_sync(dir.join("a"), b"", &Default::default())?;
/// let event = lp.block_on(async move { events.next().await }).unwrap()?;
/// assert_eq!((event.kind().name(), event.filename()), ("rename", &b"a"[..]));
/// unlink_sync(dir.join("a"))?;
/// rmdir_sync(dir)?;
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn watch(lp: &EventLoop, path: impl PathArg, options: &WatchOptions) -> Result<WatchStream> {
    if let Some(signal) = options.signal.as_ref().filter(|signal| signal.aborted()) {
        return Err(signal.error());
    }
    let watcher = super::watch(lp, path, options)?;
    let state = Rc::new(State {
        waiting: RefCell::default(),
        max: options.max_queue,
        overflow: options.overflow,
        lost: Cell::new(0),
        error: RefCell::new(None),
        finished: Cell::new(false),
        waker: Cell::new(None),
    });
    let own = Rc::clone(&state);
    watcher.on_change(move |event| own.arrived(event));
    let own = Rc::clone(&state);
    watcher.on_error(move |error| own.finish(Some(error)));
    let (own, signal) = (Rc::clone(&state), options.signal.clone());
    watcher.on_close(move || {
        let aborted = signal.as_ref().filter(|signal| signal.aborted());
        own.finish(aborted.map(|signal| signal.error()));
    });
    Ok(WatchStream { watcher, state })
}

/// The stream of [`promises::watch`](crate::promises::watch).
pub struct WatchStream {
    watcher: FsWatcher,
    state: Rc<State>,
}

struct State {
    waiting: RefCell<VecDeque<WatchEvent>>,
    max: usize,
    overflow: Overflow,
    lost: Cell<u64>,
    error: RefCell<Option<Error>>,
    finished: Cell<bool>,
    waker: Cell<Option<Waker>>,
}

impl State {
    fn arrived(&self, event: WatchEvent) {
        if self.finished.get() {
            return;
        }
        let mut waiting = self.waiting.borrow_mut();
        if waiting.len() < self.max {
            waiting.push_back(event);
        } else if self.overflow == Overflow::Ignore {
            self.lost.set(self.lost.get() + 1);
            return;
        } else {
            // As in Node, what waits is not worth reading any more.
            waiting.clear();
            drop(waiting);
            return self.finish(Some(Error::from_template(Code::FsWatchQueueOverflow, &[&self.max])));
        }
        drop(waiting);
        self.wake();
    }

    fn finish(&self, error: Option<Error>) {
        if !self.finished.replace(true) {
            *self.error.borrow_mut() = error;
            self.wake();
        }
    }

    fn wake(&self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

impl WatchStream {
    /// The next event; `None` at the end.
    ///
    /// # Errors
    /// The watcher's, the `AbortError` of the signal, [`Code::FsWatchQueueOverflow`]; the stream ends after
    /// it.
    pub async fn next(&mut self) -> Option<Result<WatchEvent>> {
        poll_fn(|context| self.poll(context)).await
    }

    /// Ends the watching; what has come can still be read. Node: `iterator.return()`.
    pub fn close(&self) {
        self.state.finish(None);
        self.watcher.close();
    }

    /// How many events found the queue full.
    pub fn lost(&self) -> u64 {
        self.state.lost.get()
    }

    fn poll(&self, context: &mut Context<'_>) -> Poll<Option<Result<WatchEvent>>> {
        let event = self.state.waiting.borrow_mut().pop_front();
        if let Some(event) = event {
            return Poll::Ready(Some(Ok(event)));
        }
        if !self.state.finished.get() {
            self.state.waker.set(Some(context.waker().clone()));
            return Poll::Pending;
        }
        self.watcher.close();
        let error = self.state.error.take();
        Poll::Ready(error.map(Err))
    }
}

impl Stream for WatchStream {
    type Item = Result<WatchEvent>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<WatchEvent>>> {
        self.poll(context)
    }
}

impl Drop for WatchStream {
    fn drop(&mut self) {
        self.close();
    }
}

impl fmt::Debug for WatchStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WatchStream")
            .field("waiting", &self.state.waiting.borrow().len())
            .field("lost", &self.lost())
            .field("finished", &self.state.finished.get())
            .finish()
    }
}
