'use strict';
// `stream.Stream`, and what all classes of streams need.

const host = require('../host-stream');

function Stream(options) {
  host.Stream.call(this, options);
}
inherit(Stream, host.Stream);
instances(Stream, host.Stream);

/** A class by functions, as Node's streams are: callable without `new` by subclasses. */
function inherit(Class, Base) {
  Object.setPrototypeOf(Class.prototype, Base.prototype);
  Object.setPrototypeOf(Class, Base);
}

/** Streams that the host itself makes are instances too: `process.stdout instanceof Writable`. */
function instances(Class, HostClass) {
  Object.defineProperty(Class, Symbol.hasInstance, {
    value(object) {
      if (Function.prototype[Symbol.hasInstance].call(this, object)) return true;
      return this === Class && object?._events !== undefined && Function.prototype[Symbol.hasInstance].call(HostClass, object);
    },
    configurable: true,
    writable: true,
  });
}

/** The memory of a view as a buffer; none of anything else. */
function bytesOf(value) {
  if (!ArrayBuffer.isView(value)) return undefined;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

module.exports = { Stream, bytesOf, inherit, instances };
