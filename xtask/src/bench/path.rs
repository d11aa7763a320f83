//! The bodies of `path`'s rows, the same for both flavours.

use super::{inputs, measure_each, must};
use nodecore::path::{ParsedPath, posix as posix_path, win32 as win32_path};

/// The directory that relative paths are resolved against: fetched once, as Node keeps its own.
fn current_directory() -> String {
    must(posix_path::resolve::<&str>(&[]))
}

fn lists(name: &str) -> Vec<Vec<&'static str>> {
    let text = |field: String| &*field.leak();
    inputs(name).into_iter().map(|line| line.into_iter().map(text).collect()).collect()
}

fn length(parsed: &ParsedPath<&str>) -> usize {
    parsed.root.len() + parsed.dir.len() + parsed.base.len() + parsed.ext.len() + parsed.name.len()
}

macro_rules! flavour {
    ($name:ident, $path:ident, $prefix:literal) => {
        pub(super) mod $name {
            use super::{current_directory, length, lists, measure_each, must, $path as path};

            pub(in super::super) fn basename() {
                let lines = lists(concat!($prefix, "-basename"));
                measure_each(&lines, |line| path::basename(line[0], line.get(1).copied()).len());
            }

            pub(in super::super) fn dirname() {
                measure_each(&lists(concat!($prefix, "-parse")), |line| path::dirname(line[0]).len());
            }

            pub(in super::super) fn extname() {
                measure_each(&lists(concat!($prefix, "-parse")), |line| path::extname(line[0]).len());
            }

            pub(in super::super) fn format() {
                let lines = lists(concat!($prefix, "-parse"));
                let parsed: Vec<_> = lines.iter().map(|line| path::parse(line[0])).collect();
                measure_each(&parsed, |parsed| path::format(parsed).len());
            }

            pub(in super::super) fn is_absolute() {
                measure_each(&lists(concat!($prefix, "-parse")), |line| path::is_absolute(line[0]).into());
            }

            pub(in super::super) fn join() {
                measure_each(&lists(concat!($prefix, "-join")), |line| path::join(line).len());
            }

            pub(in super::super) fn matches_glob() {
                measure_each(&lists(concat!($prefix, "-glob")), |line| {
                    must(path::matches_glob(line[0], line[1])).into()
                });
            }

            pub(in super::super) fn normalize() {
                measure_each(&lists(concat!($prefix, "-normalize")), |line| path::normalize(line[0]).len());
            }

            pub(in super::super) fn parse() {
                measure_each(&lists(concat!($prefix, "-parse")), |line| length(&path::parse(line[0])));
            }

            pub(in super::super) fn relative() {
                measure_each(&lists(concat!($prefix, "-relative")), |line| {
                    must(path::relative(line[0], line[1])).len()
                });
            }

            pub(in super::super) fn resolve() {
                let cwd = current_directory();
                measure_each(&lists(concat!($prefix, "-resolve")), |line| {
                    path::resolve_in(cwd.as_str(), line).len()
                });
            }

            pub(in super::super) fn to_namespaced_path() {
                measure_each(&lists(concat!($prefix, "-parse")), |line| {
                    must(path::to_namespaced_path(line[0])).len()
                });
            }
        }
    };
}

flavour!(posix, posix_path, "path");
flavour!(win32, win32_path, "path-win32");
