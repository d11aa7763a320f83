//! Constants that only callers use; the values are those of `nodecore_fs::constants`.

#![allow(dead_code, reason = "cargo xtask abi holds them against the header")]

use nodecore_fs::constants;

pub const NODECORE_FS_O_FILEMAP: i32 = constants::UV_FS_O_FILEMAP;
pub const NODECORE_FS_O_RANDOM: i32 = constants::UV_FS_O_RANDOM;
pub const NODECORE_FS_O_SEQUENTIAL: i32 = constants::UV_FS_O_SEQUENTIAL;
pub const NODECORE_FS_O_SHORT_LIVED: i32 = constants::UV_FS_O_SHORT_LIVED;
pub const NODECORE_FS_O_TEMPORARY: i32 = constants::UV_FS_O_TEMPORARY;

pub const NODECORE_FS_COPYFILE_EXCL: i32 = constants::COPYFILE_EXCL;
pub const NODECORE_FS_COPYFILE_FICLONE: i32 = constants::COPYFILE_FICLONE;
pub const NODECORE_FS_COPYFILE_FICLONE_FORCE: i32 = constants::COPYFILE_FICLONE_FORCE;
