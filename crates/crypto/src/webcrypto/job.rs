//! An operation that was checked, in the three forms it is run in.

use nodecore_error::Result;
use nodecore_event_loop::{EventLoop, Operation, OperationExt, Request, blocking};

use crate::secret::Secret;

type Work<T> = dyn FnOnce(&[u8]) -> Result<T> + Send;

/// What is to be done with data that may be lent or owned.
pub(super) struct Job<T>(Box<Work<T>>);

impl<T: Send + 'static> Job<T> {
    pub(super) fn new(work: impl FnOnce(&[u8]) -> Result<T> + Send + 'static) -> Job<T> {
        Job(Box::new(work))
    }

    /// Here and now, with the caller's own bytes.
    pub(super) fn run(self, data: &[u8]) -> Result<T> {
        (self.0)(data)
    }

    /// As an operation, which has a copy of them.
    pub(super) fn operation(self, data: &[u8]) -> impl Operation<Output = T> + use<T> {
        let data = Secret::copy(data);
        blocking(move || self.run(&data))
    }
}

pub(super) fn spawn<T: Send + 'static>(
    lp: &EventLoop,
    job: Job<T>,
    data: &[u8],
    done: impl FnOnce(Result<T>) + 'static,
) -> Request {
    job.operation(data).spawn(lp, done)
}

pub(super) async fn future<T: Send + 'static>(lp: &EventLoop, job: Job<T>, data: &[u8]) -> Result<T> {
    job.operation(data).future(lp).await
}
