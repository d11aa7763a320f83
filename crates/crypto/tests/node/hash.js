// Answers the questions of tests/node.rs, one a line: `verb TAB argument...`. Bytes are hex, options JSON.
'use strict';
const crypto = require('crypto');
process.noDeprecation = true;
const bytes = (hex) => Buffer.from(hex, 'hex');

function now(f) {
  try {
    return f();
  } catch (e) {
    const stack = [e.library, e.reason, ...(e.opensslErrorStack ?? [])].join('; ');
    const openssl = e.library === undefined ? '' : ` (${stack})`;
    return `error ${e.name} ${e.code} ${e.message}${openssl}`.replace(/[\n\r\t]/g, ' ');
  }
}

function options(json) {
  const given = JSON.parse(json);
  for (const name of ['iv', 'customization', 'salt']) {
    if (given[name] !== undefined) given[name] = bytes(given[name]);
  }
  return given;
}

function whole(digester, parts) {
  for (const part of parts) digester.update(bytes(part));
  return digester;
}

const verbs = {
  hash: (algorithm, settings, hex) => now(() => crypto.hash(algorithm, bytes(hex), options(settings))),
  createHash: (algorithm, settings, encoding, ...parts) =>
    now(() => whole(crypto.createHash(algorithm, options(settings)), parts).digest(encoding)),
  copy: (algorithm, first, second, encoding, part, rest) =>
    now(() => {
      const hash = crypto.createHash(algorithm, options(first)).update(bytes(part));
      const copy = hash.copy(options(second)).update(bytes(rest));
      return `${hash.digest(encoding)} ${copy.digest(encoding)}`;
    }),
  createHmac: (algorithm, key, encoding, ...parts) =>
    now(() => {
      const hmac = whole(crypto.createHmac(algorithm, bytes(key)), parts);
      return `${hmac.digest(encoding)} ${hmac.digest(encoding)}`;
    }),
  createMac: (algorithm, key, settings, encoding, ...parts) =>
    now(() => whole(crypto.createMac(algorithm, bytes(key), options(settings)), parts).final(encoding)),
  getHashes: () => crypto.getHashes().join(),
  getMacs: () => crypto.getMacs().join(),
};

const lines = require('fs').readFileSync(0, 'utf8').split('\n');
const answers = [];
for (const line of lines) {
  if (line === '') continue;
  const [verb, ...rest] = line.split('\t');
  answers.push(verbs[verb](...rest));
}
process.stdout.write(answers.join('\n') + '\n');
