// Runs the programs of tests/cipher_node.rs: direction, name, key, vector, length of tag, and steps.
const crypto = require('crypto');
const bytes = (hex) => Buffer.from(hex, 'hex');

function told(step) {
  try {
    const result = step();
    if (Buffer.isBuffer(result)) return result.toString('hex');
    return typeof result === 'string' ? `text ${Buffer.from(result, 'utf16le').toString('hex')}` : 'ok';
  } catch (e) {
    const details = e.library ? [e.library, e.reason, ...e.opensslErrorStack] : [];
    return [e.name, e.code, e.message, ...details].join('; ');
  }
}

const steps = {
  update: (cipher, data) => cipher.update(bytes(data)),
  text: (cipher, data, encoding) => cipher.update(bytes(data), undefined, encoding),
  final: (cipher) => cipher.final(),
  finalText: (cipher, encoding) => cipher.final(encoding),
  padding: (cipher, padding) => cipher.setAutoPadding(padding === '1'),
  aad: (cipher, data, length) =>
    cipher.setAAD(bytes(data), length === '' ? undefined : { plaintextLength: Number(length) }),
  getTag: (cipher) => cipher.getAuthTag(),
  setTag: (cipher, tag) => cipher.setAuthTag(bytes(tag)),
};

function info([, of, key, iv]) {
  const options = {};
  if (key !== '') options.keyLength = Number(key);
  if (iv !== '') options.ivLength = Number(iv);
  const known = crypto.getCipherInfo(/^[0-9]+$/.test(of) ? Number(of) : of, options);
  if (known === undefined) return 'undefined';
  return ['name', 'nid', 'blockSize', 'ivLength', 'keyLength', 'mode'].map((name) => known[name]).join(' ');
}

const answer = (fields) => {
  if (fields[0] === 'info') return info(fields);
  if (fields[0] === 'ciphers') return crypto.getCiphers().join(' ');
  const [direction, name, key, iv, tag, ...program] = fields;
  const options = tag === '' ? undefined : { authTagLength: Number(tag) };
  let cipher;
  const made = told(() => {
    const make = direction === 'encrypt' ? crypto.createCipheriv : crypto.createDecipheriv;
    cipher = make(name, bytes(key), iv === '' ? null : bytes(iv), options);
  });
  if (cipher === undefined) return made;
  const answers = program.map((step) => {
    const [verb, ...args] = step.split(' ');
    return told(() => steps[verb](cipher, ...args));
  });
  return [made, ...answers].join('\n');
};
