'use strict';
// Any stream object as the library sees it for `finished` and `pipeline`: ours, the host's, or what only looks
// like one.

const host = require('../host-stream');
const { MACHINE, native } = require('./host');

const EVENTS = { 2: 'end', 7: 'finish', 8: 'close', 9: 'error' };
const ERROR = 9;
const BIT = {
  present: 1 << 0,
  state: 1 << 1,
  says: 1 << 2,
  open: 1 << 3,
  destroyed: 1 << 4,
  closed: 1 << 5,
  errored: 1 << 6,
  errorEmitted: 1 << 7,
  closes: 1 << 8,
  ended: 1 << 9,
  done: 1 << 10,
  empty: 1 << 11,
  pending: 1 << 12,
};

const has = (object, ...names) => names.every((name) => typeof object[name] === 'function');

/** A request or a response of http, whose writable side has no state. */
const isOutgoing = (stream) => has(stream, 'setHeader') && !stream._writableState;
/** A request that a client makes, which is done when its response is. */
const isRequest = (stream) => !!stream && has(stream, 'setHeader', 'abort');

/** What any stream says by its properties; `own` and `other` are the states of this side and of the other. */
function side(stream, own, other, open, functions) {
  let bits = 0;
  const there = own ? !(other && own[open] === false) : !other;
  if (there && has(stream, 'on', ...functions)) bits |= BIT.present;
  if (own) bits |= BIT.state;
  if (typeof stream[open] === 'boolean') bits |= stream[open] ? BIT.says | BIT.open : BIT.says;
  if (!own) return bits;
  if (own.errored) bits |= BIT.errored;
  if (own.errorEmitted) bits |= BIT.errorEmitted;
  if (own.ended) bits |= BIT.ended;
  if (own.length === 0) bits |= BIT.empty;
  if (own.pendingcb > 0) bits |= BIT.pending;
  return bits;
}

/** Bits of the readable side, and 16 higher those of the writable one. */
function sides({ stream }) {
  const { _readableState: r, _writableState: w } = stream;
  const outgoing = isOutgoing(stream);
  // What has no state and cannot be paused may be no source: old streams that are written to have `pipe` too.
  let read = side(stream, r, w, 'readable', r ? ['pipe'] : ['pipe', 'pause', 'resume']);
  let write = side(stream, w, r, 'writable', ['write']);
  if (r?.endEmitted || stream.readableEnded === true) read |= BIT.done;
  if (w?.finished || stream.writableFinished === true) write |= BIT.done;
  if (outgoing) write |= BIT.state;

  const state = w ?? r;
  let both = 0;
  if (stream.destroyed || state?.destroyed) both |= BIT.destroyed;
  if (stream.closed === true || r?.closed || w?.closed || (outgoing && stream._closed)) both |= BIT.closed;
  if (state ? state.autoDestroy && state.emitClose : outgoing && !isRequest(stream)) both |= BIT.closes;
  return (read | both) + (write | both) * 0x10000;
}

/** The first error of a stream; a state that only knows that there was one has none. */
function errorOf({ stream }) {
  const { _readableState: r, _writableState: w } = stream;
  const errors = [stream.writableErrored, w?.errored, stream.readableErrored, r?.errored];
  return errors.find((error) => error && typeof error !== 'boolean') ?? null;
}

/** The events by which a stream tells one of the four, besides its own name. */
function otherEvents(peer, event) {
  const { stream } = peer;
  const closes = ((sides(peer) / 0x10000) & BIT.closes) !== 0;
  if (event === 'finish' && isRequest(stream)) return ['complete'];
  if (event !== 'close' || closes) return [];
  return [isRequest(stream) && 'abort', typeof stream.aborted === 'boolean' && 'aborted'].filter(Boolean);
}

function listen(peer, event, id, once, call) {
  const { stream } = peer;
  const name = EVENTS[event];
  const run = (value) => {
    if (once) forget(peer, id);
    native.stream_call_run(call, event === ERROR ? value : null);
  };
  const places = [name, ...otherEvents(peer, name)].map((name) => [stream, name, run]);
  if (name === 'finish' && isRequest(stream)) {
    // What is written to a request of another library's is done when the request that it makes is.
    const follow = () => {
      places.push([stream.req, 'finish', run]);
      stream.req.on('finish', run);
    };
    if (stream.req) places.push([stream.req, 'finish', run]);
    else places.push([stream, 'request', follow]);
  }
  for (const [emitter, name, listener] of places) emitter.on(name, listener);
  peer.listeners.set(id, places);
}

function forget(peer, id) {
  const places = peer.listeners.get(id);
  if (!places) return;
  peer.listeners.delete(id);
  for (const [emitter, name, listener] of places) emitter.removeListener(name, listener);
}

/** Destroys a stream; the host knows how to, of one that is not ours. */
function destroyStream(stream, error) {
  if (stream[MACHINE] || !host.destroy) stream.destroy?.(error);
  else host.destroy(stream, error);
}

const runCall = (call) => native.stream_call_run(call, null);

native.stream_peer_hooks([
  sides,
  errorOf,
  listen,
  forget,
  ({ stream }, error) => destroyStream(stream, error),
  ({ stream }) => stream.end(),
  ({ stream }, dest) => stream.pipe(dest.stream, { end: false }),
  // What waits is given along, so that it is there when its turn comes.
  (waiting, call) => process.nextTick(runCall, call, waiting),
  (waiting, call) => queueMicrotask(() => runCall(call, waiting)),
  (line) => line.stopped(),
  (waiting, error) => waiting.done(error),
]);

const peers = new WeakMap();

/** A stream, its listeners by number, and what waits for it: the library owns none of them. */
class Peer {
  constructor(stream) {
    this.stream = stream;
    this.listeners = new Map();
    this.waiting = new Set();
    this.handle = native.stream_peer_new(this);
  }

  static of(stream) {
    let peer = peers.get(stream);
    if (!peer) {
      peer = new Peer(stream);
      peers.set(stream, peer);
    }
    return peer;
  }
}

/** The library's signal behind JavaScript's. While that may be aborted it keeps `owner`, which waits for it. */
class Link {
  constructor(signal, owner) {
    this.signal = signal;
    this.owner = owner;
    this.controller = native.abort_controller_new();
    this.handle = native.abort_controller_signal(this.controller);
    this.listener = () => this.abort();
    if (signal.aborted) this.abort();
    else signal.addEventListener('abort', this.listener, { once: true });
  }

  abort() {
    native.abort_controller_abort(this.controller, this.signal.reason);
  }

  end() {
    this.signal.removeEventListener?.('abort', this.listener);
  }
}

/** The same of what may be no signal. */
const link = (signal, owner) => (signal ? new Link(signal, owner) : { handle: null, end() {} });

module.exports = { Peer, has, link };
