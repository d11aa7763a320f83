import { pbkdf2Sync } from 'node:crypto';
import { measure } from './harness.mjs';

const key = Buffer.alloc(32, 'k');
let last;
await measure(pbkdf2Sync(key, 'salt', 1000, 32, 'sha256').toString('hex'), (times) => {
  for (let i = 0; i < times; i++) last = pbkdf2Sync(key, 'salt', 1000, 32, 'sha256');
});
if (last === undefined) console.log(last);
