import { readFileSync } from 'node:fs';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { file, measure } from './harness.mjs';

const data = readFileSync(file('source'));
await measure(zstdDecompressSync(zstdCompressSync(data)).length, (times) => {
  for (let i = 0; i < times; i++) zstdCompressSync(data);
});
