//! Reads and checks certificates here and in a real Node, and compares every answer: see `nodecore_testdata::node`.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

#[path = "x509/cases.rs"]
mod cases;
#[path = "x509/der.rs"]
mod der;

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::SystemTime;

use nodecore_crypto::{
    KeyEncoding, KeyExport, KeyInput, KeyPairOptions, X509Attributes, X509Certificate, X509CheckOptions,
    X509SubjectCheck, create_private_key, generate_key_pair_sync,
};
use nodecore_error::{Error, OpensslError, Result};
use nodecore_testdata::node::{self, Case, Exam, Node, Random};
use serde_json::{Value, json};

/// How many certificates are made at random, and how many damaged, in one run.
const CASES: usize = 300;

const RSA: &str = include_str!("data/x509/rsa.pem");
const EC: &str = include_str!("data/x509/ec.pem");
const ED25519: &str = include_str!("data/x509/ed25519.pem");
const ML_DSA: &str = include_str!("data/x509/ml-dsa-44.pem");
const KEY: &str = include_str!("data/x509/ec.key");

#[test]
fn agrees_with_node() {
    let Some(node) = Node::find() else { return };
    let mut exam = Exam::new(node, "crypto", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/node/x509.js"));

    let mut asked = vec![];
    let keys = keys();
    let fixed = [RSA, EC, ED25519, ML_DSA].map(|pem| X509Certificate::new(pem).unwrap().raw().to_vec());
    for pem in [RSA, EC, ED25519, ML_DSA] {
        asked.push(read(pem.as_bytes()));
    }
    for one in &fixed {
        for other in &fixed {
            asked.push(pair(one, other));
        }
        asked.push(key(one));
    }
    for certificate in cases::odd(&keys[0]) {
        asked.push(read(&certificate));
    }
    for key in &keys {
        asked.push(read(&der::Certificate::new(key).der()));
    }
    for text in cases::texts(&fixed[1], EC) {
        asked.push(read(&text));
    }
    for text in made_by_openssl() {
        asked.push(read(&text));
    }
    for (certificate, names) in cases::named(&keys[0]) {
        for options in options() {
            asked.push(check(&certificate, &names, &options));
        }
    }
    exam.ask(&asked, same);

    let (mut random, mut damage) = (Random::new("x509"), Random::new("x509 damaged"));
    let mut asked = vec![];
    for _ in 0..node::cases(CASES) {
        let certificate = cases::random(&mut random, &keys);
        asked.push(read(&certificate));
        asked.push(read(&cases::damaged(&mut random, &certificate)));
        let whole = damage.below(fixed.len());
        asked.push(read(&cases::damaged(&mut damage, &fixed[whole])));
        let pem = damage.pick(&[EC, ED25519]);
        asked.push(read(&cases::damaged(&mut damage, pem.as_bytes())));
    }
    exam.ask(&asked, same);
    exam.close();
}

/// Certificates of the `openssl` command, in PEM after their keys; none if it is not there.
fn made_by_openssl() -> Vec<Vec<u8>> {
    let names = "DNS:a.example,DNS:*.b.example,IP:192.0.2.1,IP:2001:db8::1,email:post@a.example,\
                 URI:http://a.example/?b,RID:1.2.3.4,dirName:dir,otherName:1.2.3.4;UTF8:other";
    let config = "[req]\ndistinguished_name=dn\n[dn]\n[dir]\nC=DE\nO=a, \\\"b\\\"\nCN=c\n";
    let extensions = [
        format!("subjectAltName={names}"),
        "authorityInfoAccess=OCSP;URI:http://ocsp.example/,caIssuers;URI:http://a.example/ca".to_owned(),
        "extendedKeyUsage=serverAuth,clientAuth,1.2.3.4".to_owned(),
        "keyUsage=critical,digitalSignature,keyCertSign".to_owned(),
        "nameConstraints=permitted;DNS:example".to_owned(),
    ];
    let keys: &[&[&str]] = &[
        &["rsa:1024", "-sha256"],
        &["rsa-pss", "-pkeyopt", "rsa_keygen_bits:1024"],
        &["ec", "-pkeyopt", "ec_paramgen_curve:P-384"],
        &["ed25519"],
    ];
    let mut all = vec![];
    for key in keys {
        let mut command = Command::new("openssl");
        command.args([
            "req",
            "-x509",
            "-nodes",
            "-config",
            "/dev/stdin",
            "-keyout",
            "-",
            "-utf8",
            "-multivalue-rdn",
        ]);
        command
            .args(["-subj", "/C=DE/O=\u{c4}, \"b\"+OU=c/O=d/CN=a.example", "-days", "9999", "-newkey"])
            .args(*key);
        extensions.iter().for_each(|extension| _ = command.args(["-addext", extension]));
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let Ok(mut child) = child else { return all };
        child.stdin.take().unwrap().write_all(config.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "openssl req -newkey {key:?}");
        all.push(output.stdout);
    }
    all
}

/// Whether the answers differ only where Node's cannot be relied on: in the time of a date that is none, for which it has
/// mostly nothing either, but now and then what depends on what it did before; and in the public key of RSA-PSS with a
/// negative length of salt, which OpenSSL 3.5 drops and 3.6 writes.
fn same(case: &Case, answer: &str) -> bool {
    let parse = |text| serde_json::from_str::<Value>(text).unwrap();
    let (ours, mut nodes) = (parse(&case.answer), parse(answer));
    for (text, time) in [(5, 7), (6, 8)] {
        if ours[text] == "Bad time value" && ours[time].is_null() {
            nodes[time] = Value::Null;
        }
    }
    let salt = case.question.split("a2030201").nth(1).and_then(|rest| rest.chars().next());
    if salt.is_some_and(|digit| digit >= '8') && nodes[21].is_array() {
        nodes[21][7] = ours[21][7].clone();
    }
    // What differs may be in the middle of a long answer, which is not shown whole.
    for (index, (ours, nodes)) in fields(&ours).zip(fields(&nodes)).enumerate() {
        if ours != nodes {
            println!("field {index}: Node {nodes}, here {ours}");
        }
    }
    ours == nodes
}

/// The fields of an answer, those of `toLegacyObject` after the others.
fn fields(answer: &Value) -> impl Iterator<Item = &Value> {
    let all = answer.as_array().into_iter().flatten();
    all.clone().take(21).chain(all.skip(21).filter_map(Value::as_array).flatten())
}

/// The framing of a public key of each kind.
fn keys() -> Vec<Vec<u8>> {
    let options = KeyPairOptions::new;
    let mut kinds = vec![
        ("ec", options().named_curve("P-256")),
        ("rsa", options().modulus_length(1024)),
        ("rsa", options().modulus_length(1024).public_exponent(3)),
        ("rsa-pss", options().modulus_length(1024)),
        ("rsa-pss", options().modulus_length(1024).hash_algorithm("sha256")),
        ("dsa", options().modulus_length(1024)),
        ("dh", options().group("modp14")),
        ("ec", options().named_curve("P-256").explicit_curve(true)),
    ];
    let curves = ["P-521", "prime192v1", "sect163k1", "secp256k1", "brainpoolP256r1", "SM2"];
    kinds.extend(curves.map(|curve| ("ec", options().named_curve(curve))));
    let plain = ["ed25519", "ed448", "x25519", "ml-dsa-65", "ml-kem-512", "slh-dsa-sha2-128f"];
    kinds.extend(plain.map(|name| (name, options())));
    let spki = |(name, options): &(&str, KeyPairOptions)| {
        let pair = generate_key_pair_sync(name, options).unwrap();
        pair.public_key.export(&KeyExport::der(KeyEncoding::Spki)).unwrap().into_bytes()
    };
    kinds.iter().map(spki).collect()
}

fn read(data: &[u8]) -> Case {
    let certificate = X509Certificate::new(data);
    let whole = certificate.as_ref().is_ok_and(|certificate| !crashes_node(certificate));
    let question = format!("read\t{}\t{}", hex(data), if whole { "whole" } else { "" });
    let answer = match certificate {
        Ok(certificate) => described(&certificate, whole),
        Err(error) => failure(&error).into(),
    };
    Case { question, answer: answer.to_string() }
}

/// Whether Node's `toLegacyObject` would crash: for a key on a curve that NIST has no name for.
fn crashes_node(certificate: &X509Certificate) -> bool {
    let of = certificate.to_legacy_object();
    certificate.public_key().is_ok_and(|key| key.asymmetric_key_type() == Some("ec"))
        && of.nist_curve.is_none()
}

fn described(c: &X509Certificate, whole: bool) -> Value {
    let key = c.public_key().and_then(|key| key.export(&KeyExport::der(KeyEncoding::Spki)));
    let key = key.map_or_else(|error| failure(&error), |key| hex(&key.into_bytes()));
    json!([
        c.subject(),
        c.subject_alt_name(),
        c.issuer(),
        c.issuer_certificate().map(X509Certificate::to_json),
        c.info_access(),
        c.valid_from(),
        c.valid_to(),
        seconds(c.valid_from_date()),
        seconds(c.valid_to_date()),
        c.fingerprint(),
        c.fingerprint256(),
        c.fingerprint512(),
        c.key_usage(),
        c.serial_number(),
        c.signature_algorithm(),
        c.signature_algorithm_oid(),
        hex(c.raw()),
        key,
        c.to_string(),
        c.to_json(),
        c.ca(),
        if whole { legacy(c) } else { Value::Null },
    ])
}

fn legacy(certificate: &X509Certificate) -> Value {
    let attributes =
        |attributes: &X509Attributes| -> Value { attributes.iter().map(|pair| json!(pair)).collect() };
    let of = certificate.to_legacy_object();
    json!([
        attributes(&of.subject),
        attributes(&of.issuer),
        of.subjectaltname,
        of.info_access.as_ref().map(attributes),
        of.ca,
        of.modulus,
        of.exponent,
        of.pubkey.as_deref().map(hex),
        of.bits,
        of.valid_from,
        of.valid_to,
        of.fingerprint,
        of.fingerprint256,
        of.fingerprint512,
        of.ext_key_usage,
        of.serial_number,
        hex(&of.raw),
        of.asn1_curve,
        of.nist_curve,
    ])
}

fn seconds(time: Option<SystemTime>) -> Option<i64> {
    let whole = |duration: std::time::Duration| i64::try_from(duration.as_secs()).unwrap();
    time.map(|time| match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => whole(after),
        Err(before) => -whole(before.duration()),
    })
}

fn pair(one: &[u8], other: &[u8]) -> Case {
    let [a, b] = [one, other].map(|data| X509Certificate::new(data).unwrap());
    let answer = json!([a.check_issued(&b), a.verify(&b.public_key().unwrap()).unwrap()]);
    Case { question: format!("pair\t{}\t{}", hex(one), hex(other)), answer: answer.to_string() }
}

fn key(data: &[u8]) -> Case {
    let certificate = X509Certificate::new(data).unwrap();
    let key = create_private_key(&KeyInput::pem(KEY)).unwrap();
    let told = |result: Result<bool>| result.map_or_else(|error| json!(failure(&error)), Value::from);
    let answer = json!([
        told(certificate.check_private_key(&key)),
        told(certificate.verify(&key)),
        told(certificate.check_private_key(&certificate.public_key().unwrap())),
    ]);
    Case { question: format!("key\t{}\t{}", hex(data), hex(KEY.as_bytes())), answer: answer.to_string() }
}

/// Each option alone, and none.
fn options() -> Vec<Value> {
    vec![
        json!({}),
        json!({ "subject": "default" }),
        json!({ "subject": "always" }),
        json!({ "subject": "never" }),
        json!({ "wildcards": false }),
        json!({ "partialWildcards": false }),
        json!({ "multiLabelWildcards": true }),
        json!({ "singleLabelSubdomains": true }),
    ]
}

fn check(data: &[u8], names: &[&str], wanted: &Value) -> Case {
    let certificate = X509Certificate::new(data).unwrap();
    let flag = |name: &str, usual| wanted[name].as_bool().unwrap_or(usual);
    let subject = wanted["subject"].as_str().map(|name| X509SubjectCheck::parse(name).unwrap());
    let options = X509CheckOptions::new()
        .subject(subject.unwrap_or_default())
        .wildcards(flag("wildcards", true))
        .partial_wildcards(flag("partialWildcards", true))
        .multi_label_wildcards(flag("multiLabelWildcards", false))
        .single_label_subdomains(flag("singleLabelSubdomains", false));
    let told = |result: Result<Value>| result.unwrap_or_else(|error| failure(&error).into());
    let each = |name: &&str| {
        json!([
            told(certificate.check_host(name, &options).map(|peer| json!(peer))),
            told(certificate.check_email(name, &options).map(Value::from)),
            told(certificate.check_ip(name).map(Value::from)),
        ])
    };
    let answer: Value = names.iter().map(each).collect();
    let question = format!("check\t{}\t{}\t{wanted}", hex(data), ascii(&json!(names).to_string()));
    Case { question, answer: answer.to_string() }
}

/// JSON with all but ASCII escaped: questions travel as Latin-1.
fn ascii(text: &str) -> String {
    text.encode_utf16()
        .map(|unit| match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() => char::from(byte).to_string(),
            _ => format!("\\u{unit:04x}"),
        })
        .collect()
}

fn failure(error: &Error) -> String {
    let or = |text: Option<&str>| text.unwrap_or("undefined").to_owned();
    let code = Some(error.code_name()).filter(|name| !name.is_empty());
    let details = error.openssl();
    let (library, reason) = (details.and_then(OpensslError::library), details.and_then(OpensslError::reason));
    let stack = details.map(|details| details.stack().join(",")).filter(|stack| !stack.is_empty());
    let class = error.class().name();
    format!("error {class} {} {error} {} {} {}", or(code), or(library), or(reason), or(stack.as_deref()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
