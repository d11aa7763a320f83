//! `wrap`: a readable over a source that emits its data whether or not somebody is ready.

use std::cell::Cell;
use std::rc::Rc;

use nodecore_error::Error;
use nodecore_event_loop::EventLoop;

use crate::chunk::Chunk;
use crate::options::ReadableOptions;
use crate::readable::{Readable, Source};

/// What emits data by itself, and can be paused: a stream of Node's first kind.
pub trait OldSource<T: Chunk>: 'static {
    /// Begins. What the source emits goes to `to`, which is to be kept by what emits it.
    fn listen(&self, to: Wrapped<T>);
    /// Emits nothing until it is resumed; what it emits all the same is kept.
    fn pause(&self);
    /// Emits again.
    fn resume(&self);
}

/// Where an [`OldSource`] reports its events. It owns the stream.
pub struct Wrapped<T: Chunk> {
    stream: Readable<T>,
    source: Rc<dyn OldSource<T>>,
    paused: Rc<Cell<bool>>,
}

impl<T: Chunk> Wrapped<T> {
    /// The source emitted `data`.
    pub fn data(&self, chunk: T) {
        if !self.stream.push(Some(chunk)) {
            self.paused.set(true);
            self.source.pause();
        }
    }

    /// The source emitted `end`.
    pub fn end(&self) {
        self.stream.push(None);
    }

    /// The source emitted `error`.
    pub fn error(&self, error: Error) {
        self.stream.object().error_or_destroy(error);
    }

    /// The source emitted `close` or `destroy`: the stream is destroyed, without an error.
    pub fn close(&self) {
        self.stream.destroy(None);
    }
}

impl<T: Chunk> Clone for Wrapped<T> {
    fn clone(&self) -> Wrapped<T> {
        let Wrapped { stream, source, paused } = self;
        Wrapped { stream: stream.clone(), source: Rc::clone(source), paused: Rc::clone(paused) }
    }
}

impl<T: Chunk> std::fmt::Debug for Wrapped<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wrapped").field("stream", &self.stream).finish_non_exhaustive()
    }
}

impl<T: Chunk> Readable<T> {
    /// A stream of what `source` emits; it is paused while more is buffered than the high-water mark. The source is
    /// told nothing when the stream is destroyed.
    ///
    /// Node: [`readable.wrap`](https://nodejs.org/api/stream.html#readablewrapstream).
    ///
    /// ```
    /// use nodecore_event_loop::{EventLoop, RunMode};
    /// use nodecore_events::EventEmitter;
    /// use nodecore_stream::{OldSource, Readable, ReadableOptions, Wrapped};
    ///
    /// struct Old(EventEmitter<u32>);
    /// impl OldSource<u32> for Old {
    ///     fn listen(&self, to: Wrapped<u32>) {
    ///         let end = to.clone();
    ///         self.0.on("data", move |n| to.data(n));
    ///         self.0.on("end", move |_| end.end());
    ///     }
    ///     fn pause(&self) {}
    ///     fn resume(&self) {}
    /// }
    ///
    /// let lp = EventLoop::new()?;
    /// let emitter = EventEmitter::new();
    /// let stream = Readable::wrap(&lp, ReadableOptions::default(), Old(emitter.clone()));
    /// emitter.emit("data", 7);
    /// emitter.emit("end", 0);
    /// assert_eq!(stream.read(None), Some(7));
    /// lp.run(RunMode::Default);
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn wrap(lp: &EventLoop, options: ReadableOptions, source: impl OldSource<T>) -> Readable<T> {
        let source: Rc<dyn OldSource<T>> = Rc::new(source);
        let paused = Rc::new(Cell::new(false));
        let old = Old { source: Rc::clone(&source), paused: Rc::clone(&paused) };
        let stream = Readable::new(lp, options, old);
        source.listen(Wrapped { stream: stream.clone(), source: Rc::clone(&source), paused });
        stream
    }
}

struct Old<T: Chunk> {
    source: Rc<dyn OldSource<T>>,
    paused: Rc<Cell<bool>>,
}

impl<T: Chunk> Source<T> for Old<T> {
    fn read(&self, _: &Readable<T>, _size: usize) {
        if self.paused.replace(false) {
            self.source.resume();
        }
    }
}
