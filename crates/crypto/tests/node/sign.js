// Answers the questions of tests/sign_node.rs, one a line: `verb TAB …`.
'use strict';
const crypto = require('crypto');
const bytes = (hex) => Buffer.from(hex, 'hex');
const hex = (data) => Buffer.from(data).toString('hex');

async function now(f) {
  try {
    return await f();
  } catch (e) {
    return `error ${e.name} ${e.code} ${e.message} ${e.library} ${e.reason} ${(e.opensslErrorStack ?? []).join(';')}`;
  }
}

// Keys are read once.
const known = new Map();
function key(half, der) {
  const name = half + der;
  if (!known.has(name)) {
    const make = {
      private: () => crypto.createPrivateKey({ key: bytes(der), format: 'der', type: 'pkcs8' }),
      public: () => crypto.createPublicKey({ key: bytes(der), format: 'der', type: 'spki' }),
      secret: () => crypto.createSecretKey(bytes(der)),
      pem: () => bytes(der).toString('latin1'),
    };
    known.set(name, make[half]());
  }
  return known.get(name);
}

// `name=value` pairs; numbers, texts, and bytes in hexadecimal.
function options(text) {
  const out = {};
  for (const pair of text.split(',').filter(Boolean)) {
    const [name, value] = pair.split('=');
    if (name === 'padding' || name === 'saltLength') out[name] = Number(value);
    else if (name === 'context' || name === 'oaepLabel') out[name] = bytes(value);
    else out[name] = value;
  }
  return out;
}

const digest = (name) => (name === '-' ? null : name);
const later = (f, ...given) =>
  new Promise((resolve, reject) => f(...given, (error, out) => (error ? reject(error) : resolve(out))));

const sign = {
  once: (name, data, with_) => crypto.sign(digest(name), data, with_),
  later: (name, data, with_) => later(crypto.sign, digest(name), data, with_),
  parts: (name, data, with_) => {
    const half = data.length >> 1;
    return crypto.createSign(name).update(data.subarray(0, half)).update(data.subarray(half)).sign(with_);
  },
};
const verify = {
  once: (name, data, with_, signature) => crypto.verify(digest(name), data, with_, signature),
  later: (name, data, with_, signature) => later(crypto.verify, digest(name), data, with_, signature),
  parts: (name, data, with_, signature) => crypto.createVerify(name).update(data).verify(with_, signature),
};

const verbs = {
  sign: (form, half, der, name, text, data) =>
    now(async () => hex(await sign[form](name, bytes(data), { key: key(half, der), ...options(text) }))),
  verify: (form, half, der, name, text, data, signature) =>
    now(async () =>
      String(await verify[form](name, bytes(data), { key: key(half, der), ...options(text) }, bytes(signature)))),
  rsa: (verb, half, der, text, data) =>
    now(() => hex(crypto[verb]({ key: key(half, der), ...options(text) }, bytes(data)))),
  encapsulate: (form, half, der) =>
    now(async () => {
      const given = key(half, der);
      const { sharedKey, ciphertext } =
        form === 'later' ? await later(crypto.encapsulate, given) : crypto.encapsulate(given);
      return `${hex(sharedKey)}:${hex(ciphertext)}`;
    }),
  decapsulate: (form, half, der, sealed) =>
    now(async () => {
      const given = [key(half, der), bytes(sealed)];
      return hex(form === 'later' ? await later(crypto.decapsulate, ...given) : crypto.decapsulate(...given));
    }),
};

(async () => {
  const answers = [];
  for (const line of require('fs').readFileSync(0, 'latin1').split('\n')) {
    if (line === '') continue;
    const [verb, ...rest] = line.split('\t');
    answers.push(await verbs[verb](...rest));
  }
  process.stdout.write(answers.join('\n') + '\n');
})();
