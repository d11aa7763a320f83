//! What the verbs share: arguments, paths, processes, cargo.

use std::collections::BTreeMap;
use std::error::Error;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

pub(crate) type Problem = Box<dyn Error>;
pub(crate) type Result<T> = std::result::Result<T, Problem>;
/// `Ok(false)`: the verb ran and found something wrong.
pub(crate) type Outcome = Result<bool>;

/// The words after the verb.
#[derive(Debug)]
pub(crate) struct Args(Vec<String>);

impl Args {
    pub(crate) fn new(words: Vec<String>) -> Args {
        Args(words)
    }

    /// Takes a flag such as `--release`.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|word| word != name);
        self.0.len() != before
    }

    /// Takes the first word, if it is `word`.
    pub(crate) fn first(&mut self, word: &str) -> bool {
        let found = self.0.first().is_some_and(|first| first == word);
        if found {
            self.0.remove(0);
        }
        found
    }

    /// Takes an option with a value: `--name VALUE` or `--name=VALUE`.
    pub(crate) fn value(&mut self, name: &str) -> Result<Option<String>> {
        let prefix = format!("{name}=");
        let Some(at) = self.0.iter().position(|word| word == name || word.starts_with(&prefix)) else {
            return Ok(None);
        };
        let word = self.0.remove(at);
        if let Some(value) = word.strip_prefix(&prefix) {
            return Ok(Some(value.to_owned()));
        }
        if at < self.0.len() {
            Ok(Some(self.0.remove(at)))
        } else {
            Err(format!("{name} needs a value").into())
        }
    }

    /// As [`Args::value`], for a positive whole number.
    pub(crate) fn number(&mut self, name: &str) -> Result<Option<usize>> {
        match self.value(name)? {
            None => Ok(None),
            Some(text) => match text.parse() {
                Ok(number) if number > 0 => Ok(Some(number)),
                _ => Err(format!("{name} needs a positive number, not '{text}'").into()),
            },
        }
    }

    /// The words that are left; an unknown option among them is an error.
    pub(crate) fn rest(self) -> Result<Vec<String>> {
        match self.0.iter().find(|word| word.starts_with('-')) {
            Some(word) => Err(format!("unknown option '{word}'").into()),
            None => Ok(self.0),
        }
    }
}

/// The workspace's root.
pub(crate) fn root() -> PathBuf {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest.parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// Where the standards' data and the list of Node's names lie: `NODECORE_CONFORMANCE`, or beside the project.
pub(crate) fn conformance_dir() -> PathBuf {
    std::env::var_os("NODECORE_CONFORMANCE")
        .map_or_else(|| root().join("../shared/conformance"), PathBuf::from)
}

pub(crate) fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

pub(crate) fn write(path: &Path, text: impl AsRef<[u8]>) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// The files below `folder` whose names end in `.extension`, sorted; none where there is no such folder.
pub(crate) fn files(folder: &Path, extension: &str, deep: bool) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return Ok(found) };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            if deep {
                found.extend(files(&path, extension, true)?);
            }
        } else if path.extension() == Some(OsStr::new(extension)) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Copies a folder, leaving out any `target` in it.
pub(crate) fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).map_err(|error| format!("{}: {error}", to.display()))?;
    for entry in fs::read_dir(from).map_err(|error| format!("{}: {error}", from.display()))? {
        let entry = entry?;
        if entry.file_name() == "target" {
            continue;
        }
        let (source, copy) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copy_tree(&source, &copy)?;
        } else {
            fs::copy(&source, &copy).map_err(|error| format!("{}: {error}", source.display()))?;
        }
    }
    Ok(())
}

/// Empties (or makes) a folder of ours below the target folder.
pub(crate) fn fresh_dir(path: &Path) -> Result<()> {
    if path.exists() {
        fs::remove_dir_all(path).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    fs::create_dir_all(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// A tool named by an environment variable (`CC`, `CXX`, …), which may carry arguments, or its usual name.
pub(crate) fn tool(variable: &str, usual: &str) -> Command {
    let text = std::env::var(variable).unwrap_or_default();
    let mut words = text.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or(usual));
    command.args(words);
    command
}

/// What a process printed, and whether it ended well.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) good: bool,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs a command to its end.
pub(crate) fn run(command: &mut Command) -> Result<Ran> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{}: {error}", command.get_program().display()))?;
    Ok(Ran {
        good: output.status.success(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// Runs a command that has to succeed and returns what it printed.
pub(crate) fn must(command: &mut Command) -> Result<String> {
    let ran = run(command)?;
    if ran.good {
        return Ok(ran.out);
    }
    Err(format!("{command:?} failed:\n{}{}", ran.out, ran.err).into())
}

/// Waits for `child`, at most for `limit`; past it the child is killed and `None` returned.
pub(crate) fn wait(child: &mut Child, limit: Duration) -> Result<Option<ExitStatus>> {
    let deadline = Instant::now() + limit;
    let mut pause = Duration::from_micros(200);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// What `cargo metadata` says of the workspace, without dependencies.
pub(crate) fn metadata() -> Result<serde_json::Value> {
    let text = must(cargo().args(["metadata", "--format-version", "1", "--no-deps"]))?;
    Ok(serde_json::from_str(&text)?)
}

/// The target folder in use.
pub(crate) fn target_dir() -> Result<PathBuf> {
    let metadata = metadata()?;
    Ok(PathBuf::from(metadata["target_directory"].as_str().ok_or("cargo metadata names no target folder")?))
}

/// What one `cargo build` made.
#[derive(Debug, Default)]
pub(crate) struct Built {
    /// The files of each package, by package id.
    pub(crate) files: BTreeMap<String, Vec<PathBuf>>,
    /// The features each package was built with, by package id.
    pub(crate) features: BTreeMap<String, Vec<String>>,
    /// Environment and `OUT_DIR` set by each package's build script, by package id.
    pub(crate) env: BTreeMap<String, Vec<(String, String)>>,
}

/// Runs `cargo build` with `args`, showing its progress, and gathers what it made.
pub(crate) fn build(command: &mut Command) -> Result<Built> {
    let output = command
        .arg("--message-format=json-render-diagnostics")
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cargo: {error}"))?;
    if !output.status.success() {
        return Err("cargo build failed".into());
    }
    let mut built = Built::default();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(message) = serde_json::from_str::<serde_json::Value>(line) else { continue };
        let id = message["package_id"].as_str().unwrap_or_default().to_owned();
        match message["reason"].as_str() {
            Some("compiler-artifact") => {
                let kinds = strings(&message["target"]["kind"]);
                if kinds.iter().any(|kind| kind == "custom-build") {
                    continue;
                }
                built.features.insert(id.clone(), strings(&message["features"]));
                let files = strings(&message["filenames"]).into_iter().map(PathBuf::from);
                built.files.entry(id).or_default().extend(files);
            }
            Some("build-script-executed") => {
                let mut env: Vec<(String, String)> = message["env"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(|pair| Some((pair[0].as_str()?.to_owned(), pair[1].as_str()?.to_owned())))
                    .collect();
                env.extend(
                    message["out_dir"].as_str().map(|folder| ("OUT_DIR".to_owned(), folder.to_owned())),
                );
                built.env.insert(id, env);
            }
            _ => {}
        }
    }
    Ok(built)
}

/// The strings of a JSON array.
pub(crate) fn strings(value: &serde_json::Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

/// Counts and prints `ok`/`FAILED` lines, and the closing line.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) skipped: usize,
    /// Keep quiet: collect the failures only.
    pub(crate) quiet: bool,
    pub(crate) failures: Vec<String>,
}

impl Tally {
    pub(crate) fn pass(&mut self, what: &str) {
        self.passed += 1;
        if !self.quiet {
            println!("ok      {what}");
        }
    }

    pub(crate) fn skip(&mut self, what: &str, why: &str) {
        self.skipped += 1;
        if !self.quiet {
            println!("skipped {what}: {why}");
        }
    }

    pub(crate) fn fail(&mut self, what: &str, why: &str) {
        self.failed += 1;
        self.failures.push(format!("{what}: {why}"));
        if !self.quiet {
            println!("FAILED  {what}");
            for line in why.trim_end().lines() {
                println!("        {line}");
            }
        }
    }

    /// Prints `N passed, N failed` and says whether nothing failed.
    pub(crate) fn close(&self) -> bool {
        let skipped = if self.skipped > 0 { format!(", {} skipped", self.skipped) } else { String::new() };
        println!("{} passed, {} failed{skipped}", self.passed, self.failed);
        self.failed == 0
    }
}

/// The file of `mod name;` in a file whose modules lie in `below`: `#[path]`, `name.rs` or `name/mod.rs`.
pub(crate) fn module_file(item: &syn::ItemMod, below: &Path) -> PathBuf {
    for attribute in &item.attrs {
        if let syn::Meta::NameValue(pair) = &attribute.meta
            && pair.path.is_ident("path")
            && let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(file), .. }) = &pair.value
        {
            return below.join(file.value());
        }
    }
    let flat = below.join(format!("{}.rs", item.ident));
    if flat.exists() { flat } else { below.join(item.ident.to_string()).join("mod.rs") }
}
