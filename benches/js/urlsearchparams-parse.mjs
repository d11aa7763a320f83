import { inputs, measureEach } from './harness.mjs';

await measureEach(inputs('urlsearchparams'), (line) => new URLSearchParams(line[0]).size);
