import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { measure } from './harness.mjs';

const key = Buffer.alloc(32, 'k');
const derive = promisify(pbkdf2);
const all = async () => {
  const keys = await Promise.all(Array.from({ length: 8 }, () => derive(key, 'salt', 10_000, 32, 'sha256')));
  return keys.reduce((bytes, made) => bytes + made.length, 0);
};
await measure(await all(), async (times) => {
  for (let i = 0; i < times; i++) await all();
});
