//! The bodies of zlib's codecs beside gzip of large inputs.

use super::{file, measure, must};
use nodecore::fs::{self, ReadFileOptions};
use nodecore::zlib::{self, BrotliOptions, ZlibOptions, ZstdOptions, constants};
use std::hint::black_box;

pub(super) const BODIES: &[(&str, fn())] = &[
    ("gzip-256", || gzip(256)),
    ("gzip-1k", || gzip(1024)),
    ("gunzip-1k", gunzip),
    ("inflate-raw-1k", inflate_raw),
    ("zstd-1k", || zstd(1024)),
    ("zstd-8m", || zstd(usize::MAX)),
    ("zstd-decompress-8m", zstd_decompress),
    ("brotli-5-8m", brotli),
    ("brotli-decompress-8m", brotli_decompress),
];

/// The start of the source text.
fn source(bytes: usize) -> Vec<u8> {
    let mut data = must(fs::read_file_sync(file("source").as_str(), &ReadFileOptions::default()));
    data.truncate(bytes);
    data
}

fn timed(input: &[u8], work: impl Fn(&[u8]) -> Vec<u8>, length: impl Fn(&[u8]) -> usize) {
    measure(&length(&work(input)).to_string(), |times| {
        for _ in 0..times {
            black_box(work(black_box(input)));
        }
    });
}

fn gzip(bytes: usize) {
    let options = ZlibOptions::new();
    let back = |packed: &[u8]| must(zlib::gunzip_sync(packed, &options)).len();
    timed(&source(bytes), |data| must(zlib::gzip_sync(data, &options)), back);
}

fn gunzip() {
    let options = ZlibOptions::new();
    let packed = must(zlib::gzip_sync(&source(1024), &options));
    timed(&packed, |data| must(zlib::gunzip_sync(data, &options)), <[u8]>::len);
}

fn inflate_raw() {
    let options = ZlibOptions::new();
    let packed = must(zlib::deflate_raw_sync(&source(1024), &options));
    timed(&packed, |data| must(zlib::inflate_raw_sync(data, &options)), <[u8]>::len);
}

fn zstd(bytes: usize) {
    let options = ZstdOptions::new();
    let back = |packed: &[u8]| must(zlib::zstd_decompress_sync(packed, &options)).len();
    timed(&source(bytes), |data| must(zlib::zstd_compress_sync(data, &options)), back);
}

fn zstd_decompress() {
    let options = ZstdOptions::new();
    let packed = must(zlib::zstd_compress_sync(&source(usize::MAX), &options));
    timed(&packed, |data| must(zlib::zstd_decompress_sync(data, &options)), <[u8]>::len);
}

fn brotli() {
    let options = BrotliOptions::new().param(constants::BROTLI_PARAM_QUALITY, 5);
    let back = |packed: &[u8]| must(zlib::brotli_decompress_sync(packed, &BrotliOptions::new())).len();
    timed(&source(usize::MAX), |data| must(zlib::brotli_compress_sync(data, &options)), back);
}

fn brotli_decompress() {
    let options = BrotliOptions::new().param(constants::BROTLI_PARAM_QUALITY, 5);
    let packed = must(zlib::brotli_compress_sync(&source(usize::MAX), &options));
    let plain = BrotliOptions::new();
    timed(&packed, |data| must(zlib::brotli_decompress_sync(data, &plain)), <[u8]>::len);
}
