//! How to watch.

use std::fmt;
use std::rc::Rc;

use nodecore_events::AbortSignal;

/// How [`watch`](crate::watch()) and [`promises::watch`](crate::promises::watch) watch.
///
/// ```
/// use nodecore_fs::WatchOptions;
///
/// let options = WatchOptions::default().recursive(true).ignore("node_modules").ignore("**/*.log");
/// # let _ = options;
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct WatchOptions {
    /// Whether it keeps the loop alive. Default true.
    pub persistent: bool,
    /// Whether to watch the directories within as well.
    pub recursive: bool,
    /// Closes the watcher when it is aborted.
    pub signal: Option<AbortSignal>,
    /// Whether it is an error that nothing is there. Default true; if not, nothing is watched.
    pub throw_if_no_entry: bool,
    /// For [`promises::watch`](crate::promises::watch): how many events may wait to be read. Default 2048.
    pub max_queue: usize,
    /// For [`promises::watch`](crate::promises::watch): what becomes of an event above that. Default: it is
    /// left out.
    pub overflow: Overflow,
    pub(super) ignore: Vec<Ignore>,
}

/// What becomes of an event that finds the queue full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overflow {
    /// It is left out, and [counted](crate::WatchStream::lost).
    #[default]
    Ignore,
    /// The stream ends with [`Code::FsWatchQueueOverflow`](nodecore_error::Code::FsWatchQueueOverflow).
    Error,
}

/// What is not told of.
#[derive(Clone)]
pub(super) enum Ignore {
    Glob(String),
    Test(Test),
}

/// Whether a name is not told of.
pub(super) type Test = Rc<dyn Fn(&[u8]) -> bool>;

impl Default for WatchOptions {
    fn default() -> WatchOptions {
        WatchOptions {
            persistent: true,
            recursive: false,
            signal: None,
            throw_if_no_entry: true,
            max_queue: 2048,
            overflow: Overflow::Ignore,
            ignore: Vec::new(),
        }
    }
}

impl WatchOptions {
    /// Sets whether it keeps the loop alive.
    #[must_use]
    pub fn persistent(mut self, persistent: bool) -> WatchOptions {
        self.persistent = persistent;
        self
    }

    /// Sets whether to watch the directories within as well.
    #[must_use]
    pub fn recursive(mut self, recursive: bool) -> WatchOptions {
        self.recursive = recursive;
        self
    }

    /// Sets what closes the watcher.
    #[must_use]
    pub fn signal(mut self, signal: &AbortSignal) -> WatchOptions {
        self.signal = Some(signal.clone());
        self
    }

    /// Sets whether it is an error that nothing is there.
    #[must_use]
    pub fn throw_if_no_entry(mut self, throw_if_no_entry: bool) -> WatchOptions {
        self.throw_if_no_entry = throw_if_no_entry;
        self
    }

    /// Sets how many events may wait to be read.
    #[must_use]
    pub fn max_queue(mut self, max_queue: usize) -> WatchOptions {
        self.max_queue = max_queue;
        self
    }

    /// Sets what becomes of an event above that.
    #[must_use]
    pub fn overflow(mut self, overflow: Overflow) -> WatchOptions {
        self.overflow = overflow;
        self
    }

    /// Adds names that are not told of, as a glob: one without a slash is for the last part of a name, in any
    /// directory. A directory that is ignored is not watched with `recursive`.
    #[must_use]
    pub fn ignore(mut self, glob: &str) -> WatchOptions {
        self.ignore.push(Ignore::Glob(glob.to_owned()));
        self
    }

    /// As [`ignore`](WatchOptions::ignore), as a function of the name.
    #[must_use]
    pub fn ignore_if(mut self, test: impl Fn(&[u8]) -> bool + 'static) -> WatchOptions {
        self.ignore.push(Ignore::Test(Rc::new(test)));
        self
    }
}

impl fmt::Debug for WatchOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WatchOptions")
            .field("persistent", &self.persistent)
            .field("recursive", &self.recursive)
            .field("signal", &self.signal)
            .field("throw_if_no_entry", &self.throw_if_no_entry)
            .field("max_queue", &self.max_queue)
            .field("overflow", &self.overflow)
            .field("ignore", &self.ignore.len())
            .finish()
    }
}
