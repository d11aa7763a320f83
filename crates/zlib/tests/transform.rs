//! What streams do beside passing bytes: flush, params, reset, close, the end of the input.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

mod support;

use std::cell::RefCell;
use std::rc::Rc;

use bytes::Bytes;
use nodecore_error::Code;
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_zlib::{
    BrotliOptions, Mode, Options, ZlibOptions, ZlibStream, ZstdOptions, constants, create_brotli_compress,
    create_brotli_decompress, create_deflate, create_deflate_raw, create_gunzip, create_gzip, create_inflate,
    create_inflate_raw, create_unzip, create_zstd_compress, create_zstd_decompress, gunzip_sync, gzip_sync,
    inflate_sync, run_sync,
};
use support::{Given, PAIRS, Random, failure, run, watch};

const TEXT: &[u8] = b"hello hello hello hello";

/// A mode whose input may stop anywhere.
fn partial(mode: Mode, input: &[u8]) -> Vec<u8> {
    let flush = if matches!(mode, Mode::BrotliDecompress | Mode::ZstdDecompress) { 1 } else { 2 };
    Given::new(&[("finishFlush", flush)]).run(mode, input).unwrap().buffer
}

#[test]
fn every_function_makes_its_stream() {
    let lp = EventLoop::new().unwrap();
    let (zlib, brotli, zstd) = (ZlibOptions::new(), BrotliOptions::new(), ZstdOptions::new());
    let streams = [
        create_deflate(&lp, &zlib),
        create_inflate(&lp, &zlib),
        create_gzip(&lp, &zlib),
        create_gunzip(&lp, &zlib),
        create_deflate_raw(&lp, &zlib),
        create_inflate_raw(&lp, &zlib),
        create_unzip(&lp, &zlib),
        create_brotli_decompress(&lp, &brotli),
        create_brotli_compress(&lp, &brotli),
        create_zstd_compress(&lp, &zstd),
        create_zstd_decompress(&lp, &zstd),
    ];
    let streams: Vec<_> = streams.into_iter().map(Result::unwrap).collect();
    for (number, (stream, mode)) in streams.iter().zip(Mode::ALL).enumerate() {
        assert_eq!((stream.mode(), mode as usize), (mode, number + 1));
        assert_eq!(Mode::from_number(mode as i32), Some(mode));
    }
    for (compress, decompressors) in PAIRS {
        let packed = run(&lp, &streams[compress as usize - 1], [TEXT.into()]).data;
        for mode in &decompressors[..1] {
            let outcome = run(&lp, &streams[*mode as usize - 1], [Bytes::from(packed.clone())]);
            assert_eq!(outcome.data, TEXT, "{mode:?}");
        }
    }
    let error = ZlibStream::<Bytes>::new(&lp, Mode::Gzip, &brotli).unwrap_err();
    assert_eq!(error.code(), Code::InvalidArgValue);
    assert_eq!(Mode::from_number(0), None);
}

#[test]
fn flushing_brings_all_out() {
    let lp = EventLoop::new().unwrap();
    for (compress, decompressors) in PAIRS {
        let stream = Given::default().stream(&lp, compress).unwrap();
        let outcome = watch(&stream);
        let mut written = Vec::new();
        for round in 0..5 {
            stream.write(TEXT.into());
            written.extend_from_slice(TEXT);
            let calls = Rc::new(RefCell::new(0));
            let count = Rc::clone(&calls);
            let kind = if compress == Mode::BrotliCompress || compress == Mode::ZstdCompress { 1 } else { 2 };
            let kind = if round % 2 == 0 { None } else { Some(kind) };
            stream
                .flush(kind, move |done| {
                    assert!(done.is_ok());
                    *count.borrow_mut() += 1;
                })
                .unwrap();
            assert_eq!(*calls.borrow(), 0, "called before it returned");
            lp.run(RunMode::Default);
            assert_eq!(*calls.borrow(), 1);
            assert_eq!(partial(decompressors[0], &outcome.borrow().data), written, "{compress:?}");
        }
        stream.end();
        lp.run(RunMode::Default);
        let data = outcome.take().data;
        for mode in decompressors {
            assert_eq!(Given::default().run(*mode, &data).unwrap().buffer, written, "{mode:?}");
        }
    }
}

#[test]
fn flushing_is_refused_or_late() {
    let lp = EventLoop::new().unwrap();
    for (compress, _) in PAIRS {
        let last = match compress {
            Mode::BrotliCompress => 3,
            Mode::ZstdCompress => 2,
            _ => 5,
        };
        let stream = Given::default().stream(&lp, compress).unwrap();
        for kind in [-1, last + 1] {
            let error = stream.flush(Some(kind), |_| panic!("called")).unwrap_err();
            let text = format!(
                "The value of \"kind\" is out of range. It must be >= 0 and <= {last}. Received {kind}"
            );
            assert_eq!((error.code(), error.to_string()), (Code::OutOfRange, text));
        }
        // Behind the end it waits for the reader's end, as in Node, and behind that it is called all the same.
        let calls = Rc::new(RefCell::new(Vec::new()));
        let outcome = watch(&stream);
        stream.end_chunk(TEXT.into());
        for name in ["first", "second"] {
            let (log, seen) = (Rc::clone(&calls), Rc::clone(&outcome));
            stream
                .flush(None, move |done| {
                    assert!(done.is_ok());
                    log.borrow_mut().push((name, seen.borrow().data.len()));
                })
                .unwrap();
            lp.run(RunMode::Default);
        }
        let length = outcome.borrow().data.len();
        assert_eq!(*calls.borrow(), [("first", length), ("second", length)]);
    }
}

#[test]
fn params_change_what_follows() {
    let lp = EventLoop::new().unwrap();
    let data = Random(3).data(30_000);
    for (mode, back) in PAIRS.iter().take(3).map(|(mode, back)| (*mode, back[0])) {
        for (level, strategy) in [(0, 0), (9, 0), (6, constants::Z_HUFFMAN_ONLY), (1, constants::Z_RLE)] {
            let stream = Given::default().stream(&lp, mode).unwrap();
            let outcome = watch(&stream);
            let sizes = Rc::new(RefCell::new(Vec::new()));
            stream.write(data.clone().into());
            let (log, seen) = (Rc::clone(&sizes), Rc::clone(&outcome));
            stream
                .params(level, strategy, move |done| {
                    assert!(done.is_ok());
                    log.borrow_mut().push(seen.borrow().data.len());
                })
                .unwrap();
            // At once, and still with the new parameters.
            stream.write(data.clone().into());
            stream.params(level, strategy, |done| assert!(done.is_ok())).unwrap();
            stream.params(6, 0, |done| assert!(done.is_ok())).unwrap();
            stream.end_chunk(data.clone().into());
            lp.run(RunMode::Default);
            assert_eq!(sizes.borrow().len(), 1);
            let packed = outcome.take().data;
            assert!(
                Given::default().run(back, &packed).unwrap().buffer == data.repeat(3),
                "{mode:?} {level}"
            );
            if level == 0 {
                assert!(packed.len() > data.len() + 5000, "the middle is stored");
            }
        }
    }
}

#[test]
fn params_are_checked() {
    let lp = EventLoop::new().unwrap();
    let gzip = create_gzip(&lp, &ZlibOptions::new()).unwrap();
    let error = gzip.params(10, 0, |_| panic!("called")).unwrap_err();
    let text = "The value of \"level\" is out of range. It must be >= -1 and <= 9. Received 10";
    assert_eq!((error.code(), error.to_string()), (Code::OutOfRange, text.into()));
    let error = gzip.params(9, 5, |_| panic!("called")).unwrap_err();
    let text = "The value of \"strategy\" is out of range. It must be >= 0 and <= 4. Received 5";
    assert_eq!((error.code(), error.to_string()), (Code::OutOfRange, text.into()));
    let brotli = create_brotli_compress(&lp, &BrotliOptions::new()).unwrap();
    let error = brotli.params(1, 0, |_| panic!("called")).unwrap_err();
    assert_eq!(error.code(), Code::MethodNotImplemented);
    let several = create_gzip(&lp, &ZlibOptions::new().threads(2)).unwrap();
    assert_eq!(several.params(1, 0, |_| panic!("called")).unwrap_err().code(), Code::MethodNotImplemented);
    assert_eq!(several.reset().unwrap_err().code(), Code::MethodNotImplemented);
    // A decompressor takes no notice of them.
    let gunzip = create_gunzip(&lp, &ZlibOptions::new()).unwrap();
    gunzip.params(1, 0, |done| assert!(done.is_ok())).unwrap();
    assert_eq!(run(&lp, &gunzip, [gzip_sync(TEXT, &ZlibOptions::new()).unwrap().into()]).data, TEXT);
}

#[test]
fn reset_starts_over() {
    let lp = EventLoop::new().unwrap();
    let dictionary = Given::default().dictionary(TEXT);
    for (mode, decompressors) in PAIRS {
        for given in [Given::default(), dictionary.clone()] {
            let stream = given.stream(&lp, mode).unwrap();
            let outcome = watch(&stream);
            stream.write("lost".into());
            lp.run(RunMode::Default);
            let before = outcome.borrow().data.len();
            stream.reset().unwrap();
            stream.write(TEXT.into());
            stream.end();
            lp.run(RunMode::Default);
            let back = given.run(decompressors[0], &outcome.borrow().data[before..]);
            assert_eq!(back.unwrap().buffer, TEXT, "{mode:?}");
            // Node counts on.
            assert_eq!(stream.bytes_written(), 4 + TEXT.len() as u64);
            let packed = given.run(mode, TEXT).unwrap().buffer;
            for &mode in decompressors {
                let stream = given.stream(&lp, mode).unwrap();
                let outcome = watch(&stream);
                stream.write(Bytes::copy_from_slice(&packed[..packed.len() / 2]));
                lp.run(RunMode::Default);
                let before = outcome.borrow().data.len();
                stream.reset().unwrap();
                stream.end_chunk(packed.clone().into());
                lp.run(RunMode::Default);
                assert_eq!(outcome.borrow().error, None, "{mode:?}");
                assert_eq!(outcome.borrow().data[before..], *TEXT, "{mode:?}");
            }
        }
    }
}

#[test]
fn reset_is_refused_midway_and_behind_the_end() {
    let lp = EventLoop::new().unwrap();
    let gzip = create_gzip(&lp, &ZlibOptions::new()).unwrap();
    gzip.write(TEXT.into());
    let error = gzip.reset().unwrap_err();
    assert_eq!(error.to_string(), "Cannot reset zlib stream while a write is in progress");
    gzip.destroy(None);
    lp.run(RunMode::Default);
    assert_eq!(gzip.reset().unwrap_err().code(), Code::StreamDestroyed);
}

#[test]
fn close_destroys() {
    let lp = EventLoop::new().unwrap();
    for (mode, _) in PAIRS {
        for turns in 0..3 {
            let stream = Given::default().stream(&lp, mode).unwrap();
            let outcome = watch(&stream);
            stream.write(vec![7; 200_000].into());
            (0..turns).for_each(|_| _ = lp.run(RunMode::NoWait));
            let seen = Rc::new(RefCell::new(Vec::new()));
            let log = Rc::clone(&seen);
            stream.close(move |result| log.borrow_mut().push(result));
            assert!(stream.destroyed());
            stream.flush(None, |done| assert!(done.is_ok())).unwrap();
            lp.run(RunMode::Default);
            assert!(stream.closed());
            assert_eq!(seen.borrow().len(), 1, "{mode:?}");
            assert!(!outcome.borrow().events.contains(&"end".into()));
        }
    }
}

#[test]
fn the_end_may_be_a_flush() {
    let lp = EventLoop::new().unwrap();
    for (compress, decompressors) in PAIRS {
        let packed = Given::default().run(compress, TEXT).unwrap().buffer;
        let flush = if matches!(compress, Mode::BrotliCompress | Mode::ZstdCompress) { 1 } else { 2 };
        let given = Given::new(&[("finishFlush", flush)]);
        for &mode in decompressors {
            for end in 0..packed.len() {
                let part = Bytes::copy_from_slice(&packed[..end]);
                let once = given.run(mode, &part).unwrap().buffer;
                assert!(TEXT.starts_with(&once));
                for parts in [vec![part.clone()], vec![part.slice(..end / 2), part.slice(end / 2..)]] {
                    let outcome = run(&lp, &given.stream(&lp, mode).unwrap(), parts);
                    assert_eq!((outcome.error, outcome.data), (None, once.clone()), "{mode:?} {end}");
                    assert!(
                        outcome.events.contains(&"end".into()) && outcome.events.contains(&"finish".into())
                    );
                }
            }
        }
        // What was compressed without an end can be read as far as it goes.
        let open = run(&lp, &given.stream(&lp, compress).unwrap(), [TEXT.into()]).data;
        assert_eq!(partial(decompressors[0], &open), TEXT, "{compress:?}");
        assert!(Given::default().run(decompressors[0], &open).is_err(), "{compress:?}");
    }
}

#[test]
fn brotli_metadata_is_left_out() {
    let lp = EventLoop::new().unwrap();
    let brotli = create_brotli_compress(&lp, &BrotliOptions::new()).unwrap();
    let outcome = watch(&brotli);
    brotli.write(TEXT.into());
    brotli.flush(Some(constants::BROTLI_OPERATION_EMIT_METADATA), |done| assert!(done.is_ok())).unwrap();
    brotli.end_chunk(TEXT.into());
    lp.run(RunMode::Default);
    let back = run_sync(Mode::BrotliDecompress, &outcome.borrow().data, &BrotliOptions::new()).unwrap();
    assert_eq!(back.buffer, TEXT.repeat(2));
    let metadata = BrotliOptions::new().finish_flush(constants::BROTLI_OPERATION_EMIT_METADATA);
    let packed = run_sync(Mode::BrotliCompress, b"all of it", &metadata).unwrap().buffer;
    assert!(packed.windows(9).any(|part| part == b"all of it"));
    let sync = BrotliOptions::new().finish_flush(constants::BROTLI_OPERATION_FLUSH);
    assert_eq!(run_sync(Mode::BrotliDecompress, &packed, &sync).unwrap().buffer, b"");
}

#[test]
fn bombs_stop_at_the_limit() {
    fn check(mode: Mode, bomb: &[u8], options: &impl Options) {
        let error = run_sync(mode, bomb, options).unwrap_err();
        let expected =
            "error RangeError ERR_BUFFER_TOO_LARGE undefined Cannot create a Buffer larger than 100000 bytes";
        assert_eq!(failure(&error), expected, "{mode:?}");
    }
    let zeros = vec![0; 30_000_000];
    for (compress, decompressors) in PAIRS {
        let given = if compress == Mode::BrotliCompress {
            Given::default().param(constants::BROTLI_PARAM_QUALITY, 3)
        } else {
            Given::default()
        };
        let bomb = given.run(compress, &zeros).unwrap().buffer;
        assert!(bomb.len() < 200_000);
        for &mode in decompressors {
            match mode {
                Mode::BrotliDecompress => {
                    check(mode, &bomb, &BrotliOptions::new().max_output_length(100_000))
                }
                Mode::ZstdDecompress => check(mode, &bomb, &ZstdOptions::new().max_output_length(100_000)),
                _ => check(mode, &bomb, &ZlibOptions::new().max_output_length(100_000)),
            }
            assert_eq!(Given::default().run(mode, &bomb).unwrap().buffer.len(), zeros.len());
        }
    }
}

#[test]
fn a_claimed_size_takes_no_memory() {
    // A frame that says it has 2 to the 60th bytes, and ends.
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0xe0];
    frame.extend_from_slice(&(1_u64 << 60).to_le_bytes());
    frame.extend_from_slice(&[1, 0, 0]);
    let error = run_sync(Mode::ZstdDecompress, &frame, &ZstdOptions::new()).unwrap_err();
    assert_eq!(error.code(), Code::ZstdFrameParameterWindowTooLarge);
}

#[test]
fn a_frame_behind_what_is_none_is_not_taken() {
    let lp = EventLoop::new().unwrap();
    let frame = Bytes::from(run_sync(Mode::ZstdCompress, TEXT, &ZstdOptions::new()).unwrap().buffer);
    for between in [&b"\x01"[..], b"\x50\x01", b"\x28\xb5\x01"] {
        let bytes = between.iter().map(|&byte| Bytes::copy_from_slice(&[byte]));
        let chunks: Vec<Bytes> = [frame.clone()].into_iter().chain(bytes).chain([frame.clone()]).collect();
        let stream = create_zstd_decompress(&lp, &ZstdOptions::new()).unwrap();
        let outcome = run(&lp, &stream, chunks);
        assert!(outcome.error.is_none() && outcome.data == TEXT, "{between:?}");
        // As in Node, the bytes that could have begun a frame are.
        assert_eq!(stream.bytes_written() as usize, frame.len() + between.len() - 1, "{between:?}");
    }
}

/// As in Node: 15 are taken, and the 16th fails.
#[test]
fn zstd_has_enough_of_empty_chunks() {
    let lp = EventLoop::new().unwrap();
    let frame = Bytes::from(run_sync(Mode::ZstdCompress, TEXT, &ZstdOptions::new()).unwrap().buffer);
    for (empty, code) in [(15, None), (16, Some("ZSTD_error_noForwardProgress_inputEmpty"))] {
        let mut chunks = vec![frame.slice(..10)];
        chunks.extend(std::iter::repeat_n(Bytes::new(), empty));
        chunks.push(frame.slice(10..));
        let outcome = run(&lp, &create_zstd_decompress(&lp, &ZstdOptions::new()).unwrap(), chunks);
        assert_eq!(outcome.error.as_ref().map(|error| error.code().name()), code, "{empty}");
    }
}

#[test]
fn zstd_on_threads_gives_one_frame() {
    let data = Random(8).data(3_000_000);
    let lp = EventLoop::new().unwrap();
    for threads in [2, 4] {
        let options = ZstdOptions::new().threads(threads).param(constants::ZSTD_c_checksumFlag, 1);
        let packed = run_sync(Mode::ZstdCompress, &data, &options).unwrap().buffer;
        assert!(run_sync(Mode::ZstdDecompress, &packed, &ZstdOptions::new()).unwrap().buffer == data);
        let stream = create_zstd_compress(&lp, &options).unwrap();
        let outcome = run(&lp, &stream, data.chunks(70_000).map(Bytes::copy_from_slice));
        let back =
            run(&lp, &create_zstd_decompress(&lp, &ZstdOptions::new()).unwrap(), [outcome.data.into()]);
        assert!(back.data == data);
    }
    let error = run_sync(Mode::ZstdCompress, b"", &ZstdOptions::new().threads(257)).unwrap_err();
    assert_eq!(error.code(), Code::OutOfRange);
}

#[test]
fn threads_flush_too() {
    let lp = EventLoop::new().unwrap();
    let gzip = create_gzip(&lp, &ZlibOptions::new().threads(2)).unwrap();
    let outcome = watch(&gzip);
    gzip.write(TEXT.into());
    gzip.flush(None, |done| assert!(done.is_ok())).unwrap();
    lp.run(RunMode::Default);
    assert_eq!(partial(Mode::Gunzip, &outcome.borrow().data), TEXT);
    gzip.end_chunk(TEXT.into());
    lp.run(RunMode::Default);
    assert_eq!(gunzip_sync(&outcome.borrow().data, &ZlibOptions::new()).unwrap(), TEXT.repeat(2));
}

#[test]
fn unzip_goes_by_the_first_two_bytes() {
    let lp = EventLoop::new().unwrap();
    let options = ZlibOptions::new();
    let deflated = run_sync(Mode::Deflate, TEXT, &options).unwrap().buffer;
    assert_eq!(inflate_sync(&deflated, &options).unwrap(), TEXT);
    for packed in [deflated, gzip_sync(TEXT, &options).unwrap()] {
        let bytes = packed.iter().map(|&byte| Bytes::copy_from_slice(&[byte]));
        assert_eq!(run(&lp, &create_unzip(&lp, &options).unwrap(), bytes).data, TEXT);
    }
}
