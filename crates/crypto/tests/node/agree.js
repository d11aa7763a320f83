// Answers the questions of tests/agree_node.rs, one a line: `verb TAB …`.
'use strict';
process.removeAllListeners('warning');
const crypto = require('crypto');
const bytes = (hex) => Buffer.from(hex, 'hex');
const shown = (value) => (Buffer.isBuffer(value) ? value.toString('hex') : String(value));

function now(f) {
  try {
    return shown(f());
  } catch (e) {
    const stack = e.opensslErrorStack === undefined ? '' : e.opensslErrorStack.join(';');
    return `error ${e.name} ${e.code} ${e.message} ${e.library} ${e.reason} ${stack}`;
  }
}

// `form:…` as the Rust side writes a key down.
function key(spec) {
  const [form, a, b, c, d] = spec.split(':');
  switch (form) {
    case 'private':
      return crypto.createPrivateKey({ key: bytes(a), format: 'der', type: 'pkcs8' });
    case 'public':
      return crypto.createPublicKey({ key: bytes(a), format: 'der', type: 'spki' });
    case 'secret':
      return crypto.createSecretKey(bytes(a));
    case 'pem':
      return bytes(a).toString();
    case 'der':
      return { key: bytes(b), format: 'der', type: a };
    case 'jwk':
      return { key: JSON.parse(bytes(a)), format: 'jwk' };
    default:
      return { key: bytes(d), format: a, asymmetricKeyType: b, namedCurve: c || undefined };
  }
}

const verbs = {
  agree: (privateKey, publicKey) =>
    now(() => crypto.diffieHellman({ privateKey: key(privateKey), publicKey: key(publicKey) })),
  // A group of one's own, with a private key, and another's public key.
  dh(prime, generator, privateKey, publicKey, other) {
    let dh;
    const made = now(() => {
      dh = crypto.createDiffieHellman(bytes(prime), ...(generator === '' ? [] : [bytes(generator)]));
      return dh.verifyError;
    });
    if (dh === undefined) return made;
    const answers = [made];
    answers.push(now(() => dh.getPrime()), now(() => dh.getGenerator()));
    answers.push(now(() => dh.getPublicKey()), now(() => dh.getPrivateKey()));
    if (publicKey !== 'none') answers.push(now(() => dh.setPublicKey(bytes(publicKey)) === dh));
    if (privateKey !== 'none') {
      answers.push(now(() => dh.setPrivateKey(bytes(privateKey)) === dh));
      answers.push(now(() => dh.computeSecret(bytes(other))));
      answers.push(now(() => dh.generateKeys()));
    }
    answers.push(now(() => dh.computeSecret(bytes(other))));
    answers.push(now(() => dh.getPublicKey()), now(() => dh.getPrivateKey()));
    return answers.join('|');
  },
  length: (bits, generator) =>
    now(() => {
      const dh = crypto.createDiffieHellman(Number(bits), ...(generator === '' ? [] : [Number(generator)]));
      return `${dh.getPrime().length} ${dh.getGenerator('hex')} ${dh.verifyError}`;
    }),
  // Makes keys in a group of that name, and the secret with another's.
  group: (name, other) =>
    now(() => {
      const group = crypto.getDiffieHellman(name);
      const all = [group.getPrime(), group.getGenerator(), group.generateKeys(), group.computeSecret(bytes(other))];
      return [...all.map(shown), group.verifyError].join('|');
    }),
  ecdh(curve, privateKey, publicKey, other) {
    let ecdh;
    const made = now(() => {
      ecdh = crypto.createECDH(curve);
      return 'made';
    });
    if (ecdh === undefined) return made;
    const answers = [made];
    if (privateKey !== 'none') answers.push(now(() => ecdh.setPrivateKey(bytes(privateKey)) && true));
    if (publicKey !== 'none') answers.push(now(() => ecdh.setPublicKey(bytes(publicKey)) && true));
    for (const format of ['compressed', 'uncompressed', 'hybrid', 'x']) answers.push(now(() => ecdh.getPublicKey(null, format)));
    answers.push(now(() => ecdh.getPrivateKey()), now(() => ecdh.computeSecret(bytes(other))));
    return answers.join('|');
  },
  curve: (name, other) =>
    now(() => {
      const ecdh = crypto.createECDH(name);
      return [ecdh.generateKeys(null, 'compressed'), ecdh.computeSecret(bytes(other))].map(shown).join('|');
    }),
  convert: (curve, point, format) => now(() => crypto.ECDH.convertKey(bytes(point), curve, null, null, format)),
  spkac(spkac) {
    const { verifySpkac, exportPublicKey, exportChallenge } = crypto.Certificate;
    return [verifySpkac, exportPublicKey, exportChallenge]
      .map((f) => now(() => (f(bytes(spkac)) === '' ? 'none' : f(bytes(spkac)))))
      .join('|');
  },
  pkcs12: (bundle, passphrase) =>
    now(() => {
      const found = crypto.parsePKCS12(bytes(bundle), { passphrase: bytes(passphrase).toString() });
      const key = found.privateKey?.export({ format: 'der', type: 'pkcs8' });
      const others = found.additionalCertificates.map((certificate) => certificate.raw);
      return [key, found.certificate?.raw, ...others].map((value) => (value === undefined ? 'none' : shown(value))).join('|');
    }),
};

const lines = require('fs').readFileSync(0, 'latin1').split('\n');
const answers = [];
for (const line of lines) {
  if (line === '') continue;
  const [verb, ...rest] = line.split('\t');
  // Takes what an earlier failure has left on OpenSSL's queue, and Node in it.
  now(() => crypto.createPrivateKey('none'));
  answers.push(verbs[verb](...rest));
}
process.stdout.write(answers.join('\n') + '\n');
