'use strict';
// `pipeline`: streams are the library's to connect and to destroy; here values are carried where a part is an
// iterable, a function or a web stream.

const { AsyncResource } = require('async_hooks');
const { promisify } = require('util');
const { codeError, invalidArgType, received } = require('../errors');
const { validateAbortSignal, validateFunction } = require('../validators');
const { native } = require('./host');
const { finished } = require('./finished');
const { iterate } = require('./iterator');
const { hasReadable, isIterable, isStream, isWeb, isWebPair } = require('./kinds');
const { Peer, link } = require('./peer');

const FIRST = 1;
const LAST = 2;
const SOURCES = ['Readable', 'Iterable', 'AsyncIterable', 'ReadableStream', 'TransformStream'];

const isAsyncIterable = (value) => typeof value?.[Symbol.asyncIterator] === 'function';
const isSource = (value) => isStream(value) && hasReadable(value);

function badReturn(expected, name, value) {
  const said = received(value).replace(/^ Received /, '');
  const message = `Expected ${expected} to be returned from the "${name}" function but got ${said}.`;
  return codeError(TypeError, 'ERR_INVALID_RETURN_VALUE', message);
}

/** What comes out of a part of a pipeline, to be iterated over; undefined if that is impossible. */
function iterableOf(value) {
  if (isWebPair(value)) return value.readable;
  if (isIterable(value)) return value;
  // Streams older than iterators: nothing is wrapped for who does not iterate.
  if (isSource(value)) return { [Symbol.asyncIterator]: () => iterate(value) };
  return undefined;
}

function valuesOf(flow) {
  const values = iterableOf(flow);
  if (!values) throw invalidArgType('val', SOURCES, flow);
  return values;
}

/** Writes what `values` gives to a stream, no faster than it takes it, and ends it. */
async function carry(values, dest, end) {
  let over;
  let wake;
  const look = () => wake?.();
  const stop = finished(dest, { readable: false }, (error) => {
    over = { error };
    look();
  });
  const wait = async (ready) => {
    while (!over && !ready?.()) await new Promise((resolve) => (wake = resolve));
    if (over?.error) throw over.error;
  };
  let drained = true;
  const drain = () => {
    drained = true;
    look();
  };
  const free = () => {
    drained = false;
    return wait(() => drained);
  };
  dest.on('drain', drain);
  try {
    if (dest.writableNeedDrain) await free();
    for await (const chunk of values) if (!dest.write(chunk)) await free();
    if (end) {
      dest.end();
      await wait();
    }
  } finally {
    stop();
    dest.removeListener('drain', drain);
  }
}

/** The same into a web stream. */
async function carryToWeb(values, sink, end) {
  const writer = sink.getWriter();
  try {
    for await (const chunk of values) {
      await writer.ready;
      writer.write(chunk).catch(() => {});
    }
    await writer.ready;
    if (end) await writer.close();
  } catch (error) {
    await writer.abort(error);
    throw error;
  }
}

/** A pipeline that is put together. */
class Line {
  constructor(parts, callback, options) {
    this.parts = parts;
    this.callback = AsyncResource.bind(callback);
    this.value = undefined;
    this.peers = new Set();
    this.functions = new AbortController();
    this.signal = link(options?.signal, this);
    const last = parts.at(-1);
    // Nothing ends the streams of the process.
    this.ends = options?.end !== false && last !== process.stdout && last !== process.stderr;
    this.handle = native.peer_pipeline_new(this, { keep_open: !this.ends, signal: this.signal.handle });
  }

  place(index) {
    return (index === 0 ? FIRST : 0) | (index === this.parts.length - 1 ? LAST : 0);
  }

  peer(stream) {
    const peer = Peer.of(stream);
    this.peers.add(peer);
    peer.waiting.add(this);
    return peer.handle;
  }

  add(stream, next, place) {
    native.peer_pipeline_add(this.handle, this.peer(stream), isStream(next) ? this.peer(next) : null, place);
  }

  /** One more thing that is waited for; `work` is a promise of it. */
  async await(work) {
    const pump = native.peer_pipeline_pump(this.handle);
    let failure = null;
    try {
      await work;
    } catch (error) {
      failure = error;
    }
    process.nextTick(() => this.awaited(pump, failure));
  }

  awaited(pump, failure) {
    native.stream_call_run(pump, failure);
  }

  /** Adds the stream that stands for what the last function gives. */
  output(result) {
    const { PassThrough } = require('./transform');
    const output = new PassThrough({ objectMode: true });
    const then = result?.then;
    const end = () => {
      if (this.ends) output.end();
    };
    if (typeof then === 'function') {
      const settled = new Promise((resolve, reject) => then.call(result, resolve, reject)).then(
        (value) => {
          this.value = value;
          if (value != null) output.write(value);
          end();
        },
        (error) => {
          output.destroy(error);
          throw error;
        },
      );
      this.await(settled);
    } else {
      const values = isAsyncIterable(result) || isWeb(result) ? iterableOf(result) : undefined;
      if (!values) throw badReturn('AsyncIterable or Promise', 'destination', result);
      this.await(carry(values, output, this.ends));
    }
    this.add(output, undefined, LAST);
    return output;
  }

  /** Calls the function at `index`, with what comes from before it. */
  call(index, flow) {
    const part = this.parts[index];
    const { signal } = this.functions;
    if (index === 0) {
      const result = part({ signal });
      if (!isIterable(result)) throw badReturn('Iterable, AsyncIterable or Stream', 'source', result);
      return result;
    }
    const result = part(iterableOf(flow), { signal });
    if (this.place(index) & LAST) return this.output(result);
    if (isAsyncIterable(isWebPair(result) ? result.readable : result)) return result;
    throw badReturn('AsyncIterable', `transform[${index - 1}]`, result);
  }

  /** Leads what comes from before into a stream. */
  stream(index, flow, stream) {
    const place = this.place(index);
    if (place & FIRST) return;
    if (isSource(flow)) {
      native.peer_pipeline_pipe(this.handle, this.peer(flow), this.peer(stream), place);
      return;
    }
    this.await(carry(valuesOf(flow), stream, place & LAST ? this.ends : true));
  }

  web(index, flow, part) {
    if (index === 0) return;
    const sink = isWebPair(part) ? part.writable : part;
    this.await(carryToWeb(valuesOf(flow), sink, this.place(index) & LAST ? this.ends : true));
  }

  /** Connects all parts; the last stream is what the program gets. */
  run() {
    const { parts } = this;
    let flow;
    parts.forEach((part, index) => {
      if (isStream(part)) this.add(part, parts[index + 1], this.place(index));
      if (typeof part === 'function') {
        flow = this.call(index, flow);
        return;
      }
      if (isStream(part)) this.stream(index, flow, part);
      else if (isWeb(part)) this.web(index, flow, part);
      const fits = index > 0 ? isStream(part) || isWeb(part) : isSource(part) || iterableOf(part);
      if (!fits) part = require('./from').from(part);
      flow = part;
    });
    native.peer_pipeline_complete(this.handle);
    return flow;
  }

  stopped() {
    this.signal.end();
    this.functions.abort();
  }

  /** Nothing waits for it any more. */
  forget() {
    this.signal.end();
    for (const peer of this.peers) peer.waiting.delete(this);
  }

  done(error) {
    this.forget();
    this.callback.call(undefined, error ?? undefined, this.value);
  }
}

function run(parts, callback, options) {
  if (parts.length === 1 && Array.isArray(parts[0])) parts = parts[0];
  const missing = 'The "streams" argument must be specified';
  if (parts.length < 2) throw codeError(TypeError, 'ERR_MISSING_ARGS', missing);
  validateAbortSignal(options?.signal, 'options.signal');
  const line = new Line(parts, callback, options);
  try {
    return line.run();
  } catch (error) {
    line.forget();
    throw error;
  }
}

/** Connects streams, and what can be made of them, and calls back when all is done. */
function pipeline(...streams) {
  const callback = streams.pop();
  validateFunction(callback, 'streams[stream.length - 1]');
  return run(streams, callback);
}

/** `pipeline` of stream/promises. */
function pipelinePromise(...streams) {
  return new Promise((resolve, reject) => {
    const last = streams.at(-1);
    const isPart = typeof last !== 'object' || isStream(last) || isIterable(last) || isWeb(last);
    const options = last && !isPart ? streams.pop() : undefined;
    run(streams, (error, value) => (error ? reject(error) : resolve(value)), options);
  });
}
Object.defineProperty(pipelinePromise, 'name', { value: 'pipeline' });
Object.defineProperty(pipeline, promisify.custom, { get: () => pipelinePromise, enumerable: true });

module.exports = { pipeline, pipelinePromise };
