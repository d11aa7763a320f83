import { EventEmitter } from 'node:events';
import { measure } from './harness.mjs';

let sum = 0;
const emitter = new EventEmitter();
for (let i = 0; i < 10; i++) emitter.on('data', (n) => { sum += n; });
emitter.emit('data', 7);
await measure(sum, (times) => {
  for (let n = 0; n < times; n++) emitter.emit('data', n);
});
if (sum === -1) console.log(sum);
