//! Prints how fast ciphers are: `cargo run --release -p nodecore-crypto --example cipher_speed`.

use std::time::Instant;

use nodecore_crypto::{Aead, CipherOptions, create_cipheriv};

fn main() {
    let options = CipherOptions::default();
    for name in ["aes-256-gcm", "chacha20-poly1305"] {
        for size in [64, 1024, 1 << 20] {
            let (mut data, mut out) = (vec![7; size], vec![0; size]);
            let object = nanoseconds(size, || {
                let sealed = create_cipheriv(name, [1; 32], [2; 12], &options).and_then(|mut cipher| {
                    let sealed = cipher.update(&data)?;
                    cipher.finish()?;
                    Ok((sealed, cipher.get_auth_tag()?))
                });
                assert!(sealed.is_ok());
            });
            let into = nanoseconds(size, || {
                let sealed = create_cipheriv(name, [1; 32], [2; 12], &options).and_then(|mut cipher| {
                    cipher.update_into(&data, &mut out)?;
                    cipher.finish_into(&mut [])?;
                    cipher.get_auth_tag()
                });
                assert!(sealed.is_ok());
            });
            let mut aead = Aead::new(name, [1; 32]);
            let in_place = nanoseconds(size, || {
                assert!(aead.as_mut().is_ok_and(|aead| aead.seal(&[2; 12], b"", &mut data).is_ok()));
            });
            let speed = |ns: f64| size as f64 / ns;
            println!(
                "{name}, {size} bytes: createCipheriv {object:.0} ns, {:.2} GB/s; into a buffer {into:.0} ns, \
                 {:.2} GB/s; Aead {in_place:.0} ns, {:.2} GB/s",
                speed(object),
                speed(into),
                speed(in_place)
            );
        }
    }
}

/// The best of five rounds, for one call.
fn nanoseconds(size: usize, mut work: impl FnMut()) -> f64 {
    let calls = (4_000_000 / size).clamp(5, 20_000);
    let mut best = f64::INFINITY;
    for _ in 0..5 {
        let start = Instant::now();
        (0..calls).for_each(|_| work());
        best = best.min(start.elapsed().as_nanos() as f64 / calls as f64);
    }
    best
}
