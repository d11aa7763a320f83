//! Signs, verifies, encrypts and encapsulates here and in a real Node, and compares every answer: see
//! `nodecore_testdata::node`. What is random is checked by the other side.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use nodecore_crypto::{
    DsaEncoding, KeyEncoding, KeyExport, KeyInput, KeyObject, KeyPairOptions, RsaOptions, SignOptions,
    create_secret_key, create_sign, create_verify, generate_key_pair_sync, private_decrypt, private_encrypt,
    public_decrypt, public_encrypt,
};
use nodecore_error::{Error, OpensslError, Result};
use nodecore_event_loop::{EventLoop, Request, RunMode};
use nodecore_testdata::node::{self, Case, Exam, Node};

/// How many of the ways to sign are taken in one run.
const CASES: usize = 700;
/// What is signed.
const MESSAGE: &[u8] = b"A message for the other side";

#[test]
fn signatures_agree_with_node() {
    let Some(node) = Node::find() else { return };
    let mut exam = Exam::new(node, "crypto", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/node/sign.js"));
    let mut random = Random(node::seed() | 1);
    let pairs = pairs();
    let mut all: Vec<Way> = pairs.iter().flat_map(ways).collect();
    let wanted = node::cases(CASES);
    let mut cases = vec![];
    let mut signed = HashMap::new();
    while cases.len() < 4 * wanted && !all.is_empty() {
        let way = all.swap_remove(random.below(all.len()));
        let ours = way.sign();
        let question = way.question("sign", &way.private, None);
        if let Ok(signature) = &ours {
            let given = [&way.public, &way.private][random.below(2)];
            cases.push(way.verified(given, signature));
            cases.push(way.verified(&way.public, &damaged(signature, &mut random)));
            cases.push(way.verified(&way.public, &resized(signature, &mut random)));
        }
        cases.push(Case { question: question.clone(), answer: text(ours.as_deref().map(hex)) });
        signed.insert(question, way);
    }
    wrong_keys(&pairs, &mut cases);
    pems(&pairs[0], &mut cases);
    exam.ask(&cases, |case, answer| {
        let Some(way) = signed.get(&case.question) else { return false };
        // Another signature, if both have one.
        !case.answer.starts_with("error")
            && !answer.starts_with("error")
            && way.verify(&way.public, &bytes(answer)).is_ok_and(|good| good)
    });
    exam.close();
}

#[test]
fn encryption_agrees_with_node() {
    let Some(node) = Node::find() else { return };
    let mut exam = Exam::new(node, "crypto", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/node/sign.js"));
    let mut random = Random(node::seed() | 1);
    let pairs = pairs();
    let mut cases = vec![];
    let mut sealed = HashMap::new();
    let lengths = [0, 1, 3, 62, 86, 87, 117, 118, 127, 128, 129, 245, 256];
    for pair in &pairs {
        for options in seals() {
            let all = if pair.name.starts_with("rsa") { &lengths[..] } else { &lengths[1..2] };
            for &len in all {
                let data: Vec<u8> = (0..len).map(|_| random.next() as u8 >> 1).collect();
                for verb in ["publicEncrypt", "privateDecrypt", "privateEncrypt", "publicDecrypt"] {
                    let given = if verb.starts_with("private") { &pair.private } else { &pair.public };
                    let ours = options.run(verb, given, &data);
                    let case = options.case(verb, given, &data);
                    if let ("publicEncrypt", Ok(ours)) = (verb, &ours) {
                        cases.push(options.case("privateDecrypt", &pair.private, ours));
                        let ours = damaged(ours, &mut random);
                        cases.push(options.case("privateDecrypt", &pair.private, &ours));
                        sealed.insert(
                            case.question.clone(),
                            (options.clone(), pair.private.clone(), data.clone()),
                        );
                    }
                    if let ("privateEncrypt", Ok(ours)) = (verb, &ours) {
                        cases.push(options.case("publicDecrypt", &pair.public, ours));
                        cases.push(options.case("publicDecrypt", &pair.private, &damaged(ours, &mut random)));
                    }
                    cases.push(case);
                }
            }
        }
        for (verb, key) in [("privateDecrypt", &pair.public), ("privateEncrypt", &pair.public)] {
            cases.push(Seal::default().case(verb, key, b"x"));
        }
    }
    let secret = Given::new(create_secret_key(b"abc"));
    for verb in ["publicEncrypt", "privateDecrypt", "privateEncrypt", "publicDecrypt"] {
        cases.push(Seal::default().case(verb, &secret, b"x"));
    }
    exam.ask(&cases, |case, answer| {
        let Some((options, key, data)) = sealed.get(&case.question) else { return false };
        options.run("privateDecrypt", key, &bytes(answer)).is_ok_and(|opened| opened == *data)
    });
    exam.close();
}

#[test]
fn encapsulation_agrees_with_node() {
    let Some(node) = Node::find() else { return };
    let mut exam = Exam::new(node, "crypto", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/node/sign.js"));
    let mut random = Random(node::seed() | 1);
    let mut cases = vec![];
    let mut made = HashMap::new();
    let mut pairs = pairs();
    pairs.push(Pair::new("ml-kem-768", &KeyPairOptions::new()));
    pairs.push(Pair::new("ml-kem-1024", &KeyPairOptions::new()));
    for pair in &pairs {
        for form in ["once", "later"] {
            for given in [&pair.public, &pair.private] {
                let ours = encapsulate(form, given);
                let question = format!("encapsulate\t{form}\t{}\t{}", given.half, given.der);
                let answer = ours.as_ref().map(|(secret, sealed)| format!("{}:{}", hex(secret), hex(sealed)));
                cases.push(Case { question: question.clone(), answer: text(answer.map_err(Error::clone)) });
                made.insert(question, pair.private.clone());
                let Ok((secret, sealed)) = ours else { continue };
                assert_eq!(decapsulate(form, &pair.private, &sealed).unwrap(), secret);
                for sealed in [&sealed, &damaged(&sealed, &mut random), &resized(&sealed, &mut random)] {
                    cases.push(opened(form, &pair.private, sealed));
                }
            }
            for sealed in [vec![], vec![1; 32], vec![0; 32], vec![0; 65]] {
                cases.push(opened(form, &pair.private, &sealed));
            }
            cases.push(opened(form, &pair.public, &[1; 32]));
        }
    }
    let secret = Given::new(create_secret_key(b"abc"));
    let answer = text(encapsulate("once", &secret).map(|_| String::new()));
    let question = format!("encapsulate\tonce\tsecret\t{}", secret.der);
    cases.push(Case { question, answer });
    cases.push(opened("once", &secret, b"x"));
    exam.ask(&cases, |case, answer| {
        let (Some(key), Some((secret, sealed))) = (made.get(&case.question), answer.split_once(':')) else {
            return false;
        };
        !case.answer.starts_with("error")
            && decapsulate("once", key, &bytes(sealed)).is_ok_and(|opened| opened == bytes(secret))
    });
    exam.close();
}

/// A key, and how Node is given it.
#[derive(Clone)]
struct Given {
    key: KeyObject,
    half: &'static str,
    der: String,
}

impl Given {
    fn new(key: KeyObject) -> Given {
        let (half, der) = match key.key_type().name() {
            "private" => ("private", key.export(&KeyExport::der(KeyEncoding::Pkcs8)).unwrap().into_bytes()),
            "public" => ("public", key.export(&KeyExport::der(KeyEncoding::Spki)).unwrap().into_bytes()),
            _ => ("secret", key.secret_bytes().unwrap().to_vec()),
        };
        Given { key, half, der: hex(&der) }
    }
}

#[derive(Clone)]
struct Pair {
    name: &'static str,
    private: Given,
    public: Given,
}

impl Pair {
    fn new(name: &'static str, options: &KeyPairOptions) -> Pair {
        let pair = generate_key_pair_sync(name, options).unwrap();
        Pair { name, private: Given::new(pair.private_key), public: Given::new(pair.public_key) }
    }
}

/// A pair of every kind that is quick to make and to use.
fn pairs() -> Vec<Pair> {
    let options = KeyPairOptions::new;
    let rsa = |bits| options().modulus_length(bits);
    let mut kinds = vec![
        ("rsa", rsa(1024)),
        ("rsa", rsa(2048).public_exponent(3)),
        ("rsa", rsa(512)),
        ("rsa-pss", rsa(1024)),
        ("rsa-pss", rsa(1024).hash_algorithm("sha256")),
        ("rsa-pss", rsa(1024).hash_algorithm("sha256").mgf1_hash_algorithm("sha256").salt_length(20)),
        ("rsa-pss", rsa(1024).hash_algorithm("sha512-256").mgf1_hash_algorithm("SHA224").salt_length(7)),
        ("dsa", rsa(1024).divisor_length(160)),
        ("dsa", rsa(1024).divisor_length(256)),
        ("dh", options().group("modp14")),
    ];
    let curves = ["P-256", "P-384", "P-521", "secp256k1", "prime192v1", "brainpoolP256r1", "sect163k1"];
    kinds.extend(curves.map(|curve| ("ec", options().named_curve(curve))));
    let plain = [
        "ed25519",
        "ed448",
        "x25519",
        "x448",
        "ml-dsa-44",
        "ml-dsa-65",
        "ml-dsa-87",
        "ml-kem-512",
        "slh-dsa-sha2-128f",
    ];
    kinds.extend(plain.map(|name| (name, options())));
    kinds.iter().map(|(name, options)| Pair::new(name, options)).collect()
}

/// A key, a digest, and options.
#[derive(Clone)]
struct Way {
    form: &'static str,
    private: Given,
    public: Given,
    digest: Option<&'static str>,
    padding: Option<i32>,
    salt: Option<i32>,
    p1363: bool,
    context: Vec<u8>,
}

/// All the ways in which that is tried with a pair.
fn ways(pair: &Pair) -> Vec<Way> {
    let plain = Way {
        form: "once",
        private: pair.private.clone(),
        public: pair.public.clone(),
        digest: None,
        padding: None,
        salt: None,
        p1363: false,
        context: vec![],
    };
    let of = |digest| Way { digest, ..plain.clone() };
    let digests = [
        None,
        Some("sha256"),
        Some("sha1"),
        Some("RSA-SHA512"),
        Some("SHA384"),
        Some("sha224WithRSAEncryption"),
        Some("sha3-256"),
        Some("sha512-256"),
        Some("md5"),
        Some("ripemd160"),
        Some("md5-sha1"),
        Some("blake2b512"),
        Some("sm3"),
        Some("shake128"),
        Some("md4"),
        Some("nope"),
        Some(""),
    ];
    let mut ways: Vec<Way> = digests.into_iter().map(of).collect();
    for digest in [None, Some("sha256")] {
        ways.push(Way { p1363: true, ..of(digest) });
        for len in [1, 32, 255, 256] {
            ways.push(Way { context: vec![7; len], ..of(digest) });
        }
    }
    ways.push(Way { context: vec![7; 256], ..of(Some("nope")) });
    let whole_only = ["ed", "ml-", "slh"].iter().any(|start| pair.name.starts_with(start));
    let digest = if whole_only { None } else { Some("sha256") };
    for padding in [-1, 0, 1, 2, 3, 4, 5, 6, 7] {
        ways.push(Way { padding: Some(padding), ..of(digest) });
    }
    for salt in [-5, -4, -3, -2, -1, 0, 1, 19, 20, 32, 62, 94, 95, 1000, i32::MAX] {
        ways.push(Way { salt: Some(salt), ..of(digest) });
        ways.push(Way { padding: Some(6), salt: Some(salt), ..of(digest) });
    }
    let forms = |way: Way| ["once", "later", "parts"].map(|form| Way { form, ..way.clone() });
    let mut ways: Vec<Way> = ways.into_iter().flat_map(forms).collect();
    // Signatures in parts have a digest.
    ways.retain(|way| way.form != "parts" || way.digest.is_some());
    ways
}

impl Way {
    fn options(&self) -> SignOptions {
        let mut options = SignOptions::new().context(&self.context);
        if let Some(padding) = self.padding {
            options = options.padding(padding);
        }
        if let Some(salt) = self.salt {
            options = options.salt_length(salt);
        }
        if self.p1363 {
            options = options.dsa_encoding(DsaEncoding::IeeeP1363);
        }
        options
    }

    fn sign(&self) -> Result<Vec<u8>> {
        self.sign_with(KeyInput::from(&self.private.key))
    }

    fn sign_with(&self, key: KeyInput<'_>) -> Result<Vec<u8>> {
        let options = self.options();
        match self.form {
            "once" => nodecore_crypto::sign_sync(self.digest, MESSAGE, key, &options),
            "later" => wait(|lp, done| nodecore_crypto::sign(lp, self.digest, MESSAGE, key, &options, done)),
            _ => create_sign(self.digest.unwrap_or_default())?.update(MESSAGE)?.sign(key, &options),
        }
    }

    fn verify(&self, key: &Given, signature: &[u8]) -> Result<bool> {
        let options = self.options();
        let key = &key.key;
        match self.form {
            "once" => nodecore_crypto::verify_sync(self.digest, MESSAGE, key, signature, &options),
            "later" => wait(|lp, done| {
                nodecore_crypto::verify(lp, self.digest, MESSAGE, key, signature, &options, done)
            }),
            _ => create_verify(self.digest.unwrap_or_default())?
                .update(MESSAGE)?
                .verify(key, signature, &options),
        }
    }

    /// What verifying that gives.
    fn verified(&self, key: &Given, signature: &[u8]) -> Case {
        let answer = text(self.verify(key, signature).map(|good| good.to_string()));
        Case { question: self.question("verify", key, Some(signature)), answer }
    }

    fn question(&self, verb: &str, key: &Given, signature: Option<&[u8]>) -> String {
        let mut options = vec![];
        if let Some(padding) = self.padding {
            options.push(format!("padding={padding}"));
        }
        if let Some(salt) = self.salt {
            options.push(format!("saltLength={salt}"));
        }
        if self.p1363 {
            options.push("dsaEncoding=ieee-p1363".to_owned());
        }
        if !self.context.is_empty() {
            options.push(format!("context={}", hex(&self.context)));
        }
        let mut question = format!(
            "{verb}\t{}\t{}\t{}\t{}\t{}\t{}",
            self.form,
            key.half,
            key.der,
            self.digest.unwrap_or("-"),
            options.join(","),
            hex(MESSAGE)
        );
        if let Some(signature) = signature {
            question.push('\t');
            question.push_str(&hex(signature));
        }
        question
    }
}

/// Keys of the wrong half.
fn wrong_keys(pairs: &[Pair], cases: &mut Vec<Case>) {
    let secret = Given::new(create_secret_key(b"abc"));
    for pair in [&pairs[0], &pairs[10]] {
        for way in ways(pair).into_iter().take(6) {
            for wrong in [&pair.public, &secret] {
                let way = Way { private: wrong.clone(), ..way.clone() };
                cases.push(Case {
                    question: way.question("sign", wrong, None),
                    answer: text(way.sign().as_deref().map(hex)),
                });
            }
            cases.push(way.verified(&secret, b"x"));
        }
    }
}

/// Keys as texts, which are read on the way.
fn pems(pair: &Pair, cases: &mut Vec<Case>) {
    let private = pair.private.key.export(&KeyExport::pem(KeyEncoding::Pkcs8)).unwrap().into_bytes();
    let sealed = KeyExport::pem(KeyEncoding::Pkcs8).encrypted("aes-256-cbc", b"secret");
    let sealed = pair.private.key.export(&sealed).unwrap().into_bytes();
    let public = pair.public.key.export(&KeyExport::pem(KeyEncoding::Spki)).unwrap().into_bytes();
    for way in ways(pair).into_iter().take(6) {
        for pem in [&private, &sealed, &public, &b"no key".to_vec(), &private[..100].to_vec()] {
            let given = Given { half: "pem", der: hex(pem), ..pair.private.clone() };
            let ours = way.sign_with(KeyInput::pem(pem));
            let question = way.question("sign", &given, None);
            // With PKCS#1 the same each time, without parts too.
            cases.push(Case { question, answer: text(ours.as_deref().map(hex)) });
        }
    }
}

/// Options of an encryption.
#[derive(Clone, Default)]
struct Seal {
    padding: Option<i32>,
    hash: Option<&'static str>,
    label: &'static [u8],
}

fn seals() -> Vec<Seal> {
    let mut seals = vec![Seal::default()];
    seals.extend(
        [-1, 0, 1, 2, 3, 4, 5, 6, 7].map(|padding| Seal { padding: Some(padding), ..Seal::default() }),
    );
    for hash in ["sha1", "sha256", "RSA-SHA512", "sha3-256", "md5-sha1", "shake128", "md4", "nope", ""] {
        for padding in [None, Some(1), Some(4)] {
            seals.push(Seal { padding, hash: Some(hash), ..Seal::default() });
        }
    }
    seals.extend([None, Some(1)].map(|padding| Seal { padding, label: b"a label", ..Seal::default() }));
    seals.push(Seal { padding: None, hash: Some("sha256"), label: b"x" });
    seals
}

impl Seal {
    fn options(&self) -> RsaOptions {
        let mut options = RsaOptions::new().oaep_label(self.label);
        if let Some(padding) = self.padding {
            options = options.padding(padding);
        }
        if let Some(hash) = self.hash {
            options = options.oaep_hash(hash);
        }
        options
    }

    fn run(&self, verb: &str, key: &Given, data: &[u8]) -> Result<Vec<u8>> {
        let (key, options) = (&key.key, &self.options());
        match verb {
            "publicEncrypt" => public_encrypt(key, data, options),
            "privateDecrypt" => private_decrypt(key, data, options),
            "privateEncrypt" => private_encrypt(key, data, options),
            _ => public_decrypt(key, data, options),
        }
    }

    fn case(&self, verb: &str, key: &Given, data: &[u8]) -> Case {
        let mut options = vec![];
        if let Some(padding) = self.padding {
            options.push(format!("padding={padding}"));
        }
        if let Some(hash) = self.hash {
            options.push(format!("oaepHash={hash}"));
        }
        if !self.label.is_empty() {
            options.push(format!("oaepLabel={}", hex(self.label)));
        }
        let options = options.join(",");
        Case {
            question: format!("rsa\t{verb}\t{}\t{}\t{options}\t{}", key.half, key.der, hex(data)),
            answer: text(self.run(verb, key, data).as_deref().map(hex)),
        }
    }
}

fn encapsulate(form: &str, key: &Given) -> Result<(Vec<u8>, Vec<u8>)> {
    let made = match form {
        "once" => nodecore_crypto::encapsulate_sync(&key.key),
        _ => wait(|lp, done| nodecore_crypto::encapsulate(lp, &key.key, done)),
    };
    Ok(made?.into_parts())
}

fn decapsulate(form: &str, key: &Given, sealed: &[u8]) -> Result<Vec<u8>> {
    match form {
        "once" => nodecore_crypto::decapsulate_sync(&key.key, sealed),
        _ => wait(|lp, done| nodecore_crypto::decapsulate(lp, &key.key, sealed, done)),
    }
}

fn opened(form: &str, key: &Given, sealed: &[u8]) -> Case {
    Case {
        question: format!("decapsulate\t{form}\t{}\t{}\t{}", key.half, key.der, hex(sealed)),
        answer: text(decapsulate(form, key, sealed).as_deref().map(hex)),
    }
}

/// What `start` gives its callback.
fn wait<T: 'static>(
    start: impl FnOnce(&EventLoop, Box<dyn FnOnce(Result<T>)>) -> Result<Request>,
) -> Result<T> {
    let lp = EventLoop::new()?;
    let got = Rc::new(RefCell::new(None));
    let to = Rc::clone(&got);
    start(&lp, Box::new(move |result| _ = to.borrow_mut().replace(result)))?;
    lp.run(RunMode::Default);
    got.take().unwrap()
}

/// With a bit turned.
fn damaged(data: &[u8], random: &mut Random) -> Vec<u8> {
    let mut data = data.to_vec();
    let at = random.below(data.len());
    data[at] ^= 1 << random.below(8);
    data
}

/// With some bytes fewer or more.
fn resized(data: &[u8], random: &mut Random) -> Vec<u8> {
    let len = match random.below(4) {
        0 => 0,
        1 => random.below(data.len()),
        2 => data.len() - 1,
        _ => data.len() + 1,
    };
    let mut data = data.to_vec();
    data.resize(len, 0);
    data
}

fn text<E: std::borrow::Borrow<Error>>(result: std::result::Result<String, E>) -> String {
    let error = match &result {
        Ok(text) => return text.clone(),
        Err(error) => error.borrow(),
    };
    let or = |text: Option<&str>| text.unwrap_or("undefined").to_owned();
    let code = Some(error.code_name()).filter(|name| !name.is_empty());
    let library = error.openssl().and_then(OpensslError::library);
    let reason = error.openssl().and_then(OpensslError::reason);
    let stack = error.openssl().map(|details| details.stack().join(";")).unwrap_or_default();
    format!("error {} {} {error} {} {} {stack}", error.class().name(), or(code), or(library), or(reason))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(hex: &str) -> Vec<u8> {
    nodecore_buffer::encode(hex, nodecore_buffer::Encoding::Hex)
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
        (self.next() >> 11) as usize % end.max(1)
    }
}
