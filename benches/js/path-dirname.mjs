import { posix } from 'node:path';
import { inputs, measureEach } from './harness.mjs';

await measureEach(inputs('path-parse'), (line) => posix.dirname(line[0]).length);
