import { win32 } from 'node:path';
import { inputs, measureEach } from './harness.mjs';

await measureEach(inputs('path-win32-relative'), (line) => win32.relative(line[0], line[1]).length);
