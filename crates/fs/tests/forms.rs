//! Every verb through its three forms.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used)]

mod common;

use std::io::{IoSlice, IoSliceMut};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

use common::{Form, Runner, in_each_form};
use nodecore_buffer::Encoding;
use nodecore_error::Code;
use nodecore_fs::{
    self as fs, FileTime, Flags, MkdirOptions, RangeOptions, RawTime, ReaddirOptions, SymlinkKind,
    WriteFileOptions, constants,
};

fn plain() -> fs::ReadFileOptions {
    fs::ReadFileOptions::default()
}

fn read(path: impl AsRef<Path>) -> Vec<u8> {
    std::fs::read(path).unwrap()
}

#[test]
fn open_close_read_write() {
    in_each_form("open", |run, dir| {
        let path = dir.join("f");
        let fd = match run.form {
            Form::Sync => fs::open_sync(&path, "wx+", 0o640),
            _ => run.wait(|lp, done| fs::open(lp, &path, Flags::WX_PLUS, 0o640, done)),
        }
        .unwrap();
        assert_eq!(op!(run, fstat_sync / fstat(fd)).unwrap().mode() & 0o777, 0o640);
        let write = |data: &'static [u8], options: RangeOptions| match run.form {
            Form::Sync => fs::write_sync(fd, data, &options),
            _ => run.wait(|lp, done| fs::write(lp, fd, data, &options, done)).map(|(written, back)| {
                assert_eq!(back, data);
                written
            }),
        };
        assert_eq!(write(b"hello world", RangeOptions::default()), Ok(11));
        assert_eq!(write(b"xxW", RangeOptions::default().offset(2).position(6)), Ok(1));
        assert_eq!(write(b"abc", RangeOptions::default().length(0)), Ok(0));
        let texts = [(4, None), (0, Some(4))].map(|(offset, length)| {
            let options = RangeOptions::default().offset(offset);
            write(b"abc", length.map_or(options, |length| options.length(length))).unwrap_err().to_string()
        });
        assert_eq!(texts[0], "The value of \"offset\" is out of range. It must be <= 3. Received 4");
        assert_eq!(texts[1], "The value of \"length\" is out of range. It must be <= 3. Received 4");

        let read_at = |options: RangeOptions| {
            let mut buffer = vec![b'.'; 8];
            match run.form {
                Form::Sync => fs::read_sync(fd, &mut buffer, &options).map(|read| (read, buffer)),
                _ => run.wait(|lp, done| fs::read(lp, fd, buffer, &options, done)),
            }
        };
        let all = RangeOptions::default();
        assert_eq!(read_at(all.position(6)), Ok((5, b"World...".to_vec())));
        assert_eq!(read_at(all.position(6).offset(1).length(2)), Ok((2, b".Wo.....".to_vec())));
        assert_eq!(read_at(all.position(99)), Ok((0, b"........".to_vec())));
        assert_eq!(read_at(all.offset(9).length(0)), Ok((0, b"........".to_vec())));
        let text = |options| read_at(options).unwrap_err().to_string();
        assert_eq!(
            text(all.offset(9)),
            "The value of \"length\" is out of range. It must be >= 0. Received -1"
        );
        assert_eq!(
            text(all.offset(9).length(1)),
            "The value of \"length\" is out of range. It must be <= -1. Received 1"
        );
        assert_eq!(
            text(all.length(9)),
            "The value of \"length\" is out of range. It must be <= 8. Received 9"
        );
        assert_eq!(read_at(all.position(u64::MAX)).unwrap_err().code(), Code::OutOfRange);
        op!(run, fsync_sync / fsync(fd)).unwrap();
        op!(run, fdatasync_sync / fdatasync(fd)).unwrap();
        op!(run, ftruncate_sync / ftruncate(fd, 3)).unwrap();
        op!(run, fchmod_sync / fchmod(fd, 0o600)).unwrap();
        op!(run, futimes_sync / futimes(fd, 1.0, 2.0)).unwrap();
        let stats = op!(run, fstat_sync / fstat(fd)).unwrap();
        assert_eq!((stats.size(), stats.mode() & 0o777, stats.mtime_ms()), (3, 0o600, 2000.0));
        let close = || match run.form {
            Form::Sync => fs::close_sync(fd),
            _ => run.wait(|lp, done| fs::close(lp, fd, done)),
        };
        close().unwrap();
        assert_eq!(read(&path), b"hel");
    });
}

#[test]
fn vectors() {
    in_each_form("vectors", |run, dir| {
        let fd = fs::open_sync(dir.join("f"), "w+", 0o600).unwrap();
        let (a, b) = (b"ab".to_vec(), b"cde".to_vec());
        let written = match run.form {
            Form::Sync => fs::writev_sync(fd, &[IoSlice::new(&a), IoSlice::new(&b)], None),
            _ => run.wait(|lp, done| fs::writev(lp, fd, vec![a, b], None, done)).map(|(written, back)| {
                assert_eq!(back, [b"ab".to_vec(), b"cde".to_vec()]);
                written
            }),
        };
        assert_eq!(written, Ok(5));
        let (mut a, mut b) = (vec![0; 1], vec![0; 9]);
        let (count, a, b) = match run.form {
            Form::Sync => {
                let mut slices = [IoSliceMut::new(&mut a), IoSliceMut::new(&mut b)];
                let count = fs::readv_sync(fd, &mut slices, Some(1)).unwrap();
                (count, a, b)
            }
            _ => {
                let (count, mut back) =
                    run.wait(|lp, done| fs::readv(lp, fd, vec![a, b], Some(1), done)).unwrap();
                let b = back.pop().unwrap();
                (count, back.pop().unwrap(), b)
            }
        };
        assert_eq!((count, &a[..], &b[..3]), (4, &b"b"[..], &b"cde"[..]));
        assert_eq!(fs::writev_sync(fd, &[], None), Ok(0));
        assert_eq!(fs::readv_sync(fd, &mut [], None).unwrap_err().code(), Code::EINVAL);
        fs::close_sync(fd).unwrap();
    });
}

#[test]
fn whole_files() {
    in_each_form("whole", |run, dir| {
        let path = dir.join("f");
        let (plain, write) = (plain(), WriteFileOptions::default());
        for size in [0, 1, 4096, 512 * 1024 - 1, 512 * 1024, 512 * 1024 + 1, 3_000_000] {
            let data: Vec<u8> = (0..size).map(|at| (at % 251) as u8).collect();
            op!(run, write_file_sync / write_file(&path, data.clone(), &write)).unwrap();
            assert!(op!(run, read_file_sync / read_file(&path, &plain)).unwrap() == data, "{size}");
        }
        let flushed = write.clone().flush(true).mode(0o600);
        op!(run, write_file_sync / write_file(&dir.join("g"), "text", &flushed)).unwrap();
        assert_eq!(fs::stat_sync(dir.join("g")).unwrap().mode() & 0o777, 0o600);
        op!(run, append_file_sync / append_file(&dir.join("g"), " and more", &write)).unwrap();
        op!(run, append_file_sync / append_file(&dir.join("h"), "made", &write)).unwrap();
        assert_eq!((read(dir.join("g")), read(dir.join("h"))), (b"text and more".to_vec(), b"made".to_vec()));
        let error =
            op!(run, write_file_sync / write_file(&path, "x", &write.clone().flag(Flags::WX))).unwrap_err();
        assert_eq!((error.code(), error.syscall()), (Code::EEXIST, Some("open")));
        // A descriptor is read and written from where it stands, and stays open.
        let fd = fs::open_sync(dir.join("g"), "r+", 0).unwrap();
        fs::read_sync(fd, &mut [0; 5], &RangeOptions::default()).unwrap();
        assert_eq!(op!(run, read_file_sync / read_file(fd, &plain)).unwrap(), b"and more");
        op!(run, write_file_sync / write_file(fd, "!", &write)).unwrap();
        fs::close_sync(fd).unwrap();
        assert_eq!(read(dir.join("g")), b"text and more!");
        let error = op!(run, read_file_sync / read_file(-1, &plain)).unwrap_err();
        assert_eq!(error.code(), Code::OutOfRange);
    });
}

#[test]
fn files_without_a_size() {
    in_each_form("sizeless", |run, _| {
        let status = op!(run, read_file_sync / read_file("/proc/self/status", &plain())).unwrap();
        assert!(status.starts_with(b"Name:") && status.len() > 100);
        assert_eq!(op!(run, read_file_sync / read_file("/dev/null", &plain())).unwrap(), b"");
    });
}

#[test]
fn a_fifo_is_read_to_its_end() {
    in_each_form("fifo", |run, dir| {
        let path = dir.join("fifo");
        let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
        assert!(made.success());
        let writer = {
            let path = path.clone();
            std::thread::spawn(move || std::fs::write(path, vec![7; 300_000]).unwrap())
        };
        assert!(op!(run, read_file_sync / read_file(&path, &plain())).unwrap() == vec![7; 300_000]);
        writer.join().unwrap();
    });
}

#[test]
fn what_is_too_large_is_refused() {
    in_each_form("large", |run, dir| {
        let path = dir.join("sparse");
        op!(run, write_file_sync / write_file(&path, "", &WriteFileOptions::default())).unwrap();
        op!(run, truncate_sync / truncate(&path, 1 << 31)).unwrap();
        let error = op!(run, read_file_sync / read_file(&path, &plain())).unwrap_err();
        assert_eq!(error.code(), Code::FsFileTooLarge);
        assert_eq!(error.to_string(), "File size (2147483648) is greater than 2 GiB");
    });
}

#[test]
fn a_full_device_is_reported() {
    in_each_form("full", |run, _| {
        for data in [vec![1; 10], vec![1; 2_000_000]] {
            let result =
                op!(run, write_file_sync / write_file("/dev/full", data, &WriteFileOptions::default()));
            assert_eq!(result.unwrap_err().to_string(), "ENOSPC: no space left on device, write");
        }
    });
}

#[test]
fn files_into_the_callers_buffer() {
    in_each_form("into", |run, dir| {
        let into = |file: &dyn fs::FileArg, len: usize| {
            let mut buffer = vec![b'.'; len];
            match run.form {
                Form::Sync => fs::read_file_into_sync(file, &mut buffer, &plain()).map(|read| (read, buffer)),
                Form::Callback => run.wait(|lp, done| fs::read_file_into(lp, file, buffer, &plain(), done)),
                Form::Promise => {
                    run.lp.block_on(fs::promises::read_file_into(&run.lp, file, buffer, &plain()))
                }
            }
        };
        let path = dir.join("f");
        let data: Vec<u8> = (0..1_300_000_u32).map(|i| i.to_le_bytes()[1]).collect();
        std::fs::write(&path, &data).unwrap();
        assert!(into(&path, data.len()) == Ok((data.len(), data.clone())));
        let (read, buffer) = into(&path, data.len() + 2).unwrap();
        assert!(read == data.len() && buffer.ends_with(b"..") && buffer.starts_with(&data));
        let named = |error: nodecore_error::Error| (error.code(), error.syscall(), error.path().is_some());
        let blames = run.form != Form::Sync;
        for len in [0, 1, data.len() - 1] {
            assert_eq!(named(into(&path, len).unwrap_err()), (Code::ENOBUFS, Some("read"), blames));
        }
        // A descriptor is read from where it stands, whatever the file's size.
        let fd = fs::open_sync(&path, "r", 0).unwrap();
        fs::read_sync(fd, &mut vec![0; data.len() - 5], &RangeOptions::default()).unwrap();
        assert_eq!(into(&fd, 5).unwrap(), (5, data[data.len() - 5..].to_vec()));
        assert_eq!(into(&fd, 0).unwrap(), (0, Vec::new()));
        fs::close_sync(fd).unwrap();
        // What tells no size.
        let (read, status) = into(&"/proc/self/status", 65536).unwrap();
        assert!(status.starts_with(b"Name:") && status[read..].iter().all(|&byte| byte == b'.'));
        assert_eq!(into(&"/proc/self/status", 4).unwrap_err().code(), Code::ENOBUFS);
        assert_eq!(into(&"/dev/null", 4), Ok((0, b"....".to_vec())));
        assert_eq!(into(&dir, 4).unwrap_err().code(), Code::EISDIR);
        assert_eq!(into(&"a\0", 4).unwrap_err().code(), Code::InvalidArgValue);
        assert_eq!(into(&-1, 4).unwrap_err().code(), Code::OutOfRange);
        let error = into(&dir.join("none"), 4).unwrap_err();
        assert_eq!(named(error), (Code::ENOENT, Some("open"), true));
    });
    let run = Runner::new(Form::Callback);
    let aborted = nodecore_events::AbortSignal::abort(None);
    let options = plain().signal(&aborted);
    let result = run.wait(|lp, done| fs::read_file_into(lp, "Cargo.toml", vec![0; 9], &options, done));
    assert_eq!(result.unwrap_err().code(), Code::Abort);
}

#[test]
fn names() {
    in_each_form("names", |run, dir| {
        let at = |name: &str| dir.join(name);
        std::fs::write(at("a"), "content").unwrap();
        op!(run, rename_sync / rename(at("a"), at("b"))).unwrap();
        op!(run, link_sync / link(at("b"), at("c"))).unwrap();
        assert_eq!(op!(run, stat_sync / stat(at("c"))).unwrap().nlink(), 2);
        op!(run, symlink_sync / symlink("b", at("s"), SymlinkKind::Dir)).unwrap();
        assert_eq!(op!(run, readlink_sync / readlink(at("s"))).unwrap(), Path::new("b"));
        assert!(op!(run, lstat_sync / lstat(at("s"))).unwrap().is_symbolic_link());
        assert!(op!(run, stat_sync / stat(at("s"))).unwrap().is_file());
        let real = std::fs::canonicalize(at("b")).unwrap();
        assert_eq!(op!(run, realpath_sync / realpath(at("s"))).unwrap(), real);
        if run.form != Form::Promise {
            let native = match run.form {
                Form::Sync => fs::realpath_native_sync(at("./s")),
                _ => run.wait(|lp, done| fs::realpath_native(lp, at("./s"), done)),
            };
            assert_eq!(native.unwrap(), real);
        }
        op!(run, copy_file_sync / copy_file(at("b"), at("d"), 0)).unwrap();
        let error =
            op!(run, copy_file_sync / copy_file(at("b"), at("d"), constants::COPYFILE_EXCL)).unwrap_err();
        assert_eq!((error.code(), error.syscall()), (Code::EEXIST, Some("copyfile")));
        assert_eq!(error.dest(), Some(at("d").as_os_str().as_bytes()));
        assert_eq!(read(at("d")), b"content");
        op!(run, access_sync / access(at("d"), constants::R_OK | constants::W_OK)).unwrap();
        let error = op!(run, access_sync / access(at("d"), 8)).unwrap_err();
        assert_eq!(
            (error.code(), error.to_string()),
            (Code::OutOfRange, "mode is out of range: >= 0 && <= 7".into())
        );
        op!(run, chmod_sync / chmod(at("d"), 0o400)).unwrap();
        op!(run, truncate_sync / truncate(at("b"), 2)).unwrap();
        assert_eq!(read(at("c")), b"co");
        op!(run, unlink_sync / unlink(at("d"))).unwrap();
        let uid = op!(run, stat_sync / stat(at("b"))).unwrap();
        let (uid, gid) = (u32::try_from(uid.uid()).unwrap(), u32::try_from(uid.gid()).unwrap());
        op!(run, chown_sync / chown(at("b"), uid, gid)).unwrap();
        op!(run, lchown_sync / lchown(at("s"), uid, u32::MAX)).unwrap();
        let made = op!(run, mkdtemp_sync / mkdtemp(at("tmp-"))).unwrap();
        assert!(made.is_dir() && made.file_name().unwrap().len() == 10);
        op!(run, rmdir_sync / rmdir(&made)).unwrap();
        assert!(!made.exists());
        assert!(op!(run, statfs_sync / statfs(dir)).unwrap().blocks() > 0);
    });
}

#[test]
fn existence() {
    let run = Runner::new(Form::Callback);
    assert!(fs::exists_sync("Cargo.toml") && !fs::exists_sync("none") && !fs::exists_sync("a\0"));
    for (path, expected) in [("Cargo.toml", true), ("none", false), ("a\0", false)] {
        let found = run.wait(|lp, done| Ok(fs::exists(lp, path, |found| done(Ok(found)))));
        assert_eq!(found, Ok(expected), "{path:?}");
    }
}

#[test]
fn times() {
    in_each_form("times", |run, dir| {
        let path = dir.join("f");
        std::fs::write(&path, "").unwrap();
        std::os::unix::fs::symlink("f", dir.join("s")).unwrap();
        op!(run, utimes_sync / utimes(&path, 5.25, SystemTime::UNIX_EPOCH - Duration::from_millis(1500)))
            .unwrap();
        op!(run, lutimes_sync / lutimes(dir.join("s"), 7.0, 8.0)).unwrap();
        let stats = op!(run, stat_sync / stat(&path)).unwrap();
        assert_eq!((stats.atime_ms(), stats.mtime_ms()), (5250.0, -1500.0));
        assert_eq!(op!(run, lstat_sync / lstat(dir.join("s"))).unwrap().mtime_ns(), 8_000_000_000);
        // To the nanosecond, and not at all.
        let exact = RawTime { sec: 1_795_184_201, nsec: 868_000_031 };
        let before = SystemTime::UNIX_EPOCH - Duration::from_nanos(1_500_000_001);
        op!(run, utimes_sync / utimes(&path, exact, before)).unwrap();
        op!(run, lutimes_sync / lutimes(dir.join("s"), exact, FileTime::KEEP)).unwrap();
        let (stats, link) = (
            op!(run, stat_sync / stat(&path)).unwrap(),
            op!(run, lstat_sync / lstat(dir.join("s"))).unwrap(),
        );
        assert_eq!((stats.atime_ns(), stats.mtime_ns()), (1_795_184_201_868_000_031, -1_500_000_001));
        assert_eq!((link.raw().atime, link.mtime_ns()), (exact, 8_000_000_000));
        let fd = fs::open_sync(&path, "r", 0).unwrap();
        op!(run, futimes_sync / futimes(fd, FileTime::NOW, exact)).unwrap();
        fs::close_sync(fd).unwrap();
        let stats = op!(run, stat_sync / stat(&path)).unwrap();
        assert!(stats.raw().mtime == exact && stats.raw().atime != exact && stats.atime_ms() > 1.7e12);
        for nsec in [-1, 1_000_000_000] {
            let error =
                op!(run, utimes_sync / utimes(&path, RawTime { sec: 0, nsec }, FileTime::KEEP)).unwrap_err();
            let text = "The value of \"nsec\" is out of range. It must be >= 0 && <= 999999999. Received ";
            assert_eq!(error.to_string(), format!("{text}{nsec}"));
        }
        let error = op!(run, utimes_sync / utimes(dir.join("none"), exact, exact)).unwrap_err();
        assert!(error.to_string().starts_with("ENOENT: no such file or directory, utime '"), "{error}");
        let error = op!(run, lutimes_sync / lutimes(dir.join("none"), exact, exact)).unwrap_err();
        assert!(error.to_string().starts_with("ENOENT: no such file or directory, lutime '"), "{error}");
        let error = op!(run, futimes_sync / futimes(999, exact, exact)).unwrap_err();
        assert_eq!(error.to_string(), "EBADF: bad file descriptor, futime");
        // As in Node a negative number means now.
        op!(run, utimes_sync / utimes(&path, -5.0, -1.0)).unwrap();
        assert!(op!(run, stat_sync / stat(&path)).unwrap().atime_ms() > 1.7e12);
        let error = op!(run, utimes_sync / utimes(&path, f64::NAN, 0.0)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "The \"time\" argument must be an instance of Date or an Time in seconds. Received type number (NaN)"
        );
    });
}

#[test]
fn directories() {
    in_each_form("dirs", |run, dir| {
        let deep = MkdirOptions::default().recursive(true);
        let mkdir = |path: &Path, options: &MkdirOptions| op!(run, mkdir_sync / mkdir(path, options));
        assert_eq!(mkdir(&dir.join("a"), &MkdirOptions::default().mode(0o700)), Ok(None));
        assert_eq!(mkdir(&dir.join("a"), &deep), Ok(None));
        assert_eq!(mkdir(&dir.join("a/b/c"), &deep), Ok(Some(dir.join("a/b"))));
        std::fs::write(dir.join("a/file"), "").unwrap();
        let text = |path: &str| {
            let path = dir.join(path);
            let text = mkdir(&path, &deep).unwrap_err().to_string();
            text.replace(dir.to_str().unwrap(), "")
        };
        assert_eq!(text("a/file"), "EEXIST: file already exists, mkdir '/a/file'");
        assert_eq!(text("a/file/x/y"), "ENOTDIR: not a directory, mkdir '/a/file/x/y'");
        for nothing in ["", "/proc/nothing/here"] {
            let error = mkdir(Path::new(nothing), &deep).unwrap_err();
            assert_eq!(error.to_string(), format!("ENOENT: no such file or directory, mkdir '{nothing}'"));
        }
        std::os::unix::fs::symlink("b", dir.join("a/link")).unwrap();
        std::os::unix::fs::symlink("none", dir.join("a/dangling")).unwrap();
        let latin1 = std::ffi::OsStr::from_bytes(b"caf\xe9");
        std::fs::write(dir.join(latin1), "").unwrap();

        let flat = ReaddirOptions::default();
        let entries = op!(run, readdir_sync / readdir(dir.join("a"), &flat)).unwrap();
        assert_eq!(entries.to_strings(Encoding::Utf8), ["b", "dangling", "file", "link"]);
        let entries = op!(run, readdir_sync / readdir(dir, &flat.with_file_types(true))).unwrap();
        assert_eq!(
            entries.iter().map(|entry| entry.name().to_vec()).collect::<Vec<_>>(),
            [&b"a"[..], b"caf\xe9"]
        );
        assert_eq!(entries.to_strings(Encoding::Latin1)[1], "café");
        assert_eq!(entries.get(1).unwrap().file_name(), latin1);
        assert!(entries.get(0).unwrap().is_directory() && entries.get(1).unwrap().is_file());
        assert!(entries.get(2).is_none());

        let entries = op!(run, readdir_sync / readdir(dir.join("./a/"), &flat.recursive(true))).unwrap();
        let names = ["b", "dangling", "file", "link", "b/c", "link/c"];
        assert_eq!(entries.to_strings(Encoding::Utf8), names);
        let parents: Vec<_> = entries.iter().map(|entry| entry.parent_path().to_vec()).collect();
        let below = |name: &str| dir.join(name).as_os_str().as_bytes().to_vec();
        assert_eq!(parents[0], below("./a/"));
        assert_eq!((&parents[4], &parents[5]), (&below("a/b"), &below("a/link")));
        for (index, entry) in entries.iter().enumerate() {
            assert_eq!(format!("{:?}", entries.get(index).unwrap()), format!("{entry:?}"));
        }
        assert_eq!((entries.iter().len(), entries.len(), entries.is_empty()), (6, 6, false));
        assert!(entries.get(1).unwrap().is_symbolic_link() && entries.get(4).unwrap().is_directory());
    });
}

#[test]
fn large_directories_in_order() {
    in_each_form("large-dir", |run, dir| {
        for number in 0..5000 {
            std::fs::write(dir.join(format!("entry-{number}")), "").unwrap();
        }
        let entries = op!(run, readdir_sync / readdir(dir, &ReaddirOptions::default())).unwrap();
        let mut expected: Vec<_> = (0..5000).map(|number| format!("entry-{number}")).collect();
        expected.sort();
        assert_eq!(entries.to_strings(Encoding::Utf8), expected);
    });
}

#[test]
fn nul_is_refused_by_its_own_name() {
    in_each_form("nul", |run, _| {
        let refused = |error: nodecore_error::Error, name: &str| {
            assert_eq!(error.code(), Code::InvalidArgValue);
            let text = error.to_string();
            assert!(text.starts_with(&format!("The argument '{name}' must be a string, ")), "{text}");
        };
        refused(op!(run, stat_sync / stat("a\0")).unwrap_err(), "path");
        refused(op!(run, rename_sync / rename("a\0", "b")).unwrap_err(), "oldPath");
        refused(op!(run, rename_sync / rename("a", "b\0")).unwrap_err(), "newPath");
        refused(op!(run, link_sync / link("a\0", "b")).unwrap_err(), "existingPath");
        refused(op!(run, symlink_sync / symlink("a\0", "b", SymlinkKind::File)).unwrap_err(), "target");
        refused(op!(run, copy_file_sync / copy_file("a\0", "b", 0)).unwrap_err(), "src");
        refused(op!(run, copy_file_sync / copy_file("a", "b\0", 0)).unwrap_err(), "dest");
        refused(op!(run, mkdtemp_sync / mkdtemp("a\0")).unwrap_err(), "prefix");
        refused(op!(run, read_file_sync / read_file("a\0", &plain())).unwrap_err(), "path");
    });
}

#[test]
fn file_handles() {
    in_each_form("handle", |run, dir| {
        let (lp, path) = (&run.lp, dir.join("f"));
        std::fs::write(&path, "hello world").unwrap();
        lp.block_on(async {
            let file = fs::promises::open(lp, &path, "r+", 0).await.unwrap();
            assert!(file.fd() > 2);
            assert_eq!(file.stat().await.unwrap().size(), 11);
            let (read, buffer) = file.read(vec![0; 5], &RangeOptions::default()).await.unwrap();
            assert_eq!((read, &buffer[..]), (5, &b"hello"[..]));
            assert_eq!(file.read_file(&plain()).await.unwrap(), b" world");
            assert_eq!(file.write("J", &RangeOptions::default().position(0)).await, Ok((1, "J")));
            file.append_file("!", &WriteFileOptions::default()).await.unwrap();
            assert_eq!(file.writev(vec!["a", "b"], None).await.unwrap().0, 2);
            assert_eq!(file.readv(vec![vec![0; 2], vec![0; 99]], Some(12)).await.unwrap().0, 2);
            file.chmod(0o600).await.unwrap();
            file.utimes(1.0, 2.0).await.unwrap();
            file.truncate(4).await.unwrap();
            file.sync().await.unwrap();
            file.datasync().await.unwrap();
            // What is under way when it is closed comes back all the same, and all who close wait for it.
            let reading = file.read(vec![0; 9], &RangeOptions::default().position(0));
            let (closed, again) = (file.close(), file.close());
            assert_eq!(file.fd(), -1);
            assert_eq!(reading.await.unwrap().0, 4);
            assert_eq!((closed.await, again.await, file.close().await), (Ok(()), Ok(()), Ok(())));
            let error = file.stat().await.unwrap_err();
            assert_eq!((error.code(), error.to_string()), (Code::EBADF, "file closed".to_owned()));
            let error = fs::promises::open(lp, "a\0", "r", 0).await.unwrap_err();
            assert_eq!(error.code(), Code::InvalidArgValue);
        });
        assert_eq!(read(&path), b"Jell");
    });
}
