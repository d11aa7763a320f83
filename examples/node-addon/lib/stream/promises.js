'use strict';
// `stream/promises`: `finished` and `pipeline` of `stream` as promises, and what only these have as options.

const Stream = require('../stream');
const { abortError, codeError } = require('../errors');
const { validateAbortSignal, validateBoolean } = require('../validators');
const { hasWritable, isIterable, isStream, isWeb } = require('./kinds');

function finished(stream, options) {
  const cleanup = !!options?.cleanup;
  if (cleanup) validateBoolean(options.cleanup, 'cleanup');
  return new Promise((resolve, reject) => {
    const stop = Stream.finished(stream, options, (error) => {
      if (cleanup) stop();
      if (error) reject(error);
      else resolve();
    });
  });
}

const isStep = (value) => isStream(value) || isIterable(value) || isWeb(value);

function pipeline(...streams) {
  const last = streams.at(-1);
  const { signal, end } = typeof last === 'object' && last !== null && !isStep(last) ? streams.pop() : {};
  return new Promise((resolve, reject) => {
    let steps = Array.isArray(streams[0]) && streams.length === 1 ? [...streams[0]] : streams;
    if (end === false && steps.length > 1 && hasWritable(steps.at(-1))) steps.push(keepOpen(steps.pop()));
    validateAbortSignal(signal, 'options.signal');
    let abort;
    let failure;
    if (signal) {
      steps = steps.map((step, index) => abortable(step, index, signal));
      abort = () => {
        failure = abortError(signal);
        for (const step of steps) if (isStream(step)) Stream.destroy(step, failure);
      };
    }
    Stream.pipeline(...steps, (error, value) => {
      signal?.removeEventListener('abort', abort);
      if (failure || error) reject(failure ?? error);
      else resolve(value);
    });
    if (signal?.aborted) process.nextTick(abort);
    else signal?.addEventListener('abort', abort, { once: true });
  });
}

/** A step that ends by the signal: a function is told of it, and what else gives first is made a stream. */
function abortable(step, index, signal) {
  if (typeof step === 'function') {
    const either = (other) => ({ signal: AbortSignal.any([signal, other.signal]) });
    const call = (...args) => step(...args.slice(0, -1), either(args.at(-1)));
    return index === 0 ? Stream.Readable.from(call({ signal })) : call;
  }
  const made = index === 0 && isIterable(step) && !isStream(step) && !isWeb(step);
  return made ? Stream.Readable.from(step) : step;
}

/** A stream that writes to `dest` and does not end it. */
function keepOpen(dest) {
  let waiting;
  const stop = Stream.finished(dest, { readable: false }, (error) =>
    stream.destroy(error ?? codeError(Error, 'ERR_STREAM_PREMATURE_CLOSE', 'Premature close')),
  );
  const forget = () => {
    stop();
    if (waiting) dest.removeListener('drain', waiting);
  };
  const stream = new Stream.Writable({
    objectMode: dest.writableObjectMode,
    decodeStrings: false,
    write(chunk, encoding, callback) {
      if (dest.write(chunk, encoding)) return callback();
      waiting = callback;
      dest.once('drain', callback);
    },
    final(callback) {
      forget();
      callback();
    },
    destroy(error, callback) {
      forget();
      callback(error);
    },
  });
  return stream;
}

module.exports = { finished, pipeline };
