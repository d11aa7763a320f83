import { posix } from 'node:path';
import { inputs, measureEach } from './harness.mjs';

await measureEach(inputs('path-parse'), (line) => (posix.isAbsolute(line[0]) ? 1 : 0));
