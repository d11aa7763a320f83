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

    /// The result of this very file, unless a longer limit might change it.
    pub(super) fn get(&self, file: &TestFile, limit: Duration) -> Option<Attempt> {
        let kept = self.files.get(&file.name).filter(|kept| kept.hash == file.hash)?;
        let sooner = kept.attempt.verdict == Verdict::TimedOut && kept.attempt.seconds < limit.as_secs_f64();
        (!sooner).then(|| kept.attempt.clone())
    }

    pub(super) fn put(&mut self, file: &TestFile, attempt: &Attempt) {
        let kept = Kept { hash: file.hash.clone(), attempt: attempt.clone() };
        self.files.insert(file.name.clone(), kept);
    }

    pub(super) fn save(&self) -> Result<()> {
        kit::write(&self.path, serde_json::to_string(&self.files)?)
    }
}
