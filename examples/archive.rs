//! `archive [--follow] DIR OUT.tar.gz`: the same program as `archive.c`, which explains it, in Rust, where the walk
//! is a future on the loop.

use std::cell::{Cell, RefCell};
use std::fmt::Display;
use std::future::poll_fn;
use std::io::IsTerminal;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

use bytes::Bytes;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use nodecore::event_loop::{EventLoop, JoinHandle, RunMode, Timeout};
use nodecore::fs::{self, Entries, Flags, Stats};
use nodecore::querystring::{self, StringifyOptions, Value};
use nodecore::stream::{
    AsReadable, AsWritable, Done, PipeOptions, Readable, ReadableOptions, Sink, Source, Writable,
    WritableOptions, pipeline,
};
use nodecore::{Code, Error, Result, crypto, path, url, zlib};

const BLOCK: usize = 512;
const RECORD: usize = 20 * BLOCK;
const PACK_BUFFER: usize = 256 * 1024;
const SECOND: i128 = 1_000_000_000;
const TICK: Duration = Duration::from_millis(10);

fn main() -> ExitCode {
    let mut args: Vec<Vec<u8>> = std::env::args_os().skip(1).map(OsStringExt::into_vec).collect();
    let follow = args.first().is_some_and(|arg| arg == b"--follow");
    if follow {
        args.remove(0);
    }
    let [dir, out] = args.as_slice() else {
        eprintln!("usage: archive [--follow] DIR OUT.tar.gz");
        return ExitCode::from(2);
    };
    let interrupt = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        // Without it an interrupt ends the program at once, which only leaves the .part files behind.
        let _ = signal_hook::flag::register(signal, Arc::clone(&interrupt));
    }
    match Job::begin(dir, out, follow, interrupt) {
        Ok(job) => ExitCode::from(job.run()),
        Err(Failure(path, error)) => {
            eprintln!("archive: {}: {error}", shown(&path));
            ExitCode::from(2)
        }
    }
}

/// A path as text, for messages.
fn shown(path: &[u8]) -> impl Display + '_ {
    Path::new(std::ffi::OsStr::from_bytes(path)).display()
}

/// What ends everything, and the path it is about.
struct Failure(Vec<u8>, Error);

/// Lets a future wait for what a callback brings.
#[derive(Default)]
struct Signal(RefCell<Option<Waker>>);

impl Signal {
    fn raise(&self) {
        let waker = self.0.borrow_mut().take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    async fn until(&self, ready: impl Fn() -> bool) {
        poll_fn(|cx| {
            if ready() {
                return Poll::Ready(());
            }
            *self.0.borrow_mut() = Some(cx.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

/// What becomes the archive: blocks are gathered into large chunks.
struct Pack {
    stream: Readable,
    shared: Rc<PackShared>,
    block: RefCell<Vec<u8>>,
    packed: Cell<u64>,
}

#[derive(Default)]
struct PackShared {
    wanted: Cell<bool>,
    signal: Signal,
    /// A file's chunk that is taken for written once the archive wants more.
    held: RefCell<Option<Done>>,
}

struct PackSource(Rc<PackShared>);

impl Source<Bytes> for PackSource {
    fn read(&self, _stream: &Readable, _size: usize) {
        self.0.wanted.set(true);
        let held = self.0.held.borrow_mut().take();
        if let Some(done) = held {
            done.ok();
        }
        self.0.signal.raise();
    }
}

impl Pack {
    fn new(lp: &EventLoop) -> Pack {
        let shared = Rc::<PackShared>::default();
        let options = ReadableOptions::default().high_water_mark(4 * PACK_BUFFER);
        let stream = Readable::new(lp, options, PackSource(Rc::clone(&shared)));
        Pack { stream, shared, block: RefCell::default(), packed: Cell::new(0) }
    }

    /// Adds to the archive; true if it wants more.
    fn add(&self, mut data: &[u8]) -> bool {
        while !data.is_empty() {
            let mut block = self.block.borrow_mut();
            let (now, later) = data.split_at(data.len().min(PACK_BUFFER - block.len()));
            block.extend_from_slice(now);
            self.packed.set(self.packed.get() + now.len() as u64);
            data = later;
            if block.len() == PACK_BUFFER {
                let full = std::mem::replace(&mut *block, Vec::with_capacity(PACK_BUFFER));
                drop(block);
                self.push(full);
            }
        }
        self.shared.wanted.get()
    }

    fn push(&self, block: Vec<u8>) {
        self.shared.wanted.set(self.stream.push(Some(Bytes::from(block))));
    }

    fn pad(&self, len: u64) {
        let mut left = len;
        while left != 0 {
            let now = left.min(RECORD as u64);
            self.add(&[0; RECORD][..usize::try_from(now).unwrap_or(RECORD)]);
            left -= now;
        }
    }

    fn round(&self, to: usize) {
        let to = to as u64;
        self.pad((to - self.packed.get() % to) % to);
    }

    fn finish(&self) {
        self.pad(2 * BLOCK as u64);
        self.round(RECORD);
        let last = self.block.take();
        if !last.is_empty() {
            self.push(last);
        }
        self.stream.push(None);
    }

    async fn room(&self) {
        self.shared.signal.until(|| self.shared.wanted.get()).await;
    }

    fn entry(&self, entry: &Entry, kind: u8, size: u64, link: &[u8]) {
        let s = &entry.stats;
        let mut pax = Vec::new();
        let mut header = Header::new();
        if !header.name(&entry.member) {
            pax_record(&mut pax, "path", &entry.member);
        }
        header.put(157, &link[..link.len().min(100)]);
        if link.len() > 100 {
            pax_record(&mut pax, "linkpath", link);
        }
        header.octal(100, 8, s.mode() & 0o7777);
        for (key, at, width, value) in
            [("uid", 108, 8, s.uid()), ("gid", 116, 8, s.gid()), ("size", 124, 12, size)]
        {
            if !header.octal(at, width, value) {
                pax_record(&mut pax, key, value.to_string().as_bytes());
            }
        }
        let total = s.mtime_ns();
        let time_fits = u64::try_from(total.div_euclid(SECOND)).is_ok_and(|sec| header.octal(136, 12, sec));
        if !time_fits {
            header.octal(136, 12, 0);
        }
        if !time_fits || !pax.is_empty() {
            // A pax entry's time counts with its fraction, so that is told too.
            let sign = if total < 0 { "-" } else { "" };
            let when = format!("{sign}{}.{:09}", (total / SECOND).abs(), (total % SECOND).abs());
            pax_record(&mut pax, "mtime", when.as_bytes());
        }
        let device = if matches!(kind, b'3' | b'4') { s.rdev() } else { 0 };
        header.octal(329, 8, (device >> 8 & 0xfff) | (device >> 32 & !0xfff));
        header.octal(337, 8, (device & 0xff) | (device >> 12 & !0xff & 0xffff_ffff));
        header.0[156] = kind;
        if !pax.is_empty() {
            let mut x = Header::new();
            x.put(0, b"PaxHeaders/entry");
            for (at, width, value) in [(100, 8, 0o644), (108, 8, 0), (116, 8, 0), (124, 12, pax.len() as u64)]
            {
                x.octal(at, width, value);
            }
            for (at, width) in [(136, 12), (329, 8), (337, 8)] {
                x.octal(at, width, 0);
            }
            x.0[156] = b'x';
            self.add(x.sealed());
            self.add(&pax);
            self.round(BLOCK);
        }
        self.add(header.sealed());
    }
}

/// A ustar header.
struct Header([u8; BLOCK]);

impl Header {
    fn new() -> Header {
        Header([0; BLOCK])
    }

    fn put(&mut self, at: usize, bytes: &[u8]) {
        self.0[at..at + bytes.len()].copy_from_slice(bytes);
    }

    /// Octal with a NUL; false if it does not fit.
    fn octal(&mut self, at: usize, width: usize, value: u64) -> bool {
        let fits = value >> (3 * (width - 1)) == 0;
        let mut rest = if fits { value } else { 0 };
        for digit in self.0[at..at + width - 1].iter_mut().rev() {
            *digit = b'0' + (rest & 7) as u8;
            rest >>= 3;
        }
        fits
    }

    /// name, or prefix/name; false if it fits neither.
    fn name(&mut self, member: &[u8]) -> bool {
        if member.len() <= 100 {
            self.put(0, member);
            return true;
        }
        let split = (member.len() - 101..member.len() - 1)
            .take_while(|&at| at <= 155)
            .find(|&at| at != 0 && member[at] == b'/');
        match split {
            Some(at) => {
                self.put(345, &member[..at]);
                self.put(0, &member[at + 1..]);
            }
            None => self.put(0, &member[..100]),
        }
        split.is_some()
    }

    fn sealed(&mut self) -> &[u8] {
        self.put(257, b"ustar\x0000");
        self.put(148, b"        ");
        let sum = self.0.iter().map(|&byte| u64::from(byte)).sum();
        self.octal(148, 7, sum);
        self.0[154] = 0;
        &self.0
    }
}

/// `LEN key=value\n`, LEN counting itself.
fn pax_record(pax: &mut Vec<u8>, key: &str, value: &[u8]) {
    let rest = key.len() + value.len() + 3;
    let mut len = rest + 1;
    while rest + len.to_string().len() != len {
        len = rest + len.to_string().len();
    }
    pax.extend_from_slice(format!("{len} {key}=").as_bytes());
    pax.extend_from_slice(value);
    pax.push(b'\n');
}

fn json_string(line: &mut String, bytes: &[u8]) {
    line.push('"');
    // One U+FFFD a byte that is not UTF-8; the URL has the exact bytes.
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' | '\\' => line.extend(['\\', c]),
                '\0'..='\u{1f}' => line.push_str(&format!("\\u{:04x}", u32::from(c))),
                _ => line.push(c),
            }
        }
        line.extend(chunk.invalid().iter().map(|_| '\u{FFFD}'));
    }
    line.push('"');
}

/// What is being packed.
struct Entry {
    path: Vec<u8>,
    member: Vec<u8>,
    stats: Stats,
}

/// A directory being walked: what is left of its sorted names.
struct Frame {
    path: Vec<u8>,
    member: Vec<u8>,
    list: Entries,
    order: Vec<usize>,
    next: usize,
    id: (u64, u64),
}

fn name_of(list: &Entries, index: usize) -> &[u8] {
    list.get(index).map_or(b"", |dirent| dirent.name())
}

/// An output file: written under a name of its own, renamed at the end.
struct Output {
    part: Vec<u8>,
    name: Vec<u8>,
    stream: Writable,
    id: (u64, u64),
    old_id: Option<(u64, u64)>,
    exists: Cell<bool>,
    blocked: Cell<bool>,
    finished: Cell<bool>,
    drained: Signal,
}

impl Output {
    fn create(lp: &EventLoop, out: &[u8], suffix: &str) -> Result<Output, Failure> {
        let name = [out, suffix.as_bytes()].concat();
        let part = [&name, format!(".{}.part", std::process::id()).as_bytes()].concat();
        let failure = |error| Failure(name.clone(), error);
        let old_id = fs::lstat_sync(&name).ok().map(|s| (s.dev(), s.ino()));
        let fd = fs::open_sync(&part, Flags::WX, 0o666).map_err(failure)?;
        let stats = fs::fstat_sync(fd);
        let closed = fs::close_sync(fd);
        let opened = stats.and_then(|stats| closed.map(|()| stats)).and_then(|stats| {
            let stream = fs::create_write_stream(lp, &part, &fs::WriteStreamOptions::default())?;
            Ok((stats, stream))
        });
        let (stats, stream) = match opened {
            Ok(opened) => opened,
            Err(error) => {
                let _ = fs::unlink_sync(&part);
                return Err(failure(error));
            }
        };
        Ok(Output {
            stream: stream.to_writable(),
            id: (stats.dev(), stats.ino()),
            old_id,
            exists: Cell::new(true),
            blocked: Cell::new(false),
            finished: Cell::new(false),
            drained: Signal::default(),
            part,
            name,
        })
    }

    fn is(&self, stats: &Stats) -> bool {
        let id = (stats.dev(), stats.ino());
        id == self.id || Some(id) == self.old_id
    }

    async fn write(&self, line: Vec<u8>) {
        if !self.stream.write(Bytes::from(line)) {
            self.blocked.set(true);
            self.drained.until(|| !self.blocked.get()).await;
        }
    }

    /// Removes what was written, unless it was kept.
    fn discard(&self) {
        if self.exists.replace(false) {
            let _ = fs::unlink_sync(&self.part);
        }
    }

    fn keep(&self) -> Result<(), Failure> {
        fs::rename_sync(&self.part, &self.name).map_err(|error| Failure(self.name.clone(), error))?;
        self.exists.set(false);
        Ok(())
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        self.discard();
    }
}

/// How the copying of one file stands.
#[derive(Default)]
struct Copying {
    received: Cell<u64>,
    started: Cell<bool>,
    hashed: Cell<bool>,
    sunk: Cell<bool>,
    closed: Cell<bool>,
    error: RefCell<Option<Error>>,
    signal: Signal,
}

struct FileSink {
    job: Rc<Job>,
    entry: Rc<Entry>,
    copying: Rc<Copying>,
}

impl Sink<Bytes> for FileSink {
    fn write(&self, _stream: &Writable, chunk: Bytes, done: Done) {
        self.job.start_file(&self.entry, &self.copying);
        self.copying.received.set(self.copying.received.get() + chunk.len() as u64);
        if self.job.pack.add(&chunk) {
            done.ok();
        } else {
            *self.job.pack.shared.held.borrow_mut() = Some(done);
        }
    }
}

struct Job {
    lp: EventLoop,
    pack: Pack,
    archive: Output,
    index: Output,
    sums: Output,
    follow: bool,
    root: RefCell<Option<Entry>>,
    frames: RefCell<Vec<Frame>>,
    walk: RefCell<Option<JoinHandle<()>>>,
    timer: RefCell<Option<Timeout>>,
    file: RefCell<Option<Readable>>,
    interrupt: Arc<AtomicBool>,
    failed: Cell<bool>,
    status: Cell<u8>,
    bar: Option<ProgressBar>,
    files: Cell<u64>,
    entries: Cell<u64>,
    bytes_in: Cell<u64>,
    began: Instant,
    last_tick: Cell<Instant>,
    worst_wait: Cell<f64>,
}

impl Job {
    fn begin(dir: &[u8], out: &[u8], follow: bool, interrupt: Arc<AtomicBool>) -> Result<Rc<Job>, Failure> {
        let began = Instant::now();
        let of_dir = |error| Failure(dir.to_vec(), error);
        let full = path::resolve(&[dir]).map_err(of_dir)?;
        let stats = fs::stat_sync(&full).map_err(of_dir)?;
        if !stats.is_directory() {
            return Err(of_dir(Error::from_template(Code::ENOTDIR, &[])));
        }
        let base = path::basename(full.as_slice(), None);
        let member = if base.is_empty() { b".".to_vec() } else { base.to_vec() };
        let lp = EventLoop::new().map_err(of_dir)?;
        let archive = Output::create(&lp, out, "")?;
        let index = Output::create(&lp, out, ".index.jsonl")?;
        let sums = Output::create(&lp, out, ".sha256")?;
        let options = zlib::ZlibOptions::new().chunk_size(65536).threads(2);
        let gzip = zlib::create_gzip(&lp, &options).map_err(|error| Failure(archive.name.clone(), error))?;
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = "[{bar:30}] {percent:>3}%  {msg}";
            let bar = ProgressBar::with_draw_target(Some(1000), ProgressDrawTarget::stderr());
            bar.with_style(
                ProgressStyle::with_template(style)
                    .map_or(ProgressStyle::default_bar(), |s| s.progress_chars("##.")),
            )
        });
        let job = Rc::new(Job {
            pack: Pack::new(&lp),
            lp,
            archive,
            index,
            sums,
            follow,
            root: RefCell::new(Some(Entry { path: full, member, stats })),
            frames: RefCell::default(),
            walk: RefCell::default(),
            timer: RefCell::default(),
            file: RefCell::default(),
            interrupt,
            failed: Cell::new(false),
            status: Cell::new(0),
            bar,
            files: Cell::new(0),
            entries: Cell::new(0),
            bytes_in: Cell::new(0),
            began,
            last_tick: Cell::new(Instant::now()),
            worst_wait: Cell::new(0.0),
        });
        let picks: [fn(&Job) -> &Output; 2] = [|job| &job.index, |job| &job.sums];
        for pick in picks {
            let stream = &pick(&job).stream;
            let me = Rc::clone(&job);
            stream.on_finish(move || me.ended(pick(&me), Ok(())));
            let me = Rc::clone(&job);
            stream.on_error(move |error| me.ended(pick(&me), Err(error.clone())));
            let me = Rc::clone(&job);
            stream.on_drain(move || {
                pick(&me).blocked.set(false);
                pick(&me).drained.raise();
            });
        }
        let me = Rc::clone(&job);
        pipeline((&job.pack.stream, &gzip, &job.archive.stream), move |result| me.ended(&me.archive, result))
            .map_err(|error| Failure(job.archive.name.clone(), error))?;
        Ok(job)
    }

    /// Runs it all and gives the exit status.
    fn run(self: Rc<Job>) -> u8 {
        let me = Rc::clone(&self);
        let tick = self.lp.set_interval(TICK.as_secs_f64() * 1e3, move || me.tick());
        *self.timer.borrow_mut() = Some(tick);
        let me = Rc::clone(&self);
        let walk = self.lp.spawn_local(async move { me.walk().await });
        *self.walk.borrow_mut() = Some(walk);
        self.lp.run(RunMode::Default);
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        if self.failed.get() {
            for output in [&self.archive, &self.index, &self.sums] {
                output.discard();
            }
            return self.status.get();
        }
        for output in [&self.sums, &self.index, &self.archive] {
            if let Err(Failure(path, error)) = output.keep() {
                eprintln!("archive: {}: {error}", shown(&path));
                return 2;
            }
        }
        self.summary();
        self.status.get()
    }

    fn say(&self, path: &[u8], what: &dyn Display) {
        let line = || eprintln!("archive: {}: {what}", shown(path));
        match &self.bar {
            Some(bar) => bar.suspend(line),
            None => line(),
        }
    }

    /// Something is not in the archive, or not whole.
    fn missing(&self, path: &[u8], what: &dyn Display) {
        self.say(path, what);
        self.status.set(1);
    }

    // ---- The walk ----

    async fn walk(self: &Rc<Job>) {
        let root = self.root.borrow_mut().take();
        if let Some(root) = root {
            self.entry(root).await;
        }
        loop {
            self.pack.room().await;
            let next = {
                let mut frames = self.frames.borrow_mut();
                while frames.last().is_some_and(|frame| frame.next == frame.order.len()) {
                    frames.pop();
                }
                let Some(frame) = frames.last_mut() else { break };
                let name = name_of(&frame.list, frame.order[frame.next]);
                let slash: &[u8] = if frame.path.ends_with(b"/") { b"" } else { b"/" };
                let next = ([&frame.path, slash, name].concat(), [&frame.member, name].concat());
                frame.next += 1;
                next
            };
            let (path, member) = next;
            let stats = if self.follow {
                fs::promises::stat(&self.lp, &path).await
            } else {
                fs::promises::lstat(&self.lp, &path).await
            };
            match stats {
                Ok(stats) => self.entry(Entry { path, member, stats }).await,
                Err(error) => self.missing(&path, &error),
            }
        }
        self.pack.finish();
        self.index.stream.end();
        self.sums.stream.end();
    }

    async fn entry(self: &Rc<Job>, mut entry: Entry) {
        let id = (entry.stats.dev(), entry.stats.ino());
        let kind = kind_of(&entry.stats);
        match kind {
            b'5' => {
                if self.follow && self.frames.borrow().iter().any(|frame| frame.id == id) {
                    return self.missing(&entry.path, &"leads back into itself; left out");
                }
                entry.member.push(b'/');
                self.simple(&entry, b'5', b"", "directory").await;
                let options = fs::ReaddirOptions::default();
                match fs::promises::readdir(&self.lp, &entry.path, &options).await {
                    Ok(list) => {
                        let Entry { path, member, .. } = entry;
                        let mut order: Vec<usize> = (0..list.len()).collect();
                        order.sort_unstable_by(|&a, &b| name_of(&list, a).cmp(name_of(&list, b)));
                        self.frames.borrow_mut().push(Frame { path, member, list, order, next: 0, id });
                    }
                    Err(error) => self.missing(&entry.path, &error),
                }
            }
            b'0' => {
                if [&self.archive, &self.index, &self.sums].iter().any(|output| output.is(&entry.stats)) {
                    return self.say(&entry.path, &"is written by this very program; left out");
                }
                self.file(Rc::new(entry)).await;
            }
            b'2' => match fs::promises::readlink(&self.lp, &entry.path).await {
                Ok(link) => self.simple(&entry, kind, link.as_os_str().as_bytes(), "symlink").await,
                Err(error) => self.missing(&entry.path, &error),
            },
            b'6' => self.simple(&entry, kind, b"", "fifo").await,
            b'3' | b'4' => self.simple(&entry, kind, b"", "device").await,
            _ => self.say(&entry.path, &"is a socket, which a tar cannot hold; left out"),
        }
    }

    /// An entry without content.
    async fn simple(&self, entry: &Entry, kind: u8, link: &[u8], name: &str) {
        self.pack.entry(entry, kind, 0, link);
        self.entries.set(self.entries.get() + 1);
        self.write_index(entry, name, "").await;
    }

    fn start_file(&self, entry: &Entry, copying: &Copying) {
        if !copying.started.replace(true) {
            self.pack.entry(entry, b'0', entry.stats.size(), b"");
            self.entries.set(self.entries.get() + 1);
        }
    }

    async fn file(self: &Rc<Job>, entry: Rc<Entry>) {
        let copying = Rc::<Copying>::default();
        let digest = if entry.stats.size() == 0 {
            crypto::create_hash("sha256").and_then(|mut hash| hash.digest())
        } else {
            self.copy(&entry, &copying).await
        };
        self.file.borrow_mut().take();
        if let Err(error) = &digest {
            self.missing(&entry.path, error);
            if !copying.started.get() {
                return;
            }
        }
        // Whole or not: what the header promised is filled up.
        self.start_file(&entry, &copying);
        let received = copying.received.get();
        let lost = entry.stats.size().saturating_sub(received);
        if lost != 0 && digest.is_ok() {
            let what = format!("shrank by {lost} bytes while it was read; filled with zeroes");
            self.missing(&entry.path, &what);
        }
        self.pack.pad(lost);
        self.pack.round(BLOCK);
        self.bytes_in.set(self.bytes_in.get() + received);
        self.files.set(self.files.get() + 1);
        if let Ok(digest) = digest {
            let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            self.write_sum(&entry, &hex).await;
            self.write_index(&entry, "file", &hex).await;
        }
    }

    /// Streams a file into the hash and into the archive at once.
    async fn copy(self: &Rc<Job>, entry: &Rc<Entry>, copying: &Rc<Copying>) -> Result<Vec<u8>> {
        let options =
            fs::ReadStreamOptions::default().end(entry.stats.size() - 1).high_water_mark(PACK_BUFFER);
        let file = fs::create_read_stream(&self.lp, &entry.path, &options)?.to_readable();
        let hash = crypto::create_hash("sha256")?.into_stream(&self.lp);
        let hash_stream = hash.to_writable();
        let sink = FileSink { job: Rc::clone(self), entry: Rc::clone(entry), copying: Rc::clone(copying) };
        let sink = Writable::new(&self.lp, WritableOptions::default(), sink);

        let c = Rc::clone(copying);
        let (s, h) = (sink.clone(), hash_stream.clone());
        file.on_error(move |error| {
            *c.error.borrow_mut() = Some(error.clone());
            s.destroy(None);
            h.destroy(None);
        });
        let c = Rc::clone(copying);
        file.on_close(move || {
            c.closed.set(true);
            c.signal.raise();
        });
        let c = Rc::clone(copying);
        hash_stream.on_finish(move || {
            c.hashed.set(true);
            c.signal.raise();
        });
        let c = Rc::clone(copying);
        sink.on_finish(move || {
            c.sunk.set(true);
            c.signal.raise();
        });
        file.pipe(&hash_stream, PipeOptions::default());
        file.pipe(&sink, PipeOptions::default());
        *self.file.borrow_mut() = Some(file);
        let through = || {
            (copying.hashed.get() && copying.sunk.get())
                || (copying.closed.get() && copying.error.borrow().is_some())
        };
        copying.signal.until(through).await;
        match copying.error.borrow_mut().take() {
            Some(error) => Err(error),
            None => hash.digest(),
        }
    }

    // ---- Side files ----

    /// One line of the index: path, URL, and a query string of the facts.
    async fn write_index(&self, entry: &Entry, kind: &str, digest_hex: &str) {
        let file_url = match url::path_to_file_url(&entry.path, url::FileUrlOptions::default()) {
            Ok(url) => url,
            Err(error) => return self.missing(&entry.path, &error),
        };
        let s = &entry.stats;
        let size = if s.is_file() { s.size() } else { 0 };
        let mut facts = vec![
            ("type", kind.to_owned()),
            ("size", size.to_string()),
            ("mode", format!("{:04o}", s.mode() & 0o7777)),
            ("mtime", s.mtime_ns().div_euclid(SECOND).to_string()),
        ];
        if !digest_hex.is_empty() {
            facts.push(("sha256", digest_hex.to_owned()));
        }
        let facts = facts.iter().map(|(key, value)| (*key, Value::Text(value.as_str())));
        let query = match querystring::stringify(facts, &StringifyOptions::default()) {
            Ok(query) => query,
            Err(error) => return self.missing(&entry.path, &error),
        };
        let mut line = String::from("{\"path\":");
        json_string(&mut line, &entry.member);
        line.push_str(",\"url\":");
        json_string(&mut line, file_url.href().as_bytes());
        line.push_str(",\"query\":");
        json_string(&mut line, query.as_bytes());
        line.push_str("}\n");
        self.index.write(line.into_bytes()).await;
    }

    /// One line for sha256sum: a name with a backslash or a line end is escaped, and the line says so.
    async fn write_sum(&self, entry: &Entry, digest_hex: &str) {
        let mut name = Vec::with_capacity(entry.member.len());
        for &byte in &entry.member {
            match byte {
                b'\\' => name.extend_from_slice(b"\\\\"),
                b'\n' => name.extend_from_slice(b"\\n"),
                b'\r' => name.extend_from_slice(b"\\r"),
                _ => name.push(byte),
            }
        }
        let mark: &[u8] = if name.len() == entry.member.len() { b"" } else { b"\\" };
        self.sums.write([mark, digest_hex.as_bytes(), b"  ", &name, b"\n"].concat()).await;
    }

    // ---- The end ----

    fn ended(&self, output: &Output, result: Result<()>) {
        match result {
            Ok(()) => {
                output.finished.set(true);
                if [&self.archive, &self.index, &self.sums].iter().all(|output| output.finished.get()) {
                    self.clear_timer();
                }
            }
            Err(error) if !self.failed.get() => {
                self.say(&output.name, &error);
                self.stop(2);
            }
            Err(_) => {}
        }
    }

    fn clear_timer(&self) {
        if let Some(timer) = self.timer.borrow_mut().take() {
            timer.clear();
        }
    }

    fn stop(&self, status: u8) {
        self.failed.set(true);
        self.status.set(status);
        self.clear_timer();
        let (walk, file) = (self.walk.borrow_mut().take(), self.file.borrow_mut().take());
        if let Some(walk) = walk {
            walk.abort();
        }
        if let Some(file) = file {
            file.destroy(None);
        }
        self.pack.shared.held.borrow_mut().take();
        self.pack.stream.destroy(None);
        self.index.stream.destroy(None);
        self.sums.stream.destroy(None);
    }

    fn tick(&self) {
        let now = Instant::now();
        let waited = (now - self.last_tick.replace(now)).as_secs_f64() * 1e3 - TICK.as_secs_f64() * 1e3;
        self.worst_wait.set(self.worst_wait.get().max(waited));
        if self.interrupt.load(Ordering::Relaxed) && !self.failed.get() {
            self.say(&self.archive.name, &"interrupted; nothing was written");
            self.stop(130);
        }
        if let Some(bar) = &self.bar {
            let (files, bytes) = (self.files.get(), self.bytes_in.get() as f64 / 1e6);
            let rate = bytes / (now - self.began).as_secs_f64();
            bar.set_message(format!("{files} files  {bytes:.1} MB  {rate:.1} MB/s"));
            #[expect(clippy::cast_possible_truncation, reason = "between 0 and 1000")]
            bar.set_position((self.walked() * 1000.0) as u64);
        }
    }

    /// How much of the tree is walked, each directory weighing as much as its siblings.
    fn walked(&self) -> f64 {
        self.frames.borrow().iter().rev().fold(0.0, |done, frame| {
            (frame.next.saturating_sub(1) as f64 + done) / frame.order.len().max(1) as f64
        })
    }

    fn summary(&self) {
        let size = fs::stat_sync(&self.archive.name).map_or(0, |stats| stats.size());
        let took = self.began.elapsed().as_secs_f64();
        let bytes_in = self.bytes_in.get();
        println!(
            "{} files in {} entries, {bytes_in} bytes in, {size} bytes out, {took:.2} s, {:.1} MB/s, peak memory \
             {:.1} MB, longest wait of a timer {:.1} ms",
            self.files.get(),
            self.entries.get(),
            bytes_in as f64 / 1e6 / took,
            peak_memory().unwrap_or(0.0),
            self.worst_wait.get(),
        );
    }
}

/// The type of a tar entry; a space for what a tar cannot hold.
fn kind_of(stats: &Stats) -> u8 {
    match stats {
        s if s.is_directory() => b'5',
        s if s.is_file() => b'0',
        s if s.is_symbolic_link() => b'2',
        s if s.is_fifo() => b'6',
        s if s.is_character_device() => b'3',
        s if s.is_block_device() => b'4',
        _ => b' ',
    }
}

/// In MB, from /proc.
fn peak_memory() -> Option<f64> {
    let status = fs::read_file_sync("/proc/self/status", &fs::ReadFileOptions::default()).ok()?;
    let text = String::from_utf8_lossy(&status);
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse::<f64>().ok().map(|kib| kib / 1024.0)
}
