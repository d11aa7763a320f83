'use strict';
// Being told of changes: watch, watchFile, and the iterator of fs/promises.

const { EventEmitter } = require('events');
const native = require('../native');
const { abortError, invalidArgType, isUtf8, optionsOf, pathOf } = require('./arguments');
const { makeStats } = require('./stats');
const {
  validateAbortSignal,
  validateBoolean,
  validateFunction,
  validateInteger,
  validateObject,
  validateUint32,
} = require('../validators');

const EVENTS = { 1: 'rename', 2: 'change' };

/** Globs, functions and regular expressions of names that are not told of. */
function ignoring(ignore, opts) {
  if (ignore === undefined) return;
  const globs = [];
  const tests = [];
  for (const entry of Array.isArray(ignore) ? ignore : [ignore]) {
    if (typeof entry === 'string') globs.push(entry);
    else if (typeof entry === 'function') tests.push(entry);
    else if (entry instanceof RegExp) tests.push((name) => entry.test(name));
    else throw invalidArgType('options.ignore', ['string', 'RegExp', 'Function'], entry);
  }
  Object.assign(opts, { ignore: globs, ignore_count: globs.length });
  if (tests.length > 0) opts.ignore_fn = (name) => tests.some((test) => test(name));
}

/** What watches a file or a directory. */
class FSWatcher extends EventEmitter {
  #handle = null;
  #closed = false;

  /** Begins to watch; throws if it cannot. */
  _start(filename, { persistent = true, recursive = false, encoding, ignore, throwIfNoEntry = true }) {
    const opts = {
      no_persistent: !persistent,
      recursive,
      no_throw_if_no_entry: !throwIfNoEntry,
      encoding: encoding === 'buffer' ? 'latin1' : isUtf8(encoding) ? undefined : encoding,
    };
    ignoring(ignore, opts);
    const give = encoding === 'buffer' ? (name) => Buffer.from(name, 'latin1') : (name) => name;
    try {
      this.#handle = native.fs_watch(filename, opts, (event, name) => {
        if (!this.#closed) this.emit('change', EVENTS[event], name === undefined ? null : give(name));
      });
    } catch (err) {
      err.filename = filename;
      throw err;
    }
    native.fs_watcher_on_error(this.#handle, (err) => {
      err.filename = filename;
      this.emit('error', err);
    });
  }

  close() {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#handle) native.fs_watcher_close(this.#handle);
    process.nextTick(() => this.emit('close'));
  }

  /** What some programs close instead of the watcher. */
  get _handle() {
    return this.#closed ? null : { close: () => this.close() };
  }

  ref() {
    if (!this.#closed && this.#handle) native.fs_watcher_ref(this.#handle);
    return this;
  }

  unref() {
    if (!this.#closed && this.#handle) native.fs_watcher_unref(this.#handle);
    return this;
  }
}

function watchOptions(options) {
  const given = { ...optionsOf(options) };
  if (given.persistent !== undefined) validateBoolean(given.persistent, 'options.persistent');
  if (given.recursive !== undefined) validateBoolean(given.recursive, 'options.recursive');
  return given;
}

function watch(filename, options, listener) {
  if (typeof options === 'function') listener = options;
  const path = pathOf(filename, 'filename');
  const given = watchOptions(options);
  const watcher = new FSWatcher();
  watcher._start(path, given);
  if (listener) watcher.addListener('change', listener);
  const { signal } = given;
  if (signal) {
    if (signal.aborted) process.nextTick(() => watcher.close());
    else {
      const close = () => watcher.close();
      signal.addEventListener('abort', close, { once: true });
      watcher.once('close', () => signal.removeEventListener('abort', close));
    }
  }
  return watcher;
}

/** fs.promises.watch: what happens, as an iterator. */
async function* iterate(filename, options = undefined) {
  const path = pathOf(filename, 'filename');
  if (options !== undefined && typeof options !== 'string') validateObject(options, 'options');
  const given = typeof options === 'string' ? { encoding: options } : (options ?? {});
  const { persistent = true, recursive = false, signal, maxQueue = 2048, overflow = 'ignore' } = given;
  validateBoolean(persistent, 'options.persistent');
  validateBoolean(recursive, 'options.recursive');
  if (signal !== undefined) validateAbortSignal(signal, 'options.signal');
  validateInteger(maxQueue, 'options.maxQueue');
  optionsOf({ encoding: given.encoding });
  if (signal?.aborted) throw abortError(signal);

  const queue = [];
  let wake = () => {};
  let failure;
  const watcher = new FSWatcher();
  const fail = (err) => {
    failure ??= err;
    wake();
  };
  watcher.on('change', (eventType, name) => {
    if (queue.length >= maxQueue) {
      const text = `fs.watch maxQueue exceeded. ${maxQueue}`;
      if (overflow === 'error') fail(new Error(text));
      else process.emitWarning(text);
      return;
    }
    queue.push({ eventType, filename: name });
    wake();
  });
  watcher.on('error', fail);
  const abort = () => fail(abortError(signal));
  signal?.addEventListener('abort', abort, { once: true });
  try {
    watcher._start(path, { ...given, persistent, recursive });
    for (;;) {
      while (queue.length > 0) yield queue.shift();
      if (failure) throw failure;
      await new Promise((resolve) => (wake = resolve));
    }
  } finally {
    signal?.removeEventListener('abort', abort);
    watcher.close();
  }
}

// ---- watchFile

/** What looks at a path now and then. */
class StatWatcher extends EventEmitter {
  #handle = null;

  constructor(bigint) {
    super();
    this.bigint = Boolean(bigint);
  }

  _start(filename, persistent, interval) {
    this.#handle = native.fs_watch_file(filename, { no_persistent: !persistent, interval }, (now, before) => {
      this.emit('change', makeStats(now, this.bigint), makeStats(before, this.bigint));
    })[0];
  }

  stop() {
    if (!this.#handle) return;
    native.stat_watcher_stop(this.#handle);
    this.#handle = null;
    process.nextTick(() => this.emit('stop'));
  }

  ref() {
    if (this.#handle) native.stat_watcher_ref(this.#handle);
    return this;
  }

  unref() {
    if (this.#handle) native.stat_watcher_unref(this.#handle);
    return this;
  }
}

const { resolve } = require('path');
const watched = new Map();

function watchFile(filename, options, listener) {
  const path = resolve(String(pathOf(filename, 'filename')));
  if (options === null || typeof options !== 'object') {
    listener = options;
    options = {};
  }
  const { persistent = true, interval = 5007, bigint } = options;
  validateFunction(listener, 'listener');
  validateUint32(interval, 'interval');
  let watcher = watched.get(path);
  if (!watcher) {
    watcher = new StatWatcher(bigint);
    watcher._start(path, persistent, interval);
    watched.set(path, watcher);
  }
  watcher.addListener('change', listener);
  return watcher;
}

function unwatchFile(filename, listener) {
  const path = resolve(String(pathOf(filename, 'filename')));
  const watcher = watched.get(path);
  if (!watcher) return;
  if (typeof listener === 'function') watcher.removeListener('change', listener);
  else watcher.removeAllListeners('change');
  if (watcher.listenerCount('change') === 0) {
    watched.delete(path);
    watcher.stop();
  }
}

module.exports = {
  fs: { watch, watchFile, unwatchFile },
  promises: { watch: Object.defineProperty(iterate, 'name', { value: 'watch' }) },
  FSWatcher,
  StatWatcher,
};
