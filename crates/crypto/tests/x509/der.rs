//! Writes DER, and certificates that nobody has signed.

/// A value of the tag, out of its parts.
pub(crate) fn part<T: AsRef<[u8]>>(tag: u8, content: impl IntoIterator<Item = T>) -> Vec<u8> {
    let mut body = vec![];
    for bytes in content {
        body.extend_from_slice(bytes.as_ref());
    }
    let mut out = vec![tag];
    if body.len() < 128 {
        out.push(body.len() as u8);
    } else {
        let length: Vec<u8> = body.len().to_be_bytes().into_iter().skip_while(|&byte| byte == 0).collect();
        out.push(0x80 | length.len() as u8);
        out.extend(length);
    }
    out.append(&mut body);
    out
}

/// A value of the tag that is these bytes.
pub(crate) fn bytes(tag: u8, content: impl AsRef<[u8]>) -> Vec<u8> {
    part(tag, [content])
}

pub(crate) fn list<T: AsRef<[u8]>>(items: impl IntoIterator<Item = T>) -> Vec<u8> {
    part(0x30, items)
}

/// The bytes of an object's number, without the tag.
pub(crate) fn arcs(text: &str) -> Vec<u8> {
    let mut numbers: Vec<u128> = text.split('.').map(|arc| arc.parse().unwrap()).collect();
    let first = numbers.remove(0);
    numbers[0] += first * 40;
    let mut out = vec![];
    for number in numbers {
        let mut digits = vec![(number & 127) as u8];
        let mut rest = number >> 7;
        while rest > 0 {
            digits.push((rest & 127) as u8 | 128);
            rest >>= 7;
        }
        out.extend(digits.into_iter().rev());
    }
    out
}

pub(crate) fn oid(text: &str) -> Vec<u8> {
    bytes(6, arcs(text))
}

/// A name: sets of attributes, each an object's number and a value.
pub(crate) fn name(sets: &[&[(&str, Vec<u8>)]]) -> Vec<u8> {
    list(sets.iter().map(|set| part(0x31, set.iter().map(|(id, value)| list([&oid(id), value])))))
}

/// A name of one attribute.
pub(crate) fn common_name(value: Vec<u8>) -> Vec<u8> {
    name(&[&[("2.5.4.3", value)]])
}

pub(crate) fn extension(id: &str, value: impl AsRef<[u8]>) -> Vec<u8> {
    list([oid(id), bytes(4, value)])
}

pub(crate) fn critical(id: &str, value: impl AsRef<[u8]>) -> Vec<u8> {
    list([oid(id), bytes(1, [255]), bytes(4, value)])
}

/// What a certificate is made of.
#[derive(Clone)]
pub(crate) struct Certificate {
    pub(crate) version: Option<u8>,
    pub(crate) serial: Vec<u8>,
    pub(crate) algorithm: Vec<u8>,
    /// That beside the signature, if it is another.
    pub(crate) outer_algorithm: Option<Vec<u8>>,
    pub(crate) issuer: Vec<u8>,
    pub(crate) validity: [Vec<u8>; 2],
    pub(crate) subject: Vec<u8>,
    pub(crate) key: Vec<u8>,
    pub(crate) extensions: Vec<Vec<u8>>,
}

impl Certificate {
    pub(crate) fn new(key: &[u8]) -> Certificate {
        Certificate {
            version: Some(2),
            serial: vec![1],
            algorithm: list([oid("1.2.840.10045.4.3.2")]),
            outer_algorithm: None,
            issuer: common_name(bytes(12, "issuer")),
            validity: [bytes(0x17, "250101000000Z"), bytes(0x17, "350101000000Z")],
            subject: common_name(bytes(12, "subject")),
            key: key.to_vec(),
            extensions: vec![],
        }
    }

    pub(crate) fn der(&self) -> Vec<u8> {
        let mut body = vec![];
        if let Some(version) = self.version {
            body.push(bytes(0xa0, bytes(2, [version])));
        }
        body.push(bytes(2, &self.serial));
        body.extend([
            self.algorithm.clone(),
            self.issuer.clone(),
            list(&self.validity),
            self.subject.clone(),
        ]);
        body.push(self.key.clone());
        if !self.extensions.is_empty() {
            body.push(bytes(0xa3, list(&self.extensions)));
        }
        let algorithm = self.outer_algorithm.as_ref().unwrap_or(&self.algorithm);
        list([&list(&body), algorithm, &bytes(3, [0, 1, 2, 3])])
    }
}
