//! Runs programs here, in one of the forms, and writes what comes of them as `interpreter.js` does.

use std::cell::RefCell;
use std::io::{IoSlice, IoSliceMut};
use std::path::Path;

use nodecore_error::Error;
use nodecore_fs::promises::FileHandle;
use nodecore_fs::{
    self as fs, CpOptions, Dirent, EntryKind, Fd, Flags, GlobOptions, MkdirOptions, OpendirOptions,
    RangeOptions, ReadFileOptions, ReaddirOptions, RmOptions, Stats, SymlinkKind, WriteFileOptions,
};

use crate::common::{Form, Runner};
use crate::op;
use crate::program::{Call, Program, escape};

/// A descriptor that nothing has.
const NONE: Fd = 9999;

enum Open {
    Fd(Fd),
    Handle(FileHandle),
}

/// What ends a call.
enum Failure {
    Error(Error),
    NoHandle,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Error(error)
    }
}

type Outcome = Result<Vec<Vec<u8>>, Failure>;

/// Runs a program in `base`/w/w/w, where the process then stands.
pub(crate) fn run(run: &Runner, base: &Path, program: &Program) -> Vec<String> {
    let here = base.join("w/w/w");
    std::env::set_current_dir(&here).unwrap();
    let [base, here] = [base, &here].map(|path| path.to_str().unwrap().to_owned());
    let interpreter = Interpreter { run, base, here, slots: RefCell::default() };
    let mut lines = vec!["program".to_owned()];
    for call in &program.0 {
        lines.push(interpreter.line(call));
        if !Path::new(&interpreter.here).exists() {
            lines.push("the current directory is gone".to_owned());
            break;
        }
    }
    for slot in 0..3 {
        interpreter.close_quietly(slot);
    }
    lines
}

struct Interpreter<'a> {
    run: &'a Runner,
    base: String,
    here: String,
    slots: RefCell<[Option<Open>; 3]>,
}

/// A call on an open file, in the form wanted: the functions for a descriptor, the method for a handle.
macro_rules! on_file {
    ($self:ident, $slot:expr, $sync:ident / $name:ident / $method:ident ( $($arg:expr),* )) => {
        match $self.run.form {
            Form::Sync => fs::$sync($self.fd($slot), $($arg),*)?,
            Form::Callback => $self.run.wait(|lp, done| fs::$name(lp, $self.fd($slot), $($arg,)* done))?,
            Form::Promise => $self.run.lp.block_on($self.handle($slot)?.$method($($arg),*))?,
        }
    };
}

/// A call on a file that is read or written whole.
macro_rules! whole {
    ($self:ident, $file:expr, $sync:ident / $name:ident ( $($arg:expr),* )) => {
        match $file.strip_prefix('#') {
            Some(slot) => on_file!($self, slot, $sync / $name / $name($($arg),*)),
            None => {
                let path = $self.at($file);
                op!($self.run, $sync / $name (&path, $($arg),*))?
            }
        }
    };
}

impl Interpreter<'_> {
    fn line(&self, call: &Call) -> String {
        let args: Vec<&str> = call.0.iter().map(String::as_str).collect();
        if follows(&args) && leads(Path::new(&self.base)).unwrap_or(true) {
            return "not run".to_owned();
        }
        let fields = match self.perform(args[0], &args[1..]) {
            Ok(parts) => [vec![b"ok".to_vec()], parts].concat(),
            Err(Failure::NoHandle) => return "no handle".to_owned(),
            Err(Failure::Error(error)) => vec![
                b"error".to_vec(),
                error.class().name().as_bytes().to_vec(),
                error.code().name().as_bytes().to_vec(),
                error.errno().map_or_else(Vec::new, |errno| errno.to_string().into_bytes()),
                error.syscall().unwrap_or_default().as_bytes().to_vec(),
                self.shown(error.path().unwrap_or_default()),
                self.shown(error.dest().unwrap_or_default()),
                self.shown(error.to_string().as_bytes()),
            ],
        };
        fields.iter().map(|field| escape(field)).collect::<Vec<_>>().join("\t")
    }

    fn at(&self, given: &str) -> String {
        given.strip_prefix('$').map_or_else(|| given.to_owned(), |rest| format!("{}{rest}", self.here))
    }

    fn shown(&self, bytes: &[u8]) -> Vec<u8> {
        // As Node, which has names as text.
        let text = String::from_utf8_lossy(bytes);
        text.replace(&self.here, "$").replace(&self.base, "^").into_bytes()
    }

    fn fd(&self, slot: &str) -> Fd {
        match &self.slots.borrow()[number::<usize>(slot)] {
            Some(Open::Fd(fd)) => *fd,
            _ => NONE,
        }
    }

    fn handle(&self, slot: &str) -> Result<FileHandle, Failure> {
        match &self.slots.borrow()[number::<usize>(slot)] {
            Some(Open::Handle(handle)) => Ok(handle.clone()),
            _ => Err(Failure::NoHandle),
        }
    }

    /// Nothing to be told of.
    fn close_quietly(&self, slot: usize) {
        let open = self.slots.borrow_mut()[slot].take();
        match open {
            Some(Open::Fd(fd)) => fs::close_sync(fd).unwrap(),
            Some(Open::Handle(handle)) => _ = self.run.lp.block_on(handle.close()),
            None => {}
        }
    }

    fn perform(&self, name: &str, args: &[&str]) -> Outcome {
        match name {
            "read" | "readv" | "write" | "writev" => self.transfer(name, args),
            "open" | "close" | "fstat" | "ftruncate" | "fchmod" | "futimes" | "fsync" | "fdatasync" => {
                self.file_call(name, args)
            }
            "readdir" | "opendir" | "rm" | "glob" | "cp" => self.tree_call(name, args),
            _ => self.name_call(name, args),
        }
    }

    fn transfer(&self, name: &str, args: &[&str]) -> Outcome {
        let run = self.run;
        let slot = args[0];
        let position = position(args[args.len() - 1]);
        let mut range = RangeOptions::default();
        if matches!(name, "read" | "write") {
            range.offset = number(args[2]);
            range.length = (args[3] != "-").then(|| number(args[3]));
            range.position = position;
        }
        let (count, read) = match name {
            "read" => {
                let mut buffer = vec![0; number(args[1])];
                let (count, buffer) = match run.form {
                    Form::Sync => (fs::read_sync(self.fd(slot), &mut buffer, &range)?, buffer),
                    Form::Callback => {
                        run.wait(|lp, done| fs::read(lp, self.fd(slot), buffer, &range, done))?
                    }
                    Form::Promise => run.lp.block_on(self.handle(slot)?.read(buffer, &range))?,
                };
                let start = range.offset.min(buffer.len());
                (count, Some(buffer[start..(start + count).min(buffer.len())].to_vec()))
            }
            "readv" => {
                let mut buffers = vec![vec![0; number(args[1])], vec![0; number(args[2])]];
                let (count, buffers) = match run.form {
                    Form::Sync => {
                        let mut slices: Vec<_> = buffers.iter_mut().map(|one| IoSliceMut::new(one)).collect();
                        (fs::readv_sync(self.fd(slot), &mut slices, position)?, buffers)
                    }
                    Form::Callback => {
                        run.wait(|lp, done| fs::readv(lp, self.fd(slot), buffers, position, done))?
                    }
                    Form::Promise => run.lp.block_on(self.handle(slot)?.readv(buffers, position))?,
                };
                (count, Some(buffers.concat()[..count].to_vec()))
            }
            "write" => {
                let data = text(args[1]);
                let count = match run.form {
                    Form::Sync => fs::write_sync(self.fd(slot), &data, &range)?,
                    Form::Callback => {
                        run.wait(|lp, done| fs::write(lp, self.fd(slot), data, &range, done))?.0
                    }
                    Form::Promise => run.lp.block_on(self.handle(slot)?.write(data, &range))?.0,
                };
                (count, None)
            }
            _ => {
                let buffers = vec![text(args[1]), text(args[2])];
                let count = match run.form {
                    Form::Sync => {
                        let slices: Vec<_> = buffers.iter().map(|one| IoSlice::new(one)).collect();
                        fs::writev_sync(self.fd(slot), &slices, position)?
                    }
                    Form::Callback => {
                        run.wait(|lp, done| fs::writev(lp, self.fd(slot), buffers, position, done))?.0
                    }
                    Form::Promise => run.lp.block_on(self.handle(slot)?.writev(buffers, position))?.0,
                };
                (count, None)
            }
        };
        let mut parts = vec![count.to_string().into_bytes()];
        parts.extend(read.map(|read| content(&read)));
        Ok(parts)
    }

    fn file_call(&self, name: &str, args: &[&str]) -> Outcome {
        let run = self.run;
        let slot = args[0];
        match name {
            "open" => {
                self.close_quietly(number(slot));
                let (path, flags, mode) = (self.at(args[1]), args[2], number(args[3]));
                let open = match run.form {
                    Form::Sync => Open::Fd(fs::open_sync(&path, flags, mode)?),
                    Form::Callback => Open::Fd(run.wait(|lp, done| fs::open(lp, &path, flags, mode, done))?),
                    Form::Promise => {
                        Open::Handle(run.lp.block_on(fs::promises::open(&run.lp, &path, flags, mode))?)
                    }
                };
                self.slots.borrow_mut()[number::<usize>(slot)] = Some(open);
            }
            "close" => match run.form {
                Form::Promise => run.lp.block_on(self.handle(slot)?.close())?,
                form => {
                    let fd = self.fd(slot);
                    match form {
                        Form::Sync => fs::close_sync(fd)?,
                        _ => run.wait(|lp, done| fs::close(lp, fd, done))?,
                    }
                    self.slots.borrow_mut()[number::<usize>(slot)] = None;
                }
            },
            "fstat" => return one(stats(&on_file!(self, slot, fstat_sync / fstat / stat()))),
            "ftruncate" => {
                on_file!(self, slot, ftruncate_sync / ftruncate / truncate(number(args[1])));
            }
            "fchmod" => on_file!(self, slot, fchmod_sync / fchmod / chmod(number(args[1]))),
            "futimes" => {
                let (atime, mtime): (f64, f64) = (number(args[1]), number(args[2]));
                on_file!(self, slot, futimes_sync / futimes / utimes(atime, mtime));
            }
            "fsync" => on_file!(self, slot, fsync_sync / fsync / sync()),
            _ => on_file!(self, slot, fdatasync_sync / fdatasync / datasync()),
        }
        one("")
    }

    fn name_call(&self, name: &str, args: &[&str]) -> Outcome {
        let run = self.run;
        let path = self.at(args[0]);
        let second = || self.at(args[1]);
        let os = |path: &Path| one(self.shown(path.as_os_str().as_encoded_bytes()));
        match name {
            "stat" => return one(stats(&op!(run, stat_sync / stat(&path))?)),
            "lstat" => return one(stats(&op!(run, lstat_sync / lstat(&path))?)),
            "access" => op!(run, access_sync / access(&path, number(args[1])))?,
            "exists" => {
                let found = match run.form {
                    Form::Callback => {
                        run.wait(|lp, done| Ok(fs::exists(lp, &path, |found| done(Ok(found)))))?
                    }
                    _ => fs::exists_sync(&path),
                };
                return one(found.to_string());
            }
            "readFile" => {
                let mut options = ReadFileOptions::default();
                if args[1] != "-" {
                    options = options.flag(Flags::parse(args[1])?);
                }
                let data = whole!(self, args[0], read_file_sync / read_file(&options));
                return one(content(&data));
            }
            "writeFile" | "appendFile" => {
                let data = text(args[1]);
                let mut options = WriteFileOptions::default().mode(number(args[3])).flush(args[4] == "true");
                if args[2] != "-" {
                    options = options.flag(Flags::parse(args[2])?);
                }
                if name == "writeFile" {
                    whole!(self, args[0], write_file_sync / write_file(data, &options));
                } else {
                    whole!(self, args[0], append_file_sync / append_file(data, &options));
                }
            }
            "truncate" => op!(run, truncate_sync / truncate(&path, number(args[1])))?,
            "copyFile" => op!(run, copy_file_sync / copy_file(&path, second(), number(args[2])))?,
            "rename" => op!(run, rename_sync / rename(&path, second()))?,
            "link" => op!(run, link_sync / link(&path, second()))?,
            "symlink" => op!(run, symlink_sync / symlink(&path, second(), SymlinkKind::File))?,
            "readlink" => return os(&op!(run, readlink_sync / readlink(&path))?),
            "realpath" => return os(&op!(run, realpath_sync / realpath(&path))?),
            "realpathNative" => {
                let real = match run.form {
                    Form::Sync => fs::realpath_native_sync(&path),
                    Form::Callback => run.wait(|lp, done| fs::realpath_native(lp, &path, done)),
                    Form::Promise => run.lp.block_on(fs::promises::realpath(&run.lp, &path)),
                };
                return os(&real?);
            }
            "mkdir" => {
                let options = MkdirOptions::default().recursive(args[1] == "true").mode(number(args[2]));
                return os(&op!(run, mkdir_sync / mkdir(&path, &options))?.unwrap_or_default());
            }
            "mkdtemp" => {
                let made = op!(run, mkdtemp_sync / mkdtemp(&path))?;
                let made = made.to_str().unwrap();
                // The name is chance, and what follows must not be.
                let fixed = format!("{}XXXXXX", &made[..made.len() - 6]);
                if std::fs::rename(made, &fixed).is_err() {
                    std::fs::remove_dir(made).unwrap();
                }
                return os(Path::new(&fixed));
            }
            "rmdir" => op!(run, rmdir_sync / rmdir(&path))?,
            "unlink" => op!(run, unlink_sync / unlink(&path))?,
            "chmod" => op!(run, chmod_sync / chmod(&path, number(args[1])))?,
            "utimes" => {
                let (atime, mtime): (f64, f64) = (number(args[1]), number(args[2]));
                op!(run, utimes_sync / utimes(&path, atime, mtime))?;
            }
            "lutimes" => {
                let (atime, mtime): (f64, f64) = (number(args[1]), number(args[2]));
                op!(run, lutimes_sync / lutimes(&path, atime, mtime))?;
            }
            other => unreachable!("no such call: {other}"),
        }
        one("")
    }

    fn tree_call(&self, name: &str, args: &[&str]) -> Outcome {
        let run = self.run;
        let path = self.at(args[0]);
        match name {
            "readdir" => {
                let types = args[1] == "true";
                let options = ReaddirOptions::default().with_file_types(types).recursive(args[2] == "true");
                let entries = op!(run, readdir_sync / readdir(&path, &options))?;
                let all = entries.iter().map(|entry: Dirent<'_>| {
                    if types {
                        self.entry(entry.name(), entry.parent_path(), entry.kind())
                    } else {
                        self.shown(&entry.relative_path())
                    }
                });
                one(all.collect::<Vec<_>>().join(&b'|'))
            }
            "opendir" => {
                let options = OpendirOptions::default().recursive(args[1] == "true");
                let dir = op!(run, opendir_sync / opendir(&path, &options))?;
                let mut all = Vec::new();
                match run.form {
                    Form::Sync => {
                        while let Some(found) = dir.read_sync()? {
                            all.push(found);
                        }
                        dir.close_sync()?;
                    }
                    Form::Callback => {
                        while let Some(found) = run.wait(|lp, done| {
                            dir.read(lp, done);
                            Ok(())
                        })? {
                            all.push(found);
                        }
                        run.wait(|lp, done| {
                            dir.close(lp, done);
                            Ok(())
                        })?;
                    }
                    Form::Promise => {
                        let mut entries = dir.entries(&run.lp);
                        while let Some(found) = run.lp.block_on(entries.next())? {
                            all.push(found);
                        }
                    }
                }
                // The order of a directory is not the same everywhere.
                let shown = |one: &fs::DirEntry| self.entry(one.name(), one.parent_path(), one.kind());
                let mut all: Vec<_> = all.iter().map(shown).collect();
                all.sort();
                one(all.join(&b'|'))
            }
            "rm" => {
                let options = RmOptions::default().force(args[1] == "true").recursive(args[2] == "true");
                op!(run, rm_sync / rm(&path, &options))?;
                one("")
            }
            "glob" => {
                let mut options = GlobOptions::default();
                if args[2] != "-" {
                    options = options.exclude(args[2]);
                }
                let found = op!(run, glob_sync / glob(args[0], &options))?;
                let shown = |found: &fs::GlobEntry| match args[1] {
                    "true" => {
                        let entry = found.entry();
                        self.entry(entry.name(), entry.parent_path(), entry.kind())
                    }
                    _ => self.shown(found.path_bytes()),
                };
                one(found.iter().map(shown).collect::<Vec<_>>().join(&b'|'))
            }
            _ => {
                let has = |letter| args[2].contains(letter);
                let options = CpOptions::default()
                    .mode(number(args[3]))
                    .force(has('f'))
                    .recursive(has('r'))
                    .error_on_exist(has('e'))
                    .preserve_timestamps(has('p'))
                    .verbatim_symlinks(has('v'))
                    .dereference(has('d'));
                op!(run, cp_sync / cp(&path, self.at(args[1]), &options))?;
                one("")
            }
        }
    }

    fn entry(&self, name: &[u8], parent: &[u8], kind: EntryKind) -> Vec<u8> {
        let kind = match kind {
            EntryKind::File => "file",
            EntryKind::Directory => "dir",
            EntryKind::Link => "link",
            _ => "other",
        };
        self.shown(&[name, parent, kind.as_bytes()].join(&b' '))
    }
}

/// Whether a call goes through links to directories.
fn follows(call: &[&str]) -> bool {
    match call[0] {
        "readdir" => call[3] == "true",
        "opendir" => call[2] == "true",
        "cp" => call[3].contains('d'),
        _ => false,
    }
}

/// Whether there is a link to a directory: `program.rs` says why one asks.
fn leads(dir: &Path) -> std::io::Result<bool> {
    for entry in std::fs::read_dir(dir)? {
        let below = entry?.path();
        let found = std::fs::symlink_metadata(&below)?;
        let leads = match found.is_symlink() {
            true => match std::fs::metadata(&below) {
                Ok(found) => found.is_dir(),
                // What is not there is none; a loop of links might be anything.
                Err(error) => !matches!(error.raw_os_error(), Some(libc::ENOENT | libc::ENOTDIR)),
            },
            false => found.is_dir() && leads(&below)?,
        };
        if leads {
            return Ok(true);
        }
    }
    Ok(false)
}

fn one(part: impl Into<Vec<u8>>) -> Outcome {
    Ok(vec![part.into()])
}

fn number<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

fn position(text: &str) -> Option<u64> {
    (text != "-").then(|| number(text))
}

fn text(given: &str) -> Vec<u8> {
    given.strip_prefix('*').map_or_else(|| given.as_bytes().to_vec(), |count| vec![b'x'; number(count)])
}

/// Long contents by their length and ends.
pub(crate) fn content(data: &[u8]) -> Vec<u8> {
    if data.len() < 200 {
        return data.to_vec();
    }
    [data.len().to_string().as_bytes(), &data[..50], &data[data.len() - 50..]].join(&b' ')
}

fn stats(of: &Stats) -> String {
    let kind = match of {
        of if of.is_file() => "file",
        of if of.is_directory() => "dir",
        of if of.is_symbolic_link() => "link",
        _ => "other",
    };
    let sizes = if of.is_directory() { String::new() } else { format!(" {} {}", of.size(), of.nlink()) };
    let time = if of.mtime_ms() < 1e12 { of.mtime_ms().to_string() } else { "new".to_owned() };
    format!("{kind} {:o}{sizes} {time}", of.mode() & 0o7777)
}
