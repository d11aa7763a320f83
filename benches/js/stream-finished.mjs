import { Writable, finished } from 'node:stream';
import { measure } from './harness.mjs';

const CHUNK = Buffer.alloc(16, 7);
const all = () =>
  new Promise((done) => {
    let bytes = 0;
    const stream = new Writable({
      write(chunk, encoding, done) {
        bytes += chunk.length;
        done();
      },
    });
    finished(stream, () => done(bytes));
    stream.end(CHUNK);
  });
await measure(await all(), async (times) => {
  for (let i = 0; i < times; i++) await all();
});
