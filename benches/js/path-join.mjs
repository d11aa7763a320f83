import { posix } from 'node:path';
import { inputs, measureEach } from './harness.mjs';

await measureEach(inputs('path-join'), (line) => posix.join(line[0], line[1], line[2], line[3], line[4]).length);
