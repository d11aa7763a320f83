import { posix } from 'node:path';
import { inputs, measureEach } from './harness.mjs';

await measureEach(inputs('path-basename'), (line) => posix.basename(line[0], line[1]).length);
