'use strict';

const assert = require('node:assert');
const { promisify } = require('node:util');
const { crypto } = require('../../lib');

const called = (fn, ...args) =>
  new Promise((resolve, reject) => fn(...args, (err, ...values) => (err ? reject(err) : resolve(values))));

module.exports = async () => {
  // Digests, at once and as a stream.
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  assert.strictEqual(crypto.createHash('sha256').update('abc').digest('hex'), abc);
  assert.strictEqual(crypto.hash('sha256', 'abc'), abc);
  const stream = crypto.createHash('sha256');
  stream.end('abc');
  assert.strictEqual((await stream.toArray())[0].toString('hex'), abc);
  assert.throws(() => crypto.createHash('nope'), /Digest method not supported/);
  assert.strictEqual(crypto.createHmac('sha256', 'key').update('abc').digest().byteLength, 32);
  const kmac = crypto.createMac('kmac-128', Buffer.alloc(32, 1)).update('abc').final('hex');
  assert.strictEqual(kmac.length, 64);

  // Random bytes and derived keys, on the pool too.
  assert.strictEqual((await called(crypto.randomBytes, 3000))[0].byteLength, 3000);
  assert.notDeepStrictEqual(crypto.randomFillSync(new Uint8Array(32)), new Uint8Array(32));
  assert.match(crypto.randomUUID(), /^[0-9a-f]{8}-[0-9a-f]{4}-4/);
  assert.ok(crypto.checkPrimeSync(crypto.generatePrimeSync(64)));
  const [derived] = await called(crypto.pbkdf2, 'secret', 'salt', 10, 24, 'sha256');
  assert.deepStrictEqual(derived, crypto.pbkdf2Sync('secret', 'salt', 10, 24, 'sha256'));
  assert.strictEqual(crypto.scryptSync('secret', 'salt', 16, { N: 16 }).byteLength, 16);
  assert.strictEqual(crypto.hkdfSync('sha256', 'key', 'salt', 'info', 40).byteLength, 40);

  assert.strictEqual(crypto.secureHeapUsed().total, 0);

  // A cipher with its tag, and a wrong tag.
  const [key, iv] = [crypto.randomBytes(32), crypto.randomBytes(12)];
  const cipher = crypto.createCipheriv('aes-256-gcm', key, iv);
  const sealed = cipher.update('some text', 'utf8', 'hex') + cipher.final('hex');
  const open = (tag) => {
    const decipher = crypto.createDecipheriv('aes-256-gcm', crypto.createSecretKey(key), iv).setAuthTag(tag);
    return decipher.update(sealed, 'hex', 'utf8') + decipher.final('utf8');
  };
  assert.strictEqual(open(cipher.getAuthTag()), 'some text');
  assert.throws(() => open(Buffer.alloc(16)), /unable to authenticate data/);

  // Keys in every form, signatures, encryption, agreement.
  const rsa = await promisify(crypto.generateKeyPair)('rsa', {
    modulusLength: 1024,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  });
  const privateKey = crypto.createPrivateKey({ key: rsa.privateKey, type: 'pkcs8', format: 'der' });
  assert.strictEqual(privateKey.asymmetricKeyDetails.modulusLength, 1024);
  const signature = crypto.createSign('sha256').update('abc').sign(privateKey);
  assert.ok(crypto.createVerify('sha256').update('abc').verify(rsa.publicKey, signature));
  assert.deepStrictEqual(
    (await called(crypto.verify, 'sha256', Buffer.from('abd'), rsa.publicKey, signature))[0],
    false,
  );
  const secret = crypto.publicEncrypt(rsa.publicKey, Buffer.from('abc'));
  assert.strictEqual(crypto.privateDecrypt(privateKey, secret).toString(), 'abc');
  const jwk = privateKey.export({ format: 'jwk' });
  assert.ok(crypto.createPrivateKey({ key: jwk, format: 'jwk' }).equals(privateKey));
  assert.throws(
    () => crypto.createPrivateKey('nope'),
    (error) => error.code === 'ERR_OSSL_UNSUPPORTED',
  );
  const [alice, bob] = [crypto.createECDH('prime256v1'), crypto.createECDH('prime256v1')];
  const point = bob.generateKeys('hex', 'compressed');
  assert.deepStrictEqual(bob.computeSecret(alice.generateKeys()), alice.computeSecret(point, 'hex'));
  const kem = crypto.generateKeyPairSync('ml-kem-768');
  const { sharedKey, ciphertext } = crypto.encapsulate(kem.publicKey);
  assert.deepStrictEqual(crypto.decapsulate(kem.privateKey, ciphertext), sharedKey);

  // WebCrypto.
  const { subtle } = crypto.webcrypto;
  const pair = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const ecdsa = { name: 'ECDSA', hash: 'SHA-256' };
  const signed = await subtle.sign(ecdsa, pair.privateKey, Buffer.from('abc'));
  assert.ok(await subtle.verify(ecdsa, pair.publicKey, signed, Buffer.from('abc')));
  assert.strictEqual((await subtle.exportKey('jwk', pair.publicKey)).crv, 'P-256');
  await assert.rejects(subtle.digest('nope', new Uint8Array(1)), { name: 'NotSupportedError' });
};
