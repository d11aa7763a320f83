'use strict';
// Key derivation.

const native = require('../native');
const { codeError, invalidArgType } = require('../errors');
const {
  validateFunction,
  validateInt32,
  validateInteger,
  validateObject,
  validateString,
  validateUint32,
} = require('../validators');
const { KeyObject, secretBytes } = require('./keys');
const { bytesOf, finish, lent, validateOneOf } = require('./util');

function pbkdf2Arguments(password, salt, iterations, keylen, digest) {
  validateString(digest, 'digest');
  password = bytesOf(password, 'password');
  salt = bytesOf(salt, 'salt');
  validateInt32(iterations, 'iterations', 1);
  validateInt32(keylen, 'keylen', 0);
  return [password, salt, iterations, keylen, digest];
}

function pbkdf2(password, salt, iterations, keylen, digest, callback) {
  if (typeof digest === 'function') {
    callback = digest;
    digest = undefined;
  }
  const given = pbkdf2Arguments(password, salt, iterations, keylen, digest);
  validateFunction(callback, 'callback');
  native.crypto_pbkdf2(...given, finish(callback));
}

function pbkdf2Sync(password, salt, iterations, keylen, digest) {
  return native.crypto_pbkdf2_sync(...pbkdf2Arguments(password, salt, iterations, keylen, digest));
}

/** The costs of scrypt, by either of their names. */
function scryptOptions(options) {
  const given = {};
  for (const [field, long, short] of [
    ['cost', 'cost', 'N'],
    ['block_size', 'blockSize', 'r'],
    ['parallelization', 'parallelization', 'p'],
  ]) {
    if (options[short] !== undefined) {
      validateUint32(options[short], short);
      given[field] = options[short];
    }
    if (options[long] !== undefined) {
      if (options[short] !== undefined)
        throw codeError(
          TypeError,
          'ERR_INCOMPATIBLE_OPTION_PAIR',
          `Option "${short}" cannot be used in combination with option "${long}"`,
        );
      validateUint32(options[long], long);
      given[field] = options[long];
    }
  }
  if (options.maxmem !== undefined) {
    validateInteger(options.maxmem, 'maxmem', 0);
    given.maxmem = options.maxmem;
  }
  return given;
}

function scryptArguments(password, salt, keylen, options) {
  password = bytesOf(password, 'password');
  salt = bytesOf(salt, 'salt');
  validateInt32(keylen, 'keylen', 0);
  return [password, salt, keylen, options && scryptOptions(options)];
}

function scrypt(password, salt, keylen, options, callback) {
  if (callback === undefined) {
    callback = options;
    options = undefined;
  }
  const given = scryptArguments(password, salt, keylen, options);
  validateFunction(callback, 'callback');
  native.crypto_scrypt(...given, finish(callback));
}

function scryptSync(password, salt, keylen, options = undefined) {
  return native.crypto_scrypt_sync(...scryptArguments(password, salt, keylen, options));
}

const bufferOf = (bytes) => bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);

function hkdfArguments(digest, ikm, salt, info, length) {
  validateString(digest, 'digest');
  const key = ikm instanceof KeyObject ? secretBytes(ikm) : hkdfKey(ikm);
  salt = bytesOf(salt, 'salt');
  info = bytesOf(info, 'info');
  validateInteger(length, 'length', 0, 2 ** 31 - 1);
  return [digest, key, salt, info, length];
}

function hkdfKey(ikm) {
  if (typeof ikm === 'string') return ikm;
  if (ArrayBuffer.isView(ikm) || ikm instanceof ArrayBuffer || ikm instanceof SharedArrayBuffer)
    return lent(ikm);
  throw invalidArgType(
    'ikm',
    ['string', 'SecretKeyObject', 'ArrayBuffer', 'TypedArray', 'DataView', 'Buffer'],
    ikm,
  );
}

function hkdf(digest, ikm, salt, info, length, callback) {
  const given = hkdfArguments(digest, ikm, salt, info, length);
  validateFunction(callback, 'callback');
  native.crypto_hkdf(...given, finish(callback, bufferOf));
}

function hkdfSync(digest, ikm, salt, info, length) {
  return bufferOf(native.crypto_hkdf_sync(...hkdfArguments(digest, ikm, salt, info, length)));
}

function argon2Arguments(algorithm, parameters) {
  validateString(algorithm, 'algorithm');
  validateOneOf(algorithm, 'algorithm', ['argon2d', 'argon2i', 'argon2id']);
  validateObject(parameters, 'parameters');
  const { parallelism, tagLength, memory, passes } = parameters;
  const given = {
    message: bytesOf(parameters.message, 'parameters.message'),
    nonce: bytesOf(parameters.nonce, 'parameters.nonce'),
  };
  validateUint32(parallelism, 'parameters.parallelism');
  validateUint32(tagLength, 'parameters.tagLength');
  validateUint32(memory, 'parameters.memory');
  validateUint32(passes, 'parameters.passes');
  Object.assign(given, { parallelism, tag_length: tagLength, memory, passes });
  if (parameters.secret !== undefined) given.secret = bytesOf(parameters.secret, 'parameters.secret');
  if (parameters.associatedData !== undefined)
    given.associated_data = bytesOf(parameters.associatedData, 'parameters.associatedData');
  return [algorithm, given];
}

function argon2(algorithm, parameters, callback) {
  const given = argon2Arguments(algorithm, parameters);
  validateFunction(callback, 'callback');
  native.crypto_argon2(...given, finish(callback));
}

function argon2Sync(algorithm, parameters) {
  return native.crypto_argon2_sync(...argon2Arguments(algorithm, parameters));
}

module.exports = { argon2, argon2Sync, hkdf, hkdfSync, pbkdf2, pbkdf2Sync, scrypt, scryptSync };
