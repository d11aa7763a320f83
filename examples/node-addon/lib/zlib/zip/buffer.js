'use strict';

const native = require('../../native');
const { validateFunction, validateString } = require('../../validators');
const { archiveOptions } = require('./archive');
const { promise } = require('./bridge');
const { entryOf, given, handleOf, validateBytes } = require('./entry');

/** An archive in memory. */
class ZipBuffer {
  #handle;

  constructor(buffer) {
    validateBytes(buffer, 'buffer');
    this.#handle = native.zip_buffer_new(buffer);
  }

  get writable() {
    return native.zip_buffer_writable(this.#handle);
  }

  get comment() {
    return native.zip_buffer_comment(this.#handle);
  }

  get size() {
    return native.zip_buffer_size(this.#handle);
  }

  has(name) {
    validateString(name, 'name');
    return native.zip_buffer_has(this.#handle, name);
  }

  get(name) {
    validateString(name, 'name');
    return entryOf(native.zip_buffer_get(this.#handle, name));
  }

  addEntry(entry) {
    native.zip_buffer_add_entry(this.#handle, handleOf(entry, 'entry'));
  }

  async add(filename, data, options) {
    const args = given(filename, data, options);
    return entryOf(await promise((done) => native.zip_buffer_add(this.#handle, ...args, done)));
  }

  addSync(filename, data, options) {
    return entryOf(native.zip_buffer_add_sync(this.#handle, ...given(filename, data, options)));
  }

  delete(name) {
    validateString(name, 'name');
    return native.zip_buffer_delete(this.#handle, name);
  }

  clear() {
    native.zip_buffer_clear(this.#handle);
  }

  async toBuffer(options) {
    const into = archiveOptions(options);
    return promise((done) => native.zip_buffer_to_buffer(this.#handle, into, done));
  }

  toBufferSync(options) {
    return native.zip_buffer_to_buffer_sync(this.#handle, archiveOptions(options));
  }

  *entries() {
    const flat = native.zip_buffer_entries(this.#handle);
    for (let i = 0; i < flat.length; i += 2) yield [flat[i], entryOf(flat[i + 1])];
  }

  *keys() {
    for (const [name] of this.entries()) yield name;
  }

  *values() {
    for (const [, entry] of this.entries()) yield entry;
  }

  forEach(callback, thisArg = undefined) {
    validateFunction(callback, 'callback');
    for (const [name, entry] of this.entries()) callback.call(thisArg, entry, name, this);
  }

  [Symbol.iterator]() {
    return this.entries();
  }

  get [Symbol.toStringTag]() {
    return 'ZipBuffer';
  }

  [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() {
    this.clear();
  }
}

module.exports = { ZipBuffer };
