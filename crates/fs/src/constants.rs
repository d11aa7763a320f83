//! Node's `fs.constants` (<https://nodejs.org/api/fs.html#fs-constants>), with the system's values.

/// Flags of [`open`](crate::open()).
macro_rules! flags {
    ($( $(#[$attr:meta])* $name:ident $text:literal ; )*) => { $(
        #[doc = $text]
        $(#[$attr])*
        pub const $name: i32 = libc::$name;
    )* };
}

flags! {
    O_RDONLY "Open for reading only.";
    O_WRONLY "Open for writing only.";
    O_RDWR "Open for reading and writing.";
    O_CREAT "Make the file if it is not there.";
    O_EXCL "With `O_CREAT`: fail if it is there.";
    O_NOCTTY "A terminal does not become the process's own.";
    O_TRUNC "Make it empty.";
    O_APPEND "Every write goes to the end.";
    O_DIRECTORY "Fail if it is no directory.";
    O_NOFOLLOW "Fail if it is a symbolic link.";
    O_SYNC "Writes wait for data and metadata to be on the device.";
    O_DSYNC "Writes wait for data to be on the device.";
    O_NONBLOCK "Do not wait, where that is possible.";
    #[cfg(target_os = "linux")]
    O_NOATIME "Reading does not change the time of access.";
    #[cfg(target_os = "linux")]
    O_DIRECT "Around the cache, as far as possible.";
    F_OK "For `access`: is it there?";
    R_OK "For `access`: may it be read?";
    W_OK "For `access`: may it be written?";
    X_OK "For `access`: may it be executed?";
}

macro_rules! modes {
    ($( $name:ident $text:literal ; )*) => { $(
        #[doc = $text]
        #[allow(clippy::unnecessary_cast, reason = "mode_t is narrower on some systems")]
        pub const $name: u32 = libc::$name as u32;
    )* };
}

modes! {
    S_IFMT "The bits of a mode that tell the file's type.";
    S_IFREG "A regular file.";
    S_IFDIR "A directory.";
    S_IFCHR "A character device.";
    S_IFBLK "A block device.";
    S_IFIFO "A FIFO.";
    S_IFLNK "A symbolic link.";
    S_IFSOCK "A socket.";
    S_IRWXU "The owner may read, write and execute.";
    S_IRUSR "The owner may read.";
    S_IWUSR "The owner may write.";
    S_IXUSR "The owner may execute.";
    S_IRWXG "The group may read, write and execute.";
    S_IRGRP "The group may read.";
    S_IWGRP "The group may write.";
    S_IXGRP "The group may execute.";
    S_IRWXO "Others may read, write and execute.";
    S_IROTH "Others may read.";
    S_IWOTH "Others may write.";
    S_IXOTH "Others may execute.";
}

/// For `copy_file`: fail if the target is there.
pub const COPYFILE_EXCL: i32 = 1;
/// For `copy_file`: share the blocks where the file system can.
pub const COPYFILE_FICLONE: i32 = 2;
/// For `copy_file`: share the blocks, and fail where the file system cannot.
pub const COPYFILE_FICLONE_FORCE: i32 = 4;

/// libuv's name of [`COPYFILE_EXCL`].
pub const UV_FS_COPYFILE_EXCL: i32 = COPYFILE_EXCL;
/// libuv's name of [`COPYFILE_FICLONE`].
pub const UV_FS_COPYFILE_FICLONE: i32 = COPYFILE_FICLONE;
/// libuv's name of [`COPYFILE_FICLONE_FORCE`].
pub const UV_FS_COPYFILE_FICLONE_FORCE: i32 = COPYFILE_FICLONE_FORCE;

/// For `symlink` on Windows: the target is a directory.
pub const UV_FS_SYMLINK_DIR: i32 = 1;
/// For `symlink` on Windows: make a junction.
pub const UV_FS_SYMLINK_JUNCTION: i32 = 2;
/// Windows' `open` flag for memory mapped access; 0 elsewhere.
pub const UV_FS_O_FILEMAP: i32 = 0;

/// Windows' `open` flag for access here and there; 0 elsewhere.
pub const UV_FS_O_RANDOM: i32 = 0;
/// Windows' `open` flag for access from start to end; 0 elsewhere.
pub const UV_FS_O_SEQUENTIAL: i32 = 0;
/// Windows' `open` flag for a file that is not to reach the device; 0 elsewhere.
pub const UV_FS_O_SHORT_LIVED: i32 = 0;
/// Windows' `open` flag for a file that goes when it is closed; 0 elsewhere.
pub const UV_FS_O_TEMPORARY: i32 = 0;

/// A directory entry of unknown type.
pub const UV_DIRENT_UNKNOWN: i32 = 0;
/// A directory entry that is a regular file.
pub const UV_DIRENT_FILE: i32 = 1;
/// A directory entry that is a directory.
pub const UV_DIRENT_DIR: i32 = 2;
/// A directory entry that is a symbolic link.
pub const UV_DIRENT_LINK: i32 = 3;
/// A directory entry that is a FIFO.
pub const UV_DIRENT_FIFO: i32 = 4;
/// A directory entry that is a socket.
pub const UV_DIRENT_SOCKET: i32 = 5;
/// A directory entry that is a character device.
pub const UV_DIRENT_CHAR: i32 = 6;
/// A directory entry that is a block device.
pub const UV_DIRENT_BLOCK: i32 = 7;
