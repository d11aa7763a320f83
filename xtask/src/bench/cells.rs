//! The rows of the sheet `zlib`, ours and those of native libraries: `codec/level/data/bytes`.

use super::streams::{chunks_of, counter};
use super::{file, must, stop, variable};
use bytes::Bytes;
use nodecore::event_loop::{EventLoop, RunMode};
use nodecore::fs::{self, ReadFileOptions, ReadStreamOptions, WriteStreamOptions};
use nodecore::stream::pipeline;
use nodecore::zlib::{self, BrotliOptions, ZlibOptions, ZlibStream, ZstdOptions, constants};
use std::cell::Cell;
use std::hint::black_box;
use std::io::Read;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// A batch is at least so long.
const BATCH: Duration = Duration::from_millis(2);
/// What the small pieces are cut out of, and where.
const MIDDLE: usize = 4 << 20;
/// The size of the chunks that streams are given.
const CHUNK: usize = 64 << 10;

/// What one row is about.
pub(super) struct Row {
    codec: String,
    level: i32,
    kind: String,
    bytes: usize,
}

/// The work of a row, which returns the size of what came out.
pub(super) type Work = Box<dyn FnMut() -> usize>;

impl Row {
    fn parse(text: &str) -> Option<Row> {
        let mut words = text.split('/');
        let (codec, level) = (words.next()?.to_owned(), words.next()?.parse().ok()?);
        Some(Row { codec, level, kind: words.next()?.to_owned(), bytes: words.next()?.parse().ok()? })
    }

    fn data(&self) -> Vec<u8> {
        let all = whole(&self.kind);
        match all.get(MIDDLE..MIDDLE + self.bytes) {
            Some(part) => part.to_vec(),
            None => all.iter().copied().cycle().take(self.bytes).collect(),
        }
    }

    /// The same for all: made by the gzip program.
    fn gzipped(&self) -> Vec<u8> {
        if self.bytes > 8 << 20 {
            return must(zlib::gzip_sync(&self.data(), &ZlibOptions::new()));
        }
        whole(&format!("{}-{}.gz", self.kind, self.bytes))
    }

    fn raw(&self) -> Vec<u8> {
        let packed = self.gzipped();
        packed[10..packed.len() - 8].to_vec()
    }

    fn zlibbed(&self) -> Vec<u8> {
        let (mut a, mut b) = (1_u32, 0_u32);
        for byte in self.data() {
            a = (a + u32::from(byte)) % 65521;
            b = (b + a) % 65521;
        }
        [&[0x78, 0x9c], &self.raw()[..], &(b << 16 | a).to_be_bytes()].concat()
    }
}

fn whole(name: &str) -> Vec<u8> {
    must(fs::read_file_sync(file(name).as_str(), &ReadFileOptions::default()))
}

/// Times each row that `make` has work for, and prints the shortest time.
pub(super) fn run(make: fn(&Row) -> Option<Work>) {
    let budget = Duration::from_millis(variable("NODECORE_BENCH_MS").parse().unwrap_or(50));
    for text in variable("NODECORE_BENCH_CELLS").lines() {
        let row = Row::parse(text).unwrap_or_else(|| stop(text));
        let Some(mut work) = make(&row) else { continue };
        let (mut size, mut times, mut best) = (0, 1_u32, f64::INFINITY);
        let (start, mut batches) = (Instant::now(), 0);
        while batches < 2 || start.elapsed() < budget {
            let begun = Instant::now();
            for _ in 0..times {
                size = black_box(work());
            }
            let took = begun.elapsed();
            best = best.min(took.as_secs_f64() * 1e9 / f64::from(times));
            if took < BATCH { times *= 2 } else { batches += 1 }
        }
        println!("{{\"cell\": \"{text}\", \"ns\": {best:.1}, \"size\": {size}}}");
    }
}

/// Work that makes bytes of bytes.
fn on(input: Vec<u8>, mut work: impl FnMut(&[u8]) -> Vec<u8> + 'static) -> Option<Work> {
    Some(Box::new(move || work(black_box(&input)).len()))
}

pub(super) fn ours(row: &Row) -> Option<Work> {
    let plain = ZlibOptions::new();
    let options = plain.clone().level(row.level);
    let brotli = BrotliOptions::new().param(constants::BROTLI_PARAM_QUALITY, row.level.into());
    let zstd = ZstdOptions::new().param(constants::ZSTD_c_compressionLevel, row.level.into());
    match row.codec.as_str() {
        "gzip" => on(row.data(), move |data| must(zlib::gzip_sync(data, &options))),
        "deflate" => on(row.data(), move |data| must(zlib::deflate_sync(data, &options))),
        "gunzip" => on(row.gzipped(), move |data| must(zlib::gunzip_sync(data, &plain))),
        "inflate" => on(row.zlibbed(), move |data| must(zlib::inflate_sync(data, &plain))),
        "inflate-raw" => on(row.raw(), move |data| must(zlib::inflate_raw_sync(data, &plain))),
        "brotli" => on(row.data(), move |data| must(zlib::brotli_compress_sync(data, &brotli))),
        "zstd" => on(row.data(), move |data| must(zlib::zstd_compress_sync(data, &zstd))),
        "unbrotli" => {
            let packed = must(zlib::brotli_compress_sync(&row.data(), &brotli));
            on(packed, move |data| must(zlib::brotli_decompress_sync(data, &BrotliOptions::new())))
        }
        "unzstd" => {
            let packed = must(zlib::zstd_compress_sync(&row.data(), &zstd));
            on(packed, move |data| must(zlib::zstd_decompress_sync(data, &ZstdOptions::new())))
        }
        "stream-gzip" => streamed(row.data(), move |lp| must(zlib::create_gzip(lp, &options))),
        "stream-gunzip" => streamed(row.gzipped(), move |lp| must(zlib::create_gunzip(lp, &plain))),
        "file-gzip-file" => Some(file_to_file(row)),
        _ => None,
    }
}

/// Chunks through a stream into a sink.
fn streamed(input: Vec<u8>, make: impl Fn(&EventLoop) -> ZlibStream + 'static) -> Option<Work> {
    let (lp, input) = (must(EventLoop::new()), Bytes::from(input));
    Some(Box::new(move || {
        let sum = Rc::new(Cell::new(0));
        let source = chunks_of(&lp, input.clone(), CHUNK);
        must(pipeline((&source, &make(&lp), &counter(&lp, &sum)), must));
        lp.run(RunMode::Default);
        sum.get()
    }))
}

fn file_to_file(row: &Row) -> Work {
    let (from, to) = (file(&row.kind), file(&format!("packed-{}", std::process::id())));
    let options = ZlibOptions::new().level(row.level);
    let lp = must(EventLoop::new());
    Box::new(move || {
        let source = must(fs::create_read_stream(&lp, from.as_str(), &ReadStreamOptions::default()));
        let sink = must(fs::create_write_stream(&lp, to.as_str(), &WriteStreamOptions::default()));
        must(pipeline((&*source, &must(zlib::create_gzip(&lp, &options)), &*sink), must));
        lp.run(RunMode::Default);
        let size = must(fs::stat_sync(to.as_str())).size();
        must(fs::unlink_sync(to.as_str()));
        super::length(size)
    })
}

pub(super) fn libdeflate(row: &Row) -> Option<Work> {
    use libdeflater::{CompressionLvl, Compressor, Decompressor};
    fn must<T, E: std::fmt::Display>(result: Result<T, E>) -> T {
        result.unwrap_or_else(|error| stop(&error.to_string()))
    }
    let level = CompressionLvl::new(row.level).ok()?;
    let mut pack = Compressor::new(level);
    let (mut unpack, bytes) = (Decompressor::new(), row.bytes);
    match row.codec.as_str() {
        "gzip" => on(row.data(), move |data| {
            let mut out = vec![0; pack.gzip_compress_bound(data.len())];
            let size = must(pack.gzip_compress(data, &mut out));
            out.truncate(size);
            out
        }),
        "deflate" => on(row.data(), move |data| {
            let mut out = vec![0; pack.zlib_compress_bound(data.len())];
            let size = must(pack.zlib_compress(data, &mut out));
            out.truncate(size);
            out
        }),
        "gunzip" => on(row.gzipped(), move |data| {
            let mut out = vec![0; bytes];
            must(unpack.gzip_decompress(data, &mut out));
            out
        }),
        "inflate" => on(row.zlibbed(), move |data| {
            let mut out = vec![0; bytes];
            must(unpack.zlib_decompress(data, &mut out));
            out
        }),
        "inflate-raw" => on(row.raw(), move |data| {
            let mut out = vec![0; bytes];
            must(unpack.deflate_decompress(data, &mut out));
            out
        }),
        _ => None,
    }
}

pub(super) fn zlib_rs(row: &Row) -> Option<Work> {
    fn all(mut from: impl Read) -> Vec<u8> {
        let mut out = Vec::new();
        from.read_to_end(&mut out).unwrap_or_else(|error| stop(&error.to_string()));
        out
    }
    let level = flate2::Compression::new(row.level.unsigned_abs());
    match row.codec.as_str() {
        "gzip" => on(row.data(), move |data| all(flate2::bufread::GzEncoder::new(data, level))),
        "deflate" => on(row.data(), move |data| all(flate2::bufread::ZlibEncoder::new(data, level))),
        "gunzip" => on(row.gzipped(), |data| all(flate2::bufread::GzDecoder::new(data))),
        "inflate" => on(row.zlibbed(), |data| all(flate2::bufread::ZlibDecoder::new(data))),
        "inflate-raw" => on(row.raw(), |data| all(flate2::bufread::DeflateDecoder::new(data))),
        _ => None,
    }
}

pub(super) fn zstd(row: &Row) -> Option<Work> {
    fn must(result: zstd_safe::SafeResult) -> usize {
        result.unwrap_or_else(|code| stop(zstd_safe::get_error_name(code)))
    }
    let (mut pack, mut unpack) = (zstd_safe::CCtx::create(), zstd_safe::DCtx::create());
    let (level, bytes) = (row.level, row.bytes);
    let mut packed = move |data: &[u8]| {
        let mut out = vec![0; zstd_safe::compress_bound(data.len())];
        let size = must(pack.compress(&mut out[..], data, level));
        out.truncate(size);
        out
    };
    match row.codec.as_str() {
        "zstd" => on(row.data(), packed),
        "unzstd" => on(packed(&row.data()), move |data| {
            let mut out = vec![0; bytes];
            must(unpack.decompress(&mut out[..], data));
            out
        }),
        _ => None,
    }
}

pub(super) fn brotli(row: &Row) -> Option<Work> {
    let (level, bytes) = (row.level, row.bytes);
    match row.codec.as_str() {
        "brotli" => on(row.data(), move |data| c_brotli::pack(data, level)),
        "unbrotli" => on(c_brotli::pack(&row.data(), level), move |data| c_brotli::unpack(data, bytes)),
        _ => None,
    }
}

/// The C library of brotli, which has no safe form of its own.
#[allow(unsafe_code, reason = "the C library is the peer")]
mod c_brotli {
    use super::stop;
    use compu_brotli_sys as sys;

    const WINDOW: i32 = 22;

    pub(super) fn pack(data: &[u8], level: i32) -> Vec<u8> {
        // SAFETY: a function of a number.
        let mut size = unsafe { sys::BrotliEncoderMaxCompressedSize(data.len()) };
        let mut out = vec![0; size];
        // SAFETY: both buffers are passed with their lengths.
        let good = unsafe {
            sys::BrotliEncoderCompress(
                level,
                WINDOW,
                sys::BrotliEncoderMode_BROTLI_MODE_GENERIC,
                data.len(),
                data.as_ptr(),
                &raw mut size,
                out.as_mut_ptr(),
            )
        };
        if good == 0 {
            stop("BrotliEncoderCompress");
        }
        out.truncate(size);
        out
    }

    pub(super) fn unpack(data: &[u8], bytes: usize) -> Vec<u8> {
        let mut out = vec![0; bytes];
        let mut size = bytes;
        // SAFETY: both buffers are passed with their lengths.
        let result = unsafe {
            sys::BrotliDecoderDecompress(data.len(), data.as_ptr(), &raw mut size, out.as_mut_ptr())
        };
        if result != sys::BrotliDecoderResult_BROTLI_DECODER_RESULT_SUCCESS {
            stop("BrotliDecoderDecompress");
        }
        out
    }
}
