'use strict';

const host = require('./host-stream');
const { validateInteger } = require('./validators');
const { addAbortSignal, destroy } = require('./stream/destroy');
const { compose } = require('./stream/from');
const { Stream } = require('./stream/legacy');
const { duplexPair } = require('./stream/pair');
const { isDestroyed, isDisturbed, isErrored, isReadable, isWritable } = require('./stream/queries');
const { Readable } = require('./stream/readable');
const { Writable } = require('./stream/writable');
const { Duplex } = require('./stream/duplex');
const { PassThrough, Transform } = require('./stream/transform');
const { finished } = require('./stream/finished');
const { pipeline } = require('./stream/pipeline');
const { native } = require('./stream/host');

Object.assign(Stream, { isDestroyed, isDisturbed, isErrored, isReadable, isWritable });
Object.assign(Stream, { addAbortSignal, compose, destroy, duplexPair });
for (const name of ['_isArrayBufferView', '_isUint8Array', '_uint8ArrayToBuffer'])
  if (name in host) Stream[name] = host[name];
Object.assign(Stream, { Duplex, PassThrough, Readable, Stream, Transform, Writable, finished, pipeline });

// An app that runs on the library's modules in place of the host's keeps the marks that it had.
if (host.getDefaultHighWaterMark)
  for (const objectMode of [false, true])
    native.stream_set_default_high_water_mark(objectMode, host.getDefaultHighWaterMark(objectMode));

/** The high-water mark of streams that are given none. */
Stream.getDefaultHighWaterMark = function getDefaultHighWaterMark(objectMode) {
  return native.stream_default_high_water_mark(!!objectMode);
};

Stream.setDefaultHighWaterMark = function setDefaultHighWaterMark(objectMode, value) {
  validateInteger(value, 'value', 0);
  native.stream_set_default_high_water_mark(!!objectMode, value);
};

const promises = () => require('./stream/promises');
Object.defineProperty(Stream, 'promises', { get: promises, configurable: true, enumerable: true });

module.exports = Stream;
