//! Gzip and back, by this crate and by another inflate: `level windowBits memLevel strategy data`.
#![no_main]

use std::io::Read;

use flate2::bufread::MultiGzDecoder;
use libfuzzer_sys::fuzz_target;
use nodecore_zlib::{ZlibOptions, gunzip_sync, gzip_sync};

fuzz_target!(|data: &[u8]| {
    let Some((&[level, window, memory, strategy], data)) = data.split_first_chunk() else { return };
    // The options of two lengths of input, so that long ones come about.
    let data = if memory & 0x80 == 0 { data.to_vec() } else { data.repeat(usize::from(window) * 8) };
    let options = ZlibOptions::new()
        .level(i32::from(level % 11) - 1)
        .window_bits(i32::from(window % 7) + 9)
        .mem_level(i32::from(memory % 9) + 1)
        .strategy(i32::from(strategy % 5))
        .threads(u32::from(strategy >> 6));
    let packed = gzip_sync(&data, &options).unwrap();
    assert!(gunzip_sync(&packed, &ZlibOptions::new()).unwrap() == data, "there and back");
    let mut back = Vec::with_capacity(data.len());
    MultiGzDecoder::new(&packed[..]).read_to_end(&mut back).unwrap();
    assert!(back == data, "there, and back by another inflate");
});
