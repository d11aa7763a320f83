//! Inputs small enough for the compressor of this crate: whatever is in them, each reader gives it back.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

mod support;

use nodecore_zlib::{Mode, ZlibOptions, run_sync};
use support::Random;

/// Back by libdeflate, which reads the gzip format, and by zlib-rs, which reads blocks alone.
fn check(data: &[u8], level: i32, what: &str) -> usize {
    let options = ZlibOptions::new().level(level);
    let mut sizes = [0; 2];
    for (size, (there, back)) in
        sizes.iter_mut().zip([(Mode::Gzip, Mode::Gunzip), (Mode::DeflateRaw, Mode::InflateRaw)])
    {
        let packed = run_sync(there, data, &options).unwrap().buffer;
        let output = run_sync(back, &packed, &options).unwrap();
        assert!(output.buffer == data, "{what}, level {level}, {} bytes, {there:?}", data.len());
        assert_eq!(output.bytes_written, packed.len() as u64, "{what}, level {level}, {there:?}");
        *size = packed.len();
    }
    assert_eq!(sizes[0], sizes[1] + 18);
    sizes[1]
}

#[test]
fn every_length_comes_back() {
    let mut random = Random(21);
    for len in (0..300).chain([511, 512, 513, 1000, 2046, 2047, 2048, 2049, 3000]) {
        let words = random.data(len);
        let noise: Vec<u8> = (0..len).map(|_| random.next() as u8).collect();
        let few: Vec<u8> = (0..len).map(|_| b'a' + random.below(3) as u8).collect();
        for level in [1, 2, 4, 6, 9] {
            check(&words, level, "words");
            assert!(check(&noise, level, "noise") <= len + 5);
            check(&few, level, "few letters");
            check(&vec![7; len], level, "one byte");
        }
    }
}

#[test]
fn every_length_and_distance_of_a_match_comes_back() {
    let mut random = Random(22);
    let noise: Vec<u8> = (0..2048).map(|_| random.next() as u8).collect();
    for len in (3..=260).chain([300, 517]) {
        for distance in [1, 2, 3, 4, 5, 8, 9, 100, 257, 258, 1024, 1025, 1500] {
            let mut data = noise[..distance].to_vec();
            (0..len).for_each(|_| data.push(data[data.len() - distance]));
            data.extend(&noise[..5]);
            check(&data, 6, "a match");
        }
    }
}

/// Counts as Fibonacci's numbers would give the rarest symbols longer words than there are.
#[test]
fn no_word_is_too_long() {
    let (mut data, mut counts) = (Vec::new(), (1, 1));
    for symbol in 0_u8.. {
        if data.len() + counts.0 > 2048 {
            break;
        }
        data.extend(std::iter::repeat_n(symbol, counts.0));
        counts = (counts.1, counts.0 + counts.1);
    }
    // Out of order, so that there is little to match.
    let mut random = Random(23);
    for _ in 0..50 {
        for at in (1..data.len()).rev() {
            data.swap(at, random.below(at + 1));
        }
        for level in [1, 6, 9] {
            check(&data, level, "Fibonacci");
        }
    }
}

#[test]
fn the_limit_is_that_of_what_comes_out() {
    let data = Random(24).data(500);
    let size = run_sync(Mode::Gzip, &data, &ZlibOptions::new()).unwrap().buffer.len() as u64;
    let fits = ZlibOptions::new().max_output_length(size);
    assert_eq!(run_sync(Mode::Gzip, &data, &fits).unwrap().buffer.len() as u64, size);
    let less = run_sync(Mode::Gzip, &data, &ZlibOptions::new().max_output_length(size / 2)).unwrap_err();
    assert_eq!(less.code().name(), "ERR_BUFFER_TOO_LARGE");
}
