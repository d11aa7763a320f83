//! Whether time tells where what is compared differs: Welch's t of the times of two classes of inputs, in random turn,
//! the slowest tenth left out. It goes up with the number of measurements where there is a leak: beyond 10 it is one.
//! For `cargo test --release --test timing -- --ignored --nocapture --test-threads=1`, on a machine with nothing else to do.
#![allow(clippy::unwrap_used, clippy::cast_precision_loss)]

use std::hint::black_box;
use std::time::Instant;

use nodecore_crypto::{
    Aead, CipherOptions, create_cipheriv, create_decipheriv, random_bytes_sync, random_int_sync,
    timing_safe_equal,
};

const ROUNDS: usize = 200_000;
const LEAK: f64 = 10.0;

/// `prepare` makes the input of a class, 0 or 1; only `work` on it is timed.
fn t<I, O>(mut prepare: impl FnMut(usize) -> I, mut work: impl FnMut(&mut I) -> O) -> f64 {
    let mut times = [vec![], vec![]];
    for _ in 0..ROUNDS {
        let class = usize::from(random_int_sync(None, 2).unwrap() == 1);
        let mut input = black_box(prepare(class));
        let begin = Instant::now();
        let output = black_box(work(&mut input));
        times[class].push(begin.elapsed().as_nanos() as f64);
        drop(output);
    }
    let [(mean_a, spread_a), (mean_b, spread_b)] = times.map(|mut times| {
        times.sort_by(f64::total_cmp);
        times.truncate(times.len() / 10 * 9);
        let count = times.len() as f64;
        let mean = times.iter().sum::<f64>() / count;
        (mean, times.iter().map(|time| (time - mean).powi(2)).sum::<f64>() / (count - 1.0) / count)
    });
    (mean_a - mean_b).abs() / (spread_a + spread_b).sqrt()
}

/// A comparison that stops where it knows.
fn stops_early(a: &[u8], b: &[u8]) -> bool {
    a.iter().zip(b).all(|(a, b)| black_box(a) == black_box(b))
}

#[test]
#[ignore = "measures time"]
fn timing_does_not_tell_where_inputs_differ() {
    let secret = random_bytes_sync(4096).unwrap();
    let other = |class| {
        let mut other = secret.clone();
        other[0] ^= u8::from(class == 0);
        other
    };
    let leaky = t(other, |other| stops_early(&secret, other));
    let safe = t(other, |other| timing_safe_equal(&secret, other.as_slice()).unwrap());
    println!("t of a comparison that stops early: {leaky:.1}; of timing_safe_equal: {safe:.1}");
    assert!(leaky > LEAK, "the measurement sees nothing");
    assert!(safe < LEAK);
}

/// Tags that are wrong in the first byte, and such that are wrong in the last.
#[test]
#[ignore = "measures time"]
fn timing_does_not_tell_where_tags_differ() {
    const TEXT: [u8; 64] = [7; 64];
    let (key, iv) = (random_bytes_sync(32).unwrap(), random_bytes_sync(12).unwrap());
    let wrong = |tag: &[u8], class: usize| {
        let mut tag = tag.to_vec();
        tag[if class == 0 { 0 } else { 15 }] ^= 1;
        tag
    };
    let mut worst = Vec::new();
    for name in ["aes-256-gcm", "chacha20-poly1305"] {
        let mut aead = Aead::new(name, &key).unwrap();
        let mut sealed = TEXT;
        let tag = aead.seal(&iv, b"", &mut sealed).unwrap();
        let leaky = t(
            |class| (wrong(&tag, class), TEXT),
            |(other, text)| stops_early(&aead.seal(&iv, b"", text).unwrap(), other),
        );
        let safe = t(
            |class| (wrong(&tag, class), sealed),
            |(other, text)| assert!(aead.open(&iv, b"", text, other).is_err()),
        );
        println!("{name}: t of a check that stops early: {leaky:.1}; of Aead::open: {safe:.1}");
        assert!(leaky > LEAK, "{name}: the measurement sees nothing");
        worst.push((name, safe));
    }
    // CCM is checked by the update, the others by the end.
    for name in ["aes-256-ccm", "aes-256-gcm", "chacha20-poly1305"] {
        let options = CipherOptions::default().auth_tag_length(16);
        let mut cipher = create_cipheriv(name, &key, &iv, &options).unwrap();
        let mut sealed = cipher.update(&TEXT).unwrap();
        sealed.extend(cipher.finish().unwrap());
        let tag = cipher.get_auth_tag().unwrap();
        let decipher = |tag: &[u8]| {
            let mut decipher = create_decipheriv(name, &key, &iv, &options).unwrap();
            decipher.set_auth_tag(tag).unwrap();
            decipher
        };
        let safe = t(
            |class| decipher(&wrong(&tag, class)),
            |decipher| assert!(decipher.update(&sealed).and_then(|_| decipher.finish()).is_err()),
        );
        println!("{name}: t of a Decipheriv: {safe:.1}");
        worst.push((name, safe));
    }
    assert!(worst.iter().all(|(_, safe)| *safe < LEAK), "{worst:?}");
}
