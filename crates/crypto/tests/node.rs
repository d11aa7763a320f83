//! Asks a real Node the same as this crate and compares every answer: see `nodecore_testdata::node`.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

use nodecore_buffer::Encoding;
use nodecore_crypto::{create_hash, hash_encoded};
use nodecore_error::{Error, Result};
use nodecore_testdata::node::{self, Case, Exam, Node};

/// How many random inputs go in one round.
const ROUND: usize = 3000;

const NAMES: [&str; 41] = [
    "sha1",
    "sha-1",
    "rsa-sha1",
    "rsa-sha1-2",
    "sha1WithRSAEncryption",
    "ssl3-sha1",
    "1.3.14.3.2.26",
    "sha224",
    "sha-224",
    "sha2-224",
    "rsa-sha224",
    "sha224WithRSAEncryption",
    "2.16.840.1.101.3.4.2.4",
    "sha256",
    "sha-256",
    "sha2-256",
    "rsa-sha256",
    "sha256WithRSAEncryption",
    "2.16.840.1.101.3.4.2.1",
    "sha384",
    "sha-384",
    "sha2-384",
    "rsa-sha384",
    "sha384WithRSAEncryption",
    "2.16.840.1.101.3.4.2.2",
    "sha512",
    "sha-512",
    "sha2-512",
    "rsa-sha512",
    "sha512WithRSAEncryption",
    "2.16.840.1.101.3.4.2.3",
    "sha512-224",
    "sha-512/224",
    "sha2-512/224",
    "rsa-sha512/224",
    "2.16.840.1.101.3.4.2.5",
    "sha512-256",
    "sha-512/256",
    "sha2-512/256",
    "sha512-256WithRSAEncryption",
    "2.16.840.1.101.3.4.2.6",
];
const NOT_NAMES: [&str; 6] = ["", "nope", "sha512/256", "sha 256", " sha256", "sha1WithRSA"];

#[test]
fn agrees_with_node() {
    let Some(node) = Node::find() else { return };
    let mut exam = Exam::new(node, "crypto", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/node/hash.js"));
    let mut random = Random(node::seed() | 1);
    let mut cases = vec![];
    for name in NAMES.into_iter().chain(NOT_NAMES) {
        for spelled in [name.to_owned(), name.to_uppercase(), name.to_lowercase()] {
            add(&spelled, &[b"abc".to_vec()], "hex", &mut cases);
        }
    }
    let mut left = node::cases(ROUND);
    while left > 0 {
        let count = left.min(ROUND);
        left -= count;
        for _ in 0..count {
            let name = NAMES[random.below(NAMES.len())];
            let size = [1, 70, 300, 5000][random.below(4)];
            let parts: Vec<Vec<u8>> = (0..1 + random.below(4)).map(|_| random.bytes(size)).collect();
            add(name, &parts, ["hex", "base64", "base64url"][random.below(3)], &mut cases);
        }
        exam.ask(&cases, |_, _| false);
        cases.clear();
    }
    exam.close();
}

fn add(name: &str, parts: &[Vec<u8>], encoding: &str, cases: &mut Vec<Case>) {
    let to = Encoding::parse(encoding).unwrap();
    let whole = parts.concat();
    let question = format!("hash\t{name}\t{encoding}\t{}", hex(&whole));
    cases.push(Case { question, answer: shown(hash_encoded(name, &whole, to)) });
    let hexes: Vec<_> = parts.iter().map(|part| hex(part)).collect();
    let question = format!("createHash\t{name}\t{encoding}\t{}", hexes.join("\t"));
    let answer = create_hash(name).and_then(|mut hash| {
        for part in parts {
            hash.update(part)?;
        }
        hash.digest_encoded(to)
    });
    cases.push(Case { question, answer: shown(answer) });
}

fn shown(result: Result<String>) -> String {
    let failure = |error: Error| {
        let code = match error.code().name() {
            "" => "undefined",
            name => name,
        };
        format!("error {} {code} {error}", error.class().name())
    };
    result.unwrap_or_else(failure)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// xorshift64*.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() >> 11) as usize % end
    }

    fn bytes(&mut self, below: usize) -> Vec<u8> {
        (0..self.below(below)).map(|_| self.next() as u8).collect()
    }
}
