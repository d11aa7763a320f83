//! Paths of segments: the standard's path state.

use super::{Parser, Scheme};
use crate::fast::{self, find_from};
use crate::percent;

impl Parser<'_, '_> {
    /// Appends the segments from `at` on, whose first slash is already taken. Returns where the path ends, which is
    /// where the text does unless `to_query`: in setters `?` and `#` are part of it.
    pub(crate) fn segments(&mut self, mut at: usize, to_query: bool) -> usize {
        let text = self.text;
        let scheme = self.parts.scheme;
        // Once for each segment that may be more than copied, and of which the slash is not written.
        loop {
            if matches!(text.get(at), Some(b'.' | b'%')) {
                let end = self.segment_end(at, to_query);
                let count = dots(&text[at..end]);
                if count == 2 {
                    self.shorten();
                }
                if count > 0 {
                    if !self.slash_at(end) {
                        self.out.push(b'/');
                        return end;
                    }
                    at = end + 1;
                    continue;
                }
            }
            self.out.push(b'/');
            if scheme == Scheme::File
                && self.out.len() == self.parts.path_start + 1
                && is_drive_letter(&text[at..self.segment_end(at, to_query)])
            {
                self.out.extend_from_slice(&[text[at], b':']);
                at += 2;
            }
            loop {
                let stop = find_from(text, at, fast::stops_path);
                self.out.extend_from_slice(&text[at..stop]);
                at = stop;
                let Some(&byte) = text.get(at) else { return at };
                match byte {
                    b'\\' if scheme.is_special() => break,
                    b'?' | b'#' if to_query => return at,
                    b'.' | b'%' if dots(&text[at..self.segment_end(at, to_query)]) > 0 => {
                        // Its slash is already copied.
                        self.out.pop();
                        at -= 1;
                        break;
                    }
                    _ if percent::is_in(byte, percent::PATH) => {
                        percent::escape(byte, self.out);
                        // What is not ASCII seldom comes alone.
                        while let Some(&next) = text.get(at + 1).filter(|next| !next.is_ascii()) {
                            percent::escape(next, self.out);
                            at += 1;
                        }
                    }
                    _ => self.out.push(byte),
                }
                at += 1;
            }
            at += 1;
        }
    }

    /// Where the segment ends that `at` is in.
    fn segment_end(&self, at: usize, to_query: bool) -> usize {
        let ends = |&byte: &u8| self.parts.scheme.is_slash(byte) || (to_query && matches!(byte, b'?' | b'#'));
        self.text[at..].iter().position(ends).map_or(self.text.len(), |length| at + length)
    }

    /// Removes the last segment, except a drive letter.
    pub(super) fn shorten(&mut self) {
        let start = self.parts.path_start;
        let path = &self.out[start..];
        if self.parts.scheme == Scheme::File
            && path.len() == 3
            && path[0] == b'/'
            && path[2] == b':'
            && path[1].is_ascii_alphabetic()
        {
            return;
        }
        let keep = path.iter().rposition(|&byte| byte == b'/').unwrap_or(0);
        self.out.truncate(start + keep);
    }

    /// Keeps a path that starts with `//` from being read as a host.
    pub(crate) fn separate_path(&mut self) {
        let start = self.parts.path_start;
        if !self.parts.has_host() && self.out[start..].starts_with(b"//") {
            self.out.splice(start..start, *b"/.");
            self.parts.path_start += 2;
        }
    }
}

/// A letter and `:` or `|`, at the end or before what ends a path segment.
pub(super) fn starts_with_drive_letter(input: &[u8]) -> bool {
    matches!(input, [letter, b':' | b'|'] | [letter, b':' | b'|', b'/' | b'\\' | b'?' | b'#', ..] if letter.is_ascii_alphabetic())
}

pub(super) fn is_drive_letter(segment: &[u8]) -> bool {
    matches!(segment, [letter, b':' | b'|'] if letter.is_ascii_alphabetic())
}

/// How many dots a segment is, written plainly or as `%2e`: 1, 2, or 0 for any other segment.
pub(crate) fn dots(segment: &[u8]) -> u8 {
    let one = |segment: &[u8]| match segment {
        [b'.', ..] => 1,
        [b'%', b'2', b'e' | b'E', ..] => 3,
        _ => 0,
    };
    match one(segment) {
        0 => 0,
        first if first == segment.len() => 1,
        first => match one(&segment[first..]) {
            0 => 0,
            second if first + second == segment.len() => 2,
            _ => 0,
        },
    }
}
