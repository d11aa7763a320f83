'use strict';
// What all of crypto shares: bytes out of arguments, text out of bytes, functions that are called later.

const { promisify } = require('util');
const native = require('../native');
const { invalidArgType, invalidArgValue } = require('../errors');
const { isAnyBytes, isBytes, validateFunction } = require('../validators');

const TEXT_OR_VIEW = ['string', 'Buffer', 'TypedArray', 'DataView'];
const TEXT_OR_BYTES = ['string', 'ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'];
const BYTES = ['ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'];

/** A view of the memory that the library can be lent: SharedArrayBuffer has to be looked at through one. */
const lent = (bytes) => (bytes instanceof SharedArrayBuffer ? new Uint8Array(bytes) : bytes);

/** Text as bytes in an encoding. UTF-8 the addon writes itself. */
function decoded(text, encoding) {
  if (encoding === undefined || encoding === 'utf8' || encoding === 'utf-8' || encoding === 'buffer')
    return text;
  return Buffer.from(text, Buffer.isEncoding(encoding) ? encoding : 'utf8');
}

/** A string or a view, as update() and its like take it. */
function viewOf(value, name, encoding) {
  if (typeof value === 'string') return decoded(value, encoding);
  if (isBytes(value)) return value;
  throw invalidArgType(name, TEXT_OR_VIEW, value);
}

/** A string or any bytes. */
function bytesOf(value, name, encoding) {
  if (typeof value === 'string') return decoded(value, encoding);
  if (isAnyBytes(value)) return lent(value);
  throw invalidArgType(name, TEXT_OR_BYTES, value);
}

/** Where an object keeps what it is to the library. */
const HANDLE = Symbol('handle');

const numbers = new Map();
const UTF16LE = 1;

/** The library's number of an encoding in which it gives text; undefined for others. */
function numberOf(encoding) {
  if (!encoding) return undefined;
  let number = numbers.get(encoding);
  if (number === undefined && Buffer.isEncoding(encoding))
    numbers.set(encoding, (number = native.buffer_encoding(encoding)));
  // Halves of surrogate pairs, which bytes in UTF-16 may be, are lost on the way.
  return number === UTF16LE ? undefined : number;
}

/** A result as text if an encoding is asked for that Buffer knows, else as a buffer. */
const maybeEncoded = (bytes, encoding) => (Buffer.isEncoding(encoding) ? bytes.toString(encoding) : bytes);

/** A result as a buffer, or as text if an encoding is asked for. */
const encoded = (bytes, encoding) => (encoding && encoding !== 'buffer' ? bytes.toString(encoding) : bytes);

/** Refuses text that cannot be in its encoding. */
function validateEncoding(data, encoding) {
  if (
    typeof data === 'string' &&
    typeof encoding === 'string' &&
    encoding.toLowerCase() === 'hex' &&
    data.length % 2 !== 0
  )
    throw invalidArgValue('encoding', encoding, `is invalid for data of length ${data.length}`);
}

function validateOneOf(value, name, allowed) {
  if (!allowed.includes(value))
    throw invalidArgValue(
      name,
      value,
      `must be one of: ${allowed.map((each) => (typeof each === 'string' ? `'${each}'` : each)).join(', ')}`,
    );
}

/** What the library calls in the end: `callback(err)` or `callback(null, made(...results))`. */
function finish(callback, made = (result) => result) {
  return (err, ...results) => (err ? callback(err) : callback(null, made(...results)));
}

/** Says what util.promisify() makes of a function. */
function promisifiedAs(of, made) {
  Object.defineProperty(of, promisify.custom, { value: made, configurable: true });
}

/** All that a function of an index gives, until there is no more. */
function listed(at) {
  const names = [];
  for (let i = 0, name; (name = at(i)); i++) names.push(name);
  return names;
}

/** A function whose `length` is not that of its parameters. */
const withLength = (length, of) => Object.defineProperty(of, 'length', { value: length, configurable: true });

module.exports = {
  BYTES,
  HANDLE,
  TEXT_OR_BYTES,
  bytesOf,
  decoded,
  encoded,
  finish,
  lent,
  listed,
  maybeEncoded,
  numberOf,
  promisifiedAs,
  validateEncoding,
  validateFunction,
  validateOneOf,
  viewOf,
  withLength,
};
