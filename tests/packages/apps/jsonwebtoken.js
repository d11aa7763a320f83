'use strict';
const crypto = require('crypto');
const jwt = require('jsonwebtoken');
const { run, say } = require('./kit');

run(async () => {
  const claims = { sub: 'x', iat: 1_700_000_000 };
  say('HS256', jwt.sign(claims, 'a secret of thirty-two characters'));
  say('HS512', jwt.sign(claims, Buffer.alloc(64, 7), { algorithm: 'HS512' }));
  const rsa = crypto.generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'top' },
  });
  for (const algorithm of ['RS256', 'RS512', 'PS256', 'PS384']) {
    const token = jwt.sign(claims, { key: rsa.privateKey, passphrase: 'top' }, { algorithm });
    say(algorithm, jwt.verify(token, rsa.publicKey, { algorithms: [algorithm] }));
    try {
      jwt.verify(`${token.slice(0, -8)}AAAAAAAA`, rsa.publicKey);
    } catch (error) {
      say(`${algorithm} refused`, error.message);
    }
  }
  for (const [algorithm, namedCurve] of [['ES256', 'prime256v1'], ['ES384', 'secp384r1'], ['ES512', 'secp521r1']]) {
    const { privateKey, publicKey } = crypto.generateKeyPairSync('ec', { namedCurve });
    const token = jwt.sign(claims, privateKey, { algorithm });
    say(algorithm, jwt.verify(token, publicKey));
  }
  const token = jwt.sign({ ...claims, exp: 1_700_000_001 }, 'another secret, long enough for it');
  jwt.verify(token, 'another secret, long enough for it', (error) => say('expired', error.name));
});
