import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { file, measure } from './harness.mjs';

const packed = gzipSync(readFileSync(file('source')).subarray(0, 1024));
await measure(gunzipSync(packed).length, (times) => {
  for (let i = 0; i < times; i++) gunzipSync(packed);
});
