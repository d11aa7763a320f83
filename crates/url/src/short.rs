//! The short way of [`fast`](crate::fast) once more, for URLs of scheme, host and path, as most are: nearly without
//! branches.
//!
//! Two blocks that overlap hold the host, and two more each 32 units of the path, so neither loops nor remainders depend
//! on where a usual URL's components end. Of the URLs that this leaves, `fast` takes some.

use crate::fast::{self, LANES};
use crate::input::Input;
use crate::parser::{Parts, Scheme};

/// `https://` and a block.
const SHORTEST: usize = 8 + LANES;
/// So that offsets fit.
const LONGEST: usize = 1 << 16;

/// The components of a URL of scheme, host and path that needs no change. `None` says nothing.
#[inline(always)]
pub(crate) fn scan(input: impl Input) -> Option<Parts> {
    let length = input.units();
    if length > LONGEST {
        return None;
    }
    let Authority { scheme, start, end } = authority(input)?;
    // What is before the path has nothing that a path must not have, so the last block may start there. Blocks have a
    // unit in common, so that each is in one together with the unit before it.
    let last = length - LANES;
    let mut at = end;
    loop {
        if stops_path(input, at.min(last))? | stops_path(input, last.min(at + LANES - 1))? != 0 {
            return None;
        }
        at += 2 * (LANES - 1);
        if at + 1 >= length {
            break;
        }
    }
    #[allow(clippy::cast_possible_truncation, reason = "no offset is above LONGEST")]
    let at = |offset: usize| offset as u32;
    Some(Parts {
        scheme_end: at(start - 3),
        username_end: at(start),
        host_start: at(start),
        host_end: at(end),
        path_start: at(end),
        query_start: at(length),
        fragment_start: at(length),
        scheme,
    })
}

#[inline(always)]
fn stops_path(input: impl Input, at: usize) -> Option<u128> {
    let [block, before] = input.pairs(at)?;
    Some(fast::stops(&block, &before, fast::stops_path))
}

#[inline(always)]
fn host_length(input: impl Input, at: usize) -> Option<usize> {
    let [block, before] = input.pairs(at)?;
    let stops = fast::stops(&block, &before, fast::stops_host);
    Some(stops.trailing_zeros() as usize / 8)
}

/// Whether scheme and host are there, valid, and followed by a slash. `false` says nothing.
#[inline(always)]
pub(crate) fn is_valid(input: impl Input) -> bool {
    authority(input).is_some()
}

struct Authority {
    scheme: Scheme,
    /// Where the host starts and ends; a slash follows it.
    start: usize,
    end: usize,
}

#[inline(always)]
fn authority(input: impl Input) -> Option<Authority> {
    let last = input.units().checked_sub(LANES)?;
    if last + LANES < SHORTEST {
        return None;
    }
    let (scheme, start) = if input.opens_with(b"https://") {
        (Scheme::Https, 8)
    } else if input.opens_with(b"http://") {
        (Scheme::Http, 7)
    } else {
        return None;
    };
    // The unit before it is in the first block as well.
    let middle = last.min(start + LANES / 2);
    let (low, high) = (host_length(input, start)?, host_length(input, middle)?);
    let end = if low < LANES { start + low } else { middle + high };
    if end == start || end == middle + LANES || input.unit(end) != b'/' {
        return None;
    }
    // A number ends in a digit, decimal or hexadecimal after "0x", and starts with one.
    let ending = input.unit(end - 1);
    if ending.is_ascii_hexdigit() || ending == b'x' || ending == b'.' {
        let label = (start..end).rev().take_while(|&at| input.unit(at) != b'.').last()?;
        if input.unit(label).is_ascii_digit() {
            return None;
        }
    }
    Some(Authority { scheme, start, end })
}

#[cfg(test)]
mod tests {
    use super::*;
    use nodecore_path::Latin1;

    /// Every byte at every place of URLs of many lengths: what is taken is what `fast` takes, and of the same parts.
    #[test]
    fn takes_what_the_longer_way_takes() {
        let mut taken = 0;
        for (host, path) in
            [(1, 15), (4, 11), (7, 13), (8, 20), (15, 16), (16, 40), (20, 44), (24, 1), (25, 30)]
        {
            for scheme in ["http://", "https://"] {
                let url = format!("{scheme}{}/{}", "h".repeat(host), "p".repeat(path));
                for at in 0..url.len() {
                    for byte in 0..=255 {
                        let mut url = url.clone().into_bytes();
                        url[at] = byte;
                        let utf16: Vec<u16> = url.iter().copied().map(u16::from).collect();
                        let (parts, wide) = (scan(Latin1(&url)), scan(&utf16[..]));
                        // Of a host that starts with a dot this depends on the form.
                        assert!(wide == parts || parts.is_none() && url[8..].starts_with(b"."), "{url:?}");
                        assert_eq!(is_valid(Latin1(&url)), is_valid(&utf16[..]));
                        if let Some(parts) = wide {
                            assert!(
                                matches!(fast::scan(&url), fast::Scan::Whole(found) if found == parts),
                                "{url:?}"
                            );
                            assert!(is_valid(Latin1(&url)));
                            taken += 1;
                        }
                        assert!(!is_valid(Latin1(&url)) || fast::is_valid(&url), "{url:?}");
                    }
                }
            }
        }
        assert!(taken > 25_000, "{taken}");
    }

    /// The start of a segment of dots, at every place of paths of many lengths.
    #[test]
    fn sees_what_starts_a_segment() {
        for length in 4..100 {
            for at in 0..length - 1 {
                for (piece, taken) in [("/.", false), ("/%", false), ("p.", true), ("/p", true)] {
                    let mut path = "p".repeat(length);
                    path.replace_range(at..at + 2, piece);
                    let url = format!("https://example.org/{path}");
                    let utf16: Vec<u16> = url.encode_utf16().collect();
                    assert_eq!(scan(url.as_str()).is_some(), taken, "{url}");
                    assert_eq!(scan(&utf16[..]), scan(Latin1(url.as_bytes())), "{url}");
                    assert_eq!(scan(&utf16[..]), scan(url.as_str()), "{url}");
                }
            }
        }
    }

    #[test]
    fn leaves_numbers_and_dots() {
        for (url, taken) in [
            ("https://example.org/0123456789", true),
            ("https://example.0ac/0123456789", false),
            ("https://0xa.example/0123456789", true),
            ("https://example.org./123456789", false),
            ("https://xn--nxa.org/0123456789", false),
            ("https://example.org/a/./3456789", false),
            ("https://example.org/a/.well-known", false),
            ("https://example.org/a.b/c%2e/d..e", true),
        ] {
            assert_eq!(scan(url).is_some(), taken, "{url}");
        }
        let wide: Vec<u16> = "https://example.org/\u{12f}\u{ff2f}123456789".encode_utf16().collect();
        assert!(scan(&wide[..]).is_none() && is_valid(&wide[..]));
    }
}
