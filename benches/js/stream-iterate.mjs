import { Readable } from 'node:stream';
import { measure } from './harness.mjs';

const COUNT = 65536;
async function all() {
  let next = 0;
  let sum = 0;
  const source = new Readable({
    objectMode: true,
    read() {
      this.push(next < COUNT ? { value: next++ } : null);
    },
  });
  for await (const chunk of source) sum += chunk.value;
  return sum;
}
await measure(await all(), async (times) => {
  for (let i = 0; i < times; i++) await all();
});
