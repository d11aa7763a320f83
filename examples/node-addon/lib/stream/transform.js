'use strict';

const host = require('../host-stream');
const { codeError } = require('../errors');
const { Duplex, TRANSFORM, setUp } = require('./duplex');
const { MACHINE, READABLE, native } = require('./host');
const { inherit, instances } = require('./legacy');

function Transform(options) {
  if (!(this instanceof Transform)) return new Transform(options);
  // One that is to buffer nothing for its reader does not buffer for its writer either.
  const none = options && (options.highWaterMark ?? options.readableHighWaterMark) === 0;
  if (none)
    options = {
      ...options,
      highWaterMark: null,
      readableHighWaterMark: 0,
      writableHighWaterMark: options.writableHighWaterMark || 0,
    };
  if (typeof options?.transform === 'function') this._transform = options.transform;
  if (typeof options?.flush === 'function') this._flush = options.flush;
  setUp(this, options, TRANSFORM);
  this.on('prefinish', prefinish);
}
inherit(Transform, Duplex);

function final(callback) {
  const done = () => {
    if (callback) native.stream_machine_transformed(this[MACHINE], -1);
    else this.push(null);
  };
  if (typeof this._flush !== 'function' || this.destroyed) {
    done();
    return;
  }
  this._flush((error, data) => {
    if (error) {
      if (callback) callback(error);
      else this.destroy(error);
      return;
    }
    if (data != null) this.push(data);
    done();
  });
}

/** A subclass with a `_final` of its own still flushes. */
function prefinish() {
  if (this._final !== final) final.call(this);
}

Transform.prototype._final = final;

Transform.prototype._transform = function _transform() {
  throw codeError(Error, 'ERR_METHOD_NOT_IMPLEMENTED', 'The _transform() method is not implemented');
};

Transform.prototype._write = function _write(chunk, encoding, callback) {
  const before = native.stream_machine_length(this[MACHINE], READABLE);
  this._transform(chunk, encoding, (error, value) => {
    if (error) {
      callback(error);
      return;
    }
    if (value != null) this.push(value);
    native.stream_machine_transformed(this[MACHINE], before);
  });
};

Transform.prototype._read = function _read() {
  native.stream_machine_transform_more(this[MACHINE]);
};
instances(Transform, host.Transform);

function PassThrough(options) {
  if (!(this instanceof PassThrough)) return new PassThrough(options);
  Transform.call(this, options);
}
inherit(PassThrough, Transform);

PassThrough.prototype._transform = function _transform(chunk, encoding, callback) {
  callback(null, chunk);
};
instances(PassThrough, host.PassThrough);

module.exports = { PassThrough, Transform };
