//! The native peers of `../shared/PEERS.md`: the best library for a piece of work, called directly.

use std::hint::black_box;
use std::io::Read;

use nodecore::fs::{self, ReadFileOptions};

use super::{cells, file, measure, measure_each, must, stop, url_bodies, urls};

/// Whose, which work, and its body.
pub(super) const BODIES: &[(&str, &str, fn())] = &[
    ("ada", "url-parse", ada_parse),
    ("ada", "url-reparse", url_bodies::ada_reparse),
    ("ada", "url-can-parse", url_bodies::ada_can_parse),
    ("ada", "url-awkward", url_bodies::ada_awkward),
    ("ada", "url-set-pathname", url_bodies::ada_set_pathname),
    ("ada", "url-domain-to-ascii", url_bodies::ada_domain_to_ascii),
    ("url", "url-parse", url_parse),
    ("url", "url-can-parse", url_bodies::url_can_parse),
    ("url", "url-awkward", url_bodies::url_awkward),
    ("url", "url-set-pathname", url_bodies::url_set_pathname),
    ("url", "file-url-to-path", url_bodies::url_to_file_path),
    ("url", "path-to-file-url", url_bodies::url_from_file_path),
    ("UTF-8 input", "url-latin1", url_bodies::utf8),
    ("UTF-8 input", "url-utf16", url_bodies::utf8),
    ("UTF-8 input", "url-awkward-latin1", url_bodies::awkward_latin1_as_utf8),
    ("UTF-8 input", "url-awkward-utf16", url_bodies::awkward_as_utf8),
    ("aws-lc", "sha256-64", || aws_lc_sha256(64)),
    ("aws-lc", "sha256-1m", || aws_lc_sha256(1 << 20)),
    ("OpenSSL", "sha256-64", || openssl_sha256(64)),
    ("OpenSSL", "sha256-1m", || openssl_sha256(1 << 20)),
    ("aws-lc", "aes-256-gcm-64", || aws_lc_seal(&aws_lc_rs::aead::AES_256_GCM, 64)),
    ("aws-lc", "aes-256-gcm-1m", || aws_lc_seal(&aws_lc_rs::aead::AES_256_GCM, 1 << 20)),
    ("aws-lc", "chacha20-poly1305-64", || aws_lc_seal(&aws_lc_rs::aead::CHACHA20_POLY1305, 64)),
    ("aws-lc", "chacha20-poly1305-1m", || aws_lc_seal(&aws_lc_rs::aead::CHACHA20_POLY1305, 1 << 20)),
    ("OpenSSL", "aes-256-gcm-64", || openssl_seal(openssl::symm::Cipher::aes_256_gcm(), 64)),
    ("OpenSSL", "aes-256-gcm-1m", || openssl_seal(openssl::symm::Cipher::aes_256_gcm(), 1 << 20)),
    ("OpenSSL", "chacha20-poly1305-64", || openssl_seal(openssl::symm::Cipher::chacha20_poly1305(), 64)),
    ("OpenSSL", "chacha20-poly1305-1m", || openssl_seal(openssl::symm::Cipher::chacha20_poly1305(), 1 << 20)),
    ("aws-lc", "sha1-1m", || aws_lc(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY)),
    ("aws-lc", "sha512-1m", || aws_lc(&aws_lc_rs::digest::SHA512)),
    ("aws-lc", "sha3-256-1m", || aws_lc(&aws_lc_rs::digest::SHA3_256)),
    ("OpenSSL", "sha1-1m", || openssl_digest(openssl::hash::MessageDigest::sha1())),
    ("OpenSSL", "sha512-1m", || openssl_digest(openssl::hash::MessageDigest::sha512())),
    ("OpenSSL", "sha3-256-1m", || openssl_digest(openssl::hash::MessageDigest::sha3_256())),
    ("OpenSSL", "md5-1m", || openssl_digest(openssl::hash::MessageDigest::md5())),
    ("aws-lc", "hmac-sha256-64", aws_lc_hmac),
    ("aws-lc", "hkdf-sha256", aws_lc_hkdf),
    ("aws-lc", "pbkdf2-sha256", aws_lc_pbkdf2),
    ("OpenSSL", "random-bytes-16", openssl_random),
    ("OpenSSL", "pbkdf2-sha256", openssl_pbkdf2),
    ("OpenSSL", "scrypt-1024", openssl_scrypt),
    ("OpenSSL", "x509-parse-pem", openssl_x509),
    ("libdeflate", "gzip-8m", libdeflate_gzip),
    ("libdeflate", "gunzip-8m", libdeflate_gunzip),
    ("zlib-rs", "gzip-8m", zlib_rs_gzip),
    ("zlib-rs", "gunzip-8m", zlib_rs_gunzip),
    ("libdeflate", "gzip-1k", || small(libdeflate_pack, libdeflate_unpack)),
    ("zlib-rs", "gzip-1k", || small(zlib_rs_pack, zlib_rs_unpack)),
    ("zstd", "zstd-1k", || small(zstd_pack, zstd_unpack)),
    ("zstd", "zstd-8m", || packing(zstd_pack, zstd_unpack)),
    ("zstd", "zstd-decompress-8m", zstd_decompress),
    ("libdeflate", "zlib", || cells::run(cells::libdeflate)),
    ("libdeflate", "zlib-256m", || cells::run(cells::libdeflate)),
    ("zlib-rs", "zlib", || cells::run(cells::zlib_rs)),
    ("zlib-rs", "zlib-256m", || cells::run(cells::zlib_rs)),
    ("brotli", "zlib", || cells::run(cells::brotli)),
    ("zstd", "zlib", || cells::run(cells::zstd)),
    ("zstd", "zlib-256m", || cells::run(cells::zstd)),
    ("by hand", "readfile-sync-4k", by_hand::read_file),
    ("by hand", "stat-sync", by_hand::stat),
    ("by hand", "exists-sync", by_hand::exists),
    ("std", "readfile-64-serial", by_hand::read_files),
    ("std", "readdir-4000-types", by_hand::readdir_types),
    ("std", "rm-20000", by_hand::rm),
];

fn ada_parse() {
    let text = urls();
    let lines: Vec<&str> = text.lines().filter(|line| nodecore::url::Url::can_parse(*line, None)).collect();
    measure_each(&lines, |line| ada_url::Url::parse(*line, None).map_or(0, |url| url.href().len()));
}

fn url_parse() {
    let text = urls();
    let lines: Vec<&str> = text.lines().filter(|line| nodecore::url::Url::can_parse(*line, None)).collect();
    measure_each(&lines, |line| url::Url::parse(line).map_or(0, |url| url.as_str().len()));
}

fn digest(bytes: usize, hash: impl Fn(&[u8]) -> Vec<u8>) {
    let data = vec![b'a'; bytes];
    let check: String = hash(&data).iter().map(|byte| format!("{byte:02x}")).collect();
    measure(&check, |times| {
        for _ in 0..times {
            black_box(hash(black_box(&data)));
        }
    });
}

fn aws_lc_sha256(bytes: usize) {
    use aws_lc_rs::digest::{SHA256, digest as hash};
    digest(bytes, |data| hash(&SHA256, data).as_ref().to_vec());
}

fn aws_lc(algorithm: &'static aws_lc_rs::digest::Algorithm) {
    digest(1 << 20, |data| aws_lc_rs::digest::digest(algorithm, data).as_ref().to_vec());
}

fn openssl_digest(algorithm: openssl::hash::MessageDigest) {
    digest(1 << 20, |data| match openssl::hash::hash(algorithm, data) {
        Ok(digest) => digest.to_vec(),
        Err(error) => stop(&error.to_string()),
    });
}

fn aws_lc_hmac() {
    use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
    digest(64, |data| sign(&Key::new(HMAC_SHA256, black_box(&[b'k'; 32])), data).as_ref().to_vec());
}

/// Times what makes a key of 32 bytes out of another.
fn deriving(derive: impl Fn(&[u8], &mut [u8])) {
    digest(32, |_| {
        let mut key = vec![0; 32];
        derive(black_box(&[b'k'; 32]), &mut key);
        key
    });
}

fn aws_lc_hkdf() {
    use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
    deriving(|secret, key| {
        let extracted = Salt::new(HKDF_SHA256, b"salt").extract(secret);
        must(must(extracted.expand(&[b"info"], HKDF_SHA256)).fill(key));
    });
}

fn aws_lc_pbkdf2() {
    use aws_lc_rs::pbkdf2::{PBKDF2_HMAC_SHA256, derive};
    let rounds = std::num::NonZeroU32::MIN.saturating_add(999);
    deriving(|secret, key| derive(PBKDF2_HMAC_SHA256, rounds, b"salt", secret, key));
}

fn openssl_pbkdf2() {
    let sha256 = openssl::hash::MessageDigest::sha256();
    deriving(|secret, key| must(openssl::pkcs5::pbkdf2_hmac(secret, b"salt", 1000, sha256, key)));
}

fn openssl_scrypt() {
    deriving(|secret, key| must(openssl::pkcs5::scrypt(secret, b"salt", 1024, 8, 1, 32 << 20, key)));
}

fn openssl_random() {
    let once = || {
        let mut bytes = vec![0; 16];
        must(openssl::rand::rand_bytes(&mut bytes));
        bytes
    };
    measure(&once().len().to_string(), |times| {
        for _ in 0..times {
            black_box(once());
        }
    });
}

fn openssl_sha256(bytes: usize) {
    digest(bytes, |data| openssl::sha::sha256(data).to_vec());
}

fn openssl_x509() {
    let pem = super::x509::pem();
    let parse = || must(openssl::x509::X509::from_pem(black_box(pem.as_bytes())));
    let serial = must(must(parse().serial_number().to_bn()).to_hex_str());
    measure(&serial, |times| {
        for _ in 0..times {
            black_box(parse());
        }
    });
}

/// Times `seal`, which gives the text and the tag, with a key of its own for each message.
fn sealing(bytes: usize, seal: impl Fn(&[u8]) -> (Vec<u8>, Vec<u8>)) {
    let data = vec![b'a'; bytes];
    let check: String = seal(&data).1.iter().map(|byte| format!("{byte:02x}")).collect();
    measure(&check, |times| {
        for _ in 0..times {
            black_box(seal(black_box(&data)));
        }
    });
}

fn aws_lc_seal(algorithm: &'static aws_lc_rs::aead::Algorithm, bytes: usize) {
    use aws_lc_rs::aead::{Aad, LessSafeKey, Nonce, UnboundKey};
    sealing(bytes, |data| {
        let key = LessSafeKey::new(must(UnboundKey::new(algorithm, &[1; 32])));
        let mut text = data.to_vec();
        let nonce = Nonce::assume_unique_for_key([2; 12]);
        let tag = must(key.seal_in_place_separate_tag(nonce, Aad::empty(), &mut text));
        (text, tag.as_ref().to_vec())
    });
}

fn openssl_seal(cipher: openssl::symm::Cipher, bytes: usize) {
    sealing(bytes, |data| {
        let mut tag = vec![0; 16];
        let text = openssl::symm::encrypt_aead(cipher, &[1; 32], Some(&[2; 12]), &[], data, &mut tag);
        (must(text), tag)
    });
}

fn source(name: &str) -> Vec<u8> {
    must(fs::read_file_sync(file(name).as_str(), &ReadFileOptions::default()))
}

/// Times `pack`; `unpack` shows that it did the work.
fn packing(pack: impl Fn(&[u8]) -> Vec<u8>, unpack: impl Fn(&[u8]) -> Vec<u8>) {
    let data = source("source");
    measure(&unpack(&pack(&data)).len().to_string(), |times| {
        for _ in 0..times {
            black_box(pack(&data));
        }
    });
}

fn unpacking(unpack: impl Fn(&[u8]) -> Vec<u8>) {
    let data = source("source.gz");
    measure(&unpack(&data).len().to_string(), |times| {
        for _ in 0..times {
            black_box(unpack(&data));
        }
    });
}

fn libdeflate_pack(data: &[u8]) -> Vec<u8> {
    let mut compressor = libdeflater::Compressor::new(libdeflater::CompressionLvl::default());
    let mut out = vec![0; compressor.gzip_compress_bound(data.len())];
    let len = compressor.gzip_compress(data, &mut out).unwrap_or_else(|error| stop(&error.to_string()));
    out.truncate(len);
    out
}

fn libdeflate_unpack(data: &[u8]) -> Vec<u8> {
    let size = data.last_chunk().map_or(0, |last: &[u8; 4]| u32::from_le_bytes(*last));
    let mut out = vec![0; size as usize];
    let result = libdeflater::Decompressor::new().gzip_decompress(data, &mut out);
    result.unwrap_or_else(|error| stop(&error.to_string()));
    out
}

fn zlib_rs_pack(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let encoder = flate2::bufread::GzEncoder::new(data, flate2::Compression::default());
    { encoder }.read_to_end(&mut out).unwrap_or_else(|error| stop(&error.to_string()));
    out
}

fn zlib_rs_unpack(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let decoder = flate2::bufread::GzDecoder::new(data);
    { decoder }.read_to_end(&mut out).unwrap_or_else(|error| stop(&error.to_string()));
    out
}

/// As [`packing`], for the first KiB.
fn small(pack: impl Fn(&[u8]) -> Vec<u8>, unpack: impl Fn(&[u8]) -> Vec<u8>) {
    let mut data = source("source");
    data.truncate(1024);
    measure(&unpack(&pack(&data)).len().to_string(), |times| {
        for _ in 0..times {
            black_box(pack(black_box(&data)));
        }
    });
}

fn zstd_pack(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0; zstd_safe::compress_bound(data.len())];
    let size = zstd_safe::compress(&mut out[..], data, 3);
    out.truncate(size.unwrap_or_else(|code| stop(zstd_safe::get_error_name(code))));
    out
}

fn zstd_unpack(data: &[u8]) -> Vec<u8> {
    let size = zstd_safe::get_frame_content_size(data).ok().flatten();
    let mut out = vec![0; size.and_then(|size| usize::try_from(size).ok()).unwrap_or_default()];
    let size = zstd_safe::decompress(&mut out[..], data);
    out.truncate(size.unwrap_or_else(|code| stop(zstd_safe::get_error_name(code))));
    out
}

fn zstd_decompress() {
    let packed = zstd_pack(&source("source"));
    measure(&zstd_unpack(&packed).len().to_string(), |times| {
        for _ in 0..times {
            black_box(zstd_unpack(black_box(&packed)));
        }
    });
}

fn libdeflate_gzip() {
    packing(libdeflate_pack, libdeflate_unpack);
}

fn libdeflate_gunzip() {
    unpacking(libdeflate_unpack);
}

fn zlib_rs_gzip() {
    packing(zlib_rs_pack, zlib_rs_unpack);
}

fn zlib_rs_gunzip() {
    unpacking(zlib_rs_unpack);
}

/// The system calls that an operation makes, through the standard library alone.
#[allow(clippy::disallowed_types, reason = "the standard library is the peer")]
mod by_hand {
    use std::fs::{self, File};
    use std::io::Read;
    use std::path::Path;

    use super::super::{file, many, measure_after, measure_once, stop};

    fn must<T>(result: std::io::Result<T>) -> T {
        result.unwrap_or_else(|error| stop(&error.to_string()))
    }

    /// Opens, asks for the size, reads that much once, and closes.
    fn whole(path: &str) -> usize {
        let mut opened = must(File::open(path));
        let size = must(opened.metadata()).len();
        let mut data = vec![0; usize::try_from(size).unwrap_or_default()];
        must(opened.read(&mut data))
    }

    pub(super) fn read_file() {
        let path = file("4k");
        measure_once(|| whole(&path));
    }

    pub(super) fn read_files() {
        let paths = many();
        measure_once(|| paths.iter().map(|path| must(fs::read(path)).len()).sum());
    }

    pub(super) fn stat() {
        let path = file("4k");
        measure_once(|| super::super::length(must(fs::metadata(&path)).len()));
    }

    pub(super) fn exists() {
        let path = file("4k");
        measure_once(|| usize::from(Path::new(&path).exists()));
    }

    pub(super) fn readdir_types() {
        let dir = file("dir");
        measure_once(|| {
            must(fs::read_dir(&dir))
                .filter(|entry| match entry {
                    Ok(entry) => entry.file_type().is_ok_and(|kind| kind.is_file()),
                    Err(_) => false,
                })
                .count()
        });
    }

    pub(super) fn rm() {
        let to = file(&format!("copy-{}", std::process::id()));
        measure_after(
            || super::super::dirs::copy_tree(&to),
            || {
                must(fs::remove_dir_all(&to));
                0
            },
        );
    }
}
