'use strict';

const host = require('../host-stream');
const { codeError, invalidArgType, outOfRange } = require('../errors');
const { BIT, ReadableState, readableOptions, setDecoder } = require('./state');
const { addAbortSignal, destroy: destroyAny, dispose } = require('./destroy');
const { DESTROYED, EVENT, MACHINE, READABLE, hide, native, start, undestroy } = require('./host');
const { from, iterate, iterator } = require('./iterator');
const operators = require('./operators');
const { pipe, unpipe, wrap } = require('./pipe');
const { Stream, bytesOf, inherit, instances } = require('./legacy');
const { readableFromWeb, readableToWeb } = require('./web');

const EMPTY = Buffer.alloc(0);
const MOST = 2 ** 30;

function Readable(options) {
  if (!(this instanceof Readable)) return new Readable(options);
  takeReadable(this, options);
  Stream.call(this, options);
  start(this, READABLE, readableOptions(options ?? {}, false));
  this._readableState = new ReadableState(options, this, false);
  finishReadable(this, options);
}
inherit(Readable, Stream);

/** The functions among the options of the readable side. */
function takeReadable(stream, options) {
  if (typeof options?.read === 'function') stream._read = options.read;
  if (typeof options?.destroy === 'function') stream._destroy = options.destroy;
  if (typeof options?.construct === 'function') stream._construct = options.construct;
}

function finishReadable(stream, options) {
  if (options?.signal) addAbortSignal(options.signal, stream);
  if (options?.encoding) stream.setEncoding(options.encoding);
}

const flags = (stream) => native.stream_machine_flags(stream[MACHINE], READABLE);

/** Puts a chunk of whatever type where the machine wants it. */
function add(stream, chunk, encoding, front) {
  const machine = stream[MACHINE];
  const put = (value, size, decoded) =>
    front ? native.stream_machine_unshift(machine, value, size) : native.stream_machine_push(machine, value, size, decoded);
  if (chunk === null) return put(null, 0, false);
  const state = stream._readableState;
  if (state.objectMode) return put(chunk, 1, state.encoding !== null && typeof chunk === 'string');
  if (typeof chunk === 'string') {
    encoding ||= state.defaultEncoding;
    if (state.encoding && state.encoding === encoding) return put(chunk, chunk.length, true);
    chunk = Buffer.from(chunk, encoding);
    if (front && state.encoding) {
      chunk = chunk.toString(state.encoding);
      return put(chunk, chunk.length, true);
    }
  } else if (chunk == null) {
    chunk = EMPTY;
  } else if (!Buffer.isBuffer(chunk)) {
    const bytes = bytesOf(chunk);
    if (!bytes) {
      const error = invalidArgType('chunk', ['string', 'Buffer', 'TypedArray', 'DataView'], chunk);
      native.stream_machine_fail(machine, error, false);
      return false;
    }
    chunk = bytes;
  }
  return put(chunk, chunk.length, false);
}

Readable.prototype.push = function push(chunk, encoding) {
  return add(this, chunk, encoding, false);
};

Readable.prototype.unshift = function unshift(chunk, encoding) {
  return add(this, chunk, encoding, true);
};

Readable.prototype.read = function read(n) {
  if (n === undefined) n = NaN;
  else if (!Number.isInteger(n)) n = Number.parseInt(n, 10);
  if (n > MOST) throw outOfRange('size', '<= 1GiB', n);
  const size = Number.isNaN(n) ? -1 : Math.max(n, 0);
  const [, value] = native.stream_machine_read(this[MACHINE], size);
  return value;
};

Readable.prototype._read = function _read() {
  throw codeError(Error, 'ERR_METHOD_NOT_IMPLEMENTED', 'The _read() method is not implemented');
};

Readable.prototype.isPaused = function isPaused() {
  return (flags(this) & BIT.paused) !== 0;
};

Readable.prototype.setEncoding = function setEncoding(encoding) {
  setDecoder(this._readableState, encoding);
  native.stream_machine_set_encoding(this[MACHINE], this._readableState.encoding);
  return this;
};

Readable.prototype.resume = function resume() {
  native.stream_machine_resume(this[MACHINE]);
  return this;
};

Readable.prototype.pause = function pause() {
  native.stream_machine_pause(this[MACHINE]);
  return this;
};

const LISTENED = { data: EVENT.DATA, readable: EVENT.READABLE };

Readable.prototype.on = function on(event, listener) {
  const result = Stream.prototype.on.call(this, event, listener);
  if (Object.hasOwn(LISTENED, event)) native.stream_machine_listener(this[MACHINE], LISTENED[event], true);
  return result;
};
Readable.prototype.addListener = Readable.prototype.on;

Readable.prototype.removeListener = function removeListener(event, listener) {
  const result = Stream.prototype.removeListener.call(this, event, listener);
  if (Object.hasOwn(LISTENED, event)) native.stream_machine_listener(this[MACHINE], LISTENED[event], false);
  return result;
};
Readable.prototype.off = Readable.prototype.removeListener;

Readable.prototype.removeAllListeners = function removeAllListeners(event) {
  const result = Stream.prototype.removeAllListeners.apply(this, arguments);
  for (const name of Object.keys(LISTENED))
    if (event === undefined || event === name) native.stream_machine_listener(this[MACHINE], LISTENED[name], false);
  return result;
};

/** `destroy` of every kind of stream. */
function destroy(error, callback) {
  if (this.destroyed) {
    if (typeof callback === 'function') callback();
    return this;
  }
  if (typeof callback === 'function') this[DESTROYED] = callback;
  native.stream_machine_destroy(this[MACHINE], error || null);
  return this;
}
Readable.prototype.destroy = destroy;
Readable.prototype._undestroy = undestroy;
Readable.prototype.pipe = pipe;
Readable.prototype.unpipe = unpipe;
Readable.prototype.wrap = wrap;

Readable.prototype._destroy = function _destroy(error, callback) {
  callback(error);
};

Readable.prototype[Symbol.for('nodejs.rejection')] = function rejected(error) {
  this.destroy(error);
};

Readable.prototype.iterator = iterator;
Readable.prototype[Symbol.asyncIterator] = function () {
  return iterate(this);
};

for (const [name, operator] of Object.entries(operators)) hide(Readable.prototype, name, operator);

Readable.prototype.compose = function compose(stream, options) {
  return require('./from').composeWith.call(this, stream, options);
};

if (Symbol.asyncDispose)
  Readable.prototype[Symbol.asyncDispose] = function () {
    return dispose(this, this.readableEnded);
  };

function getter(prototype, name, get, set) {
  Object.defineProperty(prototype, name, { get, set, configurable: true });
}

getter(
  Readable.prototype,
  'readable',
  function readable() {
    return this._readableState ? (flags(this) & BIT.readable) !== 0 && this._readableState.readable !== false : false;
  },
  function setReadable(value) {
    if (!this._readableState) return;
    this._readableState.readable = !!value;
    native.stream_machine_set_open(this[MACHINE], READABLE, !!value);
  },
);
getter(Readable.prototype, 'readableDidRead', function () {
  return this._readableState.dataEmitted;
});
getter(Readable.prototype, 'readableAborted', function () {
  const bits = flags(this);
  return (bits & (BIT.destroyed | (1 << 8))) !== 0 && !(bits & BIT.endEmitted) && this._readableState.readable !== false;
});
getter(Readable.prototype, 'readableHighWaterMark', function () {
  return this._readableState.highWaterMark;
});
getter(Readable.prototype, 'readableBuffer', function () {
  return this._readableState?.buffer;
});
getter(
  Readable.prototype,
  'readableFlowing',
  function () {
    return this._readableState.flowing;
  },
  function (value) {
    if (this._readableState) this._readableState.flowing = value;
  },
);
getter(Readable.prototype, 'readableLength', function () {
  return this._readableState.length;
});
getter(Readable.prototype, 'readableObjectMode', function () {
  return this._readableState ? this._readableState.objectMode : false;
});
getter(Readable.prototype, 'readableEncoding', function () {
  return this._readableState ? this._readableState.encoding : null;
});
getter(Readable.prototype, 'errored', function () {
  return this._readableState ? this._readableState.errored : null;
});
getter(Readable.prototype, 'closed', function () {
  return this._readableState ? this._readableState.closed : false;
});
getter(
  Readable.prototype,
  'destroyed',
  function () {
    return this._readableState ? this._readableState.destroyed : false;
  },
  function (value) {
    if (this._readableState) this._readableState.destroyed = value;
  },
);
getter(Readable.prototype, 'readableEnded', function () {
  return this._readableState ? this._readableState.endEmitted : false;
});

Readable.ReadableState = ReadableState;
Readable.fromWeb = (web, options) => readableFromWeb(Readable, web, options);
Readable.toWeb = (stream, options) => readableToWeb(stream, options);
Readable.wrap = function wrap(source, options) {
  return new Readable({
    objectMode: source.readableObjectMode ?? source.objectMode ?? true,
    ...options,
    destroy(error, callback) {
      destroyAny(source, error);
      callback(error);
    },
  }).wrap(source);
};

Readable.from = (iterable, options) => from(Readable, iterable, options);

instances(Readable, host.Readable);

module.exports = { Readable, destroy, finishReadable, getter, takeReadable };
