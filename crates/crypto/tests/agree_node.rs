//! Agrees on secrets here and in a real Node, and compares every answer: see `nodecore_testdata::node`.
#![allow(clippy::unwrap_used)]

use std::cell::RefCell;
use std::collections::HashMap;

use nodecore_crypto::{
    Certificate, DiffieHellmanGroup, Ecdh, KeyEncoding, KeyExport, KeyInput, KeyObject, KeyPair,
    KeyPairOptions, KeyType, PointFormat, create_diffie_hellman, create_diffie_hellman_of_length,
    create_ecdh, create_private_key, create_public_key, create_secret_key, diffie_hellman_sync,
    generate_key_pair_sync, get_curves, get_diffie_hellman, parse_pkcs12,
};
use nodecore_error::{Error, OpensslError, Result};
use nodecore_testdata::node::{self, Case, Exam, Node, Random};

/// How many damaged inputs of each kind go in one run.
const CASES: usize = 25;
const GROUPS: [&str; 8] = ["modp1", "modp2", "modp5", "modp14", "modp15", "modp16", "modp17", "modp18"];

#[test]
fn agrees_with_node() {
    let Some(node) = Node::find() else { return };
    let mut exam = Exam::new(node, "crypto", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/node/agree.js"));
    let mut cases = vec![];
    keys(&mut cases);
    numbers(&mut cases);
    points(&mut cases);
    let mut random = Random::new("agree");
    for _ in 0..node::cases(CASES) {
        damaged_points(&mut random, &mut cases);
        damaged_numbers(&mut random, &mut cases);
    }
    // There are no secrets on this curve; Node says in various ways why.
    exam.ask(&cases, |case, _| case.question.starts_with("ecdh\tSM2\t"));

    let mut cases = vec![];
    certificates(&mut random, &mut cases);
    exam.ask(&cases, |case, answer| newer_openssl(&case.answer, answer));

    let pairs = RefCell::new(HashMap::new());
    let mut cases = vec![];
    strangers(&mut pairs.borrow_mut(), &mut cases);
    exam.ask(&cases, |case, answer| pairs.borrow_mut()[&case.question].agrees(answer));
    exam.close();
}

/// Where OpenSSL 3.6 gives another reason than 3.5, which Node has, for a number whose tag says that it is made of parts.
fn newer_openssl(ours: &str, nodes: &str) -> bool {
    ours.contains("ERR_OSSL_ASN1_TYPE_NOT_PRIMITIVE") && nodes.contains("ERR_OSSL_ASN1_WRONG_TAG")
}

/// `diffieHellman` with keys of all types against each other, in all forms.
fn keys(cases: &mut Vec<Case>) {
    let options = KeyPairOptions::new;
    let make = |name: &str, options: &KeyPairOptions| generate_key_pair_sync(name, options).unwrap();
    let mut kinds: Vec<(&str, KeyPairOptions)> =
        get_curves().into_iter().map(|curve| ("ec", options().named_curve(curve))).collect();
    kinds.extend(GROUPS[3..].iter().map(|group| ("dh", options().group(group))));
    kinds.extend(["x25519", "x448"].map(|name| (name, options())));
    let mut pairs = vec![];
    for (name, options) in &kinds {
        let (a, b) = (make(name, options), make(name, options));
        // Two curves have no OID, and no frame without one.
        if a.private_key.export(&KeyExport::der(KeyEncoding::Pkcs8)).is_err() {
            continue;
        }
        agree(&object(&a.private_key), &object(&b.public_key), cases);
        agree(&object(&b.private_key), &object(&a.public_key), cases);
        pairs.push((a, b));
    }
    // Those that stand for the others.
    let common = |(a, _): &(KeyPair, KeyPair)| {
        let curve = a.public_key.asymmetric_key_details().unwrap().named_curve;
        let known = ["prime256v1", "secp384r1", "secp521r1", "sect163k1"];
        curve.is_none_or(|curve| known.contains(&curve.as_str()))
    };
    let pairs: Vec<_> = pairs.into_iter().filter(common).collect();
    for (a, b) in &pairs {
        let forms = forms(&a.private_key);
        for private in &forms {
            for public in self::forms(&b.public_key) {
                agree(private, &public, cases);
            }
        }
        agree(&object(&a.private_key), &object(&b.private_key), cases);
        agree(&forms[0], &forms[1], cases);
    }
    let others = [("ed25519", options()), ("rsa", options().modulus_length(1024)), ("ml-kem-512", options())];
    let mut all: Vec<KeyPair> = pairs.into_iter().map(|(a, _)| a).collect();
    all.extend(others.iter().map(|(name, options)| make(name, options)));
    for a in &all {
        for b in &all {
            agree(&object(&a.private_key), &object(&b.public_key), cases);
            let (private, public) = (form(&a.private_key), form(&b.public_key));
            agree(&private, &public, cases);
        }
    }
    let secret = object(&create_secret_key(b"abc"));
    let (private, public) = (object(&all[0].private_key), object(&all[0].public_key));
    let nothing = "pem:".to_owned();
    let bad = [
        "der:spki:3000",
        "der:pkcs8:",
        "jwk:7b7d",
        "raw:raw-public:x25519::00",
        "raw:raw-private:x25519::00",
    ];
    let bad: Vec<String> = bad.iter().map(|text| (*text).to_owned()).chain([nothing]).collect();
    let every: Vec<&String> = bad.iter().chain([&secret, &private, &public]).collect();
    for a in &every {
        for b in &every {
            agree(a, b, cases);
        }
    }
    // Points of small order.
    for (name, size) in [("x25519", 32), ("x448", 56)] {
        let pair = make(name, &options());
        for last in [0, 1] {
            let zero = format!("raw:raw-public:{name}::{}{last:02x}", "00".repeat(size - 1));
            let one = format!("raw:raw-public:{name}::{last:02x}{}", "00".repeat(size - 1));
            agree(&object(&pair.private_key), &zero, cases);
            agree(&object(&pair.private_key), &one, cases);
        }
    }
}

fn agree(private: &str, public: &str, cases: &mut Vec<Case>) {
    let answer = told(of(private, |private| of(public, |public| diffie_hellman_sync(private, public))));
    cases.push(Case { question: format!("agree\t{private}\t{public}"), answer });
}

/// A key as it is there.
fn object(key: &KeyObject) -> String {
    let der = |encoding| hex(&key.export(&KeyExport::der(encoding)).unwrap().into_bytes());
    match key.key_type() {
        KeyType::Secret => format!("secret:{}", hex(key.secret_bytes().unwrap())),
        KeyType::Public => format!("public:{}", der(KeyEncoding::Spki)),
        KeyType::Private => format!("private:{}", der(KeyEncoding::Pkcs8)),
    }
}

/// A key in DER.
fn form(key: &KeyObject) -> String {
    let text = object(key);
    text.replacen("private:", "der:pkcs8:", 1).replacen("public:", "der:spki:", 1)
}

fn forms(key: &KeyObject) -> Vec<String> {
    let private = key.key_type() == KeyType::Private;
    let encoding = if private { KeyEncoding::Pkcs8 } else { KeyEncoding::Spki };
    let export = |form: &KeyExport<'_>| key.export(form).map(|out| hex(&out.into_bytes()));
    let mut forms = vec![object(key), form(key)];
    forms.push(format!("pem:{}", export(&KeyExport::pem(encoding)).unwrap()));
    forms.extend(export(&KeyExport::jwk()).map(|jwk| format!("jwk:{jwk}")));
    let raw = if private { KeyExport::raw_private() } else { KeyExport::raw_public() };
    let name = if private { "raw-private" } else { "raw-public" };
    let kind = key.asymmetric_key_type().unwrap();
    let curve = key.asymmetric_key_details().unwrap().named_curve.unwrap_or_default();
    forms.extend(export(&raw).map(|bytes| format!("raw:{name}:{kind}:{curve}:{bytes}")));
    forms
}

/// Calls with the key that is written down so.
fn of(spec: &str, call: impl FnOnce(&KeyInput<'_>) -> Result<Vec<u8>>) -> Result<Vec<u8>> {
    let parts: Vec<&str> = spec.split(':').collect();
    let last = bytes(parts[parts.len() - 1]);
    let der = |encoding| KeyInput::der(&last, encoding);
    match parts[0] {
        "private" => call(&(&create_private_key(&der(KeyEncoding::Pkcs8))?).into()),
        "public" => call(&(&create_public_key(&der(KeyEncoding::Spki))?).into()),
        "secret" => call(&(&create_secret_key(&last)).into()),
        "pem" => call(&KeyInput::pem(&last)),
        "der" => call(&der(KeyEncoding::parse(parts[1]).unwrap())),
        "jwk" => call(&KeyInput::jwk(&nodecore_crypto::Jwk::parse(std::str::from_utf8(&last).unwrap())?)),
        _ => {
            let make = if parts[1] == "raw-public" { KeyInput::raw_public } else { KeyInput::raw_private };
            let input = make(&last, parts[2]);
            call(&if parts[3].is_empty() { input } else { input.named_curve(parts[3]) })
        }
    }
}

/// Groups of numbers that are sound, small, even, no primes, and none at all.
fn numbers(cases: &mut Vec<Case>) {
    let prime = get_diffie_hellman("modp1").unwrap().get_prime().unwrap();
    let near = |distance: i8| {
        let mut number = prime.clone();
        let last = number.last_mut().unwrap();
        *last = last.wrapping_add_signed(distance);
        number
    };
    // All ones at the end: one more carries, which wrapping leaves out.
    for other in [vec![], vec![0], vec![1], vec![2], near(-2), near(-1), prime.clone(), vec![1; 97]] {
        let padded = [vec![0; 3], other.clone()].concat();
        for other in [other, padded] {
            dh(&prime, None, Some(&[5]), None, &other, cases);
            dh(&prime, None, None, None, &other, cases);
        }
    }
    for generator in [&[][..], &[0], &[1], &[0, 1], &[2], &[3], &[0, 2], &[0xff; 40], &prime] {
        dh(&prime, Some(generator), Some(&[7]), None, &[4], cases);
    }
    for private in [&[][..], &[0], &[1], &[0, 0, 9], &[0xff; 200]] {
        dh(&prime, None, Some(private), None, &[4], cases);
        dh(&prime, None, Some(&[3]), Some(private), &[4], cases);
        dh(&prime, None, None, Some(private), &[4], cases);
    }
    for prime in [0_u16, 1, 2, 3, 4, 5, 7, 11, 23, 255, 256, 257, 65521] {
        let prime = prime.to_be_bytes();
        dh(&prime, None, Some(&[3]), None, &[2], cases);
        dh(&prime[1..], None, None, None, &[2], cases);
    }
    for (size, byte) in
        [(0, 0), (63, 0xff), (64, 0xfe), (65, 0xff), (100, 0xfe), (1250, 0xff), (1251, 0xff), (4097, 0xff)]
    {
        dh(&vec![byte; size], None, Some(&[3]), None, &[2], cases);
    }
    for bits in [0, 1, 2, 3, 128, 511, 10_001, 0x7fff_ffff, 0x8000_0000, u32::MAX] {
        for generator in [None, Some(0), Some(1), Some(2), Some(0x8000_0000)] {
            length(bits, generator, cases);
        }
    }
    for generator in [None, Some(0), Some(2), Some(3), Some(5), Some(7)] {
        length(512, generator, cases);
    }
}

fn length(bits: u32, generator: Option<u32>, cases: &mut Vec<Case>) {
    let answer = create_diffie_hellman_of_length(bits, generator).and_then(|dh| {
        let (prime, generator) = (dh.get_prime()?, hex(&dh.get_generator()?));
        Ok(format!("{} {generator} {}", prime.len(), dh.verify_error()))
    });
    let generator = generator.map(|number| number.to_string()).unwrap_or_default();
    let answer = answer.unwrap_or_else(|error| failure(&error));
    cases.push(Case { question: format!("length\t{bits}\t{generator}"), answer });
}

fn dh(
    prime: &[u8],
    generator: Option<&[u8]>,
    private: Option<&[u8]>,
    public: Option<&[u8]>,
    other: &[u8],
    cases: &mut Vec<Case>,
) {
    let option = |bytes: Option<&[u8]>| bytes.map_or("none".to_owned(), hex);
    // Node reads an empty one here as none.
    let (generator, generator_hex) = match generator {
        None | Some([]) => (None, String::new()),
        Some(generator) => (Some(generator), hex(generator)),
    };
    let (private_hex, public_hex) = (option(private), option(public));
    let question =
        format!("dh\t{}\t{generator_hex}\t{private_hex}\t{public_hex}\t{}", hex(prime), hex(other));
    let answer = match create_diffie_hellman(prime, generator) {
        Err(error) => failure(&error),
        Ok(mut dh) => {
            let mut answers = vec![dh.verify_error().to_string()];
            answers.extend([dh.get_prime(), dh.get_generator()].map(told));
            answers.extend([dh.get_public_key(), dh.get_private_key()].map(told));
            if let Some(key) = public {
                answers.push(set(dh.set_public_key(key)));
            }
            if let Some(key) = private {
                answers.push(set(dh.set_private_key(key)));
                answers.push(told(dh.compute_secret(other)));
                answers.push(told(dh.generate_keys()));
            }
            answers.push(told(dh.compute_secret(other)));
            answers.extend([dh.get_public_key(), dh.get_private_key()].map(told));
            answers.join("|")
        }
    };
    cases.push(Case { question, answer });
}

fn damaged_numbers(random: &mut Random, cases: &mut Vec<Case>) {
    let some = |random: &mut Random, most: usize| -> Vec<u8> {
        let len = random.below(most);
        (0..len).map(|_| random.next().to_le_bytes()[0]).collect()
    };
    let prime = some(random, 100);
    let [private, other] = [some(random, 40), some(random, 100)];
    dh(&prime, None, Some(&private), None, &other, cases);
    let prime = get_diffie_hellman(random.pick(&GROUPS[..3])).unwrap().get_prime().unwrap();
    dh(&prime, None, Some(&private), None, &other, cases);
}

/// Each curve with private keys at the edges, and points that are none.
fn points(cases: &mut Vec<Case>) {
    for curve in get_curves() {
        let mut pair = create_ecdh(curve).unwrap();
        let point = pair.generate_keys(PointFormat::Uncompressed).unwrap();
        let other = create_ecdh(curve).unwrap().generate_keys(PointFormat::Compressed).unwrap();
        let private = pair.get_private_key().unwrap();
        ecdh(curve, Some(&private), None, &other, cases);
        ecdh(curve, Some(&private), Some(&point), &other, cases);
        ecdh(curve, Some(&private), Some(&other), &other, cases);
        for private in [&[][..], &[0], &[1], &[0, 2], &vec![0xff; private.len() + 1]] {
            ecdh(curve, Some(private), None, &other, cases);
        }
        let size = (point.len() - 1) / 2;
        let off = [vec![4], vec![0; 2 * size]].concat();
        let edge = [vec![4], vec![0; 2 * size - 1], vec![1]].concat();
        for other in [&[][..], &[0], &[1], &[4], &off, &edge, &vec![0xff; point.len()], &point[..size]] {
            ecdh(curve, Some(&private), None, other, cases);
            ecdh(curve, None, Some(other), &point, cases);
            convert(curve, other, "hybrid", cases);
        }
        for format in ["compressed", "uncompressed", "hybrid", "x", ""] {
            convert(curve, &point, format, cases);
            convert(curve, &other, format, cases);
        }
    }
    let point = create_ecdh("prime256v1").unwrap().generate_keys(PointFormat::Uncompressed).unwrap();
    for curve in ["P-256", "nope", "", "X25519", "sha256", "SECP256K1", "secp384r1"] {
        ecdh(curve, Some(&[5]), None, &point, cases);
        for format in ["compressed", "x"] {
            convert(curve, &point, format, cases);
            convert(curve, &[], format, cases);
        }
    }
    ecdh("prime256v1", None, None, &point, cases);
    ecdh("prime256v1", None, Some(&point), &point, cases);
    ecdh("prime256v1", Some(&[9]), Some(&[0]), &[4], cases);
}

fn damaged_points(random: &mut Random, cases: &mut Vec<Case>) {
    let curves = get_curves();
    let curve = random.pick(&curves);
    let mut pair = create_ecdh(curve).unwrap();
    let formats = [PointFormat::Compressed, PointFormat::Uncompressed, PointFormat::Hybrid];
    let mut point = pair.generate_keys(formats[random.below(3)]).unwrap();
    let (at, bit) = (random.below(point.len()), random.below(8));
    point[at] ^= 1 << bit;
    if random.below(4) == 0 {
        point.truncate(random.below(point.len()));
    }
    ecdh(curve, Some(&pair.get_private_key().unwrap()), None, &point, cases);
    convert(curve, &point, "uncompressed", cases);
}

fn ecdh(curve: &str, private: Option<&[u8]>, public: Option<&[u8]>, other: &[u8], cases: &mut Vec<Case>) {
    let option = |bytes: Option<&[u8]>| bytes.map_or("none".to_owned(), hex);
    let question = format!("ecdh\t{curve}\t{}\t{}\t{}", option(private), option(public), hex(other));
    let answer = match create_ecdh(curve) {
        Err(error) => failure(&error),
        Ok(mut pair) => {
            let mut answers = vec!["made".to_owned()];
            answers.extend(private.map(|key| set(pair.set_private_key(key))));
            answers.extend(public.map(|key| set(pair.set_public_key(key))));
            for format in ["compressed", "uncompressed", "hybrid", "x"] {
                let format = PointFormat::parse(format);
                answers.push(told(format.and_then(|format| pair.get_public_key(format))));
            }
            answers.extend([pair.get_private_key(), pair.compute_secret(other)].map(told));
            answers.join("|")
        }
    };
    cases.push(Case { question, answer });
}

fn convert(curve: &str, point: &[u8], format: &str, cases: &mut Vec<Case>) {
    let converted = PointFormat::parse(format).and_then(|format| Ecdh::convert_key(point, curve, format));
    let question = format!("convert\t{curve}\t{}\t{format}", hex(point));
    cases.push(Case { question, answer: told(converted) });
}

/// SPKAC and PKCS#12, sound and damaged.
fn certificates(random: &mut Random, cases: &mut Vec<Case>) {
    let spkacs = [
        &include_bytes!("data/agree/rsa.spkac")[..],
        include_bytes!("data/agree/ec.spkac"),
        include_bytes!("data/agree/empty.spkac"),
    ];
    for text in spkacs {
        for before in [&b""[..], b"SPKAC=", b" ", b"\n", b"\0"] {
            for after in [&b""[..], b"\n", b" \r\n", b"=", b"AAAA", b"\0", b"\t\0\n", b" x"] {
                spkac(&[before, text, after].concat(), cases);
            }
        }
        for end in [0, 1, 4, text.len() / 2, text.len() - 1] {
            spkac(&text[..end], cases);
        }
        for _ in 0..node::cases(CASES) {
            let mut text = text.to_vec();
            let (at, bit) = (random.below(text.len()), random.below(8));
            text[at] ^= 1 << bit;
            spkac(&text, cases);
        }
    }
    let bundles = [
        &include_bytes!("data/agree/full.p12")[..],
        include_bytes!("data/agree/nomac.p12"),
        include_bytes!("data/agree/plain.p12"),
        include_bytes!("data/agree/legacy.p12"),
        include_bytes!("data/agree/certs.p12"),
        include_bytes!("data/agree/key.p12"),
        include_bytes!("data/agree/nopass.p12"),
    ];
    for bundle in bundles {
        for passphrase in ["", "secret", "wrong", "sécrèt"] {
            pkcs12(bundle, passphrase, cases);
        }
        for end in [0, 1, 2, bundle.len() / 2, bundle.len() - 1] {
            pkcs12(&bundle[..end], "secret", cases);
        }
        pkcs12(&[bundle, b"more"].concat(), "secret", cases);
    }
    for _ in 0..node::cases(CASES) {
        // Those without a MAC are looked into further.
        let which = random.below(3);
        let mut bundle = bundles[which].to_vec();
        let (at, bit) = (random.below(bundle.len()), random.below(8));
        bundle[at] ^= 1 << bit;
        pkcs12(&bundle, "secret", cases);
    }
}

fn spkac(text: &[u8], cases: &mut Vec<Case>) {
    let told = |found: Result<Option<Vec<u8>>>| found.unwrap().map_or("none".to_owned(), |found| hex(&found));
    let verified = match Certificate::verify_spkac(text).unwrap() {
        _ if text.is_empty() => "none",
        true => "true",
        false => "false",
    };
    let parts = [
        verified.to_owned(),
        told(Certificate::export_public_key(text)),
        told(Certificate::export_challenge(text)),
    ];
    cases.push(Case { question: format!("spkac\t{}", hex(text)), answer: parts.join("|") });
}

fn pkcs12(bundle: &[u8], passphrase: &str, cases: &mut Vec<Case>) {
    let answer = parse_pkcs12(bundle, passphrase).and_then(|found| {
        let key = found.private_key.map(|key| key.export(&KeyExport::der(KeyEncoding::Pkcs8)));
        let key = key.transpose()?.map(|key| key.into_bytes());
        let all =
            [key, found.certificate].into_iter().chain(found.additional_certificates.into_iter().map(Some));
        let parts: Vec<String> = all.map(|der| der.map_or("none".to_owned(), |der| hex(&der))).collect();
        Ok(parts.join("|"))
    });
    let question = format!("pkcs12\t{}\t{}", hex(bundle), hex(passphrase.as_bytes()));
    cases.push(Case { question, answer: answer.unwrap_or_else(|error| failure(&error)) });
}

/// Our side of a pair whose other side Node makes.
enum Ours {
    Group(DiffieHellmanGroup),
    Curve(Ecdh),
}

impl Ours {
    /// Whether Node's secret is ours with its public key.
    fn agrees(&self, answer: &str) -> bool {
        let parts: Vec<&str> = answer.split('|').collect();
        match (self, parts.as_slice()) {
            (Ours::Group(pair), [prime, generator, public, secret, "0"]) => {
                *prime == hex(&pair.get_prime().unwrap())
                    && *generator == "02"
                    && told(pair.compute_secret(bytes(public))) == *secret
            }
            (Ours::Curve(pair), [public, secret]) => told(pair.compute_secret(bytes(public))) == *secret,
            _ => false,
        }
    }
}

/// Every group and every curve, with keys made on both sides.
fn strangers(pairs: &mut HashMap<String, Ours>, cases: &mut Vec<Case>) {
    let mut ask = |question: String, pair: Ours| {
        pairs.insert(question.clone(), pair);
        cases.push(Case { question, answer: String::new() });
    };
    for name in GROUPS {
        let mut pair = get_diffie_hellman(name).unwrap();
        let public = hex(&pair.generate_keys().unwrap());
        ask(format!("group\t{name}\t{public}"), Ours::Group(pair));
    }
    for curve in get_curves().into_iter().filter(|curve| *curve != "SM2") {
        let mut pair = create_ecdh(curve).unwrap();
        let public = hex(&pair.generate_keys(PointFormat::Hybrid).unwrap());
        ask(format!("curve\t{curve}\t{public}"), Ours::Curve(pair));
    }
    let mut ask = |name: &str| {
        let answer = failure(&get_diffie_hellman(name).unwrap_err());
        pairs.insert(format!("group\t{name}\t05"), Ours::Group(get_diffie_hellman("modp1").unwrap()));
        cases.push(Case { question: format!("group\t{name}\t05"), answer });
    };
    for name in ["modp3", "", "ffdhe2048", "modp"] {
        ask(name);
    }
}

fn set(result: Result<()>) -> String {
    result.map_or_else(|error| failure(&error), |()| "true".to_owned())
}

fn told(result: Result<Vec<u8>>) -> String {
    result.map_or_else(|error| failure(&error), |bytes| hex(&bytes))
}

fn failure(error: &Error) -> String {
    let or = |text: Option<&str>| text.unwrap_or("undefined").to_owned();
    let code = Some(error.code_name()).filter(|name| !name.is_empty());
    let library = error.openssl().and_then(OpensslError::library);
    let reason = error.openssl().and_then(OpensslError::reason);
    let stack = error.openssl().map(|details| details.stack().join(";")).unwrap_or_default();
    format!("error {} {} {error} {} {} {stack}", error.class().name(), or(code), or(library), or(reason))
}

fn hex(bytes: &[u8]) -> String {
    nodecore_buffer::decode(bytes, nodecore_buffer::Encoding::Hex)
}

fn bytes(hex: &str) -> Vec<u8> {
    nodecore_buffer::encode(hex, nodecore_buffer::Encoding::Hex)
}
