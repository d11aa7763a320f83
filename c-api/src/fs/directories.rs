//! `readdir`, `mkdir`, `rmdir`, and lists of names.

use std::ffi::{c_char, c_void};
use std::ptr::{null, null_mut};
use std::sync::OnceLock;

use ::nodecore_error::{Code, Error, Result, inspect};
use nodecore_buffer::Encoding;
use nodecore_fs::{DirEntry, Dirent, Entries, EntryKind, GlobEntry, MkdirOptions, ReaddirOptions};

use super::{
    NODECORE_FS_UNKNOWN, finish, finish_data, kind_number, mode_or, nodecore_fs_cb, nodecore_fs_data_cb,
    path_arg, submit,
};
use crate::boundary::{Castable, SizedOptions, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{nodecore_loop, nodecore_release, nodecore_request};
use crate::str::{nodecore_buf, nodecore_str};
use crate::stream::lend_error;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_dirent {
    pub name: nodecore_str,
    pub parent_path: nodecore_str,
    pub type_: i32,
}

impl nodecore_dirent {
    pub(super) const NONE: nodecore_dirent = nodecore_dirent {
        name: nodecore_str::NONE,
        parent_path: nodecore_str::NONE,
        type_: NODECORE_FS_UNKNOWN,
    };

    fn new(name: &[u8], parent: &[u8], kind: EntryKind) -> nodecore_dirent {
        nodecore_dirent {
            name: nodecore_str::new(name),
            parent_path: nodecore_str::new(parent),
            type_: kind_number(kind),
        }
    }

    /// A view of an entry.
    pub(super) fn of(entry: &DirEntry) -> nodecore_dirent {
        nodecore_dirent::new(entry.name(), entry.parent_path(), entry.kind())
    }
}

/// The encoding that names are asked for in; none: their bytes.
///
/// # Safety
/// - as for [`arg::bytes`].
pub(super) unsafe fn name_encoding(encoding: nodecore_str) -> Result<Option<Encoding>> {
    if encoding.data.is_null() {
        return Ok(None);
    }
    // SAFETY: as the caller vouches.
    let name = unsafe { arg::text(encoding.data, encoding.len, "encoding") }?;
    if name == "buffer" {
        return Ok(None);
    }
    name.parse().map(Some).map_err(|_| {
        let args: [&dyn std::fmt::Display; 3] =
            [&"encoding", &"is invalid encoding", &inspect(name.as_bytes())];
        Error::from_template(Code::InvalidArgValue, &args)
    })
}

/// Texts that are made when the first of them is asked for, in one piece of memory.
#[derive(Debug, Default)]
struct Texts(OnceLock<(Vec<u8>, Vec<usize>)>);

impl Texts {
    fn get<T: AsRef<[u8]>>(&self, index: usize, all: impl FnOnce() -> Vec<T>) -> &[u8] {
        let (bytes, ends) = self.0.get_or_init(|| {
            let (mut bytes, mut ends) = (Vec::new(), Vec::new());
            for text in all() {
                bytes.extend_from_slice(text.as_ref());
                ends.push(bytes.len());
            }
            (bytes, ends)
        });
        let start = index.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
        ends.get(index).and_then(|&end| bytes.get(start..end)).unwrap_or_default()
    }
}

#[derive(Debug)]
enum Listed {
    Read(Entries),
    Found(Vec<GlobEntry>),
}

#[derive(Debug)]
pub struct nodecore_dirents {
    listed: Listed,
    encoding: Option<Encoding>,
    names: Texts,
    paths: Texts,
}
impl Castable for nodecore_dirents {}

const _: () = {
    const fn assert_sync<T: Send + Sync>() {}
    assert_sync::<nodecore_dirents>();
};

impl nodecore_dirents {
    fn new(entries: Entries, encoding: Option<Encoding>) -> nodecore_dirents {
        nodecore_dirents {
            listed: Listed::Read(entries),
            encoding,
            names: Texts::default(),
            paths: Texts::default(),
        }
    }

    pub(super) fn found(entries: Vec<GlobEntry>) -> nodecore_dirents {
        nodecore_dirents {
            listed: Listed::Found(entries),
            encoding: None,
            names: Texts::default(),
            paths: Texts::default(),
        }
    }

    fn len(&self) -> usize {
        match &self.listed {
            Listed::Read(entries) => entries.len(),
            Listed::Found(entries) => entries.len(),
        }
    }

    fn name<'a>(&'a self, index: usize, entries: &Entries, entry: &Dirent<'a>) -> &'a [u8] {
        let Some(encoding) = self.encoding else { return entry.name() };
        self.names.get(index, || entries.iter().map(|entry| entry.name_as(encoding)).collect())
    }

    fn get(&self, index: usize) -> Option<nodecore_dirent> {
        match &self.listed {
            Listed::Found(entries) => entries.get(index).map(|found| nodecore_dirent::of(found.entry())),
            Listed::Read(entries) => entries.get(index).map(|entry| {
                nodecore_dirent::new(self.name(index, entries, &entry), entry.parent_path(), entry.kind())
            }),
        }
    }

    /// What Node gives where it gives no types.
    fn path(&self, index: usize) -> Option<&[u8]> {
        match &self.listed {
            Listed::Found(entries) => entries.get(index).map(GlobEntry::path_bytes),
            Listed::Read(entries) => {
                let entry = entries.get(index)?;
                Some(match entry.relative_path() {
                    std::borrow::Cow::Borrowed(_) => self.name(index, entries, &entry),
                    std::borrow::Cow::Owned(_) => match self.encoding {
                        Some(encoding) => self.paths.get(index, || entries.to_strings(encoding)),
                        None => self.paths.get(index, || {
                            entries.iter().map(|entry| entry.relative_path().into_owned()).collect()
                        }),
                    },
                })
            }
        }
    }
}

pub type nodecore_fs_readdir_cb = Option<
    unsafe extern "C" fn(err: *const nodecore_error, dirents: *mut nodecore_dirents, user: *mut c_void),
>;

/// Calls a callback that is given a list.
pub(super) fn finish_list(
    call: super::Call<unsafe extern "C" fn(*const nodecore_error, *mut nodecore_dirents, *mut c_void)>,
    result: Result<nodecore_dirents>,
) {
    // SAFETY: the caller gave the callback for this user, which is not released yet.
    let run = |err, dirents| unsafe { (call.cb)(err, dirents, call.user()) };
    match result {
        Ok(dirents) => run(null(), dirents.into_raw()),
        Err(error) => lend_error(Some(&error), |err| run(err, null_mut())),
    }
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_fs_readdir_options {
    pub struct_size: usize,
    pub recursive: bool,
    pub with_file_types: bool,
    pub encoding: nodecore_str,
}

impl SizedOptions for nodecore_fs_readdir_options {
    const ZERO: Self = nodecore_fs_readdir_options {
        struct_size: 0,
        recursive: false,
        with_file_types: false,
        encoding: nodecore_str::NONE,
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_fs_mkdir_options {
    pub struct_size: usize,
    pub mode: i32,
    pub recursive: bool,
}

impl SizedOptions for nodecore_fs_mkdir_options {
    const ZERO: Self = nodecore_fs_mkdir_options { struct_size: 0, mode: 0, recursive: false };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// Declared in the header.
///
/// # Safety
/// - `dirents` is null or a list that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_dirents_free(dirents: *mut nodecore_dirents) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(dirents) };
}

/// Declared in the header.
///
/// # Safety
/// - `dirents` is null or a live list.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_dirents_count(dirents: *const nodecore_dirents) -> usize {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(dirents) }.map_or(0, nodecore_dirents::len)
}

/// Declared in the header.
///
/// # Safety
/// - `dirents` is null or a live list.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_dirents_get(
    dirents: *const nodecore_dirents,
    index: usize,
) -> nodecore_dirent {
    // SAFETY: as the caller vouches.
    let dirents = unsafe { arg::nullable(dirents) };
    total(nodecore_dirent::NONE, || {
        dirents.and_then(|dirents| dirents.get(index)).unwrap_or(nodecore_dirent::NONE)
    })
}

/// Declared in the header.
///
/// # Safety
/// - `dirents` is null or a live list.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_dirents_path(
    dirents: *const nodecore_dirents,
    index: usize,
) -> nodecore_str {
    // SAFETY: as the caller vouches.
    let dirents = unsafe { arg::nullable(dirents) };
    total(nodecore_str::NONE, || nodecore_str::nullable(dirents.and_then(|dirents| dirents.path(index))))
}

/// # Safety
/// - `opts` is null or a struct of the size it says.
unsafe fn readdir_options(
    opts: *const nodecore_fs_readdir_options,
) -> Result<(ReaddirOptions, Option<Encoding>)> {
    // SAFETY: as the caller vouches.
    let (opts, encoding) = unsafe {
        let opts = nodecore_fs_readdir_options::read(opts, "opts")?;
        (opts, name_encoding(opts.encoding)?)
    };
    let options = ReaddirOptions::default().recursive(opts.recursive).with_file_types(opts.with_file_types);
    Ok((options, encoding))
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_readdir_sync(
    path: *const c_char,
    path_len: usize,
    opts: *const nodecore_fs_readdir_options,
    out: *mut *mut nodecore_dirents,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let (options, encoding) = readdir_options(opts)?;
            let entries = nodecore_fs::readdir_sync(path_arg(path, path_len, "path")?, &options)?;
            out.set(nodecore_dirents::new(entries, encoding).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err`
///   are null or writable; paths, data and options are null or as their types and
///   lengths say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_readdir(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    opts: *const nodecore_fs_readdir_options,
    cb: nodecore_fs_readdir_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            let (options, encoding) = readdir_options(opts)?;
            nodecore_fs::readdir(lp, path_arg(path, path_len, "path")?, &options, move |result| {
                finish_list(call, result.map(|entries| nodecore_dirents::new(entries, encoding)));
            })
        })
    }
}

/// # Safety
/// - `opts` is null or a struct of the size it says.
unsafe fn mkdir_options(opts: *const nodecore_fs_mkdir_options) -> Result<MkdirOptions> {
    // SAFETY: as the caller vouches.
    let opts = unsafe { nodecore_fs_mkdir_options::read(opts, "opts") }?;
    Ok(MkdirOptions::default().mode(mode_or(opts.mode, 0o777)?).recursive(opts.recursive))
}

/// The first directory that was made, empty if none had to be.
fn first_made(made: Option<std::path::PathBuf>) -> nodecore_buf {
    made.map_or(nodecore_buf::EMPTY, |path| path.into_os_string().into_encoded_bytes().into())
}

/// Declared in the header.
///
/// # Safety
/// - paths, data and options are null or as their types and lengths say; `first` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_mkdir_sync(
    path: *const c_char,
    path_len: usize,
    opts: *const nodecore_fs_mkdir_options,
    first: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let made = nodecore_fs::mkdir_sync(path_arg(path, path_len, "path")?, &mkdir_options(opts)?)?;
            if !first.is_null() {
                first.write(first_made(made));
            }
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err`
///   are null or writable; paths, data and options are null or as their types and
///   lengths say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_mkdir(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    opts: *const nodecore_fs_mkdir_options,
    cb: nodecore_fs_data_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            nodecore_fs::mkdir(lp, path_arg(path, path_len, "path")?, &mkdir_options(opts)?, move |result| {
                finish_data(call, result.map(first_made))
            })
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - paths are null or as their lengths say; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_rmdir_sync(
    path: *const c_char,
    path_len: usize,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe { entry(err, || nodecore_fs::rmdir_sync(path_arg(path, path_len, "path")?)) }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `cb` and `release` may be called with `user`; `req` and `err`
///   are null or writable; `path` is null or as its length says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_fs_rmdir(
    lp: *mut nodecore_loop,
    path: *const c_char,
    path_len: usize,
    cb: nodecore_fs_cb,
    user: *mut c_void,
    release: nodecore_release,
    req: *mut *mut nodecore_request,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        submit(lp, cb, (user, release), req, err, |lp, call| {
            nodecore_fs::rmdir(lp, path_arg(path, path_len, "path")?, move |result| finish(call, result))
        })
    }
}
