//! The digests there are, by all their names, and what computes them.

use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512, Sha512_224, Sha512_256};

/// Declares the algorithms once: variant, engine, output length in bytes, names in lower case.
macro_rules! algorithms {
    ($($name:ident $engine:ty, $length:literal, [$($text:literal),* $(,)?];)*) => {
        /// A digest algorithm.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Algorithm { $($name),* }

        /// The names, and what they name.
        const NAMES: &[(&str, Algorithm)] = &[$($(($text, Algorithm::$name)),*),*];

        impl Algorithm {
            /// Bytes of output.
            #[cfg(test)]
            pub(crate) fn length(self) -> usize {
                match self { $(Algorithm::$name => $length),* }
            }

            /// An engine that has seen nothing.
            pub(crate) fn engine(self) -> Engine {
                match self { $(Algorithm::$name => Engine::$name(<$engine>::new())),* }
            }

            /// The digest of `data`, in one go.
            pub(crate) fn digest(self, data: &[u8]) -> Vec<u8> {
                match self { $(Algorithm::$name => <$engine>::digest(data).to_vec()),* }
            }
        }

        /// The state of a digest.
        #[derive(Clone)]
        pub(crate) enum Engine { $($name($engine)),* }

        impl Engine {
            pub(crate) fn update(&mut self, data: &[u8]) {
                match self { $(Engine::$name(engine) => engine.update(data)),* }
            }

            pub(crate) fn finish(self) -> Vec<u8> {
                match self { $(Engine::$name(engine) => engine.finalize().to_vec()),* }
            }

            pub(crate) fn algorithm(&self) -> Algorithm {
                match self { $(Engine::$name(_) => Algorithm::$name),* }
            }
        }
    };
}

algorithms! {
    Sha1 Sha1, 20, ["sha1", "sha-1", "rsa-sha1", "rsa-sha1-2", "sha1withrsaencryption", "ssl3-sha1", "1.3.14.3.2.26"];
    Sha224 Sha224, 28, [
        "sha224", "sha-224", "sha2-224", "rsa-sha224", "sha224withrsaencryption", "2.16.840.1.101.3.4.2.4",
    ];
    Sha256 Sha256, 32, [
        "sha256", "sha-256", "sha2-256", "rsa-sha256", "sha256withrsaencryption", "2.16.840.1.101.3.4.2.1",
    ];
    Sha384 Sha384, 48, [
        "sha384", "sha-384", "sha2-384", "rsa-sha384", "sha384withrsaencryption", "2.16.840.1.101.3.4.2.2",
    ];
    Sha512 Sha512, 64, [
        "sha512", "sha-512", "sha2-512", "rsa-sha512", "sha512withrsaencryption", "2.16.840.1.101.3.4.2.3",
    ];
    Sha512_224 Sha512_224, 28, [
        "sha512-224", "sha-512/224", "sha2-512/224", "rsa-sha512/224", "sha512-224withrsaencryption",
        "2.16.840.1.101.3.4.2.5",
    ];
    Sha512_256 Sha512_256, 32, [
        "sha512-256", "sha-512/256", "sha2-512/256", "rsa-sha512/256", "sha512-256withrsaencryption",
        "2.16.840.1.101.3.4.2.6",
    ];
}

impl Algorithm {
    /// The algorithm of that name, in any case.
    pub(crate) fn parse(name: &str) -> Option<Algorithm> {
        NAMES.iter().find(|(known, _)| name.eq_ignore_ascii_case(known)).map(|&(_, algorithm)| algorithm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_those_of_the_engines() {
        for (name, algorithm) in NAMES {
            assert_eq!(algorithm.engine().finish().len(), algorithm.length(), "{name}");
            assert_eq!(algorithm.digest(b"").len(), algorithm.length(), "{name}");
            assert_eq!(Algorithm::parse(&name.to_uppercase()), Some(*algorithm));
            assert_eq!(algorithm.engine().algorithm(), *algorithm);
        }
        assert_eq!(Algorithm::parse("sha512/256"), None);
        assert_eq!(Algorithm::parse(""), None);
    }
}
