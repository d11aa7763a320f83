//! Several threads of the pool on one tree: the jobs they hand each other, and when a directory is done.
//!
//! A task begins alone, and a small tree it finishes alone, in the order of its directories. Of a large one it hands out
//! directories, and has its loop send helpers to the pool, which do what it does itself. Nobody waits on the pool: a
//! helper that finds no job ends; a task that finds none leaves the pool until a helper comes back, which it does as soon
//! as there are jobs again.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use nodecore_error::{Error, Result};
use nodecore_event_loop::{Operation, Slice};

use crate::tree::{Budget, Task, Turn, canceled};

/// How many entries a task that changes each of them does before it looks for help: about what waking a thread and the
/// loop is worth.
pub(crate) const ALONE: u64 = 256;
/// How many jobs wait at most; beyond them everybody goes down by himself.
const WAITING: usize = 16;

/// A task of which any thread can do a part.
pub(crate) trait Hand: Task {
    /// A directory, with all that is in it.
    type Job: Send + 'static;

    /// Who works on it, if it is more than one.
    fn crew(&mut self) -> &mut Option<Arc<Crew<Self::Job>>>;
    /// Whether what one who is alone has done, or sees before him, makes others worth while.
    fn wants_help(&self) -> bool;
    /// One that does the same elsewhere, and has nothing to do yet.
    fn another(&self) -> Self;
    /// Whether it has nothing to do.
    fn is_idle(&self) -> bool;
    /// What must be known before the next step.
    fn question(&mut self) -> Option<Self::Question>;
    fn step(&mut self) -> Result<()>;
    /// What the last step cost, as [`Slice::spend`] counts.
    fn cost(&self) -> usize;
    fn begin(&mut self, job: Self::Job) -> Result<()>;
    /// The whole is done.
    fn finish(&mut self) -> Result<Self::Output>;
}

/// Those who work on one tree.
pub(crate) struct Crew<J> {
    jobs: Mutex<Vec<J>>,
    /// The number of jobs, for those who look without the lock.
    waiting: AtomicUsize,
    /// Helpers on the pool or on their way to it, and how many are wanted.
    helpers: AtomicUsize,
    wanted: usize,
    entries: AtomicU64,
    /// Whether the task itself has left the pool.
    away: AtomicBool,
    finished: AtomicBool,
    failed: AtomicBool,
    error: Mutex<Option<Error>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<J> Crew<J> {
    fn new(wanted: usize) -> Crew<J> {
        Crew {
            jobs: Mutex::default(),
            waiting: AtomicUsize::new(0),
            helpers: AtomicUsize::new(0),
            wanted,
            entries: AtomicU64::new(0),
            away: AtomicBool::new(false),
            finished: AtomicBool::new(false),
            failed: AtomicBool::new(false),
            error: Mutex::default(),
        }
    }

    /// Whether a directory should be handed out.
    pub(crate) fn wants(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) < WAITING
    }

    pub(crate) fn give(&self, job: J) {
        let mut jobs = lock(&self.jobs);
        jobs.push(job);
        self.waiting.store(jobs.len(), Ordering::Release);
    }

    /// The job given last, so that few directories are half done at a time.
    fn take(&self) -> Option<J> {
        let mut jobs = lock(&self.jobs);
        let job = jobs.pop();
        self.waiting.store(jobs.len(), Ordering::Release);
        job
    }

    /// The whole tree is done.
    pub(crate) fn finish(&self) {
        self.finished.store(true, Ordering::Release);
    }

    /// The first error is the task's.
    fn fail(&self, error: Error) {
        lock(&self.error).get_or_insert(error);
        self.failed.store(true, Ordering::Release);
    }

    fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Acquire)
    }

    fn is_alone(&self) -> bool {
        self.helpers.load(Ordering::Acquire) == 0
    }

    /// Whether jobs wait for helpers that are not there.
    fn lacks_helpers(&self) -> bool {
        self.helpers.load(Ordering::Relaxed) < self.wanted.min(self.waiting.load(Ordering::Relaxed))
    }
}

/// The task's own part: until all is done, something is to be asked, or the budget is spent.
pub(crate) fn work<T: Hand>(task: &mut T, budget: &mut Budget<'_, '_>) -> Poll<Result<Turn<T>>> {
    if let Some(crew) = task.crew() {
        crew.away.store(false, Ordering::Relaxed);
    }
    let mut turn = own_part(task, budget);
    let Some(crew) = task.crew() else { return turn };
    if let Poll::Ready(Err(error)) = turn {
        crew.fail(error);
        turn = Poll::Pending;
    }
    if crew.has_failed() {
        // Nothing goes on behind the back of whom the error is told.
        turn = match crew.is_alone() {
            true => Poll::Ready(Err(lock(&crew.error).take().unwrap_or_else(canceled))),
            false => Poll::Ready(Ok(Turn::Join)),
        };
    }
    crew.away.store(matches!(turn, Poll::Ready(Ok(Turn::Join))), Ordering::Relaxed);
    turn
}

fn own_part<T: Hand>(task: &mut T, budget: &mut Budget<'_, '_>) -> Poll<Result<Turn<T>>> {
    loop {
        if let Some(question) = task.question() {
            return Poll::Ready(Ok(Turn::Ask(question)));
        }
        if !task.is_idle() {
            task.step()?;
        } else if let Some(crew) = task.crew().clone() {
            // In this order: those who have gone leave nothing behind.
            let alone = crew.is_alone();
            match crew.take() {
                Some(job) => task.begin(job)?,
                None if crew.finished.load(Ordering::Acquire) => {
                    return Poll::Ready(task.finish().map(Turn::Done));
                }
                // A helper was cancelled, or has panicked.
                None if alone => return Poll::Ready(Err(canceled())),
                None => return Poll::Ready(Ok(Turn::Join)),
            }
        } else {
            return Poll::Ready(task.finish().map(Turn::Done));
        }
        let wants_help = task.wants_help();
        match task.crew() {
            Some(crew) if crew.has_failed() => return Poll::Pending,
            Some(crew) if crew.lacks_helpers() => return Poll::Ready(Ok(Turn::Spread)),
            Some(_) => {}
            crew @ None if budget.helpers() > 0 && wants_help => {
                *crew = Some(Arc::new(Crew::new(budget.helpers())));
            }
            None => {}
        }
        if !budget.spend(task.cost()) {
            return Poll::Pending;
        }
    }
}

/// A helper to send to the pool, if one is wanted.
pub(crate) fn helper<T: Hand>(task: &mut T) -> Option<Helper<T>> {
    let crew = task.crew().clone().filter(|crew| crew.lacks_helpers())?;
    crew.helpers.fetch_add(1, Ordering::Relaxed);
    let mut hand = task.another();
    *hand.crew() = Some(Arc::clone(&crew));
    Some(Helper(Some(Box::new(Enlisted { hand, crew }))))
}

/// What does a task's work beside it. Comes back with itself where others are to be sent for.
pub(crate) struct Helper<T: Hand>(Option<Box<Enlisted<T>>>);

struct Enlisted<T: Hand> {
    hand: T,
    crew: Arc<Crew<T::Job>>,
}

impl<T: Hand> Operation for Helper<T> {
    type Output = Option<Helper<T>>;

    fn advance(&mut self, slice: &mut Slice) -> Poll<Result<Option<Helper<T>>>> {
        let Some(Enlisted { hand, crew }) = self.0.as_deref_mut() else { return Poll::Ready(Ok(None)) };
        loop {
            if crew.has_failed() {
                return Poll::Ready(Ok(None));
            }
            let outcome = match hand.is_idle() {
                false => hand.step(),
                true => match crew.take() {
                    Some(job) => hand.begin(job),
                    None => return Poll::Ready(Ok(None)),
                },
            };
            if let Err(error) = outcome {
                crew.fail(error);
                return Poll::Ready(Ok(None));
            }
            if crew.away.load(Ordering::Relaxed) && crew.waiting.load(Ordering::Relaxed) > 0 {
                return Poll::Ready(Ok(Some(Helper(self.0.take()))));
            }
            if !slice.spend(hand.cost()) {
                return Poll::Pending;
            }
        }
    }
}

impl<T: Hand> Drop for Enlisted<T> {
    fn drop(&mut self) {
        self.crew.helpers.fetch_sub(1, Ordering::Release);
    }
}

/// What a task has to do with others.
pub(crate) struct Share<J, D> {
    pub(crate) crew: Option<Arc<Crew<J>>>,
    /// The directory that what is being done is a part of, if it was handed over.
    base: Option<Arc<Node<D>>>,
}

impl<J, D> Default for Share<J, D> {
    fn default() -> Share<J, D> {
        Share { crew: None, base: None }
    }
}

/// A directory under way: what is left to do once all in it is done.
pub(crate) struct Part<D> {
    last: Option<D>,
    /// If parts of it have been handed over.
    node: Option<Arc<Node<D>>>,
}

/// The same, of a directory of which parts are done elsewhere.
pub(crate) struct Node<D> {
    last: Option<D>,
    /// Parts that are not done, its own entries being one.
    parts: AtomicUsize,
    /// The directory that this one is a part of.
    parent: Option<Arc<Node<D>>>,
}

impl<D> Part<D> {
    pub(crate) fn new(last: D) -> Part<D> {
        Part { last: Some(last), node: None }
    }
}

impl<J, D> Share<J, D> {
    /// Hands over a directory within the innermost of `under_way`, if others want it.
    pub(crate) fn hand_over<'a>(
        &self,
        under_way: impl Iterator<Item = &'a mut Part<D>>,
        job: impl FnOnce(Arc<Node<D>>) -> J,
    ) -> bool
    where
        D: 'a,
    {
        let Some(crew) = self.crew.as_ref().filter(|crew| crew.wants()) else { return false };
        let mut innermost = None;
        for part in under_way {
            let node = part.node.get_or_insert_with(|| {
                let parent = innermost.as_ref().map(Node::add).or_else(|| self.base.clone());
                Arc::new(Node { last: part.last.take(), parts: AtomicUsize::new(1), parent })
            });
            innermost = Some(Arc::clone(node));
        }
        let Some(innermost) = innermost else { return false };
        crew.give(job(innermost.add()));
        true
    }

    /// Takes over what was handed over.
    pub(crate) fn take_over(&mut self, parent: Arc<Node<D>>) {
        self.base = Some(parent);
    }

    /// All of a directory is done but for what was handed over. `outermost`: nothing else is under way here. Returns how
    /// many directories that finished.
    pub(crate) fn leave(
        &mut self,
        part: Part<D>,
        outermost: bool,
        mut finish: impl FnMut(&D) -> Result<()>,
    ) -> Result<u64> {
        if let Some(node) = part.node {
            if outermost {
                self.base = None;
            }
            return self.release(node, finish);
        }
        if let Some(last) = &part.last {
            finish(last)?;
        }
        Ok(1 + if outermost { self.leave_base(finish)? } else { 0 })
    }

    /// What was taken over is done, or the whole. Returns as [`leave`](Share::leave).
    pub(crate) fn leave_base(&mut self, finish: impl FnMut(&D) -> Result<()>) -> Result<u64> {
        if let Some(base) = self.base.take() {
            return self.release(base, finish);
        }
        self.crew.iter().for_each(|crew| crew.finish());
        Ok(0)
    }

    /// A part of a directory is done. If it was the last, so is that, and perhaps the one that it is a part of.
    fn release(&self, mut node: Arc<Node<D>>, mut finish: impl FnMut(&D) -> Result<()>) -> Result<u64> {
        let mut finished = 0;
        while node.parts.fetch_sub(1, Ordering::AcqRel) == 1 {
            if let Some(last) = &node.last {
                finish(last)?;
            }
            finished += 1;
            let Some(parent) = node.parent.clone() else {
                self.crew.iter().for_each(|crew| crew.finish());
                break;
            };
            node = parent;
        }
        Ok(finished)
    }

    /// Entries done since there are others.
    pub(crate) fn entries(&self) -> u64 {
        self.crew.as_ref().map_or(0, |crew| crew.entries.load(Ordering::Relaxed))
    }

    /// So many more entries are done.
    pub(crate) fn count(&self, alone: &mut u64, entries: u64) {
        match &self.crew {
            Some(crew) => drop(crew.entries.fetch_add(entries, Ordering::Relaxed)),
            None => *alone += entries,
        }
    }
}

impl<D> Node<D> {
    fn add(self: &Arc<Node<D>>) -> Arc<Node<D>> {
        self.parts.fetch_add(1, Ordering::Relaxed);
        Arc::clone(self)
    }
}
