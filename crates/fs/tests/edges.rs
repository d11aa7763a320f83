//! What the random programs of `differential` have found: a case each, so that it stays found where there is no Node.
//! Expected values: Node 26.10.

#![cfg(unix)]
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used)]

mod common;

use common::{Form, in_each_form};
use nodecore_error::Code;
use nodecore_fs::{self as fs, CpOptions, Flags, GlobOptions, RangeOptions, WriteFileOptions};

#[test]
fn an_empty_buffer_is_read_only_where_nothing_is_asked() {
    in_each_form("edges-empty", |run, dir| {
        std::fs::write(dir.join("f"), "text").unwrap();
        let fd = fs::open_sync(dir.join("f"), "r", 0).unwrap();
        let handle = run.lp.block_on(fs::promises::open(&run.lp, dir.join("f"), "r", 0)).unwrap();
        let read = |options: RangeOptions| match run.form {
            Form::Sync => fs::read_sync(fd, &mut [], &options),
            Form::Callback => {
                run.wait(|lp, done| fs::read(lp, fd, Vec::new(), &options, done)).map(|read| read.0)
            }
            Form::Promise => run.lp.block_on(handle.read(Vec::new(), &options)).map(|read| read.0),
        };
        assert_eq!(read(RangeOptions::default()).unwrap(), 0);
        assert_eq!(read(RangeOptions::default().offset(1).length(0)).unwrap(), 0);
        for options in [RangeOptions::default().offset(1), RangeOptions::default().length(5)] {
            let error = read(options).unwrap_err();
            assert_eq!(error.code(), Code::InvalidArgValue);
            assert_eq!(
                error.to_string(),
                "The argument 'buffer' is empty and cannot be written. Received <Buffer >"
            );
        }
        run.lp.block_on(handle.close()).unwrap();
        fs::close_sync(fd).unwrap();
    });
}

#[test]
fn a_handle_writes_no_empty_buffer() {
    in_each_form("edges-write", |run, dir| {
        std::fs::write(dir.join("f"), "text").unwrap();
        // Not open for writing: whoever writes is told.
        let handle = run.lp.block_on(fs::promises::open(&run.lp, dir.join("f"), "r", 0)).unwrap();
        let outside = RangeOptions::default().offset(17).position(100);
        assert_eq!(run.lp.block_on(handle.write(Vec::new(), &outside)).unwrap().0, 0);
        let error = run.lp.block_on(handle.write(b"x".to_vec(), &Default::default())).unwrap_err();
        assert_eq!(error.to_string(), "EBADF: bad file descriptor, write");
        run.lp.block_on(handle.close()).unwrap();
    });
}

#[test]
fn nothing_is_written_to_a_descriptor_or_with_flush_when_called_back() {
    in_each_form("edges-nothing", |run, dir| {
        let path = dir.join("f");
        std::fs::write(&path, "text").unwrap();
        let fd = fs::open_sync(&path, "r", 0).unwrap();
        let flush = WriteFileOptions::default().flag(Flags::R).flush(true);
        let outcomes = match run.form {
            Form::Sync => [
                fs::write_file_sync(fd, "", &Default::default()),
                fs::append_file_sync(&path, "", &flush),
                fs::write_file_sync(&path, "", &WriteFileOptions::default().flag(Flags::R)),
            ],
            Form::Callback => [
                run.wait(|lp, done| fs::write_file(lp, fd, "", &Default::default(), done)),
                run.wait(|lp, done| fs::append_file(lp, &path, "", &flush, done)),
                run.wait(|lp, done| {
                    fs::write_file(lp, &path, "", &WriteFileOptions::default().flag(Flags::R), done)
                }),
            ],
            Form::Promise => [
                run.lp.block_on(fs::promises::write_file(&run.lp, fd, "", &Default::default())),
                run.lp.block_on(fs::promises::append_file(&run.lp, &path, "", &flush)),
                Ok(()),
            ],
        };
        let shown = outcomes.map(|outcome| outcome.map_err(|error| error.to_string()));
        let refused = Err("EBADF: bad file descriptor, write".to_owned());
        let expected = if run.form == Form::Callback {
            [refused.clone(), refused, Ok(())]
        } else {
            [const { Ok(()) }; 3]
        };
        assert_eq!(shown, expected);
        fs::close_sync(fd).unwrap();
    });
}

#[test]
fn times_have_to_be_finite() {
    in_each_form("edges-times", |run, dir| {
        let path = dir.join("f");
        std::fs::write(&path, "").unwrap();
        let end = "must be an instance of Date or an Time in seconds. Received type number";
        for (time, shown) in
            [(f64::NAN, "NaN"), (f64::INFINITY, "Infinity"), (f64::NEG_INFINITY, "-Infinity")]
        {
            let error = op!(run, utimes_sync / utimes(&path, time, 0.0)).unwrap_err();
            assert_eq!(error.code(), Code::InvalidArgType);
            assert_eq!(error.to_string(), format!("The \"time\" argument {end} ({shown})"));
            let error = op!(run, lutimes_sync / lutimes(&path, 0.0, time)).unwrap_err();
            assert_eq!(error.to_string(), format!("The \"time\" argument {end} ({shown})"));
            // The times are looked at before the descriptor.
            let error = op!(run, futimes_sync / futimes(-1, time, 0.0)).unwrap_err();
            assert_eq!(error.to_string(), format!("The \"atime\" argument {end} ({shown})"));
            let error = op!(run, futimes_sync / futimes(-1, 0.0, time)).unwrap_err();
            assert_eq!(error.to_string(), format!("The \"mtime\" argument {end} ({shown})"));
        }
    });
}

#[test]
fn cp_puts_no_broken_link_in_the_place_of_a_link() {
    in_each_form("edges-cp", |run, dir| {
        for (target, link) in [("none", "broken"), ("loop", "loop"), ("nothing", "old")] {
            std::os::unix::fs::symlink(target, dir.join(link)).unwrap();
        }
        for (link, text) in [
            ("broken", "ENOENT: no such file or directory"),
            ("loop", "ELOOP: too many symbolic links encountered"),
        ] {
            let src = dir.join(link);
            let error = op!(run, cp_sync / cp(&src, dir.join("old"), &CpOptions::default())).unwrap_err();
            assert_eq!(error.to_string(), format!("{text}, stat '{}'", src.display()));
            assert_eq!(std::fs::read_link(dir.join("old")).unwrap().to_str(), Some("nothing"));
            op!(run, cp_sync / cp(&src, dir.join("new"), &CpOptions::default())).unwrap();
            std::fs::remove_file(dir.join("new")).unwrap();
        }
    });
}

#[test]
fn glob_excludes_what_is_in_a_directory_but_not_its_name() {
    in_each_form("edges-glob", |run, dir| {
        std::fs::create_dir_all(dir.join("a/b")).unwrap();
        std::fs::write(dir.join("f"), "").unwrap();
        let found = |pattern: &str, exclude: &str| {
            let options = GlobOptions::default().cwd(dir).exclude(exclude);
            let found = op!(run, glob_sync / glob(pattern, &options)).unwrap();
            found.iter().map(|one| one.path().to_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(found("*", "a/**"), ["a", "f"]);
        assert_eq!(found("**/*", "a/**"), ["a", "f"]);
        assert_eq!(found("**", "a/**"), [".", "f"]);
        assert_eq!(found("*/", "a/**"), [""; 0]);
        // A file has nothing in it.
        assert_eq!(found("f/**", "f/**"), ["f"]);
        assert_eq!(found("a/**", "a/**"), [""; 0]);
    });
}

#[cfg(target_os = "linux")]
#[test]
fn realpath_of_a_pipe_is_what_proc_calls_it() {
    use std::os::fd::AsRawFd;

    in_each_form("edges-realpath-pipe", |run, _| {
        let (reader, _writer) = std::io::pipe().unwrap();
        let path = format!("/dev/fd/{}", reader.as_raw_fd());
        let found = match run.form {
            Form::Sync => fs::realpath_sync(&path),
            Form::Callback => run.wait(|lp, done| fs::realpath(lp, &path, done)),
            // The promise is of the C library's realpath, which finds nothing there.
            Form::Promise => {
                let error = run.lp.block_on(fs::promises::realpath(&run.lp, &path)).unwrap_err();
                assert_eq!(error.code(), Code::ENOENT);
                return;
            }
        }
        .unwrap();
        let found = found.to_str().unwrap();
        assert!(found.starts_with(&format!("/proc/{}/fd/pipe:[", std::process::id())), "{found}");
    });
}
