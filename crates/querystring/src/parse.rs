//! `querystring.parse`.

use std::borrow::{Borrow, Cow};
use std::collections::HashMap;
use std::fmt;
use std::ops::ControlFlow;

use crate::escape::unescape_units;
use crate::scan;
use crate::text::QueryStr;

/// A function in place of `decodeURIComponent`; it gives `None` where a JavaScript function would throw.
pub type Decode<'o, T> = &'o dyn Fn(&T) -> Option<T>;

/// How a query is taken apart.
#[non_exhaustive]
pub struct ParseOptions<'o, S, T> {
    /// Between pairs; `&` if `None` or empty.
    pub sep: Option<S>,
    /// Between key and value; `=` if `None` or empty.
    pub eq: Option<S>,
    /// How many pairs are read at most; 0 means all.
    pub max_keys: usize,
    /// In place of `decodeURIComponent`; `None` where that would throw.
    pub decode: Option<Decode<'o, T>>,
}

impl<S, T> Default for ParseOptions<'_, S, T> {
    fn default() -> Self {
        ParseOptions { sep: None, eq: None, max_keys: 1000, decode: None }
    }
}

impl<S: fmt::Debug, T> fmt::Debug for ParseOptions<'_, S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParseOptions")
            .field("sep", &self.sep)
            .field("eq", &self.eq)
            .field("max_keys", &self.max_keys)
            .field("decode", &self.decode.map(|_| ".."))
            .finish()
    }
}

impl<'o, S, T> ParseOptions<'o, S, T> {
    /// Sets what stands between pairs.
    #[must_use]
    pub fn sep(mut self, sep: S) -> Self {
        self.sep = Some(sep);
        self
    }
    /// Sets what stands between key and value.
    #[must_use]
    pub fn eq(mut self, eq: S) -> Self {
        self.eq = Some(eq);
        self
    }
    /// Sets how many pairs are read at most; 0 means all.
    #[must_use]
    pub fn max_keys(mut self, max_keys: usize) -> Self {
        self.max_keys = max_keys;
        self
    }
    /// Sets the function in place of `decodeURIComponent`; it gives `None` where a JavaScript function would throw, and
    /// then [`unescape`](crate::unescape) is used. It sees pluses as `%20`.
    #[must_use]
    pub fn decode(mut self, decode: Decode<'o, T>) -> Self {
        self.decode = Some(decode);
        self
    }
}

/// What a query says: keys in the order they first came, each with its values in the order they came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query<T> {
    entries: Vec<(T, Values<T>)>,
}

/// Most keys have one value, which needs no list.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Values<T> {
    One([T; 1]),
    List(Vec<T>),
}

impl<T> Values<T> {
    fn as_slice(&self) -> &[T] {
        match self {
            Values::One(one) => one,
            Values::List(list) => list,
        }
    }
}

impl<T> Query<T> {
    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The values of `key`: one, where Node gives a string, or more, where it gives an array.
    pub fn get<Q: Eq + ?Sized>(&self, key: &Q) -> Option<&[T]>
    where
        T: Borrow<Q>,
    {
        Some(self.entry(self.position(key)?)?.1)
    }

    /// Which of the keys is `key`, for [`entry`](Query::entry).
    pub fn position<Q: Eq + ?Sized>(&self, key: &Q) -> Option<usize>
    where
        T: Borrow<Q>,
    {
        self.entries.iter().position(|(own, _)| own.borrow() == key)
    }

    /// The key at `index`, counted from 0, and its values.
    pub fn entry(&self, index: usize) -> Option<(&T, &[T])> {
        self.entries.get(index).map(|(key, values)| (key, values.as_slice()))
    }

    /// All keys with their values.
    pub fn iter(&self) -> impl Iterator<Item = (&T, &[T])> {
        self.entries.iter().map(|(key, values)| (key, values.as_slice()))
    }

    fn map<U>(self, change: impl Fn(T) -> U) -> Query<U> {
        let entries = self.entries.into_iter().map(|(key, values)| {
            let values = match values {
                Values::One(one) => Values::One(one.map(&change)),
                Values::List(list) => Values::List(list.into_iter().map(&change).collect()),
            };
            (change(key), values)
        });
        Query { entries: entries.collect() }
    }
}

/// Takes a query apart, as Node does: pairs without a value have an empty one, empty pairs are left out, pluses are
/// spaces, percent sequences are decoded where `decodeURIComponent` could, else byte by byte.
/// Node: [`querystring.parse`](https://nodejs.org/api/querystring.html#querystringparsestr-sep-eq-options).
///
/// # Examples
/// ```
/// use nodecore_querystring::{ParseOptions, parse};
/// let query = parse("w:a+b;w:%zz", &ParseOptions::default().sep(";").eq(":"));
/// assert_eq!(query.get("w"), Some(&["a b".into(), "%zz".into()][..]));
/// ```
pub fn parse<'a, S: QueryStr<'a>>(query: S, options: &ParseOptions<'_, S, S::Text>) -> Query<S::Text> {
    if let Some(found) = query.parsed_as_utf16(options) {
        return found;
    }
    let units = query.units();
    let (amp, equals) = ([b'&'.into()], [b'='.into()]);
    let sep = options.sep.map(S::units).filter(|sep| !sep.is_empty()).unwrap_or_default();
    let eq = options.eq.map(S::units).filter(|eq| !eq.is_empty()).unwrap_or_default();
    let parser = Parser {
        query,
        units,
        offset: 0,
        sep: if sep.is_empty() { &amp } else { sep },
        eq: if eq.is_empty() { &equals } else { eq },
        decode: options.decode,
    };
    match parser.plain_separators() {
        Some(separators) => query.with_bytes(|bytes| parser.run_plain(bytes, separators, options.max_keys)),
        None => parser.run(options.max_keys),
    }
}

/// Separators that are not ASCII are looked for in UTF-16: Node tells from one unit at a time whether one begins or
/// breaks off, and a character's bytes can begin like another's.
pub(crate) fn parsed_as_utf16<'a>(
    query: &'a str,
    options: &ParseOptions<'_, &'a str, Cow<'a, str>>,
) -> Option<Query<Cow<'a, str>>> {
    if options.sep.is_none_or(str::is_ascii) && options.eq.is_none_or(str::is_ascii) {
        return None;
    }
    let units = |text: &str| text.encode_utf16().collect::<Vec<u16>>();
    let narrow = |units: &[u16]| Cow::Owned(String::from_utf16_lossy(units));
    let (query, sep, eq) = (units(query), options.sep.map(units), options.eq.map(units));
    let decode = |text: &Cow<'_, [u16]>| {
        let decoded = options.decode.and_then(|decode| decode(&narrow(text)))?;
        Some(Cow::Owned(units(&decoded)))
    };
    let wide = ParseOptions {
        sep: sep.as_deref(),
        eq: eq.as_deref(),
        max_keys: options.max_keys,
        decode: options.decode.is_some().then_some(&decode as _),
    };
    Some(parse(query.as_slice(), &wide).map(|text| narrow(&text)))
}

/// As [`parse`], for bytes: what is not UTF-8 becomes U+FFFD first, as where Node makes a string of bytes.
pub fn parse_bytes<'a>(
    query: &'a [u8],
    options: &ParseOptions<'_, &'a str, Cow<'a, str>>,
) -> Query<Cow<'a, str>> {
    match String::from_utf8_lossy(query) {
        Cow::Borrowed(query) => parse(query, options),
        Cow::Owned(query) => {
            let decode = |text: &Cow<'_, str>| {
                options.decode.and_then(|decode| decode(&Cow::Owned(text.to_string()))).map(Cow::into_owned)
            };
            let decode = |text: &Cow<'_, str>| decode(text).map(Cow::Owned);
            let inner = ParseOptions {
                sep: options.sep,
                eq: options.eq,
                max_keys: options.max_keys,
                decode: options.decode.is_some().then_some(&decode as _),
            };
            parse(query.as_str(), &inner).map(|text| Cow::Owned(text.into_owned()))
        }
    }
}

/// Up to this many keys are looked through one by one.
const FEW: usize = 16;

struct Entries<T> {
    all: Vec<(T, Values<T>)>,
    /// Where each key is, from `FEW` keys on.
    index: Option<HashMap<T, usize>>,
}

impl<T: Clone + Eq + std::hash::Hash> Entries<T> {
    fn add(&mut self, key: T, value: T) {
        let found = if self.all.len() <= FEW {
            self.all.iter().position(|(own, _)| *own == key)
        } else {
            let all = &self.all;
            let index = self.index.get_or_insert_with(|| {
                all.iter().enumerate().map(|(at, (key, _))| (key.clone(), at)).collect()
            });
            index.get(&key).copied()
        };
        match found {
            Some(at) => {
                let values = &mut self.all[at].1;
                match std::mem::replace(values, Values::List(Vec::new())) {
                    Values::One([first]) => *values = Values::List(vec![first, value]),
                    Values::List(mut list) => {
                        list.push(value);
                        *values = Values::List(list);
                    }
                }
            }
            None => {
                if let Some(index) = &mut self.index {
                    index.insert(key.clone(), self.all.len());
                }
                self.all.push((key, Values::One([value])));
            }
        }
    }
}

/// A key or value while it is read: what is built already, because of pluses in it, and where the rest starts.
struct Piece<U> {
    built: Vec<U>,
    plus: bool,
    encoded: bool,
}

impl<U> Piece<U> {
    fn new(encoded: bool) -> Piece<U> {
        Piece { built: Vec::new(), plus: false, encoded }
    }
}

/// A pair while it is read.
#[derive(Default)]
struct Pair {
    start: usize,
    /// Where the key ends.
    eq: Option<usize>,
    /// Whether there is a percent sign or a plus in the key.
    key: bool,
    /// The same, in the value.
    value: bool,
}

struct Parser<'a, 'p, 'o, S: QueryStr<'a>> {
    query: S,
    /// All of the query, or the part from `offset` on that is looked at.
    units: &'a [S::Unit],
    offset: usize,
    sep: &'p [S::Unit],
    eq: &'p [S::Unit],
    decode: Option<Decode<'o, S::Text>>,
}

impl<'a, S: QueryStr<'a>> Parser<'a, '_, '_, S> {
    /// The separators, if they are two different ASCII characters that mean nothing else, and nobody is to be asked
    /// how to decode.
    fn plain_separators(&self) -> Option<[u8; 2]> {
        let ascii = |units: &[S::Unit]| match units {
            [unit] => {
                u8::try_from((*unit).into()).ok().filter(|byte| byte.is_ascii() && !b"%+".contains(byte))
            }
            _ => None,
        };
        let (sep, eq) = (ascii(self.sep)?, ascii(self.eq)?);
        (sep != eq && self.decode.is_none()).then_some([sep, eq])
    }

    /// As [`Parser::run`], for [`Parser::plain_separators`]; `bytes` stand for the units.
    fn run_plain(&self, bytes: &[u8], [sep, eq]: [u8; 2], max_keys: usize) -> Query<S::Text> {
        let mut entries = Entries { all: Vec::new(), index: None };
        if bytes.is_empty() {
            return Query { entries: entries.all };
        }
        entries.all.reserve(4);
        let mut left = max_keys;
        let mut pair = Pair::default();
        let mut cut = false;
        scan::for_each(bytes, [sep, eq, b'%', b'+'], |at| {
            let byte = bytes[at];
            if byte == sep {
                self.add(&mut entries, &pair, at);
                if left == 1 {
                    cut = true;
                    return ControlFlow::Break(());
                }
                left = left.saturating_sub(1);
                pair = Pair { start: at + 1, ..Pair::default() };
            } else if byte == eq {
                pair.eq.get_or_insert(at);
            } else {
                let encoded = if pair.eq.is_none() { &mut pair.key } else { &mut pair.value };
                *encoded = true;
            }
            ControlFlow::Continue(())
        });
        if !cut {
            self.add(&mut entries, &pair, bytes.len());
        }
        Query { entries: entries.all }
    }

    #[inline]
    fn add(&self, entries: &mut Entries<S::Text>, pair: &Pair, end: usize) {
        if pair.start == end {
            return;
        }
        let (key_end, value) = pair.eq.map_or((end, end), |at| (at, at + 1));
        let text = |encoded: bool, start: usize, end: usize| {
            if encoded {
                S::decoded(&self.units[start..end], true)
            } else {
                Some(self.query.part(start, end))
            }
        };
        match (text(pair.key, pair.start, key_end), text(pair.value, value, end)) {
            (Some(key), Some(value)) => entries.add(key, value),
            // Something is malformed, and what Node makes of that takes more than one look.
            _ => {
                let alone = Parser { units: &self.units[pair.start..end], offset: pair.start, ..*self };
                alone.run_into(entries, 0);
            }
        }
    }

    fn run(&self, max_keys: usize) -> Query<S::Text> {
        let mut entries = Entries { all: Vec::new(), index: None };
        self.run_into(&mut entries, max_keys);
        Query { entries: entries.all }
    }

    fn run_into(&self, entries: &mut Entries<S::Text>, max_keys: usize) {
        let units = self.units;
        let custom = self.decode.is_some();
        let (percent, plus): (S::Unit, S::Unit) = (b'%'.into(), b'+'.into());
        let mut left = max_keys;
        // Where the piece being read goes on after what is built of it.
        let mut last = 0;
        let (mut sep_at, mut eq_at) = (0, 0);
        let (mut key, mut value) = (Piece::new(custom), Piece::new(custom));
        // The key's end, once it is known.
        let mut key_span = (0, 0);
        // How much of a percent sequence has been seen.
        let mut sequence = 0;
        let mut at = 0;
        let (first_sep, first_eq) = (self.sep[0], self.eq[0]);
        while at < units.len() {
            if sep_at == 0 && eq_at % self.eq.len() == 0 && sequence == 0 {
                // Nothing is begun, so all that begins nothing can be passed over.
                let begins = |unit: &S::Unit| {
                    *unit == first_sep || *unit == first_eq || *unit == percent || *unit == plus
                };
                at += units[at..].iter().position(begins).unwrap_or(units.len() - at);
                if at == units.len() {
                    break;
                }
            }
            let unit = units[at];
            if unit == self.sep[sep_at] {
                sep_at += 1;
                if sep_at == self.sep.len() {
                    let end = at + 1 - sep_at;
                    let empty = eq_at < self.eq.len() && last >= end && key.built.is_empty();
                    if !empty {
                        let (key_span, span) = if eq_at < self.eq.len() {
                            ((last, end), (end, end))
                        } else {
                            (key_span, (last, end))
                        };
                        entries.add(self.text(&mut key, key_span), self.text(&mut value, span));
                    }
                    if left == 1 {
                        return;
                    }
                    left = left.saturating_sub(1);
                    if !empty {
                        (key, value) = (Piece::new(custom), Piece::new(custom));
                        sequence = 0;
                    }
                    last = at + 1;
                    (sep_at, eq_at) = (0, 0);
                }
                at += 1;
                continue;
            }
            sep_at = 0;
            at += 1;
            let in_key = eq_at < self.eq.len();
            if in_key {
                if unit == self.eq[eq_at] {
                    eq_at += 1;
                    if eq_at == self.eq.len() {
                        key_span = (last, at - eq_at);
                        sequence = 0;
                        last = at;
                    }
                    continue;
                }
                eq_at = 0;
            }
            // In a value, but not in a key, a plus does not end a percent sequence.
            if in_key && !key.encoded && sequence_step(&mut sequence, unit, percent, &mut key.encoded) {
                continue;
            }
            let piece = if in_key { &mut key } else { &mut value };
            if unit == plus {
                piece.plus = true;
                piece.built.extend_from_slice(&units[last..at - 1]);
                if custom {
                    piece.built.extend([b'%', b'2', b'0'].map(S::Unit::from));
                } else {
                    piece.built.push(b' '.into());
                }
                last = at;
            } else if !value.encoded {
                // Behind the first sequence of a key Node takes the key's next one for the value's.
                sequence_step(&mut sequence, unit, percent, &mut value.encoded);
            }
        }
        if last < units.len() {
            let end = units.len();
            if eq_at < self.eq.len() {
                key_span = (last, end);
                last = end;
            }
            let span = (last, end);
            entries.add(self.text(&mut key, key_span), self.text(&mut value, span));
        } else if eq_at > 0 || !key.built.is_empty() {
            if eq_at < self.eq.len() {
                key_span = (last, last);
            }
            entries.add(self.text(&mut key, key_span), self.text(&mut value, (last, last)));
        }
    }

    fn text(&self, piece: &mut Piece<S::Unit>, span: (usize, usize)) -> S::Text {
        let (start, end) = (span.0, span.1.max(span.0));
        if !piece.plus && (!piece.encoded || start == end) {
            return self.query.part(self.offset + start, self.offset + end);
        }
        if !piece.plus && self.decode.is_none() {
            return unescape_units::<S>(&self.units[start..end]);
        }
        let mut built = std::mem::take(&mut piece.built);
        built.extend_from_slice(&self.units[start..end]);
        match self.decode {
            Some(decode) => {
                let text = S::owned(built.clone());
                decode(&text).unwrap_or_else(|| unescape_units::<S>(&built))
            }
            None if piece.encoded => unescape_units::<S>(&built),
            None => S::owned(built),
        }
    }
}

/// Follows a percent sequence; whether `unit` was part of one.
fn sequence_step<U: Copy + Eq + Into<u32>>(seen: &mut u8, unit: U, percent: U, encoded: &mut bool) -> bool {
    if unit == percent {
        *seen = 1;
        return true;
    }
    if *seen > 0 {
        if char::from_u32(unit.into()).is_some_and(|c| c.is_ascii_hexdigit()) {
            *seen += 1;
            *encoded |= *seen == 3;
            return true;
        }
        *seen = 0;
    }
    false
}
