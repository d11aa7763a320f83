//! Certificates with everything odd that a certificate can have.

use nodecore_buffer::Encoding;
use nodecore_testdata::node::Random;

use crate::der::{Certificate, arcs, bytes, common_name, critical, extension, list, name, oid, part};

const ALTERNATIVE_NAMES: &str = "2.5.29.17";
const INFO_ACCESS: &str = "1.3.6.1.5.5.7.1.1";
const KEY_USAGE: &str = "2.5.29.15";
const EXTENDED_KEY_USAGE: &str = "2.5.29.37";
const BASIC_CONSTRAINTS: &str = "2.5.29.19";
const OTHER_NAMES: &[&str] = &[
    "1.3.6.1.5.5.7.8.5",
    "1.3.6.1.5.5.7.8.9",
    "1.3.6.1.5.5.7.8.8",
    "1.3.6.1.4.1.311.20.2.3",
    "1.3.6.1.5.5.7.8.7",
    "1.3.6.1.5.5.7.8.4",
    "1.2.3.4",
];
const METHODS: &[&str] =
    &["1.3.6.1.5.5.7.48.1", "1.3.6.1.5.5.7.48.2", "1.3.6.1.5.5.7.48.3", "1.2.3.4", "2.5.4.3"];
const ATTRIBUTES: &[&str] = &[
    "2.5.4.3",
    "2.5.4.6",
    "2.5.4.10",
    "2.5.4.45",
    "0.9.2342.19200300.100.1.25",
    "1.2.840.113549.1.9.1",
    "1.2.3.4",
];
/// Tags of strings and, past those that a name may have, of other things.
const TAGS: &[u8] = &[12, 12, 19, 20, 22, 26, 27, 28, 30, 18, 3, 4, 2, 0x30, 24, 1, 5, 6, 0x80];
const TEXTS: &[&[u8]] = &[
    b"",
    b"a",
    b"a.example",
    b"*.a.example",
    b"a, DNS:b",
    b"a\"b\\c'd",
    b"a\0b",
    b"\n\t\x7f",
    b" #a+b;<>=, ",
    b"a:b",
    b"http://a/?b='c'&d",
    b"Post@A.example",
    "\u{e4}\u{20ac}\u{1f600}".as_bytes(),
    b"\xe4\xff",
    b"\0a\x20\xac",
    b"\0\0\0a\0\x01\xf6\0",
    b"\xd8\x3d\xde\0",
    b"\xed\xa0\x80",
];
const DATES: &[(u8, &str)] = &[
    (0x17, "500101000000Z"),
    (0x17, "491231235959Z"),
    (0x17, "700101000000Z"),
    (0x17, "691231235959Z"),
    (0x17, "2501010000Z"),
    (0x17, "250101000000+0100"),
    (0x17, "2501010000-1145"),
    (0x17, "250101000060Z"),
    (0x17, "251301000000Z"),
    (0x17, "250230000000Z"),
    (0x17, "250101240000Z"),
    (0x17, "250101"),
    (0x17, ""),
    (0x18, "20500101000000Z"),
    (0x18, "19490101000000Z"),
    (0x18, "18000229120000Z"),
    (0x18, "18000228120000Z"),
    (0x18, "16000229120000Z"),
    (0x18, "00000101000000Z"),
    (0x18, "00010101000000Z"),
    (0x18, "99991231235959Z"),
    (0x18, "20250101000000.5Z"),
    (0x18, "20250101000000.123Z"),
    (0x18, "20250101000000.Z"),
    (0x18, "20250101000000+0100"),
    (0x18, "202501010000Z"),
    (0x18, "20250101000000"),
    (12, "250101000000Z"),
];

/// One oddity a certificate.
pub(crate) fn odd(key: &[u8]) -> Vec<Vec<u8>> {
    let base = Certificate::new(key);
    let mut all = vec![];
    let mut with = |change: &dyn Fn(&mut Certificate)| {
        let mut certificate = base.clone();
        change(&mut certificate);
        all.push(certificate.der());
    };

    for text in TEXTS {
        for &tag in TAGS {
            with(&|c| c.subject = common_name(bytes(tag, text)));
        }
        for kind in [0x81, 0x82, 0x86, 0x87] {
            with(&|c| c.extensions = vec![alternative(&[bytes(kind, text)])]);
        }
        for other in OTHER_NAMES {
            for tag in [12, 22, 30] {
                with(&|c| c.extensions = vec![alternative(&[other_name(other, tag, text)])]);
            }
        }
        with(&|c| c.extensions = vec![alternative(&[bytes(0xa4, common_name(bytes(12, text)))])]);
        let access: Vec<_> = METHODS.iter().map(|method| (*method, bytes(0x86, text))).collect();
        with(&|c| c.extensions = vec![information(&access)]);
        with(&|c| c.extensions = vec![information(&[(METHODS[0], other_name(OTHER_NAMES[0], 12, text))])]);
    }
    // Names of many parts, and of none.
    let text = |text: &str| bytes(12, text);
    with(&|c| c.subject = name(&[]));
    with(&|c| c.subject = name(&[&[]]));
    with(&|c| {
        c.subject = name(&[
            &[("2.5.4.3", text("a")), ("2.5.4.10", text("b"))],
            &[("2.5.4.3", text("c")), ("2.5.4.3", text("d"))],
            &[("1.2.3.4", text("e"))],
            &[("2.5.4.10", bytes(0x30, [2, 1, 5]))],
            &[("2.5.4.3", bytes(3, [0, 5]))],
            &[("2.5.4.3", text("c"))],
        ]);
    });
    let directory = name(&[
        &[("2.5.4.3", text("a,b\"")), ("2.5.4.10", bytes(19, "x+y"))],
        &[("1.2.3.4", text("q\u{e4}"))],
        &[("2.5.4.10", bytes(20, b"\xe4"))],
    ]);
    with(&|c| c.extensions = vec![alternative(&[bytes(0xa4, &directory), bytes(0xa4, name(&[]))])]);
    with(&|c| c.extensions = vec![information(&[(METHODS[0], bytes(0xa4, &directory))])]);
    // Alternative names of the kinds that are left.
    with(&|c| c.extensions = vec![alternative(&[])]);
    with(&|c| {
        c.extensions = vec![alternative(&[bytes(0xa3, list([[]; 0])), bytes(0xa5, bytes(0xa1, text("x")))])]
    });
    for address in [
        &[192, 0, 2, 1][..],
        &[0; 16],
        &[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 255, 255],
        &[1; 8],
    ] {
        with(&|c| c.extensions = vec![alternative(&[bytes(0x87, address)])]);
    }
    let long = format!("1.2{}", ".123456789".repeat(40));
    // Node has room for 79, 127 or 255 characters.
    let of_length = |length: usize| {
        format!(
            "1.2{}{}",
            ".123456789".repeat((length - 15) / 10),
            &".1234567890123456789"[..(length - 15) % 10 + 12]
        )
    };
    let lengths = [79, 80, 127, 128, 255, 256].map(of_length);
    let ids = ["2.5.4.3", "1.2.3.340282366920938463463374607431768211455", &long];
    for id in ids.into_iter().chain(lengths.iter().map(String::as_str)) {
        with(&|c| c.extensions = vec![alternative(&[bytes(0x88, arcs(id))])]);
        with(&|c| c.extensions = vec![extension(EXTENDED_KEY_USAGE, list([oid("2.5.29.37.0"), oid(id)]))]);
        with(&|c| c.extensions = vec![information(&[(id, bytes(0x82, "a"))])]);
        with(&|c| c.subject = name(&[&[(id, text("a"))]]));
        with(&|c| c.algorithm = list([oid(id)]));
    }
    // An object whose number has an arc of hundreds of bytes.
    let huge = [&[0x2a][..], &[0xff; 600], &[0x7f]].concat();
    with(&|c| c.extensions = vec![alternative(&[bytes(0x88, &huge)])]);
    with(&|c| c.extensions = vec![extension(EXTENDED_KEY_USAGE, list([bytes(6, &huge)]))]);
    with(&|c| c.extensions = vec![extension(INFO_ACCESS, list([list([bytes(6, &huge), bytes(0x82, "a")])]))]);
    with(&|c| c.algorithm = list([bytes(6, &huge)]));
    // Extensions that cannot be read, are there twice, or are empty.
    for id in [ALTERNATIVE_NAMES, INFO_ACCESS, KEY_USAGE, EXTENDED_KEY_USAGE, BASIC_CONSTRAINTS, "1.2.3.4"] {
        with(&|c| c.extensions = vec![extension(id, "xx")]);
        with(&|c| c.extensions = vec![critical(id, list([[]; 0]))]);
        with(&|c| c.extensions = vec![extension(id, list([[]; 0])), extension(id, list([[]; 0]))]);
        with(&|c| c.extensions = vec![extension(id, "xx"), extension(id, list([[]; 0]))]);
    }
    with(&|c| c.extensions = vec![alternative(&[bytes(0x82, "a")]), alternative(&[bytes(0x82, "b")])]);
    let usage = extension(EXTENDED_KEY_USAGE, list([oid("1.3.6.1.5.5.7.3.1"), oid("1.2.3.4")]));
    with(&|c| c.extensions = vec![usage.clone()]);
    with(&|c| c.extensions = vec![usage.clone(), usage.clone()]);
    // Who may sign.
    let constraints = |content: &[Vec<u8>]| extension(BASIC_CONSTRAINTS, list(content));
    let yes = bytes(1, [255]);
    for signing in [&[7, 0x80][..], &[2, 4], &[0]] {
        let usage = extension(KEY_USAGE, bytes(3, signing));
        with(&|c| c.extensions = vec![usage.clone()]);
        with(&|c| c.extensions = vec![constraints(std::slice::from_ref(&yes)), usage.clone()]);
    }
    with(&|c| c.extensions = vec![constraints(&[])]);
    with(&|c| c.extensions = vec![constraints(&[yes.clone(), bytes(2, [0])])]);
    with(&|c| c.extensions = vec![constraints(&[yes.clone(), bytes(2, [255])])]);
    with(&|c| c.extensions = vec![extension("2.16.840.1.113730.1.1", bytes(3, [0, 7]))]);
    for version in [None, Some(0), Some(1), Some(3), Some(200)] {
        with(&|c| c.version = version);
        with(&|c| {
            c.version = version;
            c.issuer = c.subject.clone();
            c.extensions = vec![constraints(std::slice::from_ref(&yes))];
        });
    }
    let serials =
        [&[0][..], &[255], &[0x80, 0], &[0x7f; 40], &[0, 0x80], &[0xf, 1], &[0, 1], &[255, 255], &[]];
    for serial in serials {
        with(&|c| c.serial = serial.to_vec());
    }
    for (tag, date) in DATES {
        with(&|c| c.validity = [bytes(*tag, date), bytes(0x18, "20300101000000Z")]);
        with(&|c| c.validity[1] = bytes(*tag, date));
    }
    for id in ["1.2.840.10045.4.3.3", "2.5.4.3", "1.2.3.4", "1.2.840.113549.1.1.10", "1.3.101.112"] {
        with(&|c| c.algorithm = list([oid(id)]));
        with(&|c| c.outer_algorithm = Some(list([oid(id)])));
    }
    // Keys that are none.
    let ec = [oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")];
    with(&|c| c.key = list([list([oid("1.2.3.4")]), bytes(3, [0, 1, 2])]));
    with(&|c| c.key = list([list(&ec), bytes(3, [0, 4, 2])]));
    with(&|c| c.key = list([list(&ec), bytes(3, [0])]));
    with(&|c| c.key = list([list([oid("1.2.840.113549.1.1.1")]), bytes(3, [0, 0x30, 0])]));
    let rsa = |modulus: &[u8], exponent: &[u8]| {
        let key = list([bytes(2, modulus), bytes(2, exponent)]);
        let algorithm = list([oid("1.2.840.113549.1.1.1"), bytes(5, [])]);
        list([algorithm, part(3, [&[0][..], &key])])
    };
    let modulus = [&[0x7b][..], &[0x55; 127]].concat();
    for exponent in [
        &[3][..],
        &[1, 0, 1],
        &[0],
        &[1],
        &[0x7f; 8],
        &[0x7f; 9],
        &[0, 255, 255, 255, 255, 255, 255, 255, 255],
        &[255],
    ] {
        with(&|c| c.key = rsa(&modulus, exponent));
    }
    with(&|c| c.key = rsa(&[0], &[3]));
    with(&|c| c.key = rsa(&[0xd, 1], &[3]));
    let point = &key[key.len() - 65..];
    let compressed = [&[0, 2 + (point[64] & 1)][..], &point[1..33]].concat();
    with(&|c| c.key = list([list(&ec), bytes(3, &compressed)]));
    all
}

/// Certificates as text, and as DER with something around it.
pub(crate) fn texts(raw: &[u8], pem: &str) -> Vec<Vec<u8>> {
    let encoded: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let framed = |label: &str, head: &str, encoded: &str| {
        let lines: Vec<String> =
            encoded.as_bytes().chunks(64).map(|line| String::from_utf8(line.to_vec()).unwrap()).collect();
        format!("-----BEGIN {label}-----\n{head}{}\n-----END {label}-----\n", lines.join("\n"))
    };
    let aux = list([list([oid("1.3.6.1.5.5.7.3.1")]), bytes(12, "alias")]);
    let base64 = |bytes: &[u8]| nodecore_buffer::decode(bytes, Encoding::Base64);
    let encrypted = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n";
    let mut all: Vec<Vec<u8>> = [
        pem.to_owned(),
        format!("text before\n{pem}and after"),
        format!("no line end before{pem}"),
        format!("{}{pem}", framed("PUBLIC KEY", "", "AAAA")),
        format!("{}\n{pem}", &pem[..100]),
        pem.replace('\n', "\r\n"),
        pem.replace('\n', "\r"),
        pem.replace('\n', " \n"),
        pem.replace("CERTIFICATE", "X509 CERTIFICATE"),
        pem.replace("CERTIFICATE", "TRUSTED CERTIFICATE"),
        pem.replace("CERTIFICATE", "PUBLIC KEY"),
        pem.replace("CERTIFICATE", "PKCS7"),
        pem.replace("CERTIFICATE", "CERTIFICATE REQUEST"),
        pem.replace("END CERTIFICATE", "END PUBLIC KEY"),
        pem.replacen('M', "!", 1),
        pem[..100].to_owned(),
        pem[..pem.len() - 20].to_owned(),
        String::new(),
        framed("CERTIFICATE", "", ""),
        framed("CERTIFICATE", "", "AAAA"),
        framed("CERTIFICATE", "", "MAA="),
        framed("CERTIFICATE", encrypted, "AAAAAAAAAAAAAAAAAAAAAA=="),
        framed("CERTIFICATE", "Proc-Type: 4,ENCRYPTED\n\n", "AAAA"),
        framed("CERTIFICATE", "A: b\n\n", &encoded),
        framed("TRUSTED CERTIFICATE", "", &base64(&[raw, &aux].concat())),
        framed("TRUSTED CERTIFICATE", "", &base64(&[raw, &[1, 2, 3]].concat())),
        framed("CERTIFICATE", "", &base64(&[raw, &aux].concat())),
        "\0".to_owned() + pem,
        pem.replacen("\n", "\0\n", 1),
        "a".repeat(100_000),
    ]
    .into_iter()
    .map(String::into_bytes)
    .collect();
    let inside = &raw[4..];
    all.push([raw, b"more"].concat());
    all.push([&[0x30, 0x80], inside, &[0, 0]].concat());
    all.push([&[0x30, 0x83, 0], &raw[2..]].concat());
    all.push([&[0x30, 0x84, 0x7f, 255, 255, 255], inside].concat());
    all.push([&[0x30, 0x88, 0x7f, 255, 255, 255, 255, 255, 255, 255], inside].concat());
    all.push([&[0x30, 0x80], inside].concat());
    all.push([0x30, 0x80].repeat(5000));
    all.push(vec![0x30]);
    all.push(vec![0xff; 100]);
    all
}

/// Certificates with the names to ask them for.
pub(crate) fn named(key: &[u8]) -> Vec<(Vec<u8>, Vec<&'static str>)> {
    let common = |text: &str| common_name(bytes(12, text));
    let dns = |text: &str| bytes(0x82, text);
    let mut all = vec![];
    let mut with = |subject: Vec<u8>, names: Option<&[Vec<u8>]>, asked: &[&'static str]| {
        let mut certificate = Certificate::new(key);
        certificate.subject = subject;
        certificate.extensions.extend(names.map(alternative));
        all.push((certificate.der(), asked.to_vec()));
    };
    let hosts = [
        "a.example",
        "A.EXAMPLE",
        "b.a.example",
        "c.b.a.example",
        ".a.example",
        ".example",
        "a.example.",
        "a.example\0",
        "a\0.example",
        "",
        ".",
        "www1.b.example",
        "www.b.example",
        "1www.b.example",
        "xn--1.b.example",
        "cn.example",
        "\u{e4}.example",
        "xn--4ca.example",
        "*.a.example",
        "192.0.2.1",
        "127.1",
        "x.*.example",
        "y.c.example",
        "-a.d.example",
        "_x.a.example",
    ];
    let patterns = [
        dns("a.example"),
        dns("*.a.example"),
        dns("www*.b.example"),
        dns("*www.b.example"),
        dns("x*y.c.example"),
        dns("*"),
        dns("*.example."),
        dns("x.*.example"),
        dns("**.d.example"),
        dns("*.*.e.example"),
        dns("A.Mixed.Example"),
        dns("\u{e4}.example"),
        dns("nul\0.example"),
        dns("xn--*.b.example"),
        dns(""),
    ];
    with(common("cn.example"), Some(&patterns), &hosts);
    with(common("*.a.example"), None, &hosts);
    with(common("cn.example"), Some(&[bytes(0x81, "x@cn.example")]), &hosts);
    with(name(&[&[("2.5.4.3", bytes(30, "\0c\0n\0.\0e\0x\0a\0m\0p\0l\0e"))]]), None, &hosts);
    with(name(&[]), None, &hosts);
    let mails = [
        "Post@a.example",
        "post@a.example",
        "Post@A.EXAMPLE",
        "@a.example",
        "Post",
        "",
        "a@b@a.example",
        "\"x y\"@a.example",
        "nul\0@a.example",
        "subject@a.example",
        "\u{e4}@a.example",
        "Post@a.example\0",
    ];
    let mail = |text: &str| bytes(0x81, text);
    let boxes = [mail("Post@a.example"), mail("a@b@a.example"), mail("\"x y\"@a.example"), mail("")];
    let utf8 = other_name("1.3.6.1.5.5.7.8.9", 12, "\u{e4}@a.example".as_bytes());
    let subject = || name(&[&[("1.2.840.113549.1.9.1", bytes(22, "subject@a.example"))]]);
    with(subject(), Some(&[&boxes[..], &[utf8]].concat()), &mails);
    with(subject(), Some(&[dns("a.example")]), &mails);
    with(subject(), None, &mails);
    let addresses = [
        "192.0.2.1",
        "192.0.2.1\0x",
        "192.0.2.01",
        "192.0.2",
        "192.0.2.256",
        " 192.0.2.1",
        "::1",
        "0:0:0:0:0:0:0:1",
        "::",
        "2001:db8::a:ffff",
        "2001:DB8:0:0:0:0:A:FFFF",
        "::ffff:192.0.2.1",
        "1::2::3",
        ":1",
        "1:2:3:4:5:6:7:8:9",
        "",
        "x",
    ];
    let ip = |bytes_: &[u8]| bytes(0x87, bytes_);
    let v6 = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 255, 255];
    let one = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    with(common("192.0.2.7"), Some(&[ip(&[192, 0, 2, 1]), ip(&v6), ip(&one), ip(&[1])]), &addresses);
    with(common("192.0.2.1"), Some(&[dns("192.0.2.1")]), &addresses);
    all
}

fn alternative(names: &[Vec<u8>]) -> Vec<u8> {
    extension(ALTERNATIVE_NAMES, list(names))
}

fn other_name(id: &str, tag: u8, text: &[u8]) -> Vec<u8> {
    part(0xa0, [oid(id), bytes(0xa0, bytes(tag, text))])
}

fn information(access: &[(&str, Vec<u8>)]) -> Vec<u8> {
    extension(INFO_ACCESS, list(access.iter().map(|(method, name)| list([&oid(method), name]))))
}

/// A certificate of any parts.
pub(crate) fn random(random: &mut Random, keys: &[Vec<u8>]) -> Vec<u8> {
    let mut certificate = Certificate::new(&keys[random.below(keys.len())]);
    certificate.serial = (0..1 + random.below(20)).map(|_| random.below(256) as u8).collect();
    certificate.subject = any_name(random);
    certificate.issuer = any_name(random);
    for end in 0..2 {
        if random.below(4) == 0 {
            let (tag, date) = DATES[random.below(DATES.len())];
            certificate.validity[end] = bytes(tag, date);
        }
    }
    if random.below(2) == 0 {
        let names: Vec<_> = (0..random.below(6)).map(|_| any_general_name(random)).collect();
        certificate.extensions.push(alternative(&names));
    }
    if random.below(2) == 0 {
        let access: Vec<_> =
            (0..random.below(5)).map(|_| (random.pick(METHODS), any_general_name(random))).collect();
        certificate.extensions.push(information(&access));
    }
    if random.below(3) == 0 {
        let uses: Vec<_> =
            (0..random.below(4)).map(|_| oid(&format!("1.3.6.1.5.5.7.3.{}", random.below(20)))).collect();
        certificate.extensions.push(extension(EXTENDED_KEY_USAGE, list(uses)));
    }
    if random.below(3) == 0 {
        let yes = bytes(1, [[0, 255][random.below(2)]]);
        certificate.extensions.push(critical(BASIC_CONSTRAINTS, list([yes])));
    }
    if random.below(3) == 0 {
        certificate.extensions.push(extension(KEY_USAGE, bytes(3, [0, random.below(256) as u8])));
    }
    certificate.der()
}

fn any_text(random: &mut Random) -> Vec<u8> {
    let mut text = vec![];
    for _ in 0..1 + random.below(3) {
        text.extend_from_slice(random.pick(TEXTS));
    }
    text
}

fn any_name(random: &mut Random) -> Vec<u8> {
    let sets: Vec<Vec<u8>> = (0..random.below(4))
        .map(|_| {
            let attribute = |random: &mut Random| {
                // Mostly what a name may have, for the rest to be looked at too.
                let tag = if random.below(8) == 0 {
                    TAGS[random.below(TAGS.len())]
                } else {
                    [20, 22, 19][random.below(3)]
                };
                list([oid(random.pick(ATTRIBUTES)), bytes(tag, any_text(random))])
            };
            let attributes: Vec<_> = (0..1 + random.below(3)).map(|_| attribute(random)).collect();
            part(0x31, attributes)
        })
        .collect();
    list(sets)
}

fn any_general_name(random: &mut Random) -> Vec<u8> {
    match random.below(9) {
        0 => other_name(random.pick(OTHER_NAMES), [12, 22][random.below(2)], &any_text(random)),
        1 => bytes(0x81, any_text(random)),
        2 | 3 => bytes(0x82, any_text(random)),
        4 => bytes(0xa4, any_name(random)),
        5 => bytes(0x86, any_text(random)),
        6 => bytes(0x87, vec![random.below(256) as u8; [0, 4, 16, 5][random.below(4)]]),
        7 => bytes(0x88, arcs(random.pick(ATTRIBUTES))),
        _ => [bytes(0xa3, list([[]; 0])), bytes(0xa5, bytes(0xa1, bytes(12, "x")))][random.below(2)].clone(),
    }
}

/// The bytes with a bit turned, cut short, or with some left out.
pub(crate) fn damaged(random: &mut Random, data: &[u8]) -> Vec<u8> {
    let mut data = data.to_vec();
    let at = random.below(data.len());
    match random.below(8) {
        0 => data.truncate(at),
        1 => drop(data.drain(at..(at + 1 + random.below(4)).min(data.len()))),
        2 => data[at] = random.below(256) as u8,
        _ => data[at] ^= 1 << random.below(8),
    }
    data
}
