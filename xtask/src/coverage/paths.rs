//! Whether a Rust path such as `nodecore_fs::promises::stat` or `nodecore_url::Url::href` exists and is public, by
//! reading the crates' sources.

use crate::kit::{self, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What a module has; only what is visible from outside its module, and its modules whether public or not.
#[derive(Debug, Default)]
struct Module {
    modules: BTreeMap<String, (bool, Module)>,
    items: BTreeSet<String>,
    /// `pub use`: the name here, and the path it stands for.
    uses: Vec<(String, Vec<String>)>,
    /// `pub use path::*`.
    globs: Vec<Vec<String>>,
    /// Private `use`, by which the paths of a `pub use` may go: name and path.
    private_uses: Vec<(String, Vec<String>)>,
}

#[derive(Debug, Default)]
struct Source {
    root: Module,
    /// Methods, associated constants, variants, public fields and trait items, by type.
    members: BTreeMap<String, BTreeSet<String>>,
}

/// The workspace's crates, parsed when first asked for.
#[derive(Debug)]
pub(super) struct Crates {
    folders: BTreeMap<String, PathBuf>,
    parsed: BTreeMap<String, Source>,
}

/// How deep re-exports may go.
const DEEPEST: usize = 16;

impl Crates {
    pub(super) fn new(root: &Path) -> Result<Crates> {
        let mut folders = BTreeMap::new();
        for entry in std::fs::read_dir(root.join("crates"))? {
            let folder = entry?.path();
            let manifest: toml::Table = match kit::read(&folder.join("Cargo.toml")) {
                Ok(text) => toml::from_str(&text)?,
                Err(_) => continue,
            };
            if let Some(name) = manifest.get("package").and_then(|package| package.get("name")?.as_str()) {
                folders.insert(name.replace('-', "_"), folder);
            }
        }
        Ok(Crates { folders, parsed: BTreeMap::new() })
    }

    /// `Ok` if the path leads to something public.
    pub(super) fn resolve(&mut self, path: &str) -> std::result::Result<(), String> {
        let words: Vec<String> = path.split("::").map(str::to_owned).collect();
        if words.len() < 2 {
            return Err("a path starts with a crate's name".into());
        }
        if self.walk(&words, DEEPEST, true)? { Ok(()) } else { Err("no such public item".into()) }
    }

    fn load(&mut self, name: &str) -> std::result::Result<bool, String> {
        if self.parsed.contains_key(name) {
            return Ok(true);
        }
        let Some(folder) = self.folders.get(name) else { return Ok(false) };
        let mut source = Source::default();
        let below = folder.join("src");
        let root =
            file(&below.join("lib.rs"), &below, &mut source.members).map_err(|error| error.to_string())?;
        source.root = root;
        self.parsed.insert(name.to_owned(), source);
        Ok(true)
    }

    /// Whether the absolute path `words` exists: by public modules and uses only, or by any, as what a `pub use`
    /// stands for may go.
    fn walk(&mut self, words: &[String], depth: usize, public: bool) -> std::result::Result<bool, String> {
        let Some((first, rest)) = words.split_first() else { return Ok(false) };
        if depth == 0 || !self.load(first)? {
            return Ok(false);
        }
        if rest.is_empty() {
            return Ok(true);
        }
        // As far down as modules go; then an item, maybe with a member, or a re-export.
        let mut onward = Vec::new();
        {
            let Some(source) = self.parsed.get(first) else { return Ok(false) };
            let mut module = &source.root;
            let mut at = 0;
            let mut inside = vec![first.clone()];
            while let Some((_, below)) = rest
                .get(at)
                .and_then(|name| module.modules.get(name))
                .filter(|(visible, _)| *visible || !public)
            {
                module = below;
                inside.push(rest[at].clone());
                at += 1;
            }
            let Some(name) = rest.get(at) else { return Ok(true) };
            let tail = &rest[at + 1..];
            if module.items.contains(name) {
                let member =
                    |name: &String, member| source.members.get(name).is_some_and(|all| all.contains(member));
                if tail.is_empty() || matches!(tail, [last] if member(name, last)) {
                    return Ok(true);
                }
            }
            for (alias, path) in module.uses.iter().chain(module.private_uses.iter().filter(|_| !public)) {
                if alias == name {
                    onward.extend(absolute(path, &inside, tail, module, &self.folders));
                }
            }
            for path in &module.globs {
                onward.extend(absolute(path, &inside, &rest[at..], module, &self.folders));
            }
        }
        for path in onward {
            if path != words && self.walk(&path, depth - 1, false)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// A `use` path made absolute, with `tail` after it; `None` where it leaves the workspace.
fn absolute(
    path: &[String],
    inside: &[String],
    tail: &[String],
    module: &Module,
    crates: &BTreeMap<String, PathBuf>,
) -> Option<Vec<String>> {
    let (first, rest) = path.split_first()?;
    let mut whole = match first.as_str() {
        "crate" => vec![inside[0].clone()],
        "self" => inside.to_vec(),
        "super" => inside[..inside.len().checked_sub(1)?].to_vec(),
        name if module.modules.contains_key(name) || !crates.contains_key(name) => {
            let mut whole = inside.to_vec();
            whole.push(name.to_owned());
            whole
        }
        name => vec![name.to_owned()],
    };
    whole.extend(rest.iter().cloned());
    whole.extend(tail.iter().cloned());
    Some(whole)
}

type Members = BTreeMap<String, BTreeSet<String>>;

fn file(path: &Path, below: &Path, members: &mut Members) -> Result<Module> {
    let parsed =
        syn::parse_file(&kit::read(path)?).map_err(|error| format!("{}: {error}", path.display()))?;
    items(parsed.items, below, members)
}

fn items(list: Vec<syn::Item>, below: &Path, members: &mut Members) -> Result<Module> {
    let mut module = Module::default();
    for item in list {
        match item {
            syn::Item::Mod(item) => {
                let name = item.ident.to_string();
                let folder = below.join(&name);
                let path = kit::module_file(&item, below);
                let public = is_public(&item.vis);
                let inner = match item.content {
                    Some((_, list)) => items(list, &folder, members)?,
                    // A module of another platform may not be there.
                    None if path.exists() => file(&path, &folder, members)?,
                    None => Module::default(),
                };
                module.modules.insert(name, (public, inner));
            }
            syn::Item::Use(item) => {
                let public = is_public(&item.vis);
                flatten(&item.tree, &mut Vec::new(), public, &mut module);
            }
            syn::Item::Impl(item) => implementation(item, members),
            other => {
                if let Some(name) = named(other, members) {
                    module.items.insert(name);
                }
            }
        }
    }
    Ok(module)
}

fn is_public(visibility: &syn::Visibility) -> bool {
    matches!(visibility, syn::Visibility::Public(_))
}

/// The name of a public item, whose variants, fields or trait items become members.
fn named(item: syn::Item, members: &mut Members) -> Option<String> {
    let (visibility, name, inner): (syn::Visibility, syn::Ident, Vec<String>) = match item {
        syn::Item::Fn(item) => (item.vis, item.sig.ident, Vec::new()),
        syn::Item::Const(item) => (item.vis, item.ident, Vec::new()),
        syn::Item::Static(item) => (item.vis, item.ident, Vec::new()),
        syn::Item::Type(item) => (item.vis, item.ident, Vec::new()),
        syn::Item::Struct(item) => {
            let public = item.fields.iter().filter(|field| is_public(&field.vis));
            let fields = public.filter_map(|field| Some(field.ident.as_ref()?.to_string())).collect();
            (item.vis, item.ident, fields)
        }
        syn::Item::Enum(item) => {
            let variants = item.variants.iter().map(|variant| variant.ident.to_string()).collect();
            (item.vis, item.ident, variants)
        }
        syn::Item::Trait(item) => {
            let inner = item.items.iter().filter_map(trait_item).collect();
            (item.vis, item.ident, inner)
        }
        _ => return None,
    };
    let name = name.to_string();
    members.entry(name.clone()).or_default().extend(inner);
    is_public(&visibility).then_some(name)
}

fn trait_item(item: &syn::TraitItem) -> Option<String> {
    match item {
        syn::TraitItem::Fn(item) => Some(item.sig.ident.to_string()),
        syn::TraitItem::Const(item) => Some(item.ident.to_string()),
        _ => None,
    }
}

fn implementation(item: syn::ItemImpl, members: &mut Members) {
    let syn::Type::Path(path) = &*item.self_ty else { return };
    let Some(last) = path.path.segments.last() else { return };
    let of_trait = item.trait_.is_some();
    let names = item.items.iter().filter_map(|inner| match inner {
        syn::ImplItem::Fn(inner) if of_trait || is_public(&inner.vis) => Some(inner.sig.ident.to_string()),
        syn::ImplItem::Const(inner) if of_trait || is_public(&inner.vis) => Some(inner.ident.to_string()),
        _ => None,
    });
    members.entry(last.ident.to_string()).or_default().extend(names);
}

fn flatten(tree: &syn::UseTree, path: &mut Vec<String>, public: bool, module: &mut Module) {
    let mut leaf = |alias: String, path: Vec<String>| {
        if public { module.uses.push((alias, path)) } else { module.private_uses.push((alias, path)) }
    };
    match tree {
        syn::UseTree::Path(tree) => {
            path.push(tree.ident.to_string());
            flatten(&tree.tree, path, public, module);
            path.pop();
        }
        syn::UseTree::Name(tree) => {
            let mut whole = path.clone();
            let name = tree.ident.to_string();
            if name == "self" {
                leaf(path.last().cloned().unwrap_or_default(), whole);
            } else {
                whole.push(name.clone());
                leaf(name, whole);
            }
        }
        syn::UseTree::Rename(tree) => {
            let mut whole = path.clone();
            whole.push(tree.ident.to_string());
            leaf(tree.rename.to_string(), whole);
        }
        syn::UseTree::Glob(_) if public => module.globs.push(path.clone()),
        syn::UseTree::Glob(_) => {}
        syn::UseTree::Group(group) => {
            for tree in &group.items {
                flatten(tree, path, public, module);
            }
        }
    }
}
