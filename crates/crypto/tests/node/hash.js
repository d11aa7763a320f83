// Answers the questions of tests/node.rs, one a line: `verb TAB algorithm TAB hex...`.
'use strict';
const crypto = require('crypto');
const bytes = (hex) => Buffer.from(hex, 'hex');

function now(f) {
  try {
    return f();
  } catch (e) {
    return `error ${e.name} ${e.code} ${e.message}`;
  }
}

const verbs = {
  hash: (algorithm, encoding, hex) => now(() => crypto.hash(algorithm, bytes(hex), encoding)),
  createHash: (algorithm, encoding, ...parts) =>
    now(() => {
      const hash = crypto.createHash(algorithm);
      for (const part of parts) hash.update(bytes(part));
      return hash.digest(encoding);
    }),
};

const lines = require('fs').readFileSync(0, 'latin1').split('\n');
const answers = [];
for (const line of lines) {
  if (line === '') continue;
  const [verb, ...rest] = line.split('\t');
  answers.push(verbs[verb](...rest));
}
process.stdout.write(answers.join('\n') + '\n');
