import { Readable, Writable } from 'node:stream';
import { measure } from './harness.mjs';

const CHUNK = Buffer.alloc(64 << 10, 7);
const COUNT = (1 << 30) / CHUNK.length;
const all = () =>
  new Promise((done) => {
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
    source.pipe(sink).on('finish', () => done(bytes));
  });
await measure(await all(), async (times) => {
  for (let i = 0; i < times; i++) await all();
});
