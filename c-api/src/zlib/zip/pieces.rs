//! Bytes a piece at a time, blocking.

use std::fmt;

use ::nodecore_error::Result;
use bytes::Bytes;

use crate::boundary::{Castable, arg, entry};
use crate::error::{nodecore_error, nodecore_status};
use crate::str::nodecore_buf;

pub struct nodecore_zip_pieces(Option<Box<dyn Iterator<Item = Result<Bytes>>>>);
impl Castable for nodecore_zip_pieces {}

impl nodecore_zip_pieces {
    pub(super) fn new(pieces: impl Iterator<Item = Result<Bytes>> + 'static) -> nodecore_zip_pieces {
        nodecore_zip_pieces(Some(Box::new(pieces)))
    }

    /// The next piece that is not empty; none at the end and behind an error.
    fn next(&mut self) -> Result<Option<Bytes>> {
        let empty = |piece: &Result<Bytes>| piece.as_ref().is_ok_and(Bytes::is_empty);
        let piece = self.0.as_mut().and_then(|pieces| pieces.find(|piece| !empty(piece))).transpose();
        if !matches!(piece, Ok(Some(_))) {
            self.0 = None;
        }
        piece
    }
}

impl fmt::Debug for nodecore_zip_pieces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("nodecore_zip_pieces").field("ended", &self.0.is_none()).finish()
    }
}

/// Declared in the header.
///
/// # Safety
/// - `pieces` is null or live, on its thread; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_pieces_next(
    pieces: *mut nodecore_zip_pieces,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let piece = arg::object_mut(pieces, "pieces")?.next()?;
            out.set(piece.map_or(nodecore_buf::EMPTY, nodecore_buf::from));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `pieces` is null or was not freed, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_zip_pieces_free(pieces: *mut nodecore_zip_pieces) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(pieces) };
}
