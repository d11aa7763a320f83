'use strict';
// A stream as an async iterator, and `Readable.from`, the other way.

const { codeError, invalidArgType } = require('../errors');
const { validateObject } = require('../validators');
const { destroy } = require('./destroy');
const { Stream } = require('./legacy');

async function* read(stream, destroyOnReturn) {
  let wake;
  // Null when it has ended, or why it has not.
  let outcome;
  const tell = () => {
    wake?.();
    wake = undefined;
  };
  stream.on('readable', tell);
  const stop = Stream.finished(stream, { writable: false }, (error) => {
    outcome = error ?? null;
    tell();
  });
  let failed = false;
  try {
    for (;;) {
      const chunk = stream.destroyed ? null : stream.read();
      if (chunk !== null) yield chunk;
      else if (outcome) throw outcome;
      else if (outcome === null) return;
      else await new Promise((resolve) => (wake = resolve));
    }
  } catch (error) {
    failed = true;
    throw error;
  } finally {
    const running = outcome === undefined || stream._readableState.autoDestroy;
    if (running && (failed || destroyOnReturn !== false)) destroy(stream);
    else {
      stream.removeListener('readable', tell);
      stop();
    }
  }
}

/** An iterator of what `stream` gives, which may be one of the old kind. */
function iterate(stream, options) {
  if (typeof stream.read !== 'function') {
    const { Readable } = require('./readable');
    stream = Readable.wrap(stream, { objectMode: true });
  }
  const iterator = read(stream, options?.destroyOnReturn);
  iterator.stream = stream;
  return iterator;
}

function iterator(options) {
  if (options !== undefined) validateObject(options, 'options');
  return iterate(this, options);
}

/** A stream of the class `Readable` of what an iterable gives; a string or a buffer is one chunk. */
function from(Readable, iterable, options) {
  if (typeof iterable === 'string' || Buffer.isBuffer(iterable))
    return new Readable({
      objectMode: true,
      ...options,
      read() {
        this.push(iterable);
        this.push(null);
      },
    });
  const asynchronous = typeof iterable?.[Symbol.asyncIterator] === 'function';
  if (!asynchronous && typeof iterable?.[Symbol.iterator] !== 'function')
    throw invalidArgType('iterable', ['Iterable'], iterable);
  const iterator = iterable[asynchronous ? Symbol.asyncIterator : Symbol.iterator]();
  let reading = false;

  async function next(stream) {
    try {
      for (;;) {
        const result = asynchronous ? await iterator.next() : iterator.next();
        if (result.done) {
          stream.push(null);
          return;
        }
        const value = typeof result.value?.then === 'function' ? await result.value : result.value;
        if (value === null) {
          reading = false;
          throw codeError(TypeError, 'ERR_STREAM_NULL_VALUES', 'May not write null values to stream');
        }
        if (!stream.push(value)) {
          reading = false;
          return;
        }
      }
    } catch (error) {
      stream.destroy(error);
    }
  }

  async function close(error) {
    const failed = error !== undefined && error !== null;
    if (failed && typeof iterator.throw === 'function') {
      const { value, done } = await iterator.throw(error);
      await value;
      if (done) return;
    }
    if (typeof iterator.return === 'function') {
      const { value } = await iterator.return();
      await value;
    }
  }

  return new Readable({
    objectMode: true,
    highWaterMark: 1,
    ...options,
    read() {
      if (reading) return;
      reading = true;
      next(this);
    },
    destroy(error, callback) {
      const closed = () => {
        if (options?.destroy) options.destroy.call(this, error, callback);
        else callback(error);
      };
      close(error).then(
        () => process.nextTick(closed),
        (failure) => process.nextTick(callback, failure || error),
      );
    },
  });
}

module.exports = { from, iterate, iterator };
