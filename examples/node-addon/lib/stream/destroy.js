'use strict';
// The end of a stream before its time.

const host = require('../host-stream');
const { abortError, invalidArgType } = require('../errors');
const { Stream } = require('./legacy');
const { MACHINE } = require('./host');
const { isStream } = require('./kinds');
const { isDestroyed, isFinished } = require('./queries');

/** Destroys a stream; one that is not done and is given no error was aborted. */
function destroy(stream, error) {
  // What takes its requests apart, and what streams of the old kind want, the host knows.
  if (!stream?.[MACHINE] || typeof stream.destroy !== 'function') return host.destroy(stream, error);
  if (!isDestroyed(stream)) stream.destroy(error || (isFinished(stream) ? error : abortError()));
}

function addAbortSignal(signal, stream) {
  const isSignal = typeof signal === 'object' && 'aborted' in signal;
  if (!isSignal) throw invalidArgType('signal', 'AbortSignal', signal);
  // The web's streams are the host's, and errored from within.
  if (!isStream(stream)) return host.addAbortSignal(signal, stream);
  const abort = () => stream.destroy(abortError(signal));
  if (signal.aborted) {
    abort();
    return stream;
  }
  signal.addEventListener('abort', abort, { once: true });
  Stream.finished(stream, () => signal.removeEventListener('abort', abort));
  return stream;
}

/** Destroys a stream, `done` or not, and waits for it; that it was aborted is no failure. */
function dispose(stream, done) {
  const error = stream.destroyed || done ? null : abortError();
  if (!stream.destroyed) stream.destroy(error);
  return new Promise((resolve, reject) => {
    Stream.finished(stream, (failure) => (failure && failure !== error ? reject(failure) : resolve()));
  });
}

module.exports = { addAbortSignal, destroy, dispose };
