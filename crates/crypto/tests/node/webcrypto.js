// Answers the questions of tests/webcrypto_node.rs, one a line: a verb, and JSON.
'use strict';
const { webcrypto, KeyObject, createSecretKey, createPublicKey, createPrivateKey } = require('crypto');
const { subtle } = webcrypto;
// What is experimental is told on stderr otherwise.
process.removeAllListeners('warning');

const hex = (bytes) => Buffer.from(bytes).toString('hex');
const BYTES = ['publicExponent', 'iv', 'counter', 'additionalData', 'label', 'context', 'customization', 'functionName',
  'salt', 'info', 'nonce', 'secretValue', 'associatedData'];

// An algorithm's bytes come in hex, its public key as a description.
async function algorithm(of) {
  if (typeof of === 'string') return of;
  const out = { ...of };
  for (const name of BYTES) if (name in out) out[name] = new Uint8Array(Buffer.from(out[name], 'hex'));
  if ('public' in out) out.public = await key(out.public);
  return out;
}

const data = (format, of) => (format === 'jwk' && typeof of === 'object' ? of : Buffer.from(of, 'hex'));

// A key is described by how it is imported.
async function key({ format, data: bytes, algorithm: of, extractable, usages }) {
  return subtle.importKey(format, data(format, bytes), await algorithm(of), extractable, usages);
}

function shown(value) {
  if (value instanceof CryptoKey) {
    const of = value.algorithm;
    const exponent = of.publicExponent === undefined ? '' : hex(of.publicExponent);
    const named = [of.name, of.length, of.hash?.name, of.modulusLength, exponent, of.namedCurve].join();
    const out = KeyObject.from(value);
    const written = out.type === 'secret' ? out.export() : out.export({ format: 'der', type: out.type === 'public' ? 'spki' : 'pkcs8' });
    return `${value.type} ${value.extractable} ${named} ${value.usages.join()} ${hex(written)}`;
  }
  if (value instanceof ArrayBuffer || Buffer.isBuffer(value)) return hex(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function failed(e) {
  const cause = e.cause === undefined ? '' : ` because ${e.cause.name} ${e.cause.code} ${e.cause.message}`;
  return `error ${e.name} ${e.message}${cause}`;
}

const halves = ({ publicKey, privateKey }) => {
  const half = (of) => shown(of).split(' ').slice(0, 4).join(' ');
  return publicKey === undefined ? undefined : `${half(publicKey)} / ${half(privateKey)}`;
};

const verbs = {
  digest: async ({ algorithm: of, data: bytes }) => subtle.digest(await algorithm(of), Buffer.from(bytes, 'hex')),
  encrypt: async ({ algorithm: of, key: k, data: bytes }) => subtle.encrypt(await algorithm(of), await key(k), Buffer.from(bytes, 'hex')),
  decrypt: async ({ algorithm: of, key: k, data: bytes }) => subtle.decrypt(await algorithm(of), await key(k), Buffer.from(bytes, 'hex')),
  sign: async ({ algorithm: of, key: k, data: bytes }) => subtle.sign(await algorithm(of), await key(k), Buffer.from(bytes, 'hex')),
  verify: async ({ algorithm: of, key: k, data: bytes, signature }) =>
    subtle.verify(await algorithm(of), await key(k), Buffer.from(signature, 'hex'), Buffer.from(bytes, 'hex')),
  import: async (k) => key(k),
  export: async ({ key: k, format }) => subtle.exportKey(format, await key(k)),
  getPublicKey: async ({ key: k, usages }) => subtle.getPublicKey(await key(k), usages),
  generate: async ({ algorithm: of, extractable, usages }) => {
    const made = await subtle.generateKey(await algorithm(of), extractable, usages);
    return halves(made) ?? shown(made).split(' ').slice(0, 4).join(' ') + ' ' + KeyObject.from(made).symmetricKeySize;
  },
  deriveBits: async ({ algorithm: of, key: k, length }) => subtle.deriveBits(await algorithm(of), await key(k), length),
  deriveKey: async ({ algorithm: of, key: k, derived, extractable, usages }) =>
    subtle.deriveKey(await algorithm(of), await key(k), await algorithm(derived), extractable, usages),
  wrap: async ({ format, key: k, wrapping, algorithm: of }) => subtle.wrapKey(format, await key(k), await key(wrapping), await algorithm(of)),
  unwrap: async ({ format, data: bytes, wrapping, algorithm: of, unwrapped, extractable, usages }) =>
    subtle.unwrapKey(format, Buffer.from(bytes, 'hex'), await key(wrapping), await algorithm(of), await algorithm(unwrapped), extractable, usages),
  encapsulateBits: async ({ algorithm: of, key: k }) => {
    const { ciphertext, sharedKey } = await subtle.encapsulateBits(await algorithm(of), await key(k));
    return `${ciphertext.byteLength} ${sharedKey.byteLength}`;
  },
  decapsulateBits: async ({ algorithm: of, key: k, data: bytes }) => subtle.decapsulateBits(await algorithm(of), await key(k), Buffer.from(bytes, 'hex')),
  decapsulateKey: async ({ algorithm: of, key: k, data: bytes, shared, extractable, usages }) =>
    subtle.decapsulateKey(await algorithm(of), await key(k), Buffer.from(bytes, 'hex'), await algorithm(shared), extractable, usages),
  toCryptoKey: async ({ kind, data: bytes, algorithm: of, extractable, usages }) => {
    const der = Buffer.from(bytes, 'hex');
    const object = kind === 'secret' ? createSecretKey(der)
      : kind === 'public' ? createPublicKey({ key: der, format: 'der', type: 'spki' })
        : createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    return object.toCryptoKey(await algorithm(of), extractable, usages);
  },
  supports: async ({ operation, algorithm: of, besides }) =>
    SubtleCrypto.supports(operation, await algorithm(of), typeof besides === 'object' && besides !== null ? await algorithm(besides) : besides),
};

(async () => {
  const answers = [];
  for (const line of require('fs').readFileSync(0, 'utf8').split('\n')) {
    if (line === '') continue;
    const [verb, json] = line.split('\t');
    try {
      answers.push(shown(await verbs[verb](JSON.parse(json))));
    } catch (e) {
      answers.push(failed(e));
    }
  }
  process.stdout.write(answers.join('\n') + '\n');
})();
