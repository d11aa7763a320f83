'use strict';
// What is so of a stream, or of whatever may be one. Others, as the web's streams, say it by these symbols.

const { hasReadable, hasWritable, isStream } = require('./kinds');

const DESTROYED = Symbol.for('nodejs.stream.destroyed');
const DISTURBED = Symbol.for('nodejs.stream.disturbed');
const ERRORED = Symbol.for('nodejs.stream.errored');
const READABLE = Symbol.for('nodejs.stream.readable');
const WRITABLE = Symbol.for('nodejs.stream.writable');

function isDestroyed(stream) {
  if (!isStream(stream)) return null;
  const state = stream._writableState || stream._readableState;
  return !!(stream.destroyed || stream[DESTROYED] || state?.destroyed);
}

function isDisturbed(stream) {
  return !!(stream?.[DISTURBED] ?? (stream?.readableDidRead || stream?.readableAborted));
}

function isErrored(stream) {
  if (!stream) return false;
  const said = stream[ERRORED] ?? stream.readableErrored ?? stream.writableErrored;
  const { _readableState: read, _writableState: write } = stream;
  return !!(said ?? read?.errorEmitted ?? write?.errorEmitted ?? read?.errored ?? write?.errored);
}

function isReadable(stream) {
  if (stream?.[READABLE] != null) return stream[READABLE];
  if (typeof stream?.readable !== 'boolean') return null;
  const state = stream._readableState;
  const ended = !state?.errored && state?.endEmitted;
  return !isDestroyed(stream) && hasReadable(stream) && stream.readable && !ended;
}

function isWritable(stream) {
  if (stream?.[WRITABLE] != null) return stream[WRITABLE];
  if (typeof stream?.writable !== 'boolean') return null;
  const state = stream._writableState;
  const ended = stream.writableEnded === true || (!state?.errored && state?.ended);
  return !isDestroyed(stream) && hasWritable(stream) && stream.writable && !ended;
}

/** Whether neither side has anything left to do. */
const isFinished = ({ _readableState: read, _writableState: write }) =>
  (!read || read.endEmitted) && (!write || write.finished);

module.exports = { isDestroyed, isDisturbed, isErrored, isFinished, isReadable, isWritable };
