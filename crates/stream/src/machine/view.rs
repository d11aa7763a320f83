//! What a machine shows of its state, read-only, for a binding to mirror.

use nodecore_error::Error;

use super::{Flags, Machine, flag, read, write};
use crate::host::Host;

/// What both sides have. The fields are those of Node's `_readableState` and `_writableState`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SideView {
    /// `highWaterMark`.
    pub high_water_mark: usize,
    /// `length`: units or objects that wait.
    pub length: usize,
    /// `objectMode`.
    pub object_mode: bool,
    /// `emitClose`.
    pub emit_close: bool,
    /// `autoDestroy`.
    pub auto_destroy: bool,
    /// `constructed`.
    pub constructed: bool,
    /// `destroyed`.
    pub destroyed: bool,
    /// `closed`.
    pub closed: bool,
    /// `closeEmitted`.
    pub close_emitted: bool,
    /// `errored` is set.
    pub errored: bool,
    /// `errorEmitted`.
    pub error_emitted: bool,
    /// `sync`.
    pub sync: bool,
}

/// What the readable side has besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReadView {
    /// What both sides have.
    pub side: SideView,
    /// `flowing`.
    pub flowing: Option<bool>,
    /// What `isPaused()` returns.
    pub paused: bool,
    /// `ended`: the end has been pushed.
    pub ended: bool,
    /// `endEmitted`.
    pub end_emitted: bool,
    /// `reading`: a `_read` has not pushed yet.
    pub reading: bool,
    /// `readingMore`.
    pub reading_more: bool,
    /// `needReadable`.
    pub need_readable: bool,
    /// `emittedReadable`.
    pub emitted_readable: bool,
    /// `readableListening`.
    pub readable_listening: bool,
    /// `resumeScheduled`.
    pub resume_scheduled: bool,
    /// `dataEmitted`.
    pub data_emitted: bool,
    /// `multiAwaitDrain`.
    pub many_pipes: bool,
    /// Node's `stream.readable`.
    pub readable: bool,
}

/// What the writable side has besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WriteView {
    /// What both sides have.
    pub side: SideView,
    /// `corked`.
    pub corked: usize,
    /// `pendingcb`: callbacks that have to run before `finish`.
    pub pending: usize,
    /// `writing`: a `_write` has not called back yet.
    pub writing: bool,
    /// `bufferProcessing`.
    pub processing: bool,
    /// `needDrain`.
    pub need_drain: bool,
    /// `ending`: `end()` has been called.
    pub ending: bool,
    /// `ended`.
    pub ended: bool,
    /// `finalCalled`.
    pub final_called: bool,
    /// `prefinished`.
    pub prefinished: bool,
    /// `finished`.
    pub finished: bool,
    /// Node's `stream.writable`.
    pub writable: bool,
}

impl SideView {
    fn of(flags: &Flags, high_water_mark: usize, length: usize) -> SideView {
        SideView {
            high_water_mark,
            length,
            object_mode: flags.any(flag::OBJECT_MODE),
            emit_close: flags.any(flag::EMIT_CLOSE),
            auto_destroy: flags.any(flag::AUTO_DESTROY),
            constructed: flags.any(flag::CONSTRUCTED),
            destroyed: flags.any(flag::DESTROYED),
            closed: flags.any(flag::CLOSED),
            close_emitted: flags.any(flag::CLOSE_EMITTED),
            errored: flags.any(flag::ERRORED),
            error_emitted: flags.any(flag::ERROR_EMITTED),
            sync: flags.any(flag::SYNC),
        }
    }
}

impl<H: Host> Machine<H> {
    /// The state of the readable side, if there is one.
    pub fn readable_state(&self) -> Option<ReadView> {
        let r = &self.0.r;
        let flags = &r.flags;
        flags.any(flag::PRESENT).then(|| ReadView {
            side: SideView::of(flags, r.high_water_mark.get(), r.length.get()),
            flowing: flags.any(read::FLOW_DECIDED).then(|| flags.any(read::FLOWING)),
            paused: self.0.is_paused(),
            ended: flags.any(read::ENDED),
            end_emitted: flags.any(read::END_EMITTED),
            reading: flags.any(read::READING),
            reading_more: flags.any(read::READING_MORE),
            need_readable: flags.any(read::NEED_READABLE),
            emitted_readable: flags.any(read::EMITTED_READABLE),
            readable_listening: flags.any(read::READABLE_LISTENING),
            resume_scheduled: flags.any(read::RESUME_SCHEDULED),
            data_emitted: flags.any(read::DATA_EMITTED),
            many_pipes: flags.any(read::MANY_PIPES),
            readable: self.0.is_readable(),
        })
    }

    /// The state of the writable side, if there is one.
    pub fn writable_state(&self) -> Option<WriteView> {
        let w = &self.0.w;
        let flags = &w.flags;
        flags.any(flag::PRESENT).then(|| WriteView {
            side: SideView::of(flags, w.high_water_mark.get(), w.length.get()),
            corked: w.corked.get(),
            pending: usize::try_from(w.pending.get()).unwrap_or(0),
            writing: flags.any(write::WRITING),
            processing: flags.any(write::PROCESSING),
            need_drain: flags.any(write::NEED_DRAIN),
            ending: flags.any(write::ENDING),
            ended: flags.any(write::ENDED),
            final_called: flags.any(write::FINAL_CALLED),
            prefinished: flags.any(write::PREFINISHED),
            finished: flags.any(write::FINISHED),
            writable: self.0.is_writable(),
        })
    }

    /// The destinations that have to drain before the stream flows again. Node's `awaitDrainWriters`.
    pub fn awaiting(&self) -> Vec<usize> {
        self.0.r.awaiting.borrow().clone()
    }

    /// The first error of the readable side.
    pub fn readable_error(&self) -> Option<Error> {
        self.0.r.errored.borrow().clone()
    }

    /// The first error of the writable side.
    pub fn writable_error(&self) -> Option<Error> {
        self.0.w.errored.borrow().clone()
    }

    /// How many chunks wait to be read.
    pub fn readable_chunks(&self) -> usize {
        self.0.r.buffer.borrow().len()
    }

    /// The chunk that would be read as the `index`th from now.
    pub fn readable_chunk(&self, index: usize) -> Option<H::Read> {
        self.0.r.buffer.borrow().get(index).cloned()
    }

    /// How many chunks wait to be written, without that in `_write`.
    pub fn writable_chunks(&self) -> usize {
        self.0.w.buffer.borrow().len()
    }

    /// The chunk that would be written as the `index`th from now.
    pub fn writable_chunk(&self, index: usize) -> Option<H::Write> {
        self.0.w.buffer.borrow().get(index).map(|(chunk, _)| chunk.clone())
    }
}
