//! `cargo xtask faults`: every system call under every operation of fs fails once, at every place.
//!
//! Builds `tests/faults/preload.c`, which fails calls of the program it is loaded into, and runs the test that walks
//! through the operations with it (`crates/fs/tests/injection.rs`). `--short` takes one errno instead of all.

use std::path::Path;

use crate::kit::{self, Args, Outcome};

/// The crates with a test `injection`.
const CRATES: &[&str] = &["nodecore-fs"];

pub(crate) fn run(mut args: Args) -> Outcome {
    let short = args.flag("--short");
    if let Some(word) = args.rest()?.first() {
        return Err(format!("what is '{word}'?").into());
    }
    if !cfg!(target_os = "linux") {
        println!("faults: skipped: calls are intercepted by LD_PRELOAD, as Linux has it");
        return Ok(true);
    }
    let work = kit::target_dir()?.join("faults");
    std::fs::create_dir_all(&work)?;
    let library = work.join("preload.so");
    let mut cc = kit::tool("CC", "cc");
    cc.args(["-std=c11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared"])
        .arg(kit::root().join("tests/faults/preload.c"))
        .arg("-o")
        .arg(&library)
        .arg("-ldl");
    kit::must(&mut cc)?;
    let mut good = true;
    for name in CRATES {
        let mut cargo = kit::cargo();
        cargo
            .args(["test", "--package", name, "--test", "injection", "--", "--nocapture"])
            .env("NODECORE_FAULTS_LIBRARY", &library);
        // Thousands of small trees, and files that are flushed: on a disk that takes minutes.
        if std::env::var_os("TMPDIR").is_none() && Path::new("/dev/shm").is_dir() {
            cargo.env("TMPDIR", "/dev/shm");
        }
        if short {
            cargo.env("NODECORE_FAULTS", "short");
        }
        good &= cargo.status()?.success();
    }
    Ok(good)
}
