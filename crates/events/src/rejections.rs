//! Listeners that go on asynchronously, and what becomes of their failures: Node's `captureRejections`.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::future::Future;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use nodecore_error::{Error, Result};
use nodecore_event_loop::EventLoop;

use crate::emitter::EventEmitter;
use crate::listeners::ListenerId;
use crate::uncaught::uncaught;

/// Gets the error, the event and what the event carried.
pub type RejectionHandler<A> = Rc<dyn Fn(&Error, &str, A)>;

thread_local!(static CAPTURE: Cell<bool> = const { Cell::new(false) });

/// Whether emitters that do not say otherwise turn rejections into `error` events: false at first. Node:
/// [`events.captureRejections`](https://nodejs.org/api/events.html#eventscapturerejections).
pub fn capture_rejections() -> bool {
    CAPTURE.get()
}

/// Sets it for the emitters that this thread creates from here on.
pub fn set_capture_rejections(capture: bool) {
    CAPTURE.set(capture);
}

impl<A: Clone + fmt::Debug + 'static> EventEmitter<A> {
    /// Calls `listener` on each `event` and runs the future that it returns on `lp`: up to its first wait at once,
    /// the rest as the loop comes to it. An error is what a rejected promise of a listener is in Node: see
    /// [capture rejections of promises](https://nodejs.org/api/events.html#capture-rejections-of-promises).
    ///
    /// ```
    /// use nodecore_error::{Code, Error};
    /// use nodecore_event_loop::{EventLoop, RunMode};
    /// use nodecore_events::{EventEmitter, EventEmitterOptions};
    /// use std::{cell::Cell, rc::Rc};
    ///
    /// let lp = EventLoop::new()?;
    /// let emitter = EventEmitter::with_options(EventEmitterOptions::default().capture_rejections(true));
    /// emitter.on_async(&lp, "x", |n: u32| async move { if n == 1 { Ok(()) } else { Err(Error::abort()) } });
    /// let count = Rc::new(Cell::new(0));
    /// let errors = Rc::clone(&count);
    /// emitter.on_error(move |error| errors.set(errors.get() + usize::from(error.code() == Code::Abort)));
    /// emitter.emit("x", 1);
    /// emitter.emit("x", 2);
    /// assert_eq!(count.get(), 0);
    /// lp.run(RunMode::Default);
    /// assert_eq!(count.get(), 1);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn on_async<F: Future<Output = Result<()>> + 'static>(
        &self,
        lp: &EventLoop,
        event: &str,
        mut listener: impl FnMut(A) -> F + 'static,
    ) -> ListenerId {
        let (weak, lp, name) = (Rc::downgrade(&self.0), lp.clone(), Rc::<str>::from(event));
        self.on(event, move |arg: A| {
            let emitter = weak.upgrade().map(EventEmitter);
            let captured = emitter.filter(|emitter| emitter.0.capture_rejections.get());
            let kept = captured.map(|emitter| (emitter, arg.clone()));
            let mut future = Box::pin(listener(arg));
            let (own, name) = (lp.clone(), Rc::clone(&name));
            let rejected = move |error| {
                let lp = own.clone();
                // Where the promise's reaction would run.
                own.queue_microtask(move || match kept {
                    Some((emitter, arg)) => emitter.reject(&lp, &name, arg, error),
                    None => lp.next_tick(move || uncaught(error)),
                });
            };
            // It runs up to its first wait within the emission. Polled again by the loop, it learns the real waker.
            match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(Ok(())) => {}
                Poll::Ready(Err(error)) => rejected(error),
                Poll::Pending => {
                    lp.spawn_local(async move {
                        if let Err(error) = future.await {
                            rejected(error);
                        }
                    });
                }
            }
        })
    }

    /// Reports the failure of a listener of `event` that went on asynchronously, from the next tick: to
    /// [`on_rejection`](EventEmitter::on_rejection)'s handler, or as an `error` event. Node does this with the
    /// rejected promise of a listener where `captureRejections` is set.
    pub fn reject(&self, lp: &EventLoop, event: &str, arg: A, error: Error) {
        let (emitter, event) = (self.clone(), Rc::<str>::from(event));
        lp.next_tick(move || {
            let handler = emitter.0.rejection.borrow().clone();
            if let Some(handler) = handler {
                return handler(&error, &event, arg);
            }
            // A rejection inside a listener of `error` must not come back here.
            let _restore =
                Restore(&emitter.0.capture_rejections, emitter.0.capture_rejections.replace(false));
            emitter.emit_error(error);
        });
    }

    /// Sets who gets rejections in place of `error`, or nobody. Node: the method
    /// [`emitter[Symbol.for('nodejs.rejection')]`](https://nodejs.org/api/events.html#emittersymbolfornodejsrejectionerr-eventname-args).
    pub fn on_rejection(&self, handler: Option<RejectionHandler<A>>) {
        let replaced = RefCell::replace(&self.0.rejection, handler);
        drop(replaced);
    }

    /// Whether rejections of asynchronous listeners become `error` events.
    pub fn captures_rejections(&self) -> bool {
        self.0.capture_rejections.get()
    }
}

/// Puts a flag back, however the function ends.
struct Restore<'a>(&'a Cell<bool>, bool);

impl Drop for Restore<'_> {
    fn drop(&mut self) {
        self.0.set(self.1);
    }
}
