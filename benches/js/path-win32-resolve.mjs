import { win32 } from 'node:path';
import { inputs, measureEach } from './harness.mjs';

await measureEach(inputs('path-win32-resolve'), (line) => win32.resolve(...line).length);
