//! What `stat`, `statfs`, `readdir` and the constants say, as Node says it.

#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used)]

mod common;

use std::os::unix::fs::{FileTypeExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use common::{Scratch, in_each_form};
use nodecore_fs::{self as fs, ReaddirOptions, Stats, constants};
use nodecore_testdata::node::{Comparison, Node};
use serde_json::{Map, Value, json};

macro_rules! values {
    ($($name:ident)*) => { [$((stringify!($name), i64::from(constants::$name))),*] };
}

fn all_constants() -> Vec<(&'static str, i64)> {
    values! {
        COPYFILE_EXCL COPYFILE_FICLONE COPYFILE_FICLONE_FORCE F_OK O_APPEND O_CREAT O_DIRECT O_DIRECTORY
        O_DSYNC O_EXCL O_NOATIME O_NOCTTY O_NOFOLLOW O_NONBLOCK O_RDONLY O_RDWR O_SYNC O_TRUNC O_WRONLY
        R_OK S_IFBLK S_IFCHR S_IFDIR S_IFIFO S_IFLNK S_IFMT S_IFREG S_IFSOCK S_IRGRP S_IROTH S_IRUSR
        S_IRWXG S_IRWXO S_IRWXU S_IWGRP S_IWOTH S_IWUSR S_IXGRP S_IXOTH S_IXUSR UV_DIRENT_BLOCK
        UV_DIRENT_CHAR UV_DIRENT_DIR UV_DIRENT_FIFO UV_DIRENT_FILE UV_DIRENT_LINK UV_DIRENT_SOCKET
        UV_DIRENT_UNKNOWN UV_FS_COPYFILE_EXCL UV_FS_COPYFILE_FICLONE UV_FS_COPYFILE_FICLONE_FORCE
        UV_FS_O_FILEMAP UV_FS_O_RANDOM UV_FS_O_SEQUENTIAL UV_FS_O_SHORT_LIVED UV_FS_O_TEMPORARY
        UV_FS_SYMLINK_DIR UV_FS_SYMLINK_JUNCTION W_OK X_OK
    }
    .to_vec()
}

/// One of each kind of file.
fn kinds(dir: &Path) -> Vec<std::path::PathBuf> {
    let at = |name: &str| dir.join(name);
    std::fs::write(at("file"), "some text").unwrap();
    std::fs::hard_link(at("file"), at("hard")).unwrap();
    std::fs::create_dir(at("directory")).unwrap();
    symlink("file", at("link")).unwrap();
    symlink("none", at("dangling")).unwrap();
    drop(UnixListener::bind(at("socket")).unwrap());
    assert!(Command::new("mkfifo").arg(at("fifo")).status().unwrap().success());
    fs::utimes_sync(at("hard"), -1.5, 1e9 + 0.25).unwrap();
    let names = ["file", "hard", "directory", "link", "dangling", "socket", "fifo", "."];
    let mut paths: Vec<_> = names.iter().map(|name| at(name)).collect();
    paths.extend(["/dev/null", "/proc/version", "/"].map(Into::into));
    // A block device, where there is one.
    let devices = std::fs::read_dir("/dev").unwrap().filter_map(Result::ok);
    paths.extend(
        devices
            .filter(|entry| entry.file_type().unwrap().is_block_device())
            .take(1)
            .map(|entry| entry.path()),
    );
    paths
}

fn shown(stats: &Stats) -> Value {
    let instant = |time: SystemTime, ns: i128| {
        // The exact instant, which a SystemTime is too.
        let from_epoch = match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => i128::try_from(after.as_nanos()).unwrap(),
            Err(before) => -i128::try_from(before.duration().as_nanos()).unwrap(),
        };
        assert_eq!(from_epoch, ns);
        ns.to_string()
    };
    let ms = [stats.mtime_ms(), stats.ctime_ms(), stats.birthtime_ms()].map(|ms| ms.to_string());
    json!([
        stats.dev(),
        stats.ino(),
        stats.mode(),
        stats.nlink(),
        stats.uid(),
        stats.gid(),
        stats.rdev(),
        stats.size(),
        stats.blksize(),
        stats.blocks(),
        [
            stats.is_block_device(),
            stats.is_character_device(),
            stats.is_directory(),
            stats.is_fifo(),
            stats.is_file(),
            stats.is_socket(),
            stats.is_symbolic_link()
        ],
        ms,
        [
            instant(stats.mtime(), stats.mtime_ns()),
            instant(stats.ctime(), stats.ctime_ns()),
            instant(stats.birthtime(), stats.birthtime_ns())
        ],
    ])
}

const SCRIPT: &str = r"
    const fs = require('fs');
    const [dir, ...paths] = process.argv.slice(1);
    const questions = ['isBlockDevice', 'isCharacterDevice', 'isDirectory', 'isFIFO', 'isFile', 'isSocket',
                       'isSymbolicLink'];
    const ask = (value) => questions.map((question) => value[question]());
    const stats = paths.map((path) => {
      const plain = fs.lstatSync(path), big = fs.lstatSync(path, { bigint: true });
      const numbers = ['dev', 'ino', 'mode', 'nlink', 'uid', 'gid', 'rdev', 'size', 'blksize', 'blocks'];
      const times = ['mtime', 'ctime', 'birthtime'];
      const same = times.every((time) => big[`${time}Ns`] === big[`${time}Instant`].epochNanoseconds &&
                                         big[`${time}Ns`] === plain[`${time}Instant`].epochNanoseconds);
      if (!same || String(ask(plain)) !== String(ask(big))) throw new Error('the two kinds of Stats differ');
      return [...numbers.map((name) => Number(big[name])), ask(plain), times.map((time) => String(plain[`${time}Ms`])),
              times.map((time) => String(big[`${time}Ns`]))];
    });
    const entries = fs.readdirSync(dir, { withFileTypes: true }).map((entry) => [entry.name, entry.parentPath, ask(entry)]);
    const { type, bsize, frsize, blocks, files } = fs.statfsSync(dir);
    process.stdout.write(JSON.stringify({ constants: fs.constants, stats, entries,
                                          statfs: [type, bsize, frsize, blocks, files] }));
";

#[test]
fn the_same_as_node() {
    let Some(node) = Node::find() else { return };
    let scratch = Scratch::new("metadata");
    let paths = kinds(&scratch.0);
    let output = node.feed(node.command().args(["-e", SCRIPT]).arg(&scratch.0).args(&paths), []);
    let theirs: Value = serde_json::from_str(&output).unwrap();
    let mut comparison = Comparison::new("fs", "metadata");
    let ours: Map<_, _> =
        all_constants().into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect();
    comparison.expect(Value::Object(ours.clone()) == theirs["constants"], || {
        format!("constants\n  here {ours:?}\n  Node {}", theirs["constants"])
    });
    for (index, path) in paths.iter().enumerate() {
        let (ours, theirs) = (shown(&fs::lstat_sync(path).unwrap()), &theirs["stats"][index]);
        comparison.expect(ours == *theirs, || format!("{}\n  here {ours}\n  Node {theirs}", path.display()));
    }
    let entries = fs::readdir_sync(&scratch.0, &ReaddirOptions::default().with_file_types(true)).unwrap();
    let entries: Value = entries
        .iter()
        .map(|entry| {
            let kinds = [
                entry.is_block_device(),
                entry.is_character_device(),
                entry.is_directory(),
                entry.is_fifo(),
                entry.is_file(),
                entry.is_socket(),
                entry.is_symbolic_link(),
            ];
            let parent = String::from_utf8_lossy(entry.parent_path()).into_owned();
            json!([entry.name_as(nodecore_buffer::Encoding::Utf8), parent, kinds])
        })
        .collect();
    comparison.expect(entries == theirs["entries"], || {
        format!("entries\n  here {entries}\n  Node {}", theirs["entries"])
    });
    let found = fs::statfs_sync(&scratch.0).unwrap();
    let statfs = json!([found.kind(), found.bsize(), found.frsize(), found.blocks(), found.files()]);
    comparison.expect(statfs == theirs["statfs"], || format!("statfs {statfs} {}", theirs["statfs"]));
    comparison.close();
}

#[test]
fn owners() {
    in_each_form("owners", |run, dir| {
        let (file, link) = (dir.join("file"), dir.join("link"));
        std::fs::write(&file, "").unwrap();
        symlink("file", &link).unwrap();
        let fd = fs::open_sync(&file, "r", 0).unwrap();
        let found = fs::fstat_sync(fd).unwrap();
        let (uid, gid) = (u32::try_from(found.uid()).unwrap(), u32::try_from(found.gid()).unwrap());
        // Only the superuser may give files away.
        let (other, group) = if uid == 0 { (1234, 2345) } else { (uid, gid) };
        op!(run, fchown_sync / fchown(fd, other, group)).unwrap();
        let now = fs::fstat_sync(fd).unwrap();
        assert_eq!((now.uid(), now.gid()), (u64::from(other), u64::from(group)));
        op!(run, lchown_sync / lchown(&link, other, group)).unwrap();
        assert_eq!(fs::lstat_sync(&link).unwrap().uid(), u64::from(other));
        op!(run, chown_sync / chown(&link, uid, gid)).unwrap();
        assert_eq!(fs::fstat_sync(fd).unwrap().uid(), u64::from(uid));
        fs::close_sync(fd).unwrap();
        let error = op!(run, fchown_sync / fchown(-1, 0, 0)).unwrap_err();
        assert_eq!(error.code().name(), "ERR_OUT_OF_RANGE");
        let error = op!(run, fchown_sync / fchown(99_999, 0, 0)).unwrap_err();
        assert_eq!(error.to_string(), "EBADF: bad file descriptor, fchown");
    });
}
