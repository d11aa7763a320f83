//! A duplex whose sides are other streams: what `compose` and `Duplex.from({ readable, writable })` share.

use std::cell::Cell;
use std::rc::Rc;

use nodecore_error::Error;
use nodecore_event_loop::EventLoop;

use crate::chunk::Chunk;
use crate::duplex::{Both, Duplex};
use crate::finished::{AnyStream, FinishedOptions, finished};
use crate::host::{DestroyDone, Done, Event};
use crate::machine::flag;
use crate::options::DuplexOptions;
use crate::readable::Readable;
use crate::utilities;
use crate::writable::Writable;

/// The streams behind a duplex. Their listeners own the duplex until they close.
pub(crate) struct Bridge<W: Chunk, R: Chunk> {
    pub(crate) write_to: Option<Writable<W>>,
    pub(crate) read_from: Option<Readable<R>>,
    /// Of a composition, its last stream: all has been written when it is done, and it is what is destroyed.
    pub(crate) tail: Option<AnyStream>,
    state: State,
}

#[derive(Default)]
struct State {
    drain: Cell<Option<Done>>,
    finish: Cell<Option<Done>>,
    /// More is to be read when there is more.
    wants: Cell<bool>,
    /// The streams behind it are done.
    done: Cell<bool>,
    destroyed: Cell<Option<DestroyDone>>,
}

/// A bridge as the functions of its duplex.
struct Bridged<W: Chunk, R: Chunk>(Rc<Bridge<W, R>>);

impl<W: Chunk, R: Chunk> Bridge<W, R> {
    pub(crate) fn new(
        write_to: Option<Writable<W>>,
        read_from: Option<Readable<R>>,
        tail: Option<AnyStream>,
    ) -> Rc<Bridge<W, R>> {
        Rc::new(Bridge { write_to, read_from, tail, state: State::default() })
    }

    /// The duplex, in object mode where the streams behind it are.
    pub(crate) fn duplex(self: &Rc<Self>, lp: &EventLoop) -> Duplex<W, R> {
        let objects = |flags: Option<bool>| flags == Some(true);
        let writes = self.write_to.as_ref().map(|w| w.object().write_flags().any(flag::OBJECT_MODE));
        let reads = self.read_from.as_ref().map(|r| r.object().read_flags().any(flag::OBJECT_MODE));
        let options = DuplexOptions::default()
            .writable(writes.is_some())
            .readable(reads.is_some())
            .writable_object_mode(objects(writes))
            .readable_object_mode(objects(reads));
        let duplex = Duplex::new(lp, options, Bridged(Rc::clone(self)));
        self.listen(&duplex);
        duplex
    }

    fn listen(self: &Rc<Self>, duplex: &Duplex<W, R>) {
        if let Some(writable) = &self.write_to {
            if self.tail.is_none() {
                self.watch(writable, duplex, FinishedOptions::default().readable(false));
            }
            let this = Rc::clone(self);
            writable.on_shared(Event::Drain, move || this.state.drain.take().into_iter().for_each(Done::ok));
            let this = Rc::clone(self);
            let wrote = move || this.state.finish.take().into_iter().for_each(Done::ok);
            match &self.tail {
                Some(tail) => drop(finished(tail.clone(), FinishedOptions::default(), move |_| wrote())),
                None => drop(writable.on_shared(Event::Finish, wrote)),
            }
        }
        if let Some(readable) = &self.read_from {
            if self.tail.is_none() {
                self.watch(readable, duplex, FinishedOptions::default().writable(false));
            }
            let (this, to) = (Rc::clone(self), duplex.clone());
            if self.tail.is_some() {
                // A composition flows, even where nobody reads from it yet.
                readable.on_data_shared(move |chunk| {
                    if let (false, Some(from)) = (to.push(Some(chunk)), &this.read_from) {
                        from.pause();
                    }
                });
            } else {
                readable.on_shared(Event::Readable, move || {
                    if this.state.wants.take() {
                        this.pull(&to);
                    }
                });
            }
            let to = duplex.clone();
            readable.on_shared(Event::End, move || {
                to.push(None);
            });
        }
    }

    /// Waits for the end of one side of `Duplex.from({ readable, writable })`.
    fn watch(self: &Rc<Self>, stream: impl Into<AnyStream>, duplex: &Duplex<W, R>, options: FinishedOptions) {
        let (this, to) = (Rc::clone(self), duplex.clone());
        finished(stream, options, move |result| {
            if let (Err(error), Some(readable)) = (&result, &this.read_from) {
                utilities::destroy(readable, Some(error.clone()));
            }
            this.settle(&to, result.err(), false);
        });
    }

    /// The streams behind the duplex, or one of them, are done; `last` if that leaves nothing to do.
    pub(crate) fn settle(&self, duplex: &Duplex<W, R>, error: Option<Error>, last: bool) {
        self.state.done.set(true);
        match (self.state.destroyed.take(), error) {
            (Some(done), error) => done.with(error),
            (None, Some(error)) => duplex.destroy(Some(error)),
            (None, None) if last => duplex.destroy(None),
            (None, None) => {}
        }
    }

    /// More is wanted.
    fn pull(&self, duplex: &Duplex<W, R>) {
        let Some(readable) = &self.read_from else { return };
        if self.tail.is_some() {
            return readable.resume();
        }
        loop {
            let Some(chunk) = readable.read(None) else { return self.state.wants.set(true) };
            if !duplex.push(Some(chunk)) {
                return;
            }
        }
    }
}

impl<W: Chunk, R: Chunk> Both<W, R> for Bridged<W, R> {
    fn read(&self, stream: &Duplex<W, R>, _size: usize) {
        self.0.pull(stream);
    }

    fn write(&self, _: &Duplex<W, R>, chunk: W, done: Done) {
        match &self.0.write_to {
            Some(writable) if !writable.write(chunk) => self.0.state.drain.set(Some(done)),
            _ => done.ok(),
        }
    }

    fn has_final(&self) -> bool {
        self.0.write_to.is_some()
    }

    fn final_(&self, _: &Duplex<W, R>, done: Done) {
        let Some(writable) = &self.0.write_to else { return done.ok() };
        writable.end();
        self.0.state.finish.set(Some(done));
    }

    fn destroy(&self, _: &Duplex<W, R>, error: Option<Error>, done: DestroyDone) {
        let Bridge { write_to, read_from, tail, state } = &*self.0;
        state.wants.set(false);
        let waiting = (state.drain.take(), state.finish.take());
        drop(waiting);
        if state.done.get() {
            return done.with(error);
        }
        let error = Some(error.unwrap_or_else(Error::abort));
        state.destroyed.set(Some(done));
        if let Some(tail) = tail {
            return utilities::destroy(tail.clone(), error);
        }
        if let Some(writable) = write_to {
            utilities::destroy(writable, error.clone());
        }
        if let Some(readable) = read_from {
            utilities::destroy(readable, error);
        }
    }
}
