//! Gzip and gunzip streams.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

mod support;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use bytes::Bytes;
use nodecore_buffer::Encoding;
use nodecore_error::Code;
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_stream::{ByteChunk, Readable, TextOrBytes, Writable, WritableOptions, pipeline};
use nodecore_zlib::{Mode, ZlibOptions, ZlibStream, create_gunzip, create_gzip, gunzip_sync, gzip_sync};
use support::{Random, run, watch};

const BLOCK: usize = 256 * 1024;

fn gzip_stream(lp: &EventLoop, options: &ZlibOptions) -> ZlibStream {
    create_gzip(lp, options).unwrap()
}

#[test]
fn round_trips_whatever_the_chunks() {
    let lp = EventLoop::new().unwrap();
    let mut random = Random(11);
    for size in [0, 1, 64, 5000, 200_000, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 17] {
        let data = random.data(size);
        for threads in [1, 2, 5] {
            for largest in [100 + size / 50, 70_000, size.max(1)] {
                let chunk = 64 + random.below(40_000);
                let options = ZlibOptions::new().threads(threads).chunk_size(chunk);
                let chunks = random.chunks(&data, largest);
                let packed = run(&lp, &gzip_stream(&lp, &options), chunks);
                assert!(packed.error.is_none(), "{:?}", packed.error);
                assert!(packed.sizes.iter().all(|&size| size <= chunk));
                assert!(gunzip_sync(&packed.data, &options).unwrap() == data, "{size} {threads} {largest}");
                let chunks = random.chunks(&packed.data, largest);
                let back = run(&lp, &create_gunzip(&lp, &options).unwrap(), chunks);
                assert!(back.error.is_none() && back.data == data);
                assert!(back.sizes.iter().all(|&size| size <= chunk));
                assert!(back.events.contains(&"end".into()) && back.events.contains(&"finish".into()));
            }
        }
    }
}

#[test]
fn threads_give_the_same_bytes_whatever_the_chunks() {
    let lp = EventLoop::new().unwrap();
    let mut random = Random(12);
    for size in [0, 1000, BLOCK, 5 * BLOCK, 5 * BLOCK + 4321] {
        let data = random.data(size);
        for level in [0, 1, 3, 6, 9] {
            let options = ZlibOptions::new().level(level).threads(2);
            let expected = gzip_sync(&data, &options).unwrap();
            for threads in [2, 4] {
                for largest in [3000, 100_000, 2 * BLOCK + 1, usize::MAX >> 1] {
                    let chunks = random.chunks(&data, largest.min(size.max(1)));
                    let options = options.clone().threads(threads).chunk_size(64 + random.below(100_000));
                    let packed = run(&lp, &gzip_stream(&lp, &options), chunks);
                    assert!(packed.data == expected, "size {size}, level {level}, chunks up to {largest}");
                }
            }
        }
    }
}

#[test]
fn a_reader_that_waits_holds_everything_back() {
    let lp = EventLoop::new().unwrap();
    let total = 40_000_000;
    let bomb = gzip_sync(&vec![0; total], &ZlibOptions::new()).unwrap();
    let gunzip = create_gunzip(&lp, &ZlibOptions::new()).unwrap();
    gunzip.write(Bytes::from(bomb));
    gunzip.end();
    // Nobody reads: the stream fills its buffer, and stops.
    lp.run(RunMode::Default);
    let held = gunzip.readable_length();
    assert!((1..=256 * 1024).contains(&held), "{held} bytes wait");
    // A reader that takes a little now and then gets everything, and never more than that waits.
    let (seen, most) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
    let (count, max, stream) = (Rc::clone(&seen), Rc::clone(&most), gunzip.clone());
    gunzip.on_readable(move || {
        while let Some(chunk) = stream.read(None) {
            assert!(chunk.iter().all(|&byte| byte == 0));
            count.set(count.get() + chunk.len());
            max.set(max.get().max(stream.readable_length()));
        }
    });
    assert!(!lp.run(RunMode::Default));
    assert_eq!(seen.get(), total);
    assert!(most.get() <= 256 * 1024, "{} bytes waited", most.get());
}

#[test]
fn a_reader_that_waits_holds_threads_back() {
    let lp = EventLoop::new().unwrap();
    let noise: Vec<u8> = {
        let mut random = Random(13);
        (0..20 * BLOCK).map(|_| random.next() as u8).collect()
    };
    let gzip = gzip_stream(&lp, &ZlibOptions::new().threads(2));
    let taken = Rc::new(Cell::new(0));
    for chunk in noise.chunks(BLOCK) {
        let count = Rc::clone(&taken);
        gzip.write_with(Bytes::copy_from_slice(chunk), move |_| count.set(count.get() + 1));
    }
    gzip.end();
    lp.run(RunMode::Default);
    assert!(gzip.readable_length() <= 256 * 1024);
    assert!(gzip.bytes_written() <= 4 * BLOCK as u64, "{} bytes compressed", gzip.bytes_written());
    let outcome = watch(&gzip);
    assert!(!lp.run(RunMode::Default));
    assert!(gunzip_sync(&outcome.borrow().data, &ZlibOptions::new()).unwrap() == noise);
    assert_eq!(taken.get(), 20);
}

#[test]
fn destroying_midway_ends_it() {
    let mut random = Random(14);
    let data = Bytes::from(random.data(3_000_000));
    for threads in [1, 3] {
        for turns in 0..12 {
            let lp = EventLoop::new().unwrap();
            let gzip = gzip_stream(&lp, &ZlibOptions::new().threads(threads));
            let outcome = watch(&gzip);
            let closed = Rc::new(Cell::new(0));
            let count = Rc::clone(&closed);
            gzip.on_close(move || count.set(count.get() + 1));
            gzip.write(data.clone());
            for _ in 0..turns {
                lp.run(RunMode::NoWait);
            }
            gzip.destroy(None);
            gzip.write_with(data.clone(), |result| {
                assert_eq!(result.unwrap_err().code(), Code::StreamDestroyed)
            });
            assert!(!lp.run(RunMode::Default));
            assert_eq!(closed.get(), 1);
            assert!(!outcome.borrow().events.contains(&"end".into()));
            assert!(lp.close().is_ok());
        }
    }
}

#[test]
fn dropping_the_loop_midway_is_fine() {
    for threads in [1, 3] {
        let lp = EventLoop::new().unwrap();
        let gzip = gzip_stream(&lp, &ZlibOptions::new().threads(threads));
        gzip.write(Bytes::from(vec![5; 2_000_000]));
        lp.run(RunMode::NoWait);
        drop(gzip);
        drop(lp);
    }
}

#[test]
fn data_listeners_may_destroy_the_stream() {
    let lp = EventLoop::new().unwrap();
    let data = Bytes::from(Random(15).data(2_000_000));
    for threads in [1, 2] {
        let gzip = gzip_stream(&lp, &ZlibOptions::new().threads(threads).chunk_size(1000));
        let (stream, seen) = (gzip.clone(), Rc::new(Cell::new(0)));
        let count = Rc::clone(&seen);
        gzip.on_data(move |_| {
            count.set(count.get() + 1);
            if count.get() == 3 {
                stream.destroy(None);
            }
        });
        gzip.end_chunk(data.clone());
        assert!(!lp.run(RunMode::Default));
        assert_eq!(seen.get(), 3);
    }
}

#[test]
fn pipelines_pass_errors_on() {
    let lp = EventLoop::new().unwrap();
    let options = ZlibOptions::new();
    let data = Random(16).data(400_000);
    for cut in [false, true] {
        let mut packed = gzip_sync(&data, &options).unwrap();
        if cut {
            packed.truncate(packed.len() - 3);
        }
        let chunks: Vec<_> = packed.chunks(7777).map(Bytes::copy_from_slice).collect();
        let source = Readable::from_iter(&lp, chunks);
        let gunzip = create_gunzip(&lp, &options).unwrap();
        let (out, result) = (Rc::new(RefCell::new(Vec::new())), Rc::new(RefCell::new(None)));
        let (to, end) = (Rc::clone(&out), Rc::clone(&result));
        let sink = Writable::from_fn(&lp, WritableOptions::default(), move |_, chunk: Bytes, done| {
            to.borrow_mut().extend_from_slice(&chunk);
            done.ok();
        });
        pipeline((&source, &gunzip, &sink), move |result| *end.borrow_mut() = Some(result)).unwrap();
        assert!(!lp.run(RunMode::Default));
        match result.take().unwrap() {
            Ok(()) => assert!(!cut && *out.borrow() == data),
            Err(error) => assert!(cut && error.code() == Code::ZBufError, "{error:?}"),
        }
    }
}

#[test]
fn bytes_written_counts_what_was_taken() {
    let lp = EventLoop::new().unwrap();
    let packed = gzip_sync(b"hello", &ZlibOptions::new()).unwrap();
    let gunzip = create_gunzip(&lp, &ZlibOptions::new()).unwrap();
    run(&lp, &gunzip, [Bytes::from([&packed[..], &[0, 0, 0]].concat())]);
    assert_eq!(gunzip.bytes_written(), packed.len() as u64);
    let gzip = gzip_stream(&lp, &ZlibOptions::new().threads(2));
    run(&lp, &gzip, [Bytes::from(vec![1; 700_000])]);
    assert_eq!(gzip.bytes_written(), 700_000);
}

#[test]
fn chunks_of_other_types_flow_through_as_bytes() {
    let lp = EventLoop::new().unwrap();
    for threads in [1, 2] {
        let options = ZlibOptions::new().threads(threads);
        let gzip: ZlibStream<TextOrBytes> = ZlibStream::new(&lp, Mode::Gzip, &options).unwrap();
        let gunzip = ZlibStream::new(&lp, Mode::Gunzip, &options).unwrap();
        let text = Rc::new(RefCell::new(Vec::new()));
        let all = Rc::clone(&text);
        let sink = Writable::from_fn(&lp, WritableOptions::default(), move |_, chunk: TextOrBytes, done| {
            all.borrow_mut().extend_from_slice(&chunk.into_bytes().unwrap());
            done.ok();
        });
        pipeline((&gzip, &gunzip, &sink), |result| assert!(result.is_ok())).unwrap();
        gzip.write_text("6869", Some(Encoding::Hex));
        gzip.cork();
        gzip.write(TextOrBytes::Bytes(Bytes::from(", ")));
        gzip.end_text("you", None);
        lp.run(RunMode::Default);
        assert_eq!(*text.borrow(), b"hi, you");
    }
}
