//! `cargo xtask openssl DIR`: OpenSSL once, for all profiles.
//!
//! Left to itself Cargo builds it in each profile's folder, some minutes each time. The Makefile has it built here
//! and tells openssl-sys where it is; without the Makefile openssl-sys builds its own, from the same source.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::kit::{Args, Outcome};

pub(crate) fn run(args: Args) -> Outcome {
    let [dir] = &args.rest()?[..] else { return Err("say where: cargo xtask openssl DIR".into()) };
    let dir = PathBuf::from(dir);
    let stamp = dir.join("version");
    let version = openssl_src::version();
    if fs::read_to_string(&stamp).is_ok_and(|built| built == version) {
        return Ok(true);
    }
    let rustc = Command::new("rustc").arg("-vV").output()?;
    let told = String::from_utf8(rustc.stdout)?;
    let Some(host) = told.lines().find_map(|line| line.strip_prefix("host: ")) else {
        return Err("rustc -vV does not name the host".into());
    };
    println!("openssl: building {version}");
    fs::create_dir_all(&dir)?;
    let built = openssl_src::Build::new().out_dir(&dir).host(host).target(host).try_build()?;
    fs::write(&stamp, version)?;
    println!("openssl: {}", built.lib_dir().display());
    Ok(true)
}
