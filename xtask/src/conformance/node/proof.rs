//! Whether a process really ran on our modules.
//!
//! `replace.js` of the addon writes, in every process that it is loaded into and that ends by itself, a file
//! `PID.json` to the folder `NODECORE_PROOF`:
//!
//! - `loaded`: for each module of [`SWAPPED`], how often code outside the addon required or imported it;
//! - `marked`: those of them whose module object bore the marker `Symbol.for('nodecore.module')`;
//! - `worked`: how many objects of a module were made, whoever made them: `fs.createReadStream()` makes one of
//!   `stream`;
//! - `globals`: the globals that are ours, such as `URL`;
//! - `version` of nodecore, and `argv`.
//!
//! What the addon does not take the place of at all it need not count; so the runner asks it first, once,
//! which modules bear the marker ([`swapped_by`](super::run::Runner::swapped_by)). A file ran on nodecore if
//!
//! 1. the process that the runner started, known by its pid, left such a file;
//! 2. every module of [`SWAPPED`] that it, or any child that left a file, loaded is marked: one that is not
//!    marked was Node's own, whatever the others were;
//! 3. every module of [`SWAPPED`] that the file's own text requires or imports is one that the addon swaps;
//! 4. the module that the file is about was among those loaded, by it or by such a child, or an object of it
//!    worked there. `URL` and `URLSearchParams` are also globals, as is `crypto`: for a file about `url` or
//!    `crypto` that loads no module of that name, these globals have to be ours instead.
//!
//! `test/common` itself loads `fs` and `path`, so the fourth says little about these two; the second and
//! third do.
//!
//! A file that loads none of [`SWAPPED`] even on the stock runtime can prove nothing, and is not counted:
//! [`observer`] sees what is loaded there, and [`loaded_none`] judges it.

use super::files::TestFile;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The modules that nodecore takes the place of.
pub(super) const SWAPPED: &[&str] = &[
    "fs",
    "fs/promises",
    "path",
    "path/posix",
    "path/win32",
    "url",
    "querystring",
    "crypto",
    "zlib",
    "stream",
    "stream/promises",
    "stream/consumers",
];
/// The marker on a module of nodecore, as JavaScript says it.
pub(super) const MARKER: &str = "Symbol.for('nodecore.module')";
/// Longer ones are not ours.
const LONGEST: u64 = 1 << 20;

#[derive(Debug, Deserialize)]
struct Proof {
    version: String,
    loaded: BTreeMap<String, u64>,
    marked: Vec<String>,
    #[serde(default)]
    worked: BTreeMap<String, u64>,
    #[serde(default)]
    globals: Vec<String>,
}

/// What the proofs of one test file say.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// Ours, of this version, in so many processes.
    Ours { version: String, processes: usize },
    /// Not ours: why, and the modules to blame, if it is about modules.
    Not { why: String, modules: BTreeSet<String> },
}

fn not(why: impl Into<String>) -> Use {
    Use::Not { why: why.into(), modules: BTreeSet::new() }
}

/// The modules of [`SWAPPED`] that a program's text requires or imports.
pub(super) fn mentions(text: &str) -> Vec<&'static str> {
    const BEFORE: &[&str] = &["require(", "from", "import", "import(", "getBuiltinModule("];
    let asked = |name: &str| {
        ["'", "\""]
            .iter()
            .flat_map(|quote| ["", "node:"].map(|prefix| format!("{quote}{prefix}{name}{quote}")))
            .any(|literal| {
                let before = |at: usize| BEFORE.iter().any(|word| text[..at].trim_end().ends_with(word));
                text.match_indices(&literal).any(|(at, _)| before(at))
            })
    };
    SWAPPED.iter().copied().filter(|name| asked(name)).collect()
}

/// Judges a file about `module` that mentions `mentions` and ran as process `main`, with `folder` for the
/// proofs, on an addon that swaps `swapped`.
pub(super) fn judge(
    folder: &Path,
    main: u32,
    module: &str,
    mentions: &[&str],
    swapped: &BTreeSet<String>,
) -> Use {
    let mut proofs: Vec<Proof> = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let Some(pid) = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".json")) else {
            continue;
        };
        let is_main = pid == main.to_string();
        match read(&path) {
            Ok(proof) if is_main => proofs.insert(0, proof),
            Ok(proof) => proofs.push(proof),
            Err(why) if is_main => return not(format!("unreadable proof: {why}")),
            // A child may have been killed while it wrote.
            Err(_) => {}
        }
    }
    if !folder.join(format!("{main}.json")).exists() {
        return not("no proof: replace.js was not loaded, or did not see the process end");
    }
    let missing: Vec<&str> = mentions.iter().copied().filter(|name| !swapped.contains(*name)).collect();
    if !missing.is_empty() {
        return Use::Not {
            why: format!("{} is not swapped by the addon", missing.join(", ")),
            modules: missing.iter().map(|name| family(name).to_owned()).collect(),
        };
    }
    verdict(&proofs, module)
}

fn read(path: &Path) -> Result<Proof, String> {
    let length = fs::metadata(path).map_err(|error| error.to_string())?.len();
    if length > LONGEST {
        return Err(format!("{length} bytes"));
    }
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    serde_json::from_str(&text).map_err(|error| error.to_string())
}

/// The rule, over the proof of the main process and then those of its children.
fn verdict(proofs: &[Proof], module: &str) -> Use {
    let Some(main) = proofs.first() else { return not("no proof") };
    for (at, proof) in proofs.iter().enumerate() {
        let unmarked: Vec<&str> =
            used(proof).filter(|name| !proof.marked.iter().any(|m| bare(m) == *name)).collect();
        if !unmarked.is_empty() {
            let who = if at == 0 { "" } else { "a child's " };
            return Use::Not {
                why: format!("{who}{} was the runtime's own", unmarked.join(", ")),
                modules: unmarked.iter().map(|name| family(name).to_owned()).collect(),
            };
        }
    }
    let globals = globals(module);
    let loaded = |proof: &Proof| used(proof).any(|name| family(name) == module);
    let worked = |proof: &Proof| proof.worked.get(module).is_some_and(|objects| *objects > 0);
    let ours = |name: &&str| main.globals.iter().any(|global| global == name);
    if !proofs.iter().any(|proof| loaded(proof) || worked(proof))
        && (globals.is_empty() || !globals.iter().all(ours))
    {
        return Use::Not {
            why: format!("{module} was never loaded, and no object of it made"),
            modules: BTreeSet::from([module.to_owned()]),
        };
    }
    Use::Ours { version: main.version.clone(), processes: proofs.len() }
}

/// The globals that stand for a module.
fn globals(module: &str) -> &'static [&'static str] {
    match module {
        "url" => &["URL", "URLSearchParams"],
        "crypto" => &["crypto"],
        _ => &[],
    }
}

/// Whether `file` may load none of [`SWAPPED`], as far as its text says. What an ES module imports, or a call
/// of `import()`, [`observer`] does not see.
pub(super) fn may_load_none(file: &TestFile) -> bool {
    !file.imports && file.mentions.is_empty() && globals(file.module).is_empty()
}

/// A program to be preloaded on the stock runtime. In the folder `NODECORE_PROOF` it makes a file
/// `PID.observed` for its process, and `loaded` when anything but what is beneath `common` loads one of
/// [`SWAPPED`].
pub(super) fn observer(common: &Path) -> serde_json::Result<String> {
    let common = serde_json::to_string(&format!("{}{}", common.display(), std::path::MAIN_SEPARATOR))?;
    let names = serde_json::to_string(SWAPPED)?;
    Ok(format!(
        "'use strict';\n\
         const Module = require('module');\n\
         const {{ writeFileSync }} = require('fs');\n\
         const folder = process.env.NODECORE_PROOF;\n\
         const names = new Set({names});\n\
         const note = (name) => {{\n\
         \x20 if (names.has(String(name).replace(/^node:/, ''))) writeFileSync(`${{folder}}/loaded`, '');\n\
         }};\n\
         const {{ _load }} = Module;\n\
         Module._load = function (request, parent, isMain) {{\n\
         \x20 if (!parent?.filename?.startsWith({common})) note(request);\n\
         \x20 return _load.call(this, request, parent, isMain);\n\
         }};\n\
         const {{ getBuiltinModule }} = process;\n\
         if (getBuiltinModule) process.getBuiltinModule = (name) => (note(name), getBuiltinModule(name));\n\
         writeFileSync(`${{folder}}/${{process.pid}}.observed`, '');\n"
    ))
}

/// Whether the process `main` was observed, and neither it nor a child loaded anything.
pub(super) fn loaded_none(folder: &Path, main: u32) -> bool {
    folder.join(format!("{main}.observed")).exists() && !folder.join("loaded").exists()
}

/// The modules of [`SWAPPED`] that a process loaded.
fn used(proof: &Proof) -> impl Iterator<Item = &str> {
    let loaded = proof.loaded.iter().filter(|(_, times)| **times > 0);
    loaded.map(|(name, _)| bare(name)).filter(|name| SWAPPED.contains(name))
}

fn bare(name: &str) -> &str {
    name.strip_prefix("node:").unwrap_or(name)
}

/// `fs` for `fs/promises`.
fn family(name: &str) -> &str {
    name.split('/').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::{Proof, TestFile, Use, loaded_none, may_load_none, mentions, verdict};
    use std::collections::BTreeSet;
    use std::path::Path;

    fn judge(folder: &Path, main: u32, module: &str) -> Use {
        let swapped = ["fs", "path"].map(str::to_owned).into();
        super::judge(folder, main, module, &["fs"], &swapped)
    }

    fn proof(loaded: &[&str], marked: &[&str], globals: &[&str]) -> Proof {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        Proof {
            version: "0.1.0".to_owned(),
            loaded: loaded.iter().map(|name| ((*name).to_owned(), 1)).collect(),
            marked: owned(marked),
            worked: [].into(),
            globals: owned(globals),
        }
    }

    fn blamed(what: Use) -> Option<(String, Vec<String>)> {
        match what {
            Use::Ours { .. } => None,
            Use::Not { why, modules } => Some((why, modules.into_iter().collect())),
        }
    }

    #[test]
    fn every_loaded_module_is_marked() {
        let good = proof(&["fs", "node:path", "os"], &["path", "fs"], &[]);
        assert_eq!(verdict(&[good], "fs"), Use::Ours { version: "0.1.0".to_owned(), processes: 1 });
        let bad = proof(&["fs", "stream/promises"], &["fs"], &[]);
        let (why, modules) = blamed(verdict(&[bad], "fs")).expect("stream is not ours");
        assert_eq!(why, "stream/promises was the runtime's own");
        assert_eq!(modules, ["stream"]);
        // One form of a module says nothing of another.
        assert!(blamed(verdict(&[proof(&["fs/promises"], &["fs"], &[])], "fs")).is_some());
    }

    #[test]
    fn the_module_itself_is_loaded() {
        let (why, modules) =
            blamed(verdict(&[proof(&["fs"], &["fs", "zlib"], &["URL"])], "zlib")).expect("no zlib");
        assert_eq!(why, "zlib was never loaded, and no object of it made");
        assert_eq!(modules, ["zlib"]);
        let unused = Proof { loaded: [("zlib".to_owned(), 0)].into(), ..proof(&[], &["zlib"], &[]) };
        assert!(blamed(verdict(&[unused], "zlib")).is_some());
        assert_eq!(blamed(verdict(&[proof(&["fs/promises"], &["fs/promises"], &[])], "fs")), None);
    }

    #[test]
    fn an_object_of_a_module_stands_for_it() {
        let made = |objects| Proof {
            worked: [("stream".to_owned(), objects)].into(),
            ..proof(&["fs"], &["fs"], &[])
        };
        assert_eq!(blamed(verdict(&[made(1)], "stream")), None);
        assert_eq!(blamed(verdict(&[proof(&["fs"], &["fs"], &[]), made(2)], "stream")), None);
        assert!(blamed(verdict(&[made(0)], "stream")).is_some());
        assert!(blamed(verdict(&[made(1)], "zlib")).is_some());
        // It says nothing of what was loaded besides.
        let other = Proof { loaded: [("zlib".to_owned(), 1)].into(), ..made(1) };
        assert!(blamed(verdict(&[other], "stream")).is_some());
    }

    #[test]
    fn what_may_load_none() {
        let file = |module, imports, mentions: &[&'static str]| TestFile {
            module,
            imports,
            mentions: mentions.to_vec(),
            ..TestFile::plain("a.js".into())
        };
        assert!(may_load_none(&file("stream", false, &[])));
        assert!(!may_load_none(&file("stream", true, &[])));
        assert!(!may_load_none(&file("stream", false, &["fs"])));
        assert!(!may_load_none(&file("url", false, &[])));
    }

    #[test]
    fn what_was_observed() {
        let folder = std::env::temp_dir().join(format!("nodecore-observed-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        assert!(!loaded_none(&folder, 7), "not observed");
        std::fs::write(folder.join("7.observed"), "").expect("observed");
        assert!(loaded_none(&folder, 7) && !loaded_none(&folder, 8));
        std::fs::write(folder.join("loaded"), "").expect("loaded");
        assert!(!loaded_none(&folder, 7));
        std::fs::remove_dir_all(&folder).expect("removed");
    }

    #[test]
    fn globals_stand_for_their_modules() {
        let both = ["URL", "URLSearchParams"];
        assert_eq!(blamed(verdict(&[proof(&["fs"], &["fs"], &both)], "url")), None);
        assert!(blamed(verdict(&[proof(&["fs"], &["fs"], &both[..1])], "url")).is_some());
        assert!(blamed(verdict(&[proof(&["url"], &[], &both)], "url")).is_some());
        assert_eq!(blamed(verdict(&[proof(&[], &[], &["crypto"])], "crypto")), None);
        assert!(blamed(verdict(&[proof(&[], &[], &both)], "path")).is_some());
    }

    #[test]
    fn children_count() {
        let good = || proof(&["fs"], &["fs"], &[]);
        let two = verdict(&[good(), proof(&["zlib"], &["zlib"], &[])], "fs");
        assert_eq!(two, Use::Ours { version: "0.1.0".to_owned(), processes: 2 });
        let (why, _) =
            blamed(verdict(&[good(), proof(&["zlib"], &[], &[])], "fs")).expect("the child's zlib");
        assert_eq!(why, "a child's zlib was the runtime's own");
    }

    #[test]
    fn what_a_program_asks_for() {
        let text = "const fs = require( 'node:fs' );\nimport a, { b } from \"path\";\nimport 'zlib';\n\
            const c = await import('stream/promises');\nassert.strictEqual(x, 'url'); // require(`crypto`)\n";
        assert_eq!(mentions(text), ["fs", "path", "zlib", "stream/promises"]);
    }

    #[test]
    fn files_are_found_by_pid() {
        let folder = std::env::temp_dir().join(format!("nodecore-proof-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let text = r#"{"version":"0.1.0","loaded":{"fs":2},"marked":["fs"],"argv":["node"]}"#;
        assert!(blamed(judge(&folder, 7, "fs")).expect("none").0.starts_with("no proof"));
        std::fs::write(folder.join("8.json"), text).expect("a child's");
        assert!(blamed(judge(&folder, 7, "fs")).expect("a child's only").0.starts_with("no proof"));
        std::fs::write(folder.join("7.json"), "{").expect("half");
        assert!(blamed(judge(&folder, 7, "fs")).expect("half").0.starts_with("unreadable proof"));
        std::fs::write(folder.join("7.json"), text).expect("the main one");
        std::fs::write(folder.join("9.json"), "").expect("a child that was killed");
        assert_eq!(judge(&folder, 7, "fs"), Use::Ours { version: "0.1.0".to_owned(), processes: 2 });
        let swapped = BTreeSet::from(["fs".to_owned()]);
        let (why, modules) =
            blamed(super::judge(&folder, 7, "fs", &["fs", "fs/promises"], &swapped)).expect("one");
        assert_eq!(
            (why.as_str(), modules),
            ("fs/promises is not swapped by the addon", vec!["fs".to_owned()])
        );
        std::fs::remove_dir_all(&folder).expect("removed");
    }
}
