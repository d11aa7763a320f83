//! The iterator helpers: `map`, `filter`, `forEach`, `toArray`, `some`, `find`, `every`, `flatMap`, `drop`, `take`,
//! `reduce` (<https://nodejs.org/api/stream.html#readablemapfn-options>).

mod concurrent;

use std::future::{Future, poll_fn, ready};
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use nodecore_error::{Code, Error, Result};
use nodecore_events::AbortSignal;

use crate::chunk::Chunk;
use crate::chunks::Chunks;
use crate::readable::Readable;
use concurrent::{Abort, Concurrent};

/// Options of the helpers whose name ends in `_with`, and of [`Readable::to_array`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct HelperOptions {
    /// `concurrency`: how many calls of the function may be under way; 1 by default. With 0 the helper fails with
    /// `ERR_OUT_OF_RANGE`.
    pub concurrency: usize,
    /// `highWaterMark`: how many results may wait to be read; twice the concurrency less one by default.
    pub high_water_mark: Option<usize>,
    /// `signal`: gives up with an `AbortError`, and destroys the stream that is read from.
    pub signal: Option<AbortSignal>,
}

impl Default for HelperOptions {
    fn default() -> HelperOptions {
        HelperOptions { concurrency: 1, high_water_mark: None, signal: None }
    }
}

impl HelperOptions {
    /// Sets `concurrency`.
    #[must_use]
    pub fn concurrency(mut self, concurrency: usize) -> HelperOptions {
        self.concurrency = concurrency;
        self
    }

    /// Sets `highWaterMark`.
    #[must_use]
    pub fn high_water_mark(mut self, high_water_mark: usize) -> HelperOptions {
        self.high_water_mark = Some(high_water_mark);
        self
    }

    /// Sets `signal`.
    #[must_use]
    pub fn signal(mut self, signal: &AbortSignal) -> HelperOptions {
        self.signal = Some(signal.clone());
        self
    }
}

/// Each helper has two forms: the plain one takes a function, the one that ends in `_with` an asynchronous function
/// and options. The function of the latter gets a signal that is aborted when its result is no longer wanted.
///
/// Helpers that give a stream begin to read when it is read from; those that give a future, when it is polled. When
/// they stop before the end of this stream, because of an error or because they know enough, they destroy it with an
/// `AbortError`, as Node does.
///
/// # Differences from Node
/// A signal is heeded at once, where Node looks at it when the next chunk comes; and the cause of the `AbortError` is
/// the signal's reason in all helpers, where Node gives it in `toArray` only.
impl<T: Chunk> Readable<T> {
    /// A stream of what `f` makes of each chunk. Node:
    /// [`readable.map`](https://nodejs.org/api/stream.html#readablemapfn-options).
    ///
    /// ```
    /// # use nodecore_event_loop::EventLoop;
    /// # use nodecore_stream::{HelperOptions, Readable};
    /// let lp = EventLoop::new()?;
    /// let squares = Readable::from_iter(&lp, 1..=4).map(|n| n * n);
    /// assert_eq!(lp.block_on(squares.to_array(HelperOptions::default()))?, [1, 4, 9, 16]);
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn map<U: Chunk, M: FnMut(T) -> U + 'static>(&self, mut f: M) -> Readable<U> {
        self.map_with(move |chunk, _| ready(Ok(f(chunk))), HelperOptions::default())
    }

    /// As [`map`](Readable::map), with an asynchronous function: several calls may be under way, and the results come
    /// in the order of the chunks.
    ///
    /// ```
    /// # use nodecore_event_loop::EventLoop;
    /// # use nodecore_stream::{HelperOptions, Readable};
    /// let lp = EventLoop::new()?;
    /// let options = HelperOptions::default().concurrency(2);
    /// let doubled = Readable::from_iter(&lp, 1..=4).map_with(|n, _| async move { Ok(n * 2) }, options);
    /// assert_eq!(lp.block_on(doubled.to_array(HelperOptions::default()))?, [2, 4, 6, 8]);
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn map_with<U: Chunk, F: Future<Output = Result<U>> + 'static>(
        &self,
        mut f: impl FnMut(T, AbortSignal) -> F + 'static,
        options: HelperOptions,
    ) -> Readable<U> {
        self.made_by(
            move |chunk, signal| {
                let value = f(chunk, signal);
                async move { value.await.map(Some) }
            },
            options,
        )
    }

    /// A stream of the chunks for which `f` is true. Node: `readable.filter`.
    pub fn filter(&self, mut f: impl FnMut(&T) -> bool + 'static) -> Readable<T> {
        self.made_by(move |chunk, _| ready(Ok(f(&chunk).then_some(chunk))), HelperOptions::default())
    }

    /// As [`filter`](Readable::filter), with an asynchronous function.
    pub fn filter_with<F: Future<Output = Result<bool>> + 'static>(
        &self,
        f: impl FnMut(T, AbortSignal) -> F + 'static,
        options: HelperOptions,
    ) -> Readable<T> {
        self.made_by(keeping(f, true), options)
    }

    /// [`map_with`](Readable::map_with) and [`filter_with`](Readable::filter_with) in one: a stream of what `f` makes
    /// of the chunks of which it makes something. Node has no such helper.
    ///
    /// ```
    /// # use nodecore_event_loop::EventLoop;
    /// # use nodecore_stream::{HelperOptions, Readable};
    /// let lp = EventLoop::new()?;
    /// let halves = Readable::from_iter(&lp, 1..=6)
    ///     .filter_map_with(|n, _| async move { Ok((n % 2 == 0).then_some(n / 2)) }, HelperOptions::default());
    /// assert_eq!(lp.block_on(halves.to_array(HelperOptions::default()))?, [1, 2, 3]);
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn filter_map_with<U: Chunk, F: Future<Output = Result<Option<U>>> + 'static>(
        &self,
        f: impl FnMut(T, AbortSignal) -> F + 'static,
        options: HelperOptions,
    ) -> Readable<U> {
        self.made_by(f, options)
    }

    /// A stream of all that `f` makes of each chunk. Node: `readable.flatMap`.
    ///
    /// ```
    /// # use nodecore_event_loop::EventLoop;
    /// # use nodecore_stream::{HelperOptions, Readable};
    /// let lp = EventLoop::new()?;
    /// let twice = Readable::from_iter(&lp, 1..=2).flat_map(|n| [n, n]);
    /// assert_eq!(lp.block_on(twice.to_array(HelperOptions::default()))?, [1, 1, 2, 2]);
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn flat_map<U: Chunk, I>(&self, mut f: impl FnMut(T) -> I + 'static) -> Readable<U>
    where
        I: IntoIterator<Item = U>,
        I::IntoIter: 'static,
    {
        let lp = self.event_loop();
        self.flat_map_with(
            move |chunk, _| ready(Ok(Readable::from_iter(&lp, f(chunk)))),
            HelperOptions::default(),
        )
    }

    /// As [`flat_map`](Readable::flat_map), with an asynchronous function that gives streams.
    pub fn flat_map_with<U: Chunk, F: Future<Output = Result<Readable<U>>> + 'static>(
        &self,
        mut f: impl FnMut(T, AbortSignal) -> F + 'static,
        options: HelperOptions,
    ) -> Readable<U> {
        let streams = Concurrent::new(self, options, move |chunk, signal| {
            let stream = f(chunk, signal);
            async move { stream.await.map(Some) }
        });
        Readable::from_stream(&self.event_loop(), Flat { streams, current: None })
    }

    /// A stream without the first `count` chunks. Node: `readable.drop`.
    pub fn drop(&self, count: usize) -> Readable<T> {
        let mut left = count;
        self.filter(move |_| match left {
            0 => true,
            _ => {
                left -= 1;
                false
            }
        })
    }

    /// A stream of the first `count` chunks. Node: `readable.take`.
    pub fn take(&self, count: usize) -> Readable<T> {
        Readable::from_stream(&self.event_loop(), Take { chunks: Some(Chunks::new(self)), left: count })
    }

    /// Calls `f` with each chunk. Node:
    /// [`readable.forEach`](https://nodejs.org/api/stream.html#readableforeachfn-options).
    ///
    /// # Errors
    /// The stream's.
    pub fn for_each<M: FnMut(T) + 'static>(&self, mut f: M) -> impl Future<Output = Result<()>> + use<T, M> {
        self.for_each_with(
            move |chunk, _| {
                f(chunk);
                ready(Ok(()))
            },
            HelperOptions::default(),
        )
    }

    /// As [`for_each`](Readable::for_each), with an asynchronous function.
    ///
    /// # Errors
    /// The stream's, the function's, or an `AbortError`.
    pub fn for_each_with<
        F: Future<Output = Result<()>> + 'static,
        M: FnMut(T, AbortSignal) -> F + 'static,
    >(
        &self,
        mut f: M,
        options: HelperOptions,
    ) -> impl Future<Output = Result<()>> + use<T, F, M> {
        let mut results = Concurrent::<T, _, _, ()>::new(self, options, move |chunk, signal| {
            let done = f(chunk, signal);
            async move { done.await.map(|()| None) }
        });
        async move { next(&mut results).await.map(drop) }
    }

    /// All chunks. Node: [`readable.toArray`](https://nodejs.org/api/stream.html#readabletoarrayoptions).
    ///
    /// # Errors
    /// The stream's, or an `AbortError`.
    pub fn to_array(&self, options: HelperOptions) -> impl Future<Output = Result<Vec<T>>> + use<T> {
        let mut chunks = Concurrent::new(self, options, |chunk, _| ready(Ok(Some(chunk))));
        async move {
            let mut all = Vec::new();
            while let Some(chunk) = next(&mut chunks).await? {
                all.push(chunk);
            }
            Ok(all)
        }
    }

    /// Whether `f` is true for any chunk. Node: `readable.some`.
    ///
    /// # Errors
    /// The stream's.
    pub fn some<M: FnMut(&T) -> bool + 'static>(
        &self,
        f: M,
    ) -> impl Future<Output = Result<bool>> + use<T, M> {
        let found = self.find(f);
        async move { Ok(found.await?.is_some()) }
    }

    /// As [`some`](Readable::some), with an asynchronous function.
    ///
    /// # Errors
    /// The stream's, the function's, or an `AbortError`.
    pub fn some_with<F: Future<Output = Result<bool>> + 'static, M: FnMut(T, AbortSignal) -> F + 'static>(
        &self,
        f: M,
        options: HelperOptions,
    ) -> impl Future<Output = Result<bool>> + use<T, F, M> {
        let found = self.find_with(f, options);
        async move { Ok(found.await?.is_some()) }
    }

    /// Whether `f` is true for all chunks. Node: `readable.every`.
    ///
    /// # Errors
    /// The stream's.
    pub fn every<M: FnMut(&T) -> bool + 'static>(
        &self,
        mut f: M,
    ) -> impl Future<Output = Result<bool>> + use<T, M> {
        let found = self.find(move |chunk| !f(chunk));
        async move { Ok(found.await?.is_none()) }
    }

    /// As [`every`](Readable::every), with an asynchronous function.
    ///
    /// # Errors
    /// The stream's, the function's, or an `AbortError`.
    pub fn every_with<F: Future<Output = Result<bool>> + 'static, M: FnMut(T, AbortSignal) -> F + 'static>(
        &self,
        f: M,
        options: HelperOptions,
    ) -> impl Future<Output = Result<bool>> + use<T, F, M> {
        let mut found = Concurrent::new(self, options, keeping(f, false));
        async move { Ok(next(&mut found).await?.is_none()) }
    }

    /// The first chunk for which `f` is true. Node: `readable.find`.
    ///
    /// # Errors
    /// The stream's.
    ///
    /// ```
    /// # use nodecore_event_loop::EventLoop;
    /// # use nodecore_stream::Readable;
    /// let lp = EventLoop::new()?;
    /// let numbers = Readable::from_iter(&lp, 1..=100);
    /// assert_eq!(lp.block_on(numbers.find(|n| n % 7 == 0))?, Some(7));
    /// assert!(numbers.destroyed());
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn find<M: FnMut(&T) -> bool + 'static>(
        &self,
        mut f: M,
    ) -> impl Future<Output = Result<Option<T>>> + use<T, M> {
        let kept = move |chunk, _| ready(Ok(f(&chunk).then_some(chunk)));
        let mut found = Concurrent::new(self, HelperOptions::default(), kept);
        async move { next(&mut found).await }
    }

    /// As [`find`](Readable::find), with an asynchronous function.
    ///
    /// # Errors
    /// The stream's, the function's, or an `AbortError`.
    pub fn find_with<F: Future<Output = Result<bool>> + 'static, M: FnMut(T, AbortSignal) -> F + 'static>(
        &self,
        f: M,
        options: HelperOptions,
    ) -> impl Future<Output = Result<Option<T>>> + use<T, F, M> {
        let mut found = Concurrent::new(self, options, keeping(f, true));
        async move { next(&mut found).await }
    }

    /// Puts all chunks together, beginning with `initial`. Node:
    /// [`readable.reduce`](https://nodejs.org/api/stream.html#readablereducefn-initial-options).
    ///
    /// # Errors
    /// The stream's.
    ///
    /// ```
    /// # use nodecore_event_loop::EventLoop;
    /// # use nodecore_stream::Readable;
    /// let lp = EventLoop::new()?;
    /// let sum = Readable::from_iter(&lp, 1..=4).reduce(0, |sum, n| sum + n);
    /// assert_eq!(lp.block_on(sum)?, 10);
    /// # Ok::<(), nodecore_error::Error>(())
    /// ```
    pub fn reduce<A: 'static, M: FnMut(A, T) -> A + 'static>(
        &self,
        initial: A,
        mut f: M,
    ) -> impl Future<Output = Result<A>> + use<T, A, M> {
        self.reduce_with(initial, move |sum, chunk, _| ready(Ok(f(sum, chunk))), None)
    }

    /// As [`reduce`](Readable::reduce), with an asynchronous function; `signal` gives up.
    ///
    /// # Errors
    /// The stream's, the function's, or an `AbortError`.
    pub fn reduce_with<
        A: 'static,
        F: Future<Output = Result<A>> + 'static,
        M: FnMut(A, T, AbortSignal) -> F + 'static,
    >(
        &self,
        initial: A,
        mut f: M,
        signal: Option<&AbortSignal>,
    ) -> impl Future<Output = Result<A>> + use<T, A, F, M> {
        let mut chunks = Chunks::new(self);
        let mut abort = Abort::new(signal);
        async move {
            let mut sum = initial;
            while let Some(chunk) = abort.guard(next(&mut chunks)).await? {
                let step = f(sum, chunk, abort.signal());
                sum = abort.guard(step).await?;
            }
            Ok(sum)
        }
    }

    /// As [`reduce`](Readable::reduce), beginning with the first chunk.
    ///
    /// # Errors
    /// The stream's; `ERR_MISSING_ARGS` if there is no chunk.
    pub fn reduce_first<M: FnMut(T, T) -> T + 'static>(
        &self,
        mut f: M,
    ) -> impl Future<Output = Result<T>> + use<T, M> {
        let sum = self.reduce(None, move |sum, chunk| {
            Some(match sum {
                None => chunk,
                Some(sum) => f(sum, chunk),
            })
        });
        async move {
            let empty = "Reduce of an empty stream requires an initial value";
            sum.await?.ok_or_else(|| Error::new(Code::MissingArgs, empty))
        }
    }

    fn made_by<U: Chunk, F: Future<Output = Result<Option<U>>> + 'static>(
        &self,
        f: impl FnMut(T, AbortSignal) -> F + 'static,
        options: HelperOptions,
    ) -> Readable<U> {
        Readable::from_stream(&self.event_loop(), Concurrent::new(self, options, f))
    }
}

/// A chunk that may be kept.
type Kept<T> = Pin<Box<dyn Future<Output = Result<Option<T>>>>>;

/// A function that keeps the chunks for which `f` is `wanted`.
fn keeping<T: Chunk, F: Future<Output = Result<bool>> + 'static>(
    mut f: impl FnMut(T, AbortSignal) -> F + 'static,
    wanted: bool,
) -> impl FnMut(T, AbortSignal) -> Kept<T> + 'static {
    move |chunk, signal| {
        let is = f(chunk.clone(), signal);
        Box::pin(async move { Ok((is.await? == wanted).then_some(chunk)) })
    }
}

async fn next<T>(stream: &mut (impl Stream<Item = Result<T>> + Unpin)) -> Result<Option<T>> {
    poll_fn(|context| Pin::new(&mut *stream).poll_next(context)).await.transpose()
}

/// One stream after another.
struct Flat<S, U: Chunk> {
    streams: S,
    current: Option<Chunks<U>>,
}

impl<U: Chunk, S: Stream<Item = Result<Readable<U>>> + Unpin> Stream for Flat<S, U> {
    type Item = Result<U>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<U>>> {
        loop {
            if let Some(chunks) = &mut self.current {
                match Pin::new(chunks).poll_next(context) {
                    Poll::Ready(None) => self.current = None,
                    polled => return polled,
                }
            }
            match Pin::new(&mut self.streams).poll_next(context) {
                Poll::Ready(Some(Ok(stream))) => self.current = Some(Chunks::new(&stream)),
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

struct Take<T: Chunk> {
    chunks: Option<Chunks<T>>,
    left: usize,
}

impl<T: Chunk> Stream for Take<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        let Some(chunks) = &mut self.chunks else { return Poll::Ready(None) };
        let polled = Pin::new(chunks).poll_next(context);
        if let Poll::Ready(Some(Ok(_))) = polled {
            // Of none, Node too waits for a chunk, and leaves then.
            let Some(left) = self.left.checked_sub(1) else {
                self.chunks = None;
                return Poll::Ready(None);
            };
            self.left = left;
            if left == 0 {
                // The source is let go of with the last chunk, not when more is asked for.
                self.chunks = None;
            }
        }
        polled
    }
}
