import { posix } from 'node:path';
import { inputs, measureEach } from './harness.mjs';

await measureEach(inputs('path-resolve'), (line) => posix.resolve(...line).length);
