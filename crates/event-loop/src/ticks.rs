//! The two queues that drain after every callback: Node's `process.nextTick` and `queueMicrotask`.

use std::cell::RefCell;
use std::collections::VecDeque;

use crate::event_loop::{EventLoop, Inner};
use crate::host::{Run, Task};

/// One microtask: a callback, or a future of the executor that is to be polled.
pub(crate) enum Micro {
    Call(Task),
    Poll(u64),
}

#[derive(Default)]
pub(crate) struct Ticks {
    ticks: RefCell<VecDeque<Task>>,
    micros: RefCell<VecDeque<Micro>>,
}

impl Ticks {
    pub(crate) fn is_empty(&self) -> bool {
        self.ticks.borrow().is_empty() && self.micros.borrow().is_empty()
    }

    pub(crate) fn is_borrowed(&self) -> bool {
        self.ticks.try_borrow_mut().is_err() || self.micros.try_borrow_mut().is_err()
    }

    /// Empties both queues; what they held is dropped by the caller, outside any borrow.
    pub(crate) fn take(&self) -> impl Sized {
        (self.ticks.take(), self.micros.take())
    }
}

impl EventLoop {
    /// Runs `f` after the current callback, before anything else. Node: `process.nextTick`
    /// (<https://nodejs.org/api/process.html#processnexttickcallback-args>).
    ///
    /// Ticks queued by ticks run too before the loop goes on. Outside [`EventLoop::run`] they wait for it, or
    /// for [`EventLoop::run_ticks`].
    pub fn next_tick(&self, f: impl FnOnce() + 'static) {
        let inner = self.inner();
        if inner.is_closed() {
            return;
        }
        let task = Task::new(f);
        match inner.hooks() {
            Some(hooks) if hooks.next_tick.is_some() => {
                if let Some(next_tick) = &hooks.next_tick {
                    next_tick(task);
                }
            }
            _ => inner.ticks.ticks.borrow_mut().push_back(task),
        }
    }

    /// Runs `f` once the tick queue is empty. Node: `queueMicrotask`
    /// (<https://nodejs.org/api/globals.html#queuemicrotaskcallback>).
    pub fn queue_microtask(&self, f: impl FnOnce() + 'static) {
        if !self.inner().is_closed() {
            self.inner().queue_micro(Micro::Call(Task::new(f)));
        }
    }

    /// As [`queue_microtask`](EventLoop::queue_microtask), of what is on the heap already: allocates nothing more.
    pub fn queue_boxed_microtask(&self, task: Box<dyn Run>) {
        if !self.inner().is_closed() {
            self.inner().queue_micro(Micro::Call(Task(task)));
        }
    }

    /// Drains both queues now, unless a callback is running: then they drain when it ends.
    pub fn run_ticks(&self) {
        self.inner().scope(|| ());
    }

    /// Runs `f` as the loop runs callbacks: when it is the outermost, both queues drain after it. Node's
    /// `MakeCallback`, for those who bring events of their own to the loop.
    ///
    /// ```
    /// # use nodecore_event_loop::EventLoop;
    /// # use std::{cell::Cell, rc::Rc};
    /// let lp = EventLoop::new()?;
    /// let ticked = Rc::new(Cell::new(false));
    /// let seen = Rc::clone(&ticked);
    /// lp.callback_scope(|| lp.next_tick(move || seen.set(true)));
    /// assert!(ticked.get());
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn callback_scope<R>(&self, f: impl FnOnce() -> R) -> R {
        self.inner().scope(f)
    }
}

impl Inner {
    pub(crate) fn queue_micro(&self, micro: Micro) {
        let Some(hooks) = self.hooks().filter(|hooks| hooks.queue_microtask.is_some()) else {
            self.ticks.micros.borrow_mut().push_back(micro);
            return;
        };
        let task = match micro {
            Micro::Call(task) => task,
            Micro::Poll(id) => {
                let me = self.weak();
                Task::new(move || {
                    if let Some(inner) = me.upgrade() {
                        inner.scope(|| inner.poll_task(id));
                    }
                })
            }
        };
        if let Some(queue_microtask) = &hooks.queue_microtask {
            queue_microtask(task);
        }
    }

    /// All ticks, then all microtasks, then the host's checkpoint, until nothing is left.
    pub(crate) fn drain(&self) {
        let hooks = self.hooks();
        let checkpoint = hooks.as_ref().and_then(|hooks| hooks.checkpoint.as_ref());
        loop {
            while let Some(tick) = self.pop_tick() {
                self.assert_unborrowed();
                tick.run();
            }
            while let Some(micro) = self.pop_micro() {
                self.assert_unborrowed();
                match micro {
                    Micro::Call(task) => task.run(),
                    Micro::Poll(id) => self.poll_task(id),
                }
            }
            if let Some(checkpoint) = checkpoint {
                checkpoint();
            }
            if self.ticks.is_empty() {
                return;
            }
        }
    }

    fn pop_tick(&self) -> Option<Task> {
        self.ticks.ticks.borrow_mut().pop_front()
    }

    fn pop_micro(&self) -> Option<Micro> {
        self.ticks.micros.borrow_mut().pop_front()
    }
}
