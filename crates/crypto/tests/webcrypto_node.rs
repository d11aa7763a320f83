//! WebCrypto here and in a real Node, every answer compared: see `nodecore_testdata::node`. A case is JSON that both
//! sides carry out.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

use nodecore_crypto::webcrypto::{
    Algorithm, AlgorithmName, Besides, CryptoKey, GeneratedKey, KeyData, KeyFormat, KeyUsage,
    decapsulate_bits_sync, decapsulate_key_sync, decrypt_sync, derive_bits_sync, derive_key_sync,
    digest_sync, encapsulate_bits_sync, encrypt_sync, export_key_sync, generate_key_sync,
    get_public_key_sync, import_key_sync, sign_sync, supports, unwrap_key_sync, verify_sync, wrap_key_sync,
};
use nodecore_crypto::{
    ExportedKey, Jwk, KeyEncoding, KeyExport, KeyInput, KeyPairOptions, KeyType, create_private_key,
    create_public_key, create_secret_key, generate_key_pair_sync,
};
use nodecore_error::{Error, Result};
use nodecore_testdata::node::{self, Case, Exam, Node};
use serde_json::{Value, json};

/// How many damaged inputs go in one run.
const CASES: usize = 300;

#[test]
fn agrees_with_node() {
    let Some(node) = Node::find() else { return };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/node/webcrypto.js");
    let mut exam = Exam::new(node, "webcrypto", script);
    let mut cases = Vec::new();
    digests(&mut cases);
    ciphers(&mut cases);
    macs(&mut cases);
    let pairs = pairs();
    signatures(&pairs, &mut cases);
    derivations(&pairs, &mut cases);
    secrets(&mut cases);
    halves(&pairs, &mut cases);
    jwks(&pairs, &mut cases);
    generation(&mut cases);
    wrapping(&pairs, &mut cases);
    encapsulation(&pairs, &mut cases);
    objects(&mut cases);
    supported(&mut cases);
    damaged(&pairs, &mut cases);
    exam.ask(&cases, |case, answer| newer_openssl(&case.answer, answer));
    exam.close();
}

/// Where OpenSSL 3.6 differs from 3.5, which Node has: it gives other reasons why bytes are no key, and writes a key on an
/// elliptic curve with another version or without its public half as it reads it.
fn newer_openssl(ours: &str, nodes: &str) -> bool {
    let start = "error DataError Invalid keyData because";
    ours.contains("ERR_OSSL_ASN1_TYPE_NOT_PRIMITIVE") && nodes.contains("ERR_OSSL_ASN1_WRONG_TAG")
        || ours.starts_with(start)
            && nodes.starts_with(start)
            && ours.contains("ERR_OSSL")
            && nodes.contains("ERR_OSSL")
}

// ---- both sides' language ----

fn text<'a>(of: &'a Value, name: &str) -> &'a str {
    of[name].as_str().unwrap_or_default()
}

fn leaked(hex: &str) -> &'static [u8] {
    unhex(hex).leak()
}

fn algorithm(of: &Value) -> Algorithm<'static> {
    let name = of["name"].as_str().unwrap_or_else(|| of.as_str().unwrap_or_default());
    let mut out = Algorithm::new(String::from(name).leak());
    let Some(members) = of.as_object() else { return out };
    for (member, value) in members {
        let number = value.as_u64().unwrap_or_default() as u32;
        let bytes = || leaked(value.as_str().unwrap());
        let name = || -> &'static str { value.as_str().unwrap().to_owned().leak() };
        out = match member.as_str() {
            "name" => out,
            "hash" => out.hash(name()),
            "namedCurve" => out.named_curve(name()),
            "length" => out.length(number),
            "modulusLength" => out.modulus_length(number),
            "publicExponent" => out.public_exponent(bytes()),
            "iv" => out.iv(bytes()),
            "counter" => out.counter(bytes()),
            "additionalData" => out.additional_data(bytes()),
            "tagLength" => out.tag_length(number),
            "label" => out.label(bytes()),
            "saltLength" => out.salt_length(number),
            "context" => out.context(bytes()),
            "outputLength" => out.output_length(number),
            "customization" => out.customization(bytes()),
            "functionName" => out.function_name(bytes()),
            "domainSeparation" => out.domain_separation(number as u8),
            "public" => out.public(&key(value).unwrap()),
            "salt" => out.salt(bytes()),
            "info" => out.info(bytes()),
            "iterations" => out.iterations(number),
            "nonce" => out.nonce(bytes()),
            "parallelism" => out.parallelism(number),
            "memory" => out.memory(number),
            "passes" => out.passes(number),
            "version" => out.version(number as u8),
            "secretValue" => out.secret_value(bytes()),
            "associatedData" => out.associated_data(bytes()),
            other => panic!("{other}"),
        };
    }
    out
}

fn usages(of: &Value) -> Vec<KeyUsage> {
    of.as_array().unwrap().iter().map(|usage| KeyUsage::parse(usage.as_str().unwrap()).unwrap()).collect()
}

fn format(of: &Value) -> KeyFormat {
    KeyFormat::parse(of.as_str().unwrap()).unwrap()
}

fn key(of: &Value) -> Result<CryptoKey> {
    let (algorithm, format) = (algorithm(&of["algorithm"]), format(&of["format"]));
    let (extractable, usages) = (of["extractable"].as_bool().unwrap(), usages(&of["usages"]));
    if of["data"].is_object() {
        let jwk = Jwk::parse(&of["data"].to_string()).unwrap();
        return import_key_sync(format, KeyData::Jwk(&jwk), &algorithm, extractable, &usages);
    }
    let data = unhex(text(of, "data"));
    import_key_sync(format, KeyData::Bytes(&data), &algorithm, extractable, &usages)
}

fn described(key: &CryptoKey) -> String {
    let of = key.algorithm();
    let number = |value: Option<u32>| value.map(|value| value.to_string()).unwrap_or_default();
    let named = [
        of.name.name().to_owned(),
        number(of.length),
        of.hash.map(|hash| hash.name().to_owned()).unwrap_or_default(),
        number(of.modulus_length),
        of.public_exponent.as_deref().map(hex).unwrap_or_default(),
        of.named_curve.map(|curve| curve.name().to_owned()).unwrap_or_default(),
    ];
    let usages: Vec<&str> = key.usages().into_iter().map(KeyUsage::name).collect();
    format!("{} {} {} {}", key.key_type().name(), key.extractable(), named.join(","), usages.join(","))
}

fn shown(key: &CryptoKey) -> String {
    let form = match key.key_type() {
        KeyType::Secret => KeyExport::bytes(),
        KeyType::Public => KeyExport::der(KeyEncoding::Spki),
        KeyType::Private => KeyExport::der(KeyEncoding::Pkcs8),
    };
    format!("{} {}", described(key), hex(&key.key_object().export(&form).unwrap().into_bytes()))
}

fn failed(error: &Error) -> String {
    let cause = error.cause().map(|cause| {
        let code = Some(cause.code_name()).filter(|name| !name.is_empty()).unwrap_or("undefined");
        format!(" because {} {code} {cause}", cause.class().name())
    });
    format!("error {} {error}{}", error.class().name(), cause.unwrap_or_default())
}

/// What is said here.
fn answer(verb: &str, of: &Value) -> Result<String> {
    let key = |name: &str| key(&of[name]);
    let algorithm = |name: &str| algorithm(&of[name]);
    let data = || unhex(text(of, "data"));
    let extractable = || of["extractable"].as_bool().unwrap();
    let usages = || usages(&of["usages"]);
    Ok(match verb {
        "digest" => hex(&digest_sync(&algorithm("algorithm"), &data())?),
        "encrypt" => hex(&encrypt_sync(&algorithm("algorithm"), &key("key")?, &data())?),
        "decrypt" => hex(&decrypt_sync(&algorithm("algorithm"), &key("key")?, &data())?),
        "sign" => hex(&sign_sync(&algorithm("algorithm"), &key("key")?, &data())?),
        "verify" => {
            let signature = unhex(text(of, "signature"));
            verify_sync(&algorithm("algorithm"), &key("key")?, &signature, &data())?.to_string()
        }
        "import" => shown(&self::key(of)?),
        "export" => match export_key_sync(format(&of["format"]), &key("key")?)? {
            ExportedKey::Bytes(bytes) => hex(&bytes),
            ExportedKey::Jwk(jwk) => jwk.to_string(),
            _ => unreachable!(),
        },
        "getPublicKey" => shown(&get_public_key_sync(&key("key")?, &usages())?),
        "generate" => match generate_key_sync(&algorithm("algorithm"), extractable(), &usages())? {
            GeneratedKey::Secret(key) => {
                format!("{} {}", described(&key), key.key_object().symmetric_key_size().unwrap())
            }
            GeneratedKey::Pair(pair) => {
                format!("{} / {}", described(&pair.public_key), described(&pair.private_key))
            }
            _ => unreachable!(),
        },
        "deriveBits" => {
            let length = of["length"].as_u64().map(|length| length as u32);
            hex(&derive_bits_sync(&algorithm("algorithm"), &key("key")?, length)?)
        }
        "deriveKey" => {
            let (base, derived) = (key("key")?, algorithm("derived"));
            shown(&derive_key_sync(&algorithm("algorithm"), &base, &derived, extractable(), &usages())?)
        }
        "wrap" => {
            let (key, wrapping) = (key("key")?, key("wrapping")?);
            hex(&wrap_key_sync(format(&of["format"]), &key, &wrapping, &algorithm("algorithm"))?)
        }
        "unwrap" => {
            let (wrapping, unwrapped) = (key("wrapping")?, algorithm("unwrapped"));
            let (format, of) = (format(&of["format"]), algorithm("algorithm"));
            shown(&unwrap_key_sync(format, &data(), &wrapping, &of, &unwrapped, extractable(), &usages())?)
        }
        "encapsulateBits" => {
            let sent = encapsulate_bits_sync(&algorithm("algorithm"), &key("key")?)?;
            format!("{} {}", sent.ciphertext.len(), sent.shared_key.len())
        }
        "decapsulateBits" => hex(&decapsulate_bits_sync(&algorithm("algorithm"), &key("key")?, &data())?),
        "decapsulateKey" => {
            let (of, shared) = (algorithm("algorithm"), algorithm("shared"));
            shown(&decapsulate_key_sync(&of, &key("key")?, &data(), &shared, extractable(), &usages())?)
        }
        "toCryptoKey" => {
            let der = data();
            let object = match text(of, "kind") {
                "secret" => create_secret_key(&der),
                "public" => create_public_key(&KeyInput::der(&der, KeyEncoding::Spki))?,
                _ => create_private_key(&KeyInput::der(&der, KeyEncoding::Pkcs8))?,
            };
            shown(&object.to_crypto_key(&algorithm("algorithm"), extractable(), &usages())?)
        }
        "supports" => {
            let other = algorithm("besides");
            let besides = match &of["besides"] {
                Value::Null => Besides::None,
                Value::Number(length) => Besides::Length(length.as_u64().unwrap() as u32),
                _ => Besides::Algorithm(&other),
            };
            supports(text(of, "operation"), &algorithm("algorithm"), besides).to_string()
        }
        other => panic!("{other}"),
    })
}

fn ask(cases: &mut Vec<Case>, verb: &str, of: Value) {
    let answer = answer(verb, &of).unwrap_or_else(|error| failed(&error));
    cases.push(Case { question: format!("{verb}\t{of}"), answer });
}

// ---- what is asked ----

fn with(of: &Value, more: Value) -> Value {
    let mut of = of.clone();
    for (name, value) in more.as_object().unwrap() {
        of[name] = value.clone();
    }
    of
}

/// `len` bytes that tell where they are.
fn bytes(len: usize) -> String {
    hex(&(0..len).map(|at| (at % 251) as u8).collect::<Vec<_>>())
}

fn secret_key(algorithm: Value, len: usize, usages: &[&str]) -> Value {
    json!({"format": "raw-secret", "data": bytes(len), "algorithm": algorithm, "extractable": true, "usages": usages})
}

fn digests(cases: &mut Vec<Case>) {
    for name in
        ["SHA-1", "sha-256", "SHA-384", "SHA-512", "SHA3-256", "SHA3-384", "SHA3-512", "MD5", "HMAC", ""]
    {
        for len in [0, 3, 64, 200] {
            ask(cases, "digest", json!({"algorithm": name, "data": bytes(len)}));
            ask(cases, "digest", json!({"algorithm": {"name": name}, "data": bytes(len)}));
        }
    }
    let xofs = ["cSHAKE128", "cSHAKE256", "TurboSHAKE128", "TurboSHAKE256", "KT128", "KT256"];
    for name in xofs {
        ask(cases, "digest", json!({"algorithm": name, "data": ""}));
        for bits in [0, 1, 7, 8, 9, 128, 1352, 5000, u32::MAX] {
            ask(
                cases,
                "digest",
                json!({"algorithm": {"name": name, "outputLength": bits}, "data": bytes(5)}),
            );
        }
        for len in [0, 1, 7, 8, 134, 135, 136, 137, 166, 167, 168, 169, 336, 8190, 8191, 8192, 8193, 20000] {
            ask(
                cases,
                "digest",
                json!({"algorithm": {"name": name, "outputLength": 1600}, "data": bytes(len)}),
            );
            let of = json!({"name": name, "outputLength": 256, "customization": bytes(300)});
            ask(cases, "digest", json!({"algorithm": of, "data": bytes(len)}));
        }
        for len in [0, 1, 140, 512, 513] {
            let of = json!({"name": name, "outputLength": 256, "customization": bytes(len)});
            ask(cases, "digest", json!({"algorithm": of, "data": bytes(3)}));
        }
        for domain in [0, 1, 0x0b, 0x7f, 0x80, 0xff] {
            let of = json!({"name": name, "outputLength": 256, "domainSeparation": domain});
            ask(cases, "digest", json!({"algorithm": of, "data": bytes(3)}));
        }
        for function in ["", "KMAC", "TupleHash", "ParallelHash", "KMAC128", "x"] {
            for customization in [0, 3, 600] {
                let of = json!({"name": name, "outputLength": 256, "functionName": hex(function.as_bytes()),
                    "customization": bytes(customization)});
                ask(cases, "digest", json!({"algorithm": of, "data": bytes(3)}));
            }
        }
    }
}

fn cipher_keys() -> Vec<(&'static str, Value)> {
    let all = ["encrypt", "decrypt", "wrapKey", "unwrapKey"];
    let mut keys = vec![];
    for name in ["AES-CBC", "AES-CTR", "AES-GCM", "AES-OCB"] {
        for len in [16, 24, 32] {
            keys.push((name, secret_key(json!(name), len, &all)));
        }
    }
    keys.push(("ChaCha20-Poly1305", secret_key(json!("ChaCha20-Poly1305"), 32, &all)));
    keys
}

/// Encrypts, and decrypts what came of it.
fn both_ways(cases: &mut Vec<Case>, of: &Value, key: &Value, data: &str) {
    ask(cases, "encrypt", json!({"algorithm": of, "key": key, "data": data}));
    let sealed = cases.last().unwrap().answer.clone();
    if !sealed.starts_with("error") {
        ask(cases, "decrypt", json!({"algorithm": of, "key": key, "data": sealed}));
        // Somebody else's tag, padding or text.
        for at in [0, sealed.len() / 2, sealed.len().saturating_sub(1)] {
            if let Some(digit) = sealed.get(at..=at) {
                let mut other = sealed.clone();
                other.replace_range(at..=at, if digit == "0" { "1" } else { "0" });
                ask(cases, "decrypt", json!({"algorithm": of, "key": key, "data": other}));
            }
        }
    }
}

fn ciphers(cases: &mut Vec<Case>) {
    let keys = cipher_keys();
    for (name, key) in &keys {
        for len in [0, 1, 15, 16, 17, 1000] {
            let of = match *name {
                "AES-CBC" => json!({"name": name, "iv": bytes(16)}),
                "AES-CTR" => json!({"name": name, "counter": bytes(16), "length": 64}),
                _ => json!({"name": name, "iv": bytes(12), "additionalData": bytes(len % 20)}),
            };
            both_ways(cases, &of, key, &bytes(len));
            ask(cases, "decrypt", json!({"algorithm": of, "key": key, "data": bytes(len)}));
        }
        for len in [0, 1, 7, 11, 12, 13, 15, 16, 17, 128, 129, 1000] {
            both_ways(cases, &json!({"name": name, "iv": bytes(len)}), key, &bytes(20));
        }
        for bits in [0, 4, 31, 32, 48, 64, 96, 100, 104, 112, 120, 128, 136, 255] {
            both_ways(cases, &json!({"name": name, "iv": bytes(12), "tagLength": bits}), key, &bytes(20));
        }
        ask(cases, "encrypt", json!({"algorithm": name, "key": key, "data": ""}));
        for other in ["AES-CBC", "AES-GCM", "AES-KW", "HMAC", "RSA-OAEP"] {
            let of = json!({"name": other, "iv": bytes(16)});
            ask(cases, "encrypt", json!({"algorithm": of, "key": key, "data": ""}));
        }
        let idle = with(key, json!({"usages": ["wrapKey"]}));
        let of = json!({"name": name, "iv": bytes(if *name == "AES-CBC" { 16 } else { 12 }), "counter": bytes(16), "length": 7});
        ask(cases, "encrypt", json!({"algorithm": of, "key": idle, "data": ""}));
        ask(cases, "decrypt", json!({"algorithm": of, "key": idle, "data": ""}));
    }
    let (_, key) = &keys[3];
    for counter in ["ff".repeat(16), format!("{}fe", "00".repeat(15)), bytes(16)] {
        for bits in [0, 1, 2, 5, 8, 64, 127, 128, 129] {
            for len in [0, 16, 17, 32, 33, 48, 64, 65, 4096, 4097] {
                let of = json!({"name": "AES-CTR", "counter": counter, "length": bits});
                ask(cases, "encrypt", json!({"algorithm": of, "key": key, "data": bytes(len)}));
            }
        }
    }
    for len in [0, 15, 17] {
        let of = json!({"name": "AES-CTR", "counter": bytes(len), "length": 200});
        ask(cases, "encrypt", json!({"algorithm": of, "key": key, "data": ""}));
    }
}

fn macs(cases: &mut Vec<Case>) {
    let both = ["sign", "verify"];
    for hash in ["SHA-1", "SHA-256", "SHA-384", "SHA-512", "SHA3-256", "SHA3-384", "SHA3-512"] {
        for len in [1, 64, 200] {
            let key = secret_key(json!({"name": "HMAC", "hash": hash}), len, &both);
            ask(cases, "sign", json!({"algorithm": "HMAC", "key": key, "data": bytes(70)}));
            let signature = cases.last().unwrap().answer.clone();
            for signature in [&signature, &signature[2..], "", &bytes(signature.len() / 2)] {
                let of = json!({"algorithm": "HMAC", "key": key, "data": bytes(70), "signature": signature});
                ask(cases, "verify", of);
            }
        }
    }
    for name in ["KMAC128", "KMAC256"] {
        for len in [0, 1, 3, 4, 16, 512, 513] {
            let key = secret_key(json!(name), len, &both);
            for bits in [0, 1, 8, 9, 256, 3000] {
                for customization in [0, 5, 512, 513] {
                    let of =
                        json!({"name": name, "outputLength": bits, "customization": bytes(customization)});
                    ask(cases, "sign", json!({"algorithm": of, "key": key, "data": bytes(70)}));
                }
            }
            let of = json!({"name": name, "outputLength": 128});
            ask(cases, "verify", json!({"algorithm": of, "key": key, "data": "", "signature": bytes(16)}));
        }
        let odd = secret_key(json!({"name": name, "length": 13}), 2, &both);
        ask(
            cases,
            "sign",
            json!({"algorithm": {"name": name, "outputLength": 77}, "key": odd, "data": bytes(5)}),
        );
        ask(cases, "sign", json!({"algorithm": name, "key": odd, "data": ""}));
    }
    let idle = secret_key(json!({"name": "HMAC", "hash": "SHA-1"}), 5, &["verify"]);
    ask(cases, "sign", json!({"algorithm": "HMAC", "key": idle, "data": ""}));
    ask(cases, "sign", json!({"algorithm": {"name": "KMAC128", "outputLength": 8}, "key": idle, "data": ""}));
    let idle = with(&idle, json!({"usages": ["sign"]}));
    ask(cases, "verify", json!({"algorithm": "HMAC", "key": idle, "data": "", "signature": ""}));
}

/// A pair, as it is imported.
struct Pair {
    algorithm: Value,
    kind: &'static str,
    public: Value,
    private: Value,
    jwk: [Value; 2],
}

impl Pair {
    fn name(&self) -> &str {
        text(&self.algorithm, "name")
    }
}

fn pairs() -> Vec<Pair> {
    let rsa =
        |name, hash| (json!({"name": name, "hash": hash}), "rsa", KeyPairOptions::new().modulus_length(1024));
    let ec = |name, curve: &str| {
        (json!({"name": name, "namedCurve": curve}), "ec", KeyPairOptions::new().named_curve(curve))
    };
    let plain = |name, kind| (json!({"name": name}), kind, KeyPairOptions::new());
    let kinds = vec![
        rsa("RSASSA-PKCS1-v1_5", "SHA-256"),
        rsa("RSASSA-PKCS1-v1_5", "SHA3-384"),
        rsa("RSA-PSS", "SHA-1"),
        rsa("RSA-PSS", "SHA-384"),
        rsa("RSA-OAEP", "SHA-256"),
        rsa("RSA-OAEP", "SHA-1"),
        ec("ECDSA", "P-256"),
        ec("ECDSA", "P-384"),
        ec("ECDSA", "P-521"),
        ec("ECDH", "P-256"),
        ec("ECDH", "P-521"),
        plain("Ed25519", "ed25519"),
        plain("Ed448", "ed448"),
        plain("X25519", "x25519"),
        plain("X448", "x448"),
        plain("ML-DSA-44", "ml-dsa-44"),
        plain("ML-DSA-65", "ml-dsa-65"),
        plain("ML-DSA-87", "ml-dsa-87"),
        plain("ML-KEM-512", "ml-kem-512"),
        plain("ML-KEM-768", "ml-kem-768"),
        plain("ML-KEM-1024", "ml-kem-1024"),
    ];
    kinds.into_iter().map(|(algorithm, kind, options)| pair(algorithm, kind, &options)).collect()
}

fn pair(algorithm: Value, kind: &'static str, options: &KeyPairOptions) -> Pair {
    let pair = generate_key_pair_sync(kind, options).unwrap();
    let (public, private): (&[&str], &[&str]) = match text(&algorithm, "name") {
        "RSA-OAEP" => (&["encrypt", "wrapKey"], &["decrypt", "unwrapKey"]),
        "ECDH" | "X25519" | "X448" => (&[], &["deriveKey", "deriveBits"]),
        name if name.starts_with("ML-KEM") => {
            (&["encapsulateKey", "encapsulateBits"], &["decapsulateKey", "decapsulateBits"])
        }
        _ => (&["verify"], &["sign"]),
    };
    let imported = |format: &str, key: &nodecore_crypto::KeyObject, encoding, usages| {
        let data = hex(&key.export(&KeyExport::der(encoding)).unwrap().into_bytes());
        json!({"format": format, "data": data, "algorithm": algorithm, "extractable": true, "usages": usages})
    };
    let jwk = |key: &nodecore_crypto::KeyObject| {
        serde_json::from_slice(&key.export(&KeyExport::jwk()).unwrap().into_bytes()).unwrap()
    };
    Pair {
        kind,
        public: imported("spki", &pair.public_key, KeyEncoding::Spki, public),
        private: imported("pkcs8", &pair.private_key, KeyEncoding::Pkcs8, private),
        jwk: [jwk(&pair.public_key), jwk(&pair.private_key)],
        algorithm,
    }
}

/// Signs here, and has both verify it. What has no salt is the same on both sides.
fn signatures(pairs: &[Pair], cases: &mut Vec<Case>) {
    for pair in pairs.iter().filter(|pair| pair.private["usages"][0] == "sign") {
        let name = pair.name();
        let ways = match name {
            "RSA-PSS" => [0, 20, 32, 62, 78, 106, 107, 500, i32::MAX as u32, u32::MAX]
                .map(|salt| json!({"name": name, "saltLength": salt}))
                .to_vec(),
            "ECDSA" => [
                "SHA-1",
                "SHA-256",
                "SHA-384",
                "SHA-512",
                "SHA3-256",
                "SHA3-512",
                "MD5",
                "SHA-224",
                "cSHAKE128",
            ]
            .map(|hash| json!({"name": name, "hash": hash}))
            .to_vec(),
            _ => [0, 1, 255, 256].map(|len| json!({"name": name, "context": bytes(len)})).to_vec(),
        };
        for of in ways.iter().chain([&json!(name)]) {
            let sign = json!({"algorithm": of, "key": pair.private, "data": bytes(50)});
            let made = answer("sign", &sign).unwrap_or_else(|error| failed(&error));
            let salted = matches!(name, "RSA-PSS" | "ECDSA") || name.starts_with("ML-");
            if !salted || made.starts_with("error") {
                ask(cases, "sign", sign);
            }
            let mut seen = vec![bytes(3), bytes(64), String::new()];
            if !made.starts_with("error") {
                seen.extend([made.clone(), made[2..].to_owned(), format!("{made}00")]);
            }
            for signature in seen {
                for len in [50, 51] {
                    let of = json!({"algorithm": of, "key": pair.public, "data": bytes(len), "signature": signature});
                    ask(cases, "verify", of);
                }
            }
        }
        let of = with(&ways[0], json!({}));
        ask(cases, "sign", json!({"algorithm": of, "key": pair.public, "data": ""}));
        ask(cases, "verify", json!({"algorithm": of, "key": pair.private, "data": "", "signature": ""}));
        let hmac = secret_key(json!({"name": "HMAC", "hash": "SHA-1"}), 5, &["sign"]);
        ask(cases, "sign", json!({"algorithm": of, "key": hmac, "data": ""}));
    }
    for pair in pairs.iter().filter(|pair| pair.name() == "RSA-OAEP") {
        for label in [0, 1, 40] {
            let of = json!({"name": "RSA-OAEP", "label": bytes(label)});
            for len in [0, 1, 62, 63, 86, 87, 200] {
                let seal = json!({"algorithm": of, "key": pair.public, "data": bytes(len)});
                match answer("encrypt", &seal) {
                    Err(_) => ask(cases, "encrypt", seal),
                    Ok(sealed) => {
                        ask(cases, "decrypt", json!({"algorithm": of, "key": pair.private, "data": sealed}));
                        ask(
                            cases,
                            "decrypt",
                            json!({"algorithm": "RSA-OAEP", "key": pair.private, "data": sealed}),
                        );
                    }
                }
                ask(cases, "decrypt", json!({"algorithm": of, "key": pair.private, "data": bytes(len)}));
            }
        }
        ask(cases, "encrypt", json!({"algorithm": "RSA-OAEP", "key": pair.private, "data": ""}));
        ask(cases, "decrypt", json!({"algorithm": "RSA-OAEP", "key": pair.public, "data": ""}));
    }
}

fn derivations(pairs: &[Pair], cases: &mut Vec<Case>) {
    let uses = ["deriveBits", "deriveKey"];
    let base = |name: &str| json!({"format": "raw-secret", "data": bytes(5), "algorithm": name, "extractable": false, "usages": uses});
    let mut ways = vec![];
    for hash in ["SHA-1", "SHA-256", "SHA-512", "SHA3-384", "MD5", "sha-256"] {
        let of = json!({"name": "HKDF", "hash": hash, "salt": bytes(3), "info": bytes(2)});
        ways.push((with(&of, json!({"info": bytes(1024), "salt": ""})), base("HKDF")));
        ways.push((of, base("HKDF")));
        let of = json!({"name": "PBKDF2", "hash": hash, "salt": bytes(3), "iterations": 3});
        ways.push((of, base("PBKDF2")));
    }
    for name in ["Argon2d", "Argon2i", "Argon2id"] {
        let of = json!({"name": name, "nonce": bytes(16), "parallelism": 2, "memory": 16, "passes": 2});
        let more = json!({"secretValue": bytes(3), "associatedData": bytes(4), "version": 19});
        ways.push((with(&of, more), base(name)));
        ways.push((of, base(name)));
    }
    for pair in pairs.iter().filter(|pair| pair.private["usages"][0] == "deriveKey") {
        // With itself, which is as good as with another.
        let of = json!({"name": pair.name(), "public": pair.public});
        ways.push((of, pair.private.clone()));
    }
    let aes = secret_key(json!("AES-CBC"), 16, &["encrypt"]);
    for (of, key) in &ways {
        let lengths =
            [0, 1, 7, 8, 9, 24, 32, 40, 128, 255, 256, 257, 448, 521, 528, 529, 5100, 5101 * 8, 16320 * 8];
        for length in lengths.map(Value::from).into_iter().chain([Value::Null]) {
            ask(cases, "deriveBits", json!({"algorithm": of, "key": key, "length": length}));
        }
        ask(cases, "deriveBits", json!({"algorithm": of, "key": aes, "length": 3}));
        let idle = with(key, json!({"usages": ["deriveKey"]}));
        ask(cases, "deriveBits", json!({"algorithm": of, "key": idle, "length": 8}));
        let targets = [
            json!({"name": "AES-GCM", "length": 256}),
            json!({"name": "AES-KW", "length": 192}),
            json!({"name": "AES-OCB", "length": 100}),
            json!("AES-CBC"),
            json!("ChaCha20-Poly1305"),
            json!({"name": "HMAC", "hash": "SHA-256"}),
            json!({"name": "HMAC", "hash": "SHA-256", "length": 9}),
            json!({"name": "HMAC", "hash": "SHA-256", "length": 0}),
            json!({"name": "HMAC", "hash": "SHA3-256"}),
            json!({"name": "HMAC", "hash": "SHA3-256", "length": 80}),
            json!("HMAC"),
            json!("KMAC128"),
            json!({"name": "KMAC256", "length": 0}),
            json!({"name": "KMAC256", "length": 9}),
            json!("HKDF"),
            json!("PBKDF2"),
            json!("Argon2i"),
            json!("Ed25519"),
            json!({"name": "ECDSA", "namedCurve": "P-256"}),
            json!("x"),
        ];
        for derived in targets {
            let name = derived["name"].as_str().or(derived.as_str()).unwrap();
            let kdf = matches!(name, "HKDF" | "PBKDF2" | "Argon2i");
            let usages = match name {
                "AES-KW" => vec!["wrapKey"],
                "HMAC" | "KMAC128" | "KMAC256" | "Ed25519" | "ECDSA" => vec!["sign"],
                _ if kdf => vec!["deriveBits"],
                _ => vec!["encrypt"],
            };
            for usages in [&usages[..], &[], &["verify", "unwrapKey"]] {
                let of = json!({"algorithm": of, "key": key, "derived": derived, "extractable": !kdf, "usages": usages});
                ask(cases, "deriveKey", of);
            }
        }
    }
    bad_derivations(pairs, &ways, cases);
}

fn bad_derivations(pairs: &[Pair], ways: &[(Value, Value)], cases: &mut Vec<Case>) {
    let (argon2, key) = ways.iter().find(|(of, _)| text(of, "name") == "Argon2id").unwrap();
    for more in [
        json!({"nonce": bytes(7)}),
        json!({"parallelism": 0}),
        json!({"parallelism": 3}),
        json!({"parallelism": 1 << 24}),
        json!({"memory": 15}),
        json!({"passes": 0}),
        json!({"passes": 0, "memory": 1}),
        json!({"passes": 0, "nonce": ""}),
        json!({"parallelism": 0, "passes": 0}),
        json!({"version": 16}),
        json!({"version": 16, "passes": 0}),
        json!({"version": 0, "memory": 2}),
    ] {
        ask(cases, "deriveBits", json!({"algorithm": with(argon2, more), "key": key, "length": 64}));
    }
    for member in ["nonce", "parallelism", "memory", "passes"] {
        let mut of = argon2.clone();
        of.as_object_mut().unwrap().remove(member);
        ask(cases, "deriveBits", json!({"algorithm": of, "key": key, "length": 64}));
    }
    for (name, member) in [
        ("HKDF", "hash"),
        ("HKDF", "salt"),
        ("HKDF", "info"),
        ("PBKDF2", "hash"),
        ("PBKDF2", "salt"),
        ("PBKDF2", "iterations"),
        ("X25519", "public"),
        ("ECDH", "public"),
    ] {
        let (of, key) = ways.iter().find(|(of, _)| text(of, "name") == name).unwrap();
        let mut of = of.clone();
        of.as_object_mut().unwrap().remove(member);
        ask(cases, "deriveBits", json!({"algorithm": of, "key": key, "length": 64}));
    }
    let (hkdf, key) = ways.iter().find(|(of, _)| text(of, "name") == "HKDF").unwrap();
    let long = with(hkdf, json!({"info": bytes(1025)}));
    ask(cases, "deriveBits", json!({"algorithm": long, "key": key, "length": 64}));
    let (pbkdf2, key) = ways.iter().find(|(of, _)| text(of, "name") == "PBKDF2").unwrap();
    let none = with(pbkdf2, json!({"iterations": 0}));
    ask(cases, "deriveBits", json!({"algorithm": none, "key": key, "length": 64}));
    let agreeing = || pairs.iter().filter(|pair| pair.private["usages"][0] == "deriveKey");
    for ours in agreeing() {
        for theirs in agreeing() {
            for half in [&theirs.public, &theirs.private] {
                let of = json!({"name": ours.name(), "public": half});
                ask(cases, "deriveBits", json!({"algorithm": of, "key": ours.private, "length": 8}));
                let of = json!({"name": theirs.name(), "public": half});
                ask(cases, "deriveBits", json!({"algorithm": of, "key": ours.private, "length": 8}));
            }
        }
    }
    // A point that is nothing whatever the private key.
    let zero = json!({"format": "raw", "data": "00".repeat(32), "algorithm": "X25519", "extractable": true, "usages": []});
    let ours = agreeing().find(|pair| pair.name() == "X25519").unwrap();
    let of = json!({"name": "X25519", "public": zero});
    ask(cases, "deriveBits", json!({"algorithm": of, "key": ours.private, "length": null}));
}

const FORMATS: [&str; 8] =
    ["raw", "raw-secret", "raw-public", "raw-private", "raw-seed", "spki", "pkcs8", "jwk"];

fn secrets(cases: &mut Vec<Case>) {
    let kinds = [
        (json!("AES-CBC"), "encrypt"),
        (json!("AES-CTR"), "encrypt"),
        (json!("AES-GCM"), "encrypt"),
        (json!("AES-OCB"), "encrypt"),
        (json!("AES-KW"), "wrapKey"),
        (json!("ChaCha20-Poly1305"), "encrypt"),
        (json!({"name": "HMAC", "hash": "SHA-256"}), "sign"),
        (json!({"name": "HMAC", "hash": "SHA3-256"}), "sign"),
        (json!("KMAC128"), "sign"),
        (json!("KMAC256"), "sign"),
        (json!("HKDF"), "deriveBits"),
        (json!("PBKDF2"), "deriveKey"),
        (json!("Argon2d"), "deriveBits"),
        (json!("Argon2id"), "deriveBits"),
        (json!("HMAC"), "sign"),
        (json!({"name": "HMAC", "hash": "x"}), "sign"),
        (json!("SHA-1"), "sign"),
    ];
    for (of, usage) in &kinds {
        for extractable in [true, false] {
            for format in FORMATS {
                for usages in [&[*usage][..], &[], &["verify", "encapsulateBits"]] {
                    for len in [0, 1, 15, 16, 24, 32, 33] {
                        let data = match format {
                            "jwk" => {
                                let raw = unhex(&bytes(len));
                                let k = nodecore_buffer::decode(&raw, nodecore_buffer::Encoding::Base64Url);
                                json!({"kty": "oct", "k": k})
                            }
                            _ => json!(bytes(len)),
                        };
                        let key = json!({"format": format, "data": data, "algorithm": of,
                            "extractable": extractable, "usages": usages});
                        ask(cases, "import", key.clone());
                        if len == 32 && usages == [*usage] && matches!(format, "raw-secret" | "jwk") {
                            for format in FORMATS {
                                ask(cases, "export", json!({"key": key, "format": format}));
                            }
                            ask(cases, "getPublicKey", json!({"key": key, "usages": []}));
                        }
                    }
                }
            }
        }
        let name = of["name"].as_str().or(of.as_str()).unwrap();
        for (len, bits) in [(2, 0), (2, 1), (2, 8), (2, 9), (2, 15), (2, 16), (2, 17), (0, 0), (0, 8)] {
            for format in ["raw-secret", "jwk"] {
                let data = if format == "jwk" {
                    json!({"kty": "oct", "k": if len == 2 { "__8" } else { "" }})
                } else {
                    json!("ff".repeat(len))
                };
                let of = json!({"name": name, "hash": "SHA-1", "length": bits});
                let key = json!({"format": format, "data": data, "algorithm": of, "extractable": true, "usages": [usage]});
                ask(cases, "import", key.clone());
                ask(cases, "export", json!({"key": key, "format": "jwk"}));
            }
        }
        secret_jwks(of, usage, cases);
    }
}

fn secret_jwks(of: &Value, usage: &str, cases: &mut Vec<Case>) {
    let k = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc";
    let base = json!({"kty": "oct", "k": k});
    let mut more = vec![
        json!({}),
        json!({"kty": "RSA"}),
        json!({"kty": ""}),
        json!({"k": ""}),
        json!({"k": "@@@"}),
        json!({"k": format!("{k}=")}),
        json!({"ext": false}),
        json!({"ext": true}),
        json!({"use": "enc"}),
        json!({"use": "sig"}),
        json!({"use": "x", "ext": false, "alg": "x", "key_ops": []}),
        json!({"ext": false, "alg": "x", "key_ops": []}),
        json!({"ext": false, "alg": "x", "k": "AA"}),
        json!({"alg": "x", "k": "AA"}),
        json!({"alg": "x", "k": ""}),
        json!({"key_ops": []}),
        json!({"key_ops": [usage]}),
        json!({"key_ops": [usage, "decrypt", "x"]}),
        json!({"key_ops": [usage, usage]}),
        json!({"key_ops": ["x", "x", usage]}),
        json!({"key_ops": ["sign"]}),
    ];
    for alg in [
        "A128CBC", "A256CBC", "A256CTR", "A256GCM", "A256OCB", "A256KW", "HS256", "HS1", "K128", "K256",
        "C20P", "",
    ] {
        more.push(json!({"alg": alg}));
    }
    for more in more {
        for usages in [&[usage][..], &[]] {
            let data = with(&base, more.clone());
            let key = json!({"format": "jwk", "data": data, "algorithm": of, "extractable": true, "usages": usages});
            ask(cases, "import", key);
        }
    }
    for name in ["kty", "k"] {
        let mut data = base.clone();
        data.as_object_mut().unwrap().remove(name);
        ask(
            cases,
            "import",
            json!({"format": "jwk", "data": data, "algorithm": of, "extractable": true, "usages": [usage]}),
        );
    }
}

fn halves(pairs: &[Pair], cases: &mut Vec<Case>) {
    for pair in pairs {
        for key in [&pair.public, &pair.private] {
            ask(cases, "import", key.clone());
            ask(cases, "import", with(key, json!({"usages": []})));
            ask(cases, "import", with(key, json!({"extractable": false})));
            for usages in [json!(["sign"]), json!(["verify"]), json!(["encrypt", "deriveBits"])] {
                ask(cases, "import", with(key, json!({"usages": usages})));
                ask(cases, "getPublicKey", json!({"key": key, "usages": usages}));
            }
            ask(cases, "getPublicKey", json!({"key": key, "usages": []}));
            for format in FORMATS {
                ask(cases, "export", json!({"key": key, "format": format}));
                let written = cases.last().unwrap().answer.clone();
                ask(
                    cases,
                    "export",
                    json!({"key": with(key, json!({"extractable": false})), "format": format}),
                );
                // What came of it, and other things, read in that format again.
                let data = match format {
                    _ if written.starts_with("error") => json!(bytes(32)),
                    "jwk" => serde_json::from_str(&written).unwrap(),
                    _ => json!(written),
                };
                if format == "jwk" && !data.is_object() {
                    continue;
                }
                for usages in [&key["usages"], &json!([]), &json!(["verify"]), &json!(["wrapKey", "sign"])] {
                    ask(
                        cases,
                        "import",
                        with(key, json!({"format": format, "data": data, "usages": usages})),
                    );
                }
                if let Some(hex) = data.as_str() {
                    for data in [&hex[..hex.len() / 4 * 2], "", &format!("{hex}00")] {
                        ask(cases, "import", with(key, json!({"format": format, "data": data})));
                    }
                }
            }
            // Keys of other kinds.
            for other in pairs {
                ask(
                    cases,
                    "import",
                    with(key, json!({"algorithm": other.algorithm, "usages": other.public["usages"]})),
                );
                ask(
                    cases,
                    "import",
                    with(key, json!({"algorithm": other.algorithm, "usages": other.private["usages"]})),
                );
            }
        }
        if pair.algorithm["namedCurve"].is_string() {
            for curve in ["P-256", "P-384", "secp256k1", "p-256", ""] {
                let of = with(&pair.algorithm, json!({"namedCurve": curve}));
                for key in [&pair.public, &pair.private] {
                    ask(cases, "import", with(key, json!({"algorithm": of})));
                }
                let usages = &pair.public["usages"];
                let key = json!({"format": "jwk", "data": pair.jwk[0], "algorithm": of, "extractable": true, "usages": usages});
                ask(cases, "import", key);
            }
        }
        let mut of = pair.algorithm.clone();
        for member in ["hash", "namedCurve"] {
            of.as_object_mut().unwrap().remove(member);
        }
        ask(cases, "import", with(&pair.public, json!({"algorithm": of})));
        ask(cases, "import", with(&pair.public, json!({"algorithm": with(&of, json!({"hash": "MD5"}))})));
    }
}

fn jwks(pairs: &[Pair], cases: &mut Vec<Case>) {
    for pair in pairs {
        let keys = [(&pair.jwk[0], &pair.public["usages"]), (&pair.jwk[1], &pair.private["usages"])];
        for (jwk, usages) in keys {
            let mut import = |data: Value, usages: &Value, extractable: bool| {
                let key = json!({"format": "jwk", "data": data, "algorithm": pair.algorithm,
                    "extractable": extractable, "usages": usages});
                ask(cases, "import", key);
            };
            let mut more = vec![
                json!({}),
                json!({"kty": "x"}),
                json!({"kty": "oct"}),
                json!({"crv": "P-999"}),
                json!({"use": "sig"}),
                json!({"use": "enc"}),
                json!({"use": "x"}),
                json!({"ext": false}),
                json!({"ext": true}),
                json!({"key_ops": []}),
                json!({"key_ops": ["x", "x"]}),
                json!({"key_ops": usages}),
                json!({"key_ops": ["sign", "sign"]}),
                json!({"oth": []}),
                json!({"x": "AAAA"}),
                json!({"pub": "AAAA"}),
                json!({"use": "x", "ext": false, "alg": "x", "key_ops": [], "crv": "x"}),
                json!({"ext": false, "alg": "x", "key_ops": ["x"], "crv": "x"}),
                json!({"ext": false, "alg": "x", "crv": "x"}),
                json!({"alg": "x", "crv": "x"}),
                json!({"alg": "x", "x": "AA", "n": "AA"}),
            ];
            if jwk.get("d").is_some() {
                more.push(json!({"d": "AAAA"}));
            }
            if jwk.get("priv").is_some() {
                more.push(json!({"priv": "AAAA"}));
            }
            for alg in [
                "",
                "RS256",
                "PS256",
                "PS1",
                "RSA-OAEP",
                "RSA-OAEP-256",
                "ES256",
                "ES512",
                "EdDSA",
                "Ed25519",
                "Ed448",
            ] {
                more.push(json!({"alg": alg}));
            }
            for more in more {
                import(with(jwk, more.clone()), usages, true);
                import(with(jwk, more), &json!([]), false);
            }
            for name in jwk.as_object().unwrap().keys() {
                let mut without = jwk.clone();
                without.as_object_mut().unwrap().remove(name);
                import(without.clone(), usages, true);
                // What lacks is told before or after what else is wrong.
                import(with(&without, json!({"use": "x"})), usages, true);
            }
        }
    }
}

fn generation(cases: &mut Vec<Case>) {
    let all: Vec<&str> = KeyUsage::ALL.into_iter().map(KeyUsage::name).collect();
    let rsa = |name: &str, bits: u32, exponent: &str, hash: &str| json!({"name": name, "modulusLength": bits, "publicExponent": exponent, "hash": hash});
    let mut kinds: Vec<Value> = AlgorithmName::ALL.iter().map(|name| json!(name.name())).collect();
    for length in [0, 100, 128, 192, 256] {
        kinds.push(json!({"name": "AES-GCM", "length": length}));
        kinds.push(json!({"name": "AES-KW", "length": length}));
    }
    for length in [0, 1, 13, 4096] {
        kinds.push(json!({"name": "HMAC", "hash": "SHA-384", "length": length}));
        kinds.push(json!({"name": "KMAC256", "length": length}));
    }
    for hash in ["SHA-1", "SHA-512", "SHA3-256", "MD5", "SHA-224"] {
        kinds.push(json!({"name": "HMAC", "hash": hash}));
        kinds.push(rsa("RSA-PSS", 1024, "010001", hash));
    }
    for exponent in ["", "00", "01", "02", "03", "04", "000000000000010001", "0100000000", "ffffffffff"] {
        kinds.push(rsa("RSASSA-PKCS1-v1_5", 512, exponent, "SHA-1"));
    }
    for bits in [0, 511, 512, 520] {
        kinds.push(rsa("RSA-OAEP", bits, "010001", "SHA-256"));
    }
    for curve in ["P-256", "P-384", "P-521", "secp256k1", "P-512"] {
        kinds.push(json!({"name": "ECDSA", "namedCurve": curve}));
        kinds.push(json!({"name": "ECDH", "namedCurve": curve}));
    }
    kinds.push(json!({"name": "RSA-PSS", "modulusLength": 1024, "hash": "SHA-1"}));
    kinds.push(json!({"name": "RSA-PSS", "modulusLength": 1, "hash": "SHA-1"}));
    kinds.push(json!({"name": "RSA-PSS", "modulusLength": 1024, "publicExponent": "03"}));
    for of in kinds {
        ask(cases, "generate", json!({"algorithm": of, "extractable": true, "usages": all}));
        ask(cases, "generate", json!({"algorithm": of, "extractable": true, "usages": []}));
        for usage in &all {
            // Primes take their time.
            if of["modulusLength"].as_u64().is_none_or(|bits| bits < 1024 || *usage == "sign") {
                ask(cases, "generate", json!({"algorithm": of, "extractable": false, "usages": [usage]}));
            }
        }
    }
}

fn wrapping(pairs: &[Pair], cases: &mut Vec<Case>) {
    let uses = ["wrapKey", "unwrapKey"];
    let mut wrapping = vec![];
    for len in [16, 24, 32] {
        wrapping.push((json!("AES-KW"), secret_key(json!("AES-KW"), len, &uses)));
    }
    wrapping.push((json!({"name": "AES-GCM", "iv": bytes(12)}), secret_key(json!("AES-GCM"), 16, &uses)));
    wrapping.push((json!({"name": "AES-CBC", "iv": bytes(16)}), secret_key(json!("AES-CBC"), 16, &uses)));
    let ctr = json!({"name": "AES-CTR", "counter": bytes(16), "length": 64});
    wrapping.push((ctr, secret_key(json!("AES-CTR"), 32, &uses)));
    wrapping.push((json!({"name": "AES-OCB", "iv": bytes(12)}), secret_key(json!("AES-OCB"), 16, &uses)));
    let chacha = secret_key(json!("ChaCha20-Poly1305"), 32, &uses);
    wrapping.push((json!({"name": "ChaCha20-Poly1305", "iv": bytes(12)}), chacha));
    wrapping.push((json!("HMAC"), secret_key(json!("AES-KW"), 16, &uses)));
    wrapping.push((json!("AES-KW"), secret_key(json!("AES-KW"), 16, &["unwrapKey"])));
    wrapping.push((json!("AES-KW"), secret_key(json!("AES-GCM"), 16, &uses)));
    let hmac = json!({"name": "HMAC", "hash": "SHA-256"});
    let mut keys: Vec<Value> =
        [1, 8, 15, 16, 32, 40].map(|len| secret_key(hmac.clone(), len, &["sign"])).to_vec();
    keys.push(secret_key(json!("KMAC128"), 0, &["sign"]));
    keys.push(secret_key(json!("AES-GCM"), 16, &["encrypt", "decrypt"]));
    keys.push(with(&secret_key(json!("HKDF"), 16, &["deriveBits"]), json!({"extractable": false})));
    keys.push(with(&keys[3], json!({"extractable": false})));
    for pair in pairs.iter().filter(|pair| matches!(pair.name(), "Ed25519" | "ECDH" | "ML-DSA-44")) {
        keys.extend([pair.public.clone(), pair.private.clone()]);
    }
    for (of, wrapping) in &wrapping {
        for key in &keys {
            for format in ["raw", "raw-secret", "jwk", "spki", "pkcs8", "raw-seed"] {
                ask(
                    cases,
                    "wrap",
                    json!({"format": format, "key": key, "wrapping": wrapping, "algorithm": of}),
                );
                let wrapped = cases.last().unwrap().answer.clone();
                let wrapped = if wrapped.starts_with("error") { bytes(24) } else { wrapped };
                let read = json!({"format": format, "data": wrapped, "wrapping": wrapping, "algorithm": of,
                    "unwrapped": key["algorithm"], "extractable": true, "usages": key["usages"]});
                // Of JSON that cannot be read Node tells what V8 says of it.
                if format == "jwk"
                    && answer("unwrap", &read).is_err_and(|error| error.to_string().contains("wrapped JWK"))
                {
                    continue;
                }
                ask(cases, "unwrap", read.clone());
                if format != "jwk" {
                    ask(cases, "unwrap", with(&read, json!({"usages": []})));
                    ask(cases, "unwrap", with(&read, json!({"unwrapped": "x"})));
                    for len in [0, 8, 16, 23, 24, 40] {
                        ask(cases, "unwrap", with(&read, json!({"data": bytes(len)})));
                    }
                }
            }
        }
    }
}

fn encapsulation(pairs: &[Pair], cases: &mut Vec<Case>) {
    let targets = [
        (json!("AES-KW"), "wrapKey"),
        (json!("AES-GCM"), "encrypt"),
        (json!("AES-OCB"), "encrypt"),
        (json!("ChaCha20-Poly1305"), "encrypt"),
        (json!({"name": "HMAC", "hash": "SHA-256"}), "sign"),
        (json!({"name": "HMAC", "hash": "SHA-256", "length": 100}), "sign"),
        (json!({"name": "HMAC", "hash": "SHA-256", "length": 255}), "sign"),
        (json!("KMAC256"), "sign"),
        (json!("HKDF"), "deriveBits"),
        (json!("Argon2d"), "deriveBits"),
        (json!("Ed25519"), "sign"),
        (json!("x"), "sign"),
    ];
    for pair in pairs.iter().filter(|pair| pair.name().starts_with("ML-KEM")) {
        let of = &pair.algorithm;
        ask(cases, "encapsulateBits", json!({"algorithm": of, "key": pair.public}));
        ask(cases, "encapsulateBits", json!({"algorithm": of, "key": pair.private}));
        ask(cases, "encapsulateBits", json!({"algorithm": "ML-KEM-1024", "key": pair.public}));
        ask(cases, "encapsulateBits", json!({"algorithm": "X25519", "key": pair.public}));
        let public = key(&pair.public).unwrap();
        let sent = encapsulate_bits_sync(&algorithm(of), &public).unwrap().ciphertext;
        for data in [hex(&sent), hex(&sent[1..]), String::new(), bytes(sent.len()), bytes(1088)] {
            ask(cases, "decapsulateBits", json!({"algorithm": of, "key": pair.private, "data": data}));
        }
        ask(cases, "decapsulateBits", json!({"algorithm": of, "key": pair.public, "data": hex(&sent)}));
        let idle = with(&pair.private, json!({"usages": ["decapsulateBits"]}));
        for (shared, usage) in &targets {
            for usages in [&[*usage][..], &[], &["verify", "unwrapKey"]] {
                let kdf = *usage == "deriveBits";
                let ask_it = json!({"algorithm": of, "key": pair.private, "data": hex(&sent), "shared": shared,
                    "extractable": !kdf, "usages": usages});
                ask(cases, "decapsulateKey", ask_it.clone());
                ask(cases, "decapsulateKey", with(&ask_it, json!({"key": idle})));
            }
        }
    }
}

fn objects(cases: &mut Vec<Case>) {
    let named: Vec<Value> = AlgorithmName::ALL
        .iter()
        .map(|name| json!({"name": name.name(), "hash": "SHA-256", "namedCurve": "P-256"}))
        .chain([json!("x"), json!({"name": "HMAC", "hash": "SHA-1", "length": 127}), json!("HMAC")])
        .collect();
    let mut objects =
        vec![("secret", bytes(16)), ("secret", bytes(32)), ("secret", bytes(3)), ("secret", String::new())];
    let options = KeyPairOptions::new;
    for (kind, options) in [
        ("rsa", options().modulus_length(1024)),
        ("rsa-pss", options().modulus_length(1024)),
        ("ec", options().named_curve("P-256")),
        ("ec", options().named_curve("secp256k1")),
        ("ed25519", options()),
        ("x448", options()),
        ("ml-dsa-44", options()),
        ("ml-kem-512", options()),
    ] {
        let pair = generate_key_pair_sync(kind, &options).unwrap();
        let der = |key: &nodecore_crypto::KeyObject, encoding| {
            hex(&key.export(&KeyExport::der(encoding)).unwrap().into_bytes())
        };
        objects.push(("public", der(&pair.public_key, KeyEncoding::Spki)));
        objects.push(("private", der(&pair.private_key, KeyEncoding::Pkcs8)));
    }
    for (kind, data) in &objects {
        for of in &named {
            for usages in [
                &[][..],
                &["sign"],
                &["verify"],
                &["encrypt"],
                &["deriveBits"],
                &["wrapKey"],
                &["encapsulateBits"],
            ] {
                for extractable in [true, false] {
                    let of = json!({"kind": kind, "data": data, "algorithm": of, "extractable": extractable, "usages": usages});
                    ask(cases, "toCryptoKey", of);
                }
            }
        }
    }
}

fn supported(cases: &mut Vec<Case>) {
    let full = |name: &str| {
        json!({"name": name, "hash": "SHA-256", "namedCurve": "P-256", "length": 128, "modulusLength": 2048,
            "publicExponent": "010001", "iv": bytes(if name == "AES-CBC" { 16 } else { 12 }), "counter": bytes(16),
            "saltLength": 3, "outputLength": 256, "salt": "", "info": "", "iterations": 1, "nonce": bytes(16),
            "parallelism": 1, "memory": 8, "passes": 1})
    };
    let operations = [
        "encrypt",
        "decrypt",
        "sign",
        "verify",
        "digest",
        "generateKey",
        "deriveKey",
        "deriveBits",
        "importKey",
        "exportKey",
        "getPublicKey",
        "wrapKey",
        "unwrapKey",
        "encapsulateBits",
        "encapsulateKey",
        "decapsulateBits",
        "decapsulateKey",
        "x",
    ];
    for operation in operations {
        for name in AlgorithmName::ALL.iter().map(|name| name.name()).chain(["x"]) {
            for of in [json!(name), full(name)] {
                // Node takes nothing but a number with deriveBits, and tells it of other things as a TypeError.
                let all = [
                    json!(null),
                    json!(256),
                    json!(7),
                    json!(40),
                    full("AES-GCM"),
                    json!("HKDF"),
                    full("HMAC"),
                    json!("Ed25519"),
                    json!("x"),
                ];
                for besides in all.into_iter().filter(|besides| {
                    operation != "deriveBits" || !besides.is_object() && !besides.is_string()
                }) {
                    ask(
                        cases,
                        "supports",
                        json!({"operation": operation, "algorithm": of, "besides": besides}),
                    );
                }
            }
        }
    }
}

/// Keys with a bit turned, or cut short.
fn damaged(pairs: &[Pair], cases: &mut Vec<Case>) {
    let mut random = Random(node::seed() | 1);
    for _ in 0..node::cases(CASES) {
        let pair = &pairs[random.below(pairs.len())];
        let key = if random.below(2) == 0 { &pair.public } else { &pair.private };
        let format = FORMATS[random.below(FORMATS.len() - 1)];
        let Ok(imported) = self::key(key) else { continue };
        let Ok(written) = export_key_sync(KeyFormat::parse(format).unwrap(), &imported) else { continue };
        let mut bytes = written.into_bytes();
        if random.below(4) == 0 {
            bytes.truncate(random.below(bytes.len()));
        } else {
            let at = random.below(bytes.len().min(60));
            bytes[at] ^= 1 << random.below(8);
        }
        // Of a modulus that was changed 3.6 reads more than 3.5: tests/key_node.rs.
        if pair.kind != "rsa" {
            ask(cases, "import", with(key, json!({"format": format, "data": hex(&bytes)})));
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    nodecore_buffer::decode(bytes, nodecore_buffer::Encoding::Hex)
}

fn unhex(text: &str) -> Vec<u8> {
    nodecore_buffer::encode(text, nodecore_buffer::Encoding::Hex)
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
