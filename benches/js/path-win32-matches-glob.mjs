import { win32 } from 'node:path';
import { inputs, measureEach } from './harness.mjs';

await measureEach(inputs('path-win32-glob'), (line) => (win32.matchesGlob(line[0], line[1]) ? 1 : 0));
