//! `cargo xtask install`: the library where a C or C++ project finds it, by pkg-config or by CMake.
//!
//! The static library that Cargo makes has the symbols of all that it is made of: libuv's, OpenSSL's, brotli's, zstd's,
//! the Rust library's. Beside the system's own libuv or OpenSSL these are defined twice, or taken for one another. So
//! what `symbols.txt` needs is linked into one object, in which nothing else is visible.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::kit::{self, Args, Outcome, Result};

/// What a program that links the static library has to link besides, on Linux.
const PRIVATE: &str = "-lpthread -ldl -lm";

/// Where an installation goes.
pub(crate) struct Place {
    /// Where it will be used from.
    pub(crate) prefix: PathBuf,
    /// Below the prefix.
    pub(crate) libdir: String,
    /// What the prefix is below of while it is made, for a package.
    pub(crate) stage: Option<PathBuf>,
}

pub(crate) fn run(mut args: Args) -> Outcome {
    let place = Place {
        prefix: PathBuf::from(args.value("--prefix")?.unwrap_or_else(|| "/usr/local".to_owned())),
        libdir: args.value("--libdir")?.unwrap_or_else(|| "lib".to_owned()),
        stage: args.value("--destdir")?.map(PathBuf::from),
    };
    if let [word, ..] = &args.rest()?[..] {
        return Err(format!("unknown word '{word}'").into());
    }
    let version = version()?;
    let to = install(&place, &version)?;
    println!("nodecore {} in {}", version.whole, to.display());
    Ok(true)
}

/// Installs; gives the folder that everything is in.
pub(crate) fn install(place: &Place, version: &Version) -> Result<PathBuf> {
    let Place { prefix, libdir, stage } = place;
    if !cfg!(target_os = "linux") {
        return Err("only on Linux so far".into());
    }
    if !prefix.is_absolute() {
        return Err(format!("--prefix {}: not an absolute path", prefix.display()).into());
    }
    kit::must(kit::cargo().args(["build", "--release", "--package", "nodecore-capi"]))?;
    let built = kit::target_dir()?.join("release");
    let work = kit::target_dir()?.join("install");
    kit::fresh_dir(&work)?;

    let to = stage.as_ref().map_or_else(|| prefix.clone(), |stage| below(stage, prefix));
    let (lib, include) = (to.join(libdir), to.join("include"));
    copy(&closed(&built.join("libnodecore.a"), &work)?, &lib.join("libnodecore.a"))?;
    shared(&built.join("libnodecore.so"), &lib, version)?;
    copy(&kit::root().join("include/nodecore.h"), &include.join("nodecore.h"))?;
    kit::copy_tree(&kit::root().join("include/nodecore"), &include.join("nodecore"))?;
    kit::write(&lib.join("pkgconfig/nodecore.pc"), pkg_config(prefix, libdir, version))?;
    let cmake = lib.join("cmake/nodecore");
    kit::write(&cmake.join("nodecore-config.cmake"), cmake_config(libdir, version))?;
    kit::write(&cmake.join("nodecore-config-version.cmake"), cmake_version(version))?;
    Ok(to)
}

/// `path`, which is absolute, below `stage`.
fn below(stage: &Path, path: &Path) -> PathBuf {
    stage.join(path.strip_prefix("/").unwrap_or(path))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    fs::copy(from, to).map_err(|error| format!("{}: {error}", to.display()))?;
    Ok(())
}

/// A static library of what `archive` has, in which only the functions of `symbols.txt` are visible.
fn closed(archive: &Path, work: &Path) -> Result<PathBuf> {
    let symbols = kit::read(&kit::root().join("c-api/symbols.txt"))?;
    let names: Vec<&str> = symbols.lines().filter(|line| !line.starts_with('#')).collect();
    let (kept, roots) = (work.join("visible"), work.join("roots"));
    kit::write(&kept, names.join("\n"))?;
    kit::write(&roots, names.iter().map(|name| format!("--undefined={name}\n")).collect::<String>())?;

    let mut at_roots = OsString::from("@");
    at_roots.push(&roots);
    let (whole, object) = (work.join("whole.o"), work.join("nodecore.o"));
    // -d: common symbols are given their place, or they would stay visible.
    let mut ld = kit::tool("LD", "ld");
    kit::must(ld.args(["-r", "-d", "--gc-sections"]).arg(at_roots).arg(archive).arg("-o").arg(&whole))?;
    let mut objcopy = kit::tool("OBJCOPY", "objcopy");
    objcopy.arg("--strip-debug").arg(format!("--keep-global-symbols={}", kept.display()));
    // The bitcode of Rust's own library, which is no bitcode any more once it is joined.
    objcopy.args(["--remove-section=.llvmbc", "--remove-section=.llvmcmd"]);
    kit::must(objcopy.arg(&whole).arg(&object))?;
    let made = work.join("libnodecore.a");
    kit::must(kit::tool("AR", "ar").arg("rcsD").arg(&made).arg(&object))?;
    Ok(made)
}

/// The shared library, by its whole version, with the names that a loader and a linker look for.
fn shared(library: &Path, lib: &Path, version: &Version) -> Result<()> {
    let (soname, file) = (version.soname(), version.file());
    copy(library, &lib.join(&file))?;
    kit::must(kit::tool("STRIP", "strip").arg("--strip-unneeded").arg(lib.join(&file)))?;
    for (name, target) in [(soname.as_str(), file.as_str()), ("libnodecore.so", soname.as_str())] {
        let link = lib.join(name);
        match fs::remove_file(&link) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => symlink(target, link)?,
        }
    }
    Ok(())
}

pub(crate) struct Version {
    pub(crate) whole: String,
    /// Before 1.0 each minor version is an ABI of its own.
    pub(crate) abi: String,
}

impl Version {
    /// The name that programs ask the loader for.
    pub(crate) fn soname(&self) -> String {
        format!("libnodecore.so.{}", self.abi)
    }

    /// The file that it is a link to.
    pub(crate) fn file(&self) -> String {
        format!("libnodecore.so.{}", self.whole)
    }
}

pub(crate) fn version() -> Result<Version> {
    let metadata = kit::metadata()?;
    let packages = metadata["packages"].as_array().ok_or("cargo metadata names no packages")?;
    let whole = packages
        .iter()
        .find(|package| package["name"] == "nodecore-capi")
        .and_then(|package| package["version"].as_str())
        .ok_or("cargo metadata does not name nodecore-capi")?;
    let abi = whole.split('.').take(2).collect::<Vec<_>>().join(".");
    Ok(Version { whole: whole.to_owned(), abi })
}

fn pkg_config(prefix: &Path, libdir: &str, version: &Version) -> String {
    format!(
        "prefix={}
libdir=${{prefix}}/{libdir}
includedir=${{prefix}}/include

Name: nodecore
Description: Node's core modules as a native library
Version: {}
Cflags: -I${{includedir}}
Libs: -L${{libdir}} -lnodecore
Libs.private: {PRIVATE}
",
        prefix.display(),
        version.whole
    )
}

fn cmake_config(libdir: &str, version: &Version) -> String {
    // From lib/cmake/nodecore up to the prefix.
    let up = "/..".repeat(Path::new(libdir).components().count() + 2);
    let file = version.soname();
    format!(
        "# find_package(nodecore): nodecore::nodecore is the shared library, nodecore::static the other.
get_filename_component(_nodecore \"${{CMAKE_CURRENT_LIST_DIR}}{up}\" ABSOLUTE)
if(NOT TARGET nodecore::nodecore)
  add_library(nodecore::nodecore SHARED IMPORTED)
  set_target_properties(nodecore::nodecore PROPERTIES
    IMPORTED_LOCATION \"${{_nodecore}}/{libdir}/{file}\"
    IMPORTED_SONAME \"{file}\"
    INTERFACE_INCLUDE_DIRECTORIES \"${{_nodecore}}/include\")
  add_library(nodecore::static STATIC IMPORTED)
  set_target_properties(nodecore::static PROPERTIES
    IMPORTED_LOCATION \"${{_nodecore}}/{libdir}/libnodecore.a\"
    INTERFACE_LINK_LIBRARIES \"{}\"
    INTERFACE_INCLUDE_DIRECTORIES \"${{_nodecore}}/include\")
endif()
unset(_nodecore)
",
        PRIVATE.replace(' ', ";")
    )
}

fn cmake_version(version: &Version) -> String {
    format!(
        "set(PACKAGE_VERSION \"{}\")
if(PACKAGE_FIND_VERSION VERSION_GREATER PACKAGE_VERSION)
  set(PACKAGE_VERSION_COMPATIBLE FALSE)
else()
  # Before 1.0 each minor version is an ABI of its own.
  if(\"${{PACKAGE_FIND_VERSION_MAJOR}}.${{PACKAGE_FIND_VERSION_MINOR}}\" STREQUAL \"{}\")
    set(PACKAGE_VERSION_COMPATIBLE TRUE)
  else()
    set(PACKAGE_VERSION_COMPATIBLE FALSE)
  endif()
  if(PACKAGE_FIND_VERSION STREQUAL PACKAGE_VERSION)
    set(PACKAGE_VERSION_EXACT TRUE)
  endif()
endif()
",
        version.whole, version.abi
    )
}
