'use strict';
// The machine of a stream, and what the machine asks of the stream.

const native = require('../native');
const worked = require('../worked');

const MACHINE = Symbol('machine');
const WROTE = Symbol('wrote');
const DESTROYED = Symbol('destroyed');
const AGAIN = Symbol('again');

const READABLE = 1;
const WRITABLE = 2;
const DUPLEX = 3;
const TRANSFORM = 7;

const HOOK = { CONSTRUCT: 1, WRITE: 2, WRITEV: 3, FINAL: 4, DESTROY: 5 };
const EVENT = { READABLE: 1, DATA: 10 };
const EVENTS = [undefined, 'readable', 'end', 'pause', 'resume', 'drain', 'prefinish', 'finish', 'close'];
const FUNCTIONS = { [HOOK.CONSTRUCT]: '_construct', [HOOK.WRITEV]: '_writev', [HOOK.FINAL]: '_final' };

/** A chunk that is written with an encoding of its own. */
class Encoded {
  constructor(chunk, encoding) {
    this.chunk = chunk;
    this.encoding = encoding;
  }
}

const chunkOf = (value) => (value instanceof Encoded ? value.chunk : value);
const encodingOf = (value) => (value instanceof Encoded ? value.encoding : 'buffer');

const complete = (stream, hook) => (error) => native.stream_machine_complete(stream[MACHINE], hook, error || null);

function runTick(stream, number) {
  native.stream_tick_run(number);
}

function slice(value, start, end) {
  const part = value.slice(start, end);
  return [part, part.length];
}

function join(values) {
  const whole = typeof values[0] === 'string' ? values.join('') : Buffer.concat(values);
  return [whole, whole.length];
}

let again = false;

native.stream_hooks([
  (stream, hook) => typeof stream[FUNCTIONS[hook]] === 'function' && !(again && hook === HOOK.CONSTRUCT),
  (stream) => stream._construct(complete(stream, HOOK.CONSTRUCT)),
  (stream, size) => stream._read(size),
  (stream, value) => stream._write(chunkOf(value), encodingOf(value), stream[WROTE]),
  (stream, values) =>
    stream._writev(
      values.map((value) => ({ chunk: chunkOf(value), encoding: encodingOf(value), callback() {} })),
      stream[WROTE],
    ),
  (stream) => stream._final(complete(stream, HOOK.FINAL)),
  (stream, error) => {
    let called = false;
    stream._destroy(error, (error) => {
      if (called) return;
      called = true;
      complete(stream, HOOK.DESTROY)(error);
      stream[DESTROYED]?.(error || null);
    });
  },
  (stream) => {
    // The program may have set what the machine does not know.
    if (stream.writable) stream.end();
  },
  (stream, event) => stream.emit(EVENTS[event]),
  (stream, value) => stream.emit('data', value),
  (stream, error) => stream.emit('error', error),
  (stream, event) => stream.listenerCount(event === EVENT.DATA ? 'data' : 'readable') > 0,
  (stream, number) => process.nextTick(runTick, stream, number),
  slice,
  join,
]);

function hide(object, key, value) {
  Object.defineProperty(object, key, { value, configurable: true, writable: true });
}

/** Gives `stream` a machine. */
function start(stream, kind, options) {
  hide(stream, AGAIN, [kind, options]);
  hide(stream, WROTE, complete(stream, HOOK.WRITE));
  hide(stream, DESTROYED, undefined);
  // The machine may ask for the stream's functions while it is made, but for nothing that needs it.
  hide(stream, MACHINE, native.stream_machine_new(stream, kind, options));
  worked.stream++;
}

/** A stream that was destroyed can be used again: it has a new machine, and is not constructed again. */
function undestroy() {
  again = true;
  start(this, ...this[AGAIN]);
  again = false;
  const machine = this[MACHINE];
  if (this.listenerCount('data') > 0) native.stream_machine_listener(machine, EVENT.DATA, true);
  if (this.listenerCount('readable') > 0) native.stream_machine_listener(machine, EVENT.READABLE, true);
  const encoding = this._readableState?.encoding;
  if (encoding) native.stream_machine_set_encoding(machine, encoding);
}

/** A machine for a state that is made without a stream. */
const detached = (kind, options) => native.stream_machine_new({}, kind, options);

module.exports = {
  DESTROYED,
  DUPLEX,
  EVENT,
  Encoded,
  MACHINE,
  READABLE,
  TRANSFORM,
  WRITABLE,
  chunkOf,
  complete,
  detached,
  encodingOf,
  hide,
  native,
  start,
  undestroy,
};
