//! Text on both sides: `setEncoding`, `write(string, encoding)`, and the options that go with them. What is expected
//! was seen in Node 26.10.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test")]

use std::cell::RefCell;
use std::rc::Rc;

use bytes::Bytes;
use nodecore_buffer::Encoding;
use nodecore_error::{Code, Result};
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_stream::{
    AbortController, Event, Readable, ReadableOptions, TextOrBytes, Writable, WritableOptions,
    get_default_high_water_mark, high_water_mark_of, set_default_high_water_mark,
};

fn text(stream: &Readable, size: Option<usize>) -> Option<String> {
    stream.read(size).map(|chunk| String::from_utf8(chunk.to_vec()).unwrap())
}

fn pushed(lp: &EventLoop) -> Readable {
    Readable::pushed(lp, ReadableOptions::default())
}

#[test]
fn what_is_buffered_is_decoded_when_the_encoding_is_set() -> Result<()> {
    let lp = EventLoop::new()?;
    let stream = pushed(&lp);
    stream.push(Some(Bytes::from("a€")));
    stream.push(Some(Bytes::from_static(&[0xe2])));
    assert_eq!((stream.readable_length(), stream.readable_encoding()), (5, None));
    stream.set_encoding(Encoding::Utf8);
    assert_eq!((stream.readable_length(), stream.readable_encoding()), (2, Some(Encoding::Utf8)));
    stream.push(Some(Bytes::from_static(&[0x82])));
    stream.push(Some(Bytes::from_static(&[0xac, 0x41])));
    assert_eq!(stream.readable_length(), 4);
    assert_eq!(text(&stream, Some(2)).unwrap(), "a€");
    assert_eq!(text(&stream, None).unwrap(), "€A");
    stream.push(Some(Bytes::from_static(&[0xe2])));
    assert_eq!(stream.readable_length(), 0);
    stream.push(None);
    assert_eq!(stream.readable_length(), 1);
    assert_eq!(text(&stream, None).unwrap(), "\u{fffd}");
    Ok(())
}

#[test]
fn bytes_become_digits() -> Result<()> {
    let lp = EventLoop::new()?;
    let stream = Readable::pushed(&lp, ReadableOptions::default().encoding(Encoding::Hex));
    stream.push(Some(Bytes::from("ab")));
    assert_eq!(stream.readable_length(), 4);
    stream.unshift_text("q", Encoding::Utf8);
    assert_eq!(text(&stream, None).unwrap(), "716162");
    // Text that is in the stream's encoding stays as it is.
    stream.push_text("AB", Encoding::Hex);
    stream.push_text("AB", Encoding::Utf8);
    assert_eq!(text(&stream, None).unwrap(), "AB4142");

    let stream = Readable::pushed(&lp, ReadableOptions::default().encoding(Encoding::Base64));
    for byte in b"abcdefg" {
        stream.push(Some(Bytes::copy_from_slice(&[*byte])));
    }
    stream.push(None);
    let parts = [Some(3), Some(3), Some(100), None].map(|size| text(&stream, size));
    assert_eq!(parts.map(Option::unwrap_or_default), ["YWJ", "jZG", "VmZw==", ""]);
    Ok(())
}

#[test]
fn nothing_is_kept_when_the_stream_has_ended_already() -> Result<()> {
    let lp = EventLoop::new()?;
    for (ended, length) in [(true, 4), (false, 0)] {
        let stream = pushed(&lp);
        stream.push(Some(Bytes::from("a")));
        if ended {
            stream.push(None);
        }
        stream.set_encoding(Encoding::Base64);
        assert_eq!(stream.readable_length(), length);
        stream.push(None);
        assert_eq!(text(&stream, None).unwrap(), "YQ==");
    }
    Ok(())
}

#[test]
fn text_flows_whole_characters() -> Result<()> {
    let lp = EventLoop::new()?;
    let stream = pushed(&lp);
    stream.set_encoding(Encoding::Utf8);
    let seen = Rc::new(RefCell::new(Vec::new()));
    let to = Rc::clone(&seen);
    stream.on_data(move |chunk| to.borrow_mut().push(chunk));
    let source = stream.clone();
    lp.set_immediate(move || {
        for part in [&[0xe2][..], &[0x82, 0xac], &[0xe2], &[0x82]] {
            source.push(Some(Bytes::copy_from_slice(part)));
        }
        source.push(None);
    });
    lp.run(RunMode::Default);
    assert_eq!(*seen.borrow(), ["€", "\u{fffd}"]);
    assert!(stream.readable_ended());
    Ok(())
}

#[test]
fn a_pair_is_not_torn() -> Result<()> {
    let lp = EventLoop::new()?;
    let stream = Readable::pushed(&lp, ReadableOptions::default().encoding(Encoding::Utf8));
    stream.push(Some(Bytes::from("😀x")));
    assert_eq!(stream.readable_length(), 3);
    assert_eq!(text(&stream, Some(1)).unwrap(), "😀");
    assert_eq!(stream.readable_length(), 1);

    let wide = Readable::pushed(&lp, ReadableOptions::default().encoding(Encoding::Utf16le));
    for part in [&[0x61][..], &[0, 0x3d, 0xd8], &[0, 0xde]] {
        wide.push(Some(Bytes::copy_from_slice(part)));
    }
    assert_eq!((wide.readable_length(), text(&wide, None).unwrap().as_str()), (3, "a😀"));
    Ok(())
}

#[test]
fn in_object_mode_every_chunk_is_text() -> Result<()> {
    let lp = EventLoop::new()?;
    let options = ReadableOptions::default().object_mode(true).encoding(Encoding::Utf8);
    let stream = Readable::pushed(&lp, options);
    stream.push(Some(Bytes::from_static(&[0xe2])));
    assert_eq!(stream.readable_length(), 1);
    stream.push(None);
    assert_eq!(stream.readable_length(), 2);
    assert_eq!(
        (text(&stream, None).unwrap(), text(&stream, None).unwrap()),
        (String::new(), "\u{fffd}".into())
    );
    Ok(())
}

#[test]
fn text_without_an_encoding_becomes_bytes() -> Result<()> {
    let lp = EventLoop::new()?;
    let stream = pushed(&lp);
    stream.push_text("ff", Encoding::Hex);
    assert_eq!(stream.read(None).unwrap(), [0xff][..]);
    let error = "nope".parse::<Encoding>().unwrap_err();
    assert_eq!((error.code(), error.to_string().as_str()), (Code::UnknownEncoding, "Unknown encoding: nope"));
    Ok(())
}

#[test]
fn text_is_written_as_the_bytes_it_stands_for() -> Result<()> {
    let lp = EventLoop::new()?;
    let seen = Rc::new(RefCell::new(Vec::new()));
    let to = Rc::clone(&seen);
    let options = WritableOptions::default().default_encoding(Encoding::Hex);
    let sink = Writable::from_fn(&lp, options, move |_, chunk: Bytes, done| {
        to.borrow_mut().push(chunk);
        done.ok();
    });
    sink.write_text("ff", None);
    sink.write_text("€", Some(Encoding::Utf8));
    sink.set_default_encoding(Encoding::Base64);
    assert_eq!(sink.writable_default_encoding(), Encoding::Base64);
    sink.end_text("/w==", None);
    lp.run(RunMode::Default);
    assert_eq!(*seen.borrow(), [&[0xff][..], "€".as_bytes(), &[0xff]]);
    Ok(())
}

#[test]
fn text_that_is_not_decoded_is_counted_in_units() -> Result<()> {
    let lp = EventLoop::new()?;
    let options = WritableOptions::default().high_water_mark(3);
    let sink = Writable::from_fn(&lp, options, |_, _: TextOrBytes, done| done.ok());
    sink.cork();
    assert!(sink.write_text("€€", None));
    assert_eq!(sink.writable_length(), 2);
    assert!(!sink.write(Bytes::from("a").into()));
    assert_eq!(sink.writable_length(), 3);
    assert!(sink.writable_need_drain());
    Ok(())
}

#[test]
fn a_high_water_mark_has_to_be_a_count() {
    for (value, shown) in [(-1.0, "-1"), (f64::NAN, "NaN"), (1.5, "1.5"), (f64::INFINITY, "Infinity")] {
        let error = high_water_mark_of(value, "readableHighWaterMark").unwrap_err();
        assert_eq!(error.code(), Code::InvalidArgValue);
        let text = format!("The property 'options.readableHighWaterMark' is invalid. Received {shown}");
        assert_eq!(error.to_string(), text);
    }
    assert_eq!(high_water_mark_of(0.0, "highWaterMark"), Ok(0));
}

#[test]
fn the_default_marks_are_those_of_new_streams() -> Result<()> {
    let lp = EventLoop::new()?;
    assert_eq!(pushed(&lp).readable_high_water_mark(), get_default_high_water_mark(false));
    set_default_high_water_mark(false, 32);
    set_default_high_water_mark(true, 2);
    assert_eq!((get_default_high_water_mark(false), get_default_high_water_mark(true)), (32, 2));
    assert_eq!(pushed(&lp).readable_high_water_mark(), 32);
    let objects = Readable::<u8>::pushed(&lp, ReadableOptions::default());
    assert_eq!(objects.readable_high_water_mark(), 2);
    Ok(())
}

#[test]
fn the_signal_of_the_options_destroys() -> Result<()> {
    let lp = EventLoop::new()?;
    let controller = AbortController::new();
    let source = Readable::<u8>::pushed(&lp, ReadableOptions::default().signal(controller.signal()));
    controller.abort();
    let sink =
        Writable::from_fn(&lp, WritableOptions::default().signal(controller.signal()), |_, _: u8, done| {
            done.ok()
        });
    assert!(source.destroyed() && sink.destroyed());
    let events = Rc::new(RefCell::new(Vec::new()));
    for (name, errors, on) in [("source", Rc::clone(&events), 0), ("sink", Rc::clone(&events), 1)] {
        let closed = Rc::clone(&errors);
        let told = move |error: &nodecore_error::Error| {
            let cause = error.cause().unwrap();
            errors.borrow_mut().push(format!("{name} {} {error} / {cause}", error.code().name()));
        };
        let close = move || closed.borrow_mut().push(format!("{name} close"));
        if on == 0 {
            source.on_error(told);
            source.on(Event::Close, close);
        } else {
            sink.on_error(told);
            sink.on(Event::Close, close);
        }
    }
    lp.run(RunMode::Default);
    let error = "ABORT_ERR The operation was aborted / This operation was aborted";
    let expected =
        [format!("source {error}"), "source close".into(), format!("sink {error}"), "sink close".into()];
    assert_eq!(*events.borrow(), expected);
    Ok(())
}
