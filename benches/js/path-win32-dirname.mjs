import { win32 } from 'node:path';
import { inputs, measureEach } from './harness.mjs';

await measureEach(inputs('path-win32-parse'), (line) => win32.dirname(line[0]).length);
