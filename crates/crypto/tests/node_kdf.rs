//! As node.rs, of key derivation, random values, primes and the rest.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

use nodecore_crypto::{
    Argon2Parameters, CheckPrimeOptions, GeneratePrimeOptions, ScryptOptions, argon2_sync, check_prime_sync,
    generate_prime_sync, get_curves, get_fips, get_random_values, hkdf_sync, pbkdf2_sync, random_bytes_sync,
    random_fill_sync, random_int_sync, scrypt_sync, secure_heap_used, timing_safe_equal,
};
use nodecore_error::{Code, Error, Result};
use nodecore_testdata::node::{self, Case, Exam, Node};

/// How many rounds of random questions, one of each function, go to one process.
const BATCH: usize = 100;

const DIGESTS: [&str; 27] = [
    "sha1",
    "SHA256",
    "sha-384",
    "sha512",
    "sha3-256",
    "RSA-SHA1",
    "RSA-SHA512/224",
    "2.16.840.1.101.3.4.2.1",
    "md5",
    "md5-sha1",
    "ripemd",
    "rmd160",
    "blake2b512",
    "blake2s256",
    "sm3",
    "KECCAK-256",
    "shake128",
    "SHAKE256",
    "md4",
    "whirlpool",
    "nope",
    "",
    "sha512/256",
    "null",
    "sha1\0x",
    "md4\0x",
    "nope\0x",
];

#[test]
fn agrees_with_node() {
    let Some(node) = Node::find() else { return };
    let mut exam = Exam::new(node, "crypto", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/node/kdf.js"));
    let mut random = Random(node::seed() | 1);
    let mut cases = fixed();
    let mut left = node::cases(BATCH);
    while left > 0 {
        let count = left.min(BATCH);
        left -= count;
        for _ in 0..count {
            cases.push(pbkdf2(&mut random));
            cases.push(scrypt(&mut random));
            cases.push(hkdf(&mut random));
            cases.push(argon2(&mut random));
            cases.extend(values(&mut random));
            cases.push(generate_prime(&mut random));
            cases.push(check_prime(&mut random));
        }
        exam.ask(&cases, |_, _| false);
        cases.clear();
    }
    exam.close();
}

fn pbkdf2(random: &mut Random) -> Case {
    let (password, salt) = (random.bytes(100), random.bytes(40));
    let iterations = random.pick(&[1, 2, 1, 30, 1, 0, 1 << 31]);
    let keylen = random.pick(&[20, 1, 64, 65, 300, 20, 0, 1 << 31]);
    let digest = random.pick(&DIGESTS);
    let answer = pbkdf2_sync(&password, &salt, iterations, keylen, digest);
    let question = format!("pbkdf2\t{}\t{}\t{iterations}\t{keylen}\t{digest}", hex(&password), hex(&salt));
    Case { question, answer: key(answer) }
}

fn scrypt(random: &mut Random) -> Case {
    let (password, salt) = (random.bytes(100), random.bytes(40));
    let keylen = random.pick(&[32, 1, 64, 100, 0, 32, 1 << 31]);
    let n = random.pick(&[16, 2, 64, 1024, 4, 0, 1, 3, 1 << 16, 1 << 31, u32::MAX]);
    let r = random.pick(&[1, 8, 2, 0, 3, 1 << 30, u32::MAX]);
    let p = random.pick(&[1, 2, 0, 5, 1 << 30, u32::MAX]);
    let exact = u128::from(r) * 128 * (u128::from(n) + u128::from(p) + 2);
    let exact = u64::try_from(exact).unwrap_or(u64::MAX);
    let maxmem = random.pick(&[0, 0, 0, exact, exact - u64::from(exact > 0), 1 << 53, 1]).min(1 << 53);
    // More than this machine should be asked for.
    let maxmem = if maxmem < 1 << 53 { maxmem.min(1 << 24) } else { maxmem };
    let options = ScryptOptions::new().cost(n).block_size(r).parallelization(p).maxmem(maxmem);
    let answer = scrypt_sync(&password, &salt, keylen, &options);
    let question = format!("scrypt\t{}\t{}\t{keylen}\t{n}\t{r}\t{p}\t{maxmem}", hex(&password), hex(&salt));
    Case { question, answer: key(answer) }
}

fn hkdf(random: &mut Random) -> Case {
    let (ikm, salt) = (random.bytes(100), random.bytes(40));
    let info = if random.below(20) == 0 { vec![7; 1024 + random.below(2)] } else { random.bytes(100) };
    let length =
        random.pick(&[32, 1, 42, 300, 0, 255 * 20, 255 * 20 + 1, 255 * 64, 255 * 64 + 1, 1 << 31, 1 << 54]);
    let digest = random.pick(&DIGESTS);
    // The lengths of an XOF are not looked at here.
    let length = if digest.eq_ignore_ascii_case("shake128") || digest == "SHAKE256" {
        length.min(300)
    } else {
        length
    };
    let answer = hkdf_sync(digest, &ikm, &salt, &info, length);
    let question = format!("hkdf\t{digest}\t{}\t{}\t{}\t{length}", hex(&ikm), hex(&salt), hex(&info));
    Case { question, answer: key(answer) }
}

fn argon2(random: &mut Random) -> Case {
    let (message, mut nonce) = (random.bytes(50), random.bytes(30));
    if random.below(8) > 0 {
        nonce.extend([5; 8]);
    }
    let (secret, data) = (random.bytes(20), random.bytes(20));
    let algorithm = random.pick(&["argon2d", "argon2i", "argon2id", "argon2id", "argon2", "ARGON2D"]);
    let parallelism = random.pick(&[1, 1, 2, 3, 0, 1 << 24]);
    let tag = random.pick(&[32, 4, 64, 65, 200, 3, 0]);
    let memory = random.pick(&[8, 16, 64, 100, 7, 15, 0]);
    let passes = random.pick(&[1, 2, 3, 1, 0]);
    let parameters = Argon2Parameters::new(&message, &nonce)
        .parallelism(parallelism)
        .tag_length(tag)
        .memory(memory)
        .passes(passes)
        .secret(&secret)
        .associated_data(&data);
    let [message, nonce, secret, data] = [&message, &nonce, &secret, &data].map(|bytes| hex(bytes));
    let question = format!(
        "argon2\t{algorithm}\t{message}\t{nonce}\t{parallelism}\t{tag}\t{memory}\t{passes}\t{secret}\t{data}"
    );
    Case { question, answer: key(argon2_sync(algorithm, &parameters)) }
}

/// Of random values Node and this crate can only agree that they are there, and on errors.
fn values(random: &mut Random) -> Vec<Case> {
    let mut cases = vec![];
    let size = random.pick(&[0, 1, 16, 300, 1 << 31, 1 << 40]);
    let answer = text(random_bytes_sync(size).map(|bytes| bytes.len()));
    cases.push(Case { question: format!("randomBytes\t{size}"), answer });

    let (len, offset) = (random.below(20), random.pick(&[0, 1, 5, 10, 19, 20, 1 << 31, 1 << 33]));
    let size = random.pick(&[None, None, Some(0), Some(1), Some(9), Some(20), Some(1 << 31)]);
    let answer = text(random_fill_sync(&mut vec![0; len], offset, size).map(|()| "filled"));
    let size = size.map(|size| size.to_string()).unwrap_or_default();
    cases.push(Case { question: format!("randomFill\t{len}\t{offset}\t{size}"), answer });

    let end = |random: &mut Random| {
        random.pick(&[
            0,
            1,
            -1,
            5,
            100,
            1 << 47,
            -(1 << 47),
            (1 << 48) - 1,
            1 << 48,
            1 << 53,
            -(1 << 53),
            1 - (1 << 53),
        ])
    };
    let (min, max) = (random.pick(&[true, false]).then(|| end(random)), end(random));
    let answer = text(random_int_sync(min, max).map(|value| min.unwrap_or(0) <= value && value < max));
    let min = min.map(|min| min.to_string()).unwrap_or_default();
    cases.push(Case { question: format!("randomInt\t{min}\t{max}"), answer });

    let len = random.pick(&[0, 1, 65536, 65537]);
    let answer = text(get_random_values(&mut vec![0; len]).map(|()| len));
    cases.push(Case { question: format!("getRandomValues\t{len}"), answer });

    let a = random.bytes(4);
    let b = if random.below(2) == 0 { a.clone() } else { random.bytes(4) };
    let answer = text(timing_safe_equal(&a, &b));
    cases.push(Case { question: format!("timingSafeEqual\t{}\t{}", hex(&a), hex(&b)), answer });
    cases
}

fn generate_prime(random: &mut Random) -> Case {
    let size = random.pick(&[1, 2, 3, 4, 5, 6, 8, 16, 33, 64, 0, 1 << 31]);
    let safe = random.below(3) == 0;
    // Pairs for which there are primes, or which are refused: Node hangs on others.
    let (add, rem) = match random.below(7) {
        0 if size > 7 => (Some(12), Some(if safe { 11 } else { 5 })),
        1 if size > 7 && !safe => (Some(30), None),
        2 => (Some(12), Some(12)),
        3 => (Some(0), None),
        4 => (Some(0), Some(1)),
        5 => (None, Some(3)),
        _ => (None, None),
    };
    let size = if size > 1 << 30 && add == Some(0) { 64 } else { size };
    let mut options = GeneratePrimeOptions::new().safe(safe);
    if let Some(add) = add {
        options = options.add([0, add]);
    }
    if let Some(rem) = rem {
        options = options.rem([0, rem]);
    }
    let answer = generate_prime_sync(size, &options).map(|prime| {
        let number = prime.iter().fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
        let is_prime =
            |number: u128| check_prime_sync(number.to_be_bytes(), &CheckPrimeOptions::new()).unwrap();
        let good = is_prime(number) && (!safe || is_prime(number >> 1));
        let exact = if size < 4 && add.is_none() { number.to_string() } else { String::new() };
        let left = match add {
            Some(add) if rem.is_some() || !safe => (number % u128::from(add)).to_string(),
            _ => String::new(),
        };
        format!("{good} {} {exact} {left}", number.ilog2() + 1 >= size)
    });
    let shown = |number: Option<u8>| number.map(|number| format!("{number:x}")).unwrap_or_default();
    let question = format!("generatePrime\t{size}\t{safe}\t{}\t{}", shown(add), shown(rem));
    Case { question, answer: text(answer) }
}

fn check_prime(random: &mut Random) -> Case {
    let mut candidate = random.bytes(12);
    if random.below(3) == 0 {
        candidate = generate_prime_sync(64, &GeneratePrimeOptions::new()).unwrap();
    }
    let checks = random.pick(&[0, 1, 70, 1 << 31]);
    let answer = text(check_prime_sync(&candidate, &CheckPrimeOptions::new().checks(checks)));
    Case { question: format!("checkPrime\t{}\t{checks}", hex(&candidate)), answer }
}

/// What is asked once.
fn fixed() -> Vec<Case> {
    let mut cases = vec![];
    let mut add = |question: String, answer: String| cases.push(Case { question, answer });
    add("getCurves".into(), get_curves().join(" "));
    let heap = secure_heap_used();
    let heap =
        format!("total,{} used,{} utilization,{} min,{}", heap.total, heap.used, heap.utilization, heap.min);
    add("secureHeapUsed".into(), heap);
    add("getFips".into(), get_fips().to_string());
    for (name, value) in constants() {
        add(format!("constants\t{name}"), value.to_string());
    }
    let mut names: Vec<&str> = constants().map(|(name, _)| name).chain(["OPENSSL_VERSION_NUMBER"]).collect();
    names.sort_unstable();
    add("constantNames".into(), names.join(" "));

    let large = vec![0; 1 << 31];
    let few = b"12345678";
    let at =
        |place: usize| std::array::from_fn::<&[u8], 4, _>(|index| if index == place { &large } else { few });
    for place in 0..4 {
        let [a, b, c, d] = at(place);
        let argon2 = Argon2Parameters::new(a, b).parallelism(1).tag_length(4).memory(8).passes(1);
        let argon2 = argon2.secret(c).associated_data(d);
        let mut answers = vec![("argon2", argon2_sync("argon2d", &argon2))];
        if place < 2 {
            answers.push(("pbkdf2", pbkdf2_sync(a, b, 1, 4, "nope")));
            answers.push(("scrypt", scrypt_sync(a, b, 4, &ScryptOptions::new().cost(3))));
            answers.push(("hkdf", hkdf_sync("sha1", a, b, "", 100_000)));
        }
        for (verb, answer) in answers {
            add(format!("tooLarge\t{verb}\t{place}"), key(answer));
        }
    }
    let answer = text(check_prime_sync(&large, &CheckPrimeOptions::new()));
    add("tooLarge\tcheckPrime\t0".into(), answer);
    cases
}

macro_rules! constants {
    ($($name:ident)*) => {
        &[$((stringify!($name), &nodecore_crypto::constants::$name)),*]
    };
}
const NUMBERS: &[(&str, &dyn std::fmt::Display)] = constants! {
    SSL_OP_ALL SSL_OP_ALLOW_NO_DHE_KEX SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION
    SSL_OP_CIPHER_SERVER_PREFERENCE SSL_OP_CISCO_ANYCONNECT SSL_OP_COOKIE_EXCHANGE
    SSL_OP_CRYPTOPRO_TLSEXT_BUG SSL_OP_DONT_INSERT_EMPTY_FRAGMENTS SSL_OP_LEGACY_SERVER_CONNECT
    SSL_OP_NO_COMPRESSION SSL_OP_NO_ENCRYPT_THEN_MAC SSL_OP_NO_QUERY_MTU SSL_OP_NO_RENEGOTIATION
    SSL_OP_NO_SESSION_RESUMPTION_ON_RENEGOTIATION SSL_OP_NO_SSLv2 SSL_OP_NO_SSLv3 SSL_OP_NO_TICKET
    SSL_OP_NO_TLSv1 SSL_OP_NO_TLSv1_1 SSL_OP_NO_TLSv1_2 SSL_OP_NO_TLSv1_3 SSL_OP_PRIORITIZE_CHACHA
    SSL_OP_TLS_ROLLBACK_BUG ENGINE_METHOD_RSA ENGINE_METHOD_DSA ENGINE_METHOD_DH ENGINE_METHOD_RAND
    ENGINE_METHOD_EC ENGINE_METHOD_CIPHERS ENGINE_METHOD_DIGESTS ENGINE_METHOD_PKEY_METHS
    ENGINE_METHOD_PKEY_ASN1_METHS ENGINE_METHOD_ALL ENGINE_METHOD_NONE DH_CHECK_P_NOT_SAFE_PRIME
    DH_CHECK_P_NOT_PRIME DH_UNABLE_TO_CHECK_GENERATOR DH_NOT_SUITABLE_GENERATOR RSA_PKCS1_PADDING
    RSA_SSLV23_PADDING RSA_NO_PADDING RSA_PKCS1_OAEP_PADDING RSA_X931_PADDING RSA_PKCS1_PSS_PADDING
    RSA_PSS_SALTLEN_DIGEST RSA_PSS_SALTLEN_MAX_SIGN RSA_PSS_SALTLEN_AUTO TLS1_VERSION TLS1_1_VERSION
    TLS1_2_VERSION TLS1_3_VERSION POINT_CONVERSION_COMPRESSED POINT_CONVERSION_UNCOMPRESSED
    POINT_CONVERSION_HYBRID
};

fn constants() -> impl Iterator<Item = (&'static str, &'static dyn std::fmt::Display)> {
    use nodecore_crypto::constants::{DEFAULT_CIPHER_LIST, DEFAULT_CORE_CIPHER_LIST};
    let lists: [(&str, &dyn std::fmt::Display); 2] =
        [("defaultCipherList", &DEFAULT_CIPHER_LIST), ("defaultCoreCipherList", &DEFAULT_CORE_CIPHER_LIST)];
    NUMBERS.iter().copied().chain(lists)
}

fn key(result: Result<Vec<u8>>) -> String {
    text(result.map(|key| hex(&key)))
}

fn text(result: Result<impl ToString>) -> String {
    result.map_or_else(|error| failure(&error), |value| value.to_string())
}

fn failure(error: &Error) -> String {
    let code = match error.code_name() {
        "" => "undefined",
        code => code,
    };
    let mut parts = vec!["error".to_owned(), error.class().name().into(), code.into(), error.to_string()];
    let details = (error.code() == Code::Openssl).then(|| error.openssl().unwrap());
    parts.push(details.and_then(|details| details.library()).unwrap_or_default().into());
    parts.push(details.and_then(|details| details.reason()).unwrap_or_default().into());
    parts.extend(details.iter().flat_map(|details| details.stack()).map(|text| text.to_string()));
    parts.join("|")
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

    fn pick<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())]
    }

    fn bytes(&mut self, below: usize) -> Vec<u8> {
        (0..self.below(below)).map(|_| self.next() as u8).collect()
    }
}
