import { hash } from 'node:crypto';
import { measure } from './harness.mjs';

const data = Buffer.alloc(64, 'a');
let last;
await measure(hash('sha256', data, 'hex'), (times) => {
  for (let i = 0; i < times; i++) last = hash('sha256', data, 'buffer');
});
if (last === undefined) console.log(last);
