'use strict';
// Random bytes, numbers and UUIDs, and primes.

const native = require('../native');
const { codeError, invalidArgType, outOfRange } = require('../errors');
const {
  isAnyBytes,
  isBytes,
  validateBoolean,
  validateFunction,
  validateInt32,
  validateNumber,
  validateObject,
} = require('../validators');
const { BYTES, finish, lent } = require('./util');

const MOST = Math.min(require('buffer').kMaxLength, 2 ** 31 - 1);

function sizeOf(size, name, elementSize, offset, length) {
  validateNumber(size, name);
  const bytes = size * elementSize;
  if (Number.isNaN(bytes) || bytes > MOST || bytes < 0) throw outOfRange(name, `>= 0 && <= ${MOST}`, bytes);
  if (bytes + offset > length) throw outOfRange('size + offset', `<= ${length}`, bytes + offset);
  return Math.floor(bytes);
}

function offsetOf(offset, elementSize, length) {
  validateNumber(offset, 'offset');
  const bytes = offset * elementSize;
  const most = Math.min(length, MOST);
  if (Number.isNaN(bytes) || bytes > most || bytes < 0)
    throw outOfRange('offset', `>= 0 && <= ${most}`, bytes);
  return Math.floor(bytes);
}

function randomBytes(size, callback) {
  size = sizeOf(size, 'size', 1, 0, Infinity);
  if (callback === undefined) return native.crypto_random_bytes_sync(size);
  validateFunction(callback, 'callback');
  native.crypto_random_bytes(size, finish(callback));
}

/** The bytes of `buf` that are to be filled. */
function rangeOf(buf, offset, size) {
  const elementSize = buf.BYTES_PER_ELEMENT || 1;
  offset = offsetOf(offset, elementSize, buf.byteLength);
  if (size === undefined) size = buf.byteLength - offset;
  else size = sizeOf(size, 'size', elementSize, offset, buf.byteLength);
  return isBytes(buf)
    ? new Uint8Array(buf.buffer, buf.byteOffset + offset, size)
    : new Uint8Array(buf, offset, size);
}

function validateBuf(buf) {
  if (!isAnyBytes(buf)) throw invalidArgType('buf', ['ArrayBuffer', 'ArrayBufferView'], buf);
}

function randomFillSync(buf, offset = 0, size = undefined) {
  validateBuf(buf);
  native.crypto_random_fill_sync(rangeOf(buf, offset, size));
  return buf;
}

function randomFill(buf, offset, size, callback) {
  validateBuf(buf);
  if (typeof offset === 'function') {
    callback = offset;
    offset = 0;
    size = undefined;
  } else if (typeof size === 'function') {
    callback = size;
    size = undefined;
  }
  validateFunction(callback, 'callback');
  const room = rangeOf(buf, offset ?? 0, size);
  // The bytes are made elsewhere and brought here, as memory of JavaScript's can be given away meanwhile.
  native.crypto_random_bytes(
    room.byteLength,
    finish(callback, (bytes) => {
      if (room.byteLength === bytes.byteLength) room.set(bytes);
      return buf;
    }),
  );
}

function randomInt(min, max, callback) {
  const oneBound = max === undefined || typeof max === 'function';
  if (oneBound) {
    callback = max;
    max = min;
    min = 0;
  }
  if (callback !== undefined) validateFunction(callback, 'callback');
  if (!Number.isSafeInteger(min)) throw invalidArgType('min', 'a safe integer', min);
  if (!Number.isSafeInteger(max)) throw invalidArgType('max', 'a safe integer', max);
  if (max <= min)
    throw codeError(
      RangeError,
      'ERR_OUT_OF_RANGE',
      `The value of "max" is out of range. It must be greater than the value of "min" (${min}). Received ${max}`,
    );
  if (oneBound && max >= 2 ** 48) throw outOfRange('max', `<= ${2 ** 48 - 1}`, max);
  if (callback === undefined) return native.crypto_random_int_sync(min, max);
  native.crypto_random_int(min, max, finish(callback));
}

function uuidOptions(options) {
  if (options === undefined) return undefined;
  validateObject(options, 'options');
  const { disableEntropyCache = false } = options;
  validateBoolean(disableEntropyCache, 'options.disableEntropyCache');
  return { disable_entropy_cache: disableEntropyCache };
}

function randomUUID(options) {
  return native.crypto_random_uuid(uuidOptions(options));
}

function randomUUIDv7(options) {
  return native.crypto_random_uuid_v7(uuidOptions(options));
}

/** A number as the library takes it: its bytes, the most significant first. */
function numberBytes(value, name) {
  if (typeof value === 'bigint') {
    if (value < 0n) throw outOfRange(name, '>= 0', value);
    const digits = value.toString(16);
    return Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
  }
  if (!isAnyBytes(value)) throw invalidArgType(name, [...BYTES, 'bigint'], value);
  return lent(value);
}

function primeOptions(size, options) {
  validateInt32(size, 'size', 1);
  validateObject(options, 'options');
  const { safe = false, bigint = false, add, rem } = options;
  validateBoolean(safe, 'options.safe');
  validateBoolean(bigint, 'options.bigint');
  const wanted = { safe };
  if (add !== undefined) wanted.add = numberBytes(add, 'options.add');
  if (rem !== undefined) wanted.rem = numberBytes(rem, 'options.rem');
  const made = ({ buffer, byteOffset, byteLength }) => {
    const bytes = buffer.slice(byteOffset, byteOffset + byteLength);
    return bigint ? BigInt(`0x${Buffer.from(bytes).toString('hex')}`) : bytes;
  };
  return { wanted, made };
}

function generatePrime(size, options, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = {};
  }
  validateFunction(callback, 'callback');
  const { wanted, made } = primeOptions(size, options);
  native.crypto_generate_prime(size, wanted, finish(callback, made));
}

function generatePrimeSync(size, options = {}) {
  const { wanted, made } = primeOptions(size, options);
  return made(native.crypto_generate_prime_sync(size, wanted));
}

function checksOf(options) {
  validateObject(options, 'options');
  const { checks = 0 } = options;
  validateInt32(checks, 'options.checks', 0);
  return checks;
}

function checkPrime(candidate, options = {}, callback) {
  candidate = numberBytes(candidate, 'candidate');
  if (typeof options === 'function') {
    callback = options;
    options = {};
  }
  validateFunction(callback, 'callback');
  native.crypto_check_prime(candidate, checksOf(options), finish(callback));
}

function checkPrimeSync(candidate, options = {}) {
  return native.crypto_check_prime_sync(numberBytes(candidate, 'candidate'), checksOf(options));
}

/** The integer views, which are all that the web's function takes. */
function getRandomValues(data) {
  if (!isBytes(data) || data instanceof DataView || /Float/.test(data[Symbol.toStringTag]))
    throw new DOMException('The data argument must be an integer-type TypedArray', 'TypeMismatchError');
  native.crypto_get_random_values(data);
  return data;
}

module.exports = {
  checkPrime,
  checkPrimeSync,
  generatePrime,
  generatePrimeSync,
  getRandomValues,
  randomBytes,
  randomFill,
  randomFillSync,
  randomInt,
  randomUUID,
  randomUUIDv7,
};
