'use strict';
// A fast way to write logs.

const { EventEmitter } = require('events');
const native = require('../native');
const { fdOf, invalidArgType, modeOf, pathOf } = require('./arguments');
const {
  isBytes,
  validateBoolean,
  validateFunction,
  validateObject,
  validateUint32,
} = require('../validators');

const EVENTS = { ready: 1, drain: 2, finish: 3, close: 4, error: 5 };

class Utf8Stream extends EventEmitter {
  #handle;
  #bytes;

  constructor(options = {}) {
    super();
    validateObject(options, 'options');
    const {
      append = true,
      contentMode = 'utf8',
      dest,
      fd,
      fsync = false,
      maxLength = 0,
      maxWrite = 16384,
    } = options;
    const { minLength = 0, mkdir = false, mode, periodicFlush = 0, retryEAGAIN, sync = false } = options;
    for (const [name, value] of Object.entries({ append, fsync, mkdir, sync }))
      validateBoolean(value, `options.${name}`);
    for (const [name, value] of Object.entries({ maxLength, maxWrite, minLength, periodicFlush }))
      validateUint32(value, `options.${name}`);
    if (retryEAGAIN !== undefined) validateFunction(retryEAGAIN, 'options.retryEAGAIN');
    this.#bytes = contentMode === 'buffer';
    const opts = {
      fsync,
      max_length: maxLength,
      max_write: maxWrite,
      min_length: minLength,
      mkdir,
      mode: mode === undefined ? 0 : modeOf(mode, 'options.mode'),
      no_append: !append,
      periodic_flush: periodicFlush,
      sync,
    };
    let path = '';
    if (fd !== undefined) Object.assign(opts, { has_fd: true, fd: fdOf(fd, 'options.fd') });
    else path = pathOf(dest, 'options.dest');
    this.#handle = native.utf8_stream_new(path, opts, retryEAGAIN);
    for (const [name, event] of Object.entries(EVENTS))
      native.utf8_stream_on(this.#handle, event, (err) => (err ? this.emit(name, err) : this.emit(name)));
    native.utf8_stream_on_write(this.#handle, (n) => this.emit('write', n));
    native.utf8_stream_on_drop(this.#handle, (data) =>
      this.emit('drop', this.#bytes ? Buffer.from(data) : data),
    );
  }

  write(data) {
    if (this.#bytes ? !isBytes(data) : typeof data !== 'string')
      throw invalidArgType('data', this.#bytes ? 'Buffer' : 'string', data);
    return native.utf8_stream_write(this.#handle, data);
  }

  flush(callback = undefined) {
    if (callback !== undefined) validateFunction(callback, 'callback');
    native.utf8_stream_flush(this.#handle, callback && ((err) => callback(err)));
  }

  flushSync() {
    native.utf8_stream_flush_sync(this.#handle);
  }

  reopen(file) {
    native.utf8_stream_reopen(this.#handle, file === undefined || file === null ? '' : pathOf(file, 'file'));
  }

  end() {
    native.utf8_stream_end(this.#handle);
  }

  destroy() {
    native.utf8_stream_destroy(this.#handle);
  }

  #state() {
    return native.utf8_stream_get_state(this.#handle);
  }

  get append() {
    return this.#state().append;
  }
  get contentMode() {
    return this.#bytes ? 'buffer' : 'utf8';
  }
  get fd() {
    return this.#state().fd;
  }
  get file() {
    return native.utf8_stream_file(this.#handle) || null;
  }
  get fsync() {
    return this.#state().fsync;
  }
  get maxLength() {
    return this.#state().max_length;
  }
  get minLength() {
    return this.#state().min_length;
  }
  get mkdir() {
    return this.#state().mkdir;
  }
  get mode() {
    return this.#state().mode;
  }
  get periodicFlush() {
    return this.#state().periodic_flush;
  }
  get sync() {
    return this.#state().sync;
  }
  get writing() {
    return this.#state().writing;
  }
}
Object.defineProperty(Utf8Stream.prototype, Symbol.dispose ?? Symbol.for('nodejs.dispose'), {
  value: Utf8Stream.prototype.destroy,
  configurable: true,
  writable: true,
});

module.exports = { Utf8Stream };
