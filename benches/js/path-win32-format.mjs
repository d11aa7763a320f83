import { win32 } from 'node:path';
import { inputs, measureEach } from './harness.mjs';

const parsed = inputs('path-win32-parse').map((line) => win32.parse(line[0]));
await measureEach(parsed, (pieces) => win32.format(pieces).length);
