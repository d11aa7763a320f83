'use strict';
// CryptoKey: a key of the library's with an algorithm and usages.

const { inspect } = require('util');
const native = require('../native');
const { codeError } = require('../errors');

const TYPES = ['secret', 'public', 'private'];
// In the order of the library's bits.
const USAGES = [
  'encrypt',
  'decrypt',
  'sign',
  'verify',
  'deriveKey',
  'deriveBits',
  'wrapKey',
  'unwrapKey',
  'encapsulateKey',
  'encapsulateBits',
  'decapsulateKey',
  'decapsulateBits',
];

/** What a key is for, as the web has it. */
function algorithmOf(handle) {
  const {
    name,
    hash,
    named_curve: namedCurve,
    public_exponent: publicExponent,
    length,
    modulus_length: modulusLength,
  } = native.crypto_key_get_algorithm(handle);
  const algorithm = { name };
  if (publicExponent)
    Object.assign(algorithm, { modulusLength, publicExponent: new Uint8Array(publicExponent) });
  if (length >= 0) algorithm.length = length;
  if (hash !== undefined) algorithm.hash = { name: hash };
  if (namedCurve !== undefined) algorithm.namedCurve = namedCurve;
  return algorithm;
}

let handleOf;
let isCryptoKey;
let made = false;

class CryptoKey {
  #handle;
  #algorithm;
  #usages;

  constructor() {
    if (!made) throw codeError(TypeError, 'ERR_ILLEGAL_CONSTRUCTOR', 'Illegal constructor');
    this.#handle = made;
  }

  static #of(key) {
    if (key === null || typeof key !== 'object' || !(#handle in key))
      throw codeError(TypeError, 'ERR_INVALID_THIS', 'Value of "this" must be of type CryptoKey');
    return key.#handle;
  }

  get type() {
    return TYPES[native.crypto_key_type(CryptoKey.#of(this))];
  }

  get extractable() {
    return native.crypto_key_extractable(CryptoKey.#of(this));
  }

  get algorithm() {
    return (this.#algorithm ??= algorithmOf(CryptoKey.#of(this)));
  }

  get usages() {
    const bits = native.crypto_key_usages(CryptoKey.#of(this));
    return (this.#usages ??= USAGES.filter((_, i) => bits & (1 << i)));
  }

  [inspect.custom](depth, options) {
    if (depth < 0) return this;
    const { type, extractable, algorithm, usages } = this;
    const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    return `CryptoKey ${inspect({ type, extractable, algorithm, usages }, inner)}`;
  }

  static {
    handleOf = (key) => key.#handle;
    isCryptoKey = (value) => value !== null && typeof value === 'object' && #handle in value;
  }
}
for (const name of ['type', 'extractable', 'algorithm', 'usages'])
  Object.defineProperty(CryptoKey.prototype, name, { enumerable: true });
Object.defineProperty(CryptoKey.prototype, Symbol.toStringTag, { value: 'CryptoKey', configurable: true });

/** The library's key as a CryptoKey. */
function cryptoKey(handle) {
  made = handle;
  try {
    return new CryptoKey();
  } finally {
    made = false;
  }
}

module.exports = { CryptoKey, USAGES, cryptoKey, handleOf, isCryptoKey };
