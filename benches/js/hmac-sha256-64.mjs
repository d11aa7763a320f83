import { createHmac } from 'node:crypto';
import { measure } from './harness.mjs';

const key = Buffer.alloc(32, 'k');
const data = Buffer.alloc(64, 'a');
let last;
await measure(createHmac('sha256', key).update(data).digest('hex'), (times) => {
  for (let i = 0; i < times; i++) last = createHmac('sha256', key).update(data).digest();
});
if (last === undefined) console.log(last);
