//! `cargo xtask abi`: does the C interface say the same in the headers, in Rust and in the library?
//!
//! - [`headers`]: each header compiles alone as C99 and as C++17, and all of them twice in one program;
//! - [`symbols`]: declared functions = `c-api/symbols.txt` = what the shared library exports;
//! - [`shape`]: signatures, struct layouts and constants, by handing bindgen's reading of the header and c-api's own
//!   items to the compiler side by side;
//! - [`recorded`]: the interface = `c-api/abi.txt`, which does not change but with the version;
//! - [`versions`]: the version macros and functions = Cargo.toml; the error map = `nodecore-error`'s table.
//!
//! What this asks of c-api: types, constants and functions carry their C names verbatim; structs that C sees into are
//! `#[repr(C)]` with `pub` fields named as in C; all of it in the crate's root or in modules right below it.
//! `--self-test` changes copies on one side only and shows that every kind of change is found.

mod headers;
mod recorded;
mod selftest;
mod shape;
mod symbols;
mod versions;

pub(crate) use headers::{declared as declared_symbols, without_comments};
pub(crate) use symbols::listed as listed_symbols;

use crate::kit::{self, Args, Built, Outcome, Result, Tally};
use std::path::{Path, PathBuf};

/// What the checks look at; the self-test points them at changed copies.
#[derive(Clone, Debug)]
struct Inputs {
    include: PathBuf,
    capi: PathBuf,
    /// An empty folder for generated files.
    work: PathBuf,
    version: String,
    library: PathBuf,
    rustc: shape::Rustc,
}

impl Inputs {
    fn umbrella(&self) -> PathBuf {
        self.include.join("nodecore.h")
    }

    fn symbols(&self) -> PathBuf {
        self.capi.join("symbols.txt")
    }

    /// The same checks on copies of the inputs below `folder`, where symbols.txt is made if there is none yet.
    fn copy_to(&self, folder: &Path) -> Result<Inputs> {
        kit::fresh_dir(folder)?;
        let copy = Inputs {
            include: folder.join("include"),
            capi: folder.join("c-api"),
            work: folder.join("work"),
            ..self.clone()
        };
        kit::copy_tree(&self.include, &copy.include)?;
        kit::copy_tree(&self.capi, &copy.capi)?;
        std::fs::create_dir_all(&copy.work)?;
        if !copy.symbols().exists() {
            kit::write(&copy.symbols(), symbols::text(&headers::declared(&copy.include)?))?;
        }
        Ok(copy)
    }
}

pub(crate) fn run(mut args: Args) -> Outcome {
    let (self_test, write_symbols) = (args.flag("--self-test"), args.flag("--write-symbols"));
    let write_abi = args.flag("--write-abi");
    let release = args.flag("--release");
    args.rest()?;
    let root = kit::root();
    if write_symbols {
        let names = headers::declared(&root.join("include"))?;
        kit::write(&root.join("c-api/symbols.txt"), symbols::text(&names))?;
        println!("c-api/symbols.txt: {} names", names.len());
    }
    let inputs = gather(&root, release)?;
    if write_abi {
        recorded::write(&inputs, &shape::header(&inputs.umbrella(), &inputs.include)?)?;
    }
    if self_test { selftest::run(&inputs) } else { Ok(check(&inputs, Tally::default())?.close()) }
}

/// Builds the library and notes how it was built.
fn gather(root: &Path, release: bool) -> Result<Inputs> {
    let mut cargo = kit::cargo();
    cargo.args(["build", "--package", "nodecore-capi", "--lib"]);
    if release {
        cargo.arg("--release");
    }
    let built = kit::build(&mut cargo)?;
    let work = kit::target_dir()?.join("abi");
    kit::fresh_dir(&work)?;
    Ok(Inputs {
        include: root.join("include"),
        capi: root.join("c-api"),
        work,
        version: workspace_version(root)?,
        library: shared_library(&built)?,
        rustc: shape::Rustc::of(&built)?,
    })
}

fn workspace_version(root: &Path) -> Result<String> {
    let manifest: toml::Table = toml::from_str(&kit::read(&root.join("Cargo.toml"))?)?;
    let version = &manifest["workspace"]["package"]["version"];
    Ok(version.as_str().ok_or("Cargo.toml: workspace.package.version is no string")?.to_owned())
}

fn shared_library(built: &Built) -> Result<PathBuf> {
    built
        .files
        .values()
        .flatten()
        .find(|file| file.ends_with("libnodecore.so") || file.ends_with("libnodecore.dylib"))
        .cloned()
        .ok_or_else(|| "cargo build made no shared libnodecore".into())
}

/// All checks.
fn check(inputs: &Inputs, mut tally: Tally) -> Result<Tally> {
    headers::check(inputs, &mut tally)?;
    let readable = tally.failed == 0;
    symbols::check(inputs, &mut tally)?;
    if !readable {
        tally.fail("signatures, layouts, constants, versions", "not compared: the headers do not compile");
        return Ok(tally);
    }
    match shape::header(&inputs.umbrella(), &inputs.include) {
        Ok(header) => {
            shape::check(inputs, &header, &mut tally)?;
            versions::check(inputs, &header, &mut tally)?;
            recorded::check(inputs, &header, &mut tally)?;
        }
        Err(problem) => tally.fail("include/nodecore.h through bindgen", &problem.to_string()),
    }
    Ok(tally)
}
