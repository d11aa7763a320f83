//! Asks a real Node the same as this crate and compares every answer: see `nodecore_testdata::node`.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

use std::fmt::Write;

use nodecore_buffer::Encoding;
use nodecore_crypto::{
    HashOptions, MacOptions, create_hash_with, create_hmac, create_mac, get_hashes, get_macs,
    hash_encoded_with,
};
use nodecore_error::{Error, OpensslError, Result};
use nodecore_testdata::node::{self, Case, Exam, Node};

/// How many random inputs each digest, HMAC and MAC gets, if NODECORE_CASES says nothing else.
const ROUND: usize = 20;
/// How many go in one round.
const STEP: usize = 100;

/// Names that Node takes beside those of `getHashes`, and names that it does not take.
const OTHER_NAMES: [&str; 23] = [
    "",
    "nope",
    "sha512/256",
    "sha 256",
    " sha256",
    "sha256 ",
    "sha1WithRSA",
    "1.3.14.3.2.26",
    "2.16.840.1.101.3.4.2.1",
    "2.16.840.1.101.3.4.2.8",
    "1.2.840.113549.2.5",
    "1.2.156.10197.1.401",
    "1.3.6.1.4.1.1722.12.2.1.16",
    "md4",
    "whirlpool",
    "mdc2",
    "md2",
    "null",
    "cshake128",
    "kmac128",
    "sha1\0x",
    "md4\0x",
    "nope\0x",
];

struct Asked {
    exam: Exam,
    cases: Vec<Case>,
    random: Random,
}

fn asked() -> Option<Asked> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/node/hash.js");
    let exam = Exam::new(Node::find()?, "crypto", script);
    Some(Asked { exam, cases: vec![], random: Random(node::seed() | 1) })
}

impl Asked {
    /// As many rounds of random cases as wanted.
    fn rounds(mut self, mut make: impl FnMut(&mut Asked)) {
        self.flush();
        let mut left = node::cases(ROUND);
        while left > 0 {
            for _ in 0..left.min(STEP) {
                make(&mut self);
            }
            left -= left.min(STEP);
            self.flush();
        }
        self.exam.close();
    }

    fn flush(&mut self) {
        self.exam.ask(&self.cases, |_, _| false);
        self.cases.clear();
    }

    fn add(&mut self, question: String, answer: Result<String>) {
        self.cases.push(Case { question, answer: shown(answer) });
    }

    fn parts(&mut self) -> Vec<Vec<u8>> {
        let size = [1, 70, 300, 3000][self.random.below(4)];
        (0..1 + self.random.below(4)).map(|_| self.random.bytes(size)).collect()
    }

    fn encoding(&mut self) -> &'static str {
        ["hex", "base64", "base64url"][self.random.below(3)]
    }

    fn hash(&mut self, name: &str, length: Option<u32>, parts: &[Vec<u8>], encoding: &str) {
        let to = Encoding::parse(encoding).unwrap();
        let (options, json) = hash_options(length);
        let whole = parts.concat();
        let with_encoding = json.replace('{', &format!("{{\"outputEncoding\":\"{encoding}\","));
        let with_encoding = with_encoding.replace(",}", "}");
        self.add(
            format!("hash\t{name}\t{with_encoding}\t{}", hex(&whole)),
            hash_encoded_with(name, &whole, to, &options),
        );
        let answer = create_hash_with(name, &options).and_then(|mut hash| {
            for part in parts {
                hash.update(part)?;
            }
            hash.digest_encoded(to)
        });
        self.add(format!("createHash\t{name}\t{json}\t{encoding}\t{}", hexes(parts)), answer);
    }

    fn copy(&mut self, name: &str, lengths: [Option<u32>; 2], parts: [&[u8]; 2]) {
        let [(first, first_json), (second, second_json)] = lengths.map(hash_options);
        let answer = create_hash_with(name, &first).and_then(|mut hash| {
            let mut copy = hash.update(parts[0])?.copy_with(&second)?;
            copy.update(parts[1])?;
            Ok(format!("{} {}", hash.digest_encoded(Encoding::Hex)?, copy.digest_encoded(Encoding::Hex)?))
        });
        let [part, rest] = parts.map(hex);
        self.add(format!("copy\t{name}\t{first_json}\t{second_json}\thex\t{part}\t{rest}"), answer);
    }

    fn hmac(&mut self, name: &str, key: &[u8], parts: &[Vec<u8>], encoding: &str) {
        let to = Encoding::parse(encoding).unwrap();
        let answer = create_hmac(name, key).and_then(|mut hmac| {
            for part in parts {
                hmac.update(part)?;
            }
            Ok(format!("{} {}", hmac.digest_encoded(to)?, hmac.digest_encoded(to)?))
        });
        self.add(format!("createHmac\t{name}\t{}\t{encoding}\t{}", hex(key), hexes(parts)), answer);
    }

    fn mac(&mut self, name: &str, key: &[u8], options: &MacOptions, parts: &[Vec<u8>], encoding: &str) {
        let to = Encoding::parse(encoding).unwrap();
        let answer = create_mac(name, key, options).and_then(|mut mac| {
            for part in parts {
                mac.update(part)?;
            }
            mac.finish_encoded(to)
        });
        let json = mac_json(options);
        let question = format!("createMac\t{name}\t{}\t{json}\t{encoding}\t{}", hex(key), hexes(parts));
        self.add(question, answer);
    }
}

#[test]
fn hashes_agree_with_node() {
    let Some(mut asked) = asked() else { return };
    asked.add("getHashes".into(), Ok(get_hashes().join(",")));
    let abc = [b"abc".to_vec()];
    for name in get_hashes().iter().chain(&OTHER_NAMES) {
        for spelled in [(*name).to_owned(), name.to_uppercase(), name.to_lowercase()] {
            asked.hash(&spelled, None, &abc, "hex");
        }
        for length in [0, 1, 16, 20, 24, 28, 32, 36, 48, 64, 1000] {
            asked.hash(name, Some(length), &abc, "hex");
            asked.copy(name, [None, Some(length)], [b"a", b"bc"]);
            asked.copy(name, [Some(length), None], [b"a", b"bc"]);
        }
    }
    asked.rounds(|asked| {
        for name in get_hashes() {
            let (parts, encoding) = (asked.parts(), asked.encoding());
            let xof = name.contains("shake") || name.contains("kmac");
            let length = if xof { Some(asked.random.below(400) as u32) } else { None };
            asked.hash(name, length, &parts, encoding);
            let (part, rest) = (asked.random.bytes(200), asked.random.bytes(200));
            asked.copy(name, [None, length], [&part, &rest]);
        }
    });
}

#[test]
fn hmacs_agree_with_node() {
    let Some(mut asked) = asked() else { return };
    let abc = [b"abc".to_vec()];
    for name in get_hashes().iter().chain(&OTHER_NAMES) {
        for spelled in [(*name).to_owned(), name.to_uppercase(), name.to_lowercase()] {
            asked.hmac(&spelled, b"key", &abc, "hex");
        }
        for length in [0, 1, 63, 64, 65, 103, 104, 105, 127, 128, 129, 143, 144, 145, 300] {
            asked.hmac(name, &vec![7; length], &abc, "hex");
        }
    }
    asked.rounds(|asked| {
        for name in get_hashes() {
            let (parts, encoding, key) = (asked.parts(), asked.encoding(), asked.random.bytes(200));
            asked.hmac(name, &key, &parts, encoding);
        }
    });
}

#[test]
fn macs_agree_with_node() {
    let Some(mut asked) = asked() else { return };
    asked.add("getMacs".into(), Ok(get_macs().join(",")));
    let abc = [b"abc".to_vec()];
    for name in get_macs().iter().chain(&["nope", "", "KMAC-128", "Hmac", "BLAKE2BMAC", " cmac", "cmac "]) {
        for key in [0, 1, 3, 4, 15, 16, 17, 24, 31, 32, 33, 64, 65, 512, 513] {
            for options in settings() {
                asked.mac(name, &vec![7; key], &options, &abc, "hex");
            }
        }
    }
    asked.rounds(|asked| {
        for name in get_macs() {
            let (parts, encoding) = (asked.parts(), asked.encoding());
            let mut options = MacOptions::default();
            let length = asked.random.below(65) as u32;
            let (mut key, custom) = (asked.random.bytes(65), asked.random.bytes(18));
            match *name {
                "hmac" => options = options.digest(get_hashes()[asked.random.below(get_hashes().len())]),
                "cmac" | "gmac" => {
                    let mode = if *name == "cmac" { "cbc" } else { "gcm" };
                    let (cipher, size) = [
                        ("aes-128", 16),
                        ("aes-192", 24),
                        ("aes-256", 32),
                        ("aria-128", 16),
                        ("aria-256", 32),
                        ("sm4", 16),
                    ][asked.random.below(6)];
                    key = (0..size).map(|_| asked.random.next() as u8).collect();
                    options = options.cipher(&format!("{cipher}-{mode}"));
                    if mode == "gcm" {
                        options = options.iv(custom);
                    }
                }
                "poly1305" => key.resize(32, 7),
                "siphash" => {
                    key.resize(16, 7);
                    options.output_length = [None, Some(8), Some(16)][asked.random.below(3)];
                }
                _ => {
                    options.output_length = [None, Some(length)][asked.random.below(2)];
                    options.customization = [None, Some(custom)][asked.random.below(2)].clone();
                    if name.starts_with("blake") {
                        options.salt = [None, Some(asked.random.bytes(18))][asked.random.below(2)].clone();
                    }
                }
            }
            asked.mac(name, &key, &options, &parts, encoding);
        }
    });
}

/// Options alone and together, good and bad.
fn settings() -> Vec<MacOptions> {
    let none = MacOptions::default;
    vec![
        none(),
        none().digest("sha256"),
        none().digest("SHA3-256"),
        none().digest("sha1WithRSAEncryption"),
        none().digest("nope"),
        none().digest(""),
        none().digest("a\0"),
        none().digest("").cipher(""),
        none().digest("shake128"),
        none().digest("sha256").cipher("aes-128-cbc"),
        none().digest("sha256").output_length(32),
        none().cipher("aes-128-cbc"),
        none().cipher("AES-256-CBC"),
        none().cipher("des-ede3-cbc"),
        none().cipher("camellia-128-cbc"),
        none().cipher("aes-128-gcm"),
        none().cipher("aes-128-ecb"),
        none().cipher("bf-cbc"),
        none().cipher("nope"),
        none().cipher(""),
        none().cipher("aes-128-cbc").output_length(8),
        none().cipher("aes-128-cbc").iv([7; 16]),
        none().cipher("aes-128-gcm").iv([7; 12]),
        none().cipher("aes-128-gcm").iv([7; 128]),
        none().cipher("aes-128-gcm").iv([7; 129]),
        none().cipher("aes-128-gcm").iv([]),
        none().cipher("aes-256-gcm").iv([7]),
        none().cipher("aes-128-gcm").iv([7; 12]).output_length(16),
        none().cipher("aes-128-ccm").iv([7; 12]),
        none().cipher("chacha20-poly1305").iv([7; 12]),
        none().cipher("nope").iv([7; 12]),
        none().iv([7; 12]),
        none().output_length(0),
        none().output_length(1),
        none().output_length(8),
        none().output_length(16),
        none().output_length(17),
        none().output_length(33),
        none().output_length(65),
        none().output_length(5000),
        none().output_length(2_097_152),
        none().output_length(u32::MAX),
        none().customization([]),
        none().customization([7; 8]),
        none().customization([7; 9]),
        none().customization([7; 17]),
        none().customization([7; 513]),
        none().salt([]),
        none().salt([7; 8]),
        none().salt([7; 17]),
        none().salt([7; 8]).customization([1; 8]).output_length(20),
        none().salt([7; 8]).iv([1]).digest("md5"),
    ]
}

fn hash_options(length: Option<u32>) -> (HashOptions, String) {
    match length {
        Some(length) => {
            (HashOptions::default().output_length(length), format!("{{\"outputLength\":{length}}}"))
        }
        None => (HashOptions::default(), "{}".into()),
    }
}

fn mac_json(options: &MacOptions) -> String {
    let mut json = String::from("{");
    for (name, text) in [("digest", &options.digest), ("cipher", &options.cipher)] {
        if let Some(text) = text {
            let text = text.replace('\0', "\\u0000");
            write!(json, "\"{name}\":\"{text}\",").unwrap();
        }
    }
    let all = [("iv", &options.iv), ("customization", &options.customization), ("salt", &options.salt)];
    for (name, bytes) in all {
        if let Some(bytes) = bytes {
            write!(json, "\"{name}\":\"{}\",", hex(bytes)).unwrap();
        }
    }
    if let Some(length) = options.output_length {
        write!(json, "\"outputLength\":{length}").unwrap();
    }
    format!("{}}}", json.trim_end_matches(','))
}

fn shown(result: Result<String>) -> String {
    let failure = |error: Error| {
        let code = match error.code_name() {
            "" => "undefined",
            name => name,
        };
        let details = |of: &OpensslError| {
            let mut parts = vec![of.library().unwrap_or_default(), of.reason().unwrap_or_default()];
            parts.extend(of.stack().iter().map(|text| &**text));
            format!(" ({})", parts.join("; "))
        };
        let openssl = error.openssl().map_or_else(String::new, details);
        format!("error {} {code} {error}{openssl}", error.class().name())
    };
    result.unwrap_or_else(failure)
}

fn hexes(parts: &[Vec<u8>]) -> String {
    parts.iter().map(|part| hex(part)).collect::<Vec<_>>().join("\t")
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
