'use strict';
// Agreement, and encapsulation.

const native = require('../native');
const { codeError, invalidArgType, invalidArgValue } = require('../errors');
const {
  isAnyBytes,
  validateFunction,
  validateInt32,
  validateObject,
  validateString,
} = require('../validators');
const { isKeyObject, keyOf, wrongType } = require('./keys');
const { BYTES, HANDLE, TEXT_OR_BYTES, bytesOf, encoded, finish, listed, withLength } = require('./util');

const handleOf = (object) => object[HANDLE];

/** A generator is a small number or a number's bytes; 0 stands for 2. */
function generatorOf(generator, encoding) {
  if (generator == null || generator === 0) return Buffer.of(2);
  if (typeof generator === 'number') {
    validateInt32(generator, 'generator');
    return generator < 0 ? Buffer.of(0) : Buffer.from(generator.toString(16).padStart(8, '0'), 'hex');
  }
  if (typeof generator !== 'string' && !isAnyBytes(generator))
    throw invalidArgType('generator', ['number', ...TEXT_OR_BYTES], generator);
  return bytesOf(generator, 'generator', encoding);
}

function DiffieHellman(sizeOrKey, keyEncoding, generator, genEncoding) {
  if (!new.target) return new DiffieHellman(sizeOrKey, keyEncoding, generator, genEncoding);
  if (typeof sizeOrKey !== 'number' && typeof sizeOrKey !== 'string' && !isAnyBytes(sizeOrKey))
    throw invalidArgType('sizeOrKey', ['number', ...TEXT_OR_BYTES], sizeOrKey);
  if (typeof sizeOrKey === 'number') validateInt32(sizeOrKey, 'sizeOrKey');
  if (keyEncoding && !Buffer.isEncoding(keyEncoding) && keyEncoding !== 'buffer') {
    genEncoding = generator;
    generator = keyEncoding;
    keyEncoding = undefined;
  }
  const base = generatorOf(generator, genEncoding);
  if (typeof sizeOrKey === 'number') {
    const small = base.byteLength === 0 ? 0 : parseInt(Buffer.from(base).toString('hex'), 16);
    this[HANDLE] = native.dh_new_of_length(Math.max(0, sizeOrKey), small);
  } else {
    this[HANDLE] = native.dh_new(bytesOf(sizeOrKey, 'sizeOrKey', keyEncoding), base);
  }
  addVerifyError(this);
}

function DiffieHellmanGroup(name) {
  if (!new.target) return new DiffieHellmanGroup(name);
  validateString(name, 'name');
  this[HANDLE] = native.dh_new_group(name);
  addVerifyError(this);
}

/** An own property, and one that cannot be changed. */
function addVerifyError(object) {
  Object.defineProperty(object, 'verifyError', {
    enumerable: true,
    value: native.dh_verify_error(handleOf(object)),
  });
}

const shared = {
  generateKeys(encoding) {
    return encoded(native.dh_generate_keys(handleOf(this)), encoding);
  },
  computeSecret(otherPublicKey, inputEncoding, outputEncoding) {
    const key = bytesOf(otherPublicKey, 'otherPublicKey', inputEncoding);
    return encoded(native.dh_compute_secret(handleOf(this), key), outputEncoding);
  },
  getPrime(encoding) {
    return encoded(native.dh_prime(handleOf(this)), encoding);
  },
  getGenerator(encoding) {
    return encoded(native.dh_generator(handleOf(this)), encoding);
  },
  getPublicKey(encoding) {
    return encoded(native.dh_public_key(handleOf(this)), encoding);
  },
  getPrivateKey(encoding) {
    return encoded(native.dh_private_key(handleOf(this)), encoding);
  },
};
Object.assign(DiffieHellmanGroup.prototype, shared);
Object.assign(DiffieHellman.prototype, shared, {
  setPublicKey(key, encoding) {
    native.dh_set_public_key(handleOf(this), bytesOf(key, 'key', encoding));
    return this;
  },
  setPrivateKey(key, encoding) {
    native.dh_set_private_key(handleOf(this), bytesOf(key, 'key', encoding));
    return this;
  },
});

const FORMATS = { compressed: 2, uncompressed: 4, hybrid: 6 };

function formatOf(format) {
  if (!format) return FORMATS.uncompressed;
  if (!Object.hasOwn(FORMATS, format))
    throw codeError(TypeError, 'ERR_CRYPTO_ECDH_INVALID_FORMAT', `Invalid ECDH format: ${format}`);
  return FORMATS[format];
}

function ECDH(curve) {
  if (!new.target) return new ECDH(curve);
  validateString(curve, 'curve');
  this[HANDLE] = native.ecdh_new(curve);
}

Object.assign(ECDH.prototype, {
  computeSecret(otherPublicKey, inputEncoding, outputEncoding) {
    const key = bytesOf(otherPublicKey, 'otherPublicKey', inputEncoding);
    return encoded(native.ecdh_compute_secret(handleOf(this), key), outputEncoding);
  },
  setPrivateKey(key, encoding) {
    native.ecdh_set_private_key(handleOf(this), bytesOf(key, 'key', encoding));
    return this;
  },
  setPublicKey(key, encoding) {
    native.ecdh_set_public_key(handleOf(this), bytesOf(key, 'key', encoding));
    return this;
  },
  getPrivateKey(encoding) {
    return encoded(native.ecdh_private_key(handleOf(this)), encoding);
  },
  generateKeys(encoding, format) {
    return encoded(native.ecdh_generate_keys(handleOf(this), formatOf(format)), encoding);
  },
  getPublicKey(encoding, format) {
    return encoded(native.ecdh_public_key(handleOf(this), formatOf(format)), encoding);
  },
});

ECDH.convertKey = function convertKey(key, curve, inputEncoding, outputEncoding, format) {
  validateString(curve, 'curve');
  const bytes = bytesOf(key, 'key', inputEncoding);
  return encoded(native.ecdh_convert_key(bytes, curve, formatOf(format)), outputEncoding);
};

function diffieHellman(options, callback) {
  validateObject(options, 'options');
  if (callback !== undefined) validateFunction(callback, 'callback');
  const { privateKey, publicKey } = options;
  const [own, other] = [halfOf(privateKey, 'private'), halfOf(publicKey, 'public')];
  if (callback === undefined) return native.crypto_diffie_hellman_sync(own, other);
  native.crypto_diffie_hellman(own, other, finish(callback));
}

/** A key of one of the two sides; "public" is one of either type. */
function halfOf(key, wants) {
  const name = `options.${wants}Key`;
  if (isKeyObject(key)) {
    if (wants === 'private' ? key.type !== 'private' : key.type === 'secret')
      throw wrongType(key.type, wants === 'private' ? 'private' : 'private or public');
  } else if (key === undefined || key === null || typeof key === 'number' || typeof key === 'boolean') {
    throw invalidArgValue(name, key);
  }
  return keyOf(key, wants, { name });
}

function encapsulate(key, callback) {
  if (callback !== undefined) validateFunction(callback, 'callback');
  const handle = keyOf(key, 'public');
  const made = (sharedKey, ciphertext) => ({ sharedKey, ciphertext });
  if (callback === undefined) return made(...native.crypto_encapsulate_sync(handle));
  native.crypto_encapsulate(handle, finish(callback, made));
}

function decapsulate(key, ciphertext, callback) {
  if (callback !== undefined) validateFunction(callback, 'callback');
  const handle = keyOf(key, 'private');
  if (!isAnyBytes(ciphertext)) throw invalidArgType('ciphertext', BYTES, ciphertext);
  const bytes = bytesOf(ciphertext, 'ciphertext');
  if (callback === undefined) return native.crypto_decapsulate_sync(handle, bytes);
  native.crypto_decapsulate(handle, bytes, finish(callback));
}

const getCurves = withLength(0, () =>
  listed((i) => (i < native.crypto_curve_count() ? native.crypto_curve_at(i) : undefined)),
);

function createDiffieHellmanGroup(name) {
  return new DiffieHellmanGroup(name);
}

module.exports = {
  DiffieHellman,
  DiffieHellmanGroup,
  ECDH,
  createDiffieHellman: function createDiffieHellman(sizeOrKey, keyEncoding, generator, genEncoding) {
    return new DiffieHellman(sizeOrKey, keyEncoding, generator, genEncoding);
  },
  createDiffieHellmanGroup,
  createECDH: function createECDH(curve) {
    return new ECDH(curve);
  },
  decapsulate,
  diffieHellman,
  encapsulate,
  getCurves,
  getDiffieHellman: createDiffieHellmanGroup,
};
