//! Gunzip beside another inflate: `mode bytes`.
//!
//! In odd modes the bytes are a raw deflate stream, which gets the header and the trailer that belong to it.
#![no_main]

use std::io::Read;

use flate2::{Crc, bufread::DeflateDecoder, bufread::GzDecoder};
use libfuzzer_sys::fuzz_target;
use nodecore_zlib::{ZlibOptions, gunzip_sync};

/// Far more than an input needs in order to be interesting, and little enough to be quick.
const LIMIT: u64 = 1 << 20;

/// The contents of the members up to the first that is not sound, whether there is any, and what is left.
fn members(mut packed: &[u8]) -> (Vec<u8>, bool, &[u8]) {
    let (mut out, mut any) = (Vec::new(), false);
    loop {
        let mut decoder = GzDecoder::new(packed);
        let mut member = Vec::new();
        match (&mut decoder).take(LIMIT + 1).read_to_end(&mut member) {
            Ok(_) if !packed.is_empty() => {
                out.extend(member);
                any = true;
                if out.len() as u64 > LIMIT {
                    return (out, any, packed);
                }
                packed = decoder.into_inner();
            }
            _ => return (out, any, packed),
        }
    }
}

/// `body` with a header and the trailer of what it inflates to.
fn wrapped(body: &[u8]) -> Vec<u8> {
    let mut decoder = DeflateDecoder::new(body);
    let mut out = Vec::new();
    let sound = (&mut decoder).take(LIMIT).read_to_end(&mut out).is_ok();
    let used = if sound { decoder.total_in() as usize } else { body.len() };
    let mut crc = Crc::new();
    crc.update(&out);
    let head = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3];
    [&head, &body[..used], &crc.sum().to_le_bytes(), &crc.amount().to_le_bytes(), &body[used..]].concat()
}

fuzz_target!(|data: &[u8]| {
    let Some((&mode, data)) = data.split_first() else { return };
    let packed = if mode & 1 == 1 { wrapped(data) } else { data.to_vec() };
    let chunk = if mode & 2 == 2 { 64 } else { 16 * 1024 };
    let options = ZlibOptions::new().max_output_length(LIMIT).chunk_size(chunk);
    let ours = gunzip_sync(&packed, &options);
    let (expected, any, rest) = members(&packed);
    match &ours {
        Ok(bytes) => {
            assert!(bytes.len() as u64 <= LIMIT, "more than was allowed");
            assert!(any && expected == *bytes, "{} bytes, and {} expected", bytes.len(), expected.len());
            assert!(
                rest.first().is_none_or(|&byte| byte == 0) || !rest.starts_with(&[0x1F, 0x8B]),
                "{rest:?} is left"
            );
        }
        Err(error) if error.code().name() == "ERR_BUFFER_TOO_LARGE" => {}
        Err(error) => assert!(!any || !rest.is_empty() || expected.len() as u64 > LIMIT, "{error}"),
    }
    if let Ok(bytes) = &ours
        && let Some(less) = (bytes.len() as u64).checked_sub(1).filter(|&less| less > 0)
    {
        let error = gunzip_sync(&packed, &options.clone().max_output_length(less)).unwrap_err();
        assert_eq!(error.code().name(), "ERR_BUFFER_TOO_LARGE");
        assert_eq!(gunzip_sync(&packed, &options.max_output_length(less + 1)).unwrap(), *bytes);
    }
});
