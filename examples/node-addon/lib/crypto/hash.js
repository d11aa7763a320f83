'use strict';
// Digests and message authentication codes.

const { keep } = require('../handles');
const native = require('../native');
const { invalidArgType, invalidArgValue } = require('../errors');
const { isBytes, validateObject, validateString, validateUint32 } = require('../validators');
const LazyTransform = require('./lazy-transform');
const { secretOf } = require('./keys');
const {
  HANDLE,
  decoded,
  encoded,
  listed,
  maybeEncoded,
  numberOf,
  validateEncoding,
  viewOf,
  withLength,
} = require('./util');

// What a stream has given, which may be asked for once more.
const GIVEN = Symbol('given');
const handleOf = (object) => object[HANDLE];

function inherits(Class) {
  Class.prototype = Object.create(LazyTransform.prototype, {
    constructor: { value: Class, configurable: true, writable: true },
  });
  Object.setPrototypeOf(Class, LazyTransform);
}

/** What update() takes, in bytes. */
function updateOf(data, encoding) {
  if (typeof data === 'string') {
    validateEncoding(data, encoding);
    return decoded(data, encoding);
  }
  return viewOf(data, 'data');
}

function hashOptions(options) {
  const outputLength = typeof options === 'object' && options !== null ? options.outputLength : undefined;
  if (outputLength === undefined) return undefined;
  validateUint32(outputLength, 'options.outputLength');
  return { output_length: outputLength, has_output_length: true };
}

function Hash(algorithm, options) {
  if (!new.target) return new Hash(algorithm, options);
  validateString(algorithm, 'algorithm');
  const handle = native.hash_new(algorithm, hashOptions(options));
  LazyTransform.call(this, options);
  this[HANDLE] = handle;
  keep(this, handle);
}
inherits(Hash);

Object.assign(Hash.prototype, {
  copy(options) {
    const copy = Object.create(Hash.prototype);
    const handle = native.hash_copy(handleOf(this), hashOptions(options));
    LazyTransform.call(copy, options);
    copy[HANDLE] = handle;
    keep(copy, handle);
    return copy;
  },
  _transform(chunk, encoding, callback) {
    this.update(chunk, encoding);
    callback();
  },
  _flush(callback) {
    this.push((this[GIVEN] = native.hash_digest(handleOf(this))));
    callback();
  },
  update(data, encoding) {
    native.hash_update(handleOf(this), updateOf(data, encoding));
    return this;
  },
  digest(outputEncoding) {
    const given = this[GIVEN];
    const encoding = outputEncoding && `${outputEncoding}`;
    if (given) {
      this[GIVEN] = undefined;
      return maybeEncoded(Buffer.from(given), encoding);
    }
    const number = numberOf(encoding);
    if (number === undefined) return maybeEncoded(native.hash_digest(handleOf(this)), encoding);
    return native.hash_digest_encoded(handleOf(this), number);
  },
});

function Hmac(hmac, key, options) {
  if (!new.target) return new Hmac(hmac, key, options);
  validateString(hmac, 'hmac');
  const secret = secretOf(key, 'key', options?.encoding);
  const handle = native.hmac_new(hmac, secret);
  LazyTransform.call(this, options);
  this[HANDLE] = handle;
  keep(this, handle);
}
inherits(Hmac);

Object.assign(Hmac.prototype, {
  update(data, encoding) {
    const bytes = updateOf(data, encoding);
    native.hmac_update(handleOf(this), bytes);
    return this;
  },
  digest(outputEncoding) {
    const encoding = outputEncoding && `${outputEncoding}`;
    const number = numberOf(encoding);
    if (number === undefined) return maybeEncoded(native.hmac_digest(handleOf(this)), encoding);
    return native.hmac_digest_encoded(handleOf(this), number);
  },
  _flush(callback) {
    this.push(this.digest());
    callback();
  },
  _transform: Hash.prototype._transform,
});

function macOptions(options) {
  const given = {};
  for (const name of ['digest', 'cipher']) {
    if (options[name] === undefined) continue;
    validateString(options[name], `options.${name}`);
    given[name] = options[name];
  }
  for (const name of ['iv', 'customization', 'salt']) {
    const value = options[name];
    if (value === undefined) continue;
    if (!isBytes(value)) throw invalidArgType(`options.${name}`, ['Buffer', 'TypedArray', 'DataView'], value);
    given[name] = value;
  }
  if (options.outputLength !== undefined) {
    validateUint32(options.outputLength, 'options.outputLength');
    given.output_length = options.outputLength;
    given.has_output_length = true;
  }
  return given;
}

function Mac(algorithm, key, options) {
  validateString(algorithm, 'algorithm');
  if (options !== undefined) validateObject(options, 'options');
  const secret = secretOf(key, 'key', options?.encoding);
  const handle = native.mac_new(algorithm, secret, macOptions(options ?? {}));
  LazyTransform.call(this, options);
  this[HANDLE] = handle;
}
inherits(Mac);

Object.assign(Mac.prototype, {
  update(data, inputEncoding) {
    native.mac_update(handleOf(this), updateOf(data, inputEncoding));
    return this;
  },
  final(outputEncoding) {
    return encoded(native.mac_final(handleOf(this)), outputEncoding);
  },
  _flush(callback) {
    this.push(this.final());
    callback();
  },
  _transform: Hash.prototype._transform,
});

/** Hashes at once. */
function hash(algorithm, input, options) {
  validateString(algorithm, 'algorithm');
  if (typeof input !== 'string' && !isBytes(input))
    throw invalidArgType('input', ['Buffer', 'TypedArray', 'DataView', 'string'], input);
  let outputEncoding = 'hex';
  let given;
  if (typeof options === 'string') outputEncoding = options;
  else if (options !== undefined) {
    validateObject(options, 'options');
    outputEncoding = options.outputEncoding ?? 'hex';
    given = hashOptions(options);
  }
  validateString(outputEncoding, 'outputEncoding');
  if (outputEncoding === '') outputEncoding = 'utf8';
  if (outputEncoding !== 'buffer' && !Buffer.isEncoding(outputEncoding))
    throw invalidArgValue('outputEncoding', outputEncoding);
  const number = numberOf(outputEncoding);
  if (number === undefined) return maybeEncoded(native.crypto_hash(algorithm, input, given), outputEncoding);
  return native.crypto_hash_encoded(algorithm, input, number, given);
}

const getHashes = withLength(0, () => listed(native.crypto_hash_name));
const getMacs = withLength(0, () => listed(native.crypto_mac_name));

module.exports = {
  Hash,
  Hmac,
  createHash: function createHash(algorithm, options) {
    return new Hash(algorithm, options);
  },
  createHmac: function createHmac(hmac, key, options) {
    return new Hmac(hmac, key, options);
  },
  createMac: function createMac(algorithm, key, options) {
    return new Mac(algorithm, key, options);
  },
  getHashes,
  getMacs,
  hash,
};
