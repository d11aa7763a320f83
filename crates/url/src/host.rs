//! The host parser and serialisers: domains, IPv4, IPv6, opaque hosts.

use idna::uts46::{AsciiDenyList, Hyphens, Uts46};

use crate::{domain, percent};

/// Appends the serialised host; `None` if the URL Standard's host parser fails.
///
/// An empty input is an empty opaque host; callers refuse it where the scheme is special.
pub(crate) fn parse(input: &[u8], special: bool, out: &mut Vec<u8>) -> Option<()> {
    if let [b'[', inner @ ..] = input {
        let pieces = parse_ipv6(inner.strip_suffix(b"]")?)?;
        write_ipv6(&pieces, out);
        return Some(());
    }
    if !special { parse_opaque(input, out) } else { parse_domain(input, out) }
}

/// What of a value is host and port: up to what would start a path, query or fragment.
pub(crate) fn before_path(value: &[u8], special: bool) -> &[u8] {
    let ends = |&byte: &u8| matches!(byte, b'/' | b'?' | b'#') || (byte == b'\\' && special);
    &value[..value.iter().position(ends).unwrap_or(value.len())]
}

/// The URL Standard's "ends in a number", which makes a domain an IPv4 address or a failure.
#[inline]
pub(crate) fn ends_in_number(domain: &[u8]) -> bool {
    let domain = domain.strip_suffix(b".").unwrap_or(domain);
    // Both forms of a number end in a hexadecimal digit or the x of "0x".
    match domain.last() {
        Some(last) if last.is_ascii_hexdigit() || last | 0x20 == b'x' => {}
        _ => return false,
    }
    let label = domain.iter().rposition(|&byte| byte == b'.').map_or(domain, |dot| &domain[dot + 1..]);
    label.iter().all(u8::is_ascii_digit) || ipv4_number(label).is_some()
}

/// The Unicode form of a serialised host, as `url.domainToUnicode` gives it. Labels that are no Punycode stay.
pub(crate) fn to_unicode(host: &str) -> String {
    if !domain::has_punycode(host.as_bytes()) {
        return host.to_owned();
    }
    let mut out = String::with_capacity(host.len());
    for (index, label) in host.split('.').enumerate() {
        if index > 0 {
            out.push('.');
        }
        match Uts46::new().to_unicode(label.as_bytes(), AsciiDenyList::EMPTY, Hyphens::Allow) {
            (unicode, Ok(())) => out.push_str(&unicode),
            _ => out.push_str(label),
        }
    }
    out
}

fn parse_opaque(input: &[u8], out: &mut Vec<u8>) -> Option<()> {
    if input.iter().any(|&byte| is_forbidden_host(byte)) {
        return None;
    }
    percent::encode(input, percent::C0, out);
    Some(())
}

fn parse_domain(input: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let start = out.len();
    if input.contains(&b'%') {
        let mut decoded = Vec::with_capacity(input.len());
        percent::decode(input, &mut decoded);
        let domain = String::from_utf8_lossy(&decoded);
        domain::to_ascii(domain.as_bytes(), out)?;
    } else {
        domain::to_ascii(input, out)?;
    }
    if out.len() == start {
        return None;
    }
    if ends_in_number(&out[start..]) {
        let address = parse_ipv4(&out[start..])?;
        out.truncate(start);
        write_ipv4(address, out);
    }
    Some(())
}

fn is_forbidden_host(byte: u8) -> bool {
    matches!(
        byte,
        0 | b'\t'
            | b'\n'
            | b'\r'
            | b' '
            | b'#'
            | b'/'
            | b':'
            | b'<'
            | b'>'
            | b'?'
            | b'@'
            | b'['
            | b'\\'
            | b']'
            | b'^'
            | b'|'
    )
}

/// One part of an IPv4 address; saturates, since what is too large fails later.
fn ipv4_number(part: &[u8]) -> Option<u64> {
    if part.is_empty() {
        return None;
    }
    let (radix, digits) = match part {
        [b'0', b'x' | b'X', digits @ ..] => (16, digits),
        [b'0', digits @ ..] if !digits.is_empty() => (8, digits),
        _ => (10, part),
    };
    digits.iter().try_fold(0u64, |value, &byte| {
        let digit = u64::from(percent::hex_digit(byte)?);
        (digit < radix).then(|| value.saturating_mul(radix).saturating_add(digit))
    })
}

fn parse_ipv4(domain: &[u8]) -> Option<u32> {
    let domain = domain.strip_suffix(b".").unwrap_or(domain);
    let mut numbers = [0u64; 4];
    let mut count = 0;
    for part in domain.split(|&byte| byte == b'.') {
        *numbers.get_mut(count)? = ipv4_number(part)?;
        count += 1;
    }
    let (last, leading) = numbers.get(..count)?.split_last()?;
    if leading.iter().any(|&number| number > 255) || *last >= 1 << (8 * (5 - count)) {
        return None;
    }
    let high = leading.iter().enumerate().fold(0, |sum, (index, &number)| sum | number << (8 * (3 - index)));
    u32::try_from(high | last).ok()
}

fn write_ipv4(address: u32, out: &mut Vec<u8>) {
    for (index, octet) in address.to_be_bytes().into_iter().enumerate() {
        if index != 0 {
            out.push(b'.');
        }
        write_decimal(u16::from(octet), out);
    }
}

/// Appends `number` in decimal.
pub(crate) fn write_decimal(number: u16, out: &mut Vec<u8>) {
    let mut divisor = 10_000;
    while divisor > 1 && number < divisor {
        divisor /= 10;
    }
    while divisor > 0 {
        // A decimal digit always fits.
        out.push(b'0' + (number / divisor % 10).to_le_bytes()[0]);
        divisor /= 10;
    }
}

fn parse_ipv6(input: &[u8]) -> Option<[u16; 8]> {
    let mut pieces = [0u16; 8];
    let mut count = 0;
    let mut compress = None;
    let mut at = 0;
    if input.first() == Some(&b':') {
        if input.get(1) != Some(&b':') {
            return None;
        }
        at = 2;
        compress = Some(0);
    }
    while let Some(&first) = input.get(at) {
        if count == 8 {
            return None;
        }
        if first == b':' {
            if compress.is_some() {
                return None;
            }
            at += 1;
            compress = Some(count);
            continue;
        }
        let piece = at;
        let mut value = 0u16;
        while let Some(digit) = input.get(at).copied().and_then(percent::hex_digit) {
            if at - piece == 4 {
                break;
            }
            value = value << 4 | u16::from(digit);
            at += 1;
        }
        match input.get(at) {
            Some(b'.') => {
                if at == piece || count > 6 {
                    return None;
                }
                let [a, b, c, d] = embedded_ipv4(&input[piece..])?;
                pieces[count] = u16::from_be_bytes([a, b]);
                pieces[count + 1] = u16::from_be_bytes([c, d]);
                count += 2;
                break;
            }
            Some(b':') => {
                at += 1;
                input.get(at)?;
            }
            Some(_) => return None,
            None => {}
        }
        pieces[count] = value;
        count += 1;
    }
    match compress {
        Some(start) => {
            // What follows the "::" moves to the end.
            pieces[start..].rotate_right(8 - count);
            Some(pieces)
        }
        None => (count == 8).then_some(pieces),
    }
}

/// The dotted form at the end of an IPv6 address: four decimals without leading zeros.
fn embedded_ipv4(input: &[u8]) -> Option<[u8; 4]> {
    let mut octets = [0u8; 4];
    let mut count = 0;
    for part in input.split(|&byte| byte == b'.') {
        if part.is_empty() || part.len() > 3 || (part.len() > 1 && part[0] == b'0') {
            return None;
        }
        let value = part.iter().try_fold(0u16, |value, byte| {
            byte.is_ascii_digit().then(|| value * 10 + u16::from(byte - b'0'))
        })?;
        *octets.get_mut(count)? = u8::try_from(value).ok()?;
        count += 1;
    }
    (count == 4).then_some(octets)
}

fn write_ipv6(pieces: &[u16; 8], out: &mut Vec<u8>) {
    let (skip, skip_end) = longest_zeros(pieces);
    out.push(b'[');
    let mut index = 0;
    while index < 8 {
        if index == skip {
            out.extend_from_slice(if skip == 0 { b"::" } else { b":" });
            index = skip_end;
            continue;
        }
        write_hex(pieces[index], out);
        index += 1;
        if index < 8 {
            out.push(b':');
        }
    }
    out.push(b']');
}

/// The first longest run of two or more zero pieces, as a range; (8, 8) without one.
fn longest_zeros(pieces: &[u16; 8]) -> (usize, usize) {
    let (mut best, mut best_end) = (8, 8);
    let mut start = 0;
    for (index, &piece) in pieces.iter().enumerate() {
        if piece != 0 {
            start = index + 1;
            continue;
        }
        let length = index + 1 - start;
        if length > 1 && length > best_end - best {
            (best, best_end) = (start, index + 1);
        }
    }
    (best, best_end)
}

fn write_hex(number: u16, out: &mut Vec<u8>) {
    let mut started = false;
    for shift in [12, 8, 4, 0] {
        let digit = (number >> shift) & 15;
        if digit != 0 || started || shift == 0 {
            started = true;
            out.push(b"0123456789abcdef"[usize::from(digit)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(input: &str) -> Option<String> {
        let mut out = Vec::new();
        parse(input.as_bytes(), true, &mut out)?;
        Some(String::from_utf8(out).unwrap())
    }

    #[test]
    fn decimals() {
        for number in [0, 1, 9, 10, 99, 100, 1000, 9999, 10_000, 65_535] {
            let mut out = Vec::new();
            write_decimal(number, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), number.to_string());
        }
    }

    #[test]
    fn ipv4_forms() {
        assert_eq!(host("1.2").as_deref(), Some("1.0.0.2"));
        assert_eq!(host("0x7f.1.").as_deref(), Some("127.0.0.1"));
        assert_eq!(host("4294967295").as_deref(), Some("255.255.255.255"));
        assert_eq!(host("4294967296"), None);
        assert_eq!(host("1.2.3.4.5"), None);
        assert_eq!(host("1..2"), None);
        assert_eq!(host("09"), None);
        assert_eq!(host("99999999999999999999999999"), None);
        assert_eq!(host("a.0x"), None);
        assert_eq!(host("a.0xg").as_deref(), Some("a.0xg"));
    }

    #[test]
    fn ipv6_forms() {
        assert_eq!(host("[::]").as_deref(), Some("[::]"));
        assert_eq!(host("[1:0:0:2:0:0:0:3]").as_deref(), Some("[1:0:0:2::3]"));
        assert_eq!(host("[::1.2.3.4]").as_deref(), Some("[::102:304]"));
        assert_eq!(host("[1:2:3:4:5:6:7::]").as_deref(), Some("[1:2:3:4:5:6:7:0]"));
        assert_eq!(host("[1:2:3:4:5:6:7:8::]"), None);
        assert_eq!(host("[1:2:3:4:5:6:7:1.2.3.4]"), None);
        assert_eq!(host("[:1]"), None);
        assert_eq!(host("[1:]"), None);
        assert_eq!(host("[::1"), None);
        assert_eq!(host("[00000::]"), None);
    }
}
