import { readFileSync } from 'node:fs';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { file, measure } from './harness.mjs';

const data = readFileSync(file('source'));
const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };
await measure(brotliDecompressSync(brotliCompressSync(data, options)).length, (times) => {
  for (let i = 0; i < times; i++) brotliCompressSync(data, options);
});
