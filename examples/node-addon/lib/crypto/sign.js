'use strict';
// Signatures.

const native = require('../native');
const { codeError, invalidArgType, invalidArgValue } = require('../errors');
const { isAnyBytes, validateFunction, validateString } = require('../validators');
const { Writable } = require('../stream');
const { keyOf } = require('./keys');
const { HANDLE, bytesOf, decoded, encoded, finish, validateEncoding, viewOf } = require('./util');

const DSA_ENCODINGS = { der: 0, 'ieee-p1363': 1 };

/** How it is signed, which is said beside the key. */
function signOptions(options) {
  if (typeof options !== 'object' || options === null) return undefined;
  const given = {};
  const { padding, saltLength, dsaEncoding, context } = options;
  if (padding !== undefined) {
    if (padding !== (padding | 0)) throw invalidArgValue('options.padding', padding);
    given.padding = padding;
    given.has_padding = true;
  }
  if (saltLength !== undefined) {
    if (saltLength !== (saltLength | 0)) throw invalidArgValue('options.saltLength', saltLength);
    given.salt_length = saltLength;
    given.has_salt_length = true;
  }
  if (dsaEncoding !== undefined) {
    if (!Object.hasOwn(DSA_ENCODINGS, dsaEncoding)) throw invalidArgValue('options.dsaEncoding', dsaEncoding);
    given.dsa_encoding = DSA_ENCODINGS[dsaEncoding];
  }
  if (context !== undefined) {
    if (!ArrayBuffer.isView(context) && !isAnyBytes(context))
      throw invalidArgType('context', ['ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'], context);
    given.context = bytesOf(context, 'context');
  }
  return given;
}

function Sign(algorithm, options) {
  if (!new.target) return new Sign(algorithm, options);
  validateString(algorithm, 'algorithm');
  const handle = native.sign_new(algorithm);
  Writable.call(this, options);
  this[HANDLE] = handle;
}

function Verify(algorithm, options) {
  if (!new.target) return new Verify(algorithm, options);
  validateString(algorithm, 'algorithm');
  const handle = native.verify_new(algorithm);
  Writable.call(this, options);
  this[HANDLE] = handle;
}

/** What Sign and Verify share, over the library's way to add data. */
function shared(Class, update) {
  Class.prototype = Object.create(Writable.prototype, {
    constructor: { value: Class, configurable: true, writable: true },
  });
  Object.setPrototypeOf(Class, Writable);
  Object.assign(Class.prototype, {
    _write(chunk, encoding, callback) {
      this.update(chunk, encoding);
      callback();
    },
    update(data, encoding) {
      if (typeof data === 'string') validateEncoding(data, encoding);
      update(this[HANDLE], viewOf(data, 'data', encoding));
      return this;
    },
  });
}

shared(Sign, native.sign_update);
shared(Verify, native.verify_update);

Sign.prototype.sign = function sign(options, encoding) {
  if (!options) throw codeError(Error, 'ERR_CRYPTO_SIGN_KEY_REQUIRED', 'No key provided to sign');
  const key = keyOf(options, 'private');
  return encoded(native.sign_sign(this[HANDLE], key, signOptions(options)), encoding);
};

Verify.prototype.verify = function verify(options, signature, sigEncoding) {
  const bytes = bytesOf(signature, 'signature', sigEncoding);
  const key = keyOf(options, 'public');
  const given = signOptions(options);
  return native.verify_verify(this[HANDLE], key, bytes, given);
};

function dataOf(data) {
  return typeof data === 'string' ? decoded(data) : bytesOf(data, 'data');
}

function signOneShot(algorithm, data, key, callback) {
  if (algorithm != null) validateString(algorithm, 'algorithm');
  if (callback !== undefined) validateFunction(callback, 'callback');
  const bytes = dataOf(data);
  if (!key) throw codeError(Error, 'ERR_CRYPTO_SIGN_KEY_REQUIRED', 'No key provided to sign');
  const given = signOptions(key);
  const handle = keyOf(key, 'private');
  if (callback === undefined) return native.crypto_sign_sync(algorithm, bytes, handle, given);
  later(callback, () => native.crypto_sign(algorithm, bytes, handle, given, finish(callback)));
}

function verifyOneShot(algorithm, data, key, signature, callback) {
  if (algorithm != null) validateString(algorithm, 'algorithm');
  if (callback !== undefined) validateFunction(callback, 'callback');
  const bytes = dataOf(data);
  if (!isAnyBytes(signature) && typeof signature !== 'string')
    throw invalidArgType('signature', ['Buffer', 'TypedArray', 'DataView'], signature);
  const given = signOptions(key);
  const handle = keyOf(key, 'public');
  const signed = bytesOf(signature, 'signature');
  if (callback === undefined) return native.crypto_verify_sync(algorithm, bytes, handle, signed, given);
  later(callback, () => native.crypto_verify(algorithm, bytes, handle, signed, given, finish(callback)));
}

/** What OpenSSL refuses is for the callback, also if it is known at once. */
function later(callback, start) {
  try {
    start();
  } catch (error) {
    if (!/^ERR_OSSL/.test(error.code)) throw error;
    process.nextTick(callback, error);
  }
}

module.exports = {
  Sign,
  Verify,
  createSign: function createSign(algorithm, options) {
    return new Sign(algorithm, options);
  },
  createVerify: function createVerify(algorithm, options) {
    return new Verify(algorithm, options);
  },
  sign: signOneShot,
  verify: verifyOneShot,
};
