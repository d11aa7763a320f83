import { readFileSync } from 'node:fs';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { file, measure } from './harness.mjs';

const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };
const packed = brotliCompressSync(readFileSync(file('source')), options);
await measure(brotliDecompressSync(packed).length, (times) => {
  for (let i = 0; i < times; i++) brotliDecompressSync(packed);
});
