import { win32 } from 'node:path';
import { inputs, measureEach } from './harness.mjs';

await measureEach(inputs('path-win32-basename'), (line) => win32.basename(line[0], line[1]).length);
