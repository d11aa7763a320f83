import { scryptSync } from 'node:crypto';
import { measure } from './harness.mjs';

const key = Buffer.alloc(32, 'k');
let last;
await measure(scryptSync(key, 'salt', 32, { N: 1024 }).toString('hex'), (times) => {
  for (let i = 0; i < times; i++) last = scryptSync(key, 'salt', 32, { N: 1024 });
});
if (last === undefined) console.log(last);
