'use strict';
// `_readableState` and `_writableState`: what the machine says of its two sides, by Node's names.

const { StringDecoder } = require('string_decoder');
const { invalidArgValue } = require('../errors');
const { MACHINE, READABLE, WRITABLE, chunkOf, detached, encodingOf, native } = require('./host');
const { awaiting } = require('./pipe');

const COMMON = [
  ['objectMode', 1],
  ['emitClose', 2],
  ['autoDestroy', 3],
  ['constructed', 4],
  ['destroyed', 5],
  ['closed', 6],
  ['closeEmitted', 7],
  ['errorEmitted', 9],
  ['sync', 10],
];
const OF_READABLE = [
  ['ended', 17],
  ['endEmitted', 18],
  ['reading', 19],
  ['readingMore', 20],
  ['needReadable', 21],
  ['emittedReadable', 22],
  ['readableListening', 23],
  ['resumeScheduled', 24],
  ['dataEmitted', 25],
  ['multiAwaitDrain', 29],
];
const OF_WRITABLE = [
  ['writing', 17],
  ['bufferProcessing', 18],
  ['needDrain', 19],
  ['ending', 20],
  ['ended', 21],
  ['finalCalled', 22],
  ['prefinished', 23],
  ['finished', 24],
];

const BIT = Object.fromEntries([...COMMON, ...OF_READABLE].map(([name, bit]) => [name, 1 << bit]));
BIT.readable = 1 << 16;
BIT.flowDecided = 1 << 26;
BIT.flowing = 1 << 27;
BIT.paused = 1 << 28;
const WBIT = Object.fromEntries([...COMMON, ...OF_WRITABLE].map(([name, bit]) => [name, 1 << bit]));
WBIT.writable = 1 << 16;

const STREAM = Symbol('stream');

/** Names that a program may set for itself: what it sets hides what the machine says. */
function mirror(prototype, name, get) {
  Object.defineProperty(prototype, name, {
    get,
    set(value) {
      Object.defineProperty(this, name, { value, configurable: true, enumerable: true, writable: true });
    },
    configurable: true,
    enumerable: true,
  });
}

const flags = (state, side) => native.stream_machine_flags(state[STREAM][MACHINE], side);
const length = (state, side) => native.stream_machine_length(state[STREAM][MACHINE], side);
const mark = (state, side) => native.stream_machine_high_water_mark(state[STREAM][MACHINE], side);
const errored = (state, side) => native.stream_machine_errored(state[STREAM][MACHINE], side);

/** What waits on a side. */
function waiting(state, side) {
  const machine = state[STREAM][MACHINE];
  const count = native.stream_machine_count(machine, side);
  return Array.from({ length: count }, (_, index) => native.stream_machine_peek(machine, side, index)[1]);
}

/** `highWaterMark` out of options. */
function highWaterMark(options, key, duplex, objectMode) {
  const value = options.highWaterMark ?? (duplex ? options[key] : undefined);
  if (value == null) return native.stream_default_high_water_mark(objectMode);
  if (!Number.isInteger(value) || value < 0) throw invalidArgValue(duplex ? `options.${key}` : 'options.highWaterMark', value);
  return Math.floor(value);
}

function readableOptions(options, duplex) {
  const objectMode = !!(options.objectMode || (duplex && options.readableObjectMode));
  return {
    readable_object_mode: objectMode,
    readable_high_water_mark: highWaterMark(options, 'readableHighWaterMark', duplex, objectMode),
    has_readable_high_water_mark: true,
    no_auto_destroy: options.autoDestroy === false,
    no_emit_close: options.emitClose === false,
  };
}

function writableOptions(options, duplex) {
  const objectMode = !!(options.objectMode || (duplex && options.writableObjectMode));
  return {
    writable_object_mode: objectMode,
    writable_high_water_mark: highWaterMark(options, 'writableHighWaterMark', duplex, objectMode),
    has_writable_high_water_mark: true,
    no_auto_destroy: options.autoDestroy === false,
    no_emit_close: options.emitClose === false,
  };
}

function own(state, stream, kind, options) {
  Object.defineProperty(state, STREAM, { value: stream?.[MACHINE] ? stream : { [MACHINE]: detached(kind, options) } });
}

function ReadableState(options, stream, duplex) {
  options ??= {};
  own(this, stream, READABLE, stream?.[MACHINE] ? null : readableOptions(options, duplex));
  this.pipes = [];
  this.defaultEncoding = options.defaultEncoding || 'utf8';
  this.decoder = null;
  this.encoding = null;
}

for (const [name, bit] of [...COMMON, ...OF_READABLE])
  mirror(ReadableState.prototype, name, function () {
    return (flags(this, READABLE) & (1 << bit)) !== 0;
  });
mirror(ReadableState.prototype, 'length', function () {
  return length(this, READABLE);
});
mirror(ReadableState.prototype, 'highWaterMark', function () {
  return mark(this, READABLE);
});
mirror(ReadableState.prototype, 'errored', function () {
  return errored(this, READABLE);
});
mirror(ReadableState.prototype, 'flowing', function () {
  const bits = flags(this, READABLE);
  return bits & BIT.flowDecided ? (bits & BIT.flowing) !== 0 : null;
});
mirror(ReadableState.prototype, 'paused', function () {
  return (flags(this, READABLE) & BIT.paused) !== 0;
});
mirror(ReadableState.prototype, 'awaitDrainWriters', function () {
  return awaiting(this, this[STREAM][MACHINE], this.multiAwaitDrain);
});
mirror(ReadableState.prototype, 'buffer', function () {
  return waiting(this, READABLE);
});
Object.defineProperty(ReadableState.prototype, 'pipesCount', {
  get() {
    return this.pipes.length;
  },
});

/** From now on what is read is text. */
function setDecoder(state, encoding) {
  state.decoder = new StringDecoder(encoding);
  state.encoding = state.decoder.encoding;
}

function WritableState(options, stream, duplex) {
  options ??= {};
  own(this, stream, WRITABLE, stream?.[MACHINE] ? null : writableOptions(options, duplex));
  this.decodeStrings = options.decodeStrings !== false;
  this.defaultEncoding = options.defaultEncoding || 'utf8';
}

for (const [name, bit] of [...COMMON, ...OF_WRITABLE])
  mirror(WritableState.prototype, name, function () {
    return (flags(this, WRITABLE) & (1 << bit)) !== 0;
  });
mirror(WritableState.prototype, 'length', function () {
  return length(this, WRITABLE);
});
mirror(WritableState.prototype, 'highWaterMark', function () {
  return mark(this, WRITABLE);
});
mirror(WritableState.prototype, 'errored', function () {
  return errored(this, WRITABLE);
});
mirror(WritableState.prototype, 'corked', function () {
  return native.stream_machine_corked(this[STREAM][MACHINE]);
});
mirror(WritableState.prototype, 'pendingcb', function () {
  return native.stream_machine_pending(this[STREAM][MACHINE]);
});
mirror(WritableState.prototype, 'buffered', function () {
  return this.getBuffer();
});
WritableState.prototype.getBuffer = function getBuffer() {
  return waiting(this, WRITABLE).map((value) => ({ chunk: chunkOf(value), encoding: encodingOf(value), callback() {} }));
};
Object.defineProperty(WritableState.prototype, 'bufferedRequestCount', {
  get() {
    return native.stream_machine_count(this[STREAM][MACHINE], WRITABLE);
  },
});

module.exports = { BIT, ReadableState, WBIT, WritableState, readableOptions, setDecoder, writableOptions };
