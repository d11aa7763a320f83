import { randomBytes } from 'node:crypto';
import { measure } from './harness.mjs';

let last;
await measure(randomBytes(16).length, (times) => {
  for (let i = 0; i < times; i++) last = randomBytes(16);
});
if (last === undefined) console.log(last);
