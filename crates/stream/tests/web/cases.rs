//! Single cases; what is expected was seen in Node 26.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::{Rc, Weak};

use bytes::{Bytes, BytesMut};
use futures_core::Stream as _;
use nodecore_error::{Class, Code, Error, Result};
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_events::AbortController;
use nodecore_stream::web::{
    ByteLengthQueuingStrategy, CountQueuingStrategy, Identity, PipeToOptions, Promise, QueuingStrategy,
    ReadableByteStreamController, ReadableStream, ReadableStreamDefaultController, ReadableWritablePair,
    TransformStream, UnderlyingByteSource, UnderlyingSink, UnderlyingSource, WritableStream,
    WritableStreamDefaultController,
};
use nodecore_stream::{
    Duplex, DuplexOptions, Readable, ReadableOptions, Transform, TransformOptions, Writable, WritableOptions,
};

/// Does something with the controller in `start`.
struct Start<F>(F);
impl<T: nodecore_stream::Chunk, F> UnderlyingSource<T> for Start<F>
where
    F: Fn(&ReadableStreamDefaultController<T>) -> Result<()> + 'static,
{
    fn start(&self, controller: &ReadableStreamDefaultController<T>) -> Result<Promise<()>> {
        (self.0)(controller).map(Promise::resolved)
    }
}
impl<F: Fn(&ReadableByteStreamController) -> Result<()> + 'static> UnderlyingByteSource for Start<F> {
    fn start(&self, controller: &ReadableByteStreamController) -> Result<Promise<()>> {
        (self.0)(controller).map(Promise::resolved)
    }
}

fn eio() -> Error {
    Error::new(Code::EIO, "broken")
}

fn check<T>(result: Result<T>, class: Class, code: Code, text: &str) {
    let Err(error) = result else { panic!("no error; wanted {text}") };
    assert_eq!((error.class(), error.code(), error.to_string().as_str()), (class, code, text));
}

fn refused<T>(result: Result<T>, text: &str) {
    check(result, Class::TypeError, Code::InvalidState, &format!("Invalid state: {text}"));
}

#[test]
fn locked_streams_refuse() {
    let lp = EventLoop::new().unwrap();
    let r = ReadableStream::<i32>::new(&lp, (), QueuingStrategy::new()).unwrap();
    let w = WritableStream::<i32>::new(&lp, (), QueuingStrategy::new()).unwrap();
    let (free_r, free_w) = (
        ReadableStream::<i32>::new(&lp, (), QueuingStrategy::new()).unwrap(),
        WritableStream::<i32>::new(&lp, (), QueuingStrategy::new()).unwrap(),
    );
    let (_reader, _writer) = (r.get_reader().unwrap(), w.get_writer().unwrap());
    refused(r.get_reader(), "ReadableStream is locked");
    refused(r.tee(), "ReadableStream is locked");
    refused(r.values(false), "ReadableStream is locked");
    refused(lp.block_on(r.cancel(None)), "ReadableStream is locked");
    refused(lp.block_on(r.pipe_to(&free_w, PipeToOptions::default())), "The ReadableStream is locked");
    refused(lp.block_on(free_r.pipe_to(&w, PipeToOptions::default())), "The WritableStream is locked");
    refused(w.get_writer(), "WritableStream is locked");
    refused(lp.block_on(w.abort(None)), "WritableStream is locked");
    refused(lp.block_on(w.close()), "WritableStream is locked");
}

#[test]
fn ends_are_final() {
    let lp = EventLoop::new().unwrap();
    let twice = |c: &ReadableStreamDefaultController<i32>| c.close().and_then(|()| c.close());
    refused(ReadableStream::new(&lp, Start(twice), QueuingStrategy::new()), "Controller is already closed");
    let late = |c: &ReadableStreamDefaultController<i32>| {
        c.error(eio());
        c.enqueue(1)
    };
    refused(ReadableStream::new(&lp, Start(late), QueuingStrategy::new()), "Controller is already closed");
    let bytes =
        |c: &ReadableByteStreamController| c.close().and_then(|()| c.enqueue(Bytes::from_static(b"a")));
    refused(ReadableStream::bytes(&lp, Start(bytes), None, 0.0), "ReadableStream is already closed");
    let empty = |c: &ReadableByteStreamController| c.enqueue(Bytes::new());
    refused(
        ReadableStream::bytes(&lp, Start(empty), None, 0.0),
        "chunk ArrayBuffer is zero-length or detached",
    );
    let w = WritableStream::<i32>::new(&lp, (), QueuingStrategy::new()).unwrap();
    let first = w.close();
    refused(lp.block_on(w.close()), "Failure closing WritableStream");
    lp.block_on(first).unwrap();
    let writer = w.get_writer().unwrap();
    refused(lp.block_on(writer.write(1)), "WritableStream is closed");
    refused(lp.block_on(writer.close()), "WritableStream is closed");
    assert_eq!(writer.desired_size().unwrap(), Some(0.0));
    writer.release_lock();
    refused(writer.desired_size(), "Writer is not bound to a WritableStream");
    refused(lp.block_on(writer.closed()), "Writer has been released");
    refused(lp.block_on(writer.ready()), "Writer has been released");
}

#[test]
fn released_readers_fail_their_reads() {
    let lp = EventLoop::new().unwrap();
    let r = ReadableStream::<i32>::new(&lp, (), QueuingStrategy::new()).unwrap();
    let reader = r.get_reader().unwrap();
    let waiting = reader.read();
    reader.release_lock();
    refused(lp.block_on(waiting), "Releasing reader");
    refused(lp.block_on(reader.read()), "The reader is not attached to a stream");
    refused(lp.block_on(reader.cancel(None)), "The reader is not attached to a stream");
    refused(lp.block_on(reader.closed()), "Reader released");
    drop(r.get_reader().unwrap());
    assert!(!r.locked(), "dropping a reader releases the lock");
}

#[test]
fn bad_marks_and_sizes() {
    let lp = EventLoop::new().unwrap();
    for (mark, shown) in [(-1.0, "-1"), (f64::NAN, "NaN"), (f64::NEG_INFINITY, "-Infinity")] {
        let text = format!("The property 'strategy.highWaterMark' is invalid. Received {shown}");
        let r = ReadableStream::<i32>::new(&lp, (), CountQueuingStrategy::new(mark));
        check(r, Class::RangeError, Code::InvalidArgValue, &text);
        let w = WritableStream::<i32>::new(&lp, (), CountQueuingStrategy::new(mark).into());
        check(w, Class::RangeError, Code::InvalidArgValue, &text);
        let strategy = QueuingStrategy::new().high_water_mark(mark);
        let t = TransformStream::<i32, i32>::new(&lp, Identity, strategy, QueuingStrategy::new());
        check(t, Class::RangeError, Code::InvalidArgValue, &text);
        check(ReadableStream::bytes(&lp, (), None, mark), Class::RangeError, Code::InvalidArgValue, &text);
    }
    for (size, shown) in [(-1.0, "-1"), (f64::NAN, "NaN"), (f64::INFINITY, "Infinity")] {
        let strategy = QueuingStrategy::new().size(move |_: &i32| Ok(size));
        let r = ReadableStream::new(
            &lp,
            Start(|c: &ReadableStreamDefaultController<i32>| c.enqueue(1)),
            strategy,
        );
        let text = format!("The argument 'size' is invalid. Received {shown}");
        check(r, Class::RangeError, Code::InvalidArgValue, &text);
    }
    let text = "The property 'source.autoAllocateChunkSize' is invalid. Received 0";
    check(ReadableStream::bytes(&lp, (), Some(0), 0.0), Class::TypeError, Code::InvalidArgValue, text);
    let huge = ReadableStream::bytes(&lp, (), Some(usize::MAX), 0.0).unwrap();
    let reader = huge.get_reader().unwrap();
    assert_eq!(lp.block_on(reader.read()).unwrap_err().code(), Code::OutOfRange);
}

#[test]
fn strategies_count() {
    let lp = EventLoop::new().unwrap();
    let seen = Rc::new(Cell::new(None));
    let to = Rc::clone(&seen);
    let fill = move |c: &ReadableStreamDefaultController<Bytes>| {
        c.enqueue(Bytes::from_static(b"abc"))?;
        to.set(c.desired_size());
        Ok(())
    };
    let _r = ReadableStream::new(&lp, Start(fill), ByteLengthQueuingStrategy::new(2.0)).unwrap();
    assert_eq!(seen.get(), Some(-1.0));
    assert!((CountQueuingStrategy::new(3.0).high_water_mark() - 3.0).abs() < f64::EPSILON);
}

#[test]
fn byob_checks_its_arguments() {
    let lp = EventLoop::new().unwrap();
    let plain = ReadableStream::<Bytes>::new(&lp, (), QueuingStrategy::new()).unwrap();
    assert_eq!(plain.get_byob_reader().unwrap_err().code(), Code::InvalidArgValue);
    let r = ReadableStream::bytes(&lp, (), None, 0.0).unwrap();
    let reader = r.get_byob_reader().unwrap();
    refused(
        lp.block_on(reader.read(BytesMut::new(), 1)),
        "View or Viewed ArrayBuffer is zero-length or detached",
    );
    let text = "The property 'options.min' must be greater than 0. Received 0";
    check(lp.block_on(reader.read(BytesMut::zeroed(4), 0)), Class::TypeError, Code::InvalidArgValue, text);
    let text = "The value of \"options.min\" is out of range. It must be <= view.length. Received 5";
    check(lp.block_on(reader.read(BytesMut::zeroed(4), 5)), Class::RangeError, Code::OutOfRange, text);
}

#[test]
fn byob_requests_are_answered_once() {
    let lp = EventLoop::new().unwrap();
    let kept = Rc::new(RefCell::new(None));
    let to = Rc::clone(&kept);
    let keep = move |c: &ReadableByteStreamController| {
        *to.borrow_mut() = Some(c.clone());
        Ok(())
    };
    let r = ReadableStream::bytes(&lp, Start(keep), None, 0.0).unwrap();
    let reader = r.get_byob_reader().unwrap();
    let controller = kept.take().unwrap();
    let memory = BytesMut::zeroed(4);
    let address = memory.as_ptr();
    let read = reader.read(memory, 3);
    let request = controller.byob_request().unwrap();
    assert_eq!(request.view_len(), 4);
    let bad = |count| format!("The argument 'bytesWritten' is invalid. Received {count}");
    check(request.respond(0), Class::TypeError, Code::InvalidArgValue, &bad(0));
    check(request.respond(5), Class::RangeError, Code::InvalidArgValue, &bad(5));
    request.with_view(|view| view[..2].copy_from_slice(b"ab"));
    request.respond(2).unwrap();
    assert!(!read.is_settled(), "it asked for three");
    refused(request.respond(1), "This BYOB request has been invalidated");
    let request = controller.byob_request().unwrap();
    let mut view = request.take_view().unwrap();
    assert_eq!((view.len(), request.view_len()), (2, 0));
    assert!(request.take_view().is_err());
    view[0] = b'c';
    view.truncate(1);
    request.respond_with_new_view(view).unwrap();
    let value = lp.block_on(read).unwrap().value.unwrap();
    assert_eq!(&value[..], b"abc");
    assert_eq!(value.as_ptr(), address, "nothing was copied");

    // A part of what was taken is given back: the rest is filled later.
    let read = reader.read(BytesMut::zeroed(4), 4);
    let request = controller.byob_request().unwrap();
    let mut view = request.take_view().unwrap();
    view.truncate(1);
    request.respond_with_new_view(view).unwrap();
    controller.enqueue(Bytes::from_static(b"xyz!")).unwrap();
    assert_eq!(&lp.block_on(read).unwrap().value.unwrap()[..], b"\0xyz");
    let read = reader.read(BytesMut::zeroed(8), 1);
    assert_eq!(&lp.block_on(read).unwrap().value.unwrap()[..], b"!");

    let read = reader.read(BytesMut::zeroed(2), 1);
    controller.close().unwrap();
    controller.byob_request().unwrap().respond(0).unwrap();
    let read = lp.block_on(read).unwrap();
    assert!(read.done && read.value.unwrap().is_empty());
}

#[test]
fn a_view_outlives_its_stream() {
    let lp = EventLoop::new().unwrap();
    let kept = Rc::new(RefCell::new(None));
    let to = Rc::clone(&kept);
    let keep = move |c: &ReadableByteStreamController| {
        *to.borrow_mut() = Some(c.clone());
        Ok(())
    };
    let r = ReadableStream::bytes(&lp, Start(keep), None, 0.0).unwrap();
    let reader = r.get_byob_reader().unwrap();
    let controller = kept.take().unwrap();
    let read = reader.read(BytesMut::zeroed(4), 1);
    let request = controller.byob_request().unwrap();
    let view = request.take_view().unwrap();
    controller.error(eio());
    assert!(request.respond_with_new_view(view).is_err());
    assert_eq!(lp.block_on(read).unwrap_err().code(), Code::EIO);
    let inside = ReadableStream::bytes(&lp, (), None, 0.0).unwrap();
    drop(inside.get_byob_reader().unwrap().read(BytesMut::zeroed(1), 1));
}

#[test]
fn a_view_may_be_put_back_or_passed_over() {
    let lp = EventLoop::new().unwrap();
    let kept = Rc::new(RefCell::new(None));
    let to = Rc::clone(&kept);
    let keep = move |c: &ReadableByteStreamController| {
        *to.borrow_mut() = Some(c.clone());
        Ok(())
    };
    let r = ReadableStream::bytes(&lp, Start(keep), None, 0.0).unwrap();
    let reader = r.get_byob_reader().unwrap();
    let controller = kept.take().unwrap();

    let read = reader.read(BytesMut::zeroed(4), 2);
    let request = controller.byob_request().unwrap();
    let mut view = request.take_view().unwrap();
    view[..3].copy_from_slice(b"abc");
    request.put_view(view);
    assert_eq!(request.view_len(), 4);
    request.respond(3).unwrap();
    assert_eq!(&lp.block_on(read).unwrap().value.unwrap()[..], b"abc");
    request.put_view(BytesMut::zeroed(9));

    // The source enqueues instead of filling what it took: the reader gets other memory.
    let read = reader.read(BytesMut::zeroed(4), 3);
    let first = controller.byob_request().unwrap();
    first.with_view(|view| view[0] = b'1');
    first.respond(1).unwrap();
    let request = controller.byob_request().unwrap();
    let mut view = request.take_view().unwrap();
    controller.enqueue(Bytes::from_static(b"23456")).unwrap();
    assert_eq!(&lp.block_on(read).unwrap().value.unwrap()[..], b"1234");
    view.fill(b'x');
    refused(request.respond_with_new_view(view), "This BYOB request has been invalidated");
    let read = reader.read(BytesMut::zeroed(8), 2);
    assert_eq!(&lp.block_on(read).unwrap().value.unwrap()[..], b"56");
}

#[test]
fn byte_streams_tee_into_byte_streams() {
    let lp = EventLoop::new().unwrap();
    let fill = |c: &ReadableByteStreamController| {
        c.enqueue(Bytes::from_static(b"hello"))?;
        c.close()
    };
    let r = ReadableStream::bytes(&lp, Start(fill), None, 0.0).unwrap();
    let (a, b) = r.tee().unwrap();
    let (first, second) = (a.get_byob_reader().unwrap(), b.get_reader().unwrap());
    let read = lp.block_on(first.read(BytesMut::zeroed(3), 1)).unwrap();
    assert_eq!(&read.value.unwrap()[..], b"hel");
    assert_eq!(lp.block_on(second.read()).unwrap().unwrap(), "hello");
    assert_eq!(lp.block_on(second.read()).unwrap(), None);
    let read = lp.block_on(first.read(BytesMut::zeroed(3), 1)).unwrap();
    assert_eq!(&read.value.unwrap()[..], b"lo");
    assert!(lp.block_on(first.read(BytesMut::zeroed(3), 1)).unwrap().done);
}

fn collect<T: nodecore_stream::Chunk>(lp: &EventLoop, stream: &ReadableStream<T>) -> Result<Vec<T>> {
    let mut values = stream.values(false)?;
    let mut all = Vec::new();
    while let Some(item) = lp.block_on(poll_fn(|context| Pin::new(&mut values).poll_next(context))) {
        all.push(item?);
    }
    Ok(all)
}

#[test]
fn values_cancel_when_dropped() {
    struct Told(Rc<Cell<bool>>);
    impl UnderlyingSource<i32> for Told {
        fn pull(&self, controller: &ReadableStreamDefaultController<i32>) -> Promise<()> {
            controller.enqueue(1).map_or_else(Promise::rejected, Promise::resolved)
        }
        fn cancel(&self, _: Option<Error>) -> Promise<()> {
            self.0.set(true);
            Promise::resolved(())
        }
    }
    let lp = EventLoop::new().unwrap();
    for prevent in [true, false] {
        let told = Rc::new(Cell::new(false));
        let r = ReadableStream::new(&lp, Told(Rc::clone(&told)), QueuingStrategy::new()).unwrap();
        let mut values = r.values(prevent).unwrap();
        lp.block_on(poll_fn(|context| Pin::new(&mut values).poll_next(context))).unwrap().unwrap();
        drop(values);
        assert_eq!((told.get(), r.locked()), (!prevent, false));
    }
}

#[test]
fn values_answer_in_turn() {
    struct Told(Rc<RefCell<Vec<String>>>);
    impl UnderlyingSource<i32> for Told {
        fn cancel(&self, reason: Option<Error>) -> Promise<()> {
            self.0.borrow_mut().push(format!("cancel {}", reason.is_some()));
            Promise::resolved(())
        }
    }
    for prevent_cancel in [false, true] {
        let lp = EventLoop::new().unwrap();
        let trace = Rc::new(RefCell::new(Vec::new()));
        let (pass, dest) = {
            let pass = TransformStream::new(&lp, Identity, QueuingStrategy::new(), QueuingStrategy::new());
            let pass = pass.unwrap();
            (pass.readable().clone(), pass.writable().get_writer().unwrap())
        };
        let values = pass.values(prevent_cancel).unwrap();
        let note = |name: &'static str| {
            let trace = Rc::clone(&trace);
            move |result: Result<Option<i32>>| {
                trace.borrow_mut().push(format!("{name} {:?}", result.unwrap()))
            }
        };
        values.next().then(&lp, note("first"));
        values.next().then(&lp, note("second"));
        let end = note("return");
        values.return_(Some(eio())).then(&lp, move |result| end(result.map(|()| None)));
        values.next().then(&lp, note("last"));
        let _written = dest.write(1);
        lp.run(RunMode::Default);
        assert_eq!(*trace.borrow(), ["first Some(1)"]);
        assert!(pass.locked());
        let _written = dest.write(2);
        lp.run(RunMode::Default);
        assert_eq!(*trace.borrow(), ["first Some(1)", "second Some(2)", "return None", "last None"]);
        assert!(!pass.locked());

        let trace = Rc::new(RefCell::new(Vec::new()));
        let stream = ReadableStream::new(&lp, Told(Rc::clone(&trace)), QueuingStrategy::new()).unwrap();
        let values = stream.values(prevent_cancel).unwrap();
        lp.block_on(values.return_(Some(eio()))).unwrap();
        lp.block_on(values.return_(Some(eio()))).unwrap();
        drop(values);
        let expected: &[&str] = if prevent_cancel { &[] } else { &["cancel true"] };
        assert_eq!(*trace.borrow(), expected);
        assert!(!stream.locked());

        // Dropped while an answer waits: the lock goes all the same, and the stream with it.
        let stream = ReadableStream::new(&lp, Told(Rc::clone(&trace)), QueuingStrategy::new()).unwrap();
        let values = stream.values(prevent_cancel).unwrap();
        let waits = values.next();
        drop(values);
        assert!(!stream.locked());
        assert_eq!(lp.block_on(waits).is_ok(), !prevent_cancel);
    }
}

/// A chunk whose `clone` asks the promise that holds it.
struct Asks(Rc<Asked>);

type Asked = RefCell<Option<(EventLoop, Promise<Asks>)>>;

impl Clone for Asks {
    fn clone(&self) -> Asks {
        let asked = self.0.take();
        if let Some((lp, promise)) = asked {
            promise.settle(Err(eio()));
            promise.then(&lp, |result| assert!(result.is_ok()));
        }
        Asks(Rc::clone(&self.0))
    }
}

#[test]
fn a_clone_may_ask_its_own_promise() {
    let lp = EventLoop::new().unwrap();
    for settled_first in [false, true] {
        let slot = Rc::new(RefCell::new(None));
        let promise = Promise::pending();
        *slot.borrow_mut() = Some((lp.clone(), promise.clone()));
        let told = Rc::new(Cell::new(0));
        let count = Rc::clone(&told);
        if settled_first {
            promise.settle(Ok(Asks(Rc::clone(&slot))));
        }
        promise.then(&lp, move |result| count.set(count.get() + i32::from(result.is_ok())));
        promise.settle(Ok(Asks(slot)));
        assert!(lp.block_on(promise.clone()).is_ok());
        assert_eq!(told.get(), 1);
    }
}

#[test]
fn futures_streams_are_read_and_dropped() {
    struct Count(u8, #[allow(dead_code, reason = "counts who holds it")] Rc<()>);
    impl futures_core::Stream for Count {
        type Item = Result<u8>;
        fn poll_next(
            mut self: Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<u8>>> {
            self.0 += 1;
            std::task::Poll::Ready((self.0 < 4).then_some(Ok(self.0)))
        }
    }
    let lp = EventLoop::new().unwrap();
    let alive = Rc::new(());
    let r = ReadableStream::from_stream(&lp, Count(0, Rc::clone(&alive)));
    assert_eq!(collect(&lp, &r).unwrap(), [1, 2, 3]);
    let r = ReadableStream::from_stream(&lp, Count(0, Rc::clone(&alive)));
    lp.block_on(r.cancel(None)).unwrap();
    assert_eq!(Rc::strong_count(&alive), 1);
}

#[test]
fn pipes_go_through_transforms_and_back() {
    let lp = EventLoop::new().unwrap();
    let mut stream = ReadableStream::from_iter(&lp, 0..100);
    for _ in 0..20 {
        let through =
            TransformStream::new(&lp, Identity, QueuingStrategy::new(), QueuingStrategy::new()).unwrap();
        stream = stream.pipe_through(&through, PipeToOptions::default()).unwrap();
    }
    assert_eq!(collect(&lp, &stream).unwrap(), (0..100).collect::<Vec<_>>());
}

#[test]
fn a_signal_stops_a_pipe() {
    let lp = EventLoop::new().unwrap();
    let (r, w) = (
        ReadableStream::<i32>::new(&lp, (), QueuingStrategy::new()).unwrap(),
        WritableStream::new(&lp, (), QueuingStrategy::new()).unwrap(),
    );
    let controller = AbortController::new();
    let piped = r.pipe_to(&w, PipeToOptions::default().signal(&controller.signal()));
    lp.run_ticks();
    assert!(!piped.is_settled());
    controller.abort_with(eio());
    assert_eq!(lp.block_on(piped).unwrap_err().code(), Code::EIO);
    assert!(!r.locked() && !w.locked());
    assert_eq!(lp.block_on(w.get_writer().unwrap().write(1)).unwrap_err().code(), Code::EIO);
    let refused = lp.block_on(ReadableStream::from_iter(&lp, [1]).pipe_to(
        &WritableStream::new(&lp, (), QueuingStrategy::new()).unwrap(),
        PipeToOptions::default().signal(&controller.signal()),
    ));
    assert_eq!(refused.unwrap_err().code(), Code::EIO);
}

#[test]
fn a_sink_sees_the_abort_by_its_signal() {
    struct Slow(Rc<RefCell<Vec<&'static str>>>, Promise<()>);
    impl UnderlyingSink<i32> for Slow {
        fn write(&self, _: i32, controller: &WritableStreamDefaultController<i32>) -> Promise<()> {
            let log = Rc::clone(&self.0);
            let done = self.1.clone();
            controller.signal().on_abort(move || {
                log.borrow_mut().push("signal");
                done.settle(Ok(()));
            });
            self.1.clone()
        }
        fn abort(&self, _: Error) -> Promise<()> {
            self.0.borrow_mut().push("abort");
            Promise::resolved(())
        }
    }
    let lp = EventLoop::new().unwrap();
    let log = Rc::new(RefCell::new(Vec::new()));
    let sink = Slow(Rc::clone(&log), Promise::pending());
    let writer = WritableStream::new(&lp, sink, QueuingStrategy::new()).unwrap().get_writer().unwrap();
    let written = writer.write(1);
    lp.run_ticks();
    lp.block_on(writer.abort(Some(eio()))).unwrap();
    lp.block_on(written).unwrap();
    assert_eq!(*log.borrow(), ["signal", "abort"]);
}

#[test]
fn node_streams_to_web_and_back() {
    let lp = EventLoop::new().unwrap();
    let web = Readable::from_iter(&lp, 0..1000).to_web(None).unwrap();
    let back = Readable::from_web(&web, ReadableOptions::default()).unwrap();
    let got = Rc::new(RefCell::new(Vec::new()));
    let to = Rc::clone(&got);
    let end = Writable::from_fn(&lp, WritableOptions::default(), move |_, chunk: i32, done| {
        to.borrow_mut().push(chunk);
        done.ok();
    });
    let sink = Writable::from_web(&end.to_web().unwrap(), WritableOptions::default()).unwrap();
    back.pipe(&sink, Default::default());
    lp.run(RunMode::Default);
    assert_eq!(*got.borrow(), (0..1000).collect::<Vec<_>>());
    assert!(end.writable_finished() && sink.writable_finished() && back.readable_ended());
}

#[test]
fn errors_cross_over() {
    let lp = EventLoop::new().unwrap();
    let node = Readable::<Bytes>::pushed(&lp, ReadableOptions::default());
    let reader = node.to_web(None).unwrap().get_reader().unwrap();
    let read = reader.read();
    node.destroy(Some(eio()));
    assert_eq!(lp.block_on(read).unwrap_err().code(), Code::EIO);

    let node = Readable::<Bytes>::pushed(&lp, ReadableOptions::default());
    let web = node.to_web(None).unwrap();
    lp.block_on(web.cancel(Some(eio()))).unwrap();
    assert!(node.destroyed());

    let node = Readable::<Bytes>::pushed(&lp, ReadableOptions::default());
    let reader = node.to_web(None).unwrap().get_reader().unwrap();
    let read = reader.read();
    node.destroy(None);
    assert_eq!(lp.block_on(read).unwrap_err().code(), Code::Abort);

    let web = ReadableStream::<Bytes>::new(&lp, (), QueuingStrategy::new()).unwrap();
    let node = Readable::from_web(&web, ReadableOptions::default()).unwrap();
    refused(Readable::from_web(&web, ReadableOptions::default()), "ReadableStream is locked");
    node.destroy(None);
    lp.run(RunMode::Default);
    assert!(lp.block_on(web.cancel(None)).is_err(), "it stays locked");

    let gone = Readable::<Bytes>::pushed(&lp, ReadableOptions::default());
    gone.destroy(None);
    let closed = gone.to_web(None).unwrap();
    assert_eq!(lp.block_on(closed.get_reader().unwrap().read()).unwrap(), None);
}

#[test]
fn duplexes_to_web_and_back() {
    let lp = EventLoop::new().unwrap();
    let through = Transform::pass_through(&lp, TransformOptions::default());
    let pair = through.to_web().unwrap();
    let duplex: Duplex = Duplex::from_web(pair, DuplexOptions::default()).unwrap();
    let got = Rc::new(RefCell::new(Vec::new()));
    let to = Rc::clone(&got);
    duplex.on_data(move |chunk| to.borrow_mut().extend_from_slice(&chunk));
    duplex.write(Bytes::from_static(b"there "));
    duplex.end_chunk(Bytes::from_static(b"and back"));
    lp.run(RunMode::Default);
    assert_eq!(*got.borrow(), b"there and back");
}

#[test]
fn a_duplex_as_a_sink_is_closed_when_both_sides_are() {
    let lp = EventLoop::new().unwrap();
    let duplex: Duplex = Duplex::from_web(
        ReadableWritablePair { readable: pair_never(&lp), writable: pair_sink(&lp) },
        DuplexOptions::default(),
    )
    .unwrap();
    let closed = duplex.to_web().unwrap().writable.get_writer().unwrap().close();
    lp.run(RunMode::Default);
    assert!(duplex.writable_finished() && !closed.is_settled(), "its other side has not ended");
    duplex.destroy(Some(Error::new(Code::ZDataError, "bad")));
    let error = lp.block_on(closed).unwrap_err();
    assert_eq!(
        (error.class(), error.code(), error.to_string()),
        (Class::TypeError, Code::ZDataError, String::new())
    );
    assert_eq!(error.cause().unwrap().to_string(), "bad");
}

fn pair_never(lp: &EventLoop) -> ReadableStream {
    ReadableStream::new(lp, (), QueuingStrategy::new()).unwrap()
}

fn pair_sink(lp: &EventLoop) -> WritableStream {
    WritableStream::new(lp, (), QueuingStrategy::new()).unwrap()
}

#[test]
fn what_is_dropped_is_freed() {
    struct Held(#[allow(dead_code, reason = "counts who holds it")] Rc<()>);
    impl UnderlyingSource<i32> for Held {
        fn start(&self, _: &ReadableStreamDefaultController<i32>) -> Result<Promise<()>> {
            Ok(Promise::resolved(()))
        }
    }
    impl UnderlyingSink<i32> for Held {}
    let lp = EventLoop::new().unwrap();
    let held = Rc::new(());
    let weak: Weak<()> = Rc::downgrade(&held);
    let r = ReadableStream::new(&lp, Held(Rc::clone(&held)), QueuingStrategy::new()).unwrap();
    let (a, b) = r.tee().unwrap();
    let through =
        TransformStream::<i32, i32>::new(&lp, Identity, QueuingStrategy::new(), QueuingStrategy::new())
            .unwrap();
    let w = WritableStream::new(&lp, Held(Rc::clone(&held)), QueuingStrategy::new()).unwrap();
    let reader = a.get_reader().unwrap();
    let read = reader.read();
    lp.run_ticks();
    drop((r, a, b, w, reader, read, through, held));
    lp.run_ticks();
    assert_eq!(weak.strong_count(), 0);
}
