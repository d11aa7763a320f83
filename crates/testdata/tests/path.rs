//! `tests/data/path.toml` through every form of path strings.

use nodecore_error::Result;
use nodecore_path::{Environment, Latin1, ParsedPath, posix, win32};
use nodecore_testdata::{Answer, Case, Value, load, run};

/// The current directory of the recording.
struct Recorded<'a>(&'a str);

impl Environment for Recorded<'_> {
    fn cwd(&self) -> Result<Vec<u8>> {
        Ok(self.0.into())
    }
}

/// A test for one form: how text becomes storage, storage a path, and results text again.
macro_rules! form {
    ($name:ident, $store:expr, $view:expr, $cut:expr, $built:expr) => {
        #[test]
        fn $name() {
            let file = load("path").unwrap();
            let answer = |case: &Case| -> Answer {
                let (flavour, verb) = case.call.split_once('.').ok_or("no flavour")?;
                let cwd = file.setting(flavour).ok_or("no current directory")?;
                let stored: Vec<_> = case.texts()?.into_iter().map($store).collect();
                let args: Vec<_> = stored.iter().map($view).collect();
                macro_rules! flavour {
                    ($module:ident) => {
                        match (verb, args.as_slice()) {
                            ("basename", [path]) => Ok(text($cut($module::basename(*path, None)))),
                            ("basename", [path, suffix]) => {
                                Ok(text($cut($module::basename(*path, Some(*suffix)))))
                            }
                            ("dirname", [path]) => Ok(text($cut($module::dirname(*path)))),
                            ("extname", [path]) => Ok(text($cut($module::extname(*path)))),
                            ("format", [root, dir, base, ext, name]) => {
                                Ok(text($built($module::format(&ParsedPath {
                                    root: *root,
                                    dir: *dir,
                                    base: *base,
                                    ext: *ext,
                                    name: *name,
                                }))))
                            }
                            ("isAbsolute", [path]) => Ok(Value::Boolean($module::is_absolute(*path))),
                            ("join", parts) => Ok(text($built($module::join(parts)))),
                            ("matchesGlob", [path, pattern]) => {
                                $module::matches_glob(*path, *pattern).map(Value::Boolean)
                            }
                            ("normalize", [path]) => Ok(text($built($module::normalize(*path)))),
                            ("parse", [path]) => {
                                let ParsedPath { root, dir, base, ext, name } = $module::parse(*path);
                                let parts = [
                                    ("root", root),
                                    ("dir", dir),
                                    ("base", base),
                                    ("ext", ext),
                                    ("name", name),
                                ];
                                let table =
                                    parts.into_iter().map(|(part, path)| (part.to_owned(), text($cut(path))));
                                Ok(Value::Table(table.collect()))
                            }
                            ("relative", [from, to]) => $module::relative_with(&Recorded(cwd), *from, *to)
                                .map(|path| text($built(path))),
                            ("resolve", parts) => {
                                $module::resolve_with(&Recorded(cwd), parts).map(|path| text($built(path)))
                            }
                            ("toNamespacedPath", [path]) => {
                                namespaced!($module, cwd, *path).map(|path| text($built(path.into_owned())))
                            }
                            _ => return Err(format!("no such call: {}", case.call)),
                        }
                    };
                }
                Ok(if flavour == "posix" { flavour!(posix) } else { flavour!(win32) })
            };
            let count = run(&file, stringify!($name), answer).unwrap_or_else(|wrong| panic!("\n{wrong}"));
            println!("path: {count} cases as {}", stringify!($name));
        }
    };
}

/// Only win32's asks for the current directory.
macro_rules! namespaced {
    (posix, $cwd:expr, $path:expr) => {
        posix::to_namespaced_path($path)
    };
    (win32, $cwd:expr, $path:expr) => {
        win32::to_namespaced_path_with(&Recorded($cwd), $path)
    };
}

fn text(text: String) -> Value {
    Value::String(text)
}

fn from_latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}

form!(utf8, str::to_owned, |stored: &String| stored.as_str(), str::to_owned, String::from);

form!(
    bytes,
    |text: &str| text.as_bytes().to_vec(),
    |stored: &Vec<u8>| stored.as_slice(),
    |path: &[u8]| String::from_utf8(path.to_vec()).unwrap(),
    |path: Vec<u8>| String::from_utf8(path).unwrap()
);

form!(
    latin1,
    |text: &str| text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect::<Vec<u8>>(),
    |stored: &Vec<u8>| Latin1(stored),
    |path: Latin1<'_>| from_latin1(path.0),
    |path: Vec<u8>| from_latin1(&path)
);

form!(
    utf16,
    |text: &str| text.encode_utf16().collect::<Vec<u16>>(),
    |stored: &Vec<u16>| stored.as_slice(),
    |path: &[u16]| String::from_utf16(path).unwrap(),
    |path: Vec<u16>| String::from_utf16(&path).unwrap()
);
