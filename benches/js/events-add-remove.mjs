import { EventEmitter } from 'node:events';
import { measure } from './harness.mjs';

let sum = 0;
const emitter = new EventEmitter();
const listener = (n) => { sum += n; };
const once = () => {
  emitter.on('data', listener);
  emitter.off('data', listener);
};
once();
emitter.emit('data', 7);
await measure(sum + emitter.listenerCount('data'), (times) => {
  for (let i = 0; i < times; i++) once();
});
