'use strict';
// `pipe` and `unpipe`: listeners between any two objects. For which of them the source waits, and when it flows again,
// the machine knows.

const { MACHINE, native } = require('./host');

const numbers = new WeakMap();
let last = 0;

/** The number by which a machine knows a destination. */
function numberOf(dest) {
  let number = numbers.get(dest);
  if (number === undefined) {
    number = ++last;
    numbers.set(dest, number);
  }
  return number;
}

/** The destinations that a stream waits for, as `awaitDrainWriters` has them. */
function awaiting(state, machine, many) {
  const waited = [];
  for (let index = 0; ; index++) {
    const [there, number] = native.stream_machine_awaiting(machine, index);
    if (!there) break;
    const dest = state.pipes.find((dest) => numberOf(dest) === number);
    if (dest) waited.push(dest);
  }
  if (many) return new Set(waited);
  return waited[0] ?? null;
}

/** Reports an error of `dest` that nobody listens to any more. */
function report(dest, error) {
  const state = dest._writableState || dest._readableState;
  if (!state || state.errorEmitted) dest.emit('error', error);
  else if (dest[MACHINE]) native.stream_machine_fail(dest[MACHINE], error, false);
  else dest.destroy(error);
}

function prepend(emitter, event, listener) {
  if (typeof emitter.prependListener === 'function') emitter.prependListener(event, listener);
  else emitter.on(event, listener);
}

function pipe(dest, options) {
  const source = this;
  const machine = source[MACHINE];
  const state = source._readableState;
  const number = numberOf(dest);
  let drain;
  let cleanedUp = false;

  native.stream_machine_piped(machine, state.pipes.length);
  state.pipes.push(dest);

  const unpipe = () => source.unpipe(dest);
  const end = () => dest.end();
  const ends = (!options || options.end !== false) && dest !== process.stdout && dest !== process.stderr;
  const ended = ends ? end : unpipe;
  if (state.endEmitted) process.nextTick(ended);
  else source.once('end', ended);

  const wait = () => {
    if (!cleanedUp) native.stream_machine_await_drain(machine, number, state.pipes.includes(dest) ? state.pipes.length : 0);
    if (!drain) {
      drain = () => native.stream_machine_drained(machine, number);
      dest.on('drain', drain);
    }
  };
  const data = (chunk) => {
    if (dest.write(chunk) === false) wait();
  };
  const failed = (error) => {
    unpipe();
    dest.removeListener('error', failed);
    if (dest.listenerCount('error') === 0) report(dest, error);
  };
  const closed = () => {
    dest.removeListener('finish', finished);
    unpipe();
  };
  const finished = () => {
    dest.removeListener('close', closed);
    unpipe();
  };
  const unpiped = (from, info) => {
    if (from !== source || info?.hasUnpiped !== false) return;
    info.hasUnpiped = true;
    dest.removeListener('close', closed);
    dest.removeListener('finish', finished);
    if (drain) dest.removeListener('drain', drain);
    dest.removeListener('error', failed);
    dest.removeListener('unpipe', unpiped);
    source.removeListener('end', ended);
    source.removeListener('data', data);
    cleanedUp = true;
    // The source may wait for a destination that it is no longer piped to.
    if (drain && (native.stream_machine_awaiting(machine, 0)[0] || state.multiAwaitDrain)) drain();
  };

  dest.on('unpipe', unpiped);
  source.on('data', data);
  prepend(dest, 'error', failed);
  dest.once('close', closed);
  dest.once('finish', finished);
  dest.emit('pipe', source);
  if (dest.writableNeedDrain === true) wait();
  else if (!state.flowing) source.resume();
  return dest;
}

function unpipe(dest) {
  const state = this._readableState;
  if (state.pipes.length === 0) return this;
  if (!dest) {
    const all = state.pipes;
    state.pipes = [];
    this.pause();
    for (const each of all) each.emit('unpipe', this, { hasUnpiped: false });
    return this;
  }
  const index = state.pipes.indexOf(dest);
  if (index === -1) return this;
  state.pipes.splice(index, 1);
  if (state.pipes.length === 0) this.pause();
  dest.emit('unpipe', this, { hasUnpiped: false });
  return this;
}

/** Reads from a stream of the old kind, which has `pause`, `resume` and events alone. */
function wrap(source) {
  let paused = false;
  source.on('data', (chunk) => {
    if (this.push(chunk) || typeof source.pause !== 'function') return;
    paused = true;
    source.pause();
  });
  source.on('end', () => this.push(null));
  source.on('error', (error) => native.stream_machine_fail(this[MACHINE], error, false));
  source.on('close', () => this.destroy());
  source.on('destroy', () => this.destroy());
  this._read = () => {
    if (!paused || typeof source.resume !== 'function') return;
    paused = false;
    source.resume();
  };
  for (const name of Object.keys(source))
    if (this[name] === undefined && typeof source[name] === 'function') this[name] = source[name].bind(source);
  return this;
}

module.exports = { awaiting, pipe, unpipe, wrap };
