//! The bodies for `X509Certificate`.

use super::{measure, must, read, variable};
use nodecore::crypto::{X509Certificate, X509CheckOptions};
use std::hint::black_box;

pub(super) const BODIES: &[(&str, fn())] = &[
    ("x509-parse-pem", parse_pem),
    ("x509-to-legacy-object", to_legacy_object),
    ("x509-check-host", check_host),
];

/// The certificate of benches/inputs/x509.txt.
pub(super) fn pem() -> String {
    read(&format!("{}/x509.txt", variable("NODECORE_BENCH_INPUTS")))
}

fn parse_pem() {
    let pem = pem();
    let parse = || must(X509Certificate::new(black_box(&pem)));
    measure(parse().serial_number().unwrap_or_default(), |times| {
        for _ in 0..times {
            black_box(parse());
        }
    });
}

/// Of a certificate just read, as it is asked for once.
fn to_legacy_object() {
    let pem = pem();
    let once = || must(X509Certificate::new(black_box(&pem))).to_legacy_object();
    measure(&once().raw.len().to_string(), |times| {
        for _ in 0..times {
            black_box(once());
        }
    });
}

fn check_host() {
    let certificate = must(X509Certificate::new(pem()));
    let options = X509CheckOptions::new();
    let once = || must(certificate.check_host(black_box("www.ec.example"), &options)).unwrap_or_default();
    measure(&once(), |times| {
        for _ in 0..times {
            black_box(once());
        }
    });
}
