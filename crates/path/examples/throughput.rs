//! What `PEERS.md` lists for `path`, in nanoseconds per call: `cargo run --release --example throughput`.

use std::hint::black_box;
use std::time::Instant;

use nodecore_path::{Glob, PathStr, posix, win32};

/// The best of many short rounds, so that other work on the machine counts least.
fn report<T>(name: &str, mut call: impl FnMut() -> T) {
    const CALLS: u32 = 2_000;
    let mut best = f64::MAX;
    for _ in 0..400 {
        let start = Instant::now();
        for _ in 0..CALLS {
            black_box(call());
        }
        best = best.min(start.elapsed().as_secs_f64() * 1e9 / f64::from(CALLS));
    }
    println!("{name:<28} {best:8.1} ns");
}

fn flavour_independent<'a, P: PathStr<'a>>(form: &str, text: impl Fn(&str) -> P) {
    let segments = ["/foo", "bar", "baz/asdf", "quux", ".."].map(&text);
    report(&format!("join {form}"), || posix::join(black_box(&segments)));
    let path = text("/foo/bar//baz/asdf/quux/..");
    report(&format!("normalize {form}"), || posix::normalize(black_box(path)));
    let path = text("/home/user/projects/node/lib/path.js");
    report(&format!("normalize, normal {form}"), || posix::normalize(black_box(path)));
    let (from, to) = (text("/data/orandea/test/aaa"), text("/data/orandea/impl/bbb"));
    report(&format!("relative {form}"), || posix::relative(black_box(from), black_box(to)));
    let path = text("/home/user/dir/file.txt");
    report(&format!("parse {form}"), || posix::parse(black_box(path)));
    report(&format!("basename {form}"), || posix::basename(black_box(path), None));
    report(&format!("dirname {form}"), || posix::dirname(black_box(path)));
    report(&format!("extname {form}"), || posix::extname(black_box(path)));
    let paths = ["/foo/bar", "../baz", "file.txt"].map(&text);
    report(&format!("resolve {form}"), || posix::resolve(black_box(&paths)));
}

fn main() {
    flavour_independent("UTF-8", |text| String::leak(text.to_owned()) as &str);
    flavour_independent("bytes", |text| String::leak(text.to_owned()).as_bytes());
    flavour_independent("UTF-16", |text| &*Vec::leak(text.encode_utf16().collect::<Vec<u16>>()));

    let (path, pattern) = ("/foo/bar/baz.js", "/foo/**/*.js");
    report("matches_glob", || posix::matches_glob(black_box(path), black_box(pattern)));
    if let Ok(glob) = Glob::posix(pattern) {
        report("Glob::is_match", || glob.is_match(black_box(path)));
    }
    let parsed = posix::parse("/home/user/dir/file.txt");
    report("format", || posix::format(black_box(&parsed)));
    let segments = ["C:\\foo", "bar", "baz\\asdf", "quux", ".."];
    report("win32 join", || win32::join(black_box(&segments)));
    let path = "C:\\temp\\\\foo\\bar\\..\\";
    report("win32 normalize", || win32::normalize(black_box(path)));
    let (from, to) = ("C:\\orandea\\test\\aaa", "C:\\orandea\\impl\\bbb");
    report("win32 relative", || win32::relative(black_box(from), black_box(to)));
    report("win32 parse", || win32::parse(black_box("C:\\path\\dir\\file.txt")));
    let paths = ["C:\\foo\\bar", "..\\baz", "file.txt"];
    report("win32 resolve", || win32::resolve(black_box(&paths)));
}
