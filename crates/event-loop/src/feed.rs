//! The pool's side: a queue of the loop's own, drained by a few jobs on libuv's pool.
//!
//! libuv wakes a worker for every submission and the loop for every completion, and both go to sleep in
//! between. Here a *drainer*, one job of libuv's, takes one operation after another; when none waits it looks on
//! for as long as the next one is likely to come, and then ends. How many drainers there are follows the time
//! operations take: one while they are short, as many as the pool has threads once they are not.
//!
//! A drainer that has run for [`BUDGET`] gives its thread back if another drainer of this loop waits for one,
//! and the loop submits that other one as long as operations queue. It stands behind whatever else waits for
//! the pool, so nobody waits longer than a budget or two for a thread.

use std::collections::VecDeque;
use std::hint::spin_loop;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::yield_now;
use std::time::{Duration, Instant};

use crate::mailbox::{Mailbox, lock};
use crate::work::{Slot, Step};

/// How long a drainer keeps its thread when another one waits.
const BUDGET: Duration = Duration::from_millis(1);
/// A backlog worth more than this deserves another drainer: about what waking a thread costs.
const WORTH_A_WAKE: Duration = Duration::from_micros(20);
/// What an operation that takes longer counts as: a thread that lost its processor for once says nothing of the next.
const LONG: Duration = Duration::from_micros(80);
/// The longest anybody spins, and the longest expected wait for which it is tried.
const SPIN: Duration = Duration::from_micros(50);

/// Drainers of all loops that libuv has not begun. While there are any, nobody lingers.
static WAITING: AtomicUsize = AtomicUsize::new(0);

/// What loop and pool share.
pub(crate) struct Feed {
    inbox: Mutex<Inbox>,
    /// The length of the queue, for those who look without the lock.
    pub(crate) queued: AtomicUsize,
    pub(crate) mailbox: Arc<Mailbox>,
    pub(crate) closing: AtomicBool,
}

struct Inbox {
    queue: VecDeque<Arc<dyn Slot>>,
    /// Drainers submitted and not begun; begun and not ended; of these, looking for work.
    waiting: usize,
    running: usize,
    lingering: usize,
    /// What one operation takes.
    cost: Estimate,
    /// How long the queue stays empty.
    gap: Estimate,
    dry_since: Option<Instant>,
    /// When the last drainer was submitted.
    submitted: Option<Instant>,
}

/// A moving average of durations.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Estimate(Duration);

impl Estimate {
    fn add(&mut self, sample: Duration) {
        self.0 = (self.0 * 3 + sample) / 4;
    }

    /// As `add`, for waits: how far a wait was beyond spinning does not matter, so that a few short ones
    /// bring the average back.
    pub(crate) fn add_wait(&mut self, sample: Duration) {
        self.add(sample.min(SPIN * 8));
    }

    /// How long to spin for something that takes this long; `None`: better sleep.
    pub(crate) fn spin(self) -> Option<Duration> {
        (self.0 <= SPIN && processors() > 1).then(|| (self.0 * 2 + SPIN / 8).min(SPIN))
    }
}

fn processors() -> usize {
    static PROCESSORS: OnceLock<usize> = OnceLock::new();
    *PROCESSORS.get_or_init(|| std::thread::available_parallelism().map_or(1, usize::from))
}

/// How many threads libuv's pool has, by libuv's own reading of `UV_THREADPOOL_SIZE`.
pub fn pool_threads() -> usize {
    static SIZE: OnceLock<usize> = OnceLock::new();
    *SIZE.get_or_init(|| match std::env::var("UV_THREADPOOL_SIZE") {
        Ok(text) => {
            let digits = text.trim_start().split(|c: char| !c.is_ascii_digit()).next();
            digits.and_then(|digits| digits.parse().ok()).unwrap_or(1).clamp(1, 1024)
        }
        Err(_) => 4,
    })
}

/// Looks until `found` or until `limit` has passed. Between looks it offers its processor to others: on a
/// machine with more to do than processors, whom it waits for may be waiting for this one.
pub(crate) fn spin_until(limit: Duration, found: impl Fn() -> bool) -> bool {
    let begin = Instant::now();
    loop {
        for _ in 0..16 {
            if found() {
                return true;
            }
            spin_loop();
        }
        if begin.elapsed() >= limit {
            return found();
        }
        yield_now();
    }
}

impl Feed {
    pub(crate) fn new(mailbox: Arc<Mailbox>) -> Feed {
        Feed {
            inbox: Mutex::default(),
            queued: AtomicUsize::new(0),
            mailbox,
            closing: AtomicBool::new(false),
        }
    }

    /// The loop's thread: queues an operation. True: the caller is to submit a drainer.
    #[must_use]
    pub(crate) fn push(&self, slot: Arc<dyn Slot>) -> bool {
        let mut inbox = lock(&self.inbox);
        inbox.queue.push_back(slot);
        self.queued.store(inbox.queue.len(), Ordering::Release);
        let mut now = None;
        if let Some(dry) = inbox.dry_since.take() {
            let at = *now.insert(Instant::now());
            inbox.gap.add_wait(at.saturating_duration_since(dry));
        }
        let backlog = inbox.queue.len();
        let drainers = inbox.running + inbox.waiting;
        if backlog <= inbox.lingering {
            return false;
        }
        let expected = inbox.cost.0 * u32::try_from(backlog / drainers.max(1)).unwrap_or(u32::MAX);
        // What is as short as this does not wait for anything: it needs processors, not threads. Should one wait all the
        // same, others come when the loop goes to sleep.
        let most = if inbox.cost.0 <= WORTH_A_WAKE / 2 { processors() - 1 } else { pool_threads() };
        let wanted = drainers == 0 || (expected > WORTH_A_WAKE && drainers < most.min(pool_threads()));
        wanted && inbox.submit(now.unwrap_or_else(Instant::now))
    }

    /// The loop's thread, before it sleeps or when a drainer has ended: as `push`, for what waits.
    #[must_use]
    pub(crate) fn wants_drainer(&self) -> bool {
        if self.queued.load(Ordering::Acquire) == 0 {
            return false;
        }
        let mut inbox = lock(&self.inbox);
        let backlog = inbox.queue.len();
        let drainers = inbox.running + inbox.waiting;
        if backlog <= inbox.lingering + inbox.waiting {
            return false;
        }
        let now = Instant::now();
        // Beyond the pool's size: the one whose turn comes when another's budget is spent.
        let successor = drainers == pool_threads()
            && inbox.waiting == 0
            && inbox.submitted.is_none_or(|at| now.saturating_duration_since(at) >= BUDGET);
        (drainers < pool_threads() || successor) && inbox.submit(now)
    }

    /// The loop's thread: everything that waits.
    pub(crate) fn take(&self) -> VecDeque<Arc<dyn Slot>> {
        let queue = std::mem::take(&mut lock(&self.inbox).queue);
        self.queued.store(0, Ordering::Release);
        queue
    }

    /// A drainer: runs operations until none comes any more, or its time is up.
    pub(crate) fn drain(&self) {
        let begun = Instant::now();
        let mut inbox = lock(&self.inbox);
        WAITING.fetch_sub(1, Ordering::Relaxed);
        inbox.waiting -= 1;
        inbox.running += 1;
        let mut at = begun;
        loop {
            let Some(slot) = inbox.queue.pop_front() else {
                inbox.dry_since = Some(at);
                let linger = inbox.gap.spin().filter(|_| inbox.lingering == 0 && self.may_linger());
                if let Some(limit) = linger {
                    inbox.lingering += 1;
                    drop(inbox);
                    let found = || self.queued.load(Ordering::Acquire) > 0 || !self.may_linger();
                    spin_until(limit, found);
                    inbox = lock(&self.inbox);
                    inbox.lingering -= 1;
                    if !inbox.queue.is_empty() {
                        at = Instant::now();
                        continue;
                    }
                }
                break;
            };
            self.queued.store(inbox.queue.len(), Ordering::Release);
            drop(inbox);
            let step = slot.advance(self);
            let again = match step {
                Step::Finished => {
                    self.mailbox.finish(slot);
                    None
                }
                Step::Again => Some(slot),
                Step::Gone => None,
            };
            let now = Instant::now();
            inbox = lock(&self.inbox);
            if step != Step::Gone {
                inbox.cost.add(now.saturating_duration_since(at).min(LONG));
            }
            if let Some(slot) = again {
                inbox.queue.push_back(slot);
                self.queued.store(inbox.queue.len(), Ordering::Release);
            }
            at = now;
            if inbox.waiting > 0 && now.saturating_duration_since(begun) >= BUDGET {
                break;
            }
        }
        inbox.running -= 1;
    }

    fn may_linger(&self) -> bool {
        WAITING.load(Ordering::Relaxed) == 0 && !self.closing.load(Ordering::Relaxed)
    }
}

impl Default for Inbox {
    fn default() -> Inbox {
        Inbox {
            queue: VecDeque::new(),
            waiting: 0,
            running: 0,
            lingering: 0,
            // Until a few have run, operations are taken to be long: better a drainer too many.
            cost: Estimate(WORTH_A_WAKE * 2),
            gap: Estimate::default(),
            dry_since: None,
            submitted: None,
        }
    }
}

impl Inbox {
    fn submit(&mut self, now: Instant) -> bool {
        self.waiting += 1;
        self.submitted = Some(now);
        WAITING.fetch_add(1, Ordering::Relaxed);
        true
    }
}
