'use strict';
// Ciphers, and encryption with RSA.

const { StringDecoder } = require('string_decoder');
const native = require('../native');
const { codeError, invalidArgType, invalidArgValue } = require('../errors');
const { validateInt32, validateObject, validateString, validateUint32 } = require('../validators');
const LazyTransform = require('./lazy-transform');
const { keyOf, secretOf } = require('./keys');
const { HANDLE, bytesOf, listed, validateEncoding, viewOf, withLength } = require('./util');

const handleOf = (cipher) => cipher[HANDLE];
const decoders = new WeakMap();

/** Text of the pieces of a cipher, whose characters may be in two of them. All are in one encoding. */
function decoderOf(cipher, encoding) {
  const normal = Buffer.isEncoding(encoding) ? new StringDecoder(encoding) : undefined;
  let decoder = decoders.get(cipher);
  if (!decoder) {
    if (!normal) {
      if (typeof encoding === 'string')
        throw codeError(TypeError, 'ERR_UNKNOWN_ENCODING', `Unknown encoding: ${encoding}`);
      return new StringDecoder('utf8');
    }
    decoders.set(cipher, (decoder = normal));
  } else if (decoder.encoding !== normal?.encoding) {
    if (normal) throw codeError(Error, 'ERR_INTERNAL_ASSERTION', 'Cannot change encoding');
    throw codeError(TypeError, 'ERR_UNKNOWN_ENCODING', `Unknown encoding: ${encoding}`);
  }
  return decoder;
}

function begin(object, make, cipher, key, iv, options) {
  validateString(cipher, 'cipher');
  const encoding = options?.encoding;
  const secret = secretOf(key, 'key', encoding);
  const vector = iv === null ? null : bytesOf(iv, 'iv', encoding);
  const length = options?.authTagLength;
  let given;
  if (length !== undefined && length !== null) {
    if (!Number.isInteger(length) || length < 0 || length > 2 ** 31 - 1)
      throw invalidArgValue('options.authTagLength', length);
    given = { has_auth_tag_length: true, auth_tag_length: length };
  }
  const handle = make(cipher, secret, vector, given);
  LazyTransform.call(object, options);
  object[HANDLE] = handle;
}

function Cipheriv(cipher, key, iv, options) {
  if (!new.target) return new Cipheriv(cipher, key, iv, options);
  begin(this, native.cipher_new, cipher, key, iv, options);
}

function Decipheriv(cipher, key, iv, options) {
  if (!new.target) return new Decipheriv(cipher, key, iv, options);
  begin(this, native.decipher_new, cipher, key, iv, options);
}

const shared = {
  _transform(chunk, encoding, callback) {
    this.push(native.cipher_update(handleOf(this), viewOf(chunk, 'data', encoding)));
    callback();
  },
  _flush(callback) {
    let last;
    try {
      last = native.cipher_final(handleOf(this));
    } catch (error) {
      return callback(error);
    }
    this.push(last);
    callback();
  },
  update(data, inputEncoding, outputEncoding) {
    if (typeof data === 'string') validateEncoding(data, inputEncoding);
    const bytes = viewOf(data, 'data', inputEncoding);
    const out = native.cipher_update(handleOf(this), bytes);
    return outputEncoding && outputEncoding !== 'buffer' ? decoderOf(this, outputEncoding).write(out) : out;
  },
  final(outputEncoding) {
    const decoder =
      outputEncoding && outputEncoding !== 'buffer' ? decoderOf(this, outputEncoding) : undefined;
    const out = native.cipher_final(handleOf(this));
    return decoder ? decoder.end(out) : out;
  },
  setAutoPadding(autoPadding) {
    native.cipher_set_auto_padding(handleOf(this), autoPadding === undefined ? true : !!autoPadding);
    return this;
  },
  setAAD(buffer, options) {
    const encoding = options?.encoding;
    const length = options?.plaintextLength;
    if (length !== undefined && (!Number.isInteger(length) || length < 0 || length > 2 ** 31 - 1))
      throw invalidArgValue('options.plaintextLength', length);
    native.cipher_set_aad(handleOf(this), bytesOf(buffer, 'buffer', encoding), length ?? -1);
    return this;
  },
};

function getAuthTag() {
  return native.cipher_get_auth_tag(handleOf(this));
}

function setAuthTag(buffer, encoding) {
  native.cipher_set_auth_tag(handleOf(this), bytesOf(buffer, 'buffer', encoding));
  return this;
}

for (const [Class, own] of [
  [Cipheriv, { getAuthTag }],
  [Decipheriv, { setAuthTag }],
]) {
  Class.prototype = Object.create(LazyTransform.prototype, {
    constructor: { value: Class, configurable: true, writable: true },
  });
  Object.setPrototypeOf(Class, LazyTransform);
  const { _transform, _flush, update, final, setAutoPadding, setAAD } = shared;
  Object.assign(Class.prototype, { _transform, _flush, update, final, setAutoPadding, ...own, setAAD });
}

const getCiphers = withLength(0, () => listed(native.cipher_name));

function getCipherInfo(nameOrNid, options) {
  if (typeof nameOrNid !== 'string' && typeof nameOrNid !== 'number')
    throw invalidArgType('nameOrNid', ['string', 'number'], nameOrNid);
  if (typeof nameOrNid === 'number') validateInt32(nameOrNid, 'nameOrNid');
  let keyLength = -1;
  let ivLength = -1;
  if (options !== undefined) {
    validateObject(options, 'options');
    if (options.keyLength !== undefined) validateInt32((keyLength = options.keyLength), 'options.keyLength');
    if (options.ivLength !== undefined) validateInt32((ivLength = options.ivLength), 'options.ivLength');
  }
  const ask = typeof nameOrNid === 'string' ? native.cipher_get_info : native.cipher_get_info_by_nid;
  let info;
  try {
    info = ask(nameOrNid, keyLength, ivLength);
  } catch (error) {
    if (error.code === 'ERR_CRYPTO_UNKNOWN_CIPHER') return undefined;
    throw error;
  }
  const told = { mode: info.mode, name: info.name, nid: info.nid || undefined, keyLength: info.key_length };
  if (info.block_size) told.blockSize = info.block_size;
  if (info.iv_length) told.ivLength = info.iv_length;
  return Object.setPrototypeOf(told, null);
}

/** The key; of what is neither a key nor a digest, the digest is told first. */
function keyFor(options, wants, oaepHash) {
  try {
    return keyOf(options, wants);
  } catch (error) {
    if (oaepHash !== undefined && /^ERR_OSSL/.test(error.code) && !isDigest(oaepHash))
      throw Object.assign(new Error('Invalid digest used'), { code: 'ERR_OSSL_EVP_INVALID_DIGEST' });
    throw error;
  }
}

function isDigest(name) {
  try {
    native.hash_new(name);
    return true;
  } catch {
    return false;
  }
}

/** One of the four ways to encrypt with RSA. */
function rsa(name, wants, run) {
  return Object.defineProperty(
    function (options, buffer) {
      const { encoding, padding, oaepHash, oaepLabel } = options ?? {};
      const given = {};
      if (oaepHash !== undefined) {
        validateString(oaepHash, 'key.oaepHash');
        given.oaep_hash = oaepHash;
      }
      if (oaepLabel !== undefined) given.oaep_label = bytesOf(oaepLabel, 'key.oaepLabel', encoding);
      if (padding !== undefined) {
        validateUint32(padding, 'key.padding');
        given.padding = padding;
      }
      const key = keyFor(options, wants, oaepHash);
      return run(key, bytesOf(buffer, 'buffer', encoding), given);
    },
    'name',
    { value: name, configurable: true },
  );
}

module.exports = {
  Cipheriv,
  Decipheriv,
  begin,
  createCipheriv: function createCipheriv(cipher, key, iv, options) {
    return new Cipheriv(cipher, key, iv, options);
  },
  createDecipheriv: function createDecipheriv(cipher, key, iv, options) {
    return new Decipheriv(cipher, key, iv, options);
  },
  getCipherInfo,
  getCiphers,
  privateDecrypt: rsa('privateDecrypt', 'private', native.crypto_private_decrypt),
  privateEncrypt: rsa('privateEncrypt', 'private', native.crypto_private_encrypt),
  publicDecrypt: rsa('publicDecrypt', 'public', native.crypto_public_decrypt),
  publicEncrypt: rsa('publicEncrypt', 'public', native.crypto_public_encrypt),
};
