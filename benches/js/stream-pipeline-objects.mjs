import { Readable, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
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
  const double = new Transform({
    objectMode: true,
    transform(chunk, encoding, done) {
      done(null, { value: chunk.value * 2 });
    },
  });
  const sink = new Writable({
    objectMode: true,
    write(chunk, encoding, done) {
      sum += chunk.value;
      done();
    },
  });
  await pipeline(source, double, sink);
  return sum;
}
await measure(await all(), async (times) => {
  for (let i = 0; i < times; i++) await all();
});
