'use strict';
// Ciphers whose key is made of a password, which Node had until 22: only for a runtime that still has them.

const { deprecate } = require('util');
const native = require('../native');
const { validateString } = require('../validators');
const { Cipheriv, Decipheriv, begin } = require('./cipher');
const { secretOf } = require('./keys');

/** OpenSSL's key and vector of a password: MD5 of it and of what came before, as often as it takes. */
function derived(cipher, password) {
  const { key_length: keyLength, iv_length: ivLength } = native.cipher_get_info(cipher, -1, -1);
  let all = Buffer.alloc(0);
  for (let last = all; all.length < keyLength + ivLength; all = Buffer.concat([all, last]))
    last = native.crypto_hash('md5', Buffer.concat([last, password]));
  return [all.subarray(0, keyLength), ivLength ? all.subarray(keyLength, keyLength + ivLength) : null];
}

function classOf(Base, make) {
  function Class(cipher, password, options) {
    if (!new.target) return new Class(cipher, password, options);
    validateString(cipher, 'cipher');
    const bytes = secretOf(password, 'password', options?.encoding);
    const plain =
      typeof bytes === 'string'
        ? Buffer.from(bytes)
        : Buffer.from(bytes.buffer ?? bytes, bytes.byteOffset, bytes.byteLength);
    begin(this, make, cipher, ...derived(cipher, plain), options);
  }
  const methods = Object.getOwnPropertyDescriptors(Base.prototype);
  Class.prototype = Object.create(Object.getPrototypeOf(Base.prototype), {
    ...methods,
    constructor: { value: Class, configurable: true, writable: true },
  });
  Object.setPrototypeOf(Class, Object.getPrototypeOf(Base));
  Object.defineProperty(Class, 'name', { value: Base.name.slice(0, -2), configurable: true });
  return Class;
}

const Cipher = classOf(Cipheriv, native.cipher_new);
const Decipher = classOf(Decipheriv, native.decipher_new);

const dated = (name, Class) =>
  deprecate(
    (cipher, password, options) => new Class(cipher, password, options),
    `crypto.${name} is deprecated.`,
    'DEP0106',
  );

module.exports = {
  Cipher,
  Decipher,
  createCipher: dated('createCipher', Cipher),
  createDecipher: dated('createDecipher', Decipher),
};
