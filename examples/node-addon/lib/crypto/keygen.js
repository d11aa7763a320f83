'use strict';
// Keys that are made.

const native = require('../native');
const { codeError, invalidArgType, invalidArgValue } = require('../errors');
const {
  isBytes,
  validateFunction,
  validateInt32,
  validateInteger,
  validateObject,
  validateString,
  validateUint32,
} = require('../validators');
const { exportOptions, exported, keyObject } = require('./keys');
const { finish, lent, promisifiedAs, validateOneOf } = require('./util');

/** One of the encodings of a pair; undefined for a KeyObject. */
function encodingFor(options, name, type) {
  const encoding = options?.[name];
  if (encoding == null) return undefined;
  if (typeof encoding !== 'object') throw invalidArgValue(`options.${name}`, encoding);
  return exportOptions(encoding, type, name === 'publicKeyEncoding', name);
}

function uint32(options, name, field, given, required) {
  const value = options[name];
  if (value == null && !required) return;
  validateUint32(value, `options.${name}`);
  given[field] = value;
}

/** An option by its name, or by the one that it had before. */
function renamed(options, name, before) {
  const { [name]: value, [before]: old } = options;
  if (value !== undefined) validateString(value, `options.${name}`);
  if (old !== undefined) {
    process.emitWarning(
      `"options.${before}" is deprecated, use "options.${name}" instead.`,
      'DeprecationWarning',
      'DEP0154',
    );
    validateString(old, `options.${before}`);
    if (value && old !== value) throw invalidArgValue(`options.${before}`, old);
  }
  return value ?? old;
}

function rsa(options, given) {
  validateObject(options, 'options');
  uint32(options, 'modulusLength', 'modulus_length', given, true);
  uint32(options, 'publicExponent', 'public_exponent', given);
}

const conflict = (one, other) =>
  codeError(
    TypeError,
    'ERR_INCOMPATIBLE_OPTION_PAIR',
    `Option "${one}" cannot be used in combination with option "${other}"`,
  );

/** What each type of key has to be told. */
const OPTIONS = {
  rsa,
  'rsa-pss'(options, given) {
    rsa(options, given);
    if (options.saltLength !== undefined) {
      validateInt32(options.saltLength, 'options.saltLength', 0);
      given.salt_length = options.saltLength;
      given.has_salt_length = true;
    }
    given.hash_algorithm = renamed(options, 'hashAlgorithm', 'hash');
    given.mgf1_hash_algorithm = renamed(options, 'mgf1HashAlgorithm', 'mgf1Hash');
  },
  dsa(options, given) {
    validateObject(options, 'options');
    uint32(options, 'modulusLength', 'modulus_length', given, true);
    if (options.divisorLength != null) {
      validateInt32(options.divisorLength, 'options.divisorLength', 0);
      given.divisor_length = options.divisorLength;
    }
  },
  ec(options, given) {
    validateObject(options, 'options');
    const { namedCurve, paramEncoding } = options;
    validateString(namedCurve, 'options.namedCurve');
    if (paramEncoding != null && paramEncoding !== 'named' && paramEncoding !== 'explicit')
      throw invalidArgValue('options.paramEncoding', paramEncoding);
    given.named_curve = namedCurve;
    given.explicit_curve = paramEncoding === 'explicit';
  },
  dh(options, given) {
    validateObject(options, 'options');
    const { group, prime, primeLength, generator } = options;
    if (group != null) {
      if (prime != null) throw conflict('group', 'prime');
      if (primeLength != null) throw conflict('group', 'primeLength');
      if (generator != null) throw conflict('group', 'generator');
      validateString(group, 'options.group');
      given.group = group;
      return;
    }
    if (prime != null) {
      if (primeLength != null) throw conflict('prime', 'primeLength');
      if (!isBytes(prime)) throw invalidArgType('options.prime', ['Buffer', 'TypedArray', 'DataView'], prime);
      given.prime = lent(prime);
    } else if (primeLength != null) {
      validateInt32(primeLength, 'options.primeLength', 0);
      given.prime_length = primeLength;
    } else {
      throw codeError(
        TypeError,
        'ERR_MISSING_OPTION',
        'At least one of the group, prime, or primeLength options is required',
      );
    }
    if (generator != null) {
      validateInt32(generator, 'options.generator', 0);
      given.generator = generator;
    }
  },
};

function pairArguments(type, options) {
  validateString(type, 'type');
  if (options !== undefined) validateObject(options, 'options');
  const publicKey = encodingFor(options, 'publicKeyEncoding', type);
  const privateKey = encodingFor(options, 'privateKeyEncoding', type);
  const given = {};
  if (Object.hasOwn(OPTIONS, type)) OPTIONS[type](options, given);
  else if (!TYPES.test(type)) throw invalidArgValue('type', type, 'must be a supported key type');
  const made = (publicHandle, privateHandle) => ({
    publicKey: publicKey ? exported(publicHandle, publicKey) : keyObject(publicHandle),
    privateKey: privateKey ? exported(privateHandle, privateKey) : keyObject(privateHandle),
  });
  return { given, made };
}

const TYPES = /^(ed25519|ed448|x25519|x448|ml-dsa-\d+|ml-kem-\d+|slh-dsa-[a-z0-9-]+)$/;

function generateKeyPair(type, options, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  validateFunction(callback, 'callback');
  const { given, made } = pairArguments(type, options);
  native.crypto_generate_key_pair(type, given, (err, ...keys) => {
    if (err) return callback(err);
    let pair;
    try {
      pair = made(...keys);
    } catch (error) {
      return callback(error);
    }
    callback(null, pair.publicKey, pair.privateKey);
  });
}
promisifiedAs(
  generateKeyPair,
  (type, options) =>
    new Promise((resolve, reject) => {
      generateKeyPair(type, options, (err, publicKey, privateKey) =>
        err ? reject(err) : resolve({ publicKey, privateKey }),
      );
    }),
);

function generateKeyPairSync(type, options) {
  const { given, made } = pairArguments(type, options);
  return made(...native.crypto_generate_key_pair_sync(type, given));
}

function lengthOf(type, options) {
  validateString(type, 'type');
  validateObject(options, 'options');
  const { length } = options;
  if (type === 'hmac') validateInteger(length, 'options.length', 8, 2 ** 31 - 1);
  else if (type === 'aes') validateOneOf(length, 'options.length', [128, 192, 256]);
  else throw invalidArgValue('type', type, 'must be a supported key type');
  return length;
}

function generateKey(type, options, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  validateFunction(callback, 'callback');
  native.crypto_generate_key(type, lengthOf(type, options), finish(callback, keyObject));
}

function generateKeySync(type, options) {
  return keyObject(native.crypto_generate_key_sync(type, lengthOf(type, options)));
}

module.exports = { generateKey, generateKeyPair, generateKeyPairSync, generateKeySync };
