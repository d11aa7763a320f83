//! `cargo xtask dist`: what is handed out: a tarball to unpack anywhere, and Debian packages.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::install::{self, Place, Version};
use crate::kit::{self, Args, Outcome, Result};

const ABOUT: &str = "Node's core modules as a native library";
/// The field has to have an address; there is none to give.
const MAINTAINER: &str = "The nodecore developers <nodecore@localhost>";
const LONG: &str = " fs, path, url, querystring, crypto, zlib and stream with the semantics of
 Node.js, on libuv, behind a C ABI.";

pub(crate) fn run(mut args: Args) -> Outcome {
    let out = match args.value("--out")? {
        Some(out) => PathBuf::from(out),
        None => kit::target_dir()?.join("dist"),
    };
    if let [word, ..] = &args.rest()?[..] {
        return Err(format!("unknown word '{word}'").into());
    }
    fs::create_dir_all(&out).map_err(|error| format!("{}: {error}", out.display()))?;
    let version = install::version()?;
    println!("{}", tarball(&out, &version)?.display());
    if kit::run(Command::new("dpkg-deb").arg("--version")).is_ok_and(|ran| ran.good) {
        for package in debian(&out, &version)? {
            println!("{}", package.display());
        }
    } else {
        println!("no dpkg-deb here: no Debian packages");
    }
    Ok(true)
}

/// All of an installation below one folder; its pkg-config file finds the folder by itself.
fn tarball(out: &Path, version: &Version) -> Result<PathBuf> {
    let work = kit::target_dir()?.join("dist-work");
    kit::fresh_dir(&work)?;
    let name = format!("nodecore-{}-{}-{}", version.whole, std::env::consts::OS, std::env::consts::ARCH);
    let place = Place { prefix: PathBuf::from("/"), libdir: "lib".to_owned(), stage: Some(work.join(&name)) };
    install::install(&place, version)?;
    let pc = work.join(&name).join("lib/pkgconfig/nodecore.pc");
    let text = kit::read(&pc)?.replacen("prefix=/\n", "prefix=${pcfiledir}/../..\n", 1);
    kit::write(&pc, text)?;
    kit::must(Command::new("cp").arg(kit::root().join("LICENSE")).arg(work.join(&name)))?;
    let made = out.join(format!("{name}.tar.gz"));
    let mut tar = Command::new("tar");
    tar.args(["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "-czf"]).arg(&made);
    kit::must(tar.arg("-C").arg(&work).arg(&name))?;
    Ok(made)
}

/// The runtime package, by the ABI's version, and the one to build with.
fn debian(out: &Path, version: &Version) -> Result<Vec<PathBuf>> {
    let asked = |name: &str| kit::must(Command::new("dpkg-architecture").arg(format!("-q{name}")));
    let (arch, triplet) = (asked("DEB_HOST_ARCH")?, asked("DEB_HOST_MULTIARCH")?);
    let (arch, triplet) = (arch.trim(), triplet.trim());
    let work = kit::target_dir()?.join("dist-work/debian");
    kit::fresh_dir(&work)?;
    let libdir = format!("lib/{triplet}");
    let (all, runtime) = (work.join("all"), format!("libnodecore{}", version.abi));
    let place = Place { prefix: PathBuf::from("/usr"), libdir: libdir.clone(), stage: Some(all.clone()) };
    install::install(&place, version)?;

    // What a program needs to run is the versioned names; all else is to build with.
    let lib = all.join("usr").join(&libdir);
    let own = work.join(&runtime);
    let own_lib = own.join("usr").join(&libdir);
    fs::create_dir_all(&own_lib)?;
    for name in [version.file(), version.soname()] {
        fs::rename(lib.join(&name), own_lib.join(&name))?;
    }
    let depends = shared_depends(&work, &own_lib.join(version.file()))?;
    let mut made = Vec::new();
    for (name, folder, section, depends) in [
        (runtime.clone(), own, "libs", depends),
        ("libnodecore-dev".to_owned(), all, "libdevel", format!("{runtime} (= {})", version.whole)),
    ] {
        let text = if section == "libs" { "the shared library" } else { "headers and the static library" };
        let docs = folder.join("usr/share/doc").join(&name);
        fs::create_dir_all(&docs)?;
        fs::copy(kit::root().join("LICENSE"), docs.join("copyright"))?;
        let size = kit::must(Command::new("du").args(["-sk", "--apparent-size"]).arg(&folder))?;
        let size = size.split_whitespace().next().unwrap_or("0");
        let control = format!(
            "Package: {name}\nSource: nodecore\nVersion: {}\nArchitecture: {arch}\nMulti-Arch: same\n\
             Maintainer: {MAINTAINER}\nInstalled-Size: {size}\n\
             Depends: {depends}\nSection: {section}\nPriority: optional\n\
             Description: {ABOUT}: {text}\n{LONG}\n",
            version.whole
        );
        kit::write(&folder.join("DEBIAN/control"), control)?;
        if section == "libs" {
            let soname = format!("libnodecore {} {name} (>= {})\n", version.abi, version.whole);
            kit::write(&folder.join("DEBIAN/shlibs"), soname)?;
            kit::write(&folder.join("DEBIAN/triggers"), "activate-noawait ldconfig\n")?;
        }
        let package = out.join(format!("{name}_{}_{arch}.deb", version.whole));
        let mut build = Command::new("dpkg-deb");
        kit::must(build.args(["--root-owner-group", "--build"]).arg(&folder).arg(&package))?;
        made.push(package);
    }
    Ok(made)
}

/// The packages whose libraries `library` needs.
fn shared_depends(work: &Path, library: &Path) -> Result<String> {
    // The tool insists on a source package's folder.
    kit::write(
        &work.join("debian/control"),
        "Source: nodecore\n\nPackage: libnodecore\nArchitecture: any\n",
    )?;
    let told = kit::must(Command::new("dpkg-shlibdeps").current_dir(work).arg("-O").arg(library))?;
    let depends = told.lines().find_map(|line| line.strip_prefix("shlibs:Depends="));
    Ok(depends.ok_or("dpkg-shlibdeps names no packages")?.to_owned())
}
