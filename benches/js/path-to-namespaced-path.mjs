import { posix } from 'node:path';
import { inputs, measureEach } from './harness.mjs';

await measureEach(inputs('path-parse'), (line) => posix.toNamespacedPath(line[0]).length);
