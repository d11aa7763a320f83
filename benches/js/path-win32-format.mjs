import { win32 } from 'node:path';
import { inputs, measureEach } from './harness.mjs';

// Reading a unit makes the string that a path is used as; engines put it together no earlier.
const parsed = inputs('path-win32-parse').map((line) => win32.parse(line[0]));
await measureEach(parsed, (pieces) => {
  const path = win32.format(pieces);
  return path.charCodeAt(0) > 0 ? path.length : 0;
});
