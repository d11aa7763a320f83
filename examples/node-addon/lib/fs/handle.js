'use strict';
// Open files as objects, and what fs/promises has beside the operations' own forms.

const { EventEmitter } = require('events');
const { abortError, dataOf, flagsOf, modeOf, optionsOf, partOf, pathOf, viewsOf } = require('./arguments');
const files = require('./files');
const paths = require('./paths');
const { codeError } = require('../errors');
const { isAnyBytes, isBytes, validateBoolean, validateObject } = require('../validators');

/** A file that nobody closes is closed when its handle is collected, with a warning. */
const collected = new FinalizationRegistry((fd) => {
  files.fs.close(fd, () => {});
  process.emitWarning(`Closing file descriptor ${fd} on garbage collection`);
  process.emitWarning(
    'Closing a FileHandle object on garbage collection is deprecated. ' +
      'Please close FileHandle objects explicitly using FileHandle.prototype.close(). ' +
      'In the future, an error will be thrown if a file descriptor is closed during garbage collection.',
    'DeprecationWarning',
    'DEP0137',
  );
});

const OPEN = Symbol('open');
const CHUNK = 16 * 1024;
const later = (begin) =>
  new Promise((resolve, reject) => begin((err, value) => (err ? reject(err) : resolve(value))));
const moved = (begin, count, what) =>
  new Promise((resolve, reject) =>
    begin((err, n, given) => (err ? reject(err) : resolve({ [count]: n, [what]: given }))),
  );

class FileHandle extends EventEmitter {
  #fd;
  #pending = 0; // operations under way: a close waits for them
  #closing; // the promise of a close
  #idle;
  #resource;
  #streaming = false;

  constructor(mark, fd) {
    super();
    if (mark !== OPEN) throw codeError(TypeError, 'ERR_ILLEGAL_CONSTRUCTOR', 'Illegal constructor');
    this.#fd = fd;
    collected.register(this, fd, this);
  }

  getAsyncId() {
    const { AsyncResource } = require('async_hooks');
    this.#resource ??= new AsyncResource('FILEHANDLE');
    return this.#resource.asyncId();
  }

  get fd() {
    return this.#fd;
  }

  /** Runs an operation, which a close waits for. */
  async #use(syscall, run) {
    if (this.fd === -1) {
      const err = new Error('file closed');
      err.code = 'EBADF';
      err.syscall = syscall;
      throw err;
    }
    this.#pending++;
    try {
      return await run(this.fd);
    } finally {
      if (--this.#pending === 0) this.#idle?.();
    }
  }

  appendFile(data, options) {
    return this.#use('writeFile', () => writeTo(this, data, options));
  }

  chmod(mode) {
    return this.#use('fchmod', (fd) => later((cb) => paths.fs.fchmod(fd, modeOf(mode), cb)));
  }

  chown(uid, gid) {
    return this.#use('fchown', (fd) => later((cb) => paths.fs.fchown(fd, uid, gid, cb)));
  }

  datasync() {
    return this.#use('fdatasync', (fd) => later((cb) => files.fs.fdatasync(fd, cb)));
  }

  sync() {
    return this.#use('fsync', (fd) => later((cb) => files.fs.fsync(fd, cb)));
  }

  read(buffer, offset, length, position) {
    return this.#use('read', async (fd) => {
      if (!isBytes(buffer)) {
        if (buffer != null) validateObject(buffer, 'options', { nullable: true });
        ({
          buffer = Buffer.alloc(CHUNK),
          offset = 0,
          length = buffer.byteLength - (offset ?? 0),
          position = null,
        } = buffer ?? {});
      } else if (offset !== null && typeof offset === 'object') {
        ({ offset = 0, length = buffer.byteLength - (offset ?? 0), position = null } = offset);
      }
      length ??= buffer?.byteLength - (offset ?? 0);
      return moved(
        (cb) => files.fs.read(fd, buffer, offset ?? 0, length, position ?? null, cb),
        'bytesRead',
        'buffer',
      );
    });
  }

  readv(buffers, position) {
    return this.#use('readv', (fd) =>
      moved((cb) => files.fs.readv(fd, buffers, position, cb), 'bytesRead', 'buffers'),
    );
  }

  readFile(options) {
    return this.#use('readFile', async (fd) => {
      const { signal } = optionsOf(options);
      if (signal && !signal.aborted) {
        // As in Node a look at the file comes first, so that whoever aborts in the next turn is in time.
        await later((cb) => paths.fs.fstat(fd, cb));
        if (signal.aborted) throw abortError(signal);
      }
      return files.promises.readFile(fd, options);
    });
  }

  readLines(options = undefined) {
    const { createInterface } = require('readline');
    return createInterface({ input: this.createReadStream(options), crlfDelay: Infinity });
  }

  stat(options) {
    return this.#use('fstat', (fd) => later((cb) => paths.fs.fstat(fd, options ?? {}, cb)));
  }

  truncate(len = 0) {
    return this.#use('ftruncate', (fd) => later((cb) => files.fs.ftruncate(fd, len, cb)));
  }

  utimes(atime, mtime) {
    return this.#use('futimes', (fd) => later((cb) => paths.fs.futimes(fd, atime, mtime, cb)));
  }

  write(buffer, offset, length, position) {
    return this.#use('write', async (fd) => {
      if (buffer?.byteLength === 0) return { bytesWritten: 0, buffer };
      return moved((cb) => files.fs.write(fd, buffer, offset, length, position, cb), 'bytesWritten', 'buffer');
    });
  }

  writev(buffers, position) {
    return this.#use('writev', async (fd) => {
      viewsOf(buffers);
      if (buffers.length === 0) return { bytesWritten: 0, buffers };
      return moved((cb) => files.fs.writev(fd, buffers, position, cb), 'bytesWritten', 'buffers');
    });
  }

  writeFile(data, options) {
    return this.#use('writeFile', () => writeTo(this, data, options));
  }

  close = () => {
    if (this.fd === -1) return this.#closing ?? Promise.resolve();
    const fd = this.#fd;
    this.#fd = -1;
    collected.unregister(this);
    this.#closing = (async () => {
      if (this.#pending > 0) await new Promise((resolve) => (this.#idle = resolve));
      await later((cb) => files.fs.close(fd, cb));
    })().finally(() => (this.#closing = undefined));
    this.emit('close');
    return this.#closing;
  };

  readableWebStream(options = {}) {
    validateObject(options, 'options');
    const { autoClose = false } = options;
    validateBoolean(autoClose, 'options.autoClose');
    const invalid = (text) => codeError(Error, 'ERR_INVALID_STATE', `Invalid state: ${text}`);
    if (this.fd === -1) throw invalid('The FileHandle is closed');
    if (this.#streaming) throw invalid('The FileHandle is locked');
    this.#streaming = true;
    let ended = false;
    let pulling = false;
    const end = (controller) => {
      if (ended) return;
      ended = true;
      controller.close();
      controller.byobRequest?.respond(0);
    };
    const release = () => (autoClose ? this.close() : undefined);
    return new ReadableStream({
      type: 'bytes',
      autoAllocateChunkSize: CHUNK,
      // The stream ends with the handle, but not while memory of it is being read into.
      start: (controller) => {
        this.once('close', () => {
          if (!pulling) end(controller);
        });
      },
      pull: async (controller) => {
        const { view } = controller.byobRequest;
        pulling = true;
        const { bytesRead } = await this.read(view, 0, view.byteLength).finally(() => (pulling = false));
        if (bytesRead > 0 && this.fd !== -1) return controller.byobRequest.respond(bytesRead);
        end(controller);
        await release();
      },
      cancel: () => {
        ended = true;
        return release();
      },
    });
  }

  createReadStream(options = undefined) {
    const { ReadStream } = require('./streams');
    return new ReadStream(undefined, { ...options, fd: this });
  }

  createWriteStream(options = undefined) {
    const { WriteStream } = require('./streams');
    return new WriteStream(undefined, { ...options, fd: this });
  }

  async [Symbol.asyncDispose ?? Symbol.for('nodejs.asyncDispose')]() {
    await this.close();
  }
}

const isIterable = (value) =>
  value !== null &&
  typeof value === 'object' &&
  !isAnyBytes(value) &&
  Boolean(value[Symbol.asyncIterator] ?? value[Symbol.iterator]);

/** Writes bytes, text, or what an iterable gives, from where the file stands. */
async function writeTo(handle, data, options) {
  const { encoding = 'utf8', signal, flush = false } = optionsOf(options, { encoding: 'utf8' });
  const check = () => {
    if (signal?.aborted) throw abortError(signal);
  };
  const all = async (bytes) => {
    for (let at = 0; at < bytes.byteLength;) {
      check();
      const { bytesWritten } = await handle.write(bytes, at, Math.min(bytes.byteLength - at, 512 * 1024));
      at += bytesWritten;
    }
  };
  const bytesOf = (piece) => {
    const given = dataOf(piece, encoding);
    return typeof given === 'string' ? Buffer.from(given) : partOf(given, 0, given.byteLength);
  };
  check();
  if (isIterable(data)) for await (const piece of data) await all(bytesOf(piece));
  else await all(bytesOf(data));
  check();
  if (flush) await handle.sync();
}

async function open(path, flags, mode) {
  const of = pathOf(path);
  const how = [flagsOf(flags ?? 'r'), modeOf(mode, 'mode', 0o666)];
  return new FileHandle(OPEN, await later((cb) => files.fs.open(of, ...how, cb)));
}

/** Opens, works, and closes in every case; two errors become one. */
async function withFile(path, flags, mode, run) {
  const handle = await open(path, flags, mode);
  let result;
  try {
    result = await run(handle);
  } catch (err) {
    await handle.close().catch((closing) => {
      const both = new AggregateError([err, closing], err.message);
      both.code = err.code;
      throw both;
    });
    throw err;
  }
  await handle.close();
  return result;
}

const { readFile: readPath } = files.promises;

async function readFile(path, options) {
  return path instanceof FileHandle ? path.readFile(options) : readPath(path, options);
}

async function writeFile(path, data, options) {
  if (path instanceof FileHandle) return path.writeFile(data, options);
  const { flag, mode, signal, encoding, flush } = optionsOf(options, { flag: 'w' });
  if (flush != null) validateBoolean(flush, 'options.flush');
  if (!isIterable(data)) dataOf(data, encoding);
  if (signal?.aborted) throw abortError(signal);
  return withFile(path, flag || 'w', mode, (handle) => handle.writeFile(data, options));
}

async function appendFile(path, data, options) {
  const given = optionsOf(options, {});
  return writeFile(path, data, { ...given, flag: given.flag || 'a' });
}

async function truncate(path, len = 0) {
  if (path instanceof FileHandle) return path.truncate(len);
  return withFile(path, 'r+', undefined, (handle) => handle.truncate(len));
}

module.exports = { FileHandle, promises: { open, readFile, writeFile, appendFile, truncate } };
