//! What hashes, HMACs and MACs have in common: they belong to one thread until they are made a stream, then to it.

use std::mem::replace;

use ::nodecore_error::{Code, Error, Result};
use ::nodecore_stream::Duplex;
use nodecore_crypto::{DigestStream, Digester};

use crate::boundary::Castable;
use crate::chunk::Item;
use crate::stream::nodecore_stream;

#[derive(Debug)]
pub(super) enum State<H: Digester> {
    Own(H),
    Streamed(DigestStream<H, Item>),
    /// Within [`State::stream`] alone.
    Moving,
}

impl<H: Digester> State<H> {
    /// The digester, as long as it is no stream.
    pub(super) fn own(&mut self) -> Result<&mut H> {
        match self {
            State::Own(digester) => Ok(digester),
            State::Streamed(_) | State::Moving => Err(is_stream()),
        }
    }

    /// Makes a stream of it.
    pub(super) fn stream(
        &mut self,
        make: impl FnOnce(H) -> DigestStream<H, Item>,
    ) -> Result<*mut nodecore_stream> {
        self.own()?;
        let State::Own(digester) = replace(self, State::Moving) else { return Err(is_stream()) };
        let stream = make(digester);
        let handle = nodecore_stream::from(Duplex::clone(&stream)).into_raw();
        *self = State::Streamed(stream);
        Ok(handle)
    }
}

pub(super) fn is_stream() -> Error {
    Error::from_template(Code::InvalidState, &[&"It is a stream"])
}
