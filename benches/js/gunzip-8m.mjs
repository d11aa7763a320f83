import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { file, measure } from './harness.mjs';

const data = readFileSync(file('source.gz'));
await measure(gunzipSync(data).length, (times) => {
  for (let i = 0; i < times; i++) gunzipSync(data);
});
