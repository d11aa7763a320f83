//! Operations that an [`AbortSignal`] can end.

use std::cell::RefCell;
use std::rc::Rc;
use std::task::Poll;

use nodecore_error::{Error, Result};
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, Slice};
use nodecore_events::{AbortSignal, ListenerId};

/// What listens to a signal while an operation is under way, and no longer.
pub(crate) struct Heeding {
    signal: AbortSignal,
    id: ListenerId,
}

impl Heeding {
    /// Cancels `request` when `signal` is aborted.
    pub(crate) fn new(signal: &AbortSignal, request: Option<Request>) -> Heeding {
        let id = signal.on_abort(move || {
            if let Some(request) = request {
                request.cancel();
            }
        });
        Heeding { signal: signal.clone(), id }
    }

    /// As in Node, an operation fails if its signal has been aborted by the time it is done, whatever it did.
    pub(crate) fn outcome<T>(&self, result: Result<T>) -> Result<T> {
        if self.signal.aborted() { Err(self.signal.error()) } else { result }
    }
}

impl Drop for Heeding {
    fn drop(&mut self) {
        self.signal.off(self.id);
    }
}

/// An operation, or the error it has come to before it began.
enum Checked<O> {
    Run(O),
    Refused(Option<Error>),
}

impl<O: Operation> Operation for Checked<O> {
    type Output = O::Output;

    fn advance(&mut self, slice: &mut Slice) -> Poll<Result<O::Output>> {
        match self {
            Checked::Run(operation) => operation.advance(slice),
            Checked::Refused(error) => error.take().map_or(Poll::Pending, |error| Poll::Ready(Err(error))),
        }
    }
}

/// The callback form of `operation`, until `signal` is aborted.
pub(crate) fn spawn<O: Operation>(
    lp: &EventLoop,
    signal: Option<&AbortSignal>,
    operation: O,
    done: impl FnOnce(Result<O::Output>) + 'static,
) -> Request {
    let Some(signal) = signal else { return operation.spawn(lp, done) };
    if signal.aborted() {
        return Checked::<O>::Refused(Some(signal.error())).spawn(lp, done);
    }
    let slot = Rc::new(RefCell::new(None::<Heeding>));
    let heeding = Rc::clone(&slot);
    let request = Checked::Run(operation).spawn(lp, move |result| {
        let heeding = heeding.take();
        let result = match &heeding {
            Some(heeding) => heeding.outcome(result),
            None => result,
        };
        drop(heeding);
        done(result);
    });
    *slot.borrow_mut() = Some(Heeding::new(signal, Some(request.clone())));
    request
}
