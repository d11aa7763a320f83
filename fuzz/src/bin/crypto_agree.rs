//! What agreement, SPKAC and PKCS#12 read: `mode bytes`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nodecore_crypto::{
    Certificate, Ecdh, KeyEncoding, KeyInput, PointFormat, create_diffie_hellman, create_ecdh,
    diffie_hellman_sync, get_curves, parse_pkcs12,
};

/// Bytes of a prime: little enough to be quick.
const PRIME: usize = 80;

fuzz_target!(|data: &[u8]| {
    let Some((&mode, data)) = data.split_first() else { return };
    match mode % 5 {
        0 => {
            let verified = Certificate::verify_spkac(data).expect("it is short");
            let key = Certificate::export_public_key(data).expect("it is short");
            assert!(!verified || key.is_some(), "signed by nobody");
            let _ = Certificate::export_challenge(data);
        }
        // The passphrase is a text that takes part in few inputs only.
        1 => {
            if let Ok(found) = parse_pkcs12(data, "secret") {
                assert!(found.certificate.is_none() || found.private_key.is_some());
            }
        }
        2 => {
            let curves = get_curves();
            let Some((&which, point)) = data.split_first() else { return };
            let curve = curves[usize::from(which) % curves.len()];
            let long = Ecdh::convert_key(point, curve, PointFormat::Uncompressed);
            if let (Ok(long), false) = (&long, point.is_empty()) {
                let short = Ecdh::convert_key(long, curve, PointFormat::Compressed).expect("it was read");
                let again = Ecdh::convert_key(short, curve, PointFormat::Uncompressed);
                assert_eq!(again.as_ref(), Ok(long));
            }
            let mut pair = create_ecdh(curve).expect("it is a curve");
            pair.set_private_key([5]).expect("every curve is larger");
            assert!(pair.compute_secret(point).is_err() || long.is_ok());
        }
        3 => {
            let prime = &data[..data.len().min(PRIME)];
            let rest = &data[prime.len()..];
            let (generator, other) = rest.split_at(rest.len() / 2);
            let Ok(mut pair) = create_diffie_hellman(prime, (!generator.is_empty()).then_some(generator))
            else {
                return;
            };
            pair.set_private_key(other).expect("it is short");
            let _ = pair.generate_keys();
            if let Ok(secret) = pair.compute_secret(other) {
                assert_eq!(secret.len(), pair.get_prime().expect("there is one").len());
            }
        }
        _ => {
            let half = data.len() / 2;
            let private = KeyInput::der(&data[..half], KeyEncoding::Pkcs8);
            let _ = diffie_hellman_sync(&private, &KeyInput::der(&data[half..], KeyEncoding::Spki));
        }
    }
});
