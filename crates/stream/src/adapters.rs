//! Streams as Rust's own interfaces.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;

use bytes::{Buf, Bytes};
use futures_core::Stream;
use nodecore_event_loop::EventLoop;

use crate::chunks::Chunks;
use crate::readable::Readable;

/// A [`Readable`] as a blocking [`std::io::Read`]: it runs the event loop while it waits.
///
/// For programs that are not written with callbacks; it is not for use inside one.
///
/// ```
/// use bytes::Bytes;
/// use nodecore_event_loop::EventLoop;
/// use nodecore_stream::{Readable, Reader};
/// use std::io::Read;
///
/// let lp = EventLoop::new()?;
/// let stream = Readable::from_iter(&lp, [Bytes::from("Hello, "), Bytes::from("world")]);
/// let mut text = String::new();
/// Reader::new(&stream).read_to_string(&mut text).unwrap();
/// assert_eq!(text, "Hello, world");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[derive(Debug)]
pub struct Reader {
    lp: EventLoop,
    chunks: Chunks<Bytes>,
    rest: Bytes,
}

impl Reader {
    /// Reads from `stream`.
    pub fn new(stream: &Readable) -> Reader {
        Reader { lp: stream.event_loop(), chunks: Chunks::new(stream), rest: Bytes::new() }
    }
}

impl io::Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() {
            let chunks = &mut self.chunks;
            let next = self.lp.block_on(poll_fn(|context| Pin::new(&mut *chunks).poll_next(context)));
            match next {
                None => return Ok(0),
                Some(Err(error)) => return Err(io::Error::other(error)),
                Some(Ok(chunk)) => self.rest = chunk,
            }
        }
        let count = self.rest.len().min(buffer.len());
        self.rest.copy_to_slice(&mut buffer[..count]);
        Ok(count)
    }
}
