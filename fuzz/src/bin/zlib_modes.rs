//! Every mode of zlib, over `mode options bytes`: decompressing whatever comes, and reading back what was compressed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nodecore_error::Result;
use nodecore_zlib::{BrotliOptions, Mode, Output, ZlibOptions, ZstdOptions, constants, run_sync};

/// Far more than an input needs in order to be interesting, and little enough to be quick.
const LIMIT: u64 = 1 << 20;

/// Runs a mode with options that go by two bytes; `chunk` is the size of the pieces.
fn run(mode: Mode, data: &[u8], dictionary: &[u8], [first, second]: [u8; 2], chunk: usize) -> Result<Output> {
    let (level, other) = (i64::from(first & 15), i64::from(second));
    let dictionary = dictionary.to_vec();
    match mode {
        Mode::BrotliCompress => {
            let options = BrotliOptions::new().chunk_size(chunk).dictionary(dictionary);
            let options = options.param(constants::BROTLI_PARAM_QUALITY, level.min(9));
            run_sync(mode, data, &options.param(constants::BROTLI_PARAM_LGWIN, 10 + other % 15))
        }
        Mode::BrotliDecompress => {
            let options = BrotliOptions::new().max_output_length(LIMIT).chunk_size(chunk);
            run_sync(mode, data, &options.dictionary(dictionary))
        }
        Mode::ZstdCompress => {
            let options = ZstdOptions::new().chunk_size(chunk).dictionary(dictionary);
            let options = options.param(constants::ZSTD_c_compressionLevel, level);
            run_sync(mode, data, &options.param(constants::ZSTD_c_checksumFlag, other & 1))
        }
        Mode::ZstdDecompress => {
            let options = ZstdOptions::new().max_output_length(LIMIT).chunk_size(chunk);
            run_sync(mode, data, &options.dictionary(dictionary))
        }
        Mode::Deflate | Mode::DeflateRaw | Mode::Gzip => {
            let options =
                ZlibOptions::new().chunk_size(chunk).dictionary(dictionary).level(i32::from(first % 10));
            let options = options.window_bits(9 + i32::from(second % 7)).strategy(i32::from(second >> 5) % 5);
            run_sync(mode, data, &options)
        }
        Mode::Inflate | Mode::InflateRaw | Mode::Gunzip | Mode::Unzip => {
            let options = ZlibOptions::new().max_output_length(LIMIT).chunk_size(chunk);
            run_sync(mode, data, &options.dictionary(dictionary))
        }
    }
}

/// What reads what a mode makes.
fn back(mode: Mode) -> Option<Mode> {
    Some(match mode {
        Mode::Deflate => Mode::Inflate,
        Mode::DeflateRaw => Mode::InflateRaw,
        Mode::Gzip => Mode::Unzip,
        Mode::BrotliCompress => Mode::BrotliDecompress,
        Mode::ZstdCompress => Mode::ZstdDecompress,
        _ => return None,
    })
}

fuzz_target!(|data: &[u8]| {
    let [number, first, second, data @ ..] = data else { return };
    let Some(mode) = Mode::from_number(i32::from(number % 11) + 1) else { return };
    let settings = [*first, *second];
    // The start of the input now and then serves as a dictionary.
    let dictionary = if first & 16 == 16 { &data[..data.len() / 2] } else { &[] };
    let small = run(mode, data, dictionary, settings, 64);
    let large = run(mode, data, dictionary, settings, 16 * 1024);
    let Some(reader) = back(mode) else {
        match (&small, &large) {
            (Ok(small), Ok(large)) => assert!(small == large && large.buffer.len() as u64 <= LIMIT),
            (Err(small), Err(large)) => {
                // Where both are wrong, the size of the pieces says which is seen first; in Node too, where zstd finds
                // no room in its own buffer, which it does without if the piece is large enough.
                let limit =
                    |code: &str| matches!(code, "ERR_BUFFER_TOO_LARGE" | "ZSTD_error_dstSize_tooSmall");
                let (small, large) = (small.code().name(), large.code().name());
                assert!(small == large || limit(small) || limit(large), "{mode:?}: {small}, {large}");
            }
            (small, large) => panic!("{mode:?}: {small:?}, {large:?}"),
        }
        return;
    };
    for packed in [small, large] {
        let packed = packed.unwrap_or_else(|error| panic!("{mode:?}: {error}")).buffer;
        let output = run(reader, &packed, dictionary, settings, 16 * 1024);
        let output = output.unwrap_or_else(|error| panic!("{reader:?}: {error}"));
        assert!(output.buffer == data, "{mode:?} gives something else");
        assert_eq!(output.bytes_written, packed.len() as u64);
    }
});
