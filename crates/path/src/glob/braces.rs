//! Brace expansion, bash's and Node's: `{a,b}`, `{1..3}`, `{a..e..2}`.

use super::Text;

/// A brace that is not to be expanded; beyond Unicode, so that no text has it.
const OPEN: u32 = 0x11_0000;
const CLOSE: u32 = 0x11_0001;

/// Node's bounds on what one pattern may become, in patterns and in units.
const MAX: usize = 100_000;
const MAX_LENGTH: usize = 4_000_000;
/// Groups deeper than this stay as they are.
const MAX_DEPTH: usize = 64;

/// All patterns `pattern` stands for, each once.
pub(super) fn expand(pattern: &[u32]) -> Vec<Text> {
    if !has_group(pattern) {
        return vec![pattern.to_vec()];
    }
    let mut text = pattern.to_vec();
    if text.starts_with(&[b'{'.into(), b'}'.into()]) {
        text[..2].copy_from_slice(&[OPEN, CLOSE]);
    }
    let mut all = expand_text(text, true, 0);
    let mut seen = std::collections::HashSet::new();
    for text in &mut all {
        for unit in text {
            *unit = match *unit {
                OPEN => b'{'.into(),
                CLOSE => b'}'.into(),
                other => other,
            };
        }
    }
    all.retain(|text| seen.insert(text.clone()));
    all
}

fn is(unit: u32, ascii: u8) -> bool {
    unit == u32::from(ascii)
}

fn ends_line(unit: u32) -> bool {
    matches!(unit, 0x0A | 0x0D | 0x2028 | 0x2029)
}

/// An opening and a closing brace in one line with no other opening one between.
fn has_group(pattern: &[u32]) -> bool {
    let mut open = false;
    for &unit in pattern {
        match unit {
            0x7B => open = true,
            0x7D if open => return true,
            _ if ends_line(unit) => open = false,
            _ => {}
        }
    }
    false
}

/// The first group: where its braces are. Where braces are left open, the widest closed group after them.
fn group(text: &[u32]) -> Option<(usize, usize)> {
    let mut open = Vec::new();
    let mut widest: Option<(usize, usize)> = None;
    for (at, &unit) in text.iter().enumerate() {
        if is(unit, b'{') {
            open.push(at);
        } else if is(unit, b'}') {
            if let [start] = open[..] {
                return Some((start, at));
            }
            if let Some(start) = open.pop()
                && widest.is_none_or(|(left, _)| start < left)
            {
                widest = Some((start, at));
            }
        }
    }
    if open.is_empty() { None } else { widest }
}

/// Splits at commas outside of groups.
fn comma_parts(mut text: &[u32]) -> Vec<Text> {
    let mut parts: Vec<Text> = vec![Vec::new()];
    let add = |parts: &mut Vec<Text>, text: &[u32]| {
        for (index, piece) in text.split(|&unit| is(unit, b',')).enumerate() {
            if index > 0 {
                parts.push(Vec::new());
            }
            if let Some(last) = parts.last_mut() {
                last.extend_from_slice(piece);
            }
        }
    };
    while let Some((start, end)) = group(text) {
        add(&mut parts, &text[..start]);
        if let Some(last) = parts.last_mut() {
            last.extend_from_slice(&text[start..=end]);
        }
        text = &text[end + 1..];
    }
    add(&mut parts, text);
    parts
}

/// Whether a comma, not doubled, and a closing brace follow in one line.
fn list_follows(post: &[u32]) -> bool {
    post.iter().enumerate().any(|(at, &unit)| {
        is(unit, b',')
            && !post.get(at + 1).is_some_and(|&next| is(next, b','))
            && post[at + 1..].iter().take_while(|&&unit| !ends_line(unit)).any(|&unit| is(unit, b'}'))
    })
}

struct Expansions {
    all: Vec<Text>,
}

impl Expansions {
    /// Appends `pre` and each of `values` to every expansion so far.
    fn append(&mut self, pre: &[u32], values: &[Text], drop_empty: bool) {
        let mut out = Vec::new();
        let mut length = 0;
        'all: for before in &self.all {
            for value in values {
                if out.len() >= MAX {
                    break 'all;
                }
                let size = before.len() + pre.len() + value.len();
                if drop_empty && size == 0 {
                    continue;
                }
                if length + size > MAX_LENGTH {
                    break 'all;
                }
                out.push([before, pre, value].concat());
                length += size;
            }
        }
        self.all = out;
    }
}

fn expand_text(mut text: Text, mut top: bool, depth: usize) -> Vec<Text> {
    let nothing = [Vec::new()];
    let mut out = Expansions { all: vec![Vec::new()] };
    let mut drop_empty = false;
    let mut first = true;
    loop {
        let Some((start, end)) = group(&text).filter(|_| depth < MAX_DEPTH) else {
            out.append(&text, &nothing, drop_empty);
            return out.all;
        };
        let (pre, body, post) = (&text[..start], &text[start + 1..end], &text[end + 1..]);
        let last = post.is_empty();
        if pre.last().is_some_and(|&unit| is(unit, b'$')) {
            out.append(&text[..=end], &nothing, drop_empty && last);
            first = false;
        } else {
            let sequence = sequence(body);
            if sequence.is_none() && !body.contains(&b','.into()) {
                if list_follows(post) {
                    // As `{a},b}`: the list's end is further on.
                    text[end] = CLOSE;
                    top = true;
                    continue;
                }
                out.append(&text, &nothing, drop_empty);
                return out.all;
            }
            if first {
                drop_empty = top && sequence.is_none();
                first = false;
            }
            let values = match sequence {
                Some(values) => values,
                None => {
                    let mut parts = comma_parts(body);
                    if let [only] = &mut parts[..] {
                        // As `{{a,b}}`: braces around a list of one stay.
                        parts = expand_text(std::mem::take(only), false, depth + 1)
                            .into_iter()
                            .map(|value| [&[u32::from(b'{')], &value[..], &[u32::from(b'}')]].concat())
                            .collect();
                    }
                    if let ([only], true) = (&parts[..], comma_parts(body).len() == 1) {
                        let whole = [pre, &only[..]].concat();
                        out.append(&whole, &nothing, drop_empty && last);
                        if last {
                            return out.all;
                        }
                        text.drain(..=end);
                        continue;
                    }
                    let bare = drop_empty && last && pre.is_empty() && out.all.iter().all(Vec::is_empty);
                    list(parts, bare, depth)
                }
            };
            out.append(pre, &values, drop_empty && last);
        }
        if last {
            return out.all;
        }
        text.drain(..=end);
    }
}

fn list(parts: Vec<Text>, drop_empty: bool, depth: usize) -> Vec<Text> {
    let mut values = Vec::new();
    let mut length = 0;
    for part in parts {
        for value in expand_text(part, false, depth + 1) {
            if drop_empty && value.is_empty() {
                continue;
            }
            if values.len() >= MAX || length + value.len() > MAX_LENGTH {
                return values;
            }
            length += value.len();
            values.push(value);
        }
    }
    values
}

/// Letters' numbers are small and whole.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn letter_at(number: f64) -> u8 {
    number as u8
}

/// The members of a sequence such as `1..5`, `01..10..3` or `a..e`; `None` if `body` is none.
fn sequence(body: &[u32]) -> Option<Vec<Text>> {
    let text: String = body.iter().map(|&unit| char::from_u32(unit)).collect::<Option<_>>()?;
    let parts: Vec<&str> = text.split("..").collect();
    let (from, to, step) = match parts[..] {
        [from, to] => (from, to, None),
        [from, to, step] => (from, to, Some(step)),
        _ => return None,
    };
    let number = |text: &str| {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let valid = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        valid.then(|| text.parse::<f64>().ok()).flatten()
    };
    let letter = |text: &str| match text.as_bytes() {
        [byte] if byte.is_ascii_alphabetic() => Some(f64::from(*byte)),
        _ => None,
    };
    let step = match step {
        Some(step) => number(step)?.abs().max(1.0),
        None => 1.0,
    };
    let (x, y, letters) = match (number(from), number(to)) {
        (Some(x), Some(y)) => (x, y, false),
        _ => (letter(from)?, letter(to)?, true),
    };
    let padded = parts.iter().any(|part| {
        let digits = part.strip_prefix('-').unwrap_or(part).as_bytes();
        digits.len() > 1 && digits[0] == b'0'
    });
    let width = from.len().max(to.len());
    let step = if y < x { -step } else { step };
    let mut out = Vec::new();
    let mut length = 0;
    let mut at = x;
    while (if y < x { at >= y } else { at <= y }) && out.len() < MAX {
        let member = match (letters, padded) {
            // Node leaves the backslash out, between `Z` and `a`.
            (true, _) => String::from(char::from(letter_at(at))).replace('\\', ""),
            (false, true) => format!("{:0width$}", at + 0.0),
            (false, false) => (at + 0.0).to_string(),
        };
        length += member.len();
        if length > MAX_LENGTH {
            break;
        }
        out.push(member.chars().map(u32::from).collect());
        at += step;
    }
    Some(out)
}
