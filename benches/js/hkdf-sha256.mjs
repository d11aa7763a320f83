import { hkdfSync } from 'node:crypto';
import { measure } from './harness.mjs';

const key = Buffer.alloc(32, 'k');
let last;
await measure(Buffer.from(hkdfSync('sha256', key, 'salt', 'info', 32)).toString('hex'), (times) => {
  for (let i = 0; i < times; i++) last = hkdfSync('sha256', key, 'salt', 'info', 32);
});
if (last === undefined) console.log(last);
