'use strict';

const { initSecureHeap, secureHeapUsed } = require('./crypto/secure-heap');
initSecureHeap();

const native = require('./native');
const { invalidArgType } = require('./errors');
const { isAnyBytes, validateString, validateInteger } = require('./validators');
const cipher = require('./crypto/cipher');
const dh = require('./crypto/dh');
const hash = require('./crypto/hash');
const kdf = require('./crypto/kdf');
const keygen = require('./crypto/keygen');
const keys = require('./crypto/keys');
const random = require('./crypto/random');
const sign = require('./crypto/sign');
const { BYTES, lent, withLength } = require('./crypto/util');
const web = require('./crypto/web');
const { Certificate, X509Certificate } = require('./crypto/x509');

const constants = Object.setPrototypeOf(native.crypto_constants(), null);
for (const name of Object.keys(constants))
  Object.defineProperty(constants, name, { writable: false, configurable: false });

const timingSafeEqual = withLength(0, function timingSafeEqual(buf1, buf2) {
  if (!isAnyBytes(buf1)) throw invalidArgType('buf1', BYTES, buf1);
  if (!isAnyBytes(buf2)) throw invalidArgType('buf2', BYTES, buf2);
  return native.crypto_timing_safe_equal(lent(buf1), lent(buf2));
});

function setEngine(id, flags) {
  validateString(id, 'id');
  if (flags !== undefined) validateInteger(flags, 'flags', 0, 2 ** 32 - 1);
  native.crypto_set_engine(id, flags ?? constants.ENGINE_METHOD_ALL);
}

function getFips() {
  return native.crypto_get_fips();
}

function setFips(value) {
  native.crypto_set_fips(!!value);
}

const { KeyObject, createPrivateKey, createPublicKey, createSecretKey, parsePKCS12 } = keys;
const { argon2, argon2Sync, hkdf, hkdfSync, pbkdf2, pbkdf2Sync, scrypt, scryptSync } = kdf;
const { checkPrime, checkPrimeSync, generatePrime, generatePrimeSync } = random;
const { randomBytes, randomFill, randomFillSync, randomInt, randomUUID, randomUUIDv7 } = random;

module.exports = {
  argon2,
  argon2Sync,
  checkPrime,
  checkPrimeSync,
  createCipheriv: cipher.createCipheriv,
  createDecipheriv: cipher.createDecipheriv,
  createDiffieHellman: dh.createDiffieHellman,
  createDiffieHellmanGroup: dh.createDiffieHellmanGroup,
  createECDH: dh.createECDH,
  createHash: hash.createHash,
  createHmac: hash.createHmac,
  createMac: hash.createMac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  createSign: sign.createSign,
  createVerify: sign.createVerify,
  diffieHellman: dh.diffieHellman,
  generatePrime,
  generatePrimeSync,
  getCiphers: cipher.getCiphers,
  getCipherInfo: cipher.getCipherInfo,
  getCurves: dh.getCurves,
  getDiffieHellman: dh.getDiffieHellman,
  getHashes: hash.getHashes,
  getMacs: hash.getMacs,
  hkdf,
  hkdfSync,
  parsePKCS12,
  pbkdf2,
  pbkdf2Sync,
  ...keygen,
  privateDecrypt: cipher.privateDecrypt,
  privateEncrypt: cipher.privateEncrypt,
  publicDecrypt: cipher.publicDecrypt,
  publicEncrypt: cipher.publicEncrypt,
  randomBytes,
  randomFill,
  randomFillSync,
  randomInt,
  randomUUID,
  randomUUIDv7,
  scrypt,
  scryptSync,
  sign: sign.sign,
  setEngine,
  timingSafeEqual,
  getFips,
  setFips,
  verify: sign.verify,
  hash: hash.hash,
  encapsulate: dh.encapsulate,
  decapsulate: dh.decapsulate,
  Certificate,
  Cipheriv: cipher.Cipheriv,
  Decipheriv: cipher.Decipheriv,
  DiffieHellman: dh.DiffieHellman,
  DiffieHellmanGroup: dh.DiffieHellmanGroup,
  ECDH: dh.ECDH,
  Hash: hash.Hash,
  Hmac: hash.Hmac,
  KeyObject,
  Sign: sign.Sign,
  Verify: sign.Verify,
  X509Certificate,
  secureHeapUsed,
};

const getter = (get, more) => ({ configurable: false, enumerable: true, get, ...more });
Object.defineProperties(module.exports, {
  fips: getter(getFips, { set: setFips, enumerable: false }),
  constants: { configurable: false, enumerable: true, value: constants },
  webcrypto: getter(() => web.crypto, { set: undefined }),
  subtle: getter(() => web.crypto.subtle, { set: undefined }),
  getRandomValues: getter(() => web.getRandomValues, { set: undefined }),
});

// Names of before, which are there and not shown.
for (const name of ['prng', 'pseudoRandomBytes', 'rng']) {
  let value = randomBytes;
  if (name === 'pseudoRandomBytes' && process.execArgv.includes('--pending-deprecation'))
    value = require('util').deprecate(randomBytes, 'crypto.pseudoRandomBytes is deprecated.', 'DEP0115');
  Object.defineProperty(module.exports, name, {
    value,
    configurable: true,
    enumerable: false,
    writable: true,
  });
}

if ('createCipher' in require('crypto')) {
  for (const [name, value] of Object.entries(require('./crypto/older-cipher')))
    Object.defineProperty(module.exports, name, {
      value,
      configurable: true,
      enumerable: name[0] !== 'c',
      writable: true,
    });
}
