//! Work on whole trees: one operation of the pool, which comes back to the loop only to ask, to tell, or to wait.

use std::cell::Cell;
use std::ffi::CStr;
use std::fmt;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::OnceLock;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::{
    EventLoop, JoinHandle, Operation, OperationExt, Request, Slice, Timeout, WeakEventLoop, pool_threads,
};
use nodecore_events::{AbortSignal, ListenerId};
use nodecore_path as path;

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
    /// What does a part of it beside it, and comes back with itself where it is to be sent again.
    type Helper: Operation<Output = Option<Self::Helper>>;

    /// Goes on until it is done, has something to ask, or has spent its budget.
    fn run(&mut self, budget: &mut Budget<'_, '_>) -> Poll<Result<Turn<Self>>>;
    /// The answer to the last question.
    fn answer(&mut self, answer: Self::Answer);
    fn progress(&self) -> Progress;
    /// One more helper, if one is wanted.
    fn helper(&mut self) -> Option<Self::Helper>;
}

/// The helper of a task that has none.
pub(crate) enum NoHelper {}

impl Operation for NoHelper {
    type Output = Option<NoHelper>;

    fn advance(&mut self, _slice: &mut Slice) -> Poll<Result<Option<NoHelper>>> {
        match *self {}
    }
}

/// Why a task came back.
pub(crate) enum Turn<T: Task> {
    Done(T::Output),
    Ask(T::Question),
    Wait(Duration),
    /// Helpers are wanted.
    Spread,
    /// It can do nothing until a helper has come back.
    Join,
    /// Only from [`Step`]: it is time to tell how far it is.
    Tell,
}

/// What one stretch of a task may use up.
pub(crate) struct Budget<'a, 's> {
    slice: &'a mut Slice<'s>,
    left: usize,
    helpers: usize,
}

impl Budget<'_, '_> {
    /// How many helpers a task may have.
    pub(crate) fn helpers(&self) -> usize {
        self.helpers
    }

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
    helpers: usize,
}

impl<T: Task> Operation for Step<T> {
    type Output = (Box<T>, Turn<T>);

    fn advance(&mut self, slice: &mut Slice) -> Poll<Result<(Box<T>, Turn<T>)>> {
        let Some(task) = &mut self.task else { return Poll::Ready(Err(canceled())) };
        let left = if self.told.is_some() { Slice::UNITS } else { usize::MAX };
        let turn = match task.run(&mut Budget { slice, left, helpers: self.helpers }) {
            Poll::Ready(turn) => turn?,
            Poll::Pending if self.told.is_some_and(|told| told.elapsed() >= TELL) => Turn::Tell,
            Poll::Pending => return Poll::Pending,
        };
        let task = self.task.take().ok_or_else(canceled);
        Poll::Ready(task.map(|task| (task, turn)))
    }
}

/// As many as the pool and the processors have use for beside the task itself.
fn helpers() -> usize {
    static HELPERS: OnceLock<usize> = OnceLock::new();
    *HELPERS.get_or_init(|| {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        pool_threads().min(processors) - 1
    })
}

pub(crate) fn canceled() -> Error {
    Error::system_code(Code::ECANCELED, "uv_cancel")
}

type Listener = Rc<dyn Fn(&Progress)>;

/// The builder methods of what every tree operation takes.
macro_rules! hook_methods {
    ($options:ty) => {
        impl $options {
            /// Cancels when this is aborted, and then fails with an
            /// [`AbortError`](nodecore_error::Code::Abort); what is done stays done. The sync form has nobody who
            /// could abort it, and does not look at it.
            #[must_use]
            pub fn signal(mut self, signal: &nodecore_events::AbortSignal) -> Self {
                self.hooks.signal = Some(signal.clone());
                self
            }

            /// Tells now and then how far it is, and once more at its end, on the loop's thread (in the sync form, on
            /// the caller's).
            #[must_use]
            pub fn on_progress(mut self, listener: impl Fn(&crate::Progress) + 'static) -> Self {
                self.hooks.progress = Some(std::rc::Rc::new(listener));
                self
            }
        }
    };
}
pub(crate) use hook_methods;

/// What every tree operation takes beside its own options.
#[derive(Clone, Default)]
pub(crate) struct Hooks {
    pub(crate) signal: Option<AbortSignal>,
    pub(crate) progress: Option<Listener>,
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signal = self.signal.as_ref().map(AbortSignal::aborted);
        f.debug_struct("Hooks").field("aborted", &signal).field("progress", &self.progress.is_some()).finish()
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
    Later(Box<dyn FnMut(Q) -> Answer<A>>),
}

/// An answer that is waited for.
pub(crate) type Answer<A> = Pin<Box<dyn Future<Output = Result<A>>>>;

/// A task with what belongs to it on the loop's side.
pub(crate) struct Prepared<T: Task> {
    pub(crate) task: T,
    pub(crate) hooks: Hooks,
    pub(crate) ask: Ask<T::Question, T::Answer>,
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
        let (mut back, turn) = Step { task: Some(task), told, helpers: 0 }.run_sync()?;
        match turn {
            Turn::Done(output) => {
                hooks.tell(&*back);
                return Ok(output);
            }
            Turn::Ask(question) => back.answer(ask(question)?),
            Turn::Wait(time) => std::thread::sleep(time),
            Turn::Spread | Turn::Join => {}
            Turn::Tell => {
                hooks.tell(&*back);
                told = hooks.told();
            }
        }
        task = back;
    }
}

/// The callback form; errors of arguments have been returned before.
pub(crate) fn start<T: Task>(
    lp: &EventLoop,
    Prepared { task, hooks, ask }: Prepared<T>,
    done: impl FnOnce(Result<T::Output>) + 'static,
) -> TreeRequest {
    let job = Rc::new(Job {
        lp: lp.downgrade(),
        told: Cell::new(hooks.told()),
        ask: Cell::new(ask),
        done: Cell::new(Some(Box::new(done))),
        finished: Cell::new(false),
        canceled: Cell::new(false),
        under_way: Cell::new(UnderWay::Nothing),
        helping: Cell::default(),
        parked: Cell::default(),
        ending: Cell::default(),
        aborting: Cell::new(None),
        hooks,
    });
    if let Some(signal) = &job.hooks.signal {
        if signal.aborted() {
            job.canceled.set(true);
            job.finish_later(lp);
            return TreeRequest(job);
        }
        let target = Rc::downgrade(&job);
        let id = signal.on_abort(move || {
            if let Some(job) = target.upgrade() {
                job.cancel();
            }
        });
        job.aborting.set(Some(id));
    }
    job.go_on(Box::new(task));
    TreeRequest(job)
}

/// A tree operation under way, as [`Request`] is for others. Dropping it cancels nothing.
pub struct TreeRequest(Rc<dyn Cancel>);

impl TreeRequest {
    /// Asks the operation to end; what it has done stays done. Its callback still comes, later, with
    /// [`Code::ECANCELED`], or with the outcome if it came to its end all the same. False: it has finished already.
    pub fn cancel(&self) -> bool {
        Rc::clone(&self.0).cancel()
    }
}

impl fmt::Debug for TreeRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TreeRequest").field("finished", &self.0.is_finished()).finish()
    }
}

trait Cancel {
    fn cancel(self: Rc<Self>) -> bool;
    fn is_finished(&self) -> bool;
}

type Done<O> = Box<dyn FnOnce(Result<O>)>;

/// What a job waits for.
enum UnderWay {
    Nothing,
    Pool(Request),
    Answer(JoinHandle<()>),
    Pause(Timeout),
}

struct Job<T: Task> {
    lp: WeakEventLoop,
    hooks: Hooks,
    told: Cell<Option<Instant>>,
    ask: Cell<Ask<T::Question, T::Answer>>,
    done: Cell<Option<Done<T::Output>>>,
    finished: Cell<bool>,
    canceled: Cell<bool>,
    under_way: Cell<UnderWay>,
    /// Helpers that have not come back.
    helping: Cell<Vec<Option<Request>>>,
    /// The task, while it waits for them.
    parked: Cell<Option<Box<T>>>,
    /// The outcome, until they have come back.
    ending: Cell<Option<Result<T::Output>>>,
    aborting: Cell<Option<ListenerId>>,
}

impl<T: Task> Job<T> {
    fn go_on(self: &Rc<Self>, task: Box<T>) {
        if self.canceled.get() {
            return self.finish(Err(canceled()));
        }
        let Some(lp) = self.lp.upgrade() else { return };
        let job = Rc::clone(self);
        let step = Step { task: Some(task), told: self.told.get(), helpers: helpers() };
        self.under_way.set(UnderWay::Pool(step.spawn(&lp, move |outcome| job.come_back(outcome))));
    }

    fn come_back(self: &Rc<Self>, outcome: Result<(Box<T>, Turn<T>)>) {
        self.under_way.set(UnderWay::Nothing);
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
                let (Some(lp), job) = (self.lp.upgrade(), Rc::clone(self)) else { return };
                let timer = lp.set_timeout(time.as_secs_f64() * 1000.0, move || job.go_on(task));
                self.under_way.set(UnderWay::Pause(timer));
            }
            Turn::Ask(question) => self.put(task, question),
            Turn::Spread => {
                let (mut task, Some(lp)) = (task, self.lp.upgrade()) else { return };
                while !self.canceled.get()
                    && let Some(helper) = task.helper()
                {
                    self.send(&lp, helper);
                }
                self.go_on(task);
            }
            Turn::Join if self.is_helped() && !self.canceled.get() => self.parked.set(Some(task)),
            Turn::Join => self.go_on(task),
        }
    }

    fn send(self: &Rc<Self>, lp: &EventLoop, helper: T::Helper) {
        let mut helping = self.helping.take();
        let place = helping.iter().position(Option::is_none).unwrap_or(helping.len());
        let job = Rc::clone(self);
        let request = helper.spawn(lp, move |outcome| job.helper_back(place, outcome));
        helping.resize(helping.len().max(place + 1), None);
        helping[place] = Some(request);
        self.helping.set(helping);
    }

    fn helper_back(self: &Rc<Self>, place: usize, outcome: Result<Option<T::Helper>>) {
        let mut helping = self.helping.take();
        helping[place] = None;
        self.helping.set(helping);
        let ending = self.ending.take();
        if let (Ok(Some(helper)), None, false) = (outcome, &ending, self.canceled.get())
            && let Some(lp) = self.lp.upgrade()
        {
            self.send(&lp, helper);
        }
        if let Some(outcome) = ending {
            self.finish(outcome);
        } else if let Some(task) = self.parked.take() {
            self.go_on(task);
        }
    }

    fn is_helped(&self) -> bool {
        let helping = self.helping.take();
        let is_helped = helping.iter().any(Option::is_some);
        self.helping.set(helping);
        is_helped
    }

    fn cancel_helpers(&self) {
        let helping = self.helping.take();
        for request in helping.iter().flatten() {
            request.cancel();
        }
        self.helping.set(helping);
    }

    /// Asks the caller's code.
    fn put(self: &Rc<Self>, task: Box<T>, question: T::Question) {
        let mut ask = self.ask.replace(Ask::Nobody);
        match &mut ask {
            Ask::Nobody => self.finish(Err(canceled())),
            Ask::Now(function) => {
                let answer = function(question);
                self.ask.set(ask);
                self.answered(task, answer);
            }
            Ask::Later(function) => {
                let answer = function(question);
                self.ask.set(ask);
                let Some(lp) = self.lp.upgrade() else { return };
                let job = Rc::clone(self);
                let waiting = lp.spawn_local(async move {
                    let answer = answer.await;
                    job.answered(task, answer);
                });
                if self.canceled.get() {
                    waiting.abort();
                    self.finish_later(&lp);
                } else if !waiting.is_finished() {
                    // Otherwise it was there at once, and the job has gone on.
                    self.under_way.set(UnderWay::Answer(waiting));
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

    fn finish_later(self: &Rc<Self>, lp: &EventLoop) {
        let job = Rc::clone(self);
        lp.set_immediate(move || job.finish(Err(canceled())));
    }

    fn finish(&self, mut outcome: Result<T::Output>) {
        if self.is_helped() {
            self.cancel_helpers();
            self.ending.set(Some(outcome));
            return;
        }
        let Some(done) = self.done.take() else { return };
        self.finished.set(true);
        // The caller's code may hold what holds the request.
        drop((self.under_way.replace(UnderWay::Nothing), self.ask.replace(Ask::Nobody)));
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

impl<T: Task> Cancel for Job<T> {
    fn cancel(self: Rc<Self>) -> bool {
        if self.finished.get() {
            return false;
        }
        if self.canceled.replace(true) {
            return true;
        }
        self.cancel_helpers();
        match self.under_way.replace(UnderWay::Nothing) {
            UnderWay::Nothing => {}
            UnderWay::Pool(request) => {
                request.cancel();
            }
            UnderWay::Answer(waiting) => {
                waiting.abort();
                self.lp.upgrade().iter().for_each(|lp| self.finish_later(lp));
            }
            UnderWay::Pause(timer) => {
                timer.clear();
                self.lp.upgrade().iter().for_each(|lp| self.finish_later(lp));
            }
        }
        true
    }

    fn is_finished(&self) -> bool {
        self.finished.get()
    }
}

/// The future form, made of the callback form. Dropping it cancels.
pub(crate) struct TreeFuture<T> {
    state: Rc<State<T>>,
    request: TreeRequest,
}

struct State<T> {
    outcome: Cell<Option<Result<T>>>,
    waker: Cell<Option<Waker>>,
}

pub(crate) fn future<T: Task>(lp: &EventLoop, prepared: Prepared<T>) -> TreeFuture<T::Output> {
    let state = Rc::new(State { outcome: Cell::new(None), waker: Cell::new(None) });
    let told = Rc::clone(&state);
    let request = start(lp, prepared, move |outcome| {
        told.outcome.set(Some(outcome));
        if let Some(waker) = told.waker.take() {
            waker.wake();
        }
    });
    TreeFuture { state, request }
}

impl<T> Future for TreeFuture<T> {
    type Output = Result<T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T>> {
        match self.state.outcome.take() {
            Some(outcome) => Poll::Ready(outcome),
            None => {
                self.state.waker.set(Some(cx.waker().clone()));
                Poll::Pending
            }
        }
    }
}

impl<T> Drop for TreeFuture<T> {
    fn drop(&mut self) {
        self.request.cancel();
    }
}

impl<T> fmt::Debug for TreeFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TreeFuture").field("request", &self.request).finish()
    }
}

/// A path that grows and shrinks as a tree is walked, ready for the system at any time.
pub(crate) struct TreePath(Vec<u8>);

impl TreePath {
    pub(crate) fn new(path: &CStr) -> TreePath {
        TreePath(path.to_bytes_with_nul().to_vec())
    }

    /// Goes down to `name`, which the system gave. Returns what [`cut`](TreePath::cut) takes to come back.
    pub(crate) fn push(&mut self, name: &[u8]) -> usize {
        let len = self.0.len() - 1;
        self.0.truncate(len);
        if !self.0.is_empty() && !self.0.ends_with(b"/") {
            self.0.push(b'/');
        }
        self.0.extend_from_slice(name);
        self.0.push(0);
        len
    }

    pub(crate) fn cut(&mut self, len: usize) {
        self.0.truncate(len);
        self.0.push(0);
    }

    /// Makes it what Node's `path.join` makes of the beginning of a path; `.` is nothing.
    pub(crate) fn tidy(&mut self) {
        let mut tidy = path::normalize(self.bytes());
        if matches!(&tidy[..], b"." | b"./") {
            tidy.clear();
        }
        tidy.push(0);
        self.0 = tidy;
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len() - 1
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0[..self.len()]
    }

    pub(crate) fn c(&self) -> &CStr {
        // Names come from the system, which ends them at NUL; were there one inside, the path would end there.
        CStr::from_bytes_until_nul(&self.0).unwrap_or(c"")
    }
}
