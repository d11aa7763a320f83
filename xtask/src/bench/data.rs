//! The files that the benchmarks read.

use crate::kit::{self, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The size of the file `source`.
pub(super) const SOURCE_BYTES: usize = 8 << 20;

/// Makes, once: `4k`; `many/0` to `many/63`, 4 KiB each; `source`, 8 MiB of source text; `source.gz`.
pub(super) fn prepare(scratch: &Path) -> Result<PathBuf> {
    let data = scratch.join("data");
    let packed = data.join("source.gz");
    if packed.exists() {
        return Ok(data);
    }
    let block: Vec<u8> = (0..4096_u32).map(|i| b'a' + u8::try_from(i * 7 % 26).unwrap_or_default()).collect();
    kit::write(&data.join("4k"), &block)?;
    for i in 0..64 {
        kit::write(&data.join(format!("many/{i}")), &block)?;
    }
    let source = data.join("source");
    kit::write(&source, source_text()?)?;
    // Written last: its presence means that all is there.
    let gzip = Command::new("gzip").args(["-6", "-n", "-c"]).arg(&source).output()?;
    if !gzip.status.success() {
        return Err("gzip failed".into());
    }
    kit::write(&packed, gzip.stdout)?;
    Ok(data)
}

/// The Rust sources of the workspace's dependencies, in order of name, up to 8 MiB; repeated if there are fewer.
fn source_text() -> Result<Vec<u8>> {
    let text = kit::must(kit::cargo().args(["metadata", "--format-version", "1"]))?;
    let metadata: serde_json::Value = serde_json::from_str(&text)?;
    let mut manifests: Vec<PathBuf> = metadata["packages"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|package| !package["source"].is_null())
        .filter_map(|package| package["manifest_path"].as_str().map(PathBuf::from))
        .collect();
    manifests.sort();
    let mut all = Vec::with_capacity(SOURCE_BYTES);
    for manifest in manifests {
        let Some(folder) = manifest.parent() else { continue };
        for file in kit::files(folder, "rs", true)? {
            all.extend(std::fs::read(file)?);
            if all.len() >= SOURCE_BYTES {
                all.truncate(SOURCE_BYTES);
                return Ok(all);
            }
        }
    }
    if all.is_empty() {
        return Err("no dependency's sources to make the 8 MiB of source text from".into());
    }
    let once = all.len();
    while all.len() < SOURCE_BYTES {
        let more = once.min(SOURCE_BYTES - all.len());
        all.extend_from_within(..more);
    }
    Ok(all)
}
