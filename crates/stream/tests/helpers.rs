//! The iterator, its helpers, and streams made of what is there. What is expected was seen in Node 26.10.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test")]

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn, ready};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Poll, Waker};

use bytes::Bytes;
use futures_core::Stream;
use nodecore_error::{Code, Error, Result};
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_stream::{
    AbortController, AbortSignal, Chunks, Event, HelperOptions, IteratorOptions, Readable, ReadableOptions,
};

fn all<T: nodecore_stream::Chunk>(lp: &EventLoop, stream: &Readable<T>) -> Result<Vec<T>> {
    lp.block_on(stream.to_array(HelperOptions::default()))
}

fn next<T: nodecore_stream::Chunk>(lp: &EventLoop, chunks: &mut Chunks<T>) -> Option<Result<T>> {
    lp.block_on(poll_fn(|context| Pin::new(&mut *chunks).poll_next(context)))
}

fn aborted(error: Option<Error>) -> bool {
    error.is_some_and(|error| error.code() == Code::Abort && error.to_string() == "The operation was aborted")
}

/// Ready after `turns` turns of the loop.
fn turns(lp: &EventLoop, turns: u32) -> impl Future<Output = ()> + use<> {
    fn turn(lp: EventLoop, left: Rc<Cell<u32>>, waker: Rc<Cell<Option<Waker>>>) {
        if left.get() == 0 {
            return waker.take().into_iter().for_each(Waker::wake);
        }
        let next = lp.clone();
        lp.set_immediate(move || {
            left.set(left.get() - 1);
            turn(next, left, waker);
        });
    }
    let (left, waker) = (Rc::new(Cell::new(turns)), Rc::new(Cell::new(None)));
    turn(lp.clone(), Rc::clone(&left), Rc::clone(&waker));
    poll_fn(move |context| {
        waker.set(Some(context.waker().clone()));
        if left.get() == 0 { Poll::Ready(()) } else { Poll::Pending }
    })
}

fn log() -> (Rc<RefCell<Vec<String>>>, impl Fn(String) + Clone + 'static) {
    let lines = Rc::new(RefCell::new(Vec::new()));
    let to = Rc::clone(&lines);
    (lines, move |line| to.borrow_mut().push(line))
}

#[test]
fn leaving_the_iterator_destroys_the_stream() -> Result<()> {
    let lp = EventLoop::new()?;
    let stream = Readable::from_iter(&lp, 1..=3);
    let mut chunks = stream.iterator(IteratorOptions::default());
    assert_eq!(next(&lp, &mut chunks).unwrap()?, 1);
    drop(chunks);
    assert!(stream.destroyed() && aborted(stream.errored()));
    lp.run(RunMode::Default);

    // Not when it was never polled, and not when it is told not to.
    let stream = Readable::from_iter(&lp, 1..=3);
    drop(stream.iterator(IteratorOptions::default()));
    assert!(!stream.destroyed());
    let keep = IteratorOptions::default().destroy_on_return(false);
    let mut chunks = stream.iterator(keep);
    assert_eq!(next(&lp, &mut chunks).unwrap()?, 1);
    drop(chunks);
    assert!(!stream.destroyed());
    assert_eq!(stream.listener_count(Event::Readable), 0);
    assert_eq!(all(&lp, &stream)?, [2, 3]);
    assert!(stream.destroyed() && stream.errored().is_none());
    Ok(())
}

#[test]
fn without_auto_destroy_the_end_does_not_destroy() -> Result<()> {
    let lp = EventLoop::new()?;
    let stream = Readable::<u8>::pushed(&lp, ReadableOptions::default().auto_destroy(false));
    stream.push(Some(1));
    stream.push(None);
    assert_eq!(all(&lp, &stream)?, [1]);
    assert!(!stream.destroyed());

    let stream = Readable::<u8>::pushed(&lp, ReadableOptions::default().auto_destroy(false));
    stream.push(Some(1));
    let mut chunks = Chunks::new(&stream);
    assert_eq!(next(&lp, &mut chunks).unwrap()?, 1);
    drop(chunks);
    assert!(stream.destroyed());
    Ok(())
}

#[test]
fn the_iterator_gives_the_error() -> Result<()> {
    let lp = EventLoop::new()?;
    let stream = Readable::<u8>::pushed(&lp, ReadableOptions::default());
    let it = stream.clone();
    lp.set_immediate(move || it.destroy(None));
    assert_eq!(all(&lp, &stream).unwrap_err().code(), Code::StreamPrematureClose);

    let stream = Readable::<u8>::from_fn(&lp, ReadableOptions::default(), |stream, _| {
        stream.destroy(Some(Error::system_code(Code::EIO, "read")));
    });
    assert_eq!(all(&lp, &stream).unwrap_err().code(), Code::EIO);
    Ok(())
}

#[test]
fn the_plain_helpers() -> Result<()> {
    let lp = EventLoop::new()?;
    let numbers = |to: i32| Readable::from_iter(&lp, 1..=to);
    assert_eq!(all(&lp, &numbers(3).map(|n| n * 10))?, [10, 20, 30]);
    assert_eq!(all(&lp, &numbers(4).filter(|n| n % 2 == 1))?, [1, 3]);
    assert_eq!(all(&lp, &numbers(2).flat_map(|n| [n, n]))?, [1, 1, 2, 2]);
    assert_eq!(all(&lp, &numbers(3).drop(1))?, [2, 3]);
    assert!(all(&lp, &numbers(3).drop(9))?.is_empty());
    assert_eq!(all(&lp, &numbers(3).filter(|n| *n > 1).map(|n| n + 1))?, [3, 4]);
    assert!(lp.block_on(numbers(3).some(|n| *n > 1))?);
    assert!(!lp.block_on(numbers(3).every(|n| *n < 3))?);
    assert!(lp.block_on(numbers(3).every(|n| *n < 4))?);
    assert_eq!(lp.block_on(numbers(3).find(|n| *n > 1))?, Some(2));
    assert_eq!(lp.block_on(numbers(1).find(|n| *n > 1))?, None);
    assert_eq!(lp.block_on(numbers(3).reduce_first(|sum, n| sum + n))?, 6);
    assert_eq!(lp.block_on(numbers(3).reduce(10, |sum, n| sum + n))?, 16);
    let error = lp.block_on(numbers(0).reduce_first(|sum, _| sum)).unwrap_err();
    let text = "Reduce of an empty stream requires an initial value";
    assert_eq!((error.code(), error.to_string().as_str()), (Code::MissingArgs, text));
    let seen = Rc::new(RefCell::new(Vec::new()));
    let to = Rc::clone(&seen);
    lp.block_on(numbers(3).for_each(move |n| to.borrow_mut().push(n)))?;
    assert_eq!(*seen.borrow(), [1, 2, 3]);
    Ok(())
}

#[test]
fn what_is_not_wanted_any_more_is_destroyed() -> Result<()> {
    let lp = EventLoop::new()?;
    let stream = Readable::from_iter(&lp, 1..=3);
    assert!(lp.block_on(stream.some(|n| *n == 1))?);
    assert!(stream.destroyed() && aborted(stream.errored()));

    for count in [0, 2] {
        let stream = Readable::from_iter(&lp, 1..=4);
        assert_eq!(all(&lp, &stream.take(count))?.len(), count);
        assert!(stream.destroyed() && aborted(stream.errored()));
    }

    // A map that was never read from has not begun.
    let stream = Readable::from_iter(&lp, 1..=4);
    stream.map(|n| n).destroy(None);
    lp.run(RunMode::Default);
    assert!(!stream.destroyed());
    let mapped = stream.map(|n| n);
    assert_eq!(next(&lp, &mut mapped.iterator(IteratorOptions::default())).unwrap()?, 1);
    lp.run(RunMode::Default);
    assert!(mapped.destroyed() && stream.destroyed());
    Ok(())
}

#[test]
fn an_error_of_the_source_or_of_the_function_is_that_of_the_result() -> Result<()> {
    let lp = EventLoop::new()?;
    let failing = Readable::<i32>::from_fn(&lp, ReadableOptions::default(), |stream, _| {
        stream.destroy(Some(Error::system_code(Code::EIO, "read")));
    });
    assert_eq!(all(&lp, &failing.map(|n| n)).unwrap_err().code(), Code::EIO);

    let stream = Readable::from_iter(&lp, 1..=100);
    let calls = Rc::new(RefCell::new(Vec::new()));
    let (to, later) = (Rc::clone(&calls), lp.clone());
    let mapped = stream.map_with(
        move |n, _| {
            to.borrow_mut().push(n);
            let wait = turns(&later, 1);
            async move {
                if n == 2 {
                    return Err(Error::system_code(Code::EPIPE, "write"));
                }
                wait.await;
                Ok(n)
            }
        },
        HelperOptions::default().concurrency(4),
    );
    let mut chunks = Chunks::new(&mapped);
    assert_eq!(next(&lp, &mut chunks).unwrap()?, 1);
    assert_eq!(next(&lp, &mut chunks).unwrap().unwrap_err().code(), Code::EPIPE);
    assert!(next(&lp, &mut chunks).is_none());
    assert!(stream.destroyed() && aborted(stream.errored()));
    Ok(())
}

/// Two at a time: Node starts, ends and gives them in this order.
#[test]
fn several_calls_are_under_way_and_results_stay_in_order() -> Result<()> {
    let lp = EventLoop::new()?;
    let (lines, line) = log();
    let (inside, later) = (line.clone(), lp.clone());
    let mapped = Readable::from_iter(&lp, 1..=6).map_with(
        move |n: u32, _| {
            inside(format!("s{n}"));
            let (line, wait) = (inside.clone(), turns(&later, [120, 30, 80, 60, 50, 25][n as usize - 1]));
            async move {
                wait.await;
                line(format!("e{n}"));
                Ok(n * 10)
            }
        },
        HelperOptions::default().concurrency(2),
    );
    let mut chunks = Chunks::new(&mapped);
    while let Some(value) = next(&lp, &mut chunks) {
        line(format!("o{}", value?));
    }
    let expected = "s1 s2 e2 s3 e3 e1 o10 s4 o20 s5 o30 e5 s6 e4 o40 o50 e6 o60";
    // Whether a result is read before or after the calls that it makes room for is not compared.
    let sorted = |text: &str| {
        let mut parts: Vec<&str> = text.split(' ').collect();
        parts.chunk_by_mut(|a, b| !a.starts_with('e') && !b.starts_with('e')).for_each(<[&str]>::sort);
        parts.join(" ")
    };
    assert_eq!(sorted(&lines.borrow().join(" ")), sorted(expected));
    Ok(())
}

#[test]
fn results_that_wait_are_bounded() -> Result<()> {
    let lp = EventLoop::new()?;
    for (concurrency, mark, most) in [(1, None, 4), (3, None, 8), (2, Some(1), 4)] {
        let calls = Rc::new(Cell::new(0));
        let count = Rc::clone(&calls);
        let mut options = HelperOptions::default().concurrency(concurrency);
        options.high_water_mark = mark;
        let mapped = Readable::from_iter(&lp, 0..100).map_with(
            move |n, _| {
                count.set(count.get() + 1);
                ready(Ok(n))
            },
            options,
        );
        let mut chunks = Chunks::new(&mapped);
        assert_eq!(next(&lp, &mut chunks).unwrap()?, 0);
        lp.run(RunMode::Default);
        assert!((2..=most).contains(&calls.get()), "{} calls with concurrency {concurrency}", calls.get());
    }
    let never = HelperOptions::default().concurrency(0);
    let mapped = Readable::from_iter(&lp, 0..1).map_with(|n, _| ready(Ok(n)), never);
    let error = all(&lp, &mapped).unwrap_err();
    let text = "The value of \"options.concurrency\" is out of range. It must be >= 1 && <= 9007199254740991. Received 0";
    assert_eq!((error.code(), error.to_string().as_str()), (Code::OutOfRange, text));
    Ok(())
}

#[test]
fn asynchronous_forms_of_the_others() -> Result<()> {
    let lp = EventLoop::new()?;
    let numbers = |to: i32| Readable::from_iter(&lp, 1..=to);
    let two = || HelperOptions::default().concurrency(2);
    let later = lp.clone();
    let odd = move |n: i32, _: AbortSignal| {
        let wait = turns(&later, 1);
        async move {
            wait.await;
            Ok(n % 2 == 1)
        }
    };
    assert_eq!(all(&lp, &numbers(5).filter_with(odd.clone(), two()))?, [1, 3, 5]);
    assert!(lp.block_on(numbers(5).some_with(odd.clone(), two()))?);
    assert!(!lp.block_on(numbers(5).every_with(odd.clone(), two()))?);
    assert_eq!(lp.block_on(numbers(5).find_with(odd, two()))?, Some(1));
    let source = lp.clone();
    let streams =
        numbers(2).flat_map_with(move |n, _| ready(Ok(Readable::from_iter(&source, [n, n]))), two());
    assert_eq!(all(&lp, &streams)?, [1, 1, 2, 2]);
    let later = lp.clone();
    let (lines, line) = log();
    lp.block_on(numbers(4).for_each_with(
        move |n, _| {
            line(format!("s{n}"));
            let (line, wait) = (line.clone(), turns(&later, 1));
            async move {
                wait.await;
                line(format!("e{n}"));
                Ok(())
            }
        },
        two(),
    ))?;
    assert_eq!(lines.borrow().join(" "), "s1 s2 e1 s3 e2 s4 e3 e4");
    let sum = numbers(4).reduce_with(0, |sum, n, _| ready(Ok(sum + n)), None);
    assert_eq!(lp.block_on(sum)?, 10);
    Ok(())
}

#[test]
fn a_signal_gives_up() -> Result<()> {
    let lp = EventLoop::new()?;
    let waiting = || {
        let controller = AbortController::new();
        let signal = controller.signal();
        lp.set_immediate(move || controller.abort_with(Error::system_code(Code::EINTR, "wait")));
        (Readable::<u8>::pushed(&lp, ReadableOptions::default()), HelperOptions::default().signal(&signal))
    };
    let check = |error: Error, stream: &Readable<u8>| {
        assert_eq!((error.code(), error.cause().unwrap().code()), (Code::Abort, Code::EINTR));
        assert!(stream.destroyed() && aborted(stream.errored()));
    };
    let (stream, options) = waiting();
    check(lp.block_on(stream.to_array(options)).unwrap_err(), &stream);
    let (stream, options) = waiting();
    check(lp.block_on(stream.for_each_with(|_, _| ready(Ok(())), options)).unwrap_err(), &stream);
    let (stream, options) = waiting();
    let sum = stream.reduce_with(0, |sum, _, _| ready(Ok(sum)), options.signal.as_ref());
    check(lp.block_on(sum).unwrap_err(), &stream);
    let (stream, options) = waiting();
    check(all(&lp, &stream.map_with(|n, _| ready(Ok(n)), options)).unwrap_err(), &stream);

    // The function's own signal follows, and is aborted too when the result is let go of.
    let (stream, options) = waiting();
    stream.push(Some(1));
    let inner = Rc::new(RefCell::new(None));
    let slot = Rc::clone(&inner);
    let mapped = stream.map_with(
        move |n, signal: AbortSignal| {
            *slot.borrow_mut() = Some(signal);
            ready(Ok(n))
        },
        options,
    );
    assert!(all(&lp, &mapped).is_err());
    assert_eq!(inner.take().unwrap().reason().unwrap().code(), Code::EINTR);

    let signal = AbortSignal::abort(None);
    let stream = Readable::from_iter(&lp, 1..=3);
    assert!(lp.block_on(stream.to_array(HelperOptions::default().signal(&signal))).is_err());
    Ok(())
}

/// Yields `items`, then fails if told to, and tells when it is dropped.
struct Items {
    items: std::ops::Range<u32>,
    error: bool,
    dropped: Rc<Cell<bool>>,
}

impl Stream for Items {
    type Item = Result<u32>;
    fn poll_next(mut self: Pin<&mut Self>, _: &mut std::task::Context<'_>) -> Poll<Option<Result<u32>>> {
        match self.items.next() {
            Some(item) => Poll::Ready(Some(Ok(item))),
            None if self.error => Poll::Ready(Some(Err(Error::system_code(Code::EIO, "read")))),
            None => Poll::Ready(None),
        }
    }
}

impl Drop for Items {
    fn drop(&mut self) {
        self.dropped.set(true);
    }
}

#[test]
fn a_stream_of_a_futures_stream() -> Result<()> {
    let lp = EventLoop::new()?;
    let dropped = Rc::new(Cell::new(false));
    let items = |error| Items { items: 0..5, error, dropped: Rc::clone(&dropped) };
    let stream = Readable::from_stream(&lp, items(false));
    assert_eq!((stream.readable_high_water_mark(), stream.readable_object_mode()), (1, true));
    assert_eq!(all(&lp, &stream)?, [0, 1, 2, 3, 4]);
    assert!(dropped.take());

    let stream = Readable::from_stream(&lp, items(true));
    let (lines, line) = log();
    let (data, error, close) = (line.clone(), line.clone(), line);
    stream.on_data(move |n| data(format!("{n}")));
    stream.on_error(move |failed| error(failed.code().name().to_owned()));
    stream.on_close(move || close("close".to_owned()));
    lp.run(RunMode::Default);
    assert_eq!(lines.borrow().join(" "), "0 1 2 3 4 EIO close");
    assert!(dropped.take());

    let stream = Readable::from_stream(&lp, items(false));
    let target = stream.clone();
    stream.on_data(move |_| target.destroy(None));
    lp.run(RunMode::Default);
    assert!(stream.closed() && dropped.take());

    let later = turns(&lp, 2);
    let one = Readable::from_future(&lp, async move {
        later.await;
        Ok(7)
    });
    assert_eq!(all(&lp, &one)?, [7]);
    let none = Readable::<u8>::from_future(&lp, ready(Err(Error::abort())));
    assert_eq!(all(&lp, &none).unwrap_err(), Error::abort());
    assert_eq!(all(&lp, &Readable::from_bytes(&lp, "whole"))?, [Bytes::from("whole")]);
    Ok(())
}
