//! What `stat` tells.

use std::time::{Duration, SystemTime};

use nodecore_event_loop::uv::fs::{EntryKind, RawStat, RawStatFs, RawTime};

use crate::constants::{S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT, S_IFREG, S_IFSOCK};
use crate::dirent::kind_of_mode;

/// Information about a file, Node's `fs.Stats` and `fs.BigIntStats` in one
/// (<https://nodejs.org/api/fs.html#class-fsstats>).
///
/// Whole numbers are exact (what Node gives with `bigint: true`); times come as milliseconds, as Node's
/// `atimeMs`, as nanoseconds, as its `atimeNs`, and as [`SystemTime`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stats(RawStat);

macro_rules! fields {
    ($( $name:ident $doc:literal ; )*) => { $(
        #[doc = $doc]
        pub fn $name(&self) -> u64 {
            self.0.$name
        }
    )* };
}

macro_rules! kinds {
    ($( $name:ident $kind:ident $doc:literal ; )*) => { $(
        #[doc = $doc]
        pub fn $name(&self) -> bool {
            self.mode() & u64::from(S_IFMT) == u64::from($kind)
        }
    )* };
}

macro_rules! times {
    ($( $field:ident $ms:ident $ns:ident $time:ident $what:literal ; )*) => { $(
        #[doc = concat!("When it was ", $what, ", in milliseconds since the epoch, as a JavaScript number.")]
        pub fn $ms(&self) -> f64 {
            milliseconds(self.0.$field)
        }
        #[doc = concat!("When it was ", $what, ", in nanoseconds since the epoch.")]
        pub fn $ns(&self) -> i128 {
            nanoseconds(self.0.$field)
        }
        #[doc = concat!("When it was ", $what, ". The epoch itself for a time that the system cannot express.")]
        pub fn $time(&self) -> SystemTime {
            system_time(self.0.$field)
        }
    )* };
}

impl Stats {
    fields! {
        dev "The device that holds the file.";
        ino "The inode's number.";
        mode "Type and permissions.";
        nlink "Hard links to the file.";
        uid "The owner.";
        gid "The group.";
        rdev "The device that the file is, if it is one.";
        size "Bytes.";
        blksize "The preferred size of one transfer, in bytes.";
        blocks "Blocks of 512 bytes allocated.";
    }

    times! {
        atime atime_ms atime_ns atime "last read";
        mtime mtime_ms mtime_ns mtime "last written to";
        ctime ctime_ms ctime_ns ctime "last changed in content or status";
        birthtime birthtime_ms birthtime_ns birthtime "created";
    }

    kinds! {
        is_block_device S_IFBLK "Whether it is a block device.";
        is_character_device S_IFCHR "Whether it is a character device.";
        is_directory S_IFDIR "Whether it is a directory.";
        is_fifo S_IFIFO "Whether it is a FIFO.";
        is_file S_IFREG "Whether it is a regular file.";
        is_socket S_IFSOCK "Whether it is a socket.";
        is_symbolic_link S_IFLNK "Whether it is a symbolic link, which only `lstat` finds.";
    }

    /// What it is: the answer to all of these questions.
    #[inline]
    pub fn kind(&self) -> EntryKind {
        kind_of_mode(self.0.mode)
    }

    /// Seconds and nanoseconds exactly as the system gave them, with the rest.
    pub fn raw(&self) -> &RawStat {
        &self.0
    }
}

impl From<RawStat> for Stats {
    fn from(raw: RawStat) -> Stats {
        Stats(raw)
    }
}

/// Information about a file system, Node's `fs.StatFs` (<https://nodejs.org/api/fs.html#class-fsstatfs>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatFs(RawStatFs);

impl StatFs {
    fields! {
        bavail "Blocks that are free to users without privileges.";
        bfree "Blocks that are free.";
        blocks "Blocks in all.";
        bsize "The preferred size of one transfer, in bytes.";
        frsize "The size of a fragment, in bytes.";
        ffree "Inodes that are free.";
        files "Inodes in all.";
    }

    /// The type of the file system, the system's number; Node's `type`.
    pub fn kind(&self) -> u64 {
        self.0.kind
    }
}

impl From<RawStatFs> for StatFs {
    fn from(raw: RawStatFs) -> StatFs {
        StatFs(raw)
    }
}

/// As JavaScript computes it: seconds and nanoseconds become doubles first.
#[allow(clippy::cast_precision_loss, reason = "Node's number is a double")]
fn milliseconds(time: RawTime) -> f64 {
    time.sec as f64 * 1e3 + f64::from(time.nsec) / 1e6
}

fn nanoseconds(time: RawTime) -> i128 {
    i128::from(time.sec) * 1_000_000_000 + i128::from(time.nsec)
}

fn system_time(time: RawTime) -> SystemTime {
    let seconds = Duration::from_secs(time.sec.unsigned_abs());
    let whole = match time.sec {
        0.. => SystemTime::UNIX_EPOCH.checked_add(seconds),
        _ => SystemTime::UNIX_EPOCH.checked_sub(seconds),
    };
    let nanos = Duration::from_nanos(u64::from(time.nsec.unsigned_abs()));
    whole.and_then(|whole| whole.checked_add(nanos)).unwrap_or(SystemTime::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_in_all_units() {
        let stats = Stats(RawStat {
            atime: RawTime { sec: 1, nsec: 499_999 },
            mtime: RawTime { sec: -2, nsec: 500_000_000 },
            ctime: RawTime { sec: i64::MAX, nsec: 1 },
            birthtime: RawTime { sec: 1_795_184_201, nsec: 868_000_030 },
            ..RawStat::default()
        });
        assert_eq!((stats.atime_ms(), stats.atime_ns()), (1_000.499_999, 1_000_499_999));
        assert_eq!((stats.mtime_ms(), stats.mtime_ns()), (-1500.0, -1_500_000_000));
        assert_eq!(stats.ctime_ns(), i128::from(i64::MAX) * 1_000_000_000 + 1);
        assert_eq!(stats.birthtime_ns(), 1_795_184_201_868_000_030);
        assert_eq!(stats.mtime() + Duration::from_millis(1500), SystemTime::UNIX_EPOCH);
        assert_eq!(stats.atime().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_nanos(), 1_000_499_999);
    }

    #[test]
    fn a_mode_is_one_kind() {
        let asked = |kind: u32| {
            let stats = Stats(RawStat { mode: u64::from(kind | 0o7777), ..RawStat::default() });
            [
                stats.is_file(),
                stats.is_directory(),
                stats.is_symbolic_link(),
                stats.is_fifo(),
                stats.is_socket(),
                stats.is_character_device(),
                stats.is_block_device(),
            ]
        };
        let kinds = [S_IFREG, S_IFDIR, S_IFLNK, S_IFIFO, S_IFSOCK, S_IFCHR, S_IFBLK];
        for (index, kind) in kinds.into_iter().enumerate() {
            let mut expected = [false; 7];
            expected[index] = true;
            assert_eq!(asked(kind), expected);
        }
        assert_eq!(asked(0), [false; 7]);
    }
}
