//! All of a stream in one piece (<https://nodejs.org/api/webstreams.html#utility-consumers>).
//!
//! They take streams of bytes, and streams of strings. `arrayBuffer`, `buffer` and `bytes` differ in the object they
//! make, which Rust has one of: [`buffer`]. `blob` has no counterpart.

use std::future::Future;

use bytes::{Bytes, BytesMut};
use nodecore_error::Result;

use crate::chunk::Chunk;
use crate::helpers::HelperOptions;
use crate::readable::Readable;

/// All bytes. Node: `buffer`, `bytes` and `arrayBuffer` of `stream/consumers`.
///
/// # Errors
/// The stream's.
///
/// ```
/// use bytes::Bytes;
/// use nodecore_event_loop::EventLoop;
/// use nodecore_stream::{Readable, consumers};
///
/// let lp = EventLoop::new()?;
/// let stream = Readable::from_iter(&lp, [Bytes::from("Hello, "), Bytes::from("world")]);
/// assert_eq!(lp.block_on(consumers::buffer(&stream))?, "Hello, world");
/// # Ok::<(), nodecore_error::Error>(())
/// ```
pub fn buffer<T: Chunk + AsRef<[u8]>>(stream: &Readable<T>) -> impl Future<Output = Result<Bytes>> + use<T> {
    let chunks = stream.to_array(HelperOptions::default());
    async move {
        let chunks = chunks.await?;
        let mut all = BytesMut::with_capacity(chunks.iter().map(|chunk| chunk.as_ref().len()).sum());
        chunks.iter().for_each(|chunk| all.extend_from_slice(chunk.as_ref()));
        Ok(all.freeze())
    }
}

/// All of it as UTF-8 text, without a byte order mark; what is invalid becomes U+FFFD.
///
/// # Errors
/// The stream's.
pub fn text<T: Chunk + AsRef<[u8]>>(stream: &Readable<T>) -> impl Future<Output = Result<String>> + use<T> {
    let all = buffer(stream);
    async move {
        let all = all.await?;
        let text = all.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&all);
        Ok(nodecore_buffer::decode(text, nodecore_buffer::Encoding::Utf8))
    }
}

/// All of it as the value that its JSON stands for.
///
/// # Errors
/// The stream's, or one without a code that says what is wrong with the JSON, in the words of `serde_json`.
///
/// ```
/// use bytes::Bytes;
/// use nodecore_event_loop::EventLoop;
/// use nodecore_stream::{Readable, consumers};
///
/// let lp = EventLoop::new()?;
/// let stream = Readable::from_bytes(&lp, r#"{"a":[1,2]}"#);
/// let value: serde_json::Value = lp.block_on(consumers::json(&stream))?;
/// assert_eq!(value["a"][1], 2);
/// # Ok::<(), nodecore_error::Error>(())
/// ```
#[cfg(feature = "json")]
pub fn json<T: Chunk + AsRef<[u8]>, V: serde::de::DeserializeOwned>(
    stream: &Readable<T>,
) -> impl Future<Output = Result<V>> + use<T, V> {
    use nodecore_error::{Code, Error};
    let text = text(stream);
    async move { serde_json::from_str(&text.await?).map_err(|error| Error::new(Code::Uncoded, error.to_string())) }
}
