//! Asks a real Node 26 the same of ZIP archives as this crate and compares every answer: see
//! `nodecore_testdata::node`.
#![cfg(feature = "zip")]
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation, clippy::disallowed_methods)]

mod support;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use bytes::Bytes;
use nodecore_error::Result;
use nodecore_event_loop::EventLoop;
use nodecore_stream::{Readable, consumers};
use nodecore_testdata::node::{self, Case, Exam, Node};
use nodecore_zlib::zip::{
    ZipArchiveOptions, ZipBuffer, ZipContentOptions, ZipEntry, ZipEntryOptions, ZipFile, ZipFileOptions,
    ZipMethod, create_zip_archive, create_zip_archive_sync,
};
use nodecore_zlib::{ZlibOptions, ZstdOptions, deflate_raw_sync, zstd_compress_sync};
use support::{Random, failure, hex};

const SECOND: i64 = 1_704_164_645_000;

fn now(result: Result<String>) -> String {
    result.unwrap_or_else(|error| failure(&error))
}

/// As [`now`], of what stands among other things: an error is `!` and its text in hexadecimal.
fn inner(result: Result<Vec<u8>>) -> String {
    result.map_or_else(|error| format!("!{}", hex(failure(&error).as_bytes())), |bytes| hex(&bytes))
}

fn show(entry: &ZipEntry) -> String {
    let text = |text: String| hex(text.as_bytes());
    let mut out = format!("{},{},{}", text(entry.name()), hex(&entry.name_buffer()), text(entry.comment()));
    let (size, packed, crc) =
        (entry.size().unwrap(), entry.compressed_size().unwrap(), entry.crc32().unwrap());
    let _ = write!(out, ",{size},{packed},{crc},{},{}", entry.flags(), entry.mode());
    let _ = write!(out, ",{},{}", entry.modified(), entry.method());
    let _ = write!(out, ",{},{},{}", entry.is_file(), entry.is_directory(), entry.is_symlink());
    let _ = write!(out, ",{}", inner(entry.content_sync(&ZipContentOptions::new())));
    out
}

fn read(archive: &[u8]) -> Result<String> {
    let zip = ZipBuffer::new(archive.to_vec())?;
    let entries: Vec<_> = zip.values().map(show).collect();
    let again = inner(zip.to_buffer_sync(&ZipArchiveOptions::new()));
    Ok(format!("{} {} {again}", entries.join(";"), hex(zip.comment().as_bytes())))
}

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("nodecore-zip-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = std::fs::remove_dir_all(&self.0);
    }
}

fn file(folder: &Folder, archive: &[u8]) -> Result<String> {
    let path = folder.0.join("a.zip");
    std::fs::write(&path, archive).unwrap();
    let zip = ZipFile::open_sync(&path, &ZipFileOptions::new())?;
    let entries: Vec<_> = zip.values_sync()?.iter().map(show).collect();
    let again = inner(zip.compact_sync(None));
    zip.close_sync()?;
    Ok(format!("{} {} {again}", entries.join(";"), hex(zip.comment().as_bytes())))
}

/// `None` deletes.
type Step = (&'static str, Option<Vec<u8>>);

fn change(folder: &Folder, archive: &[u8], steps: &[Step]) -> Result<String> {
    let path = folder.0.join("b.zip");
    std::fs::write(&path, archive).unwrap();
    let zip = ZipFile::open_sync(&path, &ZipFileOptions::new().writable(true))?;
    for (name, data) in steps {
        match data {
            None => _ = zip.delete_sync(name)?,
            Some(data) => {
                let options = ZipEntryOptions::new().method(ZipMethod::Store).modified(SECOND);
                zip.add_sync(name, data.clone(), &options)?;
            }
        }
    }
    zip.close_sync()?;
    Ok(hex(&std::fs::read(&path).unwrap()))
}

fn field(id: u16, value: &[u8]) -> Vec<u8> {
    let mut out = id.to_le_bytes().to_vec();
    out.extend((value.len() as u16).to_le_bytes());
    out.extend(value);
    out
}

/// A random extra field: times, paths, Zip64, what nobody knows, and what is cut off.
fn extra(random: &mut Random, name: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for _ in 0..random.below(3) {
        let seconds = (1_600_000_000 + random.below(1_000_000) as u32).to_le_bytes();
        let short = |bytes: Vec<u8>, random: &mut Random| match random.below(8) {
            0 => bytes[..random.below(bytes.len())].to_vec(),
            _ => bytes,
        };
        out.extend(match random.below(8) {
            0 => field(0x5455, &short([&[random.below(8) as u8][..], &seconds].concat(), random)),
            1 => field(0x5855, &short([&seconds[..], &seconds].concat(), random)),
            2 => {
                let ticks = (130_000_000_000_000_000 + random.below(1 << 50) as u64).to_le_bytes();
                let attribute = [&[0, 0, 0, 0, 1, 0, 24, 0][..], &ticks, &ticks, &ticks].concat();
                field(0x000a, &short(attribute, random))
            }
            3 => {
                let version = 1 + random.below(8) as u8 / 7;
                field(0x7075, &[&[version][..], &crc32(name).to_le_bytes(), "é/x".as_bytes()].concat())
            }
            4 => field(1, &[0; 20][..random.below(21)]),
            5 => field(0x1234, &[7; 9][..random.below(9)]),
            6 => vec![0x34, 0x12, 9, 0, 1],
            _ => Vec::new(),
        });
    }
    out
}

fn crc32(data: &[u8]) -> u32 {
    nodecore_zlib::crc32(data, 0)
}

/// An archive as strange tools write them.
fn archive(random: &mut Random) -> Vec<u8> {
    let mut out = vec![b'#'; [0, 0, 9][random.below(3)]];
    let pre = out.len() as u64;
    let shifted = if random.below(2) == 0 { 0 } else { pre };
    let (mut directory, count) = (Vec::new(), random.below(4));
    for index in 0..count {
        let names: [&[u8]; 9] =
            [b"a", b"b", b"a", b"dir/", "\u{e9}".as_bytes(), b"\x81\xff", b"x\"\n\\", b"../up", b""];
        let name = names[random.below(names.len())];
        let size = [0, 1, 30, 400][random.below(4)];
        let data = random.data(size);
        let method = [0u16, 8, 93, 8, 12][random.below(5)];
        let packed = match method {
            8 => deflate_raw_sync(&data, &ZlibOptions::new()).unwrap(),
            93 => zstd_compress_sync(&data, &ZstdOptions::new()).unwrap(),
            _ => data.clone(),
        };
        let flags = [0u16, 0x800, 8, 0x808, 1][random.below(5)];
        let (central, local) = (extra(random, name), extra(random, name));
        let comment: &[u8] = [&b""[..], b"c", b"\x82"][random.below(3)];
        let dos = [0x1883_u16, 0xbf7d, 0][random.below(3)];
        let date = [0x5822_u16, 0xffff, 0][random.below(3)];
        let start = out.len() as u64 - shifted;
        let wide = random.below(6) == 0;
        let sizes = if wide { [u32::MAX; 2] } else { [packed.len() as u32, data.len() as u32] };
        let zip64 = |extra: Vec<u8>| match wide {
            true => {
                let sizes = [(data.len() as u64).to_le_bytes(), (packed.len() as u64).to_le_bytes()].concat();
                [field(1, &sizes), extra].concat()
            }
            false => extra,
        };
        let (central, local) = (zip64(central), zip64(local));
        let mut common = [20u16, flags, method, dos, date].map(u16::to_le_bytes).concat();
        let behind = flags & 8 != 0 && random.below(2) == 0;
        let told = if behind { [0, 0, 0] } else { [crc32(&data), sizes[0], sizes[1]] };
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(told.map(u32::to_le_bytes).concat());
        out.extend([name.len() as u16, local.len() as u16].map(u16::to_le_bytes).concat());
        out.extend([name, &local, &packed].concat());
        if behind {
            out.extend(b"PK\x07\x08");
            out.extend([crc32(&data), packed.len() as u32, data.len() as u32].map(u32::to_le_bytes).concat());
        }
        let host = [0x0314u16, 20, 0x0a14][random.below(3)];
        let external = [0o100_644_u32 << 16, 0o120_777 << 16, 0x10, 0o104_755 << 16][random.below(4)];
        common.splice(0..0, host.to_le_bytes());
        directory.extend(b"PK\x01\x02");
        directory.extend(common);
        directory.extend([crc32(&data), sizes[0], sizes[1]].map(u32::to_le_bytes).concat());
        let lengths = [name.len(), central.len(), comment.len(), 0, index];
        directory.extend(lengths.map(|length| (length as u16).to_le_bytes()).concat());
        directory.extend(external.to_le_bytes());
        directory.extend((start as u32).to_le_bytes());
        directory.extend([name, &central, comment].concat());
    }
    let start = out.len() as u64 - shifted;
    let (size, place) = (directory.len() as u64, out.len() as u64 + directory.len() as u64);
    out.extend(directory);
    let wide = random.below(5) == 0;
    if wide {
        out.extend(b"PK\x06\x06\x2c\0\0\0\0\0\0\0\x2d\0\x2d\0\0\0\0\0\0\0\0\0");
        out.extend([count as u64, count as u64, size, start].map(u64::to_le_bytes).concat());
        out.extend(b"PK\x06\x07\0\0\0\0");
        out.extend((place - shifted).to_le_bytes());
        out.extend(1u32.to_le_bytes());
    }
    let hidden = wide && random.below(2) == 0;
    out.extend(b"PK\x05\x06\0\0\0\0");
    let count = if hidden { u16::MAX } else { count as u16 };
    out.extend([count, count].map(u16::to_le_bytes).concat());
    out.extend(
        [size, start].map(|value| if hidden { u32::MAX } else { value as u32 }.to_le_bytes()).concat(),
    );
    let comment: &[u8] = [&b""[..], b"comment", b"\x80PK\x05\x06", "\u{e9}".as_bytes()][random.below(4)];
    out.extend((comment.len() as u16).to_le_bytes());
    out.extend(comment);
    out.extend(&[0; 30][..[0, 0, 0, 4, 30][random.below(5)]]);
    out
}

fn damage(random: &mut Random, archive: &mut Vec<u8>) {
    for _ in 0..1 + random.below(2) {
        let at = random.below(archive.len());
        match random.below(8) {
            0 => archive.truncate(at),
            1 => archive[at] = 0,
            2 => archive[at] = 0xff,
            3 => archive[at] ^= 1 << random.below(8),
            4 => archive[at] = archive[at].wrapping_add(1),
            5 => archive.insert(at, random.next() as u8),
            6 => _ = archive.remove(at),
            _ => {
                let end = archive.len().min(at + 4);
                archive[at..end].fill(0xff);
            }
        }
        if archive.is_empty() {
            return;
        }
    }
}

fn ask_of(folder: &Folder, lp: &EventLoop, archive: &[u8], random: &mut Random, cases: &mut Vec<Case>) {
    let bytes = hex(archive);
    cases.push(Case { question: format!("read\t0\t{bytes}"), answer: now(read(archive)) });
    if random.below(3) == 0 {
        cases.push(Case { question: format!("file\t0\t{bytes}"), answer: now(file(folder, archive)) });
    }
    if random.below(3) == 0 {
        let steps: Vec<Step> = (0..1 + random.below(3))
            .map(|_| {
                let name = ["a", "b", "dir/", "n", "\u{e9}"][random.below(5)];
                let data = if name.ends_with('/') { vec![] } else { vec![b'x'; random.below(9)] };
                (name, (random.below(2) == 0).then_some(data))
            })
            .collect();
        let shown: Vec<_> = steps
            .iter()
            .map(|(name, data)| match data {
                None => format!(r#"["delete","{}"]"#, name.replace('\u{e9}', "\\u00e9")),
                Some(data) => format!(r#"["add","{}","{}"]"#, name.replace('\u{e9}', "\\u00e9"), hex(data)),
            })
            .collect();
        let question = format!("change\t[{}]\t{bytes}", shown.join(","));
        cases.push(Case { question, answer: now(change(folder, archive, &steps)) });
    }
    if random.below(3) == 0 {
        let mut options = ZipContentOptions::new();
        let mut json = Vec::new();
        if random.below(4) == 0 {
            options = options.verify(false);
            json.push("\"verify\":false");
        }
        if random.below(4) == 0 {
            options = options.max_size(20);
            json.push("\"maxSize\":20");
        }
        let question = format!("pieces\t{{{}}}\t{bytes}", json.join(","));
        let answer = now(pieces(lp, archive, &options, random.below(2) == 0));
        cases.push(Case { question, answer });
    }
}

/// The content of the first entry a piece at a time, blocking or as a stream.
fn pieces(lp: &EventLoop, archive: &[u8], options: &ZipContentOptions, sync: bool) -> Result<String> {
    let entries = ZipEntry::read(archive.to_vec())?;
    let Some(entry) = entries.first() else {
        let text = "Cannot read properties of undefined (reading 'contentIterator')";
        return Ok(format!(" error TypeError undefined undefined {text}"));
    };
    let (mut data, mut end) = (Vec::new(), String::from("end"));
    match entry.content_iterator(options) {
        Err(error) => end = failure(&error),
        Ok(content) if sync => {
            for piece in content {
                match piece {
                    Ok(piece) => data.extend(piece),
                    Err(error) => end = failure(&error),
                }
            }
        }
        Ok(content) => {
            let stream = content.stream(lp);
            let got = std::rc::Rc::new(RefCell::new((Vec::new(), end.clone())));
            let (sink, fault) = (got.clone(), got.clone());
            stream.on_data(move |piece| sink.borrow_mut().0.extend(piece));
            stream.on_error(move |error| fault.borrow_mut().1 = failure(error));
            lp.run(nodecore_event_loop::RunMode::Default);
            (data, end) = got.take();
        }
    }
    Ok(format!("{} {end}", hex(&data)))
}

/// Why an answer is right that is not Node's.
fn excuse(case: &Case, theirs: &str) -> Option<&'static str> {
    let ours = case.answer.as_str();
    let (verb, _) = case.question.split_once('\t')?;
    if theirs == "never" {
        return (verb == "pieces" && ours.contains(" error ")).then_some("Node never answers");
    }
    // Of numbers in damaged Zip64 records Node 26.10 uses some that are of another disk, that it cannot hold, or that do
    // not stand where they should.
    let numbers = [
        "Zip64 end of central directory record not found",
        "multi-disk archives are not supported",
        "64-bit field exceeds the safe integer range",
    ];
    let refused = ours.starts_with("error ") && numbers.iter().any(|text| ours.ends_with(text));
    if refused && (case.question.contains(LOCATOR) || theirs.starts_with("error ")) {
        return Some("Zip64 numbers that Node takes");
    }
    match verb {
        "read" | "file" => listed(ours, theirs, verb == "file"),
        "pieces" => cut_short(ours, theirs),
        _ => None,
    }
}

/// What a Zip64 locator begins with.
const LOCATOR: &str = "504b0607";

/// Of two lists of entries that differ in nothing but errors of contents.
fn listed(ours: &str, theirs: &str, file: bool) -> Option<&'static str> {
    let parts = |answer: &str| -> Option<[String; 3]> {
        let parts: Vec<_> = answer.splitn(3, ' ').map(str::to_owned).collect();
        if answer.starts_with("error ") { None } else { parts.try_into().ok() }
    };
    let ([here, comment, again], [there, other, archive]) = (parts(ours)?, parts(theirs)?);
    // Node 26.10 reads a member of a file whose headers disagree from a wrong place.
    let contradicts =
        |ours: &str| file && shown(ours).is_some_and(|text| text.contains("ERR_ZIP_INVALID_ARCHIVE"));
    if comment != other || here.split(';').count() != there.split(';').count() {
        return None;
    }
    let mut reason = None;
    if again != archive {
        reason = Some("headers of a file that disagree").filter(|_| contradicts(&again));
        reason?;
    }
    for (here, there) in here.split(';').zip(there.split(';')).filter(|(here, there)| here != there) {
        let ((known, ours), (told, theirs)) = (here.rsplit_once(',')?, there.rsplit_once(',')?);
        if known != told {
            return None;
        }
        reason = if contradicts(ours) {
            Some("headers of a file that disagree")
        } else {
            let (ours, theirs) = (shown(ours)?, shown(theirs)?);
            let corrupt = |text: &str| text.contains("ERR_ZIP_ENTRY_CORRUPT") && text.contains(" failed to ");
            if plain(&ours) == plain(&theirs) {
                Some("texts of zlib-rs")
            } else {
                // The codecs come to one or the other first.
                let much = ours.contains("beyond its declared size") && corrupt(&theirs);
                much.then_some("data that is damaged and too much")
            }
        };
        reason?;
    }
    reason
}

/// The text of an error that stands among other things.
fn shown(field: &str) -> Option<String> {
    let digits = field.strip_prefix('!')?.as_bytes().chunks(2);
    let byte = |pair: &[u8]| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok();
    String::from_utf8(digits.map(byte).collect::<Option<_>>()?).ok()
}

/// An error's text without what zlib-rs does not tell apart.
fn plain(text: &str) -> String {
    let vague = ["invalid literal/length code", "invalid distance code"];
    vague.iter().fold(text.to_owned(), |text, vague| text.replace(vague, "invalid distance too far back"))
}

/// Of pieces that end in the same error, but not as many of them.
fn cut_short(ours: &str, theirs: &str) -> Option<&'static str> {
    let ((here, ours), (there, theirs)) = (ours.split_once(" error")?, theirs.split_once(" error")?);
    let same = plain(ours) == plain(theirs) && (here.starts_with(there) || there.starts_with(here));
    same.then_some("pieces before an error")
}

fn create_cases(lp: &EventLoop, random: &mut Random, cases: &mut Vec<Case>) {
    let names = ["a", "dir/", "\u{e9}", "", "\u{1f600}/x"];
    let name = names[random.below(names.len())];
    let mut json = vec![String::from("\"method\":\"store\"")];
    let mut options = ZipEntryOptions::new().method(ZipMethod::Store);
    let times =
        [SECOND, 0, -1000, 2_147_483_647_000, 2_147_483_648_000, 4_354_819_199_000, 1 << 50, -(1 << 50)];
    let modified = times[random.below(8)] + random.below(4000) as i64;
    json.push(format!("\"modified\":{modified}"));
    options = options.modified(modified);
    if random.below(2) == 0 {
        let mode = random.below(1 << 17) as u32;
        json.push(format!("\"mode\":{mode}"));
        options = options.mode(mode);
    }
    if random.below(2) == 0 {
        json.push("\"comment\":\"hi\"".into());
        options = options.comment("hi");
    }
    let size = random.below(40);
    let data = random.data(size);
    if random.below(3) == 0 {
        let question = format!(
            "stream\t{{{}}}\t{}\t{}\t{}",
            json.join(","),
            hex(name.as_bytes()),
            hex(&data),
            hex(b"end")
        );
        let made = || {
            let source = Readable::from_iter(lp, [Bytes::from(data.clone()), Bytes::from_static(b"end")]);
            let entry = ZipEntry::create_stream(name, &source, &options)?;
            let archive = create_zip_archive(lp, [entry], &ZipArchiveOptions::new())?;
            Ok(hex(&lp.block_on(consumers::buffer(&archive))?))
        };
        cases.push(Case { question, answer: now(made()) });
        return;
    }
    let mut archive = ZipArchiveOptions::new();
    if random.below(3) == 0 {
        let offset = [1, 0xffff_ffff, 0xffff_ffff - 40, 1 << 50, 1 << 53][random.below(5)];
        json.push(format!("\"baseOffset\":{offset}"));
        archive = archive.base_offset(offset);
    }
    let link = random.below(4) == 0;
    json.push(format!("\"link\":{link}"));
    let target = "../target";
    let shown = if link { hex(target.as_bytes()) } else { hex(&data) };
    let question = format!("create\t{{{}}}\t{}\t{shown}", json.join(","), hex(name.as_bytes()));
    let made = || {
        let entry = match link {
            true => ZipEntry::create_symlink(name, target, &options)?,
            false => ZipEntry::create_sync(name, data, &options)?,
        };
        let pieces: Result<Vec<Bytes>> = create_zip_archive_sync([entry], &archive)?.collect();
        Ok(hex(&pieces?.concat()))
    };
    cases.push(Case { question, answer: now(made()) });
}

#[test]
fn agrees_with_node() {
    let Some(node) = Node::find() else { return };
    let mut exam = Exam::new(node, "zip", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/node/zip.js"));
    let mut random = Random(node::seed().wrapping_mul(2) | 1);
    let (lp, folder) = (EventLoop::new().unwrap(), Folder::new("node"));
    let (mut cases, mut asked) = (Vec::new(), 0);
    let excused = RefCell::new(BTreeMap::<&str, usize>::new());
    let same = |case: &Case, answer: &str| {
        let reason = excuse(case, answer);
        *excused.borrow_mut().entry(reason.unwrap_or("none")).or_default() += 1;
        reason.is_some()
    };
    // Every byte of a small archive changed, and every beginning of it.
    let small = archive(&mut Random(7));
    for at in 0..small.len() {
        for change in [0x01, 0xff] {
            let mut bytes = small.clone();
            bytes[at] ^= change;
            ask_of(&folder, &lp, &bytes, &mut random, &mut cases);
        }
        ask_of(&folder, &lp, &small[..at], &mut random, &mut cases);
    }
    exam.ask(&cases, same);
    asked += cases.len();
    let mut left = node::cases(1500);
    while left > 0 {
        let count = left.min(1500);
        left -= count;
        cases.clear();
        for _ in 0..count {
            let mut bytes = archive(&mut random);
            if random.below(2) == 0 {
                damage(&mut random, &mut bytes);
            }
            ask_of(&folder, &lp, &bytes, &mut random, &mut cases);
            create_cases(&lp, &mut random, &mut cases);
        }
        exam.ask(&cases, same);
        asked += cases.len();
    }
    exam.close();
    for (reason, count) in excused.take() {
        println!("zip: {count} of {asked} differ by {reason}");
        assert!(count * 100 <= asked, "{count} of {asked} differ by {reason}");
    }
}
