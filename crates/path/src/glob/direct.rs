//! Matching the patterns that are common without parsing them first: literals, `*`, `?`, `**`, classes of
//! characters and ranges, lists of words in braces. Whatever is not plain is left to [`Glob`](super::Glob),
//! which decides the same.

use crate::scan::{WINDOW, marks};
use crate::segments::{Flavour, Posix, Win32, is_clean};
use crate::text::{CodeUnit, Encoding};

/// Longer patterns are refused or rare.
const MAX_PATTERN: usize = 512;
const MAX_LISTS: usize = 3;

/// What a unit of a pattern may be.
const PLAIN: u8 = 0;
const SEP: u8 = 1;
const WILD: u8 = 2;
const CLASS: u8 = 4;
const LIST: u8 = 8;

const KINDS: [u8; 256] = {
    let mut kinds = [PLAIN; 256];
    kinds[b'/' as usize] = SEP;
    kinds[b'\\' as usize] = SEP;
    kinds[b'*' as usize] = WILD;
    kinds[b'?' as usize] = WILD;
    kinds[b'[' as usize] = CLASS;
    kinds[b'{' as usize] = LIST;
    kinds[b'}' as usize] = LIST;
    kinds
};

#[inline(always)]
fn kind<U: CodeUnit>(unit: U) -> u8 {
    KINDS.get(unit.value() as usize).copied().unwrap_or(PLAIN)
}

#[inline(always)]
fn is<U: CodeUnit>(unit: Option<&U>, byte: u8) -> bool {
    unit == Some(&U::ascii(byte))
}

/// Whether `path` matches, if that can be told in this way.
#[inline]
pub(super) fn matches<E: Encoding>(path: &[E::Unit], pattern: &[E::Unit], win32: bool) -> Option<bool> {
    // Only there letter case does not count, and not everywhere in a pattern.
    if cfg!(any(windows, target_os = "macos")) {
        return None;
    }
    if win32 { matches_in::<Win32, E>(path, pattern) } else { matches_in::<Posix, E>(path, pattern) }
}

#[inline(always)]
fn matches_in<F: Flavour, E: Encoding>(path: &[E::Unit], pattern: &[E::Unit]) -> Option<bool> {
    let (Some(first), Some(last)) = (path.first(), path.last()) else { return None };
    if pattern.is_empty() || pattern.len() > MAX_PATTERN || F::is_sep(*last) {
        return None;
    }
    let (mut others, mut lists) = (0, 0);
    for window in pattern.chunks(WINDOW) {
        let [other, open, close] = marks(window, *b"({}");
        (others, lists) = (others | other, lists | open | close);
    }
    let root = usize::from(kind(pattern[0]) == SEP);
    let ends_in_sep = pattern.last().is_some_and(|&unit| kind(unit) == SEP);
    if others != 0
        || ends_in_sep
        || !is_clean::<Win32, _>(pattern, root)
        || !is_clean::<F, _>(path, usize::from(F::is_sep(*first)))
        || (lists != 0 && !has_plain_lists(pattern))
    {
        return None;
    }
    let mut matcher = Matcher {
        path,
        pattern,
        fuel: 8 * (path.len() + pattern.len()) + 64,
        globstars: 0,
        form: std::marker::PhantomData::<(F, E)>,
    };
    let (mut at, mut step) = (0, 0);
    if F::sep::<u8>() == b'\\' {
        // The same drive, in whichever case.
        let drive = |text: &[E::Unit]| match text {
            [letter, colon, rest @ ..]
                if is(Some(colon), b':') && rest.first().is_none_or(|&unit| kind(unit) == SEP) =>
            {
                u8::try_from(letter.value()).ok().filter(u8::is_ascii_alphabetic)
            }
            _ => None,
        };
        if let (Some(a), Some(b)) = (drive(path), drive(pattern)) {
            if a | 0x20 != b | 0x20 {
                return Some(false);
            }
            (at, step) = (2, 2);
        }
    }
    matcher.run(at, step, at == 0)
}

/// Whether all braces are lists of words, nothing in them or around them that has a meaning of its own.
fn has_plain_lists<U: CodeUnit>(pattern: &[U]) -> bool {
    let mut at = 0;
    let mut lists = 0;
    while let Some(&unit) = pattern.get(at) {
        if unit == U::ascii(b'}') {
            return false;
        }
        if unit != U::ascii(b'{') {
            at += 1;
            continue;
        }
        lists += 1;
        let before = at.checked_sub(1).map(|index| pattern[index]);
        // A dot there may make `.` or `..` of the segment.
        let no_dot = before.is_none_or(|unit| kind(unit) == SEP || unit == U::ascii(b'.'));
        if lists > MAX_LISTS || before == Some(U::ascii(b'$')) {
            return false;
        }
        let mut words = 1;
        let mut length = 0;
        loop {
            at += 1;
            let Some(byte) = pattern.get(at).and_then(|unit| u8::try_from(unit.value()).ok()) else {
                return false;
            };
            match byte {
                b',' | b'}' if length == 0 => return false,
                b',' => {
                    words += 1;
                    length = 0;
                }
                b'}' => break,
                b'.' if length == 0 && no_dot => return false,
                b'.' if pattern.get(at + 1).is_some_and(|unit| *unit == U::ascii(b'.')) => return false,
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-' | b'.' => length += 1,
                _ => return false,
            }
        }
        if words < 2 {
            return false;
        }
        at += 1;
    }
    true
}

struct Matcher<'t, F, E: Encoding> {
    path: &'t [E::Unit],
    pattern: &'t [E::Unit],
    /// Steps left: trying again and again must not take longer than parsing.
    fuel: usize,
    /// How many globstars what is looked at is behind.
    globstars: usize,
    form: std::marker::PhantomData<(F, E)>,
}

impl<F: Flavour, E: Encoding> Matcher<'_, F, E> {
    /// Matches the path from `at` on against the pattern from `step` on; `starts` if both are where a
    /// segment starts.
    fn run(&mut self, mut at: usize, mut step: usize, mut starts: bool) -> Option<bool> {
        let (path, pattern) = (self.path, self.pattern);
        // What follows the last star of this segment, and where that was tried.
        let mut retry: Option<(usize, usize)> = None;
        loop {
            self.fuel = self.fuel.checked_sub(1)?;
            let unit = path.get(at).copied();
            let Some(&wanted) = pattern.get(step) else {
                match (unit, &mut retry) {
                    (None, _) => return Some(true),
                    (Some(_), Some((after, tried))) if !F::is_sep(path[*tried]) => {
                        *tried += 1;
                        (at, step) = (*tried, *after);
                        continue;
                    }
                    _ => return Some(false),
                }
            };
            let kind = kind(wanted);
            if starts {
                starts = false;
                if self.is_globstar(step) {
                    return self.globstar(at, step + 2);
                }
                if kind & (WILD | CLASS) != 0 && is(unit.as_ref(), b'.') {
                    if kind == CLASS {
                        class(&pattern[step..], wanted)?;
                    }
                    return Some(false);
                }
            }
            let inside = unit.filter(|&unit| !F::is_sep(unit));
            let taken = match (kind, inside) {
                (PLAIN, _) if unit == Some(wanted) => {
                    (at, step) = (at + 1, step + 1);
                    // The text that follows, in one go.
                    let both = path[at..].iter().zip(&pattern[step..]);
                    let same =
                        both.take_while(|(unit, wanted)| unit == wanted && self::kind(**wanted) == PLAIN);
                    let same = same.count();
                    (at, step) = (at + same, step + same);
                    self.fuel = self.fuel.checked_sub(same)?;
                    continue;
                }
                (SEP, None) if unit.is_some() => {
                    (starts, retry) = (true, None);
                    Some(1)
                }
                (WILD, _) if wanted == E::Unit::ascii(b'*') => {
                    let alone = step == 0 || self.is_sep_at(step - 1);
                    while is(pattern.get(step), b'*') {
                        step += 1;
                    }
                    // A star that is all of its segment takes something.
                    if inside.is_none() && alone && (step == pattern.len() || self.is_sep_at(step)) {
                        return Some(false);
                    }
                    // Nowhere before the first unit of a text that follows can it start.
                    if let Some(&next) = pattern.get(step).filter(|&&unit| self::kind(unit) == PLAIN) {
                        let until = |unit: &E::Unit| *unit == next || F::is_sep(*unit);
                        let skipped = path[at..].iter().position(until).unwrap_or(path.len() - at);
                        self.fuel = self.fuel.checked_sub(skipped)?;
                        at += skipped;
                    }
                    retry = Some((step, at));
                    continue;
                }
                // Of characters that are more than one unit there is more to know.
                (WILD | CLASS, Some(unit)) if E::is_part(unit) => return None,
                (WILD, Some(_)) => Some(1),
                (CLASS, Some(unit)) => {
                    let (has, length) = class(&pattern[step..], unit)?;
                    has.then_some(length)
                }
                (LIST, _) if self.list(at, step + 1)? => return Some(true),
                _ => None,
            };
            match (taken, &mut retry) {
                (Some(length), _) => (at, step) = (at + 1, step + length),
                (None, Some((after, tried))) if path.get(*tried).is_some_and(|&unit| !F::is_sep(unit)) => {
                    *tried += 1;
                    (at, step) = (*tried, *after);
                }
                _ => return Some(false),
            }
        }
    }

    fn is_sep_at(&self, step: usize) -> bool {
        self.pattern.get(step).is_some_and(|&unit| kind(unit) == SEP)
    }

    #[inline(always)]
    fn is_globstar(&self, step: usize) -> bool {
        is(self.pattern.get(step), b'*')
            && is(self.pattern.get(step + 1), b'*')
            && (step + 2 == self.pattern.len() || self.is_sep_at(step + 2))
    }

    /// Segments that do not start with a dot, any number of them if something follows in the pattern.
    fn globstar(&mut self, mut at: usize, step: usize) -> Option<bool> {
        let (path, pattern) = (self.path, self.pattern);
        self.globstars += 1;
        // Behind a second one Node sees a dot in front even where the pattern has it, too.
        if self.globstars > 1
            && pattern[step..].windows(2).any(|pair| kind(pair[0]) == SEP && is(pair.get(1), b'.'))
        {
            return None;
        }
        let last = step == pattern.len();
        let found = loop {
            // With no other globstar behind, the rest of the pattern is for as many segments, the last ones.
            if !last && !pattern[step..].windows(2).any(|pair| pair == [E::Unit::ascii(b'*'); 2]) {
                self.fuel = self.fuel.checked_sub((path.len() - at) / 4)?;
                let start =
                    self.last_segments(at, pattern[step..].iter().filter(|&&unit| kind(unit) == SEP).count());
                break match start {
                    Some(start) => self.run(start, step + 1, true)?,
                    None => false,
                };
            }
            if !last && self.run(at, step + 1, true)? {
                break true;
            }
            if is(path.get(at), b'.') {
                break false;
            }
            match path[at..].iter().position(|&unit| F::is_sep(unit)) {
                Some(length) => at += length + 1,
                None => break last,
            }
            self.fuel = self.fuel.checked_sub(1)?;
        };
        self.globstars -= 1;
        Some(found)
    }

    /// Where the last `count` segments start of those from `at` on, if no other starts with a dot.
    fn last_segments(&self, at: usize, count: usize) -> Option<usize> {
        let mut start = self.path.len() + 1;
        for left in (0..count).rev() {
            match self.path[at..start - 1].iter().rposition(|&unit| F::is_sep(unit)) {
                Some(sep) => start = at + sep + 1,
                None if left == 0 => return Some(at),
                None => return None,
            }
        }
        let dot = E::Unit::ascii(b'.');
        let dotted = self.path[at] == dot
            || self.path[at..start].windows(2).any(|pair| F::is_sep(pair[0]) && pair[1] == dot);
        (!dotted).then_some(start)
    }

    /// Whether one of the words from `step` on, and then what follows them, matches.
    fn list(&mut self, at: usize, step: usize) -> Option<bool> {
        let words = &self.pattern[step..];
        let length = words.iter().position(|&unit| unit == E::Unit::ascii(b'}'))?;
        for word in words[..length].split(|&unit| unit == E::Unit::ascii(b',')) {
            self.fuel = self.fuel.checked_sub(word.len())?;
            if self.path[at..].starts_with(word) && self.run(at + word.len(), step + length + 1, false)? {
                return Some(true);
            }
        }
        Some(false)
    }
}

/// Whether `unit` is in the class that `text` starts with, and the class's length. `None` where it is not a
/// plain one.
fn class<U: CodeUnit>(text: &[U], unit: U) -> Option<(bool, usize)> {
    let byte = |at: usize| text.get(at).and_then(|unit| u8::try_from(unit.value()).ok());
    let negated = matches!(byte(1)?, b'!' | b'^');
    let first = 1 + usize::from(negated);
    let (mut at, mut has) = (first, false);
    loop {
        let low = byte(at)?;
        if low == b']' && at > first {
            return Some((has != negated, at + 1));
        }
        let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if !word(low) {
            return None;
        }
        let mut high = low;
        at += 1;
        if byte(at)? == b'-' {
            high = byte(at + 1).filter(|&byte| word(byte) && byte >= low)?;
            at += 2;
        }
        has |= (low.into()..=high.into()).contains(&unit.value());
    }
}
