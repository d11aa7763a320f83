'use strict';

const host = require('../host-stream');
const { DUPLEX, TRANSFORM, start } = require('./host');
const { Stream, inherit, instances } = require('./legacy');
const { ReadableState, WritableState, readableOptions, writableOptions } = require('./state');
const { Readable, finishReadable, getter, takeReadable } = require('./readable');
const { duplexFromWeb, duplexToWeb } = require('./web');

function Duplex(options) {
  if (!(this instanceof Duplex)) return new Duplex(options);
  setUp(this, options, DUPLEX);
}
inherit(Duplex, Readable);

/** What the constructors of Duplex and Transform do. */
function setUp(stream, options, kind) {
  const { takeWritable } = require('./writable');
  takeReadable(stream, options);
  takeWritable(stream, options);
  Stream.call(stream, options);
  const given = options ?? {};
  start(stream, kind, {
    ...readableOptions(given, true),
    ...writableOptions(given, true),
    no_half_open: given.allowHalfOpen === false,
    not_readable: given.readable === false,
    not_writable: given.writable === false,
  });
  stream._readableState = new ReadableState(options, stream, true);
  stream._writableState = new WritableState(options, stream, true);
  stream.allowHalfOpen = given.allowHalfOpen !== false;
  if (given.readable === false) stream._readableState.readable = false;
  if (given.writable === false) stream._writableState.writable = false;
  finishReadable(stream, options);
}

const { Writable } = require('./writable');
for (const name of Object.getOwnPropertyNames(Writable.prototype)) {
  if (Object.hasOwn(Duplex.prototype, name) || name === 'pipe' || name in Readable.prototype) continue;
  Object.defineProperty(Duplex.prototype, name, Object.getOwnPropertyDescriptor(Writable.prototype, name));
}
getter(
  Duplex.prototype,
  'destroyed',
  function () {
    if (this._readableState === undefined || this._writableState === undefined) return false;
    return this._readableState.destroyed && this._writableState.destroyed;
  },
  function (value) {
    if (!this._readableState || !this._writableState) return;
    this._readableState.destroyed = value;
    this._writableState.destroyed = value;
  },
);

Duplex.from = (body) => require('./from').from(body);
Duplex.fromWeb = (pair, options) => duplexFromWeb(Duplex, pair, options);
Duplex.toWeb = (stream, options) => duplexToWeb(stream, options);
instances(Duplex, host.Duplex);

module.exports = { Duplex, TRANSFORM, setUp };
