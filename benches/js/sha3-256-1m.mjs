import { hash } from 'node:crypto';
import { measure } from './harness.mjs';

const data = Buffer.alloc(1 << 20, 'a');
let last;
await measure(hash('sha3-256', data, 'hex'), (times) => {
  for (let i = 0; i < times; i++) last = hash('sha3-256', data, 'buffer');
});
if (last === undefined) console.log(last);
