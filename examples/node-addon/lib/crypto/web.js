'use strict';
// WebCrypto.

const native = require('../native');
const { codeError } = require('../errors');
const { isAnyBytes } = require('../validators');
const { CryptoKey, USAGES, cryptoKey, handleOf, isCryptoKey } = require('./cryptokey');
const older = require('./older');
const { getRandomValues, randomUUID } = require('./random');
const { lent } = require('./util');

const FORMATS = {
  raw: 1,
  'raw-secret': 2,
  'raw-public': 3,
  'raw-private': 4,
  'raw-seed': 5,
  spki: 6,
  pkcs8: 7,
  jwk: 8,
};

const failure = (code, message) => codeError(TypeError, code, message);

function ordinal(n) {
  return `${n}${['th', 'st', 'nd', 'rd'][n] ?? 'th'} argument`;
}

/** What Web IDL makes of a value, or what it says of it. `context` names the value. */
const to = {
  bytes(value, context) {
    if (!isAnyBytes(value) || value instanceof SharedArrayBuffer)
      throw failure(
        'ERR_INVALID_ARG_TYPE',
        `${context} is not instance of ArrayBuffer, Buffer, TypedArray, or DataView.`,
      );
    if (value.buffer instanceof SharedArrayBuffer)
      throw failure(
        'ERR_INVALID_ARG_TYPE',
        `${context} is a view on a SharedArrayBuffer, which is not allowed.`,
      );
    return lent(value);
  },
  octets(value, context) {
    if (Object.prototype.toString.call(value) !== '[object Uint8Array]')
      throw failure('ERR_INVALID_ARG_TYPE', `${context} is not an Uint8Array object.`);
    return to.bytes(value, context);
  },
  integer(most) {
    return (value, context) => {
      if (typeof value === 'symbol')
        throw failure('ERR_INVALID_ARG_TYPE', `${context} is a Symbol and cannot be converted to a number.`);
      if (typeof value === 'bigint')
        throw failure('ERR_INVALID_ARG_TYPE', `${context} is a BigInt and cannot be converted to a number.`);
      const number = Number(value);
      if (!Number.isFinite(number))
        throw failure('ERR_INVALID_ARG_TYPE', `${context} is not a finite number.`);
      const whole = Math.trunc(number);
      if (whole < 0 || whole > most)
        throw failure('ERR_OUT_OF_RANGE', `${context} is outside the expected range of 0 to ${most}.`);
      return whole;
    };
  },
  text(value, context) {
    if (typeof value === 'symbol')
      throw failure('ERR_INVALID_ARG_TYPE', `${context} is a Symbol and cannot be converted to a string.`);
    return `${value}`;
  },
  key(value, context) {
    if (!isCryptoKey(value)) throw failure('ERR_INVALID_ARG_TYPE', `${context} is not of type CryptoKey.`);
    return handleOf(value);
  },
  /** The name of a digest, which is itself an algorithm. */
  digest(value, context) {
    return typeof value === 'object' && value !== null ? nameOf(value, context) : to.text(value, context);
  },
  format(value, context) {
    const format = to.text(value, context);
    if (!Object.hasOwn(FORMATS, format))
      throw failure(
        'ERR_INVALID_ARG_VALUE',
        `${context} value '${format}' is not a valid enum value of type KeyFormat.`,
      );
    return FORMATS[format];
  },
  usages(value, context) {
    if (value === null || typeof value !== 'object' || typeof value[Symbol.iterator] !== 'function')
      throw failure('ERR_INVALID_ARG_TYPE', `${context} cannot be converted to sequence.`);
    let bits = 0;
    for (const each of value) {
      const index = USAGES.indexOf(to.text(each, context));
      if (index < 0)
        throw failure(
          'ERR_INVALID_ARG_VALUE',
          `${context} value '${each}' is not a valid enum value of type KeyUsage.`,
        );
      bits |= 1 << index;
    }
    return bits;
  },
  flag: (value) => !!value,
  keyData(value, context, [format]) {
    if (format !== FORMATS.jwk) return to.bytes(value, context);
    if (value != null && typeof value !== 'object' && typeof value !== 'function')
      throw failure('ERR_INVALID_ARG_TYPE', `${context} cannot be converted to a dictionary.`);
    return JSON.stringify(value ?? {});
  },
  /** The length of deriveBits, which may be left to the algorithm. */
  bits: (value, context) => (value == null ? -1 : to.integer(2 ** 32 - 1)(value, context)),
};

const octet = to.integer(255);
const long = to.integer(2 ** 32 - 1);

// The members that algorithms have: how each is read, the library's name of it, and its bit if it may be 0.
const MEMBERS = {
  hash: [to.digest, 'hash'],
  namedCurve: [to.text, 'named_curve'],
  publicExponent: [to.octets, 'public_exponent'],
  iv: [to.bytes, 'iv'],
  counter: [to.bytes, 'counter'],
  additionalData: [to.bytes, 'additional_data'],
  label: [to.bytes, 'label'],
  context: [to.bytes, 'context'],
  customization: [to.bytes, 'customization'],
  functionName: [to.bytes, 'function_name'],
  salt: [to.bytes, 'salt'],
  info: [to.bytes, 'info'],
  nonce: [to.bytes, 'nonce'],
  secretValue: [to.bytes, 'secret_value'],
  associatedData: [to.bytes, 'associated_data'],
  public: [to.key, 'public_key'],
  length: [long, 'length', 1],
  tagLength: [octet, 'tag_length', 2],
  modulusLength: [long, 'modulus_length', 4],
  saltLength: [long, 'salt_length', 8],
  outputLength: [long, 'output_length', 16],
  iterations: [long, 'iterations', 32],
  parallelism: [long, 'parallelism', 64],
  memory: [long, 'memory', 128],
  passes: [long, 'passes', 256],
  domainSeparation: [octet, 'domain_separation', 512],
  version: [octet, 'version', 1024],
};

const AES = ['length', 'iv', 'counter', 'additionalData', 'tagLength'];
const RSA = ['modulusLength', 'publicExponent', 'hash', 'saltLength', 'label'];
const XOF = ['outputLength', 'length', 'customization', 'functionName', 'domainSeparation'];
// Which of them an algorithm looks at, by how its name begins.
const FAMILIES = [
  [/^aes-|^chacha20-/i, AES],
  [/^hmac$/i, ['hash', 'length']],
  [/^rsa/i, RSA],
  [/^ecdsa$/i, ['namedCurve', 'hash']],
  [/^ecdh$/i, ['namedCurve', 'public']],
  [/^x(25519|448)$/i, ['public']],
  [/^(ed448|ed25519|ml-dsa-\d+)$/i, ['context']],
  [/^hkdf$/i, ['hash', 'salt', 'info']],
  [/^pbkdf2$/i, ['hash', 'salt', 'iterations']],
  [/^(c|turbo)shake|^k(t|mac)\d+$/i, XOF],
  [/^argon2/i, ['nonce', 'parallelism', 'memory', 'passes', 'version', 'secretValue', 'associatedData']],
];

function nameOf(algorithm, context) {
  if (algorithm.name === undefined)
    throw failure(
      'ERR_MISSING_OPTION',
      `${context} cannot be converted to 'Algorithm' because 'name' is required in 'Algorithm'.`,
    );
  return to.text(algorithm.name, `'name' of 'Algorithm' (${context})`);
}

/** An algorithm for the library. */
function algorithmOf(value, context) {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function'))
    return { name: to.text(value, context) };
  const name = nameOf(value, context);
  const given = { name, has: 0 };
  const family = FAMILIES.find(([names]) => names.test(name));
  for (const member of family?.[1] ?? []) {
    const { [member]: found } = value;
    if (found === undefined) continue;
    const [read, field, bit = 0] = MEMBERS[member];
    given[field] = read(found, `'${member}' of 'Algorithm' (${context})`);
    if (bit) given.has |= bit;
  }
  return given;
}

/** The memory of a result alone. */
function bufferOf({ buffer, byteOffset, byteLength }) {
  if (byteOffset === 0 && buffer.byteLength === byteLength) return buffer;
  return buffer.slice(byteOffset, byteOffset + byteLength);
}

const keyOrPair = (publicKey, key) =>
  publicKey === null ? cryptoKey(key) : { publicKey: cryptoKey(publicKey), privateKey: cryptoKey(key) };
const bitsOf = (ciphertext, shared) => ({ sharedKey: bufferOf(shared), ciphertext: bufferOf(ciphertext) });
const sharedOf = (ciphertext, shared) => ({ sharedKey: cryptoKey(shared), ciphertext: bufferOf(ciphertext) });
const same = (value) => value;
const exportedOf = (bytes, [format]) =>
  format === FORMATS.jwk ? JSON.parse(Buffer.from(bytes).toString()) : bufferOf(bytes);

const { bytes, key, flag, usages, format, keyData, bits } = to;
const alg = algorithmOf;
// Each method: the library's function, its arguments, what is made of the result, and how many must be given.
const METHODS = {
  encrypt: [native.subtle_encrypt, [alg, key, bytes], bufferOf],
  decrypt: [native.subtle_decrypt, [alg, key, bytes], bufferOf],
  sign: [native.subtle_sign, [alg, key, bytes], bufferOf],
  verify: [native.subtle_verify, [alg, key, bytes, bytes], same],
  digest: [native.subtle_digest, [alg, bytes], bufferOf],
  generateKey: [native.subtle_generate_key, [alg, flag, usages], keyOrPair],
  deriveKey: [native.subtle_derive_key, [alg, key, alg, flag, usages], cryptoKey],
  deriveBits: [native.subtle_derive_bits, [alg, key, bits], bufferOf, 2],
  importKey: [native.subtle_import_key, [format, keyData, alg, flag, usages], cryptoKey],
  exportKey: [native.subtle_export_key, [format, key], exportedOf],
  wrapKey: [native.subtle_wrap_key, [format, key, key, alg], bufferOf],
  unwrapKey: [native.subtle_unwrap_key, [format, bytes, key, alg, alg, flag, usages], cryptoKey],
  getPublicKey: [native.subtle_get_public_key, [key, usages], cryptoKey],
  encapsulateBits: [native.subtle_encapsulate_bits, [alg, key], bitsOf],
  encapsulateKey: [native.subtle_encapsulate_key, [alg, key, alg, flag, usages], sharedOf],
  decapsulateBits: [native.subtle_decapsulate_bits, [alg, key, bytes], bufferOf],
  decapsulateKey: [native.subtle_decapsulate_key, [alg, key, bytes, alg, flag, usages], cryptoKey],
};

// What is done with a key of one's own.
const OF_KEY = new Set(['encrypt', 'decrypt', 'sign', 'verify']);

let made = false;
const subtles = new WeakSet();

function construct(object, known) {
  if (!made) throw codeError(TypeError, 'ERR_ILLEGAL_CONSTRUCTOR', 'Illegal constructor');
  known.add(object);
}

class SubtleCrypto {
  constructor() {
    construct(this, subtles);
  }

  static supports(operation, algorithm, lengthOrAdditionalAlgorithm = null) {
    const prefix = "Failed to execute 'supports' on 'SubtleCrypto'";
    required(arguments.length, 2, prefix);
    const name = to.text(operation, `${prefix}: ${ordinal(1)}`);
    let wanted;
    let other = null;
    let length = -1;
    try {
      wanted = algorithmOf(algorithm, `${prefix}: ${ordinal(2)}`);
      if (typeof lengthOrAdditionalAlgorithm === 'number') length = lengthOrAdditionalAlgorithm;
      else if (lengthOrAdditionalAlgorithm !== null)
        other = algorithmOf(lengthOrAdditionalAlgorithm, `${prefix}: ${ordinal(3)}`);
    } catch {
      return false;
    }
    return native.subtle_supports(name, wanted, other, length);
  }
}

function required(given, count, prefix) {
  if (given < count)
    throw failure(
      'ERR_MISSING_ARGS',
      `${prefix}: ${count} argument${count === 1 ? '' : 's'} required, but only ${given} present.`,
    );
}

for (const [name, [run, kinds, make, count = kinds.length]] of Object.entries(METHODS)) {
  const prefix = `Failed to execute '${name}' on 'SubtleCrypto'`;
  const method = {
    async [name](...values) {
      if (!subtles.has(this))
        throw failure('ERR_INVALID_THIS', 'Value of "this" must be of type SubtleCrypto');
      required(values.length, count, prefix);
      const given = [];
      kinds.forEach((read, i) => given.push(read(values[i], `${prefix}: ${ordinal(i + 1)}`, given)));
      if (OF_KEY.has(name)) {
        const refused = older.refusal(name, given[0], values[1]);
        if (refused) throw refused;
      }
      const inWords = (error) => older.reworded(error, name, given[kinds.indexOf(alg)], values);
      return new Promise((resolve, reject) => {
        const done = (err, ...results) => {
          if (err) return reject(inWords(err));
          try {
            resolve(make === exportedOf ? exportedOf(results[0], given) : make(...results));
          } catch (error) {
            reject(error);
          }
        };
        try {
          run(...given, done);
        } catch (error) {
          reject(inWords(error));
        }
      });
    },
  }[name];
  Object.defineProperty(method, 'length', { value: count, configurable: true });
  Object.defineProperty(SubtleCrypto.prototype, name, {
    value: method,
    configurable: true,
    enumerable: true,
    writable: true,
  });
}

const cryptos = new WeakSet();
let subtle;

function check(object) {
  if (!cryptos.has(object)) throw failure('ERR_INVALID_THIS', 'Value of "this" must be of type Crypto');
}

class Crypto {
  constructor() {
    construct(this, cryptos);
  }

  get subtle() {
    check(this);
    return subtle;
  }

  getRandomValues(array) {
    check(this);
    required(arguments.length, 1, "Failed to execute 'getRandomValues' on 'Crypto'");
    return getRandomValues(array);
  }

  randomUUID(options) {
    check(this);
    return randomUUID(options);
  }
}
for (const name of ['subtle', 'getRandomValues', 'randomUUID'])
  Object.defineProperty(Crypto.prototype, name, { enumerable: true });
for (const Class of [SubtleCrypto, Crypto])
  Object.defineProperty(Class.prototype, Symbol.toStringTag, { value: Class.name, configurable: true });

made = true;
subtle = new SubtleCrypto();
const crypto = new Crypto();
made = false;

// The classes are found here as well as on the global object.
for (const [name, value] of Object.entries({ Crypto, CryptoKey, SubtleCrypto }))
  Object.defineProperty(crypto, name, { value, configurable: true, enumerable: false, writable: true });

/** A key of the library's as a CryptoKey. */
function toCryptoKey(handle, algorithm, extractable, keyUsages) {
  const prefix = "Failed to execute 'toCryptoKey' on 'KeyObject'";
  return cryptoKey(
    native.key_to_crypto_key(
      handle,
      algorithmOf(algorithm, `${prefix}: ${ordinal(1)}`),
      !!extractable,
      usages(keyUsages, `${prefix}: ${ordinal(3)}`),
    ),
  );
}

module.exports = {
  Crypto,
  CryptoKey,
  SubtleCrypto,
  crypto,
  getRandomValues: (array) => crypto.getRandomValues(array),
  subtle,
  toCryptoKey,
};
