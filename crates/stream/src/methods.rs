//! The methods that several kinds of stream have, written once.

/// Methods of every stream. `$object` gives its `&dyn StreamObject`.
macro_rules! stream_methods {
    () => {
        /// Destroys the stream: what is buffered is dropped, then `error` (if any) and `close` are emitted.
        ///
        /// Node: [`destroy`](https://nodejs.org/api/stream.html#readabledestroyerror).
        pub fn destroy(&self, error: Option<Error>) {
            self.object().destroy(error);
        }

        /// Whether [`destroy`](Self::destroy) has been called, by the user or by the stream itself.
        pub fn destroyed(&self) -> bool {
            let object = self.object();
            object.read_flags().any(flag::DESTROYED) || object.write_flags().any(flag::DESTROYED)
        }

        /// Whether the stream's resources have been released.
        pub fn closed(&self) -> bool {
            let object = self.object();
            object.read_flags().any(flag::CLOSED) || object.write_flags().any(flag::CLOSED)
        }

        /// The error that the stream failed with.
        pub fn errored(&self) -> Option<Error> {
            let object = self.object();
            object.write_error().or_else(|| object.read_error())
        }

        /// The loop that the stream lives on.
        pub fn event_loop(&self) -> EventLoop {
            self.object().event_loop().clone()
        }

        /// Calls `listener` on each `event`.
        ///
        /// Listeners are called in the order in which they were added, over a snapshot of the list. They are
        /// released when the stream has closed.
        pub fn on(&self, event: Event, mut listener: impl FnMut() + 'static) -> ListenerId {
            self.object().on(event, How::Append, listener_mut(move |()| listener()))
        }

        /// Calls `listener` on the next `event`.
        pub fn once(&self, event: Event, listener: impl FnOnce() + 'static) -> ListenerId {
            let listener = Cell::new(Some(listener));
            let call = Rc::new(move |()| {
                if let Some(listener) = listener.take() {
                    listener();
                }
            });
            self.object().on(event, How::Once, call)
        }

        /// As [`on`](Self::on), for a listener that may run again while it runs, because it causes its own event.
        pub fn on_shared(&self, event: Event, listener: impl Fn() + 'static) -> ListenerId {
            self.object().on(event, How::Append, Rc::new(move |()| listener()))
        }

        /// As [`on_shared`](Self::on_shared), before the listeners that are there, or for one event only. Node:
        /// `prependListener`, `once`, `prependOnceListener`.
        pub fn on_with(
            &self,
            event: Event,
            options: ListenOptions,
            listener: impl Fn() + 'static,
        ) -> ListenerId {
            self.object().on(event, options.into(), Rc::new(move |()| listener()))
        }

        /// How many listen to `event`.
        pub fn listener_count(&self, event: Event) -> usize {
            self.object().events().of(event).len()
        }

        /// The names of the events that somebody listens to, in the order of [`Event`], then `error`, `data`, `pipe`
        /// and `unpipe`. Node: `eventNames`, whose order is that of the first listeners.
        pub fn event_names(&self) -> Vec<&'static str> {
            self.object().event_names()
        }

        /// How many listen to the event that Node calls `name`, such as `"data"`; 0 for a name that is none.
        pub fn listener_count_of(&self, name: &str) -> usize {
            self.object().listeners_of(name)
        }

        /// Removes all listeners of the event that Node calls `name`, such as `"error"`; see
        /// [`remove_all_listeners`](Self::remove_all_listeners).
        pub fn remove_all_listeners_of(&self, name: &str) {
            self.object().remove_named(name);
        }

        /// Removes all listeners of `event`, or of every event, those of pipes and of [`finished`](crate::finished())
        /// among them.
        ///
        /// Node: [`removeAllListeners`](https://nodejs.org/api/events.html#emitterremovealllistenerseventname).
        pub fn remove_all_listeners(&self, event: Option<Event>) {
            self.object().remove_all(event);
        }

        /// Calls `listener` with the error that the stream fails with.
        ///
        /// An error that nobody listens to goes to the handler of
        /// [`set_uncaught_handler`](nodecore_events::set_uncaught_handler).
        pub fn on_error(&self, mut listener: impl FnMut(&Error) + 'static) -> ListenerId {
            let id = ListenerId::new(tag::ERROR);
            self.object().events().error.append(id, listener_mut(move |error: Error| listener(&error)));
            id
        }

        /// As [`on_error`](Self::on_error), for a listener that may run again while it runs; see
        /// [`on_with`](Self::on_with).
        pub fn on_error_with(
            &self,
            options: ListenOptions,
            listener: impl Fn(&Error) + 'static,
        ) -> ListenerId {
            let id = ListenerId::new(tag::ERROR);
            How::from(options).add(&self.object().events().error, id, Rc::new(move |error| listener(&error)));
            id
        }

        /// Calls `listener` when nothing more will happen.
        pub fn on_close(&self, listener: impl FnMut() + 'static) -> ListenerId {
            self.on(Event::Close, listener)
        }

        /// Removes a listener of any event; false if it is not there.
        pub fn off(&self, id: ListenerId) -> bool {
            self.object().off(id)
        }
    };
}

/// Methods of streams that can be read from. `self.read_side()` gives the `&dyn ReadableObject<$chunk>`.
macro_rules! readable_methods {
    ($chunk:ty) => {
        /// Adds a chunk to what can be read; `None` ends the stream. Returns whether more is welcome.
        ///
        /// Node: [`readable.push`](https://nodejs.org/api/stream.html#readablepushchunk-encoding).
        pub fn push(&self, chunk: Option<$chunk>) -> bool {
            self.read_side().push(chunk)
        }

        /// As [`push`](Self::push), but a chunk that the stream cannot take is refused here and now; `push`
        /// destroys the stream, as Node does.
        ///
        /// # Errors
        /// That of [`Chunk::check_units`](crate::Chunk::check_units), unless the stream is in object mode.
        #[inline]
        pub fn try_push(&self, chunk: $chunk) -> Result<bool> {
            self.read_side().try_push(chunk)
        }

        /// Puts a chunk back before all others.
        ///
        /// Node: [`readable.unshift`](https://nodejs.org/api/stream.html#readableunshiftchunk-encoding).
        pub fn unshift(&self, chunk: Option<$chunk>) -> bool {
            self.read_side().unshift(chunk)
        }

        /// Takes what there is: the first chunk, or exactly `size` bytes (fewer only at the end). `None` if
        /// there is not that much; `readable` is emitted when there is.
        ///
        /// A `size` over 1 GiB returns `None`; see [`try_read`](Self::try_read).
        ///
        /// Node: [`readable.read`](https://nodejs.org/api/stream.html#readablereadsize).
        pub fn read(&self, size: Option<usize>) -> Option<$chunk> {
            if size.is_some_and(|size| check_read_size(size).is_err()) {
                return None;
            }
            self.read_side().read(size)
        }

        /// As [`read`](Self::read).
        ///
        /// # Errors
        /// `ERR_OUT_OF_RANGE` for a `size` over 1 GiB.
        pub fn try_read(&self, size: usize) -> Result<Option<$chunk>> {
            check_read_size(size)?;
            Ok(self.read_side().read(Some(size)))
        }

        /// Stops flowing: no `data` until [`resume`](Self::resume).
        pub fn pause(&self) {
            self.read_side().pause();
        }

        /// Starts flowing, in the next tick.
        pub fn resume(&self) {
            self.read_side().resume();
        }

        /// Whether it was paused.
        pub fn is_paused(&self) -> bool {
            self.read_side().is_paused()
        }

        /// Calls `listener` with each chunk, and starts flowing unless the stream was paused.
        pub fn on_data(&self, listener: impl FnMut($chunk) + 'static) -> ListenerId {
            self.read_side().on_data(How::Append, listener_mut(listener))
        }

        /// As [`on_data`](Self::on_data), for a listener that may run again while it runs, because it reads.
        pub fn on_data_shared(&self, listener: impl Fn($chunk) + 'static) -> ListenerId {
            self.read_side().on_data(How::Append, Rc::new(listener))
        }

        /// As [`on_data_shared`](Self::on_data_shared); see [`on_with`](Self::on_with).
        pub fn on_data_with(
            &self,
            options: ListenOptions,
            listener: impl Fn($chunk) + 'static,
        ) -> ListenerId {
            self.read_side().on_data(options.into(), Rc::new(listener))
        }

        /// Calls `listener` with the next chunk only.
        pub fn once_data(&self, listener: impl FnOnce($chunk) + 'static) -> ListenerId {
            let listener = Cell::new(Some(listener));
            let call = Rc::new(move |chunk| {
                if let Some(listener) = listener.take() {
                    listener(chunk);
                }
            });
            self.read_side().on_data(How::Once, call)
        }

        /// Calls `listener` when there is something to [`read`](Self::read), and stops flowing.
        pub fn on_readable(&self, listener: impl FnMut() + 'static) -> ListenerId {
            self.on(Event::Readable, listener)
        }

        /// Calls `listener` when all has been read.
        pub fn on_end(&self, listener: impl FnMut() + 'static) -> ListenerId {
            self.on(Event::End, listener)
        }

        /// Calls `listener` when the stream is paused.
        pub fn on_pause(&self, listener: impl FnMut() + 'static) -> ListenerId {
            self.on(Event::Pause, listener)
        }

        /// Calls `listener` when the stream flows again.
        pub fn on_resume(&self, listener: impl FnMut() + 'static) -> ListenerId {
            self.on(Event::Resume, listener)
        }

        /// Writes all that can be read to `dest`, at the pace of `dest`, and ends it when all is written.
        ///
        /// Errors are not passed on; [`pipeline`](crate::pipeline) does that.
        ///
        /// Node: [`readable.pipe`](https://nodejs.org/api/stream.html#readablepipedestination-options).
        pub fn pipe(&self, dest: &impl AsWritable<$chunk>, options: PipeOptions) {
            pipe::pipe(&self.to_readable(), &dest.to_writable(), options);
        }

        /// Undoes one [`pipe`](Self::pipe), or all of them. Node: `readable.unpipe`.
        pub fn unpipe(&self, dest: Option<&Writable<$chunk>>) {
            pipe::unpipe(&self.to_readable(), dest);
        }

        /// What is read, as a [`futures_core::Stream`]. Node: `readable.iterator(options)`, and
        /// `readable[Symbol.asyncIterator]()`.
        pub fn iterator(&self, options: IteratorOptions) -> Chunks<$chunk> {
            Chunks::with(&self.to_readable(), options)
        }

        /// Node's `readable.readable`: whether [`read`](Self::read) may be called.
        pub fn is_readable(&self) -> bool {
            self.object().is_readable()
        }

        /// What is buffered, in bytes or objects. Node: `readableLength`.
        pub fn readable_length(&self) -> usize {
            self.read_side().state().length.get()
        }

        /// Node: `readableHighWaterMark`.
        pub fn readable_high_water_mark(&self) -> usize {
            self.read_side().state().high_water_mark.get()
        }

        /// What is buffered. Node: `readableBuffer`.
        pub fn readable_buffer(&self) -> Vec<$chunk> {
            self.read_side().state().buffer.borrow().iter().cloned().collect()
        }

        /// The encoding of the text that is read; `None` where bytes or objects are. Node: `readableEncoding`.
        pub fn readable_encoding(&self) -> Option<Encoding> {
            self.read_side().state().decoder.borrow().as_ref().map(|decoder| decoder.encoding())
        }

        /// Whether it flows, `None` before that has been decided. Node: `readableFlowing`.
        pub fn readable_flowing(&self) -> Option<bool> {
            let flags = &self.read_side().state().flags;
            flags.any(read::FLOW_DECIDED).then(|| flags.any(read::FLOWING))
        }

        /// Whether `end` has been emitted. Node: `readableEnded`.
        pub fn readable_ended(&self) -> bool {
            self.read_side().state().flags.any(read::END_EMITTED)
        }

        /// Whether it was destroyed or failed before `end`. Node: `readableAborted`.
        pub fn readable_aborted(&self) -> bool {
            let flags = &self.read_side().state().flags;
            flags.any(flag::DESTROYED | flag::ERRORED) && !flags.any(read::END_EMITTED | flag::OFF)
        }

        /// Whether `data` has been emitted. Node: `readableDidRead`.
        pub fn readable_did_read(&self) -> bool {
            self.read_side().state().flags.any(read::DATA_EMITTED)
        }

        /// Node: `readableObjectMode`.
        pub fn readable_object_mode(&self) -> bool {
            self.read_side().state().flags.any(flag::OBJECT_MODE)
        }

        /// How many streams it is piped to.
        pub fn pipe_count(&self) -> usize {
            self.read_side().pipes().borrow().len()
        }

        /// How many listen to `data`.
        pub fn data_listener_count(&self) -> usize {
            self.read_side().data().len()
        }
    };
}

/// Methods of streams that can be written to. `self.write_side()` gives the `&dyn WritableObject<$chunk>`.
macro_rules! writable_methods {
    ($chunk:ty) => {
        /// Writes a chunk. False: wait for `drain` before the next, for as long as memory matters.
        ///
        /// Node: [`writable.write`](https://nodejs.org/api/stream.html#writablewritechunk-encoding-callback).
        pub fn write(&self, chunk: $chunk) -> bool {
            self.write_side().take_in(chunk)
        }

        /// As [`write`](Self::write); `done` is called when the chunk has been written, or has not.
        pub fn write_with(&self, chunk: $chunk, done: impl FnOnce(Result<()>) + 'static) -> bool {
            self.write_side().write(chunk, Some(Box::new(done)))
        }

        /// No more will be written; `finish` follows when all has been.
        ///
        /// Node: [`writable.end`](https://nodejs.org/api/stream.html#writableendchunk-encoding-callback).
        pub fn end(&self) {
            self.write_side().end_with(None, None);
        }

        /// Writes a last chunk, if any, and ends; `done` is called at `finish`, or with what prevented it.
        pub fn end_with(&self, chunk: Option<$chunk>, done: impl FnOnce(Result<()>) + 'static) {
            self.write_side().end_with(chunk, Some(Box::new(done)));
        }

        /// Writes a last chunk and ends.
        pub fn end_chunk(&self, chunk: $chunk) {
            self.write_side().end_with(Some(chunk), None);
        }

        /// Keeps what is written in memory until [`uncork`](Self::uncork), to hand it on in one `writev`.
        pub fn cork(&self) {
            self.write_side().cork();
        }

        /// Undoes one [`cork`](Self::cork).
        pub fn uncork(&self) {
            self.write_side().uncork();
        }

        /// Calls `listener` when writing may go on after a [`write`](Self::write) that returned false.
        pub fn on_drain(&self, listener: impl FnMut() + 'static) -> ListenerId {
            self.on(Event::Drain, listener)
        }

        /// Calls `listener` when all has been written.
        pub fn on_finish(&self, listener: impl FnMut() + 'static) -> ListenerId {
            self.on(Event::Finish, listener)
        }

        /// Calls `listener` when a stream is piped into this one.
        pub fn on_pipe(&self, listener: impl Fn(&Readable<$chunk>) + 'static) -> ListenerId {
            self.on_pipe_with(ListenOptions::default(), listener)
        }

        /// As [`on_pipe`](Self::on_pipe); see [`on_with`](Self::on_with).
        pub fn on_pipe_with(
            &self,
            options: ListenOptions,
            listener: impl Fn(&Readable<$chunk>) + 'static,
        ) -> ListenerId {
            let id = ListenerId::new(tag::PIPE);
            let call = Rc::new(move |event: PipeEvent<$chunk>| listener(&event.source));
            How::from(options).add(self.write_side().pipe_events(), id, call);
            id
        }

        /// Calls `listener` when a stream is no longer piped into this one.
        pub fn on_unpipe(&self, listener: impl Fn(&Readable<$chunk>) + 'static) -> ListenerId {
            self.on_unpipe_with(ListenOptions::default(), listener)
        }

        /// As [`on_unpipe`](Self::on_unpipe); see [`on_with`](Self::on_with).
        pub fn on_unpipe_with(
            &self,
            options: ListenOptions,
            listener: impl Fn(&Readable<$chunk>) + 'static,
        ) -> ListenerId {
            let id = ListenerId::new(tag::UNPIPE);
            let call = Rc::new(move |event: PipeEvent<$chunk>| listener(&event.source));
            How::from(options).add(self.write_side().unpipe_events(), id, call);
            id
        }

        /// Node's `writable.writable`: whether [`write`](Self::write) may be called.
        pub fn is_writable(&self) -> bool {
            self.object().is_writable()
        }

        /// What waits for the chunk that is being written. Node: `writableBuffer`.
        pub fn writable_buffer(&self) -> Vec<$chunk> {
            self.write_side().state().buffer.borrow().iter().map(|(chunk, _)| chunk.clone()).collect()
        }

        /// What has been written and not yet taken, in bytes or objects. Node: `writableLength`.
        pub fn writable_length(&self) -> usize {
            self.write_side().state().length.get()
        }

        /// Node: `writableHighWaterMark`.
        pub fn writable_high_water_mark(&self) -> usize {
            self.write_side().state().high_water_mark.get()
        }

        /// Whether to wait for `drain`. Node: `writableNeedDrain`.
        pub fn writable_need_drain(&self) -> bool {
            self.write_side().needs_drain()
        }

        /// Whether [`end`](Self::end) has been called. Node: `writableEnded`.
        pub fn writable_ended(&self) -> bool {
            self.write_side().state().flags.any(write::ENDING)
        }

        /// Whether all has been written, just before `finish`. Node: `writableFinished`.
        pub fn writable_finished(&self) -> bool {
            self.write_side().state().flags.any(write::FINISHED)
        }

        /// Whether it was destroyed or failed before `finish`. Node: `writableAborted`.
        pub fn writable_aborted(&self) -> bool {
            let flags = &self.write_side().state().flags;
            flags.any(flag::DESTROYED | flag::ERRORED) && !flags.any(write::FINISHED | flag::OFF)
        }

        /// How often it has to be uncorked. Node: `writableCorked`.
        pub fn writable_corked(&self) -> usize {
            self.write_side().state().corked.get()
        }

        /// Node: `writableObjectMode`.
        pub fn writable_object_mode(&self) -> bool {
            self.write_side().state().flags.any(flag::OBJECT_MODE)
        }
    };
}

pub(crate) use {readable_methods, stream_methods, writable_methods};
