'use strict';
// What makes another stream, or one value, of a readable one, as the methods of arrays do.

const { abortError, codeError, outOfRange } = require('../errors');
const { validateAbortSignal, validateFunction, validateInteger, validateObject } = require('../validators');
const { Stream } = require('./legacy');

const NOTHING = Symbol('nothing');

function optionsOf(options) {
  if (options == null) return {};
  validateObject(options, 'options');
  validateAbortSignal(options.signal, 'options.signal');
  return options;
}

const whole = (value, fallback) => (value == null ? fallback : Math.floor(value));

/** What `fn` makes of each chunk, in the order of the chunks; it may be at several of them at a time. */
function mapped(source, fn, options) {
  validateFunction(fn, 'fn');
  const { concurrency: several, highWaterMark, signal } = optionsOf(options);
  const concurrency = several == null ? 1 : Math.floor(several);
  const waiting = highWaterMark == null ? concurrency - 1 : Math.floor(highWaterMark);
  validateInteger(concurrency, 'options.concurrency', 1);
  validateInteger(waiting, 'options.highWaterMark', 0);
  const given = AbortSignal.any(signal ? [signal] : []);
  return new Mapping(fn, concurrency, waiting + concurrency, given).read(source);
}

class Mapping {
  #fn;
  #concurrency;
  #most;
  #signal;
  /** Promises of what has been made, and of what is being made. */
  #results = [];
  #running = 0;
  #over = false;
  #wakeSource;
  #wakeReader;

  constructor(fn, concurrency, most, signal) {
    this.#fn = fn;
    this.#concurrency = concurrency;
    this.#most = most;
    this.#signal = signal;
  }

  async *read(source) {
    this.#write(source);
    try {
      for (;;) {
        while (this.#results.length > 0) {
          const result = await this.#results[0];
          if (result === NOTHING) return;
          if (this.#signal.aborted) throw abortError();
          yield result;
          this.#results.shift();
          this.#wakeSource?.();
        }
        await new Promise((resolve) => (this.#wakeReader = resolve));
      }
    } finally {
      this.#over = true;
      this.#wakeSource?.();
    }
  }

  async #write(source) {
    try {
      for await (const chunk of source) {
        if (this.#over) return;
        if (this.#signal.aborted) throw abortError();
        this.#add(this.#call(chunk));
        while (!this.#over && (this.#running >= this.#concurrency || this.#results.length >= this.#most))
          await new Promise((resolve) => (this.#wakeSource = resolve));
      }
      this.#add(NOTHING);
    } catch (error) {
      this.#add(Promise.reject(error));
    }
  }

  #add(result) {
    // The reader learns of a failure in its turn.
    if (result !== NOTHING) result.catch(() => {});
    this.#results.push(result);
    this.#wakeReader?.();
  }

  async #call(chunk) {
    this.#running++;
    try {
      return await this.#fn(chunk, { signal: this.#signal });
    } finally {
      this.#running--;
      this.#wakeSource?.();
    }
  }
}

async function* flat(iterables) {
  for await (const iterable of iterables) yield* iterable;
}

/** The chunks of which `fn` says so. */
function filtered(source, fn, options) {
  validateFunction(fn, 'fn');
  return flat(mapped(source, async (chunk, context) => ((await fn(chunk, context)) ? [chunk] : []), options));
}

/** How many, as the methods of iterators take it. */
function count(number) {
  number = Number(number);
  if (Number.isNaN(number)) return 0;
  if (number < 0) throw outOfRange('number', '>= 0', number);
  return number;
}

async function* dropped(source, number, signal) {
  if (signal?.aborted) throw abortError();
  for await (const chunk of source) {
    if (signal?.aborted) throw abortError();
    if (number-- <= 0) yield chunk;
  }
}

async function* taken(source, number, signal) {
  if (signal?.aborted) throw abortError();
  for await (const chunk of source) {
    if (signal?.aborted) throw abortError();
    if (number-- > 0) yield chunk;
    if (number <= 0) return;
  }
}

const stream = (iterator) => require('./readable').Readable.from(iterator);

module.exports = {
  drop(number, options = undefined) {
    const { signal } = optionsOf(options);
    return stream(dropped(this, count(number), signal));
  },

  filter(fn, options) {
    return stream(filtered(this, fn, options));
  },

  flatMap(fn, options) {
    return stream(flat(mapped(this, fn, options)));
  },

  map(fn, options) {
    return stream(mapped(this, fn, options));
  },

  take(number, options = undefined) {
    const { signal } = optionsOf(options);
    return stream(taken(this, count(number), signal));
  },

  async every(fn, options = undefined) {
    validateFunction(fn, 'fn');
    for await (const _ of filtered(this, async (...args) => !(await fn(...args)), options)) return false;
    return true;
  },

  async forEach(fn, options) {
    for await (const _ of mapped(this, fn, options));
  },

  async reduce(reducer, initial, options) {
    validateFunction(reducer, 'reducer');
    const { signal: outer } = optionsOf(options);
    if (outer?.aborted) {
      const error = abortError(outer);
      await new Promise((resolve) => {
        Stream.finished(this, resolve);
        this.destroy(error);
      });
      throw error;
    }
    const over = new AbortController();
    const signal = AbortSignal.any(outer ? [outer, over.signal] : [over.signal]);
    let value = arguments.length > 1 ? initial : NOTHING;
    try {
      for await (const chunk of this) {
        if (outer?.aborted) throw abortError();
        value = value === NOTHING ? chunk : await reducer(value, chunk, { signal });
      }
    } finally {
      over.abort();
    }
    if (value === NOTHING)
      throw codeError(TypeError, 'ERR_MISSING_ARGS', 'Reduce of an empty stream requires an initial value');
    return value;
  },

  async toArray(options) {
    const { signal } = optionsOf(options);
    const chunks = [];
    for await (const chunk of this) {
      if (signal?.aborted) throw abortError(signal);
      chunks.push(chunk);
    }
    return chunks;
  },

  async some(fn, options = undefined) {
    for await (const _ of filtered(this, fn, options)) return true;
    return false;
  },

  async find(fn, options) {
    for await (const chunk of filtered(this, fn, options)) return chunk;
    return undefined;
  },
};
