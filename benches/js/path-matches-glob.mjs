import { posix } from 'node:path';
import { inputs, measureEach } from './harness.mjs';

await measureEach(inputs('path-glob'), (line) => (posix.matchesGlob(line[0], line[1]) ? 1 : 0));
