//! Signatures, struct layouts and constants, header against Rust.
//!
//! bindgen reads the header. A copy of c-api's sources gets one more module, `abi_check`, in which bindgen's types are
//! replaced by c-api's own of the same names; there the compiler itself has to accept each exported function as the
//! function pointer of its declaration, each field as what the header says, at its offset, and each constant's value.
//! Nothing is linked: rustc only type-checks, against the dependencies cargo has built.

use super::Inputs;
use crate::kit::{self, Built, Result, Tally};
use quote::ToTokens;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the header declares, as bindgen sees it; types are Rust's, as text.
#[derive(Debug, Default)]
pub(super) struct Header {
    text: String,
    functions: BTreeMap<String, String>,
    /// Structs that C sees into, with their fields in order, and opaque ones (`None`).
    structs: BTreeMap<String, Option<Vec<(String, String)>>>,
    aliases: BTreeMap<String, String>,
    pub(super) constants: BTreeMap<String, i128>,
}

/// What c-api defines under C's names: name to path.
#[derive(Debug, Default)]
struct Source {
    functions: BTreeMap<String, String>,
    types: BTreeMap<String, String>,
    /// Fields of `#[repr(C)]` structs, in order.
    fields: BTreeMap<String, Vec<String>>,
    constants: BTreeMap<String, String>,
}

/// Constants that only callers need: they have a meaning in Rust, but no item.
const CALLERS_CONSTANTS: &[(&str, i128)] = &[("NODECORE_OK", 0), ("NODECORE_AUTO_LEN", usize::MAX as i128)];

/// Reads the header through libclang.
pub(super) fn header(umbrella: &Path, include: &Path) -> Result<Header> {
    let bindings = bindgen::Builder::default()
        .header(umbrella.display().to_string())
        .clang_arg(format!("-I{}", include.display()))
        .allowlist_item("nodecore_.*|NODECORE_.*")
        .prepend_enum_name(false)
        .derive_copy(false)
        .derive_debug(false)
        .generate_comments(false)
        .disable_header_comment()
        .formatter(bindgen::Formatter::None)
        .rust_target(bindgen::RustTarget::stable(88, 0).map_err(|error| error.to_string())?)
        .rust_edition(bindgen::RustEdition::Edition2024)
        .generate()?;
    let text = bindings.to_string();
    let mut header = Header::default();
    for item in syn::parse_file(&text)?.items {
        match item {
            syn::Item::ForeignMod(block) => {
                for item in block.items {
                    if let syn::ForeignItem::Fn(function) = item {
                        let (name, signature) = signature(&function.sig);
                        header.functions.insert(name, signature);
                    }
                }
            }
            syn::Item::Struct(item) => {
                let fields: Vec<(String, String)> = item
                    .fields
                    .iter()
                    .filter_map(|field| Some((field.ident.as_ref()?.to_string(), tokens(&field.ty))))
                    .collect();
                let opaque = fields.iter().all(|(name, _)| name == "_unused" || name == "_address");
                header.structs.insert(item.ident.to_string(), (!opaque).then_some(fields));
            }
            syn::Item::Union(item) => {
                return Err(format!("union {}: not provided for, use a struct", item.ident).into());
            }
            syn::Item::Type(item) => {
                header.aliases.insert(item.ident.to_string(), tokens(&item.ty));
            }
            syn::Item::Const(item) => {
                if let Some(value) = integer(&item.expr) {
                    header.constants.insert(item.ident.to_string(), value);
                }
            }
            _ => {}
        }
    }
    header.text = text;
    probe_macros(include, umbrella, &mut header)?;
    Ok(header)
}

impl Header {
    /// Kind and name of each item, and what is said of it.
    pub(super) fn described(&self) -> impl Iterator<Item = (String, String)> {
        let functions = self.functions.iter().map(|(name, said)| (format!("fn {name}"), said.clone()));
        let structs = self.structs.iter().map(|(name, fields)| {
            let fields = fields.as_ref().map(|fields| {
                let fields: Vec<String> =
                    fields.iter().map(|(field, kind)| format!("{field}: {kind}")).collect();
                format!("{{ {} }}", fields.join(", "))
            });
            (format!("struct {name}"), fields.unwrap_or_else(|| "opaque".to_owned()))
        });
        let aliases = self.aliases.iter().filter(|(name, _)| name.starts_with("nodecore_"));
        let aliases = aliases.map(|(name, said)| (format!("type {name}"), said.clone()));
        let constants = self.constants.iter().filter(|(name, _)| !name.starts_with("NODECORE_VERSION_"));
        let constants = constants.map(|(name, value)| (format!("const {name}"), value.to_string()));
        functions.chain(structs).chain(aliases).chain(constants)
    }
}

fn tokens(node: &impl ToTokens) -> String {
    node.to_token_stream().to_string()
}

fn signature(signature: &syn::Signature) -> (String, String) {
    let inputs: Vec<String> = signature
        .inputs
        .iter()
        .map(|input| match input {
            syn::FnArg::Typed(typed) => tokens(&typed.ty),
            syn::FnArg::Receiver(receiver) => tokens(receiver),
        })
        .collect();
    let variadic = if signature.variadic.is_some() { ", ..." } else { "" };
    let pointer =
        format!("unsafe extern \"C\" fn({}{variadic}) {}", inputs.join(", "), tokens(&signature.output));
    (signature.ident.to_string(), pointer)
}

fn integer(expr: &syn::Expr) -> Option<i128> {
    match expr {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(literal), .. }) => literal.base10_parse().ok(),
        syn::Expr::Unary(syn::ExprUnary { op: syn::UnOp::Neg(_), expr, .. }) => {
            integer(expr).map(|value| -value)
        }
        _ => None,
    }
}

/// Evaluates by the C compiler those macros that bindgen cannot, such as ones with a cast.
fn probe_macros(include: &Path, umbrella: &Path, header: &mut Header) -> Result<()> {
    for name in macros(include)? {
        if header.constants.contains_key(&name) {
            continue;
        }
        // In unsigned long long first: a negative value tells itself by comparing below zero.
        let source = format!(
            "#include \"{}\"\nenum {{ negative = ({name}) < 0 }};\n_Static_assert(negative == 0 || negative == 1, \"\");\n\
             char value[2][4] = {{ {{0}}, {{0}} }};\n\
             const unsigned long long nodecore_probe = (unsigned long long)({name});\n",
            umbrella.display()
        );
        let probe = Path::new("-");
        let mut compiler = kit::tool("CC", "cc");
        compiler.args(["-std=c11", "-w", "-S", "-xc", "-o", "-"]).arg("-I").arg(include).arg(probe);
        let Some(assembly) = pipe(&mut compiler, &source)? else { continue };
        if let Some(value) = assembled(&assembly) {
            header.constants.insert(name, value);
        }
    }
    Ok(())
}

/// Runs a compiler on `source`; `None` where it does not compile: then the macro is no constant.
fn pipe(command: &mut Command, source: &str) -> Result<Option<String>> {
    use std::io::Write as _;
    use std::process::Stdio;
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // A compiler that gives up early closes the pipe; its exit status says so.
        let _ = stdin.write_all(source.as_bytes());
    }
    let output = child.wait_with_output()?;
    Ok(output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned()))
}

/// The value after the label `nodecore_probe:` of an assembly listing.
fn assembled(assembly: &str) -> Option<i128> {
    let after = assembly.split_once("\nnodecore_probe:")?.1;
    let line = after.lines().map(str::trim).find(|line| !line.is_empty())?;
    if line.starts_with(".zero") {
        return Some(0);
    }
    let number: i128 = line.split_whitespace().nth(1)?.parse().ok()?;
    // Assemblers print 64 bits signed.
    Some(if number < 0 { number + (1 << 64) } else { number })
}

/// The object-like macros of ours with a value, by reading the text of every header.
fn macros(include: &Path) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for header in kit::files(include, "h", true)? {
        let text = super::headers::without_comments(&kit::read(&header)?);
        for line in text.lines() {
            let Some(rest) = line.trim().strip_prefix("#define ") else { continue };
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let value = &rest[name.len()..];
            if name.starts_with("NODECORE_") && value.starts_with(' ') && !value.trim().is_empty() {
                names.insert(name);
            }
        }
    }
    Ok(names)
}

/// Compares header and sources.
pub(super) fn check(inputs: &Inputs, header: &Header, tally: &mut Tally) -> Result<()> {
    let source = Source::read(&inputs.capi.join("src"))?;
    names(header, &source, tally);
    let mut module = Module::new(header, &source);
    module.functions(header, &source);
    module.structs(header, &source, tally);
    module.aliases(header, &source);
    module.constants(header, &source, tally);
    inputs.rustc.judge(inputs, module, tally)
}

/// What stands on one side only.
fn names(header: &Header, source: &Source, tally: &mut Tally) {
    for name in header.functions.keys().filter(|name| !source.functions.contains_key(*name)) {
        tally.fail(name, "declared in the header, not an exported function in c-api/src");
    }
    for name in source.functions.keys().filter(|name| !header.functions.contains_key(*name)) {
        tally.fail(name, "exported from c-api/src, not declared in the header");
    }
    for name in header.structs.keys().filter(|name| !source.types.contains_key(*name)) {
        tally.fail(name, "a type of the header that c-api/src does not define");
    }
    for name in source.fields.keys() {
        match header.structs.get(name) {
            Some(Some(_)) => {}
            Some(None) => tally.fail(name, "#[repr(C)] in c-api/src, opaque in the header"),
            None => tally.fail(name, "#[repr(C)] in c-api/src, not in the header"),
        }
    }
    for name in source.constants.keys().filter(|name| !header.constants.contains_key(*name)) {
        tally.fail(name, "a constant of c-api/src that the header does not define");
    }
}

/// The module `abi_check`: one assertion a line, and what each line asserts.
struct Module {
    lines: Vec<String>,
    labels: BTreeMap<usize, String>,
}

impl Module {
    fn new(header: &Header, source: &Source) -> Module {
        let mut module = Module { lines: Vec::new(), labels: BTreeMap::new() };
        module.line("#![allow(warnings, clippy::all)]".into());
        module.line("use ::std::mem::{align_of, offset_of, size_of};".into());
        module.line("struct Same<T>(::std::marker::PhantomData<T>);".into());
        module.line(format!("mod b {{ {} }}", header.text.replace('\n', " ")));
        for name in header.structs.keys() {
            match source.types.get(name) {
                Some(path) => module.line(format!("use {path};")),
                // Already reported; the rest is to be judged all the same.
                None => module.line(format!("struct {name};")),
            }
        }
        for (name, aliased) in &header.aliases {
            match source.types.get(name) {
                Some(path) => module.line(format!("use {path};")),
                None => module.line(format!("type {name} = {aliased};")),
            }
        }
        module
    }

    fn line(&mut self, text: String) {
        self.lines.push(text);
    }

    fn claim(&mut self, label: String, text: String) {
        self.line(text);
        self.labels.insert(self.lines.len(), label);
    }

    fn functions(&mut self, header: &Header, source: &Source) {
        for (name, signature) in &header.functions {
            if let Some(path) = source.functions.get(name) {
                self.claim(format!("signature of {name}"), format!("const _: {signature} = {path};"));
            }
        }
    }

    fn structs(&mut self, header: &Header, source: &Source, tally: &mut Tally) {
        for (name, fields) in &header.structs {
            let (Some(fields), Some(_)) = (fields, source.types.get(name)) else { continue };
            let Some(ours) = source.fields.get(name) else {
                tally.fail(name, "a struct in the header, not #[repr(C)] with named fields in c-api/src");
                continue;
            };
            let theirs: Vec<&String> = fields.iter().map(|(field, _)| field).collect();
            if !ours.iter().eq(theirs.iter().copied()) {
                tally.fail(&format!("fields of {name}"), &format!("header {theirs:?}\nc-api  {ours:?}"));
                continue;
            }
            self.claim(
                format!("size and alignment of {name}"),
                format!("const _: () = assert!(size_of::<{name}>() == size_of::<b::{name}>() && align_of::<{name}>() == align_of::<b::{name}>());"),
            );
            for (field, kind) in fields {
                self.claim(
                    format!("offset of {name}.{field}"),
                    format!("const _: () = assert!(offset_of!({name}, {field}) == offset_of!(b::{name}, {field}));"),
                );
                self.claim(
                    format!("type of {name}.{field}"),
                    format!("const _: fn(&{name}) -> *const {kind} = |this| &raw const this.{field};"),
                );
            }
        }
    }

    fn aliases(&mut self, header: &Header, source: &Source) {
        for (name, aliased) in &header.aliases {
            if let Some(path) = source.types.get(name) {
                self.claim(
                    format!("type {name}"),
                    format!("const _: fn(Same<{path}>) -> Same<{aliased}> = |same| same;"),
                );
            }
        }
    }

    /// Errors' constants are left to `versions`, which holds the table against them.
    fn constants(&mut self, header: &Header, source: &Source, tally: &mut Tally) {
        let mapped = super::versions::error_names();
        for (name, value) in &header.constants {
            if let Some(path) = source.constants.get(name) {
                self.claim(
                    format!("value of {name}"),
                    format!("const _: () = assert!({path} as i128 == {value}i128);"),
                );
            } else if let Some((_, expected)) = CALLERS_CONSTANTS.iter().find(|(known, _)| known == name) {
                if value == expected {
                    tally.pass(&format!("value of {name}"));
                } else {
                    tally
                        .fail(&format!("value of {name}"), &format!("{value} in the header, not {expected}"));
                }
            } else if !name.starts_with("NODECORE_VERSION_") && !name.ends_with('_') && !mapped.contains(name)
            {
                tally.fail(name, "a constant of the header that c-api/src does not define");
            }
        }
    }

    fn text(&self) -> String {
        self.lines.iter().fold(String::new(), |mut text, line| {
            let _ = writeln!(text, "{line}");
            text
        })
    }
}

impl Source {
    fn read(folder: &Path) -> Result<Source> {
        let mut source = Source::default();
        source.file(&folder.join("lib.rs"), folder, "crate")?;
        Ok(source)
    }

    /// Reads a file and the modules it declares, whose files lie in `below`.
    fn file(&mut self, file: &Path, below: &Path, module: &str) -> Result<()> {
        let parsed =
            syn::parse_file(&kit::read(file)?).map_err(|error| format!("{}: {error}", file.display()))?;
        self.items(parsed.items, below, module)
    }

    fn items(&mut self, items: Vec<syn::Item>, below: &Path, module: &str) -> Result<()> {
        for item in items {
            match item {
                syn::Item::Mod(item) if is_test(&item.attrs) => {}
                syn::Item::Mod(item) => {
                    let name = item.ident.to_string();
                    let (path, folder) = (format!("{module}::{name}"), below.join(&name));
                    let file = kit::module_file(&item, below);
                    match item.content {
                        Some((_, items)) => self.items(items, &folder, &path)?,
                        None => self.file(&file, &folder, &path)?,
                    }
                }
                syn::Item::Fn(item) if is_exported(&item.attrs) => {
                    let name = item.sig.ident.to_string();
                    self.functions.insert(name.clone(), format!("{module}::{name}"));
                }
                syn::Item::Struct(item) => {
                    let name = item.ident.to_string();
                    if is_repr_c(&item.attrs) && is_ours(&name) {
                        let fields = item.fields.iter().filter_map(|field| field.ident.as_ref());
                        self.fields.insert(name.clone(), fields.map(syn::Ident::to_string).collect());
                    }
                    self.named(name, module);
                }
                syn::Item::Enum(item) => self.named(item.ident.to_string(), module),
                syn::Item::Type(item) => self.named(item.ident.to_string(), module),
                syn::Item::Const(item) => {
                    let name = item.ident.to_string();
                    if name.starts_with("NODECORE_") {
                        self.constants.insert(name.clone(), format!("{module}::{name}"));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn named(&mut self, name: String, module: &str) {
        if is_ours(&name) {
            self.types.insert(name.clone(), format!("{module}::{name}"));
        }
    }
}

fn is_ours(name: &str) -> bool {
    name.starts_with("nodecore_")
}

fn is_exported(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| tokens(&attribute.meta).contains("no_mangle"))
}

fn is_repr_c(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| tokens(&attribute.meta).replace(' ', "").starts_with("repr(C"))
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| tokens(&attribute.meta).replace(' ', "") == "cfg(test)")
}

/// How cargo compiles c-api: enough to type-check a copy of it without cargo.
#[derive(Clone, Debug)]
pub(super) struct Rustc {
    arguments: Vec<String>,
    env: Vec<(String, String)>,
}

impl Rustc {
    pub(super) fn of(built: &Built) -> Result<Rustc> {
        let text = kit::must(kit::cargo().args(["metadata", "--format-version", "1"]))?;
        let metadata: serde_json::Value = serde_json::from_str(&text)?;
        let package = metadata["packages"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|package| package["name"] == "nodecore-capi")
            .ok_or("no package nodecore-capi")?;
        let id = package["id"].as_str().unwrap_or_default();
        let mut arguments =
            vec!["--edition".to_owned(), package["edition"].as_str().unwrap_or("2024").to_owned()];
        let mut folders = BTreeSet::new();
        for (name, file) in dependencies(&metadata, id, built)? {
            folders.extend(file.parent().map(Path::to_path_buf));
            arguments.extend(["--extern".to_owned(), format!("{name}={}", file.display())]);
        }
        for files in built.files.values().flatten().filter_map(|file| file.parent()) {
            folders.insert(files.to_path_buf());
            folders.insert(files.join("deps"));
        }
        for folder in folders {
            arguments.extend(["-L".to_owned(), format!("dependency={}", folder.display())]);
        }
        for feature in built.features.get(id).into_iter().flatten() {
            arguments.extend(["--cfg".to_owned(), format!("feature=\"{feature}\"")]);
        }
        let mut env = built.env.get(id).cloned().unwrap_or_default();
        let version = package["version"].as_str().unwrap_or_default();
        let core = version.split(['-', '+']).next().unwrap_or_default();
        env.push(("CARGO_PKG_NAME".into(), "nodecore-capi".into()));
        env.push(("CARGO_PKG_VERSION".into(), version.into()));
        for (part, number) in ["MAJOR", "MINOR", "PATCH"].into_iter().zip(core.split('.')) {
            env.push((format!("CARGO_PKG_VERSION_{part}"), number.into()));
        }
        Ok(Rustc { arguments, env })
    }

    /// Lets the compiler judge the module. A line it refuses is a failed claim; the others are judged again without
    /// it, because some errors (a failed assertion) only show once the types are right.
    fn judge(&self, inputs: &Inputs, mut module: Module, tally: &mut Tally) -> Result<()> {
        let tree = inputs.work.join("tree");
        kit::fresh_dir(&tree)?;
        kit::copy_tree(&inputs.capi, &tree.join("c-api"))?;
        kit::copy_tree(&inputs.include, &tree.join("include"))?;
        let (lib, check) = (tree.join("c-api/src/lib.rs"), tree.join("c-api/src/abi_check.rs"));
        kit::write(&lib, kit::read(&lib)? + "\nmod abi_check;\n")?;
        let mut failed = BTreeMap::new();
        for _ in 0..8 {
            kit::write(&check, module.text())?;
            let found = self.errors(&lib, &tree)?;
            if found.is_empty() {
                break;
            }
            for (line, message) in found {
                if !module.labels.contains_key(&line) {
                    tally.fail("c-api with the header's declarations", &message);
                    return Ok(());
                }
                if let Some(text) = module.lines.get_mut(line - 1) {
                    text.clear();
                }
                failed.entry(line).or_insert(message);
            }
        }
        for (line, label) in &module.labels {
            match failed.get(line) {
                None => tally.pass(label),
                Some(message) => tally.fail(label, message),
            }
        }
        Ok(())
    }

    /// The compiler's errors, with their line in `abi_check.rs` (0: elsewhere).
    fn errors(&self, lib: &Path, tree: &Path) -> Result<Vec<(usize, String)>> {
        let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
        rustc
            .args(["--crate-name", "nodecore", "--crate-type", "lib", "--emit", "metadata"])
            .args(["--cap-lints", "allow", "--error-format", "json", "--out-dir"])
            .arg(tree)
            .args(&self.arguments)
            .arg(lib)
            .env("CARGO_MANIFEST_DIR", tree.join("c-api"))
            .envs(self.env.iter().map(|(name, value)| (name, value)));
        let ran = kit::run(&mut rustc)?;
        if ran.good {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        for line in ran.err.lines() {
            let Ok(message) = serde_json::from_str::<serde_json::Value>(line) else { continue };
            let spans = message["spans"].as_array();
            if message["level"] != "error" || spans.is_none_or(Vec::is_empty) {
                continue;
            }
            let at = spans.into_iter().flatten().find_map(in_check).unwrap_or(0);
            let short = message["message"].as_str().unwrap_or_default();
            let notes: String = message["children"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|child| child["message"].as_str())
                .filter(|note| note.contains("expected"))
                .map(|note| format!("\n{note}"))
                .collect();
            let rendered = message["rendered"].as_str().unwrap_or_default();
            found.push((at, if at == 0 { rendered.to_owned() } else { format!("{short}{notes}") }));
        }
        if found.is_empty() {
            found.push((0, ran.err));
        }
        Ok(found)
    }
}

/// The line a span, or the macro call it comes from, has in `abi_check.rs`.
fn in_check(span: &serde_json::Value) -> Option<usize> {
    if span["file_name"].as_str().is_some_and(|file| file.ends_with("abi_check.rs")) {
        return usize::try_from(span["line_start"].as_u64()?).ok();
    }
    in_check(span.get("expansion")?.get("span")?)
}

/// The crates that package `id` names, with the files cargo made of them.
fn dependencies(metadata: &serde_json::Value, id: &str, built: &Built) -> Result<Vec<(String, PathBuf)>> {
    let node = metadata["resolve"]["nodes"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|node| node["id"] == id)
        .ok_or("cargo metadata does not resolve nodecore-capi")?;
    let mut found = Vec::new();
    for dependency in node["deps"].as_array().into_iter().flatten() {
        let kinds = dependency["dep_kinds"].as_array();
        if !kinds.into_iter().flatten().any(|kind| kind["kind"].is_null()) {
            continue;
        }
        let (name, package) = (dependency["name"].as_str(), dependency["pkg"].as_str());
        let files = built.files.get(package.unwrap_or_default());
        let usable = |file: &&PathBuf| {
            file.extension().is_some_and(|extension| extension == "rlib" || extension == "so")
        };
        if let (Some(name), Some(file)) = (name, files.and_then(|files| files.iter().find(usable))) {
            found.push((name.to_owned(), file.clone()));
        }
    }
    Ok(found)
}
