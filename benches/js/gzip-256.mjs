import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { file, measure } from './harness.mjs';

const data = readFileSync(file('source')).subarray(0, 256);
await measure(gunzipSync(gzipSync(data)).length, (times) => {
  for (let i = 0; i < times; i++) gzipSync(data);
});
