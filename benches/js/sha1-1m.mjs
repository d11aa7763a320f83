import { hash } from 'node:crypto';
import { measure } from './harness.mjs';

const data = Buffer.alloc(1 << 20, 'a');
let last;
await measure(hash('sha1', data, 'hex'), (times) => {
  for (let i = 0; i < times; i++) last = hash('sha1', data, 'buffer');
});
if (last === undefined) console.log(last);
