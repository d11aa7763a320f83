import { posix } from 'node:path';
import { inputs, measureEach } from './harness.mjs';

const parsed = inputs('path-parse').map((line) => posix.parse(line[0]));
await measureEach(parsed, (pieces) => posix.format(pieces).length);
