'use strict';

const { codeError, invalidArgType, invalidArgValue } = require('../../errors');
const native = require('../../native');
const { isAnyBytes, validateNumber, validateString } = require('../../validators');
const { FromLibrary, pieces, promise, toLibrary } = require('./bridge');

const METHODS = { store: 0, deflate: 8, zstd: 93 };

function validateBytes(value, name) {
  if (!isAnyBytes(value))
    throw invalidArgType(name, ['Buffer', 'TypedArray', 'DataView', 'ArrayBuffer'], value);
}

/** Options of a new entry, as the library takes them. */
function creation(options) {
  const { comment, method, mode, modified } = options ?? {};
  const into = {};
  if (comment !== undefined) {
    validateString(comment, 'options.comment');
    into.comment = comment;
  }
  if (method !== undefined) {
    if (!Object.hasOwn(METHODS, method))
      throw invalidArgValue('options.method', method, "must be 'deflate', 'store', or 'zstd'");
    Object.assign(into, { method: METHODS[method], has_method: true });
  }
  if (mode !== undefined) {
    validateNumber(mode, 'options.mode');
    Object.assign(into, { mode, has_mode: true });
  }
  if (modified !== undefined) {
    if (!(modified instanceof Date)) throw invalidArgType('options.modified', 'Date', modified);
    if (!Number.isNaN(modified.getTime()))
      Object.assign(into, { modified: modified.getTime(), has_modified: true });
  }
  return into;
}

/** Options for reading content, as the library takes them. */
function reading(options) {
  const { maxSize, verify } = options ?? {};
  return { has_max_size: maxSize >= 0, max_size: maxSize >= 0 ? maxSize : 0, no_verify: verify === false };
}

/** What create() and its like are given. */
function given(filename, data, options) {
  validateString(filename, 'filename');
  if (filename === '') throw invalidArgValue('filename', filename, 'must not be empty');
  if (data !== undefined || !filename.endsWith('/')) validateBytes(data, 'data');
  return [filename, data, creation(options)];
}

// Given in place of arguments: the handle that follows is that of the new entry.
const HANDLE = Symbol('handle');

class ZipEntry {
  #handle;

  constructor(key, handle) {
    if (key !== HANDLE) throw new TypeError('Illegal constructor');
    this.#handle = handle;
  }

  /** The entry of a handle. */
  static from(handle) {
    return new ZipEntry(HANDLE, handle);
  }

  /** The handle of what has to be an entry. */
  static handleOf(value, name) {
    if (typeof value !== 'object' || value === null || !(#handle in value))
      throw invalidArgType(name, 'ZipEntry', value);
    return value.#handle;
  }

  static *read(buffer) {
    validateBytes(buffer, 'buffer');
    const flat = native.zip_entry_read(buffer);
    for (let i = 1; i < flat.length; i += 2) yield from(flat[i]);
  }

  static async create(filename, data, options) {
    const args = given(filename, data, options);
    return from(await promise((done) => native.zip_entry_create(...args, done)));
  }

  static createSync(filename, data, options) {
    return from(native.zip_entry_create_sync(...given(filename, data, options)));
  }

  static createStream(filename, source, options) {
    validateString(filename, 'filename');
    return from(native.zip_entry_create_stream(filename, toLibrary(source), creation(options)));
  }

  static createSymlink(filename, target, options) {
    validateString(filename, 'filename');
    validateString(target, 'target');
    return from(native.zip_entry_create_symlink(filename, target, creation(options)));
  }

  #info() {
    return native.zip_entry_get_info(this.#handle);
  }

  /** What is known only once the content is. */
  #finished() {
    const info = this.#info();
    if (info.finished) return info;
    const message = 'Invalid state: this streaming entry has not finished serializing yet';
    throw codeError(Error, 'ERR_INVALID_STATE', message);
  }

  get compressed() {
    return this.#info().compressed;
  }
  get rawContent() {
    return native.zip_entry_has_raw_content(this.#handle)
      ? native.zip_entry_bytes(this.#handle, false)
      : undefined;
  }
  get method() {
    return this.#info().method;
  }
  get flags() {
    return this.#info().flags;
  }
  get crc32() {
    return this.#finished().crc32;
  }
  get name() {
    return this.#info().name;
  }
  get nameBuffer() {
    return native.zip_entry_bytes(this.#handle, true);
  }
  get comment() {
    return this.#info().comment;
  }
  get size() {
    return this.#finished().size;
  }
  get compressedSize() {
    return this.#finished().compressed_size;
  }
  get modified() {
    return new Date(native.zip_entry_modified(this.#handle));
  }
  get mode() {
    return this.#info().mode;
  }
  get isSymlink() {
    return this.#info().is_symlink;
  }
  get isFile() {
    return this.#info().is_file;
  }
  get isDirectory() {
    return this.#info().is_directory;
  }

  async content(options) {
    return promise((done) => native.zip_entry_content(this.#handle, reading(options), done));
  }

  contentSync(options) {
    return native.zip_entry_content_sync(this.#handle, reading(options));
  }

  async *contentIterator(options) {
    yield* new FromLibrary(native.zip_entry_content_stream(this.#handle, reading(options)));
  }

  *[Symbol.iterator]() {
    yield* pieces(native.zip_entry_serialize_sync(this.#handle));
  }

  async *[Symbol.asyncIterator]() {
    yield* new FromLibrary(native.zip_entry_serialize(this.#handle));
  }

  [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() {
    native.zip_entry_dispose(this.#handle);
  }

  async [Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]() {
    native.zip_entry_dispose(this.#handle);
  }
}

const { from, handleOf } = ZipEntry;
delete ZipEntry.from;
delete ZipEntry.handleOf;

module.exports = { ZipEntry, entryOf: from, given, handleOf, reading, validateBytes };
