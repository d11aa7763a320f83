//! Futures on the loop.
//!
//! A future woken on the loop's thread is polled as a microtask, so that what follows an `.await` runs when the
//! continuation of a JavaScript promise would. One woken from elsewhere is polled in the poll phase.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use nodecore_error::{Code, Error, Result};

use crate::RunMode;
use crate::event_loop::{EventLoop, Inner, Running};
use crate::mailbox::Mailbox;
use crate::ticks::Micro;
use crate::uv::confined::{thread_number, unique_number};
use crate::uv::scoped::Scoped;

type LocalFuture = Pin<Box<dyn Future<Output = ()>>>;

#[derive(Default)]
pub(crate) struct Executor {
    tasks: RefCell<HashMap<u64, Rc<LocalTask>>>,
    /// The future of the innermost `block_on`, and its number.
    root: Scoped,
    root_id: Cell<u64>,
}

struct LocalTask {
    /// Absent while it is polled.
    future: Cell<Option<LocalFuture>>,
    link: Arc<Link>,
}

/// What a [`Waker`] of this executor holds.
struct Link {
    id: u64,
    lp: u64,
    thread: u64,
    queued: AtomicBool,
    mailbox: Arc<Mailbox>,
}

impl Wake for Link {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.queued.swap(true, Ordering::AcqRel) {
            return;
        }
        if thread_number() != self.thread {
            self.mailbox.wake(self.id);
        } else if let Some(inner) = Inner::find(self.lp) {
            inner.queue_micro(Micro::Poll(self.id));
            if !inner.is_in_callback() {
                // A host between two runs: nothing else would make it run the loop.
                inner.mailbox.sender().send();
            }
        }
    }
}

impl Executor {
    pub(crate) fn is_borrowed(&self) -> bool {
        self.tasks.try_borrow_mut().is_err()
    }

    /// Forgets all futures; the caller drops them, outside any borrow.
    pub(crate) fn take(&self) -> impl Sized {
        self.tasks.take()
    }
}

/// The result of a future given to [`EventLoop::spawn_local`]. Dropping the handle lets the future run on.
///
/// As a future it gives the output, or the error [`Code::ECANCELED`] if the future was aborted or the loop
/// closed, [`Code::Panic`] if it panicked.
pub struct JoinHandle<T> {
    state: Rc<JoinState<T>>,
    lp: Weak<Inner>,
    id: u64,
}

struct JoinState<T> {
    result: Cell<Option<Result<T>>>,
    finished: Cell<bool>,
    waker: Cell<Option<Waker>>,
}

impl<T> JoinState<T> {
    fn finish(&self, result: Result<T>) {
        if !self.finished.replace(true) {
            self.result.set(Some(result));
            if let Some(waker) = self.waker.take() {
                waker.wake();
            }
        }
    }
}

impl EventLoop {
    /// Runs `f` to its end on this loop, from the next microtask on.
    ///
    /// By itself it does not keep the loop alive, as a pending promise does not in Node: what it waits for
    /// does. A future that waits for another thread needs [`EventLoop::keep_alive`] or
    /// [`EventLoop::block_on`].
    ///
    /// ```
    /// # use nodecore_event_loop::{EventLoop, OperationExt, blocking};
    /// let lp = EventLoop::new()?;
    /// let sum = lp.clone().block_on(async {
    ///     let half = lp.spawn_local(blocking(|| Ok(21)).future(&lp));
    ///     half.await?.map(|half| half * 2)
    /// });
    /// assert_eq!(sum, Ok(42));
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn spawn_local<T: 'static>(&self, f: impl Future<Output = T> + 'static) -> JoinHandle<T> {
        /// Tells the handle when the future ends without an output.
        struct Finish<T>(Rc<JoinState<T>>);
        impl<T> Drop for Finish<T> {
            fn drop(&mut self) {
                let error = if std::thread::panicking() {
                    Error::from_template(Code::Panic, &[&"a future panicked"])
                } else {
                    Error::system_code(Code::ECANCELED, "spawn_local")
                };
                self.0.finish(Err(error));
            }
        }
        let state = Rc::new(JoinState {
            result: Cell::new(None),
            finished: Cell::new(false),
            waker: Cell::new(None),
        });
        let finish = Finish(Rc::clone(&state));
        let future: LocalFuture = Box::pin(async move {
            let output = f.await;
            finish.0.finish(Ok(output));
        });
        let inner = self.inner();
        let link = inner.link();
        let id = link.id;
        if !inner.is_closed() {
            let task = LocalTask { future: Cell::new(Some(future)), link: Arc::clone(&link) };
            inner.executor.tasks.borrow_mut().insert(id, Rc::new(task));
            link.wake_by_ref();
        }
        JoinHandle { state, lp: inner.weak(), id }
    }

    /// Runs the loop until `f` has an output. Everything else on the loop runs meanwhile.
    ///
    /// # Panics
    /// If called from inside a callback of this loop, or on a closed loop, with a future that is not ready at
    /// once: it could never become ready. Panics of callbacks continue here, as in [`EventLoop::run`].
    pub fn block_on<F: Future>(&self, f: F) -> F::Output {
        let inner = Rc::clone(self.inner());
        let link = inner.link();
        let waker = Waker::from(Arc::clone(&link));
        let mut future = pin!(f);
        let (output, done, polling_loop) = (Cell::new(None), Cell::new(false), Cell::new(false));
        let mut poll = || {
            if done.get() {
                return;
            }
            link.queued.store(false, Ordering::Release);
            if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
                done.set(true);
                output.set(Some(value));
                if polling_loop.get() {
                    inner.stop();
                }
            }
        };
        if inner.is_running() || inner.is_closed() {
            inner.scope(poll);
        } else {
            let _running = Running::enter(&inner);
            let _alive = self.keep_alive();
            inner.executor.with_root(link.id, &mut poll, || {
                inner.scope(|| inner.executor.root.call());
                polling_loop.set(true);
                while !done.get() {
                    inner.run_uv(RunMode::Default);
                }
            });
        }
        match output.take() {
            Some(value) => value,
            None if inner.is_closed() => panic!("block_on on a closed loop"),
            None => panic!("block_on inside a callback of the same loop"),
        }
    }
}

impl Executor {
    fn with_root(&self, id: u64, poll: &mut dyn FnMut(), body: impl FnOnce()) {
        struct Restore<'a>(&'a Cell<u64>, u64);
        impl Drop for Restore<'_> {
            fn drop(&mut self) {
                self.0.set(self.1);
            }
        }
        let _restore = Restore(&self.root_id, self.root_id.replace(id));
        self.root.with(poll, body);
    }
}

impl Inner {
    fn link(&self) -> Arc<Link> {
        Arc::new(Link {
            id: unique_number(),
            lp: self.number(),
            thread: thread_number(),
            queued: AtomicBool::new(false),
            mailbox: Arc::clone(&self.mailbox),
        })
    }

    /// Polls one future; inside a scope.
    pub(crate) fn poll_task(&self, id: u64) {
        /// Forgets the future, unless it is to be polled again.
        struct Forget<'a>(&'a Executor, u64);
        impl Drop for Forget<'_> {
            fn drop(&mut self) {
                let task = self.0.tasks.borrow_mut().remove(&self.1);
                drop(task);
            }
        }
        if id == self.executor.root_id.get() {
            self.executor.root.call();
            return;
        }
        let task = self.executor.tasks.borrow().get(&id).cloned();
        let Some(task) = task else { return };
        let Some(mut future) = task.future.take() else { return };
        task.link.queued.store(false, Ordering::Release);
        let forget = Forget(&self.executor, id);
        self.assert_unborrowed();
        let waker = Waker::from(Arc::clone(&task.link));
        if future.as_mut().poll(&mut Context::from_waker(&waker)).is_pending() {
            std::mem::forget(forget);
            // An aborted one has left the table, and goes with `task`.
            task.future.set(Some(future));
        }
    }
}

impl<T> JoinHandle<T> {
    /// Drops the future, wherever it waits. From inside the future itself, at its next `.await`.
    pub fn abort(&self) {
        if let Some(inner) = self.lp.upgrade() {
            let task = inner.executor.tasks.borrow_mut().remove(&self.id);
            drop(task);
        }
    }

    /// Whether the future has ended.
    pub fn is_finished(&self) -> bool {
        self.state.finished.get()
    }
}

impl<T> Future for JoinHandle<T> {
    type Output = Result<T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T>> {
        match self.state.result.take() {
            Some(result) => Poll::Ready(result),
            None => {
                self.state.waker.set(Some(cx.waker().clone()));
                Poll::Pending
            }
        }
    }
}

impl<T> fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinHandle").field("id", &self.id).field("finished", &self.is_finished()).finish()
    }
}
