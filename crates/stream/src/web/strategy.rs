//! Queuing strategies: how much a stream holds before it pushes back.

use std::fmt;
use std::rc::Rc;

use nodecore_error::{Class, Code, Error, Result};

pub(super) type SizeFn<T> = Rc<dyn Fn(&T) -> Result<f64>>;

/// How much a web stream queues: a high-water mark, and what counts as how much.
///
/// <https://streams.spec.whatwg.org/#qs>
pub struct QueuingStrategy<T> {
    high_water_mark: Option<f64>,
    size: Option<SizeFn<T>>,
}

impl<T> QueuingStrategy<T> {
    /// What the stream has by default: each chunk counts 1; the mark is the stream's own default.
    pub fn new() -> QueuingStrategy<T> {
        QueuingStrategy { high_water_mark: None, size: None }
    }

    /// Pushes back when this much is queued. Infinity never does; NaN and what is negative is refused by the
    /// stream's constructor.
    #[must_use]
    pub fn high_water_mark(mut self, mark: f64) -> QueuingStrategy<T> {
        self.high_water_mark = Some(mark);
        self
    }

    /// Counts chunks by `size`. A result that is not a finite number ≥ 0, or an error, errors the stream.
    #[must_use]
    pub fn size(mut self, size: impl Fn(&T) -> Result<f64> + 'static) -> QueuingStrategy<T> {
        self.size = Some(Rc::new(size));
        self
    }

    pub(super) fn mark(&self, default: f64) -> Result<f64> {
        match self.high_water_mark {
            Some(mark) if mark.is_nan() || mark < 0.0 => {
                let message =
                    format!("The property 'strategy.highWaterMark' is invalid. Received {}", js_number(mark));
                Err(Error::new(Code::InvalidArgValue, message).with_class(Class::RangeError))
            }
            mark => Ok(mark.unwrap_or(default)),
        }
    }

    pub(super) fn size_fn(&self) -> Option<SizeFn<T>> {
        self.size.clone()
    }
}

/// The size of a chunk as a queue takes it.
pub(super) fn checked_size(size: f64) -> Result<f64> {
    if size.is_finite() && size >= 0.0 {
        return Ok(size);
    }
    let message = format!("The argument 'size' is invalid. Received {}", js_number(size));
    Err(Error::new(Code::InvalidArgValue, message).with_class(Class::RangeError))
}

fn js_number(number: f64) -> String {
    if number.is_infinite() {
        return if number > 0.0 { "Infinity".into() } else { "-Infinity".into() };
    }
    number.to_string()
}

impl<T> Default for QueuingStrategy<T> {
    fn default() -> QueuingStrategy<T> {
        QueuingStrategy::new()
    }
}

impl<T> Clone for QueuingStrategy<T> {
    fn clone(&self) -> QueuingStrategy<T> {
        QueuingStrategy { high_water_mark: self.high_water_mark, size: self.size.clone() }
    }
}

impl<T> fmt::Debug for QueuingStrategy<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QueuingStrategy")
            .field("high_water_mark", &self.high_water_mark)
            .field("size", &self.size.is_some())
            .finish()
    }
}

/// Counts chunks. Node: [`CountQueuingStrategy`](https://nodejs.org/api/webstreams.html#class-countqueuingstrategy).
#[derive(Clone, Copy, Debug)]
pub struct CountQueuingStrategy {
    high_water_mark: f64,
}

impl CountQueuingStrategy {
    /// Pushes back when so many chunks are queued.
    pub fn new(high_water_mark: f64) -> CountQueuingStrategy {
        CountQueuingStrategy { high_water_mark }
    }

    /// The mark.
    pub fn high_water_mark(&self) -> f64 {
        self.high_water_mark
    }
}

impl<T> From<CountQueuingStrategy> for QueuingStrategy<T> {
    fn from(strategy: CountQueuingStrategy) -> QueuingStrategy<T> {
        QueuingStrategy::new().high_water_mark(strategy.high_water_mark)
    }
}

/// Counts bytes. Node:
/// [`ByteLengthQueuingStrategy`](https://nodejs.org/api/webstreams.html#class-bytelengthqueuingstrategy).
#[derive(Clone, Copy, Debug)]
pub struct ByteLengthQueuingStrategy {
    high_water_mark: f64,
}

impl ByteLengthQueuingStrategy {
    /// Pushes back when so many bytes are queued.
    pub fn new(high_water_mark: f64) -> ByteLengthQueuingStrategy {
        ByteLengthQueuingStrategy { high_water_mark }
    }

    /// The mark.
    pub fn high_water_mark(&self) -> f64 {
        self.high_water_mark
    }
}

impl<T: AsRef<[u8]>> From<ByteLengthQueuingStrategy> for QueuingStrategy<T> {
    fn from(strategy: ByteLengthQueuingStrategy) -> QueuingStrategy<T> {
        #[allow(clippy::cast_precision_loss, reason = "no chunk has 2^53 bytes")]
        let size = |chunk: &T| Ok(chunk.as_ref().len() as f64);
        QueuingStrategy::new().high_water_mark(strategy.high_water_mark).size(size)
    }
}
