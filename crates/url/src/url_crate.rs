//! Conversion to and from the `url` crate's `Url`; feature `url`.

use nodecore_error::{Code, Error, Result};

use crate::Url;

/// Fails where the other parser reads this URL differently: the result always has the same [`href`](Url::href).
///
/// ```
/// use nodecore_url::Url;
///
/// let url = Url::parse("https://example.org/a?b#c")?;
/// let theirs = url::Url::try_from(&url)?;
/// assert_eq!(theirs.as_str(), url.href());
/// assert_eq!(Url::try_from(&theirs)?, url);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
///
/// # Errors
/// [`Code::InvalidUrl`], with the href as input, if that crate refuses it or would change it.
/// `tests/against_url_crate.rs` has the rules by which the two differ.
impl TryFrom<&Url> for ::url::Url {
    type Error = Error;

    fn try_from(url: &Url) -> Result<::url::Url> {
        match ::url::Url::parse(url.href()) {
            Ok(theirs) if theirs.as_str() == url.href() => Ok(theirs),
            _ => Err(changed(url.href())),
        }
    }
}

/// As for [`&Url`](Url).
impl TryFrom<Url> for ::url::Url {
    type Error = Error;

    fn try_from(url: Url) -> Result<::url::Url> {
        ::url::Url::try_from(&url)
    }
}

/// Fails where this parser reads the URL differently: the result always has the same text.
///
/// # Errors
/// [`Code::InvalidUrl`], with the text as input, if it is not valid here or would change.
impl TryFrom<&::url::Url> for Url {
    type Error = Error;

    fn try_from(theirs: &::url::Url) -> Result<Url> {
        match Url::parse(theirs.as_str()) {
            Ok(url) if url.href() == theirs.as_str() => Ok(url),
            _ => Err(changed(theirs.as_str())),
        }
    }
}

/// As for [`&url::Url`](::url::Url).
impl TryFrom<::url::Url> for Url {
    type Error = Error;

    fn try_from(theirs: ::url::Url) -> Result<Url> {
        Url::try_from(&theirs)
    }
}

fn changed(text: &str) -> Error {
    Error::from_template(Code::InvalidUrl, &[]).with_input(text)
}
