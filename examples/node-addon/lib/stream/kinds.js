'use strict';
// What a value is, among all that may stand where a stream is asked for. It is told by what a value can do: streams
// come from the library, from the host and from packages.

const can = (value, ...names) => names.every((name) => typeof value?.[name] === 'function');

/** Whether it is a stream of Node's kind. */
function isStream(value) {
  if (typeof value !== 'object' || value === null) return false;
  if (value._readableState || value._writableState) return true;
  return can(value, 'on', 'pipe') || can(value, 'on', 'write');
}

/** Whether it is one with a readable side. */
function hasReadable(value) {
  if (!can(value, 'on', 'pipe')) return false;
  const { _readableState: read, _writableState: write } = value;
  return !write || (!!read && read.readable !== false);
}

/** Whether it is one with a writable side. */
function hasWritable(value) {
  if (!can(value, 'on', 'write')) return false;
  const { _readableState: read, _writableState: write } = value;
  return !read || write?.writable !== false;
}

/** Whether it is one of the web's. */
const isWebReadable = (value) => !isStream(value) && can(value, 'pipeThrough', 'getReader', 'cancel');
const isWebWritable = (value) => !isStream(value) && can(value, 'getWriter', 'abort');
const isWebPair = (value) =>
  !isStream(value) && isWebReadable(value?.readable) && isWebWritable(value.writable);
const isWeb = (value) => isWebReadable(value) || isWebWritable(value) || isWebPair(value);

const isIterable = (value) => can(value, Symbol.asyncIterator) || can(value, Symbol.iterator);

module.exports = {
  hasReadable,
  hasWritable,
  isIterable,
  isStream,
  isWeb,
  isWebPair,
  isWebReadable,
  isWebWritable,
};
