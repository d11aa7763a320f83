'use strict';

const { codeError } = require('../../errors');
const native = require('../../native');
const { validateFunction, validateString } = require('../../validators');
const { FromLibrary, promise } = require('./bridge');
const { entryOf, given, handleOf, reading } = require('./entry');

// Given in place of arguments: the handle that follows is that of the new file.
const HANDLE = Symbol('handle');

/** The names and entries of a list. */
function* entriesOf(flat) {
  for (let i = 0; i < flat.length; i += 2) yield [flat[i], entryOf(flat[i + 1])];
}

/** An archive on disk. */
class ZipFile {
  #handle;
  #closed = false;

  constructor(key, handle) {
    if (key !== HANDLE) throw new TypeError('Illegal constructor');
    this.#handle = handle;
  }

  static async open(filename, options) {
    validateString(filename, 'filename');
    const into = { writable: Boolean(options?.writable) };
    return new ZipFile(HANDLE, await promise((done) => native.zip_file_open(filename, into, done)));
  }

  static openSync(filename, options) {
    validateString(filename, 'filename');
    return new ZipFile(HANDLE, native.zip_file_open_sync(filename, { writable: Boolean(options?.writable) }));
  }

  /** The handle, for what asks the library, which knows itself whether it is closed. */
  #open() {
    if (this.#closed)
      throw codeError(Error, 'ERR_INVALID_STATE', 'Invalid state: the ZipFile has been closed');
    return this.#handle;
  }

  get writable() {
    return native.zip_file_writable(this.#handle);
  }

  get comment() {
    return native.zip_file_comment(this.#handle);
  }

  get size() {
    return native.zip_file_size(this.#open());
  }

  has(name) {
    validateString(name, 'name');
    return native.zip_file_has(this.#open(), name);
  }

  async get(name) {
    validateString(name, 'name');
    return entryOf(native.zip_file_get(this.#open(), name));
  }

  getSync(name) {
    validateString(name, 'name');
    return entryOf(native.zip_file_get_sync(this.#open(), name));
  }

  async stream(name, options) {
    validateString(name, 'name');
    return new FromLibrary(native.zip_file_stream(this.#open(), name, reading(options)));
  }

  async addEntry(entry) {
    const handle = handleOf(entry, 'entry');
    await promise((done) => native.zip_file_add_entry(this.#open(), handle, done));
  }

  addEntrySync(entry) {
    native.zip_file_add_entry_sync(this.#open(), handleOf(entry, 'entry'));
  }

  async add(filename, data, options) {
    const args = given(filename, data, options);
    return entryOf(await promise((done) => native.zip_file_add(this.#open(), ...args, done)));
  }

  addSync(filename, data, options) {
    return entryOf(native.zip_file_add_sync(this.#open(), ...given(filename, data, options)));
  }

  async delete(name) {
    validateString(name, 'name');
    return promise((done) => native.zip_file_delete(this.#open(), name, done));
  }

  deleteSync(name) {
    validateString(name, 'name');
    return native.zip_file_delete_sync(this.#open(), name);
  }

  compact(comment = undefined) {
    return new FromLibrary(native.zip_file_compact(this.#open(), comment));
  }

  compactSync(comment = undefined) {
    return native.zip_file_compact_sync(this.#open(), comment);
  }

  *keys() {
    const flat = native.zip_file_entries(this.#open());
    for (let i = 0; i < flat.length; i += 2) yield flat[i];
  }

  *values() {
    for (const [, entry] of this.entries()) yield entry;
  }

  *valuesSync() {
    for (const [, entry] of this.entriesSync()) yield entry;
  }

  *entries() {
    for (const [name, entry] of entriesOf(native.zip_file_entries(this.#open())))
      yield [name, Promise.resolve(entry)];
  }

  *entriesSync() {
    yield* entriesOf(native.zip_file_entries_sync(this.#open()));
  }

  forEach(callback, thisArg = undefined) {
    validateFunction(callback, 'callback');
    for (const [name, entry] of this.entries()) callback.call(thisArg, entry, name, this);
  }

  forEachSync(callback, thisArg = undefined) {
    validateFunction(callback, 'callback');
    for (const [name, entry] of this.entriesSync()) callback.call(thisArg, entry, name, this);
  }

  async close() {
    if (this.#closed) return;
    this.#closed = true;
    await promise((done) => native.zip_file_close(this.#handle, done));
  }

  closeSync() {
    if (this.#closed) return;
    native.zip_file_close_sync(this.#handle);
    this.#closed = true;
  }

  async *[Symbol.asyncIterator]() {
    yield* this.values();
  }

  [Symbol.iterator]() {
    return this.entries();
  }

  get [Symbol.toStringTag]() {
    return 'ZipFile';
  }

  async [Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]() {
    await this.close();
  }

  [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() {
    this.closeSync();
  }
}

module.exports = { ZipFile };
