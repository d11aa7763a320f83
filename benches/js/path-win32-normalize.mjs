import { win32 } from 'node:path';
import { inputs, measureEach } from './harness.mjs';

await measureEach(inputs('path-win32-normalize'), (line) => win32.normalize(line[0]).length);
