//! Archives out of entries and of files, and the limit of contents.

use std::cell::RefCell;
use std::ffi::c_void;
use std::pin::Pin;
use std::ptr::null_mut;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use ::nodecore_error::Result;
use futures_core::Stream;
use nodecore_zlib::zip::{
    ZipEntry, create_zip_archive, create_zip_archive_from, create_zip_archive_sync, get_max_zip_content_size,
    set_max_zip_content_size, zip_files,
};

use super::entry::nodecore_zip_entry;
use super::pieces::nodecore_zip_pieces;
use super::{
    archive_options, files_options, nodecore_zip_archive_options, nodecore_zip_files_options, stream_of,
};
use crate::boundary::{Castable, Foreign, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::{event_loop, nodecore_loop, nodecore_release};
use crate::fs::path_of;
use crate::str::nodecore_str;
use crate::stream::nodecore_stream;

/// # Safety
/// - `entries` is null or points to `count` handles, each null or live, on this thread.
unsafe fn entries_of(entries: *const *mut nodecore_zip_entry, count: usize) -> Result<Vec<ZipEntry>> {
    // SAFETY: as the caller vouches.
    unsafe {
        let entries = arg::slice(entries, count, "entries")?;
        entries.iter().map(|&entry| nodecore_zip_entry::object(entry)).collect()
    }
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `entries` is null or points to `count` handles, each null or live,
///   on this thread; `opts` is null or a struct of the size it says, whose comment is none or as its length says; `out`
///   and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_create_zip_archive(
    lp: *mut nodecore_loop,
    entries: *const *mut nodecore_zip_entry,
    count: usize,
    opts: *const nodecore_zip_archive_options,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let lp = event_loop(lp)?;
            let archive = create_zip_archive(lp, entries_of(entries, count)?, &archive_options(opts)?)?;
            out.set(stream_of(&archive).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - as for [`nodecore_zlib_create_zip_archive`], but for the loop.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_create_zip_archive_sync(
    entries: *const *mut nodecore_zip_entry,
    count: usize,
    opts: *const nodecore_zip_archive_options,
    out: *mut *mut nodecore_zip_pieces,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let archive = create_zip_archive_sync(entries_of(entries, count)?, &archive_options(opts)?)?;
            out.set(nodecore_zip_pieces::new(archive).into_raw());
            Ok(())
        })
    }
}

// ---- Entries that come later ----

/// What one question for an entry is answered with.
#[derive(Debug)]
pub struct nodecore_zip_next(Rc<Question>);
impl Castable for nodecore_zip_next {}

#[derive(Debug, Default)]
struct Question {
    answer: RefCell<Option<Answer>>,
    waker: RefCell<Option<Waker>>,
}

type Answer = Result<Option<ZipEntry>>;

pub type nodecore_zip_next_cb = Option<unsafe extern "C" fn(next: *mut nodecore_zip_next, user: *mut c_void)>;

/// The entries that a function of the caller's gives, one whenever it is asked.
struct Asked {
    ask: unsafe extern "C" fn(next: *mut nodecore_zip_next, user: *mut c_void),
    foreign: Foreign,
    /// What has not been answered.
    question: Option<Rc<Question>>,
}

impl Stream for Asked {
    type Item = Result<ZipEntry>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<ZipEntry>>> {
        let question = match &self.question {
            Some(question) => Rc::clone(question),
            None => {
                let question = Rc::<Question>::default();
                self.question = Some(Rc::clone(&question));
                let next = nodecore_zip_next(Rc::clone(&question)).into_raw();
                // SAFETY: the caller gave the function for this user, which is not released yet.
                unsafe { (self.ask)(next, self.foreign.user()) };
                question
            }
        };
        match question.answer.take() {
            Some(answer) => {
                self.question = None;
                Poll::Ready(answer.transpose())
            }
            None => {
                *question.waker.borrow_mut() = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

/// Declared in the header.
///
/// # Safety
/// - `next` is null or was given to a function of the caller's and not answered; `handle` is null or live; `err` is
///   null or a live error; all on this thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_next_give(
    next: *mut nodecore_zip_next,
    handle: *mut nodecore_zip_entry,
    err: *const nodecore_error,
) {
    if next.is_null() {
        return;
    }
    // SAFETY: as the caller vouches; it came from `into_raw` and is taken once.
    let (next, error, entry) =
        unsafe { (Box::from_raw(next), arg::nullable(err), nodecore_zip_entry::object(handle).ok()) };
    total((), || {
        let question = &next.0;
        question.answer.replace(Some(error.map_or(Ok(entry), |error| Err(error.error().clone()))));
        let waker = question.waker.take();
        if let Some(waker) = waker {
            waker.wake();
        }
    });
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `ask` and `release` may be called with `user`; `opts` is null or a
///   struct of the size it says, whose comment is none or as its length says; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_create_zip_archive_from(
    lp: *mut nodecore_loop,
    ask: nodecore_zip_next_cb,
    user: *mut c_void,
    release: nodecore_release,
    opts: *const nodecore_zip_archive_options,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let ask = arg::callback(ask, "next")?;
            let out = arg::out(out, "out")?;
            let (lp, options) = (event_loop(lp)?, archive_options(opts)?);
            let archive = create_zip_archive_from(lp, Asked { ask, foreign, question: None }, &options)?;
            out.set(stream_of(&archive).into_raw());
            Ok(())
        })
    }
}

// ---- Archives of files ----

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_zip_source {
    pub path: nodecore_str,
    pub name: nodecore_str,
}

/// Declared in the header.
///
/// # Safety
/// - `lp` is null or a live loop, on its own thread; `files` is null or points to `count` pairs, which are as their
///   lengths say; `opts` is null or a struct of the size it says, whose comment is none or as its length says; `out` and
///   `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zlib_zip_files(
    lp: *mut nodecore_loop,
    files: *const nodecore_zip_source,
    count: usize,
    opts: *const nodecore_zip_files_options,
    out: *mut *mut nodecore_stream,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let (lp, options) = (event_loop(lp)?, files_options(opts)?);
            let file = |file: &nodecore_zip_source| {
                let path = path_of(arg::bytes(file.path.data, file.path.len, "path")?);
                Ok((path, arg::text(file.name.data, file.name.len, "name")?.to_owned()))
            };
            let files = arg::slice(files, count, "files")?.iter().map(file).collect::<Result<Vec<_>>>()?;
            out.set(stream_of(&zip_files(lp, files, &options)?).into_raw());
            Ok(())
        })
    }
}

// ---- The limit ----

/// Declared in the header.
#[unsafe(no_mangle)]
pub extern "C" fn nodecore_zlib_get_max_zip_content_size() -> u64 {
    get_max_zip_content_size()
}

/// Declared in the header.
#[unsafe(no_mangle)]
pub extern "C" fn nodecore_zlib_set_max_zip_content_size(size: u64) -> nodecore_status {
    // SAFETY: `err` is null.
    unsafe { entry(null_mut(), || set_max_zip_content_size(size)) }
}
