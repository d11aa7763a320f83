'use strict';
// `toWeb` and `fromWeb`: a stream as the web's, and the other way.

const { abortError, codeError, invalidArgType, invalidArgValue, received } = require('../errors');
const { validateAbortSignal, validateBoolean, validateObject } = require('../validators');
const { destroy } = require('./destroy');
const { hasWritable } = require('./kinds');
const { Stream } = require('./legacy');
const { isDestroyed, isReadable, isWritable } = require('./queries');

function noStream(name, kind, value) {
  const text = `The "${name}" argument must be an stream.${kind}.${received(value)}`;
  return codeError(TypeError, 'ERR_INVALID_ARG_TYPE', text);
}

/** How much of a stream's high-water mark a chunk takes. */
const sizeOf = (chunk) => chunk?.byteLength ?? chunk?.length ?? 1;
const strategyOf = (objectMode, highWaterMark) => ({ highWaterMark, size: objectMode ? undefined : sizeOf });

/** What the web is told when a stream ends before its time. */
function failureOf(error) {
  return error?.code === 'ERR_STREAM_PREMATURE_CLOSE' ? abortError({ reason: error }) : error;
}

function readableToWeb(stream, options = {}) {
  if (!stream?._readableState) throw noStream('streamReadable', 'Readable', stream);
  validateObject(options, 'options');
  const { strategy, type } = options;
  if (type !== undefined && type !== 'bytes')
    throw invalidArgValue('options.type', type, "must be one of: 'bytes', undefined");
  if (strategy !== undefined) validateObject(strategy, 'strategy');
  const objectMode = stream.readableObjectMode;
  const mark = stream.readableHighWaterMark;
  let controller;
  let over = false;

  const web = new ReadableStream(
    {
      type,
      start(given) {
        controller = given;
      },
      pull() {
        stream.resume();
      },
      cancel(reason) {
        over = true;
        destroy(stream, reason);
      },
    },
    strategy ?? (type ? { highWaterMark: mark } : strategyOf(objectMode, mark)),
  );

  function end(error) {
    if (over) return;
    over = true;
    if (error) {
      controller.error(failureOf(error));
      return;
    }
    controller.close();
    // Whoever waits with memory of his own gets it back.
    controller.byobRequest?.respond(0);
  }

  stream.pause();
  Stream.finished(stream, { writable: false }, (error) => {
    end(error);
    // What goes wrong from now on is nobody's matter.
    stream.on('error', () => {});
  });
  stream.on('data', (chunk) => {
    // The web's stream owns its memory.
    if (Buffer.isBuffer(chunk) && !objectMode) chunk = new Uint8Array(chunk);
    if (over) return;
    controller.enqueue(chunk);
    if (controller.desiredSize <= 0) stream.pause();
  });
  return web;
}

function writableToWeb(stream) {
  // The responses of http have no such state.
  if (!stream?._writableState && !hasWritable(stream)) throw noStream('streamWritable', 'Writable', stream);
  if (isDestroyed(stream) || !isWritable(stream)) return closedWritable();
  let controller;
  let ending = false;
  let waiting;
  const settle = (error) => {
    const { resolve, reject } = waiting ?? {};
    waiting = undefined;
    if (error) reject?.(error);
    else resolve?.();
  };
  const wait = () => new Promise((resolve, reject) => (waiting = { resolve, reject }));

  Stream.finished(stream, { readable: false }, (error) => {
    stream.on('error', () => {});
    // One that was ended by another hand takes no more either.
    const failure = error ? failureOf(error) : !ending && abortError();
    if (failure) controller.error(failure);
    settle(failure);
  });
  stream.on('drain', () => !ending && settle());

  return new WritableStream(
    {
      start(given) {
        controller = given;
      },
      async write(chunk) {
        if (stream.writableNeedDrain) await wait();
        stream.write(chunk);
        if (stream.writableNeedDrain) await wait();
      },
      abort(reason) {
        destroy(stream, reason);
      },
      close() {
        ending = true;
        const closed = wait();
        stream.end();
        return closed;
      },
    },
    strategyOf(stream.writableObjectMode, stream.writableHighWaterMark),
  );
}

function closedWritable() {
  const web = new WritableStream();
  web.close();
  return web;
}

function closedReadable() {
  return new ReadableStream({ start: (controller) => controller.close() });
}

function duplexToWeb(stream, options) {
  if (!stream?._readableState || !stream._writableState) throw noStream('duplex', 'Duplex', stream);
  if (isDestroyed(stream)) return { readable: closedReadable(), writable: closedWritable() };
  const writable = isWritable(stream) ? writableToWeb(stream) : closedWritable();
  return { readable: isReadable(stream) ? readableToWeb(stream, options) : closedReadable(), writable };
}

/** How a stream of ours reads from one of the web's. */
class Source {
  #reader;
  #over = false;

  constructor(web) {
    this.#reader = web.getReader();
  }

  /** Tells `stream` of a failure while nothing is read. */
  watch(stream) {
    this.#reader.closed.then(
      () => (this.#over = true),
      (error) => this.#fail(stream, error),
    );
  }

  #fail(stream, error) {
    this.#over = true;
    destroy(stream, error);
  }

  read(stream) {
    this.#reader.read().then(
      ({ done, value }) => stream.push(done ? null : value),
      (error) => this.#fail(stream, error),
    );
  }

  /** Wants no more; how that goes does not matter. */
  async cancel(error) {
    if (!this.#over) await this.#reader.cancel(error).catch(() => {});
  }
}

/** How a stream of ours writes to one of the web's. */
class Sink {
  #writer;
  #over = false;

  constructor(web) {
    this.#writer = web.getWriter();
  }

  watch(stream) {
    this.#writer.closed.then(
      () => (this.#over = true),
      (error) => this.#fail(stream, error),
    );
  }

  #fail(stream, error) {
    this.#over = true;
    destroy(stream, error);
  }

  /** Writes chunks, and calls back when all have been written. */
  write(chunks, callback) {
    const all = () => Promise.all(chunks.map((chunk) => this.#writer.write(chunk)));
    this.#then(this.#writer.ready.then(all), callback);
  }

  close(callback) {
    this.#then(this.#over ? undefined : this.#writer.close(), callback);
  }

  async abort(error) {
    if (!this.#over) await this.#writer.abort(error).catch(() => {});
  }

  async finish() {
    if (!this.#over) await this.#writer.close().catch(() => {});
  }

  #then(promise, callback) {
    // What the program's function throws is no failure of the promise.
    Promise.resolve(promise).then(
      () => process.nextTick(callback),
      (error) => process.nextTick(callback, error ?? abortError()),
    );
  }
}

function checkOptions(options) {
  validateObject(options, 'options');
  const { decodeStrings, encoding, objectMode, signal } = options;
  if (objectMode !== undefined) validateBoolean(objectMode, 'options.objectMode');
  if (decodeStrings !== undefined) validateBoolean(decodeStrings, 'options.decodeStrings');
  if (encoding !== undefined && !Buffer.isEncoding(encoding))
    throw invalidArgValue('options.encoding', encoding);
  validateAbortSignal(signal, 'signal');
  return options;
}

function readableFromWeb(Readable, web, options = {}) {
  if (!(web instanceof ReadableStream)) throw invalidArgType('readableStream', 'ReadableStream', web);
  const { highWaterMark, encoding, objectMode, signal } = checkOptions(options);
  const source = new Source(web);
  const stream = new Readable({
    highWaterMark,
    encoding,
    objectMode,
    signal,
    read() {
      source.read(this);
    },
    destroy(error, callback) {
      source.cancel(error).then(() => process.nextTick(callback, error));
    },
  });
  source.watch(stream);
  return stream;
}

/** The functions of a stream that writes to `sink`. */
const writes = (sink) => ({
  write(chunk, encoding, callback) {
    sink.write([chunk], callback);
  },
  writev(chunks, callback) {
    sink.write(chunks.map(({ chunk }) => chunk), callback);
  },
  final(callback) {
    sink.close(callback);
  },
});

function writableFromWeb(Writable, web, options = {}) {
  if (!(web instanceof WritableStream)) throw invalidArgType('writableStream', 'WritableStream', web);
  const { highWaterMark, decodeStrings, objectMode, signal } = checkOptions(options);
  const sink = new Sink(web);
  const stream = new Writable({
    highWaterMark,
    decodeStrings,
    objectMode,
    signal,
    ...writes(sink),
    destroy(error, callback) {
      (error ? sink.abort(error) : sink.finish()).then(() => process.nextTick(callback, error));
    },
  });
  sink.watch(stream);
  return stream;
}

function duplexFromWeb(Duplex, pair = {}, options = {}) {
  validateObject(pair, 'pair');
  const { readable, writable } = pair;
  if (!(readable instanceof ReadableStream))
    throw invalidArgType('pair.readable', 'ReadableStream', readable);
  if (!(writable instanceof WritableStream))
    throw invalidArgType('pair.writable', 'WritableStream', writable);
  const { allowHalfOpen = false, ...checked } = checkOptions(options);
  const { highWaterMark, encoding, decodeStrings, objectMode, signal } = checked;
  const [sink, source] = [new Sink(writable), new Source(readable)];
  const stream = new Duplex({
    allowHalfOpen,
    highWaterMark,
    encoding,
    decodeStrings,
    objectMode,
    signal,
    read() {
      source.read(this);
    },
    ...writes(sink),
    destroy(error, callback) {
      Promise.all([sink.abort(error), source.cancel(error)]).then(() => process.nextTick(callback, error));
    },
  });
  sink.watch(stream);
  source.watch(stream);
  return stream;
}

module.exports = {
  duplexFromWeb,
  duplexToWeb,
  readableFromWeb,
  readableToWeb,
  writableFromWeb,
  writableToWeb,
};
