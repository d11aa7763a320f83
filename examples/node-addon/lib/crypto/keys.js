'use strict';
// KeyObjects, and every form in which a key is given.

const native = require('../native');
const { codeError, invalidArgType, invalidArgValue } = require('../errors');
const { isAnyBytes, validateObject, validateString } = require('../validators');
const cryptoKeys = require('./cryptokey');
const { BYTES, bytesOf, decoded, lent } = require('./util');

const FORMATS = { pem: 1, der: 2, jwk: 3, 'raw-public': 4, 'raw-private': 6, 'raw-seed': 7 };
const RAW_COMPRESSED = 5;
const ENCODINGS = { pkcs1: 1, pkcs8: 2, sec1: 3, spki: 4 };
const TYPES = ['secret', 'public', 'private'];
const SOURCES = [...BYTES, 'string'];
const KEYS = [...SOURCES, 'KeyObject', 'CryptoKey'];

const isTextOrBytes = (value) => typeof value === 'string' || isAnyBytes(value);

function wrongType(type, expected) {
  return codeError(
    TypeError,
    'ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE',
    `Invalid key object type ${type}, expected ${expected}.`,
  );
}

const incompatible = (encoding, problem) =>
  codeError(
    Error,
    'ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS',
    `The selected key encoding ${encoding} ${problem}.`,
  );

let handleOf;
let isKeyObject;

class KeyObject {
  #type;
  #handle;

  constructor(type, handle) {
    if (!TYPES.includes(type)) throw invalidArgValue('type', type);
    if (typeof handle !== 'object' || handle === null) throw invalidArgType('handle', 'object', handle);
    this.#type = type;
    this.#handle = handle;
  }

  get type() {
    return this.#type;
  }

  static from(key) {
    if (!cryptoKeys.isCryptoKey(key)) throw invalidArgType('key', 'CryptoKey', key);
    return keyObject(native.crypto_key_to_key(cryptoKeys.handleOf(key)));
  }

  equals(otherKeyObject) {
    if (!isKeyObject(otherKeyObject)) throw invalidArgType('otherKeyObject', 'KeyObject', otherKeyObject);
    return native.key_equals(this.#handle, otherKeyObject.#handle);
  }

  toCryptoKey(algorithm, extractable, keyUsages) {
    return require('./web').toCryptoKey(this.#handle, algorithm, extractable, keyUsages);
  }

  static {
    handleOf = (key) => key.#handle;
    isKeyObject = (value) => value !== null && typeof value === 'object' && #handle in value;
  }
}
Object.defineProperty(KeyObject.prototype, 'type', { enumerable: true });
Object.defineProperty(KeyObject.prototype, Symbol.toStringTag, { value: 'KeyObject', configurable: true });

class SecretKeyObject extends KeyObject {
  constructor(handle) {
    super('secret', handle);
  }

  get symmetricKeySize() {
    return native.key_secret(handleOf(this)).byteLength;
  }

  export(options) {
    if (options !== undefined) {
      validateObject(options, 'options');
      const { format } = options;
      if (format !== undefined && format !== 'buffer' && format !== 'jwk')
        throw invalidArgValue('options.format', format, "must be one of: undefined, 'buffer', 'jwk'");
      if (format === 'jwk') return exported(handleOf(this), { format: FORMATS.jwk });
    }
    return native.key_secret(handleOf(this));
  }
}

const details = new WeakMap();

class AsymmetricKeyObject extends KeyObject {
  get asymmetricKeyType() {
    return native.key_asymmetric_type(handleOf(this));
  }

  get asymmetricKeyDetails() {
    if (!details.has(this)) details.set(this, detailsOf(handleOf(this)));
    return details.get(this);
  }
}

class PublicKeyObject extends AsymmetricKeyObject {
  constructor(handle) {
    super('public', handle);
  }

  export(options) {
    return exported(handleOf(this), exportOptions(options, this.asymmetricKeyType, true));
  }
}

class PrivateKeyObject extends AsymmetricKeyObject {
  constructor(handle) {
    super('private', handle);
  }

  export(options) {
    if (options?.passphrase !== undefined && options.format === 'jwk')
      throw incompatible('jwk', 'does not support encryption');
    return exported(handleOf(this), exportOptions(options, this.asymmetricKeyType, false));
  }
}

const CLASSES = [SecretKeyObject, PublicKeyObject, PrivateKeyObject];

/** The library's key as a KeyObject. */
const keyObject = (handle) => new CLASSES[native.key_type(handle)](handle);

function detailsOf(handle) {
  const found = native.key_asymmetric_details(handle);
  const told = {};
  if (found.modulus_length) told.modulusLength = found.modulus_length;
  if (found.public_exponent) told.publicExponent = BigInt(`0x${found.public_exponent.toString('hex')}`);
  if (found.divisor_length) told.divisorLength = found.divisor_length;
  if (found.hash_algorithm !== undefined) told.hashAlgorithm = found.hash_algorithm;
  if (found.mgf1_hash_algorithm !== undefined) told.mgf1HashAlgorithm = found.mgf1_hash_algorithm;
  if (found.salt_length >= 0) told.saltLength = found.salt_length;
  if (found.named_curve !== undefined) told.namedCurve = found.named_curve;
  return told;
}

/** Writes a key: text for PEM, an object for JWK, else bytes. */
function exported(handle, options) {
  const bytes = native.key_export(handle, options);
  if (options.format === FORMATS.pem) return bytes.toString();
  return options.format === FORMATS.jwk ? JSON.parse(bytes.toString()) : bytes;
}

const property = (object, name) => (object === undefined ? `options.${name}` : `options.${object}.${name}`);

/**
 * The format, and for PEM and DER the type, of a key that is read (`isPublic` is undefined if it may be
 * either) or written; `object` is the option that they are in.
 */
function encodingOf(options, { keyType, isPublic, object, reads = false }) {
  const { format, type } = options;
  if (format === undefined ? !reads : !Object.hasOwn(FORMATS, format) || typeof format !== 'string')
    throw invalidArgValue(property(object, 'format'), format);
  const given = { format: FORMATS[format ?? 'pem'] };
  if (format !== undefined && format !== 'pem' && format !== 'der') {
    if (format === 'raw-public' && !reads && type !== undefined) {
      if (type !== 'compressed' && type !== 'uncompressed')
        throw invalidArgValue(property(object, 'type'), type);
      if (type === 'compressed') given.format = RAW_COMPRESSED;
    }
    return given;
  }
  if (type === undefined ? !reads || format === 'der' : !allows(type, isPublic))
    throw invalidArgValue(property(object, 'type'), type);
  if (type === undefined) return given;
  if (keyType !== undefined && keyType !== 'rsa' && type === 'pkcs1')
    throw incompatible(type, 'can only be used for RSA keys');
  if (keyType !== undefined && keyType !== 'ec' && type === 'sec1')
    throw incompatible(type, 'can only be used for EC keys');
  given.encoding = ENCODINGS[type];
  return given;
}

function allows(type, isPublic) {
  if (typeof type !== 'string' || !Object.hasOwn(ENCODINGS, type)) return false;
  return type === 'pkcs1' || isPublic === undefined || (type === 'spki') === isPublic;
}

/** How a key is to be written, out of what export() or generateKeyPair() are given. */
function exportOptions(options, keyType, isPublic, object) {
  validateObject(options, 'options');
  const given = encodingOf(options, { keyType, isPublic, object });
  if (isPublic) return given;
  const { cipher, passphrase, encoding } = options;
  if (cipher != null || passphrase !== undefined) {
    if (typeof cipher !== 'string') throw invalidArgValue(property(object, 'cipher'), cipher);
    if (
      given.format === FORMATS.der &&
      (given.encoding === ENCODINGS.pkcs1 || given.encoding === ENCODINGS.sec1)
    )
      throw incompatible(options.type, 'does not support encryption');
    if (!isTextOrBytes(passphrase)) throw invalidArgValue(property(object, 'passphrase'), passphrase);
    given.cipher = cipher;
    given.passphrase = bytesOf(passphrase, 'options.passphrase', encoding);
  }
  return given;
}

/** A KeyObject or CryptoKey that is used as `wants` says, "private" or "public". */
function existing(key, wants, creates) {
  const handle = isKeyObject(key) ? handleOf(key) : native.crypto_key_to_key(cryptoKeys.handleOf(key));
  const type = TYPES[native.key_type(handle)];
  if (creates && wants === 'private') throw invalidArgType('key', SOURCES, key);
  if (type !== 'private') {
    if (wants === 'private' || creates) throw wrongType(type, 'private');
    if (type !== 'public') throw wrongType(type, 'private or public');
  }
  return handle;
}

/**
 * The library's key for what an argument says of one: a KeyObject, a CryptoKey, PEM, or an object with a
 * `key` and how it is written. `wants` is "private" or "public"; `creates` says that a key that is there
 * already does not do.
 */
function keyOf(key, wants, { creates = false, name = 'key' } = {}) {
  if (isKeyObject(key) || cryptoKeys.isCryptoKey(key)) return existing(key, wants, creates);
  const read = wants === 'private' ? native.crypto_create_private_key : native.crypto_create_public_key;
  if (isTextOrBytes(key)) return read({ format: FORMATS.pem, data: lent(key) });
  const kinds = creates && wants === 'private' ? SOURCES : KEYS;
  if (typeof key !== 'object' || key === null) throw invalidArgType(name, kinds, key);
  const { key: data, encoding, format, passphrase, asymmetricKeyType, namedCurve } = key;
  if (isKeyObject(data) || cryptoKeys.isCryptoKey(data)) return existing(data, wants, creates);
  if (format === 'jwk') {
    validateObject(data, `${name}.key`);
    return jwkKey(data, wants);
  }
  if (!isTextOrBytes(data)) throw invalidArgType(`${name}.key`, kinds, data);
  const input = encodingOf(key, { isPublic: wants === 'private' ? false : undefined, reads: true });
  input.data = lent(typeof data === 'string' ? decoded(data, encoding) : data);
  if (passphrase != null) {
    if (!isTextOrBytes(passphrase)) throw invalidArgValue('options.passphrase', passphrase);
    input.passphrase = lent(typeof passphrase === 'string' ? decoded(passphrase, encoding) : passphrase);
  }
  if (asymmetricKeyType !== undefined) input.asymmetric_key_type = asymmetricKeyType;
  if (namedCurve !== undefined) input.named_curve = namedCurve;
  return read(input);
}

const JWK_MEMBERS = {
  RSA: [
    ['n', 'e'],
    ['d', 'p', 'q', 'dp', 'dq', 'qi'],
  ],
  EC: [['crv', 'x', 'y'], ['d']],
  OKP: [['crv', 'x'], ['d']],
};

/** A JSON Web Key. */
function jwkKey(jwk, wants) {
  const members = JWK_MEMBERS[jwk.kty];
  if (members) {
    const isPrivate = wants === 'private' || jwk.d !== undefined;
    for (const member of isPrivate ? members.flat() : members[0])
      validateString(jwk[member], `key.${member}`);
    const known = isPrivate ? members.flat() : members[0];
    jwk = Object.fromEntries(['kty', ...known].map((member) => [member, jwk[member]]));
    const data = JSON.stringify(jwk);
    if (wants === 'private' || !isPrivate) return read(wants, data);
    return native.key_to_public(read('private', data));
  }
  return read(wants, JSON.stringify(jwk));
}

const read = (wants, data) =>
  (wants === 'private' ? native.crypto_create_private_key : native.crypto_create_public_key)({
    format: FORMATS.jwk,
    data,
  });

/** The bytes of a secret KeyObject. */
function secretBytes(key) {
  const handle = isKeyObject(key) ? handleOf(key) : native.crypto_key_to_key(cryptoKeys.handleOf(key));
  const type = TYPES[native.key_type(handle)];
  if (type !== 'secret') throw wrongType(type, 'secret');
  return native.key_secret(handle);
}

/** The bytes of a secret, in whatever form. */
function secretOf(key, name, encoding) {
  if (isKeyObject(key) || cryptoKeys.isCryptoKey(key)) return secretBytes(key);
  if (!isTextOrBytes(key)) throw invalidArgType(name, KEYS, key);
  return bytesOf(key, name, encoding);
}

function createSecretKey(key, encoding) {
  if (!isTextOrBytes(key)) throw invalidArgType('key', SOURCES, key);
  return new SecretKeyObject(native.crypto_create_secret_key(bytesOf(key, 'key', encoding)));
}

function createPublicKey(key) {
  const handle = keyOf(key, 'public', { creates: true });
  return new PublicKeyObject(native.key_type(handle) === 2 ? native.key_to_public(handle) : handle);
}

function createPrivateKey(key) {
  return new PrivateKeyObject(keyOf(key, 'private', { creates: true }));
}

function parsePKCS12(bundle, options = {}) {
  if (!isAnyBytes(bundle)) throw invalidArgType('bundle', BYTES, bundle);
  validateObject(options, 'options');
  const { passphrase } = options;
  const text = passphrase === undefined ? undefined : bytesOf(passphrase, 'options.passphrase');
  const opened = native.crypto_parse_pkcs12(lent(bundle), text);
  const { X509Certificate } = require('./x509');
  const certificate = native.pkcs12_certificate(opened);
  const additionalCertificates = [];
  for (let i = 0, der; (der = native.pkcs12_additional_certificate(opened, i)); i++)
    additionalCertificates.push(new X509Certificate(der));
  const key = native.pkcs12_private_key(opened);
  return {
    privateKey: key === null ? null : keyObject(key),
    certificate: certificate === undefined ? null : new X509Certificate(certificate),
    additionalCertificates,
  };
}

module.exports = {
  FORMATS,
  KeyObject,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  exportOptions,
  exported,
  handleOf: (key) => handleOf(key),
  isKeyObject: (value) => isKeyObject(value),
  keyObject,
  keyOf,
  parsePKCS12,
  secretBytes,
  secretOf,
  wrongType,
};
