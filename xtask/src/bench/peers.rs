//! The runtimes to measure against: where they are, and `cargo xtask peers`, which installs them.

use crate::kit::{self, Args, Outcome, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A runtime that was found.
pub(crate) struct Peer {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) program: PathBuf,
    /// What goes before the script.
    pub(crate) arguments: &'static [&'static str],
}

struct Kind {
    name: &'static str,
    program: &'static str,
    arguments: &'static [&'static str],
}

const KINDS: &[Kind] = &[
    Kind { name: "Node", program: "node", arguments: &[] },
    Kind { name: "Bun", program: "bun", arguments: &[] },
    Kind {
        name: "Deno",
        program: "deno",
        arguments: &["run", "--allow-all", "--no-config", "--no-lock", "--quiet"],
    },
];

/// The npm packages of the peers for this machine, with the program in each; their major versions are the measured ones.
fn packages() -> Result<[(String, &'static str); 3]> {
    let os = match std::env::consts::OS {
        "linux" => "linux",
        "macos" => "darwin",
        other => return Err(format!("no packages of the peers for {other}").into()),
    };
    let arch = match std::env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => return Err(format!("no packages of the peers for {other}").into()),
    };
    let libc = if os == "linux" { "-glibc" } else { "" };
    Ok([
        (format!("node-{os}-{arch}@26"), "bin/node"),
        (format!("@oven/bun-{os}-{}@1", arch.replace("arm64", "aarch64")), "bin/bun"),
        (format!("@deno/{os}-{arch}{libc}@2"), "deno"),
    ])
}

/// Looks for every peer: in `folder` (or `NODECORE_PEERS`, or `target/peers`), then on PATH. What is absent gives a
/// line that says so.
pub(crate) fn find(folder: Option<&Path>) -> Result<Vec<std::result::Result<Peer, String>>> {
    let named =
        folder.map(Path::to_path_buf).or_else(|| std::env::var_os("NODECORE_PEERS").map(PathBuf::from));
    if let Some(named) = named.as_ref().filter(|named| !named.is_dir()) {
        return Err(format!("{}: no such folder of peers", named.display()).into());
    }
    let folder = match named {
        Some(folder) => folder,
        None => kit::target_dir()?.join("peers"),
    };
    Ok(KINDS
        .iter()
        .zip(packages()?)
        .map(|(kind, (package, inside))| one(kind, &folder, &package, inside))
        .collect())
}

fn one(kind: &Kind, folder: &Path, package: &str, inside: &str) -> std::result::Result<Peer, String> {
    let package = package.rsplit_once('@').map_or(package, |(name, _)| name);
    let here = [
        folder.join("node_modules").join(package).join(inside),
        folder.join("bin").join(kind.program),
        folder.join(kind.program),
    ];
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).map(|folder| folder.join(kind.program));
    let found = here.into_iter().chain(on_path).filter(|program| program.is_file());
    for program in found {
        let Ok(ran) = kit::run(Command::new(&program).arg("--version")) else { continue };
        let digits = ran.out.trim_start_matches(|c: char| !c.is_ascii_digit());
        let version: String = digits.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        if ran.good && !version.is_empty() {
            let major = version.split('.').next().unwrap_or_default();
            let name = if kind.name == "Node" { format!("Node {major}") } else { kind.name.to_owned() };
            return Ok(Peer { name, version, program, arguments: kind.arguments });
        }
    }
    Err(format!("{}: not found, left out (cargo xtask peers installs it)", kind.name))
}

/// `cargo xtask peers [DIR]`.
pub(crate) fn install(args: Args) -> Outcome {
    let words = args.rest()?;
    let folder = match words.as_slice() {
        [] => kit::target_dir()?.join("peers"),
        [folder] => std::path::absolute(folder)?,
        _ => return Err("one folder at most".into()),
    };
    std::fs::create_dir_all(&folder)?;
    let packages = packages()?;
    let status = Command::new("npm")
        .args(["install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"])
        .arg(&folder)
        .args(packages.iter().map(|(package, _)| package))
        .status()
        .map_err(|error| format!("npm: {error}"))?;
    if !status.success() {
        return Err("npm install failed".into());
    }
    let mut all = true;
    for found in find(Some(&folder))? {
        match found {
            Ok(peer) => println!("{} {}: {}", peer.name, peer.version, peer.program.display()),
            Err(missing) => {
                all = false;
                println!("{missing}");
            }
        }
    }
    Ok(all)
}
