import { readFileSync } from 'node:fs';
import { inputs, measureEach } from './harness.mjs';

// The 48,009 real URLs where the conformance data is at hand, our own seven otherwise.
const real = process.env.NODECORE_BENCH_URLS;
const lines = real ? readFileSync(real, 'utf8').trimEnd().split('\n') : inputs('urls').map((line) => line[0]);
await measureEach(lines.filter((line) => URL.canParse(line)), (line) => new URL(line).href.length);
