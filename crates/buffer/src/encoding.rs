//! The names of the encodings (<https://nodejs.org/api/buffer.html#buffers-and-character-encodings>).

use std::fmt;
use std::str::FromStr;

use nodecore_error::{Code, Error, Result};

/// A way to read bytes as a string and back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// `utf8`: UTF-8; what is invalid becomes U+FFFD.
    #[default]
    Utf8,
    /// `utf16le`: UTF-16 code units, low byte first.
    Utf16le,
    /// `latin1`: one byte a character, U+0000 to U+00FF.
    Latin1,
    /// `ascii`: decodes the low seven bits; encodes as `latin1`.
    Ascii,
    /// `base64`: RFC 4648 section 4; decodes both alphabets.
    Base64,
    /// `base64url`: RFC 4648 section 5 without padding; decodes both alphabets.
    Base64Url,
    /// `hex`: two digits a byte, in lower case.
    Hex,
}

impl Encoding {
    /// Every encoding.
    pub const ALL: [Encoding; 7] = [
        Encoding::Utf8,
        Encoding::Utf16le,
        Encoding::Latin1,
        Encoding::Ascii,
        Encoding::Base64,
        Encoding::Base64Url,
        Encoding::Hex,
    ];

    /// The encoding of that name, in any case, or `None` where `Buffer.isEncoding(name)` is false.
    ///
    /// # Differences from Node
    /// None for `isEncoding`. Where Node takes a missing or empty name for `utf8`
    /// (`new StringDecoder('')`), that is left to the caller.
    ///
    /// # Examples
    /// ```
    /// use nodecore_buffer::Encoding;
    ///
    /// assert_eq!(Encoding::parse("UCS-2"), Some(Encoding::Utf16le));
    /// assert_eq!(Encoding::parse("binary"), Some(Encoding::Latin1));
    /// assert_eq!(Encoding::parse("utf-7"), None);
    /// ```
    pub fn parse(name: &str) -> Option<Encoding> {
        const NAMES: [(&str, Encoding); 12] = [
            ("utf8", Encoding::Utf8),
            ("utf-8", Encoding::Utf8),
            ("hex", Encoding::Hex),
            ("base64", Encoding::Base64),
            ("base64url", Encoding::Base64Url),
            ("latin1", Encoding::Latin1),
            ("binary", Encoding::Latin1),
            ("ascii", Encoding::Ascii),
            ("utf16le", Encoding::Utf16le),
            ("utf-16le", Encoding::Utf16le),
            ("ucs2", Encoding::Utf16le),
            ("ucs-2", Encoding::Utf16le),
        ];
        NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|&(_, encoding)| encoding)
    }

    /// The name Node shows, as in `decoder.encoding`.
    pub const fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf8",
            Encoding::Utf16le => "utf16le",
            Encoding::Latin1 => "latin1",
            Encoding::Ascii => "ascii",
            Encoding::Base64 => "base64",
            Encoding::Base64Url => "base64url",
            Encoding::Hex => "hex",
        }
    }

    /// Node's error for a name that is no encoding: `TypeError [ERR_UNKNOWN_ENCODING]`.
    pub fn unknown(name: impl fmt::Display) -> Error {
        Error::from_template(Code::UnknownEncoding, &[&name])
    }
}

/// As [`Encoding::parse`], with Node's error.
impl FromStr for Encoding {
    type Err = Error;

    fn from_str(name: &str) -> Result<Encoding> {
        Encoding::parse(name).ok_or_else(|| Encoding::unknown(name))
    }
}

/// The same as [`Encoding::name`].
impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_any_case() {
        for encoding in Encoding::ALL {
            assert_eq!(Encoding::parse(encoding.name()), Some(encoding));
            assert_eq!(encoding.name().to_uppercase().parse(), Ok(encoding));
        }
        for name in ["", " utf8", "utf-16-le", "utf16-le", "base64-url", "buffer", "latin-1"] {
            assert_eq!(Encoding::parse(name), None, "{name}");
        }
    }

    #[test]
    fn unknown_names_are_nodes_error() {
        let error = "x".parse::<Encoding>().unwrap_err();
        assert_eq!(error.code().name(), "ERR_UNKNOWN_ENCODING");
        assert_eq!(error.to_string(), "Unknown encoding: x");
        assert_eq!(error.class(), nodecore_error::Class::TypeError);
    }
}
