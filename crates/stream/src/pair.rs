//! `duplexPair`: two duplexes, each of which reads what is written to the other.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use nodecore_error::Error;
use nodecore_event_loop::EventLoop;

use crate::chunk::Chunk;
use crate::duplex::{Both, Duplex};
use crate::host::{DestroyDone, Done, Event};
use crate::options::DuplexOptions;

/// Two streams, each of which reads what is written to the other: the two ends of a connection without a network.
///
/// A write is done when the other end reads on. An end that is destroyed without an error ends the other's readable
/// side; with an error it destroys the other, which is not told the error. Each end owns the other until it closes.
///
/// Node: [`stream.duplexPair`](https://nodejs.org/api/stream.html#streamduplexpairoptions).
///
/// ```
/// use bytes::Bytes;
/// use nodecore_event_loop::{EventLoop, RunMode};
/// use nodecore_stream::{DuplexOptions, duplex_pair};
///
/// let lp = EventLoop::new()?;
/// let (client, server) = duplex_pair::<Bytes, Bytes>(&lp, DuplexOptions::default());
/// let answer = server.clone();
/// server.on_data(move |question: Bytes| {
///     assert_eq!(question, "ping");
///     answer.end_chunk(Bytes::from("pong"));
/// });
/// client.on_data(|answer: Bytes| assert_eq!(answer, "pong"));
/// client.end_chunk(Bytes::from("ping"));
/// lp.run(RunMode::Default);
/// assert!(client.closed() && server.closed());
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn duplex_pair<A: Chunk, B: Chunk>(
    lp: &EventLoop,
    options: DuplexOptions,
) -> (Duplex<A, B>, Duplex<B, A>) {
    let (first_wrote, second_wrote) = (Rc::default(), Rc::default());
    let (to_first, to_second) = (Rc::default(), Rc::default());
    let end =
        End { other: Rc::clone(&to_second), ours: Rc::clone(&first_wrote), theirs: Rc::clone(&second_wrote) };
    let first = Duplex::new(lp, options.clone(), end);
    let end = End { other: Rc::clone(&to_first), ours: second_wrote, theirs: first_wrote };
    let second = Duplex::new(lp, options, end);
    *to_second.borrow_mut() = Some(second.clone());
    *to_first.borrow_mut() = Some(first.clone());
    (first, second)
}

struct End<W: Chunk, R: Chunk> {
    /// The other end, until this one is destroyed.
    other: Rc<RefCell<Option<Duplex<R, W>>>>,
    /// A write of this end, which is done when the other reads on.
    ours: Rc<Cell<Option<Done>>>,
    /// A write of the other end.
    theirs: Rc<Cell<Option<Done>>>,
}

impl<W: Chunk, R: Chunk> Both<W, R> for End<W, R> {
    fn read(&self, _: &Duplex<W, R>, _size: usize) {
        if let Some(done) = self.theirs.take() {
            done.ok();
        }
    }

    fn write(&self, stream: &Duplex<W, R>, chunk: W, done: Done) {
        let other = self.other.borrow().clone();
        let Some(other) = other else { return };
        // In object mode too, as in Node.
        if W::SPLITS && chunk.size() == 0 {
            return stream.event_loop().next_tick(move || done.ok());
        }
        self.ours.set(Some(done));
        other.push(Some(chunk));
    }

    fn final_(&self, _: &Duplex<W, R>, done: Done) {
        let other = self.other.borrow().clone();
        let Some(other) = other else { return };
        other.on_shared(Event::End, move || done.clone().ok());
        other.push(None);
    }

    fn destroy(&self, stream: &Duplex<W, R>, error: Option<Error>, done: DestroyDone) {
        let other = self.other.take();
        let failed = error.is_some();
        if let Some(other) = other.filter(|other| !other.destroyed()) {
            stream.event_loop().next_tick(move || {
                if other.destroyed() {
                } else if failed {
                    other.destroy(None);
                } else if other.is_readable() && !other.readable_ended() {
                    other.push(None);
                }
            });
        }
        done.with(error);
    }
}
