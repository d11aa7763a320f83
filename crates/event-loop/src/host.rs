//! What a host with queues of its own supplies.

use std::fmt;

/// What can be queued: every closure, and a value of its owner's that is on the heap already.
pub trait Run: 'static {
    /// Runs it.
    fn run(self: Box<Self>);
}

impl<F: FnOnce() + 'static> Run for F {
    fn run(self: Box<F>) {
        self();
    }
}

/// A callback handed to the host, to be run once on the loop's thread. Dropping it unrun is allowed.
pub struct Task(pub(crate) Box<dyn Run>);

impl Task {
    pub(crate) fn new(f: impl FnOnce() + 'static) -> Task {
        Task(Box::new(f))
    }

    /// Runs it.
    pub fn run(self) {
        self.0.run();
    }
}

impl fmt::Debug for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task").finish_non_exhaustive()
    }
}

/// Functions of a host that has a tick queue or microtasks already, such as Node or a JavaScript engine.
///
/// What is not supplied is done by the loop's own queues. See [`EventLoop::set_host_hooks`].
///
/// [`EventLoop::set_host_hooks`]: crate::EventLoop::set_host_hooks
///
/// ```
/// use std::{cell::RefCell, collections::VecDeque, rc::Rc};
/// use nodecore_event_loop::{EventLoop, HostHooks, RunMode, Task};
///
/// let lp = EventLoop::new()?;
/// let engine: Rc<RefCell<VecDeque<Task>>> = Rc::default();
/// let (push, pop) = (Rc::clone(&engine), Rc::clone(&engine));
/// lp.set_host_hooks(
///     HostHooks::new()
///         .queue_microtask(move |task| push.borrow_mut().push_back(task))
///         .checkpoint(move || {
///             while let Some(task) = { let task = pop.borrow_mut().pop_front(); task } {
///                 task.run();
///             }
///         }),
/// );
/// lp.queue_microtask(|| println!("run by the engine"));
/// assert_eq!(engine.borrow().len(), 1);
/// lp.run(RunMode::Default);
/// assert_eq!(engine.borrow().len(), 0);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Default)]
pub struct HostHooks {
    pub(crate) next_tick: Option<Box<dyn Fn(Task)>>,
    pub(crate) queue_microtask: Option<Box<dyn Fn(Task)>>,
    pub(crate) checkpoint: Option<Box<dyn Fn()>>,
}

impl HostHooks {
    /// No hooks.
    pub fn new() -> HostHooks {
        HostHooks::default()
    }

    /// `f` puts the task into the host's tick queue.
    #[must_use]
    pub fn next_tick(mut self, f: impl Fn(Task) + 'static) -> HostHooks {
        self.next_tick = Some(Box::new(f));
        self
    }

    /// `f` puts the task into the host's microtask queue.
    #[must_use]
    pub fn queue_microtask(mut self, f: impl Fn(Task) + 'static) -> HostHooks {
        self.queue_microtask = Some(Box::new(f));
        self
    }

    /// `f` drains the host's queues. It is called after every callback, when the loop's own queues are empty.
    #[must_use]
    pub fn checkpoint(mut self, f: impl Fn() + 'static) -> HostHooks {
        self.checkpoint = Some(Box::new(f));
        self
    }
}

impl fmt::Debug for HostHooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostHooks")
            .field("next_tick", &self.next_tick.is_some())
            .field("queue_microtask", &self.queue_microtask.is_some())
            .field("checkpoint", &self.checkpoint.is_some())
            .finish()
    }
}
