import crypto, { createSecretKey, generateKeyPairSync } from 'node:crypto';
import * as jose from 'jose';
import kit from './kit.js';

const { run, say } = kit;

run(async () => {
  const secret = createSecretKey(crypto.createHash('sha256').update('x').digest());
  const token = await new jose.SignJWT({ a: 1 }).setProtectedHeader({ alg: 'HS256' }).setIssuedAt(1_700_000_000).sign(secret);
  say('HS256', token);
  say('verified', (await jose.jwtVerify(token, secret)).payload);
  for (const alg of ['EdDSA', 'ES256', 'PS256', 'RS256']) {
    const { privateKey, publicKey } = await jose.generateKeyPair(alg, { extractable: true });
    const signed = await new jose.SignJWT({ alg }).setProtectedHeader({ alg }).sign(privateKey);
    say(alg, (await jose.jwtVerify(signed, publicKey)).payload);
    const jwk = await jose.exportJWK(publicKey);
    say(`${alg} jwk`, Object.keys(jwk).sort());
    say(`${alg} again`, (await jose.jwtVerify(signed, await jose.importJWK(jwk, alg))).payload);
    say(`${alg} spki`, (await jose.exportSPKI(publicKey)).split('\n')[0]);
  }
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const sealed = await new jose.CompactEncrypt(Buffer.from('hidden')).setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM' }).encrypt(publicKey);
  say('JWE', Buffer.from((await jose.compactDecrypt(sealed, privateKey)).plaintext).toString());
  const wrapped = await new jose.CompactEncrypt(Buffer.from('wrapped')).setProtectedHeader({ alg: 'A256KW', enc: 'A128CBC-HS256' }).encrypt(secret);
  say('A256KW', Buffer.from((await jose.compactDecrypt(wrapped, secret)).plaintext).toString());
  say('thumbprint', await jose.calculateJwkThumbprint({ kty: 'oct', k: 'AAAA' }));
});
