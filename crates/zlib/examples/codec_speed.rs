//! Prints the least time that each one-shot call takes for the start of a file, in microseconds:
//! `cargo run --release -p nodecore-zlib --example codec_speed -- FILE [BYTES...]`.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use nodecore_zlib::{BrotliOptions, Mode, Options, ZlibOptions, ZstdOptions, constants, run_sync};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let Some(path) = arguments.next() else {
        eprintln!("usage: codec_speed FILE [BYTES...]");
        std::process::exit(2);
    };
    let input = std::fs::read(path).expect("FILE is readable");
    let sizes: Vec<usize> = arguments.map(|size| size.parse().expect("BYTES is a number")).collect();
    let sizes = if sizes.is_empty() { vec![256, 1024, 65_536] } else { sizes };
    for data in sizes.into_iter().map(|size| &input[..size.min(input.len())]) {
        for level in [1, 6, 9] {
            let options = ZlibOptions::new().level(level);
            both(&format!("gzip {level}"), Mode::Gzip, Mode::Gunzip, data, &options);
        }
        both("deflateRaw 6", Mode::DeflateRaw, Mode::InflateRaw, data, &ZlibOptions::new());
        for quality in [4, 5, 11] {
            let options = BrotliOptions::new().param(constants::BROTLI_PARAM_QUALITY, quality);
            let (name, pack) = (format!("brotli {quality}"), Mode::BrotliCompress);
            let packed = one(&name, pack, data, &options);
            one(&format!("{name}, back"), Mode::BrotliDecompress, &packed, &BrotliOptions::new());
        }
        for level in [1, 3, 19] {
            let options = ZstdOptions::new().param(constants::ZSTD_c_compressionLevel, level);
            let (name, pack) = (format!("zstd {level}"), Mode::ZstdCompress);
            let packed = one(&name, pack, data, &options);
            one(&format!("{name}, back"), Mode::ZstdDecompress, &packed, &ZstdOptions::new());
        }
    }
}

fn both(name: &str, pack: Mode, unpack: Mode, data: &[u8], options: &impl Options) {
    let packed = one(name, pack, data, options);
    one(&format!("{name}, back"), unpack, &packed, options);
}

fn one(name: &str, mode: Mode, input: &[u8], options: &impl Options) -> Vec<u8> {
    let (mut least, start) = (Duration::MAX, Instant::now());
    let mut output = Vec::new();
    while start.elapsed() < Duration::from_millis(150) {
        let now = Instant::now();
        output = run_sync(mode, black_box(input), options).expect(name).buffer;
        least = least.min(now.elapsed());
    }
    let micros = least.as_secs_f64() * 1e6;
    println!("{name}: {} bytes to {}: {micros:.2} us", input.len(), output.len());
    output
}
