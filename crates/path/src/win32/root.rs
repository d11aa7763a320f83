//! What a Windows path starts from: drives, shares, devices.

use crate::segments::{Flavour, Win32};
use crate::text::{CodeUnit, Encoding, Utf16, to_lower_case};

use super::BACKSLASH;

/// The DOS devices' names, which Windows finds in every directory. The superscript digits count.
pub(super) fn is_reserved<E: Encoding>(name: &[E::Unit]) -> bool {
    let upper = |unit: &E::Unit| match unit.value() {
        value @ 0x61..=0x7A => value - 0x20,
        value => value,
    };
    let is = |text: &[u8; 3]| name.iter().take(3).map(upper).eq(text.iter().map(|&byte| byte.into()));
    match name.len() {
        3 => is(b"CON") || is(b"PRN") || is(b"AUX") || is(b"NUL"),
        4 | 5 if is(b"COM") || is(b"LPT") => match E::to_utf16(&name[3..])[..] {
            [digit] => matches!(digit, 0x31..=0x39 | 0xB9 | 0xB2 | 0xB3),
            // Bytes may be UTF-8.
            [0xC2, digit] => E::CASE_IS_ASCII && matches!(digit, 0xB9 | 0xB2 | 0xB3),
            _ => false,
        },
        _ => false,
    }
}

/// Whether all of `path` but its last unit, as JavaScript counts them, is such a name.
pub(super) fn is_reserved_but_last<E: Encoding>(path: &[E::Unit]) -> bool {
    // The longest is COM¹ and one more character, in UTF-8.
    if !(4..=8).contains(&path.len()) || !is_letter(path[0]) {
        return false;
    }
    if path[path.len() - 1].value() < 0x80 || E::CASE_IS_ASCII {
        return is_reserved::<E>(&path[..path.len() - 1]);
    }
    let units = E::to_utf16(path);
    is_reserved::<Utf16>(&units[..units.len() - 1])
}

/// Whether a segment between backslashes is a device's name with a colon behind it.
pub(super) fn names_device<E: Encoding>(path: &[E::Unit]) -> bool {
    let (back, colon) = (E::Unit::ascii(BACKSLASH), E::Unit::ascii(b':'));
    path.contains(&colon)
        && path.split(|&unit| unit == back).any(|part| {
            part.iter().position(|&unit| unit == colon).is_some_and(|index| is_reserved::<E>(&part[..index]))
        })
}

/// What a path starts from.
#[derive(Clone, Copy)]
pub(super) enum Device<'a, U> {
    None,
    /// `C:`, or a device's name with its colon: taken as it stands.
    Named(&'a [U]),
    /// `\\server\share`.
    Share {
        server: &'a [U],
        share: &'a [U],
    },
    /// `\\.` or `\\?`, and for [`normalize`] the name of a reserved device with its colon.
    Local {
        sign: U,
        name: &'a [U],
    },
}

pub(super) struct Root<'a, U> {
    pub(super) device: Device<'a, U>,
    /// Where what comes after starts.
    pub(super) end: usize,
    pub(super) absolute: bool,
}

impl<U: CodeUnit> Device<'_, U> {
    pub(super) fn is_none(&self) -> bool {
        matches!(self, Device::None)
    }

    pub(super) fn push_to(&self, out: &mut Vec<U>) {
        let back = U::ascii(BACKSLASH);
        match *self {
            Device::None => {}
            Device::Named(name) => out.extend_from_slice(name),
            Device::Share { server, share } => {
                out.extend([back, back]);
                out.extend_from_slice(server);
                out.push(back);
                out.extend_from_slice(share);
            }
            Device::Local { sign, name } => {
                out.extend([back, back, sign]);
                if !name.is_empty() {
                    out.push(back);
                    out.extend_from_slice(name);
                }
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Device::None => 0,
            Device::Named(name) => name.len(),
            Device::Share { server, share } => server.len() + share.len() + 3,
            Device::Local { name, .. } => name.len() + 4,
        }
    }

    pub(super) fn same<E: Encoding<Unit = U>>(&self, other: &Self) -> bool {
        match (self, other) {
            (Device::Named(a), Device::Named(b)) => same_text::<E>(a, b),
            (Device::Local { sign: a, .. }, Device::Local { sign: b, .. }) => a == b,
            (Device::Share { server: a, share: b }, Device::Share { server: c, share: d }) => {
                same_text::<E>(a, c) && same_text::<E>(b, d)
            }
            _ => false,
        }
    }
}

/// Whether the two are the same but for letter case.
pub(super) fn same_text<E: Encoding>(a: &[E::Unit], b: &[E::Unit]) -> bool {
    if E::CASE_IS_ASCII || (is_ascii(a) && is_ascii(b)) {
        return a.len() == b.len() && a.iter().zip(b).all(|(&a, &b)| same_ascii_letter(a, b));
    }
    a == b || to_lower_case(&E::to_utf16(a)) == to_lower_case(&E::to_utf16(b))
}

/// Two separators, a server, separators, a share.
pub(super) fn share<U: CodeUnit>(path: &[U]) -> Option<(&[U], &[U], usize)> {
    if leading_seps(path) != 2 {
        return None;
    }
    let server = path[2..].split(|&unit| is_sep(unit)).next().unwrap_or_default();
    let rest = &path[2 + server.len()..];
    let share = rest[leading_seps(rest)..].split(|&unit| is_sep(unit)).next().unwrap_or_default();
    let end = path.len() - rest.len() + leading_seps(rest) + share.len();
    (!server.is_empty() && !share.is_empty()).then_some((server, share, end))
}

/// The root as `dirname` and `parse` see it: a share has its separator, a drive too.
pub(super) fn root_end<U: CodeUnit>(path: &[U]) -> usize {
    if leading_seps(path) > 0 {
        return share(path).map_or(1, |(_, _, end)| path.len().min(end + 1));
    }
    let drive = drive_len(path);
    if drive > 0 && path.get(drive).is_some_and(|&unit| is_sep(unit)) { drive + 1 } else { drive }
}

/// The root as `resolve` and `normalize` see it.
pub(super) fn root<U: CodeUnit>(path: &[U]) -> Root<'_, U> {
    match leading_seps(path) {
        0 => match drive_len(path) {
            0 => Root { device: Device::None, end: 0, absolute: false },
            drive => {
                let absolute = path.get(drive).is_some_and(|&unit| is_sep(unit));
                Root { device: Device::Named(&path[..drive]), end: drive + usize::from(absolute), absolute }
            }
        },
        _ => match share(path) {
            None => Root { device: Device::None, end: 1, absolute: true },
            Some((&[sign], _, _)) if sign == U::ascii(b'.') || sign == U::ascii(b'?') => {
                Root { device: Device::Local { sign, name: &[] }, end: 4, absolute: true }
            }
            Some((server, share, end)) => {
                Root { device: Device::Share { server, share }, end, absolute: true }
            }
        },
    }
}

#[inline(always)]
pub(super) fn is_sep<U: CodeUnit>(unit: U) -> bool {
    Win32::is_sep(unit)
}

/// 2 if `units` start with a drive letter and a colon, else 0.
#[inline]
pub(super) fn drive_len<U: CodeUnit>(units: &[U]) -> usize {
    match units {
        [letter, colon, ..] if is_letter(*letter) && *colon == U::ascii(b':') => 2,
        _ => 0,
    }
}

#[inline]
pub(super) fn is_letter<U: CodeUnit>(unit: U) -> bool {
    u8::try_from(unit.value()).is_ok_and(|byte| byte.is_ascii_alphabetic())
}

pub(super) fn is_ascii<U: CodeUnit>(units: &[U]) -> bool {
    units.iter().fold(0, |all, unit| all | unit.value()) < 0x80
}

#[inline]
pub(super) fn same_ascii_letter<U: CodeUnit>(a: U, b: U) -> bool {
    a == b || (a.value() ^ b.value() == 0x20 && is_letter(a) && is_letter(b))
}

pub(super) fn leading_seps<U: CodeUnit>(units: &[U]) -> usize {
    units.iter().take_while(|&&unit| is_sep(unit)).count()
}
