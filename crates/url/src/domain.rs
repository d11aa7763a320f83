//! "Domain to ASCII" (<https://url.spec.whatwg.org/#concept-domain-to-ascii>): `idna`, behind a short way for the domains
//! that need the least of it.

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};

/// May stand in a domain, as it is or in lower case.
const PLAIN: u8 = 1;
/// A capital letter.
const UPPER: u8 = 2;
/// Needs decoding or IDNA: `%` and everything outside ASCII.
const COMPLEX: u8 = 4;
/// `-`, without which there is no `xn--`.
const DASH: u8 = 8;

static DOMAIN: [u8; 256] = domain_classes();

/// The code points that Unicode 18 assigned, which the data behind `idna` may already know.
///
/// The reference, Node 26 and web-platform-tests alike, is at Unicode 17. Goes when they move on.
const AFTER_UNICODE_17: [(u32, u32); 50] = [
    (0x558, 0x558),
    (0x58b, 0x58c),
    (0x5c8, 0x5c9),
    (0xb53, 0xb54),
    (0x1ade, 0x1adf),
    (0x1aec, 0x1af0),
    (0x208f, 0x208f),
    (0x209d, 0x209f),
    (0x20c2, 0x20c4),
    (0x2e60, 0x2e63),
    (0xa7dd, 0xa7dd),
    (0xa7e2, 0xa7e2),
    (0xab6c, 0xab6d),
    (0x107bb, 0x107bf),
    (0x10ecb, 0x10ecf),
    (0x10ef0, 0x10ef9),
    (0x11b0a, 0x11b0a),
    (0x11df0, 0x11df1),
    (0x1246f, 0x1246f),
    (0x12475, 0x1247f),
    (0x12550, 0x12686),
    (0x18cd6, 0x18cda),
    (0x18d1f, 0x18d20),
    (0x18e00, 0x19191),
    (0x191a0, 0x191d2),
    (0x1b123, 0x1b128),
    (0x1b168, 0x1b168),
    (0x1ced2, 0x1ced4),
    (0x1cedd, 0x1cedf),
    (0x1cef1, 0x1cefd),
    (0x1d127, 0x1d128),
    (0x1d1eb, 0x1d1ff),
    (0x1d250, 0x1d281),
    (0x1d6a6, 0x1d6a6),
    (0x1db00, 0x1db1c),
    (0x1df1f, 0x1df24),
    (0x1df2b, 0x1df81),
    (0x1df90, 0x1df96),
    (0x1dfcd, 0x1dfff),
    (0x1f1ae, 0x1f1ae),
    (0x1f6d9, 0x1f6d9),
    (0x1f7da, 0x1f7db),
    (0x1f7f1, 0x1f7ff),
    (0x1fa8b, 0x1fa8d),
    (0x1facc, 0x1facc),
    (0x1fadd, 0x1fadd),
    (0x1faeb, 0x1faeb),
    (0x1faf9, 0x1fafa),
    (0x2b81e, 0x2b81e),
    (0x3d000, 0x3fc3f),
];

/// Appends the domain's ASCII form, not strict; `None` where there is none, or where it has a forbidden code point.
pub(crate) fn to_ascii(domain: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let start = out.len();
    // What an allowed character has and a forbidden one has not, and what only one that is not ASCII has.
    let (all, any) = domain.iter().fold((PLAIN | COMPLEX, 0), |(all, any), &byte| {
        let class = DOMAIN[byte as usize];
        (all & class, any | class)
    });
    if any & COMPLEX == 0 {
        if all & PLAIN == 0 {
            return None;
        }
        out.extend_from_slice(domain);
        if any & UPPER != 0 {
            out[start..].make_ascii_lowercase();
        }
        if any & DASH == 0 || !has_punycode(&out[start..]) {
            return Some(());
        }
        out.truncate(start);
    }
    let domain = std::str::from_utf8(domain).ok()?;
    for (index, label) in domain.split('.').enumerate() {
        if index > 0 {
            out.push(b'.');
        }
        if write_simple_label(label, out).is_none() {
            out.truncate(start);
            return write_any(domain, out);
        }
    }
    Some(())
}

/// True if a label of a lower-case domain starts with `xn--`.
pub(crate) fn has_punycode(domain: &[u8]) -> bool {
    domain.starts_with(b"xn--") || domain.windows(5).any(|window| window == b".xn--")
}

fn write_any(domain: &str, out: &mut Vec<u8>) -> Option<()> {
    let bytes = domain.as_bytes();
    let result = Uts46::new().to_ascii(bytes, AsciiDenyList::URL, Hyphens::Allow, DnsLength::Ignore).ok()?;
    if domain.chars().any(is_after_unicode_17) {
        return None;
    }
    // Only a label with two hyphens was given in punycode, and only what that stands for is yet unseen.
    let hyphens = domain.chars().filter(|&c| is_hyphen(c)).count();
    if hyphens > 1 && !result.split('.').all(is_valid_label) {
        return None;
    }
    out.extend_from_slice(result.as_bytes());
    Some(())
}

/// What IDNA makes a `-` of.
fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{fe63}' | '\u{ff0d}')
}

/// What the `idna` crate leaves unchecked in a label that it has found valid: that what is in punycode does not
/// itself start with `xn--` (UTS #46, validity criterion 4), and that it is Unicode 17.
fn is_valid_label(label: &str) -> bool {
    let Some(decoded) = label.strip_prefix("xn--").and_then(idna::punycode::decode) else { return true };
    !decoded.starts_with(&['x', 'n', '-', '-']) && !decoded.into_iter().any(is_after_unicode_17)
}

/// Whether `c` is newer than the Unicode of the reference.
pub(crate) fn is_after_unicode_17(c: char) -> bool {
    let code = u32::from(c);
    let next = AFTER_UNICODE_17.partition_point(|&(first, _)| first <= code);
    next > 0 && code <= AFTER_UNICODE_17[next - 1].1
}

/// The longest label, in characters, that the short way takes, so that what it takes is linear.
const SIMPLE: usize = 63;

/// Appends the ASCII form of a label of simple characters that is not in punycode; `None` says nothing.
fn write_simple_label(label: &str, out: &mut Vec<u8>) -> Option<()> {
    let mut room = ['\0'; SIMPLE];
    let mut length = 0;
    for c in label.chars() {
        *room.get_mut(length)? = simple(c)?;
        length += 1;
    }
    let label = &room[..length];
    if label.starts_with(&['x', 'n', '-', '-']) {
        return None;
    }
    let basic = label.iter().filter(|c| c.is_ascii()).count();
    if basic < length {
        out.extend_from_slice(b"xn--");
    }
    for &c in label.iter().filter(|c| c.is_ascii()) {
        out.push(u32::from(c).to_le_bytes()[0]);
    }
    if basic < length {
        write_deltas(label, basic, out);
    }
    Some(())
}

/// The lower case of a character that IDNA leaves as it is or makes one of, which does nothing to its neighbours.
fn simple(c: char) -> Option<char> {
    let code = u32::from(c);
    let lower = match code {
        0..0x80 => {
            return (DOMAIN[code as usize] & PLAIN != 0).then_some(c.to_ascii_lowercase());
        }
        // Latin, Greek, Cyrillic.
        0xdf..=0xf6 | 0xf8..=0xff | 0x3b1..=0x3c9 | 0x430..=0x45f => code,
        0x101..=0x12f | 0x14b..=0x177 if code % 2 == 1 => code,
        0x13a..=0x13e | 0x142..=0x148 | 0x17a..=0x17e if code % 2 == 0 => code,
        0xc0..=0xd6 | 0xd8..=0xde | 0x391..=0x3a1 | 0x3a3..=0x3a9 | 0x410..=0x42f => code + 0x20,
        0x400..=0x40f => code + 0x50,
        // Hiragana, Katakana, Han, Hangul syllables.
        0x3041..=0x3096 | 0x30a1..=0x30fa | 0x30fc | 0x4e00..=0x9fff | 0xac00..=0xd7a3 => code,
        _ => return None,
    };
    char::from_u32(lower)
}

/// What Punycode (RFC 3492) writes behind the `basic` characters that are ASCII: where the others go.
fn write_deltas(label: &[char], basic: usize, out: &mut Vec<u8>) {
    const BASE: u32 = 36;
    const T_MIN: u32 = 1;
    const T_MAX: u32 = 26;
    if basic > 0 {
        out.push(b'-');
    }
    let (mut next, mut delta, mut bias) = (0x80, 0, 72);
    #[allow(clippy::cast_possible_truncation, reason = "no label is longer than SIMPLE")]
    let (mut handled, length) = (basic as u32, label.len() as u32);
    while handled < length {
        let Some(least) = label.iter().map(|&c| u32::from(c)).filter(|&code| code >= next).min() else {
            return;
        };
        delta += (least - next) * (handled + 1);
        for &c in label {
            let code = u32::from(c);
            delta += u32::from(code < least);
            if code != least {
                continue;
            }
            let mut rest = delta;
            let mut k = BASE;
            loop {
                let threshold = k.saturating_sub(bias).clamp(T_MIN, T_MAX);
                if rest < threshold {
                    break;
                }
                out.push(digit(threshold + (rest - threshold) % (BASE - threshold)));
                rest = (rest - threshold) / (BASE - threshold);
                k += BASE;
            }
            out.push(digit(rest));
            // The first delta is damped more.
            delta /= if handled as usize == basic { 700 } else { 2 };
            delta += delta / (handled + 1);
            k = 0;
            while delta > (BASE - T_MIN) * T_MAX / 2 {
                delta /= BASE - T_MIN;
                k += BASE;
            }
            bias = k + (BASE - T_MIN + 1) * delta / (delta + 38);
            delta = 0;
            handled += 1;
        }
        delta += 1;
        next = least + 1;
    }
}

fn digit(value: u32) -> u8 {
    let value = value.to_le_bytes()[0];
    if value < 26 { b'a' + value } else { b'0' + value - 26 }
}

const fn domain_classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut index = 0;
    while index < 256 {
        #[allow(clippy::cast_possible_truncation, reason = "index < 256")]
        let byte = index as u8;
        table[index] = match byte {
            b'A'..=b'Z' => PLAIN | UPPER,
            b'-' => PLAIN | DASH,
            b'%' | 0x80.. => COMPLEX,
            0..=b' ' | 0x7f | b'#' | b'/' | b':' | b'<' | b'>' | b'?' | b'@' => 0,
            b'[' | b'\\' | b']' | b'^' | b'|' => 0,
            _ => PLAIN,
        };
        index += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(to_ascii: impl Fn(&str, &mut Vec<u8>) -> Option<()>, domain: &str) -> Option<String> {
        let mut out = Vec::new();
        to_ascii(domain, &mut out)?;
        Some(String::from_utf8(out).unwrap())
    }

    /// What the short way takes comes out as it does by the long way: each character of it, alone and among others.
    #[test]
    fn the_short_way_agrees_with_the_long() {
        let mut seed = 1_u32;
        let mut random = |limit: usize| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as usize % limit
        };
        let all: Vec<char> = ('\0'..=char::MAX).filter(|&c| c != '.' && simple(c).is_some()).collect();
        assert!(all.len() > 32_000);
        for &c in &all {
            let others: String = (0..random(8)).map(|_| all[random(all.len())]).collect();
            let letters: String = (0..random(60)).map(|_| all[random(64)]).collect();
            for label in [format!("{c}"), format!("a{c}-{others}{c}"), format!("{letters}{c}")] {
                let short = with(write_simple_label, &label);
                assert!(short.is_some() || label.starts_with("xn--"), "{label:?}");
                assert!(short.is_none() || short == with(write_any, &label), "{label:?} {short:?}");
            }
        }
        assert_eq!(with(write_simple_label, &"\u{e9}".repeat(SIMPLE + 1)), None);
        assert_eq!(with(write_simple_label, "XN--a\u{e9}"), None);
    }

    /// That a domain with fewer than two hyphens has nothing in punycode, and that what is mapped is no newer than what
    /// it is mapped from.
    #[test]
    fn what_mapping_can_bring() {
        for c in (char::from(0x80)..=char::MAX).filter(|&c| !is_after_unicode_17(c)) {
            let text = c.to_string();
            let (mapped, _) = Uts46::new().to_unicode(text.as_bytes(), AsciiDenyList::EMPTY, Hyphens::Allow);
            assert_eq!(mapped.contains('-'), is_hyphen(c), "{c:?}");
            assert!(!mapped.chars().any(is_after_unicode_17), "{c:?}");
        }
    }
}
