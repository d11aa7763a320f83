//! Prints the throughput of every way to gzip a file, and the sizes beside those of `gzip -6`:
//! `cargo run --release -p nodecore-zlib --example deflate_speed -- FILE`.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::time::Instant;

use nodecore_zlib::{ZlibOptions, gunzip_sync, gzip_sync};

fn main() {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: deflate_speed FILE");
        std::process::exit(2);
    };
    let input = std::fs::read(path).expect("FILE is readable");
    let options = ZlibOptions::new;
    // A memLevel of 9 keeps libdeflate away.
    let ways = [
        ("one-shot, libdeflate, level 1", options().level(1)),
        ("one-shot, libdeflate, level 6", options().level(6)),
        ("one-shot, libdeflate, level 9", options().level(9)),
        ("one-shot, zlib-rs, level 6", options().level(6).mem_level(9)),
        ("one-shot, 2 threads, level 1", options().level(1).threads(2)),
        ("one-shot, 2 threads, level 6", options().level(6).threads(2)),
        ("one-shot, 2 threads, level 9", options().level(9).threads(2)),
    ];
    for (name, options) in ways {
        let packed = report(name, input.len(), || gzip_sync(&input, &options).expect("gzip"));
        println!("    {} bytes, {:.4} of the input", packed.len(), packed.len() as f64 / input.len() as f64);
        let back = gunzip_sync(&packed, &ZlibOptions::new()).expect("gunzip");
        assert!(back == input, "{name} does not give the input back");
    }
    let packed = gzip_sync(&input, &options()).expect("gzip");
    report("gunzip, libdeflate", input.len(), || gunzip_sync(&packed, &options()).expect("gunzip"));
    // Padding after the end hides the length from libdeflate.
    let padded = [&packed[..], &[0; 16]].concat();
    report("gunzip, zlib-rs", input.len(), || gunzip_sync(&padded, &options()).expect("gunzip"));
}

fn report(name: &str, bytes: usize, mut work: impl FnMut() -> Vec<u8>) -> Vec<u8> {
    let mut best = f64::INFINITY;
    let mut result = Vec::new();
    for _ in 0..3 {
        let start = Instant::now();
        result = work();
        best = best.min(start.elapsed().as_secs_f64());
    }
    println!("{name}: {:.0} MB/s", bytes as f64 / best / 1e6);
    result
}
