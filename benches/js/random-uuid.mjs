import { randomUUID } from 'node:crypto';
import { measure } from './harness.mjs';

let last;
await measure(randomUUID().length, (times) => {
  for (let i = 0; i < times; i++) last = randomUUID();
});
if (last === undefined) console.log(last);
