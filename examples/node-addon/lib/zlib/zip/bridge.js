'use strict';
// Streams of the library as JavaScript's, and the other way.

const { Readable } = require('../../stream');
const native = require('../../native');

/** Those of FromLibrary that flow, since nothing else need keep them. */
const flowing = new Set();

/** What a stream of the library gives. It keeps the library's stream, whose closures know it by a WeakRef. */
class FromLibrary extends Readable {
  #handle;
  #listens = false;

  constructor(handle) {
    super();
    this.#handle = handle;
  }

  _read() {
    flowing.add(this);
    if (this.#listens) return native.stream_resume(this.#handle);
    this.#listens = true;
    const weak = new WeakRef(this);
    native.zlib_stream_listen(
      this.#handle,
      (chunk) => weak.deref()?.#give(chunk),
      () => weak.deref()?.#end(),
      (error) => weak.deref()?.destroy(error),
    );
  }

  #give(chunk) {
    if (this.destroyed || this.push(chunk)) return;
    flowing.delete(this);
    native.stream_pause(this.#handle);
  }

  #end() {
    flowing.delete(this);
    this.push(null);
  }

  _destroy(error, callback) {
    flowing.delete(this);
    native.zip_stream_destroy(this.#handle);
    native.release(this.#handle);
    callback(error);
  }
}

/** The iterator of what is iterable in either way. */
const iteratorOf = (iterable) => iterable[Symbol.asyncIterator]?.() ?? iterable[Symbol.iterator]();

/** A stream of the library that gives what an iterable does, piece by piece, when it is asked. */
function toLibrary(iterable) {
  const iterator = iteratorOf(iterable);
  let asked = false;
  const handle = native.zip_source_new(async () => {
    if (asked) return;
    asked = true;
    try {
      let piece;
      do piece = await iterator.next();
      while (!piece.done && piece.value.length === 0);
      asked = false;
      if (piece.done) native.stream_push_end(handle);
      else native.stream_push(handle, piece.value);
    } catch (error) {
      native.zip_stream_destroy(handle, `${error?.message ?? error}`);
    }
  });
  return handle;
}

/** Calls what ends with a callback. */
const promise = (begin) =>
  new Promise((resolve, reject) => begin((error, value) => (error ? reject(error) : resolve(value))));

/** The bytes that the library makes piece by piece. */
function* pieces(handle) {
  for (;;) {
    const piece = native.zip_pieces_next(handle);
    if (piece.length === 0) return;
    yield piece;
  }
}

module.exports = { FromLibrary, iteratorOf, pieces, promise, toLibrary };
