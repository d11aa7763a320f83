import { readFileSync } from 'node:fs';
import { inputs, measureEach } from './harness.mjs';

const real = process.env.NODECORE_BENCH_URLS;
const lines = real ? readFileSync(real, 'utf8').trimEnd().split('\n') : inputs('urls').map((line) => line[0]);
const url = new URL('https://example.org/');
await measureEach(lines.filter((line) => URL.canParse(line)), (line) => {
  url.href = line;
  return url.href.length;
});
