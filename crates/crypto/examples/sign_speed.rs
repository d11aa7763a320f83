//! Nanoseconds of the processor for a signature or a verification: `sign_speed KEY sign|verify TIMES`.

use std::hint::black_box;

use nodecore_crypto::{KeyPairOptions, SignOptions, generate_key_pair_sync, sign_sync, verify_sync};
use nodecore_error::Result;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, verb, times] = &arguments[..] else {
        println!("sign_speed KEY sign|verify TIMES");
        return Ok(());
    };
    let options = KeyPairOptions::new().modulus_length(2048).named_curve("P-256");
    let pair = generate_key_pair_sync(name, &options)?;
    let digest = matches!(&**name, "rsa" | "rsa-pss" | "dsa" | "ec").then_some("sha256");
    let (message, options) = ([b'a'; 64], SignOptions::new());
    let signature = sign_sync(digest, &message, &pair.private_key, &options)?;
    let times: u32 = times.parse().unwrap_or(1000);
    let start = std::time::Instant::now();
    for _ in 0..times {
        if verb == "sign" {
            black_box(sign_sync(digest, black_box(&message), &pair.private_key, &options)?);
        } else {
            black_box(verify_sync(digest, black_box(&message), &pair.public_key, &signature, &options)?);
        }
    }
    println!("{name} {verb}: {} ns", start.elapsed().as_nanos() / u128::from(times.max(1)));
    Ok(())
}
