//! Events as an asynchronous stream.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use futures_core::Stream;
use nodecore_error::{Code, Error, Result};

use crate::abort::AbortSignal;
use crate::listeners::ListenerId;
use crate::source::EventSource;

type Flow = Rc<dyn Fn()>;

/// Options of [`on`].
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct OnOptions {
    /// Ends the stream with an error.
    pub signal: Option<AbortSignal>,
    /// Events that end the stream.
    pub close: Vec<String>,
    /// With more events than this waiting, the source is paused: unlimited at first.
    pub high_water_mark: Option<usize>,
    /// With fewer events than this waiting, the source is resumed: 1 at first.
    pub low_water_mark: Option<usize>,
    pause: Option<Flow>,
    resume: Option<Flow>,
}

impl OnOptions {
    /// Sets [`signal`](OnOptions::signal).
    #[must_use]
    pub fn signal(mut self, signal: &AbortSignal) -> OnOptions {
        self.signal = Some(signal.clone());
        self
    }

    /// Adds to [`close`](OnOptions::close).
    #[must_use]
    pub fn close(mut self, event: &str) -> OnOptions {
        self.close.push(event.to_owned());
        self
    }

    /// Sets [`high_water_mark`](OnOptions::high_water_mark).
    #[must_use]
    pub fn high_water_mark(mut self, count: usize) -> OnOptions {
        self.high_water_mark = Some(count);
        self
    }

    /// Sets [`low_water_mark`](OnOptions::low_water_mark).
    #[must_use]
    pub fn low_water_mark(mut self, count: usize) -> OnOptions {
        self.low_water_mark = Some(count);
        self
    }

    /// How the source is paused and resumed: what its methods `pause` and `resume` are for in Node.
    #[must_use]
    pub fn flow(mut self, pause: impl Fn() + 'static, resume: impl Fn() + 'static) -> OnOptions {
        self.pause = Some(Rc::new(pause));
        self.resume = Some(Rc::new(resume));
        self
    }
}

impl fmt::Debug for OnOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnOptions")
            .field("signal", &self.signal)
            .field("close", &self.close)
            .field("high_water_mark", &self.high_water_mark)
            .field("low_water_mark", &self.low_water_mark)
            .finish_non_exhaustive()
    }
}

/// Keeps each `event` of `source` for whoever reads the stream. It listens from now on; dropping the stream ends
/// that. An error of an emitter comes after the events before it and ends the stream. Node:
/// [`events.on`](https://nodejs.org/api/events.html#eventsonemitter-eventname-options).
///
/// # Errors
/// [`Code::OutOfRange`] for a mark of 0; an `AbortError`, whose cause is the reason, if the signal is aborted already.
///
/// # Differences from Node
/// Node finds `pause` and `resume` on the emitter; here they are [options](OnOptions::flow).
///
/// ```
/// use nodecore_events::{EventEmitter, OnOptions, on};
///
/// let lp = nodecore_event_loop::EventLoop::new()?;
/// let emitter = EventEmitter::<u32>::new();
/// let mut numbers = on(&emitter, "n", OnOptions::default().close("end"))?;
/// for n in 1..=3 {
///     emitter.emit("n", n);
/// }
/// emitter.emit("end", 0);
/// let sum = lp.block_on(async {
///     let mut sum = 0;
///     while let Some(n) = numbers.next().await {
///         sum += n?;
///     }
///     Ok::<u32, nodecore_error::Error>(sum)
/// })?;
/// assert_eq!(sum, 6);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn on<S: EventSource>(source: &S, event: &str, options: OnOptions) -> Result<EventStream<S::Item>> {
    for (name, mark) in [("highWaterMark", options.high_water_mark), ("lowWaterMark", options.low_water_mark)]
    {
        if mark == Some(0) {
            let name = format_args!("options.{name}");
            let range = &">= 1 && <= 9007199254740991";
            return Err(Error::from_template(Code::OutOfRange, &[&name, range, &0]));
        }
    }
    if let Some(signal) = options.signal.as_ref().filter(|signal| signal.aborted()) {
        return Err(signal.error());
    }
    let state = Rc::new(State {
        waiting: RefCell::new(VecDeque::new()),
        error: RefCell::new(None),
        finished: Cell::new(false),
        paused: Cell::new(false),
        owed: Cell::new(false),
        high: options.high_water_mark.unwrap_or(usize::MAX),
        low: options.low_water_mark.unwrap_or(1),
        pause: options.pause,
        resume: options.resume,
        waker: Cell::new(None),
        unlisten: Cell::new(None),
        signal: Cell::new(None),
    });
    let mut ids = Vec::new();
    let own = Rc::downgrade(&state);
    let arrived = move |item| {
        if let Some(state) = own.upgrade() {
            state.arrived(item);
        }
    };
    ids.push(source.listen(event, false, Rc::new(arrived)));
    if event != "error" {
        let own = Rc::downgrade(&state);
        let failed = move |error| {
            if let Some(state) = own.upgrade() {
                state.fail(error);
            }
        };
        ids.extend(source.listen_error(false, Rc::new(failed)));
    }
    for event in &options.close {
        let own = Rc::downgrade(&state);
        let closed = move |_| {
            if let Some(state) = own.upgrade() {
                state.finish();
            }
        };
        ids.push(source.listen(event, false, Rc::new(closed)));
    }
    if let Some(signal) = options.signal {
        let own = Rc::downgrade(&state);
        let id = signal.on_abort(move || {
            if let Some(state) = own.upgrade()
                && let Some((signal, _)) = state.signal.take()
            {
                state.fail(signal.error());
            }
        });
        state.signal.set(Some((signal, id)));
    }
    let source = source.clone();
    state.unlisten.set(Some(Box::new(move || {
        for id in ids {
            source.unlisten(id);
        }
    })));
    Ok(EventStream(state))
}

/// The stream of [`on`].
pub struct EventStream<T>(Rc<State<T>>);

struct State<T> {
    waiting: RefCell<VecDeque<T>>,
    error: RefCell<Option<Error>>,
    finished: Cell<bool>,
    paused: Cell<bool>,
    /// Whether the first event is for a reader who has been woken.
    owed: Cell<bool>,
    high: usize,
    low: usize,
    pause: Option<Flow>,
    resume: Option<Flow>,
    waker: Cell<Option<Waker>>,
    /// Takes the listeners away.
    unlisten: Cell<Option<Box<dyn FnOnce()>>>,
    signal: Cell<Option<(AbortSignal, ListenerId)>>,
}

impl<T> State<T> {
    fn arrived(&self, item: T) {
        let count = {
            let mut waiting = self.waiting.borrow_mut();
            waiting.push_back(item);
            waiting.len() - usize::from(self.owed.get())
        };
        if let Some(waker) = self.waker.take() {
            // The reader who waits gets this one: it is not one that waits.
            self.owed.set(true);
            waker.wake();
        } else if count > self.high
            && !self.paused.replace(true)
            && let Some(pause) = &self.pause
        {
            pause();
        }
    }

    fn fail(&self, error: Error) {
        self.error.replace(Some(error));
        self.finish();
    }

    fn finish(&self) {
        self.stop();
        self.finished.set(true);
        // As in Node, a source that nobody listens to is not resumed.
        self.paused.set(false);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    fn stop(&self) {
        if let Some(unlisten) = self.unlisten.take() {
            unlisten();
        }
        if let Some((signal, id)) = self.signal.take() {
            signal.off(id);
        }
    }

    fn poll(&self, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        self.owed.set(false);
        let item = self.waiting.borrow_mut().pop_front();
        if let Some(item) = item {
            if self.paused.get() && self.waiting.borrow().len() < self.low {
                self.paused.set(false);
                if let Some(resume) = &self.resume {
                    resume();
                }
            }
            return Poll::Ready(Some(Ok(item)));
        }
        let error = self.error.take();
        if let Some(error) = error {
            return Poll::Ready(Some(Err(error)));
        }
        if self.finished.get() {
            return Poll::Ready(None);
        }
        self.waker.set(Some(context.waker().clone()));
        Poll::Pending
    }
}

impl<T> EventStream<T> {
    /// The next event; `None` at the end. Node: `iterator.next()`.
    ///
    /// # Errors
    /// An emitter's error, or the `AbortError` of the signal; the stream ends after it.
    pub async fn next(&mut self) -> Option<Result<T>> {
        poll_fn(|context| self.0.poll(context)).await
    }

    /// Listens no more; what has come can still be read. Node: `iterator.return()`.
    pub fn close(&self) {
        self.0.finish();
    }

    /// Ends the stream with an error, behind what has come. Node: `iterator.throw(error)`.
    pub fn fail(&self, error: Error) {
        self.0.fail(error);
    }

    /// How many events wait to be read.
    pub fn len(&self) -> usize {
        self.0.waiting.borrow().len()
    }

    /// Whether none does.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the source has been paused.
    pub fn is_paused(&self) -> bool {
        self.0.paused.get()
    }
}

impl<T> Stream for EventStream<T> {
    type Item = Result<T>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        self.0.poll(context)
    }
}

impl<T> Drop for EventStream<T> {
    fn drop(&mut self) {
        self.0.stop();
    }
}

impl<T> fmt::Debug for EventStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream")
            .field("waiting", &self.len())
            .field("paused", &self.is_paused())
            .field("finished", &self.0.finished.get())
            .finish()
    }
}
