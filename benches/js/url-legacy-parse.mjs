import { readFileSync } from 'node:fs';
import url from 'node:url';
import { inputs, measureEach } from './harness.mjs';

const real = process.env.NODECORE_BENCH_URLS;
const lines = real ? readFileSync(real, 'utf8').trimEnd().split('\n') : inputs('urls').map((line) => line[0]);
await measureEach(lines.filter((line) => URL.canParse(line)), (line) => url.parse(line).href.length);
