//! Every name of Node's modules, out of the list that was read off the running program.

use crate::kit::{self, Result};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The names of each module.
pub(super) fn read(file: &Path) -> Result<BTreeMap<String, BTreeSet<String>>> {
    let api: Value = serde_json::from_str(&kit::read(file)?)?;
    let mut modules = BTreeMap::new();
    for (module, entry) in api["modules"].as_object().into_iter().flatten() {
        // A module behind a flag has no exports in the list.
        if entry["exports"].is_object() {
            modules.insert(module.clone(), exports(entry));
        }
    }
    for (key, instance) in api["instances"].as_object().into_iter().flatten() {
        instance_members(key, instance, &mut modules);
    }
    Ok(modules)
}

fn exports(entry: &Value) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = keys(&entry["exports"]).cloned().collect();
    for (class, members) in entry["classes"].as_object().into_iter().flatten() {
        names.extend(keys(&members["proto"]).map(|member| format!("{class}#{member}")));
        names.extend(keys(&members["statics"]).map(|member| format!("{class}.{member}")));
    }
    for (object, members) in entry["constants"].as_object().into_iter().flatten() {
        names.extend(keys(members).map(|member| format!("{object}.{member}")));
    }
    for (object, members) in entry["objects"].as_object().into_iter().flatten() {
        // A constructor's prototype: its members come with the class.
        if object != "prototype" {
            let object = object.trim_end_matches("()");
            names.extend(keys(members).map(|member| format!("{object}.{member}")));
        }
    }
    names
}

/// Objects of classes that no module exports, such as `fs.FileHandle`.
fn instance_members(key: &str, instance: &Value, modules: &mut BTreeMap<String, BTreeSet<String>>) {
    let Some((module, class)) = key.split_once(':') else { return };
    let plain = class.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let Some(names) = modules.get_mut(module) else { return };
    if plain && !names.contains(class) {
        names.extend(keys(&instance["proto"]).map(|member| format!("{class}#{member}")));
    }
}

fn keys(object: &Value) -> impl Iterator<Item = &String> {
    object.as_object().into_iter().flat_map(|object| object.keys())
}
