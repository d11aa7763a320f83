//! `nodecore/web.h`: queuing strategies.

use std::ffi::c_void;
use std::rc::Rc;

use nodecore_stream::Chunk;
use nodecore_stream::web::QueuingStrategy;

use crate::boundary::{Castable, Foreign, arg, entry, total};
use crate::chunk::{Item, nodecore_chunk};
use crate::error::{nodecore_error, nodecore_status};
use crate::event_loop::nodecore_release;

pub type nodecore_web_size_cb =
    Option<unsafe extern "C" fn(chunk: *const nodecore_chunk, user: *mut c_void) -> f64>;

#[derive(Debug)]
pub struct nodecore_web_strategy {
    high_water_mark: f64,
    size: Size,
}
impl Castable for nodecore_web_strategy {}

/// What counts as how much.
#[derive(Clone, Debug)]
enum Size {
    Chunks,
    Bytes,
    Own(Rc<OwnSize>),
}

#[derive(Debug)]
struct OwnSize {
    size: unsafe extern "C" fn(*const nodecore_chunk, *mut c_void) -> f64,
    foreign: Foreign,
}

impl Size {
    fn of(&self, item: &Item) -> f64 {
        match self {
            Size::Chunks => 1.0,
            // As in Node: an object without a `byteLength` has no size.
            Size::Bytes if item.is_object() => f64::NAN,
            #[allow(clippy::cast_precision_loss, reason = "no chunk has 2^53 bytes")]
            Size::Bytes => item.size() as f64,
            Size::Own(own) => {
                let chunk = item.view();
                // SAFETY: the caller gave `size` for this user; the view lives for the call.
                unsafe { (own.size)(&raw const chunk, own.foreign.user()) }
            }
        }
    }
}

impl nodecore_web_strategy {
    /// A copy of the caller's strategy; null means the stream's own default.
    ///
    /// # Safety
    /// - `strategy` is null or a live strategy, on its thread.
    pub(crate) unsafe fn read(strategy: *const nodecore_web_strategy) -> Option<QueuingStrategy<Item>> {
        // SAFETY: as the caller vouches.
        unsafe { arg::nullable(strategy) }.map(|strategy| {
            let queuing = QueuingStrategy::new().high_water_mark(strategy.high_water_mark);
            match strategy.size.clone() {
                Size::Chunks => queuing,
                size => queuing.size(move |item| Ok(size.of(item))),
            }
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `size` and `release` may be called with `user`; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_strategy_new(
    high_water_mark: f64,
    size: nodecore_web_size_cb,
    user: *mut c_void,
    release: nodecore_release,
    out: *mut *mut nodecore_web_strategy,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    let foreign = Foreign::new(user, release);
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, move || {
            let out = arg::out(out, "out")?;
            let size = Size::Own(Rc::new(OwnSize { size: arg::callback(size, "size")?, foreign }));
            out.set(nodecore_web_strategy { high_water_mark, size }.into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_strategy_count(
    high_water_mark: f64,
    out: *mut *mut nodecore_web_strategy,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let strategy = nodecore_web_strategy { high_water_mark, size: Size::Chunks };
            arg::out(out, "out")?.set(strategy.into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_strategy_byte_length(
    high_water_mark: f64,
    out: *mut *mut nodecore_web_strategy,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let strategy = nodecore_web_strategy { high_water_mark, size: Size::Bytes };
            arg::out(out, "out")?.set(strategy.into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `strategy` is null or a strategy that was not freed, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_strategy_free(strategy: *mut nodecore_web_strategy) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(strategy) };
}

/// Declared in the header.
///
/// # Safety
/// - `strategy` is null or a live strategy, on its thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_strategy_high_water_mark(
    strategy: *const nodecore_web_strategy,
) -> f64 {
    // SAFETY: as the caller vouches.
    unsafe { arg::nullable(strategy) }.map_or(f64::NAN, |strategy| strategy.high_water_mark)
}

/// Declared in the header.
///
/// # Safety
/// - `strategy` is null or a live strategy, on its thread; `chunk` is null or a live chunk.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_web_strategy_size(
    strategy: *const nodecore_web_strategy,
    chunk: *mut nodecore_chunk,
) -> f64 {
    // SAFETY: as the caller vouches.
    let (strategy, item) = unsafe { (arg::nullable(strategy), super::given(chunk)) };
    let (Some(strategy), Ok(item)) = (strategy, item) else { return f64::NAN };
    // `size` may free the strategy.
    let size = strategy.size.clone();
    total(f64::NAN, || size.of(&item))
}
