// Answers the questions of tests/key_node.rs, one a line: `verb TAB …`.
'use strict';
const crypto = require('crypto');
const bytes = (hex) => Buffer.from(hex, 'hex');

function now(f) {
  try {
    return f();
  } catch (e) {
    return `error ${e.name} ${e.code} ${e.message} ${e.library} ${e.reason}`;
  }
}

const publicForms = [
  { format: 'pem', type: 'spki' },
  { format: 'der', type: 'spki' },
  { format: 'pem', type: 'pkcs1' },
  { format: 'der', type: 'pkcs1' },
  { format: 'pem', type: 'pkcs8' },
  { format: 'jwk' },
  { format: 'raw-public' },
  { format: 'raw-private' },
];
const privateForms = [
  { format: 'pem', type: 'pkcs8' },
  { format: 'der', type: 'pkcs8' },
  { format: 'pem', type: 'pkcs1' },
  { format: 'der', type: 'pkcs1' },
  { format: 'pem', type: 'sec1' },
  { format: 'der', type: 'sec1' },
  { format: 'pem', type: 'spki' },
  { format: 'jwk' },
  { format: 'raw-private' },
  { format: 'raw-seed' },
  { format: 'raw-public' },
];

function written(key, options) {
  return now(() => {
    const out = key.export(options);
    if (options.format === 'jwk') return Buffer.from(JSON.stringify(out)).toString('hex');
    return Buffer.from(out).toString('hex');
  });
}

function details(key) {
  const of = key.asymmetricKeyDetails;
  if (of === undefined) return '';
  const exponent = of.publicExponent === undefined ? undefined : of.publicExponent.toString(16);
  return [of.modulusLength, exponent, of.hashAlgorithm, of.mgf1HashAlgorithm, of.saltLength, of.divisorLength, of.namedCurve].join();
}

function described(key) {
  const forms = key.type === 'public' ? publicForms : privateForms;
  return [key.type, key.asymmetricKeyType, details(key), ...forms.map((form) => written(key, form))].join('|');
}

const make = { public: crypto.createPublicKey, private: crypto.createPrivateKey };
const verbs = {
  pem: (half, hex, passphrase) =>
    now(() => described(make[half]({ key: bytes(hex), format: 'pem', passphrase: passphrase ? bytes(passphrase) : undefined }))),
  der: (half, type, hex, passphrase) =>
    now(() => described(make[half]({ key: bytes(hex), format: 'der', type, passphrase: passphrase ? bytes(passphrase) : undefined }))),
  jwk: (half, hex) => now(() => described(make[half]({ key: JSON.parse(bytes(hex)), format: 'jwk' }))),
  raw: (half, format, type, curve, hex) =>
    now(() => described(make[half]({ key: bytes(hex), format, asymmetricKeyType: type, namedCurve: curve || undefined }))),
};

const lines = require('fs').readFileSync(0, 'latin1').split('\n');
const answers = [];
for (const line of lines) {
  if (line === '') continue;
  const [verb, ...rest] = line.split('\t');
  answers.push(verbs[verb](...rest));
}
process.stdout.write(answers.join('\n') + '\n');
