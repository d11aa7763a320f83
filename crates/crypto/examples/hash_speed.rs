//! Prints how fast every digest is: `cargo run --release -p nodecore-crypto --example hash_speed`.

use std::time::Instant;

use nodecore_crypto::{create_hash, hash};

fn main() {
    for name in ["sha1", "sha224", "sha256", "sha384", "sha512", "sha512-256"] {
        for size in [64, 1024, 1 << 20] {
            let data = vec![7; size];
            let once = nanoseconds(size, || drop(hash(name, &data)));
            let object = nanoseconds(size, || {
                let digest = create_hash(name).and_then(|mut hash| hash.update(&data)?.digest());
                assert!(digest.is_ok());
            });
            let speed = |ns: f64| size as f64 / ns;
            println!(
                "{name}, {size} bytes: hash() {once:.0} ns, {:.2} GB/s; createHash {object:.0} ns, {:.2} GB/s",
                speed(once),
                speed(object)
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
