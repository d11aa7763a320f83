'use strict';

const { format } = require('util');
const host = require('../host-stream');
const { codeError, invalidArgType } = require('../errors');
const { WBIT, WritableState, writableOptions } = require('./state');
const { addAbortSignal, dispose } = require('./destroy');
const { Encoded, MACHINE, WRITABLE, hide, native, start, undestroy } = require('./host');
const { Stream, bytesOf, inherit } = require('./legacy');
const { destroy, getter } = require('./readable');
const { writableFromWeb, writableToWeb } = require('./web');

function Writable(options) {
  const duplex = this instanceof require('./duplex').Duplex;
  if (!duplex && !Function.prototype[Symbol.hasInstance].call(Writable, this)) return new Writable(options);
  takeWritable(this, options);
  Stream.call(this, options);
  start(this, WRITABLE, writableOptions(options ?? {}, false));
  this._writableState = new WritableState(options, this, false);
  if (options?.signal) addAbortSignal(options.signal, this);
}
inherit(Writable, Stream);

/** The functions among the options of the writable side. */
function takeWritable(stream, options) {
  if (typeof options?.write === 'function') stream._write = options.write;
  if (typeof options?.writev === 'function') stream._writev = options.writev;
  if (typeof options?.destroy === 'function') stream._destroy = options.destroy;
  if (typeof options?.final === 'function') stream._final = options.final;
  if (typeof options?.construct === 'function') stream._construct = options.construct;
}

const flags = (stream) => native.stream_machine_flags(stream[MACHINE], WRITABLE);
const unknownEncoding = (encoding) => codeError(TypeError, 'ERR_UNKNOWN_ENCODING', format('Unknown encoding: %s', encoding));

/** The value that stands for a chunk, and its size. */
function prepare(stream, chunk, encoding) {
  const state = stream._writableState;
  if (chunk === null) throw codeError(TypeError, 'ERR_STREAM_NULL_VALUES', 'May not write null values to stream');
  if (state.objectMode) return [new Encoded(chunk, encoding), 1];
  if (!encoding) encoding = state.defaultEncoding;
  else if (encoding !== 'buffer' && !Buffer.isEncoding(encoding)) throw unknownEncoding(encoding);
  if (typeof chunk === 'string') {
    if (state.decodeStrings === false) return [new Encoded(chunk, encoding), chunk.length];
    chunk = Buffer.from(chunk, encoding);
  } else if (!Buffer.isBuffer(chunk)) {
    const bytes = bytesOf(chunk);
    if (!bytes) throw invalidArgType('chunk', ['string', 'Buffer', 'TypedArray', 'DataView'], chunk);
    chunk = bytes;
  }
  return [chunk, chunk.length];
}

Writable.prototype.write = function write(chunk, encoding, callback) {
  if (typeof encoding === 'function') {
    callback = encoding;
    encoding = undefined;
  }
  const [value, size] = prepare(this, chunk, encoding);
  return native.stream_machine_write(this[MACHINE], value, size, typeof callback === 'function' ? callback : undefined);
};

Writable.prototype.end = function end(chunk, encoding, callback) {
  if (typeof chunk === 'function') {
    callback = chunk;
    chunk = undefined;
  } else if (typeof encoding === 'function') {
    callback = encoding;
    encoding = undefined;
  }
  const [value, size] = chunk == null ? [null, 0] : prepare(this, chunk, encoding);
  native.stream_machine_end(this[MACHINE], value, size, typeof callback === 'function' ? callback : undefined);
  return this;
};

Writable.prototype._write = function _write(chunk, encoding, callback) {
  if (!this._writev) throw codeError(Error, 'ERR_METHOD_NOT_IMPLEMENTED', 'The _write() method is not implemented');
  this._writev([{ chunk, encoding }], callback);
};
Writable.prototype._writev = null;

Writable.prototype.cork = function cork() {
  native.stream_machine_cork(this[MACHINE]);
};

Writable.prototype.uncork = function uncork() {
  native.stream_machine_uncork(this[MACHINE]);
};

Writable.prototype.setDefaultEncoding = function setDefaultEncoding(encoding) {
  if (typeof encoding === 'string') encoding = encoding.toLowerCase();
  if (!Buffer.isEncoding(encoding)) throw unknownEncoding(encoding);
  this._writableState.defaultEncoding = encoding;
  return this;
};

Writable.prototype.destroy = destroy;
Writable.prototype._undestroy = undestroy;

Writable.prototype._destroy = function _destroy(error, callback) {
  callback(error);
};

Writable.prototype[Symbol.for('nodejs.rejection')] = function rejected(error) {
  this.destroy(error);
};

// A stream that only can be written to is no source.
Writable.prototype.pipe = function pipe() {
  native.stream_machine_fail(this[MACHINE], codeError(Error, 'ERR_STREAM_CANNOT_PIPE', 'Cannot pipe, not readable'), false);
};

if (Symbol.asyncDispose)
  Writable.prototype[Symbol.asyncDispose] = function () {
    return dispose(this, this.writableFinished);
  };

getter(Writable.prototype, 'closed', function () {
  return this._writableState ? this._writableState.closed : false;
});
getter(
  Writable.prototype,
  'destroyed',
  function () {
    return this._writableState ? this._writableState.destroyed : false;
  },
  function (value) {
    if (this._writableState) this._writableState.destroyed = value;
  },
);
getter(
  Writable.prototype,
  'writable',
  function () {
    const state = this._writableState;
    return !!state && (flags(this) & WBIT.writable) !== 0 && state.writable !== false && !state.ended;
  },
  function (value) {
    if (!this._writableState) return;
    this._writableState.writable = !!value;
    native.stream_machine_set_open(this[MACHINE], WRITABLE, !!value);
  },
);
getter(Writable.prototype, 'writableFinished', function () {
  return this._writableState ? this._writableState.finished : false;
});
getter(Writable.prototype, 'writableObjectMode', function () {
  return this._writableState ? this._writableState.objectMode : false;
});
getter(Writable.prototype, 'writableBuffer', function () {
  return this._writableState?.getBuffer();
});
getter(Writable.prototype, 'writableEnded', function () {
  return this._writableState ? this._writableState.ending : false;
});
getter(Writable.prototype, 'writableNeedDrain', function () {
  const state = this._writableState;
  return state ? !state.destroyed && !state.ending && state.needDrain : false;
});
getter(Writable.prototype, 'writableHighWaterMark', function () {
  return this._writableState?.highWaterMark;
});
getter(Writable.prototype, 'writableCorked', function () {
  return this._writableState ? this._writableState.corked : 0;
});
getter(Writable.prototype, 'writableLength', function () {
  return this._writableState?.length;
});
getter(Writable.prototype, 'errored', function () {
  return this._writableState ? this._writableState.errored : null;
});
getter(Writable.prototype, 'writableAborted', function () {
  const state = this._writableState;
  return state.writable !== false && (state.destroyed || !!state.errored) && !state.finished;
});

// Whatever has a writable side is one: a Duplex inherits from Readable alone.
hide(Writable, Symbol.hasInstance, function hasInstance(object) {
  if (Function.prototype[Symbol.hasInstance].call(this, object)) return true;
  if (this !== Writable) return false;
  return object?._writableState instanceof WritableState || object instanceof host.Writable;
});

Writable.WritableState = WritableState;
Writable.fromWeb = (web, options) => writableFromWeb(Writable, web, options);
Writable.toWeb = (stream) => writableToWeb(stream);

module.exports = { Writable, takeWritable };
