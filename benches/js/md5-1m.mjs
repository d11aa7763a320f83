import { hash } from 'node:crypto';
import { measure } from './harness.mjs';

const data = Buffer.alloc(1 << 20, 'a');
let last;
await measure(hash('md5', data, 'hex'), (times) => {
  for (let i = 0; i < times; i++) last = hash('md5', data, 'buffer');
});
if (last === undefined) console.log(last);
