//! What `PEERS.md` lists for `querystring`, in nanoseconds per call: `cargo run --release --example throughput`.

use std::hint::black_box;
use std::time::Instant;

use nodecore_querystring::{ParseOptions, StringifyOptions, Value, escape, parse, stringify, unescape};

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

fn main() {
    let query = "foo=bar&abc=xyz%20123&a=1&a=2";
    let options = ParseOptions::default();
    report("parse, 4 pairs", || parse(black_box(query), &options));
    let wide: Vec<u16> = query.encode_utf16().collect();
    let options = ParseOptions::default();
    report("parse, 4 pairs, UTF-16", || parse(black_box(&wide[..]), &options));

    let list = [Value::Text("1"), Value::Text("2")];
    let pairs = [
        ("foo", Value::Text("bar")),
        ("abc", Value::Text("xyz 123")),
        ("a", Value::List(&list)),
        ("n", Value::Number(7.0)),
    ];
    let options = StringifyOptions::default();
    report("stringify", || stringify(black_box(pairs), &options));
    report("escape", || escape(black_box("hello world & more=yes")));
    report("unescape", || unescape(black_box("hello%20world%20%26%20more%3Dyes")));
}
