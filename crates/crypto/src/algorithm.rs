//! The digests there are, by all their names, and what computes them.
//!
//! Measured on 64 bytes, 1 KiB and 1 MiB: [`Direct`] is the fastest at each size for what it has (RustCrypto's `sha1` and
//! `sha2` need up to a quarter more, `EVP` some 200 ns more at each digest). All else goes through `EVP`.

use std::fmt;
use std::sync::OnceLock;

use nodecore_error::{Code, Error, Result};

use crate::engine::{Direct, Kind, MAX_LENGTH, Md, MdCtx, Raised};

/// A digest algorithm.
#[derive(Clone, Copy)]
pub(crate) struct Algorithm(&'static Row);

/// What there is to know of a digest.
struct Row {
    /// OpenSSL's name.
    name: &'static str,
    /// Bytes of output; of an XOF, those that Node gives unasked.
    length: usize,
    engine: Which,
    /// What `getHashes` calls it.
    names: &'static [&'static str],
    /// Fetched when first asked for; `None` if there is none, which is never so in an OpenSSL built as ours.
    md: OnceLock<Option<Md>>,
}

#[derive(Clone, Copy)]
enum Which {
    Direct(Kind),
    Evp,
    /// Through `EVP`, as long as one likes.
    Xof,
}

const fn row(name: &'static str, length: usize, engine: Which, names: &'static [&'static str]) -> Row {
    Row { name, length, engine, names, md: OnceLock::new() }
}

static TABLE: [Row; 26] = [
    row(
        "SHA2-256",
        32,
        Which::Direct(Kind::Sha256),
        &["RSA-SHA256", "sha-256", "sha2-256", "sha256", "sha256WithRSAEncryption"],
    ),
    row(
        "SHA1",
        20,
        Which::Direct(Kind::Sha1),
        &["RSA-SHA1", "RSA-SHA1-2", "sha-1", "sha1", "sha1WithRSAEncryption", "ssl3-sha1"],
    ),
    row(
        "SHA2-512",
        64,
        Which::Direct(Kind::Sha512),
        &["RSA-SHA512", "sha-512", "sha2-512", "sha512", "sha512WithRSAEncryption"],
    ),
    row(
        "SHA2-384",
        48,
        Which::Direct(Kind::Sha384),
        &["RSA-SHA384", "sha-384", "sha2-384", "sha384", "sha384WithRSAEncryption"],
    ),
    row(
        "SHA2-224",
        28,
        Which::Direct(Kind::Sha224),
        &["RSA-SHA224", "sha-224", "sha2-224", "sha224", "sha224WithRSAEncryption"],
    ),
    row("MD5", 16, Which::Direct(Kind::Md5), &["RSA-MD5", "md5", "md5WithRSAEncryption", "ssl3-md5"]),
    row("MD5-SHA1", 36, Which::Evp, &["md5-sha1"]),
    row("SHA2-256/192", 24, Which::Evp, &["sha-256/192", "sha2-256/192", "sha256-192"]),
    row(
        "SHA2-512/224",
        28,
        Which::Evp,
        &["RSA-SHA512/224", "sha-512/224", "sha2-512/224", "sha512-224", "sha512-224WithRSAEncryption"],
    ),
    row(
        "SHA2-512/256",
        32,
        Which::Evp,
        &["RSA-SHA512/256", "sha-512/256", "sha2-512/256", "sha512-256", "sha512-256WithRSAEncryption"],
    ),
    row("SHA3-224", 28, Which::Evp, &["RSA-SHA3-224", "id-rsassa-pkcs1-v1_5-with-sha3-224", "sha3-224"]),
    row("SHA3-256", 32, Which::Evp, &["RSA-SHA3-256", "id-rsassa-pkcs1-v1_5-with-sha3-256", "sha3-256"]),
    row("SHA3-384", 48, Which::Evp, &["RSA-SHA3-384", "id-rsassa-pkcs1-v1_5-with-sha3-384", "sha3-384"]),
    row("SHA3-512", 64, Which::Evp, &["RSA-SHA3-512", "id-rsassa-pkcs1-v1_5-with-sha3-512", "sha3-512"]),
    row("KECCAK-224", 28, Which::Evp, &["keccak-224"]),
    row("KECCAK-256", 32, Which::Evp, &["keccak-256"]),
    row("KECCAK-384", 48, Which::Evp, &["keccak-384"]),
    row("KECCAK-512", 64, Which::Evp, &["keccak-512"]),
    row("KECCAK-KMAC-128", 32, Which::Xof, &["keccak-kmac-128", "keccak-kmac128"]),
    row("KECCAK-KMAC-256", 64, Which::Xof, &["keccak-kmac-256", "keccak-kmac256"]),
    row("SHAKE-128", 16, Which::Xof, &["shake-128", "shake128"]),
    row("SHAKE-256", 32, Which::Xof, &["shake-256", "shake256"]),
    row("BLAKE2B-512", 64, Which::Evp, &["blake2b-512", "blake2b512"]),
    row("BLAKE2S-256", 32, Which::Evp, &["blake2s-256", "blake2s256"]),
    row(
        "RIPEMD-160",
        20,
        Which::Evp,
        &["RSA-RIPEMD160", "ripemd", "ripemd-160", "ripemd160", "ripemd160WithRSA", "rmd160"],
    ),
    row("SM3", 32, Which::Evp, &["RSA-SM3", "sm3", "sm3WithRSAEncryption"]),
];

/// The names of all digests, sorted. Node: `crypto.getHashes()`
/// (<https://nodejs.org/api/crypto.html#cryptogethashes>).
///
/// # Examples
/// ```
/// assert!(nodecore_crypto::get_hashes().contains(&"sha3-256"));
/// ```
pub fn get_hashes() -> &'static [&'static str] {
    static NAMES: OnceLock<Vec<&str>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let mut names: Vec<&str> = TABLE.iter().flat_map(|row| row.names).copied().collect();
        names.sort_unstable();
        names
    })
}

/// The longest of the names.
const LONGEST: usize = 40;

impl Algorithm {
    /// The algorithm of that name, in any case: one of `getHashes`, or another of OpenSSL's.
    #[inline]
    pub(crate) fn parse(name: &str) -> Option<Algorithm> {
        match name {
            "sha256" => Some(Algorithm(&TABLE[0])),
            "sha1" => Some(Algorithm(&TABLE[1])),
            "sha512" => Some(Algorithm(&TABLE[2])),
            // Node's own name for it, in these two cases only.
            "dss1" | "DSS1" => Some(Algorithm(&TABLE[1])),
            _ => Algorithm::find(c_text(name)),
        }
    }

    #[inline(never)]
    fn find(name: &str) -> Option<Algorithm> {
        static NAMES: OnceLock<Vec<(String, &Row)>> = OnceLock::new();
        let names = NAMES.get_or_init(|| {
            let mut names: Vec<(String, &Row)> = TABLE
                .iter()
                .flat_map(|row| row.names.iter().map(move |name| (name.to_ascii_lowercase(), row)))
                .collect();
            names.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
            names
        });
        let mut lower = [0; LONGEST];
        if let Some(lower) = lower.get_mut(..name.len()) {
            lower.copy_from_slice(name.as_bytes());
            lower.make_ascii_lowercase();
            if let Ok(at) = names.binary_search_by(|(known, _)| known.as_bytes().cmp(lower)) {
                return Some(Algorithm(names[at].1));
            }
        }
        // An object identifier, for example.
        let md = Md::fetch(name)?;
        TABLE.iter().find(|row| md.is_a(row.name)).map(Algorithm)
    }

    /// OpenSSL's name.
    #[cfg(test)]
    pub(crate) fn name(self) -> &'static str {
        self.0.name
    }

    /// Bytes of output; of an XOF, those that Node gives unasked.
    pub(crate) fn length(self) -> usize {
        self.0.length
    }

    /// Whether the length of the output is the caller's choice.
    pub(crate) fn is_xof(self) -> bool {
        matches!(self.0.engine, Which::Xof)
    }

    /// Bytes of a block.
    ///
    /// # Errors
    /// As [`Engine::new`].
    pub(crate) fn block_size(self) -> Result<usize> {
        match self.0.engine {
            Which::Direct(kind) => Ok(kind.block_size()),
            Which::Evp | Which::Xof => Ok(self.md()?.block_size()),
        }
    }

    /// How many bytes the output has if `asked` are wanted; `None` if it cannot have as many.
    pub(crate) fn output(self, asked: Option<u32>) -> Option<usize> {
        match asked.map(|asked| asked as usize) {
            None => Some(self.0.length),
            Some(asked) => (self.is_xof() || asked == self.0.length).then_some(asked),
        }
    }

    /// The digest of `data` at the start of `out`, which has room for it; of an XOF as much as `out` has room for.
    ///
    /// # Errors
    /// OpenSSL's.
    #[inline]
    pub(crate) fn digest(self, data: &[u8], out: &mut [u8]) -> Result<()> {
        if let Which::Direct(kind) = self.0.engine {
            let mut digest = [0; MAX_LENGTH];
            kind.digest(data, &mut digest);
            out[..self.0.length].copy_from_slice(&digest[..self.0.length]);
            return Ok(());
        }
        let mut engine = Engine::new(self)?;
        engine.update(data)?;
        engine.finish(out)
    }

    /// As [`Algorithm::digest`], into memory of its own.
    ///
    /// # Errors
    /// OpenSSL's.
    #[inline]
    pub(crate) fn digest_vec(self, data: &[u8], length: usize) -> Result<Vec<u8>> {
        if let Which::Direct(kind) = self.0.engine {
            let mut digest = [0; MAX_LENGTH];
            kind.digest(data, &mut digest);
            return Ok(digest[..self.0.length].to_vec());
        }
        let mut out = room(length)?;
        self.digest(data, &mut out)?;
        Ok(out)
    }

    /// What computes it below `EVP`.
    #[inline]
    pub(crate) fn direct(self) -> Option<Kind> {
        match self.0.engine {
            Which::Direct(kind) => Some(kind),
            Which::Evp | Which::Xof => None,
        }
    }

    /// The digest as `EVP` has it.
    ///
    /// # Errors
    /// `Digest method not supported`, which is never so in an OpenSSL built as ours.
    pub(crate) fn md(self) -> Result<&'static Md> {
        let md = self.0.md.get_or_init(|| Md::fetch(self.0.name)).as_ref();
        md.ok_or_else(|| unsupported("Digest method not supported"))
    }
}

impl fmt::Debug for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name)
    }
}

/// What Node throws for a name that is no digest's; like the name, the text ends with a NUL.
pub(crate) fn unsupported(text: &str) -> Error {
    Error::new(Code::Uncoded, c_text(text))
}

/// As much of a name as C sees.
pub(crate) fn c_text(name: &str) -> &str {
    name.split_once('\0').map_or(name, |(start, _)| start)
}

/// Zeroes for an output of a length that the caller chose.
///
/// # Errors
/// OpenSSL's `malloc failure`, as in Node.
pub(crate) fn room(length: usize) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    out.try_reserve_exact(length).map_err(|_| Raised::MallocFailure.error())?;
    out.resize(length, 0);
    Ok(out)
}

/// The state of a digest.
#[expect(clippy::large_enum_variant, reason = "the common digests do without an allocation")]
pub(crate) enum Engine {
    Direct(Direct),
    Evp(MdCtx),
    Xof(MdCtx),
}

impl Engine {
    /// One that has seen nothing.
    ///
    /// # Errors
    /// OpenSSL's, if there is no memory.
    #[inline]
    pub(crate) fn new(algorithm: Algorithm) -> Result<Engine> {
        Ok(match algorithm.0.engine {
            Which::Direct(kind) => Engine::Direct(kind.start()),
            Which::Evp => Engine::Evp(MdCtx::new(algorithm.md()?)?),
            Which::Xof => Engine::Xof(MdCtx::new(algorithm.md()?)?),
        })
    }

    /// Adds `data`.
    ///
    /// # Errors
    /// OpenSSL's.
    #[inline]
    pub(crate) fn update(&mut self, data: &[u8]) -> Result<()> {
        match self {
            Engine::Direct(state) => {
                state.update(data);
                Ok(())
            }
            Engine::Evp(ctx) | Engine::Xof(ctx) => ctx.update(data),
        }
    }

    /// Ends it. `out` has room for the digest, which is its start; an XOF fills all of it.
    ///
    /// # Errors
    /// OpenSSL's.
    #[inline]
    pub(crate) fn finish(&mut self, out: &mut [u8]) -> Result<()> {
        match self {
            Engine::Direct(state) => {
                let mut digest = [0; MAX_LENGTH];
                state.finish(&mut digest);
                let length = out.len().min(MAX_LENGTH);
                out[..length].copy_from_slice(&digest[..length]);
                Ok(())
            }
            Engine::Evp(ctx) => ctx.finish(out),
            Engine::Xof(_) if out.is_empty() => Ok(()),
            Engine::Xof(ctx) => ctx.finish_xof(out),
        }
    }

    /// Another in the same state.
    ///
    /// # Errors
    /// OpenSSL's, if there is no memory.
    pub(crate) fn try_clone(&self) -> Result<Engine> {
        Ok(match self {
            Engine::Direct(state) => Engine::Direct(state.clone()),
            Engine::Evp(ctx) => Engine::Evp(ctx.try_clone()?),
            Engine::Xof(ctx) => Engine::Xof(ctx.try_clone()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_what_openssl_says() {
        for row in &TABLE {
            let algorithm = Algorithm(row);
            let md = algorithm.md().expect(row.name);
            assert_eq!(md.is_xof(), algorithm.is_xof(), "{}", row.name);
            assert!(algorithm.is_xof() || md.size() == row.length, "{}", row.name);
            assert_eq!(md.block_size(), algorithm.block_size().expect(row.name), "{}", row.name);
            for name in row.names {
                assert!(name.len() <= LONGEST);
                for spelled in [(*name).to_owned(), name.to_uppercase(), name.to_lowercase()] {
                    assert_eq!(Algorithm::parse(&spelled).expect(name).name(), row.name, "{spelled}");
                }
            }
            // Names of OpenSSL's beside those of the table.
            for name in md.names() {
                assert_eq!(Algorithm::parse(&name).expect(&name).name(), row.name, "{name}");
            }
        }
        for name in ["", "nope", "sha512/256", " sha256", "md4", &"a".repeat(1000)] {
            assert!(Algorithm::parse(name).is_none(), "{name}");
        }
    }

    #[test]
    fn whole_and_in_parts_are_the_same() {
        let data: Vec<u8> = (0..999_u32).map(|at| at.to_le_bytes()[0]).collect();
        for row in &TABLE {
            let algorithm = Algorithm(row);
            let (mut whole, mut parts) = ([0; 64], [0; 64]);
            let (whole, parts) = (&mut whole[..row.length], &mut parts[..row.length]);
            algorithm.digest(&data, whole).expect(row.name);
            let mut engine = Engine::new(algorithm).expect(row.name);
            engine.update(&data[..500]).expect(row.name);
            let mut copy = engine.try_clone().expect(row.name);
            engine.update(b"!").expect(row.name);
            copy.update(&data[500..]).expect(row.name);
            copy.finish(parts).expect(row.name);
            assert_eq!(whole, parts, "{}", row.name);
        }
    }
}
