//! What a search finds, as it is found.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;
use std::task::Poll;

use nodecore_error::Result;
use nodecore_event_loop::EventLoop;

use super::search::Search;
use super::{Exclude, GlobArg, GlobEntry, GlobOptions, asking, prepare};
use crate::dir::DirFuture;
use crate::dirent::DirEntry;
use crate::tree::{self, Budget, Hooks, NoHelper, Prepared, Progress, Task, Turn};

/// Finds what the patterns match, as [`glob`](crate::glob()) does and in its order, but gives each entry when it is
/// found: nothing is looked at before the first is asked for, and no more than a few are kept.
///
/// Node: [`fsPromises.glob`](https://nodejs.org/api/fs.html#fspromisesglobpattern-options).
///
/// # Errors
/// As [`glob`](crate::glob()).
///
/// # Differences from Node
/// A step of Node's iterator reads one directory; here one may read several, and what a function excludes is asked
/// about as far ahead.
///
/// # Examples
/// ```
/// use nodecore_event_loop::EventLoop;
/// use nodecore_fs::{GlobOptions, glob_entries};
///
/// let lp = EventLoop::new()?;
/// let first = lp.block_on(async {
///     let entries = glob_entries("src/*.rs", &GlobOptions::default())?;
///     entries.next_future(&lp).await
/// })?;
/// assert_eq!(first.unwrap().path_bytes(), b"src/abort.rs");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn glob_entries(patterns: impl GlobArg, options: &GlobOptions) -> Result<GlobEntries> {
    let Prepared { task, hooks, .. } = prepare(&patterns, options)?;
    Ok(GlobEntries(Rc::new(Shared {
        search: Cell::new(Some(task)),
        exclude: options.exclude.clone(),
        hooks,
        busy: Cell::new(false),
        found: RefCell::default(),
        waiting: RefCell::default(),
    })))
}

/// What [`glob_entries`] finds. Clones are the same search. Any number of entries may be waited for; they come in order.
/// When nobody
/// holds it any more the search stops, at the next entry; a `signal` stops it at once.
#[derive(Clone)]
pub struct GlobEntries(Rc<Shared>);

struct Shared {
    /// None while it is on the pool, and at the end.
    search: Cell<Option<Search>>,
    exclude: Exclude,
    hooks: Hooks,
    busy: Cell<bool>,
    found: RefCell<VecDeque<GlobEntry>>,
    waiting: RefCell<VecDeque<Done>>,
}

type Done = Box<dyn FnOnce(Result<Option<GlobEntry>>)>;

impl GlobEntries {
    /// Gives the next entry, `None` at the end and after an error; `done` is called once, later, from the loop.
    pub fn next(&self, lp: &EventLoop, done: impl FnOnce(Result<Option<GlobEntry>>) + 'static) {
        self.0.waiting.borrow_mut().push_back(Box::new(done));
        self.0.serve(lp);
    }

    /// As [`next`](GlobEntries::next), as a future. Dropping it loses the entry.
    pub fn next_future(&self, lp: &EventLoop) -> DirFuture<Option<GlobEntry>> {
        let future = DirFuture::default();
        self.next(lp, future.settle());
        future
    }
}

impl Shared {
    /// Sets out for the entry that is waited for first, unless one is on its way.
    fn serve(self: &Rc<Self>, lp: &EventLoop) {
        if self.busy.get() || self.waiting.borrow().is_empty() {
            return;
        }
        self.busy.set(true);
        let found = self.found.borrow_mut().pop_front();
        let search = if found.is_none() { self.search.take() } else { None };
        let (me, weak) = (Rc::clone(self), lp.downgrade());
        let arrive = move |entry| {
            me.busy.set(false);
            let done = me.waiting.borrow_mut().pop_front();
            if let Some(done) = done {
                done(entry);
            }
            if let Some(lp) = weak.upgrade() {
                me.serve(&lp);
            }
        };
        let Some(search) = search else {
            lp.next_tick(move || arrive(Ok(found)));
            return;
        };
        let me = Rc::clone(self);
        let (hooks, ask) = (self.hooks.clone(), asking(&self.exclude));
        tree::start(lp, Prepared { task: Piece(Some(search)), hooks, ask }, move |outcome| {
            arrive(outcome.map(|(entries, search)| {
                let mut found = me.found.borrow_mut();
                found.extend(entries);
                me.search.set(search);
                found.pop_front()
            }));
        });
    }
}

impl fmt::Debug for GlobEntries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kept = self.0.found.borrow().len();
        f.debug_struct("GlobEntries").field("kept", &kept).field("busy", &self.0.busy.get()).finish()
    }
}

/// How many entries are found before they are wanted, at most those of one directory more.
const PIECE: usize = 64;

/// A search until it has found something.
struct Piece(Option<Search>);

impl Task for Piece {
    type Output = (Vec<GlobEntry>, Option<Search>);
    type Question = Vec<DirEntry>;
    type Answer = Vec<bool>;
    type Helper = NoHelper;

    fn run(&mut self, budget: &mut Budget<'_, '_>) -> Poll<Result<Turn<Piece>>> {
        let Some(search) = &mut self.0 else { return Poll::Ready(Err(tree::canceled())) };
        match search.advance(budget, PIECE) {
            Poll::Ready(Some(questions)) => Poll::Ready(Ok(Turn::Ask(questions))),
            Poll::Ready(None) => Poll::Ready(Ok(Turn::Done((search.take(), None)))),
            Poll::Pending if search.has_found() => {
                let found = search.take();
                Poll::Ready(Ok(Turn::Done((found, self.0.take()))))
            }
            Poll::Pending => Poll::Pending,
        }
    }

    fn answer(&mut self, answers: Vec<bool>) {
        if let Some(search) = &mut self.0 {
            search.answer(answers);
        }
    }

    fn helper(&mut self) -> Option<NoHelper> {
        None
    }

    fn progress(&self) -> Progress {
        self.0.as_ref().map(Task::progress).unwrap_or_default()
    }
}
