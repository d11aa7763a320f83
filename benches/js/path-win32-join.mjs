import { win32 } from 'node:path';
import { inputs, measureEach } from './harness.mjs';

await measureEach(inputs('path-win32-join'), (line) => win32.join(line[0], line[1], line[2], line[3], line[4]).length);
