//! The next event as a future.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use nodecore_error::{Error, Result};

use crate::abort::AbortSignal;
use crate::emitter::EventEmitter;
use crate::listeners::ListenerId;
use crate::source::EventSource;

/// Options of [`once`].
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct OnceOptions {
    /// Ends the wait.
    pub signal: Option<AbortSignal>,
}

impl OnceOptions {
    /// Sets [`signal`](OnceOptions::signal).
    #[must_use]
    pub fn signal(mut self, signal: &AbortSignal) -> OnceOptions {
        self.signal = Some(signal.clone());
        self
    }
}

/// Waits for the next `event` of `source`. It listens from now on, polled or not; dropping the future ends that.
/// Node: [`events.once`](https://nodejs.org/api/events.html#eventsonceemitter-name-options).
///
/// # Errors
/// The future gives the error of an emitter's [`emit_error`](EventEmitter::emit_error) that comes first, unless it
/// waits for `error` itself; an `AbortError`, whose cause is the reason, once the signal is aborted.
///
/// ```
/// use nodecore_events::{EventEmitter, OnceOptions, once};
///
/// let lp = nodecore_event_loop::EventLoop::new()?;
/// let emitter = EventEmitter::<u32>::new();
/// let answer = once(&emitter, "answer", OnceOptions::default());
/// let later = emitter.clone();
/// lp.set_immediate(move || _ = later.emit("answer", 42));
/// assert_eq!(lp.block_on(answer), Ok(42));
/// assert!(emitter.event_names().is_empty());
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn once<S: EventSource>(source: &S, event: &str, options: OnceOptions) -> Once<S::Item> {
    let state = Rc::new(State::default());
    if !state.watch_for_abort(options.signal) {
        return Once(state);
    }
    let own = Rc::downgrade(&state);
    let listener = move |item| {
        if let Some(state) = own.upgrade() {
            state.settle(Ok(item));
        }
    };
    let id = source.listen(event, true, Rc::new(listener));
    let mut ids = vec![id];
    if event != "error" {
        let own = Rc::downgrade(&state);
        let listener = move |error| {
            if let Some(state) = own.upgrade() {
                state.settle(Err(error));
            }
        };
        ids.extend(source.listen_error(true, Rc::new(listener)));
    }
    state.unlisten_by(source, ids);
    Once(state)
}

/// Waits for the next error of `emitter`. Node: `events.once(emitter, 'error')`.
///
/// # Errors
/// As of [`once`], but for errors of the emitter, which are what it waits for.
pub fn once_error<A: Clone + fmt::Debug + 'static>(
    emitter: &EventEmitter<A>,
    options: OnceOptions,
) -> Once<Error> {
    let state = Rc::new(State::default());
    if state.watch_for_abort(options.signal) {
        let own = Rc::downgrade(&state);
        let listener = move |error| {
            if let Some(state) = own.upgrade() {
                state.settle(Ok(error));
            }
        };
        let id = emitter.listen_error(true, Rc::new(listener));
        state.unlisten_by(emitter, id.into_iter().collect());
    }
    Once(state)
}

/// The future of [`once`].
#[must_use = "dropping it ends the wait"]
pub struct Once<T>(Rc<State<T>>);

struct State<T> {
    result: RefCell<Option<Result<T>>>,
    settled: Cell<bool>,
    waker: Cell<Option<Waker>>,
    /// Takes the listeners away.
    unlisten: Cell<Option<Box<dyn FnOnce()>>>,
    signal: Cell<Option<(AbortSignal, ListenerId)>>,
}

impl<T> Default for State<T> {
    fn default() -> State<T> {
        State {
            result: RefCell::new(None),
            settled: Cell::new(false),
            waker: Cell::default(),
            unlisten: Cell::default(),
            signal: Cell::default(),
        }
    }
}

impl<T: 'static> State<T> {
    /// False if the signal is aborted already.
    fn watch_for_abort(self: &Rc<Self>, signal: Option<AbortSignal>) -> bool {
        let Some(signal) = signal else { return true };
        if signal.aborted() {
            self.settle(Err(signal.error()));
            return false;
        }
        let own = Rc::downgrade(self);
        let id = signal.on_abort(move || {
            if let Some(state) = own.upgrade()
                && let Some((signal, _)) = state.signal.take()
            {
                state.settle(Err(signal.error()));
            }
        });
        self.signal.set(Some((signal, id)));
        true
    }

    fn unlisten_by<S: EventSource>(&self, source: &S, ids: Vec<ListenerId>) {
        let source = source.clone();
        self.unlisten.set(Some(Box::new(move || {
            for id in ids {
                source.unlisten(id);
            }
        })));
    }

    fn settle(&self, result: Result<T>) {
        if self.settled.replace(true) {
            return;
        }
        self.result.replace(Some(result));
        self.stop();
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

impl<T> State<T> {
    fn stop(&self) {
        if let Some(unlisten) = self.unlisten.take() {
            unlisten();
        }
        if let Some((signal, id)) = self.signal.take() {
            signal.off(id);
        }
    }
}

impl<T> Future for Once<T> {
    type Output = Result<T>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<T>> {
        match self.0.result.take() {
            Some(result) => Poll::Ready(result),
            None => {
                self.0.waker.set(Some(context.waker().clone()));
                Poll::Pending
            }
        }
    }
}

impl<T> Drop for Once<T> {
    fn drop(&mut self) {
        self.0.stop();
    }
}

impl<T> fmt::Debug for Once<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Once").field("settled", &self.0.settled.get()).finish()
    }
}
