import { readFileSync } from 'node:fs';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { file, measure } from './harness.mjs';

const packed = deflateRawSync(readFileSync(file('source')).subarray(0, 1024));
await measure(inflateRawSync(packed).length, (times) => {
  for (let i = 0; i < times; i++) inflateRawSync(packed);
});
