import { PassThrough, Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { measure } from './harness.mjs';

const CHUNK = Buffer.alloc(64 << 10, 7);
const COUNT = (1 << 30) / CHUNK.length;
async function all() {
  let left = COUNT;
  let bytes = 0;
  const source = new Readable({
    read() {
      this.push(left-- > 0 ? CHUNK : null);
    },
  });
  const sink = new Writable({
    write(chunk, encoding, done) {
      bytes += chunk.length;
      done();
    },
  });
  const stages = Array.from({ length: 5 }, () => new PassThrough());
  await pipeline(source, ...stages, sink);
  return bytes;
}
await measure(await all(), async (times) => {
  for (let i = 0; i < times; i++) await all();
});
