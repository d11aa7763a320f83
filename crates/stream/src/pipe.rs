//! `pipe` and `unpipe`.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use nodecore_error::Error;
use nodecore_events::ListenerId;

use crate::chunk::Chunk;
use crate::host::Event;
use crate::machine::{flag, read};
use crate::native::{How, PipeEvent, ReadableObject, WritableObject, tag};
use crate::readable::Readable;
use crate::writable::Writable;

/// Options of [`Readable::pipe`].
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct PipeOptions {
    /// Whether the destination is ended when the source has ended; true by default.
    pub end: bool,
}

impl Default for PipeOptions {
    fn default() -> PipeOptions {
        PipeOptions { end: true }
    }
}

impl PipeOptions {
    /// Sets `end`.
    #[must_use]
    pub fn end(mut self, end: bool) -> PipeOptions {
        self.end = end;
        self
    }
}

/// One source piped to one destination: the listeners that it consists of.
///
/// The source, by its [`Feed`], owns the destination, except while it waits for `drain`: then the destination, which is to wake it,
/// owns the source. So pipes that are dropped half-way are freed.
pub(crate) struct Pipe<T: Chunk> {
    source: Weak<dyn ReadableObject<T>>,
    dest: Weak<dyn WritableObject<T>>,
    /// The address of the destination.
    address: usize,
    /// The source's listener.
    feed: Weak<Feed<T>>,
    /// The source, while `drain` is waited for. The destination's listener has it.
    waiting: RefCell<Weak<Cell<Option<Readable<T>>>>>,
    cleaned_up: Cell<bool>,
    on_drain: Cell<Option<ListenerId>>,
    /// On the source: `end`, `data`.
    on_source: RefCell<Vec<ListenerId>>,
    on_unpipe: Cell<Option<ListenerId>>,
    on_error: Cell<Option<ListenerId>>,
    on_close: Cell<Option<ListenerId>>,
    on_finish: Cell<Option<ListenerId>>,
}

/// A pipe's listener of `data`.
pub(crate) struct Feed<T: Chunk> {
    dest: Weak<dyn WritableObject<T>>,
    /// The destination, while `drain` is not waited for.
    owned: Cell<Option<Writable<T>>>,
    pipe: Rc<Pipe<T>>,
}

impl<T: Chunk> Feed<T> {
    #[inline(always)]
    pub(crate) fn write(&self, chunk: T) {
        if let Some(dest) = self.dest.upgrade()
            && !dest.take_in(chunk)
        {
            self.pipe.filled(Writable(dest));
        }
    }
}

pub(crate) fn pipe<T: Chunk>(source: &Readable<T>, dest: &Writable<T>, options: PipeOptions) {
    let r = source.0.state();
    let mut pipes = source.0.pipes().borrow_mut();
    r.piped(pipes.len());
    pipes.push(Rc::downgrade(&dest.0));
    drop(pipes);

    let feed = Rc::new_cyclic(|feed| Feed {
        dest: Rc::downgrade(&dest.0),
        owned: Cell::new(Some(dest.clone())),
        pipe: Rc::new(Pipe {
            source: Rc::downgrade(&source.0),
            dest: Rc::downgrade(&dest.0),
            address: dest.address(),
            feed: Weak::clone(feed),
            waiting: RefCell::default(),
            cleaned_up: Cell::new(false),
            on_drain: Cell::new(None),
            on_source: RefCell::default(),
            on_unpipe: Cell::new(None),
            on_error: Cell::new(None),
            on_close: Cell::new(None),
            on_finish: Cell::new(None),
        }),
    });
    let pipe = Rc::clone(&feed.pipe);

    let this = Rc::clone(&pipe);
    let ended = move || match this.dest.upgrade() {
        Some(dest) if options.end => dest.end(),
        _ => this.unpipe(),
    };
    if r.flags.any(read::END_EMITTED) {
        source.event_loop().next_tick(ended);
    } else {
        let id = source.0.on(Event::End, How::Once, Rc::new(move |()| ended()));
        pipe.on_source.borrow_mut().push(id);
    }

    let this = Rc::clone(&pipe);
    let id = ListenerId::new(tag::PIPED);
    dest.0.unpipe_events().append(id, Rc::new(move |event: PipeEvent<T>| this.unpiped(&event)));
    pipe.on_unpipe.set(Some(id));

    let id = source.0.feed(feed);
    pipe.on_source.borrow_mut().push(id);

    let this = Rc::clone(&pipe);
    let id = ListenerId::new(tag::ERROR);
    dest.0.events().error.prepend(id, Rc::new(move |error| this.failed(error)));
    pipe.on_error.set(Some(id));

    let this = Rc::clone(&pipe);
    let closed = move |()| {
        this.forget(&this.on_finish);
        this.unpipe();
    };
    pipe.on_close.set(Some(dest.0.on(Event::Close, How::Once, Rc::new(closed))));

    let this = Rc::clone(&pipe);
    let finished = move |()| {
        this.forget(&this.on_close);
        this.unpipe();
    };
    pipe.on_finish.set(Some(dest.0.on(Event::Finish, How::Once, Rc::new(finished))));

    dest.0.pipe_events().emit(PipeEvent { source: source.clone(), unpiped: Rc::default() });

    if dest.0.needs_drain() {
        pipe.pause(source, dest);
    } else if !r.flags.any(read::FLOWING) {
        source.resume();
    }
}

pub(crate) fn unpipe<T: Chunk>(source: &Readable<T>, dest: Option<&Writable<T>>) {
    let event = || PipeEvent { source: source.clone(), unpiped: Rc::new(Cell::new(false)) };
    let pipes = source.0.pipes();
    if pipes.borrow().is_empty() {
        return;
    }
    let Some(dest) = dest else {
        let all = pipes.take();
        source.pause();
        for dest in all.iter().filter_map(Weak::upgrade) {
            dest.unpipe_events().emit(event());
        }
        return;
    };
    let address = dest.address();
    let Some(index) = pipes.borrow().iter().position(|other| address_of(other) == address) else { return };
    pipes.borrow_mut().remove(index);
    if pipes.borrow().is_empty() {
        source.pause();
    }
    dest.0.unpipe_events().emit(event());
}

fn address_of<T: Chunk>(stream: &Weak<dyn WritableObject<T>>) -> usize {
    stream.as_ptr().cast::<()>().addr()
}

impl<T: Chunk> Pipe<T> {
    fn source(&self) -> Option<Readable<T>> {
        self.source.upgrade().map(Readable)
    }

    fn unpipe(&self) {
        if let (Some(source), Some(dest)) = (self.source(), self.dest.upgrade()) {
            unpipe(&source, Some(&Writable(dest)));
        }
    }

    /// The destination wants no more for now.
    #[inline(never)]
    fn filled(self: &Rc<Self>, dest: Writable<T>) {
        if let Some(source) = self.source() {
            self.pause(&source, &dest);
        }
    }

    /// Waits for the destination.
    fn pause(self: &Rc<Self>, source: &Readable<T>, dest: &Writable<T>) {
        if !self.cleaned_up.get() {
            let pipes = source.0.pipes().borrow();
            let piped = pipes.iter().any(|other| address_of(other) == self.address);
            let count = pipes.len();
            drop(pipes);
            let r = source.0.state();
            if piped {
                r.await_drain(self.address, count);
            }
            if let Some(feed) = self.feed.upgrade() {
                feed.owned.take();
            }
            if let Some(waiting) = self.waiting.borrow().upgrade() {
                waiting.set(Some(source.clone()));
            }
            source.pause();
        }
        if self.on_drain.get().is_none() {
            let waiting = Rc::new(Cell::new((!self.cleaned_up.get()).then(|| source.clone())));
            *self.waiting.borrow_mut() = Rc::downgrade(&waiting);
            let this = Rc::clone(self);
            let drain = move |()| {
                if let Some(feed) = this.feed.upgrade() {
                    feed.owned.set(this.dest.upgrade().map(Writable));
                }
                let source = this.source();
                waiting.take();
                if let Some(source) = source {
                    drained(&source, this.address);
                }
            };
            self.on_drain.set(Some(dest.0.on(Event::Drain, How::Append, Rc::new(drain))));
        }
    }

    /// The destination failed. Where nobody else listens, the error stays the destination's to report.
    fn failed(&self, error: Error) {
        self.unpipe();
        self.forget(&self.on_error);
        let Some(dest) = self.dest.upgrade() else { return };
        if !dest.events().error.is_empty() {
            return;
        }
        if dest.write_flags().any(flag::ERROR_EMITTED) {
            nodecore_events::uncaught(error);
        } else {
            dest.error_or_destroy(error);
        }
    }

    fn forget(&self, slot: &Cell<Option<ListenerId>>) {
        if let (Some(id), Some(dest)) = (slot.take(), self.dest.upgrade()) {
            dest.off(id);
        }
    }

    /// The pipe was taken apart, or one that looks like it.
    fn unpiped(&self, event: &PipeEvent<T>) {
        let same = Weak::ptr_eq(&self.source, &Rc::downgrade(&event.source.0));
        if !same || event.unpiped.replace(true) {
            return;
        }
        let drain = self.on_drain.get().is_some();
        self.forget(&self.on_close);
        self.forget(&self.on_finish);
        // The slot stays taken: a write that is still running does not listen again.
        let on_drain = self.on_drain.get();
        self.forget(&self.on_drain);
        self.on_drain.set(on_drain);
        self.forget(&self.on_error);
        self.forget(&self.on_unpipe);
        for id in self.on_source.take() {
            event.source.0.off(id);
        }
        self.cleaned_up.set(true);
        // The source may wait for a destination that it is no longer piped to.
        if drain && event.source.0.state().flags.any(read::AWAITING | read::MANY_PIPES) {
            drained(&event.source, self.address);
        }
    }
}

/// The destination at `dest` has drained.
fn drained<T: Chunk>(source: &Readable<T>, dest: usize) {
    if source.0.state().drained(dest) {
        source.resume();
    }
}
