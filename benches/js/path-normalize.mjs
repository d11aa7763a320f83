import { posix } from 'node:path';
import { inputs, measureEach } from './harness.mjs';

await measureEach(inputs('path-normalize'), (line) => posix.normalize(line[0]).length);
