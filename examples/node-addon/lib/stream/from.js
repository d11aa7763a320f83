'use strict';
// `Duplex.from` and `compose`: one duplex of what reads and what writes, whatever they are.

const { Blob } = require('buffer');
const { abortError, codeError, invalidArgType, invalidArgValue, received } = require('../errors');
const { addAbortSignal, destroy } = require('./destroy');
const { Duplex } = require('./duplex');
const iterators = require('./iterator');
const { hasReadable, hasWritable, isIterable, isStream } = require('./kinds');
const { isWeb, isWebPair, isWebReadable, isWebWritable } = require('./kinds');
const { Stream } = require('./legacy');
const { isFinished, isReadable, isWritable } = require('./queries');
const { validateAbortSignal, validateObject } = require('../validators');

const STREAMS = ['ReadableStream', 'WritableStream', 'Stream'];
const ITERABLES = ['Iterable', 'AsyncIterable'];
const BODIES = ['function', 'Blob', ...STREAMS, ...ITERABLES, 'Promise', '{ readable, writable } pair'];

class Duplexify extends Duplex {}

function badReturn(expected, value) {
  const got = received(value).replace(/^ Received /, '');
  const text = `Expected ${expected} to be returned from the "body" function but got ${got}.`;
  return codeError(TypeError, 'ERR_INVALID_RETURN_VALUE', text);
}

/** What Duplex.from makes of `body`. */
function from(body) {
  if (isStream(body)) {
    const [reads, writes] = [hasReadable(body), hasWritable(body)];
    return reads && writes ? body : join(Duplexify, writes && body, reads && body);
  }
  if (isWebReadable(body)) return from({ readable: body });
  if (isWebWritable(body)) return from({ writable: body });
  if (isWebPair(body)) return Duplex.fromWeb(body);
  if (typeof body === 'function') return fromFunction(body);
  if (body instanceof Blob) return fromPromise(body.arrayBuffer());
  if (isIterable(body)) return iterators.from(Duplexify, body, { objectMode: true, writable: false });
  if (typeof body?.readable === 'object' || typeof body?.writable === 'object')
    return join(Duplexify, side(body.writable, hasWritable), side(body.readable, hasReadable));
  if (typeof body?.then === 'function') return fromPromise(body);
  throw invalidArgType('body', BODIES, body);
}

/** One of a pair: the stream that it is or that can be made of it. */
function side(value, has) {
  if (!value || has(value)) return value;
  if (isWebReadable(value)) return require('./readable').Readable.fromWeb(value);
  if (isWebWritable(value)) return require('./writable').Writable.fromWeb(value);
  return from(value);
}

function fromPromise(promise) {
  const stream = new Duplexify({ objectMode: true, writable: false, read() {} });
  promise.then(
    (value) => {
      if (value != null) stream.push(value);
      stream.push(null);
    },
    (error) => destroy(stream, error),
  );
  return stream;
}

/** What is written to a stream, for a function to iterate over. */
class Written {
  #give;
  #next;
  #stopped = new AbortController();
  signal = this.#stopped.signal;
  ended = false;

  constructor() {
    this.#wait();
  }

  #wait() {
    this.#next = new Promise((resolve) => (this.#give = resolve));
  }

  async *[Symbol.asyncIterator]() {
    for (;;) {
      const { chunk, done, callback } = await this.#next;
      process.nextTick(callback);
      if (done) return;
      if (this.signal.aborted) throw abortError(this.signal);
      this.#wait();
      yield chunk;
    }
  }

  write = (chunk, encoding, callback) => this.#give({ chunk, done: false, callback });

  end(callback) {
    this.ended = true;
    this.#give({ done: true, callback });
  }

  stop(error) {
    this.#stopped.abort(error);
    this.end(() => {});
  }
}

function fromFunction(body) {
  const written = new Written();
  const result = body(written[Symbol.asyncIterator](), { signal: written.signal });
  const final = (callback) => written.end(callback);
  const { write } = written;
  if (isIterable(result)) {
    const destroy = (error, callback) => callback(error);
    const stream = iterators.from(Duplexify, result, { objectMode: true, write, final, destroy });
    const close = stream._destroy;
    stream._destroy = function (error, callback) {
      written.stop(error);
      close.call(this, error, callback);
    };
    return stream;
  }
  if (typeof result?.then !== 'function') throw badReturn('Iterable, AsyncIterable or AsyncFunction', result);
  const done = result.then((value) => {
    if (value != null) throw badReturn('nully', value);
  });
  const stream = new Duplexify({
    objectMode: true,
    readable: false,
    write,
    final(callback) {
      const call = (error) => process.nextTick(callback, error);
      written.end(() => done.then(call, call));
    },
    destroy(error, callback) {
      written.stop(error);
      callback(error);
    },
  });
  done.then(
    // It may have had enough before all was written.
    () => !written.ended && destroy(stream),
    (error) => destroy(stream, error),
  );
  return stream;
}

/**
 * A duplex that writes to one stream and reads from the other; it is done when both are, or when `run` says.
 */
function join(Class, writable, readable, run) {
  const writes = !!writable && isWritable(writable) === true;
  const reads = !!readable && isReadable(readable) === true;
  let waiting = 0;
  let wanted = false;
  let drained;
  let finished;
  let closed;
  let isClosed = false;
  const stream = new Class({
    readableObjectMode: !!readable?.readableObjectMode,
    writableObjectMode: !!writable?.writableObjectMode,
    readable: reads,
    writable: writes,
    write(chunk, encoding, callback) {
      if (writable.write(chunk, encoding)) callback();
      else drained = callback;
    },
    final(callback) {
      finished = callback;
      writable.end();
    },
    read() {
      for (let chunk; (chunk = readable.read()) !== null; ) if (!stream.push(chunk)) return;
      wanted = true;
    },
    destroy(error, callback) {
      if (isClosed || (!error && isFinished(stream))) {
        callback(error);
        return;
      }
      error ||= abortError();
      closed = () => callback(error);
      destroy(writable, error);
      destroy(readable, error);
    },
  });

  function done(error) {
    isClosed = true;
    if (closed) closed();
    else if (error) stream.destroy(error);
    else if (!reads && !writes) stream.destroy();
  }

  /** Waits for one of the streams; the other is of no use without it. */
  function wait(one, sides, other) {
    waiting++;
    Stream.finished(one, sides, (error) => {
      waiting--;
      if (error) destroy(other, error);
      if (error || waiting === 0) done(error);
    });
  }

  if (writes) {
    writable.on('drain', () => {
      const callback = drained;
      drained = undefined;
      callback?.();
    });
    const finish = () => finished?.();
    // What goes through several is written when it has come out of the last.
    if (run) Stream.finished(readable, finish);
    else writable.on('finish', finish);
  }
  if (reads) {
    readable.on('readable', () => {
      if (!wanted) return;
      wanted = false;
      stream._read();
    });
    readable.on('end', () => stream.push(null));
  }
  if (run) run(done);
  else {
    if (writes) wait(writable, { readable: false }, readable);
    if (reads) wait(readable, { writable: false }, writable);
  }
  return stream;
}

/** One duplex that writes to the first of several and reads from the last. */
function compose(...streams) {
  if (streams.length === 0)
    throw codeError(TypeError, 'ERR_MISSING_ARGS', 'The "streams" argument must be specified');
  if (streams.length === 1) return from(streams[0]);
  const given = [...streams];
  const last = streams.length - 1;
  streams.forEach((stream, index) => {
    if (isStream(stream)) return;
    // Functions in between, and an iterable before them, are the pipeline's.
    const isCall = typeof stream === 'function';
    const piped = isCall ? index > 0 && index < last : index === 0 && isIterable(stream);
    if (isWeb(stream) || !piped) streams[index] = from(stream);
  });
  streams.forEach((stream, index) => {
    if (!isStream(stream)) return;
    const check = (is, what) => {
      if (!is(stream)) throw invalidArgValue(`streams[${index}]`, given[index], `must be ${what}`);
    };
    if (index < last) check(isReadable, 'readable');
    if (index > 0) check(isWritable, 'writable');
  });
  return join(Duplex, streams[0], streams[last], (done) => Stream.pipeline(...streams, done));
}

/** `readable.compose`. */
function composeWith(stream, options) {
  if (options != null) validateObject(options, 'options');
  validateAbortSignal(options?.signal, 'options.signal');
  const composed = compose(this, stream);
  return options?.signal ? addAbortSignal(options.signal, composed) : composed;
}

module.exports = { compose, composeWith, from };
