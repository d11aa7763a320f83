//! `setTimeout` and `setInterval`, in Node's order, on one `uv_timer_t`.
//!
//! Timers of one duration share a list, in which they wait in the order of their start. The lists wait in a
//! queue by the expiry of their first timer, then by age. So starting and clearing a timer cost the same
//! however many there are.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::rc::{Rc, Weak};

use crate::event_loop::{EventLoop, Inner};

/// A callback waiting for its time. Node: `Timeout` (<https://nodejs.org/api/timers.html#class-timeout>).
/// Dropping the handle clears nothing.
#[derive(Clone)]
pub struct Timeout {
    lp: Weak<Inner>,
    timer: Rc<Timer>,
}

enum Callback {
    Once(Box<dyn FnOnce()>),
    Many(Box<dyn FnMut()>),
}

struct Timer {
    callback: Cell<Option<Callback>>,
    msecs: u32,
    repeat: bool,
    /// The callback could be called once only, and was.
    spent: Cell<bool>,
    start: Cell<u64>,
    refed: Cell<bool>,
    /// Ran for the last time, or cleared; [`Timeout::refresh`] brings the former back.
    ended: Cell<bool>,
    cleared: Cell<bool>,
    /// Where it waits in [`State::entries`], or [`NONE`].
    place: Cell<usize>,
}

/// The end of a chain of indices.
const NONE: usize = usize::MAX;
/// Node's `TIMEOUT_MAX`: anything longer becomes 1 ms.
const TIMEOUT_MAX: f64 = 2_147_483_647.0;

pub(crate) struct Timers {
    state: RefCell<State>,
    ref_count: Cell<usize>,
    /// When the `uv_timer_t` will fire, as far as [`Inner::insert_timer`] needs to know.
    next_expiry: Cell<u64>,
}

#[derive(Default)]
struct State {
    entries: Vec<Entry>,
    free: Vec<usize>,
    lists: BTreeMap<u32, List>,
    /// (expiry, id, duration) of every list.
    queue: BTreeSet<(u64, u64, u32)>,
    next_id: u64,
}

struct Entry {
    timer: Option<Rc<Timer>>,
    previous: usize,
    next: usize,
}

struct List {
    expiry: u64,
    /// Grows with every list made or put back, so that equal expiries run in that order.
    id: u64,
    /// Names this list among those of its duration, which may follow one another.
    birth: u64,
    first: usize,
    last: usize,
}

impl Default for Timers {
    fn default() -> Timers {
        let state = RefCell::default();
        Timers { state, ref_count: Cell::new(0), next_expiry: Cell::new(u64::MAX) }
    }
}

impl Timers {
    pub(crate) fn is_borrowed(&self) -> bool {
        self.state.try_borrow_mut().is_err()
    }

    /// Forgets all timers; what they held is dropped by the caller, outside any borrow.
    pub(crate) fn take(&self) -> impl Sized {
        self.ref_count.set(0);
        let state = self.state.take();
        let timers = state.entries.iter().filter_map(|entry| entry.timer.as_ref());
        let callbacks: Vec<_> = timers
            .map(|timer| {
                timer.place.set(NONE);
                timer.ended.set(true);
                timer.cleared.set(true);
                timer.callback.take()
            })
            .collect();
        callbacks
    }
}

/// Node's reading of a duration: fractions are cut off, and what is out of range becomes 1.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn duration(ms: f64) -> u32 {
    if (1.0..=TIMEOUT_MAX).contains(&ms) { ms as u32 } else { 1 }
}

impl EventLoop {
    /// Runs `f` once, after `ms` milliseconds or later. Node: `setTimeout`
    /// (<https://nodejs.org/api/timers.html#settimeoutcallback-delay-args>).
    ///
    /// As in Node, fractions of a millisecond are cut off, and a duration below 1, over 2147483647 or not a
    /// number is 1 ms.
    ///
    /// # Differences from Node
    /// A callback that can be called once only cannot run again after [`Timeout::refresh`] on a timer that has
    /// fired; [`EventLoop::set_timeout_mut`] can.
    ///
    /// ```
    /// # use nodecore_event_loop::{EventLoop, RunMode};
    /// let lp = EventLoop::new()?;
    /// let stop = lp.clone();
    /// let interval = lp.set_interval(1.0, || println!("again"));
    /// lp.set_timeout(5.0, move || interval.clear());
    /// assert!(!lp.run(RunMode::Default));
    /// # drop(stop);
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn set_timeout(&self, ms: f64, f: impl FnOnce() + 'static) -> Timeout {
        self.start_timer(ms, Callback::Once(Box::new(f)), false)
    }

    /// As [`EventLoop::set_timeout`], with a callback that [`Timeout::refresh`] can bring back after it ran.
    pub fn set_timeout_mut(&self, ms: f64, f: impl FnMut() + 'static) -> Timeout {
        self.start_timer(ms, Callback::Many(Box::new(f)), false)
    }

    /// Runs `f` every `ms` milliseconds or more, until cleared. Node: `setInterval`
    /// (<https://nodejs.org/api/timers.html#setintervalcallback-delay-args>). `ms` is read as by
    /// [`EventLoop::set_timeout`].
    pub fn set_interval(&self, ms: f64, f: impl FnMut() + 'static) -> Timeout {
        self.start_timer(ms, Callback::Many(Box::new(f)), true)
    }

    fn start_timer(&self, ms: f64, callback: Callback, repeat: bool) -> Timeout {
        let inner = self.inner();
        let open = !inner.is_closed();
        let timer = Rc::new(Timer {
            callback: Cell::new(open.then_some(callback)),
            msecs: duration(ms),
            repeat,
            spent: Cell::new(false),
            start: Cell::new(0),
            refed: Cell::new(true),
            ended: Cell::new(!open),
            cleared: Cell::new(!open),
            place: Cell::new(NONE),
        });
        if open {
            inner.count_timer_ref(true);
            inner.insert_timer(&timer, inner.fresh_now());
        }
        Timeout { lp: inner.weak(), timer }
    }
}

impl Timeout {
    /// Forgets the callback. Node: `clearTimeout`, `clearInterval`.
    pub fn clear(&self) {
        let Some(inner) = self.lp.upgrade() else { return };
        let timer = &self.timer;
        timer.cleared.set(true);
        if !timer.ended.replace(true) {
            inner.timers.state.borrow_mut().unlink(timer);
            if timer.refed.get() {
                // Node keeps the empty lists of unreferenced timers; it matters to the order of later ones.
                inner.timers.state.borrow_mut().remove_if_empty(timer.msecs);
                inner.count_timer_ref(false);
            }
        }
        drop(timer.callback.take());
    }

    /// Keeps the loop alive until it fires, as it does from the start. Node: `timeout.ref()`.
    pub fn ref_(&self) -> &Timeout {
        self.set_ref(true)
    }

    /// Lets the loop end without it. Node: `timeout.unref()`.
    pub fn unref(&self) -> &Timeout {
        self.set_ref(false)
    }

    fn set_ref(&self, on: bool) -> &Timeout {
        if self.timer.refed.replace(on) != on
            && !self.timer.ended.get()
            && let Some(inner) = self.lp.upgrade()
        {
            inner.count_timer_ref(on);
        }
        self
    }

    /// Whether it keeps, or before it ended kept, the loop alive. Node: `timeout.hasRef()`.
    pub fn has_ref(&self) -> bool {
        self.timer.refed.get()
    }

    /// Starts its duration anew, from now. Node: `timeout.refresh()`. Nothing happens if it was cleared, or
    /// was made by [`EventLoop::set_timeout`] and has begun to run.
    pub fn refresh(&self) -> &Timeout {
        let timer = &self.timer;
        let Some(inner) = self.lp.upgrade() else { return self };
        if timer.cleared.get() || timer.spent.get() || inner.is_closed() {
            return self;
        }
        inner.insert_timer(timer, inner.fresh_now());
        if timer.ended.replace(false) && timer.refed.get() {
            inner.count_timer_ref(true);
        }
        self
    }
}

impl fmt::Debug for Timeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let timer = &self.timer;
        let mut debug = f.debug_struct("Timeout");
        debug.field("ms", &timer.msecs).field("repeat", &timer.repeat).field("ended", &timer.ended.get());
        debug.field("has_ref", &timer.refed.get()).finish()
    }
}

impl State {
    /// Puts the timer at the end of its list. True and the expiry: the list is new.
    fn append(&mut self, timer: &Rc<Timer>) -> Option<u64> {
        let msecs = timer.msecs;
        let mut expiry = None;
        if !self.lists.contains_key(&msecs) {
            let due = timer.start.get() + u64::from(msecs);
            let id = self.next_id;
            self.next_id += 1;
            self.lists.insert(msecs, List { expiry: due, id, birth: id, first: NONE, last: NONE });
            self.queue.insert((due, id, msecs));
            expiry = Some(due);
        }
        self.unlink(timer);
        let list = self.lists.get_mut(&msecs)?;
        let entry = Entry { timer: Some(Rc::clone(timer)), previous: list.last, next: NONE };
        let place = match self.free.pop() {
            Some(place) => {
                self.entries[place] = entry;
                place
            }
            None => {
                self.entries.push(entry);
                self.entries.len() - 1
            }
        };
        match list.last {
            NONE => list.first = place,
            last => self.entries[last].next = place,
        }
        list.last = place;
        timer.place.set(place);
        expiry
    }

    fn unlink(&mut self, timer: &Timer) {
        let place = timer.place.replace(NONE);
        if place == NONE {
            return;
        }
        let Entry { previous, next, .. } = self.entries[place];
        // The caller holds another reference to the timer, so no callback is dropped here.
        self.entries[place].timer = None;
        self.free.push(place);
        let Some(list) = self.lists.get_mut(&timer.msecs) else { return };
        match previous {
            NONE => list.first = next,
            previous => self.entries[previous].next = next,
        }
        match next {
            NONE => list.last = previous,
            next => self.entries[next].previous = previous,
        }
    }

    fn remove_if_empty(&mut self, msecs: u32) {
        if self.lists.get(&msecs).is_some_and(|list| list.first == NONE)
            && let Some(list) = self.lists.remove(&msecs)
        {
            self.queue.remove(&(list.expiry, list.id, msecs));
        }
    }

    /// The first timer of the list called `birth`, if that list is still the one of its duration.
    fn first(&self, msecs: u32, birth: u64) -> Option<Rc<Timer>> {
        let list = self.lists.get(&msecs).filter(|list| list.birth == birth)?;
        self.entries.get(list.first)?.timer.clone()
    }

    /// Puts a list back into the queue, to expire at `expiry`.
    fn postpone(&mut self, msecs: u32, expiry: u64) {
        let Some(list) = self.lists.get_mut(&msecs) else { return };
        self.queue.remove(&(list.expiry, list.id, msecs));
        list.expiry = expiry;
        list.id = self.next_id;
        self.next_id += 1;
        self.queue.insert((list.expiry, list.id, msecs));
    }
}

impl Inner {
    /// The loop's time, brought up to date, as Node's timers read it.
    fn fresh_now(&self) -> u64 {
        self.uv.update_time();
        self.uv.now()
    }

    fn count_timer_ref(&self, on: bool) {
        let count = &self.timers.ref_count;
        count.set(if on { count.get() + 1 } else { count.get() - 1 });
        match (on, count.get()) {
            (true, 1) => self.uv.ref_timer(true),
            (false, 0) => self.uv.ref_timer(false),
            _ => {}
        }
    }

    fn insert_timer(&self, timer: &Rc<Timer>, start: u64) {
        timer.start.set(start);
        let new_list = self.timers.state.borrow_mut().append(timer);
        if let Some(expiry) = new_list
            && self.timers.next_expiry.get() > expiry
        {
            self.uv.start_timer(timer.msecs.into());
            self.timers.next_expiry.set(expiry);
        }
    }

    /// The timers phase: runs every list that is due.
    pub(crate) fn run_timers(&self) {
        /// Starts the `uv_timer_t` for what is left, whatever a callback did.
        struct Rearm<'a>(&'a Inner);
        impl Drop for Rearm<'_> {
            fn drop(&mut self) {
                self.0.rearm_timer();
            }
        }
        let now = self.fresh_now();
        self.timers.next_expiry.set(u64::MAX);
        self.scope(|| {
            let _rearm = Rearm(self);
            let mut ran_one = false;
            while let Some((msecs, birth)) = self.due_list(now) {
                if ran_one {
                    self.drain();
                }
                ran_one = true;
                self.run_list(msecs, birth, now);
            }
        });
    }

    fn due_list(&self, now: u64) -> Option<(u32, u64)> {
        let state = self.timers.state.borrow();
        let &(expiry, _, msecs) = state.queue.first()?;
        let list = state.lists.get(&msecs)?;
        (expiry <= now).then_some((msecs, list.birth))
    }

    pub(crate) fn rearm_timer(&self) {
        let expiry = self.timers.state.borrow().queue.first().map(|&(expiry, ..)| expiry);
        self.timers.next_expiry.set(expiry.unwrap_or(u64::MAX));
        if let Some(expiry) = expiry {
            self.uv.start_timer(expiry.saturating_sub(self.uv.now()).max(1));
        }
        self.uv.ref_timer(expiry.is_some() && self.timers.ref_count.get() > 0);
    }

    fn run_list(&self, msecs: u32, birth: u64, now: u64) {
        let mut ran_one = false;
        loop {
            let mut state = self.timers.state.borrow_mut();
            let Some(timer) = state.first(msecs, birth) else { break };
            if now.saturating_sub(timer.start.get()) < msecs.into() {
                state.postpone(msecs, (timer.start.get() + u64::from(msecs)).max(now + 1));
                return;
            }
            drop(state);
            if ran_one {
                self.drain();
                // A tick may have cleared or refreshed it: Node runs the one it had chosen, or nothing.
                if timer.place.get() == NONE {
                    continue;
                }
            }
            ran_one = true;
            self.timers.state.borrow_mut().unlink(&timer);
            self.fire(&timer);
        }
        // Another list of the same duration may have taken its place.
        let mut state = self.timers.state.borrow_mut();
        if state.lists.get(&msecs).is_some_and(|list| list.birth == birth) {
            state.remove_if_empty(msecs);
        }
    }

    fn fire(&self, timer: &Rc<Timer>) {
        /// What follows the callback even if it panics.
        struct After<'a> {
            inner: &'a Inner,
            timer: &'a Rc<Timer>,
            start: u64,
            callback: Option<Box<dyn FnMut()>>,
        }
        impl Drop for After<'_> {
            fn drop(&mut self) {
                let timer = self.timer;
                if timer.cleared.get() || self.inner.is_closed() {
                    return;
                }
                timer.callback.set(self.callback.take().map(Callback::Many));
                if timer.repeat {
                    self.inner.insert_timer(timer, self.start);
                } else if timer.place.get() == NONE && !timer.ended.replace(true) && timer.refed.get() {
                    let count = &self.inner.timers.ref_count;
                    count.set(count.get() - 1);
                }
            }
        }
        let start = if timer.repeat { self.fresh_now() } else { 0 };
        let mut after = After { inner: self, timer, start, callback: None };
        self.assert_unborrowed();
        match timer.callback.take() {
            Some(Callback::Once(callback)) => {
                timer.spent.set(true);
                callback();
            }
            Some(Callback::Many(callback)) => after.callback.insert(callback)(),
            None => {}
        }
    }
}
