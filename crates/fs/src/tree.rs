//! Work on whole trees: one operation of the pool, which comes back to the loop only to ask, to tell, or to wait.

use std::cell::{Cell, RefCell};
use std::ffi::CStr;
use std::fmt;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::{EventLoop, JoinHandle, Operation, OperationExt, Request, Slice, Timeout};
use nodecore_events::AbortSignal;

/// How far a tree operation has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Entries done: copied, removed, or looked at.
    pub entries: u64,
    /// The path that was done last.
    pub path: PathBuf,
}

/// How often progress is told.
const TELL: Duration = Duration::from_millis(50);

/// A tree operation, in steps.
pub(crate) trait Task: Send + Sized + 'static {
    type Output: Send + 'static;
    /// What only the caller's own code can say, and what it says.
    type Question: Send + 'static;
    type Answer: 'static;

    /// Goes on until it is done, has something to ask, or has spent its budget.
    fn run(&mut self, budget: &mut Budget<'_, '_>) -> Poll<Result<Turn<Self>>>;
    /// The answer to the last question.
    fn answer(&mut self, answer: Self::Answer);
    fn progress(&self) -> Progress;
}

/// Why a task came back.
pub(crate) enum Turn<T: Task> {
    Done(T::Output),
    Ask(T::Question),
    Wait(Duration),
    /// Only from [`Step`]: it is time to tell how far it is.
    Tell,
}

/// What one stretch of a task may use up.
pub(crate) struct Budget<'a, 's> {
    slice: &'a mut Slice<'s>,
    left: usize,
}

impl Budget<'_, '_> {
    /// As [`Slice::spend`].
    pub(crate) fn spend(&mut self, units: usize) -> bool {
        self.left = self.left.saturating_sub(units);
        self.slice.spend(units) && self.left > 0
    }
}

/// One trip to the pool.
struct Step<T> {
    task: Option<Box<T>>,
    /// When progress was told last, if it is to be told.
    told: Option<Instant>,
}

impl<T: Task> Operation for Step<T> {
    type Output = (Box<T>, Turn<T>);

    fn advance(&mut self, slice: &mut Slice) -> Poll<Result<(Box<T>, Turn<T>)>> {
        let Some(task) = &mut self.task else { return Poll::Ready(Err(canceled())) };
        let left = if self.told.is_some() { Slice::UNITS } else { usize::MAX };
        let turn = match task.run(&mut Budget { slice, left }) {
            Poll::Ready(turn) => turn?,
            Poll::Pending if self.told.is_some_and(|told| told.elapsed() >= TELL) => Turn::Tell,
            Poll::Pending => return Poll::Pending,
        };
        let task = self.task.take().ok_or_else(canceled);
        Poll::Ready(task.map(|task| (task, turn)))
    }
}

fn canceled() -> Error {
    Error::system_code(Code::ECANCELED, "uv_cancel")
}

type Listener = Rc<dyn Fn(&Progress)>;

/// What every tree operation takes beside its own options.
#[derive(Clone, Default)]
pub(crate) struct Hooks {
    pub(crate) signal: Option<AbortSignal>,
    pub(crate) progress: Option<Listener>,
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signal = self.signal.as_ref().map(AbortSignal::aborted);
        f.debug_struct("Hooks")
            .field("aborted", &signal)
            .field("progress", &self.progress.is_some())
            .finish()
    }
}

impl Hooks {
    fn told(&self) -> Option<Instant> {
        self.progress.is_some().then(Instant::now)
    }

    fn tell<T: Task>(&self, task: &T) {
        if let Some(listener) = &self.progress {
            listener(&task.progress());
        }
    }
}

/// The caller's own code.
pub(crate) enum Ask<Q, A> {
    Nobody,
    Now(Box<dyn FnMut(Q) -> Result<A>>),
    Later(Box<dyn FnMut(Q) -> Pin<Box<dyn Future<Output = Result<A>>>>>),
}

/// The sync form.
pub(crate) fn run_sync<T: Task>(
    task: T,
    hooks: &Hooks,
    ask: &mut dyn FnMut(T::Question) -> Result<T::Answer>,
) -> Result<T::Output> {
    let mut task = Box::new(task);
    let mut told = hooks.told();
    loop {
        let (mut back, turn) = Step { task: Some(task), told }.run_sync()?;
        match turn {
            Turn::Done(output) => {
                hooks.tell(&*back);
                return Ok(output);
            }
            Turn::Ask(question) => back.answer(ask(question)?),
            Turn::Wait(time) => std::thread::sleep(time),
            Turn::Tell => {
                hooks.tell(&*back);
                told = hooks.told();
            }
        }
        task = back;
    }
}

/// The callback form; the argument errors have been returned before.
pub(crate) fn start<T: Task>(
    lp: &EventLoop,
    task: T,
    hooks: Hooks,
    ask: Ask<T::Question, T::Answer>,
    done: impl FnOnce(Result<T::Output>) + 'static,
) -> TreeRequest {
    let job = Rc::new(Job {
        lp: lp.clone(),
        told: Cell::new(hooks.told()),
        ask: RefCell::new(ask),
        done: RefCell::new(Some(Box::new(done))),
        under_way: RefCell::new(UnderWay::Nothing),
        aborting: Cell::new(None),
        hooks,
    });
    let request = TreeRequest(Rc::clone(&job) as Rc<dyn Cancel>);
    if let Some(signal) = &job.hooks.signal {
        let target = Rc::downgrade(&job);
        if signal.aborted() {
            let job = Rc::clone(&job);
            lp.set_immediate(move || job.finish(Err(canceled())));
            return request;
        }
        let id = signal.on_abort(move || {
            if let Some(job) = target.upgrade() {
                job.cancel();
            }
        });
        job.aborting.set(Some(id));
    }
    job.go_on(Box::new(task));
    request
}

/// A tree operation under way, as [`Request`] is for others. Dropping it cancels nothing.
pub struct TreeRequest(Rc<dyn Cancel>);

impl TreeRequest {
    /// Asks the operation to end; what it has done stays done. Its callback still comes, later, with
    /// [`Code::ECANCELED`], or with the outcome if it came to its end all the same. False: it has finished already.
    pub fn cancel(&self) -> bool {
        self.0.cancel()
    }
}

impl fmt::Debug for TreeRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TreeRequest").field("finished", &self.0.finished()).finish()
    }
}

trait Cancel {
    fn cancel(&self) -> bool;
    fn finished(&self) -> bool;
}

type Done<O> = Box<dyn FnOnce(Result<O>)>;

enum UnderWay {
    Nothing,
    Pool(Request),
    Answer(JoinHandle<()>),
    Wait(Timeout),
}

struct Job<T: Task> {
    lp: EventLoop,
    hooks: Hooks,
    told: Cell<Option<Instant>>,
    ask: RefCell<Ask<T::Question, T::Answer>>,
    done: RefCell<Option<Done<T::Output>>>,
    under_way: RefCell<UnderWay>,
    aborting: Cell<Option<nodecore_events::ListenerId>>,
}

impl<T: Task> Job<T> {
    fn set(&self, under_way: UnderWay) {
        drop(self.under_way.replace(under_way));
    }

    fn go_on(self: &Rc<Self>, task: Box<T>) {
        if self.finished() {
            return;
        }
        let job = Rc::clone(self);
        let step = Step { task: Some(task), told: self.told.get() };
        self.set(UnderWay::Pool(step.spawn(&self.lp, move |outcome| job.come_back(outcome))));
    }

    fn come_back(self: &Rc<Self>, outcome: Result<(Box<T>, Turn<T>)>) {
        self.set(UnderWay::Nothing);
        let (task, turn) = match outcome {
            Ok(back) => back,
            Err(error) => return self.finish(Err(error)),
        };
        match turn {
            Turn::Done(output) => {
                self.hooks.tell(&*task);
                self.finish(Ok(output));
            }
            Turn::Tell => {
                self.hooks.tell(&*task);
                self.told.set(self.hooks.told());
                self.go_on(task);
            }
            Turn::Wait(time) => {
                let job = Rc::clone(self);
                let timer = self.lp.set_timeout(time.as_secs_f64() * 1000.0, move || job.go_on(task));
                self.set(UnderWay::Wait(timer));
            }
            Turn::Ask(question) => self.put(task, question),
        }
    }

    /// Asks, with no borrow held while the caller's code runs.
    fn put(self: &Rc<Self>, mut task: Box<T>, question: T::Question) {
        let mut ask = self.ask.replace(Ask::Nobody);
        match &mut ask {
            Ask::Nobody => self.finish(Err(canceled())),
            Ask::Now(function) => {
                let answer = function(question);
                self.ask.replace(ask);
                self.answered(task, answer);
            }
            Ask::Later(function) => {
                let answer = function(question);
                self.ask.replace(ask);
                let job = Rc::clone(self);
                let waiting = self.lp.spawn_local(async move {
                    match answer.await {
                        Ok(answer) => {
                            task.answer(answer);
                            job.go_on(task);
                        }
                        Err(error) => job.finish(Err(error)),
                    }
                });
                if !waiting.is_finished() && matches!(*self.under_way.borrow(), UnderWay::Nothing) {
                    self.set(UnderWay::Answer(waiting));
                }
            }
        }
    }

    fn answered(self: &Rc<Self>, mut task: Box<T>, answer: Result<T::Answer>) {
        match answer {
            Ok(answer) => {
                task.answer(answer);
                self.go_on(task);
            }
            Err(error) => self.finish(Err(error)),
        }
    }

    fn finish(&self, outcome: Result<T::Output>) {
        let Some(done) = self.done.take() else { return };
        self.set(UnderWay::Nothing);
        // The caller's code may hold what holds the request.
        drop(self.ask.replace(Ask::Nobody));
        let mut outcome = outcome;
        if let Some(signal) = &self.hooks.signal {
            if let Some(id) = self.aborting.take() {
                signal.off(id);
            }
            if signal.aborted() && outcome.as_ref().is_err_and(|error| error.code() == Code::ECANCELED) {
                outcome = Err(signal.error());
            }
        }
        done(outcome);
    }
}

impl<T: Task> Cancel for Rc<Job<T>> {
    fn cancel(&self) -> bool {
        Job::cancel(self)
    }
    fn finished(&self) -> bool {
        Job::finished(self)
    }
}
