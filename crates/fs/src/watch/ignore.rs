//! The names that are not told of.

use std::rc::Rc;

use nodecore_error::{Code, Error, Result};
use nodecore_path::Glob;

use super::options::{Ignore, Test, WatchOptions};

pub(super) struct Ignored(Vec<Matcher>);

enum Matcher {
    /// Of a whole name.
    Path(Glob),
    /// Of its last part.
    Base(Glob),
    Test(Test),
}

impl Ignored {
    pub(super) fn new(options: &WatchOptions) -> Result<Ignored> {
        let several = options.ignore.len() > 1;
        let matcher = |(index, ignore): (usize, &Ignore)| match ignore {
            Ignore::Test(test) => Ok(Matcher::Test(Rc::clone(test))),
            Ignore::Glob(glob) if glob.is_empty() => {
                let index = if several { format!("[{index}]") } else { String::new() };
                let text =
                    format!("The property 'options.ignore{index}' must be a non-empty string. Received ''");
                Err(Error::new(Code::InvalidArgValue, text))
            }
            Ignore::Glob(glob) if glob.contains('/') => Glob::posix(glob.as_str()).map(Matcher::Path),
            Ignore::Glob(glob) => Glob::posix(glob.as_str()).map(Matcher::Base),
        };
        options.ignore.iter().enumerate().map(matcher).collect::<Result<_>>().map(Ignored)
    }

    pub(super) fn matches(&self, name: &[u8]) -> bool {
        self.0.iter().any(|matcher| match matcher {
            Matcher::Path(glob) => glob.is_match(name),
            Matcher::Base(glob) => glob.is_match(name.rsplit(|&byte| byte == b'/').next().unwrap_or(name)),
            Matcher::Test(test) => test(name),
        })
    }
}
