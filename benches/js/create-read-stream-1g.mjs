import { createReadStream } from 'node:fs';
import { measure } from './harness.mjs';

const all = () =>
  new Promise((done, fail) => {
    let bytes = 0;
    createReadStream('/dev/zero', { end: (1 << 30) - 1 })
      .on('data', (chunk) => (bytes += chunk.length))
      .on('end', () => done(bytes))
      .on('error', fail);
  });
await measure(await all(), async (times) => {
  for (let i = 0; i < times; i++) await all();
});
