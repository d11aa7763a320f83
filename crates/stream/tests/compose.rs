//! `compose`, `Duplex.from`, `duplexPair` and the questions about a stream. The orders of events were seen in
//! Node 26.10.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test")]

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_stream::{
    AbortController, Composition, Duplex, DuplexOptions, Event, HelperOptions, Input, Readable,
    ReadableOptions, Transform, TransformOptions, Writable, WritableOptions, add_abort_signal, compose,
    destroy, dispose, duplex_pair, is_destroyed, is_disturbed, is_errored, is_readable, is_writable,
};

#[derive(Clone, Default)]
struct Log(Rc<RefCell<Vec<String>>>);

impl Log {
    fn add(&self, line: impl Into<String>) {
        self.0.borrow_mut().push(line.into());
    }

    fn take(&self) -> String {
        self.0.take().join(", ")
    }

    fn told(&self, name: &'static str) -> impl FnOnce(Result<()>) + use<> {
        let log = self.clone();
        move |result| {
            log.add(result.map_or_else(|error| format!("{name} {}", short(&error)), |()| name.to_owned()))
        }
    }
}

fn short(error: &Error) -> String {
    error.code().name().to_owned()
}

macro_rules! watch {
    ($log:expr, $name:expr, $stream:expr) => {
        for event in [Event::End, Event::Finish, Event::Close, Event::Prefinish, Event::Resume] {
            let log = $log.clone();
            $stream.on(event, move || log.add(format!("{} {}", $name, event.name())));
        }
        let log = $log.clone();
        $stream.on_error(move |error| log.add(format!("{} error {}", $name, short(error))));
    };
}

fn data(log: &Log, stream: &Readable) {
    let log = log.clone();
    stream.on_data(move |chunk| log.add(format!("data {}", String::from_utf8_lossy(&chunk))));
}

fn upper(lp: &EventLoop) -> Transform {
    Transform::from_fn(lp, TransformOptions::default(), |_, chunk: Bytes, done| {
        done.push(Bytes::from(chunk.to_ascii_uppercase()));
    })
}

fn pass(lp: &EventLoop) -> Transform {
    Transform::pass_through(lp, TransformOptions::default())
}

fn failing(lp: &EventLoop) -> Transform {
    Transform::from_fn(lp, TransformOptions::default(), |_, _: Bytes, done| done.fail(eio()))
}

fn eio() -> Error {
    Error::system_code(Code::EIO, "read")
}

fn sink(lp: &EventLoop, log: &Log) -> Writable {
    let log = log.clone();
    Writable::from_fn(lp, WritableOptions::default(), move |_, chunk: Bytes, done| {
        log.add(format!("got {}", String::from_utf8_lossy(&chunk)));
        done.ok();
    })
}

fn silent(lp: &EventLoop) -> Readable {
    Readable::pushed(lp, ReadableOptions::default())
}

#[test]
fn a_composed_stream_writes_to_the_first_and_reads_from_the_last() -> Result<()> {
    let (lp, log) = (EventLoop::new()?, Log::default());
    let (first, last) = (pass(&lp), upper(&lp));
    let both = compose((&first, &last))?;
    watch!(log, "d", both);
    data(&log, &both.readable());
    assert_eq!((both.readable_object_mode(), both.writable_object_mode()), (false, false));
    both.write_with(Bytes::from("abc"), log.told("written"));
    both.end_with(Some(Bytes::from("def")), log.told("ended"));
    lp.run(RunMode::Default);
    let expected = "d resume, data ABC, data DEF, written, d end, d prefinish, ended, d finish, d close";
    assert_eq!(log.take(), expected);
    assert!(first.destroyed() && last.destroyed());

    // `finish` waits until all has been read from the last.
    let both = compose((&pass(&lp), &upper(&lp)))?;
    watch!(log, "d", both);
    both.end_with(Some(Bytes::from("abc")), log.told("ended"));
    lp.run(RunMode::Default);
    assert_eq!((log.take().as_str(), both.readable_length()), ("d prefinish, ended, d finish", 3));
    both.resume();
    lp.run(RunMode::Default);
    assert_eq!(log.take(), "d resume, d end, d close");

    let objects = TransformOptions::default().object_mode(true);
    let one = || Transform::<Bytes, Bytes>::pass_through(&lp, objects.clone());
    let both = compose((&one(), &one(), &one()))?;
    assert_eq!((both.readable_object_mode(), both.writable_high_water_mark()), (true, 16));
    Ok(())
}

#[test]
fn errors_and_destruction_go_both_ways() -> Result<()> {
    let (lp, log) = (EventLoop::new()?, Log::default());
    let (first, last) = (pass(&lp), failing(&lp));
    let both = compose((&first, &last))?;
    watch!(log, "d", both);
    both.write_with(Bytes::from("abc"), log.told("written"));
    both.resume();
    lp.run(RunMode::Default);
    assert_eq!(log.take(), "written, d resume, d error EIO, d close");
    assert!(first.destroyed() && last.destroyed());

    for (error, name) in [(None, "ABORT_ERR"), (Some(eio()), "EIO")] {
        let (first, last) = (pass(&lp), upper(&lp));
        watch!(log, "a", first);
        watch!(log, "b", last);
        let both = compose((&first, &last))?;
        watch!(log, "d", both);
        both.destroy(error);
        lp.run(RunMode::Default);
        let expected = format!(
            "a resume, b resume, b error {name}, b close, a error {name}, a close, d error {name}, d close"
        );
        assert_eq!(log.take(), expected);
    }

    let first = pass(&lp);
    let both = compose((&first, &upper(&lp)))?;
    watch!(log, "d", both);
    first.destroy(None);
    lp.run(RunMode::Default);
    assert_eq!(log.take(), "d error ERR_STREAM_PREMATURE_CLOSE, d close");
    Ok(())
}

#[test]
fn compositions_may_begin_with_a_readable_or_end_in_a_writable() -> Result<()> {
    let (lp, log) = (EventLoop::new()?, Log::default());
    let source = Readable::from_iter(&lp, ["x", "y"].map(Bytes::from));
    let composed = source.compose(&upper(&lp))?;
    watch!(log, "d", composed);
    data(&log, &composed);
    assert_eq!((is_readable(&composed), is_writable(&composed)), (Some(true), Some(false)));
    lp.run(RunMode::Default);
    assert_eq!(log.take(), "d resume, data X, data Y, d end, d close");

    let dest = sink(&lp, &log);
    let composed = Composition::new(&upper(&lp)).through(&pass(&lp))?.to(&dest)?;
    watch!(log, "d", composed);
    composed.end_with(Some(Bytes::from("q")), log.told("ended"));
    lp.run(RunMode::Default);
    assert_eq!(log.take(), "got Q, d prefinish, ended, d finish, d close");

    let controller = AbortController::new();
    let composed = silent(&lp).compose(&upper(&lp))?;
    watch!(log, "d", composed);
    add_abort_signal(&controller.signal(), &composed);
    controller.abort();
    lp.run(RunMode::Default);
    assert_eq!(log.take(), "d error ABORT_ERR, d close");

    let ended = upper(&lp);
    ended.end();
    let error = compose((&pass(&lp), &ended)).unwrap_err();
    assert_eq!(error.code(), Code::InvalidArgValue);
    assert!(error.to_string().starts_with("The argument 'streams[1]' must be writable."), "{error}");
    let closed = pass(&lp);
    closed.destroy(None);
    let error = compose((&closed, &pass(&lp))).unwrap_err();
    assert!(error.to_string().starts_with("The argument 'streams[0]' must be readable."), "{error}");
    Ok(())
}

#[test]
fn two_streams_as_one_duplex() -> Result<()> {
    let (lp, log) = (EventLoop::new()?, Log::default());
    let duplex = Duplex::from_sides(&Readable::from_iter(&lp, [Bytes::from("a")]), &sink(&lp, &log));
    watch!(log, "d", duplex);
    data(&log, &duplex.readable());
    duplex.end_chunk(Bytes::from("z"));
    lp.run(RunMode::Default);
    assert_eq!(log.take(), "got z, d resume, data a, d prefinish, d finish, d end, d close");

    let duplex = Duplex::from_readable(&Readable::from_iter(&lp, [Bytes::from("a")]));
    watch!(log, "d", duplex);
    data(&log, &duplex.readable());
    assert_eq!((is_readable(&duplex), is_writable(&duplex)), (Some(true), Some(false)));
    lp.run(RunMode::Default);
    assert_eq!(log.take(), "d resume, data a, d end, d close");

    let duplex = Duplex::from_writable(&sink(&lp, &log));
    watch!(log, "d", duplex);
    duplex.end_chunk(Bytes::from("q"));
    lp.run(RunMode::Default);
    assert_eq!(log.take(), "got q, d prefinish, d finish, d close");

    for (error, name) in [(None, "ABORT_ERR"), (Some(eio()), "EIO")] {
        let (r, w) = (silent(&lp), sink(&lp, &log));
        watch!(log, "w", w);
        watch!(log, "r", r);
        let duplex = Duplex::from_sides(&r, &w);
        watch!(log, "d", duplex);
        duplex.destroy(error);
        lp.run(RunMode::Default);
        let expected = format!("w error {name}, w close, r error {name}, r close, d error {name}, d close");
        assert_eq!(log.take(), expected);
    }

    let r = silent(&lp);
    let w = Writable::from_fn(&lp, WritableOptions::default(), |_, _: Bytes, done| done.fail(eio()));
    watch!(log, "w", w);
    watch!(log, "r", r);
    let duplex = Duplex::from_sides(&r, &w);
    watch!(log, "d", duplex);
    duplex.write(Bytes::from("a"));
    lp.run(RunMode::Default);
    assert_eq!(log.take(), "w error EIO, w close, r error EIO, r close, d error EIO, d close");

    let (r, w) = (Readable::from_iter(&lp, [Bytes::from("1")]), sink(&lp, &log));
    watch!(log, "w", w);
    watch!(log, "r", r);
    let duplex = Duplex::from_sides(&r, &w);
    watch!(log, "d", duplex);
    duplex.resume();
    lp.run(RunMode::Default);
    assert_eq!(log.take(), "d resume, r end, d end, r close");
    duplex.end_with(None, log.told("ended"));
    lp.run(RunMode::Default);
    assert_eq!(log.take(), "w prefinish, w finish, d prefinish, ended, d finish, w close, d close");
    Ok(())
}

/// What is written, with a mark behind it, or an error.
struct Marked {
    input: Input<Bytes>,
    fails: bool,
}

impl Stream for Marked {
    type Item = Result<Bytes>;
    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        let fails = self.fails;
        Pin::new(&mut self.input).poll_next(context).map(|next| {
            next.map(|chunk| if fails { Err(eio()) } else { Ok(Bytes::from([&chunk?[..], b"?"].concat())) })
        })
    }
}

#[test]
fn functions_as_streams() -> Result<()> {
    let (lp, log) = (EventLoop::new()?, Log::default());
    let duplex = Duplex::from_fn(&lp, |input| Marked { input, fails: false });
    watch!(log, "d", duplex);
    assert_eq!((duplex.readable_high_water_mark(), duplex.writable_high_water_mark()), (1, 1));
    data(&log, &duplex.readable());
    duplex.write_with(Bytes::from("a"), log.told("written"));
    duplex.end_with(Some(Bytes::from("b")), log.told("ended"));
    lp.run(RunMode::Default);
    let expected = "d resume, data a?, written, data b?, d prefinish, d end, ended, d finish, d close";
    assert_eq!(log.take(), expected);

    let duplex = Duplex::from_fn(&lp, |input| Marked { input, fails: true });
    watch!(log, "d", duplex);
    data(&log, &duplex.readable());
    duplex.write_with(Bytes::from("a"), log.told("written"));
    lp.run(RunMode::Default);
    assert_eq!(log.take(), "d resume, written, d error EIO, d close");

    let duplex = Duplex::<Bytes, Bytes>::from_fn(&lp, |input| Marked { input, fails: false });
    watch!(log, "d", duplex);
    duplex.resume();
    duplex.write(Bytes::from("a"));
    duplex.destroy(None);
    lp.run(RunMode::Default);
    assert_eq!(log.take(), "d resume, d close");

    // A function that takes no input.
    let duplex = Duplex::from_fn(&lp, |input: Input<Bytes>| {
        drop(input);
        nodecore_stream::Chunks::new(&Readable::from_bytes(&lp, "a"))
    });
    watch!(log, "d", duplex);
    duplex.write_with(Bytes::from("lost"), log.told("written"));
    duplex.end();
    data(&log, &duplex.readable());
    lp.run(RunMode::Default);
    let lines = log.take();
    for line in ["written", "data a", "d end", "d finish"] {
        assert!(lines.contains(line), "{line} is not in {lines}");
    }
    assert!(lines.ends_with("d close"), "{lines}");

    let to = log.clone();
    let dest = Writable::from_async_fn(&lp, |mut input: Input<Bytes>| async move {
        while let Some(chunk) = poll_fn(|context| Pin::new(&mut input).poll_next(context)).await {
            to.add(format!("sink {}", String::from_utf8_lossy(&chunk?)));
        }
        Ok(())
    });
    watch!(log, "d", dest);
    dest.write(Bytes::from("a"));
    dest.end_with(Some(Bytes::from("b")), log.told("ended"));
    lp.run(RunMode::Default);
    assert_eq!(log.take(), "sink a, sink b, d prefinish, ended, d finish, d close");

    let dest = Writable::from_async_fn(&lp, |mut input: Input<Bytes>| async move {
        let first = poll_fn(|context| Pin::new(&mut input).poll_next(context)).await;
        first.map_or(Ok(()), |_| Err(eio()))
    });
    watch!(log, "d", dest);
    dest.write_with(Bytes::from("a"), log.told("written"));
    lp.run(RunMode::Default);
    assert_eq!(log.take(), "written, d error EIO, d close");

    // A function that wants no more than the first chunk.
    let dest = Writable::from_async_fn(&lp, |mut input: Input<Bytes>| async move {
        poll_fn(|context| Pin::new(&mut input).poll_next(context)).await.transpose().map(drop)
    });
    dest.write(Bytes::from("a"));
    dest.write(Bytes::from("b"));
    dest.end_with(None, log.told("ended"));
    lp.run(RunMode::Default);
    assert_eq!(log.take(), "ended");
    Ok(())
}

fn pair(lp: &EventLoop, log: &Log, options: DuplexOptions) -> (Duplex, Duplex) {
    let (a, b) = duplex_pair(lp, options);
    watch!(log, "a", a);
    watch!(log, "b", b);
    (a, b)
}

#[test]
fn each_of_a_pair_reads_what_the_other_writes() -> Result<()> {
    let (lp, log) = (EventLoop::new()?, Log::default());
    let (a, b) = pair(&lp, &log, DuplexOptions::default());
    data(&log, &b.readable());
    assert!(a.write_with(Bytes::from("hi"), log.told("written")));
    lp.run(RunMode::Default);
    assert_eq!(log.take(), "written, b resume, data hi");
    a.write_with(Bytes::new(), log.told("written"));
    lp.run(RunMode::Default);
    a.end_with(None, log.told("ended"));
    lp.run(RunMode::Default);
    assert_eq!(log.take(), "written, b end, a prefinish, ended, a finish");
    a.resume();
    b.end();
    lp.run(RunMode::Default);
    assert_eq!(log.take(), "a resume, a end, b prefinish, b finish, a close, b close");

    let (a, b) = pair(&lp, &log, DuplexOptions::default().object_mode(true).high_water_mark(2));
    assert!(a.write(Bytes::from("1")) && !a.write(Bytes::from("2")));
    assert_eq!((a.writable_length(), b.readable_length()), (2, 1));
    a.destroy(None);

    let log = Log::default();
    let (a, b) = pair(&lp, &log, DuplexOptions::default().allow_half_open(false));
    a.resume();
    b.resume();
    a.end();
    lp.run(RunMode::Default);
    let expected =
        "a resume, b resume, b end, a prefinish, a finish, a end, b prefinish, b finish, a close, b close";
    assert_eq!(log.take(), expected);
    Ok(())
}

#[test]
fn an_end_of_a_pair_that_is_destroyed_ends_or_destroys_the_other() -> Result<()> {
    let (lp, log) = (EventLoop::new()?, Log::default());
    let (a, b) = pair(&lp, &log, DuplexOptions::default());
    a.destroy(None);
    b.resume();
    lp.run(RunMode::Default);
    assert_eq!(log.take(), "a close, b resume, b end");
    assert!(!b.destroyed());

    let (a, b) = pair(&lp, &log, DuplexOptions::default());
    a.destroy(Some(eio()));
    b.resume();
    lp.run(RunMode::Default);
    assert_eq!(log.take(), "a error EIO, a close, b resume, b close");
    b.write_with(Bytes::from("later"), log.told("later"));
    lp.run(RunMode::Default);
    assert_eq!(log.take(), "later ERR_STREAM_DESTROYED");
    Ok(())
}

#[test]
fn a_signal_aborts_until_the_stream_is_done() -> Result<()> {
    let (lp, log) = (EventLoop::new()?, Log::default());
    let controller = AbortController::new();
    let stream = silent(&lp);
    watch!(log, "r", stream);
    add_abort_signal(&controller.signal(), &stream);
    stream.push(None);
    stream.resume();
    lp.run(RunMode::Default);
    controller.abort();
    lp.run(RunMode::Default);
    assert_eq!(log.take(), "r resume, r end, r close");
    assert!(stream.errored().is_none());
    Ok(())
}

#[test]
fn questions_about_a_stream() -> Result<()> {
    let lp = EventLoop::new()?;
    let answers = |stream: &Readable<i32>| {
        (is_errored(stream), is_disturbed(stream), is_readable(stream), is_destroyed(stream))
    };
    let stream = Readable::from_iter(&lp, [1, 2]);
    assert_eq!(answers(&stream), (false, false, Some(true), false));
    stream.read(None);
    assert_eq!(answers(&stream), (false, true, Some(true), false));
    stream.on_error(|_| ());
    stream.destroy(Some(eio()));
    assert_eq!(answers(&stream), (false, true, Some(false), true));
    lp.run(RunMode::Default);
    assert_eq!(answers(&stream), (true, true, Some(false), true));

    let ended = Readable::from_iter(&lp, []);
    ended.resume();
    lp.run(RunMode::Default);
    assert_eq!(answers(&ended), (false, false, Some(false), true));
    let aborted = Readable::pushed(&lp, ReadableOptions::default());
    aborted.on_error(|error| assert_eq!(error.code(), Code::Abort));
    destroy(&aborted, None);
    lp.run(RunMode::Default);
    assert_eq!(answers(&aborted), (true, true, Some(false), true));
    let unread = Readable::pushed(&lp, ReadableOptions::default());
    unread.destroy(None);
    assert_eq!(answers(&unread), (false, true, Some(false), true));

    let dest = Writable::from_fn(&lp, WritableOptions::default(), |_, _: u8, done| done.ok());
    assert_eq!((is_readable(&dest), is_writable(&dest)), (None, Some(true)));
    dest.end();
    assert_eq!((is_disturbed(&dest), is_writable(&dest)), (false, Some(false)));

    let off = || pass_with(&lp, DuplexOptions::default().readable(false));
    assert_eq!((is_readable(&off()), is_writable(&off())), (Some(false), Some(true)));
    let off = || pass_with(&lp, DuplexOptions::default().writable(false));
    assert_eq!((is_readable(&off()), is_writable(&off())), (Some(true), Some(false)));
    lp.run(RunMode::Default);
    let all = lp.block_on(Readable::from_iter(&lp, 0..3).to_array(HelperOptions::default()))?;
    assert_eq!(all, [0, 1, 2]);
    Ok(())
}

#[test]
fn buffers_listeners_and_disposal() -> Result<()> {
    let lp = EventLoop::new()?;
    let stream = silent(&lp);
    stream.push(Some(Bytes::from("a")));
    stream.push(Some(Bytes::from("b")));
    assert_eq!(stream.readable_buffer(), ["a", "b"]);
    stream.on_error(|_| ());
    stream.on_end(|| ());
    stream.on_data(|_| ());
    assert_eq!(stream.event_names(), ["end", "error", "data"]);
    stream.remove_all_listeners(Some(Event::End));
    assert_eq!(stream.event_names(), ["error", "data"]);
    stream.remove_all_listeners(None);
    assert!(stream.event_names().is_empty() && stream.data_listener_count() == 0);

    let stuck = Writable::from_fn(&lp, WritableOptions::default(), |_, _: Bytes, _| ());
    stuck.write(Bytes::from("a"));
    stuck.write(Bytes::from("b"));
    assert_eq!(stuck.writable_buffer(), ["b"]);
    lp.block_on(dispose(&stuck))?;
    assert!(stuck.closed() && stuck.writable_aborted());

    let stream = silent(&lp);
    lp.block_on(dispose(&stream))?;
    assert_eq!(stream.errored(), Some(Error::abort()));
    let failed = silent(&lp);
    failed.destroy(Some(eio()));
    assert_eq!(lp.block_on(dispose(&failed)).unwrap_err().code(), Code::EIO);
    Ok(())
}

fn pass_with(lp: &EventLoop, options: DuplexOptions) -> Transform {
    Transform::pass_through(lp, options)
}
