// `node convert.mjs seal IN OUT [CIPHER] | open IN OUT`: as examples/encrypt.c, in Node and in one piece. The password
// is in $PASSWORD.
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const [verb, from, to, name = 'aes-256-gcm'] = process.argv.slice(2);
const ciphers = ['aes-256-gcm', 'chacha20-poly1305'];
const options = { authTagLength: 16 };
const key = (head) => {
  const N = 2 ** head[5];
  return scryptSync(process.env.PASSWORD, head.subarray(6, 22), 32, { N, maxmem: 2 * 128 * 8 * N });
};
const data = readFileSync(from);
if (verb === 'seal') {
  const head = Buffer.concat([Buffer.from('NCE1'), Buffer.from([ciphers.indexOf(name), 14]), randomBytes(28)]);
  const cipher = createCipheriv(name, key(head), head.subarray(22), options).setAAD(head);
  const text = Buffer.concat([cipher.update(data), cipher.final()]);
  writeFileSync(to, Buffer.concat([head, cipher.getAuthTag(), text]));
} else {
  const head = data.subarray(0, 34);
  const decipher = createDecipheriv(ciphers[head[4]], key(head), head.subarray(22), options);
  decipher.setAAD(head).setAuthTag(data.subarray(34, 50));
  writeFileSync(to, Buffer.concat([decipher.update(data.subarray(50)), decipher.final()]));
}
