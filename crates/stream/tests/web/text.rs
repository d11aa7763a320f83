//! Text streams here and in Node: what comes out, what is told of each write, in the same order.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::rc::Rc;

use bytes::Bytes;
use nodecore_buffer::{Encoding, JsString, TextDecoderOptions, encode};
use nodecore_error::{Error, Result};
use nodecore_event_loop::{EventLoop, RunMode};
use nodecore_stream::Chunk;
use nodecore_stream::web::{
    AsText, DecodedText, Promise, ReadableStreamDefaultReader, ReadableWritablePair, TextDecoderStream,
    TextEncoderStream,
};
use nodecore_testdata::node::{self, Case, Exam, Node, Random};

type Log = Rc<RefCell<Vec<String>>>;

fn failure(error: &Error) -> String {
    format!("{} {} {error}", error.class().name(), error.code().name())
}

fn told<T: Clone + 'static>(lp: &EventLoop, log: &Log, promise: &Promise<T>, name: &'static str) {
    let log = Rc::clone(log);
    promise.then(lp, move |result| {
        let line = result.map_or_else(|error| format!("{name}: {}", failure(&error)), |_| name.to_owned());
        log.borrow_mut().push(line);
    });
}

fn read<R: Chunk>(
    lp: &EventLoop,
    log: &Log,
    reader: Rc<ReadableStreamDefaultReader<R>>,
    shown: fn(&R) -> String,
) {
    let (own, log) = (lp.clone(), Rc::clone(log));
    reader.read().then(lp, move |result: Result<Option<R>>| match result {
        Ok(Some(value)) => {
            log.borrow_mut().push(shown(&value));
            read(&own, &log, Rc::clone(&reader), shown);
        }
        Ok(None) => log.borrow_mut().push("end".to_owned()),
        Err(error) => log.borrow_mut().push(format!("read: {}", failure(&error))),
    });
}

fn flow<R: Chunk, W: Chunk>(
    lp: &EventLoop,
    pair: ReadableWritablePair<R, W>,
    chunks: impl IntoIterator<Item = W>,
    shown: fn(&R) -> String,
) -> String {
    let log = Log::default();
    let writer = pair.writable.get_writer().unwrap();
    read(lp, &log, Rc::new(pair.readable.get_reader().unwrap()), shown);
    told(lp, &log, &writer.closed(), "closed");
    for chunk in chunks {
        told(lp, &log, &writer.write(chunk), "written");
    }
    told(lp, &log, &writer.close(), "close");
    lp.run(RunMode::Default);
    log.take().join("|")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn shown<T: AsText>(text: &T) -> String {
    hex(&encode(text.as_text(), Encoding::Utf8))
}

fn decode<T: DecodedText>(
    lp: &EventLoop,
    label: &str,
    options: TextDecoderOptions,
    chunks: &[Bytes],
) -> String {
    match TextDecoderStream::<T>::new(lp, label, options) {
        Err(error) => failure(&error),
        Ok(stream) => {
            let head = format!("{} {} {}|", stream.encoding(), stream.fatal(), stream.ignore_bom());
            head + &flow(lp, (&stream).into(), chunks.iter().cloned(), shown::<T>)
        }
    }
}

fn decode_case(lp: &EventLoop, label: &str, options: TextDecoderOptions, chunks: &[Bytes]) -> Case {
    let answer = decode::<String>(lp, label, options, chunks);
    assert_eq!(decode::<JsString>(lp, label, options, chunks), answer);
    assert_eq!(decode::<Vec<u16>>(lp, label, options, chunks), answer);
    assert_eq!(decode::<Rc<str>>(lp, label, options, chunks), answer);
    let mut question = format!("decode,{label},{},{}", options.fatal, options.ignore_bom);
    chunks.iter().for_each(|chunk| write!(question, ",{}", hex(chunk)).unwrap());
    Case { question, answer }
}

fn encode_case(lp: &EventLoop, chunks: &[Vec<u16>]) -> Case {
    let run = |stream: &TextEncoderStream<Vec<u16>>| {
        assert_eq!(stream.encoding(), "utf-8");
        flow(lp, stream.into(), chunks.iter().cloned(), |bytes| hex(bytes))
    };
    let answer = run(&TextEncoderStream::new(lp).unwrap());
    let js = chunks.iter().cloned().map(JsString::Utf16);
    let same = flow(lp, (&TextEncoderStream::new(lp).unwrap()).into(), js, |bytes| hex(bytes));
    assert_eq!(same, answer);
    let texts: std::result::Result<Vec<String>, _> =
        chunks.iter().map(|chunk| String::from_utf16(chunk)).collect();
    if let Ok(texts) = texts {
        let same = flow(lp, (&TextEncoderStream::new(lp).unwrap()).into(), texts, |bytes| hex(bytes));
        assert_eq!(same, answer);
    }
    let mut question = "encode".to_owned();
    for chunk in chunks {
        let bytes: Vec<u8> = chunk.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        write!(question, ",{}", hex(&bytes)).unwrap();
    }
    Case { question, answer }
}

#[test]
fn text_streams_agree_with_node() {
    let Some(node) = Node::find() else { return };
    let mut exam = Exam::new(node, "stream/web", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/web/text.js"));
    let mut random = Random::new("text streams");
    let lp = EventLoop::new().unwrap();
    let mut cases = Vec::new();
    for label in ["utf-8", "UTF8", " latin1 ", "utf-7", "", "hz-gb-2312", "x-user-defined", "utf-16be"] {
        cases.push(decode_case(&lp, label, TextDecoderOptions::default(), &[Bytes::from_static(b"a\xc3")]));
    }
    let units = [0x61, 0xe9, 0x20ac, 0xd83d, 0xde00, 0xd83d, 0xde00, 0xfeff, 0xfffd];
    let bytes: [&[u8]; 9] = [
        b"a",
        "é".as_bytes(),
        "€".as_bytes(),
        "😀".as_bytes(),
        b"\xff",
        b"\xe2\x82",
        b"\xef\xbb\xbf",
        b"\0",
        b"\x3d\xd8",
    ];
    for _ in 0..node::cases(2000) {
        let chunks: Vec<Vec<u16>> = (0..random.below(6))
            .map(|_| (0..random.below(4)).map(|_| units[random.below(units.len())]).collect())
            .collect();
        cases.push(encode_case(&lp, &chunks));
        let mut all: Bytes = (0..random.below(6)).flat_map(|_| random.pick(&bytes).to_vec()).collect();
        let mut chunks = Vec::new();
        while !all.is_empty() {
            chunks.push(all.split_to(random.below(all.len().min(5) + 1)));
        }
        let label = random.pick(&["utf-8", "utf-8", "utf-16le", "utf-16be", "windows-1252", "gb18030"]);
        let options =
            TextDecoderOptions::default().fatal(random.below(3) == 0).ignore_bom(random.below(3) == 0);
        cases.push(decode_case(&lp, label, options, &chunks));
    }
    // Node drops a mark in the middle too, where the chunks before it were only the beginning of a character.
    let plain = |log: &str| log.replace("efbbbf", "").replace("||", "|");
    exam.ask(&cases, |case, answer| {
        case.question.starts_with("decode,utf-8,") && plain(answer) == plain(&case.answer)
    });
    exam.close();
}
