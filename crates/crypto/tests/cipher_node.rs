//! Random programs of ciphers, run here and by a real Node: every result and every error has to agree.
#![allow(clippy::unwrap_used)]

use nodecore_buffer::Encoding;
use nodecore_crypto::{
    CipherInfoOptions, CipherMode, CipherOptions, Cipheriv, Decipheriv, create_cipheriv, create_decipheriv,
    get_cipher_info, get_cipher_info_by_nid, get_ciphers,
};
use nodecore_error::{Error, Result};
use nodecore_testdata::node::{self, Comparison, Node, Random};

const SCRIPT: &str = include_str!("node/cipher.js");
/// Without UTF-16, of which a Rust text cannot hold every half.
const ENCODINGS: [&str; 6] = ["hex", "base64", "base64url", "utf8", "latin1", "ascii"];

/// How many programs there are for each name.
const PROGRAMS: usize = 20;

enum Step {
    Update(Vec<u8>),
    Text(Vec<u8>, &'static str),
    Final,
    FinalText(&'static str),
    Padding(bool),
    Aad(Vec<u8>, Option<u32>),
    GetTag,
    SetTag(Vec<u8>),
}

/// A program with what it gives here.
struct Program {
    fields: Vec<String>,
    expected: String,
}

struct Setup {
    encrypts: bool,
    name: &'static str,
    key: Vec<u8>,
    iv: Vec<u8>,
    tag: Option<u32>,
}

impl Setup {
    fn run(&self, steps: &[Step]) -> Program {
        let mut fields = vec![
            if self.encrypts { "encrypt" } else { "decrypt" }.to_owned(),
            self.name.to_owned(),
            hex(&self.key),
            hex(&self.iv),
            self.tag.map_or(String::new(), |tag| tag.to_string()),
        ];
        let mut told = vec![];
        match self.make() {
            Err(error) => told.push(failure(&error)),
            Ok(mut cipher) => {
                told.push("ok".to_owned());
                for step in steps {
                    fields.push(step.field());
                    told.push(cipher.take(step).unwrap_or_else(|error| failure(&error)));
                }
            }
        }
        Program { fields, expected: told.join("\n") }
    }

    fn make(&self) -> Result<Either> {
        let mut options = CipherOptions::default();
        if let Some(tag) = self.tag {
            options = options.auth_tag_length(tag);
        }
        if self.encrypts {
            create_cipheriv(self.name, &self.key, &self.iv, &options).map(Either::Cipher)
        } else {
            create_decipheriv(self.name, &self.key, &self.iv, &options).map(Either::Decipher)
        }
    }
}

impl Step {
    fn field(&self) -> String {
        match self {
            Step::Update(data) => format!("update {}", hex(data)),
            Step::Text(data, encoding) => format!("text {} {encoding}", hex(data)),
            Step::Final => "final".to_owned(),
            Step::FinalText(encoding) => format!("finalText {encoding}"),
            Step::Padding(padding) => format!("padding {}", u8::from(*padding)),
            Step::Aad(data, length) => {
                format!("aad {} {}", hex(data), length.map_or(String::new(), |length| length.to_string()))
            }
            Step::GetTag => "getTag".to_owned(),
            Step::SetTag(tag) => format!("setTag {}", hex(tag)),
        }
    }
}

enum Either {
    Cipher(Cipheriv),
    Decipher(Decipheriv),
}

impl Either {
    fn take(&mut self, step: &Step) -> Result<String> {
        let encoding = |name: &str| Encoding::parse(name).unwrap();
        let done = "ok".to_owned();
        let no_method = |name: &str| format!("TypeError; ; cipher.{name} is not a function");
        Ok(match (self, step) {
            (Either::Cipher(cipher), Step::Update(data)) => hex(&cipher.update(data)?),
            (Either::Decipher(cipher), Step::Update(data)) => {
                // The other form of the same call.
                let mut out = vec![0; cipher.room(data.len())];
                let length = cipher.update_into(data, &mut out)?;
                hex(&out[..length])
            }
            (Either::Cipher(cipher), Step::Text(data, name)) => {
                format!("text {}", shown(&cipher.update_encoded(data, encoding(name))?))
            }
            (Either::Decipher(cipher), Step::Text(data, name)) => {
                format!("text {}", shown(&cipher.update_encoded(data, encoding(name))?))
            }
            (Either::Cipher(cipher), Step::Final) => hex(&cipher.finish()?),
            (Either::Decipher(cipher), Step::Final) => hex(&cipher.finish()?),
            (Either::Cipher(cipher), Step::FinalText(name)) => {
                format!("text {}", shown(&cipher.finish_encoded(encoding(name))?))
            }
            (Either::Decipher(cipher), Step::FinalText(name)) => {
                format!("text {}", shown(&cipher.finish_encoded(encoding(name))?))
            }
            (Either::Cipher(cipher), Step::Padding(padding)) => {
                cipher.set_auto_padding(*padding).map(|_| done)?
            }
            (Either::Decipher(cipher), Step::Padding(padding)) => {
                cipher.set_auto_padding(*padding).map(|_| done)?
            }
            (Either::Cipher(cipher), Step::Aad(data, length)) => {
                cipher.set_aad(data, *length).map(|_| done)?
            }
            (Either::Decipher(cipher), Step::Aad(data, length)) => {
                cipher.set_aad(data, *length).map(|_| done)?
            }
            (Either::Cipher(cipher), Step::GetTag) => hex(&cipher.get_auth_tag()?),
            (Either::Decipher(_), Step::GetTag) => no_method("getAuthTag"),
            (Either::Cipher(_), Step::SetTag(_)) => no_method("setAuthTag"),
            (Either::Decipher(cipher), Step::SetTag(tag)) => cipher.set_auth_tag(tag).map(|_| done)?,
        })
    }
}

/// The text in hexadecimal, as there may be anything in it.
fn shown(text: &str) -> String {
    text.encode_utf16().flat_map(u16::to_le_bytes).map(|byte| format!("{byte:02x}")).collect()
}

fn failure(error: &Error) -> String {
    let mut told = vec![error.class().name().to_owned(), error.code_name().to_owned(), error.to_string()];
    if let Some(details) = error.openssl() {
        told.push(details.library().unwrap_or_default().to_owned());
        told.push(details.reason().unwrap_or_default().to_owned());
        told.extend(details.stack().iter().map(ToString::to_string));
    }
    told.join("; ")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What makes programs.
struct Maker {
    random: Random,
    next: usize,
}

impl Maker {
    fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| u8::try_from(self.random.below(256)).unwrap()).collect()
    }

    fn one_in(&mut self, chances: usize) -> bool {
        self.random.below(chances) == 0
    }

    fn length(&mut self) -> usize {
        let most = [1, 17, 40, 300, 5000][self.random.below(5)];
        let length = self.random.below(most);
        // Wrapping, and blocks without padding, want whole ones.
        if self.one_in(3) { length.next_multiple_of(16) } else { length }
    }

    fn setup(&mut self, name: &'static str) -> Setup {
        let info = get_cipher_info(name, &CipherInfoOptions::default()).unwrap();
        let authenticated = matches!(
            info.mode,
            CipherMode::Gcm | CipherMode::Ccm | CipherMode::Ocb | CipherMode::Siv | CipherMode::GcmSiv
        ) || name == "chacha20-poly1305";
        let (mut key, mut iv) = (info.key_length, info.iv_length.unwrap_or(0));
        if self.one_in(40) {
            key = self.random.below(70);
        }
        match info.mode {
            CipherMode::Gcm if self.one_in(4) => iv = self.random.below(160),
            CipherMode::Ccm | CipherMode::Ocb if self.one_in(3) => iv = self.random.below(18),
            _ if self.one_in(40) => iv = self.random.below(40),
            _ => {}
        }
        let tag = match info.mode {
            _ if self.one_in(30) => Some(self.random.below(20)),
            _ if !authenticated => None,
            CipherMode::Ccm => Some(2 * self.random.below(7) + 4),
            CipherMode::Ocb => Some(self.random.below(16) + 1),
            _ if self.one_in(2) => Some([16, 16, 12, 8, 4][self.random.below(5)]),
            _ => None,
        };
        let tag = tag.map(|tag| u32::try_from(tag).unwrap());
        Setup { encrypts: true, name, key: self.bytes(key), iv: self.bytes(iv), tag }
    }

    fn split(&mut self, data: &[u8], steps: &mut Vec<Step>, once: bool) {
        let mut rest = data;
        if once && !self.one_in(20) {
            return steps.push(Step::Update(data.to_vec()));
        }
        while !rest.is_empty() {
            let (part, next) = rest.split_at(1 + self.random.below(rest.len()));
            rest = next;
            steps.push(if self.one_in(6) {
                Step::Text(part.to_vec(), self.random.pick(&ENCODINGS))
            } else {
                Step::Update(part.to_vec())
            });
        }
    }

    fn any_step(&mut self, data: usize) -> Step {
        match self.random.below(12) {
            0..=3 => {
                let length = if self.one_in(2) { self.length() } else { data };
                Step::Update(self.bytes(length))
            }
            4 => Step::Final,
            5 => Step::FinalText(self.random.pick(&ENCODINGS)),
            6 => Step::Padding(self.one_in(2)),
            7 | 8 => {
                let length = self.random.below(40);
                let text = [None, Some(data), Some(0), Some(70_000)][self.random.below(4)];
                Step::Aad(self.bytes(length), text.map(|length| u32::try_from(length).unwrap()))
            }
            9 => {
                let length = self.length();
                Step::Text(self.bytes(length), self.random.pick(&ENCODINGS))
            }
            10 => Step::GetTag,
            _ => {
                let length = [16, 16, 12, 8, 4, 0, 17][self.random.below(7)];
                Step::SetTag(self.bytes(length))
            }
        }
    }

    fn program(&mut self) -> Program {
        let names = get_ciphers();
        let name = names[self.next % names.len()];
        self.next += 1;
        let mut setup = self.setup(name);
        let once = ["siv", "wrap", "xts", "cts", "ccm"].iter().any(|mode| name.contains(mode));
        let mut length = self.length();
        if name.contains("wrap") && !self.one_in(10) {
            length = length.next_multiple_of(8).max(16);
        }
        let text = self.bytes(length);
        let mut head = vec![];
        if self.one_in(5) {
            head.push(Step::Padding(self.one_in(3)));
        }
        let aad = (self.one_in(2)).then(|| self.random.below(50)).map(|length| self.bytes(length));
        let announced =
            Some(u32::try_from(length).unwrap()).filter(|_| name.contains("ccm") || self.one_in(5));
        let mut steps = vec![];
        self.split(&text, &mut steps, once);

        // What a cipher makes of it is what a decipher is given.
        let mut sealed = vec![];
        let mut tag = vec![];
        if let Ok(Either::Cipher(mut cipher)) = setup.make() {
            for step in &head {
                if let Step::Padding(padding) = step {
                    _ = cipher.set_auto_padding(*padding);
                }
            }
            if let Some(aad) = &aad {
                _ = cipher.set_aad(aad, announced);
            }
            sealed.extend(cipher.update(&text).unwrap_or_default());
            sealed.extend(cipher.finish().unwrap_or_default());
            tag = cipher.get_auth_tag().unwrap_or_default();
        }
        let tagged = !tag.is_empty();
        setup.encrypts = self.one_in(2);
        if !setup.encrypts {
            steps.clear();
            for part in [&mut sealed, &mut tag] {
                if self.one_in(6) && !part.is_empty() {
                    let at = self.random.below(part.len());
                    part[at] ^= 1 << self.random.below(8);
                } else if self.one_in(30) {
                    part.truncate(self.random.below(part.len() + 1));
                }
            }
            self.split(&sealed, &mut steps, once);
        }
        if let Some(aad) = aad {
            head.push(Step::Aad(aad, announced));
        }
        if !setup.encrypts && !tag.is_empty() && !self.one_in(20) {
            let at = if self.one_in(4) { steps.len() } else { 0 };
            steps.insert(at, Step::SetTag(tag));
        }
        head.append(&mut steps);
        steps = head;
        steps.push(if self.one_in(8) { Step::FinalText(self.random.pick(&ENCODINGS)) } else { Step::Final });
        if tagged || self.one_in(5) {
            steps.push(Step::GetTag);
        }
        if self.one_in(3) {
            for _ in 0..1 + self.random.below(3) {
                let at = self.random.below(steps.len() + 1);
                let step = self.any_step(length);
                if self.one_in(4) && at < steps.len() {
                    steps[at] = step;
                } else {
                    steps.insert(at, step);
                }
            }
        }
        // Which method an object lacks is a matter of Node's.
        steps.retain(|step| {
            !matches!((step, setup.encrypts), (Step::GetTag, false) | (Step::SetTag(_), true))
        });
        setup.run(&steps)
    }
}

/// Answers of a cipher whose output is random, with its length alone.
fn blurred(program: &Program, answer: &str) -> String {
    let random = ["des3-wrap", "id-smime-alg-cms3deswrap"].contains(&program.fields[1].as_str());
    if !random || program.fields[0] == "decrypt" {
        return answer.to_owned();
    }
    let lines = answer.lines().map(|line| if line.contains(';') { line } else { &line[..line.len().min(4)] });
    lines
        .map(|line| if line.contains(';') || line == "ok" { line } else { "..." })
        .collect::<Vec<_>>()
        .join("\n")
}

const UNAUTHENTICATED: &str = "Error; ; Unsupported state or unable to authenticate data";

/// Whether it ends a decipher of ChaCha20-Poly1305 without a tag, which Node allows, whatever the text is.
fn untagged(program: &Program) -> bool {
    let [direction, name, _, _, _, steps @ ..] = &program.fields[..] else { return false };
    let mut told = program.expected.lines().skip(1);
    let mut set = false;
    direction == "decrypt"
        && name == "chacha20-poly1305"
        && steps.iter().any(|step| {
            set |= told.next() == Some("ok") && step.starts_with("setTag");
            step.starts_with("final") && !set
        })
}

#[test]
fn programs_agree_with_node() {
    let Some(node) = Node::find() else { return };
    let mut oracle = node.start(SCRIPT);
    let mut comparison = Comparison::new("crypto", "cipher");
    let mut maker = Maker { random: Random::new("cipher"), next: 0 };
    let mut succeeded = 0;
    let total = node::cases(PROGRAMS) * get_ciphers().len();
    oracle.ask(
        total,
        || maker.program(),
        |program, batch| {
            for field in &program.fields {
                batch.text(field);
            }
        },
        |program, answer| {
            let answer = String::from_utf16_lossy(answer);
            succeeded += usize::from(!answer.contains(';'));
            if untagged(program) {
                return assert!(program.expected.contains(UNAUTHENTICATED), "{}", program.fields.join(", "));
            }
            comparison.expect(blurred(program, &answer) == blurred(program, &program.expected), || {
                format!("{}\n  Node\n{answer}\n  here\n{}", program.fields.join(", "), program.expected)
            });
        },
    );
    comparison.close();
    assert!(10 * succeeded > total, "{succeeded} programs without an error");
}

#[test]
fn the_lists_agree_with_node() {
    let Some(node) = Node::find() else { return };
    let mut oracle = node.start(SCRIPT);
    let mut comparison = Comparison::new("crypto", "getCiphers");
    oracle.ask(
        1,
        || (),
        |(), batch| _ = batch.text("ciphers"),
        |(), answer| {
            let known = String::from_utf16_lossy(answer);
            comparison.expect(known == get_ciphers().join(" "), || known.clone());
        },
    );
    comparison.close();

    let others = [
        "nope",
        "",
        "2.16.840.1.101.3.4.1.2",
        "1.2.840.113549.3.7",
        "aes-128-cfb128",
        "null",
        "AES-256-gcm",
        "aes-128-cbc-hmac-sha1",
        "1.2.156.10197.1.104.2",
        "aes-128-cbc ",
        " aes-128-cbc",
    ];
    let names = get_ciphers().iter().copied().chain(others).map(str::to_owned);
    // Numbers of ciphers that Node lists but has not loaded are left out.
    let listed = |name: &str| get_cipher_info(name, &CipherInfoOptions::default()).and_then(|info| info.nid);
    let nids =
        get_ciphers().iter().filter_map(|name| listed(name)).chain([0, 1, 4, 916, 961, 1248, 1249, 1290]);
    let of: Vec<String> = names.chain(nids.map(|nid| nid.to_string())).collect();
    let lengths: Vec<Option<u32>> =
        [None].into_iter().chain((0..20).chain([24, 32, 48, 64, 1000, u32::MAX]).map(Some)).collect();
    let mut cases = vec![];
    for of in &of {
        for &length in &lengths {
            cases.push((of.clone(), None, length));
            cases.push((of.clone(), length, None));
        }
    }
    let mut comparison = Comparison::new("crypto", "getCipherInfo");
    let mut next = cases.into_iter();
    let number = |length: Option<u32>| length.map_or(String::new(), |length| length.to_string());
    oracle.ask(
        next.len(),
        || next.next().unwrap(),
        |(of, key, iv), batch| _ = batch.text("info").text(of).text(&number(*key)).text(&number(*iv)),
        |(of, key, iv), answer| {
            let mut options = CipherInfoOptions::default();
            if let Some(key) = key {
                options = options.key_length(*key);
            }
            if let Some(iv) = iv {
                options = options.iv_length(*iv);
            }
            let info = match of.parse() {
                Ok(nid) => get_cipher_info_by_nid(nid, &options),
                Err(_) => get_cipher_info(of, &options),
            };
            let told = info.map_or("undefined".to_owned(), |info| {
                let nid = info.nid.map_or(String::new(), |nid| nid.to_string());
                let size = |size: Option<usize>| size.map_or(String::new(), |size| size.to_string());
                let (block, iv) = (size(info.block_size), size(info.iv_length));
                format!("{} {nid} {block} {iv} {} {}", info.name, info.key_length, info.mode)
            });
            let answer = String::from_utf16_lossy(answer);
            comparison
                .expect(answer == told, || format!("{of} {key:?} {iv:?}\n  Node {answer}\n  here {told}"));
        },
    );
    comparison.close();
}
