import { Writable } from 'node:stream';
import { measure } from './harness.mjs';

const CHUNK = Buffer.alloc(16, 7);
const all = () =>
  new Promise((done) => {
    let bytes = 0;
    const sink = new Writable({
      write(chunk, encoding, done) {
        bytes += chunk.length;
        done();
      },
    });
    sink.on('finish', () => done(bytes));
    for (let i = 0; i < 65536; i++) sink.write(CHUNK);
    sink.end();
  });
await measure(await all(), async (times) => {
  for (let i = 0; i < times; i++) await all();
});
