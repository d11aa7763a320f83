'use strict';
// Streams of files: JavaScript's stream classes over fs's own functions, which may be another object's
// (`fs`), have been replaced, or be a FileHandle's.

const { Readable, Writable, finished } = require('../stream');
const host = require('fs');
const { codeError, invalidArgType, optionsOf, outOfRange, pathOf } = require('./arguments');
const { validateBoolean, validateFunction, validateInt32, validateInteger } = require('../validators');

const FS = Symbol('fs');
const BUSY = Symbol('busy'); // a call is under way
const IDLE = Symbol('idle'); // the event that it has come back
const FLUSH = Symbol('flush');

/** What the open handle of fs/promises is asked for in the place of fs. */
function handleFs(stream, handle) {
  const later = (promise, callback, otherwise) =>
    promise.then(
      (value) => process.nextTick(callback, null, value),
      (err) => process.nextTick(callback, err, otherwise),
    );
  const moved = (promise, count, what, callback, given) =>
    later(promise, (err, result) =>
      err ? callback(err, 0, given) : callback(null, result[count], result[what]),
    );
  handle.on('close', () => stream.close());
  return {
    read: (fd, buffer, offset, length, position, cb) =>
      moved(handle.read(buffer, offset, length, position), 'bytesRead', 'buffer', cb, buffer),
    write: (fd, buffer, offset, length, position, cb) =>
      moved(handle.write(buffer, offset, length, position), 'bytesWritten', 'buffer', cb, buffer),
    writev: (fd, buffers, position, cb) =>
      moved(handle.writev(buffers, position), 'bytesWritten', 'buffers', cb, buffers),
    fsync: (fd, cb) => later(handle.sync(), (err) => cb(err)),
    close: (fd, cb) => later(handle.close(), (err) => cb(err)),
  };
}

const isHandle = (value) => value instanceof require('./handle').FileHandle;

/** The descriptor of the options, and whose functions work on it. */
function attach(stream, options) {
  const { fd } = options;
  if (isHandle(fd)) {
    if (options.fs)
      throw codeError(
        Error,
        'ERR_METHOD_NOT_IMPLEMENTED',
        'The FileHandle with fs method is not implemented',
      );
    stream[FS] = handleFs(stream, fd);
    stream.fd = fd.fd;
    return;
  }
  stream[FS] = options.fs || require('../fs');
  if (fd == null) stream.fd = null;
  else {
    if (typeof fd !== 'number') throw invalidArgType('options.fd', ['number', 'FileHandle'], fd);
    validateInt32(fd, 'fd', 0);
    stream.fd = fd;
  }
}

function checkPosition(position, name) {
  validateInteger(position, name, 0);
}

/** Options with what they inherit, and what streams of files always have. */
function streamOptions(options) {
  const given = optionsOf(options, {});
  const copy = {};
  for (const key in given) copy[key] = given[key];
  if (copy.autoClose !== undefined && copy.autoClose !== null)
    validateBoolean(copy.autoClose, 'options.autoClose');
  copy.autoDestroy = copy.autoClose ?? true;
  copy.emitClose ??= true;
  return copy;
}

function checkFunctions(stream, names) {
  for (const name of names) validateFunction(stream[FS][name], `options.fs.${name}`);
}

/** Opens the file, by a method `open` if somebody has given the stream one. */
function construct(callback) {
  const stream = this;
  if (typeof stream.fd === 'number') return callback();
  if (typeof stream.open === 'function' && !openers.has(stream.open)) {
    // It emits what came of it, before which the stream has to know.
    const { emit } = stream;
    stream.emit = function (event, ...args) {
      if (event === 'open' || event === 'error') {
        stream.emit = emit;
        callback(event === 'error' ? args[0] : undefined);
        if (event === 'error') return true;
      }
      return Reflect.apply(emit, stream, [event, ...args]);
    };
    stream.open();
    return;
  }
  stream[FS].open(stream.path, stream.flags, stream.mode, (err, fd) => {
    if (err) return callback(err);
    stream.fd = fd;
    callback();
    stream.emit('open', stream.fd);
    stream.emit('ready');
  });
}

/** Closes the file once nothing is under way. */
function destroy(err, callback) {
  const close = (error) => {
    const { fd } = this;
    if (typeof fd !== 'number') return callback(error);
    this[FS].close(fd, (failed) => callback(failed || error));
    this.fd = null;
  };
  if (this[BUSY]) this.once(IDLE, (failed) => close(err || failed));
  else close(err);
}

/** Ends a call's time: false if the stream was destroyed meanwhile, which then goes on. */
function settle(stream, err) {
  stream[BUSY] = false;
  if (!stream.destroyed) return true;
  stream.emit(IDLE, err);
  return false;
}

function fail(stream, err) {
  if (stream.autoClose) stream.destroy(err);
  else process.nextTick(() => stream.emit('error', err));
}

// ---- Reading

function ReadStream(path, options) {
  if (!(this instanceof ReadStream)) return new ReadStream(path, options);
  const given = streamOptions(options);
  given.highWaterMark ??= 64 * 1024;
  this[BUSY] = false;
  attach(this, given);
  if (this.fd === null) {
    this.path = pathOf(path);
    this.flags = given.flags ?? 'r';
    this.mode = given.mode ?? 0o666;
    checkFunctions(this, ['open']);
  }
  checkFunctions(this, ['read', 'close']);
  this.start = given.start;
  this.end = given.end ?? Infinity;
  this.pos = undefined;
  this.bytesRead = 0;
  if (this.start !== undefined) {
    checkPosition(this.start, 'start');
    this.pos = this.start;
  }
  if (this.end !== Infinity) {
    checkPosition(this.end, 'end');
    if (this.start !== undefined && this.start > this.end)
      throw outOfRange('start', `<= "end" (here: ${this.end})`, this.start);
  }
  const { fs, ...rest } = given;
  Reflect.apply(Readable, this, [rest]);
}
Object.setPrototypeOf(ReadStream.prototype, Readable.prototype);
Object.setPrototypeOf(ReadStream, Readable);

ReadStream.prototype._construct = construct;

ReadStream.prototype._read = function (size) {
  const done = this.pos === undefined ? this.bytesRead : this.pos;
  const length = Math.min(this.end - done + 1, size);
  if (length <= 0) return void this.push(null);
  const buffer = Buffer.allocUnsafeSlow(length);
  this[BUSY] = true;
  this[FS].read(this.fd, buffer, 0, length, this.pos, (err, bytesRead, filled) => {
    if (!settle(this, err)) return;
    if (err) return fail(this, err);
    if (bytesRead === 0) return void this.push(null);
    if (this.pos !== undefined) this.pos += bytesRead;
    this.bytesRead += bytesRead;
    // What is much shorter than its memory does not keep it.
    this.push(bytesRead === filled.length ? filled : Buffer.from(filled.subarray(0, bytesRead)));
  });
};

ReadStream.prototype._destroy = function (err, callback) {
  Reflect.apply(destroy, this, [err, callback]);
};

ReadStream.prototype.close = function (callback) {
  if (typeof callback === 'function') finished(this, callback);
  this.destroy();
};

// ---- Writing

function WriteStream(path, options) {
  if (!(this instanceof WriteStream)) return new WriteStream(path, options);
  const given = streamOptions(options);
  given.decodeStrings = true;
  this[BUSY] = false;
  attach(this, given);
  if (this.fd === null) {
    this.path = pathOf(path);
    this.flags = given.flags ?? 'w';
    this.mode = given.mode ?? 0o666;
    checkFunctions(this, ['open']);
  }
  const { write, writev } = this[FS];
  if (!write && !writev) throw invalidArgType('options.fs.write', 'function', write);
  if (write) checkFunctions(this, ['write']);
  if (writev) checkFunctions(this, ['writev']);
  checkFunctions(this, ['close']);
  if (!write) this._write = null;
  if (!writev) this._writev = null;
  this[FLUSH] = given.flush ?? false;
  validateBoolean(this[FLUSH], 'options.flush');
  if (this[FLUSH]) checkFunctions(this, ['fsync']);
  this.start = given.start;
  this.pos = undefined;
  this.bytesWritten = 0;
  if (this.start !== undefined) {
    checkPosition(this.start, 'start');
    this.pos = this.start;
  }
  const { fs, ...rest } = given;
  Reflect.apply(Writable, this, [rest]);
  if (given.encoding) this.setDefaultEncoding(given.encoding);
}
Object.setPrototypeOf(WriteStream.prototype, Writable.prototype);
Object.setPrototypeOf(WriteStream, Writable);

WriteStream.prototype._construct = construct;

const RETRIES = 5;

/** Has all of `left` bytes written: `once(done)` begins what can be, `advance(n)` takes off what was. */
function writeAll(stream, left, once, advance, callback, tries = 0) {
  stream[BUSY] = true;
  once((err, n) => {
    if (err?.code === 'EAGAIN') {
      err = null;
      n = 0;
    }
    if (!settle(stream, err))
      return callback(
        err || codeError(Error, 'ERR_STREAM_DESTROYED', 'Cannot call write after a stream was destroyed'),
      );
    if (err) return callback(err);
    stream.bytesWritten += n;
    if (n >= left) return callback();
    if (n === 0 && tries >= RETRIES) {
      const again = new Error('write failed');
      again.code = 'EAGAIN';
      return callback(again);
    }
    advance(n);
    writeAll(stream, left - n, once, advance, callback, n === 0 ? tries + 1 : 0);
  });
}

WriteStream.prototype._write = function (data, encoding, callback) {
  let offset = 0;
  const at = this.pos;
  if (at !== undefined) this.pos += data.length;
  writeAll(
    this,
    data.length,
    (done) =>
      this[FS].write(
        this.fd,
        data,
        offset,
        data.length - offset,
        at === undefined ? undefined : at + offset,
        done,
      ),
    (n) => (offset += n),
    callback,
  );
};

WriteStream.prototype._writev = function (data, callback) {
  let chunks = data.map(({ chunk }) => chunk);
  const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  let at = this.pos;
  if (at !== undefined) this.pos += size;
  writeAll(
    this,
    size,
    (done) => this[FS].writev(this.fd, chunks, at ?? null, done),
    (n) => {
      if (at !== undefined) at += n;
      chunks = [Buffer.concat(chunks).subarray(n)];
    },
    callback,
  );
};

WriteStream.prototype._destroy = function (err, callback) {
  Reflect.apply(destroy, this, [err, callback]);
};

WriteStream.prototype._final = function (callback) {
  if (!this[FLUSH] || typeof this.fd !== 'number') return callback();
  this[FS].fsync(this.fd, (err) => callback(err));
};

WriteStream.prototype.close = function (callback) {
  if (typeof callback === 'function') {
    if (this.closed) return void process.nextTick(callback);
    this.on('close', callback);
  }
  if (!this.autoClose) this.on('finish', this.destroy);
  this.end();
};

WriteStream.prototype.destroySoon = WriteStream.prototype.end;

/** `autoClose` and `pending`, of both. */
function describe(Class, state) {
  Object.defineProperties(Class.prototype, {
    autoClose: {
      configurable: true,
      get() {
        return this[state].autoDestroy;
      },
      set(value) {
        this[state].autoDestroy = value;
      },
    },
    pending: {
      configurable: true,
      get() {
        return this.fd === null;
      },
    },
  });
}
describe(ReadStream, '_readableState');
describe(WriteStream, '_writableState');

// Runtimes before Node 26 have a method `open` that says it should not be called.
const openers = new Set();
for (const Class of [ReadStream, WriteStream]) {
  const theirs = host[Class.name];
  if (typeof theirs?.prototype.open !== 'function') continue;
  const { deprecate } = require('util');
  const open = deprecate(
    function () {
      this[FS].open(this.path, this.flags, this.mode, (err, fd) => {
        if (err) return fail(this, err);
        this.fd = fd;
        this.emit('open', fd);
        this.emit('ready');
      });
    },
    `${Class.name}.prototype.open() is deprecated`,
    'DEP0135',
  );
  openers.add(open);
  Object.defineProperty(Class.prototype, 'open', { value: open, configurable: true, writable: true });
}

function createReadStream(path, options) {
  return new ReadStream(path, options);
}

function createWriteStream(path, options) {
  return new WriteStream(path, options);
}

module.exports = { ReadStream, WriteStream, createReadStream, createWriteStream };
