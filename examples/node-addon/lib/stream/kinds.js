'use strict';
// What a value is, among all that may stand where a stream is asked for. It is told by what a value can do, for streams
// come from the library, from the host and from packages.

const isFunction = (value) => typeof value === 'function';

const readsOld = (value) => isFunction(value?.on) && isFunction(value.pipe);
const writesOld = (value) => isFunction(value?.on) && isFunction(value.write);

/** Whether it is a stream of Node's kind. */
const isStream = (value) =>
  typeof value === 'object' && value !== null && !!(value._readableState || value._writableState || readsOld(value) || writesOld(value));

/** Whether it is one with a readable side, and with a writable one. */
const hasReadable = (value) => readsOld(value) && (!value._writableState || (!!value._readableState && value._readableState.readable !== false));
const hasWritable = (value) => writesOld(value) && (!value._readableState || value._writableState?.writable !== false);

/** Whether it is one of the web's. */
const isWebReadable = (value) => !isStream(value) && isFunction(value?.pipeThrough) && isFunction(value.getReader) && isFunction(value.cancel);
const isWebWritable = (value) => !isStream(value) && isFunction(value?.getWriter) && isFunction(value.abort);
const isWebPair = (value) => !isStream(value) && typeof value?.readable === 'object' && typeof value.writable === 'object';

const isIterable = (value) => isFunction(value?.[Symbol.asyncIterator]) || isFunction(value?.[Symbol.iterator]);

module.exports = { hasReadable, hasWritable, isIterable, isStream, isWebPair, isWebReadable, isWebWritable };
