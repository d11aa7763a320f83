//! The bodies of crypto.

use super::{measure, must};
use nodecore::crypto::{
    CipherOptions, RandomUuidOptions, ScryptOptions, create_cipheriv, create_hmac, hash, hkdf_sync, pbkdf2,
    pbkdf2_sync, random_bytes_sync, random_uuid, scrypt_sync,
};
use nodecore::event_loop::{EventLoop, RunMode};
use std::cell::Cell;
use std::hint::black_box;
use std::rc::Rc;

pub(super) const BODIES: &[(&str, fn())] = &[
    ("aes-256-gcm-64", || seal("aes-256-gcm", 64)),
    ("aes-256-gcm-1m", || seal("aes-256-gcm", 1 << 20)),
    ("chacha20-poly1305-64", || seal("chacha20-poly1305", 64)),
    ("chacha20-poly1305-1m", || seal("chacha20-poly1305", 1 << 20)),
    ("sha256-64", || digest("sha256", 64)),
    ("sha256-1m", || digest("sha256", 1 << 20)),
    ("sha1-1m", || digest("sha1", 1 << 20)),
    ("sha512-1m", || digest("sha512", 1 << 20)),
    ("sha3-256-1m", || digest("sha3-256", 1 << 20)),
    ("md5-1m", || digest("md5", 1 << 20)),
    ("blake2b-1m", || digest("blake2b512", 1 << 20)),
    ("hmac-sha256-64", hmac),
    ("random-bytes-16", random_bytes),
    ("random-uuid", uuid),
    ("hkdf-sha256", hkdf),
    ("pbkdf2-sha256", || deriving(|key| must(pbkdf2_sync(key, "salt", 1000, 32, "sha256")))),
    ("scrypt-1024", || {
        let options = ScryptOptions::new().cost(1024);
        deriving(|key| must(scrypt_sync(key, "salt", 32, &options)));
    }),
    ("pbkdf2-8-parallel", pbkdf2_parallel),
];

fn digest(name: &str, bytes: usize) {
    let data = vec![b'a'; bytes];
    hashing(|| must(hash(name, black_box(&data))));
}

fn hmac() {
    let (key, data) = ([b'k'; 32], [b'a'; 64]);
    hashing(|| must(must(must(create_hmac("sha256", black_box(key))).update(black_box(&data))).digest()));
}

fn hashing(once: impl Fn() -> Vec<u8>) {
    let check: String = once().iter().map(|byte| format!("{byte:02x}")).collect();
    measure(&check, |times| {
        for _ in 0..times {
            black_box(once());
        }
    });
}

fn seal(algorithm: &str, bytes: usize) {
    let data = vec![b'a'; bytes];
    let seal = |data: &[u8]| {
        let mut cipher = must(create_cipheriv(algorithm, [1; 32], [2; 12], &CipherOptions::default()));
        let text = must(cipher.update(data));
        (text, must(cipher.finish()), must(cipher.get_auth_tag()))
    };
    let check: String = seal(&data).2.iter().map(|byte| format!("{byte:02x}")).collect();
    measure(&check, |times| {
        for _ in 0..times {
            black_box(seal(black_box(&data)));
        }
    });
}

fn random_bytes() {
    let once = || must(random_bytes_sync(black_box(16)));
    measure(&once().len().to_string(), |times| {
        for _ in 0..times {
            black_box(once());
        }
    });
}

fn uuid() {
    let once = || must(random_uuid(&RandomUuidOptions::new()));
    measure(&once().len().to_string(), |times| {
        for _ in 0..times {
            black_box(once());
        }
    });
}

fn deriving(derive: impl Fn(&[u8; 32]) -> Vec<u8>) {
    hashing(|| derive(black_box(&[b'k'; 32])));
}

fn hkdf() {
    deriving(|key| must(hkdf_sync("sha256", key, "salt", "info", 32)));
}

fn pbkdf2_parallel() {
    let lp = must(EventLoop::new());
    let all = || {
        let bytes = Rc::new(Cell::new(0));
        for _ in 0..8 {
            let bytes = Rc::clone(&bytes);
            let done = move |key| bytes.set(bytes.get() + must::<Vec<u8>, _>(key).len());
            must(pbkdf2(&lp, [b'k'; 32], "salt", 10_000, 32, "sha256", done));
        }
        lp.run(RunMode::Default);
        bytes.get()
    };
    measure(&all().to_string(), |times| {
        for _ in 0..times {
            black_box(all());
        }
    });
}
