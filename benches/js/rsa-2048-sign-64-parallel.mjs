import { sign } from 'node:crypto';
import { promisify } from 'node:util';
import { measure } from './harness.mjs';
import { pair } from './signatures.mjs';

const { privateKey } = pair('rsa');
const message = Buffer.alloc(64, 'a');
const later = promisify(sign);
const all = async () => {
  const signatures = await Promise.all(Array.from({ length: 64 }, () => later('sha256', message, privateKey)));
  return signatures.reduce((sum, signature) => sum + signature.length, 0);
};
await measure(await all(), async (times) => {
  for (let i = 0; i < times; i++) await all();
});
