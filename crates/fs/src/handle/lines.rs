//! The lines of a file.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use nodecore_buffer::{Encoding, decode};
use nodecore_error::Result;
use nodecore_stream::Chunks;

use super::FileHandle;
use crate::streams::ReadStreamOptions;

impl FileHandle {
    /// The lines of the file, from where it stands or `options.start`, without what ends them: `\n`, `\r\n`,
    /// `\r`, U+2028 or U+2029. The handle is closed behind the last, unless `options.auto_close` is false.
    ///
    /// Node: [`filehandle.readLines`](https://nodejs.org/api/fs.html#filehandlereadlinesoptions).
    ///
    /// # Errors
    /// As [`create_read_stream`](FileHandle::create_read_stream).
    ///
    /// # Differences from Node
    /// It is a stream of lines, not an interface of `readline` with its events.
    ///
    /// # Examples
    /// ```
    /// use nodecore_event_loop::EventLoop;
    /// use nodecore_fs::promises;
    ///
    /// let lp = EventLoop::new()?;
    /// let first = lp.block_on(async {
    ///     let file = promises::open(&lp, "Cargo.toml", "r", 0o666).await?;
    ///     let mut lines = file.read_lines(&Default::default())?;
    ///     lines.next().await.transpose()
    /// })?;
    /// assert_eq!(first.as_deref(), Some("[package]"));
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn read_lines(&self, options: &ReadStreamOptions) -> Result<Lines> {
        let stream = self.create_read_stream(options)?;
        Ok(Lines { chunks: Chunks::new(&stream), splitter: Splitter::default(), ended: false })
    }
}

/// The stream of [`FileHandle::read_lines`]. Dropped before the end it closes the handle as well.
pub struct Lines {
    chunks: Chunks<Bytes>,
    splitter: Splitter,
    ended: bool,
}

impl Lines {
    /// The next line; `None` at the end.
    ///
    /// # Errors
    /// The system's; nothing follows.
    pub async fn next(&mut self) -> Option<Result<String>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl Stream for Lines {
    type Item = Result<String>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<String>>> {
        let this = &mut *self;
        loop {
            if let Some(line) = this.splitter.line(this.ended) {
                return Poll::Ready(Some(Ok(line)));
            }
            if this.ended {
                return Poll::Ready(None);
            }
            match ready!(Pin::new(&mut this.chunks).poll_next(context)) {
                Some(Ok(chunk)) => this.splitter.add(&chunk),
                Some(Err(error)) => {
                    this.ended = true;
                    this.splitter = Splitter::default();
                    return Poll::Ready(Some(Err(error)));
                }
                None => this.ended = true,
            }
        }
    }
}

impl fmt::Debug for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lines").field("ended", &self.ended).finish_non_exhaustive()
    }
}

/// Cuts bytes into lines. Nothing is looked at twice.
#[derive(Default)]
struct Splitter {
    bytes: Vec<u8>,
    /// Where the next line begins.
    start: usize,
    /// Up to where no end of it is.
    searched: usize,
}

impl Splitter {
    fn add(&mut self, chunk: &[u8]) {
        self.bytes.drain(..self.start);
        self.searched -= self.start;
        self.start = 0;
        self.bytes.extend_from_slice(chunk);
    }

    /// The next line, if it is there as a whole; `ended` says that nothing follows.
    fn line(&mut self, ended: bool) -> Option<String> {
        let bytes = &self.bytes;
        let mut end = None;
        while let Some(&[first, ref rest @ ..]) = bytes.get(self.searched..).filter(|rest| !rest.is_empty()) {
            let length = match (first, rest) {
                (b'\r', []) if !ended => return None,
                (b'\r', [b'\n', ..]) => 2,
                (b'\r' | b'\n', _) => 1,
                // U+2028 and U+2029.
                (0xe2, [] | [0x80]) if !ended => return None,
                (0xe2, [0x80, 0xa8 | 0xa9, ..]) => 3,
                _ => {
                    self.searched += 1;
                    continue;
                }
            };
            end = Some(length);
            break;
        }
        let last = ended && self.start < bytes.len();
        let length = end.or(last.then_some(0))?;
        let line = decode(&bytes[self.start..self.searched], Encoding::Utf8);
        self.searched += length;
        self.start = self.searched;
        Some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8], size: usize) -> Vec<String> {
        let (mut splitter, mut lines) = (Splitter::default(), Vec::new());
        for chunk in bytes.chunks(size) {
            splitter.add(chunk);
            lines.extend(std::iter::from_fn(|| splitter.line(false)));
        }
        lines.extend(std::iter::from_fn(|| splitter.line(true)));
        lines
    }

    // Expected values: Node 26.10.
    #[test]
    fn lines_end_where_nodes_do() {
        let cases: [(&[u8], &[&str]); 9] = [
            ("a\r\nb\rc\u{2028}d\u{2029}e\n\nf\r".as_bytes(), &["a", "b", "c", "d", "e", "", "f"]),
            (b"\r\r\n\n\r", &["", "", "", ""]),
            (b"x", &["x"]),
            (b"", &[]),
            (b"\n", &[""]),
            ("\u{e9}\u{feff}\u{85}z\u{b}\u{c}\n".as_bytes(), &["\u{e9}\u{feff}\u{85}z\u{b}\u{c}"]),
            ("\u{feff}bom\n".as_bytes(), &["\u{feff}bom"]),
            (b"a\r", &["a"]),
            (b"\xffa\xe2\x80\n\xf0\xe2\x80\xa8b", &["\u{fffd}a\u{fffd}", "\u{fffd}", "b"]),
        ];
        for (bytes, expected) in cases {
            for size in 1..=bytes.len().max(1) {
                assert_eq!(lines(bytes, size), expected, "in chunks of {size}");
            }
        }
    }
}
