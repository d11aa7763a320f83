'use strict';

const host = require('./host-stream');
const { validateInteger } = require('./validators');
const { Stream } = require('./stream/legacy');
const { Readable } = require('./stream/readable');
const { Writable } = require('./stream/writable');
const { Duplex } = require('./stream/duplex');
const { PassThrough, Transform } = require('./stream/transform');
const { finished, finishedPromise } = require('./stream/finished');
const { pipeline, pipelinePromise } = require('./stream/pipeline');
const { native } = require('./stream/host');

// What is made of a stream's public functions alone is the host's, and runs over ours.
const BORROWED = ['isDestroyed', 'isDisturbed', 'isErrored', 'isReadable', 'isWritable', 'duplexPair', 'addAbortSignal'];
for (const name of [...BORROWED, 'destroy', 'compose', '_isArrayBufferView', '_isUint8Array', '_uint8ArrayToBuffer'])
  if (name in host) Stream[name] = host[name];

Object.assign(Stream, { Duplex, PassThrough, Readable, Stream, Transform, Writable, finished, pipeline });

/** The high-water mark of streams that are given none. */
Stream.getDefaultHighWaterMark = function getDefaultHighWaterMark(objectMode) {
  return native.stream_default_high_water_mark(!!objectMode);
};

Stream.setDefaultHighWaterMark = function setDefaultHighWaterMark(objectMode, value) {
  validateInteger(value, 'value', 0);
  native.stream_set_default_high_water_mark(!!objectMode, value);
};

const promises = { finished: finishedPromise, pipeline: pipelinePromise };
Object.defineProperty(Stream, 'promises', { get: () => promises, configurable: true, enumerable: true });

module.exports = Stream;
