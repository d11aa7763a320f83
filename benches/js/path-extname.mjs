import { posix } from 'node:path';
import { inputs, measureEach } from './harness.mjs';

await measureEach(inputs('path-parse'), (line) => posix.extname(line[0]).length);
