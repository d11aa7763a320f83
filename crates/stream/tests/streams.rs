//! Edge cases: errors, misuse, destruction anywhere, what is freed, and deep chains.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test")]

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use bytes::Bytes;
use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_stream::{
    AbortController, AnyStream, Chunk, Done, DuplexOptions, Event, FinishedOptions, ListenOptions,
    PipeOptions, Pipeline, PipelineOptions, Readable, ReadableOptions, Sink, Source, Transform,
    TransformOptions, Writable, WritableOptions, finished, pipeline, pipeline_with, promises,
};

type Log = Rc<RefCell<Vec<String>>>;

fn log(to: &Log, line: impl Into<String>) {
    to.borrow_mut().push(line.into());
}

fn sink(lp: &EventLoop) -> (Writable<u32>, Rc<RefCell<Vec<u32>>>) {
    let seen = Rc::new(RefCell::new(Vec::new()));
    let to = Rc::clone(&seen);
    let sink = Writable::from_fn(lp, WritableOptions::default(), move |_, n, done| {
        to.borrow_mut().push(n);
        done.ok();
    });
    (sink, seen)
}

fn codes(stream: &Writable<u32>) -> Rc<RefCell<Vec<Code>>> {
    let codes = Rc::new(RefCell::new(Vec::new()));
    let to = Rc::clone(&codes);
    stream.on_error(move |error| to.borrow_mut().push(error.code()));
    codes
}

#[test]
fn misuse_has_nodes_codes() -> Result<()> {
    let lp = EventLoop::new()?;

    let (written, _) = sink(&lp);
    let errors = codes(&written);
    let told = Rc::new(Cell::new(None));
    let slot = Rc::clone(&told);
    written.end();
    assert!(!written.write_with(1, move |result| slot.set(result.err())));
    lp.run(RunMode::Default);
    assert_eq!(*errors.borrow(), [Code::StreamWriteAfterEnd]);
    assert_eq!(told.take().unwrap().code(), Code::StreamWriteAfterEnd);

    let (destroyed, _) = sink(&lp);
    destroyed.destroy(None);
    let slot = Rc::clone(&told);
    destroyed.write_with(1, move |result| slot.set(result.err()));
    lp.run(RunMode::Default);
    let error = told.take().unwrap();
    assert_eq!(error.to_string(), "Cannot call write after a stream was destroyed");

    let twice = Writable::from_fn(&lp, WritableOptions::default(), |_, _: u32, done| {
        done.clone().ok();
        done.ok();
    });
    let errors = codes(&twice);
    twice.write(1);
    lp.run(RunMode::Default);
    assert_eq!(*errors.borrow(), [Code::MultipleCallback]);

    let ended = Readable::<u32>::pushed(&lp, ReadableOptions::default());
    let seen = Rc::new(Cell::new(None));
    let slot = Rc::clone(&seen);
    ended.on_error(move |error| slot.set(Some(error.code())));
    ended.push(None);
    assert!(!ended.push(Some(1)));
    lp.run(RunMode::Default);
    assert_eq!(seen.get(), Some(Code::StreamPushAfterEof));

    let long = ended.try_read((1 << 30) + 1).unwrap_err();
    assert_eq!(
        long.to_string(),
        "The value of \"size\" is out of range. It must be <= 1GiB. Received 1073741825"
    );
    Ok(())
}

#[test]
fn an_error_nobody_listens_to_comes_out_of_run() -> Result<()> {
    let lp = EventLoop::new()?;
    let stream = Readable::<u32>::pushed(&lp, ReadableOptions::default());
    stream.destroy(Some(Error::system_code(Code::EIO, "read")));
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| lp.run(RunMode::Default)));
    let text = *panic.unwrap_err().downcast::<String>().unwrap();
    assert_eq!(text, "Unhandled 'error' event: EIO: i/o error, read (EIO)");
    Ok(())
}

#[test]
fn a_pipeline_destroys_all_when_one_fails() -> Result<()> {
    let lp = EventLoop::new()?;
    let source = Readable::from_iter(&lp, 0..100u32);
    let failing = Transform::from_fn(&lp, TransformOptions::default(), |_, n: u32, done| {
        if n == 5 { done.fail(Error::system_code(Code::EPIPE, "write")) } else { done.push(n) }
    });
    let (dest, seen) = sink(&lp);
    let outcome = Rc::new(Cell::new(None));
    let slot = Rc::clone(&outcome);
    pipeline((&source, &failing, &dest), move |result| slot.set(Some(result)))?;
    lp.run(RunMode::Default);
    assert_eq!(outcome.take().unwrap().unwrap_err().code(), Code::EPIPE);
    assert!(source.destroyed() && failing.destroyed() && dest.destroyed());
    assert_eq!(*seen.borrow(), [0, 1, 2, 3, 4]);
    assert_eq!(pipeline((&source, &dest), |_| ()).unwrap_err().code(), Code::StreamUnableToPipe);
    Ok(())
}

#[test]
fn a_pipeline_is_aborted_by_its_signal() -> Result<()> {
    let lp = EventLoop::new()?;
    let controller = AbortController::new();
    let source = Readable::<u32>::pushed(&lp, ReadableOptions::default());
    let (dest, _) = sink(&lp);
    let outcome = Rc::new(Cell::new(None));
    let slot = Rc::clone(&outcome);
    let options = PipelineOptions::default().signal(&controller.signal());
    pipeline_with((&source, &dest), options, move |result| slot.set(Some(result)))?;
    lp.set_immediate(move || controller.abort());
    lp.run(RunMode::Default);
    let error = outcome.take().unwrap().unwrap_err();
    assert_eq!(error.code(), Code::Abort);
    assert_eq!(error.cause().unwrap().to_string(), "This operation was aborted");
    assert!(source.destroyed() && dest.destroyed());
    Ok(())
}

#[test]
fn finished_reports_a_premature_close() -> Result<()> {
    let lp = EventLoop::new()?;
    let source = Readable::<u32>::pushed(&lp, ReadableOptions::default());
    let waiting = promises::finished(&source, FinishedOptions::default());
    source.destroy(None);
    assert_eq!(lp.block_on(waiting).unwrap_err().code(), Code::StreamPrematureClose);

    let never = Rc::new(Cell::new(false));
    let called = Rc::clone(&never);
    let source = Readable::from_iter(&lp, [1u32]);
    finished(&source, FinishedOptions::default(), move |_| called.set(true)).cancel();
    source.resume();
    lp.run(RunMode::Default);
    assert!(source.readable_ended() && !never.get());
    Ok(())
}

/// Destroys the stream at the `n`th thing that happens to it, whatever that is.
#[test]
fn destroying_at_any_moment_ends_in_close() -> Result<()> {
    struct Counting {
        steps: Rc<Cell<usize>>,
        at: usize,
    }
    impl Counting {
        fn step(&self, destroy: impl FnOnce()) {
            self.steps.set(self.steps.get() + 1);
            if self.steps.get() == self.at {
                destroy();
            }
        }
    }
    impl Source<u32> for Counting {
        fn has_construct(&self) -> bool {
            true
        }
        fn construct(&self, stream: &Readable<u32>, done: Done) {
            self.step(|| stream.destroy(Some(Error::abort())));
            done.ok();
        }
        fn read(&self, stream: &Readable<u32>, _size: usize) {
            self.step(|| stream.destroy(Some(Error::abort())));
            let n = self.steps.get();
            stream.push((n < 12).then_some(1));
            self.step(|| stream.destroy(Some(Error::abort())));
        }
    }
    impl Sink<u32> for Counting {
        fn write(&self, stream: &Writable<u32>, _chunk: u32, done: Done) {
            self.step(|| stream.destroy(Some(Error::abort())));
            done.ok();
            self.step(|| stream.destroy(Some(Error::abort())));
        }
        fn final_(&self, stream: &Writable<u32>, done: Done) {
            self.step(|| stream.destroy(Some(Error::abort())));
            done.ok();
        }
    }
    for at in 0..60 {
        let lp = EventLoop::new()?;
        let steps = Rc::new(Cell::new(0));
        let closes = Rc::new(Cell::new(0));
        let source =
            Readable::new(&lp, ReadableOptions::default(), Counting { steps: Rc::clone(&steps), at });
        let middle = Transform::<u32, u32>::pass_through(&lp, TransformOptions::default().high_water_mark(2));
        let dest = Writable::new(&lp, WritableOptions::default(), Counting { steps: Rc::clone(&steps), at });
        for event in [Event::Pause, Event::Resume, Event::End] {
            let (steps, target) = (Rc::clone(&steps), source.clone());
            source.on(event, move || {
                Counting { steps: Rc::clone(&steps), at }.step(|| target.destroy(Some(Error::abort())))
            });
        }
        for event in [Event::Drain, Event::Prefinish, Event::Finish] {
            let (steps, target) = (Rc::clone(&steps), dest.clone());
            dest.on(event, move || {
                Counting { steps: Rc::clone(&steps), at }.step(|| target.destroy(Some(Error::abort())))
            });
        }
        for stream in [AnyStream::from(&source), AnyStream::from(&dest)] {
            let closes = Rc::clone(&closes);
            finished(stream, FinishedOptions::default(), move |_| closes.set(closes.get() + 1));
        }
        let outcome = Rc::new(Cell::new(None));
        let slot = Rc::clone(&outcome);
        pipeline((&source, &middle, &dest), move |result| slot.set(Some(result)))?;
        lp.run(RunMode::Default);
        assert_eq!(closes.get(), 2, "destroyed at step {at}: {source:?} {dest:?}");
        assert!(outcome.take().is_some(), "destroyed at step {at}");
    }
    Ok(())
}

/// Something that a closure or a hook owns, to see that it is let go of.
fn owned() -> (Rc<()>, Rc<()>) {
    let token = Rc::new(());
    (Rc::clone(&token), token)
}

#[test]
fn nothing_is_left_after_a_pipeline() -> Result<()> {
    let (mine, theirs) = owned();
    {
        let lp = EventLoop::new()?;
        let token = Rc::clone(&theirs);
        let source = Readable::from_fn(&lp, ReadableOptions::default(), move |stream: &Readable<u32>, _| {
            let _ = &token;
            stream.push(None);
        });
        let token = Rc::clone(&theirs);
        let middle = Transform::from_fn(&lp, TransformOptions::default(), move |_, n: u32, done| {
            let _ = &token;
            done.push(n);
        });
        let dest = Writable::from_fn(&lp, WritableOptions::default(), move |_, _: u32, done| {
            let _ = &theirs;
            done.ok();
        });
        // A listener that owns its own stream.
        let (me, it) = (source.clone(), dest.clone());
        source.on_end(move || drop(me.clone()));
        dest.on_finish(move || drop(it.clone()));
        pipeline((&source, &middle, &dest), |result| assert!(result.is_ok()))?;
        lp.run(RunMode::Default);
    }
    assert_eq!(Rc::strong_count(&mine), 1);
    Ok(())
}

#[test]
fn pipes_that_are_dropped_half_way_are_freed() -> Result<()> {
    let (mine, theirs) = owned();
    {
        let lp = EventLoop::new()?;
        let token = Rc::clone(&theirs);
        let source = Readable::from_fn(&lp, ReadableOptions::default(), move |stream: &Readable<u32>, _| {
            let _ = &token;
            if stream.readable_length() == 0 {
                stream.push(Some(1));
            }
        });
        let options = TransformOptions::default().high_water_mark(1);
        let middle = Transform::<u32, u32>::from_fn(&lp, options, move |_, n, done| {
            let _ = &theirs;
            done.push(n);
        });
        source.pipe(&middle, PipeOptions::default());
        lp.run(RunMode::NoWait);
        // Held up: nobody reads from the transform.
        assert_eq!(middle.readable_length(), 1);
        // What waits in the loop's queues is owned by the loop.
        middle.resume();
        middle.pause();
        lp.run(RunMode::NoWait);
    }
    assert_eq!(Rc::strong_count(&mine), 1);
    Ok(())
}

#[test]
fn a_pipeline_whose_streams_never_close_is_freed() -> Result<()> {
    let (mine, theirs) = owned();
    let ended = Rc::new(Cell::new(0));
    {
        let lp = EventLoop::new()?;
        let (a, b, c) = (Rc::clone(&theirs), Rc::clone(&theirs), theirs);
        let options = ReadableOptions::default().auto_destroy(false);
        let source = Readable::from_fn(&lp, options, move |stream: &Readable<u32>, _| {
            let _ = &a;
            stream.push(Some(1));
            stream.push(None);
        });
        let options = TransformOptions::default().auto_destroy(false);
        let middle = Transform::<u32, u32>::from_fn(&lp, options, move |_, n, done| {
            let _ = &b;
            done.push(n);
        });
        let options = WritableOptions::default().auto_destroy(false);
        let dest = Writable::from_fn(&lp, options, move |_, _: u32, done| {
            let _ = &c;
            done.ok();
        });
        let count = Rc::clone(&ended);
        pipeline((&source, &middle, &dest), move |result| {
            assert!(result.is_ok());
            count.set(count.get() + 1);
        })?;
        lp.run(RunMode::Default);
        assert!(!source.destroyed() && !middle.destroyed() && !dest.destroyed());
    }
    assert_eq!((ended.get(), Rc::strong_count(&mine)), (1, 1));
    Ok(())
}

#[test]
fn memory_stays_below_the_high_water_marks() -> Result<()> {
    let lp = EventLoop::new()?;
    let most = Rc::new(Cell::new(0));
    let made = Rc::new(Cell::new(0usize));
    let taken = Rc::new(Cell::new(0usize));
    let count = Rc::clone(&made);
    let source = Readable::from_fn(&lp, ReadableOptions::default().high_water_mark(4), {
        move |stream: &Readable<u32>, _| {
            let n = count.get();
            count.set(n + 1);
            stream.push((n < 500).then_some(1));
        }
    });
    let mut chain = Pipeline::from(&source);
    for _ in 0..3 {
        chain = chain.through(&Transform::pass_through(&lp, TransformOptions::default().high_water_mark(4)));
    }
    let (now, done_count, peak, later) = (Rc::clone(&made), Rc::clone(&taken), Rc::clone(&most), lp.clone());
    let dest =
        Writable::from_fn(&lp, WritableOptions::default().high_water_mark(4), move |_, _: u32, done| {
            done_count.set(done_count.get() + 1);
            peak.set(peak.get().max(now.get() - done_count.get()));
            later.set_immediate(move || done.ok());
        });
    chain.to(&dest, PipelineOptions::default(), |result| assert!(result.is_ok()))?;
    lp.run(RunMode::Default);
    assert_eq!(taken.get(), 500);
    // Source 4, three transforms of 4 + 4, destination 4, and one chunk in each of the five.
    assert!(most.get() <= 4 + 3 * 8 + 4 + 5, "{} chunks were under way", most.get());
    Ok(())
}

#[test]
fn bytes_pass_through_uncopied() -> Result<()> {
    let lp = EventLoop::new()?;
    let chunk = Bytes::from(vec![9; 1 << 16]);
    let at = chunk.as_ptr();
    let source = Readable::from_iter_with(&lp, ReadableOptions::default(), std::iter::repeat_n(chunk, 32));
    let mut chain = Pipeline::from(&source);
    for _ in 0..5 {
        chain = chain.through(&Transform::pass_through(&lp, TransformOptions::default()));
    }
    let count = Rc::new(Cell::new(0));
    let seen = Rc::clone(&count);
    let dest = Writable::from_fn(&lp, WritableOptions::default(), move |_, chunk: Bytes, done| {
        assert_eq!(chunk.as_ptr(), at);
        seen.set(seen.get() + 1);
        done.ok();
    });
    chain.to(&dest, PipelineOptions::default(), |result| assert!(result.is_ok()))?;
    lp.run(RunMode::Default);
    assert_eq!(count.get(), 32);
    Ok(())
}

#[test]
fn a_writable_duplex_half_ends_with_the_other() -> Result<()> {
    struct Echo;
    impl nodecore_stream::Both<u32, u32> for Echo {
        fn read(&self, stream: &nodecore_stream::Duplex<u32, u32>, _size: usize) {
            stream.push(None);
        }
        fn write(&self, _: &nodecore_stream::Duplex<u32, u32>, _: u32, done: Done) {
            done.ok();
        }
    }
    let lp = EventLoop::new()?;
    let events: Log = Log::default();
    let duplex = nodecore_stream::Duplex::new(&lp, DuplexOptions::default().allow_half_open(false), Echo);
    for (name, event) in [("end", Event::End), ("finish", Event::Finish), ("close", Event::Close)] {
        let to = Rc::clone(&events);
        duplex.on(event, move || log(&to, name));
    }
    duplex.resume();
    lp.run(RunMode::Default);
    assert_eq!(*events.borrow(), ["end", "finish", "close"]);
    Ok(())
}

#[test]
fn the_last_handle_may_be_dropped_in_a_callback() -> Result<()> {
    let lp = EventLoop::new()?;
    let slot = Rc::new(RefCell::new(None::<Readable<u32>>));
    let stream = Readable::from_iter(&lp, 0..5);
    let holder = Rc::clone(&slot);
    let count = Rc::new(Cell::new(0));
    let seen = Rc::clone(&count);
    stream.on_data(move |_| {
        seen.set(seen.get() + 1);
        holder.borrow_mut().take();
    });
    *slot.borrow_mut() = Some(stream);
    lp.run(RunMode::Default);
    assert_eq!(count.get(), 5);
    Ok(())
}

/// Node's own test of this kind is bounded by its stack; a thousand stages have to fit 512 KiB here.
#[test]
fn a_chain_of_a_thousand_stages_fits_a_small_stack() {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(|| -> Result<u32> {
        let lp = EventLoop::new()?;
        let mut chain = Pipeline::from(&Readable::from_iter(&lp, 0..100u32));
        for _ in 0..1000 {
            chain = chain.through(&Transform::pass_through(&lp, TransformOptions::default()));
        }
        let (dest, seen) = sink(&lp);
        chain.to(&dest, PipelineOptions::default(), |result| assert!(result.is_ok()))?;
        lp.run(RunMode::Default);
        let sum = seen.borrow().iter().sum();
        Ok(sum)
    });
    assert_eq!(thread.unwrap().join().unwrap().unwrap(), 4950);
}

/// Unoptimised code takes several times as much.
const STACK: usize = if cfg!(debug_assertions) { 4 << 20 } else { 512 << 10 };

#[test]
fn listeners_once_and_before_others() -> Result<()> {
    let lp = EventLoop::new()?;
    let lines = Log::default();
    let note = |line: &'static str| {
        let lines = Rc::clone(&lines);
        move || log(&lines, line)
    };
    let first = ListenOptions::default().prepend(true);
    let once = ListenOptions::default().once(true);
    let source = Readable::from_iter(&lp, 0..3u32);
    source.on_end(note("end"));
    source.on_with(Event::End, first, note("before"));
    source.on_with(Event::End, first.once(true), note("first"));
    let data = Rc::clone(&lines);
    source.on_data_with(once, move |n| log(&data, n.to_string()));
    assert_eq!(source.listener_count_of("data"), 1);
    source.resume();
    lp.run(RunMode::Default);
    assert_eq!(lines.take(), ["0", "first", "before", "end"]);

    let (dest, _) = sink(&lp);
    dest.on_error({
        let error = note("error");
        move |_| error()
    });
    let error = note("error first");
    dest.on_error_with(first, move |_| error());
    let (pipe, unpipe) = (note("pipe"), note("unpipe"));
    dest.on_pipe_with(once, move |_| pipe());
    dest.on_unpipe_with(once, move |_| unpipe());
    for _ in 0..2 {
        let source = Readable::<u32>::pushed(&lp, ReadableOptions::default());
        source.pipe(&dest, PipeOptions::default());
        source.unpipe(Some(&dest));
    }
    assert_eq!([dest.listener_count_of("error"), dest.listener_count_of("pipe")], [2, 0]);
    dest.destroy(Some(Error::from_template(Code::StreamPushAfterEof, &[])));
    lp.run(RunMode::Default);
    assert_eq!(lines.take(), ["pipe", "unpipe", "error first", "error"]);

    let (gone, _) = sink(&lp);
    gone.on_finish(note("never"));
    gone.on_error(|_| ());
    for name in ["finish", "error", "no event"] {
        gone.remove_all_listeners_of(name);
        assert_eq!(gone.listener_count_of(name), 0);
    }
    gone.end();
    let source = Readable::from_iter(&lp, 0..3u32);
    source.on_data(|_| unreachable!());
    source.remove_all_listeners_of("data");
    lp.run(RunMode::Default);
    // It flows all the same, to nobody.
    assert!(lines.take().is_empty() && gone.writable_finished() && source.readable_ended());
    Ok(())
}

/// Bytes, or something that only object mode takes.
#[derive(Clone, Debug, PartialEq)]
enum Any {
    Bytes(usize),
    Other,
}

impl Chunk for Any {
    const SPLITS: bool = true;
    fn size(&self) -> usize {
        if let Any::Bytes(size) = self { *size } else { 1 }
    }
    fn check_units(&self) -> Result<()> {
        match self {
            Any::Bytes(_) => Ok(()),
            Any::Other => Err(Error::from_template(Code::InvalidArgType, &[&"chunk", &"bytes", &"another"])),
        }
    }
}

#[test]
fn a_chunk_that_only_object_mode_takes_fails_other_streams() -> Result<()> {
    let lp = EventLoop::new()?;
    for objects in [false, true] {
        let seen = Rc::new(RefCell::new(Vec::new()));
        let to = Rc::clone(&seen);
        let options = WritableOptions::default().object_mode(objects);
        let dest = Writable::from_fn(&lp, options, move |_, chunk: Any, done| {
            to.borrow_mut().push(chunk);
            done.ok();
        });
        let error = Rc::new(Cell::new(None));
        let told = Rc::clone(&error);
        dest.on_error(move |error| told.set(Some(error.code())));
        let wrote = Rc::new(Cell::new(None));
        let done = Rc::clone(&wrote);
        dest.write(Any::Bytes(2));
        dest.write_with(Any::Other, move |result| done.set(Some(result.is_ok())));
        lp.run(RunMode::Default);
        assert_eq!(error.get(), (!objects).then_some(Code::InvalidArgType));
        assert_eq!(wrote.get(), Some(objects));
        assert_eq!(seen.borrow().len(), 1 + usize::from(objects));

        for front in [false, true] {
            let source = Readable::pushed(&lp, ReadableOptions::default().object_mode(objects));
            let error = Rc::new(Cell::new(None));
            let told = Rc::clone(&error);
            source.on_error(move |error| told.set(Some(error.code())));
            if front {
                source.unshift(Some(Any::Other));
            } else {
                source.push(Some(Any::Other));
            }
            assert_eq!(source.readable_length(), usize::from(objects));
            lp.run(RunMode::Default);
            assert_eq!(error.get(), (!objects).then_some(Code::InvalidArgType));
        }
    }
    Ok(())
}
