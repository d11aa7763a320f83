'use strict';
// Directories: listing, making, removing, reading one by one.

const native = require('../native');
const { codeError } = require('../errors');
const { inEncoding, invalidArgValue, isUtf8, LEGACY, newModeOf, optionsOf, pathOf } = require('./arguments');
const { collect, named, operation } = require('./operation');
const { prefixOf } = require('./paths');
const { Dirent, makeStats } = require('./stats');
const { deprecate } = require('util');
const { validateBoolean, validateFunction, validateObject, validateUint32 } = require('../validators');

/** The encoding for the library: bytes are asked for as the text that has one letter for each. */
const libraryEncoding = (encoding) =>
  encoding === 'buffer' ? 'latin1' : isUtf8(encoding) ? undefined : String(encoding);
const nameOf = (name, encoding) => (encoding === 'buffer' ? Buffer.from(name, 'latin1') : name);

/** What a list of the library's becomes: names, or Dirents. */
function giveList(list, { encoding, withFileTypes }, parentPath) {
  const text = encoding !== 'buffer';
  let given;
  if (withFileTypes) {
    const flat = native.dirents_entries(list, text);
    given = new Array(flat.length / 3);
    for (let i = 0; i < given.length; i++)
      given[i] = new Dirent(flat[i * 3], flat[i * 3 + 2], parentPath(flat[i * 3 + 1]));
  } else given = native.dirents_paths(list, text);
  native.release(list);
  return given;
}

const readdir = operation('readdir', { optional: 1, gives: true }, (path, options) => {
  const given = optionsOf(options);
  const { encoding, withFileTypes = false, recursive = false } = given;
  if (given.recursive != null) validateBoolean(recursive, 'options.recursive');
  const of = pathOf(path);
  return {
    args: [
      of,
      {
        recursive: Boolean(recursive),
        with_file_types: Boolean(withFileTypes),
        encoding: encoding === 'buffer' ? undefined : libraryEncoding(encoding),
      },
    ],
    give: (list) =>
      giveList(list, { encoding, withFileTypes }, (parent) =>
        recursive || Buffer.isBuffer(of) ? (Buffer.isBuffer(parent) ? parent.toString() : parent) : of,
      ),
  };
});

const mkdir = operation('mkdir', { optional: 1, gives: true }, (path, options) => {
  let mode = 0o777;
  let recursive = false;
  if (typeof options === 'number' || typeof options === 'string') mode = newModeOf(options);
  else if (options) {
    if (options.recursive !== undefined) {
      recursive = options.recursive;
      validateBoolean(recursive, 'options.recursive');
    }
    if (options.mode !== undefined) mode = newModeOf(options.mode, 'options.mode');
  }
  return { args: [pathOf(path), { mode, recursive }], give: (first) => first || undefined };
});

const warnRecursive = deprecate(
  () => {},
  'In future versions of Node.js, fs.rmdir(path, { recursive: true }) will be removed. ' +
    'Use fs.rm(path, { recursive: true }) instead',
  'DEP0147',
);

function isDirectory(path) {
  try {
    return makeStats(native.fs_lstat_sync(path)).isDirectory();
  } catch {
    return false;
  }
}

const rmdir = operation(
  'rmdir',
  { optional: 1, length: { sync: 2, callback: 3, promise: 2 } },
  (path, options) => {
    const of = pathOf(path);
    if (options !== undefined) {
      validateObject(options, 'options');
      if (options.recursive !== undefined) {
        if (!LEGACY) throw invalidArgValue('options.recursive', options.recursive, 'is no longer supported');
        validateBoolean(options.recursive, 'options.recursive');
        if (options.recursive) {
          warnRecursive();
          const { maxRetries = 0, retryDelay = 100 } = options;
          if (isDirectory(of))
            return {
              call: 'fs_rm',
              args: [of, { recursive: true, max_retries: maxRetries, retry_delay: retryDelay }],
            };
        }
      }
    }
    return { args: [of] };
  },
);

// ---- One by one

/** An open directory. */
class Dir {
  #handle;
  #path;
  #encoding;
  #closed = false;
  #reading = 0;

  constructor(handle, path, options) {
    if (handle == null)
      throw codeError(TypeError, 'ERR_MISSING_ARGS', 'The "handle" argument must be specified');
    this.#handle = handle;
    this.#path = path;
    this.#encoding = options?.encoding;
  }

  get path() {
    return this.#path;
  }

  #give(entry) {
    if (!entry || entry.name === undefined) return null;
    const parent = entry.parent_path;
    return new Dirent(
      nameOf(entry.name, this.#encoding),
      entry.type,
      typeof this.#path === 'string' ? parent : this.#path,
    );
  }

  #ask(call, callback) {
    this.#reading++;
    native[call](this.#handle, (err, entry) => {
      this.#reading--;
      callback(err, err ? undefined : this.#give(entry));
    });
  }

  readSync() {
    if (this.#closed) throw closed();
    return this.#give(native.dir_read_sync(this.#handle));
  }

  read(callback) {
    return this.#promised(arguments.length > 0 ? callback : undefined, (done) => {
      if (this.#closed) return done(closed());
      this.#ask('dir_read', (err, entry) => (err ? done(err) : done(null, entry)));
    });
  }

  closeSync() {
    if (this.#closed) throw closed();
    native.dir_close_sync(this.#handle);
    this.#closed = true;
  }

  close(callback) {
    return this.#promised(callback, (done) => {
      if (this.#closed) return void process.nextTick(done, closed());
      this.#closed = true;
      native.dir_close(this.#handle, (err) => done(err));
    });
  }

  /** With a callback, or with a promise. */
  #promised(callback, begin) {
    if (callback === undefined) {
      return new Promise((resolve, reject) => begin((err, value) => (err ? reject(err) : resolve(value))));
    }
    validateFunction(callback, 'callback');
    begin(callback);
  }

  async *entries() {
    try {
      for (;;) {
        const entry = await this.read();
        if (entry === null) return;
        yield entry;
      }
    } finally {
      if (!this.#closed) await this.close();
    }
  }
}
const closed = () => codeError(Error, 'ERR_DIR_CLOSED', 'Directory handle was closed');
const hide = (name, value) =>
  Object.defineProperty(Dir.prototype, name, { value, configurable: true, writable: true });
hide(Symbol.asyncIterator, Dir.prototype.entries);
hide(Symbol.asyncDispose ?? Symbol.for('nodejs.asyncDispose'), async function () {
  await this.close().catch((err) => {
    if (err.code !== 'ERR_DIR_CLOSED') throw err;
  });
});
hide(Symbol.dispose ?? Symbol.for('nodejs.dispose'), function () {
  try {
    this.closeSync();
  } catch (err) {
    if (err.code !== 'ERR_DIR_CLOSED') throw err;
  }
});

const opendir = operation(
  'opendir',
  { optional: 1, gives: true, callback: 'callback', length: { promise: 3 } },
  (path, options) => {
    const of = pathOf(path);
    const given = optionsOf(options, { encoding: 'utf8' });
    const { bufferSize = 32, recursive, encoding } = given;
    validateUint32(bufferSize, 'options.bufferSize', true);
    if (recursive !== undefined) validateBoolean(recursive, 'options.recursive');
    return {
      args: [
        of,
        { buffer_size: bufferSize, recursive: recursive ?? false, encoding: libraryEncoding(encoding) },
      ],
      give: (handle) => new Dir(handle, of, given),
    };
  },
);

// ---- Temporary directories

const symbolDispose = Symbol.dispose ?? Symbol.for('nodejs.dispose');
const symbolAsyncDispose = Symbol.asyncDispose ?? Symbol.for('nodejs.asyncDispose');

function mkdtempDisposableSync(prefix, options) {
  const { encoding } = optionsOf(options);
  const handle = native.fs_mkdtemp_disposable_sync(prefixOf(prefix));
  const path = native.temp_dir_path(handle);
  const remove = () => void native.temp_dir_remove_sync(handle);
  // Only who removes it removes it: what is collected stays.
  native.temp_dir_keep(handle);
  return {
    path: isUtf8(encoding) ? path : inEncoding(Buffer.from(path), encoding),
    remove,
    [symbolDispose]: remove,
  };
}

async function mkdtempDisposable(prefix, options) {
  const { encoding } = optionsOf(options);
  const of = prefixOf(prefix);
  const handle = await new Promise((resolve, reject) => {
    native.fs_mkdtemp_disposable(of, (err, dir) => (err ? reject(err) : resolve(dir)));
  });
  const path = native.temp_dir_path(handle);
  native.temp_dir_keep(handle);
  const remove = async () =>
    new Promise((resolve, reject) => {
      native.temp_dir_remove(handle, (err) => (err ? reject(err) : resolve()));
    });
  return {
    path: isUtf8(encoding) ? path : inEncoding(Buffer.from(path), encoding),
    remove,
    [symbolAsyncDispose]: remove,
  };
}

const forms = collect({ readdir, mkdir, rmdir, opendir });
Object.assign(forms.fs, {
  Dir,
  mkdtempDisposableSync: named(mkdtempDisposableSync, 'mkdtempDisposableSync', 2),
});
forms.promises.mkdtempDisposable = mkdtempDisposable;

module.exports = { ...forms, giveList };
