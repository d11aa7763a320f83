import { createReadStream } from 'node:fs';
import { file, measure } from './harness.mjs';

const all = () =>
  new Promise((done, fail) => {
    let bytes = 0;
    createReadStream(file('1g'))
      .on('data', (chunk) => (bytes += chunk.length))
      .on('end', () => done(bytes))
      .on('error', fail);
  });
await measure(await all(), async (times) => {
  for (let i = 0; i < times; i++) await all();
});
