// Answers the questions of tests/node_kdf.rs, one a line: `verb TAB argument...`; bytes are hex.
'use strict';
const crypto = require('crypto');
const bytes = (hex) => Buffer.from(hex, 'hex');
const large = (len) => Buffer.alloc(Number(len));

function shown(error) {
  const { library = '', reason = '', opensslErrorStack = [] } = error;
  const code = typeof error.code === 'string' ? error.code : 'undefined';
  return ['error', error.name, code, error.message, library, reason, ...opensslErrorStack].join('|');
}

const big = (hex) => BigInt(`0x0${hex}`);

const verbs = {
  pbkdf2: (password, salt, iterations, keylen, digest) =>
    crypto.pbkdf2Sync(bytes(password), bytes(salt), Number(iterations), Number(keylen), digest),
  scrypt: (password, salt, keylen, N, r, p, maxmem) =>
    crypto.scryptSync(bytes(password), bytes(salt), Number(keylen), {
      N: Number(N), blockSize: Number(r), p: Number(p), maxmem: Number(maxmem),
    }),
  hkdf: (digest, key, salt, info, length) =>
    Buffer.from(crypto.hkdfSync(digest, bytes(key), bytes(salt), bytes(info), Number(length))),
  argon2: (algorithm, message, nonce, parallelism, tagLength, memory, passes, secret, associatedData) =>
    crypto.argon2Sync(algorithm, {
      message: bytes(message), nonce: bytes(nonce), parallelism: Number(parallelism), tagLength: Number(tagLength),
      memory: Number(memory), passes: Number(passes), secret: bytes(secret), associatedData: bytes(associatedData),
    }),
  tooLarge: (verb, place) => {
    const b = (index) => (index === Number(place) ? large(2 ** 31) : Buffer.from('12345678'));
    switch (verb) {
      case 'pbkdf2': return crypto.pbkdf2Sync(b(0), b(1), 1, 4, 'nope');
      case 'scrypt': return crypto.scryptSync(b(0), b(1), 4, { N: 3 });
      case 'hkdf': return crypto.hkdfSync('sha1', b(0), b(1), '', 100000);
      case 'argon2': {
        const cheap = { parallelism: 1, tagLength: 4, memory: 8, passes: 1 };
        const [message, nonce, secret, associatedData] = [b(0), b(1), b(2), b(3)];
        return crypto.argon2Sync('argon2d', { message, nonce, secret, associatedData, ...cheap });
      }
      case 'checkPrime': return crypto.checkPrimeSync(b(0));
    }
  },
  randomBytes: (size) => String(crypto.randomBytes(Number(size)).length),
  randomFill: (len, offset, size) => {
    const buffer = Buffer.alloc(Number(len));
    crypto.randomFillSync(buffer, Number(offset), size === '' ? undefined : Number(size));
    return 'filled';
  },
  randomInt: (min, max) => {
    const value = min === '' ? crypto.randomInt(Number(max)) : crypto.randomInt(Number(min), Number(max));
    return String(Number(min) <= value && value < Number(max));
  },
  getRandomValues: (len) => String(crypto.getRandomValues(new Uint8Array(Number(len))).length),
  generatePrime: (size, safe, add, rem) => {
    const options = { safe: safe === 'true', bigint: true };
    if (add !== '') options.add = big(add);
    if (rem !== '') options.rem = big(rem);
    const prime = crypto.generatePrimeSync(Number(size), options);
    const bits = prime.toString(2).length;
    const exact = Number(size) < 4 && add === '' ? prime : '';
    const good = crypto.checkPrimeSync(prime) && (!options.safe || crypto.checkPrimeSync(prime >> 1n));
    const left = add === '' || (rem === '' && safe === 'true') ? '' : prime % options.add;
    return `${good} ${bits >= Number(size)} ${exact} ${left}`;
  },
  checkPrime: (candidate, checks) => String(crypto.checkPrimeSync(bytes(candidate), { checks: Number(checks) })),
  timingSafeEqual: (a, b) => String(crypto.timingSafeEqual(bytes(a), bytes(b))),
  getCurves: () => crypto.getCurves().join(' '),
  secureHeapUsed: () => Object.entries(crypto.secureHeapUsed()).join(' '),
  getFips: () => String(crypto.getFips()),
  constants: (name) => String(crypto.constants[name]),
  constantNames: () => Object.keys(crypto.constants).sort().join(' '),
};

const lines = require('fs').readFileSync(0, 'latin1').split('\n');
const answers = [];
for (const line of lines) {
  if (line === '') continue;
  const [verb, ...rest] = line.split('\t');
  try {
    const answer = verbs[verb](...rest);
    answers.push(typeof answer === 'string' ? answer : Buffer.from(answer).toString('hex'));
  } catch (error) {
    answers.push(shown(error));
  }
}
process.stdout.write(answers.join('\n') + '\n');
