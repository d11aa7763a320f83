import { posix } from 'node:path';
import { inputs, measureEach } from './harness.mjs';

await measureEach(inputs('path-relative'), (line) => posix.relative(line[0], line[1]).length);
