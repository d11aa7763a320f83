import { win32 } from 'node:path';
import { inputs, measureEach } from './harness.mjs';

await measureEach(inputs('path-win32-parse'), (line) => win32.toNamespacedPath(line[0]).length);
