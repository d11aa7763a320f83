import { readFileSync } from 'node:fs';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { file, measure } from './harness.mjs';

const packed = zstdCompressSync(readFileSync(file('source')));
await measure(zstdDecompressSync(packed).length, (times) => {
  for (let i = 0; i < times; i++) zstdDecompressSync(packed);
});
