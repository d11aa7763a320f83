//! Nanoseconds per URL, of this crate, `ada-url` and `url`, side by side.
//!
//! `cargo run --release -p nodecore-url --example throughput [-- FILE [ROUNDS]]`; FILE has a URL a line, and is by
//! default `../shared/conformance/urls/kasztp.txt`. With FILE `awkward` a mix of unusual URLs is made. Each figure is the
//! best round's; the rounds of all go in turn.
#![allow(clippy::disallowed_methods, clippy::type_complexity, clippy::unwrap_used)]

use std::hint::black_box;
use std::time::Instant;

use nodecore_url::{FileUrlOptions, Latin1, Url, UrlSearchParams, legacy, path_to_file_url};

struct Work<'a> {
    name: &'static str,
    run: Box<dyn FnMut(&[String]) + 'a>,
    best: f64,
}

fn main() {
    let mut args = std::env::args().skip(1);
    let file = args.next().unwrap_or_else(|| {
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance/urls/kasztp.txt").to_owned()
    });
    let rounds: u32 = args.next().and_then(|rounds| rounds.parse().ok()).unwrap_or(15);
    let only = args.next().unwrap_or_default();
    let urls: Vec<String> = if file == "awkward" {
        awkward()
    } else {
        let text = std::fs::read_to_string(&file).unwrap();
        text.lines().map(|line| line.trim_start_matches('\u{feff}').trim().to_owned()).collect()
    };
    let urls: Vec<String> = urls.into_iter().filter(|url| Url::can_parse(url, None)).collect();
    let bytes: usize = urls.iter().map(String::len).sum();
    println!("{} URLs, {} bytes on average", urls.len(), bytes / urls.len());

    // What is beyond Latin-1 is cut to a byte.
    let latin1: Vec<Vec<u8>> =
        urls.iter().map(|url| url.chars().map(|c| u32::from(c).to_le_bytes()[0]).collect()).collect();
    let utf16: Vec<Vec<u16>> = urls.iter().map(|url| url.encode_utf16().collect()).collect();
    // As many as there are URLs, so that the figures are comparable.
    let queries: Vec<String> =
        (0..urls.len()).map(|n| format!("?foo=bar{n}&abc=def%20x&q=caf%C3%A9+au&page={n}")).collect();
    let paths: Vec<String> =
        (0..urls.len()).map(|n| format!("/home/user/project/src/module {n}/index.ts")).collect();
    let mut reused = Url::parse("https://example.org/").unwrap();
    let mut all = vec![
        work("copy", |urls| each(urls, |url| _ = black_box(url.to_owned()))),
        work("nodecore parse", |urls| each(urls, |url| _ = black_box(Url::parse(url)))),
        work("nodecore parse Latin-1", |_| {
            latin1.iter().for_each(|url| _ = black_box(Url::parse(Latin1(url))));
        }),
        work("nodecore parse UTF-16", |_| utf16.iter().for_each(|url| _ = black_box(Url::parse(&url[..])))),
        work("nodecore reparse", |urls| {
            each(urls, |url| _ = black_box(reused.reparse(url, None)));
            black_box(&reused);
        }),
        work("nodecore can_parse", |urls| each(urls, |url| _ = black_box(Url::can_parse(url, None)))),
        work("nodecore legacy parse", |urls| each(urls, |url| _ = black_box(legacy::parse(url, false)))),
        work("nodecore params, both ways", |_| {
            queries.iter().for_each(|query| _ = black_box(UrlSearchParams::parse(query).to_string()));
        }),
        work("nodecore path_to_file_url", |_| {
            paths
                .iter()
                .for_each(|path| _ = black_box(path_to_file_url(path, FileUrlOptions::new().windows(false))));
        }),
        work("ada parse", |urls| each(urls, |url| _ = black_box(ada_url::Url::parse(url, None)))),
        work("ada can_parse", |urls| each(urls, |url| _ = black_box(ada_url::Url::can_parse(url, None)))),
        work("url parse", |urls| each(urls, |url| _ = black_box(url::Url::parse(url)))),
    ];
    all.retain(|work| work.name.contains(&only));
    for _ in 0..rounds {
        for work in &mut all {
            let start = Instant::now();
            (work.run)(&urls);
            let each = start.elapsed().as_nanos() as f64 / urls.len() as f64;
            work.best = work.best.min(each);
        }
    }
    for work in &all {
        println!("{:28}{:8.1} ns", work.name, work.best);
    }
}

fn work<'a>(name: &'static str, run: impl FnMut(&[String]) + 'a) -> Work<'a> {
    Work { name, run: Box::new(run), best: f64::INFINITY }
}

#[inline(always)]
fn each(urls: &[String], mut f: impl FnMut(&str)) {
    for url in urls {
        f(black_box(url));
    }
}

/// Ports, user info, dot segments, hosts and paths outside ASCII, `file:`, opaque paths, odd schemes.
fn awkward() -> Vec<String> {
    let mut urls = Vec::new();
    for n in 0..1250 {
        urls.push(format!("https://user{n}:p%40ss@example.com:8{n:04}/a/b?c=d"));
        urls.push(format!("http://host{n}.example.net:80{}/index.html", n % 90 + 10));
        urls.push(format!("HTTP://WWW.Example{n}.COM/a/./b/../c/%2e%2E/d"));
        urls.push(format!("https://example.org/{n}/päth with späce/x?q={n} é#frag ment"));
        urls.push(format!("http://bücher{n}.example/straße"));
        urls.push(format!("file:///C:/Users/me/{n}/My Documents/../file.txt"));
        urls.push(format!("mailto:user{n}@example.com?subject=hello world"));
        urls.push(format!("  git+ssh://git@[2001:db8::{n:x}]:22/repo/x.git\n"));
        urls.push(format!("http:\\\\0x7f.{}\\a\\b", n % 256));
    }
    urls
}
