//! The stock runtime's results, kept between runs: they change only with the runtime, the suite or the file.

use super::files::TestFile;
use super::run::{Attempt, Verdict};
use crate::kit::{self, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    hash: String,
    attempt: Attempt,
    loads_none: bool,
}

/// The results of one runtime's version on one suite's, by file.
#[derive(Debug)]
pub(super) struct Cache {
    path: PathBuf,
    files: BTreeMap<String, Kept>,
}

impl Cache {
    /// What is kept in `path`; nothing, where that is not to be read.
    pub(super) fn open(path: PathBuf) -> Cache {
        let files =
            kit::read(&path).ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        Cache { path, files }
    }

    /// The result of this very file, unless a longer limit might change it; and whether it loads none of the
    /// modules.
    pub(super) fn get(&self, file: &TestFile, limit: Duration) -> Option<(Attempt, bool)> {
        let kept = self.files.get(&file.name).filter(|kept| kept.hash == file.hash)?;
        let sooner = kept.attempt.verdict == Verdict::TimedOut && kept.attempt.seconds < limit.as_secs_f64();
        (!sooner).then(|| (kept.attempt.clone(), kept.loads_none))
    }

    pub(super) fn put(&mut self, file: &TestFile, attempt: &Attempt, loads_none: bool) {
        let kept = Kept { hash: file.hash.clone(), attempt: attempt.clone(), loads_none };
        self.files.insert(file.name.clone(), kept);
    }

    pub(super) fn save(&self) -> Result<()> {
        kit::write(&self.path, serde_json::to_string(&self.files)?)
    }
}

#[cfg(test)]
mod tests {
    use super::{Attempt, Cache, Duration, TestFile, Verdict};
    use std::collections::BTreeSet;
    use std::path::PathBuf;

    #[test]
    fn results_are_kept_while_they_hold() {
        let path = std::env::temp_dir().join(format!("nodecore-stock-{}.json", std::process::id()));
        let file = |name: &str, hash: &str| TestFile {
            hash: hash.to_owned(),
            ..TestFile::plain(PathBuf::from(name))
        };
        let attempt = |verdict| Attempt {
            verdict,
            seconds: 5.0,
            line: "a\u{1b}".to_owned(),
            tail: String::new(),
            not_swapped: BTreeSet::new(),
            nodecore: None,
        };
        let mut cache = Cache::open(path.clone());
        cache.put(&file("a", "1"), &attempt(Verdict::Failed), false);
        cache.put(&file("b", "1"), &attempt(Verdict::TimedOut), false);
        cache.put(&file("d", "1"), &attempt(Verdict::Passed), true);
        cache.save().expect("saved");
        let cache = Cache::open(path.clone());
        let get = |name, hash, seconds| cache.get(&file(name, hash), Duration::from_secs(seconds));
        assert_eq!(
            get("a", "1", 60).map(|(kept, none)| (kept.verdict, kept.line, none)),
            Some((Verdict::Failed, "a\u{1b}".to_owned(), false))
        );
        assert!(get("a", "2", 60).is_none() && get("c", "1", 60).is_none());
        assert!(get("b", "1", 5).is_some() && get("b", "1", 6).is_none());
        assert!(get("d", "1", 60).is_some_and(|(_, loads_none)| loads_none));
        std::fs::write(&path, "{").expect("spoilt");
        assert!(Cache::open(path.clone()).get(&file("a", "1"), Duration::from_secs(60)).is_none());
        std::fs::remove_file(path).expect("removed");
    }
}
