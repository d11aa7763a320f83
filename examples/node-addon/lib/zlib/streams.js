'use strict';
// The classes: Transform streams whose work a stream of the library does.
//
// A chunk that is written goes to the library's stream, whose callback is the chunk's; what the library's stream
// gives is pushed here, and it is paused while nobody reads. The library's stream may not keep this one alive,
// since this one keeps it: it knows it by a WeakRef. A callback that is pending keeps this one too; where there is
// none and output is still to come, `working` does.

const { Buffer } = require('buffer');
const { Transform, finished } = require('../stream');
const native = require('../native');
const { constants } = require('./constants');
const { CODECS, ZLIB, number, read } = require('./options');

// Of a chunk: what is to be done in its place, when its turn comes.
const kOrder = Symbol('order');
// Of a stream.
const kChunk = Symbol('chunk');
const kClose = Symbol('close');
const kCodec = Symbol('codec');
const kEnd = Symbol('end');
const kEnded = Symbol('ended');
const kFailed = Symbol('failed');
const kFinish = Symbol('finish');
const kFinishing = Symbol('finishing');
const kFlushed = Symbol('flushed');
const kGiven = Symbol('given');
const kLast = Symbol('last');
const kNative = Symbol('native');
const kPaused = Symbol('paused');
const kSteps = Symbol('steps');
const kWritten = Symbol('written');

const working = new Set();

function ZlibBase(options, codec) {
  this[kCodec] = codec;
  this[kGiven] = read(options, codec);
  this[kEnded] = false;
  this[kFinishing] = false;
  this[kPaused] = false;
  this[kWritten] = 0;
  // Bytes are what is written, whatever the options say.
  const bytes = { encoding: null, objectMode: false, writableObjectMode: false };
  Transform.call(this, { autoDestroy: true, ...options, ...bytes });
  this[kNative] = native[`zlib_create_${codec.name}`](this[kGiven]);
  const weak = new WeakRef(this);
  // Packages look for it, and put functions of their own in the place of close().
  this._handle = { close: () => weak.deref()?.[kClose]() };
  native.zlib_stream_listen(
    this[kNative],
    (chunk) => weak.deref()?.[kChunk](chunk),
    () => weak.deref()?.[kEnd](),
    (error) => weak.deref()?.[kFailed](error),
  );
}
Object.setPrototypeOf(ZlibBase.prototype, Transform.prototype);
Object.setPrototypeOf(ZlibBase, Transform);

Object.defineProperty(ZlibBase.prototype, '_closed', {
  configurable: true,
  enumerable: true,
  get() {
    return this._handle === null;
  },
});

Object.defineProperty(ZlibBase.prototype, 'bytesWritten', {
  configurable: true,
  enumerable: true,
  get() {
    return this[kNative] ? native.zlib_stream_get_state(this[kNative]).bytes_written : this[kWritten];
  },
  set(value) {
    this[kWritten] = value;
  },
});

ZlibBase.prototype[kChunk] = function (chunk) {
  if (this.destroyed || this.push(chunk) || !this[kNative]) return;
  this[kPaused] = true;
  working.delete(this);
  native.stream_pause(this[kNative]);
};

ZlibBase.prototype[kFinish] = function () {
  this[kFinishing] = true;
  if (!this[kPaused]) working.add(this);
  native.stream_end(this[kNative]);
};

ZlibBase.prototype[kEnd] = function () {
  this[kEnded] = true;
  working.delete(this);
  if (this[kFlushed]) this[kFlushed]();
  else if (!this.destroyed) this.push(null);
};

ZlibBase.prototype[kFailed] = function (error) {
  working.delete(this);
  if (this[kFlushed]) this[kFlushed](error);
  else this.destroy(error);
};

ZlibBase.prototype._read = function _read(size) {
  if (this[kPaused] && this[kNative]) {
    this[kPaused] = false;
    working.add(this);
    // Before the end no more is to come than what waits, but for what a callback is pending.
    if (!this[kFinishing]) setImmediate(() => this[kFinishing] || working.delete(this));
    native.stream_resume(this[kNative]);
  }
  Transform.prototype._read.call(this, size);
};

ZlibBase.prototype._transform = function _transform(chunk, encoding, callback) {
  if (!this[kNative]) return callback();
  // What is the last is done when the output has ended, so that a flush gives the end too.
  const last = this.writableEnded && this.writableLength === chunk.byteLength && !this[kEnded];
  const done = last ? (error) => this[kLast](error, callback) : callback;
  if (!chunk[kOrder]) native.zlib_stream_write(this[kNative], chunk, done);
  else if (last && chunk[kOrder].flushes) done();
  else chunk[kOrder](done);
  if (last && this[kNative]) this[kFinish]();
};

ZlibBase.prototype[kLast] = function (error, callback) {
  if (error || this[kEnded]) callback(error);
  else this[kFlushed] = callback;
};

/** Writing may be finished before the last output is there. */
ZlibBase.prototype._final = function _final(callback) {
  callback();
};

ZlibBase.prototype._flush = function _flush(callback) {
  if (this[kEnded] || !this[kNative]) return callback();
  this[kFlushed] = callback;
  this[kFinish]();
};

ZlibBase.prototype._destroy = function _destroy(error, callback) {
  this[kClose]();
  callback(error);
};

ZlibBase.prototype[kClose] = function () {
  const handle = this[kNative];
  working.delete(this);
  if (handle) {
    this[kWritten] = this.bytesWritten;
    this[kNative] = null;
    native.zlib_stream_close(handle);
    native.release(handle);
  }
  if (this[kSteps]) native.release(this[kSteps]);
  this[kSteps] = null;
  this._handle = null;
};

ZlibBase.prototype.reset = function reset() {
  if (this[kSteps]) native.zlib_steps_reset(this[kSteps]);
  if (!this[kNative]) throw new Error('zlib binding closed');
  native.zlib_stream_reset(this[kNative]);
};

/** Puts an order behind what was written. */
function order(stream, action, callback) {
  const chunk = Buffer.alloc(0);
  chunk[kOrder] = action;
  stream.write(chunk, '', callback);
}

ZlibBase.prototype.flush = function flush(kind, callback) {
  if (typeof kind === 'function' || (kind === undefined && callback === undefined))
    [kind, callback] = [undefined, kind];
  const { family } = this[kCodec];
  const chosen = number(kind, 'kind', 0, family.most, family.full);
  if (this.writableFinished) {
    if (callback) process.nextTick(callback);
  } else if (this.writableEnded) {
    if (callback) this.once('end', callback);
  } else {
    const action = (done) => native.zlib_stream_flush(this[kNative], chosen, done);
    action.flushes = true;
    order(this, action, callback);
  }
};

ZlibBase.prototype.close = function close(callback) {
  if (callback) finished(this, callback);
  this.destroy();
};

/** Works on a chunk in place, as those do who cannot wait. */
ZlibBase.prototype._processChunk = function _processChunk(chunk, kind, callback) {
  const { finish } = this[kCodec].family;
  if (typeof callback === 'function') {
    this.write(chunk, kind === 0 || kind === finish ? callback : () => this.flush(kind, callback));
    if (kind === finish) this.end();
    return;
  }
  this[kSteps] ??= native[`zlib_steps_${this[kCodec].name}`](this[kGiven]);
  const output = native.zlib_steps_run(this[kSteps], chunk, kind > 0 ? kind : -1, kind === finish);
  this[kWritten] += chunk.byteLength;
  return output;
};

/** The streams of the deflate family. */
function Zlib(options, codec) {
  ZlibBase.call(this, options, codec);
  this._level = this[kGiven].level;
  this._strategy = this[kGiven].strategy;
  this._mode = codec.mode;
}
Object.setPrototypeOf(Zlib.prototype, ZlibBase.prototype);
Object.setPrototypeOf(Zlib, ZlibBase);

Zlib.prototype.params = function params(level, strategy, callback) {
  const { Z_DEFAULT_LEVEL, Z_DEFAULT_STRATEGY, Z_FIXED, Z_MAX_LEVEL, Z_MIN_LEVEL } = constants;
  const to = number(level, 'level', Z_MIN_LEVEL, Z_MAX_LEVEL, Z_DEFAULT_LEVEL);
  const by = number(strategy, 'strategy', 0, Z_FIXED, Z_DEFAULT_STRATEGY);
  if (to === this._level && by === this._strategy) {
    if (callback) process.nextTick(callback);
    return;
  }
  const change = (done) => {
    this._level = to;
    this._strategy = by;
    native.zlib_stream_params(this[kNative], to, by, done);
  };
  order(this, change, callback);
};

/** What all but the deflate family have in place of params(). */
ZlibBase.prototype.params = function params() {};

const classes = {};
for (const [name, codec] of Object.entries(CODECS)) {
  const Base = codec.family === ZLIB ? Zlib : ZlibBase;
  // Named as the class, and callable without `new`.
  const { [name]: Class } = {
    [name]: function (options) {
      if (!(this instanceof Class)) return new Class(options);
      Base.call(this, options, codec);
    },
  };
  Object.setPrototypeOf(Class.prototype, Base.prototype);
  Object.setPrototypeOf(Class, Base);
  classes[name] = Class;
}
delete ZlibBase.prototype.params;

/** The stream that `info: true` gives beside a result, which has done its work. */
function engine(name, options, written) {
  const made = new classes[name](options);
  made[kClose]();
  made.bytesWritten = written;
  return made;
}

module.exports = { classes, engine };
