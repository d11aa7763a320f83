//! A handle as a Web stream.

use bytes::Bytes;
use nodecore_error::{Code, Error, Result};
use nodecore_stream::web::{Promise, ReadableByteStreamController, ReadableStream, UnderlyingByteSource};

use super::FileHandle;
use crate::RangeOptions;

impl FileHandle {
    /// The bytes from where the file stands as a byte stream of the Web's kind, whose reader may bring its
    /// own memory. It can be asked for once. With `auto_close` the handle is closed at the end and when the
    /// stream is cancelled; otherwise that is the caller's.
    ///
    /// Node:
    /// [`filehandle.readableWebStream`](https://nodejs.org/api/fs.html#filehandlereadablewebstreamoptions).
    ///
    /// # Errors
    /// [`Code::InvalidState`] if the handle is closed, or was asked before.
    ///
    /// # Differences from Node
    /// A stream whose handle is closed by somebody else ends when it is read from next.
    ///
    /// # Examples
    /// ```
    /// use nodecore_event_loop::EventLoop;
    /// use nodecore_fs::promises;
    ///
    /// let lp = EventLoop::new()?;
    /// let bytes = lp.block_on(async {
    ///     let file = promises::open(&lp, "Cargo.toml", "r", 0o666).await?;
    ///     let reader = file.readable_web_stream(true)?.get_reader()?;
    ///     let mut bytes = 0;
    ///     while let Some(chunk) = reader.read().await? {
    ///         bytes += chunk.len();
    ///     }
    ///     Ok::<_, nodecore_error::Error>(bytes)
    /// })?;
    /// assert_eq!(bytes as u64, nodecore_fs::stat_sync("Cargo.toml")?.size());
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn readable_web_stream(&self, auto_close: bool) -> Result<ReadableStream<Bytes>> {
        let refused = |why| Err(Error::from_template(Code::InvalidState, &[&why]));
        if self.is_closed() {
            return refused("The FileHandle is closed");
        }
        if self.0.locked.replace(true) {
            return refused("The FileHandle is locked");
        }
        let source = Source { handle: self.clone(), auto_close };
        ReadableStream::bytes(&self.0.lp, source, Some(CHUNK), 0.0)
    }
}

/// Bytes to a chunk where the reader brings no memory.
const CHUNK: usize = 16 * 1024;

struct Source {
    handle: FileHandle,
    auto_close: bool,
}

impl UnderlyingByteSource for Source {
    fn pull(&self, controller: &ReadableByteStreamController) -> Promise<()> {
        let (handle, auto_close, controller) = (self.handle.clone(), self.auto_close, controller.clone());
        let lp = handle.0.lp.clone();
        Promise::from_future(&lp, async move {
            let Some(request) = controller.byob_request() else { return Ok(()) };
            if handle.is_closed() {
                controller.close()?;
                return request.respond(0);
            }
            let view = request.take_view()?;
            let (read, mut view) = handle.read(view, &RangeOptions::default()).await?;
            view.truncate(read);
            if read > 0 {
                return request.respond_with_new_view(view);
            }
            controller.close()?;
            request.respond_with_new_view(view)?;
            if auto_close { handle.close().await } else { Ok(()) }
        })
    }

    fn cancel(&self, _reason: Option<Error>) -> Promise<()> {
        if !self.auto_close {
            return Promise::resolved(());
        }
        Promise::from_future(&self.handle.0.lp, self.handle.close())
    }
}
