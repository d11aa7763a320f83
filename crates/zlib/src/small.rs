//! Deflate of small inputs, in one block. The general codecs clear some hundred KiB of tables before each input, which
//! takes them longer than a KiB of work; here the tables are small, and what an earlier input left in them is told by
//! its number.

use std::cell::RefCell;

/// The longest input, in bytes.
const LARGEST: usize = 2048;
/// The longest one of level 1, at which libdeflate has least to clear.
const LARGEST_OF_FASTEST: usize = 1024;

const HASH_BITS: u32 = 12;
const MIN_MATCH: usize = 3;
const MAX_MATCH: usize = 258;
/// The symbols of literals, of the end of the block, and of lengths; the last two have no meaning.
const LITERALS: usize = 288;
const LONGEST: usize = 285;
const DISTANCES: usize = 30;
const END: usize = 256;
/// The symbols that code lengths of the other two are written with, and the order in which theirs are.
const PRECODES: usize = 19;
const PRECODE_ORDER: [usize; PRECODES] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const MAX_BITS: usize = 15;
const MAX_PRECODE_BITS: usize = 7;

thread_local! {
    static FINDER: RefCell<Option<Box<Finder>>> = const { RefCell::new(None) };
}

/// Whether an input is small at a level, of which 0 is for others.
pub(crate) fn is_small(level: i32, input: &[u8]) -> bool {
    let largest = match level {
        ..=0 => return false,
        1 => LARGEST_OF_FASTEST,
        _ => LARGEST,
    };
    input.len() <= largest
}

/// Compresses a small `input` into raw deflate behind `before`, in a buffer with `after` bytes of room behind; `None` if
/// the whole would be longer than `limit`.
pub(crate) fn deflate(level: i32, before: &[u8], input: &[u8], after: usize, limit: u64) -> Option<Vec<u8>> {
    FINDER.with_borrow_mut(|finder| {
        let finder = finder.get_or_insert_with(|| Box::new(Finder::new()));
        finder.parse(input, Effort::of(level));
        let block = Block::new(&finder.tokens);
        let room = before.len() + block.bytes(input.len()) + after;
        if room as u64 > limit {
            return None;
        }
        let mut out = Vec::with_capacity(room);
        out.extend_from_slice(before);
        block.write(&finder.tokens, input, &mut out);
        Some(out)
    })
}

/// How hard to look for matches.
#[derive(Clone, Copy, Debug)]
struct Effort {
    /// How many places are looked at for one match.
    depth: u32,
    /// A match of this length is not given up for one that begins a byte later.
    enough: usize,
    /// A match of this length is taken at once.
    nice: usize,
}

impl Effort {
    fn of(level: i32) -> Effort {
        let (depth, enough, nice) = match level {
            ..=1 => (6, 0, 16),
            2 => (12, 0, 24),
            3 => (24, 4, 32),
            4 => (16, 8, 32),
            5 => (32, 16, 64),
            6 => (64, 24, 128),
            7 => (128, 48, 192),
            8 => (512, 128, MAX_MATCH),
            _ => (4096, MAX_MATCH, MAX_MATCH),
        };
        Effort { depth, enough, nice }
    }
}

/// A literal, or a match of a length at a distance.
#[derive(Clone, Copy, Debug)]
struct Token {
    /// 0 for a literal.
    len: u16,
    /// Or the byte.
    distance: u16,
}

/// Finds matches. Places are numbered on from one input to the next, so that those of earlier ones need not be cleared.
struct Finder {
    /// The last place of each hash.
    heads: [u32; 1 << HASH_BITS],
    /// The place before with the same hash, by place within the input.
    chain: [u32; LARGEST],
    /// The number of the input's first place; 0 is none.
    base: u32,
    tokens: Vec<Token>,
}

impl Finder {
    fn new() -> Finder {
        Finder { heads: [0; 1 << HASH_BITS], chain: [0; LARGEST], base: 1, tokens: Vec::new() }
    }

    /// Makes tokens of `input`.
    // No input is longer than the chain.
    #[allow(clippy::cast_possible_truncation)]
    fn parse(&mut self, input: &[u8], effort: Effort) {
        if u32::MAX - self.base < LARGEST as u32 {
            self.heads.fill(0);
            self.base = 1;
        }
        self.tokens.clear();
        let mut at = 0;
        // A match at the byte before, that waits for a better one at this.
        let mut waiting: Option<(usize, usize)> = None;
        while at < input.len() {
            let candidate = self.insert(input, at);
            let least = waiting.map_or(MIN_MATCH - 1, |(len, _)| len);
            let found = self.find(input, at, candidate, least, effort);
            match (waiting, found) {
                (Some((len, distance)), None) => {
                    self.tokens.push(Token { len: len as u16, distance: distance as u16 });
                    let end = at - 1 + len;
                    (at + 1..end).for_each(|at| _ = self.insert(input, at));
                    (at, waiting) = (end, None);
                    continue;
                }
                (Some(_), Some(_)) => self.literal(input[at - 1]),
                (None, _) => {}
            }
            match found {
                Some((len, distance)) if len >= effort.enough => {
                    self.tokens.push(Token { len: len as u16, distance: distance as u16 });
                    (at + 1..at + len).for_each(|at| _ = self.insert(input, at));
                    (at, waiting) = (at + len, None);
                }
                Some(_) => (at, waiting) = (at + 1, found),
                None => {
                    self.literal(input[at]);
                    at += 1;
                }
            }
        }
        self.base += input.len() as u32;
    }

    fn literal(&mut self, byte: u8) {
        self.tokens.push(Token { len: 0, distance: byte.into() });
    }

    /// Enters the place `at`, and gives the last one of the same hash.
    #[allow(clippy::cast_possible_truncation)]
    fn insert(&mut self, input: &[u8], at: usize) -> u32 {
        let word = match input[at..] {
            // The hash is of three bytes; four are as fast to get.
            [a, b, c, d, ..] => u32::from_le_bytes([a, b, c, d]) & 0xFF_FFFF,
            [a, b, c] => u32::from_le_bytes([a, b, c, 0]),
            _ => return 0,
        };
        let hash = word.wrapping_mul(0x9E37_79B1) >> (u32::BITS - HASH_BITS);
        let last = std::mem::replace(&mut self.heads[hash as usize], self.base + at as u32);
        self.chain[at] = last;
        last
    }

    /// The longest match at `at` that is longer than `least`, the nearest of those.
    fn find(
        &self,
        input: &[u8],
        at: usize,
        mut candidate: u32,
        least: usize,
        effort: Effort,
    ) -> Option<(usize, usize)> {
        let longest = (input.len() - at).min(MAX_MATCH);
        let (mut best, mut found) = (least, None);
        if longest <= best {
            return None;
        }
        for _ in 0..effort.depth {
            let Some(from) = candidate.checked_sub(self.base) else { break };
            let from = from as usize;
            // The last byte of a better match first: most fail there.
            if input[from + best] == input[at + best] {
                let len = common(&input[from..], &input[at..at + longest]);
                if len > best {
                    (best, found) = (len, Some((len, at - from)));
                    if len >= effort.nice || len == longest {
                        break;
                    }
                }
            }
            candidate = self.chain[from];
        }
        found
    }
}

/// How many bytes two slices have in common at their start.
fn common(a: &[u8], b: &[u8]) -> usize {
    let (words, _) = a.as_chunks::<8>();
    let (others, _) = b.as_chunks::<8>();
    let mut len = 0;
    for (word, other) in words.iter().zip(others) {
        let different = u64::from_le_bytes(*word) ^ u64::from_le_bytes(*other);
        if different != 0 {
            return len + different.trailing_zeros() as usize / 8;
        }
        len += 8;
    }
    len + a[len..].iter().zip(&b[len..]).take_while(|(a, b)| a == b).count()
}

/// The symbol of a length, how many extra bits follow it, and these.
fn length_symbol(len: usize) -> (usize, u32, usize) {
    let over = len - MIN_MATCH;
    match over {
        ..8 => (END + 1 + over, 0, 0),
        255 => (LONGEST, 0, 0),
        _ => {
            // Four symbols for each power of two.
            let extra = over.ilog2() - 2;
            (END + 1 + 4 * extra as usize + (over >> extra), extra, over & ((1 << extra) - 1))
        }
    }
}

/// As [`length_symbol`].
fn distance_symbol(distance: usize) -> (usize, u32, usize) {
    let over = distance - 1;
    if over < 4 {
        return (over, 0, 0);
    }
    // Two for each power of two.
    let extra = over.ilog2() - 1;
    (2 * extra as usize + (over >> extra), extra, over & ((1 << extra) - 1))
}

/// A prefix code: for each symbol how many bits it has, and these, the first one lowest.
#[derive(Clone, Copy, Debug)]
struct Codes<const N: usize> {
    lens: [u8; N],
    words: [u32; N],
}

impl<const N: usize> Codes<N> {
    /// The best code of `counts` with no more than `most` bits a symbol, and the bits that so many of each take. There
    /// are two symbols at least, as some decoders want it.
    #[allow(clippy::cast_possible_truncation)]
    fn new(counts: &[u32; N], most: usize) -> (Codes<N>, usize) {
        let mut used = [0_u16; N];
        let mut many = 0;
        for (symbol, &count) in counts.iter().enumerate() {
            used[many] = symbol as u16;
            many += usize::from(count > 0);
        }
        match used[..many] {
            [] => used[..2].copy_from_slice(&[0, 1]),
            [0] => used[1] = 1,
            [only] => used[..2].copy_from_slice(&[0, only]),
            _ => {}
        }
        let used = &used[..many.max(2)];
        let mut symbols = [0; N];
        let symbols = by_count(used, counts, &mut symbols);

        let mut with_len = lengths(symbols, most);
        let (mut len, mut next) = (most, first_codes(&with_len));
        let mut codes = Codes { lens: [0; N], words: [0; N] };
        let mut bits = 0;
        for &symbol in symbols {
            while with_len[len] == 0 {
                len -= 1;
            }
            with_len[len] -= 1;
            codes.lens[(symbol & SYMBOL) as usize] = len as u8;
            bits += len * (symbol >> COUNT) as usize;
        }
        for &symbol in used {
            codes.name(symbol.into(), &mut next);
        }
        // One that was added to the used ones has the count 1 above, but is not written.
        (codes, bits - 2_usize.saturating_sub(many))
    }

    /// The canonical code of these lengths.
    const fn of(lens: [u8; N]) -> Codes<N> {
        let mut with_len = [0; MAX_BITS + 1];
        let mut symbol = 0;
        while symbol < N {
            with_len[lens[symbol] as usize] += 1;
            symbol += 1;
        }
        let (mut codes, mut next) = (Codes { lens, words: [0; N] }, first_codes(&with_len));
        symbol = 0;
        while symbol < N {
            codes.name(symbol, &mut next);
            symbol += 1;
        }
        codes
    }

    /// Gives a symbol the next word of its length.
    const fn name(&mut self, symbol: usize, next: &mut [u32; MAX_BITS + 1]) {
        let len = self.lens[symbol];
        self.words[symbol] = next[len as usize].reverse_bits() >> (u32::BITS - len as u32);
        next[len as usize] += 1;
    }

    /// The bits that so many of each symbol take.
    fn cost(&self, counts: &[u32; N]) -> usize {
        self.lens.iter().zip(counts).map(|(&len, &count)| u32::from(len) * count).sum::<u32>() as usize
    }
}

/// The first word of each length.
const fn first_codes(with_len: &[u16; MAX_BITS + 1]) -> [u32; MAX_BITS + 1] {
    let mut first = [0; MAX_BITS + 1];
    let mut len = 2;
    while len <= MAX_BITS {
        first[len] = (first[len - 1] + with_len[len - 1] as u32) << 1;
        len += 1;
    }
    first
}

/// Where a count stands above its symbol.
const COUNT: u32 = 9;
const SYMBOL: u32 = (1 << COUNT) - 1;
/// Counts below are sorted by counting them.
const FEW: usize = 32;

/// `used` below their counts, rarest first. A symbol that has none counts as 1.
fn by_count<'a, const N: usize>(used: &[u16], counts: &[u32; N], to: &'a mut [u32; N]) -> &'a [u32] {
    let count = |symbol: u16| counts[usize::from(symbol)].max(1);
    let class = |symbol| (count(symbol) as usize).min(FEW);
    let mut ends = [0; FEW + 1];
    used.iter().for_each(|&symbol| ends[class(symbol)] += 1);
    let mut next = 0;
    for end in &mut ends {
        next += std::mem::replace(end, next);
    }
    for &symbol in used {
        let at = &mut ends[class(symbol)];
        to[*at] = count(symbol) << COUNT | u32::from(symbol);
        *at += 1;
    }
    let to = &mut to[..used.len()];
    to[ends[FEW - 1]..].sort_unstable();
    to
}

/// How many symbols have each length in the best code, of symbols that stand below their counts, rarest first.
#[allow(clippy::cast_possible_truncation)]
fn lengths(symbols: &[u32], most: usize) -> [u16; MAX_BITS + 1] {
    // Two queues: the symbols, and the pairs that were made of the two rarest, which come about in order too.
    let pairs = symbols.len() - 1;
    let mut counts = [0_u32; LITERALS];
    let mut parents = [0_u16; LITERALS];
    let mut leaf_parents = [0_u16; LITERALS];
    let (mut leaf, mut pair) = (0, 0);
    for made in 0..pairs {
        for _ in 0..2 {
            let is_leaf = leaf < symbols.len() && (pair == made || symbols[leaf] >> COUNT <= counts[pair]);
            if is_leaf {
                counts[made] += symbols[leaf] >> COUNT;
                leaf_parents[leaf] = made as u16;
                leaf += 1;
            } else {
                counts[made] += counts[pair];
                parents[pair] = made as u16;
                pair += 1;
            }
        }
    }
    // The last pair is the root.
    let mut depths = [0_u16; LITERALS];
    for pair in (0..pairs - 1).rev() {
        depths[pair] = depths[usize::from(parents[pair])] + 1;
    }
    let mut with_len = [0; MAX_BITS + 1];
    for &parent in &leaf_parents[..symbols.len()] {
        with_len[usize::from(depths[usize::from(parent)] + 1).min(most)] += 1;
    }
    // What was too deep takes more than there is: others go deeper, until all fit.
    let taken = |with_len: &[u16]| -> usize {
        (1..=most).map(|len| usize::from(with_len[len]) << (most - len)).sum()
    };
    for _ in 1 << most..taken(&with_len) {
        let longer = (1..most).rev().find(|&len| with_len[len] > 0).unwrap_or(1);
        with_len[longer] -= 1;
        with_len[longer + 1] += 2;
        with_len[most] -= 1;
    }
    with_len
}

const FIXED_LITERALS: Codes<LITERALS> = {
    let mut lens = [8; LITERALS];
    let mut symbol = 144;
    while symbol < 280 {
        lens[symbol] = if symbol < END { 9 } else { 7 };
        symbol += 1;
    }
    Codes::of(lens)
};
const FIXED_DISTANCES: Codes<DISTANCES> = Codes::of([5; DISTANCES]);

/// The codes of a block, and how long it is with them.
struct Block {
    bits: usize,
    literals: Codes<LITERALS>,
    distances: Codes<DISTANCES>,
    /// What says which codes these are, unless they are the fixed ones.
    header: Option<Header>,
}

/// The lengths of the two codes of a block, run-length coded.
struct Header {
    precodes: Codes<PRECODES>,
    /// Symbols, and what follows them.
    runs: Vec<(u8, u8)>,
    /// How many lengths there are of literals, of distances and of precodes.
    literals: usize,
    distances: usize,
    given: usize,
    bits: usize,
}

impl Header {
    fn new(literals: &[u8; LITERALS], distances: &[u8; DISTANCES]) -> Header {
        let end = |lens: &[u8]| lens.iter().rposition(|&len| len > 0).map_or(0, |last| last + 1);
        let (many, far) = (end(literals), end(distances));
        let mut lens = [0; LITERALS + DISTANCES];
        lens[..many].copy_from_slice(&literals[..many]);
        lens[many..many + far].copy_from_slice(&distances[..far]);
        let runs = run_lengths(&lens[..many + far]);
        let (mut counts, mut extra) = ([0; PRECODES], 0);
        for &(symbol, _) in &runs {
            counts[usize::from(symbol)] += 1;
            extra += run_extra(symbol) as usize;
        }
        let (precodes, run_bits) = Codes::new(&counts, MAX_PRECODE_BITS);
        let last = PRECODE_ORDER.iter().rposition(|&symbol| precodes.lens[symbol] > 0);
        let given = last.map_or(4, |last| (last + 1).max(4));
        let bits = 5 + 5 + 4 + 3 * given + run_bits + extra;
        Header { precodes, runs, literals: many, distances: far, given, bits }
    }

    #[allow(clippy::cast_possible_truncation)]
    fn write(&self, to: &mut Writer) {
        to.put(self.literals as u32 - 257, 5);
        to.put(self.distances as u32 - 1, 5);
        to.put(self.given as u32 - 4, 4);
        for &symbol in &PRECODE_ORDER[..self.given] {
            to.put(self.precodes.lens[symbol].into(), 3);
        }
        for &(symbol, extra) in &self.runs {
            to.symbol(&self.precodes, symbol.into());
            to.put(extra.into(), run_extra(symbol));
        }
    }
}

/// Lengths as precodes: themselves, 16 for three to six times the last one, 17 and 18 for three to 138 zeros.
#[allow(clippy::cast_possible_truncation)]
fn run_lengths(mut lens: &[u8]) -> Vec<(u8, u8)> {
    let mut runs = Vec::with_capacity(LITERALS + DISTANCES);
    while let [len, ..] = *lens {
        let most = if len == 0 { 138 } else { 7 };
        let times = lens.iter().take(most).take_while(|&&other| other == len).count();
        lens = &lens[times..];
        let times = times as u8;
        match (len, times) {
            (0, 11..) => runs.push((18, times - 11)),
            (0, 3..) => runs.push((17, times - 3)),
            (_, 4..) => runs.extend([(len, 0), (16, times - 4)]),
            _ => runs.extend(std::iter::repeat_n((len, 0), times.into())),
        }
    }
    runs
}

/// The extra bits of a precode.
fn run_extra(symbol: u8) -> u32 {
    match symbol {
        16 => 2,
        17 => 3,
        18 => 7,
        _ => 0,
    }
}

impl Block {
    fn new(tokens: &[Token]) -> Block {
        let (mut literals, mut distances) = ([0; LITERALS], [0; DISTANCES]);
        literals[END] = 1;
        let mut extra = 0;
        for token in tokens {
            if token.len == 0 {
                literals[usize::from(token.distance)] += 1;
                continue;
            }
            let (symbol, bits, _) = length_symbol(token.len.into());
            literals[symbol] += 1;
            extra += bits as usize;
            let (symbol, bits, _) = distance_symbol(token.distance.into());
            distances[symbol] += 1;
            extra += bits as usize;
        }
        let fixed_bits = 3 + extra + FIXED_LITERALS.cost(&literals) + FIXED_DISTANCES.cost(&distances);

        let (literal_codes, literal_bits) = Codes::new(&literals, MAX_BITS);
        let (distance_codes, distance_bits) = Codes::new(&distances, MAX_BITS);
        let header = Header::new(&literal_codes.lens, &distance_codes.lens);
        let bits = 3 + header.bits + extra + literal_bits + distance_bits;
        if bits < fixed_bits {
            let (literals, distances) = (literal_codes, distance_codes);
            Block { bits, literals, distances, header: Some(header) }
        } else {
            Block { bits: fixed_bits, literals: FIXED_LITERALS, distances: FIXED_DISTANCES, header: None }
        }
    }

    /// How long the block is, with codes or, if that is shorter, without.
    fn bytes(&self, input: usize) -> usize {
        self.bits.div_ceil(8).min(STORED + input)
    }

    #[allow(clippy::cast_possible_truncation)]
    fn write(&self, tokens: &[Token], input: &[u8], out: &mut Vec<u8>) {
        if self.bytes(input.len()) < self.bits.div_ceil(8) {
            let len = input.len() as u16;
            out.push(1);
            out.extend_from_slice(&len.to_le_bytes());
            out.extend_from_slice(&(!len).to_le_bytes());
            return out.extend_from_slice(input);
        }
        let mut to = Writer { out, bits: 0, count: 0 };
        to.put(if self.header.is_some() { 0b101 } else { 0b011 }, 3);
        if let Some(header) = &self.header {
            header.write(&mut to);
        }
        for token in tokens {
            if token.len == 0 {
                to.symbol(&self.literals, token.distance.into());
                continue;
            }
            let (symbol, bits, extra) = length_symbol(token.len.into());
            to.symbol(&self.literals, symbol);
            to.put(extra as u32, bits);
            let (symbol, bits, extra) = distance_symbol(token.distance.into());
            to.symbol(&self.distances, symbol);
            to.put(extra as u32, bits);
        }
        to.symbol(&self.literals, END);
        to.end();
    }
}

/// The bytes that a stored block has beside its input.
const STORED: usize = 5;

/// Puts bits together, the first one lowest.
struct Writer<'a> {
    out: &'a mut Vec<u8>,
    bits: u64,
    /// Fewer than 32 between calls.
    count: u32,
}

impl Writer<'_> {
    /// At most 32 bits.
    fn put(&mut self, bits: u32, count: u32) {
        self.bits |= u64::from(bits) << self.count;
        self.count += count;
        if self.count >= u32::BITS {
            let [a, b, c, d, ..] = self.bits.to_le_bytes();
            self.out.extend_from_slice(&[a, b, c, d]);
            self.bits >>= u32::BITS;
            self.count -= u32::BITS;
        }
    }

    fn symbol<const N: usize>(&mut self, codes: &Codes<N>, symbol: usize) {
        self.put(codes.words[symbol], codes.lens[symbol].into());
    }

    /// What is left, up to a byte's boundary.
    fn end(self) {
        let bytes = self.bits.to_le_bytes();
        self.out.extend_from_slice(&bytes[..self.count.div_ceil(8) as usize]);
    }
}
